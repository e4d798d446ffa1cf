//! Links to files: what they are called, and what kind of file it is.
//!
//! Knows endings, and words that name no file. Knows no files.

use serde::{Deserialize, Deserializer, Serialize};

use super::Page;

/// What readers are told of a kind of file: `PDF`, `Excel`. A name of its own, as serde would borrow a
/// reference from what it reads.
pub(crate) type FormatName = &'static str;

/// A link to a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Download {
    /// As written.
    pub(crate) href: String,
    /// What the file is called.
    pub(crate) title: Option<String>,
    #[serde(deserialize_with = "known_format")]
    pub(crate) format: FormatName,
    /// The heading above the link.
    pub(crate) below: Option<String>,
}

/// Endings of files that readers download, and what the files are called.
const FORMATS: [(&str, &str); 19] = [
    ("pdf", "PDF"),
    ("doc", "Word"),
    ("docx", "Word"),
    ("odt", "OpenDocument text"),
    ("rtf", "RTF"),
    ("xls", "Excel"),
    ("xlsx", "Excel"),
    ("xlsm", "Excel"),
    ("ods", "OpenDocument spreadsheet"),
    ("csv", "CSV"),
    ("ppt", "PowerPoint"),
    ("pptx", "PowerPoint"),
    ("odp", "OpenDocument slides"),
    ("epub", "EPUB"),
    ("zip", "ZIP"),
    ("mp3", "MP3"),
    ("mp4", "MP4"),
    ("kml", "KML"),
    ("geojson", "GeoJSON"),
];

/// What a kind of file is called, if it is one of these.
fn known_format<'de, D: Deserializer<'de>>(from: D) -> Result<FormatName, D::Error> {
    let name = String::deserialize(from)?;
    let known = FORMATS.iter().find(|(_, known)| **known == name);
    let known = known.map(|(_, known)| *known);
    known.ok_or_else(|| serde::de::Error::custom("no kind of file"))
}

/// Words of links that say nothing of what is behind them, in English, Welsh and Gaelic.
const EMPTY_WORDS: [&str; 43] = [
    "a",
    "an",
    "as",
    "button",
    "click",
    "csv",
    "doc",
    "document",
    "docx",
    "download",
    "downloads",
    "excel",
    "file",
    "for",
    "from",
    "full",
    "get",
    "here",
    "in",
    "kb",
    "link",
    "mb",
    "more",
    "now",
    "open",
    "pdf",
    "powerpoint",
    "read",
    "resource",
    "resources",
    "the",
    "this",
    "to",
    "version",
    "view",
    "website",
    "word",
    "yma",
    "lawrlwytho",
    "lawrlwythwch",
    "luchdaich",
    "sìos",
    "an-seo",
];

/// Headings above links that say no more than that there are some, in small letters.
const EMPTY_HEADINGS: [&str; 12] = [
    "attachments",
    "documents",
    "download",
    "downloads",
    "files",
    "find out more",
    "further information",
    "further reading",
    "more information",
    "related documents",
    "resources",
    "lawrlwythiadau",
];

/// Whether a heading says nothing of the files below it.
pub(super) fn is_empty_heading(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    EMPTY_HEADINGS.contains(&heading.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// What kind of file a link leads to, if it is one to download.
pub(super) fn format_of(href: &str) -> Option<&'static str> {
    let path = href.trim().split(['?', '#']).next()?;
    let (_, ending) = path.rsplit('/').next()?.rsplit_once('.')?;
    let known = FORMATS.iter();
    let mut known = known.filter(|(known, _)| ending.eq_ignore_ascii_case(known));
    known.next().map(|(_, format)| *format)
}

/// Gives each download a name of its own: that of its link, without "Download", or where the link says
/// nothing ("here", "Download Resource") that of the heading above it, else of the page. Each file is
/// kept once.
pub(super) fn name(page: &mut Page) {
    let title = page.titles.first().cloned();
    let mut downloads: Vec<Download> = Vec::new();
    for mut download in std::mem::take(&mut page.downloads) {
        let own = download.title.take().and_then(|text| own_name(&text));
        download.title = own;
        match downloads
            .iter_mut()
            .find(|known| known.href == download.href)
        {
            Some(known) => known.title = known.title.take().or(download.title),
            None => downloads.push(download),
        }
    }
    for download in &mut downloads {
        if download.title.is_none() {
            download.title = download.below.clone().or_else(|| title.clone());
        }
    }
    page.downloads = downloads;
}

/// What a link calls a file, if it says more than that there is one.
fn own_name(text: &str) -> Option<String> {
    let is_empty_word = |word: &str| {
        let word = word
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        let number = word.trim_end_matches(char::is_alphabetic);
        let is_size = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.');
        is_size || EMPTY_WORDS.contains(&word.as_str()) || word.is_empty()
    };
    if text.split_whitespace().all(is_empty_word) {
        return None;
    }
    let mut words = text.splitn(2, char::is_whitespace);
    let (first, rest) = (words.next()?, words.next());
    let is_verb = ["download", "lawrlwytho", "lawrlwythwch"]
        .contains(&first.trim_end_matches(':').to_lowercase().as_str());
    Some(match rest {
        Some(rest) if is_verb => rest.trim_start_matches("the ").to_owned(),
        _ => text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_what_is_downloaded() {
        let check =
            |href: &str, format: Option<&str>| assert_eq!(format_of(href), format, "{href}");
        check("/files/a.pdf", Some("PDF"));
        check(" a/B.XLSX?download=1#page=2 ", Some("Excel"));
        check("https://example.org/a.html", None);
        check("https://example.pdf/a", None);
        check("a.pdf/", None);
        check("", None);
    }

    #[test]
    fn words_that_name_no_file_are_no_name() {
        let check = |text: &str, name: Option<&str>| {
            assert_eq!(own_name(text).as_deref(), name, "{text}");
        };
        for text in [
            "Download Resource",
            "here",
            "Click here to download (PDF, 1.2MB)",
            "PDF 240 KB",
            "Lawrlwytho yma",
            "",
            "\u{2193}",
        ] {
            check(text, None);
        }
        check("Download Conference Report", Some("Conference Report"));
        check("Download the Annual plan (PDF)", Some("Annual plan (PDF)"));
        check("Annual plan", Some("Annual plan"));
    }
}
