//! What a search gives back: one page of hits, counts, notices. Plain data.
//!
//! Serializes to the JSON that the command line prints and the browser receives.
//! Text is never HTML: what is to be marked comes as spans.

use serde::{Serialize, Serializer};

#[cfg(feature = "explain")]
use super::explain::Explanation;
use crate::value::Value;

/// One page of results.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// How many records match, on all pages together.
    pub total: u32,
    /// The hits of this page, in order.
    pub hits: Vec<Hit>,
    /// Counts for each field asked for.
    #[serde(serialize_with = "as_map")]
    pub facets: Vec<(String, Vec<FacetCount>)>,
    /// What the reader should be told about how the words were taken.
    pub notices: Vec<Notice>,
    /// The query as it was understood.
    pub query: Understood,
}

/// One record found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// The record's id.
    pub id: String,
    /// Its link, if it has one.
    pub url: Option<String>,
    /// Its title, whole.
    pub title: String,
    /// Its language.
    pub lang: String,
    /// Its score; 0 where nothing was asked in words. Comparable within one page only.
    pub score: f64,
    /// Whether an editor put it first for this query.
    #[serde(skip_serializing_if = "is_not")]
    pub pinned: bool,
    /// Whether its time is over, or another record replaces it: `fields` say until when
    /// (`validUntil`), and by which (`replacedBy`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
    /// Its stored fields as given.
    #[serde(serialize_with = "as_map")]
    pub fields: Vec<(String, Value)>,
    /// A piece of its text around the words found, or its beginning.
    pub excerpt: Vec<Span>,
    /// The title again, with the words found marked.
    pub title_parts: Vec<Span>,
    /// The sections that hold words of the query, best first.
    pub sections: Vec<SectionHit>,
    /// How the score came about, if asked for.
    #[cfg(feature = "explain")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
}

/// Why a record comes after those that match as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Another record replaces it.
    Replaced,
    /// The day until which it holds is past.
    Expired,
}

/// A piece of text, found or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The text.
    pub text: String,
    /// Whether it is a word that was searched for.
    #[serde(rename = "match")]
    pub is_match: bool,
}

/// A section found within a hit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SectionHit {
    /// Its heading.
    pub heading: String,
    /// Its number as written.
    pub number: Option<String>,
    /// Its fragment, without `#`.
    pub anchor: Option<String>,
    /// A link to the section itself: the record's link and the fragment.
    pub url: Option<String>,
    /// Its kind, where it is of one.
    pub kind: Option<String>,
    /// What the headings around it are called, the outermost first.
    pub trail: Vec<String>,
    /// A piece of its text around the words found.
    pub excerpt: Vec<Span>,
}

/// How many hits have a value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FacetCount {
    /// The value; `None` for hits that have none.
    pub value: Option<Value>,
    /// How many.
    pub count: u32,
    /// Whether the query filters by it.
    pub selected: bool,
}

/// Something the reader should be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum Notice {
    /// No record holds this word in any form, and nothing else was searched in its place.
    UnknownWord {
        /// The word as typed.
        word: String,
    },
    /// No record holds this word; these were searched in its place, nearest first.
    Slip {
        /// The word as typed.
        word: String,
        /// The words that were searched.
        searched: Vec<String>,
        /// How many of the hits hold one of them.
        total: u32,
        /// What to type to search for the word itself.
        exact: String,
    },
    /// No record holds this word; it was searched as two.
    Split {
        /// The word as typed.
        word: String,
        /// The two words.
        searched: Vec<String>,
        /// How many of the hits hold both.
        total: u32,
        /// What to type to search for the word itself.
        exact: String,
    },
    /// No record holds this word as it is typed; other forms of it were searched.
    OtherForm {
        /// The word as typed.
        word: String,
        /// The forms that were searched.
        searched: Vec<String>,
    },
    /// No record holds one of these words; what records hold that is written together was searched.
    Joined {
        /// The words as typed.
        word: String,
        /// The words that were searched.
        searched: Vec<String>,
    },
    /// Few records hold this word, and many one that is a slip away.
    DidYouMean {
        /// The word as typed.
        word: String,
        /// The words that may have been meant.
        suggestions: Vec<String>,
    },
    /// The word was taken as the beginning of these words, most frequent first.
    Prefix {
        /// The word as typed.
        word: String,
        /// Some of the words that were searched as well.
        searched: Vec<String>,
    },
    /// These were searched as well, as the publisher says that they mean the same.
    Synonym {
        /// The word or words as typed.
        word: String,
        /// The words and phrases that were searched as well.
        searched: Vec<String>,
        /// What to type to search for the word itself.
        exact: String,
    },
    /// Words such as `the`: hits need not hold them, and they count little, or nothing where looking
    /// for them would cost too many bytes.
    CommonWords {
        /// The words as typed.
        words: Vec<String>,
    },
    /// This looked like more than words, and was searched as words.
    AsWords {
        /// The piece as typed.
        text: String,
    },
    /// From this place on, hits hold only some of the words.
    PartialFrom {
        /// The first such hit, counted from 0 over all pages.
        index: u32,
    },
    /// The query has more words than are searched; the rest were left out.
    TooManyWords {
        /// How many words were searched.
        searched: u32,
    },
    /// A filter names a value that no record has.
    UnknownValue {
        /// The field.
        field: String,
        /// The value.
        value: String,
    },
}

/// The query as it was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Understood {
    /// The text as typed.
    pub text: String,
    /// `auto`, `all` or `any`.
    #[serde(rename = "match")]
    pub matching: &'static str,
    /// `relevance`, `newest`, `oldest`, `title`, or a field's name, with `-` before it if descending.
    pub sort: String,
    /// Most hits on a page.
    pub limit: u32,
    /// Hits passed over.
    pub offset: u32,
}

/// Writes pairs as a JSON object, in order.
fn as_map<S: Serializer, V: Serialize>(
    pairs: &[(String, V)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

/// For what is said only where it is so.
fn is_not(truth: &bool) -> bool {
    !*truth
}
