//! What is fuzzed: one function a target, fed any bytes, that must return.
//!
//! The targets in `tests/fuzz` call these, and so does the replay of their corpus on stable Rust.
//! A function here panics only where Speir breaks a promise.

use std::sync::{Mutex, OnceLock, PoisonError};

use speir::ChunkId;
use speir::{
    BuildOptions, File, Index, IndexError, Matching, Pin, Query, Record, Step, SuggestStep,
    Synonym, date, text,
};

use crate::check::Said;
use crate::corpus::{sample, sample_queries, schema};
use crate::{check, seal};

/// Records of the index that bytes are fed into: enough for several blocks of every section.
const RECORDS: usize = 7;

/// A small index with changes, built once.
pub fn small_index() -> &'static [File] {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    FILES.get_or_init(|| {
        let said = Said {
            synonyms: vec![
                Synonym::same(["house", "dwelling"]),
                Synonym::leads(["shelter"], ["housing advice", "cafe"]),
            ],
            pins: vec![Pin {
                pattern: "house *".to_owned(),
                id: "s1".to_owned(),
            }],
            ..Said::default()
        };
        // Several words a block, so that the manifest is small enough to be damaged byte by byte.
        let options = BuildOptions {
            words_bytes: 250,
            lone_bytes: 30,
            cards: 1,
            cards_percent: 100,
            endings_bytes: 200,
            suggest_bytes: 200,
            ..check::dust()
        };
        let build = |records: &[Record], published: &[File]| {
            check::build_after(&schema(), records, &said, options, published)
                .expect("the sample is right")
        };
        let records = sample(RECORDS);
        let mut earlier = records.clone();
        earlier.remove(2);
        build(&records, &build(&earlier, &[]))
    })
}

/// A small index, opened, with all chunks supplied.
pub fn small_opened() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let files = small_index();
        let mut index = Index::open(check::manifest(files)).expect("a built index opens");
        for (id, packed) in check::chunks(files, &index) {
            index
                .supply_packed(id, packed)
                .expect("a built chunk is right");
        }
        index
    })
}

/// The bytes of `index.json`, as they come.
pub fn manifest(bytes: &[u8]) {
    if let Ok(index) = Index::open(bytes) {
        ask(&index);
    }
}

/// The part of `index.json` that the checksum guards, under a right checksum.
pub fn manifest_past_the_checksum(bytes: &[u8]) {
    manifest(&seal::sealed(bytes));
}

/// A chunk's bytes past the checksum: the first two say which chunk, the rest takes its place.
pub fn chunk(bytes: &[u8]) {
    let [low, high, raw @ ..] = bytes else {
        return;
    };
    let which = u32::from(u16::from_le_bytes([*low, *high]));
    let files = small_index();
    let mut index = Index::open(check::manifest(files)).expect("a built index opens");
    let wrong = ChunkId(which % index.chunk_count() as u32);
    // Changes that make no sense, or that do not fit what they are for, are an error.
    let accept = |supplied: Result<(), IndexError>| {
        if let Err(error) = supplied {
            assert!(matches!(error, IndexError::Corrupt { .. }), "{error}");
        }
    };
    accept(index.supply_unchecked(wrong, raw.to_vec()));
    for (id, packed) in check::chunks(files, &index) {
        if id != wrong {
            accept(index.supply_packed(id, packed));
        }
    }
    ask(&index);
}

/// What a reader types.
///
/// # Panics
///
/// Where a query is refused, or a hit is no hit: a total below the hits, or spans that are not the text.
pub fn query(bytes: &[u8]) {
    let typed = String::from_utf8_lossy(bytes);
    for matching in [Matching::Auto, Matching::All, Matching::Any] {
        let query = Query::new(typed.clone())
            .matching(matching)
            .facet("type")
            .explain();
        let page = match small_opened().search(&query) {
            Ok(Step::Done(page)) => page,
            other => panic!("`{typed}` is not answered: {other:?}"),
        };
        assert!(page.total as usize >= page.hits.len(), "`{typed}`");
        for hit in &page.hits {
            let title: String = hit
                .title_parts
                .iter()
                .map(|span| span.text.as_str())
                .collect();
            assert_eq!(
                title, hit.title,
                "`{typed}`: the parts of a title are the title"
            );
        }
    }
}

