/* table: what a mapping makes of a file, column by column. */
#include "base/caldate.h"
#include "base/csv.h"
#include "base/utf8.h"
#include "cli/begin.h"
#include "cli/sink.h"
#include "cli/table_options.h"

#include <math.h>

#define SHOWN_BYTES_MAX 24
#define SHOWN_WORDS     3

struct about {
    size_t present, different; /* different: words of codes, texts and sets */
    Str range;
};

static void note(double v, double *low, double *high)
{
    if (isnan(*low) || v < *low) *low = v;
    if (isnan(*high) || v > *high) *high = v;
}

static Str number_range(const struct sheet *f, const struct column *c, struct arena *a)
{
    double low = (double)NAN, high = (double)NAN;
    for (size_t r = 0; r < f->rows; r++)
        if (!isnan(c->number[r])) note(c->number[r], &low, &high);
    return str_format(a, "%.10g to %.10g", low, high);
}

static Str time_range(const struct sheet *f, const struct column *c, struct arena *a)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    char from[32], to[32];
    for (size_t r = 0; r < f->rows; r++) {
        const struct sheet_time *t = &c->time[r];
        if (t->from_ms == TIME_MISSING) continue;
        if (t->from_ms < first) first = t->from_ms;
        if (t->to_ms > last) last = t->to_ms;
    }
    caldate_format(first, from);
    caldate_format(last, to);
    return str_format(a, "%s to %s", from, to);
}

static Str place_range(const struct sheet *f, const struct column *c, struct arena *a)
{
    double west = (double)NAN, east = (double)NAN, south = (double)NAN, north = (double)NAN;
    for (size_t r = 0; r < f->rows; r++) {
        if (isnan(c->place[r].x)) continue;
        note(c->place[r].x, &west, &east);
        note(c->place[r].y, &south, &north);
    }
    return c->planar ? str_format(a, "%.10g, %.10g to %.10g, %.10g", west, south, east, north)
                     : str_format(a, "%.4f, %.4f to %.4f, %.4f", south, west, north, east);
}

/* The most frequent words, the first seen of equal ones: falling in `best`. */
static size_t frequent_words(const struct words *words, size_t best[SHOWN_WORDS])
{
    size_t count = 0;
    for (size_t w = 1; w < words->count; w++) {
        size_t at = count;
        if (words->rows[w] == 0) continue;
        while (at > 0 && words->rows[best[at - 1]] < words->rows[w])
            at--;
        if (at == SHOWN_WORDS) continue;
        if (count < SHOWN_WORDS) count++;
        memmove(&best[at + 1], &best[at], (count - at - 1) * sizeof *best);
        best[at] = w;
    }
    return count;
}

/* "theft (23), fraud (12)" */
static Str word_range(const struct column *c, struct arena *a)
{
    size_t best[SHOWN_WORDS], count = frequent_words(&c->words, best);
    struct str_list shown = {NEW_ARRAY(a, Str, SHOWN_WORDS), count};
    for (size_t i = 0; i < count; i++) {
        Str word = c->words.word[best[i]];
        const char *more = word.len > SHOWN_BYTES_MAX ? "..." : "";
        shown.item[i] = str_format(a, "%.*s%s (%.*s)", STR_ARG(utf8_cut(word, SHOWN_BYTES_MAX)), more,
                                   STR_ARG(count_words(a, c->words.rows[best[i]])));
    }
    return str_join(a, &shown, S(", "));
}

static struct about column_about(const struct sheet *f, const struct column *c, struct arena *a)
{
    struct about about = {.range = S("")};
    for (size_t r = 0; r < f->rows; r++)
        about.present += !column_missing(c, r);
    for (size_t w = 1; w < c->words.count; w++)
        about.different += c->words.rows[w] > 0;
    if (about.present == 0) return about;
    switch (c->type) {
    case COLUMN_NUMBER:
        about.range = number_range(f, c, a);
        break;
    case COLUMN_TIME:
        about.range = time_range(f, c, a);
        break;
    case COLUMN_PLACE:
        about.range = place_range(f, c, a);
        break;
    case COLUMN_CODE:
    case COLUMN_TEXT:
    case COLUMN_SET:
        about.range = word_range(c, a);
        break;
    }
    return about;
}

