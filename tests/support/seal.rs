//! Puts a right checksum on a manifest that somebody has changed, as FORMAT.md tells it.
//!
//! For tests that want decoders to see damaged bytes. Knows nothing of what the manifest says.

/// What follows the guarded part: sixteen hex digits and this.
const SUFFIX: &str = "\"}\n";

/// The part of an `index.json` that its checksum guards.
///
/// # Panics
///
/// Where the file is no manifest.
pub fn guarded(file: &[u8]) -> &[u8] {
    assert!(
        file.ends_with(SUFFIX.as_bytes()),
        "a manifest ends as FORMAT.md says"
    );
    &file[..file.len() - SUFFIX.len() - 16]
}

/// A file with a right checksum over these bytes.
pub fn sealed(guarded: &[u8]) -> Vec<u8> {
    let mut file = guarded.to_vec();
    file.extend_from_slice(
        format!("{:016x}{SUFFIX}", xxhash_rust::xxh64::xxh64(guarded, 0)).as_bytes(),
    );
    file
}
