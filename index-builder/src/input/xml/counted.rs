//! A reader that knows the line it has come to, and how much of an item it has read.

use std::io::{self, BufRead, BufReader, Read};

/// Longest item that is read, in bytes: sixty times the Bible.
pub(super) const MAX_ITEM_BYTES: usize = 256 << 20;

/// An item that is beyond the limit.
#[derive(Debug)]
pub(super) struct TooLong;

impl std::fmt::Display for TooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an item is too long")
    }
}

impl std::error::Error for TooLong {}

/// Counts lines and bytes of what is read, and stops an item that has no end.
pub(super) struct Counted {
    pub(super) inner: BufReader<Box<dyn Read>>,
    pub(super) line: u64,
    pub(super) n_bytes: u64,
    pub(super) item_bytes: usize,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?;
        let n = bytes.len().min(into.len());
        into[..n].copy_from_slice(&bytes[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Counted {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.item_bytes > MAX_ITEM_BYTES {
            return Err(io::Error::other(TooLong));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        let read = self.inner.buffer().get(..n).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', read).count() as u64;
        self.n_bytes += n as u64;
        self.item_bytes += n;
        self.inner.consume(n);
    }
}
