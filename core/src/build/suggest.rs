//! Gathers what is suggested while a reader types, and cuts it into blocks.
//!
//! Takes titles, headings and values as records come, and words at the end. Knows how words are read
//! and what a suggestion's entry looks like. Decides what each weighs.

use std::collections::{BTreeMap, BTreeSet};

use crate::format::suggest::{
    Entry, MAX_SUGGESTIONS, PLACE_BYTES, SuggestionKind, encode_block, encode_entry, place,
};
use crate::ids::{DocId, FieldId};
use crate::record::Record;
use crate::schema::{Field, FieldKind, Schema};
use crate::text::tokens;
use crate::value::Value;

use super::invert::Inverter;

/// Words of a text that it can be found by: all of nearly every title.
const MAX_STARTS: usize = 16;

/// Words of a heading that it can be found by. Ours: pages have ten headings to a title, and by all
/// their words headings would be most of what is fetched.
const MAX_HEADING_STARTS: usize = 3;

/// Most bytes of entries whose keys share their first four bytes: some 130 texts, the best of them.
/// Without it a word that every fifth title has ("library") would be a file of 120 KB, and the
/// section at 10,000 records 138 files and not 103.
const MAX_PLACE_BYTES: usize = 12 << 10;

/// Longest text in bytes that is suggested: what is longer is no title or heading to pick from a list.
const MAX_TEXT_BYTES: usize = 300;

/// What a title or value weighs beside a word: as much as a word of 2^6 records. Ours.
const NAME_WEIGHT: u32 = 6;

/// What a heading weighs beside a word. Ours: less than a title, as sections are many.
const HEADING_WEIGHT: u32 = 4;

/// What is added where a text is found by its first word, as most readers begin there. Ours.
const FIRST_WORD_WEIGHT: u8 = 2;

/// A word is suggested if at least one record in so many holds it. Ours: in a small index every word
/// is; in a large one those of one or two records are mostly names, codes and slips of the pen.
const RECORDS_A_WORD: usize = 5_000;

/// One text.
struct Text {
    kind: SuggestionKind,
    text: String,
    field: FieldId,
    url: Option<String>,
    id: Option<String>,
    n_records: u32,
    last: DocId,
}

/// All texts so far, by their folded words.
#[derive(Default)]
pub(super) struct Suggestions {
    texts: BTreeMap<String, Text>,
}

impl Suggestions {
    /// Adds the title of a record, its headings, and its values of text fields to filter by.
    pub(super) fn add(
        &mut self,
        doc: DocId,
        record: &Record,
        fields: &[(FieldId, &Value)],
        schema: &Schema,
    ) {
        let new = |kind, text: &str| Text {
            kind,
            text: text.trim().to_owned(),
            field: FieldId(0),
            url: None,
            id: None,
            n_records: 1,
            last: doc,
        };
        let url = record.url.as_deref();
        self.put(Text {
            url: url.map(str::to_owned),
            id: Some(record.id.clone()),
            ..new(SuggestionKind::Title, &record.title)
        });
        for section in &record.sections {
            self.put(Text {
                url: url.map(|url| link(url, section.anchor.as_deref())),
                id: Some(record.id.clone()),
                ..new(SuggestionKind::Heading, &section.heading)
            });
        }
        let is_named = |field: &&Field| field.facet && field.kind == FieldKind::Text;
        for (id, value) in fields {
            if schema.get(*id).filter(is_named).is_none() {
                continue;
            }
            for text in value.items().filter_map(Value::as_words) {
                self.put(Text {
                    field: *id,
                    ..new(SuggestionKind::Value, text)
                });
            }
        }
    }

