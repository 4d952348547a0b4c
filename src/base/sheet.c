#include "base/sheet.h"

#include "base/buf.h"
#include "base/caldate.h"
#include "base/table.h"

#include <stdlib.h>

#define WORDS_MAX   ((size_t)1 << 28)
#define FIRST_ROOM  64
#define FIRST_ITEMS 256

struct filling {
    struct table *numbers; /* word -> number */
    size_t word_room, item_room, items;
};

struct sheet_maker {
    struct arena *arena;
    struct sheet *sheet;
    struct filling *filling;
    struct table *ids;
    size_t rows_max, room, column_room;
};

const struct column *sheet_column(const struct sheet *f, Str name)
{
    for (size_t i = 0; i < f->columns; i++)
        if (str_eq(f->column[i].name, name)) return &f->column[i];
    return NULL;
}

const char *column_type_name(enum column_type t)
{
    static const char *const NAMES[] = {"code", "text", "number", "time", "place", "set"};
    return NAMES[t];
}

static Str names_of(const struct sheet *f, unsigned types, struct buf *b)
{
    for (size_t i = 0; i < f->columns; i++)
        if (types & 1U << f->column[i].type)
            buf_addf(b, "%s%.*s", b->len > 0 ? ", " : "", STR_ARG(f->column[i].name));
    return b->len > 0 ? buf_str(b) : S("none");
}

enum status sheet_need(const struct sheet *f, Str name, unsigned types, const struct column **out,
                       struct err *e)
{
    struct buf names CLEANUP_BUF = {0};
    const struct column *c = sheet_column(f, name);
    if (c != NULL && types & 1U << c->type) {
        *out = c;
        return OK;
    }
    buf_init(&names, 1 << 16);
    Str known = names_of(f, types, &names);
    if (c == NULL)
        return ERR(e, E_INVALID, "column",
                   "the table has no column \"%.*s\"; of the kind asked for it has: %.*s", STR_ARG(name),
                   STR_ARG(known));
    return ERR(e, E_INVALID, "column",
               "the column \"%.*s\" holds a %s, which cannot be used here; what can: %.*s", STR_ARG(name),
               column_type_name(c->type), STR_ARG(known));
}

bool column_missing(const struct column *c, size_t row)
{
    switch (c->type) {
    case COLUMN_CODE:
    case COLUMN_TEXT:
        return c->value[row] == 0;
    case COLUMN_NUMBER:
        return isnan(c->number[row]);
    case COLUMN_TIME:
        return c->time[row].from_ms == TIME_MISSING;
    case COLUMN_PLACE:
        return isnan(c->place[row].x);
    case COLUMN_SET:
        return c->set_at[row] == c->set_at[row + 1];
    }
    BUG("a column of no type");
}

static void add_time(struct buf *b, const struct sheet_time *t)
{
    char text[32];
    caldate_format(t->from_ms, text);
    buf_addf(b, "%s", text);
    if (t->to_ms == t->from_ms) return;
    caldate_format(t->to_ms, text);
    buf_addf(b, " to %s", text);
}

Str column_text(const struct column *c, size_t row, struct arena *a)
{
    struct buf b CLEANUP_BUF = {0};
    if (column_missing(c, row)) return STR_NONE;
    if (c->type == COLUMN_CODE || c->type == COLUMN_TEXT) return c->words.word[c->value[row]];
    buf_init(&b, 1 << 20);
    if (c->type == COLUMN_NUMBER)
        buf_addf(&b, "%.10g", c->number[row]);
    else if (c->type == COLUMN_TIME)
        add_time(&b, &c->time[row]);
    else if (c->type == COLUMN_PLACE)
        buf_addf(&b, c->planar ? "%.10g, %.10g" : "%.6f, %.6f", c->planar ? c->place[row].x : c->place[row].y,
                 c->planar ? c->place[row].y : c->place[row].x);
    else
        for (uint32_t i = c->set_at[row]; i < c->set_at[row + 1]; i++)
            buf_addf(&b, "%s%.*s", b.len > 0 ? "; " : "", STR_ARG(c->words.word[c->set_item[i]]));
    return str_copy(a, buf_str(&b));
}

