-- What both ledgers are asked: change.db and access.db. The name of a statement stands before it.
-- A statement that reads a whole table on purpose says so: /* scan */.

-- name: ledger_meta_get
SELECT value FROM meta WHERE name = ?1;

-- name: ledger_meta_put
INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: ledger_tree_get
SELECT size, edge, recorded_at, known_at FROM tree WHERE id = 1;

-- name: ledger_tree_put
INSERT INTO tree (id, size, edge, recorded_at, known_at) VALUES (1, ?1, ?2, ?3, ?4)
ON CONFLICT (id) DO UPDATE SET size = excluded.size, edge = excluded.edge,
    recorded_at = excluded.recorded_at, known_at = excluded.known_at;

-- name: ledger_size
SELECT coalesce(max(seq), 0) FROM entry;

-- name: ledger_leaf_hashes
SELECT leaf FROM entry /* scan */ ORDER BY seq;

-- name: ledger_context_put
INSERT INTO context (actor, role, unit, on_behalf_of, session, origin, vocabulary_version, normaliser_version)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- name: ledger_context_get
SELECT actor, role, unit, on_behalf_of, session, origin, vocabulary_version, normaliser_version
FROM context WHERE id = ?1;

-- name: ledger_source_put
INSERT INTO source (name) VALUES (?1);

-- name: ledger_source_find
SELECT id FROM source WHERE name = ?1;

-- name: ledger_source_get
SELECT name FROM source WHERE id = ?1;

-- name: ledger_entry_put
INSERT INTO entry (seq, stream, recorded_at, known_at, context, operation, verb, record, prior, batch, line,
    source, outcome, commitment, leaf)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15);

-- name: ledger_body_put
INSERT INTO body (seq, sealed) VALUES (?1, ?2);

-- name: ledger_entries
SELECT e.seq, e.stream, e.recorded_at, e.known_at, e.context, e.operation, e.verb, e.record, e.prior, e.batch,
    e.line, e.source, e.outcome, e.commitment, e.leaf, b.sealed
FROM entry AS e /* scan */ LEFT JOIN body AS b ON b.seq = e.seq ORDER BY e.seq;

-- name: ledger_bodies_alone
SELECT b.seq FROM body AS b /* scan */ WHERE NOT EXISTS (SELECT 1 FROM entry AS e WHERE e.seq = b.seq)
ORDER BY b.seq;
