"""Texts in, answer spans out: knows nothing of archives."""
