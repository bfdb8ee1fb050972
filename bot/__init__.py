"""From a question to a cited answer, and from there to people: command line and Discord."""
