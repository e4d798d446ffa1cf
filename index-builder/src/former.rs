//! The record of former builds in a published folder: which files each of them wrote, so that they
//! can stay for readers who still hold an older `index.json`, and go when their time has come.
//!
//! Knows names only. Reads and writes the record; never touches the files that it names.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

/// The record's file. It names no build that is in place: of that the manifest tells.
pub(crate) const RECORD_NAME: &str = "speir-build.json";

const ABOUT: &str = "files of former builds, for readers who hold an older index.json; \
    `speir build --keep` says for how many builds they stay";

/// Hexadecimal digits in the name of a chunk file.
const HASH_LEN: usize = 16;

/// The chunk files of former builds, the last build first. No two builds have the same files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Former {
    builds: Vec<BTreeSet<String>>,
}

impl Former {
    /// The record in a folder; that of a folder without one is empty.
    ///
    /// # Errors
    ///
    /// If there is a file of that name which is no such record.
    pub(crate) fn read(folder: &Path) -> io::Result<Former> {
        let bytes = match fs::read(folder.join(RECORD_NAME)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Former::default()),
            Err(error) => return Err(error),
        };
        let value: Value = serde_json::from_slice(&bytes)?;
        let wrong = || io::Error::other("it has no list `builds`");
        let mut former = Former::default();
        for build in value["builds"].as_array().ok_or_else(wrong)? {
            let names = build.as_array().into_iter().flatten();
            let names = names.filter_map(Value::as_str);
            // Whoever changed the record must not make us remove other files.
            former.add(names.filter(|name| is_chunk(name)).map(str::to_owned));
        }
        Ok(former)
    }

    /// Adds a build that is older than those that are there.
    fn add(&mut self, names: impl Iterator<Item = String>) {
        let names: BTreeSet<String> = names.collect();
        if !names.is_empty() && !self.builds.contains(&names) {
            self.builds.push(names);
        }
    }

    /// The builds before the one that is about to be published, from those before the last one and
    /// from the files of that. One with the very files of the new one is none before it.
    pub(crate) fn before(self, new: &BTreeSet<&str>, last: BTreeSet<String>) -> Former {
        let mut former = Former::default();
        let is_new =
            |names: &BTreeSet<String>| names.iter().map(String::as_str).eq(new.iter().copied());
        for names in [last].into_iter().chain(self.builds) {
            if !is_new(&names) {
                former.add(names.into_iter());
            }
        }
        former
    }

    /// Leaves the last `n` builds, and gives the names of files that only older ones have.
    pub(crate) fn keep(&mut self, n: usize) -> BTreeSet<String> {
        let older = self.builds.split_off(n.min(self.builds.len()));
        let kept = self.names();
        older
            .into_iter()
            .flatten()
            .filter(|name| !kept.contains(name))
            .collect()
    }

    /// All names.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        self.builds.iter().flatten().cloned().collect()
    }

    /// The record's bytes, or `None` where there is nothing to record.
    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        if self.builds.is_empty() {
            return None;
        }
        let text = serde_json::to_string_pretty(&json!({ "about": ABOUT, "builds": self.builds }));
        text.ok().map(|text| (text + "\n").into_bytes())
    }
}

/// Whether a name is one that a chunk file can have: `terms-0123456789abcdef.bin`.
pub(crate) fn is_chunk(name: &str) -> bool {
    let parts = name
        .strip_suffix(".bin")
        .and_then(|name| name.rsplit_once('-'));
    parts.is_some_and(|(label, hash)| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_lowercase())
            && hash.len() == HASH_LEN
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(labels: &[&str]) -> BTreeSet<String> {
        labels
            .iter()
            .map(|label| format!("{label}-0123456789abcdef.bin"))
            .collect()
    }

    fn refs(names: &BTreeSet<String>) -> BTreeSet<&str> {
        names.iter().map(String::as_str).collect()
    }

    #[test]
    fn what_only_older_builds_have_goes() {
        let (a, b, c) = (names(&["a", "x"]), names(&["b", "x"]), names(&["c", "x"]));
        let mut former = Former::default().before(&refs(&b), a.clone());
        assert!(former.keep(1).is_empty());
        let mut former = former.before(&refs(&c), b.clone());
        assert_eq!(former.keep(1), names(&["a"]));
        assert_eq!(former.names(), b);
        assert_eq!(former.keep(0), b);
        assert_eq!(former.encode(), None);
    }

    #[test]
    fn a_build_that_changes_nothing_is_no_further_build() {
        let (a, b) = (names(&["a"]), names(&["b"]));
        let mut former = Former::default().before(&refs(&b), a.clone());
        former = former.before(&refs(&b), b.clone());
        assert_eq!(former.names(), a);
        former = former.before(&refs(&a), b.clone());
        assert_eq!(former.names(), b);
    }

    #[test]
    fn a_record_names_chunk_files_only() {
        for name in ["terms-0123456789abcdef.bin", "changes-ffffffffffffffff.bin"] {
            assert!(is_chunk(name), "{name}");
        }
        for name in [
            "a.bin",
            "index.json",
            "../terms-0123456789abcdef.bin",
            "-0123456789abcdef.bin",
            "terms-0123456789abcde.bin",
            "terms-0123456789abcdef",
        ] {
            assert!(!is_chunk(name), "{name}");
        }
    }
}
