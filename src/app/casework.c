#include "app/casework.h"

#include "base/alloc.h"
#include "base/assets.h"
#include "base/stream.h"
#include "base/table.h"
#include "model/feed.h"
#include "model/kinds.h"
#include "store/accounts.h"
#include "store/gather.h"

enum { RECORDS_MAX = 1 << 20, READINGS_MAX = 4096 };
#define CASELOAD_MAX_BYTES ((size_t)16 << 30)
#define CASE_MAX_BYTES     ((size_t)1 << 30)

enum status casework_pack(struct arena *a, Str name, struct check_pack *out, struct err *e)
{
    Str inside = asset_find(str_format(a, "policy/checks/%.*s.check", STR_ARG(name)));
    struct buf text CLEANUP_BUF = {0};
    if (str_present(inside)) return check_pack_parse(a, inside, out, e);
    buf_init(&text, PACK_BYTES_MAX);
    TRY(file_read(str_cstr(a, name), &text, e));
    return check_pack_parse(a, str_copy(a, buf_str(&text)), out, e);
}

/* ---- links ------------------------------------------------------------------------------------------ */

static enum status world_read(void *state, const struct record_id *death, struct arena *a,
                              struct case_context *out, struct err *e)
{
    struct casework_world *x = state;
    struct case_links_options o = {.threshold_db = (int)world_model(x->world)->start_threshold_db};
    return case_links_read(x->world, &x->places, death, &o, a, out, e);
}

struct casework_links casework_of_world(struct casework_world *state, struct world *w, struct arena *a)
{
    state->world = w;
    case_places_read(w, a, &state->places);
    return (struct casework_links){world_read, state};
}

static void keep_id(struct arena *a, struct record_id *id)
{
    id->ns = str_copy(a, id->ns);
    id->id = str_copy(a, id->id);
}

void casework_context_keep(struct arena *a, struct case_context *context)
{
    struct case_link *link = NEW_ARRAY(a, struct case_link, context->links + 1);
    struct case_near *near = NEW_ARRAY(a, struct case_near, context->nears + 1);
    for (size_t i = 0; i < context->links; i++) {
        struct case_share *share = NEW_ARRAY(a, struct case_share, context->link[i].shares + 1);
        link[i] = context->link[i];
        keep_id(a, &link[i].other);
        for (size_t s = 0; s < link[i].shares; s++) {
            share[s] = link[i].share[s];
            share[s].word = str_copy(a, share[s].word);
            share[s].value = str_copy(a, share[s].value);
            keep_id(a, &share[s].here);
            keep_id(a, &share[s].there);
        }
        link[i].share = share;
    }
    for (size_t i = 0; i < context->nears; i++) {
        near[i] = context->near[i];
        keep_id(a, &near[i].other);
    }
    context->link = link;
    context->near = near;
}

static enum status links_read(const struct casework_ask *ask, const struct record_id *death, struct arena *a,
                              struct case_context *out, struct err *e)
{
    struct err none = {0};
    if (ask->links == NULL) return OK;
    enum status status = ask->links->read(ask->links->state, death, a, out, &none);
    if (status == OK || status == E_NOT_FOUND) return OK;
    return ERR(e, status, none.field, "%s", none.text);
}

/* ---- one case out of a caseload --------------------------------------------------------------------- */

static void category_read(struct casework *c, struct arena *a)
{
    c->steps = category_steps(a, &c->facts, &c->step);
    c->category = c->steps > 0 ? c->step[c->steps - 1].to : STR_NONE;
    for (size_t i = 0; i < c->facts.count; i++)
        if (str_eq(c->facts.row[i].kind, S("category")))
            c->challenged = str_present(fact_now(&c->facts.row[i], S("challenged")));
}

/* "D1 (Aidan Warden, KG/2014/0619)" */
static Str title_of(struct arena *a, const struct record_id *id, const struct death *d)
{
    Str name = d->deceased_name, ref = d->ref;
    if (str_empty(name) && str_empty(ref)) return id->id;
    if (str_empty(name) || str_empty(ref))
        return str_format(a, "%.*s (%.*s)", STR_ARG(id->id), STR_ARG(str_empty(name) ? ref : name));
    return str_format(a, "%.*s (%.*s, %.*s)", STR_ARG(id->id), STR_ARG(name), STR_ARG(ref));
}

