/* The linker held against its own definition: the quick search against weighing every pair, reasons against
 * their sum, the clock against the future. */
#include "worldkit.h"

#include "base/caldate.h"
#include "base/rng.h"
#include "link/same_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define WORLD_BYTES ((size_t)2 << 30)
#define K           12

/* ---- the k best, by weighing every pair ------------------------------------------------------------ */

static const struct world *sorted_world;

static int compare_hits(const void *x, const void *y)
{
    const struct hit *a = x, *b = y;
    if (a->score_db != b->score_db) return b->score_db - a->score_db;
    return record_id_compare(world_event_id(sorted_world, a->event), world_event_id(sorted_world, b->event));
}

static void check_nearest(struct world *w, uint32_t event)
{
    struct arena *a = arena_new("check", (size_t)64 << 20);
    size_t n = world_event_count(w), all = 0;
    struct hit *every = NEW_ARRAY(a, struct hit, n), *quick;
    for (uint32_t y = 0; y < n; y++)
        if (y != event) every[all++] = (struct hit){y, world_pair_score(w, event, y)};
    sorted_world = w;
    qsort(every, all, sizeof *every, compare_hits);
    size_t got = world_nearest(w, event, K, a, &quick);
    assert_int_equal(got, all < K ? all : K);
    for (size_t i = 0; i < got; i++)
        if (quick[i].event != every[i].event || quick[i].score_db != every[i].score_db) {
            Str e = world_event_id(w, event)->id, q = world_event_id(w, quick[i].event)->id,
                t = world_event_id(w, every[i].event)->id;
            fail_msg("%.*s, place %zu: the search says %.*s at %d, weighing every pair %.*s at %d",
                     STR_ARG(e), i + 1, STR_ARG(q), quick[i].score_db, STR_ARG(t), every[i].score_db);
        }
    assert_int_equal(world_rank(w, every[0].event, event), 1);
    assert_int_equal(world_rank(w, every[all - 1].event, event), all);
    arena_free(a);
}

static void the_search_finds_what_weighing_every_pair_finds(void **state)
{
    struct worldkit *k = *state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        size_t count;
        struct change *line = worldkit_background(k, "2014-03-01", "2014-03-15", 18, seed, &count);
        struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
        worldkit_apply(w, line, count);
        for (uint32_t e = 0; e < world_event_count(w); e++)
            check_nearest(w, e);
        world_count_all(w);
        for (uint32_t e = 0; e < world_event_count(w); e++)
            check_nearest(w, e);
    }
}

/* ---- worlds of few values, where everything ties and collides --------------------------------------- */

