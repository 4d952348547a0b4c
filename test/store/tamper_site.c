/* A store of 300 entries of every sort, made by the public calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/stream.h"
#include "model/feed.h"
#include "tamper_site.h"

struct site site;
static int64_t now_ms = INT64_C(1409212800000); /* 28 August 2014, 08:00 */
static struct rng random_numbers;
static struct policy policy;

struct store_env site_environment(void)
{
    return (struct store_env){
        .clock = clock_manual(&now_ms), .entropy = entropy_seeded(&random_numbers), .policy = &policy};
}

/* ---- files ----------------------------------------------------------------------------------------- */

static void copy_file(const char *from_dir, const char *to_dir, const char *name)
{
    char from[160], to[160];
    struct buf b CLEANUP_BUF = {0};
    snprintf(from, sizeof from, "%s/%s", from_dir, name);
    snprintf(to, sizeof to, "%s/%s", to_dir, name);
    unlink(to);
    if (!file_exists(from)) return;
    buf_init(&b, FILE_BYTES_MAX);
    assert_ok(file_read(from, &b, &e));
    assert_ok(file_write(to, buf_str(&b), 0600, &e));
}

static const char *const store_files[] = {"change.db", "access.db", "keys.db", "search.db", "accounts.db"};

/* A file and its write-ahead log, as one copies a store that nobody writes. */
void site_copy_part(const char *from, const char *to, const char *name)
{
    char log[32], shared[160];
    copy_file(from, to, name);
    snprintf(log, sizeof log, "%s-wal", name);
    copy_file(from, to, log);
    snprintf(shared, sizeof shared, "%s/%s-shm", to, name);
    unlink(shared);
}

void site_copy_store(const char *from, const char *to)
{
    mkdir(to, 0700);
    for (size_t i = 0; i < COUNT_OF(store_files); i++)
        site_copy_part(from, to, store_files[i]);
}

void site_remove_store(const char *dir)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char path[160];
    for (size_t i = 0; i < COUNT_OF(store_files); i++)
        for (size_t j = 0; j < COUNT_OF(ends); j++) {
            snprintf(path, sizeof path, "%s/%s%s", dir, store_files[i], ends[j]);
            unlink(path);
        }
    snprintf(path, sizeof path, "%s/writer.lock", dir);
    unlink(path);
    rmdir(dir);
}

/* ---- the store as it should be ----------------------------------------------------------------------- */

/* For constants outside functions. */
#define TEXT(literal)                                                                                        \
    {                                                                                                        \
        literal, sizeof(literal) - 1                                                                         \
    }
static const struct actor importer = {
    .name = TEXT("importer"), .role = TEXT("system"), .unit = TEXT("HQ"), .session = TEXT("s1")};
static const struct actor officer = {.name = TEXT("pc-two"),
                                     .role = TEXT("officer"),
                                     .unit = TEXT("KD"),
                                     .on_behalf_of = TEXT("ds-three"),
                                     .origin = TEXT("10.0.0.9")};
static const struct actor keeper = {.name = TEXT("keeper"), .role = TEXT("records")};

static void append_lines(struct store *s, const struct actor *actor, uint64_t batch, unsigned first,
                         unsigned last, const char *word)
{
    struct arena *a CLEANUP_ARENA = arena_new("lines", FILE_BYTES_MAX);
    struct change *changes = NEW_ARRAY(a, struct change, last - first + 1);
    for (unsigned i = first; i <= last; i++) {
        const Str line =
            str_format(a,
                       "{\"kind\":\"death\",\"id\":\"D%u\",\"source\":\"police\",\"known_at\":"
                       "\"2014-08-0%uT10:00:00Z\",\"set\":{\"ref\":\"KD/%u\",\"narrative\":\"%s %u\"}}",
                       i, 1 + i % 9, i, word, i);
        struct change *c = &changes[i - first];
        assert_ok(feed_parse_line(a, &policy, line, S(""), c, &e));
        c->line = i;
    }
    struct receipt receipt;
    now_ms += 1000;
    assert_ok(store_append(s, actor, batch, changes, last - first + 1, NULL, NULL, &receipt, &e));
    assert_int_equal(receipt.last_seq - receipt.first_seq, last - first);
}

