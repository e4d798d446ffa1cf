//! Turns the best records into what a page shows: fields, excerpts, sections.
//!
//! Takes stored records and marks the words found in them. Knows stored records and excerpts; knows
//! nothing of how records were found.

use core::mem::take;

use crate::error::{Corrupt, glue};
use crate::format::Section;
use crate::format::cards;
use crate::format::manifest::Manifest;
use crate::format::stored::{self, Languages, StoredRecord, StoredSection};
use crate::ids::DocId;
use crate::index::Fetch;
use crate::schema::{FieldKind, Schema};
use crate::search::matching::Clauses;
use crate::search::page::{Hit, SectionHit, Span};
use crate::search::snippet::{Excerpt, Marker};
use crate::search::top::Key;
use crate::text::take_until;

/// Most sections that a hit shows.
const MAX_SECTIONS: usize = 3;

/// The hits of a page, with their texts or without, or nothing yet when stored records have to be fetched first.
pub(super) fn fetch(
    fetch: &mut Fetch<'_>,
    page: &[Key],
    clauses: &Clauses<'_>,
    languages: Languages,
    is_without_texts: bool,
) -> Result<Vec<Hit>, Corrupt> {
    let manifest = fetch.manifest();
    let marker = (!is_without_texts).then(|| Marker::new(&mut clauses.marked_words()));
    let mut hits = Vec::with_capacity(page.len());
    let cards = card_blocks(fetch, clauses);
    for Key { doc, score, .. } in page {
        let mut record = None;
        for block in &cards {
            if record.is_none()
                && let Some(bytes) = cards::find_in_block(block, *doc)?
            {
                record = Some(stored::decode(bytes, languages)?);
            }
        }
        if record.is_none() {
            record = stored(fetch, *doc, languages)?;
        }
        let Some(record) = record else {
            continue;
        };
        hits.push(to_hit(record, *score, manifest, marker.as_ref()));
    }
    Ok(hits)
}

/// The cards that came along with the query's words.
fn card_blocks<'i>(fetch: &Fetch<'i>, clauses: &Clauses<'_>) -> Vec<&'i [u8]> {
    let manifest = fetch.manifest();
    let (mut numbers, mut blocks) = (Vec::new(), Vec::new());
    for clause in &clauses.clauses {
        for word in clause.sought() {
            for term in &word.terms {
                let number = manifest.block_from(Section::Cards, term.found.term.0);
                if let Some(number) = number.filter(|number| !numbers.contains(number)) {
                    numbers.push(number);
                    blocks.extend(fetch.present(Section::Cards, number));
                }
            }
        }
    }
    blocks
}

/// A record's stored part in one of the languages, or else its own; `None` when its chunk has to be
/// fetched first.
pub(super) fn stored(
    fetch: &mut Fetch<'_>,
    doc: DocId,
    languages: Languages,
) -> Result<Option<StoredRecord>, Corrupt> {
    let manifest = fetch.manifest();
    let missing = Corrupt("stored record");
    let number = manifest.block_from(Section::Stored, doc.0).ok_or(missing)?;
    let Some(block) = fetch.block(Section::Stored, number)? else {
        return Ok(None);
    };
    let blocks = manifest.section(Section::Stored);
    let first = blocks.get(number as usize).map_or(0, |block| block.first);
    let at = (doc.0 - first) as usize;
    stored::find_in_block(block, at, languages)?
        .map(Some)
        .ok_or(missing)
}

/// A record as a hit; without a marker, it has no excerpt, title parts and sections.
pub(super) fn to_hit(
    mut record: StoredRecord,
    score: f64,
    manifest: &Manifest,
    marker: Option<&Marker>,
) -> Hit {
    let lang = manifest.languages.get(record.language as usize);
    let (mut excerpt, mut title_parts, mut sections) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(marker) = marker {
        excerpt = self::excerpt(&record, &manifest.schema, marker);
        title_parts = marker.mark(&record.title);
        sections = self::sections(&mut record, marker);
    }
    let mut fields = Vec::with_capacity(record.fields.len());
    for (id, value) in record.fields {
        if let Some(field) = manifest.schema.get(id) {
            fields.push((field.name.clone(), value));
        }
    }
    Hit {
        id: record.id,
        url: record.url,
        lang: lang.map_or_else(String::new, |(tag, _)| tag.clone()),
        score,
        pinned: false,
        standing: None,
        fields,
        excerpt,
        title_parts,
        title: record.title,
        sections,
        #[cfg(feature = "explain")]
        explanation: None,
    }
}

