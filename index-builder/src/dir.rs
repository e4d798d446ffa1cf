//! The file driver: asks the engine, reads the chunk files that it needs, asks again.
//!
//! Knows folders and files. Every byte is checked by the engine before it is used. A file that is
//! missing or damaged is an error that names it; an answer is never shortened. Where the folder is
//! published anew while it is being searched, the search begins again on the new index.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};

use speir::{
    ChunkId, Index, IndexError, MANIFEST_NAME, Page, Query, Step, SuggestStep, Suggestion,
};

/// How often one search begins again because the folder was published to meanwhile.
const MAX_REOPENED: usize = 5;

/// Why an index in a folder could not be opened or searched.
#[derive(Debug)]
#[non_exhaustive]
pub enum DirError {
    /// There is no manifest in the folder.
    NoIndex {
        /// The folder.
        folder: PathBuf,
    },
    /// A file could not be read.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file is not what the manifest promises, or not a manifest.
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: IndexError,
    },
    /// The query asks for something that the index does not have.
    Query {
        /// What it asks for.
        source: IndexError,
    },
}

impl DirError {
    /// A short name that does not change between versions.
    pub fn code(&self) -> &'static str {
        match self {
            DirError::NoIndex { .. } => "no-index",
            DirError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "missing-file"
            }
            DirError::Io { .. } => "file-system",
            DirError::File { source, .. } | DirError::Query { source } => source.code(),
        }
    }
}

impl fmt::Display for DirError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DirError::NoIndex { folder } => write!(
                f,
                "there is no Speir index in {}: it has no file {MANIFEST_NAME}",
                folder.display()
            ),
            DirError::Io { path, source } if source.kind() == io::ErrorKind::NotFound => {
                write!(f, "the index file {} is missing", path.display())
            }
            DirError::Io { path, source } => write!(f, "cannot read {}: {source}", path.display()),
            DirError::File {
                path,
                source: IndexError::Damaged { what, .. },
            } => {
                write!(
                    f,
                    "the index file {} is damaged: {what} is not as it was written",
                    path.display()
                )
            }
            DirError::File { path, source } => write!(f, "{}: {source}", path.display()),
            DirError::Query { source } => source.fmt(f),
        }
    }
}

impl std::error::Error for DirError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DirError::NoIndex { .. } => None,
            DirError::Io { source, .. } => Some(source),
            DirError::File { source, .. } | DirError::Query { source } => Some(source),
        }
    }
}

/// An index in a folder. Chunk files are read when a query first needs them, and kept.
#[derive(Debug)]
pub struct DirIndex {
    folder: PathBuf,
    /// The bytes of the manifest, to see whether another has taken its place.
    manifest: Vec<u8>,
    index: Index,
    n_bytes_read: u64,
}

/// Opens the index in a folder. Reads the manifest alone.
///
/// # Errors
///
/// If the folder has no manifest, or one that cannot be read.
pub fn open(folder: impl AsRef<Path>) -> Result<DirIndex, DirError> {
    let folder = folder.as_ref().to_owned();
    let (manifest, index) = open_manifest(&folder)?;
    let n_bytes_read = manifest.len() as u64;
    Ok(DirIndex {
        folder,
        manifest,
        index,
        n_bytes_read,
    })
}

fn open_manifest(folder: &Path) -> Result<(Vec<u8>, Index), DirError> {
    let path = folder.join(MANIFEST_NAME);
    let bytes = fs::read(&path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => DirError::NoIndex {
            folder: folder.to_owned(),
        },
        _ => DirError::Io {
            path: path.clone(),
            source,
        },
    })?;
    let index = Index::open(&bytes).map_err(|source| DirError::File { path, source })?;
    Ok((bytes, index))
}

impl DirIndex {
    /// Searches, and reads the chunk files that this takes and that have not been read before.
    ///
    /// A build that publishes to the folder removes the files of the index before it. Where that
    /// happens between opening and searching, the answer is that of the new index.
    ///
    /// # Errors
    ///
    /// If the query asks for a field that the index does not filter or sort by, and if a file that
    /// is needed is missing or damaged. Files are tried again at the next search.
    pub fn search(&mut self, query: &Query) -> Result<Page, DirError> {
        self.ask(|index| Ok(page_or_chunks(index.search(query)?)))
    }

