//! Finds what is wrong with a schema or a record before anything is gathered from it.
//!
//! Knows the schema, records and the kinds of values; changes nothing.

use std::collections::BTreeSet;

use crate::build::{IndexBuilder, OWN_PARTS, columns};
use crate::date;
use crate::error::BuildError;
use crate::format::stored::MAX_LANGUAGES;
use crate::ids::DocId;
use crate::record::Record;
use crate::schema::{
    self, FieldKind, MAX_FIELDS, MAX_SEARCHED_FIELDS, SECTION_HEADINGS, SECTION_TEXT, Schema,
};
use crate::value::Value;

/// Most versions of a record beside its own: every one has a bit among those of a reader.
const MAX_ALTERNATES: usize = MAX_LANGUAGES - 1;

impl IndexBuilder {
    /// Finds what is wrong with a record before anything is changed. `langs` are the languages of its
    /// versions, its own first.
    pub(super) fn check(
        &self,
        record: &Record,
        langs: &[String],
        doc: DocId,
    ) -> Result<(), BuildError> {
        if record.id.trim().is_empty() {
            return Err(BuildError::EmptyId { ordinal: doc.0 });
        }
        if record.title.trim().is_empty() {
            return Err(BuildError::EmptyTitle {
                id: record.id.clone(),
            });
        }
        if let Some(first) = self.ids.find(&record.id) {
            let second = doc.0;
            return Err(BuildError::DuplicateId {
                id: record.id.clone(),
                first,
                second,
            });
        }
        if let Some(boost) = record.boost
            && !(boost.is_finite() && boost > 0.0)
        {
            return Err(BuildError::FieldKind {
                id: record.id.clone(),
                field: schema::BOOST.to_owned(),
                expected: "a number above 0, such as 2 or 0.5",
                got: format!("the number {boost}"),
            });
        }
        if let Some(date) = &record.valid_until
            && date::parse(date).is_none()
        {
            return Err(BuildError::FieldKind {
                id: record.id.clone(),
                field: schema::VALID_UNTIL.to_owned(),
                expected: "a date such as 2014, 2014-06 or 2014-06-20",
                got: columns::describe(&Value::Text(date.clone())),
            });
        }
        check_versions(record, langs)?;
        let mut new: BTreeSet<&str> = BTreeSet::new();
        if !record.alternates.is_empty() && self.schema.find(schema::ALTERNATES).is_none() {
            new.insert(schema::ALTERNATES);
        }
        for (name, value) in record
            .versions()
            .flat_map(|version| version.fields)
            .filter(|(_, value)| !value.is_missing())
        {
            if OWN_PARTS.contains(&name.as_str()) {
                let reason = "is a part of every record: set it as such, not as a field";
                return Err(BuildError::Schema {
                    field: name.clone(),
                    reason,
                });
            }
            let Some((_, field)) = self.schema.find(name) else {
                new.insert(name);
                continue;
            };
            for item in value.items() {
                if let Err(expected) = columns::check(field.kind, item) {
                    return Err(BuildError::FieldKind {
                        id: record.id.clone(),
                        field: name.clone(),
                        expected,
                        got: columns::describe(item),
                    });
                }
            }
        }
        if self.schema.len() + new.len() > MAX_FIELDS {
            return Err(BuildError::TooLarge {
                what: "number of fields",
                limit: MAX_FIELDS as u64,
            });
        }
        Ok(())
    }
}

/// Finds what is wrong with a record's versions; `langs` are their languages, its own first.
fn check_versions(record: &Record, langs: &[String]) -> Result<(), BuildError> {
    let wrong = |expected, got| {
        Err(BuildError::FieldKind {
            id: record.id.clone(),
            field: schema::ALTERNATES.to_owned(),
            expected,
            got,
        })
    };
    if record.alternates.len() > MAX_ALTERNATES {
        let got = record.alternates.len().to_string();
        return wrong("at most 63 versions in other languages", got);
    }
    for (at, lang) in langs.iter().enumerate() {
        if lang.is_empty() {
            return wrong("a language for each version", "one without".to_owned());
        }
        if langs.iter().take(at).any(|other| other == lang) {
            return wrong("one version a language", format!("two in `{lang}`"));
        }
    }
    for version in &record.alternates {
        if version.title.trim().is_empty() {
            let got = format!("none for that in `{}`", version.lang);
            return wrong("a title for each version", got);
        }
    }
    Ok(())
}

pub(super) fn check_schema(schema: &Schema) -> Result<(), BuildError> {
    let wrong = |field: &str, reason| {
        Err(BuildError::Schema {
            field: field.to_owned(),
            reason,
        })
    };
    if schema
        .find(schema::TITLE)
        .is_none_or(|(_, field)| field.weight.is_none())
    {
        return wrong(schema::TITLE, "must be there and be searched");
    }
    if schema.searched().count() > MAX_SEARCHED_FIELDS {
        let (what, limit) = ("number of searched fields", MAX_SEARCHED_FIELDS as u64);
        return Err(BuildError::TooLarge { what, limit });
    }
    for (id, field) in schema.fields() {
        if field.name.trim().is_empty() {
            return wrong(&field.name, "has an empty name");
        }
        if schema
            .find(&field.name)
            .is_none_or(|(first, _)| first != id)
        {
            return wrong(&field.name, "is there twice: keep one");
        }
        if field
            .weight
            .is_some_and(|weight| !(weight.is_finite() && weight > 0.0))
        {
            return wrong(
                &field.name,
                "has a weight that is not above 0: leave it out of search instead",
            );
        }
        let is_title_like =
            [schema::TITLE, SECTION_HEADINGS, SECTION_TEXT].contains(&field.name.as_str());
        if is_title_like && (field.has_column() || field.kind != FieldKind::Text) {
            return wrong(
                &field.name,
                "can be searched but not counted, sorted or typed",
            );
        }
    }
    Ok(())
}
