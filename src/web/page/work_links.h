/* The suggested links among what waits for a person. */
#ifndef WEB_WORK_LINKS_H
#define WEB_WORK_LINKS_H

#include "app/links.h"
#include "web/visit.h"

struct work_links {
    bool ready;           /* false: the linker is still reading the records */
    struct link_row *row; /* due first */
    Str *why;             /* of the first, which are shown: what ties them most */
    size_t count, late;
};
/* Noted as shown; nothing where the role has no part in links. */
MUST_USE enum status work_links_read(struct visit *v, struct work_links *out, struct err *e);
struct part_figure work_links_figure(struct visit *v, const struct work_links *l);
void work_links_show(struct visit *v, const struct work_links *l);
void work_links_json(struct json_writer *w, const struct work_links *l); /* how many, and the first of them */

#endif
