#include "intake/frame.h"

#include "base/utf8.h"

#include <math.h>

enum { FRAME_ERROR = 100 }; /* beside enum intake_kind */

static void put_u32(struct buf *b, uint32_t v)
{
    unsigned char bytes[4] = {(unsigned char)v, (unsigned char)(v >> 8), (unsigned char)(v >> 16),
                              (unsigned char)(v >> 24)};
    buf_add_bytes(b, bytes, sizeof bytes);
}

static void put_u64(struct buf *b, uint64_t v)
{
    put_u32(b, (uint32_t)v);
    put_u32(b, (uint32_t)(v >> 32));
}

static void put_text(struct buf *b, Str s)
{
    put_u32(b, (uint32_t)s.len);
    buf_add(b, s);
}

/* Leaves room for the length; frame_end fills it in. */
static size_t frame_begin(struct buf *b, int kind)
{
    size_t start = b->len;
    put_u32(b, 0);
    buf_add_char(b, (char)kind);
    return start;
}

static void frame_end(struct buf *b, size_t start)
{
    if (b->failed) return;
    uint32_t length = (uint32_t)(b->len - start);
    for (size_t i = 0; i < 4; i++)
        b->ptr[start + i] = (char)(unsigned char)(length >> (8 * i));
}

static void put_summary(struct buf *b, const struct intake_summary *s)
{
    put_u64(b, s->rows);
    put_u64(b, s->given);
    put_u64(b, s->merged);
    put_u64(b, s->refused);
    put_u64(b, s->dropped);
    put_u64(b, s->changes);
    put_u32(b, (uint32_t)s->drops);
    for (size_t i = 0; i < s->drops; i++) {
        put_text(b, s->drop[i].reason);
        put_u64(b, s->drop[i].rows);
    }
}

static void put_number(struct buf *b, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    put_u64(b, bits);
}

static void put_columns(struct buf *b, const struct table_columns *columns)
{
    buf_add_char(b, columns->guessed);
    put_u32(b, (uint32_t)columns->count);
    for (size_t i = 0; i < columns->count; i++) {
        const struct table_column *c = &columns->column[i];
        buf_add_char(b, (char)c->type);
        buf_add_char(b, c->planar);
        put_text(b, c->name);
        put_text(b, c->compare);
    }
}

static void put_cell(struct buf *b, const struct table_cell *c)
{
    buf_add_char(b, (char)c->type);
    buf_add_char(b, c->present);
    if (!c->present) return;
    switch (c->type) {
    case COLUMN_CODE:
    case COLUMN_TEXT:
        put_text(b, c->text);
        break;
    case COLUMN_NUMBER:
        put_number(b, c->number);
        break;
    case COLUMN_TIME:
        put_u64(b, (uint64_t)c->time.from_ms);
        put_u64(b, (uint64_t)c->time.to_ms);
        break;
    case COLUMN_PLACE:
        put_number(b, c->place.x);
        put_number(b, c->place.y);
        put_number(b, c->place.radius_m);
        break;
    case COLUMN_SET:
        put_u32(b, (uint32_t)c->items.count);
        for (size_t i = 0; i < c->items.count; i++)
            put_text(b, c->items.item[i]);
        break;
    }
}

static void put_row(struct buf *b, const struct table_row *row)
{
    put_u64(b, row->row);
    put_u64(b, row->line);
    put_text(b, row->id);
    put_u32(b, (uint32_t)row->count);
    for (size_t i = 0; i < row->count; i++)
        put_cell(b, &row->cell[i]);
}

void frame_write_item(struct buf *b, const struct intake_item *item)
{
    size_t start = frame_begin(b, (int)item->kind);
    switch (item->kind) {
    case INTAKE_CHANGE:
        change_write_body(b, &item->change);
        break;
    case INTAKE_REFUSED:
        put_u64(b, item->refusal.row);
        put_u64(b, item->refusal.line);
        put_text(b, item->refusal.field);
        put_text(b, item->refusal.reason);
        put_text(b, item->refusal.raw);
        break;
    case INTAKE_PROGRESS:
        put_u64(b, item->progress.bytes_in);
        put_u64(b, item->progress.bytes_total);
        put_u64(b, item->progress.rows);
        break;
    case INTAKE_DONE:
        put_summary(b, &item->summary);
        break;
    case INTAKE_COLUMNS:
        put_columns(b, &item->columns);
        break;
    case INTAKE_ROW:
        put_row(b, &item->row);
        break;
    }
    frame_end(b, start);
}

