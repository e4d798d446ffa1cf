//! What words have to do with one another, once all of them are there: other spellings, words that
//! are written apart and together, words that were glued, synonyms.
//!
//! All of it ends in surfaces, places and links, so that a search does no more than walk the
//! dictionary. Knows gathered words and how words are read; knows nothing of bytes.

use std::collections::{BTreeMap, BTreeSet};

use crate::build::gathered::Gathered;
use crate::build::invert::{Inverter, OTHER_FORM, Place, Surface, class_key};
use crate::build::kin;
use crate::build::workers::{self, Workers};
use crate::format::terms::PHRASE_GAP;
use crate::language;
use crate::table::Names;
use crate::text::{
    Analyzer, Token, arabic_stem, begins_unspaced, primary_subtag, prose, sought, tokens,
};
use crate::vocabulary::Synonym;

/// Fewest letters of a word that is looked at as two that are written together.
const MIN_JOINED_LETTERS: usize = 6;

/// Fewest letters of either part of such a word.
const MIN_PART_LETTERS: usize = 3;

/// Fewest letters of a word that may be two which the source glued together.
const MIN_GLUED_LETTERS: usize = 8;

/// A word in more records than this is no slip of the source, whatever its parts.
const MAX_GLUED_DOCS: u32 = 2;

/// In so many places the parts must stand side by side before a word is taken for the two of them.
const MIN_PART_PLACES: usize = 2;

/// Most words of a phrase that leads to others; longer ones are left out.
const MAX_PHRASE_WORDS: usize = 8;

/// So many other words may stand among those of a phrase that others lead to.
const MAX_WORDS_BETWEEN: u32 = 3;

/// A language of at least one record in so many has its function words in the dictionary.
const FUNCTION_WORDS_SHARE: u32 = 20;

/// An acronym whose long form is this much rarer than its commonest one does not stand for it.
const ACRONYM_SHARE: u32 = 4;

/// Words that are looked at as one piece of work.
const WORDS_A_PIECE: usize = 512;

/// Finds everything there is to find. `languages` are tags of records with their counts.
pub(super) fn relate(
    inverter: &mut Inverter,
    synonyms: &[Synonym],
    acronyms: &BTreeMap<(String, String), u32>,
    default_lang: &str,
    languages: &[(String, u32)],
    workers: &dyn Workers,
) {
    kin::join(inverter);
    let mut keys = Keys::default();
    add_spellings(inverter, &mut keys, workers);
    add_stems(inverter, &mut keys);
    add_function_words(inverter, &mut keys, default_lang, languages);
    join_words(inverter, &mut keys, workers);
    split_glued_words(inverter, &mut keys, workers);
    let mut links = Linker::new(inverter, keys, default_lang);
    for synonym in synonyms {
        links.add(synonym, false);
    }
    for synonym in frequent_acronyms(acronyms) {
        links.add(&synonym, true);
    }
    links.finish();
}

/// By folded word, its surfaces: those that were there when [`Keys::update`] was last called.
#[derive(Default)]
struct Keys {
    names: Names,
    /// The first and the last surface of each key.
    ends: Vec<(u32, u32)>,
    /// For each surface the next one of its key.
    next: Vec<Option<u32>>,
}

impl Keys {
    /// Takes in the surfaces that are new.
    fn update(&mut self, inverter: &Inverter) {
        for surface in inverter.surfaces.iter().skip(self.next.len()) {
            let id = self.next.len() as u32;
            self.next.push(None);
            let key = self.names.intern(&surface.folded) as usize;
            match self.ends.get_mut(key) {
                Some((_, last)) => {
                    if let Some(next) = self.next.get_mut(*last as usize) {
                        *next = Some(id);
                    }
                    *last = id;
                }
                None => self.ends.push((id, id)),
            }
        }
    }

    fn contains(&self, key: &str) -> bool {
        self.names.find(key).is_some()
    }

    /// The surfaces of a key, in order.
    fn surfaces(&self, key: &str) -> impl Iterator<Item = u32> + '_ {
        let key = self.names.find(key);
        let ends = key.and_then(|key| self.ends.get(key as usize));
        let next = |id: &u32| self.next.get(*id as usize).copied().flatten();
        core::iter::successors(ends.map(|(first, _)| *first), next)
    }
}

/// A surface that no record holds, so that it can be typed.
fn unseen(folded: String, class: u32, is_function: bool) -> Surface {
    Surface {
        written: folded.clone(),
        folded,
        class,
        ordinal: None,
        is_function,
    }
}

