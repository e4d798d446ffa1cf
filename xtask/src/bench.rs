//! `cargo xtask bench`: what a reader downloads, beside the budgets, and what a publisher waits.
//!
//! Counts with the library as the driver: the manifest and every chunk that a first page needs,
//! plus the browser files. Compressed files are counted with brotli, chunks as they are.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use speir::{ChunkId, Index, MANIFEST_NAME, Query, Step};

use crate::run::{root, run, speir, work_dir};
use crate::sizes::{self, KB};
use crate::{demo, dist, packages};

/// Files of a first page that are no part of the index: three scripts and styles, and the engine.
const BROWSER_FILES: [&str; 4] = [
    "speir.js",
    "speir-widget.js",
    "speir-widget.css",
    "speir.wasm",
];

/// One index and what readers ask of it.
struct Case {
    name: String,
    folder: PathBuf,
    queries: &'static [&'static str],
    facets: &'static [&'static str],
    limit_bytes: usize,
    limit_requests: usize,
}

const EXAMPLE_QUERIES: [&str; 6] = [
    "",
    "housing",
    "integration toolkit",
    "migrant integ",
    "\"labour market\"",
    "refugees -children",
];

const DEBIAN_QUERIES: [&str; 6] = [
    "library",
    "mail server",
    "compression",
    "python http clien",
    "\"text editor\"",
    "astronomy telescope control",
];

/// Prints both tables.
pub(crate) fn bench() -> Result<()> {
    dist::dist()?;
    demo::index_example()?;

    let mut cases = vec![Case {
        name: "example".to_owned(),
        folder: root().join(demo::EXAMPLE_INDEX),
        queries: &EXAMPLE_QUERIES,
        facets: &["type", "organisations", "year"],
        limit_bytes: 100 * KB,
        limit_requests: 6,
    }];
    for (n_records, limit_bytes) in [(1_000, 150 * KB), (10_000, 150 * KB)] {
        let Some(packages) = packages::packages(n_records)? else {
            println!("{n_records} packages: left out, as apt lists no so many here");
            continue;
        };
        cases.push(Case {
            name: format!("{n_records} packages"),
            folder: build(&format!("bench-{n_records}"), &packages)?,
            queries: &DEBIAN_QUERIES,
            facets: &["type", "organisations", "topics"],
            limit_bytes,
            limit_requests: 8,
        });
    }

    let mut browser = 0;
    for file in BROWSER_FILES {
        browser += sizes::brotli(&fs::read(root().join(dist::NPM).join("dist").join(file))?)?;
    }
    println!(
        "\n{:<16} {:>8} {:>10} {:>7}  {:<30} {:>9} {:>9} {:>9}  {:>5} {:>5}",
        "index",
        "records",
        "bytes",
        "files",
        "first page",
        "index",
        "all",
        "budget",
        "files",
        "most"
    );
    for case in &cases {
        first_pages(case, browser)?;
    }
    Ok(())
}

/// Prints what the first page of each query costs, cold.
fn first_pages(case: &Case, browser: usize) -> Result<()> {
    let manifest = fs::read(case.folder.join(MANIFEST_NAME))
        .with_context(|| format!("cannot read the index in {}", case.folder.display()))?;
    let fresh = Index::open(&manifest).context("cannot open the index")?;
    let chunks: usize = fresh
        .chunks()
        .map(|(_, chunk)| chunk.packed_len as usize)
        .sum();
    let manifest_brotli = sizes::brotli(&manifest)?;
    for (at, text) in case.queries.iter().enumerate() {
        let mut query = Query::new(*text);
        for facet in case.facets {
            query = query.facet(facet);
        }
        let fetched = fetched(&case.folder, &manifest, &query)?;
        let index = manifest_brotli + fetched.bytes;
        let (all, requests) = (
            index + browser,
            1 + fetched.chunks.len() + BROWSER_FILES.len(),
        );
        let [name, records, bytes, files] = if at == 0 {
            let bytes = (chunks + manifest.len()).to_string();
            let files = (fresh.chunk_count() + 1).to_string();
            [
                case.name.clone(),
                fresh.doc_count().to_string(),
                bytes,
                files,
            ]
        } else {
            Default::default()
        };
        let shown = if text.is_empty() {
            "(everything)"
        } else {
            text
        };
        let is_over = all > case.limit_bytes || requests > case.limit_requests;
        println!(
            "{name:<16} {records:>8} {bytes:>10} {files:>7}  {shown:<30} {index:>9} {all:>9} {:>9}  \
             {requests:>5} {:>5}{}",
            case.limit_bytes,
            case.limit_requests,
            if is_over { "  over" } else { "" }
        );
    }
    Ok(())
}

/// The chunks that one query fetched.
struct Fetched {
    chunks: BTreeSet<u32>,
    bytes: usize,
}

/// Answers a query from nothing but the manifest, and counts.
fn fetched(folder: &Path, manifest: &[u8], query: &Query) -> Result<Fetched> {
    let mut index = Index::open(manifest)?;
    let mut fetched = Fetched {
        chunks: BTreeSet::new(),
        bytes: 0,
    };
    loop {
        let needed = match index.search(query)? {
            Step::Done(_) => return Ok(fetched),
            Step::Need(needed) => needed,
        };
        for ChunkId(id) in needed {
            let chunk = index
                .chunk(ChunkId(id))
                .context("the index asks for a chunk it does not have")?;
            let path = folder.join(&chunk.name);
            let packed =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            fetched.bytes += packed.len();
            fetched.chunks.insert(id);
            index.supply_packed(ChunkId(id), &packed)?;
        }
    }
}

/// Indexes records with the command line, and prints how long that took.
fn build(name: &str, records: &[serde_json::Value]) -> Result<PathBuf> {
    let folder = work_dir(name)?;
    let lines: Vec<String> = records.iter().map(ToString::to_string).collect();
    let text = lines.join("\n");
    let source = folder.join("records.jsonl");
    fs::write(&source, &text).with_context(|| format!("cannot write {}", source.display()))?;
    let out = folder.join("search");
    let started = Instant::now();
    run(speir()?
        .arg("build")
        .arg(&source)
        .args(["--quiet", "--out"])
        .arg(&out))?;
    let (seconds, megabytes) = (started.elapsed().as_secs_f64(), text.len() as f64 / 1e6);
    println!(
        "{} records: {megabytes:.1} MB built in {seconds:.2} s, {:.1} MB a second (budget: 8 on one core)",
        records.len(),
        megabytes / seconds
    );
    Ok(out)
}
