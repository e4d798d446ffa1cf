//! The text of `speir.toml` and its values: what kind each should have, and where one is wrong.
//!
//! Knows TOML and places in it. Which keys there are, the other files of this folder know.

use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::problem::{Place, Problem, Snippet};

/// The file, to say where in it something is wrong.
pub(super) struct Reader<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

impl Reader<'_> {
    /// A number above 0, or what is wrong and the advice.
    pub(super) fn above_zero(
        &self,
        value: &DeValue<'_>,
        span: Range<usize>,
        key: &str,
        advice: &str,
    ) -> Result<f32, Problem> {
        let written = match value {
            DeValue::Integer(number) => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => "",
        };
        match written.replace('_', "").parse::<f32>() {
            Ok(number) if number > 0.0 && number.is_finite() => Ok(number),
            _ => Err(self.wrong(span, format!("`{key}` should be a number above 0"), advice)),
        }
    }

    pub(super) fn truth(
        &self,
        value: &DeValue<'_>,
        span: Range<usize>,
        key: &str,
    ) -> Result<bool, Problem> {
        value.as_bool().ok_or_else(|| {
            self.wrong(
                span,
                format!("`{key}` should be true or false"),
                "write true or false, without quotes",
            )
        })
    }

    pub(super) fn text<'v>(
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

    pub(super) fn table<'v, 'i>(
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

    pub(super) fn unknown(&self, span: Range<usize>, key: &str, known: &[&str]) -> Problem {
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

    pub(super) fn wrong(
        &self,
        span: Range<usize>,
        reason: String,
        advice: impl Into<String>,
    ) -> Problem {
        Problem::new("config", reason, advice)
            .at(self.place(span.clone()))
            .showing(self.snippet(span))
    }

    /// The place of a piece of the text.
    pub(super) fn place(&self, span: Range<usize>) -> Place {
        let (line, column) = self.snippet(span).position();
        Place {
            file: Some(self.path.to_owned()),
            line: Some(line),
            column: Some(column),
            ..Place::default()
        }
    }

    fn snippet(&self, span: Range<usize>) -> Snippet {
        Snippet::cut(self.path, self.text, 1, span, "here")
    }
}
