//! Gathers columns: the values of fields to filter, count and sort by, checked for their kind.
//!
//! Knows values, dates and the shape of columns. Knows nothing of words.

use std::collections::{BTreeMap, BTreeSet};

use crate::date;
use crate::format::columns::{Column, Values};
use crate::ids::DocId;
use crate::schema::FieldKind;
use crate::value::Value;

/// Most letters of a wrong value that an error repeats.
const SHOWN_LETTERS: usize = 60;

/// A value as a column keeps it.
#[derive(Clone, PartialEq)]
enum Key {
    Text(String),
    Int(i64),
    Float(f64),
}

/// The values of one field so far.
pub(super) struct ColumnBuilder {
    kind: FieldKind,
    rows: Vec<(DocId, Vec<Key>)>,
}

impl ColumnBuilder {
    pub(super) fn new(kind: FieldKind) -> ColumnBuilder {
        ColumnBuilder {
            kind,
            rows: Vec::new(),
        }
    }

    /// Adds a record's value; each item of a list is one.
    pub(super) fn add(&mut self, doc: DocId, value: &Value) {
        let keys: Vec<Key> = value
            .items()
            .filter_map(|item| key(self.kind, item))
            .collect();
        if !keys.is_empty() {
            self.rows.push((doc, keys));
        }
    }

    pub(super) fn finish(self, n_docs: usize) -> Column {
        let keys = || self.rows.iter().flat_map(|(_, keys)| keys);
        let values = if self.kind == FieldKind::Text {
            let texts: BTreeSet<&String> = keys()
                .filter_map(|key| {
                    if let Key::Text(text) = key {
                        Some(text)
                    } else {
                        None
                    }
                })
                .collect();
            Values::Text(texts.into_iter().cloned().collect())
        } else if keys().all(|key| matches!(key, Key::Int(_))) {
            let ints: BTreeSet<i64> = keys()
                .filter_map(|key| {
                    if let Key::Int(int) = key {
                        Some(*int)
                    } else {
                        None
                    }
                })
                .collect();
            Values::Int(ints.into_iter().collect())
        } else {
            let mut floats: Vec<f64> = keys().map(as_float).collect();
            floats.sort_by(f64::total_cmp);
            floats.dedup_by(|a, b| a.total_cmp(b).is_eq());
            Values::Float(floats)
        };
        let mut rows = self.rows.iter().peekable();
        let mut places_of = Vec::with_capacity(n_docs);
        for doc in 0..n_docs as u32 {
            let mut places: Vec<u32> = Vec::new();
            while let Some((_, keys)) = rows.next_if(|(row, _)| row.0 == doc) {
                for key in keys {
                    let place = place(&values, key);
                    if !places.contains(&place) {
                        places.push(place);
                    }
                }
            }
            places_of.push(places);
        }
        let mut column = Column::new(values);
        places_of.iter().for_each(|places| column.push(places));
        column
    }
}

fn as_float(key: &Key) -> f64 {
    match key {
        Key::Int(int) => *int as f64,
        Key::Float(float) => *float,
        Key::Text(_) => 0.0,
    }
}

fn place(values: &Values, key: &Key) -> u32 {
    let found = match (values, key) {
        (Values::Text(values), Key::Text(text)) => values.binary_search(text),
        (Values::Int(values), Key::Int(int)) => values.binary_search(int),
        (Values::Float(values), key) => {
            values.binary_search_by(|value| value.total_cmp(&as_float(key)))
        }
        _ => Ok(0),
    };
    found.unwrap_or(0) as u32
}

/// Whether a single value is of a kind; if not, what would be, in words.
pub(super) fn check(kind: FieldKind, value: &Value) -> Result<(), &'static str> {
    match kind {
        FieldKind::Text => Ok(()),
        FieldKind::Number if key(kind, value).is_none() => Err("a number, such as 2014 or 3.5"),
        FieldKind::Date if key(kind, value).is_none() => {
            Err("a date such as 2014, 2014-06 or 2014-06-20")
        }
        FieldKind::Number | FieldKind::Date => Ok(()),
    }
}

