//! Weights of parts of a page, as its author gives them.
//!
//! Knows numbers as they are written. What stands in such a part, `text` gathers.

use serde::{Deserialize, Serialize};

/// The attribute that gives a page, or a part of one, a weight.
pub(crate) const WEIGHT: &str = "data-speir-weight";

/// The weights that there are, in hundredths of that of other text. Each is a field of the index, so
/// that they are few, and others are taken as the nearest: nobody tells 2.5 from 3.
const STEPS: [u16; 6] = [25, 50, 200, 300, 500, 1000];

/// The weight of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Weight(u16);

/// What is no weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Unclear;

impl Weight {
    /// How much words of the part count, beside those of other text.
    pub(crate) fn factor(self) -> f32 {
        f32::from(self.0) / 100.0
    }

    /// Whether they count more than others.
    pub(crate) fn is_more(self) -> bool {
        self.0 > 100
    }

    /// The field of such parts: `weight-2`, `weight-0.5`.
    pub(crate) fn field(self) -> String {
        format!("weight-{}", self.factor())
    }
}

/// Whether a part is not to be found at all.
pub(super) fn is_nothing(written: &str) -> bool {
    written.trim().parse() == Ok(0.0_f32)
}

/// Reads a weight, a number above 0; `None` for that of other text.
pub(super) fn read(written: &str) -> Result<Option<Weight>, Unclear> {
    let number: f32 = written.trim().parse().map_err(|_| Unclear)?;
    if !(number > 0.0 && number.is_finite()) {
        return Err(Unclear);
    }
    // Nearest as factors are: 1.4 is nearer to 1 than to 2, and 1.5 is not.
    let far = |step: u16| (number.ln() - f32::from(step).ln() + 100.0_f32.ln()).abs();
    let steps = STEPS.iter().copied().chain([100]);
    let nearest = steps.min_by(|a, b| far(*a).total_cmp(&far(*b)));
    Ok(nearest.filter(|step| *step != 100).map(Weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_the_nearest_that_there_are() {
        let check = |written: &str, expected| assert_eq!(read(written), expected, "{written}");
        let other = |step| Ok(Some(Weight(step)));
        check("1", Ok(None));
        check(" 1.4", Ok(None));
        check("1.5", other(200));
        check("2", other(200));
        check("4", other(500));
        check("99", other(1000));
        check("0.5", other(50));
        check(".1", other(25));
        for unclear in ["", "high", "-1", "NaN", "inf", "1,5", "0"] {
            check(unclear, Err(Unclear));
        }
        assert!(is_nothing("0") && is_nothing(" 0.0 "));
        assert!(!is_nothing("") && !is_nothing("0.1") && !is_nothing("none"));
    }

    #[test]
    fn fields_are_named_by_what_they_count() {
        let field = |step| Weight(step).field();
        assert_eq!(
            STEPS.map(field)[..3],
            ["weight-0.25", "weight-0.5", "weight-2"]
        );
    }
}
