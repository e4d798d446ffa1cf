//! Gathers postings: from words in records to records of words.
//!
//! Words are numbered as they are first seen, and so are the forms of a class. Knows how words are
//! read and what postings look like; the order of the dictionary is `cut`'s.

// Keyed look-ups only: nothing ever walks these maps, so their order cannot leak into bytes.
#[allow(clippy::disallowed_types)]
use std::collections::HashMap;

use crate::format::positions::Positions;
use crate::format::postings::{FieldPosting, MAX_FORMS, Posting, PostingList, length_code};
use crate::ids::DocId;
use crate::text::{Analyzer, Token};

/// A word as written, in one class.
pub(super) struct Surface {
    pub(super) folded: String,
    pub(super) written: String,
    pub(super) class: u32,
    /// Its number among the forms of its class.
    pub(super) ordinal: u32,
}

/// All records of one class of words.
#[derive(Default)]
pub(super) struct Class {
    pub(super) list: PostingList,
    pub(super) positions: Positions,
    n_surfaces: u32,
}

/// One word in one place of one record.
#[derive(Clone, Copy)]
pub(super) struct Occurrence {
    pub(super) surface: u32,
    /// The field's number among the searched fields.
    pub(super) field: u32,
    /// The word's number within the field.
    pub(super) position: u32,
}

/// Postings so far.
#[derive(Default)]
#[allow(clippy::disallowed_types)]
pub(super) struct Inverter {
    languages: Vec<String>,
    /// By language and word as written: each different word is stemmed once a language.
    seen: Vec<HashMap<String, u32>>,
    /// By word as written and class, as languages may agree on both.
    surface_ids: HashMap<(String, u32), u32>,
    class_ids: HashMap<String, u32>,
    pub(super) surfaces: Vec<Surface>,
    pub(super) classes: Vec<Class>,
}

impl Inverter {
    /// The number of a language.
    pub(super) fn language(&mut self, lang: &str) -> u32 {
        let at = self
            .languages
            .iter()
            .position(|known| known == lang)
            .unwrap_or_else(|| {
                self.languages.push(lang.to_owned());
                self.seen.push(Default::default());
                self.languages.len() - 1
            });
        at as u32
    }

    /// The number of a word's surface, which is made on first sight.
    pub(super) fn surface(&mut self, language: u32, analyzer: &Analyzer, token: Token) -> u32 {
        let known = self
            .seen
            .get(language as usize)
            .and_then(|seen| seen.get(&token.written));
        if let Some(id) = known {
            return *id;
        }
        let next_class = self.classes.len() as u32;
        let class = *self
            .class_ids
            .entry(analyzer.class(&token))
            .or_insert(next_class);
        if class == next_class {
            self.classes.push(Class::default());
        }
        let next_surface = self.surfaces.len() as u32;
        let surface = *self
            .surface_ids
            .entry((token.written.clone(), class))
            .or_insert(next_surface);
        if let Some(seen) = self.seen.get_mut(language as usize) {
            seen.insert(token.written.clone(), surface);
        }
        if surface == next_surface {
            let mut ordinal = 0;
            if let Some(class) = self.classes.get_mut(class as usize) {
                ordinal = class.n_surfaces.min(MAX_FORMS - 1);
                class.n_surfaces += 1;
            }
            let Token {
                folded, written, ..
            } = token;
            self.surfaces.push(Surface {
                folded,
                written,
                class,
                ordinal,
            });
        }
        surface
    }

    /// Adds the words of the next record.
    pub(super) fn add(&mut self, doc: DocId, occurrences: Vec<Occurrence>) {
        let mut lengths: Vec<u32> = Vec::new();
        let mut words: Vec<(u32, Occurrence, u32)> = Vec::with_capacity(occurrences.len());
        for occurrence in occurrences {
            let field = occurrence.field as usize;
            if lengths.len() <= field {
                lengths.resize(field + 1, 0);
            }
            if let Some(length) = lengths.get_mut(field) {
                *length += 1;
            }
            if let Some(surface) = self.surfaces.get(occurrence.surface as usize) {
                words.push((surface.class, occurrence, surface.ordinal));
            }
        }
        words.sort_unstable_by_key(|(class, word, _)| (*class, word.field, word.position));
        for of_class in words.chunk_by(|a, b| a.0 == b.0) {
            let Some((class, ..)) = of_class.first() else {
                continue;
            };
            if let Some(class) = self.classes.get_mut(*class as usize) {
                class.add(doc, of_class, &lengths);
            }
        }
    }
}

impl Class {
    fn add(&mut self, doc: DocId, words: &[(u32, Occurrence, u32)], lengths: &[u32]) {
        let first_field = self.list.fields.len() as u32;
        let mut posting = Posting {
            doc,
            forms: 0,
            fields: 0,
            first_field,
        };
        for of_field in words.chunk_by(|a, b| a.1.field == b.1.field) {
            let positions: Vec<u32> = of_field.iter().map(|(_, word, _)| word.position).collect();
            self.positions.push(&positions);
            let field = of_field.first().map_or(0, |(_, word, _)| word.field);
            posting.fields |= 1 << field;
            posting.forms |= of_field
                .iter()
                .fold(0, |forms, (.., ordinal)| forms | 1 << ordinal);
            let length = lengths.get(field as usize).copied().unwrap_or(1);
            self.list.fields.push(FieldPosting {
                frequency: positions.len() as u32,
                length_code: length_code(length),
            });
        }
        self.list.postings.push(posting);
    }
}
