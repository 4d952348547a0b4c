/* Searches of deaths that somebody keeps under a name: sealed notes of the account, for nobody else. What is
 * kept is what was asked, never an answer: each time it is answered anew, by what the person may see then. */
#ifndef APP_SAVED_SEARCHES_H
#define APP_SAVED_SEARCHES_H

#include "base/rng.h"
#include "store/accounts.h"

#define SAVED_SEARCHES_MAX      50 /* of an account */
#define SAVED_SEARCH_TITLE_MAX  80 /* bytes */
#define SAVED_SEARCH_INPUTS_MAX 12

/* The names of what can be asked, as in the address of the list of deaths; the last is the view. */
extern const char *const SAVED_SEARCH_INPUT[];
extern const size_t SAVED_SEARCH_INPUTS;

struct saved_search {
    Str id, title;
    Str value[SAVED_SEARCH_INPUTS_MAX]; /* by SAVED_SEARCH_INPUT; "" : not asked */
};

/* The id is made here. A search of the same title is replaced. E_INVALID: "title", or "" when nothing is
 * asked or there are as many as there can be. */
MUST_USE enum status saved_search_keep(struct store *s, uint64_t account, const struct entropy *entropy,
                                       const struct saved_search *search, struct err *e);
/* By title. Texts live in `a`. */
MUST_USE enum status saved_search_list(struct store *s, uint64_t account, struct arena *a,
                                       struct saved_search **out, size_t *count, struct err *e);
/* E_NOT_FOUND: there is none of this account under that id, whoever else's it may be. */
MUST_USE enum status saved_search_drop(struct store *s, uint64_t account, Str id, struct err *e);

#endif
