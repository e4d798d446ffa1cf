//! `speir build`: the corridor from files to a published index.
//!
//! Knows the order of the work: settings, sources, records, index, folder. What each of them is,
//! the other rooms know; what is told of it in the end, `report` knows. Nothing published is touched before the whole index is ready.

mod first_search;
mod report;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use speir::{
    BuildError, BuildOptions, File, Index, IndexBuilder, IndexError, MANIFEST_NAME, Pin, Prepared,
    Workers,
};

use super::ask::nfc;
use super::{count, watch};
use crate::args::{BuildArgs, OnError};
use crate::browse;
use crate::browser;
use crate::config::{self, Rules};
use crate::document::Findings;
use crate::findings::Found;
use crate::input::{self, Ahead, Fault, Held, Note, Preparer, Request, Sink, Source, Spot};
use crate::output::{InPlace, Target};
use crate::problem::{Place, Problem, shorten};
use crate::progress::Progress;
use crate::scratch::{Failure, FileScratch};
use crate::vocabulary::PinLine;
use first_search::Sample;
use report::Report;

/// Builds once, or again and again.
pub(crate) fn run(args: BuildArgs) -> Result<(), Problem> {
    if args.watch {
        watch::run(&args)
    } else {
        once(&args)
    }
}

/// Builds once, on as many threads as wanted, and says what was done.
pub(crate) fn once(args: &BuildArgs) -> Result<(), Problem> {
    let n_threads = args.threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads);
    let pool = pool.build().map_err(|error| {
        Problem::new(
            "threads",
            format!("no threads can be started: {error}"),
            "write --threads 1, or close other programs",
        )
    })?;
    pool.install(|| build(args))
}

fn build(args: &BuildArgs) -> Result<(), Problem> {
    let started = Instant::now();
    let first = args.sources.first().map(PathBuf::as_path);
    let config_path = config::locate(args.config.as_deref(), first);
    let mut rules = config_path
        .as_deref()
        .map_or_else(|| Ok(Rules::default()), config::read)?;
    // Flags win over the file.
    if let Some(lang) = &args.lang {
        rules.set_lang(lang);
    }
    if let Some(url) = &args.base_url {
        rules.base_url = Some(url.clone());
    }
    let own_files = rules.files.iter().map(PathBuf::as_path);
    let no_sources = own_files.chain([args.out.as_path()]);
    let mut sources = input::find(&requests(args, &rules)?, no_sources)?;
    let undescribed = input::pair(&mut sources, &rules)?;
    let mut facets = BTreeSet::new();
    for source in &mut sources.files {
        source.survey(&mut facets);
    }
    for name in &facets {
        rules.add_facet(name);
    }
    let target = Target::claim(&args.out)?;

    let failure = Failure::default();
    let beside = beside(&args.out);
    let scratch = FileScratch::new(beside, failure.clone());
    let published = (!args.fresh).then(|| target.in_place());
    let mut gathering = Gathering::new(args, &rules, &sources.files, scratch, published);
    for problem in undescribed {
        gathering.refuse(problem)?;
    }
    let read = gathering.read_all();
    read.map_err(|problem| failure.problem(beside).unwrap_or(problem))?;
    let Gathering {
        mut builder,
        spots,
        skipped,
        other_keys,
        pinned,
        stated,
        notes,
        n_joined,
        sample,
        documents,
        progress,
        ..
    } = gathering;
    documents.check(&args.fail_on)?;
    if spots.is_empty() {
        return Err(Problem::new(
            "no-records",
            format!(
                "no record is left: {} skipped",
                count(skipped.len() as u64, "record")
            ),
            "correct the records that are named above",
        ));
    }
    let n_records = spots.len();
    drop(spots);
    for synonym in &rules.synonyms {
        builder.synonym(synonym.clone());
    }
    let mut n_pins = 0;
    let mut lost_pins = Vec::new();
    for pin in &rules.pins {
        match pinned.get(&pin.record) {
            Some(Some(id)) => {
                builder.pin(Pin {
                    pattern: pin.query.clone(),
                    id: id.clone(),
                });
                n_pins += 1;
            }
            _ if args.on_error == OnError::Skip => lost_pins.push(lost(pin)),
            _ => return Err(lost(pin)),
        }
    }
    progress.say("writing the index");
    let files = builder.finish_with(&Pool).map_err(|error| {
        let own = failure.problem(beside);
        own.unwrap_or_else(|| unfinished(&error, &rules.pins))
    })?;
    let told = if rules.detects_languages {
        told_languages(&files, &stated)?
    } else {
        BTreeMap::new()
    };
    let n_index_bytes: u64 = files.iter().map(|file| file.bytes.len() as u64).sum();
    let first_search = first_search::measure(&files, &sample)?;
    first_search.check(args.budget.unwrap_or_default())?;
    let pages = browse::pages(&files, &rules.browse).map_err(unbrowsable)?;
    let browser_files = [browser::FILES, browser::LOCALES].concat();
    let published = target.publish(&files, &browser_files, &pages, args.keep)?;
    drop(progress);

    Report {
        args,
        n_records,
        skipped,
        sources: sources.files,
        n_ignored: sources.n_ignored,
        n_beside_pages: sources.beside_pages.len(),
        n_joined,
        notes,
        config_path,
        other_keys,
        told,
        documents,
        default_lang: rules.schema.default_lang(),
        n_synonyms: rules.synonyms.len(),
        n_pins,
        lost_pins,
        n_files: files.len(),
        n_index_bytes,
        n_pages: pages.len(),
        first_search,
        published,
        seconds: started.elapsed().as_secs_f64(),
    }
    .print()
}

