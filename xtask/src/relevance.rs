//! `cargo xtask bench relevance`: how good the results are, beside other engines, on collections
//! whose queries people have judged.
//!
//! Knows where the collections are and what others reached on them. One configuration serves all
//! of them: whoever tunes for one set shows it in the others. The collections are no part of the
//! repository, and what is not there is left out with a line that says so.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value as Json;

use crate::run::{cargo, output, root, run, speir, work_dir};

/// Where the collections lie, seen from the checkout, if nothing else is said.
const DATA: &str = "../shared/data/judged";

/// Words of `text`, `author` and `keywords` are searched like any others, each field where a
/// collection has it. The language of records that do not say theirs is
/// told by their words, as it is for a publisher who sets nothing.
const SETTINGS: &str = "[fields.text]\nsearch = true\nweight = 1\n\
    [fields.author]\nsearch = true\nweight = 1\n[fields.keywords]\nsearch = true\nweight = 1\n";

/// The settings of a publisher who takes the built-in vocabulary and nothing else.
const WITH_PACK: &str = "vocabulary = [\"uk-public-services\"]\n";

/// The collection of terms that people typed into a search of public services.
const PUBLIC_SERVICES: &str = "govuk-search-checks";

/// A collection, and nDCG@10 of other engines on it.
struct Set {
    name: &'static str,
    /// The language of queries, and of records that do not say theirs, where it is not English.
    lang: Option<&'static str>,
    others: &'static [(&'static str, f64)],
}

/// nDCG@10 over the first 1,000 results, scored by the same measures: bm25s with k1 1.2 and b 0.75
/// (0.9 and 0.4 for xquad), stemmed, with a stop list; tantivy 0.27 with its stemmer `en_stem` and
/// two fields (scifact also as one joined field); MiniSearch 7.2, Lunr 2.3.9 and Orama 3.1 as they
/// come. Source: the README of the folder of the collections.
const SETS: [Set; 10] = [
    Set {
        name: "cranfield",
        lang: None,
        others: &[
            ("bm25s", 0.360),
            ("tantivy", 0.359),
            ("MiniSearch", 0.316),
            ("Lunr", 0.374),
            ("Orama", 0.138),
        ],
    },
    Set {
        name: "cacm",
        lang: None,
        others: &[
            ("bm25s", 0.499),
            ("tantivy", 0.420),
            ("MiniSearch", 0.317),
            ("Lunr", 0.481),
            ("Orama", 0.188),
        ],
    },
    Set {
        name: "adi",
        lang: None,
        others: &[
            ("bm25s", 0.483),
            ("tantivy", 0.448),
            ("MiniSearch", 0.349),
            ("Lunr", 0.497),
            ("Orama", 0.246),
        ],
    },
    Set {
        name: "covid-faq-en",
        lang: None,
        others: &[("bm25s", 0.605), ("tantivy", 0.652), ("Lunr", 0.618)],
    },
    Set {
        name: PUBLIC_SERVICES,
        lang: None,
        others: &[("bm25s", 0.545), ("tantivy", 0.546), ("Lunr", 0.559)],
    },
    Set {
        name: "scifact-train",
        lang: None,
        others: &[
            ("bm25s", 0.696),
            ("tantivy", 0.677),
            ("tantivy, one field", 0.701),
        ],
    },
    Set {
        name: "xquad-en",
        lang: None,
        others: &[("bm25s", 0.967)],
    },
    Set {
        name: "xquad-es",
        lang: Some("es"),
        others: &[("bm25s", 0.961)],
    },
    Set {
        name: "xquad-de",
        lang: Some("de"),
        others: &[("bm25s", 0.941)],
    },
    Set {
        name: "xquad-ar",
        lang: Some("ar"),
        others: &[("bm25s", 0.935)],
    },
];

