//! Packed documents: ZIP files of XML parts, opened within limits.
//!
//! Knows ZIP. What a part says, the formats know. Never trusts a length that a file states.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Unreadable;

/// Most bytes that one part may unpack to.
const MAX_PART_BYTES: u64 = 256 << 20;

/// Most bytes that all parts that are read may unpack to.
const MAX_BYTES: u64 = 512 << 20;

/// How many times larger than packed a part may be once it is large: the XML of spreadsheets packs
/// to a fiftieth.
const MAX_RATIO: u64 = 250;

/// From how many bytes on that is asked. Smaller ones do no harm.
const LARGE_BYTES: u64 = 16 << 20;

/// Most parts: a presentation with pictures has some hundreds.
const MAX_PARTS: usize = 20_000;

/// A packed document.
pub(super) struct Pack<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    n_read: u64,
    kind: &'static str,
}

impl<'b> Pack<'b> {
    /// Opens a packed document; `kind` names it in errors.
    pub(super) fn open(bytes: &'b [u8], kind: &'static str) -> Result<Pack<'b>, Unreadable> {
        // Office programs wrap what has a password in a file of an older kind (MS-OFFCRYPTO).
        if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
            return Err(Unreadable::new(
                "document-encrypted",
                format!("the file opens with a password, or is older than {kind}"),
                "save it anew without a password, or take it out of the folder",
            ));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::damaged(kind))?;
        if archive.len() > MAX_PARTS {
            return Err(Unreadable::too_large());
        }
        Ok(Pack {
            archive,
            n_read: 0,
            kind,
        })
    }

    /// The names of all parts, in order.
    pub(super) fn names(&self) -> Vec<String> {
        let names = self.archive.file_names().flatten();
        let mut names: Vec<String> = names.map(|name| name.into_owned()).collect();
        names.sort();
        names
    }

    /// The bytes of a part; `None` if it is not there.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let mut bytes = Vec::new();
        let is_there = self.unpack(name, |piece| bytes.extend_from_slice(piece))?;
        Ok(is_there.then_some(bytes))
    }

    /// The bytes of a part that the document cannot be without.
    pub(super) fn needed(&mut self, name: &str) -> Result<Vec<u8>, Unreadable> {
        let kind = self.kind;
        self.part(name)?.ok_or_else(|| Unreadable::damaged(kind))
    }

    /// Unpacks every part and keeps none, for readers that have no limits of their own.
    pub(super) fn check(&mut self) -> Result<(), Unreadable> {
        for name in self.names() {
            self.unpack(&name, |_| {})?;
        }
        self.n_read = 0;
        Ok(())
    }

    fn unpack(&mut self, name: &str, mut take: impl FnMut(&[u8])) -> Result<bool, Unreadable> {
        let damaged = || Unreadable::damaged(self.kind);
        let mut part = match self.archive.by_name(name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(false),
            Err(ZipError::UnsupportedArchive(why)) if why.contains("assword") => {
                return Err(Unreadable::encrypted());
            }
            Err(_) => return Err(damaged()),
        };
        let packed = part.compressed_size();
        let mut buffer = vec![0; 1 << 16];
        let mut n_part = 0;
        loop {
            let n = part.read(&mut buffer).map_err(|_| damaged())?;
            if n == 0 {
                return Ok(true);
            }
            n_part += n as u64;
            self.n_read += n as u64;
            let is_swollen = n_part > LARGE_BYTES && n_part / MAX_RATIO > packed;
            if is_swollen {
                return Err(Unreadable::bomb());
            }
            if n_part > MAX_PART_BYTES || self.n_read > MAX_BYTES {
                return Err(Unreadable::too_large());
            }
            take(&buffer[..n]);
        }
    }
}
