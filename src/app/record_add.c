#include "app/record_add.h"

#include "app/new_line.h"
#include "model/feed.h"
#include "model/kinds.h"

/* clang-format off */
const struct add_row ADD[] = {
    {KIND_PERSON, "A person", "Somebody with a part in it: family, a witness, a caller, somebody last seen with them.", "", ADD_PERSON},
    {KIND_IDENTIFIER, "A telephone number or other identifier", "A number, an address, a vehicle, a user name: what can turn up again elsewhere.", "", ADD_ALONE},
    {KIND_STATEMENT, "A statement", "What somebody said, in their own words.", "taken_by", ADD_ALONE},
    {KIND_ATTENDANCE, "An attendance", "Who was told, asked and came.", "officer", ADD_ALONE},
    {KIND_SCENE, "How the scene was managed", "Cordon, log, photographs, release.", "log_kept_by", ADD_ALONE},
    {KIND_SEARCH, "A search", "Of the body, a place or a thing, also when nothing was found.", "by", ADD_ALONE},
    {KIND_SUBMISSION, "A request to a laboratory", "What was asked of whom, and by when.", "", ADD_ALONE},
    {KIND_RESULT, "A result", "What a laboratory or an examiner found.", "read_by", ADD_ALONE},
    {KIND_ACTION, "An action", "A line of enquiry with an owner and a day.", "owner", ADD_ALONE},
    {KIND_INCIDENT, "An incident beside it", "Something that happened before or near it and may matter.", "", ADD_INCIDENT},
    {KIND_ADVICE, "Advice", "An adviser who was offered, asked or declined.", "", ADD_ALONE},
};
/* clang-format on */
const size_t ADD_COUNT = COUNT_OF(ADD);

const struct add_row *add_named(Str kind)
{
    for (size_t i = 0; i < ADD_COUNT; i++)
        if (str_eq(kind, str_of(kind_of(ADD[i].kind)->name))) return &ADD[i];
    return NULL;
}

bool add_is_given(const struct kind *kind, int field)
{
    const char *name = kind->field[field].name;
    if (kind->id == KIND_INVOLVEMENT) return strcmp(name, "event") == 0;
    return strcmp(name, "death") == 0 || strcmp(name, "events") == 0;
}

/* ---- adding ----------------------------------------------------------------------------------------- */

#define LINES_MAX 2
struct adding {
    struct session *s;
    const struct record_addition *x;
    struct change change[LINES_MAX];
    size_t count;
};

/* What was typed, without what was left empty. */
static enum status typed_copy(struct adding *a, const Json *set, struct json_doc *out, struct err *e)
{
    struct buf text CLEANUP_BUF;
    buf_init(&text, (size_t)1 << 22);
    json_write_present(&text, set);
    TRY(buf_status(&text, e));
    return json_parse(str_copy(a->s->arena, buf_str(&text)), out, e);
}

static struct record_id id_of(const struct adding *a, enum kind_id kind)
{
    return (struct record_id){S(NAMESPACE_DEFAULT), kind,
                              str_format(a->s->arena, "X-%.*s", STR_ARG(a->x->key))};
}

static enum status line_put(struct adding *a, struct record_id id, const Json *set, struct err *e)
{
    TRY(new_line(a->s, a->s->arena, &id, S(NEW_LINE_SOURCE), set, &a->change[a->count], e));
    a->count++;
    return OK;
}

static Json *one_ref(struct adding *a, const struct record_id *to)
{
    struct json_doc holder CLEANUP_JSON = {json_build_object()};
    Json *list = json_build_list();
    new_line_put_ref(holder.root, "to", to);
    json_build_item(list, json_build_text(str_copy(a->s->arena, json_str(json_get(holder.root, "to")))));
    return list;
}

/* The record itself, tied to the death. */
static enum status record_put(struct adding *a, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {0};
    const struct kind *kind = kind_of(a->x->row->kind);
    TRY(typed_copy(a, a->x->set, &set, e));
    if (json_count(set.root) == 0)
        return ERR(e, E_INVALID, "", "Nothing was filled in. Say at least one thing.");
    if (field_index(kind, S("death")) >= 0) new_line_put_ref(set.root, "death", a->x->death);
    if (field_index(kind, S("events")) >= 0)
        json_build_member(set.root, S("events"), one_ref(a, a->x->death));
    return line_put(a, id_of(a, kind->id), set.root, e);
}

/* A part of a new person in the death, or of somebody of this death in a new incident. */
static enum status part_put(struct adding *a, struct err *e)
{
    struct json_doc part CLEANUP_JSON = {0};
    struct record_id made = id_of(a, a->x->row->kind);
    if (a->x->row->part == ADD_ALONE) return OK;
    TRY(typed_copy(a, a->x->part, &part, e));
    if (a->x->row->part == ADD_INCIDENT && json_get(part.root, "person") == NULL) {
        if (json_count(part.root) == 0) return OK;
        return ERR(e, E_INVALID, "person", "Say whose part in the incident it was.");
    }
    new_line_put_ref(part.root, "event", a->x->row->part == ADD_PERSON ? a->x->death : &made);
    if (a->x->row->part == ADD_PERSON) new_line_put_ref(part.root, "person", &made);
    return line_put(a, id_of(a, KIND_INVOLVEMENT), part.root, e);
}

static bool is_key(Str key)
{
    for (size_t i = 0; i < key.len; i++)
        if (!(key.ptr[i] >= 'A' && key.ptr[i] <= 'Z') && !(key.ptr[i] >= '0' && key.ptr[i] <= '9'))
            return false;
    return key.len == 10;
}

enum status record_add(struct session *s, const struct record_addition *addition, struct err *e)
{
    struct adding a = {.s = s, .x = addition};
    uint64_t expected[LINES_MAX] = {0, 0}; /* not there yet */
    struct receipt receipt;
    struct err why = {0};
    if (!is_key(addition->key)) return ERR(e, E_INVALID, "", "This form is not whole. Open it again.");
    TRY(record_put(&a, e));
    TRY(part_put(&a, e));
    enum status status =
        store_append(s->store, &s->actor, 0, a.change, a.count, expected, NULL, &receipt, &why);
    if (status == OK || status == E_CONFLICT) return OK; /* the same form, sent twice */
    return ERR(e, status, why.field, "%s", why.text);
}

/* ---- correcting ------------------------------------------------------------------------------------- */

bool record_field_is_fixed(int field)
{
    return field == death_field_ref || field == death_field_force || field == death_field_unit ||
           field == death_field_category;
}

enum status record_change(struct session *s, const struct record_id *death, uint64_t version, Str source,
                          const Json *set, struct err *e)
{
    struct change change;
    struct receipt receipt;
    TRY(new_line(s, s->arena, death, source, set, &change, e));
    return store_append(s->store, &s->actor, 0, &change, 1, &version, NULL, &receipt, e);
}
