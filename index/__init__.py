"""Articles in, ranked passages out. Knows nothing of answers, of `bot` or of Discord."""
