#include "app/words.h"

#include "assure/category.h"
#include "base/caldate.h"
#include "model/canon.h"
#include "model/feed.h"
#include "model/kinds.h"

#include <stdio.h>

enum { WORDS_BYTES_MAX = 1 << 22 };

/* Which vocabulary gives the words of a field's codes: by the field's name, whatever its kind. */
static const struct vocabulary *vocabulary_for(const struct policy *p, const struct kind *kind, int field)
{
    const struct {
        const char *field;
        const struct vocabulary *vocabulary;
    } table[] = {
        {"substances", p->substances}, {"covers", p->substances}, {"setting", p->settings},
        {"mechanism", p->mechanisms},  {"injuries", p->injuries}, {"finding", p->injuries},
        {"present", p->items},         {"absent", p->items},      {"item", p->items},
        {"posture", p->postures},      {"found_by", p->finders},
    };
    Str name = str_of(kind->field[field].name);
    if (kind->id == KIND_INVOLVEMENT && str_eq(name, S("role"))) return p->roles;
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (str_eq(str_of(table[i].field), name)) return table[i].vocabulary;
    return NULL;
}

/* The category of a death, or the one that was decided on. */
static bool is_category(const struct kind *kind, int field)
{
    Str name = str_of(kind->field[field].name);
    return str_eq(name, S("category")) || (kind->id == KIND_DECISION && str_eq(name, S("to")));
}

Str words_code(struct arena *a, const struct policy *policy, const struct kind *kind, int field, Str code)
{
    static const struct {
        const char *code, *words;
    } sexes[] = {{"F", "female"}, {"M", "male"}, {"X", "neither male nor female"}, {"U", "unknown"}};
    const struct vocabulary *v = vocabulary_for(policy, kind, field);
    if (is_category(kind, field) && category_height(code) > 0) return category_words(code);
    if (v && vocabulary_has(v, code)) return vocabulary_label(v, code);
    if (str_eq(str_of(kind->field[field].name), S("sex")))
        for (size_t i = 0; i < COUNT_OF(sexes); i++)
            if (str_eq(code, str_of(sexes[i].code))) return str_of(sexes[i].words);
    Str words = str_copy(a, code);
    char *text = str_cstr(a, words);
    for (size_t i = 0; i < words.len; i++)
        if (text[i] == '_') text[i] = ' ';
    return (Str){text, words.len};
}

Str words_time(struct arena *a, int64_t ms)
{
    char text[48];
    caldate_words(ms, text);
    return str_copy(a, str_of(text));
}

Str words_id(struct arena *a, const struct record_id *id)
{
    const char *kind = kind_of(id->kind)->name;
    if (str_eq(id->ns, S(NAMESPACE_DEFAULT))) return str_format(a, "%s %.*s", kind, STR_ARG(id->id));
    return str_format(a, "%s %.*s:%.*s", kind, STR_ARG(id->ns), STR_ARG(id->id));
}

Str words_name(Str name)
{
    return str_empty(name) ? S("Name not known") : name;
}

Str words_death(struct arena *a, Str name, Str ref, const struct record_id *id)
{
    if (str_empty(ref)) ref = ref_write(a, S(NAMESPACE_DEFAULT), id);
    return str_format(a, "%.*s, %.*s", STR_ARG(words_name(name)), STR_ARG(ref));
}

/* ---- values by type --------------------------------------------------------------------------------- */

static void moment_words(struct buf *out, const struct moment *m)
{
    char text[48];
    if (m->precision == PRECISION_TIME)
        caldate_words(m->ms, text);
    else
        caldate_words_day(m->ms, text);
    buf_add_cstr(out, text);
}

static bool moment_same(const struct moment *a, const struct moment *b)
{
    return a->precision == b->precision && a->ms == b->ms;
}

static void span_words(struct buf *out, const struct span *s)
{
    if (s->from.precision && s->to.precision && !moment_same(&s->from, &s->to)) {
        buf_add(out, S("between "));
        moment_words(out, &s->from);
        buf_add(out, S(" and "));
        moment_words(out, &s->to);
    } else if (s->from.precision) { /* alone it is the moment itself: span_interval() */
        moment_words(out, &s->from);
    } else if (s->to.precision) {
        buf_add(out, S("until "));
        moment_words(out, &s->to);
    }
}

