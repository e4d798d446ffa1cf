//! Every word of every record with where it stands, and what a query's words find among them.
//!
//! Scores are BM25F as core/src/rank.rs describes it, over counts made here. The corpus has no words
//! written together, no synonyms and no spellings of two sides of an ocean: those rules are not told
//! here, and have cases and properties of their own.

mod told;
mod welsh;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use speir::text::{self, Analyzer, Token, primary_subtag};
use speir::{Query, Record, Schema};

use super::constants::*;
use super::slips;
use super::texts::{nearest, texts};
use super::typed::{self, Clause, Word};

/// A class of words, by the order in which classes were first seen.
type Class = usize;

/// A word where it stands.
struct Place {
    /// Among the searched fields.
    field: usize,
    /// The number of the value or section within the field: no phrase reaches from one to the next.
    text: usize,
    /// Among the words of that text.
    at: usize,
    class: Class,
    token: Token,
}

/// All words of all records.
pub(super) struct Words {
    docs: Vec<Vec<Place>>,
    /// By searched field: its weight, and how much its length counts.
    fields: Vec<(f64, f64)>,
    title: usize,
    /// Each different word of each class, in order: folded, written, class.
    entries: BTreeSet<(String, String, Class)>,
    /// The function words that are known as such.
    functions: BTreeSet<String>,
    /// Whether any record is Welsh.
    is_welsh: bool,
    /// Welsh words that no record holds as they are, and can be typed all the same, with their classes.
    typed: BTreeSet<(String, Class)>,
}

/// What a query's words come to.
pub(super) struct Found {
    clauses: Vec<FoundClause>,
    /// The weight of all its words.
    weight: f64,
}

pub(super) struct FoundClause {
    clause: Clause,
    words: Vec<FoundWord>,
    role: Role,
}

/// What a clause does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Wanted,
    /// A word such as `the`, beside others.
    Optional,
    Excluded,
}

struct FoundWord {
    word: Word,
    is_function: bool,
    /// What it counts beside others.
    weight: f64,
    own: Vec<Class>,
    /// Longer classes, each with its first form.
    longer: Vec<(Class, String)>,
    slips: Vec<Slip>,
    slip_names: Vec<String>,
    /// The forms of it that records hold, where they do not hold itself.
    other_forms: Vec<String>,
    did_you_mean: Vec<String>,
}

struct Slip {
    n_slips: usize,
    is_first_wrong: bool,
    n_docs: usize,
    name: String,
    class: Class,
}

/// What a clause is worth in a record.
#[derive(Clone, Copy, Default)]
struct Worth {
    score: f64,
    distance: usize,
    in_title: f64,
    n_in_title: u32,
    title_words: u32,
}

/// What a record is worth to a query.
pub(super) struct Whole {
    pub(super) score: f64,
    pub(super) distance: usize,
    /// By clause, whether it is wanted and there.
    pub(super) held: Vec<bool>,
    pub(super) is_full: bool,
    pub(super) lacks_phrase: bool,
    pub(super) is_excluded: bool,
}

