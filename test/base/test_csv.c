#include "base/csv.h"
#include "base/rng.h"
#include "cases.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

/* After what it needs: it includes nothing itself. */
#include <cmocka.h>

/* One file of csv.cases: its options and bytes, and what was said to come out. */
struct csv_case {
    Str name;
    struct csv_options options;
    bool header;
    bool show_delimiter;
    Str input;
};

static void give_option(struct csv_case *c, Str word)
{
    int64_t number = 0;
    size_t at = str_find_char(word, '=');
    Str value = at == STR_NPOS ? STR_NONE : str_slice(word, at + 1, word.len);
    if (str_eq(word, S("header")))
        c->header = true;
    else if (str_eq(word, S("show")))
        c->show_delimiter = true;
    else if (str_starts(word, S("delimiter=")))
        c->options.delimiter = value.ptr[0];
    else if (str_starts(word, S("columns=")) && str_to_i64(value, &number) == OK)
        c->options.columns_max = (size_t)number;
    else if (str_starts(word, S("bytes=")) && str_to_i64(value, &number) == OK)
        c->options.row_bytes_max = (size_t)number;
    else
        fail_msg("unknown option %.*s", STR_ARG(word));
}

static void show_row(struct buf *b, const char *word, const struct csv_row *row)
{
    buf_addf(b, "%s %llu ", word, (unsigned long long)row->line);
    for (size_t i = 0; i < row->count; i++) {
        buf_add_char(b, '[');
        case_escape(b, row->cell[i]);
        buf_add_char(b, ']');
    }
    buf_add_cstr(b, row->converted ? " converted" : "");
    buf_add_cstr(b, row->unclosed ? " unclosed" : "");
    buf_add_char(b, '\n');
}

static int open_bytes(Str bytes)
{
    char path[] = "/tmp/colligate-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(write(fd, bytes.len > 0 ? bytes.ptr : "", bytes.len), (ssize_t)bytes.len);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

static void show_error(struct buf *b, const struct err *e)
{
    assert_true(e->text[0] != '\0');
    buf_addf(b, "error %s\n", status_name(e->status));
}

/* Reads the case's file and writes down what came out; stops at the second error in a row. */
static void run_case(const struct csv_case *c, int fd, struct buf *shown)
{
    struct err e = {0};
    struct stream *stream = NULL;
    assert_int_equal(stream_open_fd(fd, "case", NULL, &stream, &e), OK);
    struct csv_reader *r = NULL;
    if (csv_open(stream, &c->options, c->header, &r, &e) != OK) {
        show_error(shown, &e);
        return;
    }
    if (c->show_delimiter) {
        char delimiter = csv_delimiter(r);
        buf_add_cstr(shown, "delimiter ");
        case_escape(shown, (Str){&delimiter, 1});
        buf_add_char(shown, '\n');
    }
    struct csv_row row;
    bool more = true;
    uint64_t number = 1;
    for (int errors = 0; more && errors < 2;) {
        err_clear(&e);
        if (csv_next(r, &row, &more, &e) != OK) {
            if (errors++ == 0) show_error(shown, &e);
            continue;
        }
        if (!more) break;
        errors = 0;
        if (c->header && number == 1) show_row(shown, "header", csv_header(r));
        assert_int_equal(row.number, number++);
        assert_true(str_find(c->input, row.raw) != STR_NPOS);
        show_row(shown, "row", &row);
    }
    assert_true((csv_header(r) != NULL) == c->header);
    csv_close(r);
}

/* The same bytes one at a time, as a slow pipe brings them. */
static int open_drops(Str bytes)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_true(bytes.len < 4096);
    for (size_t i = 0; i < bytes.len; i++)
        assert_int_equal(write(ends[1], bytes.ptr + i, 1), 1);
    close(ends[1]);
    return ends[0];
}

static void check_case(const struct csv_case *c, size_t line, Str expected, int *failures)
{
    if (!str_present(c->name)) return;
    for (int way = 0; way < 2; way++) {
        struct buf shown CLEANUP_BUF;
        buf_init(&shown, 1 << 16);
        int fd = way == 0 ? open_bytes(c->input) : open_drops(c->input);
        run_case(c, fd, &shown);
        close(fd);
        case_check("csv.cases", line, expected, buf_str(&shown), failures);
    }
}

static void test_cases(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", 1 << 22);
    struct str_list lines = cases_lines(a, "csv.cases");
    struct buf expected CLEANUP_BUF;
    buf_init(&expected, 1 << 16);
    struct csv_case c = {0};
    int failures = 0;
    int cases = 0;
    size_t started = 0;
    for (size_t i = 0; i <= lines.count; i++) {
        Str line = i < lines.count ? lines.item[i] : S("case end");
        if (case_is_comment(line)) continue;
        if (str_starts(line, S("case "))) {
            check_case(&c, started, buf_str(&expected), &failures);
            c = (struct csv_case){.name = line};
            buf_clear(&expected);
            started = i + 1;
            cases++;
        } else if (str_starts(line, S("open "))) {
            Str rest = str_slice(line, 5, line.len);
            Str word;
            while (str_next(&rest, ' ', &word))
                give_option(&c, word);
        } else if (str_starts(line, S("in "))) {
            c.input = case_unescape(a, str_slice(line, 3, line.len));
        } else {
            buf_add(&expected, line);
            buf_add_char(&expected, '\n');
        }
    }
    assert_true(cases > 40);
    assert_int_equal(failures, 0);
}

