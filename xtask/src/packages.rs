//! Debian's package descriptions as records: many short English texts that every Debian has at hand.
//!
//! Knows what apt prints. Brings the long texts, which apt may have been told to leave out, into a
//! folder of xtask's own; changes nothing of the system's.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use serde_json::{Value, json};

use crate::run::{output, work_dir, works};

/// How many packages one call of apt-cache describes; more would overrun the command line.
const BATCH: usize = 500;

/// This many packages as records, taken evenly from the whole list; all of them for the largest
/// number there is. `None` where apt has fewer.
pub(crate) fn packages(n_records: usize) -> Result<Option<Vec<Value>>> {
    let Some(apt) = Apt::new()? else {
        return Ok(None);
    };
    let names = apt.names()?;
    let n_records = if n_records == usize::MAX {
        names.len()
    } else {
        n_records
    };
    if names.len() < n_records || names.is_empty() {
        return Ok(None);
    }
    let step = names.len() / n_records;
    let chosen: Vec<&String> = names.iter().step_by(step).take(n_records).collect();
    let mut records = Vec::with_capacity(n_records);
    for batch in chosen.chunks(BATCH) {
        let shown = output(apt.cache().args(["show", "--no-all-versions"]).args(batch))?;
        records.extend(shown.split("\n\n").filter_map(record));
    }
    Ok(Some(records))
}

/// apt, with lists of its own.
struct Apt {
    options: Vec<OsString>,
}

impl Apt {
    fn new() -> Result<Option<Apt>> {
        if !works(Command::new("apt-cache").arg("--version")) {
            return Ok(None);
        }
        let (lists, cache) = (work_dir("apt/lists")?, work_dir("apt/cache")?);
        let option = |name: &str, path: &PathBuf| {
            let mut option = OsString::from(format!("--option={name}="));
            option.push(path);
            option
        };
        let options = vec![
            option("Dir::State::Lists", &lists),
            option("Dir::Cache", &cache),
            "--option=Acquire::Languages=en".into(),
        ];
        let is_empty = std::fs::read_dir(&lists)?
            .flatten()
            .all(|entry| entry.path().is_dir());
        if is_empty {
            println!("Debian's package descriptions are fetched once, 20 MB.");
            if !works(
                Command::new("apt-get")
                    .args(["update", "--quiet"])
                    .args(&options),
            ) {
                println!("They could not be fetched: `apt-get update` failed.");
                return Ok(None);
            }
        }
        Ok(Some(Apt { options }))
    }

    fn cache(&self) -> Command {
        let mut command = Command::new("apt-cache");
        command.args(&self.options);
        command
    }

    /// The names of all packages that can be had, sorted.
    fn names(&self) -> Result<Vec<String>> {
        let dump = output(self.cache().arg("dumpavail"))?;
        let names = dump
            .lines()
            .filter_map(|line| line.strip_prefix("Package: "));
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort();
        names.dedup();
        Ok(names)
    }
}

/// The record of one paragraph.
fn record(paragraph: &str) -> Option<Value> {
    let name = field(paragraph, "Package")?;
    let (summary, body) = description(paragraph)?;
    Some(json!({
        "id": name,
        "title": name,
        "description": summary,
        "body": body,
        "type": field(paragraph, "Section"),
        "organisations": field(paragraph, "Maintainer").and_then(|who| who.split(" <").next()),
        "topics": field(paragraph, "Priority"),
    }))
}

fn field<'a>(paragraph: &'a str, name: &str) -> Option<&'a str> {
    paragraph
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// The summary and the text below it; a line of one dot parts paragraphs.
fn description(paragraph: &str) -> Option<(&str, String)> {
    let is_start =
        |line: &&str| line.starts_with("Description-en: ") || line.starts_with("Description: ");
    let mut lines = paragraph.lines().skip_while(|line| !is_start(line));
    let (_, summary) = lines.next()?.split_once(": ")?;
    let body: Vec<&str> = lines
        .map_while(|line| line.strip_prefix(' '))
        .map(|line| if line == "." { "" } else { line })
        .collect();
    Some((summary, body.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_becomes_a_record() {
        let paragraph = "Package: bc\nPriority: important\nSection: math\nMaintainer: Ann <a@b.c>\n\
            Description-en: calculator\n It counts.\n .\n And more.\nDescription-md5: 1\n";
        let record = record(paragraph).expect("a record");
        assert_eq!(record["description"], "calculator");
        assert_eq!(record["body"], "It counts.\n\nAnd more.");
        assert_eq!(record["organisations"], "Ann");
    }

    #[test]
    fn a_paragraph_without_a_description_is_none() {
        assert_eq!(record("Package: virtual\nDescription-md5: 1\n"), None);
    }
}
