#include "base/alloc.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "base/table.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* After what it needs: it includes nothing itself. */
#include <cmocka.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define IS_POISONED(p) (__asan_address_is_poisoned(p) != 0)
#else
#define IS_POISONED(p) ((void)(p), true)
#endif

/* Runs something that should end the program; gives its exit code, or minus the signal. */
static int exit_code_of(void (*run)(void))
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        assert_non_null(freopen("/dev/null", "w", stderr));
        signal(SIGABRT, SIG_DFL);
        run();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static bool refuse_all(void *state, size_t bytes)
{
    *(size_t *)state = bytes;
    return false;
}

static void run_alloc_zero_refused(void)
{
    size_t asked;
    alloc_set_gate(refuse_all, &asked);
    alloc_zero(1, 1);
}

static void run_alloc_overflow(void)
{
    alloc_zero(SIZE_MAX / 2, 3);
}

static void test_alloc(void **state)
{
    (void)state;
    unsigned char *p = alloc_zero(100, 3);
    for (size_t i = 0; i < 300; i++)
        assert_int_equal(p[i], 0);
    memset(p, 7, 300);
    p = alloc_resize(p, 1000, 1);
    for (size_t i = 0; i < 300; i++)
        assert_int_equal(p[i], 7);
    alloc_free(p);
    alloc_free(NULL);
    void *none = alloc_try(0);
    assert_non_null(none);
    alloc_free(none);
    size_t asked = 0;
    alloc_set_gate(refuse_all, &asked);
    assert_null(alloc_try(123));
    alloc_set_gate(NULL, NULL);
    assert_int_equal(asked, 123);
    assert_int_equal(exit_code_of(run_alloc_zero_refused), 69);
    assert_int_equal(exit_code_of(run_alloc_overflow), 69);
}

static void test_arena_blocks(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", 1 << 26);
    struct rng r;
    rng_seed(&r, 5);
    enum { COUNT = 4000 };
    unsigned char *piece[COUNT];
    size_t size[COUNT];
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < COUNT; i++) {
            size_t align = (size_t)1 << rng_below(&r, 8);
            size[i] = rng_below(&r, i % 100 == 0 ? 20000 : 200);
            piece[i] = arena_alloc(a, size[i], 1, align);
            assert_int_equal((uintptr_t)piece[i] % align, 0);
            for (size_t k = 0; k < size[i]; k++)
                if (piece[i][k] != 0) fail_msg("not zeroed");
            memset(piece[i], (int)(i % 251) + 1, size[i]);
        }
        for (size_t i = 0; i < COUNT; i++)
            for (size_t k = 0; k < size[i]; k++)
                if (piece[i][k] != i % 251 + 1) fail_msg("piece %zu overlaps another", i);
        assert_true(arena_used(a) >= COUNT * 90);
        arena_reset(a);
        assert_int_equal(arena_used(a), 0);
    }
}

static void test_arena_poison(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", 1 << 20);
    char *first = NEW_ARRAY(a, char, 16);
    assert_true(IS_POISONED(first + 16));
    struct arena_mark mark = arena_mark(a);
    char *second = NEW_ARRAY(a, char, 16);
    second[15] = 1;
    arena_release(a, mark);
    assert_true(IS_POISONED(second));
    arena_reset(a);
    assert_true(IS_POISONED(first));
}

static void test_arena_marks(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", 1 << 24);
    struct arena_mark empty = arena_mark(a);
    char *kept = NEW_ARRAY(a, char, 5000);
    memset(kept, 'k', 5000);
    size_t used = arena_used(a);
    for (int i = 0; i < 100; i++) {
        struct arena_mark mark = arena_mark(a);
        for (int k = 0; k < 50; k++)
            memset(NEW_ARRAY(a, char, 3000), 'x', 3000);
        arena_release(a, mark);
        assert_int_equal(arena_used(a), used);
    }
    for (size_t i = 0; i < 5000; i++)
        assert_int_equal(kept[i], 'k');
    arena_release(a, empty);
    assert_int_equal(arena_used(a), 0);
    memset(NEW_ARRAY(a, char, 100), 'x', 100);
}

