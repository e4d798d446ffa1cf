//! Gathers what is suggested while a reader types, and cuts it into blocks.
//!
//! Takes titles, headings and values as records come, and words at the end. Knows how words are read
//! and what a suggestion's entry looks like. Decides what each weighs.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use crate::format::postings::set_bits;
use crate::format::suggest::{
    Entry, MAX_SUGGESTIONS, PLACE_BYTES, SuggestionKind, encode_block, encode_entry, place,
};
use crate::format::terms::PHRASE_GAP;
use crate::ids::{DocId, FieldId};
use crate::record::Record;
use crate::schema::{FieldKind, Schema};
use crate::table::{Names, Table, hash};
use crate::text::prose;
use crate::texts::Texts;
use crate::value::Value;

use super::invert::Inverter;
use super::published::{Beginnings, are_about};
use super::workers::{self, Workers};

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

/// Fewest bytes of an entry, of which a place cannot have more than so many.
const MIN_ENTRY_BYTES: usize = 5;

/// Fewest entries that are put in order as one piece of work.
const ENTRIES_A_PART: usize = 1 << 14;

/// Most such pieces: for each of them all texts are looked through.
const MAX_PARTS: usize = 16;

/// One text: what is shown of it and where it leads lies in [`Suggestions`].
struct Text {
    kind: SuggestionKind,
    field: FieldId,
    /// Its number among the texts that are shown.
    shown: u32,
    /// Its number among the links, one added; 0 for none.
    url: u32,
    /// The record that it leads to; none for values, and for texts of several records.
    doc: Option<DocId>,
    n_records: u32,
    last: DocId,
}

/// All texts so far.
#[derive(Default)]
pub(super) struct Suggestions {
    /// By their folded words.
    folded: Names,
    texts: Vec<Text>,
    shown: Texts,
    urls: Texts,
}

/// Calls `visit` with each text of a record that may be suggested: its title, its headings, and its
/// values of text fields to filter by.
pub(super) fn texts_of<'r>(record: &'r Record, schema: &Schema, mut visit: impl FnMut(&'r str)) {
    each_text(record, schema, |_, _, text, _| visit(text));
}

fn each_text<'r>(
    record: &'r Record,
    schema: &Schema,
    mut visit: impl FnMut(SuggestionKind, FieldId, &'r str, Option<Cow<'r, str>>),
) {
    for version in record.versions() {
        let title = version.title.trim();
        visit(
            SuggestionKind::Title,
            FieldId(0),
            title,
            version.url.map(Into::into),
        );
        for section in version.sections {
            let anchor = section.anchor.as_deref();
            let url = version.url.map(|url| link(url, anchor).into());
            let heading = section.heading.trim();
            visit(SuggestionKind::Heading, FieldId(0), heading, url);
        }
    }
    for (name, value) in &record.fields {
        let named = schema.find(name);
        let named = named.filter(|(_, field)| field.facet && field.kind == FieldKind::Text);
        let Some((id, _)) = named else { continue };
        for text in value.items().filter_map(Value::as_words) {
            visit(SuggestionKind::Value, id, text.trim(), None);
        }
    }
}

impl Suggestions {
    /// Adds the texts of a record, with their folded words in the order of [`texts_of`].
    pub(super) fn add(&mut self, doc: DocId, record: &Record, folded: &Texts, schema: &Schema) {
        let mut folded = folded.iter();
        each_text(record, schema, |kind, field, text, url| {
            let folded = folded.next().unwrap_or_default();
            if folded.is_empty() || text.len() > MAX_TEXT_BYTES {
                return;
            }
            let has_record = kind != SuggestionKind::Value;
            self.put(kind, field, folded, text, url.as_deref(), has_record, doc);
        });
    }

    /// Of texts that differ in case and marks only, the first of the best kind is shown.
    #[allow(clippy::too_many_arguments)]
    fn put(
        &mut self,
        kind: SuggestionKind,
        field: FieldId,
        folded: &str,
        text: &str,
        url: Option<&str>,
        has_record: bool,
        doc: DocId,
    ) {
        let number = self.folded.intern(folded) as usize;
        let known = self.texts.get(number);
        let n_records = known.map_or(1, |old| old.n_records + u32::from(old.last != doc));
        if known.is_none_or(|old| kind < old.kind) {
            let new = Text {
                kind,
                field,
                shown: self.shown.len() as u32,
                url: url.map_or(0, |_| self.urls.len() as u32 + 1),
                doc: has_record.then_some(doc),
                n_records,
                last: doc,
            };
            self.shown.push(text);
            url.into_iter().for_each(|url| self.urls.push(url));
            match self.texts.get_mut(number) {
                Some(old) => *old = new,
                None => self.texts.push(new),
            }
        }
        if let Some(text) = self.texts.get_mut(number) {
            if n_records > 1 {
                // A text of several records leads to none of them, but to a search for it.
                (text.url, text.doc) = (0, None);
            }
            (text.n_records, text.last) = (n_records, doc);
        }
    }

