//! The elements of a page, as a list in the order in which they stand.
//!
//! The tokenizer is that of browsers; the tree is a plainer one of our own: it closes what HTML lets
//! open (`<p>`, `<li>`, table cells), and takes what is out of order as it comes. Nothing is ever moved,
//! so an element's descendants are the nodes that follow it, and every walk is a loop.
//! Linear in the page's length, whatever the depth. Knows no page's meaning.

use std::cell::{Cell, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::{Attribute, LocalName};

use super::elements::{
    ends_paragraph, is_heading, is_of_head, is_table_part, is_void, is_wall, marks_words,
};

/// Deepest nesting that is kept; what lies deeper is taken as lying at this depth. Browsers have the
/// same limit (Blink and WebKit: 512).
const MAX_DEPTH: usize = 512;

/// A place in a [`Tree`].
pub(crate) type NodeId = usize;

/// An element, or a text between two tags.
#[derive(Debug)]
pub(crate) enum What {
    Element(Element),
    Text(StrTendril),
}

/// An element.
#[derive(Debug)]
pub(crate) struct Element {
    name: LocalName,
    attributes: Vec<Attribute>,
    /// The line of its tag, from 1.
    pub(crate) line: u64,
}

#[derive(Debug)]
struct Node {
    parent: NodeId,
    /// The node after the last descendant.
    end: NodeId,
    what: What,
}

/// A page. Its first node is the page itself, which is an element without a name.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

impl Element {
    /// The name, in small letters; empty for the page itself.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The value of an attribute as written; empty where it has none.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let mut all = self.attributes.iter();
        let found = all.find(|attribute| &*attribute.name.local == name)?;
        Some(&found.value)
    }

    /// Whether a name is among those that an attribute lists.
    pub(crate) fn lists(&self, attribute: &str, name: &str) -> bool {
        self.attribute(attribute)
            .is_some_and(|names| names.split_ascii_whitespace().any(|one| one == name))
    }
}

impl Tree {
    /// The page itself.
    pub(crate) const ROOT: NodeId = 0;

    /// Reads a page. Never fails, as browsers never do.
    pub(crate) fn parse(text: &str) -> Tree {
        let tokenizer = Tokenizer::new(Builder::new(), TokenizerOpts::default());
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from_slice(text));
        // A script does not run here, so the tokenizer is told to go on.
        while !queue.is_empty() {
            let _ = tokenizer.feed(&queue);
        }
        tokenizer.end();
        tokenizer.sink.finish()
    }

    /// How many nodes there are, the page itself included.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node after the last descendant of a node.
    pub(crate) fn end(&self, id: NodeId) -> NodeId {
        self.nodes.get(id).map_or(id + 1, |node| node.end)
    }

    /// The element around a node; the page itself is around itself.
    pub(crate) fn parent(&self, id: NodeId) -> NodeId {
        self.nodes.get(id).map_or(Tree::ROOT, |node| node.parent)
    }

    /// The node as an element.
    pub(crate) fn element(&self, id: NodeId) -> Option<&Element> {
        match &self.nodes.get(id)?.what {
            What::Element(element) => Some(element),
            What::Text(_) => None,
        }
    }

    /// The node as a text.
    pub(crate) fn text(&self, id: NodeId) -> Option<&str> {
        match &self.nodes.get(id)?.what {
            What::Text(text) => Some(text),
            What::Element(_) => None,
        }
    }

    /// The name of an element; empty for texts and the page itself.
    pub(crate) fn name(&self, id: NodeId) -> &str {
        self.element(id).map_or("", Element::name)
    }

    /// The value of an element's attribute.
    pub(crate) fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        self.element(id)?.attribute(name)
    }

    /// The elements below a node, in their order.
    pub(crate) fn below(&self, id: NodeId) -> impl Iterator<Item = (NodeId, &Element)> {
        (id + 1..self.end(id)).filter_map(|id| Some((id, self.element(id)?)))
    }

    /// The elements of a name below a node.
    pub(crate) fn named<'t>(
        &'t self,
        id: NodeId,
        name: &'t str,
    ) -> impl Iterator<Item = (NodeId, &'t Element)> {
        self.below(id)
            .filter(move |(_, element)| element.name() == name)
    }

    /// The elements around a node, the nearest first, without the page itself.
    pub(crate) fn around(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let mut at = id;
        std::iter::from_fn(move || {
            at = self.parent(at);
            (at != Tree::ROOT).then_some(at)
        })
    }
}

