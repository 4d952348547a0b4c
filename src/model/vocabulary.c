#include "base/utf8.h"
#include "model/policy.h"
#include "model/policy_tsv.h"

#include <stdlib.h>

#define ROWS_MAX      20000
#define CODE_LEN_MAX  48
#define DEPTH_MAX     16
#define KEY_BYTES_MAX 192

struct row {
    Str code, label, group;
    struct str_list own_parents; /* as written */
    struct str_list parents;     /* all of them, nearest first */
    struct str_list spellings;   /* folded phrases, sorted */
    struct str_list quiet;       /* those of them that are common words, not to be looked for in text */
    size_t line;
};

/* One way to write a code: folded, without blanks. */
struct spelling {
    Str key;
    size_t row;
};

struct vocabulary {
    Str name;
    struct row *row;
    size_t row_count;
    struct spelling *spelling; /* sorted by key */
    size_t spelling_count;
};

enum column { COLUMN_CODE, COLUMN_LABEL, COLUMN_PARENTS, COLUMN_SYNONYMS, COLUMN_GROUP, COLUMN_COUNT };
static const char *const column_name[COLUMN_COUNT] = {"code", "label", "parents", "synonyms", "group"};

/* ASCII letters and digits of `s`, lower case, in `to`; STR_NONE when it does not fit or holds other letters.
 */
static Str squeeze_ascii(Str s, char to[static KEY_BYTES_MAX])
{
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if ((unsigned char)c >= 0x80 || len == KEY_BYTES_MAX) return STR_NONE;
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) to[len++] = c;
    }
    return (Str){to, len};
}

/* The key of text that is folded already: its blanks go. */
static Str squeeze_folded(struct arena *a, Str folded)
{
    char *to = NEW_ARRAY(a, char, folded.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < folded.len; i++)
        if (folded.ptr[i] != ' ') to[len++] = folded.ptr[i];
    return (Str){to, len};
}

static bool code_valid(Str code)
{
    if (code.len == 0 || code.len > CODE_LEN_MAX || code.ptr[0] == '_') return false;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
    }
    return true;
}

/* The pieces of `text` between `sep`, trimmed, empty ones left out. */
static struct str_list pieces(struct arena *a, Str text, char sep)
{
    struct str_list list = str_split(a, text, sep);
    size_t kept = 0;
    for (size_t i = 0; i < list.count; i++) {
        Str piece = str_trim(list.item[i]);
        if (piece.len > 0) list.item[kept++] = piece;
    }
    list.count = kept;
    return list;
}

static int compare_spelling(const void *x, const void *y)
{
    const struct spelling *a = x, *b = y;
    int by_key = str_compare(a->key, b->key);
    if (by_key != 0) return by_key;
    return (a->row > b->row) - (a->row < b->row);
}

