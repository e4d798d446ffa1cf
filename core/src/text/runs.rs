//! Reads words that are written together: `well-being`, `2011/12`, `R&D`, `YouTube`, an address.
//!
//! Such a run gives its parts, and beside them the whole, joined as others might write it. Which
//! marks join, and how tightly, is said by `glue_between` alone.
//! Where letters of all scripts are told (`ALL`), letters of scripts without spaces give each the pair
//! that it makes with the next one, and a non-joiner parts Arabic words as case parts Latin ones.
//! Knows where words are from `segment`; knows no language.

use super::fold::{fold_as, lower, lower_letter};
use super::kinds::Kind;
use super::segment::{Word, Words};
use super::{Token, begins_unspaced, cut};

/// Most parts of words joined by hyphens or by case. Longer ones (`do-it-yourself-as-you-like-it`)
/// are sayings that are looked for by their parts.
const MAX_PARTS: usize = 4;

/// Most bytes of their key; the longest compounds in use are shorter.
const MAX_COMPOUND_BYTES: usize = 40;

/// Most bytes of the key of a reference or an address joined: of those in use, nearly all.
const MAX_REFERENCE_BYTES: usize = 80;

/// Most words of a run that are looked at together, so that a text of hyphens needs no memory. The
/// longest e-mail addresses have eight.
const MAX_RUN_WORDS: usize = 12;

/// Most bytes between two words of a run: an ampersand between two no-break spaces.
const MAX_GAP_BYTES: usize = 5;

/// Keeps two letters of a script whose letters join from doing so.
const NON_JOINER: char = '\u{200C}';

/// How tightly two words are joined: the lower, the tighter. What is joined tightly is read as one
/// before it is joined to others, so that `covid-19@nhs.uk` gives `covid19`, `nhs.uk` and the whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    Case,
    Ampersand,
    Hyphen,
    Stop,
    Slash,
    At,
    Apart,
}

/// What joins a word to the one before it.
#[derive(Clone, Copy)]
struct Glue {
    tie: Tie,
    /// What stands for it in the key.
    key: &'static str,
}

const APART: Glue = Glue {
    tie: Tie::Apart,
    key: "",
};

const CASE: Glue = Glue {
    tie: Tie::Case,
    key: "",
};

/// A part of a run that is read as a word.
struct Part {
    token: Token,
    glue: Glue,
}

/// The tokens of a text, run by run.
pub(super) struct Tokens<'t, const ALL: bool> {
    text: &'t str,
    words: Words<'t, ALL>,
    /// The first word of the next run, which was read to see that it is of the next.
    pending: Option<(Word, Glue)>,
    /// The parts of a run while it is read; empty between runs, kept for its memory.
    parts: Vec<Part>,
    /// The tokens of this run that are yet to be given, the last first.
    ready: Vec<Token>,
    /// The place of the next word.
    place: u32,
    /// Whether tokens tell how they are written: who does not ask spares one of two texts a word.
    tells_written: bool,
}

