//! A simulated lab that writes real files in every layout, live.
