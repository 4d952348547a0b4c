/* Casework in words and as JSON: the same for the command line and for pages. */
#ifndef APP_CASEWORK_WORDS_H
#define APP_CASEWORK_WORDS_H

#include "app/casework.h"
#include "base/json.h"

bool check_done(enum check_state state); /* completed or not needed */

/* What a row of the facts is, in a few words: "exhibit E-1", "a link with D2". */
Str casework_row_words(struct arena *a, const struct fact_row *row);
/* A key as people write it: "D1", "cook:D1". */
Str casework_key_words(struct arena *a, Str key);
/* "O-5 (Detective 5)"; words stay as they are. */
Str casework_who_words(struct arena *a, const struct casework *w, Str who);
/* What an item is asked for; "" when the check is asked once. */
Str casework_subject_words(struct arena *a, const struct casework *w, const struct check_item *item);
/* "asked since 19 June 2014, 5:00am (involvement V-3); due by ..." */
Str casework_item_words(struct arena *a, const struct casework *w, const struct check_item *item);
/* "3 of 17 done, 2 overdue. Next: ..." */
Str casework_sum_words(struct arena *a, const struct casework *w);

/* One death as an object: its checks, category and quality. */
void casework_write_json(struct json_writer *w, const struct check_pack *pack, const struct casework *c);

#endif
