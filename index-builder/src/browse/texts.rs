//! The words that the pages themselves say, by language.
//!
//! One file a language in `texts/`, all with the same keys. Knows the names of languages in themselves,
//! since a reader looks for their own. No speaker has checked the translations yet.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The files, by language.
const FILES: [(&str, &str); 13] = [
    ("en", include_str!("texts/en.json")),
    ("cy", include_str!("texts/cy.json")),
    ("gd", include_str!("texts/gd.json")),
    ("ga", include_str!("texts/ga.json")),
    ("pl", include_str!("texts/pl.json")),
    ("ro", include_str!("texts/ro.json")),
    ("uk", include_str!("texts/uk.json")),
    ("ar", include_str!("texts/ar.json")),
    ("ur", include_str!("texts/ur.json")),
    ("fa", include_str!("texts/fa.json")),
    ("pa", include_str!("texts/pa.json")),
    ("bn", include_str!("texts/bn.json")),
    ("zh", include_str!("texts/zh.json")),
];

/// Languages by what they call themselves: those of the pages, and others that newcomers to Britain and
/// Ireland read.
const NAMES: [(&str, &str); 44] = [
    ("am", "አማርኛ"),
    ("ar", "العربية"),
    ("bg", "Български"),
    ("bn", "বাংলা"),
    ("ckb", "کوردی"),
    ("cs", "Čeština"),
    ("cy", "Cymraeg"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("fa", "فارسی"),
    ("fr", "Français"),
    ("ga", "Gaeilge"),
    ("gd", "Gàidhlig"),
    ("gu", "ગુજરાતી"),
    ("hi", "हिन्दी"),
    ("hu", "Magyar"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("ku", "Kurdî"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("ne", "नेपाली"),
    ("nl", "Nederlands"),
    ("om", "Afaan Oromoo"),
    ("pa", "ਪੰਜਾਬੀ"),
    ("pl", "Polski"),
    ("ps", "پښتو"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sk", "Slovenčina"),
    ("so", "Soomaali"),
    ("sq", "Shqip"),
    ("sw", "Kiswahili"),
    ("ta", "தமிழ்"),
    ("ti", "ትግርኛ"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("vi", "Tiếng Việt"),
    ("zh", "中文"),
];

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 3] = ["ar", "fa", "ur"];

static TABLES: LazyLock<Vec<Texts>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(lang, text)| Texts {
            lang,
            // A test reads every file.
            table: serde_json::from_str(text).unwrap_or_default(),
        })
        .collect()
});

/// The texts of one language.
pub(super) struct Texts {
    pub(super) lang: &'static str,
    table: BTreeMap<String, String>,
}

/// The language of the pages that a tag means, such as `cy` for `cy-GB`.
pub(super) fn known(tag: &str) -> Option<&'static str> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    let primary = primary.to_ascii_lowercase();
    let known = FILES.iter().find(|(lang, _)| *lang == primary);
    known.map(|(lang, _)| *lang)
}

/// The same, or English.
pub(super) fn nearest(tag: &str) -> &'static str {
    known(tag).unwrap_or("en")
}

/// The texts of a language of the pages; English ones for any other.
pub(super) fn of(lang: &str) -> &'static Texts {
    let tables = &*TABLES;
    let own = tables.iter().position(|texts| texts.lang == lang);
    &tables[own.unwrap_or(0)]
}

impl Texts {
    /// A text; its key where there is none.
    pub(super) fn say<'t>(&'t self, key: &'t str) -> &'t str {
        self.table.get(key).map_or(key, String::as_str)
    }

    /// The name of a field; the field's own with a capital where the table has none.
    pub(super) fn field(&self, name: &str) -> String {
        if let Some(text) = self.table.get(&format!("field.{name}")) {
            return text.clone();
        }
        let mut letters = name.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        first.unwrap_or_default() + letters.as_str()
    }

    /// A language's name in itself; the tag of one that is not known.
    pub(super) fn language(&self, tag: &str) -> String {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let known = NAMES.iter().find(|(lang, _)| *lang == primary);
        known.map_or(tag, |(_, name)| name).to_owned()
    }

    /// Which way it is written, as HTML's `dir`.
    pub(super) fn dir(&self) -> &'static str {
        if RIGHT_TO_LEFT.contains(&self.lang) {
            "rtl"
        } else {
            "ltr"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_text_and_none_is_left_in_english() {
        let english = of("en");
        assert!(english.table.len() > 10);
        for (lang, text) in FILES {
            let table: BTreeMap<String, String> = serde_json::from_str(text).unwrap();
            let keys: Vec<&String> = table.keys().collect();
            assert_eq!(keys, english.table.keys().collect::<Vec<_>>(), "{lang}");
            for key in ["title", "noscript", "search", "field.year"] {
                let is_same = lang != "en" && table[key] == english.table[key];
                assert!(!is_same && !table[key].is_empty(), "{lang}: {key}");
            }
            assert!(NAMES.iter().any(|(known, _)| *known == lang), "{lang}");
        }
    }

    #[test]
    fn a_tag_with_a_region_is_its_language() {
        assert_eq!(known("cy-GB"), Some("cy"));
        assert_eq!(known("EN_us"), Some("en"));
        assert_eq!(known("xx"), None);
        assert_eq!(nearest("xx"), "en");
        assert_eq!(of("cy").language("gd-GB"), "Gàidhlig");
        assert_eq!((of("ur").dir(), of("cy").dir()), ("rtl", "ltr"));
        assert_eq!(of("cy").field("funder"), "Funder");
    }
}
