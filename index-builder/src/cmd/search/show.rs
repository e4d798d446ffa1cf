//! Results for people: a list to be read on a terminal or in a pipe.
//!
//! Knows plain sentences, one for every notice. What was searched for is bold on a terminal and plain elsewhere. Control
//! characters in records never reach the terminal.

use std::io::{self, IsTerminal, Write};

use clap::builder::styling::Style;
use speir::{Hit, Notice, Page, Query, Span, Standing, Value, schema};

use crate::cmd::{account, count};
use crate::problem::plain;

/// Most counts of a facet that are listed.
const FACET_ROWS: usize = 10;
/// Most sections of a hit that are listed.
const SECTION_ROWS: usize = 3;

/// Writes a page.
pub(super) fn page(out: &mut dyn Write, page: &Page, query: &Query) -> io::Result<()> {
    let bold = bold();
    headline(out, page, query)?;
    for notice in &page.notices {
        if let Some(sentence) = sentence(notice, query.offset, page.hits.len()) {
            writeln!(out, "{sentence}")?;
        }
    }
    hits(out, page, query.offset)?;
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

/// Writes the hits of a page, the first with the number after `offset`.
pub(in crate::cmd) fn hits(out: &mut dyn Write, page: &Page, offset: usize) -> io::Result<()> {
    let partial_from = page.notices.iter().find_map(|notice| match notice {
        Notice::PartialFrom { index } => Some(*index as usize),
        _ => None,
    });
    for (hit, number) in page.hits.iter().zip(offset..) {
        if number > offset && partial_from == Some(number) {
            writeln!(out, "\nFrom here on, records hold only some of the words.")?;
        }
        self::hit(out, hit, number + 1, bold())?;
    }
    Ok(())
}

/// Bold on a terminal whose user has nothing against it.
fn bold() -> Style {
    let is_wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if io::stdout().is_terminal() && is_wanted {
        Style::new().bold()
    } else {
        Style::new()
    }
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

/// A notice in a sentence; `None` for what is said among the hits, of which there are `n_hits` after
/// the first `offset`.
fn sentence(notice: &Notice, offset: usize, n_hits: usize) -> Option<String> {
    let list = |words: &[String]| plain(&words.join(", "));
    let instead = |word: &str, shown: String, total: u32, exact: &str| {
        format!(
            "No record holds \"{}\". Shown instead: {shown} ({}). For the word itself: {}",
            plain(word),
            count(u64::from(total), "result"),
            plain(exact)
        )
    };
    Some(match notice {
        Notice::UnknownWord { word } => format!("No record holds \"{}\".", plain(word)),
        Notice::Slip {
            word,
            searched,
            total,
            exact,
        } => instead(word, list(searched), *total, exact),
        Notice::Split {
            word,
            searched,
            total,
            exact,
        } => instead(word, plain(&searched.join(" ")), *total, exact),
        Notice::DidYouMean { word, suggestions } => format!(
            "Few records hold \"{}\" itself. Did you mean: {}?",
            plain(word),
            list(suggestions)
        ),
        Notice::OtherForm { word, searched } => format!(
            "No record holds \"{}\" in this form. Shown: {}.",
            plain(word),
            list(searched)
        ),
        Notice::Joined { word, searched } => format!(
            "Records hold \"{}\" written together: {}.",
            plain(word),
            list(searched)
        ),
        Notice::Prefix { word, searched } => format!(
            "\"{}\" was also taken as the beginning of: {}.",
            plain(word),
            list(searched)
        ),
        Notice::Synonym {
            word,
            searched,
            exact,
        } => format!(
            "\"{}\" also finds: {}. For the word itself: {}",
            plain(word),
            list(searched),
            plain(exact)
        ),
        Notice::CommonWords { words } => format!(
            "Common words, which records need not hold: {}.",
            list(words)
        ),
        Notice::AsWords { text } => format!("Searched as plain words: {}", plain(text)),
        Notice::PartialFrom { index } => match *index as usize {
            0 => "No record holds all of the words; these hold some.".to_owned(),
            at if (offset + 1..offset + n_hits).contains(&at) => return None,
            at => format!(
                "From number {} on, records hold only some of the words.",
                at + 1
            ),
        },
        Notice::TooManyWords { searched } => format!(
            "Only the first {} were searched.",
            count(u64::from(*searched), "word")
        ),
        Notice::UnknownValue { field, value } => {
            format!("No record has \"{}\" as {}.", plain(value), plain(field))
        }
        // A kind that this list does not know yet is still in the JSON output.
        _ => return None,
    })
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
        hit.pinned.then(|| "pinned".to_owned()),
        hit.standing.map(|standing| standing_of(hit, standing)),
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
        account::write(out, explanation, &indent)?;
    }
    Ok(())
}

/// Why a record comes after others: `replaced by Bin days (bins-2)`, `valid until 2016-06-30`.
fn standing_of(hit: &Hit, standing: Standing) -> String {
    let told = |name: &str| hit.fields.iter().find(|(known, _)| known == name);
    match standing {
        Standing::Replaced => {
            let newer = told(schema::REPLACED_BY).map(|(_, newer)| newer);
            let part = |name: &str| match newer {
                Some(Value::Object(parts)) => parts
                    .iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, part)| in_words(part)),
                _ => None,
            };
            match (part("title"), part("id")) {
                (Some(title), Some(id)) => format!("replaced by {title} ({id})"),
                _ => "replaced by another record".to_owned(),
            }
        }
        Standing::Expired => match told(schema::VALID_UNTIL) {
            Some((_, date)) => format!("valid until {}", in_words(date)),
            None => "no longer valid".to_owned(),
        },
    }
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
