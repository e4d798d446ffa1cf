//! Golden bytes: for each version of the format that can be read, a small index as it was built then.
//!
//! The old bytes must open and answer as they did; for the newest version, the same records must
//! give the same bytes today. To renew the newest version after a change that is meant:
//!
//! ```text
//! SPEIR_GOLDEN=renew cargo test -p speir-tests --test golden
//! ```

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use speir::{
    BuildOptions, File, Index, IndexError, MANIFEST_NAME, Matching, NEWEST_VERSION, OLDEST_VERSION,
    Pin, Query, Record, Schema, Sort, Synonym,
};
use speir_tests::check::{self, Built, Said, ask, page_json};
use speir_tests::records;

/// The folder of a version.
fn folder(version: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("golden")
        .join(format!("v{version}"))
}

fn read_json(path: &Path) -> Json {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn records_of(version: u32) -> Vec<Record> {
    let list = read_json(&folder(version).join("records.json"));
    list.as_array()
        .expect("records.json is a list")
        .iter()
        .map(records::record)
        .collect()
}

/// The first golden index has nearly all in one chunk, the second one many chunks, and the third one
/// follows an index of other records, whose files it goes on using.
fn options(name: &str) -> BuildOptions {
    match name {
        "small" => BuildOptions::default(),
        "chunks" => check::middling(),
        _ => BuildOptions {
            small_bytes: 0,
            ..BuildOptions::default()
        },
    }
}

/// The indexes of a version.
const INDEXES: [&str; 3] = ["small", "chunks", "after"];

fn files_of(version: u32, name: &str) -> Vec<File> {
    let folder = folder(version).join(name);
    let mut files: Vec<File> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| {
            let path = entry.expect("the golden folder can be read").path();
            let name = path
                .file_name()
                .expect("a file has a name")
                .to_string_lossy()
                .into_owned();
            File {
                name,
                bytes: std::fs::read(&path).expect("a golden file can be read"),
            }
        })
        .collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// What is said beside the records.
fn said() -> Said {
    Said {
        synonyms: vec![
            Synonym::same(["council", "local authority"]),
            Synonym::leads(["abode"], ["housing"]),
        ],
        pins: vec![Pin {
            pattern: "housing report *".to_owned(),
            id: "undated".to_owned(),
        }],
        ..Said::default()
    }
}

fn built_today(name: &str) -> Vec<File> {
    let records = records_of(NEWEST_VERSION);
    let build = |records: &[Record], published: &[File]| {
        let schema = Schema::default();
        check::build_after(&schema, records, &said(), options(name), published)
            .expect("the golden records are right")
    };
    let mut published = Vec::new();
    if name == "after" {
        // One of the records came since, between others, and one is gone.
        let mut earlier = records.clone();
        let came = earlier.remove(1);
        earlier.push(Record {
            id: "gone".to_owned(),
            ..came
        });
        published = build(&earlier, &[]);
    }
    let mut files = build(&records, &published);
    assert_eq!(
        files.last().map(|file| file.name.as_str()),
        Some(MANIFEST_NAME),
        "the manifest comes last"
    );
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// Queries that reach every section of the format.
fn queries() -> Vec<Query> {
    vec![
        Query::new("")
            .limit(1000)
            .facet("type")
            .facet("organisations")
            .facet("year")
            .facet("lang"),
        Query::new("integration toolkit").facet("type").explain(),
        Query::new("\"local authority\" -flyer"),
        Query::new("cynghor"),
        Query::new("dai").lang("cy-GB"),
        Query::new("").sort(Sort::Title).lang("cy"),
        Query::new("gurdwara"),
        Query::new("5.2.1"),
        Query::new("integ"),
        Query::new("housing xylophone").matching(Matching::Any),
        Query::new("")
            .filter("type", "toolkit")
            .filter("type", "report")
            .missing("year")
            .facet("type"),
        Query::new("")
            .range("date", Some("1899"), Some("2014-06"))
            .sort(Sort::Newest),
        Query::new("").sort(Sort::Title).limit(3).offset(2),
        Query::new("straße").lang("de"),
        Query::new("housng intergation").explain(),
        Query::new("welbeing annualreport"),
        Query::new("abode council").explain(),
        Query::new("the housing report")
            .today("2016-01-01")
            .explain(),
        Query::new("title:housing OR (flyer -year:2014)").today("2016-01-01"),
        Query::new("hmo color r&d eh11yz 2015/996").matching(Matching::All),
    ]
}

fn answers(files: Vec<File>) -> Vec<(Query, Json)> {
    let queries = queries();
    let pages = ask(
        &[Built {
            size: "golden",
            files,
        }],
        &queries,
    );
    let pages = pages
        .iter()
        .map(|page| page_json(page.as_ref().expect("the golden queries are right")));
    queries.iter().cloned().zip(pages).collect()
}

/// Writes the newest version's files and answers anew, if asked to.
fn renew() {
    if std::env::var("SPEIR_GOLDEN").as_deref() != Ok("renew") {
        return;
    }
    for name in INDEXES {
        let folder = folder(NEWEST_VERSION).join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).expect("the golden folder can be emptied");
        }
        std::fs::create_dir_all(&folder).expect("the golden folder can be made");
        for file in built_today(name) {
            std::fs::write(folder.join(&file.name), &file.bytes)
                .expect("a golden file can be written");
        }
    }
    let recorded: Vec<Json> = answers(built_today("small"))
        .into_iter()
        .map(|(query, page)| json!({ "query": format!("{query:?}"), "page": page }))
        .collect();
    let text = serde_json::to_string_pretty(&recorded).expect("answers are JSON") + "\n";
    std::fs::write(folder(NEWEST_VERSION).join("answers.json"), text)
        .expect("the answers can be written");
}

