//! Reads a record by itself: its language, and each word of each searched field.
//!
//! Nothing here knows of other records, so that many can be read at the same time; what words come
//! to among all the others is `invert`'s. Knows records, the schema and how words are read.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::build::{BuildOptions, columns, suggest};
use crate::ids::FieldId;
use crate::language::{self, Detector};
use crate::record::Record;
use crate::schema::{self, FieldKind, SECTION_HEADINGS, SECTION_TEXT, Schema};
use crate::table::{Table, hash};
use crate::text::mutations::{Celtic, prefixed};
use crate::text::{needs_languages, primary_subtag, prose};
use crate::texts::Texts;
use crate::value::Value;

/// Most bytes of a record whose words tell its language.
const MAX_DETECTED_BYTES: usize = 4 << 10;

/// About so many bytes of text have one word that the text before does not, for a table's room.
const BYTES_A_WORD: usize = 10;

/// Reads records one by one, each by itself; what it gives depends on the record alone.
///
/// It can be shared between threads, so that records are read on all of them and added in order on
/// one. From [`IndexBuilder::reader`](crate::IndexBuilder::reader).
pub struct RecordReader {
    schema: Schema,
    options: BuildOptions,
    detector: Detector,
}

/// A record whose words were read.
pub struct Prepared<'r> {
    pub(super) record: Cow<'r, Record>,
    /// The languages of its versions as tagged, its own first.
    pub(super) langs: Vec<String>,
    pub(super) words: Words,
    pub(super) acronyms: BTreeSet<(String, String)>,
    /// The folded words of what may be suggested, in the order of [`suggest::texts_of`].
    pub(super) suggested: Texts,
}

impl Prepared<'_> {
    /// The record that was read.
    pub fn record(&self) -> &Record {
        &self.record
    }
}

/// The words of a record.
#[derive(Default)]
pub(super) struct Words {
    /// For each word its form as written and its folded form.
    texts: Texts,
    /// In the order in which they are first seen: the hash of a word as written, and where its places
    /// end.
    words: Vec<(u32, u32)>,
    /// The places of each word in turn: field and position, ascending.
    places: Vec<(u32, u32)>,
    /// The version of the record that each word is of; empty where there is one only.
    versions: Vec<u8>,
    /// The words as they follow one another.
    pub(super) occurrences: Vec<Occurrence>,
    /// For each searched field, how many words it has.
    pub(super) lengths: Vec<u32>,
    /// Whether a word is read otherwise without the rules for all scripts.
    pub(super) needs_languages: bool,
}

/// A word of a record.
#[derive(Clone, Copy)]
pub(super) struct Word<'w> {
    /// The hash of the word as written.
    pub(super) hash: u32,
    pub(super) written: &'w str,
    pub(super) folded: &'w str,
    /// Field and position, ascending.
    pub(super) places: &'w [(u32, u32)],
    /// Which version of the record it is a word of, in the order of [`Prepared::langs`].
    pub(super) version: usize,
}

impl Words {
    /// How many different words there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// A word by its number.
    pub(super) fn get(&self, at: usize) -> Option<Word<'_>> {
        let (hash, end) = *self.words.get(at)?;
        let before = at.checked_sub(1).and_then(|at| self.words.get(at));
        let start = before.map_or(0, |(_, end)| *end);
        Some(Word {
            hash,
            written: self.texts.get(at * 2),
            folded: self.texts.get(at * 2 + 1),
            places: self.places.get(start as usize..end as usize)?,
            version: usize::from(self.versions.get(at).copied().unwrap_or(0)),
        })
    }
}

impl RecordReader {
    pub(super) fn new(schema: &Schema, options: &BuildOptions) -> RecordReader {
        RecordReader {
            schema: schema.clone(),
            options: *options,
            detector: Detector::new(),
        }
    }

    /// Reads a record's words. Whether the record is right, adding it tells.
    ///
    /// Cost: linear in the record; memory about twice its text.
    pub fn prepare<'r>(&self, record: Cow<'r, Record>) -> Prepared<'r> {
        let mut acronyms = BTreeSet::new();
        let suggested = if self.options.has_suggestions {
            let mut suggested = Texts::default();
            suggest::texts_of(&record, &self.schema, |text| {
                suggested.push(&suggest::fold(text));
            });
            suggested
        } else {
            Texts::default()
        };
        let alternates = record.alternates.iter();
        let langs: Vec<String> = core::iter::once(self.lang_of(&record))
            .chain(alternates.map(|version| version.lang.trim().to_owned()))
            .collect();
        Prepared {
            words: self.words_of(&record, &langs, &mut acronyms),
            langs,
            acronyms,
            suggested,
            record,
        }
    }

    /// The record's language: as it says, as its words tell, or the index's own.
    fn lang_of(&self, record: &Record) -> String {
        let own = record.lang.as_deref().map(str::trim);
        if let Some(tag) = own.filter(|tag| !tag.is_empty()) {
            return tag.to_owned();
        }
        let told = if self.options.detects_languages {
            self.detector.detect(&sample(record, &self.schema))
        } else {
            None
        };
        told.unwrap_or(self.schema.default_lang()).to_owned()
    }

    fn words_of(
        &self,
        record: &Record,
        langs: &[String],
        acronyms: &mut BTreeSet<(String, String)>,
    ) -> Words {
        let harvested = self.options.harvests_acronyms.then_some(acronyms);
        let mut reader = TextReader::new(harvested, langs);
        // Field by field, so that the places of a word ascend through all versions.
        for (id, field) in self.schema.searched() {
            for (at, version) in record.versions().enumerate() {
                reader.begin_version(at);
                match field.name.as_str() {
                    schema::TITLE => reader.read(version.title),
                    SECTION_HEADINGS => {
                        for section in version.sections {
                            reader.read(section.number.as_deref().unwrap_or_default());
                            reader.read(&section.heading);
                        }
                    }
                    SECTION_TEXT => version.sections.iter().for_each(|s| reader.read(&s.text)),
                    _ => {
                        for value in self.values(version.fields, id) {
                            for words in value.items().filter_map(columns::words_of) {
                                reader.read(&words);
                            }
                        }
                    }
                }
            }
            reader.end_field();
        }
        reader.finish()
    }

    /// What a version of a record has in a field.
    fn values<'r>(
        &self,
        fields: &'r [(String, Value)],
        id: FieldId,
    ) -> impl Iterator<Item = &'r Value> {
        let is_of = move |name: &str| self.schema.find(name).is_some_and(|(own, _)| own == id);
        let values = fields.iter();
        values
            .filter(move |(name, value)| !value.is_missing() && is_of(name))
            .map(|(_, value)| value)
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

