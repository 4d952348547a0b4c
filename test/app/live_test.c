/* The linker at work: what is new gets its links, nothing is told twice, what comes late or is restricted
 * finds its place. */
#include "live_kit.h"

#include "base/caldate.h"
#include "base/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BACKGROUND = 900 };

static void a_new_death_gets_its_link(void **state)
{
    struct bed *b = *state;
    struct live_status s;
    bed_background(b, BACKGROUND);
    bed_live(b);
    assert_int_equal(bed_link_count(b), 0);
    bed_wait(b, bed_sharer(b, "S1", "2014-03-01T08:00:00Z", 1));
    assert_int_equal(bed_link_count(b), 0);
    bed_wait(b, bed_sharer(b, "S2", "2014-03-02T08:00:00Z", 1));
    assert_string_equal(bed_links(b), "S1 S2 pair\n");
    live_status(b->live, &s);
    assert_int_equal(s.events, BACKGROUND + 2);
    assert_int_equal(s.links, 1);
    assert_int_equal(s.behind, 0);
    assert_string_equal(s.trouble, "");
    /* a third one makes it grow; it stays one record */
    bed_wait(b, bed_sharer(b, "S3", "2014-03-05T08:00:00Z", 1));
    assert_string_equal(bed_links(b), "S1 S2 S3 series\n");
}

/* The record says by what it was raised: both weights, and the threshold of the second look. */
static void the_second_look_is_on_record(void **state)
{
    struct bed *b = *state;
    bed_background(b, BACKGROUND);
    bed_live(b);
    bed_wait(b, bed_sharer(b, "S1", "2014-03-01T08:00:00Z", 1));
    bed_wait(b, bed_sharer(b, "S2", "2014-03-02T08:00:00Z", 1));
    struct looked found = bed_first_looked(b);
    assert_true(found.look >= (double)b->kit.look.start_threshold_db / 10);
    assert_true(found.weight > 0 && found.threshold > 0 && found.look > found.threshold);
}

static void after_a_restart_nothing_is_told_again(void **state)
{
    struct bed *b = *state;
    struct store_place before, after;
    struct err e = {0};
    bed_background(b, BACKGROUND);
    bed_live(b);
    bed_wait(b, bed_sharer(b, "S1", "2014-03-01T08:00:00Z", 1));
    bed_wait(b, bed_sharer(b, "S2", "2014-03-02T08:00:00Z", 1));
    bed_wait(b, bed_sharer(b, "T1", "2014-03-03T08:00:00Z", 2));
    bed_wait(b, bed_sharer(b, "T2", "2014-03-04T08:00:00Z", 2));
    bed_rest(b);
    assert_int_equal(store_head(b->store, &before, &e), OK);
    const char *told = bed_links(b);
    for (int i = 0; i < 3; i++) {
        struct live_status s;
        bed_live(b);
        live_status(b->live, &s);
        assert_true(s.kept); /* not from the first line again */
        bed_rest(b);
    }
    assert_string_equal(bed_links(b), told);
    assert_int_equal(store_head(b->store, &after, &e), OK);
    assert_int_equal(after.seq, before.seq); /* not a line */
    /* and it goes on where it was */
    bed_live(b);
    bed_wait(b, bed_sharer(b, "S3", "2014-03-05T08:00:00Z", 1));
    assert_int_equal(bed_link_count(b), 2);
    assert_non_null(strstr(bed_links(b), "S1 S2 S3 series\n"));
}

