//! Files → batches. The only place that knows threads, the clock and the file system.
