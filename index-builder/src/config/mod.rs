//! `speir.toml`: language, base address, what each field is for, and what is said about words.
//!
//! Knows the file's keys and where it is looked for: `fields` those of fields, `sources` those of
//! sources, `words` those of synonyms and pins; what they mean is also told to editors, by `schema`.
//! Turns it, together with the command line, into the [`Rules`] by which records are read. Never
//! guesses: a key that is not known is an error.

mod browse;
mod fields;
mod reader;
pub(crate) mod schema;
mod sources;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use speir::{Field, Schema, Synonym};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};
use url::Url;

use crate::browse::Settings as BrowseSettings;
use crate::input::{Named, Request};
use crate::page::Weight;
use crate::problem::{Place, Problem};
use crate::vocabulary::PinLine;
use reader::Reader;

/// The file's name.
pub(crate) const CONFIG_NAME: &str = "speir.toml";

/// The keys that are never fields to be configured, as each has a meaning of its own.
const RESERVED: [&str; 7] = [
    "id",
    "url",
    "sections",
    "boost",
    "validUntil",
    "valid_until",
    "replaces",
];

/// The keys of a record that hold several values unless `speir.toml` says otherwise.
const LISTS: [&str; 6] = [
    "organisations",
    "authors",
    "topics",
    "places",
    "downloads",
    "replaces",
];

/// At which characters a cell with several values is cut, unless `speir.toml` says otherwise.
const SEPARATORS: [&str; 2] = [";", "|"];

/// The keys that web pages bring along, besides those of every index: kept and shown, and no surprise.
const OF_PAGES: [&str; 2] = ["alternates", "kinds"];

const TOP_KEYS: [&str; 11] = [
    "lang",
    "base-url",
    "sources",
    "fields",
    "synonyms",
    "vocabulary",
    "pins",
    "acronyms",
    "suggestions",
    "related",
    "browse",
];

/// The keys of `[browse]`.
const BROWSE_KEYS: [&str; 2] = ["pages", "template"];

/// How records are to be read: the schema and what the core need not know.
#[derive(Debug)]
pub(crate) struct Rules {
    /// The fields and the language of the index.
    pub(crate) schema: Schema,
    /// What relative links are joined to.
    pub(crate) base_url: Option<Url>,
    /// Where records come from, if the command line does not say.
    pub(crate) sources: Vec<Request>,
    /// Words that lead to others: those of files first, then those of built-in packs.
    pub(crate) synonyms: Vec<Synonym>,
    /// Records that come first for a query.
    pub(crate) pins: Vec<PinLine>,
    /// The files, beside `speir.toml` itself, that all this was read from.
    pub(crate) files: Vec<PathBuf>,
    /// Whether acronyms are taken from the records' own text.
    pub(crate) harvests_acronyms: bool,
    /// Whether the words of a record that does not say its language tell it: where nobody has said
    /// which language such records have.
    pub(crate) detects_languages: bool,
    /// Whether the index has completions of what is being typed.
    pub(crate) has_suggestions: bool,
    /// Whether the index knows which records are like each other.
    pub(crate) has_related: bool,
    /// The static pages.
    pub(crate) browse: BrowseSettings,
    /// Fields with several values, and where a cell of theirs is cut.
    lists: BTreeMap<String, Vec<String>>,
}

impl Default for Rules {
    fn default() -> Rules {
        let separators = SEPARATORS.map(str::to_owned).to_vec();
        Rules {
            schema: Schema::default(),
            base_url: None,
            sources: Vec::new(),
            synonyms: Vec::new(),
            pins: Vec::new(),
            files: Vec::new(),
            harvests_acronyms: true,
            detects_languages: true,
            has_suggestions: true,
            has_related: true,
            browse: BrowseSettings::default(),
            lists: LISTS
                .iter()
                .map(|name| ((*name).to_owned(), separators.clone()))
                .collect(),
        }
    }
}

impl Rules {
    /// Says which language records have that do not say theirs.
    pub(crate) fn set_lang(&mut self, tag: impl Into<String>) {
        self.schema = std::mem::take(&mut self.schema).lang(tag);
        self.detects_languages = false;
    }

    /// The separators of a field that holds several values, or `None` for one that holds one.
    pub(crate) fn separators(&self, field: &str) -> Option<&[String]> {
        self.lists.get(field).map(Vec::as_slice)
    }

