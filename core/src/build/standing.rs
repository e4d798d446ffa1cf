//! What records and editors say of a record's standing among others: boosts, validity, what replaces
//! what, and pins.
//!
//! Knows records, columns and stored records; of words only how the patterns of pins are read.

use crate::build::columns::ColumnBuilder;
use crate::build::numbers::Numbers;
use crate::build::{IndexBuilder, cut, invert};
use crate::date;
use crate::error::BuildError;
use crate::format::stored;
use crate::ids::DocId;
use crate::record::Record;
use crate::schema::{self, Field, FieldKind};
use crate::text::{Analyzer, primary_subtag, sought};
use crate::value::Value;
use crate::vocabulary::Pin;

impl IndexBuilder {
    /// What a record says of its standing among others: boost, validity, what it replaces.
    pub(super) fn add_standing(&mut self, record: &Record, doc: DocId) {
        if let Some(boost) = record.boost.filter(|boost| *boost != 1.0) {
            let value = Value::Float(f64::from(boost));
            self.standing(schema::BOOST, FieldKind::Number)
                .add(doc, &value);
        }
        if let Some(span) = record.valid_until.as_deref().and_then(date::parse) {
            // A column of dates keeps first milliseconds; the day on which it ends is the last one.
            let value = Value::Text(date::to_iso(span.last_ms));
            self.standing(schema::VALID_UNTIL, FieldKind::Date)
                .add(doc, &value);
        }
        for id in &record.replaces {
            self.replaced.insert(id.clone(), doc);
        }
    }

    /// The column of a part of standing, which is made when the first record has it.
    pub(super) fn standing(&mut self, name: &str, kind: FieldKind) -> &mut ColumnBuilder {
        let field = Field::new(name).kind(kind).sort().not_stored();
        let id = match self.schema.find(name) {
            Some((id, _)) => id,
            None => self.schema.set(field),
        };
        let at = match self.columns.iter().position(|(known, _)| *known == id) {
            Some(at) => at,
            None => {
                self.columns.push((id, ColumnBuilder::new(kind)));
                self.columns.len() - 1
            }
        };
        // The position is that of a column that is there.
        #[allow(clippy::indexing_slicing)]
        &mut self.columns[at].1
    }

    /// Lets each record that another replaces say so. A record that replaces itself, or one that is
    /// not there, says nothing: catalogues lose their oldest records.
    pub(super) fn mark_replaced(&mut self, numbers: &Numbers) -> Result<(), BuildError> {
        let replaced = core::mem::take(&mut self.replaced).into_iter();
        let mut replaced: Vec<(DocId, DocId)> = replaced
            .filter_map(|(old, new)| Some((DocId(self.ids.find(&old)?), new)))
            .filter(|(old, new)| old != new)
            .collect();
        // A column takes its records in order.
        replaced.sort_unstable();
        for (doc, new) in replaced {
            let decode = |bytes: Vec<u8>| {
                stored::decode_all(&bytes).map_err(|_| BuildError::TooLarge {
                    what: "depth of a record's values",
                    limit: 32,
                })
            };
            let newer = decode(self.stored.get(new)?)?;
            let mut older = decode(self.stored.get(doc)?)?;
            self.standing(schema::REPLACED_BY, FieldKind::Number)
                .add(doc, &Value::Int(i64::from(numbers.of(new).0)));
            if let Some((id, _)) = self.schema.find(schema::REPLACED_BY) {
                for version in &mut older {
                    // Told in the language of the version, if the newer record has it.
                    let same = newer.iter().find(|new| new.language == version.language);
                    let Some(new) = same.or(newer.first()) else {
                        continue;
                    };
                    let mut told = vec![
                        ("id".to_owned(), Value::Text(new.id.clone())),
                        ("title".to_owned(), Value::Text(new.title.clone())),
                    ];
                    let url = new.url.clone();
                    told.extend(url.map(|url| ("url".to_owned(), Value::Text(url))));
                    version.fields.push((id, Value::Object(told)));
                }
            }
            self.stored.change(doc, stored::encode(&older));
        }
        Ok(())
    }

    /// Finds the records of pins, and the classes of their words.
    pub(super) fn resolve_pins(&self) -> Result<Vec<cut::ResolvedPin>, BuildError> {
        let mut resolved: Vec<cut::ResolvedPin> = Vec::new();
        let lang = primary_subtag(self.schema.default_lang());
        let analyzer = Analyzer::new(&lang);
        for Pin { pattern, id } in &self.pins {
            let unknown = || BuildError::UnknownPin {
                pattern: pattern.clone(),
                id: id.clone(),
            };
            let doc = DocId(self.ids.find(id).ok_or_else(unknown)?);
            let pattern = pattern.trim();
            let (words, is_open) = match pattern.strip_suffix('*') {
                Some(words) if words.is_empty() || words.ends_with(char::is_whitespace) => {
                    (words, true)
                }
                _ => (pattern, false),
            };
            let words: Vec<(String, Option<u32>)> = sought(words, false)
                .into_iter()
                .map(|token| {
                    let key = invert::class_key(&lang, &analyzer, &token.written, &token.folded);
                    let class = self.inverter.known_class(&key);
                    (token.folded, class)
                })
                .collect();
            if words.is_empty() {
                return Err(BuildError::EmptyPin { id: id.clone() });
            }
            match resolved
                .iter_mut()
                .find(|pin| pin.words == words && pin.is_open == is_open)
            {
                Some(pin) if pin.docs.contains(&doc) => {}
                Some(pin) => pin.docs.push(doc),
                None => resolved.push(cut::ResolvedPin {
                    words,
                    is_open,
                    docs: vec![doc],
                }),
            }
        }
        Ok(resolved)
    }
}
