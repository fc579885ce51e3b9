"""Probes of a backend that trains seeds as one batched model."""
