//! What results show of a record: each of its versions, with what it takes over from the record.
//!
//! Knows records, the schema and the shape of stored records. Knows nothing of words.

use crate::build::IndexBuilder;
use crate::format::stored::{StoredRecord, StoredSection};
use crate::ids::FieldId;
use crate::record::{Record, Section, Version};
use crate::schema::{self, FieldKind};
use crate::value::Value;

impl IndexBuilder {
    /// The stored versions of a record, its own first. `fields` are those of its own; `languages` those
    /// of its versions.
    pub(super) fn stored_versions(
        &mut self,
        record: &Record,
        fields: Vec<(FieldId, &Value)>,
        languages: &[u32],
    ) -> Vec<StoredRecord> {
        let mut versions = Vec::with_capacity(languages.len());
        for (at, (version, language)) in record.versions().zip(languages).enumerate() {
            let mut own = match at {
                0 => self.stored_fields(&fields),
                _ => self.fields_of_version(version, &fields),
            };
            if languages.len() > 1 {
                let id = self.field_id(schema::ALTERNATES);
                let told = self.other_versions(record, languages, at);
                own.retain(|(field, _)| *field != id);
                own.push((id, Value::List(told)));
            }
            if let (Some(date), Some((id, _))) =
                (&record.valid_until, self.schema.find(schema::VALID_UNTIL))
            {
                own.push((id, Value::Text(date.clone())));
            }
            versions.push(StoredRecord {
                id: record.id.clone(),
                title: version.title.to_owned(),
                url: version.url.map(str::to_owned),
                language: *language,
                fields: own,
                sections: version
                    .sections
                    .iter()
                    .map(|s| to_stored(s, version.sections))
                    .collect(),
            });
        }
        versions
    }

    fn stored_fields(&self, fields: &[(FieldId, &Value)]) -> Vec<(FieldId, Value)> {
        let is_stored = |id: &FieldId| self.schema.get(*id).is_some_and(|field| field.stored);
        let stored = fields.iter().filter(|(id, _)| is_stored(id));
        stored.map(|(id, value)| (*id, (*value).clone())).collect()
    }

    /// A version's fields, and those of the record that it lacks; but no text in another language.
    fn fields_of_version(
        &mut self,
        version: Version<'_>,
        of_record: &[(FieldId, &Value)],
    ) -> Vec<(FieldId, Value)> {
        let mut fields = self.field_ids(version.fields);
        for (id, value) in of_record {
            let is_text = value.items().any(|item| matches!(item, Value::Text(_)));
            let is_prose = is_text
                && self.schema.get(*id).is_some_and(|field| {
                    field.weight.is_some() && field.kind == FieldKind::Text && !field.facet
                });
            if !is_prose && !fields.iter().any(|(own, _)| own == id) {
                fields.push((*id, value));
            }
        }
        fields.sort_by_key(|(id, _)| *id);
        self.stored_fields(&fields)
    }

    /// What a version tells of the others: language, title and link of each, and then of those that a
    /// publisher names and that are not here.
    fn other_versions(&self, record: &Record, languages: &[u32], own: usize) -> Vec<Value> {
        let tag = |language: u32| {
            let known = self.languages.get(language as usize);
            known.map_or("", |(tag, _)| tag.as_str())
        };
        let mut told = Vec::new();
        for (at, (version, language)) in record.versions().zip(languages).enumerate() {
            if at == own {
                continue;
            }
            let mut entries = vec![
                ("lang".to_owned(), Value::from(tag(*language))),
                ("title".to_owned(), Value::from(version.title)),
            ];
            entries.extend(version.url.map(|url| ("url".to_owned(), Value::from(url))));
            told.push(Value::Object(entries));
        }
        let is_here = |link: &&Value| {
            let lang = link.get("lang").and_then(Value::as_words);
            languages
                .iter()
                .any(|language| lang == Some(tag(*language)))
        };
        let named = record.fields.iter();
        let named = named.filter(|(name, _)| name == schema::ALTERNATES);
        let links = named.flat_map(|(_, value)| value.items());
        told.extend(links.filter(|link| !is_here(link)).cloned());
        told
    }
}

/// A section as a result shows it, with the way to it: as it says, or by the numbers of sections
/// around it.
fn to_stored(section: &Section, all: &[Section]) -> StoredSection {
    let trail = if section.trail.is_empty() {
        trail_by_number(section.number.as_deref().unwrap_or_default(), all)
    } else {
        section.trail.clone()
    };
    StoredSection {
        heading: section.heading.clone(),
        number: section.number.clone(),
        anchor: section.anchor.clone(),
        kind: section.kind.clone(),
        trail,
        text: section.text.clone(),
    }
}

