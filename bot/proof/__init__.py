"""Whether a sentence is proved by quotes from the articles, whoever wrote it."""
