//! From the bytes of a document to its text, in parts that a result can lead to.
//!
//! Knows the kinds of documents and what is read of each: `pdf` by page, `word` (DOCX), `open` (ODT)
//! and `slides` (PPTX) by heading or slide, `sheets` (XLSX, ODS) by sheet, `plain` text as it is.
//! Knows no paths, no records and no command line. Bytes are guilty: parsing stands behind limits,
//! and a parser that panics costs its file and nothing else.

mod flow;
mod guard;
mod open;
mod pack;
mod pdf;
mod plain;
mod sheets;
mod slides;
#[cfg(test)]
mod tests;
mod word;
mod xml;

use serde::{Deserialize, Serialize};

pub(crate) use sheets::Table;

/// Most bytes of a file: what is larger is no document that people read in a browser.
pub(crate) const MAX_FILE_BYTES: u64 = 512 << 20;

/// Most bytes of text of one document: 60 novels.
const MAX_TEXT_BYTES: usize = 32 << 20;

/// A document as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Document {
    /// The title that the document states as its own.
    pub(crate) title: Option<String>,
    /// What looks like a title in its text.
    pub(crate) shown_title: Option<String>,
    /// Who wrote it, as it states.
    pub(crate) authors: Vec<String>,
    /// The language tag that it states, unchecked.
    pub(crate) lang: Option<String>,
    /// The day of its making, or of its last change, as `2016-06-14`.
    pub(crate) date: Option<String>,
    /// Its text, in reading order; parts without text are left out.
    pub(crate) parts: Vec<Part>,
    /// What keeps people from reading it with a screen reader.
    pub(crate) findings: Findings,
}

/// A part of a document: a page, a chapter, a slide, a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// What it is called; empty for what stands before the first heading.
    pub(crate) heading: String,
    /// What leads to it in a link, behind the `#`.
    pub(crate) anchor: Option<String>,
    /// Its text, a paragraph a line.
    pub(crate) text: String,
}

/// What is missing in a document for people who do not see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Findings {
    /// A PDF without the tags that tell headings, lists and tables.
    pub(crate) is_untagged: bool,
    /// No title is stated, so that a program announces the file's name.
    pub(crate) is_untitled: bool,
    /// No language is stated, so that a program reads it out in any.
    pub(crate) has_no_lang: bool,
    /// Pages, from 1, that show something but have no text: scans, mostly.
    pub(crate) unreadable_pages: Vec<u32>,
    /// How many pages there are; 0 where the document has none.
    pub(crate) n_pages: u32,
}

/// The kinds of documents that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Portable Document Format.
    Pdf,
    /// A text of Microsoft Word.
    Docx,
    /// A text of LibreOffice and others.
    Odt,
    /// Slides of Microsoft PowerPoint.
    Pptx,
    /// A spreadsheet of Microsoft Excel.
    Xlsx,
    /// A spreadsheet of LibreOffice and others.
    Ods,
    /// Text without any form.
    Text,
}

/// A spreadsheet: records, or text.
#[derive(Debug)]
pub(crate) enum Sheets {
    /// Its first sheet, whose first row has headings.
    Table(Table),
    /// All that can be read in it.
    Document(Box<Document>),
}

/// Why a document cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// A short name that does not change between versions.
    pub(crate) code: &'static str,
    /// What is wrong.
    pub(crate) reason: String,
    /// What to do.
    pub(crate) advice: &'static str,
}

impl Kind {
    /// The kind that an ending tells, in small letters.
    pub(crate) fn of_ending(ending: &str) -> Option<Kind> {
        match ending {
            "pdf" => Some(Kind::Pdf),
            "docx" | "docm" | "dotx" => Some(Kind::Docx),
            "odt" => Some(Kind::Odt),
            "pptx" | "ppsx" | "pptm" => Some(Kind::Pptx),
            "xlsx" | "xlsm" => Some(Kind::Xlsx),
            "ods" => Some(Kind::Ods),
            "txt" => Some(Kind::Text),
            _ => None,
        }
    }

    /// What readers know the kind as.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Pdf => "PDF",
            Kind::Docx => "DOCX",
            Kind::Odt => "ODT",
            Kind::Pptx => "PPTX",
            Kind::Xlsx => "XLSX",
            Kind::Ods => "ODS",
            Kind::Text => "TXT",
        }
    }
}

