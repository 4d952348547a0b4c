/* The feed as a feed: the same bytes, in order, complete, every line taken by the project's own reader. */
#include "probe.h"

#include "base/caldate.h"
#include "base/stream.h"
#include "model/feed.h"
#include "model/kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void same_options_same_bytes(void **state)
{
    (void)state;
    uint64_t first = probe_digest("2014-01-01", "2014-04-01", 30, 5);
    assert_true(first == probe_digest("2014-01-01", "2014-04-01", 30, 5));
    assert_true(first != probe_digest("2014-01-01", "2014-04-01", 30, 6));
    assert_true(first != probe_digest("2014-01-01", "2014-04-01", 31, 5));
    /* hours do not count: both ends are whole days */
    assert_true(first == probe_digest("2014-01-01T05:00:00Z", "2014-04-01T23:59:59Z", 30, 5));
}

static void lines_come_in_order_and_refer_to_what_is_there(void **state)
{
    (void)state;
    struct probe p;
    probe_run(&p, "2014-01-01", "2014-07-01", 30, 2);
    assert_false(p.out_of_order);
    struct synth_options o = probe_options("2014-01-01", "2014-07-01", 30, 2);
    assert_true(p.last_known_ms < o.to_ms);
    for (size_t i = 0; i < table_count(p.ids); i++)
        assert_true((int64_t)*table_value(p.ids, i) >= o.from_ms);
    for (size_t i = 0; i < table_count(p.refs); i++) {
        Str id = table_key(p.refs, i);
        const uint64_t *known = table_find(p.ids, id);
        if (known == NULL) fail_msg("%.*s is named but never given", STR_ARG(id));
        /* Only a death may be named before it is reported: who attended is known first. */
        if (!str_starts(id, S("BD"))) assert_true(*known <= *table_value(p.refs, i));
    }
    probe_done(&p);
}

static void ids_keep_clear_of_the_replay(void **state)
{
    (void)state;
    struct probe p;
    probe_run(&p, "2014-01-01", "2014-02-01", 30, 3);
    for (size_t i = 0; i < table_count(p.ids); i++) {
        Str id = table_key(p.ids, i);
        assert_int_equal(id.len, 8);
        assert_true(id.ptr[0] == 'B' && id.ptr[1] >= 'A' && id.ptr[1] <= 'Z');
    }
    probe_done(&p);
}

static void truth_names_groups_of_known_events(void **state)
{
    (void)state;
    struct probe p;
    probe_run(&p, "2014-01-01", "2014-10-01", 30, 4);
    assert_true(p.truth_count > 20);
    assert_true(str_eq(p.truth[0], S("group\tnature\tevent\tkind\tlinkable_from")));
    struct table *members = table_new(100000);
    Str last = S("");
    for (size_t i = 1; i < p.truth_count; i++) {
        struct str_list cell = str_split(p.arena, p.truth[i], '\t');
        assert_int_equal(cell.count, 5);
        assert_true(str_eq(cell.item[1], S("benign")) || str_eq(cell.item[1], S("same_event")));
        const uint64_t *known = table_find(p.ids, cell.item[2]);
        assert_non_null(known);
        int64_t from_ms;
        bool day_only;
        assert_int_equal(caldate_parse(cell.item[4], &from_ms, &day_only, NULL), OK);
        assert_true(from_ms >= (int64_t)*known);
        assert_true(str_compare(last, cell.item[4]) <= 0);
        last = cell.item[4];
        ++*table_at(members, cell.item[0], NULL);
    }
    for (size_t i = 0; i < table_count(members); i++)
        assert_true(*table_value(members, i) >= 2);
    table_free(members);
    probe_done(&p);
}

static enum status count_line(void *state, Str line, struct err *e)
{
    (void)line;
    (void)e;
    ++*(size_t *)state;
    return OK;
}

static enum status refuse_third(void *state, Str line, struct err *e)
{
    (void)line;
    return ++*(size_t *)state < 3 ? OK : ERR(e, E_IO, "", "the disk is full");
}

