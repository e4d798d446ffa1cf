//! A case of the suite: a query, and what its answer should be.
//!
//! Knows pages as plain data. Never asks anything itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value as Json, json};
use speir::{
    Accept, Hit, IndexError, Matching, Page, Query, SectionHit, Sort, Span, Standing, Value,
};

/// One case. What is not expected is not looked at, but for notices: none are expected if none are
/// named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) query: String,
    pub(crate) reason: String,
    /// The query is its text so many times over.
    #[serde(default)]
    repeat: Option<usize>,
    /// The query is its text and so many different words after it.
    #[serde(default)]
    numbered: Option<usize>,
    #[serde(default)]
    filters: BTreeMap<String, Vec<Accepted>>,
    #[serde(default)]
    facets: Vec<String>,
    #[serde(default)]
    sort: Option<String>,
    #[serde(default, rename = "match")]
    matching: Option<String>,
    #[serde(default)]
    limit: Option<usize>,
    #[serde(default)]
    offset: Option<usize>,
    #[serde(default)]
    lang: Option<String>,
    /// The day on which it is asked.
    #[serde(default)]
    today: Option<String>,

    /// The ids of the hits, in order.
    #[serde(default)]
    expected: Vec<String>,
    /// Where the order of the hits is not the point.
    #[serde(default)]
    any_order: bool,
    /// The hit that comes first all the same.
    #[serde(default)]
    first: Option<String>,
    /// How many hits on all pages; as many as are expected if not said.
    #[serde(default)]
    total: Option<u32>,
    /// The code of the error that is expected instead.
    #[serde(default)]
    error: Option<String>,
    /// By field, the counts as `value: count`, with ` selected` after it; `(none)` for no value.
    #[serde(default)]
    counts: BTreeMap<String, Vec<String>>,
    /// The notices as their JSON.
    #[serde(default)]
    notices: Vec<Json>,
    #[serde(default)]
    any_notices: bool,
    /// By id, the excerpt with the words found in square brackets.
    #[serde(default)]
    excerpts: BTreeMap<String, String>,
    /// By id, the title with the words found in square brackets.
    #[serde(default)]
    titles: BTreeMap<String, String>,
    /// By id, what is said of the hit's standing and how it got there: `pinned`, `replaced`, `expired`,
    /// or nothing.
    #[serde(default)]
    standing: BTreeMap<String, String>,
    /// By id, the words of the query that the hit holds, and by which way: `word: route`.
    #[serde(default)]
    routes: BTreeMap<String, Vec<String>>,
    /// By id, the sections as `number heading -> url`.
    #[serde(default)]
    sections: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    any_section_order: bool,
    /// By id, the way to each of its sections, and its kind in brackets: `5 Engaging > 5.2 Contact`.
    #[serde(default)]
    trails: BTreeMap<String, Vec<String>>,
    /// By id, the language of the version that is shown, and its link.
    #[serde(default)]
    versions: BTreeMap<String, String>,

    /// Where the browser answers otherwise.
    #[serde(default)]
    pub(crate) in_browser: Option<InBrowser>,
}

/// What the browser answers where it cannot answer as the command line does, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InBrowser {
    pub(crate) expected: Vec<String>,
    pub(crate) reason: String,
}

/// A value accepted by a filter: text, with empty text for no value, or a range.
#[derive(Deserialize)]
#[serde(untagged)]
enum Accepted {
    Value(String),
    Range(Range),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    from: Option<String>,
    to: Option<String>,
}

impl Case {
    /// The text as typed.
    fn text(&self) -> String {
        let mut text = self.query.repeat(self.repeat.unwrap_or(1));
        for number in 0..self.numbered.unwrap_or(0) {
            text.push_str(&format!(" q{number}x"));
        }
        text
    }

