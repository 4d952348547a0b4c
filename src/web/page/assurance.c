/* Assurance: how the units do, the records behind every number, and a sample drawn by chance. */
#include "web/page/casework_page.h"
#include "web/page/death_frame.h"
#include "web/page/pages.h"

#include "app/assurance.h"
#include "app/words.h"
#include "app/work_queue.h"
#include "base/caldate.h"
#include "model/when.h"

enum { PAGE_LINES = 50, CSV_LINES = 100000, SAMPLE_MAX = 200, SAMPLE_USUAL = 10 };
#define OVERDUE_BITS                                                                                         \
    (1U << ASSURE_OVERDUE_DAY | 1U << ASSURE_OVERDUE_WEEK | 1U << ASSURE_OVERDUE_MONTH |                     \
     1U << ASSURE_OVERDUE_LONG)

static int64_t day_of(Str text, int64_t none, bool end)
{
    struct moment m;
    struct err ignored = {0};
    if (str_empty(text) || moment_parse(text, &m, &ignored) != OK) return none;
    return end ? m.ms + MS_PER_DAY : m.ms;
}

static struct assurance_ask ask_of(const struct visit *v)
{
    return (struct assurance_ask){.work = v->service->work,
                                  .roll = v->service->roll,
                                  .sight = v->sight,
                                  .pack = &v->service->checks,
                                  .from_ms = day_of(visit_query(v, "from"), INT64_MIN, false),
                                  .until_ms = day_of(visit_query(v, "to"), INT64_MAX, true),
                                  .now_ms = v->now_ms};
}

/* The same period on another page. */
static Url with_period(struct visit *v, Url to)
{
    return url_with(v->arena, url_with(v->arena, to, S("from"), visit_asked(v, "from")), S("to"),
                    visit_asked(v, "to"));
}

static Str number(struct visit *v, size_t n)
{
    return str_format(v->arena, "%zu", n);
}

static void progress_show(struct visit *v)
{
    struct work_progress p;
    size_t judged = 0, deaths = 0;
    work_progress(v->service->work, &p);
    if (p.ready) return;
    work_hold(v->service->work);
    work_progress_seen(v->service->work, v->service->roll, v->sight, &judged, &deaths);
    work_release(v->service->work);
    part_inset(v->out, str_format(v->arena,
                                  "The server has just started and is looking at every death: %zu of %zu so "
                                  "far. The numbers are not complete yet.",
                                  judged, deaths));
}

static void period_form(struct visit *v, Url action)
{
    part_form_begin(v->out, &(struct part_form){.action = action, .get = true});
    visit_period_inputs(v, "Deaths found from", "to");
    part_button(v->out, &(struct part_button){.text = S("Show"), .kind = BUTTON_SECONDARY});
    part_form_end(v->out);
}

/* ---- by unit ---------------------------------------------------------------------------------------- */

static size_t overdue_of(const struct assurance_unit *u)
{
    return u->count[ASSURE_OVERDUE_DAY] + u->count[ASSURE_OVERDUE_WEEK] + u->count[ASSURE_OVERDUE_MONTH] +
           u->count[ASSURE_OVERDUE_LONG];
}

static void cell_to(struct visit *v, size_t n, Str unit, const char *state, const char *check)
{
    Url to = with_period(v, url(v->arena, "/assurance/checks"));
    to = url_with(v->arena, to, S("unit"), unit);
    to = url_with(v->arena, to, S("state"), str_of(state));
    to = url_with(v->arena, to, S("check"), str_of(check));
    if (n == 0)
        part_cell_number(v->out, S("0"));
    else
        part_cell_link(v->out, to, number(v, n));
}

