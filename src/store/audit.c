#include "store/audit.h"

#include "base/alloc.h"
#include "store/audit_state.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- findings -------------------------------------------------------------------------------------- */

void findings_add(struct findings *f, uint64_t seq, const char *what, const char *fmt, ...)
{
    if (++f->count > FINDINGS_SHOWN || f->visit == NULL) return;
    struct finding finding = {.ledger = f->ledger, .seq = seq, .what = what};
    va_list args;
    va_start(args, fmt);
    vsnprintf(finding.text, sizeof finding.text, fmt, args);
    va_end(args);
    f->visit(f->state, &finding);
}

void findings_close(struct findings *f)
{
    if (f->count <= FINDINGS_SHOWN || f->visit == NULL) return;
    struct finding finding = {.ledger = f->ledger, .what = "more"};
    snprintf(finding.text, sizeof finding.text, "%llu more findings in the %s ledger are not listed.",
             (unsigned long long)(f->count - FINDINGS_SHOWN), f->ledger);
    f->visit(f->state, &finding);
}

/* ---- taking rows ----------------------------------------------------------------------------------- */

struct audit *audit_new(struct findings *findings)
{
    struct audit *a = alloc_zero(1, sizeof *a);
    a->findings = findings;
    a->version = table_new(SIZE_MAX);
    a->recorded_at_ms = INT64_MIN;
    buf_init(&a->scratch, LEAF_BYTES_MAX);
    return a;
}

void audit_free(struct audit *a)
{
    if (a == NULL) return;
    for (size_t i = 0; i < a->strays; i++)
        alloc_free(a->stray[i].bytes);
    buf_free(&a->scratch);
    table_free(a->version);
    alloc_free(a->expected);
    alloc_free(a->stray);
    alloc_free(a->row);
    alloc_free(a);
}

uint64_t audit_rows(const struct audit *a)
{
    return a->rows;
}

uint64_t audit_last_seq(const struct audit *a)
{
    return a->rows > 0 ? a->row[a->rows - 1].seq : 0;
}

/* Room for one more; the array's place. */
static void *grown(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room) return array;
    *room = *room == 0 ? 64 : *room * 2;
    return alloc_resize(array, *room, size);
}

static void add_row(struct audit *a, uint64_t seq, const Sha256 *stored)
{
    MUST(seq > audit_last_seq(a));
    a->row = grown(a->row, a->rows, &a->row_room, sizeof a->row[0]);
    a->row[a->rows++] = (struct row){.seq = seq, .stored = *stored};
}

/* seq stands behind the magic, the ledger and the stream; each but the magic with its length before it. */
bool audit_made_for(const struct audit *a, char *bytes, size_t len, uint64_t seq, const Sha256 *stored)
{
    const size_t at = 16 + 4 + strlen(a->findings->ledger) + 12 + 4;
    MUST(at + 8 <= len);
    for (size_t i = 0; i < 8; i++)
        bytes[at + i] = (char)(unsigned char)(seq >> (56 - 8 * i));
    const Sha256 h = leaf_hash((Str){bytes, len});
    return sha256_eq(&h, stored);
}

static bool try_shift(const struct audit *a, struct stray *s, int64_t shift)
{
    const struct row *row = &a->row[s->row];
    const uint64_t at = row->seq + (uint64_t)shift;
    if (shift == 0 || (shift < 0 && at >= row->seq) || at == 0) return false;
    if (!audit_made_for(a, s->bytes, s->len, at, &row->stored)) return false;
    s->at = at;
    s->odd = ODD_MOVED;
    return true;
}

/* Looks near by at once, so that a ledger that is shifted as a whole costs one try a row. */
static void add_stray(struct audit *a, const Sha256 *recomputed)
{
    struct stray s = {.row = a->rows - 1, .at = a->row[a->rows - 1].seq, .recomputed = *recomputed};
    s.bytes = a->scratch.ptr;
    s.len = a->scratch.len;
    bool found = try_shift(a, &s, a->shift);
    if (!found && a->windows < WINDOW_ROWS_MAX) {
        a->windows++;
        for (int64_t d = 1; d <= WINDOW && !found; d++)
            found = try_shift(a, &s, d) || try_shift(a, &s, -d);
    }
    if (found) a->shift = (int64_t)(s.at - a->row[s.row].seq);
    s.bytes = NULL;
    if (!found && a->strays < ODD_PLACES_MAX) {
        s.bytes = alloc_zero(s.len, 1);
        memcpy(s.bytes, a->scratch.ptr, s.len);
    }
    a->stray = grown(a->stray, a->strays, &a->stray_room, sizeof a->stray[0]);
    a->stray[a->strays++] = s;
}

