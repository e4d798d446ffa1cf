//! Reads the words of a record: its language, and each word of each searched field.
//!
//! Knows records, the schema and how words are read; what words come to is `invert`'s.

use std::collections::BTreeSet;

use crate::build::invert::{Inverter, Occurrence};
use crate::build::{IndexBuilder, columns};
use crate::ids::{DocId, FieldId};
use crate::language;
use crate::record::Record;
use crate::schema::{self, FieldKind, SECTION_HEADINGS, SECTION_TEXT, Schema};
use crate::text::{Analyzer, primary_subtag};
use crate::value::Value;

/// Most bytes of a record whose words tell its language.
const MAX_DETECTED_BYTES: usize = 4 << 10;

impl IndexBuilder {
    /// The record's language: as it says, as its words tell, or the index's own.
    pub(super) fn lang_of(&self, record: &Record) -> String {
        let own = record.lang.as_deref().map(str::trim);
        if let Some(tag) = own.filter(|tag| !tag.is_empty()) {
            return tag.to_owned();
        }
        let told = if self.options.detects_languages {
            language::detect(&sample(record, &self.schema))
        } else {
            None
        };
        told.unwrap_or(self.schema.default_lang()).to_owned()
    }

    pub(super) fn add_words(
        &mut self,
        record: &Record,
        tag: &str,
        fields: &[(FieldId, &Value)],
        doc: DocId,
    ) {
        let lang = primary_subtag(tag);
        let analyzer = self
            .analyzers
            .entry(lang.clone())
            .or_insert_with_key(|lang| Analyzer::new(lang));
        let language = self.inverter.language(&lang);
        let mut occurrences: Vec<Occurrence> = Vec::new();
        let mut acronyms: BTreeSet<(String, String)> = BTreeSet::new();
        for (bit, (id, field)) in self.schema.searched().enumerate() {
            let mut texts = TextReader {
                inverter: &mut self.inverter,
                analyzer,
                language,
                field: bit as u32,
                next: 0,
                n_words: 0,
                occurrences: &mut occurrences,
                acronyms: self.options.harvests_acronyms.then_some(&mut acronyms),
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
        for pair in acronyms {
            *self.acronyms.entry(pair).or_default() += 1;
        }
        self.inverter.add(doc, occurrences);
    }
}

/// The beginning of a record's text, for telling its language.
fn sample(record: &Record, schema: &Schema) -> String {
    let mut sample = record.title.clone();
    let is_text = |name: &str| {
        let field = schema.find(name).map(|(_, field)| field);
        field.is_some_and(|f| f.weight.is_some() && !f.facet && f.kind == FieldKind::Text)
    };
    let values = record.fields.iter().filter(|(name, _)| is_text(name));
    let texts = values
        .flat_map(|(_, value)| value.items())
        .filter_map(|item| item.as_words());
    let sections = record
        .sections
        .iter()
        .flat_map(|s| [s.heading.as_str(), &s.text]);
    for text in texts.chain(sections) {
        if sample.len() >= MAX_DETECTED_BYTES {
            break;
        }
        sample.push('\n');
        let mut end = text.len().min(MAX_DETECTED_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        sample.push_str(text.get(..end).unwrap_or_default());
    }
    sample
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
    acronyms: Option<&'b mut BTreeSet<(String, String)>>,
}

impl TextReader<'_> {
    fn read(&mut self, text: &str) {
        let mut n_words = 0;
        for token in crate::text::tokens(text) {
            let position = self.next.saturating_add(token.place);
            let is_counted = !token.is_joined();
            n_words += u32::from(is_counted);
            self.occurrences.push(Occurrence {
                surface: self.inverter.surface(self.language, self.analyzer, token),
                field: self.field,
                position,
                is_counted,
            });
        }
        if n_words > 0 {
            self.n_words = self.n_words.saturating_add(n_words);
            self.next = self
                .next
                .saturating_add(n_words)
                .saturating_add(crate::format::positions::VALUE_GAP);
        }
        if let Some(acronyms) = &mut self.acronyms {
            acronyms.extend(language::harvest(text));
        }
    }
}
