//! What a field may be for, by the values that it has in the records that were seen.
//!
//! Knows values. That a value is a number or a date, the reader of records says itself, so that what is
//! proposed is what it will take.

use std::collections::BTreeMap;

use speir::{Field, FieldKind, Record, Value};

use crate::config::Rules;
use crate::input::{self, Content, Entry};

/// Most different values that readers can choose among.
const MOST_IN_FACET: usize = 50;
/// Most characters of a value that somebody would choose from a list.
const MOST_IN_CHOICE: usize = 60;
/// Of so many cells one has a separator in it where the field holds several values.
const CELLS_PER_LIST: usize = 10;
/// What may stand between several values. A comma stands in sentences too, so that more is asked of it.
const BETWEEN: [&str; 3] = [";", "|", ","];

/// What is proposed for a field.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Proposal {
    pub(super) name: String,
    /// How many records have it.
    pub(super) n_records: usize,
    /// Its different values, most first.
    pub(super) values: Vec<String>,
    pub(super) kind: Option<FieldKind>,
    pub(super) search: bool,
    pub(super) facet: bool,
    /// What stands between several values in a cell.
    pub(super) separator: Option<&'static str>,
}

/// Proposals for the fields that have no meaning yet, by name.
pub(super) fn propose(records: &[Record], rules: &Rules) -> Vec<Proposal> {
    let mut fields: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for record in records {
        for (name, value) in &record.fields {
            if !rules.knows(name) && !value.is_missing() {
                fields.entry(name).or_default().push(value);
            }
        }
    }
    fields
        .into_iter()
        .map(|(name, values)| of_field(name, &values))
        .collect()
}

fn of_field(name: &str, values: &[&Value]) -> Proposal {
    let cells: Vec<Vec<String>> = values.iter().map(|value| texts(value)).collect();
    let is_text = |value: &&Value| matches!(value, Value::Text(_));
    let is_of_texts = values.iter().all(is_text);
    let mut proposal = Proposal {
        name: name.to_owned(),
        n_records: values.len(),
        values: commonest(&cells),
        ..Proposal::default()
    };
    if cells.iter().all(Vec::is_empty) {
        // Objects: kept and shown, and nothing else can be done with them.
        return proposal;
    }
    if is_of(FieldKind::Number, values) {
        proposal.kind = Some(FieldKind::Number);
        proposal.facet = is_facet(&cells);
        return proposal;
    }
    if is_of(FieldKind::Date, values) {
        proposal.kind = Some(FieldKind::Date);
        return proposal;
    }
    if cells.iter().flatten().all(|text| is_link(text)) {
        return proposal;
    }
    if is_of_texts && let Some((separator, pieces)) = separator(&cells) {
        proposal.separator = Some(separator);
        proposal.values = commonest(&pieces);
        proposal.facet = is_facet(&pieces);
    } else {
        proposal.facet = is_facet(&cells);
    }
    proposal.search = !values.iter().all(|value| matches!(value, Value::Bool(_)));
    proposal
}

/// Whether readers can choose among the values: few, short, and half of the records share one.
fn is_facet(records: &[Vec<String>]) -> bool {
    let counts = counts(records);
    let is_short = |value: &&str| value.chars().count() <= MOST_IN_CHOICE;
    if !(2..=MOST_IN_FACET).contains(&counts.len()) || !counts.keys().all(is_short) {
        return false;
    }
    let is_shared = |value: &String| counts.get(value.as_str()).is_some_and(|n| *n > 1);
    let n_sharing = records
        .iter()
        .filter(|values| values.iter().any(is_shared))
        .count();
    n_sharing * 2 >= records.len()
}

/// What stands between several values, and the values of each cell; `None` where cells hold one.
fn separator(cells: &[Vec<String>]) -> Option<(&'static str, Vec<Vec<String>>)> {
    BETWEEN.into_iter().find_map(|separator| {
        let n_cut = cells
            .iter()
            .filter(|texts| texts.iter().any(|text| text.contains(separator)))
            .count();
        if n_cut < 2 || n_cut * CELLS_PER_LIST < cells.len() {
            return None;
        }
        let pieces = cells.iter().map(|texts| {
            let pieces = texts.iter().flat_map(|text| text.split(separator));
            let pieces = pieces.map(str::trim).filter(|piece| !piece.is_empty());
            pieces.map(str::to_owned).collect()
        });
        let pieces: Vec<Vec<String>> = pieces.collect();
        // The pieces of sentences do not come again; what always has as many is one value of parts,
        // such as a month and its year.
        let n_of_first = pieces.first().map_or(0, Vec::len);
        let is_of_parts = pieces.iter().all(|pieces| pieces.len() == n_of_first);
        let is_list = separator != "," || !(is_of_parts || is_facet(cells));
        (is_list && is_facet(&pieces)).then_some((separator, pieces))
    })
}

