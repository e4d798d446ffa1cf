//! Tables: a header with the keys, then a record on each row.
//!
//! Knows how tables are quoted and cut, and which row of a spreadsheet a record is. What the keys
//! mean, `record` knows. Everything is checked by row, so that people can find it in their program.

mod cells;
pub(super) mod columns;
mod described;

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use ::csv::{ByteRecord, ReaderBuilder};
use speir::{FieldKind, Record, Value};

use super::decode::{self, Decoded};
use super::feed::{Feed, Form, Wrong};
use super::record::{self, Content, Entry};
use super::{
    Fault, Sink, Source, Spot, check_beginning, no_records, not_utf8, values, without_mark,
};
use crate::config::Rules;
use crate::document::Table as Sheet;
use crate::problem::{Place, Problem, Snippet, shorten};

use cells::{DELIMITERS, cell_range, delimiter_of, ends_in_quotes, letters};
use columns::{Header, TableRules};
pub(super) use described::{Described, described};

const SAVE_AS_UTF8: &str = "save the table as \"CSV UTF-8\" (in Excel: Save as, CSV UTF-8; in LibreOffice: choose UTF-8), \
     or write encoding = \"windows-1252\" below its [[sources]] in speir.toml";

/// Bytes that are read at once to find the first line.
const BEGINNING_BYTES: u64 = 1 << 16;

/// Most bytes of the first line that are looked at to tell what cuts it.
const MAX_HEADER_BYTES: usize = 1 << 20;

/// A table, as it is cut into rows.
struct Opened {
    reader: ::csv::Reader<Kept<Box<dyn Read>>>,
    rows: Rows,
    delimiter: u8,
}

impl Opened {
    /// Opens a table in the encoding that it has, or that is said of its source.
    fn new(source: &Source) -> Result<Opened, Problem> {
        let path = &source.path;
        let io = |error: io::Error| Problem::io("read", path, &error);
        let mut file = File::open(path).map_err(io)?;
        let mut first_bytes = Vec::new();
        let first_two = (&mut file).take(2).read_to_end(&mut first_bytes);
        first_two.map_err(io)?;
        // A mark goes before what is said of the source, and so does UTF-8, which nothing else is by
        // chance: a folder's files may have been saved in two ways.
        let mut encoding = decode::marked(&first_bytes).or(source.settings.table.encoding);
        if source.settings.table.encoding.is_some()
            && decode::is_utf8(File::open(path).map_err(io)?).map_err(io)?
        {
            encoding = None;
        }
        let file = Cursor::new(first_bytes).chain(file);
        let mut file = Decoded::new(file, encoding.unwrap_or(encoding_rs::UTF_8));
        let beginning = beginning(&mut file).map_err(io)?;
        check_beginning(path, &beginning)?;
        let beginning = without_mark(&beginning).to_vec();
        let delimiter = delimiter_of(&beginning);
        let text: Box<dyn Read> = Box::new(Cursor::new(beginning).chain(file));
        Ok(Opened {
            reader: ReaderBuilder::new()
                .delimiter(delimiter)
                .has_headers(false)
                .flexible(true)
                .from_reader(Kept::new(text)),
            rows: Rows {
                // The row and line before the first, as each row adds itself and the blank lines
                // before it.
                spot: Spot {
                    line: 1,
                    ..Spot::default()
                },
                at: 0,
            },
            delimiter,
        })
    }
}

/// Reads a table.
pub(super) fn read(source: &Source, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let path = &source.path;
    let Opened {
        mut reader,
        mut rows,
        delimiter,
    } = Opened::new(source)?;
    let mut table = Table {
        path,
        delimiter,
        header: Header::default(),
        settings: &source.settings.table,
        rules,
    };
    let first = rows.next(&mut reader, path)?;
    table.read_header(&first)?;
    let table = table;
    let mut feed = Feed::new(&table, sink);
    let mut n_rows = 0;
    loop {
        let row = match rows.next(&mut reader, path) {
            Ok(row) if row.bytes.is_empty() => break,
            Ok(row) => row,
            Err(problem) => {
                feed.finish()?;
                return Err(problem);
            }
        };
        if row.cells.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        n_rows += 1;
        if reader.get_ref().is_at_end && ends_in_quotes(&row.bytes, table.delimiter) {
            // All that follows the quote was taken for one cell, so no row after it was read.
            feed.finish()?;
            let fault = Fault::whole(
                "csv-quote",
                "a quote \" that opens in this row is never closed",
                "close it; a quote inside a quoted text is written twice: \"\"",
            );
            return Err(table.problem(fault, &row, None, None));
        }
        let n_bytes = row.bytes.len();
        feed.push(row, n_bytes, rows.at)?;
    }
    feed.finish()?;
    if n_rows == 0 {
        return Err(no_records(
            path,
            "check the export: there is a header, but no row below it",
        ));
    }
    sink.progress(rows.at);
    Ok(())
}

