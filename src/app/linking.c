#include "app/linking.h"

#include "base/assets.h"
#include "base/buf.h"
#include "base/stream.h"
#include "link/same_event.h"
#include "model/kinds.h"

#include <stdio.h>

#define MODEL_MAX_BYTES ((size_t)1 << 20)
#define WORLD_MAX_BYTES ((size_t)16 << 30)
#define KINDS_THAT_TIE                                                                                       \
    (UINT64_C(1) << KIND_DEATH | UINT64_C(1) << KIND_INCIDENT | UINT64_C(1) << KIND_PERSON |                 \
     UINT64_C(1) << KIND_INVOLVEMENT | UINT64_C(1) << KIND_IDENTIFIER)

enum status linking_model(struct arena *a, const char *path, struct link_model *out, struct err *e)
{
    if (path == NULL) return link_model_load(a, asset_find(S("policy/model-deaths.tsv")), out, e);
    struct buf text CLEANUP_BUF;
    buf_init(&text, MODEL_MAX_BYTES);
    TRY(file_read(path, &text, e));
    return link_model_load(a, str_copy(a, buf_str(&text)), out, e);
}

enum status linking_second_look(struct arena *a, const char *path, struct second_look *out, struct err *e)
{
    if (path == NULL) return second_look_load(a, asset_find(S("policy/second-look.tsv")), out, e);
    struct buf text CLEANUP_BUF;
    buf_init(&text, SECOND_LOOK_MAX_BYTES);
    TRY(file_read(path, &text, e));
    return second_look_load(a, str_copy(a, buf_str(&text)), out, e);
}

/* ---- filling the linker ---------------------------------------------------------------------------- */

struct filling {
    struct world *world;
    int64_t at_ms;
    uint64_t lines, head;
};

/* Lines come in the order of known_at; all of one moment are one tick. */
static enum status take_line(void *state, const struct change *line, uint64_t seq, struct err *e)
{
    struct filling *f = state;
    (void)seq;
    if (f->lines > 0 && line->known_at_ms != f->at_ms) (void)world_tick(f->world);
    f->at_ms = line->known_at_ms;
    f->lines++;
    return world_apply(f->world, line, e);
}

#define KEPT_AS        S("linker")
#define KEPT_MAX_BYTES ((size_t)64 << 30)

/* Everything, from the first line. */
static enum status replay_lines(struct store *s, const struct actor *viewer, struct view view,
                                struct filling *f, struct err *e)
{
    TRY(store_lines(s, viewer, view, KINDS_THAT_TIE, S("linking"), take_line, f, e));
    (void)world_tick(f->world);
    return OK;
}

/* Late lines go on only behind what is there: of the same moment, or before it, would be another order. */
static enum status take_late_line(void *state, const struct change *line, uint64_t seq, struct err *e)
{
    struct filling *f = state;
    if (f->lines == 0 && line->known_at_ms <= world_now_ms(f->world))
        return ERR(e, E_CONFLICT, "known_at", "a line came that was known before the snapshot was taken");
    return take_line(f, line, seq, e);
}

enum status linking_kept(struct store *s, const struct actor *viewer, const struct policy *policy,
                         const struct link_model *model, uint64_t *seq, struct world **out, struct err *e)
{
    struct buf image CLEANUP_BUF;
    buf_init(&image, KEPT_MAX_BYTES);
    TRY(store_kept(s, viewer, KEPT_AS, seq, &image, e));
    return world_restore(model, policy, WORLD_MAX_BYTES, &image, out, e);
}

static enum status restore(struct store *s, const struct actor *viewer, const struct policy *policy,
                           const struct link_model *model, struct filling *f, struct err *e)
{
    uint64_t seq = 0;
    TRY(linking_kept(s, viewer, policy, model, &seq, &f->world, e));
    TRY(store_lines_after(s, viewer, seq, KINDS_THAT_TIE, S("linking"), take_late_line, f, &f->head, e));
    if (f->lines > 0) (void)world_tick(f->world);
    return OK;
}

enum status linking_load(struct store *s, const struct actor *viewer, struct view view,
                         const struct policy *policy, const struct link_model *model, struct world **out,
                         struct linking_taken *taken, struct err *e)
{
    int64_t began_us = clock_ticks_us();
    struct filling f = {0};
    struct err why = {0};
    struct store_place place;
    bool is_now = view.seq == VIEW_NOW.seq && view.known_at_ms == VIEW_NOW.known_at_ms;
    enum status st = is_now ? restore(s, viewer, policy, model, &f, &why) : E_NOT_FOUND;
    bool from_snapshot = st == OK;
    if (!from_snapshot) { /* whatever the reason: the ledger holds it all */
        TRY(store_head(s, &place, e));
        world_free(f.world);
        f = (struct filling){.world = world_new(model, policy, WORLD_MAX_BYTES), .head = place.seq};
        st = replay_lines(s, viewer, view, &f, e);
    }
    if (st != OK) {
        world_free(f.world);
        return st;
    }
    int64_t took_us = clock_ticks_us() - began_us;
    if (taken != NULL)
        *taken = (struct linking_taken){.lines = f.lines,
                                        .lines_per_second =
                                            (double)f.lines * 1e6 / (double)(took_us < 1 ? 1 : took_us),
                                        .from_snapshot = from_snapshot,
                                        .head = f.head};
    *out = f.world;
    return OK;
}

