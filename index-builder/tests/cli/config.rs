//! `speir check-config`: what is wrong in the settings, all of it, and what right ones mean.

use serde_json::json;

use crate::support::Work;

#[test]
fn right_settings_are_told_in_plain_words() {
    let work = Work::with(&[
        ("data/r.csv", "id,title\n1,One\n"),
        ("data/notes.md~", "x"),
        (
            "site/index.html",
            "<title>Home</title><main><p>Words</main>",
        ),
        ("site/a.html", "<title>A</title><main><p>Words</main>"),
        ("words.csv", "bin, rubbish\n"),
        (
            "speir.toml",
            "lang = \"cy\"\nbase-url = \"https://example.org/lib\"\nsynonyms = \"words.csv\"\n\
             related = false\n[[sources]]\npath = \"data\"\n[[sources]]\npath = \"site\"\n\
             [[pins]]\nquery = \"bins\"\nrecord = \"1\"\n\
             [fields.funder]\nweight = 2\nfacet = true\nseparator = \",\"\n\
             [fields.pages]\ntype = \"number\"\nsort = true\nstored = false\n",
        ),
    ]);
    let told = work.ok(&["check-config"]);
    for line in [
        "speir.toml is right. It means:",
        "Language: cy for records that do not say theirs.",
        "Relative links are joined to https://example.org/lib/.",
        "  data: 1 csv file; 1 other is passed over",
        "  site: 2 pages",
        "Synonyms: 1 line.",
        "Pins: 1, such as \"bins\" for 1.",
        "Records like a given one can be named: no.",
    ] {
        assert!(told.lines().any(|told| told == line), "{line}\n{told}");
    }
    let field = |name: &str| {
        let mut lines = told.lines().map(str::trim_start);
        let line = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_default().trim().to_owned()
    };
    assert_eq!(
        field("funder"),
        "searched with weight 2, counted and filtered by, shown; cells hold several values, cut at ,"
    );
    assert_eq!(field("pages"), "sorted by; a number");

    let told = work.json(&["check-config", "speir.toml", "--json"]);
    assert_eq!(told["right"], true);
    assert_eq!(told["baseUrl"], "https://example.org/lib/");
    assert_eq!(told["sources"][1]["found"], json!({ "page": 2 }));
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let work = Work::with(&[(
        "speir.toml",
        "lnag = \"en\"\n[fields.funder]\nfacets = true\n[[sources]]\npath = \"missing\"\n",
    )]);
    let ran = work.run(&["check-config"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    for message in [
        "speir.toml, line 1, column 1: `lnag` is not a setting",
        "speir.toml, line 3, column 1: `facets` is not a setting",
        "there is no file or folder missing",
        "3 things are wrong in speir.toml",
    ] {
        assert!(ran.err.contains(message), "{message}\n{}", ran.err);
    }
    let ran = work.run(&["check-config", "--json"]);
    assert_eq!(ran.code, 1);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["right"], false);
    assert_eq!(told["problems"][1]["line"], 3);
    assert_eq!(told["problems"].as_array().unwrap().len(), 3);
}

#[test]
fn a_single_fault_is_told_as_a_build_tells_it() {
    let work = Work::with(&[("other.toml", "lang = \"english\"\n")]);
    work.fails(
        &["check-config", "other.toml"],
        1,
        "other.toml, line 1, column 8: `english` is not a language tag: give one such as en, cy or gd-GB",
        "use a BCP 47 tag",
    );
    work.fails(
        &["check-config"],
        1,
        "cannot read speir.toml: no such file or directory",
        "name the file, or let `speir init` write one by looking at your sources",
    );
}

#[test]
fn the_schema_is_printed_for_editors() {
    let work = Work::new();
    let schema = work.json(&["check-config", "--schema"]);
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    let ran = work.run(&["check-config", "--schema", "--json"]);
    assert_eq!(ran.code, 2);
}
