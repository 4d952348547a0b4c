/* Exhibits: the register of a store or a unit, and the exhibits of one death. */
#include "web/page/custody_words.h"
#include "web/page/death_frame.h"
#include "web/page/pages.h"

#include "base/caldate.h"

#define PAGE_ROWS 50

struct answer {
    const struct exhibit_row **row;
    size_t count;
    size_t from, shown; /* of them, on this page */
};

/* ---- asking ----------------------------------------------------------------------------------------- */

static struct exhibit_query query_of(struct visit *v)
{
    Str holder = visit_query(v, "holder");
    struct exhibit_query q = {.words = visit_query(v, "q"),
                              .state = visit_query(v, "state"),
                              .who = custody_visitor(v),
                              .held_by_who = str_eq(holder, S("me")),
                              .waits_for_who = str_eq(holder, S("waiting")),
                              .due_until_ms = INT64_MAX,
                              .death = v->death == NULL ? NULL : &v->death->id};
    if (!q.held_by_who && !q.waits_for_who && !str_eq(holder, S("unit"))) q.holder = holder;
    if (str_eq(holder, S("unit"))) q.holder = str_empty(q.who.unit) ? S("-") : q.who.unit;
    Str due = visit_query(v, "due");
    if (str_eq(due, S("overdue"))) q.due_until_ms = v->now_ms;
    if (str_eq(due, S("week"))) q.due_until_ms = v->now_ms + 7 * MS_PER_DAY;
    return q;
}

static Url list_url(struct visit *v)
{
    static const char *const NAMES[] = {"q", "state", "holder", "due"};
    Url base = v->death == NULL ? url(v->arena, "/exhibits") : visit_death_url(v, &v->death->id, "exhibits");
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        base = url_with(v->arena, base, str_of(NAMES[i]), visit_query(v, NAMES[i]));
    return base;
}

static enum status note(struct visit *v, const struct answer *x, struct err *e)
{
    struct record_id *id = NEW_ARRAY(v->arena, struct record_id, x->shown + 1);
    for (size_t i = 0; i < x->shown; i++)
        id[i] = x->row[x->from + i]->id;
    return store_note_shown(v->service->session.store, &v->actor, S("list"), list_url(v).ready, id, x->shown,
                            e);
}

/* ---- as data ---------------------------------------------------------------------------------------- */

static void json_one(struct json_writer *w, const struct exhibit_row *row)
{
    json_open(w, '{');
    json_put_key(w, S("id"));
    json_put_id(w, &row->id);
    json_put_key(w, S("death"));
    json_put_id(w, &row->death);
    json_kv_str(w, S("ref"), row->ref);
    json_kv_str(w, S("item"), row->item);
    json_kv_str(w, S("description"), row->description);
    json_kv_str(w, S("state"), row->state);
    json_kv_str(w, S("listed_by"), row->listed_by);
    json_kv_str(w, S("seal"), row->custody.seal);
    json_kv_str(w, S("holder"), row->custody.holder);
    visit_json_time(w, S("since"), row->custody.at_ms);
    if (row->custody.waiting) json_kv_str(w, S("to"), row->custody.to);
    visit_json_time(w, S("due"), row->due_ms);
    json_close(w, '}');
}

static void as_json(struct visit *v, const struct answer *x)
{
    struct json_writer w = visit_json(v);
    json_open(&w, '{');
    json_kv_i64(&w, S("count"), (int64_t)x->count);
    json_put_key(&w, S("exhibits"));
    json_open(&w, '[');
    for (size_t i = 0; i < x->shown; i++)
        json_one(&w, x->row[x->from + i]);
    json_close(&w, ']');
    json_close(&w, '}');
    visit_json_end(v);
}

static Str stamp_of(struct visit *v, int64_t ms)
{
    char stamp[32];
    if (ms == INT64_MIN || ms == INT64_MAX) return S("");
    caldate_format(ms, stamp);
    return str_copy(v->arena, str_of(stamp));
}

static void as_csv(struct visit *v, const struct answer *x)
{
    const Str head[] = {S("id"),   S("death"), S("reference"), S("kind"), S("description"), S("state"),
                        S("seal"), S("list"),  S("holder"),    S("to"),   S("since"),       S("due")};
    visit_csv_begin(v, S("exhibits.csv"));
    visit_csv_row(v, head, COUNT_OF(head));
    for (size_t i = 0; i < x->shown; i++) {
        const struct exhibit_row *row = x->row[x->from + i];
        const struct custody *c = &row->custody;
        const Str cell[] = {visit_id_words(v->arena, &row->id),
                            visit_id_words(v->arena, &row->death),
                            row->ref,
                            row->item,
                            row->description,
                            row->state,
                            c->seal,
                            row->listed_by,
                            c->booked ? custody_key_words(v, c->holder) : S(""),
                            c->waiting ? custody_key_words(v, c->to) : S(""),
                            stamp_of(v, c->at_ms),
                            stamp_of(v, row->due_ms)};
        visit_csv_row(v, cell, COUNT_OF(cell));
    }
}

