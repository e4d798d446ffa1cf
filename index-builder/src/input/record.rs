//! What a record is: from keys and values as given to a [`Record`], checked against the rules.
//!
//! Knows the keys that have a meaning (`id`, `url`, `title`, `lang`, `sections`) and the kinds of
//! fields. Knows no files. Text goes in as Unicode NFC, as the core expects it; ids and links stay
//! byte for byte as given, since others have to find them again.

use speir::{Alternate, FieldKind, Record, Section, Value, date};
use unicode_normalization::{UnicodeNormalization, is_nfc};
use url::Url;

use super::Fault;
use crate::config::{self, Rules};
use crate::problem::shorten;

/// A key and what it has.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The key.
    pub(crate) key: String,
    /// Its value.
    pub(crate) content: Content,
}

/// The value of a key.
#[derive(Debug)]
pub(crate) enum Content {
    /// Any value.
    Value(Value),
    /// The value of `sections`.
    Sections(Vec<Section>),
    /// The value of `alternates`: versions, and links to others.
    Alternates(Vec<Content>),
    /// One of them: the entries of a version of the record in another language.
    Version(Vec<Entry>),
}

/// What stands in a key before the language of the version that its value is of: `title@cy`.
const OF_VERSION: char = '@';

/// How the names begin under which `speir.toml` gives weights to the parts of sections.
const SECTION_PARTS: &str = "sections.";

/// Longest piece of a wrong value that a message quotes, in characters.
const QUOTED: usize = 40;

/// Schemes that run code when a link is followed: never the address of a page or document.
const UNSAFE_SCHEMES: [&str; 3] = ["javascript", "vbscript", "data"];

/// Makes a record of its entries, or says what is wrong with which field.
pub(crate) fn make(mut entries: Vec<Entry>, rules: &Rules) -> Result<Record, Fault> {
    let versions = take_versions(&mut entries)?;
    let mut id = None;
    let mut url = None;
    let mut record = Record::new("", "");
    for Entry { key, content } in entries {
        let value = match content {
            Content::Sections(sections) => {
                record.sections = sections.into_iter().map(nfc_section).collect();
                continue;
            }
            // Taken out above.
            Content::Alternates(_) | Content::Version(_) => continue,
            Content::Value(value) if value.is_missing() => continue,
            Content::Value(value) => value,
        };
        match key.as_str() {
            "id" => id = Some(single_text(&key, value)?),
            "url" => url = Some(link(&key, single_text(&key, value)?)?),
            "title" => record.title = nfc(single_text(&key, value)?),
            "lang" => record.lang = Some(lang(single_text(&key, value)?)?),
            "boost" => record.boost = Some(boost(value)?),
            "validUntil" | "valid_until" => {
                record.valid_until = Some(single_text(&key, iso_date(&key, value)?)?);
            }
            "replaces" => record.replaces = ids(&key, value)?,
            // What sections are searched as; a record cannot set it past them.
            _ if key.starts_with(SECTION_PARTS) => {
                return Err(Fault::field(
                    &key,
                    "field-kind",
                    format!("`{key}` is a part of `sections`"),
                    "give the sections as a list in `sections`, or rename the key",
                ));
            }
            _ => {
                let value = of_kind(&key, value, rules)?;
                record.fields.push((key, value));
            }
        }
    }
    record.id = match (id, &url) {
        (Some(id), _) => id,
        (None, Some(url)) => url.clone(),
        (None, None) => {
            return Err(Fault::whole(
                "empty-id",
                "the record has neither `id` nor `url`",
                "give each record an `id` that no other has, such as its number or its address",
            ));
        }
    };
    if record.title.is_empty() {
        return Err(Fault::field(
            "title",
            "empty-title",
            "the record has no title",
            "give it a `title`: that is what readers are shown",
        ));
    }
    record.url = match (url, &rules.base_url) {
        (Some(url), Some(base)) => Some(join(base, &url)?),
        (url, _) => url,
    };
    for version in versions {
        record
            .alternates
            .push(alternate(version, &record.id, rules)?);
    }
    Ok(record)
}

