//! The search engine for JavaScript: one class, which holds an index and answers.
//!
//! Knows the crate `speir` and nothing of fetching: JavaScript asks which chunks a query needs,
//! fetches them, supplies them and asks again (`npm/src/driver.ts`).
//! Never reads a JavaScript object: a query comes as one text, since reading options through serde
//! would cost 17 KB gzip more than that, and a class with a setter for each 1 KB.
//!
//! ```text
//!   new Engine(index.json)          search(text, …) ─→ Uint32Array: these chunks are needed
//!        │                       suggest(typed, …)
//!        │                       related(id, …)
//!        │                             ▲      └──────→ text: the answer, as JSON
//!        └─ chunkName, supply ─────────┘
//! ```

mod convert;

use speir::{Accept, ChunkId, Filter, Index, IndexError, Matching, Query, Sort, Step, SuggestStep};
use wasm_bindgen::prelude::*;

/// Gives memory in constant time, by code a fifth as large as the standard library's.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Whether a letter stands between the pieces of a request: no piece has it. A function, as the
/// standard library looks for a letter itself by longer code.
fn is_between(letter: char) -> bool {
    letter == '\0'
}

/// Fills a query in from the pieces of a request: each option is a letter with the name of a field
/// or its value, and takes as many further pieces as it needs. What is no option is passed over.
///
/// ```text
///   =field value      accepts a value, beside those accepted already
///   <field from to    accepts a range, both ends included; an empty end is open
///   ?field            accepts records that have no value
///   #field            counts the values
///   sORDER  mMATCH  gLANG  dDATE        order, match, the reader's language, today
/// ```
fn fill(query: &mut Query, request: &str) {
    let mut pieces = request.split(is_between);
    while let Some(piece) = pieces.next() {
        let mut letters = piece.chars();
        let option = letters.next();
        let text = letters.as_str();
        let mut next = || pieces.next().unwrap_or_default().to_owned();
        match option {
            Some('=') => accept(query, text, Accept::Value(next())),
            Some('<') => {
                let mut end = || Some(next()).filter(|end| !end.is_empty());
                let (from, to) = (end(), end());
                accept(query, text, Accept::Range { from, to });
            }
            Some('?') => accept(query, text, Accept::Missing),
            Some('#') => query.facets.push(text.to_owned()),
            Some('s') => query.sort = Sort::from_name(text),
            Some('m') => query.matching = Matching::from_name(text).unwrap_or_default(),
            Some('g') => query.lang = Some(text.to_owned()),
            Some('d') => query.today = Some(text.to_owned()),
            _ => {}
        }
    }
}

fn accept(query: &mut Query, field: &str, accept: Accept) {
    match query
        .filters
        .iter_mut()
        .find(|filter| filter.field == field)
    {
        Some(filter) => filter.accept.push(accept),
        None => query.filters.push(Filter {
            field: field.to_owned(),
            accept: vec![accept],
        }),
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
        let chunk = self.index.chunk(ChunkId(id));
        chunk.map(|chunk| chunk.name).unwrap_or_default()
    }

    /// Gives the index the inflated bytes of a chunk, with the number that stands before its deflated
    /// ones.
    ///
    /// # Errors
    ///
    /// `index-corrupt` where they are not those of the chunk.
    pub fn supply(&mut self, id: u32, seal: u32, raw: Vec<u8>) -> Result<(), JsValue> {
        self.index
            .supply(ChunkId(id), seal, raw)
            .map_err(|error| convert::failure(&error))
    }

    /// Searches the chunks supplied so far for what a reader typed: a `Uint32Array` of the chunks
    /// that are missing (for each its number, where it begins in its file, and its length there, or 0
    /// where it is the whole file), or the page of results as JSON text. `request` says all else.
    ///
    /// # Errors
    ///
    /// `bad-filter` where the query asks for a column that the index does not have or for a bound
    /// that cannot be read; `index-corrupt` where a chunk does not decode.
    pub fn search(
        &self,
        text: String,
        request: &str,
        limit: u32,
        offset: u32,
    ) -> Result<JsValue, JsValue> {
        let mut query = Query::new(text);
        query.limit = limit as usize;
        query.offset = offset as usize;
        fill(&mut query, request);
        answer(&self.index, self.index.search(&query))
    }

    /// The records most like a given one: as [`Engine::search`], a page of which only the hits say
    /// something. Before the id stands the reader's language, or nothing, and a zero.
    ///
    /// # Errors
    ///
    /// `index-corrupt` where a chunk does not decode.
    pub fn related(&self, request: &str, limit: u32) -> Result<JsValue, JsValue> {
        let end = request.bytes().position(|byte| byte == 0).unwrap_or(0);
        let lang = request.get(..end);
        let id = request.get(end + 1..).unwrap_or_default();
        answer(&self.index, self.index.related(id, limit as usize, lang))
    }

    /// Completes what is being typed: a `Uint32Array` of the chunks that are missing, or the
    /// completions as JSON text.
    ///
    /// # Errors
    ///
    /// `index-corrupt` where a chunk does not decode.
    pub fn suggest(&self, typed: &str, limit: u32) -> Result<JsValue, JsValue> {
        match self.index.suggest(typed, limit as usize) {
            Ok(SuggestStep::Need(chunks)) => Ok(convert::places(&self.index, &chunks)),
            Ok(SuggestStep::Done(found)) => Ok(convert::suggestions(&found)),
            Err(error) => Err(convert::failure(&error)),
        }
    }
}

/// How far a search of an index came.
fn answer(index: &Index, step: Result<Step, IndexError>) -> Result<JsValue, JsValue> {
    match step {
        Ok(Step::Need(chunks)) => Ok(convert::places(index, &chunks)),
        Ok(Step::Done(page)) => Ok(convert::page(&page)),
        Err(error) => Err(convert::failure(&error)),
    }
}
