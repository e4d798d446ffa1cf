//! Records in several languages: each version could be a record of its own, and what finds any of those
//! finds the one record, once.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use speir::{Alternate, Query, Record};
use speir_tests::check::{ask, build_all};
use speir_tests::corpus::schema;

/// Words of several languages, some of them spelled alike, and forms of one another in one of these.
const WORDS: &[&str] = &[
    "rent",
    "rents",
    "house",
    "houses",
    "casa",
    "casas",
    "haus",
    "häuser",
    "chat",
    "chats",
    "actual",
    "handy",
    "gift",
    "gifts",
    "library",
    "biblioteca",
    "bibliotecas",
    "schule",
    "schulen",
];

const LANGUAGES: [&str; 4] = ["en", "es", "de-AT", "fr"];

fn text() -> impl Strategy<Value = String> {
    vec(select(WORDS), 1..5).prop_map(|words| words.join(" "))
}

/// Title and description in one language.
type Version = (String, String);

/// A record with one version or several, in some order.
fn record() -> impl Strategy<Value = Vec<(&'static str, Version)>> {
    let languages = subsequence(&LANGUAGES[..], 1..=LANGUAGES.len()).prop_shuffle();
    (languages, vec((text(), text()), LANGUAGES.len()))
        .prop_map(|(languages, versions)| languages.into_iter().zip(versions).collect())
}

fn whole(at: usize, versions: &[(&str, Version)]) -> Record {
    let (lang, (title, description)) = &versions[0];
    let mut record = Record::new(format!("r{at}"), title).lang(*lang);
    record = record
        .field("description", description.as_str())
        .field("type", ["guide", "report"][at % 2]);
    for (lang, (title, description)) in &versions[1..] {
        let version = Alternate::new(*lang, title).field("description", description.as_str());
        record = record.alternate(version.url(format!("/{lang}/{at}/")));
    }
    record
}

/// Each version as a record of its own.
fn apart(at: usize, versions: &[(&str, Version)]) -> Vec<Record> {
    let versions = versions.iter();
    let records = versions.map(|(lang, (title, description))| {
        Record::new(format!("r{at} {lang}"), title)
            .lang(*lang)
            .field("description", description.as_str())
    });
    records.collect()
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_record_is_found_by_what_finds_any_of_its_versions(
        records in vec(record(), 1..12),
        typed in select(WORDS),
        lang in select(&["en", "es", "de", "fr-CA", "pl"][..]),
    ) {
        let schema = schema();
        let together: Vec<Record> =
            records.iter().enumerate().map(|(at, one)| whole(at, one)).collect();
        let split: Vec<Record> =
            records.iter().enumerate().flat_map(|(at, one)| apart(at, one)).collect();
        // As written, so that nothing is looked for in its place.
        let query = Query::new(format!("\"{typed}\"")).lang(lang).limit(1000).facet("type");
        let page_of = |records: &[Record]| {
            let built = build_all(&schema, records).expect("the words are right");
            let pages = ask(&built, std::slice::from_ref(&query));
            pages.into_iter().next().expect("one was asked").expect("no word is an error")
        };
        let page = page_of(&together);
        let mut found: Vec<&str> = page.hits.iter().map(|hit| hit.id.as_str()).collect();
        let n_found = found.len();
        found.sort_unstable();
        found.dedup();
        prop_assert_eq!(found.len(), n_found, "a record is found once");
        prop_assert_eq!(page.total as usize, n_found);
        let expected = page_of(&split);
        let expected: BTreeSet<&str> = expected
            .hits
            .iter()
            .filter_map(|hit| hit.id.split(' ').next())
            .collect();
        prop_assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), expected);
        let counted: u32 = page.facets[0].1.iter().map(|count| count.count).sum();
        prop_assert_eq!(counted, page.total, "each counts once");
        for hit in &page.hits {
            let at: usize = hit.id[1..].parse().expect("an id of ours");
            let own = lang.split('-').next();
            let read = |(lang, _): &&(&str, Version)| lang.split('-').next() == own;
            let (lang, (title, _)) = records[at].iter().find(read).unwrap_or(&records[at][0]);
            prop_assert_eq!((&hit.lang[..], &hit.title), (*lang, title));
        }
    }

    #[test]
    fn titles_are_in_the_order_of_those_shown(
        records in vec(record(), 1..12),
        lang in select(&["en", "es", "de", "fr"][..]),
    ) {
        let whole: Vec<Record> =
            records.iter().enumerate().map(|(at, one)| whole(at, one)).collect();
        let built = build_all(&schema(), &whole).expect("the words are right");
        let query = Query::new("").lang(lang).sort(speir::Sort::Title).limit(1000);
        let page = ask(&built, &[query]).remove(0).expect("no order is an error");
        // The words are of letters that sort alike in all of these, but for one.
        let plain = |title: &str| title.replace('ä', "a");
        let shown: Vec<String> = page.hits.iter().map(|hit| plain(&hit.title)).collect();
        let mut sorted = shown.clone();
        sorted.sort();
        if records.iter().any(|one| one.len() > 1) {
            prop_assert_eq!(shown, sorted);
        }
    }
}
