//! Memory → meaning. Pure: what a run's numbers say, from any layout the same picture.
