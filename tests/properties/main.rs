//! Properties: any records, any queries, any size of chunks. What Speir answers is what a stupid
//! search over the same words answers; sizes, pages and repetition change nothing.

mod guesses;
mod publishing;
mod trees;
mod versions;
mod welsh;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use speir::{
    Accept, BuildOptions, Field, FieldKind, Index, Page, Query, Record, Schema, Sort, date,
};
use speir_tests::check::{Built, ask, build, build_all, dust, manifest};
use speir_tests::corpus::{any_typed, query, records, sample, sample_queries, schema, typed};
use speir_tests::driver::{Cost, MAX_ROUNDS, OnDemand};
use speir_tests::oracle::Oracle;

/// The page that every way of asking gives.
fn page(records: &[Record], query: &Query) -> Page {
    let built = build_all(&schema(), records).expect("the corpus is right");
    let mut pages = ask(&built, std::slice::from_ref(query));
    pages
        .remove(0)
        .unwrap_or_else(|error| panic!("{query:?}: {error}"))
}

/// The same cases on every run, so that a change is to blame for what it breaks. To look further:
/// `PROPTEST_RNG_SEED=7 PROPTEST_CASES=5000 cargo test -p speir-tests --test properties`.
pub(crate) fn config() -> ProptestConfig {
    let given = ProptestConfig::default();
    ProptestConfig {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() {
            given.cases
        } else {
            150
        },
        rng_seed: match given.rng_seed {
            RngSeed::Random => RngSeed::Fixed(20_140_601),
            seed => seed,
        },
        failure_persistence: None,
        ..given
    }
}

