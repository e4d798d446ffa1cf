//! Front matter: what a Markdown file says of itself before its text, in YAML between `---` or in TOML
//! between `+++`.
//!
//! Knows the keys of common generators and what they become. Aliases of YAML stand for nothing, so that
//! nothing can grow, and depth is limited.

use std::ops::Range;
use std::path::Path;

use saphyr_parser::{Event, Parser, ScalarStyle};
use speir::{Value, date};
use toml::de::{DeTable, DeValue};

use crate::problem::{Place, Problem, Snippet};

/// Longest front matter that is read, in bytes: a thousand times what people write.
const MAX_BYTES: usize = 1 << 20;

/// How deep lists and tables may stand in each other.
const MAX_DEPTH: usize = 32;

/// Keys that say when a page was made or changed, the first that is there wins.
const DATES: [&str; 8] = [
    "date",
    "pubDate",
    "pubDatetime",
    "publishDate",
    "lastmod",
    "last_modified_at",
    "updated",
    "modified",
];

/// Keys that only tell a generator how to build the page.
const OF_GENERATORS: [&str; 32] = [
    "alias",
    "aliases",
    "build",
    "cascade",
    "comments",
    "eleventyNavigation",
    "eleventyExcludeFromCollections",
    "expiryDate",
    "extra",
    "hide",
    "layout",
    "linkTitle",
    "markup",
    "math",
    "menu",
    "menus",
    "nav_order",
    "nav_exclude",
    "has_children",
    "outputs",
    "pagination_next",
    "pagination_prev",
    "params",
    "parent",
    "redirect_from",
    "render",
    "sidebar",
    "sidebar_label",
    "sidebar_position",
    "template",
    "toc",
    "weight",
];

/// What a file says of itself.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Front {
    pub(super) title: Option<String>,
    /// The address that it says it has.
    pub(super) url: Option<String>,
    /// What stands for its name in the address.
    pub(super) slug: Option<String>,
    /// Why it is no record, as a note tells it.
    pub(super) left_out: Option<&'static str>,
    /// All else, by the keys of records.
    pub(super) fields: Vec<(String, Value)>,
}

/// Front matter that cannot be read.
#[derive(Debug)]
pub(super) struct Unreadable {
    reason: String,
    /// The line in the file, from 1.
    line: u64,
    text: String,
}

impl Unreadable {
    /// The problem in its file.
    pub(super) fn at(self, path: &Path) -> Problem {
        let end = self.text.len();
        let snippet = Snippet::cut(path, &self.text, self.line, 0..end, "this line");
        Problem::new(
            "front-matter",
            format!("the front matter cannot be read: {}", self.reason),
            "correct it; texts with a colon in them go into quotes",
        )
        .at(Place::line(path, self.line))
        .showing(snippet)
    }
}

type Members = Vec<(String, Value)>;

impl Front {
    /// Cuts a text into its front matter, if it has any, and the rest.
    pub(super) fn cut(text: &str) -> Result<(Front, &str), Unreadable> {
        let Some((mark, inner)) = block(text) else {
            return Ok((Front::default(), text));
        };
        let body = &text[inner.end..];
        let body = body.split_once('\n').map_or("", |(_, rest)| rest);
        let front = &text[inner.clone()];
        let wrong = |reason: &str, line: usize| Unreadable {
            reason: reason.to_owned(),
            line: line as u64 + 1,
            text: text.lines().nth(line).unwrap_or_default().to_owned(),
        };
        if front.len() > MAX_BYTES {
            return Err(wrong("it is longer than any that people write", 0));
        }
        let members = match mark {
            "+++" => toml(front),
            _ => yaml(front),
        };
        // The mark is the first line.
        let members = members.map_err(|(reason, line)| wrong(&reason, line))?;
        Ok((Front::of(members), body))
    }

