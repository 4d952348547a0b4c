#include "app/casework.h"

#include "app/case_links.h"
#include "app/linking.h"
#include "base/assets.h"
#include "base/stream.h"
#include "base/table.h"
#include "model/feed.h"
#include "model/kinds.h"

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

Str casework_key_words(struct arena *a, Str key)
{
    const Str usual = S(NAMESPACE_DEFAULT ":");
    return str_starts(key, usual) ? str_copy(a, str_slice(key, usual.len, key.len)) : key;
}

Str casework_row_words(struct arena *a, const struct fact_row *row)
{
    Str of = fact_now(row, S("other"));
    Str type = fact_now(row, S("type"));
    if (str_eq(row->kind, S("link")))
        return str_format(a, "a link with %.*s", STR_ARG(casework_key_words(a, of)));
    if (str_eq(row->kind, S("near")))
        return str_format(a, "%.*s near by", STR_ARG(casework_key_words(a, of)));
    if (str_eq(row->kind, S("reading")))
        return str_format(a, "read by %.*s", STR_ARG(fact_now(row, S("reader"))));
    if (str_eq(row->kind, S("category"))) return S("the category");
    if (str_eq(row->kind, S("death"))) return S("the report");
    Str key = casework_key_words(a, row->key);
    if (!str_present(type)) return str_format(a, "%.*s %.*s", STR_ARG(row->kind), STR_ARG(key));
    struct buf words CLEANUP_BUF;
    buf_init(&words, 1 << 12);
    for (size_t i = 0; i < type.len; i++)
        buf_add_char(&words, type.ptr[i] == '_' ? ' ' : type.ptr[i]);
    return str_format(a, "%.*s %.*s (%.*s)", STR_ARG(row->kind), STR_ARG(key), STR_ARG(buf_str(&words)));
}

/* ---- one case out of a caseload --------------------------------------------------------------------- */

struct judging {
    struct session *s;
    struct world *w;
    const struct check_pack *pack;
    struct view view;
    int64_t now_ms;
    struct caseload *load;
    struct case_places places;
};

static void category_read(struct casework *c, struct arena *a)
{
    c->steps = category_steps(a, &c->facts, &c->step);
    c->category = c->steps > 0 ? c->step[c->steps - 1].to : STR_NONE;
    for (size_t i = 0; i < c->facts.count; i++)
        if (str_eq(c->facts.row[i].kind, S("category")))
            c->challenged = str_present(fact_now(&c->facts.row[i], S("challenged")));
}

static enum status judge(const struct judging *j, const struct record_id *death, struct case_context *context,
                         struct arena *a, struct casework *out, struct err *e)
{
    struct casework c = {.death = *death, .title = linking_title(j->w, death, a)};
    struct case_links_options o = {.threshold_db = (int)world_model(j->w)->start_threshold_db};
    const struct record *record = world_record(j->w, death);
    if (!record) return ERR(e, E_NOT_FOUND, "death", "%.*s was not on record then", STR_ARG(death->id));
    /* the record is the world's for a while only: what is needed of it is taken first */
    c.unit = str_copy(a, ((const struct death *)record->data)->unit);
    quality_of_death(a, record, &c.quality);
    TRY(case_links_read(j->w, &j->places, death, &o, a, context, e));
    TRY(caseload_facts(j->load, a, death, context, j->view, &c.facts, e));
    checks_evaluate(a, j->pack, &c.facts, j->now_ms, &c.report);
    category_read(&c, a);
    *out = c;
    return OK;
}

/* ---- gathering one death from the store ------------------------------------------------------------- */

struct gathering {
    const struct judging *j;
    struct arena *a;
    struct table *seen;
    struct case_reading *reading;
    size_t readings;
    bool fresh; /* did the last take come to a record for the first time? */
    struct err *e;
};

