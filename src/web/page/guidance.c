/* Guidance: one dated library; the version in force on any day. */
#include "web/page/pages.h"

#include "app/guidance.h"
#include "base/caldate.h"
#include "model/when.h"

/* ?on=, else today; the end of that day. */
static int64_t day_asked(const struct visit *v)
{
    struct moment m;
    struct err no = {0};
    Str on = visit_query(v, "on");
    if (!str_empty(on) && moment_parse(on, &m, &no) == OK) return m.ms;
    return v->now_ms;
}

static Str day_words(struct visit *v, int64_t ms)
{
    char words[48];
    caldate_words_day(ms, words);
    return str_copy(v->arena, str_of(words));
}

/* ---- one text --------------------------------------------------------------------------------------- */

enum block { BLOCK_NONE, BLOCK_PARAGRAPH, BLOCK_LIST };

static void block_change(struct visit *v, enum block *now, enum block to)
{
    if (*now == to) return;
    if (*now == BLOCK_PARAGRAPH) html(v->out, "</p>\n");
    if (*now == BLOCK_LIST) html(v->out, "</ul>\n");
    if (to == BLOCK_PARAGRAPH) html(v->out, "<p class=\"govuk-body\">");
    if (to == BLOCK_LIST) html(v->out, "<ul class=\"govuk-list govuk-list--bullet\">\n");
    *now = to;
}

/* Headings, paragraphs and lists, and nothing else. */
static void text_show(struct visit *v, Str text)
{
    Str rest = text, line;
    enum block block = BLOCK_NONE;
    while (str_next(&rest, '\n', &line)) {
        line = str_trim(line);
        if (str_empty(line)) {
            block_change(v, &block, BLOCK_NONE);
        } else if (str_starts(line, S("## "))) {
            block_change(v, &block, BLOCK_NONE);
            part_heading(v->out, 2, S(""), str_slice(line, 3, line.len));
        } else if (str_starts(line, S("- "))) {
            block_change(v, &block, BLOCK_LIST);
            htmlf(v->out, "<li>%.*s</li>\n", STR_ARG(str_slice(line, 2, line.len)));
        } else {
            if (block == BLOCK_PARAGRAPH) html(v->out, "\n");
            block_change(v, &block, BLOCK_PARAGRAPH);
            html_text(v->out, line);
        }
    }
    block_change(v, &block, BLOCK_NONE);
}

static void versions_show(struct visit *v, const struct guidance *g, const struct guide *shown)
{
    part_heading(v->out, 2, S("versions"), S("Versions"));
    part_summary_begin(v->out);
    part_summary_row(v->out, &(struct part_summary_row){.key = S("Owner"), .text = shown->owner});
    part_summary_row(v->out, &(struct part_summary_row){.key = S("To be looked at again by"),
                                                        .text = day_words(v, shown->review_ms)});
    for (size_t i = 0; i < g->count; i++) {
        const struct guide *one = &g->guide[i];
        char day[32];
        if (!str_eq(one->slug, shown->slug)) continue;
        caldate_format_day(one->from_ms, day);
        Str until = one->until_ms == INT64_MAX
                        ? S("still in force")
                        : str_format(v->arena, "until %.*s", STR_ARG(day_words(v, one->until_ms)));
        part_summary_row(
            v->out, &(struct part_summary_row){
                        .key = one == shown ? S("This version") : S("Another version"),
                        .text = str_format(v->arena, "from %.*s, %.*s", STR_ARG(day_words(v, one->from_ms)),
                                           STR_ARG(until)),
                        .action = one == shown ? (Url){STR_NONE}
                                               : url_with(v->arena,
                                                          url(v->arena, "/guidance/%.*s", STR_ARG(one->slug)),
                                                          S("on"), str_copy(v->arena, str_of(day))),
                        .action_text = S("Read it")});
    }
    part_summary_end(v->out);
}

enum status page_guide(struct visit *v, struct err *e)
{
    struct guidance g;
    int64_t on_ms = day_asked(v);
    Str slug = visit_param(v, "slug");
    TRY(guidance_load(v->arena, &g, e));
    const struct guide *shown = guidance_on(&g, slug, on_ms);
    bool in_force = shown != NULL;
    for (size_t i = 0; i < g.count && shown == NULL; i++)
        if (str_eq(g.guide[i].slug, slug)) shown = &g.guide[i];
    if (shown == NULL) return ERR(e, E_NOT_FOUND, "", "there is no guidance of this name.");
    visit_page_begin(
        v, &(struct visit_page){.title = shown->title, .back = {url(v->arena, "/guidance"), S("Guidance")}});
    part_title(v->out, S("Guidance"), shown->title);
    if (!in_force)
        part_warning(v->out, str_format(v->arena, "Nothing was in force on %.*s. This text is from %.*s.",
                                        STR_ARG(day_words(v, on_ms)), STR_ARG(day_words(v, shown->from_ms))));
    if (shown->review_ms < on_ms)
        part_warning(v->out, S("This text is past the day by which its owner had to look at it again."));
    text_show(v, shown->text);
    versions_show(v, &g, shown);
    visit_page_end(v);
    return OK;
}

/* ---- the library ------------------------------------------------------------------------------------ */

static void day_form(struct visit *v)
{
    part_form_begin(v->out, &(struct part_form){.action = url(v->arena, "/guidance"), .get = true});
    part_input(v->out, &(struct part_input){.name = S("on"),
                                            .label = S("As it was in force on"),
                                            .type = S("date"),
                                            .value = visit_query(v, "on"),
                                            .width = 10});
    part_button(v->out, &(struct part_button){.text = S("Show"), .kind = BUTTON_SECONDARY});
    part_form_end(v->out);
}

static void guides_show(struct visit *v, const struct guidance *g, int64_t on_ms)
{
    static const struct part_column COLUMNS[] = {
        {.title = S_INIT("Guide")}, {.title = S_INIT("In force from")}, {.title = S_INIT("Look again by")}};
    Str on = visit_query(v, "on");
    part_table_begin(v->out, &(struct part_table){.caption = S("Guides"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < g->count; i++) {
        const struct guide *one = &g->guide[i];
        bool last = i + 1 == g->count || !str_eq(g->guide[i + 1].slug, one->slug);
        bool in_force = guidance_on(g, one->slug, on_ms) == one;
        if (!in_force && (guidance_on(g, one->slug, on_ms) != NULL || !last)) continue;
        part_row_begin(v->out);
        part_row_head(v->out,
                      url_with(v->arena, url(v->arena, "/guidance/%.*s", STR_ARG(one->slug)), S("on"), on),
                      one->title);
        part_cell(v->out, str_format(v->arena, "%.*s%s", STR_ARG(day_words(v, one->from_ms)),
                                     in_force ? "" : " (not in force on that day)"));
        part_cell(v->out, day_words(v, one->review_ms));
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

enum status page_guidance(struct visit *v, struct err *e)
{
    struct guidance g;
    TRY(guidance_load(v->arena, &g, e));
    visit_page_begin(v, &(struct visit_page){.title = S("Guidance")});
    part_title(v->out, S(""), S("Guidance"));
    part_paragraph(v->out,
                   S("Short texts that the checks lead to. They are a start, for your force to complete with "
                     "its own rules; they are no official texts."));
    day_form(v);
    guides_show(v, &g, day_asked(v));
    visit_page_end(v);
    return OK;
}
