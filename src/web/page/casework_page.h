/* What the pages about checks, category and review of a death have in common: the death as it stands, who
 * acts, where a record is seen, and which records a reason can rest on. */
#ifndef WEB_CASEWORK_PAGE_H
#define WEB_CASEWORK_PAGE_H

#include "app/casework_act.h"
#include "web/visit.h"

struct casework_page {
    struct casework work;
    bool linked; /* false: what the linker says was not asked, so checks raised by links are not among them */
    struct person_acting who;
};
/* Who has signed in. */
struct person_acting casework_acting(const struct visit *v);
/* v->death as it stands at v->view, noted as read. */
MUST_USE enum status casework_page_read(struct visit *v, struct casework_page *out, struct err *e);
struct casework_act casework_page_act(struct visit *v, const struct casework_page *p);
/* Says so, where links were not asked. */
void casework_page_caveat(struct visit *v, const struct casework_page *p);

/* Where a fact is to be seen; none: nowhere of its own. */
Url casework_row_url(struct visit *v, const struct fact_row *row);
/* "completed 19 June 2014 by ...", with links to the evidence. */
void casework_item_show(struct visit *v, const struct casework *w, const struct check_item *item);
enum part_meaning check_meaning(enum check_state state);
/* "Overdue" */
Str check_tag_words(struct visit *v, enum check_state state);

/* Boxes for the records of the case that a reason can rest on, under the name relied_on; and what was ticked:
 * only records of this case. */
void relied_on_show(struct visit *v, const struct casework *w, Str legend, Str hint);
size_t relied_on_read(struct visit *v, const struct casework *w, struct record_id **out);

/* Requests for a second person, each with its buttons where this person may answer it; kind -1: all. */
void second_requests_show(struct visit *v, const struct casework_page *p, int kind);

#endif
