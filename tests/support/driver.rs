//! Searches on demand, as a browser does: asks, supplies what is needed, asks again, and counts.
//!
//! The files lie in memory. Nothing is supplied that was not asked for.

use std::collections::{BTreeMap, BTreeSet};

use speir::ChunkId;
use speir::{File, Index, IndexError, MANIFEST_NAME, Page, Query, Step};

/// Most rounds of fetching that one query may cost, whatever the query.
pub const MAX_ROUNDS: usize = 3;

/// What a query cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Times that the engine asked for chunks.
    pub rounds: usize,
    /// Chunks fetched.
    pub chunks: usize,
    /// Their bytes as published.
    pub bytes: usize,
}

/// An index whose chunks come only when they are asked for.
pub struct OnDemand<'a> {
    index: Index,
    files: BTreeMap<&'a str, &'a [u8]>,
    supplied: BTreeSet<ChunkId>,
}

impl<'a> OnDemand<'a> {
    /// Opens an index from its files: reads the manifest and nothing else.
    ///
    /// # Panics
    ///
    /// Where there is no manifest among the files.
    pub fn open(files: &'a [File]) -> Result<OnDemand<'a>, IndexError> {
        let files: BTreeMap<&str, &[u8]> = files
            .iter()
            .map(|file| (file.name.as_str(), file.bytes.as_slice()))
            .collect();
        let manifest = files
            .get(MANIFEST_NAME)
            .expect("a built index has a manifest");
        Ok(OnDemand {
            index: Index::open(manifest)?,
            files,
            supplied: BTreeSet::new(),
        })
    }

    /// Answers a query, fetching what it needs.
    ///
    /// # Panics
    ///
    /// Where the query needs more than [`MAX_ROUNDS`] rounds, or asks for nothing, for a chunk that
    /// the manifest does not name, or for one that it has got already.
    pub fn search(&mut self, query: &Query) -> Result<(Page, Cost), IndexError> {
        let mut cost = Cost::default();
        loop {
            let needed = match self.index.search(query)? {
                Step::Done(page) => return Ok((*page, cost)),
                Step::Need(needed) => needed,
            };
            cost.rounds += 1;
            assert!(
                cost.rounds <= MAX_ROUNDS,
                "round {} for {query:?}: the engine asks for {needed:?} although {:?} are there",
                cost.rounds,
                self.supplied,
            );
            assert!(
                !needed.is_empty(),
                "the engine needs chunks and names none: {query:?}"
            );
            for id in needed {
                let info = self
                    .index
                    .chunk(id)
                    .expect("a needed chunk is in the manifest");
                let packed = self
                    .files
                    .get(info.name.as_str())
                    .expect("the chunk's file was built");
                assert!(
                    self.supplied.insert(id),
                    "chunk {id} is asked for again: {query:?}"
                );
                let packed = info.of_file(packed);
                self.index.supply_packed(id, packed)?;
                cost.chunks += 1;
                cost.bytes += packed.len();
            }
        }
    }

    /// The opened index.
    pub fn index(&self) -> &Index {
        &self.index
    }
}
