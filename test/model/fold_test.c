/* Folding: the cases of fold.cases, then against a plain second reading of the rule on random lines. */
#include "base/caldate.h"
#include "base/rng.h"
#include "kit.h"
#include "model/kinds.h"
#include "model/normalise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define LINES_MAX 64
#define EPOCH_MS  INT64_C(1400000000000)

struct bench {
    struct arena *a;
    struct policy policy;
    struct entry_line line[LINES_MAX];
    size_t count, at; /* `at`: line of the case file */
    struct view view;
};

static Str word(Str *rest)
{
    Str piece = S("");

    while (str_next(rest, ' ', &piece) && str_empty(piece))
        continue;
    return piece;
}

static int64_t number(Str s, int64_t otherwise)
{
    int64_t v = otherwise;

    if (str_eq(s, S("-"))) return otherwise;
    if (str_to_i64(s, &v) != OK) fail_msg("no number: %.*s", STR_ARG(s));
    return v;
}

static void add_line(struct bench *b, Str rest, bool withdrawn)
{
    struct entry_line *l = &b->line[b->count++];
    Str seq = word(&rest), minute = word(&rest), source = word(&rest);

    assert_true(b->count <= LINES_MAX);
    l->change =
        kit_change(b->a, &b->policy,
                   str_format(b->a, "{\"kind\":\"death\",\"id\":\"D1\",\"source\":\"%.*s\",\"set\":%.*s}",
                              STR_ARG(source), STR_ARG(rest)));
    l->change.known_at_ms = EPOCH_MS + number(minute, 0) * 60000;
    l->seq = (uint64_t)number(seq, 0);
    l->withdrawn = withdrawn;
}

static void set_view(struct bench *b, Str rest)
{
    Str minute = word(&rest), seq = word(&rest);

    b->view = VIEW_NOW;
    if (!str_eq(minute, S("-"))) b->view.known_at_ms = EPOCH_MS + number(minute, 0) * 60000;
    if (!str_eq(seq, S("-"))) b->view.seq = (uint64_t)number(seq, 0);
}

static void check_field(struct bench *b, Str name, Str rest)
{
    int field = field_index(kind_of(KIND_DEATH), name);
    Str value = kit_field(&rest), source = kit_field(&rest), seq = kit_field(&rest),
        sources = kit_field(&rest);
    struct record r = {0};
    struct err e = {0};
    const struct holding *h;

    if (field < 0) fail_msg("line %zu: no field %.*s", b->at, STR_ARG(name));
    if (record_fold(b->a, &b->policy, b->line, b->count, b->view, &r, &e) != OK)
        fail_msg("line %zu: %s", b->at, e.text);
    h = &r.held[field];
    if (str_eq(value, S("absent"))) {
        assert_true(!str_present(h->value) && h->sources == 0);
        return;
    }
    if (!str_eq(h->value, value) || !str_eq(h->source, source) || h->seq != (uint64_t)number(seq, 0) ||
        h->sources != (size_t)number(sources, 0) || h->disputed != str_eq(rest, S("disputed")))
        fail_msg("line %zu: %.*s from %.*s, seq %u, %zu sources, disputed %d", b->at, STR_ARG(h->value),
                 STR_ARG(h->source), (unsigned)h->seq, h->sources, h->disputed);
}

static void test_cases(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 26);
    struct bench b = {.a = a, .policy = kit_policy(a)};
    struct str_list lines = kit_lines(a, "test/model/fold.cases");

    for (size_t i = 0; i < lines.count; i++) {
        Str rest = lines.item[i], first;
        struct record r = {0};
        b.at = i + 1;
        if (str_empty(rest) || str_starts(rest, S("#"))) continue;
        first = word(&rest);
        if (str_eq(first, S("case"))) {
            b.count = 0;
        } else if (str_eq(first, S("line")) || str_eq(first, S("line!"))) {
            add_line(&b, rest, first.len == 5);
        } else if (str_eq(first, S("view"))) {
            set_view(&b, rest);
        } else if (str_eq(first, S("none"))) {
            assert_int_equal(record_fold(a, &b.policy, b.line, b.count, b.view, &r, NULL), E_NOT_FOUND);
        } else if (str_eq(first, S("version"))) {
            assert_int_equal(record_fold(a, &b.policy, b.line, b.count, b.view, &r, NULL), OK);
            assert_int_equal(r.version, number(rest, 0));
        } else {
            Str bar = word(&rest);
            assert_true(str_eq(bar, S("|")));
            check_field(&b, first, rest);
        }
    }
}

