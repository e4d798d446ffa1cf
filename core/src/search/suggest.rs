//! Completions of what a reader is typing: titles, headings, values of fields, words.
//!
//! One round of chunks at most, whatever is typed: all texts with a word that begins like the first
//! word typed lie in one block, by its first four bytes; where fewer are typed and many blocks hold
//! such words, the first of those has the best of all of them.
//! Knows the index and how words are read; knows nothing of postings and scores.

use core::cmp::Reverse;

use serde::Serialize;

use crate::error::{Corrupt, IndexError};
use crate::format::Section;
use crate::format::suggest::{Entry, MAX_SUGGESTIONS, PLACE_BYTES, SuggestionKind, place, scan};
use crate::ids::ChunkId;
use crate::index::{Fetch, Index};
use crate::text::tokens;

/// Fewest letters typed from which one slip is forgiven: with fewer, everything is a slip away.
const MIN_SLIP_LETTERS: usize = 4;

/// Most words of what is typed that are read: longer than nearly all titles.
const MAX_TYPED_WORDS: usize = 16;

/// How far completions came with the chunks supplied so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SuggestStep {
    /// These chunks are needed: supply them and ask again.
    Need(Vec<ChunkId>),
    /// The completions, best first.
    Done(Vec<Suggestion>),
}

/// A completion of what is typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    /// The text as it is shown, whole.
    pub text: String,
    /// What it is.
    pub kind: SuggestionKind,
    /// For a value: the field.
    pub field: Option<String>,
    /// For a title or heading that one record has: the link of the record or section.
    pub url: Option<String>,
    /// For a title or heading that one record has: the record's id.
    pub id: Option<String>,
    /// How many records have it.
    pub n_records: u32,
}

/// How well a text fits, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Its words from some word on begin as typed.
    Begins,
    /// It has all words typed, in any order, the last as the beginning of a further one.
    HasAll,
    /// Its words from some word on begin as typed but for one slip.
    Slip,
}

struct Found<'a> {
    fit: Fit,
    entry: Entry<'a>,
    /// The text's folded words.
    folded: String,
}

impl Found<'_> {
    fn key(&self) -> (Fit, Reverse<u8>, &str) {
        (self.fit, Reverse(self.entry.weight), &self.folded)
    }
}

impl Index {
    /// Completes what is being typed, as far as the chunks supplied so far allow; asks for chunks
    /// once at most. Gives up to `limit` completions, and never more than [`MAX_SUGGESTIONS`].
    ///
    /// A text is found by any of its words, without case and marks. Several words are found in this
    /// order, or, if the first has four letters, in any order; the last may be unfinished. From four
    /// letters on, and where nothing else is found, one letter may be wrong, missing, too many, or
    /// swapped with the next; among the first four only where the chunk at hand shows it.
    ///
    /// # Errors
    ///
    /// When a chunk does not decode. Never for what a reader typed.
    pub fn suggest(&self, typed: &str, limit: usize) -> Result<SuggestStep, IndexError> {
        let typed = folded_words(typed, MAX_TYPED_WORDS);
        let whole = spaced(&typed);
        let mut fetch = Fetch::new(self);
        let blocks = fetch.manifest().section(Section::Suggest);
        if whole.is_empty() || limit == 0 || blocks.is_empty() {
            return Ok(SuggestStep::Done(Vec::new()));
        }
        let block_of = |fill| {
            let number = fetch
                .manifest()
                .block_from(Section::Suggest, place(&whole, fill));
            number.unwrap_or(0)
        };
        let (first, last) = (block_of(0), block_of(u8::MAX));
        // The first of three and more has the best of all.
        let last = if last - first > 1 { first } else { last };
        let mut found: Vec<Found<'_>> = Vec::new();
        for number in first..=last {
            if let Some(block) = fetch.block(Section::Suggest, number)? {
                gather(block, &typed, &whole, false, &mut found)?;
            }
        }
        if let Some(needed) = fetch.needed() {
            return Ok(SuggestStep::Need(needed));
        }
        if found.is_empty() && whole.chars().count() >= MIN_SLIP_LETTERS {
            let chunk_of = |number: u32| blocks.get(number as usize).map(|block| block.chunk);
            let chunks = [chunk_of(first), chunk_of(last)];
            for number in 0..blocks.len() as u32 {
                if chunks.contains(&chunk_of(number))
                    && let Some(block) = fetch.block(Section::Suggest, number)?
                {
                    gather(block, &typed, &whole, true, &mut found)?;
                }
            }
        }
        let schema = self.schema();
        found.truncate(limit);
        let mut shown = Vec::new();
        for Found { entry, .. } in found {
            let field = match entry.kind {
                SuggestionKind::Value => schema.get(entry.field),
                _ => None,
            };
            shown.push(Suggestion {
                text: entry.text.to_owned(),
                kind: entry.kind,
                field: field.map(|field| field.name.clone()),
                url: entry.url.map(str::to_owned),
                id: entry.id.map(str::to_owned),
                n_records: entry.n_records,
            });
        }
        Ok(SuggestStep::Done(shown))
    }
}

