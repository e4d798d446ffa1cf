//! What a query says of fields, held against the index's columns: filters, counts, order.
//!
//! Knows queries, the schema and columns. Knows no words.

use crate::date;
use crate::error::{Corrupt, IndexError};
use crate::facets::{self, Accepted, Counts, Outcome};
use crate::format::columns::{Column, Values};
use crate::format::order::Order;
use crate::format::stored::{Languages, MAX_LANGUAGES};
use crate::ids::{DocId, FieldId};
use crate::index::Fetch;
use crate::query::{Accept, Filter, Query, Sort};
use crate::rank;
use crate::schema::{self, FieldKind, Schema};
use crate::search::page::{FacetCount, Notice, Standing};
use crate::sort::sort_by_key;
use crate::text::fold;
use crate::value::Value;

/// The columns that a query needs, and what it does with each.
pub(super) struct Columns {
    columns: Vec<(FieldId, FieldKind, Column)>,
    /// By place in `columns`, what passes.
    filters: Vec<(usize, Accepted)>,
    facets: Vec<(usize, String)>,
    sort: Option<(usize, bool)>,
    /// Which of their orders titles are in: they have one for each language where records are in
    /// several, after that of the index's own.
    title_order: Option<usize>,
    /// The same of what the reader typed as `field:value`.
    typed: Vec<(usize, Accepted)>,
    standing: StandingColumns,
    notices: Vec<Notice>,
}

/// The columns of what records say of their standing among others, by place in `Columns::columns`.
struct StandingColumns {
    boost: Option<usize>,
    replaced_by: Option<usize>,
    /// With the first millisecond of today.
    valid_until: Option<(usize, i64)>,
    /// By field of dates: its half-life and its newest date, both in milliseconds.
    ages: Vec<(usize, f64)>,
}

/// A factor of a record's score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Factor {
    /// The publisher boosts it.
    Boost(f64),
    /// Its age, by a field of dates.
    Age(FieldId, f64),
}

impl Factor {
    pub(super) fn value(self) -> f64 {
        match self {
            Factor::Boost(value) | Factor::Age(_, value) => value,
        }
    }
}

