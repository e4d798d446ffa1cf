//! Static pages beside the index, for readers without JavaScript.

use serde_json::json;

use crate::support::Work;

fn work() -> Work {
    let work = Work::new();
    work.write_records(
        "r.jsonl",
        [
            json!({ "id": "1", "title": "Housing advice", "url": "/housing/", "type": "guide", "year": 2016, "lang": "en",
                "downloads": [{ "url": "/a.pdf", "format": "PDF", "bytes": 1_200_000 }] }),
            json!({ "id": "2", "title": "Cyngor tai", "url": "/cy/tai/", "type": "guide", "lang": "cy" }),
            json!({ "id": "3", "title": "2014 figures <draft>", "type": "report", "lang": "en" }),
        ],
    );
    work
}

fn page(work: &Work, name: &str) -> String {
    std::fs::read_to_string(work.path(name)).unwrap()
}

#[test]
fn every_record_stands_on_a_page_that_needs_no_script() {
    let work = work();
    let report = work.json(&["build", "r.jsonl", "--out", "s", "--lang", "en", "--json"]);
    let index = page(&work, "s/browse/index.html");
    assert!(index.contains("<a href=\"/housing/\"><bdi>Housing advice</bdi></a>"));
    assert!(
        index.contains("<a href=\"/a.pdf\">Download <bdi>Housing advice</bdi> (PDF, 1.2 MB)</a>")
    );
    assert!(index.contains("2014 figures &lt;draft&gt;"));
    assert!(index.contains("<a href=\"type/guide.html\"><bdi>guide</bdi></a> (2)"));
    assert!(
        page(&work, "s/browse/type/guide.html").contains("lang=\"cy\"><bdi>Cyngor tai</bdi></a>")
    );
    let welsh = page(&work, "s/browse/cy/index.html");
    assert!(
        welsh.contains("<h1>Pob adnodd</h1>")
            && welsh.contains("Lawrlwytho <bdi>Housing advice</bdi>")
    );
    let n_pages = work
        .files("s/browse")
        .into_iter()
        .filter(|name| !name.ends_with(".txt"))
        .count();
    assert_eq!(report["pages"]["files"], json!(n_pages));
    let text = work.ok(&["build", "r.jsonl", "--out", "s", "--lang", "en"]);
    assert!(
        text.ends_with(&format!(
            "Pages for readers without JavaScript: {n_pages} files in s/browse.\n"
        )),
        "{text}"
    );
}

#[test]
fn pages_of_values_that_are_gone_go_and_a_publishers_own_stay() {
    let work = work();
    work.ok(&["build", "r.jsonl", "--out", "s"]);
    work.write("s/browse/own.html", b"mine");
    assert!(work.path("s/browse/type/guide.html").exists());
    work.write_records(
        "r.jsonl",
        [json!({ "id": "1", "title": "Housing advice", "url": "/housing/", "type": "guide" })],
    );
    let report = work.json(&["build", "r.jsonl", "--out", "s", "--json"]);
    assert!(report["pages"]["removed"].as_u64().unwrap() > 0);
    assert!(!work.path("s/browse/type/guide.html").exists());
    assert_eq!(page(&work, "s/browse/own.html"), "mine");
}

#[test]
fn pages_can_be_left_out_and_have_the_sites_own_frame() {
    let work = work();
    work.write("speir.toml", b"[browse]\npages = false\n");
    work.ok(&["build", "r.jsonl", "--out", "s"]);
    assert!(!work.path("s/browse").exists());

    work.write(
        "frame.html",
        b"<html lang={{lang}}><body><main>{{content}}</main>",
    );
    work.write("speir.toml", b"[browse]\ntemplate = \"frame.html\"\n");
    work.ok(&["build", "r.jsonl", "--out", "s"]);
    let index = page(&work, "s/browse/index.html");
    assert!(index.starts_with("<html lang=en><body><main>") && index.contains("Housing advice"));
}

#[test]
fn what_cannot_be_meant_is_named_with_its_line() {
    let work = work();
    let args = ["build", "r.jsonl", "--out", "s"];
    work.write("speir.toml", b"[browse]\npage = true\n");
    work.fails(
        &args,
        1,
        "speir.toml, line 2, column 1: `page` is not a setting",
        "did you mean `pages`? These can be set: pages, template",
    );
    work.write("frame.html", b"<main></main>");
    work.write("speir.toml", b"[browse]\ntemplate = \"frame.html\"\n");
    work.fails(
        &args,
        1,
        "speir.toml, line 2, column 12: `frame.html` does not say where the lists go",
        "write {{content}} in it, between <main> and </main>",
    );
}
