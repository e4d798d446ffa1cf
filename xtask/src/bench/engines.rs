//! The engines: how each builds its index, and how each is measured.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value as Json;

use super::corpus::{Corpus, write};
use super::draw::Asked;
use super::figures::Figures;
use super::measured::measured;
use crate::chromium::VARIABLE;
use crate::run::{cargo, node, output, root, run, speir};

/// The folder of the peers.
pub(super) const PEERS: &str = "xtask/peers";

/// The driver of tantivy, a package of its own.
const NATIVE: &str = "xtask/peers/tantivy/Cargo.toml";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    Speir,
    Pagefind,
    MiniSearch,
    Tantivy,
}

pub(super) const ENGINES: [Engine; 4] = [
    Engine::Speir,
    Engine::Pagefind,
    Engine::MiniSearch,
    Engine::Tantivy,
];

impl Engine {
    pub(super) fn name(self) -> &'static str {
        match self {
            Engine::Speir => "Speir",
            Engine::Pagefind => "Pagefind",
            Engine::MiniSearch => "MiniSearch",
            Engine::Tantivy => "tantivy",
        }
    }

    /// The version that is measured.
    pub(super) fn version(self) -> Result<String> {
        let read = |path: &str| {
            fs::read_to_string(root().join(path)).with_context(|| format!("cannot read {path}"))
        };
        let version = match self {
            Engine::Speir => env!("CARGO_PKG_VERSION").to_owned(),
            Engine::Tantivy => {
                let lock = read("xtask/peers/tantivy/Cargo.lock")?;
                let after = lock.split("name = \"tantivy\"\nversion = \"").nth(1);
                after
                    .and_then(|rest| rest.split('"').next())
                    .unwrap_or_default()
                    .to_owned()
            }
            Engine::Pagefind | Engine::MiniSearch => {
                let lock: Json = serde_json::from_str(&read("xtask/peers/package-lock.json")?)?;
                let name = format!("node_modules/{}", self.name().to_lowercase());
                lock["packages"][&name]["version"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            }
        };
        Ok(version)
    }

    /// Builds the index into a folder, which is emptied first unless Speir may keep what it can.
    fn build(self, corpus: &Corpus, out: &Path, with_one_more: bool) -> Result<Command> {
        if out.exists() && !(self == Engine::Speir && with_one_more) {
            fs::remove_dir_all(out).with_context(|| format!("cannot empty {}", out.display()))?;
        }
        let source = corpus.source(with_one_more);
        let command = match self {
            Engine::Speir => {
                let mut command = speir()?;
                command
                    .arg("build")
                    .arg(source)
                    .args(["--quiet", "--out"])
                    .arg(out);
                command
            }
            Engine::Pagefind => {
                let mut command = Command::new(pagefind()?);
                command.arg("--site").arg(corpus.pages(with_one_more)?);
                command
                    .args(["--root-selector", "main", "--output-path"])
                    .arg(out);
                command
            }
            Engine::MiniSearch => {
                let mut command = node();
                command
                    .arg(format!("{PEERS}/build_minisearch.mjs"))
                    .arg(source)
                    .arg(out);
                command
            }
            Engine::Tantivy => {
                let mut command = Command::new(tantivy()?);
                command.arg("build").arg(source).arg(out);
                command
            }
        };
        Ok(command)
    }

    /// Builds, searches and weighs one engine.
    pub(super) fn measure(
        self,
        corpus: &Corpus,
        asked: &Asked,
        chromium: &Path,
    ) -> Result<Figures> {
        let mut figures = Figures::default();
        let name = self.name().to_lowercase();
        let out = corpus.path(&name);
        measured(&mut figures, "build", &self.build(corpus, &out, false)?)?;
        if let Some(cpu_s) = figures.get("build_cpu_s") {
            figures.set("build_mb_s", corpus.n_bytes as f64 / 1e6 / cpu_s);
        }
        let (queries, seen) = (
            corpus.path("queries.json"),
            corpus.path(&format!("{name}.json")),
        );
        write(&queries, &asked.to_json().to_string())?;
        if self == Engine::Tantivy {
            run(Command::new(tantivy()?)
                .arg("search")
                .args([&out, &queries, &seen]))?;
        } else {
            if self == Engine::MiniSearch {
                run(node()
                    .arg(format!("{PEERS}/bundle_minisearch.mjs"))
                    .arg(&out))?;
            }
            let mut command = node();
            command
                .arg(format!("{PEERS}/measure.mjs"))
                .arg(&name)
                .args([&out, &queries, &seen]);
            run(command.env(VARIABLE, chromium))?;
        }
        let seen: Json = serde_json::from_slice(&fs::read(&seen)?)?;
        figures.take(&seen, asked);
        if self != Engine::Tantivy {
            self.rebuild(corpus, &out, &mut figures)?;
        }
        Ok(figures)
    }

    /// Builds again with one more record; what a publisher sends again are files of new names or bytes.
    fn rebuild(self, corpus: &Corpus, out: &Path, figures: &mut Figures) -> Result<()> {
        let before = contents(out)?;
        let mut ignored = Figures::default();
        measured(&mut ignored, "build", &self.build(corpus, out, true)?)?;
        let sent_again: usize = contents(out)?
            .into_iter()
            .filter(|(path, bytes)| before.get(path) != Some(bytes))
            .map(|(_, (n_bytes, _))| n_bytes)
            .sum();
        figures.set("reissued_bytes", sent_again as f64);
        let all: usize = before.values().map(|(n_bytes, _)| n_bytes).sum();
        figures.set("reissued_percent", 100.0 * sent_again as f64 / all as f64);
        Ok(())
    }
}

