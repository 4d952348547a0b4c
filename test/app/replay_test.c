/* The replay from end to end on small feeds: what it refuses, what it judges, what it writes. */
#include "app/linking.h"
#include "app/replay.h"
#include "app/truth.h"
#include "base/assets.h"
#include "base/json.h"
#include "base/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

struct bed {
    struct arena *a;
    struct policy policy;
    struct link_model model;
    struct second_look look;
    char folder[64];
    struct buf told;
};

static struct bed bed;

static const char *put_file(const char *name, Str text)
{
    struct err e = {0};
    Str path = str_format(bed.a, "%s/%s", bed.folder, name);
    char *p = str_cstr(bed.a, path);
    if (file_write(p, text, 0600, &e) != OK) fail_msg("%s", e.text);
    return p;
}

static void take_story(void *state, Str line)
{
    (void)state;
    buf_add(&bed.told, line);
    buf_add_char(&bed.told, '\n');
}

static int64_t back_until_ms = INT64_MIN;

static enum status replay(const char *const *feed, size_t feeds, const char *truth, const char *json,
                          struct replay_summary *out, struct err *e)
{
    struct replay_options o = {.feed = feed,
                               .feed_count = feeds,
                               .truth = truth,
                               .json = json,
                               .look = &bed.look,
                               .top = 3,
                               .price_per_week = 1,
                               .back_until_ms = back_until_ms,
                               .back_daily = 1,
                               .story = true};
    buf_clear(&bed.told);
    *e = (struct err){0};
    return replay_run(&o, &bed.policy, &bed.model, take_story, NULL, out, e);
}

static bool told(const char *words)
{
    return str_find(buf_str(&bed.told), str_of(words)) != STR_NPOS;
}

/* Enough deaths that a shared telephone is rare, then two events that share three. */
static const char *telephone_feed(void)
{
    struct buf text CLEANUP_BUF;
    buf_init(&text, (size_t)4 << 20);
    for (int i = 0; i < 900; i++)
        buf_addf(&text,
                 "{\"known_at\":\"2014-01-01T%02d:%02d:00Z\",\"kind\":\"death\",\"id\":\"B%d\",\"source\":"
                 "\"death_report\",\"set\":"
                 "{\"age\":%d,\"sex\":\"%s\",\"setting\":\"private_home\",\"mechanism\":\"natural\"}}\n",
                 i / 60 % 24, i % 60, i, 20 + i % 70, i % 2 ? "M" : "F");
    buf_add_cstr(&text, "not a line\n\n");
    for (int d = 1; d <= 2; d++) {
        buf_addf(&text,
                 "{\"known_at\":\"2014-03-0%dT08:00:00Z\",\"kind\":\"death\",\"id\":\"S%d\",\"source\":"
                 "\"death_report\",\"set\":{"
                 "\"age\":22,\"sex\":\"M\",\"setting\":\"churchyard\",\"mechanism\":\"overdose\","
                 "\"substances\":[\"ghb\"],"
                 "\"posture\":\"seated_propped\",\"absent\":[\"phone\"],\"explanation\":\"note\","
                 "\"explanation_verified\":\"no\"}}\n",
                 d, d);
        for (int n = 1; n <= 3; n++)
            buf_addf(
                &text,
                "{\"known_at\":\"2014-03-0%dT08:00:00Z\",\"kind\":\"identifier\",\"id\":\"N%d%d\",\"source\":"
                "\"intelligence\",\"set\":{"
                "\"type\":\"phone\",\"value\":\"0770090012%d\",\"holder\":\"S%d\",\"role\":\"contact\"}}\n",
                d, d, n, n, d);
    }
    return put_file("phones.ndjson", buf_str(&text));
}

#define TRUTH_HEAD "group\tnature\tevent\tkind\tlinkable_from\n"

static void a_series_is_found_told_and_written(void **state)
{
    (void)state;
    const char *feed[] = {telephone_feed()};
    const char *truth = put_file("t.tsv", S(TRUTH_HEAD "# "
                                                       "one\npair\tseries\tS2\tdeath\t2014-03-02T08:00:"
                                                       "00Z\npair\tseries\tS1\tdeath\t2014-03-01T08:00:00Z\n"
                                                       "gone\tseries\tZ9\tdeath\t2014-03-01T08:00:00Z\n"));
    char *json = str_cstr(bed.a, str_format(bed.a, "%s/out.json", bed.folder));
    struct replay_summary s;
    struct err e;
    if (replay(feed, 1, truth, json, &s, &e) != OK) fail_msg("%s", e.text);
    assert_int_equal(s.events, 902);
    assert_int_equal(s.refused, 1);
    assert_int_equal(s.alerts, 1);
    assert_int_equal(s.hits, 1);
    assert_int_equal(s.sizes[1], 1);
    assert_true(told("line 901 is left out"));
    assert_true(told("Series pair: first alert 2 March 2014"));
    assert_true(told("Series gone: never found"));
    assert_true(told("explanation unverified"));
    struct buf text CLEANUP_BUF;
    struct json_doc doc CLEANUP_JSON = {0};
    buf_init(&text, (size_t)16 << 20);
    assert_int_equal(file_read(json, &text, &e), OK);
    assert_int_equal(json_parse(buf_str(&text), &doc, &e), OK);
    const Json *series = json_at(json_get(doc.root, "series"), 0);
    assert_int_equal(json_integer(json_get(series, "found_at_member")), 2);
    assert_int_equal(json_integer(json_get(json_at(json_get(series, "ranks"), 1), "rank")), 1);
    assert_int_equal(json_count(json_get(doc.root, "events")), 902);
    assert_int_equal(json_integer(json_get(json_get(doc.root, "summary"), "hits")), 1);
}