/// The sources that are asked for: those of the command line, else those of `speir.toml`.
fn requests(args: &BuildArgs, rules: &Rules) -> Result<Vec<Request>, Problem> {
    if !args.sources.is_empty() {
        let named = args.sources.iter().map(|path| Request {
            path: path.clone(),
            format: args.format,
            ..Request::default()
        });
        return Ok(named.collect());
    }
    if rules.sources.is_empty() {
        return Err(Problem::usage(
            "no source is named",
            "name a file or folder: speir build SOURCE... --out DIR, or write [[sources]] in speir.toml",
        ));
    }
    Ok(rules.sources.clone())
}

fn unbrowsable(error: IndexError) -> Problem {
    Problem::new(
        error.code(),
        format!("the finished index cannot be searched: {error}"),
        "report this as an error in speir",
    )
}

/// The folder that the published one is in: on the same disk, and no part of what is published.
fn beside(out: &Path) -> &Path {
    match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The threads that the build runs on.
struct Pool;

impl Workers for Pool {
    fn run(&self, n_pieces: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..n_pieces).into_par_iter().with_max_len(1).for_each(work);
    }
}

/// What is wrong with a pin whose record is not there.
fn lost(pin: &PinLine) -> Problem {
    Problem::new(
        "no-such-record",
        format!(
            "no record has the id or link `{}`, which is pinned to \"{}\"",
            shorten(&pin.record, 60),
            shorten(&pin.query, 60)
        ),
        "correct it, or take the pin away",
    )
    .at(pin.place.clone())
}

/// Why an index could not be finished; where a pin is the reason, with its line.
fn unfinished(error: &BuildError, pins: &[PinLine]) -> Problem {
    let is_it = |pin: &&PinLine| match error {
        BuildError::UnknownPin { pattern, .. } => *pattern == pin.query,
        BuildError::EmptyPin { .. } => !pin.query.chars().any(char::is_alphanumeric),
        _ => false,
    };
    let advice = match error {
        BuildError::UnknownPin { .. } => "correct it, or take the pin away",
        BuildError::EmptyPin { .. } => "write the words that readers type, such as council tax",
        _ => "see the limits in FORMAT.md",
    };
    let problem = Problem::new(error.code(), error.to_string(), advice);
    match pins.iter().find(is_it) {
        Some(pin) => problem.at(pin.place.clone()),
        None => problem,
    }
}

/// The languages of records that do not say theirs, as their words told them, with how many records
/// have each: those of the finished index without those that were stated.
fn told_languages(
    files: &[File],
    stated: &BTreeMap<String, u32>,
) -> Result<BTreeMap<String, u32>, Problem> {
    let manifest = files.iter().find(|file| file.name == MANIFEST_NAME);
    let manifest = manifest.map_or(&[][..], |file| &file.bytes);
    let index = Index::open(manifest).map_err(|error| {
        Problem::new(
            error.code(),
            format!("the finished index cannot be opened: {error}"),
            "report this as an error in speir",
        )
    })?;
    let languages = index.summary().languages.into_iter();
    let told = languages.map(|(lang, n)| {
        let n_stated = stated.get(&lang).copied().unwrap_or(0);
        (lang, n.saturating_sub(n_stated))
    });
    Ok(told.filter(|(_, n)| *n > 0).collect())
}

