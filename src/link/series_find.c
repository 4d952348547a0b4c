#include "link/series_find.h"

#include "base/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PAIRS_MAX ((size_t)1 << 30)

struct weights {
    struct table *of_pair;          /* (low, high) -> weight, as if unsigned */
    const struct pair_weight *pair; /* strongest first */
    size_t pairs, unrelated;
    int *unrelated_db;
    double all_pairs;
};

static uint64_t pair_key(uint32_t x, uint32_t y)
{
    return x < y ? (uint64_t)x << 32 | y : (uint64_t)y << 32 | x;
}

static int weight_of(void *state, uint32_t x, uint32_t y)
{
    const struct weights *w = state;
    const uint64_t *at = table_find_number(w->of_pair, pair_key(x, y));
    return at == NULL ? 0 : (int)(int64_t)*at;
}

static int compare_pairs(const void *x, const void *y)
{
    const struct pair_weight *p = x, *q = y;
    if (p->weight_db != q->weight_db) return p->weight_db < q->weight_db ? 1 : -1;
    uint64_t kp = pair_key(p->a, p->b), kq = pair_key(q->a, q->b);
    return kp < kq ? -1 : kp > kq;
}

/* Sorted, each pair once. */
static void take_pairs(struct weights *w, const struct pair_weight *pair, size_t pairs, struct arena *a)
{
    struct pair_weight *own = NEW_ARRAY(a, struct pair_weight, pairs + 1);
    size_t kept = 0;
    if (pairs > 0) memcpy(own, pair, pairs * sizeof *own);
    qsort(own, pairs, sizeof *own, compare_pairs);
    for (size_t i = 0; i < pairs; i++) {
        bool fresh;
        uint64_t *at = table_at_number(w->of_pair, pair_key(own[i].a, own[i].b), &fresh);
        if (!fresh || own[i].a == own[i].b) continue;
        *at = (uint64_t)(int64_t)own[i].weight_db;
        own[kept++] = own[i];
    }
    w->pair = own;
    w->pairs = kept;
}

static int bond_of(const struct series_book *book, const struct pair_weights *pw, const struct pair_weight *p)
{
    uint32_t x = series_of(book, p->a), y = series_of(book, p->b), item = x == 0 ? p->a : p->b,
             strongest = x == 0 ? p->b : p->a, series = x == 0 ? y : x;
    const uint32_t *member;
    if ((x == 0) == (y == 0)) return p->weight_db;
    size_t count = series_members(book, series, &member);
    return cohesion_bond(pw, member, count, item, strongest, p->weight_db);
}

/* One run through the pairs; did anything come together? */
static bool draw_together(struct series_book *book, const struct pair_weights *pw, const struct weights *w,
                          int bar_db, int64_t at_ms)
{
    bool any = false;
    for (size_t i = 0; i < w->pairs && w->pair[i].weight_db + COHESION_MORE_MAX_DB >= bar_db; i++) {
        const struct pair_weight *p = &w->pair[i];
        uint32_t x = series_of(book, p->a), y = series_of(book, p->b);
        if (x != 0 && x == y) continue;
        if (bond_of(book, pw, p) < bar_db) continue;
        if (cohesion_tie(book, pw, p->a, p->b, bar_db, at_ms) != 0) any = true;
    }
    return any;
}

/* Weights of the pairs that are in no series, falling: what unrelated items weigh. */
static void take_unrelated(struct weights *w, const struct series_book *book, struct arena *a)
{
    w->unrelated_db = NEW_ARRAY(a, int, w->pairs + 1);
    for (size_t i = 0; i < w->pairs; i++) {
        uint32_t x = series_of(book, w->pair[i].a), y = series_of(book, w->pair[i].b);
        if (x == 0 || x != y) w->unrelated_db[w->unrelated++] = w->pair[i].weight_db;
    }
}

static double chance_of(const struct weights *w, int weight_db)
{
    size_t low = 0, high = w->unrelated;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (w->unrelated_db[middle] >= weight_db)
            low = middle + 1;
        else
            high = middle;
    }
    /* What is weaker than every pair given may be as common as all pairs are. */
    bool below_all = low == w->unrelated && (double)w->pairs < w->all_pairs && w->pairs > 0 &&
                     weight_db < w->pair[w->pairs - 1].weight_db;
    double chance = below_all ? 1 : ((double)low + 1) / w->all_pairs;
    return chance > 1 ? 1 : chance;
}

static void lay_open(const struct series_book *book, const struct pair_weights *pw, const struct weights *w,
                     uint32_t series, size_t items, int bar_db, struct arena *a, struct found_series *out)
{
    const uint32_t *member;
    size_t count = series_members(book, series, &member);
    *out = (struct found_series){.number = series, .count = count, .weakest_db = INT32_MAX};
    cohesion_lay_open(pw, member, count, bar_db, a, &out->group);
    double *chance = NEW_ARRAY(a, double, out->group.count);
    for (size_t t = 0; t + 1 < out->group.count; t++) {
        int db = out->group.tree[t].weight_db;
        if (db < out->weakest_db) out->weakest_db = db;
        chance[t] = chance_of(w, db);
    }
    out->expected_log10 = cohesion_expected_log10(items, out->group.count, chance);
}

static int compare_found(const void *x, const void *y)
{
    const struct found_series *p = x, *q = y;
    if (p->expected_log10 != q->expected_log10) return p->expected_log10 < q->expected_log10 ? -1 : 1;
    if (p->count != q->count) return p->count > q->count ? -1 : 1;
    return p->number < q->number ? -1 : p->number > q->number;
}

size_t series_find(struct series_book *book, const struct pair_weight *pair, size_t pairs, size_t items,
                   const struct series_rules *rules, int64_t at_ms, struct arena *a,
                   struct found_series **out)
{
    struct table *of_pair CLEANUP_TABLE = table_new(PAIRS_MAX);
    struct weights w = {.of_pair = of_pair};
    struct pair_weights pw = {.weight_db = weight_of, .state = &w};
    take_pairs(&w, pair, pairs, a);
    double among = (double)items * ((double)items - 1) / 2;
    w.all_pairs = rules->all_pairs > 0 ? rules->all_pairs : among < 1 ? 1 : among;
    while (draw_together(book, &pw, &w, rules->bar_db, at_ms)) {
    }
    take_unrelated(&w, book, a);
    struct found_series *found = NEW_ARRAY(a, struct found_series, series_count(book) + 1);
    size_t count = 0;
    for (uint32_t s = 1; s <= series_count(book); s++) {
        const uint32_t *member;
        if (series_members(book, s, &member) < 2) continue;
        lay_open(book, &pw, &w, s, items, rules->bar_db, a, &found[count++]);
    }
    qsort(found, count, sizeof *found, compare_found);
    *out = found;
    return count;
}
