//! What is to be said of a query's words.
//!
//! Knows what they came to.

use speir::Notice;

use super::{Found, FoundWord, MAX_NAMED_BEGINNINGS, Role};

impl FoundWord {
    /// What may have been meant in its place.
    fn meant(&self) -> Option<Notice> {
        let suggestions = some(self.did_you_mean.iter())?;
        let word = self.word.typed.clone();
        Some(Notice::DidYouMean { word, suggestions })
    }
}

impl Found {
    pub(in super::super) fn n_clauses(&self) -> usize {
        self.clauses.len()
    }

    pub(in super::super) fn n_wanted(&self) -> usize {
        let wanted = self.clauses.iter().filter(|c| c.role == Role::Wanted);
        wanted.count()
    }

    /// What is to be said of the words, where so many hits hold each clause.
    pub(in super::super) fn notices(&self, held: &[u32]) -> Vec<Notice> {
        let mut notices: Vec<Notice> = Vec::new();
        for (found, total) in self.clauses.iter().zip(held) {
            if found.role != Role::Wanted {
                continue;
            }
            for word in &found.words {
                let typed = word.word.typed.clone();
                let notice = if let Some(searched) = some(word.slip_names.iter()) {
                    let exact = format!("\"{typed}\"");
                    Notice::Slip {
                        word: typed,
                        searched,
                        total: *total,
                        exact,
                    }
                } else if let Some(searched) = some(word.other_forms.iter()) {
                    Notice::OtherForm {
                        word: typed,
                        searched,
                    }
                } else if !word.own.is_empty() {
                    notices.extend(word.meant());
                    continue;
                } else if let Some(mut searched) = some(word.longer.iter().map(|(_, name)| name)) {
                    searched.truncate(MAX_NAMED_BEGINNINGS);
                    Notice::Prefix {
                        word: typed,
                        searched,
                    }
                } else {
                    Notice::UnknownWord { word: typed }
                };
                if !notices.contains(&notice) {
                    notices.push(notice);
                }
                notices.extend(word.meant());
            }
        }
        let optional = self.clauses.iter().filter(|c| c.role == Role::Optional);
        let optional = optional.flat_map(|found| &found.words);
        let optional: Vec<String> = optional.map(|word| word.word.typed.clone()).collect();
        if !optional.is_empty() {
            notices.push(Notice::CommonWords { words: optional });
        }
        notices
    }
}

/// A list of names, or nothing where there are none.
fn some<'n>(names: impl Iterator<Item = &'n String>) -> Option<Vec<String>> {
    let names: Vec<String> = names.cloned().collect();
    (!names.is_empty()).then_some(names)
}
