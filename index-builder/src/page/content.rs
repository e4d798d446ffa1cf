//! Which part of a page is its content, and what in it is not.
//!
//! Knows the elements, roles and names by which sites mark navigation, banners and the like. Reads no
//! text beyond its length. Never guesses by position.

use super::tree::{NodeId, Tree};
use super::weights::{WEIGHT, is_nothing};

/// The attribute that leaves an element out, or the page where it stands on `<html>`, `<body>` or the
/// main content.
pub(super) const IGNORE: &str = "data-speir-ignore";

/// What part of a block's text has to be in one of its children for that child to be the content
/// rather than the block: less is a column beside another.
const DENSE_SHARE: f32 = 0.75;

/// What has more of the page's text than this is the page: a banner on a short page may well be most of it.
const WHOLE_SHARE: f32 = 0.9;

/// An `<aside>` of which more is links than this is navigation.
const LINKS_OF_NAVIGATION: f32 = 0.5;

/// Pieces of class names and ids by which sites mark what is on every page.
const NAMES_LEFT_OUT: [&str; 16] = [
    "cookie-banner",
    "cookie-consent",
    "cookie-notice",
    "cookie-bar",
    "cookie-message",
    "cookiebanner",
    "cookieconsent",
    "skip-link",
    "skiplink",
    "skip-to-content",
    "breadcrumb",
    "back-to-top",
    "backtotop",
    "scroll-to-top",
    "pagination",
    "share-buttons",
];

/// Roles of what is not the content.
const ROLES_LEFT_OUT: [&str; 10] = [
    "navigation",
    "search",
    "banner",
    "contentinfo",
    "menu",
    "menubar",
    "toolbar",
    "dialog",
    "alertdialog",
    "tooltip",
];

/// What of a page is content.
#[derive(Debug)]
pub(super) struct Content {
    /// The element that holds the main content.
    pub(super) main: NodeId,
    /// Whether each node is left out, with all below it.
    left_out: Vec<bool>,
}

impl Content {
    /// Whether a node is left out, with all below it. Its own neighbourhood is not asked.
    pub(super) fn leaves_out(&self, id: NodeId) -> bool {
        self.left_out.get(id).copied().unwrap_or(false)
    }

    /// Finds the content of a page.
    pub(super) fn find(tree: &Tree) -> Content {
        let lengths = Lengths::of(tree, |_| false);
        let left_out: Vec<bool> = (0..tree.len())
            .map(|id| is_left_out(tree, &lengths, id))
            .collect();
        let lengths = Lengths::of(tree, |id| left_out.get(id).copied().unwrap_or(false));
        Content {
            main: main(tree, &lengths),
            left_out,
        }
    }
}

/// How much text is below each node, and how much of it in links.
struct Lengths {
    text: Vec<u32>,
    links: Vec<u32>,
}

impl Lengths {
    fn of(tree: &Tree, is_left_out: impl Fn(NodeId) -> bool) -> Lengths {
        let mut lengths = Lengths {
            text: vec![0; tree.len()],
            links: vec![0; tree.len()],
        };
        // Descendants come later, so that each node is complete when its turn comes.
        for id in (1..tree.len()).rev() {
            if is_left_out(id) {
                lengths.text[id] = 0;
                lengths.links[id] = 0;
                continue;
            }
            if let Some(text) = tree.text(id) {
                let n = text
                    .bytes()
                    .filter(|byte| !byte.is_ascii_whitespace())
                    .count();
                lengths.text[id] = u32::try_from(n).unwrap_or(u32::MAX);
            } else if tree.name(id) == "a" {
                lengths.links[id] = lengths.text[id];
            }
            let parent = tree.parent(id);
            lengths.text[parent] = lengths.text[parent].saturating_add(lengths.text[id]);
            lengths.links[parent] = lengths.links[parent].saturating_add(lengths.links[id]);
        }
        lengths
    }

    /// The text of a node that is not in links.
    fn plain(&self, id: NodeId) -> f32 {
        let text = self.text.get(id).copied().unwrap_or(0);
        let links = self.links.get(id).copied().unwrap_or(0);
        text.saturating_sub(links) as f32
    }

    fn share_of_links(&self, id: NodeId) -> f32 {
        let text = self.text.get(id).copied().unwrap_or(0);
        1.0 - self.plain(id) / (text.max(1)) as f32
    }
}

fn is_left_out(tree: &Tree, lengths: &Lengths, id: NodeId) -> bool {
    let Some(element) = tree.element(id) else {
        return false;
    };
    let name = element.name();
    // These hold the page, whatever is said of them: menus hide the body while they are open.
    if matches!(name, "" | "html" | "body" | "main") {
        return false;
    }
    if element
        .attribute("hidden")
        .is_some_and(|value| value != "until-found")
        || element.attribute("aria-hidden") == Some("true")
        || element
            .attribute(IGNORE)
            .is_some_and(|value| value != "false")
        || element.attribute(WEIGHT).is_some_and(is_nothing)
        || element.attribute("data-nosnippet").is_some()
        || element
            .attribute("role")
            .is_some_and(|role| ROLES_LEFT_OUT.contains(&role.trim()))
    {
        return true;
    }
    match name {
        "head" | "title" | "script" | "style" | "noscript" | "template" | "nav" | "button"
        | "select" | "textarea" | "svg" | "iframe" | "object" | "canvas" | "audio" | "video"
        | "dialog" | "datalist" => return true,
        "aside" => {
            let is_menu = tree.named(id, "nav").next().is_some();
            if is_menu || lengths.share_of_links(id) > LINKS_OF_NAVIGATION {
                return true;
            }
        }
        // Some systems put the whole page into a form.
        "form" => {
            let holds_page =
                lengths.plain(id) > lengths.plain(Tree::ROOT) / 2.0 || holds_content(tree, id);
            if !holds_page {
                return true;
            }
        }
        "header" | "footer" => {
            let is_of_part = tree.around(id).any(|around| {
                matches!(tree.name(around), "main" | "article")
                    || tree.attribute(around, "role") == Some("main")
            });
            if !is_of_part {
                return true;
            }
        }
        _ => {}
    }
    let names = [element.attribute("class"), element.attribute("id")];
    let is_named = names.into_iter().flatten().any(|names| {
        let names = names.to_ascii_lowercase();
        names.split_ascii_whitespace().any(is_left_out_by_name)
    });
    // A name around the page says that the page has such a thing, not that it is one.
    is_named
        && lengths.plain(id) <= lengths.plain(Tree::ROOT) * WHOLE_SHARE
        && !holds_content(tree, id)
}

