#include "web/page/work_watch.h"

#include "app/assurance.h"
#include "web/parts.h"

#define OVERDUE_SHORT (1U << ASSURE_OVERDUE_DAY | 1U << ASSURE_OVERDUE_WEEK | 1U << ASSURE_OVERDUE_MONTH)
#define OVERDUE_ALL   (OVERDUE_SHORT | 1U << ASSURE_OVERDUE_LONG)

static size_t counted(const struct assurance_unit *u, unsigned counts)
{
    size_t n = 0;
    for (int i = 0; i < ASSURE_COUNTS; i++)
        if (counts & 1U << i) n += u->count[i];
    return n;
}

static Url checks_url(struct visit *v, Str unit, Str state)
{
    Url to = url_with(v->arena, url(v->arena, "/assurance/checks"), S("state"), state);
    return url_with(v->arena, to, S("unit"), unit);
}

static void count_cell(struct visit *v, Str unit, const char *state, size_t n)
{
    Str words = str_format(v->arena, "%zu", n);
    if (n == 0)
        part_cell(v->out, words);
    else
        part_cell_link(v->out, checks_url(v, unit, str_of(state)), words);
}

static void figures_show(struct visit *v, const struct assurance_unit *u, size_t count)
{
    size_t overdue = 0, asked = 0, reviewed = 0;
    for (size_t i = 0; i < count; i++) {
        overdue += counted(&u[i], OVERDUE_ALL);
        asked += u[i].review_asked;
        reviewed += u[i].reviewed;
    }
    const struct part_figure figure[] = {{.number = str_format(v->arena, "%zu", overdue),
                                          .text = S("checks overdue"),
                                          .href = checks_url(v, S(""), S("overdue")),
                                          .meaning = overdue > 0 ? MEANING_URGENT : MEANING_PLAIN},
                                         {.number = str_format(v->arena, "%zu of %zu", reviewed, asked),
                                          .text = S("reports reviewed"),
                                          .href = url(v->arena, "/assurance")}};
    part_figures(v->out, figure, COUNT_OF(figure));
}

static void units_show(struct visit *v, const struct assurance_unit *u, size_t count)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Unit")},
                                                 {.title = S_INIT("Deaths")},
                                                 {.title = S_INIT("Checks overdue")},
                                                 {.title = S_INIT("Over 28 days")},
                                                 {.title = S_INIT("Reports reviewed")}};
    part_table_begin(v->out, &(struct part_table){.caption = S("What is overdue, by unit"),
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < count; i++) {
        Str unit = u[i].unit;
        part_row_begin(v->out);
        part_row_head(v->out, url_with(v->arena, url(v->arena, "/deaths"), S("unit"), unit),
                      str_empty(unit) ? S("No unit") : roll_unit_words(v->service->roll, unit));
        part_cell(v->out, str_format(v->arena, "%zu", u[i].deaths));
        count_cell(v, unit, "overdue", counted(&u[i], OVERDUE_ALL));
        count_cell(v, unit, assurance_code(ASSURE_OVERDUE_LONG), u[i].count[ASSURE_OVERDUE_LONG]);
        part_cell(v->out, str_format(v->arena, "%zu of %zu", u[i].reviewed, u[i].review_asked));
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

static void way_show(struct visit *v, enum permission permission, Url to, const char *text, const char *what)
{
    if (!visit_may(v, permission)) return;
    part_entry(v->out, &(struct part_entry){.href = to, .title = str_of(text), .why = str_of(what)});
}

void work_watch_show(struct visit *v)
{
    struct assurance_unit *unit = NULL;
    struct assurance_ask ask = {.work = v->service->work,
                                .roll = v->service->roll,
                                .sight = v->sight,
                                .pack = &v->service->checks,
                                .from_ms = INT64_MIN,
                                .until_ms = INT64_MAX,
                                .now_ms = v->now_ms};
    size_t count = assurance_units(&ask, v->arena, &unit);
    figures_show(v, unit, count);
    units_show(v, unit, count);
    part_heading(v->out, 2, S("further"), S("Look further"));
    part_entries_begin(v->out);
    way_show(v, PERMISSION_AUDIT, url(v->arena, "/assurance/audit"), "Who read what",
             "Each reading of a record, by person and by death.");
    way_show(v, PERMISSION_ASSURANCE, url(v->arena, "/assurance/sample"),
             "A sample of deaths, drawn by chance",
             "Look at a few from end to end, as they were known on a day.");
    way_show(v, PERMISSION_ASSURANCE, url(v->arena, "/assurance"), "How the units do",
             "Checks done in time, late and overdue, in any period.");
    way_show(v, PERMISSION_SYSTEM, url(v->arena, "/settings/system"), "The ledgers and their proof",
             "How many entries there are, and the signed statement to check them against.");
    part_entries_end(v->out);
}
