#include "web/page/casework_page.h"

#include "app/casework_words.h"
#include "app/live_casework.h"
#include "base/utf8.h"
#include "model/kinds.h"
#include "web/route.h"

#include <ctype.h>

/* ---- reading ---------------------------------------------------------------------------------------- */

static bool is_now(const struct visit *v)
{
    return v->view.known_at_ms == INT64_MAX && v->view.seq == UINT64_MAX;
}

struct person_acting casework_acting(const struct visit *v)
{
    const struct roll_officer *officer = roll_officer(v->service->roll, S("main"), v->viewer.officer);
    return (struct person_acting){.account = v->who.account.name,
                                  .officer = v->viewer.officer,
                                  .rank = officer == NULL ? S("") : officer->rank,
                                  .role = str_of(ROLES[v->viewer.role].label)};
}

enum status casework_page_read(struct visit *v, struct casework_page *out, struct err *e)
{
    struct casework_live from = {.live = v->service->live,
                                 .side = v->death->restricted ? LIVE_WHOLE : LIVE_OPEN,
                                 .may_see = sight_may_see,
                                 .state = v->sight};
    struct casework_links links = casework_of_live(&from);
    struct casework_ask ask = {.session = &v->session,
                               .pack = &v->service->checks,
                               .view = v->view,
                               .now_ms = v->view.known_at_ms == INT64_MAX ? v->now_ms : v->view.known_at_ms};
    struct live_status live;
    *out = (struct casework_page){.who = casework_acting(v)};
    live_status(v->service->live, &live);
    out->linked = is_now(v) && live.ready;
    if (out->linked) ask.links = &links;
    return casework_read(&ask, &v->death->id, v->arena, &out->work, e);
}

struct casework_act casework_page_act(struct visit *v, const struct casework_page *p)
{
    return (struct casework_act){.session = &v->session,
                                 .who = &p->who,
                                 .work = &p->work,
                                 .pack = &v->service->checks,
                                 .arena = v->arena};
}

void casework_page_caveat(struct visit *v, const struct casework_page *p)
{
    if (p->linked) return;
    part_inset(v->out, is_now(v)
                           ? S("Links are not ready to be read. Checks that links raise are not shown here.")
                           : S("This looks back. Checks that links raise are not shown here."));
}

/* ---- records ---------------------------------------------------------------------------------------- */

static struct record_id id_of(const struct fact_row *row)
{
    const struct kind *kind = kind_named(row->kind);
    struct record_id id = {.ns = S("main"), .kind = kind == NULL ? KIND_DEATH : kind->id, .id = S("")};
    if (kind != NULL) ref_split(row->key, S("main"), &id.ns, &id.id);
    return id;
}

static Url other_death(struct visit *v, const struct fact_row *row)
{
    struct record_id other = {.kind = KIND_DEATH};
    Str key = fact_now(row, S("other"));
    if (!str_present(key)) return (Url){STR_NONE};
    ref_split(key, S("main"), &other.ns, &other.id);
    if (roll_find(v->service->roll, &other) == ROLL_NONE || !sight_may_see(v->sight, &other))
        return (Url){STR_NONE};
    return visit_death_url(v, &other, "");
}

Url casework_row_url(struct visit *v, const struct fact_row *row)
{
    struct record_id id = id_of(row);
    if (str_eq(row->kind, S("link")) || str_eq(row->kind, S("near"))) return other_death(v, row);
    if (str_empty(id.id)) return (Url){STR_NONE};
    Url death = visit_death_url(v, &v->death->id, "");
    if (id.kind == KIND_DEATH) return death;
    /* the record of the death lists it under this name */
    return (Url){str_format(v->arena, "%.*s#%s-%.*s", STR_ARG(death.ready), kind_of(id.kind)->name,
                            STR_ARG(url_segment(v->arena, id.id)))};
}

enum part_meaning check_meaning(enum check_state state)
{
    static const enum part_meaning MEANINGS[CHECK_STATES] = {
        [CHECK_OVERDUE] = MEANING_URGENT,      [CHECK_NOT_STARTED] = MEANING_ATTENTION,
        [CHECK_IN_PROGRESS] = MEANING_WAITING, [CHECK_WAITING] = MEANING_WAITING,
        [CHECK_COMPLETED] = MEANING_GOOD,      [CHECK_NOT_NEEDED] = MEANING_PLAIN};
    return MEANINGS[state];
}

Str check_tag_words(struct visit *v, enum check_state state)
{
    Str words = str_format(v->arena, "%s", check_state_words(state));
    char *first = str_cstr(v->arena, words);
    first[0] = (char)toupper((unsigned char)first[0]);
    return (Str){first, words.len};
}

void casework_item_show(struct visit *v, const struct casework *w, const struct check_item *item)
{
    htmlf(v->out, "<p class=\"govuk-body-s govuk-!-margin-bottom-1\">%.*s",
          STR_ARG(casework_item_words(v->arena, w, item)));
    for (size_t i = 0; i < item->evidences; i++) {
        Url href = casework_row_url(v, item->evidence[i]);
        htmlf(v->out, "%s", i == 0 ? " Evidence: " : ", ");
        if (str_empty(href.ready))
            html_text(v->out, casework_row_words(v->arena, item->evidence[i]));
        else
            html_link(v->out, href, casework_row_words(v->arena, item->evidence[i]));
    }
    html(v->out, "</p>\n");
}

/* ---- what a reason rests on ------------------------------------------------------------------------- */

