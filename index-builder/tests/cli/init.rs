//! `speir init`: what it writes about sources, and that a build takes it as it stands.

use crate::support::Work;

/// Looks at the sources, then checks and builds with what was written; gives the settings without
/// comments and blank lines.
fn settings(work: &Work, sources: &[&str]) -> String {
    work.ok(&[&["init"], sources].concat());
    work.ok(&["check-config"]);
    work.ok(&["build", "--out", "s"]);
    let text = std::fs::read_to_string(work.path("speir.toml")).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn columns_get_settings_by_their_values() {
    let csv = "id,title,Funder name,regions,pages,opened,website,remark,phone\n\
        1,Help with housing and the council,Alpha Trust,north;south,12,2016-06-14,https://a.example/,Ask at the desk,0123\n\
        2,Help with the bins and the waste,Beta Fund,south,7,2016-07-01,https://b.example/,Closed in winter,0456\n\
        3,The schools of the town and the county,Alpha Trust,north;west,30,2017-01-02,https://c.example/,,0789\n\
        4,What to do when the water is off,Beta Fund,south,8,,,Ring first,0999\n";
    let work = Work::with(&[("r.csv", csv)]);
    assert_eq!(
        settings(&work, &["r.csv"]),
        "lang = \"en\"\n[[sources]]\npath = \"r.csv\"\n\
         [fields.\"Funder name\"]\nsearch = true\nfacet = true\n\
         [fields.opened]\ntype = \"date\"\nsort = true\n\
         [fields.pages]\ntype = \"number\"\nsort = true\n\
         [fields.phone]\nsearch = true\n\
         [fields.regions]\nlist = true\nseparator = \";\"\nsearch = true\nfacet = true\n\
         [fields.remark]\nsearch = true\n\
         [fields.website]"
    );
    let page = work.json(&["search", "s", "alpha", "--filter", "regions=west", "--json"]);
    assert_eq!(page["total"], 1);
    let page = work.json(&["search", "s", "", "--sort", "-pages", "--json"]);
    assert_eq!(page["hits"][0]["id"], "3");
}

#[test]
fn pages_tell_their_language_and_address() {
    let page = |path: &str| {
        format!(
            "<html lang=cy><head><title>Tudalen {path}</title>\
             <link rel=canonical href=\"https://example.org/lib/{path}\"></head>\
             <main><h1>Tudalen {path}</h1><p>Geiriau am {path}</main></html>"
        )
    };
    let work = Work::with(&[
        ("public/index.html", &page("")),
        ("public/a/index.html", &page("a/")),
        ("public/b.html", &page("b")),
    ]);
    let out = work.ok(&["init", "public"]);
    assert!(
        out.ends_with("Build the index:    speir build --out public/search\n"),
        "{out}"
    );
    std::fs::remove_file(work.path("speir.toml")).unwrap();
    assert_eq!(
        settings(&work, &["public"]),
        "lang = \"cy\"\nbase-url = \"https://example.org/lib/\"\n[[sources]]\npath = \"public\""
    );
}

#[test]
fn addresses_that_do_not_agree_are_not_taken() {
    let page = |base: &str| {
        format!(
            "<html lang=en><head><meta property=\"og:url\" content=\"{base}\"><title>T</title></head>\
             <main><h1>Help with housing</h1><p>Words of {base}</main></html>"
        )
    };
    let work = Work::with(&[
        ("in/a.html", &page("https://a.example/a.html")),
        ("in/b.html", &page("https://b.example/b.html")),
    ]);
    assert_eq!(
        settings(&work, &["in"]),
        "lang = \"en\"\n[[sources]]\npath = \"in\""
    );
}

#[test]
fn several_sources_and_languages_are_written_down() {
    let work = Work::with(&[
        (
            "my data/a.json",
            "{\"id\": 1, \"title\": \"One\", \"lang\": \"en\"}",
        ),
        (
            "b.jsonl",
            "{\"id\": 2, \"title\": \"Dau\", \"lang\": \"cy\"}\n",
        ),
    ]);
    assert_eq!(
        settings(&work, &["my data", "b.jsonl"]),
        "[[sources]]\npath = \"my data\"\n[[sources]]\npath = \"b.jsonl\""
    );
    let text = std::fs::read_to_string(work.path("speir.toml")).unwrap();
    assert!(text.contains("# en in 1, cy in 1.\n"), "{text}");
    assert!(text.contains("# my data: 1 json file.\n"), "{text}");
}

#[test]
fn kinds_that_only_the_first_records_show_are_left_to_the_reader() {
    let mut csv = "id,title,pages\n".to_owned();
    for at in 0..600 {
        csv += &format!("{at},Record {at},{at}\n");
    }
    csv += "last,Last,many\n";
    let work = Work::with(&[("r.csv", &csv)]);
    let settings = settings(&work, &["r.csv"]);
    assert!(
        settings.ends_with("[fields.pages]\nsort = true"),
        "{settings}"
    );
    let text = std::fs::read_to_string(work.path("speir.toml")).unwrap();
    assert!(text.contains("\n# type = \"number\"\n"), "{text}");
}

#[test]
fn a_file_that_is_there_stays_unless_told_otherwise() {
    let work = Work::with(&[("r.csv", "id,title\n1,One\n"), ("speir.toml", "# mine\n")]);
    work.fails(
        &["init", "r.csv"],
        1,
        "there is a speir.toml in this folder already",
        "see what it means with `speir check-config`, or write over it with --force",
    );
    let text = || std::fs::read_to_string(work.path("speir.toml")).unwrap();
    assert_eq!(text(), "# mine\n");
    work.ok(&["init", "r.csv", "--force"]);
    assert!(
        text().starts_with("# The settings of `speir build`, proposed by"),
        "{}",
        text()
    );
}

#[test]
fn sources_that_cannot_be_read_leave_no_file() {
    let work = Work::with(&[("r.csv", "name,age\nAnn,7\n"), ("bad.json", "{\"id\": ")]);
    work.fails(
        &["init", "missing"],
        1,
        "there is no file or folder missing",
        "check the name, and the folder you are in",
    );
    for source in ["r.csv", "bad.json"] {
        let ran = work.run(&["init", source]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{source}");
        assert!(ran.message().starts_with(source), "{}", ran.err);
    }
    assert_eq!(work.names("."), ["bad.json", "r.csv"]);
}

#[test]
fn records_that_could_not_be_read_are_told() {
    let work = Work::with(&[("r.csv", "id,title\n1,One\n2,\n")]);
    let out = work.ok(&["init"]);
    assert!(
        out.contains("1 record could not be read, the first as ./r.csv, row 3"),
        "{out}"
    );
    assert!(out.contains("--on-error skip"), "{out}");
}

#[test]
fn an_index_among_the_sources_is_none() {
    let work = Work::with(&[("r.csv", "id,title\n1,One\n")]);
    work.ok(&["init"]);
    work.ok(&["build", "--out", "search"]);
    let out = work.ok(&["init", "--force"]);
    assert!(
        out.starts_with("Wrote speir.toml after a look at 1 record of 1 source.\nSee"),
        "{out}"
    );
    work.ok(&["build", "--out", "search"]);
}
