//! What is missing in documents for people who do not see them: told by a build, and asked for by
//! `--fail-on`.
//!
//! Knows what each finding is called. What a document has, `document` finds out.

use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::{Value, json};

use crate::document::Findings;
use crate::problem::Problem;

/// Most files that a note names.
const FILES_IN_NOTE: usize = 3;

/// Something that a document lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Finding {
    /// A PDF has no tags that tell a screen reader what is a heading, a list, a table.
    Untagged,
    /// A document states no title.
    Untitled,
    /// A document states no language.
    NoLanguage,
    /// Pages show something, but have no text: scans, mostly.
    ImageOnly,
}

/// The documents of a build: how many there are, and what some lack.
#[derive(Debug, Default)]
pub(crate) struct Found {
    n_documents: usize,
    /// Files with findings, in the order in which they were read.
    files: Vec<(PathBuf, Findings)>,
}

impl Finding {
    const ALL: [Finding; 4] = [
        Finding::Untagged,
        Finding::Untitled,
        Finding::NoLanguage,
        Finding::ImageOnly,
    ];

    fn is_in(self, findings: &Findings) -> bool {
        match self {
            Finding::Untagged => findings.is_untagged,
            Finding::Untitled => findings.is_untitled,
            Finding::NoLanguage => findings.has_no_lang,
            Finding::ImageOnly => !findings.unreadable_pages.is_empty(),
        }
    }

    /// Its name, which does not change between versions.
    fn name(self) -> &'static str {
        match self {
            Finding::Untagged => "untagged",
            Finding::Untitled => "untitled",
            Finding::NoLanguage => "no-language",
            Finding::ImageOnly => "image-only",
        }
    }

    /// What it says of one document, and of several.
    fn in_words(self, n: usize) -> &'static str {
        match (self, n) {
            (Finding::Untagged, 1) => "1 PDF has no tags for screen readers",
            (Finding::Untagged, _) => "PDFs have no tags for screen readers",
            (Finding::Untitled, 1) => "1 document states no title",
            (Finding::Untitled, _) => "documents state no title",
            (Finding::NoLanguage, 1) => "1 document states no language",
            (Finding::NoLanguage, _) => "documents state no language",
            (Finding::ImageOnly, 1) => "1 document has pages without text that can be searched",
            (Finding::ImageOnly, _) => "documents have pages without text that can be searched",
        }
    }
}

impl Found {
    /// Takes what a document lacks.
    pub(crate) fn add(&mut self, file: PathBuf, findings: Findings) {
        self.n_documents += 1;
        if Finding::ALL.iter().any(|finding| finding.is_in(&findings)) {
            self.files.push((file, findings));
        }
    }

    /// How many documents there are.
    pub(crate) fn n_documents(&self) -> usize {
        self.n_documents
    }

    /// Files with findings, in the order in which they were read, and for each finding what is lacking.
    pub(crate) fn by_file(&self) -> impl Iterator<Item = (&PathBuf, [Option<String>; 4])> {
        self.files.iter().map(|(file, findings)| {
            let lacks = Finding::ALL.map(|finding| {
                let lacks = finding.is_in(findings);
                lacks.then(|| match finding {
                    Finding::ImageOnly => pages_in_words(&findings.unreadable_pages),
                    _ => "missing".to_owned(),
                })
            });
            (file, lacks)
        })
    }

    /// Fails where a document lacks what a publisher insists on.
    pub(crate) fn check(&self, insisted: &[Finding]) -> Result<(), Problem> {
        let wrong = Finding::ALL
            .into_iter()
            .filter(|finding| insisted.contains(finding));
        let told: Vec<String> = wrong.filter_map(|finding| self.told(finding)).collect();
        if told.is_empty() {
            return Ok(());
        }
        Err(Problem::new(
            "document-findings",
            told.join("; "),
            "correct the documents in the programs that made them, or leave the finding out of \
             --fail-on; nothing was published",
        ))
    }

    /// A sentence for each finding, with its name.
    pub(crate) fn notes(&self) -> impl Iterator<Item = (&'static str, String)> {
        Finding::ALL
            .into_iter()
            .filter_map(|finding| Some((finding.name(), self.told(finding)?)))
    }

    /// How many documents there are, and those with findings.
    pub(crate) fn to_json(&self) -> Value {
        let files = self.files.iter().map(|(file, findings)| {
            json!({
                "file": file,
                "pages": findings.n_pages,
                "untagged": findings.is_untagged,
                "untitled": findings.is_untitled,
                "noLanguage": findings.has_no_lang,
                "imageOnlyPages": findings.unreadable_pages,
            })
        });
        json!({ "read": self.n_documents, "findings": files.collect::<Vec<_>>() })
    }

    /// `3 PDFs have no tags for screen readers: a.pdf, b.pdf and 1 more`
    fn told(&self, finding: Finding) -> Option<String> {
        let files = self.files.iter();
        let files: Vec<String> = files
            .filter(|(_, findings)| finding.is_in(findings))
            .map(|(file, findings)| match finding {
                Finding::ImageOnly => {
                    let pages = pages_in_words(&findings.unreadable_pages);
                    format!("{} ({pages} of {})", file.display(), findings.n_pages)
                }
                _ => file.display().to_string(),
            })
            .collect();
        let n = files.len();
        let words = match n {
            0 => return None,
            1 => finding.in_words(1).to_owned(),
            n => format!("{n} {}", finding.in_words(n)),
        };
        let named = files[..n.min(FILES_IN_NOTE)].join(", ");
        let more = match n.saturating_sub(FILES_IN_NOTE) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!("{words}: {named}{more}"))
    }
}

/// `pages 2, 4-6`
fn pages_in_words(pages: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for page in pages {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *page => *last = *page,
            _ => ranges.push((*page, *page)),
        }
    }
    let ranges: Vec<String> = ranges
        .iter()
        .map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        })
        .collect();
    let noun = if pages.len() == 1 { "page" } else { "pages" };
    format!("{noun} {}", ranges.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_name_some_files_and_count_the_rest() {
        let mut found = Found::default();
        found.add("fine.pdf".into(), Findings::default());
        for file in ["a.pdf", "b.pdf", "c.pdf", "d.pdf"] {
            let is_first = file == "a.pdf";
            let findings = Findings {
                is_untagged: true,
                unreadable_pages: if is_first { vec![2, 4, 5, 6] } else { vec![] },
                n_pages: 9,
                ..Findings::default()
            };
            found.add(file.into(), findings);
        }
        let notes: Vec<(&str, String)> = found.notes().collect();
        assert_eq!(
            notes,
            [
                (
                    "untagged",
                    "4 PDFs have no tags for screen readers: a.pdf, b.pdf, c.pdf and 1 more".to_owned()
                ),
                (
                    "image-only",
                    "1 document has pages without text that can be searched: a.pdf (pages 2, 4-6 of 9)"
                        .to_owned()
                ),
            ]
        );
        assert!(found.check(&[Finding::Untitled]).is_ok());
        assert!(
            found
                .check(&[Finding::ImageOnly, Finding::Untitled])
                .is_err()
        );
        assert_eq!(found.to_json()["read"], 5);
    }
}
