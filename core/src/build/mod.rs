//! From records to published bytes: the building corridor, top to bottom.
//!
//! `add` checks a record, reads its words, and gathers postings, columns and what results show;
//! `finish` cuts all that into chunks. Same records in the same order, same bytes, anywhere.
//! Knows records, the schema, how words are read and how bytes are laid out; knows no queries.

mod columns;
mod cut;
mod invert;

use std::collections::BTreeMap;

use crate::error::BuildError;
use crate::format::manifest::FieldTotals;
use crate::format::stored::{StoredRecord, StoredSection};
use crate::ids::{DocId, FieldId};
use crate::record::Record;
use crate::schema::{
    self, Field, FieldKind, MAX_FIELDS, MAX_SEARCHED_FIELDS, SECTION_HEADINGS, SECTION_TEXT, Schema,
};
use crate::text::{Analyzer, primary_subtag};
use crate::value::Value;

use columns::ColumnBuilder;
use invert::{Inverter, Occurrence};

/// Names that a record sets by its own parts, never as a field.
const OWN_PARTS: [&str; 7] = [
    "id",
    "url",
    schema::TITLE,
    schema::LANG,
    "sections",
    SECTION_HEADINGS,
    SECTION_TEXT,
];

/// A finished file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name within the index's folder.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// How finished chunks are cut. Sizes are in bytes before compression; files are about a third.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuildOptions {
    /// An index of at most this many bytes, positions not counted, is one file, with positions in a
    /// second one that only phrases need.
    pub small_bytes: usize,
    /// Dictionary with the postings of rare words. A query fetches one a word.
    pub terms_bytes: usize,
    /// Postings of all other words.
    pub postings_bytes: usize,
    /// Positions.
    pub positions_bytes: usize,
    /// Columns that share a file; a larger one has its own.
    pub columns_bytes: usize,
    /// Stored records. A page of ten hits fetches up to ten.
    pub stored_bytes: usize,
}

impl Default for BuildOptions {
    fn default() -> BuildOptions {
        BuildOptions {
            small_bytes: 160 << 10,
            terms_bytes: 24 << 10,
            postings_bytes: 32 << 10,
            positions_bytes: 48 << 10,
            columns_bytes: 24 << 10,
            stored_bytes: 24 << 10,
        }
    }
}

/// Takes in records and makes an index.
///
/// ```
/// use speir::{IndexBuilder, Query, Record, Schema};
///
/// let mut builder = IndexBuilder::new(Schema::default());
/// builder.add(&Record::new("1", "Housing advice").field("type", "guide"))?;
/// let files = builder.finish()?;
/// let index = speir::memory::open(&files)?;
/// assert_eq!(index.search(&Query::new("houses"))?.total, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Memory grows with the number of different words and of postings: about twice the finished index.
pub struct IndexBuilder {
    schema: Schema,
    options: BuildOptions,
    /// By primary language subtag.
    analyzers: BTreeMap<String, Analyzer>,
    /// Languages as tagged, in order of first appearance.
    languages: Vec<(String, u32)>,
    ids: BTreeMap<String, DocId>,
    inverter: Inverter,
    totals: Vec<FieldTotals>,
    columns: Vec<(FieldId, ColumnBuilder)>,
    titles: Vec<String>,
    stored: Vec<Vec<u8>>,
    schema_error: Option<BuildError>,
}

impl IndexBuilder {
    /// A builder with the usual options.
    pub fn new(schema: Schema) -> IndexBuilder {
        IndexBuilder::with_options(schema, BuildOptions::default())
    }

    /// A builder whose chunks are cut as told.
    pub fn with_options(schema: Schema, options: BuildOptions) -> IndexBuilder {
        let columns = schema
            .columns()
            .map(|(id, field)| (id, ColumnBuilder::new(field.kind)))
            .collect();
        IndexBuilder {
            totals: vec![FieldTotals::default(); schema.searched().count()],
            schema_error: check_schema(&schema).err(),
            columns,
            schema,
            options,
            analyzers: BTreeMap::new(),
            languages: Vec::new(),
            ids: BTreeMap::new(),
            inverter: Inverter::default(),
            titles: Vec::new(),
            stored: Vec::new(),
        }
    }

    /// How many records were added.
    pub fn doc_count(&self) -> u32 {
        self.stored.len() as u32
    }

