//! `speir check-config`: whether `speir.toml` is right, and what it means.
//!
//! Knows how settings are told in plain words. What they are, `config` knows; whether sources are
//! there, `input` finds out. Reads no records.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;
use serde_json::{Value as Json, json};
use speir::{Field, FieldKind};

use super::{count, print};
use crate::args::CheckConfigArgs;
use crate::config::{self, Rules, schema::SCHEMA};
use crate::input::{self, Format, Request, Sources};
use crate::problem::Problem;

/// Prints what is wrong, or what the settings mean.
pub(crate) fn run(args: &CheckConfigArgs) -> Result<(), Problem> {
    if args.schema {
        return print(|out| out.write_all(SCHEMA.as_bytes()));
    }
    let (rules, mut problems) = config::read_all(&args.file).map_err(|problem| {
        if problem.code != "not-found" {
            return problem;
        }
        let advice = "name the file, or let `speir init` write one by looking at your sources";
        Problem::new(problem.code, problem.reason, advice)
    })?;
    let mut found = Vec::new();
    for request in &rules.sources {
        let own_files = rules.files.iter().map(std::path::PathBuf::as_path);
        match input::find(std::slice::from_ref(request), own_files) {
            Ok(sources) => found.push((request, Found::of(&sources))),
            Err(problem) => problems.push(problem),
        }
    }
    if args.json {
        let object = to_json(&args.file, &rules, &found, &problems);
        print(|out| writeln!(out, "{object}"))?;
    } else if problems.is_empty() {
        print(|out| tell(out, &args.file, &rules, &found))?;
    } else if problems.len() > 1 {
        for problem in &problems {
            problem.print(false);
        }
    }
    match problems.len() {
        0 => Ok(()),
        1 => problems.pop().map_or(Ok(()), Err),
        n => Err(Problem::new(
            "config",
            format!("{n} things are wrong in {}", args.file.display()),
            "correct what is named above, and run the command again",
        )),
    }
}

/// What a source has: files by their kind.
pub(super) struct Found {
    by_kind: BTreeMap<String, u64>,
    n_ignored: usize,
}

impl Found {
    pub(super) fn of(sources: &Sources) -> Found {
        let mut by_kind: BTreeMap<String, u64> = BTreeMap::new();
        for source in &sources.files {
            let (kind, n) = match source.format {
                Format::Html => ("page".to_owned(), source.pages.len()),
                format => {
                    let name = format.to_possible_value();
                    let name = name.map(|name| format!("{} file", name.get_name()));
                    // Documents alone have no name of a format: their endings tell.
                    // A folder of texts is one source, and has them as its pages.
                    let n_files = source.pages.len().max(1);
                    (name.unwrap_or_else(|| "document".to_owned()), n_files)
                }
            };
            *by_kind.entry(kind).or_default() += n as u64;
        }
        Found {
            by_kind,
            n_ignored: sources.n_ignored,
        }
    }

    /// `2 csv files, 12 pages; 3 others are passed over`
    pub(super) fn in_words(&self) -> String {
        let kinds: Vec<String> = self
            .by_kind
            .iter()
            .map(|(kind, n)| count(*n, kind))
            .collect();
        let others = match self.n_ignored {
            0 => String::new(),
            1 => "; 1 other is passed over".to_owned(),
            n => format!("; {n} others are passed over"),
        };
        format!("{}{others}", kinds.join(", "))
    }
}

