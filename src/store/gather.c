#include "store/gather.h"

#include "base/alloc.h"
#include "store/store_private.h"

#define NAMES_BYTES_MAX ((size_t)1 << 30)

struct gathering {
    struct store *store;
    const struct actor *viewer;
    struct view view;
    struct reader *reader;
    struct db *access;   /* opened when somebody asks for readings */
    struct arena *names; /* of the records read since the last entry */
    struct record_id *id;
    size_t ids, room;
};

enum status gathering_begin(struct store *s, const struct actor *viewer, struct view view,
                            struct gathering **out, struct err *e)
{
    struct reader *r = NULL;
    TRY(actor_check(viewer, e));
    TRY(reader_take(s, &r, e));
    struct gathering *g = alloc_zero(1, sizeof *g);
    *g = (struct gathering){.store = s,
                            .viewer = viewer,
                            .view = view,
                            .reader = r,
                            .names = arena_new("the records of a reading", NAMES_BYTES_MAX)};
    *out = g;
    return OK;
}

void gathering_end(struct gathering *g)
{
    if (g == NULL) return;
    reader_give(g->store, g->reader);
    if (g->access != NULL) db_close(g->access);
    arena_free(g->names);
    alloc_free(g);
}

static void remember(struct gathering *g, const struct record_id *id)
{
    ARENA_ROOM(g->names, g->id, g->room, g->ids + 1, 64);
    g->id[g->ids++] = (struct record_id){str_copy(g->names, id->ns), id->kind, str_copy(g->names, id->id)};
}

enum status gathering_lines(struct gathering *g, const struct record_id *id, struct arena *a,
                            struct entry_line **out, size_t *count, struct err *e)
{
    struct record_row row;
    struct err none = {0};
    struct entry_line *line = NULL;
    size_t all = 0, n = 0;
    *out = NULL;
    *count = 0;
    enum status status = record_row_find(g->reader->bodies.change, id, &row, &none);
    if (status == OK && !row.erased)
        status = bodies_chain(&g->reader->bodies, row.number, row.version, g->view.seq, a, &line, NULL, &all,
                              &none);
    if (status == E_NOT_FOUND || (status == OK && row.erased)) return OK;
    if (status != OK) return ERR(e, status, none.field, "%s", none.text);
    struct entry_line *seen = NEW_ARRAY(a, struct entry_line, all + 1);
    for (size_t i = all; i-- > 0;)
        if (line[i].change.known_at_ms <= g->view.known_at_ms) seen[n++] = line[i];
    if (n > 0) remember(g, id);
    *out = seen;
    *count = n;
    return OK;
}

enum status gathering_referrers(struct gathering *g, const struct record_id *id, struct arena *a,
                                struct record_id **out, size_t *count, struct err *e)
{
    return referrers_read(g->reader, id, a, out, count, e);
}

enum status gathering_referrers_unless(struct gathering *g, const struct record_id *id, enum kind_id from,
                                       enum kind_id unless, struct arena *a, struct record_id **out,
                                       size_t *count, struct err *e)
{
    return referrers_unless_read(g->reader, id, from, unless, a, out, count, e);
}

enum status gathering_readings(struct gathering *g, const struct record_id *id, struct arena *a,
                               struct shown **out, size_t *count, struct err *e)
{
    struct record_row row;
    struct err none = {0};
    *out = NULL;
    *count = 0;
    enum status status = record_row_find(g->reader->bodies.change, id, &row, &none);
    if (status == E_NOT_FOUND) return OK;
    if (status != OK) return ERR(e, status, none.field, "%s", none.text);
    if (g->access == NULL) TRY(db_open(g->store->dir, DB_ACCESS, DB_READ, &g->access, e));
    return readings_list(g->access, row.number, a, out, count, e);
}

enum status gathering_note(struct gathering *g, Str verb, Str query, const struct record_id *about,
                           struct err *e)
{
    struct record_row row = {0};
    if (g->ids == 0) return OK;
    if (about != NULL) TRY(record_row_find(g->reader->bodies.change, about, &row, e));
    TRY(access_note_records(g->store, g->viewer, OP_CONSULT, verb, query, row.number, g->id, g->ids, e));
    arena_reset(g->names);
    g->id = NULL;
    g->ids = g->room = 0;
    return OK;
}