    /// Of texts that differ in case and marks only, the first of the best kind is shown.
    fn put(&mut self, new: Text) {
        let folded = fold(&new.text).join(" ");
        if folded.is_empty() || new.text.len() > MAX_TEXT_BYTES {
            return;
        }
        let Some(old) = self.texts.get_mut(&folded) else {
            self.texts.insert(folded, new);
            return;
        };
        let doc = new.last;
        let n_records = old.n_records + u32::from(old.last != doc);
        if new.kind < old.kind {
            *old = new;
        }
        if n_records > 1 {
            // A text of several records leads to none of them, but to a search for it.
            (old.url, old.id) = (None, None);
        }
        (old.n_records, old.last) = (n_records, doc);
    }

    /// Adds the words of the dictionary, each with the number of records that hold it as it is.
    fn add_words(&mut self, inverter: &Inverter, n_docs: usize) {
        let mut counts: BTreeMap<&str, (u32, &str)> = BTreeMap::new();
        for surface in &inverter.surfaces {
            let Some(class) = inverter.classes.get(surface.class as usize) else {
                continue;
            };
            let Some(ordinal) = surface.ordinal else {
                continue;
            };
            let with_form = class.list.postings.iter();
            let n_records = with_form
                .filter(|posting| posting.forms & (1 << ordinal) != 0)
                .count() as u32;
            let best = counts.entry(&surface.folded).or_default();
            if n_records > best.0 || (n_records == best.0 && surface.written.as_str() < best.1) {
                *best = (n_records, &surface.written);
            }
        }
        let least = 1 + n_docs / RECORDS_A_WORD;
        for (folded, (n_records, written)) in counts {
            let is_word = folded.chars().any(char::is_alphabetic);
            if n_records as usize >= least && is_word && fold(written) == [folded] {
                let text = self.texts.entry(folded.to_owned()).or_insert_with(|| Text {
                    kind: SuggestionKind::Word,
                    text: written.to_owned(),
                    field: FieldId(0),
                    url: None,
                    id: None,
                    n_records: 0,
                    last: DocId(0),
                });
                text.n_records = text.n_records.max(n_records);
            }
        }
    }

    /// The blocks, each with the place of its first entry.
    pub(super) fn blocks(
        mut self,
        inverter: &Inverter,
        n_docs: usize,
        block_bytes: usize,
    ) -> Vec<(u32, Vec<u8>)> {
        self.add_words(inverter, n_docs);
        let mut entries: Vec<Keyed<'_>> = Vec::new();
        for (folded, text) in &self.texts {
            entries.extend(text.entries(folded, n_docs));
        }
        entries.sort_by(|a, b| (&a.key, a.folded).cmp(&(&b.key, b.folded)));
        let mut groups: BTreeMap<u32, Vec<&[u8]>> = BTreeMap::new();
        for (key, best) in best_of_short_beginnings(&entries, block_bytes) {
            groups.entry(place(key, 0)).or_default().extend(best);
        }
        for run in entries.chunk_by(|a, b| place(&a.key, 0) == place(&b.key, 0)) {
            let Some(first) = run.first() else { continue };
            let group = groups.entry(place(&first.key, 0)).or_default();
            let mut size = 0;
            for entry in best_first(run) {
                size += entry.bytes.len();
                if size > MAX_PLACE_BYTES {
                    break;
                }
                group.push(&entry.bytes);
            }
        }
        cut(groups, block_bytes)
    }
}

impl Text {
    /// The text once for each word that it can be found by.
    fn entries<'t>(&'t self, folded: &'t str, n_docs: usize) -> impl Iterator<Item = Keyed<'t>> {
        let words: Vec<&str> = folded.split(' ').collect();
        let weight = self.weight(n_docs);
        let most = match self.kind {
            SuggestionKind::Heading => MAX_HEADING_STARTS,
            _ => MAX_STARTS,
        };
        let n_starts = words.len().min(most);
        (0..n_starts).map(move |start| {
            let is_first = start == 0 && self.kind != SuggestionKind::Word;
            let weight = weight + if is_first { FIRST_WORD_WEIGHT } else { 0 };
            let bytes = encode_entry(&Entry {
                kind: self.kind,
                weight,
                start: start as u32,
                n_records: self.n_records,
                field: self.field,
                text: &self.text,
                url: self.url.as_deref(),
                id: self.id.as_deref(),
            });
            Keyed {
                key: words.get(start..).unwrap_or_default().join(" "),
                folded,
                weight,
                bytes,
            }
        })
    }

