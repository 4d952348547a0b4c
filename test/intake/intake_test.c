/* Feeds, compressed or not, hostile or not, and the process that reads them. */
#include "intake/watch.h"
#include "kit.h"

#include "base/stream.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_D1 "{\"kind\":\"death\",\"id\":\"D1\",\"source\":\"t\",\"set\":{\"age\":22}}\n"
#define LINE_D2                                                                                              \
    "{\"known_at\":\"2014-08-28T08:00:00Z\",\"kind\":\"death\",\"id\":\"D2\",\"source\":\"t\",\"set\":{"     \
    "\"age\":23}}\n"
#define BODY_D1                                                                                              \
    "{\"id\":\"D1\",\"implied\":true,\"kind\":\"death\",\"known_at\":\"1970-01-01T00:00:00Z\",\"line\":1,"   \
    "\"ns\":\"main\",\"source\":\"t\",\"v\":{\"age\":22}}\n"
#define BODY_D2                                                                                              \
    "{\"id\":\"D2\",\"kind\":\"death\",\"known_at\":\"2014-08-28T08:00:00Z\",\"line\":2,\"ns\":\"main\","    \
    "\"source\":\"t\",\"v\":{\"age\":23}}\n"
#define BOTH_READ BODY_D1 BODY_D2 "rows 2 given 2 merged 0 refused 0 dropped 0 changes 2\n"

struct world {
    struct arena *arena;
    struct policy policy;
};

static int setup(void **state)
{
    struct arena *a = arena_new("intake test", (size_t)1 << 30);
    struct world *w = NEW(a, struct world);
    w->arena = a;
    w->policy = kit_policy(a);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    arena_free(w->arena);
    return 0;
}

static Str read_as(struct world *w, const char *name, Str content, struct intake_options o)
{
    const char *path = kit_file(w->arena, name, content);
    o.policy = &w->policy;
    Str out = kit_read_all(w->arena, path, &o);
    unlink(path);
    return out;
}

/* The same in this process and in a child. */
static void expect(struct world *w, Str content, const char *expected)
{
    Str inside = read_as(w, "feed", content, (struct intake_options){.in_process = true});
    Str outside = read_as(w, "feed", content, (struct intake_options){0});
    assert_string_equal(str_cstr(w->arena, inside), expected);
    assert_string_equal(str_cstr(w->arena, outside), expected);
}

static void expect_words(struct world *w, Str content, struct intake_options o, const char *words)
{
    Str out = read_as(w, "feed", content, o);
    if (str_find(out, str_of(words)) == STR_NPOS)
        fail_msg("\"%.*s\" does not say \"%s\"", STR_ARG(out), words);
}

static void test_plain_gzip_zstd(void **state)
{
    struct world *w = *state;
    Str feed = S(LINE_D1 LINE_D2);
    expect(w, feed, BOTH_READ);
    expect(w, kit_gzip(w->arena, feed), BOTH_READ);
    expect(w, kit_zstd(w->arena, feed), BOTH_READ);
    /* two members, as `cat a.gz b.gz` makes them */
    Str first = kit_gzip(w->arena, S(LINE_D1)), second = kit_gzip(w->arena, S(LINE_D2));
    struct str_list both = {(Str[]){first, second}, 2};
    expect(w, str_join(w->arena, &both, S("")), BOTH_READ);
}

static void test_line_ends_and_marks(void **state)
{
    struct world *w = *state;
    expect(w, S(""), "rows 0 given 0 merged 0 refused 0 dropped 0 changes 0\n");
    expect(w, S("\n\n \n"), "rows 0 given 0 merged 0 refused 0 dropped 0 changes 0\n");
    expect(w, S("\xEF\xBB\xBF" LINE_D1 LINE_D2), BOTH_READ);
    Str crlf = S("{\"kind\":\"death\",\"id\":\"D1\",\"source\":\"t\",\"set\":{\"age\":22}}\r\n" LINE_D2);
    expect(w, crlf, BOTH_READ);
    /* the last line without an end */
    expect(w, S("{\"kind\":\"death\",\"id\":\"D1\",\"source\":\"t\",\"set\":{\"age\":22}}"),
           BODY_D1 "rows 1 given 1 merged 0 refused 0 dropped 0 changes 1\n");
}

static void test_bad_lines_are_refused_and_good_ones_taken(void **state)
{
    struct world *w = *state;
    Str feed = S("not json\n" LINE_D2
                 "{\"kind\":\"death\",\"id\":\"D3\",\"source\":\"t\",\"set\":{\"age\":\"old\"}}\n");
    Str out = read_as(w, "feed", feed, (struct intake_options){0});
    assert_true(str_starts(out, S("refused row 1 line 1 []: ")));
    assert_true(str_find(out, S(BODY_D2)) != STR_NPOS);
    assert_true(str_find(out, S("refused row 3 line 3 [age]: ")) != STR_NPOS);
    assert_true(str_find(out, S("| {\"kind\":\"death\",\"id\":\"D3\"")) != STR_NPOS);
    assert_true(str_ends(out, S("rows 3 given 1 merged 0 refused 2 dropped 0 changes 1\n")));
}

