/* Compiling a mapping file: sections and lines first, then the plan. */
#include "base/utf8.h"
#include "intake/reading.h"
#include "model/feed.h"

#include <stdlib.h>

#define RECORDS_MAX 32

/* ---- [mapping] ---- */

static const struct section *section_find(const struct reading *r, Str kind)
{
    for (size_t i = 0; i < r->sections; i++) {
        if (str_eq(r->section[i].kind, kind)) return &r->section[i];
    }
    return NULL;
}

static enum status about_delimiter(struct reading *r, const struct entry *entry, Str value)
{
    char c = '\0';
    if (str_eq(value, S("tab"))) {
        c = '\t';
    } else if (str_eq(value, S("comma"))) {
        c = ',';
    } else if (str_eq(value, S("semicolon"))) {
        c = ';';
    } else if (str_eq(value, S("bar"))) {
        c = '|';
    } else if (str_eq(value, S("blank"))) {
        c = ' ';
    } else {
        FAIL_AT(r, entry->line, "delimiter", "delimiter is one of comma, semicolon, tab, bar, blank");
    }
    r->mapping->about.delimiter = c;
    return OK;
}

static enum status about_line(struct reading *r, const struct entry *entry)
{
    struct mapping *m = r->mapping;
    Str v = entry->value;
    struct err why = {0};
    if (!str_present(entry->key))
        FAIL_AT(r, entry->line, "mapping", "a line of [mapping] is written: name = value");
    if (str_empty(v)) FAIL_AT(r, entry->line, "mapping", "there is nothing after the =");
    if (str_eq(entry->key, S("name"))) {
        m->about.name = v;
    } else if (str_eq(entry->key, S("version"))) {
        m->about.version = v;
    } else if (str_eq(entry->key, S("about"))) {
        m->about.about = v;
    } else if (str_eq(entry->key, S("namespace"))) {
        if (!namespace_valid(v))
            FAIL_AT(r, entry->line, "namespace", "a namespace is 1 to 32 of a-z 0-9 _ -");
        m->about.ns = v;
    } else if (str_eq(entry->key, S("source"))) {
        if (!source_valid(v))
            FAIL_AT(r, entry->line, "source", "a source is 1 to %d of a-z 0-9 _", SOURCE_BYTES_MAX);
        m->about.source = v;
    } else if (str_eq(entry->key, S("region"))) {
        if (!str_eq(v, S("GB")) && !str_eq(v, S("US")))
            FAIL_AT(r, entry->line, "region", "region is GB or US");
        m->region = v;
    } else if (str_eq(entry->key, S("zone"))) {
        if (zone_parse(v, &m->zone_ms, &why) != OK) return reading_fail_at(r, entry->line, "zone", &why);
    } else if (str_eq(entry->key, S("delimiter"))) {
        return about_delimiter(r, entry, v);
    } else if (str_eq(entry->key, S("header"))) {
        if (!str_eq(v, S("yes")) && !str_eq(v, S("no")))
            FAIL_AT(r, entry->line, "header", "header is yes or no");
        m->about.no_header = str_eq(v, S("no"));
    } else {
        FAIL_AT(r, entry->line, "mapping",
                "[mapping] knows name, version, about, namespace, source, region, zone, delimiter, header");
    }
    return OK;
}

static enum status about_compile(struct reading *r, const struct section *s)
{
    for (size_t i = 0; i < s->count; i++)
        TRY(about_line(r, &s->entry[i]));
    const struct mapping_about *about = &r->mapping->about;
    if (str_empty(about->name)) FAIL_AT(r, s->line, "name", "[mapping] needs name = ...");
    if (str_empty(about->version)) FAIL_AT(r, s->line, "version", "[mapping] needs version = ...");
    if (!section_find(r, S("record"))) return OK; /* a table alone has no facts that came from somewhere */
    if (str_empty(about->ns)) FAIL_AT(r, s->line, "namespace", "[mapping] needs namespace = ...");
    if (str_empty(about->source)) FAIL_AT(r, s->line, "source", "[mapping] needs source = ...");
    return OK;
}

/* ---- [codes NAME] ---- */

