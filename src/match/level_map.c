#include "match/match_internal.h"

#include "base/alloc.h"
#include "base/find.h"
#include "base/parallel.h"

#include <math.h>
#include <stdlib.h>

#define LEVELS       (MATCH_RELATED + 1)
#define CHUNK        4096 /* keys or values that are one part of the work */
#define PART_CAP     ((size_t)8 << 30)
#define SAMPLED_MOST 400 /* values against all, for the levels that are not listed */

/* ---- which values are near ---------------------------------------------------------------------------- */

struct value_key {
    uint64_t key;
    uint32_t value;
    uint32_t side;
};

/* By key, equals in the order they came in: eight passes of a byte (least significant first). */
static void sort_keyed(struct value_key *item, struct value_key *spare, size_t count)
{
    for (unsigned shift = 0; shift < 64; shift += 8) {
        size_t at[257] = {0};
        for (size_t i = 0; i < count; i++)
            at[(item[i].key >> shift & 255) + 1]++;
        for (size_t b = 0; b < 256; b++)
            at[b + 1] += at[b];
        for (size_t i = 0; i < count; i++)
            spare[at[item[i].key >> shift & 255]++] = item[i];
        struct value_key *t = item;
        item = spare;
        spare = t;
    }
}

struct near_pair {
    uint32_t a, b; /* a < b */
    int32_t level;
};

struct searching {
    const struct level_map *map;
    const struct value_key *key;
    size_t keys;
    size_t *start;     /* of the runs that a part begins with; all pairs: of the values */
    struct buf *found; /* one a part */
};

static void try_pair(const struct level_map *m, uint32_t a, uint32_t b, struct buf *out)
{
    const struct comparison *c = m->model->comparison;
    int level = comparison_level_of(c, c->alike(&m->comparand[a], &m->comparand[b]));
    struct near_pair p = {a < b ? a : b, a < b ? b : a, level};
    if (level >= 0 && level < m->listed) buf_add_bytes(out, &p, sizeof p);
}

static void search_keys(void *state, size_t part, size_t thread)
{
    const struct searching *s = state;
    (void)thread;
    for (size_t i = s->start[part], end; i < s->start[part + 1]; i = end) {
        for (end = i + 1; end < s->keys && s->key[end].key == s->key[i].key; end++)
            ;
        for (size_t j = i; j < end; j++)
            for (size_t k = j + 1; k < end; k++) {
                if (s->key[j].value == s->key[k].value) continue;
                if ((s->key[j].side | s->key[k].side) != NEAR_BOTH) continue;
                try_pair(s->map, s->key[j].value, s->key[k].value, &s->found[part]);
            }
    }
}

static void search_all(void *state, size_t part, size_t thread)
{
    const struct searching *s = state;
    (void)thread;
    for (size_t v = s->start[part]; v < s->start[part + 1]; v++)
        for (size_t w = v + 1; w < s->map->values; w++)
            try_pair(s->map, (uint32_t)v, (uint32_t)w, &s->found[part]);
}

static struct value_key *keys_of(const struct level_map *m, size_t *count)
{
    struct near_keys keys;
    size_t room = 1024, n = 0;
    struct value_key *key = alloc_zero(room, sizeof *key);
    for (size_t v = 1; v < m->values; v++) {
        keys.count = 0;
        m->model->comparison->keys(&m->comparand[v], &keys);
        if (n + keys.count > room) key = alloc_resize(key, room = 2 * room + keys.count, sizeof *key);
        for (size_t i = 0; i < keys.count; i++)
            key[n++] = (struct value_key){keys.item[i].key, (uint32_t)v, (uint32_t)keys.item[i].side};
    }
    struct value_key *spare = alloc_zero(n + 1, sizeof *spare);
    sort_keyed(key, spare, n);
    alloc_free(spare);
    *count = n;
    return key;
}

