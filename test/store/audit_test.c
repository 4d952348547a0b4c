/* The examination of a ledger without a database: rows are bent in memory, and the findings must be these and
 * no others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "store/audit.h"

#define ENTRIES 300
#define RECORDS 40

struct entry {
    struct leaf leaf;
    Sha256 stored;
};

/* A ledger in memory, the promises made about it, and what is found. */
struct book {
    struct entry entry[2 * ENTRIES];
    size_t count;
    Sha256 leaf[ENTRIES + 1];
    struct {
        uint64_t size;
        Sha256 root;
        bool outside;
    } promise[8];
    size_t promises;
    struct merkle edge;
    bool has_edge;
    char found[2000];
    uint64_t finding_count;
};

static struct book book;

static Sha256 hash_of(const struct leaf *leaf)
{
    struct buf b CLEANUP_BUF;
    buf_init(&b, 4096);
    leaf_write(&b, leaf);
    return leaf_hash(buf_str(&b));
}

static void promise_root(uint64_t size, bool outside)
{
    book.promise[book.promises].size = size;
    book.promise[book.promises].root = merkle_root_of(book.leaf, size);
    book.promise[book.promises++].outside = outside;
}

static void set_edge(size_t size)
{
    merkle_init(&book.edge);
    for (size_t i = 0; i < size; i++)
        merkle_append(&book.edge, &book.leaf[i]);
    book.has_edge = true;
}

/* 300 entries of 40 records; checkpoints at 100 and 200. */
static void write_book(void)
{
    uint64_t version[RECORDS + 1] = {0};
    memset(&book, 0, sizeof book);
    for (uint64_t seq = 1; seq <= ENTRIES; seq++) {
        const uint64_t record = 1 + seq * 7 % RECORDS;
        struct leaf *leaf = &book.entry[seq - 1].leaf;
        *leaf = (struct leaf){.ledger = "change",
                              .stream = 1,
                              .seq = seq,
                              .recorded_at_ms = 1000000 + (int64_t)seq,
                              .known_at_ms = 500000,
                              .actor = S("clerk"),
                              .role = S("intake"),
                              .operation = OP_COLLECT,
                              .verb = S("append"),
                              .record = record,
                              .prior = version[record],
                              .line = seq,
                              .source = S("police"),
                              .outcome = S("done")};
        version[record] = seq;
        book.leaf[seq - 1] = book.entry[seq - 1].stored = hash_of(leaf);
    }
    book.count = ENTRIES;
    promise_root(100, false);
    promise_root(200, false);
    set_edge(ENTRIES);
}

/* ---- bending; all places from 1 ---------------------------------------------------------------------- */

static struct entry *at(uint64_t place)
{
    for (size_t i = 0; i < book.count; i++)
        if (book.entry[i].leaf.seq == place) return &book.entry[i];
    fail_msg("no entry %llu", (unsigned long long)place);
    abort();
}

static void resign(uint64_t place)
{
    at(place)->stored = hash_of(&at(place)->leaf);
}

static void cut(uint64_t first, uint64_t last)
{
    size_t kept = 0;
    for (size_t i = 0; i < book.count; i++)
        if (book.entry[i].leaf.seq < first || book.entry[i].leaf.seq > last)
            book.entry[kept++] = book.entry[i];
    book.count = kept;
}

static void shift(uint64_t from, int64_t by)
{
    for (size_t i = 0; i < book.count; i++)
        if (book.entry[i].leaf.seq >= from) book.entry[i].leaf.seq += (uint64_t)by;
}

static void swap(uint64_t one, uint64_t other)
{
    struct entry *a = at(one), *b = at(other);
    a->leaf.seq = other;
    b->leaf.seq = one;
}

static void copy_to(uint64_t from, uint64_t to)
{
    book.entry[book.count] = *at(from);
    book.entry[book.count++].leaf.seq = to;
}