    /// Completes what a reader is typing, best first: up to `limit`, and never more than
    /// [`speir::MAX_SUGGESTIONS`]. None for an index that was built without suggestions.
    ///
    /// # Errors
    ///
    /// If a file that is needed is missing or damaged.
    pub fn suggest(&mut self, typed: &str, limit: usize) -> Result<Vec<Suggestion>, DirError> {
        self.ask(|index| {
            Ok(match index.suggest(typed, limit)? {
                SuggestStep::Done(found) => ControlFlow::Break(found),
                SuggestStep::Need(chunks) => ControlFlow::Continue(chunks),
            })
        })
    }

    /// The records most like that of an id, best first. The page is empty for an id that no record
    /// has, and for an index that was built without related records.
    ///
    /// # Errors
    ///
    /// If a file that is needed is missing or damaged.
    pub fn related(
        &mut self,
        id: &str,
        limit: usize,
        lang: Option<&str>,
    ) -> Result<Page, DirError> {
        self.ask(|index| Ok(page_or_chunks(index.related(id, limit, lang)?)))
    }

    /// Asks the engine until it has an answer, and reads the chunks that it needs between.
    fn ask<Answer>(
        &mut self,
        step: impl Fn(&Index) -> Result<ControlFlow<Answer, Vec<ChunkId>>, IndexError>,
    ) -> Result<Answer, DirError> {
        let mut reopened = 0;
        loop {
            let chunks = match step(&self.index).map_err(|source| DirError::Query { source })? {
                ControlFlow::Break(answer) => return Ok(answer),
                ControlFlow::Continue(chunks) => chunks,
            };
            let loaded = chunks.into_iter().try_for_each(|chunk| self.load(chunk));
            match loaded {
                Ok(()) => {}
                Err(error) if reopened < MAX_REOPENED && self.reopen_if_changed()? => {
                    // The error was that of an index which is no longer there.
                    drop(error);
                    reopened += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// True if another index has been published to the folder since; then it is opened.
    fn reopen_if_changed(&mut self) -> Result<bool, DirError> {
        let (manifest, index) = open_manifest(&self.folder)?;
        if manifest == self.manifest {
            return Ok(false);
        }
        self.n_bytes_read += manifest.len() as u64;
        (self.manifest, self.index) = (manifest, index);
        Ok(true)
    }

    /// Reads one chunk into the index, whether a query needs it or not.
    ///
    /// # Errors
    ///
    /// If the file is missing or damaged.
    pub fn load(&mut self, chunk: ChunkId) -> Result<(), DirError> {
        let Some(info) = self.index.chunk(chunk) else {
            return Err(DirError::Query {
                source: IndexError::UnknownChunk { chunk },
            });
        };
        let path = self.folder.join(&info.name);
        let start = u64::from(info.offset);
        let bytes = start..start + u64::from(info.packed_len);
        let packed = read_part(&path, bytes).map_err(|source| DirError::Io {
            path: path.clone(),
            source,
        })?;
        self.n_bytes_read += packed.len() as u64;
        self.index
            .supply_packed(chunk, &packed)
            .map_err(|source| DirError::File { path, source })
    }

    /// Reads every chunk into the index.
    ///
    /// # Errors
    ///
    /// At the first file that is missing or damaged.
    pub fn load_all(&mut self) -> Result<(), DirError> {
        let ids: Vec<ChunkId> = self.index.chunks().map(|(id, _)| id).collect();
        ids.into_iter().try_for_each(|id| self.load(id))
    }

    /// The engine, to ask what is in the index.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The folder, as given.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many bytes have been read from files, the manifest included.
    pub fn n_bytes_read(&self) -> u64 {
        self.n_bytes_read
    }
}

/// Reads some of a file's bytes, and no more than it has.
///
/// # Errors
///
/// If the file cannot be read.
pub fn read_part(path: &Path, bytes: Range<u64>) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(bytes.start))?;
    let mut read = Vec::new();
    file.take(bytes.end - bytes.start).read_to_end(&mut read)?;
    Ok(read)
}

/// Search and related records end alike: with a page, or with the chunks that are needed first.
fn page_or_chunks(step: Step) -> ControlFlow<Page, Vec<ChunkId>> {
    match step {
        Step::Done(page) => ControlFlow::Break(*page),
        Step::Need(chunks) => ControlFlow::Continue(chunks),
    }
}
