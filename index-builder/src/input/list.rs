//! Pages that list resources, read by the selectors of `speir.toml`: each item is a record.
//!
//! Knows what the keys of an item become in a record. How items are found, `page::list` knows.

use std::collections::BTreeMap;

use speir::{Record, Value};

use super::address::{Address, Root};
use super::feed::{Feed, Form, Wrong};
use super::html::load;
use super::record::{self, Content, Entry};
use super::{Fault, Sink, Source, Spot};
use crate::config::Rules;
use crate::page::list::{self, Item};
use crate::problem::{Place, Problem};

/// Bytes that an item is taken to have, as its length is not known.
const ITEM_BYTES: usize = 4 << 10;

/// Reads the items of all pages of a source.
pub(super) fn read(source: &Source, rules: &Rules, sink: &mut dyn Sink) -> Result<(), Problem> {
    let Some(list) = &source.settings.list else {
        return Ok(());
    };
    let root = Root::of(source, rules);
    let form = Items { source, rules };
    let mut feed = Feed::new(&form, sink);
    let mut n_read = 0;
    for (at, path) in (0..).zip(&source.pages) {
        let bytes = load(path)?;
        n_read += bytes.len() as u64;
        let items = list::read(&bytes, list);
        if items.is_empty() {
            feed.finish()?;
            return Err(Problem::new(
                "no-items",
                format!(
                    "`item = \"{}\"` selects nothing on this page",
                    list.item_text
                ),
                "look at the page's source for the element around each resource, and correct \
                 `item` in speir.toml",
            )
            .at(Place {
                file: Some(path.clone()),
                ..Place::default()
            }));
        }
        let address = root.page(path);
        // Links to one file may stand in several items.
        let mut links: BTreeMap<String, usize> = BTreeMap::new();
        for (n, item) in (1..).zip(items) {
            let link = item.values.iter().find(|(key, _)| key == "url");
            let link = link.and_then(|(_, links)| address.link(links.first()?));
            let id = match &link {
                Some(link) => {
                    let n_same = links.entry(link.clone()).or_default();
                    *n_same += 1;
                    match *n_same {
                        1 => link.clone(),
                        n => format!("{link}#{n}"),
                    }
                }
                None => format!("{}#item-{n}", address.text()),
            };
            let row = Row {
                item,
                page: at,
                id,
                address: address.clone(),
            };
            feed.push(row, ITEM_BYTES, n_read)?;
        }
    }
    feed.finish()?;
    sink.progress(n_read);
    Ok(())
}

struct Row {
    item: Item,
    page: u32,
    id: String,
    address: Address,
}

struct Items<'a> {
    source: &'a Source,
    rules: &'a Rules,
}

impl Form for Items<'_> {
    type Row = Row;

    fn record(&self, row: &Row) -> Result<Record, Wrong> {
        let is_link = |key: &str| matches!(key, "url" | "image");
        let mut entries = vec![Entry {
            key: "id".to_owned(),
            content: Content::Value(row.id.clone().into()),
        }];
        for (key, values) in &row.item.values {
            let values = values.iter().map(|value| match is_link(key) {
                true => row.address.link(value).unwrap_or_else(|| value.clone()),
                false => value.clone(),
            });
            let mut values: Vec<Value> = values.map(Value::Text).collect();
            let is_list = self.rules.separators(key).is_some();
            let value = match values.len() {
                // Where one value makes sense, the first is it.
                1 if !is_list => values.swap_remove(0),
                _ if self.rules.holds_one(key) => values.swap_remove(0),
                _ => Value::List(values),
            };
            entries.push(Entry {
                key: key.clone(),
                content: Content::Value(value),
            });
        }
        record::make(entries, self.rules).map_err(Wrong::Fault)
    }

    fn spot(&self, row: &Row) -> Spot {
        Spot {
            line: row.item.line,
            page: row.page,
            ..Spot::default()
        }
    }

    fn problem(&self, row: &Row, fault: Fault) -> Problem {
        Problem::new(fault.code, fault.reason, fault.advice).at(Place {
            field: fault.field,
            ..self.source.place(self.spot(row))
        })
    }
}
