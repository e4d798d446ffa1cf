//! Searching a published Speir index from a folder, reading no more of it than each query needs.
//!
//! This is the file driver of the command line `speir`, for other programs to use. The rooms of the
//! command line itself (reading records, writing and previewing an index) are here too, and no part of
//! what other programs may rely on.
//! The engine is the crate [`speir`]; it does no IO, so files are read here and nowhere else.
//!
//! ```no_run
//! # fn main() -> Result<(), speir_index_builder::dir::DirError> {
//! let mut index = speir_index_builder::dir::open("site/search")?;
//! let page = index.search(&speir::Query::new("housing advice"))?;
//! println!("{} records", page.total);
//! # Ok(())
//! # }
//! ```

mod amounts;
mod args;
mod browse;
mod browse_files;
mod browser;
mod budget;
mod cache;
#[doc(hidden)]
pub mod cli;
mod cmd;
mod config;
pub mod dir;
mod disk;
mod document;
mod findings;
mod former;
#[doc(hidden)]
pub mod fuzz;
mod input;
mod lines;
mod lock;
mod output;
mod page;
mod problem;
mod progress;
mod scratch;
mod sheet;
mod vocabulary;