/// Lets each English word be typed in the spelling of the other side of the Atlantic, and in the forms
/// that a stemmer keeps apart.
fn add_spellings(inverter: &mut Inverter, keys: &mut Keys, workers: &dyn Workers) {
    if !inverter.languages().iter().any(|lang| lang == "en") {
        return;
    }
    keys.update(inverter);
    let (known, keys) = (&*inverter, &*keys);
    let found = of_all(&known.surfaces, workers, |surface: &Surface| {
        let others = language::other_spellings(&surface.folded).into_iter();
        let forms = language::family(&surface.folded).map(str::to_owned);
        let is_new = |other: &String| {
            let mut same = keys
                .surfaces(other)
                .filter_map(|id| known.surfaces.get(id as usize));
            !same.any(|known| known.class == surface.class)
        };
        let new = others.chain(forms).filter(is_new);
        new.map(|other| (other, surface.class)).collect()
    });
    let found: BTreeSet<(String, u32)> = found.into_iter().collect();
    for (folded, class) in found {
        inverter.add_surface(unseen(folded, class, false));
    }
}

/// Lets the stem of each Arabic class be typed. A browser stems a word of Arabic that no record holds;
/// the words of its class begin with articles and more, so that none of them stands where it looks.
fn add_stems(inverter: &mut Inverter, keys: &mut Keys) {
    keys.update(inverter);
    let stems = inverter.surfaces.iter().filter_map(|surface| {
        let stem = arabic_stem(&surface.folded)?;
        let is_new = inverter.known_class(stem) == Some(surface.class) && !keys.contains(stem);
        is_new.then(|| (stem.to_owned(), surface.class))
    });
    let stems: BTreeSet<(String, u32)> = stems.collect();
    for (stem, class) in stems {
        inverter.add_surface(unseen(stem, class, false));
    }
}

/// What a pure function finds for each of many things, in their order, by pieces of work.
fn of_all<T: Sync, F: Send>(
    all: &[T],
    workers: &dyn Workers,
    find: impl Fn(&T) -> Vec<F> + Sync,
) -> Vec<F> {
    let pieces: Vec<&[T]> = all.chunks(WORDS_A_PIECE).collect();
    let found = workers::map(workers, pieces.len(), |at| {
        let piece = pieces.get(at).copied().unwrap_or_default();
        piece.iter().flat_map(&find).collect::<Vec<F>>()
    });
    found.into_iter().flatten().collect()
}

/// Puts the function words of the index's languages into the dictionary, so that one which no record
/// holds is known for what it is: `how` among titles.
fn add_function_words(
    inverter: &mut Inverter,
    keys: &mut Keys,
    default_lang: &str,
    languages: &[(String, u32)],
) {
    let n_docs: u32 = languages.iter().map(|(_, count)| count).sum();
    let mut tags: BTreeSet<String> = languages
        .iter()
        .filter(|(_, count)| count.saturating_mul(FUNCTION_WORDS_SHARE) >= n_docs)
        .map(|(tag, _)| primary_subtag(tag))
        .collect();
    tags.insert(primary_subtag(default_lang));
    keys.update(inverter);
    for lang in tags {
        let analyzer = Analyzer::new(&lang);
        for word in language::function_words(&lang) {
            if !keys.contains(word)
                && let Some(token) = tokens(word).next()
            {
                let key = class_key(&lang, &analyzer, &token.written, &token.folded);
                let class = inverter.class(&key);
                inverter.add_surface(unseen(token.folded, class, true));
            }
        }
    }
}

/// Lets a word that is written together in one place (`wellbeing`, `well-being`) be found where its
/// parts stand side by side (`well being`).
fn join_words(inverter: &mut Inverter, keys: &mut Keys, workers: &dyn Workers) {
    keys.update(inverter);
    let (known, keys) = (&*inverter, &*keys);
    let joined = of_all(&known.surfaces, workers, |surface: &Surface| {
        ways_apart(surface, keys)
    });
    let joined: BTreeSet<(u32, Vec<String>)> = joined.into_iter().collect();
    let joined: Vec<(u32, Vec<String>)> = joined.into_iter().collect();
    let found = of_all(&joined, workers, |(class, parts)| {
        let mut places = places_of_keys(known, keys, parts, Some(*class));
        // Mostly a few are left of very many.
        places.shrink_to_fit();
        let is_found = !places.is_empty();
        let found = (*class, parts.clone(), places);
        is_found.then_some(found).into_iter().collect()
    });
    let mut added: BTreeMap<u32, Vec<(Place, u32)>> = BTreeMap::new();
    for (class, parts, places) in found {
        let form = inverter.next_form(class);
        let written = parts.join(&PHRASE_GAP.to_string());
        inverter.add_surface(Surface {
            folded: written.clone(),
            written,
            class,
            ordinal: Some(form),
            is_function: false,
        });
        let places = places.into_iter().map(|place| (place, 1 << form));
        added.entry(class).or_default().extend(places);
    }
    add_all(inverter, added);
}

