/* Searches that somebody keeps: to open, to remove, and to keep another. */
#include "web/page/searches.h"

#include "app/saved_searches.h"
#include "web/page/pages.h"

static struct saved_search asked(const struct visit *v)
{
    struct saved_search s = {.title = visit_form(v, "title")};
    if (!str_present(s.title)) s.title = S("");
    for (size_t i = 0; i < SAVED_SEARCH_INPUTS; i++)
        s.value[i] = visit_asked(v, SAVED_SEARCH_INPUT[i]);
    return s;
}

static Url search_url(struct visit *v, Url base, const struct saved_search *s)
{
    for (size_t i = 0; i < SAVED_SEARCH_INPUTS; i++)
        base = url_with(v->arena, base, str_of(SAVED_SEARCH_INPUT[i]), s->value[i]);
    return base;
}

static enum status list(struct visit *v, struct saved_search **out, size_t *count, struct err *e)
{
    return saved_search_list(v->service->session.store, v->who.account.number, v->arena, out, count, e);
}

static void one_show(struct visit *v, const struct saved_search *s)
{
    part_row_begin(v->out);
    part_row_head(v->out, search_url(v, url(v->arena, "/deaths"), s), s->title);
    part_cell_begin(v->out);
    visit_form_begin(v, url(v->arena, "/deaths/searches/%.*s/remove", STR_ARG(s->id)));
    part_button(v->out,
                &(struct part_button){.text = S("Remove"), .about = s->title, .kind = BUTTON_SECONDARY});
    part_form_end(v->out);
    part_cell_end(v->out);
    part_row_end(v->out);
}

static void table_show(struct visit *v, const struct saved_search *s, size_t count)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Search")}, {.title = S_INIT("Remove")}};
    part_table_begin(v->out, &(struct part_table){.caption = S("The searches you keep"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < count; i++)
        one_show(v, &s[i]);
    part_table_end(v->out);
}

enum status searches_show(struct visit *v, struct err *e)
{
    struct saved_search *s = NULL;
    size_t count = 0;
    TRY(list(v, &s, &count, e));
    if (count == 0) return OK;
    part_details_begin(v->out, str_format(v->arena, "Your searches (%zu)", count));
    table_show(v, s, count);
    part_details_end(v->out);
    return OK;
}

void search_keep_form(struct visit *v)
{
    struct saved_search s = asked(v);
    bool asks = false;
    for (size_t i = 0; i + 1 < SAVED_SEARCH_INPUTS; i++)
        asks = asks || !str_empty(s.value[i]);
    if (!asks) return;
    Str wrong = part_errors_of(&v->errors, S("title"));
    if (!str_present(wrong)) part_details_begin(v->out, S("Keep this search"));
    visit_form_begin(v, search_url(v, url(v->arena, "/deaths/searches"), &s));
    part_input(v->out, &(struct part_input){.name = S("title"),
                                            .label = S("Name of the search"),
                                            .hint = S("Only you see it."),
                                            .value = s.title,
                                            .width = 20,
                                            .length_max = SAVED_SEARCH_TITLE_MAX,
                                            .error = wrong});
    part_button(v->out, &(struct part_button){.text = S("Keep this search"), .kind = BUTTON_SECONDARY});
    part_form_end(v->out);
    if (!str_present(wrong)) part_details_end(v->out);
}

static void as_json(struct visit *v, const struct saved_search *s, size_t count)
{
    struct json_writer w = visit_json(v);
    json_open(&w, '{');
    json_put_key(&w, S("searches"));
    json_open(&w, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(&w, '{');
        json_kv_str(&w, S("id"), s[i].id);
        json_kv_str(&w, S("title"), s[i].title);
        json_kv_str(&w, S("page"), search_url(v, url(v->arena, "/deaths"), &s[i]).ready);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    visit_json_end(v);
}

enum status page_searches(struct visit *v, struct err *e)
{
    struct saved_search *s = NULL;
    size_t count = 0;
    TRY(list(v, &s, &count, e));
    if (v->format == FORMAT_JSON) {
        as_json(v, s, count);
        return OK;
    }
    visit_page_begin(v, &(struct visit_page){.title = S("Your searches"),
                                             .back = {url(v->arena, "/deaths"), S("Deaths")}});
    part_title(v->out, S(""), S("Your searches"));
    part_paragraph(v->out, S("Search or filter the deaths, then choose \"Keep this search\"."));
    if (count > 0)
        table_show(v, s, count);
    else
        part_empty(v->out, S("You keep no search yet."));
    visit_page_end(v);
    return OK;
}

enum status do_search_keep(struct visit *v, struct err *e)
{
    struct saved_search s = asked(v);
    struct err why = {0};
    TRY(visit_take_error(v,
                         saved_search_keep(v->service->session.store, v->who.account.number,
                                           &v->service->session.env.entropy, &s, &why),
                         &why, e));
    if (v->errors.count > 0) {
        v->answer->status = 400;
        return page_deaths(v, e);
    }
    visit_notice(v, "kept");
    visit_redirect(v, search_url(v, url(v->arena, "/deaths"), &s));
    return OK;
}

enum status do_search_remove(struct visit *v, struct err *e)
{
    TRY(saved_search_drop(v->service->session.store, v->who.account.number, visit_param(v, "search"), e));
    visit_notice(v, "removed");
    visit_redirect(v, url(v->arena, "/deaths"));
    return OK;
}