static void forge(uint64_t place)
{
    copy_to(at(1)->leaf.seq, place);
    book.entry[book.count - 1].leaf.actor = S("somebody");
    book.entry[book.count - 1].leaf.record = 0;
    book.entry[book.count - 1].leaf.prior = 0;
    book.entry[book.count - 1].leaf.recorded_at_ms = 1000000 + (int64_t)place;
    book.entry[book.count - 1].stored = hash_of(&book.entry[book.count - 1].leaf);
}

static void nothing(void)
{
}
static void alter_column(void)
{
    at(40)->leaf.actor = S("other");
}
static void alter_hash(void)
{
    at(40)->stored.byte[31] ^= 1;
}
static void alter_three(void)
{
    at(40)->leaf.line++;
    at(41)->leaf.line++;
    at(150)->leaf.line++;
}
static void alter_both_ways(void)
{
    at(40)->leaf.line++;
    at(41)->stored.byte[0] ^= 1;
}
static void alter_all(void)
{
    for (size_t i = 0; i < book.count; i++)
        book.entry[i].leaf.origin = S("x");
}
static void rewrite_early(void)
{
    at(40)->leaf.actor = S("other");
    resign(40);
}
static void rewrite_between(void)
{
    at(150)->leaf.actor = S("other");
    resign(150);
}
static void rewrite_tail(void)
{
    at(250)->leaf.actor = S("other");
    resign(250);
}
static void delete_one(void)
{
    cut(40, 40);
}
static void delete_first(void)
{
    cut(1, 1);
}
static void delete_run(void)
{
    cut(210, 219);
}
static void delete_and_close(void)
{
    cut(40, 40);
    shift(41, -1);
}
static void cut_tail(void)
{
    cut(251, ENTRIES);
}
static void cut_tail_and_edge(void)
{
    cut(251, ENTRIES);
    set_edge(250);
}
static void cut_into_checkpoint(void)
{
    cut(151, ENTRIES);
    set_edge(150);
}
static void cut_all(void)
{
    book.count = 0;
}
static void swap_near(void)
{
    swap(40, 41);
}
static void swap_far(void)
{
    swap(40, 240);
}
static void rotate_three(void)
{
    swap(40, 140);
    swap(140, 240);
}
static void move_to_end(void)
{
    at(40)->leaf.seq = 900;
}
static void insert_shifted(void)
{
    shift(40, 1);
    forge(40);
}
static void insert_shifted_bad_hash(void)
{
    shift(40, 1);
    forge(40);
    at(40)->stored.byte[0] ^= 1;
}
static void append_forged(void)
{
    forge(301);
}
static void append_far(void)
{
    forge(400);
}
static void copy_near(void)
{
    copy_to(290, 301);
}
static void copy_far(void)
{
    copy_to(5, 301);
}
static void copy_twice(void)
{
    copy_to(5, 301);
    copy_to(5, 302);
}
static void copy_over(void)
{
    cut(40, 40);
    copy_to(140, 40);
}
static void edge_only(void)
{
    book.edge.edge[2].byte[0] ^= 1;
}
static void edge_longer(void)
{
    Sha256 more = book.leaf[0];
    merkle_append(&book.edge, &more);
}
static void edge_gone(void)
{
    merkle_init(&book.edge);
}
static void edge_at_checkpoint(void)
{
    promise_root(300, false);
    book.edge.edge[2].byte[0] ^= 1;
}
static void time_back(void)
{
    at(250)->leaf.recorded_at_ms = 1000;
    at(250)->leaf.known_at_ms = 0;
    resign(250);
    book.has_edge = false;
}
static void known_late(void)
{
    at(250)->leaf.known_at_ms = 1000251;
    resign(250);
    book.has_edge = false;
}
static void prior_other(void)
{
    at(250)->leaf.prior = 3;
    resign(250);
    book.has_edge = false;
}
static void prior_none(void)
{
    at(250)->leaf.prior = 0;
    resign(250);
    book.has_edge = false;
}
static void prior_ahead(void)
{
    at(250)->leaf.prior = 251;
    resign(250);
    book.has_edge = false;
}
static void outside_agrees(void)
{
    promise_root(250, true);
    promise_root(300, true);
    promise_root(0, true);
}
static void outside_rolled_back(void)
{
    promise_root(300, true);
    cut(251, ENTRIES);
    set_edge(250);
}
static void outside_rewritten(void)
{
    promise_root(300, true);
    at(250)->leaf.actor = S("other");
    resign(250);
    book.leaf[249] = at(250)->stored;
    set_edge(300);
    promise_root(300, false);
}
static void outside_with_gap(void)
{
    promise_root(300, true);
    cut(40, 40);
}
static void outside_with_alteration(void)
{
    promise_root(300, true);
    at(40)->leaf.line++;
    at(41)->stored.byte[0] ^= 1;
}

