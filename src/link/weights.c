#include "link/weights.h"

#include "base/alloc.h"
#include "link/query.h"

#define AGES 131
/* What was not looked up yet, or does not fit. */
#define UNKNOWN INT8_MIN

struct node_weights {
    int8_t *value[FEATURE_COUNT]; /* by value, with and without one taken out */
    size_t room[FEATURE_COUNT];   /* of bytes */
    int8_t (*age)[AGE_SCALES + 1][2];
};

struct weights {
    const struct world *w;
    uint32_t epoch;
    struct node_weights *node;
    size_t node_room;
};

struct weights *weights_new(const struct world *w)
{
    struct weights *k = alloc_zero(1, sizeof *k);
    k->w = w;
    return k;
}

static void forget(struct weights *k)
{
    for (size_t n = 0; n < k->node_room; n++) {
        struct node_weights *node = &k->node[n];
        for (int f = 0; f < FEATURE_COUNT; f++)
            if (node->room[f] > 0) memset(node->value[f], UNKNOWN, node->room[f]);
        if (node->age != NULL) memset(node->age, UNKNOWN, AGES * sizeof *node->age);
    }
}

void weights_free(struct weights *k)
{
    if (k == NULL) return;
    for (size_t n = 0; n < k->node_room; n++) {
        for (int f = 0; f < FEATURE_COUNT; f++)
            alloc_free(k->node[n].value[f]);
        alloc_free(k->node[n].age);
    }
    alloc_free(k->node);
    alloc_free(k);
}

void weights_refresh(struct weights *k)
{
    if (k->epoch == k->w->counts_epoch) return;
    forget(k);
    k->epoch = k->w->counts_epoch;
}

static struct node_weights *node_at(struct weights *k, uint32_t node)
{
    if (node >= k->node_room) k->node = alloc_room(k->node, &k->node_room, node, sizeof *k->node);
    return &k->node[node];
}

static int8_t *value_at(struct weights *k, uint32_t node, enum feature f, size_t at)
{
    struct node_weights *n = node_at(k, node);
    if (at >= n->room[f]) {
        size_t before = n->room[f];
        n->value[f] = alloc_room(n->value[f], &n->room[f], at, 1);
        memset(n->value[f] + before, UNKNOWN, n->room[f] - before);
    }
    return &n->value[f][at];
}

static int16_t keep(int8_t *at, int weight)
{
    if (weight > INT8_MIN && weight <= INT8_MAX) *at = (int8_t)weight;
    return (int16_t)weight;
}

int16_t weights_value(struct weights *k, enum feature f, const uint32_t nodes[NODE_LEVELS],
                      enum node_level level, uint32_t value, unsigned minus)
{
    if (nodes[level] == UINT32_MAX)
        return (int16_t)measure_value(k->w, f, nodes, level, value, minus).weight_db;
    int8_t *at = value_at(k, nodes[level], f, (size_t)value * 2 + minus);
    return *at != UNKNOWN ? *at : keep(at, measure_value(k->w, f, nodes, level, value, minus).weight_db);
}

int16_t weights_age(struct weights *k, const struct event *ev, enum node_level level, size_t scale,
                    unsigned minus)
{
    if (ev->nodes[level] == UINT32_MAX) return own_age_weight(k->w, ev, level, scale, minus);
    struct node_weights *n = node_at(k, ev->nodes[level]);
    if (n->age == NULL) {
        n->age = alloc_zero(AGES, sizeof *n->age);
        memset(n->age, UNKNOWN, AGES * sizeof *n->age);
    }
    int8_t *at = &n->age[ev->row.age][scale][minus];
    return *at != UNKNOWN ? *at : keep(at, own_age_weight(k->w, ev, level, scale, minus));
}
