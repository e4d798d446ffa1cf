//! Where a build puts down what it does not need until the end: stored records, in memory or wherever
//! the caller has room.
//!
//! Knows encoded records and blocks of them; the core itself does no IO.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::build::cut::Block;
use crate::build::numbers::Numbers;
use crate::build::published::are_about;
use crate::error::BuildError;
use crate::format::stored;
use crate::ids::DocId;

/// A place for bytes that a build puts down in one go and reads again at the end, such as a file that
/// is removed afterwards.
pub trait Scratch: Send {
    /// Puts bytes behind those that are there already.
    ///
    /// # Errors
    ///
    /// In words, when there is no room.
    fn append(&mut self, bytes: &[u8]) -> Result<(), String>;

    /// Fills `into` with the bytes from `at` on, all of which were put there.
    ///
    /// # Errors
    ///
    /// In words, when they cannot be read.
    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<(), String>;
}

/// Bytes in memory.
#[derive(Default)]
pub(super) struct Memory {
    bytes: Vec<u8>,
}

impl Scratch for Memory {
    fn append(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<(), String> {
        let found = usize::try_from(at).ok().and_then(|at| {
            let end = at.checked_add(into.len())?;
            self.bytes.get(at..end)
        });
        let found = found.ok_or("these bytes were never put there")?;
        into.copy_from_slice(found);
        Ok(())
    }
}

/// Encoded records, by their numbers.
pub(super) struct Stored {
    scratch: Box<dyn Scratch>,
    ends: Vec<u64>,
    /// Records that were changed since.
    changed: BTreeMap<DocId, Vec<u8>>,
    /// By the number that a record gets, where it was put down; none where numbers are as records came.
    added: Option<Vec<Option<DocId>>>,
}

impl Stored {
    pub(super) fn new(scratch: Box<dyn Scratch>) -> Stored {
        Stored {
            scratch,
            ends: Vec::new(),
            changed: BTreeMap::new(),
            added: None,
        }
    }

    /// Puts down the next record. One that could not be put down is not there.
    pub(super) fn push(&mut self, record: &[u8]) -> Result<(), BuildError> {
        self.scratch.append(record).map_err(no_room)?;
        let end = self.ends.last().copied().unwrap_or(0) + record.len() as u64;
        self.ends.push(end);
        Ok(())
    }

    /// Puts another record in the place of one.
    pub(super) fn change(&mut self, doc: DocId, record: Vec<u8>) {
        self.changed.insert(doc, record);
    }

    /// From here on, records have the numbers that they get in the index.
    pub(super) fn renumber(&mut self, numbers: &Numbers) {
        self.added = (!numbers.are_plain()).then(|| numbers.added().to_vec());
    }

    /// Where the record of a number was put down.
    fn added(&self, doc: DocId) -> Option<DocId> {
        match &self.added {
            Some(added) => added.get(doc.index()).copied().flatten(),
            None => Some(doc),
        }
    }

    /// A record, which is empty if there is none of that number.
    pub(super) fn get(&mut self, doc: DocId) -> Result<Vec<u8>, BuildError> {
        let Some(doc) = self.added(doc) else {
            return Ok(Vec::new());
        };
        if let Some(changed) = self.changed.get(&doc) {
            return Ok(changed.clone());
        }
        let span = self.span(doc);
        let mut record = vec![0; span_len(&span)];
        self.scratch
            .read(span.start, &mut record)
            .map_err(no_room)?;
        Ok(record)
    }

    /// The bytes of a record.
    pub(super) fn len_of(&self, doc: DocId) -> usize {
        let Some(doc) = self.added(doc) else {
            return 0;
        };
        if let Some(changed) = self.changed.get(&doc) {
            return changed.len();
        }
        span_len(&self.span(doc))
    }

    /// The bytes of each record.
    pub(super) fn lens(&self, n_docs: u32) -> Vec<u32> {
        let docs = (0..n_docs).map(DocId);
        let lens = docs.map(|doc| u32::try_from(self.len_of(doc)).unwrap_or(u32::MAX));
        lens.collect()
    }

