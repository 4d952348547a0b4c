#include "app/planted_trial.h"

#include "base/alloc.h"
#include "base/caldate.h"
#include "link/explain.h"
#include "model/feed.h"
#include "model/kinds.h"

#include <stdio.h>

#define RANKED_MAX      1000
#define ARENA_MAX_BYTES ((size_t)8 << 30)
#define TRUTH_MAX_BYTES ((size_t)256 << 20)
#define WARM_DAYS       182 /* the alarm's half year of history */
#define RANK_DAYS       14  /* what becomes known of a death in its first fortnight counts for its rank */

/* ---- telling ------------------------------------------------------------------------------------------- */

/* Only what ties events is worth reading again. */
static bool ties(Str line)
{
    static const char *const kind[] = {"\"kind\":\"death\"", "\"kind\":\"person\"",
                                       "\"kind\":\"involvement\"", "\"kind\":\"identifier\"",
                                       "\"kind\":\"incident\""};
    Str head = str_slice(line, 0, 120);
    for (size_t i = 0; i < COUNT_OF(kind); i++)
        if (str_find(head, str_of(kind[i])) != STR_NPOS) return true;
    return false;
}

static enum status take_line(void *state, Str text, struct err *e)
{
    struct trial *t = state;
    if (!ties(text)) return OK;
    if (t->line_count == t->line_room) {
        t->line_room = t->line_room * 2 + 4096;
        t->line = alloc_resize(t->line, t->line_room, sizeof *t->line);
    }
    struct change *into = &t->line[t->line_count];
    TRY(feed_parse_line(t->arena, t->o->policy, text, S("main"), into, e));
    into->line = ++t->line_count;
    return OK;
}

static enum status take_truth(void *state, Str text, struct err *e)
{
    struct buf *truth = state;
    buf_add(truth, text);
    buf_add_char(truth, '\n');
    return buf_status(truth, e);
}

/* The group planted of that name; NULL for ties that the generator made beside. */
static const struct planted_group *group_of(const struct trial *t, int group, size_t *index)
{
    int64_t number;
    Str name = group < 0 ? S("") : t->truth.group[group].name;
    if (name.len < 2 || name.ptr[0] != 'P' || str_to_i64(str_slice(name, 1, name.len), &number) != OK)
        return NULL;
    *index = (size_t)number - 1;
    return &t->planted.group[*index];
}

static void series_make(struct trial *t)
{
    t->series = NEW_ARRAY(t->arena, struct trial_series, t->truth.count + 1);
    t->series_of_group = NEW_ARRAY(t->arena, uint32_t, t->truth.count + 1);
    for (size_t g = 0; g < t->truth.count; g++) {
        size_t index;
        if (!t->truth.group[g].series || group_of(t, (int)g, &index) == NULL) continue;
        struct trial_series *s = &t->series[t->series_count++];
        *s = (struct trial_series){
            .group = (int)g, .kind = t->kind_of[index], .size = t->truth.group[g].count};
        s->member = NEW_ARRAY(t->arena, struct trial_member, s->size);
        t->series_of_group[g] = (uint32_t)t->series_count;
    }
}

static enum status tell(struct trial *t)
{
    struct buf truth CLEANUP_BUF;
    struct planted_options options = {.plant = t->o->plant, .seed = t->seed};
    const struct background *b = t->o->background;
    buf_init(&truth, TRUTH_MAX_BYTES);
    options.plant.warm_days = WARM_DAYS;
    TRY(synth_planted_write(b->death, b->count, b->pattern, b->patterns, &options, take_line, t, take_truth,
                            &truth, t->arena, &t->planted, &t->error));
    TRY(truth_load(t->arena, str_copy(t->arena, buf_str(&truth)), &t->truth, &t->error));
    t->kind_of = NEW_ARRAY(t->arena, size_t, t->planted.count + 1);
    for (size_t i = 0; i < t->planted.count; i++)
        for (size_t k = 0; k < b->patterns; k++)
            if (str_eq(b->pattern[k].name, t->planted.group[i].pattern)) t->kind_of[i] = k;
    series_make(t);
    return OK;
}

/* ---- one event ------------------------------------------------------------------------------------------
 */

static Str name_of(const struct trial *t, uint32_t event)
{
    return world_event_id(t->world, event)->id;
}