static const struct {
    const char *name;
    void (*bend)(void);
    const char *found;
} cases[] = {
    {"nothing", nothing, ""},
    {"a column", alter_column, "altered@40"},
    {"a hash", alter_hash, "altered@40"},
    {"neighbours are one finding", alter_three, "altered@40 altered@150"},
    {"a column here, a hash there", alter_both_ways, "altered@40 unproven@1"},
    {"all entries", alter_all, "altered@1"},
    {"rewritten with its hash, early", rewrite_early, "rewritten@1"},
    {"rewritten with its hash, between checkpoints", rewrite_between, "rewritten@101"},
    {"rewritten with its hash, in the tail", rewrite_tail, "edge@201"},
    {"one deleted", delete_one, "missing@40 unproven@40"},
    {"the first deleted", delete_first, "missing@1 unproven@1"},
    {"ten deleted", delete_run, "missing@210 unproven@210"},
    {"one deleted, the gap closed", delete_and_close, "reordered@40 missing@40 unproven@40"},
    {"tail cut", cut_tail, "truncated@251"},
    {"tail and edge cut: nothing inside tells", cut_tail_and_edge, ""},
    {"cut into a checkpoint", cut_into_checkpoint, "truncated@151"},
    {"everything cut", cut_all, "truncated@1"},
    {"swapped neighbours", swap_near, "reordered@40 reordered@41"},
    {"swapped far apart", swap_far, "reordered@40 reordered@240"},
    {"three rotated", rotate_three, "reordered@40 reordered@140 reordered@240"},
    {"moved behind the end", move_to_end, "reordered@900"},
    {"put in, the rest moved on", insert_shifted, "inserted@40 reordered@41"},
    {"put in with a false hash", insert_shifted_bad_hash, "inserted@40 reordered@41"},
    {"put in behind the end", append_forged, "inserted@301"},
    {"put in far behind the end", append_far, "missing@301 inserted@301"},
    {"copied near", copy_near, "copied@301"},
    {"copied far", copy_far, "copied@301"},
    {"copied twice", copy_twice, "copied@301 copied@302"},
    {"copied over another", copy_over, "copied@40 missing@40 unproven@40"},
    {"edge altered", edge_only, "edge@201"},
    {"edge longer", edge_longer, "truncated@301"},
    {"edge gone", edge_gone, "inserted@1"},
    {"edge altered at a checkpoint", edge_at_checkpoint, "edge@300"},
    {"recorded earlier than before", time_back, "time@250"},
    {"known later than recorded", known_late, "time@250"},
    {"prior names another", prior_other, "prior@250"},
    {"prior names none", prior_none, "prior@250"},
    {"prior names a later one", prior_ahead, "prior@250"},
    {"outside checkpoint agrees", outside_agrees, ""},
    {"rolled back", outside_rolled_back, "rolled back@251"},
    {"rewritten and signed again", outside_rewritten, "rewritten@1"},
    {"outside checkpoint beyond a gap", outside_with_gap, "missing@40 unproven@40 unproven@40"},
    {"outside checkpoint beyond alterations", outside_with_alteration, "altered@40 unproven@1 unproven@1"},
};