    /// Adds the words of the dictionary, each with the number of records that hold it as it is.
    pub(super) fn add_words(&mut self, inverter: &Inverter, n_docs: usize) {
        let least = 1 + n_docs / RECORDS_A_WORD;
        for (folded, n_records, written) in words(inverter) {
            let is_word = folded.chars().any(char::is_alphabetic);
            let is_one = !folded.contains(PHRASE_GAP) && fold(written) == folded;
            if (n_records as usize) < least || !is_word || !is_one {
                continue;
            }
            let number = self.folded.intern(folded) as usize;
            if number == self.texts.len() {
                self.texts.push(Text {
                    kind: SuggestionKind::Word,
                    field: FieldId(0),
                    shown: self.shown.len() as u32,
                    url: 0,
                    doc: None,
                    n_records: 0,
                    last: DocId(0),
                });
                self.shown.push(written);
            }
            if let Some(text) = self.texts.get_mut(number) {
                text.n_records = text.n_records.max(n_records);
            }
        }
    }

    /// The blocks, each with the place of its first entry; those that are published with given places
    /// begin with these. `ids` are those of records, in the order of adding.
    pub(super) fn blocks(
        self,
        ids: &Texts,
        block_bytes: usize,
        published: &[u32],
        workers: &dyn Workers,
    ) -> Vec<(u32, Vec<u8>)> {
        let parts = self.parts();
        let parts = workers::map(workers, parts.len(), |at| {
            let bytes = parts.get(at).cloned().unwrap_or(0..=0);
            Part::new(self.groups(ids, bytes, block_bytes))
        });
        cut(&parts, block_bytes, published)
    }

    /// Ranges of the first bytes of keys, each with about as many entries.
    fn parts(&self) -> Vec<RangeInclusive<u8>> {
        let mut counts = [0_usize; 256];
        for (text, number) in self.texts.iter().zip(0_u32..) {
            for at in self.starts(text, number) {
                let folded = self.folded.texts().get(number as usize).as_bytes();
                let first = folded.get(at).copied().unwrap_or(0);
                if let Some(count) = counts.get_mut(usize::from(first)) {
                    *count += 1;
                }
            }
        }
        let all: usize = counts.iter().sum();
        let most = ENTRIES_A_PART.max(all / MAX_PARTS);
        let mut parts = Vec::new();
        let (mut first, mut size) = (0, 0);
        for (byte, count) in (0_u8..=255).zip(counts) {
            if size > 0 && size + count > most {
                parts.push(first..=byte - 1);
                (first, size) = (byte, 0);
            }
            size += count;
        }
        parts.push(first..=255);
        parts
    }

    /// The bytes of a text's folded words at which it can be found.
    fn starts(&self, text: &Text, number: u32) -> impl Iterator<Item = usize> + '_ {
        let folded = self.folded.texts().get(number as usize).as_bytes();
        let most = match text.kind {
            SuggestionKind::Heading => MAX_HEADING_STARTS,
            _ => MAX_STARTS,
        };
        let spaces = folded.iter().enumerate().filter(|(_, byte)| **byte == b' ');
        core::iter::once(0)
            .chain(spaces.map(|(at, _)| at + 1))
            .take(most)
    }

    /// The entries whose keys begin with one of some bytes, by their places.
    fn groups(
        &self,
        ids: &Texts,
        bytes: RangeInclusive<u8>,
        block_bytes: usize,
    ) -> BTreeMap<u32, Vec<Vec<u8>>> {
        let entries = Entries::new(self, ids, bytes);
        let mut groups: BTreeMap<u32, Vec<Vec<u8>>> = BTreeMap::new();
        for (key, best) in entries.best_of_short_beginnings(block_bytes) {
            let best = best.into_iter().map(|entry| entries.encode(entry));
            groups.entry(place(key, 0)).or_default().extend(best);
        }
        for run in entries.all.chunk_by(|a, b| a.place() == b.place()) {
            let Some(first) = run.first() else { continue };
            let group = groups.entry(first.place()).or_default();
            let mut size = 0;
            for entry in entries.best_first(run, MAX_PLACE_BYTES / MIN_ENTRY_BYTES) {
                size += entry.len as usize;
                if size > MAX_PLACE_BYTES {
                    break;
                }
                group.push(entries.encode(entry));
            }
        }
        groups
    }
}

