//! Stored records: what a result shows. FORMAT.md, "Stored records".
//!
//! Knows bytes, ids and values. A block holds records that follow one another, so that one fetch
//! serves several hits where numbers are near.

use super::bytes::Reader;
#[cfg(any(feature = "build", test))]
use super::bytes::Write;
use crate::error::Corrupt;
use crate::ids::FieldId;
use crate::value::Value;

/// Lists and objects within one another beyond this are refused, so that no stack overflows.
const MAX_DEPTH: usize = 32;

const NONE: u64 = 0;

/// A record as a result shows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StoredRecord {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) url: Option<String>,
    /// The place of the record's language among the manifest's.
    pub(crate) language: u32,
    pub(crate) fields: Vec<(FieldId, Value)>,
    pub(crate) sections: Vec<StoredSection>,
}

/// A section as a result shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredSection {
    pub(crate) heading: String,
    pub(crate) number: Option<String>,
    pub(crate) anchor: Option<String>,
    pub(crate) text: String,
}

/// The `at`-th record of a block, or `None` past its last.
pub(crate) fn find_in_block(block: &[u8], at: usize) -> Result<Option<StoredRecord>, Corrupt> {
    let mut reader = Reader::new(block);
    let n_records = reader.count(1, "number of stored records")?;
    if at >= n_records {
        return Ok(None);
    }
    for _ in 0..at {
        let len = reader.count(1, "length of a stored record")?;
        reader.bytes(len, "stored record")?;
    }
    let len = reader.count(1, "length of a stored record")?;
    decode(reader.bytes(len, "stored record")?).map(Some)
}

/// How many records a block holds.
pub(crate) fn count_in_block(block: &[u8]) -> Result<usize, Corrupt> {
    Reader::new(block).count(1, "number of stored records")
}

/// Writes a block of encoded records.
#[cfg(any(feature = "build", test))]
pub(crate) fn encode_block(records: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    out.put_len(records.len());
    for record in records {
        out.put_len(record.len());
        out.extend_from_slice(record);
    }
    out
}

/// Reads one record.
pub(crate) fn decode(bytes: &[u8]) -> Result<StoredRecord, Corrupt> {
    let mut reader = Reader::new(bytes);
    let id = reader.str("id")?.to_owned();
    let title = reader.str("title")?.to_owned();
    let url = optional(&mut reader, "url")?;
    let language = reader.u32("language of a record")?;
    let n_fields = reader.count(2, "number of stored fields")?;
    let mut fields = Vec::with_capacity(n_fields);
    for _ in 0..n_fields {
        let field = FieldId(reader.u32("stored field")?);
        fields.push((field, decode_value(&mut reader, 0)?));
    }
    let n_sections = reader.count(4, "number of sections")?;
    let mut sections = Vec::with_capacity(n_sections);
    for _ in 0..n_sections {
        sections.push(StoredSection {
            heading: reader.str("heading")?.to_owned(),
            number: optional(&mut reader, "number of a section")?,
            anchor: optional(&mut reader, "anchor")?,
            text: reader.str("text of a section")?.to_owned(),
        });
    }
    reader.end("end of a stored record")?;
    Ok(StoredRecord {
        id,
        title,
        url,
        language,
        fields,
        sections,
    })
}

/// Text or none: its length and one, or 0.
fn optional(reader: &mut Reader<'_>, what: &'static str) -> Result<Option<String>, Corrupt> {
    let head = reader.u64(what)?;
    if head == NONE {
        return Ok(None);
    }
    let len = usize::try_from(head - 1).map_err(|_| Corrupt(what))?;
    let bytes = reader.bytes(len, what)?;
    let text = core::str::from_utf8(bytes).map_err(|_| Corrupt(what))?;
    Ok(Some(text.to_owned()))
}

fn decode_value(reader: &mut Reader<'_>, depth: usize) -> Result<Value, Corrupt> {
    if depth > MAX_DEPTH {
        return Err(Corrupt("depth of a value"));
    }
    Ok(match reader.u8("kind of a value")? {
        0 => Value::Bool(false),
        1 => Value::Bool(true),
        2 => Value::Int(reader.i64("number")?),
        3 => Value::Float(f64::from_bits(reader.u64_fixed("number")?)),
        4 => Value::Text(reader.str("text")?.to_owned()),
        5 => {
            let count = reader.count(1, "number of items")?;
            let mut items = Vec::with_capacity(count.min(reader.len()));
            for _ in 0..count {
                items.push(decode_value(reader, depth + 1)?);
            }
            Value::List(items)
        }
        6 => {
            let count = reader.count(2, "number of named values")?;
            let mut entries = Vec::with_capacity(count.min(reader.len()));
            for _ in 0..count {
                let name = reader.str("name of a value")?.to_owned();
                entries.push((name, decode_value(reader, depth + 1)?));
            }
            Value::Object(entries)
        }
        _ => {
            return Err(Corrupt("kind of a value"));
        }
    })
}

