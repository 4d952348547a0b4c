/* What the numbers in entries stand for, asked for once each: contexts and sources of one ledger file. */
#ifndef STORE_VERIFY_NAMES_H
#define STORE_VERIFY_NAMES_H

#include "base/table.h"
#include "store/db.h"

/* A row of the context table. */
struct context {
    Str actor, role, unit, on_behalf_of, session, origin;
    uint32_t vocabulary_version, normaliser_version;
};

/* What the numbers in entries stand for. */
struct names {
    struct arena *arena;
    struct table *context, *source; /* number to the place in the arrays, from 1 */
    struct context *contexts;
    Str *sources;
    size_t context_count, context_room, source_count, source_room;
};
void names_init(struct names *n);
void names_free(struct names *n);
/* *out NULL: there is no such context. */
MUST_USE enum status names_context(struct names *n, struct db *d, uint64_t id, const struct context **out,
                                   struct err *e);
/* Source 0 is no source, "". *known tells whether there is such a source. */
MUST_USE enum status names_source(struct names *n, struct db *d, uint64_t id, Str *out, bool *known,
                                  struct err *e);

/* A column of 32 bits. Out of range can never have been written: it is read as the number nothing is written
 * with. */
uint32_t column_u32(struct query *q, int column);

#endif
