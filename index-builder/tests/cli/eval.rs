//! `speir eval`: what is measured, written down, and refused.

use serde_json::{Value, json};

use crate::support::Work;

const RECORDS: &str = r#"[
 {"id":"a","title":"Housing advice","description":"How to find housing."},
 {"id":"b","title":"Housing toolkit","description":"Tools for councils."},
 {"id":"c","title":"Learning English","description":"Where to learn."}
]"#;

const QUERIES: &str = "{\"id\":1,\"text\":\"housing advice\"}\n\n\
                       {\"id\":\"q2\",\"q\":\"learn\",\"more\":true}\n\
                       {\"id\":\"q3\",\"text\":\"zebra\"}\n";

/// An index with three queries: the first has its right record first, the second its only one,
/// the third finds nothing.
fn work(judgements: &str) -> Work {
    let work = Work::with(&[
        ("r.json", RECORDS),
        ("q.jsonl", QUERIES),
        ("j.tsv", judgements),
    ]);
    work.ok(&["build", "r.json", "--out", "s", "--quiet"]);
    work
}

const EVAL: [&str; 6] = ["eval", "s", "--queries", "q.jsonl", "--judgements", "j.tsv"];

fn eval(work: &Work, more: &[&str]) -> Value {
    work.json(&[&EVAL[..], &["--json"], more].concat())
}

#[test]
fn means_are_over_every_query_that_has_a_right_record() {
    // q4 is judged and never asked, q5 has nothing that is right: one counts as 0, one not at all.
    let work = work("1\ta\t1\nq2\tc\t2\nq3\ta\t1\nq4\ta\t1\nq5\tb\t0\n");
    let report = eval(&work, &[]);
    assert_eq!(
        report,
        json!({
            "queries": 4, "ndcg@10": 0.5, "map": 0.5, "mrr@10": 0.5, "recall@100": 0.5,
            "p@10": 0.05, "asked": 3, "missing": 1,
            "withoutResults": [{ "id": "q3", "text": "zebra" }],
        })
    );
}

#[test]
fn people_read_a_table_and_the_queries_without_results() {
    let work = work("query\trecord\tgrade\n1 0 a 1\nq2 0 c 1\nq3 0 a 1\nq4 0 a 1\n");
    assert_eq!(
        work.ok(&EVAL),
        "4 queries judged, 3 asked.\n1 query judged but not in q.jsonl: counted as 0.\n\
         nDCG@10    0.5000\nMAP        0.5000\nMRR@10     0.5000\nrecall@100 0.5000\n\
         p@10       0.0500\n1 query without results:\n  q3  zebra\n"
    );
}

#[test]
fn how_many_words_a_record_needs_is_said_by_match() {
    let work = work("1 b 1\n");
    let map = |matching| eval(&work, &["--match", matching])["map"].clone();
    assert_eq!((map("all"), map("any")), (json!(0.0), json!(0.5)));
}

#[test]
fn the_run_says_what_was_found_in_which_order() {
    let work = work("1 a 1\n");
    eval(&work, &["--run", "run.tsv", "--match", "any"]);
    let run = std::fs::read_to_string(work.path("run.tsv")).unwrap();
    let lines: Vec<Vec<&str>> = run.lines().map(|line| line.split('\t').collect()).collect();
    let ranked: Vec<String> = lines.iter().map(|line| line[..3].join(" ")).collect();
    assert_eq!(ranked, ["1 a 1", "1 b 2", "q2 c 1"]);
    assert!(
        lines
            .iter()
            .all(|line| line[3].parse::<f64>().unwrap() > 0.0)
    );
}

#[test]
fn results_below_what_was_asked_for_fail_after_the_report() {
    let work = work("1 a 1\nq3 a 1\n");
    let ran = work.run(&[&EVAL[..], &["--min-ndcg", "0.6"]].concat());
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("nDCG@10    0.5000\n"), "{}", ran.out);
    assert_eq!(
        ran.message(),
        "nDCG@10 is 0.5000, but should be 0.6 at least"
    );
    assert_eq!(
        ran.advice(),
        "see which queries became worse: keep the --run of a former build beside this one"
    );
    work.ok(&[&EVAL[..], &["--min-ndcg", "0.5"]].concat());
}

#[test]
fn what_cannot_be_measured_is_refused() {
    let check = |judgements, message, advice| work(judgements).fails(&EVAL, 1, message, advice);
    let columns = "write query, record and grade on a line, with tabs or spaces between, or the \
                   columns of TREC: query, 0, record, grade";
    check(
        "1 a 1\n1 b\n",
        "j.tsv, line 2: the line has 2 columns, but should have 3 or 4",
        columns,
    );
    check(
        "1 a 1\n1 b high\n",
        "j.tsv, line 2: the grade \"high\" is not a whole number",
        columns,
    );
    check(
        "1 a 0\n",
        "j.tsv judges no record above 0",
        "give the records that are right a grade of 1 or more",
    );
    check(
        "x a 1\n",
        "no query of q.jsonl is judged in j.tsv",
        "see that both files call the queries by the same ids",
    );
    let work = work("1 a 1\n");
    work.write("q.jsonl", b"{\"id\": 1}\n");
    work.fails(
        &EVAL,
        1,
        "q.jsonl, line 1: the query cannot be understood: it has neither `text` nor `q`",
        "write {\"id\": ..., \"text\": ...} on a line",
    );
    let ran = work.run(&[&EVAL[..], &["--min-ndcg", "40"]].concat());
    assert_eq!(ran.code, 2);
    assert!(
        ran.err
            .contains("give a number between 0 and 1, such as 0.4"),
        "{}",
        ran.err
    );
}
