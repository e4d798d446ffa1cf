//! From lines to running text: words that were cut at the end of a line are joined again.
//!
//! Knows hyphens. Decides by the document's own words whether a hyphen is part of one.

use std::collections::HashSet;

/// The words of a document, as they stand in the midst of lines.
#[derive(Debug, Default)]
pub(super) struct Words(HashSet<String>);

impl Words {
    /// Takes in a line, without its first and last word, which may be halves.
    pub(super) fn add(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let inner = words.len().saturating_sub(1);
        for word in words.get(1..inner).unwrap_or_default() {
            let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
            if word.len() > 3 {
                self.0.insert(word.to_lowercase());
            }
        }
    }

    fn has(&self, word: &str) -> bool {
        let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        self.0.contains(&word.to_lowercase())
    }

    /// Puts a line behind a text, with a space between or with the halves of a word joined.
    pub(super) fn join(&self, text: &mut String, line: &str) {
        if text.is_empty() || text.ends_with('\n') {
            text.push_str(line);
            return;
        }
        if text.ends_with('\u{ad}') {
            text.pop();
            text.push_str(line);
            return;
        }
        let first = line.split_whitespace().next().unwrap_or_default();
        let ends_cut = text
            .strip_suffix(['-', '\u{2010}'])
            .is_some_and(|before| before.ends_with(char::is_alphabetic));
        if !ends_cut || !first.starts_with(char::is_alphabetic) {
            text.push(' ');
            text.push_str(line);
            return;
        }
        let half = text.split_whitespace().next_back().unwrap_or_default();
        let half = half.trim_end_matches(['-', '\u{2010}']);
        let (joined, hyphened) = (format!("{half}{first}"), format!("{half}-{first}"));
        // A capital behind the hyphen is a name's: Blaenau-Gwent.
        let is_one_word =
            !self.has(&hyphened) && first.starts_with(char::is_lowercase) || self.has(&joined);
        if is_one_word {
            text.pop();
        }
        text.push_str(line);
    }
}

/// The text without soft hyphens, which say where a word may be cut.
pub(super) fn without_soft_hyphens(text: String) -> String {
    if text.contains('\u{ad}') {
        text.replace('\u{ad}', "")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(lines: &[&str]) -> String {
        let mut words = Words::default();
        for line in lines {
            words.add(line);
        }
        let mut text = String::new();
        for line in lines {
            words.join(&mut text, line);
        }
        text
    }

    #[test]
    fn words_cut_at_the_end_of_a_line_are_joined() {
        assert_eq!(joined(&["in the commu-", "nity of"]), "in the community of");
        assert_eq!(joined(&["a soft\u{ad}", "ware"]), "a software");
        assert_eq!(joined(&["2016-", "2017 and"]), "2016- 2017 and");
        assert_eq!(joined(&["Blaenau-", "Gwent"]), "Blaenau-Gwent");
        assert_eq!(joined(&["cost - ", "benefit"]), "cost -  benefit");
    }

    #[test]
    fn a_hyphen_stays_where_the_document_has_the_word_with_it() {
        let lines = ["a well-known rule", "is well-", "known here"];
        assert_eq!(joined(&lines), "a well-known rule is well-known here");
    }
}