static const char *pick_word(struct rng *r, const char *const *word, size_t count)
{
    return word[rng_below(r, count)];
}
#define PICK(r, ...)                                                                                         \
    pick_word((r), (const char *const[]){__VA_ARGS__},                                                       \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static struct change small_death(struct worldkit *k, struct rng *r, unsigned number, int64_t day)
{
    char at[32], text[1400];
    caldate_format(day * MS_PER_DAY + (int64_t)rng_below(r, 24) * MS_PER_HOUR, at);
    (void)snprintf(
        text, sizeof text,
        "{\"known_at\":\"%s\",\"kind\":\"death\",\"id\":\"X%u\",\"source\":\"death_report\",\"set\":{"
        "\"found\":\"%.10s\",\"place\":{\"lat\":%.4f,\"lon\":%.4f,\"radius_m\":%u},\"address\":\"%s\","
        "\"setting\":\"%s\",\"mechanism\":\"%s\",\"sex\":\"%s\",\"age\":%u,\"posture\":\"%s\",\"present\":["
        "\"%s\",\"%s\"],"
        "\"absent\":[\"%s\"],\"substances\":[\"%s\",\"%s\"],\"narrative\":\"%s %s near the %s\"}}",
        at, number, at, 51.5 + (double)rng_below(r, 30) / 2000, 0.05 + (double)rng_below(r, 30) / 2000,
        (unsigned)rng_below(r, 3) * 100,
        PICK(r, "Flat 2, Crane Street, Barking", "7 High Road, Ilford", "12 Low Lane, Bow"),
        PICK(r, "street", "churchyard", "private_home", "unknown"), PICK(r, "overdose", "natural", "unknown"),
        PICK(r, "M", "F"), (unsigned)rng_between(r, 18, 60), PICK(r, "supine", "seated_propped", "unknown"),
        PICK(r, "phone", "bag"), PICK(r, "note", "keys"), PICK(r, "wallet", "cash"), PICK(r, "ghb", "heroin"),
        PICK(r, "cocaine", "gbl", "methadone"), PICK(r, "maple", "granite"), PICK(r, "sunglasses", "lantern"),
        PICK(r, "lychgate", "boathouse"));
    return worldkit_line(k, text);
}

static void it_finds_the_same_among_few_values_and_many_ties(void **state)
{
    struct worldkit *k = *state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct rng r;
        struct change line[160];
        rng_seed(&r, seed);
        int64_t day = 16000;
        struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
        struct err e = {0};
        for (unsigned i = 0; i < COUNT_OF(line); i++) {
            day += (int64_t)rng_below(&r, 3);
            line[i] = small_death(k, &r, i, day);
            line[i].known_at_ms = day * MS_PER_DAY + (int64_t)i; /* rising within a day */
            if (world_apply(w, &line[i], &e) != OK) fail_msg("%s", e.text);
            (void)world_tick(w);
            if (i % 10 == 9)
                for (uint32_t x = 0; x < world_event_count(w); x += 7)
                    check_nearest(w, x);
        }
    }
}

/* ---- one pair --------------------------------------------------------------------------------------- */

static void a_pair_is_symmetric_and_its_reasons_are_its_sum(void **state)
{
    struct worldkit *k = *state;
    size_t count, pairs = 0;
    struct change *line = worldkit_background(k, "2014-03-01", "2014-03-08", 20, 9, &count);
    struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
    worldkit_apply(w, line, count);
    struct arena *a = arena_new("pair", (size_t)64 << 20);
    for (uint32_t x = 0; x < world_event_count(w); x += 3)
        for (uint32_t y = x + 1; y < world_event_count(w); y += 5, pairs++) {
            struct pair_evidence xy, yx;
            struct pair_families f;
            arena_reset(a);
            world_pair(w, a, x, y, &xy);
            world_pair(w, a, y, x, &yx);
            int sum = 0, families = 0;
            for (size_t i = 0; i < xy.count; i++)
                sum += xy.reason[i].weight_db;
            world_pair_families(w, x, y, &f);
            for (int i = 0; i < FAMILY_COUNT; i++)
                families += f.weight_db[i];
            assert_int_equal(sum, xy.score_db);
            assert_int_equal(families, xy.score_db);
            assert_int_equal(world_pair_score(w, x, y), xy.score_db);
            assert_int_equal(world_pair_score(w, y, x), xy.score_db);
            assert_int_equal(yx.score_db, xy.score_db);
            assert_int_equal(yx.count, xy.count);
            for (size_t i = 0; i < xy.count; i++) {
                assert_int_equal(xy.reason[i].feature, yx.reason[i].feature);
                assert_int_equal(xy.reason[i].weight_db, yx.reason[i].weight_db);
                assert_true(str_eq(xy.reason[i].value_a, yx.reason[i].value_a));
            }
        }
    assert_true(pairs > 1000);
    arena_free(a);
}

/* ---- the clock -------------------------------------------------------------------------------------- */

