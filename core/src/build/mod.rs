//! From records to published bytes: the building corridor, top to bottom.
//!
//! A reader reads a record's words, each record by itself; `add` checks it and gathers postings, columns
//! and what results show; `finish` relates words to one another and cuts all that into chunks. Same
//! records in the same order, same bytes, anywhere and with any number of threads.
//! After an index that is published, what can stay as it is there does.
//! Knows records, the schema, how words are read and how bytes are laid out; knows no queries.

mod beginnings;
mod beside;
mod cards;
mod check;
mod columns;
mod cut;
mod dictionary;
mod gathered;
mod invert;
mod kin;
mod layout;
mod numbers;
mod pack;
mod prepare;
mod published;
mod ranges;
mod relate;
mod related;
mod scratch;
mod shown;
mod standing;
mod suggest;
mod titles;
mod workers;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::BuildError;
use crate::format::manifest::FieldTotals;
use crate::format::stored;
use crate::ids::{DocId, FieldId};
use crate::record::Record;
use crate::schema::{self, Field, SECTION_HEADINGS, SECTION_TEXT, Schema};
use crate::table::Names;
use crate::text::{Analyzer, needs_languages, primary_subtag};
use crate::texts::Texts;
use crate::value::Value;
use crate::vocabulary::{Pin, Synonym};

pub use prepare::{Prepared, RecordReader};
pub use published::Published;
pub use scratch::Scratch;
pub use titles::Alphabet;
pub use workers::{OneByOne, Workers};

use columns::ColumnBuilder;
use invert::Inverter;
use numbers::Numbers;
use published::Former;
use scratch::{Memory, Stored};
use suggest::Suggestions;

/// Names that a record sets by its own parts, never as a field.
const OWN_PARTS: [&str; 11] = [
    "id",
    "url",
    schema::TITLE,
    schema::LANG,
    "sections",
    SECTION_HEADINGS,
    SECTION_TEXT,
    schema::BOOST,
    schema::VALID_UNTIL,
    schema::REPLACES,
    schema::REPLACED_BY,
];

/// Languages whose words change at their beginning.
const CELTIC: [&str; 3] = ["cy", "ga", "gd"];

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
    /// An index of at most this many bytes is one file.
    pub small_bytes: usize,
    /// About so many files are made at most: where there would be more, each is larger.
    pub max_files: usize,
    /// Most bytes of a file, compressed, that several chunks share: what a reader fetches where the
    /// server does not send parts of files.
    pub file_bytes: usize,
    /// Whether blocks become larger than their least sizes in a large index, so that a reader does not
    /// fetch a long list of small ones.
    pub weighs_manifest: bool,
    /// Least bytes of a range of words: dictionary, postings, positions and cards. A query fetches one
    /// a word.
    pub words_bytes: usize,
    /// Least bytes of a list of postings or positions that has a file of its own.
    pub lone_bytes: usize,
    /// How many records a word, or the beginning of one, brings along as cards at most, so that a page
    /// of it fetches no stored records; 0 for none.
    pub cards: usize,
    /// Most bytes of all cards, in hundredths of those of all stored records; in any case no more than
    /// 5 MB beyond these.
    pub cards_percent: usize,
    /// Columns that share a file; a larger one has its own.
    pub columns_bytes: usize,
    /// Least bytes of a block of stored records. A page of ten hits fetches up to ten.
    pub stored_bytes: usize,
    /// Least bytes of a block of the dictionary by the ends of words, for slips.
    pub endings_bytes: usize,
    /// Whether a small index is compressed for its last bytes: 6% smaller, in a second and not a
    /// hundredth of one.
    pub squeezes: bool,
    /// Whether the language of a record that does not say its own is told by its words, where they
    /// leave no doubt. The language of most records is then the index's.
    pub detects_languages: bool,
    /// Least bytes of a block of suggestions. What is typed fetches one of them, or two.
    pub suggest_bytes: usize,
    /// Whether the index has suggestions at all.
    pub has_suggestions: bool,
    /// Least bytes of a block of related records. One is fetched for what is related to a record.
    pub related_bytes: usize,
    /// Whether the index knows which records are related.
    pub has_related: bool,
    /// Whether "Long Form (ABC)" in a record makes `ABC` find the long form, and the other way round.
    pub harvests_acronyms: bool,
}

