//! Files of every kind are written and read again: planted phrases have to be on their pages.
//!
//! Knows the writer's fonts and structures. What the text of a page is worth, phrases tell.

use super::writer::{Sheet, Structure, Writer, string};
use crate::document::{self, Document, Findings, Kind};

/// A file, and phrases with the page that each has to open on.
struct Case {
    name: &'static str,
    writer: Writer,
    phrases: Vec<(&'static str, u32)>,
}

fn case(
    name: &'static str,
    phrases: &[(&'static str, u32)],
    pages: impl IntoIterator<Item = Sheet>,
) -> Case {
    Case {
        name,
        writer: Writer {
            pages: pages.into_iter().collect(),
            ..Writer::default()
        },
        phrases: phrases.to_vec(),
    }
}

impl Case {
    fn with(mut self, change: impl FnOnce(&mut Writer)) -> Case {
        change(&mut self.writer);
        self
    }
}

fn page() -> Sheet {
    Sheet::default()
}

const LEFT: [&str; 6] = [
    "The harbour office keeps a list",
    "of all boats that come and go,",
    "and the list is read aloud when",
    "the bell rings. Nobody has ever",
    "asked for a copy of it, but the",
    "clerk makes two every evening.",
];
const RIGHT: [&str; 6] = [
    "On the other side of the square",
    "the baker counts loaves in the",
    "same way. His numbers are never",
    "wrong, though he cannot say how",
    "many ovens there are, or where",
    "the smoke goes when it is late.",
];

/// Lines of a narrow column whose last word was pushed to the right.
const GAPS: [(&str, &str); 6] = [
    ("of many lanterns", "responsibility"),
    ("for the bells in", "participation"),
    ("by the quays or", "understanding"),
    ("no oars and the", "consultation"),
    ("to every oven", "neighbourhoods"),
    ("and its loaves", "environmental"),
];

/// Two columns, drawn row by row across both.
fn across() -> Sheet {
    LEFT.iter()
        .zip(RIGHT)
        .enumerate()
        .fold(page(), |page, (at, (left, right))| {
            let y = 700.0 - 12.0 * at as f32;
            page.text("F1", 10.0, 60.0, y, left)
                .text("F1", 10.0, 310.0, y, right)
        })
}

fn three_pages() -> [Sheet; 3] {
    let lines = [
        [
            "The first tenancy was signed",
            "in the year of the long frost.",
        ],
        [
            "The second tenancy was never",
            "signed, as the ink had frozen.",
        ],
        [
            "The third tenancy is the one",
            "that the clerk talks about most.",
        ],
    ];
    lines.map(|lines| page().lines("F1", 72.0, 700.0, &lines))
}

const THREE: [(&str, u32); 3] = [
    ("signed in the year of the long frost", 1),
    ("as the ink had frozen", 2),
    ("the one that the clerk talks about", 3),
];

fn in_structure(name: &'static str, structure: Structure) -> Case {
    case(name, &THREE, three_pages()).with(|writer| writer.structure = structure)
}

fn cases() -> Vec<Case> {
    let hyphens = [
        "It was good for the commu-",
        "nity that the well-known rule",
        "was kept: a well-",
        "known one, and a rule of soft\u{ad}",
        "ware that nobody knew.",
    ];
    let form = |text: &str| {
        format!(
            "BT /F1 12 Tf 1 0 0 1 72 600 Tm {} Tj ET",
            string("F1", text)
        )
    };
    vec![
        in_structure("a table", Structure::Table),
        in_structure("a wrong table", Structure::WrongTable),
        in_structure("no table", Structure::NoTable),
        in_structure("streams of objects", Structure::Streams),
        in_structure("encrypted, open to all", Structure::Encrypted),
        in_structure("encrypted and deflated", Structure::Encrypted).with(|w| w.is_packed = true),
        in_structure("streams and deflated", Structure::Streams).with(|w| w.is_packed = true),
        in_structure("a wrong table and deflated", Structure::WrongTable).with(|w| w.is_packed = true),
        in_structure("tagged", Structure::Table).with(|w| w.is_tagged = true),
        in_structure("with bookmarks", Structure::Streams).with(|w| {
            w.bookmarks = vec![("Frost".to_owned(), 0), ("Cŵn".to_owned(), 2)];
        }),
        case(
            "two columns, drawn across",
            &[
                ("all boats that come and go, and the list is read aloud", 1),
                ("makes two every evening. On the other side", 1),
                ("he cannot say how many ovens", 1),
            ],
            [across()],
        ),
        case(
            "two columns, drawn one by one",
            &[("of all boats that come and go", 1), ("same way. His numbers are never", 1)],
            [page().lines("F1", 60.0, 700.0, &LEFT).lines("F1", 310.0, 700.0, &RIGHT)],
        ),
        case(
            "two columns under a title",
            &[("A report on harbours and ovens of the old town", 1), ("but the clerk makes two", 1)],
            [across().text("FB", 18.0, 60.0, 730.0, "A report on harbours and ovens of the old town")],
        ),
        case(
            "two columns whose lines do not meet",
            &[("and the list is read aloud", 1), ("same way. His numbers are never wrong", 1)],
            [page().lines("F1", 60.0, 700.0, &LEFT).lines("F1", 310.0, 706.0, &RIGHT)],
        ),
        case(
            "columns and a full line below",
            &[("clerk makes two every evening", 1), ("a line that goes across both of the columns above", 1)],
            [across().text("F1", 10.0, 60.0, 610.0, "Notes: this is a line that goes across both of the columns above it, to the far edge.")],
        ),
        case(
            "gaps in narrow lines that stand below each other",
            &[("of many lanterns responsibility for the bells in participation", 1)],
            [GAPS.iter().enumerate().fold(page(), |page, (at, (left, right))| {
                let y = 700.0 - 12.0 * at as f32;
                page.text("F2", 10.0, 60.0, y, left)
                    .text("F2", 10.0, 240.0 - 5.0 * right.len() as f32, y, right)
            })],
        ),
        case(
            "a table of numbers, read across",
            &[("Boats 12 14", 1), ("Ovens 3 4", 1)],
            [["Boats", "Ovens", "Bells", "Clerks", "Copies"].iter().zip(["12 14", "3 4", "1 1", "7 9", "2 2"]).enumerate().fold(page(), |page, (at, (name, n))| {
                let y = 700.0 - 14.0 * at as f32;
                page.text("F1", 10.0, 60.0, y, name).text("F1", 10.0, 200.0, y, n)
            })],
        ),
        case(
            "ligatures by name",
            &[("office staff find the first floor", 1)],
            [page().text("F3", 12.0, 72.0, 700.0, "The o\u{fb03}ce sta\u{fb00} \u{fb01}nd the \u{fb01}rst \u{fb02}oor.")],
        ),
        case(
            "ligatures in the map to Unicode",
            &[("office file", 1)],
            [page().text("F2", 12.0, 72.0, 700.0, "The o\u{fb03}ce \u{fb01}le")],
        ),
        case(
            "hyphens at the ends of lines",
            &[("good for the community", 1), ("was kept: a well-known one", 1), ("rule of software", 1)],
            [page().lines("F2", 72.0, 700.0, &hyphens)],
        ),
        case(
            "Welsh accents by name",
            &[("cŵn a dŵr tŷ", 1), ("Tân ar ŵyl", 2)],
            [
                page().text("F3", 12.0, 72.0, 700.0, "cŵn a dŵr tŷ"),
                page().text("F3", 12.0, 72.0, 700.0, "Tân ar ŵyl"),
            ],
        ),
        case(
            "Welsh accents in the map to Unicode",
            &[("y dŵr yn y tŷ gwyn", 1)],
            [page().text("F2", 12.0, 72.0, 700.0, "y dŵr yn y tŷ gwyn")],
        ),
        case(
            "accents drawn over their letters",
            &[("dŵr y môr", 1)],
            [page().raw(&format!(
                "BT /F2 12 Tf 1 0 0 1 72 700 Tm [ {} {} 500 {} {} {} 500 {} ] TJ ET",
                string("F2", "d"), string("F2", "\u{2c6}"), string("F2", "wr y "),
                string("F2", "m"), string("F2", "\u{2c6}"), string("F2", "or"),
            ))],
        ),
        case(
            "Arabic as it stands on the page",
            &[("تقرير عن المدينة", 1), ("عام 2016 في", 1)],
            [page()
                .text("F2", 12.0, 72.0, 700.0, "ةنيدملا نع ريرقت")
                .text("F2", 12.0, 72.0, 680.0, "يف 2016 ماع")],
        ),
        case(
            "a picture between pages",
            &[("before the picture", 1), ("behind the picture", 3)],
            [
                page().text("F1", 12.0, 72.0, 700.0, "What stands before the picture"),
                page().raw("q 500 0 0 700 40 40 cm /X1 Do Q"),
                page().text("F1", 12.0, 72.0, 700.0, "What stands behind the picture"),
            ],
        ),
        case(
            "Mac Roman and the standard encoding",
            &[("a café in “quotes”", 1), ("it’s plain text", 1)],
            [page()
                .text("FR", 12.0, 72.0, 700.0, "a café in “quotes”")
                .text("F4", 12.0, 72.0, 680.0, "it's plain text")],
        ),
        case(
            "a page that is turned",
            &[("read with the head to one side", 1), ("and a second line", 1)],
            [Sheet { rotate: 90, ..page() }
                .raw(&format!("BT /F1 12 Tf 0 1 -1 0 100 72 Tm {} Tj ET", string("F1", "This is read with the head to one")))
                .raw(&format!("BT /F1 12 Tf 0 1 -1 0 114 72 Tm {} Tj ET", string("F1", "side and a second line")))],
        ),
        case(
            "a page upside down",
            &[("upside down but read as it stands", 1)],
            [Sheet { rotate: 180, ..page() }
                .raw(&format!("BT /F1 12 Tf -1 0 0 -1 500 300 Tm {} Tj ET", string("F1", "upside down but")))
                .raw(&format!("BT /F1 12 Tf -1 0 0 -1 500 314 Tm {} Tj ET", string("F1", "read as it stands")))],
        ),
        case(
            "forms",
            &[("text that stands in a form", 2)],
            [page().text("F1", 12.0, 72.0, 700.0, "No form here"), Sheet { form: form("text that stands in a form"), ..page() }.raw("q 1 0 0 1 0 0 cm /X1 Do Q")],
        ),
        case(
            "letters apart and moved one by one",
            &[("HOUSING ADVICE FOR ALL", 1), ("kerned word by word", 1)],
            [page()
                .raw(&format!("BT /F1 14 Tf 3 Tc 1 0 0 1 72 700 Tm {} Tj ET", string("F1", "HOUSING ADVICE FOR ALL")))
                .raw(&format!("BT /F1 12 Tf 1 0 0 1 72 650 Tm [ {} -300 {} 20 {} -280 {} -300 {} ] TJ ET",
                    string("F1", "kerned"), string("F1", "wo"), string("F1", "rd"), string("F1", "by"), string("F1", "word")))],
        ),
        case(
            "lines by their operators",
            &[("one by T* two by quote three by double quote", 1)],
            [page().raw("BT /F1 12 Tf 14 TL 72 700 Td (one by T*) Tj T* (two by quote) Tj (three by) ' 0 0 (double quote) \" ET")],
        ),
        case(
            "text that stands for what is drawn",
            &[("the real word", 1)],
            [page().raw(&format!("BT /F1 12 Tf 72 700 Td {} Tj /Span << /ActualText (real) >> BDC {} Tj EMC {} Tj ET",
                string("F1", "the "), string("F1", "r3al"), string("F1", " word")))],
        ),
        case(
            "bold that is drawn twice",
            &[("drawn twice to look bold", 1)],
            [page().text("F1", 12.0, 72.0, 700.0, "drawn twice to look bold").text("F1", 12.0, 72.3, 700.0, "drawn twice to look bold")],
        ),
    ]
}

fn read(writer: &Writer) -> Document {
    document::read(&writer.bytes(), Kind::Pdf).unwrap()
}

fn is_on(document: &Document, phrase: &str, page: u32) -> bool {
    let anchor = format!("page={page}");
    let mut parts = document.parts.iter();
    parts.any(|part| {
        part.anchor.as_ref() == Some(&anchor) && part.text.replace('\n', " ").contains(phrase)
    })
}

#[test]
fn planted_phrases_are_found_on_their_pages() {
    let cases = cases();
    assert!(cases.len() >= 30, "{}", cases.len());
    let (mut n_phrases, mut lost) = (0, Vec::new());
    for case in &cases {
        let document = read(&case.writer);
        for (phrase, page) in &case.phrases {
            n_phrases += 1;
            // Found where it was planted, and not just anywhere.
            let elsewhere = (1..=4).any(|other| other != *page && is_on(&document, phrase, other));
            if elsewhere || !is_on(&document, phrase, *page) {
                lost.push(format!(
                    "{}: {phrase:?}, page {page}\n{:#?}",
                    case.name, document.parts
                ));
            }
        }
    }
    // What is asked for is 95 of 100.
    assert!(
        lost.len() * 20 <= n_phrases,
        "{} of {n_phrases}: {}",
        lost.len(),
        lost.join("\n")
    );
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

fn code(bytes: &[u8]) -> String {
    match document::read(bytes, Kind::Pdf) {
        Ok(document) => format!("{} parts", document.parts.len()),
        Err(error) => error.code.to_owned(),
    }
}

fn headings(document: &Document) -> Vec<&str> {
    document.parts.iter().map(|part| &*part.heading).collect()
}

#[test]
fn a_file_says_its_title_and_language_or_is_told_of() {
    let mut writer = Writer {
        title: Some("Ar ŵyl: a report".to_owned()),
        lang: Some("cy-GB".to_owned()),
        is_tagged: true,
        pages: three_pages().to_vec(),
        ..Writer::default()
    };
    for structure in [Structure::Table, Structure::Streams, Structure::Encrypted] {
        writer.structure = structure;
        let document = read(&writer);
        assert_eq!(
            document.title.as_deref(),
            Some("Ar ŵyl: a report"),
            "{structure:?}"
        );
        let n_pages = 3;
        assert_eq!(
            document.findings,
            Findings {
                n_pages,
                ..Findings::default()
            }
        );
        // The writer encrypts no other strings than titles.
        if structure != Structure::Encrypted {
            assert_eq!(document.date.as_deref(), Some("2016-06-14"));
            assert_eq!(document.lang.as_deref(), Some("cy-GB"));
        }
    }
    for made_up in [
        "Microsoft Word - report.docx",
        "untitled",
        "Document1",
        "(anonymous)",
        " ",
    ] {
        writer.title = Some(made_up.to_owned());
        assert!(read(&writer).findings.is_untitled, "{made_up}");
    }
    let bare = read(&Writer {
        pages: vec![across()],
        ..Writer::default()
    });
    let found = (
        bare.findings.is_untagged,
        bare.findings.is_untitled,
        bare.findings.has_no_lang,
    );
    assert_eq!(
        (bare.title, bare.lang, found),
        (None, None, (true, true, true))
    );
}

#[test]
fn the_largest_text_of_the_first_page_serves_as_title() {
    let pages = [across()
        .text("FB", 20.0, 60.0, 780.0, "Harbours and ovens:")
        .text("FB", 20.0, 60.0, 757.0, "two lists com-")
        .text("FB", 20.0, 60.0, 734.0, "pared")];
    let document = read(&case("", &[], pages).writer);
    assert_eq!(
        document.shown_title.as_deref(),
        Some("Harbours and ovens: two lists compared")
    );
    assert_eq!(read(&case("", &[], [across()]).writer).shown_title, None);
}

#[test]
fn a_page_is_called_by_its_bookmark_its_heading_or_its_number() {
    let mut writer = case("", &[], three_pages()).writer;
    writer.pages[1] = page()
        .lines(
            "F1",
            72.0,
            700.0,
            &["A line of text that is no heading.", "Another one."],
        )
        .text("FB", 10.0, 72.0, 660.0, "The frozen ink")
        .lines("F1", 72.0, 640.0, &["The second tenancy was never signed."]);
    assert_eq!(
        headings(&read(&writer)),
        ["Page 1", "The frozen ink", "Page 3"]
    );
    writer.bookmarks = vec![("Y tŷ".to_owned(), 2), ("Not the first".to_owned(), 2)];
    assert_eq!(
        headings(&read(&writer)),
        ["Page 1", "The frozen ink", "Y tŷ"]
    );
    writer.structure = Structure::Streams;
    assert_eq!(
        headings(&read(&writer)),
        ["Page 1", "The frozen ink", "Y tŷ"]
    );
}

#[test]
fn running_titles_and_page_numbers_are_kept_once_and_not_at_all() {
    let pages = (1..=8).map(|number| {
        page()
            .text("FB", 14.0, 72.0, 800.0, "The harbour review, volume nine")
            .lines(
                "F1",
                72.0,
                700.0,
                &[
                    &format!("What page {number} alone has to say."),
                    "And more.",
                ],
            )
            .text("F1", 8.0, 290.0, 30.0, &format!("{number}"))
    });
    let document = read(&case("", &[], pages).writer);
    assert_eq!(
        (headings(&document)[0], &document.shown_title),
        ("Page 1", &None)
    );
    for (at, part) in document.parts.iter().enumerate() {
        let own = format!("What page {} alone has to say. And more.", at + 1);
        let text = part.text.replace('\n', " ");
        match at {
            0 => assert_eq!(text, format!("The harbour review, volume nine {own}")),
            _ => assert_eq!(text, own),
        }
    }
}

#[test]
fn pages_without_text_are_told_of_and_blank_ones_are_not() {
    let scan = || page().raw("q 500 0 0 700 40 40 cm /X1 Do Q");
    let pages = [
        scan(),
        page(),
        page().text("F1", 12.0, 72.0, 700.0, "Some words"),
        // Glyphs of which the file does not say what they mean.
        page().text("F5", 12.0, 72.0, 700.0, "Lost words"),
        scan().text("F1", 12.0, 72.0, 700.0, "Words over a picture"),
        // Letters that were turned into outlines, and a page with a frame.
        page().raw(&"10 10 m 20 20 l 30 10 l f ".repeat(40)),
        page().raw("10 10 500 700 re S"),
    ];
    let document = read(&case("", &[], pages).writer);
    assert_eq!(document.findings.unreadable_pages, [1, 4, 6]);
    assert_eq!(document.findings.n_pages, 7);
    let anchors: Vec<_> = document
        .parts
        .iter()
        .filter_map(|part| part.anchor.as_deref())
        .collect();
    assert_eq!(anchors, ["page=3", "page=5"]);
    let scanned = read(&case("", &[], [scan()]).writer);
    assert_eq!(
        (scanned.parts.len(), scanned.findings.unreadable_pages),
        (0, vec![1])
    );
}

#[test]
fn what_cannot_be_opened_says_why() {
    let writer = |structure| in_structure("", structure).writer.bytes();
    assert_eq!(code(&writer(Structure::Locked)), "document-encrypted");
    for bytes in [
        &b""[..],
        b"%PDF-1.7",
        b"hello",
        b"%PDF-1.7\n1 0 obj << >> endobj",
    ] {
        assert_eq!(code(bytes), "document-damaged");
    }
    let whole = writer(Structure::Table);
    // Cut before the second page: what is left is no whole document.
    let second = super::decode::find(&whole, b"16 0 obj").unwrap();
    let reason = |bytes: &[u8]| document::read(bytes, Kind::Pdf).unwrap_err().reason;
    assert_eq!(
        reason(&whole[..second]),
        "the file is damaged or cut short: it has 1 of its 3 pages"
    );
    // What the last page draws is not there, and neither is the end of the file.
    let mut early = whole[..whole.len() - 64].to_vec();
    let last = super::decode::find(&early, b"\n20 0 obj").unwrap();
    early.splice(last + 1..last + 3, *b"99");
    assert_eq!(
        reason(&early),
        "the file is cut short, and 1 of its 3 pages with it"
    );
    // The tree of pages is lost, though the pages are all there.
    let mut lost = whole.clone();
    let kids = super::decode::find(&lost, b"/Kids").unwrap();
    lost[kids + 1] = b'X';
    assert_eq!(
        reason(&lost),
        "the file is damaged or cut short: the list of its pages is missing"
    );
}

#[test]
fn a_page_that_cannot_be_unpacked_is_told_of() {
    let mut writer = case("", &[], three_pages()).writer;
    writer.is_packed = true;
    let mut bytes = writer.bytes();
    // What the second page draws is object 17. Its filter becomes one that nobody knows.
    let page = super::decode::find(&bytes, b"\n17 0 obj").unwrap();
    let filter = page + super::decode::find(&bytes[page..], b"FlateDecode").unwrap();
    bytes[filter] = b'X';
    let document = document::read(&bytes, Kind::Pdf).unwrap();
    assert_eq!(document.findings.unreadable_pages, [2]);
    assert_eq!(document.parts.len(), 2);
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let zeros = vec![b' '; 80 << 20];
    let bomb = super::writer::deflated(&zeros);
    let page = |filter: &str, data: &[u8]| {
        let mut bytes = b"%PDF-1.5\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n\
            2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n\
            3 0 obj << /Type /Page /Parent 2 0 R /Contents 4 0 R >> endobj\n4 0 obj << "
            .to_vec();
        bytes.extend(format!("{filter} /Length {} >>\nstream\n", data.len()).as_bytes());
        bytes.extend(data);
        bytes.extend(b"\nendstream endobj\ntrailer << /Root 1 0 R >>\n");
        bytes
    };
    assert_eq!(code(&page("/Filter /FlateDecode", &bomb)), "document-bomb");
    let twice = super::writer::deflated(&bomb);
    let both = page("/Filter [/FlateDecode /FlateDecode]", &twice);
    assert_eq!(code(&both), "document-bomb");
    let wide = "/Filter /FlateDecode /DecodeParms << /Predictor 2 /BitsPerComponent 16 /Columns 99999999999 >>";
    assert_eq!(
        code(&page(wide, &super::writer::deflated(b"x"))),
        "document-bomb"
    );
    let objects = page("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &bomb);
    assert_eq!(code(&objects), "document-bomb");
}

#[test]
fn forms_that_draw_themselves_come_to_an_end() {
    let form = "/X1 Do /X1 Do /X1 Do /X1 Do BT /F1 9 Tf (round) Tj ET".to_owned();
    let sheet = Sheet { form, ..page() }.raw("/X1 Do");
    let bytes = case("", &[], [sheet]).writer.bytes();
    // The form finds no form of its name in its own resources.
    assert_eq!(code(&bytes), "1 parts");
    let nested = format!(
        "BT /F1 9 Tf {} 1 {} Tj ET",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let deep = page().raw(&nested).text("F1", 9.0, 72.0, 72.0, "behind");
    code(&case("", &[], [deep]).writer.bytes());
}

/// A generator of numbers that are the same in every run (Knuth's MMIX).
fn numbers(mut seed: u64) -> impl FnMut(usize) -> usize {
    move |below| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below.max(1)
    }
}

#[test]
fn damaged_files_are_read_or_refused_and_never_worse() {
    let cases = cases();
    let mut number = numbers(2016);
    for case in cases.iter().step_by(3) {
        let whole = case.writer.bytes();
        for round in 0..12 {
            let mut bytes = whole.clone();
            for _ in 0..=round {
                let at = number(bytes.len());
                match number(3) {
                    0 => bytes[at] = number(256) as u8,
                    1 => bytes.truncate(at.max(64)),
                    _ => _ = bytes.splice(at..at, *b"<< [ 9 0 R ").count(),
                }
            }
            let _ = document::read(&bytes, Kind::Pdf);
        }
    }
}
