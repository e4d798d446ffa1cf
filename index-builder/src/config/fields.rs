//! `[fields.*]`: what each field is for.
//!
//! Knows the keys of a field and which of them contradict each other.

use std::ops::Range;

use speir::{Field, FieldKind, schema};
use toml::de::{DeTable, DeValue};

use super::reader::Reader;
use super::{RESERVED, Rules, SEPARATORS};
use crate::problem::Problem;

const FIELD_KEYS: [&str; 9] = [
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

impl Reader<'_> {
    /// Reads the settings of one field into the rules.
    pub(super) fn field(
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
        let mut half_life_span = None;
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
                "list" => list = self.truth(value, span, "list")?,
                "half-life-days" => {
                    let days = self.above_zero(
                        value,
                        span.clone(),
                        "half-life-days",
                        "730 lets a record lose a quarter of its score in two years",
                    )?;
                    field.half_life_days = Some(days);
                    half_life_span = Some(span);
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
        if let Some(span) = half_life_span
            && field.kind != FieldKind::Date
        {
            return Err(self.wrong(
                span,
                format!("field `{name}` has a half-life but holds no dates"),
                "write type = \"date\", or leave out `half-life-days`",
            ));
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
