/* Deaths: one search, several views of the same answer. */
#include "web/draw.h"
#include "web/page/death_frame.h"
#include "web/page/pages.h"
#include "web/page/searches.h"

#include "app/death_list.h"
#include "app/death_search.h"
#include "app/saved_searches.h"
#include "assure/category.h"
#include "base/caldate.h"
#include "model/kinds.h"
#include "model/when.h"

#define PAGE_ROWS  25
#define MAP_POINTS 500

enum deaths_view { VIEW_LIST, VIEW_MAP, VIEW_TIME };

/* What of the answer is on this page. */
struct shown_deaths {
    enum deaths_view view;
    uint32_t *list;
    Str *why;        /* of a search: why each is an answer; NULL: all are that answer the filters */
    uint64_t behind; /* entries that the index of words has yet to read */
    size_t from, count, rows, all;
};

static int64_t day_of(Str text, int64_t none, bool end)
{
    struct moment m;
    struct err ignored = {0};
    if (str_empty(text) || moment_parse(text, &m, &ignored) != OK) return none;
    return end ? m.ms + MS_PER_DAY : m.ms;
}

static double number_of(Str text)
{
    double n = (double)NAN;
    return str_to_f64(text, &n) == OK ? n : (double)NAN;
}

static struct death_query query_of(const struct visit *v)
{
    return (struct death_query){.unit = visit_query(v, "unit"),
                                .category = visit_query(v, "category"),
                                .setting = visit_query(v, "setting"),
                                .mechanism = visit_query(v, "mechanism"),
                                .sex = visit_query(v, "sex"),
                                .age_min = number_of(visit_query(v, "age_min")),
                                .age_max = number_of(visit_query(v, "age_max")),
                                .from_ms = day_of(visit_query(v, "from"), INT64_MIN, false),
                                .until_ms = day_of(visit_query(v, "to"), INT64_MAX, true)};
}

/* ---- the answer as data ----------------------------------------------------------------------------- */

static void json_one(struct json_writer *w, const struct roll_death *d)
{
    char stamp[32];
    json_open(w, '{');
    json_put_key(w, S("id"));
    json_put_id(w, &d->id);
    json_kv_str(w, S("ref"), d->ref);
    json_kv_str(w, S("name"), d->name);
    json_kv_str(w, S("unit"), d->unit);
    json_kv_str(w, S("category"), d->category);
    json_kv_str(w, S("setting"), d->setting);
    json_kv_str(w, S("mechanism"), d->mechanism);
    json_kv_f64(w, S("age"), d->age);
    json_kv_str(w, S("sex"), d->sex);
    if (d->when_ms != INT64_MIN) {
        caldate_format(d->when_ms, stamp);
        json_kv_str(w, S("when"), str_of(stamp));
    }
    if (d->place.present) {
        json_kv_f64(w, S("lat"), d->place.lat);
        json_kv_f64(w, S("lon"), d->place.lon);
    }
    json_close(w, '}');
}

static void as_json(struct visit *v, const uint32_t *list, size_t count, size_t all)
{
    struct json_writer w = visit_json(v);
    json_open(&w, '{');
    json_kv_i64(&w, S("count"), (int64_t)all);
    json_put_key(&w, S("deaths"));
    json_open(&w, '[');
    for (size_t i = 0; i < count; i++)
        json_one(&w, roll_death(v->service->roll, list[i]));
    json_close(&w, ']');
    json_close(&w, '}');
    visit_json_end(v);
}

static void as_csv(struct visit *v, const uint32_t *list, size_t count)
{
    const Str head[] = {S("id"),      S("reference"), S("name"), S("unit"), S("category"), S("when"),
                        S("setting"), S("mechanism"), S("age"),  S("sex"),  S("address"),  S("postcode")};
    visit_csv_begin(v, S("deaths.csv"));
    visit_csv_row(v, head, COUNT_OF(head));
    for (size_t i = 0; i < count; i++) {
        const struct roll_death *d = roll_death(v->service->roll, list[i]);
        char stamp[32] = "";
        if (d->when_ms != INT64_MIN) caldate_format(d->when_ms, stamp);
        const Str cell[] = {visit_id_words(v->arena, &d->id),
                            d->ref,
                            d->name,
                            d->unit,
                            d->category,
                            str_of(stamp),
                            d->setting,
                            d->mechanism,
                            number_present(d->age) ? str_format(v->arena, "%g", d->age) : S(""),
                            d->sex,
                            d->address,
                            d->postcode};
        visit_csv_row(v, cell, COUNT_OF(cell));
    }
}

/* ---- the answer as a page --------------------------------------------------------------------------- */

