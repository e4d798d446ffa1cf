//! Where a build puts down what it needs only at its end: in memory while that is little, and then in
//! a file without a name, which the system takes away when the build is over, however it ends.
//!
//! Knows files. Knows nothing of what the bytes are.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use speir::Scratch;

use crate::problem::Problem;

/// So many bytes wait in memory to be written; most builds have no more.
const BUFFER_BYTES: usize = 16 << 20;

/// So many bytes are read at once.
const WINDOW_BYTES: usize = 1 << 20;

/// What went wrong with the file, for the message.
#[derive(Clone, Default)]
pub(crate) struct Failure(Arc<Mutex<Option<io::Error>>>);

impl Failure {
    /// The problem to tell instead of the core's, if the file is its reason.
    pub(crate) fn problem(&self, folder: &Path) -> Option<Problem> {
        let error = self.0.lock().ok()?.take()?;
        Some(Problem::io("write what is put aside to", folder, &error))
    }
}

/// Bytes that are put down during a build.
pub(crate) struct FileScratch {
    /// Where the file is made when it is needed.
    folder: PathBuf,
    file: Option<File>,
    /// How many bytes the file has.
    n_written: u64,
    /// What comes after them.
    buffer: Vec<u8>,
    /// Bytes of the file that were read, and where they begin.
    window: Vec<u8>,
    window_start: u64,
    failure: Failure,
}

impl FileScratch {
    /// Bytes that go to a file in a folder when they become many.
    pub(crate) fn new(folder: &Path, failure: Failure) -> FileScratch {
        FileScratch {
            folder: folder.to_owned(),
            file: None,
            n_written: 0,
            buffer: Vec::new(),
            window: Vec::new(),
            window_start: 0,
            failure,
        }
    }

    fn write_out(&mut self) -> io::Result<()> {
        if self.file.is_none() {
            self.file = Some(tempfile::tempfile_in(&self.folder)?);
        }
        if let Some(file) = &mut self.file {
            file.seek(SeekFrom::Start(self.n_written))?;
            file.write_all(&self.buffer)?;
        }
        self.n_written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    fn look_at(&mut self, at: u64, n_bytes: usize) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        file.seek(SeekFrom::Start(at))?;
        self.window.clear();
        let n_wanted = n_bytes.max(WINDOW_BYTES) as u64;
        file.take(n_wanted).read_to_end(&mut self.window)?;
        self.window_start = at;
        Ok(())
    }

    fn failed(&self, error: io::Error) -> String {
        let reason = error.to_string();
        if let Ok(mut place) = self.failure.0.lock() {
            *place = Some(error);
        }
        reason
    }
}

/// The bytes from a place on, of bytes that begin at another.
fn part(bytes: &[u8], start: u64, at: u64, n_bytes: usize) -> Option<&[u8]> {
    let from = usize::try_from(at.checked_sub(start)?).ok()?;
    bytes.get(from..from.checked_add(n_bytes)?)
}

impl Scratch for FileScratch {
    fn append(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() < BUFFER_BYTES {
            return Ok(());
        }
        self.write_out().map_err(|error| self.failed(error))
    }

    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<(), String> {
        let n_bytes = into.len();
        let in_buffer = part(&self.buffer, self.n_written, at, n_bytes);
        if let Some(found) = in_buffer.or(part(&self.window, self.window_start, at, n_bytes)) {
            into.copy_from_slice(found);
            return Ok(());
        }
        if at.saturating_add(n_bytes as u64) > self.n_written && !self.buffer.is_empty() {
            self.write_out().map_err(|error| self.failed(error))?;
        }
        self.look_at(at, n_bytes)
            .map_err(|error| self.failed(error))?;
        let found = part(&self.window, self.window_start, at, n_bytes);
        let end = || self.failed(io::ErrorKind::UnexpectedEof.into());
        into.copy_from_slice(found.ok_or_else(end)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_the_file_and_from_what_waits_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut scratch = FileScratch::new(folder.path(), Failure::default());
        let piece: Vec<u8> = (0..=250).cycle().take(3_000_000).collect();
        for _ in 0..7 {
            scratch.append(&piece).unwrap();
        }
        assert!(scratch.file.is_some() && !scratch.buffer.is_empty());
        let all = piece.repeat(7);
        for at in [0, 5, 2_999_990, 17_999_000, 18_000_000, 20_999_000] {
            let mut found = [0; 900];
            scratch.read(at as u64, &mut found).unwrap();
            assert_eq!(found, all[at..at + 900], "{at}");
        }
        let mut beyond = [0; 900];
        assert!(scratch.read(21_000_000, &mut beyond).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_is_a_problem_with_its_reason() {
        let failure = Failure::default();
        let gone = Path::new("there/is/no/such/folder");
        let mut scratch = FileScratch::new(gone, failure.clone());
        assert!(scratch.append(&vec![0; BUFFER_BYTES]).is_err());
        let problem = failure.problem(gone).unwrap();
        assert_eq!(problem.code, "not-found");
    }
}
