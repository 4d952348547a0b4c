#include "link/series_shared.h"

#include "base/alloc.h"

#include <stdlib.h>

struct tally {
    struct shared_value *value;
    uint32_t *holders; /* a bit for each member */
    size_t count, room;
};

static size_t place_of(struct tally *t, const struct reason *r)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->value[i].feature == r->feature && str_eq(t->value[i].value, r->value)) return i;
    size_t room = t->room;
    t->value = alloc_room(t->value, &room, t->count, sizeof *t->value);
    t->holders = alloc_room(t->holders, &t->room, t->count, sizeof *t->holders);
    t->value[t->count] = (struct shared_value){.feature = r->feature, .value = r->value};
    return t->count++;
}

static void take_pair(struct tally *t, const struct pair_evidence *ev, size_t i, size_t j)
{
    for (size_t r = 0; r < ev->count; r++) {
        const struct reason *why = &ev->reason[r];
        if ((why->verdict != SAME && why->verdict != SIMILAR) || why->full_weight_db <= 0) continue;
        size_t at = place_of(t, why);
        struct shared_value *v = &t->value[at];
        t->holders[at] |= UINT32_C(1) << i | UINT32_C(1) << j;
        v->members = (size_t)__builtin_popcount(t->holders[at]);
        if (why->full_weight_db <= v->weight_db) continue;
        v->weight_db = why->full_weight_db;
        v->of_all = why->count;
        v->base = why->base;
    }
}

static int compare_shared(const void *x, const void *y)
{
    const struct shared_value *a = x, *b = y;
    if (a->members != b->members) return a->members > b->members ? -1 : 1;
    if (a->weight_db != b->weight_db) return a->weight_db > b->weight_db ? -1 : 1;
    if (a->feature != b->feature) return a->feature < b->feature ? -1 : 1;
    return str_compare(a->value, b->value);
}

size_t series_shared(struct world *w, const uint32_t *member, size_t count, struct arena *a,
                     struct shared_value **out)
{
    struct tally t = {0};
    size_t n = count < SERIES_SHARED_MEMBERS ? count : SERIES_SHARED_MEMBERS, kept = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            struct pair_evidence ev;
            world_pair(w, a, member[i], member[j], &ev);
            take_pair(&t, &ev, i, j);
        }
    *out = NEW_ARRAY(a, struct shared_value, t.count + 1);
    for (size_t i = 0; i < t.count; i++)
        if (t.value[i].members * 2 >= n) (*out)[kept++] = t.value[i];
    qsort(*out, kept, sizeof **out, compare_shared);
    alloc_free(t.value);
    alloc_free(t.holders);
    return kept;
}
