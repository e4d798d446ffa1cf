//! The one door through which the tests build an index and ask it: every answer is asked for with
//! all chunks there and on demand, cold and warm, for several sizes of chunks, and all must agree.
//!
//! What the answer should be is for the caller to say.

use serde_json::{Number, Value as Json};
use speir::{
    BuildError, BuildOptions, ChunkId, DocId, File, Index, IndexBuilder, IndexError, MANIFEST_NAME,
    Page, Pin, Query, Record, Schema, Synonym, memory,
};

use crate::driver::OnDemand;

/// An index built in one size of chunks.
pub struct Built {
    /// What the size is called, for messages.
    pub size: &'static str,
    /// The finished files.
    pub files: Vec<File>,
}

/// Chunks of the default size, chunks of a middling one without cards, and chunks of a few words or one
/// record, with cards and with lists in files of their own.
///
/// Ranges of words are not as small as that: how many blocks of the dictionary are looked through for a
/// beginning or a stem is capped, so that with one word a block, answers would rightly be shorter. See
/// [`dust`].
pub fn sizes() -> [(&'static str, BuildOptions); 3] {
    let bare = BuildOptions {
        cards: 0,
        ..middling()
    };
    let tiny = BuildOptions {
        words_bytes: 600,
        lone_bytes: 20,
        cards: 2,
        cards_percent: 100,
        endings_bytes: 150,
        ..all(1)
    };
    [
        ("default", BuildOptions::default()),
        ("middling", bare),
        ("tiny", tiny),
    ]
}

/// Options by which a handful of records has several chunks of every kind.
pub fn middling() -> BuildOptions {
    all(400)
}

/// Options by which every word, record and column has, as nearly as can be, a chunk of its own.
pub fn dust() -> BuildOptions {
    all(1)
}

/// Options with one size for everything, and no index so small that it is one chunk.
fn all(bytes: usize) -> BuildOptions {
    BuildOptions {
        small_bytes: 0,
        words_bytes: bytes,
        lone_bytes: bytes,
        max_files: usize::MAX,
        // Several chunks of words in a file.
        file_bytes: 1000,
        weighs_manifest: false,
        cards: 3,
        // Where there are few records, each word with a list in a block may bring cards along.
        cards_percent: 1000,
        columns_bytes: bytes,
        stored_bytes: bytes,
        endings_bytes: bytes,
        suggest_bytes: bytes,
        related_bytes: bytes,
        ..BuildOptions::default()
    }
}

/// What a publisher says beside the records.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Words that lead to others.
    pub synonyms: Vec<Synonym>,
    /// Records that come first for a query.
    pub pins: Vec<Pin>,
    /// Whether the records' words tell their language.
    pub detects_languages: bool,
}

/// Builds the same records with chunks of the default size and with chunks so small that even a few
/// records make many.
pub fn build_all(schema: &Schema, records: &[Record]) -> Result<Vec<Built>, BuildError> {
    build_all_said(schema, records, &Said::default())
}

/// The same with what a publisher says beside the records.
pub fn build_all_said(
    schema: &Schema,
    records: &[Record],
    said: &Said,
) -> Result<Vec<Built>, BuildError> {
    sizes()
        .into_iter()
        .map(|(size, options)| {
            let files = build_said(schema, records, said, options)?;
            Ok(Built { size, files })
        })
        .collect()
}

/// Builds records with options. Each record's number is its place.
pub fn build(
    schema: &Schema,
    records: &[Record],
    options: BuildOptions,
) -> Result<Vec<File>, BuildError> {
    build_said(schema, records, &Said::default(), options)
}

/// The same with what a publisher says beside the records.
pub fn build_said(
    schema: &Schema,
    records: &[Record],
    said: &Said,
    options: BuildOptions,
) -> Result<Vec<File>, BuildError> {
    build_after(schema, records, said, options, &[])
}

/// The same after an index of other records that is published.
pub fn build_after(
    schema: &Schema,
    records: &[Record],
    said: &Said,
    options: BuildOptions,
    published: &[File],
) -> Result<Vec<File>, BuildError> {
    let options = BuildOptions {
        detects_languages: said.detects_languages,
        ..options
    };
    let builder = IndexBuilder::with_options(schema.clone(), options);
    let mut builder = builder.after(Box::new(published.to_vec()));
    said.synonyms
        .iter()
        .for_each(|s| builder.synonym(s.clone()));
    said.pins.iter().for_each(|pin| builder.pin(pin.clone()));
    for (place, record) in records.iter().enumerate() {
        let id = builder.add(record)?;
        assert_eq!(
            Some(id),
            DocId::from_index(place),
            "records are counted as they come"
        );
    }
    builder.finish()
}

/// The bytes of `index.json` among finished files.
///
/// # Panics
///
/// Where there is none.
pub fn manifest(files: &[File]) -> &[u8] {
    let file = files.iter().find(|file| file.name == MANIFEST_NAME);
    &file.expect("a built index has a manifest").bytes
}

