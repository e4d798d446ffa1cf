//! Small tables that people write by hand, a line at a time: synonyms, pins, expectations.
//!
//! Knows lines, cells and quotes, and which line is which, so that messages can name it. A cell
//! ends with its line. Tables of records, which come from spreadsheets, are read by `input`.

use unicode_normalization::UnicodeNormalization;

use crate::problem::shorten;

/// How a line that is a comment begins.
const COMMENT: char = '#';

/// What is wrong, and the number of the line.
pub(crate) type Wrong = (u64, String);

/// The lines that say something, with their numbers from 1: not blank, and no comments.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let text = text.trim_start_matches('\u{feff}');
    let lines = text.lines().zip(1..).map(|(text, line)| (line, text));
    lines.filter(|(_, text)| {
        let text = text.trim();
        !text.is_empty() && !text.starts_with(COMMENT)
    })
}

/// The first of the characters that the line holds; a comma if it holds none.
pub(crate) fn delimiter(line: &str, likely: &[char]) -> char {
    let mut likely = likely.iter().copied();
    likely.find(|one| line.contains(*one)).unwrap_or(',')
}

/// The cells of a line, as Unicode NFC and without spaces around them. One in quotes may hold the
/// delimiter; two quotes in it are one.
pub(crate) fn cells(line: &str, delimiter: char) -> Result<Vec<String>, String> {
    let clean = |cell: &str| -> String { cell.trim().nfc().collect() };
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => quoted = true,
            letter if letter == delimiter && !quoted => {
                cells.push(clean(&cell));
                cell.clear();
            }
            letter => cell.push(letter),
        }
    }
    if quoted {
        return Err("a quote \" is never closed".to_owned());
    }
    cells.push(clean(&cell));
    Ok(cells)
}

/// The rows of a table whose first line names the columns: the cells of those that are asked for,
/// with the row's line. A column beyond the first `n_needed` may be missing; then its cells are
/// empty, as are those that a row is too short for.
pub(crate) fn rows<const N: usize>(
    text: &str,
    names: [&str; N],
    n_needed: usize,
) -> Result<Vec<(u64, [String; N])>, Wrong> {
    let mut lines = lines(text);
    let Some((line, header)) = lines.next() else {
        return Ok(Vec::new());
    };
    let delimiter = delimiter(header, &['\t', ';']);
    let header = cells(header, delimiter).map_err(|reason| (line, reason))?;
    let columns = names.map(|name| {
        let mut cells = header.iter();
        cells.position(|cell| cell.eq_ignore_ascii_case(name))
    });
    let missing = |(_, column): &(&&str, &Option<usize>)| column.is_none();
    if let Some((name, _)) = names.iter().zip(&columns).take(n_needed).find(missing) {
        let there = shorten(&header.join(", "), 200);
        let reason = format!("no column is called `{name}`; the columns are: {there}");
        return Err((line, reason));
    }
    lines
        .map(|(line, text)| {
            let cells = cells(text, delimiter).map_err(|reason| (line, reason))?;
            let cell = |column: Option<usize>| column.and_then(|column| cells.get(column));
            Ok((
                line,
                columns.map(|column| cell(column).cloned().unwrap_or_default()),
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_cut_and_quotes_are_taken_off() {
        let check = |line, expected: &str| {
            let got = cells(line, ',').map_or_else(|wrong| wrong, |cells| cells.join("|"));
            assert_eq!(got, expected, "{line}");
        };
        check("a, b ,\tc", "a|b|c");
        check("\"a, b\", \"say \"\"c\"\"\"", "a, b|say \"c\"");
        check("5\" pipe,", "5\" pipe|");
        check("\"a, b", "a quote \" is never closed");
        check("cafe\u{301}", "caf\u{e9}");
    }

    #[test]
    fn rows_have_the_columns_that_are_asked_for() {
        let check = |text, expected: &str| {
            let got = match rows(text, ["a", "b", "c"], 2) {
                Ok(rows) => rows
                    .iter()
                    .map(|(line, cells)| format!("{line}:{}", cells.join("|")))
                    .collect::<Vec<_>>()
                    .join(" "),
                Err((line, reason)) => format!("{line}: {reason}"),
            };
            assert_eq!(got, expected, "{text}");
        };
        check(
            "\u{feff}B;x;A\r\n1;2;3\r\n\r\n# no\r\n4\r\n",
            "2:3|1| 5:|4|",
        );
        check("a\tb\tc\n1,5\t2\t3\n", "2:1,5|2|3");
        check("a\n1\n", "1: no column is called `b`; the columns are: a");
        check("a,b\n1,\"2\n", "2: a quote \" is never closed");
        check("", "");
    }
}
