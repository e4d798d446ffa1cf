//! Records like a given one, as found when the index was built.
//!
//! Two rounds of chunks at most: the block of the record's id; then stored records, the record's own
//! among them, as its id says whether the block's hash was that of another.
//! Knows the index and hits; knows nothing of words.

use crate::error::{Corrupt, IndexError};
use crate::format::Section;
use crate::format::related::{Entry, find_in_block, hash};
use crate::index::{Fetch, Index};
use crate::search::page::{Page, Understood};
use crate::search::snippet::Marker;
use crate::search::{Step, hits, languages_of};

impl Index {
    /// The records most like a given one, best first: up to `limit`, and never more than the six that
    /// were kept when the index was built. Takes two rounds of chunks at most.
    ///
    /// They are shown in the language of `lang`, a BCP 47 tag, where they have a version of it.
    /// Hits have no score and no words marked, and the beginning of the text for an excerpt. The page
    /// is empty for an id that no record has, for a record that shares no telling word with another,
    /// and where the index was built without related records.
    ///
    /// # Errors
    ///
    /// When a chunk does not decode.
    pub fn related(&self, id: &str, limit: usize, lang: Option<&str>) -> Result<Step, IndexError> {
        let mut fetch = Fetch::new(self);
        let own = find_record(&mut fetch, id, &mut |fetch, entry| {
            for doc in entry.neighbours.iter().take(limit) {
                hits::stored(fetch, *doc, 0)?;
            }
            Ok(())
        })?;
        if let Some(needed) = fetch.needed() {
            return Ok(Step::Need(needed));
        }
        let neighbours = own.map_or_else(Vec::new, |entry| entry.neighbours);
        let marker = Marker::new(&mut core::iter::empty());
        let mut shown = Vec::new();
        let languages = languages_of(fetch.manifest(), lang);
        for doc in neighbours.into_iter().take(limit) {
            if let Some(record) = hits::stored(&mut fetch, doc, languages)? {
                shown.push(hits::to_hit(record, 0.0, fetch.manifest(), Some(&marker)));
            }
        }
        Ok(Step::Done(Box::new(Page {
            total: shown.len() as u32,
            hits: shown,
            facets: Vec::new(),
            notices: Vec::new(),
            query: Understood::default(),
        })))
    }
}

