/* A mapping at work on one file. Each record of a row is written as a line of the feed and read by the feed's
 * own parser: so a table can say nothing that a feed could not, and both are judged by the same rules. */
#include "base/caldate.h"
#include "base/hash.h"
#include "base/table.h"
#include "intake/plan.h"
#include "model/feed.h"

#define LINE_BYTES_MAX ((size_t)64 << 20)
#define IDS_MAX        ((size_t)16 << 20)
#define HELD_BYTES_MAX ((size_t)512 << 20)
#define PROBLEMS_MAX   20

/* What the lines of one field came to. */
struct filled {
    bool present;
    struct map_value value;
    struct str_list given;
};

struct draft { /* a record on its way to a line of the feed */
    const struct record_plan *plan;
    Str id;
    bool known;
    struct moment known_at;
    struct filled filled[FIELDS_MAX];
};

/* rows = many: a record that further rows may add to. */
struct held {
    struct draft *draft;
    uint64_t row, line;
};

struct mapper {
    const struct mapping *mapping;
    struct policy policy;
    size_t *cell;           /* in the file, by column of the mapping */
    struct table *ids;      /* hash of an id -> row or index in held, plus 1 */
    struct table *contents; /* hash of a row's content -> how often it came */
    struct arena *keep;     /* rows = many: what is held */
    struct held *held;
    size_t held_count, held_given;
    uint64_t merged;
};

/* ---- the header ---- */

static enum status column_find(const struct column *c, const struct csv_row *header, struct arena *a,
                               size_t *out, struct err *e)
{
    size_t found = STR_NPOS;
    for (size_t i = 0; i < header->count; i++) {
        if (!str_eq(str_trim(header->cell[i]), c->name)) continue;
        if (found != STR_NPOS) {
            return ERR(e, E_INVALID, "mapping",
                       "the file has two columns \"%.*s\"; line %llu of the mapping cannot tell which",
                       STR_ARG(str_slice(c->name, 0, 60)), (unsigned long long)c->line);
        }
        found = i;
    }
    if (found == STR_NPOS) {
        return ERR(e, E_INVALID, "mapping",
                   "the file has no column \"%.*s\", which line %llu of the mapping names%.*s",
                   STR_ARG(str_slice(c->name, 0, 60)), (unsigned long long)c->line,
                   STR_ARG(str_slice(name_hint(a, c->name, header->cell, header->count), 0, 400)));
    }
    *out = found;
    return OK;
}

enum status mapper_new(struct arena *a, const struct mapping *m, const struct policy *policy,
                       const struct csv_row *header, struct mapper **out, struct err *e)
{
    struct mapper *made = NEW(a, struct mapper);
    made->mapping = m;
    made->policy = *policy;
    made->policy.default_region = m->region;
    made->cell = NEW_ARRAY(a, size_t, m->columns + 1);
    for (size_t i = 0; i < m->columns; i++)
        TRY(column_find(&m->column[i], header, a, &made->cell[i], e));
    made->ids = table_new(IDS_MAX + 1);
    made->contents = table_new(IDS_MAX + 1);
    *out = made;
    return OK;
}

void mapper_free(struct mapper *m)
{
    if (!m) return;
    table_free(m->ids);
    table_free(m->contents);
    arena_free(m->keep);
    m->ids = m->contents = NULL;
    m->keep = NULL;
}

uint64_t mapper_merged(const struct mapper *m)
{
    return m->merged;
}

/* ---- what is wrong with a row ---- */

struct problems {
    struct str_list field, reason;
};

static void problem_add(struct arena *a, struct problems *p, Str field, Str reason)
{
    if (p->field.count == PROBLEMS_MAX) return;
    if (!p->field.item) {
        p->field.item = NEW_ARRAY(a, Str, PROBLEMS_MAX);
        p->reason.item = NEW_ARRAY(a, Str, PROBLEMS_MAX);
    }
    p->field.item[p->field.count++] = field;
    p->reason.item[p->reason.count++] = reason;
}

static void problem_of(struct arena *a, struct problems *p, const char *field, const struct err *why)
{
    problem_add(a, p, str_copy(a, str_of(field)), str_copy(a, str_of(why->text)));
}

