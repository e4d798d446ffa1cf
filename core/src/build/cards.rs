//! Chooses the records that words bring along as cards: those that each word alone would show first,
//! as far as the bytes go that cards may take.
//!
//! Of ten hits of a query of two or three words, seven or eight are among the ten best of one of its
//! words (measured over 10,000 package descriptions), so that cards serve such queries too. What is
//! not chosen is fetched from among the stored records, so a wrong guess costs bytes and never changes
//! an answer. Knows postings and ranking; knows no queries.

use crate::build::BuildOptions;
use crate::build::dictionary::Lists;
use crate::build::invert::{Inverter, Surface};
use crate::build::workers::{self, Workers};
use crate::format::manifest::FieldTotals;
use crate::format::postings::{Posting, PostingList};
use crate::format::terms::PHRASE_GAP;
use crate::ids::DocId;
use crate::rank::{self, Route};
use crate::schema::{self, Schema};

/// Longer records, once encoded, are no cards: a block of stored records costs little more than one
/// of them.
const MAX_CARD_BYTES: u32 = 3 << 10;

/// What all cards may take beyond as much as all stored records take, in bytes: of 10,000 records they
/// are twice as many then, and twice that would save one request of sixteen.
const MAX_MORE_BYTES: u64 = 5_000_000;

/// Of a hundred bytes, those that are left for the beginnings of words (see `beginnings`).
const BEGINNINGS_PERCENT: u64 = 15;

/// Words of at most so many letters are asked for by themselves on the way to longer ones.
const MAX_TYPED_LETTERS: usize = 6;

/// Classes whose best records are one piece of work.
const CLASSES_A_PIECE: usize = 1 << 8;

/// The bytes that all cards may take: those of words, and those of beginnings.
pub(super) fn budgets(stored: u64, options: &BuildOptions) -> (u64, u64) {
    let most = stored / 100 * options.cards_percent as u64;
    let all = most.min(stored + MAX_MORE_BYTES);
    let of_beginnings = all / 100 * BEGINNINGS_PERCENT;
    (all - of_beginnings, of_beginnings)
}

/// A record that may be a card.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    /// How often a request is saved by it, beside others.
    pub(super) demand: u64,
    pub(super) len: u32,
}

impl Candidate {
    /// A card of the record of this length, if it is none that is too long.
    pub(super) fn new(demand: u64, len: u32) -> Option<Candidate> {
        (demand > 0 && len <= MAX_CARD_BYTES).then_some(Candidate { demand, len })
    }

    /// What it is worth for its bytes.
    fn worth(self) -> u64 {
        // In whole numbers, so that it is the same on every machine.
        (self.demand << 16) / u64::from(self.len.max(1))
    }
}

/// The least worth of cards that all have room together, with those that are worth as much.
pub(super) struct Threshold(u64);

impl Threshold {
    pub(super) fn of(candidates: impl Iterator<Item = Candidate>, budget: u64) -> Threshold {
        let mut all: Vec<(u64, u32)> = candidates.map(|card| (card.worth(), card.len)).collect();
        all.sort_unstable_by(|one, other| other.cmp(one));
        let (mut least, mut bytes) = (u64::MAX, 0);
        for of_worth in all.chunk_by(|one, other| one.0 == other.0) {
            bytes += of_worth.iter().map(|card| u64::from(card.1)).sum::<u64>();
            if bytes > budget {
                break;
            }
            least = of_worth.first().map_or(least, |card| card.0);
        }
        Threshold(least)
    }

    pub(super) fn lets_pass(&self, card: Candidate) -> bool {
        card.worth() >= self.0
    }
}

/// Chooses for each class the records that it brings along; none for most classes.
pub(super) fn choose(
    lists: &mut Lists,
    inverter: &Inverter,
    scales: &Scales,
    lens: &[u32],
    budget: u64,
    options: &BuildOptions,
    workers: &dyn Workers,
) {
    let demands = demands(inverter);
    let pieces: Vec<&[Vec<u8>]> = lists.postings.chunks(CLASSES_A_PIECE).collect();
    let best = workers::map(workers, pieces.len(), |at| {
        let of_piece = pieces.get(at).copied().unwrap_or_default().iter();
        let best = of_piece.map(|bytes| match PostingList::decode(bytes, u32::MAX) {
            Ok(list) => scales.best(&list, options.cards),
            // A list that was encoded a moment ago decodes.
            Err(_) => Vec::new(),
        });
        best.collect::<Vec<_>>()
    });
    let mut best: Vec<Vec<DocId>> = best.into_iter().flatten().collect();
    let card = |demand: u64, doc: DocId| {
        Candidate::new(demand, lens.get(doc.index()).copied().unwrap_or(u32::MAX))
    };
    let all = best.iter().zip(&demands);
    let all = all.flat_map(|(docs, demand)| docs.iter().filter_map(|doc| card(*demand, *doc)));
    let threshold = Threshold::of(all, budget);
    for (docs, demand) in best.iter_mut().zip(&demands) {
        docs.retain(|doc| card(*demand, *doc).is_some_and(|card| threshold.lets_pass(card)));
        docs.sort_unstable();
        docs.shrink_to_fit();
    }
    lists.cards = best;
}

