"""The replay engine: folds books into registers, live, from zero, or as known at a moment."""
