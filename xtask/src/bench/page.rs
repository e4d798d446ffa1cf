//! Writes BENCHMARKS.md and its plots.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::engines::{ENGINES, version_of};
use super::metrics::Unit;
use super::plots::Plot;
use super::table::Measured;
use crate::run::{output, root};

const PAGE: &str = "BENCHMARKS.md";
const PLOTS: &str = "xtask/plots";

/// What stands before the tables.
const BEFORE: &str = include_str!("before.md");

/// What stands after them.
const AFTER: &str = include_str!("after.md");

const DRAWN: [(&str, Plot); 2] = [
    (
        "first-page.svg",
        Plot {
            title: "Bytes to the first page of ten, cold (median query)",
            key: "first_all_p50",
            unit: Unit::Bytes,
        },
    ),
    (
        "one-word.svg",
        Plot {
            title: "One word, 95th percentile (tantivy: native)",
            key: "word1_p95",
            unit: Unit::Millis,
        },
    ),
];

/// The machine, and the versions of all that was measured.
pub(super) struct Versions(Vec<(String, String)>);

impl Versions {
    pub(super) fn read(chromium: &Path) -> Result<Versions> {
        let mut rows = vec![("date".to_owned(), date()?)];
        rows.push(("machine".to_owned(), machine()));
        for engine in ENGINES {
            rows.push((engine.name().to_owned(), engine.version()?));
        }
        for (name, program) in [
            ("Chromium", &*chromium.to_string_lossy()),
            ("Node", "node"),
            ("rustc", "rustc"),
        ] {
            rows.push((
                name.to_owned(),
                version_of(program)?.trim_start_matches('v').to_owned(),
            ));
        }
        Ok(Versions(rows))
    }
}

/// Today, as `YYYY-MM-DD` (Hinnant's `civil_from_days`).
fn date() -> Result<String> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let days = i64::try_from(now.as_secs() / 86_400)? + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (
        day - (153 * month + 2) / 5 + 1,
        if month < 10 { month + 3 } else { month - 9 },
    );
    let year = year + era * 400 + i64::from(month <= 2);
    Ok(format!("{year}-{month:02}-{day:02}"))
}

/// The processor and how many of it there are, as far as the system says.
fn machine() -> String {
    let cpus = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mut lines = info
        .lines()
        .filter_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = lines.next().map_or("unknown processor", |(_, model)| model);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = memory
        .split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse::<f64>().ok());
    let memory = kib.map_or(String::new(), |kib| {
        format!(", {:.0} GB of memory", kib * 1024.0 / 1e9)
    });
    format!("{cpus} cores, {model}{memory}")
}

/// Writes the page and the plots of what was measured so far.
pub(super) fn publish(all: &[Measured], versions: &Versions) -> Result<()> {
    let mut page = BEFORE.to_owned();
    page.push_str("\n| what | which |\n|---|---|\n");
    for (name, version) in &versions.0 {
        page.push_str(&format!("| {name} | {version} |\n"));
    }
    if let Ok(commit) = output(
        Command::new("git")
            .args(["rev-parse", "--short", "HEAD"])
            .current_dir(root()),
    ) {
        page.push_str(&format!(
            "| commit that was measured | {} |\n",
            commit.trim()
        ));
    }
    for (file, plot) in &DRAWN {
        let path = root().join(PLOTS).join(file);
        if let Some(svg) = plot.draw(all) {
            fs::create_dir_all(root().join(PLOTS))?;
            fs::write(&path, svg).with_context(|| format!("cannot write {}", path.display()))?;
            page.push_str(&format!(
                "\n![{}, by engine and number of records]({PLOTS}/{file})\n",
                plot.title
            ));
        }
    }
    for measured in all {
        page.push_str(&format!(
            "\n## {}\n\n{:.1} MB as JSON lines.\n\n{}",
            measured.corpus,
            measured.n_bytes as f64 / 1e6,
            measured.to_markdown()
        ));
    }
    page.push('\n');
    page.push_str(AFTER);
    let path = root().join(PAGE);
    fs::write(&path, page).with_context(|| format!("cannot write {}", path.display()))
}