proptest! {
    #![proptest_config(config())]

    /// Hits, totals, counts and notices, for three sizes of chunks, at once and on demand, in at
    /// most three rounds a query.
    #[test]
    fn answers_are_those_of_a_stupid_search(records in records(14), queries in vec(query(), 1..5)) {
        let schema = schema();
        let built = build_all(&schema, &records).expect("the corpus is right");
        let oracle = Oracle::new(&schema, &records);
        let (sure, others): (Vec<Query>, Vec<Query>) =
            queries.into_iter().partition(|query| oracle.is_sure_in_chunks(&query.text));
        for (built, queries) in [(&built[..], sure), (&built[..1], others)] {
            for (query, page) in queries.iter().zip(ask(built, &queries)) {
                let page = page.expect("the corpus asks for what there is");
                oracle.check(query, &page);
            }
        }
    }

    #[test]
    fn pages_are_slices_of_the_whole_list(records in records(14), query in query(), limit in 1_usize..5) {
        let files = build(&schema(), &records, dust()).expect("the corpus is right");
        let index = speir::memory::open(&files).expect("a built index opens");
        let search = |query: &Query| index.search(query).expect("the corpus asks for what there is");
        let whole = search(&query.clone().limit(1000).offset(0));
        prop_assert_eq!(whole.hits.len(), whole.total as usize);
        for offset in (0..=records.len()).step_by(limit) {
            let page = search(&query.clone().limit(limit).offset(offset));
            let end = whole.hits.len().min(offset + limit);
            prop_assert_eq!(&page.hits[..], whole.hits.get(offset..end).unwrap_or_default());
            prop_assert_eq!(page.total, whole.total);
            prop_assert_eq!(&page.facets, &whole.facets);
            prop_assert_eq!(&page.notices, &whole.notices);
        }
    }

    #[test]
    fn the_same_records_give_the_same_bytes(records in records(14)) {
        for options in [BuildOptions::default(), dust()] {
            let once = build(&schema(), &records, options).expect("the corpus is right");
            let again = build(&schema(), &records.clone(), options).expect("the corpus is right");
            prop_assert_eq!(once, again);
        }
    }

    #[test]
    fn a_refused_record_changes_nothing(records in records(6)) {
        let whole = build(&schema(), &records, dust()).expect("the corpus is right");
        let mut builder = speir::IndexBuilder::with_options(schema(), dust());
        for record in &records {
            for bad in [
                Record { id: String::new(), ..record.clone() },
                Record { title: " ".to_owned(), ..record.clone() },
                Record { id: "another".to_owned(), ..record.clone() }.field("rank", "many").field("novel", 1),
                Record { id: "another".to_owned(), ..record.clone() }.field("seen", "last summer"),
            ] {
                prop_assert!(builder.add(&bad).is_err());
            }
            builder.add(record).expect("the corpus is right");
            prop_assert!(builder.add(record).is_err(), "an id is used once");
        }
        prop_assert_eq!(builder.finish().expect("the corpus is right"), whole);
    }

    #[test]
    fn nothing_typed_is_an_error(records in records(4), text in any::<String>(), odd in "[-\"“”«» a-e5.*:()\u{301}🙂]{0,40}", typed in typed()) {
        for text in [text, odd, typed] {
            let page = page(&records, &Query::new(text.clone()));
            prop_assert_eq!(page.query.text, text);
        }
    }

    #[test]
    fn scores_are_what_their_explanation_adds_up_to(records in records(14), text in any_typed(), today: bool) {
        let mut query = Query::new(text).limit(1000).explain();
        query.today = today.then(|| "2014-12-01".to_owned());
        let page = page(&records, &query);
        for hit in &page.hits {
            let explanation = hit.explanation.as_ref().expect("it was asked for");
            let words = explanation.words.iter().map(|word| word.score);
            let extras = explanation.extras.iter().map(|extra| extra.value);
            let sum: f64 = words.chain(extras).sum();
            let factor: f64 = explanation.factors.iter().map(|factor| factor.value).product();
            let score = sum * factor;
            prop_assert!((score - hit.score).abs() < 1e-6, "{} is not {score}: {query:?} {explanation:?}", hit.score);
            prop_assert!((explanation.score - hit.score).abs() < 1e-12);
            for word in &explanation.words {
                let product = word.idf * word.saturation * word.route_weight * word.query_weight;
                prop_assert!((product - word.score).abs() < 1e-6, "{word:?}");
                prop_assert!(!word.fields.is_empty(), "{word:?}");
            }
        }
    }

    #[test]
    fn dates_sort_as_their_instants_do(dates in vec(proptest::option::of(any_date()), 1..20)) {
        let records: Vec<Record> = dates
            .iter()
            .enumerate()
            .map(|(place, date)| {
                let record = Record::new(place.to_string(), "dated");
                match date {
                    Some(date) => record.field("seen", date.as_str()),
                    None => record,
                }
            })
            .collect();
        // The reference: instants of the calendar crate's own reading, undated last, ties by place.
        let instant = |place: &usize| dates[*place].as_deref().map(reference_ms);
        for descending in [false, true] {
            let mut expected: Vec<usize> = (0..dates.len()).collect();
            expected.sort_by(|a, b| {
                let (a, b) = (instant(a), instant(b));
                match (a, b) {
                    (Some(a), Some(b)) if descending => b.cmp(&a),
                    (Some(a), Some(b)) => a.cmp(&b),
                    (a, b) => a.is_none().cmp(&b.is_none()),
                }
            });
            let sort = Sort::Field { name: "seen".to_owned(), descending };
            let page = page(&records, &Query::new("").sort(sort).limit(1000));
            let got: Vec<usize> = page.hits.iter().map(|hit| hit.id.parse().expect("a place")).collect();
            prop_assert_eq!(got, expected);
        }
    }

    #[test]
    fn both_ends_of_a_range_belong_to_it(low in -3_i64..3, high in -3_i64..3, values in vec(-3_i64..3, 0..12)) {
        let schema = Schema::empty().field(Field::new("n").kind(FieldKind::Number).facet());
        let records: Vec<Record> = values
            .iter()
            .enumerate()
            .map(|(place, value)| Record::new(place.to_string(), "numbered").field("n", *value))
            .collect();
        let built = build_all(&schema, &records).expect("the records are right");
        let accept = Accept::Range { from: Some(low.to_string()), to: Some(high.to_string()) };
        let query = Query::new("").accept("n", accept).limit(1000);
        let page = ask(&built, &[query]).remove(0).expect("n is a column");
        let got: Vec<usize> = page.hits.iter().map(|hit| hit.id.parse().expect("a place")).collect();
        let expected: Vec<usize> =
            (0..values.len()).filter(|place| (low..=high).contains(&values[*place])).collect();
        prop_assert_eq!(got, expected);
    }
}

/// A date as ISO 8601 writes it: a year, a month, a day, or an instant with an offset.
fn any_date() -> impl Strategy<Value = String> {
    // Mostly few days of one year, so that times and offsets decide; now and then any year.
    let year = prop_oneof![1 => 0_i64..10_000, 1 => 1960_i64..1980, 6 => Just(1970)];
    let (month, day) = (
        prop_oneof![3 => Just(1_i64), 1 => 1_i64..13],
        prop_oneof![3 => 1_i64..3, 1 => 1_i64..29],
    );
    let time = (0_i64..24, 0_i64..60, 0_i64..60, 0_i64..1000);
    let offset = select(&["", "Z", "+00:00", "+05:30", "-11:00"][..]);
    (year, month, day, time, offset, 0..6).prop_map(
        |(y, m, d, (hour, minute, second, ms), offset, form)| match form {
            0 => format!("{y:04}"),
            1 => format!("{y:04}-{m:02}"),
            2 => format!("{y:04}-{m:02}-{d:02}"),
            _ => format!("{y:04}-{m:02}-{d:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}{offset}"),
        },
    )
}

