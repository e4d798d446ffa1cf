//! Records of one address from several sources become one, and records get what their source says of
//! all of its own.
//!
//! Knows whole records, and which of two says more. Reads no files.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use speir::{Prepared, Record, RecordReader};

use super::address::key;
use super::{Settings, Spot};

/// Which of two records says more: the one with the higher rank. By precedence, then by the order of
/// sources.
type Rank = (i64, usize);

/// A record that waits for others of its address.
#[derive(Debug)]
struct Waiting {
    record: Record,
    rank: Rank,
    /// The file it came from first, and where in it.
    file: usize,
    spot: Spot,
    /// The sources that gave it, the highest first.
    settings: Vec<Arc<Settings>>,
    is_joined: AtomicBool,
}

/// The records of all sources but the largest, by their addresses.
#[derive(Debug, Default)]
pub(crate) struct Held {
    waiting: Vec<Waiting>,
    by_key: HashMap<String, usize>,
    n_joined: usize,
}

/// Completes records and reads their words.
#[derive(Clone)]
pub(crate) struct Preparer {
    reader: Arc<RecordReader>,
    settings: Arc<Settings>,
    held: Option<Arc<Held>>,
    /// Whether records are only read, to be held and completed later.
    is_for_holding: bool,
}

impl Held {
    /// Keeps a record; one of another source with its address becomes one with it.
    pub(crate) fn hold(
        &mut self,
        record: &Record,
        settings: &Arc<Settings>,
        file: usize,
        spot: Spot,
    ) {
        let rank = rank(settings);
        let key = key_of(record);
        if let Some(at) = self.by_key.get(&key).copied()
            && let Some(known) = self.waiting.get_mut(at)
            && known.settings.iter().all(|one| one.group != settings.group)
        {
            let before = std::mem::replace(&mut known.record, Record::new("", ""));
            known.record = join((before, known.rank), (record.clone(), rank));
            known.rank = known.rank.max(rank);
            known.settings.push(Arc::clone(settings));
            known
                .settings
                .sort_by_key(|settings| std::cmp::Reverse(self::rank(settings)));
            self.n_joined += 1;
            return;
        }
        self.by_key.entry(key).or_insert(self.waiting.len());
        self.waiting.push(Waiting {
            record: record.clone(),
            rank,
            file,
            spot,
            settings: vec![Arc::clone(settings)],
            is_joined: AtomicBool::new(false),
        });
    }

    /// How many records became one with another.
    pub(crate) fn n_joined(&self) -> usize {
        let joined = self.waiting.iter().map(|one| &one.is_joined);
        self.n_joined
            + joined
                .filter(|joined| joined.load(Ordering::Relaxed))
                .count()
    }

    /// The records that no other was found for, with the file and place they came from, in their order.
    pub(crate) fn alone(&self) -> impl Iterator<Item = (Record, usize, Spot)> {
        let alone = self
            .waiting
            .iter()
            .filter(|one| !one.is_joined.load(Ordering::Relaxed))
            // What only completes others is nothing without them.
            .filter(|one| !one.settings.iter().all(|settings| settings.is_completing));
        alone.map(|one| {
            let mut record = one.record.clone();
            for settings in &one.settings {
                add_defaults(&mut record, settings);
            }
            (record, one.file, one.spot)
        })
    }
}

impl Preparer {
    /// For records of one source.
    pub(crate) fn new(reader: Arc<RecordReader>, settings: &Arc<Settings>) -> Preparer {
        Preparer {
            reader,
            settings: Arc::clone(settings),
            held: None,
            is_for_holding: false,
        }
    }

    /// For records that will be held, and completed when all others are known.
    pub(crate) fn for_holding(reader: Arc<RecordReader>) -> Preparer {
        Preparer {
            is_for_holding: true,
            ..Preparer::new(reader, &Arc::default())
        }
    }

    /// The same, with the records of others to become one with.
    #[must_use]
    pub(crate) fn with(mut self, held: Option<Arc<Held>>) -> Preparer {
        self.held = held;
        self
    }

