/* A second look learned from planted series: of the nearest of every death, as they stood when it was
 * considered, those of one series against the others. */
#include "app/planted_trial.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "learn/additive.h"
#include "model/kinds.h"

#include <math.h>

/* Of the pairs that are not of one series, one in so many is kept; it weighs for all. */
#define KEPT_PART 8
/* Where the learned weights begin: an alarm without history says what is nine in ten sure among the nearest.
 */
#define START_POSTERIOR_LOG10 0.95
#define LESSON_BYTES_MAX      ((size_t)8 << 30)

/* The same draw in every run of the seed. */
static bool is_kept(uint64_t seed, uint32_t event, uint32_t other, int64_t at_ms)
{
    return hash64_mix(hash64_mix(seed, (uint64_t)event << 32 | other), (uint64_t)at_ms) % KEPT_PART == 0;
}

void trial_learn_event(struct trial *t, uint32_t event, const struct hit *nearest, size_t count)
{
    if (world_event_id(t->world, event)->kind != KIND_DEATH) return;
    for (size_t i = 0; i < count; i++) {
        const struct record_id *other = world_event_id(t->world, nearest[i].event);
        if (other->kind != KIND_DEATH) continue;
        Str name[2] = {world_event_id(t->world, event)->id, other->id};
        struct truth_pairs p = truth_pairs(&t->truth, name, 2);
        bool linked = p.series > 0;
        if (p.benign > 0 || (!linked && !is_kept(t->seed, event, nearest[i].event, world_now_ms(t->world))))
            continue;
        if (!alarm_may_tie(t->world, event, nearest[i].event)) continue;
        double value[LOOK_MEASURES];
        look_measure(t->world, event, nearest[i].event, value);
        t->lesson = alloc_room(t->lesson, &t->lesson_room, t->lesson_count, sizeof *t->lesson);
        struct lesson *l = &t->lesson[t->lesson_count++];
        l->linked = linked;
        for (int m = 0; m < LOOK_MEASURES; m++)
            l->value[m] = (float)value[m];
    }
}

/* In columns, as additive_train takes them. */
static struct pair_table lessons_of(const struct trial *trial, size_t trials, struct arena *a, double *odds)
{
    struct pair_table t = {.features = LOOK_MEASURES};
    double linked = 0, others = 0;
    for (size_t r = 0; r < trials; r++)
        t.pairs += trial[r].lesson_count;
    double *value = NEW_ARRAY(a, double, t.pairs *LOOK_MEASURES + 1),
           *weight = NEW_ARRAY(a, double, t.pairs + 1);
    bool *is_linked = NEW_ARRAY(a, bool, t.pairs + 1);
    t.feature = NEW_ARRAY(a, struct pair_feature, LOOK_MEASURES);
    for (int m = 0; m < LOOK_MEASURES; m++)
        t.feature[m] =
            (struct pair_feature){look_measure_name(a, (enum look_measure)m),
                                  look_measure_direction((enum look_measure)m), value + (size_t)m * t.pairs};
    for (size_t r = 0, at = 0; r < trials; r++)
        for (size_t i = 0; i < trial[r].lesson_count; i++, at++) {
            const struct lesson *l = &trial[r].lesson[i];
            is_linked[at] = l->linked;
            weight[at] = l->linked ? 1 : KEPT_PART;
            *(l->linked ? &linked : &others) += weight[at];
            for (size_t m = 0; m < LOOK_MEASURES; m++)
                value[m * t.pairs + at] = (double)l->value[m];
        }
    t.linked = is_linked;
    t.weight = weight;
    *odds = others > 0 ? linked / others : 0;
    return t;
}

enum status trials_learn(const struct trial *trial, size_t trials, struct arena *a,
                         struct planted_report *out, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("learning a second look", LESSON_BYTES_MAX);
    static const struct additive_options options = {8, {1, 10, 100}, 3, 3, 100, 1};
    double odds;
    struct pair_table t = lessons_of(trial, trials, scratch, &odds);
    TRY(additive_train(&t, &options, a, &out->learned.curves, NULL, e));
    for (int m = 0; m < LOOK_MEASURES; m++)
        out->learned.curves.curve[m].feature = look_measure_name(a, (enum look_measure)m);
    out->learned.curves.base -= log10(odds);
    out->learned.start_threshold_db = (int64_t)lround(10 * (START_POSTERIOR_LOG10 - log10(odds)));
    out->learned_pairs = t.pairs;
    for (size_t i = 0; i < t.pairs; i++)
        out->learned_linked += t.linked[i];
    return OK;
}
