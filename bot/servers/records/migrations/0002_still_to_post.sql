-- What is still to be posted or shown after a crash, where it belongs, and what else people of
-- whom a record tells may want to have removed.

ALTER TABLE given_answer ADD COLUMN asking_message_id INTEGER;  -- in the same place; NULL: a command
ALTER TABLE given_answer ADD COLUMN watch_id INTEGER;           -- the watch that it answers
ALTER TABLE given_answer ADD COLUMN to_show INTEGER NOT NULL DEFAULT 0
    CHECK (to_show IN (0, 1));  -- corrected, and the message not known to have been edited

CREATE INDEX given_answer_to_show ON given_answer (id) WHERE to_show = 1;
CREATE INDEX given_answer_found ON given_answer (id) WHERE watch_id IS NOT NULL AND message_id IS NULL;

ALTER TABLE watch ADD COLUMN asking_message_id INTEGER;  -- in the same channel

-- Threads that the bot opened and named after a person's question.
CREATE TABLE named_thread (
    thread_id INTEGER PRIMARY KEY,
    asker_id  INTEGER NOT NULL,
    at        TEXT    NOT NULL
) STRICT;

CREATE INDEX named_thread_asker ON named_thread (asker_id);

-- A thread below a message has the message's id. Of a thread that was there before the question,
-- Discord says that somebody else opened it.
INSERT INTO named_thread
    SELECT message_id, asker_id, min(asked_at) FROM given_answer
    WHERE message_id IN (SELECT place_id FROM turn) GROUP BY message_id;
INSERT OR IGNORE INTO named_thread
    SELECT thread_id, asker_id, min(asked_at) FROM given_answer
    WHERE thread_id IS NOT NULL GROUP BY thread_id;

-- Questions that can mean several things, as the bot has asked back.
CREATE TABLE offer (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: old buttons name it
    asker_id          INTEGER NOT NULL,
    channel_id        INTEGER NOT NULL,
    thread_id         INTEGER,
    asking_message_id INTEGER NOT NULL,
    message_id        INTEGER,  -- the bot's, which shows the options
    question          TEXT    NOT NULL,
    options           TEXT    NOT NULL CHECK (json_valid(options)),
    offered_at        TEXT    NOT NULL,
    chosen            INTEGER   -- the number of an option, from 0; NULL: none yet
) STRICT;

CREATE INDEX offer_asker ON offer (asker_id);
