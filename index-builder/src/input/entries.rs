//! The entries of a record as an importer gathers them, and what of a page's content becomes which.
//!
//! Knows the keys of what stands in a page: body, downloads, sections, kinds. Reads nothing.

use std::collections::{BTreeMap, BTreeSet};

use speir::{Section, Value};

use super::address::Address;
use super::record::{Content, Entry};
use crate::page::{self, Page, Weight};

/// The entries of a record as they come together.
#[derive(Default)]
pub(super) struct Entries(pub(super) Vec<Entry>);

impl Entries {
    pub(super) fn push(&mut self, key: &str, value: Value) {
        self.0.push(Entry {
            key: key.to_owned(),
            content: Content::Value(value),
        });
    }

    pub(super) fn text(&mut self, key: &str, text: Option<String>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.push(key, Value::Text(text));
        }
    }

    pub(super) fn list(&mut self, key: &str, items: Vec<Value>) {
        if !items.is_empty() {
            self.push(key, Value::List(items));
        }
    }

    pub(super) fn texts(&mut self, key: &str, texts: Vec<String>) {
        self.list(key, texts.into_iter().map(Value::Text).collect());
    }

    /// What the page says of itself by attribute goes before what was found in it.
    pub(super) fn said(&mut self, fields: Vec<(String, String)>) {
        let mut values: Vec<(String, Vec<String>)> = Vec::new();
        for (name, value) in fields {
            match values.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => known.push(value),
                None => values.push((name, vec![value])),
            }
        }
        for (name, mut texts) in values {
            self.0.retain(|entry| entry.key != name);
            match (texts.len(), texts.pop()) {
                (1, last) => self.text(&name, last),
                (_, last) => {
                    texts.extend(last);
                    self.texts(&name, texts);
                }
            }
        }
    }

    /// Parts of a page that count more or less than others, those of each weight as a field.
    pub(super) fn weighed(&mut self, parts: Vec<(Weight, String)>) {
        let mut texts: BTreeMap<Weight, Vec<String>> = BTreeMap::new();
        for (weight, text) in parts {
            texts.entry(weight).or_default().push(text);
        }
        for (weight, texts) in texts {
            self.text(&weight.field(), Some(texts.join("\n")));
        }
    }

    /// What stands in the content of a page: its texts, files, sections, and the ways to them. Weights
    /// of parts are those of a site's own pages; here all counts the same.
    pub(super) fn content(&mut self, mut page: Page, address: &Address) {
        let less = page
            .weighed
            .into_iter()
            .filter(|(weight, _)| !weight.is_more());
        page.blocks.extend(less.map(|(_, text)| text));
        self.text("body", Some(page.blocks.join("\n")));
        let downloads = page.downloads.into_iter().filter_map(|download| {
            Some(Value::from(speir::Download {
                url: address.link(&download.href)?,
                title: download.title,
                format: Some(download.format.to_owned()),
                size_bytes: None,
            }))
        });
        self.more_downloads(downloads.collect());
        self.told_of(&page.sections);
        self.sections(page.sections);
    }

    /// Adds downloads to those that are there, each file once.
    pub(super) fn more_downloads(&mut self, more: Vec<Value>) {
        let is_downloads = |entry: &Entry| entry.key == "downloads";
        let at = self.0.iter().position(is_downloads);
        let known = at.map(|at| self.0.remove(at).content);
        let mut all = match known {
            Some(Content::Value(Value::List(known))) => known,
            _ => Vec::new(),
        };
        for download in more {
            let is_known =
                |known: &Value| link_of(known).is_some_and(|link| link_of(&download) == Some(link));
            if !all.iter().any(is_known) {
                all.push(download);
            }
        }
        self.list("downloads", all);
    }

    /// The kinds of sections, to filter by.
    pub(super) fn told_of(&mut self, sections: &[page::Section]) {
        let kinds = sections.iter().filter_map(|section| section.kind.clone());
        let kinds = kinds.collect::<BTreeSet<String>>();
        self.texts("kinds", kinds.into_iter().collect());
    }

    /// The sections themselves.
    pub(super) fn sections(&mut self, sections: Vec<page::Section>) {
        let trails: Vec<Vec<String>> = sections.iter().map(|one| around(one, &sections)).collect();
        let sections = sections.into_iter().zip(trails);
        let sections = sections.map(|(section, trail)| Section {
            heading: section.heading,
            number: section.number,
            anchor: section.anchor,
            text: section.blocks.join("\n"),
            trail,
            kind: section.kind,
        });
        self.0.push(Entry {
            key: "sections".to_owned(),
            content: Content::Sections(sections.collect()),
        });
    }
}

/// The words of a piece of HTML in one line.
pub(super) fn text_of(html: &str) -> String {
    // Most titles and names are plain.
    if !html.contains(['<', '&']) {
        return html.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let page = Page::of_fragment("", html);
    let sections = page.sections.into_iter();
    let sections =
        sections.flat_map(|section| std::iter::once(section.heading).chain(section.blocks));
    page.blocks
        .into_iter()
        .chain(sections)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The link of a download.
fn link_of(download: &Value) -> Option<&str> {
    let Value::Object(members) = download else {
        return None;
    };
    let url = members.iter().find(|(name, _)| name == "url");
    match url {
        Some((_, Value::Text(url))) => Some(url),
        _ => None,
    }
}

/// The headings around a section, the outermost first: with their words, where a number alone leads to it
/// and the page has the section of that number.
fn around(section: &page::Section, all: &[page::Section]) -> Vec<String> {
    let around = section
        .trail
        .split_last()
        .map_or(&[][..], |(_, around)| around);
    let named = around.iter().map(|outer| {
        let found = all.iter().find(|one| one.number.as_ref() == Some(outer));
        match found.filter(|one| one.heading != *outer) {
            Some(one) => format!("{outer} {}", one.heading),
            None => outer.clone(),
        }
    });
    named.collect()
}

pub(super) fn object<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    let entries = entries.into_iter();
    Value::Object(
        entries
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}
