/* Facts go in and come out: sources side by side, views, batches, versions, restarts. */
#include "fixture.h"

#include <stdio.h>

static int setup(void **state)
{
    *state = fixture_new();
    return 0;
}

static int teardown(void **state)
{
    fixture_free(*state);
    return 0;
}

static void what_went_in_comes_out(void **state)
{
    struct fixture *f = *state;
    struct receipt r =
        append(f, "death:D1", "death_report", 0,
               "{\"age\":22,\"sex\":\"M\",\"address\":\"Flat 26, 0 Crane Street, Barking\","
               "\"found\":{\"from\":\"2013-10-20\",\"to\":\"2013-10-21T08:00:00Z\"},"
               "\"place\":{\"lat\":51.5,\"lon\":0.08,\"radius_m\":150},\"present\":[\"alcohol\",\"note\"]}");
    assert_int_equal(r.first_seq, 1);
    assert_int_equal(r.last_seq, 1);
    assert_int_equal(r.count[TAKEN_NEW], 1);
    assert_int_equal(r.recorded_at_ms, f->now_ms);
    assert_string_equal(value_now(f, "death:D1", "age"), "22");
    assert_string_equal(value_now(f, "death:D1", "present"), "[\"alcohol\",\"note\"]");
    assert_string_equal(value_now(f, "death:D1", "ref"), "-");
    assert_string_equal(value_now(f, "death:D2", "age"), "-");
    Str rows = dump(f);
    assert_true(str_find(rows, S("death\tmain\tD1\t{")) == 0);
    assert_true(str_find(rows, S("\"found_from\":\"2013-10-20\",\"found_to\":\"2013-10-21T08:00:00Z\"")) !=
                STR_NPOS);
    assert_true(str_find(rows, S("\"place_lat\":51.5,\"place_lon\":0.08,\"place_radius_m\":150")) !=
                STR_NPOS);
    assert_true(head_seq(f->store) == 1);
    assert_true(head_known_ms(f->store) == START_MS);
}

static void two_sources_live_side_by_side(void **state)
{
    struct fixture *f = *state;
    append(f, "death:D1", "scene_log", 0, "{\"age\":25,\"sex\":\"M\"}");
    append(f, "death:D1", "lab", 1, "{\"age\":22}");
    assert_string_equal(value_now(f, "death:D1", "age"), "22");
    append(f, "death:D1", "lab", 2, "{\"age\":null}");
    assert_string_equal(value_now(f, "death:D1", "age"), "25");
    append(f, "death:D1", "lab", 3, "{\"sex\":null}"); /* not its own to withdraw */
    assert_string_equal(value_now(f, "death:D1", "sex"), "\"M\"");
}

static void views_look_back(void **state)
{
    struct fixture *f = *state;
    struct receipt first = append(f, "death:D1", "death_report", 10, "{\"age\":22}");
    append(f, "death:D1", "death_report", 5,
           "{\"age\":30,\"ref\":\"KG/14\"}"); /* arrives late, known earlier */
    assert_string_equal(value_now(f, "death:D1", "age"), "22");
    struct view then = {START_MS + 7 * DAY_MS, UINT64_MAX};
    assert_string_equal(value_at(f, then, "death:D1", "age"), "30");
    struct view before = {INT64_MAX, first.last_seq};
    assert_string_equal(value_at(f, before, "death:D1", "ref"), "-");
    assert_string_equal(value_at(f, before, "death:D1", "age"), "22");
    struct view never = {START_MS, UINT64_MAX};
    assert_string_equal(value_at(f, never, "death:D1", "age"), "-");
}

static void shuffle(size_t *order, size_t count, struct rng *rng)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)rng_below(rng, i), swap = order[i - 1];
        order[i - 1] = order[j];
        order[j] = swap;
    }
}

