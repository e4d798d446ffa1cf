//! Puts a finished index in its place, so that a reader of the published folder sees at any moment
//! either the old index or the new one, whenever the program is killed.
//!
//! Knows the published folder and the temporary folder beside it. Never removes a file that no
//! build wrote: which files those were, the manifests and the record of former builds say.
//!
//! All is written to a temporary folder first. Then the chunk files, whose names are hashes of what
//! they hold, are moved in; then `index.json`, by one rename, which is the moment of change; then
//! the chunk files of former builds whose time is over are removed. The record names all of them
//! before the manifest changes, and those that stay after the others are gone. A build that dies
//! leaves its temporary folder with its manifest, and the one that it replaced, behind; the next
//! build reads from these and from the record which files to clear away.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use speir::{Index, IndexError, MANIFEST_NAME};

use crate::browse::{self, FOLDER};
use crate::browse_files::{self, Placed};
use crate::dir::read_part;
use crate::disk::{
    hidden, is_on_one_system, is_same, make_folders, real_path, sync_files, sync_folder,
};
use crate::former::{Former, RECORD_NAME, is_chunk};
use crate::lock::Lock;
use crate::problem::Problem;

/// The manifest that was in place before this build, kept in the temporary folder.
const FORMER_MANIFEST: &str = "former.json";
/// What is appended to the name of a file that stands where one of ours belongs.
const KEPT_ASIDE: &str = ".before-speir";

/// A folder to publish to, claimed for this build alone.
#[derive(Debug)]
pub(crate) struct Target {
    folder: PathBuf,
    temporary: PathBuf,
    /// `None` until the folder is claimed; then nobody else's files are at `temporary`.
    lock: Option<Lock>,
    /// Folders made for this build, outermost first, to be taken away if nothing comes of it.
    made: Vec<PathBuf>,
    /// What the user should know.
    notes: Vec<String>,
}

/// What publishing did.
#[derive(Debug, Default)]
pub(crate) struct Published {
    /// Files that are new or changed.
    pub(crate) n_written: usize,
    /// Files that were there already.
    pub(crate) n_unchanged: usize,
    /// Files of former builds that were removed.
    pub(crate) n_removed: usize,
    /// What became of the static pages.
    pub(crate) pages: Placed,
    /// What the user should know.
    pub(crate) notes: Vec<String>,
}

impl Target {
    /// Claims a folder, which need not exist yet. Clears away what a dead build left beside it.
    pub(crate) fn claim(out: &Path) -> Result<Target, Problem> {
        let wrong = |error: &io::Error| cannot_write(out, error);
        let (folder, parent, name) = folder_and_name(out)?;
        let made = make_folders(&parent).map_err(|error| wrong(&error))?;
        let mut target = Target {
            temporary: parent.join(hidden(&name, "tmp")),
            folder: folder.clone(),
            lock: None,
            made,
            notes: Vec::new(),
        };
        // Beside the folder if it can be, inside it if not: a folder that is mounted by itself
        // lies on another file system than its parent, where nothing could be renamed into it.
        let beside = is_on_one_system(&parent, &folder)
            .then(|| Lock::take(&parent.join(hidden(&name, "lock"))));
        target.lock = match beside {
            Some(Ok(lock)) => lock,
            Some(Err(error)) if !folder.is_dir() => return Err(wrong(&error)),
            _ => {
                target.temporary = folder.join(".speir-tmp");
                Lock::take(&folder.join(".speir-lock")).map_err(|error| wrong(&error))?
            }
        };
        if target.lock.is_none() {
            return Err(busy(out));
        }
        target.clear_leftovers();
        Ok(target)
    }

