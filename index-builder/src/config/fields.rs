//! `[fields.*]`: what each field is for.
//!
//! Knows the keys of a field and which of them contradict each other.

use std::ops::Range;

use speir::{Field, FieldKind, schema};
use toml::Spanned;
use toml::de::{DeString, DeValue};

use super::reader::Reader;
use super::{RESERVED, Rules, SEPARATORS};
use crate::problem::Problem;

pub(super) const FIELD_KEYS: [&str; 9] = [
    "search",
    "weight",
    "stored",
    "facet",
    "sort",
    "type",
    "list",
    "separator",
    "half-life-days",
];

/// A field while its settings are read.
struct Settings {
    field: Field,
    /// What `search` says, and where.
    search: Option<(bool, Range<usize>)>,
    list: bool,
    separator: Option<String>,
    /// Where `half-life-days` stands.
    half_life_span: Option<Range<usize>>,
}

impl Reader<'_> {
    /// Reads the settings of one field into the rules; what is wrong goes to the problems.
    pub(super) fn field(
        &self,
        rules: &mut Rules,
        name: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
        problems: &mut Vec<Problem>,
    ) {
        let name_span = name.span();
        let name = name.get_ref().as_ref();
        let table = match self.table(value.get_ref(), value.span(), name) {
            Ok(_) if RESERVED.contains(&name) => Err(self.wrong(
                name_span,
                format!("`{name}` is not a field to be set"),
                "leave it out: it has a meaning of its own in every record",
            )),
            table => table,
        };
        let table = match table {
            Ok(table) => table,
            Err(problem) => return problems.push(problem),
        };
        let known = rules.schema.find(name);
        let mut settings = Settings {
            field: known.map_or_else(|| Field::new(name), |(_, known)| known.clone()),
            search: None,
            list: rules.lists.contains_key(name),
            separator: None,
            half_life_span: None,
        };
        let n_before = problems.len();
        for (key, value) in table {
            problems.extend(self.field_key(&mut settings, key, value).err());
        }
        // Whether keys contradict each other can be told where each is right.
        if problems.len() == n_before {
            let has_weight = table.contains_key("weight");
            problems.extend(self.agree(&mut settings, has_weight).err());
        }
        rules.lists.remove(name);
        if settings.list || settings.separator.is_some() {
            let separators = settings.separator.map_or_else(
                || SEPARATORS.map(str::to_owned).to_vec(),
                |separator| vec![separator],
            );
            rules.lists.insert(name.to_owned(), separators);
        }
        rules.schema.set(settings.field);
    }

    fn field_key(
        &self,
        settings: &mut Settings,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), Problem> {
        let (value, span) = (value.get_ref(), value.span());
        let key_text = key.get_ref().as_ref();
        let field = &mut settings.field;
        let is_built_in = [schema::TITLE, schema::LANG].contains(&field.name.as_str());
        if is_built_in
            && FIELD_KEYS.contains(&key_text)
            && !["search", "weight"].contains(&key_text)
        {
            return Err(self.wrong(
                key.span(),
                format!("`{key_text}` cannot be set for `{}`", field.name),
                "every index shows it, filters and sorts by it as it is; set `weight` alone",
            ));
        }
        match key_text {
            "search" => {
                settings.search = Some((self.truth(value, span.clone(), "search")?, span));
            }
            "weight" => {
                field.weight = Some(self.above_zero(
                    value,
                    span,
                    "weight",
                    "1.0 is the weight of ordinary text, 4.0 that of titles",
                )?);
            }
            "stored" => field.stored = self.truth(value, span, "stored")?,
            "facet" => field.facet = self.truth(value, span, "facet")?,
            "sort" => field.sort = self.truth(value, span, "sort")?,
            "list" => settings.list = self.truth(value, span, "list")?,
            "half-life-days" => {
                let days = self.above_zero(
                    value,
                    span.clone(),
                    "half-life-days",
                    "730 lets a record lose a quarter of its score in two years",
                )?;
                field.half_life_days = Some(days);
                settings.half_life_span = Some(span);
            }
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
                settings.separator = Some(text.to_owned());
            }
            unknown => return Err(self.unknown(key.span(), unknown, &FIELD_KEYS)),
        }
        Ok(())
    }

    /// Lets `search` and `weight` agree, or says which two keys cannot both be meant.
    fn agree(&self, settings: &mut Settings, has_weight: bool) -> Result<(), Problem> {
        let field = &mut settings.field;
        match settings.search.take() {
            Some((false, span)) if has_weight => {
                return Err(self.wrong(
                    span,
                    format!("field `{}` has a weight but is not searched", field.name),
                    "leave out `weight`, or write search = true",
                ));
            }
            Some((false, _)) => field.weight = None,
            Some((true, _)) => field.weight = field.weight.or(Some(1.0)),
            None => {}
        }
        if let Some(span) = settings.half_life_span.take()
            && field.kind != FieldKind::Date
        {
            return Err(self.wrong(
                span,
                format!("field `{}` has a half-life but holds no dates", field.name),
                "write type = \"date\", or leave out `half-life-days`",
            ));
        }
        Ok(())
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
}
