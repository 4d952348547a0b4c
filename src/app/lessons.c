#include "app/lessons.h"

#include "base/alloc.h"
#include "base/stream.h"

#include <math.h>

#define FILE_BYTES_MAX ((size_t)4 << 30)
#define LINE_BYTES_MAX ((size_t)64 << 10)

void lessons_add(struct lessons *l, struct lesson item)
{
    l->item = alloc_room(l->item, &l->room, l->count, sizeof *l->item);
    l->item[l->count++] = item;
}

void lessons_tell(struct lessons *l, struct arena *a, Str line)
{
    ARENA_ROOM(a, l->told.item, l->told_room, l->told.count + 1, 8);
    l->told.item[l->told.count++] = str_copy(a, line);
}

void lessons_free(struct lessons *l)
{
    alloc_free(l->item);
    *l = (struct lessons){0};
}

/* ---- the file ---------------------------------------------------------------------------------------- */

static enum status bad_line(unsigned line, const char *why, struct err *e)
{
    return ERR(e, E_INVALID, "lessons", "lessons, line %u: %s", line, why);
}

static enum status check_head(const struct str_list *cell, struct arena *a, unsigned line, struct err *e)
{
    bool same = cell->count == LOOK_MEASURES + 1;
    for (int m = 0; same && m < LOOK_MEASURES; m++)
        same = str_eq(cell->item[m + 1], look_measure_name(a, (enum look_measure)m));
    return same ? OK
                : bad_line(line,
                           "these lessons were kept by another version, with other measures: keep them anew",
                           e);
}

static enum status take_lesson(struct lessons *l, const struct str_list *cell, unsigned line, struct err *e)
{
    struct lesson item = {.linked = str_eq(cell->item[0], S("1"))};
    if (cell->count != LOOK_MEASURES + 1)
        return bad_line(line, "there is not a value for every measure; missing ones stay empty between tabs",
                        e);
    if (!item.linked && !str_eq(cell->item[0], S("0")))
        return bad_line(line, "1 (of one series) or 0 is expected first", e);
    for (size_t m = 0; m < LOOK_MEASURES; m++) {
        double v = (double)NAN;
        if (!str_empty(cell->item[m + 1]) && (str_to_f64(cell->item[m + 1], &v) != OK || !(fabs(v) <= 1e9)))
            return bad_line(line, "a number is expected", e);
        item.value[m] = (float)v;
    }
    lessons_add(l, item);
    return OK;
}

static enum status read_lines(struct stream *s, struct arena *a, struct lessons *l, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("a lesson", (size_t)1 << 20);
    bool more, head = false;
    Str line;
    for (unsigned n = 1;; n++) {
        arena_reset(scratch);
        TRY(stream_line(s, LINE_BYTES_MAX, &line, &more, e));
        if (!more) return OK;
        if (str_empty(line)) continue;
        if (str_starts(line, S("# "))) {
            lessons_tell(l, a, str_slice(line, 2, line.len));
            continue;
        }
        struct str_list cell = str_split(scratch, line, '\t');
        TRY(head ? take_lesson(l, &cell, n, e) : check_head(&cell, scratch, n, e));
        head = true;
    }
}

enum status lessons_read(const char *path, struct arena *a, struct lessons *l, struct err *e)
{
    struct stream *s;
    if (!file_exists(path)) return OK;
    TRY(stream_open(path, NULL, &s, e));
    enum status status = read_lines(s, a, l, e);
    stream_close(s);
    return status;
}

enum status lessons_write(const char *path, const struct lessons *l, struct err *e)
{
    struct buf text CLEANUP_BUF;
    struct arena *scratch CLEANUP_ARENA = arena_new("names of measures", (size_t)1 << 16);
    buf_init(&text, FILE_BYTES_MAX);
    for (size_t i = 0; i < l->told.count; i++)
        buf_addf(&text, "# %.*s\n", STR_ARG(l->told.item[i]));
    buf_add(&text, S("linked"));
    for (int m = 0; m < LOOK_MEASURES; m++) {
        Str name = look_measure_name(scratch, (enum look_measure)m);
        buf_addf(&text, "\t%.*s", STR_ARG(name));
    }
    buf_add_char(&text, '\n');
    for (size_t i = 0; i < l->count; i++) {
        buf_add_char(&text, l->item[i].linked ? '1' : '0');
        for (size_t m = 0; m < LOOK_MEASURES; m++) {
            buf_add_char(&text, '\t');
            if (!isnan(l->item[i].value[m])) buf_addf(&text, "%.9g", (double)l->item[i].value[m]);
        }
        buf_add_char(&text, '\n');
    }
    TRY(buf_status(&text, e));
    return file_write(path, buf_str(&text), 0644, e);
}
