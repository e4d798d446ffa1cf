//! `--report`: what a build found, told to those who keep the records: a page, text, or JSON.
//!
//! Knows which figures help to keep records well. How they were counted, `figures` knows; how they are
//! shown, `sheet` knows. Knows the clock, to say when it was made.

use std::fs;
use std::path::Path;

use serde_json::{Map, json};
use speir::schema;

use super::figures::{Changes, Figures, Named, Values};
use super::report::Report;
use crate::args::BuildArgs;
use crate::cmd::{ask, count};
use crate::problem::Problem;
use crate::sheet::{self, Cell, Part, Sheet, Table};

/// Most values of a field that are shown: the next ones have few records each.
const VALUES_SHOWN: usize = 20;

/// Fields whose values are told among the records.
const TOLD_ABOVE: [&str; 3] = [schema::LANG, "type", schema::YEAR];

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Refuses reports that could not be written, before any work is done.
pub(super) fn check_places(args: &BuildArgs) -> Result<(), Problem> {
    for file in &args.report {
        let folder = file.parent().filter(|folder| *folder != Path::new(""));
        if file.is_dir() || folder.is_some_and(|folder| !folder.is_dir()) {
            return Err(Problem::new(
                "no-report",
                format!("no report can be written to {}", file.display()),
                "name a file in a folder that is there",
            ));
        }
    }
    Ok(())
}

/// Writes each report that is asked for; where the index is refused, with the reason.
pub(super) fn write(
    report: &Report<'_>,
    figures: &Figures,
    languages: &[(String, u32)],
    changed_bytes: Option<u64>,
    refused: Option<&Problem>,
) -> Result<(), Problem> {
    let mut sheet = sheet(report, figures, languages, changed_bytes);
    sheet.about.insert(
        "refused".to_owned(),
        refused.map_or(serde_json::Value::Null, Problem::as_value),
    );
    if let (Some(problem), Some(summary)) = (refused, sheet.parts.first_mut()) {
        let reason = format!("This index is not published: {problem}.");
        summary.sentences.insert(0, reason);
    }
    for file in &report.args.report {
        let ending = file.extension().and_then(|ending| ending.to_str());
        let text = match ending {
            Some("html") => sheet::page(&sheet),
            Some("json") => sheet.to_json().to_string() + "\n",
            _ => sheet::text(&sheet),
        };
        fs::write(file, text).map_err(|error| Problem::io("write", file, &error))?;
    }
    Ok(())
}

fn sheet(
    report: &Report<'_>,
    figures: &Figures,
    languages: &[(String, u32)],
    changed_bytes: Option<u64>,
) -> Sheet {
    let day = ask::today(None);
    let out = report.args.out.display();
    let what = match report.args.dry_run {
        true => "Made by a dry run, so that nothing was published,",
        false => "Made",
    };
    let mut about = Map::new();
    about.insert("speir".to_owned(), json!(VERSION));
    about.insert("made".to_owned(), json!(day));
    about.insert("out".to_owned(), json!(report.args.out));
    about.insert("dryRun".to_owned(), json!(report.args.dry_run));
    Sheet {
        title: format!("Search index in {out}"),
        made: format!("{what} on {day} with speir {VERSION}."),
        about,
        parts: vec![
            summary(report),
            records(report, figures, languages),
            fields(report, figures),
            facets(report, figures),
            left_out(report),
            headings(report),
            documents(report),
            first_search(report),
            changes(figures.changes.as_ref(), changed_bytes),
        ],
    }
}

/// A table of things and how many, or how large, each is.
fn amounts(key: &str, caption: &str, rows: Vec<(&str, Cell)>) -> Table {
    let rows = rows
        .into_iter()
        .map(|(what, cell)| vec![Cell::text(what), cell]);
    let columns = [("what", "What"), ("amount", "How much")];
    Table::new(key, caption, &columns, rows.collect())
}

