//! The chores of Speir, run as `cargo xtask CHORE`.
//!
//! Knows which chore does what; each chore is a file of its own.

mod bench;
mod chromium;
mod demo;
mod dist;
mod glue;
mod packages;
mod plain;
mod relevance;
mod run;
mod shots;
mod sizes;
mod test;
mod tools;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
The chores of Speir.

    cargo xtask demo [--port N]    build everything, index the example, serve it on loopback
    cargo xtask demo --check       the same, search it once in a real browser, and stop
    cargo xtask test               every check that there is; installs what it may
    cargo xtask dist               the browser files, the npm package and the release binary
    cargo xtask engines            the engines in wasm alone, and their sizes: after each change that a
                                   browser pays for
    cargo xtask shots [PART]       pictures of every example page in every state, width and medium, in
                                   target/shots; PART of their names for some of them
    cargo xtask bench              Speir beside its peers, and BENCHMARKS.md; --sizes 1000,10000
                                   (example, all, books) for some of it, quick for the least of it
    cargo xtask bench instructions what building and searching cost, counted by valgrind
    cargo xtask bench relevance    how good results are, beside other engines, where judged
                                   collections are at hand; --data DIR says where
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match chore(&args.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn chore(args: &[&str]) -> Result<()> {
    match args {
        ["demo", options @ ..] => demo::demo(&demo::Options::parse(options)?),
        ["test"] => test::test(),
        ["dist"] => dist::dist(),
        ["engines"] => dist::engines(),
        ["shots"] => shots::shots(None),
        ["shots", part] => shots::shots(Some(part)),
        ["bench", options @ ..] => bench::bench(options),
        [] | ["help" | "-h" | "--help"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => bail!("no such chore: {}\n\n{HELP}", args.join(" ")),
    }
}