impl Words {
    pub(super) fn new(schema: &Schema, records: &[Record]) -> Words {
        let mut classes: BTreeMap<String, Class> = BTreeMap::new();
        let fields = schema.searched().map(|(_, field)| {
            let b = if field.name == "title" { B_TITLE } else { B };
            (f64::from(field.weight.unwrap_or(0.0)), b)
        });
        let mut words = Words {
            docs: Vec::new(),
            fields: fields.collect(),
            title: schema
                .searched()
                .position(|(_, field)| field.name == "title")
                .expect("there is a title"),
            entries: BTreeSet::new(),
            functions: BTreeSet::new(),
            is_welsh: false,
            typed: BTreeSet::new(),
        };
        let lang_of = |record: &Record| {
            primary_subtag(record.lang.as_deref().unwrap_or(schema.default_lang()))
        };
        let names: Vec<&str> = schema
            .searched()
            .map(|(_, spec)| spec.name.as_str())
            .collect();
        let welsh = records.iter().filter(|record| lang_of(record) == "cy");
        let welsh = welsh.map(|record| {
            let texts = names.iter().flat_map(|name| texts(record, name));
            texts
                .flat_map(|text| text::tokens(&text).collect::<Vec<_>>())
                .collect()
        });
        let welsh = welsh::Families::new(welsh);
        words.is_welsh = welsh.n_records > 0;
        for record in records {
            let lang = lang_of(record);
            let analyzer = Analyzer::new(&lang);
            let mut places = Vec::new();
            for (field, (_, spec)) in schema.searched().enumerate() {
                for (text, read) in texts(record, &spec.name).iter().enumerate() {
                    for (at, token) in text::tokens(read).enumerate() {
                        assert!(!token.is_joined(), "the corpus joins no words: `{read}`");
                        let next = classes.len();
                        let key = if lang == "cy" {
                            welsh.class(&token)
                        } else {
                            analyzer.class(&token)
                        };
                        let class = *classes.entry(key).or_insert(next);
                        if FUNCTION_WORDS.contains(&(lang.as_str(), token.folded.as_str())) {
                            words.functions.insert(token.folded.clone());
                        }
                        words
                            .entries
                            .insert((token.folded.clone(), token.written.clone(), class));
                        places.push(Place {
                            field,
                            text,
                            at,
                            class,
                            token,
                        });
                    }
                }
            }
            words.docs.push(places);
        }
        words.add_typed(&welsh, &classes, |doc| lang_of(&records[doc]) == "cy");
        words.add_unseen_function_words(schema, records);
        words
    }

    /// Function words that no record holds, of the index's language and of others with a share.
    fn add_unseen_function_words(&mut self, schema: &Schema, records: &[Record]) {
        let mut tags: BTreeMap<&str, usize> = BTreeMap::new();
        for record in records {
            let tag = record.lang.as_deref().unwrap_or(schema.default_lang());
            *tags.entry(tag).or_default() += 1;
        }
        tags.retain(|_, count| *count * FUNCTION_WORDS_SHARE >= records.len());
        tags.insert(schema.default_lang(), 1);
        let langs: BTreeSet<String> = tags.keys().map(|tag| primary_subtag(tag)).collect();
        for (lang, word) in FUNCTION_WORDS {
            let is_seen = self.entries.iter().any(|(folded, ..)| folded == word);
            if langs.contains(*lang) && !is_seen {
                self.functions.insert((*word).to_owned());
            }
        }
    }

    /// Whether no word is common, or each of a query's is.
    pub(super) fn is_sure_in_chunks(&self, typed: &str) -> bool {
        let is_common = |class: &Class| self.n_docs(*class) >= ENOUGH_DOCS;
        let commons: BTreeSet<&String> = self
            .entries
            .iter()
            .filter(|(.., class)| is_common(class))
            .map(|(folded, ..)| folded)
            .collect();
        let words = text::tokens(typed).map(|token| token.folded);
        commons.is_empty() || words.into_iter().all(|word| commons.contains(&word))
    }

    /// Looks every word of a query up among all words there are.
    pub(super) fn find(&self, query: &Query, default_lang: &str) -> Found {
        let analyzer = Analyzer::new(query.lang.as_deref().unwrap_or(default_lang));
        let mut clauses: Vec<FoundClause> = typed::clauses(&query.text)
            .into_iter()
            .map(|clause| {
                let words = clause.words.iter();
                let words: Vec<FoundWord> = words
                    .map(|word| self.find_word(word, &clause, &analyzer))
                    .collect();
                let is_function = words.iter().all(|word| word.is_function);
                let role = if clause.is_excluded {
                    Role::Excluded
                } else if is_function && !clause.is_phrase {
                    Role::Optional
                } else {
                    Role::Wanted
                };
                FoundClause {
                    clause,
                    words,
                    role,
                }
            })
            .collect();
        if clauses.iter().all(|found| found.role != Role::Wanted) {
            for found in clauses.iter_mut().filter(|c| c.role == Role::Optional) {
                found.role = Role::Wanted;
            }
        }
        let has_matter = clauses
            .iter()
            .flat_map(|found| &found.words)
            .any(|word| !word.is_function);
        let mut weight = 0.0;
        for found in &mut clauses {
            let is_many = found.words.len() > 1;
            for word in &mut found.words {
                word.weight = f64::from(found.clause.n_times);
                if word.is_function && has_matter && !is_many {
                    word.weight *= FUNCTION_WEIGHT;
                }
                if !(word.own.is_empty() && word.longer.is_empty() && word.slips.is_empty()) {
                    weight += self.own_idf(word);
                }
            }
        }
        Found { clauses, weight }
    }

