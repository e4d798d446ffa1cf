//! What is known of languages when a site is published: function words, spellings, abbreviations.
//!
//! Pure functions from text to facts, for the builder, which sees the whole vocabulary and may ask
//! of each word what would cost a browser too many bytes. Compiled under the feature `build` only.
//! Knows how `text` folds words; knows no records and writes no bytes.

mod acronyms;
pub(crate) mod celtic;
mod detect;
mod function_words;
mod irregular;
mod spelling;
mod tables;

pub(crate) use acronyms::harvest;
pub(crate) use detect::Detector;
pub(crate) use function_words::{function_words, is_function_word};
pub(crate) use irregular::{base_form, family};
pub(crate) use spelling::{american, other_spellings};
