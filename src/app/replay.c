#include "app/replay.h"

#include "app/back_records.h"
#include "app/feed_lines.h"
#include "app/linking.h"
#include "app/truth.h"
#include "base/caldate.h"
#include "base/stream.h"
#include "link/alert.h"
#include "link/explain.h"

#include <stdio.h>

#define RANKED_MAX      1000 /* how far down the ranks of a truth series are told */
#define JSON_MAX_BYTES  ((size_t)4 << 30)
#define ARENA_MAX_BYTES ((size_t)8 << 30)

/* What happened to one member of a series of the truth file. */
struct fate {
    int64_t arrived_ms;
    size_t rank; /* of its best earlier mate, on the day it became known; 0: beyond RANKED_MAX or the first */
    bool alerted;
};

struct told {
    struct fate *fate; /* one for each event of the group */
    int64_t first_alert_ms;
    size_t found_at_member;
    uint64_t alerts;
};

struct replay {
    const struct replay_options *o;
    const struct policy *policy;
    struct arena *arena, *scratch;
    struct feed_lines lines;
    struct world *world;
    struct alarm *alarm;
    struct back_records *back;
    struct truth truth;
    struct told *told; /* one for each group */
    struct buf json;
    struct json_writer writer;
    void (*put)(void *state, Str line);
    void *put_state;
    struct replay_summary sum;
    int64_t first_ms, last_ms;
    int32_t *active_day;
};

/* ---- telling -------------------------------------------------------------------------------------- */

static Str event_name(const struct replay *r, uint32_t event)
{
    const struct record_id *id = world_event_id(r->world, event);
    if (str_eq(id->ns, S("main"))) return id->id;
    return str_format(r->scratch, "%.*s:%.*s", STR_ARG(id->ns), STR_ARG(id->id));
}

static void say(struct replay *r, Str line)
{
    if (r->put != NULL) r->put(r->put_state, line);
}

static const char *verdict_words(enum truth_verdict v)
{
    return v == TRUTH_HIT ? "hit" : v == TRUTH_BENIGN ? "a true tie, but no series" : "false";
}

/* Members by name, the bare ids that the truth file uses. */
static Str *member_names(const struct replay *r, const struct alert *al)
{
    Str *name = NEW_ARRAY(r->scratch, Str, al->member_count);
    for (size_t i = 0; i < al->member_count; i++)
        name[i] = event_name(r, al->member[i]);
    return name;
}

static void tell_alert(struct replay *r, const struct alert *al, const Str *name, enum truth_verdict v,
                       const char *what)
{
    char when[48];
    struct pair_evidence ev;
    struct buf headline CLEANUP_BUF;
    struct str_list members = {NEW_ARRAY(r->scratch, Str, al->member_count), al->member_count};
    memcpy(members.item, name, al->member_count * sizeof(Str));
    struct explain_options options = {0};
    buf_init(&headline, 4096);
    caldate_words(world_now_ms(r->world), when);
    world_pair(r->world, r->scratch, al->event, al->partner, &ev);
    explain_headline(&headline, r->policy, &ev, &options);
    say(r, str_format(r->scratch, "%s  %s (%s, %s): %.*s", when, what, alert_by_name(al->by),
                      verdict_words(v), STR_ARG(str_join(r->scratch, &members, S(", ")))));
    say(r, str_format(r->scratch, "    %.*s and %.*s: %.*s", STR_ARG(event_name(r, al->event)),
                      STR_ARG(event_name(r, al->partner)), STR_ARG(buf_str(&headline))));
    say(r, str_format(r->scratch, "    %.1f tenfold steps%s (threshold %.1f), so high once in %.1f weeks%s",
                      al->score_db / 10.0, al->looked ? " at the second look" : "", al->threshold_db / 10.0,
                      al->once_in_weeks,
                      al->state == LINK_UNVERIFIED ? "; linked, explanation unverified" : ""));
}

static size_t size_class(size_t members)
{
    return members <= 5 ? members - 1 : members <= 9 ? 5 : members <= 19 ? 6 : 7;
}

static void judge_alert(struct replay *r, const struct alert *al, const Str *name, enum truth_verdict v)
{
    r->sum.alerts++;
    r->sum.sizes[size_class(al->member_count)]++;
    if (v == TRUTH_FALSE)
        r->sum.false_alerts++;
    else if (v == TRUTH_BENIGN)
        r->sum.benign++;
    else
        r->sum.hits++;
    if (v != TRUTH_HIT) return;
    for (size_t i = 0; i < al->member_count; i++)
        for (size_t j = i + 1; j < al->member_count; j++) {
            int g = truth_same_series(&r->truth, name[i], name[j]);
            if (g < 0) continue;
            struct told *t = &r->told[g];
            if (t->first_alert_ms == 0) {
                t->first_alert_ms = world_now_ms(r->world);
                for (size_t m = 0; m < r->truth.group[g].count; m++)
                    t->found_at_member += t->fate[m].arrived_ms != 0;
            }
            for (size_t m = 0; m < r->truth.group[g].count; m++)
                if (str_eq(r->truth.group[g].event[m], name[i]) ||
                    str_eq(r->truth.group[g].event[m], name[j]))
                    t->fate[m].alerted = true;
        }
}

