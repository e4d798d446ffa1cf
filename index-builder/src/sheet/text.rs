//! A sheet as plain text, for logs and mails.
//!
//! Knows columns of characters. Knows nothing of what the figures mean.

use std::fmt::Write;

use super::{Sheet, Table};
use crate::problem::shorten;

/// Most characters of a cell, so that a table stays one in a window of usual width.
const MOST_IN_CELL: usize = 60;

/// The sheet as text.
pub(crate) fn text(sheet: &Sheet) -> String {
    let mut out = format!("{}\n{}\n", sheet.title, sheet.made);
    for part in &sheet.parts {
        let line = "-".repeat(part.heading.len());
        // Writing into a String does not fail; the same below.
        let _ = write!(out, "\n{}\n{line}\n", part.heading);
        for sentence in &part.sentences {
            let _ = writeln!(out, "{sentence}");
        }
        for table in &part.tables {
            write_table(&mut out, table);
        }
    }
    out
}

fn write_table(out: &mut String, table: &Table) {
    let headings = table
        .columns
        .iter()
        .map(|(_, heading)| (*heading).to_owned());
    let rows = table.rows.iter().map(|row| {
        let cells = row.iter();
        cells
            .map(|cell| shorten(&cell.in_words(), MOST_IN_CELL))
            .collect()
    });
    let rows: Vec<Vec<String>> = std::iter::once(headings.collect()).chain(rows).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..table.columns.len()).map(width).collect();
    let is_number = |column: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.get(column));
        cells.any(super::Cell::is_number)
    };
    let _ = writeln!(out, "\n{}", table.caption);
    for row in &rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = widths.get(column).copied().unwrap_or(0);
            let _ = match is_number(column) {
                true => write!(line, "  {cell:>width$}"),
                false => write!(line, "  {cell:width$}"),
            };
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    if let Some(rest) = &table.rest {
        let _ = writeln!(out, "  {rest}");
    }
}