/* What came while nobody linked is linked at the start, and is news when it is fresh. */
static void what_came_meanwhile_is_told_at_the_start(void **state)
{
    struct bed *b = *state;
    bed_background(b, BACKGROUND);
    bed_live(b);
    bed_rest(b);
    (void)bed_sharer(b, "S1", "2014-03-01T08:00:00Z", 1);
    (void)bed_sharer(b, "S2", "2014-03-02T08:00:00Z", 1);
    bed_live(b);
    assert_string_equal(bed_links(b), "S1 S2 pair\n");
    bed_rest(b);
    bed_clock(b, "2015-03-01T00:00:00Z"); /* found a year later, it would be a back-record */
    (void)bed_sharer(b, "T1", "2014-05-01T08:00:00Z", 2);
    (void)bed_sharer(b, "T2", "2014-05-02T08:00:00Z", 2);
    bed_live(b);
    assert_non_null(strstr(bed_links(b), "T1 T2 pair back\n"));
}

static void a_new_death_brings_up_what_waits(void **state)
{
    struct bed *b = *state;
    struct live_status s;
    bed_background(b, BACKGROUND);
    bed_live(b);
    bed_rest(b);
    b->work.back_daily = 0; /* none comes up by itself */
    bed_clock(b, "2014-03-22T08:00:00Z");
    (void)bed_sharer(b, "S1", "2014-03-01T08:00:00Z", 1);
    (void)bed_sharer(b, "S2", "2014-03-02T08:00:00Z", 1);
    bed_live(b);
    assert_string_equal(bed_links(b), "S1 S2 pair back\n");
    live_status(b->live, &s);
    assert_int_equal(s.back_waiting, 1);
    bed_wait(b, bed_sharer(b, "S3", "2014-03-22T08:00:00Z", 1));
    assert_string_equal(bed_links(b), "S1 S2 S3 series\n");
    live_status(b->live, &s);
    assert_int_equal(s.back_waiting, 0);
}

static void a_late_line_is_linked_at_once(void **state)
{
    struct bed *b = *state;
    struct live_status s;
    bed_background(b, BACKGROUND);
    bed_live(b);
    bed_wait(b, bed_sharer(b, "S2", "2014-03-02T08:00:00Z", 1));
    bed_wait(b, bed_sharer(b, "S1", "2014-03-01T08:00:00Z", 1)); /* known the day before */
    assert_string_equal(bed_links(b), "S1 S2 pair\n");
    /* at the next midnight it gets its place in a fresh world, and nothing is told again */
    bed_clock(b, "2014-03-03T00:00:10Z");
    bed_wait(b, bed_sharer(b, "T1", "2014-03-03T00:00:10Z", 2));
    for (int i = 0; i < 600; i++) {
        live_status(b->live, &s);
        if (s.counts_ms > 0 && !s.loading && i > 30) break;
        (void)live_wait(b->live, UINT64_MAX, 100);
    }
    assert_int_equal(bed_link_count(b), 1);
}

static void an_import_of_old_records_waits_for_a_fresh_world(void **state)
{
    struct bed *b = *state;
    struct live_status s;
    bed_background(b, 10);
    bed_live(b);
    bed_wait(b,
             bed_line(b, "{\"known_at\":\"2014-06-02T08:00:00Z\",\"kind\":\"death\",\"id\":\"T1\",\"source\":"
                         "\"death_report\",\"set\":{\"age\":80,\"sex\":\"F\",\"mechanism\":\"natural\"}}"));
    /* a thousand lines of half a year before, two of which belong together */
    (void)bed_sharer(b, "S1", "2014-03-01T08:00:00Z", 1);
    struct change *line = NEW_ARRAY(b->kit.arena, struct change, BACKGROUND);
    for (int i = 0; i < BACKGROUND; i++) {
        char json[512];
        (void)snprintf(json, sizeof json,
                       "{\"known_at\":\"2014-02-01T%02d:%02d:00Z\",\"kind\":\"death\",\"id\":\"O%d\","
                       "\"source\":\"death_report\",\"set\":{\"age\":%d,\"sex\":\"%s\",\"setting\":"
                       "\"private_home\",\"mechanism\":\"natural\"}}",
                       i / 60 % 24, i % 60, i, 20 + i % 70, i % 2 ? "M" : "F");
        line[i] = worldkit_line(&b->kit, json);
    }
    (void)bed_put(b, line, BACKGROUND);
    uint64_t last = bed_sharer(b, "S2", "2014-03-02T08:00:00Z", 1);
    bed_wait(b, last);
    live_status(b->live, &s);
    assert_int_equal(s.behind, 0);
    assert_int_equal(s.events, 10 + 1 + BACKGROUND + 2);
    assert_string_equal(bed_links(b), "S1 S2 pair back\n");
    assert_int_equal(s.back_waiting, 0); /* some may be told a day: it was */
}