impl Columns {
    /// Takes the columns, or `None` when some have to be fetched first.
    pub(super) fn fetch(
        fetch: &mut Fetch<'_>,
        query: &Query,
        typed: &[Filter],
        languages: Languages,
    ) -> Result<Option<Columns>, IndexError> {
        let schema = &fetch.manifest().schema;
        let mut wanted: Vec<(FieldId, FieldKind)> = Vec::new();
        let mut place = |column| place_of(&mut wanted, column);
        let mut filters: Vec<(usize, &Filter)> = Vec::new();
        for filter in &query.filters {
            if !filter.accept.is_empty() {
                filters.push((place(column_of(schema, &filter.field)?), filter));
            }
        }
        let n_given = filters.len();
        for filter in typed {
            // The parser names none but fields with a column.
            filters.push((place(column_of(schema, &filter.field)?), filter));
        }
        let mut facets = Vec::new();
        for name in &query.facets {
            facets.push((place(column_of(schema, name)?), name.clone()));
        }
        let by = match &query.sort {
            Sort::Relevance => None,
            Sort::Newest => Some((schema::DATE, true)),
            Sort::Oldest => Some((schema::DATE, false)),
            Sort::Title => Some((schema::TITLE, false)),
            Sort::Field { name, descending } => Some((name.as_str(), *descending)),
        };
        let mut sort = None;
        if let Some((name, descending)) = by {
            // Titles always have a column, though no schema says so of them.
            let column = match schema.find(name) {
                Some((id, field)) if query.sort == Sort::Title => (id, field.kind),
                _ => column_of(schema, name)?,
            };
            sort = Some((place(column), descending));
        }
        let mut standing_column = |name: &str| match schema.find(name) {
            Some((id, field)) if field.has_column() => Some(place((id, field.kind))),
            _ => None,
        };
        let by_score = query.sort == Sort::Relevance;
        let today = query.today.as_deref().and_then(date::parse);
        let mut standing = StandingColumns {
            boost: standing_column(schema::BOOST).filter(|_| by_score),
            replaced_by: standing_column(schema::REPLACED_BY),
            valid_until: standing_column(schema::VALID_UNTIL)
                .zip(today.map(|today| today.first_ms)),
            ages: Vec::new(),
        };
        for (id, field) in schema.columns().filter(|_| by_score) {
            if let Some(days) = field
                .half_life_days
                .filter(|_| field.kind == FieldKind::Date)
            {
                let half_life_ms = f64::from(days) * date::DAY_MS as f64;
                standing.ages.push((place((id, field.kind)), half_life_ms));
            }
        }

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
            // After the order of the index's own language, one for each.
            title_order: (cfg!(feature = "languages") && query.sort == Sort::Title)
                .then_some((languages.trailing_zeros() as usize + 1) % (MAX_LANGUAGES + 1)),
            typed: Vec::new(),
            standing,
            notices: Vec::new(),
        };
        for (nth, (at, filter)) in filters.into_iter().enumerate() {
            let is_typed = nth >= n_given;
            let accepted = match resolved.accepted(at, filter) {
                Ok(accepted) => accepted,
                // What a reader types is never an error: a bound that cannot be read lets nothing
                // pass.
                Err(IndexError::BadBound { field, bound, .. }) if is_typed => {
                    let value = bound;
                    resolved.notices.push(Notice::UnknownValue { field, value });
                    Accepted {
                        places: Vec::new(),
                        missing: false,
                    }
                }
                Err(error) => return Err(error),
            };
            let list = match is_typed {
                true => &mut resolved.typed,
                false => &mut resolved.filters,
            };
            list.push((at, accepted));
        }
        Ok(Some(resolved))
    }

    /// The records that pass a typed filter, in order.
    pub(super) fn typed(&self, filter: usize, order: &Order) -> Vec<DocId> {
        let mut passing = Vec::new();
        if let Some((at, accepted)) = self.typed.get(filter)
            && let Some(column) = self.column(Some(*at))
        {
            for doc in order.docs() {
                if accepted.passes(column, doc) {
                    passing.push(doc);
                }
            }
        }
        passing
    }

    fn column(&self, at: Option<usize>) -> Option<&Column> {
        Some(&self.columns.get(at?)?.2)
    }

    /// Why a record comes after those that match as well, if it does.
    pub(super) fn standing(&self, doc: DocId) -> Option<Standing> {
        let replaced = self.column(self.standing.replaced_by);
        if replaced.is_some_and(|column| !column.places(doc).is_empty()) {
            return Some(Standing::Replaced);
        }
        let (at, today) = self.standing.valid_until?;
        let last = first_int(self.column(Some(at))?, doc)?;
        (last < today).then_some(Standing::Expired)
    }

    /// A score times the record's factors, none of which is below 0.
    pub(super) fn weigh(&self, doc: DocId, score: f64) -> f64 {
        let mut weighed = score;
        self.each_factor(doc, &mut |factor| weighed *= factor.value());
        weighed
    }

    /// What a record's score is multiplied by.
    pub(super) fn each_factor(&self, doc: DocId, visit: &mut dyn FnMut(Factor)) {
        if let Some(column) = self.column(self.standing.boost)
            && let Some(place) = column.places(doc).first()
        {
            let value = match &column.values {
                Values::Int(values) => values.get(*place as usize).map(|value| *value as f64),
                Values::Float(values) => values.get(*place as usize).copied(),
                Values::Text(_) => None,
            };
            if let Some(value) = value {
                visit(Factor::Boost(value));
            }
        }
        for (at, half_life_ms) in &self.standing.ages {
            let Some((field, _, column)) = self.columns.get(*at) else {
                continue;
            };
            let Values::Int(values) = &column.values else {
                continue;
            };
            // A record without a date is as old as the oldest.
            let oldest = values.first().copied();
            let own = first_int(column, doc).or(oldest);
            if let (Some(newest), Some(own)) = (values.last(), own) {
                let age = newest.saturating_sub(own);
                visit(Factor::Age(*field, rank::recency(age, *half_life_ms)));
            }
        }
    }

    /// What a filter accepts of its column.
    fn accepted(&mut self, at: usize, filter: &Filter) -> Result<Accepted, IndexError> {
        let Some((_, kind, column)) = self.columns.get(at) else {
            return Err(Corrupt("column of a field").into());
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
                    match places_between(&column.values, *kind, from, to) {
                        Ok((start, end)) => accept_places(&mut accepted, start, end),
                        Err(bound) => return Err(bad_bound(*kind, &filter.field, bound)),
                    }
                }
            }
        }
        Ok(accepted)
    }

    /// How a record fares with all filters.
    pub(super) fn outcome(&self, doc: DocId) -> Outcome {
        let filters = self.filters.iter().filter_map(|(at, accepted)| {
            self.columns
                .get(*at)
                .map(|(_, _, column)| (column, accepted))
        });
        facets::outcome(filters, doc)
    }

    /// Counts records by how they fare, facet by facet: a hit for each, one that fails a single filter for
    /// that one's field.
    fn counts(&self, column: &Column, at: usize, records: &[(DocId, Outcome)]) -> Counts {
        let mut counts = Counts::new(column);
        for (doc, outcome) in records {
            let is_counted = match outcome {
                Outcome::Hit => true,
                Outcome::FailsOne(filter) => {
                    let failed = self.filters.get(*filter);
                    failed.is_some_and(|(filtered, _)| *filtered == at)
                }
                Outcome::Out => false,
            };
            if is_counted {
                counts.add(column, *doc);
            }
        }
        counts
    }

    /// Counts as a page shows them: most frequent first, then by value, missing last. Values that no
    /// hit has are left out unless they are selected.
    pub(super) fn facets(&self, records: &[(DocId, Outcome)]) -> Vec<(String, Vec<FacetCount>)> {
        let mut facets = Vec::with_capacity(self.facets.len());
        for (at, name) in &self.facets {
            let Some((_, kind, column)) = self.columns.get(*at) else {
                continue;
            };
            let counts = self.counts(column, *at, records);
            let filter = self.filters.iter().find(|(filtered, _)| filtered == at);
            let accepted = filter.map(|(_, accepted)| accepted);
            let is_selected = |place: usize| {
                accepted.is_some_and(|a| a.places.get(place).copied().unwrap_or(false))
            };
            let mut rows: Vec<(usize, u32)> = Vec::new();
            for (place, count) in counts.places.iter().enumerate() {
                if *count > 0 || is_selected(place) {
                    rows.push((place, *count));
                }
            }
            sort_by_key(&mut rows, |(place, count)| {
                (core::cmp::Reverse(*count), *place)
            });
            let mut values = Vec::with_capacity(rows.len() + 1);
            for (place, count) in rows {
                values.push(FacetCount {
                    value: value_at(column, *kind, place),
                    count,
                    selected: is_selected(place),
                });
            }
            let selected = accepted.is_some_and(|accepted| accepted.missing);
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
        if let Some(order) = self.title_order
            && let Some(place) = places.get(order)
        {
            return *place;
        }
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

/// The place of a column among those wanted, where it is put if it is not there yet.
fn place_of(wanted: &mut Vec<(FieldId, FieldKind)>, column: (FieldId, FieldKind)) -> usize {
    for (place, (known, _)) in wanted.iter().enumerate() {
        if *known == column.0 {
            return place;
        }
    }
    wanted.push(column);
    wanted.len() - 1
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
            for place in 0..values.len() {
                if values.get(place) == value.trim() {
                    accept_places(accepted, place, place + 1);
                    return true;
                }
            }
            let plain = fold(value.trim());
            let mut is_found = false;
            for place in 0..values.len() {
                if fold(values.get(place)) == plain {
                    accept_places(accepted, place, place + 1);
                    is_found = true;
                }
            }
            is_found
        }
        values => match places_between(values, kind, Some(value), Some(value)) {
            Ok((start, end)) => {
                accept_places(accepted, start, end);
                start < end
            }
            Err(_) => false,
        },
    }
}

