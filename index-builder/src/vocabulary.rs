//! What a publisher says about words and answers: files of synonyms and pins, and built-in packs.
//!
//! Knows how they are written down, line by line. What they do to a search, the core knows. Which
//! files are read, `config` knows.

use std::path::Path;

use speir::Synonym;

use crate::lines;
use crate::problem::{Place, Problem, shorten};

/// Between what is typed and what is searched as well, in a line that leads one way only.
const LEADS_TO: &str = "=>";

const SYNONYM_ADVICE: &str = "write words or phrases that mean the same on a line, with commas \
                              between, or nrpf => no recourse to public funds";
const PIN_ADVICE: &str =
    "name the columns query and record in the first row, and give each row both";

/// The built-in vocabularies, by the names that `speir.toml` calls them.
const PACKS: [(&str, &str); 1] = [(
    "uk-public-services",
    include_str!("../packs/uk-public-services.tsv"),
)];

/// A record that comes first for a query, and where that is said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PinLine {
    /// The query, such as `council tax` or `bin *`.
    pub(crate) query: String,
    /// The record's id or link.
    pub(crate) record: String,
    /// Where the line stands.
    pub(crate) place: Place,
}

/// The names of all packs.
pub(crate) fn pack_names() -> Vec<&'static str> {
    PACKS.iter().map(|(name, _)| *name).collect()
}

/// The synonyms of a built-in pack; `None` if there is no such pack.
pub(crate) fn pack(name: &str) -> Option<Result<Vec<Synonym>, Problem>> {
    let (name, text) = PACKS.iter().find(|(known, _)| *known == name)?;
    Some(synonyms(Path::new(name), text))
}

/// Reads synonyms: on each line a group of words or phrases that mean the same, or one side that
/// leads to the other.
pub(crate) fn synonyms(path: &Path, text: &str) -> Result<Vec<Synonym>, Problem> {
    let mut all = Vec::new();
    for (line, text) in lines::lines(text) {
        let synonym = synonym(text).map_err(|reason| {
            Problem::new("synonyms", reason, SYNONYM_ADVICE).at(Place::line(path, line))
        })?;
        all.push(synonym);
    }
    Ok(all)
}

fn synonym(line: &str) -> Result<Synonym, String> {
    let cells = phrases(line)?;
    // A spreadsheet puts a line with commas that stands in one cell into quotes, whole.
    if let [only] = &cells[..]
        && only.contains(',')
        && only.contains(LEADS_TO)
    {
        return synonym(only);
    }
    let sides: Vec<&str> = line.split(LEADS_TO).collect();
    match *sides {
        [_] => {
            let words = without_twins(cells);
            match words.as_slice() {
                [] => Err("the line holds no words".to_owned()),
                [one] => Err(format!(
                    "`{}` stands alone, but a group needs two words or phrases",
                    shorten(one, 60)
                )),
                _ => Ok(Synonym::same(words)),
            }
        }
        [from, to] => {
            let from = without_twins(phrases(from)?);
            let to = without_twins(phrases(to)?);
            if from.is_empty() || to.is_empty() {
                let side = if from.is_empty() { "before" } else { "after" };
                return Err(format!("nothing stands {side} the =>"));
            }
            // `tv => tv, television` is how other programs say that the word itself stays.
            let new: Vec<String> = to
                .into_iter()
                .filter(|word| from.len() > 1 || fold(word) != fold(&from[0]))
                .collect();
            if new.is_empty() {
                return Err(format!("`{}` leads to itself alone", shorten(&from[0], 60)));
            }
            Ok(Synonym::leads(from, new))
        }
        _ => Err("the line has => more than once".to_owned()),
    }
}

/// Reads pins: a table with the columns `query` and `record`.
pub(crate) fn pins(path: &Path, text: &str) -> Result<Vec<PinLine>, Problem> {
    let wrong = |(line, reason): lines::Wrong| {
        Problem::new("pins", reason, PIN_ADVICE).at(Place::line(path, line))
    };
    let mut all = Vec::new();
    for (line, [query, record]) in lines::rows(text, ["query", "record"], 2).map_err(wrong)? {
        if query.is_empty() {
            return Err(wrong((line, "the pin has no query".to_owned())));
        }
        if record.is_empty() {
            let query = shorten(&query, 60);
            return Err(wrong((
                line,
                format!("the pin for \"{query}\" has no record"),
            )));
        }
        all.push(PinLine {
            query,
            record,
            place: Place::line(path, line),
        });
    }
    Ok(all)
}

/// The words and phrases of a line, with tabs between them if it has any, else commas.
fn phrases(line: &str) -> Result<Vec<String>, String> {
    let mut cells = lines::cells(line, lines::delimiter(line, &['\t']))?;
    cells.retain(|cell| !cell.is_empty());
    Ok(cells)
}

