//! JSON and JSON Lines: cuts the text into records and keeps in mind where each value stands.
//!
//! Knows JSON. What the keys mean, `record` knows. Records are read one after the other, so that a
//! fault in one does not hide the others, and a file that ends too soon says where.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;
use speir::Value;

use super::record::{self, Content, Entry};
use super::values::{self, Members, is_number, member};
use super::{Fault, Sink, Spot, check_beginning, load, no_records, not_utf8, without_mark};
use crate::config::Rules;
use crate::problem::{Place, Problem, Snippet, shorten};

const SAVE_AS_UTF8: &str = "save or export the file as UTF-8";

/// Bytes between two reports of progress.
const PROGRESS_BYTES: usize = 1 << 18;

/// Reads a file that holds an array of records, an object with `records`, or one record.
pub(super) fn read(path: &Path, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let bytes = load(path)?;
    let bytes = without_mark(&bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        let spot = Spot {
            line: line as u64,
            row: 0,
        };
        not_utf8(spot.place(path), bytes, error.valid_up_to(), SAVE_AS_UTF8)
    })?;
    let mut reader = Reader {
        path,
        text,
        first_line: 1,
        counted: (0, 1),
        rules,
        sink,
    };
    if text.trim_start().starts_with('{') {
        let members = reader.whole(text)?;
        match members.iter().find(|(key, _)| key == "records") {
            Some((_, records)) if records.get().starts_with('[') => reader.array(records.get()),
            Some((_, records)) => {
                let fault = Fault::field(
                    "records",
                    "field-kind",
                    "`records` should be an array of records",
                    "write {\"records\": [ ... ]}",
                );
                Err(reader.problem(fault, reader.range(records.get()), None, &members))
            }
            None => reader.object(text.trim(), members),
        }
    } else {
        reader.array(text)
    }
}

/// Reads a file with a record on each line; lines that are blank are passed over.
pub(super) fn read_lines(path: &Path, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let file = File::open(path).map_err(|error| Problem::io("read", path, &error))?;
    let mut file = BufReader::new(file);
    let (mut bytes, mut line, mut n_read, mut n_records) = (Vec::new(), 0, 0, 0);
    let mut reported = 0;
    loop {
        bytes.clear();
        let n = file
            .read_until(b'\n', &mut bytes)
            .map_err(|error| Problem::io("read", path, &error))?;
        if n == 0 {
            break;
        }
        line += 1;
        n_read += n;
        if n_read - reported >= PROGRESS_BYTES {
            reported = n_read;
            sink.progress(n_read as u64);
        }
        if line == 1 && (bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF])) {
            check_beginning(path, &bytes)?;
        }
        let slice = if line == 1 {
            without_mark(&bytes)
        } else {
            &bytes
        };
        let spot = Spot { line, row: 0 };
        let text = match std::str::from_utf8(slice) {
            Ok(text) => text.trim(),
            Err(error) => {
                n_records += 1;
                let place = spot.place(path);
                sink.refuse(not_utf8(place, slice, error.valid_up_to(), SAVE_AS_UTF8))?;
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
        let mut reader = Reader {
            path,
            text,
            first_line: line,
            counted: (0, line),
            rules,
            sink,
        };
        match reader.whole(text) {
            Ok(members) => reader.object(text, members)?,
            Err(problem) => reader.sink.refuse(problem)?,
        }
    }
    if n_records == 0 {
        check_beginning(path, b"")?;
    }
    sink.progress(n_read as u64);
    Ok(())
}

struct Reader<'a, 's> {
    path: &'a Path,
    /// The whole text, or one line of it.
    text: &'a str,
    /// The number of the text's first line.
    first_line: u64,
    /// A byte of the text, and the number of its line: from here lines are counted on.
    counted: (usize, u64),
    rules: &'a Rules,
    sink: &'s mut dyn Sink,
}

impl<'a> Reader<'a, '_> {
    /// Reads the records of an array, which is the text or a part of it.
    fn array(&mut self, array: &'a str) -> Result<(), Problem> {
        let start = self.range(array).start;
        let mut outcome = Ok(());
        let mut n_records = 0;
        let mut reported = 0;
        let mut last = start;
        let mut deserializer = serde_json::Deserializer::from_str(array);
        let seed = Items(|raw: &'a RawValue| {
            n_records += 1;
            let range = self.range(raw.get());
            last = range.start;
            if range.end - reported >= PROGRESS_BYTES {
                reported = range.end;
                self.sink.progress(reported as u64);
            }
            outcome = self.item(raw);
            outcome.is_ok()
        });
        let parsed = seed
            .deserialize(&mut deserializer)
            .and_then(|()| deserializer.end());
        outcome?;
        parsed.map_err(|error| self.broken(array, &error, (n_records > 0).then_some(last)))?;
        if n_records == 0 {
            return Err(no_records(
                self.path,
                "check the export: the list of records is empty",
            ));
        }
        self.sink.progress(self.text.len() as u64);
        Ok(())
    }

    fn item(&mut self, raw: &'a RawValue) -> Result<(), Problem> {
        if raw.get().starts_with('{') {
            return match self.whole(raw.get()) {
                Ok(members) => self.object(raw.get(), members),
                Err(problem) => self.sink.refuse(problem),
            };
        }
        let fault = Fault::whole(
            "json",
            format!(
                "a record should be an object, but is {}",
                shorten(raw.get(), 40)
            ),
            "write each record as {\"id\": ..., \"title\": ..., ...}",
        );
        let problem = self.problem(fault, self.range(raw.get()), None, &[]);
        self.sink.refuse(problem)
    }

    /// Makes a record of an object and hands it on.
    fn object(&mut self, object: &'a str, members: Members<'a>) -> Result<(), Problem> {
        let range = self.range(object);
        let line = self.line_at(range.start);
        let made = self
            .entries(&members)
            .and_then(|entries| record::make(entries, self.rules));
        let taken = made.and_then(|record| self.sink.take(record, Spot { line, row: 0 }));
        let Err(fault) = taken else {
            return Ok(());
        };
        let fatal = fault.fatal;
        let marked = match fault
            .field
            .as_deref()
            .and_then(|field| member(&members, field))
        {
            Some(raw) => self.range(raw.get()),
            None => range,
        };
        let id = member(&members, "id").map(|raw| id_text(raw.get()));
        let problem = self.problem(fault, marked, id, &members);
        if fatal {
            Err(problem)
        } else {
            self.sink.refuse(problem)
        }
    }

    fn entries(&self, members: &Members<'a>) -> Result<Vec<Entry>, Fault> {
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

    /// The members of an object that the text, or a part of it, consists of.
    fn whole(&self, object: &'a str) -> Result<Members<'a>, Problem> {
        values::members(object).map_err(|error| self.broken(object, &error, None))
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
                    self.count_line(last)
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

    /// The line of a place, counted on from the last one asked for.
    fn line_at(&mut self, at: usize) -> u64 {
        let line = self.count_line(at);
        self.counted = (at, line);
        line
    }

    fn count_line(&self, at: usize) -> u64 {
        let (from, line) = if at < self.counted.0 {
            (0, self.first_line)
        } else {
            self.counted
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
