/* evaluate measures: our measures of pairs beside those that another program gave. */
#include "app/crimelinkage.h"
#include "app/session.h"
#include "base/table.h"
#include "cli/begin.h"
#include "cli/table_options.h"

#include <math.h>

#define EQUAL_WITHIN 5e-7

/* One column of the pairs against one of our measures. */
struct comparison {
    Str column;
    struct measure_spec spec;
    const struct column *theirs;
    uint64_t rows, equal, missing, as_they; /* missing: by us; as_they: equal when reckoned as they do */
    double greatest;
};

struct beside {
    const struct sheet *rows, *pairs;
    struct sheets_account account, pairs_account;
    struct row_pair *pair; /* of each row of pairs */
    struct comparison *comparison;
    size_t comparisons;
};

/* "spatial=distance(where), dow=weekday(when)" */
static enum status parse_list(struct cli *c, struct beside *v, struct err *e)
{
    Str rest = str_trim(cli_option(c, "columns")->text);
    v->comparison = NEW_ARRAY(c->arena, struct comparison, MEASURES_MAX);
    while (!str_empty(rest)) {
        size_t equals = str_find_char(rest, '='), close = str_find_char(rest, ')');
        struct measure_spec *spec;
        size_t count;
        if (equals == STR_NPOS || close == STR_NPOS || close < equals || v->comparisons == MEASURES_MAX)
            return ERR(e, E_INVALID, "columns",
                       "write column=measure(column), with commas between, not \"%.*s\"", STR_ARG(rest));
        struct comparison *x = &v->comparison[v->comparisons++];
        *x = (struct comparison){.column = str_trim(str_slice(rest, 0, equals))};
        TRY(measures_parse(str_slice(rest, equals + 1, close + 1), c->arena, &spec, &count, e));
        x->spec = spec[0];
        TRY(sheet_need(v->pairs, x->column, 1U << COLUMN_NUMBER | 1U << COLUMN_CODE, &x->theirs, e));
        rest = str_trim(str_slice(rest, close + 1, rest.len));
        if (str_starts(rest, S(","))) rest = str_trim(str_slice(rest, 1, rest.len));
    }
    return OK;
}

static enum status find_ends(struct cli *c, struct beside *v, struct err *e)
{
    static const char *const END[] = {"first", "second"};
    struct table *row_of CLEANUP_TABLE = table_new((size_t)1 << 26);
    for (size_t i = 0; i < v->rows->rows; i++)
        *table_at(row_of, v->rows->id[i], NULL) = i;
    v->pair = NEW_ARRAY(c->arena, struct row_pair, v->pairs->rows + 1);
    for (size_t s = 0; s < 2; s++) {
        const struct column *end = sheet_column(v->pairs, cli_option(c, END[s])->text);
        if (end == NULL)
            return ERR(e, E_NOT_FOUND, END[s], "the pairs have no column \"%.*s\"",
                       STR_ARG(cli_option(c, END[s])->text));
        for (size_t i = 0; i < v->pairs->rows; i++) {
            Str id = column_text(end, i, c->arena);
            const uint64_t *at = table_find(row_of, id);
            if (at == NULL)
                return ERR(e, E_NOT_FOUND, END[s],
                           "line %llu of the pairs names \"%.*s\", which is no row of the table",
                           (unsigned long long)v->pairs->line[i], STR_ARG(id));
            *(s == 0 ? &v->pair[i].a : &v->pair[i].b) = (uint32_t)*at;
        }
    }
    return OK;
}

static double number_of(const struct column *c, size_t row, struct arena *a)
{
    double v = (double)NAN;
    if (c->type == COLUMN_NUMBER) return c->number[row];
    return str_to_f64(column_text(c, row, a), &v) == OK ? v : (double)NAN;
}

