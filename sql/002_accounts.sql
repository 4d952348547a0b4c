-- Added to accounts.db by version 2; some stores of version 1 have it already.

-- What is to be told outside (app/notices.h): a reference and an address, no facts. The id is made of what it is
-- about, so that nothing is queued twice, also after a restart. state: 0 waits, 1 sent, 2 given up,
-- 3 was not so any more when its turn came.
CREATE TABLE IF NOT EXISTS notice (
    id TEXT PRIMARY KEY,
    receiver TEXT NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    path TEXT NOT NULL,
    made INTEGER NOT NULL,
    due INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    state INTEGER NOT NULL,
    problem TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS notice_due ON notice (state, due);

-- Since when a receiver is told: nothing older is.
CREATE TABLE IF NOT EXISTS notice_receiver (
    name TEXT PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