static struct trial_series *planted_series(const struct trial *t, uint32_t event)
{
    int group = truth_series_of(&t->truth, name_of(t, event));
    uint32_t at = group < 0 ? 0 : t->series_of_group[group];
    return at == 0 ? NULL : &t->series[at - 1];
}

static struct trial_member *arrive(struct trial *t, struct trial_series *s, uint32_t event)
{
    for (size_t i = 0; i < s->arrived; i++)
        if (s->member[i].event == event) return &s->member[i];
    MUST(s->arrived < s->size);
    struct trial_member *m = &s->member[s->arrived];
    *m =
        (struct trial_member){.event = event, .arrived_ms = world_now_ms(t->world), .first = s->arrived == 0};
    s->arrived++;
    return m;
}

static void note_rank(struct trial *t, struct trial_series *s, struct trial_member *m, const struct hit *hit,
                      size_t count)
{
    if (m->first || world_now_ms(t->world) - m->arrived_ms > RANK_DAYS * MS_PER_DAY) return;
    m->rank = 0;
    for (size_t i = 0; i < count && m->rank == 0; i++)
        for (size_t k = 0; k < s->arrived; k++)
            if (s->member[k].event == hit[i].event && &s->member[k] < m) m->rank = i + 1;
}

/* How near its best pair came to the threshold of the day, and how far it has been found. */
static void note_nearest(struct trial *t, struct trial_series *s, const struct trial_member *m)
{
    int best = INT32_MIN;
    bool news = false;
    for (size_t k = 0; k < s->arrived; k++) {
        if (&s->member[k] == m) continue;
        int score = alarm_see(t->alarm[0], t->world, m->event, s->member[k].event).score_db;
        if (score <= best) continue;
        best = score;
        news = alarm_may_tie(t->world, m->event, s->member[k].event);
    }
    if (best == INT32_MIN) return;
    for (size_t b = 0; b < PLANTED_BUDGETS; b++) {
        bool priced;
        int threshold = alarm_threshold_db(t->alarm[b], world_now_ms(t->world), &priced);
        if (s->tried && best - threshold <= s->best_db[b] - s->threshold_db[b]) continue;
        s->best_db[b] = best;
        s->threshold_db[b] = threshold;
        s->news[b] = news;
    }
    s->tried = true;
}

static void note_said(struct trial *t, enum planted_said who, double probability, bool linked)
{
    struct said *s = &t->said[who];
    s->item = alloc_room(s->item, &s->room, s->count, sizeof *s->item);
    s->item[s->count++] = (struct scored){probability, linked};
}

/* What is said of the nearest when the event becomes known, and whether it was so: of the first `shown` by
 * the weight of evidence, of those that may be told by the second look. */
static void note_suggestions(struct trial *t, uint32_t event, const struct hit *hit, size_t shown,
                             size_t looked)
{
    if (world_now_ms(t->world) != world_event_known_ms(t->world, event)) return;
    if (world_now_ms(t->world) - t->first_ms < WARM_DAYS * MS_PER_DAY) return;
    for (size_t i = 0; i < looked || i < shown; i++) {
        Str name[2] = {name_of(t, event), name_of(t, hit[i].event)};
        struct truth_pairs p = truth_pairs(&t->truth, name, 2);
        if (p.benign > 0) continue; /* neither a link to find nor a false one */
        if (i < shown)
            note_said(t, PLANTED_BY_WEIGHT, world_probability(t->world, hit[i].score_db), p.series > 0);
        if (i < looked && trial_looks_at(t, event, hit[i].event))
            note_said(t, PLANTED_BY_LOOK,
                      look_probability(t->o->look, look_weigh(t->o->look, t->world, event, hit[i].event)),
                      p.series > 0);
    }
}

/* ---- alerts ---------------------------------------------------------------------------------------------
 */

/* Those of an alert's members from `first` on that are of its series. */
static size_t mates(struct trial *t, const struct alert *al, size_t first, uint32_t **out)
{
    const struct trial_series *s = planted_series(t, al->member[first]);
    size_t count = 0;
    *out = NEW_ARRAY(t->scratch, uint32_t, al->member_count);
    for (size_t i = first; s != NULL && i < al->member_count; i++)
        if (planted_series(t, al->member[i]) == s) (*out)[count++] = al->member[i];
    return count;
}