impl Default for BuildOptions {
    fn default() -> BuildOptions {
        BuildOptions {
            small_bytes: 224 << 10,
            max_files: 480,
            file_bytes: 64 << 10,
            weighs_manifest: true,
            words_bytes: 4 << 10,
            lone_bytes: 8 << 10,
            cards: 10,
            cards_percent: 500,
            columns_bytes: 48 << 10,
            stored_bytes: 2 << 10,
            endings_bytes: 6 << 10,
            squeezes: false,
            detects_languages: false,
            suggest_bytes: 12 << 10,
            has_suggestions: true,
            related_bytes: 8 << 10,
            has_related: true,
            harvests_acronyms: true,
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
/// To build on many threads, read records with [`IndexBuilder::reader`], add them in order with
/// [`IndexBuilder::add_prepared`], and give [`IndexBuilder::finish_with`] your threads.
///
/// Memory grows with the number of different words and of postings, at about five bytes a posting, and
/// of records; stored records are in memory unless [`IndexBuilder::with_scratch`] has room elsewhere.
pub struct IndexBuilder {
    schema: Schema,
    options: BuildOptions,
    reader: Arc<RecordReader>,
    /// By primary language subtag.
    analyzers: BTreeMap<String, Analyzer>,
    /// Languages as tagged, in order of first appearance.
    languages: Vec<(String, u32)>,
    /// The ids of records, in the order of adding.
    ids: Names,
    inverter: Inverter,
    totals: Vec<FieldTotals>,
    columns: Vec<(FieldId, ColumnBuilder)>,
    titles: Texts,
    /// Those of versions in other languages, by record and language.
    other_titles: Vec<(DocId, u32, String)>,
    stored: Stored,
    suggestions: Suggestions,
    schema_error: Option<BuildError>,
    synonyms: Vec<Synonym>,
    pins: Vec<Pin>,
    /// Acronyms with their long forms, and in how many records they stand so.
    acronyms: BTreeMap<(String, String), u32>,
    /// Whether a reader's words are to be read by the rules for all scripts.
    needs_languages: bool,
    /// By id of an older record, the records that replace it.
    replaced: BTreeMap<String, DocId>,
    /// What is published now.
    former: Option<Former>,
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
            schema_error: check::check_schema(&schema).err(),
            columns,
            reader: Arc::new(RecordReader::new(&schema, &options)),
            schema,
            options,
            analyzers: BTreeMap::new(),
            languages: Vec::new(),
            ids: Names::default(),
            inverter: Inverter::default(),
            titles: Texts::default(),
            other_titles: Vec::new(),
            stored: Stored::new(Box::new(Memory::default())),
            suggestions: Suggestions::default(),
            synonyms: Vec::new(),
            pins: Vec::new(),
            acronyms: BTreeMap::new(),
            needs_languages: false,
            replaced: BTreeMap::new(),
            former: None,
        }
    }

    /// Puts down in `scratch` what is not needed until the end, and not in memory. Before any record is
    /// added.
    #[must_use]
    pub fn with_scratch(mut self, scratch: Box<dyn Scratch>) -> IndexBuilder {
        self.stored = Stored::new(scratch);
        self
    }

    /// Follows an index that is published: what did not change stays in the files that readers may
    /// have, and small changes of many files become one small file. Before any record is added.
    ///
    /// The new index answers as one that was made anew. Where the published one cannot be read, is
    /// small (see [`BuildOptions::small_bytes`]) or has little in common with the new one, that is made
    /// anew. A field that no record has any longer stays in the schema, without values.
    ///
    /// ```
    /// use speir::{IndexBuilder, Record, Schema};
    ///
    /// let mut builder = IndexBuilder::new(Schema::default());
    /// builder.add(&Record::new("1", "Housing advice"))?;
    /// let published = builder.finish()?;
    ///
    /// let mut builder = IndexBuilder::new(Schema::default()).after(Box::new(published));
    /// builder.add(&Record::new("1", "Housing advice"))?;
    /// builder.add(&Record::new("2", "Advice for tenants"))?;
    /// assert_eq!(speir::memory::open(&builder.finish()?)?.index().doc_count(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn after(mut self, published: Box<dyn Published>) -> IndexBuilder {
        let Some(former) = Former::open(published) else {
            return self;
        };
        // Stored records tell languages and fields by numbers, which follow their first appearance
        // otherwise: with another first record all would change.
        let languages = former.manifest().languages.iter();
        self.languages = languages.map(|(tag, _)| (tag.clone(), 0)).collect();
        for (_, field) in former.manifest().schema.fields() {
            if self.schema.find(&field.name).is_none() && *field == Field::new(&field.name) {
                self.schema.set(field.clone());
            }
        }
        self.former = Some(former);
        self
    }

    /// What reads records for this builder, on as many threads as there are.
    pub fn reader(&self) -> Arc<RecordReader> {
        Arc::clone(&self.reader)
    }

    /// Adds synonyms: words or phrases that lead a search to others.
    pub fn synonym(&mut self, synonym: Synonym) {
        let mut words = synonym.from.iter().chain(&synonym.to);
        self.needs_languages |= words.any(|words| needs_languages(words));
        self.synonyms.push(synonym);
    }