/// One word in one place.
pub(super) struct Occurrence {
    /// Its number in the record.
    pub(super) word: u32,
    pub(super) field: u32,
    pub(super) position: u32,
}

/// Reads the texts of one record, field by field.
struct TextReader<'b> {
    table: Table,
    /// The hashes of words, and how often each was seen.
    seen: Vec<(u32, u32)>,
    words: Words,
    field: u32,
    /// The number that the field's next word gets.
    next: u32,
    /// How many words the field has in this version. Joined words do not count, as their parts do.
    n_words: u32,
    /// How many it has in the longest of the versions before.
    most_words: u32,
    acronyms: Option<&'b mut BTreeSet<(String, String)>>,
    langs: &'b [String],
    version: u8,
    is_irish: bool,
}

impl<'b> TextReader<'b> {
    fn new(
        acronyms: Option<&'b mut BTreeSet<(String, String)>>,
        langs: &'b [String],
    ) -> TextReader<'b> {
        let words = Words {
            needs_languages: langs.len() > 1,
            ..Words::default()
        };
        TextReader {
            table: Table::default(),
            seen: Vec::new(),
            words,
            field: 0,
            next: 0,
            n_words: 0,
            most_words: 0,
            acronyms,
            langs,
            version: 0,
            is_irish: false,
        }
    }

    /// From here on texts are of another version of the record, in the same field.
    fn begin_version(&mut self, version: usize) {
        let lang = self.langs.get(version).map_or("", String::as_str);
        self.is_irish = Celtic::of(&primary_subtag(lang)) == Some(Celtic::Irish);
        // Past the last that a byte can tell there is none: `check` refuses more.
        self.version = u8::try_from(version).unwrap_or(u8::MAX);
        self.end_version();
    }

    /// A reader reads one version, so a field is as long as its longest.
    fn end_version(&mut self) {
        self.most_words = self.most_words.max(self.n_words);
        self.n_words = 0;
    }

    fn read(&mut self, text: &str) {
        self.table.reserve(text.len() / BYTES_A_WORD);
        self.words.needs_languages = self.words.needs_languages || needs_languages(text);
        let mut n_words = 0;
        prose::read(text, |read| {
            let position = self.next.saturating_add(read.place);
            n_words += u32::from(!read.is_joined());
            let prefixed = self
                .is_irish
                .then(|| prefixed(read.typed, read.written))
                .flatten();
            let written = prefixed.as_deref().unwrap_or(read.written);
            let word = self.word(written, read.folded);
            self.words.occurrences.push(Occurrence {
                word,
                field: self.field,
                position,
            });
            true
        });
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

    /// The number of a word, which is seen once more.
    fn word(&mut self, written: &str, folded: &str) -> u32 {
        let hash = hash(written.as_bytes());
        let (texts, versions) = (&mut self.words.texts, &mut self.words.versions);
        let version = self.version;
        let is_it = |word: u32| {
            let word = word as usize;
            texts.get(word * 2) == written && versions.get(word).is_none_or(|own| *own == version)
        };
        let is_alone = self.langs.len() < 2;
        let word = self.table.find(hash, is_it).unwrap_or_else(|| {
            if !is_alone {
                versions.push(version);
            }
            let word = self.seen.len() as u32;
            texts.push(written);
            texts.push(folded);
            self.seen.push((hash, 0));
            self.table.insert(hash, word);
            word
        });
        if let Some((_, n_seen)) = self.seen.get_mut(word as usize) {
            *n_seen += 1;
        }
        word
    }

    fn end_field(&mut self) {
        self.end_version();
        self.words.lengths.push(self.most_words);
        self.field += 1;
        (self.next, self.most_words) = (0, 0);
    }

    /// Puts the places of each word together, in their order: fields and positions ascend as read.
    fn finish(mut self) -> Words {
        let mut starts = Vec::with_capacity(self.seen.len());
        let mut all = 0;
        for (hash, n_seen) in self.seen {
            starts.push(all);
            all += n_seen;
            self.words.words.push((hash, all));
        }
        let mut places = vec![(0, 0); all as usize];
        for Occurrence {
            word,
            field,
            position,
        } in &self.words.occurrences
        {
            let next = starts.get_mut(*word as usize);
            let place = next.and_then(|next| {
                *next += 1;
                places.get_mut(*next as usize - 1)
            });
            if let Some(place) = place {
                *place = (*field, *position);
            }
        }
        self.words.places = places;
        self.words
    }
}