impl<'t, const ALL: bool> Tokens<'t, ALL> {
    pub(super) fn new(text: &'t str, tells_written: bool) -> Tokens<'t, ALL> {
        let mut words = Words::new(text);
        Tokens {
            text,
            pending: words.next().map(|word| (word, APART)),
            words,
            parts: Vec::new(),
            ready: Vec::new(),
            place: 0,
            tells_written,
        }
    }

    /// Reads a run. A run that is too long is read in pieces of which nothing is joined but by case.
    fn read_run(&mut self, first: (Word, Glue)) {
        let (mut word, mut glue) = first;
        if ALL && is_unspaced_at(self.text, &word) {
            self.read_letter(&word);
            return;
        }
        let mut is_long = glue.tie != Tie::Apart;
        let mut n_words = 0;
        loop {
            self.add_parts(&word, glue);
            n_words += 1;
            let Some(next) = self.words.next() else {
                break;
            };
            glue = glue_between(self.text, &word, &next);
            if ALL && is_unspaced_at(self.text, &next) {
                glue = APART;
            }
            word = next;
            if n_words >= MAX_RUN_WORDS || glue.tie == Tie::Apart {
                is_long |= glue.tie != Tie::Apart;
                self.pending = Some((word, glue));
                break;
            }
        }
        if is_long {
            for part in self
                .parts
                .iter_mut()
                .filter(|part| part.glue.tie != Tie::Case)
            {
                part.glue = APART;
            }
        }
        self.join();
    }

    /// Reads a letter of a script without spaces, and the pair that it makes with the next one.
    fn read_letter(&mut self, letter: &Word) {
        self.add_parts(letter, APART);
        self.join();
        let Some(next) = self.words.next() else {
            return;
        };
        if next.start == letter.end && is_unspaced_at(self.text, &next) {
            let span = letter.start..next.end;
            let written = cut(lower(self.text.get(span.clone()).unwrap_or_default()));
            let pair = Token {
                span,
                folded: cut(fold_as::<ALL>(&written)),
                written,
                place: self.place.saturating_sub(1),
                n_words: 2,
            };
            // The last is given first.
            self.ready.push(pair);
            self.ready.reverse();
        }
        self.pending = Some((next, APART));
    }

    /// Cuts a word where its case says so: into at most [`MAX_PARTS`], or not at all.
    fn add_parts(&mut self, word: &Word, mut glue: Glue) {
        let text = self.text.get(word.start..word.end).unwrap_or_default();
        let mut edges = Vec::new();
        let is_plain = |byte: u8| byte.is_ascii_lowercase();
        if text.len() <= MAX_COMPOUND_BYTES {
            // Most words are written as they are read, and need no look at each letter.
            if text.bytes().all(is_plain) {
                let token = Token {
                    span: word.start..word.end,
                    folded: text.to_owned(),
                    written: if self.tells_written { text } else { "" }.to_owned(),
                    place: 0,
                    n_words: 1,
                };
                self.add_part(token, glue);
                return;
            }
            edges = case_edges::<ALL>(text);
        }
        if edges.len() >= MAX_PARTS {
            edges.clear();
        }
        let mut start = 0;
        for edge in edges.into_iter().chain([text.len()]) {
            let mut written = lower(text.get(start..edge).unwrap_or_default());
            if word.is_dotted {
                written.retain(|letter| letter != '.');
            }
            let written = cut(written);
            let token = Token {
                span: word.start + start..word.start + edge,
                folded: cut(fold_as::<ALL>(&written)),
                written,
                place: 0,
                n_words: 1,
            };
            self.add_part(token, glue);
            start = edge;
            glue = CASE;
        }
    }

    fn add_part(&mut self, token: Token, mut glue: Glue) {
        // An apostrophe that is a letter to Unicode (`ʼ`) is nothing once folded: it joins
        // nothing, and neither does what follows it.
        let is_after_nothing = self
            .parts
            .last()
            .is_some_and(|last| last.token.folded.is_empty());
        if is_after_nothing || token.folded.is_empty() {
            glue = APART;
        }
        self.parts.push(Part { token, glue });
    }

    /// The tokens of a run: each part, and after it what is joined from it on, the shortest first.
    fn join(&mut self) {
        let mut parts = self.parts.drain(..);
        while let Some(mut first) = parts.next() {
            if first.token.folded.is_empty() {
                continue;
            }
            let place = self.place;
            self.place = place.saturating_add(1);
            first.token.place = place;
            let start = first.token.span.start;
            self.ready.push(first.token);
            let mut key = String::new();
            let mut tie = Tie::Case;
            let others = parts.as_slice();
            for (at, part) in others.iter().enumerate() {
                tie = tie.max(part.glue.tie);
                // Here begins what the first is joined to only by what stands before it.
                if tie >= first.glue.tie {
                    break;
                }
                if key.is_empty() {
                    key.push_str(self.ready.last().map_or("", |token| &token.folded));
                }
                key.push_str(part.glue.key);
                key.push_str(&part.token.folded);
                if key.len() > MAX_REFERENCE_BYTES {
                    break;
                }
                let next = others.get(at + 1).map_or(Tie::Apart, |part| part.glue.tie);
                let n_words = at + 2;
                let is_short =
                    tie > Tie::Hyphen || n_words <= MAX_PARTS && key.len() <= MAX_COMPOUND_BYTES;
                if next > tie && is_short {
                    let span = start..part.token.span.end;
                    self.ready.push(Token {
                        written: cut(lower(self.text.get(span.clone()).unwrap_or_default())),
                        span,
                        folded: key.clone(),
                        place,
                        n_words: n_words as u32,
                    });
                }
            }
        }
        drop(parts);
        self.ready.reverse();
    }
}

impl<const ALL: bool> Iterator for Tokens<'_, ALL> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            if let Some(token) = self.ready.pop() {
                return Some(token);
            }
            let first = self.pending.take()?;
            self.read_run(first);
        }
    }
}