static void refuse(struct arena *a, const struct problems *p, struct mapped *out)
{
    out->outcome = MAPPED_REFUSED;
    out->refusal.field = str_join(a, &p->field, S(", "));
    out->refusal.reason = str_join(a, &p->reason, S("; "));
}

/* ---- filling ---- */

static void list_unite(struct arena *a, struct str_list *into, const struct str_list *from)
{
    for (size_t i = 0; i < from->count; i++) {
        bool there = false;
        for (size_t j = 0; j < into->count && !there; j++)
            there = str_eq(into->item[j], from->item[i]);
        if (there) continue;
        into->item = arena_grow(a, into->item, into->count, into->count + 1, sizeof(Str), _Alignof(Str));
        into->item[into->count++] = from->item[i];
    }
}

/* Does the value show by itself what was written? */
static bool shows_itself(const struct map_value *v, Str given)
{
    char day[32] = "";
    if (v->kind == VALUE_TEXTS) return v->texts.count == 1 && str_eq(v->texts.item[0], given);
    if (v->kind != VALUE_MOMENT || v->from.precision != PRECISION_DAY) return false;
    caldate_format_day(v->from.ms, day);
    return str_eq(str_of(day), given);
}

static void take_given(struct arena *a, struct filled *f, const struct map_value *v, Str given)
{
    if (!str_present(given) || shows_itself(v, given)) return;
    struct str_list one = {&given, 1};
    list_unite(a, &f->given, &one);
}

/* A span is put together from its .from and .to lines. */
static void take_part(struct filled *f, const struct map_value *v, enum span_part part)
{
    f->value.kind = VALUE_SPAN;
    if (part == PART_FROM) f->value.from = v->from;
    if (part == PART_TO) f->value.to = v->from;
}

static enum status text_to_moment(struct map_value *v, struct err *e)
{
    int64_t ms = 0;
    bool day_only = false;
    if (v->kind != VALUE_TEXTS) return OK;
    TRY(caldate_parse(v->texts.item[0], &ms, &day_only, e));
    *v = (struct map_value){.kind = VALUE_MOMENT, .from = {ms, day_only ? PRECISION_DAY : PRECISION_TIME}};
    return OK;
}

static bool wanted(const struct filled *f, const struct field *field, enum span_part part)
{
    if (!f->present || field_type_is_set(field->type)) return true;
    if (f->value.kind != VALUE_SPAN || part == PART_WHOLE) return false;
    return (part == PART_FROM ? f->value.from : f->value.to).precision == PRECISION_NONE;
}

static void field_fill(const struct run *run, const struct record_plan *plan, const struct field_line *line,
                       struct draft *d, struct problems *p)
{
    const struct field *field = &plan->kind->field[line->field];
    struct filled *f = &d->filled[line->field];
    if (!wanted(f, field, line->part)) return;
    struct map_value v = {0};
    struct err why = {0};
    Str given = STR_NONE;
    enum status status = line_value(run, line, &v, &given, &why);
    bool dated = line->part != PART_WHOLE || field->type == FT_SPAN;
    if (status == OK && dated) status = text_to_moment(&v, &why);
    if (status != OK) {
        problem_of(run->arena, p, field->name, &why);
        return;
    }
    if (v.kind == VALUE_ABSENT) return;
    if (line->part != PART_WHOLE) {
        take_part(f, &v, line->part);
    } else if (f->present) {
        list_unite(run->arena, &f->value.texts, &v.texts);
    } else {
        f->value = v;
    }
    f->present = true;
    take_given(run->arena, f, &v, given);
}

static void draft_fill(const struct run *run, const struct record_plan *plan, struct draft *d,
                       struct problems *p)
{
    struct map_value v = {0};
    struct err why = {0};
    Str given = STR_NONE;
    d->plan = plan;
    if (line_value(run, &plan->id, &v, &given, &why) != OK) {
        problem_of(run->arena, p, "id", &why);
    } else if (v.kind != VALUE_TEXTS) {
        problem_add(run->arena, p, S("id"), S("the row gives no id"));
    } else {
        d->id = v.texts.item[0];
    }
    if (plan->known_at.text.count > 0) {
        if (line_value(run, &plan->known_at, &v, &given, &why) != OK) {
            problem_of(run->arena, p, "known_at", &why);
        } else if (v.kind == VALUE_MOMENT) {
            d->known = true;
            d->known_at = v.from;
        }
    }
    size_t before = p->field.count, present = 0;
    for (size_t i = 0; i < plan->field_count; i++)
        field_fill(run, plan, &plan->field[i], d, p);
    for (size_t i = 0; i < plan->kind->field_count; i++)
        present += d->filled[i].present;
    if (present > 0 || p->field.count > before) return;
    problem_add(run->arena, p, S(""),
                str_format(run->arena, "the row fills no field of the %s", plan->kind->name));
}

