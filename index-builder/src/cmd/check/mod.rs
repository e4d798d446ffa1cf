//! `speir check`: whether the records that a publisher expects come up for the queries.
//!
//! Knows what is said of an expectation that is not met. How they are written, `expected` knows.

mod expected;

use std::io::{self, Write};

use serde_json::json;
use speir::Hit;

use super::{ask, open, print, read_text};
use crate::args::CheckArgs;
use crate::dir::DirIndex;
use crate::problem::{Problem, plain};
use expected::Expected;

/// How many of the records that came instead are shown.
const SHOWN: usize = 3;

/// Checks every expectation, prints those that are not met, and fails if there is one.
pub(crate) fn run(args: &CheckArgs) -> Result<(), Problem> {
    let mut index = open(&args.folder)?;
    let path = &args.expectations;
    let expected = expected::read(path, &read_text(path)?)?;
    let mut outcomes = Vec::with_capacity(expected.len());
    for one in &expected {
        outcomes.push(outcome(&mut index, one, args)?);
    }
    let failed: Vec<&Outcome<'_>> = outcomes.iter().filter(|one| !one.is_met()).collect();
    if args.json {
        let object = json!({
            "expectations": outcomes.len(),
            "failed": failed.len(),
            "failures": failed.iter().map(|one| one.as_value()).collect::<Vec<_>>(),
        });
        print(|out| writeln!(out, "{object}"))?;
    } else {
        print(|out| {
            for one in &failed {
                one.print(out, args)?;
            }
            if failed.is_empty() {
                let n = expectations(outcomes.len());
                writeln!(out, "{n} met.")?;
            }
            Ok(())
        })?;
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(Problem::new(
        "not-as-expected",
        format!(
            "{} of {} not met",
            failed.len(),
            expectations(outcomes.len())
        ),
        "see what `speir explain DIR QUERY RECORD` says of them; a synonym or a pin in speir.toml may help",
    ))
}

/// What came of an expectation.
struct Outcome<'a> {
    expected: &'a Expected,
    /// At which place the record came, from 1, if it came at all.
    place: Option<usize>,
    /// The first results.
    first: Vec<Hit>,
}

fn outcome<'a>(
    index: &mut DirIndex,
    expected: &'a Expected,
    args: &CheckArgs,
) -> Result<Outcome<'a>, Problem> {
    let query = ask::query(&expected.query, &args.asking).without_texts();
    let (found, page) = ask::find(index, &query, &expected.record)?;
    Ok(Outcome {
        expected,
        place: found.map(|found| found.place),
        first: page.hits.into_iter().take(SHOWN).collect(),
    })
}

impl Outcome<'_> {
    fn is_met(&self) -> bool {
        self.place
            .is_some_and(|place| place <= self.expected.within)
    }

    fn print(&self, out: &mut dyn Write, args: &CheckArgs) -> io::Result<()> {
        let Expected {
            line,
            query,
            record,
            within,
        } = self.expected;
        let file = args.expectations.display();
        let (query, record) = (plain(query), plain(record));
        let wanted = match within {
            1 => "first".to_owned(),
            n => format!("among the first {n}"),
        };
        let place = match self.place {
            Some(place) => format!("comes at place {place}"),
            None => "does not come up".to_owned(),
        };
        writeln!(
            out,
            "{file}, line {line}: for \"{query}\", {record} should come {wanted}, but {place}."
        )?;
        for (hit, number) in self.first.iter().zip(1..) {
            writeln!(
                out,
                "  {number}. {}  ({})",
                plain(&hit.title),
                plain(&hit.id)
            )?;
        }
        if self.first.is_empty() {
            writeln!(out, "  There are no results.")?;
        }
        Ok(())
    }

    fn as_value(&self) -> serde_json::Value {
        let first = self.first.iter();
        json!({
            "line": self.expected.line,
            "query": self.expected.query,
            "record": self.expected.record,
            "within": self.expected.within,
            "place": self.place,
            "first": first
                .map(|hit| json!({ "id": hit.id, "title": hit.title }))
                .collect::<Vec<_>>(),
        })
    }
}

fn expectations(n: usize) -> String {
    super::count(n as u64, "expectation")
}
