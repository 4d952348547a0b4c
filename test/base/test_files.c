#include "base/alloc.h"
#include "base/rng.h"
#include "base/stream.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

/* After what it needs: it includes nothing itself. */
#include <cmocka.h>

/* A folder for the files of one test. */
struct folder {
    struct arena *a;
    Str path;
};

static int make_folder(void **state)
{
    char path[] = "/tmp/colligate-files-XXXXXX";
    struct arena *a = arena_new("test", 1 << 28);
    if (mkdtemp(path) == NULL) return -1;
    struct folder *f = NEW(a, struct folder);
    *f = (struct folder){a, str_copy(a, str_of(path))};
    *state = f;
    return 0;
}

static size_t count_files(const struct folder *f)
{
    DIR *dir = opendir(f->path.ptr);
    assert_non_null(dir);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

static int drop_folder(void **state)
{
    struct folder *f = *state;
    DIR *dir = opendir(f->path.ptr);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    rmdir(f->path.ptr);
    arena_free(f->a);
    return 0;
}

static const char *path_of(const struct folder *f, const char *name)
{
    return str_format(f->a, "%s/%s", f->path.ptr, name).ptr;
}

static const char *write_file(const struct folder *f, const char *name, Str content)
{
    const char *path = path_of(f, name);
    struct err e = {0};
    assert_int_equal(file_write(path, content, 0600, &e), OK);
    return path;
}

static void test_write_and_read(void **state)
{
    const struct folder *f = *state;
    struct err e = {0};
    const char *path = path_of(f, "a.txt");
    assert_false(file_exists(path));
    assert_int_equal(file_write(path, S("one\0two"), 0640, &e), OK);
    assert_int_equal(file_write(path, S("three"), 0600, &e), OK);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(count_files(f), 1);
    struct buf b CLEANUP_BUF;
    buf_init(&b, 13);
    buf_add(&b, S("before "));
    assert_int_equal(file_read(path, &b, &e), OK);
    assert_string_equal(b.ptr, "before three");
    assert_int_equal(file_read(path, &b, &e), E_LIMIT);
    assert_string_equal(b.ptr, "before three");
    assert_int_equal(buf_status(&b, NULL), OK);
    err_clear(&e);
    assert_int_equal(file_read(path_of(f, "absent"), &b, &e), E_NOT_FOUND);
    assert_non_null(strstr(e.text, "absent"));
    assert_int_equal(file_read(f->path.ptr, &b, NULL), E_IO);
    assert_int_equal(file_write(path_of(f, "no/such"), S("x"), 0600, NULL), E_NOT_FOUND);
    assert_int_equal(mkdir(path_of(f, "dir"), 0700), 0);
    assert_int_equal(file_write(path_of(f, "dir"), S("x"), 0600, NULL), E_IO);
    assert_int_equal(count_files(f), 2);
    assert_int_equal(rmdir(path_of(f, "dir")), 0);
}

/* A pipe or a device is written to: replaced by a file, /dev/null would be gone for everybody. */
static void test_what_is_no_file_is_never_replaced(void **state)
{
    const struct folder *f = *state;
    const char *path = path_of(f, "pipe");
    char got[16] = "";
    struct stat info;
    assert_int_equal(mkfifo(path, 0600), 0);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_true(file_is_device(path));
    assert_int_equal(file_write(path, S("through"), 0600, NULL), OK);
    assert_int_equal(read(fd, got, sizeof got - 1), 7);
    assert_string_equal(got, "through");
    assert_int_equal(stat(path, &info), 0);
    assert_true(S_ISFIFO(info.st_mode));
    close(fd);
    assert_int_equal(unlink(path), 0);
    assert_false(file_is_device(path));
    assert_false(file_is_device(f->path.ptr));
}

static Str gzip_member(struct arena *a, Str text)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&z, text.len) + 32;
    unsigned char *out = NEW_ARRAY(a, unsigned char, room);
    unsigned char *in = (unsigned char *)str_cstr(a, text);
    z.next_in = in;
    z.avail_in = (unsigned)text.len;
    z.next_out = out;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    Str made = {(const char *)out, z.total_out};
    deflateEnd(&z);
    return made;
}