/* Everything the linker would say up to a moment, as text. */
static void transcript(struct worldkit *k, const struct change *line, size_t count, int64_t until_ms,
                       struct buf *out)
{
    struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
    struct arena *a = arena_new("transcript", (size_t)64 << 20);
    struct err e = {0};
    for (size_t i = 0; i < count;) {
        int64_t at = line[i].known_at_ms;
        for (; i < count && line[i].known_at_ms == at; i++)
            assert_int_equal(world_apply(w, &line[i], &e), OK);
        struct tick t = world_tick(w);
        if (at > until_ms) continue;
        for (size_t n = 0; n < t.count; n++) {
            struct hit *hit;
            arena_reset(a);
            size_t found = world_nearest(w, t.event[n], 10, a, &hit);
            buf_addf(out, "%lld %.*s", (long long)at, STR_ARG(world_event_id(w, t.event[n])->id));
            for (size_t h = 0; h < found; h++)
                buf_addf(out, " %.*s:%d", STR_ARG(world_event_id(w, hit[h].event)->id), hit[h].score_db);
            buf_add_char(out, '\n');
        }
    }
    arena_free(a);
}

static void what_comes_later_changes_nothing_said_before(void **state)
{
    struct worldkit *k = *state;
    size_t count;
    struct change *line = worldkit_background(k, "2014-03-01", "2014-03-12", 12, 4, &count);
    int64_t until = line[count * 2 / 3].known_at_ms;
    size_t past = 0;
    while (past < count && line[past].known_at_ms <= until)
        past++;
    struct buf with CLEANUP_BUF, without CLEANUP_BUF;
    buf_init(&with, (size_t)64 << 20);
    buf_init(&without, (size_t)64 << 20);
    transcript(k, line, count, until, &with);
    transcript(k, line, past, until, &without);
    assert_true(past < count && without.len > 1000);
    assert_true(str_eq(buf_str(&with), buf_str(&without)));
}

static void a_line_from_the_past_is_refused(void **state)
{
    struct worldkit *k = *state;
    struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
    struct err e = {0};
    struct change late = worldkit_line(
        k, "{\"known_at\":\"2014-03-02T00:00:00Z\",\"kind\":\"death\",\"id\":\"A\",\"source\":\"x\","
           "\"set\":{\"age\":30}}");
    struct change early = worldkit_line(
        k, "{\"known_at\":\"2014-03-01T00:00:00Z\",\"kind\":\"death\",\"id\":\"B\",\"source\":\"x\","
           "\"set\":{\"age\":30}}");
    assert_int_equal(world_apply(w, &late, &e), OK);
    (void)world_tick(w);
    assert_int_equal(world_apply(w, &early, &e), E_INVALID);
}

/* ---- identifiers ------------------------------------------------------------------------------------ */

#define AT(n) "{\"known_at\":\"2014-03-0" #n "T00:00:00Z\","

