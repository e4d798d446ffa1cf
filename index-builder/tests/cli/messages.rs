//! What is said of sources that cannot be read: which file, line or row, field, reason, advice.

use serde_json::{Value, json};

use crate::support::Work;

/// Builds from one file, which has to fail with exit code 1 and leave no folder behind.
fn check(name: &str, bytes: impl AsRef<[u8]>, message: &str, advice: &str) {
    let work = Work::new();
    work.write(name, bytes.as_ref());
    work.fails(&["build", name, "--out", "a/search"], 1, message, advice);
    assert_eq!(
        work.names("."),
        [name],
        "a failed build leaves nothing behind"
    );
}

#[test]
fn a_field_that_cannot_be_read_is_named_with_its_line() {
    check(
        "r.json",
        "[\n  {\"id\": \"a\", \"title\": \"One\", \"year\": 2014},\n  {\"id\": \"b\", \"title\": \"Two\",\n   \"year\": \"twenty\"}\n]\n",
        "r.json, line 4, column 12, record `b`, field `year`: \"twenty\" is not a number",
        "write the year in digits, such as 2016, or leave it empty",
    );
    check(
        "r.jsonl",
        "{\"id\": \"a\", \"title\": \"One\"}\n\n{\"id\": \"b\", \"title\": \"Two\", \"date\": \"14/06/2016\"}\n",
        "r.jsonl, line 3, column 37, record `b`, field `date`: \"14/06/2016\" is not a date",
        "write dates as 2016-06-14, 2016-06 or 2016, or leave it empty",
    );
    check(
        "r.csv",
        "id,title,year\n1,One,2014\n2,\"Two, and a half\",20x\n",
        "r.csv, row 3, record `2`, field `year`: \"20x\" is not a number",
        "write the year in digits, such as 2016, or leave it empty",
    );
    check(
        "r.json",
        "{\"records\": [{\"id\": 5, \"title\": \"One\", \"lang\": \"english\"}]}",
        "r.json, line 1, column 48, record `5`, field `lang`: `english` is not a language tag: give one such as en, cy or gd-GB",
        "leave it out where the language is not known",
    );
}

#[test]
fn the_place_is_shown_with_the_text_around_it() {
    let work = Work::with(&[(
        "r.json",
        "[\n  {\"id\": \"a\", \"title\": \"One\", \"year\": \"x\"}\n]\n",
    )]);
    assert_eq!(
        work.run(&["build", "r.json", "--out", "s"]).err,
        "  error: r.json, line 2, column 39, record `a`, field `year`: \"x\" is not a number\n   \
         ,-[r.json:2:39]\n \
         2 |   {\"id\": \"a\", \"title\": \"One\", \"year\": \"x\"}\n   \
         :                                       ^|^\n   \
         :                                        `-- this\n   \
         `----\n  \
         help: write the year in digits, such as 2016, or leave it empty\n"
    );
}

#[test]
fn a_record_without_a_name_or_title_is_refused() {
    check(
        "r.json",
        "[{\"title\": \"One\"}]",
        "r.json, line 1, column 2: the record has neither `id` nor `url`",
        "give each record an `id` that no other has, such as its number or its address",
    );
    check(
        "r.json",
        "[{\"id\": \"a\", \"title\": null}]",
        "r.json, line 1, column 23, record `a`, field `title`: the record has no title",
        "give it a `title`: that is what readers are shown",
    );
    check(
        "r.csv",
        "id,title\n1,One\n2,\n",
        "r.csv, row 3, record `2`, field `title`: the record has no title",
        "give it a `title`: that is what readers are shown",
    );
    check(
        "r.json",
        "[\"One\"]",
        "r.json, line 1, column 2: a record should be an object, but is \"One\"",
        "write each record as {\"id\": ..., \"title\": ..., ...}",
    );
    check(
        "r.json",
        "[{\"id\": \"a\", \"title\": \"One\", \"title\": \"Two\"}]",
        "r.json, line 1, column 23, record `a`, field `title`: the record has `title` twice",
        "keep one of them; several values of one key go into a list [ ... ]",
    );
    check(
        "r.json",
        "[{\"id\": \"a\", \"title\": \"One\", \"url\": \"javascript:alert(1)\"}]",
        "r.json, line 1, column 37, record `a`, field `url`: a link beginning with `javascript:` does not lead to a page or document",
        "give the address of the page or document",
    );
}

