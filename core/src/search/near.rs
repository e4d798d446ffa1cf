//! Where words stand in a record: phrases, and how near each other words of the query are.
//!
//! A place is one number, the field above the word's position in it: words next to each other are
//! one apart, and words of two fields are too far apart for anything. Knows positions and the order of
//! the query's words; knows nothing of postings' worth.

use crate::ids::DocId;
use crate::query::tree::ClauseKind;
use crate::rank::{self, Nearness};
use crate::search::items::Role;
use crate::search::load::{LoadedTerm, LoadedWord};
use crate::search::lookup::Via;
use crate::search::matches::Match;
use crate::search::matching::Clauses;
use crate::sort::sort_by_key;

/// Bits between two fields in a place: eight more than a position takes, so that no two words of
/// different fields are within reach of each other.
const FIELD_SHIFT: usize = 40;

/// The places where a word stands in a record, in order: by all of its terms, or by its own alone.
fn places(word: &LoadedWord, is_own_only: bool, fields: u64, doc: DocId) -> Vec<u64> {
    let mut places = Vec::new();
    for term in &word.terms {
        if term.found.via == Via::Word || !is_own_only {
            add_places(term, fields, doc, &mut places);
        }
    }
    sort_by_key(&mut places, |place| *place);
    places
}

fn add_places(term: &LoadedTerm, fields: u64, doc: DocId, places: &mut Vec<u64>) {
    let (Some(posting), Some(positions)) = (term.posting_of(doc), &term.positions) else {
        return;
    };
    for (nth, (bit, _)) in term.list.fields_of(posting).enumerate() {
        if fields >> bit & 1 == 1 {
            for position in positions.of(posting.first_field as usize + nth) {
                places.push((bit as u64) << FIELD_SHIFT | u64::from(*position));
            }
        }
    }
}

/// Whether the words stand side by side, in order, in one field of a record.
pub(super) fn holds_phrase(words: &[LoadedWord], fields: u64, doc: DocId) -> bool {
    let mut ends: Vec<u64> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let next = places(word, false, fields, doc);
        if at == 0 {
            ends = next;
            continue;
        }
        let mut longer = Vec::new();
        for end in ends {
            if next.binary_search(&(end + 1)).is_ok() {
                longer.push(end + 1);
            }
        }
        ends = longer;
    }
    !ends.is_empty()
}

/// What it is worth that neighbouring words of the query stand near each other. `row` is what the
/// record holds of each item. Without a look at where words stand, the most that it can be.
pub(super) fn bonus(clauses: &Clauses<'_>, doc: DocId, row: &[Option<Match>], looks: bool) -> f64 {
    let mut bonus = 0.0;
    // The word before: the place of its item, its weight, and where it stands; nowhere if there is
    // none.
    let (mut at_before, mut idf_before, mut before) = (0, 0.0, Vec::new());
    for (at, (item, cell)) in clauses.items.iter().zip(row).enumerate() {
        if item.role == Role::Optional {
            continue;
        }
        let (mut idf, mut places_here) = (0.0, Vec::new());
        if item.role == Role::Wanted
            && cell.is_some()
            && let Some(clause) = clauses.clause_of(item)
            && clause.kind == ClauseKind::Word
            && let Some(word) = clause.words.first()
        {
            idf = word.idf;
            if looks {
                places_here = places(word, true, clause.fields, doc);
            }
        }
        let mut nearest = Some(Nearness::InOrder);
        if looks {
            // Words left out between them may stand between them in the record too.
            let reach = (at - at_before) as u64;
            nearest = nearness(&before, &places_here, reach);
        }
        if let Some(nearness) = nearest {
            // By hand: the standard library's `min`, which minds NaN, is a function of its own.
            let lower = if idf_before < idf { idf_before } else { idf };
            bonus += rank::near_bonus(lower, nearness);
        }
        (at_before, idf_before, before) = (at, idf, places_here);
    }
    bonus
}

/// How near two words stand that are so many words apart in the query, where they are nearest. Both
/// in order of places.
fn nearness(first: &[u64], second: &[u64], reach: u64) -> Option<Nearness> {
    let mut best = None;
    for place in first {
        let after = second.partition_point(|other| other <= place);
        if second.get(after).is_some_and(|next| next - place <= reach) {
            return Some(Nearness::InOrder);
        }
        let before = after.checked_sub(1).and_then(|at| second.get(at));
        if before.is_some_and(|before| place - before == 1) {
            best = Some(Nearness::Reversed);
        }
    }
    best
}
