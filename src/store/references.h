/* Which records a record names: rows beside the typed tables, made from the same fold. */
#ifndef STORE_REFERENCES_H
#define STORE_REFERENCES_H

#include "store/db.h"
#include "store/typed.h"

MUST_USE enum status references_put(struct db *db, uint64_t number, struct arena *a,
                                    const struct record *record, struct err *e);
MUST_USE enum status references_clear(struct db *db, uint64_t number, struct err *e);

/* Adds " field>namespace:id" for each, in order: as the rows say, and as the record's own fields say. */
MUST_USE enum status references_write_stored(struct db *db, uint64_t number, struct buf *line, struct err *e);
void references_write_made(struct arena *a, const struct record *record, struct buf *line);

/* Numbers that rows stand under although there is no such record, or it was erased. */
MUST_USE enum status references_of_nobody(struct db *db, struct arena *a, uint64_t **out, size_t *count,
                                          struct err *e);

#endif
