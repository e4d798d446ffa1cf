//! Feeds saved to disk: RSS 2.0, Atom and RDF (RSS 1.0). Each entry is a record.
//!
//! Knows the elements of the three, Dublin Core and `content:encoded`. Fetches nothing: what a feed says
//! of an entry is all that is known of it.

use std::path::Path;

use speir::{Download, Record, Value, date};

use super::address::Address;
use super::entries::{Entries, text_of};
use super::feed::{Feed, Form, Wrong};
use super::xml::{Item, Part, Xml, escape_into};
use super::{Fault, Sink, Spot, no_records, record};
use crate::config::{self, Rules};
use crate::page::{self, Page};
use crate::problem::{Place, Problem};

/// Longest summary that is a description, in characters; a longer one is what the entry says.
const DESCRIPTION_CHARS: usize = 500;

/// Longest title that is made of a summary, in characters.
const TITLE_CHARS: usize = 80;

/// The months as RFC 822 writes them (5.1).
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Reads a feed.
pub(super) fn read(path: &Path, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let mut lang = None;
    let mut xml = Xml::open(path)?;
    // A feed says its language before its first entry.
    while let Some(item) =
        xml.next(&|name| matches!(name, "item" | "entry" | "language" | "dc:language"))?
    {
        if matches!(item.name.as_str(), "item" | "entry") {
            break;
        }
        lang = lang.or_else(|| config::lang(item.text("")?).ok());
    }
    let of_root = xml
        .root
        .get("xml:lang")
        .and_then(|lang| config::lang(lang).ok());
    let form = Entry {
        path,
        rules,
        lang: lang.or(of_root),
    };
    let mut xml = Xml::open(path)?;
    let mut feed = Feed::new(&form, sink);
    let n_items = xml.feed(&|name| matches!(name, "item" | "entry"), &mut feed)?;
    match n_items {
        0 => Err(no_records(path, "check the feed: it has no entries")),
        _ => Ok(()),
    }
}

struct Entry<'a> {
    path: &'a Path,
    rules: &'a Rules,
    lang: Option<String>,
}

impl Entry<'_> {
    fn entries(&self, item: &Item) -> Entries {
        let mut entries = Entries::default();
        let summary = ["description", "summary"]
            .iter()
            .find_map(|name| html_of(item, name));
        let content = ["content:encoded", "content"]
            .iter()
            .find_map(|name| html_of(item, name));
        let short = summary
            .as_deref()
            .map(text_of)
            .filter(|text| !text.is_empty());
        let link = link(item);
        let title = title(item).or_else(|| Some(beginning(short.as_deref()?)));
        let id = item.first(&["guid", "id"]).map(str::to_owned);
        entries.text("id", link.clone().or(id));
        entries.text("url", link.clone());
        entries.text("title", title.clone());
        let dates = [
            "pubDate",
            "published",
            "dc:date",
            "dcterms:created",
            "updated",
            "dcterms:modified",
        ];
        entries.text(
            "date",
            dates.iter().find_map(|name| day_of(item.text(name)?)),
        );
        entries.texts("authors", authors(item));
        let categories = item.all("category").chain(item.all("dc:subject"));
        let mut topics: Vec<String> = Vec::new();
        for category in categories {
            let name = category.get("label").or(category.get("term"));
            let name = text_of(name.unwrap_or(&category.text));
            if !name.is_empty() && !topics.contains(&name) {
                topics.push(name);
            }
        }
        entries.texts("topics", topics);
        let own = item.text("dc:language");
        let own = own.or_else(|| item.parts.first()?.get("xml:lang"));
        let own = own.and_then(|lang| config::lang(lang).ok());
        entries.text("lang", own.or_else(|| self.lang.clone()));
        let is_short = short
            .as_ref()
            .is_some_and(|text| text.chars().count() <= DESCRIPTION_CHARS);
        let html = match (content, summary) {
            (Some(content), _) => content,
            (None, Some(summary)) if !is_short => summary,
            _ => String::new(),
        };
        if is_short {
            entries.text("description", short);
        }
        let address = Address::of(
            link.as_deref().unwrap_or_default(),
            self.rules.base_url.as_ref(),
        );
        entries.content(
            Page::of_fragment(&title.unwrap_or_default(), &html),
            &address,
        );
        entries.more_downloads(enclosures(item));
        entries
    }
}

impl Form for Entry<'_> {
    type Row = Item;

    fn record(&self, item: &Item) -> Result<Record, Wrong> {
        record::make(self.entries(item).0, self.rules).map_err(Wrong::Fault)
    }

    fn spot(&self, item: &Item) -> Spot {
        Spot {
            line: item.line,
            ..Spot::default()
        }
    }

    fn problem(&self, item: &Item, fault: Fault) -> Problem {
        Problem::new(fault.code, fault.reason, fault.advice).at(Place {
            id: link(item),
            field: fault.field,
            ..Place::line(self.path, item.line)
        })
    }
}

/// The address of an entry: that of the page, not of the feed or of a file.
fn link(item: &Item) -> Option<String> {
    let of_atom = item.all("link").find_map(|part| {
        let is_page = matches!(part.get("rel"), None | Some("alternate"));
        part.get("href").filter(|href| is_page && !href.is_empty())
    });
    let guid = item.all("guid").find(|guid| {
        guid.get("isPermaLink") != Some("false") && guid.text.trim().starts_with("http")
    });
    let about = item
        .parts
        .first()
        .and_then(|part| part.get("rdf:about").or(part.get("about")));
    let found = of_atom.or(item.text("link"));
    let found = found.or(guid.map(|guid| guid.text.trim())).or(about);
    found.map(str::to_owned)
}