/* ---- as a page -------------------------------------------------------------------------------------- */

static Str state_words(struct visit *v, const struct exhibit_row *row)
{
    return str_empty(row->state) ? S("no state") : custody_code_words(v, exhibit_field_state, row->state);
}

static void row_show(struct visit *v, const struct exhibit_row *row, bool with_death)
{
    Str what =
        str_empty(row->description) ? custody_code_words(v, exhibit_field_item, row->item) : row->description;
    part_row_begin(v->out);
    part_row_head(v->out, custody_exhibit_url(v, &row->id, ""), custody_exhibit_words(v, &row->id, row->ref));
    part_cell(v->out, what);
    if (with_death) {
        uint32_t at = roll_find(v->service->roll, &row->death);
        const struct roll_death *d = roll_death(v->service->roll, at);
        part_cell_link(v->out, visit_death_url(v, &row->death, "exhibits"), death_reference_words(v, d));
    }
    part_cell(v->out, str_empty(row->custody.seal) ? S("not sealed") : row->custody.seal);
    part_cell_begin(v->out);
    part_tag(v->out, custody_state_meaning(row->state), state_words(v, row));
    part_cell_end(v->out);
    part_cell(v->out, custody_holder_words(v, &row->custody));
    part_cell(v->out, custody_time_words(v, row->custody.at_ms));
    part_cell(v->out, row->due_ms == INT64_MAX ? S("") : death_day_words(v->arena, row->due_ms));
    part_row_end(v->out);
}

static void table_show(struct visit *v, const struct answer *x, bool with_death)
{
    struct part_column column[8];
    size_t columns = 0;
    column[columns++] = (struct part_column){.title = S("Exhibit")};
    column[columns++] = (struct part_column){.title = S("What")};
    if (with_death) column[columns++] = (struct part_column){.title = S("Death")};
    column[columns++] = (struct part_column){.title = S("Seal")};
    column[columns++] = (struct part_column){.title = S("State")};
    column[columns++] = (struct part_column){.title = S("Held by")};
    column[columns++] = (struct part_column){.title = S("Since")};
    column[columns++] = (struct part_column){.title = S("Due")};
    part_table_begin(v->out, &(struct part_table){.caption = S("Exhibits, last moved first"),
                                                  .caption_hidden = true,
                                                  .column = column,
                                                  .columns = columns});
    for (size_t i = 0; i < x->shown; i++)
        row_show(v, x->row[x->from + i], with_death);
    part_table_end(v->out);
}

static void state_select(struct visit *v, Str chosen)
{
    const char *codes = kind_of(KIND_EXHIBIT)->field[exhibit_field_state].values;
    struct part_choice choice[16] = {{.value = S(""), .label = S("Any state")}};
    Str rest = str_of(codes), code;
    size_t count = 1;
    while (count < COUNT_OF(choice) && str_next(&rest, ' ', &code))
        choice[count++] = (struct part_choice){.value = code,
                                               .label = custody_code_words(v, exhibit_field_state, code),
                                               .chosen = str_eq(code, chosen)};
    part_select(v->out, &(struct part_choices){
                            .name = S("state"), .legend = S("State"), .choice = choice, .count = count});
}

static void choices_show(struct visit *v, const char *name, Str legend, const struct part_choice *fixed,
                         size_t count, Str chosen)
{
    struct part_choice choice[8];
    bool known = false;
    for (size_t i = 0; i < count; i++) {
        choice[i] = fixed[i];
        choice[i].chosen = str_eq(fixed[i].value, chosen);
        known = known || choice[i].chosen;
    }
    if (!known && !str_empty(chosen)) /* came by a link: an officer or a unit */
        choice[count++] =
            (struct part_choice){chosen, custody_key_words(v, chosen), S(""), true, false, {S("")}};
    part_select(v->out, &(struct part_choices){
                            .name = str_of(name), .legend = legend, .choice = choice, .count = count});
}

static void filter_inputs(struct visit *v)
{
    static const struct part_choice HOLDERS[] = {
        {.value = S_INIT(""), .label = S_INIT("Anybody")},
        {.value = S_INIT("me"), .label = S_INIT("Me or my unit")},
        {.value = S_INIT("unit"), .label = S_INIT("My unit's store")},
        {.value = S_INIT("waiting"), .label = S_INIT("Waiting for me to confirm")}};
    static const struct part_choice DUE[] = {{.value = S_INIT(""), .label = S_INIT("Any time")},
                                             {.value = S_INIT("overdue"), .label = S_INIT("Overdue")},
                                             {.value = S_INIT("week"), .label = S_INIT("Within 7 days")}};
    part_input(v->out, &(struct part_input){.name = S("q"),
                                            .label = S("Reference, seal number or description"),
                                            .value = visit_query(v, "q")});
    state_select(v, visit_query(v, "state"));
    choices_show(v, "holder", S("Held by"), HOLDERS, COUNT_OF(HOLDERS), visit_query(v, "holder"));
    choices_show(v, "due", S("Examination due"), DUE, COUNT_OF(DUE), visit_query(v, "due"));
}

