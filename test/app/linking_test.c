/* The linker of a store: from its snapshot it answers as from the first line, and a snapshot that does not
 * fit is passed over. */
#include "app/linking.h"

#include "../store/fixture.h"
#include "base/assets.h"
#include "base/rng.h"
#include "base/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEATHS 60

static void append_deaths(struct fixture *f, unsigned from, unsigned to)
{
    static const char *const MECHANISM[] = {"overdose", "hanging", "drowning"};
    struct rng r;
    rng_seed(&r, from + 1);
    for (unsigned i = from; i < to; i++) {
        char ref[40], set[300];
        (void)snprintf(ref, sizeof ref, "death:D%u", i);
        (void)snprintf(set, sizeof set,
                       "{\"age\":%u,\"mechanism\":\"%s\",\"place\":{\"lat\":%.4f,\"lon\":%.4f},"
                       "\"narrative\":\"Found by a neighbour beside the %s.\"}",
                       20 + (unsigned)rng_below(&r, 60), MECHANISM[rng_below(&r, 3)], 51 + rng_unit(&r) / 50,
                       rng_unit(&r) / 50, rng_chance(&r, 0.5) ? "blue rucksack" : "kitchen table");
        append(f, ref, "death_report", (int)(i / 4), set);
        (void)snprintf(ref, sizeof ref, "identifier:I%u", i);
        (void)snprintf(set, sizeof set,
                       "{\"holder\":\"D%u\",\"type\":\"phone\",\"value\":\"+4477009000%02u\"}", i,
                       (unsigned)rng_below(&r, 30));
        append(f, ref, "death_report", (int)(i / 4), set);
    }
}

static struct link_model model_load(struct fixture *f)
{
    struct link_model m;
    struct err e = {0};
    if (linking_model(f->arena, NULL, &m, &e) != OK) fail_msg("%s", e.text);
    return m;
}

static struct world *load(struct fixture *f, const struct link_model *m, struct linking_taken *taken)
{
    struct world *w = NULL;
    assert_ok(linking_load(f->store, &f->officer, VIEW_NOW, &f->policy, m, &w, taken, e));
    return w;
}

/* Loads it as it comes and by a replay: both answer alike. */
static void check_load(struct fixture *f, const struct link_model *m, bool from_snapshot)
{
    struct linking_taken taken;
    struct world *w CLEANUP_WORLD = load(f, m, &taken), *replayed CLEANUP_WORLD = NULL;
    struct view all = {INT64_MAX - 1, UINT64_MAX};
    assert_int_equal(taken.from_snapshot, from_snapshot);
    assert_ok(linking_load(f->store, &f->officer, all, &f->policy, m, &replayed, NULL, e));
    size_t n = world_event_count(w);
    assert_int_equal(n, world_event_count(replayed));
    for (uint32_t event = 0; event < n; event++) {
        struct hit *x, *y;
        struct arena *a CLEANUP_ARENA = arena_new("answers", (size_t)1 << 20);
        size_t found = world_nearest(w, event, 10, a, &x);
        assert_int_equal(found, world_nearest(replayed, event, 10, a, &y));
        assert_memory_equal(x, y, found * sizeof *x);
    }
}

static void keep(struct fixture *f, const struct link_model *m)
{
    struct linking_taken taken;
    struct world *w CLEANUP_WORLD = load(f, m, &taken);
    assert_ok(linking_keep(f->store, w, taken.head, e));
}

static void a_kept_snapshot_is_gone_on_from(void **state)
{
    struct fixture *f = *state = fixture_new();
    struct link_model m = model_load(f);
    append_deaths(f, 0, DEATHS);
    check_load(f, &m, false);
    keep(f, &m);
    check_load(f, &m, true);
    append_deaths(f, DEATHS, DEATHS + 8);
    append(f, "death:D3", "death_report", DEATHS, "{\"age\":44}");
    check_load(f, &m, true);
    fixture_reopen(f, STORE_READ);
    check_load(f, &m, true);
    fixture_reopen(f, STORE_WRITE);
    append(f, "death:D900", "death_report", 1, "{\"age\":44}"); /* known before the snapshot */
    check_load(f, &m, false);
    keep(f, &m);
    check_load(f, &m, true);
    m.feature[FEATURE_SEX].m += 0.01; /* another model */
    check_load(f, &m, false);
}

static void what_was_erased_is_in_no_snapshot(void **state)
{
    struct fixture *f = *state = fixture_new();
    struct link_model m = model_load(f);
    struct receipt receipt;
    struct record_id id = id_make("death:D5");
    struct linking_taken taken;
    struct buf content CLEANUP_BUF;
    uint64_t seq;
    append_deaths(f, 0, DEATHS);
    struct world *before CLEANUP_WORLD = load(f, &m, &taken);
    assert_ok(linking_keep(f->store, before, taken.head, e));
    assert_ok(store_erase(f->store, &f->officer, f->second.name, &id, S("a court said so"), &receipt, e));
    buf_init(&content, (size_t)1 << 30);
    assert_fails(E_CONFLICT, "taken away", store_kept(f->store, &f->officer, S("linker"), &seq, &content, e));
    assert_fails(E_CONFLICT, "taken away", linking_keep(f->store, before, taken.head, e));
    check_load(f, &m, false);
    keep(f, &m);
    check_load(f, &m, true);
}

static void a_damaged_snapshot_is_passed_over(void **state)
{
    struct fixture *f = *state = fixture_new();
    struct link_model m = model_load(f);
    struct buf file CLEANUP_BUF;
    char path[200];
    append_deaths(f, 0, 12);
    keep(f, &m);
    (void)snprintf(path, sizeof path, "%s/linker.kept", f->dir);
    buf_init(&file, (size_t)1 << 30);
    assert_ok(file_read(path, &file, e));
    static const size_t PLACES[] = {0, 20, 60, 5000};
    for (size_t i = 0; i < COUNT_OF(PLACES); i++) {
        file.ptr[PLACES[i]] ^= 1;
        assert_ok(file_write(path, buf_str(&file), 0600, e));
        check_load(f, &m, false);
        file.ptr[PLACES[i]] ^= 1;
    }
    assert_ok(file_write(path, str_slice(buf_str(&file), 0, file.len / 2), 0600, e));
    check_load(f, &m, false);
    assert_ok(file_write(path, buf_str(&file), 0600, e));
    check_load(f, &m, true);
    assert_null(strstr(file.ptr + 32, "rucksack"));
}

static int close_fixture(void **state)
{
    fixture_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_kept_snapshot_is_gone_on_from, close_fixture),
        cmocka_unit_test_teardown(what_was_erased_is_in_no_snapshot, close_fixture),
        cmocka_unit_test_teardown(a_damaged_snapshot_is_passed_over, close_fixture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
