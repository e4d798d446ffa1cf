//! Looks at sources before there are settings: their first records, and the addresses that pages say
//! they have.
//!
//! Knows how much is enough to see. What follows from it, `propose` knows. Writes nothing.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use speir::{BuildOptions, Index, IndexBuilder, MANIFEST_NAME, Prepared, Record, RecordReader};

use crate::config::{self, Rules};
use crate::document::Kind;
use crate::input::{Fault, Format, Named, Preparer, Sink, Source, Sources, Spot};
use crate::page;
use crate::problem::Problem;

/// Records of a source that are looked at: enough to see which values repeat, and read in a second.
const MOST_RECORDS: usize = 500;
/// Pages of a site that are looked at.
const MOST_PAGES: usize = 300;
/// Pages whose own words on their address are looked at; they agree or they do not.
const MOST_ADDRESSES: usize = 50;

/// What was seen.
pub(super) struct Seen {
    pub(super) records: Vec<Record>,
    /// Whether these are all records that could be read.
    pub(super) is_whole: bool,
    pub(super) n_refused: usize,
    /// What was wrong with the first record that could not be read.
    pub(super) refused: Option<Problem>,
}

/// Reads the first records of each source.
pub(super) fn look(sources: &mut Sources, rules: &mut Rules) -> Seen {
    let mut seen = Seen {
        records: Vec::new(),
        is_whole: true,
        n_refused: 0,
        refused: None,
    };
    let mut named = Named::default();
    for source in &mut sources.files {
        if source.pages.len() > MOST_PAGES {
            source.pages.truncate(MOST_PAGES);
            seen.is_whole = false;
        }
        source.survey(&mut named);
    }
    rules.add_named(&named);
    let reader = IndexBuilder::new(rules.schema.clone()).reader();
    // What documents say of themselves has a meaning already; sheets alone have columns.
    let has_keys = |source: &&Source| match source.format {
        Format::Document(kind) => matches!(kind, Kind::Xlsx | Kind::Ods),
        _ => true,
    };
    for source in sources.files.iter().filter(has_keys) {
        let mut looking = Looking {
            reader: Arc::clone(&reader),
            source,
            n_taken: 0,
            is_enough: false,
            seen: &mut seen,
        };
        let read = source.read(rules, &mut looking);
        let is_enough = looking.is_enough;
        seen.is_whole &= !is_enough;
        if let Err(problem) = read
            && !is_enough
        {
            seen.n_refused += 1;
            seen.refused.get_or_insert(problem);
        }
    }
    seen
}

/// The languages of the records, most first: as they say, else as their words tell.
pub(super) fn languages(records: &[Record], rules: &Rules) -> Vec<(String, u32)> {
    let options = BuildOptions {
        detects_languages: true,
        harvests_acronyms: false,
        has_suggestions: false,
        has_related: false,
        ..BuildOptions::default()
    };
    let mut builder = IndexBuilder::with_options(rules.schema.clone(), options);
    for record in records {
        // A record that cannot be added, as its id is there twice, tells no language.
        let _ = builder.add(record);
    }
    let files = builder.finish().unwrap_or_default();
    let manifest = files.iter().find(|file| file.name == MANIFEST_NAME);
    let index = manifest.and_then(|file| Index::open(&file.bytes).ok());
    let mut languages = index.map_or_else(Vec::new, |index| index.summary().languages);
    languages.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    languages
}

/// The address of the folder that pages lie in, where all that say theirs agree.
pub(super) fn base_url(sources: &Sources) -> Option<String> {
    let mut agreed: Option<String> = None;
    let sites = sources.files.iter();
    for source in sites.filter(|source| source.format == Format::Html) {
        for path in source.pages.iter().take(MOST_ADDRESSES) {
            let below = path.strip_prefix(&source.path).unwrap_or(path);
            let Ok(bytes) = fs::read(path) else { continue };
            let said = page::addresses(&bytes);
            let base = said.iter().find_map(|address| base_of(address, below));
            match (&agreed, base) {
                (Some(known), Some(base)) if *known != base => return None,
                (None, Some(base)) => agreed = Some(base),
                _ => {}
            }
        }
    }
    agreed.filter(|base| config::base_url(base).is_ok())
}

/// What an address begins with whose end is the path of its page: `https://example.org/library/` of
/// `https://example.org/library/a/` for `a/index.html`.
fn base_of(address: &str, below: &Path) -> Option<String> {
    let names = below.components().map(|name| name.as_os_str());
    let names: Vec<_> = names.map(std::ffi::OsStr::to_string_lossy).collect();
    let path = names.join("/");
    let address = address.trim().split(['?', '#']).next()?;
    if !address.starts_with("https://") && !address.starts_with("http://") {
        return None;
    }
    let without_index = path
        .strip_suffix("index.html")
        .or(path.strip_suffix("index.htm"));
    let without_ending = path.strip_suffix(".html").or(path.strip_suffix(".htm"));
    let folder = without_index.map(|folder| folder.trim_end_matches('/'));
    [Some(path.as_str()), without_index, folder, without_ending]
        .into_iter()
        .flatten()
        .filter_map(|end| address.strip_suffix(end))
        .find(|base| base.ends_with('/') && !base.ends_with("://"))
        .map(str::to_owned)
}

/// The sink of a look: keeps the first records of a source.
struct Looking<'a> {
    reader: Arc<RecordReader>,
    source: &'a Source,
    n_taken: usize,
    is_enough: bool,
    seen: &'a mut Seen,
}

impl Sink for Looking<'_> {
    fn preparer(&self) -> Preparer {
        Preparer::new(Arc::clone(&self.reader), &self.source.settings)
    }

    fn take(&mut self, prepared: &Prepared<'_>, _spot: Spot) -> Result<(), Fault> {
        if self.n_taken == MOST_RECORDS {
            // Ends the reading; it is no fault of the record, and nobody is told.
            self.is_enough = true;
            return Err(Fault {
                fatal: true,
                ..Fault::whole("enough", "enough was seen", "")
            });
        }
        self.n_taken += 1;
        self.seen.records.push(prepared.record().clone());
        Ok(())
    }

    fn refuse(&mut self, problem: Problem) -> Result<(), Problem> {
        self.seen.n_refused += 1;
        self.seen.refused.get_or_insert(problem);
        Ok(())
    }

    fn progress(&mut self, _n_bytes: u64) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_address_is_what_stands_before_the_path_of_a_page() {
        let check = |address: &str, path: &str, expected: Option<&str>| {
            let base = base_of(address, Path::new(path));
            assert_eq!(base.as_deref(), expected, "{address} {path}");
        };
        let site = Some("https://a.example/lib/");
        check("https://a.example/lib/b/c.html", "b/c.html", site);
        check("https://a.example/lib/b/c", "b/c.html", site);
        check("https://a.example/lib/b/", "b/index.html", site);
        check("https://a.example/lib/b", "b/index.html", site);
        check("https://a.example/lib/?page=1#top", "index.html", site);
        check(
            "https://a.example/",
            "index.html",
            Some("https://a.example/"),
        );
        check("https://a.example/other/", "b/index.html", None);
        check("https://a.example/abc.html", "c.html", None);
        check("/b/", "b/index.html", None);
        check("https://b/", "b/index.html", None);
    }
}
