//! The browser's half of Speir, as it was when this program was compiled.
//!
//! Knows names and bytes. `build.rs` fills the tables from the folder `browser/`.

/// Each file's name and bytes; empty in a program that was compiled without them.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/browser_files.rs"));

/// The engine as it is published.
const ENGINE: &str = "speir.wasm";
/// The one without the rules of some languages, which is published as [`ENGINE`] where it will do.
const LEAN_ENGINE: &str = "speir-lean.wasm";

/// What a page fetches only where it asks for it: suggestions, a box for other pages, highlights.
pub(crate) const WANTED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/wanted.rs"));

/// The element's texts in other languages than English, of which a page fetches its own.
pub(crate) const LOCALES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/locales.rs"));

/// What to do where the table is empty.
pub(crate) const HOW_TO_GET: &str = "this speir was compiled without the browser files: run \
    `npm install speir` and copy speir.js, speir-widget.js, speir-widget.css and speir.wasm from \
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

    /// Bytes of these files with brotli.
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