static void test_arena_grow(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", 1 << 24);
    int64_t *list = arena_grow(a, NULL, 0, 4, sizeof *list, _Alignof(int64_t));
    for (int64_t i = 0; i < 4; i++)
        list[i] = i;
    int64_t *grown = arena_grow(a, list, 4, 8, sizeof *list, _Alignof(int64_t));
    assert_ptr_equal(grown, list);
    assert_int_equal(grown[7], 0);
    NEW(a, char);
    int64_t *moved = arena_grow(a, grown, 8, 10000, sizeof *list, _Alignof(int64_t));
    assert_ptr_not_equal(moved, grown);
    for (int64_t i = 0; i < 4; i++)
        assert_int_equal(moved[i], i);
    for (size_t i = 4; i < 10000; i++)
        assert_int_equal(moved[i], 0);
    assert_ptr_equal(arena_grow(a, moved, 10000, 10000, sizeof *list, _Alignof(int64_t)), moved);
}

static void run_arena_over(void)
{
    struct arena *a = arena_new("small", 1000);
    NEW_ARRAY(a, char, 1001);
}

static void run_arena_overflow(void)
{
    struct arena *a = arena_new("small", SIZE_MAX);
    NEW_ARRAY(a, int64_t, SIZE_MAX / 4);
}

static void test_arena_cap(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", 1000);
    NEW_ARRAY(a, char, 999);
    NEW(a, char);
    assert_int_equal(arena_used(a), 1000);
    arena_reset(a);
    NEW(a, char);
    jmp_buf over;
    volatile int jumps = 0;
    if (setjmp(over) == 0) {
        arena_guard(a, &over);
        NEW_ARRAY(a, int64_t, 125); /* fits but for the gap */
        fail();
    } else {
        jumps++;
    }
    if (setjmp(over) == 0) {
        arena_grow(a, NEW(a, char), 1, 1000, 1, 1);
        fail();
    } else {
        jumps++;
    }
    arena_guard(a, NULL);
    assert_int_equal(jumps, 2);
    assert_true(arena_used(a) <= 2);
    NEW_ARRAY(a, char, 998);
    assert_int_equal(exit_code_of(run_arena_over), 69);
    assert_int_equal(exit_code_of(run_arena_overflow), 69);
}

static void test_buf(void **state)
{
    (void)state;
    struct buf b CLEANUP_BUF;
    buf_init(&b, 1 << 20);
    assert_string_equal(b.ptr, "");
    assert_int_equal(b.room, 0);
    assert_true(str_present(buf_str(&b)));
    buf_add(&b, STR_NONE);
    buf_add_cstr(&b, NULL);
    buf_add_cstr(&b, "ab");
    buf_add_char(&b, 'c');
    buf_addf(&b, "%d-%s", 42, "x");
    buf_add_hex(&b, "\x00\xFF\x5a", 3);
    assert_string_equal(b.ptr, "abc42-x00ff5a");
    assert_int_equal(b.len, 13);
    for (int i = 0; i < 10; i++)
        buf_add(&b, buf_str(&b)); /* of itself, moving as it grows */
    assert_int_equal(b.len, 13 << 10);
    for (size_t i = 0; i < b.len; i++)
        assert_int_equal(b.ptr[i], "abc42-x00ff5a"[i % 13]);
    buf_addf(&b, "%0*d", 5000, 1);
    assert_int_equal(b.len, (13 << 10) + 5000);
    buf_clear(&b);
    assert_string_equal(b.ptr, "");
    buf_free(&b);
    buf_free(&b);
    buf_free(NULL);
    buf_add_char(&b, 'x');
    assert_string_equal(b.ptr, "x");
}

static void test_buf_cap(void **state)
{
    (void)state;
    struct buf b CLEANUP_BUF;
    buf_init(&b, 100);
    struct err e = {0};
    for (int i = 0; i < 100; i++)
        buf_add_char(&b, 'a');
    assert_int_equal(buf_status(&b, &e), OK);
    buf_add_char(&b, 'b');
    assert_int_equal(buf_status(&b, &e), E_LIMIT);
    assert_int_equal(b.len, 100);
    b.len = 50;
    buf_add_char(&b, 'c'); /* the failure sticks */
    assert_int_equal(b.len, 50);
    buf_clear(&b);
    assert_int_equal(buf_status(&b, NULL), OK);
    buf_addf(&b, "%0*d", 101, 0);
    assert_int_equal(buf_status(&b, NULL), E_LIMIT);
    assert_string_equal(b.ptr, "");
    buf_clear(&b);
    buf_addf(&b, "%0*d", 100, 0);
    assert_int_equal(buf_status(&b, NULL), OK);
    assert_int_equal(b.len, 100);
    struct buf none CLEANUP_BUF;
    buf_init(&none, 0);
    buf_add_char(&none, 'x');
    assert_int_equal(buf_status(&none, NULL), E_LIMIT);
    struct buf zeroed = {0};
    assert_string_equal(buf_str(&zeroed).ptr, "");
}

