//! Packs blocks into chunks, compresses chunks, and names them.
//!
//! Decides which file holds a block; what is in it, it never looks at. Knows the format's files.

use std::collections::{BTreeMap, BTreeSet};

use crate::build::cut::Block;
use crate::build::workers::{self, Workers};
use crate::build::{BuildOptions, File};
use crate::error::BuildError;
use crate::format::Section;
use crate::format::bytes::checksum;
use crate::format::manifest::{BlockEntry, ChunkEntry, MAX_CHUNK_BYTES, chunk_label, hex};
use crate::ids::ChunkId;

/// Deflate's effort: miniz_oxide's best, 1% smaller than its usual 6.
const DEFLATE_LEVEL: u8 = 10;

/// Bytes of chunks that wait until they are compressed together.
const RAW_BYTES: usize = 16 << 20;

/// Deflated by Zopfli, which tries many ways to cut a text into blocks (J. Alakuijala, L. Vandevenne,
/// "Data compression using Zopfli", 2013).
fn squeezed(raw: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let options = zopfli::Options::default();
    match zopfli::compress(options, zopfli::Format::Deflate, raw, &mut packed) {
        Ok(()) => packed,
        // Memory does not fail to be read or written to.
        Err(_) => miniz_oxide::deflate::compress_to_vec(raw, DEFLATE_LEVEL),
    }
}

/// Puts blocks into chunks.
pub(super) struct Packer<'w> {
    workers: &'w dyn Workers,
    is_small: bool,
    squeezes: bool,
    /// What columns that share a chunk take at most.
    columns_bytes: usize,
    /// The bytes of each chunk, without those that were packed.
    chunks: Vec<Vec<u8>>,
    /// The first chunks, compressed.
    packed: Vec<(ChunkEntry, Vec<u8>)>,
    /// How many bytes wait to be compressed.
    n_raw_bytes: usize,
    /// The range of words that is being placed, and its chunk.
    range: Option<(u32, ChunkId)>,
    /// The chunk that takes further columns.
    open: Option<ChunkId>,
    /// By section that lies apart, or 0 for all others: the chunk in a small index.
    shared: BTreeMap<usize, ChunkId>,
}

impl<'w> Packer<'w> {
    pub(super) fn new(
        options: &BuildOptions,
        is_small: bool,
        workers: &'w dyn Workers,
    ) -> Packer<'w> {
        Packer {
            workers,
            is_small,
            squeezes: options.squeezes,
            columns_bytes: options.columns_bytes,
            chunks: Vec::new(),
            packed: Vec::new(),
            n_raw_bytes: 0,
            range: None,
            open: None,
            shared: BTreeMap::new(),
        }
    }

    /// Appends a block to a chunk and says where it lies. Blocks of one range of words come together,
    /// the terms first, and so do columns.
    pub(super) fn place(
        &mut self,
        section: Section,
        block: Block,
    ) -> Result<BlockEntry, BuildError> {
        let too_large = || BuildError::TooLarge {
            what: "bytes of one chunk",
            limit: u64::from(MAX_CHUNK_BYTES),
        };
        // No chunk that may still grow is packed: one of a range grows until the next range begins.
        let is_between = matches!(section, Section::Terms | Section::Stored | Section::Suggest);
        if is_between && !self.is_small && self.n_raw_bytes >= RAW_BYTES {
            self.pack();
        }
        let next = ChunkId::from_index(self.chunks.len()).ok_or_else(too_large)?;
        let chunk = if self.is_small {
            let key = if section.is_apart() {
                section as usize
            } else {
                0
            };
            *self.shared.entry(key).or_insert(next)
        } else if let Some(range) = block.range {
            let open = self.range.filter(|(open, _)| *open == range);
            self.range.insert(open.unwrap_or((range, next))).1
        } else if section == Section::Columns {
            let open = self.open.filter(|id| {
                let held = self.chunks.get(id.index()).map_or(0, Vec::len);
                held + block.bytes.len() <= self.columns_bytes
            });
            *self.open.insert(open.unwrap_or(next))
        } else {
            next
        };
        if chunk == next {
            self.chunks.push(Vec::new());
        }
        self.n_raw_bytes += block.bytes.len();
        let bytes = self.chunks.get_mut(chunk.index()).ok_or_else(too_large)?;
        let offset = bytes.len() as u32;
        bytes.extend_from_slice(&block.bytes);
        if bytes.len() > MAX_CHUNK_BYTES as usize {
            return Err(too_large());
        }
        Ok(BlockEntry {
            chunk,
            offset,
            len: block.bytes.len() as u32,
            first: block.first,
        })
    }

    /// Compresses the chunks that are not yet.
    fn pack(&mut self) {
        let done = self.packed.len();
        let waiting = self.chunks.get(done..).unwrap_or_default();
        let packed = workers::map(self.workers, waiting.len(), |at| {
            let raw = waiting.get(at).map_or(&[][..], Vec::as_slice);
            let packed = if self.squeezes && self.is_small && done + at == 0 {
                squeezed(raw)
            } else {
                miniz_oxide::deflate::compress_to_vec(raw, DEFLATE_LEVEL)
            };
            let entry = ChunkEntry {
                checksum: checksum(raw),
                packed_len: packed.len() as u32,
                raw_len: raw.len() as u32,
            };
            (entry, packed)
        });
        for ((entry, mut packed), raw) in packed.into_iter().zip(self.chunks.iter_mut().skip(done))
        {
            packed.shrink_to_fit();
            self.packed.push((entry, packed));
            *raw = Vec::new();
        }
        self.n_raw_bytes = 0;
    }

    /// Compresses and names the chunks.
    pub(super) fn finish(
        mut self,
        blocks: &[Vec<BlockEntry>; Section::COUNT],
    ) -> (Vec<ChunkEntry>, Vec<File>) {
        self.pack();
        let mut entries = Vec::with_capacity(self.packed.len());
        let mut files: Vec<File> = Vec::with_capacity(self.packed.len() + 1);
        let mut names = BTreeSet::new();
        for (at, (entry, bytes)) in self.packed.into_iter().enumerate() {
            let label = chunk_label(blocks, ChunkId(at as u32));
            let name = format!("{label}-{}.bin", hex(entry.checksum));
            entries.push(entry);
            if names.insert(name.clone()) {
                files.push(File { name, bytes });
            }
        }
        (entries, files)
    }
}
