//! `[[sources]]`: where records come from, how they are written, and what is said of all of a source.
//!
//! Knows the keys of a source and of a list on a page. Whether the files are there, `input` finds out.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use encoding_rs::Encoding;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use speir::Value;
use toml::de::{DeTable, DeValue};

use super::Rules;
use super::reader::Reader;
use crate::input::{self, Content, DateOrder, Entry, Format, Request, Settings};
use crate::page::list::{ListRules, Pick, SEPARATORS};
use crate::page::select::{Selector, Unreadable};
use crate::problem::Problem;

pub(super) const SOURCE_KEYS: [&str; 13] = [
    "path",
    "format",
    "include",
    "exclude",
    "url-prefix",
    "defaults",
    "precedence",
    "list",
    "columns",
    "separator",
    "encoding",
    "date-format",
    "records",
];

pub(super) const LIST_KEYS: [&str; 15] = [
    "item",
    "title",
    "link",
    "image",
    "description",
    "organisations",
    "authors",
    "topics",
    "places",
    "type",
    "year",
    "date",
    "lang",
    "separators",
    "fields",
];

/// The names of formats, for messages.
pub(super) const FORMATS: &str =
    "json, jsonl, csv, html, markdown, wordpress, drupal, rss or sitemap";

impl Reader<'_> {
    /// Reads all sources, in their order, into the rules; what is wrong goes to the problems.
    pub(super) fn sources(
        &self,
        rules: &mut Rules,
        value: &DeValue<'_>,
        span: Range<usize>,
        problems: &mut Vec<Problem>,
    ) {
        let advice = "write [[sources]], and below it path = \"...\"";
        let Some(items) = value.as_array() else {
            let reason = "`sources` should be tables".to_owned();
            problems.push(self.wrong(span, reason, advice));
            return;
        };
        for (group, item) in items.iter().enumerate() {
            let table = item.get_ref().as_table().ok_or_else(|| {
                self.wrong(item.span(), "a source should be a table".to_owned(), advice)
            });
            let source = table.and_then(|table| self.source(rules, table, item.span(), group));
            match source {
                Ok(request) => rules.sources.push(request),
                Err(problem) => problems.push(problem),
            }
        }
    }

    fn source(
        &self,
        rules: &Rules,
        table: &DeTable<'_>,
        span: Range<usize>,
        group: usize,
    ) -> Result<Request, Problem> {
        let mut request = Request::default();
        let mut settings = Settings {
            group,
            ..Settings::default()
        };
        let mut has_path = false;
        let mut list_span = None;
        for (key, value) in table {
            let (value, span) = (value.get_ref(), value.span());
            match key.get_ref().as_ref() {
                "path" => {
                    let path = self.text(value, span, "path")?;
                    request.path = self.path.parent().unwrap_or(Path::new("")).join(path);
                    has_path = true;
                }
                "format" => request.format = Some(self.format(value, span)?),
                "include" => request.include = Some(self.globs(value, span, "include")?),
                "exclude" => request.exclude = Some(self.globs(value, span, "exclude")?),
                "url-prefix" => {
                    let prefix = self.text(value, span, "url-prefix")?.trim();
                    let is_folder = prefix.is_empty() || prefix.ends_with('/');
                    let end = if is_folder { "" } else { "/" };
                    settings.url_prefix = Some(format!("{prefix}{end}"));
                }
                "defaults" => {
                    let table = self.table(value, span, "defaults")?;
                    self.defaults(rules, table, &mut settings)?;
                }
                "precedence" => {
                    let number = value.as_integer().and_then(|n| n.as_str().parse().ok());
                    settings.precedence = number.ok_or_else(|| {
                        self.wrong(
                            span,
                            "`precedence` should be a whole number".to_owned(),
                            "where two sources have one address, the higher says more; 0 if not given",
                        )
                    })?;
                }
                "list" => {
                    let table = self.table(value, span, "list")?;
                    list_span = Some(key.span());
                    settings.list = Some(self.list(table, key.span())?);
                }
                "columns" => {
                    let table = self.table(value, span, "columns")?;
                    settings.table.columns = self.columns(table)?;
                }
                "separator" => {
                    let text = self.text(value, span.clone(), "separator")?;
                    if text.is_empty() {
                        return Err(self.wrong(
                            span,
                            "`separator` is empty".to_owned(),
                            "give the character between two values, such as \";\"",
                        ));
                    }
                    settings.table.separator = Some(text.to_owned());
                }
                "encoding" => {
                    let text = self.text(value, span.clone(), "encoding")?;
                    let encoding = Encoding::for_label(text.as_bytes());
                    settings.table.encoding = Some(encoding.ok_or_else(|| {
                        self.wrong(
                            span,
                            format!("there is no encoding `{text}`"),
                            "write \"windows-1252\" for what Excel saves as CSV, or \"utf-8\"",
                        )
                    })?);
                }
                "date-format" => {
                    let text = self.text(value, span.clone(), "date-format")?;
                    let order = DateOrder::parse(text);
                    settings.table.dates = Some(order.ok_or_else(|| {
                        self.wrong(
                            span,
                            format!("`{text}` is not an order of dates"),
                            "write \"d/m/y\" for 14/06/2016, \"m/d/y\" for 06/14/2016",
                        )
                    })?);
                }
                "records" => settings.makes_records = self.truth(value, span, "records")?,
                unknown => return Err(self.unknown(key.span(), unknown, &SOURCE_KEYS)),
            }
        }
        if !has_path {
            return Err(self.wrong(
                span,
                "the source has no `path`".to_owned(),
                "name its file or folder, as seen from the folder of speir.toml: path = \"site\"",
            ));
        }
        if let Some(span) = list_span {
            if request.format.is_some_and(|format| format != Format::Html) {
                return Err(self.wrong(
                    span,
                    "a list is read from web pages".to_owned(),
                    "leave out `list`, or write format = \"html\"",
                ));
            }
            request.format = Some(Format::Html);
        }
        request.settings = Arc::new(settings);
        Ok(request)
    }

    fn format(&self, value: &DeValue<'_>, span: Range<usize>) -> Result<Format, Problem> {
        let name = self.text(value, span.clone(), "format")?;
        <Format as clap::ValueEnum>::from_str(name, true).map_err(|_| {
            self.wrong(
                span,
                format!("there is no format `{name}`"),
                format!("write {FORMATS}, or leave it out where the endings of files tell"),
            )
        })
    }

    fn globs(
        &self,
        value: &DeValue<'_>,
        span: Range<usize>,
        key: &str,
    ) -> Result<GlobSet, Problem> {
        let mut globs = GlobSetBuilder::new();
        for (pattern, span) in self.texts(value, span.clone(), key)? {
            // A star stays inside a folder, as shells have it; two go below.
            let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
            globs.add(glob.map_err(|error| {
                self.wrong(
                    span,
                    format!("`{pattern}` is not a pattern: {}", error.kind()),
                    "write news/*.html for the files of a folder, news/** for all below it",
                )
            })?);
        }
        globs.build().map_err(|error| {
            self.wrong(
                span,
                format!("the patterns of `{key}` are too much: {error}"),
                "use fewer",
            )
        })
    }

    /// Reads the fields that all records of a source get, as those of a record are read.
    fn defaults(
        &self,
        rules: &Rules,
        table: &DeTable<'_>,
        settings: &mut Settings,
    ) -> Result<(), Problem> {
        for (name, value) in table {
            let key = name.get_ref().as_ref();
            if key != "lang" && super::RESERVED.contains(&key) || key == "title" {
                return Err(self.wrong(
                    name.span(),
                    format!("`{key}` cannot be the same for all records of a source"),
                    "leave it out, and give it in each record",
                ));
            }
            let content = self.default_value(value.get_ref(), value.span())?;
            let entry = |key: &str, content| Entry {
                key: key.to_owned(),
                content: Content::Value(content),
            };
            let entries = vec![
                entry("id", "a".into()),
                entry("title", "a".into()),
                entry(key, content),
            ];
            let record = input::make(entries, rules)
                .map_err(|fault| self.wrong(value.span(), fault.reason, fault.advice))?;
            settings.lang = settings.lang.take().or(record.lang);
            settings.defaults.extend(record.fields);
        }
        Ok(())
    }

    fn default_value(&self, value: &DeValue<'_>, span: Range<usize>) -> Result<Value, Problem> {
        match value {
            DeValue::String(text) => Ok(Value::Text(text.to_string())),
            DeValue::Boolean(truth) => Ok(Value::Bool(*truth)),
            DeValue::Integer(number) => Ok(Value::Text(number.as_str().replace('_', ""))),
            DeValue::Float(number) => Ok(Value::Text(number.as_str().replace('_', ""))),
            DeValue::Datetime(date) => Ok(Value::Text(date.to_string())),
            DeValue::Array(items) => {
                let items = items.iter();
                let items = items.map(|item| self.default_value(item.get_ref(), item.span()));
                Ok(Value::List(items.collect::<Result<_, _>>()?))
            }
            DeValue::Table(_) => Err(self.wrong(
                span,
                "a default should be text, a number or a list".to_owned(),
                "write type = \"report\" or topics = [\"housing\", \"health\"]",
            )),
        }
    }

    /// Reads which column of a table is which field.
    fn columns(&self, table: &DeTable<'_>) -> Result<Vec<(String, String)>, Problem> {
        let mut columns: Vec<(String, String)> = Vec::new();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let span = value.span();
            let heading = self.text(value.get_ref(), span.clone(), name)?.trim();
            let same = columns.iter().find(|(_, known)| known == heading);
            if let Some((other, _)) = same {
                return Err(self.wrong(
                    span,
                    format!("the column `{heading}` is already that of `{other}`"),
                    "take each column for one field",
                ));
            }
            columns.push((name.to_owned(), heading.to_owned()));
        }
        Ok(columns)
    }

    fn list(&self, table: &DeTable<'_>, span: Range<usize>) -> Result<ListRules, Problem> {
        let mut item = None;
        let mut picks = Vec::new();
        let mut separators = SEPARATORS.map(str::to_owned).to_vec();
        for (key, value) in table {
            let (value, span) = (value.get_ref(), value.span());
            match key.get_ref().as_ref() {
                "item" => {
                    let text = self.text(value, span.clone(), "item")?;
                    let selector = Selector::parse(text);
                    let selector = selector.map_err(|error| self.unreadable(span, &error))?;
                    item = Some((selector, text.to_owned()));
                }
                "separators" => {
                    let texts = self.texts(value, span, "separators")?;
                    separators = texts.into_iter().map(|(text, _)| text).collect();
                }
                "fields" => {
                    for (name, value) in self.table(value, span, "fields")? {
                        let name = name.get_ref().as_ref();
                        picks.push(self.pick(name, name, value.get_ref(), value.span())?);
                    }
                }
                "link" => picks.push(self.pick("link", "url", value, span)?),
                known if LIST_KEYS.contains(&known) => {
                    picks.push(self.pick(known, known, value, span)?);
                }
                unknown => return Err(self.unknown(key.span(), unknown, &LIST_KEYS)),
            }
        }
        let Some((item, item_text)) = item else {
            return Err(self.wrong(
                span,
                "the list has no `item`".to_owned(),
                "give the selector of the element around each resource: item = \"li.resource\"",
            ));
        };
        if !picks.iter().any(|(key, _)| key == "title") {
            return Err(self.wrong(
                span,
                "the list has no `title`".to_owned(),
                "give the selector of the title inside an item: title = \"h3\"",
            ));
        }
        Ok(ListRules {
            item,
            item_text,
            picks,
            separators,
        })
    }

    fn pick(
        &self,
        name: &str,
        key: &str,
        value: &DeValue<'_>,
        span: Range<usize>,
    ) -> Result<(String, Pick), Problem> {
        let text = self.text(value, span.clone(), name)?;
        let pick = Pick::parse(text).map_err(|error| self.unreadable(span, &error))?;
        Ok((key.to_owned(), pick))
    }

    /// A selector that cannot be read, with the place in it that is wrong.
    fn unreadable(&self, span: Range<usize>, error: &Unreadable) -> Problem {
        // After the quote; where the text has signs that stand for others, it is near the place.
        let at = (span.start + 1 + error.at).min(span.end.saturating_sub(1));
        self.wrong(
            at..span.end.max(at),
            format!("the selector cannot be read: {}", error.reason),
            "write it as in a style sheet: li.resource > h3, a[href$='.pdf'], img@src for an attribute",
        )
    }
}
