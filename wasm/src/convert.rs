//! Values across the border: names into choices, results and errors into JavaScript objects.
//!
//! Knows the data types of `speir`. Never searches.

use speir::{ChunkId, IndexError, Matching, Page, Sort};
use wasm_bindgen::JsValue;

use crate::json::to_json;

/// The order that a name stands for.
pub(crate) fn sort(name: &str) -> Sort {
    match name {
        "relevance" => Sort::Relevance,
        "newest" => Sort::Newest,
        "oldest" => Sort::Oldest,
        "title" => Sort::Title,
        field => match field.strip_prefix('-') {
            Some(field) => Sort::Field {
                name: field.to_owned(),
                descending: true,
            },
            None => Sort::Field {
                name: field.to_owned(),
                descending: false,
            },
        },
    }
}

/// How many words a name asks for.
pub(crate) fn matching(name: &str) -> Matching {
    match name {
        "all" => Matching::All,
        "any" => Matching::Any,
        _ => Matching::Auto,
    }
}

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
