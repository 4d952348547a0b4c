/* Whose a suggested link is, how it stands, and that nothing can make it disappear. */
#include "assure/link_work.h"
#include "base/buf.h"
#include "base/rng.h"
#include "base/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_MS     INT64_C(3600000)
#define RAISED_MS   (INT64_C(400000) * HOUR_MS)
#define ANSWERS_MAX 16

struct bench {
    struct arena *a;
    struct link_policy policy;
    size_t cases, checked;
    Str name;
    struct link_case c;
    struct link_answer answer[ANSWERS_MAX];
};

static Str read_source(struct arena *a, const char *path)
{
    struct buf text CLEANUP_BUF;
    struct err e = {0};
    char full[1024];
    (void)snprintf(full, sizeof full, "%s/%s", getenv("COLLIGATE_SOURCE_ROOT"), path);
    buf_init(&text, (size_t)1 << 22);
    if (file_read(full, &text, &e) != OK) fail_msg("%s", e.text);
    return str_copy(a, buf_str(&text));
}

static int setup(void **state)
{
    struct arena *a = arena_new("link work", (size_t)1 << 28);
    struct bench *b = NEW(a, struct bench);
    struct err e = {0};
    b->a = a;
    if (link_policy_load(a, read_source(a, "policy/link-work.tsv"), &b->policy, &e) != OK)
        fail_msg("%s", e.text);
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    arena_free(((struct bench *)*state)->a);
    return 0;
}

/* ---- cases ------------------------------------------------------------------------------------------- */

/* The word behind "name=", or the bare word itself; STR_NONE when the line has none. */
static Str option(Str line, const char *name)
{
    Str word;
    while (str_next(&line, ' ', &word)) {
        size_t len = strlen(name);
        if (str_eq(word, str_of(name))) return word;
        if (str_starts(word, str_of(name)) && word.len > len && word.ptr[len] == '=')
            return str_slice(word, len + 1, word.len);
    }
    return STR_NONE;
}

static int64_t number(Str word, int64_t otherwise)
{
    int64_t n = otherwise;
    if (str_present(word) && str_to_i64(word, &n) != OK) fail_msg("%.*s is no number", STR_ARG(word));
    return n;
}

static int64_t at_hour(int64_t hours)
{
    return RAISED_MS + hours * HOUR_MS;
}

static struct link_facts facts_of(const struct bench *b, Str line, int64_t at_ms)
{
    return (struct link_facts){at_ms, (int)number(option(line, "score"), b->c.now.score_db),
                               (uint64_t)number(option(line, "facts"), 1),
                               (size_t)number(option(line, "members"), 2), S("deaths 2")};
}

static void take_link(struct bench *b, Str line)
{
    bool back = str_present(option(line, "back"));
    int64_t told = number(option(line, "told"), back ? -1 : 0);
    b->c = (struct link_case){.raised_ms = RAISED_MS,
                              .told_ms = told < 0 ? 0 : at_hour(told),
                              .back_record = back,
                              .restricted = str_present(option(line, "restricted")),
                              .blind = str_present(option(line, "blind")),
                              .merged = str_present(option(line, "merged")),
                              .units = (size_t)number(option(line, "units"), 1),
                              .answer = b->answer};
    b->c.now = facts_of(b, line, RAISED_MS);
}

static void take_answer(struct bench *b, Str line)
{
    static const char *const KIND[ANSWER_COUNT] = {"linked",   "needs_work", "not_linked",
                                                   "requests", "accepts",    "declines"};
    Str rest = line, hours, kind;
    (void)str_next(&rest, ' ', &hours);
    (void)str_next(&rest, ' ', &kind);
    struct link_answer *x = &b->answer[b->c.answers++];
    size_t k = 0;
    while (k < ANSWER_COUNT && !str_eq(kind, str_of(KIND[k])))
        k++;
    if (k == ANSWER_COUNT || b->c.answers > ANSWERS_MAX) fail_msg("%.*s: no answer", STR_ARG(line));
    Str second = option(line, "second"), due = option(line, "due");
    *x = (struct link_answer){.kind = (enum link_answer_kind)k,
                              .at_ms = at_hour(number(hours, 0)),
                              .by = option(line, "by"),
                              .reason = str_present(option(line, "reason")) ? S("because") : S(""),
                              .approved_by = S(""),
                              .account = option(line, "account"),
                              .approved_account = option(line, "account2"),
                              .owner = option(line, "owner"),
                              .due_ms = str_present(due) ? at_hour(number(due, 0)) : 0};
    x->facts = facts_of(b, line, x->at_ms);
    if (str_present(second)) {
        size_t at = str_find_char(second, '@');
        x->approved_by = str_slice(second, 0, at);
        x->approved_ms = at_hour(number(str_slice(second, at + 1, second.len), 0));
    }
}

