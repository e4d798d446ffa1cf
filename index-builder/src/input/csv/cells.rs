//! Cells as they are written in a row: what cuts them, where each stands, and what it is called.
//!
//! Knows quotes and delimiters, and the letters of columns. Reads no files.

use std::ops::Range;

/// The characters that can stand between two cells, the likeliest first.
pub(super) const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The character that cuts the first line into most cells.
pub(super) fn delimiter_of(bytes: &[u8]) -> u8 {
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

pub(super) fn ends_in_quotes(row: &[u8], delimiter: u8) -> bool {
    walk_cells(row, delimiter, |_, _| {})
}

pub(super) fn cell_range(row: &[u8], delimiter: u8, wanted: usize) -> Option<Range<usize>> {
    let mut found = None;
    walk_cells(row, delimiter, |column, range| {
        if column == wanted && !range.is_empty() {
            found = Some(range);
        }
    });
    found
}

/// A column as spreadsheets call it: A to Z, then AA.
pub(super) fn letters(column: usize) -> String {
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
