"""A user's own training: whatever yields metrics, whoever computes them."""