/* ---- filling ---------------------------------------------------------------------------------------- */

struct sheet_maker *sheet_maker_new(struct arena *a, Str name, size_t rows_max)
{
    struct sheet_maker *m = NEW(a, struct sheet_maker);
    *m = (struct sheet_maker){.arena = a, .sheet = NEW(a, struct sheet), .rows_max = rows_max};
    m->sheet->name = str_copy(a, name);
    m->ids = table_new(rows_max + 1);
    return m;
}

size_t sheet_add_column(struct sheet_maker *m, Str name, enum column_type t, Str compare, bool planar)
{
    struct sheet *f = m->sheet;
    MUST(f->rows == 0);
    size_t old = m->column_room;
    ARENA_ROOM(m->arena, f->column, m->column_room, f->columns + 1, 16);
    ARENA_ROOM(m->arena, m->filling, old, f->columns + 1, 16);
    size_t at = f->columns++;
    f->column[at] = (struct column){.name = str_copy(m->arena, name),
                                    .compare = str_copy(m->arena, compare),
                                    .type = t,
                                    .planar = planar};
    m->filling[at] = (struct filling){0};
    if (t == COLUMN_CODE || t == COLUMN_TEXT || t == COLUMN_SET) {
        m->filling[at].numbers = table_new(WORDS_MAX);
        struct words *w = &f->column[at].words;
        size_t room = 0;
        ARENA_ROOM(m->arena, w->word, m->filling[at].word_room, 1, FIRST_ROOM);
        ARENA_ROOM(m->arena, w->rows, room, 1, FIRST_ROOM);
        w->count = 1;
    }
    return at;
}

static void make_room(struct sheet_maker *m)
{
    struct sheet *f = m->sheet;
    size_t need = f->rows + 2; /* sets have one more */
    if (need <= m->room) return;
    size_t old, before = m->room;
    for (size_t i = 0; i < f->columns; i++) {
        struct column *c = &f->column[i];
        old = before;
        switch (c->type) {
        case COLUMN_CODE:
        case COLUMN_TEXT:
            ARENA_ROOM(m->arena, c->value, old, need, FIRST_ROOM);
            break;
        case COLUMN_NUMBER:
            ARENA_ROOM(m->arena, c->number, old, need, FIRST_ROOM);
            break;
        case COLUMN_TIME:
            ARENA_ROOM(m->arena, c->time, old, need, FIRST_ROOM);
            break;
        case COLUMN_PLACE:
            ARENA_ROOM(m->arena, c->place, old, need, FIRST_ROOM);
            break;
        case COLUMN_SET:
            ARENA_ROOM(m->arena, c->set_at, old, need, FIRST_ROOM);
            break;
        }
    }
    old = before;
    ARENA_ROOM(m->arena, f->id, old, need, FIRST_ROOM);
    ARENA_ROOM(m->arena, f->line, m->room, need, FIRST_ROOM);
}

enum status sheet_begin_row(struct sheet_maker *m, Str id, uint64_t line, struct err *e)
{
    struct sheet *f = m->sheet;
    if (f->rows == m->rows_max)
        return ERR(e, E_LIMIT, "rows", "the table has more than %zu rows, which is the most that is taken",
                   m->rows_max);
    bool fresh;
    uint64_t *seen = table_at(m->ids, id, &fresh);
    if (!fresh)
        return ERR(e, E_INVALID, "id", "the id \"%.*s\" stood before, in line %llu", STR_ARG(id),
                   (unsigned long long)*seen);
    *seen = line;
    make_room(m);
    size_t r = f->rows++;
    f->id[r] = str_copy(m->arena, id);
    f->line[r] = line;
    for (size_t i = 0; i < f->columns; i++) {
        struct column *c = &f->column[i];
        if (c->type == COLUMN_NUMBER) c->number[r] = (double)NAN;
        if (c->type == COLUMN_TIME) c->time[r] = (struct sheet_time){TIME_MISSING, TIME_MISSING};
        if (c->type == COLUMN_PLACE) c->place[r] = (struct sheet_place){(double)NAN, (double)NAN, 0};
        if (c->type == COLUMN_SET) c->set_at[r + 1] = c->set_at[r];
    }
    return OK;
}

