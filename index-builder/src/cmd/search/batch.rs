//! Many queries from a file, a line each; a line of results for each, in order, as soon as it is
//! there.
//!
//! Knows how a query is written as JSON. A line that cannot be understood ends the work, since
//! results that silently lack a query are worse than none.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use speir::{Accept, Page, Query, Schema};

use super::{accept, nfc, problem, today, unwritable};
use crate::args::{SearchArgs, parse_matching, parse_sort};
use crate::config;
use crate::dir::DirIndex;
use crate::problem::{Place, Problem, WRONG_USAGE};

/// The name that stands for the standard input.
const STANDARD_INPUT: &str = "-";

/// A query as a line gives it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: Json,
    q: String,
    #[serde(default)]
    filters: Map<String, Json>,
    #[serde(default)]
    facets: Vec<String>,
    sort: Option<String>,
    #[serde(rename = "match")]
    matching: Option<String>,
    limit: Option<usize>,
    offset: Option<usize>,
    lang: Option<String>,
    explain: Option<bool>,
}

/// A page of results with the id of its query.
#[derive(Serialize)]
struct Answer<'a> {
    id: &'a Json,
    #[serde(flatten)]
    page: &'a Page,
}

/// Answers every query of a file. What a line does not say, the command line says for all.
pub(super) fn run(index: &mut DirIndex, path: &Path, args: &SearchArgs) -> Result<(), Problem> {
    let lines: Box<dyn BufRead> = if path == Path::new(STANDARD_INPUT) {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(path).map_err(|error| Problem::io("read", path, &error))?;
        Box::new(BufReader::new(file))
    };
    let mut out = io::stdout().lock();
    for (at, text) in lines.lines().enumerate() {
        let text = text.map_err(|error| Problem::io("read", path, &error))?;
        let text = if at == 0 {
            text.trim_start_matches('\u{feff}')
        } else {
            &text
        };
        if text.trim().is_empty() {
            continue;
        }
        let number = at as u64 + 1;
        let (id, query) = read(text, args, index.index().schema())
            .map_err(|reason| wrong(path, number, reason))?;
        let page = index
            .search(&query)
            .map_err(|error| problem(error).at(place(path, number)))?;
        let answer = serde_json::to_string(&Answer {
            id: &id,
            page: &page,
        })
        .map_err(|error| unwritable(&error))?;
        // A line at a time, so that a program at the other end can ask and wait for the answer.
        match writeln!(out, "{answer}").and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => {
                return Err(Problem::io(
                    "write to",
                    Path::new("the standard output"),
                    &error,
                ));
            }
            Ok(()) => {}
        }
    }
    Ok(())
}

fn read(text: &str, args: &SearchArgs, schema: &Schema) -> Result<(Json, Query), String> {
    let line: Line = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if !matches!(line.id, Json::String(_) | Json::Number(_)) {
        return Err("`id` should be text or a number".to_owned());
    }
    let mut query = Query::new(nfc(&line.q))
        .limit(line.limit.unwrap_or(args.limit))
        .offset(line.offset.unwrap_or(args.offset));
    if let Some(sort) = line
        .sort
        .as_deref()
        .map(parse_sort)
        .transpose()?
        .or(args.sort.clone())
    {
        query = query.sort(sort);
    }
    let matching = line
        .matching
        .as_deref()
        .map(parse_matching)
        .transpose()?
        .or(args.matching);
    query = query.matching(matching.unwrap_or_default());
    for (field, wanted) in &line.filters {
        // Several values are alternatives; a value alone is a list of one.
        let alone = std::slice::from_ref(wanted);
        let values = wanted.as_array().map_or(alone, Vec::as_slice);
        for value in values {
            query = query.accept(field, value_or_range(schema, field, value)?);
        }
    }
    for field in &line.facets {
        query = query.facet(field);
    }
    query.lang = line
        .lang
        .as_deref()
        .map(config::lang)
        .transpose()?
        .or_else(|| args.lang.clone());
    query.explain = line.explain.unwrap_or(args.explain);
    query.today = Some(today(args.today.as_deref()));
    Ok((line.id, query))
}

fn value_or_range(schema: &Schema, field: &str, wanted: &Json) -> Result<Accept, String> {
    let end = |range: &Map<String, Json>, name: &str| match range.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.clone())),
        Some(Json::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err(format!(
            "`{name}` of the filter `{field}` should be text or a number"
        )),
    };
    match wanted {
        Json::Null => Ok(Accept::Missing),
        // Text means what it means after `--filter`.
        Json::String(text) => Ok(accept(schema, field, text.trim())),
        Json::Number(number) => Ok(Accept::Value(number.to_string())),
        Json::Bool(truth) => Ok(Accept::Value(truth.to_string())),
        Json::Object(range) => {
            if let Some(other) = range
                .keys()
                .find(|key| !["from", "to"].contains(&key.as_str()))
            {
                return Err(format!(
                    "`{other}` in the filter `{field}`: a range has `from` and `to`"
                ));
            }
            Ok(Accept::Range {
                from: end(range, "from")?,
                to: end(range, "to")?,
            })
        }
        Json::Array(_) => Err(format!("the filter `{field}` has a list within a list")),
    }
}

fn place(path: &Path, line: u64) -> Place {
    Place {
        file: Some(path.to_owned()),
        line: Some(line),
        ..Place::default()
    }
}

fn wrong(path: &Path, line: u64, reason: String) -> Problem {
    let reason = reason
        .split(" at line ")
        .next()
        .unwrap_or(&reason)
        .to_owned();
    Problem {
        exit_code: WRONG_USAGE,
        ..Problem::new(
            "queries",
            format!("the query cannot be understood: {reason}"),
            "write {\"id\": ..., \"q\": ...} on a line, and if need be filters, facets, sort, match, \
             limit, offset, lang, explain",
        )
        .at(place(path, line))
    }
}