/* ---- writing a draft as a line of the feed ---- */

static void put_moment(struct json_writer *w, const struct moment *m)
{
    char text[32];
    if (m->precision == PRECISION_DAY) {
        caldate_format_day(m->ms, text);
    } else {
        caldate_format(m->ms, text);
    }
    json_put_str(w, str_of(text));
}

static void put_span(struct json_writer *w, const struct moment *from, const struct moment *to)
{
    json_open(w, '{');
    if (from->precision != PRECISION_NONE) {
        json_put_key(w, S("from"));
        put_moment(w, from);
    }
    if (to->precision != PRECISION_NONE) {
        json_put_key(w, S("to"));
        put_moment(w, to);
    }
    json_close(w, '}');
}

/* A whole month or year, as a date of birth writes it. */
static void put_wide_date(struct json_writer *w, const struct map_value *v)
{
    char text[32];
    caldate_format_day(v->from.ms, text);
    bool month = v->to.ms - v->from.ms < 31 * MS_PER_DAY;
    json_put_str(w, str_slice(str_of(text), 0, month ? 7 : 4));
}

static void put_place(struct json_writer *w, const struct place *p)
{
    json_open(w, '{');
    json_kv_f64(w, S("lat"), p->lat);
    json_kv_f64(w, S("lon"), p->lon);
    if (p->radius_m > 0) json_kv_f64(w, S("radius_m"), p->radius_m);
    json_close(w, '}');
}

static void put_set(struct json_writer *w, const struct field *field, const struct str_list *texts)
{
    json_open(w, '[');
    for (size_t i = 0; i < texts->count; i++) {
        if (field->type == FT_LEVELS) {
            json_open(w, '{');
            json_kv_str(w, S("substance"), texts->item[i]);
            json_close(w, '}');
        } else {
            json_put_str(w, texts->item[i]);
        }
    }
    json_close(w, ']');
}

static void put_texts(struct json_writer *w, const struct field *field, const struct str_list *texts)
{
    double number = 0;
    if (field_type_is_set(field->type)) {
        put_set(w, field, texts);
    } else if (field->type == FT_NUMBER && str_to_f64(texts->item[0], &number) == OK) {
        json_put_f64(w, number);
    } else {
        json_put_str(w, texts->item[0]);
    }
}

static void put_value(struct json_writer *w, const struct field *field, const struct map_value *v)
{
    switch (v->kind) {
    case VALUE_TEXTS:
        put_texts(w, field, &v->texts);
        return;
    case VALUE_MOMENT:
        if (field->type == FT_SPAN) {
            put_span(w, &v->from, &v->from);
        } else {
            put_moment(w, &v->from);
        }
        return;
    case VALUE_SPAN:
        if (field->type == FT_SPAN) {
            put_span(w, &v->from, &v->to);
        } else {
            put_wide_date(w, v);
        }
        return;
    case VALUE_PLACE:
        put_place(w, &v->place);
        return;
    case VALUE_ABSENT:
        break;
    }
    json_put_null(w);
}

static void put_given(struct json_writer *w, const struct draft *d)
{
    bool any = false;
    for (size_t i = 0; i < d->plan->kind->field_count; i++) {
        const struct filled *f = &d->filled[i];
        if (!f->present || f->given.count == 0) continue;
        if (!any) {
            json_put_key(w, S("given"));
            json_open(w, '{');
            any = true;
        }
        json_put_key(w, str_of(d->plan->kind->field[i].name));
        if (f->given.count == 1) {
            json_put_str(w, f->given.item[0]);
            continue;
        }
        json_open(w, '[');
        for (size_t j = 0; j < f->given.count; j++)
            json_put_str(w, f->given.item[j]);
        json_close(w, ']');
    }
    if (any) json_close(w, '}');
}

