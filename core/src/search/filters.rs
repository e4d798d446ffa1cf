//! What a query says of fields, held against the index's columns: filters, counts, order.
//!
//! Knows queries, the schema and columns. Knows no words.

use crate::date;
use crate::error::IndexError;
use crate::facets::{self, Accepted, Counts, Outcome};
use crate::format::columns::{Column, Values};
use crate::ids::{DocId, FieldId};
use crate::index::Fetch;
use crate::query::{Accept, Filter, Query, Sort};
use crate::schema::{self, FieldKind, Schema};
use crate::search::page::{FacetCount, Notice};
use crate::sort::sort_by_key;
use crate::text::fold;
use crate::value::Value;

/// The columns that a query needs, and what it does with each.
pub(super) struct Columns {
    columns: Vec<(FieldId, FieldKind, Column)>,
    /// By place in `columns`; the field's name; what passes.
    filters: Vec<(usize, String, Accepted)>,
    facets: Vec<(usize, String)>,
    sort: Option<(usize, bool)>,
    notices: Vec<Notice>,
}

impl Columns {
    /// Takes the columns, or `None` when some have to be fetched first.
    pub(super) fn fetch(
        fetch: &mut Fetch<'_>,
        query: &Query,
    ) -> Result<Option<Columns>, IndexError> {
        let schema = &fetch.manifest().schema;
        let mut wanted: Vec<(FieldId, FieldKind)> = Vec::new();
        let mut place = |(id, kind): (FieldId, FieldKind)| {
            wanted
                .iter()
                .position(|(known, _)| *known == id)
                .unwrap_or_else(|| {
                    wanted.push((id, kind));
                    wanted.len() - 1
                })
        };
        let mut filters = Vec::new();
        for filter in query
            .filters
            .iter()
            .filter(|filter| !filter.accept.is_empty())
        {
            filters.push((place(column_of(schema, &filter.field)?), filter));
        }
        let mut facets = Vec::new();
        for name in &query.facets {
            facets.push((place(column_of(schema, name)?), name.clone()));
        }
        let sort = match &query.sort {
            Sort::Relevance => None,
            Sort::Newest => Some((place(column_of(schema, schema::DATE)?), true)),
            Sort::Oldest => Some((place(column_of(schema, schema::DATE)?), false)),
            Sort::Title => {
                let title = schema.find(schema::TITLE);
                let (id, field) = title.ok_or(IndexError::Corrupt {
                    what: "title field",
                })?;
                Some((place((id, field.kind)), false))
            }
            Sort::Field { name, descending } => {
                Some((place(column_of(schema, name)?), *descending))
            }
        };

        let mut columns = Vec::with_capacity(wanted.len());
        for (id, kind) in &wanted {
            if let Some(column) = fetch.column(*id)? {
                columns.push((*id, *kind, column));
            }
        }
        if columns.len() < wanted.len() {
            return Ok(None);
        }
        let mut resolved = Columns {
            columns,
            filters: Vec::new(),
            facets,
            sort,
            notices: Vec::new(),
        };
        for (at, filter) in filters {
            resolved.add_filter(at, filter)?;
        }
        Ok(Some(resolved))
    }

    fn add_filter(&mut self, at: usize, filter: &Filter) -> Result<(), IndexError> {
        let Some((_, kind, column)) = self.columns.get(at) else {
            return Ok(());
        };
        let mut accepted = Accepted {
            places: vec![false; column.values.len()],
            missing: false,
        };
        for accept in &filter.accept {
            match accept {
                Accept::Missing => accepted.missing = true,
                Accept::Value(value) => {
                    if !accept_value(&mut accepted, *kind, column, value) {
                        self.notices.push(Notice::UnknownValue {
                            field: filter.field.clone(),
                            value: value.clone(),
                        });
                    }
                }
                Accept::Range { from, to } => {
                    let (from, to) = (from.as_deref(), to.as_deref());
                    accept_range(&mut accepted, *kind, column, &filter.field, from, to)?;
                }
            }
        }
        self.filters.push((at, filter.field.clone(), accepted));
        Ok(())
    }

    /// How a record fares with all filters.
    pub(super) fn outcome(&self, doc: DocId) -> Outcome {
        let filters = self.filters.iter().filter_map(|(at, _, accepted)| {
            self.columns
                .get(*at)
                .map(|(_, _, column)| (column, accepted))
        });
        facets::outcome(filters, doc)
    }

