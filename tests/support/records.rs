//! Reads records and schemas as the tests write them, in TOML or JSON.
//!
//! The keys are those of the command line. Knows nothing of files.

use serde::Deserialize;
use serde_json::Value as Json;
use speir::{Alternate, Field, FieldKind, Pin, Record, Schema, Section, Synonym, Value};

/// A field beside those of the default schema, or in place of one of the same name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    name: String,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    weight: Option<f32>,
    #[serde(default)]
    facet: bool,
    #[serde(default)]
    sort: bool,
    #[serde(default = "yes")]
    stored: bool,
    #[serde(default)]
    half_life_days: Option<f32>,
}

/// Words that lead to others: `same`, or `from` and `to`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SynonymSpec {
    #[serde(default)]
    same: Vec<String>,
    #[serde(default)]
    from: Vec<String>,
    #[serde(default)]
    to: Vec<String>,
}

impl SynonymSpec {
    /// The synonym.
    pub fn synonym(&self) -> Synonym {
        if self.same.is_empty() {
            Synonym::leads(&self.from, &self.to)
        } else {
            Synonym::same(&self.same)
        }
    }
}

/// A record that comes first for a query.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinSpec {
    pattern: String,
    id: String,
}

impl PinSpec {
    /// The pin.
    pub fn pin(&self) -> Pin {
        Pin {
            pattern: self.pattern.clone(),
            id: self.id.clone(),
        }
    }
}

fn yes() -> bool {
    true
}

/// The default schema with a language and fields of its own.
///
/// # Panics
///
/// Where a field's kind is none of `text`, `number`, `date`.
pub fn schema(lang: Option<&str>, fields: &[FieldSpec]) -> Schema {
    let mut schema = Schema::default();
    if let Some(lang) = lang {
        schema = schema.lang(lang);
    }
    for spec in fields {
        let mut field = Field::new(&spec.name).kind(match spec.kind.as_deref() {
            None | Some("text") => FieldKind::Text,
            Some("number") => FieldKind::Number,
            Some("date") => FieldKind::Date,
            Some(other) => panic!("field `{}`: no such kind: `{other}`", spec.name),
        });
        field.weight = spec.weight;
        field.facet = spec.facet;
        field.sort = spec.sort;
        field.stored = spec.stored;
        field.half_life_days = spec.half_life_days;
        schema = schema.field(field);
    }
    schema
}

/// A record from an object with the command line's keys.
///
/// # Panics
///
/// Where `id`, `title` or a section is not as it should be: the tests' own records are right.
pub fn record(object: &Json) -> Record {
    let entries = object.as_object().expect("a record is an object");
    let text = |key: &str| entries.get(key).and_then(Json::as_str);
    let mut record = Record::new(
        text("id").expect("a record has an `id`"),
        text("title").expect("a record has a `title`"),
    );
    record.url = text("url").map(str::to_owned);
    record.lang = text("lang").map(str::to_owned);
    for (key, given) in entries {
        match key.as_str() {
            "id" | "title" | "url" | "lang" => {}
            "boost" => {
                let boost = given.as_f64().expect("`boost` is a number");
                record.boost = Some(boost as f32);
            }
            "validUntil" => record.valid_until = text("validUntil").map(str::to_owned),
            "replaces" => {
                let ids = given.as_array().expect("`replaces` is a list");
                let ids = ids.iter().map(|id| id.as_str().expect("an id is text"));
                record.replaces = ids.map(str::to_owned).collect();
            }
            "alternates" => {
                let versions = given.as_array().expect("`alternates` is a list");
                record.alternates = versions.iter().map(alternate).collect();
            }
            "sections" => {
                let sections = given.as_array().expect("`sections` is a list");
                record.sections = sections.iter().map(section).collect();
            }
            _ => {
                if let Some(given) = value(given) {
                    record.fields.push((key.clone(), given));
                }
            }
        }
    }
    record
}

fn section(object: &Json) -> Section {
    let text = |key: &str| object.get(key).and_then(Json::as_str).map(str::to_owned);
    Section {
        heading: text("heading").unwrap_or_default(),
        number: text("number"),
        anchor: text("anchor"),
        text: text("text").unwrap_or_default(),
        kind: text("kind"),
        trail: texts(object.get("trail")),
    }
}

fn texts(list: Option<&Json>) -> Vec<String> {
    let items = list.and_then(Json::as_array).into_iter().flatten();
    items.filter_map(Json::as_str).map(str::to_owned).collect()
}

fn alternate(object: &Json) -> Alternate {
    let mut entries = object.as_object().expect("a version is an object").clone();
    entries.insert("id".to_owned(), Json::from("of the record"));
    let version = record(&Json::Object(entries));
    Alternate {
        lang: version.lang.expect("a version has a `lang`"),
        title: version.title,
        url: version.url,
        fields: version.fields,
        sections: version.sections,
    }
}

/// A value as a record holds it; `None` for null.
pub fn value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => return None,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => Value::Float(number.as_f64().expect("a number is a double")),
        },
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(items.iter().filter_map(value).collect()),
        Json::Object(entries) => Value::Object(
            entries
                .iter()
                .filter_map(|(key, item)| Some((key.clone(), value(item)?)))
                .collect(),
        ),
    })
}