/// Whether the content or its title is below a node.
fn holds_content(tree: &Tree, id: NodeId) -> bool {
    tree.below(id)
        .any(|(_, element)| matches!(element.name(), "main" | "article" | "h1"))
}

/// Whether a class or id names what is on every page: `breadcrumb`, `govuk-cookie-banner__message`; not
/// `has-breadcrumbs`.
fn is_left_out_by_name(name: &str) -> bool {
    NAMES_LEFT_OUT.iter().any(|known| {
        let before = name.split_once(known).map(|(before, _)| before);
        before.is_some_and(|before| {
            let words = before.split(['-', '_']);
            !words
                .into_iter()
                .any(|word| matches!(word, "has" | "with" | "no" | "without"))
        })
    })
}

/// The element with the main content: what the page says it is, else the only article, else the block
/// in which most of the text stands.
fn main(tree: &Tree, lengths: &Lengths) -> NodeId {
    let said = tree.below(Tree::ROOT).filter(|(_, element)| {
        element.name() == "main" || element.attribute("role") == Some("main")
    });
    let longest = |best: Option<NodeId>, id: NodeId| match best {
        Some(best) if lengths.text.get(best) >= lengths.text.get(id) => Some(best),
        _ => Some(id),
    };
    let said = said.map(|(id, _)| id).fold(None, longest);
    if let Some(said) = said.filter(|id| lengths.text.get(*id).is_some_and(|n| *n > 0)) {
        return said;
    }
    let mut articles = tree.named(Tree::ROOT, "article").map(|(id, _)| id);
    if let Some(first) = articles.next()
        && articles.all(|id| id < tree.end(first))
        && lengths.plain(first) > lengths.plain(Tree::ROOT) / 2.0
    {
        return first;
    }
    let mut densest = Tree::ROOT;
    loop {
        let mut child = densest + 1;
        let mut next = None;
        while child < tree.end(densest) {
            let is_block = matches!(
                tree.name(child),
                "html"
                    | "body"
                    | "div"
                    | "section"
                    | "center"
                    | "form"
                    | "article"
                    | "table"
                    | "tbody"
                    | "tr"
                    | "td"
            );
            if is_block && lengths.plain(child) > lengths.plain(densest) * DENSE_SHARE {
                next = Some(child);
            }
            child = tree.end(child);
        }
        match next {
            Some(child) => densest = child,
            None => return densest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of the content.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let tree = Tree::parse(text);
        let content = Content::find(&tree);
        let mut found = String::new();
        let mut id = content.main;
        while id < tree.end(content.main) {
            if content.leaves_out(id) {
                id = tree.end(id);
                continue;
            }
            found.push_str(tree.text(id).unwrap_or_default());
            id += 1;
        }
        let words: Vec<&str> = found.split_whitespace().collect();
        assert_eq!(words.join(" "), expected, "{text}");
    }

    #[test]
    fn the_content_is_where_the_page_says_it_is() {
        check("<p>menu</p><main><p>a</p></main><p>foot", "a");
        check("<div>menu</div><div role=main>a</div>", "a");
        check("<main></main><div role=main>a</div>", "a");
        check(
            "<p>menu</p><article>A long enough text <article>and its part</article></article>",
            "A long enough text and its part",
        );
    }

    #[test]
    fn else_it_is_the_block_with_most_of_the_text() {
        check(
            "<body><div id=top><a href=/>Home</a> <a href=/a>About us</a></div>\
             <div><div><p>The text that people come for.</p> <p>And more of it.</p></div>\
             <div>Aside</div></div>",
            "The text that people come for. And more of it.",
        );
        check("just text", "just text");
        check("", "");
    }

    #[test]
    fn what_is_on_every_page_is_left_out() {
        check(
            "<header>Site</header><p>text</p><footer>Address</footer>\
             <div class='govuk-cookie-banner'>Cookies</div><a class=\"skip-link\">Skip</a>\
             <nav>n</nav><form><input>Search</form><div hidden>h</div><i aria-hidden=true>x</i>\
             <div data-speir-ignore>i</div><noscript>No script</noscript>",
            "text",
        );
        check(
            "<main><header><h1>T</h1></header>a<footer>f</footer></main>",
            "Taf",
        );
        check(
            "<main>t <aside><a href=a>One</a><a href=b>Two</a></aside> <aside>A box.</aside></main>",
            "t A box.",
        );
        check("<form id=aspnet><h1>T</h1> all of it</form>", "T all of it");
        check("<body aria-hidden=true><main hidden>a</main>", "a");
        check(
            "<div class='page has-breadcrumbs'><div class=site-breadcrumbs>Home</div>t</div>",
            "t",
        );
        check(
            "<div class=cookie-banner-page>All there is.</div>",
            "All there is.",
        );
    }
}
