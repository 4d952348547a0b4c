/* The formulas. A member of a series copies a value with probability m, else it has its own; so agreement on
 * a value of frequency p weighs log10(1 + m (1 - p) / p) and disagreement log10(1 - m), in tenfold steps. */
#include "link/world_internal.h"
#include "model/normalise.h"

#include <stdlib.h>

/* A group of settings, or a substance's parent, is copied less surely than the value itself. */
#define WIDER_M_SHARE 0.6
/* Terms in more than one of so many accounts carry nothing. */
#define COMMON_TERM_PART 30

int weigh_agreement(const struct feature_belief *b, double m, double p)
{
    if (p >= 1) return 0;
    return (int)lround(10 * b->factor * log10(1 + m * (1 - p) / p));
}

int weigh_difference(const struct feature_belief *b, double m)
{
    return (int)lround(10 * b->factor * log10(1 - m));
}

enum node_level row_level(const struct row *x, const struct row *y)
{
    return level_of(x->mechanism != SILENT_CODE && x->mechanism == y->mechanism,
                    x->setting != SILENT_CODE && x->setting == y->setting,
                    x->group != SILENT_CODE && x->group == y->group);
}

/* The kind of place is itself weighed at the node above it. */
enum node_level setting_level(enum node_level shared)
{
    bool mechanism = shared == NODE_MECHANISM || shared == NODE_SETTING_GROUP || shared == NODE_SETTING;
    return mechanism ? NODE_MECHANISM : NODE_ALL;
}

/* Where both are in the counts, one of them is taken out: the question is how many others there are. */
unsigned pair_minus(const struct event *x, const struct event *y)
{
    return x->is_counted && y->is_counted ? 1 : 0;
}

size_t place_scale(const struct world *w, const struct row *x, const struct row *y, double *metres)
{
    double square;
    size_t s =
        distance_scale(w->model, (double)x->lat_deg - (double)y->lat_deg,
                       (double)x->lon_deg - (double)y->lon_deg, ((double)x->cos_lat + (double)y->cos_lat) / 2,
                       ((double)x->radius_m + (double)y->radius_m) / 2, &square);
    *metres = sqrt(square);
    return s;
}

size_t time_scale(const struct world *w, const struct row *x, const struct row *y, double *days)
{
    int32_t gap = days_apart(x->day_from, x->day_to, y->day_from, y->day_to);
    int32_t width_x = x->day_to - x->day_from, width_y = y->day_to - y->day_from;
    *days = gap;
    return gap_scale(w->model, gap, width_x > width_y ? width_x : width_y);
}

int place_share(const struct link_model *m, size_t events)
{
    int64_t n = (int64_t)events;
    if (n <= m->common_deaths) return 100;
    if (n >= m->institution_deaths) return 0;
    return (int)(100 * (m->institution_deaths - n) / (m->institution_deaths - m->common_deaths));
}

/* In a block of flats, the flat; else the building, or the point on the map where all of it was placed. */
size_t shared_site(const struct world *w, const struct row *x, const struct row *y)
{
    size_t at = 0;
    if (x->address != 0 && x->address == y->address) {
        at = w->address_events[x->address].count;
        if (address_level(table_key(w->addresses, x->address - 1)) == ADDRESS_FLAT) return at;
    }
    if (x->building != 0 && x->building == y->building) at = w->building_events[x->building].count;
    if (x->spot != 0 && x->spot == y->spot && w->spot_events[x->spot].count > at)
        at = w->spot_events[x->spot].count;
    return at;
}

/* ---- measured features ---------------------------------------------------------------------------- */

static struct frequency larger(struct frequency a, struct frequency b)
{
    return a.p >= b.p ? a : b;
}

static struct measured beyond(const struct feature_belief *b, double m, double measure)
{
    return (struct measured){
        .weight_db = weigh_difference(b, m), .verdict = DIFFERENT, .measure = measure, .radius = (double)NAN};
}

static struct measured within(const struct feature_belief *b, double m, struct frequency f, enum verdict v,
                              double measure, double radius)
{
    return (struct measured){weigh_agreement(b, m, f.p), v, f, measure, radius};
}

#define NOTHING ((struct measured){.verdict = NOT_RECORDED, .measure = (double)NAN, .radius = (double)NAN})

struct measured measure_age(const struct world *w, const struct event *x, const struct event *y,
                            enum node_level level)
{
    const struct link_model *m = w->model;
    const struct feature_belief *b = &m->feature[FEATURE_AGE];
    if (x->row.age < 0 || y->row.age < 0) return NOTHING;
    size_t s = age_scale(m, x->row.age, y->row.age);
    double gap = abs(x->row.age - y->row.age);
    if (s == COUNT_OF(m->age_years)) return beyond(b, m->age_m[s - 1], gap);
    int years = (int)m->age_years[s];
    unsigned minus = pair_minus(x, y);
    struct frequency f = larger(counts_age(w, x->nodes, level, x->row.age, years, minus),
                                counts_age(w, x->nodes, level, y->row.age, years, minus));
    return within(b, m->age_m[s], f, s == 0 ? SAME : SIMILAR, gap, m->age_years[s]);
}