static void any_order_of_arrival_gives_the_same_tables(void **state)
{
    struct fixture *f = *state;
    static const char *const ages[] = {
        "{\"age\":20}",   "{\"age\":21,\"sex\":\"F\"}", "{\"sex\":\"M\"}",
        "{\"age\":null}", "{\"aliases\":[\"Ann\"]}",    "{\"aliases\":[\"Bob\",\"Cy\"]}"};
    static const char *const sources[] = {"scene_log", "lab", "death_report"};
    enum { LINES = 60 };
    size_t order[LINES];
    Str expected = STR_NONE;
    struct rng rng;
    rng_seed(&rng, 7);
    for (size_t i = 0; i < LINES; i++)
        order[i] = i;
    for (int round = 0; round < 4; round++) {
        struct fixture *g = fixture_new();
        for (size_t i = 0; i < LINES; i++) {
            size_t k = order[i];
            char ref[32];
            snprintf(ref, sizeof ref, "death:D%zu", k % 5);
            append(g, ref, sources[k % COUNT_OF(sources)], (int)k, ages[k % COUNT_OF(ages)]);
        }
        Str rows = str_copy(f->arena, dump(g));
        if (round == 0) expected = rows;
        assert_true(str_eq(rows, expected));
        fixture_free(g);
        shuffle(order, LINES, &rng);
    }
}

static void the_same_again_changes_nothing(void **state)
{
    struct fixture *f = *state;
    append(f, "death:D1", "death_report", 0, "{\"age\":22}");
    struct receipt again = append(f, "death:D1", "death_report", 0, "{\"age\":22}");
    assert_int_equal(again.count[TAKEN_UNCHANGED], 1);
    assert_int_equal(again.last_seq, 0);
    assert_true(head_seq(f->store) == 1);
    struct change implied = change_make(f, "death:D1", "death_report", 0, "{\"age\":22}");
    implied.known_at_implied = true;
    implied.known_at_ms = 0;
    implied.line = 9;
    assert_int_equal(append_one(f, 0, &implied).count[TAKEN_UNCHANGED], 1);
    struct change other = change_make(f, "death:D1", "death_report", 0, "{\"age\":23}");
    other.known_at_implied = true;
    other.known_at_ms = INT64_MAX;
    assert_int_equal(append_one(f, 0, &other).count[TAKEN_UPDATED], 1);
    assert_int_equal(append_one(f, 0, &implied).count[TAKEN_UPDATED], 0 + 1); /* back again is a change */
    append(f, "death:D1", "lab", 2, "{\"age\":null}");                        /* said outright: on record */
    assert_true(head_seq(f->store) == 4);
}

