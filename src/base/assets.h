/* The files that the program carries inside: sql/, policy/, demo/. The list stands in tools/meson.build. */
#ifndef BASE_ASSETS_H
#define BASE_ASSETS_H

#include "base/str.h"

struct asset {
    Str path; /* as in the source tree: "sql/001_change.sql" */
    Str text;
};

/* The text of a file; STR_NONE when there is none of that name. */
Str asset_find(Str path);
/* The same with the shape of policy_find (model/policy.h); `state` is not used. */
Str asset_find_for(void *state, Str path);

/* All of them, in the order of the list (made by tools/embed). */
extern const struct asset asset_table[];
extern const size_t asset_table_count;

/* What the pages are drawn with (ui/build.mjs), looked up by web/asset.h: style, script, pictures, the same
 * compressed ("colligate.css.gz") and the digest of each ("colligate.css.sha"). */
extern const struct asset ui_asset_table[];
extern const size_t ui_asset_table_count;

#endif
