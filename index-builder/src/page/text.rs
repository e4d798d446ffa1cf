//! Walks over a page's content once and cuts it into blocks of text below headings.
//!
//! Knows which elements begin a block, where a heading's fragment may stand, and the `data-speir-`
//! attributes of parts. What a heading says, `headings` knows.

use std::collections::BTreeSet;

use super::content::Content;
use super::elements::{is_block, is_heading};
use super::headings;
use super::tree::{Element, NodeId, Tree};
use super::weights::{self, Unclear, WEIGHT, Weight};
use super::{FACET, Page, Section, downloads, squeezed};

/// The attribute whose element is the value of a field.
const FIELD: &str = "data-speir-field";
/// The attribute that gives a part of a page a kind.
const KIND: &str = "data-speir-kind";

/// Most letters of a block that is looked at for being a stray label.
const LABEL_LETTERS: usize = 200;

/// What a block says that leads back up, in whole.
const BACK_TO_TOP: [&str; 8] = [
    "back to top",
    "back to the top",
    "return to top",
    "scroll to top",
    "top of page",
    "to top",
    "nôl i'r brig",
    "yn ôl i'r brig",
];

/// How the names of pictures end.
const PICTURES: [&str; 6] = [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"];

/// Reads the sections, fields and links of the content. True if there are any words in it, be they the
/// title alone.
pub(super) fn read(tree: &Tree, content: &Content, page: &mut Page) -> bool {
    let mut walk = Walk {
        tree,
        content,
        title: page.titles.first().cloned().unwrap_or_default(),
        page,
        block: String::new(),
        open: Vec::new(),
        current: None,
        outer: Vec::new(),
        anchor_before: None,
        is_before_text: true,
        link_end: Tree::ROOT,
    };
    let end = tree.end(content.main);
    let mut id = content.main;
    while id < end {
        walk.leave(id);
        id = walk.enter(id);
    }
    walk.leave(end);
    walk.flush();
    let has_words = !walk.is_before_text;
    propose_anchors(tree, &mut page.sections);
    has_words
}

/// An element that is open.
struct Open {
    end: NodeId,
    is_block: bool,
    anchor: Option<String>,
    /// Whether a heading stands in it, before the present place.
    has_heading: bool,
    /// The kind of the part, and the section that goes on after it.
    part: Option<(String, Option<usize>)>,
    weight: Option<Weight>,
}

struct Walk<'t> {
    tree: &'t Tree,
    content: &'t Content,
    title: String,
    page: &'t mut Page,
    block: String,
    open: Vec<Open>,
    /// The section that text goes to.
    current: Option<usize>,
    /// The sections around the present place, outermost first: level and what trails call it.
    outer: Vec<(u8, String, Option<String>)>,
    /// A fragment that was named since the last text.
    anchor_before: Option<String>,
    /// Whether no text and no heading has come yet.
    is_before_text: bool,
    /// The node after the last link.
    link_end: NodeId,
}

