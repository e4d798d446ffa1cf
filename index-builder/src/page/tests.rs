//! Pages of our own making, and what is read of them.

use super::*;

/// The page in lines: what is known of it, then its texts and sections.
fn told(text: &str) -> Vec<String> {
    let page = Page::read(text.as_bytes());
    let mut lines = vec![page.titles.first().cloned().unwrap_or_default()];
    lines.extend(page.blocks.iter().map(|block| format!("  {block}")));
    for section in &page.sections {
        let number = section
            .number
            .as_deref()
            .map(|n| format!("{n}: "))
            .unwrap_or_default();
        let anchor = section.anchor.as_deref().unwrap_or("-");
        let kind = section
            .kind
            .as_deref()
            .map(|kind| format!(" [{kind}]"))
            .unwrap_or_default();
        lines.push(format!(
            "{number}{} #{anchor}{kind} ({})",
            section.heading,
            section.trail.join(" > ")
        ));
        lines.extend(section.blocks.iter().map(|block| format!("  {block}")));
    }
    lines
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(told(text), expected, "{text}");
}

#[test]
fn headings_with_numbers_are_sections_with_trails() {
    check(
        "<title>Looking after trees | Tree handbook</title><main><h1 id=s3>3. Looking after trees</h1>\
         <p>Why.</p><h2 id=s3-1>3.1 Watering</h2><p>How <b>much</b>.</p><h3 id=s3-1-1>3.1.1 In summer</h3>\
         <ul><li>Daily<li>At dusk</ul><h4>Case study</h4><p>An orchard.</p><h2>Section 3.2 – Pruning</h2>",
        &[
            "3. Looking after trees",
            "3: Looking after trees #s3 (3)",
            "  Why.",
            "3.1: Watering #s3-1 (3 > 3.1)",
            "  How much.",
            "3.1.1: In summer #s3-1-1 (3 > 3.1 > 3.1.1)",
            "  Daily",
            "  At dusk",
            "Case study #s3-1-1 [case study] (3 > 3.1 > 3.1.1 > Case study)",
            "  An orchard.",
            "3.2: Pruning #s3 (3 > 3.2)",
        ],
    );
}

#[test]
fn fragments_are_found_where_sites_put_them() {
    check(
        "<main><h1>Guide</h1><a name=one></a><h2>One</h2>x<h2><a id=two></a>Two</h2>x\
         <h2><a class=header href=#three>Three</a></h2>x<section id=four><a href=s>Source</a>\
         <a href=#four>\u{a7}</a><h3>Four <a href=#four>#</a></h3><h4>Inside</h4></section>\
         <h2 id=five>Five</h2><a id=gone></a><p>text</p><h2>Six</h2>",
        &[
            "Guide",
            "One #one (One)",
            "  x",
            "Two #two (Two)",
            "  x",
            "Three #three (Three)",
            "  x",
            "  Source",
            "Four #four (Three > Four)",
            "Inside #four (Three > Four > Inside)",
            "Five #five (Five)",
            "  text",
            "Six #- (Six)",
        ],
    );
}

#[test]
fn headings_without_a_name_get_one_proposed() {
    let page = Page::read(
        b"<main><h1>T</h1><h2>Who can apply?</h2><h2 id=how>How</h2><h2>How</h2><h2>How</h2>",
    );
    let proposed: Vec<Option<&str>> = page
        .sections
        .iter()
        .map(|s| s.proposed.as_deref())
        .collect();
    assert_eq!(
        proposed,
        [Some("who-can-apply"), None, Some("how-2"), Some("how-3")]
    );
}

#[test]
fn parts_of_a_kind_go_on_where_they_were_left() {
    check(
        "<main><h1>T</h1><h2 id=a>A</h2><p>one</p><div data-speir-kind='Example' id=e><p>inside</p></div>\
         <p>two</p><div data-speir-kind=tip><h3 id=h>Mulch</h3><p>Do.</p></div><p>three</p>\
         <h3 data-speir-kind='case study'>An orchard</h3>",
        &[
            "T",
            "A #a (A)",
            "  one",
            "  two",
            "  three",
            "Example #e [Example] (A > Example)",
            "  inside",
            "Mulch #h [tip] (A > Mulch)",
            "  Do.",
            "An orchard #a [case study] (A > An orchard)",
        ],
    );
}

