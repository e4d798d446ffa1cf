//! What a page says of itself in its head and attributes: title, language, date, authors, and whether
//! it wants to be found.
//!
//! Knows the names of Open Graph, Dublin Core and HTML's own. What is said in JSON, `linked_data` knows.
//! Where several say the same thing, the more exact one is taken: the order is that of the lists below.

use super::common::parts;
use super::content::{Content, IGNORE};
use super::elements::is_heading;
use super::linked_data::LinkedData;
use super::text::{heading_text, inline_text, is_same};
use super::tree::{NodeId, Tree};
use super::weights::WEIGHT;
use super::{LeftOut, Page, squeezed};

const TITLES: [&str; 3] = ["og:title", "dcterms.title", "dc.title"];
const DESCRIPTIONS: [&str; 5] = [
    "description",
    "og:description",
    "dcterms.description",
    "dc.description",
    "twitter:description",
];
const PUBLISHED: [&str; 6] = [
    "article:published_time",
    "dcterms.issued",
    "dcterms.date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
];
const CHANGED: [&str; 4] = [
    "article:modified_time",
    "dcterms.modified",
    "dc.date.modified",
    "og:updated_time",
];
const AUTHORS: [&str; 4] = ["author", "article:author", "dcterms.creator", "dc.creator"];
const TYPES: [&str; 3] = ["dcterms.type", "dc.type", "og:type"];
const TOPICS: [&str; 4] = [
    "article:tag",
    "dcterms.subject",
    "dc.subject",
    "article:section",
];

/// Kinds that say no more than that it is a page.
const EMPTY_TYPES: [&str; 8] = [
    "website",
    "article",
    "webpage",
    "web page",
    "text",
    "page",
    "object",
    "creative work",
];

/// Languages that stand for none.
const NO_LANGS: [&str; 4] = ["", "und", "zxx", "x-default"];

/// Reads what a page says of itself.
pub(super) fn read(tree: &Tree, content: &Content, page: &mut Page) {
    let said = Said::of(tree);
    let data = LinkedData::read(tree);
    page.titles = titles(tree, content, &said, &data);
    page.description = said.first(&DESCRIPTIONS).or(data.description);
    page.lang = lang(tree, content, &said).or(data.lang);
    page.date = said
        .date(&PUBLISHED)
        .or_else(|| data.published.as_deref().and_then(iso_date));
    page.date = page.date.take().or_else(|| said.date(&CHANGED));
    page.date = page
        .date
        .take()
        .or_else(|| data.changed.as_deref().and_then(iso_date));
    page.date = page.date.take().or_else(|| time(tree, content));
    page.authors = said.all(&AUTHORS);
    // Facebook wants the address of a profile there.
    page.authors.retain(|author| !author.contains("://"));
    if page.authors.is_empty() {
        page.authors = data.authors;
    }
    let is_kind = |kind: &String| !EMPTY_TYPES.contains(&kind.to_lowercase().as_str());
    page.kind = said
        .first(&TYPES)
        .filter(is_kind)
        .or(data.kind.filter(is_kind));
    page.topics = said.all(&TOPICS);
    for topic in data.topics {
        if !page.topics.contains(&topic) {
            page.topics.push(topic);
        }
    }
    page.image = said.first(&["og:image", "twitter:image"]).or(data.image);
    page.canonical = link(tree, "canonical");
    page.alternates = alternates(tree);
    page.left_out = left_out(tree, content, &said);
    page.weight = holders(tree, content).find_map(|id| tree.attribute(id, WEIGHT).map(squeezed));
}

/// The addresses that a page says it has: that of the link to itself, and Open Graph's.
pub(super) fn addresses(tree: &Tree) -> Vec<String> {
    let said = Said::of(tree).first(&["og:url"]);
    link(tree, "canonical").into_iter().chain(said).collect()
}

/// The `<meta>` elements with a name and what they say.
struct Said<'t>(Vec<(String, &'t str)>);

