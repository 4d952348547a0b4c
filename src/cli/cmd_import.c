/* import: files come in, and every row of them is accounted for. */
#include "app/import.h"

#include "base/clock.h"
#include "base/stream.h"
#include "cli/begin.h"
#include "cli/table_options.h"

#include <stdio.h>
#include <unistd.h>

/* What one file came to. */
struct came {
    struct import_result result;
    const char *path, *refused_path;
    double seconds;
    bool stopped; /* reading ended before the end of the file */
    char stopped_why[600];
};

/* Afterwards: how fast the two indexes follow. */
struct caught_up {
    uint64_t searched, lines;
    double search_per_second, link_per_second;
};

static double per_second(uint64_t n, int64_t us)
{
    return (double)n * 1e6 / (double)(us < 1 ? 1 : us);
}

/* ---- progress, only on a terminal ------------------------------------------------------------------- */

struct progress {
    bool shown;
    int64_t last_us;
    const char *name;
};

enum { PROGRESS_EVERY_US = 200000 };

static void progress_show(void *state, const struct intake_progress *read, uint64_t committed)
{
    struct progress *p = state;
    int64_t now_us = clock_ticks_us();
    if (now_us - p->last_us < PROGRESS_EVERY_US) return;
    p->last_us = now_us;
    p->shown = true;
    if (read->bytes_total > 0)
        fprintf(stderr, "\r%s: %.0f %% read, %llu rows, %llu records kept\033[K", p->name,
                100.0 * (double)read->bytes_in / (double)read->bytes_total, (unsigned long long)read->rows,
                (unsigned long long)committed);
    else
        fprintf(stderr, "\r%s: %llu rows read, %llu records kept\033[K", p->name,
                (unsigned long long)read->rows, (unsigned long long)committed);
    fflush(stderr);
}

static void progress_search(void *state, uint64_t done, uint64_t total)
{
    struct progress *p = state;
    p->shown = true;
    fprintf(stderr, "\rsearch index: %llu of %llu entries\033[K", (unsigned long long)done,
            (unsigned long long)total);
    fflush(stderr);
}

static void progress_end(struct progress *p)
{
    if (p->shown) fputs("\r\033[K", stderr);
    p->shown = false;
}

/* ---- reading ---------------------------------------------------------------------------------------- */

/* "DIR/NAME.refused.csv" */
static const char *refused_path(struct cli *c, const char *path)
{
    Str name = strcmp(path, "-") == 0 ? S("standard-input") : file_name(path),
        dir = cli_option(c, "refused")->text;
    if (str_eq(dir, S(".")))
        return str_cstr(c->arena, str_format(c->arena, "%.*s.refused.csv", STR_ARG(name)));
    return str_cstr(c->arena, str_format(c->arena, "%.*s/%.*s.refused.csv", STR_ARG(dir), STR_ARG(name)));
}

static enum status file_import(struct cli *c, struct session *s, const struct mapping *mapping,
                               struct came *came, struct err *e)
{
    struct progress progress = {.name = came->path};
    struct err why = {0};
    struct import_options options = {
        .path = came->path,
        .mapping = mapping,
        .ns = cli_option(c, "feed")->text,
        .dry_run = cli_flag(c, "dry-run"),
        .refused_path = came->refused_path,
        .now_ms = clock_now_ms(&s->env.clock),
        .progress = isatty(STDERR_FILENO) ? progress_show : NULL,
        .progress_state = &progress,
    };
    int64_t began_us = clock_ticks_us();
    enum status status = import_run(s->store, &s->actor, &s->policy, &options, c->arena, &came->result, &why);
    came->seconds = (double)(clock_ticks_us() - began_us) / 1e6;
    progress_end(&progress);
    if (status == OK) return OK;
    came->stopped = true;
    snprintf(came->stopped_why, sizeof came->stopped_why, "%s", why.text);
    return ERR(e, status, why.field, "%s", why.text);
}

