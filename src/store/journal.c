#include "store/journal.h"

#include "base/table.h"

#define CACHE_MAX 100000u /* contexts remembered; then forgotten, which costs a second row at most */

static void pool_fill(void *state, void *out, size_t bytes)
{
    struct entropy_pool *pool = state;
    unsigned char *to = out;
    while (bytes > 0) {
        if (pool->left == 0) {
            pool->source.fill(pool->source.state, pool->byte, sizeof pool->byte);
            pool->left = sizeof pool->byte;
        }
        size_t piece = bytes < pool->left ? bytes : pool->left;
        unsigned char *from = pool->byte + sizeof pool->byte - pool->left;
        memcpy(to, from, piece);
        explicit_bzero(from, piece); /* given out once */
        pool->left -= piece;
        to += piece;
        bytes -= piece;
    }
}

struct entropy entropy_pooled(struct entropy_pool *pool, const struct entropy *source)
{
    *pool = (struct entropy_pool){.source = *source};
    return (struct entropy){pool_fill, pool};
}

static void caches_clear(struct journal *j)
{
    table_free(j->sources);
    table_free(j->contexts);
    j->sources = table_new(UINT32_MAX);
    j->contexts = table_new(UINT32_MAX);
    buf_clear(&j->context_key);
    j->context_id = 0;
}

void journal_init(struct journal *j, const char *ledger, struct db *db, struct entropy entropy,
                  uint32_t vocabulary_version)
{
    *j = (struct journal){
        .ledger = ledger, .db = db, .entropy = entropy, .vocabulary_version = vocabulary_version};
    merkle_init(&j->tree);
    buf_init(&j->context_key, 1 << 16);
    buf_init(&j->context_next, 1 << 16);
    buf_init(&j->leaf, 1 << 20);
    buf_init(&j->sealed, SIZE_MAX / 4);
    caches_clear(j);
}

void journal_done(struct journal *j)
{
    table_free(j->sources);
    table_free(j->contexts);
    buf_free(&j->context_key);
    buf_free(&j->context_next);
    buf_free(&j->leaf);
    buf_free(&j->sealed);
}

/* How many levels of the edge say something for a tree of this size. */
static size_t edge_levels(uint64_t size)
{
    size_t levels = 0;
    for (; size; size >>= 1)
        levels++;
    return levels;
}

/* The saved edge is a convenience: where it does not fit the entries, the leaves decide. */
static enum status tree_from_leaves(struct db *db, struct merkle *tree, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    merkle_init(tree);
    TRY(query_start(&q, db, Q_ledger_leaf_hashes, e));
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        Sha256 leaf;
        if (!query_get_hash(&q, 0, &leaf))
            return ERR(e, E_DB, "", "entry %llu holds no leaf hash; run verify.",
                       (unsigned long long)tree->size + 1);
        merkle_append(tree, &leaf);
    }
}

static enum status size_read(struct db *db, uint64_t *out, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, db, Q_ledger_size, e));
    TRY(query_step(&q, &row, e));
    *out = row ? query_get_u64(&q, 0) : 0;
    return OK;
}

enum status journal_read_tree(struct db *db, struct merkle *tree, int64_t *recorded_at_ms,
                              int64_t *known_at_ms, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    uint64_t size = 0;
    merkle_init(tree);
    *recorded_at_ms = *known_at_ms = 0;
    TRY(size_read(db, &size, e));
    TRY(query_start(&q, db, Q_ledger_tree_get, e));
    TRY(query_step(&q, &row, e));
    if (row) {
        *recorded_at_ms = query_get_i64(&q, 2);
        *known_at_ms = query_get_i64(&q, 3);
        Str edge = query_get_blob(&q, 1);
        tree->size = query_get_u64(&q, 0);
        if (tree->size == size && edge.len == edge_levels(size) * SHA256_BYTES) {
            memcpy(tree->edge, edge.ptr, edge.len);
            return OK;
        }
    }
    return tree_from_leaves(db, tree, e);
}

enum status journal_load(struct journal *j, struct err *e)
{
    struct merkle tree;
    int64_t recorded = 0, known = 0;
    TRY(journal_read_tree(j->db, &tree, &recorded, &known, e));
    caches_clear(j);
    j->tree = tree;
    j->last_recorded_ms = recorded;
    j->last_known_ms = known;
    return OK;
}

int64_t journal_time(const struct journal *j, const struct clock *clock)
{
    int64_t now = clock_now_ms(clock);
    return now > j->last_recorded_ms ? now : j->last_recorded_ms;
}

struct journal_mark journal_mark(const struct journal *j)
{
    return (struct journal_mark){j->tree, j->last_recorded_ms, j->last_known_ms};
}

void journal_return(struct journal *j, const struct journal_mark *mark)
{
    j->tree = mark->tree;
    j->last_recorded_ms = mark->last_recorded_ms;
    j->last_known_ms = mark->last_known_ms;
    caches_clear(j); /* their rows may have gone with the savepoint */
}

static enum status context_put(struct journal *j, const struct actor *a, uint64_t *id, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    const Str member[] = {a->name, a->role, a->unit, a->on_behalf_of, a->session, a->origin};
    TRY(query_start(&q, j->db, Q_ledger_context_put, e));
    for (size_t i = 0; i < COUNT_OF(member); i++)
        query_str(&q, str_present(member[i]) ? member[i] : S(""));
    query_u64(&q, j->vocabulary_version);
    query_u64(&q, NORMALISER_VERSION);
    TRY(query_run(&q, e));
    *id = (uint64_t)sqlite3_last_insert_rowid(db_handle(j->db));
    return OK;
}

