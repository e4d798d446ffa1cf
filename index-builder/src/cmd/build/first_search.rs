//! What a reader's browser fetches, with nothing in its cache, until the first page of ten results
//! is there: the browser files, the manifest, and the chunks that the query takes.
//!
//! Knows the finished index and asks it queries made of its own titles, the same for the same
//! index. Counts files as a site sends them that compresses once what can be compressed: the
//! browser files and the manifest with brotli, chunks as they are. Never looks at a clock: what
//! runs out on a day does not count as that.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde_json::{Value as Json, json};
use speir::{ChunkId, ChunkInfo, File, Index, IndexError, MANIFEST_NAME, Query, Step};

use crate::browser::{self, Browser};
use crate::budget::Budget;
use crate::cmd::{count, size};
use crate::problem::{Problem, shorten};

/// How many records lend their titles: with two queries each, enough for one in twenty to be six.
const N_RECORDS: usize = 64;
/// Most bytes of inflated chunks that are kept from one query to the next: as much as those have that
/// all queries share where there are a million records.
const MAX_UNPACKED_BYTES: usize = 32 << 20;

/// Of a hundred queries, so many cost no more than what is told and held against the budget.
const PERCENTILE: usize = 95;

/// Most bytes between two chunks that the browser fetches together: that of `driver.ts`.
const MAX_GAP_BYTES: u64 = 1024;

/// What one query costs.
#[derive(Clone, Debug)]
struct Cost {
    query: String,
    n_bytes: u64,
    n_requests: u64,
}

/// What the first page of results costs.
#[derive(Debug)]
pub(super) struct FirstSearch {
    n_queries: usize,
    /// The fields whose values are counted.
    facets: Vec<String>,
    n_browser_bytes: u64,
    n_manifest_bytes: u64,
    /// The query at the percentile by bytes, with its cost.
    by_bytes: Cost,
    /// The same by requests.
    by_requests: Cost,
    /// The query that costs most bytes.
    costliest: Cost,
}

/// Titles of records at even distances in the order in which they come.
#[derive(Debug)]
pub(super) struct Sample {
    titles: Vec<String>,
    /// One record in so many lends its title.
    distance: usize,
    n_seen: usize,
}

impl Default for Sample {
    fn default() -> Sample {
        Sample {
            titles: Vec::new(),
            distance: 1,
            n_seen: 0,
        }
    }
}

impl Sample {
    /// Looks at the next record's title. Of twice as many as are wanted every second one is kept.
    pub(super) fn see(&mut self, title: &str) {
        if self.n_seen.is_multiple_of(self.distance) {
            if self.titles.len() == 2 * N_RECORDS {
                let mut is_odd = true;
                self.titles.retain(|_| {
                    is_odd = !is_odd;
                    !is_odd
                });
                self.distance *= 2;
            }
            self.titles.push(title.to_owned());
        }
        self.n_seen += 1;
    }

    /// Queries that a reader of these records may ask: none at all, and single words and pairs of
    /// neighbours from their titles.
    fn queries(&self) -> Vec<String> {
        let n_titles = self.titles.len();
        let n_records = n_titles.min(N_RECORDS);
        let mut queries = vec![String::new()];
        let mut seen = BTreeSet::new();
        for at in 0..n_records {
            let title = self.titles.get(at * n_titles / n_records);
            let found = words_and_pairs(title.map_or("", |title| title), at);
            let new = found.into_iter().filter(|query| seen.insert(query.clone()));
            queries.extend(new);
        }
        queries
    }
}

/// Measures a finished index.
pub(super) fn measure(
    files: &[File],
    browser: Browser,
    sample: &Sample,
) -> Result<FirstSearch, Problem> {
    let reader = Reader::open(files).map_err(unreadable)?;
    let facets: Vec<String> = reader
        .cold
        .schema()
        .fields()
        .filter(|(_, field)| field.facet)
        .map(|(_, field)| field.name.clone())
        .collect();
    let n_browser_bytes = browser.n_packed_bytes();
    let n_manifest_bytes = browser::brotli_len(reader.manifest);
    let n_fixed_requests = browser.files().len() as u64 + 1;

    let costs = sample.queries().into_par_iter().map(|text| {
        let mut query = Query::new(&*text);
        query.facets.clone_from(&facets);
        query.lang = Some(reader.cold.schema().default_lang().to_owned());
        let fetched = reader.ask(&query)?;
        Ok(Cost {
            query: text,
            n_bytes: n_browser_bytes + n_manifest_bytes + fetched.iter().sum::<u64>(),
            n_requests: n_fixed_requests + fetched.len() as u64,
        })
    });
    let costs: Vec<Cost> = costs.collect::<Result<_, _>>().map_err(unreadable)?;
    Ok(FirstSearch {
        n_queries: costs.len(),
        facets,
        n_browser_bytes,
        n_manifest_bytes,
        by_bytes: at_percentile(&costs, PERCENTILE, |cost| cost.n_bytes)?,
        by_requests: at_percentile(&costs, PERCENTILE, |cost| cost.n_requests)?,
        costliest: at_percentile(&costs, 100, |cost| cost.n_bytes)?,
    })
}