impl Walk<'_> {
    /// Ends what ends before a place.
    fn leave(&mut self, id: NodeId) {
        while let Some(open) = self.open.last().filter(|open| open.end <= id) {
            // While it is open still: its last text is part of it.
            if open.is_block {
                self.flush();
            }
            let closed = self.open.pop();
            if let Some((_, before)) = closed.and_then(|open| open.part) {
                self.current = before;
            }
        }
    }

    /// Reads a node; gives the one to go on with.
    fn enter(&mut self, id: NodeId) -> NodeId {
        let after = self.tree.end(id);
        if self.content.leaves_out(id) {
            return after;
        }
        if let Some(text) = self.tree.text(id) {
            self.text(text);
            return after;
        }
        let Some(element) = self.tree.element(id) else {
            return after;
        };
        let weight = self.weight(id, element);
        self.field(id, element);
        if is_heading(element.name()) {
            self.flush();
            self.heading(id, element);
            return after;
        }
        if is_mark(self.tree, id, element) {
            let anchor = anchor_of(element).map(str::to_owned);
            self.anchor_before = anchor.or(self.anchor_before.take());
            return after;
        }
        match element.name() {
            "br" | "hr" | "img" => self.block.push(' '),
            "a" => {
                // Links in a row are set apart by the style sheet.
                if self.link_end == id {
                    self.block.push(' ');
                }
                self.link_end = after;
                self.link(id, element);
            }
            _ => {}
        }
        let is_block = is_block(element.name()) || weight.is_some();
        if is_block {
            self.flush();
        }
        // Names of links on the page may stand in an element of their own before the heading.
        // That of the whole content is where "skip to content" leads.
        let anchor = anchor_of(element).filter(|_| id != self.content.main);
        let anchor = anchor.map(str::to_owned);
        if after == id + 1 && anchor.is_some() {
            self.anchor_before.clone_from(&anchor);
        }
        let part = element
            .attribute(KIND)
            .map(squeezed)
            .filter(|kind| !kind.is_empty());
        let part = part.map(|kind| (kind, self.current));
        if after > id + 1 {
            if part.is_some() {
                self.flush();
            }
            self.open.push(Open {
                end: after,
                is_block: is_block || part.is_some(),
                anchor,
                has_heading: false,
                part,
                weight,
            });
        }
        id + 1
    }

    fn text(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.anchor_before = None;
        }
        self.block.push_str(text);
    }

    /// Ends a block of text and gives it to its section.
    fn flush(&mut self) {
        let block = squeezed(&self.block);
        self.block.clear();
        if block.is_empty() || is_stray(&block) {
            return;
        }
        self.is_before_text = false;
        // A part without a heading is called by its kind.
        let part = self.open.iter().rposition(|open| open.part.is_some());
        if let Some(open) = part.and_then(|at| self.open.get(at))
            && !open.has_heading
            && let Some((kind, _)) = &open.part
        {
            let (kind, anchor) = (kind.clone(), open.anchor.clone());
            let level = self
                .outer
                .last()
                .map_or(1, |(level, ..)| (level + 1).min(6));
            self.begin(headings_of_kind(&kind), None, anchor, level, Some(kind));
        }
        let weight = self.open.iter().rev().find_map(|open| open.weight);
        if let Some(weight) = weight {
            self.page.weighed.push((weight, block.clone()));
            if !weight.is_more() {
                return;
            }
        }
        match self.current.and_then(|at| self.page.sections.get_mut(at)) {
            Some(section) => section.blocks.push(block),
            None => self.page.blocks.push(block),
        }
    }

    fn heading(&mut self, id: NodeId, element: &Element) {
        let words = heading_text(self.tree, self.content, id);
        let level = element
            .name()
            .bytes()
            .last()
            .map_or(1, |digit| digit - b'0');
        let own = anchor_of(element).map(str::to_owned);
        let anchor = own
            .or_else(|| anchor_within(self.tree, id))
            .or_else(|| self.anchor_before.take())
            .or_else(|| {
                let mut around = self.open.iter().rev();
                let around = around.find(|open| open.anchor.is_some() && !open.has_heading);
                around.and_then(|open| open.anchor.clone())
            });
        self.anchor_before = None;
        for below in self.tree.below(id) {
            if below.1.name() == "a" {
                self.link(below.0, below.1);
            }
        }
        if words.is_empty() {
            return;
        }
        for open in &mut self.open {
            open.has_heading = true;
        }
        let is_first = std::mem::take(&mut self.is_before_text);
        let (number, heading) = headings::split_number(&words);
        // The title is no section of its own, unless its number is looked for.
        if number.is_none() && (is_first || level == 1) && is_same(&words, &self.title) {
            self.outer.clear();
            self.current = None;
            return;
        }
        let own_kind = element.attribute(KIND).map(squeezed);
        let part = self.open.iter().rev().find_map(|open| open.part.as_ref());
        let kind = own_kind
            .or_else(|| part.map(|(kind, _)| kind.clone()))
            .or_else(|| headings::kind(&words).map(str::to_owned));
        self.begin(
            heading.to_owned(),
            number.map(str::to_owned),
            anchor,
            level,
            kind,
        );
    }

    /// Begins a section.
    fn begin(
        &mut self,
        heading: String,
        number: Option<String>,
        anchor: Option<String>,
        level: u8,
        kind: Option<String>,
    ) {
        for open in &mut self.open {
            open.has_heading = true;
        }
        self.outer.retain(|(outer, ..)| *outer < level);
        let around: Vec<String> = self.outer.iter().map(|(_, name, _)| name.clone()).collect();
        let trail = headings::trail(number.as_deref(), &heading, &around);
        let own = number.clone().unwrap_or_else(|| heading.clone());
        let is_own = anchor.is_some();
        let anchor = anchor.or_else(|| self.outer.last().and_then(|(.., anchor)| anchor.clone()));
        self.outer.push((level, own, anchor.clone()));
        self.current = Some(self.page.sections.len());
        self.page.sections.push(Section {
            proposed: (!is_own).then(|| headings::slug(&heading)),
            heading,
            number,
            anchor,
            level,
            trail,
            kind,
            blocks: Vec::new(),
        });
    }

    /// The weight of a part that is cut out of the text around it. A heading, or words within a text, that
    /// count more are noted where they stand.
    fn weight(&mut self, id: NodeId, element: &Element) -> Option<Weight> {
        // That of the whole content is the page's.
        let is_part = id != self.content.main;
        let written = element.attribute(WEIGHT).filter(|_| is_part)?;
        let weight = match weights::read(written) {
            Ok(weight) => weight?,
            Err(Unclear) => {
                let known = &mut self.page.unclear_weight;
                known.get_or_insert_with(|| squeezed(written));
                return None;
            }
        };
        let is_within = is_heading(element.name()) || !is_block(element.name());
        if !(is_within && weight.is_more()) {
            return Some(weight);
        }
        let words = inline_text(self.tree, self.content, id);
        if !words.is_empty() {
            self.page.weighed.push((weight, words));
        }
        None
    }

    /// Takes the value of a field that the element says it is.
    fn field(&mut self, id: NodeId, element: &Element) {
        for attribute in [FIELD, FACET] {
            let Some(name) = element.attribute(attribute).map(str::trim) else {
                continue;
            };
            let said = element.attribute("content");
            let said = said.or_else(|| element.attribute("datetime"));
            let value = match said {
                Some(said) => squeezed(said),
                None => inline_text(self.tree, self.content, id),
            };
            if !name.is_empty() && !value.is_empty() {
                if attribute == FACET {
                    self.page.facets.push(name.to_owned());
                }
                self.page.fields.push((name.to_owned(), value));
            }
        }
    }

    fn link(&mut self, id: NodeId, element: &Element) {
        let Some(href) = element.attribute("href") else {
            return;
        };
        let Some(format) = downloads::format_of(href) else {
            return;
        };
        self.page.downloads.push(downloads::Download {
            href: href.trim().to_owned(),
            title: Some(inline_text(self.tree, self.content, id)),
            format,
            below: self.heading_above(),
        });
    }

    /// The heading above the present place that says what stands below it: "Downloads" in "Soil plan" is
    /// about the plan.
    fn heading_above(&self) -> Option<String> {
        let mut level = u8::MAX;
        let until = self.current?.saturating_add(1);
        let before = self.page.sections.get(..until)?.iter().rev();
        for section in before {
            if section.level < level {
                if section.kind.is_none() && !downloads::is_empty_heading(&section.heading) {
                    return Some(section.heading.clone());
                }
                level = section.level;
            }
        }
        None
    }
}

