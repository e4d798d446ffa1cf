//! Pages that name one another as the same in other languages become one record.
//!
//! Each page of a pair has to name the other, as `hreflang` asks for: a link that is not returned may be
//! out of date, or lead to a page that says something else. Knows whole records. Reads no files.

use std::collections::HashMap;

use speir::schema::ALTERNATES;
use speir::{Alternate, Record, Value};

use super::Spot;
use super::address::key;

/// A record that waits for its other versions, with the file and place it came from.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) record: Record,
    pub(crate) file: usize,
    pub(crate) spot: Spot,
}

/// Records that name others, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    waiting: Vec<Waiting>,
}

impl Versions {
    /// Whether a record names other versions of it, so that it has to wait for them.
    pub(crate) fn names_others(record: &Record) -> bool {
        links(record).next().is_some()
    }

    /// Keeps a record until all are there.
    pub(crate) fn wait(&mut self, record: Record, file: usize, spot: Spot) {
        self.waiting.push(Waiting { record, file, spot });
    }

    /// The records, those that name one another as one: that in the index's language, or else the first of
    /// them, with the others as its versions. And how many became a version of another.
    pub(crate) fn paired(self, default_lang: &str) -> (Vec<Waiting>, usize) {
        let groups = self.groups(default_lang);
        let mut waiting: Vec<Option<Waiting>> = self.waiting.into_iter().map(Some).collect();
        let mut take = |at: usize| waiting.get_mut(at).and_then(Option::take);
        let mut n_paired = 0;
        let mut paired = Vec::with_capacity(groups.len());
        for group in groups {
            let mut members = group
                .into_iter()
                .filter_map(|(at, lang)| Some((take(at)?, lang)));
            let Some((mut main, lang)) = members.next() else {
                continue;
            };
            for (other, lang) in members {
                n_paired += 1;
                main.record.alternates.push(version(other.record, lang));
            }
            if !main.record.alternates.is_empty() {
                main.record.lang = lang;
            }
            paired.push(main);
        }
        paired.sort_by_key(|one| (one.file, one.spot.page, one.spot.line, one.spot.row));
        (paired, n_paired)
    }

    /// Which records are one, by their places here, each with its language: the one that the others are
    /// versions of comes first.
    fn groups(&self, default_lang: &str) -> Vec<Vec<(usize, Option<String>)>> {
        let mut at_address: HashMap<&str, usize> = HashMap::new();
        for (at, one) in self.waiting.iter().enumerate() {
            if let Some(url) = &one.record.url {
                at_address.entry(key(url)).or_insert(at);
            }
        }
        // A record that does not say its language is in that which the first to name it says.
        let mut langs: Vec<Option<&str>> = Vec::new();
        langs.extend(self.waiting.iter().map(|one| lang_of(&one.record)));
        let mut named: Vec<Vec<usize>> = vec![Vec::new(); self.waiting.len()];
        for (own, one) in self.waiting.iter().enumerate() {
            for (lang, url) in links(&one.record) {
                if let Some(at) = at_address.get(key(url)).filter(|at| **at != own) {
                    named[own].push(*at);
                    langs[*at].get_or_insert(lang);
                }
            }
        }
        let mut is_taken = vec![false; self.waiting.len()];
        let mut groups = Vec::new();
        for own in 0..self.waiting.len() {
            if is_taken[own] {
                continue;
            }
            let mut group = vec![own];
            for at in &named[own] {
                let is_new = group.iter().all(|known| langs[*known] != langs[*at]);
                if !is_taken[*at] && is_new && named[*at].contains(&own) {
                    group.push(*at);
                }
            }
            let is_main = |at: &usize| langs[*at].map(primary) == Some(primary(default_lang));
            if let Some(main) = group.iter().position(is_main) {
                group.swap(0, main);
            }
            group.iter().for_each(|at| is_taken[*at] = true);
            let with_lang = group
                .into_iter()
                .map(|at| (at, langs[at].map(str::to_owned)));
            groups.push(with_lang.collect());
        }
        groups
    }
}

