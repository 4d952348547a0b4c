/* The statements of sql/: each is prepared against a fresh schema, reads by an index or says that it scans;
 * the schema has the columns that the field tables say; the ledger refuses to be changed. */
#include "fixture.h"

#include "base/assets.h"
#include "store/db.h"
#include "store/typed.h"

#include <stdio.h>

static int setup(void **state)
{
    struct fixture *f = fixture_new();
    append(f, "death:D1", "death_report", 0, "{\"age\":22}");
    struct record_id id = id_make("death:D1");
    struct record record;
    assert_ok(store_get(f->store, &f->officer, VIEW_NOW, &id, f->arena, &record, e));
    fixture_close(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture_free(*state);
    return 0;
}

static void plan_check(sqlite3 *db, const char *name, Str text)
{
    sqlite3_stmt *stmt;
    char sql[8192];
    snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %.*s", STR_ARG(text));
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s: %s", name, sqlite3_errmsg(db));
    bool marked = str_find(text, S("/* scan */")) != STR_NPOS, scans = false;
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(stmt, 3);
        if (strncmp(detail, "SCAN", 4) != 0 || strstr(detail, "CONSTANT ROW")) continue;
        scans = true;
        if (!marked) fail_msg("%s reads a whole table and does not say /* scan */: %s", name, detail);
    }
    sqlite3_finalize(stmt);
    if (marked && !scans) fail_msg("%s says /* scan */ but does not", name);
}

static void every_statement_prepares_and_says_when_it_scans(void **state)
{
    struct fixture *f = *state;
    size_t prepared[STATEMENT_COUNT] = {0};
    for (int file = 0; file < DB_COUNT; file++) {
        struct db *db;
        assert_ok(db_open(f->dir, (enum db_file)file, DB_WRITE, &db, e));
        for (int i = 0; i < STATEMENT_COUNT; i++) {
            enum statement id = (enum statement)i;
            if (!statement_belongs(id, (enum db_file)file)) continue;
            sqlite3_stmt *stmt = NULL;
            assert_ok(db_prepare(db, statement_text(id), &stmt, e));
            sqlite3_finalize(stmt);
            plan_check(db_handle(db), statement_name(id), statement_text(id));
            prepared[i]++;
        }
        db_close(db);
    }
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        if (!prepared[i]) fail_msg("%s belongs to no file", statement_name((enum statement)i));
    }
}

/* Nothing in sql/ that the program does not know. */
static void every_name_in_sql_is_a_statement(void **state)
{
    static const char *const files[] = {"sql/access.sql", "sql/ledger.sql", "sql/change.sql",
                                        "sql/keys.sql",   "sql/search.sql", "sql/accounts.sql"};
    size_t names = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        Str rest = asset_find(str_of(files[i])), line;
        assert_true(str_present(rest));
        while (str_next(&rest, '\n', &line)) {
            if (!str_starts(line, S("-- name: "))) continue;
            Str name = str_trim(str_slice(line, 9, line.len));
            bool known = false;
            for (int s = 0; s < STATEMENT_COUNT; s++)
                known = known || str_eq(name, str_of(statement_name((enum statement)s)));
            if (!known) fail_msg("%s: nobody runs %.*s", files[i], STR_ARG(name));
            names++;
        }
    }
    assert_int_equal(names, STATEMENT_COUNT);
}

static void the_schema_follows_the_field_tables(void **state)
{
    struct fixture *f = *state;
    struct db *db;
    assert_ok(db_open(f->dir, DB_CHANGE, DB_READ, &db, e));
    for (int k = 0; k < KIND_COUNT; k++) {
        const struct kind *kind = kind_of((enum kind_id)k);
        struct column column[COLUMNS_MAX];
        size_t count = typed_columns(kind, column), n = 0;
        sqlite3_stmt *stmt;
        char sql[200];
        snprintf(sql, sizeof sql, "SELECT name, type FROM pragma_table_info('%s') WHERE name <> 'record'",
                 kind->name);
        assert_int_equal(sqlite3_prepare_v2(db_handle(db), sql, -1, &stmt, NULL), SQLITE_OK);
        for (; sqlite3_step(stmt) == SQLITE_ROW; n++) {
            const char *name = (const char *)sqlite3_column_text(stmt, 0);
            size_t i = 0;
            while (i < count && strcmp(column[i].name, name) != 0)
                i++;
            if (i == count) fail_msg("%s.%s is a column but no field", kind->name, name);
            assert_string_equal((const char *)sqlite3_column_text(stmt, 1),
                                column[i].type == CELL_REAL ? "REAL" : "TEXT");
        }
        sqlite3_finalize(stmt);
        if (n != count)
            fail_msg("%s: %zu columns, the fields need %zu: a migration is missing", kind->name, n, count);
    }
    db_close(db);
}

static void refused(struct fixture *f, enum db_file file, enum db_use use, const char *sql)
{
    struct db *db;
    struct err none = {0};
    assert_ok(db_open(f->dir, file, use, &db, e));
    if (db_script(db, str_of(sql), &none) == OK) fail_msg("%s: was taken: %s", db_file_name(file), sql);
    db_close(db);
}

static void the_ledger_refuses_to_be_changed(void **state)
{
    static const char *const acts[] = {
        "UPDATE entry SET known_at = 1",
        "DELETE FROM entry",
        "UPDATE body SET sealed = x'00'",
        "DELETE FROM body WHERE seq = 1",
        "INSERT OR REPLACE INTO body (seq, sealed) VALUES (1, x'00')",
        "DROP TABLE entry",
        "DROP TRIGGER entry_stays",
        "ALTER TABLE entry RENAME TO old",
        "ATTACH '/tmp/x' AS x",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = ''",
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        refused(f, DB_CHANGE, DB_WRITE, acts[i]);
        refused(f, DB_ACCESS, DB_WRITE, acts[i]);
    }
    refused(f, DB_CHANGE, DB_WRITE, "UPDATE checkpoint SET text = ''");
    refused(f, DB_CHANGE, DB_WRITE, "DELETE FROM checkpoint");
    refused(f, DB_CHANGE, DB_READ, "DELETE FROM death");
    refused(f, DB_KEYS, DB_READ, "DELETE FROM record_key");
}

static void foreign_and_newer_files_are_refused(void **state)
{
    struct fixture *f = *state;
    struct db *db;
    sqlite3 *raw;
    char path[128];
    snprintf(path, sizeof path, "%s/change.db", f->dir);
    assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
    assert_int_equal(sqlite3_exec(raw, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
    assert_fails(E_DB, "newer version", db_open(f->dir, DB_CHANGE, DB_READ, &db, e));
    assert_int_equal(sqlite3_exec(raw, "PRAGMA user_version = 0", NULL, NULL, NULL), SQLITE_OK);
    assert_fails(E_DB, "no part of a store", db_open(f->dir, DB_CHANGE, DB_READ, &db, e));
    sqlite3_close(raw);
    assert_fails(E_CONFLICT, "already", db_open(f->dir, DB_CHANGE, DB_MAKE, &db, e));
    assert_fails(E_NOT_FOUND, "not there", db_open("/tmp", DB_CHANGE, DB_READ, &db, e));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(every_statement_prepares_and_says_when_it_scans),
        CASE(every_name_in_sql_is_a_statement),
        CASE(the_schema_follows_the_field_tables),
        CASE(the_ledger_refuses_to_be_changed),
        CASE(foreign_and_newer_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
