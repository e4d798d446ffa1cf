//! Values written in JSON: the members of an object, and what a value or a list of sections says.
//!
//! Knows JSON and the core's values. Knows no files and no places in them.

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use speir::{Section, Value};

use super::Fault;
use super::record::Content;

/// The keys of an object and their values as written.
pub(super) type Members<'a> = Vec<(String, &'a RawValue)>;

/// Takes an object apart.
pub(super) fn members(object: &str) -> Result<Members<'_>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(object);
    let mut members = Vec::new();
    deserializer.deserialize_any(Object(&mut members))?;
    deserializer.end()?;
    Ok(members)
}

/// The value of a key, as written.
pub(super) fn member<'a>(members: &[(String, &'a RawValue)], key: &str) -> Option<&'a RawValue> {
    members
        .iter()
        .find(|(name, _)| name == key)
        .map(|(_, raw)| *raw)
}

/// True for numbers, some of which stay text as they are written.
pub(super) fn is_number(raw: &str) -> bool {
    raw.starts_with(|letter: char| letter == '-' || letter.is_ascii_digit())
}

/// A value as the core knows it; `None` for null.
pub(super) fn value(key: &str, raw: &str) -> Result<Option<Value>, Fault> {
    match serde_json::from_str::<serde_json::Value>(raw) {
        Ok(value) => Ok(convert(value)),
        Err(error) => {
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or(&reason);
            Err(Fault::field(
                key,
                "json",
                format!("`{key}` cannot be read: {reason}"),
                "correct the value, or leave it out",
            ))
        }
    }
}

fn convert(value: serde_json::Value) -> Option<Value> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::Bool(truth) => Some(Value::Bool(truth)),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => Some(Value::Int(whole)),
            None => number.as_f64().map(Value::Float),
        },
        serde_json::Value::String(text) => Some(Value::Text(text)),
        serde_json::Value::Array(items) => {
            Some(Value::List(items.into_iter().filter_map(convert).collect()))
        }
        serde_json::Value::Object(entries) => Some(Value::Object(
            entries
                .into_iter()
                .filter_map(|(name, value)| convert(value).map(|value| (name, value)))
                .collect(),
        )),
    }
}

/// Objects of a list: the number of each, from 1, what is written, and its members.
type Objects<'a> = Vec<(usize, &'a RawValue, Members<'a>)>;

/// The objects of a list, without its nulls; `None` for null.
fn objects<'a>(
    raw: &'a str,
    key: &str,
    one: &str,
    wrong: &dyn Fn(String) -> Fault,
) -> Result<Option<Objects<'a>>, Fault> {
    let list: Option<Vec<Option<&RawValue>>> =
        serde_json::from_str(raw).map_err(|_| wrong(format!("`{key}` should be a list")))?;
    let Some(list) = list else {
        return Ok(None);
    };
    let items = list.into_iter().enumerate();
    let items = items.filter_map(|(at, item)| Some((at + 1, item?)));
    let objects = items.map(|(nth, item)| {
        let members = members(item.get());
        let members = members.map_err(|_| wrong(format!("{one} {nth} should be an object")))?;
        Ok((nth, item, members))
    });
    objects.collect::<Result<_, _>>().map(Some)
}

/// The value of `sections`: a list of objects; `None` for null.
pub(super) fn sections(raw: &str) -> Result<Option<Vec<Section>>, Fault> {
    let form = "write a list of {\"heading\": ..., \"number\": ..., \"anchor\": ..., \"text\": ..., \"kind\": ..., \"trail\": [...]}";
    let wrong = |reason: String| Fault::field("sections", "field-kind", reason, form);
    let Some(list) = objects(raw, "sections", "section", &wrong)? else {
        return Ok(None);
    };
    let mut sections = Vec::with_capacity(list.len());
    for (nth, _, members) in list {
        let part = |key: &str| -> Result<Option<String>, Fault> {
            let Some(raw) = member(&members, key) else {
                return Ok(None);
            };
            let raw = raw.get();
            // A number stays as written: 5.10 is not 5.1.
            if is_number(raw) {
                return Ok(Some(raw.to_owned()));
            }
            serde_json::from_str::<Option<String>>(raw)
                .map(|text| {
                    text.map(|text| text.trim().to_owned())
                        .filter(|text| !text.is_empty())
                })
                .map_err(|_| wrong(format!("`{key}` of section {nth} should be text")))
        };
        let section = Section {
            heading: part("heading")?.unwrap_or_default(),
            number: part("number")?,
            anchor: part("anchor")?.map(|anchor| anchor.trim_start_matches('#').to_owned()),
            text: part("text")?.unwrap_or_default(),
            kind: part("kind")?,
            trail: match member(&members, "trail") {
                Some(raw) => serde_json::from_str::<Option<Vec<String>>>(raw.get())
                    .map_err(|_| {
                        wrong(format!(
                            "`trail` of section {nth} should be a list of texts"
                        ))
                    })?
                    .unwrap_or_default(),
                None => Vec::new(),
            },
        };
        if section != Section::default() {
            sections.push(section);
        }
    }
    Ok(Some(sections))
}

/// The value of `alternates`, item by item: what has a title is a version of the record, whose keys are
/// those of a record; all else are links to versions elsewhere. `None` for null.
pub(super) fn alternates(raw: &str) -> Result<Option<Vec<Content>>, Fault> {
    let form =
        "write a list of {\"lang\": \"cy\", \"url\": ..., \"title\": ..., \"description\": ...}";
    let wrong = |reason: String| Fault::field("alternates", "field-kind", reason, form);
    let Some(list) = objects(raw, "alternates", "alternate", &wrong)? else {
        return Ok(None);
    };
    let mut alternates = Vec::with_capacity(list.len());
    for (_, item, members) in list {
        if member(&members, "title").is_some() {
            alternates.push(Content::Version(super::json::entries(&members)?));
        } else if let Some(link) = value("alternates", item.get())? {
            alternates.push(Content::Value(link));
        }
    }
    Ok(Some(alternates))
}

/// Gathers the members of an object.
struct Object<'o, 'de>(&'o mut Vec<(String, &'de RawValue)>);

impl<'de> Visitor<'de> for Object<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record in { }")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.0.push((key, map.next_value()?));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Err(serde::de::Error::custom(
            "expected a record in { }, found a list",
        ))
    }
}