static struct frequency days_around(const struct world *w, const struct event *x, enum node_level level,
                                    const struct row *r, int32_t days, unsigned minus)
{
    return counts_days(w, x->nodes, level, r->day_from - days, r->day_to + days, minus);
}

struct measured measure_time(const struct world *w, const struct event *x, const struct event *y,
                             enum node_level level)
{
    const struct link_model *m = w->model;
    const struct feature_belief *b = &m->feature[FEATURE_TIME];
    if (x->row.day_from == INT32_MIN || y->row.day_from == INT32_MIN) return NOTHING;
    double gap;
    size_t s = time_scale(w, &x->row, &y->row, &gap);
    if (s == TIME_SCALES) return beyond(b, m->time_m[s - 1], gap);
    int32_t days = (int32_t)m->time_days[s];
    unsigned minus = pair_minus(x, y);
    struct frequency f = larger(days_around(w, x, level, &x->row, days, minus),
                                days_around(w, x, level, &y->row, days, minus));
    return within(b, m->time_m[s], f, s <= 1 ? SAME : SIMILAR, gap, m->time_days[s]);
}

struct measured measure_place(const struct world *w, const struct event *x, const struct event *y,
                              enum node_level level)
{
    const struct link_model *m = w->model;
    const struct feature_belief *b = &m->feature[FEATURE_PLACE];
    if (x->row.cos_lat <= 0 || y->row.cos_lat <= 0) return NOTHING;
    double metres;
    size_t s = place_scale(w, &x->row, &y->row, &metres);
    if (s == PLACE_SCALES) return beyond(b, m->place_m[s - 1], metres);
    unsigned minus = pair_minus(x, y);
    struct frequency f = larger(counts_place(w, x->nodes, level, &x->row, s, minus),
                                counts_place(w, x->nodes, level, &y->row, s, minus));
    struct measured out = within(b, m->place_m[s], f, s <= 1 ? SAME : SIMILAR, metres, m->place_radius_m[s]);
    size_t site = shared_site(w, &x->row, &y->row);
    if (site > 0) out.weight_db = out.weight_db * place_share(m, site) / 100;
    return out;
}

int address_weight(const struct world *w, uint32_t address)
{
    const struct feature_belief *b = &w->model->feature[FEATURE_ADDRESS];
    double n = (double)w->event_count + w->model->population_prior;
    size_t holders = w->address_events[address].count;
    double d = holders < 2 ? 2 : (double)holders;
    double weight = log10(b->m * n / (d * d));
    return weight <= 0 ? 0 : (int)lround(10 * b->factor * weight);
}

/* log10(m n / d^2) as for any value that can recur, faded out where the building has many. */
struct measured measure_address(const struct world *w, const struct event *x, const struct event *y)
{
    if (x->row.address == 0 || y->row.address == 0) return NOTHING;
    if (x->row.address != y->row.address) return NOTHING; /* distance says how far apart */
    double n = (double)w->event_count + w->model->population_prior;
    size_t holders = w->address_events[x->row.address].count, site = shared_site(w, &x->row, &y->row);
    double d = holders < 2 ? 2 : (double)holders;
    struct frequency f = {d / n, holders, w->event_count};
    int db = address_weight(w, x->row.address) * place_share(w->model, site) / 100;
    return (struct measured){db, SAME, f, (double)NAN, (double)NAN};
}

struct measured measure_value(const struct world *w, enum feature f, const uint32_t nodes[NODE_LEVELS],
                              enum node_level level, uint32_t value, unsigned minus)
{
    const struct feature_belief *b = &w->model->feature[f];
    struct frequency q = counts_value(w, f, nodes, level, value, minus);
    return within(b, b->m, q, SAME, (double)NAN, (double)NAN);
}

struct measured measure_group(const struct world *w, const struct event *x, enum node_level level,
                              unsigned minus)
{
    const struct feature_belief *b = &w->model->feature[FEATURE_SETTING];
    struct frequency q = counts_value(w, FEATURE_SETTING, x->nodes, level, x->row.group, minus);
    return within(b, b->m * WIDER_M_SHARE, q, SIMILAR, (double)NAN, (double)NAN);
}

bool term_is_common(const struct world *w, uint32_t term)
{
    const struct feature_counts *c = &w->node[0]->feature[FEATURE_TEXT];
    uint64_t seen = term < c->room ? c->value[term] : 0;
    return seen > 10 && seen * COMMON_TERM_PART > c->recorded;
}

int combine_set(const struct world *w, int best, int sum)
{
    int rest = sum - best < best ? sum - best : best;
    return best + (int)lround(w->model->rest_share * rest);
}

int told_by_people(const struct world *w, const struct shared_people *people, const struct measured *place,
                   const struct measured *address, int place_db)
{
    bool one_place = address->verdict == SAME || place->verdict == SAME;
    if (!people->of_place || !one_place || people->weight_db <= 0 || place_db <= 0) return 0;
    int least = people->weight_db < place_db ? people->weight_db : place_db;
    return least - (int)lround(w->model->rest_share * least);
}
