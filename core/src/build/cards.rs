//! Chooses the records that words bring along as cards: those that each word alone would show first.
//!
//! Of ten hits of a query of two or three words, seven or eight are among the ten best of one of its
//! words (measured over 10,000 package descriptions), so that cards serve such queries too. What is
//! not chosen is fetched from among the stored records, so a wrong guess costs bytes and never changes
//! an answer. Knows postings and ranking; knows no queries.

use crate::build::BuildOptions;
use crate::build::dictionary::{Lists, is_inline};
use crate::build::invert::Inverter;
use crate::build::scratch::Stored;
use crate::format::manifest::FieldTotals;
use crate::format::postings::PostingList;
use crate::ids::DocId;
use crate::rank::{self, Route};
use crate::schema::{self, Schema};

/// Longer records, once encoded, are no cards: a block of stored records costs little more than one
/// of them.
const MAX_CARD_BYTES: usize = 3 << 10;

/// Chooses for each class the records that it brings along; none for most classes.
pub(super) fn choose(
    lists: &mut Lists,
    inverter: &Inverter,
    schema: &Schema,
    totals: &[FieldTotals],
    stored: &Stored,
    options: &BuildOptions,
) {
    let scales = Scales::new(schema, totals);
    let percent = options.cards_percent as u64;
    let mut left = usize::try_from(stored.len_bytes() / 100 * percent).unwrap_or(usize::MAX);
    for class in by_likelihood(inverter) {
        let list = lists.postings.get(class as usize);
        // A list that was encoded a moment ago decodes.
        let Some(Ok(list)) = list.map(|bytes| PostingList::decode(bytes, u32::MAX)) else {
            continue;
        };
        let mut best = scales.best(&list, options.cards);
        best.retain(|doc| stored.len_of(*doc) <= MAX_CARD_BYTES);
        best.sort_unstable();
        let size: usize = best.iter().map(|doc| stored.len_of(*doc)).sum();
        if size > left {
            break;
        }
        left -= size;
        if let Some(cards) = lists.cards.get_mut(class as usize) {
            *cards = best;
        }
    }
}

/// Classes whose postings do not stand in the dictionary, those that are most likely to be asked for
/// first: readers ask in the words of records. Words such as `the` are asked for beside others.
fn by_likelihood(inverter: &Inverter) -> Vec<u32> {
    let mut is_function = vec![false; inverter.classes.len()];
    for surface in &inverter.surfaces {
        if let Some(flag) = is_function.get_mut(surface.class as usize) {
            *flag |= surface.is_function;
        }
    }
    let mut classes: Vec<(core::cmp::Reverse<u32>, u32)> = (0_u32..)
        .zip(&inverter.classes)
        .zip(is_function)
        .filter(|((_, class), is_function)| !is_function && !is_inline(class))
        .map(|((id, class), _)| (core::cmp::Reverse(class.n_docs()), id))
        .collect();
    classes.sort_unstable();
    classes.into_iter().map(|(_, id)| id).collect()
}

/// How words count in each searched field: its weight, average length, and how much length counts.
struct Scales {
    fields: Vec<(f64, f64, f64)>,
    title: usize,
}

impl Scales {
    fn new(schema: &Schema, totals: &[FieldTotals]) -> Scales {
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

    /// The records that a search for the class's commonest form shows first, best first.
    fn best(&self, list: &PostingList, most: usize) -> Vec<DocId> {
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
            let route = if posting.forms >> form & 1 == 1 {
                Route::AsWritten
            } else {
                Route::SameStem
            };
            let weight = route.weight();
            let score =
                weight * rank::saturate(weighted) + rank::title_bonus(weight, 1.0, 1, title_words);
            found.push((score, posting.doc));
        }
        found.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.truncate(most);
        found.into_iter().map(|(_, doc)| doc).collect()
    }
}
