//! A field's value as given: text, number, truth, list, or an object of named values.
//!
//! Knows nothing of schemas. A date is text until a schema says that its field holds dates.

use serde::{Serialize, Serializer};

/// Largest whole number that a JavaScript number holds exactly, 2^53 - 1.
const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

/// A value as a record gives it and as a search gives it back.
///
/// Serializes as the JSON that it came from. Whole numbers beyond 2^53 come back as the nearest
/// double, as they would in JavaScript.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number; finite.
    Float(f64),
    /// Text; also dates, as ISO 8601.
    Text(String),
    /// Several values, in order.
    List(Vec<Value>),
    /// Named values, in order.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// True for what counts as no value at all: empty or blank text, an empty list or object,
    /// a number that is not one, a list of only such values.
    pub fn is_missing(&self) -> bool {
        match self {
            Value::Bool(_) | Value::Int(_) => false,
            Value::Float(number) => !number.is_finite(),
            Value::Text(text) => text.trim().is_empty(),
            Value::List(values) => values.iter().all(Value::is_missing),
            Value::Object(entries) => entries.is_empty(),
        }
    }

    /// The single values in this one: the items of a list that are not missing, else itself.
    pub fn items(&self) -> impl Iterator<Item = &Value> {
        let slice = match self {
            Value::List(values) => values.as_slice(),
            single => core::slice::from_ref(single),
        };
        slice.iter().filter(|value| !value.is_missing())
    }

    /// The value of a name, of an object that has it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let Value::Object(entries) = self else {
            return None;
        };
        let found = entries.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    }

    /// The text to read words from: text itself, and the `title` or `name` of an object.
    pub fn as_words(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Object(entries) => entries
                .iter()
                .find(|(name, _)| name == "title" || name == "name")
                .and_then(|(_, value)| value.as_words()),
            _ => None,
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Bool(truth) => serializer.serialize_bool(*truth),
            Value::Int(number) if number.unsigned_abs() <= MAX_SAFE_INTEGER => {
                serializer.serialize_i64(*number)
            }
            Value::Int(number) => serializer.serialize_f64(*number as f64),
            Value::Float(number) => serializer.serialize_f64(*number),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(values) => serializer.collect_seq(values),
            Value::Object(entries) => {
                serializer.collect_map(entries.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Int(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Value {
        Value::Int(i64::from(number))
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Float(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Value {
        Value::Bool(truth)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Value {
        Value::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(values: [T; N]) -> Value {
        Value::List(values.into_iter().map(Into::into).collect())
    }
}
