/* What agreement means, learned from the table alone: expectation and maximisation over pairs (W. Winkler,
 * "Using the EM algorithm for weight computation in the Fellegi-Sunter model", ASA 1988, p. 667; T.
 * Enamorado, B. Fifield, K. Imai, American Political Science Review 113, 2019, p. 353). */
#include "match/match_internal.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

#define PAIR_BYTES   ((size_t)8 << 30)
#define ROWS_LEARNED 4000 /* rows whose pairs with all others are learned from */
#define FAINT_DB     10   /* pairs whose odds are below 1 : 10 teach nothing */
#define PAIR_ROUNDS  2
#define GROUP_ROUNDS 2
#define STEPS_MOST   60
#define STEPS_EPS    1e-5
#define BELIEF       20.0 /* pairs that what was believed before counts for */

/* What is learned from: per column, how often each level was seen among pairs of one person. */
struct tally {
    double level[MATCH_COLUMNS_MAX][MATCH_RELATED + 1];
    double pairs;
};

/* The levels that a pair shows, one a column and of parts one for each part of the shorter name. */
struct shown {
    uint8_t count;
    uint8_t column_level[MATCH_COLUMNS_MAX + PARTS_MAX]; /* column * 8 + level */
};

static void show(struct shown *s, size_t column, int level)
{
    if (s->count < sizeof s->column_level)
        s->column_level[s->count++] = (uint8_t)(column * 8 + (size_t)level);
}

static void show_parts(const struct level_map *m, size_t column, size_t a, size_t b, struct shown *s)
{
    struct part_match match[PARTS_MAX * PARTS_MAX];
    size_t in_a = level_map_items(m, a), in_b = level_map_items(m, b), fewer = in_a < in_b ? in_a : in_b;
    size_t count = parts_of_pair(m, a, b, match), paired = 0;
    parts_weigh(m, match, count, in_a, in_b);
    for (size_t i = 0; i < count; i++)
        if (match[i].taken) {
            show(s, column, match[i].level);
            paired++;
        }
    for (; paired < fewer; paired++)
        show(s, column, m->levels - 1);
}

static void levels_shown(const struct match_index *x, size_t a, size_t b, struct shown *s)
{
    struct match_reason reason[MATCH_COLUMNS_MAX];
    s->count = 0;
    match_weigh(x, a, b, reason);
    for (size_t c = 0; c < x->columns; c++) {
        if (reason[c].level < 0) continue;
        if (x->map[c].model->parts)
            show_parts(&x->map[c], c, a, b, s);
        else
            show(s, c, reason[c].level);
    }
}

static void tally_add(struct tally *t, const struct shown *s, double p)
{
    t->pairs += p;
    for (size_t i = 0; i < s->count; i++)
        t->level[s->column_level[i] / 8][s->column_level[i] % 8] += p;
}

/* The levels of the tally, a little held back by what was believed (Dirichlet). */
static void take_over(struct match_model *model, const struct match_model *believed, const struct tally *t,
                      double all_pairs)
{
    for (size_t c = 0; c < model->columns; c++) {
        int levels = comparison_levels(model->column[c].comparison);
        double sum = BELIEF;
        for (int l = 0; l < levels; l++)
            sum += t->level[c][l];
        for (int l = 0; l < levels; l++)
            model->column[c].same[l] = (t->level[c][l] + BELIEF * believed->column[c].same[l]) / sum;
    }
    model->prior = fmin(fmax(t->pairs / all_pairs, 1e-14), 0.5);
}

/* A pair to learn from: its log-odds but for the m of its levels, which change. */
struct learned_pair {
    struct shown shown;
    float rest; /* natural logarithm */
};

static double same_log(const struct match_model *model, const struct shown *s,
                       double table[][MATCH_RELATED + 1])
{
    double sum = 0;
    (void)model;
    for (size_t i = 0; i < s->count; i++)
        sum += table[s->column_level[i] / 8][s->column_level[i] % 8];
    return sum;
}

static void logs(const struct match_model *model, double table[][MATCH_RELATED + 1])
{
    for (size_t c = 0; c < model->columns; c++)
        for (int l = 0; l <= MATCH_RELATED; l++)
            table[c][l] = l == MATCH_RELATED ? 0 : log(fmax(model->column[c].same[l], 1e-9));
}

