//! `speir explain`: the account of one record's score for one query.
//!
//! Knows why a record may have no account. How one is printed, `account` knows.

use std::io::{self, Write};

use serde_json::json;
use speir::Query;

use super::account;
use super::ask::{self, Found};
use super::{open, print};
use crate::args::ExplainArgs;
use crate::dir::DirIndex;
use crate::problem::{Problem, plain};

/// Looks for the record and prints its account, or says why there is none.
pub(crate) fn run(args: &ExplainArgs) -> Result<(), Problem> {
    let mut index = open(&args.folder)?;
    let query = ask::query(&args.words, &args.asking)
        .explain()
        .without_texts();
    let (found, page) = ask::find(&mut index, &query, &args.record)?;
    let Some(found) = found else {
        return Err(not_found(&mut index, &query, page.total, args)?);
    };
    if args.json {
        let object = json!({
            "query": page.query,
            "place": found.place,
            "total": page.total,
            "id": found.hit.id,
            "url": found.hit.url,
            "title": found.hit.title,
            "score": found.hit.score,
            "explanation": found.hit.explanation,
            "notices": page.notices,
        });
        return print(|out| writeln!(out, "{object}"));
    }
    print(|out| write(out, &found, page.total, &args.words))
}

/// Why the record has no account: it is not in the index, or the query does not find it.
fn not_found(
    index: &mut DirIndex,
    query: &Query,
    total: u32,
    args: &ExplainArgs,
) -> Result<Problem, Problem> {
    let everything = Query {
        text: String::new(),
        explain: false,
        is_without_texts: true,
        ..query.clone()
    };
    let (found, _) = ask::find(index, &everything, &args.record)?;
    let (record, words) = (plain(&args.record), plain(args.words.trim()));
    let Some(found) = found else {
        return Ok(super::no_such_record(&args.record));
    };
    Ok(Problem::new(
        "no-match",
        format!(
            "\"{}\" ({record}) does not come up for \"{words}\", which finds {}",
            plain(&found.hit.title),
            super::count(u64::from(total), "record"),
        ),
        "it has too few of the words: try --match any, or make them lead to it by a synonym or a pin \
         in speir.toml",
    ))
}

fn write(out: &mut dyn Write, found: &Found, total: u32, words: &str) -> io::Result<()> {
    let hit = &found.hit;
    writeln!(
        out,
        "\"{}\" ({}) is number {} of {} for \"{}\".\n",
        plain(&hit.title),
        plain(&hit.id),
        found.place,
        super::count(u64::from(total), "record"),
        plain(words.trim())
    )?;
    match &hit.explanation {
        Some(explanation) => account::write(out, explanation, ""),
        None => Ok(()),
    }
}