static void filter_inputs(struct visit *v, const struct death_query *q)
{
    const struct roll_unit *unit = NULL;
    size_t units = roll_units(v->service->roll, &unit);
    struct part_choice *choice = NEW_ARRAY(v->arena, struct part_choice, units + 1);
    size_t n = 0;
    part_input(v->out, &(struct part_input){.name = S("q"),
                                            .label = S("Name, reference, number, place, words"),
                                            .value = visit_query(v, "q")});
    choice[n++] = (struct part_choice){.value = S(""), .label = S("All units")};
    for (size_t i = 0; i < units; i++)
        if (str_empty(unit[i].parent))
            choice[n++] = (struct part_choice){
                .value = unit[i].id.id, .label = unit[i].name, .chosen = str_eq(unit[i].id.id, q->unit)};
    part_select(v->out,
                &(struct part_choices){.name = S("unit"), .legend = S("Unit"), .choice = choice, .count = n});
    static const struct part_choice CATEGORIES[] = {{.value = S_INIT(""), .label = S_INIT("All categories")},
                                                    {.value = S_INIT("expected")},
                                                    {.value = S_INIT("unexpected_not_suspicious")},
                                                    {.value = S_INIT("unexpected_investigating")},
                                                    {.value = S_INIT("homicide")}};
    struct part_choice category[COUNT_OF(CATEGORIES)];
    for (size_t i = 0; i < COUNT_OF(CATEGORIES); i++) {
        category[i] = CATEGORIES[i];
        if (i > 0) category[i].label = category_words(category[i].value);
        category[i].chosen = str_eq(category[i].value, q->category);
    }
    part_select(v->out, &(struct part_choices){.name = S("category"),
                                               .legend = S("Category"),
                                               .choice = category,
                                               .count = COUNT_OF(category)});
    part_input(v->out, &(struct part_input){.name = S("from"),
                                            .label = S("From"),
                                            .type = S("date"),
                                            .value = visit_query(v, "from"),
                                            .width = 10});
    part_input(v->out, &(struct part_input){.name = S("to"),
                                            .label = S("To"),
                                            .type = S("date"),
                                            .value = visit_query(v, "to"),
                                            .width = 10});
}

static Str short_day(struct arena *a, int64_t ms)
{
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int year = 0, month = 0, day = 0;
    if (ms == INT64_MIN) return S("no date");
    caldate_from_days(caldate_day_of(ms), &year, &month, &day);
    return str_format(a, "%d %s %d", day, MONTHS[month - 1], year);
}

static void row_show(struct visit *v, const struct roll_death *d)
{
    part_row_begin(v->out);
    part_row_head(v->out, visit_death_url(v, &d->id, ""), death_name_words(d));
    part_cell(v->out, death_reference_words(v, d));
    part_cell(v->out, short_day(v->arena, d->when_ms));
    part_cell(v->out, death_code_words(v, death_field_setting, d->setting));
    part_cell(v->out, death_code_words(v, death_field_mechanism, d->mechanism));
    part_cell(v->out, category_words(d->category));
    part_cell(v->out, roll_unit_words(v->service->roll, d->unit));
    part_row_end(v->out);
}

static void as_list(struct visit *v, const uint32_t *list, size_t count)
{
    static const struct part_column COLUMNS[] = {
        {.title = S_INIT("Name")},  {.title = S_INIT("Reference")}, {.title = S_INIT("Found")},
        {.title = S_INIT("Place")}, {.title = S_INIT("Mechanism")}, {.title = S_INIT("Category")},
        {.title = S_INIT("Unit")}};
    if (count == 0) return;
    part_table_begin(v->out, &(struct part_table){.caption = S("Deaths, newest first"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS),
                                                  .small = true});
    for (size_t i = 0; i < count; i++)
        row_show(v, roll_death(v->service->roll, list[i]));
    part_table_end(v->out);
}

/* Of a search: best first, each saying why. */
static void as_answers(struct visit *v, const struct shown_deaths *s)
{
    if (s->count == 0) return;
    part_entries_begin(v->out);
    for (size_t i = s->from; i < s->from + s->count; i++) {
        const struct roll_death *d = roll_death(v->service->roll, s->list[i]);
        part_entry(v->out, &(struct part_entry){
                               .href = visit_death_url(v, &d->id, ""),
                               .title = death_name_words(d),
                               .why = str_format(v->arena, "Found by %.*s", STR_ARG(s->why[i])),
                               .small = str_format(v->arena, "%.*s · %.*s · %.*s",
                                                   STR_ARG(death_reference_words(v, d)),
                                                   STR_ARG(death_day_words(v->arena, d->when_ms)),
                                                   STR_ARG(roll_unit_words(v->service->roll, d->unit))),
                               .state = category_words(d->category)});
    }
    part_entries_end(v->out);
}