/// Takes out what is of versions in other languages: those of `alternates`, and keys with the language
/// behind them (`title@cy`), whose values make up one version a language.
fn take_versions(entries: &mut Vec<Entry>) -> Result<Vec<Vec<Entry>>, Fault> {
    let is_of_version = |entry: &Entry| match &entry.content {
        Content::Alternates(_) => true,
        _ => language_of(&entry.key).is_some(),
    };
    if !entries.iter().any(is_of_version) {
        return Ok(Vec::new());
    }
    let mut versions = Vec::new();
    let mut by_language: Vec<(String, Vec<Entry>)> = Vec::new();
    let mut links = Vec::new();
    for mut entry in std::mem::take(entries) {
        if let Content::Alternates(alternates) = entry.content {
            for alternate in alternates {
                match alternate {
                    Content::Version(version) => versions.push(version),
                    Content::Value(link) => links.push(link),
                    Content::Sections(_) | Content::Alternates(_) => {}
                }
            }
            continue;
        }
        let Some((key, tag)) = language_of(&entry.key) else {
            entries.push(entry);
            continue;
        };
        if matches!(&entry.content, Content::Value(value) if value.is_missing()) {
            continue;
        }
        let tag = lang(tag.to_owned())?;
        let at = by_language.iter().position(|(known, _)| *known == tag);
        let at = at.unwrap_or_else(|| {
            by_language.push((tag, Vec::new()));
            by_language.len() - 1
        });
        entry.key = key.to_owned();
        if let Some((_, version)) = by_language.get_mut(at) {
            version.push(entry);
        }
    }
    if !links.is_empty() {
        entries.push(Entry {
            key: "alternates".to_owned(),
            content: Content::Value(Value::List(links)),
        });
    }
    for (tag, mut version) in by_language {
        if !version.iter().any(|entry| entry.key == "title") {
            let first = version.first().map_or("", |entry| entry.key.as_str());
            return Err(Fault::field(
                &format!("title{OF_VERSION}{tag}"),
                "empty-title",
                format!("the record has `{first}{OF_VERSION}{tag}` but no title in `{tag}`"),
                format!("give it a `title{OF_VERSION}{tag}`: that is what readers are shown"),
            ));
        }
        version.push(Entry {
            key: "lang".to_owned(),
            content: Content::Value(Value::Text(tag)),
        });
        versions.push(version);
    }
    Ok(versions)
}

/// A key and the language of the version that it is of.
fn language_of(key: &str) -> Option<(&str, &str)> {
    let (key, tag) = key.rsplit_once(OF_VERSION)?;
    (!key.is_empty() && config::lang(tag).is_ok()).then_some((key, tag))
}

/// A version of a record in another language; its keys are those of a record.
fn alternate(mut entries: Vec<Entry>, id: &str, rules: &Rules) -> Result<Alternate, Fault> {
    let of_version = |fault: Fault| Fault {
        field: Some("alternates".to_owned()),
        reason: format!("a version in another language: {}", fault.reason),
        ..fault
    };
    entries.retain(|entry| entry.key != "id");
    entries.push(Entry {
        key: "id".to_owned(),
        content: Content::Value(Value::from(id)),
    });
    let version = make(entries, rules).map_err(of_version)?;
    let Some(lang) = version.lang else {
        return Err(Fault::field(
            "alternates",
            "field-kind",
            format!(
                "the version \"{}\" has no `lang`",
                shorten(&version.title, QUOTED)
            ),
            "give each version of a record its language, such as \"lang\": \"cy\"",
        ));
    };
    Ok(Alternate {
        lang,
        title: version.title,
        url: version.url,
        fields: version.fields,
        sections: version.sections,
    })
}

/// A cell of a table as the value of a key: cut into several where the field holds several.
pub(super) fn cell(text: &str, separators: Option<&[String]>) -> Value {
    let Some(separators) = separators else {
        return Value::Text(text.trim().to_owned());
    };
    let mut pieces = vec![text];
    for separator in separators {
        pieces = pieces
            .iter()
            .flat_map(|piece| piece.split(separator.as_str()))
            .collect();
    }
    let items = pieces
        .iter()
        .map(|piece| piece.trim())
        .filter(|piece| !piece.is_empty());
    Value::List(items.map(Value::from).collect())
}

/// Text, or a number written as text, where only one value makes sense.
fn single_text(key: &str, value: Value) -> Result<String, Fault> {
    match value {
        Value::Text(text) => Ok(text.trim().to_owned()),
        Value::Int(number) => Ok(number.to_string()),
        Value::Float(number) => Ok(number.to_string()),
        other => Err(Fault::field(
            key,
            "field-kind",
            format!("`{key}` should be text, but is {}", in_words(&other)),
            "give one text in quotes",
        )),
    }
}

