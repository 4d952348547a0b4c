/* Bodies of entries and lines of the feed: what is written is read back the same, the replay among it. */
#include "kit.h"
#include "model/kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void check_round_trips(struct arena *a, const struct policy *policy, const struct change *c)
{
    struct change from_body = {0}, from_feed = {0};
    struct err e = {0};
    Str body = kit_body(a, c), feed = kit_feed(a, c, true);

    if (change_read_body(a, body, &from_body, &e) != OK) fail_msg("%s", e.text);
    assert_true(change_same(c, &from_body));
    assert_int_equal(from_body.line, c->line);
    assert_int_equal(from_body.known_at_implied, c->known_at_implied);
    assert_true(str_eq(kit_body(a, &from_body), body));
    from_feed = kit_change(a, policy, feed);
    assert_true(change_same(c, &from_feed));
    assert_true(str_eq(kit_feed(a, &from_feed, true), feed));
    assert_null(memchr(feed.ptr, '\n', feed.len));
}

static void check_replay(const char *path, size_t lines_expected)
{
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 26);
    struct policy policy = kit_policy(a);
    struct str_list lines = kit_lines(a, path);
    struct entry_line *l = NEW_ARRAY(a, struct entry_line, lines.count);
    struct entry_line *one = NEW_ARRAY(a, struct entry_line, lines.count);

    assert_int_equal(lines.count, lines_expected);
    for (size_t i = 0; i < lines.count; i++) {
        l[i] = (struct entry_line){.change = kit_change(a, &policy, lines.item[i]), .seq = i + 1};
        l[i].change.line = i + 1;
        check_round_trips(a, &policy, &l[i].change);
    }
    /* every record folds, and its last line is seen */
    for (size_t i = 0; i < lines.count; i++) {
        struct record r = {0};
        struct err e = {0};
        size_t n = 0;
        for (size_t j = 0; j < lines.count; j++) {
            if (record_id_eq(&l[j].change.record, &l[i].change.record)) one[n++] = l[j];
        }
        if (record_fold(a, &policy, one, n, VIEW_NOW, &r, &e) != OK) fail_msg("%s", e.text);
        assert_int_equal(r.version, one[n - 1].seq);
    }
}

static void test_replay(void **state)
{
    (void)state;
    check_replay("demo/barking.ndjson", 83);
    check_replay("demo/barking-thin.ndjson", 4);
}

/* The first death of the replay as it stood on two days. */
static void test_replay_as_of(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 26);
    struct policy policy = kit_policy(a);
    struct str_list lines = kit_lines(a, "demo/barking.ndjson");
    struct entry_line l[8];
    struct record r = {0};
    const struct death *d;
    size_t n = 0;

    for (size_t i = 0; i < lines.count; i++) {
        struct change c = kit_change(a, &policy, lines.item[i]);
        if (c.record.kind != KIND_DEATH || !str_eq(c.record.id, S("D1"))) continue;
        assert_true(n < COUNT_OF(l));
        l[n++] = (struct entry_line){.change = c, .seq = i + 1};
    }
    assert_int_equal(n, 3);
    assert_int_equal(
        record_fold(a, &policy, l, n, (struct view){l[0].change.known_at_ms, UINT64_MAX}, &r, NULL), OK);
    d = r.data;
    assert_true(str_eq(d->signs_moved, S("suspected")) && !str_present(d->identified));
    assert_int_equal(record_fold(a, &policy, l, n, VIEW_NOW, &r, NULL), OK);
    d = r.data;
    assert_true(str_eq(d->signs_moved, S("yes")) && str_eq(d->identified, S("yes")));
    assert_true(r.held[death_field_signs_moved].disputed);
    assert_int_equal(d->injuries.count, 2);
}

static void test_canonical_body(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 24);
    struct policy policy = kit_policy(a);
    struct change c =
        kit_change(a, &policy,
                   S("{\"known_at\":\"2014-06-19T03:05:00Z\",\"kind\":\"identifier\",\"id\":\"N-2\","
                     "\"source\":\"call\",\"set\":{\"value\":\" 07700 900 126\",\"type\":\"phone\","
                     "\"role\":\"caller\"}}"));
    struct json_doc doc CLEANUP_JSON = {NULL};
    struct buf again CLEANUP_BUF = {0};
    Str body;

    c.line = 15;
    body = kit_body(a, &c);
    assert_true(str_eq(
        body, S("{\"g\":{\"value\":\" 07700 900 126\"},\"id\":\"N-2\",\"k\":{\"value\":\"+447700900126\"},"
                "\"kind\":\"identifier\",\"known_at\":\"2014-06-19T03:05:00Z\",\"line\":15,\"ns\":\"main\","
                "\"source\":\"call\",\"v\":{\"role\":\"caller\",\"type\":\"phone\","
                "\"value\":\"07700 900 126\"}}")));
    assert_int_equal(json_parse(body, &doc, NULL), OK);
    buf_init(&again, 4096);
    json_write_canonical(&again, doc.root);
    assert_true(str_eq(buf_str(&again), body));
    c.known_at_implied = true;
    check_round_trips(a, &policy,
                      &(struct change){c.record, c.source, c.known_at_ms, false, 0, c.fact, c.fact_count});
    struct change read = {0};
    assert_int_equal(change_read_body(a, kit_body(a, &c), &read, NULL), OK);
    assert_true(read.known_at_implied);
}