    /// Adds a record. A record that is refused changes nothing.
    ///
    /// # Errors
    ///
    /// When the record has no id or title, its id was used before, or a field's value is not of the
    /// kind that the schema asks for.
    pub fn add(&mut self, record: &Record) -> Result<DocId, BuildError> {
        if let Some(error) = &self.schema_error {
            return Err(error.clone());
        }
        let doc = DocId::from_index(self.stored.len())
            .filter(|doc| doc.0 < u32::MAX)
            .ok_or(BuildError::TooLarge {
                what: "number of records",
                limit: u64::from(u32::MAX),
            })?;
        self.check(record, doc)?;

        let fields: Vec<(FieldId, &Value)> = record
            .fields
            .iter()
            .filter(|(_, value)| !value.is_missing())
            .map(|(name, value)| (self.field_id(name), value))
            .collect();
        self.ids.insert(record.id.clone(), doc);
        let language = self.language(record);
        self.add_words(record, &fields, doc);
        self.add_columns(record, &fields, doc);
        self.titles.push(record.title.clone());
        let stored = self.to_stored(record, &fields, language);
        self.stored.push(stored.encode());
        Ok(doc)
    }

    /// Finishes the index: its files, the manifest last, so that a writer who keeps the order never
    /// publishes a manifest whose chunks are not there yet.
    ///
    /// # Errors
    ///
    /// When the schema cannot be used, or a single record is too large for a chunk.
    pub fn finish(mut self) -> Result<Vec<File>, BuildError> {
        if let Some(error) = self.schema_error {
            return Err(error);
        }
        let mut columns: Vec<(FieldId, Vec<u8>)> = Vec::new();
        if let Some((title, _)) = self.schema.find(schema::TITLE) {
            columns.push((title, columns::title_order(&self.titles).encode()));
        }
        for (field, column) in core::mem::take(&mut self.columns) {
            columns.push((field, column.finish(self.stored.len()).encode()));
        }
        columns.sort_by_key(|(field, _)| *field);
        cut::cut(cut::Gathered {
            schema: self.schema,
            options: self.options,
            totals: self.totals,
            languages: self.languages,
            inverter: self.inverter,
            columns,
            stored: self.stored,
        })
    }

    /// Finds what is wrong with a record before anything is changed.
    fn check(&self, record: &Record, doc: DocId) -> Result<(), BuildError> {
        if record.id.trim().is_empty() {
            return Err(BuildError::EmptyId { ordinal: doc.0 });
        }
        if record.title.trim().is_empty() {
            return Err(BuildError::EmptyTitle {
                id: record.id.clone(),
            });
        }
        if let Some(first) = self.ids.get(&record.id) {
            let (first, second) = (first.0, doc.0);
            return Err(BuildError::DuplicateId {
                id: record.id.clone(),
                first,
                second,
            });
        }
        let mut n_new = 0;
        for (name, value) in record
            .fields
            .iter()
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
                n_new += 1;
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
        if self.schema.len() + n_new > MAX_FIELDS {
            return Err(BuildError::TooLarge {
                what: "number of fields",
                limit: MAX_FIELDS as u64,
            });
        }
        Ok(())
    }

    /// A field's number; a field that the schema does not know is given back and nothing else.
    fn field_id(&mut self, name: &str) -> FieldId {
        match self.schema.find(name) {
            Some((id, _)) => id,
            None => self.schema.set(Field::new(name)),
        }
    }

    /// The place of the record's language in the list of languages.
    fn language(&mut self, record: &Record) -> u32 {
        let tag = lang_of(record, &self.schema).to_owned();
        let at = match self.languages.iter().position(|(known, _)| *known == tag) {
            Some(at) => at,
            None => {
                self.languages.push((tag, 0));
                self.languages.len() - 1
            }
        };
        if let Some((_, count)) = self.languages.get_mut(at) {
            *count += 1;
        }
        at as u32
    }

