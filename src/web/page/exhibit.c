/* One exhibit: what it is, who holds it, what can be done now, and every step of its chain. */
#include "web/page/custody_words.h"
#include "web/page/death_frame.h"
#include "web/page/pages.h"

#include "app/words.h"
#include "base/caldate.h"

/* ---- as data ---------------------------------------------------------------------------------------- */

static void faults_json(struct json_writer *w, unsigned fault)
{
    json_put_key(w, S("faults"));
    json_open(w, '[');
    for (int i = 0; i < CUSTODY_FAULTS; i++)
        if (fault >> i & 1) json_put_str(w, str_of(custody_fault_words((enum custody_fault)(1 << i))));
    json_close(w, ']');
}

static void line_json(struct json_writer *w, const struct custody_line *line)
{
    json_open(w, '{');
    json_kv_str(w, S("type"), str_of(custody_act_code(line->act)));
    json_kv_str(w, S("from"), line->from);
    json_kv_str(w, S("to"), line->to);
    json_kv_str(w, S("by"), line->by);
    visit_json_time(w, S("at"), line->at_ms);
    visit_json_time(w, S("confirmed_at"), line->confirmed_ms);
    json_kv_str(w, S("confirmed_by"), line->confirmed_by);
    visit_json_time(w, S("ended_at"), line->ended_ms);
    json_kv_str(w, S("seal_seen"), line->seal);
    json_kv_str(w, S("why"), line->why);
    faults_json(w, line->fault);
    json_close(w, '}');
}

static void as_json(struct visit *v, const struct exhibit_file *file)
{
    struct json_writer w = visit_json(v);
    json_open(&w, '{');
    json_put_key(&w, S("id"));
    json_put_id(&w, &file->record.id);
    json_put_key(&w, S("death"));
    json_put_id(&w, &file->death);
    json_kv_str(&w, S("ref"), file->data->ref);
    json_kv_str(&w, S("description"), file->data->description);
    json_kv_str(&w, S("state"), file->data->state);
    json_kv_str(&w, S("seal"), file->custody.seal);
    json_kv_str(&w, S("holder"), file->custody.holder);
    json_kv_bool(&w, S("waiting"), file->custody.waiting);
    json_put_key(&w, S("chain"));
    json_open(&w, '[');
    for (size_t i = 0; i < file->lines; i++)
        line_json(&w, &file->line[i]);
    json_close(&w, ']');
    json_close(&w, '}');
    visit_json_end(v);
}

/* ---- as a page -------------------------------------------------------------------------------------- */

static void summary_row(struct visit *v, const char *key, Str text, Str note)
{
    part_summary_row(v->out, &(struct part_summary_row){
                                 .key = str_of(key), .text = text, .note = note, .missing = str_empty(text)});
}

static void fields_show(struct visit *v, const struct exhibit_file *file)
{
    static const int FIELDS[] = {exhibit_field_description, exhibit_field_item,        exhibit_field_quantity,
                                 exhibit_field_packaging,   exhibit_field_found_where, exhibit_field_found_at,
                                 exhibit_field_listed_by};
    const struct kind *kind = kind_of(KIND_EXHIBIT);
    const struct custody *c = &file->custody;
    part_summary_begin(v->out);
    Str since = c->at_ms == INT64_MIN
                    ? S("")
                    : str_format(v->arena, "since %.*s", STR_ARG(custody_time_words(v, c->at_ms)));
    summary_row(v, "Held by", custody_holder_words(v, c), since);
    summary_row(v, "Seal number", c->seal, S(""));
    summary_row(v, "State", custody_code_words(v, exhibit_field_state, file->data->state), S(""));
    for (size_t i = 0; i < COUNT_OF(FIELDS); i++) {
        const struct holding *held = &file->record.held[FIELDS[i]];
        if (!str_present(held->value)) continue;
        Str note = str_format(v->arena, "%.*s, known since %.*s",
                              STR_ARG(policy_source_label(&v->service->session.policy, held->source)),
                              STR_ARG(words_time(v->arena, held->known_at_ms)));
        summary_row(v, kind->field[FIELDS[i]].label,
                    words_of(v->arena, &v->service->session.policy, kind, FIELDS[i], held->value, held->key),
                    note);
    }
    part_summary_end(v->out);
}

