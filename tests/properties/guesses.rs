//! What is put in the place of a word that no record holds: slips, two words, beginnings; and that
//! none of it goes unsaid, or before what was asked for.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use speir::{Hit, Notice, Query, Record, Schema, Synonym, memory, text};
use speir_tests::check::{Built, Said, ask, build, build_all, build_said, dust, middling};
use speir_tests::corpus::{Dice, WORDS, any_typed, records, sample, schema, typed};
use speir_tests::driver::OnDemand;
use speir_tests::oracle::Oracle;
use speir_tests::oracle::slips::{budget, distance};

/// Most words that stand for one.
const MAX_SLIP_TERMS: usize = 10;

/// A word in at most so many records may be a slip of one in so many times as many.
const RARE_DOCS: usize = 2;
const MEANT_FACTOR: usize = 10;

/// Most words that are suggested.
const MAX_SUGGESTED: usize = 3;

/// Fewest letters of either of two words written together.
const MIN_PART_LETTERS: usize = 3;

/// A dictionary of these words: a record for each time one is named, in a language without a stemmer.
fn dictionary(words: &[String]) -> Vec<Record> {
    let titled = |(place, word): (usize, &String)| Record::new(place.to_string(), word.as_str());
    words.iter().enumerate().map(titled).collect()
}

/// The words within the budget of one, nearest first: by looking at each.
fn near(words: &[String], typed: &str) -> Vec<(usize, String)> {
    let distinct: BTreeSet<&String> = words.iter().collect();
    let n_docs = |word: &str| words.iter().filter(|known| *known == word).count();
    let mut near: Vec<(usize, String)> = distinct
        .into_iter()
        .map(|word| (distance(typed, word), word.clone()))
        .filter(|(n_slips, _)| *n_slips <= budget(typed) && budget(typed) > 0)
        .collect();
    let first = typed.chars().next();
    near.sort_by_key(|(n_slips, word)| {
        let is_first_wrong = word.chars().next() != first;
        (
            *n_slips,
            is_first_wrong,
            std::cmp::Reverse(n_docs(word)),
            word.clone(),
        )
    });
    near.truncate(MAX_SLIP_TERMS);
    near
}

/// How many records hold the rarer of the two words that a word is, written together; of all ways to
/// cut it, the best.
fn two(words: &[String], typed: &str) -> usize {
    let n_docs = |part: &str| words.iter().filter(|word| *word == part).count();
    let cuts = MIN_PART_LETTERS..=typed.len().saturating_sub(MIN_PART_LETTERS);
    let rarer = cuts.map(|at| n_docs(&typed[..at]).min(n_docs(&typed[at..])));
    if budget(typed) > 0 {
        rarer.max().unwrap_or(0)
    } else {
        0
    }
}

/// Words, and what is typed: one of them with some letters changed, or two of them together; or a rare
/// word where one that is near is frequent.
fn slipped() -> impl Strategy<Value = (Vec<String>, String)> {
    let words = vec("[ab]{0,2}[a-d]{3,7}[cd]{0,3}", 1..40);
    let changes = vec(
        (0_usize..4, 0_usize..12, select(&['a', 'c', 'e'][..])),
        0..3,
    );
    let index = any::<prop::sample::Index>;
    (words, index(), index(), changes, 0..5).prop_map(|(mut words, which, other, changes, way)| {
        let meant = words[which.index(words.len())].clone();
        if way == 0 {
            let typed = meant + &words[other.index(words.len())];
            return (words, typed);
        }
        let mut letters: Vec<char> = meant.chars().collect();
        for (kind, at, letter) in changes {
            let at = at % letters.len();
            match kind {
                0 => letters.insert(at, letter),
                1 if letters.len() > 1 => {
                    letters.remove(at);
                }
                2 if at + 1 < letters.len() => letters.swap(at, at + 1),
                _ => letters[at] = letter,
            }
        }
        let typed: String = letters.into_iter().collect();
        if way == 1 {
            words.push(typed.clone());
            words.extend(std::iter::repeat_n(meant, 12));
        }
        (words, typed)
    })
}

