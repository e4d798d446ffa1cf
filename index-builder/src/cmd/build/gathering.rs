//! The sink of a build: hands records to the core and remembers where each was.
//!
//! Knows what pins, languages and keys of records have to do with a build. How records are read, `input`
//! knows; what is made of all this, the corridor knows. Never writes anything.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use speir::{BuildError, BuildOptions, IndexBuilder, Prepared};

use super::figures::Figures;
use super::first_search::Sample;
use crate::args::{BuildArgs, OnError};
use crate::cmd::ask::nfc;
use crate::config::Rules;
use crate::document::Findings;
use crate::findings::Found;
use crate::input::{Ahead, Fault, Held, Note, Preparer, Sink, Source, Spot, Versions};
use crate::output::InPlace;
use crate::problem::{Place, Problem};
use crate::progress::Progress;
use crate::scratch::FileScratch;

/// Records in several languages whose words are read side by side before they are added.
const VERSIONS_AT_ONCE: usize = 256;

/// The sink of all records: hands them to the core and remembers where each was.
pub(super) struct Gathering<'a> {
    pub(super) builder: IndexBuilder,
    on_error: OnError,
    as_json: bool,
    files: &'a [Source],
    rules: &'a Rules,
    /// The file that is being read, by its place in `files`.
    file: usize,
    /// Where each record that was taken stands, in the order of adding.
    pub(super) spots: Vec<(usize, Spot)>,
    pub(super) skipped: Vec<Problem>,
    /// Keys that no rule knows, and how many records have them.
    pub(super) other_keys: BTreeMap<String, usize>,
    /// How many records say that they are in a language.
    pub(super) stated: BTreeMap<String, u32>,
    /// What pins call their records, by id or link, and the ids of those that were found.
    pub(super) pinned: BTreeMap<String, Option<String>>,
    /// What publishers should know of their sources.
    pub(super) notes: Vec<Note>,
    /// Where several sources are read: records that wait for others of their address.
    held: Held,
    /// The same when all of them are there.
    all_held: Option<Arc<Held>>,
    is_holding: bool,
    /// How many records became one with another.
    pub(super) n_joined: usize,
    /// Records that name others as the same in other languages.
    versions: Versions,
    /// How many records became a version of another.
    pub(super) n_versions: usize,
    pub(super) sample: Sample,
    /// What documents lack.
    pub(super) documents: Found,
    /// What a report tells of the records, where one is asked for.
    pub(super) figures: Option<Figures>,
    pub(super) progress: Progress,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(
        args: &BuildArgs,
        rules: &'a Rules,
        files: &'a [Source],
        scratch: FileScratch,
        published: Option<InPlace>,
        figures: Option<Figures>,
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
            versions: Versions::default(),
            n_versions: 0,
            sample: Sample::default(),
            documents: Found::default(),
            figures,
            progress: Progress::new(n_bytes.sum(), !args.quiet && !args.json),
        }
    }

    /// Reads all sources. Where there are several, records of one address become one: those of all
    /// sources but the largest are held in memory, so that memory does not grow with the largest.
    pub(super) fn read_all(&mut self) -> Result<(), Problem> {
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
            let taken = match Versions::names_others(&record) {
                true => {
                    self.versions.wait(record, at, spot);
                    Ok(())
                }
                false => self.add(&reader.prepare(Cow::Owned(record)), spot),
            };
            self.settle(taken, at, spot)?;
        }
        self.n_joined = held.n_joined();
        // The index is made next, which needs the memory.
        self.all_held = None;
        self.add_versions()
    }

    /// Adds the records that waited for their versions in other languages.
    fn add_versions(&mut self) -> Result<(), Problem> {
        let default_lang = self.rules.schema.default_lang();
        let (paired, n_versions) = std::mem::take(&mut self.versions).paired(default_lang);
        self.n_versions = n_versions;
        let reader = self.builder.reader();
        for some in paired.chunks(VERSIONS_AT_ONCE) {
            let prepared: Vec<Prepared<'_>> = some
                .par_iter()
                .map(|one| reader.prepare(Cow::Borrowed(&one.record)))
                .collect();
            for (prepared, one) in prepared.iter().zip(some) {
                self.file = one.file;
                let taken = self.add(prepared, one.spot);
                self.settle(taken, one.file, one.spot)?;
            }
        }
        Ok(())
    }

    /// Refuses a record that was not taken, and tells where it stands.
    fn settle(&mut self, taken: Result<(), Fault>, file: usize, spot: Spot) -> Result<(), Problem> {
        let Err(fault) = taken else { return Ok(()) };
        let place = self.files.get(file).map(|file| file.place(spot));
        let problem = Problem::new(fault.code, fault.reason, fault.advice).at(Place {
            field: fault.field,
            ..place.unwrap_or_default()
        });
        match fault.fatal {
            true => Err(problem),
            false => self.refuse(problem),
        }
    }

    /// Adds a record to the index.
    fn add(&mut self, prepared: &Prepared<'_>, spot: Spot) -> Result<(), Fault> {
        self.builder
            .add_prepared(prepared)
            .map_err(|error| self.fault(error))?;
        let record = prepared.record();
        self.spots.push((self.file, spot));
        self.sample.see(&record.title);
        if let Some(figures) = &mut self.figures {
            figures.see(record, self.file, self.rules);
        }
        let others = record.alternates.iter();
        let langs = others.map(|version| Some(version.lang.as_str()));
        for lang in std::iter::once(record.lang.as_deref()).chain(langs) {
            let lang = lang.map(str::trim);
            if let Some(lang) = lang.filter(|lang| !lang.is_empty()) {
                *self.stated.entry(lang.to_owned()).or_default() += 1;
            }
        }
        // A link may be that of several records: the first has it, but an id goes before it.
        let others = record.alternates.iter();
        let urls = std::iter::once(&record.url).chain(others.map(|version| &version.url));
        if let Some(id) = self.pinned.get_mut(&nfc(&record.id)) {
            *id = Some(record.id.clone());
        } else {
            for url in urls.flatten() {
                if let Some(id) = self.pinned.get_mut(&nfc(url)) {
                    id.get_or_insert_with(|| record.id.clone());
                }
            }
        }
        for (key, _) in &record.fields {
            if !self.rules.knows(key) {
                *self.other_keys.entry(key.clone()).or_default() += 1;
            }
        }
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
        let record = prepared.record();
        if Versions::names_others(record) {
            self.versions.wait(record.clone(), self.file, spot);
            return Ok(());
        }
        self.add(prepared, spot)
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