/// The sink of all records: hands them to the core and remembers where each was.
struct Gathering<'a> {
    builder: IndexBuilder,
    on_error: OnError,
    as_json: bool,
    files: &'a [Source],
    rules: &'a Rules,
    /// The file that is being read, by its place in `files`.
    file: usize,
    /// Where each record that was taken stands, in the order of adding.
    spots: Vec<(usize, Spot)>,
    skipped: Vec<Problem>,
    /// Keys that no rule knows, and how many records have them.
    other_keys: BTreeMap<String, usize>,
    /// How many records say that they are in a language.
    stated: BTreeMap<String, u32>,
    /// What pins call their records, by id or link, and the ids of those that were found.
    pinned: BTreeMap<String, Option<String>>,
    /// What publishers should know of their sources.
    notes: Vec<Note>,
    /// Where several sources are read: records that wait for others of their address.
    held: Held,
    /// The same when all of them are there.
    all_held: Option<Arc<Held>>,
    is_holding: bool,
    /// How many records became one with another.
    n_joined: usize,
    sample: Sample,
    /// What documents lack.
    documents: Found,
    progress: Progress,
}

impl<'a> Gathering<'a> {
    fn new(
        args: &BuildArgs,
        rules: &'a Rules,
        files: &'a [Source],
        scratch: FileScratch,
        published: Option<InPlace>,
    ) -> Gathering<'a> {
        let n_bytes = files.iter().map(Source::n_bytes);
        let options = BuildOptions {
            squeezes: true,
            harvests_acronyms: rules.harvests_acronyms,
            detects_languages: rules.detects_languages,
            has_suggestions: rules.has_suggestions,
            has_related: rules.has_related,
            ..BuildOptions::default()
        };
        let mut builder = IndexBuilder::with_options(rules.schema.clone(), options)
            .with_scratch(Box::new(scratch));
        if let Some(published) = published {
            builder = builder.after(Box::new(published));
        }
        Gathering {
            builder,
            on_error: args.on_error,
            as_json: args.json,
            files,
            rules,
            file: 0,
            spots: Vec::new(),
            skipped: Vec::new(),
            other_keys: BTreeMap::new(),
            stated: BTreeMap::new(),
            pinned: rules
                .pins
                .iter()
                .map(|pin| (pin.record.clone(), None))
                .collect(),
            notes: Vec::new(),
            held: Held::default(),
            all_held: None,
            is_holding: false,
            n_joined: 0,
            sample: Sample::default(),
            documents: Found::default(),
            progress: Progress::new(n_bytes.sum(), !args.quiet && !args.json),
        }
    }

    /// Reads all sources. Where there are several, records of one address become one: those of all
    /// sources but the largest are held in memory, so that memory does not grow with the largest.
    fn read_all(&mut self) -> Result<(), Problem> {
        let files = self.files;
        let mut n_bytes: BTreeMap<usize, u64> = BTreeMap::new();
        // What only completes records waits for those that it completes.
        for file in files.iter().filter(|file| !file.settings.is_completing) {
            *n_bytes.entry(file.settings.group).or_default() += file.n_bytes();
        }
        let largest = n_bytes.iter().rev().max_by_key(|(_, n_bytes)| **n_bytes);
        let largest = largest.map(|(group, _)| *group);
        let is_held = |file: &Source| Some(file.settings.group) != largest;
        let mut ahead = Ahead::default();
        for (at, file) in files.iter().enumerate() {
            self.is_holding = is_held(file);
            if self.is_holding {
                self.read(&mut ahead, at, file)?;
            }
        }
        self.is_holding = false;
        let held = Arc::new(std::mem::take(&mut self.held));
        self.all_held = files.iter().any(is_held).then(|| Arc::clone(&held));
        for (at, file) in files.iter().enumerate() {
            if !is_held(file) {
                self.read(&mut ahead, at, file)?;
            }
        }
        let reader = self.builder.reader();
        for (record, at, spot) in held.alone() {
            self.file = at;
            let prepared = reader.prepare(Cow::Owned(record));
            let Err(fault) = self.take(&prepared, spot) else {
                continue;
            };
            let place = files.get(at).map(|file| file.place(spot));
            let problem = Problem::new(fault.code, fault.reason, fault.advice).at(Place {
                field: fault.field,
                ..place.unwrap_or_default()
            });
            match fault.fatal {
                true => return Err(problem),
                false => self.refuse(problem)?,
            }
        }
        self.n_joined = held.n_joined();
        // The index is made next, which needs the memory.
        self.all_held = None;
        Ok(())
    }

    fn read(&mut self, ahead: &mut Ahead, at: usize, file: &Source) -> Result<(), Problem> {
        self.file = at;
        self.progress.say(&file.path.display().to_string());
        ahead.read(self.files, at, self.rules, self)?;
        self.progress.file_done(file.n_bytes());
        Ok(())
    }

    fn fault(&self, error: BuildError) -> Fault {
        let code = error.code();
        match error {
            BuildError::DuplicateId { id, first, .. } => {
                let other = self.spots.get(first as usize);
                let other = other
                    .and_then(|(file, spot)| Some(self.files.get(*file)?.place(*spot).to_string()));
                Fault::field(
                    "id",
                    code,
                    format!(
                        "`{id}` is already the id of the record in {}",
                        other.unwrap_or_default()
                    ),
                    "give each record an id of its own, or take one of the two away",
                )
            }
            BuildError::FieldKind {
                field,
                expected,
                got,
                ..
            } => Fault::field(
                &field,
                code,
                format!("it should be {expected}, but is {got}"),
                "correct the value, leave it out, or set the field's `type` in speir.toml",
            ),
            BuildError::EmptyTitle { .. } => Fault::field(
                "title",
                code,
                "the record has no title",
                "give it a `title`",
            ),
            BuildError::EmptyId { .. } => {
                Fault::field("id", code, "the record's id is empty", "give it an `id`")
            }
            // A schema or a limit: no record can change it.
            other => Fault {
                fatal: true,
                ..Fault::whole(
                    code,
                    other.to_string(),
                    "change speir.toml, or split the records",
                )
            },
        }
    }
}

