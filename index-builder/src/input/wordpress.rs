//! Exports of WordPress (WXR): each published post and page is a record.
//!
//! Knows the elements of WXR 1.2 and what WordPress keeps in them: statuses, kinds of posts, shortcodes.
//! Files that were uploaded to a post are its downloads. Reads a file twice, as those may stand anywhere,
//! and keeps neither posts nor pictures in memory.

use std::collections::BTreeMap;
use std::path::Path;

use speir::{Download, Record, Value};

use super::address::Address;
use super::entries::{Entries, text_of};
use super::feed::{Feed, Form, Wrong};
use super::passed::PassedOver;
use super::rss::day_of;
use super::xml::{Item, Xml};
use super::{Fault, Sink, Spot, no_records, record};
use crate::config::{self, Rules};
use crate::page::{self, Page};
use crate::problem::{Place, Problem};

/// Kinds of posts that WordPress and its themes keep their own settings in.
const OF_THE_SYSTEM: [&str; 14] = [
    "acf-field",
    "acf-field-group",
    "custom_css",
    "customize_changeset",
    "nav_menu_item",
    "oembed_cache",
    "revision",
    "user_request",
    "wp_block",
    "wp_font_family",
    "wp_global_styles",
    "wp_navigation",
    "wp_template",
    "wp_template_part",
];

/// Taxonomies that say nothing of what a post is about.
const NO_TOPICS: [&str; 4] = [
    "nav_menu",
    "post_format",
    "wp_theme",
    "wp_template_part_area",
];

/// Shortcodes that need no attributes and stand for something that is no text.
const SHORTCODES: [&str; 7] = [
    "audio",
    "caption",
    "embed",
    "gallery",
    "playlist",
    "video",
    "wp_caption",
];

/// Reads an export.
pub(super) fn read(path: &Path, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let form = Posts {
        path,
        rules,
        site: Site::read(path)?,
        passed: PassedOver::default(),
    };
    let mut xml = Xml::open(path)?;
    let mut feed = Feed::new(&form, sink);
    let n_items = xml.feed(&|name| name == "item", &mut feed)?;
    if n_items == 0 || form.passed.n() == n_items {
        let reasons = form.passed.reasons();
        let advice = match reasons {
            Some(reasons) => format!("look at what was exported: {reasons}"),
            None => "export all content: Tools, Export, All content".to_owned(),
        };
        return Err(no_records(path, &advice));
    }
    if let Some(note) = form.passed.note("items", path) {
        sink.note(note);
    }
    Ok(())
}

/// What posts refer to.
#[derive(Default)]
struct Site {
    lang: Option<String>,
    /// What authors are called, by the names with which they log in.
    authors: BTreeMap<String, String>,
    /// The files for download of each post, by its number.
    files: BTreeMap<String, Vec<Download>>,
    /// The addresses of pictures, by their numbers.
    pictures: BTreeMap<String, String>,
}

impl Site {
    fn read(path: &Path) -> Result<Site, Problem> {
        let mut site = Site::default();
        let mut xml = Xml::open(path)?;
        // What is damaged, the second reading tells, after what is whole.
        while let Ok(Some(item)) =
            xml.next(&|name| matches!(name, "item" | "wp:author" | "language"))
        {
            match item.name.as_str() {
                "language" => site.lang = item.text("").and_then(|lang| config::lang(lang).ok()),
                "wp:author" => {
                    let name = item.text("wp:author_display_name");
                    if let (Some(login), Some(name)) = (item.text("wp:author_login"), name) {
                        site.authors.insert(login.to_owned(), name.to_owned());
                    }
                }
                _ if item.text("wp:post_type") == Some("attachment") => site.add(&item),
                _ => {}
            }
        }
        Ok(site)
    }

