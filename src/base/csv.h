/* Comma separated values, RFC 4180 and what the world makes of it: any delimiter, quoted
 * newlines, byte order marks, bare quotes inside fields, rows of uneven length (reported, not fatal),
 * Windows-1252 found and converted (the given bytes stay readable through `raw`). */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/stream.h"

struct csv_options {
    char delimiter;       /* 0: guessed from the first line among , ; tab |
                             ' ': runs of blanks and tabs between words, as in the files of scan programs; a
                             quote has no meaning there */
    size_t row_bytes_max; /* 0: 16 MiB */
    size_t columns_max;   /* 0: 4096 */
};

struct csv_row {
    Str *cell; /* UTF-8; borrowed until the next row */
    size_t count;
    uint64_t number; /* data rows from 1; the header is 0 */
    uint64_t line;   /* line in the file where the row starts, from 1 */
    Str raw;         /* the row's bytes as given, without the line end */
    bool converted;  /* was not UTF-8 and was read as Windows-1252 */
    bool unclosed;   /* a quote was still open at the end of the file */
};

struct csv_reader;
/* Empty lines are skipped. Lone carriage returns end rows in a file that has no newline.
 * Takes the stream over (closes it, also on failure). Reads the header row when has_header. */
MUST_USE enum status csv_open(struct stream *s, const struct csv_options *options, bool has_header,
                              struct csv_reader **out, struct err *e);
const struct csv_row *csv_header(const struct csv_reader *r); /* NULL without a header */
MUST_USE enum status csv_next(struct csv_reader *r, struct csv_row *row, bool *more, struct err *e);
char csv_delimiter(const struct csv_reader *r);
const struct stream *csv_stream(const struct csv_reader *r);
void csv_close(struct csv_reader *r);

/* Writing: a cell, quoted where needed; "\r\n" ends a row. safe_for_sheets puts a ' before what a
 * spreadsheet could take for a formula (OWASP, CSV injection). */
void csv_add_cell(struct buf *b, Str cell, bool first, bool safe_for_sheets);
void csv_end_row(struct buf *b);

#endif