/* Known on a day means known by the end of it. */
static void put_known_at(struct json_writer *w, const struct moment *known)
{
    struct moment end = *known;
    if (end.precision == PRECISION_DAY)
        end = (struct moment){known->ms + MS_PER_DAY - MS_PER_SECOND, PRECISION_TIME};
    json_put_key(w, S("known_at"));
    put_moment(w, &end);
}

static void draft_write(struct buf *b, const struct draft *d, Str ns)
{
    struct json_writer w = json_writer(b, false);
    json_open(&w, '{');
    if (d->known) put_known_at(&w, &d->known_at);
    json_kv_str(&w, S("ns"), ns);
    json_kv_str(&w, S("kind"), str_of(d->plan->kind->name));
    json_kv_str(&w, S("id"), d->id);
    json_kv_str(&w, S("source"), d->plan->source);
    json_put_key(&w, S("set"));
    json_open(&w, '{');
    for (size_t i = 0; i < d->plan->kind->field_count; i++) {
        if (!d->filled[i].present) continue;
        json_put_key(&w, str_of(d->plan->kind->field[i].name));
        put_value(&w, &d->plan->kind->field[i], &d->filled[i].value);
    }
    json_close(&w, '}');
    put_given(&w, d);
    json_close(&w, '}');
}

/* All fields that the model refuses, one by one; the first sentence alone when it was about something else.
 */
static void explain(struct arena *a, const struct policy *policy, const struct draft *d, Str line,
                    const struct err *first, struct problems *p)
{
    struct json_doc doc CLEANUP_JSON = {NULL};
    size_t before = p->field.count;
    if (json_parse(line, &doc, NULL) == OK) {
        const Json *set = json_get(doc.root, "set");
        Str type = json_str(json_get(set, "type"));
        for (size_t i = 0; i < d->plan->kind->field_count; i++) {
            const Json *given = json_get(set, d->plan->kind->field[i].name);
            struct err why = {0};
            struct fact fact;
            if (!given) continue;
            if (fact_make(a, policy, d->plan->kind, (int)i, given, str_present(type) ? type : S(""), &fact,
                          &why) != OK) {
                problem_of(a, p, d->plan->kind->field[i].name, &why);
            }
        }
    }
    if (p->field.count == before) problem_of(a, p, first->field, first);
}

/* The draft as a change, or what is wrong with it. E_LIMIT when it is too big to be a line. */
static enum status draft_read(struct mapper *m, struct arena *a, const struct draft *d, Str ns,
                              struct change *out, struct problems *p, struct err *e)
{
    struct buf line CLEANUP_BUF = {0};
    struct err why = {0};
    buf_init(&line, LINE_BYTES_MAX);
    draft_write(&line, d, ns);
    TRY(buf_status(&line, e));
    if (feed_parse_line(a, &m->policy, buf_str(&line), ns, out, &why) != OK) {
        explain(a, &m->policy, d, buf_str(&line), &why, p);
    }
    return OK;
}

/* ---- rows of one id ---- */

static bool moment_eq(const struct moment *a, const struct moment *b)
{
    return a->precision == b->precision && a->ms == b->ms;
}

static bool value_eq(const struct map_value *a, const struct map_value *b)
{
    if (a->kind != b->kind) return false;
    if (a->kind == VALUE_TEXTS) return str_eq(a->texts.item[0], b->texts.item[0]);
    if (a->kind == VALUE_PLACE) {
        return memcmp(&a->place.lat, &b->place.lat, sizeof(double)) == 0 &&
               memcmp(&a->place.lon, &b->place.lon, sizeof(double)) == 0;
    }
    return moment_eq(&a->from, &b->from) && moment_eq(&a->to, &b->to);
}

static struct str_list list_keep(struct arena *a, const struct str_list *list)
{
    struct str_list kept = {NEW_ARRAY(a, Str, list->count + 1), list->count};
    for (size_t i = 0; i < list->count; i++)
        kept.item[i] = str_copy(a, list->item[i]);
    return kept;
}

