//! The search engine for JavaScript: one class that searches, one class that holds a query.
//!
//! Knows the crate `speir` and nothing of fetching: JavaScript asks which chunks a query needs,
//! fetches them, supplies them and asks again (`npm/src/driver.ts`).
//! Never reads a JavaScript object: a query is filled in by setters, as reading options through
//! serde would cost 17 KB gzip more than that.
//!
//! ```text
//!   new Engine(index.json)          search(request) ──→ Uint32Array: these chunks are needed
//!        │                             ▲      └──────→ text: the page of results, as JSON
//!        └─ chunkName, check, supply ──┘
//! ```

mod convert;
mod json;

use speir::{Accept, ChunkId, Index, Matching, Query, Sort, Step};
use wasm_bindgen::prelude::*;

/// Gives memory in constant time, by code a fifth as large as the standard library's.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// One query, filled in by setters.
#[wasm_bindgen]
pub struct Request {
    query: Query,
}

#[wasm_bindgen]
impl Request {
    /// A query for what a reader typed.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(text: String) -> Request {
        Request {
            query: Query::new(text),
        }
    }

    /// Accepts a value of a field, beside those accepted already.
    #[wasm_bindgen(js_name = filterValue)]
    pub fn filter_value(&mut self, field: String, value: String) {
        self.change(|query| query.filter(&field, value));
    }

    /// Accepts a range of a field, both ends included; an end that is not given is open.
    #[wasm_bindgen(js_name = filterRange)]
    pub fn filter_range(&mut self, field: String, from: Option<String>, to: Option<String>) {
        self.change(|query| query.accept(&field, Accept::Range { from, to }));
    }

    /// Accepts records that have no value in a field.
    #[wasm_bindgen(js_name = filterMissing)]
    pub fn filter_missing(&mut self, field: String) {
        self.change(|query| query.missing(&field));
    }

    /// Counts the values of a field.
    pub fn facet(&mut self, field: String) {
        self.change(|query| query.facet(&field));
    }

    /// Sets the order: `relevance`, `newest`, `oldest`, `title`, or the name of a field, with `-`
    /// before it for the largest first. Whether the index can sort by the field, searching tells.
    pub fn sort(&mut self, name: &str) {
        self.query.sort = Sort::from_name(name);
    }

    /// Sets how many of the words a hit needs: `auto`, `all` or `any`. Anything else is `auto`.
    pub fn matching(&mut self, name: &str) {
        self.query.matching = Matching::from_name(name).unwrap_or_default();
    }

    /// Sets how many hits are wanted.
    pub fn limit(&mut self, limit: u32) {
        self.query.limit = limit as usize;
    }

    /// Sets how many hits to pass over.
    pub fn offset(&mut self, offset: u32) {
        self.query.offset = offset as usize;
    }

    /// Sets the reader's language, a BCP 47 tag.
    pub fn lang(&mut self, tag: String) {
        self.query.lang = Some(tag);
    }

    /// Asks each hit to account for its score.
    pub fn explain(&mut self) {
        self.query.explain = true;
    }
}

impl Request {
    /// Lets the query's own methods, which take and give it whole, change it in place.
    fn change(&mut self, change: impl FnOnce(Query) -> Query) {
        let query = core::mem::replace(&mut self.query, Query::new(""));
        self.query = change(query);
    }
}

/// An opened index and the chunks that were supplied to it.
///
/// Every failure is thrown as text: its code, a space, and its message.
#[wasm_bindgen]
pub struct Engine {
    index: Index,
}

#[wasm_bindgen]
impl Engine {
    /// Opens an index by the bytes of its `index.json`.
    ///
    /// # Errors
    ///
    /// `not-an-index`, `index-version` or `index-corrupt`.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest: &[u8]) -> Result<Engine, JsValue> {
        match Index::open(manifest) {
            Ok(index) => Ok(Engine { index }),
            Err(error) => Err(convert::failure(&error)),
        }
    }

    /// The file name of a chunk; empty for a number that the index does not have.
    #[wasm_bindgen(js_name = chunkName)]
    #[must_use]
    pub fn chunk_name(&self, id: u32) -> String {
        self.index
            .chunk(ChunkId(id))
            .map(|chunk| chunk.name)
            .unwrap_or_default()
    }

    /// Checks the bytes of a chunk's file, before anything inflates them.
    ///
    /// # Errors
    ///
    /// `index-corrupt` where length or checksum differ from the manifest's.
    pub fn check(&self, id: u32, packed: &[u8]) -> Result<(), JsValue> {
        self.index
            .check_packed(ChunkId(id), packed)
            .map_err(|error| convert::failure(&error))
    }

    /// Gives the index the inflated bytes of a chunk.
    ///
    /// # Errors
    ///
    /// `index-corrupt` where length or checksum differ from the manifest's.
    pub fn supply(&mut self, id: u32, raw: Vec<u8>) -> Result<(), JsValue> {
        self.index
            .supply(ChunkId(id), raw)
            .map_err(|error| convert::failure(&error))
    }

    /// Searches the chunks supplied so far: a `Uint32Array` of the chunks that are missing, or
    /// the page of results as JSON text.
    ///
    /// # Errors
    ///
    /// `bad-filter` where the query asks for a column that the index does not have or for a bound
    /// that cannot be read; `index-corrupt` where a chunk does not decode.
    pub fn search(&self, request: &Request) -> Result<JsValue, JsValue> {
        match self.index.search(&request.query) {
            Ok(Step::Need(chunks)) => Ok(convert::chunk_ids(&chunks)),
            Ok(Step::Done(page)) => Ok(convert::page(&page)),
            Err(error) => Err(convert::failure(&error)),
        }
    }
}