#[test]
fn stray_labels_are_no_text() {
    check(
        "<main><h1>T</h1><p>Text.</p><p>LOGO one.pngLOGO two.jpg</p><p>Scroll to Top</p>\
         <p>Copyright \u{a9} 2015 Somebody | Log in</p><p>See map.png. It is large.</p>",
        &["T", "  Text.", "  See map.png. It is large."],
    );
}

#[test]
fn a_title_is_that_of_the_page_and_not_of_its_site() {
    let check = |text: &str, title: &str| assert_eq!(told(text)[0], title, "{text}");
    check("<title>A | S</title><h1>Site</h1><main>x", "A | S");
    check(
        "<title>A thing - The Site</title><h1>The site</h1><main><h2>A Thing</h2>x",
        "A thing",
    );
    check(
        "<title>A thing - The Site</title><h1>The site</h1><main>x",
        "A thing",
    );
    check(
        "<title>What is it? - The Site</title><meta property=og:site_name content='The Site'><main>x",
        "What is it?",
    );
    check(
        "<meta property=og:title content='By OG'><title>T</title><main><h1>H</h1>",
        "By OG",
    );
    check(
        "<title>T</title><main><h1>Struct <b>Vec</b> <button>Copy</button></h1>",
        "Struct Vec",
    );
    check("<title>T</title><svg><title>Icon</title></svg>x", "T");
    check("<svg><title>Icon</title></svg><h2>First</h2>x", "First");
    check("x", "");
}

#[test]
fn a_page_says_much_of_itself() {
    let page = Page::read(
        br#"<html lang="cy_GB"><head><link rel="canonical" href="https://example.org/a/">
        <meta name="description" content=" A  page. "><meta name="DC.creator" content="Ann">
        <meta name="dcterms.subject" content="Trees"><meta property="og:type" content="website">
        <meta property="article:author" content="https://example.org/ann">
        <link rel="alternate" hreflang="en" href="/en/a"><link rel=alternate hreflang=x-default href="/">
        <script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "S"},
        {"@type": "NewsArticle", "datePublished": "2016-06-14T09:00:00Z", "dateModified": "2017-01-01",
        "keywords": "Soil, Trees", "image": {"url": "/a.jpg"}}]}</script>
        <script type="application/ld+json">{broken</script></head>
        <body data-speir-weight="2"><main><h1>A</h1><p>Text <span data-speir-field="ward">Ogwen</span>
        <b data-speir-facet="theme" content="Green space">green</b></p></main>"#,
    );
    let expected = Page {
        titles: vec!["A".to_owned()],
        description: Some("A page.".to_owned()),
        lang: Some("cy-GB".to_owned()),
        date: Some("2016-06-14".to_owned()),
        authors: vec!["Ann".to_owned()],
        kind: Some("news article".to_owned()),
        topics: vec!["Trees".to_owned(), "Soil".to_owned()],
        image: Some("/a.jpg".to_owned()),
        canonical: Some("https://example.org/a/".to_owned()),
        alternates: vec![("en".to_owned(), "/en/a".to_owned())],
        weight: Some("2".to_owned()),
        fields: vec![
            ("ward".to_owned(), "Ogwen".to_owned()),
            ("theme".to_owned(), "Green space".to_owned()),
        ],
        facets: vec!["theme".to_owned()],
        blocks: vec!["Text Ogwen green".to_owned()],
        ..Page::default()
    };
    assert_eq!(page, expected);
}

