//! Gathers postings: from words in records to records of words.
//!
//! Words are numbered as they are first seen, and so are the forms of a class. Knows how words are
//! read and what postings look like; what words have to do with one another is `relate`'s, the order
//! of the dictionary is `cut`'s.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::build::beside::Beside;
use crate::build::gathered::{Entry, Gathered};
use crate::build::prepare::{Word, Words};
use crate::format::postings::{MAX_FORMS, length_code};
use crate::ids::DocId;
use crate::language;
use crate::table::{Names, Table, hash};
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
    pub(super) gathered: Gathered,
    /// The classes that it leads to, and whether records say so and no publisher.
    pub(super) links: Vec<(u32, bool)>,
    n_forms: u32,
    /// Whether it stands in places that no record told.
    has_more_places: bool,
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
pub(super) struct Inverter {
    languages: Vec<String>,
    /// By language, surfaces by word as written: each different word is stemmed once a language.
    seen: Vec<Table>,
    /// Surfaces by word as written and class, as languages may agree on both.
    surface_ids: Table,
    class_keys: Names,
    /// The class that another is part of, once all words are there.
    joined: BTreeMap<u32, u32>,
    pub(super) surfaces: Vec<Surface>,
    pub(super) classes: Vec<Class>,
    /// The words of the record that is being added, kept for its memory: class, number in the record,
    /// form.
    words: Vec<(u32, u32, u32)>,
    /// By its words' numbers, their classes.
    class_of: Vec<u32>,
    entry: Entry,
    encoded: Vec<u8>,
    beside: Beside,
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
    fn surface(&mut self, language: u32, analyzer: &Analyzer, word: Word<'_>) -> u32 {
        let is_written = |id: u32| {
            let known = self.surfaces.get(id as usize);
            known.is_some_and(|known| known.written == word.written)
        };
        let seen = self.seen.get(language as usize);
        if let Some(id) = seen.and_then(|seen| seen.find(word.hash, is_written)) {
            return id;
        }
        let lang = self.languages.get(language as usize).map_or("", |l| l);
        let is_function = language::is_function_word(lang, word.folded)
            || language::celtic::is_grammar(lang, word.written);
        let class = class_key(lang, analyzer, word.written, word.folded);
        let class = self.class(&class);
        let known = self.known_surface(word.hash, word.written, class);
        let surface = known.unwrap_or(self.surfaces.len() as u32);
        if let Some(seen) = self.seen.get_mut(language as usize) {
            seen.insert(word.hash, surface);
        }
        if let Some(known) = known.and_then(|id| self.surfaces.get_mut(id as usize)) {
            known.is_function |= is_function;
        } else {
            let ordinal = self.next_form(class);
            self.add_surface(Surface {
                folded: word.folded.to_owned(),
                written: word.written.to_owned(),
                class,
                ordinal: Some(ordinal),
                is_function,
            });
        }
        surface
    }

    /// The surface of a word as written in a class.
    fn known_surface(&self, hash: u32, written: &str, class: u32) -> Option<u32> {
        let is_it = |id: u32| {
            let known = self.surfaces.get(id as usize);
            known.is_some_and(|known| known.class == class && known.written == written)
        };
        self.surface_ids.find(hash ^ class, is_it)
    }

    /// The class of a key, which is made on first sight.
    pub(super) fn class(&mut self, key: &str) -> u32 {
        let class = self.class_keys.intern(key);
        if class as usize == self.classes.len() {
            self.classes.push(Class::default());
        }
        self.joined.get(&class).copied().unwrap_or(class)
    }

    /// The class of a key, if there is one.
    pub(super) fn known_class(&self, key: &str) -> Option<u32> {
        let class = self.class_keys.find(key)?;
        Some(self.joined.get(&class).copied().unwrap_or(class))
    }

    /// The keys of classes in the order of their numbers.
    pub(super) fn class_keys(&self) -> impl Iterator<Item = &str> {
        self.class_keys.texts().iter()
    }

