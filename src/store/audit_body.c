#include "store/audit_body.h"

#include "base/alloc.h"
#include "base/table.h"

#define ODD_BODIES_MAX 64
#define BODY_BYTES_MAX (SIZE_MAX / 4)

#define ULL(n) ((unsigned long long)(n))

/* An entry whose body does not open, or is not there (sealed NULL). */
struct odd_body {
    uint64_t stream, seq;
    struct record_key key;
    char *sealed;
    size_t len;
};

/* A record without a key, and how many bodies that closes. */
struct lost_record {
    uint64_t record, first_seq, bodies;
};

struct body_audit {
    struct findings *findings;
    struct db *keys;
    struct record_key named; /* of entries that belong to no record */
    bool named_known, named_asked;
    uint64_t key_record; /* the key found last: the lines of one record mostly come together */
    struct record_key key;
    bool key_known;
    struct odd_body odd[ODD_BODIES_MAX];
    size_t odds;
    struct table *lost_index;
    struct lost_record *lost;
    size_t losses, loss_room;
    struct table *erased; /* record to the entry that erased it, 0: one that is odd */
    struct buf open;
    uint64_t opened;
};

struct body_audit *body_audit_new(struct db *keys, struct findings *findings)
{
    struct body_audit *b = alloc_zero(1, sizeof *b);
    b->findings = findings;
    b->keys = keys;
    b->lost_index = table_new(SIZE_MAX);
    b->erased = table_new(SIZE_MAX);
    buf_init(&b->open, BODY_BYTES_MAX);
    return b;
}

void body_audit_free(struct body_audit *b)
{
    if (b == NULL) return;
    for (size_t i = 0; i < b->odds; i++)
        alloc_free(b->odd[i].sealed);
    explicit_bzero(b->odd, sizeof b->odd);
    explicit_bzero(&b->named, sizeof b->named);
    explicit_bzero(&b->key, sizeof b->key);
    buf_free(&b->open);
    table_free(b->lost_index);
    table_free(b->erased);
    alloc_free(b->lost);
    alloc_free(b);
}

/* ---- keys ------------------------------------------------------------------------------------------ */

static enum status take_key(struct query *q, struct record_key *key, bool *known, struct err *e)
{
    bool row = false;
    TRY(query_step(q, &row, e));
    const Str secret = row ? query_get_blob(q, 0) : S("");
    *known = secret.len == RECORD_KEY_BYTES;
    if (*known) memcpy(key->byte, secret.ptr, RECORD_KEY_BYTES);
    return OK;
}

static enum status find_record_key(struct body_audit *b, uint64_t record, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    if (record == b->key_record) return OK;
    b->key_record = 0;
    TRY(query_start(&q, b->keys, Q_key_get, e));
    query_i64(&q, (int64_t)record);
    TRY(take_key(&q, &b->key, &b->key_known, e));
    b->key_record = record;
    return OK;
}

static enum status find_named_key(struct body_audit *b, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    if (b->named_asked) return OK;
    TRY(query_start(&q, b->keys, Q_key_named_get, e));
    query_str(&q, strcmp(b->findings->ledger, "access") == 0 ? S("access") : S("admin"));
    TRY(take_key(&q, &b->named, &b->named_known, e));
    b->named_asked = true;
    return OK;
}

/* Facts are sealed with their record's key; all else, an erasure and its reason too, with the ledger's own.
 */
static bool has_record_key(const struct body_audit *b, const struct leaf *leaf)
{
    return leaf->record != 0 && str_eq(leaf->verb, S("append")) && strcmp(b->findings->ledger, "change") == 0;
}

/* *key NULL: there is none. */
static enum status find_key(struct body_audit *b, const struct leaf *leaf, const struct record_key **key,
                            struct err *e)
{
    *key = NULL;
    if (has_record_key(b, leaf)) {
        TRY(find_record_key(b, leaf->record, e));
        if (b->key_known) *key = &b->key;
    } else {
        TRY(find_named_key(b, e));
        if (b->named_known) *key = &b->named;
    }
    return OK;
}