/// Takes in tokens and grows the tree.
struct Builder {
    growing: RefCell<Growing>,
    line: Cell<u64>,
}

struct Growing {
    nodes: Vec<Node>,
    /// The elements that are open, the page itself first.
    open: Vec<NodeId>,
    /// How many elements have not ended and gave way, as the page is too deep.
    n_too_deep: usize,
    /// How many drawings and formulas are open, in which other rules hold.
    n_foreign: usize,
    /// How many of the elements are open that most tags end, so that they are not looked for in vain.
    n_paragraphs: usize,
    n_links: usize,
    n_heads: usize,
}

impl Builder {
    fn new() -> Builder {
        let root = Node {
            parent: Tree::ROOT,
            end: 0,
            what: What::Element(Element {
                name: LocalName::from(""),
                attributes: Vec::new(),
                line: 1,
            }),
        };
        Builder {
            growing: RefCell::new(Growing {
                nodes: vec![root],
                open: vec![Tree::ROOT],
                n_too_deep: 0,
                n_foreign: 0,
                n_paragraphs: 0,
                n_links: 0,
                n_heads: 0,
            }),
            line: Cell::new(1),
        }
    }

    fn finish(self) -> Tree {
        let mut growing = self.growing.into_inner();
        while !growing.open.is_empty() {
            growing.close();
        }
        Tree {
            nodes: growing.nodes,
        }
    }
}