static void found(struct trial *t, size_t budget, const struct alert *al)
{
    for (size_t i = 0; i < al->member_count; i++) {
        uint32_t *mate;
        size_t count = mates(t, al, i, &mate);
        if (count < 2) continue;
        struct trial_series *s = planted_series(t, al->member[i]);
        if (s->found_at[budget] == 0) s->found_at[budget] = s->arrived;
        trial_decide_later(t, budget, mate, count);
    }
}

/* A false alert that holds two of a series all the same. */
static void note_drowned(struct trial *t, size_t budget, const struct alert *al)
{
    for (size_t i = 0; i < al->member_count; i++) {
        struct trial_series *s = planted_series(t, al->member[i]);
        for (size_t j = i + 1; s != NULL && j < al->member_count; j++)
            if (planted_series(t, al->member[j]) == s) s->drowned[budget] = true;
    }
}

static int kind_of_alert(const struct trial *t, const struct alert *al, enum truth_verdict v,
                         struct truth_pairs p)
{
    size_t index;
    if (v == TRUTH_FALSE)
        return group_of(t, p.look_alike_group, &index) != NULL ? (int)t->kind_of[index] : -1;
    for (size_t i = 0; v == TRUTH_HIT && i < al->member_count; i++) {
        const struct trial_series *s = planted_series(t, al->member[i]);
        for (size_t j = i + 1; s != NULL && j < al->member_count; j++)
            if (planted_series(t, al->member[j]) == s) return (int)s->kind;
    }
    return -1;
}

static Str alert_line(struct trial *t, size_t budget, const struct alert *al, int kind)
{
    char when[48];
    struct pair_evidence ev;
    struct explain_options options = {0};
    struct buf headline CLEANUP_BUF;
    buf_init(&headline, 4096);
    caldate_words_day(world_now_ms(t->world), when);
    world_pair(t->world, t->scratch, al->event, al->partner, &ev);
    explain_headline(&headline, t->o->policy, &ev, &options);
    Str what = kind < 0 ? S("unrelated") : t->o->background->pattern[kind].name;
    return str_format(t->arena, "%s, at %g a week: %.*s, %zu members, %.1f over %.1f: %.*s and %.*s, %.*s",
                      when, planted_price[budget], STR_ARG(what), al->member_count, al->score_db / 10.0,
                      al->threshold_db / 10.0, STR_ARG(name_of(t, al->event)),
                      STR_ARG(name_of(t, al->partner)), STR_ARG(buf_str(&headline)));
}

void trial_judge(struct trial *t, size_t budget, const struct alert *al)
{
    Str *name = NEW_ARRAY(t->scratch, Str, al->member_count);
    for (size_t i = 0; i < al->member_count; i++)
        name[i] = name_of(t, al->member[i]);
    struct truth_pairs p = truth_pairs(&t->truth, name, al->member_count);
    struct trial_alert a = {
        .budget = budget, .by = al->looked ? ALERT_LOOK : al->by, .once_in_weeks = al->once_in_weeks};
    a.verdict = truth_judge(p);
    a.kind = kind_of_alert(t, al, a.verdict, p);
    a.counted = world_now_ms(t->world) - t->first_ms >= WARM_DAYS * MS_PER_DAY;
    if (a.verdict == TRUTH_HIT) found(t, budget, al);
    if (a.verdict == TRUTH_FALSE) {
        const struct trial_series *s = planted_series(t, al->event);
        a.around = s != NULL && planted_series(t, al->partner) == s;
        if (a.around) a.kind = -1;
        note_drowned(t, budget, al);
    }
    if (a.verdict == TRUTH_FALSE && a.counted && t->o->false_alerts)
        a.line = alert_line(t, budget, al, a.kind);
    if (t->alert_count == t->alert_room) {
        t->alert_room = t->alert_room * 2 + 256;
        t->alert = alloc_resize(t->alert, t->alert_room, sizeof *t->alert);
    }
    t->alert[t->alert_count++] = a;
}

/* ---- the run --------------------------------------------------------------------------------------------
 */

