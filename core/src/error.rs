//! The two ways in which Speir can fail: while building, and while reading an index.
//!
//! Errors carry data (which thing, what was expected, what was found), say what to do, and have a
//! stable [`code`](IndexError::code) for programs. What a reader types is never an error.

use core::fmt;

use crate::ids::ChunkId;

/// Why a record or a whole index could not be built.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum BuildError {
    /// A record has an empty `id`.
    EmptyId {
        /// The record's place in the order of adding, from 0.
        ordinal: u32,
    },
    /// Two records have the same `id`.
    DuplicateId {
        /// The id that both have.
        id: String,
        /// Place of the first of them in the order of adding, from 0.
        first: u32,
        /// Place of the second.
        second: u32,
    },
    /// A record has no title, so that nothing could be shown for it.
    EmptyTitle {
        /// The record's id.
        id: String,
    },
    /// A field's value is not of the kind that the schema gives the field.
    FieldKind {
        /// The record's id.
        id: String,
        /// The field's name.
        field: String,
        /// What the schema asks for, in words.
        expected: &'static str,
        /// What the record has, shortened.
        got: String,
    },
    /// A schema names a field twice, has a weight that is not a positive number, or is too large.
    Schema {
        /// The field.
        field: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A pin names a record that is not there.
    UnknownPin {
        /// The pin's query.
        pattern: String,
        /// The id that no record has.
        id: String,
    },
    /// A pin has no word in its query.
    EmptyPin {
        /// The id of the record that it pins.
        id: String,
    },
    /// A named limit was reached.
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The most there may be.
        limit: u64,
    },
    /// What the build puts down until it is finished could not be written or read again.
    Scratch {
        /// What is wrong, in the words of who keeps it.
        reason: String,
    },
}

impl BuildError {
    /// A short name that does not change between versions.
    pub fn code(&self) -> &'static str {
        match self {
            BuildError::EmptyId { .. } => "empty-id",
            BuildError::DuplicateId { .. } => "duplicate-id",
            BuildError::EmptyTitle { .. } => "empty-title",
            BuildError::FieldKind { .. } => "field-kind",
            BuildError::Schema { .. } => "schema",
            BuildError::UnknownPin { .. } => "unknown-pin",
            BuildError::EmptyPin { .. } => "empty-pin",
            BuildError::TooLarge { .. } => "too-large",
            BuildError::Scratch { .. } => "scratch",
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::EmptyId { ordinal } => write!(
                f,
                "record number {} has an empty `id`: give each record an id of its own",
                u64::from(*ordinal) + 1
            ),
            BuildError::DuplicateId { id, first, second } => write!(
                f,
                "records number {} and {} both have the id `{id}`: give each record an id of its own",
                u64::from(*first) + 1,
                u64::from(*second) + 1
            ),
            BuildError::EmptyTitle { id } => write!(
                f,
                "record `{id}` has no title: give it a `title`, as that is what readers are shown"
            ),
            BuildError::FieldKind {
                id,
                field,
                expected,
                got,
            } => write!(
                f,
                "record `{id}`: field `{field}` should be {expected}, but is {got}"
            ),
            BuildError::Schema { field, reason } => write!(f, "schema: field `{field}` {reason}"),
            BuildError::UnknownPin { pattern, id } => write!(
                f,
                "the query `{pattern}` is pinned to the record `{id}`, but there is no such record: correct the id or remove the pin"
            ),
            BuildError::EmptyPin { id } => write!(
                f,
                "a query without any word is pinned to the record `{id}`: write the words that readers type"
            ),
            BuildError::TooLarge { what, limit } => {
                write!(
                    f,
                    "{what}: more than {limit}; split the records over several indexes"
                )
            }
            BuildError::Scratch { reason } => {
                write!(f, "what is put down during the build: {reason}")
            }
        }
    }
}

impl core::error::Error for BuildError {}

/// Bytes that do not decode: the noun that could not be read.
///
/// What decoders and searching give inside, as it owns nothing: handing an [`IndexError`] on at each
/// step made the engine's code larger. In the browser it is empty and its noun a general one, as the
/// nouns and handing them to readers cost 1.3 KB of 74 there, and an index is mended elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Corrupt {
    #[cfg(any(feature = "build", test))]
    what: &'static str,
}

/// Makes a [`Corrupt`] of its noun.
#[expect(non_snake_case, reason = "read as the name of what it makes")]
pub(crate) const fn Corrupt(what: &'static str) -> Corrupt {
    #[cfg(not(any(feature = "build", test)))]
    let _ = what;
    Corrupt {
        #[cfg(any(feature = "build", test))]
        what,
    }
}

impl Corrupt {
    fn what(self) -> &'static str {
        #[cfg(any(feature = "build", test))]
        return self.what;
        #[cfg(not(any(feature = "build", test)))]
        return "a part of it";
    }
}

