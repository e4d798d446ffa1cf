//! Welsh mutations, told a second time: by the table of what each letter changes to alone. What a word
//! is changed from is found by changing all words there are.
//!
//! The corpus has no plurals and no marks in Welsh: they are not told here.

use std::collections::{BTreeMap, BTreeSet};

use speir::text::{Token, fold};

use super::{Class, FUNCTION_WORDS, Words};

/// What a word begins with, and what that changes to.
const CHANGES: &[(&str, &[&str])] = &[
    ("c", &["g", "ngh", "ch"]),
    ("p", &["b", "mh", "ph"]),
    ("t", &["d", "nh", "th"]),
    ("b", &["f", "m"]),
    ("d", &["dd", "n"]),
    ("m", &["f", "mh"]),
    ("n", &["nh"]),
    ("ll", &["l"]),
    ("rh", &["r"]),
    // What may have been before these letters is told below.
    ("g", &["ng"]),
];

const LETTERS: [&str; 11] = [
    "ngh", "ng", "mh", "nh", "ph", "th", "ch", "dd", "ff", "ll", "rh",
];

/// The beginnings that no radical has, and what they are changed from; `f` is of two.
const SURE: &[(&str, &[&str])] = &[
    ("ngh", &["c"]),
    ("ng", &["g"]),
    ("mh", &["p"]),
    ("nh", &["t"]),
    ("ph", &["p"]),
    ("th", &["t"]),
    ("ch", &["c"]),
    ("dd", &["d"]),
    ("f", &[]),
];

fn first_letter(word: &str) -> &str {
    let double = LETTERS.iter().find(|letter| word.starts_with(**letter));
    let single = word.char_indices().nth(1).map_or(word.len(), |(at, _)| at);
    double.copied().unwrap_or(&word[..single])
}

fn is_vowel(word: &str) -> bool {
    word.starts_with(['a', 'e', 'i', 'o', 'u', 'w', 'y'])
}

/// What a word changes to.
fn forms(word: &str) -> BTreeSet<String> {
    let first = first_letter(word);
    let rest = &word[first.len()..];
    let changes = CHANGES.iter().filter(|(letter, _)| *letter == first);
    let changes = changes.flat_map(|(_, changed)| changed.iter());
    let mut forms: BTreeSet<String> = changes.map(|changed| format!("{changed}{rest}")).collect();
    if first == "g" && (is_vowel(rest) || ["l", "r", "n"].contains(&first_letter(rest))) {
        forms.insert(rest.to_owned());
    }
    if is_vowel(word) {
        forms.insert(format!("h{word}"));
    }
    forms
}

/// All words that one may be changed from: each beginning is tried.
fn radicals(word: &str) -> BTreeSet<String> {
    let letters = CHANGES.iter().map(|(letter, _)| *letter).chain([""]);
    let mut tried: Vec<String> = vec![format!("g{word}")];
    for letter in letters {
        for (cut, _) in word.char_indices().take(4) {
            tried.push(format!("{letter}{}", &word[cut..]));
        }
    }
    tried
        .into_iter()
        .filter(|radical| forms(radical).contains(word))
        .collect()
}

/// All words that may be meant by one.
pub(super) fn others(written: &str) -> BTreeSet<String> {
    let parts = written.split_once('\'').unwrap_or((written, ""));
    let word = fold(if parts.0.len() < parts.1.len() {
        parts.1
    } else {
        parts.0
    });
    let mut others = forms(&word);
    for radical in radicals(&word) {
        others.extend(forms(&radical));
        others.insert(radical);
    }
    others.insert(word);
    others
}

/// A word without a clitic behind it.
fn bare(written: &str) -> String {
    let clitics = ["r", "n", "i", "u", "w", "ch", "m", "th"];
    match written.split_once('\'') {
        Some((word, clitic)) if !word.is_empty() && clitics.contains(&clitic) => fold(word),
        _ => fold(written),
    }
}

/// The words of Welsh records, and which of them are forms of one.
pub(super) struct Families {
    pub(super) n_records: usize,
    /// In how many records each word stands.
    counts: BTreeMap<String, usize>,
    /// What clitics that stand somewhere leave.
    is_changed: BTreeSet<String>,
    /// Words that stand somewhere without a clitic.
    as_they_are: BTreeSet<String>,
}

impl Families {
    pub(super) fn new(records: impl Iterator<Item = Vec<Token>>) -> Families {
        let mut families = Families {
            n_records: 0,
            counts: BTreeMap::new(),
            is_changed: BTreeSet::new(),
            as_they_are: BTreeSet::new(),
        };
        for tokens in records {
            families.n_records += 1;
            let content = tokens.iter().filter(|token| is_content(token));
            for token in content
                .clone()
                .filter(|token| bare(&token.written) != token.folded)
            {
                families.is_changed.insert(bare(&token.written));
            }
            let words: BTreeSet<String> = content.map(|token| bare(&token.written)).collect();
            for word in words {
                *families.counts.entry(word).or_default() += 1;
            }
        }
        families
    }

