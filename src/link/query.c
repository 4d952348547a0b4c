#include "link/query.h"

#include "base/alloc.h"

/* An item so few events hold is looked up in its posting list, and leaves the bounds of all others. */
#define RARE_EVENTS 32
#define RARE_PART   32 /* and one event in so many */

struct query *query_new(struct world *w)
{
    struct query *q = alloc_zero(1, sizeof *q);
    q->w = w;
    return q;
}

void query_free(struct query *q)
{
    if (q == NULL) return;
    alloc_free(q->item_room);
    alloc_free(q->weight_room);
    alloc_free(q->usual);
    alloc_free(q->waiting);
    alloc_free(q);
}

static int16_t difference(const struct world *w, enum feature f)
{
    return (int16_t)weigh_difference(&w->model->feature[f], w->model->feature[f].m);
}

/* ---- what depends on the event alone ---------------------------------------------------------------- */

static bool item_is_rare(const struct world *w, size_t events)
{
    return events <= RARE_EVENTS && events * RARE_PART <= w->event_count;
}

static void take_items(struct query *q, struct query_item *into, enum feature f, const struct item_list *l)
{
    const struct world *w = q->w;
    for (size_t i = 0; i < l->count; i++)
        into[i] = (struct query_item){
            .item = l->item[i],
            .common = f == FEATURE_TEXT && term_is_common(w, l->item[i]),
            .rare = item_is_rare(w, w->list_events[f - FEATURE_SUBSTANCES][l->item[i]].count)};
}

static void take_lists(struct query *q)
{
    const struct event *x = q->x;
    size_t count = x->wide.count, sides = (size_t)NODE_LEVELS * 2;
    for (size_t l = 0; l < LIST_FEATURES; l++)
        count += x->list[l].count;
    if (count > q->items) {
        q->items = count * 2 + 64;
        q->item_room = alloc_resize(q->item_room, q->items, sizeof *q->item_room);
        q->usual = alloc_resize(q->usual, q->items, sizeof *q->usual);
    }
    if (count * sides > q->weights) {
        q->weights = q->items * sides;
        q->weight_room = alloc_resize(q->weight_room, q->weights, sizeof *q->weight_room);
    }
    struct query_item *item = q->item_room;
    int16_t *weight = q->weight_room;
    for (size_t l = 0; l < LIST_FEATURES; item += x->list[l].count, l++) {
        q->item[l] = item;
        take_items(q, item, (enum feature)(FEATURE_SUBSTANCES + l), &x->list[l]);
    }
    q->wide = item;
    take_items(q, item, FEATURE_SUBSTANCES, &x->wide);
    q->usual_count = 0;
    for (uint32_t i = 0; i < x->list[FEATURE_TEXT - FEATURE_SUBSTANCES].count; i++) {
        const struct query_item *term = &q->item[FEATURE_TEXT - FEATURE_SUBSTANCES][i];
        if (!term->common && !term->rare) q->usual[q->usual_count++] = i;
    }
    for (int level = 0; level < NODE_LEVELS; level++)
        for (int minus = 0; minus < 2; minus++) {
            struct side *s = &q->side[level][minus];
            for (size_t l = 0; l < LIST_FEATURES; weight += x->list[l].count, l++)
                s->item[l] = weight;
            s->wide = weight;
            weight += x->wide.count;
        }
}

/* Does a shared address weigh nothing because too many hold it? Then it still takes the place of a distance
 * that speaks against. */
static bool address_is_popular(const struct query *q)
{
    uint32_t address = q->x->row.address;
    return address != 0 && address_weight(q->w, address) == 0;
}

static uint32_t columns_of(const struct row *x)
{
    uint32_t columns = 0;
    for (int c = 0; c < CODE_FEATURES; c++)
        columns |= x->code[c] != SILENT_CODE ? UINT32_C(1) << c : 0;
    if (x->age >= 0) columns |= UINT32_C(1) << COLUMN_AGE;
    for (int b = 0; b < BIT_FEATURES; b++)
        if (x->bits[b] != 0) columns |= UINT32_C(1) << COLUMN_SETS;
    if (x->lists != 0) columns |= UINT32_C(1) << COLUMN_LISTS;
    if (x->cos_lat > 0) columns |= SCAN_PLACE;
    if (x->day_from != INT32_MIN) columns |= SCAN_TIME;
    return columns;
}