fn summary(report: &Report<'_>) -> Part {
    let mut part = Part::new("summary", "In short");
    let warnings = report.warnings();
    if warnings.is_empty() {
        part.say("Nothing needs a look.");
    }
    for (_, message) in warnings {
        let mut letters = message.chars();
        let first = letters.next().map(char::to_uppercase);
        let sentence: String = first.into_iter().flatten().chain(letters).collect();
        part.say(sentence + ".");
    }
    let n = |n: usize| Cell::Count(n as u64);
    part.tables.push(amounts(
        "amounts",
        "The index and what went into it",
        vec![
            ("Records", n(report.n_records)),
            ("Records left out", n(report.skipped.len())),
            ("Records that became one with another", n(report.n_joined)),
            (
                "Pages that became one with the same in another language",
                n(report.n_versions),
            ),
            ("Documents", n(report.documents.n_documents())),
            ("Synonyms", n(report.n_synonyms)),
            ("Pins", n(report.n_pins)),
            ("Files of the index", n(report.n_files)),
            ("Size of the index", Cell::Bytes(report.n_index_bytes)),
        ],
    ));
    part
}

fn shares<'v>(
    key: &str,
    caption: &str,
    heading: &'static str,
    values: impl IntoIterator<Item = (&'v str, u64)>,
    n_records: u64,
) -> Table {
    let rows = values.into_iter().map(|(value, n)| {
        let mut row = vec![Cell::text(value)];
        row.extend(Cell::count_and_share(n, n_records));
        row
    });
    let columns = [
        ("value", heading),
        ("records", "Records"),
        ("share", "Share of records"),
    ];
    Table::new(key, caption, &columns, rows.collect())
}

fn records(report: &Report<'_>, figures: &Figures, languages: &[(String, u32)]) -> Part {
    let mut part = Part::new("records", "Records");
    let n_records = report.n_records as u64;
    let sources = figures.by_source.iter();
    let sources: Vec<(String, u64)> = sources
        .map(|(path, n)| (path.display().to_string(), *n))
        .collect();
    let sources = sources.iter().map(|(path, n)| (path.as_str(), *n));
    part.show(
        shares(
            "bySource",
            "Records by source",
            "Source",
            sources,
            n_records,
        ),
        "No source gave a record.",
    );
    part.show(
        shares(
            "byYear",
            "Records by year",
            "Year",
            figures.years.newest(),
            n_records,
        ),
        "No record has a year or a date.",
    );
    part.show(
        shares(
            "byType",
            "Records by type",
            "Type",
            figures.types.commonest(),
            n_records,
        ),
        "No record has a type.",
    );
    let mut languages: Vec<&(String, u32)> = languages.iter().collect();
    languages.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let rows = languages.into_iter().map(|(lang, n)| {
        let n_told = report.told.get(lang).copied().unwrap_or_default();
        let mut row = vec![Cell::text(lang.as_str())];
        row.extend(Cell::count_and_share(u64::from(*n), n_records));
        row.push(Cell::Count(u64::from(n_told)));
        row
    });
    let columns = [
        ("lang", "Language"),
        ("records", "Records"),
        ("share", "Share of records"),
        ("told", "Told by their words"),
    ];
    let table = Table::new(
        "byLanguage",
        "Records by language",
        &columns,
        rows.collect(),
    );
    part.show(table, "No record has a language.");
    part
}

fn fields(report: &Report<'_>, figures: &Figures) -> Part {
    let mut part = Part::new("fields", "Fields");
    part.say("How many records have something in each field; a field that few have may be hard to filter by.");
    let mut filled: Vec<(&str, u64)> = figures
        .filled
        .iter()
        .map(|(name, n)| (name.as_str(), *n))
        .collect();
    filled.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let table = shares(
        "filled",
        "Fields that are filled",
        "Field",
        filled,
        report.n_records as u64,
    );
    part.show(table, "No record has a field.");
    part
}

