#include "app/refusals.h"

#include "base/alloc.h"
#include "base/csv.h"
#include "base/stream.h"
#include "base/table.h"

#include <stdlib.h>

#define FILE_BYTES_FULL ((size_t)256 << 20)
#define GROUPS_MAX      200

struct refusals {
    struct arena *arena;   /* of the groups */
    struct arena *scratch; /* of one row */
    struct table *groups;  /* field and reason without what was quoted -> index */
    struct refusal_group *group;
    size_t count;
    struct buf file; /* as it will be written */
    uint64_t rows, written;
    bool wanted;
};

struct refusals *refusals_new(bool wanted)
{
    struct refusals *r = alloc_zero(1, sizeof *r);
    r->arena = arena_new("faults of rows", (size_t)256 << 20);
    r->scratch = arena_new("a refused row", (size_t)64 << 20);
    r->groups = table_new(GROUPS_MAX + 2);
    r->group = NEW_ARRAY(r->arena, struct refusal_group, GROUPS_MAX + 2);
    r->wanted = wanted;
    buf_init(&r->file, FILE_BYTES_FULL * 2);
    return r;
}

void refusals_free(struct refusals *r)
{
    if (!r) return;
    buf_free(&r->file);
    table_free(r->groups);
    arena_free(r->scratch);
    arena_free(r->arena);
    alloc_free(r);
}

void refusals_cleanup(struct refusals **r)
{
    refusals_free(*r);
}

/* The fault without the value: what stands in quotes, and a number in front, differ from row to row. */
static Str fault_of(struct arena *a, Str reason)
{
    char *text = NEW_ARRAY(a, char, reason.len + reason.len / 2 + 8); /* each pair of quotes gains a sign */
    size_t len = 0, at = 0;
    while (at < reason.len && strchr("-.0123456789", reason.ptr[at]) && reason.ptr[at] != '\0')
        at++;
    if (at > 0 && at < reason.len) {
        memcpy(text, "...", 3);
        len = 3;
    } else {
        at = 0;
    }
    for (bool quoted = false; at < reason.len; at++) {
        char c = reason.ptr[at];
        if (c == '"') {
            quoted = !quoted;
            if (!quoted) text[len++] = '_';
        }
        if (!quoted || c == '"') text[len++] = c;
    }
    return (Str){text, len};
}

static void group_count(struct refusals *r, const struct intake_refusal *why)
{
    Str fault = fault_of(r->scratch, why->reason);
    Str key = str_format(r->scratch, "%.*s\n%.*s", STR_ARG(why->field), STR_ARG(fault));
    bool fresh = false, room = table_count(r->groups) < GROUPS_MAX;
    uint64_t *index = table_at(r->groups, room || table_find(r->groups, key) ? key : S("others"), &fresh);
    if (fresh) {
        bool others = r->count == GROUPS_MAX;
        *index = r->count;
        r->group[r->count++] =
            (struct refusal_group){others ? S("") : str_copy(r->arena, why->field),
                                   others ? S("other faults") : str_copy(r->arena, fault), 0, why->row};
    }
    r->group[*index].rows++;
    r->rows++;
}

void refusals_add(struct refusals *r, const struct intake_refusal *why)
{
    arena_reset(r->scratch);
    group_count(r, why);
    if (!r->wanted || r->file.len > FILE_BYTES_FULL) return;
    if (r->rows == 1) {
        static const char *const head[] = {"row", "line", "field", "reason", "original"};
        for (size_t i = 0; i < COUNT_OF(head); i++)
            csv_add_cell(&r->file, str_of(head[i]), i == 0, false);
        csv_end_row(&r->file);
    }
    Str row = str_format(r->scratch, "%llu", (unsigned long long)why->row);
    Str line = str_format(r->scratch, "%llu", (unsigned long long)why->line);
    csv_add_cell(&r->file, row, true, false);
    csv_add_cell(&r->file, line, false, false);
    csv_add_cell(&r->file, why->field, false, true);
    csv_add_cell(&r->file, why->reason, false, true);
    csv_add_cell(&r->file, why->raw, false, true);
    csv_end_row(&r->file);
    r->written++;
}

static int more_rows_first(const void *a, const void *b)
{
    const struct refusal_group *x = a, *y = b;
    if (x->rows != y->rows) return x->rows < y->rows ? 1 : -1;
    return x->first_row < y->first_row ? -1 : x->first_row > y->first_row;
}

struct refusal_group *refusals_groups(const struct refusals *r, struct arena *a, size_t *count)
{
    struct refusal_group *out = NEW_ARRAY(a, struct refusal_group, r->count + 1);
    for (size_t i = 0; i < r->count; i++) {
        out[i] = r->group[i];
        out[i].field = str_copy(a, r->group[i].field);
        out[i].reason = str_copy(a, r->group[i].reason);
    }
    qsort(out, r->count, sizeof *out, more_rows_first);
    *count = r->count;
    return out;
}

enum status refusals_write(struct refusals *r, const char *path, uint64_t *written, struct err *e)
{
    *written = 0;
    if (!r->wanted || r->rows == 0) return OK;
    TRY(buf_status(&r->file, e));
    TRY(file_write(path, buf_str(&r->file), 0600, e));
    *written = r->written;
    return OK;
}