fn tell(
    out: &mut dyn Write,
    file: &Path,
    rules: &Rules,
    found: &[(&Request, Found)],
) -> io::Result<()> {
    writeln!(out, "{} is right. It means:", file.display())?;
    let lang = rules.schema.default_lang();
    match rules.detects_languages {
        true => writeln!(
            out,
            "\nLanguage: told by the words of records that do not say theirs."
        )?,
        false => writeln!(
            out,
            "\nLanguage: {lang} for records that do not say theirs."
        )?,
    }
    match &rules.base_url {
        Some(url) => writeln!(out, "Relative links are joined to {url}.")?,
        None => writeln!(out, "Relative links stay as they are.")?,
    }
    writeln!(out, "\nFields:")?;
    let fields = || rules.schema.fields().map(|(_, field)| field);
    let width = fields().map(|field| field.name.chars().count()).max();
    let width = width.unwrap_or_default();
    for field in fields() {
        let name = &field.name;
        writeln!(out, "  {name:width$}  {}", in_words(field, rules))?;
    }
    match found {
        [] => writeln!(out, "\nSources: those that the command line names.")?,
        _ => writeln!(out, "\nSources:")?,
    }
    for (request, found) in found {
        writeln!(out, "  {}: {}", request.path.display(), found.in_words())?;
    }
    let n_synonyms = count(rules.synonyms.len() as u64, "line");
    match rules.synonyms.is_empty() {
        true => writeln!(out, "\nSynonyms: none.")?,
        false => writeln!(out, "\nSynonyms: {n_synonyms}.")?,
    }
    match rules.pins.is_empty() {
        true => writeln!(out, "Pins: none.")?,
        false => writeln!(
            out,
            "Pins: {}, such as \"{}\" for {}.",
            rules.pins.len(),
            rules.pins[0].query,
            rules.pins[0].record
        )?,
    }
    let switches = [
        (
            rules.harvests_acronyms,
            "Abbreviations that a record explains find their long form",
        ),
        (
            rules.has_suggestions,
            "What readers are typing can be completed",
        ),
        (rules.has_related, "Records like a given one can be named"),
    ];
    for (is_on, words) in switches {
        writeln!(out, "{words}: {}.", if is_on { "yes" } else { "no" })?;
    }
    Ok(())
}

/// `searched with weight 2, counted and filtered by, shown; cells hold several values, cut at ,`
fn in_words(field: &Field, rules: &Rules) -> String {
    let mut words = Vec::new();
    match field.weight {
        Some(1.0) => words.push("searched".to_owned()),
        Some(weight) => words.push(format!("searched with weight {weight}")),
        None => {}
    }
    if field.facet {
        words.push("counted and filtered by".to_owned());
    }
    if field.sort {
        words.push("sorted by".to_owned());
    }
    if field.stored {
        words.push("shown".to_owned());
    }
    if words.is_empty() {
        words.push("left out".to_owned());
    }
    let mut more = Vec::new();
    match field.kind {
        FieldKind::Text => {}
        FieldKind::Number => more.push("a number".to_owned()),
        FieldKind::Date => more.push("a date".to_owned()),
    }
    if let Some(days) = field.half_life_days {
        more.push(format!("counts three quarters after {days} days"));
    }
    if let Some(separators) = rules.separators(&field.name) {
        let cut = separators.join(" and ");
        more.push(format!("cells hold several values, cut at {cut}"));
    }
    let more: String = more.iter().map(|more| format!("; {more}")).collect();
    format!("{}{more}", words.join(", "))
}

fn to_json(file: &Path, rules: &Rules, found: &[(&Request, Found)], problems: &[Problem]) -> Json {
    let fields = rules.schema.fields().map(|(_, field)| {
        json!({
            "name": field.name,
            "type": kind_name(field.kind),
            "search": field.weight.is_some(),
            "weight": field.weight,
            "stored": field.stored,
            "facet": field.facet,
            "sort": field.sort,
            "halfLifeDays": field.half_life_days,
            "separators": rules.separators(&field.name),
        })
    });
    let sources = found.iter().map(|(request, found)| {
        json!({ "path": request.path, "found": found.by_kind, "ignored": found.n_ignored })
    });
    json!({
        "file": file,
        "right": problems.is_empty(),
        "problems": problems.iter().map(Problem::as_value).collect::<Vec<_>>(),
        "lang": (!rules.detects_languages).then(|| rules.schema.default_lang()),
        "baseUrl": rules.base_url.as_ref().map(url::Url::as_str),
        "fields": fields.collect::<Vec<_>>(),
        "sources": sources.collect::<Vec<_>>(),
        "synonyms": rules.synonyms.len(),
        "pins": rules.pins.len(),
        "acronyms": rules.harvests_acronyms,
        "suggestions": rules.has_suggestions,
        "related": rules.has_related,
    })
}

/// What `type` in `speir.toml` calls a kind of field.
pub(super) fn kind_name(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "text",
        FieldKind::Number => "number",
        FieldKind::Date => "date",
    }
}
