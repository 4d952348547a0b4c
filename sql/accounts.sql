-- Accounts, invitations, sessions (store/accounts.c, store/sessions.c).

-- name: account_put
INSERT INTO account (name, person, unit, officer, roles) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: account_find
SELECT number, name, person, unit, officer, roles, disabled, password IS NOT NULL, totp_confirmed, locked_until
FROM account WHERE name = ?1;

-- name: account_get
SELECT number, name, person, unit, officer, roles, disabled, password IS NOT NULL, totp_confirmed, locked_until
FROM account WHERE number = ?1;

-- name: account_list
SELECT number, name, person, unit, officer, roles, disabled, password IS NOT NULL, totp_confirmed, locked_until
FROM account /* scan */ ORDER BY name;

-- name: account_change
UPDATE account SET person = ?2, unit = ?3, officer = ?4, roles = ?5, disabled = ?6 WHERE number = ?1;

-- name: account_secrets
SELECT password, totp, totp_step, failures, failures_since FROM account WHERE number = ?1;

-- name: account_set_password
UPDATE account SET password = ?2, failures = 0, failures_since = 0, locked_until = 0 WHERE number = ?1;

-- name: account_set_failures
UPDATE account SET failures = ?2, failures_since = ?3, locked_until = ?4 WHERE number = ?1;

-- name: account_set_totp
UPDATE account SET totp = ?2, totp_confirmed = ?3, totp_step = ?4 WHERE number = ?1;

-- name: invitation_put
INSERT INTO invitation (token, account, until) VALUES (?1, ?2, ?3);

-- name: invitation_get
SELECT account, until FROM invitation WHERE token = ?1;

-- name: invitation_drop_all
DELETE FROM invitation WHERE account = ?1;

-- name: session_put
INSERT INTO session (token, account, began, seen, second_factor, peer) VALUES (?1, ?2, ?3, ?3, ?4, ?5);

-- name: session_get
SELECT account, began, seen, second_factor FROM session WHERE token = ?1;

-- name: session_set_seen
UPDATE session SET seen = ?2 WHERE token = ?1;

-- name: session_drop
DELETE FROM session WHERE token = ?1;

-- name: session_drop_all
DELETE FROM session WHERE account = ?1;

-- name: session_drop_older
DELETE FROM session WHERE began < ?1;

-- name: session_reason_put
INSERT OR IGNORE INTO session_reason (token, ns, kind, ident) VALUES (?1, ?2, ?3, ?4);

-- name: session_reason_get
SELECT 1 FROM session_reason WHERE token = ?1 AND kind = ?2 AND ident = ?3 AND ns = ?4;

-- name: note_put
INSERT OR REPLACE INTO note (account, name, number, changed, sealed) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: note_get
SELECT number, changed, sealed FROM note WHERE account = ?1 AND name = ?2;

-- name: note_drop
DELETE FROM note WHERE account = ?1 AND name = ?2;

-- name: note_list
SELECT name, number, changed, sealed FROM note WHERE account = ?1 AND name >= ?2 AND name < ?3 ORDER BY name;

-- name: note_last_number
SELECT coalesce(max(number), 0) FROM note;

-- name: notice_put
INSERT INTO notice (id, receiver, kind, reference, path, made, due, tries, state, problem)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 0, 0, '')
ON CONFLICT (id) DO UPDATE SET state = 0, due = excluded.due WHERE state = 3;

-- name: notice_next
SELECT id, receiver, kind, reference, path, made, due, tries, problem FROM notice
WHERE state = 0 AND due <= ?1 ORDER BY due LIMIT 1;

-- name: notice_list
SELECT id, receiver, kind, reference, path, made, due, tries, problem FROM notice
WHERE state = ?1 ORDER BY due DESC LIMIT ?2;

-- name: notice_count
SELECT count(*) FROM notice WHERE state = ?1;

-- name: notice_tried
UPDATE notice SET state = ?2, due = ?3, tries = ?4, problem = ?5 WHERE id = ?1;

-- name: notice_again
UPDATE notice SET state = 0, due = ?2, tries = 0 WHERE id = ?1 AND state = 2 RETURNING id;

-- name: notice_receiver_put
INSERT OR IGNORE INTO notice_receiver (name, since) VALUES (?1, ?2);

-- name: notice_receiver_get
SELECT since FROM notice_receiver WHERE name = ?1;
