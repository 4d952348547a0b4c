#include "app/ledgers.h"

#include "base/stream.h"

enum { CHECKPOINT_BYTES_MAX = 1 << 16 };

struct gathering {
    struct arena *a;
    struct ledger_findings *out;
};

static void gather(void *state, const struct finding *f)
{
    struct gathering *g = state;
    struct ledger_findings *out = g->out;
    out->found++;
    if (out->count == LEDGER_FINDINGS_MAX) return;
    if (!out->finding) out->finding = NEW_ARRAY(g->a, struct finding, LEDGER_FINDINGS_MAX);
    struct finding *kept = &out->finding[out->count++];
    *kept = *f;
    kept->ledger = str_cstr(g->a, str_of(f->ledger));
    kept->what = str_cstr(g->a, str_of(f->what));
}

enum status ledger_verify(const struct session *s, const char *checkpoint_path, struct arena *a,
                          struct verify_report *report, struct ledger_findings *findings, struct err *e)
{
    struct ledger_findings found = {0};
    struct gathering g = {a, &found};
    struct buf text CLEANUP_BUF;
    Str checkpoint = STR_NONE;
    buf_init(&text, CHECKPOINT_BYTES_MAX);
    if (checkpoint_path) {
        TRY(file_read(checkpoint_path, &text, e));
        checkpoint = buf_str(&text);
    }
    TRY(store_verify(s->dir, &s->env, checkpoint, gather, &g, report, e));
    *findings = found;
    return OK;
}

enum status ledger_rebuild(struct session *s, bool check, struct arena *a, struct rebuild_report *report,
                           struct ledger_findings *findings, struct err *e)
{
    struct ledger_findings found = {0};
    struct gathering g = {a, &found};
    TRY(store_rebuild(s->store, &s->actor, check, gather, &g, report, e));
    *findings = found;
    return OK;
}

enum status ledger_batch(struct session *s, uint64_t batch, struct arena *a, struct batch_row *out,
                         struct err *e)
{
    struct batch_row *row = NULL;
    size_t count = 0;
    TRY(store_batches(s->store, &s->actor, a, &row, &count, e));
    for (size_t i = 0; i < count; i++)
        if (row[i].batch == batch) {
            *out = row[i];
            return OK;
        }
    return ERR(e, E_NOT_FOUND, "", "there is no batch %llu; see: colligate batches",
               (unsigned long long)batch);
}

enum status ledger_withdraw(struct session *s, Str approved_by, uint64_t batch, Str reason,
                            struct batch_row *out, struct err *e)
{
    struct batch_row row;
    struct receipt receipt = {0};
    uint64_t read = 0;
    TRY(ledger_batch(s, batch, s->arena, &row, e));
    if (row.withdrawn)
        return ERR(e, E_CONFLICT, "", "batch %llu is withdrawn already.", (unsigned long long)batch);
    TRY(store_batch_withdraw(s->store, &s->actor, approved_by, batch, reason, &receipt, e));
    TRY(store_search_catch_up(s->store, NULL, NULL, &read, e));
    *out = row;
    return OK;
}