/// The bytes at which a new word begins by its case: at an upper-case letter between lower-case
/// letters, two before and one after. `iPhone`, `McDonald` and `PDFs` are one word. Persian and Urdu
/// write parts of a word (`می‌خواهم`) with a non-joiner between, or a space, or nothing.
fn case_edges<const ALL: bool>(text: &str) -> Vec<usize> {
    let mut edges = Vec::new();
    let mut n_lower = 0;
    let mut is_arabic = false;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if ALL {
            // The word goes on after the non-joiner, whose span is that of the part before it.
            if let Some((next, _)) = letters.peek()
                && letter == NON_JOINER
                && is_arabic
            {
                edges.push(*next);
            }
            is_arabic = matches!(letter, '\u{600}'..='\u{77F}');
        }
        match case(letter) {
            Case::Lower => n_lower += 1,
            Case::None => n_lower = 0,
            Case::Mark => {}
            Case::Upper => {
                let next = letters.peek().map_or(Case::None, |(_, next)| case(*next));
                if n_lower >= 2 && next == Case::Lower {
                    edges.push(at);
                }
                n_lower = 0;
            }
        }
    }
    edges
}

#[derive(PartialEq, Eq)]
enum Case {
    Lower,
    Upper,
    /// Belongs to the letter before it, whichever that is.
    Mark,
    None,
}

/// Letters without case count as lower: no upper-case letter is ever among them.
fn case(letter: char) -> Case {
    match letter {
        'a'..='z' => Case::Lower,
        'A'..='Z' => Case::Upper,
        '\u{AD}' | '\u{300}'..='\u{36F}' => Case::Mark,
        '\0'..='\u{BF}' | '\u{2BC}' | '\u{2000}'..='\u{206F}' => Case::None,
        _ if lower_letter(letter) == letter => Case::Lower,
        _ => Case::Upper,
    }
}

/// Whether a word is a letter of a script without spaces.
fn is_unspaced_at(text: &str, word: &Word) -> bool {
    word.first == Kind::Single && begins_unspaced(text.get(word.start..).unwrap_or_default())
}

/// What joins two words that follow one another in a text.
fn glue_between(text: &str, a: &Word, b: &Word) -> Glue {
    let gap = text.get(a.end..b.start).unwrap_or_default();
    if gap.len() > MAX_GAP_BYTES {
        return APART;
    }
    let mut letters = gap.chars();
    let (first, second, third) = (letters.next(), letters.next(), letters.next());
    let is_space = |letter: Option<char>| matches!(letter, Some(' ' | '\u{A0}'));
    let between = |tie, key| Glue { tie, key };
    match (first, second) {
        (Some('&'), None) if a.is_single_letter || b.is_single_letter => {
            between(Tie::Ampersand, "&")
        }
        (_, Some('&'))
            if a.is_single_letter
                && b.is_single_letter
                && is_space(first)
                && is_space(third)
                && letters.next().is_none() =>
        {
            between(Tie::Ampersand, "&")
        }
        (_, None) if is_space(first) && is_postcode(text, a, b) => CASE,
        (Some('-' | '\u{2010}' | '\u{2011}' | '_' | '\u{202F}'), None) => between(Tie::Hyphen, ""),
        (Some('\u{2013}'), None) if !a.last.is_digit() && !b.first.is_digit() => {
            between(Tie::Hyphen, "")
        }
        (Some('.'), None) => {
            // Initials are written with and without: `Ph.D`, `J.B.Smith`.
            let is_short = |word: &Word| word.is_single_letter || word.is_dotted;
            let key = if is_short(a) || is_short(b) { "" } else { "." };
            between(Tie::Stop, key)
        }
        (Some('/'), None) if a.has_digit || b.has_digit => between(Tie::Slash, "/"),
        (Some('@'), None) => between(Tie::At, "@"),
        _ => APART,
    }
}

