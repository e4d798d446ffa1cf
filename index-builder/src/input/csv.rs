//! Tables: a header with the keys, then a record on each row.
//!
//! Knows how tables are quoted and cut, and which row of a spreadsheet a record is. What the keys
//! mean, `record` knows. Everything is checked by row, so that people can find it in their program.

use std::ops::Range;
use std::path::Path;

use ::csv::{ByteRecord, ReaderBuilder};

use super::record::{self, Content, Entry};
use super::{Fault, Sink, Spot, load, no_records, not_utf8, values, without_mark};
use crate::config::Rules;
use crate::problem::{Place, Problem, Snippet, shorten};

const SAVE_AS_UTF8: &str =
    "save the table as \"CSV UTF-8\" (in Excel: Save as, CSV UTF-8; in LibreOffice: choose UTF-8)";

/// Bytes between two reports of progress.
const PROGRESS_BYTES: usize = 1 << 18;

/// The characters that can stand between two cells, the likeliest first.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Reads a table.
pub(super) fn read(path: &Path, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let bytes = load(path)?;
    let bytes = without_mark(&bytes);
    let delimiter = delimiter_of(bytes);
    let mut table = Table {
        path,
        bytes,
        delimiter,
        header: Vec::new(),
        rules,
        sink,
    };
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut cells = ByteRecord::new();
    // The row and line before the first, as each row adds itself and the blank lines before it.
    let mut spot = Spot { line: 1, row: 0 };
    let (mut n_rows, mut at, mut reported) = (0, 0, 0);
    loop {
        // The bytes are in memory and every row may have its own length: nothing is left to fail.
        let more = reader.read_byte_record(&mut cells).map_err(|error| {
            Problem::new(
                "csv",
                format!("the table cannot be read: {error}"),
                "save it again as CSV",
            )
            .at(spot.place(path))
        })?;
        let end = reader.position().byte() as usize;
        if !more {
            break;
        }
        while let Some(byte @ (b'\n' | b'\r')) = bytes.get(at).copied() {
            at += 1;
            if byte == b'\n' {
                spot.line += 1;
                spot.row += 1;
            }
        }
        spot.row += 1;
        let row = at..end.max(at);
        if table.header.is_empty() {
            table.read_header(&cells, spot, row.clone())?;
        } else if cells.iter().any(|cell| !cell.trim_ascii().is_empty()) {
            n_rows += 1;
            table.row(&cells, spot, row.clone())?;
        }
        spot.line += bytes[row.clone()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count() as u64;
        at = row.end;
        if at - reported >= PROGRESS_BYTES {
            reported = at;
            table.sink.progress(at as u64);
        }
    }
    if n_rows == 0 {
        return Err(no_records(
            path,
            "check the export: there is a header, but no row below it",
        ));
    }
    table.sink.progress(bytes.len() as u64);
    Ok(())
}

struct Table<'a, 's> {
    path: &'a Path,
    bytes: &'a [u8],
    delimiter: u8,
    /// The key of each column; empty for a column without a heading.
    header: Vec<String>,
    rules: &'a Rules,
    sink: &'s mut dyn Sink,
}

impl Table<'_, '_> {
    fn read_header(
        &mut self,
        cells: &ByteRecord,
        spot: Spot,
        row: Range<usize>,
    ) -> Result<(), Problem> {
        for (column, cell) in cells.iter().enumerate() {
            let heading = std::str::from_utf8(cell)
                .map_err(|error| self.not_text(cell, error.valid_up_to(), spot, column))?;
            let key = self.rules.key_of_heading(heading.trim());
            if let Some(first) = self
                .header
                .iter()
                .position(|known| *known == key && !key.is_empty())
            {
                let fault = Fault::whole(
                    "csv-header",
                    format!(
                        "columns {} and {} are both called `{key}`",
                        letters(first),
                        letters(column)
                    ),
                    "rename one of them, or take it away",
                );
                return Err(self.problem(fault, spot, row, None, Some(column)));
            }
            self.header.push(key);
        }
        if !self.header.iter().any(|key| key == "title") {
            let names: Vec<&str> = self
                .header
                .iter()
                .map(String::as_str)
                .filter(|key| !key.is_empty())
                .collect();
            let fault = Fault::whole(
                "csv-header",
                format!(
                    "no column is called `title`; the columns are: {}",
                    shorten(&names.join(", "), 200)
                ),
                "name the columns in the first row; the one with what readers are shown is `title`",
            );
            return Err(self.problem(fault, spot, row, None, None));
        }
        Ok(())
    }

    fn row(&mut self, cells: &ByteRecord, spot: Spot, row: Range<usize>) -> Result<(), Problem> {
        if row.end == self.bytes.len() && ends_in_quotes(&self.bytes[row.clone()], self.delimiter) {
            // All that follows the quote was taken for one cell, so no row after it was read.
            let fault = Fault::whole(
                "csv-quote",
                "a quote \" that opens in this row is never closed",
                "close it; a quote inside a quoted text is written twice: \"\"",
            );
            return Err(self.problem(fault, spot, row, None, None));
        }
        let made = self.entries(cells, spot);
        let entries = match made {
            Ok(Ok(entries)) => entries,
            Ok(Err(fault)) => return self.refuse(fault, cells, spot, row),
            Err(problem) => return self.sink.refuse(problem),
        };
        let taken =
            record::make(entries, self.rules).and_then(|record| self.sink.take(record, spot));
        match taken {
            Ok(()) => Ok(()),
            Err(fault) if fault.fatal => Err(self.problem(fault, spot, row, None, None)),
            Err(fault) => self.refuse(fault, cells, spot, row),
        }
    }

    /// The cells of a row by their keys; the outer error is that of a cell that is not text.
    fn entries(
        &self,
        cells: &ByteRecord,
        spot: Spot,
    ) -> Result<Result<Vec<Entry>, Fault>, Problem> {
        if cells.len() != self.header.len() {
            let (got, expected) = (cells.len(), self.header.len());
            let advice = if got > expected {
                "put texts that hold the separator in quotes \" \""
            } else {
                "put texts with line breaks in quotes \" \", and keep empty cells in place"
            };
            return Ok(Err(Fault::whole(
                "csv-cells",
                format!(
                    "the row has {}, but the header has {expected}",
                    count(got, "cell")
                ),
                advice,
            )));
        }
        let mut entries = Vec::with_capacity(self.header.len());
        for (column, (key, cell)) in self.header.iter().zip(cells).enumerate() {
            let text = std::str::from_utf8(cell)
                .map_err(|error| self.not_text(cell, error.valid_up_to(), spot, column))?;
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            if key.is_empty() {
                return Ok(Err(Fault::whole(
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
                Err(fault) => return Ok(Err(fault)),
            }
        }
        Ok(Ok(entries))
    }

    fn content(&self, key: &str, text: &str) -> Result<Option<Content>, Fault> {
        // What no cell can say by itself may be given as JSON.
        if key == "sections" {
            return Ok(values::sections(text)?.map(Content::Sections));
        }
        if key == "downloads" && text.starts_with(['[', '{']) {
            return Ok(values::value(key, text)?.map(Content::Value));
        }
        Ok(Some(Content::Value(record::cell(
            text,
            self.rules.separators(key),
        ))))
    }

    fn refuse(
        &mut self,
        fault: Fault,
        cells: &ByteRecord,
        spot: Spot,
        row: Range<usize>,
    ) -> Result<(), Problem> {
        let column_of = |key: &str| self.header.iter().position(|name| name == key);
        let column = fault.field.as_deref().and_then(column_of);
        let id = column_of("id")
            .and_then(|column| cells.get(column))
            .map(|id| shorten(String::from_utf8_lossy(id).trim(), 60))
            .filter(|id| !id.is_empty());
        let problem = self.problem(fault, spot, row, id, column);
        self.sink.refuse(problem)
    }

    fn problem(
        &self,
        fault: Fault,
        spot: Spot,
        row: Range<usize>,
        id: Option<String>,
        column: Option<usize>,
    ) -> Problem {
        let row_bytes = self.bytes.get(row).unwrap_or_default();
        let cell = column.and_then(|column| cell_range(row_bytes, self.delimiter, column));
        let label = if cell.is_some() {
            "this cell"
        } else {
            "this row"
        };
        let text = String::from_utf8_lossy(row_bytes);
        // Bytes that are not text would move what follows them: then the whole row is marked.
        let marked = cell
            .filter(|_| text.len() == row_bytes.len())
            .unwrap_or(0..text.trim_end().len());
        let snippet = Snippet::cut(self.path, &text, spot.line, marked, label);
        let place = Place {
            id,
            field: fault.field,
            ..spot.place(self.path)
        };
        Problem::new(fault.code, fault.reason, fault.advice)
            .at(place)
            .showing(snippet)
    }

    fn not_text(&self, cell: &[u8], valid_up_to: usize, spot: Spot, column: usize) -> Problem {
        let field = self
            .header
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

/// The character that cuts the first line into most cells.
fn delimiter_of(bytes: &[u8]) -> u8 {
    let start = bytes
        .iter()
        .position(|byte| !b"\r\n".contains(byte))
        .unwrap_or(0);
    let count = |delimiter: u8| {
        let mut quoted = false;
        let mut n = 0_usize;
        for byte in &bytes[start..] {
            match *byte {
                b'"' => quoted = !quoted,
                b'\n' | b'\r' if !quoted => break,
                byte if byte == delimiter && !quoted => n += 1,
                _ => {}
            }
        }
        n
    };
    // The first of the best, so that a header of a single column is cut at commas.
    let mut best = (0, DELIMITERS[0]);
    for delimiter in DELIMITERS {
        let n = count(delimiter);
        if n > best.0 {
            best = (n, delimiter);
        }
    }
    best.1
}

/// Walks over the cells of a row as a reader of tables does: a cell is quoted if it begins with a
/// quote, and two quotes in it are one. Gives each cell's bytes, and whether it is left open.
fn walk_cells(row: &[u8], delimiter: u8, mut each: impl FnMut(usize, Range<usize>)) -> bool {
    let (mut column, mut start, mut quoted) = (0, 0, false);
    let mut at = 0;
    while at < row.len() {
        let byte = row[at];
        if quoted {
            if byte == b'"' && row.get(at + 1) == Some(&b'"') {
                at += 1;
            } else if byte == b'"' {
                quoted = false;
            }
        } else if byte == b'"' && at == start {
            quoted = true;
        } else if byte == delimiter {
            each(column, start..at);
            column += 1;
            start = at + 1;
        } else if byte == b'\n' || byte == b'\r' {
            break;
        }
        at += 1;
    }
    each(column, start..at);
    quoted
}

fn ends_in_quotes(row: &[u8], delimiter: u8) -> bool {
    walk_cells(row, delimiter, |_, _| {})
}

fn cell_range(row: &[u8], delimiter: u8, wanted: usize) -> Option<Range<usize>> {
    let mut found = None;
    walk_cells(row, delimiter, |column, range| {
        if column == wanted && !range.is_empty() {
            found = Some(range);
        }
    });
    found
}

/// A column as spreadsheets call it: A to Z, then AA.
fn letters(column: usize) -> String {
    let mut name = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        name.push(b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    name.reverse();
    name.into_iter().map(char::from).collect()
}

fn count(n: usize, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_in_a_spreadsheet() {
        for (column, name) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
        ] {
            assert_eq!(letters(column), name);
        }
    }

    #[test]
    fn the_delimiter_is_what_cuts_the_header() {
        assert_eq!(delimiter_of(b"id,title\n1;2;3;4,x"), b',');
        assert_eq!(delimiter_of(b"\r\nid;title,short;x\n"), b';');
        assert_eq!(delimiter_of(b"id\ttitle\n"), b'\t');
        assert_eq!(delimiter_of(b"\"a;b;c\",title"), b',');
        assert_eq!(delimiter_of(b"title"), b',');
    }

    #[test]
    fn quotes_left_open_are_seen_and_others_are_not() {
        for (row, open) in [
            ("a,\"b", true),
            ("a,\"b\"\"", true),
            ("a,\"b\n\nc,d", true),
            ("a,\"b\"\n", false),
            ("a,5\" pipe", false),
            ("a,\"b\"\"\"", false),
            ("\"\",\"\"", false),
        ] {
            assert_eq!(ends_in_quotes(row.as_bytes(), b','), open, "{row}");
        }
    }
}
