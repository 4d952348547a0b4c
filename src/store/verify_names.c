#include "store/verify_names.h"

#include "base/alloc.h"

#define NAMES_BYTES_MAX (SIZE_MAX / 4)

uint32_t column_u32(struct query *q, int column)
{
    const int64_t n = query_get_i64(q, column);
    return n < 0 || n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

void names_init(struct names *n)
{
    *n = (struct names){.arena = arena_new("verify", NAMES_BYTES_MAX)};
    n->context = table_new(SIZE_MAX);
    n->source = table_new(SIZE_MAX);
}

void names_free(struct names *n)
{
    table_free(n->context);
    table_free(n->source);
    alloc_free(n->contexts);
    alloc_free(n->sources);
    arena_free(n->arena);
}

enum status names_context(struct names *n, struct db *d, uint64_t id, const struct context **out,
                          struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool fresh = false, row = false;
    uint64_t *at = table_at_number(n->context, id, &fresh);
    if (!fresh) {
        *out = *at == 0 ? NULL : &n->contexts[*at - 1];
        return OK;
    }
    TRY(query_start(&q, d, Q_ledger_context_get, e));
    query_i64(&q, (int64_t)id);
    TRY(query_step(&q, &row, e));
    *out = NULL;
    if (!row) return OK;
    Str text[6];
    for (int i = 0; i < 6; i++)
        text[i] = str_copy(n->arena, query_get_str(&q, i));
    if (n->context_count == n->context_room) {
        n->context_room = n->context_room ? 2 * n->context_room : 64;
        n->contexts = alloc_resize(n->contexts, n->context_room, sizeof n->contexts[0]);
    }
    n->contexts[n->context_count++] = (struct context){
        text[0], text[1], text[2], text[3], text[4], text[5], column_u32(&q, 6), column_u32(&q, 7)};
    *at = n->context_count;
    *out = &n->contexts[*at - 1];
    return OK;
}

enum status names_source(struct names *n, struct db *d, uint64_t id, Str *out, bool *known, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool fresh = false, row = false;
    *known = true;
    *out = S("");
    if (id == 0) return OK;
    uint64_t *at = table_at_number(n->source, id, &fresh);
    if (fresh) {
        TRY(query_start(&q, d, Q_ledger_source_get, e));
        query_i64(&q, (int64_t)id);
        TRY(query_step(&q, &row, e));
        if (row && n->source_count == n->source_room) {
            n->source_room = n->source_room ? 2 * n->source_room : 16;
            n->sources = alloc_resize(n->sources, n->source_room, sizeof n->sources[0]);
        }
        if (row) {
            n->sources[n->source_count++] = str_copy(n->arena, query_get_str(&q, 0));
            *at = n->source_count;
        }
    }
    *known = *at != 0;
    if (*known) *out = n->sources[*at - 1];
    return OK;
}
