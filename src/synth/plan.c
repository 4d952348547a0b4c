#include "synth/plan.h"

#include "synth/geography.h"

#include "base/caldate.h"

#include <math.h>
#include <stdlib.h>

#define EXTRA_SHARE                                                                                          \
    ((2 * COUPLES_PER_THOUSAND + TWINS_PER_THOUSAND +                                                        \
      BATCHES_PER_THOUSAND * (BATCH_SIZE_LOW + BATCH_SIZE_HIGH) / 2.0) /                                     \
     1000.0)

/* Numbers of planned deaths: the day, the cause and the place among that day's. Rules count from their own
 * base. */
#define NUMBER_OF(day, cause, i) (((uint64_t)(day) << 24) | ((uint64_t)(cause) << 16) | (uint64_t)(i))
#define RULE_BASE(rule)          ((uint64_t)(rule) << 56)

struct growing {
    struct plan *plan;
    struct arena *arena;
    size_t room;
};

static struct planned *add(struct growing *g)
{
    struct plan *p = g->plan;
    if (p->count == g->room) {
        size_t room = g->room == 0 ? 1024 : 2 * g->room;
        p->item = arena_grow(g->arena, p->item, p->count, room, sizeof *p->item, _Alignof(struct planned));
        g->room = room;
    }
    p->item[p->count] = (struct planned){.rule = RULE_NONE};
    return &p->item[p->count++];
}

int64_t synth_moment_in(struct rng *r, int64_t day, enum day_shape shape)
{
    int64_t hour = (int64_t)synth_pick(r, synth_hours[shape], 24);
    int64_t local = day * MS_PER_DAY + hour * MS_PER_HOUR + rng_between(r, 0, 59) * 60 * MS_PER_SECOND;
    return local - synth_london_offset_ms(local);
}

static double intensity(const struct cause *c, int64_t day)
{
    int year, month, date;
    caldate_from_days(day, &year, &month, &date);
    double of_year = (double)(day - caldate_to_days(year, 1, 15)) / 365.25;
    double season = 1.0 + c->winter * cos(2 * 3.14159265358979 * of_year);
    const uint16_t *week = synth_week[c->week];
    double total = 0;
    for (int i = 0; i < 7; i++)
        total += week[i];
    return c->per_thousand / 1000.0 * season * week[caldate_weekday(day)] * 7.0 / total;
}

static void plan_day(struct growing *g, const struct rng *root, int64_t day, double per_day)
{
    for (int kind = 0; kind < CAUSE_COUNT; kind++) {
        const struct cause *c = &synth_cause[kind];
        struct rng r = synth_rng(root, CONCERN_PLAN, NUMBER_OF(day, kind, 0));
        unsigned count = rng_poisson(&r, per_day * intensity(c, day));
        for (unsigned i = 0; i < count; i++) {
            struct planned *p = add(g);
            p->cause = c->kind;
            p->number = NUMBER_OF(day, kind, i);
            p->found_ms = synth_moment_in(&r, day, c->day);
        }
    }
}

static enum cause_kind couple_cause(struct rng *r)
{
    static const enum cause_kind kind[] = {CAUSE_POISON, CAUSE_FIRE, CAUSE_MEDICINES, CAUSE_NATURAL,
                                           CAUSE_DRUGS};
    static const uint16_t weight[] = {20, 25, 15, 30, 10};
    return kind[synth_pick(r, weight, COUNT_OF(weight))];
}

/* One couple is one planned item: its two records are made together. */
static void plan_couples(struct growing *g, const struct rng *root, int64_t day, double per_day)
{
    struct rng r = synth_rng(root, CONCERN_COUPLES, (uint64_t)day);
    unsigned count = rng_poisson(&r, per_day * COUPLES_PER_THOUSAND / 1000.0);
    for (unsigned i = 0; i < count; i++) {
        struct planned *p = add(g);
        p->rule = RULE_COUPLE;
        p->number = RULE_BASE(RULE_COUPLE) | NUMBER_OF(day, 0, i);
        p->cause = couple_cause(&r);
        p->found_ms = synth_moment_in(&r, day, synth_cause[p->cause].day);
    }
}

