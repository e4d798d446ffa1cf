//! What a build tells when it is done: for people, and with `--json` for programs.
//!
//! Knows what a publisher should be told of. Knows nothing of how it came about.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::json;

use super::first_search::FirstSearch;
use crate::args::BuildArgs;
use crate::browse;
use crate::browser::{self, Browser};
use crate::cache::Kept;
use crate::cmd::{count, print, size};
use crate::findings::Found;
use crate::input::{Note, Source};
use crate::output::Published;
use crate::problem::Problem;

/// Most keys that a note lists.
const KEYS_IN_NOTE: usize = 12;

/// What was done, to be told.
pub(super) struct Report<'a> {
    pub(super) args: &'a BuildArgs,
    pub(super) n_records: usize,
    pub(super) skipped: Vec<Problem>,
    pub(super) sources: Vec<Source>,
    pub(super) n_ignored: usize,
    pub(super) n_beside_pages: usize,
    /// Records that became one with one of another source.
    pub(super) n_joined: usize,
    pub(super) n_versions: usize,
    /// How many pages and documents were not read again.
    pub(super) kept: Kept,
    /// Why what was read is not kept for the next build, if it is not.
    pub(super) unkept: Option<std::io::Error>,
    /// What the sources have to tell.
    pub(super) notes: Vec<Note>,
    pub(super) config_path: Option<PathBuf>,
    pub(super) other_keys: BTreeMap<String, usize>,
    /// Languages that were told by words; empty where one was named for all records.
    pub(super) told: BTreeMap<String, u32>,
    /// What documents lack for people who do not see them.
    pub(super) documents: Found,
    /// The language of records whose words leave doubt.
    pub(super) default_lang: &'a str,
    pub(super) n_synonyms: usize,
    pub(super) n_pins: usize,
    pub(super) lost_pins: Vec<Problem>,
    pub(super) n_files: usize,
    pub(super) n_index_bytes: u64,
    /// Files of static pages.
    pub(super) n_pages: usize,
    pub(super) browser: Browser,
    pub(super) first_search: FirstSearch,
    pub(super) published: Published,
    pub(super) seconds: f64,
}

