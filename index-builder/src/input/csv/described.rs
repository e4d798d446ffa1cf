//! Tables whose rows describe documents: the column `file` names the document of each.
//!
//! Knows how such a table is told from one of records. Which documents there are, `sidecar` knows.

use std::path::PathBuf;

use super::columns::{Header, TableRules};
use super::{Opened, Row, Table};
use crate::config::Rules;
use crate::input::feed::{Form, Wrong};
use crate::input::record::Entry;
use crate::input::{Source, Spot};
use crate::problem::Problem;

/// The column of a table that says which document a row describes.
const FILE: &str = "file";

/// A table that describes documents: each row the one that its column `file` names.
#[derive(Debug)]
pub(in crate::input) struct Described {
    path: PathBuf,
    delimiter: u8,
    header: Vec<String>,
    rows: Vec<Row>,
}

/// Reads a table that describes documents; `None` if it has no column `file`, or names records.
pub(in crate::input) fn described(
    source: &Source,
    rules: &Rules,
) -> Result<Option<Described>, Problem> {
    let path = &source.path;
    // Whoever reads it for records tells what is wrong.
    let Ok(Opened {
        mut reader,
        mut rows,
        delimiter,
    }) = Opened::new(source)
    else {
        return Ok(None);
    };
    let first = rows.next(&mut reader, path)?;
    let headings = first.cells.iter().map(|cell| {
        let heading = String::from_utf8_lossy(cell);
        match heading.trim().to_lowercase() {
            lower if lower == FILE => lower,
            _ => rules.key_of_heading(heading.trim()),
        }
    });
    let header: Vec<String> = headings.collect();
    let has = |wanted: &str| header.iter().any(|key| key == wanted);
    if !has(FILE) || has("id") || has("url") {
        return Ok(None);
    }
    let mut described = Described {
        path: path.to_owned(),
        delimiter,
        header,
        rows: Vec::new(),
    };
    loop {
        let row = rows.next(&mut reader, path)?;
        if row.bytes.is_empty() {
            return Ok(Some(described));
        }
        if row.cells.iter().any(|cell| !cell.trim_ascii().is_empty()) {
            described.rows.push(row);
        }
    }
}

impl Described {
    /// Which file each row describes, with the row's place in the table.
    pub(in crate::input) fn files(&self) -> impl Iterator<Item = (usize, String)> {
        let column = self.header.iter().position(|key| key == FILE);
        self.rows.iter().enumerate().map(move |(at, row)| {
            let cell = column.and_then(|column| row.cells.get(column));
            let file = String::from_utf8_lossy(cell.unwrap_or_default());
            let file = file.trim().replace('\\', "/");
            (at, file.trim_start_matches("./").to_owned())
        })
    }

    /// Where a row stands.
    pub(in crate::input) fn spot(&self, at: usize) -> Spot {
        let row = self.rows.get(at);
        row.map_or(Spot::default(), |row| row.spot)
    }

    /// What a row says of its document.
    pub(in crate::input) fn entries(
        &self,
        at: usize,
        rules: &Rules,
    ) -> Result<Vec<Entry>, Problem> {
        let Some(row) = self.rows.get(at) else {
            return Ok(Vec::new());
        };
        let table = Table {
            path: &self.path,
            delimiter: self.delimiter,
            header: Header {
                keys: self.header.clone(),
                ..Header::default()
            },
            settings: &TableRules::default(),
            rules,
        };
        let mut entries = match table.entries(&row.cells, row.spot) {
            Ok(entries) => entries,
            Err(Wrong::LeftOut) => Vec::new(),
            Err(Wrong::Fault(fault)) => return Err(Form::problem(&table, row, fault)),
            Err(Wrong::Problem(problem)) => return Err(problem),
        };
        entries.retain(|entry| entry.key != FILE);
        Ok(entries)
    }
}