static void a_batch_goes_and_comes_back(void **state)
{
    struct fixture *f = *state;
    append(f, "death:D1", "scene_log", 0, "{\"age\":30,\"ref\":\"KG/1\"}");
    uint64_t batch = batch_open(f, "feed.ndjson");
    struct change lines[3] = {change_make(f, "death:D1", "lab", 1, "{\"age\":31}"),
                              change_make(f, "death:D2", "lab", 1, "{\"age\":40}"),
                              change_make(f, "exhibit:E1", "lab", 1, "{\"death\":\"D2\",\"seal\":\"S1\"}")};
    struct receipt r = {0}, withdrawn = {0};
    assert_ok(store_append(f->store, &f->officer, batch, lines, 3, NULL, NULL, &r, e));
    assert_int_equal(r.count[TAKEN_NEW], 2);
    Str with = dump(f);
    assert_fails(E_DENIED, "another person",
                 store_batch_withdraw(f->store, &f->officer, S("Officer One "), batch, S("wrong file"),
                                      &withdrawn, e));
    assert_fails(E_INVALID, "reason",
                 store_batch_withdraw(f->store, &f->officer, S("officer two"), batch, S(" "), &withdrawn, e));
    assert_ok(
        store_batch_withdraw(f->store, &f->officer, S("officer two"), batch, S("wrong file"), &withdrawn, e));
    assert_string_equal(value_now(f, "death:D1", "age"), "30");
    assert_string_equal(value_now(f, "death:D2", "age"), "-");
    struct view before = {INT64_MAX, withdrawn.last_seq - 1};
    assert_string_equal(value_at(f, before, "death:D2", "age"), "40");
    Str without = dump(f);
    assert_true(str_find(without, S("D2")) == STR_NPOS);
    assert_fails(E_CONFLICT, "withdrawn",
                 store_append(f->store, &f->officer, batch, lines, 1, NULL, NULL, &r, e));
    assert_fails(
        E_CONFLICT, "already",
        store_batch_withdraw(f->store, &f->officer, S("officer two"), batch, S("again"), &withdrawn, e));
    fixture_reopen(f, STORE_WRITE);
    assert_true(str_eq(dump(f), without));
    batch = batch_open(f, "feed.ndjson");
    assert_ok(store_append(f->store, &f->officer, batch, lines, 3, NULL, NULL, &r, e));
    assert_int_equal(r.count[TAKEN_NEW], 2);
    assert_int_equal(r.count[TAKEN_UPDATED], 1);
    assert_true(str_eq(dump(f), with));
    struct batch_row *row;
    size_t count;
    assert_ok(store_batches(f->store, &f->officer, f->arena, &row, &count, e));
    assert_int_equal(count, 2);
    assert_true(row[0].withdrawn && !row[1].withdrawn);
    assert_int_equal(row[1].entries, 3);
}

static void a_stale_version_is_refused(void **state)
{
    struct fixture *f = *state;
    struct receipt first = append(f, "death:D1", "death_report", 0, "{\"age\":22}"), r = {0};
    struct change lines[2] = {change_make(f, "death:D2", "death_report", 1, "{\"age\":50}"),
                              change_make(f, "death:D1", "death_report", 1, "{\"age\":23}")};
    uint64_t stale[2] = {0, 77}, right[2] = {0, first.last_seq};
    assert_fails(E_CONFLICT, "somebody else",
                 store_append(f->store, &f->officer, 0, lines, 2, stale, NULL, &r, e));
    assert_true(head_seq(f->store) == 1);
    assert_string_equal(value_now(f, "death:D2", "age"), "-"); /* all or none */
    assert_ok(store_append(f->store, &f->officer, 0, lines, 2, right, NULL, &r, e));
    assert_int_equal(r.first_seq, 2);
    assert_string_equal(value_now(f, "death:D1", "age"), "23");
}

static void wrong_lines_are_refused(void **state)
{
    struct fixture *f = *state;
    struct receipt r = {0};
    struct change c = change_make(f, "death:D1", "death_report", 2000, "{\"age\":22}");
    assert_fails(E_INVALID, "later than now",
                 store_append(f->store, &f->officer, 0, &c, 1, NULL, NULL, &r, e));
    c = change_make(f, "Bad Space:death:D1", "death_report", 0, "{\"age\":22}");
    assert_fails(E_INVALID, "namespace", store_append(f->store, &f->officer, 0, &c, 1, NULL, NULL, &r, e));
    c = change_make(f, "death:D1", "", 0, "{\"age\":22}");
    assert_fails(E_INVALID, "source", store_append(f->store, &f->officer, 0, &c, 1, NULL, NULL, &r, e));
    c = change_make(f, "death:", "lab", 0, "{\"age\":22}");
    assert_fails(E_INVALID, "id", store_append(f->store, &f->officer, 0, &c, 1, NULL, NULL, &r, e));
    c = change_make(f, "death:D1", "lab", 0, "{\"age\":22}");
    assert_fails(E_NOT_FOUND, "batch 9", store_append(f->store, &f->officer, 9, &c, 1, NULL, NULL, &r, e));
    struct actor nobody = {.role = S("x")};
    assert_fails(E_INVALID, "named", store_append(f->store, &nobody, 0, &c, 1, NULL, NULL, &r, e));
    assert_true(head_seq(f->store) == 0);
}

