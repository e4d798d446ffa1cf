//! DOCX: paragraphs under their headings.
//!
//! Knows WordprocessingML (ECMA-376, part 1, section 17) as far as text needs it: paragraphs, styles
//! of headings, tables, notes. Text that was deleted under tracked changes is not there.

use std::collections::BTreeMap;

use super::pack::Pack;
use super::xml::{self, Node};
use super::{Document, Findings, Part, Unreadable, day_of, honest_authors, honest_title, tidy};

/// Where notes stand that the text refers to.
const NOTES: [&str; 2] = ["word/footnotes.xml", "word/endnotes.xml"];

/// Styles: which are headings, and which the title.
#[derive(Debug, Default)]
struct Styles {
    /// The level of headings by the style's id, from 0; the title has none.
    levels: BTreeMap<String, Option<u8>>,
    lang: Option<String>,
}

/// Reads a DOCX.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    let mut pack = Pack::open(bytes, "DOCX")?;
    let text = pack.needed("word/document.xml")?;
    let styles = pack.part("word/styles.xml")?.map(|bytes| styles(&bytes));
    let styles = styles.unwrap_or_default();
    let mut document = about(&mut pack)?;
    document.lang = document.lang.or_else(|| styles.lang.clone());
    document.findings.has_no_lang = document.lang.is_none();
    let mut gathering = Gathering::default();
    gathering.read(&text, &styles)?;
    for name in NOTES {
        if let Some(bytes) = pack.part(name)? {
            gathering.read(&bytes, &Styles::default())?;
        }
    }
    document.shown_title = gathering.title.clone();
    document.parts = gathering.finish();
    Ok(document)
}

/// What the properties of a packed Office document say.
pub(super) fn about(pack: &mut Pack<'_>) -> Result<Document, Unreadable> {
    let core = pack.part("docProps/core.xml")?;
    let about = core
        .map(|bytes| xml::dublin_core(&bytes))
        .unwrap_or_default();
    let title = about.title.as_deref().and_then(honest_title);
    Ok(Document {
        findings: Findings {
            is_untitled: title.is_none(),
            has_no_lang: about.language.is_none(),
            ..Findings::default()
        },
        title,
        authors: honest_authors(about.creators),
        lang: about.language,
        date: about.modified.as_deref().and_then(day_of),
        ..Document::default()
    })
}

/// Reads which styles are headings: by their level in the outline, or by their names, which are
/// English in the file whatever the program's language.
fn styles(bytes: &[u8]) -> Styles {
    let mut styles = Styles::default();
    let mut id = String::new();
    let _ = xml::walk(bytes, |node| {
        let Node::Start(element) = node else { return };
        let value = || element.get("val").unwrap_or_default();
        match element.name {
            "style" => id = element.get("styleId").unwrap_or_default(),
            "name" => {
                let name = value().to_lowercase();
                if name == "title" {
                    styles.levels.insert(id.clone(), None);
                } else if let Some(level) = name.strip_prefix("heading ") {
                    let level: u8 = level.trim().parse().unwrap_or(1);
                    styles
                        .levels
                        .insert(id.clone(), Some(level.saturating_sub(1)));
                }
            }
            "outlineLvl" if !id.is_empty() => {
                let level = value().parse().ok().filter(|level| *level < 9);
                if let Some(level) = level {
                    styles.levels.entry(id.clone()).or_insert(Some(level));
                }
            }
            "lang" if styles.lang.is_none() => {
                styles.lang = element.get("val").filter(|tag| !tag.is_empty());
            }
            _ => {}
        }
    });
    styles
}

/// Parts as they are read.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    parts: Vec<Part>,
    part: Part,
    /// The first paragraph in the style of titles.
    pub(super) title: Option<String>,
}

impl Gathering {
    /// Takes a paragraph as text.
    pub(super) fn text(&mut self, paragraph: &str) {
        let paragraph = tidy(paragraph);
        if paragraph.is_empty() {
            return;
        }
        if !self.part.text.is_empty() {
            self.part.text.push('\n');
        }
        self.part.text.push_str(&paragraph);
    }

    /// Takes a paragraph as the heading of what follows.
    pub(super) fn heading(&mut self, paragraph: &str) {
        let heading = tidy(paragraph);
        if heading.is_empty() {
            return;
        }
        self.end_part();
        self.part.heading = heading;
    }

    fn end_part(&mut self) {
        let part = std::mem::take(&mut self.part);
        if part != Part::default() {
            self.parts.push(part);
        }
    }

    /// All parts.
    pub(super) fn finish(mut self) -> Vec<Part> {
        self.end_part();
        self.parts
    }

    fn read(&mut self, bytes: &[u8], styles: &Styles) -> Result<(), Unreadable> {
        // Paragraphs stand in text boxes in paragraphs: each has its own text.
        let mut open: Vec<(String, Option<Option<u8>>)> = Vec::new();
        let mut is_text = false;
        let mut n_deleted = 0_u32;
        let mut n_rows = 0_u32;
        let mut row = String::new();
        xml::walk(bytes, |node| match node {
            Node::Start(element) => match element.name {
                "p" => open.push((String::new(), None)),
                "pStyle" => {
                    let style = element.get("val").unwrap_or_default();
                    if let (Some((_, level)), Some(known)) =
                        (open.last_mut(), styles.levels.get(&style))
                    {
                        *level = Some(*known);
                    }
                }
                "outlineLvl" => {
                    let level = element.get("val").and_then(|level| level.parse().ok());
                    if let (Some((_, known)), Some(level)) = (open.last_mut(), level)
                        && level < 9
                    {
                        *known = Some(Some(level));
                    }
                }
                "t" => is_text = true,
                "tab" | "br" | "cr" => {
                    if let Some((text, _)) = open.last_mut() {
                        text.push(' ');
                    }
                }
                "noBreakHyphen" => {
                    if let Some((text, _)) = open.last_mut() {
                        text.push('-');
                    }
                }
                // Text boxes stand a second time for old programs.
                "Fallback" | "del" | "moveFrom" => n_deleted += 1,
                "tr" => n_rows += 1,
                _ => {}
            },
            Node::Text(piece) => {
                if is_text
                    && n_deleted == 0
                    && let Some((text, _)) = open.last_mut()
                {
                    text.push_str(piece);
                }
            }
            Node::End("t") => is_text = false,
            Node::End("Fallback" | "del" | "moveFrom") => n_deleted = n_deleted.saturating_sub(1),
            Node::End("p") => match open.pop() {
                Some((text, _)) if n_rows > 0 => {
                    row.push_str(&text);
                    row.push(' ');
                }
                Some((text, Some(Some(_)))) => self.heading(&text),
                Some((text, Some(None))) if self.title.is_none() && !text.trim().is_empty() => {
                    self.title = Some(tidy(&text));
                    self.text(&text);
                }
                Some((text, _)) => self.text(&text),
                None => {}
            },
            Node::End("tr") => {
                n_rows = n_rows.saturating_sub(1);
                if n_rows == 0 {
                    self.text(&std::mem::take(&mut row));
                }
            }
            Node::End(_) => {}
        })
    }
}