/// A wrong value as an error shows it.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Text(text) => {
            let shown: String = text.chars().take(SHOWN_LETTERS).collect();
            let dots = if shown.len() < text.len() { "…" } else { "" };
            format!("the text \"{shown}{dots}\"")
        }
        Value::Bool(truth) => format!("{truth}"),
        Value::Int(number) => format!("the number {number}"),
        Value::Float(number) => format!("the number {number}"),
        Value::List(_) => "a list within a list".to_owned(),
        Value::Object(_) => "an object of named values".to_owned(),
    }
}

/// The words of a single value: text, the title of an object, a number as it is written.
pub(super) fn words_of(value: &Value) -> Option<std::borrow::Cow<'_, str>> {
    match value {
        Value::Int(number) => Some(number.to_string().into()),
        Value::Float(number) => Some(number.to_string().into()),
        other => other.as_words().map(Into::into),
    }
}

/// The year of a date as given.
pub(super) fn year_of(value: &Value) -> Option<i64> {
    let first = value.items().next()?;
    match key(FieldKind::Date, first)? {
        Key::Int(ms) => Some(date::year_of(ms)),
        _ => None,
    }
}

/// A single value as a column of a kind keeps it, or `None` where it is not of that kind.
fn key(kind: FieldKind, value: &Value) -> Option<Key> {
    match (kind, value) {
        (FieldKind::Text, Value::Int(number)) => Some(Key::Text(number.to_string())),
        (FieldKind::Text, Value::Float(number)) => Some(Key::Text(number.to_string())),
        (FieldKind::Text, Value::Bool(truth)) => Some(Key::Text(truth.to_string())),
        (FieldKind::Text, other) => other
            .as_words()
            .map(|text| Key::Text(text.trim().to_owned())),
        (FieldKind::Number, Value::Int(number)) => Some(Key::Int(*number)),
        // A negative zero is no value of its own.
        (FieldKind::Number, Value::Float(number)) => {
            let number = if *number == 0.0 { 0.0 } else { *number };
            let is_whole = number.fract() == 0.0 && number.abs() < 9e15;
            Some(if is_whole {
                Key::Int(number as i64)
            } else {
                Key::Float(number)
            })
        }
        (FieldKind::Number, Value::Text(text)) => {
            let text = text.trim();
            if let Ok(int) = text.parse() {
                return Some(Key::Int(int));
            }
            let float: f64 = text.parse().ok()?;
            if float.is_finite() {
                key(kind, &Value::Float(float))
            } else {
                None
            }
        }
        (FieldKind::Date, Value::Text(text)) => {
            date::parse(text).map(|span| Key::Int(span.first_ms))
        }
        (FieldKind::Date, Value::Int(year)) => date::start_of_year(*year).map(Key::Int),
        _ => None,
    }
}

/// The column that titles are sorted by: each record's place among the titles in order of their
/// letters and digits, without case and accents.
pub(super) fn title_order(titles: &[String]) -> Column {
    let sort_key = |title: &str| -> String {
        let words: Vec<String> = crate::text::tokens(title)
            .filter(|token| !token.is_joined())
            .map(|token| token.folded)
            .collect();
        words.join(" ")
    };
    let mut order: BTreeMap<(String, &str), i64> = titles
        .iter()
        .map(|title| ((sort_key(title), title.as_str()), 0))
        .collect();
    order
        .values_mut()
        .enumerate()
        .for_each(|(at, place)| *place = at as i64);
    let mut column = Column::new(Values::Int((0..order.len() as i64).collect()));
    for title in titles {
        let place = order
            .get(&(sort_key(title), title.as_str()))
            .copied()
            .unwrap_or(0);
        column.push(&[place as u32]);
    }
    column
}
