//! Writes results as JSON text: the answer as the browser receives it.
//!
//! The same as the derived `Serialize` writes, which the command line uses and a property holds this
//! to. By hand, as what serde makes of every type and list is three times as much wasm. Numbers with
//! a fraction are written by whoever calls: JavaScript has the code for their shortest digits.
//! Knows results; never searches.

use crate::error::decimal;
use crate::format::suggest::SuggestionKind;
use crate::value::Value;

#[cfg(feature = "explain")]
use super::explain::{Explanation, Extra, WordExplanation};
use super::page::{FacetCount, Hit, Notice, Page, SectionHit, Span, Standing};
use super::suggest::Suggestion;

/// Writes a finite number as JSON has it.
pub type WriteNumber = fn(f64) -> String;

impl Page {
    /// The page as JSON text, the same as its `Serialize` gives. `number` writes what is no count.
    pub fn to_json(&self, number: WriteNumber) -> String {
        let mut json = Json::new(number);
        json.page(self);
        json.out
    }
}

impl Suggestion {
    /// A list of completions as JSON text, the same as its `Serialize` gives.
    pub fn list_to_json(found: &[Suggestion], number: WriteNumber) -> String {
        let mut json = Json::new(number);
        json.open('[');
        for suggestion in found {
            json.suggestion(suggestion);
        }
        json.close(']');
        json.out
    }
}

/// JSON that is being written. What stands last in it says whether a comma comes next.
struct Json {
    out: String,
    number: WriteNumber,
}

/// The parts that JSON is made of.
impl Json {
    fn new(number: WriteNumber) -> Json {
        Json {
            out: String::new(),
            number,
        }
    }

    /// The comma before a value or a name that is not the first of its list or object.
    fn comma(&mut self) {
        if !matches!(self.out.as_bytes().last(), None | Some(b'[' | b'{' | b':')) {
            self.out.push(',');
        }
    }

    fn open(&mut self, bracket: char) {
        self.comma();
        self.out.push(bracket);
    }

    fn close(&mut self, bracket: char) {
        self.out.push(bracket);
    }

    /// `true`, `null`, or the digits of a number.
    fn plain(&mut self, text: &str) {
        self.comma();
        self.out.push_str(text);
    }

    /// A text in quotation marks (RFC 8259, 7).
    fn text(&mut self, text: &str) {
        self.open('"');
        // What is written as it stands is written in runs: letter by letter it takes four times as long.
        let mut start = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= b' ' && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.out.push_str(text.get(start..at).unwrap_or_default());
            start = at;
            self.out.push('\\');
            if byte < b' ' {
                self.out.push_str(if byte < 16 { "u000" } else { "u001" });
                let digit = char::from_digit(u32::from(byte) & 15, 16);
                self.out.push(digit.unwrap_or_default());
                start += 1;
            }
        }
        self.out.push_str(text.get(start..).unwrap_or_default());
        self.close('"');
    }

    fn name(&mut self, name: &str) {
        self.text(name);
        self.out.push(':');
    }

    fn list(&mut self, name: &str) {
        self.name(name);
        self.open('[');
    }
}

/// Named values of one kind each.
impl Json {
    fn text_of(&mut self, name: &str, text: &str) {
        self.name(name);
        self.text(text);
    }

    fn optional(&mut self, name: &str, text: Option<&String>) {
        self.name(name);
        match text {
            Some(text) => self.text(text),
            None => self.plain("null"),
        }
    }

    fn texts(&mut self, name: &str, texts: &[String]) {
        self.list(name);
        for text in texts {
            self.text(text);
        }
        self.close(']');
    }

    fn count(&mut self, name: &str, count: u32) {
        self.name(name);
        self.plain(&decimal(count));
    }

    fn truth(&mut self, name: &str, truth: bool) {
        self.name(name);
        self.bool(truth);
    }

    fn real(&mut self, name: &str, number: f64) {
        self.name(name);
        self.float(number);
    }

    fn spans(&mut self, name: &str, spans: &[Span]) {
        self.list(name);
        for span in spans {
            self.open('{');
            self.text_of("text", &span.text);
            self.truth("match", span.is_match);
            self.close('}');
        }
        self.close(']');
    }

    fn bool(&mut self, truth: bool) {
        self.plain(if truth { "true" } else { "false" });
    }

    fn float(&mut self, number: f64) {
        if number.is_finite() {
            self.plain(&(self.number)(number));
        } else {
            self.plain("null");
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Bool(truth) => self.bool(*truth),
            // As a double it is the same number up to here, and beyond is written as one.
            Value::Int(number) => self.float(*number as f64),
            Value::Float(number) => self.float(*number),
            Value::Text(text) => self.text(text),
            Value::List(values) => {
                self.open('[');
                for value in values {
                    self.value(value);
                }
                self.close(']');
            }
            Value::Object(entries) => self.entries(entries),
        }
    }

