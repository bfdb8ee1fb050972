"""What the words of an answer mean: places, numbers, days, names, and what a question is about."""
