"""Probes of a backend that shows its histories only."""
