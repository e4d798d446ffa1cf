//! `speir suggest`: completions of what a reader is typing.
//!
//! Knows how a completion is shown: its text, what it is, where it leads. Which there are, the core
//! knows.

use std::io::{self, Write};

use serde_json::json;
use speir::{Suggestion, SuggestionKind};

use super::ask::nfc;
use super::{count, has_section, open, print, problem};
use crate::args::SuggestArgs;
use crate::problem::{Problem, plain};

/// Completes, and prints what there is.
pub(crate) fn run(args: &SuggestArgs) -> Result<(), Problem> {
    let mut index = open(&args.folder)?;
    if !has_section(&index, "suggest") {
        return Err(Problem::new(
            "no-suggestions",
            "the index was built without suggestions",
            "take `suggestions = false` out of speir.toml, and build it again",
        ));
    }
    let typed = nfc(&args.typed.join(" "));
    let found = index.suggest(&typed, args.limit).map_err(problem)?;
    if args.json {
        let object = json!({ "typed": typed, "suggestions": found });
        return print(|out| writeln!(out, "{object}"));
    }
    print(|out| {
        if found.is_empty() {
            return writeln!(out, "Nothing completes \"{}\".", plain(&typed));
        }
        found.iter().try_for_each(|one| row(out, one))
    })
}

/// `Bin collection  title, /bins/`, or `Strathmore Council  organisations, 3 records`.
fn row(out: &mut dyn Write, one: &Suggestion) -> io::Result<()> {
    let kind = match one.kind {
        SuggestionKind::Title => "title",
        SuggestionKind::Heading => "heading",
        SuggestionKind::Word => "word",
        SuggestionKind::Value => one.field.as_deref().unwrap_or("value"),
    };
    let target = one.url.as_deref().or(one.id.as_deref());
    let target = target.map_or_else(|| count(u64::from(one.n_records), "record"), plain);
    writeln!(out, "{}  {}, {target}", plain(&one.text), plain(kind))
}