static void test_what_is_known_later_than_now_is_refused(void **state)
{
    struct world *w = *state;
    struct intake_options o = {.known_at_ms_max = INT64_C(1400000000000)};
    expect_words(w, S(LINE_D1 LINE_D2), o,
                 "refused row 2 line 2 [known_at]: known_at is 2014-08-28T08:00:00Z");
}

static void test_namespace_of_the_caller(void **state)
{
    struct world *w = *state;
    expect_words(w, S(LINE_D1), (struct intake_options){.ns = S("other")}, "\"ns\":\"other\"");
}

static void test_a_line_that_is_too_long_is_refused_alone(void **state)
{
    struct world *w = *state;
    struct buf b CLEANUP_BUF = {0};
    buf_init(&b, (size_t)64 << 20);
    for (size_t i = 0; i < (size_t)5 << 20; i++)
        buf_add_char(&b, 'x');
    buf_add_cstr(&b, "\n" LINE_D2);
    Str out = read_as(w, "feed", buf_str(&b), (struct intake_options){0});
    assert_true(str_starts(out, S("refused row 1 line 1 []: ")));
    assert_true(str_ends(out, S(BODY_D2 "rows 2 given 1 merged 0 refused 1 dropped 0 changes 1\n")));
}

static void test_a_row_with_a_zero_byte_is_refused(void **state)
{
    struct world *w = *state;
    const struct mapping *m = NULL;
    struct err e = {0};
    Str map = S("[mapping]\nname = t\nversion = 1\nnamespace = t\nsource = t\n[record person]\nid = "
                "{Nr}\nname = {N}\n");
    assert_int_equal(mapping_parse(w->arena, &w->policy, map, &m, &e), OK);
    Str out = read_as(w, "csv", S("Nr,N\n1,a\0b\n2,c\n"), (struct intake_options){.mapping = m});
    assert_true(str_starts(out, S("refused row 1 line 2 []: the row holds a zero byte")));
    assert_true(str_ends(out, S("rows 2 given 1 merged 0 refused 1 dropped 0 changes 1\n")));
}

static void test_bombs_are_refused(void **state)
{
    struct world *w = *state;
    struct buf b CLEANUP_BUF = {0};
    buf_init(&b, (size_t)256 << 20);
    for (size_t i = 0; i < (size_t)96 << 20; i++)
        buf_add_char(&b, '\n');
    expect_words(w, kit_gzip(w->arena, buf_str(&b)), (struct intake_options){0}, "refused as a bomb");
    expect_words(w, kit_zstd(w->arena, buf_str(&b)), (struct intake_options){0}, "refused as a bomb");
    expect_words(w, S(LINE_D1 LINE_D2), (struct intake_options){.bytes_max = 100},
                 "more than the 100 bytes allowed");
}

static void test_damaged_files_say_so(void **state)
{
    struct world *w = *state;
    Str whole = kit_gzip(w->arena, S(LINE_D1 LINE_D2));
    expect_words(w, str_slice(whole, 0, whole.len - 12), (struct intake_options){0}, "error: ");
    expect_words(w, S("\x1F\x8B\x08 this is no gzip"), (struct intake_options){0}, "error: ");
    Str out = kit_read_all(w->arena, "no-such-file", &(struct intake_options){.policy = &w->policy});
    assert_string_equal(str_cstr(w->arena, out),
                        "error: \"no-such-file\" cannot be read: No such file or directory\n");
}

/* ---- the process ---- */

static pid_t child_of_this_process(void)
{
    char path[64], text[64] = {0};
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    int fd = open(path, O_RDONLY | O_CLOEXEC), pid = 0;
    if (fd < 0) return 0;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    int64_t number = 0;
    Str first = n > 0 ? str_trim(str_of(text)) : S("");
    if (str_to_i64(str_slice(first, 0, str_find_char(first, ' ')), &number) == OK) pid = (int)number;
    return pid;
}

static Str proc_file(struct arena *a, pid_t pid, const char *name)
{
    struct buf b CLEANUP_BUF = {0};
    buf_init(&b, (size_t)1 << 20);
    assert_int_equal(file_read(str_cstr(a, str_format(a, "/proc/%d/%s", (int)pid, name)), &b, NULL), OK);
    return str_copy(a, buf_str(&b));
}

