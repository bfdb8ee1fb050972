"""Measures of search and of answers, as pure functions."""