static void as_map(struct visit *v, const uint32_t *list, size_t count)
{
    struct draw_point *point = NEW_ARRAY(v->arena, struct draw_point, count + 1);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const struct roll_death *d = roll_death(v->service->roll, list[i]);
        if (!d->place.present) continue;
        point[n++] = (struct draw_point){
            .lat = d->place.lat,
            .lon = d->place.lon,
            .name = str_format(v->arena, "%.*s, %.*s", STR_ARG(death_name_words(d)),
                               STR_ARG(death_reference_words(v, d))),
            .when = death_day_words(v->arena, d->when_ms),
            .href = visit_death_url(v, &d->id, ""),
            .meaning = category_height(d->category) >= 3 ? MEANING_ATTENTION : MEANING_PLAIN};
    }
    static const struct draw_legend LEGEND[] = {
        {MEANING_PLAIN, S_INIT("expected, or not suspicious")},
        {MEANING_ATTENTION, S_INIT("under investigation, or homicide")}};
    struct draw_map map = {.caption = {S("map"), S("Where they were found"),
                                       S("A point for each death of this list that has a place.")},
                           .point = point,
                           .points = n,
                           .legend = LEGEND,
                           .legends = COUNT_OF(LEGEND)};
    draw_map(v->out, v->arena, &map);
    if (n < count)
        part_paragraph(v->out, str_format(v->arena, "%zu of %zu have no place on record.", count - n, count));
    draw_map_table(v->out, &map);
}

/* So many in each week, over all that answer. */
static void as_time(struct visit *v, const uint32_t *list, size_t count)
{
    enum { WEEKS_MAX = 156 };
    const int64_t week_ms = 7 * MS_PER_DAY;
    unsigned weeks[WEEKS_MAX] = {0};
    int64_t last = INT64_MIN, first = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        int64_t ms = roll_death(v->service->roll, list[i])->when_ms;
        if (ms == INT64_MIN) continue;
        last = ms > last ? ms : last;
        first = ms < first ? ms : first;
    }
    if (last == INT64_MIN) return;
    int64_t monday = caldate_midnight(last) - caldate_weekday(caldate_day_of(last)) * MS_PER_DAY;
    int64_t begin = monday - (WEEKS_MAX - 1) * week_ms;
    while (begin + week_ms <= first && begin < monday)
        begin += week_ms;
    size_t n = (size_t)((monday - begin) / week_ms) + 1;
    for (size_t i = 0; i < count; i++) {
        int64_t ms = roll_death(v->service->roll, list[i])->when_ms;
        if (ms >= begin && (ms - begin) / week_ms < (int64_t)n) weeks[(ms - begin) / week_ms]++;
    }
    struct draw_weeks picture = {.caption = {S("weeks"), S("Deaths a week"),
                                             S("A bar for each week, by the day on which they were found.")},
                                 .count = weeks,
                                 .weeks = n,
                                 .first_ms = begin,
                                 .what = S("deaths")};
    draw_weeks(v->out, v->arena, &picture);
    draw_weeks_table(v->out, v->arena, &picture);
}

/* The address of this answer, without the page. */
static Url page_base(struct visit *v, Url base, bool with_view)
{
    size_t count = with_view ? SAVED_SEARCH_INPUTS : SAVED_SEARCH_INPUTS - 1;
    for (size_t i = 0; i < count; i++)
        base = url_with(v->arena, base, str_of(SAVED_SEARCH_INPUT[i]), visit_query(v, SAVED_SEARCH_INPUT[i]));
    return base;
}

static enum deaths_view view_of(const struct visit *v)
{
    Str view = visit_query(v, "view");
    return str_eq(view, S("map")) ? VIEW_MAP : str_eq(view, S("time")) ? VIEW_TIME : VIEW_LIST;
}

static void views_show(struct visit *v, enum deaths_view view)
{
    Url base = page_base(v, url(v->arena, "/deaths"), false);
    struct part_view views[] = {
        {base, S("List"), view == VIEW_LIST},
        {url_with(v->arena, base, S("view"), S("map")), S("Map"), view == VIEW_MAP},
        {url_with(v->arena, base, S("view"), S("time")), S("Time"), view == VIEW_TIME}};
    part_views(v->out, S("The same answer as"), views, COUNT_OF(views));
}