    /// True for keys that have a meaning by themselves or by `speir.toml`.
    pub(crate) fn knows(&self, key: &str) -> bool {
        RESERVED.contains(&key) || OF_PAGES.contains(&key) || self.schema.find(key).is_some()
    }

    /// True for keys with a meaning that hold one value.
    pub(crate) fn holds_one(&self, key: &str) -> bool {
        self.knows(key) && !self.lists.contains_key(key)
    }

    /// Takes in what pages say of the fields of all records.
    pub(crate) fn add_named(&mut self, named: &Named) {
        for name in &named.facets {
            self.add_facet(name);
        }
        for weight in &named.weights {
            self.add_weight(*weight);
        }
    }

    /// Lets a field be searched, counted and filtered by that a page says is a facet; what `speir.toml`
    /// says of it stays.
    fn add_facet(&mut self, name: &str) {
        let known = self.schema.find(name).map(|(_, field)| field.clone());
        if !RESERVED.contains(&name) {
            let field = known.unwrap_or_else(|| Field::new(name).searched(1.0));
            self.schema.set(field.facet());
        }
    }

    /// Lets parts of pages be searched that count more or less than other text. What counts more stands
    /// in the text as well, and what it counts there is no part of this.
    fn add_weight(&mut self, weight: Weight) {
        let name = weight.field();
        if self.schema.find(&name).is_some() {
            return;
        }
        let of_text = self.schema.find("body").and_then(|(_, field)| field.weight);
        let of_text = of_text.unwrap_or(1.0);
        let field = Field::new(name);
        self.schema.set(match weight.is_more() {
            true => field
                .searched(of_text * (weight.factor() - 1.0))
                .not_stored(),
            false => field.searched(of_text * weight.factor()),
        });
    }

    /// The key that a heading in a table stands for: a known one whatever its case (`Title`).
    pub(crate) fn key_of_heading(&self, heading: &str) -> String {
        let lower = heading.to_lowercase();
        if !self.knows(heading) && self.knows(&lower) {
            lower
        } else {
            heading.to_owned()
        }
    }
}

/// Where `speir.toml` is: as named, else beside the first source, else in the current folder.
pub(crate) fn locate(named: Option<&Path>, first_source: Option<&Path>) -> Option<PathBuf> {
    if let Some(path) = named {
        return Some(path.to_owned());
    }
    let beside = first_source.map(|source| match source.is_dir() {
        true => source.join(CONFIG_NAME),
        false => source.with_file_name(CONFIG_NAME),
    });
    let here = PathBuf::from(CONFIG_NAME);
    beside.into_iter().chain([here]).find(|path| path.is_file())
}

/// Reads the rules from a file. What is wrong first in it is the error.
pub(crate) fn read(path: &Path) -> Result<Rules, Problem> {
    let (rules, problems) = read_all(path)?;
    match problems.into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(rules),
    }
}

/// Reads the rules from a file, with all that is wrong in it, by line; the rules are those of the rest.
/// Of a source and of the pins only what is wrong first is told. An error where there is no text to
/// be read.
pub(crate) fn read_all(path: &Path) -> Result<(Rules, Vec<Problem>), Problem> {
    let bytes = std::fs::read(path).map_err(|error| Problem::io("read", path, &error))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Problem::new(
            "not-utf-8",
            "the file is not UTF-8 text",
            "save it again as UTF-8",
        )
        .at(Place {
            file: Some(path.to_owned()),
            ..Place::default()
        })
    })?;
    Ok(parse(path, &text))
}

