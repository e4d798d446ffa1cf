//! What a word is worth in a record.
//!
//! Knows postings and ranking; knows nothing of how words are joined.

use crate::format::manifest::Manifest;
use crate::format::postings::Posting;
use crate::rank::{self, Route};
use crate::schema;
use crate::search::load::LoadedTerm;
use crate::search::lookup::Via;
use crate::search::matches::Match;

/// How words count in each searched field.
pub(super) struct Scales {
    fields: Vec<FieldScale>,
    /// The title's number among the searched fields.
    title: usize,
}

/// How words count in one field.
struct FieldScale {
    weight: f64,
    average_words: f64,
    /// How much the field's length counts against it.
    b: f64,
}

/// What one term is worth in one record.
#[derive(Clone, Copy)]
pub(super) struct Worth {
    pub(super) score: f64,
    #[cfg(feature = "explain")]
    pub(super) saturation: f64,
    pub(super) route: Route,
    /// How many words the title has, where the term stands in it.
    pub(super) title_words: Option<u32>,
}

impl Scales {
    pub(super) fn of(manifest: &Manifest) -> Scales {
        let mut scales = Scales {
            fields: Vec::new(),
            title: usize::MAX,
        };
        let mut totals = manifest.totals.iter();
        for (_, field) in manifest.schema.searched() {
            let Some(totals) = totals.next() else { break };
            let mut scale = FieldScale {
                weight: f64::from(field.weight.unwrap_or(0.0)),
                average_words: totals.average_words(),
                b: rank::B,
            };
            if field.name == schema::TITLE {
                scale.b = rank::B_TITLE;
                scales.title = scales.fields.len();
            }
            scales.fields.push(scale);
        }
        scales
    }

    /// What a term is worth in one record, if it stands in one of the fields as it is asked for. At a
    /// glance, the most that it can be by where it stands: how often, and how long that is, is not read.
    pub(super) fn of_term(
        &self,
        term: &LoadedTerm,
        posting: &Posting,
        fields: u64,
        is_glance: bool,
    ) -> Option<Worth> {
        if !is_sought(term, posting, fields) {
            return None;
        }
        let is_folded = is_folded(term, posting);
        let mut weighted = 0.0;
        let mut title_words = None;
        let in_title = (posting.fields & fields).checked_shr(self.title as u32);
        if is_glance && in_title.unwrap_or(0) & 1 == 1 {
            // As if it were all that the title has.
            title_words = Some(1);
        }
        for (bit, field) in term.list.fields_of(posting) {
            if !is_glance
                && fields >> bit & 1 == 1
                && let Some(scale) = self.fields.get(bit)
            {
                let length = field.length();
                if bit == self.title {
                    title_words = Some(length);
                }
                weighted += rank::field_frequency(
                    scale.weight,
                    field.frequency,
                    length,
                    scale.average_words,
                    scale.b,
                );
            }
        }
        let route = match term.found.via {
            Via::Beginning => Route::Prefix,
            Via::Slip(n_slips) if is_folded => Route::Slip(n_slips),
            Via::Slip(n_slips) => Route::SlipForm(n_slips),
            Via::Related => Route::Related,
            Via::Explained => Route::Explained,
            Via::Word if posting.forms & term.found.written_forms != 0 => Route::AsWritten,
            Via::Word if is_folded => Route::Folded,
            Via::Word => Route::SameStem,
        };
        let saturation = if is_glance {
            1.0
        } else {
            rank::saturate(weighted)
        };
        Some(Worth {
            score: term.idf * saturation * route.weight(),
            #[cfg(feature = "explain")]
            saturation,
            route,
            title_words,
        })
    }

    /// What a term is worth in one record, as a match; at a glance, no less than that.
    pub(super) fn match_of(
        &self,
        term: &LoadedTerm,
        posting: &Posting,
        fields: u64,
        is_glance: bool,
    ) -> Option<Match> {
        let worth = self.of_term(term, posting, fields, is_glance)?;
        let mut found = Match::plain(posting.doc);
        found.score = worth.score;
        found.distance = worth.route.distance();
        if let Some(title_words) = worth.title_words {
            found.in_title = term.idf * worth.route.weight();
            found.title_words = title_words;
            found.n_in_title = 1;
        }
        Some(found)
    }
}

/// Whether a term stands in one of the fields of a record, in a form that is asked for.
pub(super) fn is_sought(term: &LoadedTerm, posting: &Posting, fields: u64) -> bool {
    posting.fields & fields != 0 && (!term.found.is_exact || is_folded(term, posting))
}

fn is_folded(term: &LoadedTerm, posting: &Posting) -> bool {
    posting.forms & term.found.folded_forms != 0
}
