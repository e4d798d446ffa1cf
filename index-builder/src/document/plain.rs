//! Plain text: its encoding, and its first line as a title if it looks like one.
//!
//! Knows encodings as far as bytes give them away. Never fails: bytes are some text in any encoding.

use super::{Document, Findings, MAX_TEXT_BYTES, Part, Unreadable, said, tidy};

/// Longest first line that is a title, in characters.
const MAX_TITLE: usize = 120;

/// Share of zero bytes from which a text without a mark is UTF-16, in hundredths.
const ZEROS: usize = 20;

/// Reads a text.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    if bytes.len() > MAX_TEXT_BYTES * 2 {
        return Err(Unreadable::too_large());
    }
    let text = decode(bytes)?;
    let mut lines = text
        .lines()
        .map(str::trim)
        .skip_while(|line| line.is_empty());
    let first = lines.next().unwrap_or_default();
    let shown_title = title(first, lines.next());
    Ok(Document {
        shown_title,
        // Plain text has no place to state anything.
        findings: Findings::default(),
        parts: paragraphs(&text),
        ..Document::default()
    })
}

/// The text in its encoding: as a mark says, else UTF-8, else UTF-16 by its zeros, else Windows 1252.
fn decode(bytes: &[u8]) -> Result<String, Unreadable> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return Ok(encoding.decode(bytes).0.into_owned());
    }
    let sample = &bytes[..bytes.len().min(4096)];
    let n_zeros = |odd: usize| {
        let places = sample.iter().skip(odd).step_by(2);
        places.filter(|byte| **byte == 0).count()
    };
    let encoding = if n_zeros(1) * 100 > sample.len() * ZEROS {
        encoding_rs::UTF_16LE
    } else if n_zeros(0) * 100 > sample.len() * ZEROS {
        encoding_rs::UTF_16BE
    } else if sample.contains(&0) {
        return Err(Unreadable::new(
            "document-damaged",
            "the file is called .txt, but holds no text",
            "give it its right ending, or take it out of the folder",
        ));
    } else if std::str::from_utf8(bytes).is_ok() {
        encoding_rs::UTF_8
    } else {
        encoding_rs::WINDOWS_1252
    };
    Ok(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

/// A first line that is short, ends without a full stop, and stands apart or is underlined.
fn title(first: &str, second: Option<&str>) -> Option<String> {
    let is_underline = |line: &str| line.len() > 2 && line.bytes().all(|b| b"=-*~".contains(&b));
    let is_apart = second.is_none_or(|second| second.is_empty() || is_underline(second));
    let is_short = first.chars().count() <= MAX_TITLE;
    let title = first.trim_matches(['#', '=', '*', ' ']);
    (is_short && is_apart && !title.ends_with(['.', ',', ';', ':'])).then(|| said(title))?
}

/// Paragraphs, parted by empty lines, as one part.
fn paragraphs(text: &str) -> Vec<Part> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut paragraph = String::new();
    for line in text.lines().chain([""]) {
        if line.trim().is_empty() {
            let done = tidy(&std::mem::take(&mut paragraph));
            paragraphs.extend(Some(done).filter(|text| !text.is_empty()));
        } else {
            paragraph.push_str(line);
            paragraph.push(' ');
        }
    }
    if paragraphs.is_empty() {
        return Vec::new();
    }
    vec![Part {
        text: paragraphs.join("\n"),
        ..Part::default()
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], title: Option<&str>, text: &str) {
        let document = read(bytes).unwrap();
        assert_eq!(document.shown_title.as_deref(), title);
        let parts: Vec<&str> = document.parts.iter().map(|part| &*part.text).collect();
        assert_eq!(parts.join("|"), text);
    }

    #[test]
    fn the_encoding_is_told_by_mark_and_bytes() {
        check(b"\xEF\xBB\xBFC\xC5\xB5n", Some("Cŵn"), "Cŵn");
        check(b"caf\xE9 \x93x\x94", Some("café “x”"), "café “x”");
        check(b"\xFF\xFEa\0b\0", Some("ab"), "ab");
        check(b"a\0b\0c\0d\0", Some("abcd"), "abcd");
        assert_eq!(read(b"a\0bcdefghij").unwrap_err().code, "document-damaged");
    }

    #[test]
    fn a_first_line_that_stands_apart_is_the_title() {
        check(
            b"\n# Housing advice\n\nFirst\nline.\n\n\nSecond.\n",
            Some("Housing advice"),
            "# Housing advice\nFirst line.\nSecond.",
        );
        check(
            b"A sentence that\ngoes on.",
            None,
            "A sentence that goes on.",
        );
        check(
            b"Minutes\n=======\ntext",
            Some("Minutes"),
            "Minutes ======= text",
        );
        check(b" \n ", None, "");
    }
}
