//! JSON and JSON Lines: cuts the text into records and keeps in mind where each value stands.
//!
//! Knows JSON. What the keys mean, `record` knows. Records are read one after the other, so that a
//! fault in one does not hide the others, and a file that ends too soon says where.

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;
use speir::{Prepared, Record, Value};

use super::array::{Cutter, Irregular, ItemSpot};
use super::feed::{Feed, Form, Wrong};
use super::record::{self, Content, Entry};
use super::values::{self, Members, is_number, member};
use super::{
    Fault, Preparer, Sink, Spot, check_beginning, load, no_records, not_utf8, without_mark,
};
use crate::config::Rules;
use crate::problem::{Place, Problem, Snippet, shorten};

const SAVE_AS_UTF8: &str = "save or export the file as UTF-8";

const EMPTY_LIST: &str = "check the export: the list of records is empty";

/// Bytes of an array that are read at once.
const READ_BYTES: u64 = 1 << 18;

/// Bytes after a record that a message may show: more than a snippet does.
const AFTER_BYTES: u64 = 512;

/// Reads a file that holds an array of records, an object with `records`, or one record.
pub(super) fn read(path: &Path, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let io = |error: io::Error| Problem::io("read", path, &error);
    let mut file = File::open(path).map_err(io)?;
    let mut bytes = Vec::new();
    // What is no array is read whole, and so is what begins with very much space.
    let n_read = (&mut file).take(READ_BYTES).read_to_end(&mut bytes);
    n_read.map_err(io)?;
    if without_mark(&bytes).trim_ascii_start().first() != Some(&b'[') {
        return read_whole(path, rules, sink);
    }
    if read_array(path, file, bytes, rules, sink)? == Outcome::Read {
        return Ok(());
    }
    // Something is wrong with the array itself: the whole file tells what, and where.
    read_whole(path, rules, &mut Deaf(sink.preparer()))?;
    Err(Problem::new(
        "json",
        "the file changed while it was read",
        "run the command again",
    )
    .at(Place {
        file: Some(path.to_owned()),
        ..Place::default()
    }))
}

/// How reading an array item by item ended.
#[derive(PartialEq, Eq)]
enum Outcome {
    Read,
    Irregular,
}

/// Takes nothing in, so that a file can be read for its faults alone.
struct Deaf(Preparer);

impl Sink for Deaf {
    fn preparer(&self) -> Preparer {
        self.0.clone()
    }

    fn take(&mut self, _: &Prepared<'_>, _: Spot) -> Result<(), Fault> {
        Ok(())
    }

    fn refuse(&mut self, _: Problem) -> Result<(), Problem> {
        Ok(())
    }

    fn progress(&mut self, _: u64) {}
}

/// Reads an array item by item, from its first bytes and the rest of the file.
fn read_array(
    path: &Path,
    mut file: File,
    mut bytes: Vec<u8>,
    rules: &Rules,
    sink: &mut dyn Sink,
) -> Result<Outcome, Problem> {
    let form = Json {
        path,
        rules,
        whole: None,
        is_array: true,
    };
    let mut feed = Feed::new(&form, sink);
    let mark = (bytes.len() - without_mark(&bytes).len()) as u64;
    let mut cutter = Cutter::new(mark);
    let (mut n_records, mut n_read, mut skip) = (0, 0, mark as usize);
    loop {
        n_read += bytes.len() as u64;
        let mut rest = bytes.get(skip..).unwrap_or_default();
        skip = 0;
        loop {
            let item = match cutter.next(&mut rest) {
                Ok(Some(item)) => item,
                Ok(None) => break,
                Err(Irregular) => {
                    feed.finish()?;
                    return Ok(Outcome::Irregular);
                }
            };
            let text = String::from_utf8(item.bytes).ok();
            let is_json = |text: &String| serde_json::from_str::<&RawValue>(text).is_ok();
            let Some(text) = text.filter(is_json) else {
                feed.finish()?;
                return Ok(Outcome::Irregular);
            };
            n_records += 1;
            let n_bytes = text.len();
            let row = Row {
                text: Cow::Owned(text),
                line: item.spot.line,
                spot: Some(item.spot),
            };
            feed.push(row, n_bytes, n_read)?;
        }
        bytes.clear();
        match (&mut file).take(READ_BYTES).read_to_end(&mut bytes) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                feed.finish()?;
                return Err(Problem::io("read", path, &error));
            }
        }
    }
    feed.finish()?;
    if !cutter.is_done() {
        return Ok(Outcome::Irregular);
    }
    if n_records == 0 {
        return Err(no_records(path, EMPTY_LIST));
    }
    sink.progress(n_read);
    Ok(Outcome::Read)
}