void audit_take_unread(struct audit *a, uint64_t seq, const Sha256 *stored)
{
    add_row(a, seq, stored);
    a->stray = grown(a->stray, a->strays, &a->stray_room, sizeof a->stray[0]);
    a->stray[a->strays++] =
        (struct stray){.row = a->rows - 1, .at = seq, .recomputed = *stored, .odd = ODD_UNREAD};
}

static const struct row *row_at(const struct audit *a, uint64_t seq)
{
    size_t low = 0, high = a->rows;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (a->row[middle].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low < a->rows && a->row[low].seq == seq ? &a->row[low] : NULL;
}

static bool is_stray(const struct audit *a, const struct row *row)
{
    const size_t index = (size_t)(row - a->row);
    size_t low = 0, high = a->strays;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (a->stray[middle].row < index)
            low = middle + 1;
        else
            high = middle;
    }
    return low < a->strays && a->stray[low].row == index;
}

/* An entry of facts names the one before it of its record. A broken chain is a finding of its own, unless the
 * entry that is named is missing or odd: then that is the finding. */
static void check_prior(struct audit *a, const struct leaf *leaf)
{
    if (leaf->record == 0 || !str_eq(leaf->verb, S("append"))) return;
    uint64_t *version = table_at_number(a->version, leaf->record, NULL);
    const uint64_t before = *version;
    *version = leaf->seq;
    if (leaf->prior == before) return;
    const struct row *named = leaf->prior == 0 ? NULL : row_at(a, leaf->prior);
    if (leaf->prior != 0 && leaf->prior < leaf->seq && (named == NULL || is_stray(a, named))) return;
    findings_add(a->findings, leaf->seq, "prior",
                 "Entry %llu of the %s ledger says that its record's entry before it is %llu; it is %llu.",
                 (unsigned long long)leaf->seq, a->findings->ledger, (unsigned long long)leaf->prior,
                 (unsigned long long)before);
}

static void check_times(struct audit *a, const struct leaf *leaf)
{
    if (leaf->recorded_at_ms < a->recorded_at_ms)
        findings_add(a->findings, leaf->seq, "time",
                     "Entry %llu of the %s ledger was recorded earlier than the entry before it.",
                     (unsigned long long)leaf->seq, a->findings->ledger);
    a->recorded_at_ms = leaf->recorded_at_ms;
    if (leaf->known_at_ms > leaf->recorded_at_ms)
        findings_add(a->findings, leaf->seq, "time",
                     "Entry %llu of the %s ledger claims to be known later than it was recorded.",
                     (unsigned long long)leaf->seq, a->findings->ledger);
}

bool audit_take(struct audit *a, const struct leaf *leaf, const Sha256 *stored)
{
    buf_clear(&a->scratch);
    leaf_write(&a->scratch, leaf);
    const Sha256 recomputed = leaf_hash(buf_str(&a->scratch));
    add_row(a, leaf->seq, stored);
    if (a->scratch.failed || !sha256_eq(&recomputed, stored)) {
        add_stray(a, &recomputed);
        return false;
    }
    check_times(a, leaf);
    check_prior(a, leaf);
    return true;
}

static void expect(struct audit *a, const struct expectation *x)
{
    a->expected = grown(a->expected, a->expectations, &a->expected_room, sizeof a->expected[0]);
    a->expected[a->expectations++] = *x;
}

void audit_expect(struct audit *a, uint64_t size, const Sha256 *root, int64_t at_ms, bool outside)
{
    expect(a, &(struct expectation){.size = size,
                                    .root = *root,
                                    .at_ms = at_ms,
                                    .promise = outside ? BY_OUTSIDER : BY_CHECKPOINT});
}

void audit_expect_edge(struct audit *a, const struct merkle *edge)
{
    expect(a, &(struct expectation){.size = edge->size, .root = merkle_root(edge), .promise = BY_EDGE});
}
