//! Sees to it that what the chores need is installed, and says what to do where it cannot.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run::{cargo, node, npm, output, root, run, works};

/// The oldest Node that the package and the tests run on.
const OLDEST_NODE: u32 = 20;

/// The compile target of the browser's engine.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Rust's library for wasm, and its source, which the engine is compiled with. Rustup adds both by
/// itself unless it is told not to.
pub(crate) fn wasm_target() -> Result<()> {
    let mut rustc = Command::new("rustc");
    let sysroot = output(rustc.arg("--print=sysroot").current_dir(root()))?;
    let rustlib = Path::new(sysroot.trim()).join("lib/rustlib");
    if !rustlib.join(WASM_TARGET).join("lib").is_dir() {
        rustup("target", WASM_TARGET)?;
    }
    if !rustlib.join("src/rust/library").is_dir() {
        rustup("component", "rust-src")?;
    }
    Ok(())
}

fn rustup(kind: &str, name: &str) -> Result<()> {
    run(Command::new("rustup")
        .args([kind, "add", name])
        .current_dir(root()))
    .with_context(|| format!("Rust's {name} is missing: run `rustup {kind} add {name}`"))
}

/// Node, new enough.
pub(crate) fn node_version() -> Result<()> {
    let version = output(node().arg("--version")).context("install Node 20 or newer")?;
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .unwrap_or_default();
    if major.parse::<u32>().is_ok_and(|major| major >= OLDEST_NODE) {
        return Ok(());
    }
    bail!(
        "Node is {}, but {OLDEST_NODE} or newer is needed: install it",
        version.trim()
    )
}

/// The packages that a folder's lock names, where they are missing or the lock has changed.
pub(crate) fn npm_packages(folder: &str) -> Result<()> {
    node_version()?;
    let lock = root().join(folder).join("package-lock.json");
    let wanted = std::fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    // A copy of the lock that the installed packages came from.
    let installed = root()
        .join(folder)
        .join("node_modules/.speir-installed-lock.json");
    if std::fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run(npm(folder).args(["ci", "--no-audit", "--no-fund"]))?;
    std::fs::write(&installed, wanted)
        .with_context(|| format!("cannot write {}", installed.display()))
}

/// True where clippy and rustfmt can be run.
pub(crate) fn rust_components() -> Result<()> {
    for (component, chore) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if !works(cargo().args([chore, "--version"])) {
            bail!("{component} is missing: run `rustup component add {component}`");
        }
    }
    Ok(())
}