static uint32_t number_of(struct sheet_maker *m, size_t column, Str word)
{
    struct filling *g = &m->filling[column];
    struct words *w = &m->sheet->column[column].words;
    uint32_t n = table_intern(g->numbers, word) + 1;
    if (n < w->count) return n;
    size_t room = g->word_room;
    ARENA_ROOM(m->arena, w->word, g->word_room, w->count + 1, FIRST_ROOM);
    ARENA_ROOM(m->arena, w->rows, room, w->count + 1, FIRST_ROOM);
    w->word[n] = str_copy(m->arena, word);
    w->rows[n] = 0;
    w->count++;
    return n;
}

static void put_item(struct sheet_maker *m, struct column *c, struct filling *g, uint32_t item)
{
    uint32_t *end = &c->set_at[m->sheet->rows], first = c->set_at[m->sheet->rows - 1];
    ARENA_ROOM(m->arena, c->set_item, g->item_room, g->items + 1, FIRST_ITEMS);
    uint32_t at = *end;
    while (at > first && c->set_item[at - 1] >= item) {
        if (c->set_item[at - 1] == item) return;
        at--;
    }
    memmove(&c->set_item[at + 1], &c->set_item[at], (*end - at) * sizeof *c->set_item);
    c->set_item[at] = item;
    *end = (uint32_t)++g->items;
    c->words.rows[item]++;
}

void sheet_put_word(struct sheet_maker *m, size_t column, Str word)
{
    struct column *c = &m->sheet->column[column];
    MUST(m->sheet->rows > 0);
    if (word.len == 0) return;
    uint32_t n = number_of(m, column, word);
    if (c->type == COLUMN_SET) {
        put_item(m, c, &m->filling[column], n);
        return;
    }
    MUST(c->type == COLUMN_CODE || c->type == COLUMN_TEXT);
    uint32_t *v = &c->value[m->sheet->rows - 1];
    if (*v != 0) c->words.rows[*v]--;
    *v = n;
    c->words.rows[n]++;
}

void sheet_put_number(struct sheet_maker *m, size_t column, double number)
{
    MUST(m->sheet->rows > 0 && m->sheet->column[column].type == COLUMN_NUMBER);
    m->sheet->column[column].number[m->sheet->rows - 1] = number;
}

void sheet_put_time(struct sheet_maker *m, size_t column, int64_t from_ms, int64_t to_ms)
{
    MUST(m->sheet->rows > 0 && m->sheet->column[column].type == COLUMN_TIME && from_ms <= to_ms);
    m->sheet->column[column].time[m->sheet->rows - 1] = (struct sheet_time){from_ms, to_ms};
}

void sheet_put_place(struct sheet_maker *m, size_t column, double x, double y, double radius_m)
{
    MUST(m->sheet->rows > 0 && m->sheet->column[column].type == COLUMN_PLACE);
    m->sheet->column[column].place[m->sheet->rows - 1] = (struct sheet_place){x, y, radius_m};
}

void sheet_maker_free(struct sheet_maker *m)
{
    if (m == NULL || m->ids == NULL) return;
    for (size_t i = 0; i < m->sheet->columns; i++)
        table_free(m->filling[i].numbers);
    table_free(m->ids);
    m->ids = NULL;
}

const struct sheet *sheet_finish(struct sheet_maker *m)
{
    make_room(m);
    sheet_maker_free(m);
    return m->sheet;
}
