//! An opened index: the manifest, and the chunks supplied so far.
//!
//! Checks every chunk at the door: length and checksum are right before any decoder sees a byte.
//! Never fetches: it says what is needed, and a driver brings it. Knows the format; knows no queries.

use crate::error::{Corrupt, IndexError};
use crate::format::Section;
use crate::format::changes;
use crate::format::chunks::{self, BlockEntry, ChunkEntry, file_name};
use crate::format::columns::Column;
use crate::format::manifest::Manifest;
use crate::format::positions::Positions;
use crate::format::postings::{PostingList, each_in_block};
use crate::format::{cards, patch, pins, related, stored, suggest, terms};
use crate::ids::{ChunkId, DocId, FieldId};
use crate::schema::Schema;
use crate::sort::sort_by_key;

/// An index that is being read.
///
/// Opening costs one pass over the manifest. Chunks stay until the index is dropped.
#[derive(Clone, Debug)]
pub struct Index {
    manifest: Manifest,
    /// As supplied, and patched once the changes are there.
    chunks: Vec<Option<Vec<u8>>>,
}

/// What a search fetches at once: a published file, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkInfo {
    /// The file's name: what it holds, and the checksum of its inflated bytes.
    pub name: String,
    /// The file's length in bytes.
    pub file_len: u32,
    /// Where the chunk begins in the file.
    pub offset: u32,
    /// The chunk's length in bytes there.
    pub packed_len: u32,
}

/// Counts of what an index holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Records.
    pub records: u32,
    /// Classes of words that search treats as one.
    pub terms: u32,
    /// Different words, as written in lower case.
    pub surfaces: u32,
    /// Languages of records, with how many have each.
    pub languages: Vec<(String, u32)>,
    /// Sections of the format.
    pub sections: Vec<SectionSummary>,
    /// Parts that are fetched by themselves.
    pub chunks: u32,
    /// Published files, the manifest not counted.
    pub files: u32,
    /// Their lengths in bytes together.
    pub packed_bytes: u64,
}

/// Counts of one section of the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionSummary {
    /// Its name, as file names have it.
    pub name: &'static str,
    /// How many blocks it is cut into.
    pub blocks: u32,
    /// The lengths in bytes, inflated, of those whose chunks are there.
    pub raw_bytes: u64,
}

impl ChunkInfo {
    /// The chunk's bytes among those of its file; none where the file is too short.
    pub fn of_file<'f>(&self, file: &'f [u8]) -> &'f [u8] {
        let start = self.offset as usize;
        let bytes = file.get(start..start + self.packed_len as usize);
        bytes.unwrap_or_default()
    }
}

impl Index {
    /// Opens an index from the bytes of its `index.json`.
    ///
    /// # Errors
    ///
    /// When the bytes are not a manifest, are damaged, or are of a version that cannot be read.
    pub fn open(manifest: &[u8]) -> Result<Index, IndexError> {
        let manifest = Manifest::decode(manifest)?;
        let chunks = vec![None; manifest.chunks.len()];
        Ok(Index { manifest, chunks })
    }

    /// How many records there are.
    pub fn doc_count(&self) -> u32 {
        self.manifest.order.n_docs
    }

    /// The fields.
    pub fn schema(&self) -> &Schema {
        &self.manifest.schema
    }

    /// How many chunks there are.
    pub fn chunk_count(&self) -> usize {
        self.manifest.chunks.len()
    }

    /// What is known of a chunk, or `None` past the last.
    pub fn chunk(&self, id: ChunkId) -> Option<ChunkInfo> {
        let entry = self.manifest.chunks.get(id.index())?;
        let file = self.manifest.files.get(entry.file as usize)?;
        Some(ChunkInfo {
            name: file_name(self.manifest.chunk_label(id), file.checksum),
            file_len: file.len,
            offset: entry.offset,
            packed_len: entry.packed_len,
        })
    }

