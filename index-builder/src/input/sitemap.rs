//! Sitemaps saved to disk (sitemaps.org 0.9): when each page was changed.
//!
//! Knows addresses and `lastmod`. A sitemap completes the records of other sources, and makes some by
//! itself only where `speir.toml` says so: it knows no words.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use speir::Record;
use url::Url;

use super::entries::Entries;
use super::feed::{Feed, Form, Wrong};
use super::passed::PassedOver;
use super::rss::day_of;
use super::xml::{Item, Xml};
use super::{Fault, Sink, Source, Spot, no_records, record};
use crate::config::Rules;
use crate::problem::{Place, Problem};

/// Reads a sitemap.
pub(super) fn read(source: &Source, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let form = Addresses {
        source,
        rules,
        passed: PassedOver::default(),
    };
    let mut xml = Xml::open(&source.path)?;
    let mut feed = Feed::new(&form, sink);
    let mut n_items = 0;
    loop {
        let item = match xml.next(&|name| name == "url") {
            Ok(Some(item)) => item,
            Ok(None) => break,
            Err(problem) => {
                feed.finish()?;
                return Err(problem);
            }
        };
        n_items += 1;
        // Where nobody has said the site's address, records have the path alone.
        let is_local = source.settings.is_completing && rules.base_url.is_none();
        let path = item.text("loc").filter(|_| is_local).and_then(path_of);
        let whole = item.text("loc").unwrap_or_default().to_owned();
        for (url, is_twin) in [(Some(whole), false), (path, true)] {
            let Some(url) = url else { continue };
            let row = Row {
                url,
                last_changed: item.text("lastmod").map(str::to_owned),
                line: item.line,
                is_twin,
            };
            feed.push(row, item.n_bytes, xml.n_bytes())?;
        }
    }
    feed.finish()?;
    if n_items == 0 {
        return Err(no_records(
            &source.path,
            "check the sitemap: it has no addresses",
        ));
    }
    if let Some(note) = form.passed.note("addresses", &source.path) {
        sink.note(note);
    }
    Ok(())
}

/// The sitemaps that a list of sitemaps names, as they are saved beside it: by the last names of their
/// addresses, in order.
pub(super) fn parts(path: &Path) -> Result<Vec<PathBuf>, Problem> {
    let mut xml = Xml::open(path)?;
    let mut parts = Vec::new();
    let mut known = BTreeSet::new();
    while let Some(item) = xml.next(&|name| name == "sitemap")? {
        let part = item.text("loc").and_then(file_beside);
        let found = part.as_ref().map(|name| path.with_file_name(name));
        match found.filter(|found| found.is_file() && found != path) {
            Some(found) if known.insert(found.clone()) => parts.push(found),
            Some(_) => {}
            None => return Err(no_part(path, &item, part.as_deref())),
        }
    }
    match parts.is_empty() {
        true => Err(no_records(path, "check the sitemap: it names no others")),
        false => Ok(parts),
    }
}

fn no_part(path: &Path, item: &Item, name: Option<&str>) -> Problem {
    let name = name.unwrap_or("a file without a name");
    Problem::new(
        "no-such-sitemap",
        format!("the sitemap {name}, which this one names, is not beside it"),
        "save all of them in one folder, and unpacked",
    )
    .at(Place::line(path, item.line))
}

/// The name of a file that an address has last.
fn file_beside(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let name = url.path_segments()?.next_back()?.to_owned();
    let name = percent_decode_str(&name).decode_utf8().ok()?.into_owned();
    let is_plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']);
    is_plain.then_some(name)
}

/// An address from the root of its site.
fn path_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let query = url.query().map(|query| format!("?{query}"));
    Some(format!("{}{}", url.path(), query.unwrap_or_default()))
}

struct Row {
    url: String,
    last_changed: Option<String>,
    line: u64,
    /// Whether the same address was told before, as others may write it.
    is_twin: bool,
}

struct Addresses<'a> {
    source: &'a Source,
    rules: &'a Rules,
    passed: PassedOver,
}

impl Form for Addresses<'_> {
    type Row = Row;

    fn record(&self, row: &Row) -> Result<Record, Wrong> {
        let is_completing = self.source.settings.is_completing;
        let day = row.last_changed.as_deref().and_then(day_of);
        if day.is_none() && is_completing {
            match (row.is_twin, row.last_changed.is_some()) {
                (true, _) => {}
                (false, true) => self.passed.add("whose lastmod is no date"),
                (false, false) => self.passed.add("without lastmod"),
            }
            return Err(Wrong::LeftOut);
        }
        let mut entries = Entries::default();
        entries.text("id", Some(row.url.clone()));
        entries.text("url", Some(row.url.clone()));
        entries.text("title", Some(readable(&row.url)));
        entries.text("date", day);
        record::make(entries.0, self.rules).map_err(Wrong::Fault)
    }

    fn spot(&self, row: &Row) -> Spot {
        Spot {
            line: row.line,
            ..Spot::default()
        }
    }

    fn problem(&self, row: &Row, fault: Fault) -> Problem {
        Problem::new(fault.code, fault.reason, fault.advice).at(Place {
            field: fault.field,
            ..Place::line(&self.source.path, row.line)
        })
    }
}

/// An address as a title: the last words of its path.
fn readable(address: &str) -> String {
    let path = path_of(address).unwrap_or_else(|| address.to_owned());
    let path = path.split('?').next().unwrap_or_default();
    let last = path
        .trim_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let last = percent_decode_str(last).decode_utf8_lossy();
    let stem = last.rsplit_once('.').map_or(&*last, |(stem, _)| stem);
    let words = stem
        .split(['-', '_', '+', ' '])
        .filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    match words.is_empty() {
        true => address.to_owned(),
        false => words.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_paths_names_and_titles() {
        assert_eq!(
            path_of("https://example.org/a%20b/?x=1").as_deref(),
            Some("/a%20b/?x=1")
        );
        assert_eq!(path_of("/a"), None);
        assert_eq!(
            file_beside("https://example.org/maps/a.xml").as_deref(),
            Some("a.xml")
        );
        assert_eq!(file_beside("https://example.org/..%2F..%2Fpasswd"), None);
        assert_eq!(file_beside("https://example.org/"), None);
        assert_eq!(
            readable("https://example.org/guides/laying-a-hedge.html"),
            "laying a hedge"
        );
        assert_eq!(readable("https://example.org/"), "https://example.org/");
    }
}
