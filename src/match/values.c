/* The values of a column: each distinct one numbered from 1, and the rows in which it stands. Words are
 * folded and, where the model says so, cut into parts; what is measured (numbers, times, places, sets) is
 * taken as it is. */
#include "match/match_internal.h"

#include "base/table.h"
#include "base/utf8.h"
#include "compare/date.h"

#include <stdlib.h>

#define VALUES_MAX ((size_t)1 << 28)

/* The values of each word of a column: item[at[w]] .. item[at[w + 1] - 1]. */
struct splitting {
    struct table *numbers; /* text -> value - 1 */
    uint32_t *at, *item;
    size_t room, items;
};

/* ---- words -------------------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void split_add(struct splitting *s, uint32_t value, size_t from)
{
    for (size_t i = from; i < s->items; i++)
        if (s->item[i] == value) return;
    if (s->items - from >= PARTS_MAX) return;
    s->item[s->items++] = value;
}

static void split_word(struct splitting *s, const struct match_column *model, Str word, struct arena *scratch)
{
    size_t from = s->items;
    bool date = model->comparison->form == FORM_DATE;
    Str text = date ? str_trim(word) : utf8_fold(scratch, word), piece;
    if (str_empty(text)) return;
    if (date && date_written(text).year == 0) return;
    if (!model->parts) {
        split_add(s, table_intern(s->numbers, text) + 1, from);
        return;
    }
    while (str_next(&text, ' ', &piece))
        if (!str_empty(piece)) split_add(s, table_intern(s->numbers, piece) + 1, from);
    qsort(s->item + from, s->items - from, sizeof *s->item, by_number);
}

static void split_words(struct splitting *s, const struct match_column *model, const struct column *c,
                        struct arena *a)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("folding", (size_t)64 << 20);
    s->at = NEW_ARRAY(a, uint32_t, c->words.count + 1);
    for (size_t w = 0; w < c->words.count; w++) {
        if (s->items + PARTS_MAX > s->room) {
            size_t room = s->room > 0 ? 2 * s->room : 4096;
            s->item = arena_grow(a, s->item, s->room, room, sizeof *s->item, _Alignof(uint32_t));
            s->room = room;
        }
        if (w > 0) split_word(s, model, c->words.word[w], scratch);
        s->at[w + 1] = (uint32_t)s->items;
        arena_reset(scratch);
    }
}

static void name_values(struct level_map *m, const struct table *numbers, struct arena *a)
{
    m->text = NEW_ARRAY(a, Str, m->values);
    for (size_t v = 1; v < m->values; v++) {
        m->text[v] = str_copy(a, table_key(numbers, v - 1));
        if (m->model->comparison->form == FORM_DATE)
            m->comparand[v].date = date_written(m->text[v]);
        else
            m->comparand[v].text = m->text[v];
    }
}

/* ---- what is measured --------------------------------------------------------------------------------- */

static struct comparand comparand_of(const struct column *c, size_t row, struct arena *a)
{
    struct comparand v = {0};
    if (c->type == COLUMN_NUMBER) {
        v.number = c->number[row] + 0.0; /* no negative zero */
        v.has_number = true;
    } else if (c->type == COLUMN_TIME) {
        v.from_ms = c->time[row].from_ms;
        v.until_ms = c->time[row].to_ms + 1;
    } else if (c->type == COLUMN_PLACE) {
        v.place = (struct place){.lat = c->place[row].y + 0.0, .lon = c->place[row].x + 0.0, .present = true};
        v.planar = c->planar;
    } else {
        v.set.count = c->set_at[row + 1] - c->set_at[row];
        v.set.item = NEW_ARRAY(a, Str, v.set.count + 1);
        for (size_t i = 0; i < v.set.count; i++)
            v.set.item[i] = c->words.word[c->set_item[c->set_at[row] + i]];
        str_sort(&v.set);
    }
    return v;
}

/* Bytes that are the same for the same value alone. */
static Str bytes_of(const struct column *c, const struct comparand *v, size_t row, double room[2])
{
    int64_t times[2] = {v->from_ms, v->until_ms};
    if (c->type == COLUMN_SET)
        return (Str){(const char *)&c->set_item[c->set_at[row]], v->set.count * sizeof *c->set_item};
    if (c->type == COLUMN_TIME)
        memcpy(room, times, sizeof times);
    else if (c->type == COLUMN_PLACE) {
        room[0] = v->place.lat;
        room[1] = v->place.lon;
    } else {
        room[0] = v->number;
        room[1] = 0;
    }
    return (Str){(const char *)room, 2 * sizeof room[0]};
}