    /// How many classes have words of their own.
    pub(super) fn n_classes(&self) -> usize {
        self.classes.len() - self.joined.len()
    }

    /// Adds a surface: one that records hold, that is only there to be typed, or that stands in places
    /// found late. Of two that are alike the first is found.
    pub(super) fn add_surface(&mut self, surface: Surface) {
        let hash = hash(surface.written.as_bytes());
        let (written, class) = (&surface.written, surface.class);
        if self.known_surface(hash, written, class).is_none() {
            let id = self.surfaces.len() as u32;
            self.surface_ids.insert(hash ^ class, id);
        }
        self.surfaces.push(surface);
    }

    /// Makes classes part of others, by their numbers. A word that both have becomes one. After the last
    /// record, as words that are seen later would not be told of it.
    pub(super) fn join(&mut self, into: &BTreeMap<u32, u32>) {
        let mut renamed: BTreeMap<u32, [u32; MAX_FORMS as usize]> = BTreeMap::new();
        let surfaces = core::mem::take(&mut self.surfaces);
        let (moved, own) = surfaces
            .into_iter()
            .partition::<Vec<_>, _>(|surface| into.contains_key(&surface.class));
        self.surface_ids = Table::default();
        self.seen = Vec::new();
        for surface in own {
            self.add_surface(surface);
        }
        for surface in moved {
            let Some(class) = into.get(&surface.class).copied() else {
                continue;
            };
            let hash = hash(surface.written.as_bytes());
            let known = self.known_surface(hash, &surface.written, class);
            let known = known.and_then(|id| self.surfaces.get_mut(id as usize));
            let known = known.map(|known| {
                known.is_function |= surface.is_function;
                known.ordinal.unwrap_or(OTHER_FORM)
            });
            let ordinal = known.unwrap_or_else(|| self.next_form(class));
            let forms = renamed
                .entry(surface.class)
                .or_insert([0; MAX_FORMS as usize]);
            let form = surface.ordinal.unwrap_or(OTHER_FORM) as usize;
            if let Some(forms) = forms.get_mut(form) {
                *forms |= 1 << ordinal;
            }
            if known.is_none() {
                self.add_surface(Surface {
                    class,
                    ordinal: Some(ordinal),
                    ..surface
                });
            }
        }
        let mut added: BTreeMap<u32, Vec<(Place, u32)>> = BTreeMap::new();
        for (from, class) in into {
            let of_class = self.classes.get_mut(*from as usize).map(core::mem::take);
            let forms = renamed.get(from).copied().unwrap_or_default();
            if let Some(of_class) = of_class {
                let places = of_class.gathered.places_with_forms(&forms);
                added.entry(*class).or_default().extend(places);
            }
            self.joined.insert(*from, *class);
        }
        for (class, places) in added {
            if let Some(class) = self.classes.get_mut(class as usize) {
                class.add_places(places);
            }
        }
    }

    /// The number of a class's next form.
    pub(super) fn next_form(&mut self, class: u32) -> u32 {
        self.classes.get_mut(class as usize).map_or(0, |class| {
            class.n_forms += 1;
            (class.n_forms - 1).min(OTHER_FORM)
        })
    }

    /// Gives up what is needed only while words are taken in and related.
    pub(super) fn give_up_finding(&mut self) {
        self.seen = Vec::new();
        self.surface_ids = Table::default();
        self.class_keys = Names::default();
        self.beside = Beside::default();
    }

    /// The languages of records, by their primary subtags.
    pub(super) fn languages(&self) -> &[String] {
        &self.languages
    }