static void it_is_there_after_a_restart(void **state)
{
    struct fixture *f = *state;
    append(f, "death:D1", "death_report", 0, "{\"age\":22}");
    Str before = dump(f);
    fixture_reopen(f, STORE_WRITE);
    assert_true(str_eq(dump(f), before));
    assert_int_equal(append(f, "death:D2", "death_report", 1, "{\"age\":5}").first_seq, 2);
    fixture_reopen(f, STORE_READ);
    assert_string_equal(value_now(f, "death:D2", "age"), "5");
    struct change c = change_make(f, "death:D3", "lab", 0, "{\"age\":22}");
    struct receipt r = {0};
    assert_fails(E_DENIED, "reading only", store_append(f->store, &f->officer, 0, &c, 1, NULL, NULL, &r, e));
}

static void one_writes_at_a_time(void **state)
{
    struct fixture *f = *state;
    struct store *other = NULL;
    assert_fails(E_BUSY, "another process", store_open(f->dir, STORE_WRITE, &f->env, &other, e));
    assert_ok(store_open(f->dir, STORE_READ, &f->env, &other, e));
    append(f, "death:D1", "death_report", 0, "{\"age\":22}");
    assert_true(head_seq(other) == 1);
    store_close(other);
    assert_fails(E_CONFLICT, "already", store_init(f->dir, &f->env, e));
    assert_fails(E_NOT_FOUND, "colligate init",
                 store_open("/tmp/no-such-store", STORE_READ, &f->env, &other, e));
}

static void an_export_is_ordered_and_complete(void **state)
{
    struct fixture *f = *state;
    append(f, "death:D2", "death_report", 3, "{\"age\":2}");
    struct change same_time[2] = {change_make(f, "death:D1", "death_report", 1, "{\"age\":1}"),
                                  change_make(f, "north:death:D9", "death_report", 1, "{\"age\":9}")};
    same_time[0].line = 8;
    same_time[1].line = 2;
    append_one(f, 0, &same_time[0]);
    append_one(f, 0, &same_time[1]);
    uint64_t batch = batch_open(f, "bad.csv");
    struct change bad = change_make(f, "death:D7", "lab", 0, "{\"age\":7}");
    append_one(f, batch, &bad);
    struct receipt r;
    assert_ok(store_batch_withdraw(f->store, &f->officer, S("officer two"), batch, S("test"), &r, e));
    Str text = export_text(f, VIEW_NOW);
    size_t nine = str_find(text, S("\"D9\"")), one = str_find(text, S("\"D1\"")),
           two = str_find(text, S("\"D2\""));
    assert_true(nine < one && one < two && two != STR_NPOS);
    assert_true(str_find(text, S("D7")) == STR_NPOS);
    struct view early = {START_MS + 2 * DAY_MS, UINT64_MAX};
    assert_true(str_find(export_text(f, early), S("\"D2\"")) == STR_NPOS);
    struct view back = {INT64_MAX, r.last_seq - 1};
    assert_true(str_find(export_text(f, back), S("D7")) != STR_NPOS);
}

static void history_names_who_and_when(void **state)
{
    struct fixture *f = *state;
    append(f, "death:D1", "scene_log", 0, "{\"age\":25}");
    f->now_ms += 5000;
    append(f, "death:D1", "lab", 1, "{\"age\":22}");
    struct record_id id = id_make("death:D1");
    struct history h;
    assert_ok(store_history(f->store, &f->officer, VIEW_NOW, &id, f->arena, &h, e));
    assert_int_equal(h.count, 2);
    assert_int_equal(h.line[0].op, OP_COLLECT);
    assert_int_equal(h.line[1].op, OP_ALTER);
    assert_int_equal(h.line[1].recorded_at_ms - h.line[0].recorded_at_ms, 5000);
    assert_true(str_eq(h.line[1].actor, S("officer one")));
    assert_true(str_eq(h.line[1].line.change.source, S("lab")));
}