    fn entries(&mut self, entries: &[(String, Value)]) {
        self.open('{');
        for (name, value) in entries {
            self.name(name);
            self.value(value);
        }
        self.close('}');
    }
}

/// What results are made of.
impl Json {
    fn page(&mut self, page: &Page) {
        self.open('{');
        self.count("total", page.total);
        self.list("hits");
        for hit in &page.hits {
            self.hit(hit);
        }
        self.close(']');
        self.name("facets");
        self.open('{');
        for (field, counts) in &page.facets {
            self.list(field);
            for count in counts {
                self.facet(count);
            }
            self.close(']');
        }
        self.close('}');
        self.list("notices");
        for notice in &page.notices {
            self.notice(notice);
        }
        self.close(']');
        self.name("query");
        self.open('{');
        self.text_of("text", &page.query.text);
        self.text_of("match", page.query.matching);
        self.text_of("sort", &page.query.sort);
        self.count("limit", page.query.limit);
        self.count("offset", page.query.offset);
        self.close('}');
        self.close('}');
    }

    fn hit(&mut self, hit: &Hit) {
        self.open('{');
        self.text_of("id", &hit.id);
        self.optional("url", hit.url.as_ref());
        self.text_of("title", &hit.title);
        self.text_of("lang", &hit.lang);
        self.real("score", hit.score);
        if hit.pinned {
            self.truth("pinned", true);
        }
        match hit.standing {
            Some(Standing::Replaced) => self.text_of("standing", "replaced"),
            Some(Standing::Expired) => self.text_of("standing", "expired"),
            None => {}
        }
        self.name("fields");
        self.entries(&hit.fields);
        self.spans("excerpt", &hit.excerpt);
        self.spans("titleParts", &hit.title_parts);
        self.list("sections");
        for section in &hit.sections {
            self.section(section);
        }
        self.close(']');
        #[cfg(feature = "explain")]
        if let Some(explanation) = &hit.explanation {
            self.name("explanation");
            self.explanation(explanation);
        }
        self.close('}');
    }

    fn section(&mut self, section: &SectionHit) {
        self.open('{');
        self.text_of("heading", &section.heading);
        self.optional("number", section.number.as_ref());
        self.optional("anchor", section.anchor.as_ref());
        self.optional("url", section.url.as_ref());
        self.optional("kind", section.kind.as_ref());
        self.texts("trail", &section.trail);
        self.spans("excerpt", &section.excerpt);
        self.close('}');
    }

    fn facet(&mut self, count: &FacetCount) {
        self.open('{');
        self.name("value");
        match &count.value {
            Some(value) => self.value(value),
            None => self.plain("null"),
        }
        self.count("count", count.count);
        self.truth("selected", count.selected);
        self.close('}');
    }

    fn notice(&mut self, notice: &Notice) {
        self.open('{');
        self.text_of("kind", kind(notice));
        match notice {
            Notice::UnknownWord { word } => self.text_of("word", word),
            Notice::Slip {
                word,
                searched,
                total,
                exact,
            }
            | Notice::Split {
                word,
                searched,
                total,
                exact,
            } => {
                self.text_of("word", word);
                self.texts("searched", searched);
                self.count("total", *total);
                self.text_of("exact", exact);
            }
            Notice::OtherForm { word, searched }
            | Notice::Joined { word, searched }
            | Notice::Prefix { word, searched } => {
                self.text_of("word", word);
                self.texts("searched", searched);
            }
            Notice::DidYouMean { word, suggestions } => {
                self.text_of("word", word);
                self.texts("suggestions", suggestions);
            }
            Notice::Synonym {
                word,
                searched,
                exact,
            } => {
                self.text_of("word", word);
                self.texts("searched", searched);
                self.text_of("exact", exact);
            }
            Notice::CommonWords { words } => self.texts("words", words),
            Notice::AsWords { text } => self.text_of("text", text),
            Notice::PartialFrom { index } => self.count("index", *index),
            Notice::TooManyWords { searched } => self.count("searched", *searched),
            Notice::UnknownValue { field, value } => {
                self.text_of("field", field);
                self.text_of("value", value);
            }
        }
        self.close('}');
    }

