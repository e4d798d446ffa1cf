//! From files to records: finds the sources, tells their format, and reads each.
//!
//! Knows file names and endings. What a record is, `record` knows; where a record begins in its
//! file, `json` and `csv` know. Never writes anything.

mod array;
mod csv;
mod document;
mod feed;
mod json;
mod record;
mod sidecar;
mod values;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use speir::{Prepared, RecordReader};

use crate::config::Rules;
use crate::document::{Findings, Kind};
use crate::problem::{Place, Problem};

pub(crate) use document::Ahead;
pub(crate) use sidecar::pair;

/// How the records of a file are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// An array of records, an object with `records`, or a single record.
    Json,
    /// A record on each line.
    Jsonl,
    /// A table with a header, cut at commas, semicolons or tabs.
    Csv,
    /// A document, which is a record as a whole.
    #[value(skip)]
    Document(Kind),
}

/// The endings that are read, for messages.
const ENDINGS: &str =
    ".json, .jsonl, .ndjson, .csv, .tsv, .pdf, .docx, .odt, .pptx, .xlsx, .ods, .txt";

/// Texts that stand in many folders and are for machines or for whoever unpacks them.
const NO_DOCUMENTS: [&str; 9] = [
    "ads.txt",
    "humans.txt",
    "licence.txt",
    "license.txt",
    "llms.txt",
    "readme.txt",
    "requirements.txt",
    "robots.txt",
    "security.txt",
];

/// A file to be read.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The file, named as on the command line.
    pub(crate) path: PathBuf,
    /// Its path below the folder that the command line names, with `/` between; for a file that the
    /// command line names, its name.
    pub(crate) under: String,
    /// What describes it, if it is a document; what comes later wins.
    pub(crate) beside: Vec<sidecar::Beside>,
    /// How it is written.
    pub(crate) format: Format,
}

/// The files that a command line names.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// Files to be read, in order.
    pub(crate) files: Vec<Source>,
    /// Files in folders that were passed over, as their endings say that they hold no records.
    pub(crate) n_ignored: usize,
}

/// Where a record stands, small enough to keep one for each record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    /// The line, from 1; 0 where the record is the file.
    pub(crate) line: u64,
    /// The row of a spreadsheet, from 1; 0 where the file is no table.
    pub(crate) row: u64,
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
    /// What reads the words of a record before it is taken.
    fn reader(&self) -> Arc<RecordReader>;

    /// Takes a record, or says why not.
    fn take(&mut self, prepared: &Prepared<'_>, spot: Spot) -> Result<(), Fault>;

    /// Is told of a record that could not be read or taken. An error ends the reading.
    fn refuse(&mut self, problem: Problem) -> Result<(), Problem>;

    /// Is told what the document lacks whose record was taken last.
    fn found(&mut self, _findings: Findings) {}

    /// Is told how many bytes of the file have been read so far.
    fn progress(&mut self, n_bytes: u64);
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
    /// Reads every record of the file into the sink.
    pub(crate) fn read(&self, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
        match self.format {
            Format::Json => json::read(&self.path, rules, sink),
            Format::Jsonl => json::read_lines(&self.path, rules, sink),
            Format::Csv => csv::read(&self.path, rules, sink),
            Format::Document(_) => document::read(self, rules, sink),
        }
    }
}

/// The files that the sources name: files as they are, folders with all below them, sorted by
/// path. Hidden files are left out, and so is what is no source: the folder that is written, and
/// files that the settings name.
pub(crate) fn find<'a>(
    sources: &[PathBuf],
    format: Option<Format>,
    no_sources: impl IntoIterator<Item = &'a Path>,
) -> Result<Sources, Problem> {
    let no_sources: Vec<PathBuf> = no_sources
        .into_iter()
        .filter_map(|path| fs::canonicalize(path).ok())
        .collect();
    let mut found = Sources::default();
    for source in sources {
        let about = fs::metadata(source).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Problem::new(
                "not-found",
                format!("there is no file or folder {}", source.display()),
                "check the name, and the folder you are in",
            ),
            _ => Problem::io("read", source, &error),
        })?;
        if about.is_dir() {
            let before = found.files.len();
            walk((source, ""), format, &no_sources, &mut found)?;
            if found.files.len() == before {
                return Err(nothing_in(source, found.n_ignored));
            }
        } else {
            let format = format
                .or_else(|| format_of(source))
                .ok_or_else(|| unknown_ending(source))?;
            let name = source.file_name().unwrap_or_default();
            found.files.push(Source {
                path: source.clone(),
                under: name.to_string_lossy().into_owned(),
                beside: Vec::new(),
                format,
            });
        }
    }
    Ok(found)
}