    /// Completes a record: by what another source says of its address, then by the defaults of its own.
    pub(crate) fn prepare(&self, mut record: Record) -> Prepared<'static> {
        let held = self.held.as_ref();
        let other = held.and_then(|held| {
            let at = held.by_key.get(&key_of(&record))?;
            held.waiting.get(*at)
        });
        if let Some(other) = other {
            other.is_joined.store(true, Ordering::Relaxed);
            let own = rank(&self.settings);
            record = join((record, own), (other.record.clone(), other.rank));
        }
        if !self.is_for_holding {
            add_defaults(&mut record, &self.settings);
        }
        for settings in other.into_iter().flat_map(|other| &other.settings) {
            add_defaults(&mut record, settings);
        }
        self.reader.prepare(Cow::Owned(record))
    }
}

fn add_defaults(record: &mut Record, settings: &Settings) {
    if record.lang.is_none() {
        record.lang.clone_from(&settings.lang);
    }
    for (name, value) in &settings.defaults {
        if !record.fields.iter().any(|(known, _)| known == name) {
            record.fields.push((name.clone(), value.clone()));
        }
    }
}

fn rank(settings: &Settings) -> Rank {
    (settings.precedence, settings.group)
}

/// What a record has in common with others of its address; with those of its id, where it has none.
fn key_of(record: &Record) -> String {
    let address = record.url.as_deref().unwrap_or(&record.id);
    key(address).to_owned()
}

/// One record of two: that of the higher rank, with what it lacks from the other.
fn join(one: (Record, Rank), other: (Record, Rank)) -> Record {
    let (mut record, rest) = match one.1 >= other.1 {
        true => (one.0, other.0),
        false => (other.0, one.0),
    };
    record.url = record.url.or(rest.url);
    record.lang = record.lang.or(rest.lang);
    record.boost = record.boost.or(rest.boost);
    record.valid_until = record.valid_until.or(rest.valid_until);
    if record.replaces.is_empty() {
        record.replaces = rest.replaces;
    }
    if record.sections.is_empty() {
        record.sections = rest.sections;
    }
    for (name, value) in rest.fields {
        if !record.fields.iter().any(|(known, _)| *known == name) {
            record.fields.push((name, value));
        }
    }
    record
}

#[cfg(test)]
mod tests {
    use speir::{IndexBuilder, Schema, Section};

    use super::*;

    fn settings(group: usize, precedence: i64) -> Arc<Settings> {
        Arc::new(Settings {
            group,
            precedence,
            ..Settings::default()
        })
    }

    fn shown(record: &Record) -> String {
        let fields = record.fields.iter();
        let fields: Vec<String> = fields
            .map(|(name, value)| format!("{name}={value:?}"))
            .collect();
        format!(
            "{} {} {} {}",
            record.id,
            record.title,
            fields.join(" "),
            record.sections.len()
        )
    }

    #[test]
    fn the_higher_record_wins_and_the_other_fills_its_gaps() {
        let row = Record::new("7", "From the table")
            .url("/a/")
            .field("topics", "soil");
        let page = Record::new("/a/", "The page")
            .url("/a/index.html")
            .field("body", "b");
        let page = page.field("topics", "trees").section(Section::new("One"));
        let check = |row_precedence, expected: &str| {
            let mut held = Held::default();
            held.hold(&row, &settings(1, row_precedence), 0, Spot::default());
            let held = Arc::new(held);
            let reader = IndexBuilder::new(Schema::default()).reader();
            let preparer = Preparer::new(reader, &settings(0, 0)).with(Some(Arc::clone(&held)));
            assert_eq!(shown(preparer.prepare(page.clone()).record()), expected);
            assert_eq!((held.n_joined(), held.alone().count()), (1, 0));
        };
        check(
            0,
            "7 From the table topics=Text(\"soil\") body=Text(\"b\") 1",
        );
        check(-1, "/a/ The page body=Text(\"b\") topics=Text(\"trees\") 1");
    }

    #[test]
    fn records_of_one_source_stay_apart() {
        let mut held = Held::default();
        let link = Record::new("1", "One").url("https://example.org/");
        let same = Record::new("2", "Two").url("https://example.org/");
        held.hold(&link, &settings(0, 0), 0, Spot::default());
        held.hold(&same, &settings(0, 0), 0, Spot::default());
        let other = Record::new("3", "Three").url("https://example.org");
        held.hold(&other, &settings(1, 0), 1, Spot::default());
        let ids: Vec<String> = held.alone().map(|(record, ..)| record.id).collect();
        assert_eq!(ids, ["3", "2"]);
        assert_eq!(held.n_joined(), 1);
    }
}
