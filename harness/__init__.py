"""Does it still learn? Convergence regression tests for PyTorch LSTMs, in pytest."""

__version__ = "0.1.0"
