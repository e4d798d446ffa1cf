//! Sizes of the browser's files as they are sent, beside their budgets.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

/// 1 KB, as budgets count it.
pub(crate) const KB: usize = 1000;

/// One file's sizes in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) raw: usize,
    pub(crate) gzip: usize,
    pub(crate) brotli: usize,
}

impl Sizes {
    pub(crate) fn of(bytes: &[u8]) -> Result<Sizes> {
        Ok(Sizes {
            raw: bytes.len(),
            gzip: gzip(bytes)?,
            brotli: brotli(bytes)?,
        })
    }

    fn plus(self, other: Sizes) -> Sizes {
        Sizes {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }
}

/// Bytes after gzip at its highest level.
fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

/// Bytes after brotli at its highest level, as a site that compresses its files once sends them.
pub(crate) fn brotli(bytes: &[u8]) -> Result<usize> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params)?;
    Ok(out.len())
}

/// A group of files with one budget.
struct Budget {
    name: &'static str,
    files: &'static [&'static str],
    limit: usize,
}

/// What a first search fetches, with one engine of the two.
const BUDGETS: [Budget; 4] = [
    Budget {
        name: "engine",
        files: &["speir.wasm"],
        limit: 60 * KB,
    },
    Budget {
        name: "engine without the rules of some languages",
        files: &["speir-lean.wasm"],
        limit: 60 * KB,
    },
    Budget {
        name: "JavaScript without the widget",
        files: &["speir.js"],
        limit: 6 * KB,
    },
    Budget {
        name: "widget with its CSS",
        files: &["speir-widget.js", "speir-widget.css"],
        limit: 16 * KB,
    },
];

/// What only some pages fetch.
const OTHER_RUNGS: [Budget; 2] = [
    Budget {
        name: "engine as plain JavaScript",
        files: &["speir-engine.js"],
        limit: 80 * KB,
    },
    Budget {
        name: "ladder and worker",
        files: &["speir-ladder.js", "speir-worker.js"],
        limit: 10 * KB,
    },
];

/// Prints the sizes of the browser's files; gives the budgets that are overrun, in words.
pub(crate) fn report(folder: &Path) -> Result<Vec<String>> {
    println!(
        "{:<32} {:>9} {:>9} {:>9} {:>9}",
        "bytes", "raw", "gzip", "brotli", "budget"
    );
    let mut overruns = Vec::new();
    let mut total = Sizes::default();
    for (at, budget) in BUDGETS.iter().chain(&OTHER_RUNGS).enumerate() {
        if at == BUDGETS.len() {
            row("a first search, together", total, "");
        }
        let mut group = Sizes::default();
        for file in budget.files {
            let path = folder.join(file);
            let bytes =
                std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let sizes = Sizes::of(&bytes)?;
            if budget.files.len() > 1 {
                row(file, sizes, "");
            }
            group = group.plus(sizes);
        }
        let name = if budget.files.len() > 1 {
            budget.name.to_owned()
        } else {
            budget.files.join(" ")
        };
        row(&name, group, &budget.limit.to_string());
        // A page has one engine of the two.
        if budget.files != ["speir-lean.wasm"] {
            total = total.plus(group);
        }
        if group.brotli > budget.limit {
            overruns.push(format!(
                "{} ({}): {} bytes with brotli, but the budget is {}",
                budget.name,
                budget.files.join(" and "),
                group.brotli,
                budget.limit
            ));
        }
    }
    Ok(overruns)
}

fn row(name: &str, sizes: Sizes, budget: &str) {
    println!(
        "{name:<32} {:>9} {:>9} {:>9} {budget:>9}",
        sizes.raw, sizes.gzip, sizes.brotli
    );
}
