#include "app/report_send.h"

#include "app/new_line.h"
#include "base/caldate.h"
#include "model/feed.h"

#define LINES_MAX         16
#define REFERENCE_LETTERS 5

struct making {
    struct session *s;
    const struct roll *roll;
    const struct viewer *who;
    int64_t now_ms;
    const struct report_draft *draft;
    struct arena *a;
    struct report_records *out;
};

struct record_id report_death_id(struct arena *a, Str draft)
{
    return (struct record_id){S(NAMESPACE_DEFAULT), KIND_DEATH, str_format(a, "D-%.*s", STR_ARG(draft))};
}

Str report_reference(const struct roll *r, Str unit, int64_t now_ms, Str draft, struct arena *a)
{
    int year, month, day;
    struct record_id own = report_death_id(a, draft);
    caldate_from_days(caldate_day_of(now_ms), &year, &month, &day);
    for (size_t letters = REFERENCE_LETTERS;; letters++) {
        Str tail = str_slice(draft, 0, letters);
        Str ref = str_empty(unit) ? str_format(a, "%d/%.*s", year, STR_ARG(tail))
                                  : str_format(a, "%.*s/%d/%.*s", STR_ARG(unit), year, STR_ARG(tail));
        uint32_t at = roll_find_word(r, ref);
        if (at == ROLL_NONE || letters >= draft.len || record_id_eq(&roll_death(r, at)->id, &own)) return ref;
    }
}

/* ---- lines ------------------------------------------------------------------------------------------ */

static struct record_id id_of(const struct making *m, enum kind_id kind, const char *suffix)
{
    return (struct record_id){S(NAMESPACE_DEFAULT), kind,
                              str_format(m->a, "%.*s-%s", STR_ARG(m->draft->id), suffix)};
}

static enum status line_add(struct making *m, struct record_id id, const Json *set, struct err *e)
{
    MUST(m->out->count < LINES_MAX);
    TRY(new_line(m->s, m->a, &id, S(REPORT_SOURCE), set, &m->out->change[m->out->count], e));
    m->out->count++;
    return OK;
}

/* What was typed for a part, to be added to. */
static enum status part_open(const struct making *m, enum report_part part, struct json_doc *out,
                             struct err *e)
{
    return json_parse(report_draft_set(m->draft, part, m->a), out, e);
}

static bool part_says(const struct making *m, enum report_part part)
{
    return !str_eq(report_draft_set(m->draft, part, m->a), S("{}"));
}

/* ---- the death -------------------------------------------------------------------------------------- */

static void add_code(Json *set, const char *field, const char *code)
{
    const Json *list = json_get(set, field);
    if (json_type(list) != JSON_ARRAY) json_build_member(set, str_of(field), json_build_list());
    json_build_item((Json *)(uintptr_t)json_get(set, field), json_build_text(str_of(code)));
}

static enum status death_add(struct making *m, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {0};
    Str phone = report_draft_extra(m->draft, EXTRA_PHONE);
    TRY(part_open(m, REPORT_DEATH, &set, e));
    new_line_put(set.root, "ref", m->out->ref);
    new_line_put(set.root, "unit", m->who->unit);
    if (str_eq(phone, S("seen"))) add_code(set.root, "present", "phone");
    if (str_eq(phone, S("not_seen"))) add_code(set.root, "absent", "phone");
    return line_add(m, m->out->death, set.root, e);
}

/* ---- people ----------------------------------------------------------------------------------------- */

static enum status involve(struct making *m, const char *suffix, const struct record_id *person,
                           const char *role, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    new_line_put_ref(set.root, "event", &m->out->death);
    new_line_put_ref(set.root, "person", person);
    new_line_put(set.root, "role", str_of(role));
    return line_add(m, id_of(m, KIND_INVOLVEMENT, suffix), set.root, e);
}

static enum status phone_add(struct making *m, enum report_part part, const struct record_id *holder,
                             const char *role, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {0};
    if (!part_says(m, part)) return OK;
    TRY(part_open(m, part, &set, e));
    new_line_put(set.root, "type", S("phone"));
    new_line_put_ref(set.root, "holder", holder);
    new_line_put(set.root, "role", str_of(role));
    return line_add(m, id_of(m, KIND_IDENTIFIER, REPORT_PART[part].name), set.root, e);
}

