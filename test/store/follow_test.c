/* What follows the ledger: full text, references, erasing, rebuilding; and the record of who read. */
#include "fixture.h"

#include "base/stream.h"

#include <sqlite3.h>
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

/* The ids found, in order of rank, each with a blank behind it. */
static const char *found(struct fixture *f, const char *words)
{
    struct search_hit *hit;
    size_t count;
    uint64_t behind;
    struct buf b CLEANUP_BUF;
    buf_init(&b, 1 << 16);
    assert_ok(store_search(f->store, &f->officer, str_of(words), 20, f->arena, &hit, &count, &behind, e));
    for (size_t i = 0; i < count; i++)
        buf_addf(&b, "%.*s ", STR_ARG(hit[i].id.id));
    return str_cstr(f->arena, buf_str(&b));
}

static uint64_t catch_up(struct fixture *f)
{
    uint64_t read = 0;
    assert_ok(store_search_catch_up(f->store, NULL, NULL, &read, e));
    return read;
}

static void words_are_found_where_they_stand(void **state)
{
    struct fixture *f = *state;
    append(f, "death:D1", "death_report", 0,
           "{\"deceased_name\":\"Ren\u00e9 Quill\",\"ref\":\"KG/77\",\"narrative\":\"Seated against a wall, "
           "a bottle of "
           "clear liquid beside him.\"}");
    append(f, "death:D2", "death_report", 0, "{\"narrative\":\"Found in the churchyard; bottles nearby.\"}");
    append(f, "person:P1", "staff", 0, "{\"name\":\"Anna Quill\"}");
    append(f, "identifier:I1", "staff", 0,
           "{\"type\":\"phone\",\"value\":\"07700 900126\",\"holder\":\"P1\"}");
    assert_string_equal(found(f, "quill"), ""); /* not read yet */
    assert_int_equal(catch_up(f), 4);
    assert_int_equal(catch_up(f), 0);
    assert_string_equal(found(f, "rene quill"), "D1 ");
    assert_string_equal(found(f, "churchy"), "D2 "); /* the last word may be a beginning */
    assert_string_equal(found(f, "churchy found"), "");
    assert_string_equal(found(f, "+44 7700 900 126"), "I1 ");
    assert_string_equal(found(f, "KG/77"), "D1 ");
    assert_string_equal(found(f, "nothing of the kind"), "");
    struct search_hit *hit;
    size_t count;
    uint64_t behind;
    assert_ok(store_search(f->store, &f->officer, S("bottle beside"), 5, f->arena, &hit, &count, &behind, e));
    assert_int_equal(count, 1);
    assert_true(str_eq(hit[0].field, S("narrative")));
    assert_true(str_find(hit[0].snippet, S("\x02"
                                           "bottle\x03 of clear")) != STR_NPOS);
    assert_true(str_eq(hit[0].title, S("Ren\u00e9 Quill")));
}

static void syntax_of_the_index_is_only_words(void **state)
{
    static const char *const nasty[] = {"\"",
                                        "\" OR \"",
                                        "quill*",
                                        "NEAR(a b)",
                                        "title:x",
                                        "^a",
                                        "-- ;",
                                        "a AND",
                                        "(((",
                                        "\\",
                                        "*",
                                        "{a b}:c",
                                        "\x01\x02",
                                        "",
                                        "a\" AND \"b",
                                        "keys : x",
                                        "\xc3\xa9\xcc\x81"};
    struct fixture *f = *state;
    append(f, "person:P1", "staff", 0, "{\"name\":\"Anna Quill\"}");
    catch_up(f);
    for (size_t i = 0; i < COUNT_OF(nasty); i++)
        found(f, nasty[i]);
    assert_string_equal(found(f, "quill*"), "P1 ");
    struct search_hit *hit;
    size_t count;
    assert_fails(E_INVALID, "between 1 and",
                 store_search(f->store, &f->officer, S("x"), 0, f->arena, &hit, &count, NULL, e));
}

static void what_is_held_apart_is_not_searched(void **state)
{
    struct fixture *f = *state;
    append(f, "characteristics:C1", "staff", 0, "{\"person\":\"P1\",\"nationality\":\"Ruritanian\"}");
    catch_up(f);
    assert_string_equal(found(f, "ruritanian"), "");
    assert_string_equal(found(f, "C1"), "");
    struct record_id person = id_make("person:P1"), *ids;
    size_t count;
    assert_ok(store_referrers(f->store, &f->officer, &person, f->arena, &ids, &count, e));
    assert_int_equal(count, 0);
}