#[test]
fn two_records_with_one_id_are_both_named() {
    check(
        "r.csv",
        "id,title\na,One\nb,Two\n\"c\nd\",Three\n\na,Four\n",
        "r.csv, row 6 (line 7), record `a`, field `id`: `a` is already the id of the record in r.csv, row 2",
        "give each record an id of its own, or take one of the two away",
    );
    let work = Work::with(&[
        ("in/a.json", "[\n{\"id\": \"x\", \"title\": \"One\"}]"),
        (
            "in/b.jsonl",
            "{\"id\": \"y\", \"title\": \"Two\"}\n{\"id\": \"x\", \"title\": \"Three\"}\n",
        ),
    ]);
    work.fails(
        &["build", "in", "--out", "s"],
        1,
        "in/b.jsonl, line 2, column 8, record `x`, field `id`: `x` is already the id of the record in in/a.json, line 2",
        "give each record an id of its own, or take one of the two away",
    );
}

#[test]
fn sections_and_downloads_have_a_form() {
    check(
        "r.json",
        "[{\"id\": \"a\", \"title\": \"One\", \"sections\": [{\"heading\": \"1\"}, {\"text\": [1]}]}]",
        "r.json, line 1, column 42, record `a`, field `sections`: `text` of section 2 should be text",
        "write a list of {\"heading\": ..., \"number\": ..., \"anchor\": ..., \"text\": ..., \"kind\": ..., \"trail\": [...]}",
    );
    check(
        "r.csv",
        "id,title,sections\n1,One,Introduction\n",
        "r.csv, row 2, record `1`, field `sections`: `sections` should be a list",
        "write a list of {\"heading\": ..., \"number\": ..., \"anchor\": ..., \"text\": ..., \"kind\": ..., \"trail\": [...]}",
    );
    check(
        "r.json",
        "[{\"id\": \"a\", \"title\": \"One\", \"downloads\": [{\"title\": \"x\"}]}]",
        "r.json, line 1, column 43, record `a`, field `downloads`: a download should be a link or an object with `url`, but is an object without",
        "write \"report.pdf\" or {\"url\": \"report.pdf\", \"title\": \"The report\"}",
    );
}

#[test]
fn json_that_is_none_says_where_it_stops_being_it() {
    check(
        "r.json",
        "[\n {\"id\":\"a\",\"title\":\"A\"},\n {\"id\":\"b\",\"title\":\"B\", \"descr",
        "r.json, line 3, column 30: the file ends in the middle",
        "it was cut off: export or copy it again, whole; the last record that is there begins on line 2",
    );
    check(
        "r.json",
        "[{\"id\":\"a\",\"title\":\"A\"},]",
        "r.json, line 1, column 25: this is not JSON: trailing comma",
        "take away the comma after the last one",
    );
    check(
        "r.json",
        "{\"id\":\"a\",\"title\":\"A\"}\n{\"id\":\"b\",\"title\":\"B\"}\n",
        "r.json, line 2, column 1: a second record follows the first",
        "put the records into an array [ ..., ... ]; for a record on each line, name the file .jsonl or add --format jsonl",
    );
    check(
        "r.jsonl",
        "{\"id\":\"a\",\"title\":\"A\"}\n{\"id\":\"b\" \"title\":\"B\"}\n",
        "r.jsonl, line 2, column 11: this is not JSON: expected `,` or `}`",
        "correct the marked place, or export the file again",
    );
    check(
        "r.jsonl",
        "[{\"id\":\"a\",\"title\":\"A\"}]\n",
        "r.jsonl, line 1: the file begins with an array, not with a record on each line",
        "name the file .json, or add --format json",
    );
    check(
        "r.json",
        "{\"records\": 5}",
        "r.json, line 1, column 13, field `records`: `records` should be an array of records",
        "write {\"records\": [ ... ]}",
    );
}

#[test]
fn tables_that_are_cut_wrongly_are_named_by_row() {
    check(
        "r.csv",
        "id,title,year\n1,One,2014\n\n2,Two,and more,2015\n",
        "r.csv, row 4, record `2`: the row has 4 cells, but the header has 3",
        "put texts that hold the separator in quotes \" \"",
    );
    check(
        "r.csv",
        "id,title,year\n1,One\n",
        "r.csv, row 2, record `1`: the row has 2 cells, but the header has 3",
        "put texts with line breaks in quotes \" \", and keep empty cells in place",
    );
    check(
        "r.csv",
        "id,title\n1,\"One\n2,Two\n3,Three\n",
        "r.csv, row 2: a quote \" that opens in this row is never closed",
        "close it; a quote inside a quoted text is written twice: \"\"",
    );
    check(
        "r.csv",
        "id,name\n1,One\n",
        "r.csv, row 1: no column is called `title`; the columns are: id, name",
        "name the columns in the first row; the one with what readers are shown is `title`, or is named below [sources.columns] in speir.toml",
    );
    check(
        "r.csv",
        "id,title,Title\n1,One,Two\n",
        "r.csv, row 1: columns B and C are both called `title`",
        "rename one of them, or take it away",
    );
    check(
        "r.csv",
        "id,title,\n1,One,\n2,Two,extra\n",
        "r.csv, row 3, record `2`: column C has \"extra\", but no name in the header",
        "name the column in the first row, or empty its cells",
    );
}

