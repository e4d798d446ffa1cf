//! Columns: the values of one field for all records, to filter, count and sort by.
//! FORMAT.md, "Columns".
//!
//! A column is the field's distinct values in order, and for each record the places of its values
//! among them. So a range of values is a range of places, and order by value is order by place.
//! Knows bytes and ids only.

use core::cmp::Ordering;

use super::bytes::Reader;
#[cfg(any(feature = "build", test))]
use super::bytes::Write;
use crate::error::Corrupt;
use crate::ids::DocId;

/// The distinct values of a column, ascending.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Values {
    /// Text, by its bytes.
    Text(Vec<String>),
    /// Whole numbers; also dates, as milliseconds since 1970.
    Int(Vec<i64>),
    /// Numbers of which at least one is not whole; finite.
    Float(Vec<f64>),
}

impl Values {
    pub(crate) fn len(&self) -> usize {
        match self {
            Values::Text(values) => values.len(),
            Values::Int(values) => values.len(),
            Values::Float(values) => values.len(),
        }
    }
}

/// One field's values for all records.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) values: Values,
    /// Where each record's places end in `places`.
    ends: Vec<u32>,
    places: Vec<u32>,
}

impl Column {
    /// A column of given values, for records whose places are added one after the other.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn new(values: Values) -> Column {
        Column {
            values,
            ends: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Adds the next record's places.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn push(&mut self, places: &[u32]) {
        self.places.extend_from_slice(places);
        self.ends.push(self.places.len() as u32);
    }

    /// The places of a record's values, in the order in which the record gives them.
    pub(crate) fn places(&self, doc: DocId) -> &[u32] {
        let start = match doc.index().checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        let end = self.ends.get(doc.index()).copied().unwrap_or(start);
        self.places
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// Reads a column of `n_docs` records. Fails unless values ascend and places lie among them.
    pub(crate) fn decode(bytes: &[u8], n_docs: u32) -> Result<Column, Corrupt> {
        let mut reader = Reader::new(bytes);
        let kind = reader.u8("kind of a column")?;
        let n_values = reader.count(1, "number of values")?;
        let values = match kind {
            0 => Values::Text(read_ascending(n_values, Ord::cmp, || {
                reader.str("value").map(str::to_owned)
            })?),
            1 => {
                let mut before = None;
                Values::Int(read_ascending(n_values, Ord::cmp, || {
                    let value = match before {
                        None => reader.i64("value")?,
                        Some(before) => i64::checked_add_unsigned(before, reader.u64("value")?)
                            .ok_or(Corrupt("value"))?,
                    };
                    before = Some(value);
                    Ok(value)
                })?)
            }
            2 => Values::Float(read_ascending(n_values, f64::total_cmp, || {
                let value = f64::from_bits(reader.u64_fixed("value")?);
                if value.is_finite() {
                    Ok(value)
                } else {
                    Err(Corrupt("value"))
                }
            })?),
            _ => {
                return Err(Corrupt("kind of a column"));
            }
        };
        let is_single = match reader.u8("shape of a column")? {
            0 => false,
            1 => true,
            _ => {
                return Err(Corrupt("shape of a column"));
            }
        };
        if n_docs as usize > reader.len() {
            return Err(Corrupt("length of a column"));
        }
        let mut column = Column {
            values,
            ends: Vec::with_capacity(n_docs as usize),
            places: Vec::new(),
        };
        for _ in 0..n_docs {
            let head = reader.u32("values of a record")?;
            // A single value's place is told by the head itself, 0 standing for none.
            let place = if is_single { head.checked_sub(1) } else { None };
            let count = if is_single { 0 } else { head };
            column.places.extend(place);
            for _ in 0..count {
                column.places.push(reader.u32("place of a value")?);
            }
            column.ends.push(column.places.len() as u32);
        }
        if column
            .places
            .iter()
            .any(|place| *place as usize >= n_values)
        {
            return Err(Corrupt("place of a value"));
        }
        reader.end("end of a column")?;
        Ok(column)
    }

    /// Writes the column.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match &self.values {
            Values::Text(values) => {
                out.push(0);
                out.put_len(values.len());
                values.iter().for_each(|value| out.put_str(value));
            }
            Values::Int(values) => {
                out.push(1);
                out.put_len(values.len());
                let mut before: Option<i64> = None;
                for value in values {
                    match before {
                        None => out.put_i64(*value),
                        Some(before) => out.put_u64(before.abs_diff(*value)),
                    }
                    before = Some(*value);
                }
            }
            Values::Float(values) => {
                out.push(2);
                out.put_len(values.len());
                values
                    .iter()
                    .for_each(|value| out.put_u64_fixed(value.to_bits()));
            }
        }
        let docs = || (0..self.ends.len() as u32).map(|doc| self.places(DocId(doc)));
        let is_single = docs().all(|places| places.len() <= 1);
        out.push(u8::from(is_single));
        for places in docs() {
            if is_single {
                out.put_u32(places.first().map_or(0, |place| place + 1));
            } else {
                out.put_len(places.len());
                places.iter().for_each(|place| out.put_u32(*place));
            }
        }
        out
    }
}

/// Reads values that must ascend strictly.
fn read_ascending<T>(
    count: usize,
    compare: impl Fn(&T, &T) -> Ordering,
    mut read: impl FnMut() -> Result<T, Corrupt>,
) -> Result<Vec<T>, Corrupt> {
    let mut values: Vec<T> = Vec::with_capacity(count);
    for _ in 0..count {
        let value = read()?;
        if values
            .last()
            .is_some_and(|before| compare(before, &value) != Ordering::Less)
        {
            return Err(Corrupt("order of values"));
        }
        values.push(value);
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn column(values: Values, docs: &[Vec<u32>]) -> Column {
        let n_values = values.len() as u32;
        let mut column = Column::new(values);
        for places in docs {
            let places: Vec<u32> = places
                .iter()
                .filter(|_| n_values > 0)
                .map(|place| place % n_values.max(1))
                .collect();
            column.push(&places);
        }
        column
    }

    proptest! {
        #[test]
        fn columns_come_back(
            texts: BTreeSet<String>,
            ints: BTreeSet<i64>,
            docs in proptest::collection::vec(proptest::collection::vec(any::<u32>(), 0..4), 0..20),
        ) {
            let floats: Vec<f64> = ints.iter().map(|int| *int as f64 / 3.0).collect();
            let mut floats = floats;
            floats.sort_by(f64::total_cmp);
            floats.dedup();
            for values in [
                Values::Text(texts.iter().cloned().collect()),
                Values::Int(ints.iter().copied().collect()),
                Values::Float(floats),
            ] {
                let column = column(values, &docs);
                prop_assert_eq!(Column::decode(&column.encode(), docs.len() as u32), Ok(column));
            }
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>, n_docs in 0_u32..20) {
            let _any_answer = Column::decode(&bytes, n_docs);
        }
    }

    #[test]
    fn a_place_beyond_the_values_is_refused() {
        let mut column = Column::new(Values::Int(vec![2014]));
        column.push(&[1]);
        let error = Corrupt("place of a value");
        assert_eq!(Column::decode(&column.encode(), 1), Err(error));
    }
}
