/* The parts of the page that compares two events: each is said in as few words as decide, the rest behind a
 * fold. */
#ifndef WEB_COMPARE_PARTS_H
#define WEB_COMPARE_PARTS_H

#include "web/page/link_parts.h"

/* What is unusual together, how strong, what was offered as an explanation. once_in_weeks: how often chance
 * alone brings a link as strong; 0: not known. */
void compare_summary(struct visit *v, const struct comparison *c, double once_in_weeks);
void compare_ties(struct visit *v, const struct comparison *c);
void compare_against(struct visit *v, const struct comparison *c);
/* What helps most to ask first, with the way to the checks. */
void compare_missing(struct visit *v, const struct comparison *c);
/* Both accounts, with the rare words that they share marked. */
void compare_accounts(struct visit *v, const struct comparison *c);
/* What differs or is known of one only; what is the same behind a fold. */
void compare_sides(struct visit *v, const struct comparison *c);
void compare_weights(struct visit *v, const struct comparison *c);
void compare_not_used(struct visit *v, const struct comparison *c);

#endif
