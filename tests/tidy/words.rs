//! What every file begins with, and what must stand in none.

use crate::sources::{Source, none, sources};

/// Fewest letters that say anything.
const LEAST_SAID: usize = 12;

/// Rust files begin with `//!`, scripts and styles with a comment.
fn has_header(source: &Source) -> bool {
    let mut lines = source
        .text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let first = lines
        .find(|line| !line.starts_with("#!/"))
        .unwrap_or_default();
    // `/*` may stand alone, with what it says on the next line.
    let joined = [first, lines.next().unwrap_or_default()].concat();
    let first = if first == "/*" || first == "/**" {
        &joined
    } else {
        first
    };
    let said = if source.is(&[".rs"]) {
        first.strip_prefix("//!")
    } else {
        first
            .strip_prefix("//")
            .or_else(|| first.strip_prefix("/*"))
    };
    said.is_some_and(|said| said.trim_matches(['*', '/', ' ']).len() >= LEAST_SAID)
}

#[test]
fn every_source_file_begins_with_what_it_is_for() {
    let offences: Vec<String> = sources()
        .iter()
        .filter(|source| source.is(&[".rs", ".ts", ".js", ".mjs", ".cjs", ".css"]))
        .filter(|source| !has_header(source))
        .map(|source| source.path.clone())
        .collect();
    none(
        "a file begins with a comment on what it does, knows and never does (`//!` in Rust)",
        &offences,
    );
}

/// Texts that no file may hold, and why. Written in pieces, so that this file does not hold them.
fn forbidden() -> Vec<(String, &'static [&'static str], &'static str)> {
    let rust: &[&str] = &[".rs"];
    let script: &[&str] = &[".ts", ".js", ".mjs", ".cjs"];
    let any: &[&str] = &[""];
    vec![
        (
            ["#[", "ignore"].concat(),
            rust,
            "no test is skipped: assert today's answer and say why it is wrong",
        ),
        (["test", ".skip("].concat(), script, "no test is skipped"),
        (["it", ".skip("].concat(), script, "no test is skipped"),
        (
            ["describe", ".skip("].concat(),
            script,
            "no test is skipped",
        ),
        (
            [".on", "ly("].concat(),
            script,
            "no test stands in the way of the others",
        ),
        (["skip: ", "true"].concat(), script, "no test is skipped"),
        (
            ["TO", "DO"].concat(),
            &[".rs", ".ts", ".js", ".mjs", ".css", ".md", ".toml"],
            "what is to be done is an issue, not a comment",
        ),
        (
            ["FIX", "ME"].concat(),
            any,
            "what is to be done is an issue, not a comment",
        ),
        (["todo", "!("].concat(), rust, "no stubs"),
        (["unimplemented", "!("].concat(), rust, "no stubs"),
        (
            ["registry.", "npmjs"].concat(),
            any,
            "no registry's host: clients know theirs",
        ),
        (
            ["index.", "crates.io"].concat(),
            any,
            "no registry's host: clients know theirs",
        ),
        (
            ["static.", "crates.io"].concat(),
            any,
            "no registry's host: clients know theirs",
        ),
        (
            ["files.", "pythonhosted"].concat(),
            any,
            "no registry's host: clients know theirs",
        ),
        (
            ["deb.", "debian.org"].concat(),
            any,
            "no registry's host: clients know theirs",
        ),
        (
            ["\"resolved\": \"", "http"].concat(),
            any,
            "no registry's host: `.npmrc` leaves it out of the lock file",
        ),
    ]
}

/// What a file holds that it must not.
fn offences(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (text, _, why) in forbidden()
        .into_iter()
        .filter(|(_, endings, _)| source.is(endings))
    {
        for (at, line) in source
            .text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.contains(&text))
        {
            found.push(format!(
                "{}:{}: {}: {why}",
                source.path,
                at + 1,
                line.trim()
            ));
        }
    }
    found
}

#[test]
fn what_must_stand_in_no_file_stands_in_none() {
    let offences: Vec<String> = sources().iter().flat_map(offences).collect();
    none("not in this repository", &offences);
}

#[test]
fn what_must_stand_in_no_file_is_seen_where_it_stands() {
    for (text, endings, why) in forbidden() {
        let path = format!("some/file{}", endings[0]);
        let source = Source {
            path,
            text: format!("fine\n  {text}\nfine"),
        };
        let found = offences(&source);
        assert!(
            found
                .iter()
                .any(|offence| offence.contains(":2: ") && offence.ends_with(why)),
            "{text}"
        );
    }
    let fine = Source {
        path: "some/file.rs".to_owned(),
        text: "names.iter().skip(1)".to_owned(),
    };
    assert_eq!(offences(&fine), Vec::<String>::new());
}

#[test]
fn headers_are_told_from_code() {
    let source = |path: &str, text: &str| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    assert!(has_header(&source("a.rs", "//! What this room does.\n")));
    assert!(!has_header(&source("a.rs", "// What this room does.\n")));
    assert!(!has_header(&source(
        "a.rs",
        "use std::fmt;\n//! What this room does.\n"
    )));
    assert!(has_header(&source(
        "a.css",
        "/*\n * The look of a thing.\n */"
    )));
    assert!(has_header(&source(
        "a.mjs",
        "#!/usr/bin/env node\n// Runs a thing on a thing."
    )));
    assert!(!has_header(&source("a.ts", "//\nimport x from \"y\";")));
}

/// Where a line names a place of one machine: an absolute path into somebody's home or workplace.
fn machine_path(line: &str) -> Option<&str> {
    // The first folders of paths into somebody's home or workplace, in pieces, so that this file
    // names none itself.
    const FIRST_FOLDERS: &[&str] = &["home", "Users", "root", "work"];
    let homes = FIRST_FOLDERS.iter().map(|folder| format!("/{folder}/"));
    let homes: Vec<String> = homes.chain(["C:\\Users\\".to_owned()]).collect();
    homes.iter().find_map(|home| {
        line.match_indices(home.as_str()).find_map(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = &line[at + home.len()..];
            let starts_a_path = before.is_none_or(|c| " \t\"'`(=<>:".contains(c));
            let goes_on = after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.');
            let deep = home != "/home/" || after.split([' ', '"', '\'', '`']).next()?.contains('/');
            (starts_a_path && goes_on && deep).then(|| &line[at..])
        })
    })
}

#[test]
fn no_file_names_a_place_of_one_machine() {
    let mut offences = Vec::new();
    for source in sources() {
        for (at, line) in source.text.lines().enumerate() {
            if let Some(path) = machine_path(line) {
                offences.push(format!("{}:{}: {path}", source.path, at + 1));
            }
        }
    }
    none("paths are relative to the repository", &offences);
}

#[test]
fn machine_paths_are_told_from_links() {
    let home = ["/ho", "me/ada/speir"].concat();
    let work = ["\"/wo", "rk/main\""].concat();
    assert!(machine_path(&format!("cd {home}")).is_some());
    assert!(machine_path(&work).is_some());
    assert!(machine_path("href=\"/home/\"").is_none());
    assert!(machine_path("https://example.org/work/plans").is_none());
    assert!(machine_path("a path such as docs/work/plan.md").is_none());
}
