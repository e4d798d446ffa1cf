//! `speir build --report` and `--dry-run`: what editors are told, and that nothing else is written.

use serde_json::{Value, json};

use crate::pdf_writer::{Sheet, Writer};
use crate::support::Work;

const RECORDS: &str = "id,title,type,date,topics,lang,url\n\
    1,Bins & boxes,guide,2016-06-14,waste;boats,en,/bins/\n\
    2,Housing,guide,2015,waste,en,\n\
    3,Tai,report,,,cy,\n\
    4,,report,,,,\n";

fn figures(work: &Work) -> Value {
    let bytes = std::fs::read(work.path("r.json")).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// The rows of a table, each as the values of two columns.
fn rows(part: &Value, table: &str, columns: [&str; 2]) -> Value {
    let rows = part[table]["rows"].as_array().unwrap().iter();
    rows.map(|row| json!([row[columns[0]], row[columns[1]]]))
        .collect()
}

#[test]
fn a_report_counts_records_and_says_what_was_left_out() {
    let work = Work::with(&[
        ("in/a.csv", RECORDS),
        (
            "more.json",
            "{\"id\": \"m\", \"title\": \"More\", \"funder\": \"X\"}",
        ),
    ]);
    work.ok(&[
        "build",
        "in",
        "more.json",
        "--out",
        "s",
        "--on-error",
        "skip",
        "--report",
        "r.json",
        "--report",
        "r.html",
        "--report",
        "r.txt",
    ]);
    let told = figures(&work);
    let records = &told["records"];
    let by = |table: &str| rows(records, table, ["value", "records"]);
    assert_eq!(by("bySource"), json!([["in", 3], ["more.json", 1]]));
    assert_eq!(by("byYear"), json!([["2016", 1], ["2015", 1]]));
    assert_eq!(by("byType"), json!([["guide", 2], ["report", 1]]));
    assert_eq!(
        rows(records, "byLanguage", ["lang", "records"]),
        json!([["en", 3], ["cy", 1]])
    );
    assert_eq!(
        rows(&told["facets"], "topics", ["value", "share"]),
        json!([["waste", 50.0], ["boats", 25.0]])
    );
    let filled = rows(&told["fields"], "filled", ["value", "records"]);
    for row in [json!(["title", 4]), json!(["url", 1]), json!(["funder", 1])] {
        assert!(filled.as_array().unwrap().contains(&row), "{row}: {filled}");
    }
    let skipped = &told["leftOut"]["skipped"]["rows"][0];
    assert_eq!(
        (
            &skipped["file"],
            &skipped["line"],
            &skipped["field"],
            &skipped["reason"]
        ),
        (
            &json!("in/a.csv"),
            &json!(5),
            &json!("title"),
            &json!("the record has no title")
        )
    );
    assert!(told["firstSearch"]["costs"]["rows"][0]["bytes"].as_u64() > Some(100));
    assert_eq!(told["speir"], env!("CARGO_PKG_VERSION"));

    let text = std::fs::read_to_string(work.path("r.txt")).unwrap();
    assert!(text.contains("Records by type"), "{text}");
    let page = std::fs::read_to_string(work.path("r.html")).unwrap();
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
    assert!(page.contains("the record has no title"), "{page}");
}

#[test]
fn the_page_asks_for_nothing_and_names_what_it_shows() {
    let work = Work::with(&[(
        "in/a.csv",
        &RECORDS.replace("Bins", "<script>alert(1)</script>"),
    )]);
    let args = [
        "build",
        "in",
        "--out",
        "s",
        "--on-error",
        "skip",
        "--report",
        "in/r.html",
    ];
    work.ok(&args);
    // Titles are named where records were added, which takes an index before.
    work.write(
        "in/a.csv",
        RECORDS.replace("1,Bins", "9,<script>").as_bytes(),
    );
    work.ok(&args);
    let page = std::fs::read_to_string(work.path("in/r.html")).unwrap();
    for forbidden in [
        "<script", "http://", "https://", " src=", "<link", "@import", "url(",
    ] {
        assert!(!page.contains(forbidden), "{forbidden} in {page}");
    }
    assert!(page.contains("&lt;script&gt; &amp; boxes"), "{page}");
    let n = |text: &str| page.matches(text).count();
    assert!(n("<table>") > 5);
    assert_eq!(n("<table>"), n("<caption id="));
    assert_eq!(n("<table>"), n("<thead>"));
    assert_eq!(n("<h1>"), 1);
    assert_eq!(n("<svg aria-hidden=\"true\""), n("<svg"));
    // Every id is there once, and what is pointed to is there.
    for piece in page
        .split("aria-labelledby=\"")
        .skip(1)
        .chain(page.split("href=\"#").skip(1))
    {
        let id = piece.split('"').next().unwrap();
        assert_eq!(n(&format!(" id=\"{id}\"")), 1, "{id}");
    }
}

#[test]
fn a_report_among_the_sources_is_no_source() {
    let work = Work::with(&[(
        "in/a.html",
        "<html lang=en><title>Home</title><main><h1>Home</h1><p>Words of it</main>",
    )]);
    for _ in 0..2 {
        let args = [
            "build",
            "in",
            "--out",
            "s",
            "--report",
            "in/r.html",
            "--json",
        ];
        assert_eq!(work.json(&args)["records"], 1);
    }
    // Not even where a later build does not know of it.
    let report = work.json(&["build", "in", "--out", "s", "--json"]);
    assert_eq!(report["records"], 1);
}

#[test]
fn a_report_says_what_changed_since_the_published_index() {
    let work = Work::with(&[("r.csv", RECORDS)]);
    let build = |records: &str| {
        work.write("r.csv", records.as_bytes());
        work.ok(&[
            "build",
            "r.csv",
            "--out",
            "s",
            "--on-error",
            "skip",
            "--report",
            "r.json",
        ]);
        figures(&work)["changes"].clone()
    };
    assert_eq!(
        build(RECORDS)["sentences"],
        json!(["There was no index to compare with, or too large a one."])
    );
    let amounts = |told: &Value| {
        let rows = told["amounts"]["rows"].as_array().unwrap().iter();
        rows.map(|row| row["amount"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    // Before, added, changed, removed, as before, bytes.
    assert_eq!(amounts(&build(RECORDS)), [3, 0, 0, 0, 3, 0]);
    let changed = RECORDS
        .replace("2,Housing,guide", "2,Housing,report")
        .replace("3,Tai", "5,Tai");
    let told = build(&changed);
    assert_eq!(amounts(&told)[..5], [3, 1, 1, 1, 1]);
    assert_eq!(rows(&told, "added", ["id", "title"]), json!([["5", "Tai"]]));
    assert_eq!(
        rows(&told, "changed", ["id", "title"]),
        json!([["2", "Housing"]])
    );
    assert_eq!(
        rows(&told, "removed", ["id", "title"]),
        json!([["3", "Tai"]])
    );
}

#[test]
fn a_dry_run_tells_the_same_and_leaves_no_file() {
    let work = Work::with(&[("r.csv", "id,title\n1,One\n")]);
    let dry = |folder: &str| work.json(&["build", "r.csv", "--out", folder, "--dry-run", "--json"]);
    let told = dry("no/such/folder");
    assert_eq!(work.names("."), ["r.csv"]);
    assert_eq!(
        (&told["records"], &told["dryRun"]),
        (&json!(1), &json!(true))
    );
    let out = work.ok(&["build", "r.csv", "--out", "s", "--dry-run"]);
    assert!(
        out.contains("\nNothing was published: this was a dry run. "),
        "{out}"
    );

    let built = work.json(&["build", "r.csv", "--out", "s", "--json"]);
    for figure in ["bytes", "files", "written", "firstSearch"] {
        assert_eq!(told[figure], built[figure], "{figure}");
    }
    let names = work.names("s");
    work.write("r.csv", b"id,title\n1,Two\n");
    assert_ne!(dry("s")["written"], 0);
    assert_eq!(work.names("s"), names);
    assert_eq!(work.names("."), ["r.csv", "s"]);
    assert_eq!((work.total("s", "one"), work.total("s", "two")), (1, 0));
}

#[test]
fn what_is_wrong_fails_a_dry_run_as_it_fails_a_build() {
    let work = Work::with(&[
        ("r.csv", "id,title\n1,\n"),
        ("file", "x"),
        ("ok.csv", "id,title\n1,A\n"),
    ]);
    let build = |source: &str, out: &str| {
        let ran = work.run(&["build", source, "--out", out]);
        let dry = work.run(&["build", source, "--out", out, "--dry-run"]);
        assert_eq!((ran.code, &ran.err), (1, &dry.err));
        assert_eq!(dry.code, 1);
    };
    build("r.csv", "s");
    build("ok.csv", "file");
    let ran = work.run(&["build", "ok.csv", "--out", "s", "--dry-run", "--watch"]);
    assert_eq!(ran.code, 2);
}

#[test]
fn a_report_that_cannot_be_written_is_refused_before_the_work() {
    let work = Work::with(&[("r.csv", "id,title\n1,One\n")]);
    work.fails(
        &["build", "r.csv", "--out", "s", "--report", "no/such.html"],
        1,
        "no report can be written to no/such.html",
        "name a file in a folder that is there",
    );
    assert_eq!(work.names("."), ["r.csv"]);
    let ran = work.run(&["build", "r.csv", "--out", "s", "--report", "r.pdf"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err
            .contains("give a file that ends in .html, .txt or .json"),
        "{}",
        ran.err
    );
}

#[test]
fn a_build_that_is_not_allowed_is_reported_and_not_published() {
    let work = Work::with(&[("in/a.txt", "Boats and oars\n\nThey float.\n")]);
    let args = ["build", "in", "--out", "s", "--report", "r.json"];
    work.ok(&args);
    let names = work.names("s");
    work.write("in/b.txt", b"More boats\n\nThey sink.\n");
    let limits = [&args[..], &["--budget", "first-search=1KB"]].concat();
    let ran = work.run(&limits);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let told = figures(&work);
    assert_eq!(told["refused"]["reason"], ran.message());
    let first = told["summary"]["sentences"][0].as_str().unwrap();
    assert!(
        first.starts_with("This index is not published: "),
        "{first}"
    );
    assert_eq!(told["summary"]["amounts"]["rows"][0]["amount"], 2);
    assert_eq!(work.names("s"), names);
    assert_eq!(work.total("s", "sink"), 0);

    // What documents lack is told by file, just where it is the reason.
    let bare = Writer {
        pages: vec![Sheet::default().lines("F2", 72.0, 700.0, &["Boats", "And more."])],
        ..Writer::default()
    };
    work.write("in/c.pdf", &bare.bytes());
    let ran = work.run(&[&args[..], &["--fail-on", "untagged"]].concat());
    assert_eq!(ran.code, 1, "{}", ran.err);
    let told = figures(&work);
    assert_eq!(told["refused"]["code"], "document-findings");
    let lacking = &told["documents"]["lacking"]["rows"][0];
    assert_eq!(
        (&lacking["file"], &lacking["tags"]),
        (&json!("in/c.pdf"), &json!("missing"))
    );
    assert_eq!(work.names("s"), names);
}