/// Reads a document.
///
/// Takes a thread of its own, as parsers of nested forms want more stack than a worker has.
///
/// # Errors
///
/// What cannot be read at all, is encrypted, or is beyond the limits.
pub(crate) fn read(bytes: &[u8], kind: Kind) -> Result<Document, Unreadable> {
    guard::run(|| {
        let document = match kind {
            Kind::Pdf => pdf::read(bytes),
            Kind::Docx => word::read(bytes),
            Kind::Odt => open::read(bytes),
            Kind::Pptx => slides::read(bytes),
            Kind::Xlsx | Kind::Ods => sheets::read(bytes, kind).map(|book| book.document()),
            Kind::Text => plain::read(bytes),
        }?;
        let n_bytes: usize = document.parts.iter().map(|part| part.text.len()).sum();
        if n_bytes > MAX_TEXT_BYTES {
            return Err(Unreadable::too_large());
        }
        Ok(document)
    })
}

/// Reads a spreadsheet, and its first sheet as a table if `is_header` says so of the first row.
///
/// # Errors
///
/// As of [`read`].
pub(crate) fn read_book(
    bytes: &[u8],
    kind: Kind,
    is_header: impl Fn(&[String]) -> bool + Sync,
) -> Result<Sheets, Unreadable> {
    guard::run(|| sheets::read(bytes, kind).map(|book| book.table_or_document(&is_header)))
}

impl Unreadable {
    fn new(code: &'static str, reason: impl Into<String>, advice: &'static str) -> Unreadable {
        Unreadable {
            code,
            reason: reason.into(),
            advice,
        }
    }

    fn damaged(what: &str) -> Unreadable {
        Unreadable::new(
            "document-damaged",
            format!(
                "the file cannot be read as {what}: it is damaged, cut short, or something else"
            ),
            "open it in the program that made it and save it again, or take it out of the folder",
        )
    }

    fn encrypted() -> Unreadable {
        Unreadable::new(
            "document-encrypted",
            "the file opens with a password only",
            "save it without a password, or take it out of the folder",
        )
    }

    fn too_large() -> Unreadable {
        Unreadable::new(
            "document-too-large",
            "the file holds more than a document can: over 32 MB of text, or pages and objects \
             beyond the limits",
            "split it into several documents, or take it out of the folder",
        )
    }

    /// A file that is not even looked into.
    pub(crate) fn too_many_bytes() -> Unreadable {
        Unreadable::new(
            "document-too-large",
            "the file is larger than 512 MB",
            "take its pictures out or split it, or take it out of the folder",
        )
    }

    fn bomb() -> Unreadable {
        Unreadable::new(
            "document-bomb",
            "the file unpacks to far more than its size allows: it is no honest document",
            "take it out of the folder, and ask where it comes from",
        )
    }
}

/// Joins what is parted by spaces, breaks or nothing to be seen.
fn tidy(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// A text that says something, tidied.
fn said(text: &str) -> Option<String> {
    Some(tidy(text)).filter(|text| text.chars().any(char::is_alphanumeric))
}

/// What programs put before the name of a file when they print it.
const PRINTED_FROM: [&str; 3] = [
    "Microsoft Word - ",
    "Microsoft PowerPoint - ",
    "Microsoft Excel - ",
];

/// Endings of files that programs state as titles.
const WORKING_FILES: [&str; 9] = [
    ".doc", ".docx", ".indd", ".pdf", ".ppt", ".pptx", ".qxd", ".xls", ".xlsx",
];

/// What programs state where nobody gave a title, also with a number behind it.
const NO_TITLES: [&str; 8] = [
    "(anonymous)",
    "(unspecified)",
    "document",
    "powerpoint presentation",
    "presentation",
    "slide",
    "title",
    "untitled",
];

/// What programs state where nobody gave an author.
const NO_AUTHORS: [&str; 6] = [
    "(anonymous)",
    "admin",
    "administrator",
    "anonymous",
    "unknown",
    "user",
];

/// A title that a person gave, and not a program.
fn honest_title(text: &str) -> Option<String> {
    let title = said(text)?;
    let inner = PRINTED_FROM
        .iter()
        .find_map(|program| title.strip_prefix(program))
        .unwrap_or(&title);
    let lower = inner.to_lowercase();
    let is_file = WORKING_FILES.iter().any(|ending| lower.ends_with(ending));
    let unnumbered = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
    let is_made_up = NO_TITLES.contains(&unnumbered);
    (!is_file && !is_made_up).then(|| inner.to_owned())
}

/// Authors that are persons or bodies, as far as that can be told.
fn honest_authors(authors: impl IntoIterator<Item = String>) -> Vec<String> {
    let authors = authors.into_iter().filter_map(|author| said(&author));
    authors
        .filter(|author| !NO_AUTHORS.contains(&author.to_lowercase().as_str()))
        .collect()
}

/// The day of a time such as `2016-06-14T09:30:00Z`.
fn day_of(time: &str) -> Option<String> {
    let day = time.trim().get(..10)?;
    speir::date::parse(day).map(|_| day.to_owned())
}
