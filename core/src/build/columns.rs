//! Gathers columns: the values of fields to filter, count and sort by, checked for their kind.
//!
//! Knows values, dates and the shape of columns. Knows nothing of words.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::build::numbers::Numbers;
use crate::build::titles::Alphabet;
use crate::date;
use crate::format::columns::{Column, Values};
use crate::ids::DocId;
use crate::schema::FieldKind;
use crate::table::{Names, Table, hash};
use crate::value::Value;

/// Most letters of a wrong value that an error repeats.
const SHOWN_LETTERS: usize = 60;

/// A value as a column keeps it.
enum Key<'v> {
    Text(Cow<'v, str>),
    Int(i64),
    Float(f64),
}

/// A number as a column keeps it.
#[derive(Clone, Copy)]
enum Number {
    Int(i64),
    Float(f64),
}

/// The values of one field so far, each different one once.
pub(super) struct ColumnBuilder {
    kind: FieldKind,
    /// Different texts, of a column of texts.
    texts: Names,
    /// Different numbers, of all other columns, and how they are found.
    numbers: Vec<Number>,
    table: Table,
    /// Records in order with the numbers of their values: one row a value.
    rows: Vec<(DocId, u32)>,
}

impl ColumnBuilder {
    pub(super) fn new(kind: FieldKind) -> ColumnBuilder {
        ColumnBuilder {
            kind,
            texts: Names::default(),
            numbers: Vec::new(),
            table: Table::default(),
            rows: Vec::new(),
        }
    }

    /// Adds a record's value; each item of a list is one.
    pub(super) fn add(&mut self, doc: DocId, value: &Value) {
        for item in value.items() {
            let row = match key(self.kind, item) {
                Some(Key::Text(text)) => self.texts.intern(&text),
                Some(Key::Int(int)) => self.number(Number::Int(int)),
                Some(Key::Float(float)) => self.number(Number::Float(float)),
                None => continue,
            };
            self.rows.push((doc, row));
        }
    }

    fn number(&mut self, number: Number) -> u32 {
        let bits = match number {
            Number::Int(int) => int.to_le_bytes(),
            Number::Float(float) => float.to_le_bytes(),
        };
        let hash = hash(&bits);
        let is_it = |at: u32| match (self.numbers.get(at as usize), number) {
            (Some(Number::Int(a)), Number::Int(b)) => *a == b,
            (Some(Number::Float(a)), Number::Float(b)) => a.total_cmp(&b).is_eq(),
            _ => false,
        };
        self.table.find(hash, is_it).unwrap_or_else(|| {
            let at = self.numbers.len() as u32;
            self.numbers.push(number);
            self.table.insert(hash, at);
            at
        })
    }

    /// The column; texts in the order of an alphabet.
    pub(super) fn finish(self, n_docs: usize, alphabet: &Alphabet) -> Column {
        let (values, place_of) = if self.kind == FieldKind::Text {
            let texts: Vec<&str> = self.texts.texts().iter().collect();
            let (order, place_of) = ordered(&texts, |a, b| alphabet.compare(a, b));
            (
                Values::Text(order.into_iter().map(|text| (*text).to_owned()).collect()),
                place_of,
            )
        } else if self
            .numbers
            .iter()
            .all(|number| matches!(number, Number::Int(_)))
        {
            let ints: Vec<i64> = self.numbers.iter().map(|number| as_int(*number)).collect();
            let (order, place_of) = ordered(&ints, i64::cmp);
            (Values::Int(order.into_iter().copied().collect()), place_of)
        } else {
            let floats: Vec<f64> = self
                .numbers
                .iter()
                .map(|number| as_float(*number))
                .collect();
            let (order, place_of) = ordered(&floats, f64::total_cmp);
            (
                Values::Float(order.into_iter().copied().collect()),
                place_of,
            )
        };
        let mut rows = self.rows.iter().peekable();
        let mut column = Column::new(values);
        let mut places: Vec<u32> = Vec::new();
        for doc in 0..n_docs as u32 {
            places.clear();
            while let Some((_, row)) = rows.next_if(|(row, _)| row.0 == doc) {
                let place = place_of.get(*row as usize).copied().unwrap_or(0);
                if !places.contains(&place) {
                    places.push(place);
                }
            }
            column.push(&places);
        }
        column
    }
}

/// The same column by the numbers that records have in the index.
pub(super) fn renumbered(column: Column, numbers: &Numbers) -> Column {
    if numbers.are_plain() {
        return column;
    }
    let mut renumbered = Column::new(column.values.clone());
    for added in numbers.added() {
        renumbered.push(added.map_or(&[], |added| column.places(added)));
    }
    renumbered
}

/// Different values in order, and for each value its place among them. An int and a float may be equal.
fn ordered<T>(values: &[T], compare: impl Fn(&T, &T) -> Ordering) -> (Vec<&T>, Vec<u32>) {
    let mut numbered: Vec<(&T, usize)> = values.iter().zip(0..).collect();
    numbered.sort_by(|a, b| compare(a.0, b.0));
    let mut order: Vec<&T> = Vec::with_capacity(values.len());
    let mut place_of = vec![0; values.len()];
    for (value, number) in numbered {
        if order.last().is_none_or(|last| compare(last, value).is_ne()) {
            order.push(value);
        }
        if let Some(place) = place_of.get_mut(number) {
            *place = order.len() as u32 - 1;
        }
    }
    (order, place_of)
}

fn as_float(number: Number) -> f64 {
    match number {
        Number::Int(int) => int as f64,
        Number::Float(float) => float,
    }
}

fn as_int(number: Number) -> i64 {
    match number {
        Number::Int(int) => int,
        Number::Float(float) => float as i64,
    }
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
pub(super) fn words_of(value: &Value) -> Option<Cow<'_, str>> {
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
fn key(kind: FieldKind, value: &Value) -> Option<Key<'_>> {
    match (kind, value) {
        (FieldKind::Text, Value::Int(number)) => Some(Key::Text(number.to_string().into())),
        (FieldKind::Text, Value::Float(number)) => Some(Key::Text(number.to_string().into())),
        (FieldKind::Text, Value::Bool(truth)) => Some(Key::Text(truth.to_string().into())),
        (FieldKind::Text, other) => other.as_words().map(|text| Key::Text(text.trim().into())),
        (FieldKind::Number, Value::Int(number)) => Some(Key::Int(*number)),
        (FieldKind::Number, Value::Float(number)) => Some(number_key(*number)),
        (FieldKind::Number, Value::Text(text)) => {
            let text = text.trim();
            if let Ok(int) = text.parse() {
                return Some(Key::Int(int));
            }
            let float: f64 = text.parse().ok()?;
            float.is_finite().then(|| number_key(float))
        }
        (FieldKind::Date, Value::Text(text)) => {
            date::parse(text).map(|span| Key::Int(span.first_ms))
        }
        (FieldKind::Date, Value::Int(year)) => date::start_of_year(*year).map(Key::Int),
        _ => None,
    }
}

fn number_key(number: f64) -> Key<'static> {
    // A negative zero is no value of its own.
    let number = if number == 0.0 { 0.0 } else { number };
    let is_whole = number.fract() == 0.0 && number.abs() < 9e15;
    if is_whole {
        Key::Int(number as i64)
    } else {
        Key::Float(number)
    }
}
