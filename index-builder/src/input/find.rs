//! Which files there are to read: those that a command line or `speir.toml` names, folders with all
//! below them.
//!
//! Knows file names and endings, and the patterns that let files in and out. Reads no file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobSet;

use super::{Format, Settings, Source};
use crate::document::Kind;
use crate::problem::Problem;

/// The endings that are read, for messages.
const ENDINGS: &str = ".json, .jsonl, .ndjson, .csv, .tsv, .html, .htm, \
    .pdf, .docx, .odt, .pptx, .xlsx, .ods, .txt";

/// Texts that stand in many folders and are for machines or for whoever unpacks them.
const NO_DOCUMENTS: [&str; 9] = [
    "ads.txt",
    "humans.txt",
    "licence.txt",
    "license.txt",
    "llms.txt",
    "readme.txt",
    "requirements.txt",
    "robots.txt",
    "security.txt",
];

/// Pages that servers show in the place of others: nobody looks for them.
const NO_PAGES: [&str; 4] = ["404.html", "404.htm", "50x.html", "500.html"];

/// A source as it is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// The file or folder.
    pub(crate) path: PathBuf,
    /// How it is written, where the endings do not say.
    pub(crate) format: Option<Format>,
    /// What paths below the folder have to match, and what they must not.
    pub(crate) include: Option<GlobSet>,
    pub(crate) exclude: Option<GlobSet>,
    /// What is said of it besides.
    pub(crate) settings: Arc<Settings>,
}

/// The files that were found.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// What is to be read, in order.
    pub(crate) files: Vec<Source>,
    /// Files in folders that were passed over, as their endings say that they hold no records.
    pub(crate) n_ignored: usize,
    /// Files of records that lie in folders of web pages: passed over, unless they describe documents.
    pub(crate) beside_pages: Vec<Source>,
}

/// Finds the files: files as they are, folders with all below them, sorted by path. A folder that holds
/// web pages is a site: its pages are one source, and what data lies among them is not read, as sites
/// have much that holds no records. Hidden files are left out, and so is what is no source: the folder
/// that is written, and files that the settings name.
pub(crate) fn find<'a>(
    requests: &[Request],
    no_sources: impl IntoIterator<Item = &'a Path>,
) -> Result<Sources, Problem> {
    let no_sources: Vec<PathBuf> = no_sources
        .into_iter()
        .filter_map(|path| fs::canonicalize(path).ok())
        .collect();
    let mut found = Sources::default();
    for request in requests {
        let source = &request.path;
        let about = fs::metadata(source).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Problem::new(
                "not-found",
                format!("there is no file or folder {}", source.display()),
                "check the name, and the folder you are in",
            ),
            _ => Problem::io("read", source, &error),
        })?;
        if about.is_dir() {
            find_below(request, &no_sources, &mut found)?;
        } else {
            let format = request
                .format
                .or_else(|| format_of(source))
                .ok_or_else(|| unknown_ending(source))?;
            let mut file = Source::file(source.clone(), format, &request.settings);
            if format == Format::Html {
                file.pages.push(source.clone());
            }
            found.files.push(file);
        }
    }
    Ok(found)
}

/// True for files that a folder is searched for.
pub(crate) fn is_source(path: &Path) -> bool {
    format_of(path).is_some()
}

/// Whether files of a format hold records in one folder and settings of programs in another.
fn is_data(format: Format) -> bool {
    matches!(format, Format::Json | Format::Jsonl | Format::Csv)
}

/// What a folder holds.
#[derive(Default)]
struct Below {
    pages: Vec<PathBuf>,
    files: Vec<(PathBuf, Format)>,
    n_ignored: usize,
}

fn find_below(
    request: &Request,
    no_sources: &[PathBuf],
    found: &mut Sources,
) -> Result<(), Problem> {
    let mut below = Below::default();
    walk(&request.path, request, no_sources, &mut below)?;
    found.n_ignored += below.n_ignored;
    let settings = &request.settings;
    let is_site = match request.format {
        Some(format) => format == Format::Html,
        None => !below.pages.is_empty(),
    };
    if is_site {
        if below.pages.is_empty() {
            return Err(nothing_in(
                &request.path,
                below.n_ignored + below.files.len(),
            ));
        }
        let site = Source::file(request.path.clone(), Format::Html, settings);
        found.files.push(Source {
            pages: below.pages,
            ..site
        });
        for (path, format) in below.files {
            if request.format.is_some() {
                found.n_ignored += 1;
                continue;
            }
            let file = Source {
                is_of_site: true,
                ..request.file(path, format)
            };
            match is_data(format) {
                true => found.beside_pages.push(file),
                false => found.files.push(file),
            }
        }
        return Ok(());
    }
    found.n_ignored += below.pages.len();
    if below.files.is_empty() {
        let n_others = below.n_ignored + below.pages.len();
        return Err(nothing_in(&request.path, n_others));
    }
    for (path, own) in below.files {
        // Nobody means the documents who says how the tables beside them are written.
        let is_document = matches!(own, Format::Document(_));
        let format = request.format.filter(|_| !is_document).unwrap_or(own);
        found.files.push(request.file(path, format));
    }
    Ok(())
}

