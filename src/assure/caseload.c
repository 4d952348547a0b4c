#include "assure/caseload.h"

#include "assure/category.h"
#include "base/table.h"
#include "model/canon.h"
#include "model/kinds.h"

enum { RECORDS_MAX = 1 << 26 };

/* The lines of one record, and the records that some line of theirs leads here. */
struct holder {
    struct record_id id;
    struct entry_line *line;
    size_t count, room;
};
struct posting {
    uint32_t *item;
    size_t count, room;
};

struct caseload {
    const struct policy *policy;
    struct arena *a;
    struct table *index; /* kind, namespace and id to a place in `holder` */
    struct holder *holder;
    size_t room;
    struct table *keys; /* "ns:id" to a place in `referrer` */
    struct posting *referrer;
    size_t referrer_room;
    uint32_t *death;
    size_t deaths, death_room;
};

struct caseload *caseload_new(const struct policy *policy, size_t memory_max_bytes)
{
    struct arena *a = arena_new("caseload", memory_max_bytes);
    struct caseload *c = NEW(a, struct caseload);
    c->policy = policy;
    c->a = a;
    c->index = table_new(RECORDS_MAX);
    c->keys = table_new(RECORDS_MAX);
    return c;
}

void caseload_free(struct caseload *c)
{
    if (!c) return;
    table_free(c->index);
    table_free(c->keys);
    arena_free(c->a);
}

void caseload_cleanup(struct caseload **c)
{
    caseload_free(*c);
}

/* ---- taking lines ----------------------------------------------------------------------------------- */

static Str index_key(struct arena *a, const struct record_id *id)
{
    return str_format(a, "%d %.*s:%.*s", (int)id->kind, STR_ARG(id->ns), STR_ARG(id->id));
}

static void refer(struct caseload *c, Str ns, Str reference, uint32_t from)
{
    uint32_t at = table_intern(c->keys, fact_key_of(c->a, ns, reference));
    ARENA_ROOM(c->a, c->referrer, c->referrer_room, at + 1, 64);
    struct posting *p = &c->referrer[at];
    for (size_t i = 0; i < p->count; i++)
        if (p->item[i] == from) return;
    ARENA_ROOM(c->a, p->item, p->room, p->count + 1, 4);
    p->item[p->count++] = from;
}

static void index_references(struct caseload *c, const struct change *change, uint32_t from)
{
    const struct kind *kind = kind_of(change->record.kind);
    for (size_t i = 0; i < change->fact_count; i++) {
        const struct fact *fact = &change->fact[i];
        const struct field *field = &kind->field[fact->field];
        struct str_list list = {0};
        Str one = STR_NONE;
        if (field->values[0] == '\0') continue;
        if (field->type == FT_REF && canon_read_string(c->a, fact->value, &one))
            refer(c, change->record.ns, one, from);
        else if (field->type == FT_REFS && canon_read_strings(c->a, fact->value, &list))
            for (size_t r = 0; r < list.count; r++)
                refer(c, change->record.ns, list.item[r], from);
    }
}

void caseload_add(struct caseload *c, const struct entry_line *line)
{
    const struct record_id *id = &line->change.record;
    uint32_t at = table_intern(c->index, index_key(c->a, id));
    ARENA_ROOM(c->a, c->holder, c->room, at + 1, 64);
    struct holder *h = &c->holder[at];
    if (h->count == 0) {
        h->id = *id;
        if (id->kind == KIND_DEATH) {
            ARENA_ROOM(c->a, c->death, c->death_room, c->deaths + 1, 64);
            c->death[c->deaths++] = at;
        }
    }
    ARENA_ROOM(c->a, h->line, h->room, h->count + 1, 2);
    h->line[h->count++] = *line;
    index_references(c, &line->change, at);
}

size_t caseload_deaths(const struct caseload *c)
{
    return c->deaths;
}

