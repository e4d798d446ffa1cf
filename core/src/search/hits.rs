//! Turns the best records into what a page shows: fields, excerpts, sections.
//!
//! Takes stored records and marks the words found in them. Knows stored records and excerpts; knows
//! nothing of how records were found.

use crate::error::IndexError;
use crate::format::Section;
use crate::format::manifest::Manifest;
use crate::format::stored::{self, StoredRecord, StoredSection};
use crate::ids::DocId;
use crate::index::Fetch;
use crate::query::Query;
use crate::schema::{FieldKind, Schema};
use crate::search::matching::Clauses;
use crate::search::page::{Hit, SectionHit, Span};
use crate::search::snippet::{Excerpt, Marker};
use crate::sort::sort_by_key;

/// Most sections that a hit shows.
const MAX_SECTIONS: usize = 3;

/// The hits of a page, or nothing yet when stored records have to be fetched first.
pub(super) fn fetch(
    fetch: &mut Fetch<'_>,
    page: &[(DocId, f64)],
    clauses: &Clauses<'_>,
    query: &Query,
) -> Result<Vec<Hit>, IndexError> {
    let manifest = fetch.manifest();
    let marker = Marker::new(clauses.marked_words());
    let mut hits = Vec::with_capacity(page.len());
    for (doc, score) in page {
        let missing = IndexError::Corrupt {
            what: "stored record",
        };
        let number = manifest
            .block_from(Section::Stored, doc.0)
            .ok_or(missing.clone())?;
        let Some(block) = fetch.block(Section::Stored, number)? else {
            continue;
        };
        let blocks = manifest.section(Section::Stored);
        let first = blocks.get(number as usize).map_or(0, |block| block.first);
        let at = (doc.0 - first) as usize;
        let record = stored::find_in_block(block, at)?.ok_or(missing)?;
        let mut hit = to_hit(record, *score, manifest, &marker);
        hit.explanation = query.explain.then(|| clauses.explain(*doc, *score));
        hits.push(hit);
    }
    Ok(hits)
}

fn to_hit(record: StoredRecord, score: f64, manifest: &Manifest, marker: &Marker) -> Hit {
    let lang = manifest.languages.get(record.language as usize);
    let sections = sections(&record, marker);
    let excerpt = excerpt(&record, &manifest.schema, marker);
    let title_parts = marker.mark(&record.title);
    let named = record.fields.into_iter().filter_map(|(id, value)| {
        manifest
            .schema
            .get(id)
            .map(|field| (field.name.clone(), value))
    });
    Hit {
        id: record.id,
        url: record.url,
        lang: lang.map_or_else(String::new, |(tag, _)| tag.clone()),
        score,
        fields: named.collect(),
        excerpt,
        title_parts,
        title: record.title,
        sections,
        explanation: None,
    }
}

/// The excerpt that shows most of the query, of the record's texts in the order of the schema, then
/// of its sections. Names and topics are no texts: a page shows them by themselves.
fn excerpt(record: &StoredRecord, schema: &Schema, marker: &Marker) -> Vec<Span> {
    let fields = schema
        .searched()
        .filter(|(_, f)| f.kind == FieldKind::Text && !f.facet);
    let values = fields.flat_map(|(id, _)| {
        record
            .fields
            .iter()
            .filter(move |(given, _)| *given == id)
            .map(|(_, value)| value)
    });
    let texts = values
        .flat_map(|value| value.items())
        .filter_map(|item| item.as_words());
    let texts = texts.chain(record.sections.iter().map(|section| section.text.as_str()));
    let mut best: Option<Excerpt> = None;
    for text in texts.filter(|text| !text.trim().is_empty()) {
        let excerpt = marker.excerpt(text);
        if best
            .as_ref()
            .is_none_or(|best| excerpt.n_clauses > best.n_clauses)
        {
            best = Some(excerpt);
        }
    }
    best.map_or_else(Vec::new, |excerpt| excerpt.spans)
}

/// The sections that hold words of the query: those that hold most of it first, then those with most
/// of it in heading and number, then in reading order.
fn sections(record: &StoredRecord, marker: &Marker) -> Vec<SectionHit> {
    let mut found: Vec<(u32, u32, &StoredSection)> = Vec::new();
    for section in &record.sections {
        let number = section.number.as_deref().unwrap_or_default();
        let in_heading = marker.count_clauses(&section.heading) | marker.count_clauses(number);
        let all = in_heading | marker.count_clauses(&section.text);
        if all != 0 {
            found.push((all.count_ones(), in_heading.count_ones(), section));
        }
    }
    let mut order: Vec<usize> = (0..found.len()).collect();
    sort_by_key(&mut order, |at| {
        let weight = found
            .get(*at)
            .map(|(all, in_heading, ..)| (*all, *in_heading));
        (core::cmp::Reverse(weight), *at)
    });
    let found = order
        .into_iter()
        .take(MAX_SECTIONS)
        .filter_map(|at| found.get(at));
    let shown = found.map(|(_, _, section)| SectionHit {
        heading: section.heading.clone(),
        number: section.number.clone(),
        anchor: section.anchor.clone(),
        url: link(record.url.as_deref(), section.anchor.as_deref()),
        excerpt: marker.excerpt(&section.text).spans,
    });
    shown.collect()
}

/// The record's link with another fragment.
fn link(url: Option<&str>, anchor: Option<&str>) -> Option<String> {
    let (url, anchor) = (url?, anchor?);
    let page = url.find('#').and_then(|at| url.get(..at)).unwrap_or(url);
    Some([page, "#", anchor].concat())
}
