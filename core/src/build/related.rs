//! Finds for each record those most like it, by the words that tell most of it.
//!
//! The cosine of two records' weighted words, where a word weighs as it would in a search: G. Salton,
//! C. Buckley, "Term-weighting approaches in automatic text retrieval", Information Processing and
//! Management 24(5), 1988. Of one record only its most telling words are looked at, so that cost grows
//! with records times a bounded number. Knows postings and ranking; knows no text.

use std::ops::Range;

use crate::format::manifest::FieldTotals;
use crate::format::related::{Entry, encode_block, hash};
use crate::ids::DocId;
use crate::rank::{B, field_frequency, saturate};
use crate::schema::Schema;
use crate::texts::Texts;

use super::invert::Inverter;
use super::numbers::Numbers;
use super::published::{Beginnings, are_about};
use super::workers::{self, Workers};

/// Most records that are named as like another: a page shows three to five.
const MAX_NEIGHBOURS: usize = 6;

/// How many of a record's words are looked at: those of most weight. Ours: at 10, one in five of
/// 1,000 pages with long texts had another first neighbour than at 20. Of 60,000 package descriptions
/// 10 take a second, 20 take two.
const MAX_TELLING: usize = 16;

/// Words that more records hold than this are passed over: what 1,000 share tells nothing of two,
/// and would cost 1,000 steps for each of them.
const MOST_RECORDS_A_WORD: usize = 1_000;

/// Nor are words that more than one of so many records holds, ...
const SHARE_OF_RECORDS: usize = 20;

/// ... but in a small collection words of this many still are telling.
const FEW_RECORDS: usize = 8;

/// Least cosine of neighbours. Ours: below it two records of one library share a chance word.
const MIN_COSINE: f64 = 0.05;

/// One word of a record.
#[derive(Clone, Copy)]
struct Telling {
    class: u32,
    weight: f64,
}

/// Fewest records whose neighbours are found as one piece of work.
const RECORDS_A_PIECE: usize = 1 << 10;

/// Most pieces of work: each begins with a sum for every record, and they should be more than threads.
const MAX_PIECES: usize = 64;

/// For each record, those most like it, best first.
pub(super) fn neighbours(
    inverter: &Inverter,
    schema: &Schema,
    totals: &[FieldTotals],
    n_docs: u32,
    workers: &dyn Workers,
) -> Vec<Vec<DocId>> {
    let n_docs = n_docs as usize;
    let cosines = cosines(inverter, schema, totals, n_docs);
    let a_piece = RECORDS_A_PIECE.max(n_docs / MAX_PIECES);
    let found = workers::map(workers, n_docs.div_ceil(a_piece), |at| {
        let end = n_docs.min((at + 1) * a_piece);
        cosines.neighbours(at * a_piece..end)
    });
    found.into_iter().flatten().collect()
}

/// Weighs the words of all records.
pub(super) fn cosines(
    inverter: &Inverter,
    schema: &Schema,
    totals: &[FieldTotals],
    n_docs: usize,
) -> Cosines {
    let most = (n_docs / SHARE_OF_RECORDS).clamp(FEW_RECORDS, MOST_RECORDS_A_WORD);
    let fields: Vec<(f64, f64)> = schema
        .searched()
        .zip(totals)
        .map(|((_, field), totals)| {
            let average = totals.average_words();
            (f64::from(field.weight.unwrap_or(0.0)), average)
        })
        .collect();

    // By class, its records with the word's weight in each; empty where the class tells nothing.
    let mut weights: Vec<Vec<(DocId, f64)>> = vec![Vec::new(); inverter.classes.len()];
    let mut words: Vec<Vec<Telling>> = vec![Vec::new(); n_docs];
    let mut squares: Vec<f64> = vec![0.0; n_docs];
    for ((class, of_class), weights) in (0_u32..).zip(&inverter.classes).zip(&mut weights) {
        let n_with = of_class.n_docs() as usize;
        // A word of one record makes it like no other, but less like any.
        let is_shared = n_with > 1;
        if n_with > most {
            continue;
        }
        let idf = log2((n_docs as f64 + 1.0) / (n_with as f64 + 0.5));
        if is_shared {
            weights.reserve_exact(n_with);
        }
        of_class.gathered.each(|entry| {
            let mut weighted = 0.0;
            for field in &entry.fields {
                let posting = field.posting;
                let (weight, average) = fields
                    .get(field.field as usize)
                    .copied()
                    .unwrap_or_default();
                weighted +=
                    field_frequency(weight, posting.frequency, posting.length(), average, B);
            }
            let weight = idf * saturate(weighted);
            let at = entry.doc.index();
            if let Some(sum) = squares.get_mut(at) {
                *sum += weight * weight;
            }
            if let Some(words) = words.get_mut(at).filter(|_| is_shared) {
                keep_most_telling(words, Telling { class, weight });
                weights.push((entry.doc, weight));
            }
        });
    }
    Cosines {
        weights,
        words,
        squares,
    }
}