static void read_records(struct store *s, const struct actor *viewer, unsigned first, unsigned last)
{
    struct arena *a CLEANUP_ARENA = arena_new("reading", FILE_BYTES_MAX);
    for (unsigned i = first; i <= last; i++) {
        struct record record;
        const struct record_id id = {S("main"), KIND_DEATH, str_format(a, "D%u", i)};
        assert_ok(store_get(s, viewer, VIEW_NOW, &id, a, &record, &e));
    }
}

static struct store *open_store(const char *dir)
{
    const struct store_env env = site_environment();
    struct store *s = NULL;
    assert_ok(store_open(dir, STORE_WRITE, &env, &s, &e));
    return s;
}

static void keep_checkpoint(struct store *s, char out[2048])
{
    struct buf b CLEANUP_BUF;
    buf_init(&b, 2048);
    assert_ok(store_checkpoint(s, &b, &e));
    snprintf(out, 2048, "%s", b.ptr);
}

static uint64_t place_of(struct store *s)
{
    struct store_place place = {0};
    assert_ok(store_head(s, &place, &e));
    return place.seq;
}

/* Entries 1-201: a batch and 200 deaths, in ten groups; ten readings. */
static void write_first_half(void)
{
    struct store *s = open_store(site.clean);
    uint64_t batch = 0;
    assert_ok(store_batch_open(s, &importer, &(struct batch_info){.ns = S("main"), .name = S("a.csv")},
                               &batch, &e));
    for (unsigned i = 0; i < 10; i++)
        append_lines(s, &importer, batch, 1 + 20 * i, 20 + 20 * i, "found");
    read_records(s, &officer, 1, 10);
    assert_int_equal(place_of(s), 201);
    keep_checkpoint(s, site.older_checkpoint);
    store_close(s);
}

/* Entries 202-300: a second batch with 60 alterations, a linking run, its withdrawal, an erasure, 35 single
 * lines. */
static void write_second_half(void)
{
    struct store *s = open_store(site.clean);
    uint64_t batch = 0;
    struct receipt receipt;
    assert_ok(
        store_batch_open(s, &officer, &(struct batch_info){.ns = S("main"), .name = S("b.csv")}, &batch, &e));
    for (unsigned i = 0; i < 6; i++)
        append_lines(s, &officer, batch, 1 + 10 * i, 10 + 10 * i, "seen again");
    const struct link_run run = {.event = {S("main"), KIND_DEATH, S("D1")}, .model = S("m 1")};
    assert_ok(store_link_run(s, &keeper, &run, &receipt, &e));
    assert_int_equal(receipt.first_seq, 263);
    assert_ok(store_batch_withdraw(s, &keeper, S("second"), batch, S("sent twice"), &receipt, &e));
    const struct record_id gone = {S("main"), KIND_DEATH, S("D100")};
    assert_ok(store_erase(s, &keeper, S("second"), &gone, S("by order"), &receipt, &e));
    assert_int_equal(receipt.first_seq, 265);
    for (unsigned i = 201; i <= 235; i++)
        append_lines(s, &officer, 0, i, i, "found");
    read_records(s, &keeper, 201, 210);
    assert_int_equal(place_of(s), 300);
    keep_checkpoint(s, site.checkpoint);
    store_close(s);
}

int site_make(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    const struct store_env env = site_environment();
    policy = (struct policy){.default_region = S("GB"), .vocabulary_version = 7};
    rng_seed(&random_numbers, 20140828);
    snprintf(site.root, sizeof site.root, "%s/tamperXXXXXX", tmp && strlen(tmp) < 40 ? tmp : "/tmp");
    assert_non_null(mkdtemp(site.root));
    snprintf(site.clean, sizeof site.clean, "%s/clean", site.root);
    snprintf(site.older, sizeof site.older, "%s/older", site.root);
    snprintf(site.work, sizeof site.work, "%s/work", site.root);
    assert_ok(store_init(site.clean, &env, &e));
    write_first_half();
    site_copy_store(site.clean, site.older);
    write_second_half();
    return 0;
}

int site_remove(void **state)
{
    (void)state;
    site_remove_store(site.clean);
    site_remove_store(site.older);
    site_remove_store(site.work);
    return rmdir(site.root);
}

void site_write_more(const char *dir, unsigned lines)
{
    struct store *s = open_store(dir);
    for (unsigned i = 0; i < lines; i++)
        append_lines(s, &officer, 0, 1000 + i, 1000 + i, "late");
    read_records(s, &keeper, 1000, 1000 + lines - 1);
    store_close(s);
}