/// The headings of the sections with the numbers that a number begins with: `5` and `5.2` of `5.2.1`.
fn trail_by_number(number: &str, all: &[Section]) -> Vec<String> {
    let mut trail = Vec::new();
    for (end, _) in number.match_indices('.') {
        let outer = number.get(..end).unwrap_or_default();
        let found = all
            .iter()
            .find(|section| section.number.as_deref() == Some(outer));
        trail.extend(found.map(|section| [outer, " ", &section.heading].concat()));
    }
    trail
}

#[cfg(test)]
mod tests {
    use crate::{Alternate, IndexBuilder, Query, Record, Schema, Section, Value, memory};

    fn hit(record: Record, query: Query) -> crate::Hit {
        let mut builder = IndexBuilder::new(Schema::default());
        builder.add(&record).unwrap();
        let index = memory::open(&builder.finish().unwrap()).unwrap();
        index.search(&query).unwrap().hits.remove(0)
    }

    fn field<'h>(hit: &'h crate::Hit, name: &str) -> Option<&'h Value> {
        let fields = hit.fields.iter().find(|(known, _)| known == name);
        fields.map(|(_, value)| value)
    }

    fn pair() -> Record {
        Record::new("rent", "Paying rent")
            .lang("en")
            .url("/en/rent/")
            .field("description", "When to pay.")
            .field("image", "/rent.png")
            .field("type", "guide")
            .alternate(
                Alternate::new("cy", "Talu rhent")
                    .url("/cy/rhent/")
                    .field("type", "canllaw"),
            )
    }

    #[test]
    fn a_version_has_what_the_record_has_but_no_text_of_another_language() {
        let welsh = hit(pair(), Query::new("rent").lang("cy-GB"));
        assert_eq!(
            (welsh.title.as_str(), welsh.lang.as_str()),
            ("Talu rhent", "cy")
        );
        assert_eq!(welsh.url.as_deref(), Some("/cy/rhent/"));
        assert_eq!(field(&welsh, "image"), Some(&Value::from("/rent.png")));
        assert_eq!(field(&welsh, "type"), Some(&Value::from("canllaw")));
        assert_eq!(field(&welsh, "description"), None);
    }

    #[test]
    fn each_version_tells_the_others() {
        let named = Value::Object(vec![
            ("lang".to_owned(), "pl".into()),
            ("url".to_owned(), "/pl/".into()),
        ]);
        let stale = Value::Object(vec![
            ("lang".to_owned(), "cy".into()),
            ("url".to_owned(), "/x/".into()),
        ]);
        let record = pair().field("alternates", Value::List(vec![named.clone(), stale]));
        let english = hit(record, Query::new("rhent").lang("en"));
        assert_eq!(english.title, "Paying rent");
        let welsh = Value::Object(vec![
            ("lang".to_owned(), "cy".into()),
            ("title".to_owned(), "Talu rhent".into()),
            ("url".to_owned(), "/cy/rhent/".into()),
        ]);
        assert_eq!(
            field(&english, "alternates"),
            Some(&Value::List(vec![welsh, named]))
        );
    }

    #[test]
    fn a_version_in_the_language_that_the_record_is_in_is_refused() {
        let mut builder = IndexBuilder::new(Schema::default().lang("cy"));
        let record = Record::new("rent", "Talu rhent").alternate(Alternate::new("cy", "Rhent"));
        let error = builder.add(&record).unwrap_err().to_string();
        assert!(error.contains("two in `cy`"), "{error}");
        assert_eq!(builder.doc_count(), 0);
    }

    #[test]
    fn a_reader_of_no_language_sees_the_records_own_version() {
        assert_eq!(hit(pair(), Query::new("rent")).title, "Paying rent");
        assert_eq!(
            hit(pair(), Query::new("rent").lang("pl")).title,
            "Paying rent"
        );
    }

    #[test]
    fn the_way_to_a_section_is_told_by_numbers_where_it_is_not_said() {
        let record = Record::new("5", "Engaging")
            .section(Section::new("Engaging").number("5"))
            .section(Section::new("Contact").number("5.2"))
            .section(Section::new("Groups").number("5.2.1").text("sports clubs"))
            .section(
                Section::new("Clubs in Fife")
                    .trail(["Examples"])
                    .kind("case study")
                    .text("sports"),
            );
        let found = hit(record, Query::new("sports"));
        let trails: Vec<String> = found.sections.iter().map(|s| s.trail.join(" > ")).collect();
        assert_eq!(trails, ["5 Engaging > 5.2 Contact", "Examples"]);
        assert_eq!(found.sections[1].kind.as_deref(), Some("case study"));
    }
}
