#include "link/query.h"

#include "base/alloc.h"

/* An item so few events hold is looked up in its posting list, and leaves the bounds of all others. */
#define RARE_EVENTS 32
#define RARE_PART   32 /* and one event in so many */

static int16_t difference(const struct world *w, enum feature f)
{
    return (int16_t)weigh_difference(&w->model->feature[f], w->model->feature[f].m);
}

/* ---- what depends on the event alone ---------------------------------------------------------------- */

static bool item_is_rare(const struct world *w, size_t events)
{
    return events <= RARE_EVENTS && events * RARE_PART <= w->event_count;
}

static struct term_bits take_items(struct query *q, struct query_item *into, enum feature f,
                                   const struct item_list *l)
{
    const struct world *w = q->w;
    struct term_bits say = {0};
    for (size_t i = 0; i < l->count; i++) {
        into[i] = (struct query_item){
            .item = l->item[i],
            .common = f == FEATURE_TEXT && term_is_common(w, l->item[i]),
            .rare = item_is_rare(w, w->list_events[f - FEATURE_SUBSTANCES][l->item[i]].count)};
        if (!into[i].common) term_sign(&say, l->item[i]);
    }
    return say;
}

static void give_places(const struct query_item *item, size_t count, uint32_t **place_of, size_t *room)
{
    for (size_t i = 0; i < count; i++) {
        *place_of = alloc_room(*place_of, room, item[i].item, sizeof **place_of);
        (*place_of)[item[i].item] = (uint32_t)i + 1;
    }
}

static void forget_places(struct space *s)
{
    const struct query *q = s->holder;
    if (q == NULL) return;
    for (size_t l = 0; l < LIST_FEATURES; l++)
        for (size_t i = 0; i < q->item_count[l]; i++)
            s->place_of[l][q->item[l][i].item] = 0;
    for (size_t i = 0; i < q->wide_count; i++)
        s->place_of_wide[q->wide[i].item] = 0;
    s->holder = NULL;
}

void query_hold(struct query *q)
{
    struct space *s = q->space;
    if (s->holder == q) return;
    forget_places(s);
    for (size_t l = 0; l < LIST_FEATURES; l++)
        give_places(q->item[l], q->item_count[l], &s->place_of[l], &s->place_room[l]);
    give_places(q->wide, q->wide_count, &s->place_of_wide, &s->place_wide_room);
    s->holder = q;
}

static void room_for_items(struct query *q, size_t count)
{
    size_t sides = (size_t)NODE_LEVELS * 2;
    if (count > q->items_held) {
        q->items_held = count * 2 + 64;
        q->item_room = alloc_resize(q->item_room, q->items_held, sizeof *q->item_room);
    }
    if (count * sides > q->weights_held) {
        q->weights_held = q->items_held * sides;
        q->weight_room = alloc_resize(q->weight_room, q->weights_held, sizeof *q->weight_room);
    }
}

static void give_weights_room(struct query *q)
{
    const struct event *x = q->x;
    int16_t *weight = q->weight_room;
    for (int level = 0; level < NODE_LEVELS; level++)
        for (int minus = 0; minus < 2; minus++) {
            struct side *s = &q->side[level][minus];
            for (size_t l = 0; l < LIST_FEATURES; weight += x->list[l].count, l++)
                s->item[l] = weight;
            s->wide = weight;
            weight += x->wide.count;
        }
}

static void take_lists(struct query *q)
{
    const struct event *x = q->x;
    const size_t text = FEATURE_TEXT - FEATURE_SUBSTANCES;
    size_t count = x->wide.count;
    for (size_t l = 0; l < LIST_FEATURES; l++)
        count += x->list[l].count;
    if (q->space->holder == q) forget_places(q->space);
    room_for_items(q, count);
    struct query_item *item = q->item_room;
    for (size_t l = 0; l < LIST_FEATURES; item += x->list[l].count, l++) {
        q->item[l] = item;
        q->item_count[l] = x->list[l].count;
        q->items[l] = take_items(q, item, (enum feature)(FEATURE_SUBSTANCES + l), &x->list[l]);
    }
    q->wide = item;
    q->wide_count = x->wide.count;
    q->parents = take_items(q, item, FEATURE_SUBSTANCES, &x->wide);
    q->usual = (struct term_bits){0};
    for (size_t i = 0; i < q->item_count[text]; i++) {
        const struct query_item *term = &q->item[text][i];
        if (!term->common && !term->rare) term_sign(&q->usual, term->item);
    }
    give_weights_room(q);
}

