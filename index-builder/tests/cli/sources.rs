//! `[[sources]]`: several sources in one build, and pages that list resources.

use serde_json::{Value, json};

use crate::support::Work;

const LIST: &str = "<!doctype html><html lang=en><title>Resources</title><main><h1>Resources</h1>
<form><label>Find <input></label></form>
<ul class=resources>
<li class=card><img src=covers/a.png alt='Hedges: a guide'><h3><a href=files/hedges.pdf>Hedges: a guide</a></h3>
 <p class=org>Tree wardens, Parish council</p><p class=year>2016</p><p class=type>guide</p><p class=abstract>How to lay them.</p></li>
<li class=card><h3><a href=https://example.com/ponds>Ponds</a></h3><p class=org>Pond people</p><p class=abstract>Newts.</p></li>
<li class=card><h3>A talk about moss</h3><p class=year>Spring 2012</p></li>
</ul></main>";

const LIST_SETTINGS: &str = "[[sources]]\npath = \"site/resources.html\"\ndefaults = { type = \"resource\" }\n\
[sources.list]\nitem = \"li.card\"\ntitle = \"h3\"\norganisations = \".org\"\nyear = \".year\"\n\
type = \".type\"\nimage = \"img@src\"\nlink = \"h3 a\"\ndescription = \".abstract\"\n";

fn all(work: &Work) -> Vec<Value> {
    let page = work.json(&["search", "s", "--json", "--sort", "title", "--limit", "50"]);
    page["hits"].as_array().unwrap().clone()
}

#[test]
fn a_page_that_lists_resources_is_read_by_selectors() {
    let work = Work::with(&[("site/resources.html", LIST), ("speir.toml", LIST_SETTINGS)]);
    work.ok(&["build", "--out", "s", "--base-url", "https://example.org/"]);
    let told: Vec<String> = all(&work)
        .iter()
        .map(|hit| format!("{} {} {}", hit["id"], hit["url"], hit["fields"]))
        .collect();
    assert_eq!(
        told,
        [
            "\"https://example.org/resources.html#item-3\" null {\"year\":2012,\"type\":\"resource\"}",
            "\"https://example.org/files/hedges.pdf\" \"https://example.org/files/hedges.pdf\" \
             {\"organisations\":[\"Tree wardens\",\"Parish council\"],\"year\":2016,\"type\":\"guide\",\
             \"image\":\"https://example.org/covers/a.png\",\"description\":\"How to lay them.\"}",
            "\"https://example.com/ponds\" \"https://example.com/ponds\" \
             {\"organisations\":[\"Pond people\"],\"description\":\"Newts.\",\"type\":\"resource\"}",
        ]
    );
    let page = work.json(&["search", "s", "--facet", "organisations", "--json"]);
    assert_eq!(page["facets"]["organisations"].as_array().unwrap().len(), 4);
}

#[test]
fn a_row_of_a_table_completes_the_page_of_its_address() {
    let page = |title: &str| {
        format!("<h1>{title}</h1><p>The page about {title}.</p><h2 id=a>More</h2><p>x")
    };
    let work = Work::with(&[
        ("web/site/oak.html", &page("Oak")),
        ("web/site/ash/index.html", &page("Ash")),
        ("web/site/old/elm.html", &page("Elm")),
        (
            "web/table.csv",
            "url,title,topics,funder\noak.html,Oak trees,shade,Guild\n/beech,Beech,shade,\n",
        ),
        (
            "web/speir.toml",
            "[[sources]]\npath = \"site\"\nexclude = \"old/**\"\ndefaults = { type = \"page\", lang = \"en-GB\" }\n\
             [[sources]]\npath = \"table.csv\"\ndefaults = { type = \"row\", year = 2016 }\n",
        ),
    ]);
    let run = [
        "build",
        "--config",
        "web/speir.toml",
        "--out",
        "s",
        "--json",
    ];
    let report = work.json(&run);
    assert_eq!(
        (&report["records"], &report["joined"]),
        (&json!(3), &json!(1))
    );
    let told = |work: &Work| -> Vec<String> {
        let hits = all(work);
        let hits = hits.iter().map(|hit| {
            let fields = &hit["fields"];
            format!(
                "{} {} {} {} {}",
                hit["title"], fields["type"], fields["topics"], fields["year"], fields["body"]
            )
        });
        hits.collect()
    };
    assert_eq!(
        told(&work),
        [
            "\"Ash\" \"page\" null null \"The page about Ash.\"",
            "\"Beech\" \"row\" [\"shade\"] 2016 null",
            // Both say what it is; the later source says it first, and the other fills the gaps.
            "\"Oak trees\" \"page\" [\"shade\"] 2016 \"The page about Oak.\"",
        ]
    );
    assert_eq!(work.total("s", "more"), 2, "sections stay");
    assert_eq!(work.total("s", "elm"), 0);
    // With a higher precedence the page says more.
    let settings = std::fs::read_to_string(work.path("web/speir.toml")).unwrap();
    let settings = settings.replace("path = \"site\"\n", "path = \"site\"\nprecedence = 1\n");
    work.write("web/speir.toml", settings.as_bytes());
    work.ok(&run);
    assert_eq!(
        told(&work)[2],
        "\"Oak\" \"page\" [\"shade\"] 2016 \"The page about Oak.\""
    );
}

