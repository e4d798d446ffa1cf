//! What the settings promise, from a publisher's files to what a reader is shown.

use serde_json::Value;

use crate::support::Work;

const RECORDS: &str = r#"[
 {"id":"bins","title":"Bin collection","url":"/bins/","date":"2024-05-01","description":"When your bin is emptied, and what goes into it."},
 {"id":"bins-old","title":"Bin collection in 2015","url":"/bins-old/","date":"2015-05-01","validUntil":"2015-12-31","description":"When your bin is emptied."},
 {"id":"bins-2014","title":"Bin collection in 2014","url":"/bins-2014/","date":"2014-05-01","description":"When your bin is emptied."},
 {"id":"bins-new","title":"Bin calendar","url":"/bins-new/","date":"2024-06-01","replaces":["bins-2014"],"description":"Days on which a bin is emptied."},
 {"id":"home","title":"Home ownership","url":"/home/","date":"2020-01-01","description":"Shared ownership schemes."},
 {"id":"money","title":"Help with money","url":"/money/","date":"2020-01-01","description":"Grants, loans, and no recourse to public funds."}
]"#;

fn index(settings: &str, more: &[(&str, &str)]) -> Work {
    let files = [("r.json", RECORDS), ("speir.toml", settings)];
    let work = Work::with(&[&files, more].concat());
    work.ok(&["build", "r.json", "--out", "s", "--quiet"]);
    work
}

/// The ids that a search gives, in order.
fn ids(page: &Value) -> Vec<&str> {
    let hits = page["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["id"].as_str().unwrap()).collect()
}

fn search(work: &Work, words: &str) -> Value {
    work.json(&["search", "s", words, "--json", "--today", "2024-07-01"])
}

fn score(page: &Value, id: &str) -> f64 {
    let hits = page["hits"].as_array().unwrap();
    let hit = hits.iter().find(|hit| hit["id"] == id).unwrap();
    hit["score"].as_f64().unwrap()
}

#[test]
fn a_synonym_leads_to_records_and_says_so() {
    let work = index(
        "lang = \"en\"\nsynonyms = \"ours.csv\"\n",
        &[(
            "ours.csv",
            "bin, refuse\nnrpf => no recourse to public funds\n",
        )],
    );
    let page = search(&work, "refuse");
    assert_eq!(page["total"], 4);
    assert_eq!(page["notices"][0]["kind"], "synonym");
    assert_eq!(ids(&search(&work, "nrpf")), ["money"]);
    let text = work.ok(&["search", "s", "refuse"]);
    assert!(
        text.contains("\n\"refuse\" also finds: bin. For the word itself: \"refuse\"\n"),
        "{text}"
    );
    // In quotes, a word is that word.
    assert_eq!(search(&work, "\"refuse\"")["total"], 0);
    // One line of settings turns the built-in vocabulary on.
    let work = index("vocabulary = [\"uk-public-services\"]\n", &[]);
    assert!(ids(&search(&work, "rubbish")).contains(&"bins"));
}

#[test]
fn a_pin_comes_first_and_says_so() {
    let work = index(
        "lang = \"en\"\n[[pins]]\nquery = \"bin *\"\nrecord = \"/home/\"\n",
        &[],
    );
    let page = search(&work, "bin collection");
    assert_eq!(
        (ids(&page)[0], &page["hits"][0]["pinned"]),
        ("home", &Value::Bool(true))
    );
    let text = work.ok(&["search", "s", "bin collection"]);
    assert!(text.contains("1. Home ownership\n   pinned | "), "{text}");
    assert_ne!(ids(&search(&work, "collection"))[0], "home");
}

#[test]
fn what_ran_out_or_was_replaced_comes_last_with_its_reason() {
    let work = index("lang = \"en\"\n", &[]);
    let page = search(&work, "bin emptied");
    let ids = ids(&page);
    assert_eq!(ids.len(), 4);
    let mut last = ids[2..].to_vec();
    last.sort_unstable();
    assert_eq!(last, ["bins-2014", "bins-old"]);
    let text = work.ok(&["search", "s", "bin emptied", "--today", "2024-07-01"]);
    assert!(text.contains("   valid until 2015-12-31 | "), "{text}");
    assert!(
        text.contains("   replaced by Bin calendar (bins-new) | "),
        "{text}"
    );
    // On a day when it still held, nothing is said of it.
    let text = work.ok(&["search", "s", "bin emptied", "--today", "2015-07-01"]);
    assert!(!text.contains("valid until"), "{text}");
}

#[test]
fn a_boost_and_a_half_life_multiply_the_score_and_the_account_says_so() {
    let plain = index("lang = \"en\"\n", &[]);
    let boosted = RECORDS.replace("\"id\":\"home\"", "\"id\":\"home\",\"boost\":2");
    let settings = "lang = \"en\"\n[fields.date]\nhalf-life-days = 730\n";
    let work = Work::with(&[("r.json", &boosted), ("speir.toml", "lang = \"en\"\n")]);
    work.ok(&["build", "r.json", "--out", "s", "--quiet"]);
    let (before, after) = (search(&plain, "ownership"), search(&work, "ownership"));
    let ratio = score(&after, "home") / score(&before, "home");
    assert!((ratio - 2.0).abs() < 1e-9, "{ratio}");

    work.write("speir.toml", settings.as_bytes());
    work.ok(&["build", "r.json", "--out", "s", "--quiet"]);
    let aged = search(&work, "ownership");
    assert!(score(&aged, "home") < score(&after, "home"));
    for command in [
        &["explain", "s", "ownership", "home"][..],
        &["search", "s", "ownership", "--explain"],
    ] {
        let text = work.ok(command);
        assert!(
            text.contains("x   2.000  boosted by the publisher\n"),
            "{text}"
        );
        assert!(text.contains("  age, by the field date\n"), "{text}");
        assert!(text.contains("  the score\n"), "{text}");
    }
}

#[test]
fn a_word_with_a_slip_shows_what_was_shown_instead() {
    let work = index("lang = \"en\"\n", &[]);
    assert_eq!(ids(&search(&work, "onwership")), ["home"]);
    let text = work.ok(&["search", "s", "onwership"]);
    assert!(
        text.contains(
            "\nNo record holds \"onwership\". Shown instead: ownership (1 result). For the word \
             itself: \"onwership\"\n"
        ),
        "{text}"
    );
    let text = work.ok(&["search", "s", "bincollection"]);
    assert!(text.contains("Shown instead: bin collection ("), "{text}");
}

#[test]
fn every_way_in_which_words_were_taken_is_said_on_a_line() {
    let work = index("lang = \"en\"\n", &[]);
    let check = |words: &str, line: &str| {
        let text = work.ok(&["search", "s", words]);
        assert!(text.lines().any(|known| known == line), "{words}: {text}");
    };
    check("zebra", "No record holds \"zebra\".");
    check(
        "the ownership of a home",
        "Common words, which records need not hold: the, of, a.",
    );
    check(
        "ownership loans",
        "No record holds all of the words; these hold some.",
    );
    check(
        "collec",
        "\"collec\" was also taken as the beginning of: collection.",
    );
    let text = work.ok(&[
        "search",
        "s",
        "emptied goes",
        "--limit",
        "1",
        "--offset",
        "3",
    ]);
    assert!(
        text.contains("\nFrom number 2 on, records hold only some of the words.\n"),
        "{text}"
    );
    let text = work.ok(&["search", "s", "emptied goes"]);
    assert!(
        text.contains("\n\nFrom here on, records hold only some of the words.\n\n2. "),
        "{text}"
    );
}
