/* One pair of rows, weighed column by column. */
#include "match/match_internal.h"

#include <math.h>

static int heavier(const struct part_match *x, const struct part_match *y)
{
    if (x->weight_db != y->weight_db) return x->weight_db > y->weight_db ? -1 : 1;
    uint32_t low_x = x->a < x->b ? x->a : x->b, low_y = y->a < y->b ? y->a : y->b;
    if (low_x != low_y) return low_x < low_y ? -1 : 1;
    uint32_t high_x = x->a ^ x->b ^ low_x, high_y = y->a ^ y->b ^ low_y;
    return (high_x > high_y) - (high_x < high_y);
}

int parts_weigh(const struct level_map *m, struct part_match *match, size_t count, size_t in_a, size_t in_b)
{
    unsigned used_a = 0, used_b = 0;
    int none = m->loose_db[m->levels - 1], sum = 0;
    size_t fewer = in_a < in_b ? in_a : in_b, paired = 0;
    for (size_t i = 1; i < count; i++) { /* few: sorted by inserting */
        struct part_match p = match[i];
        size_t k = i;
        for (; k > 0 && heavier(&p, &match[k - 1]) < 0; k--)
            match[k] = match[k - 1];
        match[k] = p;
    }
    for (size_t i = 0; i < count; i++) {
        match[i].taken = false;
        if (match[i].weight_db <= none || (used_a >> match[i].slot_a & 1) || (used_b >> match[i].slot_b & 1))
            continue;
        match[i].taken = true;
        used_a |= 1U << match[i].slot_a;
        used_b |= 1U << match[i].slot_b;
        sum += match[i].weight_db;
        paired++;
    }
    return sum + (int)(fewer - paired) * none;
}

size_t parts_of_pair(const struct level_map *m, size_t a, size_t b,
                     struct part_match match[PARTS_MAX * PARTS_MAX])
{
    size_t count = 0;
    for (uint32_t i = m->row_at[a]; i < m->row_at[a + 1]; i++)
        for (uint32_t j = m->row_at[b]; j < m->row_at[b + 1]; j++) {
            const struct neighbour *n = level_map_near(m, m->row_item[i], m->row_item[j]);
            if (n)
                match[count++] = (struct part_match){m->row_item[i],
                                                     m->row_item[j],
                                                     (uint8_t)(i - m->row_at[a]),
                                                     (uint8_t)(j - m->row_at[b]),
                                                     n->weight_db,
                                                     n->level,
                                                     false};
        }
    return count;
}

static int weigh_parts(const struct level_map *m, size_t a, size_t b, int *level)
{
    struct part_match match[PARTS_MAX * PARTS_MAX];
    size_t count = parts_of_pair(m, a, b, match);
    int weight = parts_weigh(m, match, count, level_map_items(m, a), level_map_items(m, b));
    *level = m->levels - 1;
    for (size_t i = count; i > 0; i--)
        if (match[i - 1].taken) *level = match[i - 1].level;
    return weight;
}

static int weigh_column(const struct level_map *m, size_t a, size_t b, int *level)
{
    *level = -1;
    if (level_map_items(m, a) == 0 || level_map_items(m, b) == 0) return 0;
    if (m->model->parts) return weigh_parts(m, a, b, level);
    uint32_t v = m->row_item[m->row_at[a]], w = m->row_item[m->row_at[b]];
    const struct neighbour *n = level_map_near(m, v, w);
    *level = n ? n->level : level_map_loose(m, v, w);
    return n ? n->weight_db : m->loose_db[*level];
}

static const char *words_of(const struct comparison *c, int level)
{
    return level < 0                ? "not recorded"
           : level == MATCH_RELATED ? "known to go together"
                                    : c->level[level].words;
}

int match_weigh(const struct match_index *x, size_t a, size_t b, struct match_reason *reason)
{
    int sum = 0;
    for (size_t c = 0; c < x->columns; c++) {
        const struct level_map *m = &x->map[c];
        int level, weight = weigh_column(m, a, b, &level);
        sum += weight;
        if (reason)
            reason[c] = (struct match_reason){m->model, level, weight, words_of(m->model->comparison, level)};
    }
    return sum;
}

int match_prior_db(const struct match_model *model)
{
    double p = fmin(fmax(model->prior, 1e-15), 0.5);
    return (int)lround(10 * log10(p / (1 - p)));
}
