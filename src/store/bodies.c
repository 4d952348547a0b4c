#include "store/bodies.h"

#include "base/alloc.h"
#include "store/keys.h"

#include <sodium.h>

enum status withdrawals_load(struct withdrawals *w, struct db *change, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, change, Q_batch_list_withdrawn, e));
    w->count = 0;
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        if (w->count == w->room) {
            w->room = w->room ? 2 * w->room : 16;
            w->item = alloc_resize(w->item, w->room, sizeof w->item[0]);
        }
        w->item[w->count++] = (struct withdrawal){query_get_u64(&q, 0), query_get_u64(&q, 1)};
    }
}

void withdrawals_free(struct withdrawals *w)
{
    alloc_free(w->item);
    *w = (struct withdrawals){0};
}

bool withdrawals_has(const struct withdrawals *w, uint64_t batch, uint64_t seq)
{
    size_t low = 0, high = batch ? w->count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (w->item[middle].batch == batch) return w->item[middle].seq <= seq;
        if (w->item[middle].batch < batch)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

void bodies_init(struct bodies *b, struct db *change, struct db *keys)
{
    *b = (struct bodies){.change = change, .keys = keys};
    buf_init(&b->plain, SIZE_MAX / 4);
}

void bodies_done(struct bodies *b)
{
    withdrawals_free(&b->withdrawn);
    buf_free(&b->plain);
}

enum status bodies_text(struct bodies *b, const struct record_key *key, uint64_t seq, struct arena *a,
                        Str *text, uint64_t *prior, uint64_t *batch, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, b->change, Q_chain_step, e));
    query_u64(&q, seq);
    TRY(query_step(&q, &row, e));
    if (!row)
        return ERR(e, E_DB, "", "entry %llu of the change ledger is missing; run verify.",
                   (unsigned long long)seq);
    buf_clear(&b->plain);
    TRY(body_open(&b->plain, key, "change", query_get_u64(&q, 2), seq, query_get_blob(&q, 3), e));
    *prior = query_get_u64(&q, 0);
    *batch = query_get_u64(&q, 1);
    *text = str_copy(a, buf_str(&b->plain));
    return OK;
}

struct chain {
    struct entry_line *line;
    Str *text;
    size_t count, room;
};

static void chain_grow(struct arena *a, struct chain *c)
{
    size_t room = c->room ? 2 * c->room : 4;
    c->line = arena_grow(a, c->line, c->room, room, sizeof c->line[0], _Alignof(struct entry_line));
    c->text = arena_grow(a, c->text, c->room, room, sizeof c->text[0], _Alignof(Str));
    c->room = room;
}

/* The next older entry; *seq moves to the one before it. */
static enum status chain_step(struct bodies *b, const struct record_key *key, uint64_t seq_max,
                              struct arena *a, struct chain *c, uint64_t *seq, struct err *e)
{
    uint64_t prior = 0, batch = 0;
    Str text;
    TRY(bodies_text(b, key, *seq, a, &text, &prior, &batch, e));
    if (prior >= *seq)
        return ERR(e, E_DB, "", "entry %llu of the change ledger names a later one as its prior; run verify.",
                   (unsigned long long)*seq);
    if (*seq <= seq_max) {
        if (c->count == c->room) chain_grow(a, c);
        struct entry_line *line = &c->line[c->count];
        *line = (struct entry_line){.seq = *seq, .withdrawn = withdrawals_has(&b->withdrawn, batch, seq_max)};
        TRY(change_read_body(a, text, &line->change, e));
        c->text[c->count++] = text;
    }
    *seq = prior;
    return OK;
}

enum status bodies_chain(struct bodies *b, uint64_t record, uint64_t version, uint64_t seq_max,
                         struct arena *a, struct entry_line **lines, Str **text, size_t *count, struct err *e)
{
    struct record_key key;
    struct chain c = {0};
    TRY(keys_get(b->keys, record, &key, e));
    enum status status = OK;
    for (uint64_t seq = version; seq > 0 && status == OK;)
        status = chain_step(b, &key, seq_max, a, &c, &seq, e);
    sodium_memzero(&key, sizeof key);
    TRY(status);
    *lines = c.line;
    if (text) *text = c.text;
    *count = c.count;
    return OK;
}