void query_begin(struct query *q, uint32_t event)
{
    struct world *w = q->w;
    q->event = event;
    q->x = &w->event[event];
    for (int level = 0; level < NODE_LEVELS; level++)
        q->side[level][0].ready = q->side[level][1].ready = false;
    for (int f = 0; f < CODE_FEATURES; f++)
        q->code_differs[f] = difference(w, (enum feature)f);
    q->mechanism_differs = difference(w, FEATURE_MECHANISM);
    q->setting_differs = difference(w, FEATURE_SETTING);
    for (int b = 0; b < BIT_FEATURES; b++)
        q->bit_differs[b] = difference(w, (enum feature)(FEATURE_PRESENT + b));
    for (int l = 0; l < LIST_FEATURES; l++)
        q->list_differs[l] = difference(w, (enum feature)(FEATURE_SUBSTANCES + l));
    q->list_differs[FEATURE_TEXT - FEATURE_SUBSTANCES] = 0; /* accounts of different words say nothing */
    q->columns = columns_of(&q->x->row);
    q->popular_address = address_is_popular(q) ? 0 : INT16_MIN;
    q->people_most = identifiers_most(w, q->x);
    take_lists(q);
}

/* ---- what depends on the level too ------------------------------------------------------------------ */

static int16_t value_weight(const struct query *q, const struct side *s, enum feature f,
                            enum node_level level, uint32_t value)
{
    if (value == SILENT_CODE) return 0;
    return (int16_t)measure_value(q->w, f, q->x->nodes, level, value, s->minus).weight_db;
}

static void prepare_codes(const struct query *q, struct side *s)
{
    const struct row *x = &q->x->row;
    enum node_level above = setting_level(s->level);
    for (int f = 0; f < CODE_FEATURES; f++)
        s->code[f] = value_weight(q, s, (enum feature)f, s->level, x->code[f]);
    s->mechanism = value_weight(q, s, FEATURE_MECHANISM, NODE_ALL, x->mechanism);
    s->setting = value_weight(q, s, FEATURE_SETTING, above, x->setting);
    s->group = 0;
    if (x->group != SILENT_CODE) s->group = (int16_t)measure_group(q->w, q->x, above, s->minus).weight_db;
}

static void prepare_bits(const struct query *q, struct side *s)
{
    s->bits_sum = 0;
    for (int b = 0; b < BIT_FEATURES; b++) {
        int best = 0, all = 0;
        for (uint64_t bits = q->x->row.bits[b]; bits != 0; bits &= bits - 1) {
            uint32_t at = (uint32_t)__builtin_ctzll(bits);
            s->bit[b][at] = value_weight(q, s, (enum feature)(FEATURE_PRESENT + b), s->level, at + 1);
            if (s->bit[b][at] > best) best = s->bit[b][at];
            all += s->bit[b][at];
        }
        s->bits_most[b] = (int16_t)combine_set(q->w, best, all);
        s->bits_sum = (int16_t)(s->bits_sum + s->bits_most[b]);
    }
}

/* The most of a set, item by item. */
struct most {
    int best, sum;
};

static void add_most(struct most *m, int weight)
{
    if (weight > m->best) m->best = weight;
    m->sum += weight;
}

static void prepare_lists(const struct query *q, struct side *s)
{
    for (size_t l = 0; l < LIST_FEATURES; l++) {
        struct most all = {0}, usual = {0};
        for (size_t i = 0; i < q->x->list[l].count; i++) {
            const struct query_item *item = &q->item[l][i];
            enum feature f = (enum feature)(FEATURE_SUBSTANCES + l);
            s->item[l][i] = item->common ? 0 : value_weight(q, s, f, s->level, item->item);
            add_most(&all, s->item[l][i]);
            if (!item->rare) add_most(&usual, s->item[l][i]);
        }
        s->list_all[l] = (int16_t)combine_set(q->w, all.best, all.sum);
        s->list_most[l] = (int16_t)combine_set(q->w, usual.best, usual.sum);
    }
    for (size_t i = 0; i < q->x->wide.count; i++) { /* a parent may be shared alone */
        s->wide[i] = value_weight(q, s, FEATURE_SUBSTANCES, s->level, q->wide[i].item);
        if (s->wide[i] > s->list_all[0]) s->list_all[0] = s->wide[i];
        if (!q->wide[i].rare && s->wide[i] > s->list_most[0]) s->list_most[0] = s->wide[i];
    }
}

