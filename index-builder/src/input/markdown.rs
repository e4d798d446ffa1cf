//! Markdown: each file is a record, its front matter the fields, its headings the sections.
//!
//! Knows Markdown as CommonMark and GitHub have it, the fragments that generators give headings, and
//! where on a site a file ends up. What front matter says, `front` knows; the text itself is read as
//! HTML by the room `page`. Runs no templates: their tags are taken out.

mod front;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use speir::{Record, Value, date};

use super::address::{Address, Root};
use super::entries::Entries;
use super::feed::{Feed, Form, Wrong};
use super::passed::PassedOver;
use super::{Fault, Sink, Source, Spot, load, no_records, not_utf8, record, without_mark};
use crate::config::Rules;
use crate::page::Page;
use crate::problem::{Place, Problem};
use front::Front;

/// Names of files that stand for their folders: those of most generators, of Hugo, and of GitHub.
const INDEX_STEMS: [&str; 3] = ["index", "_index", "readme"];

/// How tags begin and end that generators put something in the place of.
const TAGS: [(&str, &str); 3] = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}")];

/// Longest tag that is looked for, in bytes: those with a table in them have some hundred.
const MAX_TAG_BYTES: usize = 4_000;

/// Deepest nesting of quotes and lists that is read: people write some five, and the parser's time
/// grows with the square of it.
const MAX_DEPTH: usize = 100;

/// Reads the Markdown files of a source.
pub(super) fn read(source: &Source, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let texts = Texts {
        source,
        rules,
        root: Root::of(source, rules),
        passed: PassedOver::default(),
    };
    let mut feed = Feed::new(&texts, sink);
    let mut n_read = 0;
    for (at, path) in (0..).zip(&source.pages) {
        let n_bytes = std::fs::metadata(path).map_or(0, |about| about.len());
        n_read += n_bytes;
        feed.push(at, usize::try_from(n_bytes).unwrap_or(usize::MAX), n_read)?;
    }
    feed.finish()?;
    let n_passed = texts.passed.n();
    if n_passed > 0 && n_passed == source.pages.len() {
        let reasons = texts.passed.reasons().unwrap_or_default();
        return Err(no_records(
            &source.path,
            &format!("look at its files: {reasons}"),
        ));
    }
    if let Some(note) = texts.passed.note("files", &source.path) {
        sink.note(note);
    }
    sink.progress(n_read);
    Ok(())
}

struct Texts<'a> {
    source: &'a Source,
    rules: &'a Rules,
    root: Root,
    passed: PassedOver,
}

impl Texts<'_> {
    fn path(&self, at: u32) -> &PathBuf {
        let path = self.source.pages.get(at as usize);
        path.unwrap_or(&self.source.path)
    }

    /// Where a file is on the site: what it says, else its path without the ending.
    fn address(&self, path: &Path, front: &Front) -> Address {
        if let Some(url) = &front.url {
            return self.root.written(url);
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let stem = stem_of(path);
        let name = match (&front.slug, is_index(&stem)) {
            (_, true) => "index.html".to_owned(),
            (Some(slug), false) => format!("{}/index.html", slug.trim_matches('/')),
            (None, false) => format!("{stem}/index.html"),
        };
        self.root.page(&folder.join(name))
    }
}

impl Form for Texts<'_> {
    type Row = u32;

    fn record(&self, row: &u32) -> Result<Record, Wrong> {
        let path = self.path(*row);
        let bytes = load(path).map_err(Wrong::Problem)?;
        let bytes = without_mark(&bytes);
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let line = 1 + memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count();
            let place = Place::line(path, line as u64);
            let advice = "save the file as UTF-8";
            Wrong::Problem(not_utf8(place, bytes, error.valid_up_to(), advice))
        })?;
        let (front, body) = Front::cut(text).map_err(|error| Wrong::Problem(error.at(path)))?;
        if let Some(why) = front.left_out {
            self.passed.add(why);
            return Err(Wrong::LeftOut);
        }
        let (html, first_heading) = to_html(body);
        let stem = stem_of(path);
        let address = self.address(path, &front);
        let title = front.title.clone().or(first_heading);
        let title = title.unwrap_or_else(|| match is_index(&stem) {
            true => readable(&stem_of(path.parent().unwrap_or(path))),
            false => readable(without_day(&stem).1),
        });
        let page = Page::of_fragment(&title, &html);
        let mut entries = Entries::default();
        entries.text("id", Some(address.text()));
        entries.text("url", Some(address.text()));
        entries.text("title", Some(title));
        let has_date = front.fields.iter().any(|(key, _)| key == "date");
        if let Some(day) = without_day(&stem).0.filter(|_| !has_date) {
            entries.text("date", Some(day.to_owned()));
        }
        for (key, value) in front.fields {
            match (key.as_str(), value) {
                ("image", Value::Text(image)) => entries.text("image", address.link(&image)),
                (_, value) => {
                    entries.0.retain(|entry| entry.key != key);
                    entries.push(&key, value);
                }
            }
        }
        entries.content(page, &address);
        record::make(entries.0, self.rules).map_err(Wrong::Fault)
    }

    fn spot(&self, row: &u32) -> Spot {
        Spot {
            page: *row,
            ..Spot::default()
        }
    }

    fn problem(&self, row: &u32, fault: Fault) -> Problem {
        Problem::new(fault.code, fault.reason, fault.advice).at(Place {
            field: fault.field,
            ..self.source.place(self.spot(row))
        })
    }
}

