//! What can be typed: commands, flags, and their help.
//!
//! Knows words only. What they mean for an index, the commands find out.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use speir::{Matching, Sort};
use url::Url;

use crate::budget::{self, Budget};
use crate::config;
use crate::findings::Finding;
use crate::input::Format;

/// Full-text and faceted search for sites that have no search server.
#[derive(Debug, Parser)]
#[command(name = "speir", version, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build an index from records and publish it to a folder.
    Build(BuildArgs),
    /// Write settings to begin with, by looking at the sources.
    Init(InitArgs),
    /// Check the settings, and say what they mean.
    CheckConfig(CheckConfigArgs),
    /// Search an index.
    Search(SearchArgs),
    /// Preview a folder in the browser, on this machine only.
    Serve(ServeArgs),
    /// Say what is in an index: counts, fields, languages, sizes.
    Inspect(InspectArgs),
    /// Check every file of an index against its checksum, and decode it.
    Verify(VerifyArgs),
    /// Say how much of an index was issued anew since an older one.
    Diff(DiffArgs),
    /// Measure how good the results of many queries are, by judgements.
    Eval(EvalArgs),
    /// Check that records come up for the queries that they should come up for.
    Check(CheckArgs),
    /// Account for the score of one record for one query.
    Explain(ExplainArgs),
    /// Complete what a reader is typing.
    Suggest(SuggestArgs),
    /// Name the records most like a given one.
    Related(RelatedArgs),
}

impl Command {
    /// True where the output, and so the errors too, are wanted as JSON.
    pub(crate) fn wants_json(&self) -> bool {
        match self {
            Command::Build(args) => args.json,
            Command::CheckConfig(args) => args.json,
            Command::Search(args) => args.json,
            Command::Inspect(args) => args.json,
            Command::Verify(args) => args.json,
            Command::Diff(args) => args.json,
            Command::Eval(args) => args.json,
            Command::Check(args) => args.json,
            Command::Explain(args) => args.json,
            Command::Suggest(args) => args.json,
            Command::Related(args) => args.json,
            Command::Init(_) | Command::Serve(_) => false,
        }
    }
}

/// Build an index from records and publish it to a folder.
///
/// Records are read from JSON, JSON Lines, CSV and the sheets of spreadsheets. In a folder with web pages,
/// each page is one; documents (PDF, DOCX, ODT, PPTX, XLSX, ODS, text) are a record each, with a section
/// for each page or chapter; so are Markdown files, posts of WordPress, contents of Drupal (JSON:API) and
/// entries of feeds. The keys `id`, `url`, `title`, `description`,
/// `body`, `type`, `date`, `year`, `organisations`, `authors`, `topics`, `places`, `lang`, `image`,
/// `downloads`, `sections`, `boost`, `validUntil` and `replaces` have a meaning; all others are kept and shown, and `speir.toml` can
/// make them searched, counted or sorted by.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct BuildArgs {
    /// Files or folders with records, or of a built site; those of `speir.toml` if none are named.
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<PathBuf>,
    /// The folder to publish to; made if it does not exist.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The settings; `speir.toml` beside the first source or in the current folder if not given.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// What relative links of records are joined to.
    #[arg(long, value_name = "URL", value_parser = config::base_url)]
    pub(crate) base_url: Option<Url>,
    /// The language of records that do not say theirs; told by their words if not given.
    #[arg(long, value_parser = config::lang)]
    pub(crate) lang: Option<String>,
    /// How the sources are written, where their endings do not say.
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// What to do about a record that cannot be read.
    #[arg(long, value_enum, default_value_t = OnError::Stop)]
    pub(crate) on_error: OnError,
    /// On how many threads to work: all that the machine has if not given. The index is the same.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// How many former builds' files stay in the folder, for readers who opened a page before this
    /// one. A build that changes nothing does not count; 0 leaves the files of this build alone.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) keep: usize,
    /// Make the index anew, whatever is published in the folder. Without this the new index follows the
    /// published one: records keep their numbers, and readers the files in which little changed.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Where to keep what was read of pages and documents, so that the next build to the same folder
    /// reads only those that changed. May be deleted at any time. The system's folder for such if not
    /// given: ~/.cache/speir, ~/Library/Caches/speir or %LOCALAPPDATA%\speir.
    #[arg(long, value_name = "DIR")]
    pub(crate) cache: Option<PathBuf>,
    /// Read all files anew, and keep nothing of them.
    #[arg(long, conflicts_with = "cache")]
    pub(crate) no_cache: bool,
    /// Publish nothing if the first page of results costs a reader more than this, such as
    /// first-search=150KB,requests=8: with nothing in the browser's cache, all files counted as a
    /// server sends them that compresses them with brotli, for 95 of 100 queries made from titles.
    #[arg(long, value_name = "LIMITS", value_parser = budget::parse)]
    pub(crate) budget: Option<Budget>,
    /// Publish nothing if a document lacks something for people who do not see it: PDFs without tags,
    /// documents that state no title or no language, pages without text. Several with commas between.
    #[arg(long, value_name = "FINDINGS", value_enum, value_delimiter = ',')]
    pub(crate) fail_on: Vec<Finding>,
    /// Write a report for editors: a page, text or JSON, as the ending .html, .txt or .json says.
    /// Repeat it for more.
    #[arg(long, value_name = "FILE", value_parser = parse_report)]
    pub(crate) report: Vec<PathBuf>,
    /// Read, check and make the index as always, and publish nothing: no file is written.
    #[arg(long, conflicts_with = "watch")]
    pub(crate) dry_run: bool,
    /// Stay, and build again whenever a source changes.
    #[arg(long)]
    pub(crate) watch: bool,
    /// Print nothing but errors.
    #[arg(long)]
    pub(crate) quiet: bool,
    /// Print what was done as a JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Write settings to begin with, by looking at the sources.
