//! Tantivy on the records of the bench: `build RECORDS.jsonl FOLDER`, and
//! `search FOLDER QUERIES.json OUT.json`. One thread, its own tokenizer, all texts stored.
//!
//! Times what a page of ten costs: titles and excerpts are fetched too.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};
use serde_json::{Map, Value as Json, json};
use tantivy::aggregation::AggregationCollector;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, FuzzyTermQuery, Query, QueryParser};
use tantivy::schema::{FAST, Field, STORED, STRING, Schema, TEXT, Value};
use tantivy::snippet::SnippetGenerator;
use tantivy::{DocAddress, Index, ReloadPolicy, Searcher, TantivyDocument, Term};

/// What tantivy's own examples give a writer.
const HEAP_BYTES: usize = 50_000_000;

const TEXTS: [&str; 3] = ["title", "description", "body"];
const LABELS: [&str; 3] = ["type", "organisations", "topics"];

/// Runs of one query, the best of which counts.
const RUNS: usize = 5;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["build", source, folder] => build(source, folder),
        ["search", folder, queries, out] => search(folder, queries, out),
        _ => bail!("build RECORDS.jsonl FOLDER, or search FOLDER QUERIES.json OUT.json"),
    }
}

fn build(source: &str, folder: &str) -> Result<()> {
    let mut schema = Schema::builder();
    schema.add_text_field("id", STRING | STORED);
    schema.add_text_field("url", STORED);
    for name in TEXTS {
        schema.add_text_field(name, TEXT | STORED);
    }
    for name in LABELS {
        schema.add_text_field(name, STRING | STORED | FAST);
    }
    let schema = schema.build();
    fs::create_dir_all(folder)?;
    let index = Index::create_in_dir(folder, schema.clone())?;
    let mut writer = index.writer_with_num_threads(1, HEAP_BYTES)?;
    for line in fs::read_to_string(source)?.lines() {
        let record: Json = serde_json::from_str(line)?;
        let mut document = TantivyDocument::default();
        for (field, entry) in schema.fields() {
            let value = &record[entry.name()];
            let all = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for text in all.iter().filter_map(Json::as_str) {
                document.add_text(field, text);
            }
        }
        writer.add_document(document)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}

/// An opened index, and what is asked of it again and again.
struct Asker {
    searcher: Searcher,
    parser: QueryParser,
    texts: Vec<Field>,
    id: Field,
    facets: Aggregations,
}

fn search(folder: &str, queries: &str, out: &str) -> Result<()> {
    let index = Index::open_in_dir(folder)?;
    let schema = index.schema();
    let reader = index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()?;
    let texts: Vec<Field> = TEXTS
        .iter()
        .map(|name| schema.get_field(name))
        .collect::<Result<_, _>>()?;
    let mut parser = QueryParser::for_index(&index, texts.clone());
    parser.set_conjunction_by_default();
    let facets: Map<String, Json> = LABELS
        .iter()
        .map(|name| {
            (
                (*name).to_owned(),
                json!({ "terms": { "field": name, "size": 20 } }),
            )
        })
        .collect();
    let asker = Asker {
        searcher: reader.searcher(),
        parser,
        texts,
        id: schema.get_field("id")?,
        facets: serde_json::from_value(Json::Object(facets))?,
    };

    let queries: Json = serde_json::from_slice(&fs::read(queries)?)?;
    let mut rows = Map::new();
    for (row, texts) in queries["rows"].as_object().into_iter().flatten() {
        let mut timed = Vec::new();
        for text in texts
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
        {
            timed.push(asker.time(text, row)?);
        }
        rows.insert(row.clone(), Json::Array(timed));
    }
    let weight = weigh(Path::new(folder))?;
    let seen = json!({
        "rows": rows,
        "files": weight.n_files,
        "bytes_disk": weight.n_bytes,
        "bytes_without_store": weight.n_bytes - weight.n_store_bytes,
    });
    fs::write(out, seen.to_string())?;
    Ok(())
}

impl Asker {
    fn time(&self, text: &str, row: &str) -> Result<Json> {
        let (mut first_ms, mut best_ms, mut ids) = (None, f64::INFINITY, Vec::new());
        for _ in 0..RUNS {
            let began = Instant::now();
            ids = self.ask(text, row)?;
            let ms = began.elapsed().as_secs_f64() * 1e3;
            first_ms.get_or_insert(ms);
            best_ms = best_ms.min(ms);
        }
        Ok(json!({ "first_ms": first_ms, "best_ms": best_ms, "ids": ids }))
    }

    /// The ids of the first ten, with what a page would show of them made and thrown away.
    fn ask(&self, text: &str, row: &str) -> Result<Vec<String>> {
        let query: Box<dyn Query> = match row {
            "prefix" => self.near(text, |term| FuzzyTermQuery::new_prefix(term, 0, true)),
            "slip" | "absent" => self.near(text, |term| FuzzyTermQuery::new(term, 1, true)),
            _ => self.parser.parse_query(text)?,
        };
        let ten = TopDocs::with_limit(10).order_by_score();
        let hits: Vec<(f32, DocAddress)> = if row == "facets" {
            let counts = AggregationCollector::from_aggs(self.facets.clone(), Default::default());
            self.searcher.search(&query, &(ten, counts))?.0
        } else {
            self.searcher.search(&query, &ten)?
        };
        let mut excerpts = SnippetGenerator::create(&self.searcher, &query, self.texts[2])?;
        excerpts.set_max_num_chars(150);
        let mut ids = Vec::new();
        for (_, address) in hits {
            let document: TantivyDocument = self.searcher.doc(address)?;
            std::hint::black_box(excerpts.snippet_from_doc(&document).to_html());
            let id = document.get_first(self.id).and_then(|id| id.as_str());
            ids.push(id.unwrap_or_default().to_owned());
        }
        Ok(ids)
    }

    /// A word in any of the texts, taken loosely.
    fn near(&self, text: &str, how: impl Fn(Term) -> FuzzyTermQuery) -> Box<dyn Query> {
        let each = self.texts.iter().map(|field| {
            let query: Box<dyn Query> = Box::new(how(Term::from_field_text(*field, text)));
            query
        });
        Box::new(BooleanQuery::union(each.collect()))
    }
}

#[derive(Default)]
struct Weight {
    n_files: u64,
    n_bytes: u64,
    n_store_bytes: u64,
}

fn weigh(folder: &Path) -> Result<Weight> {
    let mut weight = Weight::default();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let n_bytes = entry.metadata()?.len();
        weight.n_files += 1;
        weight.n_bytes += n_bytes;
        if entry
            .path()
            .extension()
            .is_some_and(|ending| ending == "store")
        {
            weight.n_store_bytes += n_bytes;
        }
    }
    Ok(weight)
}
