//! Made-up records and queries: proptest strategies over few words, so that they collide often, and
//! one plain generator that gives the same records everywhere.
//!
//! Knows how records and queries are made; knows nothing of answers.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use speir::{Accept, Field, FieldKind, Matching, Query, Record, Schema, Section, Sort, Value};

/// Words in several languages: forms of one stem, words that begin others, accents, codes, clitics.
pub const WORDS: &[&str] = &[
    "house",
    "houses",
    "housing",
    "household",
    "integrate",
    "integration",
    "integrating",
    "advice",
    "adviser",
    "café",
    "cafe",
    "Cafés",
    "resume",
    "résumé",
    "5.2",
    "5.2.1",
    "2014",
    "3,000",
    "tai",
    "dai",
    "mae'r",
    "maer",
    "maison",
    "maisons",
    "Haus",
    "Häuser",
    "straße",
    "strasse",
    "школа",
    "школы",
    "a",
    "an",
    "移",
    "d'accord",
];

/// Words that no record holds, some of which begin or end one that does.
const STRANGERS: &[&str] = &[
    "hous",
    "integ",
    "ca",
    "xylophone",
    "using",
    "шко",
    "5",
    "housings",
    "z",
];

/// Values of the two text columns: some differ in case or accents only.
const TYPES: &[&str] = &["report", "guide", "Guide", "toolkit"];
const ORGANISATIONS: &[&str] = &[
    "Café Trust",
    "Cafe Trust",
    "Mudiad Dysgu",
    "Harbour Council",
    " Harbour Council ",
];

/// Languages that records and readers say.
const LANGS: &[&str] = &["en", "cy", "de-AT", "fr", "ru", "xx"];

/// Dates as records write them, from the first that can be written to the last.
const DATES: &[&str] = &[
    "0000-01-01",
    "1799-12-31",
    "1969-12-31T23:59:59.999Z",
    "1970-01-01",
    "2014",
    "2014-01-01",
    "2014-06",
    "2014-06-01",
    "2014-12-31T23:59:59.999Z",
    "2015-01-01T00:00:00+01:00",
    "2015-01-01",
    "2038-01-19T03:14:08Z",
    "9999-12-31T23:59:59.999Z",
];

/// Days until which records hold, and on which queries are asked.
const DAYS: &[&str] = &["2014", "2014-06", "2014-06-30", "2014-07-01", "2015-01-01"];

/// Numbers of the column `rank`.
const RANKS: &[&str] = &[
    "-2",
    "-0.5",
    "0",
    "0.25",
    "1",
    "1.0",
    "2",
    "10",
    "1000000000000",
];

/// The default schema with a number and a date of its own, both counted and sorted by, and a text
/// that is sorted by.
pub fn schema() -> Schema {
    Schema::default()
        .field(Field::new("rank").kind(FieldKind::Number).facet().sort())
        .field(Field::new("seen").kind(FieldKind::Date).facet().sort())
        .field(Field::new("shelf").searched(1.0).facet().sort())
}

/// The fields of [`schema`] that can be filtered and counted by.
pub const COLUMNS: &[&str] = &[
    "type",
    "organisations",
    "year",
    "date",
    "lang",
    "rank",
    "seen",
    "shelf",
];

/// Records with ids of their own.
pub fn records(most: usize) -> impl Strategy<Value = Vec<Record>> {
    vec(record(), 0..=most).prop_map(|mut records| {
        for (place, record) in records.iter_mut().enumerate() {
            record.id = format!("r{place}");
            record.url = record.url.take().map(|url| format!("{url}{place}/"));
            // Told by the place of the record, as only here is it known how the others are named.
            record.replaces = match place % 7 {
                3 => vec![format!("r{}", place / 2), "r999".to_owned()],
                5 => vec![format!("r{}", place + 1), format!("r{place}")],
                _ => Vec::new(),
            };
        }
        records
    })
}