/// True for files that a folder is searched for.
pub(crate) fn is_source(path: &Path) -> bool {
    format_of(path).is_some()
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

/// Finds files in a folder and all below it; `under` is what their names begin with.
fn walk(
    (folder, under): (&Path, &str),
    format: Option<Format>,
    no_sources: &[PathBuf],
    found: &mut Sources,
) -> Result<(), Problem> {
    let problem = |error: io::Error| Problem::io("read the folder", folder, &error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(problem)? {
        entries.push(entry.map_err(problem)?);
    }
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = format!("{under}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(problem)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if is_one_of(&path, no_sources) {
            continue;
        }
        // Links to folders are not followed: they can lead round in a circle.
        if kind.is_dir() {
            walk((&path, &(name + "/")), format, no_sources, found)?;
        } else if let Some(own) = format_of(&path) {
            let is_document = matches!(own, Format::Document(_));
            found.files.push(Source {
                path,
                under: name,
                beside: Vec::new(),
                // Nobody means the documents who says how the tables beside them are written.
                format: format.filter(|_| !is_document).unwrap_or(own),
            });
        } else {
            found.n_ignored += 1;
        }
    }
    Ok(())
}

/// Whether a path leads to one of these, which are real paths. The system is asked only where the
/// names agree.
fn is_one_of(path: &Path, real_paths: &[PathBuf]) -> bool {
    let mut alike = real_paths
        .iter()
        .filter(|real| real.file_name() == path.file_name())
        .peekable();
    alike.peek().is_some()
        && fs::canonicalize(path).is_ok_and(|path| alike.any(|real| *real == path))
}

fn format_of(path: &Path) -> Option<Format> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    match ending.as_str() {
        "json" => Some(Format::Json),
        "jsonl" | "ndjson" => Some(Format::Jsonl),
        "csv" | "tsv" => Some(Format::Csv),
        "txt" if is_for_machines(path) => None,
        ending => Kind::of_ending(ending).map(Format::Document),
    }
}

fn is_for_machines(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    NO_DOCUMENTS.contains(&name.to_lowercase().as_str())
}

fn nothing_in(folder: &Path, n_ignored: usize) -> Problem {
    let others = match n_ignored {
        0 => "it is empty".to_owned(),
        1 => "the 1 file in it has another ending".to_owned(),
        n => format!("the {n} files in it have other endings"),
    };
    Problem::new(
        "no-sources",
        format!(
            "the folder {} holds no {ENDINGS} files: {others}",
            folder.display()
        ),
        "name the folder with the exported records, or a file and --format",
    )
}

fn unknown_ending(path: &Path) -> Problem {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let advice = match ending.as_deref() {
        Some("xls" | "doc" | "ppt") => {
            "open it and save it in the newer format: .xlsx, .docx or .pptx".to_owned()
        }
        _ => format!(
            "files with these endings are read: {ENDINGS}; for another, add --format json, jsonl or csv"
        ),
    };
    Problem::usage(
        format!("cannot tell the format of {} by its ending", path.display()),
        advice,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_the_format_in_any_case() {
        assert_eq!(format_of(Path::new("a/b.JSON")), Some(Format::Json));
        assert_eq!(format_of(Path::new("b.ndjson")), Some(Format::Jsonl));
        assert_eq!(format_of(Path::new("b.tsv")), Some(Format::Csv));
        assert_eq!(
            format_of(Path::new("b.PDF")),
            Some(Format::Document(Kind::Pdf))
        );
        assert_eq!(format_of(Path::new("a/Robots.txt")), None);
        assert_eq!(format_of(Path::new("b.html")), None);
        assert_eq!(format_of(Path::new("csv")), None);
    }

    #[test]
    fn a_byte_that_is_not_utf8_is_shown_with_what_stands_before_it() {
        let problem = not_utf8(Place::default(), b"Caf\xE9 guide", 3, "advice");
        assert_eq!(
            problem.to_string(),
            "byte 0xE9 after \"Caf\" is not UTF-8 text, perhaps meant as \"\u{e9}\""
        );
    }
}
