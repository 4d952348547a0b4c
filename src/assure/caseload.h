/* Many records by their lines, and the case of one death out of them: the death, what refers to it, the
 * people in it and what ties them elsewhere, and what is worked out about it (selector.h: derived_fields).
 * Pure. */
#ifndef ASSURE_CASELOAD_H
#define ASSURE_CASELOAD_H

#include "assure/facts.h"

struct caseload;

struct caseload *caseload_new(const struct policy *policy, size_t memory_max_bytes);
void caseload_free(struct caseload *c); /* NULL is allowed */
#define CLEANUP_CASELOAD __attribute__((cleanup(caseload_cleanup)))
void caseload_cleanup(struct caseload **c);

/* Takes one line; it must live as long as the caseload. Lines may come in any order, but not twice. */
void caseload_add(struct caseload *c, const struct entry_line *line);

/* The deaths taken so far, in the order in which they came. */
size_t caseload_deaths(const struct caseload *c);
const struct record_id *caseload_death(const struct caseload *c, size_t i);

/* A record folded from the lines taken so far; E_NOT_FOUND when none is in view. */
MUST_USE enum status caseload_record(const struct caseload *c, struct arena *a, const struct record_id *id,
                                     struct view view, struct record *out, struct err *e);

/* What two events share, and through whom: known when both sides were. */
struct case_share {
    Str word;                     /* selector.h, link.shares */
    Str value;                    /* of an identifier, as it is compared; STR_NONE else */
    struct record_id here, there; /* the person it comes through on each side; id STR_NONE: none */
};
/* How one death is linked: from the linker, handed in as it stands. */
struct case_link {
    struct record_id other;
    int64_t since_ms;               /* when both events were known */
    double weight;                  /* tenfold steps */
    bool strong;                    /* at or above the threshold for alerts */
    const struct case_share *share; /* the weightiest first */
    size_t shares;
    double distance_m; /* NAN: not known */
};
/* An earlier death near by. */
struct case_near {
    struct record_id other;
    int64_t since_ms;
    double distance_m, gap_days;
    struct str_list same;
};
/* Somebody read a record. */
struct case_reading {
    struct record_id of;
    Str reader; /* the name the ledger has */
    int64_t at_ms;
};
struct case_context {
    const struct case_link *link;
    size_t links;
    const struct case_near *near;
    size_t nears;
    const struct case_reading *reading;
    size_t readings;
};

/* The facts of a death at a view. E_NOT_FOUND when it was not known then. What the context says of later
 * moments is left out. */
MUST_USE enum status caseload_facts(struct caseload *c, struct arena *a, const struct record_id *death,
                                    const struct case_context *context, struct view view,
                                    struct case_facts *out, struct err *e);

#endif
