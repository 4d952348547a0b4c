/* What somebody types into the one box: a reference, a name as it sounds, a telephone number, a place, words
 * of an account. A few good answers first, each saying why it is one; of what may be seen only. */
#ifndef APP_DEATH_SEARCH_H
#define APP_DEATH_SEARCH_H

#include "app/sight.h"
#include "model/policy.h"

enum search_class {
    SEARCH_REFERENCE,  /* its own reference or id */
    SEARCH_IDENTIFIER, /* a telephone number, an account, a vehicle ... */
    SEARCH_NAME,       /* its name */
    SEARCH_ALIKE,      /* a name that is alike or sounds so */
    SEARCH_TEXT,       /* words in a record that belongs to it */
};

struct found_death {
    uint32_t at; /* in the roll */
    enum search_class class;
    double likeness; /* of names, 0 to 1 */
    Str why;         /* "the name sounds alike"; "telephone number of P-1: 07700 900123" */
};

#define DEATH_SEARCH_HITS_MAX 200

/* Best first; of like ones the newest. behind: entries that the index of words has yet to read. One search of
 * the access ledger. Between hold and release of the roll. */
MUST_USE enum status death_search(struct store *s, const struct actor *viewer, struct roll *r,
                                  struct sight *sight, Str words, struct arena *a, struct found_death **out,
                                  size_t *count, uint64_t *behind, struct err *e);

#endif
