//! What went wrong, where, and what to do about it: the one kind of error that the commands show.
//!
//! Knows how a problem is drawn for people and written for programs. Never decides what is one.
//!
//! Exit codes follow one rule: what the command line alone shows to be wrong is a wrong usage (2),
//! whatever depends on what files and folders hold is work that failed (1).

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};
use serde::Serialize;

/// Bytes of a line shown before and after the place that is wrong; a record is often one long line.
const SNIPPET_BEFORE: usize = 40;
const SNIPPET_AFTER: usize = 40;
/// Most bytes of the wrong place itself that are shown.
const SNIPPET_MARKED: usize = 60;

/// Exit code for work that failed.
pub(crate) const WORK_FAILED: u8 = 1;
/// Exit code for a command line that is wrong.
pub(crate) const WRONG_USAGE: u8 = 2;

/// One thing that is wrong.
#[derive(Debug)]
pub(crate) struct Problem {
    /// A short name that does not change between versions.
    pub(crate) code: &'static str,
    /// Where it is.
    pub(crate) place: Box<Place>,
    /// What is wrong, without the place.
    pub(crate) reason: String,
    /// What to do.
    pub(crate) advice: String,
    /// The text at the place.
    pub(crate) snippet: Option<Box<Snippet>>,
    /// What the program ends with.
    pub(crate) exit_code: u8,
}

/// A place in what was given: as much of it as is known. Counted from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Place {
    /// The file as named on the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<PathBuf>,
    /// The row in a spreadsheet; the header is row 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) row: Option<u64>,
    /// The line in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u64>,
    /// The character in the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<u64>,
    /// The record's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// The field's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<String>,
}

impl Place {
    /// A line of a file, counted from 1.
    pub(crate) fn line(path: &Path, line: u64) -> Place {
        Place {
            file: Some(path.to_owned()),
            line: Some(line),
            ..Place::default()
        }
    }
}

/// A piece of one line of a file, with the wrong part marked.
#[derive(Debug)]
pub(crate) struct Snippet {
    file: String,
    line: u64,
    column: u64,
    text: String,
    marked: Range<usize>,
    label: String,
}

impl Problem {
    /// A problem of the work itself.
    pub(crate) fn new(
        code: &'static str,
        reason: impl Into<String>,
        advice: impl Into<String>,
    ) -> Problem {
        Problem {
            code,
            place: Box::default(),
            reason: reason.into(),
            advice: advice.into(),
            snippet: None,
            exit_code: WORK_FAILED,
        }
    }

    /// A wrong command line.
    pub(crate) fn usage(reason: impl Into<String>, advice: impl Into<String>) -> Problem {
        Problem {
            exit_code: WRONG_USAGE,
            ..Problem::new("usage", reason, advice)
        }
    }

    /// A file or folder that the system refused, with advice by the kind of refusal.
    pub(crate) fn io(doing: &str, path: &Path, error: &io::Error) -> Problem {
        let shown = path.display();
        let code = match error.kind() {
            io::ErrorKind::NotFound => "not-found",
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "no-permission",
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => "no-space",
            _ => "file-system",
        };
        let advice = match code {
            "not-found" => "check the name, and the folder you are in".to_owned(),
            "no-permission" => {
                "choose another folder, or ask whoever runs this machine for permission".to_owned()
            }
            "no-space" => {
                "the disk, or your share of it, is full: make room and run the command again"
                    .to_owned()
            }
            _ => "see what the system says, and run the command again".to_owned(),
        };
        Problem::new(
            code,
            format!("cannot {doing} {shown}: {}", describe(error)),
            advice,
        )
    }

    /// The same problem at a place.
    #[must_use]
    pub(crate) fn at(mut self, place: Place) -> Problem {
        *self.place = place;
        self
    }

    /// The same problem with the text at its place.
    #[must_use]
    pub(crate) fn showing(mut self, snippet: Snippet) -> Problem {
        self.snippet = Some(Box::new(snippet));
        self
    }

    /// Writes the problem to the error stream: drawn for people, or as one line of JSON.
    pub(crate) fn print(&self, as_json: bool) {
        let mut stream = io::stderr().lock();
        let text = if as_json {
            self.to_json() + "\n"
        } else {
            self.draw(io::stderr().is_terminal())
        };
        // Nobody is left to be told when the error stream itself is closed.
        let _ = stream.write_all(text.as_bytes());
    }

    /// The problem as a JSON object, as it stands below `error` and in lists of skipped records.
    pub(crate) fn as_value(&self) -> serde_json::Value {
        let mut object = serde_json::json!({ "code": self.code, "message": self.to_string() });
        if let Ok(serde_json::Value::Object(place)) = serde_json::to_value(&self.place) {
            for (name, value) in place {
                object[name] = value;
            }
        }
        object["reason"] = self.reason.clone().into();
        object["advice"] = self.advice.clone().into();
        object
    }

    fn to_json(&self) -> String {
        serde_json::json!({ "error": self.as_value() }).to_string()
    }

    /// Lines are never wrapped, so that logs can be searched; in a pipe they have neither colour
    /// nor characters for drawing.
    fn draw(&self, on_terminal: bool) -> String {
        let mut theme = if on_terminal {
            GraphicalTheme::default()
        } else {
            GraphicalTheme::none()
        };
        theme.characters.error = "error:".to_owned();
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_wrap_lines(false)
            .with_context_lines(0);
        let mut drawn = String::new();
        match handler.render_report(&mut drawn, self) {
            Ok(()) => drawn,
            Err(_) => format!("error: {self}\n  help: {}\n", self.advice),
        }
    }
}

