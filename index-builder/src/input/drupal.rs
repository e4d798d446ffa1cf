//! JSON:API documents as Drupal serves them, saved to disk: each content of the site is a record.
//!
//! Knows JSON:API 1.1 (7) and how Drupal names its fields and kinds. What a record refers to is looked up
//! in the same file, where the address it was fetched from has `include=`. Fetches nothing.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;
use speir::{Download, Record, Value};

use super::address::Address;
use super::entries::{Entries, text_of};
use super::feed::{Feed, Form, Wrong};
use super::passed::PassedOver;
use super::{Fault, Note, Sink, Spot, load, record, without_mark};
use crate::config::{self, Rules};
use crate::page::{self, Page};
use crate::problem::{Place, Problem};

/// Bytes that a record is taken to have, as its length is not known.
const ITEM_BYTES: usize = 16 << 10;

/// What Drupal has that is no content by itself, by the beginnings of its types.
const NO_CONTENT: [&str; 9] = [
    "block_content--",
    "comment--",
    "file--",
    "media--",
    "menu_link_content--",
    "paragraph--",
    "shortcut--",
    "taxonomy_term--",
    "user--",
];

/// Reads a document.
pub(super) fn read(path: &Path, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let bytes = load(path)?;
    let mut document: Json = serde_json::from_slice(without_mark(&bytes)).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or(&reason);
        Problem::new(
            "json",
            format!("the file is not JSON: {reason}"),
            "check that the download finished, and fetch it again",
        )
        .at(Place::line(path, error.line() as u64))
    })?;
    let n_bytes = bytes.len() as u64;
    drop(bytes);
    let items = match document.get_mut("data").map(Json::take) {
        Some(Json::Array(items)) => items,
        Some(item @ Json::Object(_)) => vec![item],
        _ => return Err(no_data(path, &document)),
    };
    let included = match document.get_mut("included").map(Json::take) {
        Some(Json::Array(included)) => included,
        _ => Vec::new(),
    };
    let included = included
        .into_iter()
        .filter_map(|one| Some((key(&one)?, one)));
    let form = Site {
        path,
        rules,
        included: included.collect(),
        passed: PassedOver::default(),
        lost: PassedOver::default(),
    };
    let mut feed = Feed::new(&form, sink);
    for (at, item) in items.into_iter().enumerate() {
        feed.push(Row { at, item }, ITEM_BYTES, n_bytes)?;
    }
    feed.finish()?;
    if let Some(note) = form.passed.note("items", path) {
        sink.note(note);
    }
    if let Some(lost) = form.lost.reasons() {
        sink.note(Note {
            kind: "not-included",
            message: format!(
                "{} refers to what it does not hold, so that records lack it: {lost}; fetch it again \
                 with include= and these names",
                path.display()
            ),
            items: Vec::new(),
        });
    }
    Ok(())
}

fn no_data(path: &Path, document: &Json) -> Problem {
    let errors = document.get("errors").and_then(|errors| errors.get(0));
    let detail = errors.and_then(|error| text(error, "detail").or(text(error, "title")));
    let reason = match detail {
        Some(detail) => format!("the file holds the answer of a server that failed: {detail}"),
        None => "the file has no `data`, as documents of JSON:API have".to_owned(),
    };
    let place = Place {
        file: Some(path.to_owned()),
        ..Place::default()
    };
    Problem::new("json-api", reason, "fetch it again, and look at what comes").at(place)
}

struct Row {
    at: usize,
    item: Json,
}

struct Site<'a> {
    path: &'a Path,
    rules: &'a Rules,
    included: BTreeMap<(String, String), Json>,
    passed: PassedOver,
    /// What is referred to and not there, by the names of fields.
    lost: PassedOver,
}

/// What a relationship leads to: its name, and what stands there.
type Related<'s> = (&'s str, &'s Json);

