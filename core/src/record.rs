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
    /// The same page or document in other languages, one each.
    pub alternates: Vec<Alternate>,
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
            alternates: Vec::new(),
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
        set(&mut self.fields, name.into(), value.into());
        self
    }

    /// Adds a section.
    #[must_use]
    pub fn section(mut self, section: Section) -> Record {
        self.sections.push(section);
        self
    }

    /// Adds the same page or document in another language.
    #[must_use]
    pub fn alternate(mut self, alternate: Alternate) -> Record {
        self.alternates.push(alternate);
        self
    }

    /// What there is to read in each language, its own first.
    #[cfg(feature = "build")]
    pub(crate) fn versions(&self) -> impl Iterator<Item = Version<'_>> {
        let own = Version {
            title: &self.title,
            url: self.url.as_deref(),
            fields: &self.fields,
            sections: &self.sections,
        };
        let others = self.alternates.iter().map(|alternate| Version {
            title: &alternate.title,
            url: alternate.url.as_deref(),
            fields: &alternate.fields,
            sections: &alternate.sections,
        });
        core::iter::once(own).chain(others)
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

/// What a record and its alternates have in common.
#[cfg(feature = "build")]
#[derive(Clone, Copy)]
pub(crate) struct Version<'r> {
    pub(crate) title: &'r str,
    pub(crate) url: Option<&'r str>,
    pub(crate) fields: &'r [(String, Value)],
    pub(crate) sections: &'r [Section],
}

/// A record's page or document in another language than the record's own.
///
/// The record is found by the words of all its versions, each read by the rules of its language, and
/// is one record: it counts once, is filtered and counted by its own fields, and a result shows the
/// version in the reader's language ([`Query::lang`](crate::Query::lang)) if there is one.
/// What a version lacks besides texts (its cover, its year, its files) is the record's own. The stored
/// field `alternates` tells the other versions: `lang`, `url` and `title` of each.
///
/// ```
/// use speir::{Alternate, IndexBuilder, Query, Record, Schema};
///
/// let mut builder = IndexBuilder::new(Schema::default());
/// builder.add(
///     &Record::new("tai", "Housing advice")
///         .lang("en")
///         .url("/en/housing/")
///         .alternate(Alternate::new("cy", "Cyngor ar dai").url("/cy/tai/")),
/// )?;
/// let index = speir::memory::open(&builder.finish()?)?;
/// let hit = &index.search(&Query::new("housing").lang("cy"))?.hits[0];
/// assert_eq!((hit.title.as_str(), hit.lang.as_str()), ("Cyngor ar dai", "cy"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alternate {
    /// Its language as a BCP 47 tag; not empty, and no other version's.
    pub lang: String,
    /// Its title; not empty.
    pub title: String,
    /// Where it is, as a link.
    pub url: Option<String>,
    /// Its fields by name, in place of the record's.
    pub fields: Vec<(String, Value)>,
    /// Its sections in reading order.
    pub sections: Vec<Section>,
}

impl Alternate {
    /// A version with a language and a title.
    pub fn new(lang: impl Into<String>, title: impl Into<String>) -> Alternate {
        Alternate {
            lang: lang.into(),
            title: title.into(),
            ..Alternate::default()
        }
    }

    /// Sets the link.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Alternate {
        self.url = Some(url.into());
        self
    }

    /// Sets a field, in place of one of the same name.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Alternate {
        set(&mut self.fields, name.into(), value.into());
        self
    }

    /// Adds a section.
    #[must_use]
    pub fn section(mut self, section: Section) -> Alternate {
        self.sections.push(section);
        self
    }
}

/// Sets a field, in place of one of the same name.
fn set(fields: &mut Vec<(String, Value)>, name: String, value: Value) {
    match fields.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) => *known = value,
        None => fields.push((name, value)),
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
    /// What the headings around it are called, the outermost first: the way that a result shows to it.
    /// Where none is said, the sections of the record tell whose numbers its own number begins with
    /// (`5` and `5.2` of `5.2.1`).
    pub trail: Vec<String>,
    /// What kind of section it is, where it is of one, such as `case study`.
    pub kind: Option<String>,
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

    /// Sets what the headings around it are called, the outermost first.
    #[must_use]
    pub fn trail<T: Into<String>>(mut self, trail: impl IntoIterator<Item = T>) -> Section {
        self.trail = trail.into_iter().map(Into::into).collect();
        self
    }

    /// Sets its kind.
    #[must_use]
    pub fn kind(mut self, kind: impl Into<String>) -> Section {
        self.kind = Some(kind.into());
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