    /// Empty counts, one for each facet asked for.
    pub(super) fn counts(&self) -> Vec<Counts> {
        let columns = self
            .facets
            .iter()
            .filter_map(|(at, _)| self.columns.get(*at));
        columns.map(|(_, _, column)| Counts::new(column)).collect()
    }

    /// Counts a record: a hit for every facet, one that fails a single filter for that one's field.
    pub(super) fn count(&self, counts: &mut [Counts], doc: DocId, outcome: Outcome) {
        let failed = match outcome {
            Outcome::Hit => None,
            Outcome::FailsOne(filter) => match self.filters.get(filter) {
                Some((at, ..)) => Some(*at),
                None => return,
            },
            Outcome::Out => return,
        };
        for ((at, _), counts) in self.facets.iter().zip(counts) {
            if failed.is_none_or(|failed| failed == *at)
                && let Some((_, _, column)) = self.columns.get(*at)
            {
                counts.add(column, doc);
            }
        }
    }

    /// Counts as a page shows them: most frequent first, then by value, missing last. Values that no
    /// hit has are left out unless they are selected.
    pub(super) fn facets(&self, counts: Vec<Counts>) -> Vec<(String, Vec<FacetCount>)> {
        let mut facets = Vec::with_capacity(counts.len());
        for ((at, name), counts) in self.facets.iter().zip(counts) {
            let Some((_, kind, column)) = self.columns.get(*at) else {
                continue;
            };
            let accepted = self.filters.iter().find(|(filtered, ..)| filtered == at);
            let is_selected = |place: usize| {
                accepted.is_some_and(|(.., a)| a.places.get(place).copied().unwrap_or(false))
            };
            let mut rows: Vec<(usize, u32)> = counts
                .places
                .iter()
                .copied()
                .enumerate()
                .filter(|(place, count)| *count > 0 || is_selected(*place))
                .collect();
            sort_by_key(&mut rows, |(place, count)| {
                (core::cmp::Reverse(*count), *place)
            });
            let mut values: Vec<FacetCount> = rows
                .into_iter()
                .map(|(place, count)| FacetCount {
                    value: value_at(column, *kind, place),
                    count,
                    selected: is_selected(place),
                })
                .collect();
            let selected = accepted.is_some_and(|(.., a)| a.missing);
            if counts.missing > 0 || selected {
                values.push(FacetCount {
                    value: None,
                    count: counts.missing,
                    selected,
                });
            }
            facets.push((name.clone(), values));
        }
        facets
    }

    /// A record's place in the order asked for: of several values the one that brings it forward,
    /// and last without a value.
    pub(super) fn sort_place(&self, doc: DocId) -> u32 {
        let Some((at, descending)) = self.sort else {
            return 0;
        };
        let Some((_, _, column)) = self.columns.get(at) else {
            return 0;
        };
        let places = column.places(doc);
        if descending {
            places
                .iter()
                .max()
                .map_or(u32::MAX, |place| u32::MAX - 1 - place)
        } else {
            places.iter().min().copied().unwrap_or(u32::MAX)
        }
    }

    pub(super) fn notices(&self) -> impl Iterator<Item = Notice> + '_ {
        self.notices.iter().cloned()
    }
}

fn column_of(schema: &Schema, name: &str) -> Result<(FieldId, FieldKind), IndexError> {
    match schema.find(name) {
        Some((id, field)) if field.has_column() => Ok((id, field.kind)),
        _ => Err(IndexError::NoSuchColumn {
            field: name.to_owned(),
            known: schema
                .columns()
                .map(|(_, field)| field.name.clone())
                .collect(),
        }),
    }
}

/// Accepts a value; false where no record has it.
fn accept_value(accepted: &mut Accepted, kind: FieldKind, column: &Column, value: &str) -> bool {
    match &column.values {
        Values::Text(values) => {
            if let Ok(place) = values.binary_search_by(|known| known.as_str().cmp(value.trim())) {
                accept_places(accepted, place, place + 1);
                return true;
            }
            let plain = fold(value.trim());
            let mut is_found = false;
            for (place, _) in values
                .iter()
                .enumerate()
                .filter(|(_, known)| fold(known) == plain)
            {
                accept_places(accepted, place, place + 1);
                is_found = true;
            }
            is_found
        }
        _ => match bounds(kind, value) {
            Some((first, last)) => {
                let (start, end) = places_between(&column.values, Some(first), Some(last));
                accept_places(accepted, start, end);
                start < end
            }
            None => false,
        },
    }
}

