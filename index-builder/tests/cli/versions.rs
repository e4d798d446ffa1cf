//! Records in several languages, from every source that can have them.

use serde_json::json;

use crate::support::Work;

/// The title and language that a reader of a language is shown for a word.
fn shown(work: &Work, words: &str, lang: &str) -> String {
    let page = work.json(&["search", "s", words, "--lang", lang, "--json"]);
    let hits = page["hits"].as_array().expect("a page has hits").iter();
    let shown = hits.map(|hit| {
        let text = |key: &str| hit[key].as_str().unwrap_or("-").to_owned();
        format!("{} {} {}", text("lang"), text("url"), text("title"))
    });
    shown.collect::<Vec<_>>().join("; ")
}

#[test]
fn a_table_has_columns_for_a_language() {
    let work = Work::with(&[(
        "r.csv",
        "id,url,title,description,type,url@cy,title@cy,description@cy\n\
         1,/en/rent,Paying rent,When it is due.,guide,/cy/rhent,Talu rhent,Pryd i dalu yng Nghaerdydd.\n\
         2,/en/bins,Bins,Which day.,guide,,,\n",
    )]);
    let report = work.json(&["build", "r.csv", "--out", "s", "--json"]);
    assert_eq!(report["records"], 2);
    assert_eq!(shown(&work, "rent", "en"), "en /en/rent Paying rent");
    assert_eq!(shown(&work, "rent", "cy"), "cy /cy/rhent Talu rhent");
    assert_eq!(shown(&work, "Caerdydd", "cy"), "cy /cy/rhent Talu rhent");
    assert_eq!(shown(&work, "bins", "cy"), "en /en/bins Bins");
    let page = work.json(&["search", "s", "rent", "--facet", "lang", "--json"]);
    let langs: Vec<&serde_json::Value> = page["facets"]["lang"]
        .as_array()
        .expect("counts are a list")
        .iter()
        .map(|count| &count["value"])
        .collect();
    assert_eq!(json!(langs), json!(["cy", "en"]));
}

#[test]
fn json_has_versions_with_the_keys_of_a_record() {
    let work = Work::with(&[(
        "r.json",
        r#"[{"id": "1", "url": "/en/", "title": "Trees", "lang": "en", "alternates": [
             {"lang": "cy", "url": "/cy/", "title": "Coed", "sections": [
               {"heading": "Derw", "number": 5.10, "text": "mesen"}]},
             {"lang": "pl", "url": "/pl/"}]}]"#,
    )]);
    work.ok(&[
        "build",
        "r.json",
        "--out",
        "s",
        "--base-url",
        "https://example.org/",
    ]);
    assert_eq!(
        shown(&work, "mesen", "cy"),
        "cy https://example.org/cy/ Coed"
    );
    let page = work.json(&["search", "s", "mesen", "--lang", "cy", "--json"]);
    let hit = &page["hits"][0];
    assert_eq!(hit["sections"][0]["number"], "5.10", "as it is written");
    assert_eq!(
        hit["fields"]["alternates"],
        json!([
            { "lang": "en", "title": "Trees", "url": "https://example.org/en/" },
            { "lang": "pl", "url": "/pl/" },
        ])
    );
}

#[test]
fn records_that_name_each_others_links_are_one() {
    let work = Work::with(&[(
        "r.json",
        r#"[{"url": "/cy/a", "title": "Coed", "lang": "cy", "alternates": [{"lang": "en", "url": "/en/a"}]},
            {"url": "/en/a", "title": "Trees", "lang": "en", "alternates": [{"lang": "cy", "url": "/cy/a"}]},
            {"url": "/en/b", "title": "Treetops", "lang": "en", "alternates": [{"lang": "cy", "url": "/cy/a"}]}]"#,
    )]);
    let report = work.json(&["build", "r.json", "--out", "s", "--json"]);
    assert_eq!(
        (&report["records"], &report["versions"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(shown(&work, "coed", "en"), "en /en/a Trees");
    assert_eq!(shown(&work, "treetops", "cy"), "en /en/b Treetops");
}

#[test]
fn a_version_without_title_or_language_is_named_with_its_place() {
    let check = |name: &str, source: &str, expected: &[&str]| {
        let work = Work::with(&[(name, source)]);
        let ran = work.run(&["build", name, "--out", "s"]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        for part in expected {
            assert!(ran.err.contains(part), "{part}: {}", ran.err);
        }
    };
    check(
        "r.csv",
        "id,title,url@cy\n1,One,/cy/1\n",
        &["r.csv", "2", "`url@cy`", "title@cy"],
    );
    check(
        "r.json",
        r#"[{"id": "1", "title": "One", "alternates": [{"title": "Un"}]}]"#,
        &["r.json", "alternates", "no `lang`", "\"lang\": \"cy\""],
    );
    check(
        "r.json",
        r#"[{"id": "1", "title": "One", "lang": "cy", "alternates": [{"lang": "cy", "title": "Un"}]}]"#,
        &[
            "r.json",
            "alternates",
            "one version a language",
            "two in `cy`",
        ],
    );
    check(
        "r.json",
        r#"[{"id": "1", "title": "One", "alternates": "/cy/"}]"#,
        &["r.json", "`alternates` should be a list"],
    );
}

#[test]
fn static_pages_show_the_version_of_their_language() {
    let work = Work::with(&[(
        "r.csv",
        "id,url,title,url@cy,title@cy\n1,/en/1,Trees,/cy/1,Coed\n2,/en/2,Bins,/cy/2,Biniau\n",
    )]);
    work.ok(&["build", "r.csv", "--out", "s"]);
    let pages: Vec<String> = work
        .files("s/browse")
        .into_iter()
        .filter(|name| name.ends_with(".html"))
        .map(|name| {
            std::fs::read_to_string(work.path(&format!("s/browse/{name}"))).expect("a page is text")
        })
        .collect();
    assert!(
        pages
            .iter()
            .any(|page| page.contains("href=\"/cy/1\"") && page.contains("Coed"))
    );
    assert!(
        pages
            .iter()
            .any(|page| page.contains("href=\"/en/1\"") && page.contains("Trees"))
    );
    assert!(
        !pages
            .iter()
            .any(|page| page.contains("Coed") && page.contains("Trees"))
    );
}
