//! The suite: records, queries and the answers expected, told in TOML files beside this one.
//!
//! Each case is asked four ways: with all chunks there, on demand, and in Node through wasm and through
//! the engine as plain JavaScript. All must give the same page to the last field, and the page must be
//! the one that is expected.

mod expect;
mod node;

use std::path::{Path, PathBuf};

use expect::Case;
use serde::Deserialize;
use serde_json::Value as Json;
use speir::{IndexError, Page, Query, Record, Schema};
use speir_tests::check::{Built, Said, ask, build_all_said};
use speir_tests::records::{self, FieldSpec, PinSpec, SynonymSpec};

/// One file of the suite.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    #[serde(skip)]
    file: String,
    title: String,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    fields: Vec<FieldSpec>,
    #[serde(default)]
    synonyms: Vec<SynonymSpec>,
    #[serde(default)]
    pins: Vec<PinSpec>,
    #[serde(default)]
    detects_languages: bool,
    records: Vec<Json>,
    cases: Vec<Case>,
}

impl Suite {
    fn schema(&self) -> Schema {
        records::schema(self.lang.as_deref(), &self.fields)
    }

    fn records(&self) -> Vec<Record> {
        self.records.iter().map(records::record).collect()
    }

    fn queries(&self) -> Vec<Query> {
        self.cases.iter().map(Case::query).collect()
    }

    fn build(&self) -> Vec<Built> {
        let said = Said {
            synonyms: self.synonyms.iter().map(SynonymSpec::synonym).collect(),
            pins: self.pins.iter().map(PinSpec::pin).collect(),
            detects_languages: self.detects_languages,
        };
        build_all_said(&self.schema(), &self.records(), &said)
            .unwrap_or_else(|error| panic!("{}: {error}", self.file))
    }
}

/// The folder of this file.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("suite")
}

/// All files of the suite in the order of their names.
fn suites() -> Vec<Suite> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the suite's folder is there")
        .map(|entry| entry.expect("the suite's folder can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let file = path
                .file_name()
                .expect("a file has a name")
                .to_string_lossy()
                .into_owned();
            let text = std::fs::read_to_string(&path).expect("a file of the suite can be read");
            let suite: Suite =
                toml::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
            Suite { file, ..suite }
        })
        .collect()
}

/// Fails with every problem at once, so that one run shows what a change has changed.
#[track_caller]
fn report(problems: &[String]) {
    assert!(
        problems.is_empty(),
        "{} problems:\n\n{}",
        problems.len(),
        problems.join("\n\n")
    );
}

fn problems_of(suite: &Suite, answers: &[Result<Page, IndexError>]) -> Vec<String> {
    suite
        .cases
        .iter()
        .zip(answers)
        .filter_map(|(case, answer)| {
            let problems = case.problems(answer);
            (!problems.is_empty()).then(|| {
                let Case {
                    name,
                    query,
                    reason,
                    ..
                } = case;
                let problems = problems.join("\n  ");
                format!("{}: {name}: `{query}` ({reason})\n  {problems}", suite.file)
            })
        })
        .collect()
}

#[test]
fn every_case_is_answered_as_expected_at_once_and_on_demand() {
    let mut problems = Vec::new();
    for suite in suites() {
        let answers = ask(&suite.build(), &suite.queries());
        problems.extend(problems_of(&suite, &answers));
    }
    report(&problems);
}

#[test]
fn every_case_is_answered_the_same_through_wasm_in_node() {
    let suites = suites();
    let built: Vec<Vec<Built>> = suites.iter().map(Suite::build).collect();
    let mut problems = Vec::new();
    for (suite, (builds, answers)) in suites
        .iter()
        .zip(built.iter().zip(node::ask(&suites, &built)))
    {
        for (build, answers) in builds.iter().zip(answers) {
            let expected = ask(std::slice::from_ref(build), &suite.queries());
            for ((case, expected), answer) in suite.cases.iter().zip(expected).zip(answers) {
                if let Some(problem) = node::problem(case, &expected, &answer) {
                    problems.push(format!(
                        "{}: {}: `{}`, chunks of size `{}`: {problem}",
                        suite.file, case.name, case.query, build.size,
                    ));
                }
            }
        }
    }
    report(&problems);
}

#[test]
fn every_case_has_a_name_of_its_own_and_a_reason() {
    let suites = suites();
    let mut names = std::collections::BTreeSet::new();
    for suite in &suites {
        assert!(!suite.title.is_empty(), "{}: what is it about?", suite.file);
        for case in &suite.cases {
            assert!(
                !case.reason.is_empty(),
                "{}: {}: why?",
                suite.file,
                case.name
            );
            assert!(
                names.insert(&case.name),
                "{}: a second case `{}`",
                suite.file,
                case.name
            );
        }
    }
    assert!(
        names.len() >= 60,
        "the suite has shrunk to {} cases",
        names.len()
    );
}

#[test]
fn a_wrong_answer_is_seen() {
    let mut suite = suites()
        .into_iter()
        .find(|suite| suite.file == "words.toml")
        .expect("words.toml");
    let answers = ask(&suite.build(), &suite.queries());
    assert_eq!(problems_of(&suite, &answers), Vec::<String>::new());
    for case in &mut suite.cases {
        case.expect_something_else();
    }
    assert_eq!(
        problems_of(&suite, &answers).len(),
        suite.cases.len(),
        "each case can fail"
    );
}
