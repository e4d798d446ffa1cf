//! `speir explain`: the account of a score, or why there is none.

use crate::support::{Work, records, worked_out};

const RECORDS: &str = r#"[
 {"id":"advice","title":"Housing advice","url":"/housing/advice/","description":"How to find housing."},
 {"id":"english","title":"Learning English"}
]"#;

fn work() -> Work {
    let work = Work::with(&[("r.json", RECORDS)]);
    work.ok(&["build", "r.json", "--out", "s", "--quiet"]);
    work
}

#[test]
fn the_account_adds_up_to_the_score() {
    let work = work();
    let out = work.ok(&["explain", "s", "housing advice", "/housing/advice/"]);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(
        lines[0],
        "\"Housing advice\" (advice) is number 1 of 1 record for \"housing advice\"."
    );
    for word in [
        "\"housing\": as written; in title 1, description 1\n",
        "\"advice\": as written; in title 1\n",
        "  how near the words stand\n",
    ] {
        assert!(out.contains(word), "{out}");
    }
    assert!(
        lines.iter().any(|line| line.ends_with("  the score")),
        "{out}"
    );
    assert_eq!(
        *lines.last().unwrap(),
        "before the score counts: holds all of the words"
    );

    let object = work.json(&["explain", "s", "housing advice", "advice", "--json"]);
    let worked_out = worked_out(&object["explanation"]);
    let score = object["score"].as_f64().unwrap();
    assert!((worked_out - score).abs() < 1e-6, "{object}");
    assert_eq!(
        (&object["place"], &object["id"]),
        (&1.into(), &"advice".into())
    );
}

#[test]
fn a_record_is_found_however_far_down_it_comes() {
    let work = Work::new();
    work.write_records("r.jsonl", records(1_100, "shared"));
    work.ok(&["build", "r.jsonl", "--out", "s", "--quiet"]);
    let object = work.json(&["explain", "s", "shared number", "r1099", "--json"]);
    assert_eq!(object["place"], 1100);
}

#[test]
fn why_there_is_no_account_is_said() {
    let work = work();
    work.fails(
        &["explain", "s", "housing", "english"],
        1,
        "\"Learning English\" (english) does not come up for \"housing\", which finds 1 record",
        "it has too few of the words: try --match any, or make them lead to it by a synonym or a \
         pin in speir.toml",
    );
    work.fails(
        &["explain", "s", "housing", "french"],
        1,
        "the index has no record with the id or link french",
        "see the ids that `speir search DIR QUERY` shows, and write one of them",
    );
    work.fails(
        &["explain", "nowhere", "housing", "french"],
        1,
        "there is no Speir index in nowhere: it has no file index.json",
        "name the folder that `speir build SOURCE --out DIR` wrote",
    );
    let ran = work.run(&["explain", "s", "housing", "advice", "--today", "soon"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("give a date such as 2016-06-14"),
        "{}",
        ran.err
    );
}