impl From<Corrupt> for IndexError {
    fn from(corrupt: Corrupt) -> IndexError {
        IndexError::Corrupt {
            what: corrupt.what(),
        }
    }
}

/// Why an index could not be opened or searched.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum IndexError {
    /// The bytes are not a Speir manifest.
    NotAnIndex {
        /// What was expected at the place where reading stopped.
        what: &'static str,
    },
    /// The index was written by another version of the format.
    Version {
        /// The version found.
        found: u32,
        /// The oldest version that can be read.
        oldest: u32,
        /// The newest version that can be read.
        newest: u32,
    },
    /// A chunk's bytes are not those that the manifest promises.
    Damaged {
        /// The chunk, or `None` for the manifest itself.
        chunk: Option<ChunkId>,
        /// What differs: its length, its checksum, or its compression.
        what: &'static str,
    },
    /// Bytes with a right checksum do not decode. The index was written wrongly, or on purpose.
    Corrupt {
        /// The noun that could not be read; in the browser, a general one.
        what: &'static str,
    },
    /// A chunk number beyond those of the manifest was supplied.
    UnknownChunk {
        /// The number.
        chunk: ChunkId,
    },
    /// A query asks to filter, count or sort by a field that the index has no column for.
    NoSuchColumn {
        /// The field as asked for.
        field: String,
        /// The fields that have a column.
        known: Vec<String>,
    },
    /// A range's bound cannot be read as the field's kind.
    BadBound {
        /// The field.
        field: String,
        /// The bound as asked for.
        bound: String,
        /// What would be right, in words.
        expected: &'static str,
    },
    /// A file that the manifest names was not among those given.
    MissingFile {
        /// The file's name.
        name: String,
    },
}

impl IndexError {
    /// A short name that does not change between versions, the same in Rust and in JavaScript.
    pub fn code(&self) -> &'static str {
        match self {
            IndexError::NotAnIndex { .. } => "not-an-index",
            IndexError::Version { .. } => "index-version",
            IndexError::Damaged { .. } | IndexError::Corrupt { .. } => "index-corrupt",
            IndexError::UnknownChunk { .. } => "unknown-chunk",
            IndexError::NoSuchColumn { .. } | IndexError::BadBound { .. } => "bad-filter",
            IndexError::MissingFile { .. } => "missing-file",
        }
    }
}

impl IndexError {
    /// The whole message, the same as its `Display`: formatting costs the browser 1 KB.
    #[doc(hidden)]
    pub fn message(&self) -> String {
        match self {
            IndexError::NotAnIndex { what } => glue(&[
                "this is not a Speir index: expected ",
                what,
                "; point to the folder that `speir build` wrote",
            ]),
            IndexError::Version {
                found,
                oldest,
                newest,
            } => glue(&[
                "the index has format version ",
                &decimal(*found),
                ", but this Speir reads ",
                &decimal(*oldest),
                " to ",
                &decimal(*newest),
                ": build the index again with the same version of Speir as the one that searches it",
            ]),
            IndexError::Damaged { chunk, what } => {
                let place = match chunk {
                    Some(chunk) => glue(&["chunk ", &decimal(chunk.0), " of the index"]),
                    None => "the manifest `index.json`".to_owned(),
                };
                glue(&[
                    &place,
                    " is damaged (",
                    what,
                    " differs): copy the index folder again",
                ])
            }
            IndexError::Corrupt { what } => {
                glue(&["the index cannot be read (", what, "): build it again"])
            }
            IndexError::UnknownChunk { chunk } => glue(&[
                "the index has no chunk ",
                &decimal(chunk.0),
                ": supply only the chunks that were asked for",
            ]),
            IndexError::NoSuchColumn { field, known } => glue(&[
                "the index cannot filter, count or sort by `",
                field,
                "`; it can by: ",
                &known.join(", "),
            ]),
            IndexError::BadBound {
                field,
                bound,
                expected,
            } => glue(&[
                "`",
                bound,
                "` is no bound for field `",
                field,
                "`: expected ",
                expected,
            ]),
            IndexError::MissingFile { name } => glue(&[
                "the index file `",
                name,
                "` is missing: copy the index folder again, whole",
            ]),
        }
    }
}

/// Pieces of text in one. A loop, as the standard library's `concat` counts their bytes first by code
/// three times as long.
#[inline(never)]
pub(crate) fn glue(pieces: &[&str]) -> String {
    let mut text = String::new();
    for piece in pieces {
        text.push_str(piece);
    }
    text
}

/// A number in decimal digits.
pub(crate) fn decimal(mut number: u32) -> String {
    let mut digits = String::new();
    loop {
        digits.insert(0, char::from(b'0' + (number % 10) as u8));
        number /= 10;
        if number == 0 {
            return digits;
        }
    }
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for IndexError {}
