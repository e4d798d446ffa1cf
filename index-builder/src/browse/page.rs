//! One page as HTML: headings, lists and links, and nothing that needs a script or a style in it.
//!
//! Knows HTML. What comes from records goes in as text; links lead to web addresses and to places of
//! the site, and to nothing that a browser would run.

use std::fmt::Write as _;

use speir::Value;

use super::texts::Texts;

/// Where a page is.
pub(super) struct Place<'p> {
    /// The way to the published folder, such as `../../`.
    pub(super) up: &'p str,
    /// The way to the folder of the first page; empty where this is it.
    pub(super) home: &'p str,
    /// The same page in each language, with the way there.
    pub(super) versions: &'p [(&'p str, String)],
}

/// What a page has on it.
#[derive(Default)]
pub(super) struct Sheet<'p> {
    pub(super) title: String,
    /// Whether a form for searching stands on it.
    pub(super) has_box: bool,
    pub(super) nav: &'p [Nav],
    pub(super) groups: &'p [Group],
}

/// Links to other pages, under a name.
pub(super) struct Nav {
    pub(super) name: String,
    pub(super) links: Vec<Link>,
    /// Whether they are as short as letters, and stand in a row.
    pub(super) is_row: bool,
}

/// A link to another page, or to the only record of a value.
#[derive(Default)]
pub(super) struct Link {
    /// What stands before it.
    pub(super) before: String,
    pub(super) href: String,
    pub(super) shown: String,
    /// How many records are there.
    pub(super) count: Option<usize>,
}

/// Records under a heading; without one where it is empty.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) items: Vec<Item>,
}

/// A record.
#[derive(Clone)]
pub(super) struct Item {
    pub(super) title: String,
    pub(super) url: Option<String>,
    pub(super) lang: String,
    /// Facts below its title.
    pub(super) facts: Vec<String>,
    pub(super) downloads: Vec<Download>,
}

/// A file to download.
#[derive(Clone)]
pub(super) struct Download {
    url: String,
    title: Option<String>,
    /// Its format and size, as far as they are known.
    about: Vec<String>,
}

impl Download {
    /// Reads a value of `downloads`: a link, or an object with a link in it.
    pub(super) fn of(value: &Value) -> Option<Download> {
        let entries = match value {
            Value::Text(url) => {
                return Some(Download {
                    url: url.clone(),
                    title: None,
                    about: Vec::new(),
                });
            }
            Value::Object(entries) => entries,
            _ => return None,
        };
        let entry = |name: &str| {
            let found = entries.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value)
        };
        let text = |name: &str| entry(name).and_then(Value::as_words).map(str::to_owned);
        let mut about: Vec<String> = text("format").into_iter().collect();
        if let Some(Value::Int(n_bytes)) = entry("bytes") {
            about.push(size(*n_bytes));
        }
        Some(Download {
            url: text("url")?,
            title: text("title"),
            about,
        })
    }
}

/// A size in thousands or millions of bytes, as `speir build` tells it too.
fn size(n_bytes: i64) -> String {
    let n_bytes = n_bytes.max(0);
    match n_bytes {
        0..1_000_000 => format!("{} KB", (n_bytes + 500) / 1000),
        _ => format!("{:.1} MB", n_bytes as f64 / 1e6),
    }
}

/// The page, inside the publisher's own where there is one.
pub(super) fn html(
    sheet: &Sheet<'_>,
    place: &Place<'_>,
    texts: &Texts,
    template: Option<&str>,
) -> String {
    let content = content(sheet, place, texts);
    let (lang, dir, title) = (texts.lang, texts.dir(), escaped(&sheet.title));
    let up = place.up;
    if let Some(template) = template {
        let parts = [
            ("{{lang}}", lang),
            ("{{dir}}", dir),
            ("{{title}}", &title),
            ("{{up}}", up),
            // The last one, so that nothing in it is taken for a name.
            ("{{content}}", &content),
        ];
        let mut page = template.to_owned();
        for (name, value) in parts {
            page = page.replace(name, value);
        }
        return page;
    }
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{lang}\" dir=\"{dir}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"speir\">\n<title>{title}</title>\n"
    );
    if sheet.has_box {
        let _ = writeln!(
            page,
            "<link rel=\"stylesheet\" href=\"{up}speir-widget.css\">"
        );
    }
    let _ = writeln!(
        page,
        "<link rel=\"stylesheet\" href=\"{up}browse/browse.css\">"
    );
    for (version, href) in place.versions {
        let _ = writeln!(
            page,
            "<link rel=\"alternate\" hreflang=\"{version}\" href=\"{}\">",
            escaped(href)
        );
    }
    if sheet.has_box {
        let _ = writeln!(
            page,
            "<script type=\"module\" src=\"{up}speir-widget.js\"></script>"
        );
    }
    let _ = write!(
        page,
        "</head>\n<body>\n<main>\n{content}</main>\n</body>\n</html>\n"
    );
    page
}

