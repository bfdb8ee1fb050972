"""Answers questions from an archive. Never imports `discord`."""
