/* The category of a death as a machine of four states: expected; unexpected, investigated and not suspicious;
 * unexpected, under investigation; homicide. Up is one step at any time, with a reason. Down needs positive
 * evidence (what it rested on is named), a reason, and a supervisor who is another person. What was recorded
 * otherwise stays as it was and is flagged: history is never refused. A link never moves the category: it
 * challenges it until somebody has looked. Pure. */
#ifndef ASSURE_CATEGORY_H
#define ASSURE_CATEGORY_H

#include "assure/facts.h"

#define SUPERVISOR_RANK 2 /* sergeant: rank_height */

enum category_direction { CATEGORY_FIRST, CATEGORY_UP, CATEGORY_DOWN, CATEGORY_SAME };
const char *category_direction_name(enum category_direction d);

/* What a step down lacks, as bits. */
enum category_fault {
    CATEGORY_NO_REASON = 1,
    CATEGORY_NO_SECOND = 2,     /* nobody else approved it */
    CATEGORY_NO_SUPERVISOR = 4, /* the one who approved is not known as of that rank */
    CATEGORY_NO_EVIDENCE = 8,   /* it names nothing that it rests on */
    CATEGORY_NO_DECISION = 16,  /* the report was rewritten; nobody decided */
    CATEGORY_FAULTS = 5
};
const char *category_fault_name(enum category_fault bit);  /* "no_second_person" */
const char *category_fault_words(enum category_fault bit); /* a sentence */

struct category_step {
    Str to, from;
    int64_t at_ms;              /* when it became known */
    const struct fact_row *row; /* the decision, or the death for what its report says */
    enum category_direction direction;
    unsigned fault; /* of CATEGORY_NO_...; only steps down and unreasoned steps have any */
    Str by, approved_by, rationale;
};

/* Every step at its place in time. Rows of kind decision and the death's own category are read. */
size_t category_steps(struct arena *a, const struct case_facts *f, struct category_step **out);

/* Would this step be accepted today? The same rule, for a decision about to be made. */
unsigned category_step_faults(Str from, Str to, Str rationale, Str by, Str approved_by, int approver_rank,
                              size_t relied_on);
/* 1 expected ... 4 homicide; 0: none, or no category. */
int category_height(Str category);
Str category_words(Str category); /* "unexpected, under investigation" */

/* Adds what checks ask of the category: the row "category" with is, unexpected and challenged, and step and
 * breaks on decisions (selector.h: derived_fields). To be called once, after links were added. */
void category_facts(struct arena *a, struct case_facts *f);

#endif