static int16_t most_from(const int16_t *weight, size_t scales, int16_t *from)
{
    int16_t most = INT16_MIN;
    for (size_t s = scales; s-- > 0;) {
        if (weight[s] > most) most = weight[s];
        from[s] = most;
    }
    return most > 0 ? most : 0;
}

static uint8_t loss_of(int most, int weight)
{
    int less = most - weight;
    MUST(less >= 0);
    return less > UINT8_MAX ? UINT8_MAX : (uint8_t)less;
}

/* Metres are reckoned coarsely in the columns: a limit is passed only well beyond it, and a wider scale may
 * be meant. */
#define BEYOND_SURELY 1.0002

static void prepare_scales(const struct query *q, struct side *s, int16_t place, int16_t time)
{
    const struct row *x = &q->x->row;
    const struct link_model *m = q->w->model;
    struct losses *l = &s->losses;
    l->lat_deg = x->lat_deg;
    l->lon_deg = x->lon_deg;
    l->cos_lat = x->cos_lat;
    l->radius_m = x->radius_m;
    l->day_from = x->day_from;
    l->day_to = x->day_to;
    for (int i = 0; i < PLACE_SCALES; i++)
        l->square_m2[i] = (float)(m->place_square_m2[i] * BEYOND_SURELY);
    for (int i = 0; i < TIME_SCALES; i++)
        l->days[i] = (int32_t)m->time_days[i];
    for (int i = 0; i < 8; i++) {
        l->place[i] = loss_of(place, i <= PLACE_SCALES ? s->place_from[i] : 0);
        l->time[i] = loss_of(time, i <= TIME_SCALES ? s->time_from[i] : 0);
    }
}

static void prepare_measured(struct query *q, struct side *s)
{
    const struct world *w = q->w;
    const struct row *x = &q->x->row;
    int16_t from[AGE_SCALES + 1];
    for (size_t i = 0; i <= AGE_SCALES; i++)
        s->age[i] = x->age < 0 ? 0 : own_age_weight(w, q->x, s->level, i, s->minus);
    for (size_t i = 0; i <= TIME_SCALES; i++)
        s->time[i] = x->day_from == INT32_MIN ? 0 : own_time_weight(w, q->x, s->level, i, s->minus);
    for (size_t i = 0; i <= PLACE_SCALES; i++)
        s->place[i] = x->cos_lat <= 0 ? 0 : own_place_weight(q->w, q->event, s->level, i, s->minus);
    if (x->cos_lat > 0 && s->place[PLACE_SCALES] < q->popular_address)
        s->place[PLACE_SCALES] = q->popular_address;
    s->age_most = most_from(s->age, AGE_SCALES + 1, from);
    int16_t time = most_from(s->time, TIME_SCALES + 1, s->time_from),
            place = most_from(s->place, PLACE_SCALES + 1, s->place_from);
    s->measured_most = (int16_t)(time + place);
    prepare_scales(q, s, place, time);
}

/* ---- bounds and losses ------------------------------------------------------------------------------ */

static int16_t larger_of(int16_t a, int16_t b)
{
    return a > b ? a : b;
}

