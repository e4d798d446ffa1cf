//! What a publisher says about words and answers: synonyms, and records pinned to queries.
//!
//! Plain data, as given. All of it is resolved when the index is built: a reader pays only for the
//! links that a query follows. Knows nothing else of ours.

/// Words or phrases that lead a search to others.
///
/// Phrases are read as queries are, so case and accents do not matter and any form of a word will do.
///
/// ```
/// use speir::Synonym;
///
/// let both_ways = Synonym::same(["bin", "rubbish", "waste"]);
/// let one_way = Synonym::leads(["nrpf"], ["no recourse to public funds"]);
/// # let _ = (both_ways, one_way);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synonym {
    /// What a reader may type.
    pub from: Vec<String>,
    /// What is searched as well.
    pub to: Vec<String>,
    /// Whether each of `from` and `to` leads to all the others too.
    pub is_two_way: bool,
}

impl Synonym {
    /// Words or phrases that mean the same: each finds all the others.
    pub fn same<T: Into<String>>(words: impl IntoIterator<Item = T>) -> Synonym {
        Synonym {
            from: words.into_iter().map(Into::into).collect(),
            to: Vec::new(),
            is_two_way: true,
        }
    }

    /// Each of `from` finds each of `to`, but not the other way round.
    pub fn leads<T: Into<String>, U: Into<String>>(
        from: impl IntoIterator<Item = T>,
        to: impl IntoIterator<Item = U>,
    ) -> Synonym {
        Synonym {
            from: from.into_iter().map(Into::into).collect(),
            to: to.into_iter().map(Into::into).collect(),
            is_two_way: false,
        }
    }
}

/// A record that comes first for a query: a best bet, chosen by an editor.
///
/// The pattern matches a query of the same words in any order, in any of their forms; one that ends
/// in ` *` also matches a query of these words and others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The query, such as `council tax` or `bin *`.
    pub pattern: String,
    /// The id of the record. Of several for one query, the first pinned comes first.
    pub id: String,
}
