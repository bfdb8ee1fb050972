"""The reading room: signed links to read-only web pages of articles. Knows nothing of Discord."""
