/* verify, checkpoint, rebuild: what can be proved. */
#include "app/ledgers.h"
#include "cli/begin.h"

enum { EXIT_FINDINGS = 65, CHECKPOINT_BYTES_MAX = 1 << 16 };

static void findings_json(struct json_writer *w, const struct ledger_findings *f)
{
    json_kv_i64(w, S("found"), (int64_t)f->found);
    json_put_key(w, S("findings"));
    json_open(w, '[');
    for (size_t i = 0; i < f->count; i++) {
        json_open(w, '{');
        json_kv_str(w, S("ledger"), str_of(f->finding[i].ledger));
        json_kv_i64(w, S("seq"), (int64_t)f->finding[i].seq);
        json_kv_str(w, S("what"), str_of(f->finding[i].what));
        json_kv_str(w, S("text"), str_of(f->finding[i].text));
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void findings_print(struct cli *c, const struct ledger_findings *f)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct finding *found = &f->finding[i];
        Str place = found->seq > 0
                        ? str_format(c->arena, "%s %llu", found->ledger, (unsigned long long)found->seq)
                        : str_of(found->ledger);
        print_wrapped(c->out, str_format(c->arena, "%.*s: %s: %s", STR_ARG(place), found->what, found->text),
                      0, 4);
    }
    if (f->count < f->found)
        print_line(c->out, "and %.*s more.", STR_ARG(count_words(c->arena, f->found - f->count)));
}

static void verify_json(struct cli *c, const struct verify_report *r, const struct ledger_findings *f)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_kv_bool(&w, S("sound"), f->found == 0);
    json_kv_i64(&w, S("change_entries"), (int64_t)r->change_entries);
    json_kv_i64(&w, S("access_entries"), (int64_t)r->access_entries);
    json_kv_i64(&w, S("bodies_opened"), (int64_t)r->bodies_opened);
    json_kv_i64(&w, S("bodies_erased"), (int64_t)r->bodies_erased);
    json_kv_i64(&w, S("checkpoints"), (int64_t)r->checkpoints);
    findings_json(&w, f);
    json_close(&w, '}');
    cli_json_end(c);
}

static void verify_print(struct cli *c, const struct verify_report *r, const struct ledger_findings *f)
{
    struct arena *a = c->arena;
    print_line(c->out, "changes      %.*s", STR_ARG(count_of(a, r->change_entries, "entry", "entries")));
    print_line(c->out, "readings     %.*s", STR_ARG(count_of(a, r->access_entries, "entry", "entries")));
    print_line(c->out, "bodies       %.*s opened, %.*s erased", STR_ARG(count_words(a, r->bodies_opened)),
               STR_ARG(count_words(a, r->bodies_erased)));
    print_line(c->out, "checkpoints  %.*s", STR_ARG(count_words(a, r->checkpoints)));
    if (f->found == 0) {
        print_line(c->out, "Sound: nothing was altered, removed, inserted or moved.");
        return;
    }
    print_line(c->out, "NOT SOUND: %.*s.", STR_ARG(count_of(a, f->found, "finding", "findings")));
    findings_print(c, f);
}

enum status cmd_verify(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct verify_report report = {0};
    struct ledger_findings findings = {0};
    struct actor actor = {.name = cli_option(c, "as")->text, .role = cli_option(c, "role")->text};
    TRY(session_prepare(c->arena, cli_path(c, "data"), &actor, &s, e));
    TRY(ledger_verify(&s, cli_path(c, "against"), c->arena, &report, &findings, e));
    if (cli_flag(c, "json"))
        verify_json(c, &report, &findings);
    else
        verify_print(c, &report, &findings);
    if (findings.found > 0) c->exit_code = EXIT_FINDINGS;
    return OK;
}

enum status cmd_checkpoint(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct buf text CLEANUP_BUF;
    buf_init(&text, CHECKPOINT_BYTES_MAX);
    TRY(cli_session(c, STORE_WRITE, &s, e));
    TRY(store_checkpoint(s.store, &text, e));
    TRY(buf_status(&text, e));
    buf_add(&c->out->buf, buf_str(&text));
    return OK;
}

enum status cmd_rebuild(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct rebuild_report r = {0};
    struct ledger_findings findings = {0};
    bool check = cli_flag(c, "check");
    char before[2 * SHA256_BYTES + 1], after[2 * SHA256_BYTES + 1];
    TRY(cli_session(c, STORE_WRITE, &s, e));
    TRY(ledger_rebuild(&s, check, c->arena, &r, &findings, e));
    hex_encode(r.digest_before.byte, SHA256_BYTES, before);
    hex_encode(r.digest_after.byte, SHA256_BYTES, after);
    if (r.differences > 0 || findings.found > 0) c->exit_code = EXIT_FINDINGS;
    if (cli_flag(c, "json")) {
        struct json_writer w = cli_json(c);
        json_open(&w, '{');
        json_kv_i64(&w, S("entries"), (int64_t)r.entries);
        json_kv_i64(&w, S("records"), (int64_t)r.records);
        json_kv_i64(&w, S("differences"), (int64_t)r.differences);
        json_kv_str(&w, S("digest_before"), str_of(before));
        json_kv_str(&w, S("digest_after"), str_of(after));
        findings_json(&w, &findings);
        json_close(&w, '}');
        cli_json_end(c);
        return OK;
    }
    print_line(c->out, "%.*s folded from %.*s.", STR_ARG(count_of(c->arena, r.records, "record", "records")),
               STR_ARG(count_of(c->arena, r.entries, "entry", "entries")));
    if (r.differences == 0)
        print_line(c->out, "The tables are what the ledger says: %s", after);
    else
        print_line(c->out, "The tables %s from the ledger in %.*s.", check ? "differ" : "differed",
                   STR_ARG(count_of(c->arena, r.differences, "place", "places")));
    findings_print(c, &findings);
    return OK;
}
