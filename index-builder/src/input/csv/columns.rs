//! What `speir.toml` says of a source's tables: which column is which field, where cells are cut, and how
//! dates are written.
//!
//! Knows headings and dates as spreadsheets export them. Reads no tables.

use std::collections::BTreeSet;

use encoding_rs::Encoding;
use speir::{Value, date};

use crate::config::Rules;
use crate::input::Fault;
use crate::problem::shorten;

/// Days between 1899-12-30, from which spreadsheets count, and 1970-01-01 (ECMA-376 18.17.4.1; the day
/// before is taken for the 29 February 1900 that Excel has and the calendar has not).
const DAYS_TO_1970: i64 = 25_569;

/// How the tables of a source are written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TableRules {
    /// Keys of records, and the heading of the column that each is taken from.
    pub(crate) columns: Vec<(String, String)>,
    /// Where cells with several values are cut, in the place of what the fields say.
    pub(crate) separator: Option<String>,
    /// The encoding of files that are not UTF-8.
    pub(crate) encoding: Option<&'static Encoding>,
    /// The order of day, month and year in dates with strokes or points.
    pub(crate) dates: Option<DateOrder>,
}

/// The order of the parts of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateOrder {
    /// `14/06/2016`.
    DayFirst,
    /// `06/14/2016`.
    MonthFirst,
}

/// The headings of a table, as the rules have them.
#[derive(Debug, Default)]
pub(in crate::input) struct Header {
    /// The key of each column; empty for one without a heading, and for one that is left out.
    pub(super) keys: Vec<String>,
    /// Columns that another one stands in for.
    pub(super) left_out: BTreeSet<usize>,
}

impl DateOrder {
    /// Reads `d/m/y` or `m/d/y`; points and hyphens will do as well.
    pub(crate) fn parse(text: &str) -> Option<DateOrder> {
        match text
            .trim()
            .to_lowercase()
            .replace(['.', '-', ' '], "/")
            .as_str()
        {
            "d/m/y" | "dd/mm/yyyy" => Some(DateOrder::DayFirst),
            "m/d/y" | "mm/dd/yyyy" => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }
}

impl TableRules {
    /// The keys of some headings.
    pub(in crate::input) fn header(&self, headings: &[String], rules: &Rules) -> Header {
        let mut header = Header::default();
        for (column, heading) in headings.iter().enumerate() {
            let mapped = self.columns.iter();
            let mut mapped = mapped.filter(|(_, wanted)| is_same(heading, wanted));
            let key = match mapped.next() {
                Some((key, _)) => key.clone(),
                None => {
                    let key = rules.key_of_heading(heading.trim());
                    let is_taken = self.columns.iter().any(|(mapped, _)| *mapped == key);
                    if is_taken {
                        header.left_out.insert(column);
                        String::new()
                    } else {
                        key
                    }
                }
            };
            header.keys.push(key);
        }
        header
    }

    /// What is wrong where a column is not there that a field is to be taken from.
    pub(super) fn missing(&self, headings: &[String]) -> Option<Fault> {
        let is_there = |wanted: &str| headings.iter().any(|heading| is_same(heading, wanted));
        let (key, wanted) = self.columns.iter().find(|(_, wanted)| !is_there(wanted))?;
        let named = headings.iter().map(|heading| heading.trim());
        let named: Vec<&str> = named.filter(|heading| !heading.is_empty()).collect();
        let distance = |heading: &str| {
            strsim::damerau_levenshtein(&heading.to_lowercase(), &wanted.to_lowercase())
        };
        let nearest = named
            .iter()
            .map(|heading| (distance(heading), *heading))
            .min()
            .filter(|(distance, heading)| *distance <= heading.chars().count().max(2) / 2);
        let advice = match nearest {
            Some((_, heading)) => format!(
                "did you mean `{}`? Correct it below [sources.columns] in speir.toml",
                shorten(heading, 60)
            ),
            None => "correct it below [sources.columns] in speir.toml".to_owned(),
        };
        Some(Fault::whole(
            "csv-header",
            format!(
                "no column is called `{wanted}`, which `{key}` is taken from; the columns are: {}",
                shorten(&named.join(", "), 200)
            ),
            advice,
        ))
    }