/* A child that waits for more of its file: it is confined, and when it dies the error says where. */
static void test_the_child_is_confined_and_its_death_is_an_error(void **state)
{
    struct world *w = *state;
    const char *path = str_cstr(w->arena, str_format(w->arena, "intake-%d-pipe", (int)getpid()));
    assert_int_equal(mkfifo(path, 0600), 0);
    int keep = open(path, O_RDWR | O_CLOEXEC); /* so that neither end waits for the other */
    struct intake_options o = {.policy = &w->policy};
    struct intake *in = NULL;
    struct err e = {0};
    assert_int_equal(setenv("COLLIGATE_TEST_SECRET", "blue kettle", 1), 0);
    assert_int_equal(intake_open(path, &o, &in, &e), OK);
    unsetenv("COLLIGATE_TEST_SECRET");
    pid_t pid = child_of_this_process();
    if (pid == 0) {
        intake_close(in);
        close(keep);
        unlink(path);
        print_message("skipped: the kernel does not list child processes here\n");
        skip();
    }
    for (int i = 0; i < 200 && str_find(proc_file(w->arena, pid, "status"), S("Seccomp:\t2")) == STR_NPOS;
         i++)
        usleep(10000);
    assert_true(str_find(proc_file(w->arena, pid, "status"), S("NoNewPrivs:\t1")) != STR_NPOS);
    assert_true(str_find(proc_file(w->arena, pid, "status"), S("Seccomp:\t2")) != STR_NPOS);
    /* It was started anew with nothing of ours; only root may look at what a process of no dumps was given.
     */
    assert_true(str_find(proc_file(w->arena, pid, "cmdline"), S("--reading-process")) != STR_NPOS);
    if (geteuid() == 0)
        assert_true(str_find(proc_file(w->arena, pid, "environ"), S("blue kettle")) == STR_NPOS);
    Str limits = proc_file(w->arena, pid, "limits");
    assert_true(str_find(limits, S("Max core file size        0 ")) != STR_NPOS);
    assert_true(str_find(limits, S("Max file size             0 ")) != STR_NPOS);
    assert_true(str_find(limits, S("Max open files            5 ")) != STR_NPOS);

    assert_int_equal(kill(pid, SIGSEGV), 0);
    struct intake_item item = {0};
    assert_int_equal(intake_next(in, w->arena, &item, &e), E_IO);
    assert_non_null(strstr(e.text, "the reading process died near row 1 ("));
    intake_close(in);
    close(keep);
    unlink(path);
}

static void test_closing_early_leaves_no_process(void **state)
{
    struct world *w = *state;
    struct buf b CLEANUP_BUF = {0};
    buf_init(&b, (size_t)64 << 20);
    for (int i = 0; i < 50000; i++)
        buf_add_cstr(&b, LINE_D2);
    const char *path = kit_file(w->arena, "long", buf_str(&b));
    struct intake_options o = {.policy = &w->policy};
    struct intake *in = NULL;
    struct intake_item item = {0};
    struct err e = {0};
    assert_int_equal(intake_open(path, &o, &in, &e), OK);
    assert_int_equal(intake_next(in, w->arena, &item, &e), OK);
    intake_close(in);
    assert_int_equal(child_of_this_process(), 0);
    unlink(path);
}

static void test_progress_is_told(void **state)
{
    struct world *w = *state;
    struct buf b CLEANUP_BUF = {0};
    buf_init(&b, (size_t)64 << 20);
    for (int i = 0; i < 2500; i++)
        buf_add_cstr(&b, LINE_D2);
    const char *path = kit_file(w->arena, "many", buf_str(&b));
    struct intake_options o = {.policy = &w->policy};
    struct intake *in = NULL;
    struct intake_item item = {0};
    struct err e = {0};
    size_t told = 0;
    assert_int_equal(intake_open(path, &o, &in, &e), OK);
    while (item.kind != INTAKE_DONE) {
        assert_int_equal(intake_next(in, w->arena, &item, &e), OK);
        if (item.kind != INTAKE_PROGRESS) continue;
        told++;
        assert_int_equal(item.progress.bytes_total, b.len);
        assert_true(item.progress.bytes_in > 0 && item.progress.bytes_in <= b.len);
    }
    assert_int_equal(told, 2);
    intake_close(in);
    unlink(path);
}

/* A child that a file has subverted may send anything that is well formed. */
static enum status told(struct world *w, const struct intake_options *o, const struct intake_item *item,
                        size_t count)
{
    struct watch watch;
    struct err e = {0};
    watch_begin(&watch, o, w->arena);
    for (size_t i = 0; i < count; i++) {
        enum status status = watch_item(&watch, &item[i], &e);
        if (status != OK) assert_true(e.text[0] != '\0');
        if (status != OK) return status;
    }
    return OK;
}

