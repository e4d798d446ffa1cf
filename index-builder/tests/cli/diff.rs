//! `speir diff`: what one index has of another, in numbers and in words.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Work, records};

/// Two published folders, `old` and `new`, of which one record in many differs.
fn two() -> Work {
    let work = Work::new();
    work.write_records("old.jsonl", records(600, "Housing"));
    let newer = records(600, "Housing").map(|mut record| {
        if record["id"] == "r599" {
            record["title"] = json!("Parks number 599");
        }
        record
    });
    work.write_records("new.jsonl", newer);
    for name in ["old", "new"] {
        let source = format!("{name}.jsonl");
        work.ok(&["build", &source, "--out", name, "--quiet"]);
    }
    work
}

/// Files and bytes of a folder that another has too, or does not have.
fn counted(work: &Work, folder: &str, other: &str, in_both: bool) -> Value {
    let (mut n_files, mut n_bytes) = (0, 0);
    for name in work.files(folder) {
        let path = work.path(folder).join(&name);
        let is_index = name.ends_with(".bin") || name == "index.json";
        let there = fs::read(work.path(other).join(&name)).ok();
        let bytes = fs::read(path).unwrap();
        if is_index && (there == Some(bytes.clone())) == in_both {
            n_files += 1;
            n_bytes += bytes.len();
        }
    }
    json!({ "files": n_files, "bytes": n_bytes })
}

#[test]
fn files_are_counted_as_new_kept_and_gone() {
    let work = two();
    let diff = work.json(&["diff", "old", "new", "--json"]);
    assert_eq!(diff["new"], counted(&work, "new", "old", false));
    assert_eq!(diff["kept"], counted(&work, "new", "old", true));
    assert_eq!(diff["gone"], counted(&work, "old", "new", false));
    let bytes = |what: &str| diff[what]["bytes"].as_f64().unwrap();
    let share = bytes("new") / (bytes("new") + bytes("kept"));
    assert!((diff["share"].as_f64().unwrap() - share).abs() < 1e-6);
    let sections = diff["sections"].as_object().unwrap();
    for what in ["new", "kept", "gone"] {
        let sum: f64 = sections
            .values()
            .map(|part| part[what]["bytes"].as_f64().unwrap())
            .sum();
        assert_eq!(sum, bytes(what));
    }
    assert_eq!(sections["index.json"]["new"]["files"], 1);
    assert!(sections["stored"]["kept"]["files"].as_u64().unwrap() > 0);
}

#[test]
fn a_copy_of_a_manifest_will_do() {
    let work = two();
    fs::copy(work.path("old/index.json"), work.path("copy.json")).unwrap();
    let diff = work.json(&["diff", "copy.json", "new/index.json", "--json"]);
    assert_eq!(diff, work.json(&["diff", "old", "new", "--json"]));
}

#[test]
fn an_index_does_not_differ_from_itself() {
    let work = two();
    let text = work.ok(&["diff", "old", "old"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "            new                   kept                  gone"
    );
    assert!(lines[1].starts_with("columns     -  "), "{text}");
    let last = lines.last().unwrap();
    assert!(
        last.starts_with("0.0% of the index's bytes are issued anew: 0 bytes of "),
        "{text}"
    );
}

#[test]
fn a_folder_without_an_index_is_named() {
    let work = Work::with(&[("empty/a.txt", "a"), ("bad.json", "{}")]);
    let advice =
        "name the folder that `speir build SOURCE --out DIR` wrote, or a copy of its index.json";
    work.fails(
        &["diff", "empty", "empty"],
        1,
        "there is no Speir index in empty: it has no file index.json",
        advice,
    );
    work.fails(
        &["diff", "bad.json", "bad.json"],
        1,
        "bad.json: this is not a Speir index: expected a file that begins with `{\"speir\":`; \
         point to the folder that `speir build` wrote",
        advice,
    );
    work.fails(
        &["diff", "nowhere", "empty"],
        1,
        "cannot read nowhere: no such file or directory",
        "check the name, and the folder you are in",
    );
}