/* Most of every feature, in the order of the bits of a block. */
static void prepare_most(const struct query *q, struct side *s, int16_t most[ANY_NIBBLES * 4])
{
    memset(most, 0, ANY_NIBBLES * 4 * sizeof *most);
    for (int c = 0; c < CODE_FEATURES; c++)
        if (q->columns & UINT32_C(1) << c) most[c] = larger_of(larger_of(s->code[c], q->code_differs[c]), 0);
    most[COLUMN_AGE] = s->age_most;
    for (int b = 0; b < BIT_FEATURES; b++)
        most[ANY_SETS_AT + b] = s->bits_most[b];
    for (int l = 0; l < LIST_FEATURES; l++)
        most[ANY_LISTS_AT + l] = s->list_most[l];
    s->sets_most = 0;
    for (int i = ANY_SETS_AT; i < ANY_BITS; i++)
        s->sets_most = (int16_t)(s->sets_most + most[i]);
    for (int n = 0; n < ANY_NIBBLES; n++)
        for (int mask = 0; mask < 16; mask++) {
            int sum = 0;
            for (int i = 0; i < 4; i++)
                if (mask & 1 << i) sum += most[n * 4 + i];
            s->any_most[n][mask] = (int16_t)sum;
        }
}

static void prepare_code_losses(const struct query *q, struct side *s, const int16_t *most)
{
    struct losses *l = &s->losses;
    for (int c = 0; c < CODE_FEATURES; c++) {
        uint16_t code = q->x->row.code[c];
        bool many = code >= CODE_MANY; /* agrees with some of those that stand so */
        int16_t agrees = many ? larger_of(s->code[c], q->code_differs[c]) : s->code[c];
        if (!(q->columns & UINT32_C(1) << c)) continue;
        l->wanted[c] = many ? CODE_MANY : (uint8_t)code;
        l->agrees[c] = loss_of(most[c], agrees);
        l->differs[c] = loss_of(most[c], q->code_differs[c]);
        l->missing[c] = loss_of(most[c], 0);
    }
}

static void prepare_losses(const struct query *q, struct side *s)
{
    int16_t most[ANY_NIBBLES * 4];
    struct losses *l = &s->losses;
    prepare_most(q, s, most);
    prepare_code_losses(q, s, most);
    l->age = (uint8_t)(q->x->row.age + 1);
    l->age_missing = loss_of(s->age_most, 0);
    for (int gap = 0; gap < 16; gap++) {
        size_t scale = age_scale(q->w->model, 0, gap);
        int16_t weight = s->age[scale];
        for (size_t wider = scale; gap == 15 && wider <= AGE_SCALES; wider++)
            weight = larger_of(weight, s->age[wider]);
        l->age_gap[gap] = loss_of(s->age_most, weight);
    }
    for (int mask = 0; mask < 16; mask++) { /* what is not recorded weighs nothing */
        int low = 0, high = 0, lists = 0;
        for (int i = 0; i < 4; i++) {
            bool has = mask & 1 << i;
            if (!has && i < BIT_FEATURES) low += s->bits_most[i];
            if (!has && i + 4 < BIT_FEATURES) high += s->bits_most[i + 4];
            if (!has && i < LIST_FEATURES) lists += s->list_most[i];
        }
        l->sets_low[mask] = loss_of(low, 0);
        l->sets_high[mask] = loss_of(high, 0);
        l->lists[mask] = loss_of(lists, 0);
    }
}

const struct side *query_side(struct query *q, const struct partition *p)
{
    const struct row *x = &q->x->row;
    enum node_level level = level_of(x->mechanism != SILENT_CODE && x->mechanism == p->mechanism,
                                     x->setting != SILENT_CODE && x->setting == p->setting,
                                     x->group != SILENT_CODE && x->group == p->group);
    unsigned minus = q->x->is_counted && p->counted;
    struct side *s = &q->side[level][minus];
    if (s->ready) return s;
    s->level = level;
    s->minus = minus;
    prepare_codes(q, s);
    prepare_bits(q, s);
    prepare_lists(q, s);
    prepare_measured(q, s);
    prepare_losses(q, s);
    s->ready = true;
    return s;
}

int query_base(const struct query *q, const struct side *s, const struct partition *p)
{
    const struct row *x = &q->x->row;
    int sum = 0;
    if (x->mechanism != SILENT_CODE && p->mechanism != SILENT_CODE)
        sum += x->mechanism == p->mechanism ? s->mechanism : q->mechanism_differs;
    if (x->setting == SILENT_CODE || p->setting == SILENT_CODE) return sum;
    if (x->setting == p->setting) return sum + s->setting;
    return sum + (x->group != SILENT_CODE && x->group == p->group ? s->group : q->setting_differs);
}
