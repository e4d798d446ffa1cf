//! Which words of Welsh, Scottish Gaelic and Irish find one another: word lists of our own, and pairs
//! of public dictionaries where they are at hand.
//!
//! Every word is a record, and is asked for as a reader would; words that a corpus has often stand in
//! further records, as how frequent a word is decides what it is a form of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use speir::memory::MemoryIndex;
use speir::{IndexBuilder, Query, Record, Schema, memory};

/// Where the data lie, seen from this package, unless `SPEIR_TEST_DATA` names another folder. They are no part of
/// the repository, as their licences differ.
const DATA: &str = "../../shared/data";

/// An index of words, each in a record of its own, and in so many more.
struct Words {
    index: MemoryIndex,
}

impl Words {
    fn new(lang: &str, words: &BTreeMap<String, u32>) -> Words {
        let schema = Schema::default().lang(lang);
        let mut builder = IndexBuilder::new(schema);
        for word in words.keys() {
            let record = Record::new(word, word.as_str()).field("type", "word");
            builder.add(&record).expect("a word is a record");
        }
        let most = words.values().copied().max().unwrap_or(0);
        for nth in 1..most {
            let held = words.iter().filter(|(_, count)| **count > nth);
            let held: Vec<&str> = held.map(|(word, _)| word.as_str()).collect();
            let record = Record::new(format!("text {nth}"), held.join(" . "));
            builder.add(&record).expect("a text is a record");
        }
        let files = builder.finish().expect("an index is built");
        Words {
            index: memory::open(&files).expect("a built index opens"),
        }
    }

    /// The words that one finds by itself or by a form of it: no beginnings and no slips.
    fn found(&self, typed: &str) -> BTreeSet<String> {
        let query = Query::new(typed)
            .filter("type", "word")
            .limit(speir::MAX_LIMIT)
            .explain();
        let page = self.index.search(&query).expect("no word is an error");
        let is_form = |route: &str| {
            [
                "as written",
                "with other accents",
                "another form of the word",
            ]
            .iter()
            .any(|known| route.starts_with(known))
        };
        let hits = page.hits.into_iter().filter(|hit| {
            let account = hit.explanation.as_ref().expect("it was asked for");
            account.words.iter().any(|word| is_form(&word.route))
        });
        hits.map(|hit| hit.id).collect()
    }
}

/// Each line is a family: every word finds all others of its line, and none of another.
#[track_caller]
fn check(lang: &str, families: &str) {
    let families: Vec<Vec<&str>> = families
        .lines()
        .map(|line| line.split_whitespace().collect())
        .filter(|line: &Vec<&str>| !line.is_empty())
        .collect();
    let all = families.iter().flatten();
    let words = Words::new(lang, &all.map(|word| ((*word).to_owned(), 1)).collect());
    for family in &families {
        let expected: BTreeSet<String> = family.iter().map(|word| (*word).to_owned()).collect();
        for word in family {
            assert_eq!(words.found(word), expected, "{lang}: {word}");
        }
    }
}

/// Each line is a word that no record holds, and words that it finds all the same.
#[track_caller]
fn check_unknown(lang: &str, lines: &str) {
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let mut words = line.split_whitespace();
        let typed = words.next().expect("a line has words");
        let held: BTreeSet<String> = words.map(str::to_owned).collect();
        let index = Words::new(lang, &held.iter().map(|word| (word.clone(), 1)).collect());
        assert_eq!(index.found(typed), held, "{lang}: {typed}");
    }
}

#[test]
fn welsh_words_find_their_forms() {
    check(
        "cy",
        "caerdydd gaerdydd nghaerdydd chaerdydd
        plant blant mhlant phlant
        teulu deulu nheulu theulu teuluoedd deuluoedd
        gwasanaeth wasanaeth ngwasanaeth gwasanaethau wasanaethau
        bangor fangor mangor
        dinas ddinas dinasoedd
        mynydd fynydd mynyddoedd
        llyfrgell lyfrgell
        rhieni rieni
        ysgol hysgol ysgolion
        swyddfa swyddfeydd
        gweithiwr gweithwyr weithwyr
        cymru gymru nghymru chymru cymru'n
        chwarae
        chwilio
        ffordd
        theatr",
    );
    check_unknown(
        "cy",
        "caerdydd nghaerdydd
        caerdydd gaerdydd chaerdydd
        gaerdydd nghaerdydd
        nghaerdydd gaerdydd
        plant phlant
        phlant blant
        gwasanaeth wasanaeth
        ysgol hysgol
        cymru'n gymru
        fangor bangor
        mangor fangor",
    );
}

#[test]
fn gaelic_words_find_their_forms() {
    check(
        "gd",
        "comhairle chomhairle
        falbh dh'fhalbh
        sràid shràid sràidean
        balach balaich bhalaich
        sgoil sgoiltean
        each
        teach",
    );
    check_unknown(
        "gd",
        "comhairle chomhairle
        chomhairle comhairle
        falbh dh'fhalbh
        dh'fhalbh fhalbh",
    );
}

