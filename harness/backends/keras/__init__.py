"""The same training by Keras, on each of its engines."""
