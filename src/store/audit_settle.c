/* What the notes of an audit mean. First each odd row is given the place its hash was made for; then every
 * place has one holder, several, or none; then the tree over the holders is held against what was promised
 * about it. */
#include "store/audit_state.h"

#include "base/alloc.h"
#include "base/caldate.h"

#include <stdio.h>
#include <stdlib.h>

/* A row and the place it lays claim to. */
struct claim {
    uint64_t at;
    size_t row;
    struct stray *stray; /* NULL: hash and columns agree */
};

#define ULL(n) ((unsigned long long)(n))

static Str hash_text(const Sha256 *h)
{
    return (Str){(const char *)h->byte, SHA256_BYTES};
}

/* ---- odd rows -------------------------------------------------------------------------------------- */

/* The places that nobody stands on, and those of odd rows: where an odd row may have come from. */
static size_t odd_places(const struct audit *a, uint64_t place[ODD_PLACES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < a->strays && count < ODD_PLACES_MAX / 2; i++)
        place[count++] = a->row[a->stray[i].row].seq;
    uint64_t next = 1;
    for (size_t i = 0; i < a->rows && count < ODD_PLACES_MAX; i++) {
        for (; next < a->row[i].seq && count < ODD_PLACES_MAX; next++)
            place[count++] = next;
        next = a->row[i].seq + 1;
    }
    return count;
}

static void find_origins(struct audit *a)
{
    uint64_t place[ODD_PLACES_MAX];
    const size_t places = odd_places(a, place);
    for (size_t i = 0; i < a->strays; i++) {
        struct stray *s = &a->stray[i];
        for (size_t p = 0; s->bytes != NULL && s->odd == ODD_ALTERED && p < places; p++) {
            if (!audit_made_for(a, s->bytes, s->len, place[p], &a->row[s->row].stored)) continue;
            s->at = place[p];
            s->odd = ODD_MOVED;
        }
    }
}

/* A copy of a sound entry, wherever it was put: its hash is one that stands at its own place. */
static void find_copies(struct audit *a)
{
    struct table *origin CLEANUP_TABLE = table_new(SIZE_MAX); /* hash to the row where it belongs, from 1 */
    for (size_t i = 0; i < a->strays; i++)
        if (a->stray[i].bytes != NULL && a->stray[i].odd == ODD_ALTERED)
            (void)table_at(origin, hash_text(&a->row[a->stray[i].row].stored), NULL);
    if (table_count(origin) == 0) return;
    for (size_t row = 0, next = 0; row < a->rows; row++) {
        if (next < a->strays && a->stray[next].row == row) {
            next++;
            continue;
        }
        const Str hash = hash_text(&a->row[row].stored);
        if (table_find(origin, hash) != NULL) *table_at(origin, hash, NULL) = row + 1;
    }
    for (size_t i = 0; i < a->strays; i++) {
        struct stray *s = &a->stray[i];
        if (s->bytes == NULL || s->odd != ODD_ALTERED) continue;
        const uint64_t row = *table_find(origin, hash_text(&a->row[s->row].stored));
        if (row == 0 || !audit_made_for(a, s->bytes, s->len, a->row[row - 1].seq, &a->row[s->row].stored))
            continue;
        s->at = a->row[row - 1].seq;
        s->odd = ODD_MOVED;
    }
}

/* ---- places ---------------------------------------------------------------------------------------- */

