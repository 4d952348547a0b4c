#include "checkkit.h"

#include "base/caldate.h"
#include "base/stream.h"
#include "model/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static Str source_file(struct checkkit *k, const char *path)
{
    struct buf text CLEANUP_BUF;
    struct err e = {0};
    char full[1024];
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    (void)snprintf(full, sizeof full, "%s/%s", root ? root : ".", path);
    buf_init(&text, (size_t)16 << 20);
    if (file_read(full, &text, &e) != OK) fail_msg("%s", e.text);
    return str_copy(k->kit.arena, buf_str(&text));
}

static int compare_lines(const void *x, const void *y)
{
    const struct change *a = x, *b = y;
    if (a->known_at_ms != b->known_at_ms) return a->known_at_ms < b->known_at_ms ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

static void barking_read(struct checkkit *k, struct change *line, size_t *count)
{
    Str rest = source_file(k, "demo/barking.ndjson"), text = STR_NONE;
    while (str_next(&rest, '\n', &text)) {
        struct err e = {0};
        if (str_empty(str_trim(text))) continue;
        if (feed_parse_line(k->kit.arena, &k->kit.policy, text, S("main"), &line[*count], &e) != OK)
            fail_msg("%s", e.text);
        ++*count;
    }
}

void checkkit_open(struct checkkit *k, double per_day, const char *from, const char *to)
{
    enum { BARKING_MAX = 1000 };
    struct err e = {0};
    struct change *background = NULL;
    size_t lines = 0;
    *k = (struct checkkit){.now_ms = INT64_MIN};
    worldkit_open(&k->kit);
    if (check_pack_parse(k->kit.arena, source_file(k, "policy/checks/england-wales.check"), &k->pack, &e) !=
        OK)
        fail_msg("%s", e.text);
    if (per_day > 0) background = worldkit_background(&k->kit, from, to, per_day, 7, &lines);
    k->line = NEW_ARRAY(k->kit.arena, struct change, lines + BARKING_MAX);
    if (lines > 0) memcpy(k->line, background, lines * sizeof *background);
    k->count = k->background = lines;
    barking_read(k, k->line, &k->count);
    for (size_t i = 0; i < k->count; i++)
        k->line[i].line = i + 1;
    qsort(k->line, k->count, sizeof *k->line, compare_lines);
    k->world = world_new(&k->kit.model, &k->kit.policy, (size_t)2 << 30);
    k->caseload = caseload_new(&k->kit.policy, (size_t)1 << 30);
}

void checkkit_close(struct checkkit *k)
{
    caseload_free(k->caseload);
    world_free(k->world);
    worldkit_close(&k->kit);
}

void checkkit_move(struct checkkit *k, int64_t now_ms)
{
    struct err e = {0};
    assert_true(now_ms >= k->now_ms);
    while (k->applied < k->count && k->line[k->applied].known_at_ms <= now_ms) {
        const struct change *line = &k->line[k->applied++];
        struct entry_line entry = {*line, k->applied, false};
        caseload_add(k->caseload, &entry);
        if (world_apply(k->world, line, &e) != OK) fail_msg("%s", e.text);
        if (k->applied == k->count || k->line[k->applied].known_at_ms != line->known_at_ms)
            (void)world_tick(k->world);
    }
    k->now_ms = now_ms;
}

struct caseload *checkkit_barking(struct checkkit *k)
{
    struct caseload *c = caseload_new(&k->kit.policy, (size_t)256 << 20);
    for (size_t i = 0; i < k->applied; i++) {
        struct entry_line entry = {k->line[i], i + 1, false};
        if (k->line[i].line > k->background) caseload_add(c, &entry);
    }
    return c;
}

struct case_context checkkit_context(struct checkkit *k, const struct record_id *death, struct arena *a)
{
    struct err e = {0};
    struct case_context context = {0};
    struct case_links_options o = {.threshold_db = (int)k->kit.model.start_threshold_db};
    if (k->places_at != k->applied) case_places_read(k->world, k->kit.arena, &k->places);
    k->places_at = k->applied;
    if (case_links_read(k->world, &k->places, death, &o, a, &context, &e) != OK) fail_msg("%s", e.text);
    return context;
}

void checkkit_facts(struct checkkit *k, const struct record_id *death, const struct case_context *context,
                    struct arena *a, struct case_facts *out)
{
    struct err e = {0};
    struct view view = {k->now_ms, UINT64_MAX};
    if (caseload_facts(k->caseload, a, death, context, view, out, &e) != OK) fail_msg("%s", e.text);
}

int64_t checkkit_time(const char *text)
{
    struct err e = {0};
    int64_t ms = 0;
    bool day_only;
    if (caldate_parse(str_of(text), &ms, &day_only, &e) != OK) fail_msg("%s", e.text);
    return ms;
}

const struct check_status *status_of(const struct check_report *r, Str check)
{
    for (size_t i = 0; i < r->count; i++)
        if (str_eq(r->status[i].check->id, check)) return &r->status[i];
    return NULL;
}