    fn add(&mut self, item: &Item) {
        let Some(url) = item.text("wp:attachment_url") else {
            return;
        };
        let Some(format) = page::download_format(url) else {
            if let Some(id) = item.text("wp:post_id") {
                self.pictures.insert(id.to_owned(), url.to_owned());
            }
            return;
        };
        let Some(parent) = item.text("wp:post_parent").filter(|parent| *parent != "0") else {
            return;
        };
        let download = Download {
            url: url.to_owned(),
            title: item.text("title").map(text_of),
            format: Some(format.to_owned()),
            size_bytes: None,
        };
        self.files
            .entry(parent.to_owned())
            .or_default()
            .push(download);
    }
}

struct Posts<'a> {
    path: &'a Path,
    rules: &'a Rules,
    site: Site,
    passed: PassedOver,
}

impl Posts<'_> {
    /// Why an item is no record.
    fn why_not(&self, item: &Item) -> Option<String> {
        let kind = item.text("wp:post_type").unwrap_or("post");
        if kind == "attachment" {
            let parent = item.text("wp:post_parent").filter(|parent| *parent != "0");
            let is_file = item
                .text("wp:attachment_url")
                .and_then(page::download_format);
            return Some(match (parent, is_file) {
                (Some(_), Some(_)) => "uploaded to posts, told there as downloads".to_owned(),
                _ => "uploaded files without a post, or pictures".to_owned(),
            });
        }
        if OF_THE_SYSTEM.contains(&kind) {
            return Some(format!("of type {kind}"));
        }
        match item.text("wp:status") {
            Some("publish") => {}
            Some(status) => return Some(format!("with status {status}")),
            None => return Some("without a status".to_owned()),
        }
        let password = item.text("wp:post_password");
        password.map(|_| "with a password".to_owned())
    }

    fn entries(&self, item: &Item) -> Entries {
        let mut entries = Entries::default();
        let title = item.text("title").map(text_of).unwrap_or_default();
        let link = item.text("link").or(item.text("guid"));
        let number = item.text("wp:post_id");
        entries.text("id", link.or(number).map(str::to_owned));
        entries.text("url", link.map(str::to_owned));
        entries.text("title", Some(title.clone()));
        entries.text("description", item.text("excerpt:encoded").map(text_of));
        entries.text("type", item.text("wp:post_type").map(str::to_owned));
        let dates = ["wp:post_date", "pubDate", "wp:post_date_gmt"];
        let date = dates.iter().find_map(|name| day_of(item.text(name)?));
        entries.text("date", date);
        let login = item.text("dc:creator");
        let author = login.map(|login| self.site.authors.get(login).map_or(login, |name| name));
        entries.texts("authors", author.map(str::to_owned).into_iter().collect());
        self.categories(item, &mut entries);
        let thumbnail = item.parts.iter().position(|part| {
            part.name == "wp:postmeta/wp:meta_key" && part.text.trim() == "_thumbnail_id"
        });
        let thumbnail = thumbnail.and_then(|at| item.parts.get(at + 1));
        let picture = thumbnail.and_then(|part| self.site.pictures.get(part.text.trim()));
        entries.text("image", picture.cloned());
        let address = Address::of(link.unwrap_or_default(), self.rules.base_url.as_ref());
        let html = to_html(item.text("content:encoded").unwrap_or_default());
        entries.content(Page::of_fragment(&title, &html), &address);
        let files = number.and_then(|number| self.site.files.get(number));
        let files = files.into_iter().flatten().cloned();
        entries.more_downloads(files.map(Value::from).collect());
        entries
    }

    /// Categories and tags are topics; those of other taxonomies are the field of that name, where there
    /// is one. Polylang keeps the language there.
    fn categories(&self, item: &Item, entries: &mut Entries) {
        let mut fields: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut lang = None;
        for category in item.all("category") {
            let domain = category.get("domain").unwrap_or("category");
            let nicename = category.get("nicename").unwrap_or_default();
            if domain == "language" {
                lang = config::lang(nicename).ok();
                continue;
            }
            if NO_TOPICS.contains(&domain) || nicename == "uncategorized" {
                continue;
            }
            let name = text_of(&category.text);
            let has_field = self.rules.separators(domain).is_some();
            let values = fields
                .entry(if has_field { domain } else { "topics" })
                .or_default();
            if !name.is_empty() && !values.contains(&name) {
                values.push(name);
            }
        }
        for (name, values) in fields {
            entries.texts(name, values);
        }
        entries.text("lang", lang.or_else(|| self.site.lang.clone()));
    }
}