/* By place, then by where the row stands. */
static int compare_claims(const void *one, const void *other)
{
    const struct claim *a = one, *b = other;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

static struct claim *make_claims(struct audit *a)
{
    struct claim *claim = alloc_zero(a->rows + 1, sizeof *claim);
    size_t next = 0;
    bool moved = false;
    for (size_t i = 0; i < a->rows; i++) {
        claim[i] = (struct claim){.at = a->row[i].seq, .row = i};
        if (next < a->strays && a->stray[next].row == i) {
            claim[i].stray = &a->stray[next++];
            claim[i].at = claim[i].stray->at;
            moved |= claim[i].stray->odd == ODD_MOVED;
        }
    }
    if (moved) qsort(claim, a->rows, sizeof *claim, compare_claims);
    return claim;
}

static bool has_moved(const struct claim *c)
{
    return c->stray != NULL && c->stray->odd == ODD_MOVED;
}

static void add_inserted(struct audit *a, const struct claim *c)
{
    const uint64_t seq = a->row[c->row].seq;
    findings_add(a->findings, seq, "inserted",
                 "Entry %llu of the %s ledger was put in: the entry written for this place stands elsewhere.",
                 ULL(seq), a->findings->ledger);
    if (c->stray) c->stray->odd = ODD_INSERTED;
}

static void mark_copy(struct claim *c)
{
    if (has_moved(c)) c->stray->odd = ODD_COPY;
}

/* Several rows want one place. Who stands there holds it when sound and another row is a copy of it; else the
 * first that was moved away from there has the better claim. Returns the holder. */
static struct claim judge(struct audit *a, struct claim *claim, size_t count)
{
    size_t own = count, mover = count;
    for (size_t i = count; i-- > 0;)
        *(has_moved(&claim[i]) ? &mover : &own) = i;
    if (mover == count) return claim[own];
    size_t holder = mover;
    if (own < count) {
        const Sha256 *stands = &a->row[claim[own].row].stored, *came = &a->row[claim[mover].row].stored;
        if (claim[own].stray == NULL && sha256_eq(stands, came))
            holder = own;
        else
            add_inserted(a, &claim[own]);
    }
    for (size_t i = 0; i < count; i++)
        if (i != holder) mark_copy(&claim[i]);
    return claim[holder];
}

/* Leaves one claim a place, in order; returns how many. */
static size_t settle_places(struct audit *a, struct claim *claim)
{
    size_t kept = 0;
    for (size_t i = 0; i < a->rows;) {
        size_t same = 1;
        while (i + same < a->rows && claim[i + same].at == claim[i].at)
            same++;
        claim[kept++] = same == 1 ? claim[i] : judge(a, &claim[i], same);
        i += same;
    }
    return kept;
}

static void say_missing(struct audit *a, const struct claim *claim, size_t count)
{
    uint64_t next = 1;
    for (size_t i = 0; i < count; i++) {
        const uint64_t at = claim[i].at;
        if (at == next + 1)
            findings_add(a->findings, next, "missing", "Entry %llu of the %s ledger is missing.", ULL(next),
                         a->findings->ledger);
        else if (at > next)
            findings_add(a->findings, next, "missing", "Entries %llu to %llu of the %s ledger are missing.",
                         ULL(next), ULL(at - 1), a->findings->ledger);
        next = at + 1;
    }
}

/* Neighbours of one fate are one finding. */
static void say_stray(struct audit *a, const struct stray *first, const struct stray *last)
{
    const uint64_t from = a->row[first->row].seq, to = a->row[last->row].seq;
    const char *ledger = a->findings->ledger;
    const bool one = from == to;
    switch (first->odd) {
    case ODD_ALTERED:
        if (one)
            findings_add(a->findings, from, "altered",
                         "Entry %llu of the %s ledger was altered: what it says does not fit its hash.",
                         ULL(from), ledger);
        else
            findings_add(a->findings, from, "altered",
                         "Entries %llu to %llu of the %s ledger were altered: what they say does not fit "
                         "their hashes.",
                         ULL(from), ULL(to), ledger);
        break;
    case ODD_MOVED:
        if (one)
            findings_add(a->findings, from, "reordered",
                         "Entry %llu of the %s ledger was written as entry %llu.", ULL(from), ledger,
                         ULL(first->at));
        else
            findings_add(a->findings, from, "reordered",
                         "Entries %llu to %llu of the %s ledger were written as entries %llu to %llu.",
                         ULL(from), ULL(to), ledger, ULL(first->at), ULL(last->at));
        break;
    case ODD_COPY:
        findings_add(a->findings, from, "copied", "Entry %llu of the %s ledger is a copy of entry %llu.",
                     ULL(from), ledger, ULL(first->at));
        break;
    case ODD_INSERTED:
    case ODD_UNREAD:
        break;
    }
}

static void say_strays(struct audit *a)
{
    for (size_t i = 0; i < a->strays;) {
        size_t last = i;
        while (last + 1 < a->strays && a->stray[last + 1].row == a->stray[last].row + 1 &&
               a->stray[last + 1].odd == a->stray[i].odd && a->stray[i].odd != ODD_COPY &&
               a->stray[last + 1].at == a->stray[last].at + 1)
            last++;
        say_stray(a, &a->stray[i], &a->stray[last]);
        i = last + 1;
    }
}

/* ---- the tree -------------------------------------------------------------------------------------- */

/* Of an altered entry either the columns are false or the hash is: from the first one on the tree is grown
 * both ways. */
struct growth {
    struct merkle stored, recomputed;
    uint64_t sound;   /* the largest size that kept a promise */
    uint64_t doubted; /* the last place whose entry was altered, 0: none */
    bool said; /* that something cannot be compared, or was rewritten: what follows from it is not repeated */
};

static int compare_expectations(const void *one, const void *other)
{
    const struct expectation *a = one, *b = other;
    if (a->size != b->size) return a->size < b->size ? -1 : 1;
    return a->promise < b->promise ? -1 : a->promise > b->promise;
}

/* "the checkpoint of 2014-08-28T08:00:00Z" */
static void name_promise(const struct expectation *x, char out[96])
{
    char when[32];
    caldate_format(x->at_ms, when);
    if (x->promise == BY_EDGE)
        snprintf(out, 96, "the edge of the tree as the store keeps it");
    else
        snprintf(out, 96, "the checkpoint of %s%s", when,
                 x->promise == BY_OUTSIDER ? " that was kept elsewhere" : "");
}

static void say_shortened(struct audit *a, const struct expectation *x, uint64_t size)
{
    char name[96];
    name_promise(x, name);
    findings_add(a->findings, size + 1, x->promise == BY_OUTSIDER ? "rolled back" : "truncated",
                 "The %s ledger ends at entry %llu; by %s it had %llu: what came after was cut off%s.",
                 a->findings->ledger, ULL(size), name, ULL(x->size),
                 x->promise == BY_OUTSIDER ? ", or an older copy was put in its place" : "");
}

/* Entries up to g->sound are proven by a checkpoint of the store, which says nothing to somebody who has
 * reason to keep checkpoints elsewhere: who holds the key can sign again. */
static void say_unlike(struct audit *a, const struct growth *g, const struct expectation *x)
{
    const uint64_t first = x->promise == BY_OUTSIDER ? 1 : g->sound + 1;
    const char *ledger = a->findings->ledger;
    char name[96];
    name_promise(x, name);
    if (g->doubted >= first)
        findings_add(
            a->findings, first, "unproven",
            "Entries %llu to %llu of the %s ledger cannot be held against %s, because some of them were "
            "altered.",
            ULL(first), ULL(x->size), ledger, name);
    else if (x->promise == BY_EDGE && first > x->size)
        findings_add(a->findings, x->size, "edge",
                     "The edge of the tree as the store keeps it was altered: the %s ledger does not fit it, "
                     "but fits its "
                     "checkpoint.",
                     ledger);
    else
        findings_add(
            a->findings, first, x->promise == BY_EDGE ? "edge" : "rewritten",
            "The %s ledger does not fit %s: of entries %llu to %llu at least one was rewritten together with "
            "its hash%s.",
            ledger, name, ULL(first), ULL(x->size),
            x->promise == BY_EDGE ? ", or the edge itself was altered" : "");
}

static bool has_root(const struct merkle *m, const Sha256 *root)
{
    const Sha256 own = merkle_root(m);
    return sha256_eq(&own, root);
}

static void compare(struct audit *a, struct growth *g, const struct expectation *x)
{
    if (has_root(&g->stored, &x->root) || (g->doubted && has_root(&g->recomputed, &x->root))) {
        g->sound = x->size;
        return;
    }
    if (g->said && x->promise != BY_OUTSIDER) return;
    say_unlike(a, g, x);
    g->said = true;
}

static void grow(const struct audit *a, struct growth *g, const struct claim *c)
{
    const Sha256 *stored = &a->row[c->row].stored;
    const bool doubtful = c->stray != NULL && c->stray->odd == ODD_ALTERED;
    if (doubtful && !g->doubted) g->recomputed = g->stored;
    if (doubtful) g->doubted = c->at;
    merkle_append(&g->stored, stored);
    if (g->doubted) merkle_append(&g->recomputed, doubtful ? &c->stray->recomputed : stored);
}

/* A gap ends what can be grown. */
static void say_gap(struct audit *a, struct growth *g, const struct expectation *x, uint64_t gap)
{
    if (g->said && x->promise != BY_OUTSIDER) return;
    char name[96];
    name_promise(x, name);
    findings_add(
        a->findings, gap, "unproven",
        "Entries %llu to %llu of the %s ledger cannot be held against %s, because entry %llu is missing.",
        ULL(g->sound + 1), ULL(x->size), a->findings->ledger, name, ULL(gap));
    g->said = true;
}

/* Returns how many entries are proven by a checkpoint. */
static uint64_t check_promises(struct audit *a, const struct claim *claim, size_t count)
{
    if (a->expectations == 0) return 0;
    qsort(a->expected, a->expectations, sizeof a->expected[0], compare_expectations);
    struct growth g = {0};
    merkle_init(&g.stored);
    const uint64_t last = count > 0 ? claim[count - 1].at : 0;
    const struct expectation *shortened = NULL;
    size_t next = 0;
    for (size_t i = 0; i < a->expectations; i++) {
        const struct expectation *x = &a->expected[i];
        while (next < count && next < x->size && claim[next].at == next + 1)
            grow(a, &g, &claim[next++]);
        if (x->size > last) {
            if (x->promise == BY_OUTSIDER)
                say_shortened(a, x, last);
            else
                shortened = x;
        } else if (next < x->size) {
            say_gap(a, &g, x, next + 1);
        } else {
            compare(a, &g, x);
        }
    }
    if (shortened) say_shortened(a, shortened, last);
    return g.sound;
}

/* The tree as the store keeps it ends with the last entry: a row behind it came in by another way, unless a
 * checkpoint vouches for it. */
static void check_end(struct audit *a, const struct claim *claim, size_t count, uint64_t proven)
{
    const uint64_t last = count > 0 ? claim[count - 1].at : 0;
    for (size_t i = 0; i < a->expectations; i++) {
        const uint64_t end = a->expected[i].size;
        if (a->expected[i].promise != BY_EDGE || end >= last) continue;
        if (proven == last)
            findings_add(a->findings, end + 1, "edge",
                         "The edge of the tree as the store keeps it was altered: it ends at entry %llu of "
                         "the %s ledger, "
                         "and a checkpoint proves %llu.",
                         ULL(end), a->findings->ledger, ULL(proven));
        else
            findings_add(a->findings, end + 1, "inserted",
                         "Entries from %llu to %llu of the %s ledger were put in behind its end.",
                         ULL(end + 1), ULL(last), a->findings->ledger);
    }
}

void audit_settle(struct audit *a)
{
    find_origins(a);
    find_copies(a);
    struct claim *claim = make_claims(a);
    const size_t count = settle_places(a, claim);
    say_strays(a);
    say_missing(a, claim, count);
    check_end(a, claim, count, check_promises(a, claim, count));
    alloc_free(claim);
}
