//! From the names of glyphs, and from bytes in the encodings that PDF names, to text.
//!
//! Knows ISO 32000-1, annex D, and the rules of the Adobe Glyph List Specification. Knows no fonts.
//! Never guesses: a name that says nothing gives nothing.

use unicode_normalization::UnicodeNormalization;

/// The encodings that a font can name, and the one that it has if it names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Of Adobe's text fonts.
    Standard,
    /// Windows 1252.
    WinAnsi,
    /// Mac OS Roman.
    MacRoman,
    /// Of the font Symbol.
    Symbol,
}

/// What the codes from 0xA1 mean in the standard encoding; a space where there is nothing.
const STANDARD_UPPER: &str = "¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ –†‡· ¶•‚„”»…‰ ¿ `´ˆ˜¯˘˙¨ ˚¸ ˝˛ˇ—";

/// Codes of the standard encoding above those.
const STANDARD_LAST: [(u8, char); 12] = [
    (0xE1, 'Æ'),
    (0xE3, 'ª'),
    (0xE8, 'Ł'),
    (0xE9, 'Ø'),
    (0xEA, 'Œ'),
    (0xEB, 'º'),
    (0xF1, 'æ'),
    (0xF5, 'ı'),
    (0xF8, 'ł'),
    (0xF9, 'ø'),
    (0xFA, 'œ'),
    (0xFB, 'ß'),
];

/// What capital and small letters mean in the font Symbol.
const SYMBOL_CAPITALS: &str = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
const SYMBOL_SMALL: &str = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";

/// What bytes from 0x80 mean in text strings (PDFDocEncoding); a space where there is nothing.
const PDF_DOC: &str = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž €";