    fn suggestion(&mut self, suggestion: &Suggestion) {
        self.open('{');
        self.text_of("text", &suggestion.text);
        let kind = match suggestion.kind {
            SuggestionKind::Title => "title",
            SuggestionKind::Value => "value",
            SuggestionKind::Heading => "heading",
            SuggestionKind::Word => "word",
        };
        self.text_of("kind", kind);
        self.optional("field", suggestion.field.as_ref());
        self.optional("url", suggestion.url.as_ref());
        self.optional("id", suggestion.id.as_ref());
        self.count("nRecords", suggestion.n_records);
        self.close('}');
    }
}

/// Accounts for scores.
#[cfg(feature = "explain")]
impl Json {
    fn explanation(&mut self, explanation: &Explanation) {
        self.open('{');
        self.real("score", explanation.score);
        self.texts("order", &explanation.order);
        self.list("words");
        for word in &explanation.words {
            self.word(word);
        }
        self.close(']');
        self.extras("extras", &explanation.extras);
        self.extras("factors", &explanation.factors);
        self.close('}');
    }

    fn word(&mut self, word: &WordExplanation) {
        self.open('{');
        self.text_of("word", &word.word);
        self.text_of("route", &word.route);
        self.real("score", word.score);
        self.real("idf", word.idf);
        self.real("saturation", word.saturation);
        self.real("routeWeight", word.route_weight);
        self.real("queryWeight", word.query_weight);
        self.list("fields");
        for field in &word.fields {
            self.open('{');
            self.text_of("field", &field.field);
            self.count("frequency", field.frequency);
            self.close('}');
        }
        self.close(']');
        self.close('}');
    }

    fn extras(&mut self, name: &str, extras: &[Extra]) {
        self.list(name);
        for extra in extras {
            self.open('{');
            self.text_of("reason", &extra.reason);
            self.real("value", extra.value);
            self.close('}');
        }
        self.close(']');
    }
}