static struct filled filled_keep(struct arena *a, const struct filled *f)
{
    struct filled kept = *f;
    kept.value.texts = list_keep(a, &f->value.texts);
    kept.given = list_keep(a, &f->given);
    return kept;
}

static void merge_field(struct arena *keep, const struct field *field, struct filled *into,
                        const struct filled *from)
{
    if (!from->present) return;
    if (!into->present) {
        *into = filled_keep(keep, from);
        return;
    }
    if (!field_type_is_set(field->type)) return;
    struct filled kept = filled_keep(keep, from);
    list_unite(keep, &into->value.texts, &kept.value.texts);
    list_unite(keep, &into->given, &kept.given);
}

/* A further row of a held record: nothing of it is taken when a single value disagrees. */
static void merge(struct mapper *m, struct arena *a, struct held *h, const struct draft *d,
                  struct mapped *out)
{
    struct problems p = {0};
    const struct kind *kind = d->plan->kind;
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct filled *had = &h->draft->filled[i], *has = &d->filled[i];
        if (!had->present || !has->present || field_type_is_set(kind->field[i].type)) continue;
        if (value_eq(&had->value, &has->value)) continue;
        problem_add(a, &p, str_of(kind->field[i].name),
                    str_format(a, "row %llu has the same id and says otherwise; the first row is kept",
                               (unsigned long long)h->row));
    }
    if (p.field.count > 0) {
        refuse(a, &p, out);
        return;
    }
    for (size_t i = 0; i < kind->field_count; i++) {
        merge_field(m->keep, &kind->field[i], &h->draft->filled[i], &d->filled[i]);
    }
    m->merged++;
    out->outcome = MAPPED_KEPT;
}

static enum status hold(struct mapper *m, const struct draft *d, const struct csv_row *row, struct err *e)
{
    if (!m->keep) m->keep = arena_new("rows held for merging", SIZE_MAX);
    if (arena_used(m->keep) > HELD_BYTES_MAX) {
        return ERR(e, E_LIMIT, "rows", "row %llu: rows = many holds at most %zu MB; sort and split the file",
                   (unsigned long long)row->number, HELD_BYTES_MAX >> 20);
    }
    struct draft *kept = NEW(m->keep, struct draft);
    *kept = *d;
    kept->id = str_copy(m->keep, d->id);
    for (size_t i = 0; i < d->plan->kind->field_count; i++)
        kept->filled[i] = filled_keep(m->keep, &d->filled[i]);
    m->held = arena_grow(m->keep, m->held, m->held_count, m->held_count + 1, sizeof *m->held,
                         _Alignof(struct held));
    m->held[m->held_count++] = (struct held){kept, row->number, row->line};
    return OK;
}

/* Looks the id of the first record up and decides what a repetition means. */
static enum status id_check(struct mapper *m, struct arena *a, const struct draft *d,
                            const struct csv_row *row, struct mapped *out, struct err *e)
{
    if (d->plan->rows == ROWS_UPDATES) return OK;
    if (table_count(m->ids) >= IDS_MAX) {
        return ERR(e, E_LIMIT, "id", "row %llu: a file has at most %zu different ids; split it",
                   (unsigned long long)row->number, IDS_MAX);
    }
    bool fresh = false;
    uint64_t *seen = table_at_number(m->ids, hash64(d->id), &fresh);
    if (fresh) {
        *seen = d->plan->rows == ROWS_MANY ? m->held_count : row->number;
        if (d->plan->rows != ROWS_MANY) return OK;
        out->outcome = MAPPED_KEPT;
        return hold(m, d, row, e);
    }
    if (d->plan->rows == ROWS_MANY) {
        merge(m, a, &m->held[*seen], d, out);
        return OK;
    }
    struct problems p = {0};
    problem_add(
        a, &p, S("id"),
        str_format(a,
                   "\"%.*s\" was the id of row %llu already; write rows = many or rows = updates when rows "
                   "belong together",
                   STR_ARG(str_slice(d->id, 0, 60)), (unsigned long long)*seen));
    refuse(a, &p, out);
    return OK;
}

/* ---- a row ---- */

