//! Which record holds which word, told in the plainest way, so that no engine's reading is favoured.
//!
//! A word is a run of letters and digits in lower case. It *surely* stands in a record where blanks
//! and punctuation part it from its neighbours there; it *may* stand there where anything else
//! does (`foo` in `foo-bar` or `foo.so`). Engines differ on the second, so a record of the second
//! kind is right when it is found, and no loss when it is not.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::corpus::texts;

/// The fields whose words are drawn and must be found.
const TEXTS: [&str; 3] = ["title", "description", "body"];

/// Fields whose words an engine may search too.
const LABELS: [&str; 3] = ["type", "organisations", "topics"];

/// The records that a query should find, by number.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    surely: BTreeSet<u32>,
    perhaps: BTreeSet<u32>,
}

impl Wanted {
    /// The part, of the ten records that a full first page could show, that it shows. `None` where
    /// no record surely fits.
    pub(super) fn recall(&self, first_ten: &mut dyn Iterator<Item = u32>) -> Option<f64> {
        let possible = self.surely.len().min(10);
        let shown: BTreeSet<u32> = first_ten.take(10).collect();
        let right = shown.intersection(&self.perhaps).count();
        (possible > 0).then(|| (right as f64 / possible as f64).min(1.0))
    }

    fn and(&self, other: &Wanted) -> Wanted {
        Wanted {
            surely: &self.surely & &other.surely,
            perhaps: &self.perhaps & &other.perhaps,
        }
    }
}

/// All words of a corpus, and where they stand.
pub(super) struct Words {
    places: BTreeMap<String, Wanted>,
    /// The distinct words that surely stand in each record and are of letters only, in order.
    of_record: Vec<Vec<String>>,
}

impl Words {
    pub(super) fn of(records: &[Json]) -> Words {
        let mut words = Words {
            places: BTreeMap::new(),
            of_record: Vec::new(),
        };
        for (number, record) in records.iter().enumerate() {
            let number = number as u32;
            let mut own = Vec::new();
            for (field, is_text) in TEXTS
                .map(|name| (name, true))
                .into_iter()
                .chain(LABELS.map(|name| (name, false)))
            {
                let text = texts(record, field).join(" ").to_lowercase();
                for word in text.split(|c: char| !c.is_alphanumeric()) {
                    words.place(word).perhaps.insert(number);
                }
                if is_text {
                    let sure = text
                        .split_whitespace()
                        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
                    for word in sure.filter(|word| word.chars().all(char::is_alphabetic)) {
                        words.place(word).surely.insert(number);
                        own.push(word.to_owned());
                    }
                }
            }
            own.sort();
            own.dedup();
            words.of_record.push(own);
        }
        words.places.remove("");
        words
    }

    fn place(&mut self, word: &str) -> &mut Wanted {
        if !self.places.contains_key(word) {
            self.places.insert(word.to_owned(), Wanted::default());
        }
        self.places.entry(word.to_owned()).or_default()
    }

    pub(super) fn n_records(&self) -> usize {
        self.of_record.len()
    }

    /// The words of letters only that surely stand in a record.
    pub(super) fn of_record(&self, number: usize) -> &[String] {
        self.of_record.get(number).map_or(&[], Vec::as_slice)
    }

    /// True for a word that stands anywhere at all.
    pub(super) fn has(&self, word: &str) -> bool {
        self.places.contains_key(word)
    }

    /// How many records a word may stand in.
    pub(super) fn n_places(&self, word: &str) -> usize {
        self.places
            .get(word)
            .map_or(0, |wanted| wanted.perhaps.len())
    }

    /// The records that hold every one of these words.
    pub(super) fn with_all(&self, words: &[&str]) -> Wanted {
        let mut each = words.iter().filter_map(|word| self.places.get(*word));
        let Some(first) = each.next() else {
            return Wanted::default();
        };
        each.fold(first.and(first), |found, next| found.and(next))
    }

    /// The records that hold a word that begins so.
    pub(super) fn with_start(&self, start: &str) -> Wanted {
        let mut found = Wanted::default();
        let from = self.places.range(start.to_owned()..);
        for (_, wanted) in from.take_while(|(word, _)| word.starts_with(start)) {
            found.surely.extend(&wanted.surely);
            found.perhaps.extend(&wanted.perhaps);
        }
        found
    }

    /// The words that stand in most records, most first.
    pub(super) fn commonest(&self, n_words: usize) -> Vec<&str> {
        let mut all: Vec<(&str, usize)> = self
            .places
            .iter()
            .map(|(word, wanted)| (word.as_str(), wanted.surely.len()))
            .collect();
        all.sort_by_key(|(_, n_records)| std::cmp::Reverse(*n_records));
        all.into_iter()
            .take(n_words)
            .map(|(word, _)| word)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn words() -> Words {
        Words::of(&[
            json!({ "title": "Foo bar." }),
            json!({ "title": "foo-bar", "type": "quux" }),
        ])
    }

    #[test]
    fn a_word_within_a_longer_one_is_right_when_found_and_no_loss_when_not() {
        let wanted = words().with_all(&["foo"]);
        assert_eq!(wanted.recall(&mut [0].into_iter()), Some(1.0));
        assert_eq!(wanted.recall(&mut [1].into_iter()), Some(1.0));
        assert_eq!(wanted.recall(&mut [].into_iter()), Some(0.0));
    }

    #[test]
    fn what_no_record_surely_holds_is_not_counted() {
        assert_eq!(
            words().with_all(&["quux"]).recall(&mut [1].into_iter()),
            None
        );
        assert_eq!(
            words().with_start("ba").recall(&mut [0].into_iter()),
            Some(1.0)
        );
    }
}