static int pair_order(const void *a, const void *b)
{
    return str_compare(((const struct code_pair *)a)->given, ((const struct code_pair *)b)->given);
}

static enum status pair_parse(struct reading *r, const struct entry *entry, struct code_pair *out)
{
    struct err why = {0};
    if (!str_present(entry->key) || str_empty(entry->key) || str_empty(entry->value)) {
        FAIL_AT(r, entry->line, "codes", "a line of [codes] is written: given text = code");
    }
    Str given = entry->key;
    if (given.ptr[0] == '"') {
        Str rest = given;
        if (quoted_parse(r->arena, &rest, &given, &why) != OK)
            return reading_fail_at(r, entry->line, "codes", &why);
        if (!str_empty(str_trim(rest)))
            FAIL_AT(r, entry->line, "codes", "nothing may follow the text in quotes but =");
    }
    struct code_pair p = {
        .given = str_lower(r->arena, str_trim(given)), .code = entry->value, .line = entry->line};
    if (str_eq(entry->value, S("absent"))) {
        p.result = CODE_ABSENT;
    } else if (str_eq(entry->value, S("refuse"))) {
        p.result = CODE_REFUSE;
    } else if (str_eq(entry->value, S("keep"))) {
        p.result = CODE_KEEP;
    }
    *out = p;
    return OK;
}

static enum status codes_compile(struct reading *r, const struct section *s, struct codes *c)
{
    *c = (struct codes){.name = s->name, .line = s->line, .fallback = {.result = CODE_REFUSE}};
    if (str_empty(s->name)) FAIL_AT(r, s->line, "codes", "codes need a name: [codes NAME]");
    if (codes_named(r->mapping, s->name)) FAIL_AT(r, s->line, "codes", "there are two sections of this name");
    c->exact = NEW_ARRAY(r->arena, struct code_pair, s->count + 1);
    c->pattern = NEW_ARRAY(r->arena, struct code_pair, s->count + 1);
    for (size_t i = 0; i < s->count; i++) {
        struct code_pair p = {0};
        TRY(pair_parse(r, &s->entry[i], &p));
        if (str_eq(p.given, S("*"))) {
            c->fallback = p;
        } else if (str_find_char(p.given, '*') != STR_NPOS) {
            c->pattern[c->pattern_count++] = p;
        } else {
            c->exact[c->exact_count++] = p;
        }
    }
    qsort(c->exact, c->exact_count, sizeof *c->exact, pair_order);
    for (size_t i = 1; i < c->exact_count; i++) {
        if (!str_eq(c->exact[i - 1].given, c->exact[i].given)) continue;
        FAIL_AT(r, c->exact[i].line, "codes", "\"%.*s\" is given twice in [codes %.*s]",
                STR_ARG(utf8_cut(c->exact[i].given, 60)), STR_ARG(c->name));
    }
    return OK;
}

/* The codes that a field cannot hold are found now, not in row 40,000. */
static enum status codes_check(struct reading *r, const struct codes *c, const struct field *f)
{
    const struct code_pair *lists[] = {c->exact, c->pattern, &c->fallback};
    size_t counts[] = {c->exact_count, c->pattern_count, 1};
    if (f->values[0] == '\0' || f->values[0] == '@') return OK;
    for (size_t l = 0; l < COUNT_OF(lists); l++) {
        for (size_t i = 0; i < counts[l]; i++) {
            const struct code_pair *p = &lists[l][i];
            if (p->result != CODE_WORD || field_value_listed(f->values, p->code)) continue;
            FAIL_AT(r, p->line, f->name, "\"%.*s\" is no code of %s; accepted: %.300s",
                    STR_ARG(utf8_cut(p->code, 40)), f->name, f->values);
        }
    }
    return OK;
}

/* ---- [record KIND] ---- */

