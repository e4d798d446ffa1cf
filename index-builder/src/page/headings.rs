//! What a heading says besides its words: a number, a kind, a name to link to.
//!
//! Knows how sections are numbered. Knows no elements.

/// Words before a section's number, in English, Welsh and Gaelic.
const NUMBER_WORDS: [&str; 9] = [
    "section",
    "chapter",
    "part",
    "paragraph",
    "adran",
    "pennod",
    "rhan",
    "earrann",
    "caibideil",
];

/// Most digits of one part of a number: what has more is a year or an amount.
const MOST_DIGITS: usize = 3;

/// How headings of case studies begin, in English, Welsh and Gaelic.
const CASE_STUDIES: [&str; 3] = ["case study", "astudiaeth achos", "sgrùdadh cùise"];

/// The kind of a section that is a case study.
pub(super) const CASE_STUDY: &str = "case study";

/// Cuts a heading into its number and its words: `5.2.1 Making contact`, `5.2.1 – Making contact`,
/// `Section 5.2: Making contact`. What may be an amount (`10 things`, `1.5 million`) is none.
pub(super) fn split_number(heading: &str) -> (Option<&str>, &str) {
    let first = heading
        .split(|c: char| c.is_whitespace())
        .next()
        .unwrap_or_default();
    let is_named = NUMBER_WORDS.contains(&first.to_lowercase().as_str());
    let from_number = match is_named {
        true => heading.get(first.len()..).unwrap_or_default().trim_start(),
        false => heading,
    };
    let n_number = from_number
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(from_number.len());
    let (number, rest) = from_number.split_at(n_number);
    let has_point = number.ends_with('.');
    let number = number.trim_end_matches('.');
    let mut n_parts = 0;
    for part in number.split('.') {
        n_parts += 1;
        if part.is_empty() || part.len() > MOST_DIGITS {
            return (None, heading);
        }
    }
    let words =
        rest.trim_start_matches([')', ':', '.', '-', '\u{2013}', '\u{2014}', ' ', '\u{a0}']);
    let is_marked = is_named
        || has_point
        || rest
            .trim_start()
            .starts_with([')', ':', '-', '\u{2013}', '\u{2014}']);
    let is_glued = rest.starts_with(|c: char| c.is_alphanumeric() || c == '/' || c == '%');
    let is_amount = words.starts_with(char::is_lowercase);
    if is_glued || !is_named && (words.is_empty() || n_parts == 1 && !is_marked || is_amount) {
        return (None, heading);
    }
    (Some(number), if words.is_empty() { heading } else { words })
}

/// The way to a section: the numbers of all around it where it has one (`5`, `5.2`, `5.2.1`), else what
/// the headings around it are called, and its own.
pub(super) fn trail(number: Option<&str>, heading: &str, around: &[String]) -> Vec<String> {
    let Some(number) = number else {
        return around.iter().cloned().chain([heading.to_owned()]).collect();
    };
    let mut trail: Vec<String> = around
        .iter()
        .filter(|outer| !outer.starts_with(|c: char| c.is_ascii_digit()))
        .cloned()
        .collect();
    let ends = number.match_indices('.').map(|(at, _)| at);
    let outer = ends.filter_map(|end| number.get(..end));
    trail.extend(outer.map(str::to_owned));
    trail.push(number.to_owned());
    trail
}

/// The kind that a heading gives its section.
pub(super) fn kind(heading: &str) -> Option<&'static str> {
    let lower = heading.to_lowercase();
    let is_one = CASE_STUDIES.iter().any(|name| {
        lower
            .strip_prefix(name)
            .is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
    });
    is_one.then_some(CASE_STUDY)
}

/// A name for a heading that has none, as it could be written into the page: `making-contact`.
pub(super) fn slug(heading: &str) -> String {
    let mut slug = String::new();
    for letter in heading.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') && letter != '\'' && letter != '\u{2019}'
        {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(heading: &str, number: Option<&str>, words: &str) {
        assert_eq!(split_number(heading), (number, words), "{heading}");
    }

    #[test]
    fn numbers_are_told_from_words() {
        check("5.2.1 Existing groups", Some("5.2.1"), "Existing groups");
        check("5.2.1 – Existing groups", Some("5.2.1"), "Existing groups");
        check("5.2.1. Existing groups", Some("5.2.1"), "Existing groups");
        check("5. Engaging", Some("5"), "Engaging");
        check("5) Engaging", Some("5"), "Engaging");
        check("Section 5.2: making contact", Some("5.2"), "making contact");
        check("Chapter 3", Some("3"), "Chapter 3");
        check("Adran 4 Tai", Some("4"), "Tai");
    }

    #[test]
    fn years_and_amounts_are_no_numbers_of_sections() {
        for heading in [
            "10 things to know",
            "2016. A year",
            "1.5 million homes",
            "3D printing",
            "2011/12 budget",
            "24 hours",
            "5.2",
            "Sections of the report",
            "",
            "50% of all",
            "Section",
            "1..2 A",
        ] {
            check(heading, None, heading);
        }
    }

    #[test]
    fn a_trail_leads_from_the_outermost_section() {
        let around =
            |names: &[&str]| -> Vec<String> { names.iter().map(|n| (*n).to_owned()).collect() };
        assert_eq!(
            trail(Some("5.2.1"), "X", &around(&["5", "5.2"])),
            ["5", "5.2", "5.2.1"]
        );
        assert_eq!(
            trail(Some("5.2"), "X", &around(&["Guidance"])),
            ["Guidance", "5", "5.2"]
        );
        assert_eq!(
            trail(None, "Case study", &around(&["5"])),
            ["5", "Case study"]
        );
    }

    #[test]
    fn case_studies_are_known_by_their_headings() {
        for heading in [
            "Case study",
            "Case Study: Fife",
            "Case study 2",
            "Case studies",
            "Astudiaeth achos",
        ] {
            let expected = (heading != "Case studies").then_some(CASE_STUDY);
            assert_eq!(kind(heading), expected, "{heading}");
        }
        assert_eq!(kind("Case studying"), None);
    }

    #[test]
    fn names_for_headings_are_plain() {
        assert_eq!(slug("Who's it for? – (Adults)"), "whos-it-for-adults");
        assert_eq!(slug("Tŷ a Thai"), "tŷ-a-thai");
        assert_eq!(slug("—"), "");
    }
}
