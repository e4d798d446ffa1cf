//! Queries and judgements as their files give them.
//!
//! Knows how both are written down. A line that cannot be understood ends the work, since a mean
//! that silently lacks a query is worse than none.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::problem::{Place, Problem, shorten};

/// A query to be asked.
#[derive(Debug, PartialEq)]
pub(super) struct Asked {
    /// What the judgements call it.
    pub(super) id: String,
    /// Its words.
    pub(super) text: String,
    /// Its reader's language, where the line says one.
    pub(super) lang: Option<String>,
}

/// Grades by query, then by record.
pub(super) type Judgements = BTreeMap<String, BTreeMap<String, i64>>;

/// A line of the queries. Keys beyond these are those of other programs.
#[derive(Deserialize)]
struct Line {
    id: Json,
    text: Option<String>,
    q: Option<String>,
    lang: Option<String>,
}

/// Reads the queries, a JSON object a line.
pub(super) fn queries(path: &Path, text: &str) -> Result<Vec<Asked>, Problem> {
    let mut queries = Vec::new();
    for (line, text) in lines(text) {
        let query = query(text).map_err(|reason| {
            Problem::new(
                "queries",
                format!("the query cannot be understood: {reason}"),
                "write {\"id\": ..., \"text\": ...} on a line",
            )
            .at(Place::line(path, line))
        })?;
        queries.push(query);
    }
    if queries.is_empty() {
        return Err(Problem::new(
            "queries",
            format!("{} holds no queries", path.display()),
            "write {\"id\": ..., \"text\": ...} on a line",
        ));
    }
    Ok(queries)
}

fn query(text: &str) -> Result<Asked, String> {
    let line: Line = serde_json::from_str(text).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next();
        reason.unwrap_or_default().to_owned()
    })?;
    let id = match line.id {
        Json::String(id) => id,
        Json::Number(id) => id.to_string(),
        _ => return Err("`id` should be text or a number".to_owned()),
    };
    let text = line.text.or(line.q);
    Ok(Asked {
        id,
        text: text.ok_or("it has neither `text` nor `q`")?,
        lang: line.lang,
    })
}

/// Reads the judgements: query, record and grade, or the four columns of TREC, of which the second
/// says nothing. A first line whose grade is no number is a header.
pub(super) fn judgements(path: &Path, text: &str) -> Result<Judgements, Problem> {
    let mut judgements = Judgements::new();
    for (at, (line, text)) in lines(text).enumerate() {
        // Tabs cut alone where there are any, so that ids may hold spaces.
        let cells: Vec<&str> = if text.contains('\t') {
            text.split('\t').map(str::trim).collect()
        } else {
            text.split_whitespace().collect()
        };
        let wrong = |reason: String| {
            Problem::new(
                "judgements",
                reason,
                "write query, record and grade on a line, with tabs or spaces between, or the \
                 columns of TREC: query, 0, record, grade",
            )
            .at(Place::line(path, line))
        };
        let (query, record, grade) = match *cells {
            [query, record, grade] | [query, _, record, grade] => (query, record, grade),
            _ => {
                let n = super::count(cells.len() as u64, "column");
                return Err(wrong(format!("the line has {n}, but should have 3 or 4")));
            }
        };
        match grade.parse() {
            Ok(grade) => {
                let records = judgements.entry(query.to_owned()).or_default();
                records.insert(record.to_owned(), grade);
            }
            Err(_) if at == 0 => {}
            Err(_) => {
                let grade = shorten(grade, 40);
                return Err(wrong(format!(
                    "the grade \"{grade}\" is not a whole number"
                )));
            }
        }
    }
    // A query for which nothing is right cannot tell good results from bad ones.
    judgements.retain(|_, records| records.values().any(|grade| *grade > 0));
    if judgements.is_empty() {
        return Err(Problem::new(
            "judgements",
            format!("{} judges no record above 0", path.display()),
            "give the records that are right a grade of 1 or more",
        ));
    }
    Ok(judgements)
}

/// The lines that hold anything, with their numbers from 1.
fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let text = text.trim_start_matches('\u{feff}');
    let lines = text.lines().zip(1..).map(|(text, line)| (line, text));
    lines.filter(|(_, text)| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let outcome = match judgements(Path::new("q.tsv"), text) {
            Ok(judgements) => judgements
                .iter()
                .flat_map(|(query, records)| {
                    records
                        .iter()
                        .map(move |(record, grade)| format!("{query}/{record}/{grade}"))
                })
                .collect::<Vec<_>>()
                .join(" "),
            Err(problem) => problem.to_string(),
        };
        assert_eq!(outcome, expected, "{text}");
    }

    #[test]
    fn judgements_are_read_in_all_their_forms() {
        check("1\ta\t1\n1\tb c\t0\n", "1/a/1 1/b c/0");
        check("\u{feff}1 a 2\r\n\r\n2 b 1\r\n", "1/a/2 2/b/1");
        check("1 0 a 1\n1\t0\tb\t3\n", "1/a/1 1/b/3");
        check("query\trecord\tgrade\n1\ta\t1\n", "1/a/1");
        // The last word counts, and a query without a right record counts for nothing.
        check("1 a 1\n1 a 2\n2 b 0\n2 c -1\n", "1/a/2");
    }

    #[test]
    fn judgements_that_cannot_be_read_are_named_with_their_line() {
        check(
            "1 a 1\n\n1 b x\n",
            "q.tsv, line 3: the grade \"x\" is not a whole number",
        );
        check(
            "1 a\n",
            "q.tsv, line 1: the line has 2 columns, but should have 3 or 4",
        );
        check("1 a 0\n", "q.tsv judges no record above 0");
    }

    #[test]
    fn queries_have_a_name_and_words() {
        let read = |text| queries(Path::new("q.jsonl"), text).map_err(|error| error.to_string());
        assert_eq!(
            read("{\"id\": 1, \"text\": \"a\", \"n\": 2}\n\n{\"id\": \"x\", \"q\": \"b\"}\n"),
            Ok(vec![
                Asked {
                    id: "1".into(),
                    text: "a".into(),
                    lang: None
                },
                Asked {
                    id: "x".into(),
                    text: "b".into(),
                    lang: None
                },
            ])
        );
        assert_eq!(
            read("\n{\"id\": 1}").unwrap_err(),
            "q.jsonl, line 2: the query cannot be understood: it has neither `text` nor `q`"
        );
        assert_eq!(
            read("{\"id\": [], \"q\": \"a\"}").unwrap_err(),
            "q.jsonl, line 1: the query cannot be understood: `id` should be text or a number"
        );
        assert_eq!(read("\n").unwrap_err(), "q.jsonl holds no queries");
    }
}
