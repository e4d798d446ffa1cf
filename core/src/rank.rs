//! The arithmetic of scores: BM25F, and how much each way of finding a word counts.
//!
//! BM25F with one saturation over weighted, length-normalised field frequencies: S. Robertson,
//! H. Zaragoza, M. Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004; in the
//! form of S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
//! Foundations and Trends in IR 3(4), 2009, section 3.6. Pure functions; knows nothing of bytes.

/// How soon further occurrences of a word stop counting. 1.2, within the range of 1.2 to 2 that
/// Robertson and Zaragoza (2009, 3.5) give.
pub(crate) const K1: f64 = 1.2;

/// How much a field's length counts against it: 0 not at all, 1 wholly. Robertson and Zaragoza
/// (2009, 3.5) give 0.75; running text is served as well by less, and titles, which say what a record
/// is about in as many words as that takes, by more (ten judged collections, plateau 0.6 to 0.8 and
/// 0.75 to 1: `cargo xtask bench relevance`).
pub(crate) const B: f64 = 0.7;

/// The same for the title.
pub(crate) const B_TITLE: f64 = 0.9;

/// Average lengths below this many words count as this many: in a catalogue of titles of two words a
/// third one says nothing against a record.
const MIN_AVERAGE: f64 = 5.0;

/// What a function word such as `the` is worth beside a word that carries matter, in a query that has
/// both. Plateau 0.15 to 0.35, as above; at 0 phrases that hang together by them fall back.
pub(crate) const FUNCTION_WEIGHT: f64 = 0.25;

/// What another form of a word is worth beside the word as it was typed. Ours.
const SAME_STEM: f64 = 0.65;

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
    /// A word that so many slips lead to.
    Slip(u32),
    /// Another form of such a word.
    SlipForm(u32),
    /// A word or phrase that the publisher says it leads to.
    Related,
    /// The long form of an acronym, or the other way round, as some record explains it.
    Explained,
}

impl Route {
    /// What a match by this route is worth beside one as written. Ours: small steps, so that they
    /// decide between records that are otherwise alike and no more, and wide ones for what was not
    /// typed.
    pub(crate) fn weight(self) -> f64 {
        match self {
            Route::AsWritten => 1.0,
            Route::Folded => 0.98,
            Route::SameStem => SAME_STEM,
            // The publisher's word is as good as the reader's; a record's may be about something else.
            Route::Related => 0.95,
            Route::Explained => 0.7,
            Route::Prefix => 0.5,
            Route::Slip(1) => 0.8,
            Route::Slip(_) => 0.6,
            Route::SlipForm(n_slips) => SAME_STEM * Route::Slip(n_slips).weight(),
        }
    }

    /// How far the word that a record holds is from the one that was typed: records are ordered by
    /// the sum of it before they are by score, so that a guess never comes before what was asked for.
    pub(crate) fn distance(self) -> u32 {
        match self {
            Route::AsWritten
            | Route::Folded
            | Route::SameStem
            | Route::Related
            | Route::Explained => 0,
            Route::Prefix => 1,
            Route::Slip(n_slips) | Route::SlipForm(n_slips) => 1 + n_slips,
        }
    }

    /// The route in plain words.
    #[cfg(feature = "explain")]
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Route::AsWritten => "as written",
            Route::Folded => "with other accents or apostrophes",
            Route::SameStem => "another form of the word",
            Route::Prefix => "the beginning of a word",
            Route::Slip(1) => "one slip away",
            Route::Slip(_) => "two slips away",
            Route::SlipForm(1) => "another form of a word one slip away",
            Route::SlipForm(_) => "another form of a word two slips away",
            Route::Related => "means the same",
            Route::Explained => "stands for the same",
        }
    }
}

/// Inverse document frequency, never negative (ibid., 3.1, with 1 added inside the logarithm, as
/// Lucene does). `n_with` may exceed `n_docs` where it is a sum of estimates.
pub(crate) fn idf(n_docs: u32, n_with: u32) -> f64 {
    let n_with = f64::from(n_with.min(n_docs));
    let n_docs = f64::from(n_docs);
    let idf = (1.0 + (n_docs - n_with + 0.5) / (n_with + 0.5)).ln();
    // A little steeper than the logarithm, so that one rare word outweighs two common ones. To the
    // power of 1.1 by the series of e^x: the standard library's power costs 4 KB of wasm.
    let x = 0.1 * idf.ln();
    idf * (1.0 + x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0)))))
}

/// What a field adds to the weighted frequency of a word.
///
/// `average` is the field's average length in words over the records that have it; `b` is [`B`] or
/// [`B_TITLE`].
pub(crate) fn field_frequency(
    weight: f64,
    frequency: u32,
    length: u32,
    average: f64,
    b: f64,
) -> f64 {
    // Compared by hand: the standard library's `max`, which minds NaN, is a function of its own.
    let average = if average < MIN_AVERAGE {
        MIN_AVERAGE
    } else {
        average
    };
    let normal = 1.0 - b + b * f64::from(length) / average;
    weight * f64::from(frequency) / normal
}

/// The one saturation over the sum of [`field_frequency`]: from 0 towards 1.
pub(crate) fn saturate(weighted: f64) -> f64 {
    weighted / (K1 + weighted)
}

