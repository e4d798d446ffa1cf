//! English words whose forms no stemmer brings together: `sold` and `sell`, `children` and `child`.
//!
//! Only forms that are hardly ever another word: `found`, `left`, `saw` and `leaves` are not here,
//! since each is as often something else. Knows folded words; knows nothing of stems.

/// A base form, and its irregular forms. In order of the base forms.
const FAMILIES: &[(&str, &[&str])] = &[
    ("arise", &["arisen", "arose"]),
    ("become", &["became"]),
    ("begin", &["began", "begun"]),
    ("break", &["broke", "broken"]),
    ("bring", &["brought"]),
    ("build", &["built"]),
    ("burn", &["burnt"]),
    ("buy", &["bought"]),
    ("catch", &["caught"]),
    ("child", &["children"]),
    ("choose", &["chose", "chosen"]),
    ("come", &["came"]),
    ("deal", &["dealt"]),
    ("draw", &["drawn", "drew"]),
    ("drink", &["drank", "drunk"]),
    ("drive", &["driven", "drove"]),
    ("eat", &["ate", "eaten"]),
    ("fight", &["fought"]),
    ("fly", &["flew", "flown"]),
    ("foot", &["feet"]),
    ("forbid", &["forbade", "forbidden"]),
    ("foresee", &["foresaw", "foreseen"]),
    ("forget", &["forgot", "forgotten"]),
    ("forgive", &["forgave", "forgiven"]),
    ("freeze", &["froze", "frozen"]),
    ("give", &["gave", "given"]),
    ("go", &["gone", "went"]),
    ("goose", &["geese"]),
    ("grow", &["grew", "grown"]),
    ("hear", &["heard"]),
    ("hide", &["hid", "hidden"]),
    ("hold", &["held"]),
    ("keep", &["kept"]),
    ("knife", &["knives"]),
    ("know", &["knew", "known"]),
    ("lead", &["led"]),
    ("learn", &["learnt"]),
    ("lend", &["lent"]),
    ("life", &["lives"]),
    ("loaf", &["loaves"]),
    ("lose", &["lost"]),
    ("make", &["made"]),
    ("man", &["men"]),
    ("meet", &["met"]),
    ("mislead", &["misled"]),
    ("mistake", &["mistaken", "mistook"]),
    ("mouse", &["mice"]),
    ("overcome", &["overcame"]),
    ("overpay", &["overpaid"]),
    ("oversee", &["oversaw", "overseen"]),
    ("overtake", &["overtaken", "overtook"]),
    ("pay", &["paid"]),
    ("rebuild", &["rebuilt"]),
    ("repay", &["repaid"]),
    ("ride", &["ridden", "rode"]),
    ("run", &["ran"]),
    ("say", &["said"]),
    ("see", &["seen"]),
    ("seek", &["sought"]),
    ("sell", &["sold"]),
    ("send", &["sent"]),
    ("shake", &["shaken", "shook"]),
    ("show", &["shown"]),
    ("sing", &["sang", "sung"]),
    ("sink", &["sank", "sunk"]),
    ("sleep", &["slept"]),
    ("speak", &["spoke", "spoken"]),
    ("spell", &["spelt"]),
    ("spend", &["spent"]),
    ("spoil", &["spoilt"]),
    ("steal", &["stole", "stolen"]),
    ("swear", &["swore", "sworn"]),
    ("swim", &["swam", "swum"]),
    ("take", &["taken", "took"]),
    ("teach", &["taught"]),
    ("tell", &["told"]),
    ("think", &["thought"]),
    ("throw", &["threw", "thrown"]),
    ("tooth", &["teeth"]),
    ("underpay", &["underpaid"]),
    ("understand", &["understood"]),
    ("undertake", &["undertaken", "undertook"]),
    ("wear", &["wore", "worn"]),
    ("wife", &["wives"]),
    ("win", &["won"]),
    ("withdraw", &["withdrawn", "withdrew"]),
    ("withhold", &["withheld"]),
    ("woman", &["women"]),
    ("write", &["written", "wrote"]),
];

/// The base form of an irregular English form, with or without a genitive's `s` (`childrens`).
pub(crate) fn base_form(folded: &str) -> Option<&'static str> {
    let find = |word: &str| {
        let family = FAMILIES.iter().find(|(_, forms)| forms.contains(&word));
        family.map(|(base, _)| *base)
    };
    find(folded).or_else(|| find(folded.strip_suffix('s')?))
}

/// All forms of the family of an English word, itself too; none of a word that has no family.
pub(crate) fn family(folded: &str) -> impl Iterator<Item = &'static str> {
    let base = base_form(folded).unwrap_or(folded);
    let at = FAMILIES.binary_search_by_key(&base, |(base, _)| base).ok();
    let family = at.and_then(|at| FAMILIES.get(at));
    family
        .into_iter()
        .flat_map(|(base, forms)| core::iter::once(*base).chain(forms.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn forms_lead_to_their_base() {
        for (form, base) in [
            ("sold", Some("sell")),
            ("children", Some("child")),
            ("childrens", Some("child")),
            ("women", Some("woman")),
            ("sell", None),
            ("sells", None),
            ("left", None),
            ("s", None),
            ("", None),
        ] {
            assert_eq!(base_form(form), base, "{form}");
        }
        assert_eq!(family("bought").collect::<Vec<_>>(), ["buy", "bought"]);
        assert_eq!(family("buy").collect::<Vec<_>>(), ["buy", "bought"]);
        assert_eq!(family("house").count(), 0);
    }

    #[test]
    fn families_are_in_order_and_share_no_form() {
        assert!(FAMILIES.is_sorted_by(|a, b| a.0 < b.0));
        let mut seen = BTreeSet::new();
        for (base, forms) in FAMILIES {
            for form in core::iter::once(base).chain(*forms) {
                assert!(seen.insert(*form), "{form} twice");
            }
        }
    }
}