    /// Publishes the files of an index, of which the manifest is the last, and the files that
    /// browsers load. The files of the last `keep` builds stay. On failure the published folder is
    /// as it was; static pages come last, and a failure of theirs is a note.
    pub(crate) fn publish(
        mut self,
        index_files: &[speir::File],
        browser_files: &[(&str, &[u8])],
        pages: &[browse::File],
        keep: usize,
    ) -> Result<Published, Problem> {
        let folder = self.folder.clone();
        let wrong = |error: &io::Error| cannot_write(&folder, error);
        let mut published = Published::default();

        fs::create_dir(&self.temporary).map_err(|error| wrong(&error))?;
        let last = self.last_files().map_err(|error| wrong(&error))?;
        let older = self.record().map_err(|error| wrong(&error))?;
        let (manifest, chunks) = match index_files.split_last() {
            Some((manifest, chunks)) if manifest.name == MANIFEST_NAME => (manifest, chunks),
            _ => {
                return Err(Problem::new(
                    "internal",
                    "the index has no manifest",
                    "report this as an error in speir",
                ));
            }
        };
        let plain = browser_files.iter().map(|(name, bytes)| (*name, *bytes));
        let hashed = chunks
            .iter()
            .map(|file| (file.name.as_str(), file.bytes.as_slice()));
        // Browser files first: they read older indexes, but older ones do not read newer indexes.
        let files = plain
            .chain(hashed)
            .chain([(MANIFEST_NAME, manifest.bytes.as_slice())]);
        let mut changed = Vec::new();
        for (name, bytes) in files {
            if is_same(&self.folder.join(name), bytes) {
                published.n_unchanged += 1;
            } else {
                fs::write(self.temporary.join(name), bytes).map_err(|error| wrong(&error))?;
                changed.push(name);
            }
        }
        published.n_written = changed.len();
        let named: BTreeSet<&str> = chunks.iter().map(|file| file.name.as_str()).collect();
        let mut former = older.before(&named, last);
        let all_former = former.names();
        if let Some(bytes) = former.encode()
            && !is_same(&self.folder.join(RECORD_NAME), &bytes)
        {
            // All former builds are named before the first of their files goes.
            fs::write(self.temporary.join(RECORD_NAME), bytes).map_err(|error| wrong(&error))?;
            changed.push(RECORD_NAME);
        }
        if !changed.contains(&MANIFEST_NAME) {
            // The journal of this build, should it die while it puts the other files in place.
            fs::write(self.temporary.join(MANIFEST_NAME), &manifest.bytes)
                .map_err(|error| wrong(&error))?;
        }
        // All is on the disk before the first rename, so that no name ever overtakes its bytes.
        sync_files(&self.temporary, &changed).map_err(|error| wrong(&error))?;
        sync_folder(&self.temporary);

        let mut placed = Vec::new();
        if let Err(error) = self.put_in_place(&changed, &mut placed) {
            // No index names these yet. Those that the former one names were only put right.
            for name in placed
                .iter()
                .filter(|name| is_chunk(name) && !all_former.contains(**name))
            {
                let _ = fs::remove_file(self.folder.join(name));
            }
            return Err(wrong(&error));
        }
        self.made.clear();

        let gone = former.keep(keep);
        for name in gone.iter().filter(|name| !named.contains(name.as_str())) {
            match fs::remove_file(self.folder.join(name)) {
                Ok(()) => published.n_removed += 1,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                // The new index is in place and right: a file too many does no harm.
                Err(error) => self
                    .notes
                    .push(format!("cannot remove the old file {name}: {error}")),
            }
        }
        if let Err(error) = self.put_record(&former) {
            // It names files that are gone, which the next build takes in its stride.
            self.notes
                .push(format!("cannot write {RECORD_NAME}: {error}"));
        }
        match browse_files::put(&self.folder, pages) {
            Ok(placed) => {
                for name in &placed.kept_aside {
                    self.notes.push(format!(
                        "a file that was no page of speir is kept as {name}"
                    ));
                }
                published.pages = placed;
            }
            Err(error) => self.notes.push(format!(
                "the pages in {FOLDER} could not be written: {error}; the search itself is in place"
            )),
        }
        published.notes = std::mem::take(&mut self.notes);
        Ok(published)
    }

