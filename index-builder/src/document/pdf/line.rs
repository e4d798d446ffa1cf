//! From the glyphs of one line to its text: words cut at gaps, accents put on their letters,
//! ligatures taken apart, right-to-left scripts in the order in which they are read.
//!
//! Knows glyphs by their place from left to right. Knows nothing of other lines.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::content::Glyph;

/// A gap this wide, in sizes of the font, parts words where the letters stand close. Justified lines
/// squeeze spaces to about 0.17; kerning stays below 0.1.
const WORD_GAP: f32 = 0.14;

/// How the letters of a text run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    FromLeft,
    FromRight,
    Number,
    Neutral,
}

/// A glyph as it is read.
struct Unit {
    text: String,
    x0: f32,
    x1: f32,
}

/// The text of a line.
pub(super) fn text(mut glyphs: Vec<Glyph>) -> String {
    glyphs.sort_by(|a, b| a.x.total_cmp(&b.x));
    drop_doubles(&mut glyphs);
    let gap = word_gap(&glyphs);
    let mut units: Vec<Unit> = Vec::with_capacity(glyphs.len() + glyphs.len() / 5);
    for glyph in glyphs {
        let text = plain(&glyph.text);
        let (x0, x1) = (glyph.x, glyph.x + glyph.width.max(0.0));
        if text.is_empty() {
            continue;
        }
        if let Some(last) = units.last_mut() {
            if text.chars().all(is_combining_mark) {
                last.text.push_str(&text);
                continue;
            }
            if x0 - last.x1 > gap * glyph.size && !is_space(&text) && !is_space(&last.text) {
                let (x0, x1) = (last.x1, x0);
                let text = " ".to_owned();
                units.push(Unit { text, x0, x1 });
            }
        }
        units.push(Unit { text, x0, x1 });
    }
    put_accents(&mut units);
    let text: String = in_order(units).into_iter().map(|unit| unit.text).collect();
    let text: String = text.nfc().collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// Whether most letters belong to scripts that run from the right.
pub(super) fn is_from_right<'g>(glyphs: impl Iterator<Item = &'g Glyph>) -> bool {
    let mut balance = 0_i64;
    for glyph in glyphs {
        match run_of(&glyph.text) {
            Run::FromRight => balance += 1,
            Run::FromLeft => balance -= 1,
            Run::Number | Run::Neutral => {}
        }
    }
    balance > 0
}

fn is_space(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// Ligatures and forms that letters take by their place as the letters that they are; without
/// characters that nobody sees. A soft hyphen is kept: at the end of a line it says something.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            // Latin ligatures; Hebrew and Arabic presentation forms.
            '\u{fb00}'..='\u{fb06}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => {
                plain.extend(std::iter::once(letter).nfkc());
            }
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            '\u{feff}' | '\u{fffd}' => {}
            letter if letter.is_whitespace() => plain.push(' '),
            letter if letter.is_control() => {}
            letter => plain.push(letter),
        }
    }
    plain
}

/// Takes out glyphs that are drawn again at nearly the same place, as some programs make bold.
fn drop_doubles(glyphs: &mut Vec<Glyph>) {
    glyphs.dedup_by(|glyph, before| {
        let near = 0.12 * glyph.size;
        glyph.text == before.text
            && (glyph.x - before.x).abs() < near
            && (glyph.y - before.y).abs() < near
            && glyph.width > near
    });
}

/// The gap between words, in sizes: more where all letters stand apart.
fn word_gap(glyphs: &[Glyph]) -> f32 {
    let gap = |pair: &[Glyph]| match pair {
        [one, next] => (next.x - one.x - one.width) / next.size,
        _ => 0.0,
    };
    let mut gaps: Vec<f32> = glyphs.windows(2).map(gap).collect();
    gaps.sort_by(f32::total_cmp);
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(0.0);
    // A line of few letters says nothing about how they stand.
    if gaps.len() < 6 {
        return WORD_GAP;
    }
    WORD_GAP + usual.clamp(0.0, 1.0)
}

/// Puts accents that are drawn as signs of their own on the letter at their place.
fn put_accents(units: &mut Vec<Unit>) {
    let mut at = 0;
    while at < units.len() {
        let Some(mark) = mark_of(&units[at].text) else {
            at += 1;
            continue;
        };
        let middle = (units[at].x0 + units[at].x1) / 2.0;
        let covers = |unit: &Unit| {
            unit.x0 < middle
                && middle < unit.x1
                && unit.text.chars().last().is_some_and(char::is_alphabetic)
        };
        // The letter begins a little before or behind its accent.
        let near = [at.checked_sub(1), Some(at + 1)];
        let base = near
            .into_iter()
            .flatten()
            .find(|near| units.get(*near).is_some_and(covers));
        match base {
            Some(base) => {
                let text = &mut units[base].text;
                // The dot of the letter makes room for its accent.
                let dotted = match text.pop() {
                    Some('ı') => Some('i'),
                    Some('ȷ') => Some('j'),
                    other => other,
                };
                text.extend(dotted);
                text.push(mark);
                units.remove(at);
            }
            None => at += 1,
        }
    }
}

fn mark_of(text: &str) -> Option<char> {
    match text {
        "´" => Some('\u{301}'),
        "`" => Some('\u{300}'),
        "ˆ" | "^" => Some('\u{302}'),
        "¨" => Some('\u{308}'),
        "˜" | "~" => Some('\u{303}'),
        "ˇ" => Some('\u{30c}'),
        "¯" => Some('\u{304}'),
        "˘" => Some('\u{306}'),
        "˚" => Some('\u{30a}'),
        "˙" => Some('\u{307}'),
        "¸" => Some('\u{327}'),
        "˛" => Some('\u{328}'),
        "˝" => Some('\u{30b}'),
        _ => None,
    }
}