fn stem_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

fn is_index(stem: &str) -> bool {
    INDEX_STEMS.contains(&stem.to_lowercase().as_str())
}

/// The day that the names of Jekyll's posts begin with, and what follows it.
fn without_day(stem: &str) -> (Option<&str>, &str) {
    match (
        stem.get(..10),
        stem.get(10..).and_then(|rest| rest.strip_prefix('-')),
    ) {
        (Some(day), Some(rest)) if date::parse(day).is_some() => (Some(day), rest),
        _ => (None, stem),
    }
}

/// A file's name as a title: `laying-a-hedge` is `laying a hedge`.
fn readable(stem: &str) -> String {
    let words = stem.split(['-', '_', ' ']).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    match words.is_empty() {
        true => "index".to_owned(),
        false => words.join(" "),
    }
}

/// Markdown as HTML whose headings have their fragments, and the words of the first heading of the
/// highest level.
fn to_html(markdown: &str) -> (String, Option<String>) {
    let text = without_tags(markdown);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST;
    let mut events: Vec<Event<'_>> = Parser::new_ext(&text, options).collect();
    let mut first = None;
    let mut slugs = Slugs::default();
    let mut open: Option<usize> = None;
    for at in 0..events.len() {
        match &events[at] {
            Event::Start(Tag::Heading { .. }) => open = Some(at),
            Event::End(TagEnd::Heading(level)) => {
                let level = *level;
                let Some(start) = open.take() else { continue };
                let words = words(&events[start..at]);
                if level == HeadingLevel::H1 && first.is_none() && !words.is_empty() {
                    first = Some(words.clone());
                }
                if let Event::Start(Tag::Heading { id, .. }) = &mut events[start] {
                    match id {
                        Some(own) => slugs.see(own),
                        None => *id = Some(CowStr::from(slugs.give(&words))),
                    }
                }
            }
            _ => {}
        }
    }
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, events.into_iter());
    (out, first)
}

/// The words of a heading.
fn words(events: &[Event<'_>]) -> String {
    let pieces = events.iter().map(|event| match event {
        Event::Text(text) | Event::Code(text) => text,
        Event::SoftBreak | Event::HardBreak => " ",
        _ => "",
    });
    pieces.collect::<String>().trim().to_owned()
}

/// The fragments of a page's headings, as GitHub gives them.
#[derive(Default)]
struct Slugs(BTreeMap<String, usize>);

impl Slugs {
    fn see(&mut self, slug: &str) {
        self.0.entry(slug.to_owned()).or_insert(1);
    }

    /// Small letters, hyphens for spaces, no other signs; a number behind those that are there.
    fn give(&mut self, words: &str) -> String {
        let mut slug = String::new();
        for letter in words.chars().flat_map(char::to_lowercase) {
            match letter {
                ' ' => slug.push('-'),
                '-' | '_' => slug.push(letter),
                letter if letter.is_alphanumeric() => slug.push(letter),
                _ => {}
            }
        }
        let n_before = self.0.get(&slug).copied().unwrap_or(0);
        let mut n = n_before;
        let mut given = slug.clone();
        while n > 0 && self.0.contains_key(&given) {
            given = format!("{slug}-{n}");
            n += 1;
        }
        self.0.insert(slug, n.max(1));
        self.0.entry(given.clone()).or_insert(1);
        given
    }
}

/// The text without what generators put in at building: tags of Hugo's shortcodes and of Liquid, and the
/// fences of notes (`:::note`). What stands between tags stays, and so does all in code.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    // Text that is no code since the last that was.
    let mut plain = String::new();
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let marks = ["```", "~~~"].into_iter();
        let mark = marks.into_iter().find(|mark| start.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        if fence.is_some() || mark.is_some() {
            push_without_tags(&mut out, &plain);
            plain.clear();
            out.push_str(line);
        } else if start.starts_with(":::") {
            plain.push('\n');
        } else {
            plain.push_str(shallow(line));
        }
    }
    push_without_tags(&mut out, &plain);
    out
}