static void restricted_records_count_for_nobody_else(void **state)
{
    struct bed *b = *state;
    struct live_status s;
    bed_background(b, BACKGROUND);
    bed_live(b);
    bed_wait(b, bed_sharer(b, "S1", "2014-03-01T08:00:00Z", 1));
    (void)bed_line(b,
                   "{\"known_at\":\"2014-03-01T09:00:00Z\",\"kind\":\"restriction\",\"id\":\"R1\",\"source\":"
                   "\"staff\",\"set\":{\"events\":[\"S2\"],\"reason\":\"an inquiry\",\"by\":\"O1\","
                   "\"approved_by\":\"O2\",\"cleared\":[\"O3\"]}}");
    bed_wait(b, bed_sharer(b, "S2", "2014-03-02T08:00:00Z", 1));
    /* it is compared, and the link is on record, once the world of restricted records is made ... */
    assert_string_equal(bed_links_with(b, "S1"), "S1 S2 pair\n");
    live_status(b->live, &s);
    assert_int_equal(s.restricted, 1);
    assert_int_equal(s.events, BACKGROUND + 2);
}

/* ---- the case of the demonstration --------------------------------------------------------------------- */

static int compare_known(const void *x, const void *y)
{
    const struct change *a = x, *b = y;
    if (a->known_at_ms != b->known_at_ms) return a->known_at_ms < b->known_at_ms ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

/* The lines of the case amid a background of other deaths, by the time they became known. */
static struct change *case_lines(struct bed *b, size_t *count)
{
    struct buf text CLEANUP_BUF;
    struct err e = {0};
    char path[1024];
    size_t background = 0, n = 0;
    struct change *other =
        worldkit_background(&b->kit, "2014-02-01T00:00:00Z", "2014-09-02T00:00:00Z", 2, 7, &background);
    (void)snprintf(path, sizeof path, "%s/demo/barking.ndjson", getenv("COLLIGATE_SOURCE_ROOT"));
    buf_init(&text, (size_t)4 << 20);
    if (file_read(path, &text, &e) != OK) fail_msg("%s", e.text);
    struct change *all = NEW_ARRAY(b->kit.arena, struct change, background + 200);
    memcpy(all, other, background * sizeof *all);
    n = background;
    Str rest = str_copy(b->kit.arena, buf_str(&text)), line;
    while (str_next(&rest, '\n', &line) && n < background + 200)
        if (!str_empty(str_trim(line))) all[n++] = worldkit_line(&b->kit, str_cstr(b->kit.arena, line));
    for (size_t i = 0; i < n; i++)
        all[i].line = i + 1;
    qsort(all, n, sizeof *all, compare_known);
    *count = n;
    return all;
}

static int64_t moment(const char *at)
{
    struct err e = {0};
    bool day_only;
    int64_t ms = 0;
    if (caldate_parse(str_of(at), &ms, &day_only, &e) != OK) fail_msg("%s", e.text);
    return ms;
}

/* Appends the lines from *at on that were known by then. */
static uint64_t put_until(struct bed *b, const struct change *line, size_t count, size_t *at,
                          int64_t until_ms)
{
    uint64_t last = 0;
    while (*at < count && line[*at].known_at_ms <= until_ms) {
        size_t n = 1;
        while (n < 2000 && *at + n < count && line[*at + n].known_at_ms <= until_ms)
            n++;
        last = bed_put(b, &line[*at], n);
        *at += n;
    }
    return last;
}

static void the_second_death_brings_the_first(void **state)
{
    struct bed *b = *state;
    size_t count = 0, at = 0;
    bed_clock(b, "2014-02-01T00:00:00Z");
    struct change *line = case_lines(b, &count);
    (void)put_until(b, line, count, &at, moment("2014-06-18T00:00:00Z"));
    bed_live(b);
    bed_wait(b, put_until(b, line, count, &at, moment("2014-08-28T07:59:59Z")));
    assert_null(strstr(bed_links(b), "D2 "));
    bed_wait(b, put_until(b, line, count, &at, moment("2014-08-28T08:00:00Z")));
    const char *links = bed_links(b), *second = strstr(links, "D1 D2 ");
    if (second == NULL) fail_msg("no link of the second death to the first among:\n%s", links);
}

/* ---- what pairs cannot see ----------------------------------------------------------------------------- */

/* A death found `day` days into 2014, told at the end of the year. */
static struct change found_on(struct bed *b, const char *id, int day, double lat, double lon,
                              const char *mechanism)
{
    char json[600], on[32];
    caldate_format_day((INT64_C(16071) + day) * MS_PER_DAY, on);
    (void)snprintf(json, sizeof json,
                   "{\"known_at\":\"2014-12-31T20:00:00Z\",\"kind\":\"death\",\"id\":\"%s\",\"source\":"
                   "\"death_report\",\"set\":{\"found\":{\"from\":\"%sT08:00:00Z\",\"to\":\"%sT09:00:00Z\"},"
                   "\"place\":{\"lat\":%.4f,\"lon\":%.4f},\"mechanism\":\"%s\",\"unit\":\"KG\"}}",
                   id, on, on, lat, lon, mechanism);
    return worldkit_line(&b->kit, json);
}

/* A year of two kinds of death all over a town, and seven overdoses in one week within half a kilometre. */
static void put_year_with_a_cluster(struct bed *b)
{
    enum { QUIET = 360, CLUSTER = 7 };
    struct change line[QUIET + CLUSTER];
    for (int i = 0; i < QUIET; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "Q%d", i);
        line[i] = found_on(b, id, i * 131 % 360, 51.4 + i * 37 % 200 / 1000.0, i * 53 % 300 / 1000.0,
                           i % 3 == 0 ? "overdose" : "natural");
    }
    for (int i = 0; i < CLUSTER; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "C%d", i);
        line[QUIET + i] = found_on(b, id, 357 + i, 51.5 + i * 0.0006, 0.15, "overdose");
    }
    (void)bed_put(b, line, QUIET + CLUSTER);
}

