/* Keeps the index of words (store_search_catch_up) up to date while a server runs, in a thread of its own. */
#ifndef APP_WORD_INDEX_H
#define APP_WORD_INDEX_H

#include "store/store.h"

struct word_index;
MUST_USE enum status word_index_start(struct store *s, struct word_index **out, struct err *e);
void word_index_stop(struct word_index *w); /* before store_close; NULL is allowed */

#endif
