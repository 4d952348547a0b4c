/* evaluate identity: which rows of a table are one, found without the truth and then judged by it. */
#include "app/session.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/stream.h"
#include "cli/begin.h"
#include "cli/sink.h"
#include "cli/table_options.h"
#include "match/match.h"

#define MODEL_BYTES_MAX ((size_t)1 << 30)

struct identity {
    const struct sheet *sheet;
    struct sheets_account account;
    struct match_model model;
    struct match_pairs pairs;
    uint32_t *group;
    size_t groups, largest;
    struct match_quality quality;
    double seconds;
};

static double pairs_among(size_t rows)
{
    return (double)rows * ((double)rows - 1) / 2;
}

static void count_groups(struct identity *v, struct arena *a)
{
    uint32_t *size = NEW_ARRAY(a, uint32_t, v->sheet->rows);
    for (size_t r = 0; r < v->sheet->rows; r++) {
        uint32_t n = ++size[v->group[r]];
        v->groups += n == 1;
        if (n > v->largest) v->largest = n;
    }
}

static enum status read_all(struct stream *s, struct buf *text, struct err *e)
{
    char chunk[4096];
    for (size_t got = 1; got > 0;) {
        TRY(stream_read(s, chunk, sizeof chunk, &got, e));
        buf_add_bytes(text, chunk, got);
    }
    return buf_status(text, e);
}

static enum status read_model(const char *path, struct arena *a, struct match_model *out, struct err *e)
{
    struct stream *s = NULL;
    struct buf text CLEANUP_BUF;
    buf_init(&text, MODEL_BYTES_MAX);
    TRY(stream_open(path, NULL, &s, e));
    enum status status = read_all(s, &text, e);
    stream_close(s);
    TRY(status);
    return match_model_read(buf_str(&text), a, out, e);
}

static enum status write_model(const struct match_model *m, const char *path, struct err *e)
{
    struct sink sink CLEANUP_SINK = {.fd = -1};
    struct buf text CLEANUP_BUF;
    buf_init(&text, MODEL_BYTES_MAX);
    match_model_write(m, &text);
    TRY(buf_status(&text, e));
    TRY(sink_open(&sink, path, e));
    TRY(sink_line(&sink, str_slice(buf_str(&text), 0, text.len - 1), e));
    return sink_finish(&sink, e);
}

static enum status find_groups(struct cli *c, struct identity *v, const struct column *truth, struct err *e)
{
    struct match_index *x = NULL;
    struct str_list leave_out = {&(Str){truth->name.ptr, truth->name.len}, 1};
    int64_t start_us = clock_ticks_us();
    const char *model_path = cli_path(c, "model");
    if (model_path)
        TRY(read_model(model_path, c->arena, &v->model, e));
    else
        TRY(match_model_begin(v->sheet, &leave_out, &v->model, e));
    TRY(match_index_new(v->sheet, &v->model, (size_t)cli_option(c, "threads")->whole, c->arena, &x, e));
    if (!model_path) TRY(match_learn(&v->model, x, e));
    TRY(match_pairs_over(x, 1 - match_prior_db(&v->model), c->arena, &v->pairs, e));
    v->group = NEW_ARRAY(c->arena, uint32_t, v->sheet->rows);
    TRY(match_groups(x, &v->pairs, v->group, e));
    v->seconds = (double)(clock_ticks_us() - start_us) / 1e6;
    v->quality = match_quality(v->group, truth->value, v->sheet->rows);
    count_groups(v, c->arena);
    return OK;
}

static enum status write_groups(const struct identity *v, const char *path, struct err *e)
{
    struct sink sink CLEANUP_SINK = {.fd = -1};
    struct buf line CLEANUP_BUF;
    buf_init(&line, (size_t)1 << 20);
    TRY(sink_open(&sink, path, e));
    TRY(sink_line(&sink, S("id,group"), e));
    for (size_t r = 0; r < v->sheet->rows; r++) {
        buf_clear(&line);
        csv_add_cell(&line, v->sheet->id[r], true, true);
        csv_add_cell(&line, v->sheet->id[v->group[r]], false, true);
        TRY(buf_status(&line, e));
        TRY(sink_line(&sink, buf_str(&line), e));
    }
    return sink_finish(&sink, e);
}