#[test]
fn irish_words_find_their_forms() {
    check(
        "ga",
        "bord bhord mbord
        cathair chathair gcathair
        fear bhfear fhear
        sráid tsráid shráid
        oifig hoifig oifigí hoifigí
        scoil scoileanna
        athair nAthair",
    );
    let words = ["athair", "nAthair", "nathair"].map(|word| (word.to_owned(), 1));
    let words = Words::new("ga", &words.into());
    assert!(
        !words.found("athair").contains("nathair"),
        "a father is no snake"
    );
    assert_eq!(words.found("nathair").len(), 1, "nor is a snake a father");
    assert!(words.found("nAthair").contains("athair"));
    check_unknown(
        "ga",
        "bord mbord
        gcathair chathair
        oifig hoifig
        hoifig oifig
        sráid tsráid
        athair nAthair
        nAthair athair
        éireann hÉireann",
    );
}

/// Rows of a table of the pairs, by the names of its columns; `None` where it is not there.
fn rows(file: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let data = std::env::var_os("SPEIR_TEST_DATA").map(PathBuf::from);
    let data = data.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(DATA));
    let path = data.join("lang").join(file);
    let text = fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("left out: {} is not there", path.display());
    }
    let text = text?;
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next()?.split('\t').collect();
    let row = |line: &str| {
        let cells = line.split('\t').map(str::to_owned);
        names
            .iter()
            .map(|name| (*name).to_owned())
            .zip(cells)
            .collect()
    };
    Some(lines.map(row).collect())
}

/// What the pairs of a language come to.
#[derive(Debug)]
struct Measures {
    /// Of the changed words the share that their radical finds.
    mutation_recall: f64,
    /// Of words that look alike, and stand in a corpus, the share that one finds by the other.
    joined_look_alikes: f64,
    /// Over all pairs and all that must not be joined, accents not counted.
    lemma_f1: f64,
}

fn measure(lang: &str, changes: &[&str]) -> Option<Measures> {
    let pairs = rows(&format!("{lang}-pairs.tsv"))?;
    let others = rows(&format!("{lang}-neg.tsv"))?;
    let mut words: BTreeMap<String, u32> = BTreeMap::new();
    for pair in &pairs {
        for name in ["surface", "lemma", "radical"] {
            words.entry(pair[name].clone()).or_insert(1);
        }
    }
    for other in &others {
        for (word, count) in [("a", "freq_a"), ("b", "freq_b")] {
            let count = other[count].parse().unwrap_or(0).max(1);
            words.insert(other[word].clone(), count);
        }
    }
    words.retain(|word, _| !word.trim().is_empty());
    let index = Words::new(lang, &words);
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut finds = |typed: &str, word: &str| {
        let found = known.entry(typed.to_owned());
        found.or_insert_with(|| index.found(typed)).contains(word)
    };
    let mut share = |rows: &[&BTreeMap<String, String>], a: &str, b: &str| {
        let found = rows.iter().filter(|row| finds(&row[a], &row[b])).count();
        (found as f64, found as f64 / rows.len() as f64)
    };
    let is_changed = |row: &&BTreeMap<String, String>| {
        let phenomenon = &row["phenomenon"];
        changes.iter().any(|change| phenomenon.contains(change))
    };
    let changed: Vec<_> = pairs.iter().filter(is_changed).collect();
    let look_alikes: Vec<_> = others.iter().filter(|row| row["kind"] != "fold").collect();
    let attested = look_alikes.iter().copied();
    let attested: Vec<_> = attested
        .filter(|row| row["freq_a"] != "0" && row["freq_b"] != "0")
        .collect();
    let all: Vec<_> = pairs.iter().collect();
    let (_, mutation_recall) = share(&changed, "radical", "surface");
    let (_, joined_look_alikes) = share(&attested, "a", "b");
    let (n_right, _) = share(&all, "lemma", "surface");
    let (n_wrong, _) = share(&look_alikes, "a", "b");
    let lemma_f1 = 2.0 * n_right / (n_right + n_wrong + pairs.len() as f64);
    let measures = Measures {
        mutation_recall,
        joined_look_alikes,
        lemma_f1,
    };
    println!("{lang}: {measures:?}");
    Some(measures)
}

#[test]
fn welsh_pairs_are_joined_and_look_alikes_mostly_not() {
    let changes = ["soft", "nasal", "aspirate", "h-prothesis"];
    if let Some(measures) = measure("cy", &changes) {
        assert!(measures.mutation_recall >= 0.98, "{measures:?}");
        assert!(measures.joined_look_alikes <= 0.45, "{measures:?}");
        assert!(measures.lemma_f1 >= 0.65, "{measures:?}");
    }
}

#[test]
fn gaelic_pairs_are_joined_and_look_alikes_mostly_not() {
    let changes = ["lenition", "elision", "prothesis"];
    if let Some(measures) = measure("gd", &changes) {
        assert!(measures.mutation_recall >= 0.99, "{measures:?}");
        assert!(measures.joined_look_alikes <= 0.12, "{measures:?}");
        assert!(measures.lemma_f1 >= 0.7, "{measures:?}");
    }
}

#[test]
fn irish_pairs_are_joined_and_look_alikes_mostly_not() {
    let changes = ["eclipsis", "lenition", "elision", "prothesis"];
    if let Some(measures) = measure("ga", &changes) {
        assert!(measures.mutation_recall >= 0.98, "{measures:?}");
        assert!(measures.joined_look_alikes <= 0.35, "{measures:?}");
        assert!(measures.lemma_f1 >= 0.75, "{measures:?}");
    }
}
