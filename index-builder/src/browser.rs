//! The browser's half of Speir, as it was when this program was compiled.
//!
//! Knows names, bytes and hashes. `build.rs` fills the tables from the folder `browser/`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest as _, Sha384};

/// What a first search fetches, with either engine: each file's name and bytes; empty in a program that
/// was compiled without them.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/browser_files.rs"));

/// The engine as it is published.
const ENGINE: &str = "speir.wasm";
/// The one without the rules of some languages, which is published as [`ENGINE`] where it will do.
const LEAN_ENGINE: &str = "speir-lean.wasm";

/// What a page fetches only where it asks for it, or where the first way to search is refused:
/// suggestions, a box for other pages, highlights; other engines. No first search pays for it.
const WANTED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/wanted.rs"));

/// The element's texts in other languages than English, of which a page fetches its own.
const LOCALES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/locales.rs"));

/// Where the hashes of the other files are published.
pub(crate) const INTEGRITY_NAME: &str = "integrity.json";

/// What to do where the table is empty.
pub(crate) const HOW_TO_GET: &str = "this speir was compiled without the browser files: run \
    `npm install speir` and copy the speir*.js files, speir-widget.css and speir.wasm from \
    node_modules/speir/dist/ into the folder, or compile speir with `cargo xtask dist`";

/// What a site that compresses its files once sends of each file, in bytes, as it was when
/// `cargo xtask dist` made them; empty where the files come from elsewhere.
const PACKED_LENS: &[(&str, u64)] = include!(concat!(env!("OUT_DIR"), "/packed_lens.rs"));

/// The browser's half as an index needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Browser {
    is_lean: bool,
}

impl Browser {
    /// The least that reads all words of an index rightly: see
    /// [`IndexBuilder::needs_languages`](speir::IndexBuilder::needs_languages).
    pub(crate) fn new(needs_languages: bool) -> Browser {
        Browser {
            is_lean: !needs_languages,
        }
    }

    /// The names and bytes of the files that a first search fetches; none in a program that was
    /// compiled without them.
    pub(crate) fn files(self) -> Vec<(&'static str, &'static [u8])> {
        let mut files = Vec::new();
        for (name, bytes) in FILES {
            if *name != self.left_out() {
                let is_engine = *name == LEAN_ENGINE;
                files.push((if is_engine { ENGINE } else { name }, *bytes));
            }
        }
        files
    }

    /// Everything that is published beside an index, by name; hashes apart.
    pub(crate) fn published(self) -> Vec<(&'static str, &'static [u8])> {
        [&self.files(), WANTED, LOCALES].concat()
    }

    /// Bytes with brotli of the files that a first search fetches.
    pub(crate) fn n_packed_bytes(self) -> u64 {
        let packed_len = |(name, bytes): &(&str, &[u8])| {
            let known = PACKED_LENS.iter().find(|(known, _)| known == name);
            known.map_or_else(|| brotli_len(bytes), |(_, len)| *len)
        };
        let files = FILES.iter().filter(|(name, _)| *name != self.left_out());
        files.map(packed_len).sum()
    }

    fn left_out(self) -> &'static str {
        if self.is_lean { ENGINE } else { LEAN_ENGINE }
    }
}

/// The hash of each file as `integrity` in a page and in `fetch` wants it (W3C, Subresource
/// Integrity, 3.1), as JSON; sorted by name, so that the same files give the same bytes.
pub(crate) fn integrity(files: &[(&str, &[u8])]) -> Vec<u8> {
    let hash = |bytes: &[u8]| format!("sha384-{}", BASE64.encode(Sha384::digest(bytes)));
    let mut hashes: Vec<(&str, String)> = files
        .iter()
        .map(|(name, bytes)| (*name, hash(bytes)))
        .collect();
    hashes.sort();
    let lines: Vec<String> = hashes
        .iter()
        .map(|(name, hash)| format!("  {}: {}", serde_json::json!(name), serde_json::json!(hash)))
        .collect();
    format!("{{\n{}\n}}\n", lines.join(",\n")).into_bytes()
}

/// Whether the program was compiled with the browser files.
pub(crate) fn is_there() -> bool {
    !FILES.is_empty()
}

/// Bytes after brotli at its highest level, as a site that compresses its files once sends them.
pub(crate) fn brotli_len(bytes: &[u8]) -> u64 {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    let mut packed = Vec::new();
    match brotli::BrotliCompress(&mut &bytes[..], &mut packed, &params) {
        Ok(_) => packed.len() as u64,
        // Nothing fails that is all in memory.
        Err(_) => bytes.len() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_that_browsers_reckon() {
        // FIPS 180-4's own example: SHA-384 of "abc" begins cb00753f45a35e8b.
        let files: [(&str, &[u8]); 2] = [("b.js", b"abc"), ("a.js", b"")];
        let text = String::from_utf8(integrity(&files)).expect("JSON is text");
        let hashes: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(
            hashes["b.js"],
            "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn"
        );
        assert!(text.starts_with("{\n  \"a.js\": \"sha384-"), "{text}");
    }

    #[test]
    fn a_first_search_fetches_some_of_what_is_published_and_nothing_of_other_engines() {
        for is_lean in [true, false] {
            let browser = Browser { is_lean };
            let names: Vec<&str> = browser.published().iter().map(|(name, _)| *name).collect();
            for (name, _) in browser.files() {
                assert!(names.contains(&name), "{name}");
            }
            for (name, _) in WANTED {
                assert!(names.contains(name), "{name}");
                assert!(
                    browser.files().iter().all(|(first, _)| first != name),
                    "{name}"
                );
            }
        }
    }
}