enum status linking_keep(struct store *s, struct world *w, uint64_t head, struct err *e)
{
    struct buf image CLEANUP_BUF;
    buf_init(&image, KEPT_MAX_BYTES);
    world_save(w, &image);
    TRY(buf_status(&image, e));
    return store_keep(s, KEPT_AS, head, buf_str(&image), e);
}

/* ---- asking ---------------------------------------------------------------------------------------- */

static enum status event_of(const struct world *w, const struct record_id *id, uint32_t *event, struct err *e)
{
    int64_t found = world_find(w, id);
    if (found < 0)
        return ERR(e, E_NOT_FOUND, "id", "%.*s is no death or incident that was known then", STR_ARG(id->id));
    *event = (uint32_t)found;
    return OK;
}

/* The run goes into the ledger as what it is: a combination of records, with a digest of what came out. */
static enum status record_run(struct store *s, const struct actor *viewer, struct world *w,
                              const struct record_id *id, Str model, const struct hit *hit, size_t count,
                              struct err *e)
{
    struct buf text CLEANUP_BUF;
    struct receipt receipt;
    buf_init(&text, (size_t)4 << 20);
    for (size_t i = 0; i < count; i++) {
        const struct record_id *to = world_event_id(w, hit[i].event);
        buf_addf(&text, "%d\t%.*s\t%d\t%.*s\n", hit[i].score_db, STR_ARG(to->ns), (int)to->kind,
                 STR_ARG(to->id));
    }
    TRY(buf_status(&text, e));
    struct link_run run = {*id, model, world_counts_ms(w), sha256(buf_str(&text))};
    return store_link_run(s, viewer, &run, &receipt, e);
}

enum status linking_nearest(struct store *s, const struct actor *viewer, struct world *w,
                            const struct record_id *id, size_t k, struct arena *a, struct linked **out,
                            size_t *count, struct err *e)
{
    uint32_t event = 0;
    struct hit *hit;
    TRY(event_of(w, id, &event, e));
    size_t n = world_nearest(w, event, k, a, &hit);
    TRY(record_run(s, viewer, w, id, world_model(w)->label, hit, n, e));
    struct linked *all = NEW_ARRAY(a, struct linked, n + 1);
    for (size_t i = 0; i < n; i++) {
        all[i].event = hit[i].event;
        all[i].rank = i + 1;
        world_pair(w, a, event, hit[i].event, &all[i].evidence);
    }
    *out = all;
    *count = n;
    return OK;
}

enum status linking_pair(struct store *s, const struct actor *viewer, struct world *w,
                         const struct record_id *x, const struct record_id *y, struct arena *a,
                         struct pair_evidence *out, struct err *e)
{
    uint32_t first = 0, second = 0;
    TRY(event_of(w, x, &first, e));
    TRY(event_of(w, y, &second, e));
    if (first == second) return ERR(e, E_INVALID, "id", "a record is not compared with itself: give two");
    if (record_id_compare(x, y) > 0) {
        uint32_t swap = first;
        first = second;
        second = swap;
    }
    struct hit hit = {second, world_pair_score(w, first, second)};
    TRY(record_run(s, viewer, w, world_event_id(w, first), world_model(w)->label, &hit, 1, e));
    world_pair(w, a, first, second, out);
    out->rank_ab = world_rank(w, second, first);
    out->rank_ba = world_rank(w, first, second);
    return OK;
}

Str linking_title(const struct world *w, const struct record_id *id, struct arena *a)
{
    const struct record *r = world_record(w, id);
    if (r == NULL) return id->id;
    if (id->kind == KIND_PERSON) {
        const struct person *p = r->data;
        return str_empty(p->name) ? id->id : p->name;
    }
    if (id->kind != KIND_DEATH) return id->id;
    const struct death *d = r->data;
    if (str_empty(d->deceased_name) && str_empty(d->ref)) return id->id;
    if (str_empty(d->deceased_name)) return str_format(a, "%.*s (%.*s)", STR_ARG(id->id), STR_ARG(d->ref));
    if (str_empty(d->ref)) return str_format(a, "%.*s (%.*s)", STR_ARG(id->id), STR_ARG(d->deceased_name));
    return str_format(a, "%.*s (%.*s, %.*s)", STR_ARG(id->id), STR_ARG(d->deceased_name), STR_ARG(d->ref));
}