    fn of(members: Members) -> Front {
        let mut front = Front::default();
        let mut dates: Vec<(usize, Value)> = Vec::new();
        let mut topics = Vec::new();
        for (key, value) in flat(members) {
            let text = as_text(&value);
            match key.as_str() {
                "title" => front.title = text.filter(|title| !title.is_empty()),
                "draft" if is_true(&value) => front.left_out = Some("drafts"),
                "published" if value == Value::Bool(false) => {
                    front.left_out = Some("not published");
                }
                "noindex" if is_true(&value) => front.left_out = Some("ask not to be found"),
                "draft" | "noindex" => {}
                "published" if value == Value::Bool(true) => {}
                "published" => dates.push((DATES.len(), value)),
                // A pattern is for the generator to fill.
                "url" | "permalink" => {
                    front.url = text.filter(|url| !url.contains([':', '{']) || url.contains("://"))
                }
                "slug" => front.slug = text.filter(|slug| !slug.is_empty()),
                "description" | "summary" | "excerpt" | "abstract" => {
                    front.once("description", value);
                }
                "tags" | "topics" | "keywords" | "categories" | "category" | "tag" => {
                    for topic in each(value) {
                        if !topics.contains(&topic) {
                            topics.push(topic);
                        }
                    }
                }
                "author" | "authors" => {
                    let authors = each(value);
                    if !authors.is_empty() {
                        front.once("authors", Value::List(authors));
                    }
                }
                "lang" | "language" | "locale" => front.once("lang", value),
                "image" | "cover" | "thumbnail" => {
                    if let Some(image) = text {
                        front.once("image", image.into());
                    }
                }
                key if DATES.contains(&key) => {
                    let rank = DATES.iter().position(|known| *known == key);
                    dates.push((rank.unwrap_or(0), value));
                }
                key if key.starts_with('_') => {}
                key if OF_GENERATORS
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(key)) => {}
                _ => front.fields.push((key, value)),
            }
        }
        dates.sort_by_key(|(rank, _)| *rank);
        if let Some((_, value)) = dates.into_iter().next() {
            front.fields.push(("date".to_owned(), day_of(value)));
        }
        if !topics.is_empty() {
            front
                .fields
                .push(("topics".to_owned(), Value::List(topics)));
        }
        front
    }

    fn once(&mut self, key: &str, value: Value) {
        if !self.fields.iter().any(|(known, _)| known == key) {
            self.fields.push((key.to_owned(), value));
        }
    }
}

/// Where the front matter stands, without the lines of its marks.
fn block(text: &str) -> Option<(&'static str, Range<usize>)> {
    let first = text.lines().next()?.trim_end();
    let mark = ["---", "+++"].into_iter().find(|mark| *mark == first)?;
    let start = text.find('\n')? + 1;
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let line_text = line.trim_end();
        if line_text == mark || mark == "---" && line_text == "..." {
            return Some((mark, start..at));
        }
        at += line.len();
    }
    // Without an end it is a rule, and the text begins with it.
    None
}

/// Taxonomies of Zola stand in a table of their own.
fn flat(members: Members) -> Members {
    let mut all = Vec::new();
    for (key, value) in members {
        match value {
            Value::Object(inner) if key == "taxonomies" => all.extend(inner),
            value => all.push((key, value)),
        }
    }
    all
}

fn is_true(value: &Value) -> bool {
    *value == Value::Bool(true)
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.trim().to_owned()),
        Value::Int(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// The texts of a list, of one text with commas, or of tables with names.
fn each(value: Value) -> Vec<Value> {
    let one = |value: Value| match value {
        Value::Object(members) => {
            let name = members
                .into_iter()
                .find(|(key, _)| matches!(key.as_str(), "name" | "title" | "label"));
            name.and_then(|(_, name)| as_text(&name))
        }
        value => as_text(&value),
    };
    let texts: Vec<String> = match value {
        Value::List(items) => items.into_iter().filter_map(one).collect(),
        Value::Text(text) => text
            .split(',')
            .map(|piece| piece.trim().to_owned())
            .collect(),
        other => one(other).into_iter().collect(),
    };
    let texts = texts.into_iter().filter(|text| !text.is_empty());
    texts.map(Value::Text).collect()
}

/// A date as generators write it, as an index takes it: of `2016-06-14 09:00:00 +0100` the day.
fn day_of(value: Value) -> Value {
    match value {
        Value::Text(text) if date::parse(&text).is_none() => {
            let day = text.get(..10).filter(|day| date::parse(day).is_some());
            let is_cut = text
                .get(10..)
                .is_some_and(|rest| rest.starts_with([' ', 'T']));
            match day.filter(|_| is_cut) {
                Some(day) => day.into(),
                None => Value::Text(text),
            }
        }
        value => value,
    }
}

fn toml(front: &str) -> Result<Members, (String, usize)> {
    let line_of = |at: usize| {
        1 + memchr::memchr_iter(b'\n', &front.as_bytes()[..at.min(front.len())]).count()
    };
    let table = DeTable::parse(front).map_err(|error| {
        let reason = error.message().lines().next().unwrap_or("it is not TOML");
        let at = error.span().map_or(0, |span| span.start);
        (reason.to_owned(), line_of(at))
    })?;
    Ok(members_of(table.get_ref()))
}

fn members_of(table: &DeTable<'_>) -> Members {
    let members = table.iter();
    let members =
        members.map(|(key, value)| (key.get_ref().to_string(), value_of(value.get_ref())));
    members.collect()
}

/// TOML itself limits how deep a value may be.
fn value_of(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Integer(number) => Value::Text(number.as_str().replace('_', "")),
        DeValue::Float(number) => Value::Text(number.as_str().replace('_', "")),
        DeValue::Datetime(date) => Value::Text(date.to_string()),
        DeValue::Array(items) => {
            Value::List(items.iter().map(|item| value_of(item.get_ref())).collect())
        }
        DeValue::Table(table) => Value::Object(members_of(table)),
    }
}

