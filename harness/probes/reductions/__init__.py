"""A case in small: reduced to what a probe looks at."""
