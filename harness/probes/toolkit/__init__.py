"""What probes are made of: a subject, checks, and what is compared."""
