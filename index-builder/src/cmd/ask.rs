//! What the commands that ask an index have in common: how words become a query, the day on which
//! it is asked, and the place of one record among the results.
//!
//! Knows the clock, which the core does not. Prints nothing.

use std::time::{SystemTime, UNIX_EPOCH};

use speir::{Hit, MAX_LIMIT, Page, Query};
use unicode_normalization::UnicodeNormalization;

use super::problem;
use crate::args::AskingArgs;
use crate::dir::DirIndex;
use crate::problem::Problem;

/// A record among the results of a query.
pub(super) struct Found {
    /// Its place, from 1.
    pub(super) place: usize,
    /// The record.
    pub(super) hit: Hit,
}

/// The query for some words. They go in as Unicode NFC, like the records.
pub(super) fn query(words: &str, asking: &AskingArgs) -> Query {
    let mut query = Query::new(nfc(words))
        .matching(asking.matching.unwrap_or_default())
        .today(today(asking.today.as_deref()));
    query.lang = asking.lang.clone();
    query
}

/// The day that was named, or else the day that it is, in UTC: an ISO 8601 date.
pub(super) fn today(named: Option<&str>) -> String {
    named.map_or_else(
        || {
            // A clock that was never set is taken to show the first day there is.
            let since = SystemTime::now().duration_since(UNIX_EPOCH);
            let n_ms = since.map_or(0, |since| since.as_millis());
            let n_days = i64::try_from(n_ms).unwrap_or_default() / speir::date::DAY_MS;
            speir::date::to_iso(n_days * speir::date::DAY_MS)
        },
        str::to_owned,
    )
}

/// Looks for a record, named by its id or link, through all pages of a query's results. Gives the
/// first page too, which has [`MAX_LIMIT`] hits at most.
pub(super) fn find(
    index: &mut DirIndex,
    query: &Query,
    name: &str,
) -> Result<(Option<Found>, Page), Problem> {
    let name = nfc(name);
    let is_it = |hit: &Hit| hit.id == name || hit.url.as_deref() == Some(&*name);
    let mut query = query.clone().limit(MAX_LIMIT).offset(0);
    let mut first: Option<Page> = None;
    loop {
        let page = index.search(&query).map_err(problem)?;
        let at = page.hits.iter().position(is_it);
        let found = at.map(|at| Found {
            place: query.offset + at + 1,
            hit: page.hits[at].clone(),
        });
        query.offset += page.hits.len();
        let is_last = page.hits.is_empty() || query.offset >= page.total as usize;
        let first = first.get_or_insert(page);
        if found.is_some() || is_last {
            return Ok((found, std::mem::take(first)));
        }
    }
}

/// The text as Unicode NFC.
pub(super) fn nfc(text: &str) -> String {
    text.nfc().collect()
}

pub(super) fn unwritable(error: &serde_json::Error) -> Problem {
    Problem::new(
        "internal",
        format!("cannot write the results: {error}"),
        "report this as an error in speir",
    )
}
