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

#[test]
fn html() {
    check("html", fuzz::html);
}

#[test]
fn pdf() {
    check("pdf", fuzz::pdf);
}

#[test]
fn wxr() {
    check("wxr", fuzz::wxr);
}

#[test]
fn csv() {
    check("csv", fuzz::csv);
}

#[test]
fn office() {
    check("office", fuzz::office);
}

#[test]
fn other_sources() {
    check("other_sources", fuzz::other_sources);
}

#[test]
fn what_is_right_in_the_corpus_of_sources_is_read() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (format, file, n_records) in [
        ("html", "html/handbook.html", 1),
        ("pdf", "pdf/plain.pdf", 1),
        ("pdf", "pdf/flate.pdf", 1),
        ("wxr", "wxr/blog.xml", 1),
        ("csv", "csv/semicolons.csv", 2),
        ("csv", "csv/versions.csv", 1),
        ("docx", "office/text.docx", 1),
        ("odt", "office/text.odt", 1),
        ("xlsx", "office/sheet.xlsx", 1),
        ("ods", "office/sheet.ods", 1),
        ("pptx", "office/slides.pptx", 1),
        ("md", "other_sources/text.md", 1),
        ("json", "other_sources/records.json", 1),
        ("jsonl", "other_sources/rows.jsonl", 2),
        ("drupal", "other_sources/drupal.json", 1),
        ("rss", "other_sources/feed.xml", 1),
    ] {
        let bytes = std::fs::read(corpus.join(file)).expect("the corpus can be read");
        // In these two folders the first byte says the format, and is no part of the file.
        let n_before =
            usize::from(file.starts_with("office/") || file.starts_with("other_sources/"));
        let read = speir_index_builder::fuzz::read(format, &bytes[n_before..], folder.path());
        assert_eq!(read, n_records, "{file}");
    }
}
