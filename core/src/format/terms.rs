//! The dictionary: words in order, front-coded, each with its class and the postings of rare
//! classes. FORMAT.md, "Terms".
//!
//! An entry is a *surface*: a word as it stands in records. Surfaces of one stem share a class, a
//! *term*, whose first surface, its *home*, carries what is true of the whole class. Terms are numbered
//! in the order of their homes, but for those that came between others when an index was published
//! anew. A key with spaces in it stands for a phrase that is searched as one word.
//! The dictionary of endings is written in the same way: words reversed, each far from its class.
//! Knows bytes and ids only.

use super::bytes::Reader;
#[cfg(any(feature = "build", test))]
use super::bytes::Write;
use crate::error::Corrupt;
use crate::ids::TermId;

const HOME: u8 = 1;
const WRITTEN: u8 = 2;
const INLINE: u8 = 4;
const FAR_SURFACES: u8 = 8;
const FAR: u8 = 16;
const ORDINAL: u8 = 32;
const FUNCTION: u8 = 64;
const MORE: u8 = 128;

const UNSEEN: u8 = 1;
const LINKS: u8 = 2;
const NUMBERED: u8 = 4;
const KNOWN_MORE: u8 = 7;

/// What parts the words of a key that stands for a phrase.
pub(crate) const PHRASE_GAP: char = ' ';

/// Most dictionary blocks that are read for the words that begin with what was typed.
pub(crate) const MAX_PREFIX_BLOCKS: usize = 3;

/// Fewest letters that are taken for the beginning of a word that is still being typed.
pub(crate) const MIN_PREFIX_LETTERS: usize = 2;

/// With at least this many records that hold the word itself, it is taken for finished.
pub(crate) const ENOUGH_DOCS: u32 = 10;

/// Most terms that the beginning of a word stands for, the most frequent first.
pub(crate) const MAX_PREFIX_TERMS: usize = 50;

/// One surface of the dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    /// The folded word. Entries are sorted by it, then by `written`.
    pub(crate) key: &'a str,
    /// The word as written in lower case, where that differs from the key.
    pub(crate) written: Option<&'a str>,
    /// The class.
    pub(crate) term: TermId,
    /// Which bit stands for this surface in the surface sets of the class's postings; `None` for one
    /// that no record holds (another spelling, a synonym).
    pub(crate) ordinal: Option<u32>,
    /// How many records hold the class.
    pub(crate) n_docs: u32,
    /// Whether it is a word such as `the`, without which a record may still be what is looked for.
    pub(crate) is_function: bool,
    /// The classes that its class leads to as synonyms.
    pub(crate) links: &'a [Link],
    pub(crate) place: Place<'a>,
}

/// A class that another one leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) term: TermId,
    /// How many records hold it.
    pub(crate) n_docs: u32,
    /// Whether its home carries the postings.
    pub(crate) is_inline: bool,
    /// Whether records explain it (an acronym), and no publisher says it.
    pub(crate) is_harvested: bool,
}

