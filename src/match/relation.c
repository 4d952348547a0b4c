/* Values that go together though they are not alike, learned from groups. */
#include "match/match_internal.h"

#include "base/alloc.h"
#include "base/table.h"

#include <math.h>
#include <stdlib.h>

#define GROUPS_LEAST 3 /* that hold both values */
#define GAIN_LEAST   3 /* decibans above what their level weighs */
#define PAIRS_MAX    ((size_t)1 << 28)

/* What was seen of two values: pairs of rows, groups, and the last group, so that each counts once. */
struct sighting {
    uint32_t a, b; /* a < b */
    uint32_t pairs, groups, last_group;
};

struct watching {
    const struct level_map *map;
    struct table *number; /* a, b -> place + 1 */
    struct sighting *item;
    size_t count, room;
    double pairs; /* of rows, or of parts, that were compared */
};

static void see(struct watching *w, uint32_t a, uint32_t b, uint32_t group)
{
    if (a > b) {
        see(w, b, a, group);
        return;
    }
    bool fresh;
    uint64_t *at = table_at_number(w->number, (uint64_t)a << 32 | b, &fresh);
    if (fresh) {
        if (w->count == w->room) {
            w->room = w->room > 0 ? 2 * w->room : 4096;
            w->item = alloc_resize(w->item, w->room, sizeof *w->item);
        }
        *at = w->count;
        w->item[w->count++] = (struct sighting){a, b, 0, 0, UINT32_MAX};
    }
    struct sighting *s = &w->item[*at];
    s->pairs++;
    s->groups += s->last_group != group;
    s->last_group = group;
}

/* Parts that found no partner, each with each. */
static void see_parts(struct watching *w, size_t r, size_t s, uint32_t group)
{
    const struct level_map *m = w->map;
    struct part_match match[PARTS_MAX * PARTS_MAX];
    size_t in_r = level_map_items(m, r), in_s = level_map_items(m, s), count = parts_of_pair(m, r, s, match);
    unsigned used_r = 0, used_s = 0;
    parts_weigh(m, match, count, in_r, in_s);
    for (size_t i = 0; i < count; i++)
        if (match[i].taken && match[i].level != MATCH_RELATED) {
            used_r |= 1U << match[i].slot_a;
            used_s |= 1U << match[i].slot_b;
        }
    w->pairs += (double)(in_r < in_s ? in_r : in_s);
    for (size_t i = 0; i < in_r; i++)
        for (size_t j = 0; j < in_s; j++)
            if (!(used_r >> i & 1) && !(used_s >> j & 1))
                see(w, m->row_item[m->row_at[r] + i], m->row_item[m->row_at[s] + j], group);
}

static void see_rows(struct watching *w, size_t r, size_t s, uint32_t group)
{
    const struct level_map *m = w->map;
    if (level_map_items(m, r) == 0 || level_map_items(m, s) == 0) return;
    if (m->model->parts) {
        see_parts(w, r, s, group);
        return;
    }
    uint32_t v = m->row_item[m->row_at[r]], u = m->row_item[m->row_at[s]];
    w->pairs++;
    if (v != u) see(w, v, u, group);
}

static double share(const struct level_map *m, uint32_t v)
{
    return (double)(m->holder_at[v + 1] - m->holder_at[v]) / (double)m->present;
}

/* The weight of going together, when it is worth keeping. */
static bool related_weight(const struct watching *w, const struct sighting *s, int *weight_db)
{
    const struct level_map *m = w->map;
    double k = s->groups, chance = share(m, s->a) * share(m, s->b);
    if (s->groups < GROUPS_LEAST) return false;
    const struct neighbour *alike = level_map_near(m, s->a, s->b);
    if (alike && alike->level != MATCH_RELATED) return false;
    int level = level_map_loose(m, s->a, s->b);
    double db = 10 * log10(s->pairs * (k - 1) / k / (2 * w->pairs) / chance);
    *weight_db = (int)lround(fmin(db, MATCH_WEIGHT_MAX));
    return *weight_db >= m->loose_db[level] + GAIN_LEAST;
}

static int by_values(const void *a, const void *b)
{
    const struct related *x = a, *y = b;
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static void take_in(const struct watching *w, struct level_map *m, struct match_column *column,
                    struct arena *a)
{
    size_t count = 0;
    struct related *r = alloc_zero(2 * w->count + 1, sizeof *r);
    for (size_t i = 0; i < w->count; i++) {
        int weight;
        if (!related_weight(w, &w->item[i], &weight)) continue;
        r[count++] = (struct related){w->item[i].a, w->item[i].b, weight};
        r[count++] = (struct related){w->item[i].b, w->item[i].a, weight};
    }
    qsort(r, count, sizeof *r, by_values);
    level_map_relate(m, r, count, a);
    column->relation = NEW_ARRAY(a, struct match_relation, count / 2);
    column->relations = 0;
    for (size_t i = 0; i < count; i++)
        if (r[i].a < r[i].b)
            column->relation[column->relations++] =
                (struct match_relation){m->text[r[i].a], m->text[r[i].b], r[i].weight_db};
    alloc_free(r);
}

static void take_column(struct level_map *m, const struct match_column *column, struct arena *a)
{
    struct table *number CLEANUP_TABLE = table_new(m->values + 1);
    struct related *r = alloc_zero(2 * column->relations + 1, sizeof *r);
    size_t count = 0;
    for (uint32_t v = 1; v < m->values; v++)
        *table_at(number, m->text[v], NULL) = v;
    for (size_t i = 0; i < column->relations; i++) {
        const struct match_relation *relation = &column->relation[i];
        const uint64_t *v = table_find(number, relation->a), *w = table_find(number, relation->b);
        if (v == NULL || w == NULL || *v == *w || level_map_near(m, (uint32_t)*v, (uint32_t)*w)) continue;
        r[count++] = (struct related){(uint32_t)*v, (uint32_t)*w, relation->weight_db};
        r[count++] = (struct related){(uint32_t)*w, (uint32_t)*v, relation->weight_db};
    }
    qsort(r, count, sizeof *r, by_values);
    size_t kept = 0; /* a model written by hand may say a thing twice */
    for (size_t i = 0; i < count; i++)
        if (i == 0 || by_values(&r[kept - 1], &r[i]) != 0) r[kept++] = r[i];
    level_map_relate(m, r, kept, a);
    alloc_free(r);
}

void relations_take(struct match_index *x)
{
    for (size_t c = 0; c < x->columns; c++)
        if (x->model->column[c].relations > 0) take_column(&x->map[c], &x->model->column[c], x->arena);
}

void relations_learn(struct match_index *x, struct match_model *model, const uint32_t *next)
{
    for (size_t c = 0; c < x->columns; c++) {
        struct table *number CLEANUP_TABLE = table_new(PAIRS_MAX);
        struct watching w = {.map = &x->map[c], .number = number};
        enum value_form form = model->column[c].comparison->form;
        if (form != FORM_NAME && form != FORM_CODE) continue; /* days and places do not go together */
        uint32_t *group = alloc_zero(x->rows + 1, sizeof *group);
        for (size_t r = 0; r < x->rows; r++) {
            if (group[r] == 0) group[r] = (uint32_t)r + 1;
            if (next[r] > 0) group[next[r]] = group[r];
            for (size_t s = next[r]; s > 0; s = next[s])
                see_rows(&w, r, s, group[r]);
        }
        alloc_free(group);
        take_in(&w, &x->map[c], &model->column[c], x->arena);
        alloc_free(w.item);
    }
}
