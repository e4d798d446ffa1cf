//! The browser's half of Speir, as it was when this program was compiled.
//!
//! Knows names and bytes. `build.rs` fills the table from the folder `browser/`.

/// Each file's name and bytes; empty in a program that was compiled without them.
pub(crate) const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/browser_files.rs"));

/// What to do where the table is empty.
pub(crate) const HOW_TO_GET: &str = "this speir was compiled without the browser files: run \
    `npm install speir` and copy speir.js, speir-widget.js, speir-widget.css and speir.wasm from \
    node_modules/speir/dist/ into the folder, or compile speir with `cargo xtask dist`";
