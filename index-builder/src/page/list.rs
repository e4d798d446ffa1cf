//! A page that lists resources, read by selectors: each item becomes the values of a record.
//!
//! Knows where in an item each value stands, and that organisations are often written in one line.
//! Knows no records and no addresses.

use super::content::Content;
use super::decode;
use super::select::{Selector, Unreadable};
use super::squeezed;
use super::text::inline_text;
use super::tree::{NodeId, Tree};

/// At which characters a text with several values is cut, unless it is said.
pub(crate) const SEPARATORS: [&str; 3] = [",", ";", "|"];

/// How a page lists resources.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ListRules {
    /// What selects the items.
    pub(crate) item: Selector,
    /// The same as written.
    pub(crate) item_text: String,
    /// The keys of a record, and where in an item their values are.
    pub(crate) picks: Vec<(String, Pick)>,
    /// Keys that hold several values, and where a text with several is cut.
    pub(crate) separators: Vec<String>,
}

/// Where in an item a value is: the text or an attribute of what is selected, or of the item itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pick {
    selector: Option<Selector>,
    attribute: Option<String>,
}

/// One item.
#[derive(Debug, PartialEq)]
pub(crate) struct Item {
    /// The line of its tag, from 1.
    pub(crate) line: u64,
    /// Keys with what was found for them, never empty.
    pub(crate) values: Vec<(String, Vec<String>)>,
}

/// The keys that hold several values.
const SEVERAL: [&str; 4] = ["organisations", "authors", "topics", "places"];

impl Pick {
    /// Reads `h3 a`, `img@src` or `@data-id`.
    pub(crate) fn parse(text: &str) -> Result<Pick, Unreadable> {
        let (selector, attribute) = match text.rsplit_once('@') {
            // A selector may have the sign itself, but only inside brackets.
            Some((before, after)) if !after.contains(']') => {
                (before.trim_end(), Some(after.trim()))
            }
            _ => (text, None),
        };
        let attribute = attribute.map(str::to_ascii_lowercase);
        if attribute.as_deref() == Some("") {
            return Err(Unreadable {
                at: text.len(),
                reason: "the name of an attribute is missing after `@`".to_owned(),
            });
        }
        let is_itself = selector.trim().is_empty() && attribute.is_some();
        Ok(Pick {
            selector: match is_itself {
                true => None,
                false => Some(Selector::parse(selector)?),
            },
            attribute,
        })
    }

    fn values(&self, tree: &Tree, content: &Content, item: NodeId, key: &str) -> Vec<String> {
        let found: Vec<NodeId> = match &self.selector {
            Some(selector) => selector.select(tree, item).collect(),
            None => vec![item],
        };
        let attribute = self.attribute.as_deref().or(match key {
            "url" => Some("href"),
            "image" => Some("src"),
            _ => None,
        });
        let values = found.into_iter().filter_map(|id| match attribute {
            Some(name) => tree.attribute(id, name).map(squeezed),
            None => Some(inline_text(tree, content, id)),
        });
        values.filter(|value| !value.is_empty()).collect()
    }
}

/// The items of a page, in their order.
pub(crate) fn read(bytes: &[u8], rules: &ListRules) -> Vec<Item> {
    let text = decode::decode(bytes);
    let tree = Tree::parse(&text);
    let content = Content::find(&tree);
    let items = rules.item.select(&tree, Tree::ROOT).map(|id| {
        let picks = rules.picks.iter();
        let values = picks.map(|(key, pick)| {
            let mut values = pick.values(&tree, &content, id, key);
            if SEVERAL.contains(&key.as_str()) {
                values = cut(&values, &rules.separators);
            } else if key == "year" {
                values = values.iter().filter_map(|text| year(text)).collect();
            }
            (key.clone(), values)
        });
        Item {
            line: tree.element(id).map_or(1, |element| element.line),
            values: values.filter(|(_, values)| !values.is_empty()).collect(),
        }
    });
    items.collect()
}

/// Cuts texts at separators.
fn cut(texts: &[String], separators: &[String]) -> Vec<String> {
    let mut pieces: Vec<&str> = texts.iter().map(String::as_str).collect();
    for separator in separators {
        pieces = pieces
            .into_iter()
            .flat_map(|text| text.split(separator.as_str()))
            .collect();
    }
    let pieces = pieces.into_iter().map(str::trim);
    pieces
        .filter(|piece| !piece.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The year in a text such as `June 2016` or `(2016)`.
fn year(text: &str) -> Option<String> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    numbers.find(|number| number.len() == 4).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_become_keys_with_values() {
        let pick = |key: &str, text: &str| (key.to_owned(), Pick::parse(text).unwrap());
        let rules = ListRules {
            item: Selector::parse(".card").unwrap(),
            item_text: ".card".to_owned(),
            picks: vec![
                pick("title", "h3"),
                pick("organisations", ".org"),
                pick("year", ".date"),
                pick("image", "img"),
                pick("url", "h3 a"),
                pick("number", "@data-id"),
            ],
            separators: SEPARATORS.map(str::to_owned).to_vec(),
        };
        let page = "<div class=card data-id=7><img src=a.png alt='A guide'>\n<h3><a href=a.pdf>A\n guide</a></h3>\
            <span class=org>One, Two</span><span class=org>Three</span><i class=date>June 2016</i></div>\n\
            <div class=card><h3>B</h3><i class=date>undated</i></div>";
        let items = read(page.as_bytes(), &rules);
        let shown: Vec<String> = items
            .iter()
            .map(|item| {
                let values = item
                    .values
                    .iter()
                    .map(|(key, values)| format!(" {key}={}", values.join("+")));
                format!("{}{}", item.line, values.collect::<String>())
            })
            .collect();
        assert_eq!(
            shown,
            [
                "1 title=A guide organisations=One+Two+Three year=2016 image=a.png url=a.pdf number=7",
                "4 title=B",
            ]
        );
    }

    #[test]
    fn an_attribute_needs_a_name() {
        assert_eq!(Pick::parse("img@").unwrap_err().at, 4);
        assert!(Pick::parse("a[href*='@']").unwrap().attribute.is_none());
    }
}
