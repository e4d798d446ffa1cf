//! Values across the border: results and errors as what JavaScript reads.
//!
//! A page crosses as one JSON text, for `JSON.parse` on the other side: building JavaScript objects
//! one by one costs three times the wasm, and a crossing a field. Numbers with a fraction are
//! written by JavaScript itself, whose shortest digits JSON reads back exactly.
//! Knows the data types of `speir`. Never searches.

use speir::{ChunkId, Index, IndexError, Page, Suggestion};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// JavaScript's own way of writing a number.
    #[wasm_bindgen(js_name = String)]
    fn number_to_string(number: f64) -> String;
}

/// A page as JSON text.
pub(crate) fn page(page: &Page) -> JsValue {
    JsValue::from(page.to_json(number_to_string))
}

/// Completions as JSON text.
pub(crate) fn suggestions(found: &[Suggestion]) -> JsValue {
    JsValue::from(Suggestion::list_to_json(found, number_to_string))
}

/// Where chunks are, as a `Uint32Array`: for each its number, where it begins in its file, and its length
/// there in bytes, or 0 where it is the whole file.
pub(crate) fn places(index: &Index, chunks: &[ChunkId]) -> JsValue {
    let mut numbers: Vec<u32> = Vec::new();
    for id in chunks {
        if let Some(chunk) = index.chunk(*id) {
            let is_whole = chunk.packed_len == chunk.file_len;
            let len = if is_whole { 0 } else { chunk.packed_len };
            numbers.extend_from_slice(&[id.0, chunk.offset, len]);
        }
    }
    JsValue::from(numbers)
}

/// An error as text: its code, a space, and its message.
pub(crate) fn failure(error: &IndexError) -> JsValue {
    let mut text = error.message();
    text.insert(0, ' ');
    text.insert_str(0, error.code());
    JsValue::from(text)
}
