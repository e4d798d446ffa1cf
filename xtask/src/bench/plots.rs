//! Plots as SVG by hand: one figure of every engine against the number of records, both by powers of ten.
//!
//! Colours come from the reader's own scheme, light or dark, by a rule within the file.

use std::fmt::Write as _;

use super::engines::{ENGINES, Engine};
use super::metrics::Unit;
use super::table::Measured;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 104.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 48.0;

/// One plot.
pub(super) struct Plot {
    pub(super) title: &'static str,
    pub(super) key: &'static str,
    pub(super) unit: Unit,
}

/// A scale by powers of ten over a range of whole powers.
struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    fn over(numbers: impl Iterator<Item = f64> + Clone, start: f64, end: f64) -> Scale {
        let least = numbers.clone().fold(f64::INFINITY, f64::min);
        let most = numbers.fold(0.0, f64::max);
        let (from, to) = (least.log10().floor(), most.log10().ceil());
        Scale {
            from,
            to: to.max(from + 1.0),
            start,
            end,
        }
    }

    fn at(&self, number: f64) -> f64 {
        let part = (number.log10() - self.from) / (self.to - self.from);
        self.start + part * (self.end - self.start)
    }

    fn powers(&self) -> impl Iterator<Item = f64> {
        (self.from as i32..=self.to as i32).map(|power| 10_f64.powi(power))
    }
}

impl Plot {
    /// The SVG; `None` where fewer than two sizes were measured.
    pub(super) fn draw(&self, all: &[Measured]) -> Option<String> {
        let mut sizes: Vec<&Measured> = all.iter().filter(|one| one.is_packages).collect();
        sizes.sort_by_key(|one| one.n_records);
        if sizes.len() < 2 {
            return None;
        }
        let series: Vec<(Engine, Vec<(f64, f64)>)> = ENGINES
            .into_iter()
            .map(|engine| {
                let points = sizes
                    .iter()
                    .filter_map(|one| Some((one.n_records as f64, one.figure(engine, self.key)?)));
                (engine, points.collect::<Vec<_>>())
            })
            .filter(|(_, points)| !points.is_empty())
            .collect();
        let points = series.iter().flat_map(|(_, points)| points.iter().copied());
        let x = Scale::over(points.clone().map(|point| point.0), LEFT, WIDTH - RIGHT);
        let y = Scale::over(points.map(|point| point.1), HEIGHT - BOTTOM, TOP);
        let mut out = String::new();
        self.frame(&mut out, &x, &y);
        let mut labels = Vec::new();
        for (engine, points) in &series {
            let line: Vec<String> = points
                .iter()
                .map(|(n, f)| format!("{:.1},{:.1}", x.at(*n), y.at(*f)))
                .collect();
            let class = engine.name().to_lowercase();
            let _ = writeln!(
                out,
                "<polyline class=\"{class}\" points=\"{}\"/>",
                line.join(" ")
            );
            for (n, figure) in points {
                let _ = writeln!(
                    out,
                    "<circle class=\"{class}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\"><title>{}: {}</title></circle>",
                    x.at(*n),
                    y.at(*figure),
                    engine.name(),
                    self.unit.told(*figure)
                );
            }
            if let Some((n, figure)) = points.last() {
                labels.push((y.at(*figure), x.at(*n), *engine));
            }
        }
        write_labels(&mut out, labels);
        out.push_str("</svg>\n");
        Some(out)
    }

    fn frame(&self, out: &mut String, x: &Scale, y: &Scale) {
        let title = self.title;
        let _ = writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             aria-label=\"{title}\">\n<style>{STYLE}</style>\n\
             <rect class=\"paper\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\n\
             <text x=\"16\" y=\"26\" class=\"title\">{title}</text>"
        );
        let (left, right, top, bottom) = (LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM);
        for power in y.powers() {
            let (at, told) = (y.at(power), short(self.unit.told(power)));
            let _ = writeln!(
                out,
                "<path class=\"grid\" d=\"M{left} {at:.1}H{right}\"/>\
                 <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{told}</text>",
                left - 8.0,
                at + 4.0
            );
        }
        for power in x.powers() {
            let at = x.at(power);
            let told = super::corpus::thousands(power as usize);
            let _ = writeln!(
                out,
                "<path class=\"grid\" d=\"M{at:.1} {top}V{bottom}\"/>\
                 <text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{told}</text>",
                bottom + 18.0
            );
        }
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">records</text>",
            (left + right) / 2.0,
            bottom + 38.0
        );
    }
}

/// Names at the ends of their lines, pushed apart where they would lie on one another.
fn write_labels(out: &mut String, mut labels: Vec<(f64, f64, Engine)>) {
    const LINE: f64 = 15.0;
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut lowest = f64::NEG_INFINITY;
    for (at, x, engine) in labels {
        lowest = at.max(lowest + LINE);
        let (class, name) = (engine.name().to_lowercase(), engine.name());
        let _ = writeln!(
            out,
            "<text class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\">{name}</text>",
            x + 9.0,
            lowest + 4.0
        );
    }
}

/// A round figure without the digits that say nothing.
fn short(told: String) -> String {
    let (number, unit) = told.split_once(' ').unwrap_or((&told, ""));
    let number = if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    };
    format!("{number} {unit}").trim_end().to_owned()
}

/// Colours that are told apart by the colour-blind (Okabe and Ito 2008), lighter on dark paper.
const STYLE: &str = "
text{font:13px sans-serif;fill:#333}
.title{font-weight:bold;font-size:15px}
.paper{fill:#fff}
.grid{stroke:#ddd;fill:none}
polyline{fill:none;stroke-width:2.5}
.speir{stroke:#0072b2}.pagefind{stroke:#d55e00}.minisearch{stroke:#008060}.tantivy{stroke:#806000}
circle.speir,text.speir{fill:#0072b2;stroke:none}circle.pagefind,text.pagefind{fill:#d55e00;stroke:none}
circle.minisearch,text.minisearch{fill:#008060;stroke:none}circle.tantivy,text.tantivy{fill:#806000;stroke:none}
text.speir{font-weight:bold}
@media (prefers-color-scheme:dark){
text{fill:#ddd}.paper{fill:#16181d}.grid{stroke:#3a3d44}
.speir{stroke:#56b4e9}.pagefind{stroke:#ff9a57}.minisearch{stroke:#3fd0a8}.tantivy{stroke:#e8c04a}
circle.speir,text.speir{fill:#56b4e9}circle.pagefind,text.pagefind{fill:#ff9a57}
circle.minisearch,text.minisearch{fill:#3fd0a8}circle.tantivy,text.tantivy{fill:#e8c04a}
}
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_figures_are_short() {
        assert_eq!(short("100.0 kB".to_owned()), "100 kB");
        assert_eq!(short("0.10 ms".to_owned()), "0.1 ms");
        assert_eq!(short("1000".to_owned()), "1000");
    }
}