/// The folded words of the dictionary, each with the most records that hold a form of it as it is,
/// and that form.
fn words(inverter: &Inverter) -> Vec<(&str, u32, &str)> {
    let mut counts: Vec<[u32; 32]> = Vec::with_capacity(inverter.classes.len());
    for class in &inverter.classes {
        let mut of_class = [0; 32];
        class.gathered.each_without_positions(|entry| {
            for bit in set_bits(u64::from(entry.forms)) {
                if let Some(count) = of_class.get_mut(bit) {
                    *count += 1;
                }
            }
        });
        counts.push(of_class);
    }
    let mut table = Table::default();
    let mut words: Vec<(&str, u32, &str)> = Vec::new();
    for surface in &inverter.surfaces {
        let Some(ordinal) = surface.ordinal else {
            continue;
        };
        let counts = counts.get(surface.class as usize);
        let n_records = counts.and_then(|counts| counts.get(ordinal as usize));
        let n_records = n_records.copied().unwrap_or(0);
        let (folded, written) = (surface.folded.as_str(), surface.written.as_str());
        let hash = hash(folded.as_bytes());
        let is_it = |at: u32| words.get(at as usize).is_some_and(|word| word.0 == folded);
        let known = table.find(hash, is_it);
        match known.and_then(|at| words.get_mut(at as usize)) {
            Some((_, most, best)) => {
                if n_records > *most || (n_records == *most && written < *best) {
                    (*most, *best) = (n_records, written);
                }
            }
            None => {
                table.insert(hash, words.len() as u32);
                words.push((folded, n_records, written));
            }
        }
    }
    words
}

impl Text {
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

/// A text by one of its words. Written as bytes only where it is among the best.
struct Keyed {
    /// The first eight bytes of its key, which decide most comparisons.
    head: u64,
    /// The text's number.
    text: u32,
    /// The byte of the folded words at which its key begins.
    key: u32,
    /// How many bytes it takes.
    len: u32,
    /// The number of the word.
    start: u8,
    weight: u8,
}

impl Keyed {
    /// The place of its key, as [`place`] has it.
    fn place(&self) -> u32 {
        (self.head >> 32) as u32
    }
}

/// All texts by all the words that they can be found by, in order of these.
struct Entries<'s> {
    suggestions: &'s Suggestions,
    ids: &'s Texts,
    all: Vec<Keyed>,
}

impl<'s> Entries<'s> {
    fn new(suggestions: &'s Suggestions, ids: &'s Texts, bytes: RangeInclusive<u8>) -> Entries<'s> {
        let mut entries = Entries {
            suggestions,
            ids,
            all: Vec::new(),
        };
        for (text, number) in suggestions.texts.iter().zip(0_u32..) {
            let folded = suggestions.folded.texts().get(number as usize);
            for (start, at) in suggestions.starts(text, number).enumerate() {
                let key = folded.get(at..).unwrap_or_default();
                if !bytes.contains(&key.bytes().next().unwrap_or(0)) {
                    continue;
                }
                let is_first = start == 0 && text.kind != SuggestionKind::Word;
                let weight = text.weight(ids.len());
                let mut keyed = Keyed {
                    head: head(key),
                    text: number,
                    key: at as u32,
                    len: 0,
                    start: start as u8,
                    weight: weight + if is_first { FIRST_WORD_WEIGHT } else { 0 },
                };
                keyed.len = entries.encode(&keyed).len() as u32;
                entries.all.push(keyed);
            }
        }
        let mut all = core::mem::take(&mut entries.all);
        all.sort_unstable_by(|a, b| {
            let by_head = a.head.cmp(&b.head);
            by_head.then_with(|| {
                let of = |entry: &Keyed| (entries.key(entry), entries.folded(entry));
                of(a).cmp(&of(b))
            })
        });
        entries.all = all;
        entries
    }

    /// All folded words of the text.
    fn folded(&self, entry: &Keyed) -> &'s str {
        self.suggestions.folded.texts().get(entry.text as usize)
    }

    /// The folded words from its word on.
    fn key(&self, entry: &Keyed) -> &'s str {
        let folded = self.folded(entry);
        folded.get(entry.key as usize..).unwrap_or_default()
    }

    fn encode(&self, entry: &Keyed) -> Vec<u8> {
        let Some(text) = self.suggestions.texts.get(entry.text as usize) else {
            return Vec::new();
        };
        let url = text.url.checked_sub(1);
        encode_entry(&Entry {
            kind: text.kind,
            weight: entry.weight,
            start: u32::from(entry.start),
            n_records: text.n_records,
            field: text.field,
            text: self.suggestions.shown.get(text.shown as usize),
            url: url.map(|url| self.suggestions.urls.get(url as usize)),
            id: text.doc.map(|doc| self.ids.get(doc.index())),
        })
    }

    /// For each beginning shorter than a place whose entries may fill more than two blocks: the best
    /// of them. A reader finds these where the first such entry is.
    fn best_of_short_beginnings(&self, block_bytes: usize) -> Vec<(&str, Vec<&Keyed>)> {
        let mut found = Vec::new();
        for len in 1..PLACE_BYTES {
            let beginning = |entry: &Keyed| self.key(entry).get(..len);
            for run in self.all.chunk_by(|a, b| beginning(a) == beginning(b)) {
                let Some(beginning) = run.first().and_then(beginning) else {
                    continue;
                };
                if run.iter().map(|entry| entry.len as usize).sum::<usize>() <= block_bytes {
                    continue;
                }
                let mut seen = BTreeSet::new();
                let best = self
                    .best_first(run, MAX_SUGGESTIONS * MAX_STARTS)
                    .into_iter();
                let best = best.filter(|entry| seen.insert(entry.text));
                found.push((beginning, best.take(MAX_SUGGESTIONS).collect()));
            }
        }
        found
    }

    /// At most so many entries of a run, in the order in which a reader shows them.
    fn best_first<'e>(&self, run: &'e [Keyed], most: usize) -> Vec<&'e Keyed> {
        let compare = |a: &(usize, &Keyed), b: &(usize, &Keyed)| {
            let by_weight = b.1.weight.cmp(&a.1.weight);
            let by_text = by_weight.then_with(|| self.folded(a.1).cmp(self.folded(b.1)));
            by_text.then(a.0.cmp(&b.0))
        };
        let mut order: Vec<(usize, &Keyed)> = run.iter().enumerate().collect();
        if order.len() > most {
            order.select_nth_unstable_by(most, compare);
            order.truncate(most);
        }
        order.sort_unstable_by(compare);
        order.into_iter().map(|(_, entry)| entry).collect()
    }
}

