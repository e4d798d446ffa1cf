//! What was read of files at the last build, so that those that did not change are not read again.
//!
//! One file holds what one published folder was made of: for each source file, by the hash of its bytes,
//! what its reader made of it. It may be deleted at any time, and is made anew where it was written by
//! other readers, or is damaged. Holds what the last build used and nothing else, so it grows no larger
//! than the sources. Knows bytes and their hashes; knows no formats.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

/// What a file begins with: a name, and what readers wrote it. Other readers read it anew.
const HEAD: &str = concat!("speir cache 1 ", env!("SPEIR_READERS"), "\n");

/// Ends the names of these files.
const ENDING: &str = "cache";

/// Bytes of a hash that are kept: no two files have the same by chance, nor easily by intent.
const KEY_BYTES: usize = 16;

/// Bytes before each entry: the key, its length, and a checksum of it.
const ENTRY_HEAD_BYTES: usize = KEY_BYTES + 4 + 8;

/// Longest entry: what a longer one saves is little beside what all else of such a file takes.
const MAX_ENTRY_BYTES: usize = 64 << 20;

/// A file of the folder that no build used for so long is removed.
const MAX_AGE: Duration = Duration::from_secs(90 * 24 * 60 * 60);

type Key = [u8; KEY_BYTES];

/// What the last build read, and what this one does.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    /// None where nothing is kept.
    path: Option<PathBuf>,
    /// Whether nothing is kept of this build.
    is_read_only: bool,
    /// Opened when it is asked for the first time: most sources are no pages and no documents.
    old: OnceLock<Old>,
    new: Mutex<New>,
}

/// The file as the last build left it.
#[derive(Debug, Default)]
struct Old {
    file: Option<Mutex<File>>,
    entries: HashMap<Key, Entry>,
}

/// Where an entry stands in a file.
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u64,
    len: u32,
    checksum: u64,
}

/// What came in this build.
#[derive(Debug, Default)]
struct New {
    /// Made beside the file in whose place it comes, when there is anything new.
    file: Option<BufWriter<NamedTempFile>>,
    /// The entries of the last build that were used, and what was read now.
    used: HashSet<Key>,
    written: HashSet<Key>,
    /// The first thing that went wrong; nothing is written after it.
    failure: Option<io::Error>,
}

/// How many files were not read again, of how many; those that are alike are one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) n_kept: usize,
    pub(crate) n_files: usize,
}

impl Cache {
    /// The cache of a published folder, in a folder that is made when there is something to keep.
    pub(crate) fn of(folder: &Path, out: &Path) -> Cache {
        let out = std::path::absolute(out).unwrap_or_else(|_| out.to_owned());
        let name = format!("{:016x}", checksum(out.as_os_str().as_encoded_bytes()));
        Cache {
            path: Some(folder.join(name).with_extension(ENDING)),
            ..Cache::default()
        }
    }

    /// The same, and nothing is written.
    pub(crate) fn only_reading(self) -> Cache {
        Cache {
            is_read_only: true,
            ..self
        }
    }

    /// What a reader makes of bytes: as it did before, or now. A reader has a name of its own.
    pub(crate) fn read<T: Serialize + DeserializeOwned, E>(
        &self,
        reader: &str,
        bytes: &[u8],
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let Some(path) = &self.path else {
            return read();
        };
        let key = key(reader, bytes);
        let old = self.old.get_or_init(|| Old::open(path).unwrap_or_default());
        if let Some(made) = old
            .get(&key)
            .and_then(|made| serde_json::from_slice(&made).ok())
        {
            self.with_new(|new| new.used.insert(key));
            return Ok(made);
        }
        let made = read()?;
        if self.is_read_only {
            self.with_new(|new| new.written.insert(key));
        } else if let Ok(entry) = serde_json::to_vec(&made) {
            self.with_new(|new| new.add(path, key, &entry));
        }
        Ok(made)
    }

    /// How many files were not read again.
    pub(crate) fn kept(&self) -> Kept {
        self.with_new(|new| Kept {
            n_kept: new.used.len(),
            n_files: new.used.len() + new.written.len(),
        })
    }

    /// Keeps what this build used for the next one.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written. The one of the last build is as it was.
    pub(crate) fn keep(&self) -> io::Result<()> {
        let (Some(path), Some(old)) = (&self.path, self.old.get()) else {
            return Ok(());
        };
        if self.is_read_only {
            return Ok(());
        }
        self.with_new(|new| new.keep(path, old))
    }