static void date_words(struct buf *out, const struct date *d)
{
    static const char *const month[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    if (d->day > 0) buf_addf(out, "%d ", d->day);
    if (d->month > 0) buf_addf(out, "%s ", month[d->month - 1]);
    buf_addf(out, "%d", d->year);
}

static void place_words(struct buf *out, const struct place *p)
{
    buf_addf(out, "%.4f, %.4f", p->lat, p->lon);
    if (p->radius_m >= 1000)
        buf_addf(out, ", give or take %.1f km", p->radius_m / 1000);
    else if (p->radius_m > 0)
        buf_addf(out, ", give or take %.0f m", p->radius_m);
}

static void separate(struct buf *out, size_t i)
{
    if (i > 0) buf_add(out, S(", "));
}

static Str object_text(const Json *object, const char *key)
{
    Str s = json_str(json_get(object, key));
    return str_present(s) ? s : S("");
}

static void level_words(struct buf *out, struct arena *a, const struct policy *policy, const Json *level)
{
    Str code = object_text(level, "substance"), specimen = object_text(level, "specimen");
    const Json *amount = json_get(level, "mg_per_l");
    buf_add(out,
            vocabulary_has(policy->substances, code) ? vocabulary_label(policy->substances, code) : code);
    if (json_type(amount) == JSON_NUMBER) {
        buf_add_char(out, ' ');
        json_add_number(out, json_number(amount));
        buf_add(out, S(" mg/L"));
    }
    if (!str_empty(specimen)) buf_addf(out, " (%s)", str_cstr(a, specimen));
}

static void dated_words(struct buf *out, const Json *dated)
{
    Str passed = object_text(dated, "passed"), expires = object_text(dated, "expires");
    buf_add(out, object_text(dated, "name"));
    if (!str_empty(passed)) buf_addf(out, ", passed %.*s", STR_ARG(passed));
    if (!str_empty(expires)) buf_addf(out, ", expires %.*s", STR_ARG(expires));
}

static void objects_words(struct buf *out, struct arena *a, const struct policy *policy, enum field_type type,
                          const struct str_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct json_doc doc CLEANUP_JSON = {0};
        if (i > 0) buf_add(out, S("; "));
        if (json_parse(list->item[i], &doc, NULL) != OK)
            buf_add(out, list->item[i]);
        else if (type == FT_LEVELS)
            level_words(out, a, policy, doc.root);
        else
            dated_words(out, doc.root);
    }
}

static void list_words(struct buf *out, struct arena *a, const struct policy *policy, const struct kind *kind,
                       int field, const struct str_list *list)
{
    enum field_type type = kind->field[field].type;
    for (size_t i = 0; i < list->count; i++) {
        separate(out, i);
        buf_add(out, type == FT_CODES ? words_code(a, policy, kind, field, list->item[i]) : list->item[i]);
    }
}

static void member_words(struct buf *out, struct arena *a, const struct policy *policy,
                         const struct kind *kind, int field, const void *at)
{
    const struct field *f = &kind->field[field];
    switch (f->type) {
    case FT_TEXT:
    case FT_NARRATIVE:
    case FT_NAME:
    case FT_POSTCODE:
    case FT_REF:
        buf_add(out, *(const Str *)at);
        break;
    case FT_YESNO:
    case FT_CODE:
        buf_add(out, words_code(a, policy, kind, field, *(const Str *)at));
        break;
    case FT_ADDRESS:
    case FT_IDENTIFIER:
        buf_add(out, ((const struct keyed *)at)->text);
        break;
    case FT_TIME:
        moment_words(out, at);
        break;
    case FT_SPAN:
        span_words(out, at);
        break;
    case FT_DATE:
        date_words(out, at);
        break;
    case FT_NUMBER:
        json_add_number(out, *(const double *)at);
        if (f->unit[0] != '\0') buf_addf(out, " %s", f->unit);
        break;
    case FT_PLACE:
        place_words(out, at);
        break;
    case FT_TEXTS:
    case FT_NAMES:
    case FT_CODES:
    case FT_REFS:
        list_words(out, a, policy, kind, field, at);
        break;
    case FT_ADDRESSES: {
        const struct keyed_list *list = at;
        for (size_t i = 0; i < list->count; i++) {
            if (i > 0) buf_add(out, S("; "));
            buf_add(out, list->item[i].text);
        }
        break;
    }
    case FT_LEVELS:
    case FT_DATED:
        objects_words(out, a, policy, f->type, at);
        break;
    }
}

void words_value(struct buf *out, struct arena *a, const struct policy *policy, const struct kind *kind,
                 int field, Str value, Str key)
{
    if (!str_present(value)) return;
    if (str_eq(value, S("null"))) {
        buf_add(out, S("withdrawn"));
        return;
    }
    const struct field *f = &kind->field[field];
    char *data = arena_alloc(a, 1, kind->size, _Alignof(max_align_t));
    if (field_decode(a, f, value, key, data, NULL) == OK)
        member_words(out, a, policy, kind, field, data + f->offset);
    else
        buf_add(out, value); /* written by a later version: shown as it stands */
}

Str words_of(struct arena *a, const struct policy *policy, const struct kind *kind, int field, Str value,
             Str key)
{
    struct buf out CLEANUP_BUF;
    buf_init(&out, WORDS_BYTES_MAX);
    words_value(&out, a, policy, kind, field, value, key);
    return str_copy(a, buf_str(&out));
}

/* ---- an incident ------------------------------------------------------------------------------------ */

