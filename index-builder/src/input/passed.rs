//! What a source has that becomes no record, counted by reason and told in a note.
//!
//! Knows how such a note is worded. What is passed over and why, each importer decides.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::Note;
use crate::problem::shorten;

/// Most reasons that are told apart: they may hold words of the file, which may hold any.
const MOST_REASONS: usize = 20;

/// Longest reason in characters.
const REASON_CHARS: usize = 60;

/// What was passed over, and why. Several threads may count at once.
#[derive(Debug, Default)]
pub(super) struct PassedOver(Mutex<BTreeMap<String, usize>>);

impl PassedOver {
    /// Counts one more; the reason reads on after a number: `with status draft`.
    pub(super) fn add(&self, reason: &str) {
        // What a thread that panicked has counted is counted.
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut reason = shorten(reason, REASON_CHARS);
        if counts.len() >= MOST_REASONS && !counts.contains_key(&reason) {
            reason = "for other reasons".to_owned();
        }
        *counts.entry(reason).or_default() += 1;
    }

    /// How many were passed over.
    pub(super) fn n(&self) -> usize {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.values().sum()
    }

    /// The reasons in words; none if nothing was passed over.
    pub(super) fn reasons(&self) -> Option<String> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let reasons = counts.iter().map(|(why, n)| format!("{n} {why}"));
        let reasons = reasons.collect::<Vec<_>>().join(", ");
        (!reasons.is_empty()).then_some(reasons)
    }

    /// The note about a file or folder; `what` is what was passed over: `items`.
    pub(super) fn note(&self, what: &str, path: &Path) -> Option<Note> {
        let reasons = self.reasons()?;
        Some(Note {
            kind: "items-passed-over",
            message: format!(
                "{what} of {} that were passed over: {reasons}",
                path.display()
            ),
            items: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_counted_in_a_steady_order_and_never_without_end() {
        let passed = PassedOver::default();
        assert!(passed.note("items", Path::new("a.xml")).is_none());
        for reason in ["with status draft", "of type menu", "with status draft"] {
            passed.add(reason);
        }
        let note = passed.note("items", Path::new("a.xml")).unwrap();
        assert_eq!(
            note.message,
            "items of a.xml that were passed over: 1 of type menu, 2 with status draft"
        );
        for n in 0..1000 {
            passed.add(&format!("of type {n}"));
        }
        let reasons = passed.reasons().unwrap();
        assert!(reasons.contains("982 for other reasons"), "{reasons}");
    }
}
