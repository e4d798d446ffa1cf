//! XML as it stands in packed documents: elements by their local names, text with its references
//! resolved, and nothing else.
//!
//! Knows limits: depth, and no entities but the five that XML has, so that none can grow. Namespaces
//! are passed over, as the formats that are read here do not use a name twice in what is looked for.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Unreadable, said};

/// How deep elements may stand in each other: a table in a table in a text box has some 60.
const MAX_DEPTH: usize = 1_000;

/// A piece of a document.
#[derive(Debug)]
pub(super) enum Node<'x> {
    /// The beginning of an element.
    Start(Element<'x>),
    /// Its end, by its local name.
    End(&'x str),
    /// A piece of text; one text may come in several.
    Text(&'x str),
}

/// An element and its attributes.
#[derive(Debug)]
pub(super) struct Element<'x> {
    /// Its name without a prefix.
    pub(super) name: &'x str,
    start: &'x BytesStart<'x>,
}

/// What Dublin Core says of a document, in XMP packets and in the properties of packed documents.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct About {
    pub(super) title: Option<String>,
    pub(super) creators: Vec<String>,
    pub(super) language: Option<String>,
    /// When it was changed last, as written.
    pub(super) modified: Option<String>,
}

impl Element<'_> {
    /// An attribute by its name without a prefix.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        let mut attributes = attributes.with_checks(false).flatten();
        let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
        Some(unescape(&found.value))
    }

    /// An attribute by its name as written, where two differ in their prefixes alone.
    pub(super) fn get_prefixed(&self, name: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        let mut attributes = attributes.with_checks(false).flatten();
        let found = attributes.find(|attribute| attribute.key.as_ref() == name)?;
        Some(unescape(&found.value))
    }
}

/// Walks through a document.
///
/// # Errors
///
/// What is no well-formed XML, or nested too deep. What was walked until then has been told.
pub(super) fn walk(bytes: &[u8], mut each: impl FnMut(Node<'_>)) -> Result<(), Unreadable> {
    let damaged = || Unreadable::damaged("a document of its kind");
    let (text, ..) = encoding_rs::UTF_8.decode(bytes);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(damaged());
                }
                let local = start.local_name();
                let name = local.as_ref();
                each(Node::Start(Element {
                    name,
                    start: &start,
                }));
            }
            Ok(Event::Empty(start)) => {
                let local = start.local_name();
                let name = local.as_ref();
                each(Node::Start(Element {
                    name,
                    start: &start,
                }));
                each(Node::End(name));
            }
            Ok(Event::End(end)) => {
                depth = depth.saturating_sub(1);
                each(Node::End(end.local_name().as_ref()));
            }
            Ok(Event::Text(text)) => each(Node::Text(&text.into_inner())),
            Ok(Event::CData(text)) => each(Node::Text(&text.into_inner())),
            Ok(Event::GeneralRef(reference)) => {
                let text = unescape(&format!("&{};", &*reference.into_inner()));
                each(Node::Text(&text));
            }
            Ok(Event::Eof) if depth == 0 => return Ok(()),
            Ok(Event::Eof) | Err(_) => return Err(damaged()),
            Ok(_) => {}
        }
    }
}

fn unescape(text: &str) -> String {
    // A reference to an entity of the document's own says nothing.
    quick_xml::escape::unescape(text).map_or_else(
        |_| {
            if text.starts_with('&') {
                String::new()
            } else {
                text.to_owned()
            }
        },
        std::borrow::Cow::into_owned,
    )
}

/// What Dublin Core elements in a document say. A title in several languages gives the first.
pub(super) fn dublin_core(bytes: &[u8]) -> About {
    let mut about = About::default();
    let mut within: Option<&'static str> = None;
    let mut text = String::new();
    // What was read before a fault counts: packets are cut and patched by many programs.
    let _ = walk(bytes, |node| match node {
        Node::Start(element) => {
            let known = [
                "title",
                "creator",
                "language",
                "modified",
                "date",
                "initial-creator",
            ];
            if let Some(name) = known.iter().find(|known| **known == element.name) {
                within = Some(name);
            }
            text.clear();
        }
        Node::Text(piece) if within.is_some() => text.push_str(piece),
        Node::Text(_) => {}
        Node::End(name) => {
            let found = said(&text);
            text.clear();
            if let (Some(key), Some(found)) = (within, found) {
                match key {
                    "title" => _ = about.title.get_or_insert(found),
                    "language" => _ = about.language.get_or_insert(found),
                    "modified" | "date" => _ = about.modified.get_or_insert(found),
                    _ if !about.creators.contains(&found) => about.creators.push(found),
                    _ => {}
                }
            }
            if within == Some(name) || within.is_some_and(|key| key == name) {
                within = None;
            }
        }
    });
    about
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_dublin_core_says_is_found_in_lists_and_plain() {
        let about = dublin_core(
            b"<?xpacket?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF><rdf:Description pdf:a='b'>\
              <dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Tai &amp; chymuned</rdf:li>\
              <rdf:li xml:lang='en'>Housing</rdf:li></rdf:Alt></dc:title>\
              <dc:creator><rdf:Seq><rdf:li>Ann</rdf:li><rdf:li>Bob</rdf:li></rdf:Seq></dc:creator>\
              <dc:language><rdf:Bag><rdf:li>cy</rdf:li></rdf:Bag></dc:language>\
              </rdf:Description></rdf:RDF></x:xmpmeta>",
        );
        assert_eq!(about.title.as_deref(), Some("Tai & chymuned"));
        assert_eq!(about.creators, ["Ann", "Bob"]);
        assert_eq!(about.language.as_deref(), Some("cy"));
    }

    #[test]
    fn entities_do_not_grow_and_depth_has_an_end() {
        let bomb = b"<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a>x&c;y&#x175;</a>";
        let mut text = String::new();
        let walked = walk(bomb, |node| {
            if let Node::Text(piece) = node {
                text.push_str(piece);
            }
        });
        assert_eq!((walked, text.as_str()), (Ok(()), "xy\u{175}"));
        let deep = "<a>".repeat(200_000);
        assert!(walk(deep.as_bytes(), |_| {}).is_err());
        assert!(walk(b"<a>cut <b", |_| {}).is_err());
    }
}