static const struct row *find_key(const struct vocabulary *v, Str key)
{
    size_t low = 0, high = v->spelling_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(v->spelling[middle].key, key);
        if (order == 0) return &v->row[v->spelling[middle].row];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const struct row *find_code(const struct vocabulary *v, Str code)
{
    char room[KEY_BYTES_MAX];
    Str key = squeeze_ascii(code, room);
    if (!str_present(key) || key.len == 0) return NULL;
    const struct row *row = find_key(v, key);
    return row != NULL && str_eq(row->code, code) ? row : NULL;
}

static enum status read_row(struct arena *a, const struct vocabulary *v, const struct policy_line *line,
                            struct row *row, struct err *e)
{
    Str code = line->cell[COLUMN_CODE], label = line->cell[COLUMN_LABEL];
    if (!code_valid(code))
        return ERR(e, E_INVALID, "code",
                   "%.*s, line %zu, column code: \"%.*s\" is no code; it takes 1 to %d of a-z, 0-9 and _",
                   STR_ARG(v->name), line->number, STR_ARG(code), CODE_LEN_MAX);
    if (label.len == 0)
        return ERR(e, E_INVALID, "label", "%.*s, line %zu, column label: %.*s has no label", STR_ARG(v->name),
                   line->number, STR_ARG(code));
    *row = (struct row){.code = code,
                        .label = label,
                        .group = line->cell[COLUMN_GROUP],
                        .own_parents = pieces(a, line->cell[COLUMN_PARENTS], ','),
                        .line = line->number};
    struct str_list written = pieces(a, line->cell[COLUMN_SYNONYMS], '|');
    row->spellings.item = NEW_ARRAY(a, Str, written.count + 2);
    row->quiet.item = NEW_ARRAY(a, Str, written.count + 1);
    row->spellings.item[row->spellings.count++] = utf8_fold(a, code);
    row->spellings.item[row->spellings.count++] = utf8_fold(a, label);
    for (size_t i = 0; i < written.count; i++) {
        Str folded = utf8_fold(a, written.item[i]);
        if (folded.len == 0)
            return ERR(e, E_INVALID, "synonyms",
                       "%.*s, line %zu, column synonyms: \"%.*s\" has neither letter nor digit",
                       STR_ARG(v->name), line->number, STR_ARG(written.item[i]));
        row->spellings.item[row->spellings.count++] = folded;
        if (written.item[i].ptr[0] == '~') row->quiet.item[row->quiet.count++] = folded;
    }
    str_sort_unique(&row->spellings);
    return OK;
}

/* Sorts all spellings; one that leads to two codes is refused. */
static enum status index_spellings(struct arena *a, struct vocabulary *v, struct err *e)
{
    size_t total = 0;
    for (size_t i = 0; i < v->row_count; i++)
        total += v->row[i].spellings.count;
    v->spelling = NEW_ARRAY(a, struct spelling, total + 1);
    size_t n = 0;
    for (size_t i = 0; i < v->row_count; i++)
        for (size_t j = 0; j < v->row[i].spellings.count; j++)
            v->spelling[n++] = (struct spelling){squeeze_folded(a, v->row[i].spellings.item[j]), i};
    qsort(v->spelling, n, sizeof v->spelling[0], compare_spelling);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && str_eq(v->spelling[kept - 1].key, v->spelling[i].key)) {
            const struct row *first = &v->row[v->spelling[kept - 1].row],
                             *second = &v->row[v->spelling[i].row];
            if (first == second) continue;
            return ERR(
                e, E_CONFLICT, "synonyms",
                "%.*s, line %zu, column synonyms: \"%.*s\" is written for %.*s and, on line %zu, for %.*s",
                STR_ARG(v->name), second->line, STR_ARG(v->spelling[i].key), STR_ARG(second->code),
                first->line, STR_ARG(first->code));
        }
        v->spelling[kept++] = v->spelling[i];
    }
    v->spelling_count = kept;
    return OK;
}

static bool listed(const struct str_list *list, Str s)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->item[i], s)) return true;
    return false;
}

/* What is looked for in text: the spellings without the quiet ones. Called when the index stands. */
static void drop_quiet(struct row *row)
{
    size_t kept = 0;
    for (size_t i = 0; i < row->spellings.count; i++)
        if (!listed(&row->quiet, row->spellings.item[i]))
            row->spellings.item[kept++] = row->spellings.item[i];
    row->spellings.count = kept;
}

/* Breadth first from the row's own parents, so that the nearest stand first. */
static enum status collect_parents(struct arena *a, const struct vocabulary *v, struct row *row,
                                   struct err *e)
{
    struct str_list all = {NEW_ARRAY(a, Str, DEPTH_MAX), 0};
    const struct row *from = row;
    for (size_t next = 0;; next++) {
        for (size_t i = 0; i < from->own_parents.count; i++) {
            Str parent = from->own_parents.item[i];
            if (find_code(v, parent) == NULL)
                return ERR(e, E_INVALID, "parents",
                           "%.*s, line %zu, column parents: %.*s is not among the codes", STR_ARG(v->name),
                           from->line, STR_ARG(parent));
            if (str_eq(parent, row->code))
                return ERR(e, E_INVALID, "parents",
                           "%.*s, line %zu, column parents: %.*s is its own ancestor", STR_ARG(v->name),
                           row->line, STR_ARG(row->code));
            if (listed(&all, parent)) continue;
            if (all.count == DEPTH_MAX)
                return ERR(e, E_LIMIT, "parents",
                           "%.*s, line %zu, column parents: %.*s has over %d ancestors", STR_ARG(v->name),
                           row->line, STR_ARG(row->code), DEPTH_MAX);
            all.item[all.count++] = parent;
        }
        if (next >= all.count) break;
        from = find_code(v, all.item[next]);
    }
    row->parents = all;
    return OK;
}