/// Reads a file that is held in memory.
fn read_whole(path: &Path, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let bytes = load(path)?;
    let bytes = without_mark(&bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        let spot = Spot {
            line: line as u64,
            ..Spot::default()
        };
        not_utf8(spot.place(path), bytes, error.valid_up_to(), SAVE_AS_UTF8)
    })?;
    let form = Json {
        path,
        rules,
        whole: Some(text),
        is_array: false,
    };
    let reader = form.reader(text, 1);
    if !text.trim_start().starts_with('{') {
        return array(&form, text, sink);
    }
    let members = reader.whole(text)?;
    match members.iter().find(|(key, _)| key == "records") {
        Some((_, records)) if records.get().starts_with('[') => array(&form, records.get(), sink),
        Some((_, records)) => {
            let fault = Fault::field(
                "records",
                "field-kind",
                "`records` should be an array of records",
                "write {\"records\": [ ... ]}",
            );
            Err(reader.problem(fault, reader.range(records.get()), None, &members))
        }
        None => {
            let mut feed = Feed::new(&form, sink);
            let row = Row {
                line: reader.count_line(reader.range(text.trim()).start, (0, 1)),
                text: Cow::Borrowed(text.trim()),
                spot: None,
            };
            feed.push(row, text.len(), text.len() as u64)?;
            feed.finish()
        }
    }
}

/// The keys of a file that holds one object; `None` if it holds anything else.
pub(super) fn keys_of_object(path: &Path) -> Option<Vec<String>> {
    let bytes = load(path).ok()?;
    let text = std::str::from_utf8(without_mark(&bytes)).ok()?;
    let members = values::members(text).ok()?;
    Some(members.into_iter().map(|(key, _)| key).collect())
}

/// Reads a file that holds one object, as its keys and values.
pub(super) fn read_object(path: &Path) -> Result<Vec<Entry>, Problem> {
    let bytes = load(path)?;
    let bytes = without_mark(&bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let place = Place {
            file: Some(path.to_owned()),
            ..Place::default()
        };
        not_utf8(place, bytes, error.valid_up_to(), SAVE_AS_UTF8)
    })?;
    let reader = Reader {
        path,
        text,
        first_line: 1,
    };
    let members = reader.whole(text)?;
    entries(&members).map_err(|fault| reader.problem_of(text, fault))
}

/// Reads the records of an array, which is the text or a part of it.
fn array<'a>(form: &Json<'a>, array: &'a str, sink: &mut dyn Sink) -> Result<(), Problem> {
    let text = form.whole.unwrap_or(array);
    let reader = form.reader(text, 1);
    let start = reader.range(array).start;
    let mut feed = Feed::new(form, sink);
    let mut outcome = Ok(());
    let mut n_records = 0;
    let mut last = start;
    // A byte of the text, and the number of its line: from here lines are counted on.
    let mut counted = (0, 1);
    let mut deserializer = serde_json::Deserializer::from_str(array);
    let seed = Items(|raw: &'a RawValue| {
        n_records += 1;
        let range = reader.range(raw.get());
        last = range.start;
        counted = (last, reader.count_line(last, counted));
        let row = Row {
            text: Cow::Borrowed(raw.get()),
            line: counted.1,
            spot: None,
        };
        outcome = feed.push(row, range.len(), range.end as u64);
        outcome.is_ok()
    });
    let parsed = seed
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end());
    outcome?;
    feed.finish()?;
    parsed.map_err(|error| reader.broken(array, &error, (n_records > 0).then_some(last)))?;
    if n_records == 0 {
        return Err(no_records(form.path, EMPTY_LIST));
    }
    sink.progress(text.len() as u64);
    Ok(())
}