Str words_incident(struct arena *a, const struct policy *policy, const struct incident *incident)
{
    const struct moment *at = incident->at.from.precision ? &incident->at.from : &incident->at.to;
    struct buf out CLEANUP_BUF;
    char day[48];
    buf_init(&out, WORDS_BYTES_MAX);
    Str type = words_code(a, policy, kind_of(KIND_INCIDENT), incident_field_type, incident->type);
    buf_add(&out, str_empty(type) ? S("Incident") : type);
    if (at->precision) {
        caldate_words_day(at->ms, day);
        buf_addf(&out, ", %s", day);
    }
    if (!str_empty(incident->address.text)) buf_addf(&out, ", %.*s", STR_ARG(incident->address.text));
    char *text = str_cstr(a, buf_str(&out));
    if (text[0] >= 'a' && text[0] <= 'z') text[0] = (char)(text[0] - 'a' + 'A');
    return (Str){text, out.len};
}

/* ---- a record in a few words ------------------------------------------------------------------------ */

/* How early a field says what its record is; 0: not at all. */
static int telling(const struct kind *kind, const struct field *field)
{
    static const char *const first[] = {"deceased_name", "name"};
    static const char *const second[] = {"role", "type", "capacity", "test", "item", "of", "rank"};
    static const char *const third[] = {"ref", "value", "number", "person", "description"};
    for (size_t i = 0; i < COUNT_OF(first); i++)
        if (strcmp(field->name, first[i]) == 0) return 3;
    for (size_t i = 0; i < COUNT_OF(second); i++)
        if (strcmp(field->name, second[i]) == 0) return kind->id == KIND_IDENTIFIER && i == 0 ? 0 : 2;
    for (size_t i = 0; i < COUNT_OF(third); i++)
        if (strcmp(field->name, third[i]) == 0) return 1;
    return 0;
}

/* Where nothing tells: the first words of a text. */
static Str first_text(struct arena *a, const struct kind *kind, const struct record *record)
{
    enum { SHOWN_BYTES = 60 };
    for (size_t i = 0; i < kind->field_count; i++) {
        enum field_type type = kind->field[i].type;
        if (type != FT_TEXT && type != FT_NARRATIVE) continue;
        Str text = *(const Str *)((const char *)record->data + kind->field[i].offset);
        if (!str_present(record->held[i].value) || kind->field[i].sensitivity == SENS_RESTRICTED) continue;
        if (text.len <= SHOWN_BYTES) return text;
        size_t end = SHOWN_BYTES;
        while (end > 0 && text.ptr[end] != ' ')
            end--;
        return end > 0 ? str_format(a, "%.*s ...", (int)end, text.ptr) : STR_NONE;
    }
    return STR_NONE;
}

Str words_reference(struct arena *a, const struct words_names *names, const struct field *field, Str ns,
                    Str reference)
{
    Str name = names ? names->name(names->state, field, ns, reference) : STR_NONE;
    if (str_empty(name)) return reference;
    return str_format(a, "%.*s (%.*s)", STR_ARG(reference), STR_ARG(name));
}

/* One telling field of a record; "" when it need not be said. */
static Str telling_words(struct arena *a, const struct policy *policy, const struct record *record, size_t i,
                         const struct record_id *about, const struct words_names *names)
{
    const struct kind *kind = kind_of(record->id.kind);
    const struct field *field = &kind->field[i];
    const struct holding *held = &record->held[i];
    if (!str_present(held->value) || field->sensitivity == SENS_RESTRICTED) return S("");
    Str words = words_of(a, policy, kind, (int)i, held->value, held->key);
    if (field->type != FT_REF) return words;
    if (about && str_eq(words, about->id)) return S("");
    return words_reference(a, names, field, record->id.ns, words);
}

Str words_record(struct arena *a, const struct policy *policy, const struct record *record,
                 const struct record_id *about, const struct words_names *names)
{
    const struct kind *kind = kind_of(record->id.kind);
    struct buf out CLEANUP_BUF;
    buf_init(&out, WORDS_BYTES_MAX);
    for (int rank = 3; rank > 0; rank--)
        for (size_t i = 0; i < kind->field_count; i++) {
            if (telling(kind, &kind->field[i]) != rank) continue;
            Str words = telling_words(a, policy, record, i, about, names);
            if (words.len > 0) separate(&out, out.len);
            buf_add(&out, words);
        }
    if (out.len > 0) return str_copy(a, buf_str(&out));
    Str text = first_text(a, kind, record);
    return str_present(text) ? text : S("");
}

Str words_capital(struct arena *a, Str text)
{
    char *out = str_cstr(a, text);
    if (text.len > 0 && out[0] >= 'a' && out[0] <= 'z') out[0] = (char)(out[0] - 'a' + 'A');
    return (Str){out, text.len};
}

Str words_sentence(struct arena *a, Str text)
{
    Str start = words_capital(a, text);
    return str_ends(start, S(".")) ? start : str_format(a, "%.*s.", STR_ARG(start));
}
