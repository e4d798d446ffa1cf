//! Reads CMaps: what codes in a font's strings stand for, as text or as numbers of glyphs.
//!
//! Knows ISO 32000-1, 9.7.5 and 9.10.3. Ranges stay ranges, so that a small file cannot ask for
//! much memory. What it does not know it passes over.

/// Most entries of one CMap: twice what a font with every ideograph of the first plane has.
const MAX_ENTRIES: usize = 200_000;

/// Longest text of one code that is kept, in UTF-16 units: no ligature is longer.
const MAX_UNITS: usize = 32;

/// A read CMap.
#[derive(Debug, Default)]
pub(super) struct CMap {
    /// How many bytes codes between these have.
    spaces: Vec<(u32, u32, usize)>,
    /// Ranges of codes and the text of the first; the last UTF-16 unit counts up.
    texts: Vec<(u32, u32, Vec<u16>)>,
    /// Ranges of codes and the number of the first's glyph.
    glyphs: Vec<(u32, u32, u32)>,
}

/// A piece of the PostScript that a CMap is written in.
#[derive(Debug, PartialEq)]
enum Token {
    Bytes(Vec<u8>),
    Number(u32),
    Word(String),
    Open,
    Close,
}

impl CMap {
    /// Reads a CMap.
    pub(super) fn read(bytes: &[u8]) -> CMap {
        let mut map = CMap::default();
        let mut rest = bytes;
        let mut pending: Vec<Token> = Vec::new();
        let mut n_entries = 0;
        while let Some(token) = next_token(&mut rest) {
            match token {
                Token::Word(word) => {
                    match word.as_str() {
                        "endcodespacerange" => map.add_spaces(&pending),
                        "endbfchar" => map.add_texts(&pending, 2),
                        "endbfrange" => map.add_texts(&pending, 3),
                        "endcidchar" => map.add_glyphs(&pending, 2),
                        "endcidrange" => map.add_glyphs(&pending, 3),
                        _ => {}
                    }
                    pending.clear();
                }
                token => {
                    n_entries += 1;
                    if n_entries > 3 * MAX_ENTRIES {
                        break;
                    }
                    pending.push(token);
                }
            }
        }
        // By their beginnings, so that a code can be looked for by halves; later ones win.
        map.texts.reverse();
        map.texts.sort_by_key(|(first, ..)| *first);
        map.glyphs.reverse();
        map.glyphs.sort_by_key(|(first, ..)| *first);
        map
    }

    /// True where no code has a text.
    pub(super) fn has_no_text(&self) -> bool {
        self.texts.is_empty()
    }

    /// How many bytes the code at the beginning of a string has, if the CMap says it.
    pub(super) fn code_len(&self, string: &[u8]) -> Option<usize> {
        let fits = |(first, last, len): &&(u32, u32, usize)| {
            string.len() >= *len && {
                let code = number(&string[..*len]);
                // Each byte has to be in its range, not only the number (9.7.6.2).
                (0..*len).all(|at| {
                    let byte = |number: u32| (number >> (8 * at)) & 0xFF;
                    (byte(*first)..=byte(*last)).contains(&byte(code))
                })
            }
        };
        self.spaces.iter().find(fits).map(|(_, _, len)| *len)
    }

    /// The text of a code.
    pub(super) fn text(&self, code: u32) -> Option<String> {
        let at = self.texts.partition_point(|(first, ..)| *first <= code);
        // Ranges overlap only in odd files: a few before are looked at.
        let (first, _, units) = self.texts[..at]
            .iter()
            .rev()
            .take(4)
            .find(|(_, last, _)| code <= *last)?;
        let mut units = units.clone();
        if let Some(unit) = units.last_mut() {
            *unit = unit.wrapping_add((code - first) as u16);
        }
        Some(String::from_utf16_lossy(&units))
    }

    /// The number of a code's glyph.
    pub(super) fn glyph(&self, code: u32) -> Option<u32> {
        let at = self.glyphs.partition_point(|(first, ..)| *first <= code);
        let (first, _, glyph) = self.glyphs[..at]
            .iter()
            .rev()
            .take(4)
            .find(|(_, last, _)| code <= *last)?;
        Some(glyph.saturating_add(code - first))
    }

    fn add_spaces(&mut self, tokens: &[Token]) {
        for pair in tokens.chunks_exact(2) {
            if let [Token::Bytes(first), Token::Bytes(last)] = pair
                && (1..=4).contains(&first.len())
            {
                self.spaces.push((number(first), number(last), first.len()));
            }
        }
    }

    fn add_texts(&mut self, tokens: &[Token], arity: usize) {
        let mut at = 0;
        while let Some(Token::Bytes(first)) = tokens.get(at) {
            let first = number(first);
            let last = match (arity, tokens.get(at + 1)) {
                (3, Some(Token::Bytes(last))) => number(last),
                (3, _) => return,
                _ => first,
            };
            at += arity - 1;
            match tokens.get(at) {
                Some(Token::Bytes(text)) => {
                    self.push_text(first, last, text);
                    at += 1;
                }
                Some(Token::Open) => {
                    let mut code = first;
                    at += 1;
                    while let Some(Token::Bytes(text)) = tokens.get(at) {
                        self.push_text(code, code, text);
                        code = code.saturating_add(1);
                        at += 1;
                    }
                    at += 1;
                }
                _ => return,
            }
        }
    }