///
/// Writes speir.toml to the current folder, with a comment on each setting: where records come from,
/// their language, the site's address, and what fields are for that have no meaning of their own, as
/// far as the first records show it.
#[derive(Debug, clap::Args)]
pub(crate) struct InitArgs {
    /// Files or folders with records, or of a built site; the current folder if none are named.
    #[arg(value_name = "SOURCE", default_value = ".")]
    pub(crate) sources: Vec<PathBuf>,
    /// How the sources are written, where their endings do not say.
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Write over a speir.toml that is there.
    #[arg(long)]
    pub(crate) force: bool,
}

/// Check the settings, and say what they mean.
///
/// Tells all that is wrong in the file and in those that it names, and whether the sources are there.
/// Reads no records: what is wrong with those, `speir build --dry-run` tells.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckConfigArgs {
    /// The settings; speir.toml in the current folder if not given.
    #[arg(value_name = "FILE", default_value = config::CONFIG_NAME)]
    pub(crate) file: PathBuf,
    /// Print a JSON Schema of the settings, for editors, and check nothing.
    #[arg(long, conflicts_with_all = ["file", "json"])]
    pub(crate) schema: bool,
    /// Print what was found as a JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What to do about a record that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnError {
    /// Publish nothing.
    Stop,
    /// Say what is wrong with it and go on without it.
    Skip,
}

