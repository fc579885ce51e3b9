"""Probes of a backend whose run can be opened: weights, gradients, steps."""