    /// The query in Rust.
    pub(crate) fn query(&self) -> Query {
        let mut query = Query::new(self.text());
        for (field, accepted) in &self.filters {
            for accept in accepted {
                query = query.accept(
                    field,
                    match accept {
                        Accepted::Value(value) if value.is_empty() => Accept::Missing,
                        Accepted::Value(value) => Accept::Value(value.clone()),
                        Accepted::Range(Range { from, to }) => Accept::Range {
                            from: from.clone(),
                            to: to.clone(),
                        },
                    },
                );
            }
        }
        for field in &self.facets {
            query = query.facet(field);
        }
        query.sort = match self.sort.as_deref() {
            None | Some("relevance") => Sort::Relevance,
            Some("newest") => Sort::Newest,
            Some("oldest") => Sort::Oldest,
            Some("title") => Sort::Title,
            Some(field) => match field.strip_prefix('-') {
                Some(name) => Sort::Field {
                    name: name.to_owned(),
                    descending: true,
                },
                None => Sort::Field {
                    name: field.to_owned(),
                    descending: false,
                },
            },
        };
        query.matching = match self.matching.as_deref() {
            None | Some("auto") => Matching::Auto,
            Some("all") => Matching::All,
            Some("any") => Matching::Any,
            Some(other) => panic!("{}: no such match: {other}", self.name),
        };
        query.limit = self.limit.unwrap_or(query.limit);
        query.offset = self.offset.unwrap_or(query.offset);
        query.lang.clone_from(&self.lang);
        query.today.clone_from(&self.today);
        query.explain = true;
        query
    }

    /// The query in JavaScript: the text and the options.
    pub(crate) fn query_json(&self) -> Json {
        let filters: serde_json::Map<String, Json> = self
            .filters
            .iter()
            .map(|(field, accepted)| {
                let accepted = accepted.iter().map(|accept| match accept {
                    Accepted::Value(value) if value.is_empty() => Json::Null,
                    Accepted::Value(value) => json!(value),
                    Accepted::Range(Range { from, to }) => {
                        let mut range = serde_json::Map::new();
                        range.extend(from.iter().map(|from| ("from".to_owned(), json!(from))));
                        range.extend(to.iter().map(|to| ("to".to_owned(), json!(to))));
                        Json::Object(range)
                    }
                });
                (field.clone(), accepted.collect())
            })
            .collect();
        let mut options = json!({ "filters": filters, "facets": self.facets });
        let given = [
            ("sort", self.sort.as_ref().map(|sort| json!(sort))),
            (
                "match",
                self.matching.as_ref().map(|matching| json!(matching)),
            ),
            ("limit", self.limit.map(|limit| json!(limit))),
            ("offset", self.offset.map(|offset| json!(offset))),
            ("lang", self.lang.as_ref().map(|lang| json!(lang))),
            // Said outright that there is none: the browser has a clock of its own.
            ("today", Some(json!(self.today))),
        ];
        for (name, value) in given {
            if let Some(value) = value {
                options[name] = value;
            }
        }
        json!({ "text": self.text(), "options": options })
    }

