//! A query taken apart: what is wanted and what is not, as a tree over clauses and filters.
//!
//! Plain data. Knows fields by number and how a word was read; knows nothing of how it was typed.

use crate::ids::FieldId;
use crate::query::Filter;
use crate::text::Token;

/// A query taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Parsed {
    /// The top level: each is wanted or excluded, and none is an [`All`](Node::All).
    pub(crate) items: Vec<Node>,
    /// Words and phrases, which nodes name by place. Equal ones stand here once.
    pub(crate) clauses: Vec<Clause>,
    /// What `field:value` asks of fields that are not searched, which nodes name by place.
    pub(crate) filters: Vec<Filter>,
    /// Pieces that looked like more than words and were taken as words, as typed.
    pub(crate) as_words: Vec<String>,
    /// Whether more was typed than is searched.
    pub(crate) is_cut: bool,
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// A word or phrase, by its place in [`Parsed::clauses`].
    Clause(usize),
    /// A filter, by its place in [`Parsed::filters`].
    Filter(usize),
    /// Each of these, two or more; none of them is an `All`.
    All(Vec<Node>),
    /// Any of these, two or more; none of them is an `Any`.
    Any(Vec<Node>),
    /// What is to be left out.
    Not(Box<Node>),
}

/// How a clause was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClauseKind {
    /// A word.
    Word,
    /// Two or more words that stand side by side.
    Phrase,
    /// One word in quotation marks.
    Exact,
}

/// A word or phrase that is asked for, or left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    /// One word, or the words of a phrase; never empty.
    pub(crate) words: Vec<Word>,
    pub(crate) kind: ClauseKind,
    /// How often it was typed.
    pub(crate) n_times: u32,
    /// The searched field in which it must stand.
    pub(crate) field: Option<FieldId>,
    /// Whether it stands within an exclusion, so that nothing but itself is looked for.
    pub(crate) is_excluded: bool,
    /// Typed onto the clause before it in [`Parsed::clauses`] without a space between
    /// (`well-being`): both may be one word.
    pub(crate) is_glued: bool,
}

/// A word of a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// As typed.
    pub(crate) typed: String,
    pub(crate) token: Token,
    /// Whether it may be the beginning of a longer word: it is the last thing typed.
    pub(crate) is_unfinished: bool,
    /// Whether it is said to be the beginning of longer words, by a `*` behind it.
    pub(crate) is_beginning: bool,
}

impl Clause {
    /// Whether both ask for the same, however each was typed onto its neighbours.
    pub(crate) fn is_same(&self, other: &Clause) -> bool {
        self.kind == other.kind
            && self.field == other.field
            && self.is_excluded == other.is_excluded
            && self.words.len() == other.words.len()
            && self.words.iter().zip(&other.words).all(|(a, b)| {
                a.token.written == b.token.written && a.is_beginning == b.is_beginning
            })
    }
}