/// The first eight bytes of a key, the first of them highest.
fn head(key: &str) -> u64 {
    let bytes = key.bytes().chain(core::iter::repeat(0));
    bytes
        .take(8)
        .fold(0, |head, byte| head << 8 | u64::from(byte))
}

/// Encoded entries in the order of their places: one behind the other, as there are millions.
struct Part {
    bytes: Vec<u8>,
    /// The place of each entry, and its length.
    entries: Vec<(u32, u32)>,
}

impl Part {
    fn new(groups: BTreeMap<u32, Vec<Vec<u8>>>) -> Part {
        let n_bytes = groups.values().flatten().map(Vec::len).sum();
        let n_entries = groups.values().map(Vec::len).sum();
        let mut part = Part {
            bytes: Vec::with_capacity(n_bytes),
            entries: Vec::with_capacity(n_entries),
        };
        for (place, group) in groups {
            for entry in group {
                part.bytes.extend_from_slice(&entry);
                part.entries.push((place, entry.len() as u32));
            }
        }
        part
    }
}

/// Cuts between places only, so that one look-up finds all entries of one place; a place with more
/// than a block is one by itself.
fn cut(parts: &[Part], block_bytes: usize, published: &[u32]) -> Vec<(u32, Vec<u8>)> {
    let mut blocks = Vec::new();
    let mut held: Vec<&[u8]> = Vec::new();
    let all_bytes: usize = parts.iter().map(|part| part.bytes.len()).sum();
    let is_kept = are_about(published.len(), all_bytes / block_bytes.max(1));
    let mut begins = Beginnings::new(if is_kept { published } else { &[] });
    let (mut size, mut first) = (0, 0);
    for part in parts {
        let mut rest = part.bytes.as_slice();
        for group in part.entries.chunk_by(|a, b| a.0 == b.0) {
            let place = group.first().map_or(0, |(place, _)| *place);
            let group_bytes: usize = group.iter().map(|(_, len)| *len as usize).sum();
            let is_full = !held.is_empty() && size + group_bytes > block_bytes;
            let kept = begins.at(place);
            if kept.unwrap_or(is_full) && !held.is_empty() {
                blocks.push((first, encode_block(&held)));
                held.clear();
                size = 0;
            }
            if held.is_empty() {
                first = begins.first(place);
            }
            size += group_bytes;
            for (_, len) in group {
                let (entry, after) = rest.split_at_checked(*len as usize).unwrap_or_default();
                held.push(entry);
                rest = after;
            }
        }
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

/// The folded words of a text with spaces between them.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 8);
    prose::read(text, |word| {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word.folded);
        true
    });
    folded
}
