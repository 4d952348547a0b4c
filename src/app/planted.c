#include "app/planted.h"

#include "app/planted_trial.h"
#include "base/alloc.h"
#include "base/parallel.h"

#include <math.h>
#include <stdlib.h>

const double planted_price[PLANTED_BUDGETS] = {1, 12};
const size_t planted_precision_at[PLANTED_PRECISIONS] = {10, 50, 100, 200};

struct planted_all {
    const struct planted_run_options *o;
    struct trial *trial;
    void (*put)(void *state, Str line);
    void *put_state;
    struct arena *arena;
    struct planted_report *out;
};

/* ---- putting runs together ------------------------------------------------------------------------------
 */

static void add_series(struct planted_report *out, const struct trial *t)
{
    for (size_t i = 0; i < t->series_count; i++) {
        const struct trial_series *s = &t->series[i];
        struct planted_kind *k = &out->kind[s->kind];
        for (size_t n = 2; n <= PLANTED_DEATHS; n++)
            k->of_size[n] += s->size >= n;
        for (size_t b = 0; b < PLANTED_BUDGETS; b++) {
            k->found[b][0] += s->found_at[b] != 0;
            for (size_t n = 2; n <= PLANTED_DEATHS; n++)
                k->found[b][n] += s->size >= n && s->found_at[b] != 0 && s->found_at[b] <= n;
        }
        for (size_t m = 0; m < s->arrived; m++) {
            size_t rank = s->member[m].rank;
            if (s->member[m].first) continue;
            k->ranked++;
            k->rank_1 += rank == 1;
            k->rank_10 += rank >= 1 && rank <= 10;
            k->rank_100 += rank >= 1 && rank <= 100;
        }
    }
}

static void add_alerts(struct planted_report *out, const struct trial *t)
{
    for (size_t i = 0; i < t->alert_count; i++) {
        const struct trial_alert *a = &t->alert[i];
        struct planted_budget *b = &out->budget[a->budget];
        if (!a->counted) continue;
        b->alerts++;
        b->hits += a->verdict == TRUTH_HIT;
        b->benign += a->verdict == TRUTH_BENIGN;
        b->look_alike += a->verdict == TRUTH_FALSE && a->kind >= 0;
        b->other += a->verdict == TRUTH_FALSE && a->kind < 0;
        b->around += a->around;
        b->by[a->by].alerts++;
        b->by[a->by].hits += a->verdict == TRUTH_HIT;
        if (a->kind >= 0) out->kind[a->kind].alerts[a->budget]++;
    }
}

static void add_groups(struct planted_report *out, const struct trial *t)
{
    for (size_t i = 0; i < t->planted.count; i++) {
        out->kind[t->kind_of[i]].groups++;
        out->kind[t->kind_of[i]].members += t->planted.group[i].members;
    }
    out->deaths += t->planted.deaths;
    out->in_series += t->planted.in_series;
    out->joint += t->planted.joint;
    out->missed_groups += t->planted.missed;
    out->events += t->events;
    out->weeks += t->weeks;
}

/* Of the k rarest alerts of a run that were no benign tie, the share that was a series: mean over runs. */
static void precisions(const struct planted_all *all)
{
    for (size_t b = 0; b < PLANTED_BUDGETS; b++)
        for (size_t p = 0; p < PLANTED_PRECISIONS; p++) {
            double sum = 0, runs = 0;
            for (size_t r = 0; r < all->o->runs; r++) {
                const struct trial *t = &all->trial[r];
                struct scored *item = NEW_ARRAY(all->arena, struct scored, t->alert_count + 1);
                size_t count = 0;
                for (size_t i = 0; i < t->alert_count; i++)
                    if (t->alert[i].budget == b && t->alert[i].counted && t->alert[i].verdict != TRUTH_BENIGN)
                        item[count++] =
                            (struct scored){t->alert[i].once_in_weeks, t->alert[i].verdict == TRUTH_HIT};
                if (count < planted_precision_at[p]) continue;
                struct ranking ranking = ranking_of(item, count, all->arena);
                sum += ranking_precision_at(&ranking, planted_precision_at[p]);
                runs++;
            }
            all->out->budget[b].precision[p] = runs > 0 ? sum / runs : (double)NAN;
        }
}

/* Bins of equal count leave the few high probabilities in one; these keep them apart. */
static void fill_bands(struct planted_calibration *out, const struct scored *item, size_t count)
{
    static const double low[PLANTED_BANDS + 1] = {0, 0.001, 0.01, 0.1, 0.3, 0.6, 0.9, 1};
    for (size_t i = 0; i < PLANTED_BANDS; i++)
        out->band[i] = (struct reliability_bin){.low = low[i], .high = low[i + 1]};
    for (size_t i = 0; i < count; i++) {
        size_t b = PLANTED_BANDS - 1;
        while (b > 0 && item[i].score < low[b])
            b--;
        out->band[b].probability += item[i].score;
        out->band[b].items++;
        out->band[b].linked += item[i].linked;
    }
    for (size_t i = 0; i < PLANTED_BANDS; i++) {
        struct reliability_bin *b = &out->band[i];
        if (b->items == 0) continue;
        b->probability /= (double)b->items;
        b->linked_share = (double)b->linked / (double)b->items;
    }
}