#[test]
fn a_time_above_the_text_is_the_date_of_the_page() {
    let check = |text: &str, date: Option<&str>| {
        assert_eq!(Page::read(text.as_bytes()).date.as_deref(), date, "{text}");
    };
    check(
        "<main><h1>T</h1><time datetime='2016-06-14 10:00'>x</time>",
        Some("2016-06-14"),
    );
    check("<main><h1>T</h1><time datetime='10:00'>x</time>", None);
    check(
        "<main><h1>T</h1><h2>Event</h2><time datetime=2016-06-14>x</time>",
        None,
    );
    check(
        "<meta name=dcterms.date content='June 2016'><meta name=dcterms.modified content=2017><p>x",
        Some("2017"),
    );
}

#[test]
fn pages_that_do_not_want_to_be_found_say_why() {
    let check = |text: &str, expected: Option<LeftOut>| {
        assert_eq!(Page::read(text.as_bytes()).left_out, expected, "{text}");
    };
    check("<p>x", None);
    check(
        "<meta name=robots content='noindex, follow'><p>x",
        Some(LeftOut::NoIndex),
    );
    check("<meta name=robots content='index'><p>x", None);
    check(
        "<meta http-equiv=refresh content='0;URL=../a/'><p>x",
        Some(LeftOut::Redirect),
    );
    check("<meta http-equiv=refresh content=300><p>x", None);
    check("<body data-speir-ignore><p>x", Some(LeftOut::Ignored));
    check("<main data-speir-ignore=''><p>x", Some(LeftOut::Ignored));
    check("<title>T</title>", Some(LeftOut::Empty));
    check("", Some(LeftOut::Empty));
}