/// Search an index.
///
/// Without words, all records are found. Words after `--` are the query even if they begin with a
/// minus: `speir search DIR -- housing -wales`.
#[derive(Debug, clap::Args)]
pub(crate) struct SearchArgs {
    /// The published folder.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The words to look for.
    #[arg(value_name = "QUERY", conflicts_with = "queries")]
    pub(crate) words: Vec<String>,
    /// Only records with this value: FIELD=VALUE, FIELD=FROM..TO, or FIELD= for no value.
    /// Repeat it for more: values of one field are alternatives, each field must match.
    #[arg(long = "filter", value_name = "FIELD=VALUE", value_parser = split_filter)]
    pub(crate) filters: Vec<(String, String)>,
    /// Count the values of a field.
    #[arg(long = "facet", value_name = "FIELD")]
    pub(crate) facets: Vec<String>,
    /// relevance, newest, oldest, title, or a field's name; -FIELD for largest first.
    #[arg(long, value_name = "ORDER", value_parser = parse_sort, allow_hyphen_values = true)]
    pub(crate) sort: Option<Sort>,
    /// How many of the words a record needs: auto, all, any.
    #[arg(long = "match", value_name = "HOW", value_parser = parse_matching)]
    pub(crate) matching: Option<Matching>,
    /// Most records to show.
    #[arg(long, value_name = "N", default_value_t = speir::DEFAULT_LIMIT)]
    pub(crate) limit: usize,
    /// How many records to pass over.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: usize,
    /// The reader's language.
    #[arg(long, value_parser = config::lang)]
    pub(crate) lang: Option<String>,
    /// The day on which it is asked, such as 2016-06-14; today if not given.
    #[arg(long, value_name = "DATE", value_parser = parse_today)]
    pub(crate) today: Option<String>,
    /// Print the page of results as a JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    /// Account for each score.
    #[arg(long)]
    pub(crate) explain: bool,
    /// Many queries, a JSON object a line with `id` and `q`, and if need be `filters`, `facets`,
    /// `sort`, `match`, `limit`, `offset`, `lang`. Prints a line of JSON for each; `-` reads from
    /// the standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["filters", "facets"])]
    pub(crate) queries: Option<PathBuf>,
}

/// Preview a folder in the browser, on this machine only.
#[derive(Debug, clap::Args)]
pub(crate) struct ServeArgs {
    /// The folder.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The port; 0 for any that is free.
    #[arg(long, default_value_t = 8000)]
    pub(crate) port: u16,
}