/// The cost that so many in a hundred do not exceed; of several such queries the first.
fn at_percentile(
    costs: &[Cost],
    percentile: usize,
    figure: impl Fn(&Cost) -> u64,
) -> Result<Cost, Problem> {
    let mut figures: Vec<u64> = costs.iter().map(&figure).collect();
    figures.sort_unstable();
    let rank = (figures.len() * percentile).div_ceil(100);
    let limit = figures.get(rank.saturating_sub(1));
    let cost = costs.iter().find(|cost| Some(&figure(cost)) == limit);
    cost.cloned().ok_or_else(|| {
        Problem::new(
            "internal",
            "no query was measured",
            "report this as an error in speir",
        )
    })
}

impl FirstSearch {
    /// Fails where a limit is exceeded.
    pub(super) fn check(&self, budget: Budget) -> Result<(), Problem> {
        let mut over = Vec::new();
        let mut advice = Vec::new();
        if let Some(limit) = budget.n_bytes
            && self.by_bytes.n_bytes > limit
        {
            let Cost { query, n_bytes, .. } = &self.by_bytes;
            over.push(format!(
                "the first page of results costs {} ({n_bytes} bytes) for the query \"{}\", over \
                 the budget of {}; browser files are {} of it, {MANIFEST_NAME} {}, chunks {}",
                size(*n_bytes),
                shorten(query, 60),
                size(limit),
                size(self.n_browser_bytes),
                size(self.n_manifest_bytes),
                size(n_bytes - self.n_browser_bytes - self.n_manifest_bytes),
            ));
            advice.push(
                "set facet = false or stored = false in speir.toml for fields that results do not \
                 need",
            );
        }
        if let Some(limit) = budget.n_requests
            && self.by_requests.n_requests > limit
        {
            let Cost {
                query, n_requests, ..
            } = &self.by_requests;
            over.push(format!(
                "the first page of results takes {} for the query \"{}\", over the budget of {limit}",
                count(*n_requests, "request"),
                shorten(query, 60),
            ));
            if advice.is_empty() {
                advice.push("set facet = false in speir.toml for fields that are not counted");
            }
        }
        if over.is_empty() {
            return Ok(());
        }
        Err(Problem::new(
            "over-budget",
            format!(
                "{} (95th percentile of {} queries)",
                over.join("; "),
                self.n_queries
            ),
            format!(
                "{}, or give a higher --budget; nothing was published",
                advice.join("; ")
            ),
        ))
    }

    /// The figures for programs.
    pub(super) fn to_json(&self) -> Json {
        let cost = |cost: &Cost| {
            json!({
                "query": cost.query,
                "bytes": cost.n_bytes,
                "requests": cost.n_requests,
            })
        };
        json!({
            "percentile": PERCENTILE,
            "queries": self.n_queries,
            "facets": self.facets,
            "bytes": self.by_bytes.n_bytes,
            "bytesQuery": self.by_bytes.query,
            "requests": self.by_requests.n_requests,
            "requestsQuery": self.by_requests.query,
            "costliest": cost(&self.costliest),
            "browserBytes": self.n_browser_bytes,
            "manifestBytes": self.n_manifest_bytes,
        })
    }

