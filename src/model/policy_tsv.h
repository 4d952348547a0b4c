/* The files of policy/: tab separated, a header, # before a comment. For those who load such files. */
#ifndef MODEL_POLICY_TSV_H
#define MODEL_POLICY_TSV_H

#include "base/str.h"

#define POLICY_COLUMNS_MAX 8

struct policy_tsv {
    Str name; /* of the file, for messages */
    Str rest;
    size_t line;                   /* last one read, from 1 */
    int where[POLICY_COLUMNS_MAX]; /* the cell that holds a wanted column, -1 when the file has none */
    size_t wanted, cells;
};

struct policy_line {
    Str cell[POLICY_COLUMNS_MAX]; /* in the order of the wanted columns, trimmed; "" where left out */
    size_t number;
};

/* Reads the header. The first `required` of the wanted columns must be there; others may stand in any order
 * among columns nobody asked for. */
MUST_USE enum status policy_tsv_open(struct policy_tsv *r, Str name, Str text, const char *const *column,
                                     size_t count, size_t required, struct err *e);
/* *more false: the end. E_INVALID when a row has more or fewer cells than the header allows. */
MUST_USE enum status policy_tsv_next(struct policy_tsv *r, struct policy_line *line, bool *more,
                                     struct err *e);

struct policy;
/* scales.tsv into p->scale (scales.c). */
MUST_USE enum status policy_load_scales(struct arena *a, Str name, Str tsv, struct policy *p, struct err *e);

#endif