/// The words that a surface may stand for when they are written apart.
fn ways_apart(surface: &Surface, keys: &Keys) -> Vec<(u32, Vec<String>)> {
    // Pairs of letters are in no other places than their letters side by side.
    if surface.ordinal.is_none() || begins_unspaced(&surface.folded) {
        return Vec::new();
    }
    let mut parts: Vec<String> = Vec::new();
    prose::read(&surface.written, |word| {
        if !word.is_joined() {
            parts.push(word.folded.to_owned());
        }
        true
    });
    if parts.len() > 1 {
        return vec![(surface.class, parts)];
    }
    splits(&surface.folded, MIN_JOINED_LETTERS)
        .filter(|(left, right)| keys.contains(left) && keys.contains(right))
        .map(|(left, right)| (surface.class, vec![left.to_owned(), right.to_owned()]))
        .collect()
}

/// Adds places to classes, to each class all at once.
fn add_all(inverter: &mut Inverter, added: BTreeMap<u32, Vec<(Place, u32)>>) {
    for (class, places) in added {
        if let Some(class) = inverter.classes.get_mut(class as usize) {
            class.add_places(places);
        }
    }
}

/// Lets a rare word that is two which stand side by side elsewhere (`migrantintegration`) be found
/// by either.
fn split_glued_words(inverter: &mut Inverter, keys: &mut Keys, workers: &dyn Workers) {
    keys.update(inverter);
    let (known, keys) = (&*inverter, &*keys);
    let found = of_all(&known.surfaces, workers, |surface: &Surface| {
        glued(surface, known, keys).unwrap_or_default()
    });
    let mut added: BTreeMap<u32, Vec<(Place, u32)>> = BTreeMap::new();
    for (class, places) in found {
        let places = places.into_iter().map(|place| (place, 1 << OTHER_FORM));
        added.entry(class).or_default().extend(places);
    }
    add_all(inverter, added);
}

/// The two classes that a surface is glued of, each with the places that it should have.
fn glued(surface: &Surface, inverter: &Inverter, keys: &Keys) -> Option<Vec<(u32, Vec<Place>)>> {
    let class = inverter.classes.get(surface.class as usize)?;
    let is_out = class.n_docs() > MAX_GLUED_DOCS || surface.folded.contains(PHRASE_GAP);
    if surface.ordinal.is_none() || is_out {
        return None;
    }
    let (_, parts) = splits(&surface.folded, MIN_GLUED_LETTERS)
        .filter(|(left, right)| keys.contains(left) && keys.contains(right))
        .map(|(left, right)| {
            let parts = [left.to_owned(), right.to_owned()];
            (places_of_keys(inverter, keys, &parts, None).len(), parts)
        })
        .filter(|(n_places, _)| *n_places >= MIN_PART_PLACES)
        .max()?;
    let parts = parts.iter().enumerate().filter_map(|(nth, part)| {
        let part = commonest(inverter, keys, part)?;
        let mut places = class.gathered.places();
        for place in &mut places {
            place.position = place.position.saturating_add(nth as u32);
        }
        Some((part, places))
    });
    Some(parts.collect())
}

/// The ways to cut a word of letters in two.
fn splits(word: &str, min_letters: usize) -> impl Iterator<Item = (&str, &str)> {
    let n_letters = word.chars().count();
    let is_word = n_letters >= min_letters && word.chars().all(char::is_alphabetic);
    let last = if is_word {
        n_letters - MIN_PART_LETTERS
    } else {
        0
    };
    word.char_indices()
        .enumerate()
        .filter(move |(nth, _)| (MIN_PART_LETTERS..=last).contains(nth))
        .filter_map(|(_, (at, _))| word.split_at_checked(at))
}

/// The class of a key that most records hold.
fn commonest(inverter: &Inverter, keys: &Keys, key: &str) -> Option<u32> {
    let surfaces = keys.surfaces(key);
    let classes = surfaces.filter_map(|id| Some(inverter.surfaces.get(id as usize)?.class));
    classes.max_by_key(|class| {
        let class_docs = inverter.classes.get(*class as usize).map(|c| c.n_docs());
        (class_docs, core::cmp::Reverse(*class))
    })
}