    /// What is measured, the query that stands for it, and bytes and requests of that query.
    pub(super) fn costs(&self) -> [(&'static str, String, u64, u64); 3] {
        let told = |what, cost: &Cost| (what, quoted(cost), cost.n_bytes, cost.n_requests);
        [
            ("95 of 100 queries take no more bytes than", &self.by_bytes),
            (
                "95 of 100 queries take no more requests than",
                &self.by_requests,
            ),
            ("The costliest query", &self.costliest),
        ]
        .map(|(what, cost)| told(what, cost))
    }

    /// How many queries were asked.
    pub(super) fn n_queries(&self) -> usize {
        self.n_queries
    }

    /// The bytes that every first search takes: the browser files, and the manifest.
    pub(super) fn fixed_bytes(&self) -> (u64, u64) {
        (self.n_browser_bytes, self.n_manifest_bytes)
    }

    /// The figures for people.
    pub(super) fn in_words(&self) -> String {
        let without = if browser::is_there() {
            ""
        } else {
            " without the browser files"
        };
        format!(
            "First page of results{without}: {} ({}), {} ({}), the 95th percentile of {} queries; \
             at most {} ({}).",
            size(self.by_bytes.n_bytes),
            quoted(&self.by_bytes),
            count(self.by_requests.n_requests, "request"),
            quoted(&self.by_requests),
            self.n_queries,
            size(self.costliest.n_bytes),
            quoted(&self.costliest),
        )
    }
}

fn quoted(cost: &Cost) -> String {
    match &*cost.query {
        "" => "no words".to_owned(),
        query => format!("\"{}\"", shorten(query, 60)),
    }
}

fn unreadable(error: IndexError) -> Problem {
    Problem::new(
        error.code(),
        format!("the finished index cannot be searched: {error}"),
        "report this as an error in speir",
    )
}

/// A reader of the finished files.
struct Reader<'f> {
    manifest: &'f [u8],
    chunks: BTreeMap<&'f str, &'f [u8]>,
    /// The index before any chunk is there.
    cold: Index,
    /// Chunks that were unpacked once: most queries share some.
    unpacked: Mutex<Unpacked>,
}

/// Unpacked chunks, the first that were asked for: among them are those that most queries share.
#[derive(Default)]
struct Unpacked {
    chunks: BTreeMap<ChunkId, (u32, Vec<u8>)>,
    n_bytes: usize,
}

impl Unpacked {
    fn keep(&mut self, id: ChunkId, chunk: &(u32, Vec<u8>)) {
        if self.n_bytes + chunk.1.len() <= MAX_UNPACKED_BYTES {
            self.n_bytes += chunk.1.len();
            self.chunks.insert(id, chunk.clone());
        }
    }
}

