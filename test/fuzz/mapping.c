/* A mapping, and after a line "-- csv" the table it is let loose on. */
#include "base/utf8.h"
#include "intake/source.h"
#include "target.h"

#include <math.h>

static void check_item(const struct intake_item *item)
{
    if (item->kind == INTAKE_CHANGE) {
        MUST(item->change.fact_count > 0 && item->change.record.id.len > 0);
    } else if (item->kind == INTAKE_REFUSED) {
        MUST(item->refusal.reason.len > 0 && item->refusal.row > 0);
        MUST(utf8_valid(item->refusal.raw, NULL) && utf8_valid(item->refusal.reason, NULL));
    }
}

static void check_row(const struct table_columns *columns, const struct table_row *row)
{
    MUST(columns && row->count == columns->count && row->id.len > 0 && row->row > 0);
    for (size_t i = 0; i < row->count; i++) {
        const struct table_cell *c = &row->cell[i];
        MUST(c->type == columns->column[i].type);
        if (!c->present) continue;
        if (c->type == COLUMN_CODE || c->type == COLUMN_TEXT) MUST(c->text.len > 0);
        if (c->type == COLUMN_NUMBER) MUST(isfinite(c->number));
        if (c->type == COLUMN_TIME) MUST(c->time.from_ms <= c->time.to_ms && c->time.from_ms != TIME_MISSING);
        if (c->type == COLUMN_PLACE) MUST(isfinite(c->place.x) && isfinite(c->place.y));
        if (c->type == COLUMN_SET) MUST(c->items.count > 0);
    }
}

/* m NULL: the table of the header alone. */
static void read_table(struct arena *a, const struct mapping *m, Str csv, bool as_table)
{
    struct arena *each CLEANUP_ARENA = arena_new("fuzz item", (size_t)256 << 20);
    struct intake_options o = {
        .policy = target_policy(), .mapping = m, .as_table = as_table, .in_process = true};
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
            if (item.kind == INTAKE_ROW && m && mapping_table(m)) check_row(mapping_table(m), &item.row);
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
        if (mapping_has_records(m)) read_table(a, m, csv, false);
        read_table(a, m, csv, true);
    } else {
        MUST(e.text[0] != '\0');
    }
    read_table(a, NULL, csv, true);
    return 0;
}