fn places_of_keys(
    inverter: &Inverter,
    keys: &Keys,
    words: &[String],
    but_of: Option<u32>,
) -> Vec<Place> {
    let classes = words.iter().map(|word| commonest(inverter, keys, word));
    match classes.collect::<Option<Vec<u32>>>() {
        Some(classes) => places_of_phrase(inverter, &classes, but_of),
        None => Vec::new(),
    }
}

/// What was gathered of each of these classes.
fn gathered<'i>(inverter: &'i Inverter, classes: &[u32]) -> Option<Vec<&'i Gathered>> {
    let classes = classes.iter();
    classes
        .map(|class| Some(&inverter.classes.get(*class as usize)?.gathered))
        .collect()
}

/// Where classes stand side by side, each place that of the first, but for those of another class.
/// Cost: the places of the rarest of them, and for each of its records a few of the others'.
fn places_of_phrase(inverter: &Inverter, classes: &[u32], but_of: Option<u32>) -> Vec<Place> {
    if !inverter.may_stand_in_a_row(classes, but_of) {
        return Vec::new();
    }
    let Some(classes) = gathered(inverter, classes) else {
        return Vec::new();
    };
    let rarest = classes.iter().enumerate().min_by_key(|(_, c)| c.n_docs());
    let Some((at, rarest)) = rarest else {
        return Vec::new();
    };
    let mut places = rarest.places();
    places.retain_mut(|place| {
        let start = place.position.checked_sub(at as u32);
        place.position = start.unwrap_or_default();
        start.is_some()
    });
    // This comes first, as most words of compounds stand in nothing but the compound.
    if let Some(other) = but_of.and_then(|class| inverter.classes.get(class as usize)) {
        let mut other = other.gathered.cursor();
        places.retain(|place| !other.stands_at(place.doc, place.field, place.position));
    }
    for (nth, class) in classes.iter().enumerate().filter(|(nth, _)| *nth != at) {
        let mut cursor = class.cursor();
        places
            .retain(|start| cursor.stands_at(start.doc, start.field, start.position + nth as u32));
    }
    places
}

/// Where classes stand near each other in any order, each place that of the rarest of them: titles
/// turn a phrase around, and put words between.
fn places_near(inverter: &Inverter, classes: &[u32]) -> Vec<Place> {
    let Some(classes) = gathered(inverter, classes) else {
        return Vec::new();
    };
    let rarest = classes.iter().min_by_key(|class| class.n_docs());
    let reach = classes.len() as u32 + MAX_WORDS_BETWEEN;
    let mut places = rarest.map(|rarest| rarest.places()).unwrap_or_default();
    for class in &classes {
        let mut cursor = class.cursor();
        places.retain(|at| cursor.stands_near(at.doc, at.field, at.position, reach));
    }
    places
}

/// Acronyms and their long forms as synonyms: for each acronym its commonest long form, and those
/// that are not much rarer.
fn frequent_acronyms(found: &BTreeMap<(String, String), u32>) -> Vec<Synonym> {
    let mut most: BTreeMap<&str, u32> = BTreeMap::new();
    for ((acronym, _), count) in found {
        let known = most.entry(acronym).or_default();
        *known = (*known).max(*count);
    }
    let is_frequent = |acronym: &str, count: u32| {
        most.get(acronym)
            .is_some_and(|most| count.saturating_mul(ACRONYM_SHARE) >= *most)
    };
    found
        .iter()
        .filter(|((acronym, _), count)| is_frequent(acronym, **count))
        .map(|((acronym, long), _)| Synonym::same([acronym.as_str(), long]))
        .collect()
}

/// Turns synonyms into links between classes.
struct Linker<'i> {
    inverter: &'i mut Inverter,
    analyzer: Analyzer,
    lang: String,
    keys: Keys,
    /// By folded phrase or word: its class.
    known: BTreeMap<String, u32>,
    /// From which class to which, and whether no publisher says so.
    links: BTreeMap<(u32, u32), bool>,
}

