/* Settings, Restrictions and Conflicts of interest: what keeps people from a record. */
#include "web/page/custody_words.h"
#include "web/page/death_frame.h"
#include "web/page/pages.h"
#include "web/record_form.h"

#include "app/barriers.h"
#include "model/feed.h"

static Str events_words(struct visit *v, Str ns, const struct str_list *event)
{
    struct str_list words = {NEW_ARRAY(v->arena, Str, event->count + 1), event->count};
    for (size_t i = 0; i < event->count; i++) {
        struct record_id id = {.kind = KIND_DEATH};
        ref_split(event->item[i], ns, &id.ns, &id.id);
        uint32_t at = roll_find(v->service->roll, &id);
        words.item[i] = at == ROLL_NONE ? visit_id_words(v->arena, &id)
                                        : death_reference_words(v, roll_death(v->service->roll, at));
    }
    return str_join(v->arena, &words, S(", "));
}

static Str officers_words(struct visit *v, Str ns, const struct str_list *officer)
{
    struct str_list words = {NEW_ARRAY(v->arena, Str, officer->count + 1), officer->count};
    for (size_t i = 0; i < officer->count; i++)
        words.item[i] = custody_key_words(v, roll_ref_key(v->arena, ns, officer->item[i]));
    return str_join(v->arena, &words, S(", "));
}

/* A death that the person may see, by its reference; told at the input when there is none. */
static const struct roll_death *death_typed(struct visit *v)
{
    Str typed = visit_form(v, "death");
    uint32_t at = str_empty(typed) ? ROLL_NONE : roll_find_word(v->service->roll, typed);
    const struct roll_death *d = at == ROLL_NONE ? NULL : roll_death(v->service->roll, at);
    if (d != NULL && sight_of_death(v->sight, d) != SIGHT_NONE) return d;
    visit_error(v, S("death"), "There is no death with this reference. Write it as on its record.");
    return NULL;
}

static void death_input(struct visit *v)
{
    part_input(v->out, &(struct part_input){.name = S("death"),
                                            .label = S("Death"),
                                            .hint = S("Its reference, such as KG/2014/0619"),
                                            .value = visit_typed(v, "death", S("")),
                                            .width = 20,
                                            .error = part_errors_of(&v->errors, S("death"))});
}

static void button_form(struct visit *v, Url action, Str text, Str about)
{
    visit_form_begin(v, action);
    part_button(v->out, &(struct part_button){.text = text, .about = about, .kind = BUTTON_SECONDARY});
    part_form_end(v->out);
}

static void prose_input(struct visit *v, const char *name, Str label)
{
    part_textarea(v->out, &(struct part_textarea){.name = str_of(name),
                                                  .label = label,
                                                  .value = visit_typed(v, name, S("")),
                                                  .rows = 3,
                                                  .error = part_errors_of(&v->errors, str_of(name))});
}

/* The page again with its faults, or on to it with the change made. */
static enum status done(struct visit *v, route_run page, Url address, struct err *e)
{
    if (v->errors.count > 0) {
        v->answer->status = 400;
        return page(v, e);
    }
    visit_notice(v, "changed");
    visit_redirect(v, address);
    return OK;
}

/* ---- restrictions ----------------------------------------------------------------------------------- */

static void restriction_show(struct visit *v, const struct barrier *b)
{
    const struct restriction *x = b->restriction;
    Str words = events_words(v, b->id.ns, &x->events), id = visit_id_words(v->arena, &b->id);
    bool lifted = x->lifted_at.precision != PRECISION_NONE, approved = !str_empty(x->approved_by);
    Str by = custody_key_words(v, roll_ref_key(v->arena, b->id.ns, x->by));
    struct part_summary_row row[] = {
        {.key = S("Reason"), .text = x->reason},
        {.key = S("Set by"), .text = by},
        {.key = S("Cleared"), .text = officers_words(v, b->id.ns, &x->cleared)},
        {.key = S("Units cleared"),
         .text = str_join(v->arena, &x->units, S(", ")),
         .missing = x->units.count == 0},
        {.key = S("State"),
         .text = lifted     ? S("Lifted")
                 : approved ? S("In force, approved by a second person")
                            : S("In force, waits for a second person")},
    };
    part_card_begin(v->out, words, (struct part_link){{STR_NONE}, S("")});
    part_summary_begin(v->out);
    for (size_t i = 0; i < COUNT_OF(row); i++)
        part_summary_row(v->out, &row[i]);
    part_summary_end(v->out);
    if (!lifted && !approved)
        button_form(v, url(v->arena, "/settings/restrictions/%.*s/approve", STR_ARG(id)), S("Approve"),
                    words);
    if (!lifted)
        button_form(v, url(v->arena, "/settings/restrictions/%.*s/lift", STR_ARG(id)), S("Lift"), words);
    part_card_end(v->out);
}

