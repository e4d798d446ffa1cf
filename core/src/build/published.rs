//! The index that is published now, so that a new one changes as little of it as it can.
//!
//! Gives the numbers of its records and terms, where its blocks begin and end, and its chunks. Reads one
//! chunk at a time and keeps none. What cannot be read is as if it were not there. Knows the format;
//! does no IO itself.

use std::collections::BTreeMap;
use std::ops::Range;

use fst::{IntoStreamer, Streamer};

use crate::format::chunks::{
    self, BlockEntry, ChunkEntry, FileEntry, SEAL_BYTES, file_name, unpack,
};
use crate::format::manifest::Manifest;
use crate::format::{MANIFEST_NAME, Section, changes, patch, stored, terms};
use crate::ids::{ChunkId, DocId};

/// The files of an index that is published.
pub trait Published: Send + Sync {
    /// Some of a file's bytes, and no more than it has; `None` where there is none of that name.
    fn read(&self, name: &str, bytes: Range<u64>) -> Option<Vec<u8>>;
}

/// The published index, opened.
pub(super) struct Former {
    files: Box<dyn Published>,
    manifest: Manifest,
    /// Inflated, by what they are of.
    changes: BTreeMap<u32, Vec<u8>>,
    /// By section, as a number, and what a chunk's first block begins with.
    chunks: BTreeMap<(usize, u32), ChunkId>,
}

/// A published chunk.
pub(super) struct FormerChunk {
    pub(super) entry: ChunkEntry,
    /// The name of its file, and how long that is.
    pub(super) name: String,
    pub(super) file: FileEntry,
    /// As published.
    pub(super) deflated: Vec<u8>,
    /// Inflated, not patched.
    pub(super) raw: Vec<u8>,
}

/// The homes of a range of words, by key and word as written, with their terms: several where
/// languages agree on both.
pub(super) type Homes = BTreeMap<(String, String), Vec<u32>>;

impl Former {
    /// Opens a published index; `None` where there is none that a new one can follow. A small index is
    /// one file, and is always made anew.
    pub(super) fn open(files: Box<dyn Published>) -> Option<Former> {
        let manifest = Manifest::decode(&files.read(MANIFEST_NAME, 0..u64::MAX)?).ok()?;
        let mut chunks: BTreeMap<(usize, u32), ChunkId> = BTreeMap::new();
        let mut has_key = vec![false; manifest.chunks.len()];
        for section in Section::ALL {
            for block in manifest.section(section) {
                let flag = has_key.get_mut(block.chunk.index())?;
                if !core::mem::replace(flag, true) {
                    chunks.insert((section as usize, block.first), block.chunk);
                }
            }
        }
        let is_small = !manifest.section(Section::Lengths).is_empty();
        let mut former = Former {
            files,
            manifest,
            changes: BTreeMap::new(),
            chunks,
        };
        for block in former.manifest.section(Section::Changes).to_vec() {
            let raw = former.chunk(block.chunk)?.raw;
            former.changes.insert(block.first, raw);
        }
        (!is_small).then_some(former)
    }

    pub(super) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The chunk whose first block is of a section and begins with a number.
    pub(super) fn chunk_of(&self, section: Section, first: u32) -> Option<FormerChunk> {
        self.chunk(*self.chunks.get(&(section as usize, first))?)
    }

    /// A chunk as published, if its file is there and whole.
    fn chunk(&self, id: ChunkId) -> Option<FormerChunk> {
        let entry = *self.manifest.chunks.get(id.index())?;
        let file = *self.manifest.files.get(entry.file as usize)?;
        let name = file_name(self.manifest.chunk_label(id), file.checksum);
        let start = u64::from(entry.offset);
        let mut packed = self
            .files
            .read(&name, start..start + u64::from(entry.packed_len))?;
        let (seal, raw) = unpack(&packed)?;
        (seal == chunks::seal(&file, entry.offset, &raw)).then(|| FormerChunk {
            entry,
            name,
            file,
            deflated: packed.split_off(SEAL_BYTES),
            raw,
        })
    }

    /// A file as it is published.
    pub(super) fn file(&self, name: &str) -> Option<Vec<u8>> {
        self.files.read(name, 0..u64::MAX)
    }

