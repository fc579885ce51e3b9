"""Reductions: a case with only what a probe looks at, and small."""
