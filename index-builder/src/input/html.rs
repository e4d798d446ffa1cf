//! Web pages: each page of a folder is a record.
//!
//! Knows which part of a record each part of a page becomes, and which pages are to be passed over. What
//! a page says, the room `page` reads; where it is on the site, `address` tells.

use std::collections::{BTreeMap, HashSet};
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::json;
use speir::{Record, Value};

use super::address::{Address, Root};
use super::entries::{Entries, object};
use super::feed::{Feed, Form, Wrong};
use super::record::{self, Entry};
use super::{Fault, Note, Sink, Source, Spot, no_records};
use crate::cache::Cache;
use crate::config::{self, Rules};
use crate::page::{self, LeftOut, Page, WEIGHT};
use crate::problem::{Place, Problem, shorten};

/// Longest page that is read: a page in memory takes up to ten times its length, and the longest that
/// people write are a tenth of this.
const MOST_PAGE_BYTES: u64 = 200 << 20;

/// What the score of a page is multiplied by of which more than half is on most others: such are stubs
/// that lead elsewhere. Their titles are those of the pages that they stand for, and come second.
const STUB_WEIGHT: &str = "0.5";

/// Most headings without a name that are kept for the report.
const MOST_UNNAMED: usize = 1000;

/// Reads the pages of a source.
pub(super) fn read(source: &Source, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let pages = Pages::new(source, rules);
    let mut feed = Feed::new(&pages, sink);
    let mut n_read = 0;
    for (at, path) in (0..).zip(&source.pages) {
        let n_bytes = fs::metadata(path).map_or(0, |about| about.len());
        n_read += n_bytes;
        feed.push(at, usize::try_from(n_bytes).unwrap_or(usize::MAX), n_read)?;
    }
    feed.finish()?;
    let tally = pages
        .tally
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    if tally.left_out.values().sum::<usize>() == source.pages.len() {
        return Err(no_records(&source.path, &tally.why_none()));
    }
    for note in tally.notes(source) {
        sink.note(note);
    }
    sink.progress(n_read);
    Ok(())
}

/// The pages of a source, as they become records.
struct Pages<'a> {
    source: &'a Source,
    rules: &'a Rules,
    root: Root,
    /// The addresses of all pages.
    addresses: HashSet<String>,
    tally: Mutex<Tally>,
}

/// What was seen that is no record.
#[derive(Default)]
struct Tally {
    left_out: BTreeMap<LeftOut, usize>,
    /// Pages that stand elsewhere under the address that they call their own.
    n_copies: usize,
    n_unnamed: usize,
    /// Headings without a name: page, heading and proposed name.
    unnamed: Vec<(u32, String, String)>,
}

impl<'a> Pages<'a> {
    fn new(source: &'a Source, rules: &'a Rules) -> Pages<'a> {
        let root = Root::of(source, rules);
        Pages {
            source,
            rules,
            addresses: source
                .pages
                .iter()
                .map(|path| root.page(path).text())
                .collect(),
            root,
            tally: Mutex::default(),
        }
    }

    fn tally(&self, add: impl FnOnce(&mut Tally)) {
        // What a thread that panicked has counted is counted.
        add(&mut self.tally.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn path(&self, at: u32) -> &'a PathBuf {
        let path = self.source.pages.get(at as usize);
        path.unwrap_or(&self.source.path)
    }

    /// The address that a page has, unless it is a copy of another of the source.
    fn own_address(&self, page: &Page, address: &Address) -> Option<String> {
        let Some(canonical) = &page.canonical else {
            return Some(address.text());
        };
        if address.is_at(canonical) {
            return Some(address.text());
        }
        let is_known = address
            .here(canonical)
            .is_some_and(|here| self.addresses.contains(&here));
        match is_known {
            true => None,
            false => address.link(canonical).or_else(|| Some(address.text())),
        }
    }

    fn entries(&self, page: Page, url: String, address: &Address, path: &Path) -> Vec<Entry> {
        let mut entries = Entries::default();
        let name = path
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned());
        let title = page.titles.into_iter().next().or(page.description.clone());
        let title = title.or(name).unwrap_or_else(|| url.clone());
        entries.text("id", Some(address.text()));
        entries.text("url", Some(url));
        entries.text("title", Some(title));
        entries.text("description", page.description);
        entries.text("lang", page.lang.and_then(|lang| config::lang(&lang).ok()));
        entries.text("type", page.kind);
        entries.text("date", page.date);
        entries.texts("authors", page.authors);
        entries.texts("topics", page.topics);
        entries.text("image", page.image.and_then(|image| address.link(&image)));
        entries.text("boost", page.weight);
        entries.text("body", Some(page.blocks.join("\n")));
        entries.weighed(page.weighed);
        let downloads = page.downloads.iter();
        let downloads = downloads.filter_map(|download| self.download(download, address));
        entries.list("downloads", downloads.collect());
        let alternates = page
            .alternates
            .iter()
            .filter(|(_, href)| !address.is_at(href));
        let alternates = alternates.filter_map(|(lang, href)| {
            let link = address.link(href)?;
            Some(object([
                ("lang", lang.clone().into()),
                ("url", link.into()),
            ]))
        });
        entries.list("alternates", alternates.collect());
        entries.told_of(&page.sections);
        entries.said(page.fields);
        entries.sections(page.sections);
        entries.0
    }

    fn download(&self, download: &page::Download, address: &Address) -> Option<Value> {
        let url = address.link(&download.href)?;
        let n_bytes = self.root.n_bytes(&url);
        Some(Value::from(speir::Download {
            url,
            title: download.title.clone(),
            format: Some(download.format.to_owned()),
            size_bytes: n_bytes,
        }))
    }
}

