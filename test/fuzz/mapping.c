/* A mapping, and after a line "-- csv" the table it is let loose on. */
#include "base/utf8.h"
#include "intake/source.h"
#include "target.h"

static void check_item(const struct intake_item *item)
{
    if (item->kind == INTAKE_CHANGE) {
        MUST(item->change.fact_count > 0 && item->change.record.id.len > 0);
    } else if (item->kind == INTAKE_REFUSED) {
        MUST(item->refusal.reason.len > 0 && item->refusal.row > 0);
        MUST(utf8_valid(item->refusal.raw, NULL) && utf8_valid(item->refusal.reason, NULL));
    }
}

static void read_table(struct arena *a, const struct mapping *m, Str csv)
{
    struct arena *each CLEANUP_ARENA = arena_new("fuzz item", (size_t)256 << 20);
    struct intake_options o = {.policy = target_policy(), .mapping = m, .in_process = true};
    struct intake_item item = {0};
    struct source *source = NULL;
    struct err e = {0};
    int fd = target_file((const uint8_t *)csv.ptr, csv.len);
    struct stream *stream = target_stream(fd);
    if (stream && source_open(a, stream, &o, &source, &e) == OK) {
        while (item.kind != INTAKE_DONE) {
            arena_reset(each);
            if (source_next(source, each, &item, &e) != OK) break;
            check_item(&item);
        }
    }
    source_close(source);
    target_close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a CLEANUP_ARENA = arena_new("fuzz", (size_t)256 << 20);
    Str text = target_text(data, size), csv = S("");
    size_t at = str_find(text, S("-- csv\n"));
    if (at != STR_NPOS) {
        csv = str_slice(text, at + 7, text.len);
        text = str_slice(text, 0, at);
    }
    const struct mapping *m = NULL;
    struct err e = {0};
    if (mapping_parse(a, target_policy(), text, &m, &e) == OK) {
        read_table(a, m, csv);
    } else {
        MUST(e.text[0] != '\0');
    }
    return 0;
}