impl Site<'_> {
    fn why_not(&self, item: &Json) -> Option<String> {
        let kind = text(item, "type").unwrap_or_default();
        let is_content = !NO_CONTENT.iter().any(|start| kind.starts_with(start));
        if !is_content {
            return Some(format!("of type {kind}"));
        }
        let status = item.pointer("/attributes/status");
        let is_out = matches!(status, Some(Json::Bool(false)));
        is_out.then(|| "not published".to_owned())
    }

    /// All that an item refers to.
    fn related<'s>(&'s self, item: &'s Json) -> Vec<Related<'s>> {
        let Some(Json::Object(relationships)) = item.get("relationships") else {
            return Vec::new();
        };
        let mut all = Vec::new();
        for (name, relationship) in relationships {
            let data = relationship.get("data");
            let one = data.into_iter().filter(|data| data.is_object());
            let several = data.and_then(Json::as_array).into_iter().flatten();
            for target in one.chain(several) {
                let Some(key) = key(target) else { continue };
                match self.included.get(&key) {
                    Some(found) => all.push((name.as_str(), found)),
                    None if is_told(&key.0) && key.1 != "missing" => {
                        self.lost.add(&format!("of {name}"));
                    }
                    None => {}
                }
            }
        }
        all
    }

    fn entries(&self, item: &Json) -> Entries {
        let mut entries = Entries::default();
        let attributes = item.get("attributes").unwrap_or(&Json::Null);
        let title = text(attributes, "title").or(text(attributes, "name"));
        let title = title.unwrap_or_default();
        let url = url_of(attributes);
        let id = url.clone().or_else(|| text(item, "id").map(str::to_owned));
        entries.text("id", id);
        entries.text("url", url.clone());
        entries.text("title", Some(title.to_owned()));
        let kind = text(item, "type").unwrap_or_default();
        let kind = kind.rsplit("--").next().unwrap_or(kind);
        entries.text("type", Some(kind.to_owned()));
        let dates = ["published_at", "created", "changed"];
        let date = dates
            .iter()
            .find_map(|name| super::rss::day_of(text(attributes, name)?));
        entries.text("date", date);
        let lang = text(attributes, "langcode").filter(|lang| !matches!(*lang, "und" | "zxx"));
        entries.text("lang", lang.and_then(|lang| config::lang(lang).ok()));
        let (summary, html) = texts(attributes);
        entries.text("description", summary.map(text_of));
        let address = Address::of(url.as_deref().unwrap_or("/"), self.rules.base_url.as_ref());
        entries.content(Page::of_fragment(title, &html), &address);
        self.told_by_others(item, &address, &mut entries);
        self.own_fields(attributes, &mut entries);
        entries
    }

    /// Terms are topics, users authors, files downloads or the picture.
    fn told_by_others(&self, item: &Json, address: &Address, entries: &mut Entries) {
        let mut fields: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut downloads = Vec::new();
        let mut image = None;
        for (name, found) in self.related(item) {
            let kind = text(found, "type").unwrap_or_default();
            let attributes = found.get("attributes").unwrap_or(&Json::Null);
            let called = ["display_name", "name", "title"];
            let called = called.iter().find_map(|key| text(attributes, key));
            if let Some(vocabulary) = kind.strip_prefix("taxonomy_term--") {
                let has_field = self.rules.separators(vocabulary).is_some();
                let field = if has_field { vocabulary } else { "topics" };
                fields
                    .entry(field)
                    .or_default()
                    .extend(called.map(str::to_owned));
            } else if name == "uid" || name.contains("author") {
                fields
                    .entry("authors")
                    .or_default()
                    .extend(called.map(str::to_owned));
            } else if kind.starts_with("media--") {
                let files = self.related(found).into_iter();
                let files = files.filter(|(_, file)| text(file, "type") == Some("file--file"));
                for (_, file) in files {
                    self.file(file, called, address, &mut downloads, &mut image);
                }
            } else if kind == "file--file" {
                self.file(found, None, address, &mut downloads, &mut image);
            }
        }
        for (name, mut values) in fields {
            let mut known: Vec<String> = Vec::new();
            values.retain(|value| {
                let is_new = !known.contains(value);
                known.push(value.clone());
                is_new
            });
            entries.texts(name, values);
        }
        entries.more_downloads(downloads);
        entries.text("image", image);
    }

    fn file(
        &self,
        file: &Json,
        called: Option<&str>,
        address: &Address,
        downloads: &mut Vec<Value>,
        image: &mut Option<String>,
    ) {
        let attributes = file.get("attributes").unwrap_or(&Json::Null);
        let uri = attributes.get("uri");
        let url = uri
            .and_then(|uri| text(uri, "url"))
            .or(text(attributes, "url"));
        let Some(url) = url.and_then(|url| address.link(url)) else {
            return;
        };
        let is_picture =
            text(attributes, "filemime").is_some_and(|kind| kind.starts_with("image/"));
        if is_picture {
            image.get_or_insert(url);
            return;
        }
        let download = Download {
            title: called.or(text(attributes, "filename")).map(str::to_owned),
            format: page::download_format(&url).map(str::to_owned),
            size_bytes: attributes.get("filesize").and_then(Json::as_u64),
            url,
        };
        downloads.push(download.into());
    }

    /// Fields of Drupal are fields of records where `speir.toml` or the schema knows them: `field_year`
    /// is `year`.
    fn own_fields(&self, attributes: &Json, entries: &mut Entries) {
        let Json::Object(attributes) = attributes else {
            return;
        };
        for (name, value) in attributes {
            let Some(key) = name
                .strip_prefix("field_")
                .filter(|key| self.rules.schema.find(key).is_some())
            else {
                continue;
            };
            if entries
                .0
                .iter()
                .any(|entry| entry.key == key && entry.key != "date")
            {
                continue;
            }
            if let Some(value) = plain(value) {
                entries.0.retain(|entry| entry.key != key);
                entries.push(key, value);
            }
        }
    }
}

