/* What the pages of links have in common: who asks, the words for a link, the pair in the path. */
#ifndef WEB_LINK_PARTS_H
#define WEB_LINK_PARTS_H

#include "app/comparison.h"
#include "app/links.h"
#include "web/visit.h"

struct links_viewer links_viewer_of(struct visit *v);

/* "Aidan Warden, KG/2014/0619"; of an incident its kind, day and place; of events that may be seen. */
Str link_member_words(struct visit *v, const struct record_id *event);
/* The same in a sentence: the name alone, where there is one. */
Str link_short_words(struct visit *v, const struct record_id *event);
/* What the record of an incident tells; "" for others. */
Str link_incident_account(struct visit *v, const struct record_id *event);
/* Those of a link, in one line, its deaths by name and its reports by number: "A; B and 5 reports".
 */
Str link_names_words(struct visit *v, const struct link_note *note);
/* "A", "A and B", "A, B and C"; `between` as the ", ". */
Str link_listed_words(struct visit *v, const struct str_list *part, Str between);
/* "2 deaths and 5 reports" */
Str link_members_words(struct visit *v, const struct link_note *note);
/* "Do Aidan Warden and Gabor Kovac belong together?" */
Str link_question_words(struct visit *v, const struct link_note *note);
Url link_event_url(struct visit *v, const struct record_id *event);
/* The address of a link: its two deaths compared, whatever reports lead to them; or the series. */
Url link_url(struct visit *v, const struct link_note *note);

/* A word of the path as an event that is open to the viewer. E_NOT_FOUND else; *answered: a reason is asked
 * first, and the answer leads there. */
MUST_USE enum status link_event_find(struct visit *v, Str word, struct record_id *out, bool *answered,
                                     struct err *e);
/* The pair, weighed now; a linking run and a reading are recorded. */
MUST_USE enum status link_compare(struct visit *v, const struct record_id *a, const struct record_id *b,
                                  struct comparison *out, struct err *e);

/* The page that compares the two, with what is wrong in its form. link: which of their links is answered
 * there; STR_NONE: the latest that waits. */
MUST_USE enum status compare_show(struct visit *v, const struct record_id *a, const struct record_id *b,
                                  Str link, struct err *e);

/* That the events of these links are shown: one reading. */
MUST_USE enum status link_rows_note(struct visit *v, Str verb, const struct link_row *row, size_t count,
                                    struct err *e);

/* The entries of a list of links: who, what ties them most, how it stands. */
MUST_USE enum status link_rows_show(struct visit *v, const struct link_row *row, size_t count, struct err *e);
#endif
