#include "app/import.h"

#include "base/assets.h"
#include "base/stream.h"
#include "model/feed.h"

#define CHUNK            2000
#define CHUNK_BYTES_MAX  ((size_t)2 << 30)
#define CHUNK_BYTES_FULL ((size_t)64 << 20) /* long before the arena's cap */

/* ---- mappings -------------------------------------------------------------------------------------- */

static Str shipped_names(struct arena *a)
{
    struct str_list names = {NEW_ARRAY(a, Str, asset_table_count + 1), 0};
    for (size_t i = 0; i < asset_table_count; i++) {
        Str path = asset_table[i].path;
        if (!str_starts(path, S("policy/maps/")) || !str_ends(path, S(".map"))) continue;
        names.item[names.count++] = str_slice(path, strlen("policy/maps/"), path.len - strlen(".map"));
    }
    return names.count > 0 ? str_join(a, &names, S(", ")) : S("none");
}

enum status import_mapping(struct arena *a, const struct policy *policy, const char *path_or_name,
                           const struct mapping **out, struct err *e)
{
    Str name = str_of(path_or_name);
    Str text = asset_find(str_format(a, "policy/maps/%.*s.map", STR_ARG(name)));
    struct err why = {0};
    if (!str_present(text) || file_exists(path_or_name)) {
        struct buf b CLEANUP_BUF = {0};
        buf_init(&b, MAPPING_BYTES_MAX);
        enum status status = file_read(path_or_name, &b, &why);
        if (status == E_NOT_FOUND) {
            return ERR(e, E_NOT_FOUND, "map",
                       "there is no file \"%s\", and no mapping of that name; shipped are: %.*s",
                       path_or_name, STR_ARG(shipped_names(a)));
        }
        if (status != OK) return ERR(e, status, "map", "%s", why.text);
        text = str_copy(a, buf_str(&b));
    }
    if (mapping_parse(a, policy, text, out, &why) != OK) {
        return ERR(e, why.status, why.field, "%s, %s", path_or_name, why.text);
    }
    return OK;
}

/* ---- chunks: one is committed while the next is read ------------------------------------------------ */

struct chunk {
    struct arena *arena;
    struct change change[CHUNK];
    enum taken taken[CHUNK];
    size_t count;
    struct store_ticket *ticket; /* NULL: not submitted */
};

struct run {
    struct store *store;
    const struct actor *actor;
    const struct import_options *options;
    struct import_result *result;
    struct refusals *refused;
    struct chunk *chunk[2];
    size_t filling;
    struct batch_info batch;
    bool store_failed; /* nothing more is handed in, so that no gap is left before a later line */
};

static void take_receipt(struct import_result *out, const struct receipt *r)
{
    out->taken += r->count[TAKEN_NEW];
    out->updated += r->count[TAKEN_UPDATED];
    out->unchanged += r->count[TAKEN_UNCHANGED];
    if (r->first_seq == 0) return;
    if (out->first_seq == 0) out->first_seq = r->first_seq;
    out->last_seq = r->last_seq;
}

static void refuse_change(struct run *r, struct chunk *c, const struct change *change, const struct err *why)
{
    struct buf line CLEANUP_BUF = {0};
    buf_init(&line, INTAKE_RAW_BYTES_MAX);
    change_write_feed(&line, change, true);
    struct intake_refusal refusal = {.row = change->line, .line = change->line, .raw = buf_str(&line)};
    refusal.field = str_of(why->field);
    refusal.reason = str_copy(c->arena, str_of(why->text));
    refusals_add(r->refused, &refusal);
    r->result->refused_by_store++;
}

static bool about_one_line(enum status status)
{
    return status == E_INVALID || status == E_DENIED;
}

/* The store takes a chunk whole or not at all. When one line spoils it (a record that was erased), the halves
 * are tried, down to the line. */
static enum status append_parts(struct run *r, struct chunk *c, size_t from, size_t until, struct err *e)
{
    struct receipt receipt = {0};
    struct err why = {0};
    enum status status = store_append(r->store, r->actor, r->result->batch, c->change + from, until - from,
                                      NULL, c->taken + from, &receipt, &why);
    if (status == OK) {
        take_receipt(r->result, &receipt);
        return OK;
    }
    if (!about_one_line(status)) return ERR(e, status, why.field, "%s", why.text);
    if (until - from == 1) {
        refuse_change(r, c, &c->change[from], &why);
        return OK;
    }
    size_t middle = from + (until - from) / 2;
    TRY(append_parts(r, c, from, middle, e));
    return append_parts(r, c, middle, until, e);
}

