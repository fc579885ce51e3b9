"""Where and how seeds are trained: jobs, workers, the journal, progress."""
