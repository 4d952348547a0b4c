/* show: a record as people read it, and the lines it was made from. */
#include "app/records.h"
#include "app/words.h"
#include "cli/begin.h"

enum { LABEL_COLUMN = 30, TEXT_INDENT = 4, HISTORY_COLUMN = 8 };

/* "death report, 28 August 2014, 8:00am" */
static Str said_by(struct cli *c, const struct policy *policy, Str source, int64_t known_at_ms)
{
    return str_format(c->arena, "%.*s, %.*s", STR_ARG(policy_source_label(policy, source)),
                      STR_ARG(words_time(c->arena, known_at_ms)));
}

/* ---- for people ------------------------------------------------------------------------------------- */

/* Most facts of a record come from one report: it is named once, above them. */
static const struct holding *usual_source(const struct record_sheet *sheet)
{
    enum { WORTH_NAMING = 3 };
    const struct holding *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < sheet->items; i++) {
        const struct holding *held = sheet->item[i].held;
        size_t same = 0;
        for (size_t j = 0; j < sheet->items; j++)
            if (sheet->item[j].held->seq == held->seq && str_eq(sheet->item[j].held->source, held->source))
                same++;
        if (same > most) {
            most = same;
            best = held;
        }
    }
    return most >= WORTH_NAMING && 2 * most > sheet->items ? best : NULL;
}

static void item_print(struct cli *c, const struct policy *policy, const struct kind *kind,
                       const struct record_item *item, const struct holding *usual)
{
    struct arena *a = c->arena;
    const struct holding *held = item->held;
    bool is_usual = usual && held->seq == usual->seq && item->others == 0;
    Str since = said_by(c, policy, held->source, held->known_at_ms), text = item->words;
    if (!is_usual) text = str_format(a, "%.*s\n(since %.*s)", STR_ARG(text), STR_ARG(since));
    for (size_t i = 0; i < item->others; i++) {
        Str other = said_by(c, policy, item->other[i].source, item->other[i].known_at_ms);
        text = str_format(a, "%.*s\nbut: %.*s\n(since %.*s)", STR_ARG(text), STR_ARG(item->other[i].words),
                          STR_ARG(other));
    }
    if (held->sources > item->others + 1)
        text = str_format(a, "%.*s\n(%zu sources say so)", STR_ARG(text), held->sources - item->others);
    print_labelled(c->out, str_of(kind->field[item->field].label), LABEL_COLUMN, text);
}

static void relatives_print(struct cli *c, const struct record_sheet *sheet)
{
    if (sheet->relatives == 0) return;
    print_line(c->out, "%s", "");
    print_line(c->out, "Records that refer to it");
    for (size_t i = 0; i < sheet->relatives; i++) {
        const struct record_relative *r = &sheet->relative[i];
        Str line = str_format(c->arena, "%.*s%s%.*s", STR_ARG(words_id(c->arena, &r->id)),
                              r->words.len > 0 ? ": " : "", STR_ARG(r->words));
        print_wrapped(c->out, line, TEXT_INDENT, (size_t)2 * TEXT_INDENT);
    }
}

static void sheet_print(struct cli *c, const struct policy *policy, const struct record_sheet *sheet)
{
    const struct kind *kind = kind_of(sheet->record.id.kind);
    const struct holding *usual = usual_source(sheet);
    if (usual)
        print_wrapped(c->out,
                      str_format(c->arena, "Unless it says otherwise: since %.*s.",
                                 STR_ARG(said_by(c, policy, usual->source, usual->known_at_ms))),
                      0, 0);
    for (size_t i = 0; i < sheet->items; i++)
        item_print(c, policy, kind, &sheet->item[i], usual);
    relatives_print(c, sheet);
}

static Str heading(struct cli *c, const struct record_sheet *sheet)
{
    Str id = words_id(c->arena, &sheet->record.id);
    bool named = sheet->words.len > 0;
    return str_format(c->arena, "%.*s%s%.*s%s", STR_ARG(id), named ? " (" : "", STR_ARG(sheet->words),
                      named ? ")" : "");
}

