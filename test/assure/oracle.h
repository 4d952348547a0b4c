/* demo/missed-checks.tsv and test/assure/evidence.tsv as values, and records that are no evidence: for every
 * test that holds a way of judging checks against them. */
#ifndef TEST_ASSURE_ORACLE_H
#define TEST_ASSURE_ORACLE_H

#include "base/rng.h"
#include "checkkit.h"

struct oracle_row {
    Str number, death, title, check;
    int64_t opens_ms, never_before_ms; /* INT64_MAX: never */
    bool must_open;
};
struct oracle_evidence { /* "reading OF READER", or a line of the feed */
    Str row, text;
};
enum { ORACLE_ROWS_MAX = 64, ORACLE_LINES_MAX = 128 };
struct oracle {
    struct arena *arena;
    struct oracle_row row[ORACLE_ROWS_MAX];
    size_t rows;
    struct oracle_evidence evidence[ORACLE_LINES_MAX];
    size_t evidences;
};
void oracle_read(struct oracle *o, struct arena *a);

/* How many lines of evidence a row has; there must be some. */
size_t oracle_evidences(const struct oracle *o, const struct oracle_row *r);
/* "@1" becomes the time an hour after the opening. */
Str oracle_line_at(struct arena *a, Str text, int64_t opens_ms);
/* A death or concern by its id. */
struct record_id oracle_record(Str id);
/* How the subject of the check that opened at the row's moment stands: others of the same check may be open
 * all the while. */
enum check_state oracle_state(const struct oracle_row *r, const struct check_report *report);
/* A record of each kind, filled at random, that is not this row's evidence: lines of the feed, all with this
 * id. */
struct str_list oracle_noise(struct arena *a, struct rng *rng, const struct oracle_row *r, Str id);

#endif
