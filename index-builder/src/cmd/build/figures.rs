//! What a report counts while records pass: by source, year and type, which fields are filled, the
//! values of facets, and what differs from the index that is published.
//!
//! Knows single records. Keeps no record: values beyond [`MOST_VALUES`] different ones of a field are
//! counted together, so that memory does not grow with the records; of the published index it keeps a
//! number for each record, and [`SHOWN`] names.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use speir::{MAX_LIMIT, Query, Record, Value, date, schema};

use crate::config::Rules;
use crate::dir;
use crate::input::{Request, Source};
use crate::problem::shorten;

/// Most different values of a field that are counted by themselves: more than anybody reads, and few
/// bytes beside those of the records.
const MOST_VALUES: usize = 1000;
/// Most characters of a value: what is longer is text, and no facet.
const MOST_IN_VALUE: usize = 120;
/// Most records of a published index that are compared one by one: those of nearly all sites, in about
/// 20 MB.
const MOST_COMPARED: u32 = 200_000;
/// Most records that came, went or changed which are named.
const SHOWN: usize = 100;

/// Values, and how many records have each.
#[derive(Debug, Default)]
pub(super) struct Values {
    counts: BTreeMap<String, u64>,
    /// Values that were not counted by themselves.
    pub(super) n_others: u64,
}

/// The figures of a build.
#[derive(Debug)]
pub(super) struct Figures {
    /// The sources as they were asked for, and how many records each gave.
    pub(super) by_source: Vec<(PathBuf, u64)>,
    /// Which of them each file belongs to.
    source_of_file: Vec<usize>,
    pub(super) years: Values,
    pub(super) types: Values,
    /// How many records have each field.
    pub(super) filled: BTreeMap<String, u64>,
    /// The fields that can be counted by, in their order.
    pub(super) facets: Vec<(String, Values)>,
    /// What differs from the published index, where there is one.
    pub(super) changes: Option<Changes>,
}

/// What differs from the published index, record by record.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Of each record that has not been seen again: a number for what it shows, and its title.
    former: HashMap<String, (u64, String)>,
    pub(super) n_former: u64,
    pub(super) n_same: u64,
    pub(super) added: Named,
    pub(super) changed: Named,
}

/// How many records, and the ids and titles of some.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) n: u64,
    pub(super) first: Vec<(String, String)>,
}

impl Values {
    fn add(&mut self, value: &str) {
        let value = shorten(value.trim(), MOST_IN_VALUE);
        if let Some(n) = self.counts.get_mut(&value) {
            *n += 1;
        } else if self.counts.len() < MOST_VALUES {
            self.counts.insert(value, 1);
        } else {
            self.n_others += 1;
        }
    }

    /// By how many records have them, most first, then by value.
    pub(super) fn commonest(&self) -> Vec<(&str, u64)> {
        let values = self.counts.iter();
        let mut values: Vec<(&str, u64)> = values.map(|(value, n)| (value.as_str(), *n)).collect();
        values.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        values
    }

    /// By value, the last first: years from the newest.
    pub(super) fn newest(&self) -> Vec<(&str, u64)> {
        let values = self.counts.iter().rev();
        values.map(|(value, n)| (value.as_str(), *n)).collect()
    }
}

impl Figures {
    /// Figures of no records yet.
    pub(super) fn new(
        rules: &Rules,
        requests: &[Request],
        files: &[Source],
        out: &Path,
    ) -> Figures {
        let source_of_file = files.iter().map(|file| {
            // Where one source lies in another, the inner one has its files.
            let around = requests.iter().enumerate();
            let around = around.filter(|(_, request)| file.path.starts_with(&request.path));
            let inner = around.max_by_key(|(_, request)| request.path.components().count());
            inner.map_or(0, |(at, _)| at)
        });
        let facets = rules.schema.fields().filter(|(_, field)| field.facet);
        Figures {
            by_source: requests
                .iter()
                .map(|request| (request.path.clone(), 0))
                .collect(),
            source_of_file: source_of_file.collect(),
            years: Values::default(),
            types: Values::default(),
            filled: BTreeMap::new(),
            facets: facets
                .map(|(_, field)| (field.name.clone(), Values::default()))
                .collect(),
            changes: Changes::of(out),
        }
    }

    /// Counts a record of a file.
    pub(super) fn see(&mut self, record: &Record, file: usize, rules: &Rules) {
        let source = self.source_of_file.get(file).copied().unwrap_or_default();
        if let Some((_, n)) = self.by_source.get_mut(source) {
            *n += 1;
        }
        let field = |name: &str| {
            let mut fields = record.fields.iter();
            fields.find_map(|(known, value)| (known == name).then_some(value))
        };
        let year = match (field(schema::YEAR), field(schema::DATE)) {
            (Some(Value::Int(year)), _) => Some(*year),
            (_, Some(Value::Text(day))) => {
                date::parse(day).map(|span| date::year_of(span.first_ms))
            }
            _ => None,
        };
        if let Some(year) = year {
            self.years.add(&year.to_string());
        }
        each(field("type"), &mut |kind| self.types.add(kind));
        let mut fill = |name: &str, is_filled: bool| {
            if is_filled {
                *self.filled.entry(name.to_owned()).or_default() += 1;
            }
        };
        fill("title", !record.title.is_empty());
        fill("url", record.url.is_some());
        fill("lang", record.lang.is_some());
        fill("sections", !record.sections.is_empty());
        fill("boost", record.boost.is_some());
        fill("validUntil", record.valid_until.is_some());
        fill("replaces", !record.replaces.is_empty());
        for (name, value) in &record.fields {
            fill(name, !value.is_missing());
        }
        for (name, values) in &mut self.facets {
            // A record counts once for a value that it names twice.
            let mut seen = Vec::new();
            each(field(name), &mut |value| {
                if !seen.iter().any(|known| known == value) {
                    values.add(value);
                    seen.push(value.to_owned());
                }
            });
        }
        if let Some(changes) = &mut self.changes {
            changes.see(record, rules);
        }
    }
}

