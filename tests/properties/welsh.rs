//! Welsh words in whatever form they stand: any records of them, any of them typed.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use speir::{Query, Record};
use speir_tests::check::{ask, build_all};
use speir_tests::corpus::schema;
use speir_tests::oracle::Oracle;

/// Words with all their forms, words that look like forms of others, and some with clitics.
const WORDS: &[&str] = &[
    "caerdydd",
    "gaerdydd",
    "nghaerdydd",
    "chaerdydd",
    "plant",
    "blant",
    "mhlant",
    "phlant",
    "bara",
    "para",
    "fara",
    "mara",
    "gardd",
    "ardd",
    "ngardd",
    "glaw",
    "llaw",
    "law",
    "dinas",
    "ddinas",
    "ninas",
    "ysgol",
    "hysgol",
    "haul",
    "theatr",
    "chwarae",
    "ffordd",
    "cymru'n",
    "gymru",
    "mae'r",
    "maer",
];

/// Words that no record holds.
const STRANGERS: &[&str] = &["nheulu", "cymru", "gara", "ngheatr", "tinas"];

fn record() -> impl Strategy<Value = Record> {
    let words = vec(select(WORDS), 1..5).prop_map(|words| words.join(" "));
    (words, select(&["cy", "cy", "cy-GB", "en"][..]))
        .prop_map(|(title, lang)| Record::new("", title).lang(lang))
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_word_finds_its_forms_as_a_stupid_search_does(
        mut records in vec(record(), 1..20),
        typed in vec(prop_oneof![4 => select(WORDS), 1 => select(STRANGERS)], 1..3),
        lang in select(&["cy", "xx"][..]),
    ) {
        for (place, record) in records.iter_mut().enumerate() {
            record.id = format!("r{place}");
        }
        let schema = schema().lang("cy");
        let oracle = Oracle::new(&schema, &records);
        let built = build_all(&schema, &records).expect("the words are right");
        let query = Query::new(typed.join(" ")).lang(lang);
        let sure = if oracle.is_sure_in_chunks(&query.text) { &built[..] } else { &built[..1] };
        let pages = ask(sure, std::slice::from_ref(&query));
        let page = pages.into_iter().next().expect("one was asked").expect("no word is an error");
        oracle.check(&query, &page);
    }
}
