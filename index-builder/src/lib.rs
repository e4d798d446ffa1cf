//! Searching a published Speir index from a folder, reading no more of it than each query needs.
//!
//! This is the file driver of the command line `speir`, for other programs to use. The command line
//! itself (reading records, writing and previewing an index) is the binary of this package.
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

pub mod dir;
