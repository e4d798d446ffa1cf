//! What is counted, and nothing else in the functions whose names begin with `counted_`:
//! `build RECORDS.jsonl` the making of an index; `search FOLDER QUERIES.json ROW` the answers to a
//! row of queries, all chunks supplied.

use std::fs;
use std::hint::black_box;

use anyhow::{Context, Result, bail};
use serde_json::Value as Json;
use speir::memory::MemoryIndex;
use speir::{File, IndexBuilder, Query, Record, Schema};

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["build", source] => {
            let text = fs::read_to_string(source)?;
            let records: Vec<Record> = text.lines().map(record).collect::<Result<_>>()?;
            black_box(counted_build(&records)?);
            Ok(())
        }
        ["search", folder, queries, row] => search(folder, queries, row),
        _ => bail!("build RECORDS.jsonl, or search FOLDER QUERIES.json ROW"),
    }
}

#[inline(never)]
fn counted_build(records: &[Record]) -> Result<Vec<File>> {
    let mut builder = IndexBuilder::new(Schema::default());
    for record in records {
        builder.add(record)?;
    }
    Ok(builder.finish()?)
}

#[inline(never)]
fn counted_search(index: &MemoryIndex, queries: &[Query]) -> Result<()> {
    for query in queries {
        black_box(index.search(query)?);
    }
    Ok(())
}

fn record(line: &str) -> Result<Record> {
    let json: Json = serde_json::from_str(line)?;
    let text = |name: &str| json[name].as_str().unwrap_or_default();
    let mut record = Record::new(text("id"), text("title")).url(text("url"));
    for name in ["description", "body", "type", "organisations", "topics"] {
        if !text(name).is_empty() {
            record = record.field(name, text(name));
        }
    }
    Ok(record)
}

fn search(folder: &str, queries: &str, row: &str) -> Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            files.push(File {
                name,
                bytes: fs::read(&path)?,
            });
        }
    }
    let index = speir::memory::open(&files)?;
    let rows: Json = serde_json::from_slice(&fs::read(queries)?)?;
    let texts = rows["rows"][row].as_array().context("no such row")?;
    let query = |text: &str| match row {
        "facets" => Query::new(text)
            .facet("type")
            .facet("organisations")
            .facet("topics"),
        _ => Query::new(text),
    };
    let queries: Vec<Query> = texts.iter().filter_map(Json::as_str).map(query).collect();
    counted_search(&index, &queries)
}