    /// All chunks.
    pub fn chunks(&self) -> impl Iterator<Item = (ChunkId, ChunkInfo)> + '_ {
        (0..self.chunk_count())
            .filter_map(ChunkId::from_index)
            .filter_map(|id| self.chunk(id).map(|chunk| (id, chunk)))
    }

    /// Takes in a chunk, inflated, with the number (`u32`, little-endian) that stands before its deflated
    /// bytes. Chunks may come in any order.
    ///
    /// # Errors
    ///
    /// When there is no such chunk or the bytes are not those that the manifest promises. The index
    /// is as before, and the chunk can be supplied again. Where a patch does not fit its chunk, the
    /// index was published wrongly.
    pub fn supply(&mut self, id: ChunkId, seal: u32, raw: Vec<u8>) -> Result<(), IndexError> {
        let entry = self.entry(id)?;
        let file = self.manifest.files.get(entry.file as usize);
        if file.map(|file| chunks::seal(file, entry.offset, &raw)) != Some(seal) {
            return Err(IndexError::Damaged {
                chunk: Some(id),
                what: "its checksum once inflated",
            });
        }
        self.supply_unchecked(id, raw)
    }

    /// Takes in a chunk as published: inflates it, and checks what comes out.
    ///
    /// # Errors
    ///
    /// As [`Index::supply`], and when the bytes do not inflate.
    #[cfg(feature = "build")]
    pub fn supply_packed(&mut self, id: ChunkId, packed: &[u8]) -> Result<(), IndexError> {
        self.entry(id)?;
        let (seal, raw) = chunks::unpack(packed).ok_or(IndexError::Damaged {
            chunk: Some(id),
            what: "its compression",
        })?;
        self.supply(id, seal, raw)
    }

    /// Takes in a chunk without looking at it. For tests that feed decoders past the checksum.
    ///
    /// # Errors
    ///
    /// When there is no such chunk.
    #[doc(hidden)]
    pub fn supply_unchecked(&mut self, id: ChunkId, raw: Vec<u8>) -> Result<(), IndexError> {
        let mut changes = self.manifest.section(Section::Changes).iter();
        let are_changes = changes.any(|block| block.chunk == id);
        match self.chunks.get_mut(id.index()) {
            // They patched all that was there.
            Some(Some(_)) if are_changes => Ok(()),
            Some(slot) => {
                *slot = Some(raw);
                Ok(self.patch(id)?)
            }
            None => Err(IndexError::UnknownChunk { chunk: id }),
        }
    }

    /// Patches a chunk that has come, or those that were there before changes that have come.
    fn patch(&mut self, came: ChunkId) -> Result<(), Corrupt> {
        let mut patched: Vec<(usize, Vec<u8>)> = Vec::new();
        for block in self.manifest.section(Section::Changes) {
            let Some(changes) = self.chunk_bytes(block)? else {
                continue;
            };
            for (at, chunk) in self.chunks.iter().enumerate() {
                let id = ChunkId(at as u32);
                if (came == id || came == block.chunk)
                    && let Some(old) = chunk
                    && let Some(patch) = changes::find(changes, id)?
                {
                    patched.push((at, patch::apply(old, patch)?));
                }
            }
        }
        for (at, new) in patched {
            if let Some(slot) = self.chunks.get_mut(at) {
                *slot = Some(new);
            }
        }
        Ok(())
    }

    /// The same index before anything was supplied.
    #[cfg(test)]
    pub(crate) fn without_chunks(&self) -> Index {
        let chunks = vec![None; self.chunks.len()];
        Index {
            manifest: self.manifest.clone(),
            chunks,
        }
    }

    /// Takes over a chunk that another copy of the index has.
    #[cfg(test)]
    pub(crate) fn copy_chunk(&mut self, from: &Index, id: ChunkId) {
        self.chunks[id.index()] = from.chunks[id.index()].clone();
    }

    /// The same index with one block in place of those of a section.
    #[cfg(test)]
    pub(crate) fn with_block(&self, section: Section, first: u32, bytes: Vec<u8>) -> Index {
        let mut index = self.clone();
        index.manifest.blocks[section as usize] = vec![BlockEntry {
            chunk: ChunkId(index.chunks.len() as u32),
            at: 0,
            first,
        }];
        index.chunks.push(Some(bytes));
        index.manifest.chunks.push(ChunkEntry {
            file: 0,
            offset: 0,
            packed_len: 0,
            n_blocks: 1,
        });
        index
    }

    /// Counts of what the index holds.
    pub fn summary(&self) -> Summary {
        let sections = Section::ALL.map(|section| {
            let blocks = self.manifest.section(section);
            SectionSummary {
                name: section.name(),
                blocks: blocks.len() as u32,
                raw_bytes: self.raw_bytes(blocks),
            }
        });
        Summary {
            records: self.manifest.order.n_docs,
            terms: self.manifest.n_terms,
            surfaces: self.manifest.n_surfaces,
            // A language that no record has any longer keeps its place.
            languages: self
                .manifest
                .languages
                .iter()
                .filter(|(_, n_records)| *n_records > 0)
                .cloned()
                .collect(),
            sections: sections.to_vec(),
            chunks: self.manifest.chunks.len() as u32,
            files: self.manifest.files.len() as u32,
            packed_bytes: self
                .manifest
                .files
                .iter()
                .map(|file| u64::from(file.len))
                .sum(),
        }
    }

    /// The lengths of these blocks together, as far as their chunks are there.
    fn raw_bytes(&self, blocks: &[BlockEntry]) -> u64 {
        let bytes = blocks
            .iter()
            .filter_map(|block| self.chunk_bytes(block).ok());
        bytes.flatten().map(|block| block.len() as u64).sum()
    }

    /// Decodes every block of every section. Supply all chunks first.
    ///
    /// # Errors
    ///
    /// When a chunk is not there, or a block does not decode.
    pub fn verify(&self) -> Result<(), IndexError> {
        let n_docs = self.manifest.order.end;
        for section in [Section::Terms, Section::Endings] {
            for block in self.present_blocks(section) {
                terms::scan(block?, "", &mut |entry| {
                    let _ = entry;
                    true
                })?;
            }
        }
        for block in self.present_blocks(Section::Lengths) {
            let n_fields = self.manifest.totals.len();
            let block = block?;
            if block.len() != n_fields * n_docs as usize || block.iter().any(|code| *code > 31) {
                return Err(Corrupt("lengths of fields").into());
            }
        }
        for block in self.present_blocks(Section::Pins) {
            pins::decode(block?, n_docs)?;
        }
        for block in self.present_blocks(Section::Postings) {
            self.verify_postings(block?)?;
        }
        for block in self.present_blocks(Section::Columns) {
            Column::decode(block?, n_docs)?;
        }
        for block in self.present_blocks(Section::Suggest) {
            suggest::scan(block?, &mut |_| ())?;
        }
        for block in self.present_blocks(Section::Related) {
            related::find_in_block(block?, None, n_docs)?;
        }
        for block in self.present_blocks(Section::Cards) {
            self.verify_cards(block?)?;
        }
        let mut n_stored = 0;
        for block in self.present_blocks(Section::Stored) {
            let block = block?;
            let count = stored::count_in_block(block)?;
            for at in 0..count {
                let doc = DocId((n_stored + at) as u32);
                if self.manifest.order.has(doc) {
                    stored::find_in_block(block, at, 0)?;
                }
            }
            n_stored += count;
        }
        if n_stored != n_docs as usize {
            return Err(Corrupt("number of stored records").into());
        }
        self.verify_positions()
    }

    fn verify_postings(&self, block: &[u8]) -> Result<(), Corrupt> {
        let mut result = Ok(());
        each_in_block(block, |_, bytes| {
            if let (Ok(()), Err(error)) =
                (&result, PostingList::decode(bytes, self.manifest.order.end))
            {
                result = Err(error);
            }
        })?;
        result
    }

    fn verify_cards(&self, block: &[u8]) -> Result<(), Corrupt> {
        let mut result = Ok(());
        cards::each_in_block(block, |doc, bytes| {
            if result.is_ok() {
                result = if doc.0 < self.manifest.order.end {
                    stored::decode(bytes, 0).map(|_| ())
                } else {
                    Err(Corrupt("record of a card"))
                };
            }
        })?;
        result
    }

    /// Positions decode against the postings that they follow, wherever those stand.
    fn verify_positions(&self) -> Result<(), IndexError> {
        let n_docs = self.manifest.order.end;
        let mut positions = std::collections::BTreeMap::new();
        for block in self.present_blocks(Section::Positions) {
            each_in_block(block?, |term, bytes| {
                positions.insert(term, bytes);
            })?;
        }
        let mut result = Ok(());
        let mut check = |term, list: &[u8]| {
            let checked = PostingList::decode(list, n_docs).and_then(|list| {
                let bytes = positions.get(&term).copied();
                Positions::decode(bytes.ok_or(Corrupt("positions"))?, &list)
            });
            if let (Ok(()), Err(error)) = (&result, checked) {
                result = Err(error);
            }
        };
        for block in self.present_blocks(Section::Terms) {
            terms::scan(block?, "", &mut |entry| {
                if let terms::Place::Home(terms::Home {
                    inline: Some(list), ..
                }) = &entry.place
                {
                    check(entry.term, list);
                }
                true
            })?;
        }
        for block in self.present_blocks(Section::Postings) {
            each_in_block(block?, &mut check)?;
        }
        Ok(result?)
    }

    fn present_blocks(
        &self,
        section: Section,
    ) -> impl Iterator<Item = Result<&[u8], IndexError>> + '_ {
        self.manifest.section(section).iter().map(move |block| {
            let missing = || IndexError::MissingFile {
                name: self
                    .chunk(block.chunk)
                    .map_or_else(String::new, |chunk| chunk.name),
            };
            self.bytes_of(section, block)?.ok_or_else(missing)
        })
    }

    fn entry(&self, id: ChunkId) -> Result<&ChunkEntry, IndexError> {
        self.manifest
            .chunks
            .get(id.index())
            .ok_or(IndexError::UnknownChunk { chunk: id })
    }

    /// The changes of a section's chunks, if there are any that have not come: only they tell what the
    /// chunks are.
    fn awaited(&self, section: Section) -> Option<ChunkId> {
        let changes = self.manifest.section(Section::Changes).iter();
        let mut own = changes.filter(|block| block.first == changes::of(section));
        let chunk = own.next()?.chunk;
        let has_come = self.chunks.get(chunk.index()).is_some_and(Option::is_some);
        (!has_come && section != Section::Changes).then_some(chunk)
    }

    /// A block's bytes, or `None` while its chunk, or what changes that, is not there.
    fn bytes_of(&self, section: Section, block: &BlockEntry) -> Result<Option<&[u8]>, Corrupt> {
        match self.awaited(section) {
            Some(_) => Ok(None),
            None => self.chunk_bytes(block),
        }
    }

    fn chunk_bytes(&self, block: &BlockEntry) -> Result<Option<&[u8]>, Corrupt> {
        let Some(Some(chunk)) = self.chunks.get(block.chunk.index()) else {
            return Ok(None);
        };
        let n_blocks = self.manifest.chunks.get(block.chunk.index());
        let n_blocks = n_blocks.map_or(0, |entry| entry.n_blocks);
        chunks::block_of_chunk(chunk, block.at, n_blocks).map(Some)
    }
}