/// What a box is given letter by letter, a record's id, or a day.
///
/// # Panics
///
/// Where any of it is refused, or a suggestion says nothing.
pub fn other_input(bytes: &[u8]) {
    let typed = String::from_utf8_lossy(bytes);
    match small_opened().suggest(&typed, 10) {
        Ok(SuggestStep::Done(found)) => assert!(found.iter().all(|one| !one.text.is_empty())),
        other => panic!("`{typed}` is not answered: {other:?}"),
    }
    let related = small_opened().related(&typed, 5, None);
    assert!(
        matches!(related, Ok(Step::Done(_))),
        "`{typed}`: {related:?}"
    );
    let dated = small_opened().search(&Query::new("house").today(typed.clone()));
    assert!(matches!(dated, Ok(Step::Done(_))), "`{typed}`: {dated:?}");
    if let Some(span) = date::parse(&typed) {
        assert!(span.first_ms <= span.last_ms, "`{typed}`");
    }
}

/// A text whose words are read.
///
/// # Panics
///
/// Where words overlap, lie outside the text, are too long, or fold to something that folds again.
pub fn words(bytes: &[u8]) {
    let read = String::from_utf8_lossy(bytes);
    let analyzers = ["en", "cy", "de", "ar", "ru", "tr", ""].map(text::Analyzer::new);
    let (mut end, mut place) = (0, 0);
    for token in text::tokens(&read) {
        if token.is_joined() {
            assert!(token.place < place && token.n_words > 1);
            assert!(read.get(token.span.clone()).is_some());
            assert!(!token.folded.is_empty() && token.folded.len() <= text::MAX_WORD_BYTES);
            continue;
        }
        assert_eq!(token.place, place, "places are counted");
        place += 1;
        assert!(
            token.span.start >= end && token.span.end > token.span.start,
            "words follow one another"
        );
        end = token.span.end;
        assert!(
            read.get(token.span.clone()).is_some(),
            "a word is a piece of the text"
        );
        assert!(!token.folded.is_empty() && token.folded.len() <= text::MAX_WORD_BYTES);
        assert!(token.written.len() <= text::MAX_WORD_BYTES);
        assert_eq!(
            text::fold(&token.folded),
            token.folded,
            "the key of a key is itself"
        );
        for analyzer in &analyzers {
            assert!(!analyzer.class(&token).is_empty());
        }
    }
}

/// Asks whatever an index of unknown soundness can be asked. Wrong answers and errors are right.
pub fn ask(index: &Index) {
    let _verdict: Result<(), IndexError> = index.verify();
    let _counts = index.summary();
    for query in sample_queries() {
        let _answer: Result<Step, IndexError> = index.search(&query);
    }
    for typed in ["hous", "house adv", "houze", "r"] {
        let _answer: Result<SuggestStep, IndexError> = index.suggest(typed, 10);
    }
    for id in ["s0", "s6", "no such record"] {
        let _answer: Result<Step, IndexError> = index.related(id, 5, None);
    }
}

/// Web pages.
pub fn html(bytes: &[u8]) {
    source("html", bytes);
}

/// Documents in PDF.
pub fn pdf(bytes: &[u8]) {
    source("pdf", bytes);
}

/// Exports of WordPress.
pub fn wxr(bytes: &[u8]) {
    source("wxr", bytes);
}

/// Tables.
pub fn csv(bytes: &[u8]) {
    source("csv", bytes);
}

/// Documents that are archives: texts, sheets and slides; which of them the first byte says.
pub fn office(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    let kinds = ["docx", "odt", "xlsx", "pptx", "ods"];
    source(kinds[usize::from(*kind) % kinds.len()], bytes);
}

/// Texts and data: front matter, JSON, feeds; which of them the first byte says.
pub fn other_sources(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    let kinds = ["md", "json", "jsonl", "drupal", "rss", "sitemap"];
    source(kinds[usize::from(*kind) % kinds.len()], bytes);
}

/// Reads bytes as a source of a format, in a folder of this process's own.
fn source(format: &str, bytes: &[u8]) -> u32 {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    static ONE_BY_ONE: Mutex<()> = Mutex::new(());
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a folder can be made"));
    // A reader that panics is what is looked for: the lock it held is as good as before.
    let _one = ONE_BY_ONE.lock().unwrap_or_else(PoisonError::into_inner);
    speir_index_builder::fuzz::read(format, bytes, folder.path())
}