    /// Whether classes may stand one after the other in any place where another does not begin. Where
    /// not, they certainly do not.
    pub(super) fn may_stand_in_a_row(&self, classes: &[u32], but_of: Option<u32>) -> bool {
        let has_more = |class: &u32| {
            let class = self.classes.get(*class as usize);
            class.is_some_and(|class| class.has_more_places)
        };
        if classes.iter().any(has_more) {
            return true;
        }
        let is_tied = match (classes, but_of) {
            ([first, second, ..], Some(other)) => {
                self.beside.follows_only_in(*first, *second, other)
            }
            _ => false,
        };
        let mut pairs = classes.iter().zip(classes.iter().skip(1));
        !is_tied && pairs.all(|(a, b)| self.beside.may_follow(*a, *b))
    }

    /// Adds the words of the next record.
    ///
    /// `languages` are those of the record's versions, each with what reads its words.
    pub(super) fn add(&mut self, doc: DocId, languages: &[(u32, &Analyzer)], words: &Words) {
        let mut numbered = core::mem::take(&mut self.words);
        numbered.clear();
        self.class_of.clear();
        for (at, word) in (0..words.len()).filter_map(|at| Some((at as u32, words.get(at)?))) {
            let Some((language, analyzer)) = languages.get(word.version) else {
                continue;
            };
            let surface = self.surface(*language, analyzer, word);
            if let Some(surface) = self.surfaces.get(surface as usize) {
                let form = surface.ordinal.unwrap_or(OTHER_FORM);
                numbered.push((surface.class, at, form));
                self.class_of.push(surface.class);
            }
        }
        let class_of = |word: u32| self.class_of.get(word as usize).copied().unwrap_or(0);
        self.beside.add(&words.occurrences, class_of);
        numbered.sort_unstable();
        let code = |field: u32| {
            let length = words.lengths.get(field as usize).copied();
            length_code(length.unwrap_or(1))
        };
        let places = |at: u32| words.get(at as usize).map_or(&[][..], |word| word.places);
        for of_class in numbered.chunk_by(|a, b| a.0 == b.0) {
            self.entry.clear(doc);
            let forms = of_class
                .iter()
                .fold(0, |forms, (.., form)| forms | 1 << form);
            self.entry.forms = forms;
            let (class, at) = of_class
                .first()
                .map_or((0, 0), |(class, at, _)| (*class, *at));
            if of_class.len() == 1 {
                for (field, position) in places(at) {
                    self.entry.add(*field, *position, code(*field));
                }
            } else {
                let all = of_class.iter().flat_map(|(_, at, _)| places(*at));
                let mut all: Vec<(u32, u32)> = all.copied().collect();
                all.sort_unstable();
                for (field, position) in all {
                    self.entry.add(field, position, code(field));
                }
            }
            if let Some(class) = self.classes.get_mut(class as usize) {
                class.gathered.push(&self.entry, &mut self.encoded);
            }
        }
        self.words = numbered;
    }
}

/// The key of a word's class. English words share it over the spellings of Britain and America, and
/// over forms that a stemmer keeps apart; Welsh, Gaelic and Irish ones with none of another language,
/// as `kin` will join them.
pub(super) fn class_key(lang: &str, analyzer: &Analyzer, written: &str, folded: &str) -> String {
    if let Some(key) = language::celtic::own_key(lang, written, folded) {
        return key;
    }
    let class = |written: &str, folded: &str| {
        analyzer.class(&Token {
            span: 0..written.len(),
            written: written.to_owned(),
            folded: folded.to_owned(),
            place: 0,
            n_words: 1,
        })
    };
    if lang != "en" {
        return class(written, folded);
    }
    let base = language::base_form(folded);
    let american = base.map_or_else(|| language::american(folded), Cow::Borrowed);
    if *american == *folded {
        return class(written, folded);
    }
    class(&american, &american)
}

impl Class {
    /// How many records hold it.
    pub(super) fn n_docs(&self) -> u32 {
        self.gathered.n_docs()
    }

    /// Lets it stand in further places, each with the bits of its forms.
    pub(super) fn add_places(&mut self, places: Vec<(Place, u32)>) {
        self.gathered = self.gathered.with_places(places);
        self.has_more_places = true;
    }
}