static void the_finder_of_one_is_the_accused_of_another(void **state)
{
    struct worldkit *k = *state;
    struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
    const char *const text[] = {
        AT(1) "\"kind\":\"incident\",\"id\":\"I\",\"source\":\"crime_report\",\"set\":{\"type\":"
              "\"allegation\"}}",
        AT(1) "\"kind\":\"involvement\",\"id\":\"V1\",\"source\":\"crime_report\",\"set\":{\"event\":\"I\","
              "\"person\":\"P\",\"role\":\"accused\"}}",
        AT(2) "\"kind\":\"death\",\"id\":\"D\",\"source\":\"death_report\",\"set\":{\"age\":23}}",
        AT(2) "\"kind\":\"involvement\",\"id\":\"V2\",\"source\":\"death_report\",\"set\":{\"event\":\"D\","
              "\"person\":\"C\",\"role\":\"caller\"}}",
        AT(2) "\"kind\":\"identifier\",\"id\":\"N1\",\"source\":\"call\",\"set\":{\"type\":\"phone\","
              "\"value\":\"07700 900126\",\"holder\":\"C\",\"role\":\"caller\"}}",
        /* until now nothing is shared; then the caller's number turns out to be the accused's */
        AT(3) "\"kind\":\"person\",\"id\":\"C\",\"source\":\"call\",\"set\":{\"note\":\"unknown caller\"}}",
        AT(3) "\"kind\":\"person\",\"id\":\"P\",\"source\":\"crime_report\",\"set\":{\"name\":\"Stuart "
              "Pell\"}}",
        AT(4) "\"kind\":\"identifier\",\"id\":\"N2\",\"source\":\"intelligence\",\"set\":{\"type\":\"phone\","
              "\"value\":\"+447700900126\",\"holder\":\"P\",\"role\":\"own\"}}",
    };
    struct change line[COUNT_OF(text)];
    for (size_t i = 0; i < COUNT_OF(text); i++)
        line[i] = worldkit_line(k, text[i]);
    worldkit_apply(w, line, COUNT_OF(text) - 1);
    uint32_t d = worldkit_event(w, KIND_DEATH, "D"), i = worldkit_event(w, KIND_INCIDENT, "I");
    assert_int_equal(world_pair_score(w, d, i), 0);
    struct err e = {0};
    assert_int_equal(world_apply(w, &line[COUNT_OF(text) - 1], &e), OK);
    struct tick t = world_tick(w);
    assert_int_equal(t.count, 2); /* both are told apart from what they were */
    assert_true(world_pair_score(w, d, i) >= 20);
    struct arena *a = arena_new("pair", (size_t)1 << 20);
    struct pair_evidence ev;
    world_pair(w, a, d, i, &ev);
    assert_int_equal(ev.reason[0].feature, FEATURE_IDENTIFIER);
    bool by_hop = false, phone = false;
    for (size_t n = 0; n < ev.count; n++) {
        by_hop = by_hop || ev.reason[n].hop;
        phone = phone || str_eq(ev.reason[n].identifier_type, S("phone"));
    }
    assert_true(by_hop);
    assert_true(phone);
    arena_free(a);
}

static void a_corrected_reference_unties_what_it_tied(void **state)
{
    struct worldkit *k = *state;
    struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
    const char *const text[] = {
        AT(1) "\"kind\":\"death\",\"id\":\"A\",\"source\":\"death_report\",\"set\":{\"age\":23}}",
        AT(1) "\"kind\":\"death\",\"id\":\"B\",\"source\":\"death_report\",\"set\":{\"sex\":\"M\"}}",
        AT(1) "\"kind\":\"death\",\"id\":\"C\",\"source\":\"death_report\",\"set\":{\"access\":\"public\"}}",
        AT(1) "\"kind\":\"involvement\",\"id\":\"V1\",\"source\":\"call\",\"set\":{\"event\":\"A\","
              "\"person\":\"P\",\"role\":\"caller\"}}",
        AT(1) "\"kind\":\"involvement\",\"id\":\"V2\",\"source\":\"call\",\"set\":{\"event\":\"B\","
              "\"person\":\"P\",\"role\":\"caller\"}}",
        AT(2) "\"kind\":\"involvement\",\"id\":\"V2\",\"source\":\"call\",\"set\":{\"event\":\"C\"}}",
    };
    struct change line[COUNT_OF(text)];
    for (size_t i = 0; i < COUNT_OF(text); i++)
        line[i] = worldkit_line(k, text[i]);
    worldkit_apply(w, line, COUNT_OF(text) - 1);
    uint32_t a = worldkit_event(w, KIND_DEATH, "A"), b = worldkit_event(w, KIND_DEATH, "B"),
             c = worldkit_event(w, KIND_DEATH, "C");
    assert_true(world_pair_score(w, a, b) > 0);
    assert_int_equal(world_pair_score(w, a, c), 0);
    struct err e = {0};
    assert_int_equal(world_apply(w, &line[COUNT_OF(text) - 1], &e), OK);
    (void)world_tick(w);
    assert_int_equal(world_pair_score(w, a, b), 0);
    assert_true(world_pair_score(w, a, c) > 0);
}

