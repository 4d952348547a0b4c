/* Lines for the operator, read back from standard error. */
#include "base/buf.h"
#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

/* Standard error goes into a pipe from capture_begin to capture_end. */
struct capture {
    int kept, end[2];
    char text[4096];
};

static void capture_begin(struct capture *c)
{
    fflush(stderr);
    c->kept = dup(STDERR_FILENO);
    assert_int_equal(pipe(c->end), 0);
    assert_true(dup2(c->end[1], STDERR_FILENO) >= 0);
}

static const char *capture_end(struct capture *c)
{
    fflush(stderr);
    assert_true(dup2(c->kept, STDERR_FILENO) >= 0);
    close(c->end[1]);
    ssize_t n = read(c->end[0], c->text, sizeof c->text - 1);
    assert_true(n >= 0);
    c->text[n] = '\0';
    close(c->end[0]);
    close(c->kept);
    return c->text;
}

static void test_levels(void **state)
{
    (void)state;
    struct capture c;
    capture_begin(&c);
    for (int level = LOG_ERROR; level <= LOG_DEBUG; level++) {
        log_set_level((enum log_level)level);
        log_line(LOG_ERROR, "e%d", level);
        log_line(LOG_WARNING, "w%d", level);
        log_line(LOG_INFO, "i%d", level);
        log_line(LOG_DEBUG, "d%d", level);
    }
    assert_string_equal(capture_end(&c), "error: e0\n"
                                         "error: e1\nwarning: w1\n"
                                         "error: e2\nwarning: w2\ninfo: i2\n"
                                         "error: e3\nwarning: w3\ninfo: i3\ndebug: d3\n");
}

/* A value from outside cannot write a line of its own. */
static void test_one_event_is_one_line(void **state)
{
    (void)state;
    struct capture c;
    log_set_level(LOG_INFO);
    capture_begin(&c);
    log_line(LOG_WARNING, "a \"%s\" b", "x\nerror: forged\r\x1b[2J\x7f");
    assert_string_equal(capture_end(&c), "warning: a \"x error: forged  [2J \" b\n");
}

static void test_errors(void **state)
{
    (void)state;
    struct capture c;
    struct err e = {.status = E_INVALID, .text = "Too old.", .field = "age", .file = "a.c", .line = 7};
    log_set_level(LOG_DEBUG);
    capture_begin(&c);
    log_err(NULL);
    log_err(&(struct err){0});
    log_err(&e);
    e.field[0] = '\0';
    e.file = NULL;
    log_err(&e);
    Str name = str_of(status_name(E_INVALID));
    struct buf expected CLEANUP_BUF = {0};
    buf_init(&expected, 1000);
    buf_addf(&expected, "error: age: Too old.\ndebug: %.*s at a.c:7\n", STR_ARG(name));
    buf_addf(&expected, "error: Too old.\ndebug: %.*s at ?:7\n", STR_ARG(name));
    assert_string_equal(capture_end(&c), buf_str(&expected).ptr);
    log_set_level(LOG_INFO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_one_event_is_one_line),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