/* Records that say something of what happened: not people, opinions, or plans. */
static bool can_be_relied_on(const struct fact_row *row)
{
    static const enum kind_id KINDS[] = {KIND_EXHIBIT, KIND_STATEMENT, KIND_RESULT, KIND_SUBMISSION,
                                         KIND_ACTION,  KIND_SEARCH,    KIND_SCENE,  KIND_INCIDENT};
    const struct kind *kind = kind_named(row->kind);
    for (size_t i = 0; kind != NULL && i < COUNT_OF(KINDS); i++)
        if (kind->id == KINDS[i]) return true;
    return false;
}

static Str key_words(struct visit *v, const struct fact_row *row)
{
    return casework_key_words(v->arena, row->key);
}

static bool was_ticked(const struct visit *v, Str value)
{
    for (size_t i = 0; i < v->request->form.count; i++)
        if (str_eq(v->request->form.pair[i].name, S("relied_on")) &&
            str_eq(v->request->form.pair[i].value, value))
            return true;
    return false;
}

void relied_on_show(struct visit *v, const struct casework *w, Str legend, Str hint)
{
    struct part_choice *choice = NEW_ARRAY(v->arena, struct part_choice, w->facts.count + 1);
    size_t n = 0;
    for (size_t i = 0; i < w->facts.count; i++) {
        const struct fact_row *row = &w->facts.row[i];
        if (!can_be_relied_on(row)) continue;
        Str said = fact_now(row, S("result"));
        if (!str_present(said)) said = fact_now(row, S("text"));
        if (!str_present(said)) said = fact_now(row, S("description"));
        choice[n++] = (struct part_choice){.value = key_words(v, row),
                                           .label = casework_row_words(v->arena, row),
                                           .hint = str_present(said) ? utf8_cut(said, 120) : S(""),
                                           .chosen = was_ticked(v, key_words(v, row))};
    }
    if (n == 0) {
        part_inset(v->out, S("No statement, exhibit, result or other evidence is on record yet."));
        return;
    }
    part_checkboxes(v->out, &(struct part_choices){.name = S("relied_on"),
                                                   .legend = legend,
                                                   .hint = hint,
                                                   .error = part_errors_of(&v->errors, S("relied_on")),
                                                   .choice = choice,
                                                   .count = n,
                                                   .small = true});
}

size_t relied_on_read(struct visit *v, const struct casework *w, struct record_id **out)
{
    struct record_id *id = NEW_ARRAY(v->arena, struct record_id, w->facts.count + 1);
    size_t n = 0;
    for (size_t i = 0; i < w->facts.count; i++)
        if (can_be_relied_on(&w->facts.row[i]) && was_ticked(v, key_words(v, &w->facts.row[i])))
            id[n++] = id_of(&w->facts.row[i]);
    *out = id;
    return n;
}

/* ---- second persons --------------------------------------------------------------------------------- */

static Str request_words(struct visit *v, const struct casework_page *p, const struct second_request *r)
{
    Str by = str_present(r->by) ? casework_who_words(v->arena, &p->work, r->by) : S("somebody");
    if (r->kind == SECOND_LOWER)
        return str_format(v->arena, "%.*s proposes the category \"%.*s\".", STR_ARG(by),
                          STR_ARG(category_words(r->to)));
    const struct check *check = check_find(&v->service->checks, r->to);
    return str_format(v->arena, "%.*s says that this check is not needed: %.*s.", STR_ARG(by),
                      STR_ARG(check == NULL ? r->to : check->title));
}

static void request_show(struct visit *v, const struct casework_page *p, const struct second_request *r)
{
    struct err why = {0};
    bool may = visit_may(v, r->kind == SECOND_LOWER ? PERMISSION_CLASSIFY : PERMISSION_SUPERVISE);
    enum status status = second_check(r, &p->who, NULL, 0, &why);
    Str id = visit_id_words(v->arena, &r->id);
    part_inset_begin(v->out);
    part_paragraph(v->out, request_words(v, p, r));
    part_paragraph(v->out, str_format(v->arena, "Reason: %.*s", STR_ARG(r->rationale)));
    if (!may || status != OK) {
        part_paragraph(v->out, status != OK && may ? str_copy(v->arena, str_of(why.text))
                                                   : S("It waits for a second person."));
        part_inset_end(v->out);
        return;
    }
    visit_form_begin(v, url(v->arena, "/deaths/%.*s/second/%.*s",
                            STR_ARG(visit_id_words(v->arena, &v->death->id)), STR_ARG(id)));
    part_input(v->out, &(struct part_input){.name = S("reason"),
                                            .id = str_format(v->arena, "reason-%.*s", STR_ARG(id)),
                                            .label = S("If you do not agree, say why"),
                                            .error = part_errors_of(&v->errors, S("reason")),
                                            .spellcheck = true});
    part_buttons_begin(v->out);
    part_button(v->out, &(struct part_button){.text = S("Agree"), .name = S("say"), .value = S("agree")});
    part_button(v->out, &(struct part_button){.text = S("Do not agree"),
                                              .name = S("say"),
                                              .value = S("decline"),
                                              .kind = BUTTON_SECONDARY});
    part_buttons_end(v->out);
    part_form_end(v->out);
    part_inset_end(v->out);
}

void second_requests_show(struct visit *v, const struct casework_page *p, int kind)
{
    struct second_request *list = NULL;
    size_t count = second_requests(&p->work, &v->service->checks, v->arena, &list);
    bool headed = false;
    for (size_t i = 0; i < count; i++) {
        if (kind >= 0 && (int)list[i].kind != kind) continue;
        if (!headed) part_heading(v->out, 2, S("second"), S("Waits for a second person"));
        headed = true;
        request_show(v, p, &list[i]);
    }
}
