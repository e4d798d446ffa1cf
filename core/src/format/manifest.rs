//! The manifest: what the index holds, and where each block lies. FORMAT.md, "The manifest".
//!
//! Encodes and decodes `index.json`. Knows bytes and the schema; never sees a chunk's contents.

use fst::raw::Fst;

use super::bytes::{Reader, checksum, from_base64};
#[cfg(any(feature = "build", test))]
use super::bytes::{Write, to_base64};
#[cfg(any(feature = "build", test))]
use super::chunks::hex;
use super::chunks::{self, BlockEntry, ChunkEntry, FileEntry, HEX_LEN, chunk_label, from_hex};
use super::common::CommonWords;
use super::order::Order;
use super::{NEWEST_VERSION, OLDEST_VERSION, Section};
use crate::error::{Corrupt, IndexError};
use crate::ids::{ChunkId, FieldId};
use crate::schema::{Field, FieldKind, MAX_FIELDS, MAX_SEARCHED_FIELDS, Schema};

/// Largest manifest that is read, in bytes of `index.json`: hundreds of times one for 100,000 records.
pub(crate) const MAX_MANIFEST_BYTES: usize = 64 << 20;

const PREFIX: &str = "{\"speir\":";
const MANIFEST_KEY: &str = ",\"manifest\":\"";
const CHECKSUM_KEY: &str = "\",\"checksum\":\"";
const SUFFIX: &str = "\"}\n";

const SEARCHED: u8 = 1 << 2;
const STORED: u8 = 1 << 3;
const FACET: u8 = 1 << 4;
const SORT: u8 = 1 << 5;
const HALF_LIFE: u8 = 1 << 6;

/// Collection-wide figures of a searched field, in the order of [`Schema::searched`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldTotals {
    /// Words in the field over all records.
    pub(crate) words: u64,
    /// Records that have the field.
    pub(crate) docs: u32,
}

impl FieldTotals {
    /// How many words the field has where a record has it, on average.
    pub(crate) fn average_words(self) -> f64 {
        self.words as f64 / f64::from(self.docs.max(1))
    }
}

/// All that an opened index knows before any chunk is there.
#[derive(Clone, Debug)]
pub(crate) struct Manifest {
    pub(crate) schema: Schema,
    pub(crate) order: Order,
    pub(crate) totals: Vec<FieldTotals>,
    /// Languages of records in the order in which they first appeared, with how many have each.
    pub(crate) languages: Vec<(String, u32)>,
    pub(crate) n_terms: u32,
    pub(crate) n_surfaces: u32,
    pub(crate) files: Vec<FileEntry>,
    pub(crate) chunks: Vec<ChunkEntry>,
    /// By section, in the order of [`Section::ALL`].
    pub(crate) blocks: [Vec<BlockEntry>; Section::COUNT],
    /// From a key not below the last word of a terms block, and below the first of the next, to the
    /// block's number.
    pub(crate) term_blocks: fst::Map<Vec<u8>>,
    /// The same for endings, by words reversed.
    pub(crate) ending_blocks: fst::Map<Vec<u8>>,
    /// The commonest words; none where all of the dictionary is in one file.
    pub(crate) common: CommonWords,
    /// Most words of a key that stands for a phrase; 0 where there is none.
    pub(crate) max_phrase_words: u32,
}

impl Manifest {
    pub(crate) fn section(&self, section: Section) -> &[BlockEntry] {
        self.blocks.get(section as usize).map_or(&[], Vec::as_slice)
    }

    /// The block of terms or endings that would hold a word, or `None` past the last.
    pub(crate) fn word_block(&self, section: Section, word: &str) -> Option<u32> {
        let blocks = match section {
            Section::Endings => &self.ending_blocks,
            _ => &self.term_blocks,
        };
        let block = value_from(blocks.as_fst(), word.as_bytes())?;
        u32::try_from(block).ok()
    }

    /// The block whose range holds a term or record: the last that begins at or before it.
    pub(crate) fn block_from(&self, section: Section, id: u32) -> Option<u32> {
        let blocks = self.section(section);
        let after = blocks.partition_point(|block| block.first <= id);
        after.checked_sub(1).and_then(|at| u32::try_from(at).ok())
    }

