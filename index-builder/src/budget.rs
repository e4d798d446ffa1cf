//! What a publisher lets the first page of results cost, as typed after `--budget`.
//!
//! Knows how limits are written. What a page costs, the build finds out.

/// Limits; what was not given is not limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Bytes of the first page of results.
    pub(crate) n_bytes: Option<u64>,
    /// Requests for it.
    pub(crate) n_requests: Option<u64>,
}

const HOW: &str = "write first-search=150KB, requests=8, or both with a comma between";

/// Reads limits such as `first-search=150KB,requests=8`.
pub(crate) fn parse(text: &str) -> Result<Budget, String> {
    let mut budget = Budget::default();
    for part in text.split(',') {
        let (name, limit) = part.split_once('=').ok_or(HOW)?;
        let (slot, limit) = match name.trim() {
            "first-search" => (&mut budget.n_bytes, bytes(limit)?),
            "requests" => {
                let limit = limit.trim().parse();
                let limit = limit.map_err(|_| "requests is a whole number, such as 8")?;
                (&mut budget.n_requests, limit)
            }
            other => return Err(format!("there is no limit `{other}`: {HOW}")),
        };
        if slot.replace(limit).is_some() {
            return Err(format!("`{}` is given twice", name.trim()));
        }
    }
    Ok(budget)
}

/// Reads a size in bytes. KB and MB are thousands and millions, as in all that Speir prints.
fn bytes(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 1.0,
        "KB" => 1e3,
        "MB" => 1e6,
        _ => f64::NAN,
    };
    match digits.trim().parse::<f64>().map(|number| number * unit) {
        Ok(n_bytes) if (0.0..=1e15).contains(&n_bytes) => Ok(n_bytes.round() as u64),
        _ => Err("first-search is a size, such as 150KB, 1.5MB or 150000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_in_any_order() {
        let check = |text: &str, n_bytes, n_requests| {
            let budget = Budget {
                n_bytes,
                n_requests,
            };
            assert_eq!(parse(text), Ok(budget), "{text}");
        };
        check("first-search=150KB,requests=8", Some(150_000), Some(8));
        check(
            "requests = 8, first-search = 1.5 mb",
            Some(1_500_000),
            Some(8),
        );
        check("first-search=150000", Some(150_000), None);
        check("requests=0", None, Some(0));
    }

    #[test]
    fn what_cannot_be_read_is_told_with_what_can() {
        let check = |text: &str, message: &str| {
            assert_eq!(parse(text), Err(message.to_owned()), "{text}");
        };
        check("", HOW);
        check("150KB", HOW);
        check("speed=9", &format!("there is no limit `speed`: {HOW}"));
        check("requests=8,requests=9", "`requests` is given twice");
        check("requests=few", "requests is a whole number, such as 8");
        for size in ["", "KB", "150KiB", "-1", "NaN", "1e99", "1 5"] {
            let text = format!("first-search={size}");
            check(
                &text,
                "first-search is a size, such as 150KB, 1.5MB or 150000",
            );
        }
    }
}
