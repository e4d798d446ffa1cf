//! The dictionary: words in order, front-coded, each with its class and the postings of rare
//! classes. FORMAT.md, "Terms".
//!
//! An entry is a *surface*: a word as it stands in records. Surfaces of one stem share a class, a
//! *term*, which is numbered by the first of its surfaces, its *home*; the home carries what is true
//! of the whole class. Knows bytes and ids only.

use super::bytes::Reader;
#[cfg(any(feature = "build", test))]
use super::bytes::Write;
use crate::error::IndexError;
use crate::ids::TermId;

const HOME: u8 = 1;
const WRITTEN: u8 = 2;
const INLINE: u8 = 4;
const FAR_SURFACES: u8 = 8;
const FAR: u8 = 16;
const ORDINAL: u8 = 32;
const KNOWN_FLAGS: u8 = 63;

/// One surface of the dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    /// The folded word. Entries are sorted by it, then by `written`.
    pub(crate) key: &'a str,
    /// The word as written in lower case, where that differs from the key.
    pub(crate) written: Option<&'a str>,
    /// The class.
    pub(crate) term: TermId,
    /// Which bit stands for this surface in the surface sets of the class's postings.
    pub(crate) ordinal: u32,
    /// How many records hold the class.
    pub(crate) n_docs: u32,
    pub(crate) place: Place<'a>,
}

/// Where the class of a surface is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    /// Here: this is the first surface of its class.
    Home(Home<'a>),
    /// Before, in the same block.
    Near,
    /// In another terms block.
    Far {
        /// Its number.
        block: u32,
        /// Whether the home carries the postings.
        is_inline: bool,
    },
}

/// What the home entry carries for its class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Home<'a> {
    /// The posting list, where it is short enough to stand here.
    pub(crate) inline: Option<&'a [u8]>,
    /// Keys of the surfaces of the class that stand in other blocks.
    pub(crate) far_surfaces: Vec<&'a str>,
}