static void chunk_empty(struct chunk *c)
{
    c->count = 0;
    arena_reset(c->arena);
}

/* Waits until the chunk is durable, and empties it. */
static enum status chunk_settle(struct run *r, struct chunk *c, struct err *e)
{
    if (!c->ticket) return OK;
    struct receipt receipt = {0};
    struct err why = {0};
    enum status status = store_wait(r->store, c->ticket, &receipt, &why);
    c->ticket = NULL;
    if (status == OK) {
        take_receipt(r->result, &receipt);
    } else if (about_one_line(status)) {
        status = append_parts(r, c, 0, c->count, e);
    } else {
        status = ERR(e, status, why.field, "%s", why.text);
    }
    chunk_empty(c);
    r->store_failed = r->store_failed || status != OK;
    return status;
}

/* Hands the chunk being filled to the writer; the other one is waited for, so that it can be filled. */
static enum status chunk_submit(struct run *r, struct err *e)
{
    struct chunk *c = r->chunk[r->filling], *other = r->chunk[1 - r->filling];
    if (c->count == 0) return OK;
    if (r->options->dry_run) {
        chunk_empty(c);
        return OK;
    }
    if (r->result->batch == 0) {
        TRY(store_batch_open(r->store, r->actor, &r->batch, &r->result->batch, e));
    }
    struct err why = {0};
    enum status status =
        store_submit(r->store, r->actor, r->result->batch, c->change, c->count, c->taken, &c->ticket, &why);
    if (about_one_line(status)) {
        /* Found before it was queued: what came earlier goes first, so that lines stay in their order. */
        TRY(chunk_settle(r, other, e));
        TRY(append_parts(r, c, 0, c->count, e));
        chunk_empty(c);
        return OK;
    }
    if (status != OK) return ERR(e, status, why.field, "%s", why.text);
    r->filling = 1 - r->filling;
    return chunk_settle(r, other, e);
}

static uint64_t committed(const struct import_result *out)
{
    return out->taken + out->updated + out->unchanged;
}

/* ---- reading --------------------------------------------------------------------------------------- */

/* Rows that give nothing fill memory too: the chunk is emptied when they did. */
static enum status make_room(struct run *r, struct err *e)
{
    struct chunk *c = r->chunk[r->filling];
    if (c->count == CHUNK || (c->count > 0 && arena_used(c->arena) > CHUNK_BYTES_FULL))
        return chunk_submit(r, e);
    if (c->count == 0) chunk_empty(c);
    return OK;
}

static void take_item(struct run *r, const struct intake_item *item)
{
    struct chunk *c = r->chunk[r->filling];
    switch (item->kind) {
    case INTAKE_CHANGE:
        c->change[c->count++] = item->change;
        break;
    case INTAKE_REFUSED:
        refusals_add(r->refused, &item->refusal);
        break;
    case INTAKE_PROGRESS:
        if (r->options->progress)
            r->options->progress(r->options->progress_state, &item->progress, committed(r->result));
        break;
    case INTAKE_DONE:
        break;
    case INTAKE_COLUMNS:
    case INTAKE_ROW:
        BUG("a file that is imported gives records");
    }
}

static void summary_keep(struct arena *a, const struct intake_summary *s, struct import_result *out)
{
    out->sum = *s;
    out->sum.drop = NEW_ARRAY(a, struct intake_drop, s->drops + 1);
    for (size_t i = 0; i < s->drops; i++) {
        out->sum.drop[i] = (struct intake_drop){str_copy(a, s->drop[i].reason), s->drop[i].rows};
    }
    out->done = true;
}

static enum status read_all(struct run *r, struct intake *in, struct arena *a, struct err *e)
{
    struct intake_item item = {0};
    while (item.kind != INTAKE_DONE) {
        TRY(intake_next(in, r->chunk[r->filling]->arena, &item, e));
        if (item.kind == INTAKE_DONE) summary_keep(a, &item.summary, r->result);
        take_item(r, &item);
        TRY(make_room(r, e));
    }
    return OK;
}