    /// Pins a record to a query. Whether there is such a record, [`IndexBuilder::finish`] tells.
    pub fn pin(&mut self, pin: Pin) {
        self.needs_languages |= needs_languages(&pin.pattern);
        self.pins.push(pin);
    }

    /// Whether what was added so far has to be searched with the feature `languages`: any word of it is
    /// read otherwise without, or a record is in a language whose words change at their beginning (Welsh,
    /// Gaelic, Irish). Exact, and known once all is added: a publisher of English asks
    /// readers for the smaller engine.
    ///
    /// ```
    /// use speir::{IndexBuilder, Record, Schema};
    ///
    /// let mut builder = IndexBuilder::new(Schema::default());
    /// builder.add(&Record::new("1", "Café “Łódź”"))?;
    /// assert!(!builder.needs_languages());
    /// builder.add(&Record::new("2", "垃圾收集"))?;
    /// assert!(builder.needs_languages());
    /// # Ok::<(), speir::BuildError>(())
    /// ```
    pub fn needs_languages(&self) -> bool {
        let is_celtic = |tag: &str| CELTIC.contains(&primary_subtag(tag).as_str());
        let mut used = self
            .languages
            .iter()
            .filter(|(_, n_records)| *n_records > 0);
        self.needs_languages || used.any(|(tag, _)| is_celtic(tag))
    }

    /// How many records were added.
    pub fn doc_count(&self) -> u32 {
        self.ids.len() as u32
    }

    /// Adds a record, and gives its place in the order of adding. A record that is refused changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// When the record has no id or title, its id was used before, or a field's value is not of the
    /// kind that the schema asks for.
    pub fn add(&mut self, record: &Record) -> Result<DocId, BuildError> {
        let reader = self.reader();
        self.add_prepared(&reader.prepare(Cow::Borrowed(record)))
    }

    /// Adds a record that this builder's [`RecordReader`] has read. Gives its place in the order in which
    /// records are added, which is its number in an index that follows no other; the index is the same
    /// whoever read the records, and when.
    ///
    /// # Errors
    ///
    /// As [`IndexBuilder::add`].
    pub fn add_prepared(&mut self, prepared: &Prepared<'_>) -> Result<DocId, BuildError> {
        if let Some(error) = &self.schema_error {
            return Err(error.clone());
        }
        let record = prepared.record();
        let doc = DocId::from_index(self.ids.len())
            .filter(|doc| doc.0 < u32::MAX)
            .ok_or(BuildError::TooLarge {
                what: "number of records",
                limit: u64::from(u32::MAX),
            })?;
        self.check(record, &prepared.langs, doc)?;

        let fields = self.field_ids(&record.fields);
        let langs = prepared.langs.iter();
        let languages: Vec<u32> = langs.map(|lang| self.language(lang)).collect();
        self.ids.intern(&record.id);
        self.add_words(prepared, doc);
        self.add_columns(&prepared.langs, &fields, doc);
        self.add_standing(record, doc);
        if self.options.has_suggestions {
            let suggested = &prepared.suggested;
            self.suggestions.add(doc, record, suggested, &self.schema);
        }
        self.titles.push(&record.title);
        let others = record.alternates.iter().zip(languages.iter().skip(1));
        let others = others.map(|(version, language)| (doc, *language, version.title.clone()));
        self.other_titles.extend(others);
        let stored = self.stored_versions(record, fields, &languages);
        self.stored.push(&stored::encode(&stored))?;
        Ok(doc)
    }

    /// Finishes the index: its files, the manifest last, so that a writer who keeps the order never
    /// publishes a manifest whose chunks are not there yet.
    ///
    /// # Errors
    ///
    /// When the schema cannot be used, or a single record is too large for a chunk.
    pub fn finish(self) -> Result<Vec<File>, BuildError> {
        self.finish_with(&OneByOne)
    }