    fn with_new<T>(&self, act: impl FnOnce(&mut New) -> T) -> T {
        // What a thread that panicked has added is whole: an entry is written in one go.
        act(&mut self.new.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The folder that the system has for what programs keep to be quicker, if it says which that is.
pub(crate) fn folder() -> Option<PathBuf> {
    let of = |variable: &str| {
        let path = PathBuf::from(std::env::var_os(variable)?);
        path.is_absolute().then_some(path)
    };
    let folder = if cfg!(windows) {
        of("LOCALAPPDATA")?
    } else if cfg!(target_os = "macos") {
        of("HOME")?.join("Library/Caches")
    } else {
        of("XDG_CACHE_HOME").or_else(|| Some(of("HOME")?.join(".cache")))?
    };
    Some(folder.join("speir"))
}

impl Old {
    /// Opens a file and finds its entries; of one that was cut short, those before the cut.
    fn open(path: &Path) -> io::Result<Old> {
        let mut file = BufReader::new(File::open(path)?);
        let n_bytes = file.get_ref().metadata()?.len();
        let mut head = [0; HEAD.len()];
        file.read_exact(&mut head)?;
        let mut old = Old::default();
        if head != *HEAD.as_bytes() {
            return Ok(old);
        }
        let mut at = HEAD.len() as u64;
        let mut head = [0; ENTRY_HEAD_BYTES];
        while file.read_exact(&mut head).is_ok() {
            let (key, entry) = Entry::read(&head, at);
            at = entry.start + u64::from(entry.len);
            if at > n_bytes {
                break;
            }
            old.entries.insert(key, entry);
            file.seek_relative(i64::from(entry.len))?;
        }
        old.file = Some(Mutex::new(file.into_inner()));
        Ok(old)
    }

    /// The bytes of an entry, if it is there and whole.
    fn get(&self, key: &Key) -> Option<Vec<u8>> {
        let entry = self.entries.get(key)?;
        let mut bytes = vec![0; entry.len as usize];
        {
            let mut file = self.file.as_ref()?.lock().ok()?;
            file.seek(SeekFrom::Start(entry.start)).ok()?;
            file.read_exact(&mut bytes).ok()?;
        }
        (checksum(&bytes) == entry.checksum).then_some(bytes)
    }
}

impl Entry {
    fn read(head: &[u8; ENTRY_HEAD_BYTES], at: u64) -> (Key, Entry) {
        let (mut key, mut len, mut checksum) = (Key::default(), [0; 4], [0; 8]);
        key.copy_from_slice(&head[..KEY_BYTES]);
        len.copy_from_slice(&head[KEY_BYTES..KEY_BYTES + 4]);
        checksum.copy_from_slice(&head[KEY_BYTES + 4..]);
        let entry = Entry {
            start: at + ENTRY_HEAD_BYTES as u64,
            len: u32::from_le_bytes(len),
            checksum: u64::from_le_bytes(checksum),
        };
        (key, entry)
    }
}

impl New {
    fn add(&mut self, path: &Path, key: Key, entry: &[u8]) {
        let is_new = self.written.insert(key);
        if !is_new || self.failure.is_some() || entry.len() > MAX_ENTRY_BYTES {
            return;
        }
        if let Err(error) = self.write(path, key, entry) {
            self.failure = Some(error);
        }
    }

    fn write(&mut self, path: &Path, key: Key, entry: &[u8]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            empty => empty.insert(begin(path)?),
        };
        file.write_all(&key)?;
        file.write_all(&(entry.len() as u32).to_le_bytes())?;
        file.write_all(&checksum(entry).to_le_bytes())?;
        file.write_all(entry)
    }

    fn keep(&mut self, path: &Path, old: &Old) -> io::Result<()> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        if self.file.is_none() && self.used.len() == old.entries.len() {
            if old.file.is_some() {
                // It is in use: see `remove_outdated`.
                File::options()
                    .append(true)
                    .open(path)?
                    .set_modified(SystemTime::now())?;
            }
            return Ok(());
        }
        let used: Vec<Key> = self.used.iter().copied().collect();
        for key in used {
            if let Some(entry) = old.get(&key) {
                self.write(path, key, &entry)?;
            }
        }
        let file = match self.file.take() {
            Some(file) => file.into_inner().map_err(io::IntoInnerError::into_error)?,
            None => return Ok(()),
        };
        file.persist(path).map_err(|error| error.error)?;
        remove_outdated(path);
        Ok(())
    }
}

/// Begins a file that is to come in the place of another.
fn begin(path: &Path) -> io::Result<BufWriter<NamedTempFile>> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = BufWriter::new(NamedTempFile::new_in(folder)?);
    file.write_all(HEAD.as_bytes())?;
    Ok(file)
}

/// Removes what was kept for folders that nobody publishes to any longer. What cannot be removed stays.
fn remove_outdated(path: &Path) {
    let others = path.parent().and_then(|folder| fs::read_dir(folder).ok());
    for other in others.into_iter().flatten().flatten() {
        let other = other.path();
        let is_ours = other.extension().is_some_and(|ending| ending == ENDING);
        let changed = fs::metadata(&other).and_then(|about| about.modified());
        let age = changed.map(|changed| SystemTime::now().duration_since(changed));
        if is_ours && matches!(age, Ok(Ok(age)) if age > MAX_AGE) {
            let _is_removed = fs::remove_file(&other).is_ok();
        }
    }
}

