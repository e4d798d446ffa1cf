//! `speir.toml`: language, base address, and what each field is for.
//!
//! Knows the file's keys and where it is looked for. Turns it, together with the command line, into
//! the [`Rules`] by which records are read. Never guesses: a key that is not known is an error.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use speir::{Field, FieldKind, Schema, schema};
use toml::de::{DeTable, DeValue};
use url::Url;

use crate::problem::{Place, Problem, Snippet};

/// The file's name.
pub(crate) const CONFIG_NAME: &str = "speir.toml";

/// The keys that are never fields to be configured, as each has a meaning of its own.
const RESERVED: [&str; 3] = ["id", "url", "sections"];

/// The keys of a record that hold several values unless `speir.toml` says otherwise.
const LISTS: [&str; 5] = ["organisations", "authors", "topics", "places", "downloads"];

/// At which characters a cell with several values is cut, unless `speir.toml` says otherwise.
const SEPARATORS: [&str; 2] = [";", "|"];

const TOP_KEYS: [&str; 3] = ["lang", "base-url", "fields"];
const FIELD_KEYS: [&str; 8] = [
    "search",
    "weight",
    "stored",
    "facet",
    "sort",
    "type",
    "list",
    "separator",
];

/// How records are to be read: the schema and what the core need not know.
#[derive(Debug)]
pub(crate) struct Rules {
    /// The fields and the language of the index.
    pub(crate) schema: Schema,
    /// What relative links are joined to.
    pub(crate) base_url: Option<Url>,
    /// Fields with several values, and where a cell of theirs is cut.
    lists: BTreeMap<String, Vec<String>>,
}

impl Default for Rules {
    fn default() -> Rules {
        let separators = SEPARATORS.map(str::to_owned).to_vec();
        Rules {
            schema: Schema::default(),
            base_url: None,
            lists: LISTS
                .iter()
                .map(|name| ((*name).to_owned(), separators.clone()))
                .collect(),
        }
    }
}

impl Rules {
    /// The separators of a field that holds several values, or `None` for one that holds one.
    pub(crate) fn separators(&self, field: &str) -> Option<&[String]> {
        self.lists.get(field).map(Vec::as_slice)
    }

