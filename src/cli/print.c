#include "cli/print.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    WIDTH_DEFAULT = 80,
    WIDTH_MIN = 40,
    WIDTH_MAX = 160,
    LABEL_GAP = 2,
    FLUSH_BYTES = 1 << 16,
};

static size_t terminal_width(int fd)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return WIDTH_DEFAULT;
    if (size.ws_col < WIDTH_MIN) return WIDTH_MIN;
    return size.ws_col > WIDTH_MAX ? WIDTH_MAX : size.ws_col;
}

void screen_init(struct screen *s, int fd, const char *name)
{
    *s = (struct screen){.fd = fd, .name = name, .terminal = isatty(fd) == 1};
    s->width = s->terminal ? terminal_width(fd) : WIDTH_DEFAULT;
    buf_init(&s->buf, (size_t)1 << 31);
}

void screen_done(struct screen *s)
{
    buf_free(&s->buf);
}

enum status screen_flush(struct screen *s, struct err *e)
{
    Str text = buf_str(&s->buf);
    TRY(buf_status(&s->buf, e));
    while (text.len > 0) {
        ssize_t n = write(s->fd, text.ptr, text.len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            buf_clear(&s->buf);
            return ERR(e, E_IO, "", "%s cannot be written: %s.", s->name, strerror(errno));
        }
        text = str_slice(text, (size_t)n, text.len);
    }
    buf_clear(&s->buf);
    return OK;
}

enum status screen_flush_some(struct screen *s, struct err *e)
{
    return s->buf.len < FLUSH_BYTES ? OK : screen_flush(s, e);
}

void print_line(struct screen *s, const char *fmt, ...)
{
    char text[4096];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    buf_add_cstr(&s->buf, text);
    buf_add_char(&s->buf, '\n');
}

static void blanks(struct buf *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_add_char(out, ' ');
}

/* A terminal obeys control characters; what was imported must not steer it. */
static void add_safely(struct buf *out, Str word)
{
    for (size_t i = 0; i < word.len; i++) {
        unsigned char c = (unsigned char)word.ptr[i];
        bool c1 = c == 0xC2 && i + 1 < word.len && (unsigned char)word.ptr[i + 1] < 0xA0;
        if (c1) i++;
        buf_add_char(out, c < 0x20 || c == 0x7F || c1 ? ' ' : (char)c);
    }
}

void wrap_text(struct buf *out, Str text, size_t at, size_t indent, size_t width)
{
    bool fresh = true; /* nothing but the indent stands on this line */
    while (text.len > 0) {
        if (text.ptr[0] == '\n') {
            buf_add_char(out, '\n');
            text = str_slice(text, 1, text.len);
            if (text.len > 0 && text.ptr[0] != '\n') blanks(out, indent);
            at = indent;
            fresh = true;
            continue;
        }
        size_t end = 0;
        while (end < text.len && text.ptr[end] != ' ' && text.ptr[end] != '\n')
            end++;
        Str word = str_slice(text, 0, end);
        size_t length = utf8_length(word);
        if (length > 0) {
            if (!fresh && at + 1 + length > width) {
                buf_add_char(out, '\n');
                blanks(out, indent);
                at = indent;
                fresh = true;
            }
            if (!fresh) buf_add_char(out, ' ');
            add_safely(out, word);
            at += length + (fresh ? 0 : 1);
            fresh = false;
        }
        text = str_slice(text, end < text.len && text.ptr[end] == ' ' ? end + 1 : end, text.len);
    }
}

void print_wrapped(struct screen *s, Str text, size_t first, size_t rest)
{
    blanks(&s->buf, first);
    wrap_text(&s->buf, text, first, rest, s->width);
    buf_add_char(&s->buf, '\n');
}

void print_labelled(struct screen *s, Str label, size_t column, Str text)
{
    size_t length = utf8_length(label);
    add_safely(&s->buf, label);
    if (length + LABEL_GAP > column) {
        buf_add_char(&s->buf, '\n');
        length = 0;
    }
    blanks(&s->buf, column - length);
    wrap_text(&s->buf, text, column, column, s->width);
    buf_add_char(&s->buf, '\n');
}

/* ---- tables ----------------------------------------------------------------------------------------- */

struct grid {
    struct arena *a;
    struct grid_column column[GRID_COLUMNS_MAX];
    size_t columns;
    Str *cell;
    size_t count, room;
};

struct grid *grid_new(struct arena *a, const struct grid_column *column, size_t columns)
{
    struct grid *g = NEW(a, struct grid);
    MUST(columns > 0 && columns <= GRID_COLUMNS_MAX);
    g->a = a;
    g->columns = columns;
    for (size_t i = 0; i < columns; i++)
        g->column[i] = column[i];
    return g;
}

void grid_add(struct grid *g, Str cell)
{
    ARENA_ROOM(g->a, g->cell, g->room, g->count + 1, 64);
    g->cell[g->count++] = str_copy(g->a, cell);
}

void grid_addf(struct grid *g, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    grid_add(g, str_of(text));
}

struct grid_widths {
    size_t width[GRID_COLUMNS_MAX];
};

static struct grid_widths grid_measure(const struct grid *g)
{
    struct grid_widths w = {0};
    for (size_t i = 0; i < g->columns; i++)
        w.width[i] = utf8_length(str_of(g->column[i].heading));
    for (size_t i = 0; i < g->count; i++) {
        size_t length = utf8_length(g->cell[i]);
        if (length > w.width[i % g->columns]) w.width[i % g->columns] = length;
    }
    return w;
}

static void grid_row(struct screen *s, const struct grid *g, const struct grid_widths *w, const Str *cell)
{
    size_t at = 0;
    for (size_t i = 0; i < g->columns; i++) {
        size_t pad = w->width[i] - utf8_length(cell[i]);
        bool last = i + 1 == g->columns;
        if (g->column[i].align == ALIGN_RIGHT) blanks(&s->buf, pad);
        if (last && g->column[i].align == ALIGN_LEFT) {
            wrap_text(&s->buf, cell[i], at, at,
                      s->width > at + WIDTH_MIN / 2 ? s->width : at + WIDTH_MIN / 2);
            break;
        }
        add_safely(&s->buf, cell[i]);
        if (g->column[i].align == ALIGN_LEFT) blanks(&s->buf, pad);
        if (!last) blanks(&s->buf, LABEL_GAP);
        at += w->width[i] + LABEL_GAP;
    }
    while (s->buf.len > 0 && s->buf.ptr[s->buf.len - 1] == ' ')
        s->buf.ptr[--s->buf.len] = '\0';
    buf_add_char(&s->buf, '\n');
}

void grid_print(struct screen *s, const struct grid *g)
{
    struct grid_widths w = grid_measure(g);
    Str heading[GRID_COLUMNS_MAX];
    MUST(g->count % g->columns == 0);
    for (size_t i = 0; i < g->columns; i++)
        heading[i] = str_of(g->column[i].heading);
    grid_row(s, g, &w, heading);
    for (size_t i = 0; i < g->count; i += g->columns)
        grid_row(s, g, &w, &g->cell[i]);
}

Str count_words(struct arena *a, uint64_t n)
{
    char digits[32], text[48];
    int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    size_t at = 0;
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) text[at++] = ',';
        text[at++] = digits[i];
    }
    return str_copy(a, (Str){text, at});
}

Str count_of(struct arena *a, uint64_t n, const char *one, const char *many)
{
    return str_format(a, "%.*s %s", STR_ARG(count_words(a, n)), n == 1 ? one : many);
}
