/* A first bound of an event that was met by itself: all that one line of the cache tells. */
#include "link/query.h"

#define CODE_STANDS 255 /* codes of one remainder stand alike */

void glance_take(struct glance *g, const struct event *ev, uint32_t partition)
{
    const struct row *r = &ev->row;
    *g = (struct glance){.partition = partition,
                         .address = r->address,
                         .lat_deg = r->lat_deg,
                         .lon_deg = r->lon_deg,
                         .cos_lat = r->cos_lat,
                         .radius_m = r->radius_m,
                         .day_from = r->day_from,
                         .day_to = r->day_to,
                         .age = r->age,
                         .lists = (uint8_t)r->lists};
    for (int f = 0; f < CODE_FEATURES; f++)
        g->code[f] = r->code[f] == SILENT_CODE ? 0 : (uint8_t)(1 + (r->code[f] - 1) % CODE_STANDS);
    for (unsigned b = 0; b < BIT_FEATURES; b++)
        g->sets |= (uint8_t)((r->bits[b] != 0 ? 1U : 0U) << b);
}

/* In lanes, without a branch. */
static int most_of_codes(const struct side *s, const struct glance *x, const struct glance *y)
{
    int16_t sum = 0;
    for (int f = 0; f < CODE_ROOM; f++) {
        int16_t same = (int16_t) - (x->code[f] == y->code[f]), recorded = (int16_t) - (y->code[f] != 0);
        sum = (int16_t)(sum + (((same & s->alike[f]) | (~same & s->unlike[f])) & recorded));
    }
    return sum;
}

static int most_of_time(const struct query *q, const struct side *s, const struct glance *x,
                        const struct glance *y)
{
    if (x->day_from == INT32_MIN || y->day_from == INT32_MIN) return 0;
    int32_t width_x = x->day_to - x->day_from, width_y = y->day_to - y->day_from,
            gap = days_apart(x->day_from, x->day_to, y->day_from, y->day_to);
    return s->time[gap_scale(q->w->model, gap, width_x > width_y ? width_x : width_y)];
}

static int most_of_place(const struct query *q, const struct side *s, const struct glance *x,
                         const struct glance *y)
{
    double ignored;
    if (x->cos_lat <= 0 || y->cos_lat <= 0) return 0;
    return s->place[distance_scale(q->w->model, (double)x->lat_deg - (double)y->lat_deg,
                                   (double)x->lon_deg - (double)y->lon_deg,
                                   ((double)x->cos_lat + (double)y->cos_lat) / 2,
                                   ((double)x->radius_m + (double)y->radius_m) / 2, &ignored)];
}

int glance_most(const struct query *q, const struct side *s, int base, const struct glance *y,
                const struct met *met)
{
    const struct glance *x = &q->w->index->glance[q->event];
    if (x->address != 0 && x->address == y->address) return INT_MAX; /* weighed by itself */
    int sum = base + met->people + most_of_codes(s, x, y);
    for (unsigned both = x->sets & y->sets; both != 0; both &= both - 1)
        sum += s->bits_most[__builtin_ctz(both)];
    for (unsigned both = x->lists & y->lists; both != 0 && met->lists == INT_MAX; both &= both - 1)
        sum += met->in_block ? s->list_most[__builtin_ctz(both)] : s->list_all[__builtin_ctz(both)];
    if (met->lists != INT_MAX) sum += met->lists;
    if (x->age >= 0 && y->age >= 0) sum += s->age[age_scale(q->w->model, x->age, y->age)];
    return sum + most_of_time(q, s, x, y) + most_of_place(q, s, x, y);
}
