//! One corpus as a table: ratios first, then figures, then the budget.

use super::engines::{ENGINES, Engine};
use super::figures::Figures;
use super::metrics::{self, Metric};

/// What was measured on one corpus.
pub(super) struct Measured {
    pub(super) corpus: String,
    pub(super) n_records: usize,
    pub(super) n_bytes: usize,
    pub(super) is_packages: bool,
    pub(super) engines: Vec<(Engine, Figures)>,
}

impl Measured {
    pub(super) fn of(&self, engine: Engine) -> Option<&Figures> {
        self.engines
            .iter()
            .find(|(one, _)| *one == engine)
            .map(|(_, figures)| figures)
    }

    pub(super) fn figure(&self, engine: Engine, key: &str) -> Option<f64> {
        self.of(engine)?.get(key)
    }

    /// The peers that were measured.
    fn peers(&self) -> Vec<Engine> {
        let is_there = |engine: &Engine| *engine != Engine::Speir && self.of(*engine).is_some();
        ENGINES.into_iter().filter(is_there).collect()
    }

    /// The head of the table and its rows, each of as many cells.
    pub(super) fn rows(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let peers = self.peers();
        let mut head = vec![String::new()];
        head.extend(peers.iter().map(|peer| format!("/ {}", peer.name())));
        head.push(Engine::Speir.name().to_owned());
        head.push("budget".to_owned());
        head.extend(peers.iter().map(|peer| peer.name().to_owned()));
        let rows = metrics::all()
            .filter_map(|metric| self.row(metric, &peers))
            .collect();
        (head, rows)
    }

    /// One row; `None` where nobody has this figure.
    fn row(&self, metric: &Metric, peers: &[Engine]) -> Option<Vec<String>> {
        let ours = self.figure(Engine::Speir, metric.key);
        let theirs: Vec<Option<f64>> = peers
            .iter()
            .map(|peer| self.figure(*peer, metric.key))
            .collect();
        if ours.is_none() && theirs.iter().all(Option::is_none) {
            return None;
        }
        let told = |figure: Option<f64>| {
            figure.map_or("–".to_owned(), |figure| metric.unit.told(figure))
        };
        let mut row = vec![metric.label.to_owned()];
        row.extend(theirs.iter().map(|theirs| ratio(ours, *theirs)));
        row.push(told(ours));
        let limit = metric.limit(
            self.n_records,
            self.figure(Engine::Speir, "bytes_disk"),
            self.figure(Engine::Pagefind, metric.key),
        );
        row.push(match (limit, ours) {
            (Some(limit), Some(ours)) if metric.is_over(ours, limit) => {
                format!(
                    "{}, {}",
                    metric.unit.told(limit),
                    if metric.more { "under" } else { "over" }
                )
            }
            (Some(limit), _) => metric.unit.told(limit),
            (None, _) => String::new(),
        });
        row.extend(theirs.into_iter().map(told));
        Some(row)
    }

    /// The table as a terminal shows it.
    pub(super) fn print(&self) {
        println!(
            "\n{}, {:.1} MB as JSON lines\n",
            self.corpus,
            self.n_bytes as f64 / 1e6
        );
        let (head, rows) = self.rows();
        let all: Vec<&Vec<String>> = std::iter::once(&head).chain(&rows).collect();
        let width = |column: usize| {
            let cells = all.iter().filter_map(|row| row.get(column));
            cells
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or_default()
        };
        for row in &all {
            let cells = row.iter().enumerate().map(|(column, cell)| {
                let width = width(column);
                if column == 0 {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            });
            println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
        }
    }

    /// The table as Markdown has it.
    pub(super) fn to_markdown(&self) -> String {
        let (head, rows) = self.rows();
        let line = |row: &[String]| format!("| {} |\n", row.join(" | "));
        let mut out = line(&head);
        out.push_str("|---|");
        out.push_str(&"--:|".repeat(head.len() - 1));
        out.push('\n');
        rows.iter().for_each(|row| out.push_str(&line(row)));
        out
    }
}

/// How many times theirs ours is.
fn ratio(ours: Option<f64>, theirs: Option<f64>) -> String {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) if theirs > 0.0 => {
            let ratio = ours / theirs;
            if ratio < 0.1 {
                format!("×{ratio:.3}")
            } else {
                format!("×{ratio:.2}")
            }
        }
        _ => String::new(),
    }
}
