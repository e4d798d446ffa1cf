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
use crate::table::{Table, hash as hash_bytes};
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

/// The records most like one, best first.
#[derive(Clone, Copy, Default)]
pub(super) struct Nearest {
    docs: [DocId; MAX_NEIGHBOURS],
    n_docs: u8,
}

impl Nearest {
    fn new(docs: impl Iterator<Item = DocId>) -> Nearest {
        let mut nearest = Nearest::default();
        for (place, doc) in nearest.docs.iter_mut().zip(docs) {
            *place = doc;
            nearest.n_docs += 1;
        }
        nearest
    }

    fn docs(&self) -> &[DocId] {
        self.docs.get(..self.n_docs.into()).unwrap_or_default()
    }
}

/// One word of a record.
#[derive(Clone, Copy)]
struct Telling {
    /// Its number among the words that records share.
    word: u32,
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
) -> Vec<Nearest> {
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
    // A word of one record makes it like no other, but less like any.
    let is_shared = |n_with: usize| n_with > 1;
    let n_shared = inverter.classes.iter().map(|class| class.n_docs() as usize);
    let n_shared = n_shared.filter(|n_with| is_shared(*n_with) && *n_with <= most);

    let mut cosines = Cosines {
        holders: Vec::with_capacity(n_shared.sum()),
        words: Vec::new(),
        strengths: Vec::new(),
        squares: vec![0.0; n_docs],
    };
    let mut table = Table::default();
    for class in &inverter.classes {
        let n_with = class.n_docs() as usize;
        if n_with > most {
            continue;
        }
        let idf = log2((n_docs as f64 + 1.0) / (n_with as f64 + 0.5));
        let start = cosines.holders.len() as u32;
        class.gathered.each_without_positions(|entry| {
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
            let strength = saturate(weighted);
            let weight = idf * strength;
            if let Some(sum) = cosines.squares.get_mut(entry.doc.index()) {
                *sum += weight * weight;
            }
            if is_shared(n_with) {
                let strength = number_of(strength, &mut cosines.strengths, &mut table);
                cosines.holders.push((entry.doc, strength));
            }
        });
        if is_shared(n_with) {
            let end = cosines.holders.len() as u32;
            cosines.words.push(Shared { idf, start, end });
        }
    }
    cosines
}

/// The number of a strength among those that are there, where it is added if it is new.
fn number_of(strength: f64, strengths: &mut Vec<f64>, table: &mut Table) -> u32 {
    let bits = strength.to_bits();
    let hash = hash_bytes(&bits.to_le_bytes());
    let is_it = |at: u32| {
        let known = strengths.get(at as usize);
        known.is_some_and(|known| known.to_bits() == bits)
    };
    table.find(hash, is_it).unwrap_or_else(|| {
        let number = strengths.len() as u32;
        strengths.push(strength);
        table.insert(hash, number);
        number
    })
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
    words.truncate(MAX_TELLING - 1);
    words.insert(at, new);
}

/// A class of words that several records hold, and not too many.
struct Shared {
    idf: f64,
    /// Its records among all holders.
    start: u32,
    end: u32,
}

/// What it takes to find the neighbours of any record, each by itself: 8 bytes for each word of each
/// record that tells anything.
pub(super) struct Cosines {
    words: Vec<Shared>,
    /// By word its records in order, each with the number of the word's strength in it.
    holders: Vec<(DocId, u32)>,
    /// Different strengths. A word's weight in a record is its strength there times the word's own
    /// weight: few words differ in strength, as frequencies and lengths are small numbers.
    strengths: Vec<f64>,
    squares: Vec<f64>,
}

impl Cosines {
    /// For each of some records, those most like it, best first.
    pub(super) fn neighbours(&self, docs: Range<usize>) -> Vec<Nearest> {
        let mut products = vec![0.0; self.squares.len()];
        let telling = self.telling(docs.clone());
        let each = docs.zip(&telling);
        each.map(|(at, words)| self.nearest(at, words, &mut products))
            .collect()
    }

    /// The most telling words of each of some records, in the order of their weights.
    fn telling(&self, docs: Range<usize>) -> Vec<Vec<Telling>> {
        let mut telling: Vec<Vec<Telling>> = vec![Vec::new(); docs.len()];
        for (at, word) in (0_u32..).zip(&self.words) {
            let holders = self.holders_of(word);
            let first = holders.partition_point(|(doc, _)| doc.index() < docs.start);
            let within = holders.get(first..).unwrap_or_default().iter();
            for (doc, strength) in within.take_while(|(doc, _)| doc.index() < docs.end) {
                let weight = word.idf * self.strength(*strength);
                if let Some(words) = telling.get_mut(doc.index() - docs.start) {
                    keep_most_telling(words, Telling { word: at, weight });
                }
            }
        }
        telling
    }

    fn holders_of(&self, word: &Shared) -> &[(DocId, u32)] {
        let span = word.start as usize..word.end as usize;
        self.holders.get(span).unwrap_or_default()
    }

    fn strength(&self, number: u32) -> f64 {
        self.strengths.get(number as usize).copied().unwrap_or(0.0)
    }

    /// `products` is 0 for all records between two calls.
    fn nearest(&self, at: usize, words: &[Telling], products: &mut [f64]) -> Nearest {
        let mut touched: Vec<DocId> = Vec::new();
        for Telling { word, weight: own } in words {
            let Some(word) = self.words.get(*word as usize) else {
                continue;
            };
            for (doc, strength) in self.holders_of(word) {
                let Some(product) = products.get_mut(doc.index()) else {
                    continue;
                };
                if *product == 0.0 {
                    touched.push(*doc);
                }
                *product += own * (word.idf * self.strength(*strength));
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
        Nearest::new(found.into_iter().map(|(_, doc)| doc))
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
    neighbours: &[Nearest],
    numbers: &Numbers,
    block_bytes: usize,
    published: &[u32],
) -> Vec<(u32, Vec<u8>)> {
    /// What an entry takes: hash, number, count and neighbours.
    const ENTRY_BYTES: usize = 7;
    const NEIGHBOUR_BYTES: usize = 2;

    let added = ids.iter().zip((0..).map(DocId));
    let mut order: Vec<(u32, DocId, DocId)> = added
        .map(|(id, added)| (hash(id), numbers.of(added), added))
        .collect();
    order.sort_unstable();
    let mut blocks = Vec::new();
    let mut held: Vec<Entry> = Vec::new();
    let size_of = |n_neighbours: usize| ENTRY_BYTES + NEIGHBOUR_BYTES * n_neighbours;
    let sizes = neighbours
        .iter()
        .map(|nearest| size_of(nearest.docs().len()));
    let all_bytes: usize = sizes.sum();
    let is_kept = are_about(published.len(), all_bytes / block_bytes.max(1));
    let mut begins = Beginnings::new(if is_kept { published } else { &[] });
    let (mut size, mut first_hash) = (0, 0);
    let mut flush = |held: &mut Vec<Entry>, first| {
        if !held.is_empty() {
            blocks.push((first, encode_block(held)));
            held.clear();
        }
    };
    for (hash, doc, added) in order {
        let nearest = neighbours.get(added.index()).map_or(&[][..], Nearest::docs);
        let entry = Entry {
            hash,
            doc,
            neighbours: nearest.iter().map(|doc| numbers.of(*doc)).collect(),
        };
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
        size += size_of(entry.neighbours.len());
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
                let found = cosines(&mut found.docs().iter().map(|doc| doc.index()));
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
            assert_eq!(found.docs(), [DocId(at ^ 1)]);
        }
    }
}