/// Names of glyphs that no rule covers.
const NAMES: &[(&str, &str)] = &[
    ("space", " "),
    ("nbspace", " "),
    ("exclam", "!"),
    ("quotedbl", "\""),
    ("numbersign", "#"),
    ("dollar", "$"),
    ("percent", "%"),
    ("ampersand", "&"),
    ("quotesingle", "'"),
    ("parenleft", "("),
    ("parenright", ")"),
    ("asterisk", "*"),
    ("plus", "+"),
    ("comma", ","),
    ("hyphen", "-"),
    ("sfthyphen", "\u{ad}"),
    ("softhyphen", "\u{ad}"),
    ("minus", "−"),
    ("period", "."),
    ("slash", "/"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("colon", ":"),
    ("semicolon", ";"),
    ("less", "<"),
    ("equal", "="),
    ("greater", ">"),
    ("question", "?"),
    ("at", "@"),
    ("bracketleft", "["),
    ("backslash", "\\"),
    ("bracketright", "]"),
    ("asciicircum", "^"),
    ("underscore", "_"),
    ("grave", "`"),
    ("braceleft", "{"),
    ("bar", "|"),
    ("braceright", "}"),
    ("asciitilde", "~"),
    ("exclamdown", "¡"),
    ("cent", "¢"),
    ("sterling", "£"),
    ("fraction", "⁄"),
    ("yen", "¥"),
    ("florin", "ƒ"),
    ("section", "§"),
    ("currency", "¤"),
    ("quotedblleft", "“"),
    ("guillemotleft", "«"),
    ("guilsinglleft", "‹"),
    ("guilsinglright", "›"),
    ("fi", "fi"),
    ("fl", "fl"),
    ("ff", "ff"),
    ("ffi", "ffi"),
    ("ffl", "ffl"),
    ("endash", "–"),
    ("dagger", "†"),
    ("daggerdbl", "‡"),
    ("periodcentered", "·"),
    ("paragraph", "¶"),
    ("bullet", "•"),
    ("quotesinglbase", "‚"),
    ("quotedblbase", "„"),
    ("quotedblright", "”"),
    ("guillemotright", "»"),
    ("ellipsis", "…"),
    ("perthousand", "‰"),
    ("questiondown", "¿"),
    ("acute", "´"),
    ("circumflex", "ˆ"),
    ("tilde", "˜"),
    ("macron", "¯"),
    ("breve", "˘"),
    ("dotaccent", "˙"),
    ("dieresis", "¨"),
    ("ring", "˚"),
    ("cedilla", "¸"),
    ("hungarumlaut", "˝"),
    ("ogonek", "˛"),
    ("caron", "ˇ"),
    ("emdash", "—"),
    ("AE", "Æ"),
    ("ordfeminine", "ª"),
    ("Lslash", "Ł"),
    ("Oslash", "Ø"),
    ("OE", "Œ"),
    ("ordmasculine", "º"),
    ("ae", "æ"),
    ("dotlessi", "ı"),
    ("dotlessj", "ȷ"),
    ("lslash", "ł"),
    ("oslash", "ø"),
    ("oe", "œ"),
    ("germandbls", "ß"),
    ("eth", "ð"),
    ("Eth", "Ð"),
    ("thorn", "þ"),
    ("Thorn", "Þ"),
    ("dcroat", "đ"),
    ("Dcroat", "Đ"),
    ("copyright", "©"),
    ("registered", "®"),
    ("trademark", "™"),
    ("degree", "°"),
    ("plusminus", "±"),
    ("onesuperior", "¹"),
    ("twosuperior", "²"),
    ("threesuperior", "³"),
    ("mu", "µ"),
    ("onequarter", "¼"),
    ("onehalf", "½"),
    ("threequarters", "¾"),
    ("multiply", "×"),
    ("divide", "÷"),
    ("logicalnot", "¬"),
    ("brokenbar", "¦"),
    ("quoteleft", "‘"),
    ("quoteright", "’"),
    ("Euro", "€"),
    ("euro", "€"),
    ("lessequal", "≤"),
    ("greaterequal", "≥"),
    ("notequal", "≠"),
    ("approxequal", "≈"),
    ("infinity", "∞"),
    ("summation", "∑"),
    ("product", "∏"),
    ("radical", "√"),
    ("partialdiff", "∂"),
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("theta", "θ"),
    ("lambda", "λ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("phi", "φ"),
    ("omega", "ω"),
    ("Delta", "Δ"),
    ("Sigma", "Σ"),
    ("Omega", "Ω"),
];

/// Names of accents behind the letter that has them, and their marks.
const ACCENTS: [(&str, char); 15] = [
    ("acute", '\u{301}'),
    ("grave", '\u{300}'),
    ("circumflex", '\u{302}'),
    ("dieresis", '\u{308}'),
    ("tilde", '\u{303}'),
    ("caron", '\u{30c}'),
    ("cedilla", '\u{327}'),
    ("commaaccent", '\u{327}'),
    ("ring", '\u{30a}'),
    ("macron", '\u{304}'),
    ("breve", '\u{306}'),
    ("ogonek", '\u{328}'),
    ("dotaccent", '\u{307}'),
    ("dotbelow", '\u{323}'),
    ("hungarumlaut", '\u{30b}'),
];

/// The text of a glyph by its name, by the rules of the Adobe Glyph List Specification, section 2.
pub(super) fn of_glyph(name: &str) -> Option<String> {
    let name = name.split('.').next().unwrap_or_default();
    let parts: Option<Vec<String>> = name.split('_').map(component).collect();
    parts.map(|parts| parts.concat())
}

fn component(name: &str) -> Option<String> {
    if let Some((_, text)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some((*text).to_owned());
    }
    let mut letters = name.chars();
    let first = letters.next()?;
    if letters.next().is_none() && first.is_ascii_alphabetic() {
        return Some(first.to_string());
    }
    if let Some(digits) = name.strip_prefix("uni")
        && digits.len() >= 4
        && digits.len().is_multiple_of(4)
        && digits.bytes().all(|b| b.is_ascii_hexdigit())
    {
        let units: Vec<u16> = digits
            .as_bytes()
            .chunks(4)
            .filter_map(|chunk| u16::from_str_radix(std::str::from_utf8(chunk).ok()?, 16).ok())
            .collect();
        return String::from_utf16(&units).ok();
    }
    if let Some(digits) = name.strip_prefix('u')
        && (4..=6).contains(&digits.len())
        && let Ok(number) = u32::from_str_radix(digits, 16)
    {
        return char::from_u32(number).map(String::from);
    }
    if let Some(base) = name.strip_suffix("small")
        && base.len() == 1
    {
        return component(base);
    }
    ACCENTS.iter().find_map(|(accent, mark)| {
        let base = name.strip_suffix(accent)?;
        let is_letter = base.len() == 1 && base.bytes().all(|b| b.is_ascii_alphabetic());
        let base = if is_letter { base } else { with_base(base)? };
        Some([base, &mark.to_string()].concat().nfc().collect())
    })
}

/// Letters that have accents and are not ASCII.
fn with_base(name: &str) -> Option<&'static str> {
    match name {
        "ae" => Some("æ"),
        "AE" => Some("Æ"),
        "oslash" => Some("ø"),
        "Oslash" => Some("Ø"),
        _ => None,
    }
}

/// The character that a byte is in an encoding.
pub(super) fn of_code(encoding: Encoding, code: u8) -> Option<char> {
    let by_table = |table: &'static encoding_rs::Encoding| {
        let bytes = [code];
        let (text, _) = table.decode_without_bom_handling(&bytes);
        text.chars().next()
    };
    let found = match encoding {
        // Viewers show bullets and hyphens for these codes; text has no use for the bullet.
        Encoding::WinAnsi if code == 0xAD => Some('-'),
        Encoding::WinAnsi => by_table(encoding_rs::WINDOWS_1252),
        Encoding::MacRoman => by_table(encoding_rs::MACINTOSH),
        Encoding::Standard => standard(code),
        Encoding::Symbol => symbol(code),
    };
    found.filter(|letter| !letter.is_control() && *letter != '\u{fffd}')
}