static void check_at(struct bench *b, Str line)
{
    Str rest = line, hours, stage, owner;
    struct link_work w;
    (void)str_next(&rest, ':', &hours);
    rest = str_trim(rest);
    (void)str_next(&rest, ' ', &stage);
    (void)str_next(&rest, ' ', &owner);
    link_work_judge(&b->policy, &b->c, at_hour(number(hours, 0)), b->a, &w);
    Str due = option(rest, "due");
    int64_t due_ms = str_eq(due, S("-")) ? 0 : at_hour(number(due, 0));
    bool same = str_eq(stage, str_of(link_stage_name(w.stage))) &&
                str_eq(owner, str_of(link_owner_name(w.owner))) && w.due_ms == due_ms &&
                w.overdue == str_present(option(rest, "overdue")) &&
                w.reopened == str_present(option(rest, "reopened")) &&
                (int64_t)w.step == number(option(rest, "step"), 0);
    if (!same)
        fail_msg("%.*s\n  at %.*s\n  it is: %s %s due=%lld%s step=%zu%s", STR_ARG(b->name), STR_ARG(line),
                 link_stage_name(w.stage), link_owner_name(w.owner),
                 w.due_ms == 0 ? -1LL : (long long)((w.due_ms - RAISED_MS) / HOUR_MS),
                 w.overdue ? " overdue" : "", w.step, w.reopened ? " reopened" : "");
    b->checked++;
}

static void cases_of_the_file(void **state)
{
    struct bench *b = *state;
    Str text = read_source(b->a, "test/assure/link_work.cases"), line;
    while (str_next(&text, '\n', &line)) {
        Str rest = str_trim(line), word;
        if (rest.len == 0 || rest.ptr[0] == '#' || !str_next(&rest, ' ', &word)) continue;
        if (str_eq(word, S("case"))) {
            b->name = rest;
            b->cases++;
        } else if (str_eq(word, S("link")))
            take_link(b, rest);
        else if (str_eq(word, S("answer")))
            take_answer(b, rest);
        else if (str_eq(word, S("now")))
            b->c.now = facts_of(b, rest, at_hour(number(option(rest, "at"), 0)));
        else if (str_eq(word, S("at")))
            check_at(b, rest);
        else
            fail_msg("%.*s: not understood", STR_ARG(line));
    }
    assert_int_equal(b->cases, 38);
    assert_true(b->checked > b->cases);
}

/* ---- nothing disappears -------------------------------------------------------------------------------- */

static Str one_of(struct rng *r, const char *words)
{
    Str rest = str_of(words), word = S("");
    uint64_t n = rng_below(r, 4);
    for (uint64_t i = 0; i <= n; i++)
        (void)str_next(&rest, ' ', &word);
    return str_eq(word, S("-")) ? S("") : word;
}

static void random_case(struct rng *r, struct bench *b)
{
    b->c = (struct link_case){.raised_ms = RAISED_MS,
                              .told_ms = RAISED_MS,
                              .restricted = rng_chance(r, 0.2),
                              .blind = rng_chance(r, 0.2),
                              .units = rng_below(r, 3),
                              .answer = b->answer,
                              .answers = rng_below(r, ANSWERS_MAX)};
    int64_t at = RAISED_MS;
    uint64_t facts = 1;
    int score = 20 + (int)rng_below(r, 70);
    for (size_t i = 0; i < b->c.answers; i++) {
        struct link_answer *x = &b->answer[i];
        at += (int64_t)rng_below(r, 60) * HOUR_MS;
        if (rng_chance(r, 0.3)) {
            facts++;
            score = 20 + (int)rng_below(r, 70);
        }
        *x = (struct link_answer){.kind = (enum link_answer_kind)rng_below(r, ANSWER_COUNT),
                                  .at_ms = at,
                                  .by = one_of(r, "A B A -"),
                                  .reason = one_of(r, "why why - why"),
                                  .approved_by = one_of(r, "A B C -"),
                                  .account = one_of(r, "x y x -"),
                                  .approved_account = one_of(r, "x y y -"),
                                  .owner = one_of(r, "A B - -"),
                                  .facts = {at, score, facts, 2, S("m")}};
        if (rng_chance(r, 0.5)) x->approved_ms = at + HOUR_MS;
    }
    b->c.now = (struct link_facts){at, score, facts, 2, S("m")};
}

