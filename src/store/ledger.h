/* The ledger without a database: canonical leaves, the Merkle tree of RFC 9162, sealed bodies, checkpoints.
 * Pure but for the nonces of sealing. */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/rng.h"

/* What an entry says outside its body: no free text, nothing that names a person. */
struct leaf {
    const char *ledger;     /* "change" or "access" */
    uint64_t stream, seq;   /* seq from 1, without gaps */
    int64_t recorded_at_ms; /* never smaller than the entry before */
    int64_t known_at_ms;    /* 0 where there is none */
    Str actor, role, unit, on_behalf_of, session, origin;
    uint32_t operation;
    Str verb;        /* "append", "withdraw_batch", "link_run", "export" ... */
    uint64_t record; /* the record's number in this store, 0: none */
    uint64_t prior;  /* seq of the record's entry before this one, 0: first */
    uint64_t batch, line;
    Str source;
    Str outcome; /* "done", "refused" */
    uint32_t vocabulary_version, normaliser_version;
    Sha256 commitment; /* body_commitment, all zero: no body */
};
/* The canonical bytes: "colligate-leaf-1", then each member as length-prefixed bytes, numbers big-endian. The
 * layout is documented in doc/ledger.md and may only grow by a new version. */
void leaf_write(struct buf *b, const struct leaf *leaf);
/* SHA-256(0x00 || bytes) */
Sha256 leaf_hash(Str canonical);

/* The tree's right edge: enough to append and to give the root. 64 levels. */
struct merkle {
    uint64_t size;
    Sha256 edge[64];
};
void merkle_init(struct merkle *m);
void merkle_append(struct merkle *m, const Sha256 *leaf);
Sha256 merkle_root(const struct merkle *m); /* SHA-256 of "" when empty */
/* Over an array of leaf hashes: root of the first `size`, audit path of leaf `index` (from 0) in the tree of
 * `size`, consistency proof from `old_size` to `size`. Paths are at most 64 long. */
Sha256 merkle_root_of(const Sha256 *leaf, uint64_t size);
size_t merkle_inclusion(const Sha256 *leaf, uint64_t size, uint64_t index, Sha256 path[64]);
bool merkle_inclusion_holds(const Sha256 *leaf, uint64_t index, uint64_t size, const Sha256 *path,
                            size_t count, const Sha256 *root);
size_t merkle_consistency(const Sha256 *leaf, uint64_t old_size, uint64_t size, Sha256 path[64]);
bool merkle_consistency_holds(uint64_t old_size, uint64_t size, const Sha256 *path, size_t count,
                              const Sha256 *old_root, const Sha256 *root);

/* Sealing: XChaCha20-Poly1305 with the record's key; the place (ledger, stream, seq) is authenticated beside
 * it. */
#define RECORD_KEY_BYTES 32
struct record_key {
    unsigned char byte[RECORD_KEY_BYTES];
};
void body_seal(struct buf *out, const struct record_key *key, const struct entropy *entropy,
               const char *ledger, uint64_t stream, uint64_t seq, Str body);
/* E_INVALID when it was altered, moved or sealed by another key. */
MUST_USE enum status body_open(struct buf *out, const struct record_key *key, const char *ledger,
                               uint64_t stream, uint64_t seq, Str sealed, struct err *e);
/* Salted by the key, so that it says nothing about the body once the key is gone:
 * BLAKE2b-256 keyed with BLAKE2b(key, "salt" || ledger || stream || seq), over the body. */
Sha256 body_commitment(const struct record_key *key, const char *ledger, uint64_t stream, uint64_t seq,
                       Str body);

/* A checkpoint signs both trees at once (Ed25519). */
struct signing_key {
    unsigned char secret[64], public_half[32];
};
void signing_key_make(const struct entropy *entropy, struct signing_key *out);
struct checkpoint {
    char store[40]; /* the store's own name: random hex, made by init */
    int64_t at_ms;
    uint64_t change_size, access_size;
    Sha256 change_root, access_root;
    unsigned char public_half[32];
};
/* As text, signature on the last line; every line explained in doc/ledger.md. */
void checkpoint_write(struct buf *b, const struct checkpoint *c, const struct signing_key *key);
/* Checks the signature against the public half in the text (the caller compares that with the one it trusts).
 */
MUST_USE enum status checkpoint_read(Str text, struct checkpoint *out, struct err *e);

#endif