/// Reads a sheet of a spreadsheet as a table.
pub(super) fn read_table(
    source: &Source,
    sheet: Sheet,
    rules: &Rules,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    let path = &source.path;
    let mut table = Table {
        path,
        delimiter: DELIMITERS[0],
        header: Header::default(),
        settings: &source.settings.table,
        rules,
    };
    table.read_header(&Row::of(sheet.header_row, sheet.header))?;
    let table = table;
    if sheet.rows.is_empty() {
        return Err(no_records(
            path,
            "check the spreadsheet: there is a header, but no row below it",
        ));
    }
    let mut feed = Feed::new(&table, sink);
    for (number, cells) in sheet.rows {
        let row = Row::of(number, cells);
        let n_bytes = row.bytes.len();
        feed.push(row, n_bytes, 0)?;
    }
    feed.finish()
}

/// The beginning of a file: its first line that says something, or as much of it as is looked at.
fn beginning(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let n = file
            .by_ref()
            .take(BEGINNING_BYTES)
            .read_to_end(&mut bytes)?;
        let text = bytes.trim_ascii_start();
        let is_whole = text.contains(&b'\n') || text.contains(&b'\r');
        if n == 0 || !text.is_empty() && (is_whole || text.len() >= MAX_HEADER_BYTES) {
            return Ok(bytes);
        }
    }
}

/// Keeps what was read of a file until it is told to forget it, so that a row can be shown as it is
/// written.
struct Kept<R> {
    inner: R,
    bytes: Vec<u8>,
    /// The byte of the file at which `bytes` begins.
    start: u64,
    is_at_end: bool,
}

impl<R> Kept<R> {
    fn new(inner: R) -> Kept<R> {
        Kept {
            inner,
            bytes: Vec::new(),
            start: 0,
            is_at_end: false,
        }
    }

    /// The bytes from one to another place of the file.
    fn get(&self, from: u64, to: u64) -> &[u8] {
        let at = |place: u64| place.saturating_sub(self.start) as usize;
        self.bytes.get(at(from)..at(to)).unwrap_or_default()
    }

    /// Forgets what stands before a place of the file.
    fn forget(&mut self, before: u64) {
        let n = before.saturating_sub(self.start) as usize;
        if n >= BEGINNING_BYTES as usize {
            self.bytes.drain(..n.min(self.bytes.len()));
            self.start = before;
        }
    }
}

impl<R: Read> Read for Kept<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.is_at_end |= n == 0 && !into.is_empty();
        self.bytes.extend_from_slice(&into[..n]);
        Ok(n)
    }
}

/// Where the rows of a table have got to.
struct Rows {
    /// Where the next row stands.
    spot: Spot,
    /// The byte of the file at which it begins.
    at: u64,
}

impl Rows {
    /// The next row; one without bytes after the last.
    fn next<R: Read>(
        &mut self,
        reader: &mut ::csv::Reader<Kept<R>>,
        path: &Path,
    ) -> Result<Row, Problem> {
        let mut cells = ByteRecord::new();
        let more = reader.read_byte_record(&mut cells).map_err(|error| {
            let reason = match error.kind() {
                ::csv::ErrorKind::Io(error) => return Problem::io("read", path, error),
                _ => error.to_string(),
            };
            Problem::new(
                "csv",
                format!("the table cannot be read: {reason}"),
                "save it again as CSV",
            )
            .at(self.spot.place(path))
        })?;
        let end = reader.position().byte();
        let mut bytes = reader.get_ref().get(self.at, end);
        if !more {
            bytes = &[];
        }
        let blank = bytes
            .iter()
            .take_while(|byte| matches!(byte, b'\n' | b'\r'))
            .count();
        let (blank, bytes) = bytes.split_at(blank);
        let n_blank = n_lines(blank);
        self.spot.line += n_blank;
        self.spot.row += n_blank + 1;
        let row = Row {
            cells,
            spot: self.spot,
            bytes: bytes.to_vec(),
        };
        self.spot.line += n_lines(bytes);
        self.at = end;
        reader.get_mut().forget(end);
        Ok(row)
    }
}

