//! Fields by the names that readers type, and what is accepted of those that are not searched.
//!
//! Knows the schema; knows no words and no columns. What it accepts, the search can always read.

use crate::date;
use crate::ids::FieldId;
use crate::query::Accept;
use crate::schema::{Field, FieldKind, SECTION_HEADINGS, Schema};

/// Most digits of a number in a range: the search reads so many in whole and in decimal numbers.
const MAX_DIGITS: usize = 15;

/// The field of a name, in any case and with or without its last `s`.
pub(super) fn find<'s>(schema: &'s Schema, name: &str) -> Option<(FieldId, &'s Field)> {
    for end in ["", "s"] {
        for (id, field) in schema.fields() {
            let known = field.name.strip_suffix(end);
            if known.is_some_and(|known| known.eq_ignore_ascii_case(name)) {
                return Some((id, field));
            }
        }
    }
    // No reader knows the records' own name for it.
    for known in ["section", "sections", "heading", "headings"] {
        if known.eq_ignore_ascii_case(name) {
            return schema.find(SECTION_HEADINGS);
        }
    }
    None
}

/// Whether `field:value` filters: numbers and dates by value, text that is not searched whole.
pub(super) fn is_filter(field: &Field) -> bool {
    field.has_column() && (field.weight.is_none() || field.kind != FieldKind::Text)
}

/// What a value typed for such a field accepts, or `None` where the field can have no such value.
pub(super) fn accept(kind: FieldKind, value: &str) -> Option<Accept> {
    let value = value.trim();
    let is_value = |value: &str| match kind {
        FieldKind::Text => !value.is_empty(),
        FieldKind::Number => is_number(value),
        FieldKind::Date => date::parse(value).is_some(),
    };
    // The standard library's search for a text in a text is 1 KB of wasm.
    let dots = value.as_bytes().windows(2).position(|two| two == b"..");
    let range = dots
        .filter(|_| kind != FieldKind::Text && value.len() > 2)
        .and_then(|at| Some((value.get(..at)?, value.get(at + 2..)?)));
    let Some((from, to)) = range else {
        return is_value(value).then(|| Accept::Value(value.to_owned()));
    };
    let is_end = |end: &str| end.is_empty() || is_value(end);
    let end = |end: &str| (!end.is_empty()).then(|| end.to_owned());
    (is_end(from) && is_end(to)).then(|| Accept::Range {
        from: end(from),
        to: end(to),
    })
}

/// Whether a text is a number such as `-12` or `3.5`.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let n_digits = digits.bytes().filter(u8::is_ascii_digit).count();
    let n_points = digits.bytes().filter(|byte| *byte == b'.').count();
    (1..=MAX_DIGITS).contains(&n_digits)
        && n_points <= 1
        && n_digits + n_points == digits.len()
        && !digits.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_go_by_the_names_that_readers_use() {
        let schema = Schema::default();
        for (typed, name) in [
            ("title", "title"),
            ("Title", "title"),
            ("organisation", "organisations"),
            ("AUTHOR", "authors"),
            ("section", "sections.heading"),
            ("Headings", "sections.heading"),
            ("sections.text", "sections.text"),
        ] {
            let found = find(&schema, typed).map(|(_, field)| field.name.as_str());
            assert_eq!(found, Some(name), "{typed}");
        }
        for unknown in ["", "titles", "text", "organis", "http"] {
            assert_eq!(find(&schema, unknown), None, "{unknown}");
        }
    }

    #[test]
    fn only_values_that_the_search_can_read_are_accepted() {
        let range = |from: &str, to: &str| {
            let end = |end: &str| (!end.is_empty()).then(|| end.to_owned());
            Some(Accept::Range {
                from: end(from),
                to: end(to),
            })
        };
        let value = |value: &str| Some(Accept::Value(value.to_owned()));
        for (kind, typed, expected) in [
            (FieldKind::Number, "2014", value("2014")),
            (FieldKind::Number, "-3.5", value("-3.5")),
            (FieldKind::Number, "2014..2016", range("2014", "2016")),
            (FieldKind::Number, "2014..", range("2014", "")),
            (FieldKind::Number, "..2016", range("", "2016")),
            (FieldKind::Number, "1.5..2.5", range("1.5", "2.5")),
            (FieldKind::Number, "..", None),
            (FieldKind::Number, "3.", None),
            (FieldKind::Number, "1.2.3", None),
            (FieldKind::Number, "2014..soon", None),
            (FieldKind::Number, "1234567890123456", None),
            (FieldKind::Date, "2014-06", value("2014-06")),
            (FieldKind::Date, "2014..2016-02", range("2014", "2016-02")),
            (FieldKind::Date, "june", None),
            (FieldKind::Text, "en", value("en")),
            (FieldKind::Text, "a..b", value("a..b")),
            (FieldKind::Text, " ", None),
        ] {
            assert_eq!(accept(kind, typed), expected, "{typed}");
        }
    }
}