static enum status judge(const struct casework_ask *ask, struct caseload *load, const struct record_id *death,
                         const struct case_context *context, struct arena *a, struct casework *out,
                         struct err *e)
{
    struct casework c = {.death = *death};
    struct record record;
    TRY(caseload_record(load, a, death, ask->view, &record, e));
    c.title = title_of(a, death, record.data);
    c.unit = ((const struct death *)record.data)->unit;
    quality_of_death(a, &record, &c.quality);
    TRY(caseload_facts(load, a, death, context, ask->view, &c.facts, e));
    checks_evaluate(a, ask->pack, &c.facts, ask->now_ms, &c.report);
    category_read(&c, a);
    *out = c;
    return OK;
}

/* ---- gathering one death from the store ------------------------------------------------------------- */

struct casework_reader {
    struct casework_ask ask;
    struct gathering *from;
};

struct gathering_case {
    struct casework_reader *r;
    struct caseload *load;
    struct arena *a;
    struct table *seen;
    struct casework_taken *taken;
    struct case_reading *reading;
    size_t readings;
    struct err *e;
};

struct lines {
    struct entry_line *item;
    size_t count;
};

/* Takes a record's lines once. fresh: was it the first time? lines: what came then, empty when it is not
 * there. */
static enum status take(struct gathering_case *g, const struct record_id *id, struct lines *lines,
                        bool *fresh)
{
    *lines = (struct lines){0};
    (void)table_at(g->seen, str_format(g->a, "%d %.*s:%.*s", (int)id->kind, STR_ARG(id->ns), STR_ARG(id->id)),
                   fresh);
    if (!*fresh) return OK;
    TRY(gathering_lines(g->r->from, id, g->a, &lines->item, &lines->count, g->e));
    for (size_t i = 0; i < lines->count; i++)
        caseload_add(g->load, &lines->item[i]);
    ARENA_ROOM(g->a, g->taken->id, g->taken->room, g->taken->count + 1, 64);
    g->taken->id[g->taken->count++] = *id;
    return OK;
}

static bool belongs_beside(enum kind_id kind)
{
    return !kind_kept_apart(kind) && kind != KIND_DEATH;
}

/* The ledger of readings knows people by their accounts, the records by their officers. */
static enum status reader_named(struct gathering_case *g, Str account, Str *out)
{
    struct account found;
    struct err none = {0};
    enum status status = account_find(g->r->ask.session->store, account, g->a, &found, &none);
    *out = status == OK && !str_empty(found.officer) ? found.officer : account;
    if (status == OK || status == E_NOT_FOUND || status == E_INVALID) return OK;
    return ERR(g->e, status, none.field, "%s", none.text);
}

/* Who was shown a record: closes checks that ask for a reading. */
static enum status take_readings(struct gathering_case *g, const struct record_id *id)
{
    struct shown *list = NULL;
    size_t count = 0;
    TRY(gathering_readings(g->r->from, id, g->a, &list, &count, g->e));
    for (size_t i = 0; i < count && g->readings < READINGS_MAX; i++) {
        Str reader = list[i].actor;
        TRY(reader_named(g, list[i].actor, &reader));
        g->reading[g->readings++] = (struct case_reading){*id, reader, list[i].at_ms};
    }
    return OK;
}

static enum status take_references(struct gathering_case *g, const struct lines *lines);
static enum status take_referrers(struct gathering_case *g, const struct record_id *id, uint64_t kinds);

/* A person's numbers, and the incidents they are in. Not the other deaths: the doctor who certified hundreds
 * is in all of those, and what ties one of them to this death comes as a link (take_tied). */
static enum status take_person(struct gathering_case *g, const struct record_id *person)
{
    struct record_id *from = NULL;
    size_t count = 0;
    const struct view *view = &g->r->ask.view;
    bool now = view->known_at_ms == VIEW_NOW.known_at_ms && view->seq == VIEW_NOW.seq;
    if (!now) /* what refers to what is known of the present alone */
        return take_referrers(g, person, UINT64_C(1) << KIND_INVOLVEMENT | UINT64_C(1) << KIND_IDENTIFIER);
    TRY(take_referrers(g, person, UINT64_C(1) << KIND_IDENTIFIER));
    TRY(gathering_referrers_unless(g->r->from, person, KIND_INVOLVEMENT, KIND_DEATH, g->a, &from, &count,
                                   g->e));
    for (size_t i = 0; i < count; i++) {
        struct lines lines;
        bool fresh = false;
        TRY(take(g, &from[i], &lines, &fresh));
        TRY(take_references(g, &lines));
    }
    return OK;
}

/* What a line refers to and the case needs: people with what is theirs, officers, the incidents they are in.
 */