/// The words one slip away that so many times as many records hold.
fn meant(words: &[String], typed: &str) -> Vec<String> {
    let n_docs = |word: &str| words.iter().filter(|known| *known == word).count();
    let near = near(words, typed).into_iter();
    let far_more = near
        .filter(|(n_slips, word)| *n_slips == 1 && n_docs(word) >= MEANT_FACTOR * n_docs(typed));
    far_more.map(|(_, word)| word).take(MAX_SUGGESTED).collect()
}

/// The notice of a query's only word, of which there is at most one.
fn only_notice(files: &[speir::File], typed: &str) -> (Option<Notice>, u32) {
    let index = memory::open(files).expect("a built index opens");
    let page = index
        .search(&Query::new(typed))
        .expect("no word is an error");
    let mut notices = page.notices.into_iter();
    let first = notices.next();
    // What may have been meant is said beside what was searched.
    assert!(notices.all(|notice| matches!(notice, Notice::DidYouMean { .. })));
    (first, page.total)
}

/// Whether a hit is there by a guess at one of the words.
fn is_guess(hit: &Hit) -> bool {
    let account = hit.explanation.as_ref().expect("it was asked for");
    let is_guess = |route: &str| route.starts_with("the beginning") || route.contains("away");
    account.words.iter().any(|word| is_guess(&word.route))
}

/// Whether a hit holds all words.
fn is_full(hit: &Hit) -> bool {
    let account = hit.explanation.as_ref().expect("it was asked for");
    account
        .order
        .iter()
        .any(|reason| reason == "holds all of the words")
}

