-- Who may sign in, and who has. Outside the ledger: passwords, sessions and links are no facts. What is done to an
-- account is an entry of administration in the change ledger all the same.

-- name: as typed when signing in, lower case. password: Argon2id, NULL until the invitation is taken up. totp: the
-- secret of the second factor; totp_step: the last step used, so that a code serves once. roles: bits.
CREATE TABLE account (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    person TEXT NOT NULL,
    unit TEXT NOT NULL,
    officer TEXT NOT NULL,
    roles INTEGER NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    password TEXT,
    totp BLOB,
    totp_confirmed INTEGER NOT NULL DEFAULT 0,
    totp_step INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    failures_since INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A link that serves once: to choose a password. Only its hash is kept.
CREATE TABLE invitation (
    token BLOB PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES account (number),
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_account ON invitation (account);

-- Only the hash of a token is kept: who reads this file cannot become somebody.
CREATE TABLE session (
    token BLOB PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES account (number),
    began INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    second_factor INTEGER NOT NULL,
    peer TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account);
CREATE INDEX session_began ON session (began);

-- Why a session may open a record that is not its own as a matter of course. The reason itself is an entry of the
-- access ledger; this only spares asking twice.
CREATE TABLE session_reason (
    token BLOB NOT NULL REFERENCES session (token) ON DELETE CASCADE,
    ns TEXT NOT NULL,
    kind TEXT NOT NULL,
    ident TEXT NOT NULL,
    PRIMARY KEY (token, kind, ident, ns)
) STRICT, WITHOUT ROWID;

-- What somebody has begun to fill in or keeps for themselves: drafts of reports, saved searches. No facts yet, so
-- outside the ledger; sealed, because they name people.
CREATE TABLE note (
    account INTEGER NOT NULL REFERENCES account (number),
    name TEXT NOT NULL,
    number INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;
