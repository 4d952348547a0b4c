/* Compiling a mapping file: sections and lines first, then the plan. */
#include "base/utf8.h"
#include "intake/plan.h"
#include "model/feed.h"

#include <stdlib.h>

#define LINES_MAX   20000
#define STEPS_MAX   16
#define RECORDS_MAX 32

struct entry {
    uint64_t line;
    Str text;       /* the whole line */
    Str key, value; /* when there is a = */
};
struct section {
    uint64_t line;
    Str kind, name; /* "record", "death" */
    struct entry *entry;
    size_t count;
};
struct reading {
    struct arena *arena;
    const struct policy *policy;
    struct mapping *mapping;
    struct section *section;
    size_t sections;
    struct err *err;
};

/* Fills the reader's error with the line in front of what `why` says. */
static enum status at_line(struct reading *r, uint64_t line, const char *field, const struct err *why)
{
    return ERR(r->err, why->status == OK ? E_INVALID : why->status, field, "line %llu: %s",
               (unsigned long long)line, why->text);
}

#define FAIL_AT(r, line, field, ...)                                                                         \
    do {                                                                                                     \
        struct err why_ = {0};                                                                               \
        enum status ignored_ = ERR(&why_, E_INVALID, "", __VA_ARGS__);                                       \
        (void)ignored_;                                                                                      \
        return at_line(r, line, field, &why_);                                                               \
    } while (0)

/* ---- lines and sections ---- */

static struct section *section_add(struct reading *r, uint64_t line, Str inside)
{
    r->section = arena_grow(r->arena, r->section, r->sections, r->sections + 1, sizeof *r->section,
                            _Alignof(struct section));
    struct section *s = &r->section[r->sections++];
    size_t blank = str_find_char(inside, ' ');
    *s = (struct section){.line = line, .kind = inside, .name = S("")};
    if (blank != STR_NPOS) {
        s->kind = str_slice(inside, 0, blank);
        s->name = str_trim(str_slice(inside, blank, inside.len));
    }
    return s;
}

/* Where the = stands that parts key from value: the first one outside quotes. */
static size_t equals_at(Str text)
{
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        if (quoted && text.ptr[i] == '\\') {
            i++;
        } else if (text.ptr[i] == '"') {
            quoted = !quoted;
        } else if (text.ptr[i] == '=' && !quoted) {
            return i;
        }
    }
    return STR_NPOS;
}

static void entry_add(struct reading *r, struct section *s, uint64_t line, Str text)
{
    struct entry entry = {.line = line, .text = text, .key = STR_NONE, .value = STR_NONE};
    size_t at = equals_at(text);
    if (at != STR_NPOS) {
        entry.key = str_trim(str_slice(text, 0, at));
        entry.value = str_trim(str_slice(text, at + 1, text.len));
    }
    s->entry = arena_grow(r->arena, s->entry, s->count, s->count + 1, sizeof entry, _Alignof(struct entry));
    s->entry[s->count++] = entry;
}

static enum status sections_read(struct reading *r, Str text)
{
    uint64_t line = 0;
    Str rest = text, raw = STR_NONE;
    struct section *current = NULL;
    if (str_starts(rest, S("\xEF\xBB\xBF"))) rest = str_slice(rest, 3, rest.len);
    while (str_next(&rest, '\n', &raw)) {
        if (++line > LINES_MAX) FAIL_AT(r, line, "mapping", "a mapping has at most %d lines", LINES_MAX);
        Str t = str_trim(raw);
        if (str_empty(t) || t.ptr[0] == '#') continue;
        if (t.ptr[0] == '[') {
            if (t.ptr[t.len - 1] != ']') FAIL_AT(r, line, "mapping", "a section is written [name]");
            current = section_add(r, line, str_trim(str_slice(t, 1, t.len - 1)));
            continue;
        }
        if (!current) FAIL_AT(r, line, "mapping", "a mapping begins with [mapping]");
        entry_add(r, current, line, t);
    }
    return OK;
}

/* ---- [mapping] ---- */

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
    } else {
        FAIL_AT(r, entry->line, "delimiter", "delimiter is one of comma, semicolon, tab, bar");
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
        if (zone_parse(v, &m->zone_ms, &why) != OK) return at_line(r, entry->line, "zone", &why);
    } else if (str_eq(entry->key, S("delimiter"))) {
        return about_delimiter(r, entry, v);
    } else {
        FAIL_AT(r, entry->line, "mapping",
                "[mapping] knows name, version, about, namespace, source, region, zone, delimiter");
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
        if (quoted_parse(r->arena, &rest, &given, &why) != OK) return at_line(r, entry->line, "codes", &why);
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
                STR_ARG(text_cut(c->exact[i].given, 60)), STR_ARG(c->name));
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
                    STR_ARG(text_cut(p->code, 40)), f->name, f->values);
        }
    }
    return OK;
}

/* ---- a line "key = template | step | step" ---- */

/* The next part up to a | outside quotes and escapes. */
static bool part_next(Str *rest, bool first, Str *part)
{
    if (!str_present(*rest)) return false;
    bool quoted = false;
    bool may_quote = !first || (rest->len > 0 && str_trim(*rest).len > 0 && str_trim(*rest).ptr[0] == '"');
    for (size_t i = 0; i < rest->len; i++) {
        char c = rest->ptr[i];
        if (c == '\\') {
            i++;
        } else if (c == '"' && may_quote) {
            quoted = !quoted;
        } else if (c == '|' && !quoted) {
            *part = str_slice(*rest, 0, i);
            *rest = str_slice(*rest, i + 1, rest->len);
            return true;
        }
    }
    *part = *rest;
    *rest = STR_NONE;
    return true;
}

