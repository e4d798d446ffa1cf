//! Full-text and faceted search for sites that have no search server.
//!
//! Records go in at one end, bytes lie in the middle, answers come out at the other end:
//!
//! ```text
//! Record ──> IndexBuilder ──> files: index.json, terms-….bin, postings-….bin, …
//! Synonym, Pin ──┘               │
//!                                │
//! Query ───> Index::search <─────┤   Step::Need(chunks)  the driver fetches and supplies them
//! text ────> Index::suggest <────┤   Step::Done(page)    hits, counts, notices
//! id ──────> Index::related <────┘
//! ```
//!
//! The library does no IO, knows no clock and needs no threads. [`Index::search`] is a pure function
//! of the query and the chunks supplied so far; it says which chunks it lacks, in at most
//! [`MAX_ROUNDS`] rounds. [`memory`] is the driver for files in memory.
//!
//! What a reader types is never an error: [`Query`] says what is read in it, and each [`Notice`] of a
//! [`Page`] says where something else than the words as typed was searched.
//!
//! # Example
//!
//! ```
//! use speir::{IndexBuilder, Query, Record, Schema};
//!
//! let mut builder = IndexBuilder::new(Schema::default());
//! builder.add(&Record::new("1", "Housing advice").field("type", "guide"))?;
//! builder.add(&Record::new("2", "Learning English").field("type", "toolkit"))?;
//! let files = builder.finish()?;
//!
//! let index = speir::memory::open(&files)?;
//! let page = index.search(&Query::new("houses").facet("type"))?;
//! assert_eq!(page.hits[0].title, "Housing advice");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Quirks
//!
//! - Text should be in Unicode normalization form C. The command line sees to it; a program that
//!   builds by itself should.
//! - Records keep the order in which they were added, and equal scores are listed in it.
//! - Without the feature `build` only English has a stemmer, which is asked about words that the
//!   index does not hold. All other words are found through the dictionary in any language.
//! - Scores compare hits of one query in one index, nothing else.
//! - A checksum guards against damage, not malice: an index is to be trusted as much as a script
//!   from the same site.
//! - Numbers beyond 2^53 come back as the nearest double.
//! - Nothing has run out unless [`Query::today`] says which day it is.
//!
//! # What is bounded
//!
//! - Of a query 16 KB are read, of it 48 different words and phrases, 48 filters and 32 words of one
//!   phrase. A group deeper than 16 is brackets. [`Notice::TooManyWords`] says so.
//! - A word may be one slip off from 5 letters on, two from 9. Slips are looked for only where no
//!   record holds the word in any form, and in at most five blocks around it of the dictionary and of
//!   that of words reversed: in an index of many blocks two slips in one word may lie further away.
//!   Ten words at most stand for it.
//! - The beginning of a word stands for the 50 most frequent words in three dictionary blocks.
//! - How near words stand counts where at most 40,000 records hold them, counted for each word; words
//!   such as `the` count where at most 20,000 do. A phrase in quotation marks fetches what it takes.
//! - [`Index::suggest`] gives at most [`MAX_SUGGESTIONS`] completions, [`Index::related`] the six
//!   records that were found when the index was built.
//! - [`Matching::Auto`] leaves out records with some of the words where ten or more have all.
//!
//! # Features
//!
//! - `build` (default): [`IndexBuilder`], [`memory`], every stemmer. The browser's module goes
//!   without.
//! - `languages` (default, and part of `build`): letters of all scripts, pairs of letters where words
//!   stand without spaces, and what a query needs of Welsh, Gaelic and Irish for words that the index
//!   does not hold as they are typed. The browser's module goes without where an index may
//!   (`IndexBuilder::needs_languages`).
//! - `explain` (default): [`Query::explain`], accounts for scores. The browser's module goes without.
//!
//! The format is described in [`format_page`].

#![cfg_attr(
    not(test),
    deny(
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable
    )
)]

#[cfg(feature = "build")]
mod build;
pub mod date;
mod error;
mod facets;
mod format;
mod ids;
mod index;
#[cfg(feature = "build")]
mod language;
#[cfg(feature = "build")]
pub mod memory;
mod query;
mod rank;
mod record;
pub mod schema;
mod search;
mod sort;
#[cfg(feature = "build")]
mod table;
pub mod text;
mod texts;
mod value;
mod vocabulary;

#[cfg(feature = "build")]
pub use build::{
    Alphabet, BuildOptions, File, IndexBuilder, OneByOne, Prepared, Published, RecordReader,
    Scratch, Workers,
};
pub use error::{BuildError, IndexError};
#[cfg(feature = "build")]
pub use format::unpack;
pub use format::{MANIFEST_NAME, NEWEST_VERSION, OLDEST_VERSION};
pub use ids::{ChunkId, DocId, FieldId, TermId};
pub use index::{ChunkInfo, Index, SectionSummary, Summary};
pub use query::{Accept, DEFAULT_LIMIT, Filter, MAX_LIMIT, Matching, Query, Sort};
pub use record::{Alternate, Download, Record, Section};
pub use schema::{Field, FieldKind, Schema};
#[cfg(feature = "explain")]
pub use search::{Explanation, Extra, FieldFrequency, WordExplanation};
pub use search::{
    FacetCount, Hit, MAX_ROUNDS, MAX_SUGGESTIONS, Notice, Page, SectionHit, Span, Standing, Step,
    SuggestStep, Suggestion, SuggestionKind, Understood, WriteNumber,
};
pub use value::Value;
pub use vocabulary::{Pin, Synonym};

#[doc = include_str!("../FORMAT.md")]
pub mod format_page {}