/// The length and a hash of every file below a folder that the engine's index is made of.
fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, (usize, u64)>> {
    use std::hash::{DefaultHasher, Hash, Hasher};

    let (mut found, mut folders) = (BTreeMap::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                // Pages for readers without scripts are no part of the index.
                if !path.ends_with("browse") {
                    folders.push(path);
                }
            } else if path
                .extension()
                .is_none_or(|ending| ending != "js" && ending != "css" && ending != "wasm")
            {
                let bytes = fs::read(&path)?;
                let mut hasher = DefaultHasher::new();
                bytes.hash(&mut hasher);
                found.insert(path, (bytes.len(), hasher.finish()));
            }
        }
    }
    Ok(found)
}

/// Pagefind's own binary, without the script that npm starts it by.
fn pagefind() -> Result<PathBuf> {
    let folder = root().join(PEERS).join("node_modules/@pagefind");
    for platform in
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        for name in ["pagefind_extended", "pagefind_extended.exe"] {
            let path = platform
                .as_ref()
                .map(|folder| folder.path().join("bin").join(name));
            if let Ok(path) = path
                && path.is_file()
            {
                return Ok(path);
            }
        }
    }
    bail!("npm brought no Pagefind for this machine")
}

/// Builds the driver of tantivy, a package of its own, into the same target folder.
pub(super) fn build_tantivy() -> Result<()> {
    run(cargo()
        .args([
            "build",
            "--release",
            "--locked",
            "--manifest-path",
            NATIVE,
            "--target-dir",
        ])
        .arg(crate::run::work_dir("tantivy")?))
}

fn tantivy() -> Result<PathBuf> {
    let name = format!("speir-bench-tantivy{}", std::env::consts::EXE_SUFFIX);
    Ok(crate::run::work_dir("tantivy")?.join("release").join(name))
}

/// The version of a program, as it says itself, without its name.
pub(super) fn version_of(program: &str) -> Result<String> {
    let said = output(Command::new(program).arg("--version").current_dir(root()))?;
    Ok(said
        .split_whitespace()
        .find(|word| word.contains('.'))
        .unwrap_or_default()
        .to_owned())
}