static enum status take_reference(struct gathering_case *g, const struct change *from,
                                  const struct field *field, Str reference)
{
    struct record_id id = {0};
    struct lines lines;
    bool fresh = false;
    ref_split(reference, from->record.ns, &id.ns, &id.id);
    if (field_value_listed(field->values, S("officer"))) {
        id.kind = KIND_OFFICER;
        return take(g, &id, &lines, &fresh);
    }
    if (from->record.kind != KIND_INVOLVEMENT) return OK;
    if (field_value_listed(field->values, S("person"))) {
        id.kind = KIND_PERSON;
        TRY(take(g, &id, &lines, &fresh));
        if (!fresh) return OK;
        return take_person(g, &id);
    }
    id.kind = KIND_INCIDENT;
    TRY(take(g, &id, &lines, &fresh));
    return lines.count > 0 ? take_referrers(g, &id, UINT64_C(1) << KIND_IDENTIFIER) : OK;
}

static enum status take_references(struct gathering_case *g, const struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct change *change = &lines->item[i].change;
        const struct kind *kind = kind_of(change->record.kind);
        for (size_t n = 0; n < change->fact_count; n++) {
            const struct field *field = &kind->field[change->fact[n].field];
            struct json_doc doc CLEANUP_JSON = {0};
            if (field->type != FT_REF && field->type != FT_REFS) continue;
            TRY(json_parse(str_format(g->a, "[%.*s]", STR_ARG(change->fact[n].value)), &doc, g->e));
            const Json *value = json_at(doc.root, 0);
            if (field->type == FT_REF && str_present(json_str(value)))
                TRY(take_reference(g, change, field, str_copy(g->a, json_str(value))));
            for (size_t r = 0; field->type == FT_REFS && r < json_count(value); r++)
                TRY(take_reference(g, change, field, str_copy(g->a, json_str(json_at(value, r)))));
        }
    }
    return OK;
}

static enum status take_referrers(struct gathering_case *g, const struct record_id *id, uint64_t kinds)
{
    struct record_id *from = NULL;
    size_t count = 0;
    TRY(gathering_referrers(g->r->from, id, g->a, &from, &count, g->e));
    for (size_t i = 0; i < count; i++) {
        struct lines lines;
        bool fresh = false;
        if (!belongs_beside(from[i].kind) || !(kinds & (UINT64_C(1) << from[i].kind))) continue;
        TRY(take(g, &from[i], &lines, &fresh));
        if (lines.count == 0) continue;
        TRY(take_references(g, &lines));
        if (from[i].kind == KIND_EXHIBIT) TRY(take_referrers(g, &from[i], UINT64_C(1) << KIND_MOVEMENT));
        if (from[i].kind == KIND_CONCERN) TRY(take_readings(g, &from[i]));
    }
    return OK;
}

/* How the people that a link comes through are part of the other event: since when that is known counts. */
static enum status take_tied(struct gathering_case *g, const struct case_link *link)
{
    struct record_id *from = NULL;
    size_t count = 0;
    bool comes_through = false;
    for (size_t i = 0; i < link->shares; i++)
        comes_through = comes_through || str_present(link->share[i].there.id);
    if (!comes_through) return OK;
    TRY(gathering_referrers(g->r->from, &link->other, g->a, &from, &count, g->e));
    for (size_t i = 0; i < count; i++) {
        struct lines lines;
        bool fresh = false;
        if (from[i].kind == KIND_INVOLVEMENT) TRY(take(g, &from[i], &lines, &fresh));
    }
    return OK;
}

/* The officers at the deaths it may be linked with, and who has read those. */
static enum status take_linked(struct gathering_case *g, const struct case_context *context)
{
    for (size_t i = 0; i < context->links; i++) {
        const struct record_id *other = &context->link[i].other;
        struct lines lines;
        bool fresh = false;
        if (other->kind == KIND_INCIDENT) TRY(take(g, other, &lines, &fresh));
        TRY(take_referrers(g, other, UINT64_C(1) << KIND_ATTENDANCE | UINT64_C(1) << KIND_IDENTIFIER));
        TRY(take_tied(g, &context->link[i]));
    }
    for (size_t i = 0; i < context->nears; i++)
        TRY(take_readings(g, &context->near[i].other));
    return OK;
}

static enum status gather(struct gathering_case *g, const struct record_id *death, struct casework *out)
{
    struct case_context context = {0};
    struct lines lines;
    bool fresh = false;
    TRY(take(g, death, &lines, &fresh));
    if (lines.count == 0)
        return ERR(g->e, E_NOT_FOUND, "death", "%.*s was not on record then", STR_ARG(death->id));
    TRY(take_referrers(g, death, UINT64_MAX));
    TRY(links_read(&g->r->ask, death, g->a, &context, g->e));
    TRY(take_linked(g, &context));
    context.reading = g->reading;
    context.readings = g->readings;
    return judge(&g->r->ask, g->load, death, &context, g->a, out, g->e);
}