static void restriction_form(struct visit *v)
{
    part_heading(v->out, 2, S("restrict"), S("Restrict a record"));
    part_paragraph(v->out, S("Everybody who is not cleared loses sight of it at once, in lists, searches, "
                             "counts and links."));
    visit_form_begin(v, url(v->arena, "/settings/restrictions"));
    death_input(v);
    prose_input(v, "reason", S("Why"));
    part_textarea(v->out, &(struct part_textarea){.name = S("cleared"),
                                                  .label = S("Officers who are cleared beside you"),
                                                  .hint = S("Their references, one a line"),
                                                  .value = visit_typed(v, "cleared", S("")),
                                                  .rows = 3,
                                                  .error = part_errors_of(&v->errors, S("cleared"))});
    part_textarea(v->out, &(struct part_textarea){.name = S("units"),
                                                  .label = S("Units that are cleared"),
                                                  .hint = S("Their codes, one a line. None is safest."),
                                                  .value = visit_typed(v, "units", S("")),
                                                  .rows = 2,
                                                  .error = part_errors_of(&v->errors, S("units"))});
    part_button(v->out, &(struct part_button){.text = S("Restrict it"), .kind = BUTTON_WARNING});
    part_form_end(v->out);
}

enum status page_restrictions(struct visit *v, struct err *e)
{
    struct barrier *list = NULL;
    size_t count = 0;
    TRY(restrictions_read(&v->session, v->sight, v->arena, &list, &count, e));
    visit_page_begin(v, &(struct visit_page){.title = S("Restrictions"),
                                             .back = {url(v->arena, "/settings"), S("Settings")}});
    part_title(v->out, S("Settings"), S("Restrictions"));
    part_paragraph(v->out, S("Those on records that you may see. Others are not shown, here or anywhere."));
    if (count == 0) part_empty(v->out, S("No record that you may see is restricted."));
    for (size_t i = 0; i < count; i++)
        restriction_show(v, &list[i]);
    restriction_form(v);
    visit_page_end(v);
    return OK;
}

/* One a line, without empty ones. */
static struct str_list lines_of(struct visit *v, const char *name)
{
    Str rest = visit_form(v, name), line;
    struct str_list list = {NULL, 0};
    size_t room = 0;
    while (str_present(rest) && str_next(&rest, '\n', &line)) {
        line = str_trim(line);
        if (str_empty(line)) continue;
        ARENA_ROOM(v->arena, list.item, room, list.count + 1, 8);
        list.item[list.count++] = line;
    }
    return list;
}

static void check_named(struct visit *v, const struct restriction_wanted *x)
{
    for (size_t i = 0; i < x->cleared.count; i++)
        if (roll_officer(v->service->roll, S(NAMESPACE_DEFAULT), x->cleared.item[i]) == NULL)
            visit_error(v, S("cleared"), "%.*s is no officer of the staff list.",
                        STR_ARG(x->cleared.item[i]));
    for (size_t i = 0; i < x->units.count; i++)
        if (roll_unit(v->service->roll, S(NAMESPACE_DEFAULT), x->units.item[i]) == NULL)
            visit_error(v, S("units"), "%.*s is no unit.", STR_ARG(x->units.item[i]));
}

enum status do_restriction(struct visit *v, struct err *e)
{
    struct err why = {0};
    const struct roll_death *d = death_typed(v);
    Str reason = visit_form(v, "reason");
    struct restriction_wanted x = {.reason = str_present(reason) ? reason : S(""),
                                   .officer = v->viewer.officer,
                                   .cleared = lines_of(v, "cleared"),
                                   .units = lines_of(v, "units")};
    check_named(v, &x);
    if (d != NULL) x.death = d->id;
    if (v->errors.count == 0)
        TRY(visit_take_error(v, restriction_set(&v->session, &x, v->now_ms, v->arena, &why), &why, e));
    return done(v, page_restrictions, url(v->arena, "/settings/restrictions"), e);
}

enum status do_restriction_approve(struct visit *v, struct err *e)
{
    struct err why = {0};
    enum status status = restriction_approve(&v->session, v->record, v->viewer.officer, v->arena, &why);
    TRY(visit_take_error(v, status, &why, e));
    return done(v, page_restrictions, url(v->arena, "/settings/restrictions"), e);
}

enum status do_restriction_lift(struct visit *v, struct err *e)
{
    struct err why = {0};
    enum status status =
        restriction_lift(&v->session, v->record, v->viewer.officer, v->now_ms, v->arena, &why);
    TRY(visit_take_error(v, status, &why, e));
    return done(v, page_restrictions, url(v->arena, "/settings/restrictions"), e);
}

