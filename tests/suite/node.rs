//! Asks the suite's queries through wasm in Node: writes every build to a folder, runs `run.mjs`
//! once, reads the answers back.

use std::path::Path;
use std::process::Command;

use serde_json::{Value as Json, json};
use speir::{IndexError, Page};
use speir_tests::check::{self, Built, doubles, page_json};

use crate::expect::InBrowser;
use crate::{Case, Suite, folder};

/// For each suite and each of its builds, the answers in the order of the cases: a page, or
/// `{"error": code}`.
///
/// # Panics
///
/// Where the browser files have not been built, or Node fails.
pub(crate) fn ask(suites: &[Suite], built: &[Vec<Built>]) -> Vec<Vec<Vec<Json>>> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wasm/npm/dist/node.js");
    assert!(
        dist.is_file(),
        "the browser files are missing: run `cargo xtask dist` first (`cargo xtask test` does)"
    );
    let place = tempfile::tempdir().expect("a temporary folder");
    let mut jobs = Vec::new();
    for (suite, builds) in suites.iter().zip(built) {
        for build in builds {
            let index = place.path().join(format!("{}-{}", suite.file, build.size));
            std::fs::create_dir(&index).expect("a temporary folder can be written");
            for file in &build.files {
                std::fs::write(index.join(&file.name), &file.bytes)
                    .expect("a chunk can be written");
            }
            let queries: Vec<Json> = suite.cases.iter().map(Case::query_json).collect();
            jobs.push(json!({ "index": index, "queries": queries }));
        }
    }
    let asked = place.path().join("asked.json");
    let answered = place.path().join("answered.json");
    std::fs::write(&asked, json!(jobs).to_string()).expect("the queries can be written");
    let ran = Command::new("node")
        .arg(folder().join("run.mjs"))
        .args([&dist, &asked, &answered])
        .output()
        .expect("Node 20 or later is installed as `node`");
    assert!(
        ran.status.success(),
        "run.mjs: {}",
        String::from_utf8_lossy(&ran.stderr)
    );

    let text = std::fs::read_to_string(&answered).expect("run.mjs wrote the answers");
    let all: Vec<Vec<Json>> = serde_json::from_str(&text).expect("the answers are JSON");
    assert_eq!(all.len(), jobs.len(), "an answer for each build");
    let mut all = all.into_iter();
    built
        .iter()
        .zip(suites)
        .map(|(builds, suite)| {
            let answers: Vec<Vec<Json>> = all.by_ref().take(builds.len()).collect();
            assert!(
                answers
                    .iter()
                    .all(|answers| answers.len() == suite.cases.len())
            );
            answers
        })
        .collect()
}

/// What is wrong with an answer from Node beside the one in Rust, or `None`.
pub(crate) fn problem(
    case: &Case,
    rust: &Result<Page, IndexError>,
    answer: &Json,
) -> Option<String> {
    let difference = difference(rust, answer);
    let Some(InBrowser { expected, reason }) = &case.in_browser else {
        return difference;
    };
    let ids: Vec<&Json> = answer["hits"]
        .as_array()
        .map_or_else(Vec::new, |hits| hits.iter().map(|hit| &hit["id"]).collect());
    if difference.is_none() {
        Some(format!(
            "the same as in Rust now, so take `in_browser` away ({reason})"
        ))
    } else if json!(ids) != json!(expected) {
        Some(format!("expected {expected:?} ({reason}), got {ids:?}"))
    } else {
        None
    }
}

/// Where an answer from Node differs from the one in Rust, or `None`.
fn difference(rust: &Result<Page, IndexError>, answer: &Json) -> Option<String> {
    let expected = match rust {
        Ok(page) => {
            // The browser's engine has no accounts of scores.
            let mut page = page.clone();
            for hit in &mut page.hits {
                hit.explanation = None;
            }
            page_json(&page)
        }
        Err(error) => json!({ "error": error.code() }),
    };
    check::difference(&expected, &doubles(answer.clone()), check::OTHER_MACHINE)
}
