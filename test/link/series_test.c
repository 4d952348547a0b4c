/* Series over any weights: what is kept of their history, what holds them together, what chance would bring.
 */
#include "base/alloc.h"
#include "base/rng.h"
#include "link/series_find.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena *arena;

/* ---- the book ------------------------------------------------------------------------------------- */

static struct series_move by_hand(int64_t at_ms)
{
    return (struct series_move){.at_ms = at_ms, .why = SERIES_DECIDED};
}

static void every_step_is_dated_and_can_be_taken_back(void **state)
{
    (void)state;
    struct series_book *b CLEANUP_SERIES_BOOK = series_book_new();
    const uint32_t *member;
    uint32_t *then;
    uint32_t first = series_open(b, 10, 100);
    series_join(b, first, 11, by_hand(200));
    series_join(b, first, 12, by_hand(300));
    uint32_t second = series_open(b, 20, 300);
    series_join(b, second, 21, by_hand(310));
    assert_int_equal(series_unite(b, second, first, 400, 55), first);
    assert_int_equal(series_members(b, first, &member), 5);
    assert_int_equal(series_members(b, second, &member), 0);
    assert_int_equal(series_of(b, 21), first);
    assert_true(series_leave(b, 20, by_hand(450)));
    assert_false(series_leave(b, 20, by_hand(451)));
    assert_int_equal(series_part(b, first, second, 500), 1); /* 20 has left since, and stays out */
    assert_int_equal(series_of(b, 21), second);
    assert_int_equal(series_of(b, 20), 0);
    assert_int_equal(series_members_at(b, first, 250, arena, &then), 2);
    assert_int_equal(then[1], 11);
    assert_int_equal(series_members_at(b, second, 399, arena, &then), 2);
    assert_int_equal(series_members_at(b, first, 400, arena, &then), 5);
    assert_int_equal(series_members_at(b, first, 500, arena, &then), 3);
    assert_int_equal(series_count(b), 2);
    const struct series_move *move;
    size_t moves = series_moves(b, &move);
    for (size_t i = 1; i < moves; i++)
        assert_true(move[i].at_ms >= move[i - 1].at_ms);
    assert_int_equal(move[moves - 1].why, SERIES_PARTED);
    assert_string_equal(series_reason_name(SERIES_UNITED), "united");
}

/* Membership read from the moves as of the end is membership as it stands, for any moves. */
static void the_moves_tell_the_members(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 5);
    struct series_book *b CLEANUP_SERIES_BOOK = series_book_new();
    for (int64_t at = 0; at < 3000; at++) {
        uint32_t item = (uint32_t)rng_below(&r, 60), among = (uint32_t)series_count(b);
        uint32_t s = among == 0 ? 0 : 1 + (uint32_t)rng_below(&r, among);
        if (series_of(b, item) == 0 && (among < 8 || rng_chance(&r, 0.02)))
            series_open(b, item, at);
        else if (series_of(b, item) == 0)
            series_join(b, s, item, by_hand(at));
        else if (rng_chance(&r, 0.3))
            series_leave(b, item, by_hand(at));
        else if (series_of(b, item) != s && rng_chance(&r, 0.2))
            series_unite(b, series_of(b, item), s, at, 1);
        else if (rng_chance(&r, 0.2))
            series_part(b, series_of(b, item), s, at);
    }
    size_t all = 0;
    for (uint32_t s = 1; s <= series_count(b); s++) {
        const uint32_t *now;
        uint32_t *then;
        size_t n = series_members(b, s, &now);
        assert_int_equal(series_members_at(b, s, 3000, arena, &then), n);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(now[i], then[i]);
            assert_int_equal(series_of(b, now[i]), s);
        }
        all += n;
    }
    assert_true(all > 0);
}

/* ---- cohesion -------------------------------------------------------------------------------------- */

struct grid {
    int db[16][16];
};

static int grid_weight(void *state, uint32_t x, uint32_t y)
{
    const struct grid *g = state;
    return g->db[x][y];
}

static void put(struct grid *g, uint32_t x, uint32_t y, int db)
{
    g->db[x][y] = g->db[y][x] = db;
}

