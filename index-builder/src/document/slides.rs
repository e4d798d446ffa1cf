//! PPTX: slide by slide, each under its title, with the speaker's notes.
//!
//! Knows PresentationML (ECMA-376, part 1, section 19) as far as text needs it. The order of slides
//! is that of the presentation, not of the files' names.

use std::collections::BTreeMap;

use super::pack::Pack;
use super::word;
use super::xml::{self, Node};
use super::{Document, Part, Unreadable, tidy};

/// Most slides: those of a week's lectures.
const MAX_SLIDES: usize = 5_000;

/// What a slide says.
#[derive(Debug, Default)]
struct Slide {
    title: String,
    paragraphs: Vec<String>,
    lang: Option<String>,
}

/// Reads a PPTX.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    let mut pack = Pack::open(bytes, "PPTX")?;
    let presentation = pack.needed("ppt/presentation.xml")?;
    let links = links(&mut pack, "ppt/_rels/presentation.xml.rels")?;
    let mut order = Vec::new();
    xml::walk(&presentation, |node| {
        if let Node::Start(element) = node
            && element.name == "sldId"
            && let Some((_, path)) = element.get_prefixed("r:id").and_then(|id| links.get(&id))
        {
            order.push(path.clone());
        }
    })?;
    if order.len() > MAX_SLIDES {
        return Err(Unreadable::too_large());
    }
    let mut document = word::about(&mut pack)?;
    for (at, path) in order.iter().enumerate() {
        let number = at + 1;
        let Some(bytes) = pack.part(path)? else {
            continue;
        };
        let mut slide = slide(&bytes)?;
        if let Some(notes) = notes(&mut pack, path)? {
            slide.paragraphs.extend(notes.paragraphs);
        }
        document.lang = document.lang.take().or(slide.lang.take());
        if slide.title.is_empty() && slide.paragraphs.is_empty() {
            continue;
        }
        if document.shown_title.is_none() && !slide.title.is_empty() {
            document.shown_title = Some(slide.title.clone());
        }
        if slide.title.is_empty() {
            slide.title = format!("Slide {number}");
        }
        document.parts.push(Part {
            heading: slide.title,
            anchor: None,
            text: slide.paragraphs.join("\n"),
        });
    }
    document.findings.has_no_lang = document.lang.is_none();
    Ok(document)
}

/// What a part leads to: by the id of the link, its kind and the part's name.
fn links(
    pack: &mut Pack<'_>,
    name: &str,
) -> Result<BTreeMap<String, (String, String)>, Unreadable> {
    let mut links = BTreeMap::new();
    let Some(bytes) = pack.part(name)? else {
        return Ok(links);
    };
    xml::walk(&bytes, |node| {
        let Node::Start(element) = node else { return };
        let (Some(id), Some(target)) = (element.get("Id"), element.get("Target")) else {
            return;
        };
        let kind = element.get("Type").unwrap_or_default();
        // Links are relative to the folder of what has them, which is in `ppt` for all that is read.
        let path = match target.strip_prefix('/') {
            Some(path) => path.to_owned(),
            None => format!("ppt/{}", target.trim_start_matches("../")),
        };
        links.insert(id, (kind, path));
    })?;
    Ok(links)
}

fn notes(pack: &mut Pack<'_>, slide: &str) -> Result<Option<Slide>, Unreadable> {
    let Some((folder, file)) = slide.rsplit_once('/') else {
        return Ok(None);
    };
    let links = links(pack, &format!("{folder}/_rels/{file}.rels"))?;
    let path = links
        .into_values()
        .find(|(kind, _)| kind.ends_with("/notesSlide"));
    match path {
        Some((_, path)) => pack
            .part(&path)?
            .map(|bytes| self::slide(&bytes))
            .transpose(),
        None => Ok(None),
    }
}

fn slide(bytes: &[u8]) -> Result<Slide, Unreadable> {
    let mut slide = Slide::default();
    let mut placeholder = String::new();
    let mut is_text = false;
    let mut n_rows = 0_u32;
    let mut paragraph = String::new();
    let mut row = String::new();
    xml::walk(bytes, |node| match node {
        Node::Start(element) => match element.name {
            "sp" => placeholder.clear(),
            "ph" => placeholder = element.get("type").unwrap_or_else(|| "body".to_owned()),
            "p" => paragraph.clear(),
            "t" => is_text = true,
            "br" | "tab" => paragraph.push(' '),
            "tr" => n_rows += 1,
            "rPr" if slide.lang.is_none() => slide.lang = element.get("lang"),
            _ => {}
        },
        Node::Text(piece) if is_text => paragraph.push_str(piece),
        Node::Text(_) => {}
        Node::End("t") => is_text = false,
        Node::End("tr") => {
            n_rows = n_rows.saturating_sub(1);
            let text = tidy(&std::mem::take(&mut row));
            slide
                .paragraphs
                .extend(Some(text).filter(|text| !text.is_empty()));
        }
        Node::End("p") => {
            let text = tidy(&std::mem::take(&mut paragraph));
            match placeholder.as_str() {
                _ if text.is_empty() => {}
                _ if n_rows > 0 => {
                    row.push_str(&text);
                    row.push(' ');
                }
                "title" | "ctrTitle" => {
                    if !slide.title.is_empty() {
                        slide.title.push(' ');
                    }
                    slide.title.push_str(&text);
                }
                // What stands on every slide.
                "sldNum" | "dt" | "ftr" | "hdr" => {}
                _ => slide.paragraphs.push(text),
            }
        }
        Node::End(_) => {}
    })?;
    Ok(slide)
}
