//! Many records: the same index from any number of threads and any way of writing the records down,
//! and messages that name the right one of thousands.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Work, records};

/// All files of an index, with their bytes.
fn files(work: &Work, folder: &str) -> Vec<(String, Vec<u8>)> {
    let names = work.files(folder).into_iter();
    let read = |name: String| {
        let bytes = fs::read(work.path(&format!("{folder}/{name}"))).unwrap();
        (name, bytes)
    };
    names
        .filter(|name| !name.starts_with('.'))
        .map(read)
        .collect()
}

#[test]
fn any_number_of_threads_makes_the_same_index() {
    let work = Work::new();
    work.write_records("r.jsonl", records(4000, "Housing R & D (HRD) advice"));
    work.ok(&["build", "r.jsonl", "--out", "one", "--threads", "1"]);
    let one = files(&work, "one");
    assert!(one.len() > 20, "an index of many chunks");
    for threads in ["2", "7"] {
        work.ok(&["build", "r.jsonl", "--out", threads, "--threads", threads]);
        assert!(files(&work, threads) == one, "{threads} threads");
    }
}

#[test]
fn an_array_and_a_table_make_the_index_that_lines_make() {
    let work = Work::new();
    let mut all: Vec<Value> = records(2000, "Housing advice").collect();
    // Cells come without spaces around them.
    for record in &mut all {
        record["body"] = json!(record["body"].as_str().unwrap_or_default().trim());
    }
    work.write_records("lines/r.jsonl", all.clone());
    work.write("array/r.json", json!(all).to_string().as_bytes());
    let row = |record: &Value| {
        let cell = |key: &str| match &record[key] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let keys = ["id", "url", "title", "body", "type", "year"];
        keys.map(cell).join(",") + "\n"
    };
    let rows: String = all.iter().map(row).collect();
    work.write(
        "table/r.csv",
        format!("id,url,title,body,type,year\n{rows}").as_bytes(),
    );
    for source in ["lines", "array", "table"] {
        work.ok(&["build", source, "--out", &format!("{source}-out")]);
    }
    let lines = files(&work, "lines-out");
    assert!(files(&work, "array-out") == lines);
    assert!(files(&work, "table-out") == lines);
}

#[test]
fn the_last_of_thousands_of_records_is_named_with_its_place() {
    let work = Work::new();
    let bad = json!({"id": "z", "title": "Z", "year": "late"});
    let all: Vec<Value> = records(3000, "Housing").chain([bad]).collect();
    work.write_records("r.jsonl", all.clone());
    let advice = "write the year in digits, such as 2016, or leave it empty";
    let message =
        "r.jsonl, line 3001, column 30, record `z`, field `year`: \"late\" is not a number";
    work.fails(&["build", "r.jsonl", "--out", "s"], 1, message, advice);

    let items: Vec<String> = all.iter().map(Value::to_string).collect();
    let array = format!("[\n  {}\n]\n", items.join(",\n  "));
    work.write("r.json", array.as_bytes());
    let message =
        "r.json, line 3002, column 32, record `z`, field `year`: \"late\" is not a number";
    work.fails(&["build", "r.json", "--out", "s"], 1, message, advice);

    // Where the array itself is broken, the file says where it ends.

    work.write("r.json", &array.as_bytes()[..array.len() - 4]);
    let message = "r.json, line 3002, column 37: the file ends in the middle";
    let advice = "it was cut off: export or copy it again, whole; the last record that is there begins on line 3001";
    work.fails(&["build", "r.json", "--out", "s"], 1, message, advice);
}

#[test]
fn the_first_of_two_bad_records_is_told_whatever_the_threads() {
    let work = Work::new();
    let early = json!({"id": "r0", "title": "The id of another"});
    let late = json!({"id": "z", "title": "Z", "year": "late"});
    let all = records(3000, "Housing").chain([early]);
    work.write_records("r.jsonl", all.chain(records(9, "x")).chain([late]));
    for threads in ["1", "7"] {
        work.fails(
            &["build", "r.jsonl", "--out", "s", "--threads", threads],
            1,
            "r.jsonl, line 3001, column 7, record `r0`, field `id`: `r0` is already the id of the record in r.jsonl, line 1",
            "give each record an id of its own, or take one of the two away",
        );
    }
}