static struct intake_item a_change(const char *ns, enum kind_id kind, const char *source, int64_t known_at_ms)
{
    struct intake_item item = {.kind = INTAKE_CHANGE};
    item.change.record = (struct record_id){str_of(ns), kind, S("1")};
    item.change.source = str_of(source);
    item.change.known_at_ms = known_at_ms;
    return item;
}

static struct intake_item a_summary(uint64_t rows, uint64_t given, uint64_t refused, uint64_t changes)
{
    struct intake_item item = {.kind = INTAKE_DONE};
    item.summary =
        (struct intake_summary){.rows = rows, .given = given, .refused = refused, .changes = changes};
    return item;
}

static void test_what_a_child_cannot_have_read_is_not_believed(void **state)
{
    struct world *w = *state;
    const struct mapping *m = NULL;
    struct err e = {0};
    Str text = S("[mapping]\nname = t\nversion = 1\nnamespace = mine\nsource = s\n[record death]\nid = {a}\n"
                 "age = {b}\n");
    assert_int_equal(mapping_parse(w->arena, &w->policy, text, &m, &e), OK);
    struct intake_options o = {.policy = &w->policy, .mapping = m, .known_at_ms_max = 1000};
    struct intake_item good[] = {a_change("mine", KIND_DEATH, "s", 1000), a_summary(1, 1, 0, 1)};
    assert_int_equal(told(w, &o, good, 2), OK);
    const struct intake_item lies[] = {
        a_change("yours", KIND_DEATH, "s", 5),
        a_change("mine", KIND_PERSON, "s", 5),
        a_change("mine", KIND_DEATH, "other", 5),
        a_change("mine", KIND_DEATH, "s", 1001),
        a_summary(1, 1, 0, 1),
        a_summary(2, 1, 0, 0),
        a_summary(1, 0, 1, 0),
        {.kind = INTAKE_ROW},
        {.kind = INTAKE_COLUMNS},
    };
    for (size_t i = 0; i < COUNT_OF(lies); i++)
        assert_int_equal(told(w, &o, &lies[i], 1), E_INTERNAL);
    assert_int_equal(told(w, &o, (struct intake_item[]){good[0], a_summary(2, 2, 0, 2)}, 2), E_INTERNAL);
    o.ns = S("yours");
    assert_int_equal(told(w, &o, &lies[0], 1), OK);
}

static void test_a_row_that_does_not_fit_its_table_is_not_believed(void **state)
{
    struct world *w = *state;
    struct intake_options o = {.policy = &w->policy, .as_table = true};
    struct table_column column = {.name = S("a"), .type = COLUMN_NUMBER};
    struct table_cell number = {.type = COLUMN_NUMBER}, word = {.type = COLUMN_CODE};
    struct intake_item columns = {.kind = INTAKE_COLUMNS, .columns = {&column, 1, false}};
    struct intake_item row = {.kind = INTAKE_ROW, .row = {1, 2, S("1"), &number, 1}}, wrong = row, wide = row;
    wrong.row.cell = &word;
    wide.row.count = 0;
    assert_int_equal(told(w, &o, (struct intake_item[]){columns, row, a_summary(1, 1, 0, 0)}, 3), OK);
    assert_int_equal(told(w, &o, (struct intake_item[]){columns, wrong}, 2), E_INTERNAL);
    assert_int_equal(told(w, &o, (struct intake_item[]){columns, wide}, 2), E_INTERNAL);
    assert_int_equal(told(w, &o, (struct intake_item[]){columns, columns}, 2), E_INTERNAL);
    assert_int_equal(told(w, &o, (struct intake_item[]){columns, row, a_summary(2, 2, 0, 0)}, 3), E_INTERNAL);
    struct intake_item change = a_change("main", KIND_DEATH, "s", 5);
    assert_int_equal(told(w, &o, &change, 1), E_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_gzip_zstd),
        cmocka_unit_test(test_line_ends_and_marks),
        cmocka_unit_test(test_bad_lines_are_refused_and_good_ones_taken),
        cmocka_unit_test(test_what_is_known_later_than_now_is_refused),
        cmocka_unit_test(test_namespace_of_the_caller),
        cmocka_unit_test(test_a_line_that_is_too_long_is_refused_alone),
        cmocka_unit_test(test_a_row_with_a_zero_byte_is_refused),
        cmocka_unit_test(test_bombs_are_refused),
        cmocka_unit_test(test_damaged_files_say_so),
        cmocka_unit_test(test_the_child_is_confined_and_its_death_is_an_error),
        cmocka_unit_test(test_closing_early_leaves_no_process),
        cmocka_unit_test(test_progress_is_told),
        cmocka_unit_test(test_what_a_child_cannot_have_read_is_not_believed),
        cmocka_unit_test(test_a_row_that_does_not_fit_its_table_is_not_believed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