fn facets(report: &Report<'_>, figures: &Figures) -> Part {
    let mut part = Part::new("facets", "What can be filtered by");
    part.say("Besides language, type and year, which are among the records.");
    let facets = figures.facets.iter();
    for (name, values) in facets.filter(|(name, _)| !TOLD_ABOVE.contains(&name.as_str())) {
        let mut commonest = values.commonest();
        let n_different = commonest.len();
        commonest.truncate(VALUES_SHOWN);
        let caption = format!("Commonest values of {name}");
        let mut table = shares(name, &caption, "Value", commonest, report.n_records as u64);
        table.rest = rest(values, n_different);
        part.show(table, &format!("No record has {name}."));
    }
    part
}

/// `And 12 other values.`
fn rest(values: &Values, n_different: usize) -> Option<String> {
    let n_more = n_different.saturating_sub(VALUES_SHOWN);
    match (n_more, values.n_others) {
        (0, _) => None,
        (n_more, 0) => Some(format!("And {}.", count(n_more as u64, "other value"))),
        (n_more, n_others) => Some(format!(
            "And {n_more} other values, and more that {n_others} records have."
        )),
    }
}

fn left_out(report: &Report<'_>) -> Part {
    let mut part = Part::new("leftOut", "What was left out, and why");
    for note in report.notes.iter().filter(|note| note.kind != HEADINGS) {
        part.say(format!("{}.", note.message));
    }
    for (n, what) in [
        (report.n_ignored, "with another ending"),
        (report.n_beside_pages, "of JSON or CSV among web pages"),
    ] {
        if n > 0 {
            part.say(format!("{} {what}.", count(n as u64, "file")));
        }
    }
    let rows = report.skipped.iter().map(|problem| {
        let place = &problem.place;
        let file = place.file.as_ref();
        vec![
            Cell::text(file.map_or_else(String::new, |file| file.display().to_string())),
            place.row.or(place.line).map_or(Cell::Nothing, Cell::Count),
            Cell::text(place.id.clone().unwrap_or_default()),
            Cell::text(place.field.clone().unwrap_or_default()),
            Cell::text(problem.reason.as_str()),
            Cell::text(problem.advice.as_str()),
        ]
    });
    let columns = [
        ("file", "File"),
        ("line", "Row or line"),
        ("id", "Record"),
        ("field", "Field"),
        ("reason", "What is wrong"),
        ("advice", "What to do"),
    ];
    let table = Table::new(
        "skipped",
        "Records that could not be read",
        &columns,
        rows.collect(),
    );
    part.show(table, "Every record was read.");
    part
}

/// What notes of headings without ids are called.
const HEADINGS: &str = "headings-without-ids";

fn headings(report: &Report<'_>) -> Part {
    let mut part = Part::new("headings", "Headings without an id");
    let notes = report.notes.iter().filter(|note| note.kind == HEADINGS);
    let items = notes.flat_map(|note| &note.items);
    let cell =
        |item: &serde_json::Value, key: &str| Cell::text(item[key].as_str().unwrap_or_default());
    let rows = items.map(|item| {
        ["file", "heading", "id"]
            .map(|key| cell(item, key))
            .to_vec()
    });
    let columns = [
        ("file", "Page"),
        ("heading", "Heading"),
        ("id", "An id that it could have"),
    ];
    let rows: Vec<Vec<Cell>> = rows.collect();
    if !rows.is_empty() {
        part.say("A result that is found below such a heading leads to what is above it.");
    }
    let table = Table::new("headings", "Headings without an id", &columns, rows);
    part.show(table, "None, as far as pages were read.");
    part
}