impl Sink for Gathering<'_> {
    fn preparer(&self) -> Preparer {
        let reader = self.builder.reader();
        match self.files.get(self.file) {
            Some(file) if !self.is_holding => {
                Preparer::new(reader, &file.settings).with(self.all_held.clone())
            }
            _ => Preparer::for_holding(reader),
        }
    }

    fn take(&mut self, prepared: &Prepared<'_>, spot: Spot) -> Result<(), Fault> {
        if let Some(file) = self.files.get(self.file).filter(|_| self.is_holding) {
            self.held
                .hold(prepared.record(), &file.settings, self.file, spot);
            return Ok(());
        }
        self.builder
            .add_prepared(prepared)
            .map_err(|error| self.fault(error))?;
        let record = prepared.record();
        self.spots.push((self.file, spot));
        self.sample.see(&record.title);
        let lang = record.lang.as_deref().map(str::trim);
        if let Some(lang) = lang.filter(|lang| !lang.is_empty()) {
            *self.stated.entry(lang.to_owned()).or_default() += 1;
        }
        // A link may be that of several records: the first has it, but an id goes before it.
        if let Some(id) = self.pinned.get_mut(&nfc(&record.id)) {
            *id = Some(record.id.clone());
        } else if let Some(url) = &record.url
            && let Some(id) = self.pinned.get_mut(&nfc(url))
        {
            id.get_or_insert_with(|| record.id.clone());
        }
        for (key, _) in &record.fields {
            if !self.rules.knows(key) {
                *self.other_keys.entry(key.clone()).or_default() += 1;
            }
        }
        Ok(())
    }

    fn refuse(&mut self, problem: Problem) -> Result<(), Problem> {
        if self.on_error == OnError::Stop {
            return Err(problem);
        }
        if !self.as_json {
            self.progress.around(|| problem.print(false));
        }
        self.skipped.push(problem);
        Ok(())
    }

    fn found(&mut self, findings: Findings) {
        let path = self.files.get(self.file).map(|file| file.path.clone());
        self.documents.add(path.unwrap_or_default(), findings);
    }

    fn progress(&mut self, n_bytes: u64) {
        self.progress.within_file(n_bytes);
    }

    fn note(&mut self, note: Note) {
        self.notes.push(note);
    }
}