fn n_lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// A row: its cells, and as it is written.
#[derive(Debug)]
struct Row {
    cells: ByteRecord,
    spot: Spot,
    bytes: Vec<u8>,
}

impl Row {
    /// A row of a sheet, written as messages show it.
    fn of(number: u32, cells: Vec<String>) -> Row {
        let number = u64::from(number);
        let quoted = cells.iter().map(|cell| match cell.contains([',', '"']) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.clone(),
        });
        let written = quoted.collect::<Vec<_>>().join(",");
        Row {
            cells: ByteRecord::from(cells),
            spot: Spot {
                line: number,
                row: number,
                ..Spot::default()
            },
            bytes: written.into_bytes(),
        }
    }
}

struct Table<'a> {
    path: &'a Path,
    delimiter: u8,
    header: Header,
    /// What is said of the source's tables.
    settings: &'a TableRules,
    rules: &'a Rules,
}

impl Form for Table<'_> {
    type Row = Row;

    fn record(&self, row: &Row) -> Result<Record, Wrong> {
        let entries = self.entries(&row.cells, row.spot)?;
        record::make(entries, self.rules).map_err(Wrong::Fault)
    }

    fn spot(&self, row: &Row) -> Spot {
        row.spot
    }

    fn problem(&self, row: &Row, fault: Fault) -> Problem {
        if fault.fatal {
            return Table::problem(self, fault, row, None, None);
        }
        let column_of = |key: &str| self.header.keys.iter().position(|name| name == key);
        let column = fault.field.as_deref().and_then(column_of);
        let id = column_of("id")
            .and_then(|column| row.cells.get(column))
            .map(|id| shorten(String::from_utf8_lossy(id).trim(), 60))
            .filter(|id| !id.is_empty());
        Table::problem(self, fault, row, id, column)
    }
}

