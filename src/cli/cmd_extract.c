/* extract: what the texts of a table mention, and how that agrees with flags that people set. */
#include "app/extract.h"
#include "base/csv.h"
#include "cli/begin.h"
#include "cli/sink.h"
#include "cli/table_options.h"

#define LINE_BYTES_MAX ((size_t)1 << 20)

static Str written(const struct extract_found *f, size_t start, size_t length)
{
    return str_slice(f->text, start, start + length);
}

static void csv_head(struct buf *line)
{
    static const char *const head[] = {"id",   "column", "start",    "length", "text",    "kind",
                                       "code", "label",  "spelling", "edits",  "negated", "denied_by"};
    for (size_t i = 0; i < COUNT_OF(head); i++)
        csv_add_cell(line, str_of(head[i]), i == 0, false);
}

static Str label_of(const struct policy *policy, const struct extract_found *f)
{
    return str_eq(f->vocabulary, S("substances")) ? vocabulary_label(policy->substances, f->mention.code)
                                                  : S("");
}

static void csv_found(struct buf *line, const struct sheet *sheet, const struct policy *policy,
                      const struct extract_found *f, struct arena *a)
{
    const struct mention *m = &f->mention;
    csv_add_cell(line, sheet->id[f->row], true, true);
    csv_add_cell(line, f->column->name, false, true);
    csv_add_cell(line, str_format(a, "%zu", m->start), false, false);
    csv_add_cell(line, str_format(a, "%zu", m->length), false, false);
    csv_add_cell(line, written(f, m->start, m->length), false, true);
    csv_add_cell(line, f->vocabulary, false, false);
    csv_add_cell(line, m->code, false, false);
    csv_add_cell(line, label_of(policy, f), false, true);
    csv_add_cell(line, m->spelling, false, true);
    csv_add_cell(line, str_format(a, "%u", m->edits), false, false);
    csv_add_cell(line, m->negated ? S("yes") : S("no"), false, false);
    csv_add_cell(line, written(f, m->cue_start, m->cue_length), false, true);
}

static void json_found(struct buf *line, const struct sheet *sheet, const struct extract_found *f)
{
    const struct mention *m = &f->mention;
    struct json_writer w = json_writer(line, false);
    json_open(&w, '{');
    json_kv_str(&w, S("id"), sheet->id[f->row]);
    json_kv_str(&w, S("column"), f->column->name);
    json_kv_i64(&w, S("start"), (int64_t)m->start);
    json_kv_i64(&w, S("length"), (int64_t)m->length);
    json_kv_str(&w, S("text"), written(f, m->start, m->length));
    json_kv_str(&w, S("kind"), f->vocabulary);
    json_kv_str(&w, S("code"), m->code);
    json_kv_str(&w, S("spelling"), m->spelling);
    json_kv_i64(&w, S("edits"), m->edits);
    json_kv_bool(&w, S("negated"), m->negated);
    if (m->negated) {
        json_kv_i64(&w, S("denied_start"), (int64_t)m->cue_start);
        json_kv_i64(&w, S("denied_length"), (int64_t)m->cue_length);
        json_kv_str(&w, S("denied_by"), written(f, m->cue_start, m->cue_length));
    }
    json_close(&w, '}');
}

static enum status write_found(const struct cli *c, const struct sheet *sheet, const struct policy *policy,
                               const struct extract_result *found, struct err *e)
{
    struct sink sink CLEANUP_SINK = {.fd = -1};
    struct arena *scratch CLEANUP_ARENA = arena_new("a mention", (size_t)16 << 20);
    struct buf line CLEANUP_BUF;
    bool json = cli_flag(c, "json");
    buf_init(&line, LINE_BYTES_MAX);
    TRY(sink_open(&sink, cli_path(c, "output"), e));
    if (!json) {
        csv_head(&line);
        TRY(sink_line(&sink, buf_str(&line), e));
    }
    for (size_t i = 0; i < found->count; i++) {
        buf_clear(&line);
        arena_reset(scratch);
        if (json)
            json_found(&line, sheet, &found->item[i]);
        else
            csv_found(&line, sheet, policy, &found->item[i], scratch);
        TRY(buf_status(&line, e));
        TRY(sink_line(&sink, buf_str(&line), e));
    }
    return sink_finish(&sink, e);
}

/* ---- flags ----------------------------------------------------------------------------------------------
 */

static Str share(struct arena *a, uint64_t part, uint64_t whole)
{
    return whole == 0 ? S("-") : str_format(a, "%.4f", (double)part / (double)whole);
}

static void flags_print(struct cli *c, const struct flags_result *r)
{
    static const struct grid_column heading[] = {
        {"flag", ALIGN_LEFT},       {"published", ALIGN_RIGHT}, {"found", ALIGN_RIGHT}, {"both", ALIGN_RIGHT},
        {"precision", ALIGN_RIGHT}, {"recall", ALIGN_RIGHT},    {"", ALIGN_LEFT}};
    struct grid *g = grid_new(c->arena, heading, COUNT_OF(heading));
    for (size_t i = 0; i < r->flags; i++) {
        const struct flag_measure *m = &r->flag[i];
        grid_add(g, m->name);
        grid_add(g, count_words(c->arena, m->published));
        grid_add(g, count_words(c->arena, m->found));
        grid_add(g, count_words(c->arena, m->both));
        grid_add(g, share(c->arena, m->both, m->found));
        grid_add(g, share(c->arena, m->both, m->published));
        grid_add(g, m->about);
    }
    grid_print(c->out, g);
}

