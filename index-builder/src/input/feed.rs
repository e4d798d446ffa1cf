//! Hands rows on: reads many of them on all threads at once, and gives them to the sink one by one, in
//! their order.
//!
//! While one batch is taken in, the next is read. Knows nothing of how rows are written; a `Form` does.

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use speir::{Prepared, Record};

use super::{Fault, Preparer, Sink, Spot};
use crate::problem::Problem;

/// Bytes of rows that are read together: enough for some threads to share, and two batches of them are
/// little memory. At 128 KB two threads take as long, at 4 MB neither wins anything.
pub(super) const BATCH_BYTES: usize = 512 << 10;

/// How the rows of a file are written down.
pub(super) trait Form: Sync {
    /// A row, cut out but not read.
    type Row: Send + Sync;

    /// The record that a row is.
    fn record(&self, row: &Self::Row) -> Result<Record, Wrong>;

    /// Where a row stands.
    fn spot(&self, row: &Self::Row) -> Spot;

    /// What is to be said of a fault of a row.
    fn problem(&self, row: &Self::Row, fault: Fault) -> Problem;
}

/// Why a row is no record.
pub(super) enum Wrong {
    /// What it says is wrong.
    Fault(Fault),
    /// How it is written is wrong.
    Problem(Problem),
    /// Nothing is wrong: it is not to be a record.
    LeftOut,
}

/// A row as it waits to be read.
enum Piece<R> {
    Row(R),
    /// A row that could not be cut out.
    Refused(Problem),
}

/// A row as it waits to be taken.
enum Read<R> {
    Record(R, Box<Prepared<'static>>),
    Faulty(R, Fault),
    Refused(Problem),
    LeftOut,
}

/// Takes in the rows of one file.
pub(super) struct Feed<'f, F: Form> {
    form: &'f F,
    sink: &'f mut dyn Sink,
    preparer: Preparer,
    batch_bytes: usize,
    waiting: Vec<Piece<F::Row>>,
    n_waiting_bytes: usize,
    read: Vec<Read<F::Row>>,
}

impl<'f, F: Form> Feed<'f, F> {
    pub(super) fn new(form: &'f F, sink: &'f mut dyn Sink) -> Feed<'f, F> {
        Feed {
            form,
            preparer: sink.preparer(),
            sink,
            batch_bytes: BATCH_BYTES,
            waiting: Vec::new(),
            n_waiting_bytes: 0,
            read: Vec::new(),
        }
    }

    /// Takes the next row, which is so many bytes long and ends at a byte of the file.
    pub(super) fn push(
        &mut self,
        row: F::Row,
        n_bytes: usize,
        file_bytes: u64,
    ) -> Result<(), Problem> {
        self.wait(Piece::Row(row), n_bytes, file_bytes)
    }

    /// Takes the next row, which could not be cut out.
    pub(super) fn refuse(&mut self, problem: Problem, file_bytes: u64) -> Result<(), Problem> {
        self.wait(Piece::Refused(problem), 1 << 10, file_bytes)
    }

    fn wait(
        &mut self,
        piece: Piece<F::Row>,
        n_bytes: usize,
        file_bytes: u64,
    ) -> Result<(), Problem> {
        self.waiting.push(piece);
        self.n_waiting_bytes += n_bytes;
        if self.n_waiting_bytes >= self.batch_bytes {
            self.turn()?;
            self.sink.progress(file_bytes);
        }
        Ok(())
    }

    /// Hands on all that is waiting. To be called after the last row, and before a problem that ends
    /// the file is told, as rows before it may have their own.
    pub(super) fn finish(&mut self) -> Result<(), Problem> {
        self.turn()?;
        self.turn()
    }

    fn turn(&mut self) -> Result<(), Problem> {
        self.n_waiting_bytes = 0;
        let waiting = std::mem::take(&mut self.waiting);
        let read = std::mem::take(&mut self.read);
        let (form, preparer, sink) = (self.form, &self.preparer, &mut *self.sink);
        let (taken, read) = rayon::join(
            || take_all(form, sink, read),
            || {
                let pieces = waiting.into_par_iter();
                pieces
                    .map(|piece| read_piece(form, preparer, piece))
                    .collect()
            },
        );
        self.read = read;
        taken
    }
}

