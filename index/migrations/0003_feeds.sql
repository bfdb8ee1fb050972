-- Feeds that are subscribed to, the entries of theirs that were seen, and what servers said by
-- which to tell whether a page has changed.

CREATE TABLE feed (
    url           TEXT    PRIMARY KEY,
    title         TEXT    NOT NULL DEFAULT '',
    article_set   TEXT    NOT NULL DEFAULT '',
    every_seconds INTEGER NOT NULL CHECK (every_seconds > 0),
    etag          TEXT    NOT NULL DEFAULT '',
    last_modified TEXT    NOT NULL DEFAULT '',
    added_at      TEXT    NOT NULL,             -- UTC, ISO 8601, as all times here
    polled_at     TEXT,                         -- NULL: never
    due_at        TEXT    NOT NULL,
    last_error    TEXT    NOT NULL DEFAULT '',  -- of the last poll; '' if there was none
    failures      INTEGER NOT NULL DEFAULT 0    -- polls in a row that failed
) STRICT, WITHOUT ROWID;

CREATE TABLE feed_entry (
    feed_url TEXT    NOT NULL REFERENCES feed (url) ON DELETE CASCADE,
    entry_id TEXT    NOT NULL,
    version  TEXT    NOT NULL,            -- a digest that changes when the entry does
    failures INTEGER NOT NULL DEFAULT 0,  -- how often its page could not be had; 0: it was read
    seen_at  TEXT    NOT NULL,
    PRIMARY KEY (feed_url, entry_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE fetched_url (
    url           TEXT PRIMARY KEY,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    article_id    TEXT NOT NULL,  -- what the page became; the rest counts only while it is stored
    fetched_at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
