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

/* What was read of these counts; of older ones nothing is. */
static uint32_t state_of(struct own_place *own, uint32_t epoch)
{
    uint32_t state = __atomic_load_n(&own->state, __ATOMIC_ACQUIRE), fresh = epoch << PLACE_SCALES;
    if (state >> PLACE_SCALES == epoch) return state;
    bool done =
        __atomic_compare_exchange_n(&own->state, &state, fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    return done ? fresh : state; /* another thread was first */
}

static void read_place(struct world *w, uint32_t event, size_t scale, struct own_place *own)
{
    const struct event *ev = &w->event[event];
    const struct feature_belief *b = &w->model->feature[FEATURE_PLACE];
    uint64_t seen[NODE_LEVELS];
    counts_place_nodes(w, ev->nodes, &ev->row, scale, seen);
    for (int level = 0; level < NODE_LEVELS; level++)
        for (unsigned minus = 0; minus < 2 && ev->nodes[level] != UINT32_MAX; minus++) {
            double p = counts_place_seen(w, ev->nodes, (enum node_level)level, seen, minus).p;
            __atomic_store_n(&own->weight_db[scale][level][minus],
                             small(weigh_agreement(b, w->model->place_m[scale], p)), __ATOMIC_RELAXED);
        }
    __atomic_fetch_or(&own->state, UINT32_C(1) << scale, __ATOMIC_RELEASE);
}

int8_t index_own_place(struct world *w, uint32_t event, size_t scale, enum node_level level, unsigned minus)
{
    struct own_place *own = &w->index->own_place[event];
    if (!(state_of(own, w->counts_epoch) & UINT32_C(1) << scale)) read_place(w, event, scale, own);
    return __atomic_load_n(&own->weight_db[scale][level][minus], __ATOMIC_RELAXED);
}

int16_t own_place_weight(struct world *w, uint32_t event, enum node_level level, size_t scale, unsigned minus)
{
    const struct event *ev = &w->event[event];
    const struct feature_belief *b = &w->model->feature[FEATURE_PLACE];
    if (scale == PLACE_SCALES) return (int16_t)weigh_difference(b, w->model->place_m[PLACE_SCALES - 1]);
    int8_t db = index_own_place(w, event, scale, level, minus);
    if (db != INT8_MIN) return db;
    return agreement(b, w->model->place_m[scale],
                     counts_place(w, ev->nodes, level, &ev->row, scale, minus).p);
}