fn kind(notice: &Notice) -> &'static str {
    match notice {
        Notice::UnknownWord { .. } => "unknown-word",
        Notice::Slip { .. } => "slip",
        Notice::Split { .. } => "split",
        Notice::OtherForm { .. } => "other-form",
        Notice::Joined { .. } => "joined",
        Notice::DidYouMean { .. } => "did-you-mean",
        Notice::Prefix { .. } => "prefix",
        Notice::Synonym { .. } => "synonym",
        Notice::CommonWords { .. } => "common-words",
        Notice::AsWords { .. } => "as-words",
        Notice::PartialFrom { .. } => "partial-from",
        Notice::TooManyWords { .. } => "too-many-words",
        Notice::UnknownValue { .. } => "unknown-value",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Serialize;

    use super::*;
    use crate::search::explain::FieldFrequency;
    use crate::search::page::Understood;

    /// Compares what is read back, names in order: escapes may be written in two ways.
    #[track_caller]
    fn check(written: &str, value: &impl Serialize) {
        let read: serde_json::Value = serde_json::from_str(written).unwrap();
        let expected = serde_json::to_value(value).unwrap();
        assert_eq!(read.to_string(), expected.to_string());
    }

    fn digits(number: f64) -> String {
        number.to_string()
    }

    fn text(text: &str) -> String {
        text.to_owned()
    }

    fn hit() -> Hit {
        let span = |letters, is_match| Span {
            text: text(letters),
            is_match,
        };
        let extra = |value| Extra {
            reason: text("near"),
            value,
        };
        Hit {
            id: text("a\"b"),
            url: Some(text("/a")),
            title: text("A"),
            lang: text("en"),
            score: 1.5,
            pinned: true,
            standing: Some(Standing::Replaced),
            fields: vec![
                (text("n"), Value::Int(-3)),
                (text("x"), Value::Float(0.25)),
                (text("none"), Value::Float(f64::NAN)),
                (
                    text("list"),
                    Value::List(vec![Value::Bool(true), Value::List(Vec::new())]),
                ),
                (
                    text("object"),
                    Value::Object(vec![
                        (text("a"), Value::Int(1)),
                        (text("b"), Value::Bool(false)),
                    ]),
                ),
                (text("empty"), Value::Object(Vec::new())),
            ],
            excerpt: vec![span("x [", true), span("{", false)],
            title_parts: vec![span(":", false)],
            sections: vec![
                SectionHit {
                    heading: text("H"),
                    number: Some(text("1")),
                    anchor: Some(text("h")),
                    url: None,
                    kind: Some(text("case study")),
                    trail: vec![text("5"), text("5.2")],
                    excerpt: vec![span("y", true)],
                },
                SectionHit {
                    heading: text(""),
                    number: None,
                    anchor: None,
                    url: Some(text("/a#h")),
                    kind: None,
                    trail: Vec::new(),
                    excerpt: Vec::new(),
                },
            ],
            explanation: Some(Explanation {
                score: 2.5,
                order: vec![text("pinned"), text("all words")],
                words: vec![WordExplanation {
                    word: text("x"),
                    route: text("as written"),
                    score: 0.5,
                    idf: 1.25,
                    saturation: 0.75,
                    route_weight: 0.125,
                    query_weight: 4.5,
                    fields: vec![FieldFrequency {
                        field: text("title"),
                        frequency: 4_294_967_295,
                    }],
                }],
                extras: vec![extra(0.5), extra(1.5)],
                factors: Vec::new(),
            }),
        }
    }

    fn notices() -> Vec<Notice> {
        let word = || text("w");
        let searched = || vec![text("s"), text("t")];
        vec![
            Notice::UnknownWord { word: word() },
            Notice::Slip {
                word: word(),
                searched: searched(),
                total: 1,
                exact: text("\"w\""),
            },
            Notice::Split {
                word: word(),
                searched: searched(),
                total: 0,
                exact: text("\"w\""),
            },
            Notice::OtherForm {
                word: word(),
                searched: searched(),
            },
            Notice::Joined {
                word: word(),
                searched: Vec::new(),
            },
            Notice::DidYouMean {
                word: word(),
                suggestions: searched(),
            },
            Notice::Prefix {
                word: word(),
                searched: searched(),
            },
            Notice::Synonym {
                word: word(),
                searched: searched(),
                exact: text("e"),
            },
            Notice::CommonWords { words: searched() },
            Notice::AsWords { text: text("t") },
            Notice::PartialFrom { index: 10 },
            Notice::TooManyWords { searched: 32 },
            Notice::UnknownValue {
                field: text("f"),
                value: text("v"),
            },
        ]
    }

    #[test]
    fn an_empty_page_has_all_its_names() {
        let page = Page::default();
        let written = page.to_json(digits);
        assert_eq!(
            written,
            "{\"total\":0,\"hits\":[],\"facets\":{},\"notices\":[],\
             \"query\":{\"text\":\"\",\"match\":\"\",\"sort\":\"\",\"limit\":0,\"offset\":0}}"
        );
        check(&written, &page);
    }

    #[test]
    fn a_page_is_written_as_serde_writes_it() {
        let plain = Hit {
            url: None,
            pinned: false,
            standing: None,
            explanation: None,
            ..hit()
        };
        let expired = Hit {
            standing: Some(Standing::Expired),
            ..hit()
        };
        let count = |value, selected| FacetCount {
            value,
            count: 7,
            selected,
        };
        let counts = vec![count(Some(Value::from("x")), true), count(None, false)];
        let page = Page {
            total: 1_234_567_890,
            hits: vec![hit(), plain, expired],
            facets: vec![(text("type"), counts), (text("none"), Vec::new())],
            notices: notices(),
            query: Understood {
                text: text("q"),
                matching: "auto",
                sort: text("-date"),
                limit: 10,
                offset: 20,
            },
        };
        check(&page.to_json(digits), &page);
    }

    #[test]
    fn completions_are_written_as_serde_writes_them() {
        let suggestion = |kind, field: Option<&str>| Suggestion {
            text: text("t"),
            kind,
            field: field.map(text),
            url: field.map(text),
            id: None,
            n_records: 3,
        };
        let found = [
            suggestion(SuggestionKind::Title, None),
            suggestion(SuggestionKind::Value, Some("f")),
            suggestion(SuggestionKind::Heading, None),
            suggestion(SuggestionKind::Word, None),
        ];
        check(&Suggestion::list_to_json(&found, digits), &found);
        assert_eq!(Suggestion::list_to_json(&[], digits), "[]");
    }

    #[test]
    fn control_characters_are_escaped() {
        let mut json = Json::new(digits);
        json.text("a \"b\" \\ \n\u{1F}\u{7F} é 🙂");
        assert_eq!(json.out, "\"a \\\"b\\\" \\\\ \\u000a\\u001f\u{7F} é 🙂\"");
    }

    proptest! {
        #[test]
        fn any_text_and_any_number_are_written_as_serde_writes_them(
            letters in "[\\x00-\\x22\\[\\]{},:\\\\\\PC]{0,12}",
            number in any::<i32>(),
        ) {
            let page = Page {
                facets: vec![(letters.clone(), Vec::new())],
                hits: vec![Hit {
                    title: letters.clone(),
                    fields: vec![(letters, Value::Int(i64::from(number)))],
                    ..hit()
                }],
                ..Page::default()
            };
            check(&page.to_json(digits), &page);
        }
    }
}
