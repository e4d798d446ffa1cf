//! What a search prints, for programs and for people.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Work, worked_out};

const RECORDS: &str = r#"[
 {"id":"a","title":"Housing advice","url":"/a/","type":"guide","year":2014,"date":"2014-03-01","organisations":["Example Trust"],"description":"How to find housing in Strathmore."},
 {"id":"b","title":"Housing toolkit","type":"toolkit","year":2015,"organisations":["Example Trust","Strathmore Council"],"description":"Tools for councils."},
 {"id":"c","title":"Learning English","type":"guide","year":2016,"description":"Where to learn. Also housing."},
 {"id":"d","title":"To be continued..2","type":"a..b"},
 {"id":"e","title":"Handbook","url":"/h/","type":"toolkit","year":2012,"sections":[{"heading":"Making contact","number":"5.2","anchor":"contact","text":"Knock on doors."}]}
]"#;

fn index() -> Work {
    let work = Work::with(&[("r.json", RECORDS)]);
    work.ok(&["build", "r.json", "--out", "s", "--quiet"]);
    work
}

/// The ids that a search gives, in order.
fn ids(work: &Work, args: &[&str]) -> String {
    let page = work.json(&[&["search", "s", "--json"][..], args].concat());
    let hits = page["hits"].as_array().unwrap();
    hits.iter()
        .map(|hit| hit["id"].as_str().unwrap())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn the_json_has_the_shape_that_is_promised() {
    let work = index();
    let args = [
        "search", "s", "housing", "advice", "--facet", "type", "--json", "--limit", "1",
    ];
    let page = work.json(&args);
    let keys = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(keys(&page), "total hits facets notices query");
    assert_eq!(
        keys(&page["hits"][0]),
        "id url title lang score fields excerpt titleParts sections"
    );
    assert_eq!(page["hits"][0]["fields"]["year"], 2014);
    assert_eq!(
        page["hits"][0]["titleParts"][0],
        json!({ "text": "Housing", "match": true })
    );
    assert_eq!(page["query"]["text"], "housing advice");
    assert_eq!(page["query"]["limit"], 1);
    let explained = work.json(&[&args[..], &["--explain"]].concat());
    let explanation = &explained["hits"][0]["explanation"];
    let score = explanation["score"].as_f64().unwrap();
    assert!(
        (worked_out(explanation) - score).abs() < 1e-6,
        "{explanation}"
    );
    assert_eq!(explained["hits"][0]["score"], explanation["score"]);
}

#[test]
fn filters_are_alternatives_in_a_field_and_conditions_across() {
    let work = index();
    let check = |args: &[&str], expected: &str| assert_eq!(ids(&work, args), expected, "{args:?}");
    check(&["--filter", "type=guide", "--sort", "year"], "a c");
    check(
        &[
            "--filter",
            "type=guide",
            "--filter",
            "type=toolkit",
            "--sort",
            "year",
        ],
        "e a b c",
    );
    check(&["--filter", "type=guide", "--filter", "year=2016"], "c");
    check(&["--filter", "year=2014..2015", "--sort", "-year"], "b a");
    check(&["--filter", "year=2015..", "--sort", "year"], "b c");
    check(&["--filter", "year=..2012"], "e");
    check(&["--filter", "year="], "d");
    check(
        &[
            "--filter",
            "year=",
            "--filter",
            "year=2016",
            "--sort",
            "year",
        ],
        "c d",
    );
    check(&["--filter", "date=2014"], "a");
    check(&["--filter", "date=2014-01..2014-02"], "");
    // The field holds text, so the dots are part of the value.
    check(&["--filter", "type=a..b"], "d");
    check(&["--filter", "organisations=Strathmore Council"], "b");
}

#[test]
fn order_page_and_words() {
    let work = index();
    let check = |args: &[&str], expected: &str| assert_eq!(ids(&work, args), expected, "{args:?}");
    check(&["--sort", "newest"], "c b a e d");
    check(&["--sort", "oldest"], "e a b c d");
    check(&["--sort", "title", "--limit", "2", "--offset", "1"], "a b");
    check(&["--match", "all", "housing", "toolkit"], "b");
    check(&["--match", "all", "--", "housing", "-toolkit"], "a c");
    check(&["--sort", "title", "--", "-housing"], "e d");
    check(&["--match", "all", "\"housing advice\""], "a");
    check(&["--limit", "0", "housing"], "");
}

#[test]
fn a_field_that_is_not_there_is_a_wrong_usage_that_names_the_others() {
    let work = index();
    let fields = "organisations, authors, topics, places, type, year, date, lang";
    let advice = "name one of these fields, or give the field `facet` or `sort` in speir.toml and build again";
    for args in [
        &["--filter", "kind=guide"],
        &["--facet", "kind"],
        &["--sort", "kind"],
    ] {
        work.fails(
            &[&["search", "s", "housing"][..], &args[..]].concat(),
            2,
            &format!("the index cannot filter, count or sort by `kind`; it can by: {fields}"),
            advice,
        );
    }
    work.fails(
        &["search", "s", "--filter", "year=2014..soon"],
        2,
        "`soon` is no bound for field `year`: expected a number such as 2014 or 3.5",
        "correct the value after the field's name",
    );
}

#[test]
fn people_get_a_list() {
    let work = index();
    let text = work.ok(&["search", "s", "contact", "--facet", "type"]);
    assert_eq!(
        text,
        "1 record for contact:\n\n\
         1. Handbook\n   toolkit | 2012\n   /h/\n   \
         - 5.2 Making contact\n     /h/#contact\n     Knock on doors.\n\n\
         type\n   toolkit  1\n"
    );
    let text = work.ok(&["search", "s", "zzzz"]);
    assert_eq!(
        text,
        "No records for zzzz.\nTry other or fewer words, and check their spelling.\n\
         No record holds \"zzzz\".\n"
    );
    let text = work.ok(&["search", "s", "--filter", "type=", "--filter", "year=2014"]);
    assert_eq!(text, "No records with these filters.\nTry fewer filters.\n");
    let text = work.ok(&["search", "s", "--sort", "title", "--limit", "1"]);
    assert!(
        text.starts_with("5 records; 1 to 1:\n\n1. Handbook\n"),
        "{text}"
    );
    assert!(
        text.ends_with("\nFor the next ones, add --offset 1.\n"),
        "{text}"
    );
    let text = work.ok(&["search", "s", "housing", "--explain"]);
    assert_eq!(text.matches("  the score\n").count(), 3, "{text}");
    assert!(!text.contains('\u{1b}'), "no colour in a pipe: {text}");
}

#[test]
fn control_characters_in_records_do_not_reach_the_terminal() {
    let work = Work::with(&[(
        "r.json",
        "[{\"id\": \"\\u001b[2J\", \"title\": \"Red \\u001b[31m title\"}]",
    )]);
    work.ok(&["build", "r.json", "--out", "s"]);
    let text = work.ok(&["search", "s", "title"]);
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn many_queries_are_answered_in_order_with_their_ids() {
    let work = index();
    let queries = [
        json!({ "id": "one", "q": "housing", "limit": 1 }),
        json!({ "id": 2, "q": "", "filters": { "type": ["guide", "toolkit"], "year": { "from": 2014, "to": "2015" } }, "sort": "year" }),
        json!({ "id": "three", "q": "", "filters": { "year": null }, "facets": ["type"] }),
        json!({ "id": "four", "q": "", "filters": { "year": [null, 2016] }, "sort": "-year" }),
        json!({ "id": "five", "q": "housing toolkit", "match": "all" }),
        json!({ "id": "six", "q": "", "sort": "title", "offset": 3 }),
    ];
    work.write_records("q.jsonl", queries);
    let out = work.ok(&["search", "s", "--queries", "q.jsonl", "--json"]);
    let answers: Vec<(String, String)> = out
        .lines()
        .map(|line| {
            assert!(line.starts_with("{\"id\":"), "the id comes first: {line}");
            let answer: Value = serde_json::from_str(line).unwrap();
            let hits = answer["hits"].as_array().unwrap();
            let ids: Vec<&str> = hits.iter().map(|hit| hit["id"].as_str().unwrap()).collect();
            (answer["id"].to_string(), ids.join(" "))
        })
        .collect();
    let expected = [
        ("\"one\"", "a"),
        ("2", "a b"),
        ("\"three\"", "d"),
        ("\"four\"", "c d"),
        ("\"five\"", "b"),
        ("\"six\"", "c d"),
    ]
    .map(|(id, ids)| (id.to_owned(), ids.to_owned()));
    assert_eq!(answers, expected);
    assert!(
        out.contains("\"facets\":{\"type\":[{\"value\":\"a..b\",\"count\":1,\"selected\":false}]}"),
        "{out}"
    );
}

#[test]
fn a_query_that_cannot_be_understood_ends_the_batch_with_its_line() {
    let work = index();
    let advice = "write {\"id\": ..., \"q\": ...} on a line, and if need be filters, facets, sort, \
                  match, limit, offset, lang, explain";
    let check = |line: &str, message: &str, advice: &str| {
        work.write(
            "q.jsonl",
            format!("{{\"id\":1,\"q\":\"housing\"}}\n{line}\n").as_bytes(),
        );
        let ran = work.run(&["search", "s", "--queries", "q.jsonl", "--json"]);
        let error: Value = serde_json::from_str(&ran.err).unwrap();
        assert_eq!((ran.code, ran.out.lines().count()), (2, 1), "{line}");
        assert_eq!(
            error["error"]["message"],
            format!("q.jsonl, line 2: {message}")
        );
        assert_eq!(error["error"]["advice"], advice);
    };
    let not_understood = |reason: &str| format!("the query cannot be understood: {reason}");
    check(
        "{\"q\":\"x\"}",
        &not_understood("missing field `id`"),
        advice,
    );
    check(
        "{\"id\":true,\"q\":\"x\"}",
        &not_understood("`id` should be text or a number"),
        advice,
    );
    check(
        "{\"id\":1,\"q\":\"x\",\"match\":\"most\"}",
        &not_understood("give auto, all or any"),
        advice,
    );
    check(
        "{\"id\":1,\"q\":\"x\",\"filters\":{\"year\":{\"form\":1}}}",
        &not_understood("`form` in the filter `year`: a range has `from` and `to`"),
        advice,
    );
    check(
        "{\"id\":1,\"q\":\"x\",\"facets\":[\"kind\"]}",
        "the index cannot filter, count or sort by `kind`; it can by: organisations, authors, topics, \
         places, type, year, date, lang",
        "name one of these fields, or give the field `facet` or `sort` in speir.toml and build again",
    );
}

#[test]
fn a_program_can_ask_and_wait_for_each_answer() {
    let work = index();
    let mut child = work
        .command(&["search", "s", "--queries", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut questions = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    for number in 1..=3 {
        writeln!(questions, "{{\"id\":{number},\"q\":\"housing\"}}").unwrap();
        questions.flush().unwrap();
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        assert!(
            line.starts_with(&format!("{{\"id\":{number},\"total\":3,")),
            "{line}"
        );
    }
    drop(questions);
    assert!(child.wait().unwrap().success());
}

#[test]
fn an_index_that_is_not_there_or_damaged_is_named() {
    let work = index();
    let advice = "name the folder that `speir build SOURCE --out DIR` wrote";
    for args in [
        &["search", "missing", "x"][..],
        &["inspect", "missing"],
        &["verify", "missing"],
    ] {
        work.fails(
            args,
            1,
            "there is no Speir index in missing: it has no file index.json",
            advice,
        );
    }
    let copy_again = "build the index again, or copy its folder again, whole";
    let chunk = work
        .chunks("s")
        .into_iter()
        .find(|name| name.starts_with("index-"))
        .unwrap();
    let path = work.path(&format!("s/{chunk}"));
    let bytes = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    work.fails(
        &["search", "s", "housing"],
        1,
        &format!("the index file s/{chunk} is missing"),
        copy_again,
    );
    let mut damaged = bytes.clone();
    damaged[bytes.len() / 2] ^= 1;
    for wrong in [&damaged[..], &bytes[..bytes.len() - 1]] {
        fs::write(&path, wrong).unwrap();
        let ran = work.run(&["search", "s", "housing"]);
        assert_eq!(ran.code, 1);
        let damage = format!("the index file s/{chunk} is damaged: its ");
        assert!(ran.message().starts_with(&damage), "{}", ran.err);
        assert!(ran.err.contains(copy_again), "{}", ran.err);
    }
    fs::write(&path, &bytes).unwrap();
    fs::write(work.path("s/index.json"), "{}").unwrap();
    let ran = work.run(&["search", "s", "housing"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.message()
            .starts_with("s/index.json: this is not a Speir index"),
        "{}",
        ran.err
    );
}

#[test]
fn verify_names_every_file_that_is_damaged_or_missing() {
    let work = index();
    assert!(
        work.ok(&["verify", "s"])
            .starts_with("All is right: 5 records, 4 files, ")
    );
    assert_eq!(work.json(&["verify", "s", "--json"])["ok"], true);
    let chunks = work.chunks("s");
    let [first, second, _] = chunks.as_slice() else {
        panic!("{chunks:?}")
    };
    fs::remove_file(work.path(&format!("s/{first}"))).unwrap();
    let path = work.path(&format!("s/{second}"));
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x80;
    fs::write(&path, bytes).unwrap();
    let ran = work.run(&["verify", "s"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.message(), "2 of 4 files cannot be used:");
    assert!(
        ran.err
            .contains(&format!("the index file s/{first} is missing")),
        "{}",
        ran.err
    );
    assert!(
        ran.err
            .contains(&format!("the index file s/{second} is damaged")),
        "{}",
        ran.err
    );
}

#[test]
fn inspect_says_what_is_in_the_index() {
    let work = index();
    let about = work.json(&["inspect", "s", "--json"]);
    assert_eq!((&about["records"], &about["files"]), (&json!(5), &json!(4)));
    assert_eq!(about["languages"], json!({ "en": 5 }));
    let n_bytes: u64 = work
        .names("s")
        .iter()
        .filter(|name| name.ends_with(".bin") || *name == "index.json")
        .map(|name| fs::metadata(work.path(&format!("s/{name}"))).unwrap().len())
        .sum();
    assert_eq!(about["bytes"], n_bytes);
    let fields = about["fields"].as_array().unwrap();
    let year = fields.iter().find(|field| field["name"] == "year").unwrap();
    assert_eq!(
        *year,
        json!({ "name": "year", "type": "number", "search": false, "weight": null, "stored": true, "facet": true, "sort": true })
    );
    let text = work.ok(&["inspect", "s"]);
    assert!(text.starts_with("Records    5\n"), "{text}");
    assert!(
        text.contains("\n  year              number, facet, sort, stored\n"),
        "{text}"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let work = index();
    let mut child = work
        .command(&["search", "s", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