enum status vocabulary_load(struct arena *a, Str name, Str tsv, struct vocabulary **out, struct err *e)
{
    struct vocabulary *v = NEW(a, struct vocabulary);
    v->name = name;
    struct policy_tsv reader;
    TRY(policy_tsv_open(&reader, name, tsv, column_name, COLUMN_COUNT, 2, e));
    size_t room = 0;
    for (;;) {
        struct policy_line line;
        bool more = false;
        TRY(policy_tsv_next(&reader, &line, &more, e));
        if (!more) break;
        if (v->row_count == ROWS_MAX)
            return ERR(e, E_LIMIT, "code", "%.*s has over %d codes", STR_ARG(name), ROWS_MAX);
        ARENA_ROOM(a, v->row, room, v->row_count + 1, 64);
        TRY(read_row(a, v, &line, &v->row[v->row_count], e));
        v->row_count++;
    }
    if (v->row_count == 0) return ERR(e, E_INVALID, "code", "%.*s holds no code", STR_ARG(name));
    TRY(index_spellings(a, v, e));
    for (size_t i = 0; i < v->row_count; i++) {
        const struct row *found = find_code(v, v->row[i].code);
        if (found != &v->row[i])
            return ERR(e, E_CONFLICT, "code", "%.*s, line %zu, column code: %.*s stands on line %zu already",
                       STR_ARG(name), v->row[i].line, STR_ARG(v->row[i].code),
                       found != NULL ? found->line : 0);
        TRY(collect_parents(a, v, &v->row[i], e));
        drop_quiet(&v->row[i]);
    }
    *out = v;
    return OK;
}

Str vocabulary_find(const struct vocabulary *v, Str word)
{
    char room[KEY_BYTES_MAX];
    Str key = squeeze_ascii(word, room);
    if (str_present(key)) {
        const struct row *row = key.len > 0 ? find_key(v, key) : NULL;
        return row != NULL ? row->code : STR_NONE;
    }
    /* Folding makes a letter at most a few times longer: what is far over the limit cannot be listed. */
    if (word.len > 4 * KEY_BYTES_MAX) return STR_NONE;
    struct arena *a CLEANUP_ARENA = arena_new("vocabulary word", (size_t)1 << 20);
    key = squeeze_folded(a, utf8_fold(a, word));
    const struct row *row = key.len > 0 ? find_key(v, key) : NULL;
    return row != NULL ? row->code : STR_NONE;
}

bool vocabulary_has(const struct vocabulary *v, Str code)
{
    return find_code(v, code) != NULL;
}

Str vocabulary_label(const struct vocabulary *v, Str code)
{
    const struct row *row = find_code(v, code);
    return row != NULL ? row->label : code;
}

Str vocabulary_group(const struct vocabulary *v, Str code)
{
    const struct row *row = find_code(v, code);
    return row != NULL ? row->group : STR_NONE;
}

struct str_list vocabulary_parents(const struct vocabulary *v, Str code)
{
    const struct row *row = find_code(v, code);
    return row != NULL ? row->parents : (struct str_list){NULL, 0};
}

size_t vocabulary_count(const struct vocabulary *v)
{
    return v->row_count;
}

Str vocabulary_code(const struct vocabulary *v, size_t i)
{
    MUST(i < v->row_count);
    return v->row[i].code;
}

struct str_list vocabulary_spellings(const struct vocabulary *v, size_t i)
{
    MUST(i < v->row_count);
    return v->row[i].spellings;
}
