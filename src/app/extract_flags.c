#include "app/extract.h"

#include "base/assets.h"
#include "base/stream.h"
#include "base/table.h"
#include "model/policy_tsv.h"

#define FLAGS_MAX       64
#define FLAG_FILE_BYTES ((size_t)1 << 20)

struct flag {
    const struct column *column;
    struct table *codes; /* what sets it */
};

struct flags {
    struct flag flag[FLAGS_MAX];
    struct flag_measure *measure;
    size_t count;
};

static void flags_free(struct flags *f)
{
    for (size_t i = 0; i < f->count; i++)
        table_free(f->flag[i].codes);
}
#define CLEANUP_FLAGS __attribute__((cleanup(flags_free)))

/* ---- the file -------------------------------------------------------------------------------------------
 */

/* Sets or clears a code, with a * all that belongs to it too. */
static enum status codes_mark(const struct vocabulary *v, Str item, bool sets, struct table *codes,
                              struct err *e)
{
    bool family = str_ends(item, S("*"));
    Str head = family ? str_slice(item, 0, item.len - 1) : item;
    if (!vocabulary_has(v, head))
        return ERR(e, E_INVALID, "flags", "\"%.*s\" is no code of the substances", STR_ARG(head));
    for (size_t i = 0; i < vocabulary_count(v); i++) {
        Str code = vocabulary_code(v, i);
        bool belongs = str_eq(code, head);
        struct str_list parents = vocabulary_parents(v, code);
        for (size_t j = 0; family && j < parents.count; j++)
            belongs = belongs || str_eq(parents.item[j], head);
        if (belongs) *table_at(codes, code, NULL) = sets;
    }
    return OK;
}

static enum status codes_read(const struct vocabulary *v, Str list, bool sets, struct table *codes,
                              struct err *e)
{
    Str item;
    while (str_next(&list, ',', &item))
        if (!str_empty(str_trim(item))) TRY(codes_mark(v, str_trim(item), sets, codes, e));
    return OK;
}

static enum status flags_read(struct flags *f, const struct sheet *sheet, const struct vocabulary *v,
                              Str name, Str tsv, struct arena *a, struct err *e)
{
    static const char *const column[] = {"flag", "codes", "except", "about"};
    struct policy_tsv reader;
    f->measure = NEW_ARRAY(a, struct flag_measure, FLAGS_MAX);
    TRY(policy_tsv_open(&reader, name, tsv, column, COUNT_OF(column), 2, e));
    for (;;) {
        struct policy_line line;
        bool more = false;
        TRY(policy_tsv_next(&reader, &line, &more, e));
        if (!more) break;
        if (f->count == FLAGS_MAX)
            return ERR(e, E_INVALID, "flags", "%.*s: more than %d flags", STR_ARG(name), FLAGS_MAX);
        struct flag *flag = &f->flag[f->count];
        TRY(sheet_need(sheet, line.cell[0], 1U << COLUMN_NUMBER | 1U << COLUMN_CODE, &flag->column, e));
        flag->codes = table_new(vocabulary_count(v) + 1);
        f->measure[f->count++] =
            (struct flag_measure){.name = flag->column->name, .about = str_copy(a, line.cell[3])};
        TRY(codes_read(v, line.cell[1], true, flag->codes, e));
        TRY(codes_read(v, line.cell[2], false, flag->codes, e));
    }
    if (f->count == 0) return ERR(e, E_INVALID, "flags", "%.*s holds no flag", STR_ARG(name));
    return OK;
}

enum status extract_flags_file(const char *path_or_name, struct arena *a, Str *out, struct err *e)
{
    Str text = asset_find(str_format(a, "policy/flags/%s.tsv", path_or_name));
    if (str_present(text) && !file_exists(path_or_name)) {
        *out = text;
        return OK;
    }
    struct buf b CLEANUP_BUF;
    buf_init(&b, FLAG_FILE_BYTES);
    TRY(file_read(path_or_name, &b, e));
    *out = str_copy(a, buf_str(&b));
    return OK;
}

/* ---- counting -------------------------------------------------------------------------------------------
 */

static bool flag_published(const struct column *c, size_t row)
{
    if (column_missing(c, row)) return false;
    if (c->type == COLUMN_NUMBER) return c->number[row] > 0 || c->number[row] < 0;
    Str word = c->words.word[c->value[row]];
    return str_eq(word, S("1")) || str_eq_nocase(word, S("yes")) || str_eq_nocase(word, S("true"));
}

static bool flag_set_by(const struct flag *flag, Str code)
{
    const uint64_t *sets = table_find(flag->codes, code);
    return sets && *sets;
}

/* The flags that the row's mentions [from, to) set, as bits. */
static uint64_t flags_found(const struct flags *f, const struct extract_result *r, size_t from, size_t to)
{
    uint64_t bits = 0;
    for (size_t i = from; i < to; i++) {
        if (r->item[i].mention.negated || !str_eq(r->item[i].vocabulary, S("substances"))) continue;
        for (size_t j = 0; j < f->count; j++)
            if (flag_set_by(&f->flag[j], r->item[i].mention.code)) bits |= UINT64_C(1) << j;
    }
    return bits;
}

static void disagreement_add(struct flags_result *out, struct arena *a, size_t row, size_t flag,
                             bool published)
{
    if ((out->disagreements & (out->disagreements + 1)) == 0) {
        size_t room = out->disagreements * 2 + 1;
        out->disagreement = arena_grow(a, out->disagreement, out->disagreements, room,
                                       sizeof *out->disagreement, _Alignof(struct flag_disagreement));
    }
    out->disagreement[out->disagreements++] = (struct flag_disagreement){row, flag, published};
}

static void row_count(const struct flags *f, size_t row, uint64_t found, struct arena *a,
                      struct flags_result *out)
{
    for (size_t j = 0; j < f->count; j++) {
        struct flag_measure *m = &f->measure[j];
        bool published = flag_published(f->flag[j].column, row), seen = found >> j & 1;
        m->published += published;
        m->found += seen;
        m->both += published && seen;
        if (published != seen) disagreement_add(out, a, row, j, published);
    }
}

enum status extract_flags(const struct sheet *sheet, const struct policy *policy,
                          const struct extract_result *found, Str name, Str tsv, struct arena *a,
                          struct flags_result *out, struct err *e)
{
    struct flags f CLEANUP_FLAGS = {0};
    struct flags_result result = {0};
    TRY(flags_read(&f, sheet, policy->substances, name, tsv, a, e));
    for (size_t row = 0, from = 0, to = 0; row < sheet->rows; row++, from = to) {
        while (to < found->count && found->item[to].row == row)
            to++;
        row_count(&f, row, flags_found(&f, found, from, to), a, &result);
    }
    result.flag = f.measure;
    result.flags = f.count;
    *out = result;
    return OK;
}