/// What a score is multiplied by.
fn boost(value: Value) -> Result<f32, Fault> {
    let written = in_words(&value);
    let factor = match number("boost", value)? {
        Value::Int(whole) => whole as f32,
        Value::Float(number) => number as f32,
        _ => 0.0,
    };
    if factor > 0.0 && factor.is_finite() {
        return Ok(factor);
    }
    Err(Fault::field(
        "boost",
        "field-kind",
        format!("`boost` should be a number above 0, but is {written}"),
        "write 2 for a record that should score twice as high, 0.5 for half, or leave it out",
    ))
}

/// One id, or several.
fn ids(key: &str, value: Value) -> Result<Vec<String>, Fault> {
    let items = match value {
        Value::List(items) => items,
        single => vec![single],
    };
    let items = items.into_iter().filter(|item| !item.is_missing());
    items.map(|item| single_text(key, item)).collect()
}

fn lang(text: String) -> Result<String, Fault> {
    config::lang(&text).map_err(|reason| {
        Fault::field(
            "lang",
            "field-kind",
            reason,
            "leave it out where the language is not known",
        )
    })
}

/// The value as the field's kind asks for it; keys that no rule knows stay as they are.
fn of_kind(key: &str, value: Value, rules: &Rules) -> Result<Value, Fault> {
    let known = rules.schema.find(key).map(|(_, field)| field);
    let value = match (known.map(|field| field.kind), value) {
        (Some(FieldKind::Number), value) => each(value, &|item| number(key, item))?,
        (Some(FieldKind::Date), value) => each(value, &|item| iso_date(key, item))?,
        (_, value) => value,
    };
    match key {
        "downloads" => each(value, &|item| download(item)),
        "image" => match value {
            Value::Text(text) => Ok(Value::Text(link(key, text)?)),
            other => Ok(other),
        },
        _ => Ok(nfc_value(value)),
    }
}

fn each(value: Value, change: &dyn Fn(Value) -> Result<Value, Fault>) -> Result<Value, Fault> {
    match value {
        Value::List(items) => {
            let items: Result<Vec<Value>, Fault> = items
                .into_iter()
                .filter(|item| !item.is_missing())
                .map(change)
                .collect();
            Ok(Value::List(items?))
        }
        single => change(single),
    }
}

fn number(key: &str, value: Value) -> Result<Value, Fault> {
    let text = match value {
        Value::Int(_) | Value::Float(_) => return Ok(value),
        Value::Text(text) => text,
        other => return Err(no_number(key, &in_words(&other))),
    };
    let trimmed = text.trim();
    if let Ok(number) = trimmed.parse::<i64>() {
        return Ok(Value::Int(number));
    }
    // Letters are how infinity and not-a-number are spelt; `e` is that of 1e3.
    let is_plain = trimmed
        .bytes()
        .all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    match trimmed.parse::<f64>() {
        // Spreadsheets and scripts write 2016.0 for a whole number in a column with gaps.
        Ok(number) if is_plain && number.fract() == 0.0 && number.abs() < 9e15 => {
            Ok(Value::Int(number as i64))
        }
        Ok(number) if is_plain && number.is_finite() => Ok(Value::Float(number)),
        _ => Err(no_number(key, &format!("\"{}\"", shorten(trimmed, QUOTED)))),
    }
}

fn no_number(key: &str, got: &str) -> Fault {
    let example = if key == "year" {
        "the year in digits, such as 2016"
    } else {
        "digits, such as 12 or 3.5"
    };
    Fault::field(
        key,
        "field-kind",
        format!("{got} is not a number"),
        format!("write {example}, or leave it empty"),
    )
}

fn iso_date(key: &str, value: Value) -> Result<Value, Fault> {
    let text = match value {
        Value::Text(text) => text.trim().to_owned(),
        // A year alone is a date too, and exports write it without quotes.
        Value::Int(year) => format!("{year:04}"),
        other => in_words(&other),
    };
    if date::parse(&text).is_some() {
        return Ok(Value::Text(text));
    }
    Err(Fault::field(
        key,
        "field-kind",
        format!("\"{}\" is not a date", shorten(&text, QUOTED)),
        "write dates as 2016-06-14, 2016-06 or 2016, or leave it empty",
    ))
}

