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
use crate::format::bytes::{Write, checksum};
use crate::format::changes::{self, Change};
use crate::format::chunks::{
    BlockEntry, ChunkEntry, FileEntry, MAX_CHUNK_BYTES, SEAL_BYTES, chunk_label, file_name,
};
use crate::format::{Section, patch};
use crate::ids::ChunkId;

/// Deflate's effort: miniz_oxide's usual. Its best, 10, is 0.04% smaller and takes two thirds more time.
const DEFLATE_LEVEL: u8 = 6;

/// Bytes of chunks that wait until they are compressed together.
const RAW_BYTES: usize = 16 << 20;

/// Most bytes of the patches that are fetched together, before compression: a reader who comes new
/// fetches them with the first search, some two thirds of this. Chunks whose patches are the largest for
/// their size are published anew, so that there are no more.
const MAX_PATCH_BYTES: usize = 24 << 10;

/// A patch is worth it while the chunk takes so many times its bytes.
const PATCH_SHARE: usize = 4;

/// A published file of which less than one part in so many is still used is no longer used at all.
const USED_SHARE: u32 = 2;

/// A chunk that is compressed.
struct Packed {
    /// Of the inflated bytes.
    checksum: u64,
    bytes: Vec<u8>,
    /// The published chunk that is like it, and what makes that into it; nothing, where it is the same.
    former: Option<(FormerChunk, Vec<u8>)>,
    /// Whether the published one goes on being used.
    is_kept: bool,
}

/// The blocks of a chunk, one after the other.
#[derive(Default)]
struct Blocks {
    bytes: Vec<u8>,
    lens: Vec<u32>,
}

impl Blocks {
    /// The chunk: the lengths of all blocks but the last, then the blocks.
    fn chunk(&self) -> Vec<u8> {
        let mut chunk = Vec::with_capacity(self.bytes.len() + 5 * self.lens.len());
        for len in self.lens.iter().rev().skip(1).rev() {
            chunk.put_u32(*len);
        }
        chunk.extend_from_slice(&self.bytes);
        chunk
    }
}

/// A file that is made anew.
#[derive(Default)]
struct NewFile {
    label: &'static str,
    bytes: Vec<u8>,
    /// Those of its chunks, one after the other.
    checksums: Vec<u8>,
    /// Where each chunk begins, with the checksum of its inflated bytes.
    seals: Vec<(usize, u64)>,
}

impl NewFile {
    fn push(&mut self, checksum: u64, deflated: &[u8]) {
        self.seals.push((self.bytes.len(), checksum));
        self.checksums.extend_from_slice(&checksum.to_le_bytes());
        self.bytes.extend_from_slice(&[0; SEAL_BYTES]);
        self.bytes.extend_from_slice(deflated);
    }

