/* Series drawn out of weighed pairs, whatever the items are, events or rows of a table: the bar, the groups,
 * the table of members and the words about them. */
#ifndef APP_SERIES_DRAW_H
#define APP_SERIES_DRAW_H

#include "base/buf.h"
#include "link/series_find.h"

struct series_items {
    size_t count;
    const int32_t *day;     /* of each, INT32_MAX: not known; NULL: of none */
    const char *one, *many; /* "event", "events" */
    Str (*id)(void *state, uint32_t item, struct arena *a);
    /* What members have in common, in words; what ties two of them. */
    Str (*shared)(void *state, const uint32_t *member, size_t count, struct arena *a);
    Str (*tie)(void *state, uint32_t x, uint32_t y, struct arena *a);
    void *state;
};

struct series_asked {
    const char *out; /* a CSV, one line a member */
    double bar;      /* tenfold steps that tie two; NAN: by the price */
    double
        price_per_week; /* items that chance may tie to an earlier one in a week; NAN: start_db is the bar */
    int start_db;       /* where nothing else says */
    size_t told;        /* how many series are told in words, the least likely by chance first */
};
struct series_drawn {
    uint64_t items, pairs_weighed, series, members;
    double weeks; /* of days on which something happened; 0 where no day is known */
    double bar;
};

/* Columns of the file: series (its rank), member, day, tied_to, weight (tenfold steps), ties (members it is
 * tied to), falls_apart (into how many parts the others fall without it, 1: they hold), size, cohesion (tied
 * pairs of all its pairs), by_chance (groups as firmly tied that chance alone would bring), shared, tie (what
 * ties the member to tied_to). Members stand in the order of their days. put: lines for people (NULL: none),
 * indented by blanks. */
MUST_USE enum status series_draw(const struct series_items *items, const struct pair_weight *pair,
                                 size_t pairs, const struct series_asked *asked, int64_t now_ms,
                                 void (*put)(void *state, Str line), void *put_state,
                                 struct series_drawn *out, struct err *e);

#endif