fn accept_range(
    accepted: &mut Accepted,
    kind: FieldKind,
    column: &Column,
    field: &str,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(), IndexError> {
    let read = |bound: &str| {
        bounds(kind, bound).ok_or_else(|| IndexError::BadBound {
            field: field.to_owned(),
            bound: bound.to_owned(),
            expected: match kind {
                FieldKind::Text => {
                    "no range at all, as the field holds text: filter it by whole values"
                }
                FieldKind::Number => "a number such as 2014 or 3.5",
                FieldKind::Date => "a date such as 2014, 2014-06 or 2014-06-20",
            },
        })
    };
    let first = from.map(read).transpose()?.map(|(first, _)| first);
    let last = to.map(read).transpose()?.map(|(_, last)| last);
    let (start, end) = places_between(&column.values, first, last);
    accept_places(accepted, start, end);
    Ok(())
}

fn accept_places(accepted: &mut Accepted, start: usize, end: usize) {
    if let Some(places) = accepted.places.get_mut(start..end) {
        places.fill(true);
    }
}

/// A bound as typed. Whole numbers keep all their digits.
#[derive(Clone, Copy)]
enum Bound {
    Int(i64),
    Float(f64),
}

/// The first and last value that a text stands for: the same number twice, or the ends of a date's
/// span.
fn bounds(kind: FieldKind, text: &str) -> Option<(Bound, Bound)> {
    let text = text.trim();
    match kind {
        FieldKind::Text => None,
        FieldKind::Date => {
            date::parse(text).map(|span| (Bound::Int(span.first_ms), Bound::Int(span.last_ms)))
        }
        FieldKind::Number => {
            if let Ok(int) = text.parse() {
                return Some((Bound::Int(int), Bound::Int(int)));
            }
            let float = decimal(text)?;
            Some((Bound::Float(float), Bound::Float(float)))
        }
    }
}

/// Most digits that a decimal number may have: up to 15 are read exactly (W. Clinger, "How to Read
/// Floating Point Numbers Accurately", PLDI 1990: both parts and their quotient are exact doubles).
const MAX_DIGITS: usize = 15;

/// Reads a decimal number such as `-3.25`. By hand, as the standard library's reader costs 10 KB of
/// wasm, most of it for exponents and digits that no bound has.
fn decimal(text: &str) -> Option<f64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text),
    };
    let (whole, fraction) = digits.split_once('.')?;
    if whole.len() + fraction.len() > MAX_DIGITS || fraction.is_empty() {
        return None;
    }
    let mut value = 0_u64;
    let mut scale = 1_u64;
    for digit in whole.bytes().chain(fraction.bytes()) {
        value = value * 10 + u64::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
    }
    for _ in fraction.bytes() {
        scale *= 10;
    }
    Some(sign * (value as f64 / scale as f64))
}

/// The places of the values from `first` to `last`, both included; empty where they are crossed.
fn places_between(values: &Values, first: Option<Bound>, last: Option<Bound>) -> (usize, usize) {
    let n_below = |bound: Bound, or_equal: bool| match (values, bound) {
        (Values::Int(values), Bound::Int(bound)) => {
            values.partition_point(|value| *value < bound || (or_equal && *value == bound))
        }
        (Values::Int(values), Bound::Float(bound)) => values.partition_point(|value| {
            let value = *value as f64;
            value < bound || (or_equal && value == bound)
        }),
        (Values::Float(values), bound) => {
            let bound = match bound {
                Bound::Int(int) => int as f64,
                Bound::Float(float) => float,
            };
            values.partition_point(|value| *value < bound || (or_equal && *value == bound))
        }
        (Values::Text(_), _) => 0,
    };
    let start = first.map_or(0, |bound| n_below(bound, false));
    let end = last.map_or(values.len(), |bound| n_below(bound, true));
    (start.min(end), end)
}

fn value_at(column: &Column, kind: FieldKind, place: usize) -> Option<Value> {
    match &column.values {
        Values::Text(values) => values.get(place).cloned().map(Value::Text),
        Values::Int(values) if kind == FieldKind::Date => {
            values.get(place).map(|ms| Value::Text(date::to_iso(*ms)))
        }
        Values::Int(values) => values.get(place).copied().map(Value::Int),
        Values::Float(values) => values.get(place).copied().map(Value::Float),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn decimals_are_read_as_the_standard_library_does(text in "-?[0-9]{0,8}\\.[0-9]{1,7}") {
            prop_assert_eq!(decimal(&text), text.parse().ok());
        }

        #[test]
        fn nothing_typed_makes_it_panic(text: String) {
            let _any_answer = decimal(&text);
        }
    }
}
