/* One event against a prepared query: the same sum that pair.c comes to, by look-up. */
#include "link/query.h"

static int weigh_codes(const struct query *q, const struct side *s, const struct row *y)
{
    const struct row *x = &q->x->row;
    int sum = 0;
    for (int f = 0; f < CODE_FEATURES; f++)
        if (x->code[f] != SILENT_CODE && y->code[f] != SILENT_CODE)
            sum += x->code[f] == y->code[f] ? s->code[f] : q->code_differs[f];
    return sum;
}

static int weigh_bits(const struct query *q, const struct side *s, const struct row *y)
{
    int sum = 0;
    for (int b = 0; b < BIT_FEATURES; b++) {
        uint64_t mine = q->x->row.bits[b], theirs = y->bits[b], both = mine & theirs;
        if (mine == 0 || theirs == 0) continue;
        if (both == 0) {
            sum += q->bit_differs[b];
            continue;
        }
        int best = 0, all = 0;
        for (; both != 0; both &= both - 1) {
            int db = s->bit[b][__builtin_ctzll(both)];
            if (db > best) best = db;
            all += db;
        }
        sum += combine_set(q->w, best, all);
    }
    return sum;
}

/* Items that both lists hold. */
struct shared_items {
    int best, sum;
    bool any;
};

/* signature: of mine, so that the place of most items need not be looked up. */
static struct shared_items share_items(const struct query_item *mine, const int16_t *weight,
                                       const struct term_bits *signature, const uint32_t *place_of,
                                       size_t room, const struct item_list *theirs)
{
    struct shared_items out = {0};
    for (size_t j = 0; j < theirs->count && theirs->item[j] < room; j++) {
        if (!term_signed(signature, theirs->item[j])) continue;
        uint32_t place = place_of[theirs->item[j]];
        if (place == 0 || mine[place - 1].common) continue;
        if (weight[place - 1] > out.best) out.best = weight[place - 1];
        out.sum += weight[place - 1];
        out.any = true;
    }
    return out;
}

static int weigh_lists(const struct query *q, const struct side *s, const struct event *y)
{
    const struct event *x = q->x;
    int sum = 0;
    for (size_t l = 0; l < LIST_FEATURES; l++) {
        if (x->list[l].count == 0 || y->list[l].count == 0) continue;
        struct shared_items shared = share_items(q->item[l], s->item[l], &q->items[l], q->space->place_of[l],
                                                 q->space->place_room[l], &y->list[l]);
        if (shared.any) {
            sum += combine_set(q->w, shared.best, shared.sum);
            continue;
        }
        if (l == 0) { /* parents of one another: the nearest tells it all */
            shared = share_items(q->wide, s->wide, &q->parents, q->space->place_of_wide,
                                 q->space->place_wide_room, &y->wide);
            if (shared.any) {
                sum += shared.best;
                continue;
            }
        }
        sum += q->list_differs[l];
    }
    return sum;
}

int most_of_wide(const struct query *q, const struct side *s, uint64_t signature)
{
    int best = 0, sum = 0, parent = 0;
    bool any = false;
    for (size_t i = 0; i < q->x->wide.count; i++) {
        if (!(signature >> q->wide[i].item % 64 & 1)) continue;
        any = true;
        if (!q->wide[i].rare && s->wide[i] > parent) parent = s->wide[i];
    }
    if (!any) return q->list_differs[0];
    for (size_t i = 0; i < q->x->list[0].count; i++) {
        if (q->item[0][i].rare || !(signature >> q->item[0][i].item % 64 & 1)) continue;
        if (s->item[0][i] > best) best = s->item[0][i];
        sum += s->item[0][i];
    }
    best = combine_set(q->w, best, sum);
    return best > parent ? best : parent;
}

int most_of_terms(const struct query *q, const struct side *s, const struct term_bits *signature)
{
    int best = 0, sum = 0;
    for (size_t n = 0; n < COUNT_OF(signature->word); n++)
        for (uint64_t both = signature->word[n] & q->usual.word[n]; both != 0; both &= both - 1) {
            size_t at = n * 64 + (size_t)__builtin_ctzll(both);
            if (s->sign_best[at] > best) best = s->sign_best[at];
            sum += s->sign_sum[at];
        }
    return combine_set(q->w, best, sum);
}

int most_of_sets(const struct query *q, const struct side *s, unsigned recorded, uint64_t signature)
{
    int sum = 0;
    for (int b = 0; b < BIT_FEATURES; b++) {
        uint64_t mine = q->x->row.bits[b];
        int best = 0, all = 0;
        bool any = false;
        if (mine == 0 || !(recorded & 1U << b)) continue;
        for (; mine != 0; mine &= mine - 1) {
            unsigned code = (unsigned)__builtin_ctzll(mine);
            if (!(signature >> set_signature_bit(b, code) & 1)) continue;
            any = true;
            if (s->bit[b][code] > best) best = s->bit[b][code];
            all += s->bit[b][code];
        }
        sum += any ? combine_set(q->w, best, all) : q->bit_differs[b];
    }
    return sum;
}