    fn push_text(&mut self, first: u32, last: u32, text: &[u8]) {
        if self.texts.len() >= MAX_ENTRIES || last < first {
            return;
        }
        let mut units: Vec<u16> = text
            .chunks(2)
            .take(MAX_UNITS)
            .map(|pair| number(pair) as u16)
            .collect();
        // Some writers end texts with zeros.
        while units.last() == Some(&0) {
            units.pop();
        }
        if !units.is_empty() {
            self.texts.push((first, last, units));
        }
    }

    fn add_glyphs(&mut self, tokens: &[Token], arity: usize) {
        for entry in tokens.chunks_exact(arity) {
            if let [Token::Bytes(first), between @ .., Token::Number(glyph)] = entry
                && self.glyphs.len() < MAX_ENTRIES
            {
                let first = number(first);
                let last = match between {
                    [Token::Bytes(last)] => number(last),
                    _ => first,
                };
                self.glyphs.push((first, last, *glyph));
            }
        }
    }
}

/// Up to four bytes as a number, the first the highest.
pub(super) fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |number: u32, byte| (number << 8) | u32::from(*byte))
}

fn next_token(rest: &mut &[u8]) -> Option<Token> {
    loop {
        let (first, after) = rest.split_first()?;
        match first {
            b'%' => {
                let end = after.iter().position(|b| b"\r\n".contains(b))?;
                *rest = &after[end..];
            }
            b'<' if after.first() == Some(&b'<') => *rest = &after[1..],
            b'<' => {
                let end = after.iter().position(|b| *b == b'>').unwrap_or(after.len());
                let (inside, behind) = after.split_at(end);
                *rest = behind.get(1..).unwrap_or_default();
                return Some(Token::Bytes(hex(inside)));
            }
            b'[' => {
                *rest = after;
                return Some(Token::Open);
            }
            b']' => {
                *rest = after;
                return Some(Token::Close);
            }
            b if b.is_ascii_whitespace() || b"\0>(){}".contains(b) => *rest = after,
            _ => {
                let is_end = |b: &u8| b.is_ascii_whitespace() || b"\0<>[](){}/%".contains(b);
                let n = 1 + after.iter().position(is_end).unwrap_or(after.len());
                let (word, behind) = rest.split_at(n);
                *rest = behind;
                // Names, which begin with a slash, are of no use here.
                if *first == b'/' {
                    continue;
                }
                let word = String::from_utf8_lossy(word);
                return Some(match word.parse() {
                    Ok(number) => Token::Number(number),
                    Err(_) => Token::Word(word.into_owned()),
                });
            }
        }
    }
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let mut digits: Vec<u8> = digits
        .iter()
        .filter_map(|digit| char::from(*digit).to_digit(16))
        .map(|digit| digit as u8)
        .collect();
    if digits.len() % 2 == 1 {
        digits.push(0);
    }
    digits
        .chunks(2)
        .map(|pair| (pair[0] << 4) | pair[1])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_code_alone_in_ranges_and_in_lists() {
        let map = CMap::read(
            b"/CIDInit /ProcSet findresource begin % a comment\n\
              1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
              2 beginbfchar <0003> <0020> <0010> <00660066> endbfchar\n\
              3 beginbfrange <0020> <0022> <0041> <0030><0031>[<0175> <D83DDE00>]\n\
              <0040> <003F> <0041> endbfrange end",
        );
        let text = |code| map.text(code);
        assert_eq!(text(3).as_deref(), Some(" "));
        assert_eq!(text(0x10).as_deref(), Some("ff"));
        assert_eq!(text(0x22).as_deref(), Some("C"));
        assert_eq!(text(0x30).as_deref(), Some("ŵ"));
        assert_eq!(text(0x31).as_deref(), Some("😀"));
        assert_eq!(text(0x23), None);
        assert_eq!(map.code_len(&[0, 3, 0]), Some(2));
        assert_eq!(map.code_len(&[0]), None);
    }

    #[test]
    fn codes_of_one_and_two_bytes_are_told_apart_by_each_byte() {
        let map = CMap::read(
            b"2 begincodespacerange <00> <80> <8140> <9FFC> endcodespacerange\n\
              1 begincidrange <8140> <8145> 633 endcidrange 1 begincidchar <20> 1 endcidchar",
        );
        assert_eq!(map.code_len(b"A"), Some(1));
        assert_eq!(map.code_len(b"\x81\x45"), Some(2));
        assert_eq!(map.code_len(b"\x81\x20"), None);
        assert_eq!(map.glyph(0x8142), Some(635));
        assert_eq!(map.glyph(0x20), Some(1));
    }

    #[test]
    fn what_is_no_cmap_is_an_empty_one() {
        for bytes in [&b""[..], b"<", b"[", b"<zz> endbfchar <1", b"\xFF\xFE\0\0"] {
            assert!(CMap::read(bytes).has_no_text());
        }
    }
}
