//! Measures of ranked results: pure arithmetic over grades.
//!
//! Knows grades and ranks. Knows no files. The definitions are those of trec_eval: gains are the
//! grades themselves, the discount of rank r is 1 / log2(r + 1) (Järvelin and Kekäläinen,
//! "Cumulated gain-based evaluation of IR techniques", 2002), grades below 0 count as 0.

use serde::Serialize;

/// Ranks that nDCG, MRR and precision look at: about a page of results.
const AT_PAGE: usize = 10;
/// Ranks that recall looks at.
const AT_RECALL: usize = 100;

/// How good the results of one query are, or of many in the mean; each between 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct Measures {
    /// The gain of the first 10, discounted by rank, as a share of what it can be.
    #[serde(rename = "ndcg@10")]
    pub(super) ndcg: f64,
    /// Mean average precision, over all results that were looked at.
    pub(super) map: f64,
    /// One divided by the rank of the first right result among 10.
    #[serde(rename = "mrr@10")]
    pub(super) mrr: f64,
    /// The share of right records that are among the first 100.
    #[serde(rename = "recall@100")]
    pub(super) recall: f64,
    /// The share of the first 10 that are right.
    #[serde(rename = "p@10")]
    pub(super) precision: f64,
}

impl Measures {
    /// The measures of one query: the grade of each result in order (0 for one that was not
    /// judged), and all grades that were given. One of these is above 0.
    pub(super) fn of(results: &[i64], judged: &[i64]) -> Measures {
        let mut best: Vec<i64> = judged.iter().copied().filter(|grade| *grade > 0).collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        let n_right = best.len() as f64;
        let is_right = |grade: &&i64| **grade > 0;
        let share = |most: usize| results.iter().take(most).filter(is_right).count() as f64;
        let mut n_hits = 0;
        let mut precisions = 0.0;
        for (at, _) in results.iter().enumerate().filter(|(_, grade)| **grade > 0) {
            n_hits += 1;
            precisions += f64::from(n_hits) / (at + 1) as f64;
        }
        let first = results.iter().take(AT_PAGE).position(|grade| *grade > 0);
        Measures {
            ndcg: gain(results) / gain(&best),
            map: precisions / n_right,
            mrr: first.map_or(0.0, |at| 1.0 / (at + 1) as f64),
            recall: share(AT_RECALL) / n_right,
            precision: share(AT_PAGE) / AT_PAGE as f64,
        }
    }

    /// The mean of many; zeros for none.
    pub(super) fn mean(all: &[Measures]) -> Measures {
        let n = all.len().max(1) as f64;
        let mean = |part: fn(&Measures) -> f64| all.iter().map(part).sum::<f64>() / n;
        Measures {
            ndcg: mean(|one| one.ndcg),
            map: mean(|one| one.map),
            mrr: mean(|one| one.mrr),
            recall: mean(|one| one.recall),
            precision: mean(|one| one.precision),
        }
    }
}

/// The discounted gain of the first page.
fn gain(grades: &[i64]) -> f64 {
    let first = grades.iter().take(AT_PAGE).enumerate();
    first
        .map(|(at, grade)| (*grade).max(0) as f64 / (at as f64 + 2.0).log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(results: &[i64], judged: &[i64], expected: [f64; 5]) {
        let got = Measures::of(results, judged);
        let got = [got.ndcg, got.map, got.mrr, got.recall, got.precision];
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-9, "{got} is not {expected}");
        }
    }

    #[test]
    fn measures_worked_by_hand() {
        // What is best comes first, and there is nothing else.
        check(&[3, 1], &[1, 3], [1.0, 1.0, 1.0, 1.0, 0.2]);
        // Nothing was found.
        check(&[], &[1], [0.0; 5]);
        // The only right one is third: 1 / log2(4) = 0.5.
        check(&[0, 0, 1], &[1, 0], [0.5, 1.0 / 3.0, 1.0 / 3.0, 1.0, 0.1]);
        // Right ones at ranks 1 and 4 of three: average precision (1 + 2/4) / 3.
        let ndcg =
            (1.0 + 1.0 / 5.0_f64.log2()) / (1.0 + 1.0 / 3.0_f64.log2() + 1.0 / 4.0_f64.log2());
        check(
            &[1, 0, -2, 1],
            &[1, 1, 1, -2],
            [ndcg, 0.5, 1.0, 2.0 / 3.0, 0.2],
        );
    }

    #[test]
    fn a_page_is_ten_and_recall_looks_at_a_hundred() {
        let at = |rank: usize| {
            let mut results = vec![0; rank - 1];
            results.push(1);
            results
        };
        check(&at(11), &[1], [0.0, 1.0 / 11.0, 0.0, 1.0, 0.0]);
        check(&at(101), &[1], [0.0, 1.0 / 101.0, 0.0, 0.0, 0.0]);
    }
}
