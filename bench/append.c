/* How fast the store takes lines, and how fast it gives them back: append [LINES] [FOLDER].
 * A line is a death of a dozen facts; each is sealed, hashed and written to its typed table. */
#include "base/alloc.h"
#include "base/json.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>

enum { CHUNK_LINES = 500, IN_FLIGHT = 16 };

struct bench {
    struct arena *arena;
    struct policy policy;
    struct store *store;
    struct actor actor;
    struct change *line;
    size_t count;
};

static void check(enum status status, const struct err *e)
{
    if (status == OK) return;
    fprintf(stderr, "append: %s\n", e->text);
    exit(status_exit_code(status));
}

/* Facts in their canonical form, as the parser's child hands them over. */
static Str death_text(struct bench *b, struct rng *rng, size_t i)
{
    static const char *const places[] = {"Crane Street", "North Road", "Abbey Lane", "Station Parade"};
    static const char *const settings[] = {"street", "private_home", "hostel", "park_open_space"};
    unsigned day = (unsigned)rng_below(rng, 28) + 1;
    return str_format(
        b->arena,
        "{\"ref\":\"KG/%zu\",\"reported_at\":\"2019-05-%02uT08:30:00Z\",\"found\":{\"from\":\"2019-05-%02u\","
        "\"to\":\"2019-05-%02uT08:10:00Z\"},\"place\":{\"lat\":%.4f,\"lon\":%.4f,\"radius_m\":50},"
        "\"address\":\"%u %s, Barking\",\"setting\":\"%s\",\"age\":%u,\"sex\":\"M\",\"deceased_name\":\"Name "
        "%zu\","
        "\"injuries\":[\"none_seen\"],\"mechanism\":\"overdose\",\"present\":[\"alcohol\",\"note\"],"
        "\"narrative\":\"Found by a passer-by early in the morning, seated against a wall, a bottle beside "
        "him "
        "and a note in his left hand. Life pronounced extinct at the scene by paramedics. No obvious "
        "injury.\"}",
        i, day, day, day, 51.4 + rng_unit(rng) / 5, rng_unit(rng) / 4, (unsigned)rng_below(rng, 200) + 1,
        places[rng_below(rng, COUNT_OF(places))], settings[rng_below(rng, COUNT_OF(settings))],
        (unsigned)rng_below(rng, 80) + 15, i);
}

static void lines_make(struct bench *b)
{
    struct rng rng;
    rng_seed(&rng, 1);
    b->line = alloc_zero(b->count, sizeof b->line[0]);
    for (size_t i = 0; i < b->count; i++) {
        struct err e = {0};
        struct json_doc doc CLEANUP_JSON = {0};
        struct change *c = &b->line[i];
        c->record = (struct record_id){S("main"), KIND_DEATH, str_format(b->arena, "D%zu", i)};
        c->source = S("death_report");
        c->known_at_ms = INT64_C(1560000000000) + (int64_t)i;
        c->line = i + 1;
        check(json_parse(death_text(b, &rng, i), &doc, &e), &e);
        check(change_facts(b->arena, &b->policy, kind_of(KIND_DEATH), doc.root, NULL, c, &e), &e);
    }
}

static void say(const char *what, size_t count, int64_t from_us)
{
    double seconds = (double)(clock_ticks_us() - from_us) / 1e6;
    printf("%-28s %8zu in %7.2f s  %9.0f/s\n", what, count, seconds, (double)count / seconds);
    fflush(stdout);
}

/* Several chunks on their way, as an import does it. */
static void append_all(struct bench *b, const char *what)
{
    struct store_ticket *ticket[IN_FLIGHT] = {NULL};
    struct err e = {0};
    struct receipt r;
    int64_t from = clock_ticks_us();
    size_t n = 0;
    for (size_t i = 0; i < b->count; i += CHUNK_LINES, n++) {
        struct store_ticket **slot = &ticket[n % IN_FLIGHT];
        size_t count = b->count - i < CHUNK_LINES ? b->count - i : CHUNK_LINES;
        if (*slot) check(store_wait(b->store, *slot, &r, &e), &e);
        check(store_submit(b->store, &b->actor, 0, b->line + i, count, NULL, slot, &e), &e);
    }
    for (size_t i = 0; i < IN_FLIGHT; i++, n++) {
        if (ticket[n % IN_FLIGHT]) check(store_wait(b->store, ticket[n % IN_FLIGHT], &r, &e), &e);
    }
    say(what, b->count, from);
}

static enum status count_record(void *state, const struct record *record, struct err *e)
{
    (void)record, (void)e;
    ++*(size_t *)state;
    return OK;
}

static enum status count_line(void *state, const struct change *change, uint64_t seq, struct err *e)
{
    (void)change, (void)seq, (void)e;
    ++*(size_t *)state;
    return OK;
}

static void read_all(struct bench *b)
{
    struct err e = {0};
    size_t records = 0, lines = 0;
    uint64_t indexed = 0;
    int64_t from = clock_ticks_us();
    check(store_each(b->store, &b->actor, VIEW_NOW, UINT64_MAX, S("bench"), count_record, &records, &e), &e);
    say("records folded", records, from);
    from = clock_ticks_us();
    check(store_export(b->store, &b->actor, VIEW_NOW, UINT64_MAX, count_line, &lines, &e), &e);
    say("lines exported", lines, from);
    from = clock_ticks_us();
    check(store_search_catch_up(b->store, NULL, NULL, &indexed, &e), &e);
    say("entries indexed for search", (size_t)indexed, from);
    from = clock_ticks_us();
    for (size_t i = 0; i < 200; i++) {
        struct arena *a CLEANUP_ARENA = arena_new("one record", 64 << 20);
        struct record record;
        check(store_get(b->store, &b->actor, VIEW_NOW, &b->line[i].record, a, &record, &e), &e);
    }
    say("single readings", 200, from);
}

static Str no_policy(void *state, Str path)
{
    (void)state;
    if (str_eq(path, S("policy/sources.tsv")))
        return S("source\trank\tlabel\ndeath_report\t50\tDeath report\n");
    if (str_eq(path, S("policy/defaults.tsv"))) return STR_NONE;
    return S("code\tlabel\tparents\tsynonyms\tgroup\nother\tOther\t\t\t\n");
}

int main(int argc, char **argv)
{
    int64_t lines = 100000;
    const char *tmp = getenv("TMPDIR");
    struct bench b = {.actor = {.name = S("bench"), .role = S("bench")}};
    struct err e = {0};
    if (argc > 1 && (str_to_i64(str_of(argv[1]), &lines) != OK || lines < 1)) {
        fputs("use: append [LINES] [FOLDER]\n", stderr);
        return 64;
    }
    b.arena = arena_new("bench", (size_t)16 << 30);
    char *made = str_cstr(b.arena, str_format(b.arena, "%s/colligate-bench-XXXXXX", tmp ? tmp : "/tmp"));
    const char *dir = argc > 2 ? argv[2] : mkdtemp(made);
    MUST(dir != NULL);
    b.count = (size_t)lines;
    check(policy_load(b.arena, no_policy, NULL, &b.policy, &e), &e);
    struct store_env env = {.clock = clock_system(), .entropy = entropy_system(), .policy = &b.policy};
    check(store_init(dir, &env, &e), &e);
    check(store_open(dir, STORE_WRITE, &env, &b.store, &e), &e);
    lines_make(&b);
    append_all(&b, "lines appended");
    append_all(&b, "the same lines again");
    read_all(&b);
    store_close(b.store);
    printf("left in %s\n", dir);
    alloc_free(b.line);
    arena_free(b.arena);
    return 0;
}
