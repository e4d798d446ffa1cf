//! A new index follows the one that is published: how little of it is new, and that it answers as one
//! that is made anew.

use serde_json::{Value as Json, json};

use crate::support::Work;

/// What becomes of a catalogue between two builds.
type Change<'c> = &'c dyn Fn(&mut Vec<Json>);

/// Records enough for an index of many files: each of 40 words, some common, most rare.
fn records(n: u64) -> Vec<Json> {
    let mut state = 7_u64;
    let mut next = |below: u64| {
        // The generator of the C standard's example, of which the upper bits are good enough.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut records = Vec::new();
    for at in 0..n {
        let mut words = Vec::new();
        for _ in 0..40 {
            let most = [20, 400, 6_000][next(3) as usize];
            words.push(format!(
                "{}{}",
                ["lo", "mi", "ra", "tu"][next(4) as usize],
                next(most)
            ));
        }
        records.push(json!({ "id": at.to_string(), "title": words[..4].join(" "), "body": words[4..].join(" ") }));
    }
    records
}

fn build(work: &Work, records: &[Json], out: &str, options: &[&str]) -> Json {
    let lines: Vec<String> = records.iter().map(Json::to_string).collect();
    work.write("r.jsonl", lines.join("\n").as_bytes());
    work.json(&[&["build", "r.jsonl", "--out", out, "--json"], options].concat())
}

/// The hundredths of an index that are new after a change of one record.
fn reissued(change: impl Fn(&mut Vec<Json>)) -> f64 {
    let work = Work::new();
    let mut all = records(1_500);
    build(&work, &all, "old", &[]);
    build(&work, &all, "s", &[]);
    change(&mut all);
    build(&work, &all, "s", &["--keep", "0"]);
    work.ok(&["verify", "s"]);
    build(&work, &all, "anew", &[]);
    for query in ["lo1 mi20", "tu5999", "new words", "ra17 -lo3", "mi3*"] {
        let ask = |folder: &str| {
            let mut answer = work.json(&["search", folder, query, "--json", "--limit", "30"]);
            answer
                .as_object_mut()
                .map(|answer| answer.remove("seconds"));
            answer
        };
        assert_eq!(ask("s"), ask("anew"), "{query}");
    }
    let told = work.json(&["diff", "old", "s", "--json"]);
    100.0 * told["share"].as_f64().expect("a share")
}

#[test]
fn one_record_more_less_or_other_leaves_nearly_all_files_as_they_are() {
    let new = || json!({ "id": "new", "title": "new words", "body": "lo1 mi20 and tu5999" });
    let changes: [(&str, Change<'_>); 5] = [
        ("the last", &|all| all.push(new())),
        ("the first", &|all| all.insert(0, new())),
        ("between others", &|all| all.insert(700, new())),
        ("changed", &|all| {
            all[900]["body"] = json!("lo1 mi20 new words")
        }),
        ("gone", &|all| drop(all.remove(300))),
    ];
    for (what, change) in changes {
        let percent = reissued(change);
        assert!(percent < 4.0, "{what}: {percent}% of 1,500 records");
    }
}

#[test]
fn an_index_is_made_anew_where_that_is_wanted() {
    let work = Work::new();
    let mut all = records(1_500);
    build(&work, &all, "s", &[]);
    all.insert(0, json!({ "id": "new", "title": "new words" }));
    build(&work, &all, "s", &["--fresh", "--keep", "0"]);
    build(&work, &all, "anew", &[]);
    assert_eq!(work.chunks("s"), work.chunks("anew"));
}

#[test]
fn a_published_folder_that_is_damaged_is_no_trouble() {
    let work = Work::new();
    let mut all = records(1_500);
    build(&work, &all, "s", &[]);
    let damaged: Vec<String> = work.chunks("s");
    for name in damaged.iter().step_by(3) {
        work.write(&format!("s/{name}"), b"damaged");
    }
    all.push(json!({ "id": "new", "title": "new words" }));
    build(&work, &all, "s", &[]);
    work.ok(&["verify", "s"]);
}