void frame_write_error(struct buf *b, const struct err *why, uint64_t rows)
{
    size_t start = frame_begin(b, FRAME_ERROR);
    put_u32(b, (uint32_t)why->status);
    put_u64(b, rows);
    put_text(b, str_of(why->field));
    put_text(b, str_of(why->text));
    frame_end(b, start);
}

/* ---- reading ---- */

struct cursor {
    Str rest;
    bool failed;
};

static uint32_t take_u32(struct cursor *c)
{
    if (c->rest.len < 4) {
        c->failed = true;
        return 0;
    }
    uint32_t v = 0;
    for (size_t i = 0; i < 4; i++)
        v |= (uint32_t)(unsigned char)c->rest.ptr[i] << (8 * i);
    c->rest = str_slice(c->rest, 4, c->rest.len);
    return v;
}

static uint64_t take_u64(struct cursor *c)
{
    uint64_t low = take_u32(c);
    return low | (uint64_t)take_u32(c) << 32;
}

static Str take_text(struct arena *a, struct cursor *c)
{
    size_t n = take_u32(c);
    if (c->failed || n > c->rest.len) {
        c->failed = true;
        return S("");
    }
    Str s = str_copy(a, str_slice(c->rest, 0, n));
    c->failed = !utf8_valid(s, NULL);
    c->rest = str_slice(c->rest, n, c->rest.len);
    return s;
}

static void take_summary(struct arena *a, struct cursor *c, struct intake_summary *s)
{
    s->rows = take_u64(c);
    s->given = take_u64(c);
    s->merged = take_u64(c);
    s->refused = take_u64(c);
    s->dropped = take_u64(c);
    s->changes = take_u64(c);
    size_t drops = take_u32(c);
    if (c->failed || drops > c->rest.len / 12) { /* each takes 12 bytes at least */
        c->failed = c->failed || drops > 0;
        return;
    }
    s->drop = NEW_ARRAY(a, struct intake_drop, drops + 1);
    for (; s->drops < drops && !c->failed; s->drops++) {
        s->drop[s->drops].reason = take_text(a, c);
        s->drop[s->drops].rows = take_u64(c);
    }
}

static unsigned take_byte(struct cursor *c, unsigned max)
{
    unsigned v = c->rest.len > 0 ? (unsigned char)c->rest.ptr[0] : max + 1;
    c->failed = c->failed || v > max;
    c->rest = str_slice(c->rest, 1, c->rest.len);
    return c->failed ? 0 : v;
}

static double take_number(struct cursor *c)
{
    uint64_t bits = take_u64(c);
    double v;
    memcpy(&v, &bits, sizeof v);
    c->failed = c->failed || !isfinite(v);
    return v;
}

static void take_columns(struct arena *a, struct cursor *c, struct table_columns *out)
{
    out->guessed = take_byte(c, 1);
    size_t count = take_u32(c);
    c->failed = c->failed || count > TABLE_COLUMNS_MAX;
    if (c->failed) return;
    struct table_column *column = NEW_ARRAY(a, struct table_column, count + 1);
    out->column = column;
    for (; out->count < count && !c->failed; out->count++) {
        struct table_column *t = &column[out->count];
        t->type = (enum column_type)take_byte(c, COLUMN_SET);
        t->planar = take_byte(c, 1);
        t->name = take_text(a, c);
        t->compare = take_text(a, c);
    }
}

static void take_items(struct arena *a, struct cursor *c, struct str_list *out)
{
    size_t count = take_u32(c);
    c->failed = c->failed || count == 0 || count > c->rest.len / 4; /* each takes 4 bytes at least */
    if (c->failed) return;
    out->item = NEW_ARRAY(a, Str, count);
    for (; out->count < count && !c->failed; out->count++)
        out->item[out->count] = take_text(a, c);
}

