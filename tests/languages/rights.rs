//! Articles of the Universal Declaration of Human Rights in 28 languages, all in one index: each is
//! found by its own words, in its own language, and its language is told by its words.

use std::collections::BTreeMap;

use serde::Deserialize;
use speir::{IndexBuilder, Query, Record, Schema, memory, text};

use super::data;

#[derive(Deserialize)]
pub(crate) struct Article {
    id: String,
    title: String,
    pub(crate) text: String,
    pub(crate) lang: String,
}

pub(crate) fn articles() -> Option<Vec<Article>> {
    let text = data::read("content/udhr.jsonl")?;
    let parse = |line: &str| serde_json::from_str(line).expect("a line is an article");
    Some(text.lines().map(parse).collect())
}

/// Letters of a quotation: enough to stand in one article alone.
const QUOTED_LETTERS: usize = 40;

/// A piece of an article's text from its middle, from a space on, without marks of the query language.
fn quotation(text: &str) -> String {
    let flat: String = text
        .chars()
        .map(|letter| match letter {
            '"' | '“' | '”' | '„' | '«' | '»' | '(' | ')' | '*' | ':' | '\n' => ' ',
            letter => letter,
        })
        .collect();
    let letters: Vec<char> = flat.chars().collect();
    let start = letters.len() / 3;
    let start = letters[start..]
        .iter()
        .position(|letter| letter.is_whitespace())
        .map_or(start, |at| start + at);
    let end = letters[(start + QUOTED_LETTERS).min(letters.len())..]
        .iter()
        .position(|letter| letter.is_whitespace())
        .map_or(letters.len(), |at| {
            (start + QUOTED_LETTERS).min(letters.len()) + at
        });
    // Where nothing parts words, a piece of some length.
    let end = end.min(start + 3 * QUOTED_LETTERS);
    letters[start..end]
        .iter()
        .collect::<String>()
        .trim()
        .to_owned()
}

#[test]
fn every_article_is_found_by_its_own_words() {
    let Some(articles) = articles() else {
        return;
    };
    let mut builder = IndexBuilder::new(Schema::default());
    for article in &articles {
        let record = Record::new(&article.id, &article.title).lang(&article.lang);
        let record = record.section(speir::Section::new("").text(&article.text));
        builder.add(&record).expect("the record is right");
    }
    assert!(builder.needs_languages());
    let index = memory::open(&builder.finish().expect("it is whole")).expect("it is whole");
    let mut by_lang: BTreeMap<&str, [u32; 3]> = BTreeMap::new();
    let mut missed = Vec::new();
    for article in &articles {
        let quoted = quotation(&article.text);
        let counts = by_lang.entry(&article.lang).or_default();
        counts[0] += 1;
        // As words, and side by side.
        for (at, query) in [quoted.clone(), format!("\"{quoted}\"")]
            .into_iter()
            .enumerate()
        {
            let page = index
                .search(&Query::new(query.clone()))
                .expect("it is whole");
            let first = page.hits.first().map(|hit| hit.id.as_str());
            // Some articles say the same, word by word.
            let says_it = |id: &str| {
                let other = articles.iter().find(|other| other.id == id);
                other.is_some_and(|other| {
                    text::fold(&other.text).contains(&text::fold(&quoted))
                        || other.text == article.text
                })
            };
            if first == Some(&article.id) || first.is_some_and(says_it) {
                counts[1 + at] += 1;
            } else {
                missed.push(format!("{}: {query} gives {first:?}", article.id));
            }
        }
    }
    println!("language: articles, first by words, first by quotation");
    for (lang, [all, by_words, by_quotation]) in &by_lang {
        println!("{lang}: {all}, {by_words}, {by_quotation}");
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