static void consider(struct trial *t, uint32_t event)
{
    struct hit *hit;
    struct alert al[ALERTS_MAX];
    struct trial_series *s = planted_series(t, event);
    size_t k = s != NULL ? RANKED_MAX : t->o->top < SECOND_LOOK_NEAREST ? SECOND_LOOK_NEAREST : t->o->top;
    size_t count = world_nearest(t->world, event, k, t->scratch, &hit),
           shown = count < t->o->top ? count : t->o->top,
           looked = count < SECOND_LOOK_NEAREST ? count : SECOND_LOOK_NEAREST;
    struct trial_member *m = s != NULL ? arrive(t, s, event) : NULL;
    if (m != NULL) note_rank(t, s, m, hit, count);
    note_suggestions(t, event, hit, shown, looked);
    if (m != NULL) note_nearest(t, s, m);
    if (t->o->learn) trial_learn_event(t, event, hit, looked);
    for (size_t b = 0; b < PLANTED_BUDGETS; b++) {
        size_t alerts = alarm_consider(t->alarm[b], t->world, event, hit, looked, al);
        for (size_t i = 0; i < alerts; i++)
            trial_judge(t, b, &al[i]);
    }
}

static void tick(struct trial *t)
{
    struct tick now = world_tick(t->world);
    for (size_t k = 0; k < now.count; k++) {
        arena_reset(t->scratch);
        trial_decide_due(t);
        if (t->groups != NULL) group_watch_take(t->groups, t->world, now.event[k]);
        consider(t, now.event[k]);
    }
}

static enum status listen(struct trial *t)
{
    t->first_ms = t->line_count > 0 ? t->line[0].known_at_ms : 0;
    for (size_t i = 0; i < t->line_count;) {
        int64_t at = t->line[i].known_at_ms;
        for (; i < t->line_count && t->line[i].known_at_ms == at; i++)
            TRY(world_apply(t->world, &t->line[i], &t->error));
        TRY(trial_look_for_groups(t));
        tick(t);
    }
    t->events = world_event_count(t->world);
    double days = (double)(world_now_ms(t->world) - t->first_ms) / (double)MS_PER_DAY - WARM_DAYS;
    t->weeks = days > 0 ? days / 7 : 0;
    return OK;
}

/* How many of the fields that only a scene gives were filled in: planted deaths must not stand out by it. */
static void count_recorded(struct trial *t)
{
    static const int field[] = {death_field_posture,   death_field_injuries,   death_field_covering,
                                death_field_clothing,  death_field_found_by,   death_field_signs_moved,
                                death_field_mechanism, death_field_explanation};
    for (uint32_t i = 0; i < t->events; i++) {
        const struct record *r = world_event_record(t->world, i);
        if (r == NULL || r->id.kind != KIND_DEATH) continue;
        bool planted = planted_series(t, i) != NULL;
        size_t given = 0;
        for (size_t f = 0; f < COUNT_OF(field); f++)
            given += str_present(r->held[field[f]].value);
        t->deaths[planted]++;
        t->recorded[planted] += (double)given / COUNT_OF(field);
    }
}

void trial_run(struct trial *t)
{
    t->arena = arena_new("planted", ARENA_MAX_BYTES);
    t->scratch = arena_new("planted, one event", (size_t)256 << 20);
    t->world = world_new(t->o->model, t->o->policy, ARENA_MAX_BYTES);
    world_read_by(t->world, 1); /* runs are what threads share */
    if (t->o->groups) t->groups = group_watch_new(t->o->policy, 1);
    for (size_t b = 0; b < PLANTED_BUDGETS; b++)
        t->alarm[b] = alarm_new(t->o->model, t->o->look, planted_price[b]);
    t->status = tell(t);
    if (t->status == OK) t->status = listen(t);
    if (t->status == OK) count_recorded(t);
    for (size_t b = 0; b < PLANTED_BUDGETS; b++)
        alarm_free(t->alarm[b]);
    group_watch_free(t->groups);
    world_free(t->world);
    t->world = NULL;
    alloc_free(t->line);
    alloc_free(t->decision);
    arena_free(t->scratch);
    truth_done(&t->truth);
}

void trial_done(struct trial *t)
{
    alloc_free(t->alert);
    lessons_free(&t->lessons);
    for (size_t i = 0; i < PLANTED_SAID; i++)
        alloc_free(t->said[i].item);
    arena_free(t->arena);
}