static Str random_cell(struct arena *a, struct rng *r, size_t longest)
{
    static const char alphabet[] = "ab,;\"\n\r\t |=é0";
    size_t len = rng_below(r, longest);
    struct buf b CLEANUP_BUF;
    buf_init(&b, 1 << 20);
    for (size_t i = 0; i < len; i++) {
        size_t k = rng_below(r, sizeof alphabet - 2);
        if ((unsigned char)alphabet[k] >= 0x80)
            buf_add_cstr(&b, "é");
        else
            buf_add_char(&b, alphabet[k]);
    }
    return str_copy(a, buf_str(&b));
}

/* What is written reads back the same, whatever is in the cells, over many refills of the window. */
static void test_round_trip(void **state)
{
    (void)state;
    enum { ROWS = 3000, COLUMNS = 3 };
    CLEANUP_ARENA struct arena *a = arena_new("test", 1 << 26);
    struct rng rng;
    rng_seed(&rng, 7);
    struct buf text CLEANUP_BUF;
    buf_init(&text, 1 << 26);
    Str *cell = NEW_ARRAY(a, Str, ROWS * COLUMNS);
    for (size_t i = 0; i < (size_t)ROWS * COLUMNS; i++) {
        size_t longest = rng_chance(&rng, 0.002) ? 300000 : 60;
        cell[i] = random_cell(a, &rng, longest);
        csv_add_cell(&text, cell[i], i % COLUMNS == 0, false);
        if (i % COLUMNS == COLUMNS - 1) csv_end_row(&text);
    }
    assert_int_equal(buf_status(&text, NULL), OK);
    assert_true(text.len > 3 << 20);
    int fd = open_bytes(buf_str(&text));
    struct err e = {0};
    struct stream *stream = NULL;
    assert_int_equal(stream_open_fd(fd, "text", NULL, &stream, &e), OK);
    struct csv_reader *r = NULL;
    struct csv_options options = {.delimiter = ','};
    assert_int_equal(csv_open(stream, &options, false, &r, &e), OK);
    struct csv_row row;
    bool more = false;
    size_t raw_bytes = 0;
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(csv_next(r, &row, &more, &e), OK);
        assert_true(more);
        assert_int_equal(row.count, COLUMNS);
        assert_false(row.converted || row.unclosed);
        for (size_t k = 0; k < COLUMNS; k++)
            assert_true(str_eq(row.cell[k], cell[i * COLUMNS + k]));
        raw_bytes += row.raw.len + 2;
    }
    assert_int_equal(csv_next(r, &row, &more, &e), OK);
    assert_false(more);
    assert_int_equal(raw_bytes, text.len);
    csv_close(r);
    close(fd);
}

static void expect_written(Str cell, bool safe, const char *expected)
{
    struct buf b CLEANUP_BUF;
    buf_init(&b, 1000);
    csv_add_cell(&b, cell, true, safe);
    assert_string_equal(b.ptr, expected);
}

static void test_writing(void **state)
{
    (void)state;
    expect_written(S("plain"), true, "plain");
    expect_written(S("a,b"), false, "\"a,b\"");
    expect_written(S("say \"x\""), false, "\"say \"\"x\"\"\"");
    expect_written(S(" edge"), false, "\" edge\"");
    expect_written(S("=1+2"), false, "=1+2");
    expect_written(S("=1+2"), true, "'=1+2");
    expect_written(S("@x,y"), true, "\"'@x,y\"");
    expect_written(S("-5"), true, "-5"); /* a number */
    expect_written(S("-5+A1"), true, "'-5+A1");
    expect_written(S("\u200b \ufeff=1+2"), true, "'\u200b \ufeff=1+2");
    expect_written(S("\uff1d1+2"), true, "'\uff1d1+2");
    expect_written(S("\u200bplain"), true, "\u200bplain");
    expect_written(S("\tx"), true, "\"'\tx\"");
    expect_written(STR_NONE, true, "");
    struct buf b CLEANUP_BUF;
    buf_init(&b, 1000);
    csv_add_cell(&b, S(""), true, false);
    csv_end_row(&b);
    csv_add_cell(&b, S(""), true, false);
    csv_add_cell(&b, S(""), false, false);
    csv_end_row(&b);
    assert_string_equal(b.ptr, "\"\"\r\n,\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
