//! What the packages say of themselves, whose code they stand on, and how much a reader downloads.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value as Json;

use crate::sources::{none, root, source, sources};

/// Licences of code that Speir may stand on, in any package.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
    "BSL-1.0",
    "BlueOak-1.0.0",
];

/// Licences of tools that are run and never shipped: each changes nothing of what Speir gives out.
const ALLOWED_IN_TOOLS: &[&str] = &["MPL-2.0", "CC-BY-4.0", "Python-2.0"];

/// The budgets: files of one download together, and the most bytes that they may have as brotli
/// sends them. A KB is 1,000 bytes.
const BUDGETS: &[(&str, &[&str], usize)] = &[
    ("the engine", &["speir.wasm"], 60_000),
    ("the lean engine", &["speir-lean.wasm"], 60_000),
    ("JavaScript without the widget", &["speir.js"], 6_000),
    (
        "the widget with its styles",
        &["speir-widget.js", "speir-widget.css"],
        16_000,
    ),
    // What only pages fetch that refuse the first way to search, or ask for another.
    (
        "the engine as plain JavaScript",
        &["speir-engine.js"],
        80_000,
    ),
    (
        "the ladder and the worker",
        &["speir-ladder.js", "speir-worker.js"],
        10_000,
    ),
];

fn metadata() -> Json {
    let ran = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        // Only what is compiled for these two is downloaded by a build.
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .args(["--filter-platform", "wasm32-unknown-unknown"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    serde_json::from_slice(&ran.stdout).expect("cargo metadata is JSON")
}

fn text<'a>(object: &'a Json, key: &str) -> &'a str {
    object[key].as_str().unwrap_or_default()
}

/// Whether an SPDX expression lets us choose allowed licences only.
fn is_allowed(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let answer = either(&tokens, &mut at, allowed);
    answer && at == tokens.len()
}

fn either(tokens: &[&str], at: &mut usize, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut answer = both(tokens, at, allowed);
    while tokens.get(*at) == Some(&"OR") {
        *at += 1;
        answer |= both(tokens, at, allowed);
    }
    answer
}

fn both(tokens: &[&str], at: &mut usize, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut answer = one(tokens, at, allowed);
    while tokens.get(*at) == Some(&"AND") {
        *at += 1;
        answer &= one(tokens, at, allowed);
    }
    answer
}

fn one(tokens: &[&str], at: &mut usize, allowed: &dyn Fn(&str) -> bool) -> bool {
    let Some(token) = tokens.get(*at) else {
        return false;
    };
    *at += 1;
    if *token == "(" {
        let answer = either(tokens, at, allowed);
        *at += 1;
        return answer;
    }
    // An exception after WITH only adds permissions.
    if tokens.get(*at) == Some(&"WITH") {
        *at += 2;
    }
    allowed(token)
}

#[test]
fn every_dependency_has_a_licence_that_we_may_stand_on() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(
        packages.len() > 10,
        "cargo metadata names only {} packages",
        packages.len()
    );
    let offences: Vec<String> = packages
        .iter()
        .filter(|package| !is_allowed(text(package, "license"), &|name| ALLOWED.contains(&name)))
        .map(|package| {
            format!(
                "{} {}: `{}`",
                text(package, "name"),
                text(package, "version"),
                text(package, "license")
            )
        })
        .collect();
    none("a licence that is not on the list (crates)", &offences);
}

#[test]
fn every_npm_package_has_a_licence_that_we_may_stand_on() {
    let mut offences = Vec::new();
    for lock in sources()
        .iter()
        .filter(|source| source.is(&["package-lock.json"]))
    {
        let json: Json = serde_json::from_str(&lock.text).expect("a lock file is JSON");
        for (name, package) in json["packages"].as_object().expect("packages") {
            let is_tool =
                package["dev"].as_bool().unwrap_or(false) || !lock.path.starts_with("wasm/npm/");
            let allowed = |name: &str| {
                ALLOWED.contains(&name) || (is_tool && ALLOWED_IN_TOOLS.contains(&name))
            };
            if !name.is_empty()
                && package["link"].is_null()
                && !is_allowed(text(package, "license"), &allowed)
            {
                offences.push(format!(
                    "{}: {name}: `{}`",
                    lock.path,
                    text(package, "license")
                ));
            }
        }
    }
    none("a licence that is not on the list (npm)", &offences);
}