static void a_chain_counts_less_than_a_triangle(void **state)
{
    (void)state;
    struct grid chain = {0}, triangle = {0};
    struct pair_weights of_chain = {.weight_db = grid_weight, .state = &chain},
                        of_triangle = {.weight_db = grid_weight, .state = &triangle};
    uint32_t member[] = {0, 1, 2, 3};
    struct held_group open, full;
    for (uint32_t i = 0; i < 3; i++)
        put(&chain, i, i + 1, 60);
    for (uint32_t i = 0; i < 4; i++)
        for (uint32_t j = i + 1; j < 4; j++)
            put(&triangle, i, j, 60);
    assert_int_equal(cohesion_bond(&of_chain, member, 3, 3, 2, 60), 60);
    assert_int_equal(cohesion_bond(&of_triangle, member, 3, 3, 2, 60),
                     80); /* 60 + (60 + 60) / 5, at most 20 */
    assert_false(cohesion_admits(&of_chain, member, 3, 3, 60));
    assert_true(cohesion_admits(&of_triangle, member, 3, 3, 60));
    cohesion_lay_open(&of_chain, member, 3, 60, arena, &open);
    cohesion_lay_open(&of_triangle, member, 3, 60, arena, &full);
    assert_true(fabs(open.cohesion - 2.0 / 3) < 1e-12);
    assert_true(full.cohesion == 1);
    assert_int_equal(open.hinges, 2);
    assert_int_equal(full.hinges, 0);
    assert_int_equal(open.member[1].parts, 2); /* without the middle one it falls in two */
    assert_int_equal(open.member[0].parts, 1);
    assert_int_equal(full.member[1].parts, 1);
    assert_int_equal(open.member[0].mate, 1);
}

/* The tree is as heavy as any: against all spanning trees of five members, tried by their Prufer codes. */
static int heaviest_tree(const struct grid *g)
{
    int best = INT32_MIN;
    for (int code = 0; code < 125; code++) {
        int prufer[3] = {code % 5, code / 5 % 5, code / 25}, degree[5] = {1, 1, 1, 1, 1}, sum = 0;
        for (int i = 0; i < 3; i++)
            degree[prufer[i]]++;
        for (int i = 0; i < 3; i++)
            for (int leaf = 0; leaf < 5; leaf++)
                if (degree[leaf] == 1) {
                    sum += g->db[leaf][prufer[i]];
                    degree[leaf]--;
                    degree[prufer[i]]--;
                    break;
                }
        int last[2], n = 0;
        for (int i = 0; i < 5 && n < 2; i++)
            if (degree[i] == 1) last[n++] = i;
        sum += g->db[last[0]][last[1]];
        if (sum > best) best = sum;
    }
    return best;
}

static void the_tree_is_the_heaviest(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 9);
    uint32_t member[] = {0, 1, 2, 3, 4};
    for (int round = 0; round < 50; round++) {
        struct grid g = {0};
        struct held_group held;
        struct pair_weights w = {.weight_db = grid_weight, .state = &g};
        int sum = 0;
        for (uint32_t i = 0; i < 5; i++)
            for (uint32_t j = i + 1; j < 5; j++)
                put(&g, i, j, (int)rng_between(&r, -40, 90));
        cohesion_lay_open(&w, member, 5, 50, arena, &held);
        for (size_t t = 0; t < 4; t++)
            sum += held.tree[t].weight_db;
        assert_int_equal(sum, heaviest_tree(&g));
    }
}

/* ---- by chance -------------------------------------------------------------------------------------- */

/* Pairs of random graphs: the expected number of pairs is exact, and of trees on three items (chains) too. */
static void the_expected_number_is_what_random_graphs_show(void **state)
{
    (void)state;
    struct rng r;
    enum { ITEMS = 40, ROUNDS = 400 };
    rng_seed(&r, 3);
    double found[2] = {0, 0}, q = 0.004;
    for (int round = 0; round < ROUNDS; round++) {
        static double u[ITEMS][ITEMS];
        for (int i = 0; i < ITEMS; i++)
            for (int j = i + 1; j < ITEMS; j++)
                u[i][j] = u[j][i] = rng_unit(&r);
        for (int i = 0; i < ITEMS; i++)
            for (int j = i + 1; j < ITEMS; j++) {
                found[0] += u[i][j] <= q;
                for (int k = 0; k < ITEMS; k++) /* the chain i-k-j */
                    if (k != i && k != j) found[1] += u[i][k] * u[k][j] <= q * q;
            }
    }
    const double share[] = {q, q};
    double pairs = pow(10, cohesion_expected_log10(ITEMS, 2, share)),
           chains = pow(10, cohesion_expected_log10(ITEMS, 3, share));
    assert_true(fabs(pairs - q * ITEMS * (ITEMS - 1) / 2) < 1e-9);
    assert_true(fabs(found[0] / ROUNDS / pairs - 1) < 0.1);
    assert_true(fabs(found[1] / ROUNDS / chains - 1) < 0.1);
    assert_true(isnan(cohesion_expected_log10(ITEMS, 1, share)));
}

