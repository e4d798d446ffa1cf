//! What a reader typed, taken apart: words, phrases, and what is to be left out.
//!
//! Never fails: a mark that means nothing where it stands is no more than a mark. A quotation mark
//! that is never closed is none, and `-` counts only directly before a word and after a space.
//! Knows how words are read; knows nothing of what the index holds.

use crate::text::{Token, tokens};

/// Most words and phrases that are searched; what comes after is left out, and said so.
pub(crate) const MAX_CLAUSES: usize = 32;

/// Most words of one phrase; a longer one is cut.
pub(crate) const MAX_PHRASE_WORDS: usize = 32;

/// Most bytes of a query that are read: far beyond any question, short enough to be read at once.
pub(crate) const MAX_QUERY_BYTES: usize = 16 << 10;

/// One thing that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    /// One word, or the words of a phrase; never empty.
    pub(crate) words: Vec<Word>,
    /// Whether the words must stand side by side. True also for a quoted single word.
    pub(crate) is_phrase: bool,
    /// Whether records that match are to be left out.
    pub(crate) is_excluded: bool,
}

/// A word of a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// As typed.
    pub(crate) typed: String,
    pub(crate) token: Token,
    /// Whether it may be the beginning of a longer word: it is the last thing typed.
    pub(crate) is_unfinished: bool,
}

/// A query taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parsed {
    pub(crate) clauses: Vec<Clause>,
    /// Whether more was typed than is searched.
    pub(crate) is_cut: bool,
}

/// Takes a query apart. Cost: linear in its length.
pub(crate) fn parse(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let mut end = text.len().min(MAX_QUERY_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    parsed.is_cut = end < text.len();
    let mut rest = text.get(..end).unwrap_or_default();
    let mut after_space = true;
    while let Some(letter) = rest.chars().next() {
        let tail = rest.get(letter.len_utf8()..).unwrap_or_default();
        if letter.is_whitespace() {
            after_space = true;
            rest = tail;
            continue;
        }
        let sign = after_space && is_minus(letter);
        let is_excluded = sign
            && tail
                .chars()
                .next()
                .is_some_and(|next| !next.is_whitespace() && !is_minus(next));
        let body = if is_excluded { tail } else { rest };
        after_space = false;
        if let Some((phrase, tail)) = quoted(body) {
            add_phrase(&mut parsed, phrase, is_excluded);
            rest = tail;
            continue;
        }
        // A run of letters up to a space or a quotation mark that opens a phrase.
        let len = body
            .char_indices()
            .skip(1)
            .find(|(at, c)| {
                c.is_whitespace()
                    || (is_quote(*c) && quoted(body.get(*at..).unwrap_or_default()).is_some())
            })
            .map_or(body.len(), |(at, _)| at);
        let (run, tail) = body.split_at_checked(len).unwrap_or((body, ""));
        let is_last = tail.is_empty() && !parsed.is_cut;
        add_run(&mut parsed, run, is_excluded, is_last);
        rest = tail;
    }
    parsed
}

fn is_minus(letter: char) -> bool {
    matches!(letter, '-' | '\u{2212}' | '\u{2013}')
}

fn is_quote(letter: char) -> bool {
    matches!(
        letter,
        '"' | '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{00AB}' | '\u{00BB}'
    )
}

/// The text between a quotation mark that begins `text` and the next one, and what follows.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let open = text.chars().next().filter(|letter| is_quote(*letter))?;
    let inner = text.get(open.len_utf8()..)?;
    let (at, close) = inner.char_indices().find(|(_, letter)| is_quote(*letter))?;
    Some((inner.get(..at)?, inner.get(at + close.len_utf8()..)?))
}

fn add_phrase(parsed: &mut Parsed, phrase: &str, is_excluded: bool) {
    let mut words: Vec<Word> = tokens(phrase)
        .map(|token| word(phrase, token, false))
        .collect();
    parsed.is_cut |= words.len() > MAX_PHRASE_WORDS;
    words.truncate(MAX_PHRASE_WORDS);
    add(
        parsed,
        Clause {
            words,
            is_phrase: true,
            is_excluded,
        },
    );
}