fn text(least: usize, most: usize) -> impl Strategy<Value = String> {
    // Words, now and then with punctuation between them; never such as joins two words to one.
    let word = (
        select(WORDS),
        select(&[" ", " ", " ", " ", ", ", ". ", " - "][..]),
    );
    vec(word, least..=most).prop_map(|words| {
        words
            .into_iter()
            .flat_map(|(word, gap)| [word, gap])
            .collect()
    })
}

fn number(text: &str) -> Value {
    match text.parse::<i64>() {
        Ok(whole) => Value::Int(whole),
        Err(_) => Value::Float(text.parse().expect("RANKS are numbers")),
    }
}

fn record() -> impl Strategy<Value = Record> {
    let words = (text(1, 4), option::of(text(0, 8)), option::of(text(0, 14)));
    let values = (
        vec(select(TYPES), 0..3),
        vec(select(ORGANISATIONS), 0..4),
        option::of(2012_i64..2017),
    );
    let columns = (
        option::of(select(DATES)),
        option::of(select(DATES)),
        option::of(select(RANKS)),
        option::of(select(WORDS)),
    );
    let rest = (
        option::of(select(LANGS)),
        vec(section(), 0..3),
        option::of(Just("/page/")),
        option::weighted(0.2, select(&[0.5_f32, 1.0, 3.0][..])),
        option::weighted(0.2, select(DAYS)),
    );
    (words, values, columns, rest).prop_map(
        |(
            (title, description, body),
            (types, organisations, year),
            (date, seen, rank, shelf),
            (lang, sections, url, boost, valid_until),
        )| {
            let mut record = Record::new("", title);
            let fields: [(&str, Option<Value>); 9] = [
                ("description", description.map(Value::from)),
                ("body", body.map(Value::from)),
                // One value alone, as most records have it; several as a list; none as an empty list.
                (
                    "type",
                    Some(if types.len() == 1 {
                        Value::from(types[0])
                    } else {
                        Value::from(types)
                    }),
                ),
                ("organisations", Some(Value::from(organisations))),
                ("year", year.map(Value::from)),
                ("date", date.map(Value::from)),
                ("seen", seen.map(Value::from)),
                ("rank", rank.map(number)),
                ("shelf", shelf.map(Value::from)),
            ];
            for (name, value) in fields {
                record
                    .fields
                    .extend(value.map(|value| (name.to_owned(), value)));
            }
            record.lang = lang.map(str::to_owned);
            record.sections = sections;
            record.url = url.map(str::to_owned);
            record.boost = boost;
            record.valid_until = valid_until.map(str::to_owned);
            record
        },
    )
}

fn section() -> impl Strategy<Value = Section> {
    (
        text(0, 3),
        option::of(select(&["5", "5.2", "5.2.1"][..])),
        option::of(Just("here")),
        text(0, 8),
    )
        .prop_map(|(heading, number, anchor, text)| Section {
            heading,
            number: number.map(str::to_owned),
            anchor: anchor.map(str::to_owned),
            text,
            ..Section::default()
        })
}

/// What a reader types: words, phrases, exclusions, beginnings, in any mixture.
pub fn typed() -> impl Strategy<Value = String> {
    let word = prop_oneof![6 => select(WORDS), 1 => select(STRANGERS)].boxed();
    let phrase = vec(word.clone(), 1..4).prop_map(|words| format!("\"{}\"", words.join(" ")));
    let clause = prop_oneof![
        6 => word.clone().prop_map(str::to_owned),
        2 => phrase.clone(),
        1 => word.prop_map(|word| format!("-{word}")),
        1 => phrase.prop_map(|phrase| format!("-{phrase}")),
    ];
    (vec(clause, 0..4), select(&["", "", " "][..]))
        .prop_map(|(clauses, end)| clauses.join(" ") + end)
}

