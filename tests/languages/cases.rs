//! Cases of one query and one title each: both are one word to a reader of the language, or are not.
//!
//! What must not match may still be found by the plain key of its word, below what is written as typed.
//! What takes a stemmer in a browser, or a table that is too big, is known and told.

use super::{data, ids, search};

/// Columns of a line: language, query, title, verdict, rule.
fn lines(text: &str) -> impl Iterator<Item = [&str; 5]> {
    text.lines().skip(1).filter_map(|line| {
        let mut columns = line.split('\t');
        let mut next = || columns.next();
        Some([next()?, next()?, next()?, next()?, next()?])
    })
}

/// Why an answer is not the one that a case wants.
fn known(lang: &str, query: &str, rule: &str) -> Option<&'static str> {
    match (lang, query) {
        ("zh", "市政税" | "图书馆") => {
            Some("simplified and traditional letters need a table")
        }
        ("cy" | "gd" | "ga", _) => Some("mutations are other rules' matter"),
        ("so", "laaan") => Some("an apostrophe is a letter in Somali, and none in English"),
        ("so", "guriga") => Some("no stemmer knows the articles of Somali"),
        _ if rule.contains("stemmer only") => Some("a stemmer alone may tell"),
        _ => None,
    }
}

#[test]
fn words_that_are_one_are_found_and_others_come_after() {
    let Some(text) = data::read("lang/norm-cases.tsv") else {
        return;
    };
    let (mut wrong, mut n_cases, mut n_known) = (Vec::new(), 0, 0);
    for [lang, query, title, verdict, rule] in lines(&text) {
        n_cases += 1;
        let is_right = match verdict {
            "match" => search(lang, &[title], query).total == 1,
            // Where the word as typed is there, it comes first; whoever insists on the word finds
            // another by its plain key only, or not at all.
            _ => {
                let page = search(lang, &[title, query], query);
                let alone = search(lang, &[title], &format!("\"{query}\""));
                let is_folded = speir::text::fold(query) == speir::text::fold(title);
                ids(&page).first() == Some(&"1") && (alone.total == 0 || is_folded)
            }
        };
        if let Some(reason) = known(lang, query, rule) {
            n_known += 1;
            println!("{lang} {query} / {title}: {verdict}, {is_right}: {reason}");
        } else if !is_right {
            wrong.push(format!("{lang} {query} / {title}: {verdict} ({rule})"));
        }
    }
    assert!(n_cases > 80, "the file has its cases");
    assert!(n_known < 30, "most cases are of these rules");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