static void bad_options_write_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        double per_day;
        enum status status;
        const char *field;
    } bad[] = {
        {"2014-01-01", "2014-01-01", 30, E_INVALID, "to"},
        {"2014-01-02", "2014-01-01", 30, E_INVALID, "to"},
        {"2014-01-01", "2014-01-02", 0, E_INVALID, "per_day"},
        {"2014-01-01", "2014-01-02", -1, E_INVALID, "per_day"},
        {"2014-01-01", "2014-01-02", 1e9, E_INVALID, "per_day"},
        {"1914-01-01", "2014-01-02", 1, E_LIMIT, "to"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct err e = {.status = OK};
        size_t lines = 0;
        struct synth_options o = probe_options(bad[i].from, bad[i].to, bad[i].per_day, 1);
        assert_int_equal(synth_write(&o, count_line, &lines, NULL, NULL, &e), bad[i].status);
        assert_string_equal(e.field, bad[i].field);
        assert_int_equal(lines, 0);
    }
}

static void a_failing_sink_ends_it(void **state)
{
    (void)state;
    struct err e = {.status = OK};
    size_t lines = 0;
    struct synth_options o = probe_options("2014-01-01", "2014-03-01", 30, 1);
    assert_int_equal(synth_write(&o, refuse_third, &lines, NULL, NULL, &e), E_IO);
    assert_int_equal(lines, 3);
    assert_string_equal(e.text, "the disk is full");
}

static void a_single_day_is_enough(void **state)
{
    (void)state;
    size_t lines = 0;
    struct synth_options o = probe_options("2014-06-01", "2014-06-02", 0.001, 1);
    assert_int_equal(synth_write(&o, count_line, &lines, NULL, NULL, NULL), OK);
    assert_true(lines > 1000); /* the officers */
}

/* What is under policy/, as the program's own copy will be. */
static Str find_policy(void *state, Str path)
{
    struct arena *a = state;
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    struct buf b CLEANUP_BUF;
    buf_init(&b, (size_t)16 << 20);
    if (file_read(str_cstr(a, str_format(a, "%s/%.*s", root ? root : ".", STR_ARG(path))), &b, NULL) != OK)
        return STR_NONE;
    return str_copy(a, buf_str(&b));
}

struct reading {
    struct arena *scratch;
    const struct policy *policy;
    size_t lines;
};

static void check_substances(const struct reading *r, const struct change *c)
{
    if (c->record.kind != KIND_DEATH && c->record.kind != KIND_INCIDENT) return;
    for (size_t i = 0; i < c->fact_count; i++) {
        bool death = c->record.kind == KIND_DEATH;
        if (c->fact[i].field != (death ? (int)death_field_substances : (int)incident_field_substances))
            continue;
        struct json_doc doc CLEANUP_JSON = {.root = NULL};
        assert_int_equal(json_parse(c->fact[i].value, &doc, NULL), OK);
        for (size_t k = 0; k < json_count(doc.root); k++) {
            Str word = json_str(json_at(doc.root, k));
            if (!vocabulary_has(r->policy->substances, word))
                fail_msg("%.*s is not in the vocabulary of substances", STR_ARG(word));
        }
    }
}

static enum status read_line(void *state, Str line, struct err *e)
{
    struct reading *r = state;
    struct change c;
    enum status s = feed_parse_line(r->scratch, r->policy, line, S(""), &c, e);
    if (s != OK) {
        fprintf(stderr, "%.*s\n", STR_ARG(line));
        return s;
    }
    /* Taken as it stands: nothing had to be normalised but telephone numbers, addresses and names. */
    check_substances(r, &c);
    r->lines++;
    arena_reset(r->scratch);
    return OK;
}

static void the_projects_reader_takes_every_line(void **state)
{
    (void)state;
    struct arena *keep CLEANUP_ARENA = arena_new("policy", (size_t)64 << 20);
    struct arena *scratch CLEANUP_ARENA = arena_new("line", (size_t)4 << 20);
    struct policy policy;
    struct err e = {.status = OK};
    if (policy_load(keep, find_policy, keep, &policy, &e) != OK) fail_msg("%s", e.text);
    struct reading r = {.scratch = scratch, .policy = &policy};
    struct synth_options o = probe_options("2014-01-01", "2015-01-01", 30, 9);
    if (synth_write(&o, read_line, &r, NULL, NULL, &e) != OK) fail_msg("%s: %s", e.field, e.text);
    assert_true(r.lines > 50000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_options_same_bytes),
        cmocka_unit_test(lines_come_in_order_and_refer_to_what_is_there),
        cmocka_unit_test(ids_keep_clear_of_the_replay),
        cmocka_unit_test(truth_names_groups_of_known_events),
        cmocka_unit_test(bad_options_write_nothing),
        cmocka_unit_test(a_failing_sink_ends_it),
        cmocka_unit_test(a_single_day_is_enough),
        cmocka_unit_test(the_projects_reader_takes_every_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
