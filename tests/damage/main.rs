//! Bad bytes: every byte flipped, every length cut, bytes added, files swapped and lost. Each is an
//! error before any decoder sees it, unless it inflates to the right bytes all the same; and past the
//! checksum nothing panics either.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use speir::{ChunkId, ChunkInfo, File, Index, IndexError, Query, memory};
use speir_tests::check::{build_all, chunks, manifest};
use speir_tests::corpus::{Dice, sample, schema};
use speir_tests::{fuzz, seal};

/// Indexes of a few records, in every size of chunks, and one with changes.
fn indexes() -> Vec<(&'static str, Vec<File>)> {
    let built = build_all(&schema(), &sample(10)).expect("the sample is right");
    let built = built.into_iter().map(|built| (built.size, built.files));
    let changed = ("changed", fuzz::small_index().to_vec());
    assert!(has_changes(&changed.1), "the sample has changes");
    built.chain([changed]).collect()
}

fn has_changes(files: &[File]) -> bool {
    files.iter().any(|file| file.name.starts_with("changes-"))
}

/// Every way in which one file is damaged: what was done, and the bytes.
fn damages(whole: &[u8]) -> impl Iterator<Item = (String, Vec<u8>)> + '_ {
    let flips = (0..whole.len()).flat_map(move |at| {
        [0xFF, 0x01].map(|mask| {
            let mut bytes = whole.to_vec();
            bytes[at] ^= mask;
            (format!("byte {at} xor {mask:#04x}"), bytes)
        })
    });
    let cuts = (0..whole.len()).map(|len| (format!("cut to {len}"), whole[..len].to_vec()));
    let added = [&b"\0"[..], b"\n", b"}", b"\xFF\xFF"]
        .map(|tail| (format!("{tail:?} added"), [whole, tail].concat()));
    flips.chain(cuts).chain(added)
}

#[test]
fn every_damage_to_the_manifest_is_an_error() {
    for (size, files) in indexes() {
        let whole = manifest(&files);
        Index::open(whole).expect("the whole manifest opens");
        for (what, bytes) in damages(whole) {
            match Index::open(&bytes) {
                Ok(_) => panic!("{size}: manifest with {what}: opened"),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
}

#[test]
fn every_damage_to_a_chunk_is_an_error_or_does_no_harm_and_the_right_bytes_still_serve() {
    for (size, files) in indexes() {
        let mut index = Index::open(manifest(&files)).expect("the whole manifest opens");
        for (id, packed) in chunks(&files, &index) {
            let is_damage = |error: &IndexError| matches!(error, IndexError::Damaged { chunk, .. } if *chunk == Some(id));
            let raw = inflated(packed);
            let (seal, _) = speir::unpack(packed).expect("a built chunk unpacks");
            for (what, bytes) in damages(packed) {
                match index.supply_packed(id, &bytes) {
                    Ok(()) => assert!(
                        is_harmless(&bytes, &raw),
                        "{size}: chunk {id} with {what}: taken"
                    ),
                    Err(error) => {
                        assert!(is_damage(&error), "{size}: chunk {id} with {what}: {error}");
                    }
                }
            }
            for (what, bytes) in damages(&raw) {
                let supplied = index.supply(id, seal, bytes).expect_err(&what);
                assert!(
                    is_damage(&supplied),
                    "{size}: chunk {id}, inflated, with {what}: {supplied}"
                );
            }
            index
                .supply_packed(id, packed)
                .expect("the right bytes are taken after wrong ones");
        }
        index
            .verify()
            .expect("nothing of the wrong bytes has stayed");
    }
}

/// Whether a file inflates to the right bytes whatever was done to it: what follows the end of a deflate
/// stream, and the bits that fill its last byte, say nothing.
fn is_harmless(packed: &[u8], raw: &[u8]) -> bool {
    speir::unpack(packed).is_some_and(|(_, inflated)| inflated == raw)
}

/// A chunk's bytes as decoders see them.
fn inflated(packed: &[u8]) -> Vec<u8> {
    speir::unpack(packed).expect("a built chunk unpacks").1
}

#[test]
fn a_chunk_in_the_place_of_another_is_an_error() {
    for (size, files) in indexes() {
        let mut index = Index::open(manifest(&files)).expect("the whole manifest opens");
        let all = chunks(&files, &index);
        for (id, own) in &all {
            // Two columns of nothing are one and the same file.
            for (other, packed) in all.iter().filter(|(_, packed)| packed != own) {
                assert!(
                    index.supply_packed(*id, packed).is_err(),
                    "{size}: {other} as {id}"
                );
            }
        }
        let beyond = ChunkId(u32::try_from(all.len()).expect("few chunks"));
        let error = index
            .supply_packed(beyond, &[])
            .expect_err("there is no such chunk");
        assert_eq!(error, IndexError::UnknownChunk { chunk: beyond });
    }
}

#[test]
fn a_file_that_is_lost_is_named() {
    for (size, files) in indexes() {
        for lost in &files {
            let rest: Vec<File> = files
                .iter()
                .filter(|file| file.name != lost.name)
                .cloned()
                .collect();
            let error = memory::open(&rest).expect_err(size);
            assert_eq!(
                error,
                IndexError::MissingFile {
                    name: lost.name.clone()
                }
            );
        }
    }
}

#[test]
fn a_damaged_file_is_refused_by_whoever_opens_all_files() {
    let mut dice = Dice(77);
    for (size, files) in indexes() {
        for at in 0..files.len() {
            let mut damaged = files.clone();
            let bytes = &mut damaged[at].bytes;
            let place = dice.below(bytes.len());
            bytes[place] ^= 0x10;
            let opened = memory::open(&damaged);
            let index = Index::open(manifest(&files)).expect("the whole manifest opens");
            let of_file = |(_, chunk): &(ChunkId, ChunkInfo)| chunk.name == files[at].name;
            let is_harmless = index.chunks().filter(of_file).all(|(_, chunk)| {
                let raw = inflated(chunk.of_file(&files[at].bytes));
                is_harmless(chunk.of_file(&damaged[at].bytes), &raw)
            });
            assert!(
                opened.is_err() || is_harmless,
                "{size}: {} with byte {place} changed",
                files[at].name
            );
        }
    }
}

thread_local! {
    /// Where this thread panicked last, while it watches for that.
    static PANICKED_AT: RefCell<Option<String>> = const { RefCell::new(None) };
    static WATCHES: Cell<bool> = const { Cell::new(false) };
}

/// Runs something and gives the place where it panicked, or `None` if it returned.
fn panic_place(run: impl FnOnce()) -> Option<String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if WATCHES.get() {
                PANICKED_AT.set(Some(info.to_string()));
            } else {
                usual(info);
            }
        }));
    });
    WATCHES.set(true);
    let ended = catch_unwind(AssertUnwindSafe(run));
    WATCHES.set(false);
    ended.err().map(|_| PANICKED_AT.take().unwrap_or_default())
}

