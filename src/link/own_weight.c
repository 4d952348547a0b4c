/* What one end of a pair weighs by itself in age, time and place. The rate of a pair is the larger of both
 * ends', and a larger rate weighs less, so that the weight of a pair is the smaller of both ends' weights. */
#include "link/query.h"

static int16_t agreement(const struct feature_belief *b, double m, double p)
{
    return (int16_t)weigh_agreement(b, m, p);
}

int16_t own_age_weight(const struct world *w, const struct event *ev, enum node_level level, size_t scale,
                       unsigned minus)
{
    const struct link_model *m = w->model;
    const struct feature_belief *b = &m->feature[FEATURE_AGE];
    if (scale == AGE_SCALES) return (int16_t)weigh_difference(b, m->age_m[AGE_SCALES - 1]);
    return agreement(b, m->age_m[scale],
                     counts_age(w, ev->nodes, level, ev->row.age, (int)m->age_years[scale], minus).p);
}

int16_t own_time_weight(const struct world *w, const struct event *ev, enum node_level level, size_t scale,
                        unsigned minus)
{
    const struct link_model *m = w->model;
    const struct feature_belief *b = &m->feature[FEATURE_TIME];
    if (scale == TIME_SCALES) return (int16_t)weigh_difference(b, m->time_m[TIME_SCALES - 1]);
    int32_t days = (int32_t)m->time_days[scale];
    return agreement(
        b, m->time_m[scale],
        counts_days(w, ev->nodes, level, ev->row.day_from - days, ev->row.day_to + days, minus).p);
}

/* ---- places are counted once between two midnights -------------------------------------------------- */

static int8_t small(int db)
{
    return db > INT8_MAX ? INT8_MIN : (int8_t)db; /* agreement never weighs less than nothing */
}

const struct own_place *index_own_place(struct world *w, uint32_t event, size_t scale)
{
    const struct event *ev = &w->event[event];
    struct own_place *own = &w->index->own_place[event];
    const struct feature_belief *b = &w->model->feature[FEATURE_PLACE];
    uint64_t seen[NODE_LEVELS];
    if (own->epoch == w->counts_epoch && own->read & 1U << scale) return own;
    if (own->epoch != w->counts_epoch) {
        own->epoch = w->counts_epoch & (COUNTS_EPOCHS - 1);
        own->read = 0;
    }
    counts_place_nodes(w, ev->nodes, &ev->row, scale, seen);
    for (int level = 0; level < NODE_LEVELS; level++)
        for (unsigned minus = 0; minus < 2 && ev->nodes[level] != UINT32_MAX; minus++)
            own->weight_db[scale][level][minus] = small(
                weigh_agreement(b, w->model->place_m[scale],
                                counts_place_seen(w, ev->nodes, (enum node_level)level, seen, minus).p));
    own->read |= (1U << scale) & ((1U << PLACE_SCALES) - 1);
    return own;
}

int16_t own_place_weight(struct world *w, uint32_t event, enum node_level level, size_t scale, unsigned minus)
{
    const struct event *ev = &w->event[event];
    const struct feature_belief *b = &w->model->feature[FEATURE_PLACE];
    if (scale == PLACE_SCALES) return (int16_t)weigh_difference(b, w->model->place_m[PLACE_SCALES - 1]);
    int8_t db = index_own_place(w, event, scale)->weight_db[scale][level][minus];
    if (db != INT8_MIN) return db;
    return agreement(b, w->model->place_m[scale],
                     counts_place(w, ev->nodes, level, &ev->row, scale, minus).p);
}