static void a_value_that_everybody_shares_ties_nobody(void **state)
{
    struct worldkit *k = *state;
    struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
    char text[400];
    struct err e = {0};
    int first = 0;
    for (int n = 0; n < 60; n++) {
        (void)snprintf(
            text, sizeof text,
            AT(1) "\"kind\":\"death\",\"id\":\"D%d\",\"source\":\"death_report\",\"set\":{\"sex\":\"M\"}}",
            n);
        struct change death = worldkit_line(k, text);
        (void)snprintf(text, sizeof text,
                       AT(1) "\"kind\":\"identifier\",\"id\":\"N%d\",\"source\":\"phone_download\",\"set\":{"
                             "\"type\":\"phone\","
                             "\"value\":\"07700 900999\",\"holder\":\"D%d\",\"role\":\"contact\"}}",
                       n, n);
        struct change phone = worldkit_line(k, text);
        assert_int_equal(world_apply(w, &death, &e), OK);
        assert_int_equal(world_apply(w, &phone, &e), OK);
        (void)world_tick(w);
        struct pair_families f;
        if (n == 1) world_pair_families(w, 0, 1, &f), first = f.weight_db[FAMILY_IDENTIFIERS];
    }
    struct pair_families last;
    world_pair_families(w, 0, 1, &last);
    assert_true(first >= 15);
    assert_int_equal(last.weight_db[FAMILY_IDENTIFIERS], 0);
}

/* ---- places ----------------------------------------------------------------------------------------- */

static void deaths_at(struct worldkit *k, struct world *w, int from, int to)
{
    char text[500];
    struct err e = {0};
    for (int n = from; n < to; n++) {
        (void)snprintf(
            text, sizeof text,
            AT(1) "\"kind\":\"death\",\"id\":\"H%d\",\"source\":\"death_report\",\"set\":{\"found\":\"2013-%"
                  "02d-11\","
                  "\"place\":{\"lat\":51.5,\"lon\":0.1},\"address\":\"9 Mill Lane, Barking\"}}",
            n, 1 + n % 12);
        struct change line = worldkit_line(k, text);
        assert_int_equal(world_apply(w, &line, &e), OK);
        (void)world_tick(w);
    }
}

static void an_institution_ties_nobody_by_its_address(void **state)
{
    struct worldkit *k = *state;
    struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
    struct pair_families f;
    size_t count;
    struct change *line = worldkit_background(k, "2014-02-01", "2014-02-20", 20, 3, &count);
    worldkit_apply(w, line, count);
    deaths_at(k, w, 0, 2);
    uint32_t a = worldkit_event(w, KIND_DEATH, "H0"), b = worldkit_event(w, KIND_DEATH, "H1");
    world_pair_families(w, a, b, &f);
    assert_true(f.weight_db[FAMILY_PLACE] >= 15);
    deaths_at(k, w, 2, 7);
    world_pair_families(w, a, b, &f);
    int seven = f.weight_db[FAMILY_PLACE], eight = 0;
    deaths_at(k, w, 7, 8);
    for (uint32_t x = 0; x < 8; x++)
        for (uint32_t y = x + 1; y < 8; y++) {
            world_pair_families(w, a + x, a + y, &f);
            assert_in_range(f.weight_db[FAMILY_PLACE], 0, 3);
            if (f.weight_db[FAMILY_PLACE] > eight) eight = f.weight_db[FAMILY_PLACE];
        }
    assert_true(seven > eight);
}

/* ---- one death twice -------------------------------------------------------------------------------- */

