/* A table; the first byte says how it is read. What is read, written and read again is the same. */
#include "base/csv.h"
#include "base/utf8.h"
#include "target.h"

static void check_again(const struct csv_row *row)
{
    struct buf b CLEANUP_BUF = {0};
    struct csv_reader *r = NULL;
    struct csv_row again = {0};
    struct err e = {0};
    bool more = false;
    buf_init(&b, (size_t)64 << 20);
    csv_add_cell(&b, S("row"), true, false); /* so that a lone empty cell is no empty line */
    for (size_t i = 0; i < row->count; i++)
        csv_add_cell(&b, row->cell[i], false, false);
    csv_end_row(&b);
    int fd = target_file((const uint8_t *)b.ptr, b.len);
    MUST(csv_open(target_stream(fd), &(struct csv_options){.delimiter = ','}, false, &r, &e) == OK);
    MUST(csv_next(r, &again, &more, &e) == OK && more && !again.unclosed);
    MUST(again.count == row->count + 1);
    for (size_t i = 0; i < row->count; i++)
        MUST(str_eq(again.cell[i + 1], row->cell[i]));
    csv_close(r);
    target_close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = {0, ',', ';', '\t', '|'};
    if (size == 0) return 0;
    struct csv_options o = {.delimiter = delimiters[data[0] % sizeof delimiters], .row_bytes_max = 1 << 16};
    bool has_header = (data[0] & 64) != 0;
    struct csv_reader *r = NULL;
    struct err e = {0};
    int fd = target_file(data + 1, size - 1);
    struct stream *stream = target_stream(fd);
    if (stream && csv_open(stream, &o, has_header, &r, &e) == OK) {
        struct csv_row row = {0};
        bool more = true;
        for (size_t rows = 0; csv_next(r, &row, &more, &e) == OK && more; rows++) {
            for (size_t i = 0; i < row.count; i++)
                MUST(utf8_valid(row.cell[i], NULL));
            if (rows < 20) check_again(&row);
        }
        csv_close(r);
    }
    target_close(fd);
    return 0;
}
