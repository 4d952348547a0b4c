#include "link/cohesion.h"

#include <math.h>
#include <string.h>

/* A tie counts from this part of the bar on: numerator and denominator. */
#define TIED_NUMERATOR   3
#define TIED_DENOMINATOR 5
/* One part in so many of each further tie adds to the strongest. */
#define FURTHER_SHARE 5
#define ASKED_MAX     20

static bool item_counts(const struct pair_weights *w, uint32_t item)
{
    return w->counts == NULL || w->counts(w->state, item);
}

bool cohesion_tied(int weight_db, int bar_db)
{
    return weight_db * TIED_DENOMINATOR >= bar_db * TIED_NUMERATOR;
}

bool cohesion_admits(const struct pair_weights *w, const uint32_t *member, size_t count, uint32_t item,
                     int bar_db)
{
    return cohesion_unites(w, member, count, &item, 1, bar_db);
}

bool cohesion_unites(const struct pair_weights *w, const uint32_t *x, size_t x_count, const uint32_t *y,
                     size_t y_count, int bar_db)
{
    size_t pairs = 0, tied = 0;
    for (size_t i = 0; i < x_count; i++)
        for (size_t j = 0; j < y_count; j++) {
            if (x[i] == y[j] || !item_counts(w, x[i]) || !item_counts(w, y[j])) continue;
            pairs++;
            tied += cohesion_tied(w->weight_db(w->state, x[i], y[j]), bar_db);
        }
    return tied * 2 >= pairs;
}

int cohesion_bond(const struct pair_weights *w, const uint32_t *member, size_t count, uint32_t item,
                  uint32_t strongest, int strongest_db)
{
    int further = 0;
    for (size_t i = 0; i < count && i < ASKED_MAX; i++) {
        if (member[i] == strongest || member[i] == item) continue;
        if (w->repeats != NULL && w->repeats(w->state, strongest, member[i])) continue;
        int db = w->weight_db(w->state, item, member[i]);
        if (db > 0) further += db;
    }
    int more = further / FURTHER_SHARE;
    return strongest_db + (more < COHESION_MORE_MAX_DB ? more : COHESION_MORE_MAX_DB);
}

static uint32_t join_tied(struct series_book *b, const struct pair_weights *w, uint32_t series, uint32_t item,
                          uint32_t partner, int64_t at_ms)
{
    series_join(b, series, item,
                (struct series_move){.at_ms = at_ms,
                                     .why = SERIES_TIED,
                                     .other = partner,
                                     .weight_db = w->weight_db(w->state, item, partner)});
    return series;
}

static bool admits(const struct series_book *b, const struct pair_weights *w, uint32_t series, uint32_t item,
                   int bar_db)
{
    const uint32_t *member;
    size_t count = series_members(b, series, &member);
    return cohesion_admits(w, member, count, item, bar_db);
}

uint32_t cohesion_tie(struct series_book *b, const struct pair_weights *w, uint32_t item, uint32_t partner,
                      int bar_db, int64_t at_ms)
{
    uint32_t x = series_of(b, item), y = series_of(b, partner);
    if (x != 0 && x == y) return x;
    if (x == 0 && y == 0) return join_tied(b, w, series_open(b, partner, at_ms), item, partner, at_ms);
    if (x == 0) return admits(b, w, y, item, bar_db) ? join_tied(b, w, y, item, partner, at_ms) : 0;
    if (y == 0) return admits(b, w, x, partner, bar_db) ? join_tied(b, w, x, partner, item, at_ms) : 0;
    const uint32_t *in_x, *in_y;
    size_t count_x = series_members(b, x, &in_x), count_y = series_members(b, y, &in_y);
    if (!cohesion_unites(w, in_x, count_x, in_y, count_y, bar_db)) return 0;
    return series_unite(b, x, y, at_ms, w->weight_db(w->state, item, partner));
}

/* ---- a group laid open ---------------------------------------------------------------------------- */

struct matrix {
    const int *db;
    size_t count;
    int bar_db;
};

static int at(const struct matrix *m, size_t i, size_t j)
{
    return m->db[i * m->count + j];
}

static bool is_tied(const struct matrix *m, size_t i, size_t j)
{
    return i != j && cohesion_tied(at(m, i, j), m->bar_db);
}

/* Marks what can be reached from `from` by ties, `without` and the tie (a, b) left out; how many were
 * reached. */
static size_t reach(const struct matrix *m, size_t from, size_t without, size_t a, size_t b, bool *seen,
                    size_t *stack)
{
    size_t depth = 0, reached = 0;
    stack[depth++] = from;
    seen[from] = true;
    while (depth > 0) {
        size_t i = stack[--depth];
        reached++;
        for (size_t j = 0; j < m->count; j++) {
            if (seen[j] || j == without || !is_tied(m, i, j)) continue;
            if ((i == a && j == b) || (i == b && j == a)) continue;
            seen[j] = true;
            stack[depth++] = j;
        }
    }
    return reached;
}

#define NOBODY SIZE_MAX