static size_t scans(struct bed *b)
{
    size_t count = 0;
    for (const char *at = bed_links(b); (at = strstr(at, " scan\n")) != NULL; at++)
        count++;
    return count;
}

/* Waits until the midnight before the clock has been looked back on. */
static void wait_for_night(struct bed *b)
{
    struct live_status s = {0};
    for (int k = 0; k < 2400 && s.counts_ms < b->now_ms / MS_PER_DAY * MS_PER_DAY; k++) {
        (void)live_wait(b->live, UINT64_MAX, 50);
        live_status(b->live, &s);
    }
    (void)live_wait(b->live, UINT64_MAX, 1500);
}

/* What two of them turn out to share: they are a pair as well, and the group hides it not. */
static void put_shared(struct bed *b, const char *const of[2])
{
    uint64_t seq = 0;
    char json[500];
    for (int i = 0; i < 2; i++) {
        (void)snprintf(
            json, sizeof json,
            "{\"known_at\":\"2015-01-01T08:00:00Z\",\"kind\":\"death\",\"id\":\"%s\",\"source\":"
            "\"scene\",\"set\":{\"age\":22,\"sex\":\"M\",\"setting\":\"churchyard\",\"substances\":[\"ghb\"],"
            "\"posture\":\"seated_propped\",\"absent\":[\"phone\"],\"explanation\":\"note\"}}",
            of[i]);
        (void)bed_line(b, json);
    }
    for (int i = 0; i < 6; i++) {
        (void)snprintf(
            json, sizeof json,
            "{\"known_at\":\"2015-01-01T08:00:00Z\",\"kind\":\"identifier\",\"id\":\"N-%d\",\"source\":"
            "\"intelligence\",\"set\":{\"type\":\"phone\",\"value\":\"0770090012%d\",\"holder\":\"%s\","
            "\"role\":\"contact\"}}",
            i, i / 2, of[i % 2]);
        seq = bed_line(b, json);
    }
    bed_wait(b, seq);
}

