//! XML as exports and feeds have it: one item after the other, so that a large file never lies in memory.
//!
//! Knows limits: depth, the length of an item, and no entities but the five that XML has, so that none
//! can grow. Knows the line of each item. What the items mean, their importers know.

mod counted;
mod faults;

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use encoding_rs::{Encoding, UTF_8};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::decode::{self, Decoded};
use super::feed::{Feed, Form};
use super::{check_not_empty, without_mark};
use crate::problem::Problem;
use counted::Counted;
use faults::{cut, too_deep, wrong};

/// How deep elements may stand in each other: feeds with whole pages in them have some 40.
const MAX_DEPTH: usize = 1_000;

/// Bytes in which a file has to say its encoding.
const DECLARATION_BYTES: u64 = 256;

/// Bytes that an element takes in memory besides its text, about.
const PART_BYTES: usize = 64;

/// What ends in the markup of a piece of XHTML without an end tag.
const VOID: [&str; 5] = ["br", "hr", "img", "wbr", "input"];

/// An element with all that stands in it.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// Its name as it is written, without the prefix that the root has.
    pub(super) name: String,
    /// The elements in it, in the order in which they begin. The first is the item itself, without name.
    pub(super) parts: Vec<Part>,
    /// The line on which it begins, from 1.
    pub(super) line: u64,
    /// About how many bytes it has.
    pub(super) n_bytes: usize,
}

/// An element below an item.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// Its name, after those of the elements around it inside the item: `author/name`.
    pub(super) name: String,
    /// Its attributes by their names as written.
    pub(super) attributes: Vec<(String, String)>,
    /// Its own text; the markup in it where the attribute `type` is `xhtml`.
    pub(super) text: String,
}

impl Item {
    /// All elements of a name.
    pub(super) fn all<'i>(&'i self, name: &'i str) -> impl Iterator<Item = &'i Part> {
        self.parts.iter().filter(move |part| part.name == name)
    }

    /// The text of the first element of a name that has any.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let named = self.parts.iter().filter(|part| part.name == name);
        let mut texts = named
            .map(|part| part.text.trim())
            .filter(|text| !text.is_empty());
        texts.next()
    }

    /// The first text under one of several names, the best first.
    pub(super) fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.text(name))
    }
}

impl Part {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let known = self.attributes.iter();
        let mut known = known.filter(|(known, _)| known == name);
        known.next().map(|(_, value)| value.trim())
    }
}

/// A file that is read item by item.
pub(super) struct Xml {
    reader: Reader<Counted>,
    path: PathBuf,
    buffer: Vec<u8>,
    depth: usize,
    /// What names of elements begin with that are of the root's vocabulary; empty or with a colon.
    prefix: String,
    /// The attributes of the root element.
    pub(super) root: Part,
}

impl Xml {
    /// Opens a file.
    pub(super) fn open(path: &Path) -> Result<Xml, Problem> {
        let io = |error: io::Error| Problem::io("read", path, &error);
        let mut file = File::open(path).map_err(io)?;
        let mut beginning = Vec::new();
        let mut first = (&mut file).take(DECLARATION_BYTES);
        first.read_to_end(&mut beginning).map_err(io)?;
        check_not_empty(path, &beginning)?;
        let encoding = decode::marked(&beginning).or_else(|| declared(&beginning));
        let whole = Cursor::new(beginning).chain(file);
        let decoded = Decoded::new(whole, encoding.unwrap_or(UTF_8));
        let counted = Counted {
            inner: BufReader::new(Box::new(decoded)),
            line: 1,
            n_bytes: 0,
            item_bytes: 0,
        };
        Ok(Xml {
            reader: Reader::from_reader(counted),
            path: path.to_owned(),
            buffer: Vec::new(),
            depth: 0,
            prefix: String::new(),
            root: Part::default(),
        })
    }

    /// How many bytes have been read, as UTF-8.
    pub(super) fn n_bytes(&self) -> u64 {
        self.reader.get_ref().n_bytes
    }