    /// True for keys that have a meaning by themselves or by `speir.toml`.
    pub(crate) fn knows(&self, key: &str) -> bool {
        RESERVED.contains(&key) || self.schema.find(key).is_some()
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
pub(crate) fn locate(named: Option<&Path>, first_source: &Path) -> Option<PathBuf> {
    if let Some(path) = named {
        return Some(path.to_owned());
    }
    let beside = if first_source.is_dir() {
        first_source.join(CONFIG_NAME)
    } else {
        first_source.with_file_name(CONFIG_NAME)
    };
    [beside, PathBuf::from(CONFIG_NAME)]
        .into_iter()
        .find(|path| path.is_file())
}

/// Reads the rules from a file.
pub(crate) fn read(path: &Path) -> Result<Rules, Problem> {
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
    parse(path, &text)
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

fn parse(path: &Path, text: &str) -> Result<Rules, Problem> {
    let reader = Reader { path, text };
    let document = DeTable::parse(text).map_err(|error| {
        let reason = error
            .message()
            .lines()
            .next()
            .unwrap_or("the file is not TOML")
            .to_owned();
        reader.wrong(error.span().unwrap_or(0..0), reason, "see the marked place")
    })?;
    let mut rules = Rules::default();
    for (key, value) in document.get_ref() {
        let span = value.span();
        match key.get_ref().as_ref() {
            "lang" => {
                let tag = reader.text(value.get_ref(), span.clone(), "lang")?;
                let tag =
                    lang(tag).map_err(|reason| reader.wrong(span, reason, "use a BCP 47 tag"))?;
                rules.schema = rules.schema.lang(tag);
            }
            "base-url" => {
                let address = reader.text(value.get_ref(), span.clone(), "base-url")?;
                let url = base_url(address)
                    .map_err(|reason| reader.wrong(span, reason, "write the address in full"))?;
                rules.base_url = Some(url);
            }
            "fields" => {
                for (name, settings) in reader.table(value.get_ref(), span, "fields")? {
                    let table =
                        reader.table(settings.get_ref(), settings.span(), name.get_ref())?;
                    reader.field(&mut rules, name.get_ref(), name.span(), table)?;
                }
            }
            unknown => return Err(reader.unknown(key.span(), unknown, &TOP_KEYS)),
        }
    }
    Ok(rules)
}

/// The file, to say where in it something is wrong.
struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Reader<'_> {
    fn field(
        &self,
        rules: &mut Rules,
        name: &str,
        name_span: Range<usize>,
        settings: &DeTable<'_>,
    ) -> Result<(), Problem> {
        if RESERVED.contains(&name) {
            return Err(self.wrong(
                name_span,
                format!("`{name}` is not a field to be set"),
                "leave it out: it has a meaning of its own in every record",
            ));
        }
        let mut field = rules
            .schema
            .find(name)
            .map_or_else(|| Field::new(name), |(_, known)| known.clone());
        let built_in = [schema::TITLE, schema::LANG].contains(&name);
        let mut search = None;
        let mut separator = None;
        let mut list = rules.lists.contains_key(name);
        for (key, value) in settings {
            let (value, span) = (value.get_ref(), value.span());
            let key_text = key.get_ref().as_ref();
            if built_in
                && FIELD_KEYS.contains(&key_text)
                && !["search", "weight"].contains(&key_text)
            {
                return Err(self.wrong(
                    key.span(),
                    format!("`{key_text}` cannot be set for `{name}`"),
                    "every index shows it, filters and sorts by it as it is; set `weight` alone",
                ));
            }
            match key_text {
                "search" => search = Some((self.truth(value, span.clone(), "search")?, span)),
                "weight" => field.weight = Some(self.weight(value, span)?),
                "stored" => field.stored = self.truth(value, span, "stored")?,
                "facet" => field.facet = self.truth(value, span, "facet")?,
                "sort" => field.sort = self.truth(value, span, "sort")?,
                "list" => list = self.truth(value, span, "list")?,
                "type" => field.kind = self.kind(value, span)?,
                "separator" => {
                    let text = self.text(value, span.clone(), "separator")?;
                    if text.is_empty() {
                        return Err(self.wrong(
                            span,
                            "`separator` is empty".to_owned(),
                            "give the character between two values, such as \";\"",
                        ));
                    }
                    separator = Some(text.to_owned());
                }
                unknown => return Err(self.unknown(key.span(), unknown, &FIELD_KEYS)),
            }
        }
        match search {
            Some((false, span)) if settings.contains_key("weight") => {
                return Err(self.wrong(
                    span,
                    format!("field `{name}` has a weight but is not searched"),
                    "leave out `weight`, or write search = true",
                ));
            }
            Some((false, _)) => field.weight = None,
            Some((true, _)) => field.weight = field.weight.or(Some(1.0)),
            None => {}
        }
        rules.lists.remove(name);
        if list || separator.is_some() {
            let separators =
                separator.map_or_else(|| SEPARATORS.map(str::to_owned).to_vec(), |one| vec![one]);
            rules.lists.insert(name.to_owned(), separators);
        }
        rules.schema.set(field);
        Ok(())
    }

    fn weight(&self, value: &DeValue<'_>, span: Range<usize>) -> Result<f32, Problem> {
        let written = match value {
            DeValue::Integer(number) => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => "",
        };
        match written.replace('_', "").parse::<f32>() {
            Ok(weight) if weight > 0.0 && weight.is_finite() => Ok(weight),
            _ => Err(self.wrong(
                span,
                "`weight` should be a number above 0".to_owned(),
                "1.0 is the weight of ordinary text, 4.0 that of titles",
            )),
        }
    }

    fn kind(&self, value: &DeValue<'_>, span: Range<usize>) -> Result<FieldKind, Problem> {
        match value.as_str() {
            Some("text") => Ok(FieldKind::Text),
            Some("number") => Ok(FieldKind::Number),
            Some("date") => Ok(FieldKind::Date),
            _ => Err(self.wrong(
                span,
                "`type` should be \"text\", \"number\" or \"date\"".to_owned(),
                "choose \"text\" if in doubt",
            )),
        }
    }

    fn truth(&self, value: &DeValue<'_>, span: Range<usize>, key: &str) -> Result<bool, Problem> {
        value.as_bool().ok_or_else(|| {
            self.wrong(
                span,
                format!("`{key}` should be true or false"),
                "write true or false, without quotes",
            )
        })
    }

    fn text<'v>(
        &self,
        value: &'v DeValue<'_>,
        span: Range<usize>,
        key: &str,
    ) -> Result<&'v str, Problem> {
        value.as_str().ok_or_else(|| {
            self.wrong(
                span,
                format!("`{key}` should be text"),
                "put the value in quotes",
            )
        })
    }