static void list_html(struct visit *v, const struct answer *x)
{
    struct part_filter filter = {.action = url(v->arena, "/exhibits"), .clear = url(v->arena, "/exhibits")};
    visit_page_begin(v, &(struct visit_page){.title = S("Exhibits"), .wide = true});
    part_title(v->out, S(""), S("Exhibits"));
    part_filter_begin(v->out, &filter);
    filter_inputs(v);
    part_filter_results(v->out, &filter);
    part_range(v->out, x->count == 0 ? 0 : x->from + 1, x->from + x->shown, x->count, S("exhibits"));
    if (x->count == 0)
        part_empty(v->out, S("No exhibit you may see answers this. Exhibits are booked in on the record of "
                             "their death."));
    else
        table_show(v, x, true);
    part_pages(v->out, v->arena,
               &(struct part_pages){.base = list_url(v),
                                    .page = x->from / PAGE_ROWS + 1,
                                    .pages = (x->count + PAGE_ROWS - 1) / PAGE_ROWS});
    part_filter_end(v->out);
    visit_page_end(v);
}

static void discrepancies_show(struct visit *v, const struct answer *x)
{
    struct exhibit_discrepancy *d = NULL;
    size_t count = exhibit_discrepancies(x->row, x->count, v->arena, &d);
    if (count == 0) return;
    part_heading(v->out, 2, S("lists"), S("The scene's list and the mortuary's do not agree"));
    part_paragraph(v->out,
                   S("What is on one list and not on the other is either lost or was missed. Find out "
                     "which, and record it."));
    static const struct part_column COLUMNS[] = {
        {.title = S_INIT("Exhibit")}, {.title = S_INIT("What")}, {.title = S_INIT("What is wrong")}};
    part_table_begin(v->out, &(struct part_table){.caption = S("Exhibits on one list only"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < count; i++) {
        const struct exhibit_row *row = d[i].row;
        part_row_begin(v->out);
        part_row_head(v->out, custody_exhibit_url(v, &row->id, ""),
                      custody_exhibit_words(v, &row->id, row->ref));
        part_cell(v->out, row->description);
        part_cell(v->out, d[i].missing_at_mortuary ? S("Listed at the scene, not at the mortuary")
                                                   : S("Listed at the mortuary, not at the scene"));
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

static void death_html(struct visit *v, const struct answer *x)
{
    death_page_begin(v, DEATH_EXHIBITS);
    if (visit_may(v, PERMISSION_EXHIBITS))
        part_button(v->out, &(struct part_button){.text = S("Book an exhibit in"),
                                                  .href = visit_death_url(v, &v->death->id, "exhibits/new")});
    if (x->count == 0)
        part_empty(v->out, S("No exhibit is recorded for this death."));
    else
        table_show(v, x, false);
    discrepancies_show(v, x);
    death_page_end(v);
}

/* ---- the way ---------------------------------------------------------------------------------------- */

/* A file holds all of it, and so does the record of one death. */
static void cut_page(struct visit *v, struct answer *x)
{
    int64_t page = 1;
    x->shown = x->count;
    if (v->format == FORMAT_CSV || v->death != NULL) return;
    if (str_to_i64(visit_query(v, "page"), &page) != OK || page < 1) page = 1;
    x->from = (size_t)(page - 1) * PAGE_ROWS;
    if (x->from >= x->count) x->from = 0;
    x->shown = x->count - x->from < PAGE_ROWS ? x->count - x->from : PAGE_ROWS;
}

static enum status answer_held(struct visit *v, void (*as_html)(struct visit *v, const struct answer *x),
                               struct err *e)
{
    struct answer x = {0};
    struct exhibit_query q = query_of(v);
    x.count = exhibit_register_ask(v->service->exhibits, v->service->roll, v->sight, &q, v->arena, &x.row);
    cut_page(v, &x);
    TRY(note(v, &x, e));
    if (v->format == FORMAT_JSON)
        as_json(v, &x);
    else if (v->format == FORMAT_CSV)
        as_csv(v, &x);
    else
        as_html(v, &x);
    return OK;
}

static enum status answer(struct visit *v, void (*as_html)(struct visit *v, const struct answer *x),
                          struct err *e)
{
    TRY(exhibit_register_follow(v->service->exhibits, v->service->session.store, e));
    exhibit_register_hold(v->service->exhibits);
    enum status status = answer_held(v, as_html, e);
    exhibit_register_release(v->service->exhibits);
    return status;
}

enum status page_exhibits(struct visit *v, struct err *e)
{
    return answer(v, list_html, e);
}

enum status page_death_exhibits(struct visit *v, struct err *e)
{
    return answer(v, death_html, e);
}