/* The same content gives the same id wherever it stands in the file; a repetition is numbered. */
static enum status content_id(struct mapper *m, struct arena *a, const struct csv_row *row, Str *out,
                              struct err *e)
{
    if (table_count(m->contents) >= IDS_MAX) {
        return ERR(e, E_LIMIT, "id", "row %llu: a file has at most %zu different rows; split it",
                   (unsigned long long)row->number, IDS_MAX);
    }
    struct str_list cells = {row->cell, row->count};
    Sha256 digest = sha256(str_join(a, &cells, S("\x1F")));
    char hex[2 * 10 + 1];
    hex_encode(digest.byte, 10, hex);
    uint64_t *times = table_at_number(m->contents, hash64(str_of(hex)), NULL);
    ++*times;
    *out = *times == 1 ? str_copy(a, str_of(hex)) : str_format(a, "%s-%llu", hex, (unsigned long long)*times);
    return OK;
}

static bool row_dropped(const struct run *run, struct mapped *out)
{
    const struct mapping *m = run->mapping;
    for (size_t i = 0; i < m->drops; i++) {
        if (!condition_holds(run, &m->drop[i].condition)) continue;
        out->outcome = MAPPED_DROPPED;
        out->reason = m->drop[i].reason;
        return true;
    }
    return false;
}

/* Every record of the row as a change; problems of all of them together. */
static enum status row_records(struct mapper *m, const struct run *run, const struct csv_row *row, Str ns,
                               struct draft **first, struct mapped *out, struct err *e)
{
    const struct mapping *plan = m->mapping;
    struct problems p = {0};
    out->change = NEW_ARRAY(run->arena, struct change, plan->records);
    for (size_t i = 0; i < plan->records; i++) {
        if (!condition_holds(run, &plan->record[i].when)) continue;
        struct draft *d = NEW(run->arena, struct draft);
        size_t before = p.field.count;
        draft_fill(run, &plan->record[i], d, &p);
        if (i == 0) *first = d;
        if (p.field.count > before) continue;
        struct change *c = &out->change[out->count];
        TRY(draft_read(m, run->arena, d, ns, c, &p, e));
        c->line = row->line;
        if (p.field.count == before) out->count++;
    }
    out->outcome = MAPPED_CHANGES;
    if (p.field.count > 0) {
        refuse(run->arena, &p, out);
    } else if (out->count == 0) {
        out->outcome = MAPPED_DROPPED;
        out->reason = S("no [record] of the mapping applies to the row");
    }
    return OK;
}

enum status mapper_row(struct mapper *m, struct arena *a, const struct csv_row *row, Str ns,
                       struct mapped *out, struct err *e)
{
    struct mapped made = {0};
    struct draft *first = NULL;
    Str *cell = NEW_ARRAY(a, Str, m->mapping->columns + 1);
    for (size_t i = 0; i < m->mapping->columns; i++) {
        cell[i] = m->cell[i] < row->count ? str_trim(row->cell[m->cell[i]]) : S("");
    }
    struct run run = {.mapping = m->mapping, .arena = a, .cell = cell, .row = row->number, .content = S("")};
    if (m->mapping->uses_content) TRY(content_id(m, a, row, &run.content, e));
    if (!row_dropped(&run, &made)) {
        TRY(row_records(m, &run, row, str_present(ns) ? ns : m->mapping->about.ns, &first, &made, e));
        if (made.outcome == MAPPED_CHANGES && first) TRY(id_check(m, a, first, row, &made, e));
    }
    *out = made;
    return OK;
}

enum status mapper_finish(struct mapper *m, struct arena *a, Str ns, struct change *out, bool *more,
                          struct err *e)
{
    if (m->held_given == m->held_count) {
        *more = false;
        return OK;
    }
    const struct held *h = &m->held[m->held_given];
    struct problems p = {0};
    struct change c = {0};
    TRY(draft_read(m, a, h->draft, str_present(ns) ? ns : m->mapping->about.ns, &c, &p, e));
    if (p.field.count > 0) {
        return ERR(e, E_INVALID, "rows",
                   "rows that belong to row %llu are good alone and wrong together: %.*s",
                   (unsigned long long)h->row, STR_ARG(str_slice(p.reason.item[0], 0, 300)));
    }
    c.line = h->line;
    m->held_given++;
    *out = c;
    *more = true;
    return OK;
}