/// Keeps the words of a record that are of most weight; of two of one weight the first.
fn keep_most_telling(words: &mut Vec<Telling>, new: Telling) {
    if words.len() == MAX_TELLING
        && words
            .last()
            .is_some_and(|least| least.weight.total_cmp(&new.weight).is_ge())
    {
        return;
    }
    let at = words.partition_point(|word| word.weight.total_cmp(&new.weight).is_ge());
    words.insert(at, new);
    words.truncate(MAX_TELLING);
}

/// What it takes to find the neighbours of any record, each by itself.
pub(super) struct Cosines {
    /// By class, its records with the word's weight in each; empty where the class tells nothing.
    weights: Vec<Vec<(DocId, f64)>>,
    /// By record, its most telling words, in the order of their weights.
    words: Vec<Vec<Telling>>,
    squares: Vec<f64>,
}

impl Cosines {
    /// For each of some records, those most like it, best first.
    pub(super) fn neighbours(&self, docs: Range<usize>) -> Vec<Vec<DocId>> {
        let mut products = vec![0.0; self.squares.len()];
        docs.map(|at| self.nearest(at, &mut products)).collect()
    }

    /// `products` is 0 for all records between two calls.
    fn nearest(&self, at: usize, products: &mut [f64]) -> Vec<DocId> {
        let mut touched: Vec<DocId> = Vec::new();
        for word in self.words.get(at).map_or(&[][..], Vec::as_slice) {
            let list = self.weights.get(word.class as usize);
            for (doc, weight) in list.map_or(&[][..], Vec::as_slice) {
                let Some(product) = products.get_mut(doc.index()) else {
                    continue;
                };
                if *product == 0.0 {
                    touched.push(*doc);
                }
                *product += word.weight * weight;
            }
        }
        let own = self.squares.get(at).copied().unwrap_or(0.0);
        let mut found: Vec<(f64, DocId)> = Vec::new();
        for doc in touched {
            let Some(product) = products.get_mut(doc.index()) else {
                continue;
            };
            let product = core::mem::take(product);
            let squares = own * self.squares.get(doc.index()).copied().unwrap_or(0.0);
            let cosine = product / squares.sqrt().max(f64::MIN_POSITIVE);
            if doc.index() != at && cosine >= MIN_COSINE {
                found.push((cosine, doc));
            }
        }
        let is_nearer =
            |a: &(f64, DocId), b: &(f64, DocId)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if found.len() > MAX_NEIGHBOURS {
            found.select_nth_unstable_by(MAX_NEIGHBOURS, is_nearer);
            found.truncate(MAX_NEIGHBOURS);
        }
        found.sort_by(is_nearer);
        found.into_iter().map(|(_, doc)| doc).collect()
    }
}

/// The binary logarithm, straight between powers of two: the same bits on every machine, which a
/// system's logarithm does not promise. For numbers from 1 on.
fn log2(number: f64) -> f64 {
    const FRACTION_BITS: u32 = f64::MANTISSA_DIGITS - 1;
    let bits = number.to_bits();
    let exponent = (bits >> FRACTION_BITS) as f64 - 1023.0;
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    exponent + fraction as f64 / (1_u64 << FRACTION_BITS) as f64
}

