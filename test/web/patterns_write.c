/* Writes the pattern pages and the files they need into a folder: patterns_write FOLDER. What is in it can be
 * served by anything that serves files. */
#include "base/stream.h"
#include "patterns.h"
#include "web/asset.h"

#include <sys/stat.h>

static void put(struct arena *a, const char *folder, Str name, Str text)
{
    struct err e = {0};
    if (file_write(str_cstr(a, str_format(a, "%s/%.*s", folder, STR_ARG(name))), text, 0644, &e) != OK)
        BUG("%s", e.text);
}

int main(int argc, char **argv)
{
    if (argc != 2) return 64;
    struct arena *a CLEANUP_ARENA = arena_new("patterns", (size_t)64 << 20);
    struct web_asset asset;
    (void)mkdir(argv[1], 0777);
    (void)mkdir(str_cstr(a, str_format(a, "%s/assets", argv[1])), 0777);
    for (size_t i = 0; web_asset_number(i, &asset); i++) {
        Url at = web_asset_url(a, asset.name);
        put(a, argv[1], at.ready, asset.content);
    }
    for (size_t i = 0; i < pattern_page_count; i++) {
        struct buf out CLEANUP_BUF;
        buf_init(&out, (size_t)8 << 20);
        pattern_pages[i].write(&out, a);
        put(a, argv[1], str_format(a, "%s.html", pattern_pages[i].name), buf_str(&out));
    }
    return 0;
}