static void dossier_print(struct cli *c, const struct policy *policy, const struct record_dossier *d)
{
    Str when = cli_view_words(c);
    const struct record *first = &d->sheet[0].record;
    print_wrapped(c->out, heading(c, &d->sheet[0]), 0, TEXT_INDENT);
    print_wrapped(c->out,
                  str_format(c->arena, "on record since %.*s; version %llu%s%.*s",
                             STR_ARG(words_time(c->arena, first->first_known_ms)),
                             (unsigned long long)first->version, when.len > 0 ? "; " : "", STR_ARG(when)),
                  0, 0);
    print_line(c->out, "%s", "");
    sheet_print(c, policy, &d->sheet[0]);
    for (size_t i = 1; i < d->sheets; i++) {
        const struct same_event_member *join = &d->joined[i - 1];
        Str joined = said_by(c, policy, join->source, join->known_at_ms);
        print_line(c->out, "%s", "");
        print_wrapped(c->out,
                      str_format(c->arena, "Also recorded as %.*s", STR_ARG(heading(c, &d->sheet[i]))), 0,
                      TEXT_INDENT);
        print_wrapped(
            c->out, str_format(c->arena, "joined by %.*s: %.*s", STR_ARG(joined), STR_ARG(join->why)), 0, 0);
        print_line(c->out, "%s", "");
        sheet_print(c, policy, &d->sheet[i]);
    }
}

/* ---- for programs ----------------------------------------------------------------------------------- */

static void version_json(struct json_writer *w, Str source, int64_t known_at_ms, Str value, Str words)
{
    json_kv_str(w, S("source"), source);
    json_kv_time(w, S("known_at"), known_at_ms);
    json_put_key(w, S("value"));
    json_put_raw(w, value);
    json_kv_str(w, S("words"), words);
}

static void item_json(struct json_writer *w, const struct kind *kind, const struct record_item *item)
{
    json_open(w, '{');
    json_kv_str(w, S("field"), str_of(kind->field[item->field].name));
    json_kv_str(w, S("label"), str_of(kind->field[item->field].label));
    version_json(w, item->held->source, item->held->known_at_ms, item->held->value, item->words);
    json_kv_i64(w, S("seq"), (int64_t)item->held->seq);
    json_kv_i64(w, S("sources"), (int64_t)item->held->sources);
    json_kv_bool(w, S("disputed"), item->held->disputed);
    if (item->others > 0) {
        json_put_key(w, S("others"));
        json_open(w, '[');
        for (size_t i = 0; i < item->others; i++) {
            const struct record_version *v = &item->other[i];
            json_open(w, '{');
            version_json(w, v->source, v->known_at_ms, v->value, v->words);
            json_close(w, '}');
        }
        json_close(w, ']');
    }
    json_close(w, '}');
}

