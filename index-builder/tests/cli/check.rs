//! `speir check`: expectations that are met, that are not, and that cannot be understood.

use serde_json::json;

use crate::support::Work;

const RECORDS: &str = r#"[
 {"id":"advice","title":"Housing advice","url":"/housing/advice/"},
 {"id":"toolkit","title":"Housing toolkit for councils"},
 {"id":"allowance","title":"Local housing allowance: rates for all councils"},
 {"id":"english","title":"Learning English"}
]"#;

fn work(name: &str, expectations: &str) -> Work {
    let work = Work::with(&[("r.json", RECORDS), (name, expectations)]);
    work.ok(&["build", "r.json", "--out", "s", "--quiet"]);
    work
}

#[test]
fn expectations_that_are_met_are_counted() {
    let work = work(
        "e.csv",
        "query,record,within\n# the usual ones\nhousing advice,advice\nhousing,/housing/advice/,3\n\
         housing,toolkit,3\n\"learning, english\",english,1\n",
    );
    assert_eq!(work.ok(&["check", "s", "e.csv"]), "4 expectations met.\n");
    assert_eq!(
        work.json(&["check", "s", "e.csv", "--json"]),
        json!({ "expectations": 4, "failed": 0, "failures": [] })
    );
}

#[test]
fn what_is_not_met_is_shown_with_what_came_instead() {
    let work = work(
        "e.jsonl",
        "{\"query\": \"housing\", \"record\": [\"advice\", \"allowance\"]}\n\
         {\"query\": \"housing\", \"record\": \"english\", \"within\": 3}\n\
         {\"query\": \"zebra\", \"record\": \"english\"}\n",
    );
    let ran = work.run(&["check", "s", "e.jsonl"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.out,
        "e.jsonl, line 1: for \"housing\", allowance should come first, but comes at place 3.\n  \
         1. Housing advice  (advice)\n  \
         2. Housing toolkit for councils  (toolkit)\n  \
         3. Local housing allowance: rates for all councils  (allowance)\n\
         e.jsonl, line 2: for \"housing\", english should come among the first 3, but does not come up.\n  \
         1. Housing advice  (advice)\n  \
         2. Housing toolkit for councils  (toolkit)\n  \
         3. Local housing allowance: rates for all councils  (allowance)\n\
         e.jsonl, line 3: for \"zebra\", english should come first, but does not come up.\n  \
         There are no results.\n"
    );
    assert_eq!(ran.message(), "3 of 4 expectations not met");
    assert_eq!(
        ran.advice(),
        "see what `speir explain DIR QUERY RECORD` says of them; a synonym or a pin in speir.toml may help"
    );
    let ran = work.run(&["check", "s", "e.jsonl", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &report["failed"]), (1, &json!(3)));
    assert_eq!(
        report["failures"][2],
        json!({ "line": 3, "query": "zebra", "record": "english", "within": 1, "place": null,
            "first": [] })
    );
    assert_eq!(report["failures"][0]["place"], 3);
    assert_eq!(
        report["failures"][0]["first"][0],
        json!({ "id": "advice", "title": "Housing advice" })
    );
}

#[test]
fn expectations_that_cannot_be_understood_are_named_with_their_line() {
    let table = "name the columns query, record and, if need be, within in the first row";
    let check = |text, message, advice| {
        work("e.csv", text).fails(&["check", "s", "e.csv"], 1, message, advice);
    };
    check(
        "query,page\nhousing,advice\n",
        "e.csv, line 1: no column is called `record`; the columns are: query, page",
        table,
    );
    check(
        "query,record,within\n\nhousing,advice,first\n",
        "e.csv, line 3: `within` should be a whole number above 0, but is first",
        table,
    );
    check(
        "query,record\n",
        "e.csv holds no expectations",
        "write a query and the record that should come up for it on each line",
    );
    work("e.jsonl", "{\"query\": \"housing\"}\n").fails(
        &["check", "s", "e.jsonl"],
        1,
        "e.jsonl, line 1: the expectation cannot be understood: missing field `record`",
        "write {\"query\": ..., \"record\": ...} on a line, and if need be \"within\": 3",
    );
}