/// Reads a base address. A folder is meant, so that `https://example.org/library` and
/// `https://example.org/library/` are the same.
pub(crate) fn base_url(text: &str) -> Result<Url, String> {
    let mut url = Url::parse(text.trim()).map_err(|_| {
        format!("`{text}` is not a web address: give one such as https://example.org/")
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("`{text}` does not begin with http:// or https://"));
    }
    url.set_query(None);
    url.set_fragment(None);
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// Reads a language tag: `en`, `cy`, `gd-GB`, also `gd_GB`.
pub(crate) fn lang(text: &str) -> Result<String, String> {
    let tag = text.trim().replace('_', "-");
    let mut parts = tag.split('-');
    let first_is_right = parts.next().is_some_and(|first| {
        matches!(first.len(), 2 | 3) && first.bytes().all(|b| b.is_ascii_alphabetic())
    });
    let rest_is_right = parts
        .all(|part| matches!(part.len(), 1..=8) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if first_is_right && rest_is_right {
        Ok(tag)
    } else {
        Err(format!(
            "`{text}` is not a language tag: give one such as en, cy or gd-GB"
        ))
    }
}

/// What a text says, and what is wrong in it, by line.
pub(crate) fn parse(path: &Path, text: &str) -> (Rules, Vec<Problem>) {
    let reader = Reader { path, text };
    let mut rules = Rules::default();
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        // What was made out of a text that is not TOML says nothing that could be relied on.
        let errors = errors.iter().map(|error| {
            let reason = error.message().lines().next();
            let reason = reason.unwrap_or("the file is not TOML").to_owned();
            reader.wrong(error.span().unwrap_or(0..0), reason, "see the marked place")
        });
        return (rules, by_line(errors.collect()));
    }
    let mut problems = Vec::new();
    let mut sources = None;
    for (key, value) in document.get_ref() {
        match key.get_ref().as_ref() {
            // Their defaults are read by the fields, which may stand further down.
            "sources" => sources = Some(value),
            "fields" => match reader.table(value.get_ref(), value.span(), "fields") {
                Ok(fields) => {
                    for (name, settings) in fields {
                        reader.field(&mut rules, name, settings, &mut problems);
                    }
                }
                Err(problem) => problems.push(problem),
            },
            _ => problems.extend(reader.setting(&mut rules, key, value).err()),
        }
    }
    if let Some(value) = sources {
        reader.sources(&mut rules, value.get_ref(), value.span(), &mut problems);
    }
    (rules, by_line(problems))
}

/// In the order in which they stand in the file.
fn by_line(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| (problem.place.line, problem.place.column));
    problems
}

