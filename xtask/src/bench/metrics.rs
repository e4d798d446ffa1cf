//! The rows of the tables: what each figure is called, in which unit it is told, and its budget.
//!
//! Budgets are those of the design; where it has none for a corpus of this size, there is none.

/// In which unit a figure is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Seconds,
    Millis,
    /// Told in kB or MB.
    Bytes,
    Count,
    Percent,
    MegabytesASecond,
}

impl Unit {
    /// A figure as it is read, with its unit.
    pub(super) fn told(self, figure: f64) -> String {
        match self {
            Unit::Seconds => format!("{figure:.2} s"),
            Unit::Millis if figure < 10.0 => format!("{figure:.2} ms"),
            Unit::Millis => format!("{figure:.0} ms"),
            Unit::Bytes if figure < 1e6 => format!("{:.1} kB", figure / 1e3),
            Unit::Bytes => format!("{:.2} MB", figure / 1e6),
            Unit::Count => format!("{figure:.0}"),
            Unit::Percent => format!("{figure:.1} %"),
            Unit::MegabytesASecond => format!("{figure:.1} MB/s"),
        }
    }
}

/// One row.
pub(super) struct Metric {
    pub(super) key: &'static str,
    pub(super) label: &'static str,
    pub(super) unit: Unit,
    /// True where more is better.
    pub(super) more: bool,
    pub(super) budget: Budget,
}

/// What the design allows.
pub(super) enum Budget {
    None,
    /// The same for every corpus.
    Is(f64),
    /// Up to so many records so much; none above the last.
    UpTo(&'static [(usize, f64)]),
    /// From so many records on, it holds; below, nothing is asked.
    From(usize, f64),
    /// At most twice the finished index and 200 MB.
    Memory,
    /// At most this part of Pagefind's figure in the same run.
    OfPagefind(f64),
}

const fn less(key: &'static str, label: &'static str, unit: Unit, budget: Budget) -> Metric {
    Metric {
        key,
        label,
        unit,
        more: false,
        budget,
    }
}

const fn more(key: &'static str, label: &'static str, unit: Unit, budget: Budget) -> Metric {
    Metric {
        key,
        label,
        unit,
        more: true,
        budget,
    }
}

/// First pages with the widget, by the number of records.
const WIDGET: Budget = Budget::UpTo(&[(100, 100e3), (10_000, 150e3), (100_000, 200e3)]);

/// What one new record may send again, where the rest is large enough to tell.
const REISSUED: Budget = Budget::From(10_000, 2.0);

use Unit::{Bytes, Count, MegabytesASecond, Millis, Percent, Seconds};

/// What a reader downloads.
const DOWNLOADED: &[Metric] = &[
    less(
        "first_all_p50",
        "first page, cold: code and index, median",
        Bytes,
        Budget::OfPagefind(0.6),
    ),
    less("first_all_worst", "– worst query", Bytes, Budget::None),
    less("first_code_p50", "– of it code", Bytes, Budget::Is(66e3)),
    less(
        "first_index_p50",
        "– of it index, median",
        Bytes,
        Budget::None,
    ),
    less(
        "first_requests_p50",
        "– requests, median",
        Count,
        Budget::None,
    ),
    less(
        "first_requests_worst",
        "– requests, worst",
        Count,
        Budget::None,
    ),
    less(
        "widget_all_p50",
        "first page with Speir's widget, median",
        Bytes,
        WIDGET,
    ),
    less("widget_all_worst", "– worst query", Bytes, WIDGET),
    less(
        "widget_requests_worst",
        "– requests, worst",
        Count,
        Budget::UpTo(&[(100, 6.0), (100_000, 8.0)]),
    ),
    less(
        "further_index_p50",
        "a further word, median",
        Bytes,
        Budget::Is(20e3),
    ),
    less("further_index_worst", "– worst", Bytes, Budget::Is(20e3)),
    less(
        "typing_index_requests_p50",
        "requests while 7 letters are typed, median",
        Count,
        Budget::None,
    ),
    less("typing_index_p50", "– bytes", Bytes, Budget::None),
];

/// The rows of kinds of queries that are timed: three percentiles each.
macro_rules! timed {
    ($($kind:literal: $label:literal,)*) => {
        &[$(
            less(concat!($kind, "_p50"), concat!($label, ", p50"), Millis, Budget::Is(1.0)),
            less(concat!($kind, "_p95"), "– p95", Millis, Budget::None),
            less(concat!($kind, "_p99"), "– p99", Millis, Budget::Is(10.0)),
        )*]
    };
}

/// How long queries take once the chunks are there.
const TIMED: &[Metric] = timed! {
    "word1": "one word",
    "word2": "two words",
    "word3": "three words",
    "prefix": "as it is typed",
    "slip": "a slip",
    "absent": "a word that is not there",
};

/// All else.
const REST: &[Metric] = &[
    less(
        "word1_first_p50",
        "one word for the first time, chunks fetched, p50",
        Millis,
        Budget::None,
    ),
    less(
        "commonest_worst",
        "the five commonest words, worst",
        Millis,
        Budget::Is(20.0),
    ),
    less(
        "facets_p50",
        "a word with three facets counted, p50",
        Millis,
        Budget::None,
    ),
    less("facets_p95", "– p95", Millis, Budget::None),
    less("facets_worst", "– worst", Millis, Budget::Is(20.0)),
    more(
        "word1_recall",
        "recall@10, one word",
        Percent,
        Budget::Is(95.0),
    ),
    more("word2_recall", "– two words", Percent, Budget::Is(95.0)),
    more("word3_recall", "– three words", Percent, Budget::Is(99.95)),
    more(
        "prefix_recall",
        "– as it is typed",
        Percent,
        Budget::Is(98.0),
    ),
    more("slip_recall", "– slips", Percent, Budget::Is(95.0)),
    less(
        "memory_first",
        "memory of the page after one search",
        Bytes,
        Budget::None,
    ),
    less("memory_all", "– after all of them", Bytes, Budget::None),
    less("build_wall_s", "build, seconds", Seconds, Budget::None),
    less("build_cpu_s", "– of the processor", Seconds, Budget::None),
    more(
        "build_mb_s",
        "– record text a processor second",
        MegabytesASecond,
        Budget::From(1_000, 8.0),
    ),
    less("build_peak_bytes", "– most memory", Bytes, Budget::Memory),
    less("files", "files", Count, Budget::None),
    less("bytes_disk", "bytes on disk", Bytes, Budget::None),
    less(
        "bytes_without_store",
        "– without stored texts",
        Bytes,
        Budget::None,
    ),
    less("bytes_sent", "– as sent, with brotli", Bytes, Budget::None),
    less(
        "reissued_bytes",
        "sent again after one new record",
        Bytes,
        Budget::None,
    ),
    less("reissued_percent", "– of the index", Percent, REISSUED),
];

/// All rows, in order.
pub(super) fn all() -> impl Iterator<Item = &'static Metric> {
    DOWNLOADED.iter().chain(TIMED).chain(REST)
}