static void maximise(struct match_model *model, const struct match_model *believed,
                     const struct learned_pair *pair, size_t count, double all_pairs)
{
    double table[MATCH_COLUMNS_MAX][MATCH_RELATED + 1];
    for (int step = 0; step < STEPS_MOST; step++) {
        struct tally t = {0};
        double before = model->prior, odds = log(before / (1 - before));
        logs(model, table);
        for (size_t i = 0; i < count; i++) {
            double w = (double)pair[i].rest + same_log(model, &pair[i].shown, table) + odds;
            tally_add(&t, &pair[i].shown, 1 / (1 + exp(-w)));
        }
        take_over(model, believed, &t, all_pairs);
        if (fabs(model->prior - before) < STEPS_EPS * before) break;
    }
}

static enum status learn_pairs(struct match_model *model, const struct match_model *believed,
                               struct match_index *x, double all_pairs, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("pairs to learn from", PAIR_BYTES);
    struct match_pairs pairs;
    double table[MATCH_COLUMNS_MAX][MATCH_RELATED + 1];
    size_t step = (x->rows + ROWS_LEARNED - 1) / ROWS_LEARNED;
    if (step > 1) all_pairs *= 2.0 / (double)step;
    TRY(match_pairs_some(x, step, -match_prior_db(model) - FAINT_DB, a, &pairs, e));
    struct learned_pair *pair = NEW_ARRAY(a, struct learned_pair, pairs.count);
    logs(model, table);
    for (size_t i = 0; i < pairs.count; i++) {
        levels_shown(x, pairs.item[i].a, pairs.item[i].b, &pair[i].shown);
        pair[i].rest =
            (float)(pairs.item[i].weight_db * log(10) / 10 - same_log(model, &pair[i].shown, table));
    }
    maximise(model, believed, pair, pairs.count, all_pairs);
    model->pairs_seen = pairs.count;
    match_reweigh(x);
    return OK;
}

/* Groups found so far stand for the truth: every pair within one shows its levels, also those that would not
 * have been found by themselves. */
static enum status learn_groups(struct match_model *model, const struct match_model *believed,
                                struct match_index *x, const struct match_pairs *pairs, double all_pairs,
                                struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("groups to learn from", PAIR_BYTES);
    struct tally t = {0};
    uint32_t *group = NEW_ARRAY(a, uint32_t, x->rows), *next = NEW_ARRAY(a, uint32_t, x->rows);
    TRY(match_groups(x, pairs, group, e));
    for (size_t r = x->rows; r > 0; r--)
        if (group[r - 1] != r - 1) {
            next[r - 1] = next[group[r - 1]];
            next[group[r - 1]] = (uint32_t)(r - 1);
        }
    for (size_t r = 0; r < x->rows; r++)
        for (size_t s = next[r]; s > 0; s = next[s]) {
            struct shown shown;
            levels_shown(x, r, s, &shown);
            tally_add(&t, &shown, 1);
        }
    take_over(model, believed, &t, all_pairs);
    match_reweigh(x);
    relations_learn(x, model, next);
    match_reweigh(x); /* the lists are new */
    return OK;
}

/* All pairs are looked for once; in later rounds those found are weighed anew. */
static enum status learn_rounds(struct match_model *model, const struct match_model *believed,
                                struct match_index *x, double all_pairs, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("pairs of groups", PAIR_BYTES);
    struct match_pairs pairs;
    TRY(match_pairs_over(x, -match_prior_db(model) - FAINT_DB, a, &pairs, e));
    for (unsigned round = 0; round < GROUP_ROUNDS; round++) {
        for (size_t i = 0; round > 0 && i < pairs.count; i++)
            pairs.item[i].weight_db = match_weigh(x, pairs.item[i].a, pairs.item[i].b, NULL);
        TRY(learn_groups(model, believed, x, &pairs, all_pairs, e));
    }
    return OK;
}

enum status match_learn(struct match_model *model, struct match_index *x, struct err *e)
{
    const struct match_model believed = *model;
    double all_pairs = (double)x->rows * ((double)x->rows - 1) / 2;
    for (int round = 0; round < PAIR_ROUNDS; round++)
        TRY(learn_pairs(model, &believed, x, all_pairs, e));
    TRY(learn_rounds(model, &believed, x, all_pairs, e));
    model->rows = x->rows;
    model->rounds = PAIR_ROUNDS + GROUP_ROUNDS;
    return OK;
}
