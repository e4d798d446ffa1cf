//! Draws the queries of a corpus: the same ones each time, from what its records hold.
//!
//! Knows words, not engines. A common word is drawn for its own row only: nobody looks a thing up
//! by a word that a tenth of all records hold.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::words::{Wanted, Words};

/// Queries of a row: enough for the 99th percentile to be one of them.
const N_QUERIES: usize = 100;

/// Queries with facets: Pagefind takes seconds for one.
const N_FACET_QUERIES: usize = 30;

/// Words searched for the row of the commonest.
const N_COMMONEST: usize = 5;

/// Words typed letter by letter, and words added to a word.
const N_COLD: usize = 6;

/// Any number does, as long as it stays.
const SEED: u64 = 20_261_125;

/// One query, and what it should find where that is known.
pub(super) struct Asking {
    pub(super) text: String,
    pub(super) wanted: Option<Wanted>,
}

/// Queries of one kind.
pub(super) struct Row {
    pub(super) name: &'static str,
    /// The kind in words.
    pub(super) label: &'static str,
    pub(super) queries: Vec<Asking>,
}

/// All that is asked of a corpus.
pub(super) struct Asked {
    pub(super) rows: Vec<Row>,
    first: Vec<String>,
    further: Vec<[String; 2]>,
    typing: Vec<String>,
    numbers: BTreeMap<String, u32>,
}

impl Asked {
    /// Draws the queries. Without facets where the records have none.
    pub(super) fn draw(records: &[Json], has_facets: bool) -> Asked {
        let words = Words::of(records);
        let mut dice = Dice {
            state: SEED,
            words: &words,
        };
        let known = |dice: &mut Dice<'_>, n_words: usize| {
            let drawn = dice.words_of_one_record(n_words, 4);
            let all: Vec<&str> = drawn.iter().map(String::as_str).collect();
            Asking {
                text: drawn.join(" "),
                wanted: Some(dice.words.with_all(&all)),
            }
        };
        let mut rows = Vec::new();
        for (name, label, n_words) in [
            ("word1", "one word", 1),
            ("word2", "two words", 2),
            ("word3", "three words", 3),
        ] {
            rows.push(row((name, label), N_QUERIES, || known(&mut dice, n_words)));
        }
        rows.push(row(("prefix", "as it is typed"), N_QUERIES, || {
            dice.prefix()
        }));
        rows.push(row(("slip", "a slip"), N_QUERIES, || dice.slip()));
        rows.push(row(
            ("absent", "a word that is not there"),
            N_QUERIES,
            || dice.absent(),
        ));
        let mut commonest = words.commonest(N_COMMONEST).into_iter();
        rows.push(row(
            ("commonest", "one of the commonest words"),
            N_COMMONEST,
            || Asking {
                text: commonest.next().unwrap_or_default().to_owned(),
                wanted: None,
            },
        ));
        if has_facets {
            rows.push(row(
                ("facets", "a word with three facets"),
                N_FACET_QUERIES,
                || Asking {
                    wanted: None,
                    ..known(&mut dice, 1)
                },
            ));
        }
        let mut first = Vec::new();
        for n_words in [1, 1, 1, 1, 2, 2, 2, 3, 3] {
            first.push(dice.words_of_one_record(n_words, 4).join(" "));
        }
        first.extend([dice.phrase(records), dice.phrase(records)]);
        let mut pair = || {
            dice.words_of_one_record(2, 4)
                .try_into()
                .unwrap_or_default()
        };
        let further = (0..N_COLD).map(|_| pair()).collect();
        let typing = (0..N_COLD).map(|_| dice.word_of_length(7)).collect();
        let ids = records
            .iter()
            .map(|record| record["id"].as_str().unwrap_or_default().to_owned());
        Asked {
            rows,
            first,
            further,
            typing,
            numbers: ids.zip(0..).collect(),
        }
    }

    /// The number of a record.
    pub(super) fn number(&self, id: &str) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    /// What the drivers read: texts only, so that none can know the answers.
    pub(super) fn to_json(&self) -> Json {
        let rows: serde_json::Map<String, Json> = self
            .rows
            .iter()
            .map(|row| {
                let texts = row
                    .queries
                    .iter()
                    .map(|query| Json::from(query.text.clone()))
                    .collect();
                (row.name.to_owned(), Json::Array(texts))
            })
            .collect();
        json!({ "first": self.first, "further": self.further, "typing": self.typing, "rows": rows })
    }
}

fn row(
    (name, label): (&'static str, &'static str),
    n_queries: usize,
    mut draw: impl FnMut() -> Asking,
) -> Row {
    let queries = (0..n_queries).map(|_| draw()).collect();
    Row {
        name,
        label,
        queries,
    }
}

