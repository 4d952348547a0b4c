/* Exhibits: booking them in, moving them, and their chain of custody. The rules are assure/custody.h; here a
 * step is read, checked and recorded as lines: a movement, and what changes on the exhibit's own record, both
 * at once and only if nobody else came first. */
#ifndef APP_EXHIBITS_H
#define APP_EXHIBITS_H

#include "app/roll.h"
#include "app/session.h"
#include "assure/custody.h"
#include "base/json.h"
#include "model/kinds.h"

#define EXHIBIT_SOURCE "exhibit" /* policy/sources.tsv: the exhibit list */

/* A movement as a line of the chain, without its account and place in the ledger; false when its type is none
 * of the known ones. Texts are copied into `a`. */
bool exhibit_line_read(struct arena *a, const struct record_id *id, const struct movement *m,
                       struct custody_line *out);

/* One exhibit at a view, with its chain in order of time. */
struct exhibit_file {
    struct record record;
    const struct exhibit *data;
    struct record_id death;
    struct custody_line *line;
    size_t lines;
    struct custody custody;
};
/* Each record that is read is an entry of the access ledger. E_NOT_FOUND. */
MUST_USE enum status exhibit_file_read(struct session *s, struct view view, const struct record_id *id,
                                       struct arena *a, struct exhibit_file *out, struct err *e);

/* The person as custody knows one: account, "ns:id" of officer and unit. */
struct custody_person exhibit_person(struct arena *a, Str account, Str officer, Str unit);

/* Books an exhibit in: `set` holds its fields, as a line of a feed would give them; its death is set here.
 * The holder is who books it. Gives the new record's id. */
MUST_USE enum status exhibit_book(struct session *s, const struct custody_person *by,
                                  const struct record_id *death, Json *set, int64_t now_ms, struct arena *a,
                                  struct record_id *out, struct err *e);

/* Takes a step. `file` was read now. E_CONFLICT when somebody else came first. The roll is held. */
MUST_USE enum status exhibit_step(struct session *s, const struct roll *roll, const struct exhibit_file *file,
                                  const struct custody_step *step, struct arena *a, struct err *e);

#endif
