//! The arithmetic of scores: BM25F, and how much each way of finding a word counts.
//!
//! BM25F with one saturation over weighted, length-normalised field frequencies: S. Robertson,
//! H. Zaragoza, M. Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004; in the
//! form of S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
//! Foundations and Trends in IR 3(4), 2009, section 3.6. Pure functions; knows nothing of bytes.

/// How soon further occurrences of a word stop counting. 1.2, within the range of 1.2 to 2 that
/// Robertson and Zaragoza (2009, 3.5) give.
pub(crate) const K1: f64 = 1.2;

/// How much a field's length counts against it: 0 not at all, 1 wholly. 0.75 (ibid., 3.5).
pub(crate) const B: f64 = 0.75;

/// How a word of the query came to match a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Route {
    /// As written, but for case.
    AsWritten,
    /// But for accents and apostrophes.
    Folded,
    /// Another form of the same word.
    SameStem,
    /// A longer word that begins with it.
    Prefix,
}

impl Route {
    /// What a match by this route is worth beside one as written. Ours: small steps, so that they
    /// decide between records that are otherwise alike and no more, and a wide one for beginnings.
    pub(crate) fn weight(self) -> f64 {
        match self {
            Route::AsWritten => 1.0,
            Route::Folded => 0.98,
            Route::SameStem => 0.92,
            Route::Prefix => 0.5,
        }
    }

    /// The route in plain words.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Route::AsWritten => "as written",
            Route::Folded => "with other accents or apostrophes",
            Route::SameStem => "another form of the word",
            Route::Prefix => "the beginning of a word",
        }
    }
}

/// Inverse document frequency, never negative (ibid., 3.1, with 1 added inside the logarithm, as
/// Lucene does). `n_with` may exceed `n_docs` where it is a sum of estimates.
pub(crate) fn idf(n_docs: u32, n_with: u32) -> f64 {
    let n_docs = f64::from(n_docs);
    let n_with = f64::from(n_with).min(n_docs);
    (1.0 + (n_docs - n_with + 0.5) / (n_with + 0.5)).ln()
}

/// What a field adds to the weighted frequency of a word.
///
/// `average` is the field's average length in words over the records that have it.
pub(crate) fn field_frequency(weight: f64, frequency: u32, length: u32, average: f64) -> f64 {
    let normal = 1.0 - B + B * f64::from(length) / average.max(1.0);
    weight * f64::from(frequency) / normal
}

/// The one saturation over the sum of [`field_frequency`]: from 0 towards 1.
pub(crate) fn saturate(weighted: f64) -> f64 {
    weighted / (K1 + weighted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rarer_words_weigh_more_and_none_weighs_less_than_nothing() {
        assert!(idf(1000, 1) > idf(1000, 10));
        assert!(idf(1000, 1000) > 0.0);
        assert!(idf(10, 4_000_000) > 0.0);
    }

    #[test]
    fn shorter_fields_and_more_occurrences_count_for_more() {
        let base = field_frequency(1.0, 1, 10, 10.0);
        assert!(
            (base - 1.0).abs() < 1e-12,
            "an average field counts as it is"
        );
        assert!(field_frequency(1.0, 1, 5, 10.0) > base);
        assert!(field_frequency(1.0, 2, 10, 10.0) > base);
        assert!(saturate(2.0) - saturate(1.0) > saturate(3.0) - saturate(2.0));
    }

    #[test]
    fn a_value_worked_by_hand() {
        // Title, weight 4, twice in 3 words where 6 are usual: 4 x 2 / (0.25 + 0.75 / 2) = 12.8.
        let weighted = field_frequency(4.0, 2, 3, 6.0);
        assert!((weighted - 12.8).abs() < 1e-12);
        assert!((saturate(weighted) - 12.8 / 14.0).abs() < 1e-12);
        // 100 records of which 9 hold the word: ln(1 + 91.5 / 9.5).
        assert!((idf(100, 9) - (101.0_f64 / 9.5).ln()).abs() < 1e-12);
    }
}
