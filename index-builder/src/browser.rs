//! The browser's half of Speir, as it was when this program was compiled.
//!
//! Knows names and bytes. `build.rs` fills the tables from the folder `browser/`.

/// Each file's name and bytes; empty in a program that was compiled without them.
pub(crate) const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/browser_files.rs"));

/// The element's texts in other languages than English, of which a page fetches its own.
pub(crate) const LOCALES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/locales.rs"));

/// What to do where the table is empty.
pub(crate) const HOW_TO_GET: &str = "this speir was compiled without the browser files: run \
    `npm install speir` and copy speir.js, speir-widget.js, speir-widget.css and speir.wasm from \
    node_modules/speir/dist/ into the folder, or compile speir with `cargo xtask dist`";

/// What a site that compresses its files once sends of each file, in bytes, as it was when
/// `cargo xtask dist` made them; empty where the files come from elsewhere.
const PACKED_LENS: &[(&str, u64)] = include!(concat!(env!("OUT_DIR"), "/packed_lens.rs"));

/// Bytes of all files with brotli.
pub(crate) fn n_packed_bytes() -> u64 {
    let packed_len = |(name, bytes): &(&str, &[u8])| {
        let known = PACKED_LENS.iter().find(|(known, _)| known == name);
        known.map_or_else(|| brotli_len(bytes), |(_, len)| *len)
    };
    FILES.iter().map(packed_len).sum()
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
