//! The readers of sources, for fuzzing: any bytes, read as a format, give records or a problem.
//!
//! Knows how a source is read; keeps nothing of what it gives. No part of what other programs may rely on.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use speir::{IndexBuilder, Prepared, Schema};

use crate::config::Rules;
use crate::document::Kind;
use crate::input::{Ahead, Fault, Format, Preparer, Settings, Sink, Source, Spot};
use crate::problem::Problem;

/// What bytes are read as.
const FORMATS: [(&str, Format); 15] = [
    ("html", Format::Html),
    ("pdf", Format::Document(Kind::Pdf)),
    ("wxr", Format::Wordpress),
    ("csv", Format::Csv),
    ("md", Format::Markdown),
    ("json", Format::Json),
    ("jsonl", Format::Jsonl),
    ("drupal", Format::Drupal),
    ("rss", Format::Rss),
    ("sitemap", Format::Sitemap),
    ("docx", Format::Document(Kind::Docx)),
    ("odt", Format::Document(Kind::Odt)),
    ("xlsx", Format::Document(Kind::Xlsx)),
    ("ods", Format::Document(Kind::Ods)),
    ("pptx", Format::Document(Kind::Pptx)),
];

/// Takes each record, and goes on after each problem.
struct Taking {
    builder: IndexBuilder,
    n_records: u32,
}

impl Sink for Taking {
    fn preparer(&self) -> Preparer {
        Preparer::new(self.builder.reader(), &Arc::default())
    }

    fn take(&mut self, prepared: &Prepared<'_>, _spot: Spot) -> Result<(), Fault> {
        // What the core refuses is refused in words: two records with one id, and its limits.
        self.n_records += u32::from(self.builder.add_prepared(prepared).is_ok());
        Ok(())
    }

    fn refuse(&mut self, _problem: Problem) -> Result<(), Problem> {
        Ok(())
    }

    fn progress(&mut self, _n_bytes: u64) {}
}

/// Reads bytes as a format, in a folder that is the caller's to make and remove; gives how many records
/// they held.
///
/// # Panics
///
/// Where there is no such format, the folder cannot be written to, or a reader breaks its promise.
pub fn read(format: &str, bytes: &[u8], folder: &Path) -> u32 {
    let known = FORMATS.iter().find(|(name, _)| *name == format);
    let (_, format) = *known.unwrap_or_else(|| panic!("no format `{format}`"));
    let path = folder.join("source");
    fs::write(&path, bytes).expect("the folder can be written to");
    let mut source = Source::file(path.clone(), format, &Arc::<Settings>::default());
    if matches!(format, Format::Html | Format::Markdown) {
        source.pages = vec![path];
    }
    source.survey(&mut Default::default());
    let mut taking = Taking {
        builder: IndexBuilder::new(Schema::default()),
        n_records: 0,
    };
    let rules = Rules::default();
    // A problem is an answer.
    let _problem = Ahead::default().read(&[source], 0, &rules, &mut taking);
    taking.n_records
}
