-- What a language model took, by day of UTC.

CREATE TABLE llm_usage (
    day               TEXT    PRIMARY KEY,  -- ISO 8601
    requests          INTEGER NOT NULL,
    prompt_tokens     INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    cost              REAL    NOT NULL  -- in the currency of the prices that are set
) STRICT;