static void note(void *state, const struct finding *f)
{
    char *found = state;
    const size_t len = strlen(found);
    assert_string_equal(f->ledger, "change");
    assert_true(f->text[0] != '\0' && f->text[strlen(f->text) - 1] == '.');
    snprintf(found + len, sizeof book.found - len, "%s%s@%llu", len ? " " : "", f->what,
             (unsigned long long)f->seq);
}

static int by_seq(const void *one, const void *other)
{
    const struct entry *a = one, *b = other;
    return a->leaf.seq < b->leaf.seq ? -1 : a->leaf.seq > b->leaf.seq;
}

static void examine(void)
{
    struct findings findings = {.ledger = "change", .visit = note, .state = book.found};
    struct audit *audit = audit_new(&findings);
    qsort(book.entry, book.count, sizeof book.entry[0], by_seq);
    for (size_t i = 0; i < book.promises; i++)
        audit_expect(audit, book.promise[i].size, &book.promise[i].root, 0, book.promise[i].outside);
    if (book.has_edge) audit_expect_edge(audit, &book.edge);
    for (size_t i = 0; i < book.count; i++)
        (void)audit_take(audit, &book.entry[i].leaf, &book.entry[i].stored);
    assert_int_equal(audit_rows(audit), book.count);
    audit_settle(audit);
    findings_close(&findings);
    audit_free(audit);
    book.finding_count = findings.count;
}

static void findings_are_these(void **state)
{
    (void)state;
    bool all = true;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        write_book();
        cases[i].bend();
        examine();
        if (strcmp(book.found, cases[i].found) == 0) continue;
        print_error("%s: found \"%s\", wanted \"%s\"\n", cases[i].name, book.found, cases[i].found);
        all = false;
    }
    assert_true(all);
}

/* Many single findings are listed up to a limit and then counted. */
static void count_only(void *state, const struct finding *f)
{
    uint64_t *more = state;
    if (strcmp(f->what, "more") == 0)
        *more = 1;
    else
        assert_true(f->seq > 0);
}

static void very_many_findings_are_counted(void **state)
{
    (void)state;
    uint64_t more = 0;
    struct findings findings = {.ledger = "change", .visit = count_only, .state = &more};
    struct audit *audit = audit_new(&findings);
    for (uint64_t seq = 1; seq <= 4000; seq++) {
        struct leaf leaf = {.ledger = "change", .seq = seq, .verb = S("note")};
        Sha256 stored = hash_of(&leaf);
        if (seq % 2) stored.byte[0] ^= 1;
        assert_int_equal(audit_take(audit, &leaf, &stored), seq % 2 == 0);
    }
    audit_settle(audit);
    findings_close(&findings);
    audit_free(audit);
    assert_int_equal(findings.count, 2000);
    assert_int_equal(more, 1);
}

/* An entry whose columns cannot be read still holds its place in the tree. */
static void unread_rows_hold_their_place(void **state)
{
    (void)state;
    write_book();
    struct findings findings = {.ledger = "change", .visit = note, .state = book.found};
    struct audit *audit = audit_new(&findings);
    for (size_t i = 0; i < book.promises; i++)
        audit_expect(audit, book.promise[i].size, &book.promise[i].root, 0, false);
    for (size_t i = 0; i < book.count; i++)
        if (i == 39)
            audit_take_unread(audit, 40, &book.entry[i].stored);
        else
            assert_true(audit_take(audit, &book.entry[i].leaf, &book.entry[i].stored));
    audit_settle(audit);
    audit_free(audit);
    assert_string_equal(book.found, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_these),
        cmocka_unit_test(very_many_findings_are_counted),
        cmocka_unit_test(unread_rows_hold_their_place),
    };
    return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
