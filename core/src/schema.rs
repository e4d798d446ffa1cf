//! Which fields there are, and what each is for: searched, given back, counted, sorted by.
//!
//! Knows field ids. Knows no records and no bytes.

use crate::ids::FieldId;

/// Most fields that a schema may have, as a posting marks its fields in one 64-bit set.
pub const MAX_SEARCHED_FIELDS: usize = 64;

/// Most fields of any kind, those that records bring along included.
pub const MAX_FIELDS: usize = 4096;

/// What a field's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text: searched by words, counted and filtered by whole values.
    Text,
    /// Numbers, whole or not, filtered by value or range.
    Number,
    /// ISO 8601 dates, filtered by range, kept as 64-bit milliseconds.
    Date,
}

/// One field.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key that records use.
    pub name: String,
    /// What its values are.
    pub kind: FieldKind,
    /// How much a word in this field counts beside one in a field of weight 1;
    /// `None` where it is not searched.
    pub weight: Option<f32>,
    /// Whether a result gives the value back.
    pub stored: bool,
    /// Whether it has a column, so that results can be filtered and counted by it.
    pub facet: bool,
    /// Whether it has a column, so that results can be sorted (and filtered) by it.
    pub sort: bool,
    /// For a field of dates: after how many days a record's score is down to three quarters, half
    /// of the way to the half that the oldest keep. `None` where age does not matter.
    pub half_life_days: Option<f32>,
}

impl Field {
    /// A field of text that is given back and nothing else.
    pub fn new(name: impl Into<String>) -> Field {
        Field {
            name: name.into(),
            kind: FieldKind::Text,
            weight: None,
            stored: true,
            facet: false,
            sort: false,
            half_life_days: None,
        }
    }

    /// Lets newer records come before older ones that match about as well, by this field of dates.
    #[must_use]
    pub fn half_life_days(mut self, days: f32) -> Field {
        self.half_life_days = Some(days);
        self
    }

    /// Sets what the values are.
    #[must_use]
    pub fn kind(mut self, kind: FieldKind) -> Field {
        self.kind = kind;
        self
    }

    /// Makes the field searched, with a weight above 0.
    #[must_use]
    pub fn searched(mut self, weight: f32) -> Field {
        self.weight = Some(weight);
        self
    }

    /// Makes the field one to filter and count by.
    #[must_use]
    pub fn facet(mut self) -> Field {
        self.facet = true;
        self
    }

    /// Makes the field one to sort by.
    #[must_use]
    pub fn sort(mut self) -> Field {
        self.sort = true;
        self
    }

    /// Keeps the field out of results.
    #[must_use]
    pub fn not_stored(mut self) -> Field {
        self.stored = false;
        self
    }

    /// True where the index keeps a column for the field.
    pub fn has_column(&self) -> bool {
        self.facet || self.sort
    }
}

/// The fields of an index, by number and by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    fields: Vec<Field>,
    default_lang: String,
}

/// The field that a record's title is read as.
pub const TITLE: &str = "title";
/// The field that the headings and numbers of sections are read as.
pub const SECTION_HEADINGS: &str = "sections.heading";
/// The field that the text of sections is read as.
pub const SECTION_TEXT: &str = "sections.text";
/// The stored field that tells a record's versions in other languages.
pub const ALTERNATES: &str = "alternates";
/// The column of a record's language.
pub const LANG: &str = "lang";
/// The field of dates that `newest` and `oldest` sort by.
pub const DATE: &str = "date";
/// The part of a record that its score is multiplied by.
pub const BOOST: &str = "boost";
/// The part of a record that says until when it holds.
pub const VALID_UNTIL: &str = "validUntil";
/// The part of a record that names older ones.
pub const REPLACES: &str = "replaces";
/// What an older record says of the one that replaces it: an object of `id`, `title` and `url`.
pub const REPLACED_BY: &str = "replacedBy";
/// The field of years; filled from [`DATE`] where a record gives no year.
pub const YEAR: &str = "year";