#[test]
fn licence_expressions_are_read() {
    let allowed = |name: &str| ["MIT", "Apache-2.0", "Unicode-3.0"].contains(&name);
    assert!(is_allowed("MIT", &allowed));
    assert!(is_allowed("GPL-3.0 OR MIT", &allowed));
    assert!(is_allowed("(MIT OR GPL-3.0) AND Unicode-3.0", &allowed));
    assert!(is_allowed("Apache-2.0 WITH LLVM-exception", &allowed));
    assert!(is_allowed("MIT/Apache-2.0", &allowed));
    assert!(!is_allowed("MIT AND GPL-3.0", &allowed));
    assert!(!is_allowed("GPL-3.0", &allowed));
    assert!(!is_allowed("", &allowed));
}

#[test]
fn every_package_that_is_published_says_what_it_is() {
    let metadata = metadata();
    let members = metadata["workspace_members"].as_array().expect("members");
    let mut offences = Vec::new();
    let mut published = 0;
    for package in metadata["packages"].as_array().expect("packages") {
        if !members.contains(&package["id"]) {
            continue;
        }
        let name = text(package, "name");
        for key in ["description", "license", "rust_version", "edition"] {
            if text(package, key).is_empty() {
                offences.push(format!("{name}: no `{key}`"));
            }
        }
        if package["publish"].as_array().is_some_and(Vec::is_empty) {
            continue;
        }
        published += 1;
        for key in ["repository", "homepage", "readme"] {
            if text(package, key).is_empty() {
                offences.push(format!("{name}: no `{key}`"));
            }
        }
        for key in ["keywords", "categories", "authors"] {
            if package[key].as_array().is_none_or(Vec::is_empty) {
                offences.push(format!("{name}: no `{key}`"));
            }
        }
        let manifest = PathBuf::from(text(package, "manifest_path"));
        let readme = manifest.with_file_name(text(package, "readme"));
        if !readme.is_file() {
            offences.push(format!(
                "{name}: its readme is not there: {}",
                text(package, "readme")
            ));
        }
    }
    assert!(
        published >= 2,
        "the library and the command line are published"
    );
    none("package metadata", &offences);
}

#[test]
fn the_npm_package_says_what_it_is_and_has_the_version_of_the_crates() {
    let package: Json = serde_json::from_str(&source("wasm/npm/package.json").text).expect("JSON");
    for key in ["name", "description", "version", "license", "type", "types"] {
        assert!(
            !text(&package, key).is_empty(),
            "wasm/npm/package.json: no `{key}`"
        );
    }
    for key in ["repository", "exports", "files", "sideEffects", "engines"] {
        assert!(!package[key].is_null(), "wasm/npm/package.json: no `{key}`");
    }
    assert_eq!(
        text(&package, "version"),
        env!("CARGO_PKG_VERSION"),
        "one version for crates and npm"
    );
    assert!(
        package["dependencies"].is_null(),
        "the npm package needs nothing else at run time"
    );
}

#[test]
fn every_published_package_carries_both_licences() {
    for path in ["LICENSE-MIT", "LICENSE-APACHE"] {
        assert!(source(path).text.len() > 500, "{path}");
    }
}

#[test]
fn what_a_reader_downloads_is_within_its_budget() {
    let dist = root().join("wasm/npm/dist");
    assert!(
        dist.join("speir.wasm").is_file(),
        "the browser files are missing: run `cargo xtask dist` first (`cargo xtask test` does)"
    );
    let mut offences = Vec::new();
    for (what, files, most) in BUDGETS {
        let sizes = files.iter().map(|file| {
            let bytes =
                std::fs::read(dist.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            brotli_len(&bytes)
        });
        let bytes: usize = sizes.sum();
        println!("{what}: {bytes} of {most} bytes as brotli sends them");
        if bytes > *most {
            offences.push(format!(
                "{what} ({}): {bytes} bytes, at most {most}",
                files.join(", ")
            ));
        }
    }
    none("more than a reader should have to download", &offences);
}

/// The bytes after brotli at its best, as static hosts keep them.
fn brotli_len(bytes: &[u8]) -> usize {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params).expect("memory can be written to");
    out.len()
}

#[test]
fn the_statement_on_accessibility_is_of_this_version() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let own = packages
        .iter()
        .find(|package| text(package, "name") == "speir")
        .expect("the library is a package");
    let statement = &source("docs/accessibility.md").text;
    let version = format!("Version {}, ", text(own, "version"));
    assert!(
        statement.lines().any(|line| line.starts_with(&version)),
        "docs/accessibility.md should say what was tested at {version}"
    );
    let axe = &source("tests/browser/package.json").text;
    let axe: Json = serde_json::from_str(axe).expect("package.json is JSON");
    let axe = text(&axe["devDependencies"], "axe-core");
    assert!(
        statement.contains(&format!("axe-core {axe},")),
        "docs/accessibility.md should name axe-core {axe}"
    );
}