    /// The block of a field's column.
    pub(crate) fn column_block(&self, field: FieldId) -> Option<u32> {
        let at = self
            .section(Section::Columns)
            .iter()
            .position(|block| block.first == field.0)?;
        u32::try_from(at).ok()
    }

    /// What a chunk's file name begins with.
    pub(crate) fn chunk_label(&self, chunk: ChunkId) -> &'static str {
        chunk_label(&self.blocks, chunk)
    }

    /// Reads `index.json`. Verifies the checksum before anything else but the version.
    pub(crate) fn decode(file: &[u8]) -> Result<Manifest, IndexError> {
        let not = |what| IndexError::NotAnIndex { what };
        if file.len() > MAX_MANIFEST_BYTES {
            return Err(not("a manifest of at most 64 MB"));
        }
        let rest = file
            .strip_prefix(PREFIX.as_bytes())
            .ok_or(not("a file that begins with `{\"speir\":`"))?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        // Nine digits fit a u32; more are no version of ours.
        let found = rest
            .get(..digits.min(9))
            .unwrap_or_default()
            .iter()
            .fold(0_u32, |value, digit| value * 10 + u32::from(digit - b'0'));
        if digits == 0 {
            return Err(not("a format version"));
        }
        // Damage can change the version's digits too; a whole file of another version says so itself.
        let damaged = |what| IndexError::Damaged { chunk: None, what };
        let body_len = file
            .len()
            .checked_sub(SUFFIX.len() + HEX_LEN)
            .filter(|_| file.ends_with(SUFFIX.as_bytes()))
            .ok_or(damaged("its length"))?;
        let (body, tail) = file
            .split_at_checked(body_len)
            .ok_or(damaged("its length"))?;
        let written = tail
            .get(..HEX_LEN)
            .and_then(from_hex)
            .ok_or(damaged("its checksum"))?;
        if written != checksum(body) {
            return Err(damaged("its checksum"));
        }
        if !(OLDEST_VERSION..=NEWEST_VERSION).contains(&found) {
            let (oldest, newest) = (OLDEST_VERSION, NEWEST_VERSION);
            return Err(IndexError::Version {
                found,
                oldest,
                newest,
            });
        }
        let body = body
            .strip_suffix(CHECKSUM_KEY.as_bytes())
            .ok_or(not("a checksum"))?;
        let key = MANIFEST_KEY.as_bytes();
        let at = body
            .windows(key.len())
            .position(|window| window == key)
            .ok_or(not("a key `manifest`"))?;
        let coded = body.get(at + key.len()..).unwrap_or_default();
        Ok(Manifest::decode_binary(
            &from_base64(coded).ok_or(not("a manifest in base64"))?,
        )?)
    }

    /// Reads what `index.json` carries.
    pub(crate) fn decode_binary(bytes: &[u8]) -> Result<Manifest, Corrupt> {
        let mut reader = Reader::new(bytes);
        let default_lang = reader.str("default language")?.to_owned();
        let order = Order::decode(&mut reader)?;
        let (schema, totals) = decode_schema(&mut reader, default_lang)?;
        let n_languages = reader.count(2, "number of languages")?;
        let mut languages = Vec::with_capacity(n_languages);
        for _ in 0..n_languages {
            languages.push((
                reader.str("language")?.to_owned(),
                reader.u32("records of a language")?,
            ));
        }
        let n_terms = reader.u32("number of terms")?;
        let n_surfaces = reader.u32("number of surfaces")?;
        let (files, mut chunks) = chunks::decode(&mut reader)?;
        let blocks = decode_blocks(&mut reader, &mut chunks)?;
        let term_blocks = decode_fst(&mut reader)?;
        let ending_blocks = decode_fst(&mut reader)?;
        let common_len = reader.count(1, "length of the common words")?;
        let common = CommonWords::from_bytes(reader.bytes(common_len, "common words")?);
        let common = common.ok_or(Corrupt("length of the common words"))?;
        let max_phrase_words = reader.u32("words of a phrase")?;
        reader.end("end of the manifest")?;
        Ok(Manifest {
            schema,
            order,
            totals,
            languages,
            n_terms,
            n_surfaces,
            files,
            chunks,
            blocks,
            term_blocks,
            ending_blocks,
            common,
            max_phrase_words,
        })
    }

    /// Writes `index.json`.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = format!(
            "{PREFIX}{NEWEST_VERSION},\"generator\":\"speir {}\",\"records\":{}{MANIFEST_KEY}{}{CHECKSUM_KEY}",
            env!("CARGO_PKG_VERSION"),
            self.order.n_docs,
            to_base64(&self.encode_binary()),
        );
        let sum = checksum(out.as_bytes());
        out.push_str(&hex(sum));
        out.push_str(SUFFIX);
        out.into_bytes()
    }

    #[cfg(any(feature = "build", test))]
    pub(crate) fn encode_binary(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.put_str(self.schema.default_lang());
        self.order.encode(&mut out);
        out.put_len(self.schema.len());
        let mut totals = self.totals.iter();
        for (_, field) in self.schema.fields() {
            out.put_str(&field.name);
            let mut flags = match field.kind {
                FieldKind::Text => 0,
                FieldKind::Number => 1,
                FieldKind::Date => 2,
            };
            for (is_set, flag) in [
                (field.weight.is_some(), SEARCHED),
                (field.stored, STORED),
                (field.facet, FACET),
                (field.sort, SORT),
                (field.half_life_days.is_some(), HALF_LIFE),
            ] {
                flags |= if is_set { flag } else { 0 };
            }
            out.push(flags);
            if let Some(weight) = field.weight {
                out.extend_from_slice(&weight.to_le_bytes());
                let totals = totals.next().copied().unwrap_or_default();
                out.put_u64(totals.words);
                out.put_u32(totals.docs);
            }
            if let Some(days) = field.half_life_days {
                out.extend_from_slice(&days.to_le_bytes());
            }
        }
        out.put_len(self.languages.len());
        for (tag, count) in &self.languages {
            out.put_str(tag);
            out.put_u32(*count);
        }
        out.put_u32(self.n_terms);
        out.put_u32(self.n_surfaces);
        chunks::encode(&self.files, &self.chunks, &mut out);
        let mut of_terms: Vec<Option<u32>> = vec![None; self.chunks.len()];
        let mut is_terms = true;
        for blocks in &self.blocks {
            out.put_len(blocks.len());
            let mut chunk = -1;
            for block in blocks {
                out.put_i64(i64::from(block.chunk.0) - chunk - 1);
                chunk = i64::from(block.chunk.0);
            }
            let mut first = 0;
            for block in blocks {
                let beside = of_terms.get(block.chunk.index()).copied().flatten();
                let beside = beside.unwrap_or(first);
                out.put_i64(i64::from(block.first) - i64::from(beside));
                first = block.first;
            }
            if is_terms {
                for block in blocks {
                    if let Some(of_chunk) = of_terms.get_mut(block.chunk.index()) {
                        *of_chunk = Some(block.first);
                    }
                }
                is_terms = false;
            }
        }
        for bytes in [
            self.term_blocks.as_fst().as_bytes(),
            self.ending_blocks.as_fst().as_bytes(),
            self.common.as_bytes(),
        ] {
            out.put_len(bytes.len());
            out.extend_from_slice(bytes);
        }
        out.put_u32(self.max_phrase_words);
        out
    }
}