static void flags_json(struct cli *c, const struct flags_result *r, const struct sheets_account *account)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_table_account(&w, account);
    json_put_key(&w, S("flags"));
    json_open(&w, '[');
    for (size_t i = 0; i < r->flags; i++) {
        const struct flag_measure *m = &r->flag[i];
        json_open(&w, '{');
        json_kv_str(&w, S("flag"), m->name);
        json_kv_i64(&w, S("published"), (int64_t)m->published);
        json_kv_i64(&w, S("found"), (int64_t)m->found);
        json_kv_i64(&w, S("both"), (int64_t)m->both);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    cli_json_end(c);
}

/* Every row on which flag and text disagree, with its texts: to be read by people. */
static enum status write_disagreements(const struct cli *c, const struct sheet *sheet,
                                       const struct extract_result *found, const struct flags_result *r,
                                       const char *path, struct err *e)
{
    struct buf out CLEANUP_BUF;
    static const char *const head[] = {"id", "flag", "published", "found", "mentions"};
    buf_init(&out, (size_t)256 << 20);
    (void)c;
    for (size_t i = 0; i < COUNT_OF(head); i++)
        csv_add_cell(&out, str_of(head[i]), i == 0, false);
    for (size_t i = 0; i < sheet->columns; i++)
        if (sheet->column[i].type == COLUMN_TEXT) csv_add_cell(&out, sheet->column[i].name, false, true);
    csv_end_row(&out);
    for (size_t i = 0, at = 0; i < r->disagreements; i++) {
        const struct flag_disagreement *d = &r->disagreement[i];
        struct buf codes CLEANUP_BUF;
        buf_init(&codes, 1 << 16);
        while (at < found->count && found->item[at].row < d->row)
            at++;
        for (size_t j = at; j < found->count && found->item[j].row == d->row; j++)
            buf_addf(&codes, "%s%s%.*s", codes.len > 0 ? " " : "",
                     found->item[j].mention.negated ? "not:" : "", STR_ARG(found->item[j].mention.code));
        csv_add_cell(&out, sheet->id[d->row], true, true);
        csv_add_cell(&out, r->flag[d->flag].name, false, true);
        csv_add_cell(&out, d->published ? S("1") : S("0"), false, false);
        csv_add_cell(&out, d->published ? S("0") : S("1"), false, false);
        csv_add_cell(&out, buf_str(&codes), false, false);
        for (size_t k = 0; k < sheet->columns; k++) {
            const struct column *column = &sheet->column[k];
            if (column->type == COLUMN_TEXT)
                csv_add_cell(&out, column->words.word[column->value[d->row]], false, true);
        }
        csv_end_row(&out);
    }
    TRY(buf_status(&out, e));
    return file_write(path, buf_str(&out), 0600, e);
}

static enum status measure(struct cli *c, const struct sheet *sheet, const struct policy *policy,
                           const struct extract_result *found, const struct sheets_account *account,
                           struct err *e)
{
    struct flags_result r;
    const char *file = cli_path(c, "flags"), *disagree = cli_path(c, "disagree");
    Str text = STR_NONE;
    TRY(extract_flags_file(file, c->arena, &text, e));
    TRY(extract_flags(sheet, policy, found, str_of(file), text, c->arena, &r, e));
    if (disagree) TRY(write_disagreements(c, sheet, found, &r, disagree, e));
    if (cli_flag(c, "json")) {
        flags_json(c, &r, account);
        return OK;
    }
    print_table_account(c->out, c->arena, account);
    print_line(c->out, "%.*s read, %.*s different; %.*s found.",
               STR_ARG(count_of(c->arena, found->texts, "text", "texts")),
               STR_ARG(count_words(c->arena, found->texts_different)),
               STR_ARG(count_of(c->arena, found->count, "mention", "mentions")));
    flags_print(c, &r);
    return OK;
}

static struct str_list list_of(const struct cli *c, const char *option)
{
    const struct option_value *v = cli_option(c, option);
    if (!v->given) return (struct str_list){0};
    struct str_list list = str_split(c->arena, v->text, ',');
    for (size_t i = 0; i < list.count; i++)
        list.item[i] = str_trim(list.item[i]);
    return list;
}

enum status cmd_extract(struct cli *c, struct err *e)
{
    struct policy policy;
    struct sheets_account account;
    struct extract_result found;
    const struct sheet *sheet = NULL;
    TRY(session_policy(c->arena, &policy, e));
    TRY(cli_table(c, c->operand[0], &policy, &sheet, &account, e));
    struct extract_options options = {list_of(c, "columns"), list_of(c, "find"), cli_flag(c, "exact")};
    TRY(extract_run(sheet, &policy, &options, c->arena, &found, e));
    if (cli_path(c, "flags")) return measure(c, sheet, &policy, &found, &account, e);
    TRY(write_found(c, sheet, &policy, &found, e));
    if (strcmp(cli_path(c, "output"), "-") == 0) return OK;
    print_table_account(c->out, c->arena, &account);
    print_line(c->out, "%.*s found in %.*s.", STR_ARG(count_of(c->arena, found.count, "mention", "mentions")),
               STR_ARG(count_of(c->arena, found.texts, "text", "texts")));
    return OK;
}
