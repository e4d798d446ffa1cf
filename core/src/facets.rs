//! Counts and filters over sets of records, by columns.
//!
//! Counts are disjunctive: a field's own selection does not reduce its own counts, so a record that
//! fails one filter alone still counts for that filter's field. Knows columns and ids; knows nothing
//! of what was typed.

use crate::format::columns::Column;
use crate::ids::DocId;

/// Which values of a column a filter accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// By place among the column's values.
    pub(crate) places: Vec<bool>,
    /// Whether records without a value pass.
    pub(crate) missing: bool,
}

impl Accepted {
    pub(crate) fn passes(&self, column: &Column, doc: DocId) -> bool {
        let places = column.places(doc);
        if places.is_empty() {
            return self.missing;
        }
        places
            .iter()
            .any(|place| self.places.get(*place as usize).copied().unwrap_or(false))
    }
}

/// How a record fares with all filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It passes each.
    Hit,
    /// It fails this one, by place among the filters, and passes all others.
    FailsOne(usize),
    /// It fails several.
    Out,
}

/// Holds a record against filters.
pub(crate) fn outcome<'c>(
    filters: impl Iterator<Item = (&'c Column, &'c Accepted)>,
    doc: DocId,
) -> Outcome {
    let mut failed = None;
    for (at, (column, accepted)) in filters.enumerate() {
        if !accepted.passes(column, doc) {
            if failed.is_some() {
                return Outcome::Out;
            }
            failed = Some(at);
        }
    }
    failed.map_or(Outcome::Hit, Outcome::FailsOne)
}

/// How many records have each value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    /// By place among the column's values.
    pub(crate) places: Vec<u32>,
    /// Records without a value.
    pub(crate) missing: u32,
}

impl Counts {
    pub(crate) fn new(column: &Column) -> Counts {
        Counts {
            places: vec![0; column.values.len()],
            missing: 0,
        }
    }

    /// Counts one record, once for each of its values.
    pub(crate) fn add(&mut self, column: &Column, doc: DocId) {
        let places = column.places(doc);
        if places.is_empty() {
            self.missing += 1;
        }
        for place in places {
            if let Some(count) = self.places.get_mut(*place as usize) {
                *count += 1;
            }
        }
    }
}

#[cfg(all(test, feature = "build"))]
mod tests {
    use super::*;
    use crate::format::columns::Values;

    fn column(docs: &[&[u32]]) -> Column {
        let mut column = Column::new(Values::Int(vec![10, 20, 30]));
        docs.iter().for_each(|places| column.push(places));
        column
    }

    #[test]
    fn a_record_that_fails_one_filter_is_told_from_one_that_fails_two() {
        let first = column(&[&[0], &[1], &[], &[2]]);
        let second = column(&[&[0], &[0], &[0], &[1]]);
        let ten = Accepted {
            places: vec![true, false, false],
            missing: false,
        };
        let outcome_of = |doc| outcome([(&first, &ten), (&second, &ten)].into_iter(), DocId(doc));
        assert_eq!(outcome_of(0), Outcome::Hit);
        assert_eq!(outcome_of(1), Outcome::FailsOne(0));
        assert_eq!(
            outcome_of(2),
            Outcome::FailsOne(0),
            "no value is not an accepted one"
        );
        assert_eq!(outcome_of(3), Outcome::Out);
    }

    #[test]
    fn several_values_of_one_record_count_once_each() {
        let column = column(&[&[0, 2], &[2], &[]]);
        let mut counts = Counts::new(&column);
        (0..3).for_each(|doc| counts.add(&column, DocId(doc)));
        assert_eq!(
            counts,
            Counts {
                places: vec![1, 0, 2],
                missing: 1
            }
        );
    }
}