/// Whether the reader of records takes every value as one of a kind.
fn is_of(kind: FieldKind, values: &[&Value]) -> bool {
    const NAME: &str = "x";
    let mut rules = Rules::default();
    rules.schema.set(Field::new(NAME).kind(kind));
    values.iter().all(|value| {
        // Numbers that begin with 0 are names: of telephones, of places.
        let is_name = match value {
            Value::Text(text) => {
                let text = text.trim();
                text.len() > 1 && text.starts_with('0') && !text.starts_with("0.")
            }
            Value::Int(_) | Value::Float(_) => kind == FieldKind::Date,
            _ => true,
        };
        let entry = |key: &str, value: Value| Entry {
            key: key.to_owned(),
            content: Content::Value(value),
        };
        let entries = vec![
            entry("id", "a".into()),
            entry("title", "a".into()),
            entry(NAME, (*value).clone()),
        ];
        !is_name && input::make(entries, &rules).is_ok()
    })
}

fn is_link(text: &str) -> bool {
    ["https://", "http://", "mailto:", "/"]
        .iter()
        .any(|start| text.starts_with(start))
}

/// The single values as text; none of an object.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Text(text) => vec![text.trim().to_owned()],
        Value::Int(number) => vec![number.to_string()],
        Value::Float(number) => vec![number.to_string()],
        Value::Bool(truth) => vec![truth.to_string()],
        Value::List(items) => items.iter().flat_map(texts).collect(),
        Value::Object(_) => Vec::new(),
    }
}

/// How many records have each value.
fn counts(records: &[Vec<String>]) -> BTreeMap<&str, usize> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for values in records {
        let mut values: Vec<&str> = values.iter().map(String::as_str).collect();
        values.sort_unstable();
        values.dedup();
        for value in values {
            *counts.entry(value).or_default() += 1;
        }
    }
    counts
}

fn commonest(records: &[Vec<String>]) -> Vec<String> {
    let counts = counts(records);
    let mut values: Vec<(&str, usize)> = counts.into_iter().collect();
    values.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    values
        .into_iter()
        .map(|(value, _)| value.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is proposed for a column with these cells, in the words of `speir.toml`.
    fn check(cells: &[&str], expected: &str) {
        let values = cells
            .iter()
            .map(|cell| Value::from(*cell))
            .collect::<Vec<_>>();
        check_values(&values, expected);
    }

    fn check_values(values: &[Value], expected: &str) {
        let proposal = of_field("x", &values.iter().collect::<Vec<_>>());
        let kind = proposal.kind.map(|kind| format!("{kind:?}"));
        let words = [
            kind,
            proposal.search.then(|| "search".to_owned()),
            proposal.facet.then(|| "facet".to_owned()),
            proposal.separator.map(str::to_owned),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        assert_eq!(words.join(" "), expected, "{values:?}");
    }

    #[test]
    fn few_values_that_repeat_are_a_facet() {
        check(&["north", "south", "north", "south"], "search facet");
        check(&["north", "south", "east", "west"], "search");
        // One value for all says nothing to choose.
        check(&["north", "north", "north"], "search");
        check(&["a fine day", "a fine night"], "search");
        let many: Vec<String> = (0..120).map(|at| format!("value {}", at % 51)).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        check(&many, "search");
        check(&many[..100], "search");
        let long = "long ".repeat(20);
        check(&[&long, &long, "short"], "search");
    }

    #[test]
    fn several_values_in_a_cell_are_a_list() {
        check(&["a;b", "b;c", "a;c", "b"], "search facet ;");
        check(&["a | b", "b | c", "a"], "search facet |");
        check(&["Ann, Ben", "Ben, Cy", "Ann"], "search facet ,");
        check(&["May, 2016", "May, 2017", "June, 2017"], "search");
        // Commas of sentences.
        check(&["Fine, dry", "Wet, windy", "Cold, clear"], "search");
    }

    #[test]
    fn numbers_dates_and_links_are_told_by_their_values() {
        check(&["12", "7", "3000"], "Number");
        check(&["1.5", "2"], "Number");
        check(&["1", "2", "1", "2"], "Number facet");
        check(&["012", "007"], "search");
        check(&["12", "twelve"], "search");
        check(&["2016-06-14", "2016-07"], "Date");
        check(&["https://example.org/a", "/b"], "");
        check_values(&[Value::Int(3), Value::Float(1.5)], "Number");
        check_values(
            &[Value::Bool(true), Value::Bool(false), Value::Bool(true)],
            "facet",
        );
        check_values(&[Value::Object(vec![("a".to_owned(), "b".into())])], "");
        let list =
            |items: &[&str]| Value::List(items.iter().map(|item| Value::from(*item)).collect());
        check_values(&[list(&["a", "b"]), list(&["b"])], "search facet");
    }
}