static size_t row_age_scale(const struct query *q, const struct row *y)
{
    return age_scale(q->w->model, q->x->row.age, y->age);
}

static int smaller_of(int a, int b)
{
    return a < b ? a : b;
}

static int weigh_age(struct query *q, const struct side *s, const struct event *y)
{
    if (q->x->row.age < 0 || y->row.age < 0) return 0;
    size_t scale = row_age_scale(q, &y->row);
    return smaller_of(s->age[scale], weights_age(q->space->weights, y, s->level, scale, s->minus));
}

static int weigh_time(const struct query *q, const struct side *s, const struct event *y)
{
    double days;
    if (q->x->row.day_from == INT32_MIN || y->row.day_from == INT32_MIN) return 0;
    size_t scale = time_scale(q->w, &q->x->row, &y->row, &days);
    return smaller_of(s->time[scale], own_time_weight(q->w, y, s->level, scale, s->minus));
}

/* As measure_place, with the rates of both ends at hand. */
static struct measured weigh_distance(const struct query *q, const struct side *s, uint32_t event)
{
    struct world *w = q->w;
    const struct row *x = &q->x->row, *y = &w->event[event].row;
    struct measured out = {.verdict = NOT_RECORDED};
    double metres;
    if (x->cos_lat <= 0 || y->cos_lat <= 0) return out;
    size_t scale = place_scale(w, x, y, &metres), site;
    out.verdict = scale <= 1 ? SAME : scale < PLACE_SCALES ? SIMILAR : DIFFERENT;
    out.weight_db = own_place_weight(w, event, s->level, scale, s->minus);
    if (scale == PLACE_SCALES) return out;
    out.weight_db = smaller_of(out.weight_db, s->place[scale]);
    if ((site = shared_site(w, x, y)) > 0) out.weight_db = out.weight_db * place_share(w->model, site) / 100;
    return out;
}

static int weigh_where(const struct query *q, const struct side *s, uint32_t event,
                       const struct shared_people *people)
{
    const struct event *x = q->x, *y = &q->w->event[event];
    struct measured place = weigh_distance(q, s, event), address = measure_address(q->w, x, y);
    bool by_address = address.verdict == SAME && address.weight_db >= place.weight_db;
    int whole = by_address ? address.weight_db : place.weight_db;
    return whole - told_by_people(q->w, people, &place, &address, whole);
}

/* What age weighs, and the most that time and place can, seen from the query's end alone. */
struct ends {
    int age, time, place;
};

static struct ends bound_measured(struct query *q, const struct side *s, const struct event *y)
{
    const struct row *a = &q->x->row, *b = &y->row;
    struct ends out = {0};
    double ignored;
    out.age = weigh_age(q, s, y);
    if (a->day_from != INT32_MIN && b->day_from != INT32_MIN)
        out.time = s->time[time_scale(q->w, a, b, &ignored)];
    if (a->cos_lat > 0 && b->cos_lat > 0) out.place = s->place[place_scale(q->w, a, b, &ignored)];
    if (a->address == 0 || a->address != b->address) return out;
    int address = measure_address(q->w, q->x, y).weight_db;
    if (address > out.place) out.place = address;
    return out;
}

static int most_of_lists(const struct query *q, const struct side *s, const struct row *y, bool with_rare)
{
    int sum = 0;
    for (uint32_t both = q->x->row.lists & y->lists; both != 0; both &= both - 1) {
        int l = __builtin_ctz(both);
        sum += with_rare ? s->list_all[l] : s->list_most[l];
    }
    return sum;
}

int query_weigh(struct query *q, const struct side *s, const struct partition *p, const struct met *met,
                int bar)
{
    const struct event *y = &q->w->event[met->event];
    struct ends end = bound_measured(q, s, y);
    int lists = met->lists != INT_MAX ? met->lists : most_of_lists(q, s, &y->row, !met->in_block);
    int sum = query_base(q, s, p) + weigh_codes(q, s, &y->row) + end.age + end.time, people = met->people,
        most = sum + end.place + people + lists;
    if (most + s->bits_sum < bar) return most + s->bits_sum;
    int bits = weigh_bits(q, s, &y->row);
    if (most + bits < bar) return most + bits;
    sum += bits + weigh_lists(q, s, y);
    if (sum + end.place + people < bar) return sum + end.place + people;
    struct shared_people shared = {0};
    if (people > 0) shared = weigh_identifiers(q->w, q->x, y, NULL, 0, NULL);
    sum += shared.weight_db - end.time + weigh_time(q, s, y);
    if (sum + end.place < bar) return sum + end.place;
    return sum + weigh_where(q, s, met->event, &shared);
}