/// What is open while YAML is read.
enum Open {
    List(Vec<Value>),
    Table(Members, Option<String>),
}

fn yaml(front: &str) -> Result<Members, (String, usize)> {
    // YAML wants the end of a list over several lines further in than its key (1.2.2, 7.4), and people
    // write it below, as most parsers take it.
    let mut text = String::with_capacity(front.len());
    for line in front.split_inclusive('\n') {
        if line.starts_with([']', '}']) {
            text.push(' ');
        }
        text.push_str(line);
    }
    let front = text.as_str();
    let mut open: Vec<Open> = Vec::new();
    let mut whole = None;
    for event in Parser::new_from_str(front) {
        let (event, span) =
            event.map_err(|error| (error.info().to_owned(), error.marker().line()))?;
        let done = match event {
            Event::Scalar(text, style, _, tag) => {
                let is_text = style != ScalarStyle::Plain || tag.is_some();
                Some(scalar(&text, is_text))
            }
            Event::Alias(_) => Some(Value::List(Vec::new())),
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Table(Vec::new(), None));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(|open| match open {
                Open::List(items) => Value::List(items),
                Open::Table(members, _) => Value::Object(members),
            }),
            _ => None,
        };
        if open.len() > MAX_DEPTH {
            let reason = "lists and tables stand too deep in each other";
            return Err((reason.to_owned(), span.start.line()));
        }
        let Some(value) = done else { continue };
        match open.last_mut() {
            Some(Open::List(items)) => items.push(value),
            Some(Open::Table(members, key)) => match key.take() {
                Some(key) => members.push((key, value)),
                // A key that is no text names nothing.
                None => *key = Some(as_text(&value).unwrap_or_default()),
            },
            None => whole = whole.or(Some(value)),
        }
    }
    match whole {
        Some(Value::Object(mut members)) => {
            members.retain(|(key, value)| !key.is_empty() && !value.is_missing());
            Ok(members)
        }
        None => Ok(Vec::new()),
        Some(value) if value.is_missing() => Ok(Vec::new()),
        Some(_) => Err(("it should be lines of `key: value`".to_owned(), 1)),
    }
}

