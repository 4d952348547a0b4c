/* The checks that were missed in Barking, the way that pages go: the case comes into a store amid a
 * background, the linker at work follows it, and casework reads what both say (web/page/casework_page.c).
 * Each check is not open a minute before its moment and open at it; in a copy of the store as it was then,
 * its evidence closes it, all of it, and other records do not. */
#include "oracle.h"

#include "../app/live_kit.h"
#include "app/live_casework.h"
#include "app/session.h"
#include "base/caldate.h"
#include "base/stream.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { MINUTE_MS = 60000, NOISE = 10, LINES_AT_ONCE = 2000 };
#define PER_DAY 1.5 /* background: about a thousand deaths in all */

struct replayed {
    struct bed *bed;
    struct checkkit kit; /* its lines and its pack; its world stays empty */
    struct oracle oracle;
    struct casework_live live;
    struct casework_links links;
    size_t put, failed;
};

/* ---- judging ---------------------------------------------------------------------------------------- */

static bool see_all(void *state, const struct record_id *event)
{
    (void)state, (void)event;
    return true;
}

/* How the death stands in a store at its clock; false: it is not on record. */
static bool judge(const struct replayed *s, struct store *store, const struct store_env *env, Str death,
                  struct arena *a, struct casework *out)
{
    struct record_id id = {S("main"), KIND_DEATH, death};
    struct err e = {0};
    struct session session = {.arena = a,
                              .policy = s->bed->kit.policy,
                              .env = *env,
                              .store = store,
                              .actor = {.name = S("reader"), .role = S("auditor")}};
    struct casework_ask ask = {.session = &session,
                               .links = &s->links,
                               .pack = &s->kit.pack,
                               .view = VIEW_NOW,
                               .now_ms = clock_now_ms(&env->clock)};
    enum status status = casework_read(&ask, &id, a, out, &e);
    if (status != OK && status != E_NOT_FOUND) fail_msg("%s", e.text);
    return status == OK;
}

static bool is_open(const struct casework *c, Str check)
{
    const struct check_status *status = status_of(&c->report, check);
    return status && status->state != CHECK_COMPLETED && status->state != CHECK_NOT_NEEDED;
}

/* ---- a copy of the store ------------------------------------------------------------------------------ */

struct copy {
    char dir[64];
    int64_t now_ms;
    struct store_env env;
    struct store *store;
};

/* Nobody writes meanwhile: the linker has said that it is done. */
static void copy_open(const struct replayed *s, struct copy *c)
{
    struct err e = {0};
    DIR *d = opendir(s->bed->dir);
    assert_non_null(d);
    (void)snprintf(c->dir, sizeof c->dir, "%s", "/tmp/colligate-oracle-XXXXXX");
    assert_non_null(mkdtemp(c->dir));
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        struct buf content CLEANUP_BUF;
        char from[512], to[512];
        if (entry->d_name[0] == '.' || strstr(entry->d_name, "-shm")) continue;
        buf_init(&content, (size_t)1 << 30);
        (void)snprintf(from, sizeof from, "%s/%s", s->bed->dir, entry->d_name);
        (void)snprintf(to, sizeof to, "%s/%s", c->dir, entry->d_name);
        if (file_read(from, &content, &e) != OK || file_write(to, buf_str(&content), 0600, &e) != OK)
            fail_msg("%s", e.text);
    }
    closedir(d);
    c->now_ms = s->bed->now_ms;
    c->env = s->bed->env;
    c->env.clock = clock_manual(&c->now_ms);
    if (store_open(c->dir, STORE_WRITE, &c->env, &c->store, &e) != OK) fail_msg("%s", e.text);
}

static void copy_close(struct copy *c)
{
    store_close(c->store);
    bed_folder_remove(c->dir);
}

static void copy_lines(const struct replayed *s, struct copy *c, const Str *json, size_t count)
{
    struct arena *a = s->bed->kit.arena;
    struct change *line = NEW_ARRAY(a, struct change, count);
    struct receipt receipt;
    struct err e = {0};
    for (size_t i = 0; i < count; i++)
        line[i] = worldkit_line(&s->bed->kit, str_cstr(a, json[i]));
    if (store_append(c->store, &s->bed->officer, 0, line, count, NULL, NULL, &receipt, &e) != OK)
        fail_msg("%s", e.text);
}

/* "reading D1 O-1": that officer opens the record. */
static void copy_reading(struct copy *c, const struct str_list *word, struct arena *a)
{
    struct err e = {0};
    struct record record;
    struct record_id id = oracle_record(word->item[1]);
    struct actor reader = {.name = word->item[2], .role = S("response")};
    if (store_get(c->store, &reader, VIEW_NOW, &id, a, &record, &e) != OK) fail_msg("%s", e.text);
}

static bool closed_in(const struct replayed *s, struct copy *c, const struct oracle_row *r, struct arena *a)
{
    struct casework work;
    c->now_ms = r->opens_ms + 3 * MS_PER_HOUR;
    assert_true(judge(s, c->store, &c->env, r->death, a, &work));
    return oracle_state(r, &work.report) == CHECK_COMPLETED;
}

/* ---- what closes a row, and what does not ------------------------------------------------------------- */

