/* What was acknowledged is there: after kill -9 at any moment, after a full disk, with many writers at once.
 * COLLIGATE_KILL_ROUNDS sets the number of kills (100 unless told). */
#include "fixture.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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

/* ---- kill -9 ---------------------------------------------------------------------------------------- */

struct ack {
    uint64_t number, seq;
};

/* Appends until it is killed and tells each acknowledged line. Two chunks are always on their way. */
_Noreturn static void append_for_ever(const char *dir, const struct store_env *env, uint64_t number, int out)
{
    enum { CHUNK = 7, WAYS = 2 };
    struct store *store;
    struct err e = {0};
    struct actor actor = {.name = S("child"), .role = S("test")};
    struct fact fact[WAYS][CHUNK];
    struct change change[WAYS][CHUNK];
    char id[WAYS][CHUNK][32], value[WAYS][CHUNK][32];
    struct store_ticket *ticket[WAYS] = {NULL};
    uint64_t first[WAYS] = {0};
    if (store_open(dir, STORE_WRITE, env, &store, &e) != OK) _exit(3);
    for (size_t way = 0;; way = (way + 1) % WAYS) {
        struct receipt r;
        if (ticket[way]) {
            if (store_wait(store, ticket[way], &r, &e) != OK) _exit(4);
            struct ack ack = {first[way], r.first_seq};
            if (write(out, &ack, sizeof ack) != sizeof ack) _exit(5);
        }
        first[way] = number;
        for (size_t i = 0; i < CHUNK; i++, number++) {
            int age = field_index(kind_of(KIND_DEATH), S("age"));
            snprintf(id[way][i], sizeof id[way][i], "K%llu", (unsigned long long)number);
            snprintf(value[way][i], sizeof value[way][i], "%llu", (unsigned long long)(number % 100));
            fact[way][i] = (struct fact){age, str_of(value[way][i]), S(""), S("")};
            change[way][i] = (struct change){.record = {S("main"), KIND_DEATH, str_of(id[way][i])},
                                             .source = S("lab"),
                                             .known_at_ms = START_MS,
                                             .line = number + 1,
                                             .fact = &fact[way][i],
                                             .fact_count = 1};
        }
        if (store_submit(store, &actor, 0, change[way], CHUNK, NULL, &ticket[way], &e) != OK) _exit(6);
    }
}

static void pause_us(long us)
{
    struct timespec t = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    nanosleep(&t, NULL);
}

/* One child, killed after a while; the numbers it was told are stored. */
static uint64_t round_of_killing(struct fixture *f, uint64_t number, struct rng *rng, uint64_t *acknowledged)
{
    enum { CHUNK = 7 };
    int way[2];
    struct ack ack;
    uint64_t highest = number;
    assert_int_equal(pipe(way), 0);
    pid_t child = fork();
    if (child == 0) append_for_ever(f->dir, &f->env, number, way[1]);
    assert_true(child > 0);
    close(way[1]);
    /* every other child is killed anywhere, also while it opens the store; the others once they are at work
     */
    struct pollfd ready = {.fd = way[0], .events = POLLIN};
    if (rng_chance(rng, 0.5)) assert_int_equal(poll(&ready, 1, 20000), 1);
    pause_us((long)rng_between(rng, 1000, 80000));
    kill(child, SIGKILL);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status)) fail_msg("the child ended by itself with %d", WEXITSTATUS(status));
    fixture_reopen(f, STORE_WRITE);
    while (read(way[0], &ack, sizeof ack) == sizeof ack) {
        for (uint64_t i = 0; i < CHUNK; i++) {
            char ref[40], age[8];
            snprintf(ref, sizeof ref, "death:K%llu", (unsigned long long)(ack.number + i));
            snprintf(age, sizeof age, "%llu", (unsigned long long)((ack.number + i) % 100));
            assert_string_equal(value_now(f, ref, "age"), age);
        }
        arena_reset(f->arena);
        *acknowledged += CHUNK;
        highest = ack.number + CHUNK;
        assert_true(ack.seq <= head_seq(f->store));
    }
    close(way[0]);
    fixture_close(f);
    return highest + 10 * (uint64_t)CHUNK; /* past what may be there without having been acknowledged */
}

static void count_finding(void *state, const struct finding *finding)
{
    (void)state;
    print_message("%s\n", finding->text);
}

static void nothing_acknowledged_is_lost(void **state)
{
    struct fixture *f = *state;
    const char *text = getenv("COLLIGATE_KILL_ROUNDS");
    int64_t rounds = 100;
    uint64_t number = 0, acknowledged = 0;
    struct rng rng;
    struct arena *kept = f->arena; /* the policy lives in it; what a round reads goes with the round */
    if (text && str_to_i64(str_of(text), &rounds) != OK) fail_msg("COLLIGATE_KILL_ROUNDS is no number");
    fixture_close(f);
    f->arena = arena_new("a round", 64 << 20);
    rng_seed(&rng, 42);
    for (int64_t i = 0; i < rounds; i++)
        number = round_of_killing(f, number, &rng, &acknowledged);
    arena_free(f->arena);
    f->arena = kept;
    struct verify_report report;
    assert_ok(store_verify(f->dir, &f->env, STR_NONE, count_finding, NULL, &report, e));
    assert_int_equal(report.findings, 0);
    assert_true(acknowledged > 0 && report.change_entries >= acknowledged);
    fixture_reopen(f, STORE_WRITE);
    struct rebuild_report rebuilt;
    assert_ok(store_rebuild(f->store, &f->officer, true, count_finding, NULL, &rebuilt, e));
    assert_int_equal(rebuilt.differences, 0);
    print_message("%lld kills, %llu acknowledged lines, %llu entries\n", (long long)rounds,
                  (unsigned long long)acknowledged, (unsigned long long)report.change_entries);
}

