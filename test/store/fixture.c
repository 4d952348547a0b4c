#include "fixture.h"

#include "base/alloc.h"
#include "base/caldate.h"
#include "base/json.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static Str find_policy(void *state, Str path)
{
    (void)state;
    if (str_eq(path, S("policy/sources.tsv")))
        return S("source\trank\tlabel\ndeath_report\t60\tDeath "
                 "report\nlab\t90\tLaboratory\nscene_log\t40\tScene log\n");
    if (str_eq(path, S("policy/substances.tsv")))
        return S("code\tlabel\tparents\tsynonyms\tgroup\nghb\tGHB\t\tgina|liquid "
                 "g\tdepressant\nheroin\tHeroin\t\tsmack\topioid\n");
    if (str_eq(path, S("policy/defaults.tsv")) || str_eq(path, S("policy/scales.tsv"))) return STR_NONE;
    return S("code\tlabel\tparents\tsynonyms\tgroup\nother\tOther\t\t\t\n");
}

void folder_remove(const char *dir)
{
    DIR *d = opendir(dir);
    if (!d) return;
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        if (entry->d_name[0] != '.') unlinkat(dirfd(d), entry->d_name, 0);
    }
    closedir(d);
    rmdir(dir);
}

struct fixture *fixture_new(void)
{
    struct fixture *f = alloc_zero(1, sizeof *f);
    snprintf(f->dir, sizeof f->dir, "%s", "/tmp/colligate-store-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->now_ms = START_MS + 1000 * DAY_MS;
    f->arena = arena_new("test", (size_t)1 << 30);
    assert_ok(policy_load(f->arena, find_policy, NULL, &f->policy, e));
    f->env = (struct store_env){
        .clock = clock_manual(&f->now_ms), .entropy = entropy_system(), .policy = &f->policy};
    f->officer = (struct actor){.name = S("officer one"), .role = S("detective"), .unit = S("KG")};
    f->second = (struct actor){.name = S("officer two"), .role = S("inspector"), .unit = S("KG")};
    assert_ok(store_init(f->dir, &f->env, e));
    fixture_reopen(f, STORE_WRITE);
    return f;
}

void fixture_close(struct fixture *f)
{
    store_close(f->store);
    f->store = NULL;
}

void fixture_reopen(struct fixture *f, enum store_mode mode)
{
    fixture_close(f);
    assert_ok(store_open(f->dir, mode, &f->env, &f->store, e));
}

void fixture_free(struct fixture *f)
{
    fixture_close(f);
    folder_remove(f->dir);
    arena_free(f->arena);
    alloc_free(f);
}

struct record_id id_make(const char *ref)
{
    Str rest = str_of(ref), part[3], piece;
    size_t n = 0;
    while (n < 3 && str_next(&rest, ':', &piece))
        part[n++] = piece;
    if (n == 2) return (struct record_id){S("main"), kind_named(part[0])->id, part[1]};
    return (struct record_id){part[0], kind_named(part[1])->id, part[2]};
}

struct change change_make(struct fixture *f, const char *ref, const char *source, int day, const char *set)
{
    struct change c = {
        .record = id_make(ref), .source = str_of(source), .known_at_ms = START_MS + day * DAY_MS, .line = 1};
    struct json_doc doc CLEANUP_JSON = {0};
    assert_ok(json_parse(str_of(set), &doc, e));
    assert_ok(change_facts(f->arena, &f->policy, kind_of(c.record.kind), doc.root, NULL, &c, e));
    return c;
}

struct receipt append_one(struct fixture *f, uint64_t batch, const struct change *c)
{
    struct receipt r = {0};
    assert_ok(store_append(f->store, &f->officer, batch, c, 1, NULL, NULL, &r, e));
    return r;
}

struct receipt append(struct fixture *f, const char *ref, const char *source, int day, const char *set)
{
    struct change c = change_make(f, ref, source, day, set);
    return append_one(f, 0, &c);
}

uint64_t batch_open(struct fixture *f, const char *name)
{
    uint64_t batch = 0;
    struct batch_info info = {.ns = S("main"), .name = str_of(name), .mapping = S("")};
    assert_ok(store_batch_open(f->store, &f->officer, &info, &batch, e));
    return batch;
}

const char *value_at(struct fixture *f, struct view view, const char *ref, const char *field)
{
    struct record_id id = id_make(ref);
    struct record record;
    struct err none = {0};
    enum status status = store_get(f->store, &f->officer, view, &id, f->arena, &record, &none);
    if (status == E_NOT_FOUND) return "-";
    if (status != OK) fail_msg("%s", none.text);
    int index = field_index(kind_of(id.kind), str_of(field));
    assert_true(index >= 0);
    Str value = record.held[index].value;
    return str_present(value) ? str_cstr(f->arena, value) : "-";
}

const char *value_now(struct fixture *f, const char *ref, const char *field)
{
    return value_at(f, VIEW_NOW, ref, field);
}

static enum status dump_put(void *state, Str line, struct err *e)
{
    (void)e;
    buf_add(state, line);
    buf_add_char(state, '\n');
    return OK;
}

Str dump(struct fixture *f)
{
    struct buf b CLEANUP_BUF;
    buf_init(&b, 1 << 26);
    assert_ok(store_dump(f->store, &f->officer, dump_put, &b, e));
    return str_copy(f->arena, buf_str(&b));
}

static enum status export_put(void *state, const struct change *c, uint64_t seq, struct err *e)
{
    (void)e, (void)seq;
    change_write_feed(state, c, true);
    buf_add_char(state, '\n');
    return OK;
}

Str export_text(struct fixture *f, struct view view)
{
    struct buf b CLEANUP_BUF;
    buf_init(&b, 1 << 26);
    assert_ok(store_export(f->store, &f->officer, view, ALL_KINDS, export_put, &b, e));
    return str_copy(f->arena, buf_str(&b));
}

static struct store_place head(struct store *s)
{
    struct store_place place = {0};
    struct err failure = {0};
    if (store_head(s, &place, &failure) != OK) fail_msg("%s", failure.text);
    return place;
}

uint64_t head_seq(struct store *s)
{
    return head(s).seq;
}

int64_t head_known_ms(struct store *s)
{
    return head(s).known_ms;
}