static void tell_json(struct cli *c, const struct identity *v)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_kv_str(&w, S("file"), v->sheet->name);
    json_table_account(&w, &v->account);
    json_put_key(&w, S("pairs_considered"));
    json_put_fixed(&w, pairs_among(v->sheet->rows), 0);
    json_kv_i64(&w, S("pairs_over_even_odds"), (int64_t)v->pairs.count);
    json_kv_i64(&w, S("groups"), (int64_t)v->groups);
    json_kv_i64(&w, S("largest_group"), (int64_t)v->largest);
    json_kv_i64(&w, S("true_pairs"), (int64_t)v->quality.true_pairs);
    json_kv_i64(&w, S("found_pairs"), (int64_t)v->quality.found_pairs);
    json_kv_i64(&w, S("right_pairs"), (int64_t)v->quality.right_pairs);
    json_put_key(&w, S("precision"));
    json_put_fixed(&w, v->quality.precision, 6);
    json_put_key(&w, S("recall"));
    json_put_fixed(&w, v->quality.recall, 6);
    json_put_key(&w, S("f1"));
    json_put_fixed(&w, v->quality.f1, 6);
    json_put_key(&w, S("seconds"));
    json_put_fixed(&w, v->seconds, 3);
    json_close(&w, '}');
    cli_json_end(c);
}

static void tell_model(struct cli *c, const struct match_model *m)
{
    static const struct grid_column heading[] = {
        {"column", ALIGN_LEFT}, {"compared", ALIGN_LEFT}, {"of one person", ALIGN_LEFT}};
    struct grid *g = grid_new(c->arena, heading, COUNT_OF(heading));
    for (size_t i = 0; i < m->columns; i++) {
        const struct match_column *column = &m->column[i];
        Str levels = S("");
        for (int l = 0; l < comparison_levels(column->comparison); l++)
            if (column->same[l] >= 0.005)
                levels = str_format(c->arena, "%.*s%s%.0f %% %s", STR_ARG(levels), levels.len > 0 ? ", " : "",
                                    100 * column->same[l], column->comparison->level[l].words);
        grid_add(g, column->name);
        grid_addf(g, "%s%s", column->comparison->name, column->parts ? " by part" : "");
        grid_add(g, levels);
    }
    grid_print(c->out, g);
}

static void tell_text(struct cli *c, const struct identity *v)
{
    static const struct grid_column heading[] = {{"measure", ALIGN_LEFT}, {"value", ALIGN_RIGHT}};
    const struct match_quality *q = &v->quality;
    print_table_account(c->out, c->arena, &v->account);
    print_line(c->out, "%s", "");
    tell_model(c, &v->model);
    print_line(c->out, "%s", "");
    struct grid *g = grid_new(c->arena, heading, COUNT_OF(heading));
    grid_add(g, S("pairs considered: all"));
    grid_add(g, count_words(c->arena, (uint64_t)pairs_among(v->sheet->rows)));
    grid_add(g, S("pairs of even odds or better"));
    grid_add(g, count_words(c->arena, v->pairs.count));
    grid_add(g, S("groups"));
    grid_add(g, count_words(c->arena, v->groups));
    grid_add(g, S("true pairs"));
    grid_add(g, count_words(c->arena, q->true_pairs));
    grid_add(g, S("pairs in one group"));
    grid_add(g, count_words(c->arena, q->found_pairs));
    grid_add(g, S("of these right"));
    grid_add(g, count_words(c->arena, q->right_pairs));
    grid_add(g, S("precision"));
    grid_addf(g, "%.4f", q->precision);
    grid_add(g, S("recall"));
    grid_addf(g, "%.4f", q->recall);
    grid_add(g, S("F1"));
    grid_addf(g, "%.4f", q->f1);
    grid_print(c->out, g);
}

enum status cmd_evaluate_identity(struct cli *c, struct err *e)
{
    struct policy policy;
    struct identity v = {0};
    const struct column *truth = NULL;
    const char *out = cli_path(c, "output");
    TRY(session_policy(c->arena, &policy, e));
    TRY(cli_table(c, c->operand[0], &policy, &v.sheet, &v.account, e));
    TRY(sheet_need(v.sheet, cli_option(c, "truth")->text, 1U << COLUMN_CODE | 1U << COLUMN_TEXT, &truth, e));
    TRY(find_groups(c, &v, truth, e));
    if (out) TRY(write_groups(&v, out, e));
    if (cli_path(c, "save")) TRY(write_model(&v.model, cli_path(c, "save"), e));
    if (cli_flag(c, "json"))
        tell_json(c, &v);
    else
        tell_text(c, &v);
    return OK;
}
