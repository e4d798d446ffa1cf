//! Runs a program and says what it cost: seconds, seconds of the processor, most memory.
//!
//! The kernel keeps such an account for all ended children of a process together. So a second
//! xtask is started that has one child and no other, asks, and writes the answer down.

use std::ffi::OsStr;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::figures::Figures;
use crate::run::{run, work_dir};

/// The chore by which xtask starts itself.
pub(crate) const CHORE: &str = "measured";

/// Runs a command to its end and notes its cost under this name: `NAME_wall_s`, `NAME_cpu_s` and
/// `NAME_peak_bytes`, the last two only on Unix. What it prints goes nowhere.
pub(super) fn measured(figures: &mut Figures, name: &str, command: &Command) -> Result<()> {
    let out = work_dir("bench")?.join("cost.json");
    let this = std::env::current_exe().context("cannot tell where xtask lies")?;
    let mut outer = Command::new(this);
    outer.args([OsStr::new("bench"), OsStr::new(CHORE), out.as_os_str()]);
    outer.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        outer.current_dir(folder);
    }
    run(&mut outer)?;
    let cost: Value = serde_json::from_slice(&fs::read(&out)?).context("no cost was written")?;
    for key in ["wall_s", "cpu_s", "peak_bytes"] {
        figures.set_json(&format!("{name}_{key}"), &cost[key]);
    }
    Ok(())
}

/// The chore itself: `OUT PROGRAM ARGUMENT...`.
pub(crate) fn chore(args: &[&str]) -> Result<()> {
    let [out, program, args @ ..] = args else {
        bail!("`bench {CHORE}` is for xtask itself");
    };
    let started = Instant::now();
    let ran = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {program}"))?;
    let wall_s = started.elapsed().as_secs_f64();
    if !ran.success() {
        bail!("{program} failed ({ran})");
    }
    let (cpu_s, peak_bytes) = usage()?;
    let cost = json!({ "wall_s": wall_s, "cpu_s": cpu_s, "peak_bytes": peak_bytes });
    fs::write(out, cost.to_string()).with_context(|| format!("cannot write {out}"))
}

/// Processor seconds and most bytes in memory of the children of this process that have ended.
#[cfg(unix)]
fn usage() -> Result<(Option<f64>, Option<f64>)> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    // Linux counts in KiB, macOS in bytes.
    let unit = if cfg!(target_os = "macos") {
        1.0
    } else {
        1024.0
    };
    Ok((
        Some(micros as f64 / 1e6),
        Some(usage.max_rss() as f64 * unit),
    ))
}

#[cfg(not(unix))]
fn usage() -> Result<(Option<f64>, Option<f64>)> {
    Ok((None, None))
}