static void judge_probabilities(const struct planted_all *all, enum planted_said who)
{
    struct planted_calibration *out = &all->out->calibration[who];
    size_t count = 0;
    for (size_t r = 0; r < all->o->runs; r++)
        count += all->trial[r].said[who].count;
    struct scored *item = alloc_resize(NULL, count + 1, sizeof *item);
    for (size_t r = 0, at = 0; r < all->o->runs; at += all->trial[r++].said[who].count)
        if (all->trial[r].said[who].count > 0)
            memcpy(item + at, all->trial[r].said[who].item, all->trial[r].said[who].count * sizeof *item);
    for (size_t i = 0; i < count; i++)
        out->linked += item[i].linked;
    out->pairs = count;
    out->bins = reliability_curve(item, count, PLANTED_BINS, out->bin, all->arena);
    out->error = calibration_error(out->bin, out->bins);
    out->brier = brier_score(item, count);
    fill_bands(out, item, count);
    alloc_free(item);
}

static void recorded(const struct planted_all *all)
{
    double sum[2] = {0}, deaths[2] = {0};
    for (size_t r = 0; r < all->o->runs; r++)
        for (size_t k = 0; k < 2; k++) {
            sum[k] += all->trial[r].recorded[k];
            deaths[k] += all->trial[r].deaths[k];
        }
    all->out->recorded_others = deaths[0] > 0 ? sum[0] / deaths[0] : 0;
    all->out->recorded_series = deaths[1] > 0 ? sum[1] / deaths[1] : 0;
}

/* ---- lists ----------------------------------------------------------------------------------------------
 */

static const char *why_missed(const struct trial_series *s, size_t b)
{
    if (s->drowned[b]) return "told, but among more that do not belong";
    if (!s->tried) return "its deaths came too late";
    if (s->best_db[b] < s->threshold_db[b]) return "too weak";
    return s->news[b] ? "strong enough, but not among the suggestions" : "only place and time tie them";
}

static void tell_missed(const struct planted_all *all, size_t run)
{
    const struct trial *t = &all->trial[run];
    for (size_t i = 0; all->o->missed && i < t->series_count; i++) {
        const struct trial_series *s = &t->series[i];
        for (size_t b = 0; b < PLANTED_BUDGETS; b++) {
            if (s->found_at[b] != 0) continue;
            Str ranks = S("");
            for (size_t m = 1; m < s->arrived; m++)
                ranks =
                    str_format(all->arena, "%.*s%s%zu", STR_ARG(ranks), m > 1 ? " " : "", s->member[m].rank);
            all->put(
                all->put_state,
                str_format(
                    all->arena,
                    "missed, at %g a week: run %zu, %.*s of %zu deaths: %s; best pair %.1f, threshold that "
                    "day %.1f; ranks of the best mate %.*s",
                    planted_price[b], run + 1, STR_ARG(all->o->background->pattern[s->kind].name), s->arrived,
                    why_missed(s, b), s->best_db[b] / 10.0, s->threshold_db[b] / 10.0, STR_ARG(ranks)));
        }
    }
}

static void tell_false(const struct planted_all *all, size_t run)
{
    const struct trial *t = &all->trial[run];
    for (size_t i = 0; i < t->alert_count; i++)
        if (str_present(t->alert[i].line))
            all->put(all->put_state,
                     str_format(all->arena, "false, run %zu, %.*s", run + 1, STR_ARG(t->alert[i].line)));
}

/* ---- the whole ------------------------------------------------------------------------------------------
 */

static void run_part(void *state, size_t part, size_t thread)
{
    struct planted_all *all = state;
    (void)thread;
    trial_run(&all->trial[part]);
}

static enum status gather(struct planted_all *all, struct err *e)
{
    for (size_t r = 0; r < all->o->runs; r++) {
        struct trial *t = &all->trial[r];
        if (t->status != OK) return ERR(e, t->status, t->error.field, "%s", t->error.text);
        add_groups(all->out, t);
        add_series(all->out, t);
        add_alerts(all->out, t);
        for (size_t i = 0; i < t->lessons.count; i++)
            lessons_add(&all->out->lessons, t->lessons.item[i]);
        if (all->put != NULL) {
            tell_missed(all, r);
            tell_false(all, r);
        }
    }
    precisions(all);
    for (int who = 0; who < PLANTED_SAID; who++)
        judge_probabilities(all, (enum planted_said)who);
    recorded(all);
    return OK;
}

enum status planted_run(const struct planted_run_options *o, void (*put)(void *state, Str line), void *state,
                        struct arena *a, struct planted_report *out, struct err *e)
{
    struct planted_all all = {.o = o, .put = put, .put_state = state, .arena = a, .out = out};
    const struct background *b = o->background;
    *out = (struct planted_report){.kinds = b->patterns, .runs = o->runs};
    if (b->patterns > PLANTED_KINDS)
        return ERR(e, E_LIMIT, "plans", "there are %zu plans; at most %d are taken", b->patterns,
                   PLANTED_KINDS);
    for (size_t k = 0; k < b->patterns; k++) {
        out->kind[k].name = b->pattern[k].name;
        out->kind[k].nature = b->pattern[k].nature;
    }
    all.trial = NEW_ARRAY(a, struct trial, o->runs);
    for (size_t r = 0; r < o->runs; r++)
        all.trial[r] = (struct trial){.o = o, .seed = o->seed + r};
    parallel_run(o->threads, o->runs, run_part, &all);
    enum status s = gather(&all, e);
    for (size_t r = 0; r < o->runs; r++)
        trial_done(&all.trial[r]);
    if (s != OK) lessons_free(&out->lessons);
    return s;
}
