/* Following the ledger: what came after a place, and waiting for more. */
#include "store/follow.h"

#include "store/store_private.h"

struct following {
    struct store *s;
    struct reader *r;
    struct arena *a;
    uint64_t kinds;
    struct followed *item;
    size_t count, room;
};

static void add(struct following *f, const struct followed *one)
{
    ARENA_ROOM(f->a, f->item, f->room, f->count + 1, 64);
    f->item[f->count++] = *one;
}

/* The facts of an entry, opened with its record's key. */
static enum status take_line(struct following *f, uint64_t number, struct followed *one, struct err *e)
{
    struct record_key key;
    struct err none = {0};
    uint64_t prior = 0, batch = 0;
    Str text;
    enum status status = keys_get(f->r->bodies.keys, number, &key, &none);
    if (status == E_NOT_FOUND) return OK; /* erased meanwhile */
    if (status != OK) return ERR(e, status, none.field, "%s", none.text);
    TRY(bodies_text(&f->r->bodies, &key, one->seq, f->a, &text, &prior, &batch, e));
    TRY(change_read_body(f->a, text, &one->line, e));
    one->record = one->line.record;
    one->withdrawn = withdrawals_has(&f->r->bodies.withdrawn, batch, f->r->head);
    add(f, one);
    return OK;
}

static enum status take_entry(struct following *f, struct query *q, struct err *e)
{
    Str verb = query_get_str(q, 3), kind_name = query_get_str(q, 9);
    const struct kind *kind = str_present(kind_name) ? kind_named(kind_name) : NULL;
    bool line = str_eq(verb, S("append")), erased = str_eq(verb, S("erase"));
    struct followed one = {.what = line     ? FOLLOWED_LINE
                                   : erased ? FOLLOWED_ERASED
                                            : FOLLOWED_WITHDRAWN,
                           .seq = query_get_u64(q, 0),
                           .batch = query_get_u64(q, 2),
                           .recorded_at_ms = query_get_i64(q, 4)};
    if (!line && !erased && !str_eq(verb, S("withdraw_batch"))) return OK;
    if (line && (kind == NULL || !(f->kinds >> kind->id & 1))) return OK;
    one.actor = str_copy(f->a, query_get_str(q, 5));
    one.role = str_copy(f->a, query_get_str(q, 6));
    one.unit = str_copy(f->a, query_get_str(q, 7));
    if (line) return take_line(f, query_get_u64(q, 1), &one, e);
    if (erased && kind != NULL)
        one.record = (struct record_id){str_copy(f->a, query_get_str(q, 8)), kind->id,
                                        str_copy(f->a, query_get_str(q, 10))};
    add(f, &one);
    return OK;
}

static enum status take_entries(struct following *f, uint64_t after, size_t limit, uint64_t *through,
                                struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, f->r->bodies.change, Q_entries_follow, e));
    query_u64(&q, after);
    query_u64(&q, f->r->head);
    for (bool row = true; f->count < limit;) {
        TRY(query_step(&q, &row, e));
        if (!row) {
            *through = f->r->head > after ? f->r->head : after;
            return OK;
        }
        *through = query_get_u64(&q, 0);
        TRY(take_entry(f, &q, e));
    }
    return OK;
}

enum status store_follow(struct store *s, uint64_t after, uint64_t kinds, size_t limit, struct arena *a,
                         struct followed **out, size_t *count, uint64_t *through, struct err *e)
{
    struct following f = {.s = s, .a = a, .kinds = kinds};
    uint64_t place = after;
    TRY(reader_take(s, &f.r, e));
    enum status status = take_entries(&f, after, limit, &place, e);
    reader_give(s, f.r);
    TRY(status);
    *out = f.item;
    *count = f.count;
    *through = place;
    return OK;
}

/* ---- the bell ---------------------------------------------------------------------------------------- */

uint64_t store_wait_beyond(struct store *s, uint64_t seq, int timeout_ms)
{
    struct timespec until = clock_ticks_after(timeout_ms);
    struct bell *b = &s->bell;
    pthread_mutex_lock(&b->mutex);
    uint64_t rings = b->rings;
    while (b->head <= seq && b->rings == rings)
        if (pthread_cond_timedwait(&b->moved, &b->mutex, &until) != 0) break;
    uint64_t head = b->head;
    pthread_mutex_unlock(&b->mutex);
    return head;
}

uint64_t store_newest(struct store *s)
{
    pthread_mutex_lock(&s->bell.mutex);
    uint64_t head = s->bell.head;
    pthread_mutex_unlock(&s->bell.mutex);
    return head;
}

void store_ring(struct store *s)
{
    pthread_mutex_lock(&s->bell.mutex);
    s->bell.rings++;
    pthread_cond_broadcast(&s->bell.moved);
    pthread_mutex_unlock(&s->bell.mutex);
}

void bell_publish(struct store *s, uint64_t head)
{
    pthread_mutex_lock(&s->bell.mutex);
    s->bell.head = head;
    pthread_cond_broadcast(&s->bell.moved);
    pthread_mutex_unlock(&s->bell.mutex);
}

void bell_open(struct bell *b)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&b->mutex, NULL);
    pthread_cond_init(&b->moved, &attr);
    pthread_condattr_destroy(&attr);
}

void bell_close(struct bell *b)
{
    pthread_cond_destroy(&b->moved);
    pthread_mutex_destroy(&b->mutex);
}