/// A run without spaces is one word mostly; `well-being` is two. To leave such a run out is to leave
/// out its words side by side, not every record that has one of them.
fn add_run(parsed: &mut Parsed, run: &str, is_excluded: bool, is_last: bool) {
    let mut words: Vec<Word> = tokens(run).map(|token| word(run, token, false)).collect();
    if is_excluded {
        words.truncate(MAX_PHRASE_WORDS);
        let is_phrase = words.len() > 1;
        add(
            parsed,
            Clause {
                words,
                is_phrase,
                is_excluded,
            },
        );
        return;
    }
    if let (true, Some(last)) = (is_last, words.last_mut()) {
        last.is_unfinished = last.token.span.end == run.len();
    }
    for word in words {
        add(
            parsed,
            Clause {
                words: vec![word],
                is_phrase: false,
                is_excluded,
            },
        );
    }
}

fn word(text: &str, token: Token, is_unfinished: bool) -> Word {
    let typed = text.get(token.span.clone()).unwrap_or_default().to_owned();
    Word {
        typed,
        token,
        is_unfinished,
    }
}

/// Adds a clause unless it is empty, said before, or one too many.
fn add(parsed: &mut Parsed, clause: Clause) {
    if clause.words.is_empty() {
        return;
    }
    let same = |known: &&mut Clause| {
        known.is_phrase == clause.is_phrase
            && known.is_excluded == clause.is_excluded
            && known.words.len() == clause.words.len()
            && known
                .words
                .iter()
                .zip(&clause.words)
                .all(|(a, b)| a.token.written == b.token.written)
    };
    if let Some(known) = parsed.clauses.iter_mut().find(same) {
        if let (Some(known), Some(word)) = (known.words.last_mut(), clause.words.last()) {
            known.is_unfinished |= word.is_unfinished;
        }
    } else if parsed.clauses.len() < MAX_CLAUSES {
        parsed.clauses.push(clause);
    } else {
        parsed.is_cut = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Clauses in short: `-` for excluded, quotes for a phrase, `*` for unfinished.
    fn short(text: &str) -> String {
        let mut out = Vec::new();
        for clause in parse(text).clauses {
            let words: Vec<String> = clause
                .words
                .iter()
                .map(|w| {
                    format!(
                        "{}{}",
                        w.token.folded,
                        if w.is_unfinished { "*" } else { "" }
                    )
                })
                .collect();
            let quote = if clause.is_phrase { "\"" } else { "" };
            let minus = if clause.is_excluded { "-" } else { "" };
            out.push(format!("{minus}{quote}{}{quote}", words.join(" ")));
        }
        out.join(" ")
    }

    #[test]
    fn queries_are_taken_apart() {
        for (typed, expected) in [
            ("", ""),
            ("housing advice", "housing advice*"),
            ("housing advice ", "housing advice"),
            ("\"housing advice\" leeds", "\"housing advice\" leeds*"),
            (
                "leeds \u{201C}housing advice\u{201D}",
                "leeds \"housing advice\"",
            ),
            ("tax -support", "tax -support"),
            (
                "tax -\"council tax support\"",
                "tax -\"council tax support\"",
            ),
            ("tax -well-being", "tax -\"well being\""),
            ("well-being", "well being*"),
            ("- -- \u{2013} -", ""),
            ("a - b", "a b*"),
            ("\"never closed", "never closed*"),
            ("say\"hello there\"now", "say \"hello there\" now*"),
            ("\"\"", ""),
            ("tax tax", "tax*"),
            ("tax tax \"tax\"", "tax \"tax\""),
            ("5.2.1", "5.2.1*"),
            ("advice?", "advice"),
            ("🙂", ""),
        ] {
            assert_eq!(short(typed), expected, "{typed}");
        }
    }

    #[test]
    fn what_is_too_long_is_cut_and_said_so() {
        let many: String = (0..100).map(|n| format!("word{n} ")).collect();
        let parsed = parse(&many);
        assert_eq!((parsed.clauses.len(), parsed.is_cut), (MAX_CLAUSES, true));
        assert!(parse(&"é".repeat(MAX_QUERY_BYTES)).is_cut);
        assert!(!parse("short").is_cut);
    }

    proptest! {
        #[test]
        fn nothing_typed_is_an_error(text: String) {
            for clause in parse(&text).clauses {
                prop_assert!(!clause.words.is_empty());
            }
        }

        #[test]
        fn nor_are_marks_alone(text in "[-\"“” a\u{e9}]{0,60}") {
            let _clauses = parse(&text);
        }
    }
}
