//! Dates: ISO 8601 text to milliseconds since 1970 and back, in 64 bits, never floats.
//!
//! Knows the proleptic Gregorian calendar and UTC offsets. Knows no time zones by name and no clock.
//! Day arithmetic follows H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013
//! (`days_from_civil`, `civil_from_days`).

/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;

/// The years that can be written: four digits.
pub const YEARS: core::ops::RangeInclusive<i64> = 0..=9999;

/// An instant, or a span of time named by a shorter date: `2014` is the whole of 2014.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateSpan {
    /// First millisecond of the span, since 1970-01-01T00:00:00Z.
    pub first_ms: i64,
    /// Last millisecond of the span, inclusive.
    pub last_ms: i64,
}

/// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or a date with `THH:MM[:SS[.fff]]` and `Z` or `±HH:MM`.
/// A time without an offset is taken as UTC. `None` for anything else, or a day that does not exist.
///
/// ```
/// let span = speir::date::parse("2016-02").unwrap();
/// assert_eq!(speir::date::to_iso(span.last_ms), "2016-02-29T23:59:59.999Z");
/// ```
pub fn parse(text: &str) -> Option<DateSpan> {
    let mut rest = text.trim();
    let year = part(&mut rest, 4)?;
    if rest.is_empty() {
        return span(day(year, 1, 1)?, day(year + 1, 1, 1)?);
    }
    mark(&mut rest, b"-")?;
    let month = part(&mut rest, 2)?;
    if rest.is_empty() {
        let next = day(year + month / 12, month % 12 + 1, 1)?;
        return span(day(year, month, 1)?, next);
    }
    mark(&mut rest, b"-")?;
    let start = day(year, month, part(&mut rest, 2)?)?;
    if rest.is_empty() {
        return span(start, start + 1);
    }
    mark(&mut rest, b"Tt ")?;
    let at = start * DAY_MS + time_ms(rest)?;
    Some(DateSpan {
        first_ms: at,
        last_ms: at,
    })
}

/// Writes an instant as ISO 8601 in UTC: the date alone where the time is midnight.
pub fn to_iso(ms: i64) -> String {
    let (year, month, day) = civil(ms.div_euclid(DAY_MS));
    let mut out = String::with_capacity(24);
    digits(&mut out, year, 4);
    out.push('-');
    digits(&mut out, month, 2);
    out.push('-');
    digits(&mut out, day, 2);
    let time = ms.rem_euclid(DAY_MS);
    if time != 0 {
        out.push('T');
        digits(&mut out, time / 3_600_000, 2);
        out.push(':');
        digits(&mut out, time / 60_000 % 60, 2);
        out.push(':');
        digits(&mut out, time / 1000 % 60, 2);
        if time % 1000 != 0 {
            out.push('.');
            digits(&mut out, time % 1000, 3);
        }
        out.push('Z');
    }
    out
}

/// The year of an instant, in UTC.
pub fn year_of(ms: i64) -> i64 {
    civil(ms.div_euclid(DAY_MS)).0
}

/// The first instant of a year, or `None` outside [`YEARS`].
pub fn start_of_year(year: i64) -> Option<i64> {
    day(year, 1, 1).map(|days| days * DAY_MS)
}

const DIGITS: &[u8] = b"0123456789";

/// Takes one of some marks off a text. A function of its own, as each of its calls is shorter than what
/// it does.
#[inline(never)]
pub(crate) fn mark(rest: &mut &str, marks: &[u8]) -> Option<u8> {
    let first = *rest.as_bytes().first()?;
    // The standard library's `contains` looks at eight bytes at a time, in ten times the code.
    #[allow(clippy::manual_contains)]
    if !marks.iter().any(|mark| *mark == first) {
        return None;
    }
    *rest = rest.get(1..)?;
    Some(first)
}

fn span(first_day: i64, next_day: i64) -> Option<DateSpan> {
    Some(DateSpan {
        first_ms: first_day * DAY_MS,
        last_ms: next_day * DAY_MS - 1,
    })
}

