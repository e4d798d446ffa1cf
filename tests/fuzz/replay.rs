//! Replays the corpus of every fuzz target on stable Rust. A crash that fuzzing finds is kept there
//! as a file, so that it stays found.

use std::path::Path;

use speir_tests::fuzz;

/// Runs a target on every file of its folder.
#[track_caller]
fn check(target: &str, body: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("the corpus can be read").path())
        .collect();
    paths.sort();
    assert!(
        paths.len() >= 3,
        "{target}: the corpus has only {} files",
        paths.len()
    );
    for path in paths {
        let bytes = std::fs::read(&path).expect("the corpus can be read");
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        println!("{target}: {}", name.unwrap_or_default());
        body(&bytes);
    }
}

#[test]
fn manifest() {
    check("manifest", fuzz::manifest);
}

#[test]
fn manifest_past_the_checksum() {
    check(
        "manifest_past_the_checksum",
        fuzz::manifest_past_the_checksum,
    );
}

#[test]
fn chunk() {
    check("chunk", fuzz::chunk);
}

#[test]
fn query() {
    check("query", fuzz::query);
}

#[test]
fn other_input() {
    check("other_input", fuzz::other_input);
}

#[test]
fn words() {
    check("words", fuzz::words);
}
