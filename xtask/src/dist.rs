//! `cargo xtask dist`: the browser files, the npm package, and the command line that carries them.
//!
//! ```text
//!   cargo (wasm32) → wasm-bindgen → wasm-opt ──→ dist/*.wasm ──────┐
//!                        └→ glue/ ←── wasm2js ←────────────────────┤
//!                             └→ tsc, esbuild → dist/*.js, css ────┴→ index-builder/browser/ → speir
//! ```
//! The engine is compiled alone, so that no other crate's features reach into it, and twice: with
//! the rules of all languages, and without, for the many indexes that have no need of them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::glue;
use crate::plain;
use crate::run::{cargo, npm, root, run, target_dir, work_dir, write_if_changed};
use crate::sizes;
use crate::tools::{self, WASM_TARGET};

/// The npm package's folder.
pub(crate) const NPM: &str = "wasm/npm";

/// What the command line carries and writes beside an index: what a first search fetches.
const BROWSER_FILES: [&str; 5] = [
    "speir.js",
    "speir-widget.js",
    "speir-widget.css",
    "speir.wasm",
    "speir-lean.wasm",
];

/// The engine in its two makings: the file, and the features of the package that it has.
const ENGINES: [(&str, &[&str]); 2] = [
    ("speir.wasm", &["languages"]),
    // Published under the other's name, where it answers the same for less.
    ("speir-lean.wasm", &[]),
];

/// What a page fetches only where it asks for it, or where a browser or a policy refuses the first way
/// to search; written beside an index, too.
const WANTED_FILES: [&str; 8] = [
    "speir-box.js",
    "speir-engine.js",
    "speir-extras.js",
    "speir-highlight.js",
    "speir-ladder.js",
    "speir-suggest.js",
    "speir-theme.js",
    "speir-worker.js",
];

/// Where the command line finds these.
const WANTED: &str = "wanted";

/// The texts of the element in a language, which a page in that language fetches.
const LOCALES: &str = "locales";

/// What the command line knows of how these files are sent: name, bytes, bytes with brotli.
const PACKED_LENS: &str = "brotli.txt";

const LICENSES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// What the engine may use of WebAssembly: what every browser has that can inflate raw deflate.
/// Less than what rustc uses by itself, so that nothing newer slips in with a new compiler.
const RUST_FEATURES: &str = "+bulk-memory,+sign-ext,+nontrapping-fptoint,+mutable-globals";

/// The same for wasm-opt.
pub(crate) const WASM_FEATURES: [&str; 5] = [
    "--mvp-features",
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
];

/// What LLVM does otherwise than by itself, of 60 KB; queries take as long as before (160 ms for 60
/// of them over 12,000 records, in Node). Left out are addresses that are counted up beside a loop's
/// counter, 1.0 KB, and values worked out ahead where one of two ways has them already, 0.3 KB.
/// A call counts for a little more than the 25 of LLVM, so that fewer are written out: 0.3 KB.
const LLVM_OPTIONS: &str = "-disable-lsr -enable-pre=false -inline-call-penalty=30";

/// Small before fast. Flattened, looped anew and shrunk again, twice, it is 0.6 KB smaller, and as fast
/// (16.0 ms a query over 2,707 long pages, in Node). Functions with one caller stay functions, as brotli
/// makes more of two alike than wasm-opt of one: 2.4 KB of 69; only the smallest are written out where
/// they are called: 0.1 KB. Rust puts its stack at the bottom of memory, so no address below 1,024 is in
/// use before the stack is full, and offsets may be folded: 0.9 KB. How an address is aligned is a hint
/// that no browser's processor needs; saying nothing of it makes instructions more alike: 0.2 KB.
pub(crate) const WASM_PASSES: [&str; 12] = [
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--one-caller-inline-max-function-size=0",
    "--always-inline-max-function-size=6",
    "--low-memory-unused",
    "--strip-producers",
];

/// What is done last, as passes before it would undo it.
const LAST_PASS: &str = "--dealign";

/// Builds everything and prints the sizes; an overrun budget is an error.
pub(crate) fn dist() -> Result<()> {
    let dist = all_engines()?;
    // Of the fullest engine: it answers everything that the other does.
    let glue = root().join(NPM).join("glue");
    let fullest = work_dir("bound-speir")?.join("speir_bg.wasm");
    plain::engine(&fullest, &glue)?;
    run(npm(NPM).args(["run", "--silent", "types"]))?;
    run(npm(NPM).args(["run", "--silent", "bundle"]))?;
    for license in LICENSES {
        let text =
            fs::read(root().join(license)).with_context(|| format!("cannot read {license}"))?;
        write_if_changed(&root().join(NPM).join(license), &text)?;
    }

    let browser = root().join("index-builder/browser");
    let mut packed_lens = String::new();
    for file in BROWSER_FILES {
        let bytes = carry(&dist, file, &browser)?;
        let packed_len = sizes::brotli(&bytes)?;
        packed_lens.push_str(&format!("{file} {} {packed_len}\n", bytes.len()));
    }
    write_if_changed(&browser.join(PACKED_LENS), packed_lens.as_bytes())?;
    for file in WANTED_FILES {
        carry(&dist, file, &browser.join(WANTED))?;
    }
    let locales = root().join(NPM).join(LOCALES);
    let read = || format!("cannot read {}", locales.display());
    for entry in fs::read_dir(&locales).with_context(read)? {
        let name = entry.with_context(read)?.file_name();
        let name = name.to_string_lossy().replace(".json", ".js");
        carry(&dist, &format!("speir-{name}"), &browser.join(LOCALES))?;
    }
    run(cargo().args(["build", "--release", "--package", "speir-index-builder"]))?;

    println!();
    let overruns = sizes::report(&dist)?;
    println!();
    if !overruns.is_empty() {
        bail!("over budget: {}", overruns.join("; "));
    }
    Ok(())
}

