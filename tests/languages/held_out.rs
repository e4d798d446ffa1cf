//! Inflected forms that no record holds: how many of them the dictionary alone finds, as a browser has
//! a stemmer for English and Arabic only.
//!
//! Of each class of two words or more, by the stemmers that a publisher has, one is taken out of the
//! articles and asked for; it counts as found where a word that is left of its class is.

use std::collections::BTreeMap;

use speir::{IndexBuilder, Query, Record, Schema, memory, text};

use super::{ids, rights};

/// Forms that are found, in hundredths: as measured, so that less is noticed.
const LEAST_FOUND: [(&str, usize); 8] = [
    ("ar", 97),
    ("cs", 64),
    ("fa", 11),
    ("lt", 65),
    ("pl", 61),
    ("ru", 72),
    ("tr", 39),
    ("uk", 61),
];

/// How many forms of a language were asked for, and how many found.
fn found(lang: &str, articles: &[rights::Article]) -> (usize, usize) {
    let analyzer = text::Analyzer::new(lang);
    let mut classes: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for article in articles.iter().filter(|article| article.lang == lang) {
        for token in text::tokens(&article.text).filter(|token| !token.is_joined()) {
            let class = classes.entry(analyzer.class(&token)).or_default();
            class.insert(token.folded, token.written);
        }
    }
    let mut builder = IndexBuilder::new(Schema::default().lang(lang));
    let mut asked: Vec<(&String, &String)> = Vec::new();
    for (class, forms) in &classes {
        let mut forms: Vec<&String> = forms.values().collect();
        if forms.len() > 1 {
            // The one in the middle, so that neither short nor long ones are favoured.
            asked.push((class, forms.remove(forms.len() / 2)));
        }
        for form in forms {
            let record = Record::new(format!("{class} {form}"), form).lang(lang);
            builder.add(&record).expect("the record is right");
        }
    }
    let index = memory::open(&builder.finish().expect("it is small")).expect("it is whole");
    let is_found = |(class, form): &&(&String, &String)| {
        let page = index
            .search(&browser_query(lang, form))
            .expect("it is whole");
        ids(&page)
            .iter()
            .any(|id| id.split(' ').next() == Some(class))
    };
    (asked.len(), asked.iter().filter(is_found).count())
}

/// A query as a browser asks it, which has a stemmer of English and Arabic only.
fn browser_query(lang: &str, form: &str) -> Query {
    Query::new(form).lang(if lang == "ar" { lang } else { "x-none" })
}

#[test]
fn held_out_forms_are_found_as_often_as_measured() {
    let Some(articles) = rights::articles() else {
        return;
    };
    for (lang, least) in LEAST_FOUND {
        let (n_asked, n_found) = found(lang, &articles);
        println!("{lang}: {n_found} of {n_asked} forms that no record holds");
        assert!(
            n_found * 100 >= n_asked * least,
            "{lang}: {n_found} of {n_asked}"
        );
    }
}
