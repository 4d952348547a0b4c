/* What people read in a terminal: wrapped lines and aligned tables; and JSON for programs. Everything is
 * gathered and written by print_flush, so that a failing disk or a closed pipe is noticed. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include "base/buf.h"
#include "base/json.h"

struct screen {
    struct buf buf;
    int fd;
    size_t width; /* characters a line; 80 where there is no terminal */
    bool terminal;
    const char *name; /* for messages: "standard output" */
};

void screen_init(struct screen *s, int fd, const char *name);
void screen_done(struct screen *s); /* writes nothing */
/* Writes what was gathered. E_IO when that fails. */
MUST_USE enum status screen_flush(struct screen *s, struct err *e);
/* The same once a good deal has been gathered. */
MUST_USE enum status screen_flush_some(struct screen *s, struct err *e);

/* A line, as it is. */
void print_line(struct screen *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Text, wrapped at the width: the first line after `first` blanks, the others after `rest`. Line ends in the
 * text are kept. Control characters are shown as blanks. */
void print_wrapped(struct screen *s, Str text, size_t first, size_t rest);
/* A label in a column of `column` characters, then text wrapped beside it. */
void print_labelled(struct screen *s, Str label, size_t column, Str text);
/* Text into any buffer: `at` is where the line stands already; returns nothing and ends without a line end.
 */
void wrap_text(struct buf *out, Str text, size_t at, size_t indent, size_t width);

/* A table: columns as wide as their widest cell, the last text column wrapped where the line is full. */
enum align { ALIGN_LEFT, ALIGN_RIGHT };
struct grid;
#define GRID_COLUMNS_MAX 12
/* Headings: blank-separated is not enough for words, so one each; alignment follows. */
struct grid_column {
    const char *heading;
    enum align align;
};
struct grid *grid_new(struct arena *a, const struct grid_column *column, size_t columns);
/* Cells are added row by row, copied. */
void grid_add(struct grid *g, Str cell);
void grid_addf(struct grid *g, const char *fmt, ...) PRINTF_LIKE(2, 3);
void grid_print(struct screen *s, const struct grid *g);

/* "22,397" */
Str count_words(struct arena *a, uint64_t n);
/* "1 row", "22,397 rows" */
Str count_of(struct arena *a, uint64_t n, const char *one, const char *many);

#endif
