#include "match/match_internal.h"

#include <math.h>

/* What is believed of a level before anything is learned: of two rows of one person seven in ten agree, one
 * in twelve differs wholly, the rest falls by half from level to level. */
static void believe(struct match_column *c)
{
    int levels = comparison_levels(c->comparison);
    double left = 0.22, halves = 0;
    for (int l = 1; l < levels - 1; l++)
        halves += ldexp(1, -l);
    for (int l = 1; l < levels - 1; l++)
        c->same[l] = left * ldexp(1, -l) / halves;
    c->same[levels - 1] = 0.08;
    c->same[0] = levels > 2 ? 0.7 : 0.92;
}

/* What a mapping may say of a column, and the comparison it means; beside these the comparisons' own names.
 */
static const struct {
    const char *word, *comparison;
    bool parts;
} MEANINGS[] = {
    {"full_name", "part", true},     {"given_name", "part", false},  {"surname", "part", false},
    {"town", "part", false},         {"address", "part", false},     {"email", "identifier", false},
    {"number", "identifier", false}, {"phone", "identifier", false}, {"account", "part", true},
};

static void set_comparison(struct match_column *out, Str word)
{
    for (size_t i = 0; i < COUNT_OF(MEANINGS); i++)
        if (str_eq(word, str_of(MEANINGS[i].word))) {
            out->comparison = comparison_named(str_of(MEANINGS[i].comparison));
            out->parts = MEANINGS[i].parts;
            return;
        }
    out->comparison = comparison_named(word);
    out->parts = false;
}

/* What the values of a column may be compared as, and the words for it; the first is taken when the mapping
 * says nothing. ORDER enum column_type */
#define WORDS_AS                                                                                             \
    "full_name, given_name, surname, town, address, email, number, phone, account, part, spelling, date, "   \
    "code, identifier, postcode"
static const struct {
    const char *usual, *words;
    unsigned forms;
} FITTING[] = {
    [COLUMN_CODE] = {"code", WORDS_AS, 1U << FORM_NAME | 1U << FORM_CODE | 1U << FORM_DATE},
    [COLUMN_TEXT] = {"part", WORDS_AS, 1U << FORM_NAME | 1U << FORM_CODE | 1U << FORM_DATE},
    [COLUMN_NUMBER] = {"number", "number", 1U << FORM_NUMBER},
    [COLUMN_TIME] = {"interval", "interval", 1U << FORM_INTERVAL},
    [COLUMN_PLACE] = {"place", "place", 1U << FORM_PLACE},
    [COLUMN_SET] = {"set", "set, terms", 1U << FORM_SET},
};

static bool form_fits(enum column_type t, const struct comparison *c)
{
    return c && (FITTING[t].forms >> c->form & 1U);
}

static enum status begin_column(const struct sheet *f, const struct column *c, struct match_column *out,
                                struct err *e)
{
    Str word = !str_empty(c->compare) ? c->compare : str_of(FITTING[c->type].usual);
    out->name = c->name;
    if (match_has_words(c->type))
        set_comparison(out, word);
    else
        out->comparison = comparison_named(word);
    if (!form_fits(c->type, out->comparison))
        return ERR(e, E_INVALID, "compare",
                   "%.*s: the column \"%.*s\" holds a %s, which cannot be compared as \"%.*s\"; what can: %s",
                   STR_ARG(f->name), STR_ARG(c->name), column_type_name(c->type), STR_ARG(word),
                   FITTING[c->type].words);
    believe(out);
    return OK;
}

static bool left_out(const struct str_list *list, Str name)
{
    for (size_t i = 0; list && i < list->count; i++)
        if (str_eq(list->item[i], name)) return true;
    return false;
}

enum status match_model_begin(const struct sheet *f, const struct str_list *leave_out,
                              struct match_model *out, struct err *e)
{
    struct match_model m = {.prior = f->rows > 1 ? 1.0 / (double)f->rows : 0.5};
    for (size_t i = 0; i < f->columns; i++) {
        if (left_out(leave_out, f->column[i].name)) continue;
        if (m.columns == MATCH_COLUMNS_MAX)
            return ERR(e, E_LIMIT, "column", "%.*s: more than %d columns to match by; leave some out",
                       STR_ARG(f->name), MATCH_COLUMNS_MAX);
        TRY(begin_column(f, &f->column[i], &m.column[m.columns++], e));
    }
    if (m.columns == 0) return ERR(e, E_INVALID, "column", "%.*s: no column to match by", STR_ARG(f->name));
    *out = m;
    return OK;
}

enum status match_index_new(const struct sheet *f, const struct match_model *model, size_t threads,
                            struct arena *a, struct match_index **out, struct err *e)
{
    struct match_index *x = NEW(a, struct match_index);
    *x = (struct match_index){.sheet = f,
                              .model = model,
                              .rows = f->rows,
                              .columns = model->columns,
                              .threads = threads,
                              .arena = a};
    for (size_t c = 0; c < x->columns; c++) {
        const struct column *column;
        TRY(sheet_need(f, model->column[c].name, ~0U, &column, e));
        if (!form_fits(column->type, model->column[c].comparison))
            return ERR(e, E_INVALID, "model",
                       "%.*s: the model compares the column \"%.*s\" as %s, and it holds a %s",
                       STR_ARG(f->name), STR_ARG(column->name), model->column[c].comparison->name,
                       column_type_name(column->type));
        x->map[c].model = &model->column[c];
        TRY(level_map_make(&x->map[c], column, f->rows, threads, a, e));
    }
    x->cell = NEW_ARRAY(a, uint32_t, f->rows * x->columns);
    for (size_t r = 0; r < f->rows; r++)
        for (size_t c = 0; c < x->columns; c++)
            if (level_map_items(&x->map[c], r) > 0)
                x->cell[r * x->columns + c] =
                    model->column[c].parts ? CELL_PARTS : x->map[c].row_item[x->map[c].row_at[r]];
    relations_take(x);
    match_reweigh(x);
    *out = x;
    return OK;
}

void match_reweigh(struct match_index *x)
{
    for (size_t c = 0; c < x->columns; c++)
        level_map_weigh(&x->map[c]);
}
