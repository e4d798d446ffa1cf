//! `speir build`: the corridor from files to a published index.
//!
//! Knows the order of the work: settings, sources, records, index, folder. What each of them is,
//! the other rooms know; what is told of it in the end, `report` knows. Nothing published is touched before the whole index is ready.

mod editors;
mod figures;
mod first_search;
mod gathering;
mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use speir::{BuildError, File, Index, IndexError, MANIFEST_NAME, Pin, Workers};

use super::{count, watch};
use crate::args::{BuildArgs, OnError};
use crate::browse;
use crate::browser::{self, Browser};
use crate::cache::{self, Cache};
use crate::config::{self, Rules};
use crate::input::{self, Named, Request, Sink};
use crate::output::{InPlace, Target};
use crate::problem::{Problem, shorten};
use crate::scratch::{Failure, FileScratch};
use crate::vocabulary::PinLine;
use figures::Figures;
use gathering::Gathering;
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
    let written = args.report.iter().chain(&args.cache);
    let no_sources = no_sources.chain(written.map(PathBuf::as_path));
    editors::check_places(args)?;
    let requests = requests(args, &rules)?;
    let mut sources = input::find(&requests, no_sources)?;
    let undescribed = input::pair(&mut sources, &rules)?;
    let mut named = Named::default();
    let cache = Arc::new(cache(args));
    for source in &mut sources.files {
        source.cache = Arc::clone(&cache);
        source.survey(&mut named);
    }
    rules.add_named(&named);
    let target = match args.dry_run {
        true => None,
        false => Some(Target::claim(&args.out)?),
    };
    let in_place = InPlace::look(&args.out)?;

    let failure = Failure::default();
    let beside = &match args.dry_run {
        // The folder to be published to need not be there, nor one that it could be in.
        true => std::env::temp_dir(),
        false => beside(&args.out).to_owned(),
    };
    let scratch = FileScratch::new(beside, failure.clone());
    let published = (!args.fresh).then(|| in_place.clone());
    let files = &sources.files;
    let figures =
        (!args.report.is_empty()).then(|| Figures::new(&rules, &requests, files, &args.out));
    let mut gathering = Gathering::new(args, &rules, files, scratch, published, figures);
    for problem in undescribed {
        gathering.refuse(problem)?;
    }
    let read = gathering.read_all();
    read.map_err(|problem| failure.problem(beside).unwrap_or(problem))?;
    let unkept = cache.keep().err();
    let Gathering {
        mut builder,
        spots,
        skipped,
        other_keys,
        pinned,
        stated,
        notes,
        n_joined,
        n_versions,
        sample,
        documents,
        figures,
        progress,
        ..
    } = gathering;
    if args.report.is_empty() {
        documents.check(&args.fail_on)?;
    }
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
    let browser = Browser::new(builder.needs_languages());
    let files = builder.finish_with(&Pool).map_err(|error| {
        let own = failure.problem(beside);
        own.unwrap_or_else(|| unfinished(&error, &rules.pins))
    })?;
    let languages = languages(&files)?;
    let told = if rules.detects_languages {
        told_languages(&languages, &stated)
    } else {
        BTreeMap::new()
    };
    let changed_bytes = changed_bytes(&in_place, &files);
    let n_index_bytes: u64 = files.iter().map(|file| file.bytes.len() as u64).sum();
    let first_search = first_search::measure(&files, browser, &sample)?;
    // A report tells of an index that is not allowed, too: it says what to correct.
    let allowed = documents.check(&args.fail_on);
    let allowed = allowed.and_then(|()| first_search.check(args.budget.unwrap_or_default()));
    let pages = browse::pages(&files, &rules.browse).map_err(unbrowsable)?;
    let mut browser_files = browser.published();
    let integrity = browser::integrity(&browser_files);
    if !browser_files.is_empty() {
        browser_files.push((browser::INTEGRITY_NAME, &integrity));
    }
    let published = match target {
        Some(target) if allowed.is_ok() => {
            target.publish(&files, &browser_files, &pages, args.keep)?
        }
        _ => in_place.compare(&files, &browser_files),
    };
    drop(progress);

    let report = Report {
        args,
        n_records,
        skipped,
        sources: sources.files,
        n_ignored: sources.n_ignored,
        n_beside_pages: sources.beside_pages.len(),
        n_joined,
        n_versions,
        kept: cache.kept(),
        unkept,
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
        browser,
        first_search,
        published,
        seconds: started.elapsed().as_secs_f64(),
    };
    if let Some(figures) = &figures {
        let refused = allowed.as_ref().err();
        editors::write(&report, figures, &languages, changed_bytes, refused)?;
    }
    allowed?;
    report.print()
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

/// What was read before of the files that are published to a folder.
fn cache(args: &BuildArgs) -> Cache {
    let folder = args.cache.clone().or_else(cache::folder);
    match folder.filter(|_| !args.no_cache) {
        // A dry run writes no file, not even this.
        Some(folder) if args.dry_run => Cache::of(&folder, &args.out).only_reading(),
        Some(folder) => Cache::of(&folder, &args.out),
        None => Cache::default(),
    }
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

/// The languages of the finished index, and how many records are in each.
fn languages(files: &[File]) -> Result<Vec<(String, u32)>, Problem> {
    let manifest = files.iter().find(|file| file.name == MANIFEST_NAME);
    let manifest = manifest.map_or(&[][..], |file| &file.bytes);
    let index = Index::open(manifest).map_err(|error| {
        Problem::new(
            error.code(),
            format!("the finished index cannot be opened: {error}"),
            "report this as an error in speir",
        )
    })?;
    Ok(index.summary().languages)
}

/// The languages of records that do not say theirs, as their words told them, with how many records
/// have each: those of the finished index without those that were stated.
fn told_languages(
    languages: &[(String, u32)],
    stated: &BTreeMap<String, u32>,
) -> BTreeMap<String, u32> {
    let told = languages.iter().map(|(lang, n)| {
        let n_stated = stated.get(lang).copied().unwrap_or(0);
        (lang.clone(), n.saturating_sub(n_stated))
    });
    told.filter(|(_, n)| *n > 0).collect()
}

/// Of the finished index's bytes, those that are in no file of the published one; `None` where nothing
/// is published.
fn changed_bytes(in_place: &InPlace, files: &[File]) -> Option<u64> {
    let manifest = in_place.manifest()?;
    let index = Index::open(&manifest).ok()?;
    let known: BTreeSet<String> = index.chunks().map(|(_, chunk)| chunk.name).collect();
    let new = files.iter().filter(|file| match &*file.name {
        MANIFEST_NAME => file.bytes != manifest,
        name => !known.contains(name),
    });
    Some(new.map(|file| file.bytes.len() as u64).sum())
}