fn decode_schema(
    reader: &mut Reader<'_>,
    default_lang: String,
) -> Result<(Schema, Vec<FieldTotals>), Corrupt> {
    let n_fields = reader.count(2, "number of fields")?;
    if n_fields > MAX_FIELDS {
        return Err(Corrupt("number of fields"));
    }
    let mut fields = Vec::with_capacity(n_fields);
    let mut totals = Vec::new();
    for _ in 0..n_fields {
        let name = reader.str("field name")?.to_owned();
        let flags = reader.u8("field flags")?;
        let kind = match flags & 3 {
            0 => FieldKind::Text,
            1 => FieldKind::Number,
            2 => FieldKind::Date,
            _ => return Err(Corrupt("field kind")),
        };
        let mut weight = None;
        if flags & SEARCHED != 0 {
            weight = Some(positive(reader, "field weight")?);
            let words = reader.u64("words of a field")?;
            totals.push(FieldTotals {
                words,
                docs: reader.u32("records of a field")?,
            });
        }
        let half_life_days = if flags & HALF_LIFE != 0 {
            Some(positive(reader, "half life of a field")?)
        } else {
            None
        };
        fields.push(Field {
            name,
            kind,
            weight,
            stored: flags & STORED != 0,
            facet: flags & FACET != 0,
            sort: flags & SORT != 0,
            half_life_days,
        });
    }
    if totals.len() > MAX_SEARCHED_FIELDS {
        return Err(Corrupt("number of searched fields"));
    }
    Ok((Schema::from_parts(fields, default_lang), totals))
}