const struct record_id *caseload_death(const struct caseload *c, size_t i)
{
    return &c->holder[c->death[i]].id;
}

/* ---- gathering a case ------------------------------------------------------------------------------- */

struct gathering {
    struct caseload *c;
    struct arena *a;
    struct view view;
    struct case_facts *f;
    struct table *seen; /* holders taken already */
    struct err *e;
};

static const struct holder *holder_of(const struct caseload *c, struct arena *a, enum kind_id kind, Str key)
{
    const uint64_t *at = table_find(c->index, str_format(a, "%d %.*s", (int)kind, STR_ARG(key)));
    return at ? &c->holder[*at] : NULL;
}

static const struct posting *referrers_of(const struct caseload *c, Str key)
{
    const uint64_t *at = table_find(c->keys, key);
    return at ? &c->referrer[*at] : NULL;
}

enum status caseload_record(const struct caseload *c, struct arena *a, const struct record_id *id,
                            struct view view, struct record *out, struct err *e)
{
    const struct holder *h = holder_of(c, a, id->kind, fact_key(a, id));
    if (!h) return ERR(e, E_NOT_FOUND, "id", "%.*s is not on record", STR_ARG(id->id));
    return record_fold(a, c->policy, h->line, h->count, view, out, e);
}

/* Adds a record unless it is there. *row: its place, SIZE_MAX when nothing of it was known. */
static enum status take(struct gathering *g, const struct holder *h, size_t *row)
{
    bool fresh = false;
    uint64_t *place = table_at_number(g->seen, (uint64_t)(h - g->c->holder), &fresh);
    if (fresh) {
        size_t before = g->f->count;
        *place = SIZE_MAX;
        TRY(facts_add_record(g->a, g->c->policy, g->f, h->line, h->count, g->view, g->e));
        if (g->f->count > before) *place = before;
    }
    *row = (size_t)*place;
    return OK;
}

static bool refers_now(const struct fact_row *row, Str name, Str key)
{
    for (size_t i = 0; i < row->count; i++)
        if (str_eq(row->value[i].name, name) && str_eq(row->value[i].word, key)) return true;
    return false;
}

static bool belongs_beside(enum kind_id kind)
{
    return !kind_kept_apart(kind) && kind != KIND_DEATH;
}

/* Everything that refers to a record of the case, of the kinds asked for. */
static enum status take_referrers(struct gathering *g, Str key, uint64_t kinds)
{
    const struct posting *p = referrers_of(g->c, key);
    size_t row;
    for (size_t i = 0; p && i < p->count; i++) {
        const struct holder *h = &g->c->holder[p->item[i]];
        if (belongs_beside(h->id.kind) && (kinds & (UINT64_C(1) << h->id.kind))) TRY(take(g, h, &row));
    }
    return OK;
}

/* Copies the part that an involvement gives to a person, from when both the involvement and `also_ms` were
 * known. */
static void part_copy(struct gathering *g, const struct fact_row *involvement, struct fact_row *to, Str name,
                      int64_t also_ms)
{
    for (size_t i = 0; i < involvement->count; i++) {
        const struct fact_value *v = &involvement->value[i];
        if (!str_eq(v->name, S("role"))) continue;
        facts_add_value(g->a, to, name, v->word, v->since_ms > also_ms ? v->since_ms : also_ms, v->until_ms);
    }
}

/* ---- a person of the case, and what ties him or her elsewhere --------------------------------------- */

