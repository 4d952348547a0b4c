-- The full-text index. Searching a virtual table shows as a scan although its
-- index answers.

-- name: search_watermark_get
SELECT seq FROM watermark WHERE id = 1;

-- name: search_watermark_set
UPDATE watermark SET seq = ?1 WHERE id = 1;

-- name: search_document_put
INSERT INTO document (rowid, title, text, keys, fields) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: search_document_drop
DELETE FROM document /* scan */ WHERE rowid = ?1;

-- name: search_optimise
INSERT INTO document (document) VALUES ('optimize');

-- By the index's own order: it ranks all that answer and marks only those that are taken, of one rank the older first.
-- name: search_find
SELECT rowid, title, fields, highlight(document, 1, char(2), char(3)), rank
FROM document /* scan */ WHERE document MATCH ?1 AND rank MATCH 'bm25(4.0, 1.0, 8.0)' ORDER BY rank LIMIT ?2;
