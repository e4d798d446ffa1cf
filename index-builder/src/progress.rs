//! How far a build has come, for people who watch: a bar on a terminal, nothing anywhere else.
//!
//! Knows the terminal. Writes to the error stream only, so that output stays clean.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How often the spinner moves.
const TICK: Duration = Duration::from_millis(100);

/// A progress bar, or nothing.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    done_bytes: u64,
}

impl Progress {
    /// A bar over a number of bytes, shown only if wanted and only on a terminal.
    pub(crate) fn new(n_bytes: u64, is_wanted: bool) -> Progress {
        let is_shown = is_wanted && io::stderr().is_terminal();
        let bar = is_shown.then(|| {
            let style =
                ProgressStyle::with_template("{spinner} {msg} [{bar:30}] {bytes}/{total_bytes}");
            let bar = ProgressBar::new(n_bytes);
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar.enable_steady_tick(TICK);
            bar
        });
        Progress { bar, done_bytes: 0 }
    }

    /// Says what is being done.
    pub(crate) fn say(&self, message: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(message.to_owned());
        }
    }

    /// Moves to a place in the file that is being read.
    pub(crate) fn within_file(&self, n_bytes: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(self.done_bytes + n_bytes);
        }
    }

    /// Counts a file as read.
    pub(crate) fn file_done(&mut self, n_bytes: u64) {
        self.done_bytes += n_bytes;
        self.within_file(0);
    }

    /// Writes a problem without tearing the bar.
    pub(crate) fn around(&self, write: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
