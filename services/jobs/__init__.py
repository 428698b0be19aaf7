"""Jobs: work asked for by a request and done later by a worker, once in effect, with progress."""