fn download(value: Value) -> Result<Value, Fault> {
    let wrong = |got: String| {
        Fault::field(
            "downloads",
            "field-kind",
            format!("a download should be a link or an object with `url`, but is {got}"),
            "write \"report.pdf\" or {\"url\": \"report.pdf\", \"title\": \"The report\"}",
        )
    };
    match value {
        Value::Text(text) => Ok(Value::Text(link("downloads", text)?)),
        Value::Object(mut entries) => {
            let mut has_link = false;
            for (name, value) in &mut entries {
                match (name.as_str(), &mut *value) {
                    ("url", Value::Text(text)) if !text.trim().is_empty() => {
                        *text = link("downloads", std::mem::take(text))?;
                        has_link = true;
                    }
                    _ => *value = nfc_value(std::mem::replace(value, Value::Bool(false))),
                }
            }
            if has_link {
                Ok(Value::Object(entries))
            } else {
                Err(wrong("an object without".to_owned()))
            }
        }
        other => Err(wrong(in_words(&other))),
    }
}

/// A link as given, refused only where following it would run code.
fn link(key: &str, text: String) -> Result<String, Fault> {
    let text = text.trim();
    // Browsers pass over control characters and spaces in a scheme.
    let squeezed: String = text
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .collect();
    let scheme = squeezed
        .split_once(':')
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme {
        Some(scheme) if UNSAFE_SCHEMES.contains(&scheme.as_str()) => Err(Fault::field(
            key,
            "unsafe-link",
            format!("a link beginning with `{scheme}:` does not lead to a page or document"),
            "give the address of the page or document",
        )),
        _ => Ok(text.to_owned()),
    }
}

fn join(base: &Url, url: &str) -> Result<String, Fault> {
    base.join(url).map(String::from).map_err(|_| {
        Fault::field(
            "url",
            "field-kind",
            format!(
                "\"{}\" is not an address, and cannot be joined to {base}",
                shorten(url, QUOTED)
            ),
            "give a full address, or a path such as reports/1.html",
        )
    })
}