    fn find_word(&self, word: &Word, clause: &Clause, analyzer: &Analyzer) -> FoundWord {
        let key = word.token.folded.as_str();
        let n_letters = key.chars().count();
        let is_function = self.functions.contains(key);
        let mut own: Vec<Class> = Vec::new();
        let mut other_forms: Vec<String> = Vec::new();
        let is_seen = self.entries.iter().any(|(folded, ..)| folded == key);
        let entries = self
            .entries
            .iter()
            .map(|(folded, _, class)| (folded, class));
        for (folded, class) in entries.chain(self.typed.iter().map(|(key, class)| (key, class))) {
            if folded == key && !own.contains(class) {
                own.push(*class);
            }
        }
        if !own.is_empty() && !is_seen {
            other_forms = self.forms(&own, key);
        }
        if own.is_empty() && !clause.is_exact() && !is_function {
            own = self.by_stem(&analyzer.class(&word.token), analyzer);
            if own.is_empty() && self.is_welsh {
                own = self.by_changes(&word.token);
            }
            other_forms = self.forms(&own, key);
        }
        let n_docs: usize = own.iter().map(|class| self.n_docs(*class)).sum();
        let min_letters = if word.is_unfinished {
            MIN_PREFIX_LETTERS
        } else {
            MIN_RARE_LETTERS
        };
        let may_go_on = word.is_unfinished || !is_function;
        let mut longer: Vec<(Class, String)> = Vec::new();
        if clause.is_plain() && may_go_on && n_letters >= min_letters && n_docs < ENOUGH_DOCS {
            for (folded, written, class) in &self.entries {
                let is_new = !own.contains(class) && longer.iter().all(|(known, _)| known != class);
                if folded.starts_with(key) && is_new {
                    longer.push((*class, written.clone()));
                }
            }
            // Terms are numbered by their first entry.
            let number = |class: Class| self.entries.iter().position(|(.., known)| *known == class);
            longer.sort_by_key(|(class, _)| (Reverse(self.n_docs(*class)), number(*class)));
            longer.truncate(MAX_PREFIX_TERMS);
        }
        let (mut near, mut slip_names) = (Vec::new(), Vec::new());
        let mut did_you_mean = Vec::new();
        if clause.is_plain() && !is_function {
            if own.is_empty() && longer.is_empty() {
                for slip in self.slips(key, slips::budget(key)) {
                    let is_known = near.iter().any(|known: &Slip| known.class == slip.class);
                    if !is_known && near.len() == MAX_SLIP_TERMS {
                        break;
                    }
                    slip_names.push(slip.name.clone());
                    if !is_known {
                        near.push(slip);
                    }
                }
                slip_names.truncate(MAX_NAMED_WORDS);
            } else if own.is_empty() || !other_forms.is_empty() || n_docs <= RARE_DOCS {
                let is_held = !own.is_empty() && other_forms.is_empty();
                let least = if is_held { MEANT_FACTOR * n_docs } else { 1 };
                let meant = self.slips(key, slips::budget(key).min(1)).into_iter();
                let meant = meant.filter(|slip| {
                    let is_known = own.contains(&slip.class)
                        || longer.iter().any(|(class, _)| *class == slip.class);
                    slip.n_slips > 0 && slip.n_docs >= least && !is_known
                });
                did_you_mean = meant.map(|slip| slip.name).take(MAX_SUGGESTED).collect();
            }
        }
        FoundWord {
            word: word.clone(),
            is_function,
            weight: 1.0,
            own,
            longer,
            slips: near,
            slip_names,
            other_forms,
            did_you_mean,
        }
    }

