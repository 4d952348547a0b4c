/* The checks of deaths, out of the store: what was known at a view, what the linker says of it, how each
 * check stands. In words and as JSON: app/casework_words.h. */
#ifndef APP_CASEWORK_H
#define APP_CASEWORK_H

#include "app/case_links.h"
#include "app/session.h"
#include "assure/category.h"
#include "assure/evaluate.h"
#include "assure/quality.h"

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

/* Where it is learnt what the linker says of a death. read fills link and near of `out`, everything in `a`;
 * E_NOT_FOUND: the linker does not know it (yet), as if nothing were linked. */
struct casework_links {
    enum status (*read)(void *state, const struct record_id *death, struct arena *a, struct case_context *out,
                        struct err *e);
    void *state;
};
/* The same out of a world that stands still and was filled at the view (cli_world, linking_load). */
struct casework_world {
    struct world *world;
    struct case_places places;
};
struct casework_links casework_of_world(struct casework_world *state, struct world *w, struct arena *a);
/* What was read under somebody's lock, into memory of one's own. */
void casework_context_keep(struct arena *a, struct case_context *context);

/* Several deaths as one consultation: begin, read each, note; only then may anything be shown. `links` NULL:
 * checks that are raised by links do not open. now_ms: the moment at which clocks are read, no earlier than
 * the view. */
struct casework_ask {
    struct session *session;
    const struct casework_links *links;
    const struct check_pack *pack;
    struct view view;
    int64_t now_ms;
};
struct casework_reader;
MUST_USE enum status casework_begin(const struct casework_ask *ask, struct casework_reader **out,
                                    struct err *e);
void casework_end(struct casework_reader *r); /* NULL is allowed */
/* taken (NULL allowed): every record that was looked at, in `a`. E_NOT_FOUND: not on record at the view. */
struct casework_taken {
    struct record_id *id;
    size_t count, room;
};
MUST_USE enum status casework_next(struct casework_reader *r, const struct record_id *death, struct arena *a,
                                   struct casework *out, struct casework_taken *taken, struct err *e);
/* about: the one death that was asked for; NULL: several. */
MUST_USE enum status casework_note(struct casework_reader *r, Str what_for, const struct record_id *about,
                                   struct err *e);

/* One death: all of this. */
MUST_USE enum status casework_read(const struct casework_ask *ask, const struct record_id *death,
                                   struct arena *a, struct casework *out, struct err *e);

/* Every death of a unit ("" : of all), in the order in which they came, in one walk over the records,
 * recorded as such. `visit` is given each; its memory is taken back afterwards. Who read what is not asked
 * for: checks closed by a reading count as open here. */
typedef enum status (*casework_visit)(void *state, const struct casework *c, struct err *e);
MUST_USE enum status casework_each(const struct casework_ask *ask, Str unit, casework_visit visit,
                                   void *state, struct err *e);

#endif
