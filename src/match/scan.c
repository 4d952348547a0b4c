/* Every pair of a table, exactly, without weighing most of them. A row's values and their neighbours lead to
 * the lists of rows that hold them. The longest lists are set aside as long as all that they could give
 * together stays below a part of the bar; the others are walked, and each row met keeps the sum of what they
 * give. Who cannot reach the bar with that and all of what was set aside is given up (the principle of H.
 * Turtle, J. Flood, "Query evaluation: strategies and optimizations", 1995); the rest is weighed in full,
 * first by the columns of one value, then, where the parts of names walked and set aside leave hope, by all.
 *
 * Setting more aside walks less and gives up less. Of some parts of the bar the one is taken that is likely
 * to cost least: the entries walked, and dearer the entries of lists that reach the bar by themselves with
 * what was set aside. That choice is of the row alone, so that every pair comes out the same. */
#include "match/match_internal.h"

#include "base/alloc.h"
#include "base/parallel.h"

#include <limits.h>
#include <stdlib.h>

#define ROWS_A_PART 128
#define PART_CAP    ((size_t)16 << 30)
#define SUM_MOST    INT16_MAX     /* of what lists give to a row */
#define KEPT_COST   12            /* of weighing a row, in entries walked */
#define AHEAD       8             /* rows fetched from memory before their turn */
#define BELOW       INT_MIN       /* of a pair that does not reach the bar */
#define LOWEST      (INT_MIN / 2) /* a bar that every pair reaches */
#define ASIDE       UINT16_MAX
#define NEAR_BIT    UINT32_C(0x80000000)

/* The sixths of the bar that what is set aside may give; the last, less one deciban, is the most there is. */
static const int CUTS[] = {2, 3, 4, 5, 6};

struct list {
    uint32_t value, length;
    uint32_t next; /* list + 1 of about the same length; 0: the last */
    uint16_t column, slot;
    int16_t weight_db;
    uint8_t aside; /* bit i: by CUTS[i] */
};

/* What the lists walked give to a row. */
struct given {
    int16_t all, parts; /* parts: of that, by parts of names */
};

struct cut {
    int aside_db, aside_parts_db; /* the most that what is set aside can give */
    double cost;
};

struct chained {   /* a part of the row that is near a value */
    uint32_t next; /* 0: the last */
    uint32_t part;
    int16_t weight_db, level;
    uint8_t slot;
};

/* What one thread needs for the row it is at. */
struct bench {
    /* of a value: weight and level, or the first of its chain; 0: not near */
    uint32_t *table[MATCH_COLUMNS_MAX];
    struct chained *chain;
    size_t chained, chain_room;
    struct list *list;
    size_t lists, list_room;
    size_t list_at[MATCH_COLUMNS_MAX + 1]; /* where those of a column start */
    uint32_t first[32];                    /* list + 1 of 2^i and more rows */
    int hope_parts;                        /* the most that names can weigh */
    struct given *sum;                     /* of a row */
    uint32_t *meet;                        /* rows with a sum */
    size_t met;
    struct cut cut;
    size_t row;
    int least_db;
    struct match_pair *best; /* what was found of the row, when the nearest are wanted */
    size_t found, best_room;
};

struct scan {
    const struct match_index *x;
    struct bench *bench;
    struct buf *out;
    size_t first, last, step; /* rows first, first + step ... below last */
    bool both_sides;          /* partners of any number; else smaller ones */
    int least_db;
    size_t nearest; /* 0: pairs over the bar; else so many of each row */
    struct match_pair *partner;
};

static uint32_t packed(int16_t weight_db, int level)
{
    return NEAR_BIT | (uint32_t)level << 16 | (uint16_t)weight_db;
}

static void bench_add_list(struct bench *b, struct list l)
{
    if (b->lists == b->list_room) {
        b->list_room = b->list_room > 0 ? 2 * b->list_room : 4096;
        b->list = alloc_resize(b->list, b->list_room, sizeof *b->list);
    }
    b->list[b->lists++] = l;
}

