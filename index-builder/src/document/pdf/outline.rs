//! Bookmarks: which page each leads to.
//!
//! Knows ISO 32000-1, 12.3.2 and 12.3.3. Follows no more links than a long book has, as they may lead
//! round in a circle.

use std::collections::BTreeMap;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, MaybeRef, Object, ObjectIdentifier, String as Text};

use super::names;

/// Most bookmarks that are looked at: a statute book has some thousands.
const MAX_BOOKMARKS: usize = 20_000;

/// How deep bookmarks and the tree of names may branch.
const MAX_DEPTH: usize = 16;

/// The title of the first bookmark that leads to each page, by the page's place from 0.
pub(super) fn titles(pdf: &Pdf, catalog: &Dict<'_>) -> BTreeMap<usize, String> {
    let pages = pdf.pages().iter().enumerate();
    let pages: BTreeMap<ObjectIdentifier, usize> = pages
        .filter_map(|(at, page)| Some((page.raw().obj_id()?, at)))
        .collect();
    let mut outline = Outline {
        pages,
        n_pages: pdf.pages().len(),
        names: BTreeMap::new(),
        titles: BTreeMap::new(),
        n_left: MAX_BOOKMARKS,
    };
    if let Some(old) = catalog.get::<Dict<'_>>(b"Dests") {
        for name in old.keys().take(MAX_BOOKMARKS) {
            if let Some(target) = old.get::<Object<'_>>(&name) {
                let page = outline.page_of(&target);
                outline.names.extend(page.map(|page| (name.to_vec(), page)));
            }
        }
    }
    if let Some(tree) = catalog
        .get::<Dict<'_>>(b"Names")
        .and_then(|names| names.get::<Dict<'_>>(b"Dests"))
    {
        outline.read_names(&tree, 0);
    }
    outline.n_left = MAX_BOOKMARKS;
    if let Some(root) = catalog.get::<Dict<'_>>(b"Outlines") {
        outline.read(&root, 0);
    }
    outline.titles
}

struct Outline {
    pages: BTreeMap<ObjectIdentifier, usize>,
    n_pages: usize,
    /// Places that have names, and their pages.
    names: BTreeMap<Vec<u8>, usize>,
    titles: BTreeMap<usize, String>,
    n_left: usize,
}

impl Outline {
    fn read_names(&mut self, node: &Dict<'_>, depth: usize) {
        if let Some(list) = node.get::<Array<'_>>(b"Names") {
            let mut items = list.flex_iter();
            while let Some(name) = items.next::<Text<'_>>() {
                let Some(target) = items.next::<Object<'_>>() else {
                    break;
                };
                if self.n_left == 0 {
                    return;
                }
                self.n_left -= 1;
                let page = self.page_of(&target);
                self.names.extend(page.map(|page| (name.to_vec(), page)));
            }
        }
        if let Some(kids) = node.get::<Array<'_>>(b"Kids")
            && depth < MAX_DEPTH
        {
            for kid in kids.iter::<Dict<'_>>() {
                if self.n_left == 0 {
                    return;
                }
                self.n_left -= 1;
                self.read_names(&kid, depth + 1);
            }
        }
    }

    fn read(&mut self, parent: &Dict<'_>, depth: usize) {
        let mut next = parent.get::<Dict<'_>>(b"First");
        while let Some(item) = next {
            if self.n_left == 0 {
                return;
            }
            self.n_left -= 1;
            let target = item.get::<Object<'_>>(b"Dest").or_else(|| {
                let action = item.get::<Dict<'_>>(b"A")?;
                action.get::<Object<'_>>(b"D")
            });
            let page = target.and_then(|target| self.page_of(&target));
            if let (Some(page), Some(title)) = (page, item.get::<Text<'_>>(b"Title")) {
                let title = names::text_string(&title);
                let words: Vec<&str> = title.split_whitespace().collect();
                if !words.is_empty() {
                    self.titles.entry(page).or_insert_with(|| words.join(" "));
                }
            }
            if depth < MAX_DEPTH {
                self.read(&item, depth + 1);
            }
            next = item.get::<Dict<'_>>(b"Next");
        }
    }

    fn page_of(&self, target: &Object<'_>) -> Option<usize> {
        match target {
            Object::Array(place) => match place.raw_iter().next()? {
                MaybeRef::Ref(page) => self.pages.get(&page.into()).copied(),
                MaybeRef::NotRef(Object::Number(number)) => {
                    let page = usize::try_from(number.as_i64()).ok()?;
                    (page < self.n_pages).then_some(page)
                }
                MaybeRef::NotRef(_) => None,
            },
            Object::Dict(place) => {
                let inner = place.get::<Array<'_>>(b"D")?;
                self.page_of(&Object::Array(inner))
            }
            Object::Name(name) => self.named(name),
            Object::String(name) => self.named(name),
            _ => None,
        }
    }

    fn named(&self, name: &[u8]) -> Option<usize> {
        self.names.get(name).copied()
    }
}