    /// Moves the changed files into the folder, the manifest last.
    fn put_in_place<'n>(
        &mut self,
        changed: &[&'n str],
        placed: &mut Vec<&'n str>,
    ) -> io::Result<()> {
        if !self.folder.exists() {
            fs::create_dir(&self.folder)?;
            self.made.push(self.folder.clone());
        }
        for name in changed.iter().filter(|name| **name != MANIFEST_NAME) {
            fs::rename(self.temporary.join(name), self.folder.join(name))?;
            placed.push(name);
        }
        sync_folder(&self.folder);
        if changed.contains(&MANIFEST_NAME) {
            fs::rename(
                self.temporary.join(MANIFEST_NAME),
                self.folder.join(MANIFEST_NAME),
            )?;
            sync_folder(&self.folder);
        }
        Ok(())
    }

    /// Puts the record of former builds in place, or takes it away where there are none.
    fn put_record(&self, former: &Former) -> io::Result<()> {
        let path = self.folder.join(RECORD_NAME);
        let Some(bytes) = former.encode() else {
            return match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        };
        if is_same(&path, &bytes) {
            return Ok(());
        }
        let written = self.temporary.join(RECORD_NAME);
        fs::write(&written, bytes)?;
        sync_files(&self.temporary, &[RECORD_NAME])?;
        fs::rename(written, path)
    }

    /// The record of former builds that is in place. What is no record is kept aside.
    fn record(&mut self) -> io::Result<Former> {
        Former::read(&self.folder).or_else(|error| {
            let kept = self.keep_aside(RECORD_NAME)?;
            self.notes.push(format!(
                "the {RECORD_NAME} that was there could not be read, so files of former builds \
                 may stay{kept} ({error})"
            ));
            Ok(Former::default())
        })
    }

    /// Copies a file that somebody else wrote: they may want it back. Says so, for a note.
    fn keep_aside(&self, name: &str) -> io::Result<String> {
        let aside_name = format!("{name}{KEPT_ASIDE}");
        let aside = self.folder.join(&aside_name);
        if aside.exists() {
            return Ok(String::new());
        }
        fs::copy(self.folder.join(name), aside)?;
        Ok(format!("; it is kept as {aside_name}"))
    }