/* Somebody with a name, or without one. */
static enum status person_add(struct making *m, enum report_part part, const struct record_id *id,
                              const char *without_name, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {0};
    TRY(part_open(m, part, &set, e));
    if (json_count(set.root) == 0) new_line_put(set.root, "note", str_of(without_name));
    return line_add(m, *id, set.root, e);
}

static enum status deceased_add(struct making *m, struct err *e)
{
    struct json_doc death CLEANUP_JSON = {0}, set CLEANUP_JSON = {json_build_object()};
    TRY(part_open(m, REPORT_DEATH, &death, e));
    Str name = json_str(json_get(death.root, "deceased_name")), sex = json_str(json_get(death.root, "sex"));
    if (!str_present(name)) return OK;
    struct record_id id = id_of(m, KIND_PERSON, "deceased");
    new_line_put(set.root, "name", name);
    if (str_present(sex)) new_line_put(set.root, "sex", sex);
    TRY(line_add(m, id, set.root, e));
    return involve(m, "deceased", &id, "deceased", e);
}

static bool caller_is_finder(const struct making *m)
{
    return str_eq(report_draft_extra(m->draft, EXTRA_CALLER), S("yes"));
}

static enum status finder_add(struct making *m, bool *there_is, struct err *e)
{
    struct record_id id = id_of(m, KIND_PERSON, "finder");
    *there_is = part_says(m, REPORT_FINDER) || part_says(m, REPORT_FINDER_PHONE) ||
                part_says(m, REPORT_FIRST_ACCOUNT) ||
                (caller_is_finder(m) && part_says(m, REPORT_CALLER_PHONE));
    if (!*there_is) return OK;
    TRY(person_add(m, REPORT_FINDER, &id, "found the dead; the name is not known", e));
    TRY(involve(m, "finder", &id, "finder", e));
    return phone_add(m, REPORT_FINDER_PHONE, &id, "own", e);
}

static enum status caller_add(struct making *m, bool finder, struct err *e)
{
    struct record_id id = id_of(m, KIND_PERSON, caller_is_finder(m) && finder ? "finder" : "caller");
    if (caller_is_finder(m)) {
        if (!finder) return OK;
    } else {
        if (!part_says(m, REPORT_CALLER) && !part_says(m, REPORT_CALLER_PHONE)) return OK;
        TRY(person_add(m, REPORT_CALLER, &id, "called; the name is not known", e));
    }
    TRY(involve(m, "caller", &id, "caller", e));
    return phone_add(m, REPORT_CALLER_PHONE, &id, "caller", e);
}

/* ---- what was said, who was there ------------------------------------------------------------------- */

static enum status statement_add(struct making *m, enum report_part part, const struct record_id *by,
                                 struct err *e)
{
    struct json_doc set CLEANUP_JSON = {0};
    if (!part_says(m, part)) return OK;
    TRY(part_open(m, part, &set, e));
    new_line_put_ref(set.root, "death", &m->out->death);
    new_line_put(set.root, "type", S("first_account"));
    if (by != NULL) new_line_put_ref(set.root, "person", by);
    new_line_put(set.root, "taken_by", m->who->officer);
    new_line_put_time(set.root, "taken_at", m->now_ms);
    return line_add(m, id_of(m, KIND_STATEMENT, REPORT_PART[part].name), set.root, e);
}

static Str capacity_of(enum role role)
{
    static const struct {
        enum role role;
        const char *capacity;
    } CAPACITIES[] = {{ROLE_RESPONSE, "first_response"}, {ROLE_SUPERVISOR, "supervisor"},
                      {ROLE_DETECTIVE, "detective"},     {ROLE_SPECIALIST, "specialist_homicide"},
                      {ROLE_EXHIBITS, "exhibits"},       {ROLE_CORONER_OFFICER, "coroner_officer"}};
    for (size_t i = 0; i < COUNT_OF(CAPACITIES); i++)
        if (CAPACITIES[i].role == role) return str_of(CAPACITIES[i].capacity);
    return S("other");
}

static enum status attendance_add(struct making *m, enum report_part part, Str capacity, Str officer,
                                  struct err *e)
{
    struct json_doc set CLEANUP_JSON = {0};
    TRY(part_open(m, part, &set, e));
    new_line_put_ref(set.root, "death", &m->out->death);
    new_line_put(set.root, "officer", officer);
    new_line_put(set.root, "capacity", capacity);
    return line_add(m, id_of(m, KIND_ATTENDANCE, REPORT_PART[part].name), set.root, e);
}