/// Each chunk of an index with the bytes of its file.
///
/// # Panics
///
/// Where a file that the manifest names is not among those given.
pub fn chunks<'f>(files: &'f [File], index: &Index) -> Vec<(ChunkId, &'f [u8])> {
    let bytes_of = |name: &str| {
        let file = files.iter().find(|file| file.name == name);
        file.expect("every chunk has a file").bytes.as_slice()
    };
    index
        .chunks()
        .map(|(id, info)| (id, info.of_file(bytes_of(&info.name))))
        .collect()
}

/// Asks every build the same queries in every way, and gives the answers that all of them gave.
///
/// # Panics
///
/// Where two ways answer differently, or a query needs more rounds than it may.
pub fn ask(built: &[Built], queries: &[Query]) -> Vec<Result<Page, IndexError>> {
    let answers: Vec<Vec<Result<Page, IndexError>>> =
        built.iter().map(|built| ask_one(built, queries)).collect();
    let (first, rest) = answers.split_first().expect("there is a build to ask");
    for (built, other) in built.iter().skip(1).zip(rest) {
        for ((one, two), query) in first.iter().zip(other).zip(queries) {
            assert_same(one, two, &format!("chunks of size `{}`", built.size), query);
        }
    }
    first.clone()
}

/// One build: all chunks at once, then each query with nothing there, then with what the queries
/// before it left.
fn ask_one(built: &Built, queries: &[Query]) -> Vec<Result<Page, IndexError>> {
    let whole = memory::open(&built.files).expect("a built index opens");
    whole.index().verify().expect("a built index is sound");
    let mut warm = OnDemand::open(&built.files).expect("a built index opens");
    queries
        .iter()
        .map(|query| {
            let answer = whole.search(query);
            assert_same(&answer, &whole.search(query), "asked twice", query);
            let cold = OnDemand::open(&built.files)
                .expect("a built index opens")
                .search(query)
                .map(|(page, _)| page);
            assert_same(
                &answer,
                &cold,
                &format!("on demand, `{}`", built.size),
                query,
            );
            let warm = warm.search(query).map(|(page, _)| page);
            assert_same(
                &answer,
                &warm,
                &format!("on demand and warm, `{}`", built.size),
                query,
            );
            answer
        })
        .collect()
}

#[track_caller]
fn assert_same(
    one: &Result<Page, IndexError>,
    two: &Result<Page, IndexError>,
    way: &str,
    query: &Query,
) {
    if one == two {
        return;
    }
    match (one, two) {
        (Ok(one), Ok(two)) => {
            let place = difference(&page_json(one), &page_json(two), 0.0);
            let place = place.unwrap_or_else(|| "the order of facets or fields".to_owned());
            panic!("{way}: the answers differ at {place}\n  query: {query:?}");
        }
        _ => panic!("{way}: {query:?}\n  one: {one:?}\n  two: {two:?}"),
    }
}

/// What two machines may make of one logarithm: some units in the last place.
pub const OTHER_MACHINE: f64 = 1e-13;

/// The first place where two pages differ, with what is there in both, or `None`. Numbers may lie
/// `tolerance` apart, as a share of the larger.
pub fn difference(one: &Json, two: &Json, tolerance: f64) -> Option<String> {
    difference_at(one, two, tolerance, "page")
}

fn difference_at(one: &Json, two: &Json, tolerance: f64, place: &str) -> Option<String> {
    let deeper =
        |x: &Json, y: &Json, key: &str| difference_at(x, y, tolerance, &format!("{place}{key}"));
    match (one, two) {
        (Json::Object(a), Json::Object(b)) => {
            if !a.keys().eq(b.keys()) {
                let keys =
                    |map: &serde_json::Map<String, Json>| map.keys().cloned().collect::<Vec<_>>();
                return Some(format!("{place}: keys {:?} and {:?}", keys(a), keys(b)));
            }
            a.iter()
                .find_map(|(key, value)| deeper(value, &b[key], &format!(".{key}")))
        }
        (Json::Array(a), Json::Array(b)) => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs
                .find_map(|(at, (x, y))| deeper(x, y, &format!("[{at}]")))
                .or_else(|| {
                    (a.len() != b.len())
                        .then(|| format!("{place}: {} and {} items", a.len(), b.len()))
                })
        }
        (Json::Number(a), Json::Number(b)) => {
            let (a, b) = (a.as_f64()?, b.as_f64()?);
            let is_near = (a - b).abs() <= tolerance * a.abs().max(b.abs());
            (!is_near).then(|| format!("{place}: {a} and {b}"))
        }
        _ => (one != two).then(|| format!("{place}: {one} and {two}")),
    }
}

/// A page as the JSON that leaves the house, numbers as JavaScript has them.
///
/// # Panics
///
/// Where a page does not serialize, which would be a bug.
pub fn page_json(page: &Page) -> Json {
    doubles(serde_json::to_value(page).expect("a page serializes"))
}

/// The same JSON with every number as a double: JavaScript writes 1.0 as 1.
pub fn doubles(json: Json) -> Json {
    match json {
        Json::Number(number) => number
            .as_f64()
            .and_then(Number::from_f64)
            .map_or(Json::Number(number), Json::Number),
        Json::Array(items) => Json::Array(items.into_iter().map(doubles).collect()),
        Json::Object(entries) => Json::Object(
            entries
                .into_iter()
                .map(|(key, value)| (key, doubles(value)))
                .collect(),
        ),
        other => other,
    }
}