static const char *shape_needed(const struct field *f, enum shape shape, enum span_part part)
{
    bool text = shape == SHAPE_TEXT, set = field_type_is_set(f->type);
    switch (f->type) {
    case FT_PLACE:
        return shape == SHAPE_PLACE ? NULL : "is a place: end the line with | place METRES";
    case FT_SPAN:
        if (shape == SHAPE_SPAN && part != PART_WHOLE) return "takes a date here, not a whole month";
        return shape == SHAPE_MOMENT || shape == SHAPE_SPAN || text
                   ? NULL
                   : "is a span: end the line with | date \"...\"";
    case FT_TIME:
        return shape == SHAPE_MOMENT || text ? NULL : "is a time: end the line with | date \"...\"";
    case FT_DATE:
        return shape == SHAPE_MOMENT || shape == SHAPE_SPAN || text
                   ? NULL
                   : "is a date: end the line with | date \"...\"";
    case FT_DATED:
        return "cannot be filled from a table";
    case FT_TEXT:
    case FT_NARRATIVE:
    case FT_NAME:
    case FT_ADDRESS:
    case FT_IDENTIFIER:
    case FT_POSTCODE:
    case FT_CODE:
    case FT_YESNO:
    case FT_NUMBER:
    case FT_REF:
    case FT_TEXTS:
    case FT_NAMES:
    case FT_CODES:
    case FT_REFS:
    case FT_ADDRESSES:
    case FT_LEVELS:
        break;
    }
    if (text || (shape == SHAPE_LIST && (set || f->type == FT_CODE))) return NULL;
    return shape == SHAPE_LIST ? "holds one value, and the line gives several" : "takes a text";
}

static enum status field_compile(struct reading *r, const struct entry *entry, struct record_plan *p)
{
    enum span_part part = PART_WHOLE;
    Str name = entry->key;
    if (str_ends(name, S(".from"))) part = PART_FROM;
    if (str_ends(name, S(".to"))) part = PART_TO;
    if (part != PART_WHOLE) name = str_slice(name, 0, str_find_char(name, '.'));
    int field = field_index(p->kind, name);
    if (field < 0) {
        Str names[FIELDS_MAX];
        for (size_t i = 0; i < p->kind->field_count; i++)
            names[i] = str_of(p->kind->field[i].name);
        FAIL_AT(r, entry->line, "mapping", "\"%.*s\" is no field of %s%.*s", STR_ARG(utf8_cut(name, 40)),
                p->kind->name, STR_ARG(name_hint(r->arena, name, names, p->kind->field_count)));
    }
    const struct field *f = &p->kind->field[field];
    if (part != PART_WHOLE && f->type != FT_SPAN) {
        FAIL_AT(r, entry->line, f->name, "%s is no span; .from and .to belong to spans", f->name);
    }
    enum shape shape = SHAPE_TEXT;
    struct field_line *l = &p->field[p->field_count];
    TRY(reading_line(r, entry, f->name, l, &shape));
    l->field = field;
    l->part = part;
    const char *needed = shape_needed(f, shape, part);
    if (needed) FAIL_AT(r, entry->line, f->name, "%s %s", f->name, needed);
    const struct step *last = l->steps > 0 ? &l->step[l->steps - 1] : NULL;
    if (last && last->codes && (f->type == FT_CODE || f->type == FT_CODES))
        TRY(codes_check(r, last->codes, f));
    p->field_count++;
    return OK;
}

static enum status rows_parse(struct reading *r, const struct entry *entry, struct record_plan *p)
{
    if (str_eq(entry->value, S("one"))) {
        p->rows = ROWS_ONE;
    } else if (str_eq(entry->value, S("many"))) {
        p->rows = ROWS_MANY;
    } else if (str_eq(entry->value, S("updates"))) {
        p->rows = ROWS_UPDATES;
    } else {
        FAIL_AT(r, entry->line, "rows", "rows is one, many or updates");
    }
    return OK;
}