static void a_benign_tie_and_no_tie_are_told_apart(void **state)
{
    (void)state;
    const char *feed[] = {telephone_feed()};
    struct replay_summary s;
    struct err e;
    const char *benign = put_file(
        "b.tsv",
        S(TRUTH_HEAD
          "c\tbenign\tS1\tdeath\t2014-03-01T08:00:00Z\nc\tbenign\tS2\tdeath\t2014-03-02T08:00:00Z\n"));
    assert_int_equal(replay(feed, 1, benign, NULL, &s, &e), OK);
    assert_int_equal(s.benign, 1);
    assert_true(told("a true tie, but no series"));
    assert_int_equal(replay(feed, 1, NULL, NULL, &s, &e), OK);
    assert_int_equal(s.false_alerts, 1);
}

/* Years brought in at once: their alert waits, and is told on the first day after them. */
static void back_records_wait_and_are_told(void **state)
{
    (void)state;
    const char *feed[] = {
        telephone_feed(),
        put_file("later.ndjson", S("{\"known_at\":\"2014-04-01T08:00:00Z\",\"kind\":\"death\","
                                   "\"id\":\"L1\",\"source\":\"death_report\",\"set\":{\"age\":80}}\n"))};
    const char *truth = put_file("t.tsv", S(TRUTH_HEAD "p\tseries\tS2\tdeath\t2014-03-02T08:00:00Z\n"
                                                       "p\tseries\tS1\tdeath\t2014-03-01T08:00:00Z\n"));
    struct replay_summary s;
    struct err e;
    back_until_ms = INT64_C(1396310400000); /* 1 April 2014 */
    assert_int_equal(replay(feed, 1, truth, NULL, &s, &e), OK);
    assert_int_equal(s.alerts, 0);
    assert_int_equal(s.back_waiting, 1);
    assert_int_equal(replay(feed, 2, truth, NULL, &s, &e), OK);
    back_until_ms = INT64_MIN;
    assert_int_equal(s.alerts, 0);
    assert_int_equal(s.back_told, 1);
    assert_int_equal(s.back_hits, 1);
    assert_int_equal(s.back_waiting, 0);
    assert_true(told("from the back-records"));
}

static void what_cannot_be_read_is_an_error(void **state)
{
    (void)state;
    const char *feed[] = {telephone_feed()}, *nowhere[] = {"/nonexistent/feed.ndjson"};
    struct replay_summary s;
    struct err e;
    assert_int_not_equal(replay(nowhere, 1, NULL, NULL, &s, &e), OK);
    assert_int_not_equal(replay(feed, 1, "/nonexistent/truth.tsv", NULL, &s, &e), OK);
    assert_int_not_equal(replay(feed, 1, NULL, "/nonexistent/out.json", &s, &e), OK);
    assert_int_equal(replay(feed, 1, put_file("1.tsv", S("pair\tseries\tS1\n")), NULL, &s, &e), E_INVALID);
    assert_int_equal(
        replay(feed, 1, put_file("2.tsv", S("pair\tfoe\tS1\tdeath\t2014-03-01T08:00:00Z\n")), NULL, &s, &e),
        E_INVALID);
    assert_int_equal(replay(feed, 1, put_file("3.tsv", S("pair\tseries\tS1\tdeath\tsoon\n")), NULL, &s, &e),
                     E_INVALID);
}

static void half_of_the_pairs_decide(void **state)
{
    (void)state;
    assert_int_equal(truth_judge((struct truth_pairs){.pairs = 6, .series = 3, .benign = 0}), TRUTH_HIT);
    assert_int_equal(truth_judge((struct truth_pairs){.pairs = 6, .series = 2, .benign = 0}), TRUTH_FALSE);
    assert_int_equal(truth_judge((struct truth_pairs){.pairs = 6, .series = 1, .benign = 2}), TRUTH_BENIGN);
    assert_int_equal(truth_judge((struct truth_pairs){.pairs = 0, .series = 0, .benign = 0}), TRUTH_FALSE);
}

static int open_bed(void **state)
{
    struct err e = {0};
    (void)state;
    bed.a = arena_new("replay test", (size_t)256 << 20);
    buf_init(&bed.told, (size_t)16 << 20);
    (void)snprintf(bed.folder, sizeof bed.folder, "/tmp/colligate-replay-XXXXXX");
    if (mkdtemp(bed.folder) == NULL) return -1;
    if (policy_load(bed.a, asset_find_for, NULL, &bed.policy, &e) != OK) return -1;
    if (linking_model(bed.a, NULL, &bed.model, &e) != OK) return -1;
    return linking_second_look(bed.a, NULL, &bed.look, &e) == OK ? 0 : -1;
}

static int close_bed(void **state)
{
    (void)state;
    const char *const files[] = {"phones.ndjson", "later.ndjson", "t.tsv", "b.tsv",
                                 "1.tsv",         "2.tsv",        "3.tsv", "out.json"};
    for (size_t i = 0; i < COUNT_OF(files); i++)
        (void)unlink(str_cstr(bed.a, str_format(bed.a, "%s/%s", bed.folder, files[i])));
    (void)rmdir(bed.folder);
    buf_free(&bed.told);
    arena_free(bed.a);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_series_is_found_told_and_written),
        cmocka_unit_test(a_benign_tie_and_no_tie_are_told_apart),
        cmocka_unit_test(back_records_wait_and_are_told),
        cmocka_unit_test(what_cannot_be_read_is_an_error),
        cmocka_unit_test(half_of_the_pairs_decide),
    };
    return cmocka_run_group_tests(tests, open_bed, close_bed);
}
