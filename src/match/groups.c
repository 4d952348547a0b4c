/* Average link over all pairs. Only groups with a pair above 0 between them can have a mean above 0, so those
 * pairs lead; the sum between two groups is then made complete by weighing what was not among them. */
#include "match/match_internal.h"

#include "base/alloc.h"
#include "base/table.h"

#include <stdlib.h>

#define LINKS_MAX ((size_t)1 << 30)
#define CLAMP_DB  60 /* a single pair speaks for or against a group no louder than this */

struct link {
    uint32_t a, b; /* groups; a == b: gone */
    int64_t sum;
    bool whole; /* sum is over all pairs */
};

/* A joining that may be made: good as long as the link still has this sum and both groups this many rows. */
struct offer {
    double mean;
    uint32_t link;
    uint32_t a, b;
};

struct joining {
    const struct match_index *x;
    int prior_db;
    uint32_t *group, *next, *last, *size; /* members of a group as a list */
    uint32_t *version;
    struct table *number; /* smaller and larger group -> link + 1 */
    struct link *link;
    size_t links, link_room;
    struct link_list {
        uint32_t *item;
        uint32_t count, room;
    } * of; /* links of a group */
    struct offer *heap;
    size_t offers, heap_room;
};

static bool offer_before(const struct offer *x, const struct offer *y)
{
    if (x->mean > y->mean || x->mean < y->mean) return x->mean > y->mean;
    return x->a != y->a ? x->a < y->a : x->b < y->b;
}

static void heap_push(struct joining *j, struct offer o)
{
    if (j->offers == j->heap_room) {
        j->heap_room = j->heap_room > 0 ? 2 * j->heap_room : 4096;
        j->heap = alloc_resize(j->heap, j->heap_room, sizeof *j->heap);
    }
    size_t i = j->offers++;
    for (; i > 0 && offer_before(&o, &j->heap[(i - 1) / 2]); i = (i - 1) / 2)
        j->heap[i] = j->heap[(i - 1) / 2];
    j->heap[i] = o;
}

static struct offer heap_pop(struct joining *j)
{
    struct offer top = j->heap[0], o = j->heap[--j->offers];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < j->offers; i = child) {
        if (child + 1 < j->offers && offer_before(&j->heap[child + 1], &j->heap[child])) child++;
        if (!offer_before(&j->heap[child], &o)) break;
        j->heap[i] = j->heap[child];
    }
    j->heap[i] = o;
    return top;
}