static enum status context_intern(struct journal *j, const struct actor *a, uint64_t *id, struct err *e)
{
    const Str member[] = {a->name, a->role, a->unit, a->on_behalf_of, a->session, a->origin};
    struct buf *key = &j->context_next;
    buf_clear(key);
    for (size_t i = 0; i < COUNT_OF(member); i++) {
        uint32_t len = (uint32_t)member[i].len; /* before the text, so that no two actors look alike */
        buf_add_bytes(key, &len, sizeof len);
        buf_add(key, member[i]);
    }
    TRY(buf_status(key, e));
    if (j->context_id && str_eq(buf_str(key), buf_str(&j->context_key))) {
        *id = j->context_id;
        return OK;
    }
    if (table_count(j->contexts) >= CACHE_MAX) caches_clear(j);
    const uint64_t *known = table_find(j->contexts, buf_str(key));
    uint64_t context = known ? *known : 0;
    if (!known) {
        TRY(context_put(j, a, &context, e));
        *table_at(j->contexts, buf_str(key), NULL) = context;
    }
    struct buf before = j->context_key;
    j->context_key = *key;
    *key = before;
    *id = j->context_id = context;
    return OK;
}

static enum status source_intern(struct journal *j, Str name, uint64_t *id, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    if (str_empty(name)) {
        *id = 0;
        return OK;
    }
    const uint64_t *known = table_find(j->sources, name);
    if (known) {
        *id = *known;
        return OK;
    }
    bool row = false;
    TRY(query_start(&q, j->db, Q_ledger_source_find, e));
    query_str(&q, name);
    TRY(query_step(&q, &row, e));
    uint64_t source = row ? query_get_u64(&q, 0) : 0;
    query_done(&q);
    if (!row) {
        TRY(query_start(&q, j->db, Q_ledger_source_put, e));
        query_str(&q, name);
        TRY(query_run(&q, e));
        source = (uint64_t)sqlite3_last_insert_rowid(db_handle(j->db));
    }
    *table_at(j->sources, name, NULL) = *id = source;
    return OK;
}

static struct leaf leaf_of(const struct journal *j, const struct journal_entry *n, uint64_t seq)
{
    return (struct leaf){
        .ledger = j->ledger,
        .stream = STREAM_ONLY,
        .seq = seq,
        .recorded_at_ms = n->recorded_at_ms,
        .known_at_ms = n->known_at_ms,
        .actor = n->actor->name,
        .role = n->actor->role,
        .unit = n->actor->unit,
        .on_behalf_of = n->actor->on_behalf_of,
        .session = n->actor->session,
        .origin = n->actor->origin,
        .operation = n->op,
        .verb = n->verb,
        .record = n->record,
        .prior = n->prior,
        .batch = n->batch,
        .line = n->line,
        .source = n->source,
        .outcome = S("done"),
        .vocabulary_version = j->vocabulary_version,
        .normaliser_version = NORMALISER_VERSION,
        .commitment = body_commitment(n->key, j->ledger, STREAM_ONLY, seq, n->body),
    };
}

static enum status entry_put(struct journal *j, const struct leaf *leaf, uint64_t context, uint64_t source,
                             const Sha256 *hash, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, j->db, Q_ledger_entry_put, e));
    query_u64(&q, leaf->seq);
    query_u64(&q, leaf->stream);
    query_i64(&q, leaf->recorded_at_ms);
    query_i64(&q, leaf->known_at_ms);
    query_u64(&q, context);
    query_u64(&q, leaf->operation);
    query_str(&q, leaf->verb);
    query_u64(&q, leaf->record);
    query_u64(&q, leaf->prior);
    query_u64(&q, leaf->batch);
    query_u64(&q, leaf->line);
    query_u64(&q, source);
    query_str(&q, leaf->outcome);
    query_blob(&q, leaf->commitment.byte, SHA256_BYTES);
    query_blob(&q, hash->byte, SHA256_BYTES);
    return query_run(&q, e);
}

static enum status body_put(struct journal *j, const struct journal_entry *entry, uint64_t seq, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    buf_clear(&j->sealed);
    body_seal(&j->sealed, entry->key, &j->entropy, j->ledger, STREAM_ONLY, seq, entry->body);
    TRY(buf_status(&j->sealed, e));
    TRY(query_start(&q, j->db, Q_ledger_body_put, e));
    query_u64(&q, seq);
    query_blob(&q, j->sealed.ptr, j->sealed.len);
    return query_run(&q, e);
}

enum status journal_append(struct journal *j, const struct journal_entry *entry, uint64_t *seq, struct err *e)
{
    uint64_t next = j->tree.size + 1, context = 0, source = 0;
    MUST(entry->recorded_at_ms >= j->last_recorded_ms && entry->key);
    TRY(context_intern(j, entry->actor, &context, e));
    TRY(source_intern(j, entry->source, &source, e));
    struct leaf leaf = leaf_of(j, entry, next);
    buf_clear(&j->leaf);
    leaf_write(&j->leaf, &leaf);
    TRY(buf_status(&j->leaf, e));
    Sha256 hash = leaf_hash(buf_str(&j->leaf));
    TRY(entry_put(j, &leaf, context, source, &hash, e));
    TRY(body_put(j, entry, next, e));
    merkle_append(&j->tree, &hash);
    j->last_recorded_ms = entry->recorded_at_ms;
    if (entry->known_at_ms > j->last_known_ms) j->last_known_ms = entry->known_at_ms;
    *seq = next;
    return OK;
}

enum status journal_save(struct journal *j, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, j->db, Q_ledger_tree_put, e));
    query_u64(&q, j->tree.size);
    query_blob(&q, j->tree.edge, edge_levels(j->tree.size) * SHA256_BYTES);
    query_i64(&q, j->last_recorded_ms);
    query_i64(&q, j->last_known_ms);
    return query_run(&q, e);
}