/* Who is met by a value holds none of those before it. */
static void take_ties(struct query *q)
{
    const struct event *x = q->x;
    q->tie_count = 0;
    for (size_t i = 0; i < x->path_count; i++) {
        struct tie tie = {x->path[i].value, (int16_t)identifier_most(q->w, &x->path[i])};
        if (tie.most == 0) continue;
        q->tie = alloc_room(q->tie, &q->tie_room, q->tie_count, sizeof *q->tie);
        size_t at = q->tie_count++;
        for (; at > 0 && q->tie[at - 1].most < tie.most; at--)
            q->tie[at] = q->tie[at - 1];
        q->tie[at] = tie;
    }
    int sum = 0;
    for (size_t i = q->tie_count; i-- > 0;) {
        sum += q->tie[i].most;
        q->tie[i].most = (int16_t)combine_set(q->w, q->tie[i].most, sum);
    }
}

/* Does a shared address weigh nothing because too many hold it? Then it still takes the place of a distance
 * that speaks against. */
static bool address_is_popular(const struct query *q)
{
    uint32_t address = q->x->row.address;
    return address != 0 && address_weight(q->w, address) == 0;
}

static uint32_t columns_of(const struct event *ev)
{
    const struct row *x = &ev->row;
    uint32_t columns = 0;
    for (int c = 0; c < CODE_FEATURES; c++)
        columns |= x->code[c] != SILENT_CODE ? UINT32_C(1) << c : 0;
    if (x->age >= 0) columns |= SCAN_AGE;
    for (int b = 0; b < BIT_FEATURES; b++)
        if (x->bits[b] != 0) columns |= SCAN_SETS;
    if (x->lists >> 1 != 0) columns |= SCAN_SETS;
    if (ev->wide.count > 0) columns |= SCAN_DRUGS;
    if (x->cos_lat > 0) columns |= SCAN_PLACE;
    if (x->day_from != INT32_MIN) columns |= SCAN_TIME;
    return columns;
}

void query_begin(struct query *q, uint32_t event)
{
    struct world *w = q->w;
    q->event = event;
    q->x = &w->event[event];
    weights_refresh(q->space->weights);
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
    q->columns = columns_of(q->x);
    q->popular_address = address_is_popular(q) ? 0 : INT16_MIN;
    take_ties(q);
    take_lists(q);
}

/* ---- what depends on the level too ------------------------------------------------------------------ */

static int16_t value_weight(const struct query *q, const struct side *s, enum feature f,
                            enum node_level level, uint32_t value)
{
    if (value == SILENT_CODE) return 0;
    return weights_value(q->space->weights, f, q->x->nodes, level, value, s->minus);
}

static int16_t larger_of(int16_t a, int16_t b)
{
    return a > b ? a : b;
}

