//! Runs a parser where it can do no harm: on a thread with much stack, and caught if it panics.
//!
//! Knows nothing of documents but how they fail. A panic is told as a damaged file, not on the
//! terminal.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::thread;

use super::Unreadable;

/// Stack of the thread: parsers of PDF nest up to 512 objects and 12 forms in each other. Pages of it
/// that are not used cost nothing.
const STACK_BYTES: usize = 64 << 20;

/// The name of the threads whose panics are not told.
const NAME: &str = "document";

/// Runs a parser. A panic in it is an error like others.
pub(super) fn run<T: Send>(
    parse: impl FnOnce() -> Result<T, Unreadable> + Send,
) -> Result<T, Unreadable> {
    silence();
    let caught =
        || panic::catch_unwind(AssertUnwindSafe(parse)).unwrap_or_else(|_| Err(panicked()));
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .name(NAME.to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, caught);
        match thread {
            Ok(thread) => thread.join().unwrap_or_else(|_| Err(panicked())),
            Err(error) => Err(Unreadable::new(
                "threads",
                format!("no thread can be started to read the file: {error}"),
                "close other programs, or write --threads 1",
            )),
        }
    })
}

fn panicked() -> Unreadable {
    Unreadable::new(
        "document-damaged",
        "the file is damaged in a way that its reader cannot cope with",
        "open it in the program that made it and save it again, or take it out of the folder",
    )
}

/// Keeps panics of such threads off the terminal; the error tells of them.
fn silence() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().name() != Some(NAME) {
                before(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parser_that_panics_costs_its_file_alone() {
        let outcome = run::<u8>(|| panic!("a fault of a parser"));
        assert_eq!(outcome.unwrap_err().code, "document-damaged");
        assert_eq!(run(|| Ok(7)), Ok(7));
    }
}