#[test]
fn text_in_another_encoding_is_named_with_what_to_do() {
    check(
        "r.csv",
        b"id,title\n1,Caf\xE9 guide\n",
        "r.csv, row 2, field `title`: byte 0xE9 after \"Caf\" is not UTF-8 text, perhaps meant as \"\u{e9}\"",
        "save the table as \"CSV UTF-8\" (in Excel: Save as, CSV UTF-8; in LibreOffice: choose UTF-8), or write encoding = \"windows-1252\" below its [[sources]] in speir.toml",
    );
    check(
        "r.json",
        b"[\n{\"id\":\"1\",\"title\":\"caf\xE9\"}]",
        "r.json, line 2: byte 0xE9 after \"id\":\"1\",\"title\":\"caf\" is not UTF-8 text, perhaps meant as \"\u{e9}\"",
        "save or export the file as UTF-8",
    );
    check(
        "r.jsonl",
        b"{\"id\":\"1\",\"title\":\"x\"}\n{\"id\":\"2\",\"title\":\"\xFFy\"}\n",
        "r.jsonl, line 2: byte 0xFF after \"{\"id\":\"2\",\"title\":\"\" is not UTF-8 text, perhaps meant as \"\u{ff}\"",
        "save or export the file as UTF-8",
    );
    check(
        "r.json",
        b"\xFF\xFE[\0{\0",
        "r.json: the file is UTF-16 text, but should be UTF-8",
        "in Excel, save it as \"CSV UTF-8\"; elsewhere, choose UTF-8 as encoding",
    );
    check(
        "r.csv",
        b"PK\x03\x04rest",
        "r.csv: the file is a spreadsheet, document or archive, not text",
        "open it and save it as \"CSV UTF-8\"",
    );
}

#[test]
fn sources_without_records_are_named() {
    let empty = "check that the export finished, and run it again";
    check("r.json", " \n", "r.json: the file is empty", empty);
    check("r.jsonl", "", "r.jsonl: the file is empty", empty);
    check("r.csv", "", "r.csv: the file is empty", empty);
    check(
        "r.json",
        "[]",
        "r.json: the file holds no records",
        "check the export: the list of records is empty",
    );
    check(
        "r.csv",
        "id,title\n,\n",
        "r.csv: the file holds no records",
        "check the export: there is a header, but no row below it",
    );
}

#[test]
fn sources_that_are_not_there_or_of_no_use_are_named() {
    let work = Work::with(&[("other/a.png", "x"), ("data.xls", "x"), ("data", "x")]);
    std::fs::create_dir(work.path("bare")).unwrap();
    work.fails(
        &["build", "missing.json", "--out", "s"],
        1,
        "there is no file or folder missing.json",
        "check the name, and the folder you are in",
    );
    work.fails(
        &["build", "bare", "--out", "s"],
        1,
        "the folder bare holds no .json, .jsonl, .ndjson, .csv, .tsv, .html, .htm, .md, .markdown, .xml, .pdf, .docx, .odt, .pptx, .xlsx, .ods, .txt files: it is empty",
        "name the folder with the exported records, or a file and --format",
    );
    work.fails(
        &["build", "other", "--out", "s"],
        1,
        "the folder other holds no .json, .jsonl, .ndjson, .csv, .tsv, .html, .htm, .md, .markdown, .xml, .pdf, .docx, .odt, .pptx, .xlsx, .ods, .txt files: the 1 file in it has another ending",
        "name the folder with the exported records, or a file and --format",
    );
    work.fails(
        &["build", "data.xls", "--out", "s"],
        2,
        "cannot tell the format of data.xls by its ending",
        "open it and save it in the newer format: .xlsx, .docx or .pptx",
    );
    work.fails(
        &["build", "data", "--out", "s"],
        2,
        "cannot tell the format of data by its ending",
        "files with these endings are read: .json, .jsonl, .ndjson, .csv, .tsv, .html, .htm, .md, .markdown, .xml, .pdf, .docx, .odt, .pptx, .xlsx, .ods, .txt; for another, add --format json, jsonl, csv, html, markdown, wordpress, drupal, rss or sitemap",
    );
}