static void prepare_codes(const struct query *q, struct side *s)
{
    const struct row *x = &q->x->row;
    enum node_level above = setting_level(s->level);
    for (int f = 0; f < CODE_FEATURES; f++)
        s->code[f] = value_weight(q, s, (enum feature)f, s->level, x->code[f]);
    for (int f = 0; f < CODE_FEATURES; f++) {
        bool compared = x->code[f] != SILENT_CODE;
        s->unlike[f] = compared ? q->code_differs[f] : 0;
        s->alike[f] = compared ? larger_of(s->code[f], q->code_differs[f]) : 0;
    }
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

/* The strongest of the terms that share a bit of the signature, and their sum. */
static void sign_term(struct side *s, struct term_bits *so_far, uint32_t term, int16_t weight)
{
    size_t at = term % TERM_SIGNS;
    bool first = !term_signed(so_far, term);
    term_sign(so_far, term);
    s->sign_sum[at] = (int16_t)(first ? weight : s->sign_sum[at] + weight);
    s->sign_best[at] = first || weight > s->sign_best[at] ? weight : s->sign_best[at];
}

static void prepare_lists(const struct query *q, struct side *s)
{
    struct term_bits signed_so_far = {0};
    for (size_t l = 0; l < LIST_FEATURES; l++) {
        struct most all = {0}, usual = {0};
        for (size_t i = 0; i < q->x->list[l].count; i++) {
            const struct query_item *item = &q->item[l][i];
            enum feature f = (enum feature)(FEATURE_SUBSTANCES + l);
            s->item[l][i] = item->common ? 0 : value_weight(q, s, f, s->level, item->item);
            add_most(&all, s->item[l][i]);
            if (!item->rare) add_most(&usual, s->item[l][i]);
            if (f == FEATURE_TEXT && !item->rare && !item->common)
                sign_term(s, &signed_so_far, item->item, s->item[l][i]);
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

/* `least`: the finest scale that the query's own uncertainty leaves. */
static int16_t most_from(const int16_t *weight, size_t scales, size_t least, int16_t *from)
{
    int16_t most = INT16_MIN;
    for (size_t s = scales; s-- > 0;) {
        if (s >= least && weight[s] > most) most = weight[s];
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

/* Metres of boxes are reckoned in single precision: a limit is passed only well beyond it, and a wider scale
 * may be meant. */
#define BEYOND_SURELY 1.0002

static void prepare_scales(const struct query *q, struct side *s, int16_t place, int16_t time)
{
    const struct row *x = &q->x->row;
    const struct link_model *m = q->w->model;
    struct losses *l = &s->losses;
    struct box_query *b = &s->box;
    l->lat_deg = (double)(b->lat_deg = x->lat_deg);
    l->lon_deg = (double)(b->lon_deg = x->lon_deg);
    l->cos_lat = b->cos_lat = x->cos_lat;
    l->day_from = b->day_from = x->day_from;
    l->day_to = b->day_to = x->day_to;
    for (int i = 0; i < PLACE_SCALES; i++) {
        l->radius_m[i] = (float)m->place_radius_m[i];
        b->square_m2[i] = (float)(m->place_square_m2[i] * BEYOND_SURELY);
    }
    for (int i = 0; i < TIME_SCALES; i++)
        l->days[i] = b->days[i] = (int32_t)m->time_days[i];
    for (int i = 0; i < 8; i++) {
        b->place[i] = i <= PLACE_SCALES ? s->place_from[i] : 0;
        b->time[i] = i <= TIME_SCALES ? s->time_from[i] : 0;
    }
    b->has_place = x->cos_lat > 0;
    b->has_time = x->day_from != INT32_MIN;
    for (int i = 0; i <= PLACE_SCALES; i++)
        l->place[i] = loss_of(place, s->place_from[i]);
    for (int i = 0; i <= TIME_SCALES; i++)
        l->time[i] = loss_of(time, s->time_from[i]);
    l->place_missing = loss_of(place, 0);
    l->time_missing = loss_of(time, 0);
}

static void prepare_measured(struct query *q, struct side *s)
{
    const struct world *w = q->w;
    const struct row *x = &q->x->row;
    int16_t from[AGE_SCALES + 1];
    double ignored;
    for (size_t i = 0; i <= AGE_SCALES; i++)
        s->age[i] = x->age < 0 ? 0 : weights_age(q->space->weights, q->x, s->level, i, s->minus);
    for (size_t i = 0; i <= TIME_SCALES; i++)
        s->time[i] = x->day_from == INT32_MIN ? 0 : own_time_weight(w, q->x, s->level, i, s->minus);
    for (size_t i = 0; i <= PLACE_SCALES; i++)
        s->place[i] = x->cos_lat <= 0 ? 0 : own_place_weight(q->w, q->event, s->level, i, s->minus);
    if (x->cos_lat > 0 && s->place[PLACE_SCALES] < q->popular_address)
        s->place[PLACE_SCALES] = q->popular_address;
    size_t time_least = x->day_from == INT32_MIN ? 0 : gap_scale(w->model, 0, x->day_to - x->day_from),
           place_least = distance_scale(w->model, 0, 0, 1, (double)x->radius_m / 2, &ignored);
    s->age_most = most_from(s->age, AGE_SCALES + 1, 0, from);
    int16_t time = most_from(s->time, TIME_SCALES + 1, time_least, s->time_from),
            place = most_from(s->place, PLACE_SCALES + 1, place_least, s->place_from);
    s->measured_most = (int16_t)(time + place);
    prepare_scales(q, s, place, time);
}

/* ---- bounds and losses ------------------------------------------------------------------------------ */

/* Most of every feature, in the order of the bits of a block. */
static void prepare_most(const struct query *q, struct side *s, int16_t most[ANY_NIBBLES * 4])
{
    memset(most, 0, ANY_NIBBLES * 4 * sizeof *most);
    for (int c = 0; c < CODE_FEATURES; c++)
        if (q->columns & UINT32_C(1) << c) most[c] = larger_of(larger_of(s->code[c], q->code_differs[c]), 0);
    most[ANY_AGE_AT] = s->age_most;
    for (int b = 0; b < BIT_FEATURES; b++)
        most[ANY_SETS_AT + b] = s->bits_most[b];
    for (int l = 0; l < LIST_FEATURES; l++)
        most[ANY_LISTS_AT + l] = s->list_most[l];
    s->sets_most = 0;
    for (int i = ANY_SETS_AT; i < ANY_BITS; i++)
        s->sets_most = (int16_t)(s->sets_most + most[i]);
    for (int n = 0; n < ANY_NIBBLES; n++)
        for (int mask = 1; mask < NIBBLES; mask++) /* of mask 0: 0, for ever */
            s->any_most[n][mask] =
                (int16_t)(s->any_most[n][mask & (mask - 1)] + most[n * 4 + __builtin_ctz((unsigned)mask)]);
}

static void prepare_code_losses(const struct query *q, struct side *s, const int16_t *most)
{
    struct losses *l = &s->losses;
    for (int c = 0; c < CODE_FEATURES; c++) {
        if (!(q->columns & UINT32_C(1) << c)) continue;
        memset(l->code[c], loss_of(most[c], q->code_differs[c]), NIBBLES);
        l->code[c][0] = loss_of(most[c], 0);
        /* others may stand as the same nibble */
        l->code[c][code_nibble(q->x->row.code[c])] =
            loss_of(most[c], larger_of(s->code[c], q->code_differs[c]));
    }
}

static void prepare_age_losses(const struct query *q, struct side *s)
{
    struct losses *l = &s->losses;
    l->age = (uint8_t)(q->x->row.age + 1);
    l->age_missing = loss_of(s->age_most, 0);
    for (int gap = 0; gap < NIBBLES; gap++) {
        size_t scale = age_scale(q->w->model, 0, gap);
        int16_t weight = s->age[scale];
        for (size_t wider = scale; gap == NIBBLES - 1 && wider <= AGE_SCALES; wider++)
            weight = larger_of(weight, s->age[wider]);
        l->age_gap[gap] = loss_of(s->age_most, weight);
    }
}

/* What is not recorded weighs nothing. */
static void prepare_set_losses(struct side *s)
{
    for (int half = 0; half < 2; half++) {
        int lost[NIBBLES] = {0}; /* by what is missing */
        for (int mask = 0; mask < NIBBLES; mask++) {
            int bit = half * 4 + (mask == 0 ? 0 : __builtin_ctz((unsigned)mask)),
                list = bit - BIT_FEATURES + 1;
            if (mask != 0)
                lost[mask] = lost[mask & (mask - 1)] + (bit < BIT_FEATURES     ? s->bits_most[bit]
                                                        : list < LIST_FEATURES ? s->list_most[list]
                                                                               : 0);
            s->losses.sets[half][NIBBLES - 1 - mask] = loss_of(lost[mask], 0);
        }
    }
}

/* The most of the substances whose bits are in a nibble, such that both nibbles of a byte may be added: what
 * comes beside the strongest is not capped. */
static int most_of_drugs(const struct query *q, const struct side *s, int half, unsigned mask)
{
    int best = 0, own_best = 0, own_sum = 0;
    for (size_t i = 0; i < q->wide_count; i++) {
        int bit = (int)(q->wide[i].item % DRUG_BITS) - half * 4;
        if (bit >= 0 && bit < 4 && mask >> bit & 1 && !q->wide[i].rare && s->wide[i] > best)
            best = s->wide[i];
    }
    for (size_t i = 0; i < q->item_count[0]; i++) {
        int bit = (int)(q->item[0][i].item % DRUG_BITS) - half * 4;
        if (bit < 0 || bit > 3 || !(mask >> bit & 1) || q->item[0][i].rare) continue;
        own_sum += s->item[0][i];
        own_best = s->item[0][i] > own_best ? s->item[0][i] : own_best;
    }
    if (best == 0 && own_sum == 0) return 0;
    return (best > own_best ? best : own_best) + (int)ceil(q->w->model->rest_share * (own_sum - own_best)) +
           (own_sum > own_best);
}

static void prepare_drug_losses(const struct query *q, struct side *s)
{
    int most[2][NIBBLES] = {0};
    for (int half = 0; half < 2; half++)
        for (unsigned mask = 1; mask < NIBBLES && q->wide_count > 0; mask++)
            most[half][mask] = most_of_drugs(q, s, half, mask);
    s->drugs_most = (int16_t)(most[0][NIBBLES - 1] + most[1][NIBBLES - 1]);
    for (int half = 0; half < 2; half++)
        for (unsigned mask = 0; mask < NIBBLES; mask++)
            s->losses.drugs[half][mask] = loss_of(most[half][NIBBLES - 1], most[half][mask]);
}

static void prepare_losses(const struct query *q, struct side *s)
{
    int16_t most[ANY_NIBBLES * 4];
    prepare_most(q, s, most);
    prepare_code_losses(q, s, most);
    prepare_age_losses(q, s);
    prepare_set_losses(s);
    prepare_drug_losses(q, s);
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
