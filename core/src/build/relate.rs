//! What words have to do with one another, once all of them are there: other spellings, words that
//! are written apart and together, words that were glued, synonyms.
//!
//! All of it ends in surfaces, places and links, so that a search does no more than walk the
//! dictionary. Knows gathered words and how words are read; knows nothing of bytes.

use std::collections::{BTreeMap, BTreeSet};

use crate::build::invert::{Class, Inverter, OTHER_FORM, Place, Surface, class_key};
use crate::format::terms::PHRASE_GAP;
use crate::language;
use crate::text::{Analyzer, Token, primary_subtag, tokens};
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

/// Finds everything there is to find. `languages` are tags of records with their counts.
pub(super) fn relate(
    inverter: &mut Inverter,
    synonyms: &[Synonym],
    acronyms: &BTreeMap<(String, String), u32>,
    default_lang: &str,
    languages: &[(String, u32)],
) {
    add_spellings(inverter);
    add_function_words(inverter, default_lang, languages);
    join_words(inverter);
    split_glued_words(inverter);
    let mut links = Linker::new(inverter, default_lang);
    for synonym in synonyms {
        links.add(synonym, false);
    }
    for synonym in frequent_acronyms(acronyms) {
        links.add(&synonym, true);
    }
    links.finish();
}

/// By folded word, its surfaces.
fn by_key(inverter: &Inverter) -> BTreeMap<String, Vec<u32>> {
    let mut keys: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (id, surface) in inverter.surfaces.iter().enumerate() {
        keys.entry(surface.folded.clone())
            .or_default()
            .push(id as u32);
    }
    keys
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
fn add_spellings(inverter: &mut Inverter) {
    if !inverter.languages().iter().any(|lang| lang == "en") {
        return;
    }
    let keys = by_key(inverter);
    let mut found = BTreeSet::new();
    for surface in &inverter.surfaces {
        let others = language::other_spellings(&surface.folded).into_iter();
        let forms = language::family(&surface.folded).map(str::to_owned);
        for other in others.chain(forms) {
            let is_known = keys.get(&other).is_some_and(|ids| {
                let mut surfaces = ids
                    .iter()
                    .filter_map(|id| inverter.surfaces.get(*id as usize));
                surfaces.any(|known| known.class == surface.class)
            });
            if !is_known {
                found.insert((other, surface.class));
            }
        }
    }
    for (folded, class) in found {
        inverter.add_surface(unseen(folded, class, false));
    }
}

/// Puts the function words of the index's languages into the dictionary, so that one which no record
/// holds is known for what it is: `how` among titles.
fn add_function_words(inverter: &mut Inverter, default_lang: &str, languages: &[(String, u32)]) {
    let n_docs: u32 = languages.iter().map(|(_, count)| count).sum();
    let mut tags: BTreeSet<String> = languages
        .iter()
        .filter(|(_, count)| count.saturating_mul(FUNCTION_WORDS_SHARE) >= n_docs)
        .map(|(tag, _)| primary_subtag(tag))
        .collect();
    tags.insert(primary_subtag(default_lang));
    let known = by_key(inverter);
    for lang in tags {
        let analyzer = Analyzer::new(&lang);
        for word in language::function_words(&lang) {
            if !known.contains_key(*word)
                && let Some(token) = tokens(word).next()
            {
                let class = inverter.class(class_key(&lang, &analyzer, &token));
                inverter.add_surface(unseen(token.folded, class, true));
            }
        }
    }
}

/// Lets a word that is written together in one place (`wellbeing`, `well-being`) be found where its
/// parts stand side by side (`well being`).
fn join_words(inverter: &mut Inverter) {
    let keys = by_key(inverter);
    let mut joined: BTreeMap<(u32, Vec<String>), ()> = BTreeMap::new();
    for surface in inverter.surfaces.iter().filter(|s| s.ordinal.is_some()) {
        let parts: Vec<String> = tokens(&surface.written)
            .filter(|token| !token.is_joined())
            .map(|token| token.folded)
            .collect();
        if parts.len() > 1 {
            joined.insert((surface.class, parts), ());
            continue;
        }
        for (left, right) in splits(&surface.folded, MIN_JOINED_LETTERS) {
            if keys.contains_key(left) && keys.contains_key(right) {
                joined.insert((surface.class, vec![left.to_owned(), right.to_owned()]), ());
            }
        }
    }
    let mut found: Vec<(u32, Vec<String>, Vec<Place>)> = Vec::new();
    for (class, parts) in joined.into_keys() {
        let mut places = places_of_keys(inverter, &keys, &parts);
        if let Some(own) = inverter.classes.get(class as usize) {
            places.retain(|place| !own.stands_at(place.doc, place.field, place.position));
        }
        if !places.is_empty() {
            found.push((class, parts, places));
        }
    }
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
        if let Some(class) = inverter.classes.get_mut(class as usize) {
            class.add_places(&places, form);
        }
    }
}

