//! The house rules as tests: headers, who may name whom, sizes, licences, what must not be there.
//!
//! Reads the repository's own files. Knows no code of Speir.

mod layers;
mod packages;
mod shape;
mod sources;
mod words;