static void plan_twins(struct growing *g, const struct rng *root, int64_t day, double per_day)
{
    struct rng r = synth_rng(root, CONCERN_TWINS, (uint64_t)day);
    unsigned count = rng_poisson(&r, per_day * TWINS_PER_THOUSAND / 1000.0);
    for (unsigned i = 0; i < count; i++) {
        /* The twin is made beside a death that is already planned, so that it is an ordinary one. */
        size_t back = (size_t)per_day + 1;
        if (g->plan->count == 0) continue;
        size_t at = g->plan->count - 1 - rng_below(&r, back < g->plan->count ? back : g->plan->count);
        if (g->plan->item[at].rule == RULE_NONE) g->plan->item[at].rule = RULE_TWIN;
    }
}

static void batch_start(struct batch *b, struct rng *r)
{
    static const char *const look[] = {
        "blue tablets stamped with a star", "a light brown powder in green wraps",
        "white powder in a clear bag",      "yellow triangular tablets",
        "pale capsules without a mark",     "grey crystals in a twist of cling film"};
    size_t count;
    const struct profile *p = synth_profiles(CAUSE_DRUGS, &count);
    const struct profile *chosen;
    do {
        chosen = &p[synth_profile_draw(r, CAUSE_DRUGS)];
    } while (chosen->main[0] == NULL || str_eq(str_of(chosen->main[0]), S("alcohol")));
    b->outcode = synth_outcode_draw(r);
    b->intake = synth_intake(r, chosen);
    b->look = synth_choose(r, look, COUNT_OF(look));
}

static void plan_batches(struct growing *g, const struct rng *root, int64_t from_day, int64_t to_day,
                         double per_day)
{
    struct rng r = synth_rng(root, CONCERN_BATCHES, 0);
    unsigned count = rng_poisson(&r, (double)(to_day - from_day) * per_day * BATCHES_PER_THOUSAND / 1000.0);
    g->plan->batch = NEW_ARRAY(g->arena, struct batch, count + 1);
    g->plan->batch_count = count;
    for (unsigned i = 0; i < count; i++) {
        batch_start(&g->plan->batch[i], &r);
        int64_t first_day = rng_between(&r, from_day, to_day - 1);
        int64_t size = rng_between(&r, BATCH_SIZE_LOW, BATCH_SIZE_HIGH);
        for (int64_t k = 0; k < size; k++) {
            int64_t day = first_day + rng_between(&r, 0, 6);
            int64_t found = synth_moment_in(&r, day, synth_cause[CAUSE_DRUGS].day);
            if (day >= to_day) continue;
            struct planned *p = add(g);
            p->rule = RULE_BATCH;
            p->number = RULE_BASE(RULE_BATCH) | NUMBER_OF(i, 0, k);
            p->group = i;
            p->cause = CAUSE_DRUGS;
            p->found_ms = found;
        }
    }
}

static int by_time(const void *a, const void *b)
{
    const struct planned *x = a, *y = b;
    if (x->found_ms != y->found_ms) return x->found_ms < y->found_ms ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

void synth_plan_make(struct plan *plan, struct arena *a, const struct synth_options *options,
                     const struct rng *root)
{
    struct growing g = {.plan = plan, .arena = a};
    int64_t from_day = caldate_day_of(options->from_ms), to_day = caldate_day_of(options->to_ms);
    *plan = (struct plan){.count = 0};
    for (int64_t day = from_day; day < to_day; day++) {
        plan_day(&g, root, day, options->per_day * (1 - EXTRA_SHARE));
        plan_twins(&g, root, day, options->per_day);
        plan_couples(&g, root, day, options->per_day);
    }
    plan_batches(&g, root, from_day, to_day, options->per_day);
    if (plan->count > 0) qsort(plan->item, plan->count, sizeof *plan->item, by_time);
}