static void chain_put(struct bench *b, uint32_t *head, struct chained c)
{
    if (b->chained == b->chain_room) {
        b->chain_room = b->chain_room > 0 ? 2 * b->chain_room : 4096;
        b->chain = alloc_resize(b->chain, b->chain_room, sizeof *b->chain);
    }
    if (b->chained == 0) b->chained = 1; /* 0 means none */
    c.next = *head;
    *head = (uint32_t)b->chained;
    b->chain[b->chained++] = c;
}

/* Lays one value of the row on the bench: its near values, and the lists of those that stand in some row. */
static void bench_load_value(struct bench *b, const struct level_map *m, size_t c, size_t slot, uint32_t v,
                             uint8_t part)
{
    for (uint32_t k = m->near_at[v]; k < m->near_at[v + 1]; k++) {
        const struct neighbour *n = &m->near[k];
        uint32_t length = m->holder_at[n->value + 1] - m->holder_at[n->value];
        int width = 31 - __builtin_clz(length | 1);
        bench_add_list(b, (struct list){n->value, length, b->first[width], (uint16_t)c, (uint16_t)slot,
                                        n->weight_db, 0});
        b->first[width] = (uint32_t)b->lists;
        if (m->model->parts)
            chain_put(b, &b->table[c][n->value], (struct chained){0, v, n->weight_db, n->level, part});
        else
            b->table[c][n->value] = packed(n->weight_db, n->level);
    }
}

/* Lays the row on the bench: its near values in every column, and their lists. */
static void bench_load(struct bench *b, const struct match_index *x, size_t row)
{
    size_t slot = 0;
    b->row = row;
    b->lists = b->chained = 0;
    b->hope_parts = 0;
    memset(b->first, 0, sizeof b->first);
    for (size_t c = 0; c < x->columns; c++) {
        const struct level_map *m = &x->map[c];
        b->list_at[c] = b->lists;
        for (uint32_t i = m->row_at[row]; i < m->row_at[row + 1]; i++) {
            size_t from = b->lists;
            int most = 0;
            bench_load_value(b, m, c, slot++, m->row_item[i], (uint8_t)(i - m->row_at[row]));
            for (size_t l = from; l < b->lists; l++)
                if (b->list[l].weight_db > most) most = b->list[l].weight_db;
            if (m->model->parts) b->hope_parts += most;
        }
    }
    b->list_at[x->columns] = b->lists;
}

static void bench_clear(struct bench *b)
{
    for (size_t i = 0; i < b->lists; i++)
        b->table[b->list[i].column][b->list[i].value] = 0;
}

static int weigh_parts(const struct bench *b, const struct level_map *m, const uint32_t *table,
                       size_t partner)
{
    struct part_match match[PARTS_MAX * PARTS_MAX];
    size_t count = 0, own = level_map_items(m, b->row), its = level_map_items(m, partner);
    if (own == 0 || its == 0) return 0;
    for (size_t j = 0; j < its; j++) {
        uint32_t w = m->row_item[m->row_at[partner] + j];
        for (uint32_t k = table[w]; k > 0; k = b->chain[k].next)
            match[count++] = (struct part_match){
                b->chain[k].part,  w,    b->chain[k].slot, (uint8_t)j, b->chain[k].weight_db,
                b->chain[k].level, false};
    }
    return parts_weigh(m, match, count, own, its);
}

/* The weight of the row on the bench and a partner; anything below least_db when it does not reach that. The
 * columns of one value first, the names last: most partners are given up before those are looked at. hope:
 * the most that names can give. */
