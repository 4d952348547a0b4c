#include "web/asset.h"

#include "base/assets.h"

#define FOLDER "/assets/"

static const struct {
    const char *ending, *type;
} types[] = {
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
};

static Str type_of(Str name)
{
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_ends(name, str_of(types[i].ending))) return str_of(types[i].type);
    return STR_NONE;
}

static Str ui_find(Str name, const char *ending)
{
    for (size_t i = 0; i < ui_asset_table_count; i++) {
        Str path = ui_asset_table[i].path;
        if (str_starts(path, name) && str_eq(str_slice(path, name.len, path.len), str_of(ending)))
            return ui_asset_table[i].text;
    }
    return STR_NONE;
}

bool web_asset_named(Str name, struct web_asset *out)
{
    Str type = type_of(name), content = ui_find(name, "");
    if (!str_present(type) || !str_present(content)) return false;
    *out = (struct web_asset){.name = name,
                              .type = type,
                              .content = content,
                              .gzip = ui_find(name, ".gz"),
                              .digest = ui_find(name, ".sha")};
    MUST(str_present(out->digest));
    return true;
}

bool web_asset_number(size_t i, struct web_asset *out)
{
    for (size_t n = 0; n < ui_asset_table_count; n++) {
        if (!str_present(type_of(ui_asset_table[n].path))) continue;
        if (i-- == 0) return web_asset_named(ui_asset_table[n].path, out);
    }
    return false;
}

/* A name in two: "colligate" and ".css". */
static size_t stem_length(Str name)
{
    size_t dot = str_find_char(name, '.');
    return dot == STR_NPOS ? name.len : dot;
}

static bool is_at(const struct web_asset *asset, Str file)
{
    size_t stem = stem_length(asset->name);
    Str rest = str_slice(file, stem, file.len);
    if (!str_starts(file, str_slice(asset->name, 0, stem)) || !str_starts(rest, S("-"))) return false;
    rest = str_slice(rest, 1, rest.len);
    return str_starts(rest, asset->digest) && str_eq(str_slice(rest, asset->digest.len, rest.len),
                                                     str_slice(asset->name, stem, asset->name.len));
}

bool web_asset_at(Str path, struct web_asset *out)
{
    if (!str_starts(path, S(FOLDER))) return false;
    Str file = str_slice(path, sizeof FOLDER - 1, path.len);
    struct web_asset found;
    for (size_t i = 0; web_asset_number(i, &found); i++)
        if (is_at(&found, file)) {
            *out = found;
            return true;
        }
    return false;
}

void web_asset_address(struct buf *out, Str name)
{
    struct web_asset asset;
    if (!web_asset_named(name, &asset)) BUG("there is no asset %.*s", STR_ARG(name));
    size_t stem = stem_length(name);
    htmlf(out, FOLDER "%.*s-%.*s%.*s", STR_ARG(str_slice(name, 0, stem)), STR_ARG(asset.digest),
          STR_ARG(str_slice(name, stem, name.len)));
}

Url web_asset_url(struct arena *a, Str name)
{
    struct buf out CLEANUP_BUF;
    buf_init(&out, 1000);
    web_asset_address(&out, name);
    return (Url){str_copy(a, buf_str(&out))};
}

/* Is gzip among what the browser takes? A weight of 0 refuses it. */
static bool takes_gzip(Str header)
{
    Str one;
    while (str_next(&header, ',', &one)) {
        Str name;
        if (!str_next(&one, ';', &name) || !str_eq_nocase(str_trim(name), S("gzip"))) continue;
        Str weight = str_trim(one);
        return !str_eq(weight, S("q=0")) && !str_eq(weight, S("q=0.0"));
    }
    return false;
}

void web_asset_answer(const struct http_request *request, struct http_answer *answer)
{
    struct web_asset asset;
    if (!web_asset_at(request->path, &asset)) {
        answer->status = 404;
        answer->type = S("text/plain; charset=utf-8");
        buf_add(answer->body, S("There is no such file.\n"));
        return;
    }
    bool small = str_present(asset.gzip) && takes_gzip(http_header(request, "Accept-Encoding"));
    answer->status = 200;
    answer->type = asset.type;
    buf_add(answer->body, small ? asset.gzip : asset.content);
    if (small) http_answer_header(answer, S("Content-Encoding"), S("gzip"));
    http_answer_header(answer, S("Vary"), S("Accept-Encoding"));
    http_answer_header(answer, S("Cache-Control"), S("public, max-age=31536000, immutable"));
}