/* ---- one entry ------------------------------------------------------------------------------------- */

static void add_loss(struct body_audit *b, const struct leaf *leaf)
{
    const uint64_t record = has_record_key(b, leaf) ? leaf->record : 0;
    bool fresh = false;
    uint64_t *at = table_at_number(b->lost_index, record, &fresh);
    if (fresh) {
        *at = b->losses;
        if (b->losses == b->loss_room) {
            b->loss_room = b->loss_room == 0 ? 64 : b->loss_room * 2;
            b->lost = alloc_resize(b->lost, b->loss_room, sizeof b->lost[0]);
        }
        b->lost[b->losses++] = (struct lost_record){.record = record, .first_seq = leaf->seq};
    }
    b->lost[*at].bodies++;
}

static void say_altered(struct body_audit *b, uint64_t seq)
{
    findings_add(b->findings, seq, "body altered",
                 "The body of entry %llu of the %s ledger, or the key that opens it, was altered.", ULL(seq),
                 b->findings->ledger);
}

static void say_missing(struct body_audit *b, uint64_t seq)
{
    findings_add(b->findings, seq, "body missing", "The body of entry %llu of the %s ledger is missing.",
                 ULL(seq), b->findings->ledger);
}

static void add_odd(struct body_audit *b, const struct leaf *leaf, const struct record_key *key, Str sealed)
{
    if (b->odds == ODD_BODIES_MAX) {
        (str_present(sealed) ? say_altered : say_missing)(b, leaf->seq);
        return;
    }
    struct odd_body *odd = &b->odd[b->odds++];
    *odd = (struct odd_body){.stream = leaf->stream, .seq = leaf->seq, .key = *key};
    if (!str_present(sealed)) return;
    odd->sealed = alloc_zero(sealed.len + 1, 1);
    odd->len = sealed.len;
    if (sealed.len > 0) memcpy(odd->sealed, sealed.ptr, sealed.len);
}

static bool opens(struct body_audit *b, const struct record_key *key, uint64_t stream, uint64_t seq,
                  Str sealed)
{
    buf_clear(&b->open);
    return body_open(&b->open, key, b->findings->ledger, stream, seq, sealed, NULL) == OK;
}

enum status body_audit_take(struct body_audit *b, const struct leaf *leaf, Str sealed, struct err *e)
{
    static const Sha256 none = {{0}};
    if (leaf->operation == OP_ERASE && leaf->record != 0)
        *table_at_number(b->erased, leaf->record, NULL) = leaf->seq;
    if (sha256_eq(&leaf->commitment, &none)) {
        if (str_present(sealed))
            findings_add(b->findings, leaf->seq, "body added",
                         "Entry %llu of the %s ledger was written without a body, and has one.",
                         ULL(leaf->seq), b->findings->ledger);
        return OK;
    }
    if (b->keys == NULL) return OK;
    const struct record_key *key = NULL;
    TRY(find_key(b, leaf, &key, e));
    if (key == NULL) {
        add_loss(b, leaf);
        return OK;
    }
    if (!str_present(sealed) || !opens(b, key, leaf->stream, leaf->seq, sealed)) {
        add_odd(b, leaf, key, sealed);
        return OK;
    }
    const Sha256 commitment =
        body_commitment(key, b->findings->ledger, leaf->stream, leaf->seq, buf_str(&b->open));
    if (!sha256_eq(&commitment, &leaf->commitment))
        findings_add(
            b->findings, leaf->seq, "body altered",
            "The body of entry %llu of the %s ledger was sealed anew: it is not what the entry committed to.",
            ULL(leaf->seq), b->findings->ledger);
    b->opened++;
    return OK;
}

