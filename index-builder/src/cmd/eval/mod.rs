//! `speir eval`: how good the results are, by judgements that people made.
//!
//! Knows the order of the work: ask every query, look up what was judged, take the mean. How files
//! are written, `judged` knows; what is counted, `measures` knows.

mod judged;
mod measures;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use serde_json::json;
use speir::MAX_LIMIT;

use super::{ask, count, open, print, problem, read_text};
use crate::args::EvalArgs;
use crate::dir::DirIndex;
use crate::problem::{Problem, plain};
use judged::{Asked, Judgements};
use measures::Measures;

/// Most queries without results that are listed for people.
const SILENT_ROWS: usize = 20;

/// Measures, prints, and fails where the results are worse than asked for.
pub(crate) fn run(args: &EvalArgs) -> Result<(), Problem> {
    let mut index = open(&args.folder)?;
    let queries = judged::queries(&args.queries, &read_text(&args.queries)?)?;
    let judgements = judged::judgements(&args.judgements, &read_text(&args.judgements)?)?;
    let report = Report::make(&mut index, &queries, &judgements, args)?;
    report.print(args)?;
    let ndcg = report.mean.ndcg;
    match args.min_ndcg {
        Some(least) if ndcg < least => Err(Problem::new(
            "ndcg-too-low",
            format!("nDCG@10 is {ndcg:.4}, but should be {least} at least"),
            "see which queries became worse: keep the --run of a former build beside this one",
        )),
        _ => Ok(()),
    }
}

struct Report<'a> {
    mean: Measures,
    n_asked: usize,
    n_judged: usize,
    /// Judged queries that the file of queries lacks: they count as found nothing.
    n_missing: usize,
    silent: Vec<&'a Asked>,
}

impl<'a> Report<'a> {
    /// Asks every query, and writes down what came if that is wanted.
    fn make(
        index: &mut DirIndex,
        queries: &'a [Asked],
        judgements: &Judgements,
        args: &EvalArgs,
    ) -> Result<Report<'a>, Problem> {
        let mut measured: BTreeMap<&str, Measures> = BTreeMap::new();
        let mut silent = Vec::new();
        let mut run = String::new();
        for asked in queries {
            let mut query = ask::query(&asked.text, &args.asking)
                .limit(MAX_LIMIT)
                .without_texts();
            query.lang = query.lang.or_else(|| asked.lang.clone());
            let page = index.search(&query).map_err(problem)?;
            if page.hits.is_empty() {
                silent.push(asked);
            }
            if args.run.is_some() {
                for (hit, rank) in page.hits.iter().zip(1..) {
                    // Writing to a string cannot fail.
                    let _ = writeln!(run, "{}\t{}\t{rank}\t{}", asked.id, hit.id, hit.score);
                }
            }
            if let Some(grades) = judgements.get(&asked.id) {
                let grade = |id: &str| grades.get(id).copied().unwrap_or(0);
                let results: Vec<i64> = page.hits.iter().map(|hit| grade(&hit.id)).collect();
                let all: Vec<i64> = grades.values().copied().collect();
                measured.insert(&asked.id, Measures::of(&results, &all));
            }
        }
        if let Some(path) = &args.run {
            fs::write(path, run).map_err(|error| Problem::io("write to", path, &error))?;
        }
        let ids: BTreeSet<&str> = queries.iter().map(|asked| asked.id.as_str()).collect();
        let is_missing = |id: &&String| !ids.contains(id.as_str());
        let n_missing = judgements.keys().filter(is_missing).count();
        let mut all: Vec<Measures> = measured.into_values().collect();
        if all.is_empty() {
            return Err(Problem::new(
                "judgements",
                format!(
                    "no query of {} is judged in {}",
                    args.queries.display(),
                    args.judgements.display()
                ),
                "see that both files call the queries by the same ids",
            ));
        }
        all.resize(judgements.len(), Measures::default());
        Ok(Report {
            mean: Measures::mean(&all),
            n_asked: queries.len(),
            n_judged: judgements.len(),
            n_missing,
            silent,
        })
    }

    fn print(&self, args: &EvalArgs) -> Result<(), Problem> {
        if args.json {
            let mut object = json!({ "queries": self.n_judged });
            if let Ok(serde_json::Value::Object(measures)) = serde_json::to_value(self.mean) {
                for (name, value) in measures {
                    object[name] = value;
                }
            }
            object["asked"] = self.n_asked.into();
            object["missing"] = self.n_missing.into();
            object["withoutResults"] = self
                .silent
                .iter()
                .map(|asked| json!({ "id": asked.id, "text": asked.text }))
                .collect();
            return print(|out| writeln!(out, "{object}"));
        }
        print(|out| {
            let judged = count_queries(self.n_judged);
            writeln!(out, "{judged} judged, {} asked.", self.n_asked)?;
            if self.n_missing > 0 {
                let missing = count_queries(self.n_missing);
                let file = args.queries.display();
                writeln!(out, "{missing} judged but not in {file}: counted as 0.")?;
            }
            let Measures {
                ndcg,
                map,
                mrr,
                recall,
                precision,
            } = self.mean;
            for (name, value) in [
                ("nDCG@10", ndcg),
                ("MAP", map),
                ("MRR@10", mrr),
                ("recall@100", recall),
                ("p@10", precision),
            ] {
                writeln!(out, "{name:<11}{value:.4}")?;
            }
            if self.silent.is_empty() {
                return writeln!(out, "Every query has results.");
            }
            writeln!(out, "{} without results:", count_queries(self.silent.len()))?;
            for asked in self.silent.iter().take(SILENT_ROWS) {
                writeln!(out, "  {}  {}", plain(&asked.id), plain(&asked.text))?;
            }
            if self.silent.len() > SILENT_ROWS {
                writeln!(out, "  and {} more", self.silent.len() - SILENT_ROWS)?;
            }
            Ok(())
        })
    }
}

fn count_queries(n: usize) -> String {
    if n == 1 {
        "1 query".to_owned()
    } else {
        format!("{n} queries")
    }
}
