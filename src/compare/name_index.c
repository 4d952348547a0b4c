#include "compare/name_index.h"

#include "base/alloc.h"
#include "base/table.h"
#include "compare/name_parts.h"

#include <math.h>

/* Which letters of a to z a text has, and how many characters: two texts one edit apart differ in at most one
 * letter that went and one that came, and in one character of length. */
struct profile {
    uint32_t letters;
    uint32_t chars; /* up to NAME_CHARS_MAX, as the measures read */
};

static void profile_add(struct profile *p, Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if ((c & 0xC0) == 0x80) continue; /* within a character */
        if (p->chars == NAME_CHARS_MAX) return;
        p->chars++;
        if (c >= 'a' && c <= 'z') p->letters |= UINT32_C(1) << (c - 'a');
    }
}

struct part {
    struct profile profile;
    uint32_t *name; /* numbers of the names that have it */
    size_t count, room;
};

struct entry {
    uint32_t part[NAME_PARTS_MAX];
    uint32_t count;         /* 0: no name */
    struct profile profile; /* of its parts together */
};

struct name_index {
    struct table *number_of; /* text of a part -> its number in `part` */
    struct part *part;
    size_t parts, part_room;
    struct entry *entry;
    size_t entries, entry_room;
};

struct name_index *name_index_new(void)
{
    struct name_index *x = alloc_zero(1, sizeof *x);
    x->number_of = table_new(UINT32_MAX);
    return x;
}

void name_index_free(struct name_index *x)
{
    if (!x) return;
    for (size_t i = 0; i < x->parts; i++)
        alloc_free(x->part[i].name);
    alloc_free(x->part);
    alloc_free(x->entry);
    table_free(x->number_of);
    alloc_free(x);
}

static uint32_t part_number(struct name_index *x, Str text)
{
    uint32_t number = table_intern(x->number_of, text);
    if (number == x->parts) {
        x->part = alloc_room(x->part, &x->part_room, x->parts, sizeof *x->part);
        x->part[x->parts] = (struct part){0};
        profile_add(&x->part[x->parts].profile, text);
        x->parts++;
    }
    return number;
}

static void part_leave(struct part *p, uint32_t number)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->name[i] == number) {
            p->name[i] = p->name[--p->count];
            return;
        }
}

static void part_enter(struct part *p, uint32_t number)
{
    if (p->count > 0 && p->name[p->count - 1] == number) return; /* twice in one name */
    p->name = alloc_room(p->name, &p->room, p->count, sizeof *p->name);
    p->name[p->count++] = number;
}

void name_index_put(struct name_index *x, uint32_t number, Str folded)
{
    while (x->entries <= number) {
        x->entry = alloc_room(x->entry, &x->entry_room, x->entries, sizeof *x->entry);
        x->entry[x->entries++] = (struct entry){0};
    }
    struct entry next = {0};
    struct name_parts parts = name_parts_of(folded);
    for (int i = 0; i < parts.count; i++) {
        next.part[next.count++] = part_number(x, parts.item[i]);
        profile_add(&next.profile, parts.item[i]);
    }
    struct entry *e = &x->entry[number];
    if (e->count == next.count && memcmp(e->part, next.part, sizeof e->part) == 0) return;
    for (uint32_t i = 0; i < e->count; i++)
        part_leave(&x->part[e->part[i]], number);
    *e = next;
    for (uint32_t i = 0; i < e->count; i++)
        part_enter(&x->part[e->part[i]], number);
}

/* ---- asking ----------------------------------------------------------------------------------------- */

struct asking {
    const struct name_index *index;
    struct arena *arena;
    struct name_parts own;
    struct profile own_part[NAME_PARTS_MAX];
    struct profile together;
    int *alike;    /* by part of the index, then of our own; -1: not yet known */
    uint8_t *seen; /* by name */
    double least;
    bool any_part; /* else the whole name */
    struct name_found *found;
    size_t count, room;
};

static int alike_of(struct asking *q, uint32_t part, int own)
{
    int *known = &q->alike[part * (size_t)q->own.count + (size_t)own];
    if (*known < 0)
        *known = name_part_alike(&NAME_FORMS_ENGLISH, q->own.item[own], table_key(q->index->number_of, part));
    return *known;
}

static double best_part(struct asking *q, const struct entry *e)
{
    int best = 0;
    for (uint32_t j = 0; j < e->count; j++)
        if (alike_of(q, e->part[j], 0) > best) best = alike_of(q, e->part[j], 0);
    return (double)best / NAME_PART_SAME;
}