impl<'f> Reader<'f> {
    fn open(files: &'f [File]) -> Result<Reader<'f>, IndexError> {
        let chunks: BTreeMap<&str, &[u8]> = files
            .iter()
            .map(|file| (file.name.as_str(), file.bytes.as_slice()))
            .collect();
        let manifest = chunks.get(MANIFEST_NAME).copied().unwrap_or_default();
        Ok(Reader {
            manifest,
            cold: Index::open(manifest)?,
            chunks,
            unpacked: Mutex::default(),
        })
    }

    /// Asks a query of an index without chunks; gives how many bytes come with each request.
    fn ask(&self, query: &Query) -> Result<Vec<u64>, IndexError> {
        let mut index = self.cold.clone();
        let mut fetched = Vec::new();
        while let Step::Need(needed) = index.search(query)? {
            let mut chunks = Vec::new();
            for id in needed {
                chunks.push(self.supply(&mut index, id)?);
            }
            fetched.extend(requests(chunks));
        }
        Ok(fetched)
    }

    /// Gives an index a chunk; gives back where that is.
    fn supply(&self, index: &mut Index, id: ChunkId) -> Result<ChunkInfo, IndexError> {
        let info = index.chunk(id);
        let info = info.ok_or(IndexError::UnknownChunk { chunk: id })?;
        let known = self.unpacked.lock().ok();
        let known = known.and_then(|unpacked| unpacked.chunks.get(&id).cloned());
        let (seal, raw) = match known {
            Some(unpacked) => unpacked,
            None => {
                let file = self.chunks.get(info.name.as_str());
                let file = file.ok_or_else(|| IndexError::MissingFile {
                    name: info.name.clone(),
                })?;
                let unpacked = speir::unpack(info.of_file(file)).ok_or(IndexError::Damaged {
                    chunk: Some(id),
                    what: "its compression",
                })?;
                if let Ok(mut known) = self.unpacked.lock() {
                    known.keep(id, &unpacked);
                }
                unpacked
            }
        };
        index.supply(id, seal, raw)?;
        Ok(info)
    }
}

/// How many bytes come with each request for chunks: those that are near each other in a file come with
/// one, as `driver.ts` fetches them.
fn requests(mut chunks: Vec<ChunkInfo>) -> Vec<u64> {
    chunks.sort_by(|one, other| (&one.name, one.offset).cmp(&(&other.name, other.offset)));
    let mut requests = Vec::new();
    let mut last: Option<ChunkInfo> = None;
    for chunk in chunks {
        let end = |chunk: &ChunkInfo| u64::from(chunk.offset) + u64::from(chunk.packed_len);
        let near = last
            .as_ref()
            .filter(|last| last.name == chunk.name)
            .filter(|last| u64::from(chunk.offset) <= end(last) + MAX_GAP_BYTES);
        match (near, requests.last_mut()) {
            (Some(last), Some(n_bytes)) => *n_bytes += end(&chunk).saturating_sub(end(last)),
            _ => requests.push(u64::from(chunk.packed_len)),
        }
        last = Some(chunk);
    }
    requests
}

/// A word of a title and a pair of neighbours, each time at another place. In small letters: `OR`
/// is no word.
fn words_and_pairs(title: &str, at: usize) -> Vec<String> {
    let words: Vec<String> = title
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let cycle = |n: usize| at.checked_rem(n);
    let word = cycle(words.len()).and_then(|at| words.get(at)).cloned();
    let pairs: Vec<&[String]> = words.windows(2).collect();
    let pair = cycle(pairs.len()).and_then(|at| pairs.get(at));
    word.into_iter()
        .chain(pair.map(|pair| pair.join(" ")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lend_a_word_and_a_pair_at_changing_places() {
        let check = |title: &str, at, expected: &[&str]| {
            assert_eq!(words_and_pairs(title, at), expected, "{title} {at}");
        };
        check("Housing OR advice (2014)", 0, &["housing", "housing or"]);
        check("Housing OR advice (2014)", 2, &["advice", "advice 2014"]);
        check("Housing OR advice (2014)", 3, &["2014", "housing or"]);
        check("Housing", 9, &["housing"]);
        check("--", 0, &[]);
    }

    #[test]
    fn chunks_that_are_near_each_other_in_a_file_come_with_one_request() {
        let chunk = |name: &str, offset, packed_len| ChunkInfo {
            name: name.to_owned(),
            file_len: 90_000,
            offset,
            packed_len,
        };
        let far = 150 + MAX_GAP_BYTES as u32;
        let chunks = vec![
            chunk("b", 0, 7),
            chunk("a", far + 1, 30),
            chunk("a", 130, 20),
            chunk("a", 100, 20),
            chunk("a", far + 1, 30),
        ];
        assert_eq!(requests(chunks), [50, 30, 7]);
        let chunks = vec![chunk("a", far, 30), chunk("a", 130, 20)];
        assert_eq!(requests(chunks), [50 + MAX_GAP_BYTES]);
        assert!(requests(Vec::new()).is_empty());
    }

    #[test]
    fn titles_are_taken_at_even_distances_however_many_come() {
        let check = |n_titles: u32, expected: &[&str], n_kept: usize| {
            let mut sample = Sample::default();
            (0..n_titles).for_each(|n| sample.see(&n.to_string()));
            assert_eq!(sample.titles.len(), n_kept, "{n_titles}");
            assert_eq!(&sample.titles[..expected.len()], expected, "{n_titles}");
        };
        check(0, &[], 0);
        check(3, &["0", "1", "2"], 3);
        check(128, &["0", "1", "2"], 128);
        check(129, &["0", "2", "4"], 65);
        check(1000, &["0", "8", "16"], 125);
        assert_eq!(Sample::default().queries(), [""]);
    }

    #[test]
    fn the_percentile_is_a_cost_that_was_met() {
        let costs: Vec<Cost> = (1..=129)
            .map(|n| Cost {
                query: n.to_string(),
                n_bytes: n,
                n_requests: 1,
            })
            .collect();
        let check = |percentile, expected: &str| {
            let cost = at_percentile(&costs, percentile, |cost| cost.n_bytes).unwrap();
            assert_eq!(cost.query, expected);
        };
        check(95, "123");
        check(100, "129");
        assert!(at_percentile(&[], 95, |cost| cost.n_bytes).is_err());
    }
}