static int bench_weigh(const struct bench *b, const struct match_index *x, size_t partner, int hope,
                       int least_db)
{
    const uint32_t *its = &x->cell[partner * x->columns], *own = &x->cell[b->row * x->columns];
    int sum = 0;
    uint32_t loose = 0, parts = 0;
    for (size_t c = 0; c < x->columns; c++) {
        if (its[c] == 0 || own[c] == 0) continue;
        uint32_t near = its[c] == CELL_PARTS ? 0 : b->table[c][its[c]];
        if (its[c] == CELL_PARTS) {
            parts |= UINT32_C(1) << c;
        } else if (near) {
            sum += (int16_t)(near & 0xFFFF);
        } else if (x->map[c].levels - x->map[c].listed == 1) {
            sum += x->map[c].loose_db[x->map[c].listed];
        } else {
            loose |= UINT32_C(1) << c;
            hope += x->map[c].loose_most_db;
        }
    }
    if (sum + hope < least_db) return BELOW;
    for (; loose; loose &= loose - 1) {
        int c = __builtin_ctz(loose);
        const struct level_map *m = &x->map[c];
        hope -= m->loose_most_db;
        sum += m->loose_db[level_map_loose(m, own[c], its[c])];
    }
    if (sum + hope < least_db) return BELOW;
    for (; parts; parts &= parts - 1) {
        int c = __builtin_ctz(parts);
        sum += weigh_parts(b, &x->map[c], b->table[c], partner);
    }
    return sum;
}

/* What comes of setting lists aside up to a budget, the longest first, and those that speak against. */
static struct cut cut_at(struct bench *b, const struct match_index *x, int base_db, int budget_db, int bit)
{
    int16_t most[MATCH_COLUMNS_MAX * PARTS_MAX] = {0};
    struct cut cut = {.aside_db = base_db};
    for (int width = 31; width >= 0; width--)
        for (uint32_t i = b->first[width]; i > 0; i = b->list[i - 1].next) {
            struct list *l = &b->list[i - 1];
            int more = l->weight_db > most[l->slot] ? l->weight_db - most[l->slot] : 0;
            if (more > 0 && cut.aside_db + more > budget_db) continue;
            cut.aside_db += more;
            if (x->map[l->column].model->parts) cut.aside_parts_db += more;
            if (more > 0) most[l->slot] = l->weight_db;
            l->aside = (uint8_t)((unsigned)l->aside | 1U << bit);
        }
    for (size_t i = 0; i < b->lists; i++) {
        const struct list *l = &b->list[i];
        if ((unsigned)l->aside >> bit & 1U) continue;
        bool alone = l->weight_db + cut.aside_db >= b->least_db;
        cut.cost += (double)l->length * (alone ? 1 + KEPT_COST : 1);
    }
    return cut;
}

/* Sets lists aside. False when even who stands in no other list may reach the bar. */
static bool set_aside(struct bench *b, const struct match_index *x)
{
    int base_db = 0, chosen = 0;
    for (size_t c = 0; c < x->columns; c++) /* a bound: nearer levels are added to it */
        if (b->list_at[c + 1] > b->list_at[c]) base_db += x->map[c].loose_most_db;
    if (base_db >= b->least_db || b->least_db <= 0) return false;
    for (int i = 0; i < (int)COUNT_OF(CUTS); i++) {
        struct cut cut = cut_at(b, x, base_db, (b->least_db - 1) * CUTS[i] / 6, i);
        if (i > 0 && cut.cost >= b->cut.cost) continue;
        b->cut = cut;
        chosen = i;
    }
    for (size_t i = 0; i < b->lists; i++)
        if ((unsigned)b->list[i].aside >> chosen & 1U) b->list[i].slot = ASIDE;
    return true;
}

static void take(const struct scan *s, struct bench *b, size_t part, uint32_t partner, int weight_db)
{
    uint32_t row = (uint32_t)b->row;
    struct match_pair p = {row < partner ? row : partner, row < partner ? partner : row, weight_db};
    if (s->nearest == 0) {
        buf_add_bytes(&s->out[part], &p, sizeof p);
        return;
    }
    if (b->found == b->best_room) {
        b->best_room = b->best_room > 0 ? 2 * b->best_room : 256;
        b->best = alloc_resize(b->best, b->best_room, sizeof *b->best);
    }
    b->best[b->found++] = (struct match_pair){row, partner, weight_db};
}

