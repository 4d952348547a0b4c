/* Deaths: one search, several views of the same answer. */
#include "web/page/death_frame.h"
#include "web/page/pages.h"

#include "app/death_list.h"
#include "assure/category.h"
#include "base/caldate.h"
#include "model/kinds.h"
#include "model/when.h"

#define PAGE_ROWS 50

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
    return (struct death_query){.words = visit_query(v, "q"),
                                .unit = visit_query(v, "unit"),
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
                                            .label = S("Name, reference, place or substance"),
                                            .value = q->words});
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

static void row_show(struct visit *v, const struct roll_death *d)
{
    part_row_begin(v->out);
    part_row_head(v->out, visit_death_url(v, &d->id, ""), death_name_words(d));
    part_cell(v->out, death_reference_words(v, d));
    part_cell(v->out, death_day_words(v->arena, d->when_ms));
    part_cell(v->out, death_code_words(v, death_field_setting, d->setting));
    part_cell(v->out, death_code_words(v, death_field_mechanism, d->mechanism));
    part_cell(v->out, category_words(d->category));
    part_cell(v->out, roll_unit_words(v->service->roll, d->unit));
    part_row_end(v->out);
}

static Url page_base(struct visit *v)
{
    Url base = url(v->arena, "/deaths");
    static const char *const NAMES[] = {"q",       "unit",    "category", "setting", "mechanism", "sex",
                                        "age_min", "age_max", "from",     "to",      "view"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        base = url_with(v->arena, base, str_of(NAMES[i]), visit_query(v, NAMES[i]));
    return base;
}

static void as_html(struct visit *v, const struct death_query *q, const uint32_t *list, size_t from,
                    size_t count, size_t all)
{
    static const struct part_column COLUMNS[] = {
        {.title = S_INIT("Name")},  {.title = S_INIT("Reference")}, {.title = S_INIT("Found")},
        {.title = S_INIT("Place")}, {.title = S_INIT("Mechanism")}, {.title = S_INIT("Category")},
        {.title = S_INIT("Unit")}};
    struct part_filter filter = {.action = url(v->arena, "/deaths"), .clear = url(v->arena, "/deaths")};
    visit_page_begin(v, &(struct visit_page){.title = S("Deaths"), .wide = true});
    part_title(v->out, S(""), S("Deaths"));
    if (visit_may(v, PERMISSION_REPORT))
        part_button(v->out,
                    &(struct part_button){.text = S("Report a death"), .href = url(v->arena, "/deaths/new")});
    part_filter_begin(v->out, &filter);
    filter_inputs(v, q);
    part_filter_results(v->out, &filter);
    part_range(v->out, all == 0 ? 0 : from + 1, from + count, all, S("deaths"));
    if (all == 0)
        part_empty(v->out,
                   S("No death you may see answers this. Take a filter away, or look for fewer words."));
    if (count > 0) {
        part_table_begin(v->out, &(struct part_table){.caption = S("Deaths, newest first"),
                                                      .caption_hidden = true,
                                                      .column = COLUMNS,
                                                      .columns = COUNT_OF(COLUMNS)});
        for (size_t i = 0; i < count; i++)
            row_show(v, roll_death(v->service->roll, list[i]));
        part_table_end(v->out);
    }
    part_pages(v->out, v->arena,
               &(struct part_pages){.base = page_base(v),
                                    .page = from / PAGE_ROWS + 1,
                                    .pages = (all + PAGE_ROWS - 1) / PAGE_ROWS});
    part_filter_end(v->out);
    visit_page_end(v);
}

static enum status note_shown(struct visit *v, const uint32_t *list, size_t count, struct err *e)
{
    struct record_id *id = NEW_ARRAY(v->arena, struct record_id, count + 1);
    for (size_t i = 0; i < count; i++)
        id[i] = roll_death(v->service->roll, list[i])->id;
    return store_note_shown(v->service->session.store, &v->actor, S("list"), page_base(v).ready, id, count,
                            e);
}

enum status page_deaths(struct visit *v, struct err *e)
{
    struct death_query q = query_of(v);
    uint32_t *list = NULL;
    int64_t page = 1;
    size_t all = death_list_find(v->service->roll, v->sight, &q, v->arena, &list);
    if (str_to_i64(visit_query(v, "page"), &page) != OK || page < 1) page = 1;
    size_t from = v->format == FORMAT_CSV ? 0 : (size_t)(page - 1) * PAGE_ROWS;
    if (from >= all) from = 0;
    size_t count = v->format == FORMAT_CSV || all - from < PAGE_ROWS ? all - from : PAGE_ROWS;
    TRY(note_shown(v, list + from, count, e));
    if (v->format == FORMAT_JSON)
        as_json(v, list + from, count, all);
    else if (v->format == FORMAT_CSV)
        as_csv(v, list + from, count);
    else
        as_html(v, &q, list + from, from, count, all);
    return OK;
}
