-- What articles are filtered by, where the pages of a paged document start, and clusters of near
-- copies: `cluster` is the key of the first article of its cluster, or NULL for articles stored
-- before clusters were known, which the next build assigns.

ALTER TABLE article ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';         -- JSON list of strings
ALTER TABLE article ADD COLUMN article_set TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN page_starts TEXT NOT NULL DEFAULT '[]';  -- JSON list of offsets
ALTER TABLE article ADD COLUMN stored_at TEXT;                          -- UTC, ISO 8601
ALTER TABLE article ADD COLUMN signature BLOB;                          -- MinHash of the text
ALTER TABLE article ADD COLUMN cluster INTEGER;

-- Everything but the text of what is live, without reading the texts' pages.
CREATE INDEX article_facts ON article
    (added_generation, removed_generation, key, id, date, source, article_set, cluster);