impl<'i> Linker<'i> {
    fn new(inverter: &'i mut Inverter, mut keys: Keys, default_lang: &str) -> Linker<'i> {
        let lang = primary_subtag(default_lang);
        keys.update(inverter);
        Linker {
            keys,
            analyzer: Analyzer::new(&lang),
            inverter,
            lang,
            known: BTreeMap::new(),
            links: BTreeMap::new(),
        }
    }

    /// Adds the links of one synonym, as far as any record holds what they lead to.
    fn add(&mut self, synonym: &Synonym, is_harvested: bool) {
        let read = |texts: &[String]| -> Vec<Vec<Token>> {
            let words = texts.iter().map(|text| words_of(text));
            words
                .filter(|words| !words.is_empty() && words.len() <= MAX_PHRASE_WORDS)
                .collect()
        };
        let (from, to) = (read(&synonym.from), read(&synonym.to));
        let targets: Vec<&Vec<Token>> = if synonym.is_two_way {
            from.iter().chain(&to).collect()
        } else {
            to.iter().collect()
        };
        let sources: Vec<&Vec<Token>> = if synonym.is_two_way {
            targets.clone()
        } else {
            from.iter().collect()
        };
        let targets: Vec<u32> = targets
            .into_iter()
            .filter_map(|words| self.found(words))
            .collect();
        if targets.is_empty() {
            return;
        }
        for words in sources {
            // A word that nothing but itself is found by needs no entry.
            let own = self.found(words);
            if targets.iter().all(|target| Some(*target) == own) {
                continue;
            }
            let source = own.unwrap_or_else(|| self.made(words));
            for target in targets.iter().filter(|target| **target != source) {
                let known = self.links.entry((source, *target)).or_insert(is_harvested);
                *known &= is_harvested;
            }
        }
    }

    /// The class of words that some record holds; that of a phrase is made of where it stands.
    fn found(&mut self, words: &[Token]) -> Option<u32> {
        let key = key_of(words);
        if let Some(class) = self.known.get(&key) {
            let class_docs = self.inverter.classes.get(*class as usize)?.n_docs();
            return (class_docs > 0).then_some(*class);
        }
        if let [word] = words {
            let class = self.class_of(word)?;
            let is_held = self.inverter.classes.get(class as usize)?.n_docs() > 0;
            if !is_held {
                return None;
            }
            if !self.keys.contains(&word.folded) {
                self.inverter
                    .add_surface(unseen(word.folded.clone(), class, false));
            }
            self.known.insert(key, class);
            return Some(class);
        }
        let classes: Option<Vec<u32>> = words.iter().map(|word| self.class_of(word)).collect();
        let places = places_near(self.inverter, &classes?);
        if places.is_empty() {
            return None;
        }
        let class = self.made(words);
        let form = self.inverter.next_form(class);
        let id = self.inverter.surfaces.len().checked_sub(1)?;
        if let Some(surface) = self.inverter.surfaces.get_mut(id) {
            surface.ordinal = Some(form);
        }
        self.inverter
            .classes
            .get_mut(class as usize)?
            .add_places(places.into_iter().map(|place| (place, 1 << form)).collect());
        Some(class)
    }

    /// A class for words that no record holds; they can still be typed.
    fn made(&mut self, words: &[Token]) -> u32 {
        let key = key_of(words);
        if let Some(class) = self.known.get(&key) {
            return *class;
        }
        // No stem has a gap in it, so a phrase is in a class of its own; a word may share its own.
        let class = match words {
            [word] => {
                let class = self.class_key(word);
                self.inverter.class(&class)
            }
            _ => self.inverter.class(&key),
        };
        self.inverter.add_surface(unseen(key.clone(), class, false));
        self.known.insert(key, class);
        class
    }

    /// The class of a word: of its own where records hold it as it is, else of its stem.
    fn class_of(&self, word: &Token) -> Option<u32> {
        commonest(self.inverter, &self.keys, &word.folded).or_else(|| {
            let key = self.class_key(word);
            self.inverter.known_class(&key)
        })
    }

    fn class_key(&self, word: &Token) -> String {
        class_key(&self.lang, &self.analyzer, &word.written, &word.folded)
    }

    /// Writes the links down.
    fn finish(self) {
        for ((from, to), is_harvested) in self.links {
            if let Some(class) = self.inverter.classes.get_mut(from as usize) {
                class.links.push((to, is_harvested));
            }
        }
    }
}

/// The words of a synonym: one for a run that is joined as a whole (`e-mail`), else each.
fn words_of(text: &str) -> Vec<Token> {
    let all: Vec<Token> = tokens(text).collect();
    let n_words = all.iter().filter(|token| !token.is_joined()).count();
    match all.iter().find(|token| token.n_words as usize == n_words) {
        Some(whole) => vec![whole.clone()],
        None => sought(text, false),
    }
}

fn key_of(words: &[Token]) -> String {
    let words: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
    words.join(&PHRASE_GAP.to_string())
}
