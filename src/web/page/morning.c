/* The list for the morning meeting, to be printed, and its minutes; and a link that a person suggests. */
#include "web/page/link_parts.h"
#include "web/page/pages.h"

#include "app/words.h"
#include "base/caldate.h"
#include "web/page/death_frame.h"

static Str unit_of(const struct visit *v)
{
    Str unit = visit_typed(v, "unit", visit_query(v, "unit"));
    return str_empty(unit) ? v->viewer.unit : unit;
}

static int64_t since_of(const struct visit *v)
{
    return v->now_ms - MS_PER_DAY;
}

static void deaths_show(struct visit *v, const struct links_day *day)
{
    static const struct part_column COLUMNS[] = {
        {.title = S_INIT("Name")}, {.title = S_INIT("Reference")}, {.title = S_INIT("Found")}};
    part_heading(
        v->out, 2, S("deaths"),
        str_format(v->arena, "%zu death%s in the last day", day->deaths, day->deaths == 1 ? "" : "s"));
    if (day->deaths == 0) return;
    part_table_begin(v->out, &(struct part_table){.caption = S("Deaths of the last day"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < day->deaths; i++) {
        part_row_begin(v->out);
        part_row_head(v->out, visit_death_url(v, &day->death[i]->id, ""), death_name_words(day->death[i]));
        part_cell(v->out, death_reference_words(v, day->death[i]));
        part_cell(v->out, death_day_words(v->arena, day->death[i]->when_ms));
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

static enum status links_show(struct visit *v, const struct links_day *day, struct err *e)
{
    part_heading(v->out, 2, S("links"),
                 str_format(v->arena, "%zu open link%s", day->open.count, day->open.count == 1 ? "" : "s"));
    return link_rows_show(v, day->open.row, day->open.count, e);
}

static void minutes_form(struct visit *v, Str unit)
{
    if (!visit_may(v, PERMISSION_DECIDE_LINK)) return;
    part_heading(v->out, 2, S("write"), S("Minutes"));
    visit_form_begin(v, url(v->arena, "/links/morning"));
    part_hidden(v->out, S("unit"), unit);
    part_textarea(v->out, &(struct part_textarea){.name = S("minutes"),
                                                  .label = S("What was said and agreed"),
                                                  .value = visit_typed(v, "minutes", S("")),
                                                  .error = part_errors_of(&v->errors, S("minutes"))});
    part_button(v->out, &(struct part_button){.text = S("Record the minutes")});
    part_form_end(v->out);
}

static enum status day_read(struct visit *v, struct links_viewer *viewer, struct links_day *day,
                            struct err *e)
{
    *viewer = links_viewer_of(v);
    return links_day(viewer, unit_of(v), since_of(v), v->arena, day, e);
}

static enum status show(struct visit *v, const struct links_day *day, struct err *e)
{
    Str unit = unit_of(v);
    struct record_id *id = NEW_ARRAY(v->arena, struct record_id, day->deaths + 1);
    for (size_t i = 0; i < day->deaths; i++)
        id[i] = day->death[i]->id;
    TRY(store_note_shown(v->service->session.store, &v->actor, S("morning"), unit, id, day->deaths, e));
    TRY(link_rows_note(v, S("morning"), day->open.row, day->open.count, e));
    visit_page_begin(v, &(struct visit_page){.title = S("List for the morning meeting"),
                                             .back = {url(v->arena, "/links"), S("Links")}});
    part_title(v->out, words_time(v->arena, v->now_ms),
               str_empty(unit) ? S("List for the morning meeting")
                               : str_format(v->arena, "List for the morning meeting: %.*s",
                                            STR_ARG(roll_unit_words(v->service->roll, unit))));
    deaths_show(v, day);
    TRY(links_show(v, day, e));
    minutes_form(v, unit);
    visit_page_end(v);
    return OK;
}

enum status page_morning(struct visit *v, struct err *e)
{
    struct links_viewer viewer;
    struct links_day day;
    TRY(day_read(v, &viewer, &day, e));
    return show(v, &day, e);
}

enum status do_morning(struct visit *v, struct err *e)
{
    struct links_viewer viewer;
    struct links_day day;
    struct record_id meeting;
    struct err why = {0};
    TRY(day_read(v, &viewer, &day, e));
    struct record_id *death = NEW_ARRAY(v->arena, struct record_id, day.deaths + 1);
    struct record_id *link = NEW_ARRAY(v->arena, struct record_id, day.open.count + 1);
    for (size_t i = 0; i < day.deaths; i++)
        death[i] = day.death[i]->id;
    for (size_t i = 0; i < day.open.count; i++)
        link[i] = day.open.row[i].note.id;
    struct links_meeting m = {.unit = unit_of(v),
                              .at_ms = v->now_ms,
                              .chair = v->viewer.officer,
                              .death = death,
                              .deaths = day.deaths,
                              .link = link,
                              .links = day.open.count,
                              .minutes = visit_typed(v, "minutes", S(""))};
    if (str_empty(m.minutes)) visit_error(v, S("minutes"), "Write what was said and agreed.");
    if (v->errors.count == 0)
        TRY(visit_take_error(v, links_meeting_record(&viewer, &m, v->arena, &meeting, &why), &why, e));
    if (v->errors.count > 0) return show(v, &day, e);
    visit_notice(v, "saved");
    visit_redirect(v, url(v->arena, "/links/morning"));
    return OK;
}

/* ---- a link that a person suggests ------------------------------------------------------------------ */

static enum status suggest_show(struct visit *v)
{
    visit_page_begin(
        v, &(struct visit_page){.title = S("Suggest a link"), .back = {url(v->arena, "/links"), S("Links")}});
    part_title(v->out, S(""), S("Suggest a link"));
    part_paragraph(
        v->out,
        S("What you know and the records do not say may be what ties two deaths. Your suggestion gets an "
          "owner and an answer, like those of the machine."));
    visit_form_begin(v, url(v->arena, "/links/suggest"));
    static const char *const NAMES[] = {"first", "second"};
    static const char *const LABELS[] = {"One death", "The other death"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        part_input(v->out, &(struct part_input){.name = str_of(NAMES[i]),
                                                .label = str_of(LABELS[i]),
                                                .hint = S("Its reference, such as KG/2014/0619"),
                                                .value = visit_typed(v, NAMES[i], visit_query(v, NAMES[i])),
                                                .width = 20,
                                                .error = part_errors_of(&v->errors, str_of(NAMES[i]))});
    part_textarea(v->out, &(struct part_textarea){.name = S("note"),
                                                  .label = S("Why they may belong together"),
                                                  .value = visit_typed(v, "note", S("")),
                                                  .error = part_errors_of(&v->errors, S("note"))});
    part_button(v->out, &(struct part_button){.text = S("Suggest the link")});
    part_form_end(v->out);
    visit_page_end(v);
    return OK;
}

enum status page_suggest(struct visit *v, struct err *e)
{
    (void)e;
    return suggest_show(v);
}

static bool death_typed(struct visit *v, const char *name, struct record_id *out)
{
    uint32_t at = roll_find_word(v->service->roll, visit_typed(v, name, S("")));
    if (at != ROLL_NONE && sight_of_death(v->sight, roll_death(v->service->roll, at)) != SIGHT_NONE) {
        *out = roll_death(v->service->roll, at)->id;
        return true;
    }
    visit_error(v, str_of(name), "There is no death of this reference that you may see.");
    return false;
}

enum status do_suggest(struct visit *v, struct err *e)
{
    struct links_viewer viewer = links_viewer_of(v);
    struct record_id event[2], link;
    struct err why = {0};
    bool both = death_typed(v, "first", &event[0]) & death_typed(v, "second", &event[1]);
    if (both && record_id_eq(&event[0], &event[1])) visit_error(v, S("second"), "These are the same death.");
    if (str_empty(visit_typed(v, "note", S(""))))
        visit_error(v, S("note"), "Say why they may belong together.");
    if (v->errors.count == 0)
        TRY(visit_take_error(
            v, links_suggest(&viewer, event, 2, visit_form(v, "note"), v->arena, &link, &why), &why, e));
    if (v->errors.count > 0) return suggest_show(v);
    visit_notice(v, "saved");
    visit_redirect(v, url(v->arena, "/links/%.*s/%.*s", STR_ARG(visit_id_words(v->arena, &event[0])),
                          STR_ARG(visit_id_words(v->arena, &event[1]))));
    return OK;
}