/// Whether two words are the halves of a UK postcode: `EH1 1YZ`, `SW1A 2AA`, `M1 1AE`.
fn is_postcode(text: &str, a: &Word, b: &Word) -> bool {
    let bytes = |word: &Word| {
        text.as_bytes()
            .get(word.start..word.end)
            .unwrap_or_default()
    };
    let is_inward = matches!(bytes(b), [digit, x, y]
        if digit.is_ascii_digit() && x.is_ascii_alphabetic() && y.is_ascii_alphabetic());
    let is_district = |district: &[u8]| match district {
        [digit] => digit.is_ascii_digit(),
        [digit, last] => digit.is_ascii_digit() && last.is_ascii_alphanumeric(),
        _ => false,
    };
    is_inward
        && match bytes(a) {
            [x, y, district @ ..] if y.is_ascii_alphabetic() => {
                x.is_ascii_alphabetic() && is_district(district)
            }
            [x, district @ ..] => x.is_ascii_alphabetic() && is_district(district),
            [] => false,
        }
}

#[cfg(test)]
mod tests {
    use super::super::{fold, tokens};
    use super::*;
    use proptest::prelude::*;

    /// The tokens of a text as their keys with place and, where it is not 1, number of words.
    fn read(text: &str) -> Vec<String> {
        tokens(text)
            .map(|token| {
                assert_eq!(token.is_joined(), token.n_words > 1);
                let place = token.place;
                match token.n_words {
                    1 => format!("{place} {}", token.folded),
                    n_words => format!("{place}+{n_words} {}", token.folded),
                }
            })
            .collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(read(text), expected, "{text}");
    }

    #[test]
    fn numbers_stay_whole() {
        check(
            "5.2.3 3,000 A1 v1.2",
            &["0 5.2.3", "1 3,000", "2 a1", "3 v1.2"],
        );
    }

    #[test]
    fn a_slash_joins_beside_a_number() {
        check("2011/12", &["0 2011", "0+2 2011/12", "1 12"]);
        check(
            "12/00345/FUL",
            &["0 12", "0+3 12/00345/ful", "1 00345", "2 ful"],
        );
        check("and/or", &["0 and", "1 or"]);
        check("2011 / 12", &["0 2011", "1 12"]);
    }

    #[test]
    fn hyphens_join() {
        check("COVID-19", &["0 covid", "0+2 covid19", "1 19"]);
        check("A-level", &["0 a", "0+2 alevel", "1 level"]);
        for hyphen in ["-", "\u{2010}", "\u{2011}", "\u{2013}", "_", "\u{202F}"] {
            check(
                &format!("well{hyphen}being"),
                &["0 well", "0+2 wellbeing", "1 being"],
            );
        }
        check("2011–12", &["0 2011", "1 12"]);
        check("well - being", &["0 well", "1 being"]);
        check("well--being -x- _", &["0 well", "1 being", "2 x"]);
        check("well\u{AD}being", &["0 wellbeing"]);
    }

    #[test]
    fn only_four_words_and_forty_bytes_are_joined_by_hyphens() {
        check(
            "one-two-three-four",
            &["0 one", "0+4 onetwothreefour", "1 two", "2 three", "3 four"],
        );
        check("a-b-c-d-e", &["0 a", "1 b", "2 c", "3 d", "4 e"]);
        let half = "x".repeat(20);
        assert_eq!(read(&format!("{half}-{half}")).len(), 3);
        assert_eq!(read(&format!("{half}-{half}x")).len(), 2);
    }

