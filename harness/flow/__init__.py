"""From a case to its outcome, on one screen."""
