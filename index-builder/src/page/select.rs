//! CSS selectors: what people write who know how their page is styled.
//!
//! Knows names, `#id`, `.class`, attributes, `:not()`, the commonest places among children, and all four
//! combinators; a selector of anything else is refused with the place of what is not known.
//! The full language would be a crate under a licence that is not on the project's list.

use super::tree::{Element, NodeId, Tree};

/// Most parts of one selector: matching tries them in every way that fits.
const MOST_PARTS: usize = 32;

/// One or more selectors with commas between.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Selector(Vec<Vec<Part>>);

/// Why a text is no selector.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// The byte at which it stops making sense.
    pub(crate) at: usize,
    pub(crate) reason: String,
}

/// An element that is asked for, and how it stands to the one before.
#[derive(Clone, Debug, PartialEq)]
struct Part {
    combinator: Combinator,
    tests: Vec<Test>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Combinator {
    Below,
    Child,
    Next,
    After,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Any,
    Name(String),
    /// An attribute, how its value is compared, and with what.
    Attribute(String, Compare, String),
    /// Its place among the children of its parent, from 1; from the end where negative.
    Place(i64),
    /// The same among those of its name.
    PlaceOfName(i64),
    Not(Vec<Test>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compare {
    IsThere,
    Equals,
    Lists,
    Begins,
    Ends,
    Holds,
    /// Equals, or begins so that a hyphen follows.
    Dashed,
}

impl Selector {
    /// Reads a selector.
    pub(crate) fn parse(text: &str) -> Result<Selector, Unreadable> {
        let mut reader = Reader { text, at: 0 };
        let mut all = Vec::new();
        loop {
            all.push(reader.complex()?);
            match reader.peek() {
                None => return Ok(Selector(all)),
                _ => reader.at += 1,
            }
        }
    }

    /// The elements below a node that it selects, in their order.
    pub(crate) fn select<'t>(
        &'t self,
        tree: &'t Tree,
        id: NodeId,
    ) -> impl Iterator<Item = NodeId> + 't {
        let below = tree.below(id).map(|(id, _)| id);
        below.filter(move |below| self.0.iter().any(|parts| matches(tree, parts, *below)))
    }
}

/// Whether an element is the last of these parts.
fn matches(tree: &Tree, parts: &[Part], id: NodeId) -> bool {
    let Some((last, before)) = parts.split_last() else {
        return true;
    };
    let Some(element) = tree.element(id) else {
        return false;
    };
    if !last.tests.iter().all(|test| test.holds(tree, id, element)) {
        return false;
    }
    if before.is_empty() {
        return true;
    }
    match last.combinator {
        Combinator::Below => tree.around(id).any(|around| matches(tree, before, around)),
        Combinator::Child => {
            let parent = tree.parent(id);
            parent != Tree::ROOT && matches(tree, before, parent)
        }
        Combinator::Next => {
            let previous = siblings(tree, id).take_while(|one| *one < id).last();
            previous.is_some_and(|previous| matches(tree, before, previous))
        }
        Combinator::After => siblings(tree, id)
            .take_while(|one| *one < id)
            .any(|one| matches(tree, before, one)),
    }
}

/// The elements with the same parent, itself included.
fn siblings(tree: &Tree, id: NodeId) -> impl Iterator<Item = NodeId> {
    let parent = tree.parent(id);
    let end = tree.end(parent);
    let first = (parent + 1 < end).then_some(parent + 1);
    let all = std::iter::successors(first, move |at| {
        let next = tree.end(*at);
        (next < end).then_some(next)
    });
    all.filter(|at| tree.element(*at).is_some())
}

impl Test {
    fn holds(&self, tree: &Tree, id: NodeId, element: &Element) -> bool {
        let is_at = |place: i64, all: Vec<NodeId>| {
            let at = all.iter().position(|one| *one == id).unwrap_or(0) as i64;
            place == at + 1 || place == at - all.len() as i64
        };
        match self {
            Test::Any => true,
            Test::Name(name) => element.name() == name,
            Test::Attribute(name, compare, wanted) => {
                let value = element.attribute(name);
                value.is_some_and(|value| compare.holds(value, wanted))
            }
            Test::Place(place) => is_at(*place, siblings(tree, id).collect()),
            Test::PlaceOfName(place) => {
                let name = element.name();
                let all = siblings(tree, id).filter(|one| tree.name(*one) == name);
                is_at(*place, all.collect())
            }
            Test::Not(tests) => !tests.iter().all(|test| test.holds(tree, id, element)),
        }
    }
}

impl Compare {
    fn holds(self, value: &str, wanted: &str) -> bool {
        match self {
            Compare::IsThere => true,
            Compare::Equals => value == wanted,
            Compare::Lists => value.split_ascii_whitespace().any(|one| one == wanted),
            Compare::Begins => !wanted.is_empty() && value.starts_with(wanted),
            Compare::Ends => !wanted.is_empty() && value.ends_with(wanted),
            Compare::Holds => !wanted.is_empty() && value.contains(wanted),
            Compare::Dashed => value
                .strip_prefix(wanted)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn skip(&mut self, text: &str) -> bool {
        let is_there = self.rest().starts_with(text);
        if is_there {
            self.at += text.len();
        }
        is_there
    }

    fn wrong<T>(&self, reason: impl Into<String>) -> Result<T, Unreadable> {
        Err(Unreadable {
            at: self.at,
            reason: reason.into(),
        })
    }

    /// Parts up to a comma or the end.
    fn complex(&mut self) -> Result<Vec<Part>, Unreadable> {
        let mut parts = Vec::new();
        let mut combinator = Combinator::Below;
        self.skip_spaces();
        loop {
            let tests = self.compound()?;
            parts.push(Part { combinator, tests });
            if parts.len() > MOST_PARTS {
                return self.wrong(format!("the selector has more than {MOST_PARTS} parts"));
            }
            self.skip_spaces();
            combinator = match self.peek() {
                None | Some(',') => return Ok(parts),
                Some('>') => Combinator::Child,
                Some('+') => Combinator::Next,
                Some('~') => Combinator::After,
                Some(_) => Combinator::Below,
            };
            if combinator != Combinator::Below {
                self.at += 1;
                self.skip_spaces();
            }
        }
    }

    /// What is asked of one element.
    fn compound(&mut self) -> Result<Vec<Test>, Unreadable> {
        let mut tests = Vec::new();
        loop {
            let test = match self.peek() {
                Some('*') => {
                    self.at += 1;
                    Test::Any
                }
                Some('#') => {
                    self.at += 1;
                    Test::Attribute("id".to_owned(), Compare::Equals, self.name()?)
                }
                Some('.') => {
                    self.at += 1;
                    Test::Attribute("class".to_owned(), Compare::Lists, self.name()?)
                }
                Some('[') => self.attribute()?,
                Some(':') => self.place()?,
                Some(c) if tests.is_empty() && (c.is_alphabetic() || c == '_') => {
                    Test::Name(self.name()?.to_ascii_lowercase())
                }
                None if tests.is_empty() => return self.wrong("a selector is missing here"),
                Some(c) if tests.is_empty() => {
                    return self.wrong(format!("`{c}` cannot begin a selector"));
                }
                Some(c) if !c.is_whitespace() && !matches!(c, ',' | '>' | '+' | '~' | ')') => {
                    return self.wrong(format!("`{c}` cannot stand here"));
                }
                _ => return Ok(tests),
            };
            tests.push(test);
        }
    }

    fn name(&mut self) -> Result<String, Unreadable> {
        let mut name = String::new();
        while let Some(letter) = self.peek() {
            if letter == '\\' {
                // `md\:flex`: the letter that follows, whatever it is.
                self.at += 1;
                name.extend(self.peek());
            } else if letter.is_alphanumeric() || matches!(letter, '-' | '_') {
                name.push(letter);
            } else {
                break;
            }
            self.at += self.peek().map_or(0, char::len_utf8);
        }
        if name.is_empty() {
            return self.wrong("a name is missing here");
        }
        Ok(name)
    }

    fn attribute(&mut self) -> Result<Test, Unreadable> {
        self.at += 1;
        self.skip_spaces();
        let name = self.name()?.to_ascii_lowercase();
        self.skip_spaces();
        if self.skip("]") {
            return Ok(Test::Attribute(name, Compare::IsThere, String::new()));
        }
        let signs = [
            ("=", Compare::Equals),
            ("~=", Compare::Lists),
            ("^=", Compare::Begins),
            ("$=", Compare::Ends),
            ("*=", Compare::Holds),
            ("|=", Compare::Dashed),
        ];
        let Some((_, compare)) = signs.into_iter().find(|(sign, _)| self.skip(sign)) else {
            return self.wrong("`=` or `]` is missing here");
        };
        self.skip_spaces();
        let value = match self.peek() {
            Some(quote @ ('"' | '\'')) => {
                self.at += 1;
                let Some(end) = self.rest().find(quote) else {
                    return self.wrong(format!("the quote {quote} is never closed"));
                };
                let value = self.rest().get(..end).unwrap_or_default().to_owned();
                self.at += end + 1;
                value
            }
            _ => self.name()?,
        };
        self.skip_spaces();
        if !self.skip("]") {
            return self.wrong("`]` is missing here");
        }
        Ok(Test::Attribute(name, compare, value))
    }

    fn place(&mut self) -> Result<Test, Unreadable> {
        for (name, test) in [
            (":first-child", Test::Place(1)),
            (":last-child", Test::Place(-1)),
            (":first-of-type", Test::PlaceOfName(1)),
            (":last-of-type", Test::PlaceOfName(-1)),
        ] {
            if self.skip(name) {
                return Ok(test);
            }
        }
        if self.skip(":not(") {
            self.skip_spaces();
            let tests = self.compound()?;
            self.skip_spaces();
            return match self.skip(")") {
                true => Ok(Test::Not(tests)),
                false => self.wrong("`)` is missing here"),
            };
        }
        let is_of_name = self.rest().starts_with(":nth-of-type(");
        if self.skip(":nth-child(") || self.skip(":nth-of-type(") {
            let (number, _) = self.rest().split_once(')').unwrap_or_default();
            let n_bytes = number.len();
            let Some(place) = number.trim().parse::<i64>().ok().filter(|n| *n > 0) else {
                return self.wrong("a number and `)` should stand here, such as :nth-child(2)");
            };
            self.at += n_bytes + 1;
            return Ok(match is_of_name {
                true => Test::PlaceOfName(place),
                false => Test::Place(place),
            });
        }
        self.wrong(
            "this is not known; of those with a colon there are :not(), :first-child, :last-child, \
             :nth-child(2), :first-of-type, :last-of-type and :nth-of-type(2)",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<ul id=list><li class='card big' data-kind=report lang=en-GB><h3><a href=/a.pdf>A</a></h3>\
        <p>one<p class=x>two</li><li class=card><h3>B</h3></li></ul><p>out</p><li class=card>C</li>";

    /// The texts that directly stand in what is selected.
    #[track_caller]
    fn check(selector: &str, expected: &[&str]) {
        let tree = Tree::parse(PAGE);
        let parsed = Selector::parse(selector).unwrap();
        let found = parsed.select(&tree, Tree::ROOT).map(|id| {
            let texts = (id..tree.end(id)).filter_map(|id| tree.text(id));
            texts.collect::<String>()
        });
        assert_eq!(found.collect::<Vec<_>>(), expected, "{selector}");
    }

    #[test]
    fn elements_are_found_as_css_finds_them() {
        check("li.card", &["Aonetwo", "B", "C"]);
        check("#list > li.card", &["Aonetwo", "B"]);
        check("ul h3, P.x", &["A", "two", "B"]);
        check("li.big.card a[href$='.pdf']", &["A"]);
        check("[data-kind=report] p + p", &["two"]);
        check("h3 ~ p", &["one", "two"]);
        check("ul + p", &["out"]);
        check("[lang|=en] :first-child", &["A", "A"]);
        check("li p:last-child", &["two"]);
        check("ul li:nth-child( 2 )", &["B"]);
        check("p:nth-of-type(2)", &["two"]);
        check("li:not(.big)", &["B", "C"]);
        check(
            "li[class~=big], [class*=ar][class^=c]",
            &["Aonetwo", "B", "C"],
        );
        check("ul li h3 a, div > a", &["A"]);
        check("*[href]", &["A"]);
        check("ul > a", &[]);
    }

    #[test]
    fn what_is_no_selector_is_told_with_its_place() {
        let check = |text: &str, at: usize, reason: &str| {
            let error = Selector::parse(text).unwrap_err();
            assert_eq!((error.at, error.reason.as_str()), (at, reason), "{text}");
        };
        check("", 0, "a selector is missing here");
        check("li,", 3, "a selector is missing here");
        check("li > > a", 5, "`>` cannot begin a selector");
        check("li.", 3, "a name is missing here");
        check("a[href", 6, "`=` or `]` is missing here");
        check("a[href='x]", 8, "the quote ' is never closed");
        check("li!", 2, "`!` cannot stand here");
        check(
            "li:nth-child(odd)",
            13,
            "a number and `)` should stand here, such as :nth-child(2)",
        );
        assert_eq!(Selector::parse("a:hover").unwrap_err().at, 1);
    }
}
