#include "model/policy.h"
#include "base/hash.h"
#include "model/policy_tsv.h"

#include <stdlib.h>

#define CELLS_MAX 16

/* The next line that is neither blank nor a comment. */
static bool next_line(struct policy_tsv *r, Str *line)
{
    while (str_next(&r->rest, '\n', line)) {
        r->line++;
        if (str_ends(*line, S("\r"))) line->len--;
        if (str_trim(*line).len > 0 && line->ptr[0] != '#') return true;
    }
    return false;
}

enum status policy_tsv_open(struct policy_tsv *r, Str name, Str text, const char *const *column, size_t count,
                            size_t required, struct err *e)
{
    MUST(count <= POLICY_COLUMNS_MAX);
    *r = (struct policy_tsv){.name = name, .rest = text, .wanted = count};
    if (str_starts(r->rest, S("\xEF\xBB\xBF"))) r->rest = str_slice(r->rest, 3, r->rest.len);
    for (size_t i = 0; i < count; i++)
        r->where[i] = -1;
    Str header, cell;
    if (!next_line(r, &header)) return ERR(e, E_INVALID, column[0], "%.*s is empty", STR_ARG(name));
    while (str_next(&header, '\t', &cell)) {
        if (r->cells == CELLS_MAX)
            return ERR(e, E_LIMIT, column[0], "%.*s, line %zu: more than %d columns", STR_ARG(name), r->line,
                       CELLS_MAX);
        for (size_t i = 0; i < count; i++)
            if (str_eq(str_trim(cell), str_of(column[i]))) r->where[i] = (int)r->cells;
        r->cells++;
    }
    for (size_t i = 0; i < required; i++)
        if (r->where[i] < 0)
            return ERR(e, E_INVALID, column[i], "%.*s, line %zu: the header has no column %s", STR_ARG(name),
                       r->line, column[i]);
    return OK;
}

enum status policy_tsv_next(struct policy_tsv *r, struct policy_line *line, bool *more, struct err *e)
{
    Str text;
    if (!next_line(r, &text)) {
        *more = false;
        return OK;
    }
    Str cell[CELLS_MAX], piece;
    size_t cells = 0;
    while (str_next(&text, '\t', &piece)) {
        if (cells == r->cells)
            return ERR(e, E_INVALID, "", "%.*s, line %zu: more cells than the header's %zu", STR_ARG(r->name),
                       r->line, r->cells);
        cell[cells++] = str_trim(piece);
    }
    struct policy_line read = {.number = r->line};
    for (size_t i = 0; i < r->wanted; i++) {
        bool there = r->where[i] >= 0 && (size_t)r->where[i] < cells;
        read.cell[i] = there ? cell[r->where[i]] : S("");
    }
    *line = read;
    *more = true;
    return OK;
}

static int compare_source(const void *x, const void *y)
{
    const struct source_rank *a = x, *b = y;
    return str_compare(a->source, b->source);
}

static enum status load_sources(struct arena *a, Str name, Str tsv, struct policy *p, struct err *e)
{
    static const char *const column[] = {"source", "rank", "label"};
    struct policy_tsv reader;
    TRY(policy_tsv_open(&reader, name, tsv, column, COUNT_OF(column), COUNT_OF(column), e));
    struct source_rank *all = NULL;
    size_t count = 0, room = 0;
    for (;;) {
        struct policy_line line;
        bool more = false;
        TRY(policy_tsv_next(&reader, &line, &more, e));
        if (!more) break;
        int64_t rank = 0;
        if (line.cell[0].len == 0)
            return ERR(e, E_INVALID, "source", "%.*s, line %zu, column source: empty", STR_ARG(name),
                       line.number);
        if (str_to_i64(line.cell[1], &rank) != OK || rank < 0 || rank > 100)
            return ERR(e, E_INVALID, "rank",
                       "%.*s, line %zu, column rank: \"%.*s\" is no number from 0 to 100", STR_ARG(name),
                       line.number, STR_ARG(line.cell[1]));
        ARENA_ROOM(a, all, room, count + 1, 32);
        all[count++] = (struct source_rank){line.cell[0], line.cell[2], (uint64_t)rank};
    }
    if (count == 0) return ERR(e, E_INVALID, "source", "%.*s holds no source", STR_ARG(name));
    qsort(all, count, sizeof all[0], compare_source);
    for (size_t i = 1; i < count; i++)
        if (str_eq(all[i - 1].source, all[i].source))
            return ERR(e, E_CONFLICT, "source", "%.*s names the source %.*s twice", STR_ARG(name),
                       STR_ARG(all[i].source));
    p->source = all;
    p->source_count = count;
    return OK;
}