static void its_evidence_closes(struct replayed *s, const struct oracle_row *r, struct arena *a)
{
    struct copy c;
    size_t lines = oracle_evidences(&s->oracle, r), n = 0;
    copy_open(s, &c);
    for (size_t i = 0; i < s->oracle.evidences; i++) {
        const struct oracle_evidence *v = &s->oracle.evidence[i];
        if (!str_eq(v->row, r->number)) continue;
        if (n++ > 0 && n == lines && closed_in(s, &c, r, a)) {
            print_error("row %.*s, %.*s: closed without the last of its evidence\n", STR_ARG(r->number),
                        STR_ARG(r->check));
            s->failed++;
        }
        struct str_list word = str_split(a, v->text, ' ');
        c.now_ms = r->opens_ms + 2 * MS_PER_HOUR;
        if (str_eq(word.item[0], S("reading")))
            copy_reading(&c, &word, a);
        else
            copy_lines(s, &c, (Str[]){oracle_line_at(a, v->text, r->opens_ms)}, 1);
    }
    if (!closed_in(s, &c, r, a)) {
        print_error("row %.*s, %.*s: its evidence does not close it\n", STR_ARG(r->number),
                    STR_ARG(r->check));
        s->failed++;
    }
    copy_close(&c);
}

static void nothing_else_closes(struct replayed *s, const struct oracle_row *r, struct arena *a)
{
    struct copy c;
    struct rng rng;
    copy_open(s, &c);
    rng_seed(&rng, 11);
    c.now_ms = r->opens_ms + 2 * MS_PER_HOUR;
    for (int n = 0; n < NOISE; n++) {
        struct str_list noise = oracle_noise(a, &rng, r, str_format(a, "NOISE-%d", n));
        copy_lines(s, &c, noise.item, noise.count);
    }
    if (closed_in(s, &c, r, a)) {
        print_error("row %.*s, %.*s: closed by records that are not its evidence\n", STR_ARG(r->number),
                    STR_ARG(r->check));
        s->failed++;
    }
    copy_close(&c);
}

/* ---- the replay --------------------------------------------------------------------------------------- */

/* Everything known by then comes in, in order, and is linked. */
static void move_to(struct replayed *s, int64_t at_ms)
{
    uint64_t last = 0;
    while (s->put < s->kit.count && s->kit.line[s->put].known_at_ms <= at_ms) {
        size_t n = 1;
        while (n < LINES_AT_ONCE && s->put + n < s->kit.count && s->kit.line[s->put + n].known_at_ms <= at_ms)
            n++;
        last = bed_put(s->bed, &s->kit.line[s->put], n);
        s->put += n;
    }
    s->bed->now_ms = at_ms;
    if (last > 0 && s->bed->live != NULL) bed_wait(s->bed, last);
}

static void stop_at(struct replayed *s, int64_t at_ms)
{
    move_to(s, at_ms);
    for (size_t i = 0; i < s->oracle.rows; i++) {
        struct arena *a CLEANUP_ARENA = arena_new("a stop", (size_t)1 << 30);
        const struct oracle_row *r = &s->oracle.row[i];
        bool at = r->must_open && at_ms == r->opens_ms,
             before = r->must_open && at_ms == r->opens_ms - MINUTE_MS,
             never = !r->must_open && at_ms < r->never_before_ms;
        struct casework work;
        if (!at && !before && !never) continue;
        bool there = judge(s, s->bed->store, &s->bed->env, r->death, a, &work);
        if (there && never && status_of(&work.report, r->check)) {
            print_error("%.*s, %.*s: must not be open\n", STR_ARG(r->death), STR_ARG(r->check));
            s->failed++;
        }
        if (never || (there && is_open(&work, r->check)) == at) {
            if (!at) continue;
            its_evidence_closes(s, r, a);
            nothing_else_closes(s, r, a);
            continue;
        }
        print_error("row %.*s, %.*s, %.*s: %s\n", STR_ARG(r->number), STR_ARG(r->death), STR_ARG(r->check),
                    at ? "not open at its moment" : "open a minute too early");
        s->failed++;
    }
}

static int compare_times(const void *x, const void *y)
{
    const int64_t *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

static void pages_say_of_each_missed_check_what_was_missed(void **state)
{
    struct replayed s = {.bed = *state};
    int64_t at[2 * ORACLE_ROWS_MAX];
    size_t stops = 0, rows = 0;
    checkkit_open(&s.kit, PER_DAY, "2014-01-01", "2015-10-20");
    oracle_read(&s.oracle, s.kit.kit.arena);
    for (size_t i = 0; i < s.oracle.rows; i++) {
        if (!s.oracle.row[i].must_open) continue;
        at[stops++] = s.oracle.row[i].opens_ms - MINUTE_MS;
        at[stops++] = s.oracle.row[i].opens_ms;
        rows++;
    }
    assert_int_equal(rows, 21);
    qsort(at, stops, sizeof *at, compare_times);
    move_to(&s, at[0] - MS_PER_DAY);
    bed_live(s.bed);
    s.live = (struct casework_live){.live = s.bed->live, .side = LIVE_OPEN, .may_see = see_all};
    s.links = casework_of_live(&s.live);
    for (size_t i = 0; i < stops; i++)
        if (i == 0 || at[i] != at[i - 1]) stop_at(&s, at[i]);
    checkkit_close(&s.kit);
    assert_int_equal(s.failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pages_say_of_each_missed_check_what_was_missed, bed_setup,
                                        bed_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