static double whole_name(struct asking *q, const struct entry *e)
{
    int alike[NAME_PARTS_MAX][NAME_PARTS_MAX] = {{0}};
    struct name_parts other = {.count = (int)e->count};
    for (uint32_t j = 0; j < e->count; j++) {
        other.item[j] = table_key(q->index->number_of, e->part[j]);
        for (int i = 0; i < q->own.count; i++)
            alike[i][j] = alike_of(q, e->part[j], i);
    }
    double sum = name_matched(alike, q->own.count, other.count);
    return sum < NAME_TOGETHER_MOST ? fmax(sum, name_together(&q->own, &other)) : sum;
}

static void judge(struct asking *q, uint32_t number)
{
    const struct entry *e = &q->index->entry[number];
    if (q->seen[number]) return;
    q->seen[number] = 1;
    double sum = q->any_part ? best_part(q, e) : whole_name(q, e);
    if (sum < q->least) return;
    ARENA_ROOM(q->arena, q->found, q->room, q->count + 1, 64);
    q->found[q->count++] = (struct name_found){number, sum};
}

static void judge_part(struct asking *q, uint32_t part, int own)
{
    const struct part *p = &q->index->part[part];
    if (alike_of(q, part, own) < (int)lround(q->least * NAME_PART_SAME) - 1) return;
    for (size_t i = 0; i < p->count; i++)
        judge(q, p->name[i]);
}

/* Jaro counts at most the characters that both have; with Winkler's raise for four equal first characters,
 * alike >= least needs jaro >= (least - 0.4) / 0.6, and jaro <= (m/a + m/b + 1) / 3. */
static bool can_be_alike(const struct profile *a, const struct profile *b, double least)
{
    int gone = __builtin_popcount(a->letters & ~b->letters),
        came = __builtin_popcount(b->letters & ~a->letters);
    double m = fmin((double)a->chars - gone, (double)b->chars - came);
    double jaro = (m / a->chars + m / b->chars + 1) / 3;
    return jaro >= (least - 0.4) / 0.6 - 1e-5;
}

static void by_spelling(struct asking *q, int own)
{
    for (uint32_t i = 0; i < q->index->parts; i++)
        if (can_be_alike(&q->own_part[own], &q->index->part[i].profile, q->least)) judge_part(q, i, own);
}

static void by_form(struct asking *q, int own, const char *form)
{
    const uint64_t *part = table_find(q->index->number_of, str_of(form));
    if (part && name_forms_related(&NAME_FORMS_ENGLISH, q->own.item[own], str_of(form)))
        judge_part(q, (uint32_t)*part, own);
}

static void together(struct asking *q)
{
    for (uint32_t i = 0; i < q->index->entries; i++) {
        const struct profile *p = &q->index->entry[i].profile;
        int longer = (int)p->chars - (int)q->together.chars;
        if (q->index->entry[i].count > 0 && longer >= -1 && longer <= 1 &&
            __builtin_popcount(p->letters ^ q->together.letters) <= 2)
            judge(q, i);
    }
}

static size_t ask(struct asking *q, struct name_found **out)
{
    const struct name_index *x = q->index;
    size_t cells = x->parts * (size_t)q->own.count;
    MUST(q->least >= NAME_INDEX_LEAST);
    *out = NULL;
    if (q->own.count == 0 || x->entries == 0) return 0;
    q->alike = NEW_ARRAY(q->arena, int, cells + 1);
    memset(q->alike, 0xFF, cells * sizeof *q->alike);
    q->seen = NEW_ARRAY(q->arena, uint8_t, x->entries);
    for (int i = 0; i < q->own.count; i++) {
        profile_add(&q->own_part[i], q->own.item[i]);
        profile_add(&q->together, q->own.item[i]);
    }
    for (int i = 0; i < q->own.count; i++) {
        by_spelling(q, i);
        for (size_t k = 0; k < NAME_FORMS_ENGLISH.count; k++) {
            by_form(q, i, NAME_FORMS_ENGLISH.item[k].form);
            by_form(q, i, NAME_FORMS_ENGLISH.item[k].name);
        }
    }
    if (!q->any_part) together(q);
    *out = q->found;
    return q->count;
}

size_t name_index_alike(const struct name_index *x, Str folded, double least, struct arena *a,
                        struct name_found **out)
{
    struct asking q = {.index = x, .arena = a, .own = name_parts_of(folded), .least = least};
    return ask(&q, out);
}

size_t name_index_with_part(const struct name_index *x, Str part, double least, struct arena *a,
                            struct name_found **out)
{
    struct asking q = {.index = x, .arena = a, .own = {{part}, 1, part}, .least = least, .any_part = true};
    return ask(&q, out);
}
