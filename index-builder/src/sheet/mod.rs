//! A report as it is built, before anybody knows how it is shown: parts with sentences and tables.
//!
//! Knows how figures are laid out. What they mean, whoever fills a sheet knows; `html` and `text` show
//! one, and the JSON of a sheet is here, so that all three have the same figures. Reads nothing.

mod html;
mod text;

use serde_json::{Map, Value as Json, json};

pub(crate) use html::page;
pub(crate) use text::text;

/// Most rows of a table: enough for every field of a record and for the pages of a site that somebody
/// will go through by hand. What is beyond is counted.
pub(crate) const MOST_ROWS: usize = 1000;

/// A report.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// Its heading.
    pub(crate) title: String,
    /// When and by what it was made, in a sentence.
    pub(crate) made: String,
    /// The same for programs.
    pub(crate) about: Map<String, Json>,
    pub(crate) parts: Vec<Part>,
}

/// A part of a report with a heading of its own.
#[derive(Debug)]
pub(crate) struct Part {
    /// A short name that does not change between versions.
    pub(crate) key: &'static str,
    pub(crate) heading: &'static str,
    /// What is said before the tables.
    pub(crate) sentences: Vec<String>,
    pub(crate) tables: Vec<Table>,
}

/// A table; its first column says what a row is about.
#[derive(Debug)]
pub(crate) struct Table {
    /// A short name, one of its part.
    pub(crate) key: String,
    pub(crate) caption: String,
    /// Short names of the columns, and their headings.
    pub(crate) columns: Vec<(&'static str, &'static str)>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// What is not in the rows, if anything.
    pub(crate) rest: Option<String>,
}

/// What stands in a cell.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Text(String),
    Count(u64),
    Bytes(u64),
    /// So many of so many: shown with a bar, and in words.
    Share(u64, u64),
    Nothing,
}

impl Sheet {
    /// The figures for programs.
    pub(crate) fn to_json(&self) -> Json {
        let mut object = self.about.clone();
        for part in &self.parts {
            let mut told = Map::new();
            told.insert("sentences".to_owned(), json!(part.sentences));
            for table in &part.tables {
                told.insert(table.key.clone(), table.to_json());
            }
            object.insert(part.key.to_owned(), Json::Object(told));
        }
        Json::Object(object)
    }
}

impl Part {
    /// A part that says nothing yet.
    pub(crate) fn new(key: &'static str, heading: &'static str) -> Part {
        Part {
            key,
            heading,
            sentences: Vec::new(),
            tables: Vec::new(),
        }
    }

    /// The same part with one more sentence.
    pub(crate) fn say(&mut self, sentence: impl Into<String>) {
        self.sentences.push(sentence.into());
    }

    /// Adds a table, or says the sentence where it has no rows.
    pub(crate) fn show(&mut self, table: Table, if_empty: &str) {
        match table.rows.is_empty() {
            true => self.say(if_empty),
            false => self.tables.push(table),
        }
    }
}

impl Table {
    /// A table of these rows; those beyond [`MOST_ROWS`] are counted.
    pub(crate) fn new(
        key: impl Into<String>,
        caption: impl Into<String>,
        columns: &[(&'static str, &'static str)],
        mut rows: Vec<Vec<Cell>>,
    ) -> Table {
        let n_more = rows.len().saturating_sub(MOST_ROWS);
        rows.truncate(MOST_ROWS);
        Table {
            key: key.into(),
            caption: caption.into(),
            columns: columns.to_vec(),
            rows,
            rest: (n_more > 0).then(|| format!("And {n_more} more.")),
        }
    }

    fn to_json(&self) -> Json {
        let rows = self.rows.iter().map(|row| {
            let cells = self.columns.iter().zip(row);
            let cells = cells.map(|((key, _), cell)| ((*key).to_owned(), cell.to_json()));
            Json::Object(cells.collect())
        });
        json!({ "rows": rows.collect::<Vec<_>>(), "rest": self.rest })
    }
}

impl Cell {
    /// A count beside its share of a whole, as two cells.
    pub(crate) fn count_and_share(n: u64, whole: u64) -> [Cell; 2] {
        [Cell::Count(n), Cell::Share(n, whole)]
    }

