//! `cargo xtask test`: every check that there is, in one table.
//!
//! A failed step does not stop the ones after it, except those that need what it makes.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::chromium::{VARIABLE, chromium};
use crate::demo::{self, BROWSER_TESTS};
use crate::dist::{self, NPM};
use crate::run::{cargo, npm, run, speir, work_dir};
use crate::shots;
use crate::tools::{self, WASM_TARGET};

/// What the npm tests search: records of their own, indexed by the command line.
const FIXTURE_RECORDS: &str = "wasm/npm/test/records.json";

/// What a step needs of those before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// The browser files, the package and the command line.
    Dist,
}

/// One line of the table.
struct Step {
    name: &'static str,
    needs: Needs,
    work: fn() -> Result<()>,
}

const STEPS: [Step; 11] = [
    Step {
        name: "format",
        needs: Needs::Nothing,
        work: format,
    },
    Step {
        name: "dist",
        needs: Needs::Nothing,
        work: dist::dist,
    },
    Step {
        name: "clippy",
        needs: Needs::Nothing,
        work: clippy,
    },
    Step {
        name: "clippy, wasm",
        needs: Needs::Nothing,
        work: clippy_wasm,
    },
    Step {
        name: "docs",
        needs: Needs::Nothing,
        work: docs,
    },
    Step {
        name: "index the example",
        needs: Needs::Dist,
        work: demo::index_example,
    },
    Step {
        name: "design systems",
        needs: Needs::Dist,
        work: shots::design_systems,
    },
    Step {
        name: "rust tests",
        needs: Needs::Dist,
        work: rust_tests,
    },
    Step {
        name: "npm tests",
        needs: Needs::Dist,
        work: npm_tests,
    },
    Step {
        name: "browser tests",
        needs: Needs::Dist,
        work: browser_tests,
    },
    Step {
        name: "demo --check",
        needs: Needs::Dist,
        work: demo::check,
    },
];

enum Outcome {
    Passed,
    Failed,
    /// A step that it needs failed.
    NotRun,
}

/// Runs every step, prints the table, and fails if any step did.
pub(crate) fn test() -> Result<()> {
    tools::rust_components()?;
    tools::node_version()?;
    let mut table: Vec<(&str, Outcome, Duration)> = Vec::new();
    let mut dist_failed = false;
    for step in &STEPS {
        if step.needs == Needs::Dist && dist_failed {
            table.push((step.name, Outcome::NotRun, Duration::ZERO));
            continue;
        }
        println!("\n== {} ==", step.name);
        let started = Instant::now();
        let outcome = match (step.work)() {
            Ok(()) => Outcome::Passed,
            Err(error) => {
                eprintln!("error: {}: {error:#}", step.name);
                dist_failed |= step.name == "dist";
                Outcome::Failed
            }
        };
        table.push((step.name, outcome, started.elapsed()));
    }

    println!();
    for (name, outcome, took) in &table {
        let word = match outcome {
            Outcome::Passed => "passed",
            Outcome::Failed => "FAILED",
            Outcome::NotRun => "not run",
        };
        println!("{name:<20} {word:<8} {:>7.1} s", took.as_secs_f64());
    }
    let bad = table
        .iter()
        .filter(|(_, outcome, _)| !matches!(outcome, Outcome::Passed))
        .count();
    println!("\n{} passed, {bad} failed", table.len() - bad);
    if bad > 0 {
        bail!("{bad} of {} steps did not pass", table.len());
    }
    Ok(())
}

fn format() -> Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    run(cargo()
        .args([
            "clippy",
            "--workspace",
            "--exclude",
            "speir-wasm",
            "--all-targets",
        ])
        .args(["--", "-D", "warnings"]))
}

/// Alone and for its target, as it is compiled: here the library lacks the publisher's half.
fn clippy_wasm() -> Result<()> {
    tools::wasm_target()?;
    run(cargo()
        .args([
            "clippy",
            "--package",
            "speir",
            "--package",
            "speir-wasm",
            "--no-default-features",
        ])
        .args(["--target", WASM_TARGET, "--", "-D", "warnings"]))
}

fn docs() -> Result<()> {
    run(cargo()
        .args(["doc", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings"))
}

fn rust_tests() -> Result<()> {
    run(cargo().args(["test", "--workspace", "--exclude", "speir-wasm"]))?;
    // Alone, so that it is tested as it is compiled: without the publisher's half.
    run(cargo().args(["test", "--package", "speir-wasm"]))
}

/// Tests of the package, against a fixture that the command line builds.
fn npm_tests() -> Result<()> {
    let fixture = work_dir("fixture")?.join("search");
    if fixture.exists() {
        fs::remove_dir_all(&fixture)
            .with_context(|| format!("cannot empty {}", fixture.display()))?;
    }
    run(speir()?
        .args(["build", FIXTURE_RECORDS, "--quiet", "--out"])
        .arg(&fixture))?;
    run(npm(NPM)
        .args(["test", "--silent"])
        .env("SPEIR_FIXTURE", &fixture))
}

/// Tests in Chromium, against the example's site.
fn browser_tests() -> Result<()> {
    tools::npm_packages(BROWSER_TESTS)?;
    let chromium = chromium()?;
    run(npm(BROWSER_TESTS)
        .args(["test", "--silent"])
        .env("SPEIR_COMMAND", speir()?.get_program())
        .env(VARIABLE, chromium))
}
