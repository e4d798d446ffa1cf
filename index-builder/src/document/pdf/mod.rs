//! PDF: what a file says of itself, and its text page by page.
//!
//! Knows ISO 32000-1 as far as text needs it. `hayro-syntax` reads objects, `decode` streams, `font`
//! and `content` glyphs, `layout` and `line` make lines of them. A page is a part with the anchor
//! `page=3`, which browsers and viewers follow (RFC 8118, section 3).

mod cmap;
mod content;
mod decode;
mod font;
mod layout;
mod line;
mod matrix;
mod names;
mod outline;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod writer;

use std::collections::{BTreeMap, HashMap};

use hayro_syntax::object::{Dict, Number, Stream, String as Text};
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::flow::{self, Words};
use super::{
    Document, Findings, MAX_TEXT_BYTES, Part, Unreadable, honest_authors, honest_title, said, tidy,
    xml,
};
use content::Walker;
use decode::Decoder;
use layout::Line;

/// Most pages: a land register has fewer.
const MAX_PAGES: usize = 20_000;

/// Most objects: a book of a thousand pages has some hundred thousand.
const MAX_OBJECTS: usize = 5_000_000;

/// From so many shapes on a page without text is no empty one: letters that were turned into outlines
/// are a shape each, while frames and backgrounds are few.
const OUTLINED_SHAPES: usize = 20;

/// In how many bytes at its end a whole file says that it ends.
const TAIL_BYTES: usize = 2048;

/// How much larger than the text a heading is at least.
const HEADING_SIZE: f32 = 1.15;

/// Longest heading and title, in characters.
const MAX_HEADING: usize = 120;
const MAX_TITLE: usize = 200;

/// On so many pages, and on this share of all, a line at the edge is furniture: a running title. Left
/// and right pages have different ones, so that each stands on less than half.
const FURNITURE_PAGES: usize = 4;
const FURNITURE_SHARE: f32 = 0.3;

/// Reads a PDF.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    // Programs put other things before it; Acrobat looks within the first 1,024 bytes.
    let start = decode::find(&bytes[..bytes.len().min(2048)], b"%PDF-");
    if start.is_none() && decode::find(bytes, b" obj").is_none() {
        return Err(Unreadable::damaged("PDF"));
    }
    decode::check_tables(bytes)?;
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Unreadable::encrypted(),
        LoadPdfError::Decryption(_) => Unreadable::new(
            "document-encrypted",
            "the file is encrypted in a way that cannot be read",
            "save it without encryption, or take it out of the folder",
        ),
        LoadPdfError::Invalid => Unreadable::damaged("PDF"),
    })?;
    if pdf.len() > MAX_OBJECTS || pdf.pages().len() > MAX_PAGES {
        return Err(Unreadable::too_large());
    }
    if pdf.pages().is_empty() {
        return Err(Unreadable::damaged("PDF"));
    }
    let catalog = pdf
        .xref()
        .get::<Dict<'_>>(pdf.xref().root_id())
        .unwrap_or_default();
    check_count(&pdf, &catalog)?;
    let mut decoder = Decoder::default();
    let mut document = about(&pdf, &catalog, &mut decoder);
    let bookmarks = outline::titles(&pdf, &catalog);
    let pages = pages(&pdf, &mut decoder, &mut document.findings)?;
    // The end of a file that was cut is missing, and with it the pages that were written last.
    let tail = &bytes[bytes.len().saturating_sub(TAIL_BYTES)..];
    if decoder.n_lost > 0 && decode::find(tail, b"%%EOF").is_none() {
        let (n_lost, n_pages) = (decoder.n_lost, pages.len());
        return Err(Unreadable::new(
            "document-damaged",
            format!("the file is cut short, and {n_lost} of its {n_pages} pages with it"),
            "fetch or export it again, or take it out of the folder",
        ));
    }
    if pages.iter().all(Vec::is_empty) && decoder.is_beyond {
        return Err(Unreadable::bomb());
    }
    let body = body_size(&pages);
    document.shown_title = largest(pages.first().map_or(&[], Vec::as_slice), body);
    document.parts = parts(pages, &bookmarks, body);
    Ok(document)
}

/// Refuses a file that has fewer pages than it says: half a document must not pass for a whole one.
fn check_count(pdf: &Pdf, catalog: &Dict<'_>) -> Result<(), Unreadable> {
    // Without its tree, pages are those that the library came across, in any order.
    let tree = catalog.get::<Dict<'_>>(b"Pages");
    let tree = tree.filter(|tree| tree.contains_key(b"Kids"));
    let Some(tree) = tree else {
        return Err(Unreadable::new(
            "document-damaged",
            "the file is damaged or cut short: the list of its pages is missing",
            "fetch or export it again, or take it out of the folder",
        ));
    };
    let stated = tree.get::<Number>(b"Count");
    let stated = stated.map_or(0, |count| count.as_i64());
    let n_pages = pdf.pages().len();
    if stated <= n_pages as i64 {
        return Ok(());
    }
    Err(Unreadable::new(
        "document-damaged",
        format!("the file is damaged or cut short: it has {n_pages} of its {stated} pages"),
        "fetch or export it again, or take it out of the folder",
    ))
}