impl TokenSink for Builder {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        self.line.set(line);
        let mut growing = self.growing.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                return growing.start(tag, line);
            }
            Token::TagToken(tag) => growing.end(&tag.name),
            Token::CharacterTokens(text) => growing.text(text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Growing {
    fn top(&self) -> NodeId {
        self.open.last().copied().unwrap_or(Tree::ROOT)
    }

    fn name(&self, id: NodeId) -> &str {
        match self.nodes.get(id).map(|node| &node.what) {
            Some(What::Element(element)) => element.name(),
            _ => "",
        }
    }

    /// The count of open elements of a name, for the names that are counted.
    fn count(&mut self, id: NodeId) -> Option<&mut usize> {
        match self.name(id) {
            "svg" | "math" => Some(&mut self.n_foreign),
            "p" => Some(&mut self.n_paragraphs),
            "a" => Some(&mut self.n_links),
            "head" => Some(&mut self.n_heads),
            _ => None,
        }
    }

    /// Opens an element.
    fn open(&mut self, id: NodeId) {
        self.open.push(id);
        if let Some(n) = self.count(id) {
            *n += 1;
        }
    }

    /// Ends the innermost open element.
    fn close(&mut self) {
        let Some(id) = self.open.pop() else { return };
        if let Some(n) = self.count(id) {
            *n = n.saturating_sub(1);
        }
        let end = self.nodes.len();
        if let Some(node) = self.nodes.get_mut(id) {
            node.end = end;
        }
    }

    /// Ends the innermost open element of these, if no wall stands before it.
    fn close_one(&mut self, is_it: impl Fn(&str) -> bool, is_wall: impl Fn(&str) -> bool) {
        for at in (1..self.open.len()).rev() {
            let name = self.open.get(at).map_or("", |id| self.name(*id));
            if is_it(name) {
                while self.open.len() > at {
                    self.close();
                }
                return;
            }
            if is_wall(name) {
                return;
            }
        }
    }

    fn start(&mut self, tag: Tag, line: u64) -> TokenSinkResult<()> {
        let name = &*tag.name;
        if self.n_foreign == 0 {
            if self.merges(&tag) {
                return TokenSinkResult::Continue;
            }
            if self.n_heads > 0 && !is_of_head(name) {
                self.close_one(|open| open == "head", |_| false);
            }
            self.close_before(name);
        }
        let is_over = match name {
            _ if is_void(name) => true,
            // Not what HTML says, but what was meant by `<a name="x"/>`: it would hold all that follows.
            "a" => tag.self_closing,
            _ => tag.self_closing && (self.n_foreign > 0 || matches!(name, "svg" | "math")),
        };
        let raw = match name {
            _ if self.n_foreign > 0 => None,
            "title" | "textarea" => Some(RawKind::Rcdata),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
            "script" => Some(RawKind::ScriptData),
            _ => None,
        };
        // The deepest element gives way to the next.
        if !is_over && self.open.len() >= MAX_DEPTH {
            self.close();
            self.n_too_deep += 1;
        }
        let id = self.nodes.len();
        self.nodes.push(Node {
            parent: self.top(),
            end: id + 1,
            what: What::Element(Element {
                name: tag.name,
                attributes: tag.attrs,
                line,
            }),
        });
        if is_over {
            return TokenSinkResult::Continue;
        }
        self.open(id);
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }

    /// A second `<html>` or `<body>` adds what it says to the first.
    fn merges(&mut self, tag: &Tag) -> bool {
        if !matches!(&*tag.name, "html" | "body") {
            return false;
        }
        let mut open = self.open.iter().copied();
        let known = open.find(|id| self.name(*id) == &*tag.name);
        let Some(What::Element(known)) = known
            .and_then(|id| self.nodes.get_mut(id))
            .map(|node| &mut node.what)
        else {
            return false;
        };
        for attribute in &tag.attrs {
            if known.attribute(&attribute.name.local).is_none() {
                known.attributes.push(attribute.clone());
            }
        }
        true
    }

    /// Ends what cannot go on when an element begins.
    fn close_before(&mut self, name: &str) {
        if self.n_paragraphs > 0 && ends_paragraph(name) {
            self.close_one(|open| open == "p", is_wall);
        }
        match name {
            "li" => self.close_one(
                |open| open == "li",
                |open| is_wall(open) || matches!(open, "ul" | "ol" | "menu" | "dir"),
            ),
            "dt" | "dd" => self.close_one(
                |open| matches!(open, "dt" | "dd"),
                |open| is_wall(open) || open == "dl",
            ),
            "td" | "th" => self.close_one(
                |open| matches!(open, "td" | "th" | "caption"),
                |open| matches!(open, "tr" | "table"),
            ),
            "tr" => self.close_one(
                |open| matches!(open, "tr" | "caption"),
                |open| open == "table",
            ),
            "tbody" | "thead" | "tfoot" => self.close_one(
                |open| matches!(open, "tbody" | "thead" | "tfoot" | "caption"),
                |open| open == "table",
            ),
            "option" | "optgroup" => self.close_one(
                |open| open == "option",
                |open| is_wall(open) || matches!(open, "select" | "datalist"),
            ),
            "a" if self.n_links > 0 => self.close_one(|open| open == "a", is_wall),
            _ if is_heading(name) && is_heading(self.name(self.top())) => self.close(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if is_void(name) {
            return;
        }
        // What gave way has no place among the open elements any more.
        if self.n_too_deep > 0 && self.open.len() < MAX_DEPTH {
            self.n_too_deep -= 1;
            return;
        }
        if is_heading(name) {
            self.close_one(is_heading, is_wall);
        } else if is_table_part(name) {
            self.close_one(
                |open| open == name,
                |open| open == "table" && name != "table",
            );
        } else if marks_words(name) {
            self.close_one(
                |open| open == name,
                |open| is_wall(open) || ends_paragraph(open),
            );
        } else if !matches!(name, "html" | "body") {
            // What follows `</body>` is taken as being in it, as browsers do.
            self.close_one(|open| open == name, |open| is_wall(open) && open != name);
        }
    }

    fn text(&mut self, text: StrTendril) {
        let parent = self.top();
        let is_code = match self.nodes.get(parent).map(|node| &node.what) {
            Some(What::Element(element)) => match element.name() {
                "style" => true,
                "script" => !element
                    .attribute("type")
                    .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json")),
                _ => false,
            },
            _ => false,
        };
        if is_code {
            return;
        }
        let id = self.nodes.len();
        if let Some(last) = self.nodes.last_mut()
            && last.parent == parent
            && let What::Text(known) = &mut last.what
        {
            known.push_tendril(&text);
            return;
        }
        self.nodes.push(Node {
            parent,
            end: id + 1,
            what: What::Text(text),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in brackets: `p(a b(c))`.
    fn drawn(tree: &Tree) -> String {
        let mut drawn = String::new();
        let mut ends = Vec::new();
        for id in 1..tree.len() {
            while ends.last().is_some_and(|end| *end <= id) {
                ends.pop();
                drawn.push(')');
            }
            match tree.text(id) {
                Some(text) => drawn.push_str(text.trim()),
                None => {
                    drawn.push_str(&format!("{}(", tree.name(id)));
                    ends.push(tree.end(id));
                }
            }
        }
        drawn + &")".repeat(ends.len())
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(drawn(&Tree::parse(text)), expected, "{text}");
    }

    #[test]
    fn what_may_be_left_open_is_closed() {
        check("<p>a<p>b<div>c</div>d", "p(a)p(b)div(c)d");
        check(
            "<ul><li>a<ul><li>b</ul><li>c</ul>d",
            "ul(li(aul(li(b)))li(c))d",
        );
        check("<dl><dt>a<dd>b<dt>c</dl>", "dl(dt(a)dd(b)dt(c))");
        check(
            "<table><tr><td>a<td>b<tr><th>c</table>d",
            "table(tr(td(a)td(b))tr(th(c)))d",
        );
        check("<head><title>t</title><p>a", "head(title(t))p(a)");
        check("<h1>a<h2>b</h1>c", "h1(a)h2(b)c");
    }

    #[test]
    fn ends_without_a_beginning_do_no_harm() {
        check("a</p></div></b></table>b", "ab");
        check("<div><b>a<p>b</b>c</p></div>d", "div(b(ap(bc)))d");
        check("<div><td>a</div>b</td></div>c", "div(td(ab))c");
        check(
            "<div><table><td>a</div>b</table>c</div>d",
            "div(table(td(ab))c)d",
        );
        check("<br></br>a<hr/>b", "br()ahr()b");
        check("<a name=x/>a<a name='y'/>b", "a(a)a()b");
        check("<p>a<", "p(a<)");
        check("<p a='", "");
    }

    #[test]
    fn scripts_and_drawings_are_not_taken_for_html() {
        check(
            "<script>'<p>'</script>a<style>p{}</style>",
            "script()astyle()",
        );
        check("<script type=application/ld+json>{}</script>", "script({})");
        check(
            "<svg><title>x</title><path/><p/></svg>a",
            "svg(title(x)path()p())a",
        );
        check("<textarea><p></textarea>a", "textarea(<p>)a");
        check("<title>A &amp; B", "title(A & B)");
    }

    #[test]
    fn a_second_body_adds_what_it_says_to_the_first() {
        let tree = Tree::parse("<html><body class=a><p>x<body id=b class=c>y");
        assert_eq!(drawn(&tree), "html(body(p(xy)))");
        assert_eq!(tree.attribute(2, "id"), Some("b"));
        assert_eq!(tree.attribute(2, "class"), Some("a"));
    }

    #[test]
    fn any_depth_is_read_in_time_that_grows_with_the_length_alone() {
        let n = 200_000;
        let text = format!("{}deep{}<p>after", "<div>".repeat(n), "</div>".repeat(n));
        let tree = Tree::parse(&text);
        assert_eq!(tree.len(), n + 4);
        let after = tree.len() - 1;
        assert_eq!(tree.text(after), Some("after"));
        assert_eq!(tree.around(after).count(), 1);
        let deep = (0..tree.len()).find(|id| tree.text(*id) == Some("deep"));
        assert_eq!(tree.around(deep.unwrap()).count(), MAX_DEPTH - 1);
    }

    const PIECES: [&str; 28] = [
        "<div>", "</div>", "<p>", "</p>", "<main>", "</main>", "<h2>", "</h2>", "<a>", "</a>",
        "<a/>", "<table>", "<td>", "</td>", "<tr>", "</table>", "<li>", "<ul>", "</ul>", "<b>",
        "</b>", "<svg>", "</svg>", "<path/>", "<br>", "<body>", "</body>", "<dt>",
    ];

    proptest::proptest! {
        /// Text is neither lost nor moved, and what is inside stays inside, whatever tags stand around.
        #[test]
        fn all_text_is_kept_in_its_order(pieces in proptest::collection::vec(0..40_usize, 0..80)) {
            let text: String = pieces
                .iter()
                .enumerate()
                .map(|(n, piece)| match PIECES.get(*piece) {
                    Some(tag) => (*tag).to_owned(),
                    None => format!("{n},"),
                })
                .collect();
            let words: String = text.split('<').map(|part| part.rsplit('>').next().unwrap()).collect();
            let tree = Tree::parse(&text);
            let found: String = (0..tree.len()).filter_map(|id| tree.text(id)).collect();
            assert_eq!(found, words, "{text}");
            for id in 1..tree.len() {
                let parent = tree.parent(id);
                assert!(parent < id && id < tree.end(id) && tree.end(id) <= tree.end(parent), "{text}");
            }
        }
    }
}