/// The excerpt that shows most of the query, of the record's texts in the order of the schema, then
/// of its sections. Names and topics are no texts: a page shows them by themselves.
fn excerpt(record: &StoredRecord, schema: &Schema, marker: &Marker) -> Vec<Span> {
    let mut best: Option<Excerpt> = None;
    let mut consider = |text: &str| {
        // A text that shows all there is to show is not bettered: reading words is what an excerpt
        // costs, and most records have what was asked for in the first of their texts.
        let known = best.as_ref().map(|best| best.n_clauses);
        if text.trim().is_empty() || known.is_some_and(|known| known >= marker.n_clauses()) {
            return;
        }
        let excerpt = marker.excerpt(text);
        if known.is_none_or(|known| known < excerpt.n_clauses) {
            best = Some(excerpt);
        }
    };
    for (id, field) in schema.searched() {
        if field.kind != FieldKind::Text || field.facet {
            continue;
        }
        for (given, value) in &record.fields {
            if *given == id {
                for item in value.items() {
                    consider(item.as_words().unwrap_or_default());
                }
            }
        }
    }
    for section in &record.sections {
        consider(&section.text);
    }
    best.map_or_else(Vec::new, |excerpt| excerpt.spans)
}

/// The sections that hold words of the query: those that hold most of it first, then those with most
/// of it in heading and number, then in reading order.
fn sections(record: &mut StoredRecord, marker: &Marker) -> Vec<SectionHit> {
    let mut best: Vec<((u32, u32), &mut StoredSection)> = Vec::new();
    for section in &mut record.sections {
        let number = section.number.as_deref().unwrap_or_default();
        let in_heading = marker.count_clauses(&section.heading) | marker.count_clauses(number);
        let all = in_heading | marker.count_clauses(&section.text);
        if all != 0 {
            let weight = (all.count_ones(), in_heading.count_ones());
            let at = best.partition_point(|(known, _)| *known >= weight);
            best.insert(at, (weight, section));
            best.truncate(MAX_SECTIONS);
        }
    }
    let mut shown = Vec::with_capacity(best.len());
    for (_, section) in best {
        shown.push(SectionHit {
            url: link(record.url.as_deref(), section.anchor.as_deref()),
            excerpt: marker.excerpt(&section.text).spans,
            heading: take(&mut section.heading),
            number: take(&mut section.number),
            anchor: take(&mut section.anchor),
            kind: take(&mut section.kind),
            trail: take(&mut section.trail),
        });
    }
    shown
}

/// The record's link with another fragment.
fn link(url: Option<&str>, anchor: Option<&str>) -> Option<String> {
    let (mut url, anchor) = (url?, anchor?);
    let page = take_until(&mut url, '#');
    Some(glue(&[page, "#", anchor]))
}

#[cfg(test)]
mod tests {
    use crate::{IndexBuilder, Query, Record, Schema, memory};

    #[test]
    fn a_hit_without_texts_has_all_else() {
        let mut builder = IndexBuilder::new(Schema::default());
        let record = Record::new("rent", "Renting a flat").field("description", "Rent is due.");
        builder.add(&record).unwrap();
        let index = memory::open(&builder.finish().unwrap()).unwrap();
        let query = Query::new("rent").explain();
        let mut whole = index.search(&query).unwrap();
        let bare = index.search(&query.without_texts()).unwrap();
        let hit = &mut whole.hits[0];
        assert!(!hit.excerpt.is_empty() && !hit.title_parts.is_empty());
        (hit.excerpt, hit.title_parts) = (Vec::new(), Vec::new());
        assert_eq!(bare, whole);
    }
}