/* ---- finding ---------------------------------------------------------------------------------------- */

/* Groups of four, fully tied, among chance ties: found whole, the same in any order of the pairs. */
static void planted_groups_are_found_in_any_order(void **state)
{
    (void)state;
    enum { ITEMS = 400, GROUPS = 6 };
    struct rng r;
    static struct pair_weight pair[4096];
    size_t n = 0;
    rng_seed(&r, 17);
    for (uint32_t g = 0; g < GROUPS; g++)
        for (uint32_t i = 0; i < 4; i++)
            for (uint32_t j = i + 1; j < 4; j++)
                pair[n++] = (struct pair_weight){g * 4 + i, g * 4 + j, 70 + (int)rng_below(&r, 20)};
    while (n < 2000)
        pair[n++] = (struct pair_weight){(uint32_t)rng_below(&r, ITEMS), (uint32_t)rng_below(&r, ITEMS),
                                         (int)rng_between(&r, -30, 55)};
    for (int round = 0; round < 5; round++) {
        struct series_book *b CLEANUP_SERIES_BOOK = series_book_new();
        struct found_series *found;
        struct series_rules rules = {.bar_db = 60};
        for (size_t i = n; i-- > 1;) {
            size_t j = (size_t)rng_below(&r, i + 1);
            struct pair_weight swap = pair[i];
            pair[i] = pair[j];
            pair[j] = swap;
        }
        size_t count = series_find(b, pair, n, ITEMS, &rules, 1000, arena, &found);
        assert_int_equal(count, GROUPS);
        for (size_t s = 0; s < count; s++) {
            assert_int_equal(found[s].count, 4);
            for (size_t i = 0; i < 4; i++)
                assert_int_equal(found[s].group.member[i].item / 4, found[s].group.member[0].item / 4);
            assert_true(found[s].group.cohesion == 1);
            assert_true(found[s].expected_log10 < -1);
            assert_true(s == 0 || found[s - 1].expected_log10 <= found[s].expected_log10);
        }
    }
}

/* A long chain does not become one series. */
static void a_chain_falls_into_pieces(void **state)
{
    (void)state;
    struct pair_weight pair[11];
    struct series_book *b CLEANUP_SERIES_BOOK = series_book_new();
    struct found_series *found;
    struct series_rules rules = {.bar_db = 60};
    for (uint32_t i = 0; i < COUNT_OF(pair); i++)
        pair[i] = (struct pair_weight){i, i + 1, 65};
    size_t count = series_find(b, pair, COUNT_OF(pair), 12, &rules, 0, arena, &found);
    assert_true(count > 1);
    for (size_t s = 0; s < count; s++)
        assert_true(found[s].count <= 3);
}

static int open_arena(void **state)
{
    (void)state;
    arena = arena_new("series test", (size_t)256 << 20);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void what_was_kept_is_believed_only_when_it_fits(void **state)
{
    struct series_book *b CLEANUP_SERIES_BOOK = series_book_new();
    struct buf image CLEANUP_BUF;
    const uint32_t *member;
    (void)state;
    uint32_t x = series_open(b, 3, 10), y = series_open(b, 9, 11);
    series_join(b, x, 4, (struct series_move){.at_ms = 12, .why = SERIES_TIED, .other = 3});
    assert_int_equal(series_unite(b, x, y, 13, 50), x);
    buf_init(&image, (size_t)1 << 20);
    series_book_save(b, &image);
    for (size_t len = 0; len <= image.len; len++)
        for (size_t items = 9; items <= 10; items++) {
            struct series_book *other CLEANUP_SERIES_BOOK = series_book_new();
            struct image_rest rest = {.bytes = str_slice(buf_str(&image), 0, len)};
            bool whole = series_book_restore(other, items, &rest);
            assert_int_equal(whole, len == image.len && items == 10); /* item 9 is one of ten */
            if (!whole) continue;
            assert_int_equal(series_members(other, x, &member), 3);
            assert_int_equal(series_of(other, 9), x);
            assert_int_equal(series_part(other, x, y, 14), 1); /* its history came along */
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_kept_is_believed_only_when_it_fits),
        cmocka_unit_test(every_step_is_dated_and_can_be_taken_back),
        cmocka_unit_test(the_moves_tell_the_members),
        cmocka_unit_test(a_chain_counts_less_than_a_triangle),
        cmocka_unit_test(the_tree_is_the_heaviest),
        cmocka_unit_test(the_expected_number_is_what_random_graphs_show),
        cmocka_unit_test(planted_groups_are_found_in_any_order),
        cmocka_unit_test(a_chain_falls_into_pieces),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
