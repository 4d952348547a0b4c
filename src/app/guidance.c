#include "app/guidance.h"

#include "base/assets.h"
#include "base/caldate.h"

#include <stdlib.h>

#define FOLDER "policy/guidance/"
#define ENDING ".md"

static enum status day_read(Str value, int64_t *out, struct err *e)
{
    bool day_only = false;
    TRY(caldate_parse(value, out, &day_only, e));
    if (!day_only)
        return ERR(e, E_INVALID, "", "\"%.*s\" is no day: write it like 2026-11-22.", STR_ARG(value));
    return OK;
}

static enum status line_read(Str key, Str value, struct guide *g, struct err *e)
{
    if (str_eq(key, S("title")))
        g->title = value;
    else if (str_eq(key, S("owner")))
        g->owner = value;
    else if (str_eq(key, S("from")))
        return day_read(value, &g->from_ms, e);
    else if (str_eq(key, S("review")))
        return day_read(value, &g->review_ms, e);
    else if (str_eq(key, S("until")))
        return day_read(value, &g->until_ms, e);
    else
        return ERR(e, E_INVALID, "", "\"%.*s\" is none of title, owner, from, review and until.",
                   STR_ARG(key));
    return OK;
}

static enum status complete(const struct guide *g, Str file_name, struct err *e)
{
    const char *missing = NULL;
    if (str_empty(g->text)) missing = "a text";
    if (g->review_ms == INT64_MIN) missing = "review";
    if (g->from_ms == INT64_MIN) missing = "from";
    if (str_empty(g->owner)) missing = "owner";
    if (str_empty(g->title)) missing = "title";
    if (missing != NULL) return ERR(e, E_INVALID, "", "%.*s: it has no %s.", STR_ARG(file_name), missing);
    if (g->until_ms <= g->from_ms || g->review_ms <= g->from_ms)
        return ERR(e, E_INVALID, "", "%.*s: until and review come after from.", STR_ARG(file_name));
    return OK;
}

enum status guide_parse(struct arena *a, Str file_name, Str text, struct guide *out, struct err *e)
{
    struct guide g = {.slug = str_slice(file_name, 0, str_find_char(file_name, '.')),
                      .title = S(""),
                      .owner = S(""),
                      .from_ms = INT64_MIN,
                      .review_ms = INT64_MIN,
                      .until_ms = INT64_MAX};
    Str rest = text, line;
    for (size_t number = 1; str_next(&rest, '\n', &line) && !str_empty(str_trim(line)); number++) {
        struct err why = {0};
        size_t colon = str_find_char(line, ':');
        enum status status =
            colon == STR_NPOS
                ? ERR(&why, E_INVALID, "", "a line \"name: value\" is expected before the empty line.")
                : line_read(str_trim(str_slice(line, 0, colon)),
                            str_copy(a, str_trim(str_slice(line, colon + 1, line.len))), &g, &why);
        if (status != OK)
            return ERR(e, status, "", "%.*s, line %zu: %s", STR_ARG(file_name), number, why.text);
    }
    g.text = str_copy(a, str_trim(rest));
    g.slug = str_copy(a, g.slug);
    TRY(complete(&g, file_name, e));
    *out = g;
    return OK;
}

static int compare_guides(const void *left, const void *right)
{
    const struct guide *a = left, *b = right;
    int order = str_compare(a->slug, b->slug);
    if (order != 0) return order;
    return a->from_ms < b->from_ms ? -1 : a->from_ms > b->from_ms;
}

enum status guidance_load(struct arena *a, struct guidance *out, struct err *e)
{
    const Str folder = S(FOLDER);
    struct guidance all = {.guide = NEW_ARRAY(a, struct guide, asset_table_count + 1)};
    for (size_t i = 0; i < asset_table_count; i++) {
        Str path = asset_table[i].path;
        if (!str_starts(path, folder) || !str_ends(path, S(ENDING))) continue;
        TRY(guide_parse(a, str_slice(path, folder.len, path.len), asset_table[i].text, &all.guide[all.count],
                        e));
        all.count++;
    }
    if (all.count > 1) qsort(all.guide, all.count, sizeof *all.guide, compare_guides);
    *out = all;
    return OK;
}

const struct guide *guidance_on(const struct guidance *g, Str slug, int64_t at_ms)
{
    for (size_t i = 0; i < g->count; i++)
        if (str_eq(g->guide[i].slug, slug) && g->guide[i].from_ms <= at_ms && at_ms < g->guide[i].until_ms)
            return &g->guide[i];
    return NULL;
}

bool guidance_knows(const struct guidance *g, Str slug)
{
    for (size_t i = 0; i < g->count; i++)
        if (str_eq(g->guide[i].slug, slug)) return true;
    return false;
}