impl Form for Pages<'_> {
    type Row = u32;

    fn record(&self, row: &u32) -> Result<Record, Wrong> {
        let path = self.path(*row);
        let bytes = load(path).map_err(Wrong::Problem)?;
        let mut page = read_page(&self.source.cache, &bytes);
        drop(bytes);
        if let Some(why) = page.left_out {
            self.tally(|tally| *tally.left_out.entry(why).or_default() += 1);
            return Err(Wrong::LeftOut);
        }
        let common = self.source.site.common(&self.source.path, path);
        if page.leave_out(common) && page.weight.is_none() {
            page.weight = Some(STUB_WEIGHT.to_owned());
        }
        let address = self.root.page(path);
        let Some(url) = self.own_address(&page, &address) else {
            self.tally(|tally| tally.n_copies += 1);
            return Err(Wrong::LeftOut);
        };
        if let Some(written) = &page.unclear_weight {
            return Err(Wrong::Fault(Fault::field(
                WEIGHT,
                "field-kind",
                format!("`{WEIGHT}` should be a number from 0, but is {written:?}"),
                "write 2 for a part whose words should count twice, 0.5 for half, or leave it out",
            )));
        }
        let unnamed = page.sections.iter().filter_map(|section| {
            let proposed = section.proposed.clone()?;
            Some((*row, section.heading.clone(), proposed))
        });
        let unnamed: Vec<(u32, String, String)> = unnamed.collect();
        let entries = self.entries(page, url, &address, path);
        let record = record::make(entries, self.rules).map_err(Wrong::Fault)?;
        if !unnamed.is_empty() {
            self.tally(|tally| tally.add_unnamed(unnamed));
        }
        Ok(record)
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

/// A page, as it was read before where it did not change.
pub(super) fn read_page(cache: &Cache, bytes: &[u8]) -> Page {
    let Ok(page) = cache.read("page", bytes, || Ok::<Page, Infallible>(Page::read(bytes)));
    page
}

/// The bytes of a page.
pub(super) fn load(path: &Path) -> Result<Vec<u8>, Problem> {
    let io = |error: std::io::Error| Problem::io("read", path, &error);
    let n_bytes = fs::metadata(path).map_err(io)?.len();
    if n_bytes > MOST_PAGE_BYTES {
        let reason = format!("the page has {n_bytes} bytes, at most {MOST_PAGE_BYTES} are read");
        let place = Place {
            file: Some(path.to_owned()),
            ..Place::default()
        };
        return Err(Problem::new("page-too-long", reason, "cut it into several pages").at(place));
    }
    fs::read(path).map_err(io)
}

impl Tally {
    fn add_unnamed(&mut self, unnamed: Vec<(u32, String, String)>) {
        self.n_unnamed += unnamed.len();
        self.unnamed.extend(unnamed);
        // Threads come in any order; kept are the first of all pages.
        if self.unnamed.len() > 2 * MOST_UNNAMED {
            self.keep_first();
        }
    }

    fn keep_first(&mut self) {
        // The order within a page is kept, as the sort is stable and a page is added whole.
        self.unnamed.sort_by_key(|(page, ..)| *page);
        self.unnamed.truncate(MOST_UNNAMED);
    }

    fn reasons(&self) -> String {
        let reasons = self.left_out.iter().map(|(why, n)| {
            let why = match why {
                LeftOut::NoIndex => "ask not to be found (robots: noindex)",
                LeftOut::Redirect => "lead to another page at once",
                LeftOut::Ignored => "have data-speir-ignore",
                LeftOut::Empty => "hold no text",
            };
            format!("{n} {why}")
        });
        let copies = (self.n_copies > 0)
            .then(|| format!("{} are copies of others (rel=canonical)", self.n_copies));
        reasons.chain(copies).collect::<Vec<_>>().join(", ")
    }

    fn why_none(&self) -> String {
        format!("look at its pages: {}", self.reasons())
    }

    fn notes(mut self, source: &Source) -> Vec<Note> {
        self.keep_first();
        let mut notes = Vec::new();
        let reasons = self.reasons();
        if !reasons.is_empty() {
            notes.push(Note {
                kind: "pages-passed-over",
                message: format!(
                    "pages of {} that were passed over: {reasons}",
                    source.path.display()
                ),
                items: Vec::new(),
            });
        }
        if let Some((page, heading, proposed)) = self.unnamed.first() {
            let file = |page: u32| {
                let path = source.pages.get(page as usize);
                path.map(|path| path.display().to_string())
                    .unwrap_or_default()
            };
            notes.push(Note {
                kind: "headings-without-ids",
                message: format!(
                    "headings of {} without an id, so that results lead to what is above them: {}; \
                     \"{}\" in {} could have id=\"{proposed}\" (--json lists them)",
                    source.path.display(),
                    self.n_unnamed,
                    shorten(heading, 60),
                    file(*page),
                ),
                items: self
                    .unnamed
                    .iter()
                    .map(|(page, heading, id)| {
                        json!({ "file": file(*page), "heading": heading, "id": id })
                    })
                    .collect(),
            });
        }
        notes
    }
}