static void a_cluster_becomes_a_link_once(void **state)
{
    struct bed *b = *state;
    put_year_with_a_cluster(b);
    bed_live(b);
    const char *links = bed_links_with(b, " scan\n");
    assert_int_equal(scans(b), 1);
    for (int i = 1; i < 7; i++) { /* most of them are in it */
        char id[8];
        (void)snprintf(id, sizeof id, "C%d ", i);
        assert_non_null(strstr(links, id));
    }
    assert_non_null(strstr(bed_first_note(b), "would be expected"));
    bed_rest(b);
    for (int i = 0; i < 2; i++) { /* neither another start nor another night tells it again */
        bed_clock(b, i == 0 ? "2014-12-31T21:00:00Z" : "2015-01-01T07:00:00Z");
        bed_live(b);
        wait_for_night(b);
        bed_rest(b);
        assert_int_equal(scans(b), 1);
    }
    bed_live(b);
    put_shared(b, (const char *const[]){"C1", "C4"});
    assert_non_null(strstr(bed_links_with(b, "C1 C4 pair\n"), "C1 C4 pair\n"));
    assert_int_equal(scans(b), 1);
}

/* After a start the alarm knows of no group any more: what has grown is the link that is there. */
static void a_cluster_that_grows_stays_one_link(void **state)
{
    struct bed *b = *state;
    put_year_with_a_cluster(b);
    bed_live(b);
    (void)bed_links_with(b, " scan\n");
    bed_rest(b);
    struct change more[4];
    for (int i = 0; i < 4; i++) {
        char id[8];
        (void)snprintf(id, sizeof id, "E%d", i);
        more[i] = found_on(b, id, 364, 51.5 + i * 0.0006, 0.15, "overdose");
    }
    (void)bed_put(b, more, COUNT_OF(more));
    bed_clock(b, "2015-01-02T09:00:00Z");
    bed_live(b);
    assert_non_null(strstr(bed_links_with(b, "E3 "), "E3 "));
    assert_int_equal(scans(b), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_death_gets_its_link, bed_setup, bed_teardown),
        cmocka_unit_test_setup_teardown(after_a_restart_nothing_is_told_again, bed_setup, bed_teardown),
        cmocka_unit_test_setup_teardown(what_came_meanwhile_is_told_at_the_start, bed_setup, bed_teardown),
        cmocka_unit_test_setup_teardown(a_new_death_brings_up_what_waits, bed_setup, bed_teardown),
        cmocka_unit_test_setup_teardown(the_second_look_is_on_record, bed_setup, bed_teardown),
        cmocka_unit_test_setup_teardown(a_late_line_is_linked_at_once, bed_setup, bed_teardown),
        cmocka_unit_test_setup_teardown(an_import_of_old_records_waits_for_a_fresh_world, bed_setup,
                                        bed_teardown),
        cmocka_unit_test_setup_teardown(restricted_records_count_for_nobody_else, bed_setup, bed_teardown),
        cmocka_unit_test_setup_teardown(a_cluster_becomes_a_link_once, bed_setup, bed_teardown),
        cmocka_unit_test_setup_teardown(a_cluster_that_grows_stays_one_link, bed_setup, bed_teardown),
        cmocka_unit_test_setup_teardown(the_second_death_brings_the_first, bed_setup, bed_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