#[test]
fn the_larger_source_completes_the_smaller_as_well() {
    let rows = |n: usize| -> String {
        let rows = (0..n).map(|n| format!("/p{n}.html,Row {n},topic{n}\n"));
        rows.fold("url,title,topics\n".to_owned(), |all, row| all + &row)
    };
    let work = Work::with(&[
        ("site/p7.html", "<h1>Page</h1><p>Seven."),
        ("rows.csv", &rows(300)),
        (
            "speir.toml",
            "[[sources]]\npath = \"site\"\n[[sources]]\npath = \"rows.csv\"\n",
        ),
    ]);
    let report = work.json(&["build", "--out", "s", "--json"]);
    assert_eq!(
        (&report["records"], &report["joined"]),
        (&json!(300), &json!(1))
    );
    let page = work.json(&["search", "s", "seven", "--json"]);
    assert_eq!(page["hits"][0]["title"], "Row 7");
}

#[test]
fn each_site_has_addresses_and_common_texts_of_its_own() {
    let page = |lang: &str, title: &str, other: &str| {
        format!(
            "<html lang={lang}><title>{title}</title><link rel=alternate hreflang=en href=/en/a.html>\
             <link rel=alternate hreflang=cy href=/cy/a.html>{other}<main><h1>{title}</h1><p>{title} {lang}"
        )
    };
    let work = Work::with(&[
        ("welsh/a.html", &page("cy", "Coed", "")),
        (
            "english/a.html",
            &page(
                "en",
                "Trees",
                "<link rel=canonical href=https://example.org/en/a.html>",
            ),
        ),
        (
            "speir.toml",
            "base-url = \"https://example.org/\"\n[[sources]]\npath = \"welsh\"\nurl-prefix = \"cy\"\n\
             [[sources]]\npath = \"english\"\nurl-prefix = \"/en/\"\n",
        ),
    ]);
    let report = work.json(&["build", "--out", "s", "--json"]);
    assert_eq!(
        (&report["records"], &report["versions"]),
        (&json!(1), &json!(1))
    );
    let told: Vec<String> = all(&work)
        .iter()
        .map(|hit| {
            format!(
                "{} {} {}",
                hit["id"], hit["lang"], hit["fields"]["alternates"]
            )
        })
        .collect();
    assert_eq!(
        told,
        ["\"https://example.org/en/a.html\" \"en\" \
             [{\"lang\":\"cy\",\"title\":\"Coed\",\"url\":\"https://example.org/cy/a.html\"}]",]
    );
    // Either language finds the pair, which is shown in the reader's.
    for words in ["trees", "coed"] {
        let page = work.json(&["search", "s", words, "--lang", "cy", "--json"]);
        assert_eq!(page["total"], 1, "{words}");
        assert_eq!(page["hits"][0]["title"], "Coed");
        assert_eq!(page["hits"][0]["lang"], "cy");
        assert_eq!(page["hits"][0]["url"], "https://example.org/cy/a.html");
    }
}

