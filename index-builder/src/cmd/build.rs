//! `speir build`: the corridor from files to a published index.
//!
//! Knows the order of the work: settings, sources, records, index, folder. What each of them is,
//! the other rooms know. Nothing published is touched before the whole index is ready.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use serde_json::json;
use speir::{BuildError, IndexBuilder, Record};

use super::{count, print, size, watch};
use crate::args::{BuildArgs, OnError};
use crate::browser;
use crate::config::{self, Rules};
use crate::input::{self, Fault, Sink, Source, Spot};
use crate::output::{Published, Target};
use crate::problem::Problem;
use crate::progress::Progress;

/// Most keys that a note lists.
const KEYS_IN_NOTE: usize = 12;

/// Builds once, or again and again.
pub(crate) fn run(args: BuildArgs) -> Result<(), Problem> {
    if args.watch {
        watch::run(&args)
    } else {
        once(&args)
    }
}

/// Builds once, and says what was done.
pub(crate) fn once(args: &BuildArgs) -> Result<(), Problem> {
    let started = Instant::now();
    let config_path = args
        .sources
        .first()
        .and_then(|first| config::locate(args.config.as_deref(), first));
    let mut rules = config_path
        .as_deref()
        .map_or_else(|| Ok(Rules::default()), config::read)?;
    // Flags win over the file.
    if let Some(lang) = &args.lang {
        rules.schema = rules.schema.lang(lang);
    }
    if let Some(url) = &args.base_url {
        rules.base_url = Some(url.clone());
    }
    let sources = input::find(&args.sources, args.format, &args.out)?;
    let target = Target::claim(&args.out)?;

    let mut gathering = Gathering::new(args, &rules, &sources.files);
    for (at, source) in sources.files.iter().enumerate() {
        gathering.file = at;
        gathering.progress.say(&source.path.display().to_string());
        source.read(&rules, &mut gathering)?;
        gathering
            .progress
            .file_done(fs::metadata(&source.path).map_or(0, |about| about.len()));
    }
    let Gathering {
        builder,
        spots,
        skipped,
        other_keys,
        progress,
        ..
    } = gathering;
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
    progress.say("writing the index");
    let files = builder.finish().map_err(|error| {
        Problem::new(
            error.code(),
            error.to_string(),
            "see the limits in FORMAT.md",
        )
    })?;
    let n_index_bytes: u64 = files.iter().map(|file| file.bytes.len() as u64).sum();
    let published = target.publish(&files, browser::FILES)?;
    drop(progress);

    Report {
        args,
        n_records: spots.len(),
        skipped,
        sources: sources.files,
        n_ignored: sources.n_ignored,
        config_path,
        other_keys,
        n_files: files.len(),
        n_index_bytes,
        published,
        seconds: started.elapsed().as_secs_f64(),
    }
    .print()
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
    progress: Progress,
}

