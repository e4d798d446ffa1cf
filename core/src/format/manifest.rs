//! The manifest: what the index holds, and where each block lies. FORMAT.md, "The manifest".
//!
//! Encodes and decodes `index.json`. Knows bytes and the schema; never sees a chunk's contents.

use fst::raw::Fst;

use super::bytes::{Reader, checksum, from_base64};
#[cfg(any(feature = "build", test))]
use super::bytes::{Write, to_base64};
use super::common::CommonWords;
use super::order::Order;
use super::{NEWEST_VERSION, OLDEST_VERSION, Section};
use crate::error::{Corrupt, IndexError};
use crate::ids::{ChunkId, FieldId};
use crate::schema::{Field, FieldKind, MAX_FIELDS, MAX_SEARCHED_FIELDS, Schema};

/// Largest manifest that is read, in bytes of `index.json`: hundreds of times one for 100,000 records.
pub(crate) const MAX_MANIFEST_BYTES: usize = 64 << 20;

/// Largest chunk in bytes, inflated: what one fetch may make a reader's browser hold.
pub(crate) const MAX_CHUNK_BYTES: u32 = 256 << 20;

const PREFIX: &str = "{\"speir\":";
const MANIFEST_KEY: &str = ",\"manifest\":\"";
const CHECKSUM_KEY: &str = "\",\"checksum\":\"";
const SUFFIX: &str = "\"}\n";
const HEX_LEN: usize = 16;

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

/// One published file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChunkEntry {
    /// Checksum of the inflated bytes as published; also the file's name.
    pub(crate) checksum: u64,
    /// The length of the file.
    pub(crate) packed_len: u32,
    /// The length of the inflated bytes, once patched. Not written: it is that of the blocks.
    pub(crate) raw_len: u32,
}

