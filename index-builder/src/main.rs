//! The binary `speir`: the command line, which lives in the library, so that its readers can be tested
//! from outside.

use std::process::ExitCode;

fn main() -> ExitCode {
    speir_index_builder::cli::main()
}
