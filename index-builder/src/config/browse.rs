//! `[browse]`: the static pages for readers without JavaScript.
//!
//! Knows the keys and what a publisher's own page has to have.

use toml::de::DeTable;

use super::reader::Reader;
use super::{BROWSE_KEYS, Rules};
use crate::problem::Problem;

/// Where the lists go in a publisher's own page.
const CONTENT: &str = "{{content}}";

impl Reader<'_> {
    /// Reads the settings of the pages into the rules.
    pub(super) fn browse(&self, rules: &mut Rules, settings: &DeTable<'_>) -> Result<(), Problem> {
        for (key, value) in settings {
            let (value, span) = (value.get_ref(), value.span());
            match key.get_ref().as_ref() {
                "pages" => rules.browse.is_wanted = Some(self.truth(value, span, "pages")?),
                "template" => {
                    let name = self.text(value, span.clone(), "template")?;
                    let (_, text) = self.file(rules, name, span.clone())?;
                    if !text.contains(CONTENT) {
                        return Err(self.wrong(
                            span,
                            format!("`{name}` does not say where the lists go"),
                            format!("write {CONTENT} in it, between <main> and </main>"),
                        ));
                    }
                    rules.browse.template = Some(text);
                }
                unknown => return Err(self.unknown(key.span(), unknown, &BROWSE_KEYS)),
            }
        }
        Ok(())
    }
}