static void compliance_show(struct visit *v, const struct assurance_unit *u, size_t count)
{
    static const struct part_column COLUMNS[] = {
        {.title = S_INIT("Unit")},           {.title = S_INIT("Deaths")},
        {.title = S_INIT("Done in time")},   {.title = S_INIT("Done late")},
        {.title = S_INIT("Overdue")},        {.title = S_INIT("Open")},
        {.title = S_INIT("Not needed")},     {.title = S_INIT("Reports reviewed")},
        {.title = S_INIT("Supervisor came")}};
    part_table_begin(v->out, &(struct part_table){.caption = S("What was asked and done, by unit"),
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS),
                                                  .small = true});
    for (size_t i = 0; i < count; i++) {
        Str unit = u[i].unit;
        part_row_begin(v->out);
        part_row_head(v->out, url_with(v->arena, with_period(v, url(v->arena, "/deaths")), S("unit"), unit),
                      str_empty(unit) ? S("No unit") : roll_unit_words(v->service->roll, unit));
        part_cell_number(v->out, number(v, u[i].deaths));
        cell_to(v, u[i].count[ASSURE_IN_TIME], unit, "in_time", "");
        cell_to(v, u[i].count[ASSURE_LATE], unit, "late", "");
        cell_to(v, overdue_of(&u[i]), unit, "overdue", "");
        cell_to(v, u[i].count[ASSURE_OPEN], unit, "open", "");
        cell_to(v, u[i].count[ASSURE_NOT_NEEDED], unit, "not_needed", "");
        part_cell(v->out, str_format(v->arena, "%zu of %zu", u[i].reviewed, u[i].review_asked));
        part_cell(v->out, str_format(v->arena, "%zu of %zu", u[i].attended, u[i].attend_asked));
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

static void ageing_show(struct visit *v, const struct assurance_unit *u, size_t count)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Unit")},
                                                 {.title = S_INIT("Less than a day")},
                                                 {.title = S_INIT("Up to 7 days")},
                                                 {.title = S_INIT("Up to 28 days")},
                                                 {.title = S_INIT("Longer")}};
    part_table_begin(v->out, &(struct part_table){.caption = S("How long checks are overdue"),
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS),
                                                  .small = true});
    for (size_t i = 0; i < count; i++) {
        part_row_begin(v->out);
        part_row_head(v->out, (Url){STR_NONE},
                      str_empty(u[i].unit) ? S("No unit") : roll_unit_words(v->service->roll, u[i].unit));
        for (int k = ASSURE_OVERDUE_DAY; k < ASSURE_COUNTS; k++)
            cell_to(v, u[i].count[k], u[i].unit, assurance_code((enum assurance_count)k), "");
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

static void units_csv(struct visit *v, const struct assurance_unit *u, size_t count)
{
    Str cell[5 + ASSURE_COUNTS];
    visit_csv_begin(v, S("assurance.csv"));
    for (size_t row = 0; row <= count; row++) {
        size_t n = 0;
        bool head = row == 0;
        const struct assurance_unit *one = head ? NULL : &u[row - 1];
        cell[n++] = head ? S("unit") : one->unit;
        cell[n++] = head ? S("deaths") : number(v, one->deaths);
        for (int k = 0; k < ASSURE_COUNTS; k++)
            cell[n++] = head ? str_of(assurance_code((enum assurance_count)k)) : number(v, one->count[k]);
        cell[n++] = head ? S("reports reviewed") : number(v, one->reviewed);
        cell[n++] = head ? S("reviews asked") : number(v, one->review_asked);
        cell[n++] = head ? S("supervisor attended") : number(v, one->attended);
        visit_csv_row(v, cell, n);
    }
}

static void assurance_html(struct visit *v, const struct assurance_unit *u, size_t count)
{
    visit_page_begin(v, &(struct visit_page){.title = S("Assurance"), .wide = true});
    part_title(v->out, S(""), S("Assurance"));
    progress_show(v);
    period_form(v, url(v->arena, "/assurance"));
    compliance_show(v, u, count);
    ageing_show(v, u, count);
    html(v->out, "<ul class=\"govuk-list\">\n<li>");
    html_link(v->out, with_period(v, url(v->arena, "/assurance.csv")), S("These figures as CSV"));
    html(v->out, "</li>\n<li>");
    html_link(v->out, with_period(v, url(v->arena, "/assurance/sample")),
              S("A sample of deaths, drawn by chance"));
    html(v->out, "</li>\n");
    if (visit_may(v, PERMISSION_AUDIT)) {
        html(v->out, "<li>");
        html_link(v->out, url(v->arena, "/assurance/audit"), S("Who read what"));
        html(v->out, "</li>\n");
    }
    html(v->out, "</ul>\n");
    if (v->service->checks.clocks.len > 0) part_paragraph(v->out, v->service->checks.clocks);
    visit_page_end(v);
}

static enum status note_of(struct visit *v, Str query, const struct roll_death *const *death, size_t count,
                           struct err *e)
{
    struct record_id *id = NEW_ARRAY(v->arena, struct record_id, count + 1);
    for (size_t i = 0; i < count; i++)
        id[i] = death[i]->id;
    return store_note_shown(v->service->session.store, &v->actor, S("list"), query, id, count, e);
}

enum status page_assurance(struct visit *v, struct err *e)
{
    struct assurance_unit *unit = NULL;
    struct assurance_ask ask = ask_of(v);
    work_hold(v->service->work);
    size_t count = assurance_units(&ask, v->arena, &unit);
    work_release(v->service->work);
    TRY(note_of(v, S("assurance by unit"), NULL, 0, e));
    if (v->format == FORMAT_CSV)
        units_csv(v, unit, count);
    else
        assurance_html(v, unit, count);
    return OK;
}

/* ---- behind a number -------------------------------------------------------------------------------- */

static unsigned counts_of(Str state)
{
    if (str_eq(state, S("overdue"))) return OVERDUE_BITS;
    for (int i = 0; i < ASSURE_COUNTS; i++)
        if (str_eq(state, str_of(assurance_code((enum assurance_count)i)))) return 1U << i;
    return (1U << ASSURE_COUNTS) - 1;
}

struct behind {
    struct assurance_line *line;
    size_t lines, from, all;
};

static void behind_csv(struct visit *v, const struct behind *b)
{
    const Str head[] = {S("death"), S("reference"),   S("unit"), S("check"),
                        S("state"), S("asked since"), S("due")};
    visit_csv_begin(v, S("checks.csv"));
    visit_csv_row(v, head, COUNT_OF(head));
    for (size_t i = 0; i < b->lines; i++) {
        const struct assurance_line *l = &b->line[i];
        char opened[32], due[32] = "";
        caldate_format(l->item->opened_ms, opened);
        if (l->item->due_ms != FOREVER_MS) caldate_format(l->item->due_ms, due);
        const Str cell[] = {visit_id_words(v->arena, &l->death->id),
                            l->death->ref,
                            l->death->unit,
                            v->service->checks.check[l->item->check].id,
                            str_of(check_state_name((enum check_state)l->item->state)),
                            str_of(opened),
                            str_of(due)};
        visit_csv_row(v, cell, COUNT_OF(cell));
    }
}

static void behind_html(struct visit *v, const struct behind *b)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Check")},
                                                 {.title = S_INIT("Death")},
                                                 {.title = S_INIT("Unit")},
                                                 {.title = S_INIT("State")},
                                                 {.title = S_INIT("Date")}};
    Url base = with_period(v, url(v->arena, "/assurance/checks"));
    base = url_with(v->arena, base, S("unit"), visit_asked(v, "unit"));
    base = url_with(v->arena, base, S("state"), visit_asked(v, "state"));
    base = url_with(v->arena, base, S("check"), visit_asked(v, "check"));
    visit_page_begin(v, &(struct visit_page){.title = S("Checks behind the figures"),
                                             .back = {url(v->arena, "/assurance"), S("Assurance")},
                                             .wide = true});
    part_title(v->out, S("Assurance"), S("Checks behind the figures"));
    part_range(v->out, b->all == 0 ? 0 : b->from + 1, b->from + b->lines, b->all, S("checks"));
    part_table_begin(v->out, &(struct part_table){.caption = S("Checks, newest death first"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < b->lines; i++) {
        const struct assurance_line *l = &b->line[i];
        const struct check *check = &v->service->checks.check[l->item->check];
        Str id = visit_id_words(v->arena, &l->death->id);
        part_row_begin(v->out);
        part_row_head(v->out, url(v->arena, "/deaths/%.*s/checks/%.*s", STR_ARG(id), STR_ARG(check->id)),
                      check->title);
        part_cell(v->out, str_format(v->arena, "%.*s, %.*s", STR_ARG(death_name_words(l->death)),
                                     STR_ARG(death_reference_words(v, l->death))));
        part_cell(v->out, roll_unit_words(v->service->roll, l->death->unit));
        part_cell(v->out, check_tag_words(v, (enum check_state)l->item->state));
        part_cell(v->out, l->item->due_ms == FOREVER_MS ? S("") : words_time(v->arena, l->item->due_ms));
        part_row_end(v->out);
    }
    part_table_end(v->out);
    part_pages(v->out, v->arena,
               &(struct part_pages){.base = base,
                                    .page = b->from / PAGE_LINES + 1,
                                    .pages = (b->all + PAGE_LINES - 1) / PAGE_LINES});
    visit_page_end(v);
}

enum status page_assurance_checks(struct visit *v, struct err *e)
{
    struct assurance_ask ask = ask_of(v);
    struct behind b = {0};
    int64_t page = 1;
    const struct check *check = check_find(&v->service->checks, visit_asked(v, "check"));
    if (str_to_i64(visit_asked(v, "page"), &page) != OK || page < 1) page = 1;
    b.from = v->format == FORMAT_CSV ? 0 : (size_t)(page - 1) * PAGE_LINES;
    work_hold(v->service->work);
    b.lines = assurance_lines(&ask, visit_asked(v, "unit"), check, counts_of(visit_asked(v, "state")), b.from,
                              v->format == FORMAT_CSV ? CSV_LINES : PAGE_LINES, v->arena, &b.line, &b.all);
    const struct roll_death **death = NEW_ARRAY(v->arena, const struct roll_death *, b.lines + 1);
    for (size_t i = 0; i < b.lines; i++)
        death[i] = b.line[i].death;
    enum status status = note_of(v, S("checks behind the figures"), death, b.lines, e);
    if (status == OK && v->format == FORMAT_CSV) behind_csv(v, &b);
    if (status == OK && v->format != FORMAT_CSV) behind_html(v, &b);
    work_release(v->service->work);
    return status;
}

/* ---- a sample --------------------------------------------------------------------------------------- */

static void sample_form(struct visit *v, uint64_t seed, size_t most)
{
    const char *const name[] = {"from", "to", "unit"};
    part_form_begin(v->out, &(struct part_form){.action = url(v->arena, "/assurance/sample"), .get = true});
    for (size_t i = 0; i < COUNT_OF(name); i++)
        part_hidden(v->out, str_of(name[i]), visit_asked(v, name[i]));
    part_input(v->out,
               &(struct part_input){.name = S("seed"),
                                    .label = S("Seed"),
                                    .hint = S("A whole number. The same number and the same deaths give "
                                              "the same sample, so that others can check it."),
                                    .value = str_format(v->arena, "%llu", (unsigned long long)seed),
                                    .inputmode = S("numeric"),
                                    .width = 10});
    part_input(v->out, &(struct part_input){.name = S("count"),
                                            .label = S("How many"),
                                            .value = number(v, most),
                                            .inputmode = S("numeric"),
                                            .width = 4});
    part_button(v->out, &(struct part_button){.text = S("Draw"), .kind = BUTTON_SECONDARY});
    part_form_end(v->out);
}

static void sample_csv(struct visit *v, const struct roll_death *const *death, size_t count)
{
    const Str head[] = {S("place"), S("id"), S("reference"), S("unit"), S("category")};
    visit_csv_begin(v, S("sample.csv"));
    visit_csv_row(v, head, COUNT_OF(head));
    for (size_t i = 0; i < count; i++) {
        const Str cell[] = {number(v, i + 1), visit_id_words(v->arena, &death[i]->id), death[i]->ref,
                            death[i]->unit, death[i]->category};
        visit_csv_row(v, cell, COUNT_OF(cell));
    }
}

enum status page_assurance_sample(struct visit *v, struct err *e)
{
    struct assurance_ask ask = ask_of(v);
    const struct roll_death **death = NULL;
    int64_t seed = 1, most = SAMPLE_USUAL;
    size_t of = 0;
    if (str_to_i64(visit_asked(v, "seed"), &seed) != OK || seed < 0) seed = 1;
    if (str_to_i64(visit_asked(v, "count"), &most) != OK || most < 1 || most > SAMPLE_MAX)
        most = SAMPLE_USUAL;
    work_hold(v->service->work);
    size_t count =
        assurance_sample(&ask, visit_asked(v, "unit"), (uint64_t)seed, (size_t)most, v->arena, &death, &of);
    work_release(v->service->work);
    TRY(note_of(v, str_format(v->arena, "sample, seed %lld", (long long)seed), death, count, e));
    if (v->format == FORMAT_CSV) {
        sample_csv(v, death, count);
        return OK;
    }
    visit_page_begin(v, &(struct visit_page){.title = S("A sample of deaths"),
                                             .back = {url(v->arena, "/assurance"), S("Assurance")}});
    part_title(v->out, S("Assurance"), S("A sample of deaths"));
    part_paragraph(v->out, str_format(v->arena, "%zu of %zu deaths, drawn by chance with the seed %lld.",
                                      count, of, (long long)seed));
    sample_form(v, (uint64_t)seed, (size_t)most);
    part_entries_begin(v->out);
    for (size_t i = 0; i < count; i++)
        part_entry(v->out, &(struct part_entry){
                               .href = visit_death_url(v, &death[i]->id, "checks"),
                               .title = death_name_words(death[i]),
                               .small = str_format(v->arena, "%.*s, %.*s, %.*s",
                                                   STR_ARG(death_reference_words(v, death[i])),
                                                   STR_ARG(roll_unit_words(v->service->roll, death[i]->unit)),
                                                   STR_ARG(category_words(death[i]->category)))});
    part_entries_end(v->out);
    visit_page_end(v);
    return OK;
}
