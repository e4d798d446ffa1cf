//! Letters of every script: what a reader types one way is found where records write it another, and what
//! was written as typed comes first.
//!
//! Cases of languages, and articles of the Universal Declaration of Human Rights in 28 languages,
//! are no part of the repository; where they are not there, a line says so. Their folder is that which
//! the environment variable `SPEIR_TEST_DATA` names, or `shared/data` beside the repository.

mod cases;
#[path = "data.rs"]
mod data;
mod held_out;
mod rights;

use speir::{IndexBuilder, Notice, Page, Query, Record, Schema, memory};

/// The page of a query over titles in one language; ids are the titles' places.
fn search(lang: &str, titles: &[&str], query: &str) -> Page {
    let mut builder = IndexBuilder::new(Schema::default().lang(lang.to_owned()));
    for (at, title) in titles.iter().enumerate() {
        builder
            .add(&Record::new(at.to_string(), *title).lang(lang))
            .expect("the record is right");
    }
    let files = builder.finish().expect("the index is small");
    let index = memory::open(&files).expect("it was just written");
    index.search(&Query::new(query)).expect("it is whole")
}

/// The ids of the hits.
fn ids(page: &Page) -> Vec<&str> {
    page.hits.iter().map(|hit| hit.id.as_str()).collect()
}

/// A hit's title with what is marked in brackets.
fn marked(page: &Page, hit: usize) -> String {
    let parts = page.hits[hit].title_parts.iter();
    let each = |span: &speir::Span| match span.is_match {
        true => format!("[{}]", span.text),
        false => span.text.clone(),
    };
    parts.map(each).collect()
}

#[test]
fn what_is_written_as_typed_comes_first() {
    for (lang, typed, other) in [
        ("pl", "sąd", "sad"),
        ("ro", "față", "fata"),
        ("tr", "ılık", "ilik"),
        ("vi", "đá", "da"),
        ("uk", "ґрати", "грати"),
        ("ru", "ёлка", "елка"),
        ("el", "ώρα", "ωρα"),
        ("ar", "مدرسة", "مدرسه"),
        ("fa", "یک", "يك"),
        ("ur", "ہے", "هے"),
        ("bn", "বাড়ি", "বারি"),
        ("pa", "ਸਿੱਖ", "ਸਿਖ"),
        ("am", "ሠላም", "ሰላም"),
        ("ti", "ሓበሬታ", "ሃበሬታ"),
    ] {
        for titles in [[typed, other], [other, typed]] {
            for query in titles {
                let page = search(lang, &titles, query);
                assert_eq!(page.total, 2, "{lang}: both are found by {query}");
                let first: usize = page.hits[0].id.parse().expect("a place");
                assert_eq!(titles[first], query, "{lang}: as typed comes first");
            }
        }
    }
}

#[test]
fn words_without_spaces_are_found_within_others() {
    let titles = ["市政垃圾收集日", "收垃圾的集会", "图书馆", "市政税"];
    let check = |query: &str, expected: &[&str]| {
        let page = search("zh", &titles, query);
        let mut found = ids(&page);
        found.sort_unstable();
        assert_eq!(found, expected, "{query}");
    };
    check("垃圾收集", &["0", "1"]);
    check("\"垃圾收集\"", &["0"]);
    check("收集", &["0"]);
    check("集收", &[]);
    check("税", &["3"]);
    check("馆", &["2"]);
    check("-税 市政", &["0"]);
    check("垃圾 OR 图书", &["0", "1", "2"]);
}

#[test]
fn two_words_typed_without_a_space_are_found_apart() {
    let page = search("zh", &["城市的垃圾", "城市", "垃圾"], "城市垃圾");
    assert_eq!(ids(&page)[0], "0");
    // All words are there: what stands between them in the query is no word.
    assert_eq!(page.notices, [Notice::PartialFrom { index: 1 }]);
    // What no record holds is said all the same, and none holds all.
    let page = search("zh", &["城市的垃圾"], "量子垃圾");
    let word = "量子".to_owned();
    assert!(page.notices.contains(&Notice::UnknownWord { word }));
    assert!(page.notices.contains(&Notice::PartialFrom { index: 0 }));
}

