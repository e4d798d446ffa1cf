//! Which kind of records a file holds whose ending stands for several: `.xml` and `.json`.
//!
//! Knows what such files begin with. Reads no more than their first bytes, and judges nothing that comes
//! later: whether a file is whole, its reader finds out.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::Encoding;

use super::Format;

/// Bytes that are looked at: licences and style sheets stand before some root elements.
const HEAD_BYTES: u64 = 64 << 10;

/// Keys of a JSON:API document at its top (JSON:API 1.1, 7.1).
const TOP_OF_JSON_API: [&str; 5] = ["jsonapi", "data", "included", "links", "meta"];

/// What an `.xml` file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// Records, or what completes records.
    Known(Format),
    /// A list of sitemaps, which holds no addresses of pages itself.
    SitemapIndex,
    /// Something else, by the name of its first element; empty if there is none.
    Other(String),
}

/// Looks at an `.xml` file.
pub(super) fn xml(path: &Path) -> io::Result<Root> {
    Ok(root(&head(path)?))
}

/// Whether a `.json` file is a JSON:API document rather than one of records.
pub(super) fn is_json_api(path: &Path) -> bool {
    head(path).is_ok_and(|head| is_top_of_json_api(&head))
}

fn head(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut bytes)?;
    let (encoding, n_mark) = Encoding::for_bom(&bytes).unwrap_or((encoding_rs::UTF_8, 0));
    let text = encoding.decode_without_bom_handling(bytes.get(n_mark..).unwrap_or_default());
    Ok(text.0.into_owned())
}

fn root(head: &str) -> Root {
    let Some(tag) = first_element(head) else {
        return Root::Other(String::new());
    };
    let name = tag
        .split(|letter: char| letter.is_whitespace() || letter == '/')
        .next()
        .unwrap_or_default();
    let local = name.rsplit(':').next().unwrap_or(name);
    match local {
        "rss" if tag.contains("xmlns:wp=") => Root::Known(Format::Wordpress),
        "rss" | "feed" => Root::Known(Format::Rss),
        "RDF" if head.contains("http://purl.org/rss/1.0/") => Root::Known(Format::Rss),
        "urlset" => Root::Known(Format::Sitemap),
        "sitemapindex" => Root::SitemapIndex,
        _ => Root::Other(local.to_owned()),
    }
}

/// What stands between the angles of the first element, after declarations and comments.
fn first_element(head: &str) -> Option<&str> {
    let mut rest = head.trim_start();
    loop {
        rest = rest.trim_start().strip_prefix('<')?;
        let end = if rest.starts_with("!--") {
            "-->"
        } else if rest.starts_with('?') {
            "?>"
        } else if rest.starts_with('!') && rest.split('>').next()?.contains('[') {
            "]>"
        } else if rest.starts_with('!') {
            ">"
        } else {
            return rest.split('>').next();
        };
        rest = rest.split_once(end)?.1;
    }
}

fn is_top_of_json_api(head: &str) -> bool {
    let key = head.trim_start().strip_prefix('{');
    let key = key.and_then(|rest| rest.trim_start().strip_prefix('"'));
    let key = key.and_then(|rest| rest.split('"').next());
    match key {
        Some("jsonapi") => true,
        Some(key) => TOP_OF_JSON_API.contains(&key) && head.contains("\"attributes\""),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_element_tells_what_an_xml_file_holds() {
        let check = |head: &str, expected: Root| assert_eq!(root(head), expected, "{head}");
        check("<rss version='2.0'><channel>", Root::Known(Format::Rss));
        check(
            "<?xml version=\"1.0\"?>\n<!-- <feed> > -->\n<rss version=\"2.0\"\n xmlns:wp=\"http://wordpress.org/export/1.2/\">",
            Root::Known(Format::Wordpress),
        );
        check(
            "<!DOCTYPE feed [<!ENTITY a '>'>]><feed xmlns='http://www.w3.org/2005/Atom'/>",
            Root::Known(Format::Rss),
        );
        check(
            "<rdf:RDF xmlns='http://purl.org/rss/1.0/'>",
            Root::Known(Format::Rss),
        );
        check("<rdf:RDF>", Root::Other("RDF".to_owned()));
        check(
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>",
            Root::Known(Format::Sitemap),
        );
        check("<sitemapindex>", Root::SitemapIndex);
        check("<project/>", Root::Other("project".to_owned()));
        for nothing in ["", "text", "<!-- open", "<?xml"] {
            check(nothing, Root::Other(String::new()));
        }
    }

    #[test]
    fn a_json_api_document_is_told_from_records() {
        for head in [
            "{\"jsonapi\":{\"version\":\"1.0\"}",
            "{ \"data\": [{\"type\":\"node--page\",\"attributes\":{",
            "{\"links\":{},\"data\":{\"attributes\"",
        ] {
            assert!(is_top_of_json_api(head), "{head}");
        }
        for head in [
            "[{\"jsonapi\":1}]",
            "{\"records\":[{\"attributes\":1}]}",
            "{\"data\":[1]}",
            "{\"title\":\"jsonapi\"}",
            "{",
            "",
        ] {
            assert!(!is_top_of_json_api(head), "{head}");
        }
    }
}
