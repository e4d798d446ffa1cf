//! What the tests of Speir share: made-up records, a stupid search to compare with, a driver that
//! counts, and the one `check` through which every answer is asked for.
//!
//! Knows the public interface of `speir` alone. Is never published and never part of a build.

pub mod check;
pub mod corpus;
pub mod driver;
pub mod fuzz;
pub mod oracle;
pub mod records;
pub mod seal;

/// The README's Rust examples, run as doctests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
