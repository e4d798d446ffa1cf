//! Folders of web pages, as people have them: good pages beside broken ones.

use serde_json::{Value, json};

use crate::pdf_writer::{Sheet, Writer};
use crate::support::Work;

/// A page of a small site, with what all of its pages have.
fn page(title: &str, main: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>{title} | Tree wardens</title></head>\
         <body><a class=skip-link href=#main>Skip</a><header><nav><a href=/>Home</a></nav></header>\
         <main id=main>{main}<p>Call the wardens on weekdays.</p></main><footer>Our address</footer></body></html>"
    )
}

/// A small site of six pages.
fn site() -> Work {
    let work = Work::new();
    for (name, title, main) in [
        (
            "index.html",
            "Welcome",
            "<h1>Welcome</h1><p>We look after trees.</p>",
        ),
        (
            "handbook/index.html",
            "3. Watering",
            "<h1 id=s3>3. Watering</h1><p>Trees are thirsty.</p><h2 id=s3-1>3.1 Young trees</h2>\
             <p>Twice a week.</p><h3 id=s3-1-1>3.1.1 In a drought</h3><p>Each evening.</p>\
             <h4>Case study</h4><p>In Elmbridge, neighbours carried buckets.</p>\
             <p><a href=../files/rota.doc>Download Resource</a></p>",
        ),
        (
            "planting.html",
            "Planting",
            "<h1>Planting</h1><p>Dig in autumn.</p><h2>Stakes</h2><p>Two for each tree.</p>",
        ),
        (
            "pruning.html",
            "Pruning",
            "<h1>Pruning</h1><p>Saw in winter.</p>",
        ),
        ("soil.html", "Soil", "<h1>Soil</h1><p>Loam is best.</p>"),
    ] {
        work.write(&format!("site/{name}"), page(title, main).as_bytes());
    }
    work.write("site/files/rota.doc", b"an old program of Word");
    work
}

fn hits(work: &Work, folder: &str, words: &str) -> Vec<Value> {
    let page = work.json(&["search", folder, words, "--json"]);
    page["hits"].as_array().unwrap().clone()
}

#[test]
fn a_folder_of_pages_is_a_site_without_any_settings() {
    let work = site();
    let report = work.json(&["build", "site", "--out", "s", "--json"]);
    assert_eq!(
        (&report["records"], &report["sources"], &report["ignored"]),
        (&json!(5), &json!(["site"]), &json!(1))
    );
    let hit = &hits(&work, "s", "loam")[0];
    assert_eq!(
        (&hit["id"], &hit["url"], &hit["title"], &hit["lang"]),
        (
            &json!("/soil.html"),
            &json!("/soil.html"),
            &json!("Soil"),
            &json!("en")
        )
    );
    for words in ["wardens", "weekdays", "address", "skip", "home"] {
        assert_eq!(work.total("s", words), 0, "{words} is on every page");
    }
    assert_eq!(hits(&work, "s", "welcome")[0]["url"], "/");
}

#[test]
fn a_number_leads_to_its_section_and_a_case_study_has_a_kind() {
    let work = site();
    work.ok(&[
        "build",
        "site",
        "--out",
        "s",
        "--base-url",
        "https://example.org/wardens",
    ]);
    let hit = &hits(&work, "s", "3.1.1")[0];
    assert_eq!(hit["sections"][0]["number"], "3.1.1");
    assert_eq!(
        hit["sections"][0]["trail"],
        json!(["3 Watering", "3.1 Young trees"])
    );
    assert_eq!(
        hit["sections"][0]["url"],
        "https://example.org/wardens/handbook/#s3-1-1"
    );
    let hit = &hits(&work, "s", "case study elmbridge")[0];
    assert_eq!(hit["sections"][0]["heading"], "Case study");
    assert_eq!(hit["fields"]["kinds"], json!(["case study"]));
    assert_eq!(hit["sections"][0]["kind"], "case study");
    assert_eq!(
        hit["sections"][0]["trail"],
        json!(["3 Watering", "3.1 Young trees", "3.1.1 In a drought"])
    );
    assert_eq!(
        hit["fields"]["downloads"],
        json!([{
            "url": "https://example.org/wardens/files/rota.doc",
            "title": "In a drought",
            "format": "Word",
            "bytes": 22
        }])
    );
}

