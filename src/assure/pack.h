/* A pack of checks, read from its file (policy/checks/NAME.check, doc/checks.md). Pure. */
#ifndef ASSURE_PACK_H
#define ASSURE_PACK_H

#include "assure/selector.h"

#define PACK_BYTES_MAX ((size_t)1 << 20)
#define CHECKS_MAX     200
#define GROUPS_MAX     5
#define VARIANTS_MAX   8

/* Ways of opening, and what then closes it: a check whose openings need different evidence has several. */
struct variant {
    struct opening *opens;
    size_t openings;
    struct evidence *closed; /* any one of them is enough */
    size_t closings;
};

struct check {
    Str id, title, asks, why, source, guidance;
    size_t group;
    Str role; /* for whom */
    struct variant *variant;
    size_t variants;
    struct selector *reopens;
    size_t reopenings;
    struct selector *begun;
    size_t begins;
    struct waiting *waiting;
    size_t waits;
    int64_t due_ms; /* after the opening, or after due_from; 0: no clock */
    Str due_from;   /* a time of the record that opened it, or of the death */
    Str due_field;  /* a date on the record that opened it, which goes before due_ms */
    int waive_rank; /* the least rank of the second person who says it is not needed; 0: nobody may */
    uint64_t line;
};

struct check_group {
    Str id, title;
};

struct check_pack {
    Str name, title, about, clocks;
    bool verified; /* false: the list has not been compared with its source */
    uint64_t version;
    struct check_group group[GROUPS_MAX];
    size_t groups;
    struct check *check; /* in the order of the file */
    size_t count;
};

/* E_INVALID names line and key and what would be accepted. The text must live as long as `a`. */
MUST_USE enum status check_pack_parse(struct arena *a, Str text, struct check_pack *out, struct err *e);
const struct check *check_find(const struct check_pack *p, Str id); /* NULL when there is none */

/* Who checks are for. */
bool check_role_known(Str role);
Str check_role_words(Str role); /* "the supervisor" */

#endif