    /// What is wrong with an answer, in words; empty if nothing is.
    pub(crate) fn problems(&self, answer: &Result<Page, IndexError>) -> Vec<String> {
        let page = match (answer, &self.error) {
            (Ok(page), None) => page,
            (Ok(_), Some(code)) => return vec![format!("expected the error `{code}`, got a page")],
            (Err(error), Some(code)) if error.code() == code => return Vec::new(),
            (Err(error), _) => return vec![format!("error `{}`: {error}", error.code())],
        };
        let mut problems = Vec::new();
        let mut compare = |what: &str, got: Json, expected: Json| {
            if got != expected {
                problems.push(format!("{what}: expected {expected}, got {got}"));
            }
        };

        let ids: Vec<&str> = page.hits.iter().map(|hit| hit.id.as_str()).collect();
        if self.any_order {
            let expected: BTreeSet<&str> = self.expected.iter().map(String::as_str).collect();
            assert_eq!(
                expected.len(),
                self.expected.len(),
                "{}: an id twice",
                self.name
            );
            let mut got = ids.clone();
            got.sort_unstable();
            compare("hits, in any order", json!(got), json!(expected));
        } else {
            compare("hits", json!(ids), json!(self.expected));
        }
        if let Some(first) = &self.first {
            compare("the first hit", json!(ids.first()), json!(first));
        }
        let total = self
            .total
            .unwrap_or(u32::try_from(self.expected.len()).expect("few hits"));
        compare("total", json!(page.total), json!(total));
        if !self.any_notices {
            compare("notices", json!(page.notices), json!(self.notices));
        }

        for field in &self.facets {
            let got = page
                .facets
                .iter()
                .find(|(name, _)| name == field)
                .map(|(_, counts)| counts);
            let got: Option<Vec<String>> = got.map(|counts| {
                counts
                    .iter()
                    .map(|count| line(count.value.as_ref(), count.count, count.selected))
                    .collect()
            });
            let expected = self
                .counts
                .get(field)
                .unwrap_or_else(|| panic!("{}: {field}: no counts", self.name));
            compare(&format!("counts of `{field}`"), json!(got), json!(expected));
        }

        let hit = |id: &String| page.hits.iter().find(|hit| hit.id == *id);
        for (id, expected) in &self.excerpts {
            compare(
                &format!("excerpt of `{id}`"),
                json!(hit(id).map(|hit| marked(&hit.excerpt))),
                json!(expected),
            );
        }
        for (id, expected) in &self.titles {
            compare(
                &format!("title of `{id}`"),
                json!(hit(id).map(|hit| marked(&hit.title_parts))),
                json!(expected),
            );
        }
        for (id, expected) in &self.standing {
            compare(
                &format!("standing of `{id}`"),
                json!(hit(id).map(standing)),
                json!(expected),
            );
        }
        for (id, expected) in &self.routes {
            compare(
                &format!("routes to `{id}`"),
                json!(hit(id).map(routes)),
                json!(expected),
            );
        }
        for (id, expected) in &self.trails {
            let trail = |section: &SectionHit| {
                let kind = section.kind.as_ref().map(|kind| format!(" ({kind})"));
                section.trail.join(" > ") + &kind.unwrap_or_default()
            };
            let got = hit(id).map(|hit| hit.sections.iter().map(trail).collect::<Vec<_>>());
            compare(&format!("trails of `{id}`"), json!(got), json!(expected));
        }
        for (id, expected) in &self.versions {
            let got = hit(id).map(|hit| match &hit.url {
                Some(url) => format!("{} {url}", hit.lang),
                None => hit.lang.clone(),
            });
            compare(&format!("version of `{id}`"), json!(got), json!(expected));
        }
        for (id, expected) in &self.sections {
            let mut got = hit(id).map(|hit| hit.sections.iter().map(heading).collect::<Vec<_>>());
            let mut expected = expected.clone();
            if self.any_section_order {
                got.iter_mut().for_each(|sections| sections.sort());
                expected.sort();
            }
            compare(&format!("sections of `{id}`"), json!(got), json!(expected));
        }
        problems
    }

    /// Spoils what the case expects, to see that it can fail.
    pub(crate) fn expect_something_else(&mut self) {
        self.expected.push("no such record".to_owned());
    }
}

/// A count as the suite writes it.
fn line(value: Option<&Value>, count: u32, selected: bool) -> String {
    let value = match value {
        None => "(none)".to_owned(),
        Some(Value::Text(text)) => text.clone(),
        Some(other) => json!(other).to_string(),
    };
    format!(
        "{value}: {count}{}",
        if selected { " selected" } else { "" }
    )
}

/// Spans as text, with the words found in square brackets.
fn marked(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| {
            if span.is_match {
                format!("[{}]", span.text)
            } else {
                span.text.clone()
            }
        })
        .collect()
}

/// A hit's standing as the suite writes it.
fn standing(hit: &Hit) -> &'static str {
    match hit.standing {
        _ if hit.pinned => "pinned",
        Some(Standing::Replaced) => "replaced",
        Some(Standing::Expired) => "expired",
        None => "",
    }
}

/// How a hit was found, as the suite writes it.
fn routes(hit: &Hit) -> Vec<String> {
    let words = hit.explanation.iter().flat_map(|account| &account.words);
    words
        .map(|word| format!("{}: {}", word.word, word.route))
        .collect()
}

/// A section as the suite writes it.
fn heading(section: &SectionHit) -> String {
    let SectionHit {
        heading,
        number,
        url,
        ..
    } = section;
    let number = number.as_deref().unwrap_or_default();
    let arrow = url.as_ref().map(|url| format!("-> {url}"));
    let parts = [number, heading, arrow.as_deref().unwrap_or_default()];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
