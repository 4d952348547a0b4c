/* What the linker knows, in memory: made from the ledger, and carried on line by line. */
#include "app/linking.h"
#include "app/live_private.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "link/event_facts.h"
#include "model/kinds.h"

#include <stdio.h>

#define WORLD_MAX_BYTES  ((size_t)16 << 30)
#define PLACES_MAX_BYTES ((size_t)2 << 30)
#define TICK_MAX_BYTES   ((size_t)256 << 20)
#define KEYS_MAX         ((size_t)1 << 26)
#define KEY_BYTES        700
#define MEASURED_MAX     24 /* members of a link whose pairs are weighed: the first ones */

struct side *side_new(const struct policy *policy)
{
    struct side *s = alloc_zero(1, sizeof *s);
    s->series = table_new(KEYS_MAX);
    s->groups = group_watch_new(policy, 1); /* a night is long, and pages are read meanwhile */
    s->words = table_new(KEYS_MAX);
    s->arena = arena_new("where deaths lie", PLACES_MAX_BYTES);
    return s;
}

void side_free(struct side *s)
{
    if (s == NULL) return;
    world_free(s->open);
    world_free(s->whole);
    alarm_free(s->alarm);
    table_free(s->series);
    group_watch_free(s->groups);
    table_free(s->words);
    arena_free(s->arena);
    alloc_free(s);
}

/* ---- what is restricted ------------------------------------------------------------------------------ */

bool restricted_has(const struct restricted *r, const struct record_id *id)
{
    char key[KEY_BYTES];
    if (r == NULL || r->event == NULL || table_count(r->event) == 0) return false;
    int n = snprintf(key, sizeof key, "%.*s:%.*s", STR_ARG(id->ns), STR_ARG(id->id));
    return n > 0 && n < KEY_BYTES && table_find(r->event, (Str){key, (size_t)n}) != NULL;
}

static bool refers_to_restricted(const struct restricted *r, const struct change *line, int field)
{
    for (size_t i = 0; i < line->fact_count; i++) {
        struct json_doc doc CLEANUP_JSON = {0};
        struct err none = {0};
        struct record_id id = {.kind = KIND_DEATH};
        char text[KEY_BYTES];
        if (line->fact[i].field != field) continue;
        int n = snprintf(text, sizeof text, "[%.*s]", STR_ARG(line->fact[i].value));
        if (n <= 0 || n >= KEY_BYTES || json_parse((Str){text, (size_t)n}, &doc, &none) != OK) return false;
        Str reference = json_str(json_at(doc.root, 0));
        if (!str_present(reference)) return false;
        ref_split(reference, line->record.ns, &id.ns, &id.id);
        return restricted_has(r, &id);
    }
    return false;
}

bool line_restricted(const struct restricted *r, const struct change *line)
{
    if (r == NULL || r->event == NULL || table_count(r->event) == 0) return false;
    switch ((int)line->record.kind) {
    case KIND_DEATH:
    case KIND_INCIDENT:
        return restricted_has(r, &line->record);
    case KIND_INVOLVEMENT:
        return refers_to_restricted(r, line, involvement_field_event);
    case KIND_IDENTIFIER:
        return refers_to_restricted(r, line, identifier_field_holder);
    default:
        return false;
    }
}

/* ---- where deaths lie -------------------------------------------------------------------------------- */

static Str word_kept(struct side *s, Str word)
{
    return str_empty(word) ? S("") : table_key(s->words, table_intern(s->words, word));
}

static void place_put(struct side *s, struct lying *in, const struct world *w, uint32_t event)
{
    if (world_event_id(w, event)->kind != KIND_DEATH) return;
    const struct death *d = world_event_record(w, event)->data;
    struct case_places *p = &in->places;
    size_t at = p->count;
    while (at > 0 && p->item[at - 1].event >= event)
        at--;
    bool there = at < p->count && p->item[at].event == event;
    if (!d->place.present) {
        if (there) memmove(&p->item[at], &p->item[at + 1], (--p->count - at) * sizeof *p->item);
        return;
    }
    if (!there) {
        ARENA_ROOM(s->arena, p->item, in->room, p->count + 1, 1024);
        memmove(&p->item[at + 1], &p->item[at], (p->count++ - at) * sizeof *p->item);
    }
    p->item[at] = (struct case_place){.event = event,
                                      .lat = d->place.lat,
                                      .lon = d->place.lon,
                                      .known_ms = world_event_known_ms(w, event),
                                      .mechanism = word_kept(s, d->mechanism),
                                      .setting = word_kept(s, d->setting),
                                      .access = word_kept(s, d->access),
                                      .sex = word_kept(s, d->sex)};
}

