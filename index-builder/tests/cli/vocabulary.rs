//! What publishers say about words and answers: synonyms, packs, pins, and what lifts a record.

use serde_json::json;

use crate::support::Work;

const CSV: &str = "id,title,url\nbins,Bin collection,/bins/\ntax,Council tax,/tax/\n";

/// Builds with settings and one more file, which has to fail with exit code 1.
fn check(settings: &str, name: &str, text: &str, message: &str, advice: &str) {
    let work = Work::with(&[("r.csv", CSV), ("speir.toml", settings), (name, text)]);
    work.fails(&["build", "r.csv", "--out", "s"], 1, message, advice);
}

#[test]
fn all_that_is_said_is_used_and_counted() {
    let work = Work::with(&[
        ("in/r.csv", CSV),
        (
            "in/speir.toml",
            "synonyms = [\"words/synonyms.csv\", \"more.tsv\"]\nacronyms = false\n\
             [[pins]]\nquery = \"money\"\nrecord = [\"tax\", \"/bins/\"]\n",
        ),
        (
            "in/words/synonyms.csv",
            "# ours\nbin, rubbish, waste\n\nnrpf => no recourse to public funds\n",
        ),
        ("in/more.tsv", "tax\tlevy\n"),
    ]);
    // Files that the settings name are no sources, though they lie among them.
    let report = work.json(&["build", "in", "--out", "s", "--json"]);
    assert_eq!(report["sources"], json!(["in/r.csv"]));
    assert_eq!(
        (&report["synonyms"], &report["pins"]),
        (&json!(3), &json!(2))
    );
    let out = work.ok(&["build", "in", "--out", "s"]);
    assert!(out.contains("With 3 synonyms and 2 pins.\n"), "{out}");
}

#[test]
fn pins_can_stand_in_a_file() {
    let work = Work::with(&[
        ("r.csv", CSV),
        ("speir.toml", "pins = \"pins.csv\"\n"),
        ("pins.csv", "query,record\ncouncil tax,tax\nbin *,bins\n"),
    ]);
    assert_eq!(
        work.json(&["build", "r.csv", "--out", "s", "--json"])["pins"],
        2
    );
}

#[test]
fn the_pack_for_uk_public_services_is_built_in() {
    let work = Work::with(&[
        ("r.csv", CSV),
        ("speir.toml", "vocabulary = [\"uk-public-services\"]\n"),
    ]);
    let report = work.json(&["build", "r.csv", "--out", "s", "--json"]);
    assert!(report["synonyms"].as_u64().unwrap() > 400, "{report}");
    check(
        "vocabulary = \"uk-councils\"\n",
        "x",
        "",
        "speir.toml, line 1, column 14: there is no vocabulary `uk-councils`",
        "these are built in: uk-public-services; for a file of your own, use `synonyms`",
    );
}

#[test]
fn synonyms_that_cannot_be_meant_are_named_with_their_line() {
    let advice = "write words or phrases that mean the same on a line, with commas between, or \
                  nrpf => no recourse to public funds";
    let settings = "synonyms = \"synonyms.csv\"\n";
    let check = |text, message| check(settings, "synonyms.csv", text, message, advice);
    check(
        "bin, rubbish\n\nwaste\n",
        "synonyms.csv, line 3: `waste` stands alone, but a group needs two words or phrases",
    );
    check(
        "nrpf =>\n",
        "synonyms.csv, line 1: nothing stands after the =>",
    );
    check(
        "a => b => c\n",
        "synonyms.csv, line 1: the line has => more than once",
    );
    check(
        "\"bin, rubbish\n",
        "synonyms.csv, line 1: a quote \" is never closed",
    );
}