/// The title as text. That of Atom may be HTML, and so is that of RSS where it has references or ends of
/// elements.
fn title(item: &Item) -> Option<String> {
    let title = item.all("title").chain(item.all("dc:title"));
    let title = title.map(|part| {
        let text = part.text.trim();
        let is_html = match part.get("type") {
            Some("html" | "xhtml" | "text/html") => true,
            Some(_) => false,
            None => text.contains("</") || text.contains('&') && !text.contains('<'),
        };
        match is_html {
            true => text_of(text),
            false => text.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    });
    let mut title = title.filter(|title| !title.is_empty());
    title.next()
}

/// What an element holds, as HTML. That of RSS always is; that of Atom says (RFC 4287, 3.1.1).
fn html_of(item: &Item, name: &str) -> Option<String> {
    let part = item.all(name).find(|part| !part.text.trim().is_empty())?;
    let is_text = |part: &Part| match part.get("type") {
        Some(kind) => matches!(kind, "text" | "text/plain"),
        // RSS has no such attribute, and Atom without it is plain.
        None => item.name == "entry",
    };
    let mut html = String::new();
    match is_text(part) {
        true => escape_into(&mut html, &part.text),
        false => html.push_str(&part.text),
    }
    Some(html)
}

fn authors(item: &Item) -> Vec<String> {
    let names = ["author/name", "dc:creator", "author"];
    let found = names.iter().map(|name| {
        let parts = item.all(name).map(|part| part.text.trim());
        // RSS has an address with the name in brackets.
        let names = parts.map(|text| match (text.split_once('('), text.contains('@')) {
            (Some((_, name)), true) => name.trim_end_matches(')').trim(),
            (None, true) => "",
            (_, false) => text,
        });
        let names = names.filter(|name| !name.is_empty());
        names.map(text_of).collect::<Vec<String>>()
    });
    let mut found = found.filter(|authors| !authors.is_empty());
    found.next().unwrap_or_default()
}

/// Files that go with an entry: those of RSS and those of Atom.
fn enclosures(item: &Item) -> Vec<Value> {
    let of_rss = item
        .all("enclosure")
        .filter_map(|part| Some((part, part.get("url")?)));
    let of_atom = item
        .all("link")
        .filter(|part| part.get("rel") == Some("enclosure"));
    let of_atom = of_atom.filter_map(|part| Some((part, part.get("href")?)));
    let downloads = of_rss.chain(of_atom).filter_map(|(part, url)| {
        let download = Download {
            format: Some(page::download_format(url)?.to_owned()),
            url: url.to_owned(),
            title: part.get("title").map(str::to_owned),
            size_bytes: part
                .get("length")
                .and_then(|length| length.parse().ok())
                .filter(|n| *n > 0),
        };
        Some(Value::from(download))
    });
    downloads.collect()
}

/// The beginning of a text, to its last whole word.
fn beginning(text: &str) -> String {
    if text.chars().count() <= TITLE_CHARS {
        return text.to_owned();
    }
    let cut: String = text.chars().take(TITLE_CHARS).collect();
    let words = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(words, _)| words);
    format!("{words}\u{2026}")
}

/// The day of a date as RFC 822, RFC 3339 or SQL write it, as its writer counts days; none where it is
/// none of these, such as the zeros that WordPress has for no date.
pub(super) fn day_of(text: &str) -> Option<String> {
    let text = text.trim();
    let iso = text.split(['T', ' ']).next().unwrap_or(text);
    if date::parse(iso).is_some() && !iso.starts_with("0000") {
        return Some(iso.to_owned());
    }
    let without_weekday = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut words = without_weekday.split_whitespace();
    let day: u32 = words.next()?.parse().ok()?;
    let month = words.next()?.to_lowercase();
    let month = MONTHS.iter().position(|known| month.starts_with(known))? + 1;
    let year: u32 = words.next()?.parse().ok()?;
    // RFC 822 has years of two digits, which feeds had until 1999.
    let year = match year {
        0..=69 => 2000 + year,
        70..=99 => 1900 + year,
        year => year,
    };
    let iso = format!("{year:04}-{month:02}-{day:02}");
    date::parse(&iso).map(|_| iso)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_from_the_three_ways_of_writing_them() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(day_of(text).as_deref(), expected, "{text}");
        };
        check("Tue, 14 Jun 2016 23:30:00 +0100", Some("2016-06-14"));
        check("4 June 16 09:00 GMT", Some("2016-06-04"));
        check("2016-06-14T09:00:00Z", Some("2016-06-14"));
        check("2016-06-14 09:00:00", Some("2016-06-14"));
        check("2016", Some("2016"));
        check("0000-00-00 00:00:00", None);
        check("31 Feb 2016", None);
        check("yesterday", None);
        check("", None);
    }

    #[test]
    fn a_title_is_made_of_whole_words() {
        assert_eq!(beginning("short"), "short");
        let long = "word ".repeat(30);
        assert_eq!(
            beginning(&long),
            format!("{}\u{2026}", "word ".repeat(16).trim_end())
        );
    }
}
