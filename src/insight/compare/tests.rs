//! Columns, keys, differences and what is best.
