//! `speir search`: one query, or many from a file.
//!
//! Knows how what was typed becomes a query for this index. How results look, `show` knows; how
//! queries are written in a file, `batch` knows.

mod batch;
pub(super) mod show;

use speir::{Accept, FieldKind, Query, Schema, Sort};

use super::ask::{nfc, today, unwritable};
use super::{open, print, problem};
use crate::args::SearchArgs;
use crate::problem::Problem;

/// Between the two ends of a range.
const RANGE: &str = "..";

/// Searches.
pub(crate) fn run(args: &SearchArgs) -> Result<(), Problem> {
    let mut index = open(&args.folder)?;
    if let Some(path) = &args.queries {
        return batch::run(&mut index, path, args);
    }
    let query = query(args, index.index().schema());
    let page = index.search(&query).map_err(problem)?;
    if args.json {
        let line = serde_json::to_string(&page).map_err(|error| unwritable(&error))?;
        return print(|out| writeln!(out, "{line}"));
    }
    print(|out| show::page(out, &page, &query))
}

/// The query that a command line asks for. Words and values go in as Unicode NFC, like the records.
fn query(args: &SearchArgs, schema: &Schema) -> Query {
    let mut query = Query::new(nfc(&args.words.join(" ")))
        .limit(args.limit)
        .offset(args.offset)
        .matching(args.matching.unwrap_or_default())
        .sort(args.sort.clone().unwrap_or(Sort::Relevance));
    for (field, value) in &args.filters {
        query = query.accept(field, accept(schema, field, value));
    }
    for field in &args.facets {
        query = query.facet(field);
    }
    query.lang = args.lang.clone();
    query.explain = args.explain;
    query.today = Some(today(args.today.as_deref()));
    query
}

/// What a filter's value stands for: a range only where the field has an order, so that a text with
/// two dots in it stays a text.
fn accept(schema: &Schema, field: &str, value: &str) -> Accept {
    if value.is_empty() {
        return Accept::Missing;
    }
    let is_ordered = schema
        .find(field)
        .is_some_and(|(_, field)| field.kind != FieldKind::Text);
    match value.split_once(RANGE) {
        Some((from, to)) if is_ordered => {
            let end = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
            Accept::Range {
                from: end(from),
                to: end(to),
            }
        }
        _ => Accept::Value(nfc(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_dots_make_a_range_only_where_values_have_an_order() {
        let schema = Schema::default();
        let range = |from: &str, to: &str| {
            let end = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            Accept::Range {
                from: end(from),
                to: end(to),
            }
        };
        let check = |field, value, expected| assert_eq!(accept(&schema, field, value), expected);
        check("year", "2014..2016", range("2014", "2016"));
        check("year", "2014..", range("2014", ""));
        check("date", "..2016-06", range("", "2016-06"));
        check("year", "2014", Accept::Value("2014".into()));
        check(
            "type",
            "to be continued..",
            Accept::Value("to be continued..".into()),
        );
        check("type", "", Accept::Missing);
        check("unknown", "1..2", Accept::Value("1..2".into()));
        check("type", "cafe\u{301}", Accept::Value("caf\u{e9}".into()));
    }
}