/// Past the checksum a chunk of the manifest is taken in, unless the changes that go with it do not
/// decode or do not fit.
fn accept(supplied: Result<(), IndexError>) {
    if let Err(error) = supplied {
        assert!(matches!(error, IndexError::Corrupt { .. }), "{error}");
    }
}

/// Runs what may not panic, and says with what it did.
#[track_caller]
fn must_return(what: &dyn Fn() -> String, run: impl FnOnce()) {
    if let Some(place) = panic_place(run) {
        panic!("{}: {place}", what());
    }
}

#[test]
fn a_panic_is_seen_with_its_place() {
    assert_eq!(panic_place(|| ()), None);
    let place = panic_place(|| panic!("on purpose"));
    assert!(
        place.is_some_and(|place| place.contains("damage/main.rs") && place.contains("on purpose"))
    );
}

#[test]
fn past_the_checksum_no_chunk_makes_a_decoder_panic() {
    let whole = fuzz::small_opened();
    let queries = short_queries();
    let all = chunks(fuzz::small_index(), whole);
    for (id, packed) in &all {
        let raw = inflated(packed);
        // Changes are taken once, and chunks that are there before they come.
        let mut without = Index::open(manifest(fuzz::small_index())).expect("the manifest opens");
        for (other, packed) in all.iter().filter(|(other, _)| other != id) {
            without
                .supply_packed(*other, packed)
                .expect("the right bytes are taken");
        }
        for (what, bytes) in damages(&raw) {
            let mut index = without.clone();
            accept(index.supply_unchecked(*id, bytes));
            must_return(&|| format!("chunk {id} with {what}"), || {
                let _verdict = index.verify();
                for query in &queries {
                    let _answer = index.search(query);
                }
            });
        }
    }
}

#[test]
fn past_the_checksum_no_mixture_of_damage_makes_a_decoder_panic() {
    let whole = fuzz::small_opened();
    let all = chunks(fuzz::small_index(), whole);
    let raws: Vec<Vec<u8>> = all.iter().map(|(_, packed)| inflated(packed)).collect();
    let mut dice = Dice(4711);
    for round in 0..400 {
        let mut index = Index::open(manifest(fuzz::small_index())).expect("the manifest opens");
        for ((id, _), raw) in all.iter().zip(&raws) {
            let mut bytes = raw.clone();
            for _ in 0..1 + dice.below(4) {
                let (place, length) = (dice.below(bytes.len()), 1 + dice.below(6));
                let end = bytes.len().min(place + length);
                match dice.below(4) {
                    0 => bytes[place..end].fill(0xFF),
                    1 => bytes[place..end].fill(0),
                    2 => bytes[place] = dice.below(256) as u8,
                    _ => {
                        let piece = bytes[place..end].to_vec();
                        bytes.splice(place..place, piece);
                    }
                }
            }
            accept(index.supply_unchecked(*id, bytes));
        }
        must_return(&|| format!("round {round}"), || fuzz::ask(&index));
    }
}

#[test]
fn past_the_checksum_no_manifest_makes_the_reader_panic() {
    let file = manifest(fuzz::small_index());
    let guarded = seal::guarded(file);
    assert_eq!(seal::sealed(guarded), file, "the seal is as FORMAT.md says");
    for (what, bytes) in damages(guarded) {
        let place = panic_place(|| fuzz::manifest_past_the_checksum(&bytes));
        // The fst reads its own bytes on trust, which is why a checksum stands before it. Whoever
        // makes a right checksum over wrong bytes can make a search panic there, and nowhere else.
        let is_known = place
            .as_deref()
            .is_none_or(|place| place.contains("/fst-0.4"));
        assert!(
            is_known,
            "manifest with {what}: panicked at {}",
            place.unwrap_or_default()
        );
    }
}

/// One query of each kind that reaches into another section.
fn short_queries() -> Vec<Query> {
    vec![
        Query::new("housing \"house advice\" integ -cafe")
            .facet("organisations")
            .facet("rank")
            .explain(),
        Query::new("")
            .limit(1000)
            .range("date", Some("2014"), None)
            .sort(speir::Sort::Newest)
            .facet("type"),
        Query::new("a an it's tai")
            .matching(speir::Matching::Any)
            .sort(speir::Sort::Title),
    ]
}