static enum status record_line(struct reading *r, const struct entry *entry, struct record_plan *p)
{
    enum shape shape = SHAPE_TEXT;
    struct err why = {0};
    if (!str_present(entry->key) || str_empty(entry->key)) {
        FAIL_AT(r, entry->line, "mapping", "a line of [record] is written: field = {Column} | transform");
    }
    if (str_eq(entry->key, S("id"))) return reading_id(r, entry, &p->id);
    if (str_eq(entry->key, S("known_at"))) {
        TRY(reading_line(r, entry, "known_at", &p->known_at, &shape));
        if (shape != SHAPE_MOMENT)
            FAIL_AT(r, entry->line, "known_at", "known_at is a date: end the line with | date \"...\"");
        return OK;
    }
    if (str_eq(entry->key, S("rows"))) return rows_parse(r, entry, p);
    if (str_eq(entry->key, S("when"))) {
        if (condition_parse(r->arena, r->mapping, entry->value, entry->line, &p->when, &why) != OK) {
            return reading_fail_at(r, entry->line, "when", &why);
        }
        return OK;
    }
    if (str_eq(entry->key, S("from_source"))) {
        if (!source_valid(entry->value)) {
            FAIL_AT(r, entry->line, "from_source", "a source is 1 to %d of a-z 0-9 _", SOURCE_BYTES_MAX);
        }
        p->source = entry->value;
        return OK;
    }
    return field_compile(r, entry, p);
}

static enum status record_compile(struct reading *r, const struct section *s, struct record_plan *p)
{
    *p = (struct record_plan){
        .line = s->line, .source = r->mapping->about.source, .kind = kind_named(s->name)};
    if (!p->kind) {
        Str names[KIND_COUNT];
        for (size_t i = 0; i < KIND_COUNT; i++)
            names[i] = str_of(kind_of((enum kind_id)i)->name);
        FAIL_AT(r, s->line, "mapping", "\"%.*s\" is no kind of record%.*s", STR_ARG(utf8_cut(s->name, 40)),
                STR_ARG(name_hint(r->arena, s->name, names, KIND_COUNT)));
    }
    p->field = NEW_ARRAY(r->arena, struct field_line, s->count + 1);
    for (size_t i = 0; i < s->count; i++)
        TRY(record_line(r, &s->entry[i], p));
    if (p->id.text.count == 0) FAIL_AT(r, s->line, "id", "[record %s] needs id = {Column}", p->kind->name);
    if (p->field_count == 0) FAIL_AT(r, s->line, "mapping", "[record %s] fills no field", p->kind->name);
    bool first = r->mapping->records == 0;
    if (!first && p->rows != ROWS_ONE) {
        FAIL_AT(r, s->line, "rows", "rows belongs to the first record of the mapping");
    }
    if (!first && r->mapping->record[0].rows == ROWS_MANY) {
        FAIL_AT(r, s->line, "rows", "rows = many works with a single [record]");
    }
    return OK;
}

/* ---- [drop] ---- */

static enum status drop_compile(struct reading *r, const struct section *s)
{
    struct mapping *m = r->mapping;
    for (size_t i = 0; i < s->count; i++) {
        Str text = s->entry[i].text;
        size_t colon = STR_NPOS;
        bool quoted = false;
        for (size_t j = 0; j < text.len && colon == STR_NPOS; j++) {
            if (quoted && text.ptr[j] == '\\') {
                j++;
            } else if (text.ptr[j] == '"') {
                quoted = !quoted;
            } else if (text.ptr[j] == ':' && !quoted) {
                colon = j;
            }
        }
        struct drop_rule rule = {0};
        rule.reason = colon == STR_NPOS ? STR_NONE : str_trim(str_slice(text, colon + 1, text.len));
        if (str_empty(rule.reason)) {
            FAIL_AT(r, s->entry[i].line, "drop",
                    "a line of [drop] is written: {Column} is \"text\" : reason");
        }
        struct err why = {0};
        if (condition_parse(r->arena, m, str_slice(text, 0, colon), s->entry[i].line, &rule.condition,
                            &why) != OK) {
            return reading_fail_at(r, s->entry[i].line, "drop", &why);
        }
        m->drop =
            arena_grow(r->arena, m->drop, m->drops, m->drops + 1, sizeof rule, _Alignof(struct drop_rule));
        m->drop[m->drops++] = rule;
    }
    return OK;
}

/* ---- all of it ---- */