impl<'a> Gathering<'a> {
    fn new(args: &BuildArgs, rules: &'a Rules, files: &'a [Source]) -> Gathering<'a> {
        let n_bytes = files
            .iter()
            .filter_map(|file| fs::metadata(&file.path).ok())
            .map(|about| about.len());
        Gathering {
            builder: IndexBuilder::new(rules.schema.clone()),
            on_error: args.on_error,
            as_json: args.json,
            files,
            rules,
            file: 0,
            spots: Vec::new(),
            skipped: Vec::new(),
            other_keys: BTreeMap::new(),
            progress: Progress::new(n_bytes.sum(), !args.quiet && !args.json),
        }
    }

    fn fault(&self, error: BuildError) -> Fault {
        let code = error.code();
        match error {
            BuildError::DuplicateId { id, first, .. } => {
                let other = self.spots.get(first as usize).map(|(file, spot)| {
                    let path = self
                        .files
                        .get(*file)
                        .map(|file| file.path.clone())
                        .unwrap_or_default();
                    spot.place(&path).to_string()
                });
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
    fn take(&mut self, record: Record, spot: Spot) -> Result<(), Fault> {
        self.builder
            .add(&record)
            .map_err(|error| self.fault(error))?;
        self.spots.push((self.file, spot));
        for (key, _) in record.fields {
            if !self.rules.knows(&key) {
                *self.other_keys.entry(key).or_default() += 1;
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

    fn progress(&mut self, n_bytes: u64) {
        self.progress.within_file(n_bytes);
    }
}

/// What was done, to be told.
struct Report<'a> {
    args: &'a BuildArgs,
    n_records: usize,
    skipped: Vec<Problem>,
    sources: Vec<Source>,
    n_ignored: usize,
    config_path: Option<PathBuf>,
    other_keys: BTreeMap<String, usize>,
    n_files: usize,
    n_index_bytes: u64,
    published: Published,
    seconds: f64,
}

impl Report<'_> {
    fn print(&self) -> Result<(), Problem> {
        let warnings = self.warnings();
        if self.args.json {
            let object = json!({
                "out": self.args.out,
                "records": self.n_records,
                "skipped": self.skipped.len(),
                "files": self.n_files,
                "bytes": self.n_index_bytes,
                "written": self.published.n_written,
                "unchanged": self.published.n_unchanged,
                "removed": self.published.n_removed,
                "sources": self.sources.iter().map(|source| &source.path).collect::<Vec<_>>(),
                "ignored": self.n_ignored,
                "config": self.config_path,
                "browserFiles": browser::FILES.iter().map(|(name, _)| name).collect::<Vec<_>>(),
                "warnings": warnings
                    .iter()
                    .map(|(kind, message)| json!({ "kind": kind, "message": message }))
                    .collect::<Vec<_>>(),
                "skippedRecords": self.skipped.iter().map(Problem::as_value).collect::<Vec<_>>(),
                "seconds": (self.seconds * 1e3).round() / 1e3,
            });
            return print(|out| writeln!(out, "{object}"));
        }
        if self.args.quiet {
            return Ok(());
        }
        for (_, message) in &warnings {
            eprintln!("note: {message}");
        }
        print(|out| {
            if let Some(path) = &self.config_path {
                writeln!(out, "Settings from {}.", path.display())?;
            }
            writeln!(
                out,
                "Indexed {} from {} into {}: {}, {}.",
                count(self.n_records as u64, "record"),
                self.from(),
                self.args.out.display(),
                count(self.n_files as u64, "file"),
                size(self.n_index_bytes),
            )
        })
    }

    fn from(&self) -> String {
        match self.sources.as_slice() {
            [only] => only.path.display().to_string(),
            several => count(several.len() as u64, "file"),
        }
    }

    /// What the user should know, each with a short name that does not change.
    fn warnings(&self) -> Vec<(&'static str, String)> {
        let mut warnings = Vec::new();
        if !self.skipped.is_empty() {
            let n = count(self.skipped.len() as u64, "record");
            warnings.push((
                "skipped-records",
                format!("{n} could not be read and were skipped"),
            ));
        }
        if self.n_ignored > 0 {
            let n = count(self.n_ignored as u64, "file");
            warnings.push((
                "ignored-files",
                format!("{n} with other endings were passed over"),
            ));
        }
        if !self.other_keys.is_empty() {
            let mut names: Vec<&str> = self.other_keys.keys().map(String::as_str).collect();
            let more = names.len().saturating_sub(KEYS_IN_NOTE);
            names.truncate(KEYS_IN_NOTE);
            let first = names.first().copied().unwrap_or_default();
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            warnings.push((
                "keys-not-searched",
                format!(
                    "these keys are kept and shown, but not searched: {}{more}; to search one, \
                     write [fields.{first}] and below it search = true in speir.toml",
                    names.join(", ")
                ),
            ));
        }
        warnings.extend(
            self.published
                .notes
                .iter()
                .map(|note| ("published-folder", note.clone())),
        );
        if browser::FILES.is_empty() {
            warnings.push(("no-browser-files", browser::HOW_TO_GET.to_owned()));
        }
        warnings
    }
}