static void test_struct(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 24);
    struct bench b = {.a = a, .policy = kit_policy(a), .view = VIEW_NOW};
    struct record r = {0};
    const struct death *d;

    add_line(
        &b,
        S("1 10 lab {\"age\":22,\"found\":\"2014-06-19\",\"address\":\"Flat 26, Crane Street, Barking\"}"),
        false);
    add_line(&b, S("2 11 call {\"absent\":[\"phone\"],\"place\":{\"lat\":51.5,\"lon\":0.1}}"), false);
    assert_int_equal(record_fold(a, &b.policy, b.line, b.count, VIEW_NOW, &r, NULL), OK);
    d = r.data;
    assert_true(d->age > 21.9 && d->age < 22.1);
    assert_int_equal(d->found.to.precision, PRECISION_DAY);
    assert_true(str_starts(d->address.key, S("flat 26|")));
    assert_true(d->absent.count == 1 && str_eq(d->absent.item[0], S("phone")));
    assert_true(d->place.present && !str_present(d->sex) && !d->died.from.precision);
    assert_int_equal(r.first_known_ms, EPOCH_MS + 600000);
    assert_int_equal(r.last_known_ms, EPOCH_MS + 660000);
}

/* Addresses are united with their keys beside them, in the order of the texts. */
static void test_keys_stay_beside_addresses(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 24);
    struct policy policy = kit_policy(a);
    struct entry_line lines[3] = {{.seq = 1}, {.seq = 2}, {.seq = 3}};
    struct record r = {0};
    const struct person *p;

    lines[0].change =
        kit_change(a, &policy,
                   S("{\"kind\":\"person\",\"id\":\"P\",\"source\":\"lab\",\"set\":{\"addresses\":"
                     "[\"9 Zoar Street, Barking\",\"1 Abbey Road, Barking\"]}}"));
    lines[1].change =
        kit_change(a, &policy,
                   S("{\"kind\":\"person\",\"id\":\"P\",\"source\":\"call\",\"set\":{\"addresses\":"
                     "[\"Flat 26, Crane Street, Barking\",\"1 Abbey Road, Barking\"]}}"));
    lines[2].change = kit_change(
        a, &policy, S("{\"kind\":\"person\",\"id\":\"P\",\"source\":\"x\",\"set\":{\"name\":\"Q\"}}"));
    assert_int_equal(record_fold(a, &policy, lines, 3, VIEW_NOW, &r, NULL), OK);
    p = r.data;
    assert_int_equal(p->addresses.count, 3);
    for (size_t i = 0; i < p->addresses.count; i++) {
        Str key = normalise_address(a, p->addresses.item[i].text, S("GB"));
        assert_true(str_eq(p->addresses.item[i].key, key));
        assert_true(i == 0 || str_compare(p->addresses.item[i - 1].text, p->addresses.item[i].text) < 0);
    }
}

/* One random line about age (single-valued) and absent (a set). */
static struct entry_line random_line(struct arena *a, struct rng *rng, const struct policy *policy,
                                     uint64_t seq)
{
    static const char *const sources[] = {"lab", "call", "death_report", "alpha", "bravo"};
    static const char *const items[] = {"null", "[\"phone\"]", "[\"keys\",\"phone\"]", "[\"wallet\"]"};
    Str age = rng_chance(rng, 0.25) ? S("null") : str_format(a, "%d", (int)rng_below(rng, 3));
    struct entry_line l = {.seq = seq, .withdrawn = rng_chance(rng, 0.15)};

    l.change = kit_change(
        a, policy,
        str_format(a,
                   "{\"kind\":\"death\",\"id\":\"D\",\"source\":\"%s\",\"set\":{\"age\":%.*s,\"absent\":%s}}",
                   sources[rng_below(rng, 5)], STR_ARG(age), items[rng_below(rng, 4)]));
    l.change.known_at_ms = EPOCH_MS + (int64_t)rng_below(rng, 6);
    l.change.line = rng_below(rng, 3);
    return l;
}

static bool later(const struct entry_line *a, const struct entry_line *b)
{
    if (a->change.known_at_ms != b->change.known_at_ms) return a->change.known_at_ms > b->change.known_at_ms;
    if (a->change.line != b->change.line) return a->change.line > b->change.line;
    return a->seq > b->seq;
}