    /// The text of a cell of dates as an ISO date: a day that a spreadsheet counted, and a date in the
    /// order that the rules tell. What is neither stays, to be judged as all dates are.
    pub(super) fn date(&self, key: &str, text: &str) -> Result<Value, Fault> {
        if let Some(day) = counted_day(text) {
            return Ok(day.into());
        }
        let Some((first, second, year)) = parts(text) else {
            return Ok(text.into());
        };
        let wrong = |reason: String, advice: &str| Fault::field(key, "field-kind", reason, advice);
        let (day, month) = match self.dates {
            Some(DateOrder::DayFirst) => (first, second),
            Some(DateOrder::MonthFirst) => (second, first),
            None => {
                return Err(wrong(
                    format!("\"{text}\" is not an ISO date"),
                    "write date-format = \"d/m/y\" or \"m/d/y\" below its [[sources]] in speir.toml, \
                     or dates as 2016-06-14",
                ));
            }
        };
        let iso = format!("{year:04}-{month:02}-{day:02}");
        match date::parse(&iso) {
            Some(_) => Ok(iso.into()),
            None => Err(wrong(
                format!("\"{text}\" is not a date"),
                "correct it, or `date-format` in speir.toml",
            )),
        }
    }
}

/// Whether two headings are the same but for case, and spaces and line breaks between words.
fn is_same(a: &str, b: &str) -> bool {
    let words = |text: &str| text.to_lowercase();
    let (a, b) = (words(a), words(b));
    a.split_whitespace().eq(b.split_whitespace())
}

/// The day of a number of five digits, as spreadsheets count days: from 1927 to 2173. Years have four.
fn counted_day(text: &str) -> Option<String> {
    let (days, rest) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if days.len() != 5 || !is_digits(days) || !is_digits(rest) {
        return None;
    }
    let days: i64 = days.parse().ok()?;
    Some(date::to_iso((days - DAYS_TO_1970) * date::DAY_MS))
}

/// The three numbers of `14/06/2016`; a year of two digits is one of 1930 to 2029, as Excel has it.
fn parts(text: &str) -> Option<(u32, u32, u32)> {
    // A time of day behind it says nothing to an index of days.
    let day = text.split([' ', 'T']).next()?;
    let sign = day.chars().find(|letter| !letter.is_ascii_digit())?;
    if !matches!(sign, '/' | '.' | '-') {
        return None;
    }
    let mut parts = day.split(sign);
    let mut part = |lengths: &[usize]| -> Option<u32> {
        let part = parts.next()?;
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && lengths.contains(&part.len())).then(|| part.parse().ok())?
    };
    let (first, second) = (part(&[1, 2])?, part(&[1, 2])?);
    let year = part(&[2, 4])?;
    let is_short = day.rsplit(sign).next()?.len() == 2;
    let year = match (is_short, year) {
        (true, 0..=29) => 2000 + year,
        (true, _) => 1900 + year,
        (false, _) => year,
    };
    parts.next().is_none().then_some((first, second, year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_spreadsheets_write_them_and_never_guessed() {
        let check = |order: &str, text: &str, expected: &str| {
            let rules = TableRules {
                dates: DateOrder::parse(order),
                ..TableRules::default()
            };
            let told = match rules.date("date", text) {
                Ok(Value::Text(text)) => text,
                Ok(other) => format!("{other:?}"),
                Err(fault) => fault.reason,
            };
            assert_eq!(told, expected, "{order} {text}");
        };
        check("", "42535", "2016-06-14");
        check("", "42535.75", "2016-06-14");
        check("", "2016", "2016");
        check("", "2016-06-14", "2016-06-14");
        check("", "June", "June");
        check("", "14/06/2016", "\"14/06/2016\" is not an ISO date");
        check("d/m/y", "14/06/2016", "2016-06-14");
        check("d/m/y", "1.2.16 09:00", "2016-02-01");
        check("d/m/y", "1-2-99", "1999-02-01");
        check("m/d/y", "06/14/2016", "2016-06-14");
        check("m/d/y", "14/06/2016", "\"14/06/2016\" is not a date");
        check("d/m/y", "14/06", "14/06");
        check("d/m/y", "1/2/3/4", "1/2/3/4");
    }

    #[test]
    fn headings_are_known_in_any_case_and_the_nearest_is_told() {
        let rules = TableRules {
            columns: vec![
                ("title".to_owned(), "Resource name".to_owned()),
                ("organisations".to_owned(), "Partner(s)".to_owned()),
            ],
            ..TableRules::default()
        };
        let headings = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| (*name).to_owned()).collect()
        };
        let names = headings(&["RESOURCE\n name", "Partner(s) ", "Title", "Year", "Cost"]);
        let header = rules.header(&names, &Rules::default());
        assert_eq!(header.keys, ["title", "organisations", "", "year", "Cost"]);
        assert_eq!(Vec::from_iter(header.left_out), [2]);
        assert!(rules.missing(&names).is_none());
        let fault = rules
            .missing(&headings(&["Resource name", "Partners"]))
            .unwrap();
        assert_eq!(
            fault.reason,
            "no column is called `Partner(s)`, which `organisations` is taken from; the columns are: \
             Resource name, Partners"
        );
        assert!(
            fault.advice.starts_with("did you mean `Partners`?"),
            "{}",
            fault.advice
        );
    }

    #[test]
    fn days_are_counted_as_somebody_with_a_calendar_would() {
        // Spreadsheets count from the day before the last of 1899.
        let (mut year, mut month, mut day) = (1899, 12, 30);
        for n in 0..=99_999_u32 {
            let iso = format!("{year:04}-{month:02}-{day:02}");
            if n >= 10_000 {
                assert_eq!(counted_day(&n.to_string()), Some(iso.clone()));
            } else {
                assert_eq!(counted_day(&n.to_string()), None);
            }
            let rules = TableRules {
                dates: Some(DateOrder::DayFirst),
                ..TableRules::default()
            };
            let written = format!("{day}/{month}/{year}");
            assert_eq!(rules.date("date", &written).unwrap(), iso.as_str().into());
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let last = match month {
                2 if is_leap => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            (year, month, day) = match (month, day) {
                (12, 31) => (year + 1, 1, 1),
                (month, day) if day == last => (year, month + 1, 1),
                (month, day) => (year, month, day + 1),
            };
        }
    }
}