#[test]
fn settings_about_words_that_cannot_be_meant_are_named() {
    let files = "give the file's name as seen from the folder of speir.toml";
    check(
        "lang = \"en\"\nsynonyms = [\"no.csv\"]\n",
        "x",
        "",
        "speir.toml, line 2, column 13: cannot read no.csv: no such file or directory",
        files,
    );
    check(
        "synonyms = 3\n",
        "x",
        "",
        "speir.toml, line 1, column 12: `synonyms` should be text, or a list of texts",
        "put each value in quotes, and several into [ ]",
    );
    check(
        "acronyms = \"no\"\n",
        "x",
        "",
        "speir.toml, line 1, column 12: `acronyms` should be true or false",
        "write true or false, without quotes",
    );
    check(
        "pins = true\n",
        "x",
        "",
        "speir.toml, line 1, column 8: `pins` should be the name of a file, or tables",
        "write pins = \"pins.csv\", or [[pins]] and below it query = \"...\" and record = \"...\"",
    );
    check(
        "[[pins]]\nquery = \"tax\"\nrecrod = \"tax\"\n",
        "x",
        "",
        "speir.toml, line 3, column 1: `recrod` is not a setting",
        "did you mean `record`? These can be set: query, record",
    );
    check(
        "[[pins]]\nquery = \"tax\"\n",
        "x",
        "",
        "speir.toml, line 1, column 1: the pin has no record",
        "write query = \"council tax\" and record = \"council-tax\", the record's id or link",
    );
}

#[test]
fn a_pin_whose_record_is_not_there_is_named_with_its_line() {
    let advice = "correct it, or take the pin away";
    check(
        "pins = \"pins.csv\"\n",
        "pins.csv",
        "query,record\ncouncil tax,tax\nbins,bin\n",
        "pins.csv, line 3: no record has the id or link `bin`, which is pinned to \"bins\"",
        advice,
    );
    check(
        "lang = \"en\"\n[[pins]]\nquery = \"bins\"\nrecord = [\"bins\", \"bin\"]\n",
        "x",
        "",
        "speir.toml, line 4: no record has the id or link `bin`, which is pinned to \"bins\"",
        advice,
    );
    check(
        "pins = \"pins.csv\"\n",
        "pins.csv",
        "query,record\ncouncil tax,tax\n*,bins\n",
        "pins.csv, line 3: a query without any word is pinned to the record `bins`: write the words \
         that readers type",
        "write the words that readers type, such as council tax",
    );
    // Where records are skipped, so are the pins that lead to them.
    let work = Work::with(&[
        ("r.csv", CSV),
        ("speir.toml", "pins = \"pins.csv\"\n"),
        ("pins.csv", "query,record\nbins,bin\ntax,tax\n"),
    ]);
    let build = ["build", "r.csv", "--out", "s", "--on-error", "skip"];
    let ran = work.run(&build);
    assert_eq!(ran.code, 0);
    assert!(
        ran.notes().contains(
            &"pins.csv, line 2: no record has the id or link `bin`, which is pinned to \"bins\""
        ),
        "{}",
        ran.err
    );
}

#[test]
fn what_lifts_and_ends_and_replaces_a_record_is_read_from_both_formats() {
    let work = Work::with(&[
        (
            "r.csv",
            "id,title,boost,valid_until,replaces\n1,One,1.5,2016-06-30,a;b\n2,Two,,,\n",
        ),
        (
            "r.json",
            r#"[{"id":1,"title":"One","boost":2,"validUntil":"2016","replaces":["a"]}]"#,
        ),
    ]);
    for source in ["r.csv", "r.json"] {
        let ran = work.run(&["build", source, "--out", "s", "--json"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(!ran.out.contains("keys-not-searched"), "{}", ran.out);
    }
    let refused = |text: &str, message, advice| {
        work.write("bad.csv", text.as_bytes());
        work.fails(&["build", "bad.csv", "--out", "s"], 1, message, advice);
    };
    refused(
        "id,title,boost\n1,One,0\n",
        "bad.csv, row 2, record `1`, field `boost`: `boost` should be a number above 0, but is \"0\"",
        "write 2 for a record that should score twice as high, 0.5 for half, or leave it out",
    );
    refused(
        "id,title,validUntil\n1,One,30/06/2016\n",
        "bad.csv, row 2, record `1`, field `validUntil`: \"30/06/2016\" is not an ISO date",
        "write date-format = \"d/m/y\" or \"m/d/y\" below its [[sources]] in speir.toml, or dates as 2016-06-14",
    );
}

#[test]
fn a_half_life_is_for_dates() {
    let settings = "[fields.date]\nhalf-life-days = 730\n";
    let work = Work::with(&[("r.csv", CSV), ("speir.toml", settings)]);
    work.ok(&["build", "r.csv", "--out", "s"]);
    check(
        "[fields.pages]\ntype = \"number\"\nhalf-life-days = 730\n",
        "x",
        "",
        "speir.toml, line 3, column 18: field `pages` has a half-life but holds no dates",
        "write type = \"date\", or leave out `half-life-days`",
    );
}
