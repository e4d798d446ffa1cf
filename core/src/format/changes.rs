//! Changes: patches for chunks of a published index that a newer index goes on using.
//! FORMAT.md, "Changes".
//!
//! Knows chunks by their numbers and what each becomes. Never sees a chunk's own bytes.

use super::Section;
use super::bytes::Reader;
#[cfg(any(feature = "build", test))]
use super::bytes::Write;
use crate::error::Corrupt;
use crate::ids::ChunkId;

/// Which changes tell of a section's chunks: those that a first search needs, or the others.
pub(crate) fn of(section: Section) -> u32 {
    u32::from(section.is_apart())
}

/// What becomes of one chunk.
#[cfg(any(feature = "build", test))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change<'a> {
    pub(crate) chunk: ChunkId,
    pub(crate) patch: &'a [u8],
}

/// Writes changes, of which no two are of the same chunk.
#[cfg(any(feature = "build", test))]
pub(crate) fn encode(changes: &[Change<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for change in changes {
        out.put_u32(change.chunk.0);
        out.put_len(change.patch.len());
        out.extend_from_slice(change.patch);
    }
    out
}

/// The patch of a chunk; `None` where it has none.
pub(crate) fn find(bytes: &[u8], chunk: ChunkId) -> Result<Option<&[u8]>, Corrupt> {
    let mut reader = Reader::new(bytes);
    while reader.len() > 0 {
        let id = reader.u32("chunk of a change")?;
        let len = reader.count(1, "length of a patch")?;
        let patch = reader.bytes(len, "patch")?;
        if id == chunk.0 {
            return Ok(Some(patch));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn each_chunk_has_its_own_patch(
            map in proptest::collection::btree_map(0_u32..20, any::<Vec<u8>>(), 0..8),
        ) {
            let map: BTreeMap<u32, Vec<u8>> = map;
            let changes: Vec<Change<'_>> = map
                .iter()
                .map(|(chunk, patch)| Change {
                    chunk: ChunkId(*chunk),
                    patch,
                })
                .collect();
            let bytes = encode(&changes);
            for chunk in 0..20 {
                let expected = map.get(&chunk).map(Vec::as_slice);
                prop_assert_eq!(find(&bytes, ChunkId(chunk)), Ok(expected));
            }
        }

        #[test]
        fn any_bytes_are_changes_or_an_error(bytes: Vec<u8>, chunk: u32) {
            let _ = find(&bytes, ChunkId(chunk));
        }
    }
}
