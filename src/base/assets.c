#include "base/assets.h"

Str asset_find(Str path)
{
    for (size_t i = 0; i < asset_table_count; i++) {
        if (str_eq(asset_table[i].path, path)) return asset_table[i].text;
    }
    return STR_NONE;
}

Str asset_find_for(void *state, Str path)
{
    (void)state;
    return asset_find(path);
}
