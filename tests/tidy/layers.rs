//! Who may name whom in `core/src`, as ARCHITECTURE.md draws it.
//!
//! A room is a file or folder directly in `core/src`. Its code names another by `crate::room`;
//! unit tests at the end of a file may name anything.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources::{Source, none, source, sources};

/// Rooms that every room may name: small plain types, the two kinds of error, one sort, one table, texts.
const LEAVES: &[&str] = &["ids", "error", "value", "date", "sort", "table", "texts"];

/// Each room and the rooms that it may name besides the leaves. ARCHITECTURE.md repeats this table.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("ids", &[]),
    ("error", &[]),
    ("value", &[]),
    ("date", &[]),
    ("sort", &[]),
    ("table", &[]),
    ("texts", &[]),
    ("text", &[]),
    ("schema", &[]),
    ("record", &[]),
    ("format", &["schema"]),
    ("vocabulary", &[]),
    ("language", &["text"]),
    (
        "build",
        &[
            "record",
            "vocabulary",
            "schema",
            "text",
            "language",
            "format",
            "rank",
        ],
    ),
    ("index", &["format", "schema"]),
    ("query", &["schema", "text"]),
    ("rank", &[]),
    ("facets", &["format"]),
    (
        "search",
        &[
            "index", "query", "rank", "facets", "text", "format", "schema",
        ],
    ),
    ("memory", &["build", "format", "index", "query", "search"]),
];

/// The room of a file of `core/src`, or `None` for `lib.rs`, which names all of them.
fn room(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("core/src/")?;
    let name = inside.split('/').next()?;
    let name = name.strip_suffix(".rs").unwrap_or(name);
    (name != "lib").then_some(name)
}

/// The first parts of all `crate::` paths in a line of code, `{}` groups opened.
fn named(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap_or_default();
    let mut found = Vec::new();
    for (at, start) in code.match_indices("crate::") {
        // `$crate::` in a macro names the same crate; `xcrate::` names another.
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + start.len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(group) => top_level(group),
            None => vec![rest],
        };
        for name in names {
            let name = name.trim();
            let end = name
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(name.len());
            if end > 0 {
                found.push(name[..end].to_owned());
            }
        }
    }
    found
}

/// The items of a `{}` group, those of groups within it left together.
fn top_level(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut items) = (0_usize, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(&group[start..at]);
                return items;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(&group[start..]);
    items
}

/// The statements of a file's code: lines, with a `use` over several lines as one.
fn statements(source: &Source) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (at, line) in source.code_lines() {
        let code = line.split("//").next().unwrap_or_default().trim();
        match found.last_mut() {
            Some((_, statement)) if open => statement.push_str(code),
            _ => found.push((at, code.to_owned())),
        }
        let begins =
            code.starts_with("use ") || (code.starts_with("pub") && code.contains(" use "));
        open = (open || begins) && !code.ends_with(';');
    }
    found
}

fn core_files() -> impl Iterator<Item = (&'static str, &'static Source)> {
    sources()
        .iter()
        .filter(|source| source.is(&[".rs"]) && !source.is_tests())
        .filter_map(|source| Some((room(&source.path)?, source)))
}

/// Who names whom: each arrow with the places where it is.
fn arrows() -> BTreeMap<(String, String), Vec<String>> {
    let mut arrows: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for (room, source) in core_files() {
        for (at, statement) in statements(source) {
            for name in named(&statement).into_iter().filter(|name| name != room) {
                let place = format!("{}:{at}", source.path);
                arrows
                    .entry((room.to_owned(), name))
                    .or_default()
                    .push(place);
            }
        }
    }
    arrows
}

#[test]
fn no_room_names_one_that_it_may_not() {
    let mut offences = Vec::new();
    for ((room, named), places) in arrows() {
        let Some((_, allowed)) = MAY_NAME.iter().find(|(name, _)| *name == room) else {
            offences.push(format!(
                "the room `{room}` is in no table: write it into this test and ARCHITECTURE.md"
            ));
            continue;
        };
        if named.starts_with(char::is_uppercase) {
            offences.push(format!(
                "`{room}` names `crate::{named}`: name its room instead, at {}",
                places.join(", ")
            ));
        } else if !allowed.contains(&named.as_str()) && !LEAVES.contains(&named.as_str()) {
            offences.push(format!("`{room}` names `{named}` at {}", places.join(", ")));
        }
    }
    none(
        "a room names only those that ARCHITECTURE.md lets it",
        &offences,
    );
}

