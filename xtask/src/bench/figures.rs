//! What was measured of one engine on one corpus: numbers by name.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::draw::Asked;

/// Numbers by name. A name that is not there was not measured.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures(BTreeMap<String, f64>);

impl Figures {
    pub(super) fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }

    pub(super) fn set(&mut self, name: &str, figure: f64) {
        self.0.insert(name.to_owned(), figure);
    }

    /// Sets a number, and nothing where the JSON is none.
    pub(super) fn set_json(&mut self, name: &str, figure: &Json) {
        if let Some(figure) = figure.as_f64() {
            self.set(name, figure);
        }
    }

    /// Sets `NAME_p50`, `NAME_p95`, `NAME_p99` and `NAME_worst` of numbers in any order.
    fn set_spread(&mut self, name: &str, mut numbers: Vec<f64>) {
        numbers.sort_by(f64::total_cmp);
        for (mark, part) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("worst", 1.0)] {
            if let Some(number) = percentile(&numbers, part) {
                self.set(&format!("{name}_{mark}"), number);
            }
        }
    }

    /// Takes what a driver wrote: single numbers, cold pages, and rows of timed queries.
    pub(super) fn take(&mut self, measured: &Json, asked: &Asked) {
        for name in [
            "files",
            "bytes_disk",
            "bytes_sent",
            "bytes_without_store",
            "memory_first",
            "memory_all",
        ] {
            self.set_json(name, &measured[name]);
        }
        for (group, keys) in [
            ("first", &["code", "index", "all", "requests"][..]),
            ("widget", &["all", "requests"]),
            ("further", &["index"]),
            ("typing", &["index_requests", "index"]),
        ] {
            let pages = measured[group].as_array().map_or(&[][..], Vec::as_slice);
            for key in keys {
                let numbers = pages.iter().filter_map(|page| match *key {
                    "all" => Some(page["code"].as_f64()? + page["index"].as_f64()?),
                    key => page[key].as_f64(),
                });
                self.set_spread(&format!("{group}_{key}"), numbers.collect());
            }
        }
        for row in &asked.rows {
            let Some(timed) = measured["rows"][row.name].as_array() else {
                continue;
            };
            let times = |key: &str| {
                timed
                    .iter()
                    .filter_map(|query| query[key].as_f64())
                    .collect()
            };
            self.set_spread(row.name, times("best_ms"));
            self.set_spread(&format!("{}_first", row.name), times("first_ms"));
            let recalls = row.queries.iter().zip(timed).filter_map(|(query, timed)| {
                let ids = timed["ids"].as_array()?.iter().filter_map(Json::as_str);
                query
                    .wanted
                    .as_ref()?
                    .recall(&mut ids.filter_map(|id| asked.number(id)))
            });
            let recalls: Vec<f64> = recalls.collect();
            if !recalls.is_empty() {
                let mean = recalls.iter().sum::<f64>() / recalls.len() as f64;
                self.set(&format!("{}_recall", row.name), 100.0 * mean);
            }
        }
    }

    /// As JSON, for whoever wants to plot it otherwise.
    pub(super) fn to_json(&self) -> Json {
        self.0
            .iter()
            .map(|(name, figure)| (name.clone(), Json::from(*figure)))
            .collect()
    }
}

/// The smallest number that this part of the sorted numbers does not exceed (nearest rank).
fn percentile(sorted: &[f64], part: f64) -> Option<f64> {
    let rank = (sorted.len() as f64 * part).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_numbers() {
        let numbers = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(percentile(&numbers, 0.5), Some(2.0));
        assert_eq!(percentile(&numbers, 0.95), Some(4.0));
        assert_eq!(percentile(&numbers[..1], 0.5), Some(1.0));
        assert_eq!(percentile(&[], 0.5), None);
    }
}
