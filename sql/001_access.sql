-- The access ledger: one entry a response, in the format of the change ledger.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE context (
    id INTEGER PRIMARY KEY,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    unit TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    session TEXT NOT NULL,
    origin TEXT NOT NULL,
    vocabulary_version INTEGER NOT NULL,
    normaliser_version INTEGER NOT NULL
) STRICT;

CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- record: the change ledger's number of the one record read, 0: several or none.
CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    known_at INTEGER NOT NULL,
    context INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    verb TEXT NOT NULL,
    record INTEGER NOT NULL,
    prior INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    line INTEGER NOT NULL,
    source INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    commitment BLOB NOT NULL,
    leaf BLOB NOT NULL
) STRICT;

-- Who read this record?
CREATE INDEX entry_record ON entry (record) WHERE record > 0;

-- The ids shown, or the query with its count and digest, sealed with the access key.
CREATE TABLE body (
    seq INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;

CREATE TABLE tree (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    size INTEGER NOT NULL,
    edge BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    known_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER entry_is_final BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
CREATE TRIGGER body_is_final BEFORE UPDATE ON body BEGIN SELECT RAISE(ABORT, 'a body is never changed'); END;
CREATE TRIGGER body_stays BEFORE DELETE ON body BEGIN SELECT RAISE(ABORT, 'a body is never deleted'); END;
