#include "app/pairs.h"

#include "app/file_world.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/csv.h"
#include "link/explain.h"

#include <stdlib.h>

#define OUT_MAX_BYTES ((size_t)4 << 30)

struct found_pair {
    uint32_t a, b; /* in the order of their ids */
    int score_db;
};

struct pairs {
    struct world *world;
    struct found_pair *pair;
    size_t count, room;
    struct pairs_summary sum;
};

static void add_pair(struct pairs *p, uint32_t x, uint32_t y, int score_db)
{
    if (p->count == p->room) {
        p->room = p->room * 2 + 4096;
        p->pair = alloc_resize(p->pair, p->room, sizeof *p->pair);
    }
    bool swap = record_id_compare(world_event_id(p->world, x), world_event_id(p->world, y)) > 0;
    p->pair[p->count++] = (struct found_pair){swap ? y : x, swap ? x : y, score_db};
}

static int compare_pairs(const void *x, const void *y)
{
    const struct found_pair *p = x, *q = y;
    if (p->score_db != q->score_db) return p->score_db < q->score_db ? 1 : -1;
    if (p->a != q->a) return p->a < q->a ? -1 : 1;
    return p->b < q->b ? -1 : p->b > q->b;
}

/* A pair that is among the nearest of both its ends is listed once. */
static void drop_repeats(struct pairs *p)
{
    size_t kept = 0;
    qsort(p->pair, p->count, sizeof *p->pair, compare_pairs);
    for (size_t i = 0; i < p->count; i++)
        if (kept == 0 || p->pair[kept - 1].a != p->pair[i].a || p->pair[kept - 1].b != p->pair[i].b)
            p->pair[kept++] = p->pair[i];
    p->count = kept;
}

static void weigh_pairs(struct pairs *p, size_t top)
{
    size_t n = p->sum.events, *found = alloc_zero(n + 1, sizeof *found);
    uint32_t *event = alloc_zero(n + 1, sizeof *event);
    struct hit *hit = alloc_zero(n * top + 1, sizeof *hit);
    for (size_t i = 0; i < n; i++)
        event[i] = (uint32_t)i;
    world_nearest_many(p->world, event, n, top, 0, hit, found);
    for (size_t x = 0; x < n; x++)
        for (size_t i = 0; i < found[x]; i++)
            add_pair(p, (uint32_t)x, hit[x * top + i].event, hit[x * top + i].score_db);
    p->sum.pairs_weighed = n * (n > 0 ? n - 1 : 0) / 2;
    alloc_free(found);
    alloc_free(event);
    alloc_free(hit);
    if (p->count > 0) drop_repeats(p);
}

static void write_pair(struct pairs *p, const struct policy *policy, size_t i, struct arena *scratch,
                       struct buf *out)
{
    struct pair_evidence ev;
    struct explain_options options = {0};
    struct buf about CLEANUP_BUF;
    const struct found_pair *f = &p->pair[i];
    buf_init(&about, 4096);
    world_pair(p->world, scratch, f->a, f->b, &ev);
    explain_headline(&about, policy, &ev, &options);
    csv_add_cell(out, str_format(scratch, "%zu", i + 1), true, false);
    csv_add_cell(out, ev.a.id, false, true);
    csv_add_cell(out, ev.b.id, false, true);
    csv_add_cell(out, str_format(scratch, "%.1f", f->score_db / 10.0), false, false);
    csv_add_cell(out, str_format(scratch, "%.3g", ev.probability), false, false);
    csv_add_cell(out, buf_str(&about), false, true);
    csv_end_row(out);
}

static enum status write_pairs(struct pairs *p, const struct policy *policy, const char *path, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("a pair", (size_t)64 << 20);
    struct buf out CLEANUP_BUF;
    buf_init(&out, OUT_MAX_BYTES);
    const Str header[] = {S("rank"), S("a"), S("b"), S("weight"), S("probability"), S("about")};
    for (size_t i = 0; i < COUNT_OF(header); i++)
        csv_add_cell(&out, header[i], i == 0, false);
    csv_end_row(&out);
    for (size_t i = 0; i < p->count; i++) {
        arena_reset(scratch);
        write_pair(p, policy, i, scratch, &out);
    }
    TRY(buf_status(&out, e));
    p->sum.pairs_written = p->count;
    return file_write(path, buf_str(&out), 0600, e);
}

static enum status run(struct pairs *p, const struct pairs_options *o, const struct policy *policy,
                       struct err *e)
{
    TRY(file_world_fill(p->world, o->file, o->map, policy, &p->sum.rows, e));
    p->sum.events = world_event_count(p->world);
    weigh_pairs(p, o->top);
    return write_pairs(p, policy, o->out, e);
}

enum status pairs_run(const struct pairs_options *options, const struct policy *policy,
                      const struct link_model *model, struct pairs_summary *out, struct err *e)
{
    int64_t began_us = clock_ticks_us();
    struct pairs p = {.world = world_new(model, policy, FILE_WORLD_MAX_BYTES)};
    enum status s = run(&p, options, policy, e);
    p.sum.seconds = (double)(clock_ticks_us() - began_us) / 1e6;
    if (s == OK) *out = p.sum;
    world_free(p.world);
    alloc_free(p.pair);
    return s;
}
