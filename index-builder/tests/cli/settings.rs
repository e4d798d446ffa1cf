//! What is read from sources and `speir.toml`, as it comes back from a search.

use serde_json::{Value, json};

use crate::support::Work;

fn hit(work: &Work, words: &str) -> Value {
    let page = work.json(&["search", "s", words, "--json"]);
    assert_eq!(page["total"], 1, "{words}: {page}");
    page["hits"][0].clone()
}

#[test]
fn values_come_back_as_they_were_given() {
    let record = json!({
        "id": 12345678901234567890_u64, "title": "Finding housing", "url": "guides/1.html",
        "description": "How to find a flat", "year": 2014, "pages": 12, "price": 1.5, "free": true,
        "organisations": ["Example Trust", "Strathmore Council"], "funder": "A; B", "none": null,
        "empty": "", "nothing": [], "contact": { "name": "Ann", "room": 3 },
        "downloads": [{ "url": "a.pdf", "bytes": 10 }, "b.pdf"],
        "sections": [{ "heading": "Making contact", "number": 5.10, "anchor": "#contact",
            "text": "Knock on doors" }],
    });
    let work = Work::with(&[(
        "r.json",
        &format!("\u{feff}{record}").replace("5.1,", "5.10,"),
    )]);
    work.ok(&[
        "build",
        "r.json",
        "--out",
        "s",
        "--base-url",
        "https://example.org/library",
    ]);
    let hit = hit(&work, "knock");
    assert_eq!(hit["id"], "12345678901234567890");
    assert_eq!(hit["url"], "https://example.org/library/guides/1.html");
    let fields = hit["fields"].as_object().unwrap();
    let names: Vec<&String> = fields.keys().collect();
    assert_eq!(
        names,
        [
            "description",
            "year",
            "pages",
            "price",
            "free",
            "organisations",
            "funder",
            "contact",
            "downloads"
        ]
    );
    for name in names {
        assert_eq!(fields[name], record[name], "{name}");
    }
    let section = &hit["sections"][0];
    assert_eq!(section["number"], "5.10");
    assert_eq!(
        section["url"],
        "https://example.org/library/guides/1.html#contact"
    );
}

#[test]
fn a_table_gives_lists_numbers_and_text() {
    let csv = "\u{feff}ID;Title;Organisations;Year;Pages;downloads\r\n\
               7;\"Housing; a guide\";Example Trust | Strathmore Council;2014;012;a.pdf|b.pdf\r\n\
               8;Schools;;;;\r\n";
    let work = Work::with(&[("r.csv", csv)]);
    work.ok(&["build", "r.csv", "--out", "s"]);
    let first = hit(&work, "housing");
    assert_eq!(
        (&first["id"], &first["title"]),
        (&json!("7"), &json!("Housing; a guide"))
    );
    assert_eq!(
        first["fields"],
        json!({ "organisations": ["Example Trust", "Strathmore Council"], "year": 2014,
            "Pages": "012", "downloads": ["a.pdf", "b.pdf"] })
    );
    assert_eq!(hit(&work, "schools")["fields"], json!({}));
}

#[test]
fn tabs_and_folders_and_formats_are_told_apart() {
    let work = Work::with(&[
        ("in/b.tsv", "id\ttitle\n1\tFirst, of all\n"),
        ("in/a/c.ndjson", "{\"id\": 2, \"title\": \"Second\"}\n"),
        ("in/a/d.json", "{\"id\": 3, \"title\": \"Third\"}"),
        ("in/readme.txt", "x"),
        ("in/.hidden.json", "nonsense"),
        ("export", "{\"id\": 4, \"title\": \"Fourth\"}\n"),
    ]);
    let report = work.json(&["build", "in", "--out", "in/s", "--json"]);
    assert_eq!(
        report["sources"],
        json!(["in/a/c.ndjson", "in/a/d.json", "in/b.tsv"])
    );
    assert_eq!(
        (&report["records"], &report["ignored"]),
        (&json!(3), &json!(1))
    );
    // The published folder is no source, though it lies in one and holds a file index.json.
    assert_eq!(
        work.json(&["build", "in", "--out", "in/s", "--json"])["records"],
        3
    );
    let report = work.json(&[
        "build", "export", "--format", "jsonl", "--out", "s", "--json",
    ]);
    assert_eq!(report["records"], 1);
}

#[test]
fn the_id_is_the_url_where_none_is_given() {
    let work = Work::with(&[("r.csv", "url,title\n/a/,Housing\n")]);
    work.ok(&["build", "r.csv", "--out", "s"]);
    assert_eq!(hit(&work, "housing")["id"], "/a/");
}