    /// Text where there is some.
    pub(crate) fn text(text: impl Into<String>) -> Cell {
        match text.into() {
            text if text.is_empty() => Cell::Nothing,
            text => Cell::Text(text),
        }
    }

    fn to_json(&self) -> Json {
        match self {
            Cell::Text(text) => json!(text),
            Cell::Count(n) | Cell::Bytes(n) => json!(n),
            Cell::Share(part, whole) => json!((share(*part, *whole) * 10.0).round() / 10.0),
            Cell::Nothing => Json::Null,
        }
    }

    /// The cell in words.
    fn in_words(&self) -> String {
        match self {
            Cell::Text(text) => crate::problem::plain(text),
            Cell::Count(n) => with_commas(*n),
            Cell::Bytes(n) => crate::amounts::size(*n),
            Cell::Share(part, whole) => match share(*part, *whole) {
                // A share that is not all or nothing is not told as all or nothing.
                share if share < 1.0 && *part > 0 => "under 1%".to_owned(),
                share if share > 99.0 && part < whole => "over 99%".to_owned(),
                share => format!("{share:.0}%"),
            },
            Cell::Nothing => String::new(),
        }
    }

    fn is_number(&self) -> bool {
        matches!(self, Cell::Count(_) | Cell::Bytes(_))
    }
}

/// Of a hundred.
fn share(part: u64, whole: u64) -> f64 {
    match whole {
        0 => 0.0,
        whole => part as f64 * 100.0 / whole as f64,
    }
}

/// `12,345`
fn with_commas(n: u64) -> String {
    let digits = n.to_string();
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let mut part = Part::new("records", "Records");
        part.say("Two & more.");
        let mut row = vec![Cell::text("<b>soil</b>")];
        row.extend(Cell::count_and_share(1, 3));
        let table = Table::new(
            "types",
            "Records by type",
            &[
                ("value", "Type"),
                ("records", "Records"),
                ("share", "Share"),
            ],
            vec![row],
        );
        part.show(table, "none");
        let empty = Table::new("none", "None", &[("a", "A")], Vec::new());
        part.show(empty, "There is nothing.");
        Sheet {
            title: "Report on \"x\"".to_owned(),
            made: "Made today.".to_owned(),
            about: Map::new(),
            parts: vec![part],
        }
    }

    #[test]
    fn one_sheet_has_the_same_figures_in_every_form() {
        let sheet = sheet();
        assert_eq!(
            sheet.to_json(),
            json!({ "records": {
                "sentences": ["Two & more.", "There is nothing."],
                "types": { "rows": [{ "value": "<b>soil</b>", "records": 1, "share": 33.3 }],
                    "rest": null },
            }})
        );
        let told = text(&sheet);
        assert!(told.contains("Records by type\n"), "{told}");
        assert!(told.contains("  <b>soil</b>        1  33%"), "{told}");
        let page = page(&sheet);
        assert!(page.contains("&lt;b&gt;soil&lt;/b&gt;"), "{page}");
        assert!(
            page.contains("<title>Report on &quot;x&quot;</title>"),
            "{page}"
        );
        assert!(page.contains("33%"), "{page}");
    }

    #[test]
    fn a_share_of_some_is_never_told_as_none_or_all() {
        let check = |part, whole, expected: &str| {
            assert_eq!(
                Cell::Share(part, whole).in_words(),
                expected,
                "{part}/{whole}"
            );
        };
        check(0, 0, "0%");
        check(0, 9, "0%");
        check(1, 1000, "under 1%");
        check(1, 3, "33%");
        check(999, 1000, "over 99%");
        check(7, 7, "100%");
    }

    #[test]
    fn rows_beyond_the_limit_are_counted() {
        let rows = vec![vec![Cell::Count(1)]; MOST_ROWS + 2];
        let table = Table::new("t", "T", &[("a", "A")], rows);
        assert_eq!(table.rows.len(), MOST_ROWS);
        assert_eq!(table.rest.as_deref(), Some("And 2 more."));
    }

    #[test]
    fn large_numbers_have_commas() {
        let check = |n, expected: &str| assert_eq!(with_commas(n), expected);
        check(0, "0");
        check(999, "999");
        check(1000, "1,000");
        check(1_234_567, "1,234,567");
    }
}