/// The first `most` words of a text, folded.
fn folded_words(text: &str, most: usize) -> Vec<String> {
    let mut words = Vec::new();
    for token in tokens(text) {
        if words.len() == most {
            break;
        }
        words.push(token.folded);
    }
    words
}

/// Words with spaces between them. By hand: the standard library's `join` is 0.2 KB more.
fn spaced(words: &[String]) -> String {
    let mut out = String::new();
    for word in words {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Adds the texts of a block that fit, each once, as it fits best; keeps the best of all, in order.
fn gather<'a>(
    block: &'a [u8],
    typed: &[String],
    whole: &str,
    is_slip: bool,
    found: &mut Vec<Found<'a>>,
) -> Result<(), Corrupt> {
    scan(block, &mut |entry| {
        let words = folded_words(entry.text, usize::MAX);
        let rest = words.get(entry.start as usize..).unwrap_or_default();
        let key = spaced(rest);
        let fit = if is_slip {
            begins_but_for_a_slip(&key, whole).then_some(Fit::Slip)
        } else if key.starts_with(whole) {
            Some(Fit::Begins)
        } else {
            has_all(&words, rest, typed).then_some(Fit::HasAll)
        };
        let Some(fit) = fit else { return };
        let new = Found {
            fit,
            entry,
            folded: spaced(&words),
        };
        if let Some(at) = found.iter().position(|old| old.folded == new.folded) {
            if found.get(at).is_some_and(|old| old.key() <= new.key()) {
                return;
            }
            found.remove(at);
        }
        let is_after = |old: &Found<'_>| new.key() < old.key();
        let at = found.iter().position(is_after).unwrap_or(found.len());
        found.insert(at, new);
        found.truncate(MAX_SUGGESTIONS);
    })
}

/// Whether a text that is found by the first word typed has the others too. Of first words that are
/// shorter than a place, the block at hand does not have all texts, so that those are passed over.
fn has_all(words: &[String], rest: &[String], typed: &[String]) -> bool {
    let (Some(first), Some((last, whole))) = (rest.first(), typed.split_last()) else {
        return false;
    };
    whole.first() == Some(first)
        && first.len() >= PLACE_BYTES
        && whole.iter().all(|word| words.contains(word))
        && words
            .iter()
            .any(|word| word.starts_with(last.as_str()) && !whole.contains(word))
}

/// Whether a key begins as typed but for one letter: wrong, missing, too many, or swapped.
fn begins_but_for_a_slip(mut key: &str, mut typed: &str) -> bool {
    while let Some(first) = key.chars().next()
        && typed.starts_with(first)
    {
        (key, typed) = (after(key, 1), after(typed, 1));
    }
    let begins = |in_key, in_typed| after(key, in_key).starts_with(after(typed, in_typed));
    let letter = |text: &str, at| after(text, at).chars().next();
    let is_swapped = letter(key, 0) == letter(typed, 1) && letter(key, 1) == letter(typed, 0);
    begins(1, 1) || begins(0, 1) || begins(1, 0) || (is_swapped && begins(2, 2))
}

/// A text without its first letters.
fn after(text: &str, n_letters: usize) -> &str {
    let mut letters = text.chars();
    for _ in 0..n_letters {
        letters.next();
    }
    letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BuildOptions, IndexBuilder, Record, Schema, Section as Part, memory};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn library() -> Vec<Record> {
        vec![
            Record::new("a", "Advice on housing")
                .url("/a")
                .field("topics", vec!["Housing", "Health"])
                .section(Part::new("Finding a home").anchor("home")),
            Record::new("b", "Housing in numbers")
                .url("/b")
                .field("topics", "Housing"),
            Record::new("c", "Café culture")
                .url("/c#top")
                .field("organisations", "House of Tea")
                .section(Part::new("Opening hours").anchor("hours")),
            Record::new("d", "House rules").url("/d"),
            Record::new("e", "HOUSE RULES").url("/e"),
        ]
    }

    fn build(records: &[Record], suggest_bytes: usize, small_bytes: usize) -> memory::MemoryIndex {
        let options = BuildOptions {
            suggest_bytes,
            small_bytes,
            ..BuildOptions::default()
        };
        let mut builder = IndexBuilder::with_options(Schema::default(), options);
        for record in records {
            builder.add(record).unwrap();
        }
        memory::open(&builder.finish().unwrap()).unwrap()
    }

    fn ask(index: &Index, typed: &str) -> Vec<Suggestion> {
        match index.suggest(typed, MAX_SUGGESTIONS).unwrap() {
            SuggestStep::Done(found) => found,
            SuggestStep::Need(chunks) => panic!("{chunks:?} not there"),
        }
    }

    /// Asks an index that has nothing yet, and supplies what it asks for once.
    fn ask_cold(full: &memory::MemoryIndex, typed: &str) -> Vec<Suggestion> {
        let mut cold = full.index().without_chunks();
        if let SuggestStep::Need(chunks) = cold.suggest(typed, MAX_SUGGESTIONS).unwrap() {
            assert!((1..=2).contains(&chunks.len()), "{typed}: {chunks:?}");
            for chunk in chunks {
                cold.copy_chunk(full.index(), chunk);
            }
        }
        ask(&cold, typed)
    }

    #[track_caller]
    fn check(typed: &str, expected: &[&str]) {
        for (suggest_bytes, small_bytes) in [(1, 0), (200, 0), (48 << 10, 0), (1, 1 << 20)] {
            let index = build(&library(), suggest_bytes, small_bytes);
            let found = ask_cold(&index, typed);
            let texts: Vec<&str> = found.iter().map(|s| s.text.as_str()).collect();
            assert_eq!(
                texts, expected,
                "{typed} in blocks of {suggest_bytes} bytes"
            );
        }
    }

    #[test]
    fn a_title_is_found_by_any_of_its_words() {
        check("numb", &["Housing in numbers", "numbers"]);
        check(
            "HOUS",
            &[
                "House rules",
                "Housing",
                "House of Tea",
                "Housing in numbers",
                "Advice on housing",
                "house",
            ],
        );
    }

    #[test]
    fn marks_and_case_do_not_matter() {
        check("cafe", &["Café culture", "café"]);
        check("CAFÉ c", &["Café culture"]);
    }

    #[test]
    fn several_words_are_found_in_any_order() {
        check("advice on h", &["Advice on housing"]);
        check("on h", &["Advice on housing"]);
        check("housing adv", &["Advice on housing"]);
        check("housing advice num", &[]);
    }

    #[test]
    fn one_slip_is_forgiven_from_four_letters_on() {
        for typed in ["cultrue", "culure", "cultture", "culxure"] {
            check(typed, &["Café culture", "culture"]);
        }
        check("rulse", &["House rules", "rules"]);
        check("xyz", &[]);
        check("", &[]);
        check(" - ", &[]);
    }

    #[test]
    fn a_slip_in_the_first_letter_is_seen_where_the_chunk_shows_it() {
        let index = build(&library(), 48 << 10, 1 << 20);
        assert_eq!(ask(index.index(), "xulture")[0].text, "Café culture");
        assert_eq!(ask(index.index(), "ucl ture"), []);
        assert_eq!(ask(index.index(), "ucltur")[0].text, "Café culture");
    }

    #[test]
    fn what_one_record_has_leads_to_it_and_what_several_have_does_not() {
        let index = build(&library(), 1, 0);
        let first = |typed| ask(index.index(), typed).remove(0);
        let heading = first("opening");
        assert_eq!(heading.kind, SuggestionKind::Heading);
        assert_eq!(heading.url.as_deref(), Some("/c#hours"));
        assert_eq!(heading.id.as_deref(), Some("c"));
        let title = first("house ru");
        assert_eq!((title.url, title.id, title.n_records), (None, None, 2));
        let value = first("heal");
        assert_eq!(value.kind, SuggestionKind::Value);
        assert_eq!(value.field.as_deref(), Some("topics"));
    }

    #[test]
    fn suggestions_can_be_left_out() {
        let options = BuildOptions {
            has_suggestions: false,
            ..BuildOptions::default()
        };
        let mut builder = IndexBuilder::with_options(Schema::default(), options);
        builder.add(&library()[0]).unwrap();
        let index = memory::open(&builder.finish().unwrap()).unwrap();
        assert_eq!(ask(index.index(), "hous"), []);
        let sections = index.index().summary().sections;
        assert!(
            sections
                .iter()
                .all(|s| s.name != "suggest" || s.blocks == 0)
        );
    }

    #[test]
    fn a_slip_is_one_letter_and_no_more() {
        for (typed, is_slip) in [
            ("house", true),
            ("hpuse", true),
            ("huse", true),
            ("houuse", true),
            ("ohuse", true),
            ("huose", true),
            ("hpsse", false),
            ("hse", false),
        ] {
            assert_eq!(begins_but_for_a_slip("houses", typed), is_slip, "{typed}");
        }
    }

    fn words_of(text: &str) -> Vec<String> {
        tokens(text).map(|token| token.folded).collect()
    }

    /// All texts that begin as typed from some word on, or have all words typed: by looking at each.
    fn scan_all(titles: &[String], typed: &str) -> (BTreeSet<String>, BTreeSet<String>) {
        let typed = words_of(typed);
        let whole = typed.join(" ");
        let mut texts: BTreeSet<String> = titles.iter().map(|t| words_of(t).join(" ")).collect();
        texts.extend(
            titles
                .iter()
                .flat_map(|t| words_of(t))
                .filter(|w| w.chars().any(char::is_alphabetic)),
        );
        let (mut begins, mut has_all) = (BTreeSet::new(), BTreeSet::new());
        for text in texts {
            let words = words_of(&text);
            let (last, before) = typed.split_last().unwrap();
            if (0..words.len()).any(|at| words[at..].join(" ").starts_with(&whole)) {
                begins.insert(text);
            } else if before.first().is_some_and(|word| word.len() >= PLACE_BYTES)
                && before.iter().all(|word| words.contains(word))
                && words
                    .iter()
                    .any(|word| word.starts_with(last.as_str()) && !before.contains(word))
            {
                has_all.insert(text);
            }
        }
        (begins, has_all)
    }

    proptest! {
        #[test]
        fn suggestions_are_those_of_a_plain_scan(
            titles in proptest::collection::vec("[abà]{1,5}( [abé]{1,6}){0,3}", 1..30),
            typed in "[aAbÀ]{1,6}( [ab]{1,5}){0,2}",
            suggest_bytes in prop_oneof![Just(1_usize), Just(60), Just(400), Just(48 << 10)],
            is_small: bool,
        ) {
            let records: Vec<Record> = titles
                .iter()
                .enumerate()
                .map(|(at, title)| Record::new(at.to_string(), title.as_str()))
                .collect();
            let small_bytes = if is_small { 1 << 20 } else { 0 };
            let index = build(&records, suggest_bytes, small_bytes);
            let found = ask_cold(&index, &typed);
            prop_assert_eq!(&found, &ask(index.index(), &typed), "cold and warm agree");
            let (begins, has_all) = scan_all(&titles, &typed);
            let folded: Vec<String> = found.iter().map(|s| words_of(&s.text).join(" ")).collect();
            let distinct: BTreeSet<&String> = folded.iter().collect();
            prop_assert_eq!(distinct.len(), folded.len(), "each text once");
            let n_begins = begins.len().min(MAX_SUGGESTIONS);
            prop_assert!(folded.iter().take(n_begins).all(|text| begins.contains(text)));
            if !begins.is_empty() || !has_all.is_empty() {
                let n_all = (begins.len() + has_all.len()).min(MAX_SUGGESTIONS);
                prop_assert_eq!(folded.len(), n_all);
                prop_assert!(folded.iter().skip(n_begins).all(|text| has_all.contains(text)));
            }
            // Whatever the blocks, the same suggestions in the same order.
            if !begins.is_empty() || !has_all.is_empty() {
                let whole = build(&records, 48 << 10, 1 << 20);
                prop_assert_eq!(found, ask(whole.index(), &typed));
            }
        }
    }
}
