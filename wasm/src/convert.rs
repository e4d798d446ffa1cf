//! Values across the border: results and errors as what JavaScript reads.
//!
//! A page crosses as one JSON text, for `JSON.parse` on the other side: building JavaScript objects
//! one by one costs three times the wasm, and a crossing a field. Numbers with a fraction are
//! written by JavaScript itself, whose shortest digits JSON reads back exactly.
//! Knows the data types of `speir`. Never searches.

use speir::{ChunkId, IndexError, Page, Suggestion};
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

/// The numbers of chunks as a `Uint32Array`.
pub(crate) fn chunk_ids(chunks: &[ChunkId]) -> JsValue {
    let numbers: Vec<u32> = chunks.iter().map(|chunk| chunk.0).collect();
    JsValue::from(numbers)
}

/// An error as text: its code, a space, and its message.
pub(crate) fn failure(error: &IndexError) -> JsValue {
    JsValue::from([error.code(), " ", &error.to_string()].concat())
}
