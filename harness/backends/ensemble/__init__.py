"""All seeds of a case as one batched model."""
