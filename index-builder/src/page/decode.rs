//! From the bytes of a page to its text.
//!
//! Knows how pages say their encoding, and that they are often wrong about it. Knows no HTML beyond
//! `<meta>` and never fails: what is no text in the encoding becomes U+FFFD.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, WINDOWS_1252};

/// Bytes in which a page has to say its encoding. Browsers look at 1,024; exports of text processors put
/// their own settings first.
const DECLARATION_BYTES: usize = 4096;

/// The text of a page. A byte order mark tells the encoding; else what is UTF-8 is taken as that, as
/// other encodings are hardly ever UTF-8 by chance; else `<meta charset>` tells it; else it is
/// windows-1252, as browsers have it (WHATWG HTML 13.2.3).
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, n_mark_bytes)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(n_mark_bytes..).unwrap_or_default();
        return encoding.decode_without_bom_handling(rest).0;
    }
    let declared = declared(bytes);
    let encoding = match declared {
        // It is written in ASCII throughout.
        Some(encoding) if encoding == ISO_2022_JP => encoding,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        Some(encoding) if encoding != UTF_8 => encoding,
        Some(_) if is_mostly_utf8(bytes) => UTF_8,
        _ => WINDOWS_1252,
    };
    encoding.decode_without_bom_handling(bytes).0
}

/// The encoding that a page says it has. UTF-16 cannot be said in ASCII, so that UTF-8 is meant.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..DECLARATION_BYTES).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let label = head.split("<meta").skip(1).find_map(|meta| {
        let (meta, _) = meta.split_once('>').unwrap_or((meta, ""));
        value_of("charset", meta)
    });
    let label = label.or_else(|| {
        let (xml, _) = head.trim_start().strip_prefix("<?xml")?.split_once("?>")?;
        value_of("encoding", xml)
    });
    let encoding = Encoding::for_label(label?.as_bytes())?;
    Some(encoding.output_encoding())
}

/// What follows `key=`, in quotes or not.
fn value_of<'t>(key: &str, text: &'t str) -> Option<&'t str> {
    let (_, rest) = text.split_once(key)?;
    let rest = rest.trim_start().strip_prefix('=')?;
    let rest = rest.trim_start().trim_start_matches(['"', '\'']);
    rest.split(['"', '\'', ' ', ';', '/', '\n', '\t']).next()
}

/// Whether more of the letters beyond ASCII are UTF-8 than are not: a page of two sources.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut n_good, mut n_bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        n_good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        n_bad += usize::from(!chunk.invalid().is_empty());
    }
    n_good > n_bad
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let text = decode(bytes);
        let shown = text.rsplit('>').next().unwrap_or_default();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_byte_order_mark_goes_before_all_else() {
        check(
            b"\xEF\xBB\xBF<meta charset=latin1><p>caf\xC3\xA9",
            "caf\u{e9}",
        );
        check(b"\xFF\xFE<\0p\0>\0\xE9\0", "\u{e9}");
    }

    #[test]
    fn what_the_page_says_is_taken_where_it_is_not_utf8() {
        check(
            b"<meta charset=\"iso-8859-2\"><p>\xB3\xF3d\xBC",
            "\u{142}\u{f3}d\u{17a}",
        );
        check(
            b"<META http-equiv='Content-Type' content='text/html; charset=windows-1251'><p>\xC4\xE0",
            "\u{414}\u{430}",
        );
        check(b"<?xml version='1.0' encoding='koi8-r'?><p>\xC4", "\u{434}");
        check(b"<meta charset=utf-16><p>caf\xC3\xA9", "caf\u{e9}");
    }

    #[test]
    fn a_page_that_is_wrong_about_itself_is_still_read() {
        check(b"<meta charset=latin1><p>caf\xC3\xA9", "caf\u{e9}");
        check(b"<meta charset=utf-8><p>caf\xE9", "caf\u{e9}");
        check(
            b"<meta charset=utf-8><p>\xC3\xA9\xC3\xA9\xE9!",
            "\u{e9}\u{e9}\u{fffd}!",
        );
        check(b"<p>caf\xE9 \x96 d\xFCr", "caf\u{e9} \u{2013} d\u{fc}r");
        check(b"<meta charset=klingon><p>\xE9", "\u{e9}");
        check(b"", "");
    }
}