impl Metric {
    /// The budget for a corpus of this many records, an index of this many bytes, and where
    /// Pagefind has this figure.
    pub(super) fn limit(
        &self,
        n_records: usize,
        index_bytes: Option<f64>,
        pagefind: Option<f64>,
    ) -> Option<f64> {
        match &self.budget {
            Budget::None => None,
            Budget::Is(limit) => Some(*limit),
            Budget::UpTo(steps) => {
                let fits = |(most, _): &&(usize, f64)| n_records <= *most;
                steps.iter().find(fits).map(|(_, limit)| *limit)
            }
            Budget::From(least, limit) => (n_records >= *least).then_some(*limit),
            Budget::Memory => Some(2.0 * index_bytes? + 200e6),
            Budget::OfPagefind(part) => Some(part * pagefind?),
        }
    }

    /// True where a figure is worse than its budget.
    pub(super) fn is_over(&self, figure: f64, limit: f64) -> bool {
        if self.more {
            figure < limit
        } else {
            figure > limit
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_at_its_budget_is_not_over() {
        let metric = all()
            .find(|metric| metric.key == "word1_p99")
            .expect("a row");
        assert_eq!(metric.limit(1_000, None, None), Some(10.0));
        assert!(!metric.is_over(10.0, 10.0));
        assert!(metric.is_over(10.1, 10.0));
    }

    #[test]
    fn keys_are_different() {
        let mut keys: Vec<&str> = all().map(|metric| metric.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all().count());
    }
}