    /// Other forms of a word by its stem, which they share but for its last letter.
    fn by_stem(&self, class_key: &str, analyzer: &Analyzer) -> Vec<Class> {
        let letters: Vec<char> = class_key.chars().collect();
        let keep = if letters.len() > MIN_PREFIX_LETTERS {
            letters.len() - 1
        } else {
            letters.len()
        };
        let start: String = letters[..keep].iter().collect();
        let mut found = Vec::new();
        for (folded, written, class) in &self.entries {
            let token = Token {
                span: 0..0,
                written: written.clone(),
                folded: folded.clone(),
                place: 0,
                n_words: 1,
            };
            if folded.starts_with(&start)
                && analyzer.class(&token) == class_key
                && !found.contains(class)
            {
                found.push(*class);
            }
        }
        found
    }

    /// The forms of classes, those first that begin most like a word.
    fn forms(&self, classes: &[Class], key: &str) -> Vec<String> {
        let n_shared = |form: &str| {
            let both = form.bytes().zip(key.bytes());
            both.take_while(|(a, b)| a == b).count()
        };
        let forms: BTreeSet<(Class, &String)> = self
            .entries
            .iter()
            .filter(|(.., class)| classes.contains(class))
            .map(|(folded, _, class)| (*class, folded))
            .collect();
        let mut forms: Vec<String> = forms.into_iter().map(|(_, form)| form.clone()).collect();
        forms.sort_by_key(|form| (Reverse(n_shared(form)), form.len(), form.clone()));
        forms.truncate(MAX_NAMED_WORDS);
        forms
    }

    /// Words within so many slips, nearest first.
    fn slips(&self, key: &str, budget: usize) -> Vec<Slip> {
        let order = |slip: &Slip| {
            let Slip {
                n_slips,
                is_first_wrong,
                n_docs,
                name,
                ..
            } = slip;
            (*n_slips, *is_first_wrong, Reverse(*n_docs), name.clone())
        };
        let mut found: Vec<Slip> = Vec::new();
        for (folded, _, class) in &self.entries {
            let n_slips = slips::distance(key, folded);
            if budget == 0 || n_slips > budget {
                continue;
            }
            // Without marks, as the dictionary of endings knows none.
            let slip = Slip {
                n_slips,
                is_first_wrong: folded.chars().next() != key.chars().next(),
                n_docs: self.n_docs(*class),
                name: folded.clone(),
                class: *class,
            };
            match found.iter_mut().find(|known| known.name == slip.name) {
                Some(known) if order(&slip) < order(known) => *known = slip,
                Some(_) => {}
                None => found.push(slip),
            }
        }
        found.sort_by_key(order);
        found
    }

    fn n_docs(&self, class: Class) -> usize {
        self.docs
            .iter()
            .filter(|places| places.iter().any(|place| place.class == class))
            .count()
    }

    /// What a record is worth to a query.
    pub(super) fn whole(&self, found: &Found, doc: usize) -> Whole {
        let mut whole = Whole {
            score: 0.0,
            distance: 0,
            held: Vec::new(),
            is_full: true,
            lacks_phrase: false,
            is_excluded: false,
        };
        let (mut in_title, mut n_in_title, mut title_words) = (0.0, 0, 0);
        for clause in &found.clauses {
            let worth = self.worth(clause, doc);
            let is_wanted = clause.role == Role::Wanted;
            whole.held.push(is_wanted && worth.is_some());
            match worth {
                Some(_) if clause.role == Role::Excluded => whole.is_excluded = true,
                Some(worth) => {
                    whole.score += worth.score;
                    whole.distance += worth.distance;
                    in_title += worth.in_title;
                    n_in_title += worth.n_in_title;
                    title_words = title_words.max(worth.title_words);
                }
                None => {
                    whole.is_full &= !is_wanted;
                    whole.lacks_phrase |= is_wanted && clause.clause.is_phrase;
                }
            }
        }
        let title = if title_words == 0 || found.weight <= 0.0 {
            0.0
        } else {
            let coverage = (f64::from(n_in_title) / f64::from(title_words)).min(1.0);
            TITLE_WEIGHT * in_title * (in_title / found.weight).sqrt() * coverage
        };
        whole.score += title + self.near(found, doc, &whole.held);
        whole
    }