#[test]
fn golden_bytes_answer_as_they_did_and_are_built_again() {
    renew();
    for version in OLDEST_VERSION..=NEWEST_VERSION {
        let recorded = read_json(&folder(version).join("answers.json"));
        let recorded = recorded.as_array().expect("answers.json is a list");
        for name in INDEXES {
            let now = answers(files_of(version, name));
            assert_eq!(now.len(), recorded.len(), "v{version}: {ADVICE}");
            for ((query, page), recorded) in now.iter().zip(recorded) {
                if let Some(place) =
                    check::difference(&recorded["page"], page, check::OTHER_MACHINE)
                {
                    panic!(
                        "v{version}/{name}: recorded and today's answer differ at {place}\n  {query:?}\n{ADVICE}"
                    );
                }
            }
        }
    }
    for name in INDEXES {
        let (golden, today) = (files_of(NEWEST_VERSION, name), built_today(name));
        for today in &today {
            let is_old = golden.iter().any(|golden| golden.name == today.name);
            assert!(
                is_old,
                "{name}/{}: another file than before; {ADVICE}",
                today.name
            );
        }
        assert_eq!(
            golden.len(),
            today.len(),
            "{name}: fewer files than before; {ADVICE}"
        );
        for (golden, today) in golden.iter().zip(&today) {
            assert!(
                golden.bytes == today.bytes,
                "{name}/{}: other bytes today; {ADVICE}",
                golden.name
            );
        }
    }
}

/// What to do when the golden bytes do not fit.
const ADVICE: &str = "if the change is meant, raise the version of the format where bytes of the old one \
     can no longer be read, and run `SPEIR_GOLDEN=renew cargo test -p speir-tests --test golden`";

#[test]
fn the_golden_records_use_every_part_of_the_format() {
    let records = records_of(NEWEST_VERSION);
    let has = |name: &str| {
        records
            .iter()
            .any(|record| record.fields.iter().any(|(key, _)| key == name))
    };
    for name in [
        "description",
        "body",
        "type",
        "organisations",
        "date",
        "year",
        "downloads",
        "pages",
    ] {
        assert!(has(name), "no golden record has `{name}`");
    }
    let has = |test: &dyn Fn(&Record) -> bool| records.iter().any(test);
    assert!(has(&|record| record.boost.is_some()), "boosts");
    assert!(has(&|record| record.valid_until.is_some()), "days");
    assert!(has(&|record| !record.replaces.is_empty()), "older records");
    assert!(
        records.iter().any(|record| !record.sections.is_empty()),
        "sections"
    );
    assert!(
        records.iter().any(|record| record.lang.is_some()),
        "languages"
    );
    for name in INDEXES {
        let files = files_of(NEWEST_VERSION, name);
        let index = speir::Index::open(check::manifest(&files)).expect("the golden index opens");
        let summary = index.summary();
        for section in summary.sections {
            // A small index is scanned whole for slips, and has no dictionary of endings; its stored
            // records lie beside its words, and it has no cards.
            let is_there = match section.name {
                "endings" | "cards" => name != "small",
                "lengths" => name == "small",
                "changes" => name == "after",
                _ => true,
            };
            assert_eq!(
                section.blocks > 0,
                is_there,
                "{name}: section {}",
                section.name
            );
        }
    }
}

/// The oldest format is told apart by what stands first in its manifest, and whoever meets it is told
/// what to do.
#[test]
fn an_index_of_a_version_that_cannot_be_read_is_refused_in_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/refused");
    for version in 1..OLDEST_VERSION {
        let path = folder.join(format!("v{version}.json"));
        let manifest = std::fs::read(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let error = Index::open(&manifest).expect_err("it cannot be read");
        let is_told = matches!(&error, IndexError::Version { found, .. } if *found == version);
        assert!(is_told, "version {version}: {error}");
        assert_eq!(error.code(), "index-version");
        let words = error.to_string();
        assert!(words.contains("build the index again"), "{words}");
    }
}
