"""Trains the reader that Dateline ships. Not installed with it; see training/README.md."""
