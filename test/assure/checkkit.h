/* What tests of checks share: the packs, and a world with its caseload moved forward in time over the Barking
 * feed and a background. */
#ifndef TEST_ASSURE_CHECKKIT_H
#define TEST_ASSURE_CHECKKIT_H

#include "../link/worldkit.h"
#include "app/case_links.h"
#include "assure/evaluate.h"

struct checkkit {
    struct worldkit kit;
    struct check_pack pack;            /* england-wales */
    struct change *line;               /* in the order of known_at */
    size_t count, applied, background; /* the background's lines are numbered up to this */
    struct world *world;
    struct caseload *caseload;
    int64_t now_ms;
    struct case_places places; /* as of places_at applied lines */
    size_t places_at;
};

/* Loads policy and pack. per_day 0: no background. */
void checkkit_open(struct checkkit *k, double per_day, const char *from, const char *to);
void checkkit_close(struct checkkit *k);

/* Applies everything known up to and at that moment, and no more. Only forward. */
void checkkit_move(struct checkkit *k, int64_t now_ms);
/* A caseload of the Barking feed alone, as known now; to be freed by the caller. */
struct caseload *checkkit_barking(struct checkkit *k);

/* The links of a death as they stand now. */
struct case_context checkkit_context(struct checkkit *k, const struct record_id *death, struct arena *a);
void checkkit_facts(struct checkkit *k, const struct record_id *death, const struct case_context *context,
                    struct arena *a, struct case_facts *out);

int64_t checkkit_time(const char *text);
/* NULL: the check has not opened. */
const struct check_status *status_of(const struct check_report *r, Str check);

#endif