fn bad_bound(kind: FieldKind, field: &str, bound: &str) -> IndexError {
    IndexError::BadBound {
        field: field.to_owned(),
        bound: bound.to_owned(),
        expected: match kind {
            FieldKind::Text => {
                "no range at all, as the field holds text: filter it by whole values"
            }
            FieldKind::Number => "a number such as 2014 or 3.5",
            FieldKind::Date => "a date such as 2014, 2014-06 or 2014-06-20",
        },
    }
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
            let number = number(text)?;
            Some((number, number))
        }
    }
}

/// Most digits that a whole number may have: all of them fit 64 bits.
const MAX_WHOLE_DIGITS: u32 = 18;

/// Most digits that a decimal number may have: up to 15 are read exactly (W. Clinger, "How to Read
/// Floating Point Numbers Accurately", PLDI 1990: both parts and their quotient are exact doubles).
const MAX_DIGITS: u32 = 15;

/// Reads a number such as `2014` or `-3.25`. By hand, as the standard library's readers cost 10 KB of
/// wasm, most of it for exponents and digits that no bound has.
fn number(mut text: &str) -> Option<Bound> {
    let sign = match date::mark(&mut text, b"+-") {
        Some(b'-') => -1,
        _ => 1,
    };
    let (mut value, mut n_digits, mut scale) = (0_i64, 0, None);
    while !text.is_empty() {
        if scale.is_none() && date::mark(&mut text, b".").is_some() {
            scale = Some(1_i64);
            // A point is followed by a digit.
            if text.is_empty() {
                return None;
            }
            continue;
        }
        value = value * 10 + date::part(&mut text, 1)?;
        scale = scale.map(|scale| scale * 10);
        n_digits += 1;
        if n_digits > MAX_WHOLE_DIGITS {
            return None;
        }
    }
    match scale {
        None if n_digits > 0 => Some(Bound::Int(sign * value)),
        Some(scale) if n_digits <= MAX_DIGITS => {
            Some(Bound::Float((sign * value) as f64 / scale as f64))
        }
        _ => None,
    }
}