/* ---- a full disk ------------------------------------------------------------------------------------ */

static void a_full_disk_is_said_and_survived(void **state)
{
    struct fixture *f = *state;
    struct rlimit before, small = {.rlim_cur = 600 << 10};
    struct receipt r;
    struct err full = {0};
    enum status status = OK;
    int taken = 0;
    append(f, "death:D0", "lab", 0, "{\"age\":1}");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (int i = 1; i < 5000 && status == OK; i++) {
        char ref[32];
        snprintf(ref, sizeof ref, "death:F%d", i);
        struct change c =
            change_make(f, ref, "lab", 0,
                        "{\"narrative\":\"A text of some length that fills the file a little faster than a "
                        "single number would do.\",\"age\":2}");
        status = store_append(f->store, &f->officer, 0, &c, 1, NULL, NULL, &r, &full);
        taken += status == OK;
    }
    uint64_t head = head_seq(f->store);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, E_IO);
    assert_true(strstr(full.text, "disk") != NULL);
    assert_int_equal(head, taken + 1);
    append(f, "death:AFTER", "lab", 0, "{\"age\":3}"); /* goes on without being opened again */
    assert_true(head_seq(f->store) == head + 1);
    assert_string_equal(value_now(f, "death:D0", "age"), "1");
    fixture_close(f);
    struct verify_report report;
    assert_ok(store_verify(f->dir, &f->env, STR_NONE, count_finding, NULL, &report, e));
    assert_int_equal(report.findings, 0);
    assert_int_equal(report.change_entries, head + 1);
}

/* ---- many at once ----------------------------------------------------------------------------------- */

enum { THREADS = 6, LINES_EACH = 40 };

struct worker {
    struct fixture *f;
    int number;
    pthread_t thread;
    enum status status;
    struct err err;
};

static enum status no_visit(void *state, const struct record *record, struct err *e)
{
    (void)record, (void)e;
    ++*(size_t *)state;
    return OK;
}

static enum status work(struct worker *w, struct arena *a, struct err *e)
{
    int age = field_index(kind_of(KIND_DEATH), S("age"));
    for (int i = 0; i < LINES_EACH; i++) {
        struct fact fact = {age, S("5"), S(""), S("")};
        struct change c = {
            .record = {S("main"), KIND_DEATH, str_format(a, "T%d", i)}, /* all write the same records */
            .source = str_format(a, "source %d", w->number),
            .known_at_ms = START_MS,
            .line = (uint64_t)i + 1,
            .fact = &fact,
            .fact_count = 1};
        struct receipt r;
        struct record record;
        size_t seen = 0;
        TRY(store_append(w->f->store, &w->f->officer, 0, &c, 1, NULL, NULL, &r, e));
        TRY(store_get(w->f->store, &w->f->second, VIEW_NOW, &c.record, a, &record, e));
        if (record.version < r.last_seq) return ERR(e, E_INTERNAL, "", "an older state was read back");
        if (i % 20 == 0) TRY(store_search_catch_up(w->f->store, NULL, NULL, NULL, e));
        if (i % 20 == 10)
            TRY(store_each(w->f->store, &w->f->second, VIEW_NOW, UINT64_MAX, S("test"), no_visit, &seen, e));
    }
    return OK;
}

static void *work_main(void *state)
{
    struct worker *w = state;
    struct arena *a CLEANUP_ARENA = arena_new("a thread", 64 << 20);
    w->status = work(w, a, &w->err);
    return NULL;
}

static void many_threads_write_and_read(void **state)
{
    struct fixture *f = *state;
    struct worker worker[THREADS];
    for (int i = 0; i < THREADS; i++) {
        worker[i] = (struct worker){.f = f, .number = i};
        assert_int_equal(pthread_create(&worker[i].thread, NULL, work_main, &worker[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(worker[i].thread, NULL);
        if (worker[i].status != OK) fail_msg("%s", worker[i].err.text);
    }
    assert_true(head_seq(f->store) == THREADS * LINES_EACH);
    struct record_id id = id_make("death:T7");
    struct record record;
    assert_ok(store_get(f->store, &f->officer, VIEW_NOW, &id, f->arena, &record, e));
    assert_int_equal(record.held[field_index(kind_of(KIND_DEATH), S("age"))].sources, THREADS);
    fixture_close(f);
    struct verify_report report;
    assert_ok(store_verify(f->dir, &f->env, STR_NONE, count_finding, NULL, &report, e));
    assert_int_equal(report.findings, 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(nothing_acknowledged_is_lost),
        CASE(a_full_disk_is_said_and_survived),
        CASE(many_threads_write_and_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
