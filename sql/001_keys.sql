-- The key store: kept apart, so that a copy of the ledgers without it says nothing, and so that
-- destroying one row erases one record for good.

-- 'signing' (secret and public half), 'access' (bodies of the access ledger), 'admin' (bodies of
-- entries that belong to no record).
CREATE TABLE named_key (
    name TEXT PRIMARY KEY,
    secret BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE record_key (
    record INTEGER PRIMARY KEY,
    secret BLOB NOT NULL
) STRICT;
