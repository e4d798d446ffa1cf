//! `cargo xtask bench`: Speir beside its peers, built, weighed and searched in the same run.
//!
//! ```text
//!   corpus ─→ engines build ─→ Chromium searches ─→ figures ─→ table, BENCHMARKS.md, plots
//!      └──→ draw: the queries ──────┘
//! ```
//! Judges by the design's budgets and changes nothing. The queries are the same each time, the
//! times are not: compare figures of one run only.

mod books;
mod corpus;
mod draw;
mod engines;
mod figures;
mod instructions;
pub(crate) mod measured;
mod metrics;
mod page;
mod plots;
mod table;
mod words;

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::{Value as Json, json};

use crate::chromium::chromium;
use crate::run::work_dir;
use crate::{demo, dist, relevance, tools};
use corpus::{ALL, Corpus, Kind};
use draw::Asked;
use engines::{ENGINES, Engine, PEERS};
use table::Measured;

/// Measured if nothing else is said.
const DEFAULT: [Kind; 5] = [
    Kind::Example,
    Kind::Packages(1_000),
    Kind::Packages(10_000),
    Kind::Packages(ALL),
    Kind::Books,
];

/// `cargo xtask bench ...`.
pub(crate) fn bench(options: &[&str]) -> Result<()> {
    match options {
        ["relevance", options @ ..] => relevance::relevance(options),
        ["instructions"] => instructions::instructions(),
        [measured::CHORE, args @ ..] => measured::chore(args),
        ["quick"] => compare(&[Kind::Packages(1_000)], false),
        [] => compare(&DEFAULT, true),
        ["--sizes", sizes] => compare(&kinds(sizes)?, true),
        _ => bail!(
            "`bench` knows quick, --sizes, instructions and relevance, but not {}",
            options.join(" ")
        ),
    }
}

/// What `1000,10000,all,books` means.
fn kinds(sizes: &str) -> Result<Vec<Kind>> {
    let kind = |size: &str| match size {
        "all" => Ok(Kind::Packages(ALL)),
        "books" => Ok(Kind::Books),
        "example" => Ok(Kind::Example),
        number => match number.parse() {
            Ok(n_records) if n_records >= 100 => Ok(Kind::Packages(n_records)),
            _ => bail!("--sizes: {number} is no number from 100, nor example, all or books"),
        },
    };
    sizes.split(',').map(kind).collect()
}

/// Measures every engine on these corpora; `is_published` writes BENCHMARKS.md and the plots.
fn compare(kinds: &[Kind], is_published: bool) -> Result<()> {
    dist::dist()?;
    tools::npm_packages(demo::BROWSER_TESTS)?;
    tools::npm_packages(PEERS)?;
    engines::build_tantivy()?;
    let chromium = chromium()?;
    let versions = page::Versions::read(&chromium)?;

    let mut all = Vec::new();
    for kind in kinds {
        let Some(corpus) = Corpus::make(*kind, &kind.name())? else {
            continue;
        };
        let asked = Asked::draw(&corpus.records, corpus.has_facets());
        let mut measured = Measured {
            corpus: corpus.name.clone(),
            n_records: corpus.records.len(),
            n_bytes: corpus.n_bytes,
            is_packages: matches!(kind, Kind::Packages(_)),
            engines: Vec::new(),
        };
        for engine in ENGINES {
            println!("\n{} on {}", engine.name(), corpus.name);
            let figures = engine
                .measure(&corpus, &asked, &chromium)
                .with_context(|| format!("{} could not be measured", engine.name()))?;
            measured.engines.push((engine, figures));
        }
        measured.print();
        all.push(measured);
        // After each corpus, as the largest may take long and what is measured should be kept.
        keep(&all)?;
        if is_published {
            page::publish(&all, &versions)?;
        }
    }
    Ok(())
}

/// Writes every figure down as JSON.
fn keep(all: &[Measured]) -> Result<()> {
    let corpora: Vec<Json> = all
        .iter()
        .map(|measured| {
            let figures: serde_json::Map<String, Json> = measured
                .engines
                .iter()
                .map(|(engine, figures): &(Engine, _)| {
                    (engine.name().to_owned(), figures.to_json())
                })
                .collect();
            json!({ "corpus": measured.corpus, "records": measured.n_records, "figures": figures })
        })
        .collect();
    let path = work_dir("bench")?.join("figures.json");
    fs::write(&path, serde_json::to_string_pretty(&corpora)?)
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_numbers_or_names() {
        let read = kinds("1000,all,books").expect("sizes");
        assert_eq!(
            read,
            [Kind::Packages(1_000), Kind::Packages(ALL), Kind::Books]
        );
        assert!(kinds("1000,many").is_err());
        assert!(kinds("5").is_err());
    }
}
