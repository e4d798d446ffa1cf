//! Which files there are to read: those that a command line or `speir.toml` names, folders with all
//! below them.
//!
//! Knows file names and endings, and the patterns that let files in and out. Reads no file, but for the
//! first bytes of those whose endings stand for several formats.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobSet;

use super::sniff::{self, Root};
use super::{Format, Settings, Source};
use crate::document::Kind;
use crate::problem::{Place, Problem, shorten};

/// The endings that are read, for messages.
const ENDINGS: &str = ".json, .jsonl, .ndjson, .csv, .tsv, .html, .htm, .md, .markdown, .xml, \
    .pdf, .docx, .odt, .pptx, .xlsx, .ods, .txt";

/// Texts that stand in many folders and are for machines or for whoever unpacks them.
const NO_DOCUMENTS: [&str; 14] = [
    "ads.txt",
    "changelog.md",
    "code_of_conduct.md",
    "contributing.md",
    "humans.txt",
    "licence.md",
    "licence.txt",
    "license.md",
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
            find_named(request, &mut found)?;
        }
    }
    if !found.files.is_empty() && found.files.iter().all(|file| file.settings.is_completing) {
        return Err(Problem::new(
            "no-sources",
            "there is a sitemap, but nothing that it could complete",
            "name the pages too, or write records = true below its [[sources]] in speir.toml",
        ));
    }
    Ok(found)
}

/// Finds a file that is named itself.
fn find_named(request: &Request, found: &mut Sources) -> Result<(), Problem> {
    let path = &request.path;
    let format = request.format.or_else(|| format_of(path));
    let format = format.ok_or_else(|| unknown_ending(path))?;
    let root = match (request.format, is_xml(path)) {
        (None, true) => Some(look_into(path)?),
        _ => None,
    };
    let format = match root {
        Some(Root::Known(format)) => format,
        Some(Root::Other(name)) => return Err(unknown_xml(path, &name)),
        // Its parts are saved beside it, by the last names of their addresses.
        Some(Root::SitemapIndex) => {
            for part in super::sitemap::parts(path)? {
                found.files.push(request.source(part, Format::Sitemap));
            }
            return Ok(());
        }
        None if format == Format::Json && request.format.is_none() && sniff::is_json_api(path) => {
            Format::Drupal
        }
        None => format,
    };
    found.files.push(request.source(path.clone(), format));
    Ok(())
}

/// True for files that a folder is searched for.
pub(crate) fn is_source(path: &Path) -> bool {
    format_of(path).is_some()
}

/// Whether files of a format hold records in one folder and settings of programs in another.
fn is_data(format: Format) -> bool {
    !matches!(format, Format::Html | Format::Document(_))
}

/// Whether a word about the format of a folder is about files that are written so by their endings.
fn is_text_of_records(format: Format) -> bool {
    matches!(
        format,
        Format::Json | Format::Jsonl | Format::Csv | Format::Drupal
    )
}