impl Default for Schema {
    /// The record keys of the command line: `title`, `description`, `body`, `type`, `date`, `year`,
    /// `organisations`, `authors`, `topics`, `places`, `lang`, `image`, `downloads`, `sections`.
    ///
    /// Weights follow the order title > headings > names and topics > text, within the range that
    /// Robertson, Zaragoza and Taylor (CIKM 2004) found best for titles.
    fn default() -> Schema {
        let fields = vec![
            Field::new(TITLE).searched(4.0).not_stored(),
            Field::new("description").searched(1.5),
            Field::new("body").searched(1.0),
            Field::new(SECTION_HEADINGS).searched(2.0).not_stored(),
            Field::new(SECTION_TEXT).searched(1.0).not_stored(),
            Field::new("organisations").searched(1.5).facet(),
            Field::new("authors").searched(1.5).facet(),
            Field::new("topics").searched(2.0).facet(),
            Field::new("places").searched(1.5).facet(),
            Field::new("type").searched(1.0).facet(),
            Field::new("downloads").searched(0.5),
            Field::new(YEAR).kind(FieldKind::Number).facet().sort(),
            Field::new(DATE).kind(FieldKind::Date).sort(),
            Field::new(LANG).facet().not_stored(),
            Field::new("image"),
        ];
        Schema {
            fields,
            default_lang: "en".to_owned(),
        }
    }
}

impl Schema {
    /// A schema with a title and nothing else.
    pub fn empty() -> Schema {
        Schema {
            fields: vec![Field::new(TITLE).searched(4.0).not_stored()],
            default_lang: "en".to_owned(),
        }
    }

    /// A schema of these fields, as they are. For readers of manifests.
    pub fn from_parts(fields: Vec<Field>, default_lang: String) -> Schema {
        Schema {
            fields,
            default_lang,
        }
    }

    /// Adds a field, or replaces the one of the same name.
    #[must_use]
    pub fn field(mut self, field: Field) -> Schema {
        self.set(field);
        self
    }

    /// Sets the language of records that do not say theirs, as a BCP 47 tag. `en` if not set.
    #[must_use]
    pub fn lang(mut self, lang: impl Into<String>) -> Schema {
        self.default_lang = lang.into();
        self
    }

    /// Adds a field, or replaces the one of the same name, and gives its number.
    pub fn set(&mut self, field: Field) -> FieldId {
        match self
            .fields
            .iter()
            .position(|known| known.name == field.name)
        {
            Some(at) => {
                if let Some(slot) = self.fields.get_mut(at) {
                    *slot = field;
                }
                FieldId(at as u32)
            }
            None => {
                self.fields.push(field);
                FieldId(self.fields.len() as u32 - 1)
            }
        }
    }

    /// The language of records that do not say theirs.
    pub fn default_lang(&self) -> &str {
        &self.default_lang
    }

    /// All fields with their numbers, in order.
    pub fn fields(&self) -> impl Iterator<Item = (FieldId, &Field)> {
        self.fields
            .iter()
            .enumerate()
            .map(|(at, field)| (FieldId(at as u32), field))
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// True where there is no field at all.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The field of a number.
    pub fn get(&self, id: FieldId) -> Option<&Field> {
        self.fields.get(id.index())
    }

    /// The field of a name, and its number.
    pub fn find(&self, name: &str) -> Option<(FieldId, &Field)> {
        self.fields().find(|(_, field)| field.name == name)
    }

    /// The searched fields in order. A posting's field set has bit `n` for the `n`-th of them.
    pub fn searched(&self) -> impl Iterator<Item = (FieldId, &Field)> {
        self.fields().filter(|(_, field)| field.weight.is_some())
    }

    /// The fields that have a column, in order.
    pub fn columns(&self) -> impl Iterator<Item = (FieldId, &Field)> {
        self.fields().filter(|(_, field)| field.has_column())
    }
}