    /// What it is worth that neighbouring words of the query stand near each other.
    fn near(&self, found: &Found, doc: usize, held: &[bool]) -> f64 {
        let mut bonus = 0.0;
        let mut before: Option<(usize, &FoundWord)> = None;
        for (at, clause) in found.clauses.iter().enumerate() {
            if clause.role == Role::Optional {
                continue;
            }
            if clause.role == Role::Excluded || clause.clause.is_phrase {
                before = None;
                continue;
            }
            let word = &clause.words[0];
            if let Some((at_before, word_before)) = before
                && held[at_before]
                && held[at]
            {
                let idf = self.own_idf(word).min(self.own_idf(word_before));
                bonus += NEAR_WEIGHT * idf * self.nearness(word_before, word, doc, at - at_before);
            }
            before = Some((at, word));
        }
        bonus
    }

    /// 1 where two words stand in order within reach, a half side by side the other way round.
    fn nearness(&self, first: &FoundWord, second: &FoundWord, doc: usize, reach: usize) -> f64 {
        let places = |word: &FoundWord| -> Vec<(usize, usize, usize)> {
            let own = self.docs[doc].iter();
            let own = own.filter(|place| word.own.contains(&place.class));
            own.map(|place| (place.field, place.text, place.at))
                .collect()
        };
        let (first, second) = (places(first), places(second));
        let is_in_order = |a: &(usize, usize, usize)| {
            let after = |b: &(usize, usize, usize)| {
                (a.0, a.1) == (b.0, b.1) && b.2 > a.2 && b.2 - a.2 <= reach
            };
            second.iter().any(after)
        };
        let is_reversed = |a: &(usize, usize, usize)| {
            let last = second.iter().filter(|b| *b <= a).max();
            last.is_some_and(|b| (a.0, a.1) == (b.0, b.1) && a.2 - b.2 == 1)
        };
        if first.iter().any(is_in_order) {
            1.0
        } else if first.iter().any(is_reversed) {
            0.5
        } else {
            0.0
        }
    }

    /// What a clause is worth in a record, or `None` if the record does not match it.
    fn worth(&self, found: &FoundClause, doc: usize) -> Option<Worth> {
        let mut sum = Worth::default();
        for word in &found.words {
            let worth = self.word_worth(word, found.clause.is_exact(), doc)?;
            sum.score += worth.score;
            sum.distance += worth.distance;
            sum.in_title += worth.in_title;
            sum.n_in_title += worth.n_in_title;
            sum.title_words = sum.title_words.max(worth.title_words);
        }
        let stands = |start: &Place| {
            found.words.iter().enumerate().all(|(nth, word)| {
                self.docs[doc].iter().any(|place| {
                    (place.field, place.text, place.at) == (start.field, start.text, start.at + nth)
                        && word.own.contains(&place.class)
                })
            })
        };
        let is_held = found.words.len() == 1 || self.docs[doc].iter().any(stands);
        is_held.then_some(sum)
    }

    /// The best of the classes that a word stands for: one of its own before a longer one or a slip.
    fn word_worth(&self, word: &FoundWord, is_exact: bool, doc: usize) -> Option<Worth> {
        let sum = |classes: &mut dyn Iterator<Item = Class>| -> usize {
            classes.map(|class| self.n_docs(class)).sum()
        };
        let n_own = sum(&mut word.own.iter().copied());
        let n_longer = sum(&mut word.longer.iter().map(|(class, _)| *class));
        let n_slips = sum(&mut word.slips.iter().map(|slip| slip.class));
        let mut all: Vec<Worth> = Vec::new();
        for class in &word.own {
            if let Some(route) = self.route(&word.word.token, *class, doc, is_exact) {
                all.extend(self.class_worth(word, *class, doc, n_own, route, 0));
            }
        }
        for (class, _) in &word.longer {
            all.extend(self.class_worth(word, *class, doc, n_own + n_longer, PREFIX, 1));
        }
        for slip in &word.slips {
            let (mut weight, distance) = (SLIPS[slip.n_slips], 1 + slip.n_slips);
            let is_word =
                |place: &Place| place.class == slip.class && place.token.folded == slip.name;
            if !self.docs[doc].iter().any(is_word) {
                weight *= SAME_STEM;
            }
            all.extend(self.class_worth(word, slip.class, doc, n_own + n_slips, weight, distance));
        }
        all.into_iter().min_by(|a, b| {
            let by_distance = a.distance.cmp(&b.distance);
            by_distance.then(b.score.total_cmp(&a.score))
        })
    }