#[test]
fn sources_on_the_command_line_go_before_those_of_the_settings() {
    let work = Work::with(&[
        ("a.csv", "id,title\n1,One\n"),
        ("b.csv", "id,title\n2,Two\n"),
        ("speir.toml", "[[sources]]\npath = \"b.csv\"\n"),
    ]);
    work.ok(&["build", "--out", "s"]);
    assert_eq!((work.total("s", "one"), work.total("s", "two")), (0, 1));
    work.ok(&["build", "a.csv", "--out", "s"]);
    assert_eq!((work.total("s", "one"), work.total("s", "two")), (1, 0));
}

#[test]
fn what_cannot_be_meant_is_an_error_with_its_place() {
    let work = Work::with(&[("site/a.html", LIST), ("r.csv", "id,title\n1,One\n")]);
    let check = |settings: &str, message: &str, advice: &str| {
        work.write("speir.toml", settings.as_bytes());
        work.fails(&["build", "--out", "s"], 1, message, advice);
    };
    check(
        "sources = \"site\"\n",
        "speir.toml, line 1, column 11: `sources` should be tables",
        "write [[sources]], and below it path = \"...\"",
    );
    check(
        "[[sources]]\nformat = \"csv\"\n",
        "speir.toml, line 1, column 1: the source has no `path`",
        "name its file or folder, as seen from the folder of speir.toml: path = \"site\"",
    );
    check(
        "[[sources]]\npath = \"site\"\nformat = \"xml\"\n",
        "speir.toml, line 3, column 10: there is no format `xml`",
        "write json, jsonl, csv, html, markdown, wordpress, drupal, rss or sitemap, or leave it out where the endings of files tell",
    );
    check(
        "[[sources]]\npath = \"site\"\ninclud = \"a\"\n",
        "speir.toml, line 3, column 1: `includ` is not a setting",
        "did you mean `include`? These can be set: path, format, include, exclude, url-prefix, \
         defaults, precedence, list, columns, separator, encoding, date-format, records",
    );
    check(
        "[[sources]]\npath = \"site\"\nexclude = [\"a\", \"b[\"]\n",
        "speir.toml, line 3, column 17: `b[` is not a pattern: unclosed character class; missing ']'",
        "write news/*.html for the files of a folder, news/** for all below it",
    );
    check(
        "[[sources]]\npath = \"site\"\ndefaults = { year = \"soon\" }\n",
        "speir.toml, line 3, column 21: \"soon\" is not a number",
        "write the year in digits, such as 2016, or leave it empty",
    );
    check(
        "[[sources]]\npath = \"site\"\ndefaults = { title = \"A\" }\n",
        "speir.toml, line 3, column 14: `title` cannot be the same for all records of a source",
        "leave it out, and give it in each record",
    );
    check(
        "[[sources]]\npath = \"site\"\n[sources.list]\nitem = \"li.card >> a\"\ntitle = \"h3\"\n",
        "speir.toml, line 4, column 18: the selector cannot be read: `>` cannot begin a selector",
        "write it as in a style sheet: li.resource > h3, a[href$='.pdf'], img@src for an attribute",
    );
    check(
        "[[sources]]\npath = \"site\"\n[sources.list]\nitem = \"li.card\"\n",
        "speir.toml, line 3, column 10: the list has no `title`",
        "give the selector of the title inside an item: title = \"h3\"",
    );
    check(
        "[[sources]]\npath = \"r.csv\"\nformat = \"csv\"\n[sources.list]\nitem = \"li\"\ntitle = \"h3\"\n",
        "speir.toml, line 4, column 10: a list is read from web pages",
        "leave out `list`, or write format = \"html\"",
    );
    check(
        "[[sources]]\npath = \"site\"\n[sources.list]\nitem = \"li.resource\"\ntitle = \"h3\"\n",
        "site/a.html: `item = \"li.resource\"` selects nothing on this page",
        "look at the page's source for the element around each resource, and correct `item` in speir.toml",
    );
    check(
        "[[sources]]\npath = \"site\"\n[sources.list]\nitem = \"li.card\"\ntitle = \"h3 a\"\n",
        "site/a.html, line 7, field `title`: the record has no title",
        "give it a `title`: that is what readers are shown",
    );
    check(
        "[[sources]]\npath = \"nowhere\"\n",
        "there is no file or folder nowhere",
        "check the name, and the folder you are in",
    );
}
