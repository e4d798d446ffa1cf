//! Gathers postings: from words in records to records of words.
//!
//! Words are numbered as they are first seen, and so are the forms of a class. Knows how words are
//! read and what postings look like; what words have to do with one another is `relate`'s, the order
//! of the dictionary is `cut`'s.

use std::borrow::Cow;
// Keyed look-ups only: nothing ever walks these maps, so their order cannot leak into bytes.
#[allow(clippy::disallowed_types)]
use std::collections::HashMap;

use crate::format::positions::Positions;
use crate::format::postings::{
    FieldPosting, MAX_FORMS, Posting, PostingList, length_code, set_bits,
};
use crate::ids::DocId;
use crate::language;
use crate::text::{Analyzer, Token};

/// The form of a class that stands for all that have no number of their own.
pub(super) const OTHER_FORM: u32 = MAX_FORMS - 1;

/// A word as written, in one class.
pub(super) struct Surface {
    pub(super) folded: String,
    pub(super) written: String,
    pub(super) class: u32,
    /// Its number among the forms of its class; `None` where no record holds it.
    pub(super) ordinal: Option<u32>,
    pub(super) is_function: bool,
}

/// All records of one class of words.
#[derive(Default)]
pub(super) struct Class {
    pub(super) list: PostingList,
    pub(super) positions: Positions,
    /// The classes that it leads to, and whether records say so and no publisher.
    pub(super) links: Vec<(u32, bool)>,
    n_forms: u32,
}

/// One word in one place of one record.
#[derive(Clone, Copy)]
pub(super) struct Occurrence {
    pub(super) surface: u32,
    /// The field's number among the searched fields.
    pub(super) field: u32,
    /// The word's number within the field.
    pub(super) position: u32,
    /// Whether it counts towards the field's length: joined words do not, as their parts do.
    pub(super) is_counted: bool,
}

