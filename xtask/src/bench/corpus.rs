//! The records that are measured: some as JSON lines, and the same as pages for Pagefind.
//!
//! One record is held back from the middle: with it a second index is built, to see how much of
//! the first a publisher sends again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value as Json;

use super::books;
use crate::packages;
use crate::run::{root, work_dir};

/// More packages than Debian has: all of them are meant.
pub(super) const ALL: usize = usize::MAX;

/// The records of the example site.
const EXAMPLE: &str = "examples/resource-library/resources.json";

/// Which records are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The catalogue of the example site: the smallest that there is.
    Example,
    /// This many of Debian's package descriptions.
    Packages(usize),
    /// The English books that rustup installs with Rust.
    Books,
}

impl Kind {
    /// A name for files.
    pub(super) fn name(self) -> String {
        match self {
            Kind::Packages(ALL) => "all".to_owned(),
            Kind::Packages(n_records) => n_records.to_string(),
            Kind::Books => "books".to_owned(),
            Kind::Example => "example".to_owned(),
        }
    }

    /// What the records are.
    fn what(self) -> &'static str {
        match self {
            Kind::Packages(_) => "packages",
            Kind::Books => "pages of Rust's books",
            Kind::Example => "resources of the example",
        }
    }
}

/// Records, and where they lie as files.
pub(super) struct Corpus {
    /// Such as "10,000 packages".
    pub(super) name: String,
    pub(super) kind: Kind,
    /// All but the one that is held back.
    pub(super) records: Vec<Json>,
    /// Bytes of the records as JSON lines.
    pub(super) n_bytes: usize,
    folder: PathBuf,
}

impl Corpus {
    /// Makes the files in a folder of this name, which is emptied; `None`, and a line that says why, where the records are not to be had.
    pub(super) fn make(kind: Kind, folder: &str) -> Result<Option<Corpus>> {
        let folder = work_dir("bench")?.join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        fs::create_dir_all(&folder)?;
        let pages = folder.join("pages/p");
        let found = match kind {
            Kind::Packages(n_records) => packages(n_records)?,
            Kind::Books => books::books(&pages)?,
            Kind::Example => Some(with_addresses(example()?)),
        };
        let Some(mut records) = found else {
            println!(
                "{}: left out, as this machine has no such records",
                kind.name()
            );
            return Ok(None);
        };
        if kind != Kind::Books {
            for record in &records {
                write(&pages.join(page_name(record)), &page(record))?;
            }
        }
        write(&folder.join("one-more.jsonl"), &lines(&records))?;
        let held_back = records.remove(records.len() / 2);
        let page_of_it = pages.join(page_name(&held_back));
        let aside = folder.join("one-more.html");
        fs::rename(&page_of_it, &aside)?;
        let text = lines(&records);
        write(&folder.join("records.jsonl"), &text)?;
        Ok(Some(Corpus {
            name: format!("{} {}", thousands(records.len()), kind.what()),
            kind,
            n_bytes: text.len(),
            records,
            folder,
        }))
    }

    /// The corpus with the record that was held back, as files of the same names.
    pub(super) fn source(&self, with_one_more: bool) -> PathBuf {
        let name = if with_one_more {
            "one-more.jsonl"
        } else {
            "records.jsonl"
        };
        self.folder.join(name)
    }

    /// The folder of pages, with or without that of the record that was held back.
    pub(super) fn pages(&self, with_one_more: bool) -> Result<PathBuf> {
        let records = fs::read_to_string(self.source(true))?;
        let held_back = records.lines().nth(self.records.len().div_ceil(2));
        let held_back: Json = serde_json::from_str(held_back.context("no record was held back")?)?;
        let (aside, place) = (
            self.folder.join("one-more.html"),
            self.folder.join("pages/p").join(page_name(&held_back)),
        );
        match (with_one_more, aside.exists()) {
            (true, true) => fs::rename(&aside, &place)?,
            (false, false) => fs::rename(&place, &aside)?,
            _ => {}
        }
        Ok(self.folder.join("pages"))
    }

    /// A file or folder of this corpus.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// True where the records have values to count.
    pub(super) fn has_facets(&self) -> bool {
        self.kind != Kind::Books
    }
}

/// Packages, one more than was asked for.
fn packages(n_records: usize) -> Result<Option<Vec<Json>>> {
    let wanted = n_records.saturating_add(1);
    Ok(packages::packages(wanted)?.map(with_addresses))
}

fn example() -> Result<Vec<Json>> {
    let path = root().join(EXAMPLE);
    let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} holds no records", path.display()))
}

/// Every record with the address of its page.
fn with_addresses(mut records: Vec<Json>) -> Vec<Json> {
    for record in &mut records {
        record["url"] = Json::from(format!("p/{}", page_name(record)));
    }
    records
}

/// The texts of a field: none, one, or those of a list.
pub(super) fn texts<'a>(record: &'a Json, field: &str) -> Vec<&'a str> {
    match &record[field] {
        Json::Array(all) => all.iter().filter_map(Json::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

fn page_name(record: &Json) -> String {
    format!("{}.html", record["id"].as_str().unwrap_or_default())
}

/// A record as the page that a site would have for it.
fn page(record: &Json) -> String {
    let text = |field: &str| escaped(record[field].as_str().unwrap_or_default());
    let paragraphs: Vec<String> = text("body")
        .split("\n\n")
        .map(|paragraph| format!("<p>{paragraph}</p>"))
        .collect();
    let mut filters = Vec::new();
    for field in ["type", "organisations", "topics"] {
        for value in texts(record, field).into_iter().map(escaped) {
            filters.push(format!(
                "<meta data-pagefind-filter=\"{field}[content]\" content=\"{value}\">"
            ));
        }
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<title>{title}</title>\n<main>\n{filters}\n\
         <h1>{title}</h1>\n<p>{description}</p>\n{body}\n</main>\n</html>\n",
        title = text("title"),
        filters = filters.join("\n"),
        description = text("description"),
        body = paragraphs.join("\n"),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn lines(records: &[Json]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// A number with a comma before each three digits.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_parted_by_threes() {
        assert_eq!(thousands(1), "1");
        assert_eq!(thousands(1_000), "1,000");
        assert_eq!(thousands(63_666), "63,666");
    }
}