/* Whatever happened, what was read before is handed in, and no ticket is left open. */
static enum status finish(struct run *r, enum status status, struct err *e)
{
    struct err ignored = {0};
    enum status last = r->store_failed ? OK : chunk_submit(r, status == OK ? e : &ignored);
    if (status == OK) status = last;
    for (size_t i = 0; i < 2; i++) {
        last = chunk_settle(r, r->chunk[i], status == OK ? e : &ignored);
        if (status == OK) status = last;
    }
    return status;
}

static enum status describe(struct run *r, struct arena *a, struct err *e)
{
    const struct import_options *o = r->options;
    if (o->mapping && !mapping_has_records(o->mapping))
        return ERR(e, E_INVALID, "map",
                   "the mapping has no section [record KIND]; it makes a table, which cannot be imported");
    struct mapping_about about = o->mapping ? mapping_about(o->mapping) : (struct mapping_about){0};
    Str own = o->mapping ? about.ns : S(NAMESPACE_DEFAULT);
    r->batch.ns = str_present(o->ns) ? o->ns : own;
    if (!namespace_valid(r->batch.ns)) {
        return ERR(e, E_INVALID, "feed", "\"%.*s\" is no name of a feed; write 1 to 32 of a-z 0-9 _ -",
                   STR_ARG(str_slice(r->batch.ns, 0, 60)));
    }
    r->batch.name = str_eq(str_of(o->path), S("-")) ? S("standard input") : file_name(o->path);
    r->batch.mapping =
        o->mapping ? str_format(a, "%.*s %.*s", STR_ARG(about.name), STR_ARG(about.version)) : S("");
    if (!o->dry_run && strcmp(o->path, "-") != 0) TRY(file_digest(o->path, &r->batch.digest, e));
    r->result->ns = r->batch.ns;
    r->result->mapping = r->batch.mapping;
    return OK;
}

static enum status run_file(struct run *r, const struct policy *policy, struct arena *a, struct err *e)
{
    const struct import_options *o = r->options;
    struct intake_options intake = {
        .policy = policy, .mapping = o->mapping, .ns = o->ns, .known_at_ms_max = o->now_ms};
    struct intake *in = NULL;
    TRY(describe(r, a, e));
    TRY(intake_open(o->path, &intake, &in, e));
    enum status status = finish(r, read_all(r, in, a, e), e);
    intake_close(in);
    return status;
}

static enum status write_refused(struct run *r, struct arena *a, struct err *e)
{
    struct import_result *out = r->result;
    out->refusal = refusals_groups(r->refused, a, &out->refusals);
    if (!r->options->refused_path || r->options->dry_run) return OK;
    return refusals_write(r->refused, r->options->refused_path, &out->refused_written, e);
}

static struct chunk *chunk_new(struct arena *a)
{
    struct chunk *c = NEW(a, struct chunk);
    c->arena = arena_new("rows to be committed", CHUNK_BYTES_MAX);
    return c;
}

/* No row may be missing from the account. */
static void check_account(const struct import_result *out, bool dry_run)
{
    const struct intake_summary *s = &out->sum;
    if (!out->done) return;
    MUST(s->rows == s->given + s->merged + s->refused + s->dropped);
    MUST(dry_run || s->changes == committed(out) + out->refused_by_store);
}

enum status import_run(struct store *s, const struct actor *actor, const struct policy *policy,
                       const struct import_options *options, struct arena *a, struct import_result *out,
                       struct err *e)
{
    struct import_result result = {0};
    struct arena *own CLEANUP_ARENA = arena_new("import", (size_t)2 << 30);
    struct run r = {.store = s, .actor = actor, .options = options, .result = &result};
    MUST(s || options->dry_run);
    r.chunk[0] = chunk_new(own);
    r.chunk[1] = chunk_new(own);
    r.refused = refusals_new(options->refused_path != NULL);

    enum status status = run_file(&r, policy, a, e);
    struct err ignored = {0};
    enum status written = write_refused(&r, a, status == OK ? e : &ignored);
    if (status == OK) status = written;
    if (status == OK) check_account(&result, options->dry_run);

    refusals_free(r.refused);
    arena_free(r.chunk[0]->arena);
    arena_free(r.chunk[1]->arena);
    *out = result;
    return status;
}