/* An involvement of the same person in an incident: the incident, the names it holds, and the two parts. */
static enum status take_elsewhere(struct gathering *g, size_t here, const struct holder *other)
{
    struct case_facts one = {0};
    TRY(facts_add_record(g->a, g->c->policy, &one, other->line, other->count, g->view, g->e));
    if (one.count == 0) return OK;
    const struct fact_row *there = &one.row[0];
    const struct fact_value *event = fact_value_now(there, S("event"));
    const struct holder *incident = event ? holder_of(g->c, g->a, KIND_INCIDENT, event->word) : NULL;
    size_t row = SIZE_MAX;
    if (!incident) return OK;
    TRY(take(g, incident, &row));
    if (row == SIZE_MAX) return OK;
    int64_t known_ms = there->known_ms > g->f->row[row].known_ms ? there->known_ms : g->f->row[row].known_ms;
    int64_t here_ms = g->f->row[here].known_ms > known_ms ? g->f->row[here].known_ms : known_ms;
    part_copy(g, &g->f->row[here], &g->f->row[row], S("via"), known_ms);
    part_copy(g, there, &g->f->row[row], S("as"), here_ms);
    TRY(take_referrers(g, event->word, UINT64_C(1) << KIND_IDENTIFIER));
    /* also names that another part of the same person has brought */
    for (size_t i = 0; i < g->f->count; i++)
        if (str_eq(g->f->row[i].kind, S("identifier")) && refers_now(&g->f->row[i], S("holder"), event->word))
            part_copy(g, &g->f->row[here], &g->f->row[i], S("via"), known_ms);
    return OK;
}

static enum status take_person(struct gathering *g, size_t here)
{
    const struct fact_value *who = fact_value_now(&g->f->row[here], S("person"));
    if (!who) return OK;
    Str key = who->word;
    const struct holder *person = holder_of(g->c, g->a, KIND_PERSON, key);
    const struct posting *p = referrers_of(g->c, key);
    size_t row = SIZE_MAX;
    if (person) TRY(take(g, person, &row));
    if (row != SIZE_MAX) part_copy(g, &g->f->row[here], &g->f->row[row], S("part"), g->f->row[row].known_ms);
    for (size_t i = 0; p && i < p->count; i++) {
        const struct holder *h = &g->c->holder[p->item[i]];
        if (h->id.kind == KIND_INVOLVEMENT) TRY(take_elsewhere(g, here, h));
        if (h->id.kind != KIND_IDENTIFIER) continue;
        TRY(take(g, h, &row));
        if (row != SIZE_MAX)
            part_copy(g, &g->f->row[here], &g->f->row[row], S("via"), g->f->row[row].known_ms);
    }
    return OK;
}

/* ---- what is worked out ----------------------------------------------------------------------------- */

/* The part of the person a record names: contact.with, statement.with. */
static void with_facts(struct gathering *g, Str kind)
{
    for (size_t i = 0; i < g->f->count; i++) {
        struct fact_row *row = &g->f->row[i];
        const struct fact_value *who = str_eq(row->kind, kind) ? fact_value_now(row, S("person")) : NULL;
        for (size_t n = 0; who && n < g->f->count; n++)
            if (str_eq(g->f->row[n].kind, S("involvement")) &&
                refers_now(&g->f->row[n], S("person"), who->word) &&
                refers_now(&g->f->row[n], S("event"), g->f->death))
                part_copy(g, &g->f->row[n], row, S("with"), who->since_ms);
    }
}

static void decision_facts(struct gathering *g)
{
    for (size_t i = 0; i < g->f->count; i++) {
        struct fact_row *row = &g->f->row[i];
        const struct fact_value *second = fact_value_now(row, S("approved_by"));
        Str by = fact_now(row, S("by"));
        if (!str_eq(row->kind, S("decision")) || !second || !str_present(by) || str_eq(by, second->word))
            continue;
        facts_add_value(g->a, row, S("second"), S("yes"), second->since_ms, FOREVER_MS);
    }
}