static enum status compare_all(struct cli *c, struct beside *v, struct err *e)
{
    struct measure_spec *spec = NEW_ARRAY(c->arena, struct measure_spec, v->comparisons + 1);
    struct measures *ours;
    double value[MEASURES_MAX];
    for (size_t k = 0; k < v->comparisons; k++)
        spec[k] = v->comparison[k].spec;
    TRY(measures_prepare(v->rows, spec, v->comparisons, c->arena, &ours, e));
    for (size_t i = 0; i < v->pairs->rows; i++) {
        measures_pair(ours, v->pair[i].a, v->pair[i].b, value);
        for (size_t k = 0; k < v->comparisons; k++) {
            struct comparison *x = &v->comparison[k];
            double theirs = number_of(x->theirs, i, c->arena),
                   as_they = crimelinkage_measure(v->rows, &x->spec, v->pair[i].a, v->pair[i].b);
            if (isnan(theirs)) continue;
            double apart = fabs(value[k] - theirs);
            x->rows++;
            if (isnan(value[k])) x->missing++;
            x->equal += apart < EQUAL_WITHIN;
            x->as_they += fabs(as_they - theirs) < EQUAL_WITHIN;
            if (apart > x->greatest) x->greatest = apart;
        }
    }
    return OK;
}

static void tell_text(struct cli *c, const struct beside *v)
{
    static const struct grid_column COLUMNS[] = {{"column", ALIGN_LEFT},
                                                 {"measure", ALIGN_LEFT},
                                                 {"rows", ALIGN_RIGHT},
                                                 {"equal", ALIGN_RIGHT},
                                                 {"missing", ALIGN_RIGHT},
                                                 {"greatest difference", ALIGN_RIGHT},
                                                 {"equal, reckoned as they do", ALIGN_RIGHT}};
    struct grid *g = grid_new(c->arena, COLUMNS, COUNT_OF(COLUMNS));
    print_table_account(c->out, c->arena, &v->account);
    print_line(c->out, "Equal: to 6 decimals.\n");
    for (size_t k = 0; k < v->comparisons; k++) {
        const struct comparison *x = &v->comparison[k];
        grid_add(g, x->column);
        grid_add(g, measure_title(&x->spec, c->arena));
        grid_add(g, count_words(c->arena, x->rows));
        grid_add(g, count_words(c->arena, x->equal));
        grid_add(g, count_words(c->arena, x->missing));
        grid_addf(g, "%.3g", x->greatest);
        grid_add(g, count_words(c->arena, x->as_they));
    }
    grid_print(c->out, g);
}

static void tell_json(struct cli *c, const struct beside *v)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_table_account(&w, &v->account);
    json_put_key(&w, S("columns"));
    json_open(&w, '[');
    for (size_t k = 0; k < v->comparisons; k++) {
        const struct comparison *x = &v->comparison[k];
        json_open(&w, '{');
        json_kv_str(&w, S("column"), x->column);
        json_kv_str(&w, S("measure"), measure_title(&x->spec, c->arena));
        json_kv_i64(&w, S("rows"), (int64_t)x->rows);
        json_kv_i64(&w, S("equal"), (int64_t)x->equal);
        json_kv_i64(&w, S("missing"), (int64_t)x->missing);
        json_kv_i64(&w, S("equal_as_they"), (int64_t)x->as_they);
        json_kv_f64(&w, S("greatest_difference"), x->greatest);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    cli_json_end(c);
}

enum status cmd_evaluate_measures(struct cli *c, struct err *e)
{
    struct beside v = {0};
    struct policy policy;
    TRY(session_policy(c->arena, &policy, e));
    TRY(cli_table(c, c->operand[0], &policy, &v.rows, &v.account, e));
    TRY(cli_table_by(c, cli_path(c, "pairs"), cli_path(c, "pairs-map"), &policy, &v.pairs, &v.pairs_account,
                     e));
    TRY(parse_list(c, &v, e));
    TRY(find_ends(c, &v, e));
    TRY(compare_all(c, &v, e));
    if (cli_flag(c, "json"))
        tell_json(c, &v);
    else
        tell_text(c, &v);
    return OK;
}
