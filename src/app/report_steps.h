/* What is asked when a death is reported: twelve short steps, as tables. From them come the pages, what is
 * kept of them, the check of the answers, the records that are made and the form on paper. */
#ifndef APP_REPORT_STEPS_H
#define APP_REPORT_STEPS_H

#include "model/field.h"

/* The records that a report makes, as far as something is said for them. */
enum report_part {
    REPORT_DEATH,
    REPORT_FINDER, /* who found the dead */
    REPORT_FINDER_PHONE,
    REPORT_FIRST_ACCOUNT, /* what the finder said */
    REPORT_CALLER,        /* who called */
    REPORT_CALLER_PHONE,
    REPORT_OWN_PHONE, /* of the dead */
    REPORT_ARRIVAL,   /* of the officer who reports */
    REPORT_TOLD,      /* the supervisor who was told */
    REPORT_KNOWN,     /* what the officer knows of a death near by */
    REPORT_PARTS
};
struct report_part_row {
    const char *name; /* also what stands before the names of its inputs: "finder-name" */
    enum kind_id kind;
    const char *words; /* "the person who found them" */
};
extern const struct report_part_row REPORT_PART[REPORT_PARTS];

/* Questions that are no field of a record by themselves. */
enum report_extra { EXTRA_PHONE, EXTRA_CALLER, EXTRA_THERE, REPORT_EXTRAS };
struct report_extra_choice {
    const char *code, *words;
};
struct report_extra_row {
    const char *name; /* of its input */
    const char *label, *hint;
    struct report_extra_choice choice[3];
};
extern const struct report_extra_row REPORT_EXTRA[REPORT_EXTRAS];

struct report_question {
    const char *label, *hint; /* instead of the field's own; NULL: the field's */
    enum report_part part;
    int field;
    int extra; /* 1 + enum report_extra: this one instead of a field; 0: a field */
};
#define REPORT_QUESTIONS_MAX 4
struct report_step {
    const char *name;  /* in the address */
    const char *title; /* of the page */
    const char *lead;  /* why it is asked, one sentence; "" : none */
    struct report_question question[REPORT_QUESTIONS_MAX];
    size_t count;
};
#define REPORT_STEPS 12
extern const struct report_step REPORT_STEP[REPORT_STEPS];
int report_step_named(Str name); /* -1: there is none */

#endif