static size_t parts_without(const struct matrix *m, size_t without, bool *seen, size_t *stack)
{
    size_t parts = 0;
    memset(seen, 0, m->count * sizeof *seen);
    for (size_t i = 0; i < m->count; i++) {
        if (i == without || seen[i]) continue;
        (void)reach(m, i, without, NOBODY, NOBODY, seen, stack);
        parts++;
    }
    return parts;
}

static void open_member(const struct matrix *m, const uint32_t *member, size_t i, struct held_member *out)
{
    *out = (struct held_member){.item = member[i], .mate = member[i], .mate_db = INT32_MIN};
    for (size_t j = 0; j < m->count; j++) {
        if (j == i) continue;
        int db = at(m, i, j);
        out->rest_db += db;
        out->ties += is_tied(m, i, j);
        if (db <= out->mate_db) continue;
        out->mate = member[j];
        out->mate_db = db;
    }
}

/* Prim 1957: grown from the first member by the strongest tie to who is not in yet. */
static void grow_tree(const struct matrix *m, const uint32_t *member, struct arena *a, struct held_group *out)
{
    size_t n = m->count, *mate = NEW_ARRAY(a, size_t, n);
    bool *in = NEW_ARRAY(a, bool, n);
    out->tree = NEW_ARRAY(a, struct holding_tie, n);
    in[0] = true;
    for (size_t step = 0; step + 1 < n; step++) {
        size_t best = NOBODY;
        for (size_t j = 1; j < n; j++)
            if (!in[j] && (best == NOBODY || at(m, j, mate[j]) > at(m, best, mate[best]))) best = j;
        in[best] = true;
        out->tree[step] = (struct holding_tie){member[mate[best]], member[best], at(m, best, mate[best])};
        for (size_t j = 1; j < n; j++)
            if (!in[j] && at(m, j, best) > at(m, j, mate[j])) mate[j] = best;
    }
}

static size_t place_of(const uint32_t *member, uint32_t item)
{
    size_t i = 0;
    while (member[i] != item)
        i++;
    return i;
}

/* Only ties of the tree can be the one that all hangs on. */
static void find_hinges(const struct matrix *m, const uint32_t *member, bool *seen, size_t *stack,
                        struct arena *a, struct held_group *out)
{
    out->hinge = NEW_ARRAY(a, struct holding_tie, m->count);
    for (size_t t = 0; t + 1 < m->count; t++) {
        struct holding_tie tie = out->tree[t];
        size_t i = place_of(member, tie.a), j = place_of(member, tie.b), at_hinge = out->hinges;
        memset(seen, 0, m->count * sizeof *seen);
        (void)reach(m, i, NOBODY, i, j, seen, stack);
        if (seen[j]) continue;
        for (; at_hinge > 0 && out->hinge[at_hinge - 1].weight_db > tie.weight_db; at_hinge--)
            out->hinge[at_hinge] = out->hinge[at_hinge - 1];
        out->hinge[at_hinge] = tie;
        out->hinges++;
    }
}

void cohesion_lay_open(const struct pair_weights *w, const uint32_t *member, size_t count, int bar_db,
                       struct arena *a, struct held_group *out)
{
    size_t n = count < COHESION_MEMBERS_MAX ? count : COHESION_MEMBERS_MAX;
    *out = (struct held_group){.member = NEW_ARRAY(a, struct held_member, n + 1), .count = n};
    if (n == 0) return;
    int *db = NEW_ARRAY(a, int, n *n);
    bool *seen = NEW_ARRAY(a, bool, n);
    size_t *stack = NEW_ARRAY(a, size_t, n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            db[i * n + j] = db[j * n + i] = w->weight_db(w->state, member[i], member[j]);
    struct matrix m = {db, n, bar_db};
    for (size_t i = 0; i < n; i++) {
        open_member(&m, member, i, &out->member[i]);
        out->member[i].parts = parts_without(&m, i, seen, stack);
        out->tied_pairs += out->member[i].ties;
    }
    out->tied_pairs /= 2;
    out->cohesion = n < 2 ? 1 : (double)out->tied_pairs / ((double)n * (double)(n - 1) / 2);
    grow_tree(&m, member, a, out);
    find_hinges(&m, member, seen, stack, a, out);
}

/* ---- by chance ------------------------------------------------------------------------------------- */

static double log10_choose(size_t n, size_t k)
{
    double ln = lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
    return ln / log(10);
}

double cohesion_expected_log10(size_t items, size_t members, const double *chance)
{
    double ln_q = 0, sum = 0, term = 1;
    if (members < 2 || members > items) return (double)NAN;
    for (size_t i = 0; i + 1 < members; i++)
        ln_q += log(chance[i]);
    for (size_t i = 0; i + 1 < members; i++) {
        sum += term;
        term *= -ln_q / (double)(i + 1);
    }
    double trees = log10_choose(items, members) + ((double)members - 2) * log10((double)members);
    return trees + (ln_q + log(sum)) / log(10);
}
