-- The key store.

-- name: key_get
SELECT secret FROM record_key WHERE record = ?1;

-- name: key_put
INSERT OR REPLACE INTO record_key (record, secret) VALUES (?1, ?2);

-- name: key_overwrite
UPDATE record_key SET secret = zeroblob(32) WHERE record = ?1;

-- name: key_delete
DELETE FROM record_key WHERE record = ?1;

-- name: key_named_get
SELECT secret FROM named_key WHERE name = ?1;

-- name: key_named_put
INSERT INTO named_key (name, secret) VALUES (?1, ?2);
