//! Chooses the records that ranges bring along as cards for the beginnings of words: those that a reader
//! sees first who is still typing.
//!
//! A beginning leads to many words, each in few records, and to other records than any of them alone:
//! without these cards the second to fourth letter typed are six or seven requests each (measured over
//! 10,000 package descriptions). Knows the ranges of the dictionary, postings and ranking.

use crate::build::cards::{Candidate, Scales, Threshold};
use crate::build::dictionary::{Dictionary, Word};
use crate::build::workers::{self, Workers};
use crate::format::terms::{ENOUGH_DOCS, MAX_PREFIX_BLOCKS, MAX_PREFIX_TERMS, MIN_PREFIX_LETTERS};
use crate::ids::DocId;
use crate::rank::{self, Route};
use crate::text::begins_unspaced;

/// Longer beginnings lead to few words, whose own cards do.
const MAX_LETTERS: usize = 5;

/// Matches of one beginning that are looked at more closely: a record may hold several of its words.
const MAX_MATCHES: usize = 256;

/// A record that may be a card of a range.
struct Choice {
    card: Candidate,
    range: u32,
    doc: DocId,
}

/// The records that ranges bring along besides those of their words, in order of ranges and records.
pub(super) fn choose(
    dictionary: &Dictionary,
    scales: &Scales,
    lens: &[u32],
    n_docs: u32,
    budget: u64,
    n_best: usize,
    workers: &dyn Workers,
) -> Vec<(u32, DocId)> {
    let words: Vec<Word<'_>> = dictionary.words().collect();
    let has: Vec<Vec<DocId>> = dictionary.cards_by_range();
    let mut groups: Vec<(usize, &[Word<'_>])> = Vec::new();
    for n_letters in MIN_PREFIX_LETTERS..=MAX_LETTERS {
        let groups_of = words.chunk_by(|one, other| {
            let start = start(one.key, n_letters);
            start.is_some() && start == self::start(other.key, n_letters)
        });
        groups.extend(groups_of.map(|group| (n_letters, group)));
    }
    let choices = workers::map(workers, groups.len(), |at| {
        let (n_letters, group) = groups.get(at)?;
        let start = start(group.first()?.key, *n_letters)?;
        best(dictionary, scales, start, group, n_docs, n_best)
    });
    let mut all = Vec::new();
    for best in choices.into_iter().flatten() {
        let read = has.get(best.first_range..).unwrap_or_default();
        for (range, doc) in best.docs {
            // What any of the blocks brings that are read for the beginning is there.
            let mut read = read.iter().take(MAX_PREFIX_BLOCKS);
            let is_there = read.any(|docs| docs.binary_search(&doc).is_ok());
            let len = lens.get(doc.index()).copied().unwrap_or(u32::MAX);
            if let Some(card) = Candidate::new(best.demand, len).filter(|_| !is_there) {
                all.push(Choice { card, range, doc });
            }
        }
    }
    let threshold = Threshold::of(all.iter().map(|choice| choice.card), budget);
    all.retain(|choice| threshold.lets_pass(choice.card));
    let mut chosen: Vec<(u32, DocId)> = all.iter().map(|it| (it.range, it.doc)).collect();
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// The first letters of a word, if it has so many.
fn start(key: &str, n_letters: usize) -> Option<&str> {
    let last = key.char_indices().nth(n_letters - 1);
    last.map(|(at, letter)| key.get(..at + letter.len_utf8()).unwrap_or(key))
}

/// What is seen first when a beginning is typed.
struct Best {
    /// How often it is.
    demand: u64,
    /// The first block of the dictionary that is read for it.
    first_range: usize,
    /// Records, each with the range that is to bring it.
    docs: Vec<(u32, DocId)>,
}

/// What a beginning leads to, as `search::lookup` looks words up.
fn best(
    dictionary: &Dictionary,
    scales: &Scales,
    start: &str,
    group: &[Word<'_>],
    n_docs: u32,
    n_best: usize,
) -> Option<Best> {
    let demand = group
        .iter()
        .filter(|word| word.is_home)
        .map(|word| u64::from(word.n_docs))
        .sum();
    let is_number = start.bytes().all(|letter| letter.is_ascii_digit());
    let own: u32 = group
        .iter()
        .filter(|word| word.key == start)
        .map(|word| word.n_docs)
        .sum();
    if is_number || begins_unspaced(start) || own >= ENOUGH_DOCS {
        return None;
    }
    let first_range = dictionary.range_of(start);
    let end = first_range + MAX_PREFIX_BLOCKS;
    let mut terms: Vec<&Word<'_>> = group.iter().filter(|word| word.range < end).collect();
    // A stable sort, so that each term is where its first word is.
    terms.sort_by_key(|word| core::cmp::Reverse(word.n_docs));
    let mut classes: Vec<u32> = Vec::with_capacity(MAX_PREFIX_TERMS);
    terms.retain(|word| {
        let is_new = classes.len() < MAX_PREFIX_TERMS && !classes.contains(&word.class);
        if is_new {
            classes.push(word.class);
        }
        is_new
    });
    let begun: u32 = terms
        .iter()
        .map(|word| word.n_docs)
        .fold(0, u32::saturating_add);
    let (whole, weight) = (rank::idf(n_docs, own), rank::idf(n_docs, begun));
    let mut found: Vec<(bool, f64, DocId, u32)> = Vec::new();
    for word in terms {
        let Some(list) = dictionary.postings(word.class) else {
            continue;
        };
        let is_own = word.key == start;
        let weight = if is_own {
            whole
        } else {
            weight * Route::Prefix.weight()
        };
        for posting in &list.postings {
            let score = scales.score(&list, posting, weight, whole);
            found.push((is_own, score, posting.doc, word.home_range));
        }
    }
    let order = |a: &(bool, f64, DocId, u32), b: &(bool, f64, DocId, u32)| {
        b.0.cmp(&a.0)
            .then(b.1.total_cmp(&a.1))
            .then((a.2, a.3).cmp(&(b.2, b.3)))
    };
    if found.len() > MAX_MATCHES {
        found.select_nth_unstable_by(MAX_MATCHES, order);
        found.truncate(MAX_MATCHES);
    }
    found.sort_unstable_by(order);
    let mut docs: Vec<(u32, DocId)> = Vec::with_capacity(n_best);
    for (_, _, doc, range) in found {
        if docs.len() < n_best && docs.iter().all(|(_, known)| *known != doc) {
            docs.push((range, doc));
        }
    }
    Some(Best {
        demand,
        first_range,
        docs,
    })
}

#[cfg(test)]
mod tests {
    use crate::format::MANIFEST_NAME;
    use crate::{BuildOptions, Index, IndexBuilder, Query, Record, Schema, Step};

    /// Words of three syllables, many of which begin alike.
    fn words(nth: usize) -> String {
        const SYLLABLES: [&str; 8] = ["ho", "ra", "mi", "te", "lu", "so", "ne", "ka"];
        let syllable = |n: usize| SYLLABLES[n % SYLLABLES.len()];
        let word = |n: usize| [n, n / 8, n / 64].map(syllable).concat();
        [nth, nth * 7 + 3, nth * 31 + 11].map(word).join(" ")
    }

    /// Of which sections files come for a query that is typed letter by letter.
    fn fetched(options: BuildOptions, typed: &str) -> Vec<String> {
        let mut builder = IndexBuilder::with_options(Schema::default(), options);
        for nth in 0..600 {
            let record = Record::new(nth.to_string(), format!("Advice {nth}"));
            builder.add(&record.field("body", words(nth))).unwrap();
        }
        let files = builder.finish().unwrap();
        let file = |name: &str| files.iter().find(|file| file.name == name).unwrap();
        let mut index = Index::open(&file(MANIFEST_NAME).bytes).unwrap();
        let mut sections = Vec::new();
        for end in 2..=typed.len() {
            let query = Query::new(&typed[..end]);
            while let Step::Need(needed) = index.search(&query).unwrap() {
                for id in needed {
                    let info = index.chunk(id).unwrap();
                    let packed = info.of_file(&file(&info.name).bytes);
                    index.supply_packed(id, packed).unwrap();
                    let section = info.name.split(['-', '.']).next();
                    sections.push(section.unwrap_or_default().to_owned());
                }
            }
        }
        sections.sort();
        sections.dedup();
        sections
    }

    #[test]
    fn what_is_seen_while_a_word_is_typed_comes_with_its_words() {
        let options = BuildOptions {
            small_bytes: 0,
            cards_percent: 2000,
            ..BuildOptions::default()
        };
        assert_eq!(fetched(options, "hor"), ["words"]);
        let options = BuildOptions {
            cards: 0,
            ..options
        };
        assert_eq!(fetched(options, "hor"), ["stored", "words"]);
    }
}