/// One place of a class that is found when all records are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) doc: DocId,
    pub(super) field: u32,
    pub(super) position: u32,
    /// The code of the field's length.
    pub(super) length_code: u8,
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
        let lang = self.languages.get(language as usize).map_or("", |l| l);
        let is_function = language::is_function_word(lang, &token.folded);
        let key = class_key(lang, analyzer, &token);
        let class = self.class(key);
        let next_surface = self.surfaces.len() as u32;
        let surface = *self
            .surface_ids
            .entry((token.written.clone(), class))
            .or_insert(next_surface);
        if let Some(seen) = self.seen.get_mut(language as usize) {
            seen.insert(token.written.clone(), surface);
        }
        if surface == next_surface {
            let ordinal = self.next_form(class);
            self.surfaces.push(Surface {
                folded: token.folded,
                written: token.written,
                class,
                ordinal: Some(ordinal),
                is_function,
            });
        } else if let Some(surface) = self.surfaces.get_mut(surface as usize) {
            surface.is_function |= is_function;
        }
        surface
    }

    /// The class of a key, which is made on first sight.
    pub(super) fn class(&mut self, key: String) -> u32 {
        let next = self.classes.len() as u32;
        let class = *self.class_ids.entry(key).or_insert(next);
        if class == next {
            self.classes.push(Class::default());
        }
        class
    }

    /// The class of a key, if there is one.
    pub(super) fn known_class(&self, key: &str) -> Option<u32> {
        self.class_ids.get(key).copied()
    }

    /// Adds a surface that is only there to be typed, or that stands in places found late.
    pub(super) fn add_surface(&mut self, surface: Surface) {
        let id = self.surfaces.len() as u32;
        self.surface_ids
            .entry((surface.written.clone(), surface.class))
            .or_insert(id);
        self.surfaces.push(surface);
    }

    /// The number of a class's next form.
    pub(super) fn next_form(&mut self, class: u32) -> u32 {
        self.classes.get_mut(class as usize).map_or(0, |class| {
            class.n_forms += 1;
            (class.n_forms - 1).min(OTHER_FORM)
        })
    }

    /// The languages of records, by their primary subtags.
    pub(super) fn languages(&self) -> &[String] {
        &self.languages
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
                *length += u32::from(occurrence.is_counted);
            }
            if let Some(surface) = self.surfaces.get(occurrence.surface as usize) {
                words.push((
                    surface.class,
                    occurrence,
                    surface.ordinal.unwrap_or(OTHER_FORM),
                ));
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

/// The key of a word's class. English words share it over the spellings of Britain and America, and
/// over forms that a stemmer keeps apart.
pub(super) fn class_key(lang: &str, analyzer: &Analyzer, token: &Token) -> String {
    if lang != "en" {
        return analyzer.class(token);
    }
    let base = language::base_form(&token.folded);
    let american = base.map_or_else(|| language::american(&token.folded), Cow::Borrowed);
    if *american == *token.folded {
        return analyzer.class(token);
    }
    analyzer.class(&Token {
        written: american.to_string(),
        folded: american.to_string(),
        ..token.clone()
    })
}

impl Class {
    fn add(&mut self, doc: DocId, words: &[(u32, Occurrence, u32)], lengths: &[u32]) {
        let mut posting = Posting {
            doc,
            forms: 0,
            fields: 0,
            first_field: self.list.fields.len() as u32,
        };
        for of_field in words.chunk_by(|a, b| a.1.field == b.1.field) {
            let mut positions: Vec<u32> =
                of_field.iter().map(|(_, word, _)| word.position).collect();
            // A joined word may be of one class with its first part.
            positions.dedup();
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

    /// How many records hold it.
    pub(super) fn n_docs(&self) -> u32 {
        self.list.postings.len() as u32
    }

    /// All places where it stands, in order.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.list.postings.iter().flat_map(move |posting| {
            let fields = self.list.fields_of(posting).enumerate();
            fields.flat_map(move |(nth, (bit, field))| {
                let positions = self.positions.of(posting.first_field as usize + nth);
                positions.iter().map(move |position| Place {
                    doc: posting.doc,
                    field: bit as u32,
                    position: *position,
                    length_code: field.length_code,
                })
            })
        })
    }

    /// The positions in a field of a record, in order.
    fn positions_in(&self, doc: DocId, field: u32) -> &[u32] {
        let postings = &self.list.postings;
        let at = postings.binary_search_by_key(&doc, |posting| posting.doc);
        let posting = at.ok().and_then(|at| postings.get(at));
        let nth = posting.and_then(|posting| {
            let nth = set_bits(posting.fields).position(|bit| bit == field as usize)?;
            Some(posting.first_field as usize + nth)
        });
        nth.map_or(&[], |nth| self.positions.of(nth))
    }

    /// Whether it stands in a place.
    pub(super) fn stands_at(&self, doc: DocId, field: u32, position: u32) -> bool {
        let positions = self.positions_in(doc, field);
        positions.binary_search(&position).is_ok()
    }

    /// Whether it stands no further than so many words from a place.
    pub(super) fn stands_near(&self, doc: DocId, field: u32, position: u32, reach: u32) -> bool {
        let positions = self.positions_in(doc, field);
        let first = positions.partition_point(|at| at.saturating_add(reach) < position);
        positions
            .get(first)
            .is_some_and(|at| *at <= position.saturating_add(reach))
    }

    /// Lets it stand in further places, all in the form of one number.
    pub(super) fn add_places(&mut self, places: &[Place], form: u32) {
        let mut all: Vec<(Place, u32)> = Vec::new();
        for posting in &self.list.postings {
            let fields = self.list.fields_of(posting).enumerate();
            for (nth, (bit, field)) in fields {
                let positions = self.positions.of(posting.first_field as usize + nth);
                all.extend(positions.iter().map(|position| {
                    let place = Place {
                        doc: posting.doc,
                        field: bit as u32,
                        position: *position,
                        length_code: field.length_code,
                    };
                    (place, posting.forms)
                }));
            }
        }
        all.extend(places.iter().map(|place| (*place, 1 << form)));
        all.sort_unstable_by_key(|(place, _)| *place);
        self.list = PostingList::default();
        self.positions = Positions::default();
        for of_doc in all.chunk_by(|a, b| a.0.doc == b.0.doc) {
            let Some((first, _)) = of_doc.first() else {
                continue;
            };
            let mut posting = Posting {
                doc: first.doc,
                forms: of_doc.iter().fold(0, |forms, (_, form)| forms | form),
                fields: 0,
                first_field: self.list.fields.len() as u32,
            };
            for of_field in of_doc.chunk_by(|a, b| a.0.field == b.0.field) {
                let mut positions: Vec<u32> =
                    of_field.iter().map(|(place, _)| place.position).collect();
                positions.dedup();
                self.positions.push(&positions);
                if let Some((place, _)) = of_field.first() {
                    posting.fields |= 1 << place.field;
                    self.list.fields.push(FieldPosting {
                        frequency: positions.len() as u32,
                        length_code: place.length_code,
                    });
                }
            }
            self.list.postings.push(posting);
        }
    }
}