#[test]
fn settings_are_found_beside_the_source_and_flags_win() {
    let toml = "lang = \"cy\"\nbase-url = \"https://example.org/\"\n\
                [fields.funder]\nsearch = true\nfacet = true\nlist = true\nseparator = \",\"\n\
                [fields.pages]\ntype = \"number\"\nsort = true\n\
                [fields.body]\nsearch = false\nstored = false\n";
    let csv = "id,title,url,funder,pages,body\n\
               1,One,a,\"Alpha, Beta\",12,secret\n2,Two,b,Beta,7,secret\n3,Three,c,,,secret\n";
    let work = Work::with(&[
        ("in/r.csv", csv),
        ("in/speir.toml", toml),
        ("other.toml", ""),
    ]);
    assert!(
        work.ok(&["build", "in/r.csv", "--out", "s"])
            .starts_with("Settings from in/speir.toml.\n")
    );
    assert_eq!(work.total("s", "beta"), 2);
    assert_eq!(work.total("s", "secret"), 0);
    let page = work.json(&[
        "search", "s", "", "--sort", "-pages", "--facet", "funder", "--json",
    ]);
    let ids: Vec<&Value> = page["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| &hit["id"])
        .collect();
    assert_eq!(ids, ["1", "2", "3"]);
    assert_eq!(
        page["facets"]["funder"],
        json!([
            { "value": "Beta", "count": 2, "selected": false },
            { "value": "Alpha", "count": 1, "selected": false },
            { "value": null, "count": 1, "selected": false },
        ])
    );
    assert_eq!(page["hits"][0]["url"], "https://example.org/a");
    assert_eq!(page["hits"][0]["lang"], "cy");
    assert_eq!(
        page["hits"][0]["fields"],
        json!({ "funder": ["Alpha", "Beta"], "pages": 12 })
    );

    let flags = ["--lang", "en", "--base-url", "https://b.example/x"];
    work.ok(&[&["build", "in", "--out", "s"][..], &flags[..]].concat());
    let page = work.json(&["search", "s", "one", "--json"]);
    assert_eq!(page["hits"][0]["url"], "https://b.example/x/a");
    assert_eq!(page["hits"][0]["lang"], "en");

    // A file that is named takes the place of the one that would be found.
    work.ok(&["build", "in", "--out", "s", "--config", "other.toml"]);
    assert_eq!(work.total("s", "secret"), 3);
}

#[test]
fn settings_that_are_wrong_are_named_with_their_line() {
    let work = Work::with(&[
        ("r.csv", "id,title\n1,One\n"),
        (
            "speir.toml",
            "lang = \"en\"\n\n[fields.funder]\nfacets = true\n",
        ),
        ("broken.toml", "lang = \n"),
    ]);
    work.fails(
        &["build", "r.csv", "--out", "s"],
        1,
        "speir.toml, line 4, column 1: `facets` is not a setting",
        "did you mean `facet`? These can be set: search, weight, stored, facet, sort, type, list, separator, half-life-days",
    );
    work.fails(
        &["build", "r.csv", "--out", "s", "--config", "missing.toml"],
        1,
        "cannot read missing.toml: no such file or directory",
        "check the name, and the folder you are in",
    );
    let ran = work.run(&["build", "r.csv", "--out", "s", "--config", "broken.toml"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.message().starts_with("broken.toml, line 1, column"),
        "{}",
        ran.err
    );
}

#[test]
fn keys_that_are_not_searched_are_mentioned_once() {
    let work = Work::with(&[(
        "r.json",
        "[{\"id\": 1, \"title\": \"One\", \"text\": \"Long\", \"funder\": \"X\"}]",
    )]);
    let ran = work.run(&["build", "r.json", "--out", "s"]);
    assert!(
        ran.notes().contains(
            &"these keys are kept and shown, but not searched: funder, text; to search one, write \
              [fields.funder] and below it search = true in speir.toml"
        ),
        "{}",
        ran.err
    );
    assert_eq!(
        work.run(&["build", "r.json", "--out", "s", "--quiet"]).err,
        ""
    );
}

#[test]
fn text_is_composed_on_both_sides() {
    let work = Work::with(&[(
        "r.json",
        "[{\"id\": 1, \"title\": \"Cafe\u{301} guide\", \"type\": \"cafe\u{301}\"}]",
    )]);
    work.ok(&["build", "r.json", "--out", "s"]);
    assert_eq!(hit(&work, "cafe\u{301}")["title"], "Caf\u{e9} guide");
    assert_eq!(
        work.json(&["search", "s", "--filter", "type=cafe\u{301}", "--json"])["total"],
        1
    );
    assert_eq!(
        work.json(&["search", "s", "--filter", "type=caf\u{e9}", "--json"])["total"],
        1
    );
}