fn documents(report: &Report<'_>) -> Part {
    let mut part = Part::new("documents", "Documents for people who do not see them");
    let documents = &report.documents;
    let n = documents.n_documents() as u64;
    let rows: Vec<Vec<Cell>> = documents
        .by_file()
        .map(|(file, lacks)| {
            let lacks = lacks.map(|lacks| Cell::text(lacks.unwrap_or_else(|| "fine".to_owned())));
            let mut row = vec![Cell::text(file.display().to_string())];
            row.extend(lacks);
            row
        })
        .collect();
    if n > 0 {
        let n_lacking = rows.len();
        part.say(format!(
            "{} read, {n_lacking} of them with something missing.",
            count(n, "document")
        ));
    }
    let columns = [
        ("file", "Document"),
        ("tags", "Tags"),
        ("title", "Title"),
        ("lang", "Language"),
        ("imageOnly", "Pages without text"),
    ];
    let table = Table::new("lacking", "Documents that lack something", &columns, rows);
    part.show(
        table,
        match n {
            0 => "There are no documents among the sources.",
            _ => "None lacks anything that is looked for.",
        },
    );
    part
}

fn first_search(report: &Report<'_>) -> Part {
    let mut part = Part::new("firstSearch", "What the first search costs a reader");
    let first = &report.first_search;
    let (n_browser_bytes, n_manifest_bytes) = first.fixed_bytes();
    part.say(format!(
        "With nothing in the browser's cache, until the first page of results is there; measured with \
         {} made from titles.",
        match first.n_queries() {
            1 => "1 query".to_owned(),
            n => format!("{n} queries"),
        }
    ));
    let rows = first
        .costs()
        .into_iter()
        .map(|(what, query, n_bytes, n_requests)| {
            vec![
                Cell::text(what),
                Cell::text(query),
                Cell::Bytes(n_bytes),
                Cell::Count(n_requests),
            ]
        });
    let columns = [
        ("what", "What"),
        ("query", "Query"),
        ("bytes", "Size"),
        ("requests", "Requests"),
    ];
    let caption = "First page of results";
    part.tables
        .push(Table::new("costs", caption, &columns, rows.collect()));
    part.tables.push(amounts(
        "fixed",
        "What every first search takes of that",
        vec![
            ("Browser files", Cell::Bytes(n_browser_bytes)),
            ("index.json", Cell::Bytes(n_manifest_bytes)),
        ],
    ));
    part
}

fn changes(changes: Option<&Changes>, changed_bytes: Option<u64>) -> Part {
    let mut part = Part::new("changes", "What changed since the published index");
    let Some(changes) = changes else {
        part.say("There was no index to compare with, or too large a one.");
        return part;
    };
    let removed = changes.removed();
    part.say("A record has changed if its title, link or a field that is shown has.");
    let mut rows = vec![
        ("Records before", Cell::Count(changes.n_former)),
        ("Added", Cell::Count(changes.added.n)),
        ("Changed", Cell::Count(changes.changed.n)),
        ("Removed", Cell::Count(removed.n)),
        ("As before", Cell::Count(changes.n_same)),
    ];
    if let Some(n_bytes) = changed_bytes {
        rows.push((
            "Files that are new to a reader who has been there",
            Cell::Bytes(n_bytes),
        ));
    }
    part.tables.push(amounts("amounts", "Changes", rows));
    for (key, caption, named) in [
        ("added", "Records that were added", &changes.added),
        ("changed", "Records that changed", &changes.changed),
        ("removed", "Records that were removed", &removed),
    ] {
        if named.n > 0 {
            part.tables.push(names(key, caption, named));
        }
    }
    part
}

fn names(key: &str, caption: &str, named: &Named) -> Table {
    let rows = named.first.iter();
    let rows = rows.map(|(id, title)| vec![Cell::text(id.as_str()), Cell::text(title.as_str())]);
    let mut table = Table::new(
        key,
        caption,
        &[("id", "Record"), ("title", "Title")],
        rows.collect(),
    );
    let n_more = named.n - named.first.len() as u64;
    table.rest = (n_more > 0).then(|| format!("And {n_more} more."));
    table
}