fn in_words(value: &Value) -> String {
    match value {
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Text(text) => format!("\"{}\"", shorten(text, QUOTED)),
        Value::List(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

fn nfc(text: String) -> String {
    if is_nfc(&text) {
        text
    } else {
        text.nfc().collect()
    }
}

fn nfc_value(value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(nfc(text)),
        Value::List(items) => Value::List(items.into_iter().map(nfc_value).collect()),
        Value::Object(entries) => Value::Object(
            entries
                .into_iter()
                .map(|(name, value)| (name, nfc_value(value)))
                .collect(),
        ),
        other => other,
    }
}

fn nfc_section(section: Section) -> Section {
    Section {
        heading: nfc(section.heading),
        number: section.number.map(nfc),
        anchor: section.anchor,
        text: nfc(section.text),
        kind: section.kind.map(nfc),
        trail: section.trail.into_iter().map(nfc).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(entries: &[(&str, Value)], expected: &str) {
        let entries = entries
            .iter()
            .map(|(key, value)| Entry {
                key: (*key).to_owned(),
                content: Content::Value(value.clone()),
            })
            .collect();
        let mut rules = Rules::default();
        rules.base_url = Some(config::base_url("https://example.org/lib").unwrap());
        let outcome = match make(entries, &rules) {
            Ok(record) => format!(
                "{} | {} | {} | {:?} | {}",
                record.id,
                record.title,
                record.url.unwrap_or_default(),
                record.lang,
                record
                    .fields
                    .iter()
                    .map(|(name, value)| format!(
                        "{name}={}",
                        serde_json::to_string(value).unwrap()
                    ))
                    .collect::<Vec<_>>()
                    .join(" ")
            ),
            Err(fault) => format!("{:?}: {} ({})", fault.field, fault.reason, fault.advice),
        };
        assert_eq!(outcome, expected);
    }

    #[test]
    fn keys_with_a_meaning_are_taken_out_and_the_rest_are_fields() {
        check(
            &[
                ("title", " A guide ".into()),
                ("url", "guides/a.html".into()),
                ("lang", "en_GB".into()),
                ("pages", 12.into()),
                ("funder", "".into()),
            ],
            "guides/a.html | A guide | https://example.org/lib/guides/a.html | Some(\"en-GB\") | pages=12",
        );
        check(
            &[("id", 7.into()), ("title", 1984.into())],
            "7 | 1984 |  | None | ",
        );
        check(
            &[
                ("id", "1".into()),
                ("title", "T".into()),
                ("url", "https://a.example/x y".into()),
            ],
            "1 | T | https://a.example/x%20y | None | ",
        );
    }

    #[test]
    fn a_record_needs_a_name_and_a_title() {
        check(
            &[("title", "T".into())],
            "None: the record has neither `id` nor `url` (give each record an `id` that no other \
             has, such as its number or its address)",
        );
        check(
            &[("id", "1".into()), ("title", "  ".into())],
            "Some(\"title\"): the record has no title (give it a `title`: that is what readers are shown)",
        );
        check(
            &[("id", "1".into()), ("title", ["a"].into())],
            "Some(\"title\"): `title` should be text, but is a list (give one text in quotes)",
        );
    }

    #[test]
    fn numbers_and_dates_are_read_from_text() {
        let with = |key, value: Value, expected: &str| {
            check(
                &[("id", "1".into()), ("title", "T".into()), (key, value)],
                expected,
            );
        };
        with("year", "2016".into(), "1 | T |  | None | year=2016");
        with("year", " 2016.0 ".into(), "1 | T |  | None | year=2016");
        with("year", 2016.into(), "1 | T |  | None | year=2016");
        with("date", 2016.into(), "1 | T |  | None | date=\"2016\"");
        with(
            "date",
            "2016-06".into(),
            "1 | T |  | None | date=\"2016-06\"",
        );
        for text in ["twenty", "inf", "NaN", "1,234", "2016-06", "0x10"] {
            with(
                "year",
                text.into(),
                &format!(
                    "Some(\"year\"): \"{text}\" is not a number (write the year in digits, such as \
                     2016, or leave it empty)"
                ),
            );
        }
        with(
            "date",
            "14/06/2016".into(),
            "Some(\"date\"): \"14/06/2016\" is not a date (write dates as 2016-06-14, 2016-06 or \
             2016, or leave it empty)",
        );
    }

    #[test]
    fn what_lifts_lowers_and_replaces_a_record_is_no_field() {
        let made = |key: &str, value: Value| {
            let entries = [("id", "1".into()), ("title", "T".into()), (key, value)];
            let entries = entries.map(|(key, value)| Entry {
                key: key.to_owned(),
                content: Content::Value(value),
            });
            make(entries.into(), &Rules::default()).map_err(|fault| fault.reason)
        };
        let plain = Record::new("1", "T");
        assert_eq!(made("boost", "2.5".into()), Ok(plain.clone().boost(2.5)));
        assert_eq!(made("boost", 2.into()), Ok(plain.clone().boost(2.0)));
        for (value, written) in [(Value::Int(0), "0"), ("-1".into(), "\"-1\"")] {
            assert_eq!(
                made("boost", value).unwrap_err(),
                format!("`boost` should be a number above 0, but is {written}")
            );
        }
        assert_eq!(
            made("boost", "much".into()).unwrap_err(),
            "\"much\" is not a number"
        );
        for key in ["validUntil", "valid_until"] {
            let valid = plain.clone().valid_until("2016-06");
            assert_eq!(made(key, "2016-06".into()), Ok(valid));
            assert_eq!(
                made(key, "soon".into()).unwrap_err(),
                "\"soon\" is not a date"
            );
        }
        let replaces = plain.replaces("a").replaces("7");
        let list = Value::List(vec!["a".into(), 7.into()]);
        assert_eq!(made("replaces", list), Ok(replaces));
    }

    #[test]
    fn links_that_would_run_code_are_refused() {
        for text in [
            "javascript:alert(1)",
            " JaVa\nScript:alert(1)",
            "data:text/html,x",
        ] {
            let entries = vec![
                Entry {
                    key: "title".into(),
                    content: Content::Value("T".into()),
                },
                Entry {
                    key: "url".into(),
                    content: Content::Value(text.into()),
                },
            ];
            assert_eq!(
                make(entries, &Rules::default()).unwrap_err().code,
                "unsafe-link",
                "{text}"
            );
        }
    }

    #[test]
    fn text_goes_in_composed_and_links_stay_as_they_are() {
        check(
            &[
                ("id", "cafe\u{301}".into()),
                ("title", "Cafe\u{301}".into()),
                ("image", "cafe\u{301}.png".into()),
                ("topics", ["e\u{301}"].into()),
            ],
            "cafe\u{301} | Caf\u{e9} |  | None | image=\"cafe\u{301}.png\" topics=[\"\u{e9}\"]",
        );
    }

    #[test]
    fn cells_are_cut_only_where_the_field_holds_several() {
        let both = [";".to_owned(), "|".to_owned()];
        assert_eq!(
            cell(" a; b |c;; ", Some(&both)),
            Value::from(["a", "b", "c"])
        );
        assert_eq!(cell("a; b", None), Value::from("a; b"));
        assert!(cell(" ; ", Some(&both)).is_missing());
    }
}