/* The rule of record.h read plainly: for `age`, the line that wins; NULL when nobody holds a value. */
static const struct entry_line *plain_winner(const struct policy *policy, const struct entry_line *l,
                                             size_t n, struct view view)
{
    const struct entry_line *best = NULL;

    for (size_t i = 0; i < n; i++) {
        bool latest = !l[i].withdrawn && l[i].seq <= view.seq && l[i].change.known_at_ms <= view.known_at_ms;
        for (size_t j = 0; latest && j < n; j++) {
            if (j == i || l[j].withdrawn || l[j].seq > view.seq || l[j].change.known_at_ms > view.known_at_ms)
                continue;
            if (str_eq(l[i].change.source, l[j].change.source) && later(&l[j], &l[i])) latest = false;
        }
        if (!latest || str_eq(l[i].change.fact[0].value, S("null"))) continue;
        if (best) {
            uint64_t mine = policy_precedence(policy, l[i].change.source);
            uint64_t theirs = policy_precedence(policy, best->change.source);
            if (mine < theirs) continue;
            if (mine == theirs && l[i].change.known_at_ms < best->change.known_at_ms) continue;
            if (mine == theirs && l[i].change.known_at_ms == best->change.known_at_ms &&
                str_compare(l[i].change.source, best->change.source) > 0)
                continue;
        }
        best = &l[i];
    }
    return best;
}

static void test_against_plain_reading(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 26);
    struct policy policy = kit_policy(a);
    struct arena_mark mark = arena_mark(a);
    struct rng rng;
    size_t held = 0;

    rng_seed(&rng, 20140619);
    for (int round = 0; round < 3000; round++) {
        struct entry_line l[12], swapped[12];
        size_t n = 1 + rng_below(&rng, COUNT_OF(l));
        struct view view = {EPOCH_MS + (int64_t)rng_below(&rng, 7), rng_below(&rng, 14)};
        struct record r = {0}, s = {0};
        for (size_t i = 0; i < n; i++)
            swapped[i] = l[i] = random_line(a, &rng, &policy, i + 1);
        for (size_t i = n; i > 1; i--) {
            size_t j = rng_below(&rng, i);
            struct entry_line t = swapped[i - 1];
            swapped[i - 1] = swapped[j];
            swapped[j] = t;
        }
        enum status status = record_fold(a, &policy, l, n, view, &r, NULL);
        assert_int_equal(status, record_fold(a, &policy, swapped, n, view, &s, NULL));
        const struct entry_line *winner = plain_winner(&policy, l, n, view);
        if (status != OK) {
            assert_null(winner);
        } else {
            const struct holding *h = &r.held[death_field_age];
            assert_true(str_present(h->value) == (winner != NULL));
            assert_true(!winner || (h->seq == winner->seq && str_eq(h->value, winner->change.fact[0].value)));
            assert_true(str_eq(r.held[death_field_absent].value, s.held[death_field_absent].value));
            assert_int_equal(h->seq, s.held[death_field_age].seq);
            assert_int_equal(h->disputed, s.held[death_field_age].disputed);
            held += winner != NULL;
        }
        arena_release(a, mark);
    }
    assert_true(held > 1000);
}

/* Thousands of lines from thousands of sources: the work grows like n log n, not n squared. */
static void test_many_lines(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 28);
    struct policy policy = kit_policy(a);
    struct entry_line *l = NEW_ARRAY(a, struct entry_line, COUNT);
    struct change first = kit_change(a, &policy,
                                     S("{\"kind\":\"death\",\"id\":\"D\",\"source\":\"x\",\"set\":{\"age\":1,"
                                       "\"absent\":[\"phone\",\"keys\"]}}"));
    struct record r = {0};

    for (size_t i = 0; i < COUNT; i++) {
        l[i] = (struct entry_line){.change = first, .seq = i + 1};
        l[i].change.source = str_format(a, "s%zu", (i * 7919) % (COUNT / 2));
        l[i].change.known_at_ms = (int64_t)i;
    }
    assert_int_equal(record_fold(a, &policy, l, COUNT, VIEW_NOW, &r, NULL), OK);
    assert_int_equal(r.held[death_field_age].sources, COUNT / 2);
    assert_int_equal(r.held[death_field_age].seq, COUNT);
    assert_int_equal(r.version, COUNT);
    assert_false(r.held[death_field_age].disputed);
    assert_true(str_eq(r.held[death_field_absent].value, S("[\"keys\",\"phone\"]")));
}

static void test_foreign_line(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 24);
    struct bench b = {.a = a, .policy = kit_policy(a)};
    struct record r = {0};

    add_line(&b, S("1 10 lab {\"age\":22}"), false);
    add_line(&b, S("2 11 lab {\"age\":23}"), false);
    b.line[1].change.record.id = S("D2");
    assert_int_equal(record_fold(a, &b.policy, b.line, b.count, VIEW_NOW, &r, NULL), E_INTERNAL);
    assert_int_equal(record_fold(a, &b.policy, b.line, 0, VIEW_NOW, &r, NULL), E_NOT_FOUND);
    assert_null(r.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_struct),
        cmocka_unit_test(test_keys_stay_beside_addresses),
        cmocka_unit_test(test_against_plain_reading),
        cmocka_unit_test(test_many_lines),
        cmocka_unit_test(test_foreign_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
