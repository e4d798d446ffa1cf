//! A font as far as text needs it: how a string is cut into codes, what each says, how wide it is.
//!
//! Knows ISO 32000-1, 9.6 to 9.10. Draws nothing and reads no outlines: of an embedded font program
//! it looks at the list of glyph names alone.

use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};

use super::cmap::{self, CMap};
use super::decode::Decoder;
use super::names::{self, Encoding};

/// The width of a glyph of which nothing is known, in thousandths of the font's size: about that of
/// a letter in the common fonts.
const USUAL_WIDTH: f32 = 500.0;

/// Widths of Helvetica from the space on (Adobe's font metrics), for fonts that state none: those
/// that every viewer has.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// Most widths that are read of one font: one for each glyph that a font can have.
const MAX_WIDTHS: usize = 65_536;

/// A font.
#[derive(Debug)]
pub(super) struct Font {
    kind: Kind,
    to_unicode: Option<CMap>,
    /// True for bold ones, by their names: bold lines are often headings.
    pub(super) is_bold: bool,
    /// True where text runs down the page.
    pub(super) is_vertical: bool,
    /// What widths are counted in: thousandths of the size, but for fonts drawn in the file.
    scale: f32,
}

#[derive(Debug)]
enum Kind {
    /// A byte a code.
    Simple {
        texts: Vec<Option<String>>,
        widths: Vec<f32>,
    },
    /// Codes of one byte or several, each a glyph by its number.
    Composite {
        cuts: Cuts,
        /// Ranges of glyphs and their width.
        widths: Vec<(u32, u32, f32)>,
        default_width: f32,
    },
}

/// How the strings of a composite font are cut, and what codes mean without a map to Unicode.
#[derive(Debug)]
enum Cuts {
    /// Two bytes, which are the glyph's number.
    Identity,
    /// Two bytes or four, which are UTF-16.
    Utf16,
    /// A legacy encoding.
    Legacy(&'static encoding_rs::Encoding),
    /// As a CMap in the file says.
    Own(Box<CMap>),
}

/// A code of a string.
pub(super) struct Shown {
    /// What it says; `None` where the file does not tell.
    pub(super) text: Option<String>,
    /// How far the pen moves, in parts of the font's size.
    pub(super) width: f32,
    /// True for the one-byte code 32, which word spacing widens.
    pub(super) is_word_space: bool,
}

impl Font {
    /// Reads a font's dictionary.
    pub(super) fn read(dict: &Dict<'_>, decoder: &mut Decoder) -> Font {
        let to_unicode = dict
            .get::<Stream<'_>>(b"ToUnicode")
            .and_then(|stream| decoder.decode(&stream))
            .map(|bytes| CMap::read(&bytes))
            .filter(|map| !map.has_no_text());
        let base_font = name(dict, b"BaseFont").unwrap_or_default();
        let subtype = name(dict, b"Subtype").unwrap_or_default();
        let lower = base_font.to_ascii_lowercase();
        let is_bold = ["bold", "black", "heavy", "-semi", "cmbx"]
            .iter()
            .any(|word| lower.contains(word));
        let mut is_vertical = false;
        let kind = if subtype == "Type0" {
            let encoding = name(dict, b"Encoding").unwrap_or_default();
            is_vertical = encoding.ends_with("-V") || encoding == "V";
            composite(dict, &encoding, decoder)
        } else {
            simple(dict, &base_font, &subtype, decoder)
        };
        let scale = if subtype == "Type3" {
            let matrix = dict.get::<Array<'_>>(b"FontMatrix");
            let first = matrix.and_then(|matrix| matrix.iter::<Number>().next());
            first.map_or(0.001, |number| number.as_f32().abs())
        } else {
            0.001
        };
        Font {
            kind,
            to_unicode,
            is_bold,
            is_vertical,
            scale,
        }
    }

    /// Cuts a string into its codes.
    pub(super) fn each(&self, mut string: &[u8], mut each: impl FnMut(Shown)) {
        match &self.kind {
            Kind::Simple { texts, widths } => {
                for byte in string {
                    let at = usize::from(*byte);
                    let text = self.by_map(u32::from(*byte));
                    each(Shown {
                        text: text.or_else(|| texts.get(at).cloned().flatten()),
                        width: widths.get(at).copied().unwrap_or(USUAL_WIDTH) * self.scale,
                        is_word_space: *byte == b' ',
                    });
                }
            }
            Kind::Composite {
                cuts,
                widths,
                default_width,
            } => {
                while !string.is_empty() {
                    let n = cuts.code_len(string).clamp(1, string.len());
                    let (code_bytes, rest) = string.split_at(n);
                    string = rest;
                    let code = cmap::number(code_bytes);
                    let glyph = match cuts {
                        Cuts::Own(map) => map.glyph(code).unwrap_or(code),
                        _ => code,
                    };
                    let width = width_of(widths, glyph).unwrap_or(*default_width);
                    each(Shown {
                        text: self.by_map(code).or_else(|| cuts.text(code_bytes)),
                        width: width * self.scale,
                        is_word_space: code_bytes == b" ",
                    });
                }
            }
        }
    }