proptest! {
    #![proptest_config(crate::config())]

    /// With the whole dictionary at hand, all words within the budget are found and named, nearest
    /// first, up to a cap; two words where nothing is as near.
    #[test]
    fn in_one_chunk_all_slips_are_found((words, typed) in slipped()) {
        let schema = Schema::empty().lang("xx");
        let files = build(&schema, &dictionary(&words), Default::default()).expect("the words are right");
        let (notice, total) = only_notice(&files, &typed);
        let near = near(&words, &typed);
        let is_begun = typed.len() >= 2 && words.iter().any(|word| word.starts_with(&typed));
        let best = near.first().map(|(n_slips, word)| {
            (*n_slips, words.iter().filter(|known| *known == word).count())
        });
        let two = two(&words, &typed);
        let is_as_two = two > 0 && best.is_none_or(|(n_slips, n_docs)| n_slips > 1 && two > n_docs);
        match notice {
            None => {
                let n_docs = words.iter().filter(|word| **word == typed).count();
                prop_assert!(n_docs > 0);
                prop_assert!(n_docs > RARE_DOCS || meant(&words, &typed).is_empty());
            }
            // What far more records hold is suggested beside the word itself.
            Some(Notice::DidYouMean { suggestions, .. }) => {
                prop_assert_eq!(suggestions, meant(&words, &typed));
            }
            Some(Notice::Prefix { searched, .. }) => {
                prop_assert!(is_begun && !words.contains(&typed));
                prop_assert!(searched.iter().all(|word| word.starts_with(&typed)));
            }
            Some(Notice::Slip { searched, total: told, word, .. }) => {
                let names: Vec<String> = near.into_iter().map(|(_, word)| word).collect();
                prop_assert_eq!(&searched, &names, "{}", &typed);
                prop_assert_eq!(&word, &typed);
                let holding = words.iter().filter(|word| names.contains(word)).count();
                prop_assert_eq!(total as usize, holding);
                prop_assert_eq!(told, total);
                prop_assert!(!is_begun);
                prop_assert!(!is_as_two);
            }
            Some(Notice::Split { searched, .. }) => {
                prop_assert_eq!(searched.concat(), typed);
                prop_assert!(searched.iter().all(|part| words.contains(part)));
                prop_assert!(is_as_two && !is_begun);
            }
            Some(Notice::UnknownWord { word }) => {
                prop_assert!(near.is_empty() && two == 0 && !is_begun);
                prop_assert_eq!(word, typed);
            }
            Some(other) => prop_assert!(false, "{other:?}"),
        }
    }

    /// Where the dictionary is in many chunks some may be missed; none is found that is too far, and
    /// nothing is found unsaid.
    #[test]
    fn in_tiny_chunks_no_slip_is_too_far((words, typed) in slipped()) {
        let schema = Schema::empty().lang("xx");
        for options in [dust(), middling()] {
            let files = build(&schema, &dictionary(&words), options).expect("the words are right");
            let (notice, total) = only_notice(&files, &typed);
            match notice {
                None | Some(Notice::DidYouMean { .. }) => prop_assert!(words.contains(&typed)),
                Some(Notice::Prefix { searched, .. }) => {
                    prop_assert!(searched.iter().all(|word| word.starts_with(&typed)));
                }
                Some(Notice::Slip { searched, .. }) => {
                    prop_assert!(searched.len() <= MAX_SLIP_TERMS && total > 0);
                    prop_assert!(searched.iter().all(|word| words.contains(word)));
                    let off: Vec<usize> = searched.iter().map(|word| distance(&typed, word)).collect();
                    prop_assert!(off.iter().all(|off| *off <= budget(&typed)), "{}: {:?}", typed, searched);
                    prop_assert!(off.is_sorted(), "nearest first");
                }
                Some(Notice::Split { searched, .. }) => {
                    prop_assert_eq!(searched.concat(), typed.as_str());
                    prop_assert!(searched.iter().all(|part| words.contains(part)));
                }
                Some(Notice::UnknownWord { .. }) => prop_assert_eq!(total, 0),
                Some(other) => prop_assert!(false, "{other:?}"),
            }
        }
    }

    /// In default matching no guess comes before a record that holds all words as themselves.
    #[test]
    fn what_was_asked_for_comes_before_any_guess(records in records(14), typed in typed()) {
        let records: Vec<Record> = records
            .into_iter()
            .map(|record| Record { boost: None, replaces: Vec::new(), ..record })
            .collect();
        let query = Query::new(typed).limit(1000).explain();
        let built = build_all(&schema(), &records).expect("the corpus is right");
        let schema = schema();
        let is_sure = Oracle::new(&schema, &records).is_sure_in_chunks(&query.text);
        let built = if is_sure { &built[..] } else { &built[..1] };
        let page = ask(built, std::slice::from_ref(&query)).remove(0).expect("what is typed is no error");
        let last = page.hits.iter().rposition(|hit| is_full(hit) && !is_guess(hit));
        let first = page.hits.iter().position(is_guess);
        if let (Some(last), Some(first)) = (last, first) {
            prop_assert!(last < first, "{}: hit {last} is what was asked for, hit {first} a guess", query.text);
        }
    }

    #[test]
    fn equal_records_come_in_the_order_of_the_records(record in records(1), n in 2_usize..9, typed in any_typed()) {
        let Some(record) = record.into_iter().next() else { return Ok(()) };
        let again = |place: usize| Record { id: place.to_string(), replaces: Vec::new(), ..record.clone() };
        let records: Vec<Record> = (0..n).map(again).collect();
        let built = build_all(&schema(), &records).expect("the corpus is right");
        let page = ask(&built, &[Query::new(typed)]).remove(0).expect("what is typed is no error");
        let places: Vec<usize> = page.hits.iter().map(|hit| hit.id.parse().expect("a place")).collect();
        prop_assert!(places.is_empty() || places == (0..n).collect::<Vec<_>>(), "{places:?}");
    }

    /// Rounds are counted where they are made: whatever is typed, however small the chunks, with
    /// synonyms and pins and words that no record holds.
    #[test]
    fn no_query_takes_more_rounds_than_it_may(
        records in records(20),
        typed in any_typed(),
        (_, slip) in slipped(),
        word in select(WORDS),
    ) {
        let said = Said {
            synonyms: vec![
                Synonym::same(["house", "dwelling", "tai"]),
                Synonym::leads(["advice", "a maison"], ["housing advice", "café"]),
            ],
            ..Said::default()
        };
        let letters: Vec<char> = word.chars().rev().collect();
        let turned: String = letters.into_iter().collect();
        let files = build_said(&schema(), &records, &said, dust()).expect("the corpus is right");
        let queries = [typed.clone(), slip.clone(), format!("{typed} {turned}"), format!("{word}{slip} {word}x dwelling advice")];
        for text in queries {
            for query in [Query::new(text.clone()), Query::new(text).explain().facet("type")] {
                let mut index = OnDemand::open(&files).expect("a built index opens");
                let _page = index.search(&query).expect("what is typed is no error");
            }
        }
    }
}

