/* A search whose answers are events: each record that was found leads to the deaths and incidents it belongs
 * to. */
#include "store/store_private.h"

/* ---- from a record to its events -------------------------------------------------------------------- */

struct climbing {
    struct reader *reader;
    struct arena *arena;
    struct record_id *event;
    size_t count;
};

static bool is_event(enum kind_id kind)
{
    return kind == KIND_DEATH || kind == KIND_INCIDENT;
}

static void event_add(struct climbing *c, const struct record_id *id)
{
    for (size_t i = 0; i < c->count; i++)
        if (record_id_eq(&c->event[i], id)) return;
    if (c->count < EVENTS_OF_RECORD) c->event[c->count++] = *id;
}

/* What a reference of a record names, by its kind; there may be several of one id. */
static enum status named(struct climbing *c, Str ns, Str ident, struct record_id *out, size_t most,
                         size_t *count, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, c->reader->bodies.change, Q_record_find_in_ns, e));
    query_str(&q, ident);
    query_str(&q, ns);
    for (bool row = true; *count < most;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        const struct kind *kind = kind_named(query_get_str(&q, 0));
        if (kind != NULL)
            out[(*count)++] = (struct record_id){str_copy(c->arena, ns), kind->id, str_copy(c->arena, ident)};
    }
    return OK;
}

/* The records that a record names. */
static enum status references(struct climbing *c, uint64_t number, struct record_id *out, size_t most,
                              size_t *count, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, c->reader->bodies.change, Q_reference_of, e));
    query_u64(&q, number);
    for (bool row = true; *count < most;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        TRY(named(c, query_get_str(&q, 1), query_get_str(&q, 2), out, most, count, e));
    }
    return OK;
}

/* The events in which a person has a part. */
static enum status parts(struct climbing *c, const struct record_id *person, struct err *e)
{
    enum { PARTS_MAX = 64 };
    struct query q CLEANUP_QUERY = {0};
    uint64_t part[PARTS_MAX];
    size_t count = 0;
    TRY(query_start(&q, c->reader->bodies.change, Q_reference_from, e));
    query_str(&q, person->id);
    query_str(&q, person->ns);
    for (bool row = true; count < PARTS_MAX;) {
        TRY(query_step(&q, &row, e));
        if (!row) break;
        if (str_eq(query_get_str(&q, 3), S("involvement"))) part[count++] = query_get_u64(&q, 0);
    }
    query_done(&q);
    for (size_t i = 0; i < count; i++) {
        struct record_id of[4];
        size_t found = 0;
        TRY(references(c, part[i], of, COUNT_OF(of), &found, e));
        for (size_t k = 0; k < found; k++)
            if (is_event(of[k].kind)) event_add(c, &of[k]);
    }
    return OK;
}

/* The record itself, what it names, and of persons their parts; of what is named, persons once more: the
 * holder of a telephone. */
enum status record_events(struct reader *r, const struct record_row *row, struct arena *a,
                          struct record_id *out, size_t *count, struct err *e)
{
    struct climbing c = {.reader = r, .arena = a, .event = out};
    struct record_id of[EVENTS_OF_RECORD];
    size_t found = 0;
    if (is_event(row->id.kind)) event_add(&c, &row->id);
    if (row->id.kind == KIND_PERSON) TRY(parts(&c, &row->id, e));
    if (c.count == 0) TRY(references(&c, row->number, of, COUNT_OF(of), &found, e));
    for (size_t i = 0; i < found; i++) {
        if (is_event(of[i].kind)) event_add(&c, &of[i]);
        if (of[i].kind == KIND_PERSON) TRY(parts(&c, &of[i], e));
    }
    *count = c.count;
    return OK;
}

/* ---- asking ----------------------------------------------------------------------------------------- */

struct seen_hits {
    struct arena *arena;
    event_may_see may_see;
    void *state;
    struct event_hit *hit;
    size_t count, limit;
};

static bool take_row(void *state, struct reader *r, const struct search_row *row, enum status *status,
                     struct err *e)
{
    struct seen_hits *x = state;
    struct record_id *event = NEW_ARRAY(x->arena, struct record_id, EVENTS_OF_RECORD);
    size_t found = 0, seen = 0;
    *status = record_events(r, &row->row, x->arena, event, &found, e);
    if (*status != OK) return false;
    for (size_t i = 0; i < found; i++)
        if (x->may_see(x->state, &event[i])) event[seen++] = event[i];
    if (seen > 0) x->hit[x->count++] = (struct event_hit){row->hit, event, seen};
    return x->count < x->limit;
}

enum status store_search_events(struct store *s, const struct actor *viewer, Str words, size_t limit,
                                event_may_see may_see, void *state, struct arena *a, struct event_hit **out,
                                size_t *count, uint64_t *behind, struct err *e)
{
    struct seen_hits x = {.arena = a, .may_see = may_see, .state = state, .limit = limit};
    TRY(actor_check(viewer, e));
    TRY(search_limit_check(limit, e));
    x.hit = NEW_ARRAY(a, struct event_hit, limit);
    TRY(search_each(s, words, a, take_row, &x, behind, e));
    struct record_id *shown = NEW_ARRAY(a, struct record_id, x.count + 1);
    for (size_t i = 0; i < x.count; i++)
        shown[i] = x.hit[i].hit.id;
    TRY(access_note_records(s, viewer, OP_CONSULT, S("search"), words, 0, shown, x.count, e));
    *out = x.hit;
    *count = x.count;
    return OK;
}