impl Changes {
    /// What is published in a folder; `None` where nothing is, or nothing that can be read, or too much.
    fn of(out: &Path) -> Option<Changes> {
        let mut index = dir::open(out).ok()?;
        if index.index().doc_count() > MOST_COMPARED {
            return None;
        }
        let mut changes = Changes::default();
        let mut query = Query::new("").limit(MAX_LIMIT).without_texts();
        loop {
            let page = index.search(&query).ok()?;
            let n_hits = page.hits.len();
            for hit in page.hits {
                let shown = shown(&hit.title, hit.url.as_deref(), &hit.fields);
                changes.former.insert(hit.id, (shown, hit.title));
            }
            query.offset += n_hits;
            if n_hits == 0 || query.offset >= page.total as usize {
                break;
            }
        }
        changes.n_former = changes.former.len() as u64;
        Some(changes)
    }

    fn see(&mut self, record: &Record, rules: &Rules) {
        let stored = record.fields.iter().filter(|(name, value)| {
            let field = rules.schema.find(name);
            !value.is_missing() && field.is_none_or(|(_, field)| field.stored)
        });
        let stored: Vec<(String, Value)> = stored.cloned().collect();
        let now = shown(&record.title, record.url.as_deref(), &stored);
        match self.former.remove(&record.id) {
            Some((before, _)) if before == now => self.n_same += 1,
            Some(_) => self.changed.add(&record.id, &record.title),
            None => self.added.add(&record.id, &record.title),
        }
    }

    /// The records that are not there any more; to be asked when all have been seen.
    pub(super) fn removed(&self) -> Named {
        let mut left: Vec<(&String, &String)> = self
            .former
            .iter()
            .map(|(id, (_, title))| (id, title))
            .collect();
        left.sort_unstable();
        let mut removed = Named::default();
        for (id, title) in left {
            removed.add(id, title);
        }
        removed
    }
}

impl Named {
    fn add(&mut self, id: &str, title: &str) {
        self.n += 1;
        if self.first.len() < SHOWN {
            self.first.push((id.to_owned(), title.to_owned()));
        }
    }
}

/// A number for what readers are shown of a record. It is compared within one run only, so that it may
/// differ between versions of the standard library.
fn shown(title: &str, url: Option<&str>, fields: &[(String, Value)]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (title, url).hash(&mut hasher);
    let mut fields: Vec<&(String, Value)> = fields.iter().collect();
    fields.sort_by(|one, other| one.0.cmp(&other.0));
    format!("{fields:?}").hash(&mut hasher);
    hasher.finish()
}

/// Calls for each single value, as text.
fn each(value: Option<&Value>, take: &mut dyn FnMut(&str)) {
    match value {
        None | Some(Value::Object(_)) => {}
        Some(value) if value.is_missing() => {}
        Some(Value::Text(text)) => take(text),
        Some(Value::Int(number)) => take(&number.to_string()),
        Some(Value::Float(number)) => take(&number.to_string()),
        Some(Value::Bool(truth)) => take(&truth.to_string()),
        Some(Value::List(items)) => items.iter().for_each(|item| each(Some(item), take)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_beyond_the_limit_are_counted_together() {
        let mut values = Values::default();
        for at in 0..MOST_VALUES + 5 {
            values.add(&format!("value {at}"));
        }
        values.add(" value 7 ");
        assert_eq!(values.commonest().len(), MOST_VALUES);
        assert_eq!(values.commonest()[0], ("value 7", 2));
        assert_eq!(values.n_others, 5);
    }

    #[test]
    fn a_record_counts_once_for_a_value_that_it_names_twice() {
        let rules = Rules::default();
        let mut figures = Figures::new(&rules, &[], &[], Path::new("no such folder"));
        let topics = Value::List(vec!["soil".into(), "soil".into(), "trees".into()]);
        let record = Record::new("1", "One")
            .field("topics", topics)
            .field("date", "2016-06");
        figures.see(&record, 0, &rules);
        let (_, topics) = figures
            .facets
            .iter()
            .find(|(name, _)| name == "topics")
            .unwrap();
        assert_eq!(topics.commonest(), [("soil", 1), ("trees", 1)]);
        assert_eq!(figures.years.newest(), [("2016", 1)]);
        assert_eq!(figures.filled.get("topics"), Some(&1));
        assert_eq!(figures.filled.get("url"), None);
        assert!(figures.changes.is_none());
    }
}
