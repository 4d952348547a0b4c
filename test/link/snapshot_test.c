/* A linker that was saved and restored answers like the one that was not, and goes on like it. */
#include "worldkit.h"

#include "base/rng.h"
#include "link/world_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define WORLD_BYTES ((size_t)2 << 30)
#define IMAGE_BYTES ((size_t)1 << 30)
#define NEAREST     10

static struct world *save_and_restore(struct worldkit *k, struct world *w)
{
    struct buf image CLEANUP_BUF;
    struct world *out = NULL;
    struct err e = {0};
    buf_init(&image, IMAGE_BYTES);
    world_save(w, &image);
    assert_int_equal(buf_status(&image, &e), OK);
    if (world_restore(&k->model, &k->policy, WORLD_BYTES, &image, &out, &e) != OK) fail_msg("%s", e.text);
    return out;
}

static void check_same(struct world *one, struct world *other)
{
    struct arena *a CLEANUP_ARENA = arena_new("answers", (size_t)64 << 20);
    size_t n = world_event_count(one);
    assert_int_equal(n, world_event_count(other));
    for (uint32_t event = 0; event < n; event++) {
        struct hit *x, *y;
        arena_reset(a);
        size_t found = world_nearest(one, event, NEAREST, a, &x);
        assert_int_equal(found, world_nearest(other, event, NEAREST, a, &y));
        assert_memory_equal(x, y, found * sizeof *x);
        if (event % 16 != 0 || found == 0) continue;
        struct pair_evidence here, there;
        world_pair(one, a, event, x[0].event, &here);
        world_pair(other, a, event, x[0].event, &there);
        assert_int_equal(here.count, there.count);
        for (size_t i = 0; i < here.count; i++) {
            assert_int_equal(here.reason[i].weight_db, there.reason[i].weight_db);
            assert_true(str_eq(here.reason[i].value, there.reason[i].value));
            assert_true(str_eq(here.reason[i].role_a, there.reason[i].role_a));
        }
    }
}

/* Both take a line; what a tick changed is the same, in the same order. */
static void take_both(struct world *one, struct world *other, const struct change *line, bool ends_tick)
{
    struct err e = {0};
    if (ends_tick) {
        struct tick x = world_tick(one), y = world_tick(other);
        assert_int_equal(x.count, y.count);
        if (x.count > 0) assert_memory_equal(x.event, y.event, x.count * sizeof *x.event);
    }
    assert_int_equal(world_apply(one, line, &e), OK);
    assert_int_equal(world_apply(other, line, &e), OK);
}

/* Saved on the way through a month, and again from what was restored: corrections, people and midnights come
 * after. */
static void it_answers_and_goes_on_like_the_one_that_was_saved(void **state)
{
    struct worldkit *k = *state;
    size_t count;
    struct change *line = worldkit_background(k, "2014-03-01", "2014-03-22", 12, 3, &count);
    for (int part = 1; part < 4; part++) {
        size_t half = count * (size_t)part / 4;
        while (half < count && line[half].known_at_ms == line[half - 1].known_at_ms)
            half++;
        struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
        worldkit_apply(w, line, half);
        struct world *first CLEANUP_WORLD = save_and_restore(k, w);
        struct world *restored CLEANUP_WORLD = save_and_restore(k, first);
        assert_int_equal(world_now_ms(restored), world_now_ms(w));
        check_same(w, restored);
        for (size_t i = half; i < count; i++)
            take_both(w, restored, &line[i], i > half && line[i].known_at_ms != line[i - 1].known_at_ms);
        (void)world_tick(w);
        (void)world_tick(restored);
        check_same(w, restored);
    }
}

#define TICK_LINES 900 /* several batches of events, and of records to fold */

static void save_with_threads(struct worldkit *k, size_t threads, const struct change *line, size_t count,
                              struct buf *out)
{
    struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
    struct err e = {0};
    world_read_by(w, threads);
    for (size_t i = 0; i < count; i++) {
        struct change at_once = line[i];
        size_t last = i / TICK_LINES * TICK_LINES + TICK_LINES - 1;
        at_once.known_at_ms = line[last < count ? last : count - 1].known_at_ms;
        if (i % TICK_LINES == 0) (void)world_tick(w);
        assert_int_equal(world_apply(w, &at_once, &e), OK);
    }
    assert_true(world_tick(w).count >= TICK_LARGE);
    buf_init(out, IMAGE_BYTES);
    world_save(w, out);
}

static void a_large_tick_is_the_same_by_one_thread_and_by_four(void **state)
{
    struct worldkit *k = *state;
    struct buf one CLEANUP_BUF, four CLEANUP_BUF;
    size_t count;
    struct change *line = worldkit_background(k, "2014-03-01", "2014-04-20", 16, 5, &count);
    assert_true(count > 4 * TICK_LINES);
    save_with_threads(k, 1, line, count, &one);
    save_with_threads(k, 4, line, count, &four);
    assert_int_equal(one.len, four.len);
    assert_memory_equal(one.ptr, four.ptr, one.len);
}

static void an_empty_one_is_saved_too(void **state)
{
    struct worldkit *k = *state;
    struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
    struct world *restored CLEANUP_WORLD = save_and_restore(k, w);
    assert_int_equal(world_event_count(restored), 0);
}

static void check_refused(const struct link_model *m, struct worldkit *k, Str bytes)
{
    struct buf image CLEANUP_BUF;
    struct world *none = NULL;
    struct err e = {0};
    buf_init(&image, IMAGE_BYTES);
    buf_add(&image, bytes);
    assert_int_equal(world_restore(m, &k->policy, WORLD_BYTES, &image, &none, &e), E_INVALID);
    assert_null(none);
}

static void what_does_not_fit_is_refused(void **state)
{
    struct worldkit *k = *state;
    size_t count;
    struct rng r;
    struct buf image CLEANUP_BUF;
    struct change *line = worldkit_background(k, "2014-03-01", "2014-03-03", 6, 4, &count);
    struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
    worldkit_apply(w, line, count);
    buf_init(&image, IMAGE_BYTES);
    world_save(w, &image);
    struct link_model other = k->model;
    other.feature[FEATURE_SEX].m += 0.01;
    check_refused(&other, k, buf_str(&image));
    check_refused(&k->model, k, S("something else"));
    rng_seed(&r, 8);
    for (int i = 0; i < 40; i++) { /* cut short, and the length told so */
        Str cut = str_slice(buf_str(&image), 0, rng_below(&r, image.len / 8) * 8);
        check_refused(&k->model, k, cut);
        if (cut.len < 128) continue;
        struct buf told CLEANUP_BUF;
        buf_init(&told, IMAGE_BYTES);
        buf_add(&told, cut);
        uint64_t before, bytes;
        memcpy(&before, image.ptr + 16, sizeof before);
        bytes = before - (image.len - cut.len);
        memcpy(told.ptr + 16, &bytes, sizeof bytes);
        check_refused(&k->model, k, buf_str(&told));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_answers_and_goes_on_like_the_one_that_was_saved),
        cmocka_unit_test(a_large_tick_is_the_same_by_one_thread_and_by_four),
        cmocka_unit_test(an_empty_one_is_saved_too),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, worldkit_setup, worldkit_teardown);
}