/// The lines of each page.
fn pages(
    pdf: &Pdf,
    decoder: &mut Decoder,
    findings: &mut Findings,
) -> Result<Vec<Vec<Line>>, Unreadable> {
    let mut walker = Walker::new(decoder);
    let mut pages = Vec::with_capacity(pdf.pages().len());
    let mut n_bytes = 0;
    for (at, page) in pdf.pages().iter().enumerate() {
        let drawn = walker.page(page);
        let shows_something =
            drawn.has_image || drawn.n_unknown > 0 || drawn.n_shapes >= OUTLINED_SHAPES;
        let lines = layout::lines(drawn.glyphs);
        if drawn.is_incomplete || lines.is_empty() && shows_something {
            findings.unreadable_pages.push(at as u32 + 1);
        }
        n_bytes += lines.iter().map(|line| line.text.len()).sum::<usize>();
        if n_bytes > MAX_TEXT_BYTES {
            return Err(Unreadable::too_large());
        }
        pages.push(lines);
    }
    drop_furniture(&mut pages);
    Ok(pages)
}

/// What the file says of itself.
fn about(pdf: &Pdf, catalog: &Dict<'_>, decoder: &mut Decoder) -> Document {
    let info = pdf.metadata();
    let packet = catalog
        .get::<Stream<'_>>(b"Metadata")
        .and_then(|stream| decoder.decode(&stream))
        .map(|bytes| xml::dublin_core(&bytes))
        .unwrap_or_default();
    let of_info = |bytes: &Option<Box<[u8]>>| {
        let text = bytes.as_deref().map(names::text_string);
        text.and_then(|text| said(&text))
    };
    let title = packet.title.as_deref().and_then(honest_title);
    let title = title.or_else(|| of_info(&info.title).as_deref().and_then(honest_title));
    let mut authors = packet.creators;
    if authors.is_empty() {
        authors.extend(of_info(&info.author));
    }
    let lang = catalog
        .get::<Text<'_>>(b"Lang")
        .map(|tag| tidy(&names::text_string(&tag)))
        .filter(|tag| !tag.is_empty());
    let lang = lang.or(packet.language);
    let is_marked = catalog
        .get::<Dict<'_>>(b"MarkInfo")
        .and_then(|info| info.get::<bool>(b"Marked"))
        .unwrap_or(false);
    let date = info
        .creation_date
        .or(info.modification_date)
        .map(|date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day));
    Document {
        findings: Findings {
            is_untagged: !(is_marked && catalog.contains_key(b"StructTreeRoot")),
            is_untitled: title.is_none(),
            has_no_lang: lang.is_none(),
            unreadable_pages: Vec::new(),
            n_pages: pdf.pages().len() as u32,
        },
        title,
        authors: honest_authors(authors),
        lang,
        date: date.filter(|date| speir::date::parse(date).is_some()),
        ..Document::default()
    }
}

/// Takes running titles and page numbers away: lines at the edge of most pages that differ in figures
/// alone. The first page that has one keeps it.
fn drop_furniture(pages: &mut [Vec<Line>]) {
    fn edge(line: &Line) -> (String, i32) {
        let text = line.text.chars();
        let same = text.map(|letter| if letter.is_numeric() { '#' } else { letter });
        let mut same: String = same.collect();
        while same.contains("##") {
            same = same.replace("##", "#");
        }
        (same, line.y.round() as i32)
    }
    // What belongs to the text stands close to it, and is no furniture however often it comes.
    fn edge_of(lines: &[Line], is_first: bool) -> Option<&Line> {
        let (line, next) = match (lines, is_first) {
            ([only], true) => (only, None),
            ([first, second, ..], true) => (first, Some(second)),
            ([.., second, last], false) => (last, Some(second)),
            _ => return None,
        };
        let is_apart = |next: &Line| (line.y - next.y).abs() > 1.8 * line.size.max(next.size);
        next.is_none_or(is_apart).then_some(line)
    }
    // A running title and a page number may stand above each other.
    for _ in 0..2 {
        let mut counts: HashMap<(String, i32), usize> = HashMap::new();
        for lines in pages.iter() {
            let edges = [true, false].map(|is_first| edge_of(lines, is_first));
            for line in edges.into_iter().flatten() {
                *counts.entry(edge(line)).or_default() += 1;
            }
        }
        let n_pages = pages.iter().filter(|lines| !lines.is_empty()).count();
        let most = FURNITURE_PAGES.max((n_pages as f32 * FURNITURE_SHARE) as usize);
        let mut kept: Vec<(String, i32)> = Vec::new();
        for lines in pages.iter_mut() {
            for is_first in [true, false] {
                let line = if is_first {
                    lines.first()
                } else {
                    lines.last()
                };
                let Some(found) = line.map(edge) else {
                    continue;
                };
                if counts.get(&found).is_none_or(|n| *n < most) {
                    continue;
                }
                // A number alone says nothing even once.
                let is_first_time =
                    found.0.chars().any(char::is_alphabetic) && !kept.contains(&found);
                if is_first_time {
                    kept.push(found);
                    let line = if is_first {
                        lines.first_mut()
                    } else {
                        lines.last_mut()
                    };
                    if let Some(line) = line {
                        line.is_furniture = true;
                    }
                    continue;
                }
                if is_first {
                    lines.remove(0);
                } else {
                    lines.pop();
                }
            }
        }
    }
}

