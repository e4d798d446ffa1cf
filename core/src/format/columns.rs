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
use crate::texts::Texts;

/// The distinct values of a column, in order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Values {
    /// Text, in the order of an alphabet, which a reader does not know.
    Text(Texts),
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
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) values: Values,
    /// Where each record's places begin in `places`, which has their number before them; empty where
    /// no record has more than one.
    starts: Vec<u32>,
    /// By record where none has more than one: its place, or [`NO_PLACE`].
    places: Vec<u32>,
}

/// Stands where a record has no value.
const NO_PLACE: u32 = u32::MAX;

impl Column {
    /// A column of given values, for records whose places are added one after the other.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn new(values: Values) -> Column {
        Column {
            values,
            starts: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Adds the next record's places.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn push(&mut self, places: &[u32]) {
        self.places.push(places.len() as u32);
        self.starts.push(self.places.len() as u32);
        self.places.extend_from_slice(places);
    }

    /// The places of a record's values, in the order in which the record gives them.
    pub(crate) fn places(&self, doc: DocId) -> &[u32] {
        let at = doc.index();
        let (start, count) = if self.starts.is_empty() {
            let has_none = self.places.get(at).is_none_or(|place| *place == NO_PLACE);
            (at, usize::from(!has_none))
        } else {
            let start = self.starts.get(at).map_or(0, |start| *start as usize);
            let count = start.checked_sub(1).and_then(|head| self.places.get(head));
            (start, count.map_or(0, |count| *count as usize))
        };
        let places = self.places.get(start..start + count);
        places.unwrap_or_default()
    }

    /// Reads a column of `n_docs` records. Fails unless numbers ascend and places lie among them.
    pub(crate) fn decode(bytes: &[u8], n_docs: u32) -> Result<Column, Corrupt> {
        let mut reader = Reader::new(bytes);
        let kind = reader.u8("kind of a column")?;
        let n_values = reader.count(1, "number of values")?;
        let values = match kind {
            0 => {
                let mut texts = Texts::default();
                for _ in 0..n_values {
                    texts.push(reader.str("value")?);
                }
                Values::Text(texts)
            }
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
        let mut column = Column {
            values,
            starts: Vec::new(),
            places: reader.all_u32s("values of a record")?,
        };
        reader.end("end of a column")?;
        let is_known = |place: &u32| (*place as usize) < n_values;
        if is_single {
            if column.places.len() != n_docs as usize {
                return Err(Corrupt("length of a column"));
            }
            for place in &mut column.places {
                // A single value's place is told by the head itself, 0 standing for none.
                *place = place.wrapping_sub(1);
                if *place != NO_PLACE && !is_known(place) {
                    return Err(Corrupt("place of a value"));
                }
            }
            return Ok(column);
        }
        let mut end = 0;
        for _ in 0..n_docs {
            let count = column
                .places
                .get(end)
                .ok_or(Corrupt("length of a column"))?;
            let start = end + 1;
            end = start.saturating_add(*count as usize);
            let places = column.places.get(start..end);
            if !places.is_some_and(|places| places.iter().all(is_known)) {
                return Err(Corrupt("place of a value"));
            }
            column.starts.push(start as u32);
        }
        if end != column.places.len() {
            return Err(Corrupt("end of a column"));
        }
        Ok(column)
    }

    #[cfg(any(feature = "build", test))]
    fn n_docs(&self) -> u32 {
        if self.starts.is_empty() {
            self.places.len() as u32
        } else {
            self.starts.len() as u32
        }
    }

    /// Writes the column.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match &self.values {
            Values::Text(values) => {
                out.push(0);
                out.put_len(values.len());
                (0..values.len()).for_each(|place| out.put_str(values.get(place)));
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
        let docs = || (0..self.n_docs()).map(|doc| self.places(DocId(doc)));
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

    /// However its places are kept.
    impl PartialEq for Column {
        fn eq(&self, other: &Column) -> bool {
            let mut docs = 0..self.n_docs();
            let is_same = |doc| self.places(DocId(doc)) == other.places(DocId(doc));
            self.values == other.values && self.n_docs() == other.n_docs() && docs.all(is_same)
        }
    }

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
