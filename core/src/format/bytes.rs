//! Reading and writing plain bytes: a cursor that never panics, varints, checksums, base64.
//!
//! Knows nothing of what the bytes mean. Each read names the noun it is after, so that an error can
//! say what is missing. Integers are little-endian; varints are LEB128 (DWARF 5, 7.6).

use xxhash_rust::xxh64::xxh64;

use crate::error::Corrupt;

/// The checksum and name of a file or chunk: XXH64 with seed 0.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    xxh64(bytes, 0)
}

/// A cursor over bytes that shrinks as they are read.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    /// How many bytes are left.
    pub(crate) fn len(&self) -> usize {
        self.rest.len()
    }

    pub(crate) fn bytes(&mut self, len: usize, what: &'static str) -> Result<&'a [u8], Corrupt> {
        let (head, tail) = self.rest.split_at_checked(len).ok_or(Corrupt(what))?;
        self.rest = tail;
        Ok(head)
    }

    pub(crate) fn u8(&mut self, what: &'static str) -> Result<u8, Corrupt> {
        self.next_byte(what)
    }

    /// As [`Reader::u8`], for loops that read byte by byte: compiled for size, a call costs more than
    /// what it does.
    #[inline(always)]
    pub(crate) fn next_byte(&mut self, what: &'static str) -> Result<u8, Corrupt> {
        let (&first, tail) = self.rest.split_first().ok_or(Corrupt(what))?;
        self.rest = tail;
        Ok(first)
    }

    pub(crate) fn u64_fixed(&mut self, what: &'static str) -> Result<u64, Corrupt> {
        let bytes = self.bytes(8, what)?;
        Ok(bytes
            .iter()
            .rev()
            .fold(0, |value, byte| (value << 8) | u64::from(*byte)))
    }

    /// A varint of at most 10 bytes.
    pub(crate) fn u64(&mut self, what: &'static str) -> Result<u64, Corrupt> {
        let mut value = 0_u64;
        let mut shift = 0;
        loop {
            let byte = self.next_byte(what)?;
            let bits = u64::from(byte & 0x7F);
            if shift == 63 && bits > 1 {
                return Err(Corrupt(what));
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
            shift += 7;
            if shift > 63 {
                return Err(Corrupt(what));
            }
        }
    }

    pub(crate) fn u32(&mut self, what: &'static str) -> Result<u32, Corrupt> {
        u32::try_from(self.u64(what)?).map_err(|_| Corrupt(what))
    }

    /// As [`Reader::u32`], for loops that read numbers one by one: most are below 128, and no call is made
    /// for those.
    #[inline(always)]
    pub(crate) fn next_u32(&mut self, what: &'static str) -> Result<u32, Corrupt> {
        match self.next_small() {
            Some(value) => Ok(u32::from(value)),
            None => self.u32(what),
        }
    }

    /// A varint of one byte, if that is what comes next.
    #[inline(always)]
    pub(crate) fn next_small(&mut self) -> Option<u8> {
        let (&byte, tail) = self.rest.split_first()?;
        if byte >= 0x80 {
            return None;
        }
        self.rest = tail;
        Some(byte)
    }

    /// So many varints of at most 5 bytes. One loop without calls: postings and columns are runs of
    /// tens of thousands of them, and read one by one they take four times as long.
    pub(crate) fn u32s(&mut self, count: usize, what: &'static str) -> Result<Vec<u32>, Corrupt> {
        self.read_u32s(count, false, what)
    }

    /// So many varints, or fewer where the bytes may end before.
    fn read_u32s(
        &mut self,
        count: usize,
        may_end: bool,
        what: &'static str,
    ) -> Result<Vec<u32>, Corrupt> {
        if count > self.rest.len() {
            return Err(Corrupt(what));
        }
        let mut values = vec![0_u32; count];
        let mut bytes = self.rest.iter();
        let mut n_read = 0;
        for value in &mut values {
            if may_end && bytes.as_slice().is_empty() {
                break;
            }
            n_read += 1;
            let mut shift = 0;
            loop {
                let byte = u32::from(*bytes.next().ok_or(Corrupt(what))?);
                if byte < 0x80 && shift == 0 {
                    *value = byte;
                    break;
                }
                let bits = byte & 0x7F;
                if shift == 28 && byte > 0xF {
                    return Err(Corrupt(what));
                }
                *value |= bits << shift;
                if byte < 0x80 {
                    break;
                }
                shift += 7;
            }
        }
        self.rest = bytes.as_slice();
        values.truncate(n_read);
        Ok(values)
    }

    /// All that is left, as varints.
    pub(crate) fn all_u32s(&mut self, what: &'static str) -> Result<Vec<u32>, Corrupt> {
        // As if each had one byte, as most have; what is too much is cut off.
        self.read_u32s(self.rest.len(), true, what)
    }

    /// A signed varint, zigzag coded.
    pub(crate) fn i64(&mut self, what: &'static str) -> Result<i64, Corrupt> {
        let value = self.u64(what)?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// A length or count. Each thing counted takes at least `each` bytes of what is left, so that no
    /// count makes us reserve more memory than the input justifies.
    pub(crate) fn count(&mut self, each: usize, what: &'static str) -> Result<usize, Corrupt> {
        let count = self.u64(what)?;
        match usize::try_from(count) {
            Ok(count) if count.saturating_mul(each) <= self.rest.len() => Ok(count),
            _ => Err(Corrupt(what)),
        }
    }

    pub(crate) fn str(&mut self, what: &'static str) -> Result<&'a str, Corrupt> {
        let len = self.count(1, what)?;
        let bytes = self.bytes(len, what)?;
        core::str::from_utf8(bytes).map_err(|_| Corrupt(what))
    }

    /// Fails when bytes are left over.
    pub(crate) fn end(&self, what: &'static str) -> Result<(), Corrupt> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Corrupt(what))
        }
    }
}

/// Appends to bytes what a [`Reader`] reads.
#[cfg(any(feature = "build", test))]
pub(crate) trait Write {
    fn put_u64_fixed(&mut self, value: u64);
    fn put_u64(&mut self, value: u64);
    fn put_i64(&mut self, value: i64);
    fn put_str(&mut self, text: &str);

    fn put_u32(&mut self, value: u32) {
        self.put_u64(u64::from(value));
    }

    fn put_len(&mut self, len: usize) {
        self.put_u64(len as u64);
    }
}

#[cfg(any(feature = "build", test))]
impl Write for Vec<u8> {
    fn put_u64_fixed(&mut self, value: u64) {
        self.extend_from_slice(&value.to_le_bytes());
    }

    fn put_u64(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.push((value & 0x7F) as u8 | 0x80);
            value >>= 7;
        }
        self.push(value as u8);
    }

    fn put_i64(&mut self, value: i64) {
        self.put_u64(((value << 1) ^ (value >> 63)) as u64);
    }

    fn put_str(&mut self, text: &str) {
        self.put_len(text.len());
        self.extend_from_slice(text.as_bytes());
    }
}

#[cfg(any(feature = "build", test))]
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding (RFC 4648, 4).
#[cfg(any(feature = "build", test))]
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let word = group
            .iter()
            .fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
        let word = word << (8 * (3 - group.len()));
        for place in 0..4 {
            let at = (word >> (18 - 6 * place)) as usize & 63;
            let letter = if place <= group.len() {
                BASE64.get(at).copied()
            } else {
                None
            };
            out.push(letter.map_or('=', char::from));
        }
    }
    out
}

