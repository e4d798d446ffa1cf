//! Values of a field for every record, kept as they are: filters, order and counts look at all of
//! them.
//!
//! Knows text, numbers and dates. Knows no words.

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::Locale;
use std::cmp::Ordering;
use std::sync::OnceLock;

use speir::{Accept, Field, FieldKind, Record, Schema, Value, date, text};

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Text(String),
    Number(f64),
    /// Milliseconds since 1970.
    Date(i64),
}

impl Cell {
    fn compare(&self, other: &Cell) -> Ordering {
        match (self, other) {
            // The order of the alphabet that the corpus is in.
            (Cell::Text(a), Cell::Text(b)) => english().compare(a, b).then_with(|| a.cmp(b)),
            (Cell::Number(a), Cell::Number(b)) => a.total_cmp(b),
            (Cell::Date(a), Cell::Date(b)) => a.cmp(b),
            _ => panic!("a column holds values of one kind"),
        }
    }

    /// The value as a page gives it.
    pub(super) fn to_value(&self) -> Value {
        match self {
            Cell::Text(text) => Value::Text(text.clone()),
            Cell::Number(number) => Value::Float(*number),
            Cell::Date(ms) => Value::Text(date::to_iso(*ms)),
        }
    }
}

/// The order of English letters.
fn english() -> &'static CollatorBorrowed<'static> {
    static ENGLISH: OnceLock<CollatorBorrowed<'static>> = OnceLock::new();
    ENGLISH.get_or_init(|| {
        let locale: Locale = "en".parse().expect("a tag");
        Collator::try_new(locale.into(), CollatorOptions::default()).expect("an order")
    })
}

/// The values of one field, by record, each once.
pub(super) struct Column {
    rows: Vec<Vec<Cell>>,
}

/// What a filter lets through.
pub(super) struct Accepted {
    cells: Vec<Cell>,
    missing: bool,
}

impl Accepted {
    /// Whether a record with these values passes.
    pub(super) fn passes(&self, cells: &[Cell]) -> bool {
        if cells.is_empty() {
            self.missing
        } else {
            cells.iter().any(|cell| self.cells.contains(cell))
        }
    }
}

impl Column {
    pub(super) fn of_field(field: &Field, schema: &Schema, records: &[Record]) -> Column {
        let rows = records.iter().map(|record| {
            let mut row: Vec<Cell> = Vec::new();
            for cell in cells(field, schema, record) {
                if !row.contains(&cell) {
                    row.push(cell);
                }
            }
            row
        });
        Column {
            rows: rows.collect(),
        }
    }

    /// Titles as they are sorted: by their words in the order of the language's alphabet, then as they
    /// are. Each title's cell is its place among all.
    pub(super) fn of_titles(records: &[Record], lang: &str) -> Column {
        let locale: Locale = lang.parse().expect("the corpus has tags of languages");
        let collator = Collator::try_new(locale.into(), CollatorOptions::default())
            .expect("every language has an order");
        let words = |title: &str| {
            let tokens = text::tokens(title).filter(|token| !token.is_joined());
            let words: Vec<&str> = tokens.map(|token| &title[token.span]).collect();
            words.join(" ")
        };
        let compare = |a: &str, b: &str| {
            let by_words = collator.compare(&words(a), &words(b));
            by_words.then_with(|| a.cmp(b))
        };
        let mut titles: Vec<&str> = records.iter().map(|record| record.title.as_str()).collect();
        titles.sort_by(|a, b| compare(a, b));
        titles.dedup();
        let place = |record: &Record| titles.iter().position(|title| *title == record.title);
        let cell = |record| Cell::Text(format!("{:09}", place(record).expect("a title of these")));
        Column {
            rows: records.iter().map(|record| vec![cell(record)]).collect(),
        }
    }

    /// A record's values.
    pub(super) fn of(&self, doc: usize) -> &[Cell] {
        &self.rows[doc]
    }

    /// All different values in order.
    pub(super) fn distinct(&self) -> Vec<Cell> {
        let mut cells: Vec<Cell> = self.rows.iter().flatten().cloned().collect();
        cells.sort_by(Cell::compare);
        cells.dedup();
        cells
    }