/// Reads a file with a record on each line; lines that are blank are passed over.
pub(super) fn read_lines(path: &Path, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let file = File::open(path).map_err(|error| Problem::io("read", path, &error))?;
    let mut file = BufReader::new(file);
    let (mut bytes, mut line, mut n_read, mut n_records) = (Vec::new(), 0, 0_u64, 0);
    let form = Json {
        path,
        rules,
        whole: None,
        is_array: false,
    };
    let mut feed = Feed::new(&form, sink);
    loop {
        bytes.clear();
        let n = match file.read_until(b'\n', &mut bytes) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) => {
                feed.finish()?;
                return Err(Problem::io("read", path, &error));
            }
        };
        line += 1;
        n_read += n as u64;
        if line == 1 && (bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF])) {
            check_beginning(path, &bytes)?;
        }
        let slice = if line == 1 {
            without_mark(&bytes)
        } else {
            &bytes
        };
        let spot = Spot {
            line,
            ..Spot::default()
        };
        let text = match std::str::from_utf8(slice) {
            Ok(text) => text.trim(),
            Err(error) => {
                n_records += 1;
                let place = spot.place(path);
                let problem = not_utf8(place, slice, error.valid_up_to(), SAVE_AS_UTF8);
                feed.refuse(problem, n_read)?;
                continue;
            }
        };
        if text.is_empty() {
            continue;
        }
        if line == 1 && text.starts_with('[') {
            return Err(Problem::new(
                "json",
                "the file begins with an array, not with a record on each line",
                "name the file .json, or add --format json",
            )
            .at(spot.place(path)));
        }
        n_records += 1;
        let row = Row {
            text: Cow::Owned(text.to_owned()),
            line,
            spot: None,
        };
        feed.push(row, n, n_read)?;
    }
    feed.finish()?;
    if n_records == 0 {
        check_beginning(path, b"")?;
    }
    sink.progress(n_read);
    Ok(())
}

/// Records as JSON: a file of them, or one on each line.
struct Json<'a> {
    path: &'a Path,
    rules: &'a Rules,
    /// The text of the file, where a row is a part of it and no line.
    whole: Option<&'a str>,
    /// Whether a row is an item of an array that is read item by item.
    is_array: bool,
}

/// A record's text, and its first line.
struct Row<'a> {
    text: Cow<'a, str>,
    line: u64,
    /// Where it begins in the file, if what stands around it is not in memory.
    spot: Option<ItemSpot>,
}

impl<'a> Json<'a> {
    /// What reads a text whose first line has a number.
    fn reader<'t>(&'t self, text: &'t str, first_line: u64) -> Reader<'t> {
        Reader {
            path: self.path,
            text,
            first_line,
        }
    }

    /// What reads a row.
    fn reader_of<'t>(&'t self, row: &'t Row<'a>) -> Reader<'t> {
        match self.whole {
            Some(text) => self.reader(text, 1),
            None => self.reader(&row.text, row.line),
        }
    }
}

impl<'a> Form for Json<'a> {
    type Row = Row<'a>;