fn walk(
    folder: &Path,
    request: &Request,
    no_sources: &[PathBuf],
    below: &mut Below,
) -> Result<(), Problem> {
    let problem = |error: io::Error| Problem::io("read the folder", folder, &error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(problem)? {
        entries.push(entry.map_err(problem)?);
    }
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type().map_err(problem)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if is_one_of(&path, no_sources) {
            continue;
        }
        // Links to folders are not followed: they can lead round in a circle.
        if kind.is_dir() {
            walk(&path, request, no_sources, below)?;
            continue;
        }
        let is_of_server = NO_PAGES.iter().any(|name| entry.file_name() == *name);
        let format = format_of(&path).filter(|_| !is_of_server);
        let Some(format) = format else {
            below.n_ignored += 1;
            continue;
        };
        if !request.lets_in(&path) {
            continue;
        }
        match format {
            Format::Html => below.pages.push(path),
            other => below.files.push((path, other)),
        }
    }
    Ok(())
}

impl Request {
    /// A file of the folder as a source.
    fn file(&self, path: PathBuf, format: Format) -> Source {
        let below = path.strip_prefix(&self.path).unwrap_or(&path);
        let names = below.components().map(|name| name.as_os_str());
        let names: Vec<_> = names.map(std::ffi::OsStr::to_string_lossy).collect();
        let under = names.join("/");
        Source {
            under,
            ..Source::file(path, format, &self.settings)
        }
    }

    /// Whether the patterns let a file in, by its path below the folder.
    fn lets_in(&self, path: &Path) -> bool {
        let below = path.strip_prefix(&self.path).unwrap_or(path);
        let is_included = self.include.as_ref().is_none_or(|set| set.is_match(below));
        is_included && !self.exclude.as_ref().is_some_and(|set| set.is_match(below))
    }
}

/// Whether a path leads to one of these, which are real paths. The system is asked only where the
/// names agree.
fn is_one_of(path: &Path, real_paths: &[PathBuf]) -> bool {
    let mut alike = real_paths
        .iter()
        .filter(|real| real.file_name() == path.file_name())
        .peekable();
    alike.peek().is_some()
        && fs::canonicalize(path).is_ok_and(|path| alike.any(|real| *real == path))
}

fn format_of(path: &Path) -> Option<Format> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    match ending.as_str() {
        "json" => Some(Format::Json),
        "jsonl" | "ndjson" => Some(Format::Jsonl),
        "csv" | "tsv" => Some(Format::Csv),
        "html" | "htm" | "xhtml" => Some(Format::Html),
        "txt" if is_for_machines(path) => None,
        ending => Kind::of_ending(ending).map(Format::Document),
    }
}

fn is_for_machines(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    NO_DOCUMENTS.contains(&name.to_lowercase().as_str())
}

fn nothing_in(folder: &Path, n_ignored: usize) -> Problem {
    let others = match n_ignored {
        0 => "it is empty".to_owned(),
        1 => "the 1 file in it has another ending".to_owned(),
        n => format!("the {n} files in it have other endings"),
    };
    Problem::new(
        "no-sources",
        format!(
            "the folder {} holds no {ENDINGS} files: {others}",
            folder.display()
        ),
        "name the folder with the exported records, or a file and --format",
    )
}

fn unknown_ending(path: &Path) -> Problem {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let advice = match ending.as_deref() {
        Some("xls" | "doc" | "ppt") => {
            "open it and save it in the newer format: .xlsx, .docx or .pptx".to_owned()
        }
        _ => format!(
            "files with these endings are read: {ENDINGS}; for another, add --format json, jsonl, csv or html"
        ),
    };
    Problem::usage(
        format!("cannot tell the format of {} by its ending", path.display()),
        advice,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_the_format_in_any_case() {
        assert_eq!(format_of(Path::new("a/b.JSON")), Some(Format::Json));
        assert_eq!(format_of(Path::new("b.ndjson")), Some(Format::Jsonl));
        assert_eq!(format_of(Path::new("b.tsv")), Some(Format::Csv));
        assert_eq!(format_of(Path::new("b.htm")), Some(Format::Html));
        assert_eq!(
            format_of(Path::new("b.PDF")),
            Some(Format::Document(Kind::Pdf))
        );
        assert_eq!(format_of(Path::new("a/Robots.txt")), None);
        assert_eq!(format_of(Path::new("b.png")), None);
        assert_eq!(format_of(Path::new("csv")), None);
    }
}
