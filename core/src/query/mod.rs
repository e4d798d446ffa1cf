//! What is being asked: plain data that a program fills in, and the words a reader typed.
//!
//! A program names fields as text: whether the index has them is found out when searching. What a
//! reader typed is read with the schema at hand, as only that tells a field's name from a word.

#[cfg(test)]
mod cases;
mod fields;
mod growing;
mod marks;
pub(crate) mod parse;
pub(crate) mod tree;

use crate::error::glue;

/// How many hits a page has if not said otherwise.
pub const DEFAULT_LIMIT: usize = 10;

/// Most hits that one page may ask for; more are cut to this.
pub const MAX_LIMIT: usize = 1000;

/// How many of the words a hit needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Matching {
    /// Records with all words first; where they are few, then those with some, and a notice says
    /// where those begin.
    #[default]
    Auto,
    /// Only records with all words.
    All,
    /// Records with any of the words, by score alone.
    Any,
}

/// The order of hits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best match first.
    #[default]
    Relevance,
    /// Latest `date` first, undated last.
    Newest,
    /// Earliest `date` first, undated last.
    Oldest,
    /// By title: letters and digits alone, without case or accents.
    Title,
    /// By a field of the schema that sorts.
    Field {
        /// The field's name.
        name: String,
        /// Largest first. Records without a value come last in both directions.
        descending: bool,
    },
}

impl Matching {
    /// The matching of a name: `auto`, `all` or `any`.
    pub fn from_name(name: &str) -> Option<Matching> {
        [Matching::Auto, Matching::All, Matching::Any]
            .into_iter()
            .find(|known| known.name() == name)
    }

    /// Its name, the same on the command line, in JavaScript and in results.
    pub fn name(self) -> &'static str {
        match self {
            Matching::Auto => "auto",
            Matching::All => "all",
            Matching::Any => "any",
        }
    }
}

impl Sort {
    /// The order of a name: `relevance`, `newest`, `oldest`, `title`, or a field's, with `-` before
    /// it for the largest first. Whether an index can sort by the field, searching tells.
    ///
    /// ```
    /// use speir::Sort;
    ///
    /// let order = Sort::from_name("-year");
    /// assert_eq!(order, Sort::Field { name: "year".to_owned(), descending: true });
    /// assert_eq!(order.name(), "-year");
    /// ```
    pub fn from_name(name: &str) -> Sort {
        match name {
            "relevance" => Sort::Relevance,
            "newest" => Sort::Newest,
            "oldest" => Sort::Oldest,
            "title" => Sort::Title,
            _ => {
                let field = name.strip_prefix('-');
                let descending = field.is_some();
                Sort::Field {
                    name: field.unwrap_or(name).to_owned(),
                    descending,
                }
            }
        }
    }

    /// Its name, the same on the command line, in JavaScript and in results.
    pub fn name(&self) -> String {
        match self {
            Sort::Relevance => "relevance".to_owned(),
            Sort::Newest => "newest".to_owned(),
            Sort::Oldest => "oldest".to_owned(),
            Sort::Title => "title".to_owned(),
            Sort::Field { name, descending } => glue(&[if *descending { "-" } else { "" }, name]),
        }
    }
}

/// One value that a filter accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accept {
    /// The value itself. Text is compared as it is, or without case and accents where the index
    /// has no such value as it is.
    Value(String),
    /// A range with both ends included; a missing end is open. Numbers for a number field;
    /// ISO dates for a date field, where `2014` as a last end is the whole of 2014.
    Range {
        /// First value accepted.
        from: Option<String>,
        /// Last value accepted.
        to: Option<String>,
    },
    /// Records that have no value.
    Missing,
}

/// A field, and the values of it that are accepted: any one will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The field's name.
    pub field: String,
    /// The values of which a record must have one.
    pub accept: Vec<Accept>,
}

