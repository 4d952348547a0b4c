#include "compare/set.h"

#include <math.h>

static size_t walk_shared(const struct str_list *a, const struct str_list *b, Str *out)
{
    size_t i = 0, j = 0, shared = 0;
    while (i < a->count && j < b->count) {
        int order = str_compare(a->item[i], b->item[j]);
        if (order == 0) {
            if (out) out[shared] = a->item[i];
            shared++;
        }
        i += order <= 0;
        j += order >= 0;
    }
    return shared;
}

size_t set_shared_count(const struct str_list *a, const struct str_list *b)
{
    return walk_shared(a, b, NULL);
}

struct str_list set_shared(struct arena *arena, const struct str_list *a, const struct str_list *b)
{
    size_t most = a->count < b->count ? a->count : b->count;
    struct str_list shared = {NEW_ARRAY(arena, Str, most + 1), 0};
    shared.count = walk_shared(a, b, shared.item);
    return shared;
}

double set_jaccard(const struct str_list *a, const struct str_list *b)
{
    if (a->count == 0 || b->count == 0) return (double)NAN;
    size_t shared = set_shared_count(a, b);
    return (double)shared / (double)(a->count + b->count - shared);
}

double set_dice(const struct str_list *a, const struct str_list *b)
{
    if (a->count == 0 || b->count == 0) return (double)NAN;
    return 2 * (double)set_shared_count(a, b) / (double)(a->count + b->count);
}
