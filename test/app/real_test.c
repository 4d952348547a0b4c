/* What the linker must do on real deaths: neighbours in one house find each other, institutions tie nobody.
 * Reads ../shared/data (or COLLIGATE_DATA); skipped, with the reason, where that is not there. */
#include "base/assets.h"
#include "base/caldate.h"
#include "base/stream.h"
#include "base/table.h"
#include "intake/intake.h"
#include "link/world.h"
#include "model/kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct site {
    Str key;
    uint32_t *event;
    size_t count, room;
};

struct town {
    struct arena *arena;
    struct policy policy;
    struct link_model model;
    struct world *world;
    struct site *site; /* by address */
    size_t sites;
};

static const char *data_file(const char *name, char path[1024])
{
    const char *folder = getenv("COLLIGATE_DATA"), *root = getenv("COLLIGATE_SOURCE_ROOT");
    if (folder != NULL)
        (void)snprintf(path, 1024, "%s/deaths/%s", folder, name);
    else
        (void)snprintf(path, 1024, "%s/../shared/data/deaths/%s", root ? root : ".", name);
    if (file_exists(path)) return path;
    print_message("skipped: %s is not there\n", path);
    return NULL;
}

static void take_file(struct town *t, const char *path, Str map)
{
    const struct mapping *mapping;
    struct intake *in;
    struct intake_item item;
    struct err e = {0};
    struct arena *a = arena_new("row", (size_t)64 << 20);
    if (mapping_parse(t->arena, &t->policy, map, &mapping, &e) != OK) fail_msg("%s", e.text);
    struct intake_options options = {.policy = &t->policy, .mapping = mapping, .in_process = true};
    if (intake_open(path, &options, &in, &e) != OK) fail_msg("%s", e.text);
    do {
        arena_reset(a);
        if (intake_next(in, a, &item, &e) != OK) fail_msg("%s", e.text);
        if (item.kind != INTAKE_CHANGE) continue;
        item.change.known_at_ms = 0;
        assert_int_equal(world_apply(t->world, &item.change, &e), OK);
    } while (item.kind != INTAKE_DONE);
    assert_int_equal(item.summary.refused, 0);
    intake_close(in);
    arena_free(a);
    (void)world_tick(t->world);
    world_count_all(t->world);
}

static void add_to_site(struct town *t, struct table *places, Str key, uint32_t event)
{
    bool fresh;
    uint64_t *at = table_at(places, key, &fresh);
    if (fresh) *at = t->sites++;
    struct site *s = &t->site[*at];
    s->key = key;
    if (s->count == s->room) {
        size_t room = s->room * 2 + 4;
        s->event = arena_grow(t->arena, s->event, s->room, room, sizeof *s->event, _Alignof(uint32_t));
        s->room = room;
    }
    s->event[s->count++] = event;
}

/* The addresses: as written, or as compared. */
static void group_by_address(struct town *t, bool as_written)
{
    struct table *places CLEANUP_TABLE = table_new((size_t)1 << 24);
    t->site = NEW_ARRAY(t->arena, struct site, world_event_count(t->world));
    for (uint32_t i = 0; i < world_event_count(t->world); i++) {
        const struct death *d = world_event_record(t->world, i)->data;
        Str key = as_written ? d->address.text : d->address.key;
        if (!str_empty(key)) add_to_site(t, places, key, i);
    }
}

static void open_town(struct town *t)
{
    struct err e = {0};
    *t = (struct town){.arena = arena_new("town", (size_t)4 << 30)};
    if (policy_load(t->arena, asset_find_for, NULL, &t->policy, &e) != OK) fail_msg("%s", e.text);
    if (link_model_load(t->arena, asset_find(S("policy/model-deaths.tsv")), &t->model, &e) != OK)
        fail_msg("%s", e.text);
    t->world = world_new(&t->model, &t->policy, (size_t)8 << 30);
}

static void close_town(struct town *t)
{
    world_free(t->world);
    arena_free(t->arena);
}