    /// The key of a word's class: of its own where it has no other forms.
    pub(super) fn class(&self, token: &Token) -> String {
        let word = bare(&token.written);
        if !is_content(token) {
            return word;
        }
        self.key(&word)
    }

    fn key(&self, word: &str) -> String {
        let name = self.name(word);
        let is_alone = self
            .counts
            .keys()
            .all(|other| other == word || self.name(other) != name);
        if is_alone && !self.is_changed.contains(word) {
            word.to_owned()
        } else {
            format!("Welsh {name}")
        }
    }

    /// Words that can be typed though no Welsh record holds them, with the key of the class that they
    /// lead to: what clitics leave, radicals of several forms, and radicals of single words that records
    /// of other languages hold.
    pub(super) fn typed(&self, elsewhere: &BTreeSet<String>) -> BTreeSet<(String, String)> {
        let mut typed = BTreeSet::new();
        for word in self.counts.keys() {
            let key = self.key(word);
            if key == *word {
                let mut radicals = radicals(word);
                radicals.retain(|r| elsewhere.contains(r) && !self.counts.contains_key(r));
                if !elsewhere.contains(word) {
                    typed.extend(radicals.into_iter().map(|radical| (radical, key.clone())));
                }
                continue;
            }
            for root in [self.name(word), word.clone()] {
                if !self.as_they_are.contains(&root) {
                    typed.insert((root, key.clone()));
                }
            }
        }
        typed
    }

    fn count(&self, word: &str) -> usize {
        self.counts.get(word).copied().unwrap_or(0)
    }

    fn support(&self, radical: &str, but: &str) -> usize {
        let forms = forms(radical);
        let others = forms.iter().filter(|form| *form != but);
        others.map(|form| self.count(form)).sum()
    }

    /// The radical of a radical, and so on.
    fn name(&self, word: &str) -> String {
        let mut name = word.to_owned();
        for _ in 0..4 {
            match self.radical(&name) {
                Some(radical) => name = radical,
                None => break,
            }
        }
        name
    }

    /// Whether a word is there, or one that can be a form of nothing else.
    fn is_known(&self, word: &str) -> bool {
        let implies = |other: &String| {
            let first = first_letter(other);
            let sure = SURE.iter().find(|(sure, _)| *sure == first);
            let of = sure.and_then(|(_, of)| of.first());
            !other.starts_with("chw")
                && of.is_some_and(|of| *word == format!("{of}{}", &other[first.len()..]))
        };
        self.counts.contains_key(word) || self.counts.keys().any(implies)
    }

    fn radical(&self, word: &str) -> Option<String> {
        let supported = radicals(word).into_iter().filter(|r| self.is_known(r));
        let supported = supported.map(|r| (self.count(&r) + self.support(&r, word), r));
        let (support, radical) = supported.max_by_key(|(support, _)| *support)?;
        let is_sure = SURE.iter().any(|(sure, _)| *sure == first_letter(word));
        let is_enough = if is_sure && !word.starts_with("chw") {
            support * 20 >= self.count(word)
        } else {
            support * 5 >= self.count(word) && support > self.support(word, "")
        };
        (is_enough && support > 0).then_some(radical)
    }
}

impl Words {
    /// Adds the words that can be typed though no Welsh record holds them.
    pub(super) fn add_typed(
        &mut self,
        families: &Families,
        classes: &BTreeMap<String, Class>,
        is_welsh: impl Fn(usize) -> bool,
    ) {
        let others = self
            .docs
            .iter()
            .enumerate()
            .filter(|(doc, _)| !is_welsh(*doc));
        let others = others.flat_map(|(_, places)| places);
        let mut elsewhere: BTreeSet<String> = self.functions.clone();
        elsewhere.extend(others.map(|place| place.token.folded.clone()));
        for (word, key) in families.typed(&elsewhere) {
            if let Some(class) = classes.get(&key) {
                self.typed.insert((word, *class));
            }
        }
    }

    /// What a word that no record holds may be changed from or to in Welsh.
    pub(super) fn by_changes(&self, token: &Token) -> Vec<Class> {
        let meant = others(&token.written);
        let mut found = Vec::new();
        let entries = self
            .entries
            .iter()
            .map(|(folded, _, class)| (folded, class));
        for (folded, class) in entries.chain(self.typed.iter().map(|(key, class)| (key, class))) {
            let is_other = meant.contains(folded) && !self.functions.contains(folded);
            if is_other && !found.contains(class) {
                found.push(*class);
            }
        }
        found
    }
}

fn is_content(token: &Token) -> bool {
    let is_function = |word: &str| FUNCTION_WORDS.contains(&("cy", word));
    let is_code = token.folded.bytes().any(|byte| byte.is_ascii_digit());
    !is_code && !is_function(&bare(&token.written))
}
