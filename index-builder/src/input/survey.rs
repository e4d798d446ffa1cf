//! Looks over the pages of a source before they are read: what do most of them have in common, and which
//! facets and weights do they name?
//!
//! Knows samples. Reads files and keeps none of them; its memory is hashes of the texts of the sample.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::Source;
use super::html::read_page;
use crate::cache::Cache;
use crate::page::common::{Common, Counts};
use crate::page::{FACET, Page, WEIGHT, Weight};

/// Most pages of one part of a site that are compared: a text on half of them is on 40 to 60% of all
/// with 99% certainty.
const SAMPLE_PAGES: usize = 200;

/// Fewest pages below one folder that are looked at as a part of the site, with a menu or name of its
/// own: of fewer, what they have in common may be what they are about.
const MIN_PART_PAGES: usize = 20;

/// What the pages of a source have in common: all of them, and those below each of its folders.
#[derive(Debug, Default)]
pub(crate) struct Site {
    whole: Common,
    parts: BTreeMap<String, Common>,
}

impl Site {
    /// What is common to the pages around one.
    pub(super) fn common(&self, root: &Path, page: &Path) -> &Common {
        self.parts.get(&part_of(root, page)).unwrap_or(&self.whole)
    }
}

/// The first folder on the way from the root to a page; none for pages of the root itself.
fn part_of(root: &Path, page: &Path) -> String {
    let mut below = page.strip_prefix(root).unwrap_or(page).components();
    let first = below.next().map(|part| part.as_os_str());
    let first = first.filter(|_| below.next().is_some());
    first
        .map(OsStr::to_string_lossy)
        .unwrap_or_default()
        .into_owned()
}

/// What pages say of the fields of all records.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// Fields that are to be counted and filtered by.
    pub(crate) facets: BTreeSet<String>,
    /// Weights of parts, each a field.
    pub(crate) weights: BTreeSet<Weight>,
}

/// Looks over the pages of a source; adds what they name. What cannot be read, reading will tell.
pub(crate) fn survey(source: &mut Source, named: &mut Named) {
    let mut parts: BTreeMap<String, Vec<&PathBuf>> = BTreeMap::new();
    for page in &source.pages {
        parts
            .entry(part_of(&source.path, page))
            .or_default()
            .push(page);
    }
    let (large, small): (Vec<_>, Vec<_>) = parts
        .into_iter()
        .partition(|(_, pages)| pages.len() >= MIN_PART_PAGES);
    let rest: Vec<&PathBuf> = small.into_iter().flat_map(|(_, pages)| pages).collect();
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    let mut whole = Counts::default();
    for (part, pages) in large.into_iter().chain([(String::new(), rest)]) {
        let step = pages.len().div_ceil(SAMPLE_PAGES).max(1);
        let numbered: Vec<(usize, &PathBuf)> = pages.into_iter().enumerate().collect();
        let looked = numbered.par_iter().map(|(at, path)| {
            let mut of_page = Looked::default();
            if let Some(page) = look(&source.cache, path, at % step == 0) {
                of_page.counts.add(&page);
                of_page.named.facets.extend(page.facets);
                let weights = page.weighed.into_iter().map(|(weight, _)| weight);
                of_page.named.weights.extend(weights);
            }
            of_page
        });
        let looked = looked.reduce(Looked::default, Looked::and);
        named.add(looked.named);
        let of_part = looked.counts;
        whole.merge(&of_part);
        if !part.is_empty() {
            counts.insert(part, of_part);
        }
    }
    let whole = whole.common();
    let parts = counts.into_iter();
    let parts = parts.map(|(part, counts)| (part, counts.common().and(&whole)));
    source.site = Arc::new(Site {
        parts: parts.collect(),
        whole,
    });
}

/// What was seen of some pages.
#[derive(Default)]
struct Looked {
    counts: Counts,
    named: Named,
}

impl Named {
    fn add(&mut self, other: Named) {
        self.facets.extend(other.facets);
        self.weights.extend(other.weights);
    }
}

impl Looked {
    fn and(mut self, mut other: Looked) -> Looked {
        // The smaller is added to the larger, so that each text moves seldom.
        if other.counts.n_pages() > self.counts.n_pages() {
            std::mem::swap(&mut self, &mut other);
        }
        self.counts.merge(&other.counts);
        self.named.add(other.named);
        self
    }
}

/// Reads a page of the sample, or one that names facets or weights.
fn look(cache: &Cache, path: &Path, is_of_sample: bool) -> Option<Page> {
    let bytes = fs::read(path).ok()?;
    let has = |attribute: &str| memchr::memmem::find(&bytes, attribute.as_bytes()).is_some();
    let is_wanted = is_of_sample || has(FACET) || has(WEIGHT);
    let page = is_wanted.then(|| read_page(cache, &bytes))?;
    page.left_out.is_none().then_some(page)
}
