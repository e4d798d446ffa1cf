//! Files of records in other encodings than UTF-8, as UTF-8.
//!
//! Knows byte order marks, and decodes as it reads, so that a large file need not lie in memory. Never
//! guesses: without a mark, or a word about the file, its bytes are left as they are.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes that are read at once.
const READ_BYTES: usize = 1 << 14;

/// The encoding that a byte order mark at the beginning names, if it is another than UTF-8.
pub(super) fn marked(beginning: &[u8]) -> Option<&'static Encoding> {
    match beginning {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether all that a reader gives is UTF-8.
pub(super) fn is_utf8(mut reader: impl Read) -> io::Result<bool> {
    let mut bytes = Vec::with_capacity(READ_BYTES);
    loop {
        let n = reader
            .by_ref()
            .take(READ_BYTES as u64)
            .read_to_end(&mut bytes)?;
        match std::str::from_utf8(&bytes) {
            Ok(_) => bytes.clear(),
            // A letter may go over the end of a piece, but not over that of the file.
            Err(error) if error.error_len().is_none() && n > 0 => {
                bytes.drain(..error.valid_up_to());
            }
            Err(_) => return Ok(false),
        }
        if n == 0 {
            return Ok(true);
        }
    }
}

/// A reader of text in some encoding as UTF-8. What is no text in the encoding becomes U+FFFD; a mark
/// at the beginning goes.
pub(super) struct Decoded<R> {
    inner: R,
    /// None where the bytes are handed on as they are.
    decoder: Option<Decoder>,
    /// Text that was decoded, and how much of it was handed on.
    text: String,
    at: usize,
    is_at_end: bool,
}

impl<R: Read> Decoded<R> {
    /// Decodes what a reader gives; UTF-8 is handed on as it is, so that faults in it can be told.
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Decoded<R> {
        Decoded {
            inner,
            decoder: (encoding != UTF_8).then(|| encoding.new_decoder()),
            text: String::new(),
            at: 0,
            is_at_end: false,
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(decoder) = &mut self.decoder else {
            return self.inner.read(into);
        };
        while self.at == self.text.len() && !self.is_at_end {
            let mut raw = [0; READ_BYTES];
            let n = self.inner.read(&mut raw)?;
            let raw = raw.get(..n).unwrap_or_default();
            self.is_at_end = n == 0;
            self.text.clear();
            self.at = 0;
            let room = decoder.max_utf8_buffer_length(n);
            self.text.reserve(room.unwrap_or(READ_BYTES * 3));
            // All is read, as there is room for the worst case.
            let _ = decoder.decode_to_string(raw, &mut self.text, self.is_at_end);
        }
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let n = rest.len().min(into.len());
        into[..n].copy_from_slice(&rest[..n]);
        self.at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1252;

    use super::*;

    /// Gives a few bytes at a time, as a slow disk may.
    struct Drops<'b>(&'b [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(into.len());
            let (first, rest) = self.0.split_at(n);
            into[..n].copy_from_slice(first);
            self.0 = rest;
            Ok(n)
        }
    }

    #[test]
    fn text_is_the_same_however_it_drips() {
        let text = "Caf\u{e9};\u{1f333} \u{175}\r\n".repeat(5_000);
        let utf16: Vec<u8> = std::iter::once(0xFEFF)
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let check = |bytes: &[u8], encoding, expected: &str| {
            for n in [1, 3, 1 << 20] {
                let mut out = String::new();
                let mut decoded = Decoded::new(Drops(bytes, n), encoding);
                decoded.read_to_string(&mut out).unwrap();
                assert_eq!(out, expected);
            }
        };
        check(&utf16, marked(&utf16).unwrap(), &text);
        check(b"Caf\xE9 \x96", WINDOWS_1252, "Caf\u{e9} \u{2013}");
        check(text.as_bytes(), UTF_8, &text);
        for n in [1, 3, 1 << 20] {
            assert!(is_utf8(Drops(text.as_bytes(), n)).unwrap());
            assert!(!is_utf8(Drops(&text.as_bytes()[..4], n)).unwrap());
            assert!(!is_utf8(Drops(b"Caf\xE9 \x96", n)).unwrap());
        }
        check(b"\xFF\xFEa", UTF_16LE, "\u{fffd}");
        assert_eq!(marked(b"\xEF\xBB\xBF"), None);
    }
}