static enum status catch_up(struct session *s, struct caught_up *out, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("the linkage model", (size_t)1 << 24);
    struct progress progress = {0};
    struct link_model model;
    struct linking_taken taken = {0};
    struct world *w CLEANUP_WORLD = NULL;
    int64_t began_us = clock_ticks_us();
    TRY(store_search_catch_up(s->store, isatty(STDERR_FILENO) ? progress_search : NULL, &progress,
                              &out->searched, e));
    progress_end(&progress);
    out->search_per_second = per_second(out->searched, clock_ticks_us() - began_us);
    TRY(linking_model(a, NULL, &model, e));
    TRY(linking_load(s->store, &s->actor, VIEW_NOW, &s->policy, &model, &w, &taken, e));
    if (taken.lines >= LINKING_LINES_WORTH_KEEPING) TRY(linking_keep(s->store, w, taken.head, e));
    out->link_per_second = taken.lines_per_second;
    out->lines = world_event_count(w);
    return OK;
}

/* ---- the report ------------------------------------------------------------------------------------- */

static void row_print(struct cli *c, const char *label, uint64_t n, Str more)
{
    enum { NUMBER_WIDTH = 11 };
    Str number = count_words(c->arena, n);
    int pad = number.len < NUMBER_WIDTH ? (int)(NUMBER_WIDTH - number.len) : 0;
    Str text = str_format(c->arena, "%-10s%*s%.*s%s%.*s", label, pad, "", STR_ARG(number),
                          more.len > 0 ? "  " : "", STR_ARG(more));
    print_line(c->out, "%.*s", STR_ARG(text));
}

static void came_print(struct cli *c, const struct came *came)
{
    const struct import_result *r = &came->result;
    bool dry = cli_flag(c, "dry-run");
    Str by = r->mapping.len > 0 ? str_format(c->arena, ", by mapping %.*s", STR_ARG(r->mapping)) : S("");
    print_wrapped(c->out,
                  str_format(c->arena, "%s%.*s, into feed %.*s%s", came->path, STR_ARG(by), STR_ARG(r->ns),
                             dry ? " (dry run: nothing is changed)" : ""),
                  0, 4);
    double rate = came->seconds > 0 ? (double)r->sum.rows / came->seconds : 0;
    row_print(c, "read", r->sum.rows,
              r->sum.rows == 0 ? S("rows")
                               : str_format(c->arena, "rows in %.1f s, %.*s a second", came->seconds,
                                            STR_ARG(count_words(c->arena, (uint64_t)rate))));
    if (dry) {
        row_print(c, "good", r->sum.given + r->sum.merged,
                  str_format(c->arena, "rows, giving %.*s",
                             STR_ARG(count_of(c->arena, r->sum.changes, "record line", "record lines"))));
    } else {
        row_print(c, "taken", r->taken, S("new records"));
        row_print(c, "updated", r->updated, S("records"));
        row_print(c, "unchanged", r->unchanged, S("said nothing new"));
    }
    if (r->sum.merged > 0)
        row_print(c, "merged", r->sum.merged, S("rows went into the record of an earlier row"));
    row_print(c, "refused", r->sum.refused, S("rows"));
    print_refusals(c->out, c->arena, r->refusal, r->refusals);
    if (r->refused_by_store > 0)
        row_print(c, "not taken", r->refused_by_store, S("records that were erased"));
    row_print(c, "dropped", r->sum.dropped, S("rows, by the mapping's rules"));
    print_drops(c->out, c->arena, r->sum.drop, r->sum.drops);
    if (r->refused_written > 0) print_line(c->out, "Refused rows are in %s", came->refused_path);
    if (r->batch > 0)
        print_line(c->out, "Batch %llu%s", (unsigned long long)r->batch,
                   came->stopped ? ": what was read before the fault; colligate withdraw takes it back" : "");
}

static void caught_up_print(struct cli *c, const struct caught_up *u)
{
    struct arena *a = c->arena;
    print_line(c->out, "%s", "");
    print_line(c->out, "search index: %.*s, %.*s a second",
               STR_ARG(count_of(a, u->searched, "entry", "entries")),
               STR_ARG(count_words(a, (uint64_t)u->search_per_second)));
    print_line(c->out, "link index:   %.*s, %.*s a second", STR_ARG(count_of(a, u->lines, "event", "events")),
               STR_ARG(count_of(a, (uint64_t)u->link_per_second, "line", "lines")));
}