/* Every officer that a row of the case names. */
static enum status take_officers(struct gathering *g)
{
    size_t row, rows = g->f->count;
    for (size_t i = 0; i < rows; i++) {
        const struct kind *kind = kind_named(g->f->row[i].kind);
        for (size_t v = 0; kind && v < g->f->row[i].count; v++) {
            const struct fact_value *value = &g->f->row[i].value[v];
            int field = field_index(kind, value->name);
            if (field < 0 || !field_value_listed(kind->field[field].values, S("officer"))) continue;
            const struct holder *h = holder_of(g->c, g->a, KIND_OFFICER, value->word);
            if (h) TRY(take(g, h, &row));
        }
    }
    return OK;
}

static void put_number(struct arena *a, struct fact_row *row, Str name, double number, int decimals,
                       int64_t since_ms)
{
    if (number_present(number))
        facts_add_value(a, row, name, str_format(a, "%.*f", decimals, number), since_ms, FOREVER_MS);
}

/* Officers who attended both, from when the later of the two attendances was known. */
static enum status officers_in_common(struct gathering *g, struct fact_row *link, Str other, int64_t since_ms)
{
    const struct posting *p = referrers_of(g->c, other);
    for (size_t i = 0; p && i < p->count; i++) {
        const struct holder *h = &g->c->holder[p->item[i]];
        struct case_facts there = {0};
        if (h->id.kind != KIND_ATTENDANCE) continue;
        TRY(facts_add_record(g->a, g->c->policy, &there, h->line, h->count, g->view, g->e));
        if (there.count == 0) continue;
        const struct fact_value *who = fact_value_now(&there.row[0], S("officer"));
        for (size_t n = 0; who && n < g->f->count; n++) {
            const struct fact_row *here = &g->f->row[n];
            const struct fact_value *mine =
                str_eq(here->kind, S("attendance")) ? fact_value_now(here, S("officer")) : NULL;
            if (!mine || !str_eq(mine->word, who->word)) continue;
            int64_t from_ms = mine->since_ms > who->since_ms ? mine->since_ms : who->since_ms;
            facts_add_value(g->a, link, S("officers"), who->word, from_ms > since_ms ? from_ms : since_ms,
                            FOREVER_MS);
        }
    }
    return OK;
}

/* When an involvement of this person in this event became known; INT64_MIN: none is on record. */
static enum status part_known(struct gathering *g, const struct record_id *person, Str event,
                              int64_t *known_ms)
{
    const struct posting *p = referrers_of(g->c, fact_key(g->a, person));
    *known_ms = INT64_MIN;
    for (size_t i = 0; p && i < p->count; i++) {
        const struct holder *h = &g->c->holder[p->item[i]];
        struct case_facts one = {0};
        if (h->id.kind != KIND_INVOLVEMENT) continue;
        TRY(facts_add_record(g->a, g->c->policy, &one, h->line, h->count, g->view, g->e));
        if (one.count == 0 || !refers_now(&one.row[0], S("event"), event)) continue;
        if (*known_ms == INT64_MIN || one.row[0].known_ms < *known_ms) *known_ms = one.row[0].known_ms;
    }
    return OK;
}

static enum status share_since(struct gathering *g, const struct case_link *link,
                               const struct case_share *share, int64_t *since_ms)
{
    int64_t here = INT64_MIN, there = INT64_MIN;
    if (!str_empty(share->here.id)) TRY(part_known(g, &share->here, g->f->death, &here));
    if (!str_empty(share->there.id)) TRY(part_known(g, &share->there, fact_key(g->a, &link->other), &there));
    *since_ms = link->since_ms;
    if (here > *since_ms) *since_ms = here;
    if (there > *since_ms) *since_ms = there;
    return OK;
}

/* Does the incident itself say that somebody was going to this address? */
static enum status is_destination(struct gathering *g, Str incident, Str value, bool *is)
{
    const struct posting *p = referrers_of(g->c, incident);
    *is = false;
    for (size_t i = 0; p && i < p->count; i++) {
        const struct holder *h = &g->c->holder[p->item[i]];
        struct case_facts one = {0};
        if (h->id.kind != KIND_IDENTIFIER) continue;
        TRY(facts_add_record(g->a, g->c->policy, &one, h->line, h->count, g->view, g->e));
        *is = *is || (one.count > 0 && refers_now(&one.row[0], S("role"), S("destination")) &&
                      refers_now(&one.row[0], S("value"), value));
    }
    return OK;
}