/// The places of the values from `from` to `to` as typed, both included; empty where they are
/// crossed. The error is a bound that cannot be read.
fn places_between<'t>(
    values: &Values,
    kind: FieldKind,
    from: Option<&'t str>,
    to: Option<&'t str>,
) -> Result<(usize, usize), &'t str> {
    let (mut start, mut end) = (0, values.len());
    if let Some(from) = from {
        start = n_below(values, bounds(kind, from).ok_or(from)?.0, false);
    }
    if let Some(to) = to {
        end = n_below(values, bounds(kind, to).ok_or(to)?.1, true);
    }
    Ok((start.min(end), end))
}

/// How many values lie below a bound, or are equal to it where that is asked for.
fn n_below(values: &Values, bound: Bound, or_equal: bool) -> usize {
    match (values, bound) {
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
    }
}

/// The first value of a record in a column of whole numbers.
fn first_int(column: &Column, doc: DocId) -> Option<i64> {
    let place = column.places(doc).first()?;
    match &column.values {
        Values::Int(values) => values.get(*place as usize).copied(),
        _ => None,
    }
}

fn value_at(column: &Column, kind: FieldKind, place: usize) -> Option<Value> {
    match &column.values {
        Values::Text(values) => Some(Value::Text(values.get(place).to_owned())),
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
        fn numbers_are_read_as_the_standard_library_does(
            text in "[-+]?[0-9]{0,7}(\\.[0-9]{0,7})?",
            long in "-?[0-9]{1,18}",
        ) {
            let read = |text: &str| match number(text) {
                Some(Bound::Int(int)) => Some(int as f64),
                Some(Bound::Float(float)) => Some(float),
                None => None,
            };
            // A point is followed by a digit, which the standard library does not ask for.
            let expected = text.parse().ok().filter(|_: &f64| !text.ends_with('.'));
            prop_assert_eq!(read(&text), expected);
            let whole = number(&long);
            prop_assert!(matches!(whole, Some(Bound::Int(int)) if Ok(int) == long.parse()));
        }

        #[test]
        fn nothing_typed_makes_it_panic(text: String) {
            let _any_answer = number(&text);
        }
    }
}