/// What one attempt at a search has to do with the index: it takes the blocks that are there, and
/// notes the chunks of those that are not.
pub(crate) struct Fetch<'i> {
    index: &'i Index,
    needed: Vec<ChunkId>,
}

impl<'i> Fetch<'i> {
    pub(crate) fn new(index: &'i Index) -> Fetch<'i> {
        Fetch {
            index,
            needed: Vec::new(),
        }
    }

    pub(crate) fn manifest(&self) -> &'i Manifest {
        &self.index.manifest
    }

    /// The block of a number, or `None` when its chunk has to be fetched first.
    pub(crate) fn block(
        &mut self,
        section: Section,
        number: u32,
    ) -> Result<Option<&'i [u8]>, Corrupt> {
        let blocks = self.index.manifest.section(section);
        let block = blocks
            .get(number as usize)
            .ok_or(Corrupt("number of a block"))?;
        let bytes = self.index.bytes_of(section, block)?;
        if bytes.is_none() {
            let is_there = self.index.chunk_bytes(block)?.is_some();
            let own = (!is_there).then_some(block.chunk);
            for chunk in own.into_iter().chain(self.index.awaited(section)) {
                if !self.needed.contains(&chunk) {
                    self.needed.push(chunk);
                }
            }
        }
        Ok(bytes)
    }

    /// The block of a number, if it is there; nothing is asked for.
    pub(crate) fn present(&self, section: Section, number: u32) -> Option<&'i [u8]> {
        let block = self.index.manifest.section(section).get(number as usize)?;
        self.index.bytes_of(section, block).ok().flatten()
    }

    /// A field's column, or `None` when its chunk has to be fetched first.
    pub(crate) fn column(&mut self, field: FieldId) -> Result<Option<Column>, Corrupt> {
        let number = self.manifest().column_block(field);
        let number = number.ok_or(Corrupt("column of a field"))?;
        let n_docs = self.manifest().order.end;
        self.block(Section::Columns, number)?
            .map(|bytes| Column::decode(bytes, n_docs))
            .transpose()
    }

    /// Whether all blocks that were asked for so far are there.
    pub(crate) fn is_whole(&self) -> bool {
        self.needed.is_empty()
    }

    /// The chunks noted as missing, in order of their numbers; `None` where nothing is missing.
    pub(crate) fn needed(&mut self) -> Option<Vec<ChunkId>> {
        if self.needed.is_empty() {
            return None;
        }
        let mut needed = core::mem::take(&mut self.needed);
        sort_by_key(&mut needed, |chunk| *chunk);
        Some(needed)
    }
}
