/* How a link stands, and the form that answers it. */
#ifndef WEB_LINK_DECIDE_H
#define WEB_LINK_DECIDE_H

#include "web/page/link_parts.h"

/* The meaning of a stage, for its tag. */
enum part_meaning link_stage_meaning(const struct link_work *w);
/* Near the top of the page: whose it is and by when, or what was answered, by whom, why, and what comes of
 * it; with the way to the form below. */
void link_stands_show(struct visit *v, const struct link_row *row);
/* The form where an answer is asked of the viewer, folded where it is only possible, nothing where the role
 * may not; and what happened with the link so far. */
void link_decide_show(struct visit *v, const struct link_row *row);
/* Who is to do what is still needed, and by when, out of the form. false: an error is noted. */
bool link_work_read(struct visit *v, struct links_answer *out);

#endif