/// A number above 0.
fn positive(reader: &mut Reader<'_>, what: &'static str) -> Result<f32, Corrupt> {
    let bytes = reader.bytes(4, what)?;
    let value = bytes.try_into().map(f32::from_le_bytes).unwrap_or(f32::NAN);
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(Corrupt(what))
    }
}

fn decode_fst(reader: &mut Reader<'_>) -> Result<fst::Map<Vec<u8>>, Corrupt> {
    let len = reader.count(1, "length of an fst")?;
    let bytes = reader.bytes(len, "fst")?.to_vec();
    fst::Map::new(bytes).map_err(|_| Corrupt("fst"))
}

/// Reads where the blocks lie, and leaves in the chunks how long they are.
fn decode_blocks(
    reader: &mut Reader<'_>,
    chunks: &mut [ChunkEntry],
) -> Result<[Vec<BlockEntry>; Section::COUNT], Corrupt> {
    let mut sections: [Vec<BlockEntry>; Section::COUNT] = Default::default();
    // What blocks of a range begin with is told by what its terms do.
    let mut of_terms: Vec<Option<u32>> = vec![None; chunks.len()];
    let mut is_terms = true;
    for blocks in &mut sections {
        let n_blocks = reader.count(2, "number of blocks")?;
        blocks.reserve(n_blocks);
        let mut next = 0_i64;
        for _ in 0..n_blocks {
            let chunk = next.saturating_add(reader.i64("chunk of a block")?);
            next = chunk.saturating_add(1);
            blocks.push(BlockEntry {
                chunk: ChunkId(u32::try_from(chunk).unwrap_or(u32::MAX)),
                at: 0,
                first: 0,
            });
        }
        let mut first = 0_i64;
        for block in &mut *blocks {
            let of_chunk = of_terms.get_mut(block.chunk.index());
            let of_chunk = of_chunk.ok_or(Corrupt("chunk of a block"))?;
            let beside = of_chunk.map_or(first, i64::from);
            first = beside.saturating_add(reader.i64("beginning of a block")?);
            block.first = u32::try_from(first).map_err(|_| Corrupt("beginning of a block"))?;
        }
        if is_terms {
            for block in &*blocks {
                if let Some(of_chunk) = of_terms.get_mut(block.chunk.index()) {
                    *of_chunk = Some(block.first);
                }
            }
            is_terms = false;
        }
        for block in &mut *blocks {
            let chunk = chunks.get_mut(block.chunk.index());
            let chunk = chunk.ok_or(Corrupt("chunk of a block"))?;
            block.at = chunk.n_blocks;
            chunk.n_blocks += 1;
        }
    }
    Ok(sections)
}