fn read_piece<F: Form>(form: &F, preparer: &Preparer, piece: Piece<F::Row>) -> Read<F::Row> {
    let row = match piece {
        Piece::Row(row) => row,
        Piece::Refused(problem) => return Read::Refused(problem),
    };
    match form.record(&row) {
        Ok(record) => Read::Record(row, Box::new(preparer.prepare(record))),
        Err(Wrong::Fault(fault)) => Read::Faulty(row, fault),
        Err(Wrong::Problem(problem)) => Read::Refused(problem),
        Err(Wrong::LeftOut) => Read::LeftOut,
    }
}

fn take_all<F: Form>(
    form: &F,
    sink: &mut dyn Sink,
    read: Vec<Read<F::Row>>,
) -> Result<(), Problem> {
    for read in read {
        let (row, fault) = match read {
            Read::Record(row, prepared) => match sink.take(&prepared, form.spot(&row)) {
                Ok(()) => continue,
                Err(fault) => (row, fault),
            },
            Read::Faulty(row, fault) => (row, fault),
            Read::Refused(problem) => {
                sink.refuse(problem)?;
                continue;
            }
            Read::LeftOut => continue,
        };
        let is_fatal = fault.fatal;
        let problem = form.problem(&row, fault);
        if is_fatal {
            return Err(problem);
        }
        sink.refuse(problem)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use speir::{IndexBuilder, Schema};

    use super::*;

    /// Rows that are numbers; every seventh has a fault, every eleventh is no row.
    struct Numbers;

    impl Form for Numbers {
        type Row = u64;

        fn record(&self, row: &u64) -> Result<Record, Wrong> {
            if row.is_multiple_of(7) {
                let fault = Fault::whole("seven", "a multiple of seven", "leave it out");
                return Err(Wrong::Fault(fault));
            }
            Ok(Record::new(row.to_string(), "A title"))
        }

        fn spot(&self, row: &u64) -> Spot {
            Spot {
                line: *row,
                ..Spot::default()
            }
        }

        fn problem(&self, row: &u64, fault: Fault) -> Problem {
            Problem::new(fault.code, format!("row {row}"), "none")
        }
    }

    /// Notes what is told.
    #[derive(Default)]
    struct Notes(Vec<String>);

    impl Sink for Notes {
        fn preparer(&self) -> Preparer {
            Preparer::new(
                IndexBuilder::new(Schema::default()).reader(),
                &Arc::default(),
            )
        }

        fn take(&mut self, prepared: &Prepared<'_>, spot: Spot) -> Result<(), Fault> {
            self.0
                .push(format!("{} {}", prepared.record().id, spot.line));
            Ok(())
        }

        fn refuse(&mut self, problem: Problem) -> Result<(), Problem> {
            self.0.push(problem.to_string());
            Ok(())
        }

        fn progress(&mut self, _n_bytes: u64) {}
    }

    fn told(batch_bytes: usize, n_threads: usize) -> Vec<String> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads);
        pool.build().unwrap().install(|| {
            let mut notes = Notes::default();
            let mut feed = Feed::new(&Numbers, &mut notes);
            feed.batch_bytes = batch_bytes;
            for row in 1..=200_u64 {
                match row.is_multiple_of(11) {
                    true => feed.refuse(Problem::new("eleven", row.to_string(), "none"), row),
                    false => feed.push(row, 10, row),
                }
                .unwrap();
            }
            feed.finish().unwrap();
            notes.0
        })
    }

    #[test]
    fn rows_are_told_of_in_their_order_whatever_the_batches_and_threads() {
        let expected: Vec<String> = (1..=200_u64)
            .map(
                |row| match (row.is_multiple_of(11), row.is_multiple_of(7)) {
                    (true, _) => row.to_string(),
                    (_, true) => format!("row {row}"),
                    _ => format!("{row} {row}"),
                },
            )
            .collect();
        for batch_bytes in [1, 95, 1_000_000] {
            for n_threads in [1, 2, 7] {
                assert_eq!(told(batch_bytes, n_threads), expected);
            }
        }
    }
}