static void try_partner(const struct scan *s, struct bench *b, size_t part, uint32_t partner, int hope)
{
    int weight = partner == b->row ? BELOW : bench_weigh(b, s->x, partner, hope, b->least_db);
    if (weight >= b->least_db) take(s, b, part, partner, weight);
}

static int16_t add_up(int16_t sum, int16_t more)
{
    return (int16_t)(sum > SUM_MOST - more ? SUM_MOST : sum + more);
}

/* Adds up what the lists that were not set aside give to the rows that stand in them. */
static void walk_lists(const struct scan *s, struct bench *b)
{
    uint32_t end = s->both_sides ? UINT32_MAX : (uint32_t)b->row;
    b->met = 0;
    for (size_t i = 0; i < b->lists; i++) {
        const struct list *l = &b->list[i];
        const struct level_map *m = &s->x->map[l->column];
        if (l->slot == ASIDE) continue;
        int16_t parts_db = m->model->parts ? l->weight_db : 0;
        for (uint32_t k = m->holder_at[l->value]; k < m->holder_at[l->value + 1]; k++) {
            uint32_t partner = m->holder[k];
            if (partner >= end) break;
            struct given *g = &b->sum[partner];
            if (g->all == 0) b->meet[b->met++] = partner;
            g->all = add_up(g->all, l->weight_db);
            g->parts = add_up(g->parts, parts_db);
        }
    }
}

/* Weighs those of the rows met that may still reach the bar. */
static void try_met(const struct scan *s, struct bench *b, size_t part)
{
    const struct match_index *x = s->x;
    size_t kept = 0;
    for (size_t i = 0; i < b->met; i++) {
        uint32_t partner = b->meet[i];
        if (b->sum[partner].all + b->cut.aside_db >= b->least_db)
            b->meet[kept++] = partner;
        else
            b->sum[partner] = (struct given){0, 0};
    }
    for (size_t i = 0; i < kept; i++) {
        uint32_t partner = b->meet[i];
        int hope = b->sum[partner].parts + b->cut.aside_parts_db;
        __builtin_prefetch(&x->cell[b->meet[i + AHEAD < kept ? i + AHEAD : i] * x->columns]);
        b->sum[partner] = (struct given){0, 0};
        try_partner(s, b, part, partner, hope < b->hope_parts ? hope : b->hope_parts);
    }
}

static void scan_row(const struct scan *s, struct bench *b, size_t part, size_t row)
{
    const struct match_index *x = s->x;
    bench_load(b, x, row);
    if (set_aside(b, x)) {
        walk_lists(s, b);
        try_met(s, b, part);
    } else {
        for (size_t p = 0; p < (s->both_sides ? x->rows : row); p++)
            try_partner(s, b, part, (uint32_t)p, b->hope_parts);
    }
    bench_clear(b);
}