static int by_pair(const void *a, const void *b)
{
    const struct near_pair *x = a, *y = b;
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

/* Lists of neighbours from pairs, each value its own neighbour. */
static void list_near(struct level_map *m, struct near_pair *pair, size_t count, struct arena *a)
{
    size_t kept = 0;
    qsort(pair, count, sizeof *pair, by_pair);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || by_pair(&pair[i - 1], &pair[i]) != 0) pair[kept++] = pair[i];
    m->near_at = NEW_ARRAY(a, uint32_t, m->values + 1);
    m->near = NEW_ARRAY(a, struct neighbour, 2 * kept + m->values);
    for (size_t i = 0; i < kept; i++) {
        m->near_at[pair[i].a]++;
        m->near_at[pair[i].b]++;
    }
    for (size_t v = 0, at = 0; v <= m->values; v++) {
        size_t n = v < m->values && v > 0 ? m->near_at[v] + 1 : 0;
        m->near_at[v] = (uint32_t)at;
        at += n;
    }
    /* in this order every list comes out ascending: smaller partners, itself, larger ones */
    uint32_t *fill = alloc_zero(m->values + 1, sizeof *fill);
    memcpy(fill, m->near_at, (m->values + 1) * sizeof *fill);
    for (size_t i = 0; i < kept; i++)
        m->near[fill[pair[i].b]++] = (struct neighbour){pair[i].a, 0, (int16_t)pair[i].level};
    for (size_t v = 1; v < m->values; v++)
        m->near[fill[v]++] = (struct neighbour){(uint32_t)v, 0, 0};
    for (size_t i = 0; i < kept; i++)
        m->near[fill[pair[i].a]++] = (struct neighbour){pair[i].b, 0, (int16_t)pair[i].level};
    alloc_free(fill);
    m->alike_at = m->near_at;
    m->alike = m->near;
}

void level_map_relate(struct level_map *m, const struct related *r, size_t count, struct arena *a)
{
    m->near_at = NEW_ARRAY(a, uint32_t, m->values + 1);
    m->near = NEW_ARRAY(a, struct neighbour, m->alike_at[m->values] + count);
    size_t at = 0, next = 0;
    for (uint32_t v = 0; v < m->values; v++) {
        m->near_at[v] = (uint32_t)at;
        for (uint32_t i = m->alike_at[v]; i < m->alike_at[v + 1]; i++) {
            for (; next < count && r[next].a == v && r[next].b < m->alike[i].value; next++)
                m->near[at++] = (struct neighbour){r[next].b, (int16_t)r[next].weight_db, MATCH_RELATED};
            m->near[at++] = m->alike[i];
        }
        for (; next < count && r[next].a == v; next++)
            m->near[at++] = (struct neighbour){r[next].b, (int16_t)r[next].weight_db, MATCH_RELATED};
    }
    m->near_at[m->values] = (uint32_t)at;
}

static enum status find_near(struct level_map *m, size_t threads, struct arena *a, struct err *e)
{
    struct searching s = {.map = m};
    struct buf all CLEANUP_BUF;
    struct value_key *key = NULL;
    bool keyed = m->model->comparison->keys != NULL;
    if (keyed) key = keys_of(m, &s.keys);
    size_t things = keyed ? s.keys : m->values, parts = things / CHUNK + 1;
    s.key = key;
    s.start = alloc_zero(parts + 1, sizeof *s.start);
    s.found = alloc_zero(parts, sizeof *s.found);
    for (size_t p = 0; p < parts; p++) {
        buf_init(&s.found[p], PART_CAP);
        size_t at = p * CHUNK;
        while (keyed && at > 0 && at < things && key[at].key == key[at - 1].key)
            at++;
        s.start[p] = keyed ? at : p == 0 ? 1 : at;
    }
    s.start[parts] = things;
    for (size_t p = parts; p > 0; p--)
        if (s.start[p - 1] > s.start[p]) s.start[p - 1] = s.start[p];
    parallel_run(threads, parts, keyed ? search_keys : search_all, &s);
    buf_init(&all, PART_CAP);
    enum status status = OK;
    for (size_t p = 0; p < parts; p++) {
        buf_add(&all, buf_str(&s.found[p]));
        if (status == OK) status = buf_status(&s.found[p], e);
        buf_free(&s.found[p]);
    }
    alloc_free(s.found);
    alloc_free(s.start);
    alloc_free(key);
    TRY(status);
    TRY(buf_status(&all, e));
    list_near(m, (struct near_pair *)(void *)all.ptr, all.len / sizeof(struct near_pair), a);
    return OK;
}

/* ---- how often unrelated rows reach a level ----------------------------------------------------------- */

static double holders(const struct level_map *m, uint32_t v)
{
    return (double)(m->holder_at[v + 1] - m->holder_at[v]);
}