static void came_json(struct json_writer *w, const struct came *came)
{
    const struct import_result *r = &came->result;
    json_open(w, '{');
    json_kv_str(w, S("file"), str_of(came->path));
    json_kv_str(w, S("ns"), r->ns);
    json_kv_str(w, S("mapping"), r->mapping);
    json_kv_i64(w, S("batch"), (int64_t)r->batch);
    json_kv_bool(w, S("done"), r->done);
    json_kv_i64(w, S("rows"), (int64_t)r->sum.rows);
    json_kv_i64(w, S("given"), (int64_t)r->sum.given);
    json_kv_i64(w, S("merged"), (int64_t)r->sum.merged);
    json_kv_i64(w, S("changes"), (int64_t)r->sum.changes);
    json_kv_i64(w, S("taken"), (int64_t)r->taken);
    json_kv_i64(w, S("updated"), (int64_t)r->updated);
    json_kv_i64(w, S("unchanged"), (int64_t)r->unchanged);
    json_kv_i64(w, S("refused"), (int64_t)r->sum.refused);
    json_refusals(w, r->refusal, r->refusals);
    json_kv_str(w, S("refused_file"), r->refused_written > 0 ? str_of(came->refused_path) : STR_NONE);
    json_kv_i64(w, S("refused_by_store"), (int64_t)r->refused_by_store);
    json_kv_i64(w, S("dropped"), (int64_t)r->sum.dropped);
    json_drops(w, r->sum.drop, r->sum.drops);
    json_put_key(w, S("seconds"));
    json_put_fixed(w, came->seconds, 3);
    json_close(w, '}');
}

static void report_json(struct cli *c, const struct came *came, size_t count, const struct caught_up *u)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_put_key(&w, S("files"));
    json_open(&w, '[');
    for (size_t i = 0; i < count; i++)
        came_json(&w, &came[i]);
    json_close(&w, ']');
    if (u) {
        json_kv_i64(&w, S("search_entries"), (int64_t)u->searched);
        json_put_key(&w, S("search_entries_per_second"));
        json_put_fixed(&w, u->search_per_second, 0);
        json_kv_i64(&w, S("link_events"), (int64_t)u->lines);
        json_put_key(&w, S("link_lines_per_second"));
        json_put_fixed(&w, u->link_per_second, 0);
    }
    json_close(&w, '}');
    cli_json_end(c);
}

static enum status all_import(struct cli *c, struct session *s, const struct mapping *mapping,
                              struct came *came, size_t *done, struct err *e)
{
    bool json = cli_flag(c, "json");
    for (size_t i = 0; i < c->operand_count; i++) {
        came[i].path = c->operand[i];
        came[i].refused_path = refused_path(c, came[i].path);
        enum status status = file_import(c, s, mapping, &came[i], e);
        *done = i + 1;
        if (!json && (status == OK || came[i].result.sum.rows > 0)) {
            if (i > 0) print_line(c->out, "%s", "");
            came_print(c, &came[i]);
            TRY(screen_flush(c->out, e));
        }
        TRY(status);
    }
    return OK;
}

static bool anything_came(const struct came *came, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (came[i].result.sum.rows > 0) return true;
    return false;
}

enum status cmd_import(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    const struct mapping *mapping = NULL;
    const char *map = cli_path(c, "map"), *refused = cli_path(c, "refused");
    struct came *came = NEW_ARRAY(c->arena, struct came, c->operand_count);
    struct caught_up caught_up = {0};
    size_t done = 0;
    bool dry = cli_flag(c, "dry-run");
    if (!file_exists(refused))
        return ERR(e, E_NOT_FOUND, "", "there is no folder %s for refused rows; make it first.", refused);
    TRY(cli_session(c, STORE_WRITE, &s, e));
    if (map) TRY(import_mapping(c->arena, &s.policy, map, &mapping, e));
    enum status status = all_import(c, &s, mapping, came, &done, e);
    /* What came in before a fault is searched too. */
    bool follows = !dry && anything_came(came, done);
    struct err late = {0};
    enum status followed = follows ? catch_up(&s, &caught_up, status == OK ? e : &late) : OK;
    if (cli_flag(c, "json"))
        report_json(c, came, done, follows ? &caught_up : NULL);
    else if (follows && followed == OK)
        caught_up_print(c, &caught_up);
    return status == OK ? followed : status;
}
