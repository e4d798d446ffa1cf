//! From files to records: what a source is, and the reader of its format.
//!
//! Which files there are, `find` knows. What a record is, `record` knows; where a record begins in its
//! file, `json` and `csv` know; what a web page is, `html` asks the room `page`, and so do the exports
//! that hold pieces of pages: `markdown`, `wordpress`, `drupal`, `rss`. Records of one address from
//! several sources, `join` makes one. Never writes anything.

mod address;
mod array;
mod csv;
mod decode;
mod document;
mod drupal;
mod entries;
mod feed;
mod find;
mod html;
mod join;
mod json;
mod list;
mod markdown;
mod passed;
mod record;
mod rss;
mod sidecar;
mod sitemap;
mod sniff;
mod survey;
mod values;
mod versions;
mod wordpress;
mod xml;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use speir::{Prepared, Value};

use crate::cache::Cache;
use crate::config::Rules;
use crate::document::{Findings, Kind};
use crate::page::list::ListRules;
use crate::problem::{Place, Problem};
pub(crate) use csv::columns::{DateOrder, TableRules};
pub(crate) use find::{Request, Sources, find, is_source};
pub(crate) use join::{Held, Preparer};
pub(crate) use record::{Content, Entry, make};
pub(crate) use survey::Named;
use survey::Site;
pub(crate) use versions::Versions;

pub(crate) use document::Ahead;
pub(crate) use sidecar::pair;

/// The group of sources that only complete records: above all that `speir.toml` can have.
const COMPLETING_GROUP: usize = usize::MAX;

/// How the records of a file are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// An array of records, an object with `records`, or a single record.
    Json,
    /// A record on each line.
    Jsonl,
    /// A table with a header, cut at commas, semicolons or tabs.
    Csv,
    /// Web pages: a file or a folder of them.
    Html,
    /// Markdown with front matter: a file or a folder of them.
    Markdown,
    /// An export of WordPress (WXR).
    Wordpress,
    /// JSON:API as Drupal serves it, saved to disk.
    Drupal,
    /// A feed: RSS, Atom or RDF.
    Rss,
    /// A sitemap, which completes the records of other sources.
    Sitemap,
    /// A document, which is a record as a whole.
    #[value(skip)]
    Document(Kind),
}

/// A file to be read, or a folder whose pages are read together.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The file or folder, named as on the command line.
    pub(crate) path: PathBuf,
    /// A file's path below the folder in which it was found, with `/` between; the name of one that is
    /// a source by itself.
    pub(crate) under: String,
    /// Whether it lies in a folder of web pages.
    pub(crate) is_of_site: bool,
    /// What describes it, if it is a document; what comes later wins.
    pub(crate) beside: Vec<sidecar::Beside>,
    /// How it is written.
    pub(crate) format: Format,
    /// The pages or texts of a folder, in order; empty for other formats, which are read file by file.
    pub(crate) pages: Vec<PathBuf>,
    /// What is said of the source besides.
    pub(crate) settings: Arc<Settings>,
    /// What its pages have in common; set by a survey before it is read.
    pub(crate) site: Arc<Site>,
    /// What was read of its files before; set before it is surveyed.
    pub(crate) cache: Arc<Cache>,
}

/// What may be said of a source besides its format.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Settings {
    /// Which of the sources of `speir.toml` it is; all of a command line are the first.
    pub(crate) group: usize,
    /// Which record says more where several have one address: that of the higher, then of the later
    /// source.
    pub(crate) precedence: i64,
    /// What addresses of pages begin with.
    pub(crate) url_prefix: Option<String>,
    /// The language of records that do not say theirs.
    pub(crate) lang: Option<String>,
    /// Fields that records get which lack them.
    pub(crate) defaults: Vec<(String, Value)>,
    /// How its pages list resources, where they do.
    pub(crate) list: Option<ListRules>,
    /// How its tables are written.
    pub(crate) table: TableRules,
    /// Whether a sitemap makes records by itself.
    pub(crate) makes_records: bool,
    /// Whether it only completes records of other sources.
    pub(crate) is_completing: bool,
}

