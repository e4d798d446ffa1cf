//! How an index is laid out in bytes. FORMAT.md beside this package's manifest is the truth.
//!
//! Each section has one file that both encodes and decodes it. Decoders never panic, whatever the
//! bytes, and reserve no more memory than the bytes justify.
//! Knows the schema; knows nothing of how an index is gathered or searched.

pub(crate) mod bytes;
pub(crate) mod cards;
pub(crate) mod changes;
pub(crate) mod chunks;
pub(crate) mod columns;
pub(crate) mod common;
pub(crate) mod manifest;
pub(crate) mod order;
pub(crate) mod patch;
pub(crate) mod pins;
pub(crate) mod positions;
pub(crate) mod postings;
pub(crate) mod related;
pub(crate) mod stored;
pub(crate) mod suggest;
pub(crate) mod terms;

#[cfg(feature = "build")]
pub use chunks::unpack;

/// The version that is written.
pub const NEWEST_VERSION: u32 = 6;

/// The oldest version that can be read.
pub const OLDEST_VERSION: u32 = 6;

/// The name of the manifest's file.
pub const MANIFEST_NAME: &str = "index.json";

/// The kinds of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Section {
    /// The dictionary, by ranges of words.
    Terms = 0,
    /// Which records hold a term, by ranges of terms.
    Postings = 1,
    /// Where in a record a term stands, by the same kind of ranges.
    Positions = 2,
    /// Values of one field for all records.
    Columns = 3,
    /// What a result shows, by ranges of records.
    Stored = 4,
    /// The dictionary by the ends of words, for slips.
    Endings = 5,
    /// Records that editors pinned to queries.
    Pins = 6,
    /// What is suggested while a reader types, by the first letters of words.
    Suggest = 7,
    /// Which records are most like a record, by hashes of ids.
    Related = 8,
    /// Copies of the stored records that a word alone would show first, by ranges of terms.
    Cards = 9,
    /// How long the fields of records are, where postings do not say it.
    Lengths = 10,
    /// What became of published chunks that a newer index goes on using.
    Changes = 11,
}

impl Section {
    pub(crate) const COUNT: usize = 12;

    pub(crate) const ALL: [Section; Section::COUNT] = [
        Section::Terms,
        Section::Postings,
        Section::Positions,
        Section::Columns,
        Section::Stored,
        Section::Endings,
        Section::Pins,
        Section::Suggest,
        Section::Related,
        Section::Cards,
        Section::Lengths,
        Section::Changes,
    ];

    /// What a file name begins with.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Section::Terms => "terms",
            Section::Postings => "postings",
            Section::Positions => "positions",
            Section::Columns => "columns",
            Section::Stored => "stored",
            Section::Endings => "endings",
            Section::Pins => "pins",
            Section::Suggest => "suggest",
            Section::Related => "related",
            Section::Cards => "cards",
            Section::Lengths => "lengths",
            Section::Changes => "changes",
        }
    }

    /// Whether a first search does without the section: a small index too keeps it in a file of its
    /// own, and its changes are told apart from all others.
    pub(crate) const fn is_apart(self) -> bool {
        matches!(self, Section::Suggest | Section::Related)
    }
}
