//! `speir init`: settings to begin with, written by looking at the sources.
//!
//! Knows how `speir.toml` is written, with comments. What is in the sources, `look` sees; what that
//! asks for, `propose` knows. Never writes over a file unless it is told to.

mod look;
mod propose;

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::check_config::kind_name;
use super::{count, print};
use crate::args::InitArgs;
use crate::config::{self, CONFIG_NAME, Rules};
use crate::input::{self, Format, Request, Sources};
use crate::problem::{Problem, plain, shorten};
use look::Seen;
use propose::Proposal;

/// Most fields that are proposed to be searched: an index has 64 searched fields at most, and those with
/// a meaning of their own are among them.
const MOST_SEARCHED: usize = 40;
/// Most fields that are written down.
const MOST_FIELDS: usize = 200;
/// Values of a field that its comment shows, and the most characters of each.
const VALUES_SHOWN: usize = 4;
const MOST_IN_SHOWN: usize = 30;
/// Of a hundred records so many are in one language where it is taken to be that of all.
const OF_ONE_LANGUAGE: u32 = 95;

/// The name of the folder that is proposed to publish to.
const PUBLISHED: &str = "search";

/// Looks at the sources, writes the file, and says what comes next.
pub(crate) fn run(args: &InitArgs) -> Result<(), Problem> {
    let path = Path::new(CONFIG_NAME);
    if path.exists() && !args.force {
        return Err(there_already());
    }
    let requests = args.sources.iter().map(|path| Request {
        path: path.clone(),
        format: args.format,
        ..Request::default()
    });
    let requests: Vec<Request> = requests.collect();
    let mut rules = Rules::default();
    let published = published(&requests);
    let mut sources = input::find(&requests, published.iter().map(PathBuf::as_path))?;
    let undescribed = input::pair(&mut sources, &rules)?;
    let base_url = look::base_url(&sources);
    let has_records = |format: Format| !matches!(format, Format::Document(_));
    let is_expected = sources.files.iter().any(|file| has_records(file.format));
    let kinds = requests.iter().map(|request| kind_of(request, &published));
    let kinds = kinds.collect::<Result<Vec<_>, _>>()?;
    let mut seen = look::look(&mut sources, &mut rules);
    seen.n_refused += undescribed.len();
    if seen.records.is_empty()
        && is_expected
        && let Some(problem) = seen.refused.take()
    {
        return Err(problem);
    }
    let proposals = propose::propose(&seen.records, &rules);
    let languages = look::languages(&seen.records, &rules);
    let text = [
        heading(&requests),
        language(&languages),
        address(base_url.as_deref(), &sources),
        places(&requests, &kinds),
        fields(&proposals, &seen),
    ]
    .concat();
    let (_, problems) = config::parse(path, &text);
    if let Some(problem) = problems.into_iter().next() {
        return Err(problem);
    }
    write(path, &text, args.force)?;
    print(|out| out.write_all(told(&requests, &sources, &proposals, &seen).as_bytes()))
}

fn there_already() -> Problem {
    Problem::new(
        "file-exists",
        format!("there is a {CONFIG_NAME} in this folder already"),
        "see what it means with `speir check-config`, or write over it with --force",
    )
}

fn write(path: &Path, text: &str, is_forced: bool) -> Result<(), Problem> {
    let mut options = OpenOptions::new();
    options.write(true);
    match is_forced {
        true => options.create(true).truncate(true),
        false => options.create_new(true),
    };
    let written = options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => there_already(),
        _ => Problem::io("write", path, &error),
    })
}

/// The indexes that were published where [`told`] would have them: they are no sources.
fn published(requests: &[Request]) -> Vec<PathBuf> {
    let folders = requests.iter().map(|request| request.path.join(PUBLISHED));
    folders
        .chain([PathBuf::from(PUBLISHED)])
        .filter(|folder| folder.join(speir::MANIFEST_NAME).is_file())
        .collect()
}

/// What a source holds, for its comment.
fn kind_of(request: &Request, published: &[PathBuf]) -> Result<String, Problem> {
    let no_sources = published.iter().map(PathBuf::as_path);
    let found = input::find(std::slice::from_ref(request), no_sources)?;
    Ok(super::check_config::Found::of(&found).in_words())
}

fn heading(requests: &[Request]) -> String {
    let names: Vec<String> = requests.iter().map(|one| shown(&one.path)).collect();
    format!(
        "# The settings of `speir build`, proposed by `speir init` after a look at {}.\n\
         # What is not said here stays as it is for everybody. `speir check-config` says what all this means.\n",
        names.join(", ")
    )
}

fn language(languages: &[(String, u32)]) -> String {
    let n_records: u32 = languages.iter().map(|(_, n)| n).sum();
    let told = languages.iter().map(|(lang, n)| format!("{lang} in {n}"));
    let told: Vec<String> = told.collect();
    let (is_one, lang) = match languages.first() {
        Some((lang, n)) => (n * 100 >= n_records * OF_ONE_LANGUAGE, lang.as_str()),
        None => (false, "en"),
    };
    match is_one {
        true => format!(
            "\n# The language of records that do not say theirs. Of {}: {}.\nlang = {}\n",
            count(u64::from(n_records), "record"),
            told.join(", "),
            quoted(lang),
        ),
        false if told.is_empty() => format!(
            "\n# The language of records that do not say theirs; without this, told by their words.\n\
             # lang = {}\n",
            quoted(lang)
        ),
        false => format!(
            "\n# The language of records that do not say theirs; without this, told by their words. Of {}:\n\
             # {}.\n# lang = {}\n",
            count(u64::from(n_records), "record"),
            told.join(", "),
            quoted(lang)
        ),
    }
}

