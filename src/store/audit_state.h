/* The notes of an audit, shared by its two halves: taking rows, and settling. */
#ifndef STORE_AUDIT_STATE_H
#define STORE_AUDIT_STATE_H

#include "base/table.h"
#include "store/audit.h"

/* How hard to look for the place a row came from: this far around it, for this many rows; and among so many
 * odd rows and gaps everywhere. Beyond that a row is called altered, which it is. */
#define WINDOW          64
#define WINDOW_ROWS_MAX 1000
#define ODD_PLACES_MAX  512
#define LEAF_BYTES_MAX  (UINT32_C(1) << 24)

struct row {
    uint64_t seq;
    Sha256 stored;
};

enum oddness {
    ODD_ALTERED,  /* nothing better is known */
    ODD_MOVED,    /* it stands at another place than it was written for */
    ODD_COPY,     /* the same, and the true one stands at its place */
    ODD_UNREAD,   /* its columns cannot be read: the hash is all there is */
    ODD_INSERTED, /* another row has the better claim to its place */
};

/* A row whose hash and columns do not agree. at: the place its hash was made for, its own seq when unknown.
 */
struct stray {
    size_t row;
    uint64_t at;
    Sha256 recomputed;
    char *bytes; /* canonical leaf, NULL when not kept */
    size_t len;
    enum oddness odd;
};

/* Whose word it is that the tree had a root. */
enum promise { BY_CHECKPOINT, BY_EDGE, BY_OUTSIDER };

struct expectation {
    uint64_t size;
    Sha256 root;
    int64_t at_ms;
    enum promise promise;
};

struct audit {
    struct findings *findings;
    struct row *row;
    size_t rows, row_room;
    struct stray *stray;
    size_t strays, stray_room;
    struct expectation *expected;
    size_t expectations, expected_room;
    struct table *version; /* record to its last entry so far */
    struct buf scratch;
    int64_t recorded_at_ms;
    int64_t shift; /* of the stray before: a run of rows usually moves together */
    size_t windows;
};

/* Whether the bytes of a leaf, with `seq` written into them, give this hash. */
bool audit_made_for(const struct audit *a, char *bytes, size_t len, uint64_t seq, const Sha256 *stored);

#endif