/// A line without more marks of quotes and lists than anybody means.
fn shallow(line: &str) -> &str {
    let is_mark = |letter: char| matches!(letter, '>' | '-' | '*' | '+' | ' ');
    let (marks, text) = line.split_at(line.len() - line.trim_start_matches(is_mark).len());
    // A hundred hyphens are a rule or a heading's line, and no lists in each other.
    let lists = marks.split(' ');
    let n_lists = lists
        .filter(|mark| matches!(*mark, "-" | "*" | "+"))
        .count();
    let n_deep = n_lists + memchr::memchr_iter(b'>', marks.as_bytes()).count();
    if n_deep > MAX_DEPTH { text } else { line }
}

/// Adds a text without the tags in it, which may go over several lines.
fn push_without_tags(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let known = TAGS.iter().find(|(open, _)| tag.starts_with(open));
        let end = known.and_then(|(_, close)| {
            // What has no end near by is no tag, and is not looked for again and again.
            let near = tag
                .as_bytes()
                .get(..MAX_TAG_BYTES)
                .unwrap_or(tag.as_bytes());
            Some(memchr::memmem::find(near, close.as_bytes())? + close.len())
        });
        rest = match end {
            Some(end) => &tag[end..],
            None => {
                out.push('{');
                &tag[1..]
            }
        };
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_get_the_fragments_that_github_gives() {
        let mut slugs = Slugs::default();
        for (words, slug) in [
            ("Laying a Hedge", "laying-a-hedge"),
            ("5.2.1 What's new?", "521-whats-new"),
            ("A & B", "a--b"),
            ("Tai yng Nghymru: d\u{175}r", "tai-yng-nghymru-d\u{175}r"),
            ("Laying a hedge", "laying-a-hedge-1"),
            ("Laying a hedge", "laying-a-hedge-2"),
            ("snake_case", "snake_case"),
        ] {
            assert_eq!(slugs.give(words), slug, "{words}");
        }
    }

    #[track_caller]
    fn check(markdown: &str, expected: &[(&str, Option<&str>, &str)]) {
        let (html, title) = to_html(markdown);
        let page = Page::of_fragment(&title.unwrap_or("T".to_owned()), &html);
        let told: Vec<(String, Option<String>, String)> = page
            .sections
            .into_iter()
            .map(|section| (section.heading, section.anchor, section.blocks.join("|")))
            .collect();
        let expected: Vec<(String, Option<String>, String)> = expected
            .iter()
            .map(|(heading, anchor, text)| {
                (
                    (*heading).to_owned(),
                    anchor.map(str::to_owned),
                    (*text).to_owned(),
                )
            })
            .collect();
        assert_eq!(told, expected, "{html}");
    }

    #[test]
    fn sections_have_their_fragments_and_code_is_text() {
        check(
            "# Top\n\nLead.\n\n## Own {#mine}\n\nOne *two*.\n\n```sh\nmake {{< x >}}\n```\n\n## Two `b`\n\n| a | b |\n|---|---|\n| c | d |\n",
            &[
                ("Own", Some("mine"), "One two.|make {{< x >}}"),
                ("Two b", Some("two-b"), "a|b|c|d"),
            ],
        );
    }

    #[test]
    fn tags_of_templates_are_taken_out_and_what_they_hold_stays() {
        check(
            "## H\n{{< note\n \"x\"\n>}}\nKept {% if a %}too{% endif %}, {{ left }} {%\n:::tip\nIn\n:::\n",
            &[("H", Some("h"), "Kept too, {{ left }} {%|In")],
        );
    }

    #[test]
    fn ten_thousand_quotes_and_elements_in_each_other_are_read_in_a_moment() {
        let started = std::time::Instant::now();
        check(
            &format!("## H\n\n{} deep\n", ">".repeat(10_000)),
            &[("H", Some("h"), "deep")],
        );
        check(
            &format!("## H\n\n{}deep\n", "<div>".repeat(10_000)),
            &[("H", Some("h"), "deep")],
        );
        check(
            &format!("## H\n\n{}deep\n", "- ".repeat(10_000)),
            &[("H", Some("h"), "deep")],
        );
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }

    #[test]
    fn names_tell_days_and_titles() {
        assert_eq!(without_day("2016-06-14-fair"), (Some("2016-06-14"), "fair"));
        assert_eq!(without_day("2016-13-14-fair"), (None, "2016-13-14-fair"));
        assert_eq!(without_day("d\u{175}r"), (None, "d\u{175}r"));
        assert_eq!(readable("laying-a_hedge"), "laying a hedge");
    }

    proptest::proptest! {
        #[test]
        fn fragments_differ_and_no_text_makes_it_panic(
            headings in proptest::collection::vec("[abAB 1-]{1,3}", 0..12),
            text in "[#`~{}%<>:a \n|*_-]{0,80}",
        ) {
            let mut slugs = Slugs::default();
            let given: Vec<String> = headings.iter().map(|words| slugs.give(words)).collect();
            let different: std::collections::BTreeSet<&String> = given.iter().collect();
            proptest::prop_assert_eq!(different.len(), given.len());
            to_html(&text);
        }
    }
}
