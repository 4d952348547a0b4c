#include "learn/labels.h"

#include <math.h>
#include <stdlib.h>

static uint32_t root_of(uint32_t *parent, uint32_t x)
{
    while (parent[x] != x) {
        parent[x] = parent[parent[x]];
        x = parent[x];
    }
    return x;
}

static void join(uint32_t *parent, uint32_t x, uint32_t y)
{
    uint32_t p = root_of(parent, x), q = root_of(parent, y);
    if (p < q)
        parent[q] = p;
    else
        parent[p] = q;
}

/* Numbers the trees of labelled rows in the order of their first rows. */
static void number_parts(struct labels *l, uint32_t *parent, const bool *labelled, struct arena *a)
{
    uint32_t *number = NEW_ARRAY(a, uint32_t, l->rows + 1);
    l->part = NEW_ARRAY(a, uint32_t, l->rows + 1);
    for (uint32_t row = 0; row < l->rows; row++) {
        l->part[row] = UINT32_MAX;
        if (!labelled[row]) continue;
        uint32_t root = root_of(parent, row);
        if (root == row) number[row] = (uint32_t)l->parts++;
        l->part[row] = number[root];
        l->labelled++;
    }
}

static void count_mates(struct labels *l, struct arena *a)
{
    bool *has = NEW_ARRAY(a, bool, l->rows + 1);
    for (size_t i = 0; i < l->pairs; i++)
        if (l->linked[i]) {
            l->linked_pairs++;
            has[l->pair[i].a] = has[l->pair[i].b] = true;
        }
    for (size_t row = 0; row < l->rows; row++)
        l->with_mates += has[row];
}

static void weigh_pairs(struct labels *l, struct arena *a)
{
    double *rows = NEW_ARRAY(a, double, l->parts + 1), *linked = NEW_ARRAY(a, double, l->parts + 1);
    l->weight = NEW_ARRAY(a, double, l->pairs + 1);
    for (size_t row = 0; row < l->rows; row++)
        if (l->part[row] != UINT32_MAX) rows[l->part[row]]++;
    for (size_t i = 0; i < l->pairs; i++)
        if (l->linked[i]) linked[l->part[l->pair[i].a]]++;
    for (size_t i = 0; i < l->pairs; i++) {
        uint32_t part = l->part[l->pair[i].a];
        l->weight[i] = l->linked[i] && linked[part] > rows[part] - 1 ? (rows[part] - 1) / linked[part] : 1;
    }
}

static uint32_t *parents_new(size_t rows, struct arena *a)
{
    uint32_t *parent = NEW_ARRAY(a, uint32_t, rows + 1);
    for (uint32_t row = 0; row < rows; row++)
        parent[row] = row;
    return parent;
}

static int by_row_then_group(const void *x, const void *y)
{
    const struct membership *p = x, *q = y;
    if (p->row != q->row) return p->row < q->row ? -1 : 1;
    return (p->group > q->group) - (p->group < q->group);
}

/* Do the memberships of two rows share a group? Both lists ascend. */
static bool share_group(const struct membership *a, const struct membership *a_end,
                        const struct membership *b, const struct membership *b_end)
{
    while (a < a_end && b < b_end) {
        if (a->group == b->group) return true;
        if (a->group < b->group)
            a++;
        else
            b++;
    }
    return false;
}

enum status labels_of_groups(const struct membership *m, size_t count, size_t rows, size_t groups,
                             struct arena *a, struct labels *out, struct err *e)
{
    struct labels l = {.rows = rows};
    struct membership *sorted = NEW_ARRAY(a, struct membership, count + 1);
    size_t *from = NEW_ARRAY(a, size_t, rows + 1), *to = NEW_ARRAY(a, size_t, rows + 1);
    uint32_t *parent = parents_new(rows, a), *first = NEW_ARRAY(a, uint32_t, groups + 1);
    bool *labelled = NEW_ARRAY(a, bool, rows + 1);
    if (count > 0) memcpy(sorted, m, count * sizeof *m);
    qsort(sorted, count, sizeof *sorted, by_row_then_group);
    for (size_t i = 0; i < count; i++) {
        uint32_t row = sorted[i].row, group = sorted[i].group;
        if (!labelled[row]) from[row] = i;
        to[row] = i + 1;
        labelled[row] = true;
        if (first[group] == 0)
            first[group] = row + 1;
        else
            join(parent, row, first[group] - 1);
    }
    number_parts(&l, parent, labelled, a);
    if (l.labelled * (l.labelled - 1) / 2 > LABEL_PAIRS_MAX && l.labelled > 0)
        return ERR(e, E_LIMIT, "labels", "%zu labelled rows make more than %zu pairs; give fewer rows",
                   l.labelled, LABEL_PAIRS_MAX);
    size_t room = l.labelled * l.labelled / 2 + 1;
    l.pair = NEW_ARRAY(a, struct row_pair, room);
    l.linked = NEW_ARRAY(a, bool, room);
    for (uint32_t x = 0; x < rows; x++)
        for (uint32_t y = x + 1; y < rows && labelled[x]; y++) {
            if (!labelled[y]) continue;
            l.pair[l.pairs] = (struct row_pair){x, y};
            l.linked[l.pairs++] = l.part[x] == l.part[y] && share_group(sorted + from[x], sorted + to[x],
                                                                        sorted + from[y], sorted + to[y]);
        }
    count_mates(&l, a);
    weigh_pairs(&l, a);
    if (l.linked_pairs == 0)
        return ERR(e, E_INVALID, "labels",
                   "no two rows of the table share a group, so there is nothing to learn from");
    *out = l;
    return OK;
}

