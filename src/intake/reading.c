/* The text of a mapping as sections and lines, and a line as template and steps. */
#include "intake/reading.h"

#define LINES_MAX 20000
#define STEPS_MAX 16

enum status reading_fail_at(struct reading *r, uint64_t line, const char *field, const struct err *why)
{
    return ERR(r->err, why->status == OK ? E_INVALID : why->status, field, "line %llu: %s",
               (unsigned long long)line, why->text);
}

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

enum status reading_sections(struct reading *r, Str text)
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

enum status reading_line(struct reading *r, const struct entry *entry, const char *name,
                         struct field_line *out, enum shape *shape)
{
    struct err why = {0};
    struct field_line l = {.line = entry->line, .field = -1};
    Str rest = entry->value, part = STR_NONE;
    *shape = SHAPE_TEXT;
    if (!part_next(&rest, true, &part)) part = S("");
    if (template_parse(r->arena, r->mapping, part, entry->line, &l.text, &why) != OK) {
        return reading_fail_at(r, entry->line, name, &why);
    }
    l.step = NEW_ARRAY(r->arena, struct step, STEPS_MAX);
    while (part_next(&rest, false, &part)) {
        if (l.steps == STEPS_MAX)
            FAIL_AT(r, entry->line, name, "a line has at most %d transforms", STEPS_MAX);
        struct step *s = &l.step[l.steps++];
        if (step_parse(r->arena, r->mapping, r->policy, part, entry->line, shape, s, &why) != OK) {
            return reading_fail_at(r, entry->line, name, &why);
        }
        l.shows_given = l.shows_given || s->transform->shows_given;
    }
    *out = l;
    return OK;
}

enum status reading_id(struct reading *r, const struct entry *entry, struct field_line *out)
{
    enum shape shape = SHAPE_TEXT;
    if (out->text.count > 0) FAIL_AT(r, entry->line, "id", "id is given twice");
    TRY(reading_line(r, entry, "id", out, &shape));
    if (shape != SHAPE_TEXT) FAIL_AT(r, entry->line, "id", "an id is one text");
    if (!out->text.refers)
        FAIL_AT(r, entry->line, "id", "an id must hold a {Column}, or all rows would have the same");
    return OK;
}