    /// The chunk files of the index that is in place; keeps their manifest in the temporary folder,
    /// so that a build that dies right after the change does not leave them behind for ever.
    fn last_files(&mut self) -> io::Result<BTreeSet<String>> {
        let mut names = BTreeSet::new();
        let path = self.folder.join(MANIFEST_NAME);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
            Err(error) => return Err(error),
        };
        match Index::open(&bytes) {
            Ok(index) => {
                fs::write(self.temporary.join(FORMER_MANIFEST), &bytes)?;
                names.extend(chunk_names(&index));
            }
            Err(error) => {
                let is_ours = !matches!(error, IndexError::NotAnIndex { .. });
                let kept = if is_ours {
                    String::new()
                } else {
                    self.keep_aside(MANIFEST_NAME)?
                };
                self.notes.push(format!(
                    "the {MANIFEST_NAME} that was there could not be read, so no old files were \
                     removed{kept} ({error})"
                ));
            }
        }
        Ok(names)
    }

    /// Removes the temporary folder of a build that died, and the chunk files that it put in place
    /// or left in place and that neither the index nor the record names. Whoever holds the lock knows
    /// that it is dead.
    fn clear_leftovers(&self) {
        let names_in = |path: PathBuf| -> io::Result<BTreeSet<String>> {
            let index = Index::open(&fs::read(path)?).map_err(io::Error::other)?;
            Ok(chunk_names(&index).collect())
        };
        let in_place = match names_in(self.folder.join(MANIFEST_NAME)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(BTreeSet::new()),
            names => names.ok(),
        };
        let former = Former::read(&self.folder);
        if let (Some(mut in_place), Ok(former)) = (in_place, former) {
            in_place.extend(former.names());
            for manifest in [MANIFEST_NAME, FORMER_MANIFEST] {
                let names = names_in(self.temporary.join(manifest)).unwrap_or_default();
                for name in names.difference(&in_place) {
                    let _ = fs::remove_file(self.folder.join(name));
                }
            }
        }
        let _ = fs::remove_dir_all(&self.temporary);
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // Nothing can be done about a failure here, and the next build clears away what stays.
        if self.lock.is_some() {
            let _ = fs::remove_dir_all(&self.temporary);
        }
        self.lock = None;
        for folder in self.made.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// A folder to publish to, the one that it is in, and its name there.
fn folder_and_name(out: &Path) -> Result<(PathBuf, PathBuf, OsString), Problem> {
    let folder = real_path(out).map_err(|error| cannot_write(out, &error))?;
    if folder.exists() && !folder.is_dir() {
        return Err(Problem::new(
            "out-is-a-file",
            format!("{} is a file, but --out should be a folder", out.display()),
            "name a folder; it is made if it does not exist",
        ));
    }
    match (folder.parent(), folder.file_name()) {
        (Some(parent), Some(name)) => {
            let (parent, name) = (parent.to_owned(), name.to_owned());
            Ok((folder, parent, name))
        }
        _ => Err(Problem::new(
            "out-is-root",
            format!("{} cannot be published to", out.display()),
            "name a folder in it",
        )),
    }
}

/// The index that is in place.
#[derive(Clone)]
pub(crate) struct InPlace {
    folder: PathBuf,
}

impl InPlace {
    /// The index in a folder, if there is one; the folder is left alone.
    pub(crate) fn look(out: &Path) -> Result<InPlace, Problem> {
        let (folder, ..) = folder_and_name(out)?;
        Ok(InPlace { folder })
    }

    /// What publishing these files would write and leave. Which files it would remove is not looked for.
    pub(crate) fn compare(
        &self,
        index_files: &[speir::File],
        browser_files: &[(&str, &[u8])],
    ) -> Published {
        let own = index_files.iter();
        let own = own.map(|file| (file.name.as_str(), file.bytes.as_slice()));
        let mut published = Published::default();
        for (name, bytes) in own.chain(browser_files.iter().copied()) {
            match is_same(&self.folder.join(name), bytes) {
                true => published.n_unchanged += 1,
                false => published.n_written += 1,
            }
        }
        published
    }

    /// The manifest that is in place.
    pub(crate) fn manifest(&self) -> Option<Vec<u8>> {
        fs::read(self.folder.join(MANIFEST_NAME)).ok()
    }
}

impl speir::Published for InPlace {
    fn read(&self, name: &str, bytes: Range<u64>) -> Option<Vec<u8>> {
        let is_ours = name == MANIFEST_NAME || is_chunk(name);
        is_ours.then(|| read_part(&self.folder.join(name), bytes).ok())?
    }
}

/// The names of an index's chunk files. A name that is more than a name is left out: a damaged
/// manifest must not make us remove files elsewhere.
fn chunk_names(index: &Index) -> impl Iterator<Item = String> {
    index
        .chunks()
        .map(|(_, chunk)| chunk.name)
        .filter(|name| is_chunk(name))
}

fn busy(out: &Path) -> Problem {
    Problem::new(
        "busy",
        format!("another `speir build` is writing to {}", out.display()),
        "wait until it has finished, and run the command again",
    )
}

fn cannot_write(out: &Path, error: &io::Error) -> Problem {
    let problem = Problem::io("write to", out, error);
    if error.kind() == io::ErrorKind::NotADirectory {
        let file = out.ancestors().find(|path| path.is_file());
        let what = file.map_or_else(String::new, |file| {
            format!(": {} is a file", file.display())
        });
        return Problem::new(
            "out-below-a-file",
            format!("cannot write to {}{what}", out.display()),
            "name a folder whose parents are folders",
        );
    }
    problem
}