/// The entry of the record of an id: its number and those most like it. `None` where no record has
/// the id, and while chunks are missing, which `fetch` then knows.
///
/// `with` is told of each entry that may be it, to fetch in the same round what it leads to.
pub(crate) fn find_record(
    fetch: &mut Fetch<'_>,
    id: &str,
    with: &mut dyn FnMut(&mut Fetch<'_>, &Entry) -> Result<(), Corrupt>,
) -> Result<Option<Entry>, Corrupt> {
    let hash = hash(id);
    let n_docs = fetch.manifest().order.end;
    let Some(number) = fetch.manifest().block_from(Section::Related, hash) else {
        return Ok(None);
    };
    let Some(block) = fetch.block(Section::Related, number)? else {
        return Ok(None);
    };
    let mut found = None;
    for entry in find_in_block(block, Some(hash), n_docs)? {
        with(fetch, &entry)?;
        let record = hits::stored(fetch, entry.doc, 0)?;
        if record.is_some_and(|record| record.id == id) {
            found = Some(entry);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DocId;
    use crate::{BuildOptions, IndexBuilder, Query, Record, Schema, memory};

    fn library() -> Vec<Record> {
        let record = |id: &str, title: &str, text: &str| {
            Record::new(id, title).field("description", text).url(id)
        };
        vec![
            record(
                "rent",
                "Renting a flat",
                "What a tenant and a landlord owe one another.",
            ),
            record(
                "evict",
                "Eviction",
                "When a landlord may ask a tenant to leave the flat.",
            ),
            record("bees", "Keeping bees", "Hives, honey and winter feed."),
            record(
                "honey",
                "Selling honey",
                "Labels for honey from your own hives.",
            ),
            record(
                "rent-2",
                "Renting a flat",
                "What a tenant and a landlord owe one another.",
            ),
            record("alone", "Quasars", "Extragalactic."),
        ]
    }

    fn build(records: &[Record], bytes: usize, small_bytes: usize) -> memory::MemoryIndex {
        let options = BuildOptions {
            related_bytes: bytes,
            stored_bytes: bytes,
            small_bytes,
            ..BuildOptions::default()
        };
        let mut builder = IndexBuilder::with_options(Schema::default(), options);
        for record in records {
            builder.add(record).unwrap();
        }
        memory::open(&builder.finish().unwrap()).unwrap()
    }

    /// The ids of what is related, asked of an index that has nothing yet; counts rounds.
    fn ask_cold(full: &memory::MemoryIndex, id: &str, limit: usize) -> Vec<String> {
        let mut cold = full.index().without_chunks();
        for round in 0..=2 {
            match cold.related(id, limit, None).unwrap() {
                Step::Done(page) => return page.hits.into_iter().map(|hit| hit.id).collect(),
                Step::Need(chunks) => {
                    assert!(round < 2, "a third round for {id}");
                    for chunk in chunks {
                        cold.copy_chunk(full.index(), chunk);
                    }
                }
            }
        }
        Vec::new()
    }

    #[track_caller]
    fn check(id: &str, limit: usize, expected: &[&str]) {
        for (bytes, small_bytes) in [(1, 0), (300, 0), (24 << 10, 0), (1, 1 << 20)] {
            let found = ask_cold(&build(&library(), bytes, small_bytes), id, limit);
            assert_eq!(found, expected, "{id} in blocks of {bytes} bytes");
        }
    }

    #[test]
    fn the_exact_copy_of_a_record_comes_first() {
        check("rent", 9, &["rent-2", "evict"]);
        check("rent", 1, &["rent-2"]);
        check("rent-2", 9, &["rent", "evict"]);
        check("bees", 9, &["honey"]);
    }

    #[test]
    fn nothing_is_related_to_what_stands_alone_or_is_not_there() {
        check("alone", 9, &[]);
        check("nobody", 9, &[]);
        check("", 9, &[]);
        check("rent", 0, &[]);
    }

    #[test]
    fn a_related_hit_shows_the_beginning_of_its_text_and_marks_nothing() {
        let index = build(&library(), 24 << 10, 0);
        let Step::Done(page) = index.index().related("bees", 3, None).unwrap() else {
            panic!("all chunks are there")
        };
        let hit = &page.hits[0];
        assert_eq!((page.total, hit.score), (1, 0.0));
        assert_eq!(hit.excerpt[0].text, "Labels for honey from your own hives.");
        assert!(
            hit.excerpt
                .iter()
                .chain(&hit.title_parts)
                .all(|span| !span.is_match)
        );
    }

    #[test]
    fn related_records_can_be_left_out() {
        let options = BuildOptions {
            has_related: false,
            ..BuildOptions::default()
        };
        let mut builder = IndexBuilder::with_options(Schema::default(), options);
        library().iter().for_each(|record| {
            builder.add(record).unwrap();
        });
        let index = memory::open(&builder.finish().unwrap()).unwrap();
        assert!(ask_cold(&index, "rent", 3).is_empty());
        assert_eq!(index.search(&Query::new("tenant")).unwrap().total, 3);
    }

    #[test]
    fn an_id_with_the_hash_of_another_is_told_apart() {
        // No two short ids are known to share a hash, so one is given that of another.
        let records = library();
        let ids = [("rent", DocId(0)), ("evict", DocId(1))];
        let entry = |doc, neighbour: u32| Entry {
            hash: hash("evict"),
            doc,
            neighbours: vec![DocId(neighbour)],
        };
        let block = crate::format::related::encode_block(&[entry(ids[0].1, 2), entry(ids[1].1, 3)]);
        let index = build(&records, 24 << 10, 0);
        let index = index
            .index()
            .with_block(Section::Related, hash("evict"), block);
        let Step::Done(page) = index.related("evict", 3, None).unwrap() else {
            panic!("all chunks are there")
        };
        assert_eq!(page.hits[0].id, "honey");
        let Step::Done(page) = index.related("rent", 3, None).unwrap() else {
            panic!("all chunks are there")
        };
        assert!(page.hits.is_empty(), "the hash of `rent` is not there");
    }
}
