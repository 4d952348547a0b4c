#include "web/html.h"

#include "base/percent.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PIECE_BYTES 512

static void escape_char(struct buf *out, char c)
{
    switch (c) {
    case '&':
        buf_add(out, S("&amp;"));
        break;
    case '<':
        buf_add(out, S("&lt;"));
        break;
    case '>':
        buf_add(out, S("&gt;"));
        break;
    case '"':
        buf_add(out, S("&quot;"));
        break;
    case '\'':
        buf_add(out, S("&#39;"));
        break;
    default:
        buf_add_char(out, c);
        break;
    }
}

/* What XML and HTML do not know as a character at all. */
static bool is_forbidden(char c)
{
    unsigned char u = (unsigned char)c;
    return (u < 0x20 && c != '\n' && c != '\t') || u == 0x7f;
}

void html_text(struct buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_forbidden(text.ptr[i])) escape_char(out, text.ptr[i]);
}

void html_prose(struct buf *out, Str text)
{
    Str line;
    bool open = false;
    while (str_next(&text, '\n', &line)) {
        Str trimmed = str_trim(line);
        if (trimmed.len == 0) {
            if (open) html(out, "</p>");
            open = false;
            continue;
        }
        if (open)
            html(out, "<br>");
        else
            html(out, "<p>");
        open = true;
        html_text(out, trimmed);
    }
    if (open) html(out, "</p>");
}

Html html_made(struct arena *a, struct buf *made)
{
    Html piece = {str_copy(a, buf_str(made))};
    buf_clear(made);
    return piece;
}

void html_put(struct buf *out, Html piece)
{
    buf_add(out, piece.ready);
}

/* ---- formats ---------------------------------------------------------------------------------------- */

/* One conversion, from its % to its letter. */
static size_t conversion_length(const char *at)
{
    size_t n = 1;
    while (at[n] != '\0' && strchr("-+ #0123456789.*lzh", at[n]) != NULL)
        n++;
    return at[n] == '\0' ? n : n + 1;
}

/* Where the arguments of one pattern stand; a struct, so that a pointer to it can be handed on. */
struct arguments {
    va_list list;
};

static Str next_text(struct arguments *args, const char *piece, size_t length)
{
    if (length > 2 && strncmp(piece, "%.*", 3) == 0) {
        int count = va_arg(args->list, int);
        const char *text = va_arg(args->list, const char *);
        return (Str){text == NULL ? "" : text, text == NULL || count < 0 ? 0 : (size_t)count};
    }
    const char *text = va_arg(args->list, const char *);
    return text == NULL ? S("") : str_of(text);
}

/* Numbers need no escape, but go the same way. */
static Str next_number(struct arguments *args, const char *piece, size_t length, char room[PIECE_BYTES])
{
    char format[32];
    MUST(length < sizeof format);
    memcpy(format, piece, length);
    format[length] = '\0';
    int n = 0;
    bool is_long_long = strstr(format, "ll") != NULL, is_size = strchr(format, 'z') != NULL;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    switch (piece[length - 1]) {
    case 'd':
        n = is_long_long ? snprintf(room, PIECE_BYTES, format, va_arg(args->list, long long))
                         : snprintf(room, PIECE_BYTES, format, va_arg(args->list, int));
        break;
    case 'u':
        n = is_long_long ? snprintf(room, PIECE_BYTES, format, va_arg(args->list, unsigned long long))
            : is_size    ? snprintf(room, PIECE_BYTES, format, va_arg(args->list, size_t))
                         : snprintf(room, PIECE_BYTES, format, va_arg(args->list, unsigned));
        break;
    case 'f':
    case 'g':
        n = snprintf(room, PIECE_BYTES, format, va_arg(args->list, double));
        break;
    default:
        BUG("a page uses the conversion %s, which is not known", format);
    }
#pragma GCC diagnostic pop
    MUST(n >= 0 && n < PIECE_BYTES);
    return (Str){room, (size_t)n};
}

typedef void (*put_text)(struct buf *out, Str text);

static void format_with(struct buf *out, const char *format, struct arguments *args, put_text put)
{
    char room[PIECE_BYTES];
    for (const char *at = format; *at != '\0';) {
        if (*at != '%') {
            const char *next = strchr(at, '%');
            size_t plain = next == NULL ? strlen(at) : (size_t)(next - at);
            buf_add_bytes(out, at, plain);
            at += plain;
            continue;
        }
        size_t length = conversion_length(at);
        if (length == 2 && at[1] == '%')
            buf_add_char(out, '%');
        else if (at[length - 1] == 's')
            put(out, next_text(args, at, length));
        else
            put(out, next_number(args, at, length, room));
        at += length;
    }
}

void html_format(struct buf *out, const char *format, ...)
{
    struct arguments args;
    va_start(args.list, format);
    format_with(out, format, &args, html_text);
    va_end(args.list);
}

/* ---- addresses -------------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

Str url_segment(struct arena *a, Str text)
{
    char *out = arena_alloc(a, text.len + 1, 1, 1);
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len && text.ptr[i] == '%' ? hex_digit(text.ptr[i + 1]) : -1;
        int low = high < 0 ? -1 : hex_digit(text.ptr[i + 2]);
        if (low >= 0) i += 2;
        out[n++] = low >= 0 ? (char)(high * 16 + low) : text.ptr[i];
    }
    return (Str){out, n};
}

#define URL_BYTES_MAX ((size_t)1 << 16)

Url url_format(struct arena *a, const char *pattern, ...)
{
    struct buf out CLEANUP_BUF;
    struct arguments args;
    buf_init(&out, URL_BYTES_MAX);
    va_start(args.list, pattern);
    format_with(&out, pattern, &args, percent_segment);
    va_end(args.list);
    return (Url){str_copy(a, buf_str(&out))};
}

Url url_path(struct arena *a, Str path)
{
    struct buf out CLEANUP_BUF = {0};
    buf_init(&out, URL_BYTES_MAX);
    for (size_t i = 0; i < path.len; i++)
        if (path.ptr[i] == '/')
            buf_add_char(&out, '/');
        else
            percent_text(&out, str_slice(path, i, i + 1));
    return (Url){str_copy(a, buf_str(&out))};
}

Url url_with(struct arena *a, Url base, Str name, Str value)
{
    struct buf out CLEANUP_BUF = {0};
    if (str_empty(value)) return base;
    buf_init(&out, URL_BYTES_MAX);
    buf_add(&out, base.ready);
    buf_add_char(&out, str_find_char(base.ready, '?') == STR_NPOS ? '?' : '&');
    percent_text(&out, name);
    buf_add_char(&out, '=');
    percent_text(&out, value);
    return (Url){str_copy(a, buf_str(&out))};
}

void html_url(struct buf *out, Url address)
{
    html_text(out, address.ready);
}

void html_link(struct buf *out, Url address, Str text)
{
    html(out, "<a href=\"");
    html_url(out, address);
    html(out, "\">");
    html_text(out, text);
    html(out, "</a>");
}
