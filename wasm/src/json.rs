//! Writes results as JSON, for `JSON.parse` on the other side.
//!
//! A serializer of just what results are made of: 3 KB of wasm where building JavaScript objects
//! one by one costs 10 KB, and one crossing of the border a page instead of one a field.
//! Numbers with a fraction are written by JavaScript itself, whose shortest digits JSON reads back
//! exactly. Knows serde; knows nothing of searching.

use core::fmt;

use serde::ser::{self, Serialize};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// JavaScript's own way of writing a number.
    #[wasm_bindgen(js_name = String)]
    fn number_to_string(number: f64) -> String;
}

/// A value as JSON.
pub(crate) fn to_json<T: Serialize>(value: &T) -> String {
    let mut writer = Writer { out: String::new() };
    // Nothing in a result is of a kind that the writer refuses; were it, `null` stands for it.
    if value.serialize(&mut writer).is_err() {
        writer.out.push_str("null");
    }
    writer.out
}

struct Writer {
    out: String,
}

impl Writer {
    fn unsigned(&mut self, number: u64) {
        // 20 digits hold any u64.
        let mut digits = [0_u8; 20];
        let mut rest = number;
        let mut n_digits = 0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            n_digits += 1;
            if rest == 0 {
                break;
            }
        }
        let written = digits.iter().skip(digits.len() - n_digits);
        self.out.extend(written.map(|digit| char::from(*digit)));
    }

    /// A text in quotation marks (RFC 8259, 7).
    fn text(&mut self, text: &str) {
        self.out.push('"');
        for letter in text.chars() {
            match letter {
                '"' | '\\' => {
                    self.out.push('\\');
                    self.out.push(letter);
                }
                '\0'..='\x1F' => {
                    self.out.push_str("\\u00");
                    for digit in [letter as u32 >> 4, letter as u32 & 15] {
                        self.out.extend(char::from_digit(digit, 16));
                    }
                }
                _ => self.out.push(letter),
            }
        }
        self.out.push('"');
    }
}

/// A list or an object that is being written.
struct Items<'w> {
    writer: &'w mut Writer,
    is_first: bool,
    close: char,
}

impl<'w> Items<'w> {
    fn open(writer: &'w mut Writer, open: char, close: char) -> Items<'w> {
        writer.out.push(open);
        Items {
            writer,
            is_first: true,
            close,
        }
    }

    fn comma(&mut self) {
        if !self.is_first {
            self.writer.out.push(',');
        }
        self.is_first = false;
    }

    fn close(self) -> Result<(), Refused> {
        self.writer.out.push(self.close);
        Ok(())
    }

    fn named<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Refused> {
        self.comma();
        self.writer.text(name);
        self.writer.out.push(':');
        value.serialize(&mut *self.writer)
    }
}

/// A value of a kind that no result has.
#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a kind that no result has")
    }
}

impl core::error::Error for Refused {}

impl ser::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Refused {
        Refused
    }
}

type Done = Result<(), Refused>;

impl<'w> ser::Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = Items<'w>;
    type SerializeTuple = ser::Impossible<(), Refused>;
    type SerializeTupleStruct = ser::Impossible<(), Refused>;
    type SerializeTupleVariant = ser::Impossible<(), Refused>;
    type SerializeMap = Items<'w>;
    type SerializeStruct = Items<'w>;
    type SerializeStructVariant = Items<'w>;

    fn serialize_bool(self, truth: bool) -> Done {
        self.out.push_str(if truth { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i64(self, number: i64) -> Done {
        if number < 0 {
            self.out.push('-');
        }
        self.unsigned(number.unsigned_abs());
        Ok(())
    }

    fn serialize_u64(self, number: u64) -> Done {
        self.unsigned(number);
        Ok(())
    }

    fn serialize_f64(self, number: f64) -> Done {
        if number.is_finite() {
            self.out.push_str(&number_to_string(number));
        } else {
            self.out.push_str("null");
        }
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Done {
        self.text(text);
        Ok(())
    }

    fn serialize_none(self) -> Done {
        self.out.push_str("null");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'w>, Refused> {
        Ok(Items::open(self, '[', ']'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Items<'w>, Refused> {
        Ok(Items::open(self, '{', '}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Items<'w>, Refused> {
        Ok(Items::open(self, '{', '}'))
    }

    fn serialize_i8(self, number: i8) -> Done {
        self.serialize_i64(i64::from(number))
    }

    fn serialize_i16(self, number: i16) -> Done {
        self.serialize_i64(i64::from(number))
    }

    fn serialize_i32(self, number: i32) -> Done {
        self.serialize_i64(i64::from(number))
    }

    fn serialize_u8(self, number: u8) -> Done {
        self.serialize_u64(u64::from(number))
    }

    fn serialize_u16(self, number: u16) -> Done {
        self.serialize_u64(u64::from(number))
    }

    fn serialize_u32(self, number: u32) -> Done {
        self.serialize_u64(u64::from(number))
    }

    fn serialize_f32(self, number: f32) -> Done {
        self.serialize_f64(f64::from(number))
    }

    fn serialize_char(self, _: char) -> Done {
        Err(Refused)
    }

    fn serialize_bytes(self, _: &[u8]) -> Done {
        Err(Refused)
    }

    fn serialize_unit(self) -> Done {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Done {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Done {
        Err(Refused)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Refused> {
        Err(Refused)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Refused> {
        Err(Refused)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Refused> {
        Err(Refused)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Items<'w>, Refused> {
        Err(Refused)
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, _: &T) -> Done {
        Err(Refused)
    }
}

impl ser::SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.comma();
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeMap for Items<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        self.comma();
        key.serialize(&mut *self.writer)?;
        self.writer.out.push(':');
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeStruct for Items<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done {
        self.named(name, value)
    }

    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeStructVariant for Items<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done {
        self.named(name, value)
    }

    fn end(self) -> Done {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use speir::{Notice, Page, Span, Value};

    #[track_caller]
    fn check<T: Serialize>(value: &T, expected: &str) {
        assert_eq!(to_json(value), expected);
    }

    #[test]
    fn values_are_written_as_json() {
        check(&Value::Int(i64::from(i32::MIN)), "-2147483648");
        check(&Value::Int(0), "0");
        check(&u64::MAX, "18446744073709551615");
        check(
            &Value::from("a \"b\" \\ \n\u{7F} é 🙂"),
            "\"a \\\"b\\\" \\\\ \\u000a\u{7F} é 🙂\"",
        );
        check(
            &Value::from(vec![Value::Bool(true), Value::List(Vec::new())]),
            "[true,[]]",
        );
        check(
            &Value::Object(vec![("a".to_owned(), Value::Int(1))]),
            "{\"a\":1}",
        );
        check(&None::<String>, "null");
    }

    #[test]
    fn results_are_written_as_json() {
        check(
            &Span {
                text: "x".to_owned(),
                is_match: true,
            },
            "{\"text\":\"x\",\"match\":true}",
        );
        let notice = Notice::UnknownWord {
            word: "zzz".to_owned(),
        };
        check(&notice, "{\"kind\":\"unknown-word\",\"word\":\"zzz\"}");
        let empty = to_json(&Page::default());
        assert!(
            empty.starts_with("{\"total\":0,\"hits\":[],\"facets\":{},\"notices\":[],"),
            "{empty}"
        );
    }
}
