/* What ties the members of a link, pair by pair, as it weighs now. */
#ifndef WEB_LINK_TIES_H
#define WEB_LINK_TIES_H

#include "web/page/link_parts.h"

#define TIES_MAX 66 /* of the twelve first members every pair */

struct tie {
    size_t a, b; /* members, a before b */
    Str headline;
    int score_db;
};
/* Somebody or something that comes up in several members. */
struct recurring {
    Str words;   /* "Stuart Pell" */
    uint32_t in; /* a bit for each member */
};
#define RECURRING_MAX 12
struct ties {
    struct tie tie[TIES_MAX];                  /* those of two deaths first; the strongest first */
    size_t count, deaths;                      /* deaths: how many are of two deaths */
    struct recurring recurring[RECURRING_MAX]; /* in the most members first */
    size_t recurrings;
    uint32_t shares; /* a bit for each death that has a name, number or address in common with a report */
    bool complete;   /* every member was weighed, so that nothing in common means nothing */
};
/* Only pairs that speak for it. None where the linker is not ready or does not know them. */
MUST_USE enum status link_ties_read(struct visit *v, const struct link_row *row, struct ties *out,
                                    struct err *e);
/* Who, with why, each leading to the comparison of the two: ties from `from` on, `count` of them. */
void link_ties_show(struct visit *v, const struct link_note *note, const struct ties *t, size_t from,
                    size_t count);
/* The reports of the link, numbered, with what each tells; who and what comes up in several of them; and
 * which of the deaths nothing of it names. */
void link_reports_show(struct visit *v, const struct link_note *note, const struct ties *t);
/* What ties each of these links most, in a sentence: the strongest tie of two deaths, of any two where there
 * is none; "" where it is not known now. */
MUST_USE enum status link_headlines(struct visit *v, const struct link_row *row, size_t count, Str **out,
                                    struct err *e);

#endif