    #[test]
    fn ampersands_join_single_letters() {
        for text in ["R&D", "R & D", "r\u{A0}&\u{A0}d"] {
            check(text, &["0 r", "0+2 r&d", "1 d"]);
        }
        check("AT&T", &["0 at", "0+2 at&t", "1 t"]);
        check("Marks & Spencer", &["0 marks", "1 spencer"]);
        check("AT & T; 1&2", &["0 at", "1 t", "2 1", "3 2"]);
        check("R&D-led", &["0 r", "0+2 r&d", "0+3 r&dled", "1 d", "2 led"]);
    }

    #[test]
    fn halves_of_a_postcode_join() {
        check("EH1 1YZ", &["0 eh1", "0+2 eh11yz", "1 1yz"]);
        check(
            "in SW1A 2AA now",
            &["0 in", "1 sw1a", "1+2 sw1a2aa", "2 2aa", "3 now"],
        );
        check("m1 1ae", &["0 m1", "0+2 m11ae", "1 1ae"]);
        check("ABC1 1YZ A 1YZ", &["0 abc1", "1 1yz", "2 a", "3 1yz"]);
        check("EH1  1YZ EH1\n1YZ", &["0 eh1", "1 1yz", "2 eh1", "3 1yz"]);
    }

    #[test]
    fn dotted_letters_are_one_word() {
        check("U.K. e.g. U.K's", &["0 uk", "1 eg", "2 uks"]);
        check(
            "S.I. 2015/996",
            &["0 si", "1 2015", "1+2 2015/996", "2 996"],
        );
        check("Ph.D.", &["0 ph", "0+2 phd", "1 d"]);
        check("J.B.Smith", &["0 jb", "0+2 jbsmith", "1 smith"]);
        let token = tokens("the U.K.").nth(1).expect("a word");
        assert_eq!((token.span, token.written.as_str()), (4..7, "uk"));
    }

    #[test]
    fn full_stops_join_words() {
        check("end.Next", &["0 end", "0+2 end.next", "1 next"]);
        check(
            "council.gov.uk.",
            &["0 council", "0+3 council.gov.uk", "1 gov", "2 uk"],
        );
        check("end. Next", &["0 end", "1 next"]);
    }

    #[test]
    fn an_address_is_parts_and_the_whole() {
        check(
            "jo.bloggs@my-council.gov.uk",
            &[
                "0 jo",
                "0+2 jo.bloggs",
                "0+6 jo.bloggs@mycouncil.gov.uk",
                "1 bloggs",
                "2 my",
                "2+2 mycouncil",
                "2+4 mycouncil.gov.uk",
                "3 council",
                "4 gov",
                "5 uk",
            ],
        );
    }

    #[test]
    fn case_parts_and_joins() {
        check("YouTube", &["0 you", "0+2 youtube", "1 tube"]);
        check(
            "migrantIntegration",
            &["0 migrant", "0+2 migrantintegration", "1 integration"],
        );
        check(
            "ourMiFriendly",
            &["0 our", "0+2 ourmifriendly", "1 mifriendly"],
        );
        check(
            "iPhone PDFs COVID McDonald dell’Arte",
            &["0 iphone", "1 pdfs", "2 covid", "3 mcdonald", "4 dellarte"],
        );
        check("наОстров", &["0 на", "0+2 наостров", "1 остров"]);
        check(
            "abCdeFghIjk",
            &["0 ab", "0+4 abcdefghijk", "1 cde", "2 fgh", "3 ijk"],
        );
        check("aaBbbCccDddEee", &["0 aabbbcccdddeee"]);
    }

    #[test]
    fn colons_part_and_join_nothing() {
        check("title:housing", &["0 title", "1 housing"]);
    }

    #[test]
    fn an_apostrophe_alone_is_no_word_and_joins_nothing() {
        check("a-\u{2BC}-b", &["0 a", "1 b"]);
    }

    #[test]
    fn a_joined_token_is_written_as_it_stands() {
        let token = tokens("the Well\u{2011}Béing").nth(2).expect("a token");
        assert_eq!(
            (token.span, token.written.as_str(), token.folded.as_str()),
            (4..17, "well\u{2011}béing", "wellbeing")
        );
    }

