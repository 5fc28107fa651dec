//! Any bytes, any cuts.
