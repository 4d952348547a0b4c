-- The full-text index: follows the change ledger and can be thrown away. rowid is the record's number.

-- seq: the last entry read.
CREATE TABLE watermark (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO watermark (id, seq) VALUES (1, 0);

-- text holds the values of the fields named in `fields`, in that order, both parted by 0x1e;
-- keys holds what identifiers and addresses are compared by.
CREATE VIRTUAL TABLE document USING fts5 (
    title, text, keys, fields UNINDEXED,
    tokenize = 'porter unicode61 remove_diacritics 2'
);
