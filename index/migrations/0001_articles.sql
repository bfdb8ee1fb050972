-- Articles by revision, their passages, and the generations that builds publish.
--
-- A row belongs to generation g if added_generation <= g and it was not removed by then. A reader
-- of an older generation therefore still sees that generation whole while a newer one is built.

CREATE TABLE generation (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    directory   TEXT    NOT NULL UNIQUE,  -- its name below generations/
    settings    TEXT    NOT NULL,         -- JSON: model, weights, dimension, chunking
    files       TEXT    NOT NULL,         -- JSON: SHA-256 of each file of the directory
    articles    INTEGER NOT NULL,
    passages    INTEGER NOT NULL,
    created_at  TEXT    NOT NULL,         -- UTC, ISO 8601
    seconds     REAL    NOT NULL          -- how long the build took
) STRICT;

CREATE TABLE archive (
    id                 INTEGER PRIMARY KEY CHECK (id = 1),
    current_generation INTEGER REFERENCES generation (id)
) STRICT;

INSERT INTO archive (id, current_generation) VALUES (1, NULL);

CREATE TABLE article (
    key                INTEGER PRIMARY KEY AUTOINCREMENT,
    id                 TEXT    NOT NULL,
    revision           INTEGER NOT NULL,
    title              TEXT    NOT NULL,
    date               TEXT,              -- ISO 8601 day
    source             TEXT    NOT NULL,
    url                TEXT    NOT NULL,
    text               TEXT    NOT NULL,
    content_hash       TEXT    NOT NULL,
    origin             TEXT    NOT NULL,  -- the file it was read from
    added_generation   INTEGER NOT NULL,
    removed_generation INTEGER,
    UNIQUE (id, revision)
) STRICT;

CREATE UNIQUE INDEX article_newest ON article (id) WHERE removed_generation IS NULL;
CREATE INDEX article_origin ON article (origin) WHERE removed_generation IS NULL;

CREATE TABLE passage (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused; the id in FAISS and BM25
    article_key        INTEGER NOT NULL REFERENCES article (key) ON DELETE CASCADE,
    start_offset       INTEGER NOT NULL,  -- code points of article.text
    end_offset         INTEGER NOT NULL,
    added_generation   INTEGER NOT NULL,
    removed_generation INTEGER,
    CHECK (0 <= start_offset AND start_offset < end_offset)
) STRICT;

CREATE INDEX passage_article ON passage (article_key);