    /// Hands every item on, and tells how many there were. Those before a fault are handed on first.
    pub(super) fn feed<F: Form<Row = Item>>(
        &mut self,
        is_item: &dyn Fn(&str) -> bool,
        feed: &mut Feed<'_, F>,
    ) -> Result<usize, Problem> {
        let mut n_items = 0;
        let fault = loop {
            match self.next(is_item) {
                Ok(Some(item)) => {
                    n_items += 1;
                    let n_bytes = item.n_bytes;
                    feed.push(item, n_bytes, self.n_bytes())?;
                }
                Ok(None) => break None,
                Err(problem) => break Some(problem),
            }
        };
        feed.finish()?;
        fault.map_or(Ok(n_items), Err)
    }

    /// The next element that is wanted by its name, with all below it; none at the end of the file.
    ///
    /// # Errors
    ///
    /// What is no well-formed XML, ends too soon, or is beyond a limit; nothing can be read after it.
    pub(super) fn next(&mut self, is_item: &dyn Fn(&str) -> bool) -> Result<Option<Item>, Problem> {
        let mut item: Option<Item> = None;
        // The parts that are open, by their places, and from which on there is only markup.
        let mut open: Vec<usize> = Vec::new();
        let mut markup: Option<usize> = None;
        loop {
            self.buffer.clear();
            let line = self.reader.get_ref().line;
            if item.is_none() {
                self.reader.get_mut().item_bytes = 0;
            }
            let event = self.reader.read_event_into(&mut self.buffer);
            let event = match event {
                Ok(event) => event,
                Err(error) => return Err(wrong(&self.path, line, &error)),
            };
            let mut text = |piece: &str| {
                let Some(item) = &mut item else { return };
                item.n_bytes += piece.len();
                let part = open.last().and_then(|at| item.parts.get_mut(*at));
                let Some(part) = part else { return };
                match markup {
                    Some(_) => escape_into(&mut part.text, piece),
                    None => part.text.push_str(piece),
                }
            };
            let is_empty = matches!(event, Event::Empty(_));
            match event {
                Event::Text(piece) => text(&piece.into_inner()),
                Event::CData(piece) => text(&piece.into_inner()),
                Event::GeneralRef(reference) => {
                    text(&unescape(&format!("&{};", &*reference.into_inner())));
                }
                Event::Empty(_) if self.depth == 0 => {}
                Event::Start(start) if self.depth == 0 => {
                    self.prefix = match start.name().prefix() {
                        Some(prefix) => format!("{}:", prefix.as_ref()),
                        None => String::new(),
                    };
                    self.root.attributes = attributes(&start);
                    self.depth = 1;
                }
                Event::Start(start) | Event::Empty(start) => {
                    self.depth += usize::from(!is_empty);
                    if self.depth > MAX_DEPTH {
                        return Err(too_deep(&self.path, line));
                    }
                    let name = start.name();
                    let name = own_name(&self.prefix, name.as_ref());
                    begin(
                        &mut item,
                        &mut open,
                        &mut markup,
                        name,
                        &start,
                        line,
                        is_item,
                    );
                    if is_empty && let Some(whole) = end(&mut item, &mut open, &mut markup, name) {
                        return Ok(Some(whole));
                    }
                }
                Event::End(tag) => {
                    self.depth = self.depth.saturating_sub(1);
                    let name = tag.name();
                    let name = own_name(&self.prefix, name.as_ref());
                    if let Some(whole) = end(&mut item, &mut open, &mut markup, name) {
                        return Ok(Some(whole));
                    }
                }
                Event::Eof if self.depth == 0 => return Ok(None),
                Event::Eof => return Err(cut(&self.path, self.reader.get_ref().line)),
                _ => {}
            }
        }
    }
}

