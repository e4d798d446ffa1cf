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

/// A record as a result shows it, in one of its languages.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StoredRecord {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) url: Option<String>,
    /// The place of its language among the manifest's.
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
    pub(crate) kind: Option<String>,
    pub(crate) trail: Vec<String>,
    pub(crate) text: String,
}

/// Languages of a reader: one bit each, by their places among the manifest's. No record has a language
/// past the last bit as far as this can tell.
pub(crate) type Languages = u64;

/// How many languages have a bit.
pub(crate) const MAX_LANGUAGES: usize = Languages::BITS as usize;

/// No language at all: each record in its first version.
#[cfg(any(feature = "build", test))]
pub(crate) const NO_LANGUAGE: Languages = 0;

/// The `at`-th record of a block, in one of the languages if it has a version of it; `None` past its
/// last.
pub(crate) fn find_in_block(
    block: &[u8],
    at: usize,
    languages: Languages,
) -> Result<Option<StoredRecord>, Corrupt> {
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
    decode(reader.bytes(len, "stored record")?, languages).map(Some)
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

/// Reads one record, in one of the languages if it has a version of it.
pub(crate) fn decode(bytes: &[u8], languages: Languages) -> Result<StoredRecord, Corrupt> {
    let mut reader = Reader::new(bytes);
    loop {
        let version = decode_version(&mut reader)?;
        // Its own version is the last, and serves readers of all other languages.
        if reader.len() == 0 || version.is_in(languages) {
            return Ok(version);
        }
    }
}

/// Reads all versions of a record, its own first.
#[cfg(any(feature = "build", test))]
pub(crate) fn decode_all(bytes: &[u8]) -> Result<Vec<StoredRecord>, Corrupt> {
    let mut reader = Reader::new(bytes);
    let mut versions = vec![decode_version(&mut reader)?];
    while reader.len() > 0 {
        versions.insert(0, decode_version(&mut reader)?);
    }
    Ok(versions)
}

fn decode_version(reader: &mut Reader<'_>) -> Result<StoredRecord, Corrupt> {
    let id = text(reader, "id")?;
    let title = text(reader, "title")?;
    let url = optional(reader, "url")?;
    let language = reader.u32("language of a record")?;
    let n_fields = reader.count(2, "number of stored fields")?;
    let mut fields = Vec::with_capacity(n_fields);
    for _ in 0..n_fields {
        let field = FieldId(reader.u32("stored field")?);
        fields.push((field, decode_value(reader, 0)?));
    }
    let n_sections = reader.count(6, "number of sections")?;
    let mut sections = Vec::with_capacity(n_sections);
    for _ in 0..n_sections {
        let heading = text(reader, "heading")?;
        let number = optional(reader, "number of a section")?;
        let anchor = optional(reader, "anchor")?;
        let kind = optional(reader, "kind of a section")?;
        let n_around = reader.count(1, "length of a trail")?;
        let mut trail = Vec::with_capacity(n_around);
        for _ in 0..n_around {
            trail.push(text(reader, "trail")?);
        }
        sections.push(StoredSection {
            heading,
            number,
            anchor,
            kind,
            trail,
            text: text(reader, "text of a section")?,
        });
    }
    Ok(StoredRecord {
        id,
        title,
        url,
        language,
        fields,
        sections,
    })
}

/// A function of its own, as every call of it is shorter than what it does.
#[inline(never)]
fn text(reader: &mut Reader<'_>, what: &'static str) -> Result<String, Corrupt> {
    Ok(reader.str(what)?.to_owned())
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
        4 => Value::Text(text(reader, "text")?),
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
                let name = text(reader, "name of a value")?;
                entries.push((name, decode_value(reader, depth + 1)?));
            }
            Value::Object(entries)
        }
        _ => {
            return Err(Corrupt("kind of a value"));
        }
    })
}

/// Writes one record, all its versions, of which its own comes first here.
#[cfg(any(feature = "build", test))]
pub(crate) fn encode(versions: &[StoredRecord]) -> Vec<u8> {
    let mut out = Vec::new();
    versions
        .iter()
        .rev()
        .for_each(|version| version.encode(&mut out));
    out
}

impl StoredRecord {
    /// Whether it is in one of the languages.
    fn is_in(&self, languages: Languages) -> bool {
        languages.checked_shr(self.language).unwrap_or(0) & 1 != 0
    }

    #[cfg(any(feature = "build", test))]
    fn encode(&self, out: &mut Vec<u8>) {
        out.put_str(&self.id);
        out.put_str(&self.title);
        put_optional(out, self.url.as_deref());
        out.put_u32(self.language);
        out.put_len(self.fields.len());
        for (field, value) in &self.fields {
            out.put_u32(field.0);
            encode_value(out, value, 0);
        }
        out.put_len(self.sections.len());
        for section in &self.sections {
            out.put_str(&section.heading);
            put_optional(out, section.number.as_deref());
            put_optional(out, section.anchor.as_deref());
            put_optional(out, section.kind.as_deref());
            out.put_len(section.trail.len());
            section.trail.iter().for_each(|around| out.put_str(around));
            out.put_str(&section.text);
        }
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
            any::<Option<String>>(),
            proptest::collection::vec(text(), 0..3),
            text(),
        )
            .prop_map(
                |(heading, number, anchor, kind, trail, text)| StoredSection {
                    heading,
                    number,
                    anchor,
                    kind,
                    trail,
                    text,
                },
            );
        (
            text(),
            text(),
            any::<Option<String>>(),
            prop_oneof![0_u32..4, any::<u32>()],
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
        fn blocks_come_back(
            records in proptest::collection::vec(proptest::collection::vec(any_record(), 1..4), 0..4),
            languages in 0_u64..16,
        ) {
            let encoded: Vec<Vec<u8>> = records.iter().map(|versions| encode(versions)).collect();
            let block = encode_block(&encoded);
            prop_assert_eq!(count_in_block(&block), Ok(records.len()));
            for (at, versions) in records.iter().enumerate() {
                let is_read = |version: &&StoredRecord| {
                    version.language < 4 && languages >> version.language & 1 == 1
                };
                // Of two in the reader's language, the one that is not the record's own.
                let expected = versions.iter().rev().find(is_read).unwrap_or(&versions[0]);
                let found = find_in_block(&block, at, languages);
                prop_assert_eq!(found, Ok(Some(expected.clone())));
                prop_assert_eq!(decode_all(&encoded[at]), Ok(versions.clone()));
            }
            prop_assert_eq!(find_in_block(&block, records.len(), languages), Ok(None));
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>, at in 0_usize..4, languages: u64) {
            let _any_answer = find_in_block(&bytes, at, languages);
            let _any_answer = decode_all(&bytes);
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
        assert!(find_in_block(&encode_block(&[encode(&[record])]), 0, NO_LANGUAGE).is_ok());
    }
}