/* ---- findings ---------------------------------------------------------------------------------------- */

static struct record_id id_copy(struct arena *a, const struct record_id *id)
{
    return (struct record_id){str_copy(a, id->ns), id->kind, str_copy(a, id->id)};
}

static uint64_t facts_of(struct world *w, const uint32_t *member, size_t count)
{
    uint64_t digest = 0;
    for (size_t i = 0; i < count; i++)
        digest = facts_digest_add(digest, world_event_id(w, member[i])->id, event_facts_digest(w, member[i]));
    return digest;
}

struct found_link *finding_add(struct outcome *o, struct world *w, const struct alert *al, bool restricted)
{
    ARENA_ROOM(o->a, o->finding, o->finding_room, o->findings + 1, 8);
    struct found_link *f = &o->finding[o->findings++];
    *f = (struct found_link){.by = al->by == ALERT_LOOK ? ALERT_PAIR : al->by,
                             .restricted = restricted,
                             .series = al->series,
                             .member = NEW_ARRAY(o->a, struct record_id, al->member_count),
                             .count = al->member_count,
                             .first = id_copy(o->a, world_event_id(w, al->event)),
                             .second = id_copy(o->a, world_event_id(w, al->partner)),
                             .weight_db =
                                 al->looked ? world_pair_score(w, al->event, al->partner) : al->score_db,
                             .look_db = al->score_db,
                             .looked = al->looked,
                             .threshold_db = al->threshold_db,
                             .once_in_weeks = al->once_in_weeks,
                             .unverified = al->state == LINK_UNVERIFIED,
                             .facts = facts_of(w, al->member, al->member_count),
                             .tick_ms = world_now_ms(w),
                             .counts_ms = world_counts_ms(w),
                             .model = str_copy(o->a, world_model(w)->label)};
    for (size_t i = 0; i < al->member_count; i++)
        f->member[i] = id_copy(o->a, world_event_id(w, al->member[i]));
    return f;
}

/* What was combined goes into the ledger: the nearest with their weights, as a digest. */
static void run_add(struct outcome *o, struct world *w, uint32_t event, const struct hit *hit, size_t count)
{
    struct buf text CLEANUP_BUF;
    buf_init(&text, (size_t)1 << 20);
    for (size_t i = 0; i < count; i++) {
        const struct record_id *to = world_event_id(w, hit[i].event);
        buf_addf(&text, "%d\t%.*s\t%d\t%.*s\n", hit[i].score_db, STR_ARG(to->ns), (int)to->kind,
                 STR_ARG(to->id));
    }
    ARENA_ROOM(o->a, o->run, o->run_room, o->runs + 1, 64);
    o->run[o->runs++] = (struct link_run){.event = id_copy(o->a, world_event_id(w, event)),
                                          .model = str_copy(o->a, world_model(w)->label),
                                          .epoch_ms = world_counts_ms(w),
                                          .digest = sha256(buf_str(&text))};
}

static void consider(struct side *s, uint32_t event, struct outcome *o, struct arena *scratch)
{
    struct hit *hit;
    struct alert al[ALERTS_MAX];
    size_t count = world_nearest(s->open, event, LIVE_TOP, scratch, &hit),
           alerts = alarm_consider(s->alarm, s->open, event, hit, count, al);
    if (!o->telling) return;
    run_add(o, s->open, event, hit, count);
    for (size_t i = 0; i < alerts; i++)
        (void)finding_add(o, s->open, &al[i], false);
}

/* Pairs that touch something restricted: against the threshold of the others, and entering none. */
static void consider_restricted(struct side *s, const struct restricted *r, uint32_t event, struct outcome *o,
                                struct arena *scratch)
{
    struct world *w = s->whole;
    struct hit *hit;
    bool mine = restricted_has(r, world_event_id(w, event));
    size_t count = world_nearest(w, event, LIVE_TOP, scratch, &hit);
    if (mine) run_add(o, w, event, hit, count);
    for (size_t i = 0; i < count; i++) {
        uint32_t member[2] = {hit[i].event, event};
        bool theirs = restricted_has(r, world_event_id(w, hit[i].event));
        if ((!mine && !theirs) || !alarm_may_tie(w, event, hit[i].event)) continue;
        struct alarm_sight seen = alarm_see(s->alarm, w, event, hit[i].event);
        if (seen.score_db <= seen.threshold_db) continue;
        struct alert al = {.by = ALERT_PAIR,
                           .state = world_unverified(w, event) || world_unverified(w, hit[i].event)
                                        ? LINK_UNVERIFIED
                                        : LINK_SUGGESTED,
                           .event = event,
                           .partner = hit[i].event,
                           .score_db = seen.score_db,
                           .threshold_db = seen.threshold_db,
                           .looked = seen.looked,
                           .member = member,
                           .member_count = 2};
        (void)finding_add(o, w, &al, true);
    }
}

