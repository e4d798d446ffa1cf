//! The texts of a record's searched fields, and lengths as an index keeps them.
//!
//! Knows records. Reads no words.

use speir::{Record, Value};

use super::constants::LENGTHS;

/// The nearest of the lengths told apart, the lower of two as near.
pub(super) fn nearest(words: usize) -> u32 {
    let words = i64::try_from(words).expect("few words");
    let off = |length: &u32| (i64::from(*length) - words).abs();
    *LENGTHS
        .iter()
        .min_by_key(|length| off(length))
        .expect("there are lengths")
}

/// The texts of a searched field of a record: one a value, one a section.
pub(super) fn texts(record: &Record, field: &str) -> Vec<String> {
    match field {
        "title" => vec![record.title.clone()],
        "sections.heading" => {
            let sections = record.sections.iter();
            sections
                .flat_map(|section| {
                    [
                        section.number.clone().unwrap_or_default(),
                        section.heading.clone(),
                    ]
                })
                .collect()
        }
        "sections.text" => record
            .sections
            .iter()
            .map(|section| section.text.clone())
            .collect(),
        _ => {
            let given = record.fields.iter().filter(|(name, _)| name == field);
            let items = given.flat_map(|(_, value)| match value {
                Value::List(items) => items.clone(),
                single => vec![single.clone()],
            });
            items
                .filter_map(|item| match item {
                    Value::Text(text) => Some(text),
                    Value::Int(number) => Some(number.to_string()),
                    Value::Float(number) => Some(number.to_string()),
                    _ => None,
                })
                .collect()
        }
    }
}
