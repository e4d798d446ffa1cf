//! Files of former builds: how long they stay, for readers who hold an older manifest.

use std::fs;

use serde_json::json;

use crate::support::Work;

const RECORD: &str = "s/speir-build.json";

/// Builds an index of one record with a title, and gives the files that no other title has.
fn build(work: &Work, title: &str, options: &[&str]) -> Vec<String> {
    let before = work.chunks("s");
    let record = json!([{ "id": "a", "title": title }]);
    work.write("r.json", record.to_string().as_bytes());
    let args = [&["build", "r.json", "--out", "s", "--quiet"], options].concat();
    work.ok(&args);
    work.ok(&["verify", "s"]);
    let after = work.chunks("s").into_iter();
    let own = after.filter(|name| !before.contains(name));
    own.filter(|name| !name.starts_with("related-")).collect()
}

/// A folder with nothing in it yet.
fn empty() -> Work {
    Work::with(&[
        ("s/mine.txt", "mine"),
        ("s/terms-0123456789abcdef.bin", "mine too"),
    ])
}

fn has(work: &Work, names: &[String]) -> bool {
    let there = work.chunks("s");
    assert!(there.contains(&"terms-0123456789abcdef.bin".to_owned()));
    let n_there = names.iter().filter(|name| there.contains(name)).count();
    assert!(
        [0, names.len()].contains(&n_there),
        "{n_there} of {names:?}"
    );
    n_there > 0
}

#[test]
fn a_reader_with_the_manifest_of_the_last_build_goes_on_searching() {
    let work = empty();
    build(&work, "Housing", &[]);
    let mut reader = speir_index_builder::dir::open(work.path("s")).unwrap();
    build(&work, "Schools", &[]);
    let all: Vec<_> = reader.index().chunks().map(|(id, _)| id).collect();
    for chunk in all {
        reader.load(chunk).unwrap();
    }
    let page = reader.search(&speir::Query::new("housing")).unwrap();
    assert_eq!(page.total, 1);
}

#[test]
fn the_files_of_one_build_stay_if_nothing_is_said() {
    let work = empty();
    let first = build(&work, "Housing", &[]);
    assert!(!work.path(RECORD).exists());
    let second = build(&work, "Schools", &[]);
    assert!(has(&work, &first) && has(&work, &second));
    let third = build(&work, "Parks", &[]);
    assert!(!has(&work, &first) && has(&work, &second) && has(&work, &third));
    let report = work.json(&["build", "r.json", "--out", "s", "--json", "--keep", "0"]);
    assert_eq!(report["removed"], second.len());
    assert!(!has(&work, &second) && has(&work, &third));
    assert!(!work.path(RECORD).exists());
}

#[test]
fn as_many_builds_stay_as_are_asked_for() {
    let work = empty();
    let titles = ["Housing", "Schools", "Parks", "Roads", "Taxes"];
    let built: Vec<_> = titles
        .iter()
        .map(|title| build(&work, title, &["--keep", "3"]))
        .collect();
    let stay: Vec<bool> = built.iter().map(|names| has(&work, names)).collect();
    assert_eq!(stay, [false, true, true, true, true]);
    // What went does not come back, and fewer may be kept from now on.
    build(&work, "Votes", &["--keep", "1"]);
    let stay: Vec<bool> = built.iter().map(|names| has(&work, names)).collect();
    assert_eq!(stay, [false, false, false, false, true]);
}

#[test]
fn a_build_that_changes_nothing_lets_nothing_go() {
    let work = empty();
    let first = build(&work, "Housing", &[]);
    build(&work, "Schools", &[]);
    let record = fs::read(work.path(RECORD)).unwrap();
    build(&work, "Schools", &[]);
    assert!(has(&work, &first));
    assert_eq!(fs::read(work.path(RECORD)).unwrap(), record);
}

#[test]
fn going_back_to_an_older_state_keeps_its_files() {
    let work = empty();
    let first = build(&work, "Housing", &[]);
    let second = build(&work, "Schools", &[]);
    assert!(build(&work, "Housing", &[]).is_empty());
    assert!(has(&work, &first) && has(&work, &second));
    build(&work, "Parks", &["--keep", "0"]);
    assert!(!has(&work, &first) && !has(&work, &second));
}

#[test]
fn a_record_that_somebody_changed_names_no_file_of_theirs() {
    let work = empty();
    build(&work, "Housing", &[]);
    let record = json!({ "builds": [["mine.txt", "../r.json", "/etc/passwd", 7], "x"] });
    work.write(RECORD, record.to_string().as_bytes());
    build(&work, "Schools", &["--keep", "0"]);
    assert!(work.path("s/mine.txt").is_file() && work.path("r.json").is_file());
}

#[test]
fn what_is_no_record_is_kept_aside() {
    let work = empty();
    build(&work, "Housing", &[]);
    work.write(RECORD, b"my notes");
    work.write("r.json", b"[{\"id\": \"a\", \"title\": \"Schools\"}]");
    let ran = work.run(&["build", "r.json", "--out", "s"]);
    let notes = ran.notes();
    let note = notes.iter().find(|note| note.contains("speir-build.json"));
    let starts = "the speir-build.json that was there could not be read, so files of former builds \
                  may stay; it is kept as speir-build.json.before-speir (";
    assert!(
        note.is_some_and(|note| note.starts_with(starts)),
        "{notes:?}"
    );
    let aside = work.path("s/speir-build.json.before-speir");
    assert_eq!(fs::read_to_string(aside).unwrap(), "my notes");
}
