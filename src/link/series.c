#include "link/series.h"

#include "base/alloc.h"
#include "base/err.h"

#include <string.h>

struct series {
    uint32_t *member;
    size_t count, room;
};

struct series_book {
    struct series *series;
    size_t count, room;
    uint32_t *of_item;
    size_t items_room;
    struct series_move *move;
    size_t move_count, move_room;
};

struct series_book *series_book_new(void)
{
    return alloc_zero(1, sizeof(struct series_book));
}

void series_book_free(struct series_book *b)
{
    if (b == NULL) return;
    for (size_t i = 0; i < b->count; i++)
        alloc_free(b->series[i].member);
    alloc_free(b->series);
    alloc_free(b->of_item);
    alloc_free(b->move);
    alloc_free(b);
}

void series_book_cleanup(struct series_book **b)
{
    series_book_free(*b);
}

const char *series_reason_name(enum series_reason why)
{
    static const char *const NAME[] = {"tied",   "follows", "found together", "united",
                                       "parted", "loose",   "decided"};
    MUST((unsigned)why < COUNT_OF(NAME));
    return NAME[why];
}

static struct series *series_at(const struct series_book *b, uint32_t series)
{
    MUST(series > 0 && series <= b->count);
    return &b->series[series - 1];
}

static void note(struct series_book *b, struct series_move move, uint32_t series, uint32_t item, bool in)
{
    move.series = series;
    move.item = item;
    move.in = in;
    b->move = alloc_room(b->move, &b->move_room, b->move_count, sizeof *b->move);
    b->move[b->move_count++] = move;
}

static void enter(struct series_book *b, uint32_t series, uint32_t item)
{
    struct series *s = series_at(b, series);
    MUST(series_of(b, item) == 0);
    s->member = alloc_room(s->member, &s->room, s->count, sizeof *s->member);
    s->member[s->count++] = item;
    b->of_item = alloc_room(b->of_item, &b->items_room, item, sizeof *b->of_item);
    b->of_item[item] = series;
}

static void take_out(struct series *s, uint32_t item)
{
    size_t at = 0;
    while (s->member[at] != item)
        at++;
    memmove(s->member + at, s->member + at + 1, (s->count - at - 1) * sizeof *s->member);
    s->count--;
}

uint32_t series_open(struct series_book *b, uint32_t item, int64_t at_ms)
{
    b->series = alloc_room(b->series, &b->room, b->count, sizeof *b->series);
    uint32_t number = (uint32_t)++b->count;
    series_join(b, number, item, (struct series_move){.at_ms = at_ms, .why = SERIES_TIED, .other = item});
    return number;
}

void series_join(struct series_book *b, uint32_t series, uint32_t item, struct series_move move)
{
    enter(b, series, item);
    note(b, move, series, item, true);
}

bool series_leave(struct series_book *b, uint32_t item, struct series_move move)
{
    uint32_t series = series_of(b, item);
    if (series == 0) return false;
    take_out(series_at(b, series), item);
    b->of_item[item] = 0;
    note(b, move, series, item, false);
    return true;
}

static void change_over(struct series_book *b, uint32_t item, uint32_t to, enum series_reason why,
                        int64_t at_ms, int weight_db)
{
    uint32_t from = series_of(b, item);
    struct series_move move = {.at_ms = at_ms, .why = why, .other = to, .weight_db = weight_db};
    MUST(series_leave(b, item, move));
    move.other = from;
    series_join(b, to, item, move);
}

uint32_t series_unite(struct series_book *b, uint32_t x, uint32_t y, int64_t at_ms, int weight_db)
{
    size_t in_x = series_at(b, x)->count, in_y = series_at(b, y)->count;
    uint32_t into = in_x > in_y || (in_x == in_y && x < y) ? x : y, from = into == x ? y : x;
    struct series *gone = series_at(b, from);
    while (gone->count > 0)
        change_over(b, gone->member[0], into, SERIES_UNITED, at_ms, weight_db);
    return into;
}

size_t series_part(struct series_book *b, uint32_t series, uint32_t from, int64_t at_ms)
{
    size_t returned = 0, known = b->move_count;
    for (size_t i = 0; i < known; i++) {
        const struct series_move *m = &b->move[i];
        bool came = m->in && m->series == series && m->why == SERIES_UNITED && m->other == from;
        if (!came || series_of(b, m->item) != series) continue;
        change_over(b, m->item, from, SERIES_PARTED, at_ms, 0);
        returned++;
    }
    return returned;
}

/* The moves tell it all. */
void series_book_save(const struct series_book *b, struct buf *out)
{
    uint64_t count = b->count;
    image_put(out, &count, 1, sizeof count);
    image_put(out, b->move, b->move_count, sizeof *b->move);
}

static bool move_fits(const struct series_book *b, const struct series_move *m, size_t items)
{
    return m->series > 0 && m->series <= b->count && m->item < items && (unsigned)m->why <= SERIES_DECIDED &&
           series_of(b, m->item) == (m->in ? 0 : m->series);
}

bool series_book_restore(struct series_book *b, size_t items, struct image_rest *from)
{
    size_t one, moves, room;
    uint64_t *count = image_take(from, &one, &room, sizeof *count);
    struct series_move *move = image_take(from, &moves, &room, sizeof *move);
    bool whole = one == 1 && !from->is_short && *count <= moves;
    if (whole) {
        b->series = alloc_zero((size_t)*count + 1, sizeof *b->series);
        b->room = (size_t)*count + 1;
        b->count = (size_t)*count;
    }
    for (size_t i = 0; whole && i < moves; i++) {
        const struct series_move *m = &move[i];
        whole = move_fits(b, m, items);
        if (whole && m->in) series_join(b, m->series, m->item, *m);
        if (whole && !m->in) (void)series_leave(b, m->item, *m);
    }
    alloc_free(count);
    alloc_free(move);
    return whole;
}

uint32_t series_of(const struct series_book *b, uint32_t item)
{
    return item < b->items_room ? b->of_item[item] : 0;
}

size_t series_count(const struct series_book *b)
{
    return b->count;
}

size_t series_members(const struct series_book *b, uint32_t series, const uint32_t **member)
{
    const struct series *s = series_at(b, series);
    *member = s->member;
    return s->count;
}

size_t series_members_at(const struct series_book *b, uint32_t series, int64_t at_ms, struct arena *a,
                         uint32_t **member)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < b->move_count; i++)
        most += b->move[i].series == series && b->move[i].in;
    struct series then = {.member = NEW_ARRAY(a, uint32_t, most + 1)};
    for (size_t i = 0; i < b->move_count; i++) {
        const struct series_move *m = &b->move[i];
        if (m->series != series || m->at_ms > at_ms) continue;
        if (m->in)
            then.member[then.count++] = m->item;
        else
            take_out(&then, m->item);
    }
    count = then.count;
    *member = then.member;
    return count;
}

size_t series_moves(const struct series_book *b, const struct series_move **move)
{
    *move = b->move;
    return b->move_count;
}