impl Report<'_> {
    pub(super) fn print(&self) -> Result<(), Problem> {
        let warnings = self.warnings();
        if self.args.json {
            let object = json!({
                "out": self.args.out,
                "dryRun": self.args.dry_run,
                "records": self.n_records,
                "skipped": self.skipped.len(),
                "files": self.n_files,
                "bytes": self.n_index_bytes,
                "written": self.published.n_written,
                "unchanged": self.published.n_unchanged,
                "removed": self.published.n_removed,
                "pages": {
                    "files": self.n_pages,
                    "written": self.published.pages.n_written,
                    "unchanged": self.published.pages.n_unchanged,
                    "removed": self.published.pages.n_removed,
                },
                "firstSearch": self.first_search.to_json(),
                "sources": self.sources.iter().map(|source| &source.path).collect::<Vec<_>>(),
                "ignored": self.n_ignored,
                "joined": self.n_joined,
                "versions": self.n_versions,
                "cache": { "files": self.kept.n_files, "kept": self.kept.n_kept },
                "config": self.config_path,
                "toldLanguages": self.told,
                "documents": self.documents.to_json(),
                "synonyms": self.n_synonyms,
                "pins": self.n_pins,
                "browserFiles": self.browser.files().iter().map(|(name, _)| name).collect::<Vec<_>>(),
                "warnings": warnings
                    .iter()
                    .map(|(kind, message)| json!({ "kind": kind, "message": message }))
                    .collect::<Vec<_>>(),
                "skippedRecords": self.skipped.iter().map(Problem::as_value).collect::<Vec<_>>(),
                "notes": self
                    .notes
                    .iter()
                    .filter(|note| !note.items.is_empty())
                    .map(|note| json!({ "kind": note.kind, "items": note.items }))
                    .collect::<Vec<_>>(),
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
            if !self.told.is_empty() {
                writeln!(out, "{}", self.told_in_words())?;
            }
            let used: Vec<String> = [(self.n_synonyms, "synonym"), (self.n_pins, "pin")]
                .into_iter()
                .filter(|(n, _)| *n > 0)
                .map(|(n, noun)| count(n as u64, noun))
                .collect();
            if !used.is_empty() {
                writeln!(out, "With {}.", used.join(" and "))?;
            }
            if self.n_joined > 0 {
                let n = count(self.n_joined as u64, "record");
                writeln!(
                    out,
                    "{n} became one with that of another source, by address."
                )?;
            }
            if self.n_versions > 0 {
                let n = count(self.n_versions as u64, "page");
                writeln!(
                    out,
                    "{n} became one record with the same in another language."
                )?;
            }
            if self.kept.n_kept > 0 {
                let Kept { n_kept, n_files } = self.kept;
                writeln!(
                    out,
                    "{n_kept} of {n_files} pages and documents were as at the last build, and not read again."
                )?;
            }
            writeln!(
                out,
                "Indexed {} from {} into {}: {}, {}.",
                count(self.n_records as u64, "record"),
                self.from(),
                self.args.out.display(),
                count(self.n_files as u64, "file"),
                size(self.n_index_bytes),
            )?;
            writeln!(out, "{}", self.first_search.in_words())?;
            if self.n_pages > 0 {
                let pages = count(self.n_pages as u64, "file");
                writeln!(
                    out,
                    "Pages for readers without JavaScript: {pages} in {}.",
                    self.args.out.join(browse::FOLDER).display()
                )?;
            }
            if self.args.dry_run {
                writeln!(
                    out,
                    "Nothing was published: this was a dry run. {} would have changed.",
                    count(self.published.n_written as u64, "file")
                )?;
            }
            Ok(())
        })
    }

    /// `Languages told by words (en where they leave doubt): cy for 1 record, en for 12 records.`
    fn told_in_words(&self) -> String {
        let told: Vec<String> = self
            .told
            .iter()
            .map(|(lang, n)| format!("{lang} for {}", count(u64::from(*n), "record")))
            .collect();
        format!(
            "Languages told by words ({} where they leave doubt): {}.",
            self.default_lang,
            told.join(", ")
        )
    }

    fn from(&self) -> String {
        match self.sources.as_slice() {
            [only] => only.path.display().to_string(),
            several => {
                let n_files = several.iter().map(|source| source.pages.len().max(1));
                count(n_files.sum::<usize>() as u64, "file")
            }
        }
    }

    /// What the user should know, each with a short name that does not change.
    pub(super) fn warnings(&self) -> Vec<(&'static str, String)> {
        let mut warnings = Vec::new();
        if !self.skipped.is_empty() {
            let n = count(self.skipped.len() as u64, "record");
            warnings.push((
                "skipped-records",
                format!("{n} could not be read and were skipped"),
            ));
        }
        warnings.extend(
            self.lost_pins
                .iter()
                .map(|pin| ("lost-pin", pin.to_string())),
        );
        warnings.extend(self.documents.notes());
        if let Some(error) = &self.unkept {
            warnings.push((
                "cache-not-kept",
                format!(
                    "what was read of pages and documents could not be kept for the next build: \
                     {error}; write --cache DIR with a folder that can be written to, or --no-cache"
                ),
            ));
        }
        if self.n_ignored > 0 {
            let n = count(self.n_ignored as u64, "file");
            warnings.push((
                "ignored-files",
                format!("{n} with other endings were passed over"),
            ));
        }
        if self.n_beside_pages > 0 {
            let n = count(self.n_beside_pages as u64, "file");
            warnings.push((
                "files-beside-pages",
                format!(
                    "{n} of JSON, CSV, XML or Markdown among web pages were passed over; if they \
                     hold records, name them as sources of their own"
                ),
            ));
        }
        let notes = self.notes.iter();
        warnings.extend(notes.map(|note| (note.kind, note.message.clone())));
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
        if !browser::is_there() {
            warnings.push(("no-browser-files", browser::HOW_TO_GET.to_owned()));
        }
        warnings
    }
}
