//! ODT: paragraphs under their headings.
//!
//! Knows OpenDocument (ISO 26300) as far as text needs it. `sheets` reads its spreadsheets.

use super::pack::Pack;
use super::word::Gathering;
use super::xml::{self, Node};
use super::{Document, Findings, Unreadable, day_of, honest_authors, honest_title, said};

/// Elements whose text is not the document's: remarks, and what was deleted.
const NOTES: [&str; 2] = ["annotation", "tracked-changes"];

/// Reads an ODT.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    let mut pack = Pack::open(bytes, "ODT")?;
    let content = content(&mut pack)?;
    let mut document = about(&mut pack)?;
    let mut gathering = Gathering::default();
    let mut open: Vec<(String, bool, bool)> = Vec::new();
    let mut n_hidden = 0_u32;
    let mut n_rows = 0_u32;
    let mut row = String::new();
    xml::walk(&content, |node| match node {
        Node::Start(element) => match element.name {
            "h" => open.push((String::new(), true, false)),
            "p" => {
                let style = element.get("style-name").unwrap_or_default();
                open.push((String::new(), false, style == "Title"));
            }
            "s" | "tab" | "line-break" => {
                if let Some((text, ..)) = open.last_mut() {
                    text.push(' ');
                }
            }
            "table-row" => n_rows += 1,
            name if NOTES.contains(&name) => n_hidden += 1,
            _ => {}
        },
        Node::Text(piece) => {
            if n_hidden == 0
                && let Some((text, ..)) = open.last_mut()
            {
                text.push_str(piece);
            }
        }
        Node::End("h" | "p") => match open.pop() {
            Some((text, ..)) if n_rows > 0 => {
                row.push_str(&text);
                row.push(' ');
            }
            Some((text, true, _)) => gathering.heading(&text),
            Some((text, _, is_title)) => {
                if is_title && gathering.title.is_none() {
                    gathering.title = said(&text);
                }
                gathering.text(&text);
            }
            None => {}
        },
        Node::End("table-row") => {
            n_rows = n_rows.saturating_sub(1);
            if n_rows == 0 {
                gathering.text(&std::mem::take(&mut row));
            }
        }
        Node::End(name) if NOTES.contains(&name) => n_hidden = n_hidden.saturating_sub(1),
        Node::End(_) => {}
    })?;
    document.shown_title = gathering.title.clone();
    document.parts = gathering.finish();
    Ok(document)
}

/// The part with the text, if it is not encrypted.
pub(super) fn content(pack: &mut Pack<'_>) -> Result<Vec<u8>, Unreadable> {
    let manifest = pack.part("META-INF/manifest.xml")?.unwrap_or_default();
    let mut is_encrypted = false;
    let _ = xml::walk(&manifest, |node| {
        if let Node::Start(element) = node {
            is_encrypted |= element.name == "encryption-data";
        }
    });
    if is_encrypted {
        return Err(Unreadable::encrypted());
    }
    pack.needed("content.xml")
}

/// What the properties say, and the language of the styles.
pub(super) fn about(pack: &mut Pack<'_>) -> Result<Document, Unreadable> {
    let meta = pack.part("meta.xml")?;
    let about = meta
        .map(|bytes| xml::dublin_core(&bytes))
        .unwrap_or_default();
    let mut lang = about.language;
    if let Some(bytes) = pack.part("styles.xml")?
        && lang.is_none()
    {
        let _ = xml::walk(&bytes, |node| {
            let Node::Start(element) = node else { return };
            if element.name != "text-properties" || lang.is_some() {
                return;
            }
            let language = element
                .get("language")
                .filter(|tag| tag != "none" && tag != "zxx");
            lang = language.map(|language| match element.get("country") {
                Some(country) if country.len() == 2 => format!("{language}-{country}"),
                _ => language,
            });
        });
    }
    let title = about.title.as_deref().and_then(honest_title);
    Ok(Document {
        findings: Findings {
            is_untitled: title.is_none(),
            has_no_lang: lang.is_none(),
            ..Findings::default()
        },
        title,
        authors: honest_authors(about.creators),
        lang,
        date: about.modified.as_deref().and_then(day_of),
        ..Document::default()
    })
}