impl Table<'_> {
    fn read_header(&mut self, row: &Row) -> Result<(), Problem> {
        let mut headings = Vec::with_capacity(row.cells.len());
        for (column, cell) in row.cells.iter().enumerate() {
            let heading = std::str::from_utf8(cell)
                .map_err(|error| self.not_text(cell, error.valid_up_to(), row.spot, column))?;
            headings.push(heading.to_owned());
        }
        if let Some(fault) = self.settings.missing(&headings) {
            return Err(self.problem(fault, row, None, None));
        }
        self.header = self.settings.header(&headings, self.rules);
        let keys = &self.header.keys;
        for (column, key) in keys.iter().enumerate() {
            let first = keys.iter().position(|known| known == key);
            let Some(first) = first.filter(|first| *first < column && !key.is_empty()) else {
                continue;
            };
            let fault = Fault::whole(
                "csv-header",
                format!(
                    "columns {} and {} are both called `{key}`",
                    letters(first),
                    letters(column)
                ),
                "rename one of them, or take it away",
            );
            return Err(self.problem(fault, row, None, Some(column)));
        }
        if !keys.iter().any(|key| key == "title") {
            let names = headings.iter().map(|heading| heading.trim());
            let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
            let fault = Fault::whole(
                "csv-header",
                format!(
                    "no column is called `title`; the columns are: {}",
                    shorten(&names.join(", "), 200)
                ),
                "name the columns in the first row; the one with what readers are shown is `title`, or is \
                 named below [sources.columns] in speir.toml",
            );
            return Err(self.problem(fault, row, None, None));
        }
        Ok(())
    }

    /// The cells of a row by their keys.
    fn entries(&self, cells: &ByteRecord, spot: Spot) -> Result<Vec<Entry>, Wrong> {
        let keys = &self.header.keys;
        if cells.len() != keys.len() {
            let (got, expected) = (cells.len(), keys.len());
            let advice = if got > expected {
                "put texts that hold the separator in quotes \" \""
            } else {
                "put texts with line breaks in quotes \" \", and keep empty cells in place"
            };
            return Err(Wrong::Fault(Fault::whole(
                "csv-cells",
                format!(
                    "the row has {}, but the header has {expected}",
                    count(got, "cell")
                ),
                advice,
            )));
        }
        let mut entries = Vec::with_capacity(keys.len());
        for (column, (key, cell)) in keys.iter().zip(cells).enumerate() {
            if self.header.left_out.contains(&column) {
                continue;
            }
            let text = std::str::from_utf8(cell).map_err(|error| {
                Wrong::Problem(self.not_text(cell, error.valid_up_to(), spot, column))
            })?;
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            if key.is_empty() {
                return Err(Wrong::Fault(Fault::whole(
                    "csv-header",
                    format!(
                        "column {} has \"{}\", but no name in the header",
                        letters(column),
                        shorten(text, 40)
                    ),
                    "name the column in the first row, or empty its cells",
                )));
            }
            match self.content(key, text) {
                Ok(Some(content)) => entries.push(Entry {
                    key: key.clone(),
                    content,
                }),
                Ok(None) => {}
                Err(fault) => return Err(Wrong::Fault(fault)),
            }
        }
        Ok(entries)
    }

    fn content(&self, key: &str, text: &str) -> Result<Option<Content>, Fault> {
        // What no cell can say by itself may be given as JSON.
        if key == "sections" {
            return Ok(values::sections(text)?.map(Content::Sections));
        }
        if key == "alternates" && text.starts_with('[') {
            return Ok(values::alternates(text)?.map(Content::Alternates));
        }
        if key == "downloads" && text.starts_with(['[', '{']) {
            return Ok(values::value(key, text)?.map(Content::Value));
        }
        let own = self.settings.separator.as_slice();
        let separators = self.rules.separators(key);
        let separators = separators.map(|of_field| if own.is_empty() { of_field } else { own });
        let value = record::cell(text, separators);
        if !self.is_date(key) {
            return Ok(Some(Content::Value(value)));
        }
        let one = |value: Value| match value {
            Value::Text(text) => self.settings.date(key, &text),
            other => Ok(other),
        };
        let value = match value {
            Value::List(items) => {
                Value::List(items.into_iter().map(one).collect::<Result<_, _>>()?)
            }
            single => one(single)?,
        };
        Ok(Some(Content::Value(value)))
    }

    fn is_date(&self, key: &str) -> bool {
        let field = self.rules.schema.find(key);
        let is_known = field.is_some_and(|(_, field)| field.kind == FieldKind::Date);
        is_known || matches!(key, "validUntil" | "valid_until")
    }

    fn problem(
        &self,
        fault: Fault,
        row: &Row,
        id: Option<String>,
        column: Option<usize>,
    ) -> Problem {
        let cell = column.and_then(|column| cell_range(&row.bytes, self.delimiter, column));
        let label = if cell.is_some() {
            "this cell"
        } else {
            "this row"
        };
        let text = String::from_utf8_lossy(&row.bytes);
        // Bytes that are not text would move what follows them: then the whole row is marked.
        let marked = cell
            .filter(|_| text.len() == row.bytes.len())
            .unwrap_or(0..text.trim_end().len());
        let snippet = Snippet::cut(self.path, &text, row.spot.line, marked, label);
        let place = Place {
            id,
            field: fault.field,
            ..row.spot.place(self.path)
        };
        Problem::new(fault.code, fault.reason, fault.advice)
            .at(place)
            .showing(snippet)
    }

    fn not_text(&self, cell: &[u8], valid_up_to: usize, spot: Spot, column: usize) -> Problem {
        let field = self
            .header
            .keys
            .get(column)
            .filter(|key| !key.is_empty())
            .cloned();
        let place = Place {
            field,
            ..spot.place(self.path)
        };
        not_utf8(place, cell, valid_up_to, SAVE_AS_UTF8)
    }
}

fn count(n: usize, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}