static void two_reports_of_one_death_are_proposed(void **state)
{
    struct worldkit *k = *state;
    struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
    const char *const text[] = {
        AT(1) "\"kind\":\"death\",\"id\":\"A\",\"source\":\"death_report\",\"set\":{\"deceased_name\":"
              "\"Aidan "
              "Warden\",\"age\":23,\"sex\":\"M\",\"found\":\"2014-03-01T03:00:00Z\",\"place\":{\"lat\":51.5,"
              "\"lon\":0.1}}}",
        AT(2) "\"kind\":\"death\",\"id\":\"B\",\"source\":\"ambulance\",\"set\":{\"deceased_name\":\"Warden, "
              "Aiden\",\"age\":24,\"sex\":\"M\",\"found\":\"2014-03-01T03:10:00Z\",\"place\":{\"lat\":51."
              "5001,\"lon\":0.1}}}",
        AT(2) "\"kind\":\"death\",\"id\":\"C\",\"source\":\"ambulance\",\"set\":{\"age\":23,\"sex\":\"M\","
              "\"found\":\"2014-03-01T03:20:00Z\",\"place\":{\"lat\":51.5001,\"lon\":0.1}}}",
        AT(3) "\"kind\":\"death\",\"id\":\"D\",\"source\":\"ambulance\",\"set\":{\"deceased_name\":\"Aidan "
              "Warden\",\"age\":61,\"sex\":\"M\",\"found\":\"2014-03-01T03:20:00Z\",\"place\":{\"lat\":51."
              "5001,\"lon\":0.1}}}",
        AT(3) "\"kind\":\"death\",\"id\":\"E\",\"source\":\"death_report\",\"set\":{\"deceased_name\":"
              "\"Gabor "
              "Kovac\",\"age\":23,\"sex\":\"M\",\"found\":\"2014-03-01T03:20:00Z\",\"place\":{\"lat\":51."
              "5001,\"lon\":0.1}}}",
        AT(4) "\"kind\":\"death\",\"id\":\"F\",\"source\":\"coroner\",\"set\":{\"age\":23,\"sex\":\"M\","
              "\"found\":\"2014-03-01T15:20:00Z\",\"place\":{\"lat\":51.5001,\"lon\":0.1}}}",
    };
    struct change line[COUNT_OF(text)];
    for (size_t i = 0; i < COUNT_OF(text); i++)
        line[i] = worldkit_line(k, text[i]);
    worldkit_apply(w, line, COUNT_OF(text));
    uint32_t e[6];
    for (uint32_t i = 0; i < 6; i++)
        e[i] = worldkit_event(w, KIND_DEATH, (const char[2]){(char)('A' + i), 0});
    assert_true(same_event_likely(w, e[0], e[1]));  /* names alike */
    assert_true(same_event_likely(w, e[0], e[2]));  /* no name on one side: near in everything */
    assert_false(same_event_likely(w, e[0], e[3])); /* the ages contradict */
    assert_false(same_event_likely(w, e[0], e[4])); /* another name */
    assert_false(same_event_likely(w, e[0], e[5])); /* twelve hours later, no name */
    struct arena *a = arena_new("proposals", (size_t)1 << 20);
    struct same_event_pair *pair;
    size_t n = world_same_events(w, a, &pair), pairs = 0;
    for (uint32_t x = 0; x < 6; x++)
        for (uint32_t y = x + 1; y < 6; y++)
            pairs += same_event_likely(w, e[x], e[y]);
    assert_int_equal(n, pairs);
    for (size_t i = 0; i < n; i++) {
        assert_true(record_id_compare(pair[i].a, pair[i].b) < 0);
        if (i > 0) assert_true(pair[i - 1].score_db >= pair[i].score_db);
    }
    arena_free(a);
}

