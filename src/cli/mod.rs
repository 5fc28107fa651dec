//! Options, and the subcommands that draw no screen.