static int by_weight(const void *a, const void *b)
{
    const struct match_pair *x = a, *y = b;
    if (x->weight_db != y->weight_db) return x->weight_db > y->weight_db ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

/* With a bar that falls until enough are over it: who was not met is below it. */
static void scan_nearest(const struct scan *s, struct bench *b, size_t part, size_t row)
{
    struct match_pair *out = &s->partner[row * s->nearest];
    int own = match_weigh(s->x, row, row, NULL), bar = own / 2 < SUM_MOST ? own / 2 : SUM_MOST;
    for (;; bar = bar > 8 ? bar / 2 : LOWEST) {
        b->least_db = bar;
        b->found = 0;
        scan_row(s, b, part, row);
        if (b->found >= s->nearest || bar == LOWEST) break;
    }
    if (b->found > 1) qsort(b->best, b->found, sizeof *b->best, by_weight);
    for (size_t i = 0; i < s->nearest; i++)
        out[i] = i < b->found ? b->best[i] : (struct match_pair){(uint32_t)row, (uint32_t)row, 0};
}

static void scan_part(void *state, size_t part, size_t thread)
{
    const struct scan *s = state;
    size_t from = s->first + part * ROWS_A_PART * s->step;
    struct bench *b = &s->bench[thread];
    for (size_t i = 0, row = from; i < ROWS_A_PART && row < s->last; i++, row += s->step) {
        b->least_db = s->least_db;
        if (s->nearest > 0)
            scan_nearest(s, b, part, row);
        else
            scan_row(s, b, part, row);
    }
}

static struct bench *benches_new(const struct match_index *x, size_t threads)
{
    struct bench *b = alloc_zero(threads, sizeof *b);
    for (size_t t = 0; t < threads; t++) {
        b[t].sum = alloc_zero(x->rows + 1, sizeof *b[t].sum);
        b[t].meet = alloc_zero(x->rows + 1, sizeof *b[t].meet);
        for (size_t c = 0; c < x->columns; c++)
            b[t].table[c] = alloc_zero(x->map[c].values, sizeof *b[t].table[c]);
    }
    return b;
}

static void benches_free(struct bench *b, const struct match_index *x, size_t threads)
{
    for (size_t t = 0; t < threads; t++) {
        alloc_free(b[t].sum);
        alloc_free(b[t].meet);
        alloc_free(b[t].chain);
        alloc_free(b[t].list);
        alloc_free(b[t].best);
        for (size_t c = 0; c < x->columns; c++)
            alloc_free(b[t].table[c]);
    }
    alloc_free(b);
}

static int by_rows(const void *a, const void *b)
{
    const struct match_pair *x = a, *y = b;
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

/* Runs the scan and gathers the pairs of its parts. */
static enum status scan_run(struct scan *s, struct arena *a, struct match_pairs *out, struct err *e)
{
    size_t threads = parallel_threads(s->x->threads);
    size_t rows = s->last > s->first ? (s->last - s->first + s->step - 1) / s->step : 0;
    size_t parts = (rows + ROWS_A_PART - 1) / ROWS_A_PART, bytes = 0;
    enum status status = OK;
    s->bench = benches_new(s->x, threads);
    s->out = alloc_zero(parts + 1, sizeof *s->out);
    for (size_t p = 0; p < parts; p++)
        buf_init(&s->out[p], PART_CAP);
    parallel_run(s->x->threads, parts, scan_part, s);
    for (size_t p = 0; p < parts; p++) {
        if (status == OK) status = buf_status(&s->out[p], e);
        bytes += s->out[p].len;
    }
    *out = (struct match_pairs){.count = bytes / sizeof *out->item};
    out->item = NEW_ARRAY(a, struct match_pair, out->count);
    for (size_t p = 0, at = 0; p < parts; p++) {
        if (s->out[p].len > 0) memcpy(&out->item[at], s->out[p].ptr, s->out[p].len);
        at += s->out[p].len / sizeof *out->item;
        buf_free(&s->out[p]);
    }
    alloc_free(s->out);
    benches_free(s->bench, s->x, threads);
    return status;
}

enum status match_pairs_over(const struct match_index *x, int least_db, struct arena *a,
                             struct match_pairs *out, struct err *e)
{
    struct scan s = {.x = x, .last = x->rows, .step = 1, .least_db = least_db};
    TRY(scan_run(&s, a, out, e));
    qsort(out->item, out->count, sizeof *out->item, by_rows);
    return OK;
}

enum status match_pairs_some(const struct match_index *x, size_t step, int least_db, struct arena *a,
                             struct match_pairs *out, struct err *e)
{
    struct scan s = {.x = x, .last = x->rows, .step = step, .both_sides = step > 1, .least_db = least_db};
    return scan_run(&s, a, out, e);
}

enum status match_nearest(const struct match_index *x, size_t k, struct arena *a, struct match_pair **out,
                          struct err *e)
{
    struct match_pairs none;
    struct scan s = {.x = x, .last = x->rows, .step = 1, .both_sides = true, .nearest = k};
    MUST(k > 0);
    s.partner = NEW_ARRAY(a, struct match_pair, x->rows * k);
    TRY(scan_run(&s, a, &none, e));
    *out = s.partner;
    return OK;
}
