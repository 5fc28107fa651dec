//! What is written turns one picture into the other.