impl Reader<'_> {
    /// Reads a setting that is neither a field's nor a source's.
    fn setting(
        &self,
        rules: &mut Rules,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), Problem> {
        let (value, span) = (value.get_ref(), value.span());
        match key.get_ref().as_ref() {
            "lang" => {
                let tag = self.text(value, span.clone(), "lang")?;
                let tag =
                    lang(tag).map_err(|reason| self.wrong(span, reason, "use a BCP 47 tag"))?;
                rules.set_lang(tag);
            }
            "base-url" => {
                let address = self.text(value, span.clone(), "base-url")?;
                let url = base_url(address)
                    .map_err(|reason| self.wrong(span, reason, "write the address in full"))?;
                rules.base_url = Some(url);
            }
            "synonyms" => self.synonyms(rules, value, span)?,
            "vocabulary" => self.vocabulary(rules, value, span)?,
            "pins" => self.pins(rules, value, span)?,
            "acronyms" => rules.harvests_acronyms = self.truth(value, span, "acronyms")?,
            "suggestions" => rules.has_suggestions = self.truth(value, span, "suggestions")?,
            "related" => rules.has_related = self.truth(value, span, "related")?,
            "browse" => self.browse(rules, self.table(value, span, "browse")?)?,
            unknown => return Err(self.unknown(key.span(), unknown, &TOP_KEYS)),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use speir::{Field, FieldKind};

    use super::*;

    fn check(text: &str, expected: &str) {
        let (_, problems) = parse(Path::new("speir.toml"), text);
        let told: Vec<String> = problems
            .iter()
            .map(|problem| format!("{problem} / {}", problem.advice))
            .collect();
        let told = match told.is_empty() {
            true => "fine".to_owned(),
            false => told.join("\n"),
        };
        assert_eq!(told, expected, "{text}");
    }

    #[test]
    fn what_is_set_is_what_the_schema_says() {
        let (rules, problems) = parse(
            Path::new("speir.toml"),
            "lang = \"cy\"\nbase-url = \"https://example.org/lib\"\n\
             [fields.funder]\nsearch = true\nweight = 2\nfacet = true\nlist = true\nseparator = \",\"\n\
             [fields.pages]\ntype = \"number\"\nsort = true\n\
             [fields.date]\nhalf-life-days = 730\n[fields.body]\nstored = false\n[fields.topics]\nlist = false\n[fields.type]\nsearch = false\n",
        );
        assert_eq!(problems.len(), 0);
        assert_eq!(rules.schema.default_lang(), "cy");
        assert_eq!(
            rules.base_url.as_ref().unwrap().as_str(),
            "https://example.org/lib/"
        );
        let field = |name| rules.schema.find(name).unwrap().1;
        assert_eq!(field("funder"), &Field::new("funder").searched(2.0).facet());
        assert_eq!(
            field("pages"),
            &Field::new("pages").kind(FieldKind::Number).sort()
        );
        assert_eq!(
            field("body"),
            &Field::new("body").searched(1.0).not_stored()
        );
        assert_eq!(field("date").half_life_days, Some(730.0));
        assert_eq!(field("type").weight, None);
        assert!(field("type").facet);
        assert_eq!(rules.separators("funder"), Some(&[",".to_owned()][..]));
        assert_eq!(rules.separators("topics"), None);
        assert!(rules.separators("places").is_some());
    }

    #[test]
    fn what_cannot_be_meant_is_an_error_with_its_line_and_advice() {
        check("", "fine");
        check(
            "lnag = \"en\"\n",
            "speir.toml, line 1, column 1: `lnag` is not a setting / \
             did you mean `lang`? These can be set: lang, base-url, sources, fields, synonyms, \
             vocabulary, pins, acronyms, suggestions, related, browse",
        );
        check(
            "[fields.funder]\nfacets = true\n",
            "speir.toml, line 2, column 1: `facets` is not a setting / did you mean `facet`? \
             These can be set: search, weight, stored, facet, sort, type, list, separator, \
             half-life-days",
        );
        check(
            "[fields.funder]\nzzzzzzzzzzzzz = true\n",
            "speir.toml, line 2, column 1: `zzzzzzzzzzzzz` is not a setting / \
             these can be set: search, weight, stored, facet, sort, type, list, separator, \
             half-life-days",
        );
        check(
            "[fields.x]\nweight = 0\n",
            "speir.toml, line 2, column 10: `weight` should be a number above 0 / \
             1.0 is the weight of ordinary text, 4.0 that of titles",
        );
        check(
            "[fields.x]\nfacet = \"yes\"\n",
            "speir.toml, line 2, column 9: `facet` should be true or false / \
             write true or false, without quotes",
        );
        check(
            "[fields.x]\ntype = \"int\"\n",
            "speir.toml, line 2, column 8: `type` should be \"text\", \"number\" or \"date\" / \
             choose \"text\" if in doubt",
        );
        check(
            "[fields.x]\nsearch = false\nweight = 2.0\n",
            "speir.toml, line 2, column 10: field `x` has a weight but is not searched / \
             leave out `weight`, or write search = true",
        );
        check(
            "[fields.id]\nfacet = true\n",
            "speir.toml, line 1, column 9: `id` is not a field to be set / \
             leave it out: it has a meaning of its own in every record",
        );
        check(
            "[fields.date]\nhalf-life-days = 0\n",
            "speir.toml, line 2, column 18: `half-life-days` should be a number above 0 / \
             730 lets a record lose a quarter of its score in two years",
        );
        check(
            "[fields.pages]\nhalf-life-days = 30\n",
            "speir.toml, line 2, column 18: field `pages` has a half-life but holds no dates / \
             write type = \"date\", or leave out `half-life-days`",
        );
        check(
            "lang = \"english\"\n",
            "speir.toml, line 1, column 8: `english` is not a language tag: give one such as en, \
             cy or gd-GB / use a BCP 47 tag",
        );
        check(
            "base-url = \"/library/\"\n",
            "speir.toml, line 1, column 12: `/library/` is not a web address: give one such as \
             https://example.org/ / write the address in full",
        );
    }
    #[test]
    fn all_that_is_wrong_is_told_by_line() {
        check(
            "related = 1\n[[sources]]\nformat = \"xml\"\n[[sources]]\npath = 7\n\
             [fields.a]\nsort = 1\nfacet = 1\nlist = true\n[fields.id]\nsort = true\n",
            "speir.toml, line 1, column 11: `related` should be true or false / \
             write true or false, without quotes\n\
             speir.toml, line 3, column 10: there is no format `xml` / \
             write FORMATS, or leave it out where the endings of files tell\n\
             speir.toml, line 5, column 8: `path` should be text / put the value in quotes\n\
             speir.toml, line 7, column 8: `sort` should be true or false / \
             write true or false, without quotes\n\
             speir.toml, line 8, column 9: `facet` should be true or false / \
             write true or false, without quotes\n\
             speir.toml, line 10, column 9: `id` is not a field to be set / \
             leave it out: it has a meaning of its own in every record"
                .replace("FORMATS", sources::FORMATS)
                .as_str(),
        );
        let (_, problems) = parse(Path::new("speir.toml"), "lang = \nfields = [\n");
        let lines: Vec<_> = problems.iter().map(|problem| problem.place.line).collect();
        assert!(lines.len() > 1 && lines[0] == Some(1), "{lines:?}");
    }
}
