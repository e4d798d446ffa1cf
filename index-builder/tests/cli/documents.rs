//! Folders of documents become indexes in which a query leads to the right page.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::pdf_writer::{Sheet, Structure, Writer};
use crate::support::Work;

/// A PDF whose pages have a line each.
pub(crate) fn pdf(lines: &[&str]) -> Writer {
    let page = |line: &&str| Sheet::default().lines("F2", 72.0, 700.0, &[line, "And more below."]);
    Writer {
        title: Some("The harbour review".to_owned()),
        lang: Some("en-GB".to_owned()),
        is_tagged: true,
        pages: lines.iter().map(page).collect(),
        ..Writer::default()
    }
}

pub(crate) fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn docx(text: &str) -> Vec<u8> {
    let paragraphs = format!(
        "<w:document><w:body><w:p><w:pPr><w:outlineLvl w:val='0'/></w:pPr><w:r><w:t>Boats</w:t></w:r></w:p>\
         <w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    );
    packed(&[("word/document.xml", &paragraphs)])
}

fn first_hit(work: &Work, words: &str) -> Value {
    work.json(&["search", "s", words, "--json"])["hits"][0].clone()
}

/// Builds an index of documents none of which may have such findings.
fn build_without(work: &Work, findings: &str) {
    work.ok(&["build", "in", "--out", "s", "--fail-on", findings]);
}

#[test]
fn a_query_leads_to_the_page_of_a_pdf() {
    let work = Work::new();
    let review = pdf(&["Boats and oars", "Lanterns at the quay", "Ŵyl y môr"]);
    work.write("in/reports/the review.pdf", &review.bytes());
    let scan = Sheet::default().raw("q 500 0 0 700 40 40 cm /X1 Do Q");
    let scanned = Writer {
        pages: vec![scan],
        ..Writer::default()
    };
    work.write("in/old_scan-1987.pdf", &scanned.bytes());
    work.write(
        "in/minutes.docx",
        &docx("Nobody came, and nets were mended."),
    );
    work.write("in/note.txt", b"A note on tar\n\nIt is black.");
    work.write("in/robots.txt", b"User-agent: *");
    let report = work.json(&[
        "build",
        "in",
        "--out",
        "s",
        "--json",
        "--base-url",
        "https://example.org/lib/",
    ]);
    assert_eq!(
        (
            &report["records"],
            &report["ignored"],
            &report["documents"]["read"]
        ),
        (&json!(4), &json!(1), &json!(4))
    );

    let hit = first_hit(&work, "lanterns quay");
    assert_eq!(
        (&hit["id"], &hit["title"], &hit["url"]),
        (
            &json!("reports/the review.pdf"),
            &json!("The harbour review"),
            &json!("https://example.org/lib/reports/the%20review.pdf")
        )
    );
    let section = &hit["sections"][0];
    assert_eq!(
        (&section["anchor"], &section["url"]),
        (
            &json!("page=2"),
            &json!("https://example.org/lib/reports/the%20review.pdf#page=2")
        )
    );
    assert_eq!(
        first_hit(&work, "wyl mor")["sections"][0]["anchor"],
        "page=3"
    );
    let download = &hit["fields"]["downloads"][0];
    assert_eq!(
        (&download["url"], &download["format"], &download["bytes"]),
        (&hit["url"], &json!("PDF"), &json!(review.bytes().len()))
    );
    assert_eq!(hit["fields"]["date"], "2016-06-14");

    let minutes = first_hit(&work, "nets mended");
    assert_eq!(minutes["sections"][0]["heading"], "Boats");
    assert_eq!(first_hit(&work, "black")["title"], "A note on tar");
    assert_eq!(first_hit(&work, "scan 1987")["title"], "old scan 1987");
}

#[test]
fn the_same_documents_give_the_same_files_on_any_number_of_threads() {
    let work = Work::new();
    for at in 0..12 {
        let line = format!("Boat number {at}");
        work.write(&format!("in/{at}.pdf"), &pdf(&[&line, "Second"]).bytes());
    }
    work.ok(&["build", "in", "--out", "one", "--threads", "1"]);
    work.ok(&["build", "in", "--out", "many", "--threads", "7"]);
    assert_eq!(work.names("one"), work.names("many"));
}

#[test]
fn what_stands_beside_a_document_wins_over_what_it_says() {
    let work = Work::new();
    for name in ["a", "b", "c", "d"] {
        work.write(&format!("in/{name}.pdf"), &pdf(&["Words"]).bytes());
    }
    work.write(
        "in/a.pdf.json",
        b"{\"title\": \"Told in a file\", \"type\": \"report\"}",
    );
    work.write(
        "in/b.json",
        b"{\"title\": \"Told by its stem\", \"date\": \"2014\"}",
    );
    work.write(
        "in/about.csv",
        "File;Title;topics\na.pdf;Told in a table;boats|oars\nc.pdf;Ŵyl;boats\n".as_bytes(),
    );
    // A file of records, though its name fits.
    work.write("in/d.json", b"{\"id\": \"r\", \"title\": \"A record\"}");
    let report = work.json(&["build", "in", "--out", "s", "--json"]);
    assert_eq!(report["records"], 5);
    let hits = work.json(&["search", "s", "--json", "--sort", "title"]);
    let told = |hit: &Value| {
        let fields = &hit["fields"];
        format!(
            "{} {} {} {}",
            hit["id"], hit["title"], fields["type"], fields["topics"]
        )
    };
    let told: Vec<String> = hits["hits"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(
        told,
        [
            "\"r\" \"A record\" null null",
            "\"d.pdf\" \"The harbour review\" null null",
            "\"b.pdf\" \"Told by its stem\" null null",
            "\"a.pdf\" \"Told in a file\" \"report\" [\"boats\",\"oars\"]",
            "\"c.pdf\" \"Ŵyl\" null [\"boats\"]",
        ]
    );
}

#[test]
fn a_document_that_is_named_alone_has_its_description_too() {
    let work = Work::new();
    work.write("a.pdf", &pdf(&["Words"]).bytes());
    work.write("a.pdf.json", b"{\"title\": \"Told beside it\"}");
    work.ok(&["build", "a.pdf", "--out", "s"]);
    assert_eq!(first_hit(&work, "words")["title"], "Told beside it");
}

#[test]
fn rows_and_files_that_describe_wrongly_are_named() {
    let work = Work::new();
    work.write("in/a.pdf", &pdf(&["Words"]).bytes());
    work.write("in/about.csv", b"file,title\nmissing.pdf,A title\n");
    work.fails(
        &["build", "in", "--out", "s"],
        1,
        "in/about.csv, row 2, field `file`: there is no document `missing.pdf` to describe",
        "correct the name, which counts from the table's folder, or take the row out",
    );
    work.write("in/about.csv", b"file,date\na.pdf,soon\n");
    work.fails(
        &["build", "in", "--out", "s"],
        1,
        "in/a.pdf, field `date`: \"soon\" is not a date",
        "write dates as 2016-06-14, 2016-06 or 2016, or leave it empty",
    );
}

#[test]
fn a_document_that_cannot_be_read_is_named_and_can_be_skipped() {
    let work = Work::new();
    let good = pdf(&["Boats and oars"]);
    let locked = Writer {
        structure: Structure::Locked,
        ..good.clone()
    };
    work.write("in/a.pdf", &good.bytes());
    work.write("in/locked.pdf", &locked.bytes());
    work.fails(
        &["build", "in", "--out", "s"],
        1,
        "in/locked.pdf: the file opens with a password only",
        "save it without a password, or take it out of the folder",
    );
    work.write("in/cut.docx", b"PK\x03\x04 and no more");
    work.write("in/empty.pdf", b"");
    let skip = ["build", "in", "--out", "s", "--on-error", "skip", "--json"];
    let report = work.json(&skip);
    let told = report["skippedRecords"].as_array().unwrap().iter();
    let told: Vec<&str> = told
        .map(|problem| problem["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        told,
        ["document-damaged", "empty-source", "document-encrypted"]
    );
    assert_eq!(
        (&report["records"], work.total("s", "oars")),
        (&json!(1), 1)
    );
}

#[test]
fn what_documents_lack_is_told_and_can_be_insisted_on() {
    let work = Work::new();
    work.write("in/a.pdf", &pdf(&["Boats and oars"]).bytes());
    build_without(&work, "untagged,untitled,no-language,image-only");
    let bare = Writer {
        title: None,
        lang: None,
        is_tagged: false,
        ..pdf(&["Schools"])
    };
    work.write("in/b.pdf", &bare.bytes());
    let before = work.names("s");
    work.fails(
        &[
            "build",
            "in",
            "--out",
            "s",
            "--fail-on",
            "untagged,image-only",
        ],
        1,
        "1 PDF has no tags for screen readers: in/b.pdf",
        "correct the documents in the programs that made them, or leave the finding out of \
         --fail-on; nothing was published",
    );
    assert_eq!((work.names("s"), work.total("s", "schools")), (before, 0));
    let ran = work.run(&["build", "in", "--out", "s"]);
    for note in [
        "1 PDF has no tags for screen readers: in/b.pdf",
        "1 document states no title: in/b.pdf",
        "1 document states no language: in/b.pdf",
    ] {
        assert!(ran.notes().contains(&note), "{}", ran.err);
    }
    let report = work.json(&["build", "in", "--out", "s", "--json"]);
    assert_eq!(
        report["documents"]["findings"],
        json!([{ "file": "in/b.pdf", "pages": 1, "untagged": true, "untitled": true,
            "noLanguage": true, "imageOnlyPages": [] }])
    );
    let ran = work.run(&["build", "in", "--out", "s", "--fail-on", "ugly"]);
    assert_eq!(ran.code, 2);
}

#[test]
fn a_sheet_with_headings_is_a_table_of_records() {
    let work = Work::new();
    let sheet = |rows: &str| {
        let content = format!(
            "<office:spreadsheet><table:table table:name='Boats'>{rows}</table:table></office:spreadsheet>"
        );
        packed(&[("content.xml", &content)])
    };
    let row = |cells: &[&str]| -> String {
        let cell = |text: &&str| match text.strip_prefix("on ") {
            Some(day) => format!(
                "<table:table-cell office:value-type='date' office:date-value='{day}'><text:p>x</text:p></table:table-cell>"
            ),
            None => format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>"),
        };
        let cells: String = cells.iter().map(cell).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let head = row(&["ID", "Title", "Date", "topics"]);
    let rows = [
        head.clone(),
        row(&["1", "Oars", "on 2016-06-14", "wood; water"]),
        row(&["2", "Nets", "", ""]),
    ];
    work.write("boats.ods", &sheet(&rows.concat()));
    work.ok(&["build", "boats.ods", "--out", "s"]);
    let hit = first_hit(&work, "oars");
    assert_eq!(
        (&hit["id"], &hit["fields"]),
        (
            &json!("1"),
            &json!({ "date": "2016-06-14", "topics": ["wood", "water"] })
        )
    );
    let wrong = [head, row(&["1", "Oars", "soon", ""])].concat();
    work.write("boats.ods", &sheet(&wrong));
    work.fails(
        &["build", "boats.ods", "--out", "s"],
        1,
        "boats.ods, row 2, record `1`, field `date`: \"soon\" is not a date",
        "write dates as 2016-06-14, 2016-06 or 2016, or leave it empty",
    );
}

#[test]
fn a_table_that_describes_documents_is_read_in_the_encodings_of_tables() {
    let work = Work::new();
    work.write("in/review.pdf", &pdf(&["Boats and oars"]).bytes());
    let table = "file\ttitle\nreview.pdf\tŴyl y cychod\n";
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(table.encode_utf16().flat_map(u16::to_le_bytes));
    work.write("in/about.csv", &bytes);
    work.ok(&["build", "in", "--out", "s"]);
    assert_eq!(first_hit(&work, "oars")["title"], json!("Ŵyl y cychod"));
}

#[test]
fn files_of_an_office_program_are_read() {
    let files = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/files");
    let work = Work::new();
    for (name, folder) in [
        ("harbour.odt", "in"),
        ("harbour.docx", "in"),
        ("harbour.pdf", "in"),
        ("talk.pptx", "in"),
        ("berths.xlsx", "xlsx"),
        ("berths.ods", "ods"),
    ] {
        let bytes = std::fs::read(format!("{files}/{name}")).unwrap();
        work.write(&format!("{folder}/{name}"), &bytes);
    }
    build_without(&work, "untagged,untitled");
    let check = |words: &str, expected: &[(&str, &str, &str)]| {
        let page = work.json(&["search", "s", words, "--json"]);
        let hits = page["hits"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut found: Vec<[String; 3]> = hits
            .map(|hit| {
                let section = &hit["sections"][0];
                [&hit["url"], &hit["title"], &section["heading"]].map(text)
            })
            .collect();
        found.sort();
        let expected = expected
            .iter()
            .map(|(url, title, section)| [url, title, section]);
        let expected: Vec<[String; 3]> = expected
            .map(|one| one.map(|part| (*part).to_owned()))
            .collect();
        assert_eq!(found, expected, "{words}");
    };
    let handbook = "Harbour handbook";
    for (words, section) in [
        ("lantern bell", "Visitors by night"),
        ("\"north wall\"", "Mooring at the quay"),
        ("croeso", "Ymwelwyr o Gymru"),
    ] {
        let expected = [
            ("harbour.docx", handbook, section),
            ("harbour.odt", handbook, section),
            ("harbour.pdf", handbook, handbook),
        ];
        check(words, &expected);
    }
    check(
        "\"chart datum\"",
        &[("talk.pptx", "A talk on tides", "Slide 2")],
    );
    for folder in ["xlsx", "ods"] {
        work.ok(&["build", folder, "--out", "t"]);
        let hit = work.json(&["search", "t", "fish", "--json"])["hits"][0].clone();
        assert_eq!(
            (&hit["id"], &hit["url"]),
            (&json!("b2"), &json!("/fish")),
            "{folder}"
        );
        assert_eq!(hit["fields"]["year"], 2019, "{folder}");
    }
}
