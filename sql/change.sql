-- What the change ledger and its tables are asked. Inserts and selects of the typed tables are made
-- from the field tables at start and do not stand here.

-- name: record_find
SELECT number, version, erased FROM record WHERE ident = ?1 AND kind = ?2 AND ns = ?3;

-- name: record_get
SELECT ns, kind, ident, version, erased FROM record WHERE number = ?1;

-- name: record_put
INSERT INTO record (number, ns, kind, ident, version) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: record_set_version
UPDATE record SET version = ?2 WHERE number = ?1;

-- name: record_set_erased
UPDATE record SET erased = ?2 WHERE number = ?1;

-- name: record_last_number
SELECT coalesce(max(number), 0) FROM record;

-- name: record_list
SELECT number, ns, kind, ident, version FROM record /* scan */ WHERE erased = 0;

-- name: record_list_erased
SELECT number FROM record INDEXED BY record_erased WHERE erased > 0 ORDER BY erased;

-- name: record_find_ident
SELECT ns, kind, ident FROM record WHERE ident = ?1 AND erased = 0 ORDER BY ns, kind LIMIT 20;

-- name: record_find_death_ref
SELECT r.ns, r.kind, r.ident FROM death AS d JOIN record AS r ON r.number = d.record
WHERE d.ref = ?1 ORDER BY r.ns, r.ident LIMIT 20;

-- name: chain_step
SELECT e.prior, e.batch, e.stream, b.sealed FROM entry AS e JOIN body AS b ON b.seq = e.seq WHERE e.seq = ?1;

-- name: chain_header
SELECT recorded_at, operation, batch, context FROM entry WHERE seq = ?1;

-- name: export_list
SELECT seq, known_at, line, record, batch FROM entry WHERE seq <= ?1 AND verb = 'append' AND record > 0;

-- name: entries_since
SELECT seq, record, batch, verb FROM entry WHERE seq > ?1 AND seq <= ?2 ORDER BY seq;

-- name: entries_follow
SELECT e.seq, e.record, e.batch, e.verb, e.recorded_at, c.actor, c.role, c.unit, r.ns, r.kind, r.ident
FROM entry AS e JOIN context AS c ON c.id = e.context LEFT JOIN record AS r ON r.number = e.record
WHERE e.seq > ?1 AND e.seq <= ?2 ORDER BY e.seq;

-- name: entries_link_runs
SELECT seq FROM entry /* scan */ WHERE verb = 'link_run' ORDER BY seq DESC;

-- name: batch_put
INSERT INTO batch (number, entry, ns, name, mapping, opened_by, opened_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: batch_last_number
SELECT coalesce(max(number), 0) FROM batch;

-- name: batch_get
SELECT entry, ns, name, first, last, withdrawn FROM batch WHERE number = ?1;

-- name: batch_extend
UPDATE batch SET entries = entries + ?2, first = CASE WHEN first = 0 THEN ?3 ELSE first END, last = ?4
WHERE number = ?1;

-- name: batch_set_withdrawn
UPDATE batch SET withdrawn = ?2 WHERE number = ?1;

-- name: batch_list_withdrawn
SELECT number, withdrawn FROM batch /* scan */ WHERE withdrawn > 0 ORDER BY number;

-- name: batch_list
SELECT number, ns, name, mapping, opened_by, opened_at, entries, withdrawn, first, last FROM batch /* scan */ ORDER BY number;

-- name: batch_records
SELECT DISTINCT record FROM entry WHERE seq BETWEEN ?2 AND ?3 AND batch = ?1 AND record > 0 AND verb = 'append'
ORDER BY record;

-- name: reference_put
INSERT OR IGNORE INTO reference_to (record, field, ns, ident) VALUES (?1, ?2, ?3, ?4);

-- name: reference_clear
DELETE FROM reference_to WHERE record = ?1;

-- name: reference_from
SELECT t.record, t.field, r.ns, r.kind, r.ident FROM reference_to AS t JOIN record AS r ON r.number = t.record
WHERE t.ident = ?1 AND t.ns = ?2;

-- name: reference_from_unless
SELECT t.record, t.field, r.ns, r.kind, r.ident FROM reference_to AS t JOIN record AS r ON r.number = t.record
WHERE t.ident = ?1 AND t.ns = ?2 AND r.kind = ?3 AND NOT EXISTS (
    SELECT 1 FROM reference_to AS o JOIN record AS w ON w.ident = o.ident AND w.kind = ?4 AND w.ns = o.ns
    WHERE o.record = t.record);

-- name: reference_list
SELECT t.record, t.field, t.ns, t.ident FROM reference_to AS t /* scan */ ORDER BY t.record, t.field;

-- name: reference_of
SELECT field, ns, ident FROM reference_to WHERE record = ?1 ORDER BY field, ns, ident;

-- name: reference_nobody
SELECT DISTINCT t.record FROM reference_to AS t /* scan */ LEFT JOIN record AS r ON r.number = t.record
WHERE r.number IS NULL OR r.erased > 0 ORDER BY t.record;

-- name: record_find_in_ns
SELECT kind FROM record WHERE ident = ?1 AND ns = ?2 AND erased = 0;

-- name: checkpoint_put
INSERT INTO checkpoint (at, change_size, access_size, text) VALUES (?1, ?2, ?3, ?4);

-- name: checkpoint_last
SELECT change_size, access_size, text FROM checkpoint WHERE id = (SELECT max(id) FROM checkpoint);

-- name: checkpoint_list
SELECT id, at, change_size, access_size, text FROM checkpoint /* scan */ ORDER BY id;

-- name: record_unfit
SELECT e.record, max(e.last, e.erased), r.number IS NULL, r.erased IS NOT e.erased
FROM (SELECT record, max(CASE verb WHEN 'append' THEN seq ELSE 0 END) AS last,
             max(CASE verb WHEN 'erase' THEN seq ELSE 0 END) AS erased
      FROM entry /* scan */ WHERE record > 0 GROUP BY record) AS e
LEFT JOIN record AS r ON r.number = e.record
WHERE r.version IS NOT e.last OR r.erased IS NOT e.erased ORDER BY e.record;

-- name: batch_unfit
SELECT e.batch, e.last
FROM (SELECT batch, max(seq) AS last, max(CASE verb WHEN 'withdraw_batch' THEN seq ELSE 0 END) AS withdrawn
      FROM entry /* scan */ WHERE batch > 0 AND verb IN ('open_batch', 'withdraw_batch') GROUP BY batch) AS e
LEFT JOIN batch AS b ON b.number = e.batch
WHERE b.withdrawn IS NOT e.withdrawn ORDER BY e.batch;

-- name: record_nobody
SELECT r.number FROM record AS r /* scan */
LEFT JOIN entry AS e ON e.seq = r.version AND e.record = r.number AND e.verb = 'append'
WHERE e.seq IS NULL ORDER BY r.number;

-- name: batch_nobody
SELECT b.number FROM batch AS b /* scan */
LEFT JOIN entry AS e ON e.seq = b.entry AND e.batch = b.number AND e.verb = 'open_batch'
WHERE e.seq IS NULL ORDER BY b.number;