/// Say what is in an index: counts, fields, languages, sizes.
#[derive(Debug, clap::Args)]
pub(crate) struct InspectArgs {
    /// The published folder.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Print it as a JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Check every file of an index against its checksum, and decode it.
#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArgs {
    /// The published folder.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Print what was found as a JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Say how much of an index was issued anew since an older one: files and bytes by section.
///
/// Reads the two manifests alone, as the name of a file tells what it holds.
#[derive(Debug, clap::Args)]
pub(crate) struct DiffArgs {
    /// The older published folder, or a copy of its index.json.
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The newer published folder, or its index.json.
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// Print it as a JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// How queries are asked, where nothing but their words differs.
#[derive(Debug, clap::Args)]
pub(crate) struct AskingArgs {
    /// How many of the words a record needs: auto, all, any.
    #[arg(long = "match", value_name = "HOW", value_parser = parse_matching)]
    pub(crate) matching: Option<Matching>,
    /// The reader's language.
    #[arg(long, value_parser = config::lang)]
    pub(crate) lang: Option<String>,
    /// The day on which it is asked, such as 2016-06-14; today if not given.
    #[arg(long, value_name = "DATE", value_parser = parse_today)]
    pub(crate) today: Option<String>,
}

/// Measure how good the results of many queries are, by judgements.
///
/// Prints nDCG@10, MAP, MRR@10, recall@100 and p@10, each the mean over all queries that have a
/// record judged above 0, and the queries without results.
#[derive(Debug, clap::Args)]
pub(crate) struct EvalArgs {
    /// The published folder.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The queries, a JSON object a line with `id` and `text` or `q`.
    #[arg(long, value_name = "FILE")]
    pub(crate) queries: PathBuf,
    /// The judgements, a line each: query, record and grade, or the four columns of TREC.
    #[arg(long, value_name = "FILE")]
    pub(crate) judgements: PathBuf,
    #[command(flatten)]
    pub(crate) asking: AskingArgs,
    /// Fail where nDCG@10 is below this.
    #[arg(long, value_name = "X", value_parser = parse_share)]
    pub(crate) min_ndcg: Option<f64>,
    /// Write what was found to a file: query, record, rank and score on a line, with tabs between.
    #[arg(long, value_name = "FILE")]
    pub(crate) run: Option<PathBuf>,
    /// Print the measures as a JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Check that records come up for the queries that they should come up for.
///
/// Expectations are a table with the columns `query`, `record` and, if need be, `within`, or a JSON
/// object a line with these keys. Each says that for the query, the record (named by its id or its
/// link) is among the first `within` results; the first one if that is not given.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// The published folder.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The file with what is expected.
    #[arg(value_name = "EXPECTATIONS")]
    pub(crate) expectations: PathBuf,
    #[command(flatten)]
    pub(crate) asking: AskingArgs,
    /// Print what was found as a JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Account for the score of one record for one query.
#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// The published folder.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The words, in quotes.
    #[arg(value_name = "QUERY")]
    pub(crate) words: String,
    /// The record's id or link.
    #[arg(value_name = "ID")]
    pub(crate) record: String,
    #[command(flatten)]
    pub(crate) asking: AskingArgs,
    /// Print the account as a JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Complete what a reader is typing: titles, headings, values of fields, words.
#[derive(Debug, clap::Args)]
pub(crate) struct SuggestArgs {
    /// The published folder.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// What has been typed so far.
    #[arg(value_name = "TYPED", required = true)]
    pub(crate) typed: Vec<String>,
    /// Most completions to show.
    #[arg(long, value_name = "N", default_value_t = 6)]
    pub(crate) limit: usize,
    /// Print them as a JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Name the records most like a given one.
#[derive(Debug, clap::Args)]
pub(crate) struct RelatedArgs {
    /// The published folder.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The record's id or link.
    #[arg(value_name = "ID")]
    pub(crate) record: String,
    /// Most records to show; an index keeps six at most.
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) limit: usize,
    /// The reader's language: records are shown in it that have a version of it.
    #[arg(long, value_name = "TAG")]
    pub(crate) lang: Option<String>,
    /// Print them as a JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Reads an order as typed.
pub(crate) fn parse_sort(text: &str) -> Result<Sort, String> {
    match Sort::from_name(text) {
        Sort::Field { name, .. } if name.is_empty() => {
            Err("give relevance, newest, oldest, title, or a field's name".to_owned())
        }
        sort => Ok(sort),
    }
}

/// Reads how many of the words a record needs.
pub(crate) fn parse_matching(text: &str) -> Result<Matching, String> {
    Matching::from_name(text).ok_or_else(|| "give auto, all or any".to_owned())
}

fn parse_today(text: &str) -> Result<String, String> {
    match speir::date::parse(text) {
        Some(span) => Ok(speir::date::to_iso(span.first_ms)),
        None => Err("give a date such as 2016-06-14".to_owned()),
    }
}

fn parse_report(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("html" | "txt" | "json") => Ok(path),
        _ => Err("give a file that ends in .html, .txt or .json".to_owned()),
    }
}

fn parse_share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("give a number between 0 and 1, such as 0.4".to_owned()),
    }
}

fn split_filter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, value)) if !field.trim().is_empty() => {
            Ok((field.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err(
            "write FIELD=VALUE, FIELD=FROM..TO, or FIELD= for records without a value".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn words_after_two_hyphens_belong_to_the_query() {
        let parse = |line: &str| {
            let args = Args::try_parse_from(line.split(' ')).unwrap();
            let Command::Search(args) = args.command else {
                panic!("not a search")
            };
            (args.words.join(" "), args.sort)
        };
        assert_eq!(
            parse("speir search d housing advice --json"),
            ("housing advice".into(), None)
        );
        let by_year = Sort::Field {
            name: "year".into(),
            descending: true,
        };
        assert_eq!(
            parse("speir search d housing --sort -year -- -wales --json"),
            ("housing -wales --json".into(), Some(by_year))
        );
    }

    #[test]
    fn a_filter_is_cut_at_its_first_equals_sign() {
        assert_eq!(
            split_filter("topic=a=b"),
            Ok(("topic".into(), "a=b".into()))
        );
        assert_eq!(split_filter("year="), Ok(("year".into(), String::new())));
        assert!(split_filter("year").is_err());
        assert!(split_filter("=2014").is_err());
    }
}
