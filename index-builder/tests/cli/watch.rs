//! Watching: a change of a source gives a new index, a mistake in it is waited out.

use std::panic::{UnwindSafe, catch_unwind};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::{Ran, Work};

/// How long a change may take to arrive on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn wait_for(work: &Work, words: &str) {
    let started = Instant::now();
    loop {
        let ran = work.run(&["search", "s", words, "--json"]);
        if ran.code == 0 && ran.out.starts_with("{\"total\":1,") {
            return;
        }
        assert!(
            started.elapsed() < PATIENCE,
            "{words} was not found: {} {}",
            ran.out,
            ran.err
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Watches a source while something is done; gives what the build wrote.
fn watching(work: &Work, source: &str, more: &[&str], act: impl FnOnce() + UnwindSafe) -> Ran {
    let args = [&["build", source, "--out", "s", "--watch"], more].concat();
    let mut child = work
        .command(&args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It is ended whatever becomes of the rest.
    let outcome = catch_unwind(act);
    let _ = child.kill();
    let ran = Ran::of(child.wait_with_output().unwrap());
    outcome.unwrap();
    ran
}

#[test]
fn a_change_is_built_and_a_mistake_ends_nothing() {
    let work = Work::with(&[("in/r.csv", "id,title\n1,Housing\n")]);
    let ran = watching(&work, "in", &["--quiet"], || {
        wait_for(&work, "housing");
        work.write("in/r.csv", b"id,title\n1,\n");
        std::thread::sleep(Duration::from_secs(1));
        work.write("in/r.csv", b"id,title\n1,Schools\n");
        wait_for(&work, "schools");
        // Editors and exports put a new file in the place of the old one.
        work.write("in/r.csv.tmp", b"id,title\n1,Doctors\n");
        std::fs::rename(work.path("in/r.csv.tmp"), work.path("in/r.csv")).unwrap();
        wait_for(&work, "doctors");
    });
    let errors = ran.err;
    assert!(
        errors.contains("in/r.csv, row 2, record `1`, field `title`: the record has no title"),
        "{errors}"
    );
}

/// The index and its temporary folder may lie in the folder that is watched: what a build writes
/// there must not set off the next one.
#[test]
fn a_build_does_not_set_itself_off() {
    let work = Work::with(&[("r.csv", "id,title\n1,Housing\n")]);
    let ran = watching(&work, ".", &["--json"], || {
        wait_for(&work, "housing");
        std::thread::sleep(Duration::from_millis(1500));
        work.write("r.csv", b"id,title\n1,Schools\n");
        wait_for(&work, "schools");
        std::thread::sleep(Duration::from_millis(1500));
    });
    let reports = ran.out;
    // A busy machine may see one change in two halves; a circle would go on and on.
    assert!((2..=4).contains(&reports.lines().count()), "{reports}");
}

#[test]
fn a_file_that_the_settings_name_is_watched_too() {
    let work = Work::with(&[
        ("in/r.csv", "id,title\n1,Housing\n"),
        ("in/speir.toml", "synonyms = \"../words/ours.csv\"\n"),
        ("words/ours.csv", "bin, rubbish\n"),
    ]);
    let ran = watching(&work, "in", &["--json"], || {
        wait_for(&work, "housing");
        work.write("words/ours.csv", b"bin\n");
        std::thread::sleep(Duration::from_secs(1));
        work.write("words/ours.csv", b"bin, rubbish\nbin, waste\n");
        work.write("in/r.csv", b"id,title\n1,Schools\n");
        wait_for(&work, "schools");
        // A build is told of after it is published, so its report is there once the next is published.
        work.write("in/r.csv", b"id,title\n1,Libraries\n");
        wait_for(&work, "libraries");
    });
    let errors = ran.err;
    assert!(errors.contains("`bin` stands alone"), "{errors}");
    let reports = ran.out;
    assert!(reports.contains("\"synonyms\":2"), "{reports}");
}

#[test]
fn a_report_among_the_sources_does_not_set_off_the_next_build() {
    let work = Work::with(&[("in/r.csv", "id,title\n1,Housing\n")]);
    let ran = watching(&work, "in", &["--report", "in/r.json"], || {
        wait_for(&work, "housing");
        work.write("in/r.csv", b"id,title\n1,Schools\n");
        wait_for(&work, "schools");
        std::thread::sleep(Duration::from_secs(1));
    });
    let out = ran.out;
    assert_eq!(out.matches("Indexed 1 record").count(), 2, "{out}");
}

#[test]
fn only_the_page_that_changed_is_read_again() {
    let page = |text: &str| format!("<main><h1>{text}</h1><p>{text}.</p></main>");
    let work = Work::with(&[
        ("in/a.html", &page("housing")),
        ("in/b.html", &page("schools")),
    ]);
    let ran = watching(&work, "in", &["--json"], || {
        wait_for(&work, "housing");
        work.write("in/a.html", page("libraries").as_bytes());
        wait_for(&work, "libraries");
        // A build is told of after it is published, so its report is there once the next is published.
        work.write("in/b.html", page("doctors").as_bytes());
        wait_for(&work, "doctors");
    });
    let reports = ran.out;
    let kept: Vec<u64> = reports
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|report| report["cache"]["kept"].as_u64())
        .collect();
    assert_eq!(kept[0], 0, "{reports}");
    // A busy machine may see one change in two halves, of which the second changes nothing.
    assert!(kept[1..].iter().all(|n_kept| *n_kept > 0), "{reports}");
}