static void check_not_linked(const struct bench *b, const struct link_work *w)
{
    const struct link_answer *x = w->standing;
    assert_non_null(x);
    assert_int_equal(x->kind, ANSWER_NOT_LINKED);
    assert_true(x->by.len > 0);
    assert_true(x->reason.len > 0);
    if (x->facts.score_db >= b->policy.rules.strong_db) {
        assert_true(x->approved_by.len > 0);
        assert_false(str_eq(x->by, x->approved_by));
        if (x->account.len > 0 && x->approved_account.len > 0)
            assert_false(str_eq(x->account, x->approved_account));
    }
    /* nothing was learned since that speaks for the link */
    if (b->c.now.digest != x->facts.digest) assert_true(b->c.now.score_db <= x->facts.score_db);
}

/* Whatever is answered, by whom and in which order: a link is somebody's work, or it was answered by people
 * with reasons on the facts of today; and every answer stays in its history. */
static void no_link_disappears(void **state)
{
    struct bench *b = *state;
    struct rng r;
    size_t closed = 0, open = 0;
    rng_seed(&r, 20140619);
    struct arena *a CLEANUP_ARENA = arena_new("one link", (size_t)1 << 24);
    for (int i = 0; i < 20000; i++) {
        struct link_work w;
        size_t told = 0;
        arena_reset(a);
        random_case(&r, b);
        int64_t now = b->c.now.at_ms + (int64_t)rng_below(&r, 200) * HOUR_MS;
        link_work_judge(&b->policy, &b->c, now, a, &w);
        for (size_t k = 0; k < w.events; k++)
            told += w.event[k].kind == LINK_EVENT_ANSWERED || w.event[k].kind == LINK_EVENT_INVALID;
        assert_int_equal(told, b->c.answers);
        if (w.stage == STAGE_NOT_LINKED)
            check_not_linked(b, &w);
        else if (w.stage == STAGE_LINKED)
            assert_true(w.standing->by.len > 0);
        else
            assert_true(link_stage_open(w.stage));
        closed += w.stage == STAGE_NOT_LINKED;
        open += link_stage_open(w.stage);
        if (!link_stage_open(w.stage)) continue;
        assert_true(w.owner < OWNER_COUNT);
        assert_true(w.due_ms > 0 || w.stage == STAGE_ACCEPTED);
        if (b->c.restricted) assert_int_equal(w.owner, OWNER_CLEARED);
        if (w.owner == OWNER_OFFICER) assert_true(w.officer.len > 0);
    }
    assert_true(closed > 100);
    assert_true(open > 1000);
}

static void a_bad_policy_says_what_is_wrong(void **state)
{
    struct bench *b = *state;
    static const char *const BAD[][2] = {
        {"row\tlinks\towner\tamount\nstep\tone_unit\tnobody\t24\n", "owner \"nobody\""},
        {"row\tlinks\towner\tamount\nstep\tone_unit\tcleared\tsoon\n", "line 2: \"soon\" is no amount"},
        {"row\tlinks\towner\tamount\nset\tmood\t\t1\n", "\"mood\" cannot be set"},
        {"row\tlinks\towner\tamount\nrule\tone_unit\t\t1\n", "neither step nor set"},
        {"row\tlinks\towner\tamount\nset\tstrong\t\t6\n", "no step says who answers"},
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct link_policy p;
        struct err e = {0};
        assert_int_equal(link_policy_load(b->a, str_of(BAD[i][0]), &p, &e), E_INVALID);
        if (strstr(e.text, BAD[i][1]) == NULL) fail_msg("\"%s\" does not say \"%s\"", e.text, BAD[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_of_the_file),
        cmocka_unit_test(no_link_disappears),
        cmocka_unit_test(a_bad_policy_says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
