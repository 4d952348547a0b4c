#include "app/exhibits.h"

#include "app/new_id.h"
#include "app/new_line.h"
#include "model/feed.h"

static int64_t ms_of(const struct moment *m)
{
    return m->precision == PRECISION_NONE ? INT64_MIN : m->ms;
}

bool exhibit_line_read(struct arena *a, const struct record_id *id, const struct movement *m,
                       struct custody_line *out)
{
    int act = custody_act_of_code(m->type);
    if (act < 0) return false;
    *out = (struct custody_line){.id = str_copy(a, id->id),
                                 .act = (enum custody_act)act,
                                 .from = roll_ref_key(a, id->ns, m->from),
                                 .to = roll_ref_key(a, id->ns, m->to),
                                 .by = roll_ref_key(a, id->ns, m->by),
                                 .confirmed_by = roll_ref_key(a, id->ns, m->confirmed_by),
                                 .account = S(""),
                                 .seal = str_copy(a, m->seal_seen),
                                 .why = str_copy(a, m->why),
                                 .at_ms = ms_of(&m->at),
                                 .confirmed_ms = ms_of(&m->confirmed_at),
                                 .ended_ms = ms_of(&m->ended_at)};
    return true;
}

/* ---- reading ---------------------------------------------------------------------------------------- */

static bool is_waiting(const struct custody_line *line)
{
    return line->confirmed_ms == INT64_MIN && line->ended_ms == INT64_MIN &&
           (line->act == CUSTODY_HAND_OVER || line->act == CUSTODY_RETURN || line->act == CUSTODY_DISPOSE);
}

/* Who typed it in: the officer named in a line may be anybody. */
static enum status account_read(struct session *s, struct view view, const struct record_id *id,
                                struct arena *a, Str *out, struct err *e)
{
    struct history h;
    TRY(store_history(s->store, &s->actor, view, id, a, &h, e));
    *out = h.count > 0 ? h.line[0].actor : S("");
    return OK;
}

static enum status line_read(struct session *s, struct view view, const struct record_id *id, struct arena *a,
                             struct exhibit_file *out, struct err *e)
{
    struct record record;
    struct err why = {0};
    struct custody_line *line = &out->line[out->lines];
    enum status status = store_get(s->store, &s->actor, view, id, a, &record, &why);
    if (status == E_NOT_FOUND) return OK; /* not yet, as seen from the view */
    if (status != OK) return ERR(e, status, why.field, "%s", why.text);
    if (!exhibit_line_read(a, id, record.data, line)) return OK;
    line->seq = record.version;
    if (is_waiting(line)) TRY(account_read(s, view, id, a, &line->account, e));
    out->lines++;
    return OK;
}

enum status exhibit_file_read(struct session *s, struct view view, const struct record_id *id,
                              struct arena *a, struct exhibit_file *out, struct err *e)
{
    struct record_id *from = NULL;
    size_t count = 0;
    *out = (struct exhibit_file){.death = {.kind = KIND_DEATH}};
    TRY(store_get(s->store, &s->actor, view, id, a, &out->record, e));
    out->data = out->record.data;
    ref_split(out->data->death, id->ns, &out->death.ns, &out->death.id);
    TRY(store_referrers(s->store, &s->actor, id, a, &from, &count, e));
    out->line = NEW_ARRAY(a, struct custody_line, count + 1);
    for (size_t i = 0; i < count; i++)
        if (from[i].kind == KIND_MOVEMENT) TRY(line_read(s, view, &from[i], a, out, e));
    out->custody = custody_read(out->line, out->lines, out->data->seal);
    return OK;
}

struct custody_person exhibit_person(struct arena *a, Str account, Str officer, Str unit)
{
    return (struct custody_person){account, roll_ref_key(a, S(NAMESPACE_DEFAULT), officer),
                                   roll_ref_key(a, S(NAMESPACE_DEFAULT), unit)};
}

/* ---- writing ---------------------------------------------------------------------------------------- */

/* A key as a reference: the default namespace is left out. */
static Str reference_of(Str key)
{
    Str own = S(NAMESPACE_DEFAULT ":");
    return str_starts(key, own) ? str_slice(key, own.len, key.len) : key;
}

static void put_key(Json *set, const char *field, Str key)
{
    new_line_put(set, field, reference_of(key));
}

/* The line of a step that begins something new. */
static void movement_fill(Json *set, const struct record_id *exhibit, const struct custody *before,
                          const struct custody *after, const struct custody_step *step)
{
    bool waits = after->waiting;
    new_line_put_ref(set, "exhibit", exhibit);
    new_line_put(set, "type", str_of(custody_act_code(step->act)));
    put_key(set, "from", before->holder);
    put_key(set, "to", waits ? after->to : after->holder);
    put_key(set, "by", step->by.officer);
    new_line_put(set, "why", step->why);
    new_line_put_time(set, "at", step->at_ms);
    if (waits) return;
    new_line_put(set, "seal_seen", step->seal);
    new_line_put_time(set, "confirmed_at", step->at_ms);
    put_key(set, "confirmed_by", step->by.officer);
}