    /// Two records in the order of their values: the one of several that brings each forward; records
    /// without a value last, whichever way.
    pub(super) fn compare(&self, a: usize, b: usize, descending: bool) -> Ordering {
        let best = |doc: usize| {
            let cells = self.rows[doc].iter();
            if descending {
                cells.max_by(|a, b| a.compare(b))
            } else {
                cells.min_by(|a, b| a.compare(b))
            }
        };
        match (best(a), best(b)) {
            (Some(a), Some(b)) if descending => b.compare(a),
            (Some(a), Some(b)) => a.compare(b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        }
    }

    /// What a filter lets through: values are looked for among all that there are.
    pub(super) fn accepted(&self, accept: &[Accept]) -> Accepted {
        let distinct = self.distinct();
        let mut accepted = Accepted {
            cells: Vec::new(),
            missing: false,
        };
        for accept in accept {
            match accept {
                Accept::Missing => accepted.missing = true,
                Accept::Value(value) => accepted.cells.extend(like(&distinct, value)),
                Accept::Range { from, to } => {
                    let inside = distinct.iter().filter(|cell| {
                        from.as_ref().is_none_or(|from| !is_before(cell, from))
                            && to.as_ref().is_none_or(|to| !is_after(cell, to))
                    });
                    accepted.cells.extend(inside.cloned());
                }
            }
        }
        accepted
    }

    /// The values that a filter names and no record has.
    pub(super) fn unknown(&self, accept: &[Accept]) -> Vec<String> {
        let distinct = self.distinct();
        let values = accept.iter().filter_map(|accept| match accept {
            Accept::Value(value) => Some(value),
            _ => None,
        });
        values
            .filter(|value| like(&distinct, value).is_empty())
            .cloned()
            .collect()
    }
}

/// The values that are the one asked for: as it is, or else without case and marks.
fn like(distinct: &[Cell], value: &str) -> Vec<Cell> {
    let equal = |test: &dyn Fn(&Cell) -> bool| -> Vec<Cell> {
        distinct.iter().filter(|cell| test(cell)).cloned().collect()
    };
    let exact = equal(&|cell| match cell {
        Cell::Text(text) => text == value.trim(),
        _ => !is_before(cell, value) && !is_after(cell, value),
    });
    if !exact.is_empty() {
        return exact;
    }
    equal(
        &|cell| matches!(cell, Cell::Text(known) if text::fold(known) == text::fold(value.trim())),
    )
}

/// Whether a value lies before a bound. What is no bound has everything before and after it.
fn is_before(cell: &Cell, bound: &str) -> bool {
    match cell {
        Cell::Text(_) => panic!("text has no ranges"),
        Cell::Number(number) => bound.parse::<f64>().map_or(true, |bound| *number < bound),
        Cell::Date(ms) => date::parse(bound).is_none_or(|span| *ms < span.first_ms),
    }
}

fn is_after(cell: &Cell, bound: &str) -> bool {
    match cell {
        Cell::Text(_) => panic!("text has no ranges"),
        Cell::Number(number) => bound.parse::<f64>().map_or(true, |bound| *number > bound),
        Cell::Date(ms) => date::parse(bound).is_none_or(|span| *ms > span.last_ms),
    }
}

/// A record's values of a field, with a year from the date and a date from the year where only the
/// other is given.
fn cells(field: &Field, schema: &Schema, record: &Record) -> Vec<Cell> {
    let given = |name: &str| {
        let value = record
            .fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone());
        value.filter(|value| !value.is_missing())
    };
    let value = match field.name.as_str() {
        "lang" => Some(Value::from(
            record.lang.as_deref().unwrap_or(schema.default_lang()),
        )),
        "year" => given("year").or_else(|| {
            let first = date::parse(given("date")?.as_words()?)?;
            Some(Value::Int(date::year_of(first.first_ms)))
        }),
        "date" => given("date").or_else(|| given("year")),
        name => given(name),
    };
    let Some(value) = value else {
        return Vec::new();
    };
    value.items().map(|item| cell(field.kind, item)).collect()
}

fn cell(kind: FieldKind, item: &Value) -> Cell {
    match (kind, item) {
        (FieldKind::Text, Value::Text(text)) => Cell::Text(text.trim().to_owned()),
        (FieldKind::Number, Value::Int(number)) => Cell::Number(*number as f64),
        (FieldKind::Number, Value::Float(number)) => Cell::Number(*number),
        (FieldKind::Date, Value::Text(text)) => {
            Cell::Date(date::parse(text).expect("the corpus has dates").first_ms)
        }
        (FieldKind::Date, Value::Int(year)) => {
            Cell::Date(date::start_of_year(*year).expect("the corpus has years"))
        }
        _ => panic!("the corpus has no such value: {item:?}"),
    }
}