/// Where a record stands, small enough to keep one for each record.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spot {
    /// The line, from 1; 0 where the record is the whole file.
    pub(crate) line: u64,
    /// The row of a spreadsheet, from 1; 0 where the file is no table.
    pub(crate) row: u64,
    /// Which page of a source it is, from 0.
    pub(crate) page: u32,
}

/// Something about a source that its publisher should know.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    /// A short name that does not change between versions.
    pub(crate) kind: &'static str,
    /// What is told.
    pub(crate) message: String,
    /// The places, for programs.
    pub(crate) items: Vec<serde_json::Value>,
}

/// What is wrong with a record, before it is known where in the file that is.
#[derive(Debug)]
pub(crate) struct Fault {
    /// A short name that does not change between versions.
    pub(crate) code: &'static str,
    /// The field, where it is one field.
    pub(crate) field: Option<String>,
    /// What is wrong.
    pub(crate) reason: String,
    /// What to do.
    pub(crate) advice: String,
    /// True where leaving out the record would not help.
    pub(crate) fatal: bool,
}

/// What takes in the records.
pub(crate) trait Sink: Send {
    /// What completes a record and reads its words before it is taken.
    fn preparer(&self) -> Preparer;

    /// Takes a record, or says why not.
    fn take(&mut self, prepared: &Prepared<'_>, spot: Spot) -> Result<(), Fault>;

    /// Is told of a record that could not be read or taken. An error ends the reading.
    fn refuse(&mut self, problem: Problem) -> Result<(), Problem>;

    /// Is told what the document lacks whose record was taken last.
    fn found(&mut self, _findings: Findings) {}

    /// Is told how many bytes of the file have been read so far.
    fn progress(&mut self, n_bytes: u64);

    /// Is told of something that is no fault of a record.
    fn note(&mut self, _note: Note) {}
}

impl Fault {
    /// A fault of a field.
    pub(crate) fn field(
        field: &str,
        code: &'static str,
        reason: impl Into<String>,
        advice: impl Into<String>,
    ) -> Fault {
        Fault {
            field: Some(field.to_owned()),
            ..Fault::whole(code, reason, advice)
        }
    }

    /// A fault of a whole record.
    pub(crate) fn whole(
        code: &'static str,
        reason: impl Into<String>,
        advice: impl Into<String>,
    ) -> Fault {
        Fault {
            code,
            field: None,
            reason: reason.into(),
            advice: advice.into(),
            fatal: false,
        }
    }
}

impl Settings {
    /// The same for a source that only completes records: what others say goes before it, and it is a
    /// source apart even where the command line names it among others.
    fn completing(&self) -> Settings {
        Settings {
            group: COMPLETING_GROUP,
            precedence: i64::MIN,
            is_completing: true,
            ..self.clone()
        }
    }
}

impl Spot {
    /// The spot in words, in its file.
    pub(crate) fn place(self, file: &Path) -> Place {
        Place {
            file: Some(file.to_owned()),
            row: (self.row > 0).then_some(self.row),
            line: (self.line > 0).then_some(self.line),
            ..Place::default()
        }
    }
}

impl Source {
    /// A file that is read by itself.
    pub(crate) fn file(path: PathBuf, format: Format, settings: &Arc<Settings>) -> Source {
        Source {
            under: path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            path,
            is_of_site: false,
            beside: Vec::new(),
            format,
            pages: Vec::new(),
            settings: Arc::clone(settings),
            site: Arc::default(),
            cache: Arc::default(),
        }
    }

    /// Looks over the pages of a site before they are read: what they have in common, and the facets
    /// and weights that they name.
    pub(crate) fn survey(&mut self, named: &mut Named) {
        if self.format == Format::Html && self.settings.list.is_none() {
            survey::survey(self, named);
        }
    }

    /// The place of a record in words.
    pub(crate) fn place(&self, spot: Spot) -> Place {
        let page = self.pages.get(spot.page as usize);
        spot.place(page.unwrap_or(&self.path))
    }