/// Prints the table. `--data DIR` names another folder of collections.
pub(crate) fn relevance(options: &[&str]) -> Result<()> {
    let data = match options {
        [] => root().join(DATA),
        ["--data", folder] => PathBuf::from(folder),
        _ => bail!("`bench relevance` knows only --data DIR"),
    };
    run(cargo().args(["build", "--release", "--package", "speir-index-builder"]))?;
    println!(
        "\n{:<22} {:>8}  {:>6} {:>7}  others (nDCG@10, --match any)",
        "set", "speir", "best", "ahead"
    );
    let (mut ours, mut best_of_others) = (Vec::new(), Vec::new());
    for set in &SETS {
        let folder = data.join(set.name);
        if !folder.is_dir() {
            println!(
                "{:<22} left out: {} is not there",
                set.name,
                folder.display()
            );
            continue;
        }
        let ndcg = measure(set, &folder, SETTINGS, &["--match", "any"])?;
        let best = set.others.iter().map(|(_, ndcg)| *ndcg).fold(0.0, f64::max);
        let others: Vec<String> = set
            .others
            .iter()
            .map(|(name, ndcg)| format!("{name} {ndcg:.3}"))
            .collect();
        row(set.name, ndcg, best, &others.join(", "));
        ours.push(ndcg);
        best_of_others.push(best);
    }
    if ours.is_empty() {
        return Ok(());
    }
    row(
        "mean",
        mean(&ours),
        mean(&best_of_others),
        "the best of each set",
    );

    println!("\n{PUBLIC_SERVICES} as it comes, --match auto");
    let Some(set) = SETS.iter().find(|set| set.name == PUBLIC_SERVICES) else {
        return Ok(());
    };
    let folder = data.join(set.name);
    if folder.is_dir() {
        for (name, settings) in [("without the pack", ""), ("with the pack", WITH_PACK)] {
            println!("{name:<22} {:>8.4}", measure(set, &folder, settings, &[])?);
        }
    }
    Ok(())
}

fn row(name: &str, ours: f64, best: f64, rest: &str) {
    let ahead = ours - best;
    println!("{name:<22} {ours:>8.4}  {best:>6.3} {ahead:>+7.4}  {rest}");
}

fn mean(all: &[f64]) -> f64 {
    all.iter().sum::<f64>() / all.len() as f64
}

/// Builds an index of a collection with these settings, asks its queries, and gives nDCG@10.
fn measure(set: &Set, folder: &Path, settings: &str, how: &[&str]) -> Result<f64> {
    let work = work_dir(&format!("relevance-{}", set.name))?;
    let (source, config, index) = (
        work.join("docs.jsonl"),
        work.join("speir.toml"),
        work.join("search"),
    );
    write(&source, &with_titles(&folder.join("docs.jsonl"))?)?;
    write(&config, settings)?;
    let lang: Vec<&str> = set.lang.iter().flat_map(|lang| ["--lang", lang]).collect();
    output(
        speir()?
            .arg("build")
            .arg(&source)
            .args(["--quiet", "--config"])
            .arg(&config)
            .arg("--out")
            .arg(&index)
            .args(&lang),
    )?;
    let report = output(
        speir()?
            .arg("eval")
            .arg(&index)
            .arg("--queries")
            .arg(folder.join("queries.jsonl"))
            .arg("--judgements")
            .arg(folder.join("qrels.tsv"))
            .arg("--json")
            .args(how)
            .args(&lang),
    )?;
    let report: Json = serde_json::from_str(&report).context("`speir eval` printed no JSON")?;
    let ndcg = report["ndcg@10"].as_f64();
    ndcg.context("`speir eval` gave no nDCG@10")
}

/// The records of a collection. One without a title gets its id for one, since it may be judged.
fn with_titles(path: &Path) -> Result<String> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut lines = String::with_capacity(text.len());
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let mut record: Json = serde_json::from_str(line)
            .with_context(|| format!("{} holds what is not JSON", path.display()))?;
        if record["title"]
            .as_str()
            .is_none_or(|title| title.trim().is_empty())
        {
            record["title"] = record["id"].clone();
        }
        lines.push_str(&record.to_string());
        lines.push('\n');
    }
    Ok(lines)
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
