//! What the pages of a site have in common: texts that stand on most of them, and the site's name in
//! their titles.
//!
//! Knows pages, and counts. Keeps hashes of texts and no texts, so that its size does not grow with
//! theirs. Which pages are of one site, the caller knows.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Page;

/// Fewest pages of which something can be said to be on most: on three pages, two that say the same may
/// be two that mean it.
const MIN_PAGES: usize = 4;

/// What stands between the name of a page and that of its site.
const BETWEEN: [&str; 9] = [
    " | ",
    " - ",
    " \u{2013} ",
    " \u{2014} ",
    " \u{b7} ",
    " :: ",
    " \u{bb} ",
    " \u{ab} ",
    " / ",
];

/// How many pages have each text.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    n_pages: usize,
    texts: HashMap<u64, usize>,
    title_parts: HashMap<u64, usize>,
}

/// What most pages have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Common {
    texts: HashSet<u64>,
    title_parts: HashSet<u64>,
}

impl Counts {
    /// Counts a page.
    pub(crate) fn add(&mut self, page: &Page) {
        self.n_pages += 1;
        let texts: BTreeSet<u64> = page.texts().map(hash).collect();
        for text in texts {
            *self.texts.entry(text).or_default() += 1;
        }
        let titles = page.titles.iter().flat_map(|title| parts(title));
        let titles: BTreeSet<u64> = titles.map(hash).collect();
        for part in titles {
            *self.title_parts.entry(part).or_default() += 1;
        }
    }

    /// How many pages were counted.
    pub(crate) fn n_pages(&self) -> usize {
        self.n_pages
    }

    /// Adds what was counted elsewhere.
    pub(crate) fn merge(&mut self, other: &Counts) {
        self.n_pages += other.n_pages;
        for (known, new) in [
            (&mut self.texts, &other.texts),
            (&mut self.title_parts, &other.title_parts),
        ] {
            for (text, n) in new {
                *known.entry(*text).or_default() += n;
            }
        }
    }

    /// What more than half of the pages have; nothing where there are too few.
    pub(crate) fn common(&self) -> Common {
        let most = |counts: &HashMap<u64, usize>| -> HashSet<u64> {
            let is_common = |n: usize| self.n_pages >= MIN_PAGES && n * 2 > self.n_pages;
            let common = counts.iter().filter(|(_, n)| is_common(**n));
            common.map(|(text, _)| *text).collect()
        };
        Common {
            texts: most(&self.texts),
            title_parts: most(&self.title_parts),
        }
    }
}

impl Common {
    /// What is common here or there.
    pub(crate) fn and(&self, other: &Common) -> Common {
        Common {
            texts: self.texts.union(&other.texts).copied().collect(),
            title_parts: self
                .title_parts
                .union(&other.title_parts)
                .copied()
                .collect(),
        }
    }

    /// Whether most pages have a text.
    pub(super) fn has_block(&self, text: &str) -> bool {
        self.texts.contains(&hash(text))
    }

    /// Titles without the site's name; those that say nothing else are left out, if others are left.
    pub(super) fn without_site(&self, titles: &[String]) -> Vec<String> {
        if self.title_parts.is_empty() {
            return titles.to_vec();
        }
        let mut own: Vec<String> = Vec::new();
        for title in titles {
            let pieces = parts(title);
            let is_site = |part: &&str| self.title_parts.contains(&hash(part));
            let n_before = pieces.iter().take_while(|part| is_site(part)).count();
            let n_after = pieces.iter().rev().take_while(|part| is_site(part)).count();
            let kept = pieces.get(n_before..pieces.len().saturating_sub(n_after));
            let Some([first, .., last] | [first @ last]) = kept else {
                continue;
            };
            let start = title.find(first).unwrap_or(0);
            let end = title.rfind(last).map_or(title.len(), |at| at + last.len());
            let title = title.get(start..end).unwrap_or(title).to_owned();
            if !own.contains(&title) {
                own.push(title);
            }
        }
        if own.is_empty() { titles.to_vec() } else { own }
    }
}

/// The parts of a title: those of the page and the site.
pub(super) fn parts(title: &str) -> Vec<&str> {
    let mut parts = vec![title];
    for between in BETWEEN {
        parts = parts
            .into_iter()
            .flat_map(|part| part.split(between))
            .collect();
    }
    let parts = parts.into_iter().map(str::trim);
    parts.filter(|part| !part.is_empty()).collect()
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(title: &str, blocks: &[&str]) -> Page {
        Page {
            titles: vec![title.to_owned()],
            blocks: blocks.iter().map(|block| (*block).to_owned()).collect(),
            ..Page::default()
        }
    }

    /// What is left of the pages, as `title: block, block`.
    #[track_caller]
    fn check(pages: &[(&str, &[&str])], expected: &[&str]) {
        let mut pages: Vec<Page> = pages.iter().map(|(t, blocks)| page(t, blocks)).collect();
        let mut counts = Counts::default();
        for page in &pages {
            let mut one = Counts::default();
            one.add(page);
            counts.merge(&one);
        }
        let common = counts.common();
        let left: Vec<String> = pages
            .iter_mut()
            .map(|page| {
                page.leave_out(&common);
                format!("{}: {}", page.titles[0], page.blocks.join(", "))
            })
            .collect();
        assert_eq!(left, expected);
    }

    #[test]
    fn what_most_pages_have_is_left_out_of_all() {
        check(
            &[
                ("Bins | Our council", &["Bins", "Call us"]),
                ("Our council", &["Call us", "Home"]),
                ("Tax | Our council", &["Tax", "Call us"]),
                ("Trees - a guide | Our council", &["Trees"]),
            ],
            &[
                "Bins: Bins",
                "Our council: Home",
                "Tax: Tax",
                "Trees - a guide: Trees",
            ],
        );
    }

    #[test]
    fn few_pages_have_nothing_in_common() {
        check(
            &[("A | S", &["x"]), ("B | S", &["x"]), ("C | S", &["x"])],
            &["A | S: x", "B | S: x", "C | S: x"],
        );
    }
}