fn standard(code: u8) -> Option<char> {
    match code {
        0x27 => Some('’'),
        0x60 => Some('‘'),
        0x20..=0x7E => Some(char::from(code)),
        0xA1..=0xD0 => {
            let letter = STANDARD_UPPER.chars().nth(usize::from(code - 0xA1))?;
            (letter != ' ').then_some(letter)
        }
        _ => {
            let found = STANDARD_LAST.iter().find(|(known, _)| *known == code);
            found.map(|(_, letter)| *letter)
        }
    }
}

fn symbol(code: u8) -> Option<char> {
    match code {
        b'A'..=b'Z' => SYMBOL_CAPITALS.chars().nth(usize::from(code - b'A')),
        b'a'..=b'z' => SYMBOL_SMALL.chars().nth(usize::from(code - b'a')),
        0x20..=0x3F => Some(char::from(code)),
        0xB7 => Some('•'),
        0xA3 => Some('≤'),
        0xB3 => Some('≥'),
        0xB0 => Some('°'),
        0xB1 => Some('±'),
        0xB4 => Some('×'),
        _ => None,
    }
}

/// A text string (ISO 32000-1, 7.9.2.2): UTF-16 or UTF-8 with a mark, else PDFDocEncoding.
pub(super) fn text_string(bytes: &[u8]) -> String {
    let text = if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0
    } else if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0
    } else if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        String::from_utf8_lossy(rest)
    } else {
        bytes.iter().filter_map(|byte| pdf_doc(*byte)).collect()
    };
    // What is between two escapes names a language (7.9.2.2): it is not part of the text.
    let mut is_text = true;
    text.chars()
        .filter(|letter| {
            if *letter == '\u{1b}' {
                is_text = !is_text;
                return false;
            }
            is_text
        })
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .filter(|letter| *letter != '\u{feff}' && *letter != '\u{fffd}')
        .collect()
}

fn pdf_doc(byte: u8) -> Option<char> {
    match byte {
        0x80..=0xA0 => PDF_DOC.chars().nth(usize::from(byte - 0x80)),
        _ => Some(char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_glyphs_are_read_by_table_by_rule_and_by_number() {
        let check = |name: &str, text: Option<&str>| {
            assert_eq!(of_glyph(name).as_deref(), text, "{name}");
        };
        check("A", Some("A"));
        check("ffi", Some("ffi"));
        check("f_f_l", Some("ffl"));
        check("wcircumflex", Some("ŵ"));
        check("Ycircumflex", Some("Ŷ"));
        check("uni0175", Some("ŵ"));
        check("u1F600", Some("😀"));
        check("one.oldstyle", Some("1"));
        check("aacute.sc", Some("á"));
        check("g27", None);
        check(".notdef", None);
        check("", None);
    }

    #[test]
    fn codes_mean_what_their_encoding_says() {
        assert_eq!(of_code(Encoding::WinAnsi, 0x92), Some('’'));
        assert_eq!(of_code(Encoding::MacRoman, 0x8E), Some('é'));
        assert_eq!(of_code(Encoding::Standard, 0xAE), Some('ﬁ'));
        assert_eq!(of_code(Encoding::Standard, 0xD0), Some('—'));
        assert_eq!(of_code(Encoding::Standard, 0xCA), Some('˚'));
        assert_eq!(of_code(Encoding::Symbol, b'w'), Some('ω'));
        assert_eq!(of_code(Encoding::WinAnsi, 7), None);
    }

    #[test]
    fn text_strings_tell_their_encoding_by_their_first_bytes() {
        assert_eq!(text_string(b"\xFE\xFF\x01\x75\x00y"), "ŵy");
        assert_eq!(text_string(b"\xEF\xBB\xBFc\xC5\xB5n"), "cŵn");
        assert_eq!(text_string(b"caf\xE9 \x84"), "café —");
        assert_eq!(text_string(b"\xFE\xFF\x00\x1b\0c\0y\x00\x1b\0a"), "a");
    }
}