static enum status attendances_add(struct making *m, struct err *e)
{
    bool there = str_eq(report_draft_extra(m->draft, EXTRA_THERE), S("yes")) || part_says(m, REPORT_ARRIVAL);
    if (there && !str_empty(m->who->officer))
        TRY(attendance_add(m, REPORT_ARRIVAL, capacity_of(m->who->role), m->who->officer, e));
    if (!part_says(m, REPORT_TOLD)) return OK;
    return attendance_add(m, REPORT_TOLD, S("supervisor"), S(""), e);
}

/* ---- all of it -------------------------------------------------------------------------------------- */

enum status report_records_make(struct session *s, const struct roll *r, const struct viewer *who,
                                int64_t now_ms, const struct report_draft *d, struct arena *a,
                                struct report_records *out, struct err *e)
{
    struct report_records made = {.death = report_death_id(a, d->id),
                                  .ref = report_reference(r, who->unit, now_ms, d->id, a),
                                  .change = NEW_ARRAY(a, struct change, LINES_MAX)};
    struct making m = {s, r, who, now_ms, d, a, &made};
    struct record_id finder_id = id_of(&m, KIND_PERSON, "finder");
    bool finder = false;
    TRY(death_add(&m, e));
    TRY(deceased_add(&m, e));
    TRY(finder_add(&m, &finder, e));
    TRY(caller_add(&m, finder, e));
    TRY(phone_add(&m, REPORT_OWN_PHONE, &made.death, "own", e));
    TRY(statement_add(&m, REPORT_FIRST_ACCOUNT, &finder_id, e));
    TRY(statement_add(&m, REPORT_KNOWN, NULL, e));
    TRY(attendances_add(&m, e));
    *out = made;
    return OK;
}

enum status report_quality(struct session *s, const struct report_records *records, int64_t now_ms,
                           struct arena *a, struct quality *out, struct err *e)
{
    struct entry_line line = {.change = records->change[0], .seq = 1};
    struct record record;
    line.change.known_at_ms = now_ms;
    TRY(record_fold(a, &s->policy, &line, 1, VIEW_NOW, &record, e));
    quality_of_death(a, &record, out);
    return OK;
}

/* ---- near by ---------------------------------------------------------------------------------------- */

enum status report_near_query(const struct report_draft *d, const struct policy *policy, int64_t now_ms,
                              struct arena *a, struct near_query *out, struct err *e)
{
    static const int FIELDS[] = {death_field_place, death_field_setting, death_field_posture,
                                 death_field_substances, death_field_absent};
    const struct kind *kind = kind_of(KIND_DEATH);
    struct death *death = arena_alloc(a, 1, kind->size, _Alignof(max_align_t));
    death->age = (double)NAN;
    for (size_t i = 0; i < COUNT_OF(FIELDS); i++) {
        struct fact fact;
        TRY(report_draft_fact(d, policy, REPORT_DEATH, FIELDS[i], a, &fact, e));
        if (str_present(fact.value))
            TRY(field_decode(a, &kind->field[FIELDS[i]], fact.value, fact.key, death, e));
    }
    struct str_list absent = {NEW_ARRAY(a, Str, death->absent.count + 1), 0};
    bool phone = str_eq(report_draft_extra(d, EXTRA_PHONE), S("not_seen"));
    if (phone) absent.item[absent.count++] = S("phone");
    for (size_t i = 0; i < death->absent.count; i++)
        if (!phone || !str_eq(death->absent.item[i], S("phone")))
            absent.item[absent.count++] = death->absent.item[i];
    *out = (struct near_query){.place = death->place,
                               .now_ms = now_ms,
                               .setting = death->setting,
                               .posture = death->posture,
                               .substance = death->substances,
                               .absent = absent};
    return OK;
}

/* ---- sending ---------------------------------------------------------------------------------------- */

enum status report_send(struct session *s, uint64_t account, const struct report_draft *d,
                        const struct report_records *records, uint64_t *last_seq, struct err *e)
{
    struct err why = {0};
    struct receipt receipt = {0};
    uint64_t *expected = NEW_ARRAY(s->arena, uint64_t, records->count); /* 0: not there yet */
    enum status status =
        store_append(s->store, &s->actor, 0, records->change, records->count, expected, NULL, &receipt, &why);
    *last_seq = receipt.last_seq;
    /* the ids are made of the draft's, which is not guessable: what is there was sent by this very draft */
    if (status != OK && status != E_CONFLICT) return ERR(e, status, why.field, "%s", why.text);
    return report_draft_drop(s->store, account, d->id, e);
}