static void a_withdrawn_batch_leaves_the_index(void **state)
{
    struct fixture *f = *state;
    uint64_t batch = batch_open(f, "x.csv");
    struct change c = change_make(f, "person:P1", "staff", 0, "{\"name\":\"Anna Quill\"}");
    struct receipt r;
    append_one(f, batch, &c);
    catch_up(f);
    assert_string_equal(found(f, "quill"), "P1 ");
    assert_ok(store_batch_withdraw(f->store, &f->officer, S("officer two"), batch, S("test"), &r, e));
    catch_up(f);
    assert_string_equal(found(f, "quill"), "");
}

/* Does any file of the store hold these bytes? */
static bool stored_anywhere(struct fixture *f, Str word)
{
    static const char *const names[] = {"change.db", "change.db-wal", "search.db", "search.db-wal",
                                        "keys.db",   "keys.db-wal",   "access.db", "access.db-wal"};
    bool there = false;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct buf b CLEANUP_BUF;
        char path[128];
        snprintf(path, sizeof path, "%s/%s", f->dir, names[i]);
        buf_init(&b, 1 << 28);
        if (!file_exists(path)) continue;
        assert_ok(file_read(path, &b, e));
        there = there || str_find(buf_str(&b), word) != STR_NPOS;
    }
    return there;
}

static void what_is_erased_is_gone_from_every_file(void **state)
{
    struct fixture *f = *state;
    struct record_id id = id_make("death:D1");
    struct receipt r;
    append(f, "death:D1", "death_report", 0,
           "{\"narrative\":\"The planted word zyzzogeton stands here.\",\"age\":22}");
    append(f, "death:D2", "death_report", 0, "{\"age\":33}");
    catch_up(f);
    assert_true(stored_anywhere(f, S("zyzzogeton")));
    assert_fails(E_DENIED, "second person",
                 store_erase(f->store, &f->officer, S(""), &id, S("order of court"), &r, e));
    assert_fails(E_DENIED, "another person",
                 store_erase(f->store, &f->officer, S("officer one"), &id, S("order of court"), &r, e));
    assert_string_equal(value_now(f, "death:D1", "age"), "22");
    assert_ok(store_erase(f->store, &f->officer, S("officer two"), &id, S("order of court"), &r, e));
    assert_false(stored_anywhere(f, S("zyzzogeton")));
    assert_string_equal(value_now(f, "death:D1", "age"), "-");
    assert_string_equal(value_now(f, "death:D2", "age"), "33");
    assert_string_equal(found(f, "zyzzogeton"), "");
    assert_true(str_find(export_text(f, VIEW_NOW), S("D1")) == STR_NPOS);
    struct view before = {INT64_MAX, r.last_seq - 1};
    assert_string_equal(value_at(f, before, "death:D1", "age"), "-");
    struct change again = change_make(f, "death:D1", "death_report", 0, "{\"age\":22}");
    assert_fails(E_DENIED, "erased", store_append(f->store, &f->officer, 0, &again, 1, NULL, NULL, &r, e));
    assert_fails(E_CONFLICT, "already",
                 store_erase(f->store, &f->officer, S("officer two"), &id, S("x"), &r, e));
    assert_true(head_seq(f->store) == 3);
}

