//! Values across the border: results and errors as what JavaScript reads.
//!
//! Knows the data types of `speir`. Never searches.

use speir::{ChunkId, IndexError, Page};
use wasm_bindgen::JsValue;

use crate::json::to_json;

/// A page as JSON text.
pub(crate) fn page(page: &Page) -> JsValue {
    JsValue::from(to_json(page))
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
