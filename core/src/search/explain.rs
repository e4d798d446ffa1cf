//! Accounts for a record's score and place, in numbers and in plain words.
//!
//! Knows matching and ranking; knows nothing of how a record is shown but its hit. The browser's
//! module goes without it (feature `explain`).

use serde::Serialize;

use crate::format::postings::Posting;
use crate::ids::DocId;
use crate::query::Matching;
use crate::query::tree::Node;
use crate::rank::Route;
use crate::search::filters::{Columns, Factor};
use crate::search::load::{LoadedTerm, LoadedWord};
use crate::search::matching::Clauses;
use crate::search::page::{Hit, Standing};
use crate::search::top::Key;
use crate::search::worth::{Scales, Worth};

/// How a score came about: the sum of its parts, times its factors.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The score: the sum over `words` and `extras`, times the product of `factors`.
    pub score: f64,
    /// What the record is ordered by before its score, in plain words, first to last.
    pub order: Vec<String>,
    /// Each word of the query that the record holds.
    pub words: Vec<WordExplanation>,
    /// What it is worth how the words stand: near each other, as a title.
    pub extras: Vec<Extra>,
    /// What the sum is multiplied by: a boost, age.
    pub factors: Vec<Extra>,
}

/// A part of a score that is no single word's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Extra {
    /// What it is for, in plain words.
    pub reason: String,
    /// What it adds, or what it multiplies by.
    pub value: f64,
}

/// What one word of the query gave to a score.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WordExplanation {
    /// The word as typed; several where one word or phrase stands for them.
    pub word: String,
    /// How the record was found by it, in plain words.
    pub route: String,
    /// What it gave: `idf` x `saturation` x `route_weight` x `query_weight`.
    pub score: f64,
    /// Inverse document frequency of the word.
    pub idf: f64,
    /// The saturated, weighted frequency, between 0 and 1.
    pub saturation: f64,
    /// The factor for how the word was found: 1 as written, less for other forms.
    pub route_weight: f64,
    /// What it counts beside other words of the query: how often it was typed, less for words such
    /// as `the`.
    pub query_weight: f64,
    /// The fields in which it stands, with its frequency in each.
    pub fields: Vec<FieldFrequency>,
}

/// How often a word stands in a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldFrequency {
    /// The field's name.
    pub field: String,
    /// How often.
    pub frequency: u32,
}

/// How a record's score and place came about.
pub(super) fn explain(
    clauses: &Clauses<'_>,
    columns: &Columns,
    key: &Key,
    hit: &Hit,
    matching: Matching,
) -> Explanation {
    let typed = |filter: usize| columns.typed(filter, clauses.order);
    let mut account = Account {
        clauses,
        typed: &typed,
        doc: key.doc,
        words: Vec::new(),
    };
    let mut extras = Vec::new();
    let parts = clauses.parts(key.doc, &typed);
    for (at, (item, cell)) in clauses.items.iter().zip(&parts.row).enumerate() {
        let Some(found) = cell else { continue };
        match clauses.together.get(found.together) {
            None => account.node(&item.node),
            Some(together) if together.first == at => account.word(&together.word, u64::MAX),
            // Told with the first item that it stands for.
            Some(_) => {}
        }
    }
    if parts.title > 0.0 {
        extras.push(extra("how much of the title was asked for", parts.title));
    }
    if parts.near > 0.0 {
        extras.push(extra("how near the words stand", parts.near));
    }
    let mut factors = Vec::new();
    columns.each_factor(key.doc, &mut |factor| {
        factors.push(match factor {
            Factor::Boost(value) => extra("boosted by the publisher", value),
            Factor::Age(field, value) => {
                let name = clauses
                    .schema
                    .get(field)
                    .map_or("", |field| field.name.as_str());
                extra(&["age, by the field ", name].concat(), value)
            }
        });
    });
    let mut order = Vec::new();
    if hit.pinned {
        order.push("put first by an editor".to_owned());
    }
    if matching != Matching::Any {
        let all = if key.is_partial {
            "some of the words"
        } else {
            "all of the words"
        };
        order.push(["holds ", all].concat());
    }
    match hit.standing {
        Some(Standing::Replaced) => order.push("replaced by another record".to_owned()),
        Some(Standing::Expired) => order.push("no longer valid".to_owned()),
        None => {}
    }
    if key.distance > 0 {
        order.push("some words only as beginnings or slips of others".to_owned());
    }
    Explanation {
        score: key.score,
        order,
        words: account.words,
        extras,
        factors,
    }
}

fn extra(reason: &str, value: f64) -> Extra {
    Extra {
        reason: reason.to_owned(),
        value,
    }
}

impl Scales {
    /// What a word is worth in one record, if it is there, by the term that is worth most.
    fn of_word<'t>(
        &self,
        word: &'t LoadedWord,
        fields: u64,
        doc: DocId,
    ) -> Option<(Worth, &'t LoadedTerm, &'t Posting)> {
        let mut best: Option<(Worth, &LoadedTerm, &Posting)> = None;
        for term in &word.terms {
            if let Some(posting) = term.posting_of(doc)
                && let Some(worth) = self.of_term(term, posting, fields, false)
                && best.is_none_or(|(best, ..)| {
                    let (distance, known) = (worth.route.distance(), best.route.distance());
                    distance < known || (distance == known && worth.score > best.score)
                })
            {
                best = Some((worth, term, posting));
            }
        }
        best
    }
}

/// The words of one record's account.
struct Account<'c> {
    clauses: &'c Clauses<'c>,
    /// The records that pass a typed filter.
    typed: &'c dyn Fn(usize) -> Vec<DocId>,
    doc: DocId,
    words: Vec<WordExplanation>,
}

impl Account<'_> {
    /// The words of a part of the query that the record holds.
    fn node(&mut self, node: &Node) {
        let clauses = self.clauses;
        if !clauses.holds(node, self.doc, self.typed) {
            return;
        }
        match node {
            Node::Clause(at) => {
                let Some(clause) = clauses.clauses.get(*at) else {
                    return;
                };
                for word in clause.sought() {
                    self.word(word, clause.fields);
                }
            }
            Node::All(nodes) | Node::Any(nodes) => {
                for node in nodes {
                    self.node(node);
                }
            }
            Node::Not(_) | Node::Filter(_) => {}
        }
    }

    fn word(&mut self, word: &LoadedWord, fields: u64) {
        let scales = &self.clauses.scales;
        let Some((worth, term, posting)) = scales.of_word(word, fields, self.doc) else {
            return;
        };
        let mut frequencies = Vec::new();
        for (bit, field) in term.list.fields_of(posting) {
            if fields >> bit & 1 == 1 {
                let name = self.clauses.schema.searched().nth(bit);
                frequencies.push(FieldFrequency {
                    field: name.map_or_else(String::new, |(_, field)| field.name.clone()),
                    frequency: field.frequency,
                });
            }
        }
        let mut route = worth.route.in_words().to_owned();
        if worth.route != Route::AsWritten {
            route.push_str(": ");
            route.push_str(&term.found.name);
        }
        self.words.push(WordExplanation {
            word: word.found.typed.clone(),
            route,
            score: worth.score,
            idf: term.idf / word.weight,
            saturation: worth.saturation,
            route_weight: worth.route.weight(),
            query_weight: word.weight,
            fields: frequencies,
        });
    }
}
