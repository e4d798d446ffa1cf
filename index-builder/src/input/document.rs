//! Documents as records: one each, with a section for each page, chapter, slide or sheet.
//!
//! Knows which key has what of a document, and what stands beside it: a file with more about it wins
//! over what it says of itself. What is in a document, `document` knows. Reads several at once.

use std::collections::VecDeque;
use std::fs;
use std::path::Path;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use speir::{Prepared, Section, Value};

use super::address::Root;
use super::record::{self, Content, Entry};
use super::sidecar::Beside;
use super::{Fault, Format, Preparer, Sink, Source, Spot, csv, json};
use crate::config::{self, Rules};
use crate::document::{
    self, Document, Findings, Kind, MAX_FILE_BYTES, Part, Sheets, Table, Unreadable,
};
use crate::problem::{Place, Problem};

/// Bytes of files that are read at once, however many threads there are.
const BATCH_BYTES: u64 = 256 << 20;

/// What is written with a percent sign in the path of an address (RFC 3986, 3.3), and the colon,
/// before which a browser would look for a scheme.
const IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Reads sources in their order, and documents that follow each other several at a time.
#[derive(Default)]
pub(crate) struct Ahead {
    /// Documents that were read and not yet taken, with their place among the sources.
    ready: VecDeque<(usize, Ready)>,
}