fn address(base_url: Option<&str>, sources: &Sources) -> String {
    let has_pages = sources.files.iter().any(|file| !file.pages.is_empty());
    match base_url {
        Some(base) => format!(
            "\n# What relative links and the paths of pages are joined to, as the pages themselves have it.\n\
             base-url = {}\n",
            quoted(base)
        ),
        None => format!(
            "\n# What relative links{} are joined to.\n# base-url = \"https://example.org/\"\n",
            if has_pages {
                " and the paths of pages"
            } else {
                ""
            }
        ),
    }
}

fn places(requests: &[Request], kinds: &[String]) -> String {
    let mut text = "\n# Where records come from.\n".to_owned();
    for (request, kind) in requests.iter().zip(kinds) {
        // Writing into a String does not fail; the same below.
        let _ = writeln!(
            text,
            "# {}: {kind}.\n[[sources]]\npath = {}",
            shown(&request.path),
            quoted(&request.path.to_string_lossy()),
        );
        let format = request
            .format
            .as_ref()
            .and_then(clap::ValueEnum::to_possible_value);
        if let Some(format) = format {
            let _ = writeln!(text, "format = {}", quoted(format.get_name()));
        }
        text.push('\n');
    }
    text
}

fn fields(proposals: &[Proposal], seen: &Seen) -> String {
    let mut text = String::new();
    if proposals.is_empty() {
        text.push_str(
            "# What fields are for: all that were seen have a meaning already. To change one:\n\
             # [fields.description]\n# weight = 2.0\n",
        );
        return text;
    }
    let of = match seen.is_whole {
        true => format!("{}", seen.records.len()),
        false => format!("the first {}", seen.records.len()),
    };
    let _ = writeln!(
        text,
        "# What fields are for, as far as {of} records show it."
    );
    let mut n_searched = 0;
    for proposal in proposals.iter().take(MOST_FIELDS) {
        n_searched += usize::from(proposal.search);
        let is_searched = proposal.search && n_searched <= MOST_SEARCHED;
        text.push_str(&field(proposal, is_searched, seen.is_whole));
    }
    if proposals.len() > MOST_FIELDS {
        let n_more = (proposals.len() - MOST_FIELDS) as u64;
        let _ = writeln!(
            text,
            "\n# {} are not named here.",
            count(n_more, "more field")
        );
    }
    text
}

fn field(proposal: &Proposal, is_searched: bool, is_whole: bool) -> String {
    let values = proposal.values.iter().take(VALUES_SHOWN);
    let values: Vec<String> = values.map(|value| shorten(value, MOST_IN_SHOWN)).collect();
    let more = if proposal.values.len() > VALUES_SHOWN {
        ", ..."
    } else {
        ""
    };
    let mut text = format!(
        "\n# In {}, with {}: {}{more}\n[fields.{}]\n",
        count(proposal.n_records as u64, "record"),
        count(proposal.values.len() as u64, "different value"),
        values.join(", "),
        key(&proposal.name),
    );
    if let Some(kind) = proposal.kind {
        if !is_whole {
            // One record further on that is otherwise, and the build would stop there.
            text.push_str("# Take the # away if it holds for all records, not only the first.\n# ");
        }
        let _ = writeln!(text, "type = {}", quoted(kind_name(kind)));
        text.push_str("sort = true\n");
    }
    if let Some(separator) = proposal.separator {
        let _ = writeln!(text, "list = true\nseparator = {}", quoted(separator));
    }
    if is_searched {
        text.push_str("search = true\n");
    }
    if proposal.facet {
        text.push_str("facet = true\n");
    }
    if proposal.kind.is_none() && !is_searched && !proposal.facet {
        text.push_str("# Kept and shown. To search it: search = true\n");
    }
    text
}

/// What was written, and what to type next.
fn told(requests: &[Request], sources: &Sources, proposals: &[Proposal], seen: &Seen) -> String {
    let mut text = format!(
        "Wrote {CONFIG_NAME} after a look at {} of {}.\n",
        count(seen.records.len() as u64, "record"),
        count(requests.len() as u64, "source"),
    );
    if !proposals.is_empty() {
        let names: Vec<String> = proposals.iter().map(|one| plain(&one.name)).collect();
        let _ = writeln!(text, "Fields with settings: {}.", names.join(", "));
    }
    if let Some(problem) = &seen.refused {
        let _ = writeln!(
            text,
            "{} could not be read, the first as {problem}; `speir build` stops there, or goes on \
             without with --on-error skip.",
            count(seen.n_refused as u64, "record"),
        );
    }
    let site = sources
        .files
        .iter()
        .find(|file| file.format == Format::Html && file.path.is_dir());
    let out = match site {
        Some(site) => site.path.join(PUBLISHED),
        None => PathBuf::from(PUBLISHED),
    };
    let out = out.to_string_lossy().into_owned();
    let out = match out.contains([' ', '\'', '"', '(', '&', ';']) {
        true => format!("'{}'", out.replace('\'', r"'\''")),
        false => out,
    };
    let _ = writeln!(
        text,
        "See what it means:  speir check-config\nBuild the index:    speir build --out {out}"
    );
    text
}

fn shown(path: &Path) -> String {
    plain(&path.display().to_string())
}

/// A name as a key of TOML.
fn key(name: &str) -> String {
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    match !name.is_empty() && name.chars().all(is_bare) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

/// A text as a string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_and_path_can_be_written() {
        for name in [
            "funder",
            "Funder name",
            "a.b",
            "\"q\"",
            "C:\\x",
            "tab\there",
            "\u{7f}",
            "é",
            "",
        ] {
            let text = format!("{} = {}\n", key(name), quoted(name));
            let table: toml::Table = toml::from_str(&text).unwrap();
            assert_eq!(table[name].as_str(), Some(name), "{text}");
        }
    }
}
