//! The commands, one a file.

mod account;
mod ask;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod check_config;
pub(crate) mod diff;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod init;
pub(crate) mod inspect;
pub(crate) mod related;
pub(crate) mod search;
pub(crate) mod serve;
pub(crate) mod suggest;
pub(crate) mod verify;
mod watch;

use std::io::{self, Write};
use std::path::Path;

use crate::amounts::{count, size};
use crate::dir::{self, DirError, DirIndex};
use crate::problem::{Place, Problem, WRONG_USAGE, plain};

/// Writes to the standard output. A reader that has gone away, such as `head`, is no failure.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Problem> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Problem::io(
            "write to",
            Path::new("the standard output"),
            &error,
        )),
        _ => Ok(()),
    }
}

/// The whole text of a file.
fn read_text(path: &Path) -> Result<String, Problem> {
    let bytes = std::fs::read(path).map_err(|error| Problem::io("read", path, &error))?;
    String::from_utf8(bytes).map_err(|_| {
        let place = Place {
            file: Some(path.to_owned()),
            ..Place::default()
        };
        Problem::new(
            "not-utf-8",
            "the file is not UTF-8 text",
            "save it again as UTF-8",
        )
        .at(place)
    })
}

/// Opens the index that a command is about.
fn open(folder: &Path) -> Result<DirIndex, Problem> {
    dir::open(folder).map_err(problem)
}

/// Whether an index has anything in a section of the format.
fn has_section(index: &DirIndex, name: &str) -> bool {
    let sections = index.index().summary().sections;
    let section = sections.iter().find(|section| section.name == name);
    section.is_some_and(|section| section.blocks > 0)
}

fn no_such_record(name: &str) -> Problem {
    Problem::new(
        "no-such-record",
        format!(
            "the index has no record with the id or link {}",
            plain(name)
        ),
        "see the ids that `speir search DIR QUERY` shows, and write one of them",
    )
}

fn problem(error: DirError) -> Problem {
    let code = error.code();
    let reason = error.to_string();
    let usage = |advice: &str| Problem {
        exit_code: WRONG_USAGE,
        ..Problem::new(code, &*reason, advice)
    };
    match &error {
        DirError::NoIndex { .. } => Problem::new(
            code,
            reason,
            "name the folder that `speir build SOURCE --out DIR` wrote",
        ),
        DirError::Query {
            source: speir::IndexError::NoSuchColumn { .. },
        } => usage(
            "name one of these fields, or give the field `facet` or `sort` in speir.toml and build again",
        ),
        DirError::Query {
            source: speir::IndexError::BadBound { .. },
        } => usage("correct the value after the field's name"),
        DirError::Io { source, .. } if source.kind() != io::ErrorKind::NotFound => {
            Problem::new(code, reason, "see that the file can be read by you")
        }
        DirError::File {
            source: speir::IndexError::Version { .. },
            ..
        } => Problem::new(code, reason, "build the index again with this speir"),
        _ => Problem::new(
            code,
            reason,
            "build the index again, or copy its folder again, whole",
        ),
    }
}