/// Where the class of a surface is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    /// Here: this is the first surface of its class.
    Home(Home<'a>),
    /// Before, in the same block.
    Near,
    /// In another terms block: the one whose terms hold the class.
    Far {
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

/// Calls `visit` with each entry of a block in order, from a key on, until it returns false. What comes
/// before that key is passed over faster than it is read.
///
/// Takes any visitor by reference, as each further copy of this loop costs 2 KB of wasm.
pub(crate) fn scan(
    block: &[u8],
    from: &str,
    visit: &mut dyn FnMut(&Entry<'_>) -> bool,
) -> Result<(), Corrupt> {
    let mut reader = Reader::new(block);
    let mut next_term = reader.u32("first term of a block")?;
    let n_entries = reader.count(3, "number of words")?;
    let mut key: Vec<u8> = Vec::new();
    // What homes of this block said, for the near surfaces that follow: term, number of records, links.
    let mut homes: Vec<(u32, u32, Vec<Link>)> = Vec::new();
    for _ in 0..n_entries {
        let shared = reader.next_u32("shared letters of a word")? as usize;
        let suffix_len = reader.next_u32("length of a word")? as usize;
        let suffix = reader.bytes(suffix_len, "word")?;
        if shared > key.len() {
            return Err(Corrupt("shared letters of a word"));
        }
        key.truncate(shared);
        key.extend_from_slice(suffix);
        let flags = reader.next_byte("flags of a word")?;
        let more = if flags & MORE != 0 {
            reader.u8("flags of a word")?
        } else {
            0
        };
        if more & !KNOWN_MORE != 0 {
            return Err(Corrupt("flags of a word"));
        }
        let written = if flags & WRITTEN != 0 {
            Some(reader.str("written word")?)
        } else {
            None
        };
        let ordinal = if flags & ORDINAL != 0 {
            reader.u32("number of a form")?
        } else {
            0
        };
        let is_inline = flags & INLINE != 0;
        let wrong_term = Corrupt("number of a term");
        let mut near = None;
        let (term, place, n_docs) = if flags & HOME != 0 {
            if more & NUMBERED != 0 {
                let term = i64::from(next_term).checked_add(reader.i64("number of a term")?);
                next_term = term
                    .and_then(|term| u32::try_from(term).ok())
                    .ok_or(wrong_term)?;
            }
            let n_docs = reader.next_u32("records of a term")?;
            let mut home = Home::default();
            if is_inline {
                let len = reader.next_u32("length of inline postings")? as usize;
                home.inline = Some(reader.bytes(len, "inline postings")?);
            }
            if flags & FAR_SURFACES != 0 {
                let count = reader.count(1, "number of far words")?;
                for _ in 0..count {
                    home.far_surfaces.push(reader.str("far word")?);
                }
            }
            let term = next_term;
            next_term = next_term.checked_add(1).ok_or(wrong_term)?;
            (term, Place::Home(home), n_docs)
        } else if flags & FAR != 0 {
            let term = reader.u32("number of a term")?;
            let n_docs = reader.u32("records of a term")?;
            (term, Place::Far { is_inline }, n_docs)
        } else {
            let back = reader.next_u32("number of a term")? as usize;
            near = homes.len().checked_sub(back);
            let home = near.and_then(|at| homes.get(at)).ok_or(wrong_term)?;
            (home.0, Place::Near, home.1)
        };
        let mut links: Vec<Link> = Vec::new();
        if more & LINKS != 0 {
            let count = reader.count(2, "number of links")?;
            for _ in 0..count {
                let term = TermId(reader.u32("term of a link")?);
                let told = reader.u64("records of a link")?;
                let n_docs = u32::try_from(told >> 2).map_err(|_| Corrupt("records of a link"))?;
                links.push(Link {
                    term,
                    n_docs,
                    is_inline: told & 1 != 0,
                    is_harvested: told & 2 != 0,
                });
            }
        }
        if flags & HOME != 0 {
            near = Some(homes.len());
            homes.push((term, n_docs, core::mem::take(&mut links)));
        }
        let links = match near.and_then(|at| homes.get(at)) {
            Some((_, _, links)) => links,
            None => &links,
        };
        if key.as_slice() < from.as_bytes() {
            continue;
        }
        let entry = Entry {
            key: core::str::from_utf8(&key).map_err(|_| Corrupt("word"))?,
            written,
            term: TermId(term),
            ordinal: (more & UNSEEN == 0).then_some(ordinal),
            n_docs,
            is_function: flags & FUNCTION != 0,
            links,
            place,
        };
        if !visit(&entry) {
            return Ok(());
        }
    }
    reader.end("end of a terms block")
}

/// Writes the entries of one block, whose order is the caller's: by key and then by `written`. A term
/// whose number is not the next one costs a few bytes more. The links of a near surface are those of
/// its home, and are not written again.
#[cfg(any(feature = "build", test))]
pub(crate) fn encode(first_term: TermId, entries: &[Entry<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    out.put_u32(first_term.0);
    out.put_len(entries.len());
    let mut before = "";
    let mut next_term = first_term.0;
    let mut homes: Vec<TermId> = Vec::new();
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

        let links = match entry.place {
            Place::Near => &[],
            _ => entry.links,
        };
        let ordinal = entry.ordinal.unwrap_or(0);
        let mut flags = match &entry.place {
            Place::Home(home) => {
                HOME | if_set(INLINE, home.inline.is_some())
                    | if_set(FAR_SURFACES, !home.far_surfaces.is_empty())
            }
            Place::Near => 0,
            Place::Far { is_inline } => FAR | if_set(INLINE, *is_inline),
        };
        let is_numbered = matches!(entry.place, Place::Home(_)) && entry.term.0 != next_term;
        let more = if_set(UNSEEN, entry.ordinal.is_none())
            | if_set(LINKS, !links.is_empty())
            | if_set(NUMBERED, is_numbered);
        flags |= if_set(WRITTEN, entry.written.is_some())
            | if_set(ORDINAL, ordinal != 0)
            | if_set(FUNCTION, entry.is_function)
            | if_set(MORE, more != 0);
        out.push(flags);
        if more != 0 {
            out.push(more);
        }
        if let Some(written) = entry.written {
            out.put_str(written);
        }
        if ordinal != 0 {
            out.put_u32(ordinal);
        }
        match &entry.place {
            Place::Home(home) => {
                if is_numbered {
                    out.put_i64(i64::from(entry.term.0) - i64::from(next_term));
                }
                homes.push(entry.term);
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
                next_term = entry.term.0.saturating_add(1);
            }
            Place::Near => {
                let back = homes.iter().rev().position(|term| *term == entry.term);
                out.put_len(back.map_or(0, |back| back + 1));
            }
            Place::Far { .. } => {
                out.put_u32(entry.term.0);
                out.put_u32(entry.n_docs);
            }
        }
        if !links.is_empty() {
            out.put_len(links.len());
            for link in links {
                out.put_u32(link.term.0);
                let flags = u64::from(link.is_inline) | u64::from(link.is_harvested) << 1;
                out.put_u64(u64::from(link.n_docs) << 2 | flags);
            }
        }
    }
    out
}

#[cfg(any(feature = "build", test))]
fn if_set(flag: u8, is_set: bool) -> u8 {
    if is_set { flag } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries as owned text, as far as a test compares them.
    fn read(block: &[u8]) -> Result<Vec<String>, Corrupt> {
        let mut seen = Vec::new();
        scan(block, "", &mut |entry| {
            seen.push(format!("{entry:?}"));
            true
        })?;
        Ok(seen)
    }

    const LINKS: &[Link] = &[
        Link {
            term: TermId(900),
            n_docs: 12,
            is_inline: false,
            is_harvested: true,
        },
        Link {
            term: TermId(2),
            n_docs: 1,
            is_inline: true,
            is_harvested: false,
        },
    ];

    fn sample() -> Vec<Entry<'static>> {
        let home = |inline: Option<&'static [u8]>, far_surfaces: &[&'static str]| {
            Place::Home(Home {
                inline,
                far_surfaces: far_surfaces.to_vec(),
            })
        };
        let entry = |key, written, term, ordinal, n_docs, links, place| Entry {
            key,
            written,
            term: TermId(term),
            ordinal,
            n_docs,
            is_function: key == "chafe",
            links,
            place,
        };
        let far = Place::Far { is_inline: true };
        vec![
            entry(
                "cafe",
                None,
                7,
                Some(0),
                2,
                LINKS,
                home(Some(&[1, 2, 3]), &["nghafe"]),
            ),
            entry("cafe", Some("café"), 7, Some(1), 2, LINKS, Place::Near),
            entry("cafe bar", None, 8, None, 0, &[], home(None, &[])),
            entry("cafes", None, 7, Some(2), 2, LINKS, Place::Near),
            entry("caffi", None, 9, Some(5), 900, &[], home(None, &[])),
            entry("chafe", None, 3, Some(4), 1, LINKS, far.clone()),
            entry("chaffe", None, 3, None, 1, &[], far),
            entry("chaff", None, 70, Some(0), 4, LINKS, home(None, &[])),
            entry("chaffs", None, 9, Some(6), 900, &[], Place::Near),
            entry("chap", None, 10, Some(0), 6, &[], home(None, &[])),
            entry("chaps", None, 70, Some(1), 4, LINKS, Place::Near),
        ]
    }

    #[test]
    fn a_block_comes_back() {
        let entries = sample();
        let expected: Vec<String> = entries.iter().map(|entry| format!("{entry:?}")).collect();
        assert_eq!(read(&encode(TermId(7), &entries)), Ok(expected));
    }

    #[test]
    fn what_comes_before_a_key_is_passed_over() {
        let entries = sample();
        let block = encode(TermId(7), &entries);
        for from in ["", "cafe", "cafe bar", "caff", "chaff", "chaps", "chaps1"] {
            let mut seen = Vec::new();
            scan(&block, from, &mut |entry| {
                seen.push(format!("{entry:?}"));
                true
            })
            .unwrap();
            let rest = entries.iter().filter(|entry| entry.key >= from);
            let expected: Vec<String> = rest.map(|entry| format!("{entry:?}")).collect();
            assert_eq!(seen, expected, "from {from:?}");
        }
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