static void json_alert(struct replay *r, const struct alert *al, const Str *name)
{
    struct json_writer *w = &r->writer;
    json_open(w, '{');
    json_kv_str(w, S("by"), str_of(alert_by_name(al->by)));
    json_put_key(w, S("members"));
    json_open(w, '[');
    for (size_t i = 0; i < al->member_count; i++)
        json_put_str(w, name[i]);
    json_close(w, ']');
    json_kv_str(w, S("state"), str_of(link_state_name(al->state)));
    json_put_key(w, S("weight"));
    json_put_fixed(w, al->score_db / 10.0, 1);
    json_put_key(w, S("once_in_weeks"));
    json_put_fixed(w, al->once_in_weeks, 2);
    json_close(w, '}');
}

static void json_suggestions(struct replay *r, const struct hit *hit, size_t count)
{
    struct json_writer *w = &r->writer;
    json_put_key(w, S("suggestions"));
    json_open(w, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(w, '{');
        json_kv_str(w, S("id"), event_name(r, hit[i].event));
        json_kv_i64(w, S("rank"), (int64_t)i + 1);
        json_put_key(w, S("weight"));
        json_put_fixed(w, hit[i].score_db / 10.0, 1);
        json_kv_f64(w, S("probability"), world_probability(r->world, hit[i].score_db));
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* ---- the truth series ----------------------------------------------------------------------------- */

/* Ranks of the best earlier mate, kept up to date through the day an event became known. */
static void note_arrival(struct replay *r, uint32_t event, const struct hit *hit, size_t count)
{
    Str name = event_name(r, event);
    int64_t now = world_now_ms(r->world);
    for (size_t g = 0; g < r->truth.count; g++) {
        const struct truth_group *group = &r->truth.group[g];
        for (size_t m = 0; group->series && m < group->count; m++) {
            struct fate *f = &r->told[g].fate[m];
            if (!str_eq(group->event[m], name)) continue;
            if (f->arrived_ms == 0) f->arrived_ms = now;
            if (caldate_day_of(f->arrived_ms) != caldate_day_of(now)) continue;
            f->rank = 0;
            for (size_t i = 0; i < count && f->rank == 0; i++)
                if (truth_same_series(&r->truth, name, event_name(r, hit[i].event)) == (int)g)
                    f->rank = i + 1;
        }
    }
}

static bool in_series(const struct replay *r, Str name)
{
    for (size_t g = 0; g < r->truth.count; g++)
        for (size_t m = 0; r->truth.group[g].series && m < r->truth.group[g].count; m++)
            if (str_eq(r->truth.group[g].event[m], name)) return true;
    return false;
}

/* ---- a tick --------------------------------------------------------------------------------------- */

static void json_event(struct replay *r, Str name, const struct hit *hit, size_t shown,
                       const struct alert *al, size_t alerts)
{
    char at[32];
    caldate_format(world_now_ms(r->world), at);
    json_open(&r->writer, '{');
    json_kv_str(&r->writer, S("id"), name);
    json_kv_str(&r->writer, S("at"), str_of(at));
    json_suggestions(r, hit, shown);
    json_put_key(&r->writer, S("alerts"));
    json_open(&r->writer, '[');
    for (size_t i = 0; i < alerts && world_now_ms(r->world) >= r->o->back_until_ms; i++)
        json_alert(r, &al[i], member_names(r, &al[i]));
    json_close(&r->writer, ']');
    json_close(&r->writer, '}');
    buf_add_char(&r->json, '\n');
}

static void take_alert(struct replay *r, const struct alert *al)
{
    if (world_now_ms(r->world) < r->o->back_until_ms) {
        back_records_keep(r->back, al, world_now_ms(r->world));
        return;
    }
    back_records_told(r->back, al);
    Str *names = member_names(r, al);
    enum truth_verdict v = truth_judge(truth_pairs(&r->truth, names, al->member_count));
    judge_alert(r, al, names, v);
    if (r->o->story) tell_alert(r, al, names, v, "alert");
}

static void replay_event(struct replay *r, uint32_t event)
{
    struct hit *hit;
    struct alert al[ALERTS_MAX];
    Str name = event_name(r, event);
    bool followed = in_series(r, name);
    size_t k = followed ? RANKED_MAX : r->o->top < SECOND_LOOK_NEAREST ? SECOND_LOOK_NEAREST : r->o->top;
    size_t count = world_nearest(r->world, event, k, r->scratch, &hit),
           shown = count < r->o->top ? count : r->o->top,
           looked = count < SECOND_LOOK_NEAREST ? count : SECOND_LOOK_NEAREST;
    r->sum.pairs_weighed += world_event_count(r->world) - 1;
    if (followed) note_arrival(r, event, hit, count);
    size_t alerts = alarm_consider(r->alarm, r->world, event, hit, looked, al);
    if (r->o->json != NULL) json_event(r, name, hit, shown, al, alerts);
    for (size_t i = 0; i < alerts; i++)
        take_alert(r, &al[i]);
}

/* What waits of the past, as far as the day allows. */
static void tell_back_records(struct replay *r)
{
    struct alert al;
    while (back_records_take(r->back, r->alarm, caldate_day_of(world_now_ms(r->world)), r->scratch, &al)) {
        Str *names = member_names(r, &al);
        enum truth_verdict v = truth_judge(truth_pairs(&r->truth, names, al.member_count));
        r->sum.back_told++;
        r->sum.back_hits += v == TRUTH_HIT;
        if (r->o->story) tell_alert(r, &al, names, v, "from the back-records");
        arena_reset(r->scratch);
    }
}

static enum status run_ticks(struct replay *r, struct err *e)
{
    for (size_t i = 0; i < r->lines.count;) {
        int64_t at = r->lines.line[i].known_at_ms;
        for (; i < r->lines.count && r->lines.line[i].known_at_ms == at; i++)
            TRY(world_apply(r->world, &r->lines.line[i], e));
        struct tick t = world_tick(r->world);
        if (t.count > 0 && at >= r->o->back_until_ms) {
            int32_t day = (int32_t)caldate_day_of(at);
            if (r->sum.weeks == 0 || day != *r->active_day) r->sum.weeks += 1.0 / 7;
            *r->active_day = day;
        }
        for (size_t k = 0; k < t.count; k++) {
            arena_reset(r->scratch);
            replay_event(r, t.event[k]);
        }
        arena_reset(r->scratch);
        if (at >= r->o->back_until_ms) tell_back_records(r);
    }
    r->sum.back_waiting = back_records_waiting(r->back);
    r->sum.events = world_event_count(r->world);
    return OK;
}

/* ---- the end -------------------------------------------------------------------------------------- */

static void json_series(struct replay *r)
{
    struct json_writer *w = &r->writer;
    json_put_key(w, S("series"));
    json_open(w, '[');
    for (size_t g = 0; g < r->truth.count; g++) {
        const struct truth_group *group = &r->truth.group[g];
        const struct told *t = &r->told[g];
        char at[32];
        if (!group->series) continue;
        json_open(w, '{');
        json_kv_str(w, S("name"), group->name);
        json_put_key(w, S("members"));
        json_open(w, '[');
        for (size_t m = 0; m < group->count; m++)
            json_put_str(w, group->event[m]);
        json_close(w, ']');
        if (t->first_alert_ms != 0) caldate_format(t->first_alert_ms, at);
        json_put_key(w, S("found_at_member"));
        if (t->first_alert_ms != 0)
            json_put_i64(w, (int64_t)t->found_at_member);
        else
            json_put_null(w);
        json_kv_str(w, S("first_alert_at"), t->first_alert_ms != 0 ? str_of(at) : STR_NONE);
        json_put_key(w, S("ranks"));
        json_open(w, '[');
        for (size_t m = 0; m < group->count; m++) {
            json_open(w, '{');
            json_kv_str(w, S("id"), group->event[m]);
            json_put_key(w, S("rank"));
            if (t->fate[m].rank > 0)
                json_put_i64(w, (int64_t)t->fate[m].rank);
            else
                json_put_null(w);
            json_kv_bool(w, S("alerted"), t->fate[m].alerted);
            json_close(w, '}');
        }
        json_close(w, ']');
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void json_summary(struct replay *r)
{
    struct json_writer *w = &r->writer;
    const struct replay_summary *s = &r->sum;
    json_put_key(w, S("summary"));
    json_open(w, '{');
    json_put_key(w, S("weeks"));
    json_put_fixed(w, s->weeks, 2);
    json_kv_i64(w, S("alerts"), (int64_t)s->alerts);
    json_kv_i64(w, S("hits"), (int64_t)s->hits);
    json_kv_i64(w, S("benign"), (int64_t)s->benign);
    json_kv_i64(w, S("false_alerts"), (int64_t)s->false_alerts);
    json_put_key(w, S("false_alerts_per_week"));
    json_put_fixed(w, s->false_per_week, 3);
    json_kv_i64(w, S("back_records_told"), (int64_t)s->back_told);
    json_kv_i64(w, S("back_records_waiting"), (int64_t)s->back_waiting);
    json_kv_i64(w, S("events"), (int64_t)s->events);
    json_kv_i64(w, S("refused_lines"), (int64_t)s->refused);
    json_close(w, '}');
}

static void tell_series(struct replay *r)
{
    for (size_t g = 0; g < r->truth.count; g++) {
        const struct truth_group *group = &r->truth.group[g];
        const struct told *t = &r->told[g];
        char at[48];
        if (!group->series) continue;
        arena_reset(r->scratch);
        if (t->first_alert_ms != 0) caldate_words(t->first_alert_ms, at);
        say(r, str_format(r->scratch, "Series %.*s: %s%s", STR_ARG(group->name),
                          t->first_alert_ms != 0 ? "first alert " : "never found",
                          t->first_alert_ms != 0 ? at : ""));
        for (size_t m = 0; m < group->count; m++) {
            const struct fate *f = &t->fate[m];
            char rank[64] = "no earlier mate in sight";
            if (f->rank > 0) (void)snprintf(rank, sizeof rank, "best earlier mate ranked %zu", f->rank);
            caldate_words_day(f->arrived_ms, at);
            say(r, f->arrived_ms == 0
                       ? str_format(r->scratch, "    %.*s: not in the feeds", STR_ARG(group->event[m]))
                       : str_format(r->scratch, "    %.*s, %s: %s, %s", STR_ARG(group->event[m]), at, rank,
                                    f->alerted ? "in an alert" : "in no alert"));
        }
    }
}

static enum status load_truth(struct replay *r, struct err *e)
{
    if (r->o->truth == NULL) return OK;
    struct buf text CLEANUP_BUF;
    buf_init(&text, (size_t)256 << 20);
    TRY(file_read(r->o->truth, &text, e));
    TRY(truth_load(r->arena, str_copy(r->arena, buf_str(&text)), &r->truth, e));
    r->told = NEW_ARRAY(r->arena, struct told, r->truth.count + 1);
    for (size_t g = 0; g < r->truth.count; g++)
        r->told[g].fate = NEW_ARRAY(r->arena, struct fate, r->truth.group[g].count);
    return OK;
}

static enum status run_all(struct replay *r, struct err *e)
{
    TRY(load_truth(r, e));
    TRY(feed_lines_read(r->arena, r->policy, r->o->feed, r->o->feed_count, &r->lines, e));
    if (r->lines.refused > 0) say(r, r->lines.complaint);
    r->sum.refused = r->lines.refused;
    r->sum.lines = r->lines.count + r->lines.refused;
    json_open(&r->writer, '{');
    json_put_key(&r->writer, S("events"));
    json_open(&r->writer, '[');
    TRY(run_ticks(r, e));
    json_close(&r->writer, ']');
    r->sum.false_per_week = r->sum.weeks > 0 ? (double)r->sum.false_alerts / r->sum.weeks : 0;
    json_series(r);
    json_summary(r);
    json_close(&r->writer, '}');
    buf_add_char(&r->json, '\n');
    tell_series(r);
    if (r->o->json == NULL) return OK;
    TRY(buf_status(&r->json, e));
    return file_write(r->o->json, buf_str(&r->json), 0600, e);
}

enum status replay_run(const struct replay_options *options, const struct policy *policy,
                       const struct link_model *model, void (*put)(void *state, Str line), void *state,
                       struct replay_summary *out, struct err *e)
{
    int32_t active_day = INT32_MIN;
    struct replay r = {
        .o = options, .policy = policy, .put = put, .put_state = state, .active_day = &active_day};
    r.arena = arena_new("replay", ARENA_MAX_BYTES);
    r.scratch = arena_new("replay, one event", (size_t)256 << 20);
    r.world = world_new(model, policy, ARENA_MAX_BYTES);
    r.alarm = alarm_new(model, options->look, options->price_per_week);
    r.back = back_records_new(options->back_daily);
    buf_init(&r.json, JSON_MAX_BYTES);
    r.writer = json_writer(&r.json, false);
    enum status s = run_all(&r, e);
    if (s == OK) *out = r.sum;
    buf_free(&r.json);
    truth_done(&r.truth);
    alarm_free(r.alarm);
    back_records_free(r.back);
    world_free(r.world);
    arena_free(r.scratch);
    arena_free(r.arena);
    return s;
}