static void test_table_text(void **state)
{
    (void)state;
    CLEANUP_TABLE struct table *t = table_new(200000);
    assert_null(table_find(t, S("a")));
    bool fresh = false;
    *table_at(t, S(""), &fresh) = 77;
    assert_true(fresh);
    assert_int_equal(*table_at(t, STR_NONE, &fresh), 77); /* absent and empty are one key */
    assert_false(fresh);
    char key[32] = "";
    for (uint64_t i = 1; i < 100000; i++) {
        snprintf(key, sizeof key, "key %llu", (unsigned long long)(i * 7919));
        *table_at(t, str_of(key), &fresh) = i;
        assert_true(fresh);
    }
    memset(key, 'x', sizeof key); /* the table has its own copy */
    assert_int_equal(table_count(t), 100000);
    for (uint64_t i = 1; i < 100000; i++) {
        char again[32];
        snprintf(again, sizeof again, "key %llu", (unsigned long long)(i * 7919));
        const uint64_t *value = table_find(t, str_of(again));
        assert_non_null(value);
        assert_int_equal(*value, i);
        assert_true(str_eq(table_key(t, i), str_of(again)));
        assert_int_equal(*table_value(t, i), i);
    }
    assert_null(table_find(t, S("key 1")));
}

static void test_table_numbers(void **state)
{
    (void)state;
    CLEANUP_TABLE struct table *t = table_new(SIZE_MAX);
    assert_null(table_find_number(t, 0));
    bool fresh;
    for (uint64_t i = 0; i < 50000; i++) {
        *table_at_number(t, i << 32, &fresh) = i;
        assert_true(fresh);
        *table_at_number(t, UINT64_MAX - i, &fresh) = ~i;
        assert_true(fresh);
    }
    assert_int_equal(table_count(t), 100000);
    for (uint64_t i = 0; i < 50000; i++) {
        assert_int_equal(*table_find_number(t, i << 32), i);
        assert_int_equal(*table_find_number(t, UINT64_MAX - i), ~i);
        assert_int_equal(table_key_number(t, 2 * i), i << 32);
        assert_int_equal(*table_value(t, 2 * i + 1), ~i);
    }
    assert_null(table_find_number(t, 5));
}

static void run_table_full(void)
{
    struct table *t = table_new(2);
    table_at(t, S("a"), NULL);
    table_at(t, S("b"), NULL);
    table_at(t, S("a"), NULL);
    table_at(t, S("c"), NULL);
}

static void run_table_mixed(void)
{
    struct table *t = table_new(2);
    table_at(t, S("a"), NULL);
    table_at_number(t, 1, NULL);
}

static void test_table_rules(void **state)
{
    (void)state;
    CLEANUP_TABLE struct table *t = table_new(100);
    assert_int_equal(table_intern(t, S("x")), 0);
    assert_int_equal(table_intern(t, S("y")), 1);
    assert_int_equal(table_intern(t, S("x")), 0);
    assert_int_equal(table_intern(t, S("x\0")), 2);
    assert_int_equal(table_intern(t, S("z")), 3);
    assert_int_equal(exit_code_of(run_table_full), 69);
    assert_int_equal(exit_code_of(run_table_mixed), -SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alloc),        cmocka_unit_test(test_arena_blocks),
        cmocka_unit_test(test_arena_poison), cmocka_unit_test(test_arena_marks),
        cmocka_unit_test(test_arena_grow),   cmocka_unit_test(test_arena_cap),
        cmocka_unit_test(test_buf),          cmocka_unit_test(test_buf_cap),
        cmocka_unit_test(test_table_text),   cmocka_unit_test(test_table_numbers),
        cmocka_unit_test(test_table_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
