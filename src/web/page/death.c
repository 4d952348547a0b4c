/* The record of a death: who it is about, what is recorded and on whose word, what refers to it; its history.
 */
#include "web/page/death_beside.h"
#include "web/page/death_frame.h"
#include "web/page/pages.h"

#include "app/record_add.h"
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

/* Changes are made to the record as it is now, by those who may. */
static Url change_url(struct visit *v, const struct record_sheet *sheet, int field)
{
    bool now = v->view.known_at_ms == INT64_MAX && v->view.seq == UINT64_MAX;
    if (!now || !visit_may(v, PERMISSION_RECORD) || record_field_is_fixed(field) ||
        !record_id_eq(&sheet->record.id, &v->death->id))
        return (Url){STR_NONE};
    return url(v->arena, "/deaths/%.*s/change/%s", STR_ARG(visit_id_words(v->arena, &v->death->id)),
               kind_of(KIND_DEATH)->field[field].name);
}

/* The unit by its name; everything else as it is worded everywhere. */
static Str fact_value_words(struct visit *v, int field, Str words)
{
    return field == death_field_unit ? roll_unit_words(v->service->roll, words) : words;
}

static void item_show(struct visit *v, const struct record_sheet *sheet, const struct record_item *item)
{
    const struct kind *kind = kind_of(sheet->record.id.kind);
    Str note = said_by(v, item->held->source, item->held->known_at_ms);
    for (size_t i = 0; i < item->others; i++)
        note = str_format(v->arena, "%.*s. But %.*s says: %.*s", STR_ARG(note),
                          STR_ARG(policy_source_label(&v->service->session.policy, item->other[i].source)),
                          STR_ARG(fact_value_words(v, item->field, item->other[i].words)));
    part_summary_row(v->out, &(struct part_summary_row){.key = str_of(kind->field[item->field].label),
                                                        .text = fact_value_words(v, item->field, item->words),
                                                        .note = note,
                                                        .action = change_url(v, sheet, item->field)});
}

static void sheet_show(struct visit *v, const struct record_sheet *sheet)
{
    part_summary_begin(v->out);
    for (size_t i = 0; i < sheet->items; i++)
        item_show(v, sheet, &sheet->item[i]);
    part_summary_end(v->out);
}

/* What nobody has said anything about yet, to be filled in. */
static void missing_show(struct visit *v, const struct record_sheet *sheet)
{
    const struct kind *kind = kind_of(KIND_DEATH);
    bool any = false;
    for (size_t i = 0; i < kind->field_count; i++) {
        Url change = change_url(v, sheet, (int)i);
        if (str_present(sheet->record.held[i].value) || !str_present(change.ready)) continue;
        if (!any) {
            part_details_begin(v->out, S("Not recorded yet"));
            html(v->out, "<ul class=\"govuk-list\">\n");
        }
        any = true;
        html(v->out, "<li>");
        part_link(v->out, change, str_of(kind->field[i].label));
        html(v->out, "</li>\n");
    }
    if (!any) return;
    html(v->out, "</ul>\n");
    part_details_end(v->out);
}

static void add_show(struct visit *v, const struct record_sheet *sheet)
{
    if (!str_present(change_url(v, sheet, death_field_narrative).ready)) return;
    part_details_begin(v->out, S("Add to this record"));
    html(v->out, "<ul class=\"govuk-list\">\n");
    for (size_t i = 0; i < ADD_COUNT; i++) {
        html(v->out, "<li>");
        part_link(v->out,
                  url(v->arena, "/deaths/%.*s/add/%s", STR_ARG(visit_id_words(v->arena, &v->death->id)),
                      kind_of(ADD[i].kind)->name),
                  str_of(ADD[i].label));
        html(v->out, "</li>\n");
    }
    html(v->out, "</ul>\n");
    part_details_end(v->out);
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
        if (i == 0) add_show(v, &d.sheet[i]);
        beside_people_show(v, &d.sheet[i]);
        part_heading(v->out, 2, S(""), S("What is recorded"));
        sheet_show(v, &d.sheet[i]);
        if (i == 0) missing_show(v, &d.sheet[i]);
        if (i == 0) beside_timeline_show(v, &d.sheet[i]);
        beside_records_show(v, &d.sheet[i]);
    }
    death_page_end(v);
    return OK;
}

/* ---- history ---------------------------------------------------------------------------------------- */

/* "Age: 23 years", "Formally identified? yes": a question needs no colon. */
static void fact_words(struct visit *v, struct buf *words, const struct change *c, size_t i)
{
    const struct kind *kind = kind_of(c->record.kind);
    const struct fact *f = &c->fact[i];
    Str label = str_of(kind->field[f->field].label);
    buf_addf(words, "%.*s%s ", STR_ARG(label), str_ends(label, S("?")) ? "" : ":");
    Str value = words_of(v->arena, &v->service->session.policy, kind, f->field, f->value, f->key);
    buf_add(words, fact_value_words(v, f->field, value));
}

static Str facts_words(struct visit *v, const struct change *c)
{
    struct buf words CLEANUP_BUF;
    buf_init(&words, (size_t)1 << 20);
    for (size_t i = 0; i < c->fact_count; i++) {
        if (i > 0) buf_add_char(&words, '\n');
        fact_words(v, &words, c, i);
    }
    return str_copy(v->arena, buf_str(&words));
}

static Html facts_list(struct visit *v, const struct change *c)
{
    struct buf out CLEANUP_BUF, words CLEANUP_BUF;
    buf_init(&out, (size_t)1 << 21);
    buf_init(&words, (size_t)1 << 20);
    html(&out, "<ul class=\"govuk-list\">\n");
    for (size_t i = 0; i < c->fact_count; i++) {
        buf_clear(&words);
        fact_words(v, &words, c, i);
        htmlf(&out, "<li>%.*s</li>\n", STR_ARG(buf_str(&words)));
    }
    html(&out, "</ul>\n");
    return html_made(v->arena, &out);
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
                                      .body = facts_list(v, c)});
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

/* The ways to look back: who read it, and what was known then. */
static void look_back_show(struct visit *v)
{
    if (visit_may(v, PERMISSION_AUDIT)) {
        html(v->out, "<p class=\"govuk-body\">");
        html_link(v->out,
                  url_with(v->arena, url(v->arena, "/assurance/audit"), S("death"),
                           death_reference_words(v, v->death)),
                  S("Who read this record"));
        html(v->out, "</p>\n");
    }
    part_form_begin(v->out,
                    &(struct part_form){.action = visit_death_url(v, &v->death->id, ""), .get = true});
    part_input(v->out, &(struct part_input){.name = S("at"),
                                            .label = S("See the record as it was known on"),
                                            .hint = S("What was known at the end of that day"),
                                            .type = S("date"),
                                            .width = 10});
    part_button(v->out, &(struct part_button){.text = S("Show that day"), .kind = BUTTON_SECONDARY});
    part_form_end(v->out);
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
    look_back_show(v);
    part_timeline_begin(v->out);
    for (size_t i = h.count; i-- > 0;)
        line_show(v, &h.line[i]);
    part_timeline_end(v->out);
    death_page_end(v);
    return OK;
}
