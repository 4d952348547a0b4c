#include "app/truth.h"

#include "base/caldate.h"

static struct truth_group *group_named(struct arena *a, struct truth *t, Str name, bool series)
{
    for (size_t i = t->count; i > 0; i--) /* rows of a group stand together */
        if (str_eq(t->group[i - 1].name, name)) return &t->group[i - 1];
    ARENA_ROOM(a, t->group, t->room, t->count + 1, 16);
    t->group[t->count] = (struct truth_group){.name = name, .series = series};
    return &t->group[t->count++];
}

static void add_event(struct arena *a, struct truth_group *g, Str event, int64_t from_ms)
{
    if (g->count == g->room) {
        size_t room = g->room * 2 + 4;
        g->event = arena_grow(a, g->event, g->room, room, sizeof(Str), _Alignof(Str));
        g->linkable_from_ms =
            arena_grow(a, g->linkable_from_ms, g->room, room, sizeof(int64_t), _Alignof(int64_t));
        g->room = room;
    }
    size_t at = g->count++;
    for (; at > 0 && g->linkable_from_ms[at - 1] > from_ms; at--) {
        g->linkable_from_ms[at] = g->linkable_from_ms[at - 1];
        g->event[at] = g->event[at - 1];
    }
    g->linkable_from_ms[at] = from_ms;
    g->event[at] = event;
}

static void add_member(struct arena *a, struct truth *t, Str event, uint32_t group)
{
    ARENA_ROOM(a, t->member, t->member_room, t->member_count + 1, 64);
    uint64_t *at = table_at(t->of_event, event, NULL);
    t->member[t->member_count] = (struct truth_member){group, (uint32_t)*at};
    *at = ++t->member_count;
}

static enum status take_row(struct arena *a, struct truth *t, const struct str_list *cell, unsigned line,
                            struct err *e)
{
    int64_t from_ms;
    bool day_only;
    if (cell->count < 5)
        return ERR(e, E_INVALID, "truth",
                   "truth file, line %u: give group, nature, event, kind and linkable_from, divided by tabs",
                   line);
    Str nature = cell->item[1];
    bool series = str_eq(nature, S("series"));
    bool look_alike = str_eq(nature, S("look_alike"));
    if (!series && !look_alike && !str_eq(nature, S("benign")) && !str_eq(nature, S("same_event")))
        return ERR(e, E_INVALID, "truth",
                   "truth file, line %u: nature \"%.*s\" is none of series, benign, same_event, look_alike",
                   line, STR_ARG(nature));
    TRY(caldate_parse(cell->item[4], &from_ms, &day_only, e));
    struct truth_group *g = group_named(a, t, cell->item[0], series);
    g->look_alike = look_alike;
    add_event(a, g, cell->item[2], from_ms);
    add_member(a, t, cell->item[2], (uint32_t)(g - t->group));
    return OK;
}

enum status truth_load(struct arena *a, Str text, struct truth *out, struct err *e)
{
    struct truth t = {.of_event = table_new((size_t)1 << 26)};
    Str rest = text, line;
    unsigned number = 0;
    while (str_next(&rest, '\n', &line)) {
        number++;
        line = str_trim(line);
        if (str_empty(line) || line.ptr[0] == '#' || str_starts(line, S("group\t"))) continue;
        struct str_list cell = str_split(a, line, '\t');
        enum status s = take_row(a, &t, &cell, number, e);
        if (s != OK) {
            truth_done(&t);
            return s;
        }
    }
    *out = t;
    return OK;
}

void truth_done(struct truth *t)
{
    table_free(t->of_event);
    t->of_event = NULL;
}

/* Calls back with each group of an event: 0 ends. */
static uint32_t first_member(const struct truth *t, Str event)
{
    if (t->of_event == NULL) return 0;
    const uint64_t *at = table_find(t->of_event, event);
    return at == NULL ? 0 : (uint32_t)*at;
}

struct shared {
    int series, benign, look_alike; /* groups, -1: none */
};

static struct shared shared_groups(const struct truth *t, Str x, Str y)
{
    struct shared s = {-1, -1, -1};
    for (uint32_t i = first_member(t, x); i != 0; i = t->member[i - 1].next)
        for (uint32_t j = first_member(t, y); j != 0; j = t->member[j - 1].next) {
            int g = (int)t->member[i - 1].group;
            if (t->member[i - 1].group != t->member[j - 1].group) continue;
            *(t->group[g].series ? &s.series : t->group[g].look_alike ? &s.look_alike : &s.benign) = g;
        }
    return s;
}

int truth_series_of(const struct truth *t, Str event)
{
    for (uint32_t i = first_member(t, event); i != 0; i = t->member[i - 1].next)
        if (t->group[t->member[i - 1].group].series) return (int)t->member[i - 1].group;
    return -1;
}

int truth_same_series(const struct truth *t, Str x, Str y)
{
    return shared_groups(t, x, y).series;
}

struct truth_pairs truth_pairs(const struct truth *t, const Str *event, size_t count)
{
    struct truth_pairs p = {.look_alike_group = -1};
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            struct shared s = shared_groups(t, event[i], event[j]);
            p.pairs++;
            if (s.series >= 0) {
                p.series++;
            } else if (s.benign >= 0) {
                p.benign++;
            } else if (s.look_alike >= 0) {
                p.look_alike++;
                p.look_alike_group = s.look_alike;
            }
        }
    return p;
}

enum truth_verdict truth_judge(struct truth_pairs p)
{
    if ((p.series + p.benign) * 2 < p.pairs || p.pairs == 0) return TRUTH_FALSE;
    return p.series >= p.benign ? TRUTH_HIT : TRUTH_BENIGN;
}
