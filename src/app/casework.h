/* The checks of deaths, out of the store: what was known at a view, what the linker says of it, how each
 * check stands. */
#ifndef APP_CASEWORK_H
#define APP_CASEWORK_H

#include "app/session.h"
#include "assure/category.h"
#include "assure/evaluate.h"
#include "assure/quality.h"
#include "link/world.h"

/* A pack by its name ("england-wales", carried inside the program) or a file. */
MUST_USE enum status casework_pack(struct arena *a, Str name, struct check_pack *out, struct err *e);

struct casework {
    struct record_id death;
    Str title; /* "D1 (Aidan Warden, KG/2014/0619)" */
    Str unit;  /* "" when not given */
    struct case_facts facts;
    struct check_report report;
    struct quality quality;
    struct category_step *step;
    size_t steps;
    Str category; /* in force; STR_NONE: none was given */
    bool challenged;
};

/* One death. Its records are read one by one, each reading recorded; `world` (cli_world, linking_load) must
 * have been filled at the same view. now_ms: the moment at which clocks are read, no earlier than the view.
 */
MUST_USE enum status casework_read(struct session *s, struct world *w, const struct check_pack *pack,
                                   struct view view, int64_t now_ms, const struct record_id *death,
                                   struct arena *a, struct casework *out, struct err *e);

/* Every death of a unit ("" : of all), in the order in which they came, in one walk over the records,
 * recorded as such. `visit` is given each; its memory is taken back afterwards. Who read what is not asked
 * for: checks closed by a reading count as open here. */
typedef enum status (*casework_visit)(void *state, const struct casework *c, struct err *e);
MUST_USE enum status casework_each(struct session *s, struct world *w, const struct check_pack *pack,
                                   struct view view, int64_t now_ms, Str unit, casework_visit visit,
                                   void *state, struct err *e);

/* What a row of the facts is, in a few words: "exhibit E-1", "a link with D2". */
Str casework_row_words(struct arena *a, const struct fact_row *row);
/* A key as people write it: "D1", "cook:D1". */
Str casework_key_words(struct arena *a, Str key);

#endif