/// Begins an element: an item, a part of one, or markup in a part.
fn begin(
    item: &mut Option<Item>,
    open: &mut Vec<usize>,
    markup: &mut Option<usize>,
    name: &str,
    start: &BytesStart<'_>,
    line: u64,
    is_item: &dyn Fn(&str) -> bool,
) {
    let Some(item) = item else {
        if is_item(name) {
            let whole = Part {
                attributes: attributes(start),
                ..Part::default()
            };
            *item = Some(Item {
                name: name.to_owned(),
                parts: vec![whole],
                line,
                n_bytes: PART_BYTES,
            });
            open.push(0);
        }
        return;
    };
    item.n_bytes += PART_BYTES + start.len();
    let around = open.last().copied().unwrap_or(0);
    if markup.is_some() {
        let Some(part) = item.parts.get_mut(around) else {
            return;
        };
        let local = local(name);
        part.text.push('<');
        part.text.push_str(local);
        for (key, value) in attributes(start) {
            if matches!(key.as_str(), "href" | "id" | "src" | "alt" | "name") {
                part.text.push_str(&format!(" {key}=\""));
                escape_into(&mut part.text, &value);
                part.text.push('"');
            }
        }
        part.text.push('>');
        open.push(around);
        return;
    }
    let outer = item.parts.get(around).map_or("", |part| &part.name);
    // A deep path says nothing to anybody, and would grow with the square of the depth.
    let is_deep = open.len() > 8;
    let path = match outer {
        _ if is_deep => String::new(),
        "" => name.to_owned(),
        outer => format!("{outer}/{name}"),
    };
    let part = Part {
        name: path,
        attributes: attributes(start),
        text: String::new(),
    };
    if part.get("type") == Some("xhtml") {
        *markup = Some(open.len());
    }
    open.push(item.parts.len());
    item.parts.push(part);
}

/// Ends an element; gives the item if that was it.
fn end(
    item: &mut Option<Item>,
    open: &mut Vec<usize>,
    markup: &mut Option<usize>,
    name: &str,
) -> Option<Item> {
    let at = open.pop()?;
    if *markup == Some(open.len()) {
        *markup = None;
    } else if markup.is_some()
        && let Some(part) = item.as_mut().and_then(|item| item.parts.get_mut(at))
        && !VOID.contains(&local(name))
    {
        part.text.push_str(&format!("</{}>", local(name)));
    }
    if open.is_empty() { item.take() } else { None }
}

fn own_name<'n>(prefix: &str, name: &'n str) -> &'n str {
    match prefix.is_empty() {
        true => name,
        false => name.strip_prefix(prefix).unwrap_or(name),
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn attributes(start: &BytesStart<'_>) -> Vec<(String, String)> {
    let attributes = start.attributes();
    let mut attributes = attributes;
    let attributes = attributes.with_checks(false).flatten();
    let attributes = attributes.map(|attribute| {
        let value = quick_xml::escape::unescape(&attribute.value);
        let value = value.map_or_else(|_| attribute.value.to_string(), |value| value.into_owned());
        (attribute.key.as_ref().to_owned(), value)
    });
    attributes.collect()
}

/// The letter that a reference stands for. Those of HTML are no part of XML, though feeds have them:
/// all but the space say nothing here.
fn unescape(reference: &str) -> String {
    match quick_xml::escape::unescape(reference) {
        Ok(text) => text.into_owned(),
        Err(_) if reference == "&nbsp;" => " ".to_owned(),
        Err(_) => String::new(),
    }
}

/// Adds text as HTML writes it.
pub(super) fn escape_into(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            letter => out.push(letter),
        }
    }
}

