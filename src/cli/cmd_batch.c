/* batches, withdraw, erase, unresolved. */
#include "app/ledgers.h"
#include "app/records.h"
#include "app/words.h"
#include "cli/begin.h"

static void batches_json(struct cli *c, const struct batch_row *row, size_t count)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_put_key(&w, S("batches"));
    json_open(&w, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(&w, '{');
        json_kv_i64(&w, S("batch"), (int64_t)row[i].batch);
        json_kv_str(&w, S("ns"), row[i].ns);
        json_kv_str(&w, S("name"), row[i].name);
        json_kv_str(&w, S("mapping"), row[i].mapping);
        json_kv_str(&w, S("by"), row[i].by);
        json_kv_time(&w, S("opened_at"), row[i].opened_at_ms);
        json_kv_i64(&w, S("entries"), (int64_t)row[i].entries);
        json_kv_bool(&w, S("withdrawn"), row[i].withdrawn);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    cli_json_end(c);
}

static void batches_print(struct cli *c, const struct batch_row *row, size_t count)
{
    static const struct grid_column column[] = {
        {"batch", ALIGN_RIGHT},  {"entries", ALIGN_RIGHT}, {"feed", ALIGN_LEFT},
        {"came in", ALIGN_LEFT}, {"by", ALIGN_LEFT},       {"file", ALIGN_LEFT},
    };
    struct grid *g = grid_new(c->arena, column, COUNT_OF(column));
    for (size_t i = 0; i < count; i++) {
        bool mapped = !str_empty(row[i].mapping);
        grid_addf(g, "%llu", (unsigned long long)row[i].batch);
        grid_add(g, count_words(c->arena, row[i].entries));
        grid_add(g, row[i].ns);
        grid_add(g, words_time(c->arena, row[i].opened_at_ms));
        grid_add(g, row[i].by);
        grid_add(g, str_format(c->arena, "%.*s%s%.*s%s", STR_ARG(row[i].name), mapped ? ", by " : "",
                               STR_ARG(row[i].mapping), row[i].withdrawn ? ", withdrawn" : ""));
    }
    if (count == 0)
        print_line(c->out, "Nothing was imported yet.");
    else
        grid_print(c->out, g);
}

enum status cmd_batches(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct batch_row *row = NULL;
    size_t count = 0;
    TRY(cli_session(c, STORE_READ, &s, e));
    TRY(store_batches(s.store, &s.actor, c->arena, &row, &count, e));
    if (cli_flag(c, "json"))
        batches_json(c, row, count);
    else
        batches_print(c, row, count);
    return OK;
}

enum status cmd_withdraw(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct batch_row row;
    int64_t batch = 0;
    Str text = cli_operand(c, 0);
    if (str_to_i64(text, &batch) != OK || batch < 1)
        return ERR(e, E_INVALID, "", "a batch is a number, not \"%.*s\"; see: colligate batches",
                   STR_ARG(text));
    TRY(cli_session(c, STORE_WRITE, &s, e));
    TRY(ledger_withdraw(&s, cli_option(c, "second")->text, (uint64_t)batch, cli_option(c, "why")->text, &row,
                        e));
    if (cli_flag(c, "json")) {
        struct json_writer w = cli_json(c);
        json_open(&w, '{');
        json_kv_i64(&w, S("batch"), batch);
        json_kv_i64(&w, S("entries"), (int64_t)row.entries);
        json_kv_bool(&w, S("withdrawn"), true);
        json_close(&w, '}');
        cli_json_end(c);
        return OK;
    }
    print_line(c->out, "Batch %lld (%.*s) is withdrawn: %.*s no longer %s.", (long long)batch,
               STR_ARG(row.name), STR_ARG(count_of(c->arena, row.entries, "entry", "entries")),
               row.entries == 1 ? "counts" : "count");
    return OK;
}

enum status cmd_erase(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct record_id id;
    struct receipt receipt = {0};
    TRY(cli_session(c, STORE_WRITE, &s, e));
    TRY(record_find(&s, cli_operand(c, 0), c->arena, &id, e));
    TRY(store_erase(s.store, &s.actor, cli_option(c, "second")->text, &id, cli_option(c, "why")->text,
                    &receipt, e));
    TRY(cli_catch_up(&s, e));
    if (cli_flag(c, "json")) {
        struct json_writer w = cli_json(c);
        json_open(&w, '{');
        json_put_record(&w, &id);
        json_kv_bool(&w, S("erased"), true);
        json_kv_i64(&w, S("seq"), (int64_t)receipt.last_seq);
        json_close(&w, '}');
        cli_json_end(c);
        return OK;
    }
    print_line(c->out, "The content of %.*s is gone for good; its entries stay in the ledger.",
               STR_ARG(words_id(c->arena, &id)));
    return OK;
}

/* ---- references to nothing -------------------------------------------------------------------------- */

static void dangling_json(struct cli *c, const struct dangling *d, size_t count, size_t total)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_kv_i64(&w, S("total"), (int64_t)total);
    json_put_key(&w, S("unresolved"));
    json_open(&w, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(&w, '{');
        json_put_record(&w, &d[i].from);
        json_kv_str(&w, S("field"), d[i].field);
        json_kv_str(&w, S("to"), d[i].to);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    cli_json_end(c);
}

enum status cmd_unresolved(struct cli *c, struct err *e)
{
    static const struct grid_column column[] = {
        {"record", ALIGN_LEFT}, {"field", ALIGN_LEFT}, {"points to", ALIGN_LEFT}};
    struct session s CLEANUP_SESSION = {0};
    struct dangling *d = NULL;
    size_t count = 0, total = 0;
    TRY(cli_session(c, STORE_READ, &s, e));
    TRY(store_unresolved(s.store, &s.actor, c->arena, (size_t)cli_option(c, "limit")->whole, &d, &count,
                         &total, e));
    if (cli_flag(c, "json")) {
        dangling_json(c, d, count, total);
        return OK;
    }
    struct grid *g = grid_new(c->arena, column, COUNT_OF(column));
    for (size_t i = 0; i < count; i++) {
        grid_add(g, words_id(c->arena, &d[i].from));
        grid_add(g, d[i].field);
        grid_add(g, d[i].to);
    }
    if (total == 0)
        print_line(c->out, "Every reference has its record.");
    else
        grid_print(c->out, g);
    if (count < total)
        print_line(c->out, "%.*s of %.*s; more with --limit.", STR_ARG(count_words(c->arena, count)),
                   STR_ARG(count_words(c->arena, total)));
    return OK;
}
