//! Batches → memory. No I/O, no clock, no screen; nothing here can fail.