    fn add_words(&mut self, record: &Record, fields: &[(FieldId, &Value)], doc: DocId) {
        let lang = primary_subtag(lang_of(record, &self.schema));
        let analyzer = self
            .analyzers
            .entry(lang.clone())
            .or_insert_with_key(|lang| Analyzer::new(lang));
        let language = self.inverter.language(&lang);
        let mut occurrences: Vec<Occurrence> = Vec::new();
        for (bit, (id, field)) in self.schema.searched().enumerate() {
            let mut texts = TextReader {
                inverter: &mut self.inverter,
                analyzer,
                language,
                field: bit as u32,
                next: 0,
                n_words: 0,
                occurrences: &mut occurrences,
            };
            match field.name.as_str() {
                schema::TITLE => texts.read(&record.title),
                SECTION_HEADINGS => {
                    for section in &record.sections {
                        texts.read(section.number.as_deref().unwrap_or_default());
                        texts.read(&section.heading);
                    }
                }
                SECTION_TEXT => record.sections.iter().for_each(|s| texts.read(&s.text)),
                _ => {
                    for (_, value) in fields.iter().filter(|(given, _)| *given == id) {
                        for item in value.items() {
                            if let Some(words) = columns::words_of(item) {
                                texts.read(&words);
                            }
                        }
                    }
                }
            }
            let n_words = texts.n_words;
            if let Some(totals) = self.totals.get_mut(bit).filter(|_| n_words > 0) {
                totals.words += u64::from(n_words);
                totals.docs += 1;
            }
        }
        self.inverter.add(doc, occurrences);
    }

    fn add_columns(&mut self, record: &Record, fields: &[(FieldId, &Value)], doc: DocId) {
        let given = |name: &str| {
            let (id, _) = self.schema.find(name)?;
            fields
                .iter()
                .find(|(field, _)| *field == id)
                .map(|(_, value)| *value)
        };
        let (date, year) = (given(schema::DATE), given(schema::YEAR));
        let lang = Value::from(lang_of(record, &self.schema));
        for (id, column) in &mut self.columns {
            let name = self.schema.get(*id).map_or("", |field| field.name.as_str());
            let value = fields
                .iter()
                .find(|(field, _)| field == id)
                .map(|(_, value)| *value);
            match (name, value) {
                (schema::LANG, _) => column.add(doc, &lang),
                (_, Some(value)) => column.add(doc, value),
                // A dated record has a year, and a record of a year is sorted as from its start.
                (schema::YEAR, None) => {
                    if let Some(year) = date.and_then(columns::year_of) {
                        column.add(doc, &Value::Int(year));
                    }
                }
                (schema::DATE, None) => {
                    if let Some(year) = year {
                        column.add(doc, year);
                    }
                }
                (_, None) => {}
            }
        }
    }

    fn to_stored(
        &self,
        record: &Record,
        fields: &[(FieldId, &Value)],
        language: u32,
    ) -> StoredRecord {
        let is_stored = |id: &FieldId| self.schema.get(*id).is_some_and(|field| field.stored);
        let sections = record.sections.iter().map(|section| StoredSection {
            heading: section.heading.clone(),
            number: section.number.clone(),
            anchor: section.anchor.clone(),
            text: section.text.clone(),
        });
        StoredRecord {
            id: record.id.clone(),
            title: record.title.clone(),
            url: record.url.clone(),
            language,
            fields: fields
                .iter()
                .filter(|(id, _)| is_stored(id))
                .map(|(id, value)| (*id, (*value).clone()))
                .collect(),
            sections: sections.collect(),
        }
    }
}

fn lang_of<'a>(record: &'a Record, schema: &'a Schema) -> &'a str {
    let own = record
        .lang
        .as_deref()
        .map(str::trim)
        .filter(|tag| !tag.is_empty());
    own.unwrap_or(schema.default_lang())
}

/// Reads the values of one field of one record, one after the other.
struct TextReader<'b> {
    inverter: &'b mut Inverter,
    analyzer: &'b Analyzer,
    language: u32,
    field: u32,
    /// The number that the next word gets.
    next: u32,
    n_words: u32,
    occurrences: &'b mut Vec<Occurrence>,
}

impl TextReader<'_> {
    fn read(&mut self, text: &str) {
        let before = self.n_words;
        for token in crate::text::tokens(text) {
            let surface = self.inverter.surface(self.language, self.analyzer, token);
            let (field, position) = (self.field, self.next);
            self.occurrences.push(Occurrence {
                surface,
                field,
                position,
            });
            self.next = self.next.saturating_add(1);
            self.n_words = self.n_words.saturating_add(1);
        }
        if self.n_words > before {
            self.next = self
                .next
                .saturating_add(crate::format::positions::VALUE_GAP);
        }
    }
}

fn check_schema(schema: &Schema) -> Result<(), BuildError> {
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
