//! Files, the chunks in them, and the blocks in those. FORMAT.md, "Files and chunks".
//!
//! Encodes and decodes what the manifest says of files and chunks, what stands in a chunk besides its
//! blocks, and the names of files. Knows bytes; what is in a block, the files of sections know.

use super::Section;
#[cfg(any(feature = "build", test))]
use super::bytes::Write;
use super::bytes::{Reader, checksum};
use crate::error::Corrupt;
use crate::ids::ChunkId;

/// Largest chunk in bytes, inflated: what one fetch may make a reader's browser hold.
pub(crate) const MAX_CHUNK_BYTES: u32 = 256 << 20;

/// Hexadecimal digits of a checksum.
pub(super) const HEX_LEN: usize = 16;

/// One published file: some chunks, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileEntry {
    /// What its name tells.
    pub(crate) checksum: u64,
    pub(crate) len: u32,
}

/// What a search fetches at once: a file, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChunkEntry {
    /// The number of its file.
    pub(crate) file: u32,
    /// Where it begins in the file.
    pub(crate) offset: u32,
    /// Its length there.
    pub(crate) packed_len: u32,
    /// How many blocks it has. Not written.
    pub(crate) n_blocks: u32,
}

/// Where a block lies, and what it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BlockEntry {
    pub(crate) chunk: ChunkId,
    /// Its place among the blocks of its chunk. Not written: they stand there as they are listed.
    pub(crate) at: u32,
    /// The first term of a postings or positions block, and of those whose home is in a terms block;
    /// the first record of a stored block; the field of a column; the place of the first key of a
    /// suggest block; the first hash of a related block. Blocks of endings and pins have their number
    /// here, and those of changes tell by it which chunks they are of.
    pub(crate) first: u32,
}

/// Writes the files and the chunks in them.
#[cfg(any(feature = "build", test))]
pub(super) fn encode(files: &[FileEntry], chunks: &[ChunkEntry], out: &mut Vec<u8>) {
    out.put_len(files.len());
    for file in files {
        out.put_u64_fixed(file.checksum);
        out.put_u32(file.len);
    }
    out.put_len(chunks.len());
    let mut ends: Vec<u32> = vec![0; files.len()];
    let mut file = 0;
    for chunk in chunks {
        out.put_i64(i64::from(chunk.file) - file);
        file = i64::from(chunk.file);
    }
    for chunk in chunks {
        if let Some(end) = ends.get_mut(chunk.file as usize) {
            out.put_i64(i64::from(chunk.offset) - i64::from(*end));
            *end = chunk.offset + chunk.packed_len;
        }
        out.put_u32(chunk.packed_len);
    }
}

/// Reads the files and the chunks in them.
pub(super) fn decode(
    reader: &mut Reader<'_>,
) -> Result<(Vec<FileEntry>, Vec<ChunkEntry>), Corrupt> {
    let n_files = reader.count(9, "number of files")?;
    let mut files = Vec::with_capacity(n_files);
    for _ in 0..n_files {
        files.push(FileEntry {
            checksum: reader.u64_fixed("checksum of a file")?,
            len: reader.u32("length of a file")?,
        });
    }
    let n_chunks = reader.count(3, "number of chunks")?;
    let mut chunks = Vec::with_capacity(n_chunks);
    let mut file = 0_i64;
    for _ in 0..n_chunks {
        file = file.saturating_add(reader.i64("file of a chunk")?);
        chunks.push(ChunkEntry {
            file: u32::try_from(file).unwrap_or(u32::MAX),
            offset: 0,
            packed_len: 0,
            n_blocks: 0,
        });
    }
    let mut ends = vec![0_u32; n_files];
    for chunk in &mut chunks {
        let wrong = Corrupt("place of a chunk");
        let at = chunk.file as usize;
        let (Some(end), Some(file)) = (ends.get_mut(at), files.get(at)) else {
            return Err(wrong);
        };
        let offset = i64::from(*end).saturating_add(reader.i64("place of a chunk")?);
        chunk.offset = u32::try_from(offset).map_err(|_| wrong)?;
        chunk.packed_len = reader.u32("length of a chunk")?;
        let own_end = chunk.offset.checked_add(chunk.packed_len);
        *end = own_end.filter(|end| *end <= file.len).ok_or(wrong)?;
    }
    Ok((files, chunks))
}

/// The bytes of a block among those of its chunk, inflated, which begin with the lengths of all blocks
/// but the last.
pub(crate) fn block_of_chunk(chunk: &[u8], at: u32, n_blocks: u32) -> Result<&[u8], Corrupt> {
    const WHAT: &str = "length of a block";
    let mut reader = Reader::new(chunk);
    let mut start = 0_usize;
    let mut len = None;
    for before in 1..n_blocks {
        let own = reader.u32(WHAT)? as usize;
        if before <= at {
            start = start.saturating_add(own);
        } else if before == at + 1 {
            len = Some(own);
        }
    }
    reader.bytes(start, WHAT)?;
    reader.bytes(len.unwrap_or(reader.len()), WHAT)
}

/// Bytes before a chunk's deflated ones.
#[cfg(feature = "build")]
pub(crate) const SEAL_BYTES: usize = 4;

/// What stands before a chunk's deflated bytes: the lower half of the checksum of its inflated bytes, of
/// a file at a place.
pub(crate) fn seal(file: &FileEntry, offset: u32, raw: &[u8]) -> u32 {
    checksum(raw) as u32 ^ file.checksum as u32 ^ offset
}

/// What a chunk's bytes in its file unpack to: the number that stands before them, and the inflated
/// bytes. `None` where they do not inflate, or to more than the 256 MB that a chunk may have.
#[cfg(feature = "build")]
pub fn unpack(packed: &[u8]) -> Option<(u32, Vec<u8>)> {
    let (seal, deflated) = packed.split_first_chunk::<SEAL_BYTES>()?;
    let raw =
        miniz_oxide::inflate::decompress_to_vec_with_limit(deflated, MAX_CHUNK_BYTES as usize)
            .ok()?;
    Some((u32::from_le_bytes(*seal), raw))
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

/// The name of a file.
pub(crate) fn file_name(label: &str, checksum: u64) -> String {
    let mut name = String::from(label);
    name.push('-');
    name.push_str(&hex(checksum));
    name.push_str(".bin");
    name
}

/// A checksum as it stands in file names: 16 hexadecimal digits.
pub(super) fn hex(value: u64) -> String {
    let mut out = String::with_capacity(HEX_LEN);
    for place in (0..HEX_LEN).rev() {
        let digit = (value >> (4 * place)) as u32 & 15;
        out.extend(char::from_digit(digit, 16));
    }
    out
}

pub(super) fn from_hex(digits: &[u8]) -> Option<u64> {
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

    #[test]
    fn a_chunk_begins_with_the_lengths_of_all_blocks_but_the_last() {
        let chunk = b"\x02\x00\x01abcdef";
        let block = |at| block_of_chunk(chunk, at, 4);
        assert_eq!(block(0), Ok(&b"ab"[..]));
        assert_eq!(block(1), Ok(&b""[..]));
        assert_eq!(block(2), Ok(&b"c"[..]));
        assert_eq!(block(3), Ok(&b"def"[..]));
        assert_eq!(block_of_chunk(b"abc", 0, 1), Ok(&b"abc"[..]));
        let too_long = b"\xff\xff\xff\xff\x0fabc";
        for at in 0..2 {
            assert!(block_of_chunk(too_long, at, 2).is_err());
            assert!(block_of_chunk(b"", at, 2).is_err());
        }
    }
}
