"""The records that training a case leaves, and that every report reads."""