/* Takes a record's lines once. lines: what came, empty when it was taken before or is not there. */
static enum status take(struct gathering *g, const struct record_id *id, struct history *lines)
{
    struct session *s = g->j->s;
    struct err none = {0};
    bool fresh = false;
    *lines = (struct history){0};
    (void)table_at(g->seen, str_format(g->a, "%d %.*s:%.*s", (int)id->kind, STR_ARG(id->ns), STR_ARG(id->id)),
                   &fresh);
    g->fresh = fresh;
    if (!fresh) return OK;
    enum status status = store_history(s->store, &s->actor, g->j->view, id, g->a, lines, &none);
    if (status == E_NOT_FOUND) return OK; /* has not arrived, or was erased */
    if (status != OK) return ERR(g->e, status, none.field, "%s", none.text);
    for (size_t i = 0; i < lines->count; i++)
        caseload_add(g->j->load, &lines->line[i].line);
    return OK;
}

static bool belongs_beside(enum kind_id kind)
{
    return !kind_kept_apart(kind) && kind != KIND_DEATH;
}

/* Who was shown a record: closes checks that ask for a reading. */
static enum status take_readings(struct gathering *g, const struct record_id *id)
{
    struct session *s = g->j->s;
    struct shown *list = NULL;
    size_t count = 0;
    struct err none = {0};
    enum status status = store_readings(s->store, &s->actor, id, g->a, &list, &count, &none);
    if (status == E_NOT_FOUND) return OK;
    if (status != OK) return ERR(g->e, status, none.field, "%s", none.text);
    for (size_t i = 0; i < count && g->readings < READINGS_MAX; i++)
        g->reading[g->readings++] = (struct case_reading){*id, list[i].actor, list[i].at_ms};
    return OK;
}

static enum status take_referrers(struct gathering *g, const struct record_id *id, uint64_t kinds);

/* What a line refers to and the case needs: people with what is theirs, officers, the incidents they are in.
 */
static enum status take_reference(struct gathering *g, const struct change *from, const struct field *field,
                                  Str reference)
{
    struct record_id id = {0};
    struct history lines;
    ref_split(reference, from->record.ns, &id.ns, &id.id);
    if (field_value_listed(field->values, S("officer"))) {
        id.kind = KIND_OFFICER;
        return take(g, &id, &lines);
    }
    if (from->record.kind != KIND_INVOLVEMENT) return OK;
    if (field_value_listed(field->values, S("person"))) {
        id.kind = KIND_PERSON;
        TRY(take(g, &id, &lines));
        if (!g->fresh) return OK;
        return take_referrers(g, &id, UINT64_C(1) << KIND_INVOLVEMENT | UINT64_C(1) << KIND_IDENTIFIER);
    }
    id.kind = KIND_INCIDENT;
    TRY(take(g, &id, &lines));
    return lines.count > 0 ? take_referrers(g, &id, UINT64_C(1) << KIND_IDENTIFIER) : OK;
}

