/* The checks of one given value, each leaving the canonical form. Used inside model/ only. */
#ifndef MODEL_ACCEPT_H
#define MODEL_ACCEPT_H

#include "base/json.h"
#include "model/field.h"
#include "model/policy.h"

#define ACCEPT_TEXT_BYTES_MAX      2000
#define ACCEPT_NARRATIVE_BYTES_MAX 200000
#define ACCEPT_ITEMS_MAX           1000
#define ACCEPT_ID_BYTES_MAX        200
#define ACCEPT_WORD_BYTES_MAX      40
#define ACCEPT_SUBSTANCE_BYTES_MAX 100

/* What every check needs. Results live in `a`; a failure fills `e` under the name `field`. */
struct accept {
    struct arena *a;
    const struct policy *policy;
    const char *field;
    struct err *e;
};

/* How much of a bad value a message repeats. */
int accept_shown(Str s);

/* Cleaned (NFC) and trimmed, not empty. one_line: line ends and tabs become blanks. */
MUST_USE enum status accept_text(const struct accept *c, const Json *v, size_t bytes_max, bool one_line,
                                 Str *out);
/* A word of `values`, or any word of letters, digits, _ and - when `values` is "". */
MUST_USE enum status accept_code(const struct accept *c, const Json *v, const char *values, Str *out);
/* The vocabulary's code, else the folded word. */
MUST_USE enum status accept_substance(const struct accept *c, const Json *v, Str *out);
MUST_USE enum status accept_yesno(const struct accept *c, const Json *v, Str *out);
MUST_USE enum status accept_postcode(const struct accept *c, const Json *v, Str *out);
/* An id as the sender writes it: no control characters, trimmed. */
MUST_USE enum status accept_id(const struct accept *c, const Json *v, Str *out);

/* Numbers and compounds leave canonical JSON. */
MUST_USE enum status accept_number(const struct accept *c, const Json *v, double min, double max,
                                   const char *unit, double *out);
MUST_USE enum status accept_time(const struct accept *c, const Json *v, Str *json);
MUST_USE enum status accept_span(const struct accept *c, const Json *v, Str *json);
MUST_USE enum status accept_date(const struct accept *c, const Json *v, Str *json);
MUST_USE enum status accept_place(const struct accept *c, const Json *v, Str *json);
MUST_USE enum status accept_level(const struct accept *c, const Json *v, Str *json);
MUST_USE enum status accept_dated(const struct accept *c, const Json *v, Str *json);

#endif
