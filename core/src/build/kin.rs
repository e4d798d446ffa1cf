//! Joins the classes of Welsh, Gaelic and Irish words that are forms of one.
//!
//! While records are taken in, each such word has a class of its own, apart from those of other
//! languages. Once all words are there, `language` tells which are forms of one; a word that is alone
//! shares the class of what is spelled alike in other languages, as any word without a stemmer does.
//! Knows gathered words; knows no rule of any language.

use std::collections::{BTreeMap, BTreeSet};

use crate::build::invert::{Inverter, Surface};
use crate::language::celtic::{self, Vocabulary};
use crate::text::mutations::{Celtic, radicals};

/// Joins them, in each language.
pub(super) fn join(inverter: &mut Inverter) {
    let languages: Vec<String> = inverter.languages().to_vec();
    for lang in languages {
        if let Some(celtic) = Celtic::of(&lang) {
            let Kin { into, typed } = Kin::find(inverter, celtic, &lang);
            inverter.join(&into);
            for (folded, class) in typed {
                inverter.add_surface(Surface {
                    written: folded.clone(),
                    folded,
                    class: into.get(&class).copied().unwrap_or(class),
                    ordinal: None,
                    is_function: false,
                });
            }
        }
    }
}

/// What is to be done in one language.
#[derive(Default)]
struct Kin {
    /// Which class becomes part of which.
    into: BTreeMap<u32, u32>,
    /// Words that no record holds, so that they can be typed, and their classes.
    typed: BTreeSet<(String, u32)>,
}

impl Kin {
    fn find(inverter: &Inverter, celtic: Celtic, lang: &str) -> Kin {
        let mut kin = Kin::default();
        let roots = roots(inverter, lang);
        let count = |class: u32| {
            inverter
                .classes
                .get(class as usize)
                .map_or(0, |c| c.n_docs())
        };
        let words = roots.iter().map(|(root, class)| (*root, count(*class)));
        let words: BTreeMap<&str, u32> = words.collect();
        let vocabulary = Vocabulary::new(celtic, &words);

        let mut families: BTreeMap<String, Vec<(&str, u32)>> = BTreeMap::new();
        for (root, class) in &roots {
            let family = families.entry(vocabulary.class(root)).or_default();
            family.push((root, *class));
        }
        let keys = Keys::new(inverter, &roots);
        for (name, family) in &families {
            let Some((_, first)) = family.first() else {
                continue;
            };
            let home = roots.get(name.as_str()).unwrap_or(first);
            if let [(root, class)] = family.as_slice()
                && keys.is_plain(root)
            {
                kin.into
                    .extend(inverter.known_class(root).map(|plain| (*class, plain)));
                if celtic == Celtic::Welsh {
                    let radicals = keys.radicals_elsewhere(root, &words).into_iter();
                    kin.typed.extend(radicals.map(|radical| (radical, *class)));
                }
                continue;
            }
            let others = family.iter().filter(|(_, class)| class != home);
            kin.into.extend(others.map(|(_, class)| (*class, *home)));
            let names = family.iter().map(|(root, _)| *root);
            for root in names.chain([name.as_str()]) {
                if !keys.is_held(root) {
                    kin.typed.insert((root.to_owned(), *home));
                }
            }
        }
        kin
    }
}

/// The roots of a language's words, each with its class.
fn roots<'i>(inverter: &'i Inverter, lang: &str) -> BTreeMap<&'i str, u32> {
    let keys = (0..).zip(inverter.class_keys());
    let roots = keys.filter_map(|(class, key)| {
        let (of, root) = celtic::parts_of_key(key)?;
        (of == lang).then_some((root, class))
    });
    roots.collect()
}

/// How words of a language, and of others, are spelled.
struct Keys<'i> {
    /// Those that stand as they are, of this language.
    held: BTreeSet<&'i str>,
    /// Roots of words that stand otherwise somewhere.
    changed: BTreeSet<&'i str>,
    /// Those of other languages.
    elsewhere: BTreeSet<&'i str>,
}

impl<'i> Keys<'i> {
    fn new(inverter: &'i Inverter, roots: &BTreeMap<&'i str, u32>) -> Keys<'i> {
        let by_class: BTreeMap<u32, &str> = roots.iter().map(|(root, id)| (*id, *root)).collect();
        let mut keys = Keys {
            held: BTreeSet::new(),
            changed: BTreeSet::new(),
            elsewhere: BTreeSet::new(),
        };
        for surface in &inverter.surfaces {
            let root = by_class.get(&surface.class).copied();
            match root {
                Some(root) if root == surface.folded => keys.held.insert(root),
                Some(root) => keys.changed.insert(root),
                None => keys.elsewhere.insert(&surface.folded),
            };
        }
        keys
    }

    fn is_held(&self, root: &str) -> bool {
        self.held.contains(root)
    }

    fn is_plain(&self, root: &str) -> bool {
        !self.changed.contains(root)
    }

    /// The radicals of a Welsh word that texts of other languages alone have: `plant` in English ones
    /// would hide `blant` in Welsh ones from who types it.
    fn radicals_elsewhere(&self, word: &str, words: &BTreeMap<&str, u32>) -> Vec<String> {
        let mut found = radicals(word);
        found.retain(|radical| {
            let radical = radical.as_str();
            self.elsewhere.contains(radical)
                && !words.contains_key(radical)
                && !self.elsewhere.contains(word)
        });
        found
    }
}