struct judged_pair {
    struct row_pair pair;
    bool linked;
};

static int by_pair(const void *x, const void *y)
{
    const struct judged_pair *p = x, *q = y;
    if (p->pair.a != q->pair.a) return p->pair.a < q->pair.a ? -1 : 1;
    return (p->pair.b > q->pair.b) - (p->pair.b < q->pair.b);
}

enum status labels_of_pairs(const struct row_pair *pair, const bool *linked, size_t count, size_t rows,
                            struct arena *a, struct labels *out, struct err *e)
{
    struct labels l = {.rows = rows};
    struct judged_pair *sorted = NEW_ARRAY(a, struct judged_pair, count + 1);
    uint32_t *parent = parents_new(rows, a);
    bool *labelled = NEW_ARRAY(a, bool, rows + 1);
    for (size_t i = 0; i < count; i++) {
        struct row_pair p = pair[i];
        sorted[i] = (struct judged_pair){p.a < p.b ? p : (struct row_pair){p.b, p.a}, linked[i]};
    }
    qsort(sorted, count, sizeof *sorted, by_pair);
    l.pair = NEW_ARRAY(a, struct row_pair, count + 1);
    l.linked = NEW_ARRAY(a, bool, count + 1);
    for (size_t i = 0; i < count; i++) {
        bool repeat = i > 0 && by_pair(&sorted[i], &sorted[i - 1]) == 0;
        if (repeat && sorted[i].linked != sorted[i - 1].linked)
            return ERR(e, E_INVALID, "labels",
                       "rows %u and %u are said to be linked and not to be; say one of them",
                       sorted[i].pair.a + 1, sorted[i].pair.b + 1);
        if (repeat) continue;
        l.pair[l.pairs] = sorted[i].pair;
        l.linked[l.pairs++] = sorted[i].linked;
        labelled[sorted[i].pair.a] = labelled[sorted[i].pair.b] = true;
        if (sorted[i].linked) join(parent, sorted[i].pair.a, sorted[i].pair.b);
    }
    number_parts(&l, parent, labelled, a);
    count_mates(&l, a);
    weigh_pairs(&l, a);
    if (l.linked_pairs == 0)
        return ERR(e, E_INVALID, "labels", "no pair is linked, so there is nothing to learn from");
    *out = l;
    return OK;
}

/* ---- mates -----------------------------------------------------------------------------------------------
 */

/* What stands above, at and below the best mate of a row. */
struct standing {
    double best;         /* score of its best mate; NAN: none */
    size_t above;        /* other partners with a better score */
    size_t level, mates; /* partners at the same score, and mates among them */
};

/* Chance that a draw of `places` out of `level`, of which `mates` are mates, holds a mate. */
static double chance_of_mate(size_t level, size_t mates, size_t places)
{
    double none = 1;
    if (places >= level) return 1;
    for (size_t i = 0; i < places; i++)
        none *= (double)(level - mates > i ? level - mates - i : 0) / (double)(level - i);
    return 1 - none;
}

/* First which mate stands best, then what stands before it. */
static void stand_best(struct standing *r, double score)
{
    if (isnan(score)) return;
    if (isnan(r->best) || score > r->best) r->best = score;
}

static void stand_before(struct standing *r, double score, bool linked)
{
    if (isnan(score) || isnan(r->best) || score < r->best) return;
    if (score > r->best) {
        r->above++;
    } else {
        r->level++;
        r->mates += linked;
    }
}

struct mates mates_among(const struct labels *l, const double *score, const double *score_b, size_t k,
                         struct arena *scratch)
{
    struct standing *row = NEW_ARRAY(scratch, struct standing, l->rows + 1);
    struct mates found = {0};
    for (size_t i = 0; i < l->rows; i++)
        row[i].best = (double)NAN;
    for (size_t i = 0; i < l->pairs; i++)
        if (l->linked[i]) {
            stand_best(&row[l->pair[i].a], score[i]);
            stand_best(&row[l->pair[i].b], score_b[i]);
        }
    for (size_t i = 0; i < l->pairs; i++) {
        stand_before(&row[l->pair[i].a], score[i], l->linked[i]);
        stand_before(&row[l->pair[i].b], score_b[i], l->linked[i]);
    }
    for (size_t i = 0; i < l->rows; i++) {
        if (isnan(row[i].best)) continue;
        found.rows++;
        if (row[i].above < k) found.among += chance_of_mate(row[i].level, row[i].mates, k - row[i].above);
    }
    return found;
}
