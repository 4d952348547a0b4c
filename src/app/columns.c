#include "app/columns.h"

#include "base/buf.h"

#include "base/caldate.h"

static Str types_words(struct buf *b, unsigned types)
{
    for (unsigned t = COLUMN_CODE; t <= COLUMN_SET; t++)
        if (types & 1U << t) buf_addf(b, "%s%s", b->len ? " or " : "", column_type_name((enum column_type)t));
    return buf_str(b);
}

enum status column_pick(const struct sheet *f, Str name, unsigned types, const char *option,
                        const struct column **out, struct err *e)
{
    const struct column *only = NULL;
    struct buf words CLEANUP_BUF = {0};
    if (str_present(name)) return sheet_need(f, name, types, out, e);
    for (size_t i = 0; i < f->columns; i++) {
        if (!(types & 1U << f->column[i].type)) continue;
        if (only) {
            buf_init(&words, 1000);
            Str type = types_words(&words, types);
            return ERR(e, E_INVALID, option,
                       "%.*s has several columns of type %.*s, %.*s and %.*s among them; say which with --%s",
                       STR_ARG(f->name), STR_ARG(type), STR_ARG(only->name), STR_ARG(f->column[i].name),
                       option);
        }
        only = &f->column[i];
    }
    if (only) {
        *out = only;
        return OK;
    }
    buf_init(&words, 1000);
    Str type = types_words(&words, types);
    return ERR(e, E_INVALID, option, "%.*s has no column of type %.*s; a mapping (--map) can make one",
               STR_ARG(f->name), STR_ARG(type));
}

enum status column_choose(const struct sheet *f, Str text, const char *option, struct column_choice *out,
                          struct err *e)
{
    size_t at = str_find_char(text, '=');
    if (at == STR_NPOS)
        return ERR(e, E_INVALID, option, "--%s must be COLUMN=VALUE, such as solved=No, not \"%.*s\"", option,
                   STR_ARG(text));
    Str value = str_slice(text, at + 1, text.len);
    struct column_choice c = {0};
    TRY(sheet_need(f, str_slice(text, 0, at), 1U << COLUMN_CODE | 1U << COLUMN_TEXT, &c.column, e));
    for (uint32_t w = 1; w < c.column->words.count; w++)
        if (str_eq(c.column->words.word[w], value)) c.word = w;
    if (c.word == 0)
        return ERR(e, E_INVALID, option,
                   "no row of %.*s has \"%.*s\" in the column %.*s; it holds %.*s and the like",
                   STR_ARG(f->name), STR_ARG(value), STR_ARG(c.column->name),
                   STR_ARG(c.column->words.count > 1 ? c.column->words.word[1] : S("nothing")));
    *out = c;
    return OK;
}

bool column_day(const struct column *c, size_t row, double days_most, int64_t *day)
{
    struct sheet_time t = c->time[row];
    if (t.from_ms == TIME_MISSING || (double)(t.to_ms - t.from_ms) > days_most * (double)MS_PER_DAY)
        return false;
    *day = caldate_day_of(t.from_ms + (t.to_ms - t.from_ms) / 2);
    return true;
}