    /// Seals the chunks, now that the file's own checksum is known.
    fn seal(&mut self) -> FileEntry {
        let entry = FileEntry {
            checksum: checksum(&self.checksums),
            len: self.bytes.len() as u32,
        };
        for (at, checksum) in &self.seals {
            let seal = *checksum as u32 ^ entry.checksum as u32 ^ *at as u32;
            if let Some(place) = self.bytes.get_mut(*at..*at + SEAL_BYTES) {
                place.copy_from_slice(&seal.to_le_bytes());
            }
        }
        entry
    }
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

/// Puts blocks into chunks, and chunks into files.
pub(super) struct Packer<'w> {
    workers: &'w dyn Workers,
    former: Option<&'w Former>,
    is_small: bool,
    squeezes: bool,
    /// What columns that share a chunk take at most.
    columns_bytes: usize,
    /// What chunks that share a file take at most, if there are no more than so many files.
    file_bytes: usize,
    max_files: usize,
    /// The blocks of each chunk, without those that were packed.
    chunks: Vec<Blocks>,
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
            file_bytes: options.file_bytes,
            max_files: options.max_files,
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
                let held = self
                    .chunks
                    .get(id.index())
                    .map_or(0, |held| held.bytes.len());
                held + block.bytes.len() <= self.columns_bytes
            });
            *self.open.insert(open.unwrap_or(next))
        } else {
            next
        };
        if chunk == next {
            self.chunks.push(Blocks::default());
            self.keys.push((section, block.first));
        }
        self.n_raw_bytes += block.bytes.len();
        let blocks = self.chunks.get_mut(chunk.index()).ok_or_else(too_large)?;
        let at = blocks.lens.len() as u32;
        blocks.lens.push(block.bytes.len() as u32);
        blocks.bytes.extend_from_slice(&block.bytes);
        if blocks.bytes.len() + 5 * blocks.lens.len() > MAX_CHUNK_BYTES as usize {
            return Err(too_large());
        }
        Ok(BlockEntry {
            chunk,
            at,
            first: block.first,
        })
    }

    /// Compresses the chunks that are not yet.
    fn pack(&mut self) {
        let done = self.packed.len();
        let waiting = self.chunks.get(done..).unwrap_or_default();
        let packed = workers::map(self.workers, waiting.len(), |at| {
            let raw = waiting.get(at).map(Blocks::chunk);
            self.pack_one(done + at, &raw.unwrap_or_default())
        });
        for (mut packed, raw) in packed.into_iter().zip(self.chunks.iter_mut().skip(done)) {
            packed.bytes.shrink_to_fit();
            self.packed.push(packed);
            *raw = Blocks::default();
        }
        self.n_raw_bytes = 0;
    }

    fn pack_one(&self, number: usize, raw: &[u8]) -> Packed {
        let key = self.keys.get(number);
        let former = key.and_then(|(section, first)| self.former?.chunk_of(*section, *first));
        let same = former.as_ref().filter(|former| former.raw == raw);
        let bytes = match same {
            Some(former) => former.deflated.clone(),
            None if self.squeezes && self.is_small && number == 0 => squeezed(raw),
            None => miniz_oxide::deflate::compress_to_vec(raw, DEFLATE_LEVEL),
        };
        let former = former.and_then(|mut former| {
            let mut patch = Vec::new();
            if former.raw != raw {
                patch = patch::encode(&former.raw, raw);
            }
            former.raw = Vec::new();
            former.deflated = Vec::new();
            (patch.len() * PATCH_SHARE < bytes.len()).then_some((former, patch))
        });
        Packed {
            checksum: checksum(raw),
            bytes,
            former,
            is_kept: false,
        }
    }

    /// Compresses the chunks and puts them into files. Some stay in files that are published, with
    /// patches for which this adds blocks of changes.
    pub(super) fn finish(
        mut self,
        blocks: &mut [Vec<BlockEntry>; Section::COUNT],
    ) -> (Vec<FileEntry>, Vec<ChunkEntry>, Vec<File>) {
        self.pack();
        let mut labels: Vec<&'static str> = (0..self.packed.len())
            .map(|at| chunk_label(blocks, ChunkId(at as u32)))
            .collect();
        self.keep(&labels);
        for number in [changes::of(Section::Terms), changes::of(Section::Suggest)] {
            self.add_changes(number, blocks);
        }
        labels.resize(self.packed.len(), Section::Changes.name());
        self.put_into_files(&labels)
    }

    /// Chooses the chunks that stay in the files that are published.
    fn keep(&mut self, labels: &[&str]) {
        let mut patched: BTreeMap<u32, Vec<(usize, usize)>> = BTreeMap::new();
        for (at, packed) in self.packed.iter_mut().enumerate() {
            let (Some((section, _)), Some(label)) = (self.keys.get(at), labels.get(at)) else {
                continue;
            };
            let former = packed
                .former
                .take_if(|(former, _)| former.name != file_name(label, former.file.checksum));
            drop(former);
            if let Some((_, patch)) = &packed.former {
                packed.is_kept = patch.is_empty();
                if !patch.is_empty() {
                    let worth = (patch.len() << 16) / packed.bytes.len().max(1);
                    let group = patched.entry(changes::of(*section)).or_default();
                    group.push((worth, at));
                }
            }
        }
        // The smaller a patch is for its chunk, the more it saves.
        for mut group in patched.into_values() {
            group.sort_unstable();
            let mut left = MAX_PATCH_BYTES;
            for (_, at) in group {
                if let Some(packed) = self.packed.get_mut(at)
                    && let Some((_, patch)) = &packed.former
                    && patch.len() <= left
                {
                    left -= patch.len();
                    packed.is_kept = true;
                }
            }
        }
        // Of some files so little is used that nobody should fetch them whole for it.
        let used = self.used();
        let mut rarely: BTreeSet<&str> = BTreeSet::new();
        for (name, (used, len)) in &used {
            if *used < *len / USED_SHARE {
                rarely.insert(name);
            }
        }
        self.give_up(&rarely);
        // And of others least, where there would be too many beside those that are new.
        let mut least: Vec<(u32, &str)> = used
            .iter()
            .filter(|(name, _)| !rarely.contains(name.as_str()))
            .map(|(name, (used, _))| (*used, name.as_str()))
            .collect();
        least.sort_unstable();
        let file_bytes = self.least_file();
        for (_, name) in least {
            // One more is that of changes.
            if self.n_files(labels, file_bytes) < self.max_files {
                break;
            }
            self.give_up(&BTreeSet::from([name]));
        }
    }

    /// The published files that go on being used, with how many bytes of each, and its length.
    fn used(&self) -> BTreeMap<String, (u32, u32)> {
        let mut used: BTreeMap<String, (u32, u32)> = BTreeMap::new();
        for packed in self.packed.iter().filter(|packed| packed.is_kept) {
            if let Some((former, _)) = &packed.former {
                let of_file = used.entry(former.name.clone()).or_default();
                of_file.0 += former.entry.packed_len;
                of_file.1 = former.file.len;
            }
        }
        used
    }

    /// Makes the chunks of published files anew.
    fn give_up(&mut self, names: &BTreeSet<&str>) {
        for packed in &mut self.packed {
            if let Some((former, _)) = &packed.former {
                packed.is_kept &= !names.contains(former.name.as_str());
            }
        }
    }

    /// Adds the changes of chunks whose changes are told together.
    fn add_changes(&mut self, number: u32, blocks: &mut [Vec<BlockEntry>; Section::COUNT]) {
        let mut told: Vec<Change<'_>> = Vec::new();
        for (at, (packed, (section, _))) in self.packed.iter().zip(&self.keys).enumerate() {
            if let Some((_, patch)) = &packed.former
                && packed.is_kept
                && !patch.is_empty()
                && changes::of(*section) == number
            {
                told.push(Change {
                    chunk: ChunkId(at as u32),
                    patch,
                });
            }
        }
        if told.is_empty() {
            return;
        }
        let raw = changes::encode(&told);
        let chunk = ChunkId(self.packed.len() as u32);
        if let Some(of_changes) = blocks.get_mut(Section::Changes as usize) {
            of_changes.push(BlockEntry {
                chunk,
                at: 0,
                first: number,
            });
        }
        self.keys.push((Section::Changes, number));
        let mut packed = self.pack_one(chunk.index(), &raw);
        packed.former = None;
        self.packed.push(packed);
    }

    /// How large files are if there are not too many of them.
    fn least_file(&self) -> usize {
        let all_bytes: usize = self.packed.iter().map(|packed| packed.bytes.len()).sum();
        self.file_bytes.max(all_bytes / self.max_files.max(1))
    }

    /// How many files there are, where those that are new have at most so many bytes.
    fn n_files(&self, labels: &[&str], file_bytes: usize) -> usize {
        let mut kept: BTreeSet<&str> = BTreeSet::new();
        let mut n_new = 0;
        let mut open: BTreeMap<&str, usize> = BTreeMap::new();
        for (packed, label) in self.packed.iter().zip(labels) {
            if let (true, Some((former, _))) = (packed.is_kept, &packed.former) {
                kept.insert(&former.name);
                continue;
            }
            let len = SEAL_BYTES + packed.bytes.len();
            let held = open.entry(label).or_default();
            *held += len;
            if *held > file_bytes || *held == len {
                *held = len;
                n_new += 1;
            }
        }
        kept.len() + n_new
    }

    /// How large files become, so that there are not too many: a little more for each try.
    fn largest_file(&self, labels: &[&str]) -> usize {
        const GROWTH: usize = 8;

        let all_bytes: usize = self.packed.iter().map(|packed| packed.bytes.len()).sum();
        let mut file_bytes = self.least_file();
        while self.n_files(labels, file_bytes) > self.max_files && file_bytes < all_bytes {
            file_bytes += file_bytes / GROWTH + 1;
        }
        file_bytes
    }

    /// Puts chunks that are new into files, several of one kind in each, and tells where all are.
    fn put_into_files(
        self,
        labels: &[&'static str],
    ) -> (Vec<FileEntry>, Vec<ChunkEntry>, Vec<File>) {
        let file_bytes = self.largest_file(labels);
        let mut new: Vec<NewFile> = Vec::new();
        let mut open: BTreeMap<&str, usize> = BTreeMap::new();
        let mut kept: Vec<(String, FileEntry)> = Vec::new();
        let mut kept_numbers: BTreeMap<String, usize> = BTreeMap::new();
        // Each chunk's file among those that are new, or those that are kept.
        let mut places: Vec<(bool, usize)> = Vec::with_capacity(self.packed.len());
        let mut chunks: Vec<ChunkEntry> = Vec::with_capacity(self.packed.len());
        for (packed, label) in self.packed.into_iter().zip(labels) {
            let mut entry = ChunkEntry {
                file: 0,
                offset: 0,
                packed_len: (SEAL_BYTES + packed.bytes.len()) as u32,
                n_blocks: 0,
            };
            if let (true, Some((former, _))) = (packed.is_kept, packed.former) {
                entry = former.entry;
                let at = *kept_numbers.entry(former.name.clone()).or_insert_with(|| {
                    kept.push((former.name, former.file));
                    kept.len() - 1
                });
                places.push((false, at));
                chunks.push(entry);
                continue;
            }
            let at = open.get(label).copied();
            let at = at.filter(|at| {
                let len = new.get(*at).map_or(0, |file| file.bytes.len());
                !self.is_small && len + SEAL_BYTES + packed.bytes.len() <= file_bytes
            });
            let at = at.unwrap_or_else(|| {
                new.push(NewFile {
                    label,
                    ..NewFile::default()
                });
                new.len() - 1
            });
            open.insert(label, at);
            if let Some(file) = new.get_mut(at) {
                entry.offset = file.bytes.len() as u32;
                file.push(packed.checksum, &packed.bytes);
            }
            places.push((true, at));
            chunks.push(entry);
        }
        let mut entries: Vec<FileEntry> = kept.iter().map(|(_, entry)| *entry).collect();
        let n_kept = entries.len();
        let mut files: Vec<File> = Vec::with_capacity(n_kept + new.len());
        for (name, _) in kept {
            let bytes = self.former.and_then(|former| former.file(&name));
            files.push(File {
                name,
                bytes: bytes.unwrap_or_default(),
            });
        }
        let mut names: BTreeSet<String> = files.iter().map(|file| file.name.clone()).collect();
        for mut file in new {
            let entry = file.seal();
            entries.push(entry);
            file.bytes.shrink_to_fit();
            // Two files of the same chunks, such as columns of nothing, are one.
            let name = file_name(file.label, entry.checksum);
            if names.insert(name.clone()) {
                files.push(File {
                    name,
                    bytes: file.bytes,
                });
            }
        }
        for (entry, (is_new, at)) in chunks.iter_mut().zip(places) {
            entry.file = if is_new { n_kept + at } else { at } as u32;
        }
        (entries, chunks, files)
    }
}