/// What a reader types who knows the whole language: groups, either of two, fields, beginnings.
pub fn any_typed() -> impl Strategy<Value = String> {
    let word = prop_oneof![6 => select(WORDS), 1 => select(STRANGERS)].boxed();
    let clause = prop_oneof![
        4 => word.clone().prop_map(str::to_owned),
        1 => word.clone().prop_map(|word| format!("\"{word}\"")),
        1 => (word.clone(), word.clone()).prop_map(|(one, two)| format!("\"{one} {two}\"")),
        1 => word.clone().prop_map(|word| format!("title:{word}")),
        1 => word.clone().prop_map(|word| format!("{word}*")),
        1 => (word.clone(), word.clone()).prop_map(|(one, two)| format!("{one}-{two}")),
        1 => select(&["type:guide", "year:2014", "year:2013..", "lang:en"][..]).prop_map(str::to_owned),
    ];
    let tree = clause.prop_recursive(3, 12, 3, |inner| {
        let several = vec(inner.clone(), 1..4).boxed();
        prop_oneof![
            several
                .clone()
                .prop_map(|parts| format!("({})", parts.join(" "))),
            several
                .clone()
                .prop_map(|parts| format!("({})", parts.join(" OR "))),
            several.prop_map(|parts| parts.join(" OR ")),
            inner.clone().prop_map(|part| format!("-{part}")),
            inner.prop_map(|part| format!("NOT ({part})")),
        ]
    });
    (vec(tree, 0..4), select(&["", "", " "][..])).prop_map(|(parts, end)| parts.join(" ") + end)
}

/// A query with filters, counts, an order and a page.
pub fn query() -> impl Strategy<Value = Query> {
    let filters = vec(filter(), 0..3);
    let facets = vec(select(COLUMNS), 0..3);
    let matching = select(&[Matching::Auto, Matching::All, Matching::Any][..]);
    let page = (
        prop_oneof![Just(10_usize), 0_usize..4, Just(1000)],
        prop_oneof![4 => Just(0_usize), 1 => 0_usize..9],
    );
    let lang = option::of(select(LANGS));
    (
        typed(),
        filters,
        facets,
        sort(),
        matching,
        page,
        (lang, option::of(select(DAYS))),
        any::<bool>(),
    )
        .prop_map(
            |(text, filters, facets, sort, matching, (limit, offset), (lang, today), explain)| {
                let mut query = Query::new(text)
                    .sort(sort)
                    .matching(matching)
                    .limit(limit)
                    .offset(offset);
                for (field, accept) in filters {
                    query = query.accept(field, accept);
                }
                for field in facets {
                    query = query.facet(field);
                }
                query.lang = lang.map(str::to_owned);
                query.today = today.map(str::to_owned);
                query.explain = explain;
                query
            },
        )
}

fn sort() -> impl Strategy<Value = Sort> {
    let field = |name: &'static str| {
        any::<bool>().prop_map(move |descending| Sort::Field {
            name: name.to_owned(),
            descending,
        })
    };
    prop_oneof![
        6 => Just(Sort::Relevance),
        1 => Just(Sort::Newest),
        1 => Just(Sort::Oldest),
        1 => Just(Sort::Title),
        1 => field("rank"),
        1 => field("seen"),
        1 => field("shelf"),
        1 => field("year"),
    ]
}

fn filter() -> impl Strategy<Value = (&'static str, Accept)> {
    let value = |field: &'static str, values: &'static [&'static str]| {
        prop_oneof![6 => select(values), 1 => Just("no such value")]
            .prop_map(move |value| (field, Accept::Value(value.to_owned())))
    };
    let range = |field: &'static str, bounds: &'static [&'static str]| {
        (option::of(select(bounds)), option::of(select(bounds))).prop_map(move |(from, to)| {
            (
                field,
                Accept::Range {
                    from: from.map(str::to_owned),
                    to: to.map(str::to_owned),
                },
            )
        })
    };
    const YEARS: &[&str] = &["2012", "2013", "2014", "2015.0", "2016"];
    prop_oneof![
        value("type", TYPES),
        value("type", &["GUIDE", "Report"]),
        value("organisations", ORGANISATIONS),
        value("organisations", &["cafe trust", "HARBOUR COUNCIL"]),
        value("shelf", WORDS),
        value("lang", &["en", "cy", "de-AT", "fr"]),
        range("year", YEARS),
        range("rank", RANKS),
        range("date", DATES),
        range("seen", DATES),
        select(YEARS).prop_map(|year| ("year", Accept::Value(year.to_owned()))),
        select(COLUMNS).prop_map(|field| (field, Accept::Missing)),
    ]
}

