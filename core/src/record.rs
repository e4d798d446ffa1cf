//! One record: what a publisher says about one page, document or resource.
//!
//! Plain data, as given. It is checked against the schema when it is added to a builder.

use crate::value::Value;

/// A record: an id and a title, and any fields besides.
///
/// ```
/// use speir::{Record, Section};
///
/// let record = Record::new("toolkit-5", "Engaging with migrants")
///     .url("/toolkit/5/")
///     .field("type", "toolkit")
///     .field("organisations", ["Example Council", "Example Trust"])
///     .field("date", "2011-06-14")
///     .section(Section::new("Making contact").number("5.2").anchor("making-contact").text("…"));
/// assert_eq!(record.sections.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What names this record among all others; not empty.
    pub id: String,
    /// The heading that readers are shown; not empty.
    pub title: String,
    /// Where the record's page or document is, as a link.
    pub url: Option<String>,
    /// The record's language as a BCP 47 tag (`en`, `cy`, `gd-GB`); the index's own where not given.
    pub lang: Option<String>,
    /// All further fields by name, in order. A missing value (see [`Value::is_missing`]) counts as
    /// no field.
    pub fields: Vec<(String, Value)>,
    /// The record's sections in reading order.
    pub sections: Vec<Section>,
    /// What its score is multiplied by: 2 for twice the usual, 0.5 for half. 1 if not said.
    pub boost: Option<f32>,
    /// The last day on which the record holds, an ISO 8601 date. After it the record comes after
    /// others that match as well, and says so.
    pub valid_until: Option<String>,
    /// The ids of older records in whose place this one stands. Those come after others that match
    /// as well, and say which record replaces them.
    pub replaces: Vec<String>,
}

impl Record {
    /// A record with an id and a title.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Record {
        Record {
            id: id.into(),
            title: title.into(),
            url: None,
            lang: None,
            fields: Vec::new(),
            sections: Vec::new(),
            boost: None,
            valid_until: None,
            replaces: Vec::new(),
        }
    }

    /// Sets what the record's score is multiplied by.
    #[must_use]
    pub fn boost(mut self, factor: f32) -> Record {
        self.boost = Some(factor);
        self
    }

    /// Sets the last day on which the record holds.
    #[must_use]
    pub fn valid_until(mut self, date: impl Into<String>) -> Record {
        self.valid_until = Some(date.into());
        self
    }

    /// Says that this record stands in the place of an older one.
    #[must_use]
    pub fn replaces(mut self, id: impl Into<String>) -> Record {
        self.replaces.push(id.into());
        self
    }

    /// Sets the link.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Record {
        self.url = Some(url.into());
        self
    }

    /// Sets the language, a BCP 47 tag.
    #[must_use]
    pub fn lang(mut self, lang: impl Into<String>) -> Record {
        self.lang = Some(lang.into());
        self
    }

    /// Sets a field, in place of one of the same name; one that the schema does not know is stored
    /// and given back as it is.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Record {
        let (name, value) = (name.into(), value.into());
        match self.fields.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.fields.push((name, value)),
        }
        self
    }

    /// Adds a section.
    #[must_use]
    pub fn section(mut self, section: Section) -> Record {
        self.sections.push(section);
        self
    }

    /// Adds a file to download: its link, its name, its kind (`PDF`) and its size.
    /// Becomes an item of the field `downloads`.
    #[must_use]
    pub fn download(mut self, download: Download) -> Record {
        let item = Value::from(download);
        match self.fields.iter_mut().find(|(name, _)| name == "downloads") {
            Some((_, Value::List(items))) => items.push(item),
            _ => self
                .fields
                .push(("downloads".to_owned(), Value::List(vec![item]))),
        }
        self
    }
}

/// A part of a record with a heading of its own, to which a result can link directly.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// The heading's number as written, such as `5.2.1`.
    pub number: Option<String>,
    /// The fragment that leads to it, without `#`.
    pub anchor: Option<String>,
    /// The section's own text.
    pub text: String,
}

impl Section {
    /// A section with a heading.
    pub fn new(heading: impl Into<String>) -> Section {
        Section {
            heading: heading.into(),
            ..Section::default()
        }
    }

    /// Sets the heading's number.
    #[must_use]
    pub fn number(mut self, number: impl Into<String>) -> Section {
        self.number = Some(number.into());
        self
    }

    /// Sets the fragment, without `#`.
    #[must_use]
    pub fn anchor(mut self, anchor: impl Into<String>) -> Section {
        self.anchor = Some(anchor.into());
        self
    }

    /// Sets the text.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Section {
        self.text = text.into();
        self
    }
}

/// A file that belongs to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// Its link.
    pub url: String,
    /// Its name, where it has one of its own.
    pub title: Option<String>,
    /// Its kind as readers are told it: `PDF`, `Excel`.
    pub format: Option<String>,
    /// Its size in bytes.
    pub size_bytes: Option<u64>,
}

impl From<Download> for Value {
    fn from(download: Download) -> Value {
        let mut entries = vec![("url".to_owned(), Value::Text(download.url))];
        if let Some(title) = download.title {
            entries.push(("title".to_owned(), Value::Text(title)));
        }
        if let Some(format) = download.format {
            entries.push(("format".to_owned(), Value::Text(format)));
        }
        if let Some(size) = download.size_bytes {
            entries.push((
                "bytes".to_owned(),
                Value::Int(i64::try_from(size).unwrap_or(i64::MAX)),
            ));
        }
        Value::Object(entries)
    }
}
