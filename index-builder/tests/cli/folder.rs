//! What a build does to the published folder, and what it leaves alone.

use std::fs;
#[cfg(target_os = "linux")]
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::support::{Ran, Work, records};

const ONE: &str = "[{\"id\": \"a\", \"title\": \"Housing\"}]";
const TWO: &str =
    "[{\"id\": \"a\", \"title\": \"Housing\"}, {\"id\": \"b\", \"title\": \"Schools\"}]";

#[test]
fn the_summary_says_what_was_done_and_quiet_says_nothing() {
    let work = Work::with(&[("r.json", TWO)]);
    let ran = work.run(&["build", "r.json", "--out", "site/search"]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.out
            .contains("\nIndexed 2 records from r.json into site/search: "),
        "{}",
        ran.out
    );
    assert!(
        !ran.err.contains('\r') && !ran.err.contains('\u{1b}'),
        "no progress in a pipe: {:?}",
        ran.err
    );
    let ran = work.run(&["build", "r.json", "--out", "site/search", "--quiet"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
}

#[test]
fn the_json_report_counts_what_is_there() {
    let work = Work::with(&[("r.json", TWO)]);
    let ran = work.run(&["build", "r.json", "--out", "s", "--json"]);
    assert_eq!(
        (ran.code, ran.err.as_str(), ran.out.lines().count()),
        (0, "", 1)
    );
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let n_bytes: u64 = work
        .names("s")
        .iter()
        .filter(|name| name.ends_with(".bin") || *name == "index.json")
        .map(|name| fs::metadata(work.path(&format!("s/{name}"))).unwrap().len())
        .sum();
    assert_eq!(report["bytes"], n_bytes);
    assert_eq!(report["files"], work.chunks("s").len() + 1);
    assert_eq!(
        (&report["records"], &report["skipped"]),
        (&json!(2), &json!(0))
    );
    assert!(report["warnings"].is_array());
    let browser_files = report["browserFiles"].as_array().unwrap();
    for name in browser_files {
        assert!(work.path("s").join(name.as_str().unwrap()).is_file());
    }
    // The binary may be compiled without them; then it says how to get them.
    let says_how = report["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .any(|w| w["kind"] == "no-browser-files");
    assert_eq!(browser_files.is_empty(), says_how);
}

#[test]
fn the_engine_that_is_published_is_the_least_that_reads_the_index() {
    let work = Work::with(&[
        ("en.json", ONE),
        (
            "cy.json",
            "[{\"id\": \"a\", \"title\": \"Tai\", \"lang\": \"cy\"}]",
        ),
    ]);
    for (source, engine) in [
        ("en.json", "speir-lean.wasm"),
        ("cy.json", "speir.wasm"),
        ("en.json", "speir-lean.wasm"),
    ] {
        let report = work.json(&["build", source, "--out", "s", "--json"]);
        let names = report["browserFiles"].as_array().unwrap();
        assert!(!names.contains(&json!("speir-lean.wasm")));
        let made = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("browser")
            .join(engine);
        // Where the binary was compiled without them, `no-browser-files` is told, as above.
        if !names.is_empty() {
            let published = fs::read(work.path("s/speir.wasm")).unwrap();
            assert!(
                published == fs::read(&made).unwrap(),
                "{source} has {engine}"
            );
        }
    }
}

#[test]
fn what_only_some_pages_fetch_is_published_and_not_counted() {
    let work = Work::with(&[("r.json", ONE)]);
    let report = work.json(&["build", "r.json", "--out", "s", "--json"]);
    let names = report["browserFiles"].as_array().unwrap();
    let wanted = ["box", "extras", "highlight", "suggest"].map(|name| format!("speir-{name}.js"));
    for name in wanted {
        assert!(!names.contains(&json!(name)), "{name}");
        // Where the binary was compiled without them, `no-browser-files` is told, as above.
        assert_eq!(work.path("s").join(&name).is_file(), !names.is_empty());
    }
}

#[test]
fn engines_for_pages_that_refuse_wasm_are_published_with_the_hashes_of_all_scripts() {
    let work = Work::with(&[("r.json", ONE)]);
    let report = work.json(&["build", "r.json", "--out", "s", "--json"]);
    let first = report["browserFiles"].as_array().unwrap();
    // Where the binary was compiled without them, there is nothing to hash.
    if first.is_empty() {
        assert!(!work.path("s/integrity.json").exists());
        return;
    }
    let rungs = ["speir-ladder.js", "speir-worker.js", "speir-engine.js"];
    for name in rungs {
        assert!(work.path("s").join(name).is_file(), "{name}");
        assert!(!first.contains(&json!(name)), "no first search pays for it");
    }
    let read = || fs::read_to_string(work.path("s/integrity.json")).unwrap();
    let told = read();
    let hashes: serde_json::Value = serde_json::from_str(&told).unwrap();
    let hashed = first.iter().filter_map(serde_json::Value::as_str);
    for name in hashed.chain(rungs) {
        let hash = hashes[name].as_str().unwrap_or_default();
        assert!(
            hash.starts_with("sha384-") && hash.len() == 71,
            "{name}: {hash}"
        );
    }

    // What another version left behind is put right by the next build.
    for name in ["integrity.json", "speir-worker.js"] {
        fs::write(work.path("s").join(name), "old").unwrap();
    }
    let report = work.json(&["build", "r.json", "--out", "s", "--json"]);
    assert_eq!((read(), &report["written"]), (told, &json!(2)));
}

#[test]
fn the_same_records_give_the_same_files_and_touch_none() {
    let work = Work::with(&[("r.json", TWO)]);
    work.ok(&["build", "r.json", "--out", "s"]);
    let times = || -> Vec<_> {
        let names = work.names("s");
        names
            .iter()
            .map(|name| {
                fs::metadata(work.path(&format!("s/{name}")))
                    .unwrap()
                    .modified()
                    .unwrap()
            })
            .collect()
    };
    let before = times();
    std::thread::sleep(Duration::from_millis(20));
    let report = work.json(&["build", "r.json", "--out", "s", "--json"]);
    assert_eq!(
        (&report["written"], &report["removed"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(times(), before);
}

#[test]
fn a_build_removes_only_what_a_former_build_wrote() {
    let work = Work::with(&[
        ("r.json", ONE),
        ("s/robots.txt", "mine"),
        ("s/terms-0123456789abcdef.bin", "mine too"),
        ("s/sub/a.bin", "and mine"),
    ]);
    work.ok(&["build", "r.json", "--out", "s"]);
    let before = work.chunks("s");
    work.write("r.json", TWO.as_bytes());
    let report = work.json(&["build", "r.json", "--out", "s", "--json", "--keep", "0"]);
    assert_eq!(report["removed"], before.len() - 1);
    let after = work.chunks("s");
    assert!(
        before
            .iter()
            .filter(|name| !name.starts_with("terms-0123"))
            .all(|name| !after.contains(name))
    );
    for (name, text) in [
        ("robots.txt", "mine"),
        ("terms-0123456789abcdef.bin", "mine too"),
        ("sub/a.bin", "and mine"),
    ] {
        assert_eq!(fs::read_to_string(work.path("s").join(name)).unwrap(), text);
    }
    assert_eq!(work.names("."), ["r.json", "s"]);
    assert_eq!(work.total("s", "schools"), 1);
    work.ok(&["verify", "s"]);
}

#[test]
fn an_index_json_of_somebody_else_is_kept_aside() {
    let work = Work::with(&[
        ("r.json", ONE),
        ("s/index.json", "{\"pages\": []}"),
        ("s/a.bin", "mine"),
    ]);
    let ran = work.run(&["build", "r.json", "--out", "s"]);
    assert_eq!(ran.code, 0);
    let note = ran
        .notes()
        .into_iter()
        .find(|note| note.starts_with("the index.json that was there"))
        .unwrap();
    assert!(
        note.starts_with(
            "the index.json that was there could not be read, so no old files were removed; it is \
             kept as index.json.before-speir"
        ),
        "{note}"
    );
    assert_eq!(
        fs::read_to_string(work.path("s/index.json.before-speir")).unwrap(),
        "{\"pages\": []}"
    );
    assert!(work.path("s/a.bin").is_file());
    assert_eq!(work.total("s", "housing"), 1);
}

#[test]
fn a_damaged_old_manifest_is_replaced_and_nothing_is_removed() {
    let work = Work::with(&[("r.json", ONE)]);
    work.ok(&["build", "r.json", "--out", "s"]);
    let before = work.chunks("s");
    let path = work.path("s/index.json");
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, bytes).unwrap();
    work.write("r.json", TWO.as_bytes());
    let ran = work.run(&["build", "r.json", "--out", "s"]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.err
            .contains("could not be read, so no old files were removed"),
        "{}",
        ran.err
    );
    let after = work.chunks("s");
    assert!(before.iter().all(|name| after.contains(name)));
    work.ok(&["verify", "s"]);
}

#[test]
fn a_damaged_chunk_is_put_right_by_the_next_build() {
    let work = Work::with(&[("r.json", ONE)]);
    work.ok(&["build", "r.json", "--out", "s"]);
    for name in work.chunks("s") {
        fs::write(work.path(&format!("s/{name}")), "damaged").unwrap();
    }
    assert_eq!(work.run(&["verify", "s"]).code, 1);
    work.ok(&["build", "r.json", "--out", "s"]);
    work.ok(&["verify", "s"]);
}

#[test]
fn a_failed_build_leaves_the_published_folder_as_it_was() {
    let work = Work::with(&[("r.json", ONE)]);
    work.ok(&["build", "r.json", "--out", "s"]);
    let before = work.names("s");
    work.write(
        "r.json",
        b"[{\"id\": \"a\", \"title\": \"Schools\"}, {\"id\": \"b\"}]",
    );
    assert_eq!(work.run(&["build", "r.json", "--out", "s"]).code, 1);
    assert_eq!(work.names("s"), before);
    assert_eq!(work.names("."), ["r.json", "s"]);
    assert_eq!(work.total("s", "housing"), 1);
}

#[test]
fn only_one_build_at_a_time_writes_to_a_folder() {
    let work = Work::with(&[("r.json", ONE)]);
    work.ok(&["build", "r.json", "--out", "s"]);
    let lock = fs::File::create(work.path(".s.speir-lock")).unwrap();
    lock.lock().unwrap();
    fs::create_dir(work.path(".s.speir-tmp")).unwrap();
    work.fails(
        &["build", "r.json", "--out", "s"],
        1,
        "another `speir build` is writing to s",
        "wait until it has finished, and run the command again",
    );
    assert!(
        work.path(".s.speir-tmp").is_dir(),
        "what belongs to the other build stays"
    );
    // The lock of a build that has ended is nobody's, even though its file is still there.
    drop(lock);
    work.ok(&["build", "r.json", "--out", "s"]);
    assert_eq!(work.names("."), ["r.json", "s"]);
}

#[test]
fn the_folder_may_be_the_current_one_or_a_link() {
    let work = Work::with(&[("in/r.json", ONE), ("site/keep.txt", "mine")]);
    let mut command = work.command(&["build", "../in/r.json", "--out", "."]);
    let ran = Ran::of(command.current_dir(work.path("site")).output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(work.total("site", "housing"), 1);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("site", work.path("link")).unwrap();
        work.write("in/r.json", TWO.as_bytes());
        work.ok(&["build", "in/r.json", "--out", "link"]);
        assert!(work.path("link").is_symlink());
        assert_eq!(work.total("site", "schools"), 1);
    }
    work.ok(&["build", "in/r.json", "--out", "new/../other/deep/search/"]);
    assert_eq!(work.total("other/deep/search", "housing"), 1);
}

/// A limit on the size of files acts like a full disk, and needs no rights and no mounting: with
/// the signal ignored, a write beyond it fails.
#[test]
#[cfg(unix)]
fn no_room_left_leaves_the_old_index_in_place() {
    let work = Work::with(&[("r.json", ONE)]);
    work.ok(&["build", "r.json", "--out", "s"]);
    let before = work.names("s");
    work.write_records("large.jsonl", records(2_000, "Schools"));
    let script = format!(
        "trap '' XFSZ; ulimit -f 8; exec '{}' build large.jsonl --out s",
        env!("CARGO_BIN_EXE_speir")
    );
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(work.path("."))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let ran = Ran::of(output);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.message().starts_with("cannot write to "), "{}", ran.err);
    assert_eq!(
        ran.advice(),
        "the disk, or your share of it, is full: make room and run the command again"
    );
    assert_eq!(work.names("s"), before);
    assert_eq!(work.names("."), ["large.jsonl", "r.json", "s"]);
    assert_eq!(work.total("s", "housing"), 1);
    work.ok(&["verify", "s"]);
}

/// The same on a disk that is really full and mounted by itself, where that may be done: as the
/// published folder lies on another file system than its parent, the build works inside it.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_of_its_own_leaves_the_old_index_in_place() {
    let work = Work::with(&[("r.json", ONE)]);
    fs::create_dir(work.path("s")).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1500k", "tmpfs"])
        .arg(work.path("s"))
        .output()
        .is_ok_and(|output| output.status.success());
    if !mounted {
        println!("mounting is not allowed here: the test above covers a full disk");
        return;
    }
    let outcome = std::panic::catch_unwind(|| {
        work.ok(&["build", "r.json", "--out", "s"]);
        // All but some KB of the disk is taken, however much the browser files have.
        let mut filler = fs::File::create(work.path("s/filler")).unwrap();
        while filler.write_all(&[0; 4096]).is_ok() {}
        let n_filled = filler.metadata().unwrap().len();
        filler.set_len(n_filled - 40_960).unwrap();
        let before = work.names("s");
        work.write_records("large.jsonl", records(2_000, "Schools"));
        let ran = work.run(&["build", "large.jsonl", "--out", "s"]);
        assert_eq!(ran.code, 1, "{}", ran.out);
        assert_eq!(
            ran.advice(),
            "the disk, or your share of it, is full: make room and run the command again"
        );
        assert_eq!(work.names("s"), before);
        assert_eq!(work.total("s", "housing"), 1);
        work.ok(&["verify", "s"]);
    });
    let unmounted = Command::new("umount").arg(work.path("s")).status().unwrap();
    assert!(unmounted.success());
    outcome.unwrap();
}
