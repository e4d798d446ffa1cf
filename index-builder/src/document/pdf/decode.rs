//! Undoes the filters of streams, within limits.
//!
//! Knows how much a stream may grow. The filters themselves are the PDF library's, which has no
//! limits of its own: a stream that would grow past them is not handed to it.

use hayro_syntax::Filter;
use hayro_syntax::object::{Dict, Number, Object, Stream};
use miniz_oxide::inflate::{decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit};

use crate::document::Unreadable;

/// Most bytes that one stream may decode to: the text of a page is thousands, with all its drawing
/// some millions.
const MAX_STREAM_BYTES: usize = 64 << 20;

/// Most bytes that all streams of a file may decode to.
const MAX_DECODED_BYTES: usize = 1 << 30;

/// No byte of a deflated stream says more than this many (RFC 1951: 258 bytes in two bits). What LZW
/// can reach is of the same order.
const MAX_RATIO: usize = 1032;

/// Most samples in a row of what a predictor undoes (ISO 32000-1, 7.4.4.4): tables have some ten, pages
/// of a picture some thousand. The library keeps a row in memory whatever its length.
const MAX_COLUMNS: u64 = 1 << 20;

/// How far before the word `stream` its dictionary is looked for.
const DICTIONARY_BYTES: usize = 1024;

/// Decodes streams and counts their bytes.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    n_bytes: usize,
    /// Whether a stream was refused for its size.
    pub(super) is_beyond: bool,
    /// How many pages draw what is not in the file.
    pub(super) n_lost: usize,
}

impl Decoder {
    /// A stream's bytes; `None` if they cannot be read or are too many.
    pub(super) fn decode(&mut self, stream: &Stream<'_>) -> Option<Vec<u8>> {
        let filters = stream.filters();
        // The library passes over filters that it does not know, and gives bytes that are no text.
        if filters.len() < n_stated(stream) {
            return None;
        }
        let raw = stream.raw_data();
        let n_growing = filters.iter().filter(|filter| grows(**filter)).count();
        // Two filters that grow are a bomb or a mistake, and the first alone can hide the second.
        let is_within = match n_growing {
            0 => raw.len() <= MAX_STREAM_BYTES,
            1 => filters.first().is_some_and(|filter| match filter {
                Filter::FlateDecode => is_within(&raw, MAX_STREAM_BYTES),
                _ => raw.len().saturating_mul(MAX_RATIO) <= MAX_STREAM_BYTES * 4,
            }),
            _ => false,
        };
        if !is_within || !has_sane_rows(stream) {
            self.is_beyond = true;
            return None;
        }
        let bytes = stream.decoded_data().ok()?.into_owned();
        self.count(bytes.len())?;
        Some(bytes)
    }

    /// Counts bytes that were decoded elsewhere; `None` where they are too many.
    pub(super) fn count(&mut self, n_bytes: usize) -> Option<()> {
        self.n_bytes = self.n_bytes.saturating_add(n_bytes);
        if self.n_bytes > MAX_DECODED_BYTES {
            self.is_beyond = true;
            return None;
        }
        Some(())
    }
}

/// Refuses a file whose tables of objects, which the library decodes on its own, are bombs.
pub(super) fn check_tables(bytes: &[u8]) -> Result<(), Unreadable> {
    check_columns(bytes)?;
    let mut n_left = MAX_DECODED_BYTES;
    let mut at = 0;
    while let Some(found) = find(&bytes[at..], b"stream") {
        let start = at + found;
        at = start + b"stream".len();
        let dictionary = &bytes[start.saturating_sub(DICTIONARY_BYTES)..start];
        let dictionary = match rfind(dictionary, b" obj") {
            Some(begin) => &dictionary[begin..],
            None => dictionary,
        };
        if find(dictionary, b"ObjStm").is_none() && find(dictionary, b"XRef").is_none() {
            continue;
        }
        let n_filters = dictionary
            .windows(7)
            .filter(|w| *w == b"/Flate" || *w == b"FlateDe");
        if n_filters.count() > 1 {
            return Err(Unreadable::bomb());
        }
        let data = &bytes[at..];
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let limit = MAX_STREAM_BYTES.min(n_left);
        let n_bytes = match decompress_to_vec_zlib_with_limit(data, limit) {
            Ok(decoded) => decoded.len(),
            Err(error) if error.status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput => {
                return Err(Unreadable::bomb());
            }
            Err(error) => error.output.len(),
        };
        n_left = n_left.saturating_sub(n_bytes);
        if n_left == 0 {
            return Err(Unreadable::bomb());
        }
    }
    Ok(())
}

/// Refuses a file that states rows of unheard length anywhere.
fn check_columns(bytes: &[u8]) -> Result<(), Unreadable> {
    const KEY: &[u8] = b"/Columns";
    let mut at = 0;
    while let Some(found) = find(&bytes[at..], KEY) {
        at += found + KEY.len();
        let digits = bytes[at..].trim_ascii_start().iter();
        let digits = digits.take_while(|byte| byte.is_ascii_digit());
        let number = digits.fold(0_u64, |number, digit| {
            number
                .saturating_mul(10)
                .saturating_add(u64::from(digit - b'0'))
        });
        if number > MAX_COLUMNS {
            return Err(Unreadable::bomb());
        }
    }
    Ok(())
}

/// The same for one stream, whose parameters may stand in a stream of objects.
fn has_sane_rows(stream: &Stream<'_>) -> bool {
    let is_sane = |parameters: &Dict<'_>| {
        let columns = parameters.get::<Number>(b"Columns");
        columns.is_none_or(|columns| columns.as_f64().abs() <= MAX_COLUMNS as f64)
    };
    match stream.dict().get::<Object<'_>>(b"DecodeParms") {
        Some(Object::Dict(parameters)) => is_sane(&parameters),
        Some(Object::Array(list)) => list
            .iter::<Object<'_>>()
            .filter_map(Object::into_dict)
            .all(|parameters| is_sane(&parameters)),
        _ => true,
    }
}

/// How many filters a stream states.
fn n_stated(stream: &Stream<'_>) -> usize {
    match stream.dict().get::<Object<'_>>(b"Filter") {
        Some(Object::Name(_)) => 1,
        Some(Object::Array(list)) => list.raw_iter().count(),
        _ => 0,
    }
}

fn grows(filter: Filter) -> bool {
    matches!(
        filter,
        Filter::FlateDecode | Filter::LzwDecode | Filter::RunLengthDecode
    )
}

/// True where a deflated stream has at most so many bytes.
fn is_within(raw: &[u8], limit: usize) -> bool {
    if raw.len().saturating_mul(MAX_RATIO) <= limit {
        return true;
    }
    use miniz_oxide::inflate::TINFLStatus::HasMoreOutput;
    let has_more = |error: &miniz_oxide::inflate::DecompressError| error.status == HasMoreOutput;
    match decompress_to_vec_zlib_with_limit(raw, limit) {
        Ok(_) => true,
        Err(error) if has_more(&error) => false,
        // The library reads streams without a right header too.
        Err(_) => match decompress_to_vec_with_limit(raw, limit) {
            Err(error) => !has_more(&error),
            Ok(_) => true,
        },
    }
}

/// Where a word stands first.
pub(super) fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    let first = *word.first()?;
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == first)?;
        if bytes[at..].starts_with(word) {
            return Some(at);
        }
        at += 1;
    }
}

fn rfind(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).rposition(|window| window == word)
}
