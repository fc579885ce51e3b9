"""Recorders: what a training does, written down while it runs. The only place that needs torch."""
