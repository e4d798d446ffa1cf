//! One build at a time: a lock on a file that is there only while a build is at work.
//!
//! Knows lock files. The system lets go of a lock when the program that holds it ends, however it
//! ends, so a lock file that a killed build left behind is in nobody's way.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// How often to try for a lock file that vanishes under the hand.
const TRIES: usize = 100;

/// A lock that is held. Dropping it lets go and removes the file.
#[derive(Debug)]
pub(crate) struct Lock {
    path: PathBuf,
    /// The open file is the lock.
    _file: File,
}

impl Lock {
    /// Takes the lock; `None` if another build holds it.
    pub(crate) fn take(path: &Path) -> io::Result<Option<Lock>> {
        for _ in 0..TRIES {
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                // Some network file systems know no locks: there the file alone has to do, and two
                // builds at once are rare enough.
                Err(TryLockError::Error(_)) => {
                    return Ok(Some(Lock {
                        path: path.to_owned(),
                        _file: file,
                    }));
                }
            }
            // The build that held the lock before removes the file: then this is no lock at all.
            let is_current = same_file::Handle::from_path(path)
                .and_then(|there| Ok(there == same_file::Handle::from_file(file.try_clone()?)?))
                .unwrap_or(false);
            if is_current {
                return Ok(Some(Lock {
                    path: path.to_owned(),
                    _file: file,
                }));
            }
        }
        Ok(None)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Removed while it is still held, so that nobody takes a lock on a file that goes away.
        let _ = fs::remove_file(&self.path);
    }
}
