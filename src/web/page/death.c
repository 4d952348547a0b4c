/* The record of a death: who it is about, what is recorded and on whose word, what refers to it; its history.
 */
#include "web/page/death_frame.h"
#include "web/page/pages.h"

#include "app/records.h"
#include "app/words.h"
#include "assure/category.h"
#include "base/caldate.h"
#include "model/kinds.h"

static Str said_by(struct visit *v, Str source, int64_t known_ms)
{
    return str_format(v->arena, "%.*s, known since %.*s",
                      STR_ARG(policy_source_label(&v->service->session.policy, source)),
                      STR_ARG(words_time(v->arena, known_ms)));
}

static void item_show(struct visit *v, const struct kind *kind, const struct record_item *item)
{
    Str note = said_by(v, item->held->source, item->held->known_at_ms);
    for (size_t i = 0; i < item->others; i++)
        note = str_format(v->arena, "%.*s. But %.*s says: %.*s", STR_ARG(note),
                          STR_ARG(policy_source_label(&v->service->session.policy, item->other[i].source)),
                          STR_ARG(item->other[i].words));
    part_summary_row(v->out, &(struct part_summary_row){.key = str_of(kind->field[item->field].label),
                                                        .text = item->words,
                                                        .note = note});
}

static void sheet_show(struct visit *v, const struct record_sheet *sheet)
{
    const struct kind *kind = kind_of(sheet->record.id.kind);
    part_summary_begin(v->out);
    for (size_t i = 0; i < sheet->items; i++)
        item_show(v, kind, &sheet->item[i]);
    part_summary_end(v->out);
}