static enum status take_references(struct gathering *g, const struct history *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct change *change = &lines->line[i].line.change;
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

static enum status take_referrers(struct gathering *g, const struct record_id *id, uint64_t kinds)
{
    struct session *s = g->j->s;
    struct record_id *from = NULL;
    size_t count = 0;
    TRY(store_referrers(s->store, &s->actor, id, g->a, &from, &count, g->e));
    for (size_t i = 0; i < count; i++) {
        struct history lines;
        if (!belongs_beside(from[i].kind) || !(kinds & (UINT64_C(1) << from[i].kind))) continue;
        TRY(take(g, &from[i], &lines));
        if (lines.count == 0) continue;
        TRY(take_references(g, &lines));
        if (from[i].kind == KIND_EXHIBIT) TRY(take_referrers(g, &from[i], UINT64_C(1) << KIND_MOVEMENT));
        if (from[i].kind == KIND_CONCERN) TRY(take_readings(g, &from[i]));
    }
    return OK;
}

/* The officers at the deaths it may be linked with, and who has read those. */
static enum status take_linked(struct gathering *g, const struct case_context *context)
{
    for (size_t i = 0; i < context->links; i++) {
        const struct record_id *other = &context->link[i].other;
        struct history lines;
        if (other->kind == KIND_INCIDENT) TRY(take(g, other, &lines));
        TRY(take_referrers(g, other, UINT64_C(1) << KIND_ATTENDANCE | UINT64_C(1) << KIND_IDENTIFIER));
    }
    for (size_t i = 0; i < context->nears; i++)
        TRY(take_readings(g, &context->near[i].other));
    return OK;
}

static enum status gather(struct gathering *g, const struct record_id *death, struct casework *out)
{
    struct case_context context = {0};
    struct case_links_options o = {.threshold_db = (int)world_model(g->j->w)->start_threshold_db};
    struct history lines;
    TRY(take(g, death, &lines));
    if (lines.count == 0)
        return ERR(g->e, E_NOT_FOUND, "death", "%.*s was not on record then", STR_ARG(death->id));
    TRY(take_referrers(g, death, UINT64_MAX));
    TRY(case_links_read(g->j->w, &g->j->places, death, &o, g->a, &context, g->e));
    TRY(take_linked(g, &context));
    context.reading = g->reading;
    context.readings = g->readings;
    return judge(g->j, death, &context, g->a, out, g->e);
}

enum status casework_read(struct session *s, struct world *w, const struct check_pack *pack, struct view view,
                          int64_t now_ms, const struct record_id *death, struct arena *a,
                          struct casework *out, struct err *e)
{
    struct caseload *load CLEANUP_CASELOAD = caseload_new(&s->policy, CASELOAD_MAX_BYTES);
    struct judging j = {.s = s, .w = w, .pack = pack, .view = view, .now_ms = now_ms, .load = load};
    struct gathering g = {
        .j = &j, .a = a, .e = e, .reading = NEW_ARRAY(a, struct case_reading, READINGS_MAX)};
    if (death->kind != KIND_DEATH)
        return ERR(e, E_INVALID, "id", "checks belong to deaths; %.*s is a %s", STR_ARG(death->id),
                   kind_of(death->kind)->name);
    g.seen = table_new(RECORDS_MAX);
    case_places_read(w, a, &j.places);
    enum status status = gather(&g, death, out);
    table_free(g.seen);
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

static enum status each(const struct judging *j, Str unit, casework_visit visit, void *state, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("one case", CASE_MAX_BYTES);
    for (size_t i = 0; i < caseload_deaths(j->load); i++) {
        const struct record_id *death = caseload_death(j->load, i);
        const struct record *record = world_record(j->w, death);
        struct case_context context = {0};
        struct casework c;
        if (!record || (unit.len > 0 && !str_eq(((const struct death *)record->data)->unit, unit))) continue;
        arena_reset(a);
        TRY(judge(j, death, &context, a, &c, e));
        TRY(visit(state, &c, e));
    }
    return OK;
}

enum status casework_each(struct session *s, struct world *w, const struct check_pack *pack, struct view view,
                          int64_t now_ms, Str unit, casework_visit visit, void *state, struct err *e)
{
    struct caseload *load CLEANUP_CASELOAD = caseload_new(&s->policy, CASELOAD_MAX_BYTES);
    struct arena *a CLEANUP_ARENA = arena_new("caseload lines", CASELOAD_MAX_BYTES);
    struct filling f = {load, a};
    struct judging j = {.s = s, .w = w, .pack = pack, .view = view, .now_ms = now_ms, .load = load};
    uint64_t kinds = UINT64_MAX & ~(UINT64_C(1) << KIND_CHARACTERISTICS);
    TRY(store_lines(s->store, &s->actor, view, kinds, S("checks by unit"), fill, &f, e));
    case_places_read(w, a, &j.places);
    return each(&j, unit, visit, state, e);
}