struct offer {
    const char *page, *text;
    bool warning;
};

static void offer_show(struct visit *v, const struct exhibit_file *file, const struct offer *o)
{
    part_button(v->out, &(struct part_button){.text = str_of(o->text),
                                              .href = custody_exhibit_url(v, &file->record.id, o->page),
                                              .kind = o->warning ? BUTTON_WARNING : BUTTON_SECONDARY});
}

/* What this person can do with it now. */
static size_t offers_of(const struct custody *c, const struct custody_person *who, struct offer out[8])
{
    size_t n = 0;
    if (c->out || str_empty(who->officer)) return 0;
    if (!c->booked) {
        out[n++] = (struct offer){"book", "Take charge of it", false};
        return n;
    }
    if (c->waiting) {
        if (custody_may_confirm(c, who)) out[n++] = (struct offer){"confirm", "Confirm with the seal", false};
        if (custody_may_confirm(c, who))
            out[n++] = (struct offer){"take-back", "Not accepted", true};
        else if (custody_holds(c, who))
            out[n++] = (struct offer){"take-back", "Take it back", true};
        return n;
    }
    if (c->missing) {
        out[n++] = (struct offer){"found", "It was found", false};
        return n;
    }
    if (!custody_holds(c, who)) return 0;
    out[n++] = (struct offer){"hand-over", "Hand over", false};
    out[n++] = (struct offer){"seal", str_empty(c->seal) ? "Seal it" : "Put a new seal on", false};
    out[n++] = (struct offer){"return", "Return to its owner", false};
    out[n++] = (struct offer){"dispose", "Dispose of it", true};
    out[n++] = (struct offer){"missing", "It is missing", true};
    return n;
}

static void offers_show(struct visit *v, const struct exhibit_file *file)
{
    struct custody_person who = custody_visitor(v);
    struct offer offer[8];
    if (!visit_may(v, PERMISSION_EXHIBITS) || v->view.known_at_ms != INT64_MAX) return;
    size_t count = offers_of(&file->custody, &who, offer);
    if (count == 0) return;
    part_buttons_begin(v->out);
    for (size_t i = 0; i < count; i++)
        offer_show(v, file, &offer[i]);
    part_buttons_end(v->out);
}

static Str line_words(struct visit *v, const struct custody_line *line)
{
    Str from = custody_key_words(v, line->from), to = custody_key_words(v, line->to);
    switch (line->act) {
    case CUSTODY_HAND_OVER:
        return str_format(v->arena, "From %.*s to %.*s", STR_ARG(from), STR_ARG(to));
    case CUSTODY_RETURN:
        return str_format(v->arena, "Returned by %.*s to %.*s", STR_ARG(from), STR_ARG(to));
    case CUSTODY_BOOK:
        return str_format(v->arena, "Booked in by %.*s", STR_ARG(to));
    case CUSTODY_SEAL:
        return str_format(v->arena, "Sealed by %.*s", STR_ARG(custody_key_words(v, line->by)));
    case CUSTODY_FOUND:
        return str_format(v->arena, "Found again by %.*s", STR_ARG(to));
    case CUSTODY_MISSING:
        return str_format(v->arena, "Reported missing by %.*s", STR_ARG(custody_key_words(v, line->by)));
    case CUSTODY_DISPOSE:
        return str_format(v->arena, "Disposed of by %.*s", STR_ARG(from));
    case CUSTODY_CONFIRM:
    case CUSTODY_TAKE_BACK:
    case CUSTODY_ACTS:
        break;
    }
    return S("");
}