static enum status share_facts(struct gathering *g, const struct case_link *link, struct fact_row *row,
                               Str other)
{
    int64_t strong_ms = link->since_ms;
    for (size_t i = 0; i < link->shares; i++) {
        const struct case_share *share = &link->share[i];
        int64_t since_ms = 0;
        bool destination = false;
        TRY(share_since(g, link, share, &since_ms));
        if (i == 0) strong_ms = since_ms;
        facts_add_value(g->a, row, S("shares"), share->word, since_ms, FOREVER_MS);
        if (str_eq(share->word, S("address")) && link->other.kind == KIND_INCIDENT)
            TRY(is_destination(g, other, share->value, &destination));
        if (destination) facts_add_value(g->a, row, S("shares"), S("destination"), since_ms, FOREVER_MS);
    }
    facts_add_value(g->a, row, S("strong"), link->strong ? S("yes") : S("no"), strong_ms, FOREVER_MS);
    return OK;
}

static enum status link_facts(struct gathering *g, const struct case_link *link)
{
    Str other = fact_key(g->a, &link->other);
    int64_t since = link->since_ms;
    struct fact_row row = {
        .kind = S("link"), .key = str_format(g->a, "link %.*s", STR_ARG(other)), .known_ms = since};
    if (since > g->view.known_at_ms) return OK;
    facts_add_value(g->a, &row, S("other"), other, since, FOREVER_MS);
    facts_add_value(g->a, &row, S("of"), str_of(kind_of(link->other.kind)->name), since, FOREVER_MS);
    put_number(g->a, &row, S("distance_m"), link->distance_m, 0, since);
    put_number(g->a, &row, S("weight"), link->weight, 1, since);
    TRY(share_facts(g, link, &row, other));
    if (link->other.kind == KIND_INCIDENT) {
        struct case_facts one = {0};
        const struct holder *h = holder_of(g->c, g->a, KIND_INCIDENT, other);
        if (h) TRY(facts_add_record(g->a, g->c->policy, &one, h->line, h->count, g->view, g->e));
        Str type = one.count > 0 ? fact_now(&one.row[0], S("type")) : STR_NONE;
        if (str_present(type)) facts_add_value(g->a, &row, S("type"), type, since, FOREVER_MS);
    }
    TRY(officers_in_common(g, &row, other, since));
    *facts_add_row(g->a, g->f, row.kind, row.key, row.known_ms) = row;
    return OK;
}

static void near_facts(struct gathering *g, const struct case_near *near)
{
    Str other = fact_key(g->a, &near->other);
    if (near->since_ms > g->view.known_at_ms) return;
    struct fact_row *row =
        facts_add_row(g->a, g->f, S("near"), str_format(g->a, "near %.*s", STR_ARG(other)), near->since_ms);
    facts_add_value(g->a, row, S("other"), other, near->since_ms, FOREVER_MS);
    put_number(g->a, row, S("distance_m"), near->distance_m, 0, near->since_ms);
    put_number(g->a, row, S("gap_days"), near->gap_days, 0, near->since_ms);
    for (size_t i = 0; i < near->same.count; i++)
        facts_add_value(g->a, row, S("same"), near->same.item[i], near->since_ms, FOREVER_MS);
}

/* Is this officer, of the case, the one whom the ledger of readings names? */
static bool officer_is(const struct fact_row *officer, Str reader)
{
    size_t cut = str_find_char(officer->key, ':');
    return str_eq(officer->key, reader) ||
           str_eq(str_slice(officer->key, cut + 1, officer->key.len), reader) ||
           str_eq(fact_now(officer, S("name")), reader) || str_eq(fact_now(officer, S("number")), reader);
}

