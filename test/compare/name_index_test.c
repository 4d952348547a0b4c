/* Names that are alike, found by the index and by asking every one: the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/rng.h"
#include "compare/name_index.h"

#include <stdlib.h>

#define NAMES   600
#define QUERIES 80

static const char *const GIVEN[] = {"william", "bill",  "will",   "elizabeth", "liz",  "peggy", "margaret",
                                    "jay",     "jane",  "john",   "jon",       "j",    "zoë",   "katherine",
                                    "cathryn", "kevin", "keavin", "anthony",   "tony", "al",    "mary anne"};
static const char *const FAMILY[] = {"dunn",     "dun",          "smith",     "smyth",  "o connor", "oconnor",
                                     "kovari",   "kovaři",       "whitworth", "taylor", "tailor",   "walgate",
                                     "wallgate", "van der berg", "b",         "nguyễn"};

static void add_word(struct rng *r, struct buf *b, const char *word)
{
    size_t start = b->len;
    if (b->len > 0 && !rng_chance(r, 0.1)) buf_add_char(b, ' '); /* now and then written together */
    buf_add_cstr(b, word);
    if (rng_chance(r, 0.3) && b->len > start + 2) { /* a slip of the pen, in the letters of English */
        char *c = &b->ptr[start + 1 + rng_below(r, b->len - start - 1)];
        if (*c >= 'a' && *c <= 'z') *c = (char)('a' + rng_below(r, 26));
    }
}

static Str any_name(struct arena *a, struct rng *r)
{
    struct buf b CLEANUP_BUF = {0};
    buf_init(&b, 4096);
    size_t words = rng_below(r, 40) == 0 ? 11 : 1 + rng_below(r, 3);
    for (size_t i = 0; i + 1 < words; i++)
        add_word(r, &b, GIVEN[rng_below(r, COUNT_OF(GIVEN))]);
    add_word(r, &b, FAMILY[rng_below(r, COUNT_OF(FAMILY))]);
    if (rng_chance(r, 0.1)) add_word(r, &b, GIVEN[rng_below(r, COUNT_OF(GIVEN))]);
    return str_copy(a, buf_str(&b));
}

static void expect_same_as_all(struct arena *a, const struct name_index *x, const Str *name, Str query,
                               double least)
{
    struct name_found *found = NULL;
    double alike[NAMES];
    size_t expected = 0, count = name_index_alike(x, query, least, a, &found);
    for (size_t i = 0; i < NAMES; i++) {
        alike[i] = name_alike(query, name[i]);
        if (alike[i] >= least) expected++;
    }
    for (size_t i = 0; i < count; i++) {
        double other = alike[found[i].number];
        if (found[i].alike < other || found[i].alike > other)
            fail_msg("\"%.*s\" and \"%.*s\": %.17g by the index, %.17g alone", STR_ARG(query),
                     STR_ARG(name[found[i].number]), found[i].alike, other);
        alike[found[i].number] = -1; /* a second time would be a fault */
    }
    for (size_t i = 0; i < NAMES; i++)
        if (alike[i] >= least)
            fail_msg("\"%.*s\" was not found for \"%.*s\" (%g)", STR_ARG(name[i]), STR_ARG(query), alike[i]);
    assert_int_equal(count, expected);
}

static void test_the_index_finds_what_asking_all_finds(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct arena *a CLEANUP_ARENA = arena_new("names", (size_t)1 << 28);
        struct name_index *x = name_index_new();
        struct rng r;
        Str name[NAMES];
        size_t hits = 0;
        rng_seed(&r, seed);
        for (uint32_t i = 0; i < NAMES; i++)
            name_index_put(x, i, name[i] = any_name(a, &r));
        for (int i = 0; i < NAMES; i++) { /* corrected, withdrawn, and given again */
            uint32_t at = (uint32_t)rng_below(&r, NAMES);
            name_index_put(x, at, name[at] = rng_chance(&r, 0.2) ? S("") : any_name(a, &r));
        }
        for (int i = 0; i < QUERIES; i++) {
            Str query = rng_chance(&r, 0.5) ? name[rng_below(&r, NAMES)] : any_name(a, &r);
            struct name_found *found = NULL;
            expect_same_as_all(a, x, name, query, rng_chance(&r, 0.5) ? 0.88 : 0.95);
            hits += name_index_alike(x, query, 0.88, a, &found);
        }
        assert_true(hits > 5 * QUERIES); /* else nothing was compared */
        name_index_free(x);
    }
}

static void test_familiar_forms_and_names_written_together(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("names", (size_t)1 << 20);
    struct name_index *x = name_index_new();
    struct name_found *found = NULL;
    name_index_put(x, 0, S("peggy dunn"));
    name_index_put(x, 1, S("margaret dunn"));
    name_index_put(x, 2, S("margaretdunn"));
    name_index_put(x, 3, S("gabriel kovari"));
    assert_int_equal(name_index_alike(x, S("margaret dunn"), 0.88, a, &found), 3);
    assert_int_equal(name_index_alike(x, S("gabrielkovarri"), 0.88, a, &found), 1);
    assert_int_equal(found[0].number, 3);
    assert_int_equal(name_index_alike(x, S(""), 0.88, a, &found), 0);
    assert_int_equal(name_index_with_part(x, S("dun"), 0.88, a, &found), 2);
    assert_int_equal(name_index_with_part(x, S("kovari"), 0.88, a, &found), 1);
    assert_int_equal(found[0].number, 3);
    assert_true(found[0].alike >= 1);
    assert_int_equal(name_index_with_part(x, S("kevin"), 0.88, a, &found), 0);
    name_index_put(x, 3, S(""));
    assert_int_equal(name_index_alike(x, S("gabriel kovari"), 0.88, a, &found), 0);
    name_index_free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_index_finds_what_asking_all_finds),
        cmocka_unit_test(test_familiar_forms_and_names_written_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
