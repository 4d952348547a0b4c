/* What all pages of one death have in common: the identity bar, the views of the record, the way back. */
#ifndef WEB_DEATH_FRAME_H
#define WEB_DEATH_FRAME_H

#include "web/visit.h"

enum death_view {
    DEATH_SUMMARY,
    DEATH_CHECKS,
    DEATH_LINKS,
    DEATH_EXHIBITS,
    DEATH_FAMILY,
    DEATH_HISTORY,
    DEATH_VIEWS
};

/* Of v->death. Between them stands the content, from level 2 on. */
void death_page_begin(struct visit *v, enum death_view view);
void death_page_end(struct visit *v);

/* "Name not known" when it is not. */
Str death_name_words(const struct roll_death *d);
/* The force reference, else the id. */
Str death_reference_words(struct visit *v, const struct roll_death *d);
/* "28 August 2014"; "no date" */
Str death_day_words(struct arena *a, int64_t ms);
/* The label of a code of a field of deaths; "" for none. */
Str death_code_words(struct visit *v, int field, Str code);

#endif