/// `HH:MM[:SS[.fraction]]` and an offset, as milliseconds after midnight UTC.
fn time_ms(text: &str) -> Option<i64> {
    let mut rest = text;
    let hour = part(&mut rest, 2)?;
    mark(&mut rest, b":")?;
    let minute = part(&mut rest, 2)?;
    let (mut second, mut milli) = (0, 0);
    if mark(&mut rest, b":").is_some() {
        second = part(&mut rest, 2)?;
        if mark(&mut rest, b".,").is_some() {
            milli = part(&mut rest, 1)? * 100;
            let mut scale = 10;
            // What follows the third digit is less than a millisecond.
            while let Some(digit) = part(&mut rest, 1) {
                milli += digit * scale;
                scale /= 10;
            }
        }
    }
    // A leap second is counted as the second before it.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let local = ((hour * 60 + minute) * 60 + second.min(59)) * 1000 + milli;
    Some(local - offset_ms(rest)?)
}

fn offset_ms(text: &str) -> Option<i64> {
    if text.is_empty() || text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let mut rest = text;
    let sign = if mark(&mut rest, b"+-")? == b'+' {
        1
    } else {
        -1
    };
    let hours = part(&mut rest, 2)?;
    mark(&mut rest, b":");
    let minutes = if rest.is_empty() {
        0
    } else {
        part(&mut rest, 2)?
    };
    (rest.is_empty() && hours <= 23 && minutes <= 59)
        .then_some(sign * (hours * 60 + minutes) * 60_000)
}

/// Takes a number of this many digits off the front.
pub(crate) fn part(rest: &mut &str, len: usize) -> Option<i64> {
    let mut number = 0;
    for _ in 0..len {
        number = number * 10 + i64::from(mark(rest, DIGITS)? - b'0');
    }
    Some(number)
}

/// Days since 1970-01-01, or `None` for a day that the calendar does not have.
fn day(year: i64, month: i64, day: i64) -> Option<i64> {
    // One year past the last writable one bounds the last span.
    if !(0..=10_000).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in_month = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if !(1..=days_in_month).contains(&day) {
        return None;
    }
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// Year, month and day of a count of days since 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let mp = (5 * day_of_year + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * mp + 2) / 5 + 1)
}

fn digits(out: &mut String, value: i64, width: usize) {
    let mut place = 10_i64.pow(width as u32 - 1);
    while place > 0 {
        let digit = (value / place % 10).unsigned_abs() as u8;
        out.push((b'0' + digit) as char);
        place /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_dates_are_spans() {
        let check = |text: &str, first: &str, last: &str| {
            let span = parse(text).unwrap();
            assert_eq!(
                (to_iso(span.first_ms), to_iso(span.last_ms)),
                (first.into(), last.into()),
                "{text}"
            );
        };
        check("2014", "2014-01-01", "2014-12-31T23:59:59.999Z");
        check("2015-12", "2015-12-01", "2015-12-31T23:59:59.999Z");
        check("2016-02-29", "2016-02-29", "2016-02-29T23:59:59.999Z");
        check(
            "2016-02-29T10:30:00Z",
            "2016-02-29T10:30:00Z",
            "2016-02-29T10:30:00Z",
        );
        check(
            "2016-02-29T10:30+01:00",
            "2016-02-29T09:30:00Z",
            "2016-02-29T09:30:00Z",
        );
        check(
            "1800-01-01 00:00:00.25",
            "1800-01-01T00:00:00.250Z",
            "1800-01-01T00:00:00.250Z",
        );
        check("9999", "9999-01-01", "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "20",
            "2015-13",
            "2015-02-29",
            "2015-1-1",
            "20150101",
            "next week",
            "2015-01-01T",
            "2015-01-01T25:00",
            "２０１５",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_of_eight_centuries_comes_back_in_order() {
        let mut before = i64::MIN;
        for days in day(1600, 1, 1).unwrap()..day(2400, 1, 1).unwrap() {
            let (y, m, d) = civil(days);
            assert_eq!(day(y, m, d), Some(days));
            assert_eq!(
                parse(&to_iso(days * DAY_MS)).unwrap().first_ms,
                days * DAY_MS
            );
            assert!(days > before);
            before = days;
        }
    }
}
