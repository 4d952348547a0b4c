/* A record on its way from a row to a change: its fields filled by the lines of the mapping, then taken as a
 * line of the feed. Shared by mapper.c and draft.c, nobody else. */
#ifndef INTAKE_DRAFT_H
#define INTAKE_DRAFT_H

#include "intake/plan.h"

/* What the lines of one field came to. */
struct filled {
    bool present;
    struct map_value value;
    struct str_list given;
};

struct draft { /* a record on its way to a line of the feed */
    const struct record_plan *plan;
    Str id;
    bool known;
    struct moment known_at;
    struct filled filled[FIELDS_MAX];
};

/* What is wrong with a row: fields and sentences side by side. */
struct problems {
    struct str_list field, reason;
};

void problem_add(struct arena *a, struct problems *p, Str field, Str reason);

/* Adds to `into` what it does not hold yet. */
void list_unite(struct arena *a, struct str_list *into, const struct str_list *from);

/* Fills a fresh draft from a row; what cannot be filled is added to the problems. */
void draft_fill(const struct run *run, const struct record_plan *plan, struct draft *d, struct problems *p);

/* The draft as a change, judged by the rules of the feed; every field that they refuse is added to the
 * problems, and `out` is good only when there are none. */
void draft_take(struct arena *a, const struct policy *policy, const struct draft *d, Str ns,
                struct change *out, struct problems *p);

#endif