/// What a part is called that has a kind and no heading.
fn headings_of_kind(kind: &str) -> String {
    let mut letters = kind.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// Whether two titles are the same but for case, spaces and signs.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    letters(a) == letters(b)
}

/// The words of a heading; where all of them stand in the button that opens what is below, those.
pub(super) fn heading_text(tree: &Tree, content: &Content, id: NodeId) -> String {
    let words = inline_text(tree, content, id);
    if !words.is_empty() {
        return words;
    }
    let buttons = tree
        .named(id, "button")
        .map(|(id, _)| inline_text(tree, content, id));
    squeezed(&buttons.collect::<Vec<_>>().join(" "))
}

/// The text below a node in one line, without what is left out.
pub(super) fn inline_text(tree: &Tree, content: &Content, id: NodeId) -> String {
    let mut text = String::new();
    let mut at = id + 1;
    while at < tree.end(id) {
        let is_out = content.leaves_out(at)
            || tree
                .element(at)
                .is_some_and(|element| is_mark(tree, at, element));
        if is_out {
            at = tree.end(at);
            continue;
        }
        match tree.text(at) {
            Some(piece) => text.push_str(piece),
            None if is_block(tree.name(at)) || tree.name(at) == "br" => text.push(' '),
            None => {}
        }
        at += 1;
    }
    squeezed(&text)
}

