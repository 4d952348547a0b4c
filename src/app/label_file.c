#include "app/label_file.h"

#include "base/table.h"

#define IDS_MAX ((size_t)1 << 26)

int label_yes_or_no(Str word)
{
    static const char *const YES[] = {"1", "true", "t", "yes", "y", "linked"}, *const NO[] = {
                                                                                   "0",  "false", "f",
                                                                                   "no", "n",     "unlinked"};
    for (size_t i = 0; i < COUNT_OF(YES); i++) {
        if (str_eq_nocase(word, str_of(YES[i]))) return 1;
        if (str_eq_nocase(word, str_of(NO[i]))) return 0;
    }
    return -1;
}

struct taking {
    const struct sheet *labels;
    struct arena *a;
    struct label_file *out;
    struct table *row_of; /* id -> row */
    struct err *e;
};

/* The row that a label names; false, and counted, when there is none. */
static bool row_named(const struct taking *t, const struct column *c, size_t label, uint32_t *row)
{
    Str id = column_text(c, label, t->a);
    const uint64_t *at = table_find(t->row_of, id);
    if (at == NULL) {
        if (t->out->unknown++ == 0) t->out->first_unknown = str_copy(t->a, id);
        return false;
    }
    *row = (uint32_t)*at;
    return true;
}

static enum status take_pairs(struct taking *t, const struct column *a, const struct column *b,
                              const struct column *linked, size_t rows)
{
    size_t count = 0;
    struct row_pair *pair = NEW_ARRAY(t->a, struct row_pair, t->labels->rows + 1);
    bool *yes = NEW_ARRAY(t->a, bool, t->labels->rows + 1);
    for (size_t i = 0; i < t->labels->rows; i++) {
        struct row_pair p = {0};
        int word = label_yes_or_no(column_text(linked, i, t->a));
        if (word < 0)
            return ERR(t->e, E_INVALID, "labels",
                       "%.*s, line %llu: linked must be 1 or 0 (yes, no), not \"%.*s\"",
                       STR_ARG(t->labels->name), (unsigned long long)t->labels->line[i],
                       STR_ARG(column_text(linked, i, t->a)));
        if (!row_named(t, a, i, &p.a) || !row_named(t, b, i, &p.b)) continue;
        if (p.a == p.b)
            return ERR(t->e, E_INVALID, "labels", "%.*s, line %llu: a row is paired with itself",
                       STR_ARG(t->labels->name), (unsigned long long)t->labels->line[i]);
        pair[count] = p;
        yes[count++] = word == 1;
    }
    return labels_of_pairs(pair, yes, count, rows, t->a, &t->out->labels, t->e);
}

static enum status take_groups(struct taking *t, const struct column *group, const struct column *member,
                               size_t rows)
{
    struct table *number CLEANUP_TABLE = table_new(IDS_MAX);
    struct membership *m = NEW_ARRAY(t->a, struct membership, t->labels->rows + 1);
    size_t count = 0;
    t->out->of_groups = true;
    for (size_t i = 0; i < t->labels->rows; i++) {
        if (column_missing(group, i) || !row_named(t, member, i, &m[count].row)) continue;
        m[count++].group = table_intern(number, column_text(group, i, t->a));
    }
    return labels_of_groups(m, count, rows, table_count(number), t->a, &t->out->labels, t->e);
}

enum status label_file_take(const struct sheet *labels, const struct sheet *rows, struct arena *a,
                            struct label_file *out, struct err *e)
{
    struct table *row_of CLEANUP_TABLE = table_new(IDS_MAX);
    struct label_file file = {0};
    struct taking t = {labels, a, &file, row_of, e};
    const struct column *x = sheet_column(labels, S("a")), *y = sheet_column(labels, S("b")),
                        *linked = sheet_column(labels, S("linked")),
                        *group = sheet_column(labels, S("group")),
                        *member = sheet_column(labels, S("member"));
    enum status status;
    if (member == NULL) member = sheet_column(labels, S("id"));
    for (size_t i = 0; i < rows->rows; i++)
        *table_at(row_of, rows->id[i], NULL) = i;
    if (x && y && linked)
        status = take_pairs(&t, x, y, linked, rows->rows);
    else if (group && member)
        status = take_groups(&t, group, member, rows->rows);
    else
        return ERR(e, E_INVALID, "labels",
                   "%.*s has neither the columns a, b, linked nor group, member; a mapping can name them so",
                   STR_ARG(labels->name));
    if (status != OK && file.unknown > 0)
        return ERR(e, status, "labels", "%llu labels name rows that are not in the table, the first \"%.*s\"",
                   (unsigned long long)file.unknown, STR_ARG(file.first_unknown));
    if (status == OK) *out = file;
    return status;
}
