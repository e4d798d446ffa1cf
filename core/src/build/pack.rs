//! Packs blocks into chunks, compresses chunks, and names them.
//!
//! Decides which file holds a block, and whether a published file goes on being used, with a patch;
//! what is in a block, it never looks at. Knows the format's files.

use std::collections::{BTreeMap, BTreeSet};

use crate::build::cut::Block;
use crate::build::published::{Former, FormerChunk};
use crate::build::workers::{self, Workers};
use crate::build::{BuildOptions, File};
use crate::error::BuildError;
use crate::format::bytes::checksum;
use crate::format::changes::{self, Change};
use crate::format::manifest::{BlockEntry, ChunkEntry, MAX_CHUNK_BYTES, chunk_label, file_name};
use crate::format::{Section, patch};
use crate::ids::ChunkId;

/// Deflate's effort: miniz_oxide's best, 1% smaller than its usual 6.
const DEFLATE_LEVEL: u8 = 10;

/// Bytes of chunks that wait until they are compressed together.
const RAW_BYTES: usize = 16 << 20;

/// Most bytes of the patches that are fetched together, before compression: a reader who comes new
/// fetches them with the first search, some two thirds of this. Chunks whose patches are the largest for
/// their size are published anew, so that there are no more.
const MAX_PATCH_BYTES: usize = 24 << 10;

/// A patch is worth it while the chunk takes so many times its bytes.
const PATCH_SHARE: usize = 4;

/// A chunk that is compressed.
struct Packed {
    entry: ChunkEntry,
    bytes: Vec<u8>,
    /// The published chunk that is like it, and what makes that into it.
    former: Option<(FormerChunk, Vec<u8>)>,
}

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
    former: Option<&'w Former>,
    is_small: bool,
    squeezes: bool,
    /// What columns that share a chunk take at most.
    columns_bytes: usize,
    /// The bytes of each chunk, without those that were packed.
    chunks: Vec<Vec<u8>>,
    /// What the first block of each chunk is, and begins with.
    keys: Vec<(Section, u32)>,
    /// The first chunks, compressed.
    packed: Vec<Packed>,
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
        former: Option<&'w Former>,
        workers: &'w dyn Workers,
    ) -> Packer<'w> {
        Packer {
            workers,
            former,
            is_small,
            squeezes: options.squeezes,
            columns_bytes: options.columns_bytes,
            chunks: Vec::new(),
            keys: Vec::new(),
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
            self.keys.push((section, block.first));
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
            self.pack_one(done + at, raw)
        });
        for (mut packed, raw) in packed.into_iter().zip(self.chunks.iter_mut().skip(done)) {
            packed.bytes.shrink_to_fit();
            self.packed.push(packed);
            *raw = Vec::new();
        }
        self.n_raw_bytes = 0;
    }

    fn pack_one(&self, number: usize, raw: &[u8]) -> Packed {
        let key = self.keys.get(number);
        let former = key.and_then(|(section, first)| self.former?.chunk_of(*section, *first));
        let checksum = checksum(raw);
        let same = former.as_ref().filter(|it| it.entry.checksum == checksum);
        let bytes = match same {
            Some(former) => former.packed.clone(),
            None if self.squeezes && self.is_small && number == 0 => squeezed(raw),
            None => miniz_oxide::deflate::compress_to_vec(raw, DEFLATE_LEVEL),
        };
        let changed = former.filter(|former| former.entry.checksum != checksum);
        Packed {
            entry: ChunkEntry {
                checksum,
                packed_len: bytes.len() as u32,
                raw_len: raw.len() as u32,
            },
            former: changed.and_then(|mut former| {
                let patch = patch::encode(&former.raw, raw);
                former.raw = Vec::new();
                (patch.len() * PATCH_SHARE < bytes.len()).then_some((former, patch))
            }),
            bytes,
        }
    }

    /// Compresses and names the chunks. Some are published chunks with patches, for which this adds
    /// blocks of changes.
    pub(super) fn finish(
        mut self,
        blocks: &mut [Vec<BlockEntry>; Section::COUNT],
    ) -> (Vec<ChunkEntry>, Vec<File>) {
        self.pack();
        for number in [changes::of(Section::Terms), changes::of(Section::Suggest)] {
            self.patch(number, blocks);
        }
        let mut entries = Vec::with_capacity(self.packed.len());
        let mut files: Vec<File> = Vec::with_capacity(self.packed.len() + 1);
        let mut names = BTreeSet::new();
        for (at, packed) in self.packed.into_iter().enumerate() {
            let label = chunk_label(blocks, ChunkId(at as u32));
            let name = file_name(label, packed.entry.checksum);
            entries.push(packed.entry);
            if names.insert(name.clone()) {
                files.push(File {
                    name,
                    bytes: packed.bytes,
                });
            }
        }
        (entries, files)
    }

    /// Chooses the chunks that are published chunks with patches, of those whose changes are told
    /// together, and adds their changes. The smaller a patch is for its chunk, the more it saves.
    fn patch(&mut self, number: u32, blocks: &mut [Vec<BlockEntry>; Section::COUNT]) {
        let mut chosen: Vec<(usize, usize)> = Vec::new();
        for (at, (packed, (section, _))) in self.packed.iter().zip(&self.keys).enumerate() {
            if let Some((former, patch)) = &packed.former
                && changes::of(*section) == number
            {
                let label = chunk_label(blocks, ChunkId(at as u32));
                if former.name == file_name(label, former.entry.checksum) {
                    chosen.push(((patch.len() << 16) / packed.bytes.len().max(1), at));
                }
            }
        }
        chosen.sort_unstable();
        let mut left = MAX_PATCH_BYTES;
        let mut patched: Vec<(usize, Vec<u8>)> = Vec::new();
        for (_, at) in chosen {
            let Some(packed) = self.packed.get_mut(at) else {
                continue;
            };
            if let Some((former, patch)) = packed.former.take_if(|(_, patch)| patch.len() <= left) {
                left -= patch.len();
                packed.bytes = former.packed;
                packed.entry = ChunkEntry {
                    raw_len: packed.entry.raw_len,
                    ..former.entry
                };
                patched.push((at, patch));
            }
        }
        if patched.is_empty() {
            return;
        }
        patched.sort_unstable();
        let changes: Vec<Change<'_>> = patched
            .iter()
            .map(|(at, patch)| Change {
                chunk: ChunkId(*at as u32),
                patch,
            })
            .collect();
        let raw = changes::encode(&changes);
        let chunk = ChunkId(self.packed.len() as u32);
        if let Some(of_changes) = blocks.get_mut(Section::Changes as usize) {
            of_changes.push(BlockEntry {
                chunk,
                offset: 0,
                len: raw.len() as u32,
                first: number,
            });
        }
        self.keys.push((Section::Changes, number));
        self.packed.push(self.pack_one(chunk.index(), &raw));
    }
}
