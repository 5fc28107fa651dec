//! Options, and the subcommands that draw no screen.

mod json;
mod options;
mod text;