static void take_cell(struct arena *a, struct cursor *c, struct table_cell *out)
{
    out->type = (enum column_type)take_byte(c, COLUMN_SET);
    out->present = take_byte(c, 1);
    if (c->failed || !out->present) return;
    switch (out->type) {
    case COLUMN_CODE:
    case COLUMN_TEXT:
        out->text = take_text(a, c);
        break;
    case COLUMN_NUMBER:
        out->number = take_number(c);
        break;
    case COLUMN_TIME:
        out->time.from_ms = (int64_t)take_u64(c);
        out->time.to_ms = (int64_t)take_u64(c);
        c->failed = c->failed || out->time.from_ms == TIME_MISSING || out->time.from_ms > out->time.to_ms;
        break;
    case COLUMN_PLACE:
        out->place.x = take_number(c);
        out->place.y = take_number(c);
        out->place.radius_m = take_number(c);
        break;
    case COLUMN_SET:
        take_items(a, c, &out->items);
        break;
    }
}

static void take_row(struct arena *a, struct cursor *c, struct table_row *out)
{
    out->row = take_u64(c);
    out->line = take_u64(c);
    out->id = take_text(a, c);
    size_t count = take_u32(c);
    c->failed = c->failed || count > TABLE_COLUMNS_MAX || out->id.len == 0;
    if (c->failed) return;
    out->cell = NEW_ARRAY(a, struct table_cell, count + 1);
    for (; out->count < count && !c->failed; out->count++)
        take_cell(a, c, &out->cell[out->count]);
}

static enum status take_error(struct arena *a, struct cursor *c, struct err *e)
{
    uint32_t status = take_u32(c);
    uint64_t rows = take_u64(c);
    Str field = take_text(a, c), text = take_text(a, c);
    if (c->failed || status == OK || status > E_INTERNAL) {
        return ERR(e, E_INTERNAL, "", "the reading process sent a message that cannot be read");
    }
    const char *name = str_cstr(a, field);
    if (rows == 0) return ERR(e, (enum status)status, name, "%.*s", STR_ARG(text));
    return ERR(e, (enum status)status, name, "after row %llu: %.*s", (unsigned long long)rows, STR_ARG(text));
}

size_t frame_length(Str bytes)
{
    struct cursor c = {.rest = bytes};
    size_t length = take_u32(&c);
    if (c.failed) return 0;
    return length < 5 || length > FRAME_BYTES_MAX ? SIZE_MAX : length;
}

enum status frame_read(struct arena *a, Str frame, struct intake_item *out, struct err *e)
{
    MUST(frame.len >= 5);
    struct cursor c = {.rest = str_slice(frame, 5, frame.len)};
    struct intake_item item = {0};
    switch ((unsigned char)frame.ptr[4]) {
    case INTAKE_CHANGE:
        item.kind = INTAKE_CHANGE;
        TRY(change_read_body(a, c.rest, &item.change, e));
        break;
    case INTAKE_REFUSED:
        item.kind = INTAKE_REFUSED;
        item.refusal.row = take_u64(&c);
        item.refusal.line = take_u64(&c);
        item.refusal.field = take_text(a, &c);
        item.refusal.reason = take_text(a, &c);
        item.refusal.raw = take_text(a, &c);
        break;
    case INTAKE_PROGRESS:
        item.kind = INTAKE_PROGRESS;
        item.progress.bytes_in = take_u64(&c);
        item.progress.bytes_total = take_u64(&c);
        item.progress.rows = take_u64(&c);
        break;
    case INTAKE_DONE:
        item.kind = INTAKE_DONE;
        take_summary(a, &c, &item.summary);
        break;
    case INTAKE_COLUMNS:
        item.kind = INTAKE_COLUMNS;
        take_columns(a, &c, &item.columns);
        break;
    case INTAKE_ROW:
        item.kind = INTAKE_ROW;
        take_row(a, &c, &item.row);
        break;
    case FRAME_ERROR:
        return take_error(a, &c, e);
    default:
        c.failed = true;
    }
    if (c.failed) return ERR(e, E_INTERNAL, "", "the reading process sent a message that cannot be read");
    *out = item;
    return OK;
}
