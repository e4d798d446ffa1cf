//! Pieces of work that do not know of one another, and who does them.
//!
//! The core has no threads: whoever has some does the pieces on all of them, in any order, and the
//! outcomes are put together in the order of the pieces. Knows nothing of what the work is.

use std::sync::Mutex;

/// Who does pieces of work.
pub trait Workers: Sync {
    /// Calls `work` once with each number below `n_pieces`, in any order, from as many threads as there
    /// are, and returns when all are done.
    fn run(&self, n_pieces: usize, work: &(dyn Fn(usize) + Sync));
}

/// Does one piece after the other.
#[derive(Clone, Copy, Debug, Default)]
pub struct OneByOne;

impl Workers for OneByOne {
    fn run(&self, n_pieces: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..n_pieces).for_each(work);
    }
}

/// The outcomes of pieces of work, in their order. A piece that the workers forgot is done here.
pub(super) fn map<T: Send>(
    workers: &dyn Workers,
    n_pieces: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let outcomes: Vec<Mutex<Option<T>>> = (0..n_pieces).map(|_| Mutex::new(None)).collect();
    workers.run(n_pieces, &|at| {
        let outcome = work(at);
        if let Some(Ok(mut place)) = outcomes.get(at).map(Mutex::lock) {
            *place = Some(outcome);
        }
    });
    let outcomes = outcomes.into_iter().enumerate();
    outcomes
        .map(|(at, outcome)| {
            let done = outcome.into_inner().ok().flatten();
            done.unwrap_or_else(|| work(at))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{IndexBuilder, Record, Schema};
    use std::borrow::Cow;

    /// Does every second piece, the last first.
    struct Careless;

    impl Workers for Careless {
        fn run(&self, n_pieces: usize, work: &(dyn Fn(usize) + Sync)) {
            (0..n_pieces).rev().step_by(2).for_each(work);
        }
    }

    #[test]
    fn an_index_is_the_same_whoever_does_the_work() {
        let build = || {
            let mut builder = IndexBuilder::new(Schema::default());
            let reader = builder.reader();
            let records = (0..400_u32).map(|n| {
                let words = format!("wellbeing well being number {n} {} R & D", n % 17);
                Record::new(n.to_string(), format!("Advice {n}")).field("body", words)
            });
            let records: Vec<Record> = records.collect();
            let read = records.iter().rev();
            let read: Vec<_> = read.map(|r| reader.prepare(Cow::Borrowed(r))).collect();
            for prepared in read.iter().rev() {
                builder.add_prepared(prepared).unwrap();
            }
            builder
        };
        let expected = build().finish().unwrap();
        assert_eq!(build().finish_with(&Careless).unwrap(), expected);
    }

    #[test]
    fn outcomes_come_in_the_order_of_the_pieces_whoever_does_them() {
        let expected: Vec<usize> = (0..9).map(|at| at * at).collect();
        assert_eq!(map(&OneByOne, 9, |at| at * at), expected);
        assert_eq!(map(&Careless, 9, |at| at * at), expected);
    }
}