fn version(record: Record, lang: Option<String>) -> Alternate {
    let fields = record.fields.into_iter();
    Alternate {
        lang: lang.unwrap_or_default(),
        title: record.title,
        url: record.url,
        fields: fields.filter(|(name, _)| name != ALTERNATES).collect(),
        sections: record.sections,
    }
}

fn lang_of(record: &Record) -> Option<&str> {
    let lang = record.lang.as_deref().map(str::trim);
    lang.filter(|lang| !lang.is_empty())
}

fn primary(lang: &str) -> String {
    lang.split('-').next().unwrap_or_default().to_lowercase()
}

/// The other versions that a record names: language and address.
fn links(record: &Record) -> impl Iterator<Item = (&str, &str)> {
    let named = record.fields.iter().filter(|(name, _)| name == ALTERNATES);
    let items = named.flat_map(|(_, value)| value.items());
    items.filter_map(|item| {
        let text = |name: &str| item.get(name).and_then(Value::as_words);
        Some((text("lang")?, text("url")?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(url: &str, lang: Option<&str>, others: &[(&str, &str)]) -> Record {
        let link = |(lang, url): &(&str, &str)| {
            let entries = [("lang", *lang), ("url", *url)];
            Value::Object(
                entries
                    .map(|(name, text)| (name.to_owned(), text.into()))
                    .into(),
            )
        };
        let mut record = Record::new(url, url).url(url);
        record.lang = lang.map(str::to_owned);
        record.field(ALTERNATES, Value::List(others.iter().map(link).collect()))
    }

    #[track_caller]
    fn check(pages: &[Record], expected: &[&str]) {
        let mut versions = Versions::default();
        for (at, page) in pages.iter().enumerate() {
            assert!(Versions::names_others(page));
            let spot = Spot {
                page: at as u32,
                ..Spot::default()
            };
            versions.wait(page.clone(), 0, spot);
        }
        let (paired, n_paired) = versions.paired("en");
        let told: Vec<String> = paired
            .iter()
            .map(|one| {
                let others = one.record.alternates.iter();
                let others: Vec<String> = others
                    .map(|other| format!("{} {}", other.lang, other.title))
                    .collect();
                let lang = one.record.lang.as_deref().unwrap_or("?");
                format!("{lang} {} [{}]", one.record.title, others.join(", "))
            })
            .collect();
        assert_eq!(told, expected);
        assert_eq!(n_paired + paired.len(), pages.len());
    }

    #[test]
    fn pages_that_name_one_another_are_one_in_the_language_of_the_index() {
        let welsh = page("/cy/a", Some("cy"), &[("en", "/en/a")]);
        let english = page("/en/a", Some("en"), &[("cy", "/cy/a/index.html")]);
        check(&[welsh, english], &["en /en/a [cy /cy/a]"]);
    }

    #[test]
    fn a_link_that_is_not_returned_joins_nothing() {
        let english = page("/en/a", Some("en"), &[("cy", "/cy/a")]);
        let welsh = page("/cy/a", Some("cy"), &[("en", "/en/other")]);
        check(&[english, welsh], &["en /en/a []", "cy /cy/a []"]);
    }

    #[test]
    fn languages_are_told_by_links_where_pages_do_not_say() {
        let one = page("/a", None, &[("cy", "/b")]);
        let other = page("/b", None, &[("en-GB", "/a")]);
        check(&[one, other], &["en-GB /a [cy /b]"]);
    }

    #[test]
    fn of_two_in_one_language_the_first_is_taken() {
        let own = page("/a", Some("en"), &[("cy", "/b"), ("cy", "/c")]);
        let one = page("/b", Some("cy"), &[("en", "/a")]);
        let other = page("/c", Some("cy"), &[("en", "/a")]);
        check(&[own, one, other], &["en /a [cy /b]", "cy /c []"]);
    }
}
