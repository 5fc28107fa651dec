//! The real terminal and the loop: the only async code.