/// The bytes of a base64 text with padding; `None` for anything that [`to_base64`] would not write.
pub(crate) fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    if !text.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let letters = text.get(..text.len() - padding)?;
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut word, mut bits) = (0_u32, 0);
    for letter in letters {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        word = (word << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    // Bits beyond the last byte are zero in what we write.
    (word == 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn varints_come_back(value: u64, signed: i64, text: String) {
            let mut bytes = Vec::new();
            bytes.put_u64(value);
            bytes.put_i64(signed);
            bytes.put_str(&text);
            bytes.put_u64_fixed(value);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.u64("a"), Ok(value));
            prop_assert_eq!(reader.i64("b"), Ok(signed));
            prop_assert_eq!(reader.str("c"), Ok(text.as_str()));
            prop_assert_eq!(reader.u64_fixed("d"), Ok(value));
            prop_assert_eq!(reader.end("e"), Ok(()));
        }

        #[test]
        fn many_varints_are_those_read_one_by_one(values: Vec<u32>, rest: Vec<u8>) {
            let mut bytes = Vec::new();
            values.iter().for_each(|value| bytes.put_u32(*value));
            prop_assert_eq!(Reader::new(&bytes).all_u32s("a"), Ok(values.clone()));
            bytes.extend_from_slice(&rest);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.u32s(values.len(), "a"), Ok(values));
            prop_assert_eq!(reader.rest, rest.as_slice());
            // Any bytes at all: what one reader takes, the other takes for the same.
            if let Ok(values) = Reader::new(&rest).all_u32s("a") {
                let mut reader = Reader::new(&rest);
                values.into_iter().for_each(|value| assert_eq!(reader.u32("a"), Ok(value)));
            }
        }

        #[test]
        fn base64_comes_back(bytes: Vec<u8>) {
            prop_assert_eq!(from_base64(to_base64(&bytes).as_bytes()), Some(bytes));
        }
    }

    #[test]
    fn base64_agrees_with_the_vectors_of_rfc_4648() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(to_base64(plain.as_bytes()), coded);
            assert_eq!(
                from_base64(coded.as_bytes()).as_deref(),
                Some(plain.as_bytes())
            );
        }
        for bad in ["Z", "Zg=", "Zh==", "Zg==Zg==", "====", "Z g="] {
            assert_eq!(from_base64(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn a_count_cannot_promise_more_than_there_is() {
        let mut bytes = Vec::new();
        bytes.put_u64(u64::MAX);
        assert_eq!(
            Reader::new(&bytes).count(1, "postings length"),
            Err(Corrupt("postings length"))
        );
        assert!(Reader::new(&[0xFF; 11]).u64("x").is_err());
    }
}