#[test]
fn folders_that_cannot_be_written_are_named() {
    let work = Work::with(&[
        ("r.json", "[{\"id\": \"a\", \"title\": \"One\"}]"),
        ("file", "x"),
    ]);
    work.fails(
        &["build", "r.json", "--out", "file"],
        1,
        "file is a file, but --out should be a folder",
        "name a folder; it is made if it does not exist",
    );
    // Holds for root as well, whom permissions do not bind.
    work.fails(
        &["build", "r.json", "--out", "file/below/search"],
        1,
        "cannot write to file/below/search: file is a file",
        "name a folder whose parents are folders",
    );
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let work = Work::with(&[("r.json", "[{\"id\": \"a\", \"title\": \"One\"}]")]);
    let check = |args: &[&str], part: &str| {
        let ran = work.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.err.contains(part), "{args:?}: {}", ran.err);
    };
    check(&[], "Usage: speir <COMMAND>");
    check(&["build", "r.json"], "--out <DIR>");
    check(&["build", "--out", "s"], "no source is named");
    check(
        &["build", "r.json", "--out", "s", "--formt", "csv"],
        "'--format'",
    );
    check(
        &["build", "r.json", "--out", "s", "--lang", "english"],
        "`english` is not a language tag",
    );
    check(
        &["build", "r.json", "--out", "s", "--base-url", "/x"],
        "`/x` is not a web address",
    );
    check(
        &["search", "s", "x", "--filter", "type"],
        "write FIELD=VALUE",
    );
    check(
        &["search", "s", "x", "--match", "most"],
        "give auto, all or any",
    );
    check(&["serve", "s", "--port", "99999"], "99999");
    assert_eq!(work.run(&["--help"]).code, 0);
    assert_eq!(
        work.run(&["--version"]).out,
        format!("speir {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn under_json_errors_are_json_too() {
    let work = Work::with(&[("r.csv", "id,title,year\n1,One,x\n")]);
    let ran = work.run(&["build", "r.csv", "--out", "s", "--json"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let error: Value = serde_json::from_str(&ran.err).unwrap();
    assert_eq!(
        error,
        json!({ "error": {
            "code": "field-kind",
            "message": "r.csv, row 2, record `1`, field `year`: \"x\" is not a number",
            "file": "r.csv", "row": 2, "line": 2, "id": "1", "field": "year",
            "reason": "\"x\" is not a number",
            "advice": "write the year in digits, such as 2016, or leave it empty",
        } })
    );
    let ran = work.run(&["build", "r.csv", "--json"]);
    let error: Value = serde_json::from_str(&ran.err).unwrap();
    assert_eq!((ran.code, &error["error"]["code"]), (2, &json!("usage")));
}

#[test]
fn bad_records_can_be_skipped_and_are_all_named() {
    let csv = "id,title,year\n1,One,2014\n2,Two,x\n3,,2015\n4,Four,2016,5\n1,Five,2017\n6,Six,\n";
    let work = Work::with(&[("r.csv", csv)]);
    let ran = work.run(&["build", "r.csv", "--out", "s", "--on-error", "skip"]);
    assert_eq!(ran.code, 0);
    let named: Vec<&str> = ran
        .err
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("error: "))
        .collect();
    assert_eq!(
        named,
        [
            "r.csv, row 3, record `2`, field `year`: \"x\" is not a number",
            "r.csv, row 4, record `3`, field `title`: the record has no title",
            "r.csv, row 5, record `4`: the row has 4 cells, but the header has 3",
            "r.csv, row 6, record `1`, field `id`: `1` is already the id of the record in r.csv, row 2",
        ]
    );
    assert!(
        ran.notes()
            .contains(&"4 records could not be read and were skipped"),
        "{}",
        ran.err
    );
    let report = work.json(&[
        "build",
        "r.csv",
        "--out",
        "s",
        "--on-error",
        "skip",
        "--json",
    ]);
    assert_eq!(
        (&report["records"], &report["skipped"]),
        (&json!(2), &json!(4))
    );
    assert_eq!(report["skippedRecords"][2]["row"], 5);
    assert_eq!(work.total("s", ""), 2);
}

#[test]
fn skipping_every_record_is_a_failure() {
    let work = Work::with(&[("r.jsonl", "{\"id\": 1}\nnonsense\n")]);
    let ran = work.run(&["build", "r.jsonl", "--out", "s", "--on-error", "skip"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err
            .contains("error: no record is left: 2 records skipped"),
        "{}",
        ran.err
    );
    assert_eq!(work.names("."), ["r.jsonl"]);
}