static void the_call_and_the_missing_report_belong_to_the_death(void **state)
{
    struct worldkit *k = *state;
    struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
    const char *const text[] = {
        AT(1) "\"kind\":\"death\",\"id\":\"D\",\"source\":\"death_report\",\"set\":{\"found\":\"2014-03-"
              "01T03:00:00Z\",\"place\":{\"lat\":51.5,\"lon\":0.1}}}",
        AT(1) "\"kind\":\"incident\",\"id\":\"CALL\",\"source\":\"call\",\"set\":{\"type\":\"emergency_"
              "call\",\"at\":\"2014-03-01T02:50:00Z\",\"place\":{\"lat\":51.5001,\"lon\":0.1}}}",
        AT(1) "\"kind\":\"incident\",\"id\":\"FAR\",\"source\":\"call\",\"set\":{\"type\":\"emergency_call\","
              "\"at\":\"2014-03-01T02:50:00Z\",\"place\":{\"lat\":51.6,\"lon\":0.1}}}",
        AT(1) "\"kind\":\"incident\",\"id\":\"LATE\",\"source\":\"call\",\"set\":{\"type\":\"emergency_"
              "call\",\"at\":\"2014-03-03T02:50:00Z\",\"place\":{\"lat\":51.5,\"lon\":0.1}}}",
        AT(1) "\"kind\":\"incident\",\"id\":\"NOWHERE\",\"source\":\"call\",\"set\":{\"type\":\"emergency_"
              "call\",\"at\":\"2014-03-01T02:50:00Z\"}}",
        AT(2) "\"kind\":\"incident\",\"id\":\"MISS\",\"source\":\"missing_report\",\"set\":{\"type\":"
              "\"missing_person\"}}",
        AT(2) "\"kind\":\"involvement\",\"id\":\"V1\",\"source\":\"missing_report\",\"set\":{\"event\":"
              "\"MISS\",\"person\":\"P\",\"role\":\"missing\"}}",
        AT(2) "\"kind\":\"involvement\",\"id\":\"V2\",\"source\":\"death_report\",\"set\":{\"event\":\"D\","
              "\"person\":\"P\",\"role\":\"deceased\"}}",
    };
    struct change line[COUNT_OF(text)];
    for (size_t i = 0; i < COUNT_OF(text); i++)
        line[i] = worldkit_line(k, text[i]);
    worldkit_apply(w, line, COUNT_OF(text));
    uint32_t d = worldkit_event(w, KIND_DEATH, "D"), miss = worldkit_event(w, KIND_INCIDENT, "MISS");
    assert_true(reports_the_death(w, d, worldkit_event(w, KIND_INCIDENT, "CALL")));
    assert_false(reports_the_death(w, d, worldkit_event(w, KIND_INCIDENT, "FAR")));
    assert_false(reports_the_death(w, d, worldkit_event(w, KIND_INCIDENT, "LATE")));
    assert_false(reports_the_death(w, d, worldkit_event(w, KIND_INCIDENT, "NOWHERE")));
    assert_false(reports_the_death(w, miss, d));
    assert_true(concerns_the_dead(w, d, miss));
    assert_false(concerns_the_dead(w, miss, d));
    assert_false(concerns_the_dead(w, d, worldkit_event(w, KIND_INCIDENT, "CALL")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_search_finds_what_weighing_every_pair_finds),
        cmocka_unit_test(it_finds_the_same_among_few_values_and_many_ties),
        cmocka_unit_test(a_pair_is_symmetric_and_its_reasons_are_its_sum),
        cmocka_unit_test(what_comes_later_changes_nothing_said_before),
        cmocka_unit_test(a_line_from_the_past_is_refused),
        cmocka_unit_test(the_finder_of_one_is_the_accused_of_another),
        cmocka_unit_test(a_corrected_reference_unties_what_it_tied),
        cmocka_unit_test(a_value_that_everybody_shares_ties_nobody),
        cmocka_unit_test(an_institution_ties_nobody_by_its_address),
        cmocka_unit_test(two_reports_of_one_death_are_proposed),
        cmocka_unit_test(the_call_and_the_missing_report_belong_to_the_death),
    };
    return cmocka_run_group_tests(tests, worldkit_setup, worldkit_teardown);
}