/* The number of each row's value, 0: missing; the comparands as they come. */
static uint32_t *number_measured(struct level_map *m, const struct column *c, size_t rows,
                                 struct table *numbers, struct arena *a)
{
    uint32_t *value = NEW_ARRAY(a, uint32_t, rows + 1);
    size_t room = 0;
    for (size_t r = 0; r < rows; r++) {
        double bytes[2];
        if (column_missing(c, r)) continue;
        struct comparand v = comparand_of(c, r, a);
        value[r] = table_intern(numbers, bytes_of(c, &v, r, bytes)) + 1;
        ARENA_ROOM(a, m->comparand, room, (size_t)value[r] + 1, 1024);
        m->comparand[value[r]] = v;
    }
    return value;
}

/* ---- where they stand --------------------------------------------------------------------------------- */

static void place_rows(struct level_map *m, const uint32_t *word, const struct splitting *s, size_t rows,
                       struct arena *a)
{
    size_t total = 0;
    for (size_t r = 0; r < rows; r++)
        total += s->at[word[r] + 1] - s->at[word[r]];
    m->row_at = NEW_ARRAY(a, uint32_t, rows + 1);
    m->row_item = NEW_ARRAY(a, uint32_t, total);
    m->holder_at = NEW_ARRAY(a, uint32_t, m->values + 1);
    m->holder = NEW_ARRAY(a, uint32_t, total);
    for (size_t r = 0, at = 0; r < rows; r++) {
        uint32_t w = word[r];
        m->present += s->at[w + 1] > s->at[w];
        for (uint32_t i = s->at[w]; i < s->at[w + 1]; i++) {
            m->row_item[at++] = s->item[i];
            m->holder_at[s->item[i]]++;
        }
        m->row_at[r + 1] = (uint32_t)at;
    }
    for (size_t v = 0, at = 0; v <= m->values; v++) {
        size_t n = v < m->values ? m->holder_at[v] : 0;
        m->holder_at[v] = (uint32_t)at;
        at += n;
    }
    for (size_t r = 0; r < rows; r++)
        for (uint32_t i = m->row_at[r]; i < m->row_at[r + 1]; i++)
            m->holder[m->holder_at[m->row_item[i]]++] = (uint32_t)r;
    for (size_t v = m->values; v > 0; v--)
        m->holder_at[v] = m->holder_at[v - 1];
    m->holder_at[0] = 0;
}

bool match_has_words(enum column_type t)
{
    return t == COLUMN_CODE || t == COLUMN_TEXT;
}

/* Each value is the one value of its number. */
static void split_measured(struct splitting *s, size_t values, struct arena *a)
{
    s->at = NEW_ARRAY(a, uint32_t, values + 1);
    s->item = NEW_ARRAY(a, uint32_t, values + 1);
    for (uint32_t v = 0; v < values; v++) {
        if (v > 0) s->item[s->items++] = v;
        s->at[v + 1] = (uint32_t)s->items;
    }
}

void level_map_number(struct level_map *m, const struct column *c, size_t rows, struct arena *a)
{
    struct table *numbers CLEANUP_TABLE = table_new(VALUES_MAX);
    struct splitting s = {.numbers = numbers};
    const uint32_t *word = c->value;
    if (match_has_words(c->type)) {
        split_words(&s, m->model, c, a);
        m->values = table_count(numbers) + 1;
        m->comparand = NEW_ARRAY(a, struct comparand, m->values);
        name_values(m, numbers, a);
    } else {
        word = number_measured(m, c, rows, numbers, a);
        m->values = table_count(numbers) + 1;
        split_measured(&s, m->values, a);
    }
    if (m->model->comparison->pack) {
        m->packed = NEW_ARRAY(a, uint64_t, m->values);
        for (size_t v = 1; v < m->values; v++)
            m->packed[v] = m->model->comparison->pack(&m->comparand[v]);
    }
    place_rows(m, word, &s, rows, a);
}