static enum status sections_known(struct reading *r)
{
    static const char *const known[] = {"mapping", "record", "table", "drop", "codes"};
    static const char *const single[] = {"mapping", "table"};
    for (size_t i = 0; i < r->sections; i++) {
        const struct section *s = &r->section[i];
        bool found = false;
        for (size_t k = 0; k < COUNT_OF(known); k++)
            found = found || str_eq(s->kind, str_of(known[k]));
        if (!found) {
            FAIL_AT(r, s->line, "mapping",
                    "[%.*s] is not known; there is [mapping], [record KIND], [table], [drop], [codes NAME]",
                    STR_ARG(utf8_cut(s->kind, 40)));
        }
        for (size_t k = 0; k < COUNT_OF(single); k++)
            if (str_eq(s->kind, str_of(single[k])) && s != section_find(r, s->kind))
                FAIL_AT(r, s->line, "mapping", "there are two sections [%s]", single[k]);
    }
    return OK;
}

static enum status sections_compile(struct reading *r)
{
    struct mapping *m = r->mapping;
    const struct section *about = section_find(r, S("mapping"));
    if (!about) FAIL_AT(r, 1, "mapping", "there is no section [mapping]");
    TRY(about_compile(r, about));
    m->codes = NEW_ARRAY(r->arena, struct codes, r->sections);
    m->record = NEW_ARRAY(r->arena, struct record_plan, r->sections);
    for (size_t i = 0; i < r->sections; i++) {
        const struct section *s = &r->section[i];
        if (!str_eq(s->kind, S("codes"))) continue;
        TRY(codes_compile(r, s, &m->codes[m->codes_count]));
        m->codes_count++;
    }
    for (size_t i = 0; i < r->sections; i++) {
        const struct section *s = &r->section[i];
        if (str_eq(s->kind, S("drop"))) TRY(drop_compile(r, s));
        if (str_eq(s->kind, S("table"))) {
            m->table = NEW(r->arena, struct table_plan);
            TRY(table_compile(r, s, m->table));
        }
        if (!str_eq(s->kind, S("record"))) continue;
        if (m->records == RECORDS_MAX)
            FAIL_AT(r, s->line, "mapping", "a mapping makes at most %d records", RECORDS_MAX);
        TRY(record_compile(r, s, &m->record[m->records]));
        m->records++;
    }
    if (m->records == 0 && !m->table)
        FAIL_AT(r, about->line, "mapping", "the mapping makes nothing: add [record death] or [table]");
    for (size_t i = 0; m->about.no_header && i < m->columns; i++)
        if (column_number(m->column[i].name) == 0)
            FAIL_AT(r, m->column[i].line, "header",
                    "the file has no header (header = no), so columns are named by number: {#1}, not {%.*s}",
                    STR_ARG(utf8_cut(m->column[i].name, 60)));
    return OK;
}

enum status mapping_parse(struct arena *a, const struct policy *policy, Str text, const struct mapping **out,
                          struct err *e)
{
    struct reading r = {.arena = a, .policy = policy, .err = e};
    if (text.len > MAPPING_BYTES_MAX) {
        return ERR(e, E_LIMIT, "mapping", "a mapping has at most %zu bytes", MAPPING_BYTES_MAX);
    }
    if (!utf8_valid(text, NULL))
        return ERR(e, E_INVALID, "mapping", "the mapping is not UTF-8; save it as UTF-8");
    r.mapping = NEW(a, struct mapping);
    r.mapping->text = text;
    r.mapping->region = policy->default_region;
    TRY(reading_sections(&r, text));
    TRY(sections_known(&r));
    TRY(sections_compile(&r));
    *out = r.mapping;
    return OK;
}

Str mapping_text(const struct mapping *m)
{
    return m->text;
}

struct mapping_about mapping_about(const struct mapping *m)
{
    return m->about;
}

const struct table_columns *mapping_table(const struct mapping *m)
{
    return m->table ? &m->table->columns : NULL;
}

bool mapping_has_records(const struct mapping *m)
{
    return m->records > 0;
}

const struct kind *mapping_first_record(const struct mapping *m, bool filled[FIELDS_MAX])
{
    MUST(m->records > 0);
    const struct record_plan *p = &m->record[0];
    for (size_t i = 0; i < FIELDS_MAX; i++)
        filled[i] = false;
    for (size_t i = 0; i < p->field_count; i++)
        filled[p->field[i].field] = true;
    return p->kind;
}