/// Chance, always the same.
struct Dice<'w> {
    state: u64,
    words: &'w Words,
}

/// How often a draw is tried before whatever came last is taken: a corpus may hold no such word.
const MOST_TRIES: usize = 10_000;

impl Dice<'_> {
    /// A number below a limit, by SplitMix64 (Steele, Lea, Flood 2014).
    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as usize % limit.max(1)
    }

    /// Different words of one record, none of them common, each with this many letters or more.
    fn words_of_one_record(&mut self, n_words: usize, least_letters: usize) -> Vec<String> {
        for _ in 0..MOST_TRIES {
            let number = self.below(self.words.n_records());
            let mut fit: Vec<&String> = self.words.of_record(number).iter().collect();
            let n_common = self.words.n_records() / 10;
            fit.retain(|word| {
                word.is_ascii()
                    && word.len() >= least_letters
                    && self.words.n_places(word) <= n_common
            });
            if fit.len() >= n_words {
                return (0..n_words)
                    .map(|_| fit.swap_remove(self.below(fit.len())).clone())
                    .collect();
            }
        }
        vec![String::new(); n_words]
    }

    fn word(&mut self, least_letters: usize) -> String {
        self.words_of_one_record(1, least_letters)
            .pop()
            .unwrap_or_default()
    }

    fn word_of_length(&mut self, n_letters: usize) -> String {
        let mut word = String::new();
        for _ in 0..MOST_TRIES {
            word = self.word(n_letters);
            if word.len() == n_letters {
                break;
            }
        }
        word
    }

    /// A word of which the end is not typed yet.
    fn prefix(&mut self) -> Asking {
        let mut text = self.word(5);
        text.truncate(3 + self.below(text.len() - 3));
        Asking {
            wanted: Some(self.words.with_start(&text)),
            text,
        }
    }

    /// A word with one slip, which is no word of the corpus.
    fn slip(&mut self) -> Asking {
        loop {
            let word = self.word(5);
            let mut letters: Vec<char> = word.chars().collect();
            let at = self.below(letters.len());
            let other = char::from(b'a' + self.below(26) as u8);
            match self.below(4) {
                0 => letters[at] = other,
                1 => drop(letters.remove(at)),
                2 => letters.insert(at, other),
                _ if at > 0 => letters.swap(at - 1, at),
                _ => letters.swap(0, 1),
            }
            let text: String = letters.into_iter().collect();
            if !self.words.has(&text) {
                return Asking {
                    wanted: Some(self.words.with_all(&[&word])),
                    text,
                };
            }
        }
    }

    /// Three syllables that are no word of the corpus.
    fn absent(&mut self) -> Asking {
        const FIRST: &[u8] = b"bdfgklmnprstvz";
        const SECOND: &[u8] = b"aeiou";
        loop {
            let mut text = String::new();
            for _ in 0..3 {
                text.push(char::from(FIRST[self.below(FIRST.len())]));
                text.push(char::from(SECOND[self.below(SECOND.len())]));
            }
            text.push(char::from(FIRST[self.below(FIRST.len())]));
            if !self.words.has(&text) {
                return Asking { text, wanted: None };
            }
        }
    }

    /// Two neighbours of a text, in quotation marks.
    fn phrase(&mut self, records: &[Json]) -> String {
        let mut phrase = String::new();
        for _ in 0..MOST_TRIES {
            let record = &records[self.below(records.len())];
            let body = record["body"].as_str().or(record["description"].as_str());
            let body = body.unwrap_or_default();
            let all: Vec<&str> = body.split_whitespace().collect();
            let Some([one, two]) = all
                .get(self.below(all.len())..)
                .and_then(|rest| rest.first_chunk())
            else {
                continue;
            };
            let is_plain =
                |word: &str| word.len() >= 4 && word.bytes().all(|b| b.is_ascii_lowercase());
            phrase = format!("\"{one} {two}\"");
            if is_plain(one) && is_plain(two) {
                break;
            }
        }
        phrase
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_records_are_asked_the_same() {
        let records: Vec<Json> = (0..30)
            .map(|n| {
                let word = char::from(b'a' + n)
                    .to_string()
                    .repeat(6 + usize::from(n % 3));
                let body = format!("{word} stands beside another and compression");
                json!({ "id": format!("{n}"), "title": word, "body": body })
            })
            .collect();
        let once = Asked::draw(&records, true);
        assert_eq!(once.to_json(), Asked::draw(&records, true).to_json());
        for row in once.rows.iter().filter(|row| row.name.starts_with("word1")) {
            assert!(
                row.queries.iter().all(|query| !query.text.is_empty()),
                "{}",
                row.name
            );
        }
    }
}
