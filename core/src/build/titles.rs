//! The order of titles and other texts, as the alphabets of languages have it.
//!
//! Order is that of CLDR's collations (UTS 10, UTS 35), so that Welsh `ch` follows `c`, and Swedish `ä`
//! follows `z`. Knows titles and languages; the browser only sees places in an order.

use std::borrow::Cow;
use std::cmp::Ordering;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::Locale;

use crate::build::workers::{self, Workers};
use crate::format::columns::{Column, Values};
use crate::format::stored::MAX_LANGUAGES;
use crate::ids::DocId;
use crate::text::{primary_subtag, prose};
use crate::texts::Texts;

/// Titles whose keys are made as one piece of work.
const TITLES_A_PIECE: usize = 1 << 12;

/// Titles of versions in other languages than their records', by record and language.
pub(super) type OtherTitles = [(DocId, u32, String)];

/// The column that titles are sorted by: the place of each record among all in the alphabet of the
/// index's language. Where records are in several languages, it is followed by their places in each of
/// the index's languages, by the titles that readers of it are shown.
pub(super) fn title_column(
    titles: &Texts,
    others: &OtherTitles,
    default_lang: &str,
    languages: &[(String, u32)],
    workers: &dyn Workers,
) -> Column {
    let mut orders = vec![places(titles, &[], default_lang, workers)];
    if !others.is_empty() {
        for (lang, _) in languages.iter().take(MAX_LANGUAGES) {
            orders.push(places(
                titles,
                &shown(others, lang, languages),
                lang,
                workers,
            ));
        }
    }
    let n_places = orders.iter().flatten().max().map_or(0, |last| last + 1);
    let mut column = Column::new(Values::Int((0..i64::from(n_places)).collect()));
    for at in 0..titles.len() {
        let of_record = orders.iter().filter_map(|order| order.get(at).copied());
        column.push(&of_record.collect::<Vec<u32>>());
    }
    column
}

/// The other titles that readers of a language are shown, by record.
fn shown<'t>(
    others: &'t OtherTitles,
    lang: &str,
    languages: &[(String, u32)],
) -> Vec<(usize, &'t str)> {
    let lang = primary_subtag(lang);
    let is_read = |language: u32| {
        let tag = languages.get(language as usize).map_or("", |(tag, _)| tag);
        primary_subtag(tag) == lang
    };
    let others = others.iter().filter(|(_, language, _)| is_read(*language));
    others
        .map(|(doc, _, title)| (doc.index(), title.as_str()))
        .collect()
}

/// The place of each title among all; of others in their stead.
fn places(titles: &Texts, others: &[(usize, &str)], lang: &str, workers: &dyn Workers) -> Vec<u32> {
    let alphabet = Alphabet::new(lang);
    let keys = workers::map(workers, titles.len().div_ceil(TITLES_A_PIECE), |at| {
        let numbers = at * TITLES_A_PIECE..titles.len().min((at + 1) * TITLES_A_PIECE);
        let title = |number: usize| {
            let other = others.binary_search_by_key(&number, |(record, _)| *record);
            let other = other.ok().and_then(|at| others.get(at));
            other.map_or_else(|| titles.get(number), |(_, title)| *title)
        };
        let keys = numbers.map(|number| alphabet.key(title(number)));
        keys.collect::<Vec<Vec<u8>>>()
    });
    let keys: Vec<Vec<u8>> = keys.into_iter().flatten().collect();
    let mut numbered: Vec<(&[u8], usize)> = keys.iter().map(Vec::as_slice).zip(0..).collect();
    numbered.sort_unstable();
    let mut places = vec![0; keys.len()];
    let mut n_places = 0_u32;
    let mut before: Option<&[u8]> = None;
    for (key, number) in numbered {
        n_places += u32::from(before != Some(key));
        before = Some(key);
        if let Some(place) = places.get_mut(number) {
            *place = n_places - 1;
        }
    }
    places
}