/// So many records, the same on every machine, for tests that want no chance at all.
pub fn sample(count: usize) -> Vec<Record> {
    let mut dice = Dice(0x5151_7e57);
    (0..count)
        .map(|place| {
            let mut record = Record::new(format!("s{place}"), dice.text(3))
                .url(format!("/s/{place}/"))
                .field("description", dice.text(9))
                .field("body", dice.text(30))
                .field(
                    "organisations",
                    [ORGANISATIONS[dice.below(5)], ORGANISATIONS[dice.below(5)]],
                );
            if dice.below(4) > 0 {
                record = record.field("type", TYPES[dice.below(TYPES.len())]);
            }
            if dice.below(4) > 0 {
                record = record.field("date", DATES[dice.below(DATES.len())]);
            }
            if dice.below(3) > 0 {
                record = record.field("rank", number(RANKS[dice.below(RANKS.len())]));
            }
            if dice.below(3) == 0 {
                record = record.lang(LANGS[dice.below(LANGS.len())]);
            }
            for number in 0..dice.below(3) {
                let section = Section::new(dice.text(2)).number(format!("{place}.{number}"));
                record = record.section(section.anchor(format!("a{number}")).text(dice.text(12)));
            }
            record
        })
        .collect()
}

/// Queries of every kind that suit [`sample`].
pub fn sample_queries() -> Vec<Query> {
    let mut queries: Vec<Query> = [
        "",
        "house",
        "housing advice",
        "\"housing advice\"",
        "integ",
        "café -houses",
        "-house",
        "xylophone",
        "5.2.1",
        "школа house",
        "-\"house houses\" a",
        "mae'r tai",
        "a an d'accord",
        "houssing housingadvice",
        "dwelling shelter",
        "house OR advice -(cafe 2014) title:maison",
        "hous* type:guide year:2013..",
        "\"house\" caf\u{e9}-house",
    ]
    .into_iter()
    .map(|text| Query::new(text).explain())
    .collect();
    let all = || Query::new("").limit(1000);
    for column in COLUMNS {
        queries.push(all().facet(column).missing(column));
        queries.push(Query::new("house").facet(column));
    }
    for name in ["rank", "seen", "shelf", "year"] {
        queries.push(all().sort(Sort::Field {
            name: name.to_owned(),
            descending: true,
        }));
    }
    queries.extend([
        all().sort(Sort::Newest),
        all().sort(Sort::Oldest),
        all().sort(Sort::Title),
        all()
            .filter("type", "guide")
            .filter("type", "report")
            .facet("type"),
        all()
            .range("date", Some("2014"), Some("2015"))
            .facet("year"),
        all().range("rank", None, Some("1")),
        Query::new("house advice cafe")
            .matching(Matching::Any)
            .limit(5)
            .offset(3),
        Query::new("house advice").matching(Matching::All),
    ]);
    queries
}

/// Numbers that look random and are the same everywhere: G. Marsaglia, "Xorshift RNGs", 2003.
pub struct Dice(pub u64);

impl Dice {
    /// The next number, below `end`.
    ///
    /// # Panics
    ///
    /// Where `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn text(&mut self, words: usize) -> String {
        let words: Vec<&str> = (0..words).map(|_| WORDS[self.below(WORDS.len())]).collect();
        words.join(" ")
    }
}