#[test]
fn phrases_go_over_ends_of_scripts() {
    let titles = ["用iPhone手机套 Pro", "手机套 Pro iPhone", "手机 套 iPhone"];
    for (query, expected) in [
        ("\"iPhone手机套\"", &["0"][..]),
        ("\"手机套 Pro\"", &["0", "1"]),
        ("\"手机套 Pro iPhone\"", &["1"]),
        ("\"套 iPhone\"", &["2"]),
    ] {
        let page = search("zh", &titles, query);
        let mut found = ids(&page);
        found.sort_unstable();
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn a_match_marks_the_whole_run_and_no_more() {
    let page = search("zh", &["市政垃圾收集日"], "垃圾收集");
    assert_eq!(marked(&page, 0), "市政[垃圾收集]日");
    let page = search("ja", &["東京タワーの高さ"], "タワー");
    assert_eq!(marked(&page, 0), "東京[タワー]の高さ");
    let page = search("th", &["การเก็บขยะในกรุงเทพ"], "ขยะ");
    assert_eq!(marked(&page, 0), "การเก็บ[ขยะ]ในกรุงเทพ");
    let page = search("zh", &["市政税"], "税");
    assert_eq!(marked(&page, 0), "市政[税]");
    let page = search("fa", &["کتاب‌ها را می‌خواهم"], "میخواهم");
    assert_eq!(marked(&page, 0), "کتاب‌ها را [می‌خواهم]");
}

#[test]
fn an_excerpt_without_spaces_is_cut_around_the_match() {
    let text = format!("{0}垃圾收集{0}", "今天天气很好我们去公园散步吧".repeat(30));
    let mut builder = IndexBuilder::new(Schema::default().lang("zh"));
    let record = Record::new("1", "公告")
        .lang("zh")
        .field("description", text);
    builder.add(&record).expect("the record is right");
    let index = memory::open(&builder.finish().expect("it is small")).expect("it is whole");
    let page = index.search(&Query::new("垃圾收集")).expect("it is whole");
    let shown: String = page.hits[0]
        .excerpt
        .iter()
        .map(|span| span.text.as_str())
        .collect();
    let n_letters = shown.chars().count();
    assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
    assert!(
        (80..=120).contains(&n_letters),
        "{n_letters} letters: {shown}"
    );
    assert!(
        page.hits[0]
            .excerpt
            .iter()
            .any(|span| span.is_match && span.text == "垃圾收集")
    );
}

#[test]
fn synonyms_and_pins_are_read_as_queries_are() {
    let mut builder = IndexBuilder::new(Schema::default().lang("zh"));
    for (id, title) in [
        ("1", "垃圾收集"),
        ("2", "废物处理"),
        ("3", "图书馆开放时间"),
    ] {
        builder
            .add(&Record::new(id, title).lang("zh"))
            .expect("it is right");
    }
    builder.synonym(speir::Synonym::same(["垃圾", "废物"]));
    builder.pin(speir::Pin {
        pattern: "开放时间".to_owned(),
        id: "2".to_owned(),
    });
    let index = memory::open(&builder.finish().expect("it is small")).expect("it is whole");
    let ask = |query: &str| index.search(&Query::new(query)).expect("it is whole");
    assert_eq!(ids(&ask("垃圾")), ["1", "2"]);
    assert_eq!(ids(&ask("开放时间")), ["2", "3"]);
}

#[test]
fn arabic_words_that_no_record_holds_are_found_by_their_stem() {
    for (title, query) in [
        ("المدرسة", "مدرسة"),
        ("مدرسة", "والمدرسة"),
        ("المدرسة", "للمدرسة"),
        ("والمعلمون", "معلم"),
    ] {
        assert_eq!(
            search("ar", &[title], query).total,
            1,
            "{query} finds {title}"
        );
        // The reader's language is not told: records of Arabic on a site in English.
        let mut builder = IndexBuilder::new(Schema::default().lang("en"));
        builder
            .add(&Record::new("1", title).lang("ar"))
            .expect("it is right");
        let index = memory::open(&builder.finish().expect("it is small")).expect("it is whole");
        let page = index.search(&Query::new(query)).expect("it is whole");
        assert_eq!(page.total, 1, "{query} finds {title} from an English page");
    }
}

#[test]
fn an_index_says_which_engine_it_needs() {
    for (lang, title, needs) in [
        ("en", "Housing advice, “straight” — ½ m² café", false),
        ("pl", "Łódź: śmieci", false),
        ("vi", "nhà ở, đường", false),
        ("tr", "İstanbul ılık", false),
        ("ru", "Мой город", false),
        ("ru", "Новогодняя ёлка", true),
        ("uk", "сім’я", false),
        ("uk", "ґрати", true),
        ("el", "Οδηγός", true),
        ("ar", "مدرسة", true),
        ("he", "שלום", false),
        ("he", "שָׁלוֹם", true),
        ("zh", "市", false),
        ("zh", "市政", true),
        ("fa", "می‌خواهم", true),
        ("hi", "२०२४", true),
        ("cy", "Tai", true),
        ("gd", "Taighean", true),
        ("ga-IE", "Tithe", true),
    ] {
        let mut builder = IndexBuilder::new(Schema::default().lang("en"));
        builder
            .add(&Record::new("1", title).lang(lang))
            .expect("it is right");
        assert_eq!(builder.needs_languages(), needs, "{title}");
    }
    let mut builder = IndexBuilder::new(Schema::default());
    builder.synonym(speir::Synonym::same(["bin", "垃圾"]));
    assert!(builder.needs_languages());
}