fn run_of(text: &str) -> Run {
    for letter in text.chars() {
        match letter {
            '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' => return Run::Number,
            '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => {
                return Run::FromRight;
            }
            letter if letter.is_numeric() => return Run::Number,
            letter if letter.is_alphabetic() => return Run::FromLeft,
            _ => {}
        }
    }
    Run::Neutral
}

/// From the order on the page, left to right, to that of reading: the reordering of UAX #9, rule L2,
/// undone. Levels are told from the letters alone.
fn in_order(mut units: Vec<Unit>) -> Vec<Unit> {
    let runs: Vec<Run> = units.iter().map(|unit| run_of(&unit.text)).collect();
    let count = |run: Run| runs.iter().filter(|other| **other == run).count();
    let n_from_right = count(Run::FromRight);
    if n_from_right == 0 {
        return units;
    }
    let base = u8::from(n_from_right >= count(Run::FromLeft));
    let mut levels = levels(&runs, base);
    let highest = levels.iter().copied().max().unwrap_or(0);
    for level in 1..=highest {
        let mut at = 0;
        while at < levels.len() {
            let n = levels[at..].iter().take_while(|own| **own >= level).count();
            // A line that runs from the right as a whole is turned as a whole.
            if n > 0 {
                units[at..at + n].reverse();
                levels[at..at + n].reverse();
            }
            at += n + 1;
        }
    }
    units
}

fn levels(runs: &[Run], base: u8) -> Vec<u8> {
    let strong_before = |at: usize| {
        runs[..at]
            .iter()
            .rev()
            .find(|run| matches!(run, Run::FromLeft | Run::FromRight))
    };
    let strong_behind = |at: usize| {
        runs[at..]
            .iter()
            .find(|run| matches!(run, Run::FromLeft | Run::FromRight))
    };
    let of = |at: usize| match (runs[at], base) {
        (Run::FromRight, _) => Some(1),
        (Run::FromLeft | Run::Number, 1) => Some(2),
        (Run::FromLeft, _) => Some(0),
        (Run::Number, _) => {
            let is_within = strong_before(at) == Some(&Run::FromRight)
                && strong_behind(at) == Some(&Run::FromRight);
            Some(if is_within { 2 } else { 0 })
        }
        (Run::Neutral, _) => None,
    };
    let own: Vec<Option<u8>> = (0..runs.len()).map(of).collect();
    // Signs and spaces belong to what stands on both their sides, or to the line.
    let mut before = Vec::with_capacity(own.len());
    let mut last = base;
    for level in &own {
        last = level.unwrap_or(last);
        before.push(last);
    }
    let mut levels = vec![base; own.len()];
    let mut behind = base;
    for at in (0..own.len()).rev() {
        behind = own[at].unwrap_or(behind);
        levels[at] = match own[at] {
            Some(level) => level,
            None if before[at] == behind => behind,
            None => before[at].min(behind).max(base),
        };
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Glyphs half a point wide at size 1, drawn one after the other; a `|` moves back over the last.
    fn line(shown: &str) -> String {
        let mut glyphs = Vec::new();
        let mut x = 0.0;
        for letter in shown.chars() {
            if letter == '|' {
                x -= 0.5;
                continue;
            }
            glyphs.push(Glyph {
                x,
                y: 0.0,
                width: 0.5,
                size: 1.0,
                quarter_turns: 0,
                text: letter.to_string(),
                is_bold: false,
            });
            x += 0.5;
        }
        text(glyphs)
    }

    #[test]
    fn ligatures_are_taken_apart_and_accents_put_on() {
        assert_eq!(line("o\u{fb03}ce \u{fb01}re"), "office fire");
        assert_eq!(line("d\u{2c6}|w r"), "dŵ r");
        assert_eq!(line("caf´|e"), "café");
        assert_eq!(line("na¨|ıve"), "naïve");
        assert_eq!(line("a^2 ~ b"), "a^2 ~ b");
    }

    #[test]
    fn scripts_from_the_right_are_turned_and_numbers_in_them_are_not() {
        // As they stand on the page, from left to right.
        assert_eq!(line("ةنيدم"), "مدينة");
        assert_eq!(line("ماع 2016 يف ريرقت"), "تقرير في 2016 عام");
        assert_eq!(line("The word ملس means"), "The word سلم means");
        assert_eq!(line("PDF فلم 3.5"), "3.5 ملف PDF");
        assert_eq!(line("ﺔﻨﻳﺪﻣ"), "مدينة");
    }

    #[test]
    fn words_are_parted_at_gaps_also_where_letters_stand_apart() {
        let spaced = |step: f32, gap: f32| {
            let mut glyphs = Vec::new();
            let mut x = 0.0;
            for letter in "HOUSING ADVICE".chars() {
                if letter == ' ' {
                    x += gap;
                    continue;
                }
                glyphs.push(Glyph {
                    x,
                    y: 0.0,
                    width: 0.5,
                    size: 1.0,
                    quarter_turns: 0,
                    text: letter.to_string(),
                    is_bold: true,
                });
                x += step;
            }
            text(glyphs)
        };
        assert_eq!(spaced(0.5, 0.25), "HOUSING ADVICE");
        assert_eq!(spaced(0.8, 0.4), "HOUSING ADVICE");
        assert_eq!(spaced(0.47, 0.2), "HOUSING ADVICE");
    }
}