impl Form for Site<'_> {
    type Row = Row;

    fn record(&self, row: &Row) -> Result<Record, Wrong> {
        if let Some(why) = self.why_not(&row.item) {
            self.passed.add(&why);
            return Err(Wrong::LeftOut);
        }
        record::make(self.entries(&row.item).0, self.rules).map_err(Wrong::Fault)
    }

    fn spot(&self, _: &Row) -> Spot {
        Spot::default()
    }

    fn problem(&self, row: &Row, fault: Fault) -> Problem {
        let id = text(&row.item, "id").map(str::to_owned);
        Problem::new(fault.code, fault.reason, fault.advice).at(Place {
            file: Some(self.path.to_owned()),
            id: id.or_else(|| Some(format!("data/{}", row.at))),
            field: fault.field,
            ..Place::default()
        })
    }
}

/// Whether records say what such things are called or hold.
fn is_told(kind: &str) -> bool {
    ["taxonomy_term--", "media--", "file--"]
        .iter()
        .any(|start| kind.starts_with(start))
}

/// What identifies a resource: its type and its id.
fn key(resource: &Json) -> Option<(String, String)> {
    Some((
        text(resource, "type")?.to_owned(),
        text(resource, "id")?.to_owned(),
    ))
}

fn text<'j>(object: &'j Json, key: &str) -> Option<&'j str> {
    let text = object.get(key)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

/// The address of the page: its alias, else that by its number.
fn url_of(attributes: &Json) -> Option<String> {
    let path = attributes.get("path");
    let alias = path.and_then(|path| text(path, "alias")).map(str::to_owned);
    let number = attributes
        .get("drupal_internal__nid")
        .and_then(Json::as_u64);
    alias.or_else(|| Some(format!("/node/{}", number?)))
}

/// The summary and the texts of an item as HTML, the body first, then its other fields by their names.
fn texts(attributes: &Json) -> (Option<&str>, String) {
    let Json::Object(attributes) = attributes else {
        return (None, String::new());
    };
    let mut summary = None;
    let mut html = String::new();
    let body = attributes.get_key_value("body");
    let others = attributes.iter().filter(|(name, _)| *name != "body");
    for (name, value) in body.into_iter().chain(others) {
        let one = std::iter::once(value).filter(|value| value.is_object());
        for value in one.chain(value.as_array().into_iter().flatten()) {
            if let Some(processed) = text(value, "processed") {
                html.push_str(processed);
                html.push_str("\n<p>\n");
            }
            if name == "body" {
                summary = summary.or(text(value, "summary"));
            }
        }
    }
    (summary, html)
}

/// A value without markup: text, a number, a truth, or several of these.
fn plain(value: &Json) -> Option<Value> {
    match value {
        Json::Bool(truth) => Some(Value::Bool(*truth)),
        Json::String(text) => Some(Value::Text(text.clone())),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Some(Value::Int(whole)),
            None => number.as_f64().map(Value::Float),
        },
        Json::Array(items)
            if items
                .iter()
                .all(|item| !item.is_object() && !item.is_array()) =>
        {
            Some(Value::List(items.iter().filter_map(plain).collect()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn addresses_are_aliases_or_numbers() {
        let check = |attributes: Json, expected: Option<&str>| {
            assert_eq!(url_of(&attributes).as_deref(), expected, "{attributes}");
        };
        check(
            json!({ "path": { "alias": "/about" }, "drupal_internal__nid": 7 }),
            Some("/about"),
        );
        check(
            json!({ "path": { "alias": null }, "drupal_internal__nid": 7 }),
            Some("/node/7"),
        );
        check(json!({ "path": "about" }), None);
        check(json!(null), None);
    }

    #[test]
    fn the_body_comes_before_other_texts() {
        let attributes = json!({
            "field_aside": { "processed": "<p>Aside" },
            "body": { "processed": "<h2>Body", "summary": "Short" },
            "field_notes": [{ "processed": "<p>One" }, { "value": "raw" }],
        });
        let (summary, html) = texts(&attributes);
        assert_eq!(summary, Some("Short"));
        let words: Vec<&str> = html
            .split(['<', '>', '\n'])
            .filter(|word| word.len() > 2)
            .collect();
        assert_eq!(words, ["Body", "Aside", "One"]);
    }
}
