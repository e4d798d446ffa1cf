//! Publishing again: whatever records came, changed, went or moved since, an index that follows the
//! published one answers as one that is made anew. How little of it is new, the tests of the command line
//! tell.

use proptest::collection::vec;
use proptest::prelude::*;
use speir::{BuildOptions, File, Index, Query, Record, Step, SuggestStep, memory};
use speir_tests::check::{Built, Said, ask, build, build_after, sizes};
use speir_tests::corpus::{query, sample, schema};
use speir_tests::oracle::Oracle;

use crate::config;

/// Records of the catalogue on the first day; as many again may come later.
const N_FIRST: usize = 40;

/// What a publisher does to a catalogue between two builds.
#[derive(Clone, Debug)]
enum Edit {
    /// Puts a further record at a place.
    Add(usize, usize),
    /// Gives the record at a place the words of another one.
    Change(usize, usize),
    Remove(usize),
    Move(usize, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let place = || 0..N_FIRST;
    prop_oneof![
        3 => (place(), place()).prop_map(|(at, which)| Edit::Add(at, which)),
        1 => place().prop_map(|which| Edit::Add(usize::MAX, which)),
        1 => place().prop_map(|which| Edit::Add(0, which)),
        2 => (place(), place()).prop_map(|(at, which)| Edit::Change(at, which)),
        2 => place().prop_map(Edit::Remove),
        1 => (place(), place()).prop_map(|(from, to)| Edit::Move(from, to)),
    ]
}

/// The catalogue after an edit. Ids stay different from one another.
fn apply(records: &mut Vec<Record>, edit: &Edit, later: &[Record]) {
    let at = |place: usize| place.min(records.len());
    match edit {
        Edit::Add(place, which) => {
            let new = later[*which % later.len()].clone();
            if records.iter().all(|known| known.id != new.id) {
                records.insert(at(*place), new);
            }
        }
        Edit::Change(place, which) => {
            if let Some(record) = records.get_mut(*place) {
                let id = record.id.clone();
                *record = later[*which % later.len()].clone();
                record.id = id;
            }
        }
        Edit::Remove(place) => {
            if *place < records.len() && records.len() > 1 {
                records.remove(*place);
            }
        }
        Edit::Move(from, to) => {
            if *from < records.len() {
                let record = records.remove(*from);
                records.insert((*to).min(records.len()), record);
            }
        }
    }
}

/// What is related to each record, and what is suggested for each beginning, where all is there.
fn asides(files: &[File], records: &[Record]) -> Vec<String> {
    let opened = memory::open(files).expect("a built index opens");
    let index: &Index = opened.index();
    let mut told = Vec::new();
    for record in records {
        let Ok(Step::Done(page)) = index.related(&record.id, 6, None) else {
            panic!("all chunks are there");
        };
        let ids: Vec<String> = page.hits.into_iter().map(|hit| hit.id).collect();
        told.push(format!("{}: {ids:?}", record.id));
    }
    for beginning in ["a", "co", "h", "le", "s", "wel"] {
        let Ok(SuggestStep::Done(found)) = index.suggest(beginning, 8) else {
            panic!("all chunks are there");
        };
        told.push(format!("{beginning}: {found:?}"));
    }
    told
}

proptest! {
    #![proptest_config(ProptestConfig { cases: config().cases / 3, ..config() })]

    #[test]
    fn an_index_that_follows_another_answers_as_one_made_anew(
        days in vec(vec(edit(), 1..6), 1..5),
        queries in vec(query(), 1..6),
        size in 0_usize..3,
    ) {
        let (_, options) = sizes()[size];
        // The default size would make one file of so few records, which is always made anew.
        let options = BuildOptions { small_bytes: 0, ..options };
        let schema = schema();
        let all = sample(2 * N_FIRST);
        let (first, later) = all.split_at(N_FIRST);
        let mut records = first.to_vec();
        let mut published = build(&schema, &records, options).expect("the corpus is right");
        for day in &days {
            day.iter().for_each(|edit| apply(&mut records, edit, later));
            let anew = build(&schema, &records, options).expect("the corpus is right");
            let follow = || build_after(&schema, &records, &Said::default(), options, &published);
            let (after, again) = (follow().expect("the corpus is right"), follow());
            prop_assert_eq!(&after, &again.expect("the corpus is right"), "the same bytes");
            prop_assert_eq!(asides(&after, &records), asides(&anew, &records));
            let oracle = Oracle::new(&schema, &records);
            let sure = queries.iter().filter(|query| oracle.is_sure_in_chunks(&query.text));
            let sure: Vec<Query> = sure.cloned().collect();
            let built = [
                Built { size: "anew", files: anew },
                Built { size: "after", files: after.clone() },
            ];
            for (query, page) in sure.iter().zip(ask(&built, &sure)) {
                oracle.check(query, &page.expect("the corpus asks for what there is"));
            }
            published = after;
        }
    }
}

#[test]
fn however_often_it_is_published_an_index_has_no_more_files_than_it_may() {
    const MOST: usize = 24;

    let options = BuildOptions {
        max_files: MOST,
        file_bytes: 300,
        ..sizes()[2].1
    };
    let schema = schema();
    let all = sample(2 * N_FIRST);
    let mut published = build(&schema, &all[..N_FIRST], options).expect("the corpus is right");
    let mut most = 0;
    for n in N_FIRST + 1..=all.len() {
        let records = &all[..n];
        published = build_after(&schema, records, &Said::default(), options, &published)
            .expect("the corpus is right");
        most = most.max(published.len() - 1);
    }
    assert!(most <= MOST, "{most} files, at most {MOST}");
    assert!(most > MOST / 2, "the limit was never near: {most} files");
    let anew = build(&schema, &all, options).expect("the corpus is right");
    assert_eq!(asides(&published, &all), asides(&anew, &all));
}