/* name<TAB>value lines; "region" is the only name so far. */
static enum status load_defaults(Str name, Str tsv, struct policy *p, struct err *e)
{
    static const char *const column[] = {"name", "value"};
    struct policy_tsv reader;
    TRY(policy_tsv_open(&reader, name, tsv, column, COUNT_OF(column), COUNT_OF(column), e));
    for (;;) {
        struct policy_line line;
        bool more = false;
        TRY(policy_tsv_next(&reader, &line, &more, e));
        if (!more) return OK;
        if (!str_eq(line.cell[0], S("region")))
            return ERR(e, E_INVALID, "name", "%.*s, line %zu, column name: \"%.*s\" is not known; region is",
                       STR_ARG(name), line.number, STR_ARG(line.cell[0]));
        if (!str_eq(line.cell[1], S("GB")) && !str_eq(line.cell[1], S("US")))
            return ERR(e, E_INVALID, "value",
                       "%.*s, line %zu, column value: region is GB or US, not \"%.*s\"", STR_ARG(name),
                       line.number, STR_ARG(line.cell[1]));
        p->default_region = line.cell[1];
    }
}

/* The text of a file, remembered in the policy; STR_NONE when there is none. */
static Str file_of(struct policy *p, policy_find find, void *state, Str path)
{
    Str text = find(state, path);
    MUST(p->files < POLICY_FILES_MAX);
    if (str_present(text)) p->file[p->files++] = (struct policy_file){path, text};
    return text;
}

enum status policy_load(struct arena *a, policy_find find, void *state, struct policy *out, struct err *e)
{
    struct policy p = {.default_region = S("GB")};
    const struct {
        const char *path;
        const struct vocabulary **slot;
    } vocabularies[] = {
        {"policy/substances.tsv", &p.substances}, {"policy/settings.tsv", &p.settings},
        {"policy/mechanisms.tsv", &p.mechanisms}, {"policy/injuries.tsv", &p.injuries},
        {"policy/items.tsv", &p.items},           {"policy/roles.tsv", &p.roles},
        {"policy/postures.tsv", &p.postures},     {"policy/finders.tsv", &p.finders},
        {"policy/denials.tsv", &p.denials},       {"policy/no-names.tsv", &p.no_names},
    };
    uint64_t version = 0;
    for (size_t i = 0; i < COUNT_OF(vocabularies); i++) {
        Str path = str_of(vocabularies[i].path), text = file_of(&p, find, state, path);
        if (!str_present(text)) return ERR(e, E_NOT_FOUND, "", "the file %.*s is missing", STR_ARG(path));
        struct vocabulary *loaded = NULL;
        TRY(vocabulary_load(a, path, text, &loaded, e));
        *vocabularies[i].slot = loaded;
        version = hash64_mix(version, hash64(text));
    }
    Str sources = file_of(&p, find, state, S("policy/sources.tsv"));
    if (!str_present(sources)) return ERR(e, E_NOT_FOUND, "", "the file policy/sources.tsv is missing");
    TRY(load_sources(a, S("policy/sources.tsv"), sources, &p, e));
    Str defaults = file_of(&p, find, state, S("policy/defaults.tsv"));
    if (str_present(defaults)) TRY(load_defaults(S("policy/defaults.tsv"), defaults, &p, e));
    Str scales = file_of(&p, find, state, S("policy/scales.tsv"));
    if (str_present(scales)) TRY(policy_load_scales(a, S("policy/scales.tsv"), scales, &p, e));
    p.vocabulary_version = (uint32_t)(version ^ version >> 32);
    *out = p;
    return OK;
}

static const struct source_rank *find_source(const struct policy *p, Str source)
{
    size_t low = 0, high = p->source_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(p->source[middle].source, source);
        if (order == 0) return &p->source[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

uint64_t policy_precedence(const struct policy *p, Str source)
{
    const struct source_rank *found = find_source(p, source);
    return found != NULL ? found->rank : PRECEDENCE_DEFAULT;
}

Str policy_source_label(const struct policy *p, Str source)
{
    const struct source_rank *found = find_source(p, source);
    return found != NULL && found->label.len > 0 ? found->label : source;
}