/// The blocks, each with the hash of its first entry; those that are published with given hashes begin
/// with these. `ids` and `neighbours` are in the order of adding.
pub(super) fn blocks(
    ids: &Texts,
    mut neighbours: Vec<Vec<DocId>>,
    numbers: &Numbers,
    block_bytes: usize,
    published: &[u32],
) -> Vec<(u32, Vec<u8>)> {
    /// What an entry takes: hash, number, count and neighbours.
    const ENTRY_BYTES: usize = 7;
    const NEIGHBOUR_BYTES: usize = 2;

    let mut entries: Vec<Entry> = ids
        .iter()
        .zip((0..).map(DocId))
        .map(|(id, added)| {
            let own = neighbours.get_mut(added.index()).map(core::mem::take);
            let mut own = own.unwrap_or_default();
            own.iter_mut().for_each(|doc| *doc = numbers.of(*doc));
            Entry {
                hash: hash(id),
                doc: numbers.of(added),
                neighbours: own,
            }
        })
        .collect();
    entries.sort_by_key(|entry| (entry.hash, entry.doc));
    let mut blocks = Vec::new();
    let mut held: Vec<Entry> = Vec::new();
    let size_of = |entry: &Entry| ENTRY_BYTES + NEIGHBOUR_BYTES * entry.neighbours.len();
    let all_bytes: usize = entries.iter().map(size_of).sum();
    let is_kept = are_about(published.len(), all_bytes / block_bytes.max(1));
    let mut begins = Beginnings::new(if is_kept { published } else { &[] });
    let (mut size, mut first_hash) = (0, 0);
    let mut flush = |held: &mut Vec<Entry>, first| {
        if !held.is_empty() {
            blocks.push((first, encode_block(held)));
            held.clear();
        }
    };
    for entry in entries {
        // All entries of one hash lie in one block.
        let is_new = held.last().is_some_and(|last| last.hash != entry.hash);
        let kept = begins.at(entry.hash);
        if is_new && kept.unwrap_or(size >= block_bytes) {
            flush(&mut held, first_hash);
            size = 0;
        }
        if held.is_empty() {
            first_hash = begins.first(entry.hash);
        }
        size += size_of(&entry);
        held.push(entry);
    }
    flush(&mut held, first_hash);
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{IndexBuilder, Record};
    use proptest::prelude::*;

    #[test]
    fn the_logarithm_is_right_at_powers_of_two_and_near_between() {
        for (number, expected) in [(1.0, 0.0), (2.0, 1.0), (3.0, 1.5), (1024.0, 10.0)] {
            assert!((log2(number) - expected).abs() < 1e-12, "{number}");
        }
        assert!((log2(1.4) - 1.4_f64.log2()).abs() < 0.09);
    }

    fn cosine(own: &[(String, f64)], theirs: &[(String, f64)]) -> f64 {
        let norm = |vector: &[(String, f64)]| vector.iter().map(|(_, w)| w * w).sum::<f64>().sqrt();
        let product = own.iter().filter_map(|(word, weight)| {
            let (_, their) = theirs.iter().find(|(known, _)| known == word)?;
            Some(weight * their)
        });
        product.sum::<f64>() / (norm(own) * norm(theirs)).max(f64::MIN_POSITIVE)
    }

    /// The same by comparing every record with every other, for records of few words.
    fn compare_all(vectors: &[Vec<(String, f64)>]) -> Vec<Vec<usize>> {
        let nearest = |at: usize| {
            let others = (0..vectors.len()).filter(|other| *other != at);
            let mut found: Vec<(f64, usize)> = others
                .map(|other| (cosine(&vectors[at], &vectors[other]), other))
                .filter(|(cosine, _)| *cosine >= MIN_COSINE)
                .collect();
            found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            found.truncate(MAX_NEIGHBOURS);
            found.into_iter().map(|(_, other)| other).collect()
        };
        (0..vectors.len()).map(nearest).collect()
    }

    proptest! {
        #[test]
        fn neighbours_are_those_of_comparing_all_with_all(
            records in proptest::collection::vec(
                proptest::collection::btree_map("[a-l]x[a-c]", 1_u32..4, 1..9),
                2..25,
            ),
        ) {
            let mut builder = IndexBuilder::new(Schema::empty());
            let mut lengths = Vec::new();
            for (at, words) in records.iter().enumerate() {
                let words: Vec<String> = words
                    .iter()
                    .flat_map(|(word, times)| vec![word.clone(); *times as usize])
                    .collect();
                lengths.push(words.len() as f64);
                builder.add(&Record::new(at.to_string(), words.join(" "))).unwrap();
            }
            let n_docs = records.len();
            let average = lengths.iter().sum::<f64>() / n_docs as f64;
            let n_with = |word: &str| records.iter().filter(|r| r.contains_key(word)).count();
            let most = (n_docs / SHARE_OF_RECORDS).clamp(FEW_RECORDS, MOST_RECORDS_A_WORD);
            let vectors: Vec<Vec<(String, f64)>> = records
                .iter()
                .zip(&lengths)
                .map(|(words, length)| {
                    let telling = words.iter().filter(|(word, _)| n_with(word) <= most);
                    telling
                        .map(|(word, times)| {
                            let code = crate::format::postings::length_code(*length as u32);
                            let length = crate::format::postings::FieldPosting {
                                frequency: *times,
                                length_code: code,
                            }
                            .length();
                            let idf = log2((n_docs as f64 + 1.0) / (n_with(word) as f64 + 0.5));
                            let weight = saturate(field_frequency(4.0, *times, length, average, B));
                            (word.clone(), idf * weight)
                        })
                        .collect()
                })
                .collect();
            let cosines = cosines(&builder.inverter, &builder.schema, &builder.totals, n_docs);
            let found = cosines.neighbours(0..n_docs);
            let expected = compare_all(&vectors);
            for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
                // Sums differ in their last bits with the order of adding, so that equals may swap.
                let cosines = |ids: &mut dyn Iterator<Item = usize>| -> Vec<i64> {
                    ids.map(|id| (cosine(&vectors[at], &vectors[id]) * 1e9).round() as i64)
                        .collect()
                };
                let found = cosines(&mut found.iter().map(|doc| doc.index()));
                let expected = cosines(&mut expected.iter().copied());
                prop_assert_eq!(found.len(), expected.len(), "record {}", at);
                let is_near = |(a, b): (&i64, &i64)| a.abs_diff(*b) <= 1;
                prop_assert!(found.iter().zip(&expected).all(is_near), "record {}", at);
            }
        }
    }

    #[test]
    fn words_of_many_records_tell_nothing() {
        let mut builder = IndexBuilder::new(Schema::empty());
        for at in 0..200_u32 {
            let title = format!("common word{at} pair{}", at / 2);
            builder.add(&Record::new(at.to_string(), title)).unwrap();
        }
        let cosines = cosines(&builder.inverter, &builder.schema, &builder.totals, 200);
        let found = cosines.neighbours(0..200);
        for (at, found) in (0_u32..).zip(found) {
            assert_eq!(found, [DocId(at ^ 1)]);
        }
    }
}
