//! `speir suggest`, `speir related`, and languages told by words.

use serde_json::{Value, json};

use crate::support::Work;

const RECORDS: &str = r#"[
 {"id":"rent","title":"Renting a flat","url":"/rent/","organisations":["Strathmore Council"],"description":"What a tenant and a landlord owe one another."},
 {"id":"evict","title":"Eviction","url":"/evict/","organisations":["Strathmore Council"],"description":"When a landlord may ask a tenant to leave the flat."},
 {"id":"bees","title":"Keeping bees","description":"Hives, honey and winter feed."},
 {"id":"alone","title":"Quasars","description":"Extragalactic."}
]"#;

fn index(settings: &str) -> Work {
    let work = Work::with(&[("r.json", RECORDS), ("speir.toml", settings)]);
    work.ok(&["build", "r.json", "--out", "s", "--quiet"]);
    work
}

#[test]
fn what_is_being_typed_is_completed() {
    let work = index("lang = \"en\"\n");
    assert_eq!(
        work.ok(&["suggest", "s", "rent"]).lines().next(),
        Some("Renting a flat  title, /rent/")
    );
    assert_eq!(
        work.ok(&["suggest", "s", "strath", "--limit", "1"]),
        "Strathmore Council  organisations, 2 records\n"
    );
    assert_eq!(
        work.ok(&["suggest", "s", "zzz"]),
        "Nothing completes \"zzz\".\n"
    );
    let object = work.json(&["suggest", "s", "keeping", "b", "--json"]);
    assert_eq!(object["typed"], "keeping b");
    assert_eq!(
        object["suggestions"][0],
        json!({ "text": "Keeping bees", "kind": "title", "field": null, "url": null, "id": "bees",
            "nRecords": 1 })
    );
}

#[test]
fn records_like_a_given_one_are_named() {
    let work = index("lang = \"en\"\n");
    for name in ["rent", "/rent/"] {
        let object = work.json(&["related", "s", name, "--json"]);
        assert_eq!(
            (&object["id"], &object["hits"][0]["id"]),
            (&json!("rent"), &json!("evict"))
        );
    }
    let text = work.ok(&["related", "s", "rent"]);
    assert!(
        text.starts_with("Most like rent:\n\n1. Eviction\n"),
        "{text}"
    );
    assert_eq!(
        work.ok(&["related", "s", "alone"]),
        "No record is like alone.\n"
    );
    work.fails(
        &["related", "s", "nobody"],
        1,
        "the index has no record with the id or link nobody",
        "see the ids that `speir search DIR QUERY` shows, and write one of them",
    );
}

#[test]
fn both_can_be_left_out_of_an_index() {
    let work = index("lang = \"en\"\nsuggestions = false\nrelated = false\n");
    let sections = work.json(&["inspect", "s", "--json"])["sections"].clone();
    for section in sections.as_array().unwrap() {
        let is_left_out = ["suggest", "related"].contains(&section["name"].as_str().unwrap());
        assert!(!is_left_out || section["blocks"] == 0, "{section}");
    }
    work.fails(
        &["suggest", "s", "rent"],
        1,
        "the index was built without suggestions",
        "take `suggestions = false` out of speir.toml, and build it again",
    );
    work.fails(
        &["related", "s", "rent"],
        1,
        "the index was built without related records",
        "take `related = false` out of speir.toml, and build it again",
    );
    assert_eq!(work.total("s", "tenant"), 2);
}

const TWO_LANGUAGES: &str = r#"[
 {"id":1,"title":"Housing advice","description":"When the landlord has not repaired the roof, you should write to them and keep a copy of what you have sent."},
 {"id":2,"title":"Council tax","description":"You may pay less if you live alone, and this is how to ask the council for it before the end of the year."},
 {"id":3,"title":"Une maison pour tous","description":"Les personnes qui cherchent un logement peuvent demander une aide dans les bureaux de la ville, et nous les avons aussi sur notre site."},
 {"id":4,"title":"Cyngor tai","lang":"cy","description":"Help gyda'ch cartref."}
]"#;

#[test]
fn the_language_of_a_record_is_told_by_its_words_where_nobody_says_it() {
    let work = Work::with(&[("r.json", TWO_LANGUAGES)]);
    let out = work.ok(&["build", "r.json", "--out", "s"]);
    assert!(
        out.contains("Languages told by words (en where they leave doubt): en for 2 records, fr for 1 record.\n"),
        "{out}"
    );
    let report = work.json(&["build", "r.json", "--out", "s", "--json"]);
    assert_eq!(report["toldLanguages"], json!({ "en": 2, "fr": 1 }));
    let langs = work.json(&["inspect", "s", "--json"])["languages"].clone();
    assert_eq!(langs, json!({ "cy": 1, "en": 2, "fr": 1 }));
    // French forms of a word find each other.
    let page = work.json(&["search", "s", "logements", "--lang", "fr", "--json"]);
    assert_eq!(page["hits"][0]["lang"], "fr", "{page}");

    // Where a language is named, it is that of all records that do not say theirs.
    let report = work.json(&["build", "r.json", "--out", "s", "--json", "--lang", "en"]);
    assert_eq!(report["toldLanguages"], json!({}));
    let langs: Value = work.json(&["inspect", "s", "--json"])["languages"].clone();
    assert_eq!(langs, json!({ "cy": 1, "en": 3 }));
}
