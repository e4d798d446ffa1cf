//! Every word of every record with where it stands, and what a query's words find among them.
//!
//! Scores are BM25F as core/src/rank.rs describes it, over counts made here.

use std::collections::{BTreeMap, BTreeSet};

use speir::text::{self, Analyzer, Token, primary_subtag};
use speir::{Notice, Query, Record, Schema, Value};

use super::typed::{self, Clause, Word};

const K1: f64 = 1.2;
const B: f64 = 0.75;

/// What a match is worth as written, but for marks, in another form, as a beginning.
const ROUTES: [f64; 4] = [1.0, 0.98, 0.92, 0.5];

/// Field lengths that an index tells apart: FORMAT.md, "Postings".
const LENGTHS: [u32; 32] = [
    1, 2, 3, 4, 5, 6, 7, 8, 11, 15, 21, 29, 41, 57, 80, 112, 157, 220, 308, 431, 604, 845, 1183,
    1656, 2319, 3246, 4545, 6363, 8908, 12_471, 17_460, 24_444,
];

/// With so many records that hold a word, it is taken for finished.
const ENOUGH_DOCS: usize = 10;
const MIN_PREFIX_LETTERS: usize = 2;
const MAX_PREFIX_TERMS: usize = 50;
const MAX_NAMED_WORDS: usize = 5;

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
    /// By searched field.
    weights: Vec<f64>,
    /// Each different word of each class, in order: folded, written, class.
    entries: BTreeSet<(String, String, Class)>,
}

/// What a query's words come to.
pub(super) struct Found {
    clauses: Vec<FoundClause>,
}

pub(super) struct FoundClause {
    words: Vec<FoundWord>,
    pub(super) is_phrase: bool,
    is_excluded: bool,
}

struct FoundWord {
    word: Word,
    own: Vec<Class>,
    longer: Vec<Class>,
    /// The first form of each longer class.
    names: Vec<String>,
}

/// What a clause is worth in a record.
#[derive(Clone, Copy)]
pub(super) struct Worth {
    pub(super) score: f64,
    pub(super) is_prefix: bool,
}

