//! The query language beside a scan: groups, either of two, what is left out, fields, phrases.
//!
//! Each leaf is quoted, so that it is nothing but itself: what words are taken for is the matter of
//! `guesses`.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use speir::{Matching, Query, Record, Schema, text};
use speir_tests::check::{ask, build_all};

/// Words of which no two share a stem, begin one another or make a third.
const WORDS: &[&str] = &["apple", "bridge", "candle", "forest", "ribbon"];

/// A query as it is meant.
#[derive(Clone, Debug)]
enum Tree {
    /// Words side by side, in the title alone or anywhere.
    Phrase(Vec<&'static str>, bool),
    Year(i64, i64),
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Not(Box<Tree>),
}

impl Tree {
    /// As a reader types it.
    fn typed(&self) -> String {
        let several = |trees: &[Tree], between: &str| {
            let typed: Vec<String> = trees.iter().map(Tree::typed).collect();
            format!("({})", typed.join(between))
        };
        match self {
            Tree::Phrase(words, in_title) => {
                let field = if *in_title { "title:" } else { "" };
                format!("{field}\"{}\"", words.join(" "))
            }
            Tree::Year(from, to) => format!("year:{from}..{to}"),
            Tree::All(trees) => several(trees, " "),
            Tree::Any(trees) => several(trees, " OR "),
            Tree::Not(tree) => format!("-({})", tree.typed()),
        }
    }

    /// Whether a record is meant.
    fn holds(&self, record: &Book) -> bool {
        match self {
            Tree::Phrase(words, in_title) => {
                let stands = |read: &str| {
                    let read: Vec<String> = text::tokens(read).map(|token| token.folded).collect();
                    read.windows(words.len()).any(|window| window == words)
                };
                stands(&record.title) || (!in_title && stands(&record.body))
            }
            Tree::Year(from, to) => record
                .year
                .is_some_and(|year| (*from..=*to).contains(&year)),
            Tree::All(trees) => trees.iter().all(|tree| tree.holds(record)),
            Tree::Any(trees) => trees.iter().any(|tree| tree.holds(record)),
            Tree::Not(tree) => !tree.holds(record),
        }
    }
}

#[derive(Clone, Debug)]
struct Book {
    title: String,
    body: String,
    year: Option<i64>,
}

fn books() -> impl Strategy<Value = Vec<Book>> {
    let words = |range| vec(select(WORDS), range).prop_map(|words| words.join(" "));
    let book = (
        words(1..4),
        words(0..7),
        proptest::option::of(2010_i64..2014),
    );
    vec(
        book.prop_map(|(title, body, year)| Book { title, body, year }),
        0..12,
    )
}

fn tree() -> impl Strategy<Value = Tree> {
    let phrase = (vec(select(WORDS), 1..3), prop::bool::weighted(0.3));
    let leaf = prop_oneof![
        5 => phrase.prop_map(|(words, in_title)| Tree::Phrase(words, in_title)),
        1 => (2009_i64..2015, 0_i64..3).prop_map(|(from, more)| Tree::Year(from, from + more)),
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(Tree::All),
            vec(inner.clone(), 1..4).prop_map(Tree::Any),
            inner.prop_map(|tree| Tree::Not(Box::new(tree))),
        ]
    })
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_query_finds_the_records_that_it_means(books in books(), parts in vec(tree(), 0..4)) {
        let record = |(place, book): (usize, &Book)| {
            let record = Record::new(place.to_string(), book.title.as_str());
            let record = record.field("body", book.body.as_str());
            match book.year {
                Some(year) => record.field("year", year),
                None => record,
            }
        };
        let records: Vec<Record> = books.iter().enumerate().map(record).collect();
        let typed: Vec<String> = parts.iter().map(Tree::typed).collect();
        let query = Query::new(typed.join(" ")).matching(Matching::All).limit(1000);
        let built = build_all(&Schema::default(), &records).expect("the books are right");
        let page = ask(&built, std::slice::from_ref(&query)).remove(0).expect("what is typed is no error");
        let mut got: Vec<usize> = page.hits.iter().map(|hit| hit.id.parse().expect("a place")).collect();
        got.sort_unstable();
        let all = Tree::All(parts);
        let expected: Vec<usize> = (0..books.len()).filter(|place| all.holds(&books[*place])).collect();
        prop_assert_eq!(got, expected, "{}", query.text);
    }
}