/// Where a block lies, and what it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BlockEntry {
    pub(crate) chunk: ChunkId,
    /// In the inflated chunk. Not written: blocks of a chunk follow one another.
    pub(crate) offset: u32,
    pub(crate) len: u32,
    /// The first term of a postings or positions block, and of those whose home is in a terms block;
    /// the first record of a stored block; the field of a column; the place of the first key of a
    /// suggest block; the first hash of a related block. Blocks of endings and pins have their number
    /// here, and those of changes tell by it which chunks they are of.
    pub(crate) first: u32,
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
        let n_chunks = reader.count(9, "number of chunks")?;
        let mut chunks = Vec::with_capacity(n_chunks);
        for _ in 0..n_chunks {
            chunks.push(ChunkEntry {
                checksum: reader.u64_fixed("chunk checksum")?,
                packed_len: reader.u32("chunk length")?,
                raw_len: 0,
            });
        }
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
        out.put_len(self.chunks.len());
        for chunk in &self.chunks {
            out.put_u64_fixed(chunk.checksum);
            out.put_u32(chunk.packed_len);
        }
        for blocks in &self.blocks {
            out.put_len(blocks.len());
            let mut chunk = -1;
            for block in blocks {
                out.put_i64(i64::from(block.chunk.0) - chunk - 1);
                chunk = i64::from(block.chunk.0);
            }
            let mut first = 0;
            for block in blocks {
                out.put_i64(i64::from(block.first) - first);
                first = i64::from(block.first);
            }
            for block in blocks {
                out.put_u32(block.len);
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
    for blocks in &mut sections {
        let n_blocks = reader.count(3, "number of blocks")?;
        blocks.reserve(n_blocks);
        let mut next = 0_i64;
        for _ in 0..n_blocks {
            let chunk = next.saturating_add(reader.i64("chunk of a block")?);
            next = chunk.saturating_add(1);
            blocks.push(BlockEntry {
                chunk: ChunkId(u32::try_from(chunk).unwrap_or(u32::MAX)),
                offset: 0,
                len: 0,
                first: 0,
            });
        }
        let mut first = 0_i64;
        for block in &mut *blocks {
            first = first.saturating_add(reader.i64("beginning of a block")?);
            block.first = u32::try_from(first).map_err(|_| Corrupt("beginning of a block"))?;
        }
        for block in &mut *blocks {
            block.len = reader.u32("length of a block")?;
            let chunk = chunks.get_mut(block.chunk.index());
            let chunk = chunk.ok_or(Corrupt("chunk of a block"))?;
            block.offset = chunk.raw_len;
            chunk.raw_len = block
                .offset
                .checked_add(block.len)
                .filter(|len| *len <= MAX_CHUNK_BYTES)
                .ok_or(Corrupt("length of a chunk"))?;
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

/// What a chunk's file name begins with: its section; where it holds several, `index` if stored records
/// are among them, and else `words`.
pub(crate) fn chunk_label(
    blocks: &[Vec<BlockEntry>; Section::COUNT],
    chunk: ChunkId,
) -> &'static str {
    let mut label = "";
    for (section, blocks) in Section::ALL.into_iter().zip(blocks) {
        if blocks.iter().any(|block| block.chunk == chunk) {
            label = match (label, section) {
                ("", _) => section.name(),
                (_, Section::Stored) | ("index", _) => "index",
                _ => "words",
            };
        }
    }
    label
}

/// What the bytes of a chunk's file inflate to; `None` where they do not, or to more than the 256 MB
/// that a chunk may have.
#[cfg(feature = "build")]
pub fn inflate(packed: &[u8]) -> Option<Vec<u8>> {
    inflate_at_most(packed, MAX_CHUNK_BYTES)
}

/// The same, and no more than so many bytes.
#[cfg(feature = "build")]
pub(crate) fn inflate_at_most(packed: &[u8], limit: u32) -> Option<Vec<u8>> {
    miniz_oxide::inflate::decompress_to_vec_with_limit(packed, limit as usize).ok()
}

/// The name of a chunk's file.
pub(crate) fn file_name(label: &str, checksum: u64) -> String {
    let mut name = String::from(label);
    name.push('-');
    name.push_str(&hex(checksum));
    name.push_str(".bin");
    name
}

/// A checksum as it stands in file names: 16 hexadecimal digits.
fn hex(value: u64) -> String {
    let mut out = String::with_capacity(HEX_LEN);
    for place in (0..HEX_LEN).rev() {
        let digit = (value >> (4 * place)) as u32 & 15;
        out.extend(char::from_digit(digit, 16));
    }
    out
}

fn from_hex(digits: &[u8]) -> Option<u64> {
    let mut value = 0;
    for digit in digits {
        let lower_case = matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        let digit = (*digit as char).to_digit(16).filter(|_| lower_case)?;
        value = (value << 4) | u64::from(digit);
    }
    Some(value)
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
        let block = |chunk, offset, len, first| BlockEntry {
            chunk: ChunkId(chunk),
            offset,
            len,
            first,
        };
        Manifest {
            schema: Schema::default(),
            order: Order::plain(3),
            totals: vec![FieldTotals { words: 9, docs: 3 }; Schema::default().searched().count()],
            languages: vec![("en".to_owned(), 2), ("cy".to_owned(), 1)],
            n_terms: 5,
            n_surfaces: 7,
            chunks: vec![
                ChunkEntry {
                    checksum: 1,
                    packed_len: 3,
                    raw_len: 30,
                },
                ChunkEntry {
                    checksum: u64::MAX,
                    packed_len: 9,
                    raw_len: 5,
                },
            ],
            blocks: [
                vec![block(0, 0, 10, 0), block(0, 10, 10, 1)],
                vec![block(0, 20, 4, 0)],
                vec![block(1, 0, 5, 0)],
                vec![block(0, 24, 4, 11)],
                vec![block(0, 28, 2, 0)],
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
        text = text.replacen("{\"speir\":4", "{\"speir\":77", 1);
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