static void change_add(struct outcome *o, const struct record_id *id)
{
    ARENA_ROOM(o->a, o->changed, o->change_room, o->changes + 1, 16);
    o->changed[o->changes++] = id_copy(o->a, id);
}

/* ---- a tick ------------------------------------------------------------------------------------------ */

static enum status world_take(struct world *w, const struct change *line, int64_t known_ms, struct err *e)
{
    struct change moved = *line;
    if (known_ms > moved.known_at_ms) moved.known_at_ms = known_ms;
    return world_apply(w, &moved, e);
}

enum status side_tick(struct side *s, const struct restricted *r, const struct change *line, size_t count,
                      int64_t known_ms, struct outcome *out, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("a tick", TICK_MAX_BYTES);
    for (size_t i = 0; i < count; i++) {
        if (!line_restricted(r, &line[i])) TRY(world_take(s->open, &line[i], known_ms, e));
        if (s->whole != NULL) TRY(world_take(s->whole, &line[i], known_ms, e));
    }
    struct tick t = world_tick(s->open);
    for (size_t i = 0; i < t.count; i++) {
        arena_reset(scratch);
        place_put(s, &s->in_open, s->open, t.event[i]);
        group_watch_take(s->groups, s->open, t.event[i]);
        consider(s, t.event[i], out, scratch);
        if (out->telling) change_add(out, world_event_id(s->open, t.event[i]));
    }
    if (s->whole == NULL) return OK;
    t = world_tick(s->whole);
    for (size_t i = 0; i < t.count; i++) {
        place_put(s, &s->in_whole, s->whole, t.event[i]);
        if (!out->telling) continue;
        arena_reset(scratch);
        consider_restricted(s, r, t.event[i], out, scratch);
        if (restricted_has(r, world_event_id(s->whole, t.event[i])))
            change_add(out, world_event_id(s->whole, t.event[i]));
    }
    return OK;
}

/* A line of a kind that ties nothing moves the clock, and leaves no other trace. */
enum status side_midnight(struct side *s, int64_t midnight_ms, struct err *e)
{
    struct change mark = {.record = {S("main"), KIND_UNIT, S("-")}, .known_at_ms = midnight_ms};
    if (midnight_ms <= world_now_ms(s->open)) return OK;
    TRY(world_apply(s->open, &mark, e));
    (void)world_tick(s->open);
    if (s->whole == NULL) return OK;
    TRY(world_take(s->whole, &mark, world_now_ms(s->whole), e));
    (void)world_tick(s->whole);
    return OK;
}

bool side_measure(const struct side *s, const struct record_id *member, size_t count,
                  struct link_measure *out)
{
    struct link_measure m = {.strongest_db = INT32_MIN};
    uint32_t at[MEASURED_MAX];
    struct world *w = s->open;
    for (size_t i = 0; i < count && s->whole != NULL; i++)
        if (world_find(w, &member[i]) < 0) w = s->whole;
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t event = world_find(w, &member[i]);
        if (event < 0) return false;
        m.facts = facts_digest_add(m.facts, member[i].id, event_facts_digest(w, (uint32_t)event));
        m.unverified = m.unverified || world_unverified(w, (uint32_t)event);
        if (n < MEASURED_MAX) at[n++] = (uint32_t)event;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++) {
            int score = world_pair_score(w, at[i], at[k]);
            if (score > m.strongest_db) m.strongest_db = score;
        }
    *out = m;
    return true;
}

/* ---- loading ----------------------------------------------------------------------------------------- */

struct loading {
    const struct load_order *o;
    struct side *side;
    struct outcome *out;
    struct arena *tick; /* the lines of one moment */
    struct change *line;
    size_t count, room;
    bool untold;   /* one of them is */
    bool by_ticks; /* else only the worlds are filled */
};

static enum status tick_end(struct loading *l, struct err *e)
{
    if (l->count == 0) return OK;
    struct outcome quiet = {.a = l->tick};
    struct outcome *out = l->untold ? l->out : &quiet;
    TRY(side_tick(l->side, l->o->restricted, l->line, l->count, INT64_MIN, out, e));
    arena_reset(l->tick);
    l->line = NULL;
    l->count = l->room = 0;
    l->untold = false;
    return OK;
}

static bool is_untold(const struct untold *u, uint64_t seq)
{
    return seq > u->after || (u->some != NULL && table_find_number(u->some, seq) != NULL);
}

