//! Expectations as a file gives them: a table, or a JSON object a line.
//!
//! Knows how both are written down. An expectation that cannot be understood ends the work, since
//! one that is silently left out could never fail.

use std::path::Path;

use serde::Deserialize;

use crate::lines;
use crate::problem::{Place, Problem, shorten};

/// That a record comes up for a query.
#[derive(Debug, PartialEq)]
pub(super) struct Expected {
    /// The line on which it stands.
    pub(super) line: u64,
    /// The words.
    pub(super) query: String,
    /// The record's id or link.
    pub(super) record: String,
    /// Among how many of the first results it should be; at least 1.
    pub(super) within: usize,
}

const TABLE_ADVICE: &str =
    "name the columns query, record and, if need be, within in the first row";
const LINE_ADVICE: &str =
    "write {\"query\": ..., \"record\": ...} on a line, and if need be \"within\": 3";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    query: String,
    record: OneOrMore,
    within: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// Reads expectations; files whose names end in `.jsonl` or `.ndjson` have a JSON object a line,
/// all others are tables.
pub(super) fn read(path: &Path, text: &str) -> Result<Vec<Expected>, Problem> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let expected = match ending {
        Some("jsonl" | "ndjson") => json_lines(path, text)?,
        _ => table(path, text)?,
    };
    if expected.is_empty() {
        return Err(Problem::new(
            "expectations",
            format!("{} holds no expectations", path.display()),
            "write a query and the record that should come up for it on each line",
        ));
    }
    Ok(expected)
}

fn json_lines(path: &Path, text: &str) -> Result<Vec<Expected>, Problem> {
    let mut all = Vec::new();
    for (line, text) in lines::lines(text) {
        let wrong = |reason: String| {
            let reason = format!("the expectation cannot be understood: {reason}");
            problem(path, line, reason, LINE_ADVICE)
        };
        let said: Line = serde_json::from_str(text).map_err(|error| {
            let reason = error.to_string();
            wrong(
                reason
                    .split(" at line ")
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            )
        })?;
        let within = match said.within {
            None | Some(serde_json::Value::Null) => String::new(),
            Some(value) => value.to_string(),
        };
        let records = match said.record {
            OneOrMore::One(record) => vec![record],
            OneOrMore::More(records) => records,
        };
        if records.is_empty() {
            return Err(wrong("its list of records is empty".to_owned()));
        }
        for record in records {
            all.push(one(path, line, &said.query, &record, &within, LINE_ADVICE)?);
        }
    }
    Ok(all)
}

fn table(path: &Path, text: &str) -> Result<Vec<Expected>, Problem> {
    let rows = lines::rows(text, ["query", "record", "within"], 2)
        .map_err(|(line, reason)| problem(path, line, reason, TABLE_ADVICE))?;
    rows.iter()
        .map(|(line, [query, record, within])| {
            one(path, *line, query, record, within, TABLE_ADVICE)
        })
        .collect()
}

fn one(
    path: &Path,
    line: u64,
    query: &str,
    record: &str,
    within: &str,
    advice: &str,
) -> Result<Expected, Problem> {
    let wrong = |reason: String| Err(problem(path, line, reason, advice));
    let (query, record) = (query.trim(), record.trim());
    if query.is_empty() {
        return wrong("the expectation has no query".to_owned());
    }
    if record.is_empty() {
        return wrong(format!("the expectation for \"{query}\" has no record"));
    }
    let within = match within {
        "" => 1,
        text => match text.parse() {
            Ok(within) if within > 0 => within,
            _ => {
                let text = shorten(text, 40);
                return wrong(format!(
                    "`within` should be a whole number above 0, but is {text}"
                ));
            }
        },
    };
    Ok(Expected {
        line,
        query: query.to_owned(),
        record: record.to_owned(),
        within,
    })
}

fn problem(path: &Path, line: u64, reason: String, advice: &str) -> Problem {
    Problem::new("expectations", reason, advice).at(Place {
        file: Some(path.to_owned()),
        line: Some(line),
        ..Place::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, text: &str, expected: &str) {
        let outcome = match read(Path::new(name), text) {
            Ok(all) => all
                .iter()
                .map(|one| format!("{} {}>{}<{}", one.line, one.query, one.record, one.within))
                .collect::<Vec<_>>()
                .join(" | "),
            Err(problem) => problem.to_string(),
        };
        assert_eq!(outcome, expected, "{text}");
    }

    #[test]
    fn tables_and_lines_say_the_same() {
        let same = "2 council tax>tax<1 | 3 bins>waste<3 | 3 bins>/bins/<3";
        check(
            "e.jsonl",
            "\n{\"query\": \"council tax\", \"record\": \"tax\"}\n\
             {\"query\": \"bins\", \"record\": [\"waste\", \"/bins/\"], \"within\": 3}\n",
            same,
        );
        let same = "2 council tax>tax<1 | 3 bins>waste<3 | 5 bins>/bins/<3";
        for delimiter in [",", "\t", ";"] {
            let text = "\u{feff}Query,Record,Within\r\n\"council tax\",tax,\r\nbins, waste ,3\r\n\r\nbins,/bins/,3\r\n";
            check("e.csv", &text.replace(',', delimiter), same);
        }
        check(
            "e",
            "record,query\ntax,council tax\n",
            "2 council tax>tax<1",
        );
    }

    #[test]
    fn what_cannot_be_understood_is_named_with_its_line() {
        check(
            "e.csv",
            "query,page\na,b\n",
            "e.csv, line 1: no column is called `record`; the columns are: query, page",
        );
        check(
            "e.csv",
            "query,record\n\n,b\n",
            "e.csv, line 3: the expectation has no query",
        );
        check(
            "e.csv",
            "query,record\na\n",
            "e.csv, line 2: the expectation for \"a\" has no record",
        );
        check(
            "e.csv",
            "query,record,within\na,b,0\n",
            "e.csv, line 2: `within` should be a whole number above 0, but is 0",
        );
        check("e.csv", "query,record\n", "e.csv holds no expectations");
        check("e.csv", "", "e.csv holds no expectations");
        check(
            "e.jsonl",
            "{\"query\": \"a\"}\n",
            "e.jsonl, line 1: the expectation cannot be understood: missing field `record`",
        );
        check(
            "e.jsonl",
            "{\"query\": \"a\", \"record\": []}\n",
            "e.jsonl, line 1: the expectation cannot be understood: its list of records is empty",
        );
        check(
            "e.jsonl",
            "{\"query\": \"a\", \"record\": \"b\", \"within\": 1.5}\n",
            "e.jsonl, line 1: `within` should be a whole number above 0, but is 1.5",
        );
    }
}