    #[test]
    fn a_run_without_end_is_read_word_by_word() {
        let n = 30_000;
        for piece in ["ab-", "ab.", "ab1/", "ab@", "a&", "ab_", "a&b-"] {
            let n_words = n * piece
                .split(['&', '-'])
                .filter(|part| !part.is_empty())
                .count();
            let found: Vec<Token> = tokens(&piece.repeat(n)).collect();
            assert_eq!(found.len(), n_words, "{piece}");
            assert!(found.iter().all(|token| !token.is_joined()), "{piece}");
        }
        assert_eq!(tokens(&"a.".repeat(50_000)).count(), 1);
    }

    #[test]
    fn marks_without_end_are_read_once() {
        for (marks, n_words) in [
            ("-", 2),
            (".", 2),
            ("&", 2),
            ("@", 2),
            ("/", 2),
            ("'", 2),
            ("_", 2),
            ("-.", 2),
            (" &", 2),
            ("\u{300}", 1),
            ("\u{AD}", 1),
        ] {
            let marks = marks.repeat(50_000);
            assert_eq!(tokens(&marks).count(), 0);
            assert_eq!(tokens(&format!("a{marks}b")).count(), n_words);
        }
    }

    /// What is promised of the tokens of any text.
    #[track_caller]
    fn hold(text: &str) {
        let (mut place, mut end, mut last) = (0, 0, 0);
        for token in tokens(text) {
            let piece = text.get(token.span.clone()).expect("a piece of the text");
            assert!(!token.folded.is_empty());
            assert_eq!(fold(&token.folded), token.folded, "a key folds to itself");
            if token.is_joined() {
                assert_eq!(token.place + 1, place, "it follows its first word");
                assert!(token.n_words > last, "the shortest first");
                assert!(token.folded.len() <= MAX_REFERENCE_BYTES);
                assert_eq!(token.written, cut(lower(piece)), "as it stands");
                last = token.n_words;
            } else {
                assert!(token.span.start >= end, "words follow one another");
                end = token.span.end;
                assert_eq!((token.place, token.n_words), (place, 1));
                (place, last) = (place + 1, 1);
                if !piece.contains('.') {
                    assert_eq!(token.written, cut(lower(piece)), "a span holds its word");
                }
            }
        }
    }

    /// A joined token is its words, from the beginning of the first to the end of the last.
    #[track_caller]
    fn hold_joined(text: &str) {
        let all: Vec<Token> = tokens(text).collect();
        let singles: Vec<&Token> = all.iter().filter(|token| !token.is_joined()).collect();
        for token in all.iter().filter(|token| token.is_joined()) {
            let words = &singles[token.place as usize..][..token.n_words as usize];
            assert_eq!(words[0].span.start, token.span.start);
            assert_eq!(words[words.len() - 1].span.end, token.span.end);
            let letters: String = words.iter().map(|word| word.folded.as_str()).collect();
            let marks = ['&', '.', '/', '@'];
            assert_eq!(
                token.folded.replace(marks, ""),
                letters.replace(marks, ""),
                "its words and nothing else"
            );
        }
    }

    proptest! {
        #[test]
        fn tokens_hold_in_any_text(text: String) {
            hold(&text);
            hold_joined(&text);
        }

        #[test]
        fn tokens_hold_in_runs(
            text in "([a-cA-C]{1,3}|[0-9]{1,2}|[-–./&@_:' \u{AD}\u{300}\u{2BC}]|[éÉйЙא移ア]){0,40}"
        ) {
            hold(&text);
            hold_joined(&text);
        }

        /// So a query finds what a record holds.
        #[test]
        fn what_stands_around_a_run_changes_nothing(run in "[a-cA-C0-9./&@-]{0,40}") {
            let keys = |text: &str| -> Vec<String> {
                tokens(text).map(|token| token.folded).collect()
            };
            prop_assert_eq!(keys(&run), keys(&format!("\n{run}\n")));
        }
    }
}
