//! The command line: parse, run, print what went wrong, end with the right exit code.
//!
//! Knows which command is whose. What a command does, `cmd` knows.

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
use crate::cmd;
use crate::problem::{Problem, WRONG_USAGE};

/// Does what the arguments of this process ask for.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return wrong_usage(&error),
    };
    let wants_json = args.command.wants_json();
    let outcome = match args.command {
        Command::Build(args) => cmd::build::run(args),
        Command::Init(args) => cmd::init::run(&args),
        Command::CheckConfig(args) => cmd::check_config::run(&args),
        Command::Search(args) => cmd::search::run(&args),
        Command::Inspect(args) => cmd::inspect::run(&args),
        Command::Verify(args) => cmd::verify::run(&args),
        Command::Diff(args) => cmd::diff::run(&args),
        Command::Serve(args) => cmd::serve::run(&args),
        Command::Eval(args) => cmd::eval::run(&args),
        Command::Check(args) => cmd::check::run(&args),
        Command::Explain(args) => cmd::explain::run(&args),
        Command::Suggest(args) => cmd::suggest::run(&args),
        Command::Related(args) => cmd::related::run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            problem.print(wants_json);
            ExitCode::from(problem.exit_code)
        }
    }
}

/// Prints what clap says; also help and version, which it treats as errors that are none.
fn wrong_usage(error: &clap::Error) -> ExitCode {
    let wants_json = std::env::args()
        .skip(1)
        .take_while(|arg| arg != "--")
        .any(|arg| arg == "--json");
    if error.use_stderr() && wants_json {
        let text = error.to_string();
        let reason = text
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ");
        Problem::usage(reason, "see `speir --help`").print(true);
        return ExitCode::from(WRONG_USAGE);
    }
    // Nobody is left to be told when the stream is closed.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(WRONG_USAGE))
}