fn content(sheet: &Sheet<'_>, place: &Place<'_>, texts: &Texts) -> String {
    let mut out = String::new();
    let other = place
        .versions
        .iter()
        .filter(|(lang, _)| *lang != texts.lang);
    let versions: Vec<String> = other
        .map(|(lang, href)| {
            let name = super::texts::of(lang).language(lang);
            format!(
                "<li><a href=\"{}\" hreflang=\"{lang}\" lang=\"{lang}\" data-speir-lang>{}</a></li>",
                escaped(href),
                escaped(&name)
            )
        })
        .collect();
    if !versions.is_empty() {
        let _ = writeln!(
            out,
            "<ul class=\"speir-languages\">{}</ul>",
            versions.concat()
        );
    }
    if !place.home.is_empty() {
        let _ = writeln!(
            out,
            "<p class=\"speir-up\"><a href=\"{}index.html\">{}</a></p>",
            place.home,
            escaped(texts.say("title"))
        );
    }
    let _ = writeln!(out, "<h1>{}</h1>", escaped(&sheet.title));
    if sheet.has_box {
        let _ = write!(
            out,
            "<speir-search src=\"{}\">\n<form action=\"index.html\" method=\"get\" role=\"search\">\n\
             <label for=\"speir-q\">{label}</label>\n\
             <input id=\"speir-q\" name=\"q\" type=\"search\" enterkeyhint=\"search\">\n\
             <button type=\"submit\">{label}</button>\n</form>\n</speir-search>\n\
             <noscript><p>{}</p></noscript>\n",
            place.up,
            escaped(texts.say("noscript")),
            label = escaped(texts.say("search")),
        );
    }
    for (at, nav) in sheet.nav.iter().enumerate() {
        put_nav(&mut out, nav, at);
    }
    if sheet.groups.len() > 1 {
        put_jumps(&mut out, sheet.groups, texts);
    }
    for (at, group) in sheet.groups.iter().enumerate() {
        if !group.name.is_empty() {
            let _ = writeln!(
                out,
                "<h2 id=\"speir-group-{at}\">{}</h2>",
                escaped(&group.name)
            );
        }
        out.push_str("<ul class=\"speir-records\">\n");
        for item in &group.items {
            put_item(&mut out, item, place.up, texts);
        }
        out.push_str("</ul>\n");
    }
    out
}

fn put_nav(out: &mut String, nav: &Nav, at: usize) {
    let class = if nav.is_row {
        "speir-row"
    } else {
        "speir-values"
    };
    let _ = write!(
        out,
        "<nav aria-labelledby=\"speir-nav-{at}\">\n<h2 id=\"speir-nav-{at}\">{}</h2>\n<ul class=\"{class}\">\n",
        escaped(&nav.name)
    );
    for link in &nav.links {
        let count = link.count.map_or_else(String::new, |n| format!(" ({n})"));
        // Names and titles may run the other way than the page.
        let before = match link.before.as_str() {
            "" => String::new(),
            name => format!("<bdi>{}</bdi>: ", escaped(name)),
        };
        let _ = writeln!(
            out,
            "<li>{}<a href=\"{}\"><bdi>{}</bdi></a>{count}</li>",
            before,
            escaped(&link.href),
            escaped(&link.shown)
        );
    }
    out.push_str("</ul>\n</nav>\n");
}

/// Links to the headings of the page.
fn put_jumps(out: &mut String, groups: &[Group], texts: &Texts) {
    let _ = write!(
        out,
        "<nav aria-labelledby=\"speir-letters\">\n<h2 id=\"speir-letters\">{}</h2>\n<ul class=\"speir-row\">\n",
        escaped(texts.say("letters"))
    );
    for (at, group) in groups.iter().enumerate() {
        let _ = writeln!(
            out,
            "<li><a href=\"#speir-group-{at}\">{}</a></li>",
            escaped(&group.name)
        );
    }
    out.push_str("</ul>\n</nav>\n");
}

