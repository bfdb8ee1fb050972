-- A build that is complete but does not serve yet: at most one, newer than every generation that
-- was published. Undoing its generation forgets it here, too.

CREATE TABLE staged (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    generation INTEGER NOT NULL REFERENCES generation (id) ON DELETE CASCADE,
    base       INTEGER,        -- the generation that served when it was built; NULL: none
    purged     TEXT NOT NULL,  -- JSON: ids of articles that publishing deletes from everywhere
    report     TEXT NOT NULL   -- JSON: what the build counted, and what it could not read
) STRICT;