static uint64_t link_key(uint32_t a, uint32_t b)
{
    return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

static int clamped(int weight_db)
{
    return weight_db > CLAMP_DB ? CLAMP_DB : weight_db < -CLAMP_DB ? -CLAMP_DB : weight_db;
}

/* The sum over all pairs of two groups. */
static int64_t sum_between(const struct joining *j, uint32_t a, uint32_t b)
{
    int64_t sum = 0;
    for (uint32_t r = a;; r = j->next[r]) {
        for (uint32_t s = b;; s = j->next[s]) {
            sum += clamped(match_weigh(j->x, r, s, NULL) + j->prior_db);
            if (s == j->last[b]) break;
        }
        if (r == j->last[a]) break;
    }
    return sum;
}

static void list_add(struct link_list *l, uint32_t link)
{
    if (l->count == l->room) {
        l->room = l->room > 0 ? 2 * l->room : 4;
        l->item = alloc_resize(l->item, l->room, sizeof *l->item);
    }
    l->item[l->count++] = link;
}

static void offer_link(struct joining *j, uint32_t link)
{
    const struct link *l = &j->link[link];
    double pairs = (double)j->size[l->a] * (double)j->size[l->b];
    if (l->sum <= 0) return;
    heap_push(j, (struct offer){(double)l->sum / pairs, link, l->a, l->b});
}

static void link_add(struct joining *j, uint32_t a, uint32_t b, int64_t sum)
{
    if (j->links == j->link_room) {
        j->link_room = j->link_room > 0 ? 2 * j->link_room : 4096;
        j->link = alloc_resize(j->link, j->link_room, sizeof *j->link);
    }
    uint32_t at = (uint32_t)j->links++;
    j->link[at] = (struct link){a < b ? a : b, a < b ? b : a, sum, true};
    *table_at_number(j->number, link_key(a, b), NULL) = at + 1;
    list_add(&j->of[a], at);
    list_add(&j->of[b], at);
    offer_link(j, at);
}

/* The link between two groups; NULL when none was made. */
static struct link *link_between(struct joining *j, uint32_t a, uint32_t b)
{
    const uint64_t *at = table_find_number(j->number, link_key(a, b));
    struct link *l = at ? &j->link[*at - 1] : NULL;
    return l && l->a != l->b ? l : NULL;
}

/* Joins b into a: members, and links, whose sums add up. */
static void join(struct joining *j, uint32_t a, uint32_t b)
{
    uint32_t old_a = j->of[a].count;
    for (uint32_t i = 0; i < old_a; i++) { /* groups that only a knows */
        struct link *l = &j->link[j->of[a].item[i]];
        if (l->a == l->b) continue;
        uint32_t other = l->a == a ? l->b : l->a;
        if (other == b) {
            l->a = l->b;
            continue;
        }
        struct link *its = link_between(j, b, other);
        l->sum += its ? its->sum : sum_between(j, b, other);
        if (its) its->a = its->b;
    }
    uint32_t old_b = j->of[b].count;
    for (uint32_t i = 0; i < old_b; i++) { /* that only b knows */
        struct link *l = &j->link[j->of[b].item[i]];
        if (l->a == l->b) continue;
        uint32_t other = l->a == b ? l->b : l->a;
        int64_t sum = l->sum + sum_between(j, a, other);
        l->a = l->b;
        j->size[a] += j->size[b]; /* the mean is over the joined group */
        link_add(j, a, other, sum);
        j->size[a] -= j->size[b];
    }
    j->next[j->last[a]] = b;
    j->last[a] = j->last[b];
    j->size[a] += j->size[b];
    j->size[b] = 0;
    struct link_list *of = &j->of[a];
    uint32_t kept = 0;
    for (uint32_t i = 0; i < of->count; i++)
        if (j->link[of->item[i]].a != j->link[of->item[i]].b) {
            if (i < old_a) offer_link(j, of->item[i]);
            of->item[kept++] = of->item[i];
        }
    of->count = kept;
    alloc_free(j->of[b].item);
    j->of[b] = (struct link_list){0};
}

static void join_all(struct joining *j)
{
    while (j->offers > 0) {
        struct offer o = heap_pop(j);
        const struct link *l = &j->link[o.link];
        if (l->a == l->b) continue;
        double pairs = (double)j->size[l->a] * (double)j->size[l->b], mean = (double)l->sum / pairs;
        if (mean > o.mean || mean < o.mean) continue; /* offered anew when it changed */
        join(j, l->a, l->b);
    }
}

enum status match_groups(const struct match_index *x, const struct match_pairs *pairs, uint32_t *group,
                         struct err *e)
{
    size_t n = x->rows;
    struct table *number CLEANUP_TABLE = table_new(LINKS_MAX);
    struct joining j = {.x = x, .prior_db = match_prior_db(x->model), .number = number};
    (void)e;
    j.next = alloc_zero(n + 1, sizeof *j.next);
    j.last = alloc_zero(n + 1, sizeof *j.last);
    j.size = alloc_zero(n + 1, sizeof *j.size);
    j.of = alloc_zero(n + 1, sizeof *j.of);
    for (size_t r = 0; r < n; r++) {
        j.last[r] = (uint32_t)r;
        j.size[r] = 1;
    }
    for (size_t i = 0; i < pairs->count; i++) {
        int odds_db = clamped(pairs->item[i].weight_db + j.prior_db);
        if (odds_db > 0) link_add(&j, pairs->item[i].a, pairs->item[i].b, odds_db);
    }
    join_all(&j);
    for (size_t r = 0; r < n; r++) {
        if (j.size[r] == 0) continue;
        uint32_t least = (uint32_t)r;
        for (uint32_t s = (uint32_t)r; s != j.last[r]; s = j.next[s])
            if (j.next[s] < least) least = j.next[s];
        group[r] = least;
        for (uint32_t s = (uint32_t)r; s != j.last[r]; s = j.next[s])
            group[j.next[s]] = least;
        group[r] = least;
    }
    for (size_t r = 0; r < n; r++)
        alloc_free(j.of[r].item);
    alloc_free(j.next);
    alloc_free(j.last);
    alloc_free(j.size);
    alloc_free(j.of);
    alloc_free(j.link);
    alloc_free(j.heap);
    return OK;
}