/// What a folder holds.
#[derive(Default)]
struct Below {
    pages: Vec<PathBuf>,
    texts: Vec<PathBuf>,
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
                below.n_ignored + below.files.len() + below.texts.len(),
            ));
        }
        let site = Source::file(request.path.clone(), Format::Html, settings);
        found.files.push(Source {
            pages: below.pages,
            ..site
        });
        let texts = below.texts.into_iter();
        let texts = texts.map(|path| (path, Format::Markdown));
        for (path, format) in below.files.into_iter().chain(texts) {
            // Plain text on a site is a licence of its fonts and scripts, not something to be found.
            let is_text = format == Format::Document(Kind::Text);
            if request.format.is_some() || is_text {
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
    if below.files.is_empty() && below.texts.is_empty() {
        let n_others = below.n_ignored + below.pages.len();
        return Err(nothing_in(&request.path, n_others));
    }
    let has_data = below.files.iter().any(|(_, own)| is_data(*own));
    for (path, own) in below.files {
        match request.format {
            // Nobody means the documents who says how the tables beside them are written.
            Some(format) if is_text_of_records(own) && is_text_of_records(format) => {
                found.files.push(request.file(path, format));
            }
            Some(format) if is_data(own) && own != format => found.n_ignored += 1,
            _ => found.files.push(request.file(path, own)),
        }
    }
    // Beside data it tells what the data are, and in a folder of texts it is the first of them.
    below.texts.retain(|path| {
        let is_wanted = request
            .format
            .is_none_or(|format| format == Format::Markdown);
        let is_kept = is_wanted && !(has_data && is_readme(path));
        found.n_ignored += usize::from(!is_kept);
        is_kept
    });
    if !below.texts.is_empty() {
        let texts = request.source(request.path.clone(), Format::Markdown);
        found.files.push(Source {
            pages: below.texts,
            ..texts
        });
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
        let format = match format {
            _ if is_xml(&path) => match look_into(&path)? {
                Root::Known(format) => format,
                // Its parts are found by themselves.
                Root::SitemapIndex => continue,
                Root::Other(_) => {
                    below.n_ignored += 1;
                    continue;
                }
            },
            Format::Json if sniff::is_json_api(&path) => Format::Drupal,
            format => format,
        };
        match format {
            Format::Html => below.pages.push(path),
            Format::Markdown => below.texts.push(path),
            other => below.files.push((path, other)),
        }
    }
    Ok(())
}

impl Request {
    /// A file or folder as a source of a format.
    fn source(&self, path: PathBuf, format: Format) -> Source {
        let mut source = Source::file(path, format, &self.settings);
        if matches!(format, Format::Html | Format::Markdown) {
            source.pages.push(source.path.clone());
        }
        if format == Format::Sitemap && !self.settings.makes_records {
            source.settings = Arc::new(self.settings.completing());
        }
        source
    }

    /// A file of the folder as a source.
    fn file(&self, path: PathBuf, format: Format) -> Source {
        let below = path.strip_prefix(&self.path).unwrap_or(&path);
        let names = below.components().map(|name| name.as_os_str());
        let names: Vec<_> = names.map(std::ffi::OsStr::to_string_lossy).collect();
        let under = names.join("/");
        Source {
            under,
            ..self.source(path, format)
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
        "md" | "markdown" if is_for_machines(path) => None,
        "md" | "markdown" => Some(Format::Markdown),
        // Its first element tells which it is.
        "xml" => Some(Format::Rss),
        "txt" if is_for_machines(path) => None,
        ending => Kind::of_ending(ending).map(Format::Document),
    }
}

fn is_readme(path: &Path) -> bool {
    let stem = path.file_stem().unwrap_or_default();
    stem.eq_ignore_ascii_case("readme")
}

fn is_xml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("xml"))
}

fn look_into(path: &Path) -> Result<Root, Problem> {
    sniff::xml(path).map_err(|error| Problem::io("read", path, &error))
}

fn unknown_xml(path: &Path, name: &str) -> Problem {
    let reason = match name.is_empty() {
        true => "the file does not begin as XML does".to_owned(),
        false => format!(
            "cannot tell what records the file holds: its first element is <{}>",
            shorten(name, 40)
        ),
    };
    Problem::new(
        "unknown-xml",
        reason,
        "exports of WordPress, RSS, Atom and RDF feeds and sitemaps are read; look into the file, \
         and export it again",
    )
    .at(Place {
        file: Some(path.to_owned()),
        ..Place::default()
    })
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
            "files with these endings are read: {ENDINGS}; for another, add --format json, jsonl, csv, html, markdown, \
             wordpress, drupal, rss or sitemap"
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
        // A page of a council, and no licence of a program.
        let taxis = Some(Format::Markdown);
        assert_eq!(format_of(Path::new("taxi-licence.md")), taxis);
        assert_eq!(format_of(Path::new("b.png")), None);
        assert_eq!(format_of(Path::new("csv")), None);
    }
}
