//! `speir build --watch`: builds again whenever a source or the settings change.
//!
//! Knows which changes matter. A build that fails is told and waited out; it ends nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecursiveMode, Watcher};

use super::build;
use crate::args::BuildArgs;
use crate::config::{self, CONFIG_NAME};
use crate::input;
use crate::problem::Problem;

/// How long the sources must rest before a build: exports and editors write in several goes.
const REST: Duration = Duration::from_millis(200);

/// Builds, waits for a change, and builds again, until the program is ended.
pub(super) fn run(args: &BuildArgs) -> Result<(), Problem> {
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(sender).map_err(|error| wrong(&error))?;
    for (path, mode) in to_watch(args, &named_by_settings(args)) {
        watcher.watch(&path, mode).map_err(|error| wrong(&error))?;
    }
    loop {
        if let Err(problem) = build::once(args) {
            problem.print(args.json);
        }
        if !args.quiet && !args.json {
            eprintln!("Watching for changes; Ctrl+C ends.");
        }
        if wait_for_change(&changes, args, &named_by_settings(args)).is_none() {
            return Ok(());
        }
    }
}

/// Waits until a source has changed and then rested. `None` if no change can come any more.
fn wait_for_change(
    changes: &Receiver<Result<Event, notify::Error>>,
    args: &BuildArgs,
    named: &[PathBuf],
) -> Option<()> {
    let is_change = |event: &Result<Event, notify::Error>| {
        event
            .as_ref()
            .is_ok_and(|event| matters(event, args, named))
    };
    while !is_change(&changes.recv().ok()?) {}
    let mut rested_at = Instant::now() + REST;
    loop {
        let rest = rested_at.saturating_duration_since(Instant::now());
        if rest.is_zero() {
            return Some(());
        }
        // Other events, such as those of whoever reads the index, do not disturb the rest.
        match changes.recv_timeout(rest) {
            Ok(event) if is_change(&event) => rested_at = Instant::now() + REST,
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

/// The files of synonyms and pins that the settings name, and the sources where the command line names
/// none. Where one of the settings cannot be read, that one at least: it is what will be corrected.
fn named_by_settings(args: &BuildArgs) -> Vec<PathBuf> {
    let first = args.sources.first().map(PathBuf::as_path);
    let Some(path) = config::locate(args.config.as_deref(), first) else {
        return Vec::new();
    };
    match config::read(&path) {
        Ok(mut rules) => {
            if args.sources.is_empty() {
                let sources = rules.sources.into_iter().map(|source| source.path);
                rules.files.extend(sources.chain([path]));
            }
            rules.files
        }
        Err(problem) => problem.place.file.into_iter().collect(),
    }
}

/// The folders to watch. Files are watched by their folders, since editors replace them by others
/// of the same name.
fn to_watch(args: &BuildArgs, named: &[PathBuf]) -> Vec<(PathBuf, RecursiveMode)> {
    let mut places = Vec::new();
    for path in args.sources.iter().chain(&args.config).chain(named) {
        if path.is_dir() {
            places.push((path.clone(), RecursiveMode::Recursive));
        } else {
            places.push((folder_of(path), RecursiveMode::NonRecursive));
        }
    }
    places.sort_by(|a, b| a.0.cmp(&b.0));
    places.dedup_by(|a, b| a.0 == b.0);
    places
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// True for changes of a source or the settings; false for what the build itself writes, which may
/// lie in a folder that is watched.
fn matters(event: &Event, args: &BuildArgs, named: &[PathBuf]) -> bool {
    if matches!(event.kind, EventKind::Access(_)) {
        return false;
    }
    event.paths.iter().any(|path| {
        let path = real(path);
        let is_named = |named: &PathBuf| real(named) == path;
        let is_config = path.file_name().is_some_and(|name| name == CONFIG_NAME);
        let is_below_source = args.sources.iter().chain(named).any(|source| {
            path.strip_prefix(real(source))
                .is_ok_and(|rest| input::is_source(&path) && !is_hidden(rest))
        });
        let is_written =
            path.starts_with(real(&args.out)) || args.report.iter().any(|file| real(file) == path);
        !is_written
            && (is_config
                || is_below_source
                || args
                    .sources
                    .iter()
                    .chain(&args.config)
                    .chain(named)
                    .any(is_named))
    })
}

/// The path with links followed, as far as it exists: a file that was removed is in its folder.
fn real(path: &Path) -> PathBuf {
    let folder = folder_of(path);
    fs::canonicalize(path).unwrap_or_else(|_| {
        let folder = fs::canonicalize(&folder).unwrap_or(folder);
        path.file_name()
            .map_or_else(|| folder.clone(), |name| folder.join(name))
    })
}

fn is_hidden(path: &Path) -> bool {
    path.components()
        .any(|part| part.as_os_str().to_string_lossy().starts_with('.'))
}

fn wrong(error: &notify::Error) -> Problem {
    Problem::new(
        "watch",
        format!("cannot watch for changes: {error}"),
        "run the command without --watch after each change",
    )
}