/// The value of the first key that is not below this one, or `None` past the last: what
/// `range().ge(key)` gives first, without the code of its stream.
///
/// Cost: one node for each byte of the two keys.
fn value_from(fst: &Fst<Vec<u8>>, key: &[u8]) -> Option<u64> {
    let mut node = fst.root();
    let mut value = 0_u64;
    // Where the first key beyond all that begin as `key` does leaves the way to it.
    let mut turn = None;
    for byte in key {
        let mut next = None;
        for step in node.transitions() {
            let to = Some((step.addr, value.wrapping_add(step.out.value())));
            if step.inp > *byte {
                turn = to;
                break;
            }
            if step.inp == *byte {
                next = to;
            }
        }
        let addr;
        (addr, value) = next.or(turn)?;
        node = fst.node(addr);
        if next.is_none() {
            break;
        }
    }
    // The first key of a node ends there, or goes on with the first transition.
    while !node.is_final() {
        let step = node.transitions().next()?;
        value = value.wrapping_add(step.out.value());
        node = fst.node(step.addr);
    }
    Some(value.wrapping_add(node.final_output().value()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fst::{IntoStreamer, Streamer};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn the_first_key_not_below_a_word_is_that_of_the_stream(
            keys in proptest::collection::btree_map("[abz]{0,4}", any::<u32>(), 0..30),
            words in proptest::collection::vec("[abmz]{0,5}", 1..20),
        ) {
            let keys: BTreeMap<String, u64> =
                keys.into_iter().map(|(key, value)| (key, u64::from(value))).collect();
            let map = fst::Map::from_iter(keys.clone()).unwrap();
            for word in words.iter().chain(keys.keys()) {
                let mut stream = map.range().ge(word).into_stream();
                let expected = stream.next().map(|(_, value)| value);
                prop_assert_eq!(value_from(map.as_fst(), word.as_bytes()), expected);
                let found = keys.range(word.clone()..).next().map(|(_, value)| *value);
                prop_assert_eq!(found, expected);
            }
        }
    }

    fn sample() -> Manifest {
        let mut fst = fst::MapBuilder::memory();
        fst.insert("m", 0).unwrap();
        fst.insert("z", 1).unwrap();
        let block = |chunk, at, first| BlockEntry {
            chunk: ChunkId(chunk),
            at,
            first,
        };
        Manifest {
            schema: Schema::default(),
            order: Order::plain(3),
            totals: vec![FieldTotals { words: 9, docs: 3 }; Schema::default().searched().count()],
            languages: vec![("en".to_owned(), 2), ("cy".to_owned(), 1)],
            n_terms: 5,
            n_surfaces: 7,
            files: vec![
                FileEntry {
                    checksum: 1,
                    len: 13,
                },
                FileEntry {
                    checksum: u64::MAX,
                    len: 9,
                },
            ],
            chunks: vec![
                ChunkEntry {
                    file: 0,
                    offset: 10,
                    packed_len: 3,
                    n_blocks: 5,
                },
                ChunkEntry {
                    file: 1,
                    offset: 0,
                    packed_len: 9,
                    n_blocks: 1,
                },
            ],
            blocks: [
                vec![block(0, 0, 0), block(0, 1, 1)],
                vec![block(0, 2, 0)],
                vec![block(1, 0, 0)],
                vec![block(0, 3, 11)],
                vec![block(0, 4, 0)],
                Vec::new(),
                Vec::new(),
                Vec::new(),
                Vec::new(),
                Vec::new(),
                Vec::new(),
                Vec::new(),
            ],
            term_blocks: fst.into_map(),
            ending_blocks: fst::MapBuilder::memory().into_map(),
            common: CommonWords::new(["the"].into_iter()),
            max_phrase_words: 3,
        }
    }

    #[test]
    fn a_manifest_comes_back() {
        let manifest = sample();
        let read = Manifest::decode(&manifest.encode()).unwrap();
        assert_eq!(read.encode(), manifest.encode());
        assert_eq!(read.blocks, manifest.blocks);
        assert_eq!(
            (
                read.word_block(Section::Terms, "a"),
                read.word_block(Section::Terms, "m"),
                read.word_block(Section::Terms, "mo")
            ),
            (Some(0), Some(0), Some(1))
        );
        assert_eq!(read.word_block(Section::Terms, "zz"), None);
        assert_eq!(
            (read.chunk_label(ChunkId(0)), read.chunk_label(ChunkId(1))),
            ("index", "positions")
        );
    }

    #[test]
    fn another_version_is_refused_in_words() {
        let mut text = String::from_utf8(sample().encode()).unwrap();
        text = text.replacen("{\"speir\":6", "{\"speir\":77", 1);
        let body_len = text.len() - SUFFIX.len() - HEX_LEN;
        let sum = checksum(&text.as_bytes()[..body_len]);
        text.replace_range(body_len..body_len + HEX_LEN, &hex(sum));
        let error = Manifest::decode(text.as_bytes()).unwrap_err();
        assert_eq!(
            error,
            IndexError::Version {
                found: 77,
                oldest: OLDEST_VERSION,
                newest: NEWEST_VERSION
            }
        );
    }

    #[test]
    fn every_flipped_byte_and_every_cut_is_an_error() {
        let whole = sample().encode();
        for at in 0..whole.len() {
            assert!(Manifest::decode(&whole[..at]).is_err(), "cut at {at}");
            for flip in [0x01, 0x20, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] ^= flip;
                assert!(Manifest::decode(&bytes).is_err(), "byte {at} flipped");
            }
        }
    }
}
