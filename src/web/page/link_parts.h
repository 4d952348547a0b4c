/* What the pages of links have in common: who asks, the pair in the path, the answer that can be given. */
#ifndef WEB_LINK_PARTS_H
#define WEB_LINK_PARTS_H

#include "app/comparison.h"
#include "app/links.h"
#include "web/visit.h"

struct links_viewer links_viewer_of(struct visit *v);

/* "about 250 m apart" -> "About 250 m apart." */
Str sentence(struct arena *a, Str text);
Str sentence_start(struct arena *a, Str text);

/* "Aidan Warden, KG/2014/0619"; of an incident its kind, day and place; of events that may be seen. */
Str link_member_words(struct visit *v, const struct record_id *event);
/* What the record of an incident tells; "" for others. */
Str link_incident_account(struct visit *v, const struct record_id *event);
/* Those of a link, in one line: "A; B and C"; of many the first few and how many more. */
Str link_names_words(struct visit *v, const struct link_note *note);
Url link_event_url(struct visit *v, const struct record_id *event);
/* The address of a link: the pair compared, or the series. */
Url link_url(struct visit *v, const struct link_note *note);

/* A word of the path as an event that is open to the viewer. E_NOT_FOUND else; *answered: a reason is asked
 * first, and the answer leads there. */
MUST_USE enum status link_event_find(struct visit *v, Str word, struct record_id *out, bool *answered,
                                     struct err *e);
/* The pair, weighed now; a linking run and a reading are recorded. */
MUST_USE enum status link_compare(struct visit *v, const struct record_id *a, const struct record_id *b,
                                  struct comparison *out, struct err *e);

/* That the events of these links are shown: one reading. */
MUST_USE enum status link_rows_note(struct visit *v, Str verb, const struct link_row *row, size_t count,
                                    struct err *e);

/* One entry of a list of links. */
void link_row_show(struct visit *v, const struct link_row *row);
/* How it stands: whose it is, by when, what was answered. */
void link_work_show(struct visit *v, const struct link_row *row);
/* The form to answer a link with, and what was answered before; nothing where the role may not. */
void link_answer_form(struct visit *v, const struct link_row *row);
/* The meaning of a stage, for its tag. */
enum part_meaning link_stage_meaning(const struct link_work *w);

#endif