/* A backup of the key store that still holds the key does not bring the record back. */
static void erasing_is_replayed_after_a_restore(void **state)
{
    struct fixture *f = *state;
    struct record_id id = id_make("death:D1");
    struct receipt r;
    char path[128];
    struct buf keys CLEANUP_BUF, now CLEANUP_BUF;
    buf_init(&keys, 1 << 24);
    buf_init(&now, 1 << 24);
    snprintf(path, sizeof path, "%s/keys.db", f->dir);
    append(f, "death:D1", "death_report", 0, "{\"age\":22}");
    fixture_close(f);
    assert_ok(file_read(path, &keys, e));
    fixture_reopen(f, STORE_WRITE);
    assert_ok(store_erase(f->store, &f->officer, S("officer two"), &id, S("order"), &r, e));
    fixture_close(f);
    assert_ok(file_write(path, buf_str(&keys), 0600, e));
    fixture_reopen(f, STORE_WRITE);
    fixture_close(f);
    sqlite3 *db;
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM record_key", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(stmt, 0), 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}

static int64_t access_entries(struct fixture *f)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;
    char path[128];
    snprintf(path, sizeof path, "%s/access.db", f->dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM entry", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t count = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return count;
}

static void names_lead_to_records(void **state)
{
    struct fixture *f = *state;
    struct record_id id;
    append(f, "death:D1", "death_report", 0, "{\"ref\":\"KG/14/1\"}");
    append(f, "person:D1", "staff", 0, "{\"name\":\"Anna\"}");
    append(f, "north:death:D2", "death_report", 0, "{\"age\":2}");
    assert_fails(E_CONFLICT, "main:person:D1",
                 store_resolve(f->store, &f->officer, f->arena, S("D1"), &id, e));
    assert_ok(store_resolve(f->store, &f->officer, f->arena, S("person:D1"), &id, e));
    assert_int_equal(id.kind, KIND_PERSON);
    assert_ok(store_resolve(f->store, &f->officer, f->arena, S("KG/14/1"), &id, e));
    assert_true(str_eq(id.id, S("D1")) && id.kind == KIND_DEATH);
    assert_ok(store_resolve(f->store, &f->officer, f->arena, S("north:D2"), &id, e));
    assert_true(str_eq(id.ns, S("north")));
    assert_ok(store_resolve(f->store, &f->officer, f->arena, S(" main:death:D1 "), &id, e));
    int64_t readings = access_entries(f);
    assert_fails(E_NOT_FOUND, "D9", store_resolve(f->store, &f->officer, f->arena, S("D9"), &id, e));
    assert_fails(E_NOT_FOUND,
                 "death:D2:", store_resolve(f->store, &f->officer, f->arena, S("death:D2:"), &id, e));
    assert_int_equal(access_entries(f), readings + 2); /* who asked for what, also when there is none */
}

static void references_are_followed_both_ways(void **state)
{
    struct fixture *f = *state;
    struct record_id death = id_make("death:D1"), *from;
    struct dangling *dangling;
    size_t count, total;
    append(f, "exhibit:E1", "staff", 0, "{\"death\":\"D1\"}"); /* before the death itself */
    append(f, "concern:C1", "staff", 0, "{\"events\":[\"D1\",\"D8\",\"north:D1\"]}");
    append(f, "decision:X1", "staff", 0, "{\"death\":\"D1\",\"relied_on\":[\"D1\"]}");
    assert_ok(store_unresolved(f->store, &f->officer, f->arena, 2, &dangling, &count, &total, e));
    assert_int_equal(total, 6);
    assert_int_equal(count, 2);
    append(f, "death:D1", "death_report", 0, "{\"age\":22}");
    append(f, "person:D8", "staff", 0, "{\"name\":\"no event\"}");
    assert_ok(store_unresolved(f->store, &f->officer, f->arena, 9, &dangling, &count, &total, e));
    assert_int_equal(total, 2);
    assert_true(str_eq(dangling[0].field, S("events")));
    assert_true(str_eq(dangling[0].to, S("D8")) || str_eq(dangling[0].to, S("north:D1")));
    assert_ok(store_referrers(f->store, &f->officer, &death, f->arena, &from, &count, e));
    assert_int_equal(count, 3);
    assert_int_equal(from[0].kind, KIND_EXHIBIT);
    assert_int_equal(from[1].kind, KIND_DECISION);
    assert_int_equal(from[2].kind, KIND_CONCERN);
    append(f, "exhibit:E1", "staff", 1, "{\"death\":null,\"seal\":\"9\"}");
    assert_ok(store_referrers(f->store, &f->officer, &death, f->arena, &from, &count, e));
    assert_int_equal(count, 2);
}

struct told {
    char text[500];
    size_t count;
};

static void tell(void *state, const struct finding *finding)
{
    struct told *t = state;
    snprintf(t->text, sizeof t->text, "%s", finding->text);
    t->count++;
}

static void spoil(struct fixture *f, const char *sql)
{
    sqlite3 *db;
    char path[128];
    snprintf(path, sizeof path, "%s/change.db", f->dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) fail_msg("%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

static void a_rebuild_names_and_mends_what_differs(void **state)
{
    struct fixture *f = *state;
    struct rebuild_report report;
    struct told told = {0};
    append(f, "death:D1", "death_report", 0, "{\"age\":22}");
    append(f, "death:D2", "death_report", 0, "{\"age\":33}");
    append(f, "exhibit:E1", "staff", 0, "{\"death\":\"D1\"}");
    Str right = dump(f);
    assert_ok(store_rebuild(f->store, &f->officer, true, tell, &told, &report, e));
    assert_int_equal(report.differences, 0);
    assert_int_equal(report.records, 3);
    assert_true(sha256_eq(&report.digest_before, &report.digest_after));
    fixture_close(f);
    spoil(f, "UPDATE death SET age = 23 WHERE record = 1; DELETE FROM exhibit;"
             "INSERT INTO death (record, age) VALUES (3, 5), (99, 1);"
             "UPDATE reference_to SET ident = 'D2' WHERE record = 3;"
             "INSERT INTO reference_to (record, field, ns, ident) VALUES (77, 'death', 'main', 'D1')");
    fixture_reopen(f, STORE_WRITE);
    assert_ok(store_rebuild(f->store, &f->officer, true, tell, &told, &report, e));
    assert_int_equal(report.differences, 5); /* the exhibit's row and references are one */
    assert_int_equal(told.count, 5);
    assert_false(sha256_eq(&report.digest_before, &report.digest_after));
    assert_ok(store_rebuild(f->store, &f->officer, false, tell, &told, &report, e));
    assert_true(str_eq(dump(f), right));
    assert_ok(store_rebuild(f->store, &f->officer, true, tell, &told, &report, e));
    assert_int_equal(report.differences, 0);
}

static void every_reading_is_one_entry(void **state)
{
    struct fixture *f = *state;
    append(f, "death:D1", "death_report", 0, "{\"age\":22}");
    assert_int_equal(access_entries(f), 0);
    value_now(f, "death:D1", "age");
    assert_int_equal(access_entries(f), 1);
    value_now(f, "death:D2", "age"); /* nothing was shown */
    assert_int_equal(access_entries(f), 1);
    export_text(f, VIEW_NOW);
    dump(f);
    assert_int_equal(access_entries(f), 3);
    struct actor nobody = {.name = S("x")};
    struct record_id id = id_make("death:D1");
    struct record record;
    assert_fails(E_INVALID, "role", store_get(f->store, &nobody, VIEW_NOW, &id, f->arena, &record, e));
    struct store *other; /* a second process that reads writes to the same access ledger */
    assert_ok(store_open(f->dir, STORE_READ, &f->env, &other, e));
    for (int i = 0; i < 3; i++) {
        assert_ok(store_get(other, &f->second, VIEW_NOW, &id, f->arena, &record, e));
        assert_ok(store_get(f->store, &f->officer, VIEW_NOW, &id, f->arena, &record, e));
    }
    store_close(other);
    assert_int_equal(access_entries(f), 9);
    struct verify_report report;
    struct told told = {0};
    fixture_close(f);
    assert_ok(store_verify(f->dir, &f->env, STR_NONE, tell, &told, &report, e));
    if (report.findings) fail_msg("%s", told.text);
    assert_int_equal(report.access_entries, 9);
}

/* When the reading cannot be recorded, nothing is shown. */
static void what_cannot_be_recorded_is_not_shown(void **state)
{
    struct fixture *f = *state;
    append(f, "death:D1", "death_report", 0, "{\"age\":22}");
    sqlite3 *db;
    char path[128];
    snprintf(path, sizeof path, "%s/access.db", f->dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db,
                     "CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'no room'); END",
                     NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    struct record_id id = id_make("death:D1");
    struct record record = {.version = 77};
    assert_fails(E_DB, "no room", store_get(f->store, &f->officer, VIEW_NOW, &id, f->arena, &record, e));
    assert_int_equal(record.version, 77);
}

static void a_linking_run_is_an_entry(void **state)
{
    struct fixture *f = *state;
    struct receipt first = append(f, "death:D1", "death_report", 0, "{\"age\":22}"), r;
    struct link_run run = {.event = id_make("death:D1"), .model = S("deaths 1"), .epoch_ms = START_MS};
    assert_ok(store_link_run(f->store, &f->officer, &run, &r, e));
    assert_int_equal(r.last_seq, first.last_seq + 1);
    struct change next = change_make(f, "death:D1", "death_report", 1, "{\"age\":23}");
    uint64_t expected = first.last_seq; /* linking changes no fact and no version */
    assert_ok(store_append(f->store, &f->officer, 0, &next, 1, &expected, NULL, &r, e));
    run.event = id_make("death:D2");
    assert_fails(E_NOT_FOUND, "D2", store_link_run(f->store, &f->officer, &run, &r, e));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(words_are_found_where_they_stand),
        CASE(syntax_of_the_index_is_only_words),
        CASE(what_is_held_apart_is_not_searched),
        CASE(a_withdrawn_batch_leaves_the_index),
        CASE(what_is_erased_is_gone_from_every_file),
        CASE(erasing_is_replayed_after_a_restore),
        CASE(names_lead_to_records),
        CASE(references_are_followed_both_ways),
        CASE(a_rebuild_names_and_mends_what_differs),
        CASE(every_reading_is_one_entry),
        CASE(what_cannot_be_recorded_is_not_shown),
        CASE(a_linking_run_is_an_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