#[test]
fn no_two_rooms_name_each_other() {
    let arrows = arrows();
    let both: Vec<String> = arrows
        .keys()
        .filter(|(from, to)| from < to && arrows.contains_key(&(to.clone(), from.clone())))
        .map(|(from, to)| format!("{from} and {to}"))
        .collect();
    none("arrows between rooms go one way", &both);
}

#[test]
fn the_table_has_no_circles_and_no_rooms_that_are_not_there() {
    let mut settled: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = settled.len();
        for (room, allowed) in MAY_NAME {
            if allowed.iter().all(|name| settled.contains(name)) {
                settled.insert(room);
            }
        }
        if settled.len() == before {
            break;
        }
    }
    let rooms: BTreeSet<&str> = MAY_NAME.iter().map(|(room, _)| *room).collect();
    assert_eq!(
        settled, rooms,
        "the rooms that are only in the second line name each other in a circle"
    );
    let there: BTreeSet<&str> = core_files().map(|(room, _)| room).collect();
    assert_eq!(rooms, there, "the table and core/src differ");
}

#[test]
fn no_room_reaches_the_crate_by_its_parent() {
    let mut offences = Vec::new();
    for (room, source) in core_files() {
        let is_door =
            source.path == format!("core/src/{room}.rs") || source.path.ends_with("/mod.rs");
        for (at, line) in source.code_lines() {
            let code = line.split("//").next().unwrap_or_default();
            if code.contains("super::super::")
                || (is_door && code.contains("super::") && !code.contains("(in super"))
            {
                offences.push(format!("{}:{at}: {}", source.path, line.trim()));
            }
        }
    }
    none(
        "another room is named by `crate::`, where this test sees it",
        &offences,
    );
}

/// The arrows that a page draws: `room ──► one, other`, where `a ──► b ──► c` lets `a` name both.
fn drawn(page: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut drawn: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in page.lines().filter(|line| line.contains("──►")) {
        let stations: Vec<Vec<String>> = line
            .split("──►")
            .map(|names| {
                names
                    .split(',')
                    .map(|name| name.split('(').next().unwrap_or_default().trim().to_owned())
            })
            .map(Iterator::collect)
            .collect();
        for (at, from) in stations.iter().enumerate() {
            for to in stations.iter().skip(at + 1).flatten() {
                drawn.entry(from.join(",")).or_default().insert(to.clone());
            }
        }
    }
    drawn
}

#[test]
fn architecture_draws_the_same_arrows() {
    let page = &source("ARCHITECTURE.md").text;
    let section = page
        .split("Who may name whom")
        .nth(1)
        .expect("ARCHITECTURE.md says who may name whom");
    let block = section.split("```").nth(1).expect("as a drawing");
    let drawn = drawn(block);
    let as_set = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(
        drawn.get("every room"),
        Some(&as_set(LEAVES)),
        "what every room may name"
    );
    for (room, allowed) in MAY_NAME {
        let arrows = drawn.get(*room).cloned().unwrap_or_default();
        let arrows: BTreeSet<String> = arrows
            .into_iter()
            .filter(|name| name != "nothing of ours")
            .collect();
        assert_eq!(
            arrows,
            as_set(allowed),
            "the arrows of `{room}` in ARCHITECTURE.md and in this test"
        );
    }
}

#[test]
fn names_are_read_out_of_code() {
    assert_eq!(named("use crate::index::{Index, Step};"), ["index"]);
    assert_eq!(
        named("use crate::{ids::DocId, text::{fold, tokens}, rank};"),
        ["ids", "text", "rank"]
    );
    assert_eq!(
        named("let x = crate::rank::idf(1); // crate::build is not named"),
        ["rank"]
    );
    assert_eq!(named("use crate::Record;"), ["Record"]);
    assert_eq!(named("use mycrate::thing;"), Vec::<String>::new());
}