/// What it is worth how much of a title was asked for, and how much of what was asked for stands in
/// it. Ours.
///
/// `in_title` is the weight of the query's words in the title, `in_query` that of all of them;
/// `n_in_title` how many those in the title are, of `n_words` words that it has, 0 where none of the
/// query's words stands in it.
pub(crate) fn title_bonus(in_title: f64, in_query: f64, n_in_title: u32, n_words: u32) -> f64 {
    if n_words == 0 || in_query <= 0.0 {
        return 0.0;
    }
    let coverage = f64::from(n_in_title.min(n_words)) / f64::from(n_words);
    TITLE_WEIGHT * in_title * (in_title / in_query).sqrt() * coverage
}

/// How much a title counts that was asked for as a whole. Plateau 0.3 to 0.7.
const TITLE_WEIGHT: f64 = 0.5;

/// What it is worth that two neighbouring words of the query stand near each other. `idf` is that of
/// the commoner one.
pub(crate) fn near_bonus(idf: f64, nearness: Nearness) -> f64 {
    match nearness {
        Nearness::InOrder => NEAR_WEIGHT * idf,
        Nearness::Reversed => NEAR_WEIGHT * idf / 2.0,
    }
}

/// How near two neighbouring words of the query stand in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Nearness {
    /// Side by side, the other way round.
    Reversed,
    /// In order, and no further from each other than in the query.
    InOrder,
}

/// How much neighbouring words count that stand together. Plateau 0.1 to 0.3; wider windows gain
/// nothing.
const NEAR_WEIGHT: f64 = 0.2;

/// What a record's age takes from its score: 1 for the newest, 3/4 after one half-life, towards 1/2
/// for the oldest, so that no record that matches much better is lost to newer ones.
///
/// Both in milliseconds; a negative age counts as none.
pub(crate) fn recency(age_ms: i64, half_life_ms: f64) -> f64 {
    let age = (age_ms.max(0) as f64) / half_life_ms;
    0.5 + 0.5 * halved(age)
}

/// 2 to the power of `-times`, within 1%: whole halvings, and a straight line between two of them,
/// bent to the curve. The standard library's power costs 4 KB of wasm.
fn halved(times: f64) -> f64 {
    if times >= 32.0 {
        return 0.0;
    }
    let whole = times as u32;
    let part = times - f64::from(whole);
    // The parabola through 2^-x at 0, 1/2 and 1.
    let bent = 1.0 - part * (0.671_573 - 0.171_573 * part);
    bent / f64::from(1_u32 << whole.min(31))
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
        let base = field_frequency(1.0, 1, 10, 10.0, B);
        assert!(
            (base - 1.0).abs() < 1e-12,
            "an average field counts as it is"
        );
        assert!(field_frequency(1.0, 1, 5, 10.0, B) > base);
        assert!(field_frequency(1.0, 2, 10, 10.0, B) > base);
        assert!(saturate(2.0) - saturate(1.0) > saturate(3.0) - saturate(2.0));
    }

    #[test]
    fn a_value_worked_by_hand() {
        // Title, weight 4, twice in 3 words where 6 are usual: 4 x 2 / (0.1 + 0.9 / 2) = 14.545...
        let weighted = field_frequency(4.0, 2, 3, 6.0, B_TITLE);
        assert!((weighted - 8.0 / 0.55).abs() < 1e-12);
        assert!((saturate(weighted) - weighted / (1.2 + weighted)).abs() < 1e-12);
        // 100 records of which 9 hold the word: ln(1 + 91.5 / 9.5) to the power of 1.1.
        let logarithm = (101.0_f64 / 9.5).ln();
        assert!((idf(100, 9) - logarithm.powf(1.1)).abs() < 1e-3);
        for n_docs in [1, 2, 10, 1_000, 1_000_000] {
            let exact = (1.0 + 0.5 / (f64::from(n_docs) + 0.5)).ln().powf(1.1);
            assert!((idf(n_docs, n_docs) / exact - 1.0).abs() < 0.05, "{n_docs}");
        }
    }

    #[test]
    fn a_title_counts_by_what_was_asked_for_of_it_and_what_it_has_of_the_query() {
        assert_eq!(title_bonus(3.0, 3.0, 0, 0), 0.0);
        assert_eq!(title_bonus(0.0, 0.0, 1, 1), 0.0);
        let half = title_bonus(3.0, 3.0, 1, 2);
        assert!((title_bonus(3.0, 3.0, 2, 2) - 2.0 * half).abs() < 1e-12);
        assert!((title_bonus(3.0, 12.0, 1, 2) - half / 2.0).abs() < 1e-12);
        assert_eq!(title_bonus(3.0, 3.0, 3, 2), title_bonus(3.0, 3.0, 2, 2));
    }

    #[test]
    fn words_in_order_count_for_most() {
        assert!(near_bonus(2.0, Nearness::InOrder) > near_bonus(2.0, Nearness::Reversed));
    }

    #[test]
    fn a_record_of_one_half_life_keeps_three_quarters() {
        assert_eq!(recency(-5, 100.0), 1.0);
        assert_eq!(recency(0, 100.0), 1.0);
        assert!((recency(100, 100.0) - 0.75).abs() < 1e-9);
        assert!((recency(150, 100.0) - (0.5 + 0.5 * 0.353_553)).abs() < 0.005);
        assert_eq!(recency(i64::MAX, 100.0), 0.5);
        let ages: Vec<f64> = (0..400).map(|age| recency(age, 100.0)).collect();
        assert!(ages.windows(2).all(|two| two[0] > two[1]));
        for (age, factor) in (0_u32..).zip(&ages) {
            let exact = 0.5 + 0.5 * (-f64::from(age) / 100.0).exp2();
            assert!((factor - exact).abs() < 0.01, "after {age}");
        }
    }
}