/// A document as it waits to be taken.
enum Ready {
    Record(Box<Prepared<'static>>, Findings),
    Table(Table),
    Faulty(Fault),
    Refused(Problem),
}

impl Ahead {
    /// Reads one of the sources into the sink.
    pub(crate) fn read(
        &mut self,
        sources: &[Source],
        at: usize,
        rules: &Rules,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let Some(source) = sources.get(at) else {
            return Ok(());
        };
        if !matches!(source.format, Format::Document(_)) {
            return source.read(rules, sink);
        }
        if self.ready.front().is_none_or(|(next, _)| *next != at) {
            let preparer = sink.preparer();
            let batch: Vec<(usize, &Source)> = batch(sources, at);
            let read = batch.par_iter();
            let read = read.map(|(at, source)| (*at, ready(source, rules, &preparer)));
            self.ready = read.collect::<Vec<_>>().into();
        }
        match self.ready.pop_front() {
            Some((_, ready)) => take(ready, source, rules, sink),
            None => Ok(()),
        }
    }
}

/// Reads one document, without looking ahead.
pub(super) fn read(source: &Source, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let ready = ready(source, rules, &sink.preparer());
    take(ready, source, rules, sink)
}

/// The documents from a place on that are read together.
fn batch(sources: &[Source], at: usize) -> Vec<(usize, &Source)> {
    let mut n_bytes = 0;
    let documents = sources.iter().enumerate().skip(at);
    // Those of another source are completed otherwise.
    let group = sources.get(at).map(|source| source.settings.group);
    documents
        .take_while(|(_, source)| matches!(source.format, Format::Document(_)))
        .take_while(|(_, source)| Some(source.settings.group) == group)
        .take(2 * rayon::current_num_threads())
        .take_while(|(next, source)| {
            n_bytes += fs::metadata(&source.path).map_or(0, |about| about.len());
            *next == at || n_bytes <= BATCH_BYTES
        })
        .collect()
}

fn take(ready: Ready, source: &Source, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let spot = Spot::default();
    let fault = match ready {
        Ready::Record(prepared, findings) => match sink.take(&prepared, spot) {
            Ok(()) => {
                sink.found(findings);
                return Ok(());
            }
            Err(fault) => fault,
        },
        Ready::Table(table) => return csv::read_table(source, table, rules, sink),
        Ready::Faulty(fault) => fault,
        Ready::Refused(problem) => return sink.refuse(problem),
    };
    let place = Place {
        file: Some(source.path.clone()),
        field: fault.field,
        ..Place::default()
    };
    let problem = Problem::new(fault.code, fault.reason, fault.advice).at(place);
    match fault.fatal {
        true => Err(problem),
        false => sink.refuse(problem),
    }
}

fn ready(source: &Source, rules: &Rules, preparer: &Preparer) -> Ready {
    let kind = match source.format {
        Format::Document(kind) => kind,
        // No one asks for the text of records.
        _ => Kind::Text,
    };
    let bytes = match load(&source.path) {
        Ok(bytes) => bytes,
        Err(problem) => return Ready::Refused(problem),
    };
    let read = match kind {
        Kind::Xlsx | Kind::Ods => {
            // Who names columns means a table, and is told which are not there.
            let is_table = !source.settings.table.columns.is_empty();
            let is_header = |cells: &[String]| is_table || is_header(cells, rules);
            match document::read_book(&bytes, kind, is_header) {
                Ok(Sheets::Table(table)) => return Ready::Table(table),
                Ok(Sheets::Document(document)) => Ok(*document),
                Err(error) => Err(error),
            }
        }
        kind => source
            .cache
            .read(kind.name(), &bytes, || document::read(&bytes, kind)),
    };
    let document = match read {
        Ok(document) => document,
        Err(error) => return Ready::Refused(unreadable(&source.path, &error)),
    };
    let findings = document.findings.clone();
    let beside = match beside(source, rules) {
        Ok(beside) => beside,
        Err(problem) => return Ready::Refused(problem),
    };
    let entries = entries(document, source, kind, bytes.len() as u64, rules);
    match record::make(with_beside(entries, beside), rules) {
        Ok(record) => Ready::Record(Box::new(preparer.prepare(record)), findings),
        Err(fault) => Ready::Faulty(fault),
    }
}

/// True for a row of headings: a table of records has a title and a name for each.
fn is_header(cells: &[String], rules: &Rules) -> bool {
    let keys: Vec<String> = cells
        .iter()
        .map(|cell| rules.key_of_heading(cell))
        .collect();
    let has = |wanted: &str| keys.iter().any(|key| key == wanted);
    has("title") && (has("id") || has("url"))
}

fn load(path: &Path) -> Result<Vec<u8>, Problem> {
    let problem = |error: &std::io::Error| Problem::io("read", path, error);
    let about = fs::metadata(path).map_err(|error| problem(&error))?;
    if about.len() > MAX_FILE_BYTES {
        return Err(unreadable(path, &Unreadable::too_many_bytes()));
    }
    let bytes = fs::read(path).map_err(|error| problem(&error))?;
    super::check_not_empty(path, &bytes)?;
    Ok(bytes)
}

fn unreadable(path: &Path, error: &Unreadable) -> Problem {
    Problem::new(error.code, error.reason.clone(), error.advice).at(Place {
        file: Some(path.to_owned()),
        ..Place::default()
    })
}

/// What files beside the document say of it, the one that wins last.
fn beside(source: &Source, rules: &Rules) -> Result<Vec<Entry>, Problem> {
    let mut entries = Vec::new();
    for beside in &source.beside {
        match beside {
            Beside::Row(row) => {
                let row = row.entries(rules)?;
                entries = with_beside(entries, row);
            }
            Beside::Json(path) => entries = with_beside(entries, json::read_object(path)?),
        }
    }
    Ok(entries)
}

/// Puts entries in the place of those with the same keys.
fn with_beside(mut entries: Vec<Entry>, beside: Vec<Entry>) -> Vec<Entry> {
    entries.retain(|entry| beside.iter().all(|other| other.key != entry.key));
    entries.extend(beside);
    entries
}

/// What a document gives a record.
fn entries(
    document: Document,
    source: &Source,
    kind: Kind,
    n_bytes: u64,
    rules: &Rules,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut add = |key: &str, value: Value| {
        entries.push(Entry {
            key: key.to_owned(),
            content: Content::Value(value),
        });
    };
    let mut id = source.under.clone();
    let mut url = utf8_percent_encode(&source.under, IN_PATHS).to_string();
    // Among web pages a document is named as they are.
    if source.is_of_site || source.settings.url_prefix.is_some() {
        url = Root::above(source, rules)
            .page(Path::new(&source.under))
            .text();
        id.clone_from(&url);
    }
    let title = document.title.or(document.shown_title);
    add("id", id.into());
    add("url", url.as_str().into());
    add(
        "title",
        title.unwrap_or_else(|| readable(&source.under)).into(),
    );
    if let Some(date) = document.date {
        add("date", date.into());
    }
    if !document.authors.is_empty() {
        let authors = document.authors.into_iter().map(Value::from);
        add("authors", Value::List(authors.collect()));
    }
    // Programs write anything where a language belongs.
    if let Some(lang) = document.lang.and_then(|lang| config::lang(&lang).ok()) {
        add("lang", lang.into());
    }
    let address = rules
        .base_url
        .as_ref()
        .and_then(|base| base.join(&url).ok());
    let download = [
        ("url", Value::from(address.map_or(url, String::from))),
        ("format", kind.name().into()),
        ("bytes", Value::Int(n_bytes as i64)),
    ];
    let download = download.map(|(name, value)| (name.to_owned(), value));
    add(
        "downloads",
        Value::List(vec![Value::Object(download.into())]),
    );
    let mut parts = document.parts;
    // What stands before the first heading belongs to the document as a whole.
    let is_lead = |part: &Part| part.heading.is_empty() && part.anchor.is_none();
    if parts.first().is_some_and(is_lead) {
        add("body", parts.remove(0).text.into());
    }
    let sections = parts.into_iter().map(|part| Section {
        heading: part.heading,
        anchor: part.anchor,
        text: part.text,
        ..Section::default()
    });
    entries.push(Entry {
        key: "sections".to_owned(),
        content: Content::Sections(sections.collect()),
    });
    entries
}

/// A file's name as a title: `annual-report_2016.pdf` is `annual report 2016`.
fn readable(under: &str) -> String {
    let name = under.rsplit('/').next().unwrap_or(under);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words = stem.split(|letter: char| letter.is_whitespace() || "-_+.".contains(letter));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    match words.is_empty() {
        true => name.to_owned(),
        false => words.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_made_readable() {
        assert_eq!(readable("a/annual-report_2016.pdf"), "annual report 2016");
        assert_eq!(readable("--.pdf"), "--.pdf");
        assert_eq!(readable("Two words.v2.docx"), "Two words v2");
    }

    #[test]
    fn a_row_of_headings_has_a_title_and_a_name() {
        let check = |cells: &[&str], is: bool| {
            let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
            assert_eq!(is_header(&cells, &Rules::default()), is, "{cells:?}");
        };
        check(&["ID", "Title", "Year"], true);
        check(&["url", "title"], true);
        check(&["Title", "Budget"], false);
        check(&["A report on titles"], false);
    }
}