    fn record(&self, row: &Row<'a>) -> Result<Record, Wrong> {
        let reader = self.reader_of(row);
        if (self.whole.is_some() || self.is_array) && !row.text.starts_with('{') {
            return Err(Wrong::Fault(Fault::whole(
                "json",
                format!(
                    "a record should be an object, but is {}",
                    shorten(&row.text, 40)
                ),
                "write each record as {\"id\": ..., \"title\": ..., ...}",
            )));
        }
        let members = reader.whole(&row.text).map_err(Wrong::Problem)?;
        entries(&members)
            .and_then(|entries| record::make(entries, self.rules))
            .map_err(Wrong::Fault)
    }

    fn spot(&self, row: &Row<'a>) -> Spot {
        Spot {
            line: row.line,
            ..Spot::default()
        }
    }

    fn problem(&self, row: &Row<'a>, fault: Fault) -> Problem {
        match row.spot.and_then(|spot| self.around(row, spot)) {
            Some((text, range)) => {
                let object = text.get(range).unwrap_or_default();
                self.reader(&text, row.line).problem_of(object, fault)
            }
            None => self.reader_of(row).problem_of(&row.text, fault),
        }
    }
}

impl Json<'_> {
    /// A row with what stands on its lines before and after it, read once more from the file, and
    /// where it is in that; none if the file is no longer what it was.
    fn around(&self, row: &Row<'_>, spot: ItemSpot) -> Option<(String, Range<usize>)> {
        let start = usize::try_from(spot.at - spot.line_start).ok()?;
        let range = start..start + row.text.len();
        let mut file = File::open(self.path).ok()?;
        file.seek(SeekFrom::Start(spot.line_start)).ok()?;
        let mut bytes = Vec::new();
        let n_wanted = range.end as u64 + AFTER_BYTES;
        file.take(n_wanted).read_to_end(&mut bytes).ok()?;
        // The last letter may be cut.
        let n_valid = match std::str::from_utf8(&bytes) {
            Ok(text) => text.len(),
            Err(error) => error.valid_up_to(),
        };
        bytes.truncate(n_valid);
        let text = String::from_utf8(bytes).ok()?;
        (text.get(range.clone()) == Some(&row.text)).then_some((text, range))
    }
}

/// The entries of a record by the members of its object.
pub(super) fn entries(members: &Members<'_>) -> Result<Vec<Entry>, Fault> {
    let mut entries: Vec<Entry> = Vec::with_capacity(members.len());
    for (key, raw) in members {
        if entries.iter().any(|entry| entry.key == *key) {
            return Err(Fault::field(
                key,
                "duplicate-key",
                format!("the record has `{key}` twice"),
                "keep one of them; several values of one key go into a list [ ... ]",
            ));
        }
        let raw = raw.get();
        let content = match key.as_str() {
            "sections" => match values::sections(raw)? {
                Some(sections) => Content::Sections(sections),
                None => continue,
            },
            "alternates" => match values::alternates(raw)? {
                Some(alternates) => Content::Alternates(alternates),
                None => continue,
            },
            // Numbers stay as written: 007 cannot be, but 1.10 and 12345678901234567890 can.
            "id" if is_number(raw) => Content::Value(Value::from(raw)),
            _ => match values::value(key, raw)? {
                Some(value) => Content::Value(value),
                None => continue,
            },
        };
        entries.push(Entry {
            key: key.clone(),
            content,
        });
    }
    Ok(entries)
}

/// Finds places in a text, for messages.
struct Reader<'a> {
    path: &'a Path,
    /// The whole text, or one line of it.
    text: &'a str,
    /// The number of the text's first line.
    first_line: u64,
}

