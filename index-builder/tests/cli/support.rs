//! Runs the binary and looks at what it did. Every test has a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder in which one test works.
pub(crate) struct Work {
    folder: TempDir,
    /// The home of who runs the binary.
    pub(crate) home: TempDir,
}

/// What a run of the binary gave.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Work {
    /// An empty folder.
    pub(crate) fn new() -> Work {
        Work {
            folder: tempfile::tempdir().unwrap(),
            home: tempfile::tempdir().unwrap(),
        }
    }

    /// A folder with files in it.
    pub(crate) fn with(files: &[(&str, &str)]) -> Work {
        let work = Work::new();
        for (name, text) in files {
            work.write(name, text.as_bytes());
        }
        work
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// The binary, not yet started, with this folder as its current one.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_speir"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        // Where systems have programs keep what makes them quicker; not that of whoever runs the tests.
        for variable in ["XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"] {
            command.env(variable, self.home.path());
        }
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    /// Runs the binary, which has to succeed, and gives what it wrote.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}\n{}\n{}", ran.out, ran.err);
        ran.out
    }

    /// Runs the binary, which has to succeed, and reads the JSON object that it wrote.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.ok(args)).unwrap()
    }

    /// The one check of failures: exit code, the first line and the advice, word by word.
    pub(crate) fn fails(&self, args: &[&str], code: i32, message: &str, advice: &str) {
        let ran = self.run(args);
        assert_eq!(
            (ran.message(), ran.advice()),
            (message, advice),
            "{args:?}\n{}",
            ran.err
        );
        assert_eq!(ran.code, code, "{args:?}\n{}", ran.err);
        assert_eq!(ran.out, "", "{args:?}");
    }

    /// The names in a folder, hidden ones too, in order.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        names(&self.path(folder))
    }

    /// The files of a folder and all below it, as paths there, in order.
    pub(crate) fn files(&self, folder: &str) -> Vec<String> {
        let mut files = Vec::new();
        for name in self.names(folder) {
            let below = format!("{folder}/{name}");
            if self.path(&below).is_dir() {
                let inner = self.files(&below).into_iter();
                files.extend(inner.map(|inner| format!("{name}/{inner}")));
            } else {
                files.push(name);
            }
        }
        files
    }

    /// The chunk files in a folder.
    pub(crate) fn chunks(&self, folder: &str) -> Vec<String> {
        self.names(folder)
            .into_iter()
            .filter(|name| name.ends_with(".bin"))
            .collect()
    }

    /// How many records of an index a query finds.
    pub(crate) fn total(&self, folder: &str, words: &str) -> u64 {
        self.json(&["search", folder, words, "--json"])["total"]
            .as_u64()
            .unwrap()
    }

    /// Writes records as JSON Lines.
    pub(crate) fn write_records(&self, name: &str, records: impl IntoIterator<Item = Value>) {
        let lines: String = records
            .into_iter()
            .map(|record| format!("{record}\n"))
            .collect();
        self.write(name, lines.as_bytes());
    }
}

impl Ran {
    pub(crate) fn of(output: Output) -> Ran {
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The message of a drawn error.
    pub(crate) fn message(&self) -> &str {
        let line = self.err.lines().next().unwrap_or_default();
        line.trim_start().strip_prefix("error: ").unwrap_or(line)
    }

    /// The advice of a drawn error.
    pub(crate) fn advice(&self) -> &str {
        let lines = self.err.lines().rev();
        let advice = lines
            .filter_map(|line| line.strip_prefix("  help: "))
            .next();
        advice.unwrap_or_default()
    }

    /// The notes of a build.
    pub(crate) fn notes(&self) -> Vec<&str> {
        self.err
            .lines()
            .filter_map(|line| line.strip_prefix("note: "))
            .collect()
    }
}

/// The score of an account, worked out again: (words + extras) x factors.
pub(crate) fn worked_out(explanation: &Value) -> f64 {
    let parts = |list: &str, key: &str| -> Vec<f64> {
        let list = explanation[list].as_array().unwrap().iter();
        list.map(|part| part[key].as_f64().unwrap()).collect()
    };
    let sum: f64 = [parts("words", "score"), parts("extras", "value")]
        .concat()
        .iter()
        .sum();
    sum * parts("factors", "value").iter().product::<f64>()
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Records that an index of some size can be made of: each has words of its own and shared ones.
pub(crate) fn records(n: usize, shared: &str) -> impl Iterator<Item = Value> {
    let shared = shared.to_owned();
    (0..n).map(move |at| {
        let own: String = (0..40)
            .map(|word| format!(" w{}", (at * 31 + word * 17) % 9973))
            .collect();
        json!({
            "id": format!("r{at}"),
            "url": format!("/records/{at}/"),
            "title": format!("{shared} number {at}"),
            "body": own,
            "type": if at % 2 == 0 { "report" } else { "guide" },
            "year": 2000 + at % 20,
        })
    })
}