static enum status as_html(struct visit *v, const struct death_query *q, const struct shown_deaths *s,
                           struct err *e)
{
    struct part_filter filter = {.action = url(v->arena, "/deaths"), .clear = url(v->arena, "/deaths")};
    visit_page_begin(v, &(struct visit_page){.title = S("Deaths"),
                                             .wide = true,
                                             .scripts = s->view == VIEW_MAP ? LAYOUT_MAP : 0});
    part_title(v->out, S(""), S("Deaths"));
    if (visit_may(v, PERMISSION_REPORT))
        part_button(v->out,
                    &(struct part_button){.text = S("Report a death"), .href = url(v->arena, "/deaths/new")});
    part_filter_begin(v->out, &filter);
    if (s->view != VIEW_LIST) part_hidden(v->out, S("view"), visit_query(v, "view"));
    filter_inputs(v, q);
    part_filter_results(v->out, &filter);
    TRY(searches_show(v, e));
    search_keep_form(v);
    views_show(v, s->view);
    if (s->view == VIEW_TIME)
        part_range(v->out, s->all > 0, s->all, s->all, S("deaths"));
    else
        part_range(v->out, s->all == 0 ? 0 : s->from + 1, s->from + s->count, s->all, S("deaths"));
    if (s->all == 0)
        part_empty(v->out,
                   S("No death you may see answers this. Take a filter away, or look for fewer words."));
    if (s->view == VIEW_MAP)
        as_map(v, s->list + s->from, s->count);
    else if (s->view == VIEW_TIME)
        as_time(v, s->list, s->all);
    else if (s->why != NULL)
        as_answers(v, s);
    else
        as_list(v, s->list + s->from, s->count);
    if (s->behind > 0)
        part_paragraph(v->out,
                       str_format(v->arena, "Words of the newest %llu entries are still being read in.",
                                  (unsigned long long)s->behind));
    if (s->view != VIEW_TIME)
        part_pages(v->out, v->arena,
                   &(struct part_pages){.base = page_base(v, url(v->arena, "/deaths"), true),
                                        .page = s->from / s->rows + 1,
                                        .pages = (s->all + s->rows - 1) / s->rows});
    html(v->out, "<p class=\"govuk-body\">");
    part_link(v->out, page_base(v, url(v->arena, "/deaths.csv"), false), S("This list as CSV"));
    html(v->out, "</p>");
    part_filter_end(v->out);
    visit_page_end(v);
    return OK;
}

static enum status note_shown(struct visit *v, const uint32_t *list, size_t count, struct err *e)
{
    struct record_id *id = NEW_ARRAY(v->arena, struct record_id, count + 1);
    for (size_t i = 0; i < count; i++)
        id[i] = roll_death(v->service->roll, list[i])->id;
    return store_note_shown(v->service->session.store, &v->actor, S("list"),
                            page_base(v, url(v->arena, "/deaths"), true).ready, id, count, e);
}

/* With words: what the search finds, as far as it answers the filters. */
static enum status search_read(struct visit *v, const struct death_query *q, Str words,
                               struct shown_deaths *s, struct err *e)
{
    struct found_death *found = NULL;
    size_t count = 0;
    TRY(death_search(v->service->session.store, &v->actor, v->service->roll, v->sight, words, v->arena,
                     &found, &count, &s->behind, e));
    s->list = NEW_ARRAY(v->arena, uint32_t, count + 1);
    s->why = NEW_ARRAY(v->arena, Str, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (!death_list_answers(q, roll_death(v->service->roll, found[i].at))) continue;
        s->list[s->all] = found[i].at;
        s->why[s->all++] = found[i].why;
    }
    return OK;
}

enum status page_deaths(struct visit *v, struct err *e)
{
    struct death_query q = query_of(v);
    struct shown_deaths s = {.view = view_of(v), .rows = PAGE_ROWS};
    Str words = visit_query(v, "q");
    int64_t page = 1;
    if (str_empty(words))
        s.all = death_list_find(v->service->roll, v->sight, &q, v->arena, &s.list);
    else
        TRY(search_read(v, &q, words, &s, e));
    if (s.view == VIEW_MAP) s.rows = MAP_POINTS;
    if (v->format == FORMAT_CSV) s.rows = s.all + 1;
    if (str_to_i64(visit_query(v, "page"), &page) != OK || page < 1 || page > INT32_MAX) page = 1;
    s.from = (size_t)(page - 1) * s.rows;
    if (s.from >= s.all) s.from = 0;
    s.count = s.all - s.from < s.rows ? s.all - s.from : s.rows;
    TRY(note_shown(v, s.list + s.from, s.count, e));
    if (v->format == FORMAT_JSON)
        as_json(v, s.list + s.from, s.count, s.all);
    else if (v->format == FORMAT_CSV)
        as_csv(v, s.list, s.all);
    else
        return as_html(v, &q, &s, e);
    return OK;
}