/// A query.
///
/// ```
/// use speir::{Query, Sort};
///
/// let query = Query::new("integration toolkit")
///     .filter("type", "toolkit")
///     .filter("type", "guide")
///     .range("year", Some("2014"), Some("2016"))
///     .facet("organisations")
///     .sort(Sort::Newest);
/// assert_eq!(query.filters.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// What the reader typed. Empty asks for all records.
    pub text: String,
    /// Filters; a record must pass each.
    pub filters: Vec<Filter>,
    /// Fields to count the values of.
    pub facets: Vec<String>,
    /// The order of hits.
    pub sort: Sort,
    /// How many of the words a hit needs.
    pub matching: Matching,
    /// Most hits wanted; at most [`MAX_LIMIT`].
    pub limit: usize,
    /// How many hits to pass over.
    pub offset: usize,
    /// The reader's language, a BCP 47 tag; the index's own if not given.
    pub lang: Option<String>,
    /// Whether each hit should account for its score.
    #[cfg(feature = "explain")]
    pub explain: bool,
    /// Whether hits come without excerpt, title parts and sections: for programs that look only at
    /// which records come, and ask for hundreds of them.
    pub is_without_texts: bool,
    /// The day on which the query is asked, an ISO 8601 date: what ran out before it comes after
    /// what still holds. Nothing has run out where it is not given, as the core knows no clock.
    pub today: Option<String>,
}

impl Query {
    /// A query for what a reader typed, ten hits, best first.
    pub fn new(text: impl Into<String>) -> Query {
        Query {
            text: text.into(),
            filters: Vec::new(),
            facets: Vec::new(),
            sort: Sort::default(),
            matching: Matching::default(),
            limit: DEFAULT_LIMIT,
            offset: 0,
            lang: None,
            #[cfg(feature = "explain")]
            explain: false,
            is_without_texts: false,
            today: None,
        }
    }

    /// Accepts a value of a field, beside those accepted already.
    #[must_use]
    pub fn filter(self, field: &str, value: impl Into<String>) -> Query {
        self.accept(field, Accept::Value(value.into()))
    }

    /// Accepts a range of a field, both ends included.
    #[must_use]
    pub fn range(self, field: &str, from: Option<&str>, to: Option<&str>) -> Query {
        let range = Accept::Range {
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
        };
        self.accept(field, range)
    }

    /// Accepts records that have no value in a field.
    #[must_use]
    pub fn missing(self, field: &str) -> Query {
        self.accept(field, Accept::Missing)
    }

    /// Accepts something of a field, beside what is accepted already.
    #[must_use]
    pub fn accept(mut self, field: &str, accept: Accept) -> Query {
        match self.filters.iter_mut().find(|filter| filter.field == field) {
            Some(filter) => filter.accept.push(accept),
            None => self.filters.push(Filter {
                field: field.to_owned(),
                accept: vec![accept],
            }),
        }
        self
    }

    /// Counts the values of a field.
    #[must_use]
    pub fn facet(mut self, field: &str) -> Query {
        if !self.facets.iter().any(|known| known == field) {
            self.facets.push(field.to_owned());
        }
        self
    }

    /// Sets the order.
    #[must_use]
    pub fn sort(mut self, sort: Sort) -> Query {
        self.sort = sort;
        self
    }

    /// Sets how many of the words a hit needs.
    #[must_use]
    pub fn matching(mut self, matching: Matching) -> Query {
        self.matching = matching;
        self
    }

    /// Sets how many hits are wanted.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Query {
        self.limit = limit;
        self
    }

    /// Sets how many hits to pass over.
    #[must_use]
    pub fn offset(mut self, offset: usize) -> Query {
        self.offset = offset;
        self
    }

    /// Sets the reader's language.
    #[must_use]
    pub fn lang(mut self, lang: impl Into<String>) -> Query {
        self.lang = Some(lang.into());
        self
    }

    /// Sets the day on which the query is asked.
    #[must_use]
    pub fn today(mut self, date: impl Into<String>) -> Query {
        self.today = Some(date.into());
        self
    }

    /// Asks each hit to account for its score.
    #[cfg(feature = "explain")]
    #[must_use]
    pub fn explain(mut self) -> Query {
        self.explain = true;
        self
    }

    /// Leaves out excerpt, title parts and sections of each hit, which take most of the time where
    /// hits are many.
    #[must_use]
    pub fn without_texts(mut self) -> Query {
        self.is_without_texts = true;
        self
    }
}