/// The first instant of such a date in milliseconds, counted day by day: slow and obviously right.
fn reference_ms(text: &str) -> i64 {
    let part = |range: std::ops::Range<usize>, otherwise: i64| -> i64 {
        text.get(range)
            .map_or(otherwise, |digits| digits.parse().expect("digits"))
    };
    let (year, month, day) = (part(0..4, 0), part(5..7, 1), part(8..10, 1));
    let is_leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days_of = |year: i64, month: i64| match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let year_days = |year: i64| if is_leap(year) { 366 } else { 365 };
    let before: i64 = if year >= 1970 {
        (1970..year).map(year_days).sum()
    } else {
        -(year..1970).map(year_days).sum::<i64>()
    };
    let days = before + (1..month).map(|month| days_of(year, month)).sum::<i64>() + day - 1;
    let mut ms = days * 86_400_000;
    if text.len() > 10 {
        ms += ((part(11..13, 0) * 60 + part(14..16, 0)) * 60 + part(17..19, 0)) * 1000
            + part(20..23, 0);
        let offset = &text[23..];
        if let Some(sign) = offset.chars().next().filter(|sign| *sign != 'Z') {
            let minutes: i64 = offset[1..3].parse::<i64>().expect("digits") * 60
                + offset[4..6].parse::<i64>().expect("digits");
            ms -= if sign == '-' { -minutes } else { minutes } * 60_000;
        }
    }
    ms
}

#[test]
fn the_reference_for_dates_knows_known_days() {
    assert_eq!(reference_ms("1970-01-01"), 0);
    assert_eq!(reference_ms("2000-03-01"), 951_868_800_000);
    assert_eq!(reference_ms("1969-12-31T23:59:59.999Z"), -1);
    assert_eq!(reference_ms("1970-01-01T05:30:00.000+05:30"), 0);
    for text in [
        "2014",
        "2014-06",
        "0000-01-01",
        "2015-01-01T00:00:00.000+01:00",
    ] {
        assert_eq!(
            date::parse(text).map(|span| span.first_ms),
            Some(reference_ms(text)),
            "{text}"
        );
    }
}

#[test]
fn an_account_leaves_out_a_group_whose_filter_fails() {
    let records = [
        Record::new("0", "house").field("year", 2013),
        Record::new("1", "integrate").field("year", 2014),
    ];
    let query = Query::new("(year:2014 house) OR (housing)").explain();
    let page = page(&records, &query);
    let account = page.hits[0].explanation.as_ref().expect("it was asked for");
    let words: Vec<&str> = account
        .words
        .iter()
        .map(|word| word.word.as_str())
        .collect();
    assert_eq!(words, ["housing"], "{account:?}");
}

#[test]
fn every_file_has_a_name_of_its_own() {
    for options in [BuildOptions::default(), dust()] {
        let files = build(&schema(), &sample(20), options).expect("the sample is right");
        let mut names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        names.sort_unstable();
        let before = names.len();
        names.dedup();
        assert_eq!(names.len(), before, "one file is written once");
    }
}

#[test]
fn with_a_chunk_a_word_a_query_takes_three_rounds_and_few_of_the_chunks() {
    let files = build(&schema(), &sample(60), dust()).expect("the sample is right");
    let queries = sample_queries();
    // Rounds are counted, and answers compared with those of all chunks at once, in `ask`.
    let built = [Built {
        size: "dust",
        files,
    }];
    ask(&built, &queries);

    let files = &built[0].files;
    let mut most_rounds = 0;
    for query in &queries {
        let mut index = OnDemand::open(files).expect("a built index opens");
        let (page, cost) = index
            .search(query)
            .expect("the sample asks for what there is");
        most_rounds = most_rounds.max(cost.rounds);
        let n_chunks = index.index().chunk_count();
        // One record shown is one chunk here; the rest is words and columns.
        let words = cost.chunks - page.hits.len().min(cost.chunks);
        assert!(
            words * 2 < n_chunks,
            "{words} of {n_chunks} chunks for {query:?}"
        );
        let (_, again) = index
            .search(query)
            .expect("the sample asks for what there is");
        assert_eq!(
            again,
            Cost::default(),
            "what is there is not fetched again: {query:?}"
        );
    }
    assert_eq!(most_rounds, MAX_ROUNDS, "some query goes all the way");
    assert_eq!(
        MAX_ROUNDS,
        speir::MAX_ROUNDS,
        "the core promises what is counted here"
    );
}

#[test]
fn among_the_sizes_are_cards_and_none_and_lists_in_files_of_their_own() {
    let built = build_all(&schema(), &sample(14)).expect("the sample is right");
    let n_cards = |built: &Built| {
        let index = Index::open(manifest(&built.files)).expect("a built index opens");
        let sections = index.summary().sections;
        let cards = sections.iter().find(|section| section.name == "cards");
        cards.expect("there is such a section").blocks
    };
    let has_file = |built: &Built, start: &str| {
        let mut files = built.files.iter();
        files.any(|file| file.name.starts_with(start))
    };
    let [default, middling, tiny] = &built[..] else {
        panic!("three sizes")
    };
    assert_eq!((n_cards(default), n_cards(middling)), (0, 0));
    assert!(n_cards(tiny) > 1);
    assert!(has_file(tiny, "words-") && has_file(tiny, "positions-"));
    assert!(has_file(tiny, "postings-"));
    assert!(has_file(default, "index-"));
}
