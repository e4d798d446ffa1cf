//! The figure for the first page of results, and builds that are held against a budget.

use serde_json::json;

use crate::support::{Work, records};

/// A folder with some records.
fn some() -> Work {
    let work = Work::new();
    work.write_records("r.jsonl", records(300, "Housing"));
    work
}

fn build<'a>(options: &[&'a str]) -> Vec<&'a str> {
    [&["build", "r.jsonl", "--out", "s", "--lang", "en"], options].concat()
}

#[test]
fn the_report_has_the_figure_with_its_query() {
    let work = some();
    let report = work.json(&build(&["--json"]));
    let first = &report["firstSearch"];
    assert_eq!(
        (&first["percentile"], &first["queries"]),
        (&json!(95), &json!(57))
    );
    let facets = first["facets"].as_array().unwrap();
    assert!(facets.contains(&json!("type")) && facets.contains(&json!("year")));
    let number = |key: &str| first[key].as_u64().unwrap();
    // The command line may be compiled without the browser files.
    let n_browser_files = report["browserFiles"].as_array().unwrap().len() as u64;
    assert_eq!(number("browserBytes") == 0, n_browser_files == 0);
    assert!(number("requests") > n_browser_files + 1);
    assert!(number("bytes") > number("browserBytes") + number("manifestBytes"));
    assert!(number("bytes") <= first["costliest"]["bytes"].as_u64().unwrap());
    assert_eq!(work.json(&build(&["--json"]))["firstSearch"], *first);

    let text = work.ok(&build(&[]));
    let mut lines = text.lines();
    let line = lines.find(|line| line.starts_with("First page")).unwrap();
    let expected = format!("({}), the 95th percentile of 57 queries; at most ", {
        let query = first["requestsQuery"].as_str().unwrap();
        if query.is_empty() {
            "no words".to_owned()
        } else {
            format!("{query:?}")
        }
    });
    assert!(
        line.starts_with("First page of results") && line.contains(&expected),
        "{line}"
    );
}

#[test]
fn a_build_within_its_budget_is_published() {
    let work = some();
    let report = work.json(&build(&["--json"]));
    let first = &report["firstSearch"];
    let budget = format!(
        "first-search={},requests={}",
        first["bytes"], first["requests"]
    );
    work.ok(&build(&["--budget", &budget]));
}

#[test]
fn a_build_over_its_budget_fails_and_what_was_published_stays() {
    let work = some();
    let first = work.json(&build(&["--json"]))["firstSearch"].clone();
    let before = work.names("s");
    work.write_records("r.jsonl", records(400, "Schools"));
    let ran = work.run(&build(&["--budget", "first-search=1KB,requests=1"]));
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let message = ran.message();
    for part in [
        "the first page of results costs ",
        ", over the budget of 1.0 KB; browser files are ",
        "; the first page of results takes ",
        ", over the budget of 1 (95th percentile of ",
    ] {
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(
        ran.advice(),
        "set facet = false or stored = false in speir.toml for fields that results do not need, or \
         give a higher --budget; nothing was published"
    );
    assert_eq!(work.names("s"), before);
    assert_eq!(work.names("."), ["r.jsonl", "s"]);
    assert_eq!(work.total("s", "schools"), 0);
    assert!(first["bytes"].as_u64().unwrap() > 1_000);
}

#[test]
fn one_limit_may_be_given_alone() {
    let work = some();
    let requests = work.json(&build(&["--json"]))["firstSearch"]["requests"].clone();
    let query = work.json(&build(&["--json"]))["firstSearch"]["requestsQuery"].clone();
    let fewer = requests.as_u64().unwrap() - 1;
    work.fails(
        &build(&["--budget", &format!("requests={fewer}")]),
        1,
        &format!(
            "the first page of results takes {requests} requests for the query {query}, over the \
             budget of {fewer} (95th percentile of 57 queries)"
        ),
        "set facet = false in speir.toml for fields that are not counted, or give a higher \
         --budget; nothing was published",
    );
}

#[test]
fn a_limit_that_cannot_be_read_is_a_wrong_usage() {
    let work = some();
    let ran = work.run(&build(&["--budget", "speed=9"]));
    assert_eq!(ran.code, 2);
    assert_eq!(
        ran.message(),
        "invalid value 'speed=9' for '--budget <LIMITS>': there is no limit `speed`: write \
         first-search=150KB, requests=8, or both with a comma between"
    );
}
