//! Tests of axes.
