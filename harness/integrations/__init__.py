"""Faces for those who do not own their loop: Lightning, the Hugging Face Trainer, Keras.

Each is a callback, and ``train(fit)`` makes of a function that calls the framework's own ``fit`` a
generator of metrics for ``convergence.check``.
"""
