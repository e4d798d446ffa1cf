//! The repository's files: every one that is, or would be, under version control.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A text file of the repository.
pub(crate) struct Source {
    /// Its path from the root, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

impl Source {
    /// Whether the file's name ends so.
    pub(crate) fn is(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }

    /// The lines before the file's unit tests, which stand at its end.
    pub(crate) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let marks = ["\n#[cfg(test)]\nmod ", "\n#[cfg(all(test"];
        let end = marks.iter().filter_map(|mark| self.text.find(mark)).min();
        self.text[..end.unwrap_or(self.text.len())]
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line))
    }

    /// Whether the file holds nothing but tests.
    pub(crate) fn is_tests(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every text file of the repository, in the order of their paths.
pub(crate) fn sources() -> &'static [Source] {
    static SOURCES: OnceLock<Vec<Source>> = OnceLock::new();
    SOURCES.get_or_init(|| {
        let root = root();
        let mut paths = listed(&root).unwrap_or_else(|| walked(&root));
        paths.sort();
        let sources: Vec<Source> = paths
            .into_iter()
            .filter_map(|path| {
                // What is not UTF-8 is no text; what git lists and is gone was just deleted.
                let text = std::fs::read_to_string(root.join(&path)).ok()?;
                Some(Source { path, text })
            })
            .collect();
        assert!(
            sources.len() > 50,
            "only {} files found: is this the repository?",
            sources.len()
        );
        sources
    })
}

/// One file of the repository.
pub(crate) fn source(path: &str) -> &'static Source {
    sources()
        .iter()
        .find(|source| source.path == path)
        .unwrap_or_else(|| panic!("{path} is missing"))
}

/// The files that git knows or would take, or `None` outside a checkout.
fn listed(root: &Path) -> Option<Vec<String>> {
    let ran = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ])
        .current_dir(root)
        .output()
        .ok()?;
    let paths: Vec<String> = String::from_utf8(ran.stdout)
        .ok()?
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect();
    (ran.status.success() && !paths.is_empty()).then_some(paths)
}

/// All files but those that are made, for a source archive without git.
fn walked(root: &Path) -> Vec<String> {
    const MADE: &[&str] = &["target", "node_modules", "dist", ".git", "browser"];
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(root.join(&folder)).expect("a folder of the repository can be read");
        for entry in entries {
            let entry = entry.expect("a folder of the repository can be read");
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() {
                name.clone()
            } else {
                format!("{folder}/{name}")
            };
            if !entry.path().is_dir() {
                found.push(path);
            } else if !MADE.contains(&name.as_str()) || path == "tests/browser" {
                folders.push(path);
            }
        }
    }
    found
}

/// Fails with every offence at once.
#[track_caller]
pub(crate) fn none(rule: &str, offences: &[String]) {
    assert!(offences.is_empty(), "{rule}:\n  {}", offences.join("\n  "));
}

#[test]
fn the_walk_finds_what_git_lists() {
    let Some(listed) = listed(&root()) else {
        return;
    };
    let walked = walked(&root());
    for path in listed
        .iter()
        .filter(|path| path.ends_with(".rs") && root().join(path).exists())
    {
        assert!(walked.contains(path), "{path}");
    }
}
