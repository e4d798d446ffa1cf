//! A build that is killed at any moment: the published folder answers as before, or as after.
//!
//! The moments are found by looking at what the build has done so far, and by time.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::{Work, names, records};

/// Enough for a build of some hundred milliseconds and some dozens of files.
const N_NEW: usize = 3_000;

/// A small index is one file for searching, one for suggestions and one for related records.
const N_OLD_CHUNKS: usize = 3;

/// What a waiting test looks for, given the folder that holds everything.
type Moment = (&'static str, fn(&Path) -> bool);

fn is_there(path: &Path) -> bool {
    std::fs::metadata(path).is_ok()
}

fn count_in(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

const MOMENTS: [Moment; 5] = [
    ("the temporary folder is there", |at| {
        is_there(&at.join(".s.speir-tmp"))
    }),
    ("some files are written", |at| {
        count_in(&at.join(".s.speir-tmp")) > 10
    }),
    ("all files are written", |at| {
        is_there(&at.join(".s.speir-tmp/index.json"))
    }),
    ("files are being put in place", |at| {
        count_in(&at.join("s")) > 12
    }),
    ("the new index is in place", |at| {
        std::fs::metadata(at.join("s/index.json")).is_ok_and(|about| about.len() > 1_000)
    }),
];

/// A published index of one record, and the records of a larger one.
fn published() -> Work {
    let work = Work::new();
    work.write_records("old.jsonl", records(1, "Oldest"));
    work.write_records("new.jsonl", records(N_NEW, "Newest"));
    work.ok(&["build", "old.jsonl", "--out", "s", "--quiet"]);
    work
}

/// Old or new, never anything between; and the next build leaves nothing of the dead one, if it is
/// to keep no files of former builds.
fn check(work: &Work, moment: &str) {
    let (old, new) = (work.total("s", "oldest"), work.total("s", "newest"));
    assert!(
        [(1, 0), (0, N_NEW as u64)].contains(&(old, new)),
        "{moment}: {old} old, {new} new"
    );
    work.ok(&["verify", "s"]);

    let args = ["build", "old.jsonl", "--out", "s", "--quiet"];
    work.ok(&[&args[..], &["--keep", "0"]].concat());
    assert_eq!(work.names("."), ["new.jsonl", "old.jsonl", "s"], "{moment}");
    assert_eq!(work.total("s", "oldest"), 1, "{moment}");
    assert_eq!(
        work.chunks("s").len(),
        N_OLD_CHUNKS,
        "{moment}: {:?}",
        work.chunks("s")
    );
}

#[test]
fn killed_at_any_step_the_folder_answers() {
    let work = published();
    let here = work.path(".");
    let mut n_killed = 0;
    for (moment, has_come) in MOMENTS {
        let mut child = work
            .command(&["build", "new.jsonl", "--out", "s", "--quiet"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // A step can be over before it is seen; then the build ends by itself, which is fine too.
        while !has_come(&here) && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(50));
        }
        // SIGKILL: the build has no chance to tidy up.
        let _ = child.kill();
        n_killed += usize::from(!child.wait().unwrap().success());
        println!("{moment}: {:?}", names(&here));
        check(&work, moment);
    }
    // The first two are seen with many files still to come, whatever the machine.
    assert!(n_killed >= 2, "only {n_killed} builds were killed at work");
}

#[test]
fn killed_after_any_time_the_folder_answers() {
    let work = published();
    let started = Instant::now();
    work.ok(&["build", "new.jsonl", "--out", "scratch", "--quiet"]);
    let whole = started.elapsed();
    std::fs::remove_dir_all(work.path("scratch")).unwrap();
    for percent in [5, 30, 60, 75, 85, 90, 94, 97, 100, 103] {
        let mut child = work
            .command(&["build", "new.jsonl", "--out", "s", "--quiet"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole * percent / 100);
        let _ = child.kill();
        child.wait().unwrap();
        check(&work, &format!("{percent}% of the time"));
    }
}

/// Readers that open the folder while builds come and go get one index or the other, whole.
#[test]
fn readers_during_builds_get_one_index_or_the_other() {
    let work = published();
    let folder = work.path("s");
    let is_over = std::sync::atomic::AtomicBool::new(false);
    let n_answers = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut n_answers = 0;
            while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                let mut index = speir_index_builder::dir::open(&folder).unwrap();
                let total = index.search(&speir::Query::new("number")).unwrap().total;
                assert!([1, N_NEW as u32].contains(&total), "{total}");
                n_answers += 1;
            }
            n_answers
        });
        for source in ["new.jsonl", "old.jsonl", "new.jsonl", "old.jsonl"] {
            work.ok(&["build", source, "--out", "s", "--quiet"]);
        }
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        reader.join().unwrap()
    });
    assert!(n_answers > 4, "{n_answers}");
    assert!(names(&folder).len() >= 3);
}