impl<'a> Reader<'a> {
    /// The members of an object that the text, or a part of it, consists of.
    fn whole(&self, object: &'a str) -> Result<Members<'a>, Problem> {
        values::members(object).map_err(|error| self.broken(object, &error, None))
    }

    /// A fault of an object, which is the text or a part of it.
    fn problem_of(&self, object: &str, fault: Fault) -> Problem {
        // What is no object has no members.
        let members = values::members(object).unwrap_or_default();
        let field = fault.field.as_deref();
        let marked = match field.and_then(|field| member(&members, field)) {
            Some(raw) => self.range(raw.get()),
            None => self.range(object),
        };
        let id = member(&members, "id").map(|raw| id_text(raw.get()));
        self.problem(fault, marked, id, &members)
    }

    fn problem(
        &self,
        fault: Fault,
        marked: Range<usize>,
        id: Option<String>,
        members: &[(String, &RawValue)],
    ) -> Problem {
        let label = match &fault.field {
            Some(field) if member(members, field).is_some() => "this",
            _ => "this record",
        };
        let snippet = Snippet::cut(self.path, self.text, self.first_line, marked, label);
        let (line, column) = snippet.position();
        let place = Place {
            file: Some(self.path.to_owned()),
            row: None,
            line: Some(line),
            column: Some(column),
            id,
            field: fault.field,
        };
        Problem::new(fault.code, fault.reason, fault.advice)
            .at(place)
            .showing(snippet)
    }

    /// A problem of the JSON itself, in `part` of the text.
    fn broken(&self, part: &str, error: &serde_json::Error, last: Option<usize>) -> Problem {
        let offset = self.range(part).start + offset_of(part, error.line(), error.column());
        let reason = error.to_string();
        let reason = reason
            .split(" at line ")
            .next()
            .unwrap_or(&reason)
            .to_owned();
        let rest = self.text[offset.min(self.text.len())..].trim_start();
        let (code, reason, advice) = if error.is_eof() {
            let last = match last {
                Some(last) => format!(
                    "; the last record that is there begins on line {}",
                    self.count_line(last, (0, self.first_line))
                ),
                None => String::new(),
            };
            (
                "json-truncated",
                "the file ends in the middle".to_owned(),
                format!("it was cut off: export or copy it again, whole{last}"),
            )
        } else if reason == "trailing characters" && rest.starts_with('{') {
            (
                "json",
                "a second record follows the first".to_owned(),
                "put the records into an array [ ..., ... ]; for a record on each line, name the \
                 file .jsonl or add --format jsonl"
                    .to_owned(),
            )
        } else {
            let advice = if reason == "trailing comma" {
                "take away the comma after the last one"
            } else {
                "correct the marked place, or export the file again"
            };
            (
                "json",
                format!("this is not JSON: {reason}"),
                advice.to_owned(),
            )
        };
        let end = (offset + 1).min(self.text.len());
        let snippet = Snippet::cut(self.path, self.text, self.first_line, offset..end, "here");
        let (line, column) = snippet.position();
        let place = Place {
            file: Some(self.path.to_owned()),
            line: Some(line),
            column: Some(column),
            ..Place::default()
        };
        Problem::new(code, reason, advice)
            .at(place)
            .showing(snippet)
    }

    /// Where a part of the text lies in it.
    fn range(&self, part: &str) -> Range<usize> {
        let start = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        start..start + part.len()
    }

    /// The line of a place, counted on from a byte whose line is known.
    fn count_line(&self, at: usize, known: (usize, u64)) -> u64 {
        let (from, line) = if at < known.0 {
            (0, self.first_line)
        } else {
            known
        };
        let between = &self.text.as_bytes()[from..at];
        line + between.iter().filter(|byte| **byte == b'\n').count() as u64
    }
}

/// The id for a message, from the JSON that it is written in.
fn id_text(raw: &str) -> String {
    let text = serde_json::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned());
    shorten(&text, 60)
}

/// The byte of a line and column that serde_json gives; its columns are bytes, from 1.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (before + column.saturating_sub(1)).min(text.len())
}

/// Calls a function with each item of an array until it says no.
struct Items<F>(F);

impl<'de, F: FnMut(&'de RawValue) -> bool> DeserializeSeed<'de> for Items<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(&'de RawValue) -> bool> Visitor<'de> for Items<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        while let Some(raw) = items.next_element::<&'de RawValue>()? {
            if !(self.0)(raw) {
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}