enum status casework_begin(const struct casework_ask *ask, struct casework_reader **out, struct err *e)
{
    struct gathering *from = NULL;
    TRY(gathering_begin(ask->session->store, &ask->session->actor, ask->view, &from, e));
    struct casework_reader *r = alloc_zero(1, sizeof *r);
    *r = (struct casework_reader){*ask, from};
    *out = r;
    return OK;
}

void casework_end(struct casework_reader *r)
{
    if (r == NULL) return;
    gathering_end(r->from);
    alloc_free(r);
}

enum status casework_next(struct casework_reader *r, const struct record_id *death, struct arena *a,
                          struct casework *out, struct casework_taken *taken, struct err *e)
{
    struct caseload *load CLEANUP_CASELOAD = caseload_new(&r->ask.session->policy, CASELOAD_MAX_BYTES);
    struct table *seen CLEANUP_TABLE = table_new(RECORDS_MAX);
    struct casework_taken own = {0};
    struct gathering_case g = {.r = r,
                               .load = load,
                               .a = a,
                               .e = e,
                               .seen = seen,
                               .taken = taken == NULL ? &own : taken,
                               .reading = NEW_ARRAY(a, struct case_reading, READINGS_MAX)};
    if (death->kind != KIND_DEATH)
        return ERR(e, E_INVALID, "id", "checks belong to deaths; %.*s is a %s", STR_ARG(death->id),
                   kind_of(death->kind)->name);
    return gather(&g, death, out);
}

enum status casework_note(struct casework_reader *r, Str what_for, const struct record_id *about,
                          struct err *e)
{
    return gathering_note(r->from, S("case"), what_for, about, e);
}

enum status casework_read(const struct casework_ask *ask, const struct record_id *death, struct arena *a,
                          struct casework *out, struct err *e)
{
    struct casework_reader *r = NULL;
    TRY(casework_begin(ask, &r, e));
    enum status status = casework_next(r, death, a, out, NULL, e);
    if (status == OK) status = casework_note(r, S("checks"), death, e);
    casework_end(r);
    return status;
}

/* ---- all deaths of a unit --------------------------------------------------------------------------- */

struct filling {
    struct caseload *load;
    struct arena *a;
};

static enum status fill(void *state, const struct change *change, uint64_t seq, struct err *e)
{
    const struct filling *f = state;
    struct entry_line line = {.seq = seq};
    struct buf body CLEANUP_BUF;
    (void)e;
    /* the visit's memory is the store's: the line is kept as its body and read again */
    buf_init(&body, SIZE_MAX / 4);
    change_write_body(&body, change);
    TRY(change_read_body(f->a, str_copy(f->a, buf_str(&body)), &line.change, e));
    caseload_add(f->load, &line);
    return OK;
}

static enum status each(const struct casework_ask *ask, struct caseload *load, Str unit, casework_visit visit,
                        void *state, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("one case", CASE_MAX_BYTES);
    for (size_t i = 0; i < caseload_deaths(load); i++) {
        const struct record_id *death = caseload_death(load, i);
        struct case_context context = {0};
        struct record record;
        struct casework c;
        arena_reset(a);
        TRY(caseload_record(load, a, death, ask->view, &record, e));
        if (unit.len > 0 && !str_eq(((const struct death *)record.data)->unit, unit)) continue;
        TRY(links_read(ask, death, a, &context, e));
        TRY(judge(ask, load, death, &context, a, &c, e));
        TRY(visit(state, &c, e));
    }
    return OK;
}

enum status casework_each(const struct casework_ask *ask, Str unit, casework_visit visit, void *state,
                          struct err *e)
{
    struct session *s = ask->session;
    struct caseload *load CLEANUP_CASELOAD = caseload_new(&s->policy, CASELOAD_MAX_BYTES);
    struct arena *a CLEANUP_ARENA = arena_new("caseload lines", CASELOAD_MAX_BYTES);
    struct filling f = {load, a};
    uint64_t kinds = UINT64_MAX & ~(UINT64_C(1) << KIND_CHARACTERISTICS);
    TRY(store_lines(s->store, &s->actor, ask->view, kinds, S("checks by unit"), fill, &f, e));
    return each(ask, load, unit, visit, state, e);
}
