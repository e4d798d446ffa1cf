//! Which words are marked in the texts of hits.
//!
//! Knows the query's parts with their postings; knows no texts.

use crate::query::tree::Node;
use crate::search::items::Role;
use crate::search::load::LoadedWord;
use crate::search::matching::Clauses;

impl Clauses<'_> {
    /// The words to mark in texts: the key of each form, with the number of the part it is for.
    pub(super) fn marked_words(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut marked = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            if item.role == Role::Wanted {
                self.mark(at, &item.node, &mut marked);
            }
        }
        for together in &self.together {
            mark_word(together.first, &together.word, &mut marked);
        }
        marked.into_iter()
    }

    /// Adds the words of a part of the query, those to be left out not counted.
    fn mark<'c>(&'c self, item: usize, node: &Node, marked: &mut Vec<(usize, &'c str)>) {
        match node {
            Node::Clause(at) => {
                let Some(clause) = self.clauses.get(*at) else {
                    return;
                };
                for word in &clause.words {
                    mark_word(item, word, marked);
                }
                for word in &clause.split {
                    mark_word(item, word, marked);
                }
            }
            Node::All(nodes) | Node::Any(nodes) => {
                for node in nodes {
                    self.mark(item, node, marked);
                }
            }
            Node::Filter(_) | Node::Not(_) => {}
        }
    }
}

fn mark_word<'c>(item: usize, word: &'c LoadedWord, marked: &mut Vec<(usize, &'c str)>) {
    for term in &word.terms {
        for key in &term.surfaces {
            marked.push((item, key));
        }
    }
}
