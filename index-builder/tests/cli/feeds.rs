//! Exports of other systems: Markdown, tables with their own headings, WordPress, Drupal, feeds, sitemaps.

use serde_json::Value;

use crate::documents::packed;
use crate::support::Work;

/// What is shown of each record: title, id, and some fields, in the order of titles.
fn told(work: &Work, fields: &[&str]) -> Vec<String> {
    let page = work.json(&["search", "s", "--json", "--sort", "title", "--limit", "50"]);
    let hits = page["hits"].as_array().unwrap().iter();
    hits.map(|hit| {
        let values = fields.iter().map(|field| match &hit["fields"][*field] {
            Value::Null => "-".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        let id = hit["id"].as_str().unwrap();
        let title = hit["title"].as_str().unwrap();
        format!(
            "{title} | {id} | {}",
            values.collect::<Vec<_>>().join(" | ")
        )
    })
    .collect()
}

/// Builds, and gives the notes.
fn notes(work: &Work, args: &[&str]) -> Vec<String> {
    let ran = work.run(&[&["build", "--out", "s", "--lang", "en"], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let notes = ran.notes().into_iter();
    let notes = notes.filter(|note| !note.starts_with("these keys"));
    notes.map(str::to_owned).collect()
}

#[test]
fn markdown_becomes_records_with_fields_and_sections() {
    let work = Work::with(&[
        (
            "docs/guides/hedges.md",
            "---\ntitle: \"Hedges: laying\"\ndate: 2016-06-14\ntags: [hedges, wildlife]\ncategories: guides\n\
             author: Ann Oak\nlang: en-GB\ndescription: How to lay them.\ntype: guide\nfunder: Tree fund\n---\n\
             Start in winter, as [the plan](plan.pdf) says.\n\n## 2.1 Tools {#kit}\n\nA billhook.\n\n## After care\n\nMulch.\n",
        ),
        ("docs/guides/_index.md", "Ours."),
        (
            "docs/_posts/2015-03-02-spring-fair.markdown",
            "Come along.\n",
        ),
        (
            "docs/moss.md",
            "+++\ntitle = 'Moss'\nslug = 'mosses'\n+++\nGreen.\n",
        ),
        ("docs/draft.md", "---\ntitle: Not yet\ndraft: true\n---\nx"),
        ("docs/LICENSE.md", "All rights."),
    ]);
    let told_notes = notes(&work, &["docs", "--base-url", "https://example.org/"]);
    assert_eq!(
        told_notes,
        [
            "1 file with other endings were passed over",
            "files of docs that were passed over: 1 drafts"
        ]
    );
    assert_eq!(
        told(&work, &["date", "topics", "authors", "type", "funder"]),
        [
            "guides | https://example.org/guides/ | - | - | - | - | -",
            "Hedges: laying | https://example.org/guides/hedges/ | 2016-06-14 | \
             [\"hedges\",\"wildlife\",\"guides\"] | [\"Ann Oak\"] | guide | Tree fund",
            "Moss | https://example.org/mosses/ | - | - | - | - | -",
            "spring fair | https://example.org/_posts/2015-03-02-spring-fair/ | 2015-03-02 | - | - | - | -",
        ]
    );
    let hits = work.json(&["search", "s", "billhook", "--json"]);
    let section = &hits["hits"][0]["sections"][0];
    assert_eq!(section["number"], "2.1", "{section}");
    assert_eq!(section["anchor"], "kit", "{section}");
    let hits = work.json(&["search", "s", "mulch", "--json"]);
    assert_eq!(hits["hits"][0]["sections"][0]["anchor"], "after-care");
    let downloads = &hits["hits"][0]["fields"]["downloads"];
    assert_eq!(
        downloads[0]["url"],
        "https://example.org/guides/hedges/plan.pdf"
    );
}

#[test]
fn markdown_that_is_damaged_is_told_with_its_line() {
    let work = Work::with(&[("a.md", "---\ntitle: A\ntags: [x, y\n---\nText\n")]);
    let ran = work.run(&["build", "a.md", "--out", "s"]);
    assert!(
        ran.message().starts_with("a.md, line ") && ran.message().contains("front matter"),
        "{}",
        ran.err
    );
    work.write("a.md", b"---\ntitle: A\ndate: soon\n---\nText\n");
    work.fails(
        &["build", "a.md", "--out", "s"],
        1,
        "a.md, field `date`: \"soon\" is not a date",
        "write dates as 2016-06-14, 2016-06 or 2016, or leave it empty",
    );
    work.write("a.md", b"---\ndraft: true\n---\nText\n");
    work.fails(
        &["build", "a.md", "--out", "s"],
        1,
        "a.md: the file holds no records",
        "look at its files: 1 drafts",
    );
}

#[test]
fn a_text_beside_data_tells_what_the_data_are_and_is_no_record() {
    let work = Work::with(&[
        ("d/records.jsonl", "{\"id\":\"1\",\"title\":\"One\"}\n"),
        ("d/README.md", "These are records."),
    ]);
    notes(&work, &["d"]);
    assert_eq!(told(&work, &[]), ["One | 1 | "]);
}

const COLUMNS: &str = "[[sources]]\npath = \"t.csv\"\nencoding = \"windows-1252\"\n\
     date-format = \"d/m/y\"\nseparator = \",\"\n[sources.columns]\ntitle = \"Resource name\"\n\
     organisations = \"Partner(s)\"\nurl = \"Link\"\ndate = \"Published\"\n";

#[test]
fn a_table_of_excel_is_read_by_its_own_headings() {
    let table = "Resource name;Partner(s);Link;Published;Title\r\n\
         Caf\u{e9} guide;Tree wardens, Parish;https://example.org/a;14/06/2016;x\r\n\
         Ponds;;https://example.org/b;42535;y\r\n";
    let latin: Vec<u8> = table.chars().map(|letter| letter as u8).collect();
    let utf16: Vec<u8> = format!("\u{feff}{table}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let utf8 = format!("\u{feff}{table}").into_bytes();
    let settings = COLUMNS.replace("encoding = \"windows-1252\"\n", "");
    // What is UTF-8 is read as that, whatever is said of files that are not.
    let plain = table.as_bytes().to_vec();
    for (bytes, settings) in [
        (latin, COLUMNS),
        (plain, COLUMNS),
        (utf16, &settings),
        (utf8, &settings),
    ] {
        let work = Work::with(&[("speir.toml", settings)]);
        work.write("t.csv", &bytes);
        assert!(notes(&work, &[]).is_empty());
        assert_eq!(
            told(&work, &["organisations", "date"]),
            [
                "Caf\u{e9} guide | https://example.org/a | [\"Tree wardens\",\"Parish\"] | 2016-06-14",
                "Ponds | https://example.org/b | - | 2016-06-14",
            ]
        );
    }
}

#[test]
fn a_spreadsheet_is_read_by_its_own_headings_as_well() {
    let row = |cells: [&str; 3]| {
        let cells = cells
            .map(|text| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>"));
        format!("<table:table-row>{}</table:table-row>", cells.concat())
    };
    let sheet = |head: [&str; 3]| {
        let rows = [
            row(head),
            row(["Oars", "https://example.org/oars", "14/06/2016"]),
        ]
        .concat();
        let content = format!(
            "<office:spreadsheet><table:table table:name='A'>{rows}</table:table></office:spreadsheet>"
        );
        packed(&[("content.xml", &content)])
    };
    let settings = "[[sources]]\npath = \"t.ods\"\ndate-format = \"d/m/y\"\n[sources.columns]\n\
        title = \"Name\"\nurl = \"Link\"\ndate = \"When\"\n";
    let work = Work::with(&[("speir.toml", settings)]);
    work.write("t.ods", &sheet(["Name", "Link", "When"]));
    notes(&work, &[]);
    assert_eq!(
        told(&work, &["date"]),
        ["Oars | https://example.org/oars | 2016-06-14"]
    );
    work.write("t.ods", &sheet(["Name", "Links", "When"]));
    work.fails(
        &["build", "--out", "s"],
        1,
        "t.ods, row 1: no column is called `Link`, which `url` is taken from; the columns are: Name, Links, When",
        "did you mean `Links`? Correct it below [sources.columns] in speir.toml",
    );
}

#[test]
fn tables_that_do_not_fit_their_settings_are_told_with_what_to_do() {
    let work = Work::with(&[
        (
            "t.csv",
            "Resource name,Partners,Link,Published\nA,B,C,2016\n",
        ),
        ("speir.toml", COLUMNS),
    ]);
    let build = ["build", "--out", "s"];
    work.fails(
        &build,
        1,
        "t.csv, row 1: no column is called `Partner(s)`, which `organisations` is taken from; \
         the columns are: Resource name, Partners, Link, Published",
        "did you mean `Partners`? Correct it below [sources.columns] in speir.toml",
    );
    work.write(
        "t.csv",
        b"Resource name,Partner(s),Link,Published\nA,B,C,14/06/2016\n",
    );
    let settings = COLUMNS.replace("date-format = \"d/m/y\"\n", "");
    work.write("speir.toml", settings.as_bytes());
    work.fails(
        &build,
        1,
        "t.csv, row 2, field `date`: \"14/06/2016\" is not an ISO date",
        "write date-format = \"d/m/y\" or \"m/d/y\" below its [[sources]] in speir.toml, or dates as 2016-06-14",
    );
    for (wrong, message) in [
        (
            "encoding = \"excel\"",
            "speir.toml, line 3, column 12: there is no encoding `excel`",
        ),
        (
            "date-format = \"y\"",
            "speir.toml, line 3, column 15: `y` is not an order of dates",
        ),
        (
            "separator = \"\"",
            "speir.toml, line 3, column 13: `separator` is empty",
        ),
        (
            "columns = { title = \"A\", type = \"A\" }",
            "speir.toml, line 3, column 33: the column `A` is already that of `title`",
        ),
    ] {
        work.write(
            "speir.toml",
            format!("[[sources]]\npath = \"t.csv\"\n{wrong}\n").as_bytes(),
        );
        assert_eq!(work.run(&build).message(), message);
    }
}

const EXPORT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>
<rss version=\"2.0\" xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\"
 xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"
 xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:wp=\"http://wordpress.org/export/1.2/\">
<channel><title>Hedge club</title><language>en-GB</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:author><wp:author_login><![CDATA[ann]]></wp:author_login><wp:author_display_name><![CDATA[Ann Oak]]></wp:author_display_name></wp:author>
<item><title><![CDATA[Laying &#8217;em]]></title><link>https://example.org/laying/</link>
<dc:creator><![CDATA[ann]]></dc:creator>
<content:encoded><![CDATA[<!-- wp:paragraph --><p>Start in winter.</p><!-- /wp:paragraph -->
<h2 id=\"kit\">Kit</h2><p>A billhook. [gallery ids=\"1,2\"]</p>]]></content:encoded>
<excerpt:encoded><![CDATA[How to.]]></excerpt:encoded>
<wp:post_id>7</wp:post_id><wp:post_date><![CDATA[2016-06-14 09:00:00]]></wp:post_date>
<wp:status><![CDATA[publish]]></wp:status><wp:post_type><![CDATA[post]]></wp:post_type>
<category domain=\"category\" nicename=\"guides\"><![CDATA[Guides]]></category>
<category domain=\"post_tag\" nicename=\"winter\"><![CDATA[Winter &amp; spring]]></category>
<category domain=\"places\" nicename=\"wales\"><![CDATA[Wales]]></category>
<wp:postmeta><wp:meta_key><![CDATA[_thumbnail_id]]></wp:meta_key><wp:meta_value><![CDATA[9]]></wp:meta_value></wp:postmeta>
</item>
<item><title>The plan</title><link>https://example.org/?attachment_id=8</link><wp:post_id>8</wp:post_id>
<wp:post_parent>7</wp:post_parent><wp:status>inherit</wp:status><wp:post_type>attachment</wp:post_type>
<wp:attachment_url>https://example.org/up/plan.pdf</wp:attachment_url></item>
<item><title>Oak</title><wp:post_id>9</wp:post_id><wp:post_parent>7</wp:post_parent><wp:status>inherit</wp:status>
<wp:post_type>attachment</wp:post_type><wp:attachment_url>https://example.org/up/oak.jpg</wp:attachment_url></item>
<item><title>About</title><link>https://example.org/about/</link><content:encoded><![CDATA[One.

Two.]]></content:encoded><wp:status>publish</wp:status><wp:post_type>page</wp:post_type><wp:post_id>2</wp:post_id></item>
<item><title>Later</title><link>https://example.org/?p=3</link><wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>
<item><title>Odd</title><link>https://example.org/?p=4</link><wp:status>zzz</wp:status><wp:post_type>post</wp:post_type></item>
<item><title>Menu</title><wp:status>publish</wp:status><wp:post_type>nav_menu_item</wp:post_type></item>
</channel></rss>
";

#[test]
fn an_export_of_wordpress_becomes_posts_with_their_files() {
    let work = Work::with(&[("export.xml", EXPORT)]);
    assert_eq!(
        notes(&work, &["export.xml"]),
        [
            "items of export.xml that were passed over: 1 of type nav_menu_item, \
             1 uploaded files without a post, or pictures, 1 uploaded to posts, told there as downloads, \
             1 with status draft, 1 with status zzz"
        ]
    );
    assert_eq!(
        told(
            &work,
            &[
                "date",
                "authors",
                "topics",
                "places",
                "type",
                "image",
                "description",
                "body"
            ]
        ),
        [
            "About | https://example.org/about/ | - | - | - | - | page | - | - | One.\nTwo.",
            "Laying \u{2019}em | https://example.org/laying/ | 2016-06-14 | [\"Ann Oak\"] | \
             [\"Guides\",\"Winter & spring\"] | [\"Wales\"] | post | https://example.org/up/oak.jpg | How to. | Start in winter.",
        ]
    );
    let hits = work.json(&["search", "s", "billhook", "--json"]);
    let hit = &hits["hits"][0];
    assert_eq!(hit["sections"][0]["anchor"], "kit");
    let downloads = &hit["fields"]["downloads"];
    assert_eq!(downloads[0]["url"], "https://example.org/up/plan.pdf");
    assert_eq!(downloads[0]["title"], "The plan");
    assert_eq!(work.total("s", "gallery"), 0);
}

#[test]
fn an_export_that_is_damaged_is_told_with_the_line() {
    let work = Work::new();
    let check = |text: &str, message: &str, advice: &str| {
        work.write("export.xml", text.as_bytes());
        work.fails(&["build", "export.xml", "--out", "s"], 1, message, advice);
    };
    let cut = EXPORT.find("<dc:creator>").unwrap();
    check(
        &EXPORT[..cut],
        "export.xml, line 8: the file ends in the middle: it was cut short",
        "check that the export finished, and run it again",
    );
    check(
        &EXPORT.replace("<title>About</title>", ""),
        "export.xml, line 24, record `https://example.org/about/`, field `title`: the record has no title",
        "give it a `title`: that is what readers are shown",
    );
    let deep = format!("<title>Oak</title>{}", "<b>".repeat(10_000));
    check(
        &EXPORT.replace("<title>Oak</title>", &deep),
        "export.xml, line 22: more than 1000 elements stand in each other",
        "no export does that: look at the file around this line",
    );
    work.write(
        "export.xml",
        EXPORT
            .replace("</title><wp:post_id>9", "</b><wp:post_id>9")
            .as_bytes(),
    );
    let ran = work.run(&["build", "export.xml", "--out", "s"]);
    assert!(
        ran.message()
            .starts_with("export.xml, line 22: the file is not well-formed XML"),
        "{}",
        ran.err
    );
    let inside = EXPORT.replace("One.", &"<div>".repeat(10_000));
    work.write("export.xml", inside.as_bytes());
    notes(&work, &["export.xml"]);
}

#[test]
fn feeds_of_three_kinds_become_records() {
    let rss = "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>News</title>\
        <language>en-gb</language>\n<item><title>Fair &amp;amp; square</title><link>https://example.org/fair</link>\
        <description>&lt;p&gt;Come &lt;b&gt;all&lt;/b&gt;.&lt;/p&gt;</description><pubDate>Tue, 14 Jun 2016 23:00:00 +0100</pubDate>\
        <author>ann@example.org (Ann Oak)</author><category>Events</category>\
        <enclosure url=\"https://example.org/fair.pdf\" length=\"1200\" type=\"application/pdf\"/></item>\n\
        <item><description>No title, but these words.</description><guid isPermaLink=\"true\">https://example.org/note</guid></item>\
        </channel></rss>";
    let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"cy\"><title>Blog</title><link href=\"https://example.org/\"/>\
        <entry><title type=\"html\">Dail &amp;lt;b&gt; &amp;amp; coed</title><id>tag:1</id><link rel=\"self\" href=\"/feed\"/>\
        <link href=\"https://example.org/dail\"/><updated>2017-01-02T03:04:05Z</updated><author><name>Bob</name></author>\
        <category term=\"coed\" label=\"Coed\"/><content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">\
        <p>Hydref.</p><h2 id=\"lliw\">Lliw</h2><p>Coch.</p></div></content></entry></feed>";
    let rdf = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" \
        xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel rdf:about=\"https://example.org/\"><title>Old</title></channel>\
        <item rdf:about=\"https://example.org/old\"><title>Old news</title><link>https://example.org/old</link>\
        <dc:date>2004-05-06T07:08:09+00:00</dc:date><dc:creator>Cai</dc:creator><dc:subject>Past</dc:subject></item></rdf:RDF>";
    let work = Work::with(&[
        ("f/a.xml", rss),
        ("f/b.xml", atom),
        ("f/c.xml", rdf),
        ("f/d.xml", "<project/>"),
    ]);
    assert_eq!(
        notes(&work, &["f"]),
        ["1 file with other endings were passed over"]
    );
    assert_eq!(
        told(&work, &["date", "authors", "topics", "description"]),
        [
            "Dail <b> & coed | https://example.org/dail | 2017-01-02 | [\"Bob\"] | [\"Coed\"] | -",
            "Fair & square | https://example.org/fair | 2016-06-14 | [\"Ann Oak\"] | [\"Events\"] | Come all.",
            "No title, but these words. | https://example.org/note | - | - | - | No title, but these words.",
            "Old news | https://example.org/old | 2004-05-06 | [\"Cai\"] | [\"Past\"] | -",
        ]
    );
    let hits = work.json(&["search", "s", "coch", "--json"]);
    assert_eq!(hits["hits"][0]["sections"][0]["anchor"], "lliw");
    let hits = work.json(&["search", "s", "square", "--json"]);
    let download = &hits["hits"][0]["fields"]["downloads"][0];
    assert_eq!(download["bytes"], 1200, "{download}");
    work.fails(
        &["build", "f/d.xml", "--out", "s2"],
        1,
        "f/d.xml: cannot tell what records the file holds: its first element is <project>",
        "exports of WordPress, RSS, Atom and RDF feeds and sitemaps are read; look into the file, and export it again",
    );
    work.write("f/a.xml", &rss.as_bytes()[..rss.len() - 30]);
    let ran = work.run(&["build", "f/a.xml", "--out", "s2"]);
    assert_eq!(
        ran.message(),
        "f/a.xml, line 3: the file ends in the middle: it was cut short"
    );
}

#[test]
fn a_sitemap_gives_pages_their_days_and_makes_none() {
    let map = "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\
        <url><loc>https://example.org/oak.html</loc><lastmod>2016-06-14T01:02:03+01:00</lastmod></url>\
        <url><loc>https://example.org/ash/</loc><lastmod>2015-01-02</lastmod></url>\
        <url><loc>https://example.org/gone/</loc><lastmod>2014-01-02</lastmod></url>\
        <url><loc>https://example.org/elm.html</loc><lastmod>often</lastmod></url></urlset>";
    let index = "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\
        <sitemap><loc>https://example.org/maps/pages.xml</loc></sitemap></sitemapindex>";
    let work = Work::with(&[
        ("site/oak.html", "<h1>Oak</h1><p>Oaks."),
        (
            "site/ash/index.html",
            "<meta property=article:published_time content=2010-01-01><h1>Ash</h1><p>Ashes.",
        ),
        ("site/elm.html", "<h1>Elm</h1><p>Elms."),
        ("maps/pages.xml", map),
        ("maps/sitemap.xml", index),
    ]);
    let expected = |base: &str| {
        [
            format!("Ash | {base}/ash/ | 2010-01-01"),
            format!("Elm | {base}/elm.html | -"),
            format!("Oak | {base}/oak.html | 2016-06-14"),
        ]
    };
    let note = "addresses of maps/pages.xml that were passed over: 1 whose lastmod is no date";
    assert_eq!(notes(&work, &["site", "maps/pages.xml"]), [note]);
    assert_eq!(told(&work, &["date"]), expected(""));
    let base = ["--base-url", "https://example.org/"];
    for map in ["maps/sitemap.xml", "maps"] {
        assert_eq!(notes(&work, &[&[map, "site"], &base[..]].concat()), [note]);
        assert_eq!(told(&work, &["date"]), expected("https://example.org"));
    }
    work.fails(
        &["build", "maps", "--out", "s2"],
        1,
        "there is a sitemap, but nothing that it could complete",
        "name the pages too, or write records = true below its [[sources]] in speir.toml",
    );
    work.write(
        "speir.toml",
        b"[[sources]]\npath = \"maps/pages.xml\"\nrecords = true\n",
    );
    work.ok(&["build", "--out", "s"]);
    assert_eq!(
        told(&work, &["date"])[2..],
        [
            "gone | https://example.org/gone/ | 2014-01-02",
            "oak | https://example.org/oak.html | 2016-06-14"
        ]
    );
    work.write(
        "maps/sitemap.xml",
        index.replace("pages", "others").as_bytes(),
    );
    work.fails(
        &["build", "maps/sitemap.xml", "--out", "s2"],
        1,
        "maps/sitemap.xml, line 1: the sitemap others.xml, which this one names, is not beside it",
        "save all of them in one folder, and unpacked",
    );
}

const PAGE_ONE: &str = r#"{"jsonapi":{"version":"1.0"},"data":[
{"type":"node--article","id":"u1","attributes":{"drupal_internal__nid":7,"langcode":"cy","status":true,"title":"Tai a gofal",
 "created":"2016-06-14T09:00:00+01:00","changed":"2017-01-01T00:00:00+00:00","path":{"alias":"/tai","langcode":"cy"},
 "body":{"value":"raw","processed":"<p>Rhagair.</p><h2 id=\"un\">1.1 Un</h2><p>Gofal.</p>","summary":"Crynodeb"},"field_year":2016,"field_secret":"x"},
 "relationships":{"uid":{"data":{"type":"user--user","id":"a1"}},"field_tags":{"data":[{"type":"taxonomy_term--tags","id":"t1"},{"type":"taxonomy_term--tags","id":"t9"}]},
 "field_where":{"data":[{"type":"taxonomy_term--places","id":"t2"}]},
 "field_document":{"data":{"type":"media--document","id":"m1"}},"field_image":{"data":{"type":"file--file","id":"f2"}}}},
{"type":"node--article","id":"u2","attributes":{"status":false,"title":"Cudd"}},
{"type":"taxonomy_term--tags","id":"t1","attributes":{"name":"Tai"}}],
"included":[{"type":"user--user","id":"a1","attributes":{"display_name":"Ann Oak"}},
{"type":"taxonomy_term--tags","id":"t1","attributes":{"name":"Tai"}},{"type":"taxonomy_term--places","id":"t2","attributes":{"name":"Gwent"}},
{"type":"media--document","id":"m1","attributes":{"name":"Y cynllun"},"relationships":{"field_media_document":{"data":{"type":"file--file","id":"f1"}}}},
{"type":"file--file","id":"f1","attributes":{"filename":"c.pdf","filemime":"application/pdf","filesize":1200,"uri":{"url":"/files/c.pdf"}}},
{"type":"file--file","id":"f2","attributes":{"filename":"o.jpg","filemime":"image/jpeg","filesize":9,"uri":{"url":"/files/o.jpg"}}}]}"#;

const PAGE_TWO: &str = r#"{"data":{"type":"node--page","id":"u3","attributes":{"drupal_internal__nid":8,"langcode":"en","title":"About"}}}"#;

#[test]
fn documents_of_drupal_become_records_with_what_they_refer_to() {
    let work = Work::with(&[("d/1.json", PAGE_ONE), ("d/2.json", PAGE_TWO)]);
    assert_eq!(
        notes(&work, &["d", "--base-url", "https://example.org/"]),
        [
            "items of d/1.json that were passed over: 1 not published, 1 of type taxonomy_term--tags",
            "d/1.json refers to what it does not hold, so that records lack it: 1 of field_tags; \
             fetch it again with include= and these names",
        ]
    );
    assert_eq!(
        told(
            &work,
            &[
                "date",
                "authors",
                "topics",
                "places",
                "type",
                "year",
                "image",
                "description",
                "secret"
            ]
        ),
        [
            "About | /node/8 | - | - | - | - | page | - | - | - | -",
            "Tai a gofal | /tai | 2016-06-14 | [\"Ann Oak\"] | [\"Tai\"] | [\"Gwent\"] | article | 2016 | \
             https://example.org/files/o.jpg | Crynodeb | -",
        ]
    );
    let hits = work.json(&["search", "s", "gofal", "--json"]);
    let hit = &hits["hits"][0];
    assert_eq!(hit["url"], "https://example.org/tai");
    assert_eq!(hit["lang"], "cy");
    assert_eq!(hit["sections"][0]["anchor"], "un");
    let download = &hit["fields"]["downloads"][0];
    assert_eq!(
        (&download["url"], &download["title"], &download["bytes"]),
        (
            &Value::from("https://example.org/files/c.pdf"),
            &Value::from("Y cynllun"),
            &Value::from(1200)
        )
    );
}

#[test]
fn documents_of_drupal_that_are_damaged_are_told() {
    let work = Work::new();
    let check = |text: &str, message: &str, advice: &str| {
        work.write("a.json", text.as_bytes());
        work.fails(&["build", "a.json", "--out", "s"], 1, message, advice);
    };
    check(
        &PAGE_ONE[..200],
        "a.json, line 3: the file is not JSON: EOF while parsing a string",
        "check that the download finished, and fetch it again",
    );
    check(
        "{\"jsonapi\":{},\"errors\":[{\"title\":\"Forbidden\",\"detail\":\"No access.\"}]}",
        "a.json: the file holds the answer of a server that failed: No access.",
        "fetch it again, and look at what comes",
    );
    check(
        &PAGE_TWO.replace("About", ""),
        "a.json, record `u3`, field `title`: the record has no title",
        "give it a `title`: that is what readers are shown",
    );
    let deep = PAGE_TWO.replace("\"About\"", &"[".repeat(10_000));
    check(
        &deep,
        "a.json, line 1: the file is not JSON: recursion limit exceeded",
        "check that the download finished, and fetch it again",
    );
}