void body_audit_take_odd(struct body_audit *b, uint32_t operation, uint64_t record)
{
    if (operation == OP_ERASE && record != 0) (void)table_at_number(b->erased, record, NULL);
}

/* ---- the end --------------------------------------------------------------------------------------- */

static void settle_odd(struct body_audit *b, const struct odd_body *odd)
{
    if (odd->sealed == NULL) {
        say_missing(b, odd->seq);
        return;
    }
    const Str sealed = {odd->sealed, odd->len};
    for (size_t i = 0; i < b->odds; i++) {
        const struct odd_body *other = &b->odd[i];
        if (other == odd || !opens(b, &other->key, other->stream, other->seq, sealed)) continue;
        findings_add(b->findings, odd->seq, "body moved",
                     "The body of entry %llu of the %s ledger was written for entry %llu.", ULL(odd->seq),
                     b->findings->ledger, ULL(other->seq));
        return;
    }
    say_altered(b, odd->seq);
}

static bool is_erased(const struct body_audit *b, const struct lost_record *lost)
{
    return lost->record != 0 && table_find_number(b->erased, lost->record) != NULL;
}

static void say_lost(struct body_audit *b, const struct lost_record *first, const struct lost_record *last,
                     uint64_t bodies)
{
    const char *ledger = b->findings->ledger;
    if (first->record == 0)
        findings_add(b->findings, first->first_seq, "key missing",
                     "The %s ledger's own key is gone: %llu bodies, from entry %llu on, cannot be opened.",
                     ledger, ULL(bodies), ULL(first->first_seq));
    else if (first == last)
        findings_add(b->findings, first->first_seq, "key missing",
                     "The key of record %llu is gone, and no entry says that it was erased: %llu bodies, "
                     "from entry %llu "
                     "of the %s ledger on, cannot be opened.",
                     ULL(first->record), ULL(bodies), ULL(first->first_seq), ledger);
    else
        findings_add(b->findings, first->first_seq, "key missing",
                     "The keys of records %llu to %llu are gone, and no entry says that they were erased: "
                     "%llu bodies, "
                     "from entry %llu of the %s ledger on, cannot be opened.",
                     ULL(first->record), ULL(last->record), ULL(bodies), ULL(first->first_seq), ledger);
}

/* Records that follow each other are one finding: a key store that was put back lacks all that came later. */
static void settle_losses(struct body_audit *b, uint64_t *erased)
{
    for (size_t i = 0; i < b->losses;) {
        const struct lost_record *first = &b->lost[i++], *last = first;
        uint64_t bodies = first->bodies;
        if (is_erased(b, first)) {
            *erased += bodies;
            continue;
        }
        for (; i < b->losses && b->lost[i].record == last->record + 1 && first->record != 0; i++) {
            if (is_erased(b, &b->lost[i])) break;
            last = &b->lost[i];
            bodies += last->bodies;
        }
        say_lost(b, first, last, bodies);
    }
}

/* An erasure that was written down must have happened. */
static enum status settle_erasures(struct body_audit *b, struct err *e)
{
    if (b->keys == NULL || strcmp(b->findings->ledger, "change") != 0) return OK;
    for (size_t i = 0; i < table_count(b->erased); i++) {
        const uint64_t record = table_key_number(b->erased, i), seq = *table_value(b->erased, i);
        if (seq == 0) continue;
        TRY(find_record_key(b, record, e));
        if (b->key_known)
            findings_add(b->findings, seq, "not erased",
                         "Entry %llu of the change ledger erased record %llu, and its key is still there.",
                         ULL(seq), ULL(record));
    }
    return OK;
}

enum status body_audit_settle(struct body_audit *b, uint64_t *opened, uint64_t *erased, struct err *e)
{
    for (size_t i = 0; i < b->odds; i++)
        settle_odd(b, &b->odd[i]);
    settle_losses(b, erased);
    *opened += b->opened;
    return settle_erasures(b, e);
}