static enum status fill_line(struct loading *l, const struct change *change, struct err *e)
{
    struct world *both[] = {l->side->open, l->side->whole};
    for (size_t i = 0; i < COUNT_OF(both); i++) {
        struct world *w = both[i];
        if (w == NULL || (i == 0 && line_restricted(l->o->restricted, change))) continue;
        if (world_now_ms(w) != INT64_MIN && change->known_at_ms != world_now_ms(w)) (void)world_tick(w);
        TRY(world_apply(w, change, e));
    }
    return OK;
}

static enum status load_line(void *state, const struct change *change, uint64_t seq, struct err *e)
{
    struct loading *l = state;
    if (atomic_load(l->o->stop)) return ERR(e, E_BUSY, "", "the linker is being stopped.");
    if (!l->by_ticks) return fill_line(l, change, e);
    if (l->count > 0 && l->line[0].known_at_ms != change->known_at_ms) TRY(tick_end(l, e));
    ARENA_ROOM(l->tick, l->line, l->room, l->count + 1, 16);
    struct change *kept = &l->line[l->count++];
    *kept = *change;
    kept->record = id_copy(l->tick, &change->record);
    kept->source = str_copy(l->tick, change->source);
    kept->fact = NEW_ARRAY(l->tick, struct fact, change->fact_count);
    for (size_t i = 0; i < change->fact_count; i++)
        kept->fact[i] = (struct fact){change->fact[i].field, str_copy(l->tick, change->fact[i].value),
                                      str_copy(l->tick, change->fact[i].key), S("")};
    l->untold = l->untold || is_untold(&l->o->untold, seq);
    return OK;
}

/* Everything known by then, without asking what is near to what. */
static enum status load_before(struct loading *l, struct view view, struct err *e)
{
    const struct load_order *o = l->o;
    struct side *s = l->side;
    bool some =
        o->restricted != NULL && o->restricted->event != NULL && table_count(o->restricted->event) > 0;
    if (!some) return linking_load(o->store, o->actor, view, o->policy, o->model, &s->open, NULL, e);
    s->open = world_new(o->model, o->policy, WORLD_MAX_BYTES);
    s->whole = world_new(o->model, o->policy, WORLD_MAX_BYTES);
    l->by_ticks = false;
    TRY(store_lines(o->store, o->actor, view, LIVE_TIES, S("linking"), load_line, l, e));
    (void)world_tick(s->open);
    (void)world_tick(s->whole);
    return OK;
}

static enum status load_since(struct loading *l, struct view view, struct err *e)
{
    const struct load_order *o = l->o;
    l->by_ticks = true;
    TRY(store_lines_since(o->store, o->actor, o->warm_from_ms, view, LIVE_TIES, S("linking"), load_line, l,
                          e));
    return tick_end(l, e);
}

void side_places_fill(struct side *s)
{
    for (uint32_t i = 0; i < world_event_count(s->open); i++) {
        place_put(s, &s->in_open, s->open, i);
        group_watch_take(s->groups, s->open, i);
    }
    for (uint32_t i = 0; s->whole != NULL && i < world_event_count(s->whole); i++)
        place_put(s, &s->in_whole, s->whole, i);
}

static enum status load_all(struct loading *l, struct err *e)
{
    struct store_place head;
    TRY(store_head(l->o->store, &head, e));
    struct view view = {l->o->warm_from_ms, head.seq};
    l->side->warm_from_ms = l->o->warm_from_ms;
    TRY(load_before(l, view, e));
    l->side->alarm = alarm_new(l->o->model, l->o->look, l->o->price_per_week);
    side_places_fill(l->side);
    view.known_at_ms = INT64_MAX;
    TRY(load_since(l, view, e));
    l->side->through = head.seq;
    return OK;
}

enum status side_load(const struct load_order *o, struct side **out, struct outcome *found, struct err *e)
{
    struct loading l = {.o = o, .side = side_new(o->policy), .out = found};
    l.tick = arena_new("the lines of a tick", ROUND_BYTES_MAX);
    enum status status = load_all(&l, e);
    arena_free(l.tick);
    if (status != OK) {
        side_free(l.side);
        return status;
    }
    side_keep(o->store, l.side, found->findings == 0);
    *out = l.side;
    return OK;
}

enum status side_quick(const struct load_order *o, struct side **out, struct err *e)
{
    struct side *s = side_new(o->policy);
    enum status status = linking_load(o->store, o->actor, VIEW_NOW, o->policy, o->model, &s->open, NULL, e);
    if (status != OK) {
        side_free(s);
        return status;
    }
    s->alarm = alarm_new(o->model, o->look, o->price_per_week);
    side_places_fill(s);
    *out = s;
    return OK;
}