/* The members of a sheet, inside an open object. */
static void sheet_json(struct json_writer *w, const struct record_sheet *sheet)
{
    const struct kind *kind = kind_of(sheet->record.id.kind);
    json_put_record(w, &sheet->record.id);
    json_kv_str(w, S("words"), sheet->words);
    json_kv_i64(w, S("version"), (int64_t)sheet->record.version);
    json_kv_time(w, S("first_known_at"), sheet->record.first_known_ms);
    json_kv_time(w, S("last_known_at"), sheet->record.last_known_ms);
    json_put_key(w, S("fields"));
    json_open(w, '[');
    for (size_t i = 0; i < sheet->items; i++)
        item_json(w, kind, &sheet->item[i]);
    json_close(w, ']');
    json_put_key(w, S("referrers"));
    json_open(w, '[');
    for (size_t i = 0; i < sheet->relatives; i++) {
        json_open(w, '{');
        json_put_record(w, &sheet->relative[i].id);
        json_kv_str(w, S("words"), sheet->relative[i].words);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void dossier_json(struct cli *c, const struct record_dossier *d)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    sheet_json(&w, &d->sheet[0]);
    json_put_key(&w, S("also_recorded_as"));
    json_open(&w, '[');
    for (size_t i = 1; i < d->sheets; i++) {
        json_open(&w, '{');
        json_put_key(&w, S("joined"));
        json_open(&w, '{');
        json_put_record(&w, &d->joined[i - 1].join);
        json_kv_str(&w, S("why"), d->joined[i - 1].why);
        json_kv_str(&w, S("source"), d->joined[i - 1].source);
        json_kv_time(&w, S("known_at"), d->joined[i - 1].known_at_ms);
        json_close(&w, '}');
        sheet_json(&w, &d->sheet[i]);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    cli_json_end(c);
}

/* ---- history ---------------------------------------------------------------------------------------- */

static void line_print(struct cli *c, const struct policy *policy, const struct kind *kind,
                       const struct history_line *h)
{
    const struct change *change = &h->line.change;
    struct arena *a = c->arena;
    Str said = said_by(c, policy, change->source, change->known_at_ms);
    Str recorded = words_time(a, h->recorded_at_ms);
    print_labelled(
        c->out, str_format(a, "%llu", (unsigned long long)h->line.seq), HISTORY_COLUMN,
        str_format(a, "%.*s%s", STR_ARG(said), h->line.withdrawn ? " (withdrawn with its batch)" : ""));
    Str batch = h->batch > 0 ? str_format(a, ", batch %llu", (unsigned long long)h->batch) : S("");
    print_wrapped(c->out,
                  str_format(a, "recorded %.*s by %.*s, %.*s%.*s", STR_ARG(recorded), STR_ARG(h->actor),
                             STR_ARG(h->role), STR_ARG(batch)),
                  HISTORY_COLUMN, HISTORY_COLUMN);
    for (size_t i = 0; i < change->fact_count; i++) {
        const struct fact *fact = &change->fact[i];
        Str words = words_of(a, policy, kind, fact->field, fact->value, fact->key);
        Str text = str_format(a, "%s: %.*s", kind->field[fact->field].label, STR_ARG(words));
        print_wrapped(c->out, text, HISTORY_COLUMN, HISTORY_COLUMN + TEXT_INDENT);
    }
}

static void line_json(struct json_writer *w, const struct kind *kind, const struct history_line *h)
{
    const struct change *change = &h->line.change;
    json_open(w, '{');
    json_kv_i64(w, S("seq"), (int64_t)h->line.seq);
    json_kv_time(w, S("known_at"), change->known_at_ms);
    json_kv_time(w, S("recorded_at"), h->recorded_at_ms);
    json_kv_str(w, S("source"), change->source);
    json_kv_str(w, S("operation"), str_of(operation_name(h->op)));
    json_kv_str(w, S("actor"), h->actor);
    json_kv_str(w, S("role"), h->role);
    json_kv_i64(w, S("batch"), (int64_t)h->batch);
    json_kv_bool(w, S("withdrawn"), h->line.withdrawn);
    json_put_key(w, S("set"));
    json_open(w, '{');
    for (size_t i = 0; i < change->fact_count; i++) {
        json_put_key(w, str_of(kind->field[change->fact[i].field].name));
        json_put_raw(w, change->fact[i].value);
    }
    json_close(w, '}');
    json_close(w, '}');
}

static enum status history_show(struct cli *c, struct session *s, const struct record_id *id, struct err *e)
{
    struct history h = {0};
    const struct kind *kind = kind_of(id->kind);
    TRY(store_history(s->store, &s->actor, cli_view(c), id, c->arena, &h, e));
    if (!cli_flag(c, "json")) {
        print_line(c->out, "%.*s: %.*s", STR_ARG(words_id(c->arena, id)),
                   STR_ARG(count_of(c->arena, h.count, "line", "lines")));
        for (size_t i = 0; i < h.count; i++)
            line_print(c, &s->policy, kind, &h.line[i]);
        return OK;
    }
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_put_record(&w, id);
    json_put_key(&w, S("history"));
    json_open(&w, '[');
    for (size_t i = 0; i < h.count; i++)
        line_json(&w, kind, &h.line[i]);
    json_close(&w, ']');
    json_close(&w, '}');
    cli_json_end(c);
    return OK;
}

enum status cmd_show(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct record_dossier dossier;
    struct record_id id;
    TRY(cli_session(c, STORE_READ, &s, e));
    TRY(record_find(&s, cli_operand(c, 0), c->arena, &id, e));
    if (cli_flag(c, "history")) return history_show(c, &s, &id, e);
    TRY(record_dossier_read(&s, cli_view(c), &id, c->arena, &dossier, e));
    if (cli_flag(c, "json"))
        dossier_json(c, &dossier);
    else
        dossier_print(c, &s.policy, &dossier);
    return OK;
}