/// A scalar of the core schema (YAML 1.2.2, 10.3.2); numbers stay as they are written, as 5.10 is not 5.1.
fn scalar(text: &str, is_text: bool) -> Value {
    match text {
        _ if is_text => Value::Text(text.to_owned()),
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        "" | "~" | "null" | "Null" | "NULL" => Value::List(Vec::new()),
        _ => Value::Text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let told = match Front::cut(text) {
            Err(error) => format!("line {}: {}", error.line, error.reason),
            Ok((front, rest)) => {
                let fields = front.fields.iter();
                let fields: Vec<String> = fields
                    .map(|(key, value)| format!("{key}={value:?}"))
                    .collect();
                format!(
                    "{:?} {:?} {:?} {} / {rest}",
                    front.title,
                    front.url.or(front.slug),
                    front.left_out,
                    fields.join(" ")
                )
            }
        };
        assert_eq!(told, expected, "{text}");
    }

    #[test]
    fn yaml_and_toml_say_the_same() {
        let fields = "authors=List([Text(\"Ann\"), Text(\"Bob\")]) \
            date=Text(\"2016-06-14\") topics=List([Text(\"soil\"), Text(\"trees\")])";
        let expected = format!("Some(\"A: b\") None None {fields} / Text\n");
        check(
            "---\ntitle: \"A: b\"\ndate: 2016-06-14 09:00:00 +0100\ntags: [soil, trees]\ncategories:\n  - soil\n\
             author:\n  - name: Ann\n  - Bob\nlayout: post\n---\nText\n",
            &expected,
        );
        check(
            "+++\ntitle = 'A: b'\ndate = 2016-06-14\nauthors = ['Ann', 'Bob']\n[taxonomies]\ntags = ['soil', 'trees']\n+++\nText\n",
            &expected,
        );
    }

    #[test]
    fn drafts_and_addresses_are_seen() {
        check("---\ndraft: true\n---\n", "None None Some(\"drafts\")  / ");
        check(
            "---\npublished: false\n---\n",
            "None None Some(\"not published\")  / ",
        );
        check(
            "---\npermalink: /a/b/\ndraft: false\n---\n",
            "None Some(\"/a/b/\") None  / ",
        );
        check(
            "---\npermalink: /:year/:title/\n---\n",
            "None None None  / ",
        );
        check(
            "---\r\nslug: x\r\n---\r\nText",
            "None Some(\"x\") None  / Text",
        );
    }

    #[test]
    fn what_generators_take_is_taken() {
        check(
            "---\naliases: [\n  /a\n]\ntags: [\n  x,\n]\n_comment: y\nlinktitle: z\n---\n",
            "None None None topics=List([Text(\"x\")]) / ",
        );
    }

    #[test]
    fn a_rule_is_no_front_matter_and_what_is_damaged_is_told_with_its_line() {
        check(
            "---\nText without an end",
            "None None None  / ---\nText without an end",
        );
        check("Text\n---\n", "None None None  / Text\n---\n");
        check("---\n---\nText", "None None None  / Text");
        check(
            "---\n- a\n- b\n---\n",
            "line 2: it should be lines of `key: value`",
        );
        let told = Front::cut("---\ntitle: A\nb: [1, 2\n---\nText").unwrap_err();
        assert!(told.line >= 3, "{told:?}");
        let told = Front::cut("+++\ntitle = A\n+++\n").unwrap_err();
        assert_eq!(told.line, 2, "{told:?}");
    }

    #[test]
    fn aliases_do_not_grow_and_depth_has_an_end() {
        check(
            "---\na: &a [x, x]\nb: [*a, *a]\n---\n",
            "None None None a=List([Text(\"x\"), Text(\"x\")]) / ",
        );
        for deep in [
            "[".repeat(10_000),
            "- ".repeat(10_000),
            "{a: ".repeat(10_000),
        ] {
            assert!(Front::cut(&format!("---\na: {deep}\n---\n")).is_err());
        }
    }

    proptest::proptest! {
        #[test]
        fn plain_texts_say_the_same_in_yaml_and_toml(
            title in "[a-zA-Z0-9 :,#-]{0,20}",
            tags in proptest::collection::vec("[a-z][a-z: -]{0,8}[a-z]", 0..4),
        ) {
            let quoted: Vec<String> = tags.iter().map(|tag| format!("\"{tag}\"")).collect();
            let list = quoted.join(", ");
            let yaml = format!("---\ntitle: \"{title}\"\ntags: [{list}]\n---\nText");
            let toml = format!("+++\ntitle = \"{title}\"\ntags = [{list}]\n+++\nText");
            proptest::prop_assert_eq!(Front::cut(&yaml).unwrap(), Front::cut(&toml).unwrap());
        }

        #[test]
        fn no_text_makes_it_panic(text: String, marks in "([-\\[\\]{}:,&*!|>'\"#%@ \na]|---){0,40}") {
            let _ = Front::cut(&text);
            for mark in ["---", "+++"] {
                let _ = Front::cut(&format!("{mark}\n{marks}\n{mark}\n"));
            }
        }
    }
}