#[test]
fn headings_without_an_id_are_reported_with_one_that_they_could_have() {
    let work = site();
    let ran = work.run(&["build", "site", "--out", "s"]);
    assert_eq!(
        ran.notes().first(),
        Some(&"1 file with other endings were passed over"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains(
            "headings of site without an id, so that results lead to what is above them: 2; \
             \"Case study\" in site/handbook/index.html could have id=\"case-study\""
        ),
        "{}",
        ran.err
    );
    let report = work.json(&["build", "site", "--out", "s", "--json"]);
    assert_eq!(
        report["notes"][0]["items"],
        json!([
            {"file": "site/handbook/index.html", "heading": "Case study", "id": "case-study"},
            {"file": "site/planting.html", "heading": "Stakes", "id": "stakes"}
        ])
    );
}

#[test]
fn bad_pages_beside_good_ones_are_read_as_far_as_they_go() {
    let work = site();
    work.write(
        "site/broken.html",
        b"<html><main><h1>Broken <p>Gates and <b>fences</table></i>",
    );
    work.write(
        "site/latin.html",
        b"<meta charset=utf-8><title>Allotments</title><main>The caf\xE9 opens</main>",
    );
    work.write("site/empty.html", b"");
    let deep = format!("<h1>Depth</h1>{}moss", "<div>".repeat(10_000));
    work.write("site/deep.html", deep.as_bytes());
    work.write(
        "site/hidden.html",
        b"<meta name=robots content=noindex><h1>Hidden</h1><p>Hidden",
    );
    work.write(
        "site/old.html",
        b"<meta http-equiv=refresh content='0; url=soil.html'><title>Moved</title><p>Moved",
    );
    work.write(
        "site/draft.html",
        b"<body data-speir-ignore><h1>Draft</h1><p>Draft",
    );
    work.write(
        "site/copy.html",
        b"<link rel=canonical href=https://example.org/soil.html><h1>Soil</h1><p>Copied</p>",
    );
    let ran = work.run(&["build", "site", "--out", "s"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains(
            "pages of site that were passed over: 1 ask not to be found (robots: noindex), 1 lead to \
             another page at once, 1 have data-speir-ignore, 1 hold no text, 1 are copies of others \
             (rel=canonical)"
        ),
        "{}",
        ran.err
    );
    for (words, title) in [
        ("fences", "Broken Gates and fences"),
        ("caf\u{e9}", "Allotments"),
        ("moss", "Depth"),
    ] {
        let found = hits(&work, "s", words);
        assert_eq!(found[0]["title"], title, "{words}");
    }
    for words in ["hidden", "moved", "draft", "copied", "nowhere"] {
        assert_eq!(work.total("s", words), 0, "{words}");
    }
    work.ok(&["verify", "s"]);
}

#[test]
fn pages_say_what_they_are_by_attributes() {
    let work = site();
    work.write(
        "site/oak.html",
        b"<main data-speir-weight=3><h1>Oak</h1><p>A <b data-speir-facet=leaf>lobed</b> leaf, \
          <i data-speir-field=height content=20>tall</i>.</p><div data-speir-ignore>Ignored</div></main>",
    );
    work.write(
        "site/ash.html",
        b"<main><h1>Ash</h1><p>A <b data-speir-facet=leaf>pinnate</b> leaf",
    );
    work.write(
        "site/speir.toml",
        b"[fields.height]\ntype = \"number\"\nsort = true\n",
    );
    work.ok(&["build", "site", "--out", "s"]);
    let page = work.json(&["search", "s", "leaf", "--facet", "leaf", "--json"]);
    let titles: Vec<&Value> = page["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|h| &h["title"])
        .collect();
    assert_eq!(titles, ["Oak", "Ash"]);
    assert_eq!(page["hits"][0]["fields"]["height"], 20);
    let values: Vec<&Value> = page["facets"]["leaf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|count| &count["value"])
        .collect();
    assert_eq!(values, ["lobed", "pinnate"]);
    assert_eq!(work.total("s", "ignored"), 0);
}

#[test]
fn a_value_that_a_page_gives_wrongly_is_named_with_the_page() {
    let work = site();
    work.write(
        "site/oak.html",
        b"<h1>Oak</h1><p>In <b data-speir-field=year>spring</b>",
    );
    work.fails(
        &["build", "site", "--out", "s"],
        1,
        "site/oak.html, field `year`: \"spring\" is not a number",
        "write the year in digits, such as 2016, or leave it empty",
    );
    work.write(
        "site/oak.html",
        b"<body data-speir-weight=heavy><h1>Oak</h1><p>x",
    );
    work.fails(
        &["build", "site", "--out", "s"],
        1,
        "site/oak.html, field `boost`: \"heavy\" is not a number",
        "write digits, such as 12 or 3.5, or leave it empty",
    );
    let report = work.json(&[
        "build",
        "site",
        "--out",
        "s",
        "--on-error",
        "skip",
        "--json",
    ]);
    assert_eq!(
        (&report["records"], &report["skipped"]),
        (&json!(5), &json!(1))
    );
}

#[test]
fn records_beside_pages_are_passed_over_and_told_of() {
    let work = site();
    work.write("site/assets/data.json", b"{\"not\": \"records\"}");
    let ran = work.run(&["build", "site", "--out", "s"]);
    assert!(
        ran.err.contains(
            "note: 1 file of JSON, CSV, XML or Markdown among web pages were passed over"
        ),
        "{}",
        ran.err
    );
}

#[test]
fn a_folder_in_which_no_page_is_left_is_an_error() {
    let work = Work::with(&[
        ("site/a.html", "<meta name=robots content=none><p>x"),
        ("site/b.html", ""),
    ]);
    work.fails(
        &["build", "site", "--out", "s"],
        1,
        "site: the file holds no records",
        "look at its pages: 1 ask not to be found (robots: noindex), 1 hold no text",
    );
}

#[test]
fn any_number_of_threads_gives_the_same_index() {
    let work = site();
    for n in 0..60 {
        let main = format!(
            "<h1>Plot {n}</h1><h2>Trees</h2><p>It has {n} trees and w{}.",
            n * 7
        );
        work.write(
            &format!("site/plots/{n}.html"),
            page(&format!("Plot {n}"), &main).as_bytes(),
        );
    }
    work.ok(&["build", "site", "--out", "one", "--threads", "1"]);
    work.ok(&["build", "site", "--out", "three", "--threads", "3"]);
    for name in work.files("one") {
        let bytes = |folder: &str| std::fs::read(work.path(folder).join(&name)).unwrap();
        assert_eq!(bytes("one"), bytes("three"), "{name}");
    }
}

#[test]
fn documents_of_a_site_are_records_beside_its_pages_and_have_addresses_as_they_do() {
    let work = site();
    let plan = Writer {
        title: Some("The planting plan".to_owned()),
        lang: Some("en".to_owned()),
        is_tagged: true,
        pages: ["Saplings come first", "Bollards and grates"]
            .map(|line| Sheet::default().lines("F2", 72.0, 700.0, &[line]))
            .into(),
        ..Writer::default()
    };
    work.write("site/files/the plan.pdf", &plan.bytes());
    work.write("site/fonts/OPEN-SANS.txt", b"Saplings may be copied.");
    work.write("site/files/about.csv", b"file,type\nthe plan.pdf,plan\n");
    let report = work.json(&["build", "site", "--out", "s", "--json"]);
    assert_eq!(
        (&report["records"], &report["warnings"][0]["message"]),
        (
            &json!(6),
            &json!("2 files with other endings were passed over")
        )
    );
    let hit = &hits(&work, "s", "bollards")[0];
    assert_eq!(
        (
            &hit["id"],
            &hit["fields"]["type"],
            &hit["sections"][0]["url"]
        ),
        (
            &json!("/files/the%20plan.pdf"),
            &json!("plan"),
            &json!("/files/the%20plan.pdf#page=2")
        )
    );
    let base = "https://example.org/wardens";
    work.ok(&["build", "site", "--out", "b", "--base-url", base]);
    let hit = &hits(&work, "b", "bollards")[0];
    assert_eq!(
        (&hit["url"], &hit["fields"]["downloads"][0]["url"]),
        (
            &json!("https://example.org/wardens/files/the%20plan.pdf"),
            &json!("https://example.org/wardens/files/the%20plan.pdf")
        )
    );
}

#[test]
fn parts_of_pages_count_as_their_author_says() {
    let work = Work::new();
    let text = "<p>Oaks stand beside beeches, and both want room.</p>";
    for (name, main) in [
        ("plain", format!("<h1>Plain</h1>{text}")),
        (
            "more",
            format!("<h1>More</h1><div data-speir-weight=5>{text}</div>"),
        ),
        (
            "less",
            format!("<h1>Less</h1><div data-speir-weight=0.5>{text}</div>"),
        ),
        (
            "none",
            format!("<h1>None</h1><div data-speir-weight=0>{text}</div><p>Else.</p>"),
        ),
    ] {
        let page = format!("<!doctype html><html lang=en><title>{name}</title><main>{main}</main>");
        work.write(&format!("site/{name}.html"), page.as_bytes());
    }
    work.ok(&["build", "site", "--out", "s"]);
    let found = hits(&work, "s", "oaks");
    let urls: Vec<&str> = found.iter().filter_map(|hit| hit["url"].as_str()).collect();
    assert_eq!(urls, ["/more.html", "/plain.html", "/less.html"]);
    for hit in &found {
        assert!(hit["excerpt"].to_string().contains("Oaks"), "{hit}");
        assert_eq!(
            hit["fields"]["weight-5"],
            Value::Null,
            "nothing is kept twice"
        );
    }
    work.write(
        "site/wrong.html",
        b"<main><h1>W</h1><p data-speir-weight=high>x</p></main>",
    );
    work.fails(
        &["build", "site", "--out", "s"],
        1,
        "site/wrong.html, field `data-speir-weight`: `data-speir-weight` should be a number from 0, but is \"high\"",
        "write 2 for a part whose words should count twice, 0.5 for half, or leave it out",
    );
}