static bool among_nearest(struct town *t, uint32_t event, uint32_t wanted, size_t k)
{
    struct arena *a = arena_new("nearest", (size_t)4 << 20);
    struct hit *hit;
    size_t n = world_nearest(t->world, event, k, a, &hit);
    bool found = false;
    for (size_t i = 0; i < n; i++)
        found = found || hit[i].event == wanted;
    arena_free(a);
    return found;
}

static bool within_a_day(const struct town *t, uint32_t x, uint32_t y)
{
    const struct death *a = world_event_record(t->world, x)->data, *b = world_event_record(t->world, y)->data;
    if (a->found.from.precision == PRECISION_NONE || b->found.from.precision == PRECISION_NONE) return false;
    return llabs(a->found.from.ms - b->found.from.ms) <= MS_PER_DAY;
}

/* The search holds against weighing every pair: the k-th best score, and how many reach it. */
static void check_nearest(struct town *t, size_t queries)
{
    struct arena *a = arena_new("nearest", (size_t)4 << 20);
    size_t n = world_event_count(t->world), k = 10;
    for (size_t q = 0; q < queries; q++) {
        struct hit *hit;
        uint32_t event = (uint32_t)((q * 2 + 1) * n / (queries * 2));
        size_t better = 0, found = world_nearest(t->world, event, k, a, &hit);
        assert_int_equal(found, k);
        for (uint32_t y = 0; y < n; y++)
            better += y != event && world_pair_score(t->world, event, y) > hit[k - 1].score_db;
        for (size_t i = 0; i < k; i++) {
            assert_int_equal(world_pair_score(t->world, hit[i].event, event), hit[i].score_db);
            better -= hit[i].score_db > hit[k - 1].score_db;
        }
        assert_int_equal(better, 0);
    }
    arena_free(a);
}

static void two_at_one_address_within_a_day_find_each_other(void **state)
{
    (void)state;
    char room[1024];
    const char *path = data_file("cook_opioid_deaths_geo.csv.gz", room);
    if (path == NULL) skip();
    struct town t;
    open_town(&t);
    take_file(&t, path, asset_find(S("policy/maps/cook_opioid.map")));
    check_nearest(&t, 12);
    group_by_address(&t, false);
    size_t pairs = 0, small = 0, found = 0;
    for (size_t s = 0; s < t.sites; s++)
        for (size_t i = 0; i < t.site[s].count; i++)
            for (size_t j = i + 1; j < t.site[s].count; j++) {
                uint32_t x = t.site[s].event[i], y = t.site[s].event[j];
                if (!within_a_day(&t, x, y)) continue;
                pairs++;
                if (t.site[s].count > 3) continue;
                small++;
                found += among_nearest(&t, x, y, 3) && among_nearest(&t, y, x, 3);
            }
    print_message("Cook: %zu pairs at one address within a day, %zu of them at addresses of at most three; "
                  "%zu in each other's top 3\n",
                  pairs, small, found);
    assert_true(small >= 30);
    assert_int_equal(found, small);
    close_town(&t);
}

static void an_address_of_eight_or_more_ties_no_pair(void **state)
{
    (void)state;
    char room[1024];
    const char *path = data_file("milwaukee_me_2020_2026.csv.gz", room);
    if (path == NULL) skip();
    struct town t;
    open_town(&t);
    take_file(&t, path, asset_find(S("policy/maps/milwaukee.map")));
    check_nearest(&t, 12);
    group_by_address(&t, true);
    size_t sites = 0, pairs = 0;
    int most = 0;
    for (size_t s = 0; s < t.sites; s++) {
        if (t.site[s].count < 8) continue;
        sites++;
        for (size_t i = 0; i < t.site[s].count; i++)
            for (size_t j = i + 1; j < t.site[s].count; j++, pairs++) {
                int db = world_place_weight(t.world, t.site[s].event[i], t.site[s].event[j]);
                if (db > most) most = db;
            }
    }
    print_message(
        "Milwaukee: %zu addresses with eight or more, %zu pairs; the largest weight of the place is %.1f\n",
        sites, pairs, most / 10.0);
    assert_true(sites >= 100);
    assert_in_range(most, 0, 3);
    close_town(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_at_one_address_within_a_day_find_each_other),
        cmocka_unit_test(an_address_of_eight_or_more_ties_no_pair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
