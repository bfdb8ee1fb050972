"""A language model writes answers from the passages; only what they prove is given on."""