impl StoredRecord {
    /// Writes one record.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.put_str(&self.id);
        out.put_str(&self.title);
        put_optional(&mut out, self.url.as_deref());
        out.put_u32(self.language);
        out.put_len(self.fields.len());
        for (field, value) in &self.fields {
            out.put_u32(field.0);
            encode_value(&mut out, value, 0);
        }
        out.put_len(self.sections.len());
        for section in &self.sections {
            out.put_str(&section.heading);
            put_optional(&mut out, section.number.as_deref());
            put_optional(&mut out, section.anchor.as_deref());
            out.put_str(&section.text);
        }
        out
    }
}

#[cfg(any(feature = "build", test))]
fn put_optional(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        None => out.put_u64(NONE),
        Some(text) => {
            out.put_u64(text.len() as u64 + 1);
            out.extend_from_slice(text.as_bytes());
        }
    }
}

/// Writes a value. What lies deeper than a reader would follow is left out.
#[cfg(any(feature = "build", test))]
fn encode_value(out: &mut Vec<u8>, value: &Value, depth: usize) {
    match value {
        Value::Bool(truth) => out.push(u8::from(*truth)),
        Value::Int(number) => {
            out.push(2);
            out.put_i64(*number);
        }
        Value::Float(number) => {
            out.push(3);
            out.put_u64_fixed(number.to_bits());
        }
        Value::Text(text) => {
            out.push(4);
            out.put_str(text);
        }
        Value::List(items) => {
            out.push(5);
            let items = if depth < MAX_DEPTH {
                items.as_slice()
            } else {
                &[]
            };
            out.put_len(items.len());
            items
                .iter()
                .for_each(|item| encode_value(out, item, depth + 1));
        }
        Value::Object(entries) => {
            out.push(6);
            let entries = if depth < MAX_DEPTH {
                entries.as_slice()
            } else {
                &[]
            };
            out.put_len(entries.len());
            for (name, value) in entries {
                out.put_str(name);
                encode_value(out, value, depth + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            (-1e9_f64..1e9).prop_map(Value::Float),
            any::<String>().prop_map(Value::Text),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
                proptest::collection::vec((any::<String>(), inner), 0..4).prop_map(Value::Object),
            ]
        })
    }

    fn any_record() -> impl Strategy<Value = StoredRecord> {
        let text = any::<String>;
        let section = (
            text(),
            any::<Option<String>>(),
            any::<Option<String>>(),
            text(),
        )
            .prop_map(|(heading, number, anchor, text)| StoredSection {
                heading,
                number,
                anchor,
                text,
            });
        (
            text(),
            text(),
            any::<Option<String>>(),
            any::<u32>(),
            proptest::collection::vec((any::<u32>().prop_map(FieldId), any_value()), 0..4),
            proptest::collection::vec(section, 0..3),
        )
            .prop_map(
                |(id, title, url, language, fields, sections)| StoredRecord {
                    id,
                    title,
                    url,
                    language,
                    fields,
                    sections,
                },
            )
    }

    proptest! {
        #[test]
        fn blocks_come_back(records in proptest::collection::vec(any_record(), 0..4)) {
            let encoded: Vec<Vec<u8>> = records.iter().map(StoredRecord::encode).collect();
            let block = encode_block(&encoded);
            prop_assert_eq!(count_in_block(&block), Ok(records.len()));
            for (at, record) in records.iter().enumerate() {
                let found = find_in_block(&block, at);
                prop_assert_eq!(found.as_ref(), Ok(&Some(record.clone())));
            }
            prop_assert_eq!(find_in_block(&block, records.len()), Ok(None));
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>, at in 0_usize..4) {
            let _any_answer = find_in_block(&bytes, at);
        }
    }

    #[test]
    fn a_value_without_a_floor_is_cut_where_readers_stop() {
        let mut deep = Value::Text("floor".to_owned());
        for _ in 0..200 {
            deep = Value::List(vec![deep]);
        }
        let record = StoredRecord {
            id: "1".to_owned(),
            title: "t".to_owned(),
            url: None,
            language: 0,
            fields: vec![(FieldId(0), deep)],
            sections: Vec::new(),
        };
        assert!(find_in_block(&encode_block(&[record.encode()]), 0).is_ok());
    }
}