/// How often each class is asked for, by how many records hold it: readers ask in the words of records.
/// A short word is also asked for while longer ones are typed. Words such as `the` are asked for beside
/// others, so that only the latter counts.
fn demands(inverter: &Inverter) -> Vec<u64> {
    let mut words: Vec<&Surface> = inverter.surfaces.iter().collect();
    words.retain(|word| word.ordinal.is_some() && !word.folded.contains(PHRASE_GAP));
    words.sort_unstable_by_key(|word| (word.folded.as_str(), word.class));
    let n_docs = |class: u32| {
        inverter
            .classes
            .get(class as usize)
            .map_or(0, |c| u64::from(c.n_docs()))
    };
    // How many records hold the classes of all words before a place; each class at its first word.
    let mut is_counted = vec![false; inverter.classes.len()];
    let mut before = Vec::with_capacity(words.len() + 1);
    let mut sum = 0;
    before.push(0);
    for word in &words {
        if let Some(counted) = is_counted
            .get_mut(word.class as usize)
            .filter(|known| !**known)
        {
            *counted = true;
            sum += n_docs(word.class);
        }
        before.push(sum);
    }
    let mut demands: Vec<u64> = (0..).map(n_docs).take(inverter.classes.len()).collect();
    for word in &words {
        if word.is_function
            && let Some(demand) = demands.get_mut(word.class as usize)
        {
            *demand = 0;
        }
    }
    for (at, word) in words.iter().enumerate() {
        if word.folded.chars().count() > MAX_TYPED_LETTERS {
            continue;
        }
        let longer = words.get(at + 1..).unwrap_or_default();
        let n_longer = longer.partition_point(|other| other.folded.starts_with(&word.folded));
        let sum = |at: usize| before.get(at).copied().unwrap_or(0);
        if let Some(demand) = demands.get_mut(word.class as usize) {
            *demand += sum(at + 1 + n_longer) - sum(at + 1);
        }
    }
    demands
}

/// How words count in each searched field: its weight, average length, and how much length counts.
pub(super) struct Scales {
    fields: Vec<(f64, f64, f64)>,
    title: usize,
}

impl Scales {
    pub(super) fn new(schema: &Schema, totals: &[FieldTotals]) -> Scales {
        let mut scales = Scales {
            fields: Vec::new(),
            title: usize::MAX,
        };
        for ((_, field), totals) in schema.searched().zip(totals) {
            let average = totals.average_words();
            let mut b = rank::B;
            if field.name == schema::TITLE {
                b = rank::B_TITLE;
                scales.title = scales.fields.len();
            }
            scales
                .fields
                .push((f64::from(field.weight.unwrap_or(0.0)), average, b));
        }
        scales
    }

    /// What a word is worth in a record, where it is all that is asked for; `whole` is the weight of
    /// the query.
    pub(super) fn score(
        &self,
        list: &PostingList,
        posting: &Posting,
        weight: f64,
        whole: f64,
    ) -> f64 {
        let (mut weighted, mut title_words) = (0.0, 0);
        for (bit, field) in list.fields_of(posting) {
            let Some((weight, average, b)) = self.fields.get(bit) else {
                continue;
            };
            if bit == self.title {
                title_words = field.length();
            }
            weighted +=
                rank::field_frequency(*weight, field.frequency, field.length(), *average, *b);
        }
        weight * rank::saturate(weighted) + rank::title_bonus(weight, whole, 1, title_words)
    }

    /// The records that a search for the class's commonest form shows first, best first.
    pub(super) fn best(&self, list: &PostingList, most: usize) -> Vec<DocId> {
        let mut n_with = [0_u32; u32::BITS as usize];
        for posting in &list.postings {
            for (form, count) in (0..).zip(&mut n_with) {
                *count += posting.forms >> form & 1;
            }
        }
        let commonest = (0_u32..)
            .zip(n_with)
            .max_by_key(|(form, count)| (*count, core::cmp::Reverse(*form)));
        let form = commonest.map_or(0, |(form, _)| form);
        let mut found: Vec<(f64, DocId)> = Vec::with_capacity(list.postings.len());
        for posting in &list.postings {
            let route = if posting.forms >> form & 1 == 1 {
                Route::AsWritten
            } else {
                Route::SameStem
            };
            found.push((self.score(list, posting, route.weight(), 1.0), posting.doc));
        }
        found.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.truncate(most);
        found.into_iter().map(|(_, doc)| doc).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_that_are_worth_most_for_their_bytes_come_first_and_those_worth_as_much_together() {
        let check = |budget, expected: &[u32]| {
            let cards = [(40, 100), (40, 10), (9, 30), (4, 10), (4, 10), (0, 1)];
            let cards = cards.map(|(demand, len)| Candidate::new(demand, len));
            let all = cards.iter().flatten();
            let threshold = Threshold::of(all.clone().copied(), budget);
            let chosen = all.filter(|card| threshold.lets_pass(**card));
            let lens: Vec<u32> = chosen.map(|card| card.len).collect();
            assert_eq!(lens, expected, "{budget}");
        };
        check(0, &[]);
        check(10, &[10]);
        check(129, &[10]);
        check(130, &[100, 10, 10, 10]);
        check(159, &[100, 10, 10, 10]);
        check(1000, &[100, 10, 30, 10, 10]);
    }

    #[test]
    fn a_record_that_is_long_or_never_asked_for_is_no_card() {
        assert!(Candidate::new(1, MAX_CARD_BYTES).is_some());
        assert!(Candidate::new(1, MAX_CARD_BYTES + 1).is_none());
        assert!(Candidate::new(0, 1).is_none());
    }

    #[test]
    fn cards_take_hundredths_of_stored_records_and_in_a_large_index_less() {
        let options = BuildOptions::default();
        assert_eq!(budgets(1_000_000, &options), (4_250_000, 750_000));
        assert_eq!(budgets(20_000_000, &options), (21_250_000, 3_750_000));
    }
}