    /// What the font's own map says of a code. Private characters and zeros say nothing.
    fn by_map(&self, code: u32) -> Option<String> {
        let text = self.to_unicode.as_ref()?.text(code)?;
        let says = |letter: char| !matches!(letter, '\0' | '\u{fffd}' | '\u{e000}'..='\u{f8ff}');
        text.chars().any(says).then_some(text)
    }
}

impl Cuts {
    fn code_len(&self, string: &[u8]) -> usize {
        match self {
            Cuts::Identity => 2,
            Cuts::Utf16 if matches!(string.first(), Some(0xD8..=0xDB)) => 4,
            Cuts::Utf16 => 2,
            Cuts::Legacy(_) if string.first().is_some_and(u8::is_ascii) => 1,
            // Half-width kana are one byte in Shift-JIS.
            Cuts::Legacy(encoding)
                if *encoding == encoding_rs::SHIFT_JIS
                    && matches!(string.first(), Some(0xA1..=0xDF)) =>
            {
                1
            }
            Cuts::Legacy(_) => 2,
            Cuts::Own(map) => map.code_len(string).unwrap_or(2),
        }
    }

    fn text(&self, code: &[u8]) -> Option<String> {
        let encoding = match self {
            Cuts::Utf16 => encoding_rs::UTF_16BE,
            Cuts::Legacy(encoding) => encoding,
            Cuts::Identity | Cuts::Own(_) => return None,
        };
        let text = encoding.decode_without_bom_handling_and_without_replacement(code)?;
        Some(text.into_owned())
    }
}

fn name(dict: &Dict<'_>, key: &[u8]) -> Option<String> {
    let name = dict.get::<Name<'_>>(key)?;
    Some(String::from_utf8_lossy(&name).into_owned())
}

fn simple(dict: &Dict<'_>, base_font: &str, subtype: &str, decoder: &mut Decoder) -> Kind {
    let descriptor = dict.get::<Dict<'_>>(b"FontDescriptor");
    let encoding = dict.get::<Dict<'_>>(b"Encoding");
    let base = match &encoding {
        Some(encoding) => name(encoding, b"BaseEncoding"),
        None => name(dict, b"Encoding"),
    };
    let base = match base.as_deref() {
        Some("WinAnsiEncoding") => Encoding::WinAnsi,
        Some("MacRomanEncoding") => Encoding::MacRoman,
        _ if base_font.ends_with("Symbol") => Encoding::Symbol,
        // Codes of TrueType fonts without an encoding are mostly those of Windows.
        _ if subtype == "TrueType" => Encoding::WinAnsi,
        _ => Encoding::Standard,
    };
    let mut texts: Vec<Option<String>> = (0..=u8::MAX)
        .map(|code| names::of_code(base, code).map(String::from))
        .collect();
    if encoding.is_none()
        && let Some(program) = descriptor
            .as_ref()
            .and_then(|descriptor| descriptor.get::<Stream<'_>>(b"FontFile"))
            .and_then(|stream| decoder.decode(&stream))
    {
        for (code, glyph) in own_encoding(&program) {
            texts[usize::from(code)] = names::of_glyph(&glyph);
        }
    }
    let differences = encoding.and_then(|encoding| encoding.get::<Array<'_>>(b"Differences"));
    let mut code = 0;
    for item in differences
        .iter()
        .flat_map(|list| list.iter::<Object<'_>>())
    {
        match item {
            Object::Number(number) => code = number.as_i64().clamp(0, 256) as usize,
            Object::Name(glyph) => {
                if let Some(slot) = texts.get_mut(code) {
                    let glyph = String::from_utf8_lossy(&glyph).into_owned();
                    // A name that says nothing leaves what the base encoding has only for letters
                    // that were put in their own places.
                    *slot = names::of_glyph(&glyph);
                }
                code += 1;
            }
            _ => {}
        }
    }
    Kind::Simple {
        texts,
        widths: simple_widths(dict, base_font, descriptor.as_ref()),
    }
}

fn simple_widths(dict: &Dict<'_>, base_font: &str, descriptor: Option<&Dict<'_>>) -> Vec<f32> {
    let Some(list) = dict.get::<Array<'_>>(b"Widths") else {
        if base_font.contains("Courier") {
            return vec![600.0; 256];
        }
        let known = |code: usize| {
            let width = code.checked_sub(32).and_then(|at| HELVETICA.get(at));
            width.map_or(USUAL_WIDTH, |width| f32::from(*width))
        };
        return (0..256).map(known).collect();
    };
    let missing = descriptor
        .and_then(|descriptor| descriptor.get::<Number>(b"MissingWidth"))
        .map_or(0.0, |number| number.as_f32());
    let first = dict.get::<Number>(b"FirstChar").map_or(0, |n| n.as_i64());
    let mut widths = vec![missing; 256];
    for (at, width) in list.iter::<Number>().enumerate().take(256) {
        let slot = usize::try_from(first).ok().map(|first| first + at);
        if let Some(slot) = slot.and_then(|slot| widths.get_mut(slot)) {
            *slot = width.as_f32();
        }
    }
    widths
}

/// The encoding in the readable part of a Type 1 font program: `dup 11 /ff put`.
fn own_encoding(program: &[u8]) -> Vec<(u8, String)> {
    let readable = program
        .windows(5)
        .position(|window| window == b"eexec")
        .unwrap_or(program.len());
    let text = String::from_utf8_lossy(&program[..readable]);
    let mut words = text.split_whitespace();
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        if word != "dup" {
            continue;
        }
        let (Some(code), Some(glyph)) = (words.next(), words.next()) else {
            break;
        };
        if let (Ok(code), Some(glyph)) = (code.parse(), glyph.strip_prefix('/')) {
            found.push((code, glyph.to_owned()));
        }
    }
    found
}

fn composite(dict: &Dict<'_>, encoding: &str, decoder: &mut Decoder) -> Kind {
    let descendants = dict.get::<Array<'_>>(b"DescendantFonts");
    let descendant = descendants
        .and_then(|list| list.iter::<Dict<'_>>().next())
        .unwrap_or_default();
    let cuts = match dict.get::<Stream<'_>>(b"Encoding") {
        Some(stream) => decoder.decode(&stream).map_or(Cuts::Identity, |bytes| {
            Cuts::Own(Box::new(CMap::read(&bytes)))
        }),
        None => named_cuts(encoding),
    };
    let default_width = descendant
        .get::<Number>(b"DW")
        .map_or(1000.0, |number| number.as_f32());
    Kind::Composite {
        cuts,
        widths: composite_widths(&descendant),
        default_width,
    }
}

/// How a CMap that is known by its name alone cuts (ISO 32000-1, table 118).
fn named_cuts(encoding: &str) -> Cuts {
    let has = |part: &str| encoding.contains(part);
    if has("UCS2") || has("UTF16") {
        Cuts::Utf16
    } else if has("RKSJ") {
        Cuts::Legacy(encoding_rs::SHIFT_JIS)
    } else if has("GBK") || encoding.starts_with("GB-") || has("GBpc") {
        Cuts::Legacy(encoding_rs::GB18030)
    } else if has("B5") || has("ETen") {
        Cuts::Legacy(encoding_rs::BIG5)
    } else if encoding.starts_with("KSC") {
        Cuts::Legacy(encoding_rs::EUC_KR)
    } else {
        Cuts::Identity
    }
}

/// The array W: `first [w w w]` or `first last w` (ISO 32000-1, 9.7.4.3).
fn composite_widths(descendant: &Dict<'_>) -> Vec<(u32, u32, f32)> {
    let mut widths = Vec::new();
    let Some(list) = descendant.get::<Array<'_>>(b"W") else {
        return widths;
    };
    let mut items = list.iter::<Object<'_>>();
    while let (Some(Object::Number(first)), Some(second)) = (items.next(), items.next()) {
        let first = first.as_i64().clamp(0, 1 << 20) as u32;
        match second {
            Object::Array(list) => {
                for (at, width) in list.iter::<Number>().enumerate() {
                    let glyph = first.saturating_add(at as u32);
                    widths.push((glyph, glyph, width.as_f32()));
                }
            }
            Object::Number(last) => {
                let Some(Object::Number(width)) = items.next() else {
                    break;
                };
                let last = last.as_i64().clamp(0, 1 << 20) as u32;
                widths.push((first, last, width.as_f32()));
            }
            _ => break,
        }
        if widths.len() > MAX_WIDTHS {
            break;
        }
    }
    widths.sort_by_key(|(first, ..)| *first);
    widths
}

fn width_of(widths: &[(u32, u32, f32)], glyph: u32) -> Option<f32> {
    let at = widths.partition_point(|(first, ..)| *first <= glyph);
    let (_, last, width) = widths[..at].last()?;
    (glyph <= *last).then_some(*width)
}
