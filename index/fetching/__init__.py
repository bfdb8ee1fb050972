"""Getting articles from the web: every request goes through one door, and politely."""