/// Builds the engines in wasm alone and prints their bytes with brotli.
pub(crate) fn engines() -> Result<()> {
    let dist = all_engines()?;
    for (file, _) in ENGINES {
        let bytes = fs::read(dist.join(file)).with_context(|| format!("cannot read {file}"))?;
        println!("{file}: {} bytes", sizes::brotli(&bytes)?);
    }
    Ok(())
}

/// Builds the engines in wasm, and gives the folder that they are in.
fn all_engines() -> Result<PathBuf> {
    tools::wasm_target()?;
    tools::npm_packages(NPM)?;
    let dist = root().join(NPM).join("dist");
    fs::create_dir_all(&dist).with_context(|| format!("cannot make {}", dist.display()))?;
    for (file, features) in ENGINES {
        engine(&dist.join(file), features)?;
    }
    Ok(dist)
}

/// Copies a finished file to a folder that the command line is compiled with; gives its bytes.
fn carry(dist: &Path, file: &str, folder: &Path) -> Result<Vec<u8>> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let bytes = fs::read(dist.join(file)).with_context(|| format!("cannot read {file}"))?;
    write_if_changed(&folder.join(file), &bytes)?;
    Ok(bytes)
}

/// Compiles the engine to `finished` and writes the JavaScript that calls it to `glue/`; it is the
/// same for each making.
fn engine(finished: &Path, features: &[&str]) -> Result<()> {
    compile(features)?;
    let compiled = target_dir()?.join(WASM_TARGET).join("wasm/speir_wasm.wasm");
    let stem = finished.file_stem().unwrap_or_default().to_string_lossy();
    let bound = work_dir(&format!("bound-{stem}"))?;
    bind(&compiled, &bound)?;
    let glue = root().join(NPM).join("glue");
    fs::create_dir_all(&glue).with_context(|| format!("cannot make {}", glue.display()))?;
    let text = |name: &str| {
        let path = bound.join(name);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let script = glue::factory(&text("speir.js")?)?;
    let types = glue::types(&text("speir.d.ts")?)?;
    if features.is_empty() {
        let other = fs::read_to_string(glue.join("speir.js")).unwrap_or_default();
        if other != script {
            bail!("{stem}.wasm wants other JavaScript than speir.wasm does");
        }
    } else {
        write_if_changed(&glue.join("speir.js"), script.as_bytes())?;
        write_if_changed(&glue.join("speir.d.ts"), types.as_bytes())?;
    }
    let seen = work_dir(&format!("optimised-{stem}"))?;
    optimise(
        &bound.join("speir_bg.wasm"),
        finished,
        &seen.join("speir_bg.wasm"),
    )
}

/// Compiles the engine together with Rust's own library.
///
/// The library as it comes prebuilt formats a message for every way to panic, and nobody reads it
/// in a browser: built without, and for size, it makes the engine 9.5 KB of 78 smaller with brotli.
/// Cargo calls that unstable; the toolchain is pinned, so it is as stable as the pin.
fn compile(features: &[&str]) -> Result<()> {
    let flags = [
        "-Ctarget-cpu=mvp",
        &format!("-Ctarget-feature={RUST_FEATURES}"),
        "-Zunstable-options",
        "-Cpanic=immediate-abort",
        "-Zlocation-detail=none",
        // Left to wasm-opt, which does it once all is small.
        "-Zmerge-functions=disabled",
        &format!("-Cllvm-args={LLVM_OPTIONS}"),
    ];
    let mut command = cargo();
    command
        // As a cdylib alone: what is built as an rlib too keeps 20 KB of code that nothing calls.
        .args(["rustc", "--package", "speir-wasm", "--target", WASM_TARGET])
        .args(["--crate-type", "cdylib", "--profile", "wasm"])
        .args(["--no-default-features", "--features", &features.join(",")])
        .arg("-Zbuild-std=std,panic_abort")
        .arg("-Zbuild-std-features=optimize_for_size")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    run(&mut command)
}

/// Runs wasm-bindgen, which puts the wasm, its JavaScript and its types into a folder.
fn bind(compiled: &Path, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(compiled)
        .out_name("speir")
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .typescript(true)
                .remove_name_section(true)
                .remove_producers_section(true);
            bindgen.generate(folder)
        })
        .with_context(|| format!("wasm-bindgen failed on {}", compiled.display()))
}

/// Runs wasm-opt, unless it has seen these very bytes the last time, as `done` tells.
fn optimise(bound: &Path, finished: &Path, done: &Path) -> Result<()> {
    let bytes = fs::read(bound).with_context(|| format!("cannot read {}", bound.display()))?;
    // What was seen is the bytes, and what was done to them.
    let mut seen = [&WASM_PASSES[..], &[LAST_PASS]]
        .concat()
        .join(" ")
        .into_bytes();
    seen.extend_from_slice(&bytes);
    if finished.is_file() && fs::read(done).is_ok_and(|done| done == seen) {
        return Ok(());
    }
    let mut command = plain::binaryen("wasm-opt");
    command.args(WASM_FEATURES).args(WASM_PASSES).arg(LAST_PASS);
    run(command.arg(bound).arg("-o").arg(finished))?;
    fs::write(done, seen).with_context(|| format!("cannot write {}", done.display()))
}
