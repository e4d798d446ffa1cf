//! Pages and documents that did not change are not read again.

use serde_json::{Value, json};

use crate::documents::pdf;
use crate::support::Work;

fn page(title: &str, text: &str) -> String {
    format!(
        "<!doctype html><html lang=en><title>{title}</title><main><h1>{title}</h1><p>{text}</p>\
         <h2 id=more>More</h2><p>More on {title}.</p><a href=a.pdf>The {title} form</a></main>"
    )
}

/// A site of three pages and a document.
fn site() -> Work {
    let work = Work::new();
    for (name, text) in [("Boats", "Oars."), ("Lamps", "Oil."), ("Quays", "Stone.")] {
        let path = format!("site/{}.html", name.to_lowercase());
        work.write(&path, page(name, text).as_bytes());
    }
    work.write("site/a.pdf", &pdf(&["Lanterns at the quay"]).bytes());
    work
}

/// Builds, and gives how many files there were and how many of them were not read again.
fn build(work: &Work, args: &[&str]) -> Value {
    let args = [&["build", "site", "--out", "s", "--json"], args].concat();
    work.json(&args)["cache"].clone()
}

#[test]
fn what_did_not_change_is_not_read_again() {
    let work = site();
    assert_eq!(build(&work, &[]), json!({ "files": 4, "kept": 0 }));
    assert_eq!(build(&work, &[]), json!({ "files": 4, "kept": 4 }));
    work.write("site/lamps.html", page("Lamps", "Wicks.").as_bytes());
    assert_eq!(build(&work, &[]), json!({ "files": 4, "kept": 3 }));
    assert_eq!(work.json(&["search", "s", "wicks", "--json"])["total"], 1);
    assert_eq!(work.json(&["search", "s", "oil", "--json"])["total"], 0);
    let told = work.ok(&["build", "site", "--out", "s"]);
    assert!(
        told.contains("4 of 4 pages and documents were as at the last build, and not read again."),
        "{told}"
    );
}

#[test]
fn an_index_is_the_same_with_and_without_what_was_read_before() {
    let work = site();
    build(&work, &[]);
    build(&work, &["--fresh"]);
    let all = json!({ "files": 0, "kept": 0 });
    assert_eq!(
        work.json(&["build", "site", "--out", "t", "--json", "--no-cache"])["cache"],
        all
    );
    assert_eq!(work.files("s"), work.files("t"));
    for name in work.files("s") {
        let read = |folder: &str| std::fs::read(work.path(folder).join(&name)).unwrap();
        assert!(read("s") == read("t"), "{name}");
    }
}

#[test]
fn it_is_kept_where_it_is_asked_for_and_is_no_source() {
    let work = site();
    build(&work, &["--cache", "site/kept"]);
    assert_eq!(work.names("site/kept").len(), 1);
    let again = build(&work, &["--cache", "site/kept"]);
    assert_eq!(again, json!({ "files": 4, "kept": 4 }));
    assert_eq!(std::fs::read_dir(work.home.path()).unwrap().count(), 0);
}

#[test]
fn a_dry_run_keeps_nothing_and_records_in_tables_need_nothing() {
    let work = site();
    build(&work, &["--dry-run"]);
    assert_eq!(std::fs::read_dir(work.home.path()).unwrap().count(), 0);
    work.write("r.csv", b"id,title\n1,Housing\n");
    let built = work.json(&["build", "r.csv", "--out", "s", "--json"]);
    assert_eq!(built["cache"], json!({ "files": 0, "kept": 0 }));
    assert_eq!(std::fs::read_dir(work.home.path()).unwrap().count(), 0);
}

#[test]
fn where_nothing_can_be_kept_the_index_is_published_all_the_same() {
    let work = site();
    work.write("taken", b"a file");
    let args = ["build", "site", "--out", "s", "--json", "--cache", "taken"];
    let built = work.json(&args);
    assert_eq!(built["records"], 4);
    let warnings = built["warnings"].to_string();
    assert!(warnings.contains("cache-not-kept"), "{warnings}");
    assert!(warnings.contains("write --cache DIR"), "{warnings}");
    assert_eq!(work.json(&["search", "s", "oars", "--json"])["total"], 1);
}