static bool has_receiver(enum custody_act act)
{
    return act == CUSTODY_HAND_OVER || act == CUSTODY_RETURN || act == CUSTODY_DISPOSE;
}

static void add_receipt(struct visit *v, const struct custody_line *line, struct buf *b)
{
    Str by = str_empty(line->confirmed_by) ? line->to : line->confirmed_by;
    if (!has_receiver(line->act)) return;
    if (line->ended_ms != INT64_MIN)
        buf_addf(b, "Not done: ended %.*s.\n", STR_ARG(custody_time_words(v, line->ended_ms)));
    else if (line->confirmed_ms == INT64_MIN)
        buf_add_cstr(b, "It waits to be confirmed.\n");
    else
        buf_addf(b, "Confirmed by %.*s, %.*s.\n", STR_ARG(custody_key_words(v, by)),
                 STR_ARG(custody_time_words(v, line->confirmed_ms)));
}

static Str line_text(struct visit *v, const struct custody_line *line)
{
    struct buf b CLEANUP_BUF = {0};
    buf_init(&b, 1 << 16);
    add_receipt(v, line, &b);
    if (!str_empty(line->seal)) buf_addf(&b, "Number read from the seal: %.*s.\n", STR_ARG(line->seal));
    if (!str_empty(line->why)) buf_addf(&b, "%.*s\n", STR_ARG(line->why));
    for (int i = 0; i < CUSTODY_FAULTS; i++)
        if (line->fault >> i & 1)
            buf_addf(&b, "Fault in the chain: %s\n", custody_fault_words((enum custody_fault)(1 << i)));
    return str_trim(str_copy(v->arena, buf_str(&b)));
}

static enum part_meaning line_meaning(const struct custody_line *line)
{
    if (line->fault != 0) return MEANING_URGENT;
    if (line->ended_ms != INT64_MIN) return MEANING_PLAIN;
    if (has_receiver(line->act) && line->confirmed_ms == INT64_MIN) return MEANING_WAITING;
    return line->act == CUSTODY_MISSING ? MEANING_URGENT : MEANING_GOOD;
}

static void chain_show(struct visit *v, const struct exhibit_file *file)
{
    part_heading(v->out, 2, S("chain"), S("Chain of custody"));
    if (file->lines == 0)
        part_empty(v->out,
                   S("Nobody has booked it in yet. Until somebody does, it has no holder on record."));
    part_timeline_begin(v->out);
    for (size_t i = file->lines; i-- > 0;) {
        const struct custody_line *line = &file->line[i];
        char stamp[32] = "";
        if (line->at_ms != INT64_MIN) caldate_format(line->at_ms, stamp);
        part_moment(v->out, &(struct part_moment){.title = line_words(v, line),
                                                  .when = custody_time_words(v, line->at_ms),
                                                  .machine = str_copy(v->arena, str_of(stamp)),
                                                  .text = line_text(v, line),
                                                  .meaning = line_meaning(line)});
    }
    part_timeline_end(v->out);
}

enum status page_exhibit(struct visit *v, struct err *e)
{
    struct exhibit_file file;
    TRY(exhibit_file_read(&v->session, v->view, v->record, v->arena, &file, e));
    if (v->format == FORMAT_JSON) {
        as_json(v, &file);
        return OK;
    }
    Str name = custody_exhibit_words(v, &file.record.id, file.data->ref);
    visit_page_begin(v,
                     &(struct visit_page){.title = str_format(v->arena, "Exhibit %.*s", STR_ARG(name)),
                                          .back = {visit_death_url(v, &v->death->id, "exhibits"),
                                                   str_format(v->arena, "Exhibits of %.*s",
                                                              STR_ARG(death_reference_words(v, v->death)))}});
    part_title(v->out, death_name_words(v->death), str_format(v->arena, "Exhibit %.*s", STR_ARG(name)));
    fields_show(v, &file);
    offers_show(v, &file);
    chain_show(v, &file);
    visit_page_end(v);
    return OK;
}
