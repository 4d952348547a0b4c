#include "worldkit.h"

#include "base/buf.h"
#include "base/caldate.h"
#include "base/stream.h"
#include "model/feed.h"
#include "synth/synth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static Str read_source_file(void *state, Str path)
{
    struct worldkit *k = state;
    struct buf text CLEANUP_BUF;
    struct err e = {0};
    char full[1024];
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    (void)snprintf(full, sizeof full, "%s/%.*s", root ? root : ".", STR_ARG(path));
    buf_init(&text, (size_t)16 << 20);
    if (file_read(full, &text, &e) != OK) return STR_NONE;
    return str_copy(k->arena, buf_str(&text));
}

void worldkit_open(struct worldkit *k)
{
    struct err e = {0};
    *k = (struct worldkit){.arena = arena_new("linker test", (size_t)2 << 30)};
    if (policy_load(k->arena, read_source_file, k, &k->policy, &e) != OK) fail_msg("policy: %s", e.text);
    Str model = read_source_file(k, S("policy/model-deaths.tsv"));
    if (link_model_load(k->arena, model, &k->model, &e) != OK) fail_msg("model: %s", e.text);
    Str look = read_source_file(k, S("policy/second-look.tsv"));
    if (second_look_load(k->arena, look, &k->look, &e) != OK) fail_msg("second look: %s", e.text);
}

void worldkit_close(struct worldkit *k)
{
    arena_free(k->arena);
}

int worldkit_setup(void **state)
{
    static struct worldkit kit;
    worldkit_open(&kit);
    *state = &kit;
    return 0;
}

int worldkit_teardown(void **state)
{
    worldkit_close(*state);
    return 0;
}

struct change worldkit_line(struct worldkit *k, const char *json)
{
    struct change c;
    struct err e = {0};
    if (feed_parse_line(k->arena, &k->policy, str_of(json), S("main"), &c, &e) != OK)
        fail_msg("%s: %s", json, e.text);
    return c;
}

void worldkit_apply(struct world *w, const struct change *line, size_t count)
{
    struct err e = {0};
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && line[i].known_at_ms != line[i - 1].known_at_ms) (void)world_tick(w);
        if (world_apply(w, &line[i], &e) != OK) fail_msg("%s", e.text);
    }
    (void)world_tick(w);
}

struct gathering {
    struct worldkit *k;
    struct change *line;
    size_t count, room;
};

static enum status take(void *state, Str line, struct err *e)
{
    struct gathering *g = state;
    if (g->count == g->room) {
        size_t room = g->room * 2 + 256;
        g->line = arena_grow(g->k->arena, g->line, g->room, room, sizeof *g->line, _Alignof(struct change));
        g->room = room;
    }
    return feed_parse_line(g->k->arena, &g->k->policy, line, S("main"), &g->line[g->count++], e);
}

struct change *worldkit_background(struct worldkit *k, const char *from, const char *to, double per_day,
                                   uint64_t seed, size_t *count)
{
    struct gathering g = {.k = k};
    struct synth_options o = {.per_day = per_day, .seed = seed};
    struct err e = {0};
    bool day_only;
    assert_int_equal(caldate_parse(str_of(from), &o.from_ms, &day_only, &e), OK);
    assert_int_equal(caldate_parse(str_of(to), &o.to_ms, &day_only, &e), OK);
    if (synth_write(&o, take, &g, NULL, NULL, &e) != OK) fail_msg("synth: %s", e.text);
    *count = g.count;
    return g.line;
}

uint32_t worldkit_event(const struct world *w, enum kind_id kind, const char *id)
{
    struct record_id rid = {S("main"), kind, str_of(id)};
    int64_t event = world_find(w, &rid);
    if (event < 0) fail_msg("no event %s", id);
    return (uint32_t)event;
}