impl Form for Posts<'_> {
    type Row = Item;

    fn record(&self, item: &Item) -> Result<Record, Wrong> {
        if let Some(why) = self.why_not(item) {
            self.passed.add(&why);
            return Err(Wrong::LeftOut);
        }
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
            id: item.text("link").map(str::to_owned),
            field: fault.field,
            ..Place::line(self.path, item.line)
        })
    }
}

/// The content of a post as HTML: without shortcodes, and with the paragraphs that WordPress makes of
/// blank lines where a post has no blocks (`wpautop`).
fn to_html(content: &str) -> String {
    let text = without_shortcodes(content);
    if text.contains("<!-- wp:") {
        return text;
    }
    text.replace("\r\n", "\n").replace("\n\n", "\n<p>")
}

/// The text without the tags of shortcodes; what stands between two tags stays.
fn without_shortcodes(content: &str) -> String {
    let mut out = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find('[') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let end = tag.find(']').filter(|end| is_shortcode(&tag[1..*end]));
        rest = match end {
            Some(end) => &tag[end + 1..],
            None => {
                out.push('[');
                &tag[1..]
            }
        };
    }
    out.push_str(rest);
    out
}

/// Whether words in square brackets are a shortcode: known, closing, or with an attribute. `[sic]` and
/// `[1]` are none.
fn is_shortcode(inside: &str) -> bool {
    let name = |text: &str| -> Option<usize> {
        let end = text
            .find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '_' | '-'));
        let end = end.unwrap_or(text.len());
        text.starts_with(|letter: char| letter.is_ascii_alphabetic())
            .then_some(end)
    };
    if let Some(closing) = inside.strip_prefix('/') {
        return name(closing) == Some(closing.len());
    }
    let Some(end) = name(inside) else {
        return false;
    };
    let (name_of, attributes) = inside.split_at(end);
    let has_attribute = attributes.starts_with(char::is_whitespace)
        && attributes
            .trim_start()
            .split_once('=')
            .is_some_and(|(key, _)| name(key) == Some(key.len()));
    let ends = attributes.is_empty() || attributes.starts_with([' ', '/']);
    has_attribute || SHORTCODES.contains(&name_of) && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcodes_go_and_what_they_hold_stays() {
        let check = |content: &str, expected: &str| {
            assert_eq!(without_shortcodes(content), expected, "{content}");
        };
        check("a [gallery ids=\"1,2\"] b", "a  b");
        check(
            "[caption id=\"x\" align='left']<img> Oak[/caption]",
            "<img> Oak",
        );
        check(
            "[gallery] [embed]https://example.org/[/embed]",
            " https://example.org/",
        );
        check("[audio https://example.org/a.mp3][video]", "");
        check("he [sic] said [1], [a = b", "he [sic] said [1], [a = b");
        check("[see page 4] [x=1]", "[see page 4] [x=1]");
        check("[[[", "[[[");
        check("[d\u{175}r x=1]", "[d\u{175}r x=1]");
    }

    #[test]
    fn blank_lines_are_paragraphs_where_there_are_no_blocks() {
        assert_eq!(to_html("a\r\n\r\nb"), "a\n<p>b");
        let blocks = "<!-- wp:paragraph --><p>a</p>\n\n<p>b</p>";
        assert_eq!(to_html(blocks), blocks);
    }

    proptest::proptest! {
        #[test]
        fn text_without_shortcodes_stays_as_it_is(text in "[a-z =/\\]\u{175}]{0,40}", any: String) {
            proptest::prop_assert_eq!(without_shortcodes(&text), text);
            without_shortcodes(&any);
        }
    }
}