    /// The logarithm of the records that have it, so that many do not count without end. Words that
    /// more than a quarter of all records hold ("the") say nothing and come last.
    fn weight(&self, n_docs: usize) -> u8 {
        let own = match self.kind {
            SuggestionKind::Title | SuggestionKind::Value => NAME_WEIGHT,
            SuggestionKind::Heading => HEADING_WEIGHT,
            SuggestionKind::Word if self.n_records as usize > n_docs.div_ceil(4) => return 0,
            SuggestionKind::Word => 1,
        };
        (own + self.n_records.max(1).ilog2()) as u8
    }
}

/// An entry and what it is sorted by.
struct Keyed<'t> {
    /// The folded words from its word on.
    key: String,
    folded: &'t str,
    weight: u8,
    bytes: Vec<u8>,
}

/// For each beginning shorter than a place whose entries may fill more than two blocks: the best of
/// them. A reader finds these where the first such entry is.
fn best_of_short_beginnings<'e>(
    entries: &'e [Keyed<'_>],
    block_bytes: usize,
) -> Vec<(&'e str, Vec<&'e [u8]>)> {
    let mut found = Vec::new();
    for len in 1..PLACE_BYTES {
        let beginning = |entry: &'e Keyed<'_>| entry.key.get(..len);
        for run in entries.chunk_by(|a, b| a.key.get(..len) == b.key.get(..len)) {
            let Some(beginning) = run.first().and_then(beginning) else {
                continue;
            };
            if run.iter().map(|entry| entry.bytes.len()).sum::<usize>() <= block_bytes {
                continue;
            }
            let mut seen = BTreeSet::new();
            let best = best_first(run).filter(|entry| seen.insert(entry.folded));
            let best = best
                .take(MAX_SUGGESTIONS)
                .map(|entry| entry.bytes.as_slice());
            found.push((beginning, best.collect()));
        }
    }
    found
}

/// Entries in the order in which a reader shows them.
fn best_first<'e, 't>(run: &'e [Keyed<'t>]) -> impl Iterator<Item = &'e Keyed<'t>> {
    let mut order: Vec<&Keyed<'_>> = run.iter().collect();
    order.sort_by_key(|entry| (core::cmp::Reverse(entry.weight), entry.folded));
    order.into_iter()
}

/// Cuts between places only, so that one look-up finds all entries of one place; a place with more
/// than a block is one by itself.
fn cut(groups: BTreeMap<u32, Vec<&[u8]>>, block_bytes: usize) -> Vec<(u32, Vec<u8>)> {
    let mut blocks = Vec::new();
    let mut held: Vec<&[u8]> = Vec::new();
    let (mut size, mut first) = (0, 0);
    for (place, group) in groups {
        let group_bytes: usize = group.iter().map(|entry| entry.len()).sum();
        if !held.is_empty() && size + group_bytes > block_bytes {
            blocks.push((first, encode_block(&held)));
            held.clear();
            size = 0;
        }
        if held.is_empty() {
            first = place;
        }
        size += group_bytes;
        held.extend(group);
    }
    if !held.is_empty() {
        blocks.push((first, encode_block(&held)));
    }
    blocks
}

/// A record's link with the fragment of a section.
fn link(url: &str, anchor: Option<&str>) -> String {
    let page = url.split('#').next().unwrap_or_default();
    anchor.map_or_else(|| url.to_owned(), |anchor| [page, "#", anchor].concat())
}

fn fold(text: &str) -> Vec<String> {
    tokens(text).map(|token| token.folded).collect()
}