/// The encoding that the declaration names, if it is another than UTF-8.
fn declared(beginning: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(without_mark(beginning));
    let (declaration, _) = head.trim_start().strip_prefix("<?xml")?.split_once("?>")?;
    let (_, rest) = declaration.split_once("encoding")?;
    let label = rest.trim_start_matches([' ', '=', '"', '\'']);
    let label = label.split(['"', '\'', ' ']).next()?;
    let encoding = Encoding::for_label(label.as_bytes())?.output_encoding();
    (encoding != UTF_8).then_some(encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> (Vec<String>, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xml");
        std::fs::write(&path, bytes).unwrap();
        let mut told = Vec::new();
        let mut xml = match Xml::open(&path) {
            Ok(xml) => xml,
            Err(problem) => return (told, problem.reason),
        };
        loop {
            match xml.next(&|name| name == "item") {
                Ok(Some(item)) => {
                    let parts = item
                        .parts
                        .iter()
                        .map(|part| format!("{}={}", part.name, part.text));
                    told.push(format!(
                        "{}: {}",
                        item.line,
                        parts.collect::<Vec<_>>().join(" ")
                    ));
                }
                Ok(None) => return (told, "end".to_owned()),
                Err(problem) => {
                    return (
                        told,
                        format!(
                            "line {}: {}",
                            problem.place.line.unwrap_or(0),
                            problem.reason
                        ),
                    );
                }
            }
        }
    }

    #[track_caller]
    fn check(text: &str, items: &[&str], outcome: &str) {
        let (told, end) = told(text.as_bytes());
        assert_eq!(told, items, "{text}");
        assert!(end.contains(outcome), "{end}");
    }

    #[test]
    fn items_are_told_with_their_lines_and_parts() {
        check(
            "<rss><channel>\n<item>\n<title>A &amp; b</title><x><y>1</y></x></item>\n<item/></channel></rss>",
            &["2: =\n title=A & b x= x/y=1", "4: ="],
            "end",
        );
        check(
            "<a:feed xmlns:a='x'><a:item><a:t type='xhtml'><h:b id='i'>x &lt; y<h:br/></h:b></a:t></a:item></a:feed>",
            &["1: = t=<b id=\"i\">x &lt; y<br></b>"],
            "end",
        );
    }

    #[test]
    fn what_is_damaged_is_told_after_what_is_whole() {
        let whole = "<rss><item><t>1</t></item>\n";
        check(
            &format!("{whole}<item><t>2</t>"),
            &["1: = t=1"],
            "line 2: the file ends in the middle",
        );
        check(
            &format!("{whole}<item><t><![CDATA[2"),
            &["1: = t=1"],
            "line 2: ",
        );
        check(
            &format!("{whole}<item><t>2</item></rss>"),
            &["1: = t=1"],
            "line 2: the file is not well-formed",
        );
        check(
            &format!("{whole}{}", "<d>".repeat(10_000)),
            &["1: = t=1"],
            "line 2: more than 1000",
        );
        check("", &[], "empty");
    }

    #[test]
    fn entities_do_not_grow_and_encodings_are_read() {
        check(
            "<!DOCTYPE r [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><r><item>x&c;&nbsp;y&#x175;</item></r>",
            &["1: =x y\u{175}"],
            "end",
        );
        let (items, _) =
            told(b"<?xml version='1.0' encoding='ISO-8859-1'?><r><item>caf\xE9</item></r>");
        assert_eq!(items, ["1: =caf\u{e9}"]);
        let (_, end) = told(b"<r><item>caf\xE9 x</item></r>");
        assert!(end.contains("not UTF-8"), "{end}");
        let utf16: Vec<u8> =
            "\u{feff}<?xml version='1.0' encoding='utf-16'?><r><item>\u{175}</item></r>"
                .encode_utf16()
                .flat_map(u16::to_be_bytes)
                .collect();
        assert_eq!(told(&utf16).0, ["1: =\u{175}"]);
    }

    #[test]
    fn however_short_a_file_is_cut_its_whole_items_are_told_and_the_cut_is_too() {
        let text = "<?xml version='1.0'?><rss><item a='1'><t><![CDATA[x > y]]></t></item><!-- c -->\
            <item><t>&lt;\u{175}</t><u/></item></rss>";
        let (all, end) = told(text.as_bytes());
        assert_eq!((all.len(), end.as_str()), (2, "end"));
        for n in 0..text.len() {
            let (items, end) = told(&text.as_bytes()[..n]);
            assert!(all.starts_with(&items), "{n}: {items:?}");
            let has_root = n >= "<?xml version='1.0'?><rss>".len();
            assert!(end != "end" || !has_root, "{n}: {end}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, marks in "([<>/&;!a'\"=]|item|-->|\\[CDATA\\[){0,40}") {
            told(&bytes);
            told(format!("<rss>{marks}").as_bytes());
        }
    }
}
