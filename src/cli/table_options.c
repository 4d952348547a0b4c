#include "cli/table_options.h"

#include "app/import.h"
#include "base/stream.h"
#include "learn/model_file.h"

#define MODEL_BYTES_MAX ((size_t)16 << 20)

enum status cli_table_by(struct cli *c, const char *path, const char *mapping, const struct policy *policy,
                         const struct sheet **out, struct sheets_account *account, struct err *e)
{
    struct sheets_options options = {
        .mapping = mapping,
        .refused_path = cli_path(c, "refused"),
        .rows_max = (size_t)cli_option(c, "rows-max")->whole,
    };
    return sheets_read(path, policy, &options, c->arena, out, account, e);
}

enum status cli_table(struct cli *c, const char *path, const struct policy *policy, const struct sheet **out,
                      struct sheets_account *account, struct err *e)
{
    return cli_table_by(c, path, cli_path(c, "map"), policy, out, account, e);
}

/* The text of --model, STR_NONE when it is not given. */
static enum status model_text(struct cli *c, Str *out, struct err *e)
{
    struct buf b CLEANUP_BUF = {0};
    *out = STR_NONE;
    if (!cli_option(c, "model")->given) return OK;
    buf_init(&b, MODEL_BYTES_MAX);
    TRY(file_read(cli_path(c, "model"), &b, e));
    *out = str_copy(c->arena, buf_str(&b));
    return OK;
}

static enum status read_learned(struct cli *c, Str text, const struct learned_model **out, struct err *e)
{
    struct learned_model *m = NEW(c->arena, struct learned_model);
    TRY(model_read(text, c->arena, m, e));
    *out = m;
    return OK;
}

enum status cli_learned_model(struct cli *c, const struct learned_model **out, struct err *e)
{
    Str text = STR_NONE;
    TRY(model_text(c, &text, e));
    return read_learned(c, text, out, e);
}

enum status cli_matter(struct cli *c, const struct policy *policy, struct cli_matter *out, struct err *e)
{
    const struct mapping *mapping = NULL;
    Str model = STR_NONE;
    TRY(import_mapping(c->arena, policy, cli_path(c, "map"), &mapping, e));
    TRY(model_text(c, &model, e));
    bool learned = str_present(model) && model_is_learned(model);
    *out = (struct cli_matter){.rows = learned || cli_flag(c, "table") || !mapping_has_records(mapping)};
    if (learned) return read_learned(c, model, &out->learned, e);
    if (out->rows && str_present(model))
        return ERR(e, E_INVALID, "model",
                   "a linkage model is for deaths, and these are rows of a [table]; see: "
                   "colligate help learn");
    if (!out->rows && cli_option(c, "leave-out")->given)
        return ERR(e, E_INVALID, "leave-out", "deaths are compared as the model says; this is for a [table]");
    return OK;
}

enum status cli_row_pairs(struct cli *c, const struct learned_model *learned, struct row_pairs_options *out,
                          struct err *e)
{
    bool leave = cli_option(c, "leave-out")->given;
    *out = (struct row_pairs_options){.model = learned, .top = (size_t)cli_option(c, "top")->whole};
    if (leave && learned) return ERR(e, E_INVALID, "leave-out", "a learned model names what it compares");
    if (leave) out->leave_out = str_split(c->arena, cli_option(c, "leave-out")->text, ',');
    return OK;
}

void print_refusals(struct screen *s, struct arena *a, const struct refusal_group *group, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct refusal_group *f = &group[i];
        Str rows = count_words(a, f->rows);
        Str text =
            str_format(a, "%.*s  %.*s%s%.*s (first in row %llu)", STR_ARG(rows), STR_ARG(f->field),
                       f->field.len > 0 ? ": " : "", STR_ARG(f->reason), (unsigned long long)f->first_row);
        print_wrapped(s, text, 4, 8);
    }
}

void print_drops(struct screen *s, struct arena *a, const struct intake_drop *drop, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (drop[i].rows == 0) continue;
        Str rows = count_words(a, drop[i].rows);
        print_wrapped(s, str_format(a, "%.*s  %.*s", STR_ARG(rows), STR_ARG(drop[i].reason)), 4, 8);
    }
}

void json_refusals(struct json_writer *w, const struct refusal_group *group, size_t count)
{
    json_put_key(w, S("refusals"));
    json_open(w, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(w, '{');
        json_kv_str(w, S("field"), group[i].field);
        json_kv_str(w, S("reason"), group[i].reason);
        json_kv_i64(w, S("rows"), (int64_t)group[i].rows);
        json_kv_i64(w, S("first_row"), (int64_t)group[i].first_row);
        json_close(w, '}');
    }
    json_close(w, ']');
}

void json_drops(struct json_writer *w, const struct intake_drop *drop, size_t count)
{
    json_put_key(w, S("drops"));
    json_open(w, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(w, '{');
        json_kv_str(w, S("reason"), drop[i].reason);
        json_kv_i64(w, S("rows"), (int64_t)drop[i].rows);
        json_close(w, '}');
    }
    json_close(w, ']');
}

void print_table_account(struct screen *s, struct arena *a, const struct sheets_account *account)
{
    Str merged = account->merged > 0
                     ? str_format(a, ", %.*s merged into them", STR_ARG(count_words(a, account->merged)))
                     : S("");
    print_wrapped(s,
                  str_format(a, "%.*s read, %.*s taken%.*s, %.*s refused, %.*s dropped.",
                             STR_ARG(count_of(a, account->rows, "row", "rows")),
                             STR_ARG(count_words(a, account->taken)), STR_ARG(merged),
                             STR_ARG(count_words(a, account->refused)),
                             STR_ARG(count_words(a, account->dropped))),
                  0, 4);
    print_refusals(s, a, account->refusal, account->refusals);
    print_drops(s, a, account->drop, account->drops);
}

void json_table_account(struct json_writer *w, const struct sheets_account *account)
{
    json_kv_str(w, S("mapping"), account->mapping);
    json_kv_i64(w, S("rows"), (int64_t)account->rows);
    json_kv_i64(w, S("taken"), (int64_t)account->taken);
    json_kv_i64(w, S("merged"), (int64_t)account->merged);
    json_kv_i64(w, S("refused"), (int64_t)account->refused);
    json_refusals(w, account->refusal, account->refusals);
    json_kv_i64(w, S("dropped"), (int64_t)account->dropped);
    json_drops(w, account->drop, account->drops);
}

void print_file_rows(struct screen *s, struct arena *a, const struct file_rows *rows)
{
    print_line(s, "%.*s read, %.*s refused, %.*s dropped.", STR_ARG(count_of(a, rows->read, "row", "rows")),
               STR_ARG(count_words(a, rows->refused)), STR_ARG(count_words(a, rows->dropped)));
}

void json_file_rows(struct json_writer *w, const struct file_rows *rows)
{
    json_kv_i64(w, S("rows"), (int64_t)rows->read);
    json_kv_i64(w, S("refused"), (int64_t)rows->refused);
    json_kv_i64(w, S("dropped"), (int64_t)rows->dropped);
}
