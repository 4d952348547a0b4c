/* A mapping at work on one file. Each record of a row is built as a line of the feed and taken by the feed's
 * own rules: so a table can say nothing that a feed could not, and both are judged alike. */
#include "base/hash.h"
#include "base/table.h"
#include "intake/table_row.h"

#define IDS_MAX        ((size_t)16 << 20)
#define HELD_BYTES_MAX ((size_t)512 << 20)

/* rows = many: a record that further rows may add to. */
struct held {
    struct draft *draft;
    uint64_t row, line;
};

struct mapper {
    const struct mapping *mapping;
    enum mapper_makes makes;
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

static enum status column_find(const struct named_column *c, const struct csv_row *header, struct arena *a,
                               size_t *out, struct err *e)
{
    size_t found = STR_NPOS, number = column_number(c->name);
    if (number > 0) {
        if (header && number > header->count)
            return ERR(e, E_INVALID, "mapping",
                       "the file has %zu columns; line %llu of the mapping asks for {%.*s}", header->count,
                       (unsigned long long)c->line, STR_ARG(c->name));
        *out = number - 1;
        return OK;
    }
    MUST(header);
    for (size_t i = 0; i < header->count; i++) {
        if (!str_eq(str_trim(header->cell[i]), c->name)) continue;
        if (found != STR_NPOS) {
            return ERR(e, E_INVALID, "mapping",
                       "the file has two columns \"%.*s\"; line %llu of the mapping cannot tell which",
                       STR_ARG(utf8_cut(c->name, 60)), (unsigned long long)c->line);
        }
        found = i;
    }
    if (found == STR_NPOS) {
        return ERR(e, E_INVALID, "mapping",
                   "the file has no column \"%.*s\", which line %llu of the mapping names%.*s",
                   STR_ARG(utf8_cut(c->name, 60)), (unsigned long long)c->line,
                   STR_ARG(utf8_cut(name_hint(a, c->name, header->cell, header->count), 400)));
    }
    *out = found;
    return OK;
}

enum status mapper_new(struct arena *a, const struct mapping *m, const struct policy *policy,
                       const struct csv_row *header, enum mapper_makes makes, struct mapper **out,
                       struct err *e)
{
    if (makes == MAKES_TABLE ? !m->table : m->records == 0)
        return ERR(e, E_INVALID, "mapping", "the mapping has no section %s",
                   makes == MAKES_TABLE ? "[table]"
                                        : "[record KIND]; it makes a table, which cannot be imported");
    struct mapper *made = NEW(a, struct mapper);
    made->mapping = m;
    made->makes = makes;
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

static void refuse(struct arena *a, const struct problems *p, struct mapped *out)
{
    out->outcome = MAPPED_REFUSED;
    out->refusal.field = str_join(a, &p->field, S(", "));
    out->refusal.reason = str_join(a, &p->reason, S("; "));
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

static enum status ids_room(const struct mapper *m, const struct csv_row *row, struct err *e)
{
    if (table_count(m->ids) < IDS_MAX) return OK;
    return ERR(e, E_LIMIT, "id", "row %llu: a file has at most %zu different ids; split it",
               (unsigned long long)row->number, IDS_MAX);
}

static void refuse_repeated(struct arena *a, Str id, uint64_t before, const char *remedy, struct mapped *out)
{
    struct problems p = {0};
    problem_add(a, &p, S("id"),
                str_format(a, "\"%.*s\" was the id of row %llu already; %s", STR_ARG(utf8_cut(id, 60)),
                           (unsigned long long)before, remedy));
    refuse(a, &p, out);
}

/* Looks the id of the first record up and decides what a repetition means. */
static enum status id_check(struct mapper *m, struct arena *a, const struct draft *d,
                            const struct csv_row *row, struct mapped *out, struct err *e)
{
    if (d->plan->rows == ROWS_UPDATES) return OK;
    TRY(ids_room(m, row, e));
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
    refuse_repeated(a, d->id, *seen, "write rows = many or rows = updates when rows belong together", out);
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
static void row_records(struct mapper *m, const struct run *run, const struct csv_row *row, Str ns,
                        struct draft **first, struct mapped *out)
{
    const struct mapping *plan = m->mapping;
    struct problems p = {0};
    size_t records = m->makes == MAKES_FIRST_RECORD ? 1 : plan->records;
    out->change = NEW_ARRAY(run->arena, struct change, records);
    for (size_t i = 0; i < records; i++) {
        if (!condition_holds(run, &plan->record[i].when)) continue;
        struct draft *d = NEW(run->arena, struct draft);
        size_t before = p.field.count;
        draft_fill(run, &plan->record[i], d, &p);
        if (i == 0) *first = d;
        if (p.field.count > before) continue;
        struct change *c = &out->change[out->count];
        draft_take(run->arena, &m->policy, d, ns, c, &p);
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
}

static enum status row_of_table(struct mapper *m, const struct run *run, const struct csv_row *row,
                                struct mapped *out, struct err *e)
{
    const struct table_plan *plan = m->mapping->table;
    struct problems p = {0};
    if (!condition_holds(run, &plan->when)) {
        out->outcome = MAPPED_DROPPED;
        out->reason = S("the [table] of the mapping does not apply to the row");
        return OK;
    }
    table_row_fill(run, plan, &out->row, &p);
    out->row.line = row->line;
    out->outcome = MAPPED_ROW;
    if (p.field.count > 0) {
        refuse(run->arena, &p, out);
        return OK;
    }
    TRY(ids_room(m, row, e));
    bool fresh = false;
    uint64_t *seen = table_at_number(m->ids, hash64(out->row.id), &fresh);
    if (fresh)
        *seen = row->number;
    else
        refuse_repeated(run->arena, out->row.id, *seen,
                        "number the rows with id = {#row} when none is unique", out);
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
    if (memchr(row->raw.ptr, '\0', row->raw.len)) { /* no text file; and nothing that can be kept as text */
        struct problems p = {0};
        problem_add(a, &p, S(""), S("the row holds a zero byte"));
        refuse(a, &p, &made);
        *out = made;
        return OK;
    }
    struct run run = {.mapping = m->mapping, .arena = a, .cell = cell, .row = row->number, .content = S("")};
    if (m->mapping->uses_content) TRY(content_id(m, a, row, &run.content, e));
    if (row_dropped(&run, &made)) {
        *out = made;
        return OK;
    }
    if (m->makes == MAKES_TABLE) {
        TRY(row_of_table(m, &run, row, &made, e));
    } else {
        row_records(m, &run, row, str_present(ns) ? ns : m->mapping->about.ns, &first, &made);
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
    draft_take(a, &m->policy, h->draft, str_present(ns) ? ns : m->mapping->about.ns, &c, &p);
    if (p.field.count > 0) {
        return ERR(e, E_INVALID, "rows",
                   "rows that belong to row %llu are good alone and wrong together: %.*s",
                   (unsigned long long)h->row, STR_ARG(utf8_cut(p.reason.item[0], 300)));
    }
    c.line = h->line;
    m->held_given++;
    *out = c;
    *more = true;
    return OK;
}