/// The name of the place at which an element stands.
fn anchor_of(element: &Element) -> Option<&str> {
    let name = || element.attribute("name").filter(|_| element.name() == "a");
    let anchor = element.attribute("id").or_else(name)?.trim();
    (!anchor.is_empty()).then_some(anchor)
}

/// A name inside a heading, or that a link of the heading to itself has: `<a class=header href="#x">`.
fn anchor_within(tree: &Tree, heading: NodeId) -> Option<String> {
    tree.below(heading).find_map(|(_, element)| {
        let href = element.attribute("href").filter(|_| element.name() == "a");
        let own = href.and_then(|href| href.strip_prefix('#'));
        let own = own.filter(|name| !name.is_empty());
        anchor_of(element).or(own).map(str::to_owned)
    })
}

/// What is no word of its text: a sign that links a heading to itself (`#`, `¶`, `§`), and a footnote's
/// number, which would make one word with that before it.
fn is_mark(tree: &Tree, id: NodeId, element: &Element) -> bool {
    let leads_here = |element: &Element| {
        let href = element.attribute("href");
        href.is_some_and(|href| href.starts_with('#'))
    };
    match element.name() {
        "a" => {
            leads_here(element)
                && !(id..tree.end(id)).any(|id| {
                    tree.text(id)
                        .is_some_and(|text| text.contains(char::is_alphanumeric))
                })
        }
        "sup" => tree.named(id, "a").any(|(_, link)| leads_here(link)),
        _ => false,
    }
}

/// Whether a block is a label that was left behind: a way back up, names of pictures, a copyright line.
fn is_stray(block: &str) -> bool {
    if block.len() > LABEL_LETTERS {
        return false;
    }
    let lower = block.to_lowercase();
    let words = lower.trim_matches(|c: char| !c.is_alphanumeric());
    words.is_empty()
        || BACK_TO_TOP.contains(&words)
        || lower.starts_with("copyright \u{a9}")
        || lower.starts_with('\u{a9}')
        || PICTURES.iter().any(|ending| lower.ends_with(ending)) && !lower.contains(". ")
}

/// Makes the proposed names such as no element of the page has.
fn propose_anchors(tree: &Tree, sections: &mut [Section]) {
    if sections.iter().all(|section| section.proposed.is_none()) {
        return;
    }
    let known = tree.below(Tree::ROOT);
    let mut known: BTreeSet<String> = known
        .filter_map(|(_, element)| anchor_of(element).map(str::to_owned))
        .collect();
    for proposed in sections
        .iter_mut()
        .filter_map(|section| section.proposed.as_mut())
    {
        if proposed.is_empty() {
            proposed.push_str("section");
        }
        let mut n = 2;
        let mut name = proposed.clone();
        while !known.insert(name.clone()) {
            name = format!("{proposed}-{n}");
            n += 1;
        }
        *proposed = name;
    }
}