fn put_item(out: &mut String, item: &Item, up: &str, texts: &Texts) {
    let lang = if super::texts::known(&item.lang) == Some(texts.lang) {
        String::new()
    } else {
        format!(" lang=\"{}\"", escaped(&item.lang))
    };
    let title = format!("<bdi>{}</bdi>", escaped(&item.title));
    out.push_str("<li>");
    match item.url.as_deref().and_then(|url| href(url, up)) {
        Some(url) => {
            let _ = write!(out, "<a href=\"{}\"{lang}>{title}</a>", escaped(&url));
        }
        None => {
            let _ = write!(out, "<span{lang}>{title}</span>");
        }
    }
    if !item.facts.is_empty() {
        let facts = item.facts.iter();
        let facts: Vec<String> = facts
            .map(|fact| format!("<bdi>{}</bdi>", escaped(fact)))
            .collect();
        let _ = write!(
            out,
            "<br><span class=\"speir-facts\">{}</span>",
            facts.join(" · ")
        );
    }
    for download in &item.downloads {
        let Some(url) = href(&download.url, up) else {
            continue;
        };
        let name = download.title.as_deref().unwrap_or(&item.title);
        let about = match download.about.as_slice() {
            [] => String::new(),
            about => format!(" ({})", escaped(&about.join(", "))),
        };
        let _ = write!(
            out,
            "<br><a href=\"{}\">{} <bdi>{}</bdi>{about}</a>",
            escaped(&url),
            escaped(texts.say("download")),
            escaped(name)
        );
    }
    out.push_str("</li>\n");
}

/// A link of a record as it stands on a page, from which `up` leads to the published folder: relative
/// links count from the folder that this one is in. None for what a browser would run.
pub(super) fn href(url: &str, up: &str) -> Option<String> {
    if !is_safe(url) {
        return None;
    }
    let has_scheme = url.split_once(':').is_some_and(|(scheme, _)| {
        scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    });
    Some(match has_scheme || url.starts_with('/') {
        true => url.to_owned(),
        false => format!("{up}../{}", url.strip_prefix("./").unwrap_or(url)),
    })
}

/// Whether a link leads to a page or file: relative, or by one of a few schemes.
fn is_safe(url: &str) -> bool {
    let trimmed = url.trim_start_matches(|letter: char| letter <= ' ');
    let scheme = trimmed.split_once(':').map(|(scheme, _)| scheme);
    match scheme {
        Some(scheme) if !scheme.contains(['/', '?', '#']) => {
            ["http", "https", "mailto"].contains(&scheme.to_ascii_lowercase().as_str())
        }
        _ => true,
    }
}

/// A text as HTML has it, in text and in attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // No control letter is allowed in HTML but for these.
            letter if letter.is_control() && !letter.is_whitespace() => {}
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_run_code_lead_nowhere() {
        for url in [
            "/a",
            "a:b/c?x",
            "https://example.org/",
            "../a.pdf#page=2",
            "HTTP://x",
        ] {
            assert_eq!(is_safe(url), url != "a:b/c?x", "{url}");
        }
        for url in [
            "javascript:alert(1)",
            " \u{1}JavaScript:x",
            "data:text/html,x",
            "vbscript:x",
        ] {
            assert!(!is_safe(url), "{url}");
        }
        assert!(is_safe("a/b:c") && is_safe("?a=b:c"));
    }

    #[test]
    fn relative_links_count_from_beside_the_published_folder() {
        let check = |url: &str, expected: Option<&str>| {
            assert_eq!(href(url, "../../").as_deref(), expected, "{url}");
        };
        check("toolkit.html#5-2", Some("../../../toolkit.html#5-2"));
        check("./a/b.pdf", Some("../../../a/b.pdf"));
        check("/guides/", Some("/guides/"));
        check("//example.org/a", Some("//example.org/a"));
        check("https://example.org/", Some("https://example.org/"));
        check("javascript:alert(1)", None);
    }

    #[test]
    fn a_download_is_a_link_or_says_more() {
        let link = Download::of(&Value::Text("a.pdf".to_owned())).unwrap();
        assert_eq!((link.url.as_str(), link.about.len()), ("a.pdf", 0));
        let whole = Value::from(speir::Download {
            url: "a.pdf".to_owned(),
            title: Some("The guide".to_owned()),
            format: Some("PDF".to_owned()),
            size_bytes: Some(1_234_567),
        });
        assert_eq!(Download::of(&whole).unwrap().about, ["PDF", "1.2 MB"]);
        assert_eq!(size(240_400), "240 KB");
        assert!(Download::of(&Value::Int(3)).is_none());
    }
}