    /// Where a record lies as it was put down.
    fn span(&self, doc: DocId) -> Range<u64> {
        let before = doc.index().checked_sub(1);
        let start = before.map_or(0, |at| self.ends.get(at).copied().unwrap_or(0));
        start..self.ends.get(doc.index()).copied().unwrap_or(start)
    }

    /// How many bytes all records have as they were put down.
    pub(super) fn len_bytes(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Calls `visit` with all records in blocks of about so many bytes; as far as blocks are published
    /// that begin with given records, these begin so.
    pub(super) fn each_block(
        &mut self,
        block_bytes: usize,
        published: &[u32],
        mut visit: impl FnMut(Block) -> Result<(), BuildError>,
    ) -> Result<(), BuildError> {
        let mut held: Vec<Vec<u8>> = Vec::new();
        let (mut size, mut first) = (0, 0);
        let block = |first, held: &[Vec<u8>]| Block {
            first,
            bytes: stored::encode_block(held),
            range: None,
        };
        let n_new = usize::try_from(self.len_bytes() / block_bytes.max(1) as u64);
        let is_kept = are_about(published.len(), n_new.unwrap_or(usize::MAX));
        let published = if is_kept { published } else { &[] };
        let last = published.last().copied().unwrap_or(0);
        let n_docs = self.added.as_ref().map_or(self.ends.len(), Vec::len);
        for doc in 0..n_docs as u32 {
            let record = self.get(DocId(doc))?;
            let is_full = if doc <= last {
                published.binary_search(&doc).is_ok()
            } else {
                size + record.len() > block_bytes
            };
            if !held.is_empty() && is_full {
                visit(block(first, &held))?;
                held.clear();
                (size, first) = (0, doc);
            }
            size += record.len();
            held.push(record);
        }
        if held.is_empty() {
            return Ok(());
        }
        visit(block(first, &held))
    }
}

fn span_len(span: &Range<u64>) -> usize {
    usize::try_from(span.end - span.start).unwrap_or(0)
}

fn no_room(reason: String) -> BuildError {
    BuildError::Scratch { reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BuildError, IndexBuilder, Record, Schema};

    /// Room for so many bytes, beyond which there is none.
    struct Small {
        memory: Memory,
        n_left: usize,
    }

    impl Scratch for Small {
        fn append(&mut self, bytes: &[u8]) -> Result<(), String> {
            self.n_left = self.n_left.checked_sub(bytes.len()).ok_or("it is full")?;
            self.memory.append(bytes)
        }

        fn read(&mut self, at: u64, into: &mut [u8]) -> Result<(), String> {
            self.memory.read(at, into)
        }
    }

    fn build(scratch: Option<Box<dyn Scratch>>) -> Result<Vec<crate::File>, BuildError> {
        let mut builder = IndexBuilder::new(Schema::default());
        if let Some(scratch) = scratch {
            builder = builder.with_scratch(scratch);
        }
        for n in 0..300_u32 {
            let mut record = Record::new(n.to_string(), format!("Advice {n}"));
            record = record.field("body", "On housing and work. ".repeat(60));
            if n % 7 == 3 {
                record.replaces.push((n - 1).to_string());
            }
            builder.add(&record)?;
        }
        builder.finish()
    }

    #[test]
    fn an_index_is_the_same_wherever_its_records_are_put_down() {
        let memory = Memory::default();
        let elsewhere = Small {
            memory,
            n_left: usize::MAX,
        };
        assert_eq!(build(Some(Box::new(elsewhere))), build(None));
    }

    #[test]
    fn no_room_is_an_error_with_its_reason() {
        let full = Small {
            memory: Memory::default(),
            n_left: 100_000,
        };
        let reason = "it is full".to_owned();
        assert_eq!(
            build(Some(Box::new(full))),
            Err(BuildError::Scratch { reason })
        );
    }
}
