-- Who wrote an article, as its page, feed or record names them.

ALTER TABLE article ADD COLUMN authors TEXT NOT NULL DEFAULT '[]';  -- JSON list of strings
