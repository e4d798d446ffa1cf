//! What a page says of itself in JSON-LD, in the words of schema.org.
//!
//! Knows the few properties that become fields. JSON that is none is passed over, as browsers do.

use serde_json::Value as Json;

use super::squeezed;
use super::tree::Tree;

/// Most objects that are looked at: some sites list their whole catalogue on each page.
const MOST_OBJECTS: usize = 1000;

/// Types of things that stand around the page's own.
const NOT_THE_PAGE: [&str; 10] = [
    "WebSite",
    "Organization",
    "GovernmentOrganization",
    "BreadcrumbList",
    "ImageObject",
    "Person",
    "SearchAction",
    "ListItem",
    "Place",
    "PostalAddress",
];

/// What is said of the page.
#[derive(Debug, Default)]
pub(super) struct LinkedData {
    pub(super) headline: Option<String>,
    pub(super) description: Option<String>,
    pub(super) lang: Option<String>,
    pub(super) published: Option<String>,
    pub(super) changed: Option<String>,
    pub(super) authors: Vec<String>,
    /// The type in words: `news article`.
    pub(super) kind: Option<String>,
    pub(super) topics: Vec<String>,
    pub(super) image: Option<String>,
}

impl LinkedData {
    /// Reads all that the scripts of a page say of it.
    pub(super) fn read(tree: &Tree) -> LinkedData {
        let mut data = LinkedData::default();
        for (id, _) in tree.named(Tree::ROOT, "script") {
            let text: String = (id..tree.end(id)).filter_map(|id| tree.text(id)).collect();
            if text.is_empty() {
                continue;
            }
            // Nesting is limited by serde_json, so that no page can exhaust the stack.
            let Ok(json) = serde_json::from_str::<Json>(&text) else {
                continue;
            };
            for object in objects(&json) {
                data.take(object);
            }
        }
        data
    }

    /// Adds what an object says, where nothing was said before.
    fn take(&mut self, object: &Json) {
        let types = texts(object.get("@type"));
        if types
            .iter()
            .any(|name| NOT_THE_PAGE.contains(&name.as_str()))
        {
            return;
        }
        let first = |key: &str| texts(object.get(key)).into_iter().next();
        let fill = |known: &mut Option<String>, value: Option<String>| {
            *known = known.take().or(value);
        };
        fill(&mut self.headline, first("headline"));
        fill(&mut self.description, first("description"));
        fill(&mut self.lang, first("inLanguage"));
        fill(&mut self.published, first("datePublished"));
        fill(&mut self.changed, first("dateModified"));
        fill(&mut self.image, first("image"));
        let kind = types.first().map(|name| in_words(name));
        fill(&mut self.kind, kind.filter(|kind| kind != "web page"));
        if self.authors.is_empty() {
            self.authors = texts(object.get("author"));
        }
        if self.topics.is_empty() {
            let keywords = texts(object.get("keywords"));
            let topics = keywords.iter().flat_map(|text| text.split(','));
            self.topics = topics
                .map(squeezed)
                .filter(|topic| !topic.is_empty())
                .collect();
        }
    }
}

/// The objects that a script says something with: itself, those of its list, and those of `@graph`.
fn objects(json: &Json) -> Vec<&Json> {
    let mut found = Vec::new();
    let mut waiting = vec![json];
    while let Some(json) = waiting.pop() {
        if found.len() >= MOST_OBJECTS {
            break;
        }
        match json {
            Json::Array(items) => waiting.extend(items.iter().rev()),
            Json::Object(object) => {
                found.push(json);
                waiting.extend(object.get("@graph"));
                waiting.extend(object.get("mainEntity").filter(|one| one.is_object()));
            }
            _ => {}
        }
    }
    found
}

/// The texts that a value is: itself, those of a list, and the names or addresses of objects.
fn texts(value: Option<&Json>) -> Vec<String> {
    let items = match value {
        Some(Json::Array(items)) => items.iter().collect(),
        Some(single) => vec![single],
        None => Vec::new(),
    };
    let texts = items.into_iter().filter_map(|item| match item {
        Json::String(text) => Some(squeezed(text)),
        Json::Object(object) => {
            let name = object.get("name").or_else(|| object.get("url"));
            name.and_then(Json::as_str).map(squeezed)
        }
        _ => None,
    });
    texts.filter(|text| !text.is_empty()).collect()
}

/// `NewsArticle` as `news article`.
fn in_words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.rsplit(['/', ':']).next().unwrap_or(name).chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}