/* ---- conflicts of interest -------------------------------------------------------------------------- */

static void conflicts_table(struct visit *v, const struct barrier *list, size_t count)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Officer")},
                                                 {.title = S_INIT("Why")},
                                                 {.title = S_INIT("Declared")},
                                                 {.title = S_INIT("State")}};
    part_table_begin(v->out, &(struct part_table){.caption = S("Conflicts of interest"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < count; i++) {
        const struct conflict *x = list[i].conflict;
        Str officer = custody_key_words(v, roll_ref_key(v->arena, list[i].id.ns, x->officer));
        Str id = visit_id_words(v->arena, &list[i].id);
        bool ended = x->ended_at.precision != PRECISION_NONE;
        part_row_begin(v->out);
        part_row_head(v->out, (Url){STR_NONE}, officer);
        part_cell(v->out, x->why);
        part_cell(v->out, x->declared_at.precision == PRECISION_NONE
                              ? S("")
                              : custody_time_words(v, x->declared_at.ms));
        part_cell_begin(v->out);
        if (ended || !visit_may(v, PERMISSION_CONFLICTS))
            part_tag(v->out, MEANING_PLAIN, ended ? S("Ended") : S("In force"));
        else
            button_form(v, url(v->arena, "/settings/conflicts/%.*s/end", STR_ARG(id)), S("It has ended"),
                        officer);
        part_cell_end(v->out);
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

static void conflict_form(struct visit *v)
{
    bool others = visit_may(v, PERMISSION_CONFLICTS);
    part_heading(v->out, 2, S("declare"), S("Declare an interest"));
    part_paragraph(v->out,
                   S("In the death of somebody close to you, or in which somebody close has a part. You "
                     "will not see the record any more, and nobody is told why."));
    visit_form_begin(v, url(v->arena, "/settings/conflicts"));
    if (others)
        part_input(v->out, &(struct part_input){.name = S("officer"),
                                                .label = S("Whose interest"),
                                                .hint = S("The reference of an officer; empty: your own"),
                                                .value = visit_typed(v, "officer", S("")),
                                                .width = 20,
                                                .error = part_errors_of(&v->errors, S("officer"))});
    death_input(v);
    prose_input(v, "why", S("What the interest is, in a few words"));
    part_button(v->out, &(struct part_button){.text = S("Declare it")});
    part_form_end(v->out);
}

enum status page_conflicts(struct visit *v, struct err *e)
{
    struct barrier *list = NULL;
    size_t count = 0;
    bool all = visit_may(v, PERMISSION_CONFLICTS);
    if (all || !str_empty(v->viewer.officer))
        TRY(conflicts_read(&v->session, all ? S("") : v->viewer.officer, v->arena, &list, &count, e));
    visit_page_begin(v, &(struct visit_page){.title = S("Conflicts of interest"),
                                             .back = {url(v->arena, "/settings"), S("Settings")}});
    part_title(v->out, S("Settings"), S("Conflicts of interest"));
    if (count == 0)
        part_empty(v->out, all ? S("None is on record.") : S("You have declared none."));
    else
        conflicts_table(v, list, count);
    conflict_form(v);
    visit_page_end(v);
    return OK;
}

enum status do_conflict(struct visit *v, struct err *e)
{
    struct err why = {0};
    const struct roll_death *d = death_typed(v);
    Str officer = visit_form(v, "officer"), text = visit_form(v, "why");
    if (str_empty(officer) || !visit_may(v, PERMISSION_CONFLICTS)) officer = v->viewer.officer;
    if (!str_empty(officer) && roll_officer(v->service->roll, S(NAMESPACE_DEFAULT), officer) == NULL)
        visit_error(v, S("officer"), "There is no officer with this reference in the staff list.");
    if (v->errors.count == 0)
        TRY(visit_take_error(v,
                             conflict_declare(&v->session, officer, &d->id, str_present(text) ? text : S(""),
                                              v->viewer.officer, v->now_ms, v->arena, &why),
                             &why, e));
    return done(v, page_conflicts, url(v->arena, "/settings/conflicts"), e);
}

enum status do_conflict_end(struct visit *v, struct err *e)
{
    struct record_id id = {.kind = KIND_CONFLICT};
    ref_split(visit_param(v, "conflict"), S(NAMESPACE_DEFAULT), &id.ns, &id.id);
    TRY(conflict_end(&v->session, &id, v->now_ms, v->arena, e));
    return done(v, page_conflicts, url(v->arena, "/settings/conflicts"), e);
}