fn without_twins(words: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        if !kept.iter().any(|other| fold(other) == fold(&word)) {
            kept.push(word);
        }
    }
    kept
}

/// As the core compares words, but for their forms.
fn fold(word: &str) -> String {
    word.split_whitespace()
        .map(speir::text::fold)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn in_words(synonym: &Synonym) -> String {
        if synonym.is_two_way {
            return synonym.from.join("+");
        }
        format!("{}>{}", synonym.from.join("+"), synonym.to.join("+"))
    }

    fn check(text: &str, expected: &str) {
        let outcome = match synonyms(Path::new("s.csv"), text) {
            Ok(all) => all.iter().map(in_words).collect::<Vec<_>>().join(" | "),
            Err(problem) => problem.to_string(),
        };
        assert_eq!(outcome, expected, "{text}");
    }

    #[test]
    fn groups_and_arrows_are_read() {
        check("bin, rubbish, waste\n", "bin+rubbish+waste");
        check(
            "\u{feff}# words\r\n\r\nbin\trubbish, waste\r\nnrpf => no recourse\r\n",
            "bin+rubbish, waste | nrpf>no recourse",
        );
        check("a, b => c, d", "a+b>c+d");
        check("\"food, drink\", catering,,", "food, drink+catering");
        check("\"a => b, c\",,", "a>b+c");
        check("5\" pipe, tube", "5\" pipe+tube");
        check("cafe\u{301}, coffee house", "caf\u{e9}+coffee house");
    }

    #[test]
    fn a_word_does_not_lead_to_itself() {
        check("Bin, bin, waste", "Bin+waste");
        check("tv => TV, television", "tv>television");
        check("tv => tv", "s.csv, line 1: `tv` leads to itself alone");
    }

    #[test]
    fn lines_that_cannot_be_meant_are_named() {
        check(
            "a, b\n\nbin\n",
            "s.csv, line 3: `bin` stands alone, but a group needs two words or phrases",
        );
        check(
            "bin; rubbish\n",
            "s.csv, line 1: `bin; rubbish` stands alone, but a group needs two words or phrases",
        );
        check(",,\n", "s.csv, line 1: the line holds no words");
        check("=> b\n", "s.csv, line 1: nothing stands before the =>");
        check("a =>\n", "s.csv, line 1: nothing stands after the =>");
        check(
            "a => b => c\n",
            "s.csv, line 1: the line has => more than once",
        );
        check("\"a, b\n", "s.csv, line 1: a quote \" is never closed");
    }

    #[test]
    fn pins_are_a_table() {
        let read = |text| {
            pins(Path::new("p.csv"), text)
                .map(|pins| {
                    let pins = pins.iter();
                    pins.map(|pin| format!("{} {}>{}", pin.place, pin.query, pin.record))
                        .collect::<Vec<_>>()
                        .join(" | ")
                })
                .unwrap_or_else(|problem| problem.to_string())
        };
        assert_eq!(
            read("Record,Query\n# bins\n\"bins\",bin *\n"),
            "p.csv, line 3 bin *>bins"
        );
        assert_eq!(
            read("query,page\na,b\n"),
            "p.csv, line 1: no column is called `record`; the columns are: query, page"
        );
        assert_eq!(
            read("query,record\n,b\n"),
            "p.csv, line 2: the pin has no query"
        );
        assert_eq!(
            read("query,record\na\n"),
            "p.csv, line 2: the pin for \"a\" has no record"
        );
    }

    /// As the core compares words, nearly: letters and digits alone, whatever their case.
    fn bare(word: &str) -> String {
        let letters = word.to_lowercase();
        let words = letters.split(|letter: char| !letter.is_alphanumeric());
        words
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn every_line_of_every_pack_says_something_and_none_twice() {
        for name in pack_names() {
            let all = pack(name).unwrap().unwrap();
            assert!(all.len() >= 400, "{name}: {} groups", all.len());
            let mut seen = BTreeSet::new();
            for synonym in &all {
                let shown = in_words(synonym);
                let from: BTreeSet<String> = synonym.from.iter().map(|word| bare(word)).collect();
                let to: BTreeSet<String> = synonym.to.iter().map(|word| bare(word)).collect();
                assert!(
                    !from.contains("") && !to.contains(""),
                    "{shown}: an empty word"
                );
                let n_words = synonym.from.len() + synonym.to.len();
                assert_eq!(from.union(&to).count(), n_words, "{shown}: a word twice");
                assert!(n_words > 1, "{shown}: nothing to lead to");
                assert!(
                    seen.insert((synonym.is_two_way, from, to)),
                    "{shown}: the line stands twice"
                );
            }
        }
    }
}