static void reading_facts(struct gathering *g, const struct case_reading *reading, size_t number)
{
    Str of = fact_key(g->a, &reading->of);
    int64_t at = reading->at_ms;
    if (at > g->view.known_at_ms) return;
    struct fact_row row = {
        .kind = S("reading"), .key = str_format(g->a, "reading %zu", number), .known_ms = at};
    facts_add_value(g->a, &row, S("of"), of, at, FOREVER_MS);
    facts_add_value(g->a, &row, S("reader"), reading->reader, at, FOREVER_MS);
    const struct fact_row *read = facts_find(g->f, of);
    Str owner = read ? fact_now(read, S("owner")) : STR_NONE;
    const struct fact_row *owns = str_present(owner) ? facts_find(g->f, owner) : NULL;
    if (!owns || !officer_is(owns, reading->reader))
        facts_add_value(g->a, &row, S("other"), S("yes"), at, FOREVER_MS);
    for (size_t i = 0; i < g->f->count; i++) {
        const struct fact_row *attended = &g->f->row[i];
        if (!str_eq(attended->kind, S("attendance"))) continue;
        const struct fact_row *officer = facts_find(g->f, fact_now(attended, S("officer")));
        Str capacity = fact_now(attended, S("capacity"));
        if (officer && str_present(capacity) && officer_is(officer, reading->reader))
            facts_add_value(g->a, &row, S("capacity"), capacity,
                            at > attended->known_ms ? at : attended->known_ms, FOREVER_MS);
    }
    *facts_add_row(g->a, g->f, row.kind, row.key, row.known_ms) = row;
}

/* ---- all of it -------------------------------------------------------------------------------------- */

static enum status gather(struct gathering *g, const struct holder *death, const struct case_context *context)
{
    size_t row, own;
    TRY(take(g, death, &row));
    TRY(take_referrers(g, g->f->death, UINT64_MAX));
    own = g->f->count;
    for (size_t i = 0; i < own; i++) {
        Str key = g->f->row[i].key;
        if (str_eq(g->f->row[i].kind, S("involvement")) && refers_now(&g->f->row[i], S("event"), g->f->death))
            TRY(take_person(g, i));
        if (str_eq(g->f->row[i].kind, S("exhibit")))
            TRY(take_referrers(g, key, UINT64_C(1) << KIND_MOVEMENT));
    }
    TRY(take_officers(g));
    with_facts(g, S("contact"));
    with_facts(g, S("statement"));
    decision_facts(g);
    for (size_t i = 0; context && i < context->links; i++)
        TRY(link_facts(g, &context->link[i]));
    for (size_t i = 0; context && i < context->nears; i++)
        near_facts(g, &context->near[i]);
    for (size_t i = 0; context && i < context->readings; i++)
        reading_facts(g, &context->reading[i], i + 1);
    category_facts(g->a, g->f);
    return OK;
}

enum status caseload_facts(struct caseload *c, struct arena *a, const struct record_id *death,
                           const struct case_context *context, struct view view, struct case_facts *out,
                           struct err *e)
{
    struct case_facts f = {.death = fact_key(a, death), .at_ms = view.known_at_ms};
    struct gathering g = {.c = c, .a = a, .view = view, .f = &f, .e = e};
    const struct holder *h = holder_of(c, a, KIND_DEATH, f.death);
    if (!h) return ERR(e, E_NOT_FOUND, "death", "%.*s is no death on record", STR_ARG(f.death));
    g.seen = table_new(RECORDS_MAX);
    enum status status = gather(&g, h, context);
    table_free(g.seen);
    if (status != OK) return status;
    if (f.count == 0 || !str_eq(f.row[0].kind, S("death")))
        return ERR(e, E_NOT_FOUND, "death", "%.*s was not on record then", STR_ARG(f.death));
    *out = f;
    return OK;
}