    /// The same, where others do the work that can be done in pieces. The files are the same, whoever
    /// does it.
    ///
    /// # Errors
    ///
    /// As [`IndexBuilder::finish`].
    pub fn finish_with(mut self, workers: &dyn Workers) -> Result<Vec<File>, BuildError> {
        if let Some(error) = self.schema_error {
            return Err(error);
        }
        // Of languages of as many records the first by name, as a published index may have told them in
        // another order.
        let by_count = |(tag, count): &&(String, u32)| (*count, core::cmp::Reverse(tag.clone()));
        if self.options.detects_languages
            && let Some((most, _)) = self.languages.iter().max_by_key(by_count)
        {
            self.schema = self.schema.lang(most.clone());
        }
        let numbers = self.numbers();
        self.mark_replaced(&numbers)?;
        relate::relate(
            &mut self.inverter,
            &self.synonyms,
            &self.acronyms,
            self.schema.default_lang(),
            &self.languages,
            workers,
        );
        let pins = self.resolve_pins()?;
        let mut columns: Vec<(FieldId, Vec<u8>)> = Vec::new();
        if let Some((title, _)) = self.schema.find(schema::TITLE) {
            let titles = core::mem::take(&mut self.titles);
            let others = core::mem::take(&mut self.other_titles);
            let default = self.schema.default_lang();
            let column = titles::title_column(&titles, &others, default, &self.languages, workers);
            columns.push((title, columns::renumbered(column, &numbers).encode()));
        }
        let alphabet = Alphabet::new(self.schema.default_lang());
        for (field, column) in core::mem::take(&mut self.columns) {
            let column = column.finish(self.ids.len(), &alphabet);
            columns.push((field, columns::renumbered(column, &numbers).encode()));
        }
        columns.sort_by_key(|(field, _)| *field);
        let gathered = cut::Gathered {
            schema: self.schema,
            options: self.options,
            totals: self.totals,
            languages: self.languages,
            inverter: self.inverter,
            columns,
            stored: self.stored,
            pins,
            suggestions: self.suggestions,
            ids: self.ids,
            numbers,
            former: self.former,
        };
        cut::cut(gathered, workers)
    }

    /// The numbers of the records; those that they have in the published index, if there is one that
    /// this one can follow.
    fn numbers(&mut self) -> Numbers {
        let kept = self.former.as_ref().and_then(|former| {
            let records = former.records()?;
            Numbers::kept(self.ids.texts(), &records, &former.manifest().order)
        });
        kept.unwrap_or_else(|| {
            self.former = None;
            Numbers::plain(self.ids.len() as u32)
        })
    }

    fn add_words(&mut self, prepared: &Prepared<'_>, doc: DocId) {
        self.needs_languages |= prepared.words.needs_languages;
        let langs = prepared.langs.iter();
        let langs: Vec<String> = langs.map(|lang| primary_subtag(lang)).collect();
        for lang in &langs {
            if !self.analyzers.contains_key(lang) {
                self.analyzers.insert(lang.clone(), Analyzer::new(lang));
            }
        }
        let (inverter, analyzers) = (&mut self.inverter, &self.analyzers);
        let languages: Vec<(u32, &Analyzer)> = langs
            .iter()
            .filter_map(|lang| Some((inverter.language(lang), analyzers.get(lang)?)))
            .collect();
        inverter.add(doc, &languages, &prepared.words);
        for (totals, n_words) in self.totals.iter_mut().zip(&prepared.words.lengths) {
            totals.words += u64::from(*n_words);
            totals.docs += u32::from(*n_words > 0);
        }
        for (acronym, long) in &prepared.acronyms {
            let pair = (acronym.clone(), long.clone());
            *self.acronyms.entry(pair).or_default() += 1;
        }
    }

    /// What there is of fields, by their numbers.
    fn field_ids<'r>(&mut self, fields: &'r [(String, Value)]) -> Vec<(FieldId, &'r Value)> {
        let there = fields.iter().filter(|(_, value)| !value.is_missing());
        there
            .map(|(name, value)| (self.field_id(name), value))
            .collect()
    }

    /// A field's number; a field that the schema does not know is given back and nothing else.
    fn field_id(&mut self, name: &str) -> FieldId {
        match self.schema.find(name) {
            Some((id, _)) => id,
            None => self.schema.set(Field::new(name)),
        }
    }

    /// The place of a language in the list of languages.
    fn language(&mut self, tag: &str) -> u32 {
        let at = match self.languages.iter().position(|(known, _)| *known == tag) {
            Some(at) => at,
            None => {
                self.languages.push((tag.to_owned(), 0));
                self.languages.len() - 1
            }
        };
        if let Some((_, count)) = self.languages.get_mut(at) {
            *count += 1;
        }
        at as u32
    }

    fn add_columns(&mut self, langs: &[String], fields: &[(FieldId, &Value)], doc: DocId) {
        let given = |name: &str| {
            let (id, _) = self.schema.find(name)?;
            fields
                .iter()
                .find(|(field, _)| *field == id)
                .map(|(_, value)| *value)
        };
        let (date, year) = (given(schema::DATE), given(schema::YEAR));
        let langs = Value::List(langs.iter().map(|lang| lang.as_str().into()).collect());
        for (id, column) in &mut self.columns {
            let name = self.schema.get(*id).map_or("", |field| field.name.as_str());
            let value = fields
                .iter()
                .find(|(field, _)| field == id)
                .map(|(_, value)| *value);
            match (name, value) {
                (schema::LANG, _) => column.add(doc, &langs),
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
}
