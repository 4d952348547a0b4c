/* A hash table from text, or from 64-bit numbers, to 64-bit values. Deterministic: walking
 * goes in the order of insertion. Keys of text are copied into the table's own arena. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/buf.h"
#include "base/str.h"

struct table;
struct table *table_new(size_t entries_max); /* over it: ends the program, like an arena over its cap */
void table_free(struct table *t);
#define CLEANUP_TABLE __attribute__((cleanup(table_cleanup)))
void table_cleanup(struct table **t);
size_t table_count(const struct table *t);

/* Text keys. table_at gives the value's place, made with 0 when absent (*fresh tells, NULL allowed);
 * the pointer is good until the next insertion. */
uint64_t *table_at(struct table *t, Str key, bool *fresh);
const uint64_t *table_find(const struct table *t, Str key); /* NULL when absent */
/* Number keys, in a table used for nothing else. */
uint64_t *table_at_number(struct table *t, uint64_t key, bool *fresh);
const uint64_t *table_find_number(const struct table *t, uint64_t key);
/* Of many keys that are to be found: first each is asked for, then what it leads to, then each is found. */
void table_ask_number(const struct table *t, uint64_t key);
void table_ask_again(const struct table *t, uint64_t key);
/* Walking: i from 0 to table_count-1 in order of insertion. */
Str table_key(const struct table *t, size_t i);
uint64_t table_key_number(const struct table *t, size_t i);
uint64_t *table_value(const struct table *t, size_t i);

/* A table as bytes, for a file that the same program reads again: no form for exchange. */
void table_save(const struct table *t, struct buf *out);
/* Takes the table at the start of `bytes` off them; keys of text are borrowed from there for as long as the
 * table lives. NULL: they hold no whole table. */
struct table *table_restore(Str *bytes, size_t entries_max);

/* Text to small numbers 0, 1, 2 ... in order of first sight: for columns of codes. */
uint32_t table_intern(struct table *t, Str key);

#endif
