//! Parses options, runs, and turns the outcome into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ml_dash_top::cli::run(std::env::args_os())
}