/// Lets a rare word that is two which stand side by side elsewhere (`migrantintegration`) be found
/// by either.
fn split_glued_words(inverter: &mut Inverter) {
    let keys = by_key(inverter);
    let mut found: Vec<(u32, Vec<Place>)> = Vec::new();
    for surface in inverter.surfaces.iter().filter(|s| s.ordinal.is_some()) {
        let Some(class) = inverter.classes.get(surface.class as usize) else {
            continue;
        };
        if class.n_docs() > MAX_GLUED_DOCS || surface.folded.contains(PHRASE_GAP) {
            continue;
        }
        let best = splits(&surface.folded, MIN_GLUED_LETTERS)
            .filter(|(left, right)| keys.contains_key(*left) && keys.contains_key(*right))
            .map(|(left, right)| {
                let parts = [left.to_owned(), right.to_owned()];
                let n_places = places_of_keys(inverter, &keys, &parts).len();
                (n_places, parts)
            })
            .filter(|(n_places, _)| *n_places >= MIN_PART_PLACES)
            .max();
        let Some((_, parts)) = best else { continue };
        for (nth, part) in parts.iter().enumerate() {
            let Some(part) = commonest(inverter, &keys, part) else {
                continue;
            };
            let places = class.places().map(|place| Place {
                position: place.position.saturating_add(nth as u32),
                ..place
            });
            found.push((part, places.collect()));
        }
    }
    for (class, places) in found {
        if let Some(class) = inverter.classes.get_mut(class as usize) {
            class.add_places(&places, OTHER_FORM);
        }
    }
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
fn commonest(inverter: &Inverter, keys: &BTreeMap<String, Vec<u32>>, key: &str) -> Option<u32> {
    let surfaces = keys.get(key)?.iter();
    let classes = surfaces.filter_map(|id| Some(inverter.surfaces.get(*id as usize)?.class));
    classes.max_by_key(|class| {
        let class_docs = inverter.classes.get(*class as usize).map(|c| c.n_docs());
        (class_docs, core::cmp::Reverse(*class))
    })
}

fn places_of_keys(
    inverter: &Inverter,
    keys: &BTreeMap<String, Vec<u32>>,
    words: &[String],
) -> Vec<Place> {
    let classes = words.iter().map(|word| commonest(inverter, keys, word));
    match classes.collect::<Option<Vec<u32>>>() {
        Some(classes) => places_of_phrase(inverter, &classes),
        None => Vec::new(),
    }
}

/// What was gathered of each of these classes.
fn gathered<'i>(inverter: &'i Inverter, classes: &[u32]) -> Option<Vec<&'i Class>> {
    let classes = classes.iter();
    classes
        .map(|class| inverter.classes.get(*class as usize))
        .collect()
}

/// Where classes stand side by side, each place that of the first. Cost: a few look-ups for each
/// place of the rarest of them.
fn places_of_phrase(inverter: &Inverter, classes: &[u32]) -> Vec<Place> {
    let Some(classes) = gathered(inverter, classes) else {
        return Vec::new();
    };
    let rarest = classes.iter().enumerate().min_by_key(|(_, c)| c.n_docs());
    let Some((at, rarest)) = rarest else {
        return Vec::new();
    };
    let starts = rarest.places().filter_map(|place| {
        let position = place.position.checked_sub(at as u32)?;
        Some(Place { position, ..place })
    });
    let is_phrase = |start: &Place| {
        classes.iter().enumerate().all(|(nth, class)| {
            nth == at || class.stands_at(start.doc, start.field, start.position + nth as u32)
        })
    };
    starts.filter(is_phrase).collect()
}

/// Where classes stand near each other in any order, each place that of the rarest of them: titles
/// turn a phrase around, and put words between.
fn places_near(inverter: &Inverter, classes: &[u32]) -> Vec<Place> {
    let Some(classes) = gathered(inverter, classes) else {
        return Vec::new();
    };
    let rarest = classes.iter().min_by_key(|class| class.n_docs());
    let reach = classes.len() as u32 + MAX_WORDS_BETWEEN;
    let is_near = |place: &Place| {
        classes
            .iter()
            .all(|class| class.stands_near(place.doc, place.field, place.position, reach))
    };
    let places = rarest.into_iter().flat_map(|rarest| rarest.places());
    places.filter(is_near).collect()
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
    keys: BTreeMap<String, Vec<u32>>,
    /// By folded phrase or word: its class.
    known: BTreeMap<String, u32>,
    /// From which class to which, and whether no publisher says so.
    links: BTreeMap<(u32, u32), bool>,
}

impl<'i> Linker<'i> {
    fn new(inverter: &'i mut Inverter, default_lang: &str) -> Linker<'i> {
        let lang = primary_subtag(default_lang);
        Linker {
            keys: by_key(inverter),
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
            if !self.keys.contains_key(&word.folded) {
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
            .add_places(&places, form);
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
                let class = class_key(&self.lang, &self.analyzer, word);
                self.inverter.class(class)
            }
            _ => self.inverter.class(key.clone()),
        };
        self.inverter.add_surface(unseen(key.clone(), class, false));
        self.known.insert(key, class);
        class
    }

    /// The class of a word: of its own where records hold it as it is, else of its stem.
    fn class_of(&self, word: &Token) -> Option<u32> {
        commonest(self.inverter, &self.keys, &word.folded).or_else(|| {
            let key = class_key(&self.lang, &self.analyzer, word);
            self.inverter.known_class(&key)
        })
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
        None => all.into_iter().filter(|token| !token.is_joined()).collect(),
    }
}

fn key_of(words: &[Token]) -> String {
    let words: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
    words.join(&PHRASE_GAP.to_string())
}
