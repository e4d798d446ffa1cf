//! `synonyms`, `vocabulary` and `pins`: what is said about words and answers.
//!
//! Knows in which shapes the keys can be written, and reads the files that they name, which are
//! looked for beside `speir.toml`. How those are written, `vocabulary` knows.

use std::ops::Range;
use std::path::PathBuf;

use toml::de::{DeTable, DeValue};
use unicode_normalization::UnicodeNormalization;

use super::Rules;
use super::reader::Reader;
use crate::problem::{Place, Problem};
use crate::vocabulary::{self, PinLine};

pub(super) const PIN_KEYS: [&str; 2] = ["query", "record"];

impl Reader<'_> {
    /// Reads the files of synonyms that the key names: one, or a list of several.
    pub(super) fn synonyms(
        &self,
        rules: &mut Rules,
        value: &DeValue<'_>,
        span: Range<usize>,
    ) -> Result<(), Problem> {
        for (name, span) in self.texts(value, span, "synonyms")? {
            let (path, text) = self.file(rules, &name, span)?;
            rules.synonyms.extend(vocabulary::synonyms(&path, &text)?);
        }
        Ok(())
    }

    /// Adds the built-in packs that the key names: one, or a list of several.
    pub(super) fn vocabulary(
        &self,
        rules: &mut Rules,
        value: &DeValue<'_>,
        span: Range<usize>,
    ) -> Result<(), Problem> {
        for (name, span) in self.texts(value, span, "vocabulary")? {
            let Some(synonyms) = vocabulary::pack(&name) else {
                let names = vocabulary::pack_names().join(", ");
                return Err(self.wrong(
                    span,
                    format!("there is no vocabulary `{name}`"),
                    format!("these are built in: {names}; for a file of your own, use `synonyms`"),
                ));
            };
            rules.synonyms.extend(synonyms?);
        }
        Ok(())
    }

    /// Reads pins: a file, a table for each, or a list of both.
    pub(super) fn pins(
        &self,
        rules: &mut Rules,
        value: &DeValue<'_>,
        span: Range<usize>,
    ) -> Result<(), Problem> {
        let Some(items) = value.as_array() else {
            return self.pin(rules, value, span);
        };
        for item in items.iter() {
            self.pin(rules, item.get_ref(), item.span())?;
        }
        Ok(())
    }

    fn pin(
        &self,
        rules: &mut Rules,
        value: &DeValue<'_>,
        span: Range<usize>,
    ) -> Result<(), Problem> {
        match value {
            DeValue::String(name) => {
                let (path, text) = self.file(rules, name, span)?;
                rules.pins.extend(vocabulary::pins(&path, &text)?);
                Ok(())
            }
            DeValue::Table(table) => {
                rules.pins.extend(self.pin_table(table, span)?);
                Ok(())
            }
            _ => Err(self.wrong(
                span,
                "`pins` should be the name of a file, or tables".to_owned(),
                "write pins = \"pins.csv\", or [[pins]] and below it query = \"...\" and record = \"...\"",
            )),
        }
    }

    fn pin_table(&self, table: &DeTable<'_>, span: Range<usize>) -> Result<Vec<PinLine>, Problem> {
        let (mut query, mut records) = (None, None);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "query" => {
                    query = Some(self.text(value.get_ref(), value.span(), "query")?);
                }
                "record" => {
                    records = Some(self.texts(value.get_ref(), value.span(), "record")?);
                }
                unknown => return Err(self.unknown(key.span(), unknown, &PIN_KEYS)),
            }
        }
        let query = query.map(str::trim).filter(|query| !query.is_empty());
        let (Some(query), Some(records)) = (query, records) else {
            let missing = if query.is_none() { "query" } else { "record" };
            return Err(self.wrong(
                span,
                format!("the pin has no {missing}"),
                "write query = \"council tax\" and record = \"council-tax\", the record's id or link",
            ));
        };
        Ok(records
            .into_iter()
            .map(|(record, span)| PinLine {
                query: query.nfc().collect(),
                record: record.nfc().collect(),
                place: Place {
                    column: None,
                    ..self.place(span)
                },
            })
            .collect())
    }

    /// A text, or each of a list of texts, with its place; none of them is empty.
    pub(super) fn texts(
        &self,
        value: &DeValue<'_>,
        span: Range<usize>,
        key: &str,
    ) -> Result<Vec<(String, Range<usize>)>, Problem> {
        let one = |value: &DeValue<'_>, span: Range<usize>| match value.as_str().map(str::trim) {
            Some(text) if !text.is_empty() => Ok((text.to_owned(), span)),
            _ => Err(self.wrong(
                span,
                format!("`{key}` should be text, or a list of texts"),
                "put each value in quotes, and several into [ ]",
            )),
        };
        match value.as_array() {
            Some(items) => items
                .iter()
                .map(|item| one(item.get_ref(), item.span()))
                .collect(),
            None => Ok(vec![one(value, span)?]),
        }
    }

    /// The path and the text of a file that the settings name.
    pub(super) fn file(
        &self,
        rules: &mut Rules,
        name: &str,
        span: Range<usize>,
    ) -> Result<(PathBuf, String), Problem> {
        let path = self.path.with_file_name(name);
        let bytes = std::fs::read(&path).map_err(|error| {
            let problem = Problem::io("read", &path, &error);
            self.wrong(
                span,
                problem.reason,
                "give the file's name as seen from the folder of speir.toml",
            )
        })?;
        rules.files.push(path.clone());
        match String::from_utf8(bytes) {
            Ok(text) => Ok((path, text)),
            Err(error) => {
                let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                Err(Problem::new(
                    "not-utf-8",
                    "the line is not UTF-8 text",
                    "save the file again as UTF-8; in Excel as \"CSV UTF-8\"",
                )
                .at(Place {
                    file: Some(path),
                    line: Some(line as u64),
                    ..Place::default()
                }))
            }
        }
    }
}
