//! Results for people: a list to be read on a terminal or in a pipe.
//!
//! Knows plain sentences. What was searched for is bold on a terminal and plain elsewhere. Control
//! characters in records never reach the terminal.

use std::io::{self, IsTerminal, Write};

use clap::builder::styling::Style;
use speir::{Explanation, Hit, Notice, Page, Query, Span, Value};

use crate::cmd::count;
use crate::problem::plain;

/// Most counts of a facet that are listed.
const FACET_ROWS: usize = 10;
/// Most sections of a hit that are listed.
const SECTION_ROWS: usize = 3;

/// Writes a page.
pub(super) fn page(out: &mut dyn Write, page: &Page, query: &Query) -> io::Result<()> {
    let bold = if io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
    {
        Style::new().bold()
    } else {
        Style::new()
    };
    headline(out, page, query)?;
    for notice in &page.notices {
        if let Some(sentence) = sentence(notice) {
            writeln!(out, "{sentence}")?;
        }
    }
    for (at, hit) in page.hits.iter().enumerate() {
        let number = query.offset + at;
        if page
            .notices
            .iter()
            .any(|n| matches!(n, Notice::PartialFrom { index } if *index as usize == number))
        {
            writeln!(out, "\nFrom here on, records have only some of the words.")?;
        }
        self::hit(out, hit, number + 1, bold)?;
    }
    for (field, counts) in &page.facets {
        writeln!(out, "\n{bold}{}{bold:#}", plain(field))?;
        for row in counts.iter().take(FACET_ROWS) {
            let mark = if row.selected { "*" } else { " " };
            let value = row.value.as_ref().map_or("(none)".to_owned(), in_words);
            writeln!(out, " {mark} {value}  {}", row.count)?;
        }
        if counts.len() > FACET_ROWS {
            writeln!(out, "   and {} more", counts.len() - FACET_ROWS)?;
        }
    }
    let shown = query.offset + page.hits.len();
    if !page.hits.is_empty() && shown < page.total as usize {
        writeln!(out, "\nFor the next ones, add --offset {shown}.")?;
    }
    Ok(())
}

fn headline(out: &mut dyn Write, page: &Page, query: &Query) -> io::Result<()> {
    let words = plain(query.text.trim());
    let about = if words.is_empty() {
        String::new()
    } else {
        format!(" for {words}")
    };
    let filtered = if query.filters.is_empty() {
        ""
    } else {
        " with these filters"
    };
    let total = page.total as usize;
    if total == 0 {
        writeln!(out, "No records{about}{filtered}.")?;
        if !query.filters.is_empty() {
            writeln!(out, "Try fewer filters.")?;
        }
        if !words.is_empty() {
            writeln!(out, "Try other or fewer words, and check their spelling.")?;
        }
        return Ok(());
    }
    let records = count(total as u64, "record");
    if page.hits.is_empty() && query.offset >= total {
        writeln!(
            out,
            "{records}{about}{filtered}; there is none after number {total}."
        )
    } else if page.hits.len() < total && !page.hits.is_empty() {
        let (from, to) = (query.offset + 1, query.offset + page.hits.len());
        writeln!(out, "{records}{about}{filtered}; {from} to {to}:")
    } else {
        writeln!(out, "{records}{about}{filtered}:")
    }
}

/// A notice in a sentence; `None` for what is said among the hits.
fn sentence(notice: &Notice) -> Option<String> {
    match notice {
        Notice::UnknownWord { word } => Some(format!("No record has \"{}\".", plain(word))),
        Notice::Prefix { word, searched } => Some(format!(
            "\"{}\" was also taken as the beginning of: {}.",
            plain(word),
            plain(&searched.join(", "))
        )),
        Notice::TooManyWords { searched } => Some(format!(
            "Only the first {} were searched.",
            count(u64::from(*searched), "word")
        )),
        Notice::UnknownValue { field, value } => Some(format!(
            "No record has \"{}\" as {}.",
            plain(value),
            plain(field)
        )),
        // A kind that this list does not know yet is still in the JSON output.
        _ => None,
    }
}

fn hit(out: &mut dyn Write, hit: &Hit, number: usize, bold: Style) -> io::Result<()> {
    let indent = " ".repeat(number.to_string().len() + 2);
    writeln!(out, "\n{number}. {}", marked(&hit.title_parts, bold))?;
    let field = |name: &str| {
        hit.fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, v)| in_words(v))
    };
    let facts: Vec<String> = [
        field("type"),
        field("organisations"),
        field("date").or(field("year")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !facts.is_empty() {
        writeln!(out, "{indent}{}", facts.join(" | "))?;
    }
    match &hit.url {
        Some(url) => writeln!(out, "{indent}{}", plain(url))?,
        None => writeln!(out, "{indent}id {}", plain(&hit.id))?,
    }
    let is_said_below = hit
        .sections
        .iter()
        .take(SECTION_ROWS)
        .any(|section| section.excerpt == hit.excerpt);
    if !hit.excerpt.is_empty() && !is_said_below {
        writeln!(out, "{indent}{}", marked(&hit.excerpt, bold))?;
    }
    for section in hit.sections.iter().take(SECTION_ROWS) {
        let number = section
            .number
            .as_ref()
            .map_or(String::new(), |number| format!("{} ", plain(number)));
        writeln!(out, "{indent}- {number}{}", plain(&section.heading))?;
        if let Some(url) = &section.url {
            writeln!(out, "{indent}  {}", plain(url))?;
        }
        if !section.excerpt.is_empty() {
            writeln!(out, "{indent}  {}", marked(&section.excerpt, bold))?;
        }
    }
    if let Some(explanation) = &hit.explanation {
        explain(out, explanation, &indent)?;
    }
    Ok(())
}

fn explain(out: &mut dyn Write, explanation: &Explanation, indent: &str) -> io::Result<()> {
    writeln!(out, "{indent}score {:.3}", explanation.score)?;
    for word in &explanation.words {
        let fields: Vec<String> = word
            .fields
            .iter()
            .map(|field| format!("{} {}", plain(&field.field), field.frequency))
            .collect();
        writeln!(
            out,
            "{indent}  {:.3} from \"{}\": {}; in {}; rarity {:.3} x frequency {:.3} x form {:.2}",
            word.score,
            plain(&word.word),
            word.route,
            fields.join(", "),
            word.idf,
            word.saturation,
            word.route_weight
        )?;
    }
    Ok(())
}

fn marked(spans: &[Span], bold: Style) -> String {
    let mut text = String::new();
    for span in spans {
        if span.is_match {
            text.push_str(&format!("{bold}{}{bold:#}", plain(&span.text)));
        } else {
            text.push_str(&plain(&span.text));
        }
    }
    text
}

fn in_words(value: &Value) -> String {
    match value {
        Value::Text(text) => plain(text),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::List(items) => items.iter().map(in_words).collect::<Vec<_>>().join(", "),
        Value::Object(_) => value.as_words().map(plain).unwrap_or_default(),
    }
}