    fn table<'v, 'i>(
        &self,
        value: &'v DeValue<'i>,
        span: Range<usize>,
        key: &str,
    ) -> Result<&'v DeTable<'i>, Problem> {
        value.as_table().ok_or_else(|| {
            self.wrong(
                span,
                format!("`{key}` should be a table"),
                "write a heading such as [fields.funder], and its settings below it",
            )
        })
    }

    fn unknown(&self, span: Range<usize>, key: &str, known: &[&str]) -> Problem {
        let nearest = known
            .iter()
            .map(|name| (strsim::damerau_levenshtein(key, name), *name))
            .min()
            .filter(|(distance, name)| *distance <= name.len() / 2);
        let all = known.join(", ");
        let advice = match nearest {
            Some((_, name)) => format!("did you mean `{name}`? These can be set: {all}"),
            None => format!("these can be set: {all}"),
        };
        self.wrong(span, format!("`{key}` is not a setting"), advice)
    }

    fn wrong(&self, span: Range<usize>, reason: String, advice: impl Into<String>) -> Problem {
        let snippet = Snippet::cut(self.path, self.text, 1, span, "here");
        let (line, column) = snippet.position();
        let place = Place {
            file: Some(self.path.to_owned()),
            line: Some(line),
            column: Some(column),
            ..Place::default()
        };
        Problem::new("config", reason, advice)
            .at(place)
            .showing(snippet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let outcome = match parse(Path::new("speir.toml"), text) {
            Ok(_) => "fine".to_owned(),
            Err(problem) => format!("{problem} / {}", problem.advice),
        };
        assert_eq!(outcome, expected, "{text}");
    }

    #[test]
    fn what_is_set_is_what_the_schema_says() {
        let rules = parse(
            Path::new("speir.toml"),
            "lang = \"cy\"\nbase-url = \"https://example.org/lib\"\n\
             [fields.funder]\nsearch = true\nweight = 2\nfacet = true\nlist = true\nseparator = \",\"\n\
             [fields.pages]\ntype = \"number\"\nsort = true\n\
             [fields.body]\nstored = false\n[fields.topics]\nlist = false\n[fields.type]\nsearch = false\n",
        )
        .unwrap();
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
             did you mean `lang`? These can be set: lang, base-url, fields",
        );
        check(
            "[fields.funder]\nfacets = true\n",
            "speir.toml, line 2, column 1: `facets` is not a setting / did you mean `facet`? \
             These can be set: search, weight, stored, facet, sort, type, list, separator",
        );
        check(
            "[fields.funder]\nzzzzzzzzzzzzz = true\n",
            "speir.toml, line 2, column 1: `zzzzzzzzzzzzz` is not a setting / \
             these can be set: search, weight, stored, facet, sort, type, list, separator",
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
}