/// The size in which most letters stand.
fn body_size(pages: &[Vec<Line>]) -> f32 {
    let mut sizes: BTreeMap<i32, usize> = BTreeMap::new();
    for line in pages.iter().flatten() {
        *sizes.entry((line.size * 4.0).round() as i32).or_default() += line.text.len();
    }
    let most = sizes.iter().max_by_key(|(_, n)| **n);
    most.map_or(0.0, |(size, _)| *size as f32 / 4.0)
}

/// The first line that stands out as the heading of a page, with what belongs to it.
fn heading(lines: &[Line], body: f32) -> Option<String> {
    let all_bold = lines.iter().all(|line| line.is_bold);
    let stands_out = |line: &Line| {
        let is_large = line.size >= body * HEADING_SIZE;
        let is_bold = line.is_bold && !all_bold && line.size >= body * 0.95;
        let n_letters = line.text.chars().filter(|c| c.is_alphabetic()).count();
        (is_large || is_bold)
            && !line.is_furniture
            && n_letters >= 3
            && line.text.chars().count() <= MAX_HEADING
            && !line.text.ends_with(['.', ',', ';'])
    };
    let at = lines.iter().position(stands_out)?;
    let first = lines.get(at)?;
    let like_it = |line: &&Line| {
        stands_out(line) && (line.size - first.size).abs() < 0.5 && line.is_bold == first.is_bold
    };
    let mut text = first.text.clone();
    let mut last_y = first.y;
    for line in lines.get(at + 1..)?.iter().take(2).take_while(like_it) {
        let is_next = (0.0..1.6 * line.size).contains(&(last_y - line.y));
        if !is_next || text.chars().count() + line.text.chars().count() > MAX_HEADING {
            break;
        }
        last_y = line.y;
        Words::default().join(&mut text, &line.text);
    }
    Some(flow::without_soft_hyphens(text))
}

/// The largest text of the first page, if it is larger than the rest.
fn largest(lines: &[Line], body: f32) -> Option<String> {
    let n_letters = |line: &&Line| line.text.chars().filter(|c| c.is_alphabetic()).count();
    let lines = || lines.iter().filter(|line| !line.is_furniture);
    let size = lines()
        .filter(|line| n_letters(line) >= 3)
        .map(|line| line.size)
        .max_by(f32::total_cmp)?;
    if size < body * HEADING_SIZE {
        return None;
    }
    let mut text = String::new();
    let is_of_it = |line: &&Line| (line.size - size).abs() < 0.5;
    let lines = lines().skip_while(|line| !is_of_it(line));
    for line in lines.take_while(is_of_it).take(4) {
        if text.chars().count() + line.text.chars().count() > MAX_TITLE {
            break;
        }
        Words::default().join(&mut text, &line.text);
    }
    said(&flow::without_soft_hyphens(text))
}

fn parts(pages: Vec<Vec<Line>>, bookmarks: &BTreeMap<usize, String>, body: f32) -> Vec<Part> {
    let mut words = Words::default();
    for line in pages.iter().flatten() {
        words.add(&line.text);
    }
    let mut parts = Vec::new();
    for (at, lines) in pages.iter().enumerate() {
        if lines.is_empty() {
            continue;
        }
        let number = at + 1;
        let heading = bookmarks
            .get(&at)
            .cloned()
            .or_else(|| heading(lines, body))
            .unwrap_or_else(|| format!("Page {number}"));
        parts.push(Part {
            heading,
            anchor: Some(format!("page={number}")),
            text: text_of(lines, &words),
        });
    }
    parts
}

/// The text of a page, a paragraph a line.
fn text_of(lines: &[Line], words: &Words) -> String {
    let mut text = String::new();
    let mut before: Option<&Line> = None;
    for line in lines {
        if let Some(before) = before {
            let below = before.y - line.y;
            let is_apart = below > 1.7 * line.size.max(before.size);
            let is_other = (before.size - line.size).abs() > 0.15 * before.size.max(line.size);
            if is_apart || is_other {
                text.push('\n');
            }
        }
        words.join(&mut text, &line.text);
        before = Some(line);
    }
    flow::without_soft_hyphens(text)
}
