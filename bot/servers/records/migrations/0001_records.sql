-- What one Discord server has set, asked and been answered. There is one file a server, so no row
-- names its server. Times are UTC in ISO 8601 with microseconds: their order as text is their order
-- in time. Ids that end in _id without a table of their own are Discord's.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL         -- JSON; checked when it is read
) STRICT, WITHOUT ROWID;

CREATE TABLE given_answer (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: old buttons name it
    state       TEXT    NOT NULL DEFAULT 'asked'
                CHECK (state IN ('asked', 'answered', 'corrected', 'interrupted')),
    channel_id  INTEGER NOT NULL,
    thread_id   INTEGER,
    message_id  INTEGER,
    asker_id    INTEGER NOT NULL,
    asked_at    TEXT    NOT NULL,
    question    TEXT    NOT NULL,
    asked_as    TEXT    NOT NULL,
    filters     TEXT    NOT NULL CHECK (json_valid(filters)),
    private     INTEGER NOT NULL CHECK (private IN (0, 1)),
    answered_at TEXT,
    answered    INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0, 1)),
    answer      TEXT    NOT NULL DEFAULT '',
    confidence  REAL    NOT NULL DEFAULT 0 CHECK (confidence BETWEEN 0 AND 1),
    generation  INTEGER,
    details     TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(details)),
    CHECK ((answered_at IS NOT NULL) = (state IN ('answered', 'corrected')))
) STRICT;

CREATE INDEX given_answer_asker ON given_answer (asker_id);
CREATE INDEX given_answer_asked ON given_answer (asked_at);
CREATE INDEX given_answer_answered ON given_answer (answered_at);
CREATE INDEX given_answer_message ON given_answer (message_id);
CREATE INDEX given_answer_open ON given_answer (state) WHERE state = 'asked';

CREATE TABLE given_quote (
    answer_id    INTEGER NOT NULL REFERENCES given_answer (id) ON DELETE CASCADE,
    n            INTEGER NOT NULL,
    article_id   TEXT    NOT NULL,
    revision     INTEGER NOT NULL,
    start_offset INTEGER NOT NULL,  -- code points of that revision's text
    end_offset   INTEGER NOT NULL,
    answer_start INTEGER,
    answer_end   INTEGER,
    PRIMARY KEY (answer_id, n),
    CHECK (0 <= start_offset AND start_offset < end_offset)
) STRICT, WITHOUT ROWID;

CREATE INDEX given_quote_article ON given_quote (article_id);

CREATE TABLE correction (
    id        INTEGER PRIMARY KEY,
    answer_id INTEGER NOT NULL REFERENCES given_answer (id) ON DELETE CASCADE,
    at        TEXT    NOT NULL,
    note      TEXT    NOT NULL,
    answered  INTEGER NOT NULL CHECK (answered IN (0, 1)),  -- as it was until then
    answer    TEXT    NOT NULL
) STRICT;

CREATE INDEX correction_answer ON correction (answer_id);

CREATE TABLE vote (
    answer_id INTEGER NOT NULL REFERENCES given_answer (id) ON DELETE CASCADE,
    user_id   INTEGER NOT NULL,
    choice    TEXT    NOT NULL CHECK (choice IN ('up', 'down')),
    reason    TEXT    NOT NULL,
    at        TEXT    NOT NULL,
    PRIMARY KEY (answer_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX vote_user ON vote (user_id);

CREATE TABLE turn (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    place_id INTEGER NOT NULL,  -- the thread or channel
    asker_id INTEGER NOT NULL,
    question TEXT    NOT NULL,
    asked_as TEXT    NOT NULL,
    answer   TEXT    NOT NULL,
    subjects TEXT    NOT NULL CHECK (json_valid(subjects)),
    at       TEXT    NOT NULL
) STRICT;

CREATE INDEX turn_place ON turn (place_id, id);
CREATE INDEX turn_asker ON turn (asker_id);

CREATE TABLE watch (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    state               TEXT    NOT NULL DEFAULT 'active'
                        CHECK (state IN ('active', 'found', 'removed', 'expired')),
    asker_id            INTEGER NOT NULL,
    channel_id          INTEGER NOT NULL,
    question            TEXT    NOT NULL,
    filters             TEXT    NOT NULL CHECK (json_valid(filters)),
    created_at          TEXT    NOT NULL,
    expires_at          TEXT    NOT NULL,
    ended_at            TEXT,
    searched_generation INTEGER,
    answered_generation INTEGER,
    CHECK ((ended_at IS NULL) = (state = 'active'))
) STRICT;

CREATE INDEX watch_asker ON watch (asker_id);
CREATE INDEX watch_active ON watch (expires_at) WHERE state = 'active';

CREATE TABLE golden_question (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    question TEXT    NOT NULL,
    same     TEXT    NOT NULL UNIQUE,  -- the question without case and with single spaces
    expected TEXT    NOT NULL,
    added_by INTEGER,                  -- NULL: a person who asked to be forgotten
    added_at TEXT    NOT NULL
) STRICT;

CREATE TABLE build (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    kind              TEXT    NOT NULL CHECK (kind IN ('rebuild', 'add', 'remove')),
    state             TEXT    NOT NULL DEFAULT 'running' CHECK (state IN
                      ('running', 'previewed', 'published', 'discarded', 'interrupted', 'failed')),
    started_by        INTEGER,         -- NULL: a person who asked to be forgotten
    channel_id        INTEGER NOT NULL,
    message_id        INTEGER,
    base_generation   INTEGER,
    staged_generation INTEGER,
    report            TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(report)),
    started_at        TEXT    NOT NULL,
    ended_at          TEXT,
    CHECK ((ended_at IS NULL) = (state IN ('running', 'previewed')))
) STRICT;

CREATE INDEX build_open ON build (state) WHERE ended_at IS NULL;