static Str zstd_frame(struct arena *a, Str text)
{
    size_t room = ZSTD_compressBound(text.len);
    char *out = NEW_ARRAY(a, char, room);
    size_t n = ZSTD_compress(out, room, text.ptr, text.len, 19);
    assert_false(ZSTD_isError(n));
    return (Str){out, n};
}

static Str both(struct arena *a, Str first, Str second)
{
    Str item[] = {first, second};
    return str_join(a, &(struct str_list){item, 2}, S(""));
}

static enum status read_whole(const char *path, const struct stream_limits *limits, size_t step,
                              struct buf *into, struct err *e)
{
    struct stream *s = NULL;
    TRY(stream_open(path, limits, &s, e));
    char *piece = alloc_zero(step, 1);
    size_t got = 0;
    enum status status;
    while ((status = stream_read(s, piece, step, &got, e)) == OK && got > 0)
        buf_add_bytes(into, piece, got);
    if (status == OK) assert_int_equal(stream_bytes_in(s), stream_bytes_total(s));
    alloc_free(piece);
    stream_close(s);
    return status;
}

static void expect_content(const struct folder *f, Str file, Str expected)
{
    const char *path = write_file(f, "stream", file);
    static const size_t steps[] = {1, 7, 4096, 1 << 20};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        if (steps[i] < 4096 && expected.len > 100000) continue;
        struct buf got CLEANUP_BUF;
        buf_init(&got, 1 << 26);
        struct err e = {0};
        enum status status = read_whole(path, NULL, steps[i], &got, &e);
        if (status != OK) fail_msg("%s", e.text);
        assert_true(str_eq(buf_str(&got), expected));
    }
}

static Str noise(struct arena *a, size_t n)
{
    char *p = NEW_ARRAY(a, char, n);
    struct rng r;
    rng_seed(&r, n);
    for (size_t i = 0; i < n; i++)
        p[i] = (char)('a' + rng_below(&r, 20));
    return (Str){p, n};
}

static void test_formats(void **state)
{
    const struct folder *f = *state;
    Str long_text = noise(f->a, 900001);
    expect_content(f, S(""), S(""));
    expect_content(f, S("x"), S("x"));
    expect_content(f, S("\x1F"), S("\x1F"));
    expect_content(f, long_text, long_text);
    Str one = gzip_member(f->a, S("first "));
    Str two = gzip_member(f->a, long_text);
    expect_content(f, one, S("first "));
    expect_content(f, gzip_member(f->a, S("")), S(""));
    expect_content(f, both(f->a, one, two), both(f->a, S("first "), long_text));
    expect_content(f, both(f->a, two, one), both(f->a, long_text, S("first ")));
    expect_content(f, both(f->a, one, S("\0\0\0\0")), S("first "));
    expect_content(f, zstd_frame(f->a, S("frame")), S("frame"));
    expect_content(f, zstd_frame(f->a, S("")), S(""));
    expect_content(f, both(f->a, zstd_frame(f->a, long_text), zstd_frame(f->a, S("frame"))),
                   both(f->a, long_text, S("frame")));
}

static void expect_failure(const struct folder *f, Str file, const struct stream_limits *limits,
                           enum status status)
{
    const char *path = write_file(f, "stream", file);
    struct buf got CLEANUP_BUF;
    buf_init(&got, 1 << 28);
    struct err e = {0};
    assert_int_equal(read_whole(path, limits, 65536, &got, &e), status);
    assert_int_equal(e.status, status);
    assert_non_null(strstr(e.text, "stream"));
}

static void test_damage(void **state)
{
    const struct folder *f = *state;
    Str text = noise(f->a, 5000);
    Str gzip = gzip_member(f->a, text);
    Str zstd = zstd_frame(f->a, text);
    for (size_t cut = 2; cut < gzip.len; cut += 97)
        expect_failure(f, str_slice(gzip, 0, cut), NULL, E_INVALID);
    for (size_t cut = 4; cut < zstd.len; cut += 97)
        expect_failure(f, str_slice(zstd, 0, cut), NULL, E_INVALID);
    expect_failure(f, str_slice(gzip, 0, gzip.len - 1), NULL, E_INVALID);
    expect_failure(f, str_slice(zstd, 0, zstd.len - 1), NULL, E_INVALID);
    expect_failure(f, both(f->a, gzip, S("junk")), NULL, E_INVALID);
    expect_failure(f, both(f->a, zstd, S("junk")), NULL, E_INVALID);
    char *wrong = str_cstr(f->a, gzip);
    wrong[gzip.len - 6] ^= 1; /* the checksum */
    expect_failure(f, (Str){wrong, gzip.len}, NULL, E_INVALID);
    assert_int_equal(read_whole(path_of(f, "absent"), NULL, 1, NULL, NULL), E_NOT_FOUND);
}