    fn class_worth(
        &self,
        word: &FoundWord,
        class: Class,
        doc: usize,
        n_with: usize,
        route: f64,
        distance: usize,
    ) -> Option<Worth> {
        let places = &self.docs[doc];
        if !places.iter().any(|place| place.class == class) {
            return None;
        }
        let idf = word.weight * self.idf(n_with);
        let mut worth = Worth {
            score: idf * self.saturation(class, doc) * route,
            distance,
            ..Worth::default()
        };
        let is_title = |place: &&Place| place.field == self.title;
        if places
            .iter()
            .filter(is_title)
            .any(|place| place.class == class)
        {
            worth.in_title = idf * route;
            worth.n_in_title = 1;
            worth.title_words = nearest(places.iter().filter(is_title).count());
        }
        Some(worth)
    }

    /// How a record holds a class of the typed word; `None` if not as it should.
    fn route(&self, typed: &Token, class: Class, doc: usize, is_exact: bool) -> Option<f64> {
        let places = self.docs[doc].iter().filter(|place| place.class == class);
        let tokens: Vec<&Token> = places.map(|place| &place.token).collect();
        if tokens.iter().any(|token| token.written == typed.written) {
            Some(AS_WRITTEN)
        } else if tokens.iter().any(|token| token.folded == typed.folded) {
            Some(FOLDED)
        } else {
            (!is_exact).then_some(SAME_STEM)
        }
    }

    /// What a word counts for by itself, however it was found.
    fn own_idf(&self, word: &FoundWord) -> f64 {
        let n_own = word.own.iter().map(|class| self.n_docs(*class)).sum();
        word.weight * self.idf(n_own)
    }

    fn idf(&self, n_with: usize) -> f64 {
        let n_docs = self.docs.len() as f64;
        let n_with = (n_with as f64).min(n_docs);
        let idf = (1.0 + (n_docs - n_with + 0.5) / (n_with + 0.5)).ln();
        // The series of e^x, from the inside out.
        let x = IDF_POWER * idf.ln();
        let series = (1..=IDF_TERMS)
            .rev()
            .fold(1.0, |inner, n| 1.0 + x / f64::from(n) * inner);
        idf * series
    }

    fn saturation(&self, class: Class, doc: usize) -> f64 {
        let count = |doc: usize, field: usize, class: Option<Class>| {
            let in_field = self.docs[doc].iter().filter(|place| place.field == field);
            in_field
                .filter(|place| class.is_none_or(|class| place.class == class))
                .count()
        };
        let mut weighted = 0.0;
        for (field, (weight, b)) in self.fields.iter().enumerate() {
            let frequency = count(doc, field, Some(class));
            if frequency == 0 {
                continue;
            }
            let lengths = (0..self.docs.len())
                .map(|doc| count(doc, field, None))
                .filter(|length| *length > 0);
            let lengths: Vec<usize> = lengths.collect();
            let average = lengths.iter().sum::<usize>() as f64 / lengths.len() as f64;
            let length = nearest(count(doc, field, None));
            let normal = 1.0 - b + b * f64::from(length) / average.max(MIN_AVERAGE);
            weighted += weight * frequency as f64 / normal;
        }
        weighted / (K1 + weighted)
    }

    /// The keys of all forms of all classes that were looked for.
    pub(super) fn marked(&self, found: &Found) -> BTreeSet<String> {
        let wanted = found.clauses.iter().filter(|c| c.role == Role::Wanted);
        let mut classes: BTreeSet<Class> = BTreeSet::new();
        for word in wanted.flat_map(|clause| &clause.words) {
            classes.extend(&word.own);
            classes.extend(word.longer.iter().map(|(class, _)| *class));
            classes.extend(word.slips.iter().map(|slip| slip.class));
        }
        let marked = self
            .entries
            .iter()
            .filter(|(.., class)| classes.contains(class));
        marked.map(|(folded, ..)| folded.clone()).collect()
    }
}
