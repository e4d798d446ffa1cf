//! What has been read of a query so far: the groups still open, and the tree that grows.
//!
//! Keeps the tree bounded, each thing in it once, and no list within a list of its kind.
//! Knows nodes, clauses and filters; knows nothing of how they were typed.

use core::mem;

use crate::ids::FieldId;
use crate::query::Filter;
use crate::query::tree::{Clause, ClauseKind, Node, Parsed, Word};

/// Most words and phrases that are searched, and most filters; what comes after is left out, and
/// said so.
pub(crate) const MAX_CLAUSES: usize = 48;

/// Most words of one phrase; a longer one is cut.
pub(crate) const MAX_PHRASE_WORDS: usize = 32;

/// Most nodes of all lists of a tree, the first of each not counted: groups may name the same clauses
/// again and again, eight times for each.
const MAX_NODES: usize = 8 * MAX_CLAUSES;

/// Most pieces taken as words that are named: a reader needs one to see what was meant.
const MAX_AS_WORDS: usize = 5;

/// Bytes of the text, from and to.
pub(super) type Piece = (usize, usize);

/// A group that is being read, or the whole query.
#[derive(Default)]
pub(super) struct Group {
    pub(super) items: Vec<Node>,
    /// The field named before its bracket, or before that of a group around it.
    pub(super) field: Option<FieldId>,
    /// Whether a minus stands before its bracket.
    is_not: bool,
    /// Whether it stands within an exclusion.
    pub(super) is_excluded: bool,
    /// An operator that waits for what stands after it, and whether it is `OR`.
    pub(super) operator: Option<(Piece, bool)>,
    /// A `NOT` that waits for what it leaves out.
    pub(super) not: Option<Piece>,
}

/// A tree that grows.
#[derive(Default)]
pub(super) struct Growing {
    parsed: Parsed,
    /// The group that is being read.
    pub(super) group: Group,
    /// The groups around it, outermost first.
    outer: Vec<Group>,
    n_nodes: usize,
}

impl Growing {
    /// Begins a group within the one that is being read.
    pub(super) fn open_group(&mut self, field: Option<FieldId>, is_not: bool) {
        self.group.not = None;
        let inner = Group {
            field,
            is_not,
            is_excluded: is_not || self.group.is_excluded,
            ..Group::default()
        };
        self.outer.push(mem::replace(&mut self.group, inner));
    }

    /// Ends the innermost group, and adds it to the one around it.
    pub(super) fn close_group(&mut self) {
        if let Some(outer) = self.outer.pop() {
            let inner = mem::replace(&mut self.group, outer);
            let node = self.all(inner.items);
            self.add(node, inner.is_not);
        }
    }

    /// The tree.
    pub(super) fn finish(mut self, is_cut: bool) -> Parsed {
        let items = mem::take(&mut self.group.items);
        self.parsed.items = self.each_once(items);
        self.parsed.is_cut |= is_cut;
        self.parsed
    }

    /// Names a piece that was taken as words.
    pub(super) fn note(&mut self, typed: &str) {
        let notes = &mut self.parsed.as_words;
        if notes.len() < MAX_AS_WORDS && !notes.iter().any(|known| known == typed) {
            notes.push(typed.to_owned());
        }
    }

    /// The clause of these words, side by side: a new one, or the one that is there already.
    pub(super) fn clause(
        &mut self,
        mut words: Vec<Word>,
        is_quoted: bool,
        field: Option<FieldId>,
        is_excluded: bool,
    ) -> Option<Node> {
        self.parsed.is_cut |= words.len() > MAX_PHRASE_WORDS;
        words.truncate(MAX_PHRASE_WORDS);
        let is_unfinished = words.last()?.is_unfinished;
        let kind = match words.len() {
            1 if is_quoted => ClauseKind::Exact,
            1 => ClauseKind::Word,
            _ => ClauseKind::Phrase,
        };
        let clause = Clause {
            words,
            kind,
            n_times: 1,
            field,
            is_excluded,
            is_glued: false,
        };
        let clauses = &mut self.parsed.clauses;
        if let Some(place) = clauses.iter().position(|known| known.is_same(&clause)) {
            if let Some(known) = clauses.get_mut(place) {
                known.n_times = known.n_times.saturating_add(1);
                if let Some(last) = known.words.last_mut() {
                    last.is_unfinished |= is_unfinished;
                }
            }
            return Some(Node::Clause(place));
        }
        if clauses.len() == MAX_CLAUSES {
            return self.cut();
        }
        clauses.push(clause);
        Some(Node::Clause(clauses.len() - 1))
    }

    /// Says that a clause was typed onto the one before it.
    pub(super) fn glue(&mut self, place: usize) {
        if let Some(clause) = self.parsed.clauses.get_mut(place) {
            clause.is_glued = true;
        }
    }

    /// The filter: a new one, or the one that is there already.
    pub(super) fn filter(&mut self, filter: Filter) -> Option<Node> {
        let filters = &mut self.parsed.filters;
        if let Some(place) = filters.iter().position(|known| *known == filter) {
            return Some(Node::Filter(place));
        }
        if filters.len() == MAX_CLAUSES {
            return self.cut();
        }
        filters.push(filter);
        Some(Node::Filter(filters.len() - 1))
    }

    /// Leaves something out for want of room. An operator must not take what comes after for it.
    fn cut(&mut self) -> Option<Node> {
        self.parsed.is_cut = true;
        self.group.operator = None;
        self.group.not = None;
        None
    }

    /// Adds what was read to the group: beside what stands there, or after `OR` as another of it.
    pub(super) fn add(&mut self, node: Option<Node>, is_not: bool) {
        let Some(mut node) = node else {
            return;
        };
        if is_not {
            node = Node::Not(Box::new(node));
        }
        self.group.not = None;
        if let Some((_, true)) = self.group.operator.take()
            && let Some(before) = self.group.items.pop()
        {
            let mut any = Vec::new();
            self.gather(&mut any, before, true);
            self.gather(&mut any, node, true);
            self.group.items.extend(one_or(any, Node::Any));
        } else {
            self.group.items.push(node);
        }
    }

    /// Each of these, as one node.
    pub(super) fn all(&mut self, nodes: Vec<Node>) -> Option<Node> {
        one_or(self.each_once(nodes), Node::All)
    }

    /// The nodes of a group, those of groups within it beside the others, each once.
    fn each_once(&mut self, nodes: Vec<Node>) -> Vec<Node> {
        let mut list = Vec::new();
        for node in nodes {
            self.gather(&mut list, node, false);
        }
        list
    }

    /// Adds a node to a list of alternatives, or of what must all be; or its nodes, if it is such a
    /// list itself.
    fn gather(&mut self, list: &mut Vec<Node>, node: Node, is_any: bool) {
        let nodes = match node {
            Node::Any(nodes) if is_any => nodes,
            Node::All(nodes) if !is_any => nodes,
            node => {
                if !list.contains(&node) {
                    if self.n_nodes < MAX_NODES {
                        // A node alone makes no list, however often it was typed.
                        self.n_nodes += usize::from(!list.is_empty());
                        list.push(node);
                    } else {
                        self.parsed.is_cut = true;
                    }
                }
                return;
            }
        };
        if list.is_empty() {
            *list = nodes;
            return;
        }
        for node in nodes {
            if !list.contains(&node) {
                list.push(node);
            }
        }
    }
}

/// The only node of a list, or the list.
fn one_or(mut nodes: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Option<Node> {
    match nodes.len() {
        0 | 1 => nodes.pop(),
        _ => Some(many(nodes)),
    }
}
