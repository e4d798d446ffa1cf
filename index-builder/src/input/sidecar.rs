//! What stands beside documents: `report.pdf.json`, `report.json`, and tables with a column `file`.
//!
//! Knows which file describes which. Such a file is no source of records itself. A table, or a
//! `report.json`, that has `id` or `url` too is one of records, whatever else it has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::csv::{self, Described};
use super::find::Sources;
use super::record::Entry;
use super::{Format, Source, json};
use crate::config::Rules;
use crate::problem::{Place, Problem};

/// Something that is said of a document beside it.
#[derive(Clone, Debug)]
pub(crate) enum Beside {
    /// A row of a table.
    Row(Arc<DescribedRow>),
    /// A file with a JSON object.
    Json(PathBuf),
}

/// A row of a table, as it stands there.
#[derive(Debug)]
pub(crate) struct DescribedRow {
    table: Arc<Described>,
    at: usize,
}

impl DescribedRow {
    /// What the row says, by the keys of its columns.
    pub(super) fn entries(&self, rules: &Rules) -> Result<Vec<Entry>, Problem> {
        self.table.entries(self.at, rules)
    }
}

/// Finds what stands beside documents, gives it to them, and takes it from the sources. Rows that
/// describe no document become problems, to be told with those of records.
pub(crate) fn pair(sources: &mut Sources, rules: &Rules) -> Result<Vec<Problem>, Problem> {
    // What lies among web pages is looked at last, and is no source of records in any case.
    let n_sources = sources.files.len();
    let among_pages = std::mem::take(&mut sources.beside_pages);
    sources.files.extend(among_pages);
    let (problems, taken) = describe(&mut sources.files, rules)?;
    let mut rest = sources.files.split_off(n_sources);
    let (own, among) = taken.split_at(n_sources);
    retain_free(&mut sources.files, own);
    retain_free(&mut rest, among);
    sources.beside_pages = rest;
    Ok(problems)
}

/// Leaves the files that describe nothing.
fn retain_free(files: &mut Vec<Source>, taken: &[bool]) {
    let mut taken = taken.iter();
    files.retain(|_| !taken.next().copied().unwrap_or(false));
}

/// Gives documents what stands beside them; tells which files do that, and which rows describe none.
fn describe(files: &mut [Source], rules: &Rules) -> Result<(Vec<Problem>, Vec<bool>), Problem> {
    let documents = files.iter().enumerate();
    let documents: BTreeMap<PathBuf, usize> = documents
        .filter(|(_, source)| matches!(source.format, Format::Document(_)))
        .map(|(at, source)| (source.path.clone(), at))
        .collect();
    let known: BTreeSet<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
    let mut beside: Vec<(usize, Beside)> = Vec::new();
    let mut taken = vec![false; files.len()];
    let mut problems = Vec::new();
    if documents.is_empty() {
        return Ok((problems, taken));
    }
    for (at, source) in files.iter().enumerate() {
        match source.format {
            // Whose columns are named is one of records, whatever else it has.
            Format::Csv if source.settings.table.columns.is_empty() => {
                let Some(table) = csv::described(source, rules)? else {
                    continue;
                };
                taken[at] = true;
                let table = Arc::new(table);
                let folder = source.path.parent().unwrap_or(Path::new(""));
                for (row, file) in table.files() {
                    let Some(document) = documents.get(&folder.join(&file)) else {
                        problems.push(no_document(&source.path, row, &file, &table));
                        continue;
                    };
                    let table = Arc::clone(&table);
                    let row = DescribedRow { table, at: row };
                    beside.push((*document, Beside::Row(Arc::new(row))));
                }
            }
            Format::Json => {
                let described = described_by(&source.path, &documents);
                taken[at] = !described.is_empty();
                let json = || Beside::Json(source.path.clone());
                beside.extend(described.into_iter().map(|document| (document, json())));
            }
            // What else there is has records of its own.
            _ => {}
        }
    }
    // Where the command line names a document, nobody walked through its folder.
    for (path, document) in &documents {
        let mut json = path.clone().into_os_string();
        json.push(".json");
        let json = PathBuf::from(json);
        if !known.contains(&json) && json.is_file() {
            beside.push((*document, Beside::Json(json)));
        }
    }
    // A file of its own says more than a row among others: it comes last, and wins.
    beside.sort_by_key(|(document, said)| (*document, matches!(said, Beside::Json(_))));
    for (document, said) in beside {
        if let Some(source) = files.get_mut(document) {
            source.beside.push(said);
        }
    }
    Ok((problems, taken))
}

/// The documents that a JSON file describes by its name: the one that it has whole, or all that differ
/// from it in their endings alone.
fn described_by(path: &Path, documents: &BTreeMap<PathBuf, usize>) -> Vec<usize> {
    let whole = path.with_extension("");
    if let Some(document) = documents.get(&whole) {
        return vec![*document];
    }
    let has_stem = |document: &PathBuf| document.with_extension("") == whole;
    let describes = || {
        let keys = json::keys_of_object(path);
        let is_record = |key: &String| matches!(key.as_str(), "id" | "url" | "records");
        keys.is_some_and(|keys| !keys.iter().any(is_record))
    };
    // Other documents can only stand between those that begin alike.
    let found: Vec<usize> = documents
        .range(whole.clone()..)
        .take_while(|(document, _)| {
            let (document, whole) = (document.as_os_str(), whole.as_os_str());
            document
                .as_encoded_bytes()
                .starts_with(whole.as_encoded_bytes())
        })
        .filter(|(document, _)| has_stem(document))
        .map(|(_, at)| *at)
        .collect();
    // The file is looked into only where its name fits.
    if found.is_empty() || !describes() {
        return Vec::new();
    }
    found
}

fn no_document(path: &Path, row: usize, file: &str, table: &Described) -> Problem {
    Problem::new(
        "no-such-document",
        format!("there is no document `{file}` to describe"),
        "correct the name, which counts from the table's folder, or take the row out",
    )
    .at(Place {
        field: Some("file".to_owned()),
        ..table.spot(row).place(path)
    })
}