impl Words {
    pub(super) fn new(schema: &Schema, records: &[Record]) -> Words {
        let mut classes: BTreeMap<String, Class> = BTreeMap::new();
        let mut words = Words {
            docs: Vec::new(),
            weights: schema
                .searched()
                .map(|(_, field)| f64::from(field.weight.unwrap_or(0.0)))
                .collect(),
            entries: BTreeSet::new(),
        };
        for record in records {
            let lang = record.lang.as_deref().unwrap_or(schema.default_lang());
            let analyzer = Analyzer::new(&primary_subtag(lang));
            let mut places = Vec::new();
            for (field, (_, spec)) in schema.searched().enumerate() {
                for (text, read) in texts(record, &spec.name).iter().enumerate() {
                    for (at, token) in text::tokens(read).enumerate() {
                        let next = classes.len();
                        let class = *classes.entry(analyzer.class(&token)).or_insert(next);
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
        words
    }

    /// Looks every word of a query up among all words there are.
    pub(super) fn find(&self, query: &Query, default_lang: &str) -> Found {
        let analyzer = Analyzer::new(query.lang.as_deref().unwrap_or(default_lang));
        let clauses = typed::clauses(&query.text).into_iter().map(|clause| {
            let Clause {
                words,
                is_phrase,
                is_excluded,
            } = clause;
            let words = words
                .into_iter()
                .map(|word| self.find_word(word, &analyzer))
                .collect();
            FoundClause {
                words,
                is_phrase,
                is_excluded,
            }
        });
        Found {
            clauses: clauses.collect(),
        }
    }

    fn find_word(&self, word: Word, analyzer: &Analyzer) -> FoundWord {
        let key = word.token.folded.as_str();
        let class_key = analyzer.class(&word.token);
        let mut own: Vec<Class> = Vec::new();
        for (folded, _, class) in &self.entries {
            if folded == key && !own.contains(class) {
                own.push(*class);
            }
        }
        if own.is_empty() {
            // In no record as it is: other forms by its stem, which they share but for its last letter.
            let letters: Vec<char> = class_key.chars().collect();
            let keep = if letters.len() > MIN_PREFIX_LETTERS {
                letters.len() - 1
            } else {
                letters.len()
            };
            let start: String = letters[..keep].iter().collect();
            for (folded, written, class) in &self.entries {
                let token = Token {
                    span: 0..0,
                    written: written.clone(),
                    folded: folded.clone(),
                };
                if folded.starts_with(&start)
                    && analyzer.class(&token) == class_key
                    && !own.contains(class)
                {
                    own.push(*class);
                }
            }
        }
        let mut longer: Vec<(Class, String)> = Vec::new();
        let n_docs: usize = own.iter().map(|class| self.n_docs(*class)).sum();
        if word.is_unfinished && key.chars().count() >= MIN_PREFIX_LETTERS && n_docs < ENOUGH_DOCS {
            for (folded, written, class) in &self.entries {
                let is_new = !own.contains(class) && longer.iter().all(|(known, _)| known != class);
                if folded.starts_with(key) && is_new {
                    longer.push((*class, written.clone()));
                }
            }
            // Terms are numbered by their first entry.
            let number = |class: Class| self.entries.iter().position(|(.., known)| *known == class);
            longer
                .sort_by_key(|(class, _)| (std::cmp::Reverse(self.n_docs(*class)), number(*class)));
            longer.truncate(MAX_PREFIX_TERMS);
        }
        let (longer, names) = longer.into_iter().unzip();
        FoundWord {
            word,
            own,
            longer,
            names,
        }
    }

    fn n_docs(&self, class: Class) -> usize {
        self.docs
            .iter()
            .filter(|places| places.iter().any(|place| place.class == class))
            .count()
    }

    /// What a clause is worth in a record, or `None` if the record does not match it.
    pub(super) fn worth(&self, clause: &FoundClause, doc: usize) -> Option<Worth> {
        let worths: Option<Vec<Worth>> = clause
            .words
            .iter()
            .map(|word| self.word_worth(word, doc))
            .collect();
        let worths = worths?;
        if worths.len() == 1 {
            return Some(worths[0]);
        }
        let stands = |start: &Place| {
            clause.words.iter().enumerate().all(|(nth, word)| {
                self.docs[doc].iter().any(|place| {
                    (place.field, place.text, place.at) == (start.field, start.text, start.at + nth)
                        && word.own.contains(&place.class)
                })
            })
        };
        let score = worths
            .iter()
            .skip(1)
            .fold(worths[0].score, |sum, worth| sum + worth.score);
        self.docs[doc].iter().any(stands).then_some(Worth {
            score,
            is_prefix: false,
        })
    }

    /// The best of the classes that a word stands for: one of its own before a longer one.
    fn word_worth(&self, word: &FoundWord, doc: usize) -> Option<Worth> {
        let n_own: usize = word.own.iter().map(|class| self.n_docs(*class)).sum();
        let n_longer: usize = word.longer.iter().map(|class| self.n_docs(*class)).sum();
        let best = |classes: &[Class], idf: f64, is_prefix: bool| {
            let scores = classes.iter().filter_map(|class| {
                let route = self.route(&word.word.token, *class, doc, is_prefix)?;
                Some(idf * self.saturation(*class, doc) * ROUTES[route])
            });
            scores
                .max_by(f64::total_cmp)
                .map(|score| Worth { score, is_prefix })
        };
        best(&word.own, self.idf(n_own), false)
            .or_else(|| best(&word.longer, self.idf(n_own + n_longer), true))
    }

    /// How a record holds a class of the typed word, by place in [`ROUTES`]; `None` if it does not.
    fn route(&self, typed: &Token, class: Class, doc: usize, is_prefix: bool) -> Option<usize> {
        let places: Vec<&Place> = self.docs[doc]
            .iter()
            .filter(|place| place.class == class)
            .collect();
        let any = |test: &dyn Fn(&Token) -> bool| places.iter().any(|place| test(&place.token));
        if places.is_empty() {
            None
        } else if is_prefix {
            Some(3)
        } else if any(&|token| token.written == typed.written) {
            Some(0)
        } else if any(&|token| token.folded == typed.folded) {
            Some(1)
        } else {
            Some(2)
        }
    }

    fn idf(&self, n_with: usize) -> f64 {
        let n_docs = self.docs.len() as f64;
        let n_with = (n_with as f64).min(n_docs);
        (1.0 + (n_docs - n_with + 0.5) / (n_with + 0.5)).ln()
    }

    fn saturation(&self, class: Class, doc: usize) -> f64 {
        let count = |doc: usize, field: usize, class: Option<Class>| {
            let in_field = self.docs[doc].iter().filter(|place| place.field == field);
            in_field
                .filter(|place| class.is_none_or(|class| place.class == class))
                .count()
        };
        let mut weighted = 0.0;
        for (field, weight) in self.weights.iter().enumerate() {
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
            let normal = 1.0 - B + B * f64::from(length) / average.max(1.0);
            weighted += weight * frequency as f64 / normal;
        }
        weighted / (K1 + weighted)
    }

    /// The keys of all forms of all classes that were looked for.
    pub(super) fn marked(&self, found: &Found) -> BTreeSet<String> {
        let words = || found.wanted().flat_map(|clause| &clause.words);
        let classes: BTreeSet<Class> = words()
            .flat_map(|word| word.own.iter().chain(&word.longer))
            .copied()
            .collect();
        let marked = self
            .entries
            .iter()
            .filter(|(.., class)| classes.contains(class));
        marked.map(|(folded, ..)| folded.clone()).collect()
    }
}

impl Found {
    pub(super) fn wanted(&self) -> impl Iterator<Item = &FoundClause> {
        self.clauses.iter().filter(|clause| !clause.is_excluded)
    }

    pub(super) fn excluded(&self) -> impl Iterator<Item = &FoundClause> {
        self.clauses.iter().filter(|clause| clause.is_excluded)
    }

    /// What is to be said of the words.
    pub(super) fn notices(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        for FoundWord {
            word, own, names, ..
        } in self.wanted().flat_map(|clause| &clause.words)
        {
            let word = word.typed.clone();
            let notice = match (own.is_empty(), names.is_empty()) {
                (false, _) => continue,
                (true, true) => Notice::UnknownWord { word },
                (true, false) => {
                    let searched = names.iter().take(MAX_NAMED_WORDS).cloned().collect();
                    Notice::Prefix { word, searched }
                }
            };
            if !notices.contains(&notice) {
                notices.push(notice);
            }
        }
        notices
    }
}

/// The nearest of the lengths told apart, the lower of two as near.
fn nearest(words: usize) -> u32 {
    let words = i64::try_from(words).expect("few words");
    let off = |length: &u32| (i64::from(*length) - words).abs();
    *LENGTHS
        .iter()
        .min_by_key(|length| off(length))
        .expect("there are lengths")
}

/// The texts of a searched field of a record: one a value, one a section.
fn texts(record: &Record, field: &str) -> Vec<String> {
    match field {
        "title" => vec![record.title.clone()],
        "sections.heading" => {
            let sections = record.sections.iter();
            sections
                .flat_map(|section| {
                    [
                        section.number.clone().unwrap_or_default(),
                        section.heading.clone(),
                    ]
                })
                .collect()
        }
        "sections.text" => record
            .sections
            .iter()
            .map(|section| section.text.clone())
            .collect(),
        _ => {
            let given = record.fields.iter().filter(|(name, _)| name == field);
            let items = given.flat_map(|(_, value)| match value {
                Value::List(items) => items.clone(),
                single => vec![single.clone()],
            });
            items
                .filter_map(|item| match item {
                    Value::Text(text) => Some(text),
                    Value::Int(number) => Some(number.to_string()),
                    Value::Float(number) => Some(number.to_string()),
                    _ => None,
                })
                .collect()
        }
    }
}