static void relatives_show(struct visit *v, const struct record_sheet *sheet)
{
    if (sheet->relatives == 0) return;
    part_heading(v->out, 2, S("people"), S("People, exhibits, decisions and what else belongs to it"));
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Record")},
                                                 {.title = S_INIT("What it says")}};
    part_table_begin(v->out, &(struct part_table){.caption = S("Records that refer to this death"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < sheet->relatives; i++) {
        part_row_begin(v->out);
        part_row_head(v->out, (Url){STR_NONE}, words_id(v->arena, &sheet->relative[i].id));
        part_cell(v->out, sheet->relative[i].words);
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

static void sheet_json(struct json_writer *w, const struct record_sheet *sheet)
{
    const struct kind *kind = kind_of(sheet->record.id.kind);
    char stamp[32];
    json_open(w, '{');
    json_put_key(w, S("id"));
    json_put_id(w, &sheet->record.id);
    json_kv_i64(w, S("version"), (int64_t)sheet->record.version);
    json_put_key(w, S("facts"));
    json_open(w, '[');
    for (size_t i = 0; i < sheet->items; i++) {
        const struct record_item *item = &sheet->item[i];
        json_open(w, '{');
        json_kv_str(w, S("field"), str_of(kind->field[item->field].name));
        json_put_key(w, S("value"));
        json_put_raw(w, item->held->value);
        json_kv_str(w, S("words"), item->words);
        json_kv_str(w, S("source"), item->held->source);
        caldate_format(item->held->known_at_ms, stamp);
        json_kv_str(w, S("known_at"), str_of(stamp));
        json_close(w, '}');
    }
    json_close(w, ']');
    json_put_key(w, S("relatives"));
    json_open(w, '[');
    for (size_t i = 0; i < sheet->relatives; i++) {
        json_open(w, '{');
        json_kv_str(w, S("kind"), str_of(kind_of(sheet->relative[i].id.kind)->name));
        json_put_key(w, S("id"));
        json_put_id(w, &sheet->relative[i].id);
        json_kv_str(w, S("words"), sheet->relative[i].words);
        json_close(w, '}');
    }
    json_close(w, ']');
    json_close(w, '}');
}

static void as_json(struct visit *v, const struct record_dossier *d)
{
    struct json_writer w = visit_json(v);
    json_open(&w, '{');
    json_put_key(&w, S("records"));
    json_open(&w, '[');
    for (size_t i = 0; i < d->sheets; i++)
        sheet_json(&w, &d->sheet[i]);
    json_close(&w, ']');
    json_close(&w, '}');
    visit_json_end(v);
}

enum status page_death(struct visit *v, struct err *e)
{
    struct record_dossier d;
    TRY(record_dossier_read(&v->session, v->view, &v->death->id, v->arena, &d, e));
    if (v->format == FORMAT_JSON) {
        as_json(v, &d);
        return OK;
    }
    death_page_begin(v, DEATH_SUMMARY);
    for (size_t i = 0; i < d.sheets; i++) {
        if (i > 0)
            part_heading(v->out, 2, S(""),
                         str_format(v->arena, "Another record of the same death: %.*s",
                                    STR_ARG(words_id(v->arena, &d.sheet[i].record.id))));
        sheet_show(v, &d.sheet[i]);
        relatives_show(v, &d.sheet[i]);
    }
    death_page_end(v);
    return OK;
}

/* ---- history ---------------------------------------------------------------------------------------- */

static Str facts_words(struct visit *v, const struct change *c)
{
    struct buf words CLEANUP_BUF;
    const struct kind *kind = kind_of(c->record.kind);
    buf_init(&words, (size_t)1 << 20);
    for (size_t i = 0; i < c->fact_count; i++) {
        const struct fact *f = &c->fact[i];
        buf_addf(&words, "%s%s: ", i > 0 ? "\n" : "", kind->field[f->field].label);
        words_value(&words, v->arena, &v->service->session.policy, kind, f->field, f->value, f->key);
    }
    return str_copy(v->arena, buf_str(&words));
}

static void line_show(struct visit *v, const struct history_line *line)
{
    const struct change *c = &line->line.change;
    char stamp[32];
    caldate_format(line->recorded_at_ms, stamp);
    Str title =
        str_format(v->arena, "%.*s%s", STR_ARG(policy_source_label(&v->service->session.policy, c->source)),
                   line->line.withdrawn ? " (withdrawn)" : "");
    part_moment(v->out,
                &(struct part_moment){.title = title,
                                      .when = words_time(v->arena, line->recorded_at_ms),
                                      .machine = str_copy(v->arena, str_of(stamp)),
                                      .by = str_format(v->arena, "%.*s as %.*s; entry %llu; known at %.*s",
                                                       STR_ARG(line->actor), STR_ARG(line->role),
                                                       (unsigned long long)line->line.seq,
                                                       STR_ARG(words_time(v->arena, c->known_at_ms))),
                                      .text = facts_words(v, c)});
}

static void history_json(struct visit *v, const struct history *h)
{
    struct json_writer w = visit_json(v);
    char stamp[32];
    json_open(&w, '{');
    json_put_key(&w, S("entries"));
    json_open(&w, '[');
    for (size_t i = 0; i < h->count; i++) {
        const struct history_line *line = &h->line[i];
        json_open(&w, '{');
        json_kv_i64(&w, S("seq"), (int64_t)line->line.seq);
        caldate_format(line->recorded_at_ms, stamp);
        json_kv_str(&w, S("recorded_at"), str_of(stamp));
        caldate_format(line->line.change.known_at_ms, stamp);
        json_kv_str(&w, S("known_at"), str_of(stamp));
        json_kv_str(&w, S("actor"), line->actor);
        json_kv_str(&w, S("role"), line->role);
        json_kv_str(&w, S("source"), line->line.change.source);
        json_kv_bool(&w, S("withdrawn"), line->line.withdrawn);
        json_kv_str(&w, S("text"), facts_words(v, &line->line.change));
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    visit_json_end(v);
}

enum status page_death_history(struct visit *v, struct err *e)
{
    struct history h;
    TRY(store_history(v->service->session.store, &v->actor, v->view, &v->death->id, v->arena, &h, e));
    if (v->format == FORMAT_JSON) {
        history_json(v, &h);
        return OK;
    }
    death_page_begin(v, DEATH_HISTORY);
    part_paragraph(v->out,
                   S("Every line that made this record, the latest first. Nothing is ever overwritten."));
    part_timeline_begin(v->out);
    for (size_t i = h.count; i-- > 0;)
        line_show(v, &h.line[i]);
    part_timeline_end(v->out);
    death_page_end(v);
    return OK;
}