/// The system's own words, without the number of the error and from a small letter.
fn describe(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => "the system gave no reason".to_owned(),
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place.to_string();
        if place.is_empty() {
            return f.write_str(&self.reason);
        }
        write!(f, "{place}: {}", self.reason)
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.advice))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet
            .as_deref()
            .map(|snippet| snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let snippet = self.snippet.as_deref()?;
        let Range { start, end } = snippet.marked;
        let label = LabeledSpan::new(Some(snippet.label.clone()), start, end - start);
        Some(Box::new(std::iter::once(label)))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(file) = &self.file {
            parts.push(file.display().to_string());
        }
        match (self.row, self.line) {
            // A cell with line breaks makes rows and lines differ: people look for the row.
            (Some(row), Some(line)) if row != line => {
                parts.push(format!("row {row} (line {line})"))
            }
            (Some(row), _) => parts.push(format!("row {row}")),
            (None, Some(line)) => parts.push(format!("line {line}")),
            (None, None) => {}
        }
        if let (None, Some(column)) = (self.row, self.column) {
            parts.push(format!("column {column}"));
        }
        if let Some(id) = &self.id {
            parts.push(format!("record `{id}`"));
        }
        if let Some(field) = &self.field {
            parts.push(format!("field `{field}`"));
        }
        f.write_str(&parts.join(", "))
    }
}

impl Snippet {
    /// Cuts the neighbourhood of `marked` out of a text whose first line has the number
    /// `first_line`. The marked part ends at the end of its line.
    pub(crate) fn cut(
        file: &Path,
        text: &str,
        first_line: u64,
        marked: Range<usize>,
        label: impl Into<String>,
    ) -> Snippet {
        let start = floor(text, marked.start.min(text.len()));
        let (before, after) = text.split_at(start);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_end = start + after.find(['\n', '\r']).unwrap_or(after.len());
        let end = floor(
            text,
            marked
                .end
                .min(line_end)
                .max(start)
                .min(start + SNIPPET_MARKED),
        );

        let from = floor(text, start.saturating_sub(SNIPPET_BEFORE).max(line_start));
        let to = floor(text, (end + SNIPPET_AFTER).min(line_end));
        let mut shown = String::new();
        if from > line_start {
            shown.push_str("... ");
        }
        shown.push_str(&plain(&text[from..start]));
        let shown_start = shown.len();
        shown.push_str(&plain(&text[start..end]));
        let shown_end = shown.len();
        shown.push_str(&plain(&text[end..to]));
        if to < line_end {
            shown.push_str(" ...");
        }
        Snippet {
            file: file.display().to_string(),
            line: first_line + before.matches('\n').count() as u64,
            column: text[line_start..start].chars().count() as u64 + 1,
            text: shown,
            marked: shown_start..shown_end,
            label: label.into(),
        }
    }

    /// The line and the character in it, from 1, at which the marked part begins.
    pub(crate) fn position(&self) -> (u64, u64) {
        (self.line, self.column)
    }
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        _span: &SourceSpan,
        _lines_before: usize,
        _lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let whole = SourceSpan::new(0.into(), self.text.len());
        // miette counts lines and columns from 0.
        Ok(Box::new(MietteSpanContents::new_named(
            self.file.clone(),
            self.text.as_bytes(),
            whole,
            self.line.saturating_sub(1) as usize,
            self.column.saturating_sub(1) as usize,
            1,
        )))
    }
}

/// The text with spaces for tabs and control characters, which could move a terminal's cursor.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}

/// The text shortened to about `most` characters, for the middle of a sentence.
pub(crate) fn shorten(text: &str, most: usize) -> String {
    let text = plain(text);
    if text.chars().count() <= most {
        return text;
    }
    text.chars().take(most).chain("...".chars()).collect()
}

/// The nearest place at or before `at` that lies between two characters.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_of_a_long_line_shows_the_neighbourhood_only() {
        let line = format!(
            "{{\"body\": \"{}\", \"year\": \"twenty\", \"x\": 1}}",
            "é".repeat(500)
        );
        let text = format!("[\n{line}\n]");
        let start = text.find("\"twenty\"").unwrap();
        let snippet = Snippet::cut(
            Path::new("a.json"),
            &text,
            1,
            start..start + 8,
            "not a number",
        );
        assert_eq!(snippet.position().0, 2);
        assert_eq!(&snippet.text[snippet.marked.clone()], "\"twenty\"");
        assert!(snippet.text.starts_with("... é"), "{}", snippet.text);
        assert!(snippet.text.ends_with("\"x\": 1}"), "{}", snippet.text);
    }

    #[test]
    fn every_pair_of_cuts_of_a_text_makes_a_snippet() {
        let text = "a\r\nłodź\t€\n\nß";
        for start in 0..=text.len() + 1 {
            for end in start..=text.len() + 1 {
                let snippet = Snippet::cut(Path::new("a"), text, 1, start..end, "here");
                let problem = Problem::new("x", "reason", "advice").showing(snippet);
                assert!(problem.draw(false).contains("reason"));
            }
        }
    }

    #[test]
    fn a_place_says_row_and_line_only_where_they_differ() {
        let place = |row, line| {
            Place {
                row,
                line,
                ..Place::default()
            }
            .to_string()
        };
        assert_eq!(place(Some(4), Some(4)), "row 4");
        assert_eq!(place(Some(4), Some(9)), "row 4 (line 9)");
        assert_eq!(place(None, Some(9)), "line 9");
    }
}
