#include "app/death_search.h"

#include "base/utf8.h"
#include "model/kinds.h"

#include <stdlib.h>

#define NAME_ALIKE_LEAST 0.88
#define NAME_SAME_LEAST  0.995
#define NAME_PART_WORTH  0.8 /* behind the same whole name */

struct searching {
    struct roll *roll;
    struct sight *sight;
    struct arena *arena;
    struct found_death *found;
    size_t count, room;
    uint32_t *place; /* by roll: place in found + 1; 0: not found */
};

/* The better class stays; of one class the likelier. */
static void found_add(struct searching *x, uint32_t at, enum search_class class, double likeness, Str why)
{
    struct found_death one = {at, class, likeness, why};
    if (x->place[at] != 0) {
        struct found_death *old = &x->found[x->place[at] - 1];
        if (class < old->class || (class == old->class && likeness > old->likeness)) *old = one;
        return;
    }
    ARENA_ROOM(x->arena, x->found, x->room, x->count + 1, 64);
    x->found[x->count++] = one;
    x->place[at] = (uint32_t)x->count;
}

static void by_reference(struct searching *x, Str words)
{
    uint32_t at = roll_find_word(x->roll, words);
    if (at == ROLL_NONE || sight_of_death(x->sight, roll_death(x->roll, at)) == SIGHT_NONE) return;
    found_add(x, at, SEARCH_REFERENCE, 1, S("its reference"));
}

static void add_names(struct searching *x, const struct name_found *found, size_t count, double worth,
                      Str same, Str alike)
{
    for (size_t i = 0; i < count; i++) {
        if (!sight_lists(x->sight, roll_death(x->roll, found[i].number))) continue;
        bool is_same = found[i].alike >= NAME_SAME_LEAST;
        found_add(x, found[i].number, is_same ? SEARCH_NAME : SEARCH_ALIKE, worth * found[i].alike,
                  is_same ? same : alike);
    }
}

/* A number or a reference has digits, a name has none. One word alone may be any part of a name. */
static void by_name(struct searching *x, Str words)
{
    const struct name_index *names = roll_names(x->roll);
    Str folded = str_trim(utf8_fold(x->arena, words));
    struct name_found *found = NULL;
    if (folded.len < 3 || strpbrk(str_cstr(x->arena, folded), "0123456789") != NULL) return;
    size_t count = name_index_alike(names, folded, NAME_ALIKE_LEAST, x->arena, &found);
    add_names(x, found, count, 1, S("the name"), S("a name that is alike, or sounds alike"));
    if (str_find_char(folded, ' ') < folded.len) return;
    count = name_index_with_part(names, folded, NAME_ALIKE_LEAST, x->arena, &found);
    add_names(x, found, count, NAME_PART_WORTH, S("one of its names"), S("one of its names is alike"));
}

static bool is_unmarked(char c)
{
    return c != '\x02' && c != '\x03';
}

static Str without_marks(struct arena *a, Str s)
{
    char *out = arena_alloc(a, s.len + 1, 1, 1);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        if (is_unmarked(s.ptr[i])) out[n++] = s.ptr[i];
    return (Str){out, n};
}

static Str why_of(struct searching *x, const struct search_hit *hit)
{
    const struct kind *kind = kind_of(hit->id.kind);
    int field = field_index(kind, hit->field);
    Str label = field >= 0 ? str_of(kind->field[field].label) : hit->field;
    return str_format(x->arena, "%s, %.*s: %.*s", kind->name, STR_ARG(str_lower(x->arena, label)),
                      STR_ARG(without_marks(x->arena, hit->snippet)));
}

static enum status by_words(struct searching *x, struct store *s, const struct actor *viewer, Str words,
                            uint64_t *behind, struct err *e)
{
    struct event_hit *hit = NULL;
    size_t count = 0;
    TRY(store_search_events(s, viewer, words, DEATH_SEARCH_HITS_MAX, sight_may_see, x->sight, x->arena, &hit,
                            &count, behind, e));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < hit[i].events; k++) {
            uint32_t at = roll_find(x->roll, &hit[i].event[k]);
            if (at == ROLL_NONE || !sight_lists(x->sight, roll_death(x->roll, at))) continue;
            enum search_class class = hit[i].hit.id.kind == KIND_IDENTIFIER ? SEARCH_IDENTIFIER : SEARCH_TEXT;
            found_add(x, at, class, 0, why_of(x, &hit[i].hit));
        }
    return OK;
}

/* Its own order, so that what may not be seen moves nothing. */
static int better_first(const void *p, const void *q, void *state)
{
    const struct roll *r = state;
    const struct found_death *x = p, *y = q;
    const struct roll_death *a = roll_death(r, x->at), *b = roll_death(r, y->at);
    if (x->class != y->class) return x->class < y->class ? -1 : 1;
    if (x->likeness < y->likeness || x->likeness > y->likeness) return x->likeness > y->likeness ? -1 : 1;
    if (a->when_ms != b->when_ms) return a->when_ms > b->when_ms ? -1 : 1;
    return record_id_compare(&a->id, &b->id);
}

enum status death_search(struct store *s, const struct actor *viewer, struct roll *r, struct sight *sight,
                         Str words, struct arena *a, struct found_death **out, size_t *count,
                         uint64_t *behind, struct err *e)
{
    struct searching x = {
        .roll = r, .sight = sight, .arena = a, .place = NEW_ARRAY(a, uint32_t, roll_count(r) + 1)};
    by_reference(&x, words);
    by_name(&x, words);
    TRY(by_words(&x, s, viewer, words, behind, e));
    if (x.count > 0) qsort_r(x.found, x.count, sizeof *x.found, better_first, r);
    *out = x.found;
    *count = x.count;
    return OK;
}