/* Two changes that differ in one respect are not the same. */
static void test_same(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 24);
    struct policy policy = kit_policy(a);
    static const char *const lines[] = {
        "{\"known_at\":\"2014-06-19T03:05:00Z\",\"kind\":\"death\",\"id\":\"D\",\"source\":\"x\",\"set\":{"
        "\"age\":1}}",
        "{\"known_at\":\"2014-06-19T03:05:01Z\",\"kind\":\"death\",\"id\":\"D\",\"source\":\"x\",\"set\":{"
        "\"age\":1}}",
        "{\"known_at\":\"2014-06-19T03:05:00Z\",\"kind\":\"death\",\"id\":\"E\",\"source\":\"x\",\"set\":{"
        "\"age\":1}}",
        "{\"known_at\":\"2014-06-19T03:05:00Z\",\"kind\":\"death\",\"id\":\"D\",\"source\":\"y\",\"set\":{"
        "\"age\":1}}",
        "{\"known_at\":\"2014-06-19T03:05:00Z\",\"kind\":\"death\",\"id\":\"D\",\"source\":\"x\",\"set\":{"
        "\"age\":2}}",
        "{\"known_at\":\"2014-06-19T03:05:00Z\",\"kind\":\"death\",\"id\":\"D\",\"source\":\"x\",\"set\":{"
        "\"age\":null}}",
        "{\"known_at\":\"2014-06-19T03:05:00Z\",\"ns\":\"b\",\"kind\":\"death\",\"id\":\"D\",\"source\":"
        "\"x\",\"set\":{\"age\":1}}",
        "{\"known_at\":\"2014-06-19T03:05:00Z\",\"kind\":\"death\",\"id\":\"D\",\"source\":\"x\",\"set\":{"
        "\"age\":1,\"sex\":\"M\"}}",
        "{\"known_at\":\"2014-06-19T03:05:00Z\",\"kind\":\"death\",\"id\":\"D\",\"source\":\"x\",\"set\":{"
        "\"age\":1},"
        "\"given\":{\"age\":\"1?\"}}",
    };

    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        for (size_t j = 0; j < COUNT_OF(lines); j++) {
            struct change x = kit_change(a, &policy, str_of(lines[i])),
                          y = kit_change(a, &policy, str_of(lines[j]));
            assert_int_equal(change_same(&x, &y), i == j);
        }
        struct change x = kit_change(a, &policy, str_of(lines[i])), y = x;
        y.line = x.line + 1;
        assert_true(change_same(&x, &y));
    }
}

/* A spoilt body is refused, or says something else; it never crashes. */
static void test_damaged_body(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 26);
    struct policy policy = kit_policy(a);
    struct change c = kit_change(
        a, &policy,
        S("{\"known_at\":\"2014-06-19T03:05:00Z\",\"kind\":\"person\",\"id\":\"P\",\"source\":\"x\","
          "\"set\":{\"addresses\":[\"2 B Street, Barking\",\"1 A Road\"],\"dob\":\"1990\"}}"));
    Str body = kit_body(a, &c);
    struct arena_mark mark = arena_mark(a);
    static const char spoil[] = {'\0', '"', '{', ']', ',', '9', '\\', '\x80', 'z'};

    for (size_t n = 0; n < body.len; n++) {
        struct change out;
        struct err e = {0};
        assert_int_equal(change_read_body(a, str_slice(body, 0, n), &out, &e), E_INVALID);
        for (size_t k = 0; k < sizeof spoil; k++) {
            char *copy = str_cstr(a, body);
            copy[n] = spoil[k];
            struct entry_line l = {.seq = 1};
            struct record r = {0};
            err_clear(&e);
            if (change_read_body(a, (Str){copy, body.len}, &l.change, &e) == OK)
                (void)!record_fold(a, &policy, &l, 1, VIEW_NOW, &r, &e);
            arena_release(a, mark);
        }
    }
    static const char *const bad[] = {
        "{}",
        "[]",
        "null",
        "{\"id\":\"D\",\"kind\":\"death\",\"known_at\":\"2014-06-19T03:05:00Z\",\"line\":0,\"ns\":\"main\","
        "\"source\":\"x\",\"v\":{\"agee\":1}}",
        "{\"id\":\"D\",\"kind\":\"death\",\"known_at\":\"2014-06-19T03:05:00Z\",\"line\":0,\"ns\":\"main\","
        "\"source\":\"x\","
        "\"v\":{}}",
        "{\"id\":\"D\",\"k\":{\"ref\":\"x\"},\"kind\":\"death\",\"known_at\":\"2014-06-19T03:05:00Z\","
        "\"line\":0,"
        "\"ns\":\"main\",\"source\":\"x\",\"v\":{\"age\":1}}",
        "{\"id\":\"D\",\"kind\":\"death\",\"known_at\":\"2014-06-19\",\"line\":0,\"ns\":\"main\",\"source\":"
        "\"x\",\"v\":{\"age\":1}}",
        "{\"id\":\"D\",\"kind\":\"death\",\"known_at\":\"2014-06-19T03:05:00Z\",\"line\":-1,\"ns\":\"main\","
        "\"source\":\"x\","
        "\"v\":{\"age\":1}}",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct change out = {.line = 77};
        assert_int_equal(change_read_body(a, str_of(bad[i]), &out, NULL), E_INVALID);
        assert_int_equal(out.line, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replay),         cmocka_unit_test(test_replay_as_of),
        cmocka_unit_test(test_canonical_body), cmocka_unit_test(test_same),
        cmocka_unit_test(test_damaged_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