/// Words that no record of the sample holds: slips of those that one does, words written together,
/// and nonsense.
fn unknown_words(known: &BTreeSet<String>) -> Vec<String> {
    let mut dice = Dice(0x0005_71a9);
    let mut words: Vec<String> = Vec::new();
    let plain: Vec<&str> = WORDS
        .iter()
        .copied()
        .filter(|word| word.chars().all(|letter| letter.is_ascii_lowercase()))
        .collect();
    for word in plain.iter().filter(|word| word.len() > 3) {
        for _ in 0..12 {
            let mut letters: Vec<char> = word.chars().collect();
            let at = dice.below(letters.len() - 1);
            let letter = char::from(b'a' + dice.below(26) as u8);
            match dice.below(4) {
                0 => letters.insert(at, letter),
                1 => letters[at] = letter,
                2 => letters.swap(at, at + 1),
                _ => {
                    letters.remove(at);
                }
            }
            words.push(letters.into_iter().collect());
        }
        words.push(format!("{word}{}", plain[dice.below(plain.len())]));
    }
    for _ in 0..80 {
        let n_letters = 3 + dice.below(12);
        let word = (0..n_letters).map(|_| char::from(b'a' + dice.below(26) as u8));
        words.push(word.collect());
    }
    let analyzer = text::Analyzer::new("en");
    let class = |word: &str| {
        text::tokens(word)
            .next()
            .map(|token| analyzer.class(&token))
    };
    // Another form of a word is that word, and nothing needs to be said.
    let classes: BTreeSet<Option<String>> = known.iter().map(|word| class(word)).collect();
    words.retain(|word| !known.contains(word) && !classes.contains(&class(word)));
    words.sort();
    words.dedup();
    words
}

#[test]
fn no_unknown_word_is_passed_over_in_silence() {
    let records = sample(60);
    let mut known: BTreeSet<String> = BTreeSet::new();
    for word in WORDS {
        known.extend(text::tokens(word).map(|token| token.folded));
    }
    let words = unknown_words(&known);
    assert!(words.len() >= 200, "only {} words", words.len());
    let mut silent = Vec::new();
    for options in [Default::default(), middling(), dust()] {
        let files = build(&schema(), &records, options).expect("the sample is right");
        let index = memory::open(&files).expect("a built index opens");
        for word in &words {
            for text in [
                word.clone(),
                format!("{word} house"),
                format!("advice {word}"),
            ] {
                let page = index
                    .search(&Query::new(text.clone()))
                    .expect("no word is an error");
                let is_named = |notice: &Notice| match notice {
                    Notice::UnknownWord { word: named }
                    | Notice::Slip { word: named, .. }
                    | Notice::Split { word: named, .. }
                    | Notice::DidYouMean { word: named, .. }
                    | Notice::OtherForm { word: named, .. }
                    | Notice::Prefix { word: named, .. } => named == word,
                    Notice::CommonWords { words } => words.contains(word),
                    _ => false,
                };
                if !page.notices.iter().any(is_named) {
                    silent.push((text, page.total, page.notices));
                }
            }
        }
    }
    assert!(
        silent.is_empty(),
        "{} of them: {:?}",
        silent.len(),
        silent.first()
    );
}

#[test]
fn the_tables_of_slips_know_known_distances() {
    for (a, b, slips) in [
        ("", "abc", 3),
        ("housing", "houssing", 1),
        ("school", "shcool", 1),
        ("kitten", "sitting", 3),
        // No letter is touched twice.
        ("ca", "abc", 3),
    ] {
        assert_eq!((distance(a, b), distance(b, a)), (slips, slips), "{a} {b}");
    }
    let sizes: [&str; 3] = ["four", "fives", "ninelette"];
    assert_eq!(sizes.map(budget), [0, 1, 2]);
}

#[test]
fn with_a_chunk_a_word_misspelt_words_are_answered_on_demand_as_at_once() {
    let files = build(&schema(), &sample(60), dust()).expect("the sample is right");
    let built = [Built {
        size: "dust",
        files,
    }];
    let queries: Vec<Query> = [
        "houssing",
        "intergation advise",
        "househousing",
        "advixe -hose",
        "\"hose\" ruls",
    ]
    .map(Query::new)
    .into();
    ask(&built, &queries);
}