static void test_limits(void **state)
{
    const struct folder *f = *state;
    struct stream_limits small = {1000, 200};
    expect_failure(f, noise(f->a, 1001), &small, E_LIMIT);
    expect_failure(f, gzip_member(f->a, noise(f->a, 1001)), &small, E_LIMIT);
    struct buf zeros CLEANUP_BUF;
    buf_init(&zeros, 1 << 26);
    for (int i = 0; i < 20 << 10; i++)
        buf_add(&zeros, (Str){(const char[1024]){0}, 1024});
    expect_failure(f, gzip_member(f->a, buf_str(&zeros)), NULL, E_LIMIT);
    expect_failure(f, zstd_frame(f->a, buf_str(&zeros)), NULL, E_LIMIT);
    struct stream_limits lax = {1 << 30, 1000000};
    const char *path = write_file(f, "stream", gzip_member(f->a, buf_str(&zeros)));
    struct buf got CLEANUP_BUF;
    buf_init(&got, 1 << 26);
    assert_int_equal(read_whole(path, &lax, 65536, &got, NULL), OK);
    assert_int_equal(got.len, zeros.len);
}

static struct stream *open_text(const struct folder *f, Str text)
{
    struct stream *s = NULL;
    assert_int_equal(stream_open(write_file(f, "lines", text), NULL, &s, NULL), OK);
    return s;
}

static void expect_line(struct stream *s, size_t max, Str expected)
{
    Str line;
    bool more = false;
    assert_int_equal(stream_line(s, max, &line, &more, NULL), OK);
    assert_int_equal(more, str_present(expected));
    if (more) assert_true(str_eq(line, expected));
}

static void test_lines(void **state)
{
    const struct folder *f = *state;
    struct stream *s = open_text(f, S("a\n\nb\r\n\rc\r\r\nlast"));
    expect_line(s, 10, S("a"));
    expect_line(s, 10, S(""));
    expect_line(s, 10, S("b"));
    expect_line(s, 10, S("\rc\r"));
    expect_line(s, 10, S("last"));
    expect_line(s, 10, STR_NONE);
    expect_line(s, 10, STR_NONE);
    stream_close(s);
    s = open_text(f, S(""));
    expect_line(s, 10, STR_NONE);
    stream_close(s);
    s = open_text(f, S("1234\r\n12345\n123\n12345"));
    Str line;
    bool more;
    struct err e = {0};
    expect_line(s, 4, S("1234"));
    assert_int_equal(stream_line(s, 4, &line, &more, &e), E_LIMIT);
    expect_line(s, 4, S("123"));
    assert_int_equal(stream_line(s, 4, &line, &more, NULL), E_LIMIT);
    expect_line(s, 4, STR_NONE);
    stream_close(s);
}

/* Lines far longer than the window; one is over the limit and is skipped without being kept. */
static void test_long_lines(void **state)
{
    const struct folder *f = *state;
    Str text = noise(f->a, 1000000);
    Str huge = noise(f->a, 3000000);
    Str item[] = {text, S("short"), huge, S("after"), text};
    struct str_list list = {item, COUNT_OF(item)};
    struct stream *s = open_text(f, str_join(f->a, &list, S("\n")));
    Str line;
    bool more;
    expect_line(s, 1000000, text);
    expect_line(s, 1000000, S("short"));
    assert_int_equal(stream_line(s, 1000000, &line, &more, NULL), E_LIMIT);
    expect_line(s, 1000000, S("after"));
    char piece[10];
    size_t got = 0;
    assert_int_equal(stream_read(s, piece, sizeof piece, &got, NULL),
                     OK); /* goes on where the lines stopped */
    assert_true(got > 0 && memcmp(piece, text.ptr, got) == 0);
    expect_line(s, 1000000, str_slice(text, got, text.len));
    expect_line(s, 1000000, STR_NONE);
    stream_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_write_and_read, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_what_is_no_file_is_never_replaced, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_formats, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_damage, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_limits, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_lines, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_long_lines, make_folder, drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