struct seen {
    char text[400];
};

static enum status see(void *state, const struct record *record, struct err *e)
{
    (void)e;
    struct seen *s = state;
    size_t len = strlen(s->text);
    snprintf(s->text + len, sizeof s->text - len, "%s:%.*s:%.*s ", kind_of(record->id.kind)->name,
             STR_ARG(record->id.ns), STR_ARG(record->id.id));
    return record->id.kind == KIND_EXHIBIT ? E_LIMIT : OK;
}

static void every_record_in_order(void **state)
{
    struct fixture *f = *state;
    append(f, "person:P1", "staff", 0, "{\"name\":\"A\"}");
    append(f, "north:death:A", "staff", 0, "{\"age\":1}");
    append(f, "death:D2", "staff", 0, "{\"age\":1}");
    append(f, "death:D1", "staff", 0, "{\"age\":1}");
    append(f, "exhibit:E1", "staff", 0, "{\"seal\":\"1\"}");
    struct seen s = {0};
    uint64_t kinds = 1u << KIND_DEATH | 1u << KIND_PERSON;
    assert_ok(store_each(f->store, &f->officer, VIEW_NOW, kinds, S("test"), see, &s, e));
    assert_string_equal(s.text, "death:main:D1 death:main:D2 death:north:A person:main:P1 ");
    struct err none = {0};
    assert_int_equal(store_each(f->store, &f->officer, VIEW_NOW, ALL_KINDS, S("test"), see, &s, &none),
                     E_LIMIT);
}

static void who_was_shown_a_record_is_told(void **state)
{
    struct fixture *f = *state;
    struct record record;
    struct shown *shown = NULL;
    size_t count = 0;
    struct record_id d1 = id_make("death:D1"), d2 = id_make("death:D2");
    append(f, "death:D1", "staff", 0, "{\"age\":1}");
    append(f, "death:D2", "staff", 0, "{\"age\":2}");
    assert_ok(store_readings(f->store, &f->officer, &d1, f->arena, &shown, &count, e));
    assert_int_equal(count, 0);
    assert_ok(store_get(f->store, &f->officer, VIEW_NOW, &d1, f->arena, &record, e));
    f->now_ms += DAY_MS;
    assert_ok(store_get(f->store, &f->second, VIEW_NOW, &d1, f->arena, &record, e));
    assert_ok(store_get(f->store, &f->second, VIEW_NOW, &d2, f->arena, &record, e));
    assert_ok(store_readings(f->store, &f->officer, &d1, f->arena, &shown, &count, e));
    assert_int_equal(count, 2);
    assert_true(str_eq(shown[0].actor, f->officer.name) && str_eq(shown[1].actor, f->second.name));
    assert_true(str_eq(shown[1].role, f->second.role));
    assert_int_equal(shown[1].at_ms - shown[0].at_ms, DAY_MS);
    struct record_id nobody = id_make("death:D9");
    assert_fails(E_NOT_FOUND, "D9",
                 store_readings(f->store, &f->officer, &nobody, f->arena, &shown, &count, e));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(what_went_in_comes_out),
        CASE(two_sources_live_side_by_side),
        CASE(views_look_back),
        CASE(any_order_of_arrival_gives_the_same_tables),
        CASE(the_same_again_changes_nothing),
        CASE(a_batch_goes_and_comes_back),
        CASE(a_stale_version_is_refused),
        CASE(wrong_lines_are_refused),
        CASE(it_is_there_after_a_restart),
        CASE(one_writes_at_a_time),
        CASE(an_export_is_ordered_and_complete),
        CASE(history_names_who_and_when),
        CASE(every_record_in_order),
        CASE(who_was_shown_a_record_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
