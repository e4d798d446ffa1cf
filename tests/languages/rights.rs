//! Articles of the Universal Declaration of Human Rights in 28 languages, all in one index: each is
//! found by its own words, in its own language, and its language is told by its words.

use std::collections::BTreeMap;

use serde::Deserialize;
use speir::{BuildOptions, IndexBuilder, Query, Record, Schema, memory, text};

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
    // Words of Amharic have a mark between them and no space.
    let is_between = |letter: &char| letter.is_whitespace() || matches!(letter, '፡' | '።');
    let letters: Vec<char> = flat.chars().collect();
    let start = letters.len() / 3;
    let start = letters[start..]
        .iter()
        .position(is_between)
        .map_or(start, |at| start + at);
    let end = letters[(start + QUOTED_LETTERS).min(letters.len())..]
        .iter()
        .position(is_between)
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

/// Fewest bytes of a text whose language is to be told: two or three sentences.
const LEAST_BYTES: usize = 300;

/// Of so many texts in a hundred, of all languages together, the language is told rightly.
const LEAST_TOLD: usize = 95;

#[test]
fn languages_are_told_by_their_words() {
    let Some(articles) = articles() else {
        return;
    };
    let options = BuildOptions {
        detects_languages: true,
        has_related: false,
        has_suggestions: false,
        ..BuildOptions::default()
    };
    let (mut n_long, mut n_right) = (0, 0);
    let mut by_lang: BTreeMap<&str, (u32, u32, BTreeMap<String, u32>)> = BTreeMap::new();
    for article in &articles {
        if article.text.len() < LEAST_BYTES {
            continue;
        }
        let mut builder = IndexBuilder::with_options(Schema::default().lang("x-none"), options);
        let record = Record::new("1", &article.title);
        let record = record.section(speir::Section::new("").text(&article.text));
        builder.add(&record).expect("the record is right");
        let index = memory::open(&builder.finish().expect("it is small")).expect("it is whole");
        let told = &index.index().summary().languages[0].0;
        let is_right = told.as_str() == expected(&article.lang);
        let (all, right, others) = by_lang.entry(&article.lang).or_default();
        *all += 1;
        n_long += 1;
        if is_right {
            *right += 1;
            n_right += 1;
        } else {
            *others.entry(told.clone()).or_default() += 1;
        }
    }
    println!("language: texts, told, told as others");
    for (lang, (all, right, others)) in &by_lang {
        println!("{lang}: {all}, {right}, {others:?}");
    }
    assert!(
        n_right * 100 >= n_long * LEAST_TOLD,
        "{n_right} of {n_long}"
    );
}

/// The primary subtag of a language as the articles tag it.
fn expected(lang: &str) -> &str {
    match lang {
        // Tosk, which standard Albanian is of.
        "als" => "sq",
        lang => lang.split('-').next().unwrap_or(lang),
    }
}