    /// Bytes to be read.
    pub(crate) fn n_bytes(&self) -> u64 {
        let n_bytes = |path: &PathBuf| fs::metadata(path).map_or(0, |about| about.len());
        match self.format {
            Format::Html | Format::Markdown => self.pages.iter().map(n_bytes).sum(),
            _ => n_bytes(&self.path),
        }
    }

    /// Reads every record of the file into the sink.
    pub(crate) fn read(&self, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
        match self.format {
            Format::Json => json::read(&self.path, rules, sink),
            Format::Jsonl => json::read_lines(&self.path, rules, sink),
            Format::Csv => csv::read(self, rules, sink),
            Format::Html if self.settings.list.is_some() => list::read(self, rules, sink),
            Format::Html => html::read(self, rules, sink),
            Format::Markdown => markdown::read(self, rules, sink),
            Format::Wordpress => wordpress::read(&self.path, rules, sink),
            Format::Drupal => drupal::read(&self.path, rules, sink),
            Format::Rss => rss::read(&self.path, rules, sink),
            Format::Sitemap => sitemap::read(self, rules, sink),
            Format::Document(_) => document::read(self, rules, sink),
        }
    }
}

/// The bytes of a file, or a problem that says what to do.
fn load(path: &Path) -> Result<Vec<u8>, Problem> {
    let bytes = fs::read(path).map_err(|error| Problem::io("read", path, &error))?;
    check_beginning(path, &bytes)?;
    Ok(bytes)
}

/// Refuses what the first bytes already give away: an empty file, and other encodings.
fn check_beginning(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    check_not_empty(path, bytes)?;
    let place = Place {
        file: Some(path.to_owned()),
        ..Place::default()
    };
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Problem::new(
            "not-utf-8",
            "the file is UTF-16 text, but should be UTF-8",
            "in Excel, save it as \"CSV UTF-8\"; elsewhere, choose UTF-8 as encoding",
        )
        .at(place));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Problem::new(
            "not-text",
            "the file is a spreadsheet, document or archive, not text",
            "open it and save it as \"CSV UTF-8\"",
        )
        .at(place));
    }
    Ok(())
}

/// Refuses a file without anything in it.
fn check_not_empty(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    if bytes.iter().any(|byte| !byte.is_ascii_whitespace()) {
        return Ok(());
    }
    Err(Problem::new(
        "empty-source",
        "the file is empty",
        "check that the export finished, and run it again",
    )
    .at(Place {
        file: Some(path.to_owned()),
        ..Place::default()
    }))
}

/// The text after a byte order mark, and whether there was one.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

fn no_records(path: &Path, advice: &str) -> Problem {
    Problem::new("no-records", "the file holds no records", advice).at(Place {
        file: Some(path.to_owned()),
        ..Place::default()
    })
}

fn not_utf8(place: Place, bytes: &[u8], valid_up_to: usize, advice: &str) -> Problem {
    let byte = bytes.get(valid_up_to).copied().unwrap_or_default();
    // What Windows programs write for Western European text: Latin-1 with a few signs more.
    let meant = char::from(byte);
    let guess = if meant.is_alphabetic() {
        format!(", perhaps meant as \"{meant}\"")
    } else {
        String::new()
    };
    let before = String::from_utf8_lossy(&bytes[..valid_up_to]);
    let skip = before.chars().count().saturating_sub(20);
    let after: String = before.chars().skip(skip).collect();
    let after = crate::problem::plain(after.trim_start());
    let where_after = if after.is_empty() {
        String::new()
    } else {
        format!(" after \"{after}\"")
    };
    Problem::new(
        "not-utf-8",
        format!("byte 0x{byte:02X}{where_after} is not UTF-8 text{guess}"),
        advice,
    )
    .at(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_that_is_not_utf8_is_shown_with_what_stands_before_it() {
        let problem = not_utf8(Place::default(), b"Caf\xE9 guide", 3, "advice");
        assert_eq!(
            problem.to_string(),
            "byte 0xE9 after \"Caf\" is not UTF-8 text, perhaps meant as \"\u{e9}\""
        );
    }
}
