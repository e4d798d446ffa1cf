//! From the bytes of a web page to what it says: title, language, dates, sections, downloads.
//!
//! Knows HTML as sites write it, and the `data-speir-` attributes. Knows no paths, no other pages and
//! no records: addresses stay as they are written, and what is on every page of a site the caller finds
//! with [`common`].
//!
//! `decode` makes text, `tree` elements, `content` finds the part that matters, `text` cuts it into
//! sections, `meta` reads what the page says of itself; `select` and `list` read a page that lists
//! resources.

pub(crate) mod common;
mod content;
mod decode;
mod downloads;
mod elements;
mod headings;
mod linked_data;
pub(crate) mod list;
mod meta;
pub(crate) mod select;
mod text;
mod tree;
mod weights;

use serde::{Deserialize, Serialize};

use common::Common;
use content::Content;
pub(crate) use downloads::Download;
use tree::Tree;
pub(crate) use weights::{WEIGHT, Weight};

/// A page as it describes itself. Texts have single spaces; addresses are as written.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Page {
    /// What the page may be called, the best first, each without the name of the site where it is
    /// known. Empty only where the page has no words at all.
    pub(crate) titles: Vec<String>,
    pub(crate) description: Option<String>,
    /// As written in `<html lang>` or elsewhere.
    pub(crate) lang: Option<String>,
    /// An ISO date.
    pub(crate) date: Option<String>,
    pub(crate) authors: Vec<String>,
    /// What kind of page it is, where it says more than that it is a page.
    pub(crate) kind: Option<String>,
    pub(crate) topics: Vec<String>,
    pub(crate) image: Option<String>,
    /// The address that the page says is its own.
    pub(crate) canonical: Option<String>,
    /// The same page in other languages: language and address.
    pub(crate) alternates: Vec<(String, String)>,
    /// Why it is not to be found, where it is not.
    pub(crate) left_out: Option<LeftOut>,
    /// What its score is multiplied by, as written.
    pub(crate) weight: Option<String>,
    /// Fields that the page names, in its order.
    pub(crate) fields: Vec<(String, String)>,
    /// The names among them that are to be counted and filtered by.
    pub(crate) facets: Vec<String>,
    /// Texts of parts that count more or less: those that count more stand in their place as well.
    pub(crate) weighed: Vec<(Weight, String)>,
    /// The first weight of a part that cannot be understood, as written.
    pub(crate) unclear_weight: Option<String>,
    /// The texts before the first section.
    pub(crate) blocks: Vec<String>,
    pub(crate) sections: Vec<Section>,
    pub(crate) downloads: Vec<Download>,
}

/// A heading and what stands below it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Section {
    /// The words of the heading, without its number.
    pub(crate) heading: String,
    pub(crate) number: Option<String>,
    /// The fragment that leads to it or, where it has none of its own, to the section around it.
    pub(crate) anchor: Option<String>,
    /// A name that the heading could have, where it has none.
    pub(crate) proposed: Option<String>,
    /// 1 to 6.
    pub(crate) level: u8,
    /// The way to it from the outermost section, itself included.
    pub(crate) trail: Vec<String>,
    pub(crate) kind: Option<String>,
    /// Its texts, in order.
    pub(crate) blocks: Vec<String>,
}

/// Why a page is not to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum LeftOut {
    /// It asks search engines to pass over it.
    NoIndex,
    /// It leads to another page at once.
    Redirect,
    /// It has the attribute `data-speir-ignore`.
    Ignored,
    /// It has no words.
    Empty,
}

/// The attribute that names the facets of a page, to be looked for before any page is read.
pub(crate) const FACET: &str = "data-speir-facet";

/// The addresses that a page says it has, as written.
pub(crate) fn addresses(bytes: &[u8]) -> Vec<String> {
    meta::addresses(&Tree::parse(&decode::decode(bytes)))
}

impl Page {
    /// Reads a page.
    pub(crate) fn read(bytes: &[u8]) -> Page {
        let text = decode::decode(bytes);
        let tree = Tree::parse(&text);
        let content = Content::find(&tree);
        let mut page = Page::default();
        meta::read(&tree, &content, &mut page);
        let has_words = text::read(&tree, &content, &mut page);
        downloads::name(&mut page);
        let says_nothing = !has_words && page.downloads.is_empty() && page.description.is_none();
        if page.left_out.is_none() && says_nothing {
            page.left_out = Some(LeftOut::Empty);
        }
        page
    }

    /// Reads a piece of HTML as the content of a page with this title: what an export has of a page.
    pub(crate) fn of_fragment(title: &str, html: &str) -> Page {
        let title = title.replace('&', "&amp;").replace('<', "&lt;");
        // The charset is said, as a byte order mark inside would be no mark.
        let whole = format!(
            "<!doctype html><meta charset=utf-8><body><main><h1>{title}</h1>\n{html}\n</main>"
        );
        Page::read(whole.as_bytes())
    }

    /// Leaves out what the pages of its site have in common. True where that was more than half of the
    /// text: the page says little of its own.
    pub(crate) fn leave_out(&mut self, common: &Common) -> bool {
        let (mut n_own, mut n_common) = (0, 0);
        let mut is_own = |block: &String| {
            let is_common = common.has_block(block);
            *(if is_common { &mut n_common } else { &mut n_own }) += block.len();
            !is_common
        };
        self.blocks.retain(&mut is_own);
        self.sections.retain_mut(|section| {
            let n_before = section.blocks.len();
            section.blocks.retain(&mut is_own);
            // A heading that is everywhere is one's own only with a text that is one's own.
            let had_and_lost = n_before > 0 && section.blocks.is_empty();
            !(had_and_lost && common.has_block(&section.heading))
        });
        self.weighed.retain(|(_, block)| !common.has_block(block));
        self.titles = common.without_site(&self.titles);
        if self
            .description
            .as_ref()
            .is_some_and(|text| common.has_block(text))
        {
            self.description = None;
        }
        n_common > n_own
    }

    /// All texts of which pages may have some in common.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let sections = self.sections.iter();
        let of_sections =
            sections.flat_map(|section| std::iter::once(&section.heading).chain(&section.blocks));
        let all = self
            .blocks
            .iter()
            .chain(of_sections)
            .chain(&self.description);
        all.map(String::as_str)
    }
}

/// What kind of file an address leads to, as readers are told it, if it is one to download.
pub(crate) fn download_format(href: &str) -> Option<&'static str> {
    downloads::format_of(href)
}

/// The text with single spaces, and none at its ends.
fn squeezed(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c == '\u{200b}') {
        if word.is_empty() {
            continue;
        }
        if !squeezed.is_empty() {
            squeezed.push(' ');
        }
        // Soft hyphens say where a line may end, and are no part of a word.
        squeezed.extend(word.split('\u{ad}'));
    }
    squeezed
}

#[cfg(test)]
mod tests;