/* Shares of the other rows at each listed level to the value v. */
static void near_shares(const struct level_map *m, uint32_t v, double share[LEVELS])
{
    double others = m->present > 1 ? (double)m->present - 1 : 1;
    for (int l = 0; l < LEVELS; l++)
        share[l] = 0;
    for (uint32_t i = m->near_at[v]; i < m->near_at[v + 1]; i++)
        share[m->near[i].level] += holders(m, m->near[i].value) - (m->near[i].value == v);
    for (int l = 0; l < LEVELS; l++)
        share[l] = fmin(fmax(share[l], 1) / others, 1);
}

/* Levels that are not listed: some values, evenly spaced, against all, by how many rows hold them. */
static void count_loose(struct level_map *m)
{
    double seen[COMPARISON_LEVELS_MAX] = {0}, all = 0;
    size_t step = (m->values - 1) / SAMPLED_MOST + 1;
    for (size_t v = 1; v < m->values; v += step)
        for (size_t w = 1; w < m->values; w++) {
            double n = holders(m, (uint32_t)v) * (holders(m, (uint32_t)w) - (v == w));
            const struct neighbour *near = level_map_near(m, (uint32_t)v, (uint32_t)w);
            seen[near ? near->level : level_map_loose(m, (uint32_t)v, (uint32_t)w)] += n;
            all += n;
        }
    for (int l = m->listed; l < m->levels; l++)
        m->unrelated[l] = all > 0 ? seen[l] / all : 0;
}

static void count_unrelated(struct level_map *m)
{
    double share[LEVELS], rows = 0;
    for (uint32_t v = 1; v < m->values; v++) {
        near_shares(m, v, share);
        for (int l = 0; l < m->listed; l++)
            m->unrelated[l] += share[l] * holders(m, v);
        rows += holders(m, v);
    }
    double listed = 0;
    for (int l = 0; l < m->listed; l++) {
        if (rows > 0) m->unrelated[l] /= rows;
        listed += m->unrelated[l];
    }
    if (m->levels - m->listed > 1)
        count_loose(m);
    else
        m->unrelated[m->listed] = fmax(1 - listed, 0);
}

const struct neighbour *level_map_near(const struct level_map *m, uint32_t a, uint32_t b)
{
    const struct neighbour *near = &m->near[m->near_at[a]];
    size_t count = m->near_at[a + 1] - m->near_at[a], at = find_first(near, count, sizeof *near, b);
    return at < count && near[at].value == b ? &near[at] : NULL;
}

int level_map_loose(const struct level_map *m, uint32_t a, uint32_t b)
{
    const struct comparison *c = m->model->comparison;
    if (m->levels - m->listed == 1) return m->listed;
    if (m->packed) return c->loose(m->packed[a], m->packed[b]);
    return comparison_level_of(c, c->alike(&m->comparand[a], &m->comparand[b]));
}

static int16_t decibans(double same, double unrelated)
{
    double db = 10 * log10(fmax(same, 1e-9) / fmax(unrelated, 1e-12));
    return (int16_t)lround(fmin(fmax(db, -MATCH_WEIGHT_MAX), MATCH_WEIGHT_MAX));
}

void level_map_weigh(struct level_map *m)
{
    const double *same = m->model->same;
    double(*share)[LEVELS] = alloc_zero(m->values, sizeof *share);
    for (uint32_t v = 1; v < m->values; v++)
        near_shares(m, v, share[v]);
    for (uint32_t v = 1; v < m->values; v++)
        for (uint32_t i = m->near_at[v]; i < m->near_at[v + 1]; i++) {
            struct neighbour *n = &m->near[i];
            if (n->level == MATCH_RELATED) continue;
            n->weight_db = decibans(same[n->level], sqrt(share[v][n->level] * share[n->value][n->level]));
        }
    alloc_free(share);
    for (int l = m->listed; l < m->levels; l++)
        m->loose_db[l] = decibans(same[l], m->unrelated[l]);
    if (m->loose_db[m->levels - 1] > 0) m->loose_db[m->levels - 1] = 0;
    m->loose_most_db = 0;
    for (int l = m->listed; l < m->levels; l++)
        if (m->loose_db[l] > m->loose_most_db) m->loose_most_db = m->loose_db[l];
}

enum status level_map_make(struct level_map *m, const struct column *c, size_t rows, size_t threads,
                           struct arena *a, struct err *e)
{
    level_map_number(m, c, rows, a);
    m->levels = comparison_levels(m->model->comparison);
    m->listed = m->model->comparison->keys ? m->model->comparison->listed : m->levels - 1;
    TRY(find_near(m, threads, a, e));
    count_unrelated(m);
    return OK;
}
