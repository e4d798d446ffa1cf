//! `cargo xtask bench instructions`: what building and searching cost, counted and not timed.
//!
//! A count of instructions is the same on each run, whatever else the machine does, so it shows
//! changes of one percent that no clock would. Valgrind's callgrind counts; natively, not in wasm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::corpus::{Corpus, Kind, write};
use super::draw::Asked;
use crate::run::{cargo, run, speir, work_dir, works};

/// The package that holds what is counted, and by which names.
const PACKAGE: &str = "xtask/counted/Cargo.toml";
const BUILD: &str = "*counted_build*";
const SEARCH: &str = "*counted_search*";

/// As many as a small catalogue has; valgrind makes a build some fifty times slower.
const N_RECORDS: usize = 1_000;

/// Prints instructions for each record built, and for each query of each kind.
pub(super) fn instructions() -> Result<()> {
    if !works(Command::new("valgrind").arg("--version")) {
        println!("Instructions are not counted: valgrind is not installed.");
        return Ok(());
    }
    let Some(corpus) = Corpus::make(Kind::Packages(N_RECORDS), "counted")? else {
        return Ok(());
    };
    run(cargo().args(["build", "--release", "--package", "speir-index-builder"]))?;
    let target = work_dir("counted")?;
    run(cargo()
        .args(["build", "--release", "--locked", "--manifest-path", PACKAGE])
        .arg("--target-dir")
        .arg(&target))?;
    let name = format!("speir-counted{}", std::env::consts::EXE_SUFFIX);
    let counted = Counted {
        program: target.join("release").join(name),
        log: corpus.path("callgrind.log"),
    };

    let asked = Asked::draw(&corpus.records, corpus.has_facets());
    let (queries, index) = (corpus.path("queries.json"), corpus.path("speir"));
    write(&queries, &asked.to_json().to_string())?;
    let source = corpus.source(false);
    run(speir()?
        .arg("build")
        .arg(&source)
        .args(["--quiet", "--out"])
        .arg(&index))?;

    let mut rows = vec![(
        "a record built",
        N_RECORDS,
        counted.count(BUILD, &["build".as_ref(), &source])?,
    )];
    for row in &asked.rows {
        let args: [&Path; 4] = ["search".as_ref(), &index, &queries, row.name.as_ref()];
        rows.push((row.label, row.queries.len(), counted.count(SEARCH, &args)?));
    }
    println!(
        "\n{:<42} {:>14}",
        format!("{N_RECORDS} packages"),
        "instructions"
    );
    for (label, number, instructions) in rows {
        println!("{label:<42} {:>14}", thousands(instructions, number));
    }
    Ok(())
}

/// The program that is counted.
struct Counted {
    program: PathBuf,
    log: PathBuf,
}

impl Counted {
    /// Instructions within the functions of a name.
    fn count(&self, name: &str, args: &[&Path]) -> Result<u64> {
        let mut log = std::ffi::OsString::from("--log-file=");
        log.push(&self.log);
        run(Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(log)
            .arg(format!("--toggle-collect={name}"))
            .arg(&self.program)
            .args(args))?;
        let said = fs::read_to_string(&self.log)
            .with_context(|| format!("cannot read {}", self.log.display()))?;
        match collected(&said) {
            Some(count) if count > 0 => Ok(count),
            _ => bail!("callgrind counted nothing within {name}"),
        }
    }
}

/// The count on callgrind's last line, `Collected : N`.
fn collected(log: &str) -> Option<u64> {
    let (_, after) = log.rsplit_once("Collected :")?;
    after.split_whitespace().next()?.parse().ok()
}

/// A count for each of so many, with commas.
fn thousands(count: u64, each: usize) -> String {
    super::corpus::thousands((count / each.max(1) as u64) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read() {
        let log = "==7== Events    : Ir\n==7== Collected : 12345\n==7==\n";
        assert_eq!(collected(log), Some(12_345));
        assert_eq!(collected("==7== killed"), None);
    }
}