static bool has_words(const struct column *c)
{
    return c->type == COLUMN_CODE || c->type == COLUMN_TEXT || c->type == COLUMN_SET;
}

static void columns_print(struct cli *c, const struct sheet *f)
{
    static const struct grid_column heading[] = {{"column", ALIGN_LEFT},
                                                 {"type", ALIGN_LEFT},
                                                 {"rows", ALIGN_RIGHT},
                                                 {"different", ALIGN_RIGHT},
                                                 {"from .. to, or the most frequent", ALIGN_LEFT}};
    struct grid *g = grid_new(c->arena, heading, COUNT_OF(heading));
    for (size_t i = 0; i < f->columns; i++) {
        const struct column *column = &f->column[i];
        struct about about = column_about(f, column, c->arena);
        grid_add(g, column->name);
        grid_addf(g, "%s%s%s%.*s", column_type_name(column->type), column->planar ? " planar" : "",
                  column->compare.len > 0 ? " " : "", STR_ARG(column->compare));
        grid_add(g, count_words(c->arena, about.present));
        grid_add(g, has_words(column) ? count_words(c->arena, about.different) : S(""));
        grid_add(g, about.range);
    }
    grid_print(c->out, g);
}

static void columns_json(struct cli *c, const struct sheet *f, const struct sheets_account *account)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_kv_str(&w, S("file"), f->name);
    json_table_account(&w, account);
    json_put_key(&w, S("columns"));
    json_open(&w, '[');
    for (size_t i = 0; i < f->columns; i++) {
        const struct column *column = &f->column[i];
        struct about about = column_about(f, column, c->arena);
        json_open(&w, '{');
        json_kv_str(&w, S("name"), column->name);
        json_kv_str(&w, S("type"), str_of(column_type_name(column->type)));
        json_kv_bool(&w, S("planar"), column->planar);
        json_kv_str(&w, S("compare"), column->compare);
        json_kv_i64(&w, S("present"), (int64_t)about.present);
        if (has_words(column)) json_kv_i64(&w, S("different"), (int64_t)about.different);
        json_kv_str(&w, S("holds"), about.range);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    cli_json_end(c);
}

static enum status write_csv(const struct sheet *f, const char *path, struct err *e)
{
    struct sink sink CLEANUP_SINK = {.fd = -1};
    struct arena *scratch CLEANUP_ARENA = arena_new("a row", (size_t)64 << 20);
    struct buf line CLEANUP_BUF;
    buf_init(&line, (size_t)64 << 20);
    TRY(sink_open(&sink, path, e));
    csv_add_cell(&line, S("id"), true, false);
    for (size_t i = 0; i < f->columns; i++)
        csv_add_cell(&line, f->column[i].name, false, true);
    TRY(sink_line(&sink, buf_str(&line), e));
    for (size_t r = 0; r < f->rows; r++) {
        buf_clear(&line);
        arena_reset(scratch);
        csv_add_cell(&line, f->id[r], true, true);
        for (size_t i = 0; i < f->columns; i++)
            csv_add_cell(&line, column_text(&f->column[i], r, scratch), false, has_words(&f->column[i]));
        TRY(buf_status(&line, e));
        TRY(sink_line(&sink, buf_str(&line), e));
    }
    return sink_finish(&sink, e);
}

enum status cmd_table(struct cli *c, struct err *e)
{
    struct policy policy;
    struct sheets_account account;
    const struct sheet *f = NULL;
    const char *out = cli_path(c, "output");
    TRY(session_policy(c->arena, &policy, e));
    TRY(cli_table(c, c->operand[0], &policy, &f, &account, e));
    if (out) TRY(write_csv(f, out, e));
    if (out && strcmp(out, "-") == 0) return OK;
    if (cli_flag(c, "json")) {
        columns_json(c, f, &account);
        return OK;
    }
    print_table_account(c->out, c->arena, &account);
    columns_print(c, f);
    return OK;
}
