//! Office documents as their programs write them, and what can be wrong with them.
//!
//! Knows how the formats are packed. The parts that are read are written out; others are left out.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::{Document, Kind, Part, Sheets, read, read_book};

/// A packed file of parts.
fn pack(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const CORE: &str = "<cp:coreProperties xmlns:dc='d'><dc:title>Tai &amp; chymuned</dc:title>\
    <dc:creator>A. Made-Up</dc:creator><dc:language>cy</dc:language>\
    <dcterms:modified xsi:type='dcterms:W3CDTF'>2016-06-14T09:30:00Z</dcterms:modified>\
    </cp:coreProperties>";

const STYLES: &str = "<w:styles><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val='en-GB'/></w:rPr>\
    </w:rPrDefault></w:docDefaults>\
    <w:style w:styleId='Titel'><w:name w:val='Title'/></w:style>\
    <w:style w:styleId='berschrift1'><w:name w:val='heading 1'/></w:style>\
    <w:style w:styleId='Own'><w:name w:val='Chapter'/><w:pPr><w:outlineLvl w:val='1'/></w:pPr></w:style>\
    </w:styles>";

const TEXT: &str = "<?xml version='1.0'?><w:document><w:body>\
    <w:p><w:pPr><w:pStyle w:val='Titel'/></w:pPr><w:r><w:t>Har</w:t></w:r><w:r><w:t>bours</w:t></w:r></w:p>\
    <w:p><w:r><w:t xml:space='preserve'>Before </w:t></w:r><w:r><w:t>the chapters.</w:t></w:r></w:p>\
    <w:p><w:pPr><w:pStyle w:val='berschrift1'/></w:pPr><w:r><w:t>The first</w:t></w:r></w:p>\
    <w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>One</w:t><w:br/><w:t>two.</w:t></w:r></w:p>\
    <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Boats</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>12</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
    <w:p><w:pPr><w:pStyle w:val='Own'/></w:pPr><w:r><w:t>The second</w:t></w:r></w:p>\
    <w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
    <mc:Fallback><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent><w:t>Around it.</w:t></w:r></w:p>\
    </w:body></w:document>";

fn docx() -> Vec<u8> {
    pack(&[
        ("[Content_Types].xml", "<Types/>"),
        ("docProps/core.xml", CORE),
        ("word/styles.xml", STYLES),
        ("word/document.xml", TEXT),
        (
            "word/footnotes.xml",
            "<w:footnotes><w:footnote><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:footnotes>",
        ),
    ])
}

/// What a document says, a line for each part.
fn told(document: &Document) -> Vec<String> {
    let told = |part: &Part| format!("{}: {}", part.heading, part.text.replace('\n', " / "));
    document.parts.iter().map(told).collect()
}

fn check(bytes: &[u8], kind: Kind, parts: &[&str]) -> Document {
    let document = read(bytes, kind).unwrap();
    assert_eq!(told(&document), parts);
    document
}

#[test]
fn word_texts_are_read_under_their_headings() {
    let document = check(
        &docx(),
        Kind::Docx,
        &[
            ": Harbours / Before the chapters.",
            "The first: One two. / Boats 12",
            "The second: In a box. / Around it. / A note.",
        ],
    );
    assert_eq!(document.title.as_deref(), Some("Tai & chymuned"));
    assert_eq!(document.shown_title.as_deref(), Some("Harbours"));
    assert_eq!(document.authors, ["A. Made-Up"]);
    assert_eq!(document.lang.as_deref(), Some("cy"));
    assert_eq!(document.date.as_deref(), Some("2016-06-14"));
    let bare = read(&pack(&[("word/document.xml", TEXT)]), Kind::Docx).unwrap();
    assert!(bare.findings.is_untitled && bare.findings.has_no_lang && !bare.findings.is_untagged);
    let styled = pack(&[("word/document.xml", TEXT), ("word/styles.xml", STYLES)]);
    assert_eq!(
        read(&styled, Kind::Docx).unwrap().lang.as_deref(),
        Some("en-GB")
    );
}

#[test]
fn open_texts_are_read_under_their_headings() {
    let content = "<office:document-content><office:body><office:text>\
        <text:tracked-changes><text:p>gone</text:p></text:tracked-changes>\
        <text:p text:style-name='Title'>Harbours</text:p>\
        <text:h text:outline-level='1'>The <text:span>first</text:span></text:h>\
        <text:p>One<text:s text:c='4'/>two<text:line-break/>three.<office:annotation><text:p>a remark</text:p></office:annotation></text:p>\
        <table:table><table:table-row><table:table-cell><text:p>Boats</text:p></table:table-cell>\
        <table:table-cell><text:p>12</text:p></table:table-cell></table:table-row></table:table>\
        </office:text></office:body></office:document-content>";
    let meta = "<office:meta><meta:initial-creator>A. Made-Up</meta:initial-creator><dc:title>Harbours, a report</dc:title>\
        <dc:date>2016-06-14T09:30:00</dc:date></office:meta>";
    let styles = "<style:default-style><style:text-properties fo:language='gd' fo:country='GB'/></style:default-style>";
    let parts = [
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", content),
        ("meta.xml", meta),
        ("styles.xml", styles),
    ];
    let document = check(
        &pack(&parts),
        Kind::Odt,
        &[": Harbours", "The first: One two three. / Boats 12"],
    );
    assert_eq!(document.title.as_deref(), Some("Harbours, a report"));
    assert_eq!(document.lang.as_deref(), Some("gd-GB"));
    assert_eq!(document.authors, ["A. Made-Up"]);
    let locked = [
        ("content.xml", "garbage"),
        (
            "META-INF/manifest.xml",
            "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
        ),
    ];
    assert_eq!(
        read(&pack(&locked), Kind::Odt).unwrap_err().code,
        "document-encrypted"
    );
}

#[test]
fn slides_are_read_in_their_order_under_their_titles() {
    let slide = |title: &str, text: &str| {
        format!(
            "<p:sld><p:cSld><p:spTree><p:sp><p:nvSpPr><p:nvPr><p:ph type='title'/></p:nvPr></p:nvSpPr><p:txBody>\
             <a:p><a:r><a:rPr lang='cy-GB'/><a:t>{title}</a:t></a:r></a:p></p:txBody></p:sp>\
             <p:sp><p:nvSpPr><p:nvPr><p:ph idx='1'/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>\
             <p:sp><p:nvSpPr><p:nvPr><p:ph type='sldNum'/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:fld><a:t>7</a:t></a:fld></a:p></p:txBody></p:sp>\
             </p:spTree></p:cSld></p:sld>"
        )
    };
    let bytes = pack(&[
        (
            "ppt/presentation.xml",
            "<p:presentation><p:sldIdLst><p:sldId id='256' r:id='rId2'/><p:sldId id='257' r:id='rId1'/></p:sldIdLst></p:presentation>",
        ),
        (
            "ppt/_rels/presentation.xml.rels",
            "<Relationships><Relationship Id='rId1' Type='t/slide' Target='slides/slide1.xml'/><Relationship Id='rId2' Type='t/slide' Target='slides/slide2.xml'/></Relationships>",
        ),
        ("ppt/slides/slide1.xml", &slide("", "Shown last")),
        ("ppt/slides/slide2.xml", &slide("Harbours", "Shown first")),
        (
            "ppt/slides/_rels/slide2.xml.rels",
            "<Relationships><Relationship Id='rId1' Type='t/notesSlide' Target='../notesSlides/notesSlide1.xml'/></Relationships>",
        ),
        (
            "ppt/notesSlides/notesSlide1.xml",
            &slide("", "Say it slowly"),
        ),
    ]);
    let document = check(
        &bytes,
        Kind::Pptx,
        &[
            "Harbours: Shown first / Say it slowly",
            "Slide 2: Shown last",
        ],
    );
    assert_eq!(document.shown_title.as_deref(), Some("Harbours"));
    assert_eq!(document.lang.as_deref(), Some("cy-GB"));
}

/// A spreadsheet of Excel: a sheet of rows, whose cells are text, numbers or dates (`d42535`).
fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let cell = |text: &&str| match (text.strip_prefix('d'), text.parse::<f64>()) {
        (Some(days), _) if days.parse::<f64>().is_ok() => format!("<c s='1'><v>{days}</v></c>"),
        (_, Ok(number)) => format!("<c><v>{number}</v></c>"),
        _ => format!("<c t='inlineStr'><is><t>{text}</t></is></c>"),
    };
    let rows: String = rows
        .iter()
        .map(|row| format!("<row>{}</row>", row.iter().map(cell).collect::<String>()))
        .collect();
    let sheet = format!(
        "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>{rows}</sheetData></worksheet>"
    );
    xlsx_of(&sheet)
}