/// The hash of what a reader reads.
fn key(reader: &str, bytes: &[u8]) -> Key {
    let mut hash = Sha256::new();
    hash.update(reader);
    hash.update([0]);
    hash.update(bytes);
    let mut key = Key::default();
    key.copy_from_slice(&hash.finalize()[..KEY_BYTES]);
    key
}

fn checksum(bytes: &[u8]) -> u64 {
    xxhash_rust::xxh64::xxh64(bytes, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a build asks for, and which of it had to be read.
    fn build(folder: &Path, texts: &[&str]) -> Vec<String> {
        let cache = Cache::of(folder, Path::new("out"));
        let read_now = texts.iter().filter(|text| {
            let mut is_read = false;
            let made = cache.read("upper", text.as_bytes(), || {
                is_read = true;
                Ok::<String, ()>(text.to_uppercase())
            });
            assert_eq!(made, Ok(text.to_uppercase()));
            is_read
        });
        let read_now: Vec<String> = read_now.map(|text| (*text).to_owned()).collect();
        let n_files = texts.len();
        let n_kept = n_files - read_now.len();
        assert_eq!(cache.kept(), Kept { n_kept, n_files });
        cache.keep().unwrap();
        read_now
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let files = fs::read_dir(folder).unwrap().flatten();
        files.map(|file| file.path()).collect()
    }

    #[test]
    fn what_did_not_change_is_not_read_again_and_what_is_gone_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let folder = &folder.path().join("not/there");
        let nothing: &[&str] = &[];
        assert_eq!(build(folder, &["a", "b"]), ["a", "b"]);
        assert_eq!(build(folder, &["a", "b"]), nothing);
        assert_eq!(build(folder, &["c", "b"]), ["c"]);
        assert_eq!(build(folder, &["a", "b", "c"]), ["a"]);
        assert_eq!(files(folder).len(), 1, "and nothing stays beside it");
    }

    #[test]
    fn another_reader_another_folder_and_no_cache_read_anew() {
        let folder = tempfile::tempdir().unwrap();
        build(folder.path(), &["a"]);
        let is_read = |cache: &Cache, reader: &str| {
            let made = cache.read(reader, b"a", || Ok::<String, ()>("anew".to_owned()));
            made == Ok("anew".to_owned())
        };
        let out = Path::new("out");
        assert!(!is_read(&Cache::of(folder.path(), out), "upper"));
        assert!(is_read(&Cache::of(folder.path(), out), "lower"));
        assert!(is_read(
            &Cache::of(folder.path(), Path::new("other")),
            "upper"
        ));
        assert!(is_read(&Cache::default(), "upper"));
    }

    #[test]
    fn a_cache_that_is_only_read_is_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        build(folder.path(), &["a"]);
        let before = fs::read(&files(folder.path())[0]).unwrap();
        let cache = Cache::of(folder.path(), Path::new("out")).only_reading();
        for text in ["a", "b"] {
            let made = cache.read("upper", text.as_bytes(), || {
                Ok::<String, ()>("B".to_owned())
            });
            assert_eq!(made, Ok(text.to_uppercase()));
        }
        cache.keep().unwrap();
        assert_eq!(fs::read(&files(folder.path())[0]).unwrap(), before);
        assert_eq!(files(folder.path()).len(), 1);
    }

    #[test]
    fn an_error_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::of(folder.path(), Path::new("out"));
        let wrong = cache.read("upper", b"a", || Err::<String, &str>("wrong"));
        assert_eq!(wrong, Err("wrong"));
        cache.keep().unwrap();
        assert_eq!(build(folder.path(), &["a"]), ["a"]);
    }

    #[test]
    fn a_file_that_is_damaged_anywhere_costs_time_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        build(folder.path(), &["alpha", "beta"]);
        let path = &files(folder.path())[0];
        let whole = fs::read(path).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x20;
            fs::write(path, &damaged).unwrap();
            // The answers are compared in `build`.
            build(folder.path(), &["alpha", "beta"]);
            fs::write(path, &whole[..at]).unwrap();
            build(folder.path(), &["alpha", "beta"]);
        }
    }

    #[test]
    fn what_no_build_used_for_long_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let (old, other) = (
            folder.path().join("old.cache"),
            folder.path().join("old.txt"),
        );
        for path in [&old, &other] {
            let file = File::create(path).unwrap();
            file.set_modified(SystemTime::now() - 2 * MAX_AGE).unwrap();
        }
        build(folder.path(), &["a"]);
        assert!(!old.exists() && other.exists());
    }
}
