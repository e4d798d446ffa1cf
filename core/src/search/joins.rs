//! How several lists of records become one.
//!
//! One routine for all ways, as each further loop over lists costs half a kilobyte of wasm. Knows the
//! roles of lists; knows nothing of words and queries.

use crate::ids::DocId;
use crate::search::items::Role;
use crate::search::lists::List;
use crate::search::matches::Match;
use crate::search::worth::Scales;

/// Lists, each with what it does.
pub(super) type Lists<'c> = Vec<(Role, List<'c>)>;

/// The first record at one or after it that a list of the role has; one past all where there is none.
pub(super) fn first_from(lists: &mut Lists<'_>, role: Role, doc: DocId) -> DocId {
    let mut first = DocId(u32::MAX);
    for (known, list) in lists {
        if *known == role {
            first = first.min(list.first_from(doc));
        }
    }
    first
}

/// Whether all lists that a record must be in have it, and none that it must not be in.
pub(super) fn lets_pass(lists: &mut Lists<'_>, doc: DocId) -> bool {
    let mut passes = true;
    for (role, list) in lists {
        let is_here = list.first_from(doc) == doc;
        match role {
            Role::Wanted | Role::Optional => {}
            Role::Excluded => passes &= !is_here,
            Role::Required => passes &= is_here,
        }
    }
    passes
}

/// The records of lists of a role that the others let pass, with what they are worth in all of them.
pub(super) fn join(lists: &mut Lists<'_>, role: Role, scales: &Scales) -> Vec<Match> {
    let mut joined = Vec::new();
    let mut doc = DocId(0);
    loop {
        doc = first_from(lists, role, doc);
        if doc.0 == u32::MAX {
            return joined;
        }
        if lets_pass(lists, doc) {
            let mut sum: Option<Match> = None;
            for (known, list) in &mut *lists {
                if *known == role
                    && let Some(found) = list.at(doc, scales, false)
                {
                    match &mut sum {
                        Some(sum) => {
                            let nearer = sum.distance.min(found.distance);
                            sum.add(&found);
                            if role == Role::Wanted {
                                // Held in several ways: by the one that is nearest to what was typed.
                                sum.distance = nearer;
                            }
                        }
                        None => sum = Some(found),
                    }
                }
            }
            joined.extend(sum);
        }
        doc.0 += 1;
    }
}