    /// Calls `visit` with each block of a section in turn; `None` where one cannot be read.
    fn each_block(
        &self,
        section: Section,
        mut visit: impl FnMut(&BlockEntry, &[u8]) -> Option<()>,
    ) -> Option<()> {
        let no_changes = Vec::new();
        let changes = self.changes.get(&changes::of(section));
        for block in self.manifest.section(section) {
            let mut chunk = self.chunk(block.chunk)?;
            if let Some(patch) = changes::find(changes.unwrap_or(&no_changes), block.chunk).ok()? {
                chunk.raw = patch::apply(&chunk.raw, patch).ok()?;
            }
            let bytes = chunks::block_of_chunk(&chunk.raw, block.at, chunk.entry.n_blocks);
            visit(block, bytes.ok()?)?;
        }
        Some(())
    }

    /// The number of each record, by id.
    pub(super) fn records(&self) -> Option<BTreeMap<String, DocId>> {
        let mut records = BTreeMap::new();
        self.each_block(Section::Stored, |block, bytes| {
            for at in 0..stored::count_in_block(bytes).ok()? {
                let doc = DocId(block.first + at as u32);
                if self.manifest.order.has(doc) {
                    let record = stored::find_in_block(bytes, at, stored::NO_LANGUAGE);
                    records.insert(record.ok()??.id, doc);
                }
            }
            Some(())
        })?;
        Some(records)
    }

    /// For each range of words, its homes.
    pub(super) fn homes(&self) -> Option<Vec<Homes>> {
        let mut ranges = Vec::new();
        self.each_block(Section::Terms, |_, bytes| {
            let mut homes = Homes::new();
            let scanned = terms::scan(bytes, "", &mut |entry| {
                if let terms::Place::Home(_) = entry.place {
                    let written = entry.written.unwrap_or(entry.key);
                    let key = (entry.key.to_owned(), written.to_owned());
                    homes.entry(key).or_default().push(entry.term.0);
                }
                true
            });
            ranges.push(homes);
            scanned.ok()
        })?;
        Some(ranges)
    }

    /// Where blocks of words end: the keys of the manifest's map.
    pub(super) fn ends(&self, section: Section) -> Vec<String> {
        let map = match section {
            Section::Endings => &self.manifest.ending_blocks,
            _ => &self.manifest.term_blocks,
        };
        let mut ends = Vec::new();
        let mut stream = map.into_stream();
        while let Some((key, _)) = stream.next() {
            ends.push(String::from_utf8_lossy(key).into_owned());
        }
        ends
    }

    /// What the blocks of a section begin with.
    pub(super) fn firsts(&self, section: Section) -> Vec<u32> {
        let blocks = self.manifest.section(section).iter();
        blocks.map(|block| block.first).collect()
    }
}

impl Published for Vec<super::File> {
    fn read(&self, name: &str, bytes: Range<u64>) -> Option<Vec<u8>> {
        let file = self.iter().find(|file| file.name == name)?;
        let place =
            |at: u64| usize::try_from(at).map_or(file.bytes.len(), |at| at.min(file.bytes.len()));
        let bytes = file.bytes.get(place(bytes.start)..place(bytes.end))?;
        Some(bytes.to_vec())
    }
}

/// Whether so many blocks are about as many as there would be if they were cut anew.
pub(super) fn are_about(n_kept: usize, n_new: usize) -> bool {
    /// Of a few blocks, twice as many are no matter.
    const FEW: usize = 4;
    n_kept <= 2 * n_new + FEW && n_new <= 2 * n_kept + FEW
}

/// Tells where blocks begin that are published with given numbers, as items come in order.
pub(super) struct Beginnings<'p> {
    /// Those that did not come yet.
    rest: &'p [u32],
    /// The last one that came.
    last: Option<u32>,
}

impl Beginnings<'_> {
    pub(super) fn new(published: &[u32]) -> Beginnings<'_> {
        Beginnings {
            rest: published,
            last: None,
        }
    }

    /// Whether a block begins with an item; `None` where nothing published tells, which is behind the
    /// beginning of the last block.
    pub(super) fn at(&mut self, number: u32) -> Option<bool> {
        let n_begun = self.rest.partition_point(|first| *first <= number);
        let (begun, rest) = self.rest.split_at_checked(n_begun)?;
        self.rest = rest;
        self.last = begun.last().copied().or(self.last);
        if n_begun == 0 && rest.is_empty() {
            return None;
        }
        Some(n_begun > 0)
    }

    /// What a block begins with in which an item is the first: the number that is published, if there
    /// is one.
    pub(super) fn first(&mut self, number: u32) -> u32 {
        self.last.take().unwrap_or(number)
    }
}
