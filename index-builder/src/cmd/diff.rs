//! `speir diff`: what a reader who has one published index would have to fetch of another.
//!
//! Knows manifests alone: a file's name carries what it holds. Reads no chunk.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value as Json, json};
use speir::{Index, MANIFEST_NAME};

use super::{count, print, size};
use crate::args::DiffArgs;
use crate::problem::Problem;

/// Prints what differs between two indexes.
pub(crate) fn run(args: &DiffArgs) -> Result<(), Problem> {
    let diff = Diff::between(&read(&args.old)?, &read(&args.new)?);
    if args.json {
        let object = diff.to_json();
        return print(|out| writeln!(out, "{object}"));
    }
    print(|out| out.write_all(diff.in_words().as_bytes()))
}

/// A published index, as its manifest tells of it.
struct Published {
    manifest: Vec<u8>,
    /// Lengths of the chunk files, by their names.
    files: BTreeMap<String, u64>,
}

/// Reads the manifest in a folder, or a copy of one.
fn read(path: &Path) -> Result<Published, Problem> {
    let file = if path.is_dir() {
        path.join(MANIFEST_NAME)
    } else {
        path.to_owned()
    };
    let manifest = fs::read(&file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound if path.is_dir() => Problem::new(
            "no-index",
            format!(
                "there is no Speir index in {}: it has no file {MANIFEST_NAME}",
                path.display()
            ),
            "name the folder that `speir build SOURCE --out DIR` wrote, or a copy of its index.json",
        ),
        _ => Problem::io("read", &file, &error),
    })?;
    let index = Index::open(&manifest).map_err(|error| {
        Problem::new(
            error.code(),
            format!("{}: {error}", file.display()),
            "name the folder that `speir build SOURCE --out DIR` wrote, or a copy of its index.json",
        )
    })?;
    let files = index.chunks();
    let files = files
        .map(|(_, chunk)| (chunk.name, u64::from(chunk.file_len)))
        .collect();
    Ok(Published { manifest, files })
}

/// Files and their bytes.
#[derive(Clone, Copy, Default)]
struct Sum {
    n_files: u64,
    n_bytes: u64,
}

impl Sum {
    fn add(&mut self, n_bytes: u64) {
        self.n_files += 1;
        self.n_bytes += n_bytes;
    }

    fn plus(self, other: Sum) -> Sum {
        Sum {
            n_files: self.n_files + other.n_files,
            n_bytes: self.n_bytes + other.n_bytes,
        }
    }

    fn to_json(self) -> Json {
        json!({ "files": self.n_files, "bytes": self.n_bytes })
    }

    fn in_words(self) -> String {
        if self.n_files == 0 {
            return "-".to_owned();
        }
        format!("{}, {}", count(self.n_files, "file"), size(self.n_bytes))
    }
}

/// What became of the files of one section.
#[derive(Clone, Copy, Default)]
struct Part {
    new: Sum,
    kept: Sum,
    gone: Sum,
}

/// What became of all files.
struct Diff {
    /// By what their names begin with; the manifest by its name.
    parts: BTreeMap<String, Part>,
}

impl Diff {
    fn between(old: &Published, new: &Published) -> Diff {
        let mut parts: BTreeMap<String, Part> = BTreeMap::new();
        for (name, n_bytes) in &new.files {
            let part = parts.entry(label(name)).or_default();
            if old.files.contains_key(name) {
                part.kept.add(*n_bytes);
            } else {
                part.new.add(*n_bytes);
            }
        }
        for (name, n_bytes) in &old.files {
            if !new.files.contains_key(name) {
                parts.entry(label(name)).or_default().gone.add(*n_bytes);
            }
        }
        let manifest = parts.entry(MANIFEST_NAME.to_owned()).or_default();
        let n_bytes = new.manifest.len() as u64;
        if old.manifest == new.manifest {
            manifest.kept.add(n_bytes);
        } else {
            manifest.new.add(n_bytes);
            manifest.gone.add(old.manifest.len() as u64);
        }
        Diff { parts }
    }

    fn whole(&self) -> Part {
        self.parts
            .values()
            .fold(Part::default(), |whole, part| Part {
                new: whole.new.plus(part.new),
                kept: whole.kept.plus(part.kept),
                gone: whole.gone.plus(part.gone),
            })
    }

    /// The part of the new index's bytes that the old one did not have. No index is without bytes.
    fn share_new(&self) -> f64 {
        let Part { new, kept, .. } = self.whole();
        new.n_bytes as f64 / (new.n_bytes + kept.n_bytes) as f64
    }

    fn to_json(&self) -> Json {
        let part_json = |part: &Part| {
            json!({
                "new": part.new.to_json(),
                "kept": part.kept.to_json(),
                "gone": part.gone.to_json(),
            })
        };
        let mut object = part_json(&self.whole());
        object["share"] = json!((self.share_new() * 1e6).round() / 1e6);
        let parts = self.parts.iter();
        let parts: serde_json::Map<String, Json> = parts
            .map(|(label, part)| (label.clone(), part_json(part)))
            .collect();
        object["sections"] = parts.into();
        object
    }

    fn in_words(&self) -> String {
        let mut lines = vec![row("", "new", "kept", "gone")];
        let whole = self.whole();
        let parts = self
            .parts
            .iter()
            .map(|(label, part)| (label.as_str(), *part));
        for (label, part) in parts.chain([("all", whole)]) {
            let Part { new, kept, gone } = part;
            lines.push(row(
                label,
                &new.in_words(),
                &kept.in_words(),
                &gone.in_words(),
            ));
        }
        lines.push(format!(
            "\n{:.1}% of the index's bytes are issued anew: {} of {}.\n",
            self.share_new() * 100.0,
            size(whole.new.n_bytes),
            size(whole.new.n_bytes + whole.kept.n_bytes),
        ));
        lines.join("\n")
    }
}

fn row(label: &str, new: &str, kept: &str, gone: &str) -> String {
    let line = format!("{label:10}  {new:20}  {kept:20}  {gone}");
    line.trim_end().to_owned()
}

/// What a file's name begins with.
fn label(name: &str) -> String {
    let label = name.rsplit_once('-').map_or(name, |(label, _)| label);
    label.to_owned()
}