fn xlsx_of(sheet: &str) -> Vec<u8> {
    let main = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'";
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book = format!(
        "<workbook {main}><sheets><sheet name='Boats' sheetId='1' r:id='rId1'/></sheets></workbook>"
    );
    let links = format!(
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>\
         <Relationship Id='rId1' Type='{kind}/worksheet' Target='worksheets/sheet1.xml'/>\
         <Relationship Id='rId2' Type='{kind}/styles' Target='styles.xml'/></Relationships>"
    );
    let styles = format!(
        "<styleSheet {main}><cellXfs count='2'><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>"
    );
    let root = format!(
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>\
         <Relationship Id='rId1' Type='{kind}/officeDocument' Target='xl/workbook.xml'/></Relationships>"
    );
    pack(&[
        ("_rels/.rels", &root),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", &links),
        ("xl/styles.xml", &styles),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

#[test]
fn dates_that_excel_keeps_as_numbers_are_dates() {
    let bytes = xlsx(&[
        &["Boat", "Built", "Crew"],
        &["Seren", "d42535", "7"],
        &["Gwawr", "d42535.5", "2.5"],
    ]);
    check(
        &bytes,
        Kind::Xlsx,
        &["Boats: Boat; Built; Crew / Seren; 2016-06-14; 7 / Gwawr; 2016-06-14T12:00; 2.5"],
    );
}

#[test]
fn a_sheet_is_a_table_if_its_first_row_is_one_of_headings() {
    let bytes = xlsx(&[&["id", "title"], &["1", "One"], &["2", "Two", "more"]]);
    let has_title = |cells: &[String]| cells.iter().any(|cell| cell == "title");
    let Ok(Sheets::Table(table)) = read_book(&bytes, Kind::Xlsx, has_title) else {
        panic!("a table");
    };
    assert_eq!(
        (table.header_row, table.header.as_slice()),
        (1, &["id".to_owned(), "title".to_owned()][..])
    );
    let rows: Vec<String> = table
        .rows
        .iter()
        .map(|(row, cells)| format!("{row}:{}", cells.join(",")))
        .collect();
    assert_eq!(rows, ["2:1,One", "3:2,Two,more"]);
    let is_document = |read| matches!(read, Ok(Sheets::Document(_)));
    assert!(is_document(read_book(&bytes, Kind::Xlsx, |_| false)));
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name='Boats'>{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    pack(&[("content.xml", &content)])
}

#[test]
fn open_sheets_are_read_with_their_repeats_and_dates() {
    let bytes = ods(
        "<table:table-row><table:table-cell><text:p>Boat</text:p></table:table-cell><table:table-cell table:number-columns-repeated='2'><text:p>x</text:p></table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated='2'><table:table-cell table:number-columns-repeated='1000000'/></table:table-row>\
         <table:table-row><table:table-cell office:value-type='date' office:date-value='2016-06-14'><text:p>14/06/16</text:p></table:table-cell>\
         <table:table-cell office:value-type='float' office:value='1234.5'><text:p>1,234.50</text:p></table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>",
    );
    check(
        &bytes,
        Kind::Ods,
        &["Boats: Boat; x; x / 2016-06-14; 1234.5"],
    );
}

#[test]
fn what_is_damaged_locked_or_something_else_says_so() {
    let check = |bytes: &[u8], kind: Kind, code: &str| {
        let outcome = read(bytes, kind).map_err(|error| error.code);
        assert_eq!(outcome.unwrap_err(), code, "{kind:?}");
    };
    let whole = docx();
    for kind in [Kind::Docx, Kind::Odt, Kind::Pptx, Kind::Xlsx, Kind::Ods] {
        check(b"no archive", kind, "document-damaged");
        check(b"", kind, "document-damaged");
        check(&whole[..whole.len() / 2], kind, "document-damaged");
        check(&pack(&[("other.xml", "<a/>")]), kind, "document-damaged");
        check(
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more",
            kind,
            "document-encrypted",
        );
    }
    let cut = &TEXT[..TEXT.len() / 2];
    check(
        &pack(&[("word/document.xml", cut)]),
        Kind::Docx,
        "document-damaged",
    );
    let deep = "<w:p>".repeat(500_000);
    check(
        &pack(&[("word/document.xml", &deep)]),
        Kind::Docx,
        "document-damaged",
    );
}

#[test]
fn archives_that_unpack_to_too_much_are_refused() {
    let check = |bytes: &[u8], kind: Kind, code: &str| {
        let outcome = read(bytes, kind).map_err(|error| error.code);
        assert_eq!(outcome.unwrap_err(), code, "{kind:?}");
    };
    let spaces = " ".repeat(40 << 20);
    check(
        &pack(&[("word/document.xml", &spaces)]),
        Kind::Docx,
        "document-bomb",
    );
    check(&xlsx_of(&spaces), Kind::Xlsx, "document-bomb");
    // A cell that is repeated in every row and column there is.
    let cell = "<table:table-cell table:number-columns-repeated='16384'><text:p>x</text:p></table:table-cell>";
    let row =
        format!("<table:table-row table:number-rows-repeated='1048576'>{cell}</table:table-row>");
    check(&ods(&row), Kind::Ods, "document-too-large");
    // One cell in the last corner takes no room.
    let far = "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData><row r='1048576'><c r='XFD1048576' t='inlineStr'><is><t>far</t></is></c></row></sheetData></worksheet>";
    assert_eq!(
        told(&read(&xlsx_of(far), Kind::Xlsx).unwrap()),
        ["Boats: far"]
    );
}

#[test]
fn damaged_archives_are_read_or_refused_and_never_worse() {
    let table = xlsx(&[&["id", "title"], &["1", "d42535"]]);
    for (kind, whole) in [(Kind::Docx, docx()), (Kind::Xlsx, table)] {
        let step = (whole.len() / 150).max(1);
        for at in (0..whole.len()).step_by(step) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x41;
            let _ = read(&bytes, kind);
            let _ = read(&whole[..at], kind);
        }
    }
}