/* The line that ends one which waits. */
static void ending_fill(Json *set, const struct custody_step *step)
{
    if (step->act == CUSTODY_CONFIRM) {
        new_line_put(set, "seal_seen", step->seal);
        new_line_put_time(set, "confirmed_at", step->at_ms);
        put_key(set, "confirmed_by", step->by.officer);
        return;
    }
    new_line_put_time(set, "ended_at", step->at_ms);
    new_line_put(set, "why", step->why);
}

static bool is_laboratory(const struct roll *roll, Str holder)
{
    const struct roll_unit *unit = roll == NULL ? NULL : roll_unit(roll, S(NAMESPACE_DEFAULT), holder);
    return unit != NULL && str_eq(unit->kind, S("laboratory"));
}

/* exhibit.state after a step. */
static Str state_after(const struct roll *roll, const struct custody *before, const struct custody *after)
{
    if (after->missing) return S("missing");
    if (after->waiting) return S("in_transit");
    if (after->out) return before->begun == CUSTODY_RETURN ? S("returned") : S("disposed");
    return is_laboratory(roll, after->holder) ? S("at_lab") : S("held");
}

static enum status movement_line(struct session *s, struct arena *a, const struct record_id *exhibit,
                                 const struct custody *before, const struct custody *after,
                                 const struct custody_step *step, Str waiting, struct change *out,
                                 struct err *e)
{
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    bool ends = step->act == CUSTODY_CONFIRM || step->act == CUSTODY_TAKE_BACK;
    struct record_id id = {exhibit->ns, KIND_MOVEMENT, ends ? waiting : new_id(a, &s->env.entropy, S("MV-"))};
    if (ends)
        ending_fill(set.root, step);
    else
        movement_fill(set.root, exhibit, before, after, step);
    return new_line(s, a, &id, S(EXHIBIT_SOURCE), set.root, out, e);
}

static enum status exhibit_line(struct session *s, struct arena *a, const struct record_id *id, Str state,
                                Str seal, struct change *out, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    new_line_put(set.root, "state", state);
    new_line_put(set.root, "seal", seal);
    return new_line(s, a, id, S(EXHIBIT_SOURCE), set.root, out, e);
}

enum status exhibit_book(struct session *s, const struct custody_person *by, const struct record_id *death,
                         Json *set, int64_t now_ms, struct arena *a, struct record_id *out, struct err *e)
{
    struct change line[2];
    struct receipt receipt;
    struct custody none = CUSTODY_NONE, held = CUSTODY_NONE;
    struct custody_step step = {.act = CUSTODY_BOOK,
                                .by = *by,
                                .seal = json_str(json_get(set, "seal")),
                                .at_ms = now_ms,
                                .now_ms = now_ms};
    TRY(custody_take(&held, &step, e));
    *out = (struct record_id){S(NAMESPACE_DEFAULT), KIND_EXHIBIT, new_id(a, &s->env.entropy, S("EX-"))};
    new_line_put_ref(set, "death", death);
    new_line_put(set, "state", S("held"));
    TRY(new_line(s, a, out, S(EXHIBIT_SOURCE), set, &line[0], e));
    TRY(movement_line(s, a, out, &none, &held, &step, STR_NONE, &line[1], e));
    return store_append(s->store, &s->actor, 0, line, COUNT_OF(line), NULL, NULL, &receipt, e);
}

/* The last one: earlier ones were overtaken. NULL: none. */
static const struct custody_line *waiting_of(const struct exhibit_file *file)
{
    for (size_t i = file->lines; i-- > 0;)
        if (is_waiting(&file->line[i])) return &file->line[i];
    return NULL;
}

enum status exhibit_step(struct session *s, const struct roll *roll, const struct exhibit_file *file,
                         const struct custody_step *step, struct arena *a, struct err *e)
{
    struct custody after = file->custody;
    struct change line[2];
    struct receipt receipt;
    const struct custody_line *waiting = waiting_of(file);
    bool ends = step->act == CUSTODY_CONFIRM || step->act == CUSTODY_TAKE_BACK;
    TRY(custody_take(&after, step, e));
    MUST(!ends || waiting != NULL);
    TRY(movement_line(s, a, &file->record.id, &file->custody, &after, step, ends ? waiting->id : STR_NONE,
                      &line[0], e));
    TRY(exhibit_line(s, a, &file->record.id, state_after(roll, &file->custody, &after), after.seal, &line[1],
                     e));
    const uint64_t expected[] = {ends ? waiting->seq : UINT64_MAX, file->record.version};
    return store_append(s->store, &s->actor, 0, line, COUNT_OF(line), expected, NULL, &receipt, e);
}