/// The order in which a language has letters, for whoever sorts texts beside an index.
///
/// ```
/// let welsh = speir::Alphabet::new("cy");
/// assert!(welsh.compare("cyngor", "chwaer").is_lt());
/// ```
pub struct Alphabet(Option<CollatorBorrowed<'static>>);

impl Alphabet {
    /// The order of a language by its BCP 47 tag; that of letters of no language in particular, where it
    /// has none of its own.
    pub fn new(lang: &str) -> Alphabet {
        let locale: Locale = lang.parse().unwrap_or(Locale::UNKNOWN);
        Alphabet(Collator::try_new(locale.into(), CollatorOptions::default()).ok())
    }

    /// The order of two texts; of those that are alike by their bytes.
    pub fn compare(&self, one: &str, other: &str) -> Ordering {
        let order = self.0.as_ref().map(|order| order.compare(one, other));
        order
            .unwrap_or(Ordering::Equal)
            .then_with(|| one.cmp(other))
    }

    /// What a title is sorted by: its words in the order of the alphabet, and after them the title
    /// itself, for those that are alike.
    fn key(&self, title: &str) -> Vec<u8> {
        let words = words(title);
        let mut key = Vec::with_capacity(words.len() * 2 + title.len());
        let written = self
            .0
            .as_ref()
            .map(|collator| collator.write_sort_key_to(&words, &mut key));
        if !matches!(written, Some(Ok(()))) {
            key.clear();
            key.extend_from_slice(words.as_bytes());
        }
        // No key of a collator has it, nor any word.
        key.push(0);
        key.extend_from_slice(title.as_bytes());
        key
    }
}

/// A title without what stands around its words: quotation marks are not sorted by.
fn words(title: &str) -> Cow<'_, str> {
    let is_plain = |letter: char| letter == ' ' || letter.is_alphanumeric();
    if title.chars().all(is_plain) {
        return title.into();
    }
    let mut words = String::with_capacity(title.len());
    prose::read(title, |word| {
        if !word.is_joined() {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word.typed);
        }
        true
    });
    words.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::OneByOne;

    #[track_caller]
    fn check(lang: &str, expected: &[&str]) {
        let mut titles: Texts = Texts::default();
        expected.iter().rev().for_each(|title| titles.push(title));
        let places = places(&titles, &[], lang, &OneByOne);
        let mut sorted: Vec<(u32, &str)> = places.into_iter().zip(titles.iter()).collect();
        sorted.sort_unstable();
        let sorted: Vec<&str> = sorted.into_iter().map(|(_, title)| title).collect();
        assert_eq!(sorted, expected, "{lang}");
    }

    #[test]
    fn titles_stand_as_the_alphabet_of_their_language_has_them() {
        check(
            "en",
            &["arm", "Ärm", "chwarae", "Cyngor", "cyngor 2", "zoo"],
        );
        check(
            "cy",
            &[
                "cyngor", "Chwarae", "dinas", "ddoe", "lôn", "llan", "rygbi", "rhad",
            ],
        );
        check("sv", &["arm", "zoo", "ärm"]);
        check("xx-unknown", &["arm", "zoo"]);
        check("no tag at all", &["arm", "zoo"]);
    }

    #[test]
    fn what_stands_around_words_is_not_sorted_by() {
        check("en", &["Advice", "“Advice”", "Aid: a guide", "‘Zoo’"]);
    }

    #[test]
    fn titles_that_are_alike_share_a_place() {
        let titles: Texts = ["b", "a", "b"].map(str::to_owned).into_iter().collect();
        assert_eq!(places(&titles, &[], "en", &OneByOne), [1, 0, 1]);
    }

    #[test]
    fn each_language_has_its_own_order_where_records_are_in_several() {
        let titles: Texts = ["Housing", "Advice"]
            .map(str::to_owned)
            .into_iter()
            .collect();
        let others = [
            (DocId(0), 1, "Anheddau".to_owned()),
            (DocId(1), 1, "Cyngor".to_owned()),
        ];
        let languages = [("en".to_owned(), 2), ("cy".to_owned(), 2)];
        let column = title_column(&titles, &others, "en", &languages, &OneByOne);
        assert_eq!(column.places(DocId(0)), [1, 1, 0]);
        assert_eq!(column.places(DocId(1)), [0, 0, 1]);
    }
}