#[test]
fn downloads_are_called_by_their_link_or_what_stands_above() {
    let page = Page::read(
        b"<main><h1>Trees</h1><a href=all.pdf>here</a><h2>Soil plan</h2><p><a href=/s.pdf>Download Resource</a>\
          <a href=/r.docx>Download Annual Report</a><a href=a.html>page</a><a href=/s.pdf>Soil</a></p>\
          </main><footer><a href=x.pdf>Not this</a></footer>",
    );
    let told: Vec<String> = page
        .downloads
        .iter()
        .map(|d| {
            format!(
                "{} {} {}",
                d.href,
                d.title.as_deref().unwrap_or("-"),
                d.format
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "all.pdf Trees PDF",
            "/s.pdf Soil PDF",
            "/r.docx Annual Report Word"
        ]
    );
}

#[test]
fn headings_that_say_nothing_name_no_download() {
    let page = Page::read(
        b"<main><h1>Trees</h1><h2>Soil plan</h2><h3>Case study</h3><a href=a.pdf>here</a><h3>Downloads:</h3>\
          <a href=b.pdf>PDF</a><h2>Find out more</h2><a href=c.pdf>PDF</a></main>",
    );
    let titles: Vec<Option<&str>> = page.downloads.iter().map(|d| d.title.as_deref()).collect();
    assert_eq!(
        titles,
        [Some("Soil plan"), Some("Soil plan"), Some("Trees")]
    );
}

#[test]
fn a_heading_may_be_a_button() {
    check(
        "<main><h1>Questions</h1><h2 id=a><button>Who may come? <svg><title>Open</title></svg></button></h2>\
         <p>All.</p><h2 id=b>Where? <button>Copy</button></h2><button>Close</button>",
        &[
            "Questions",
            "Who may come? #a (Who may come?)",
            "  All.",
            "Where? #b (Where?)",
        ],
    );
}

#[test]
fn words_stay_words() {
    check(
        "<main><h1>T</h1><p>so<wbr>lar pan&shy;els<sup><a href=#n1>1</a></sup>, 5 m<sup>2</sup></p>\
         <a href=a>One</a><a href=b>Two</a><p>a<br>b<img src=c>d</p><table><tr><td>e<td>f</table>",
        &[
            "T",
            "  solar panels, 5 m2",
            "  One Two",
            "  a b d",
            "  e",
            "  f",
        ],
    );
}

#[test]
fn the_language_is_that_of_the_content() {
    let check = |text: &str, lang: Option<&str>| {
        assert_eq!(Page::read(text.as_bytes()).lang.as_deref(), lang, "{text}");
    };
    check("<html lang=en><main lang=cy>x", Some("cy"));
    check("<html lang=en><div lang=cy><main>x", Some("cy"));
    check("<html lang=en><p lang=cy>x</p><main>y", Some("en"));
    check(
        "<html lang=und><meta http-equiv=content-language content=gd><p>x",
        Some("gd"),
    );
    check("<html xml:lang=fr_CA><p>x", Some("fr-CA"));
    check("<p>x", None);
}

#[test]
fn any_bytes_are_a_page() {
    let deep = "<div>".repeat(10_000) + "<h2>Deep</h2>text";
    check(&deep, &["Deep", "  text"]);
    for text in [
        "<",
        "<!",
        "<!--",
        "</",
        "<main",
        "<main><h1>",
        "<p a=\"",
        "<script>",
        "<![CDATA[",
        "&#x110000;",
        "<table><h1>x",
        "<svg><main>x",
        "<template><main>x</main></template>",
        "\0<p>\0",
        "<title>",
    ] {
        Page::read(text.as_bytes());
    }
}

proptest::proptest! {
    #[test]
    fn no_order_of_tags_is_too_much(pieces in proptest::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = pieces.iter().map(|at| PIECES[*at]).collect();
        let page = Page::read(text.as_bytes());
        // What the tree has as text below no left-out element is in a block, a heading or a field.
        let words: usize = page.texts().map(|text| text.matches("word").count()).sum();
        let titles = page.titles.len();
        assert!(words <= text.matches("word").count() + titles);
    }
}

const PIECES: [&str; 24] = [
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<main>",
    "</main>",
    "<h2 id=a>",
    "</h2>",
    "<a href=a.pdf>",
    "</a>",
    "<table>",
    "<td>",
    "</table>",
    "<li>",
    "<ul>",
    "</ul>",
    "<b>",
    "</b>",
    "<svg>",
    "</svg>",
    "<title>",
    "</title>",
    "word ",
    "<section data-speir-kind=k>",
];

#[test]
fn a_part_counts_as_its_author_says() {
    let page = Page::read(
        b"<main data-speir-weight=5><h1>Soil</h1><p>One <b data-speir-weight=2>two<i data-speir-weight=0> no</i></b> three.</p>
        <div data-speir-weight=3>Four<p>five</p><div data-speir-weight=0.5>six</div>seven</div>
        <h2 id=a data-speir-weight=2>Eight</h2><p>Nine</p><p data-speir-weight=0.5>ten</p>
        <p data-speir-weight=0>eleven</p><p data-speir-weight=much>twelve</p></main>",
    );
    let weighed: Vec<(String, &str)> = page
        .weighed
        .iter()
        .map(|(weight, text)| (weight.field(), text.as_str()))
        .collect();
    let expected = [
        ("weight-2", "two"),
        ("weight-3", "Four"),
        ("weight-3", "five"),
        ("weight-0.5", "six"),
        ("weight-3", "seven"),
        ("weight-2", "Eight"),
        ("weight-0.5", "ten"),
    ];
    assert_eq!(
        weighed,
        expected.map(|(field, text)| (field.to_owned(), text))
    );
    assert_eq!(page.blocks, ["One two three.", "Four", "five", "seven"]);
    assert_eq!(page.sections[0].blocks, ["Nine", "twelve"]);
    assert_eq!(page.weight.as_deref(), Some("5"));
    assert_eq!(page.unclear_weight.as_deref(), Some("much"));
}

#[test]
fn a_part_of_a_kind_needs_no_paragraph() {
    let page = Page::read(
        b"<main><h1>Soil</h1><p>One</p><div id=a data-speir-kind=example>Two</div><p>Three</p></main>",
    );
    let section = &page.sections[0];
    assert_eq!(
        (section.kind.as_deref(), &section.blocks[..]),
        (Some("example"), &["Two".to_owned()][..])
    );
    assert_eq!(page.blocks, ["One", "Three"]);
}
