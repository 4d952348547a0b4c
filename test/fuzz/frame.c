/* What a subverted child could write into the pipe: messages that are not. */
#include "intake/frame.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a CLEANUP_ARENA = arena_new("fuzz", (size_t)256 << 20);
    Str rest = target_text(data, size);
    for (;;) {
        struct intake_item item = {0};
        struct err e = {0};
        size_t length = frame_length(rest);
        if (length == 0 || length == SIZE_MAX || length > rest.len) return 0;
        if (frame_read(a, str_slice(rest, 0, length), &item, &e) == OK && item.kind == INTAKE_CHANGE) {
            struct buf b CLEANUP_BUF = {0};
            buf_init(&b, (size_t)64 << 20);
            change_write_body(&b, &item.change);
            struct change again = {0};
            MUST(change_read_body(a, buf_str(&b), &again, &e) == OK);
        }
        if (item.kind == INTAKE_ROW) {
            struct buf b CLEANUP_BUF = {0};
            buf_init(&b, (size_t)64 << 20);
            frame_write_item(&b, &item);
            struct intake_item again = {0};
            MUST(frame_read(a, buf_str(&b), &again, &e) == OK && again.row.count == item.row.count);
        }
        rest = str_slice(rest, length, rest.len);
    }
}