impl<'t> Said<'t> {
    fn of(tree: &'t Tree) -> Said<'t> {
        let metas = tree.named(Tree::ROOT, "meta").map(|(_, element)| element);
        let said = metas.filter_map(|meta| {
            let name = ["name", "property", "http-equiv", "itemprop"];
            let name = name.iter().find_map(|key| meta.attribute(key))?;
            // Dublin Core is written with a colon or a point, in any case.
            let name = name.trim().to_ascii_lowercase();
            let name = match name.strip_prefix("dc:").or(name.strip_prefix("dct:")) {
                Some(rest) => format!("dcterms.{rest}"),
                None => name.replace("dcterms:", "dcterms."),
            };
            Some((name, meta.attribute("content")?))
        });
        Said(said.collect())
    }

    /// All that is said under the names.
    fn every(&self, names: &[&str]) -> impl Iterator<Item = String> {
        let found = names.iter().flat_map(|name| {
            let said = self.0.iter().filter(move |(known, _)| known == name);
            said.map(|(_, content)| squeezed(content))
        });
        found
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .into_iter()
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        self.every(names).next()
    }

    /// All that differ.
    fn all(&self, names: &[&str]) -> Vec<String> {
        let mut all = Vec::new();
        for text in self.every(names) {
            if !all.contains(&text) {
                all.push(text);
            }
        }
        all
    }

    fn date(&self, names: &[&str]) -> Option<String> {
        self.every(names).find_map(|text| iso_date(&text))
    }
}

/// What the page may be called: by Open Graph, by its first heading of the first level, by its
/// `<title>`, by its first heading of any other level.
fn titles(tree: &Tree, content: &Content, said: &Said<'_>, data: &LinkedData) -> Vec<String> {
    let end = tree.end(content.main);
    let mut headings = Vec::new();
    let mut id = content.main;
    while id < end {
        if content.leaves_out(id) {
            id = tree.end(id);
            continue;
        }
        if is_heading(tree.name(id)) {
            let words = heading_text(tree, content, id);
            if !words.is_empty() {
                headings.push((tree.name(id), words));
            }
        }
        id += 1;
    }
    let first_of_all = headings.first().map(|(_, words)| words.clone());
    let main_heading = headings.iter().find(|(name, _)| *name == "h1");
    let main_heading = main_heading.map(|(_, words)| words.clone());

    // A heading of the first level outside the content is that of the page, or the site's name.
    let outside = tree.named(Tree::ROOT, "h1").map(|(id, _)| id);
    let outside: Vec<String> = outside
        .filter(|id| *id < content.main || *id >= end)
        .map(|id| inline_text(tree, content, id))
        .filter(|words| !words.is_empty())
        .collect();
    let of_head = tree
        .named(Tree::ROOT, "title")
        .find(|(id, _)| !tree.around(*id).any(|around| tree.name(around) == "svg"));
    let title = of_head.map(|(id, _)| {
        let texts = (id..tree.end(id)).filter_map(|id| tree.text(id));
        squeezed(&texts.collect::<String>())
    });
    let site = said.first(&["og:site_name", "application-name"]);
    let is_of_page = |part: &str| {
        outside
            .iter()
            .chain(&first_of_all)
            .any(|words| is_same(words, part))
    };
    let cut = |title: String| -> String {
        let pieces = parts(&title);
        let first = pieces.first().copied().unwrap_or_default();
        if pieces.len() > 1 && is_of_page(first) {
            return first.to_owned();
        }
        let is_site = |last: &str| outside.iter().chain(&site).any(|name| is_same(name, last));
        match pieces.last() {
            Some(last) if pieces.len() > 1 && is_site(last) => {
                let end = title.len() - last.len();
                let rest = title.get(..end).unwrap_or_default();
                rest.trim_end_matches(|c: char| !c.is_alphanumeric() && !is_closing(c))
                    .to_owned()
            }
            _ => title,
        }
    };
    let all = said
        .first(&TITLES)
        .map(cut)
        .into_iter()
        .chain(main_heading)
        .chain(title.map(cut))
        .chain(data.headline.clone())
        .chain(first_of_all)
        .chain(outside.iter().cloned());
    let mut titles: Vec<String> = Vec::new();
    for title in all {
        if title.contains(char::is_alphanumeric) && !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles
}

/// Signs that end a title and belong to it.
fn is_closing(c: char) -> bool {
    matches!(
        c,
        ')' | '?' | '!' | '.' | '"' | '\u{201d}' | '\u{2019}' | ']'
    )
}

/// The language of the content: of its own element or one around it, else as the head has it.
fn lang(tree: &Tree, content: &Content, said: &Said<'_>) -> Option<String> {
    let around = std::iter::once(content.main).chain(tree.around(content.main));
    let around = around.filter_map(|id| {
        let own = tree.attribute(id, "lang");
        own.or_else(|| tree.attribute(id, "xml:lang"))
    });
    // Where the content is the whole page, nothing is around it.
    let html = tree
        .named(Tree::ROOT, "html")
        .filter_map(|(_, html)| html.attribute("lang"));
    let head = said.first(&[
        "content-language",
        "og:locale",
        "dcterms.language",
        "dc.language",
    ]);
    let said = around.chain(html).map(str::to_owned).chain(head);
    let mut said = said.map(|lang| lang.trim().replace('_', "-"));
    said.find(|lang| !NO_LANGS.contains(&lang.to_ascii_lowercase().as_str()))
}

/// The date of the first `<time>` above the first heading below the title: below it, times are those
/// that the text is about.
fn time(tree: &Tree, content: &Content) -> Option<String> {
    let mut id = content.main;
    while id < tree.end(content.main) {
        if content.leaves_out(id) {
            id = tree.end(id);
            continue;
        }
        match tree.name(id) {
            "h2" | "h3" | "h4" => return None,
            "time" => {
                let said = tree.attribute(id, "datetime");
                let date = said.and_then(iso_date);
                if date.is_some() {
                    return date;
                }
            }
            _ => {}
        }
        id += 1;
    }
    None
}

/// The date at the beginning of a text, as an ISO date: the time of day is left out.
fn iso_date(text: &str) -> Option<String> {
    let date = text.trim().split(['T', ' ']).next()?;
    let is_dated = date.starts_with(|c: char| c.is_ascii_digit()) && date.len() >= 4;
    (is_dated && speir::date::parse(date).is_some()).then(|| date.to_owned())
}

/// The address that a `<link>` of a kind has.
fn link(tree: &Tree, rel: &str) -> Option<String> {
    let mut links = tree.named(Tree::ROOT, "link");
    let (_, link) = links.find(|(_, link)| {
        link.attribute("rel").is_some_and(|rels| {
            rels.split_ascii_whitespace()
                .any(|one| one.eq_ignore_ascii_case(rel))
        })
    })?;
    let href = link.attribute("href")?.trim();
    (!href.is_empty()).then(|| href.to_owned())
}

fn alternates(tree: &Tree) -> Vec<(String, String)> {
    let links = tree.named(Tree::ROOT, "link");
    let found = links.filter_map(|(_, link)| {
        let lang = link.attribute("hreflang")?.trim();
        let is_one = link.lists("rel", "alternate")
            && !NO_LANGS.contains(&lang.to_ascii_lowercase().as_str());
        let href = link.attribute("href")?.trim();
        (is_one && !href.is_empty()).then(|| (lang.to_owned(), href.to_owned()))
    });
    found.collect()
}

/// The elements that speak for the whole page.
fn holders<'t>(tree: &'t Tree, content: &Content) -> impl Iterator<Item = NodeId> + 't {
    let whole = ["html", "body"].into_iter();
    let whole = whole.filter_map(|name| Some(tree.named(Tree::ROOT, name).next()?.0));
    std::iter::once(content.main).chain(whole)
}

fn left_out(tree: &Tree, content: &Content, said: &Said<'_>) -> Option<LeftOut> {
    let is_ignored = |id: NodeId| {
        tree.attribute(id, IGNORE)
            .is_some_and(|value| value != "false")
    };
    if holders(tree, content).any(is_ignored) {
        return Some(LeftOut::Ignored);
    }
    let robots = said
        .every(&["robots", "speir"])
        .collect::<Vec<_>>()
        .join(",");
    let robots = robots.to_ascii_lowercase();
    if robots
        .split([',', ' '])
        .any(|word| matches!(word, "noindex" | "none"))
    {
        return Some(LeftOut::NoIndex);
    }
    let refresh = said
        .first(&["refresh"])
        .unwrap_or_default()
        .to_ascii_lowercase();
    let (wait, target) = refresh.split_once([';', ',']).unwrap_or((&refresh, ""));
    let is_at_once = wait
        .trim()
        .parse::<f32>()
        .is_ok_and(|seconds| seconds <= 10.0);
    (is_at_once && target.contains("url")).then_some(LeftOut::Redirect)
}
