//! Searching finished files that are all in memory: no loop, no files, no waiting.
//!
//! For tests, for programs that embed a small index, and as the shortest example of a driver.

use crate::build::File;
use crate::error::IndexError;
use crate::format::MANIFEST_NAME;
use crate::index::Index;
use crate::query::Query;
use crate::search::{Page, Step};

/// An index whose chunks are all there.
#[derive(Clone, Debug)]
pub struct MemoryIndex {
    index: Index,
}

/// Opens an index from its files, in any order; files that the manifest does not name are passed
/// over.
///
/// # Errors
///
/// When the manifest or a chunk is missing or damaged.
pub fn open(files: &[File]) -> Result<MemoryIndex, IndexError> {
    let bytes_of = |name: &str| {
        let file = files.iter().find(|file| file.name == name);
        file.map(|file| file.bytes.as_slice())
            .ok_or_else(|| IndexError::MissingFile {
                name: name.to_owned(),
            })
    };
    let mut index = Index::open(bytes_of(MANIFEST_NAME)?)?;
    let chunks: Vec<_> = index.chunks().collect();
    for (id, chunk) in chunks {
        index.supply_packed(id, chunk.of_file(bytes_of(&chunk.name)?))?;
    }
    Ok(MemoryIndex { index })
}

impl MemoryIndex {
    /// Searches.
    ///
    /// # Errors
    ///
    /// When the query filters, counts or sorts by a field that the index has no column for, or the
    /// index does not decode.
    pub fn search(&self, query: &Query) -> Result<Page, IndexError> {
        match self.index.search(query)? {
            Step::Done(page) => Ok(*page),
            // All chunks were supplied when this was opened.
            Step::Need(_) => Err(IndexError::Corrupt {
                what: "number of a chunk",
            }),
        }
    }

    /// The index itself.
    pub fn index(&self) -> &Index {
        &self.index
    }
}