static enum status line_compile(struct reading *r, const struct entry *entry, const char *name,
                                struct field_line *out, enum shape *shape)
{
    struct err why = {0};
    struct field_line l = {.line = entry->line, .field = -1};
    Str rest = entry->value, part = STR_NONE;
    *shape = SHAPE_TEXT;
    if (!part_next(&rest, true, &part)) part = S("");
    if (template_parse(r->arena, r->mapping, part, entry->line, &l.text, &why) != OK) {
        return at_line(r, entry->line, name, &why);
    }
    l.step = NEW_ARRAY(r->arena, struct step, STEPS_MAX);
    while (part_next(&rest, false, &part)) {
        if (l.steps == STEPS_MAX)
            FAIL_AT(r, entry->line, name, "a line has at most %d transforms", STEPS_MAX);
        struct step *s = &l.step[l.steps++];
        if (step_parse(r->arena, r->mapping, r->policy, part, entry->line, shape, s, &why) != OK) {
            return at_line(r, entry->line, name, &why);
        }
        l.shows_given = l.shows_given || s->transform->shows_given;
    }
    *out = l;
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
        FAIL_AT(r, entry->line, "mapping", "\"%.*s\" is no field of %s%.*s", STR_ARG(text_cut(name, 40)),
                p->kind->name, STR_ARG(name_hint(r->arena, name, names, p->kind->field_count)));
    }
    const struct field *f = &p->kind->field[field];
    if (part != PART_WHOLE && f->type != FT_SPAN) {
        FAIL_AT(r, entry->line, f->name, "%s is no span; .from and .to belong to spans", f->name);
    }
    enum shape shape = SHAPE_TEXT;
    struct field_line *l = &p->field[p->field_count];
    TRY(line_compile(r, entry, f->name, l, &shape));
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
    if (str_eq(entry->key, S("id"))) {
        if (p->id.text.count > 0) FAIL_AT(r, entry->line, "id", "id is given twice");
        TRY(line_compile(r, entry, "id", &p->id, &shape));
        if (shape != SHAPE_TEXT) FAIL_AT(r, entry->line, "id", "an id is one text");
        if (!p->id.text.refers)
            FAIL_AT(r, entry->line, "id", "an id must hold a {Column}, or all rows would have the same");
        return OK;
    }
    if (str_eq(entry->key, S("known_at"))) {
        TRY(line_compile(r, entry, "known_at", &p->known_at, &shape));
        if (shape != SHAPE_MOMENT)
            FAIL_AT(r, entry->line, "known_at", "known_at is a date: end the line with | date \"...\"");
        return OK;
    }
    if (str_eq(entry->key, S("rows"))) return rows_parse(r, entry, p);
    if (str_eq(entry->key, S("when"))) {
        if (condition_parse(r->arena, r->mapping, entry->value, entry->line, &p->when, &why) != OK) {
            return at_line(r, entry->line, "when", &why);
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
        FAIL_AT(r, s->line, "mapping", "\"%.*s\" is no kind of record%.*s", STR_ARG(text_cut(s->name, 40)),
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
            return at_line(r, s->entry[i].line, "drop", &why);
        }
        m->drop =
            arena_grow(r->arena, m->drop, m->drops, m->drops + 1, sizeof rule, _Alignof(struct drop_rule));
        m->drop[m->drops++] = rule;
    }
    return OK;
}

/* ---- all of it ---- */

static const struct section *section_find(const struct reading *r, Str kind)
{
    for (size_t i = 0; i < r->sections; i++) {
        if (str_eq(r->section[i].kind, kind)) return &r->section[i];
    }
    return NULL;
}

static enum status sections_known(struct reading *r)
{
    static const char *const known[] = {"mapping", "record", "drop", "codes"};
    for (size_t i = 0; i < r->sections; i++) {
        const struct section *s = &r->section[i];
        bool found = false;
        for (size_t k = 0; k < COUNT_OF(known); k++)
            found = found || str_eq(s->kind, str_of(known[k]));
        if (!found) {
            FAIL_AT(r, s->line, "mapping",
                    "[%.*s] is not known; there is [mapping], [record KIND], [drop], [codes NAME]",
                    STR_ARG(text_cut(s->kind, 40)));
        }
        if (str_eq(s->kind, S("mapping")) && s != section_find(r, S("mapping"))) {
            FAIL_AT(r, s->line, "mapping", "there are two sections [mapping]");
        }
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
        if (!str_eq(s->kind, S("record"))) continue;
        if (m->records == RECORDS_MAX)
            FAIL_AT(r, s->line, "mapping", "a mapping makes at most %d records", RECORDS_MAX);
        TRY(record_compile(r, s, &m->record[m->records]));
        m->records++;
    }
    if (m->records == 0)
        FAIL_AT(r, about->line, "mapping", "the mapping makes no record: add [record death]");
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
    r.mapping->region = policy->default_region;
    TRY(sections_read(&r, text));
    TRY(sections_known(&r));
    TRY(sections_compile(&r));
    *out = r.mapping;
    return OK;
}

struct mapping_about mapping_about(const struct mapping *m)
{
    return m->about;
}