/// Calls `visit` with each entry of a block in order, until it returns false.
///
/// Takes any visitor by reference, as each further copy of this loop costs 2 KB of wasm.
pub(crate) fn scan(
    block: &[u8],
    visit: &mut dyn FnMut(&Entry<'_>) -> bool,
) -> Result<(), IndexError> {
    let mut reader = Reader::new(block);
    let mut next_term = reader.u32("first term of a block")?;
    let n_entries = reader.count(3, "number of words")?;
    let mut key: Vec<u8> = Vec::new();
    // What homes of this block said, for the near surfaces that follow: number of records.
    let first_term = next_term;
    let mut home_docs: Vec<u32> = Vec::new();
    for _ in 0..n_entries {
        let shared = reader.count(0, "shared letters of a word")?;
        let suffix_len = reader.count(1, "length of a word")?;
        let suffix = reader.bytes(suffix_len, "word")?;
        if shared > key.len() {
            return Err(IndexError::Corrupt {
                what: "shared letters of a word",
            });
        }
        key.truncate(shared);
        key.extend_from_slice(suffix);
        let text = core::str::from_utf8(&key).map_err(|_| IndexError::Corrupt { what: "word" })?;
        let flags = reader.u8("flags of a word")?;
        if flags & !KNOWN_FLAGS != 0 {
            return Err(IndexError::Corrupt {
                what: "flags of a word",
            });
        }
        let written = if flags & WRITTEN != 0 {
            Some(reader.str("written word")?)
        } else {
            None
        };
        let entry = if flags & HOME != 0 {
            let ordinal = if flags & ORDINAL != 0 {
                reader.u32("number of a form")?
            } else {
                0
            };
            let n_docs = reader.u32("records of a term")?;
            let mut home = Home::default();
            if flags & INLINE != 0 {
                let len = reader.count(1, "length of inline postings")?;
                home.inline = Some(reader.bytes(len, "inline postings")?);
            }
            if flags & FAR_SURFACES != 0 {
                let count = reader.count(1, "number of far words")?;
                for _ in 0..count {
                    home.far_surfaces.push(reader.str("far word")?);
                }
            }
            let term = TermId(next_term);
            next_term = next_term.checked_add(1).ok_or(IndexError::Corrupt {
                what: "number of a term",
            })?;
            home_docs.push(n_docs);
            Entry {
                key: text,
                written,
                term,
                ordinal,
                n_docs,
                place: Place::Home(home),
            }
        } else {
            let ordinal = reader.u32("number of a form")?;
            if flags & FAR != 0 {
                let term = TermId(reader.u32("number of a term")?);
                let block = reader.u32("block of a term")?;
                let n_docs = reader.u32("records of a term")?;
                let place = Place::Far {
                    block,
                    is_inline: flags & INLINE != 0,
                };
                Entry {
                    key: text,
                    written,
                    term,
                    ordinal,
                    n_docs,
                    place,
                }
            } else {
                let back = reader.u32("number of a term")?;
                let term = next_term
                    .checked_sub(back)
                    .filter(|term| *term >= first_term);
                let term = term.ok_or(IndexError::Corrupt {
                    what: "number of a term",
                })?;
                let n_docs = home_docs.get((term - first_term) as usize).copied();
                let n_docs = n_docs.ok_or(IndexError::Corrupt {
                    what: "number of a term",
                })?;
                Entry {
                    key: text,
                    written,
                    term: TermId(term),
                    ordinal,
                    n_docs,
                    place: Place::Near,
                }
            }
        };
        if !visit(&entry) {
            return Ok(());
        }
    }
    reader.end("end of a terms block")
}

/// Writes the entries of one block. Their order, and that of the terms they are home to, is the
/// caller's: sorted by key and then by `written`, terms numbered in that order.
#[cfg(any(feature = "build", test))]
pub(crate) fn encode(first_term: TermId, entries: &[Entry<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    out.put_u32(first_term.0);
    out.put_len(entries.len());
    let mut before = "";
    let mut next_term = first_term.0;
    for entry in entries {
        let shared = before
            .bytes()
            .zip(entry.key.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        let suffix = entry.key.as_bytes().get(shared..).unwrap_or_default();
        out.put_len(shared);
        out.put_len(suffix.len());
        out.extend_from_slice(suffix);
        before = entry.key;
        let written = if entry.written.is_some() { WRITTEN } else { 0 };
        match &entry.place {
            Place::Home(home) => {
                let mut flags = HOME | written;
                flags |= if home.inline.is_some() { INLINE } else { 0 };
                flags |= if home.far_surfaces.is_empty() {
                    0
                } else {
                    FAR_SURFACES
                };
                flags |= if entry.ordinal == 0 { 0 } else { ORDINAL };
                out.push(flags);
                put_written(&mut out, entry);
                if entry.ordinal != 0 {
                    out.put_u32(entry.ordinal);
                }
                out.put_u32(entry.n_docs);
                if let Some(inline) = home.inline {
                    out.put_len(inline.len());
                    out.extend_from_slice(inline);
                }
                if !home.far_surfaces.is_empty() {
                    out.put_len(home.far_surfaces.len());
                    for surface in &home.far_surfaces {
                        out.put_str(surface);
                    }
                }
                next_term += 1;
            }
            Place::Near => {
                out.push(written);
                put_written(&mut out, entry);
                out.put_u32(entry.ordinal);
                out.put_u32(next_term - entry.term.0);
            }
            Place::Far { block, is_inline } => {
                out.push(FAR | written | if *is_inline { INLINE } else { 0 });
                put_written(&mut out, entry);
                out.put_u32(entry.ordinal);
                out.put_u32(entry.term.0);
                out.put_u32(*block);
                out.put_u32(entry.n_docs);
            }
        }
    }
    out
}

#[cfg(any(feature = "build", test))]
fn put_written(out: &mut Vec<u8>, entry: &Entry<'_>) {
    if let Some(written) = entry.written {
        out.put_str(written);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries as owned text, as far as a test compares them.
    fn read(block: &[u8]) -> Result<Vec<String>, IndexError> {
        let mut seen = Vec::new();
        scan(block, &mut |entry| {
            seen.push(format!("{entry:?}"));
            true
        })?;
        Ok(seen)
    }

    fn sample() -> Vec<Entry<'static>> {
        let home = |inline: Option<&'static [u8]>, far_surfaces: &[&'static str]| {
            Place::Home(Home {
                inline,
                far_surfaces: far_surfaces.to_vec(),
            })
        };
        let entry = |key, written, term, ordinal, n_docs, place| Entry {
            key,
            written,
            term: TermId(term),
            ordinal,
            n_docs,
            place,
        };
        vec![
            entry("cafe", None, 7, 0, 2, home(Some(&[1, 2, 3]), &["nghafe"])),
            entry("cafe", Some("café"), 7, 1, 2, Place::Near),
            entry("cafes", None, 7, 2, 2, Place::Near),
            entry("caffi", None, 8, 5, 900, home(None, &[])),
            entry(
                "chafe",
                None,
                3,
                4,
                1,
                Place::Far {
                    block: 0,
                    is_inline: true,
                },
            ),
        ]
    }

    #[test]
    fn a_block_comes_back() {
        let entries = sample();
        let expected: Vec<String> = entries.iter().map(|entry| format!("{entry:?}")).collect();
        assert_eq!(read(&encode(TermId(7), &entries)), Ok(expected));
    }

    #[test]
    fn no_bytes_make_the_reader_panic() {
        let whole = encode(TermId(7), &sample());
        for at in 0..whole.len() {
            assert!(read(&whole[..at]).is_err(), "cut at {at}");
            for flip in [0x01, 0x10, 0x80, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] ^= flip;
                let _any_answer_but_a_panic = read(&bytes);
            }
        }
    }
}
