//! How a score came about, for people: what each word adds, what the words add together, and what
//! the sum is multiplied by.
//!
//! Knows how an account is read: (words + extras) x factors = score. It is worked out again as it is
//! printed, so that an account that does not add up shows.

use std::io::{self, Write};

use speir::{Explanation, WordExplanation};

use crate::problem::plain;

/// How far the sum worked out again may be from the score, as a share of it: rounding alone, as the
/// core adds the same numbers in another order.
const NEAR: f64 = 1e-6;

/// Writes an account, every line behind `indent`.
pub(super) fn write(
    out: &mut dyn Write,
    explanation: &Explanation,
    indent: &str,
) -> io::Result<()> {
    for word in &explanation.words {
        self::word(out, word, indent)?;
    }
    for extra in &explanation.extras {
        writeln!(
            out,
            "{indent}{:>9.3}  {}",
            extra.value,
            plain(&extra.reason)
        )?;
    }
    let words = explanation.words.iter().map(|word| word.score);
    let extras = explanation.extras.iter().map(|extra| extra.value);
    let sum: f64 = words.chain(extras).sum();
    let factors = explanation.factors.iter().map(|factor| factor.value);
    let product = factors.fold(sum, |score, factor| score * factor);
    if !explanation.factors.is_empty() {
        writeln!(out, "{indent}{sum:>9.3}  in all")?;
    }
    for factor in &explanation.factors {
        let reason = plain(&factor.reason);
        writeln!(out, "{indent}x {:>7.3}  {reason}", factor.value)?;
    }
    let score = explanation.score;
    if (product - score).abs() <= NEAR * score.abs().max(1.0) {
        writeln!(out, "{indent}= {score:>7.3}  the score")?;
    } else {
        writeln!(
            out,
            "{indent}= {product:>7.3}  but the score is {score:.6}: report this as an error in speir"
        )?;
    }
    if !explanation.order.is_empty() {
        let order = plain(&explanation.order.join("; "));
        writeln!(out, "{indent}before the score counts: {order}")?;
    }
    Ok(())
}

fn word(out: &mut dyn Write, word: &WordExplanation, indent: &str) -> io::Result<()> {
    let fields: Vec<String> = word
        .fields
        .iter()
        .map(|field| format!("{} {}", plain(&field.field), field.frequency))
        .collect();
    writeln!(
        out,
        "{indent}{:>9.3}  \"{}\": {}; in {}",
        word.score,
        plain(&word.word),
        plain(&word.route),
        fields.join(", ")
    )?;
    writeln!(
        out,
        "{indent}{:>9}    rarity {:.3} x frequency {:.3} x form {:.2} x weight in the query {:.2}",
        "", word.idf, word.saturation, word.route_weight, word.query_weight
    )
}

#[cfg(test)]
mod tests {
    use speir::Extra;

    use super::*;

    fn check(score: f64, factors: &[(&str, f64)], expected: &str) {
        let extra = |(reason, value): &(&str, f64)| Extra {
            reason: (*reason).to_owned(),
            value: *value,
        };
        let explanation = Explanation {
            score,
            order: vec!["holds all of the words".to_owned()],
            words: Vec::new(),
            extras: vec![extra(&("near", 1.5)), extra(&("title", 0.5))],
            factors: factors.iter().map(extra).collect(),
        };
        let mut out = Vec::new();
        write(&mut out, &explanation, "").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn what_is_added_is_added_and_what_is_multiplied_is_multiplied() {
        let order = "before the score counts: holds all of the words\n";
        check(
            2.0,
            &[],
            &format!("    1.500  near\n    0.500  title\n=   2.000  the score\n{order}"),
        );
        check(
            3.0,
            &[("boost", 2.0), ("age", 0.75)],
            &format!(
                "    1.500  near\n    0.500  title\n    2.000  in all\nx   2.000  boost\n\
                 x   0.750  age\n=   3.000  the score\n{order}"
            ),
        );
        check(
            2.1,
            &[],
            &format!(
                "    1.500  near\n    0.500  title\n=   2.000  but the score is 2.100000: report \
                 this as an error in speir\n{order}"
            ),
        );
    }
}
